"""A filter for the system calls that namespaces do not hold back, made by libseccomp."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
from collections.abc import Callable
from typing import Any

_SCMP_ACT_ALLOW, _SCMP_ACT_ERRNO = 0x7FFF0000, 0x00050000
_SCMP_CMP_EQ, _SCMP_CMP_GT, _SCMP_CMP_MASKED_EQ = 4, 6, 7
_LAST_FAMILY = 63  # of sockets; only AF_UNIX is of use to a process that is alone
# Memory that no limit counts, other processes' memory, new namespaces and mounts, and large parts of
# the kernel that numerical Python has no use for.
FORBIDDEN_CALLS = (
    "memfd_create", "memfd_secret", "shmget", "shmat", "shmctl", "msgget", "semget", "mq_open",
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd",
    "unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "fsopen", "fsmount", "open_tree",
    "move_mount", "mount_setattr", "io_uring_setup", "io_uring_enter", "io_uring_register", "bpf",
    "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "personality",
    "name_to_handle_at", "open_by_handle_at", "fanotify_init", "quotactl", "acct", "swapon",
    "swapoff", "reboot", "init_module", "finit_module", "delete_module", "kexec_load",
    "clock_settime", "settimeofday", "adjtimex", "syslog", "vhangup", "iopl", "ioperm", "modify_ldt",
    "sched_setscheduler", "sched_setattr", "ioprio_set", "mbind", "set_mempolicy", "migrate_pages",
    "move_pages", "lookup_dcookie", "vmsplice",
)  # fmt: skip
# Flags of clone that make namespaces of mounts, IPC, users and processes.
_NEW_NAMESPACES = (0x00020000, 0x08000000, 0x10000000, 0x20000000)


def make_filter() -> Callable[[], None] | None:
    """Make libseccomp's filter of system calls, to be loaded later; None where it is missing."""
    library = seccomp_library()
    if library is None:
        return None
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(_SCMP_ACT_ALLOW))
    for name in FORBIDDEN_CALLS:
        _forbid(library, context, name, errno.EPERM)
    # Where clone3 is missing, everybody falls back on clone, whose flags a filter can see.
    _forbid(library, context, "clone3", errno.ENOSYS)
    for flag in _NEW_NAMESPACES:
        _forbid(library, context, "clone", errno.EPERM, (0, _SCMP_CMP_MASKED_EQ, flag, flag))
    for family in range(_LAST_FAMILY + 1):
        if family != socket.AF_UNIX:
            _forbid(library, context, "socket", errno.EAFNOSUPPORT, (0, _SCMP_CMP_EQ, family, 0))
    _forbid(library, context, "socket", errno.EAFNOSUPPORT, (0, _SCMP_CMP_GT, _LAST_FAMILY, 0))
    return lambda: _checked(library.seccomp_load(context))


def seccomp_library() -> Any:
    """Return libseccomp, None where it is not installed."""
    try:
        return ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return None


class _Argument(ctypes.Structure):
    """libseccomp's scmp_arg_cmp: a condition on one argument of a system call."""

    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("datum_a", ctypes.c_uint64),
        ("datum_b", ctypes.c_uint64),
    )


def _forbid(
    library: Any, context: Any, name: str, error: int, *conditions: tuple[int, int, int, int]
) -> None:
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number < 0:
        return  # this machine has no such call
    array = (_Argument * len(conditions))(*(_Argument(*condition) for condition in conditions))
    action = ctypes.c_uint32(_SCMP_ACT_ERRNO | error)
    added = library.seccomp_rule_add_array(context, action, number, len(conditions), array)
    _checked(added)


def _checked(result: int) -> None:
    """Raise what libseccomp has returned."""
    if result < 0:
        raise OSError(-result, f"libseccomp: {os.strerror(-result)}")
