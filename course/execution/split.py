"""Execute jobs on Linux: students' cells in a worker, checks here."""

from __future__ import annotations

import copy
import re
import socket
import time
from collections.abc import Mapping
from typing import Any

from course.execution.job import Job, Result
from course.execution.limits import Limits
from course.execution.outputs import Output, cell_outputs, error_output, verdict_outputs
from course.execution.process import Watch, WorkerProcess, Zygote, fork
from course.execution.proxies import Answer, look_up, more_memory
from course.execution.sandbox import Sandbox
from course.execution.session import Session
from course.paths import CourseError
from grader_tests import exercises, judge
from grader_tests.calling import CallError

STOPPED = "Stopped"
LOOK_SECONDS = 10.0
CHECK_MEMORY = 2 * 2**30  # what a check may use here for what a worker has answered
ROOM_FOR_ERRORS = 6_000_000  # characters: what the honest side lets a traceback have, and some
SLOW_IMPORTS = {"sklearn.datasets": re.compile(r"digits|mnist|sklearn")}


class Split:
    """Executes jobs in workers of a zygote: another process's, or one that is started when needed."""

    def __init__(self, sandbox: Sandbox, limits: Limits, line: socket.socket | None = None) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._line = line
        self._zygote: Zygote | None = None

    def run(self, job: Job) -> Result:
        """Execute a job."""

        def new_worker(watch: Watch) -> WorkerProcess:
            return self._fork(job.assets, watch, warm)

        code = [cell for cell in job.notebook["cells"] if cell["cell_type"] == "code"]
        text = "\n".join(map(_source, code))
        warm = [name for name, pattern in SLOW_IMPORTS.items() if pattern.search(text)]
        session = Session(new_worker, self._limits)
        try:
            return _Run(job, session, self._limits).result()
        finally:
            session.close()

    def close(self) -> None:
        """End the zygote."""
        self._line = None
        if self._zygote:
            self._zygote.close()
            self._zygote = None

    def _fork(self, files: Mapping[str, bytes], watch: Watch, warm: list[str]) -> WorkerProcess:
        """Return a new worker, from a new zygote of our own if the old one has died."""
        if self._line:
            try:
                return fork(self._line, files, watch, warm)
            except CourseError:
                self.close()
        self._zygote = Zygote(self._sandbox, self._limits)
        self._line = self._zygote.line()
        return self._zygote.fork(files, watch, warm)


class _Run:
    """One job on its way through the notebook."""

    def __init__(self, job: Job, session: Session, limits: Limits) -> None:
        self._job = job
        self._session = session
        self._limits = limits
        self._notebook: dict[str, Any] = copy.deepcopy(dict(job.notebook))
        self._room = limits.output
        self._log: list[str] = []

    def result(self) -> Result:
        """Run all cells."""
        count = 0
        checked: set[str | None] = set()
        for cell in self._notebook["cells"]:
            if cell["cell_type"] != "code":
                continue
            cell["outputs"], cell["execution_count"] = [], None
            grade_id = _grade_id(cell)
            exercise = None if grade_id in checked else self._job.checks.get(grade_id or "")
            if not exercise and not _is_to_be_run(cell):
                continue
            count += 1
            started = time.perf_counter()
            if exercise:
                checked.add(grade_id)
                cell["outputs"] = self._check(exercise, count)
            else:
                cell["outputs"] = self._run_cell(_source(cell), count)
            cell["execution_count"] = count
            self._log.append(f"[{count}] {grade_id or ''} {time.perf_counter() - started:.2f} s")
        events = self._session.events
        log = [*self._log, *events, f"{self._session.seconds:.2f} s in all"]
        return Result(self._notebook, "\n".join(log) + "\n", tuple(dict.fromkeys(events)))

    def _check(self, exercise: str, count: int) -> list[Output]:
        job = self._job
        try:
            names = look_up(self._session, _needed(job.lesson, exercise), LOOK_SECONDS)
        except CallError as error:
            return [error_output(str(error))]
        with more_memory(CHECK_MEMORY):
            verdict = judge(job.lesson, exercise, names.get(exercise), job.seed, names)
        return verdict_outputs(verdict, count)

    def _run_cell(self, source: str, count: int) -> list[Output]:
        limit = self._limits.cell_output + ROOM_FOR_ERRORS

        def read(answer: Answer, body: memoryview) -> list[Output]:
            return cell_outputs(answer.get("outputs"), count, limit)

        try:
            outputs = self._session.run_cell(source, count, read)
        except CallError as error:
            return [error_output(str(error), STOPPED)]
        self._room -= sum(len(str(output)) for output in outputs)
        if self._room < 0:
            return [error_output("this notebook puts out too much: the rest is left out", STOPPED)]
        return outputs


def _needed(lesson: str, exercise: str) -> list[str]:
    """Return an exercise and those that it builds on: what else there is may take a minute to read."""
    names = [exercise]
    for name in names:
        names += [other for other in exercises(lesson)[name].uses if other not in names]
    return names


def _grade_id(cell: Mapping[str, Any]) -> str | None:
    mark = cell.get("metadata", {}).get("nbgrader")
    grade_id = mark.get("grade_id") if isinstance(mark, Mapping) else None
    return grade_id if isinstance(grade_id, str) else None


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _is_to_be_run(cell: Mapping[str, Any]) -> bool:
    """Tell whether Jupyter would run the cell: not if it is empty, or tagged to be skipped."""
    tags = cell.get("metadata", {}).get("tags", [])
    return bool(_source(cell).strip()) and "skip-execution" not in tags
