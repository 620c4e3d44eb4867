"""What is to be executed, and what comes of it: plain data, which any machine can be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Job:
    """A submission to execute.

    Parameters
    ----------
    student, lesson : str
    notebook : dict
        The sanitised notebook, nbformat 4, as plain data.
    checks : mapping of str to str
        The exercise that each check cell checks, by nbgrader's id of the cell. It comes from the
        course's own notebook. What a submission has written into such a cell, or calls a check cell,
        counts for nothing; of two cells with one id the first is the check.
    seed : int
        From it the student's cases are drawn.
    assets : mapping of str to bytes
        Files that the lesson brings along, by path relative to the notebook.
    """

    student: str
    lesson: str
    notebook: Mapping[str, Any]
    checks: Mapping[str, str]
    seed: int
    assets: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What came of a job.

    Attributes
    ----------
    notebook : dict
        The notebook with ordinary outputs. A check cell shows a verdict and has the score as its
        value, or shows an error (``CouldNotCheck`` and the reason) and has none.
    log : str
        What happened, a line per event.
    notes : tuple of str
        What a teacher should know: cells that were stopped, workers that died, missing protection.
    """

    notebook: dict[str, Any]
    log: str = ""
    notes: tuple[str, ...] = ()
