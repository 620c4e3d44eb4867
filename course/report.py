"""Records as a table in the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course.gradebook import Question
from course.records import COULD_NOT_CHECK, Record

STYLES = {"pass": "green", "partial": "yellow", "fail": "red", COULD_NOT_CHECK: "magenta"}
COLUMN_WIDTH = 12
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
    """Print a lesson's table of students × exercises, then why anything could not be checked.

    A cell holds the score and the known mistakes in the answer.

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
    table = Table(title=lesson, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("student", *exercises, "total"):
        table.add_column(name)
    if by_hand:
        table.add_column("by hand")
    for student, row in students.items():
        cells = [escape(student), *map(_result, row), _total(row)]
        table.add_row(*cells, *([_by_hand(by_hand[student])] if by_hand else []))
    out.print(table)
    for line in _reasons(students):
        out.print(line, soft_wrap=True)


def _result(record: Record) -> str:
    score = "could not check" if record.score is None else _points(record.score, record.max_score)
    names = (line for name in record.misconceptions for line in textwrap.wrap(name, COLUMN_WIDTH))
    return "\n".join([f"[{STYLES[record.status]}]{score}[/]", *map(escape, names)])


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


def _reasons(students: Mapping[str, list[Record]]) -> list[str]:
    """Say for each student why something could not be checked, each reason once."""
    lines = []
    for student, row in students.items():
        reasons: dict[str, list[str]] = {}
        for record in row:
            if record.status == COULD_NOT_CHECK:
                reasons.setdefault(record.reason, []).append(record.exercise)
        for reason, exercises in reasons.items():
            what = student if len(exercises) == len(row) else f"{student}, {', '.join(exercises)}"
            label = f"[{STYLES[COULD_NOT_CHECK]}]could not check[/]"
            lines.append(f"{label} {escape(what)}: {escape(reason)}")
    return lines
