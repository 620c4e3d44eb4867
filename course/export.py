"""Grades as a CSV file that spreadsheets and other programs read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course import gradebook, records
from course.build import make_lesson
from course.grade import current_records
from course.paths import Course, CourseError, write_atomically

COLUMNS = (
    "student",
    "lesson",
    "exercise",
    "score",
    "max_score",
    "status",
    "misconceptions",
    "reason",
)
NEEDS_A_PERSON = "needs-manual-grade"
GRADED_BY_HAND = "graded-by-hand"
# A spreadsheet takes text that starts with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_grades(course: Course, lessons: list[str], path: Path) -> int:
    """Write the grades of all students graded so far.

    One row per student and exercise, and one per question graded by hand. The score is blank where
    there is none yet.

    Parameters
    ----------
    course : Course
    lessons : list of str
    path : Path
        The CSV file, UTF-8.

    Returns
    -------
    int
        The number of rows.

    Raises
    ------
    CourseError
        If nothing has been graded.
    """
    rows = [row for lesson in lessons for row in _rows(course, lesson)]
    if not rows:
        raise CourseError("Nothing has been graded yet: run 'course grade' first.")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    write_atomically(path, text.getvalue().encode())
    return len(rows)


def _rows(course: Course, lesson_id: str) -> Iterator[list[Any]]:
    found = records.load(course, lesson_id)
    if not found and not any(course.autograded.glob(f"*/{lesson_id}")):
        return
    lesson = make_lesson(course, lesson_id)
    current = current_records(course, lesson)
    for student in dict.fromkeys(record.student for record in current):
        for record in (record for record in current if record.student == student):
            yield [
                record.student,
                record.lesson,
                record.exercise,
                record.score,
                record.max_score,
                record.status,
                "; ".join(record.misconceptions),
                record.reason,
            ]
        for question in gradebook.questions(course, lesson, student):
            status = NEEDS_A_PERSON if question.score is None else GRADED_BY_HAND
            yield [
                student,
                lesson_id,
                question.name,
                question.score,
                question.max_score,
                status,
                "",
                "",
            ]


def _harmless(value: Any) -> Any:
    """Keep a spreadsheet from running text as a formula."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
