"""The result of one student in one exercise, read from what nbgrader leaves behind."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.paths import Course, write_atomically
from grader_tests.verdict import MIME, Diagnosis, Example, Finding, Verdict

COULD_NOT_CHECK = "could-not-check"
BY_HAND = "graded by hand"
NO_VERDICT = "CouldNotCheck"  # the error that a check cell shows where nobody could run it
# A file's name holds at most 255 bytes, and ours gets an ending.
LONGEST_NAME = 200
WITH_DATA = ("display_data", "execute_result")  # outputs that carry it
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
    previous : float or None
        The score before the last regrade that changed it, or what a person gave for an earlier file.
    regraded : str
        When that was, in UTC; empty if no regrade has changed the score.
    """

    student: str
    lesson: str
    exercise: str
    score: float | None
    max_score: float
    status: str
    misconceptions: tuple[str, ...] = ()
    reason: str = ""
    previous: float | None = None
    regraded: str = ""

    @property
    def waits(self) -> bool:
        """Whether a person has graded an earlier file, and this one has to be looked at again."""
        return self.score is None and self.previous is not None and not self.regraded

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
    verdicts = _shown(outputs)
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


def _shown(outputs: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Return the verdicts among the outputs of a cell."""
    found = (output["data"] for output in outputs if output["output_type"] in WITH_DATA)
    return [data[MIME] for data in found if MIME in data]


def shortened(name: str, longest: int = 28) -> str:
    """Return a name for a table: the middle of a very long one is left out."""
    half = longest // 2
    return name if len(name) <= longest else f"{name[: half - 1]}…{name[-half:]}"


def _read_verdict(verdict: Mapping[str, Any], points: float) -> Outcome:
    if verdict["status"] == COULD_NOT_CHECK:
        return Outcome(None, reason=" ".join(verdict.get("notes", ())) or "the check itself failed")
    score = float(verdict["score"])
    names = tuple(one_line(str(name)) for name in verdict["misconceptions"])
    if not 0 <= score <= points or verdict["max_score"] != points:
        return Outcome(None, reason=f"the verdict says {score:g} of {verdict['max_score']} points")
    return Outcome(score, status_of(score, points), names)


def verdict(cell: Mapping[str, Any]) -> Verdict | None:
    """Return the verdict that an executed check cell shows, None if it shows none that makes sense.

    Plain nbgrader runs checks beside the student's code, so every piece may be of any type.
    """
    shown = _shown(cell.get("outputs", []))
    if len(shown) != 1:
        return None
    try:
        return _as_verdict(shown[0])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _as_verdict(data: Mapping[str, Any]) -> Verdict:
    return Verdict(
        lesson=str(data["lesson"]),
        exercise=str(data["exercise"]),
        seed=int(data["seed"]),
        findings=tuple(_as_finding(found) for found in data["criteria"]),
        diagnoses=tuple(
            Diagnosis(str(d["name"]), str(d["says"]), str(d["slide"])) for d in data["diagnoses"]
        ),
        notes=tuple(map(str, data["notes"])),
    )


def _as_finding(data: Mapping[str, Any]) -> Finding:
    if data["passed"] not in (True, False, None):
        raise ValueError(f"expected true, false or null, got {data['passed']!r}")
    return Finding(
        name=str(data["name"]),
        title=str(data["title"]),
        points=float(data["points"]),
        max_points=float(data["max_points"]),
        passed=data["passed"],
        message=str(data["message"]),
        example=_as_example(data["example"]) if data["example"] else None,
    )


def _as_example(data: Mapping[str, Any]) -> Example:
    arguments = tuple((str(name), str(text)) for name, text in data["arguments"])
    return Example(str(data["call"]), arguments, str(data["expected"]), str(data["got"]))


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
    if name == NO_VERDICT:
        return one_line(error["evalue"])
    return ERRORS_IN_WORDS.get(name, one_line(f"the check stopped with {name}: {error['evalue']}"))


def _value(outputs: Iterable[Mapping[str, Any]]) -> float | None:
    """Return the last value of the cell, as nbgrader reads it."""
    for output in outputs:
        if output["output_type"] == "execute_result":
            try:
                return float("".join(output["data"]["text/plain"]))
            except (KeyError, TypeError, ValueError):
                return None
    return None


def read_notebook(path: Path) -> dict[str, Mapping[str, Any]]:
    """Return the marked cells of an autograded notebook by nbgrader's id; the first of each.

    A damaged cell is left out, and of a damaged file nothing is left: it has to be graded again.
    """
    try:
        listed = json.loads(path.read_bytes())["cells"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    cells: dict[str, Mapping[str, Any]] = {}
    for cell in listed if isinstance(listed, list) else []:
        if _is_marked(cell):
            cells.setdefault(cell["metadata"]["nbgrader"]["grade_id"], cell)
    return cells


def _is_marked(cell: Any) -> bool:
    """Tell whether it is a marked cell that has everything which is read of one."""
    match cell:
        case {
            "source": str() | list() as source,
            "metadata": {"nbgrader": {"grade_id": str(), **mark}},
        }:
            outputs = cell.get("outputs", [])
        case _:
            return False
    return (
        all(isinstance(line, str) for line in source)
        and (not mark.get("grade") or isinstance(mark.get("points"), int | float))
        and isinstance(outputs, list)
        and all(map(_is_output, outputs))
    )


def _is_output(output: Any) -> bool:
    match output:
        case {"output_type": "error", "ename": str(), "evalue": str()}:
            return True
        case {"output_type": kind, "data": dict()} if kind in WITH_DATA:
            return True
        case {"output_type": "stream"}:
            return True
    return False


def unchecked(
    student: str, lesson: str, exercises: Mapping[str, float], reason: str
) -> list[Record]:
    """Return the records of a submission that could not be graded at all."""
    return [
        Record(student, lesson, name, None, points, COULD_NOT_CHECK, reason=reason)
        for name, points in exercises.items()
    ]


def keep(course: Course, lesson: str, records: Iterable[Record]) -> None:
    """Keep the records of submissions, in one file each.

    A record whose score is not what it was remembers the one before.
    """
    students: dict[str, list[Record]] = {}
    for record in records:
        students.setdefault(record.student, []).append(record)
    for student, new in students.items():
        path = kept_at(course, lesson, student)
        old = {record.exercise: record for record in _read(path)}
        compared = [_compared(record, old.get(record.exercise)) for record in new]
        content = json.dumps([asdict(record) for record in compared], indent=1) + "\n"
        write_atomically(path, content.encode())


def load(course: Course, lesson: str) -> list[Record]:
    """Return the kept records of a lesson, of all students graded so far."""
    paths = (course.reports / lesson).glob("*.json")
    found = [record for path in paths for record in _read(path)]
    return sorted(found, key=lambda record: record.student)


def load_of(course: Course, lesson: str, student: str) -> list[Record]:
    """Return the kept records of one student."""
    return _read(kept_at(course, lesson, student))


def kept_at(course: Course, lesson: str, student: str) -> Path:
    """Return where the records of a submission are kept."""
    name = student
    if len(name.encode()) > LONGEST_NAME:
        name = hashlib.sha256(name.encode()).hexdigest()
    return course.reports / lesson / f"{name}.json"


def _compared(new: Record, old: Record | None) -> Record:
    """Carry over, or note down, what the score was before it changed."""
    if old is None:
        return new
    if old.score == new.score:
        return replace(new, previous=old.previous, regraded=old.regraded)
    now = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
    return replace(new, previous=old.score, regraded=now)


def _read(path: Path) -> list[Record]:
    """Return what is kept in a file; nothing where it is damaged: the gradebook has the scores."""
    try:
        entries = json.loads(path.read_bytes())
        return [Record(**{**e, "misconceptions": tuple(e["misconceptions"])}) for e in entries]
    except (FileNotFoundError, ValueError, KeyError, TypeError, RecursionError):
        return []
