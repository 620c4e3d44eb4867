"""The few things we ask of nbgrader's gradebook."""

from __future__ import annotations

import contextlib
import copy
import os
import sysconfig
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import SaveCells
from sqlalchemy.exc import SAWarning

from course.build import Lesson
from course.paths import Course, CourseError
from course.records import Record, status_of
from course.settings import nbgrader_settings


@dataclass(frozen=True)
class Grade:
    """One cell's grade.

    Attributes
    ----------
    auto : float or None
        What the check gave; None where there is nothing to go by.
    by_hand : float or None
        What a person gave, extra credit included; it takes precedence.
    needs_a_person : bool
        Whether somebody still has to look at it.
    """

    auto: float | None
    by_hand: float | None
    needs_a_person: bool


@dataclass(frozen=True)
class Question:
    """A student's answer to a question that people grade; `score` is None until somebody has."""

    name: str
    score: float | None
    max_score: float


def register(course: Course, lesson: Lesson) -> None:
    """Enter a lesson into the gradebook, as nbgrader's ``generate_assignment`` would.

    Raises
    ------
    CourseError
        If marked cells were added or removed after submissions had been graded.
    """
    _create(course)
    settings = nbgrader_settings(course)
    url = settings.CourseDirectory.db_url
    resources = {"nbgrader": {"notebook": lesson.id, "assignment": lesson.id, "db_url": url}}
    with Gradebook(url) as book:
        book.update_or_create_assignment(lesson.id)
    try:
        SaveCells(config=settings).preprocess(copy.deepcopy(lesson.student), resources)
    except RuntimeError as error:
        raise CourseError(
            f"{lesson.id}: exercises, checks or questions were added or removed since submissions "
            f"were graded, and nbgrader cannot mix the two. Put {course.gradebook} away to start "
            "with a new gradebook."
        ) from error


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Keep SQLAlchemy's warnings about nbgrader's way of adding a submission to ourselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield


def _create(course: Course) -> None:
    """Make the gradebook aside, so that it is there whole or not at all.

    nbgrader runs ``alembic`` from the PATH for it, where an environment that is not activated is not;
    and a gradebook left behind by a failure there would never get its version.
    """
    if course.gradebook.exists():
        return
    course.gradebook.parent.mkdir(parents=True, exist_ok=True)
    aside = course.gradebook.with_suffix(".db.new")
    aside.unlink(missing_ok=True)
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), path])
    try:
        with Gradebook(f"sqlite:///{aside}"):
            pass
    finally:
        os.environ["PATH"] = path
    os.replace(aside, course.gradebook)


def grades(course: Course, lesson: str, student: str) -> Mapping[str, Grade]:
    """Return a student's grades in a lesson by nbgrader's cell id; empty if there are none."""
    with Gradebook(nbgrader_settings(course).CourseDirectory.db_url) as book:
        try:
            submission = book.find_submission_notebook(lesson, lesson, student)
        except MissingEntry:
            return {}
        return {
            grade.name: Grade(
                auto=grade.auto_score,
                by_hand=None if grade.manual_score is None else grade.score,
                needs_a_person=grade.needs_manual_grade,
            )
            for grade in submission.grades
        }


def withdraw(course: Course, lesson: str, student: str) -> None:
    """Take back what an earlier run gave a submission that cannot be graded now.

    The submission stays in the gradebook, waiting for a person; what people gave stays too.
    """
    url = nbgrader_settings(course).CourseDirectory.db_url
    with quietly(), Gradebook(url) as book:
        book.update_or_create_student(student)
        submission = book.update_or_create_submission(lesson, student)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score = None
                grade.needs_manual_grade = True
        book.db.commit()


def with_grades_by_hand(course: Course, found: Iterable[Record]) -> list[Record]:
    """Return the records of one submission with the scores that people gave in place of the checks'."""
    result = list(found)
    given = grades(course, result[0].lesson, result[0].student) if result else {}
    for i, record in enumerate(result):
        grade = given.get(f"check-{record.exercise}")
        if grade is not None and grade.by_hand is not None:
            status = status_of(grade.by_hand, record.max_score)
            result[i] = replace(record, score=grade.by_hand, status=status, reason="graded by hand")
    return result


def questions(course: Course, lesson: Lesson, student: str) -> list[Question]:
    """Return how a student's answers to a lesson's questions stand."""
    given = grades(course, lesson.id, student)
    result = []
    for name, points in lesson.questions.items():
        grade = given.get(f"question-{name}", Grade(None, None, True))
        # nbgrader itself gives 0 to an answer that was never written.
        score = grade.by_hand if grade.by_hand is not None else grade.auto
        result.append(Question(name, score, points))
    return result
