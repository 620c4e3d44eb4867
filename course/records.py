"""The result of one student in one exercise, read from what nbgrader leaves behind."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from course.paths import Course, write_atomically
from grader_tests.verdict import MIME

COULD_NOT_CHECK = "could-not-check"
PUBLIC_KEYS = ("student", "lesson", "exercise", "score", "max_score", "status", "misconceptions")
ERRORS_IN_WORDS = {
    "CellTimeoutError": "the check took too long and was stopped",
    "KeyboardInterrupt": "the check took too long and was stopped",
    "MemoryError": "the check ran out of memory",
}


@dataclass(frozen=True)
class Record:
    """What one student got in one exercise.

    Attributes
    ----------
    student, lesson, exercise : str
    score : float or None
        None where the exercise could not be checked: that is not 0.
    max_score : float
    status : str
        ``"pass"``, ``"partial"``, ``"fail"`` or ``"could-not-check"``.
    misconceptions : tuple of str
        Names of the known mistakes in the answer.
    reason : str
        Why it could not be checked, or that it was graded by hand.
    """

    student: str
    lesson: str
    exercise: str
    score: float | None
    max_score: float
    status: str
    misconceptions: tuple[str, ...] = ()
    reason: str = ""

    def public(self) -> dict[str, Any]:
        """Return the seven keys that other programs rely on."""
        everything = asdict(self) | {"misconceptions": list(self.misconceptions)}
        return {key: everything[key] for key in PUBLIC_KEYS}


@dataclass(frozen=True)
class Outcome:
    """What the outputs of a check cell amount to; `score` is None where they amount to nothing."""

    score: float | None
    status: str = COULD_NOT_CHECK
    misconceptions: tuple[str, ...] = ()
    reason: str = ""


def outcome(cell: Mapping[str, Any]) -> Outcome:
    """Read the outcome of an executed check cell from its outputs.

    A score counts only where the verdict says it and the cell's own value agrees. nbgrader alone
    would give full marks to a check cell without any output.

    Parameters
    ----------
    cell : mapping
        A check cell of an autograded notebook.

    Returns
    -------
    Outcome
    """
    points = float(cell["metadata"]["nbgrader"]["points"])
    outputs = cell.get("outputs", [])
    verdicts = [o["data"][MIME] for o in outputs if MIME in o.get("data", {})]
    errors = [o for o in outputs if o["output_type"] == "error"]
    if len(verdicts) != 1:
        return Outcome(None, reason=_missing_verdict(len(verdicts), errors))
    try:
        found = _read_verdict(verdicts[0], points)
    except (KeyError, TypeError, ValueError):
        return Outcome(None, reason="the check showed a verdict that makes no sense")
    if found.score is None:
        return found
    if errors:
        return Outcome(None, reason=_in_words(errors[0]))
    value = _value(outputs)
    if value is None or not math.isclose(value, found.score, abs_tol=1e-9):
        reason = f"the verdict says {found.score:g} points, the check's value {value}"
        return Outcome(None, reason=reason)
    return found


def _read_verdict(verdict: Mapping[str, Any], points: float) -> Outcome:
    if verdict["status"] == COULD_NOT_CHECK:
        return Outcome(None, reason=" ".join(verdict.get("notes", ())) or "the check itself failed")
    score, names = float(verdict["score"]), tuple(map(str, verdict["misconceptions"]))
    if not 0 <= score <= points or verdict["max_score"] != points:
        return Outcome(None, reason=f"the verdict says {score:g} of {verdict['max_score']} points")
    return Outcome(score, status_of(score, points), names)


def one_line(text: str) -> str:
    """Return the beginning of `text` as one line that is safe to print."""
    line = next((line for line in text.strip().splitlines() if line.strip()), "")
    return "".join(character for character in line if character.isprintable())[:200]


def status_of(score: float, max_score: float) -> str:
    """Return the status that goes with a score."""
    if score >= max_score:
        return "pass"
    return "partial" if score > 0 else "fail"


def _missing_verdict(found: int, errors: list[Any]) -> str:
    if errors:
        return _in_words(errors[0])
    return "the check showed no verdict" if not found else "the check showed more than one verdict"


def _in_words(error: Mapping[str, Any]) -> str:
    name = error["ename"]
    return ERRORS_IN_WORDS.get(name, one_line(f"the check stopped with {name}: {error['evalue']}"))


def _value(outputs: Iterable[Mapping[str, Any]]) -> float | None:
    """Return the last value of the cell, as nbgrader reads it."""
    for output in outputs:
        if output["output_type"] == "execute_result":
            try:
                return float("".join(output["data"]["text/plain"]))
            except (KeyError, ValueError):
                return None
    return None


def read_notebook(path: Path) -> dict[str, Mapping[str, Any]]:
    """Return the marked cells of an autograded notebook by nbgrader's id; the first of each."""
    cells: dict[str, Mapping[str, Any]] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id:
            cells.setdefault(grade_id, cell)
    return cells


def unchecked(
    student: str, lesson: str, exercises: Mapping[str, float], reason: str
) -> list[Record]:
    """Return the records of a submission that could not be graded at all."""
    return [
        Record(student, lesson, name, None, points, COULD_NOT_CHECK, reason=reason)
        for name, points in exercises.items()
    ]


def keep(course: Course, lesson: str, records: Iterable[Record]) -> None:
    """Keep records of a lesson; those of students that are not among them stay as they are."""
    new = list(records)
    students = {record.student for record in new}
    kept = [record for record in load(course, lesson) if record.student not in students]
    everything = sorted(kept + new, key=lambda record: record.student)
    content = json.dumps([asdict(record) for record in everything], indent=1) + "\n"
    write_atomically(kept_at(course, lesson), content.encode())


def load(course: Course, lesson: str) -> list[Record]:
    """Return the kept records of a lesson, of all students graded so far."""
    path = kept_at(course, lesson)
    if not path.exists():
        return []
    entries = json.loads(path.read_text(encoding="utf-8"))
    return [Record(**{**e, "misconceptions": tuple(e["misconceptions"])}) for e in entries]


def kept_at(course: Course, lesson: str) -> Path:
    """Return where the records of a lesson are kept."""
    return course.reports / f"{lesson}.json"
