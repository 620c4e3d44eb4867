"""Grades as tables: for spreadsheets and programs, for Canvas, for Moodle.

Each is an export plugin of nbgrader, so ``nbgrader export --exporter=course.export.CanvasExport``
writes the same file as ``course export --format canvas``. Whatever has no score yet (nothing handed in,
not graded, could not be checked, waits for a person) is never written as 0.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from course.build import Lesson, make_lesson
from course.gradebook import Question
from course.pages import duration, points
from course.paths import Course, CourseError, write_atomically
from course.records import shortened
from course.standing import MISSING, Person, Standing, class_standing

COLUMNS = (
    "student",
    "lesson",
    "exercise",
    "score",
    "max_score",
    "status",
    "misconceptions",
    "reason",
    "previous_score",
    "regraded",
)
NEEDS_A_PERSON = "needs-manual-grade"
GRADED_BY_HAND = "graded-by-hand"
LATE = "late"
NO_GRADE_IN_MOODLE = "-"
# A spreadsheet takes text that starts with one of these for a formula; also behind a separator, where
# it splits a line elsewhere than we did.
FORMULA = re.compile(r"""(^|[;,|\t\r\n])([\s"']*)([=+\-@＝＋－＠])""")

Table = list[list[Any]]
Class = tuple[Lesson, list[Standing]]


class GradesExport(ExportPlugin):
    """One row per student and exercise, question or late penalty; the rows of a student add up."""

    default_file = "grades.csv"

    def export(self, gradebook: Gradebook) -> None:
        """Write the table to ``--to``; nbgrader calls this, with a gradebook that we open ourselves."""
        path = Path(self.to or self.default_file)
        course = Course(Path(self.config.CourseDirectory.root))
        students = tuple(map(str, self.student))
        classes = read_classes(course, [str(lesson) for lesson in self.assignment], students)
        self.write(classes, path)
        for line in without_score(classes):
            self.log.warning("No score for %s", line)

    @classmethod
    def write(cls, classes: Sequence[Class], path: Path) -> int:
        """Write the table to a CSV file, UTF-8; return the number of rows below the heading."""
        table = cls.table(classes)
        text = io.StringIO(newline="")
        csv.writer(text).writerows([_harmless(value) for value in row] for row in table)
        write_atomically(path, text.getvalue().encode("utf-8", "replace"))
        return len(table) - 1

    @classmethod
    def table(cls, classes: Sequence[Class]) -> Table:
        """Return the rows, the heading first."""
        rows = [row for lesson, found in classes for s in found for row in _long_rows(lesson, s)]
        return [list(COLUMNS), *rows]


class CanvasExport(GradesExport):
    """The file that Canvas' gradebook imports: a row per student, a column per lesson.

    Canvas finds a student by ``ID`` (nbgrader's ``lms_user_id``), else by ``SIS Login ID`` (the
    student's id here), and leaves a grade as it is where the cell is empty.
    """

    default_file = "grades-canvas.csv"

    @classmethod
    def table(cls, classes: Sequence[Class]) -> Table:
        """Return the rows, the heading first, Canvas' row of maximal points below it."""
        heading = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
        possible: list[Any] = ["    Points Possible", "", "", "", ""]
        rows = []
        for student, person, standings in _by_student(classes):
            scores = [None if s.score is None else round(s.score, 2) for s in standings]
            name = person.sortable_name or student
            rows.append([name, person.lms_user_id, "", student, "", *scores])
        return [
            heading + [lesson.id for lesson, _ in classes],
            possible + [_max_score(found) for _, found in classes],
            *rows,
        ]


class MoodleExport(GradesExport):
    """The file that Moodle's gradebook imports: per lesson a column of grades and one of feedback.

    Moodle reads a dash as "no grade"; an empty cell may become 0 there.
    """

    default_file = "grades-moodle.csv"

    @classmethod
    def table(cls, classes: Sequence[Class]) -> Table:
        """Return the rows, the heading first."""
        heading = ["Username", "First name", "Last name", "Email address"]
        for lesson, _ in classes:
            heading += [lesson.id, f"{lesson.id} (feedback)"]
        rows = []
        for student, person, standings in _by_student(classes):
            row: list[Any] = [student, person.first_name, person.last_name, person.email]
            for standing in standings:
                known = standing.score is not None
                row.append(round(standing.score or 0.0, 2) if known else NO_GRADE_IN_MOODLE)
                row.append(_in_words(standing))
            rows.append(row)
        return [heading, *rows]


EXPORTS = {"csv": GradesExport, "canvas": CanvasExport, "moodle": MoodleExport}


def read_classes(
    course: Course, lessons: Sequence[str] = (), students: Sequence[str] = ()
) -> list[Class]:
    """Return lessons in which somebody is graded, with everybody's standing.

    Raises
    ------
    CourseError
        If nothing has been graded, or a lesson does not exist.
    """
    found = []
    for lesson_id in course.choose_lessons(tuple(lessons)):
        lesson = make_lesson(course, lesson_id)
        standings = class_standing(course, lesson, students)
        if any(not standing.status for standing in standings):
            found.append((lesson, standings))
    if not found:
        who = f" by {', '.join(students)}" if students else ""
        raise CourseError(f"Nothing{who} has been graded yet: run 'course grade' first.")
    return found


def without_score(classes: Iterable[Class]) -> list[str]:
    """Return a line for each student and lesson without a score that is final, with the reason."""
    return [
        f"{shortened(standing.student)}, {standing.lesson}: {standing.why_not}"
        for _, standings in classes
        for standing in standings
        if standing.score is None
    ]


def _long_rows(lesson: Lesson, standing: Standing) -> Iterator[list[Any]]:
    if standing.status:
        for name, of in (*lesson.exercises.items(), *lesson.questions.items()):
            yield _row(standing, name, None, of, standing.status)
        return
    for record in standing.records:
        yield _row(
            standing,
            record.exercise,
            record.score,
            record.max_score,
            NEEDS_A_PERSON if record.waits else record.status,
            "; ".join(record.misconceptions),
            record.reason,
            record.previous,
            record.regraded,
        )
    for question in standing.questions:
        values = question.name, question.score, question.max_score, _status(question)
        yield _row(standing, *values, "", _why_again(question), question.before)
    if standing.penalty:
        late = duration(standing.late.total_seconds())
        yield _row(standing, LATE, -standing.taken_off, 0.0, LATE, "", f"{late} late")


def _row(standing: Standing, *values: Any) -> list[Any]:
    row = [standing.student, standing.lesson, *values]
    return row + [""] * (len(COLUMNS) - len(row))


def _status(question: Question) -> str:
    return NEEDS_A_PERSON if question.score is None else GRADED_BY_HAND


def _why_again(question: Question) -> str:
    return "" if question.before is None else "graded by hand for an earlier file: look at it again"


def _by_student(classes: Sequence[Class]) -> Iterator[tuple[str, Person, list[Standing]]]:
    """Yield every student once, with the standing in each lesson."""
    tables = [{standing.student: standing for standing in found} for _, found in classes]
    for student in sorted({student for table in tables for student in table}):
        standings = [
            table.get(student, Standing(student, lesson.id, _max_score(found), status=MISSING))
            for table, (lesson, found) in zip(tables, classes, strict=True)
        ]
        yield student, standings[0].person, standings


def _max_score(found: Sequence[Standing]) -> float:
    return found[0].max_score


def _in_words(standing: Standing) -> str:
    """Return a submission's results as a line that a student can read."""
    parts = [
        f"{record.exercise} {points(record.score)}/{points(record.max_score)}"
        + (f" ({', '.join(record.misconceptions)})" if record.misconceptions else "")
        for record in standing.records
        if record.score is not None
    ]
    parts += [
        f"{question.name} {points(question.score)}/{points(question.max_score)}"
        for question in standing.questions
        if question.score is not None
    ]
    if standing.penalty:
        parts.append(f"late: {points(standing.taken_off)} points taken off")
    return "; ".join([*parts, *filter(None, [standing.why_not])])


def _harmless(value: Any) -> Any:
    """Keep a spreadsheet from running text as a formula."""
    if not isinstance(value, str) or value == NO_GRADE_IN_MOODLE:
        return value
    return FORMULA.sub(r"\1\2'\3", value)
