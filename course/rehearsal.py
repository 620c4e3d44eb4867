"""Run a lesson before students do: with the solutions in, and unfilled."""

from __future__ import annotations

import copy
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from nbclient import NotebookClient
from nbformat import NotebookNode

from course.build import Lesson, make_lesson
from course.paths import Course
from course.records import outcome
from course.settings import CELL_TIMEOUT
from course.surroundings import kernel_environment, logged

STUB_ERROR = "NotImplementedError"


@dataclass(frozen=True)
class Rehearsal:
    """How one version of a lesson ran.

    Attributes
    ----------
    lesson, version : str
        The version is ``"with solutions"`` or ``"unfilled"``.
    seconds : float
    problems : tuple of str
        What a student would stumble over; empty if all is well.
    """

    lesson: str
    version: str
    seconds: float
    problems: tuple[str, ...]


def rehearse(course: Course, lesson_id: str) -> list[Rehearsal]:
    """Execute a lesson's two notebooks from top to bottom.

    With the solutions in, no cell may fail and every check must give full marks. Unfilled, a cell may
    stop only because a function is not written yet, and every check must give 0.

    Parameters
    ----------
    course : Course
    lesson_id : str

    Returns
    -------
    list of Rehearsal
        Two.
    """
    lesson = make_lesson(course, lesson_id)
    solved, solved_seconds = _execute(lesson, lesson.instructor)
    unfilled, unfilled_seconds = _execute(lesson, lesson.student)
    return [
        Rehearsal(
            lesson_id,
            "with solutions",
            solved_seconds,
            (*_failures(solved, allowed=()), *_wrong_scores(solved, full=True)),
        ),
        Rehearsal(
            lesson_id,
            "unfilled",
            unfilled_seconds,
            (*_failures(unfilled, allowed=(STUB_ERROR,)), *_wrong_scores(unfilled, full=False)),
        ),
    ]


def _execute(lesson: Lesson, notebook: NotebookNode) -> tuple[NotebookNode, float]:
    executed = copy.deepcopy(notebook)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for path, content in lesson.assets.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        with kernel_environment(), logged(Path(folder, ".log")):
            NotebookClient(
                executed,
                timeout=CELL_TIMEOUT,
                allow_errors=True,
                shutdown_kernel="immediate",
                resources={"metadata": {"path": folder}},
            ).execute()
    return executed, time.perf_counter() - start


def _failures(notebook: NotebookNode, allowed: tuple[str, ...]) -> list[str]:
    return [
        f"{_place(number, cell)} stops with {output.ename}: {output.evalue}"
        for number, cell in enumerate(notebook.cells, 1)
        for output in cell.get("outputs", [])
        if output.output_type == "error" and output.ename not in allowed
    ]


def _wrong_scores(notebook: NotebookNode, full: bool) -> list[str]:
    problems = []
    for number, cell in enumerate(notebook.cells, 1):
        mark = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or not mark.get("grade"):
            continue
        found = outcome(cell)
        if found.score != (mark["points"] if full else 0):
            got = found.reason if found.score is None else f"{found.score:g}"
            problems.append(
                f"{_place(number, cell)} should give {'full marks' if full else '0'}: {got}"
            )
    return problems


def _place(number: int, cell: NotebookNode) -> str:
    mark = cell.metadata.get("nbgrader", {}).get("grade_id")
    first = next(iter(cell.source.splitlines()), "")
    return f"cell {number} ({mark or first[:60]})"
