"""Feedback pages, made by nbgrader."""

from __future__ import annotations

from pathlib import Path

from nbgrader.converters import GenerateFeedback, NbGraderException
from nbgrader.coursedir import CourseDirectory

from course.grade import log_path, logged
from course.paths import Course, CourseError
from course.settings import nbgrader_settings


def make_feedback(
    course: Course, lessons: list[str], students: tuple[str, ...] = ()
) -> dict[Path, str]:
    """Make a feedback page of every graded submission.

    Parameters
    ----------
    course : Course
    lessons : list of str
    students : tuple of str
        Only these; everybody if empty.

    Returns
    -------
    dict of Path to str
        The page of each submission, and why it was not made; an empty string where it was.

    Raises
    ------
    CourseError
        If nothing has been graded.
    """
    graded = [
        (lesson, folder.parent.name)
        for lesson in lessons
        for folder in sorted(course.autograded.glob(f"*/{lesson}"))
        if not students or folder.parent.name in students
    ]
    if not graded:
        who = f" by {', '.join(students)}" if students else ""
        raise CourseError(f"Nothing{who} has been graded yet: run 'course grade' first.")
    return {
        course.feedback / student / lesson / f"{lesson}.html": _make_page(course, lesson, student)
        for lesson, student in graded
    }


def _make_page(course: Course, lesson: str, student: str) -> str:
    config = nbgrader_settings(course)
    config.CourseDirectory.assignment_id = lesson
    config.CourseDirectory.student_id = student
    path = log_path(course, lesson, f"{student}.feedback")
    with logged(path) as log:
        coursedir = CourseDirectory(config=config, log=log)
        try:
            GenerateFeedback(coursedir=coursedir, config=config, log=log, force=True).start()
        except NbGraderException:
            return f"nbgrader failed; see {path}"
    return ""
