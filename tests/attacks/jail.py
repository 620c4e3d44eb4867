"""The jail in which plain nbgrader meets the attacks: nothing in it can reach the machine.

bubblewrap with namespaces of its own for processes, network, mounts, IPC and host name; a read-only
view of Python and this checkout, and one small writable file system in memory. Inside it nobody is
root, because the limit on processes does not hold for root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
SIZE = 400 << 20
WRITABLE = ("/tmp", "/var/tmp", "/arena")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives")


def available() -> bool:
    """Tell whether bubblewrap is there and may do what is needed."""
    return (
        bool(shutil.which("bwrap"))
        and subprocess.run([*_jail([]), "true"], check=False, capture_output=True).returncode == 0
    )


def run(
    arguments: list[str], readable: list[Path], seconds: float
) -> subprocess.CompletedProcess[str]:
    """Run this Python with `arguments` in the jail; ``/arena`` is writable there.

    Parameters
    ----------
    arguments : list of str
    readable : list of Path
        What else can be read there.
    seconds : float
        When everything in it is killed.
    """
    command = [*_jail(readable), sys.executable, *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def _jail(readable: list[Path]) -> list[str]:
    python = [Path(sys.prefix), Path(sys.base_prefix), CHECKOUT]
    visible = [Path(name) for name in SYSTEM if Path(name).exists()] + python + readable
    words = ["bwrap", "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-net"]
    words += ["--unshare-ipc", "--unshare-uts", "--hostname", "jail", "--clearenv"]
    words += [
        "--setenv",
        "PATH",
        "/usr/bin:/bin",
        "--setenv",
        "LANG",
        "C.UTF-8",
        "--setenv",
        "HOME",
        "/tmp",
    ]
    words += ["--setenv", "PYTHONDONTWRITEBYTECODE", "1"]
    root = os.geteuid() == 0
    words += [] if root else ["--unshare-user"]
    for folder in WRITABLE:
        words += ["--perms", "1777", "--size", str(SIZE), "--tmpfs", folder]
    parents = {str(parent) for path in visible for parent in path.parents} - {*WRITABLE}
    for folder in sorted(parents):
        words += ["--perms", "0755", "--dir", folder]
    for path in visible:
        words += ["--ro-bind", str(path), str(path)]
    words += ["--proc", "/proc", "--dev", "/dev", "--chmod", "1777", "/dev/shm"]
    words += ["--chdir", str(CHECKOUT)]
    if root:
        words += [
            word
            for name in ("SETUID", "SETGID", "SETPCAP")
            for word in ("--cap-add", f"CAP_{name}")
        ]
        nobody = 60_000 + os.getpid() % 5_000  # of its own: the limit on processes counts by user
        words += ["setpriv", f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups"]
        words += ["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"]
    return words
