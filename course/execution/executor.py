"""The way to have jobs executed, whatever the machine offers."""

from __future__ import annotations

import socket
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING

from course.execution.job import Job, Result
from course.execution.limits import Limits
from course.execution.sandbox import Sandbox, find_sandbox

if TYPE_CHECKING:
    from course.execution.split import Split


class Executor:
    """Executes jobs one after the other and keeps a warm zygote between them.

    It belongs to the thread that makes it: a zygote of its own ends with that thread.

    Parameters
    ----------
    sandbox : Sandbox, optional
        The one that this machine offers, if left out.
    limits : Limits, optional
    line : socket.socket, optional
        To a zygote that serves several processes; it has one of its own if left out.

    Raises
    ------
    CourseError
        If there is no sandbox, or, from :meth:`run`, it does not start.
    """

    def __init__(
        self,
        sandbox: Sandbox | None = None,
        limits: Limits | None = None,
        line: socket.socket | None = None,
    ) -> None:
        self.sandbox = sandbox or find_sandbox()
        self.limits = limits or Limits()
        self._line = line
        self._split: Split | None = None

    def __enter__(self) -> Executor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def run(self, job: Job) -> Result:
        """Execute a job; nothing that a student did raises an exception here."""
        result = self._run(job)
        return replace(result, notes=(*result.notes, *self.sandbox.missing))

    def close(self) -> None:
        """End the zygote."""
        if self._split:
            self._split.close()
            self._split = None

    def _run(self, job: Job) -> Result:
        if not self.sandbox.splits:
            from course.execution.kernel import execute_in_kernel

            return execute_in_kernel(job)
        if self._split is None:
            # What it needs of the operating system only Linux has.
            from course.execution.split import Split

            self._split = Split(self.sandbox, self.limits, self._line)
        return self._split.run(job)


def execute(job: Job, sandbox: Sandbox | None = None, limits: Limits | None = None) -> Result:
    """Execute one job with a zygote of its own; see :meth:`Executor.run`."""
    with Executor(sandbox, limits) as executor:
        return executor.run(job)
