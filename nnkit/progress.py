"""What the reader has passed so far: checks that pass note it, `progress` shows it.

It is kept in one small JSON file in the reader's own folder, the exercises by lesson::

    {"00-tensors": ["flatten_images", "one_hot"]}

The environment variable `NNKIT_PROGRESS` names another file, for example one on a memory stick. Delete
the file to start again.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROGRESS_VARIABLE = "NNKIT_PROGRESS"
PATIENCE = 2.0  # seconds to wait for another notebook that notes something at the same moment


@dataclass(frozen=True)
class LessonProgress:
    """How far the reader is in one lesson.

    Attributes
    ----------
    lesson : str
        For example ``"00-tensors"``.
    points : mapping of str to float
        The lesson's exercises, in order, and their points.
    passed : tuple of str
        Those that are passed, in the lesson's order.
    """

    lesson: str
    points: Mapping[str, float]
    passed: tuple[str, ...]

    @property
    def earned(self) -> float:
        """The points of what is passed."""
        return sum(self.points[name] for name in self.passed)

    @property
    def total(self) -> float:
        """The points of the whole lesson."""
        return sum(self.points.values())

    @property
    def rest(self) -> str:
        """What is left to do; empty where the reader has not begun."""
        if not self.passed:
            return ""
        left = [name for name in self.points if name not in self.passed]
        return f"to do: {', '.join(left)}" if left else "all passed"


@dataclass(frozen=True, repr=False)
class Progress:
    """What the reader has passed, lesson by lesson; made by `progress`, shown as a table.

    Attributes
    ----------
    lessons : tuple of LessonProgress
        All lessons, in order; none where the checks of the course are not installed.
    note : str
        Where the record is kept, or why it cannot be read.
    """

    lessons: tuple[LessonProgress, ...]
    note: str

    def __str__(self) -> str:
        if not self.lessons:
            return _NOT_HERE
        rows = [("lesson", *_HEADS), *self._rows()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["   ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        return "\n".join([self._headline(), "", *lines, "", self.note])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from html import escape  # here, because `import nnkit` is to be quick

        if not self.lessons:
            return f"<p>{_NOT_HERE}</p>"
        heads = "".join(
            f'<th scope="col" style="{_CELL}">{head}</th>' for head in ("lesson", "", *_HEADS)
        )
        rows = "".join(map(_html_row, self.lessons, self._rows()))
        return (
            f'<section aria-label="Your progress"><p><strong>{escape(self._headline())}</strong></p>'
            f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
            f"<p><small>{escape(self.note)}</small></p></section>"
        )

    def _headline(self) -> str:
        passed = sum(len(each.passed) for each in self.lessons)
        known = sum(len(each.points) for each in self.lessons)
        points = (
            f"{sum(each.earned for each in self.lessons):g} of "
            f"{sum(each.total for each in self.lessons):g} points"
        )
        if not passed:
            first = self.lessons[0]
            return (
                f"Nothing passed yet, which is where everybody starts. The first of {known} "
                f"exercises is {next(iter(first.points))} in lesson {first.lesson}."
            )
        if passed == known:
            return f"All {known} exercises passed, {points}. Well done!"
        return f"{passed} of {known} exercises passed, {points}."

    def _rows(self) -> list[tuple[str, ...]]:
        """Return a row of text per lesson: its name, then what `_HEADS` says."""
        return [
            (
                each.lesson,
                f"{len(each.passed)} of {len(each.points)}",
                f"{each.earned:g} of {each.total:g}",
                each.rest,
            )
            for each in self.lessons
        ]


_NOT_HERE = "The exercises of the course are not at hand here."
_HEADS = ("passed", "points", "")
_CELL = "text-align:left;vertical-align:top"


def _html_row(each: LessonProgress, texts: tuple[str, ...]) -> str:
    from html import escape

    bar = f'<progress value="{len(each.passed)}" max="{len(each.points)}" aria-hidden="true">'
    name, passed, points, rest = map(escape, texts)
    cells = "".join(
        f'<td style="{_CELL};white-space:nowrap">{text}</td>'
        for text in (f"{bar}</progress>", passed, points)
    )
    head = f'<th scope="row" style="{_CELL};white-space:nowrap">{name}</th>'
    return f'<tr>{head}{cells}<td style="{_CELL}">{rest}</td></tr>'


def progress() -> Progress:
    """Show which exercises the reader has passed so far.

    A check that gives full marks in a notebook is noted by itself, once and for all: what is broken
    later stays passed. Written answers are marked by people and do not count here.

    Returns
    -------
    Progress
        Put it last in a cell, or print it.

    Notes
    -----
    The record is in the reader's own folder (on Linux ``~/.local/share/nnkit/progress.json``), or in
    the file that the environment variable `NNKIT_PROGRESS` names.
    """
    kept: dict[str, list[str]] = {}
    try:
        path = _record_file()
        kept = _read(path)
        note = f"Kept in {path}"
    except (OSError, ValueError, ImportError) as problem:
        note = f"What was passed before cannot be read: {problem}"
    lessons = [
        LessonProgress(
            lesson, points, tuple(name for name in points if name in kept.get(lesson, ()))
        )
        for lesson, points in _exercises().items()
    ]
    return Progress(tuple(lessons), note)


def keep_passed(lesson: str, exercise: str) -> None:
    """Note that the reader has passed an exercise.

    Several notebooks may do so at once. A file that is no record is put aside, under its name with
    ``.broken`` behind it.

    Parameters
    ----------
    lesson, exercise : str
        For example ``"00-tensors"`` and ``"one_hot"``.

    Raises
    ------
    OSError
        If the file cannot be written.
    ImportError
        If nnkit was installed without its extra `lab`.
    """
    from filelock import FileLock

    path = _record_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.lock", timeout=PATIENCE):
        try:
            kept = _read(path)
        except ValueError:
            os.replace(path, f"{path}.broken")
            kept = {}
        passed = kept.setdefault(lesson, [])
        if exercise not in passed:
            passed.append(exercise)
            _write(path, kept)


def _record_file() -> Path:
    named = os.environ.get(PROGRESS_VARIABLE)
    if named:
        path = Path(os.path.expanduser(named))
    else:
        from platformdirs import user_data_path

        path = user_data_path("nnkit", appauthor=False) / "progress.json"
    if not path.is_absolute():  # it would be another file for every lesson, or there is no home
        raise OSError(f"expected a full path in {PROGRESS_VARIABLE}, got {path}")
    return path


def _read(path: Path) -> dict[str, list[str]]:
    """Return the exercises passed, by lesson; none if there is no file.

    Raises
    ------
    ValueError
        If the file holds something else.
    """
    import json

    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is damaged ({error})") from error
    if not isinstance(kept, dict) or not all(isinstance(names, list) for names in kept.values()):
        raise ValueError(f"{path} is not a record of nnkit: expected lists of exercises by lesson")
    return kept


def _write(path: Path, kept: dict[str, list[str]]) -> None:
    """Replace the file: whoever reads finds the old one or the new one, never half of one."""
    import json

    aside = path.with_name(f".{path.name}.new")
    try:
        aside.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        os.replace(aside, path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def _exercises() -> dict[str, dict[str, float]]:
    """Return the points of all exercises, by lesson.

    The checks know them. Where students' code is graded they are out of reach, and it gets none.
    """
    try:
        from grader_tests import catalogue
    except ImportError:
        return {}
    return {
        lesson: {name: task.points for name, task in catalogue.exercises(lesson).items()}
        for lesson in catalogue.lessons()
    }
