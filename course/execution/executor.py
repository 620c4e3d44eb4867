"""Execute jobs: students' cells in a worker, checks here."""

from __future__ import annotations

import copy
import re
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from course.execution.inside.wire import ViolationError
from course.execution.job import Job, Result
from course.execution.limits import Limits
from course.execution.outputs import Output, cell_outputs, error_output, verdict_outputs
from course.execution.process import Watch, WorkerProcess, Zygote
from course.execution.proxies import look_up, more_memory
from course.execution.sandbox import Sandbox, find_sandbox
from course.execution.session import Session
from course.paths import CourseError
from grader_tests import exercises, judge
from grader_tests.calling import CallError

STOPPED = "Stopped"
LOOK_SECONDS = 10.0
CHECK_MEMORY = 2 * 2**30  # what a check may use here for what a worker has answered
ROOM_FOR_ERRORS = 6_000_000  # characters: what the honest side lets a traceback have, and some
SLOW_IMPORTS = {"sklearn.datasets": re.compile(r"digits|mnist|sklearn")}


class Executor:
    """Executes jobs one after the other and keeps a warm zygote between them.

    Parameters
    ----------
    sandbox : Sandbox, optional
        The one that this machine offers, if left out.
    limits : Limits, optional

    Raises
    ------
    CourseError
        If there is no sandbox, or it does not start.
    """

    def __init__(self, sandbox: Sandbox | None = None, limits: Limits | None = None) -> None:
        self.sandbox = sandbox or find_sandbox()
        self.limits = limits or Limits()
        self._zygote: Zygote | None = None

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

        def fork(watch: Watch) -> WorkerProcess:
            return self._fork(job.assets, watch, warm)

        text = "\n".join(map(_source, job.notebook["cells"]))
        warm = [name for name, pattern in SLOW_IMPORTS.items() if pattern.search(text)]
        session = Session(fork, self.limits)
        try:
            return _Run(job, session, self.limits).result(self.sandbox.missing)
        finally:
            session.close()

    def close(self) -> None:
        """End the zygote."""
        if self._zygote:
            self._zygote.close()
            self._zygote = None

    def _fork(self, files: Mapping[str, bytes], watch: Watch, warm: list[str]) -> WorkerProcess:
        """Return a new worker, from a new zygote if the old one has died."""
        if self._zygote:
            try:
                return self._zygote.fork(files, watch, warm)
            except CourseError:
                self.close()
        self._zygote = Zygote(self.sandbox, self.limits)
        return self._zygote.fork(files, watch, warm)


def execute(job: Job, sandbox: Sandbox | None = None, limits: Limits | None = None) -> Result:
    """Execute one job with a zygote of its own; see :meth:`Executor.run`."""
    with Executor(sandbox, limits) as executor:
        return executor.run(job)


class _Run:
    """One job on its way through the notebook."""

    def __init__(self, job: Job, session: Session, limits: Limits) -> None:
        self._job = job
        self._session = session
        self._limits = limits
        self._notebook: dict[str, Any] = copy.deepcopy(dict(job.notebook))
        self._room = limits.output
        self._log: list[str] = []

    def result(self, missing: tuple[str, ...]) -> Result:
        count = 0
        checked: set[str] = set()
        for cell in self._notebook["cells"]:
            if cell["cell_type"] != "code":
                continue
            cell["outputs"], cell["execution_count"] = [], None
            grade_id = _grade_id(cell)
            is_check = grade_id in self._job.checks and grade_id not in checked
            if not is_check and not _is_to_be_run(cell):
                continue
            count += 1
            started = time.perf_counter()
            if is_check:
                checked.add(grade_id)
                cell["outputs"] = self._check(self._job.checks[grade_id], count)
            else:
                cell["outputs"] = self._run_cell(_source(cell), count)
            cell["execution_count"] = count
            self._log.append(f"[{count}] {grade_id or ''} {time.perf_counter() - started:.2f} s")
        events = self._session.events
        log = [*self._log, *events, f"{self._session.seconds:.2f} s in all"]
        return Result(self._notebook, "\n".join(log) + "\n", (*dict.fromkeys(events), *missing))

    def _check(self, exercise: str, count: int) -> list[Output]:
        job = self._job
        try:
            names = look_up(self._session, list(exercises(job.lesson)), LOOK_SECONDS)
        except CallError as error:
            return [error_output(str(error))]
        with more_memory(CHECK_MEMORY):
            verdict = judge(job.lesson, exercise, names.get(exercise), job.seed, names)
        return verdict_outputs(verdict, count)

    def _run_cell(self, source: str, count: int) -> list[Output]:
        try:
            claim = self._session.run_cell(source, count).get("outputs")
            outputs = cell_outputs(claim, count, self._limits.cell_output + ROOM_FOR_ERRORS)
        except CallError as error:
            return [error_output(str(error), STOPPED)]
        except ViolationError as error:
            return [error_output(f"the worker sent {error}", STOPPED)]
        self._room -= sum(len(str(output)) for output in outputs)
        if self._room < 0:
            return [error_output("this notebook puts out too much: the rest is left out", STOPPED)]
        return outputs


def _grade_id(cell: Mapping[str, Any]) -> Any:
    mark = cell.get("metadata", {}).get("nbgrader")
    return mark.get("grade_id") if isinstance(mark, Mapping) else None


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _is_to_be_run(cell: Mapping[str, Any]) -> bool:
    """Tell whether Jupyter would run the cell: not if it is empty, or tagged to be skipped."""
    tags = cell.get("metadata", {}).get("tags", [])
    return bool(_source(cell).strip()) and "skip-execution" not in tags
