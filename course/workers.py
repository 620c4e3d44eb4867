"""Processes that grade submissions side by side, on this machine or on a Dask cluster.

A pool takes tasks and yields each with what came of it, in the order in which they are done. A worker
that dies takes nobody's work with it: its task is tried once more, and after that left to a person.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import multiprocessing
import multiprocessing.util
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for_any
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from course import surroundings
from course.execution import Executor, Limits, Sandbox, find_sandbox
from course.execution.sandbox import HASH_SEED
from course.fingerprints import environment
from course.paths import CourseError
from course.pipeline import Marked, Task, mark, not_marked
from course.scratch import Scratch

if TYPE_CHECKING:
    from course.execution.process import Zygote

DIED = "the process that graded it died twice"
HUNG = "the process that graded it did not answer"
# Far beyond the limits that a submission itself runs under: this is for a grader that hangs.
SECONDS_PER_TASK = 1_800
SECONDS_TO_STOP = 5
SECONDS_TO_FIND_A_SCHEDULER = 10


class Pool(Protocol):
    """What grading asks of a pool; it is used as a context manager.

    Attributes
    ----------
    missing : tuple of str
        What is not protected.
    """

    missing: tuple[str, ...]

    def __enter__(self) -> Pool: ...

    def __exit__(self, *error: object) -> None: ...

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Marked]]:
        """Yield tasks and what came of them; takes the next task when a worker is free."""
        ...


def default_workers() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalPool:
    """Processes on this machine, with one warm sandbox for all of them.

    It begins to get ready when it is entered, and may be entered once more meanwhile.

    Parameters
    ----------
    workers : int
    unsafe : bool
        Also run without a sandbox where the machine has none.
    limits : Limits, optional
        On each submission.
    """

    def __init__(self, workers: int, unsafe: bool = False, limits: Limits | None = None) -> None:
        self._sandbox = find_sandbox(unsafe)
        self.missing: tuple[str, ...] = self._sandbox.missing
        self._limits = limits or Limits()
        self._size = workers
        self._scratch: Scratch | None = None
        self._zygote: Zygote | None = None
        self._workers: list[_Worker] = []

    def __enter__(self) -> LocalPool:
        if not self._scratch:
            self._scratch = Scratch("grading")
            with _workers_environment():
                _context()
            if self._sandbox.splits:
                # What it needs of the operating system only Linux has.
                from course.execution.process import Zygote

                self._zygote = Zygote(self._sandbox, self._limits, self._scratch.path)
        return self

    def __exit__(self, *error: object) -> None:
        for worker in self._workers:
            worker.tell_to_stop()
        for worker in self._workers:
            worker.stop()
        self._workers.clear()
        if self._zygote:
            self._zygote.close()
            self._zygote = None
        if self._scratch:
            self._scratch.remove()
            self._scratch = None

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Marked]]:
        """Yield tasks and what came of them; takes the next task when a worker is free."""
        queue = _Queue(tasks)
        self._feed(queue)
        while busy := [worker for worker in self._workers if worker.task]:
            wait_for_any([worker.connection for worker in busy], timeout=1)
            for worker in busy:
                task, answer = worker.task, worker.answer()
                if task is None or answer is None:
                    continue
                if isinstance(answer, str):
                    self._workers.remove(worker)
                    worker.stop()
                    again = queue.put_back(task)
                    answer = None if again else not_marked(task, answer)
                self._feed(queue)  # before the caller does whatever takes its time
                if answer is not None:
                    yield task, answer

    def _feed(self, queue: _Queue) -> None:
        """Give every worker that has nothing to do a task; start those that are missing."""
        idle = [worker for worker in self._workers if not worker.task]
        while idle or len(self._workers) < self._size:
            task = queue.take()
            if task is None:
                return
            if not idle:
                idle.append(self._new_worker())
                self._workers += idle
            idle.pop().begin(task)

    def _new_worker(self) -> _Worker:
        assert self._scratch, "a pool works only while it is entered"
        line = self._zygote.line() if self._zygote else None
        return _Worker(self._scratch.path, self._sandbox, self._limits, line)


class _Queue:
    """Tasks, and those among them that are tried once more."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks = iter(tasks)
        self._again: list[Task] = []
        self._tried: set[tuple[str, str]] = set()

    def take(self) -> Task | None:
        return self._again.pop() if self._again else next(self._tasks, None)

    def put_back(self, task: Task) -> bool:
        """Keep a task for another try; False if it has had one."""
        name = task.submission.student, task.submission.lesson
        if name in self._tried:
            return False
        self._tried.add(name)
        self._again.append(task)
        return True


class _Worker:
    """A process that grades one submission at a time."""

    def __init__(
        self, folder: Path, sandbox: Sandbox, limits: Limits, line: socket.socket | None
    ) -> None:
        with _not_a_daemon(), _workers_environment():
            context = _context()
            self.connection, theirs = context.Pipe()
            self.process = context.Process(
                target=_work, args=(theirs, folder, sandbox, limits, line), daemon=True
            )
            self.process.start()
        theirs.close()
        self.task: Task | None = None
        self._since = 0.0

    def begin(self, task: Task) -> None:
        self.task, self._since = task, time.monotonic()
        with contextlib.suppress(OSError):  # it has died, and `answer` will say so
            self.connection.send(task)

    def answer(self) -> Marked | str | None:
        """Return what came of the task, why nothing will, or None as long as it is worked on."""
        if not self.connection.poll():
            late = time.monotonic() - self._since > SECONDS_PER_TASK
            return HUNG if late else None
        try:
            answer: Marked | CourseError = self.connection.recv()
        except (EOFError, OSError):
            return DIED
        if isinstance(answer, CourseError):
            raise answer
        self.task = None
        return answer

    def tell_to_stop(self) -> None:
        with contextlib.suppress(OSError):  # it has died
            self.connection.send(None)
        self.connection.close()

    def stop(self) -> None:
        self.connection.close()
        self.process.join(SECONDS_TO_STOP)
        self.process.kill()
        self.process.join()


def _work(
    connection: Connection,
    folder: Path,
    sandbox: Sandbox,
    limits: Limits,
    line: socket.socket | None,
) -> None:
    """Grade what comes, until nothing comes any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    tempfile.tempdir = str(folder)
    _die_with_parent(folder)
    try:
        with Executor(sandbox, limits, line) as executor:
            while (task := connection.recv()) is not None:
                connection.send(mark(task, executor))
    except CourseError as error:
        connection.send(error)
    except (EOFError, ConnectionError):
        if not _told_to_stop(
            connection
        ):  # the parent was killed: `_die_with_parent` is to clean up
            time.sleep(SECONDS_TO_STOP)


def _told_to_stop(connection: Connection) -> bool:
    """Return whether the parent has said so before it closed the connection."""
    try:
        return connection.recv() is None
    except (EOFError, OSError):
        return False


def _context() -> Any:
    """Return how workers are started: forked from a small server where there are forks."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver

    context: Any = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "course.execution.split"])
    forkserver.ensure_running()
    return context


def _workers_environment() -> contextlib.AbstractContextManager[None]:
    """Give sets one order where students' functions run and where they are judged."""
    return surroundings.environment(PYTHONHASHSEED=HASH_SEED)


@contextlib.contextmanager
def _not_a_daemon() -> Iterator[None]:
    """Let a Dask worker have children, which Python denies to the daemon that its nanny makes it."""
    this = multiprocessing.current_process()
    before = this.daemon
    if before:
        this.daemon = False
    try:
        yield
    finally:
        if before:
            this.daemon = True


def _die_with_parent(folder: Path) -> None:
    """See to it that this process ends when the parent is killed, and leaves nothing of either."""

    def end(*signal_and_frame: object) -> None:
        # The second is the parent's, too: multiprocessing keeps the forkserver's socket there.
        for left in (folder, multiprocessing.util.get_temp_dir()):
            shutil.rmtree(left, ignore_errors=True)
        os._exit(1)

    if hasattr(signal, "pthread_kill"):
        signal.signal(signal.SIGUSR1, end)
    threading.Thread(target=_watch_parent, args=(end,), daemon=True).start()


def _watch_parent(end: Callable[[], None]) -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    if hasattr(signal, "pthread_kill"):
        # The main thread is to end the process: as long as it goes on, it makes new files.
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, signal.SIGUSR1)
        time.sleep(SECONDS_TO_STOP)  # it may be in a call that nothing interrupts
    end()


@contextlib.contextmanager
def _while_the_scheduler_is_there() -> Iterator[None]:
    """Say in a sentence that Dask's scheduler has gone."""
    from distributed import CancelledError

    try:
        yield
    except (CancelledError, OSError) as error:
        raise CourseError(
            "The Dask scheduler is gone. What was graded so far is kept; run the same command "
            "again to go on."
        ) from error


class DaskPool:
    """The workers of a Dask cluster, which have this project installed.

    Parameters
    ----------
    address : str
        The scheduler's, for example ``"tcp://10.0.0.1:8786"``.
    unsafe : bool
        Also run without a sandbox where a worker has none.
    limits : Limits, optional
        On each submission.

    Raises
    ------
    CourseError
        If there is no scheduler or no worker, or one of the workers has another version.
    """

    def __init__(self, address: str, unsafe: bool = False, limits: Limits | None = None) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise CourseError(
                "--scheduler needs Dask: install it with  pip install 'nnkit[cluster]'"
            ) from None
        self._arguments = unsafe, limits or Limits()
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we say it in a sentence
        try:
            self._client: Any = Client(address, timeout=SECONDS_TO_FIND_A_SCHEDULER)
        except (OSError, ValueError) as error:
            raise CourseError(f"No Dask scheduler answers at {address}: {error}") from error
        found = self._client.run(_what_a_worker_is, unsafe)
        if not found:
            raise CourseError(f"The scheduler at {address} has no workers yet: start some first.")
        for worker, (installed, missing) in found.items():
            if isinstance(missing, CourseError):
                raise CourseError(f"{worker}: {missing}")
            if installed != environment():
                raise CourseError(
                    f"{worker} has other versions than this machine (Python, packages, nnkit, "
                    "grader_tests or course): it could give other grades. Install the same there."
                )
        self.missing = tuple(sorted({line for _, missing in found.values() for line in missing}))

    def __enter__(self) -> DaskPool:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Marked]]:
        """Yield tasks and what came of them; takes the next task when a worker is free."""
        from distributed import KilledWorker, wait

        queue = iter(tasks)
        threads = sum(self._client.nthreads().values())
        running: dict[Any, Task] = {}
        for task in itertools.islice(queue, 2 * threads):
            with _while_the_scheduler_is_there():
                running[self._submit(task)] = task
        while running:
            with _while_the_scheduler_is_there():
                done = wait(list(running), return_when="FIRST_COMPLETED").done
            for future in done:
                task, following = running.pop(future), next(queue, None)
                with _while_the_scheduler_is_there():
                    if following is not None:
                        running[self._submit(following)] = following
                    try:
                        marked = future.result()
                    except KilledWorker:
                        marked = not_marked(task, DIED)
                yield task, marked

    def _submit(self, task: Task) -> Any:
        return self._client.submit(_mark_on_worker, task, *self._arguments, pure=False)


def _what_a_worker_is(unsafe: bool) -> tuple[str, tuple[str, ...] | CourseError]:
    try:
        return environment(), find_sandbox(unsafe).missing
    except CourseError as error:
        return environment(), error


_mine = threading.local()


def _mark_on_worker(task: Task, unsafe: bool, limits: Limits) -> Marked:
    """Grade in the process that this thread of a Dask worker keeps for that."""
    if not hasattr(_mine, "pool"):
        _mine.pool = LocalPool(1, unsafe, limits).__enter__()
    ((_, marked),) = _mine.pool.run([task])
    return marked
