"""Take from a process what a student's code does not need, for good.

Used between the fork and the first byte of a submission, inside bubblewrap's sandbox: namespaces of
its own (users, processes, mounts, IPC), a private /proc, a small private folder, limits, no
capabilities, no new privileges, and libseccomp's filter for what namespaces do not hold back.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import os
import resource
import socket
from typing import Any

FOLDER = "/tmp"
NOBODY = 65534

_CLONE_NEWNS, _CLONE_NEWIPC = 0x00020000, 0x08000000
_CLONE_NEWUSER, _CLONE_NEWPID = 0x10000000, 0x20000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_MS_REC, _MS_PRIVATE = 0x4000, 0x40000
_PR_SET_NO_NEW_PRIVS, _PR_CAPBSET_DROP = 38, 24
_CAPABILITY_VERSION_3 = 0x20080522

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
    "move_pages", "lookup_dcookie",
)  # fmt: skip

_libc = ctypes.CDLL(None, use_errno=True)


class ConfinementError(Exception):
    """A protection could not be put up; the message says which."""


def new_namespaces() -> None:
    """Enter new namespaces; the next child is the first process in the new one of processes."""
    uid, gid = os.geteuid(), os.getegid()
    flags = _CLONE_NEWUSER | _CLONE_NEWPID | _CLONE_NEWNS | _CLONE_NEWIPC
    _checked(_libc.unshare(flags), "new namespaces")
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(content)


def private_files(disk: int) -> None:
    """Mount a private /proc and an empty folder of at most `disk` bytes at /tmp."""
    _mount("none", "/", None, _MS_REC | _MS_PRIVATE, None)
    flags = _MS_NOSUID | _MS_NODEV
    _mount("tmpfs", FOLDER, "tmpfs", flags, f"size={disk},nr_inodes=8192,mode=0700")
    _mount("proc", "/proc", "proc", flags | _MS_NOEXEC, None)
    with open("/proc/sys/user/max_user_namespaces", "w") as file:
        file.write("0")


def limit_resources(limits: dict[str, int]) -> None:
    """Set the process's limits, which its children inherit and nobody can raise again."""
    for name, value in limits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(number)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))


def offer_oneself_first() -> None:
    """Ask the kernel to take this process before any other, should memory run out."""
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def give_up_privileges() -> None:
    """Drop all capabilities and the chance to get any back."""
    _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    number = 0
    while _libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0) == 0:
        number += 1
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(_libc.capset(header, nothing), "no capabilities")


def make_filter() -> Any:
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
    for flag in (_CLONE_NEWUSER, _CLONE_NEWNS, _CLONE_NEWPID, _CLONE_NEWIPC):
        _forbid(library, context, "clone", errno.EPERM, (0, _SCMP_CMP_MASKED_EQ, flag, flag))
    for family in range(_LAST_FAMILY + 1):
        if family != socket.AF_UNIX:
            _forbid(library, context, "socket", errno.EAFNOSUPPORT, (0, _SCMP_CMP_EQ, family, 0))
    _forbid(library, context, "socket", errno.EAFNOSUPPORT, (0, _SCMP_CMP_GT, _LAST_FAMILY, 0))
    return lambda: _checked(library.seccomp_load(context), "the filter of system calls")


def seccomp_library() -> Any:
    """Return libseccomp, None where it is not installed."""
    for name in ("libseccomp.so.2", ctypes.util.find_library("seccomp")):
        if name:
            try:
                return ctypes.CDLL(name)
            except OSError:
                continue
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
    _checked(added, f"a rule about {name}")


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None) -> None:
    texts = [text.encode() if text else None for text in (source, target, kind)]
    data = options.encode() if options else None
    result = _libc.mount(*texts, ctypes.c_ulong(flags), data)
    _checked(result, f"a private {target}")


def _checked(result: int, what: str) -> None:
    if result != 0:
        raise ConfinementError(f"{what}: {os.strerror(ctypes.get_errno())}")
