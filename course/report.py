"""Records as a table in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course.gradebook import Question
from course.records import COULD_NOT_CHECK, Record

STYLES = {"pass": "green", "partial": "yellow", "fail": "red", COULD_NOT_CHECK: "magenta"}
LONG_NAME = 8
PIPED_WIDTH = 120


def console() -> Console:
    """Return a console that does not squeeze tables when the output is a file or a pipe."""
    made = Console(highlight=False)
    return made if made.is_terminal else Console(highlight=False, width=PIPED_WIDTH)


def show(
    out: Console,
    lesson: str,
    found: Iterable[Record],
    by_hand: Mapping[str, list[Question]],
) -> None:
    """Print a lesson's table of students × exercises.

    Below it stand the known mistakes in each student's answers, and why anything could not be
    checked.

    Parameters
    ----------
    out : Console
    lesson : str
    found : iterable of Record
        Records of that lesson, at least one.
    by_hand : mapping of str to list of Question
        What people grade, for each student; empty where the lesson has no such question.
    """
    students: dict[str, list[Record]] = {}
    for record in found:
        students.setdefault(record.student, []).append(record)
    exercises = [record.exercise for record in next(iter(students.values()))]
    table = Table(title=lesson, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("student", *map(_heading, exercises), "total"):
        table.add_column(name, overflow="fold")
    if by_hand:
        table.add_column("by hand", no_wrap=True)
    for student, row in students.items():
        cells = [escape(student), *map(_score, row), _total(row)]
        table.add_row(*cells, *([_by_hand(by_hand[student])] if by_hand else []))
    out.print(table)
    _list(out, "Known mistakes", students, lambda record: record.misconceptions)
    _list(out, "Could not check", students, _why_not)


def _heading(exercise: str) -> str:
    return exercise.replace("_", "_\n") if len(exercise) > LONG_NAME else exercise


def _score(record: Record) -> str:
    text = "could not check" if record.score is None else _points(record.score, record.max_score)
    return f"[{STYLES[record.status]}]{text}[/]"


def _points(score: float, max_score: float) -> str:
    return f"{score:g}/{max_score:g}"


def _total(row: list[Record]) -> str:
    known = [record.score for record in row if record.score is not None]
    if not known:
        return "-"
    total = _points(sum(known), sum(record.max_score for record in row))
    return total if len(known) == len(row) else f"at least {total}"


def _by_hand(questions: list[Question]) -> str:
    given = [question for question in questions if question.score is not None]
    waiting = sum(question.max_score for question in questions if question.score is None)
    texts = []
    if given:
        score = sum(question.score or 0 for question in given)
        texts.append(_points(score, sum(question.max_score for question in given)))
    if waiting:
        texts.append(f"{waiting:g} to grade")
    return ", ".join(texts)


def _why_not(record: Record) -> tuple[str, ...]:
    return (record.reason,) if record.score is None else ()


def _list(
    out: Console,
    title: str,
    students: Mapping[str, list[Record]],
    findings: Callable[[Record], tuple[str, ...]],
) -> None:
    """Print a line for each student and finding, with the exercises that it concerns."""
    lines = []
    for student, row in students.items():
        where: dict[str, list[str]] = {}
        for record in row:
            for finding in findings(record):
                where.setdefault(finding, []).append(record.exercise)
        for finding, exercises in where.items():
            place = "everywhere" if len(exercises) == len(row) else ", ".join(exercises)
            lines.append(f"  {student}: {finding} ({place})")
    if lines:
        out.print("\n".join([title, *lines]), markup=False, soft_wrap=True)
