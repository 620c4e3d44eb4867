"""Run submissions: students' cells in a sandboxed worker, the checks outside of it."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from course.execution.job import Job, Result
from course.execution.kernel import execute_in_kernel

__all__ = ["Executor", "Job", "Result", "execute"]


class Executor:
    """Executes jobs one after the other and keeps a warm zygote between them."""

    def __init__(self, sandbox: Any = None) -> None:
        self.sandbox = sandbox

    def __enter__(self) -> Executor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass

    def run(self, job: Job) -> Result:
        """Execute a job; nothing that a student did raises an exception here."""
        return execute_in_kernel(job)


def execute(job: Job, sandbox: Any = None) -> Result:
    """Execute one job with a zygote of its own."""
    with Executor(sandbox) as executor:
        return executor.run(job)
