"""Feedback pages: what was right, what was not and why, and what to read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter

import grader_tests
from course import pages
from course.build import Lesson, make_lesson
from course.gradebook import Question
from course.paths import Course, CourseError, write_atomically
from course.records import Record
from course.standing import Standing, class_standing
from grader_tests.verdict import Verdict

WAITING = "waiting"


@dataclass(frozen=True)
class Part:
    """An exercise or a question on a feedback page.

    Attributes
    ----------
    name : str
    status : str
        One of :data:`course.pages.STATUS_WORDS`.
    score : float or None
    max_score : float
    answer : str
        What the student wrote: code, or Markdown; empty if nothing.
    stopped : str
        Why the student's own cell stopped, if it did.
    comment : str
        What a person wrote about it.
    before : float or None
        What a person gave for it in an earlier file; then it waits to be looked at again.
    record : Record or None
        None for a question.
    verdict : Verdict or None
        None where there is none, or where a person gave another score.
    slide : str
        Deck and slide title to read again.
    """

    name: str
    status: str
    score: float | None
    max_score: float
    answer: str
    stopped: str = ""
    comment: str = ""
    before: float | None = None
    record: Record | None = None
    verdict: Verdict | None = None
    slide: str = ""


def make_feedback(
    course: Course, lessons: Iterable[str], students: tuple[str, ...] = ()
) -> list[Path]:
    """Make a feedback page of every graded submission.

    A submission that could not be checked gets one too: it says so, and why.

    Parameters
    ----------
    course : Course
    lessons : iterable of str
    students : tuple of str
        Only these; everybody if empty.

    Returns
    -------
    list of Path
        The pages.

    Raises
    ------
    CourseError
        If nothing has been graded.
    """
    written = []
    for lesson_id in lessons:
        lesson = make_lesson(course, lesson_id)
        for standing in class_standing(course, lesson, students, everybody=False):
            path = course.feedback / standing.student / lesson_id / f"{lesson_id}.html"
            write_atomically(path, page(lesson, standing))
            written.append(path)
    if not written:
        who = f" by {', '.join(students)}" if students else ""
        raise CourseError(f"Nothing{who} has been graded yet: run 'course grade' first.")
    return written


def page(lesson: Lesson, standing: Standing) -> bytes:
    """Return the feedback page of one student in one lesson."""
    parts = _parts(lesson, standing)
    return pages.render(
        "feedback.html.j2",
        title=pages.title(lesson.student),
        standing=standing,
        parts=parts,
        right=[part.name for part in parts if part.status == "pass"],
    )


class FeedbackExporter(HTMLExporter):
    """Lets plain ``nbgrader generate_feedback`` make the same pages."""

    def from_notebook_node(
        self, nb: Any, resources: dict[str, Any] | None = None, **_: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page of the submission that nbgrader is at; it comes from the gradebook."""
        resources = self._init_resources(resources)
        course = Course(Path(self.parent.coursedir.root))
        lesson = make_lesson(course, resources["nbgrader"]["assignment"])
        found = class_standing(course, lesson, (resources["nbgrader"]["student"],), everybody=False)
        return page(lesson, found[0]).decode(), resources


def _parts(lesson: Lesson, standing: Standing) -> list[Part]:
    """Return exercises and questions in the lesson's order."""
    by_id: dict[str, Part] = {}
    for record in standing.records:
        by_id[f"check-{record.exercise}"] = _exercise(lesson, standing, record)
    for question in standing.questions:
        by_id[f"question-{question.name}"] = _question(lesson, standing, question)
    return [by_id[grade_id] for grade_id in lesson.marked if grade_id in by_id]


def _exercise(lesson: Lesson, standing: Standing, record: Record) -> Part:
    cell = standing.cells.get(record.exercise, {})
    verdict = standing.verdicts.get(record.exercise)
    return Part(
        name=record.exercise,
        status=WAITING if record.waits else record.status,
        score=record.score,
        max_score=record.max_score,
        answer=_answer(lesson, standing, record.exercise),
        stopped=_error(cell),
        comment=standing.comments.get(record.exercise, ""),
        before=record.previous if record.waits else None,
        record=record,
        verdict=verdict,
        slide=_slide(record),
    )


def _question(lesson: Lesson, standing: Standing, question: Question) -> Part:
    grade_id = f"question-{question.name}"
    if question.score is None:
        status = WAITING
    elif question.score >= question.max_score:
        status = "pass"
    else:
        status = "partial" if question.score > 0 else "fail"
    return Part(
        name=question.name,
        status=status,
        score=question.score,
        max_score=question.max_score,
        answer=_answer(lesson, standing, grade_id),
        comment=standing.comments.get(grade_id, ""),
        before=question.before,
    )


def _slide(record: Record) -> str:
    known = record.lesson in grader_tests.lessons()
    exercises = grader_tests.exercises(record.lesson) if known else {}
    return exercises[record.exercise].slide if record.exercise in exercises else ""


def _answer(lesson: Lesson, standing: Standing, grade_id: str) -> str:
    """Return what the student wrote into a cell; empty where it is as it was released."""
    source = "".join(standing.cells.get(grade_id, {}).get("source", ""))
    released = lesson.marked[grade_id].source if grade_id in lesson.marked else ""
    return "" if source.strip() == released.strip() else source


def _error(cell: Mapping[str, Any]) -> str:
    """Return what a student's own cell stopped with."""
    errors = [o for o in cell.get("outputs", []) if o["output_type"] == "error"]
    return f"{errors[0]['ename']}: {errors[0]['evalue']}" if errors else ""
