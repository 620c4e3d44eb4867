"""What is in the lessons, and how long they take: counted from their text, and by running them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course.build import Lesson, notebook_bytes
from course.paths import CourseError

MINUTES = re.compile(r"\*\*Time\*\* (\d+–\d+) minutes")
BUILDS_ON = re.compile(r"\*\*Builds on\*\* (.*?)\n\n", re.DOTALL)
NUMBER = re.compile(r"\b\d\d\b(?!,\d)")  # 04, not the 13 of 13,002


@dataclass(frozen=True)
class Measures:
    """A lesson in numbers.

    Attributes
    ----------
    lesson, title : str
        Its id, and its heading without the number.
    minutes : str
        What its first cell promises, such as ``"60–75"``.
    builds_on : tuple of str
        Numbers of the lessons that its first cell names, such as ``("00", "03")``.
    cells, words : int
        All cells, and the words of those that hold text.
    exercises : int
    points, by_hand : float
        What checks give, and what a person gives.
    kilobytes : float
        Of the student notebook; 1 kB is 1,000 bytes.
    """

    lesson: str
    title: str
    minutes: str
    builds_on: tuple[str, ...]
    cells: int
    words: int
    exercises: int
    points: float
    by_hand: float
    kilobytes: float


def measure(lesson: Lesson) -> Measures:
    """Count what is in a lesson.

    Raises
    ------
    CourseError
        If its first cell has no heading, or does not say how many minutes the lesson takes and what
        it builds on.
    """
    head = f"{lesson.student.cells[0].source}\n\n"
    minutes, builds_on = MINUTES.search(head), BUILDS_ON.search(head)
    first = head.splitlines()[0]
    if not first.startswith("# ") or not minutes or not builds_on:
        raise CourseError(
            f"{lesson.id}: expected a first cell with '# title', '**Time** 60–75 minutes' and "
            f"'**Builds on** …', got {first!r} …"
        )
    return Measures(
        lesson.id,
        first.removeprefix("# ").split(" · ")[-1],
        minutes[1],
        tuple(sorted(set(NUMBER.findall(builds_on[1])))),
        len(lesson.student.cells),
        words(lesson),
        len(lesson.exercises),
        sum(lesson.exercises.values()),
        sum(lesson.questions.values()),
        len(notebook_bytes(lesson.student)) / 1000,
    )


def words(lesson: Lesson) -> int:
    """Count the words that students read between the code."""
    prose = " ".join(cell.source for cell in lesson.student.cells if cell.cell_type == "markdown")
    return sum(bool(re.search("[A-Za-z]", word)) for word in prose.split())


def table(found: Iterable[Measures]) -> str:
    """Return a Markdown table of what is in the lessons."""
    heads = ("lesson", "minutes", "builds on", "cells", "words", "exercises", "points", "kB")
    rows = [
        (
            each.lesson,
            each.minutes,
            ", ".join(each.builds_on) or "–",
            f"{each.cells}",
            f"{each.words:,}",
            f"{each.exercises}",
            f"{each.points:g} + {each.by_hand:g}",
            f"{each.kilobytes:.0f}",
        )
        for each in found
    ]
    return markdown(heads, rows)


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns are also aligned for who reads it as text."""
    lines = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(f"| {' | '.join(map(str.ljust, line, widths))} |" for line in lines)
