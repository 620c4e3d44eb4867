"""One submission's conversation with its workers: ask, wait within limits, start again after a death.

A worker that has died or was killed is replaced when the next question comes. The new one runs the
cells again that the old one had run; the cell that was at fault, only its imports and definitions.
Should that one die too, all cells are cut down to their definitions; and if that does not help either,
nothing more can be asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from course.execution.inside.wire import Buffer, ClosedError, TooLongError, ViolationError
from course.execution.limits import Limits
from course.execution.process import StoppedError, Watch, WorkerProcess
from course.execution.proxies import Answer, Serve
from grader_tests.calling import PATIENCE, CallError, TookTooLong

T = TypeVar("T")
DIED = "Python died (a crash, os._exit, or no memory left)"
GRACE = 2.0  # seconds for a cell that was interrupted to come to its end
ALLOWANCE = PATIENCE  # times the seconds until a call is stopped that has not stopped itself

Fork = Callable[[Watch], WorkerProcess]


@dataclass(frozen=True)
class Cell:
    """A cell that has been run: its source, its number, and whether only its definitions run again."""

    source: str
    count: int
    definitions: bool = False


class Session:
    """The workers of one submission.

    Parameters
    ----------
    fork : callable
        Returns a new worker.
    limits : Limits

    Attributes
    ----------
    events : list of str
        What went wrong, a sentence each.
    """

    def __init__(self, fork: Fork, limits: Limits) -> None:
        self._fork = fork
        self._limits = limits
        self._watch = Watch(limits)
        self._worker: WorkerProcess | None = None
        self._history: list[Cell] = []
        self._number = 0
        self._started = 0
        self._hopeless = ""
        self._lost: dict[str, TookTooLong | CallError] = {}
        self.events: list[str] = []

    @property
    def seconds(self) -> float:
        """What it has used so far; see :class:`course.execution.limits.Limits`."""
        return self._watch.seconds

    def run_cell(self, source: str, count: int, read: Callable[[Answer, memoryview], T]) -> T:
        """Run a cell as number `count` and return what `read` makes of the worker's answer.

        Raises
        ------
        CallError
            If there is no worker to run it, or it did not survive; the message says why.
        """
        worker = self._living()
        cell = Cell(source, count)
        try:
            result = self._run(worker, cell, read)
        except CallError:
            self._history.append(replace(cell, definitions=True))
            raise
        self._history.append(cell)
        for name in re.findall(r"def (\w+)", source):
            self._lost.pop(name, None)
        return result

    def ask(
        self,
        question: dict[str, Any],
        buffers: Sequence[Buffer],
        seconds: float,
        read: Callable[[Answer, memoryview], T],
        serve: Serve | None = None,
    ) -> T:
        """Ask about what the cells have defined; see :class:`course.execution.proxies.Line`.

        What took too long once, or was the end of a worker, is not asked again, as long as no cell
        defines it anew: a function that never ends would use up the time of the others.
        """
        about = question.get("about", "")
        if about in self._lost:
            raise self._lost[about]
        worker = self._living()
        self._watch.allow(min(ALLOWANCE * seconds + 1, self._limits.cell_seconds))
        try:
            return read(*self._exchange(worker, question, buffers, serve))
        except TookTooLong as error:
            if about:
                self._lost[about] = error
            raise
        except (StoppedError, ClosedError, ViolationError) as error:
            self._bury(worker, _in_words(error))
            lost: TookTooLong | CallError = CallError(self._reason(error))
            if isinstance(error, StoppedError) and error.too_slow and not self._hopeless:
                lost = TookTooLong()
            if about:
                self._lost[about] = lost
            raise lost from error

    def close(self) -> None:
        """Kill what still lives."""
        if self._worker:
            self._worker.kill()
            self._worker = None

    def _living(self) -> WorkerProcess:
        """Return the worker, or a new one that has run the same cells."""
        if self._worker:
            return self._worker
        if self._hopeless:
            raise CallError(self._hopeless)
        for only_definitions in (False, True):
            if only_definitions:
                self._history = [replace(cell, definitions=True) for cell in self._history]
            try:
                return self._replayed()
            except CallError:
                if self._hopeless:
                    raise
        self._hopeless = f"{DIED}, again and again"
        raise CallError(self._hopeless)

    def _replayed(self) -> WorkerProcess:
        if self._started >= self._limits.workers:
            self._hopeless = f"Python had to be started anew more than {self._started - 1} times"
            raise CallError(self._hopeless)
        self._started += 1
        worker = self._worker = self._fork(self._watch)
        for cell in self._history:
            self._run(worker, cell, lambda answer, body: None)
        return worker

    def _run(self, worker: WorkerProcess, cell: Cell, read: Callable[[Answer, memoryview], T]) -> T:
        self._watch.allow(self._limits.cell_seconds)
        question = {"do": "cell", **asdict(cell)}
        try:
            try:
                return read(*self._exchange(worker, question, ()))
            except StoppedError as error:
                if not error.too_slow or self._is_spent():
                    raise
                self.events.append(f"cell {cell.count} took too long and was interrupted")
                worker.interrupt()
                self._watch.allow(GRACE)
                return read(*self._answer(worker, None))
        except TooLongError as error:
            raise CallError(f"this cell is {error}") from error
        except (StoppedError, ClosedError, ViolationError) as error:
            self._bury(worker, _in_words(error))
            raise CallError(self._reason(error)) from error

    def _exchange(
        self,
        worker: WorkerProcess,
        question: Mapping[str, Any],
        buffers: Sequence[Buffer],
        serve: Serve | None = None,
    ) -> tuple[Answer, memoryview]:
        if not worker.channel.is_quiet():
            raise ViolationError("an answer that nobody has asked for")
        self._number += 1
        worker.channel.send({"n": self._number, **question}, buffers)
        return self._answer(worker, serve)

    def _answer(self, worker: WorkerProcess, serve: Serve | None) -> tuple[Answer, memoryview]:
        while True:
            answer, body = worker.channel.receive()
            if answer.get("n") != self._number:
                raise ViolationError("an answer to another question")
            if "function" not in answer:
                return answer, body
            if serve is None:
                raise ViolationError("a call of a function that nobody has handed over")
            worker.channel.send(*serve(answer, body))

    def _is_spent(self) -> bool:
        return self.seconds > self._limits.submission_seconds

    def _bury(self, worker: WorkerProcess, reason: str) -> None:
        worker.kill()
        self._worker = None
        self.events.append(f"a worker was lost: {reason}")
        if self._is_spent():
            self._hopeless = reason

    def _reason(self, error: Exception) -> str:
        return self._hopeless or _in_words(error)


def _in_words(error: Exception) -> str:
    if isinstance(error, ClosedError):
        return DIED
    if isinstance(error, ViolationError):
        return f"the worker sent {error}"
    return str(error)
