"""Grade what was handed in: workers run it, this process alone writes what comes of it.

A submission's files are written first and its grades then, in one transaction together with a
fingerprint of everything that they depend on. Whoever is stopped in the middle starts again: what has
its fingerprint is done, all the rest is graded.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from course import fingerprints, gradebook, records, submissions
from course.build import Lesson, make_lesson, notebook_bytes
from course.execution import Limits
from course.gradebook import Book, Entry
from course.paths import Course, CourseError, write_atomically
from course.pipeline import Marked, Task
from course.records import Record
from course.standing import Standing, class_standing, first_standing
from course.submissions import Submission
from course.workers import LocalPool, Pool, default_workers

TO_BE_TRIED_AGAIN = ""  # a fingerprint that nothing has


@dataclass(frozen=True)
class Change:
    """An exercise that has another score than before; None is "could not check"."""

    student: str
    lesson: str
    exercise: str
    before: float | None
    after: float | None


@dataclass
class Run:
    """What came of grading.

    Attributes
    ----------
    standings : dict of str to list of Standing
        How those who were to be graded stand now, by lesson.
    trial : dict of str to list of Standing
        With ``dry_run``, how those would stand who have not been graded before, by lesson.
    changes : list of Change
        Scores that are not what they were; with ``dry_run``, that would not be.
    graded, unchecked, unchanged : int
        Submissions that were worked on, those of them of which nothing could be checked, and those
        that have not changed since they were graded.
    missing : tuple of str
        What students' code was not kept from.
    """

    standings: dict[str, list[Standing]] = field(default_factory=dict)
    trial: dict[str, list[Standing]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    graded: int = 0
    unchecked: int = 0
    unchanged: int = 0
    missing: tuple[str, ...] = ()

    @property
    def records(self) -> list[Record]:
        """One per student and exercise."""
        return [
            record
            for standings in self.standings.values()
            for standing in standings
            for record in standing.records
        ]


class Progress(Protocol):
    """Who is told how far grading is."""

    def start(self, total: int) -> None:
        """Hear how many submissions are to be graded."""

    def graded(self, task: Task, marked: Marked) -> None:
        """Hear what came of one of them."""


class Silence:
    """Tells nobody."""

    def start(self, total: int) -> None:
        """Do nothing."""

    def graded(self, task: Task, marked: Marked) -> None:
        """Do nothing."""


def grade(
    course: Course,
    lessons: Sequence[str],
    students: tuple[str, ...] = (),
    *,
    pool: Pool | None = None,
    again: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Grade what was handed in and has changed since it was graded.

    Parameters
    ----------
    course : Course
    lessons : sequence of str
        Those without a submission are passed over.
    students : tuple of str
        Only these; everybody if empty.
    pool : Pool, optional
        Who does the work; if left out, as many processes as there are processors.
    again : bool
        Grade also what has not changed.
    dry_run : bool
        Find out what would change, and write nothing.
    progress : Progress, optional

    Returns
    -------
    Run

    Raises
    ------
    CourseError
        If there is nothing to grade, a lesson does not build, nothing can be written, or students'
        code cannot be shut in.
    """
    people = _who_handed_in(course, lessons, students)
    pool = pool or LocalPool(default_workers(), limits=Limits.of_course(course))
    grading = _Grading(course, pool.missing, dry_run, progress or Silence())
    with _opened(course, dry_run) as book, _full_disk_in_words():
        for name, handed_in in people.items():
            grading.prepare(book, make_lesson(course, name), handed_in, again)
        with pool:
            grading.work(book, pool)
        for lesson in grading.lessons.values():
            if book and not dry_run:
                book.update_penalties(lesson.id)
    for lesson in grading.lessons.values():
        found = class_standing(course, lesson, people[lesson.id], everybody=False)
        grading.run.standings[lesson.id] = found
    return grading.run


class _Grading:
    """One run over some lessons."""

    def __init__(
        self, course: Course, unprotected: tuple[str, ...], dry_run: bool, progress: Progress
    ) -> None:
        self.course = course
        self.unprotected = unprotected
        self.dry_run = dry_run
        self.progress = progress
        self.run = Run(missing=unprotected)
        self.lessons: dict[str, Lesson] = {}
        self._released: dict[str, bytes] = {}
        self._waiting: list[tuple[str, str]] = []
        self._before: dict[tuple[str, str], dict[str, Record]] = {}
        self._secret = _secret(course, keep=not dry_run)

    def prepare(
        self, book: Book | None, lesson: Lesson, students: Sequence[str], again: bool
    ) -> None:
        """Find out who of a lesson has to be graded."""
        self.lessons[lesson.id] = lesson
        self._released[lesson.id] = notebook_bytes(lesson.student)
        if book and not self.dry_run:
            book.register(lesson)
        graded = book.graded(lesson.id) if book else {}
        changed = []
        for student in students:
            task = self._task(lesson.id, student)
            if again or not self._is_done(task, graded.get(student)):
                changed.append(student)
            else:
                self.run.unchanged += 1
        self._waiting += [(lesson.id, student) for student in changed]
        regraded = [student for student in changed if student in graded]
        if regraded:
            for standing in class_standing(self.course, lesson, regraded, everybody=False):
                found = {record.exercise: record for record in standing.records}
                self._before[lesson.id, standing.student] = found

    def work(self, book: Book | None, pool: Pool) -> None:
        """Grade who has to be, and write what comes of it."""
        self.progress.start(len(self._waiting))
        for task, marked in pool.run(self._task(*who) for who in self._waiting):
            new = self._records(task.submission, marked)
            self._compare(new)
            if book and not self.dry_run:
                self._write(book, task, marked, new)
            elif (new[0].lesson, new[0].student) not in self._before:
                self._try_out(task.submission, marked, new)
            self.run.graded += 1
            self.run.unchecked += all(record.score is None for record in new)
            self.progress.graded(task, marked)

    def _task(self, lesson_id: str, student: str) -> Task:
        lesson, released = self.lessons[lesson_id], self._released[lesson_id]
        submission = submissions.read(self.course, lesson_id, student)
        seed = seed_for(self.course, submission, self._secret)
        fingerprint = fingerprints.of_submission(
            submission, lesson, released, seed, self.unprotected
        )
        return Task(submission, released, lesson.assets, seed, fingerprint)

    def _is_done(self, task: Task, graded: tuple[str, str] | None) -> bool:
        """Tell whether a submission has been graded as it is now."""
        submission = task.submission
        if submissions.is_gradable_name(submission.student):
            return graded == (task.fingerprint, self._digest(submission))
        kept = records.load_of(self.course, submission.lesson, submission.student)
        exercises = self.lessons[submission.lesson].exercises
        return kept == records.unchecked(
            submission.student, submission.lesson, exercises, submission.problem
        )

    def _digest(self, submission: Submission) -> str:
        """Return the digest of the autograded notebook; empty if it is not there."""
        path = self.course.notebook(self.course.autograded, submission.lesson, submission.student)
        return fingerprints.digest(path.read_bytes()) if path.is_file() else ""

    def _records(self, submission: Submission, marked: Marked) -> list[Record]:
        result = []
        for name, points in self.lessons[submission.lesson].exercises.items():
            found = marked.outcomes[f"check-{name}"]
            result.append(
                Record(
                    submission.student,
                    submission.lesson,
                    name,
                    found.score,
                    points,
                    found.status,
                    found.misconceptions,
                    found.reason,
                )
            )
        return result

    def _compare(self, new: Sequence[Record]) -> None:
        """Note what is not as it was; a score that a person gave stays."""
        before = self._before.get((new[0].lesson, new[0].student), {})
        for record in new:
            old = before.get(record.exercise)
            if old and not old.reason.startswith(records.BY_HAND) and old.score != record.score:
                change = Change(
                    record.student, record.lesson, record.exercise, old.score, record.score
                )
                self.run.changes.append(change)

    def _try_out(self, submission: Submission, marked: Marked, new: Sequence[Record]) -> None:
        """Remember how somebody would stand who has not been graded before."""
        lesson = self.lessons[submission.lesson]
        found = first_standing(lesson, submission.student, new, marked.answers, marked.notes)
        self.run.trial.setdefault(lesson.id, []).append(found)

    def _write(self, book: Book, task: Task, marked: Marked, new: Sequence[Record]) -> None:
        """Write everything that is kept of a submission; the gradebook last."""
        submission, course = task.submission, self.course
        path = log_path(course, submission.lesson, submission.student)
        write_atomically(path, _log(submission, marked).encode())
        if not submissions.is_gradable_name(submission.student):
            records.keep(course, submission.lesson, new)
            return
        notebook = course.notebook(course.autograded, submission.lesson, submission.student)
        _write_timestamp(notebook.with_name("timestamp.txt"), submission.timestamp)
        for name, content in task.assets.items():
            write_atomically(notebook.parent / name, content)
        write_atomically(notebook, marked.notebook)
        records.keep(course, submission.lesson, new)
        entry = Entry(
            submission.student,
            submission.timestamp,
            marked.scores,
            marked.comments,
            task.fingerprint if marked.settled else TO_BE_TRIED_AGAIN,
            fingerprints.digest(marked.notebook),
            marked.work,
            marked.notes,
        )
        book.enter(submission.lesson, entry)


def seed_for(course: Course, submission: Submission, secret: bytes = b"") -> int:
    """Return the seed of a submission's cases: always the same, and nobody can guess it.

    Another file from the same student meets other cases: feedback shows what was expected, which would
    otherwise be all that the next one has to return. The secret is the course's if it is left out.
    """
    about = f"{submission.student}/{submission.lesson}".encode()
    content = hashlib.sha256(submission.content).digest()
    digest = hmac.digest(secret or _secret(course), about + content, hashlib.sha256)
    return int.from_bytes(digest[:8], "big")


def log_path(course: Course, lesson: str, student: str) -> Path:
    """Return where what happened to one submission is told."""
    return records.kept_at(course, lesson, student).with_suffix(".log")


def _log(submission: Submission, marked: Marked) -> str:
    now = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    lines = [f"{now} {submission.lesson} {submission.student}: {marked.seconds:.2f} s"]
    for name, found in marked.outcomes.items():
        score = "could not check" if found.score is None else f"{found.score:g}"
        lines.append(f"{name}: {score}" + (f" ({found.reason})" if found.reason else ""))
    lines += [f"note: {note}" for note in marked.notes]
    return "\n".join([*lines, "", marked.log])


def _write_timestamp(path: Path, timestamp: datetime | None) -> None:
    if timestamp is None:
        path.unlink(missing_ok=True)
    else:
        write_atomically(path, f"{timestamp.isoformat(sep=' ')} UTC\n".encode())


@contextlib.contextmanager
def _full_disk_in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES):
            raise
        raise CourseError(
            f"{error.filename or 'a file'} cannot be written: {error.strerror}. What was graded so "
            "far is kept; run the same command again to go on."
        ) from error


@contextlib.contextmanager
def _only_one(course: Course) -> Iterator[None]:
    """Keep two runs from writing at the same time, where the system has locks for that."""
    course.home.mkdir(parents=True, exist_ok=True)
    with (course.home / ".grading").open("w") as file:
        try:
            import fcntl
        except ImportError:
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CourseError("Another 'course grade' is running in this course.") from None
        yield


@contextlib.contextmanager
def _opened(course: Course, dry_run: bool) -> Iterator[Book | None]:
    """Open the gradebook; for a dry run only if there is one."""
    if not dry_run:
        with _only_one(course), Book(course) as book:
            yield book
    elif gradebook.is_there(course):
        with Book(course, reading=True) as book:
            yield book
    else:
        yield None


def _secret(course: Course, keep: bool = True) -> bytes:
    """Return the course's secret; made once, for the owner's eyes only, and kept unless told not to."""
    if not keep and not course.secret.is_file():
        return secrets.token_hex(32).encode()
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
    course: Course, lessons: Sequence[str], students: tuple[str, ...]
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
