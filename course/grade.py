"""Grade submissions with nbgrader, one at a time, so that a bad one never stops the others."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import logging
import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbclient.exceptions import DeadKernelError
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors.execute import UnresponsiveKernelError
from sqlalchemy.exc import OperationalError

from course import gradebook, records, submissions
from course.build import Lesson, make_lesson
from course.paths import Course, CourseError
from course.records import Record, one_line
from course.settings import nbgrader_settings
from grader_tests.notebook import SEED_VARIABLE

Progress = Callable[[str, str, list[Record], float], None]

FAILURES_IN_WORDS: dict[type[Exception], str] = {
    DeadKernelError: "Python died while running the notebook (a crash, os._exit, or no memory left)",
    UnresponsiveKernelError: "the notebook could not be stopped (a loop that ignores interrupts)",
    OperationalError: "the gradebook could not be written; is another program using it?",
}


def grade(
    course: Course,
    lessons: list[str],
    students: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> list[Record]:
    """Grade what was handed in, and keep the records.

    Parameters
    ----------
    course : Course
    lessons : list of str
        Those without a submission are passed over.
    students : tuple of str
        Only these; everybody if empty.
    progress : callable, optional
        Called with lesson, student, records and seconds after each submission.

    Returns
    -------
    list of Record
        One per student and exercise.

    Raises
    ------
    CourseError
        If there is nothing to grade, or a lesson does not build.
    """
    todo = _who_handed_in(course, lessons, students)
    graded: list[Record] = []
    for lesson_id, people in todo.items():
        if not people:
            continue
        lesson = make_lesson(course, lesson_id)
        gradebook.register(course, lesson)
        for student in people:
            start = time.perf_counter()
            try:
                result = grade_submission(course, lesson, student)
                graded += gradebook.with_grades_by_hand(course, result)
            except OperationalError as error:
                raise CourseError(
                    f"The gradebook {course.gradebook} cannot be written; is another program using "
                    "it? What was graded so far is kept."
                ) from error
            records.keep(course, lesson_id, result)
            if progress:
                progress(lesson_id, student, result, time.perf_counter() - start)
    return graded


def current_records(course: Course, lesson: Lesson) -> list[Record]:
    """Return the records of all students graded so far in a lesson, as they stand now.

    What plain nbgrader has graded since, and what people have graded by hand, is in them.
    """
    kept: dict[str, list[Record]] = {}
    for record in records.load(course, lesson.id):
        kept.setdefault(record.student, []).append(record)
    notebooks = course.autograded.glob(f"*/{lesson.id}/{lesson.id}.ipynb")
    graded = {path.parent.parent.name for path in notebooks}
    result = []
    for student in sorted(graded | set(kept)):
        found = read_records(course, lesson, student) if student in graded else kept[student]
        result += gradebook.with_grades_by_hand(course, found)
    return result


def grade_submission(course: Course, lesson: Lesson, student: str) -> list[Record]:
    """Grade one submission; whatever is wrong with it ends up in the records.

    Returns
    -------
    list of Record
        One per exercise of the lesson.
    """
    reason = submissions.problem(course, lesson, student)
    if reason is None:
        reason = _autograde(course, lesson.id, student)
    if reason is not None:
        shutil.rmtree(course.autograded / student / lesson.id, ignore_errors=True)
        gradebook.withdraw(course, lesson.id, student)
        return records.unchecked(student, lesson.id, lesson.exercises, reason)
    return read_records(course, lesson, student)


def read_records(course: Course, lesson: Lesson, student: str) -> list[Record]:
    """Read the records of a graded submission from its autograded notebook and the gradebook."""
    cells = records.read_notebook(course.notebook(course.autograded, lesson.id, student))
    grades = gradebook.grades(course, lesson.id, student)
    result = []
    for name, points in lesson.exercises.items():
        grade_id = f"check-{name}"
        if grade_id in cells and grade_id in grades:
            outcome = records.outcome(cells[grade_id])
            given = grades[grade_id].auto
        else:
            outcome = records.Outcome(None, reason="the lesson has changed since it was graded")
            given = None
        if given != outcome.score:
            reason = f"the gradebook says {given}, the verdict {outcome.score}: grade it again"
            outcome = records.Outcome(None, reason=reason)
        result.append(
            Record(
                student,
                lesson.id,
                name,
                outcome.score,
                points,
                outcome.status,
                outcome.misconceptions,
                outcome.reason,
            )
        )
    return result


def seed_for(course: Course, student: str, lesson: str) -> int:
    """Return the seed of a student's cases in a lesson: always the same, and nobody can guess it."""
    digest = hmac.digest(_secret(course), f"{student}/{lesson}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big")


def log_path(course: Course, lesson: str, student: str) -> Path:
    """Return where nbgrader's messages about one submission go."""
    return course.reports / lesson / f"{student}.log"


@contextlib.contextmanager
def kernel_environment(**variables: str) -> Iterator[None]:
    """Run kernels with this Python and these variables; what was set before is set again after."""
    before = dict(os.environ)
    # A kernel specification in the home folder may name another Python; this path comes first.
    own = str(Path(sys.prefix, "share", "jupyter"))
    paths = [own, *filter(None, [before.get("JUPYTER_PATH")])]
    os.environ.pop(SEED_VARIABLE, None)
    os.environ.update(variables, JUPYTER_PATH=os.pathsep.join(paths))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def logged(path: Path) -> Iterator[logging.Logger]:
    """Send a logger's messages, and what kernels print past Jupyter, to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    logger = logging.Logger("course", logging.INFO)
    with path.open("w", encoding="utf-8") as file, _terminal_to(file.fileno()):
        handler = logging.StreamHandler(file)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
        yield logger


@contextlib.contextmanager
def _terminal_to(descriptor: int) -> Iterator[None]:
    """Point the process's standard output and error, which kernels inherit, elsewhere."""
    sys.stdout.flush()
    sys.stderr.flush()
    saved = {number: os.dup(number) for number in (1, 2)}
    for number in saved:
        os.dup2(descriptor, number)
    try:
        yield
    finally:
        for number, original in saved.items():
            os.dup2(original, number)
            os.close(original)


class _Autograde(Autograde):
    """nbgrader's converter; it remembers why it failed, which nbgrader only logs."""

    failure: Exception | None = None

    def init_assignment(self, *args: Any) -> None:
        with self._remembering():
            super().init_assignment(*args)

    def convert_single_notebook(self, *args: Any) -> None:
        with self._remembering():
            super().convert_single_notebook(*args)

    @contextlib.contextmanager
    def _remembering(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self.failure = error
            raise


def _autograde(course: Course, lesson: str, student: str) -> str | None:
    """Run nbgrader's autograde on one submission; return why it failed, None if it did not."""
    config = nbgrader_settings(course)
    config.CourseDirectory.assignment_id = lesson
    config.CourseDirectory.student_id = student
    variables = {SEED_VARIABLE: str(seed_for(course, student, lesson))}
    path = log_path(course, lesson, student)
    with gradebook.quietly(), kernel_environment(**variables), logged(path) as log:
        coursedir = CourseDirectory(config=config, log=log)
        converter = _Autograde(coursedir=coursedir, config=config, log=log, force=True)
        try:
            converter.start()
        except Exception as error:  # nothing one student hands in may stop the others
            if not isinstance(error, NbGraderException):
                log.exception("unexpected")
            return _in_words(converter.failure or error)
    return None


def _in_words(error: Exception) -> str:
    for kind, words in FAILURES_IN_WORDS.items():
        if isinstance(error, kind):
            return words
    return one_line(f"nbgrader failed: {type(error).__name__}: {error}")


def _secret(course: Course) -> bytes:
    """Return the course's secret; made once, for the owner's eyes only."""
    course.secret.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(course.secret, flags, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    secret = course.secret.read_bytes().strip()
    if len(secret) < 32:
        raise CourseError(f"{course.secret} holds no secret: delete it, and a new one is made")
    return secret


def _who_handed_in(
    course: Course, lessons: list[str], students: tuple[str, ...]
) -> dict[str, list[str]]:
    """Return for each lesson whom to grade; name those asked for who handed in nothing."""
    handed_in = {lesson: submissions.students(course, lesson) for lesson in lessons}
    everybody = sorted({student for found in handed_in.values() for student in found})
    if not everybody:
        raise CourseError(
            f"Nothing to grade for {', '.join(lessons) or 'any lesson'}: expected submissions as "
            f"{course.submitted}/<student>/<lesson>/<lesson>.ipynb"
        )
    missing = [student for student in students if student not in everybody]
    if missing:
        raise CourseError(
            f"Nothing from {', '.join(missing)}. Handed in by: {', '.join(everybody)}."
        )
    return {
        lesson: [student for student in found if not students or student in students]
        for lesson, found in handed_in.items()
    }
