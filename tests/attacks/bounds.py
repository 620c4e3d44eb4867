"""Run a command so that nothing it starts outlives it or takes more than its share.

The caller becomes the parent of whatever is orphaned below it, so a daemon that a submission leaves
behind is seen, named and killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import pty
import resource
import signal
import subprocess
import termios
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
GRACE = 1.0  # seconds in which what is being killed may die
FREE_MEMORY = 0.15  # of all memory; below that everything is stopped
LIMITS = {
    resource.RLIMIT_AS: 6 << 30,
    resource.RLIMIT_FSIZE: 1 << 30,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NPROC: 600,
}


@dataclass(frozen=True)
class Finished:
    """How a command ended.

    Attributes
    ----------
    code : int
        Its exit status.
    output : str
        The end of what it printed.
    stopped : str
        Why it was stopped; empty if it ended by itself.
    left_over : list of str
        The processes that it left behind.
    terminal : bytes
        What was written to its terminal, past its own output.
    memory : int
        Bytes that the largest of all its processes had in memory.
    """

    code: int
    output: str
    stopped: str
    left_over: list[str]
    terminal: bytes
    memory: int


def run(command: list[str], folder: Path, variables: Mapping[str, str], seconds: float) -> Finished:
    """Run a command within bounds of time, memory and processes, and clean up behind it.

    It gets a terminal of its own, so that what is written there, past its standard output, is seen.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    terminal, end = pty.openpty()
    os.set_blocking(terminal, False)
    printed = folder / "printed.txt"
    with printed.open("wb") as file:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(variables),
            stdin=end,
            stdout=file,
            stderr=file,
            start_new_session=True,
            preexec_fn=_limited,  # no thread of this process holds a lock here
        )
    os.close(end)
    stopped = _wait(process, seconds)
    if stopped:
        process.kill()
    code = process.wait()
    left_over = [] if stopped else _orphans()
    _kill_all()
    text = printed.read_bytes()[-200_000:].decode(errors="replace")
    written = _drain(terminal)
    os.close(terminal)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return Finished(code, text, stopped, left_over, written, memory)


def _limited() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for limit, value in LIMITS.items():
        _, most = resource.getrlimit(limit)
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(limit, (value, value))


def _wait(process: subprocess.Popen[bytes], seconds: float) -> str:
    until = time.monotonic() + seconds
    while process.poll() is None:
        if time.monotonic() > until:
            return f"not done after {seconds:g} seconds"
        if _free_memory() < FREE_MEMORY:
            return "the machine's memory ran out"
        time.sleep(0.1)
    return ""


def _free_memory() -> float:
    lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    free, total = (int(lines[name].split()[0]) for name in ("MemAvailable", "MemTotal"))
    return free / total


def _orphans() -> list[str]:
    """Describe what is still alive below this process, after a moment."""
    until = time.monotonic() + GRACE
    while (alive := _descendants()) and time.monotonic() < until:
        _reap()
        time.sleep(0.05)
    return [_described(number) for number in alive]


def _kill_all() -> None:
    until = time.monotonic() + 20
    while (alive := _descendants()) and time.monotonic() < until:
        for number in alive:
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue
        _reap()
        time.sleep(0.02)


def _descendants() -> list[int]:
    """Return all processes below this one that are not dead."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            except (OSError, ValueError):
                continue
            if state not in "ZX":
                parents[int(folder.name)] = int(parent)
    found: list[int] = []
    new = [os.getpid()]
    while new:
        new = [number for number, parent in parents.items() if parent in new]
        found += new
    return found


def _reap() -> None:
    """Bury what has died; the command itself has been waited for."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _described(number: int) -> str:
    """Return what a process was started as, and where it is."""
    folder = Path(f"/proc/{number}")
    try:
        words = (folder / "cmdline").read_bytes().split(b"\0")
        place = os.readlink(folder / "cwd")
    except OSError:
        return "a process that is gone"
    return f"{b' '.join(words).decode(errors='replace').strip()[:100]} in {place}"


def _drain(terminal: int) -> bytes:
    found = b""
    try:
        while piece := os.read(terminal, 65536):
            found += piece
    except OSError:  # nothing left, or its other end is closed
        pass
    return found
