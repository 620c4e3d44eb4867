"""What students handed in, and whether nbgrader can grade it at all."""

from __future__ import annotations

import json
import re
import warnings
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import parse_utc

from course.build import Lesson
from course.paths import Course
from course.records import one_line

MAX_BYTES = 20_000_000
NBFORMAT = 4
# nbgrader puts the id into globs, regular expressions and paths without escaping it.
STUDENT_ID = re.compile(r"[^\W_][\w .@,'-]*(?<! )")
FLAGS = ("grade", "solution", "task")


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
    if not course.submitted.is_dir():
        return []
    people = [path for path in course.submitted.iterdir() if path.is_dir()]
    found = [path for person in people for path in person.iterdir() if path.is_dir()]
    return [path for path in found if not path.name.startswith(".")]


def problem(course: Course, lesson: Lesson, student: str) -> str | None:
    """Say why a submission cannot be given to nbgrader.

    nbgrader stops a whole batch, or loses the submission, over most of these.

    Parameters
    ----------
    course : Course
    lesson : Lesson
    student : str
        The name of the student's folder.

    Returns
    -------
    str or None
        The reason in a line, None if there is none.
    """
    path = course.notebook(course.submitted, lesson.id, student)
    if not STUDENT_ID.fullmatch(student):
        return "nbgrader cannot handle the name of this folder: use letters, digits and . - _ @"
    try:
        return (
            _file_problem(path)
            or _timestamp_problem(path.parent / "timestamp.txt")
            or _content_problem(path.read_bytes(), lesson)
        )
    except Exception as error:  # whatever is in it must not stop the others
        return f"the submission cannot be read ({type(error).__name__}: {_in_words(error)})"


def _file_problem(path: Path) -> str | None:
    if any(p.is_symlink() for p in (path.parent.parent, path.parent, path)):
        return "the submission is a link to somewhere else, not a file"
    if not path.is_file():
        others = sorted(p.name for p in path.parent.iterdir() if p.suffix == ".ipynb")
        found = f"found {', '.join(others)}" if others else "found no notebook"
        return f"expected a notebook called {path.name}, {found}"
    size = path.stat().st_size
    if size > MAX_BYTES:
        return f"the notebook has {size / 1e6:.0f} MB, more than {MAX_BYTES / 1e6:.0f}"
    return None


def _timestamp_problem(path: Path) -> str | None:
    if not path.exists():
        return None
    try:
        text = path.read_text(encoding="utf-8").strip()
        if text:
            parse_utc(text)
    except Exception as error:  # dateutil raises a handful of kinds
        return f"timestamp.txt holds no date ({error})"
    return None


def _content_problem(content: bytes, lesson: Lesson) -> str | None:
    try:
        raw = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        return "the file is not UTF-8 text, so it is no notebook"
    except ValueError:
        return (
            "the file is not a notebook: it is not valid JSON" if content else "the file is empty"
        )
    except RecursionError:
        return "the file is not a notebook: it is nested too deeply"
    if not isinstance(raw, dict) or "cells" not in raw or raw.get("nbformat") != NBFORMAT:
        return "the file is not a notebook of format 4: open it in JupyterLab and save it again"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # missing cell ids and the like; nbformat repairs them
            notebook = nbformat.reads(content.decode("utf-8"), as_version=NBFORMAT)
            nbformat.validate(notebook, relax_add_props=True)
    except Exception as error:  # a hostile file may fail anywhere inside
        return f"the file is not a valid notebook: {_in_words(error)}"
    return _cells_problem(notebook, lesson)


def _cells_problem(notebook: NotebookNode, lesson: Lesson) -> str | None:
    released = lesson.marked
    marked = [cell for cell in notebook.cells if _grade_id(cell) is not None]
    count = Counter(_grade_id(cell) for cell in marked)
    for grade_id, cell in released.items():
        if count[grade_id] > 1:
            times = count[grade_id]
            return f"the cell {_called(grade_id)} is there {times} times: delete the copies"
        if cell.metadata.nbgrader.grade and not count[grade_id]:
            return f"the cell {_called(grade_id)} is missing"
    for cell in marked:
        grade_id = _grade_id(cell)
        if grade_id not in released:
            return f"it holds a cell of another lesson or version ({grade_id!r})"
        original = released[grade_id]
        if any(_flags(cell)[flag] != _flags(original)[flag] for flag in FLAGS):
            return f"the grading marks of the cell {_called(grade_id)} were changed"
        cell.cell_type = original.cell_type  # nbgrader puts that right
    try:
        MetadataValidator().validate_nb(notebook)
    except Exception as error:  # jsonschema, KeyError, nbgrader's own
        return f"nbgrader's marks in the notebook are broken: {_in_words(error)}"
    return None


def _grade_id(cell: NotebookNode) -> Any:
    mark = cell.metadata.get("nbgrader")
    return mark.get("grade_id") if isinstance(mark, Mapping) else None


def _flags(cell: NotebookNode) -> dict[str, Any]:
    return {flag: cell.metadata.nbgrader.get(flag, False) for flag in FLAGS}


def _called(grade_id: str) -> str:
    kind, _, name = grade_id.partition("-")
    return f"that checks {name!r}" if kind == "check" and name else f"of {name or kind!r}"


def _in_words(error: Exception) -> str:
    return one_line(str(error)) or type(error).__name__
