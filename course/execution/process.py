"""The processes: a warm zygote in its sandbox, and the workers that are forked from it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from course.execution.inside.wire import Channel, ClosedError, ViolationError
from course.execution.inside.zygote import READY
from course.execution.limits import Limits
from course.execution.meter import Usage, exact_memory, usage
from course.execution.sandbox import Sandbox, fill_library
from course.paths import CourseError

START_SECONDS = 120.0  # for the zygote's imports, on a slow and busy machine
FORK_SECONDS = 120.0  # it may have to import something first
KILL_SECONDS = 10.0
# From one look to the next at most so many seconds count, should the grader itself be held up.
LONGEST_LOOK = 1.0


class StoppedError(Exception):
    """A worker was stopped, or has ended by itself; the message says why, for a person to read."""

    def __init__(self, reason: str, too_slow: bool = False) -> None:
        super().__init__(reason)
        self.too_slow = too_slow


class Watch:
    """Looks at a worker's use of the machine while the grader waits for it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pid = 0
        self._last = Usage()
        self._spent = 0.0  # by workers, and children of theirs, that are gone
        self._idle = 0.0  # seconds in which nothing of it wanted to compute
        self._allowed = float("inf")

    def follow(self, pid: int) -> None:
        """Look at this process from now on."""
        self._spent += self._last.seconds
        self._pid, self._last = pid, Usage()

    def allow(self, seconds: float) -> None:
        """Give it so many seconds for what it is about to do."""
        self._see(self._usage())
        self._allowed = self.seconds + seconds

    @property
    def seconds(self) -> float:
        """What the submission has used so far, as of the last look."""
        return self._spent + self._last.seconds + self._idle

    def __call__(self, waited: float) -> None:
        """Look, after so many seconds in which it did not say what it was asked for.

        Raises
        ------
        StoppedError
            If the worker has used up something.
        """
        now = self._usage()
        if not now.eager and now.seconds - self._last.seconds < waited / 2:
            self._idle += min(waited, LONGEST_LOOK)
        self._see(now)
        if self._uses_too_much_memory():
            raise StoppedError(f"it used more than {self._limits.memory / 1e6:,.0f} MB of memory")
        if self.seconds > self._limits.submission_seconds:
            raise StoppedError(
                f"the submission used more than {self._limits.submission_seconds:g} seconds in all",
                too_slow=True,
            )
        if self.seconds > self._allowed:
            raise StoppedError("it took too long", too_slow=True)

    def _usage(self) -> Usage:
        """Look; once more if there is less than before, for a child may have ended meanwhile."""
        now = usage(self._pid)
        return usage(self._pid) if now.seconds < self._last.seconds else now

    def _see(self, now: Usage) -> None:
        """Remember; what a child has used that nobody has waited for is not given back."""
        self._spent += max(0.0, self._last.seconds - now.seconds)
        self._last = now

    def _uses_too_much_memory(self) -> bool:
        if self._last.memory <= self._limits.memory:
            return False
        exact = exact_memory(self._pid)
        return exact is None or exact > self._limits.memory


class WorkerProcess:
    """A worker as the grader sees it: a channel, and a process to be killed."""

    def __init__(self, channel: Channel, pidfd: int, watch: Watch) -> None:
        self.channel = channel
        self.watch = watch
        self._pidfd = pidfd
        watch.follow(_pid_of(pidfd))

    def interrupt(self) -> None:
        """Send what Ctrl-C sends."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGINT)

    def kill(self) -> None:
        """Kill it; as the first process of its namespace it takes all the others along."""
        if self._pidfd < 0:
            return
        self.channel.close()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        select.select([self._pidfd], [], [], KILL_SECONDS)
        os.close(self._pidfd)
        self._pidfd = -1


class Zygote:
    """A sandbox with everything imported, from which workers are forked.

    It is started here and gets ready on its own; who needs it first waits.

    Parameters
    ----------
    sandbox : Sandbox
    limits : Limits
    folder : Path, optional
        Where it puts what it needs; the system's folder for such things if left out.
    """

    def __init__(self, sandbox: Sandbox, limits: Limits, folder: Path | None = None) -> None:
        self._is_ready = False
        self._folder = tempfile.TemporaryDirectory(prefix="nnkit-zygote-", dir=folder)
        self._library = Path(self._folder.name, "library")
        self._library.mkdir()
        Path(self._folder.name).chmod(0o755)
        fill_library(self._library)
        # Several processes may ask on one line: each request stays one message.
        self._line, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        settings = {
            "confined": sandbox.confined,
            "folder": self._folder.name,
            "limits": limits.of_process(),
            "disk": limits.disk,
            "output": limits.cell_output,
        }
        module = "course.execution.inside.zygote"
        arguments = ["-m", module, str(theirs.fileno()), json.dumps(settings)]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        with theirs:
            self._process = subprocess.Popen(
                sandbox.command(self._library, arguments),
                env=sandbox.environment(self._library),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                cwd="/",
            )

    def line(self) -> socket.socket:
        """Wait until it is ready, and return the line on which to ask it for workers.

        Raises
        ------
        CourseError
            If it does not start.
        """
        if not self._is_ready:
            self._wait()
            # Everything is imported. What cannot be read, or imported once more, cannot be handed in.
            for source in self._library.rglob("*.py"):
                source.unlink()
            self._is_ready = True
        return self._line

    def _wait(self) -> None:
        self._line.settimeout(START_SECONDS)
        try:
            ready = self._line.recv(len(READY)) == READY
        except OSError:
            ready = False
        if not ready:
            said = self.errors()
            self.close()
            raise CourseError(f"The sandbox does not start. {said}")
        self._line.settimeout(None)

    def errors(self) -> str:
        """Return the end of what the zygote has complained about."""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace").strip()[-2000:]

    def fork(
        self, files: Mapping[str, bytes], watch: Watch, warm: Sequence[str] = ()
    ) -> WorkerProcess:
        """Return a new worker; see :func:`fork`."""
        line = self.line()
        try:
            return fork(line, files, watch, warm)
        except CourseError as error:
            raise CourseError(f"{error} {self.errors()}") from error

    def close(self) -> None:
        """End it, with all that lives in its sandbox."""
        self._line.close()
        self._process.kill()  # taking leave would cost Python a tenth of a second
        self._process.wait()
        self._errors.close()
        self._folder.cleanup()


def fork(
    line: socket.socket, files: Mapping[str, bytes], watch: Watch, warm: Sequence[str] = ()
) -> WorkerProcess:
    """Return a new worker with these files beside its notebook, and with these modules imported.

    Parameters
    ----------
    line : socket.socket
        A zygote's, or a copy of it in another process.
    files : mapping of str to bytes
    watch : Watch
    warm : sequence of str

    Raises
    ------
    CourseError
        If it cannot be confined, or does not come up.
    """
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            socket.send_fds(line, [json.dumps(warm).encode()], [theirs.fileno()])
        ours.settimeout(FORK_SECONDS)
        _, descriptors, _, _ = socket.recv_fds(ours, 1, 1)
        setup = Channel(ours, _deadline(FORK_SECONDS))
        setup.send({"files": {k: len(v) for k, v in files.items()}}, [*files.values()])
        answer, _ = setup.receive()
        if "cannot" in answer:
            raise CourseError(f"A worker cannot be shut in: {answer['cannot']}")
        return WorkerProcess(Channel(ours, watch), descriptors[0], watch)
    except (OSError, IndexError, ClosedError, ViolationError, StoppedError) as error:
        ours.close()
        raise CourseError(f"A worker does not start ({error!r}).") from error


def _deadline(seconds: float) -> Callable[[float], None]:
    """Return a watch that gives up after so many seconds."""
    end = time.monotonic() + seconds

    def look(waited: float) -> None:
        if time.monotonic() > end:
            raise StoppedError("it took too long")

    return look


def _pid_of(pidfd: int) -> int:
    """Return the number of a process as this process knows it."""
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == "Pid":
            return int(value)
    raise OSError("a descriptor of no process")
