"""Take from a process what a student's code does not need, for good.

Used between the fork and the first byte of a submission, inside bubblewrap's sandbox: namespaces of
its own (users, processes, mounts, IPC, network), a private /proc, a small private folder, limits, no
capabilities and no new privileges.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys

FOLDER = "/tmp"
NOBODY = 65534

_CLONE_NEWNS, _CLONE_NEWIPC = 0x00020000, 0x08000000
_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x40000
_PR_SET_NO_NEW_PRIVS, _PR_CAPBSET_DROP = 38, 24
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


class ConfinementError(Exception):
    """A protection could not be put up; the message says which."""


def new_namespaces() -> None:
    """Enter new namespaces; the next child is the first process in the new one of processes."""
    uid, gid = os.geteuid(), os.getegid()
    flags = _CLONE_NEWUSER | _CLONE_NEWPID | _CLONE_NEWNS | _CLONE_NEWIPC | _CLONE_NEWNET
    _checked(_libc.unshare(flags), "new namespaces")
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(content)


def private_files(disk: int) -> None:
    """Mount a private /proc and an empty folder of at most `disk` bytes at /tmp.

    Python itself stays where it is, should it have been installed below /tmp.
    """
    _mount("none", "/", None, _MS_REC | _MS_PRIVATE, None)
    flags = _MS_NOSUID | _MS_NODEV
    python = [path for path in (sys.prefix, sys.base_prefix) if path.startswith(f"{FOLDER}/")]
    opened = {path: os.open(path, os.O_PATH) for path in python}
    _mount("tmpfs", FOLDER, "tmpfs", flags, f"size={disk},nr_inodes=8192,mode=0700")
    for path, number in opened.items():
        os.makedirs(path)
        _mount(f"/proc/self/fd/{number}", path, None, _MS_BIND | _MS_REC, None)
        os.close(number)
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


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None) -> None:
    texts = [text.encode() if text else None for text in (source, target, kind)]
    data = options.encode() if options else None
    result = _libc.mount(*texts, ctypes.c_ulong(flags), data)
    _checked(result, f"a private {target}")


def _checked(result: int, what: str) -> None:
    if result != 0:
        raise ConfinementError(f"{what}: {os.strerror(ctypes.get_errno())}")
