"""Where a course keeps its files, and the words for what can go wrong with them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import click

ROOT_VARIABLE = "NNKIT_COURSE"
LESSON_ID = re.compile(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*")
# nbgrader finds folders by glob and never escapes the part that comes from us.
GLOB_CHARACTERS = "*?["


class CourseError(click.ClickException):
    """Something a teacher can put right, said in a plain sentence."""


@dataclass(frozen=True)
class Course:
    """A course and its folders.

    Parameters
    ----------
    root : Path
        The folder that holds ``solutions/``, ``lessons/`` and ``course/``.
    """

    root: Path

    @classmethod
    def find(cls) -> Course:
        """Return the course named by ``NNKIT_COURSE``, else the checkout this package lives in.

        Raises
        ------
        CourseError
            If there is no ``solutions/`` folder, or nbgrader could not work in that path.
        """
        named = os.environ.get(ROOT_VARIABLE)
        root = Path(named).expanduser() if named else Path(__file__).parents[1]
        course = cls(root.resolve())
        if not course.solutions.is_dir():
            raise CourseError(
                f"There is no course in {course.root}: expected a folder 'solutions' there. "
                f"Set the environment variable {ROOT_VARIABLE} to the folder of your course."
            )
        if any(character in str(course.root) for character in GLOB_CHARACTERS):
            raise CourseError(
                f"nbgrader cannot work in {course.root}: rename the folder so that its path "
                f"holds none of the characters {' '.join(GLOB_CHARACTERS)}"
            )
        return course

    @property
    def solutions(self) -> Path:
        """The one source of every lesson."""
        return self.root / "solutions"

    @property
    def lessons(self) -> Path:
        """What students open; generated."""
        return self.root / "lessons"

    @property
    def home(self) -> Path:
        """Where the course is run: submissions, grades, reports."""
        return self.root / "course"

    @property
    def submitted(self) -> Path:
        """Submissions, as ``<student>/<lesson>/<lesson>.ipynb``."""
        return self.home / "submitted"

    @property
    def autograded(self) -> Path:
        """Submissions after nbgrader has run them."""
        return self.home / "autograded"

    @property
    def feedback(self) -> Path:
        """Feedback pages, one per submission."""
        return self.home / "feedback"

    @property
    def reports(self) -> Path:
        """Kept records and one log per submission."""
        return self.home / "reports"

    @property
    def gradebook(self) -> Path:
        """Nbgrader's database."""
        return self.home / "gradebook.db"

    @property
    def secret(self) -> Path:
        """The key from which every student's check cases are drawn."""
        return self.home / "secret"

    def source(self, lesson: str) -> Path:
        """Return the text that `lesson` is written in."""
        return self.solutions / lesson / f"{lesson}.py"

    def notebook(self, folder: Path, lesson: str, student: str = "") -> Path:
        """Return the path of the notebook of `lesson` (and `student`) under one of the folders."""
        return folder / student / lesson / f"{lesson}.ipynb"

    def lesson_ids(self) -> list[str]:
        """Return the lessons that exist, in order.

        Raises
        ------
        CourseError
            If a folder in ``solutions/`` cannot be a lesson: nbgrader would take it for one.
        """
        folders = sorted(
            path.name
            for path in self.solutions.iterdir()
            if path.is_dir() and not path.name.startswith((".", "__"))
        )
        for name in folders:
            if not LESSON_ID.fullmatch(name):
                raise CourseError(
                    f"solutions/{name} is no lesson: expected a name such as 04-forward "
                    "(two digits, then small letters, digits and hyphens)."
                )
            if not self.source(name).is_file():
                raise CourseError(f"solutions/{name} holds no {name}.py to build a lesson from.")
        return folders

    def choose_lessons(self, wanted: tuple[str, ...]) -> list[str]:
        """Return the lessons asked for, all of them if none is named.

        Raises
        ------
        CourseError
            If one of them does not exist; the message lists those that do.
        """
        known = self.lesson_ids()
        for name in wanted:
            if name not in known:
                raise CourseError(
                    f"There is no lesson {name!r}. Lessons here: {', '.join(known) or 'none'}."
                )
        return [name for name in known if not wanted or name in wanted]


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that a reader finds the old file or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    aside.write_bytes(content)
    os.replace(aside, path)
