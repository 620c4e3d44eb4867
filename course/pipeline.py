"""From what a student handed in to an executed notebook and its scores.

This is what workers do, on this machine or another one: data in, data out, no gradebook, no files.
"""

from __future__ import annotations

import copy
import functools
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import nbformat
from nbformat import NotebookNode

from course import records
from course.execution import Executor, Job, Result
from course.fingerprints import digest
from course.intake import take_in
from course.records import Outcome, one_line
from course.slicing import are_missed, left_out
from course.submissions import Submission, UnreadableError

COULD_NOT_CHECK = "CouldNotCheck"
NO_RESPONSE = "No response."  # what nbgrader's own feedback says
# nbgrader, whose import takes a worker a second, shortens a cell's traceback from 100 lines on.
FEW_LINES = 100


@dataclass(frozen=True)
class Task:
    """A submission to grade, with all that is needed for it.

    Attributes
    ----------
    submission : Submission
    released : bytes
        The lesson's notebook as students got it, the file's content.
    assets : mapping of str to bytes
        The lesson's other files.
    seed : int
        From it the student's cases are drawn.
    fingerprint : str
        Of everything that the result depends on.
    """

    submission: Submission
    released: bytes
    assets: Mapping[str, bytes]
    seed: int
    fingerprint: str


@dataclass(frozen=True)
class Marked:
    """What came of a submission.

    Attributes
    ----------
    notebook : bytes
        The file's content, with outputs.
    outcomes : mapping of str to Outcome
        By id of the check cell.
    answers : mapping of str to (float or None)
        By id of the written answer's cell: 0 where nothing was written, else None.
    comments : mapping of str to (str or None)
        By id of the cell that students fill in.
    work : mapping of str to str
        By id of the graded cell, a digest of what a person who grades it by hand has in view.
    notes : tuple of str
        What was not as it should be.
    log : str
    seconds : float
    settled : bool
        False where the grader itself failed: it is tried again with the next run.
    """

    notebook: bytes
    outcomes: Mapping[str, Outcome]
    answers: Mapping[str, float | None] = field(default_factory=dict)
    comments: Mapping[str, str | None] = field(default_factory=dict)
    work: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    log: str = ""
    seconds: float = 0.0
    settled: bool = True

    @property
    def scores(self) -> dict[str, float | None]:
        """Every graded cell's score by its id; None where a person has to look."""
        return {name: found.score for name, found in self.outcomes.items()} | dict(self.answers)


def mark(task: Task, executor: Executor) -> Marked:
    """Grade one submission; whatever is wrong with it ends up in what is returned.

    Parameters
    ----------
    task : Task
    executor : Executor

    Returns
    -------
    Marked
    """
    start = time.perf_counter()
    submission, released = task.submission, _released(task.released)
    try:
        if submission.problem:
            raise UnreadableError(submission.problem)
        taken = take_in(submission.content, released)
    except UnreadableError as reason:
        return _nothing_to_run(submission, released, str(reason))
    notes = (*submission.notes, *taken.repairs)
    checks = {name: name.removeprefix("check-") for name in _checks(released)}
    job = Job(submission.student, submission.lesson, taken.notebook, checks, task.seed, task.assets)
    try:
        result = _run(job, left_out(taken.notebook.cells, released.cells), executor)
    except Exception as error:  # ours, not the student's; it must not stop the others
        failure = one_line(f"the grader itself failed: {type(error).__name__}: {error}")
        notebook = _not_checked(taken.notebook, failure)
        failed = _read_off(notebook, released, taken.lost, notes)
        return replace(failed, log=traceback.format_exc(), settled=False)
    executed = _limited(nbformat.from_dict(result.notebook))
    marked = _read_off(executed, released, taken.lost, (*notes, *result.notes))
    return replace(marked, log=result.log, seconds=time.perf_counter() - start)


def _run(job: Job, skipped: set[str], executor: Executor) -> Result:
    """Run the cells that matter; all of them if that turns out to have been too few."""
    cells = job.notebook["cells"]
    some = {**job.notebook, "cells": [cell for cell in cells if cell["id"] not in skipped]}
    result = executor.run(replace(job, notebook=some))
    executed = {cell["id"]: nbformat.from_dict(cell) for cell in result.notebook["cells"]}
    if are_missed([cell for cell in cells if cell["id"] in skipped], executed.values()):
        return executor.run(job)
    whole = {**job.notebook, "cells": [executed.get(cell["id"], cell) for cell in cells]}
    return replace(result, notebook=whole)


def not_marked(task: Task, reason: str) -> Marked:
    """Return what comes of a submission that could not even be worked on."""
    marked = _nothing_to_run(task.submission, _released(task.released), reason)
    return replace(marked, settled=False, work={})


def _nothing_to_run(submission: Submission, released: NotebookNode, reason: str) -> Marked:
    """Return the lesson's own notebook, in which a person can grade what the student meant."""
    notebook = _not_checked(released, reason)
    lost = frozenset(_marks(notebook))
    marked = _read_off(notebook, released, lost, submission.notes)
    return replace(marked, work=dict.fromkeys(marked.work, digest(submission.content)))


@functools.lru_cache(maxsize=4)  # as good as always the lesson of the submission before
def _released(content: bytes) -> NotebookNode:
    return nbformat.reads(content.decode(), as_version=nbformat.NO_CONVERT)


def _not_checked(notebook: NotebookNode, reason: str) -> NotebookNode:
    """Return the notebook with every check saying why there is no verdict."""
    result = copy.deepcopy(notebook)
    for cell in _checks(result).values():
        error = {"output_type": "error", "ename": COULD_NOT_CHECK, "evalue": reason}
        cell.outputs = [nbformat.from_dict(error | {"traceback": [reason]})]
    return result


def _limited(notebook: NotebookNode) -> NotebookNode:
    """Shorten long outputs, as nbgrader does."""
    if _lines(notebook) > FEW_LINES:
        from nbgrader.preprocessors import LimitOutput

        notebook, _ = LimitOutput().preprocess(notebook, {})
    return notebook


def _lines(notebook: NotebookNode) -> int:
    """Count lines of printed text and of tracebacks."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    printed = sum(output.get("text", "").count("\n") + 1 for output in outputs)
    return printed + sum(len(output.get("traceback", ())) for output in outputs)


def _read_off(
    notebook: NotebookNode, released: NotebookNode, lost: frozenset[str], notes: tuple[str, ...]
) -> Marked:
    """Read scores off an executed notebook; `lost` are answers that are not in it."""
    outcomes = {name: records.outcome(cell) for name, cell in _checks(notebook).items()}
    answers: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    originals = _marks(released)
    for name, cell in _marks(notebook).items():
        if cell.metadata.nbgrader.solution:
            empty = name not in lost and cell.source == originals[name].source
            comments[name] = NO_RESPONSE if empty else None
            if cell.metadata.nbgrader.grade:
                answers[name] = 0.0 if empty else None
    content = nbformat.v4.writes(notebook).rstrip("\n") + "\n"
    work = _work(notebook)
    return Marked(content.encode(errors="replace"), outcomes, answers, comments, work, notes)


def _work(notebook: NotebookNode) -> dict[str, str]:
    """Return a digest for each graded cell: of the answer's text, or of the student's whole program."""
    marks = _marks(notebook)
    unlocked = [c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("locked")]
    program = "\n".join(cell.source for cell in unlocked if cell.cell_type == "code")
    return {
        name: digest(
            (cell.source if cell.metadata.nbgrader.solution else program).encode(errors="replace")
        )
        for name, cell in marks.items()
        if cell.metadata.nbgrader.grade
    }


def _marks(notebook: NotebookNode) -> dict[str, Any]:
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }


def _checks(notebook: NotebookNode) -> dict[str, Any]:
    marks = _marks(notebook).items()
    return {
        name: cell
        for name, cell in marks
        if cell.metadata.nbgrader.grade and not cell.metadata.nbgrader.solution
    }
