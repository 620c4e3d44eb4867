"""What students handed in: whose it is, and its bytes, read without trusting a name or a size."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course.paths import Course
from course.records import one_line

MAX_BYTES = 20_000_000
MAX_TIMESTAMP_BYTES = 1_000
# nbgrader puts the id into globs, regular expressions and paths without escaping it, and keeps it
# in a column of 128 characters.
STUDENT_ID = re.compile(r"(?=.{1,128}$)[^\W_][\w .@,'-]*(?<! )")
# dateutil would also take "10" (the tenth of this month) and open files named as time zones.
TIMESTAMP = re.compile(
    r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,9})?)?( ?(Z|[+-]\d\d:?\d\d|[A-Z][\w+-]*(/[\w+-]+)*))?)?"
)


class UnreadableError(Exception):
    """A submission that no program can grade; the message says why in a line."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one lesson.

    Attributes
    ----------
    student, lesson : str
    content : bytes
        The notebook's file, unread so far.
    timestamp : datetime or None
        When it was handed in (UTC), None if nothing says so.
    notes : tuple of str
        What was not as it should be, and what was done about it.
    problem : str
        Why there is nothing to grade; empty where there is.
    """

    student: str
    lesson: str
    content: bytes = b""
    timestamp: datetime | None = None
    notes: tuple[str, ...] = ()
    problem: str = ""


def students(course: Course, lesson: str) -> list[str]:
    """Return who handed in something for a lesson."""
    return sorted(
        path.parent.name
        for path in _folders(course)
        if path.name == lesson and path.parent.name.isprintable()
    )


def strays(course: Course) -> list[str]:
    """Return what lies in ``course/submitted`` and belongs to no student or no lesson."""
    lessons = set(course.lesson_ids())
    wrong = [
        path
        for path in _folders(course)
        if path.name not in lessons or not path.parent.name.isprintable()
    ]
    if course.submitted.is_dir():
        wrong += [path for path in course.submitted.iterdir() if path.is_file()]
    names = sorted(path.relative_to(course.submitted).as_posix() for path in wrong)
    # A name that no student has on purpose (another encoding, terminal codes) is spelled out.
    return [name if name.isprintable() else ascii(name) for name in names if name[0] != "."]


def _folders(course: Course) -> list[Path]:
    """Return all folders of students' folders; one that may not be read holds every lesson."""
    if not course.submitted.is_dir():
        return []
    found = []
    for person in course.submitted.iterdir():
        if not person.is_dir():
            continue
        try:
            found += [path for path in person.iterdir() if path.is_dir()]
        except OSError:
            found += [person / lesson for lesson in course.lesson_ids()]
    return [path for path in found if not path.name.startswith(".")]


def is_gradable_name(student: str) -> bool:
    """Tell whether nbgrader can handle a student's folder of that name."""
    return STUDENT_ID.fullmatch(student) is not None


def read(course: Course, lesson: str, student: str) -> Submission:
    """Read a submission.

    Parameters
    ----------
    course : Course
    lesson, student : str

    Returns
    -------
    Submission
        Whatever is wrong with it is said in its `notes` or `problem`; nothing is raised.
    """
    if not is_gradable_name(student):
        problem = (
            "nbgrader cannot handle the name of this folder: rename it, with letters, digits and "
            ". - _ @, at most 128 characters"
        )
        return Submission(student, lesson, problem=problem)
    folder = course.submitted / student / lesson
    timestamp, notes = None, []
    try:
        if folder.is_symlink() or folder.parent.is_symlink():
            raise UnreadableError("the submission is a link to somewhere else, not a folder")
        timestamp, note = _timestamp(folder / "timestamp.txt")
        path, other = _notebook(folder, f"{lesson}.ipynb")
        notes = [text for text in (other, note) if text]
        content = _content(path, MAX_BYTES)
    except UnreadableError as reason:
        return Submission(student, lesson, b"", timestamp, tuple(notes), str(reason))
    except OSError as error:
        problem = f"the submission cannot be read: {one_line(error.strerror or str(error))}"
        return Submission(student, lesson, b"", timestamp, tuple(notes), problem)
    return Submission(student, lesson, content, timestamp, tuple(notes))


def _notebook(folder: Path, expected: str) -> tuple[Path, str]:
    """Return the notebook in a folder; where it has another name, say so."""
    found = sorted(path.name for path in folder.iterdir() if ".ipynb" in path.name.lower())
    found = [name for name in found if not name.startswith(".")]
    if expected in found:
        others = [name for name in found if name != expected]
        note = f"{_listed(others)} beside it was left alone" if others else ""
        return folder / expected, note
    if len(found) == 1:
        return folder / found[0], f"the notebook is called {_listed(found)}, not {expected}"
    what = _listed(found) if found else "no notebook"
    raise UnreadableError(f"expected a notebook called {expected}, found {what}")


def _listed(names: list[str]) -> str:
    text = ", ".join(names)
    return one_line(text) if text.isprintable() else ascii(text)[:200]


def _content(path: Path, limit: int) -> bytes:
    """Read a regular file of limited size; never through a link, never from a pipe or a device."""
    if path.is_symlink():
        raise UnreadableError("the submission is a link to somewhere else, not a file")
    if not path.is_file():
        raise UnreadableError(f"{_listed([path.name])} is not a file")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnreadableError(f"{_listed([path.name])} is not a file")
        content = file.read(limit + 1)
        size = os.fstat(file.fileno()).st_size
    if len(content) > limit:
        raise UnreadableError(
            f"the notebook has {size / 1e6:,.0f} MB, more than {MAX_BYTES / 1e6:.0f}: "
            "clear its outputs and hand it in again"
        )
    return content


def _timestamp(path: Path) -> tuple[datetime | None, str]:
    """Return when a submission was handed in; a note where the file says nothing useful."""
    if not os.path.lexists(path):
        return None, ""
    from nbgrader.utils import parse_utc  # it takes a second, and workers read no files

    try:
        text = _content(path, MAX_TIMESTAMP_BYTES).decode().strip()
        if not text:
            return None, ""
        if not TIMESTAMP.fullmatch(text):
            raise ValueError(text)
        return parse_utc(re.sub(r" (?=[+-])", "", text)), ""  # it takes " +0200" for 200 seconds
    except Exception:  # dateutil raises a handful of kinds
        return None, "timestamp.txt holds no date, so no late penalty was worked out"
