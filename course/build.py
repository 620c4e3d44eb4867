"""From a lesson's text to the notebook that students open.

``solutions/NN-name/NN-name.py`` is the source. The build makes two notebooks of it: the instructor
notebook beside it (nbgrader's source), and the student notebook in ``lessons/``, in which nbgrader's
own steps have replaced the solutions. Nothing in either depends on the machine or the time.

Beside the lessons students find a few pages, `PAGES`: text of ``docs/`` as notebooks, so that JupyterLab
follows their links.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)

import grader_tests
from course.marks import Cell, nbgrader_metadata, read_cells
from course.paths import Course, CourseError, write_atomically
from course.settings import nbgrader_settings

MAX_BYTES = 100_000
PAGES = ("start", "notation", "glossary")
METADATA_KEY = "nnkit"
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE_INFO = {"file_extension": ".py", "name": "python", "pygments_lexer": "ipython3"}
IGNORED_SUFFIXES = {".py", ".pyc", ".ipynb"}
KEPT_METADATA = ("tags", "jupyter")
CHECK_SOURCE = """\
from grader_tests import check

check("{lesson}", "{exercise}", globals())"""


@dataclass(frozen=True)
class Lesson:
    """A lesson, built in memory.

    Attributes
    ----------
    id : str
        The name of its folder, for example ``"08-two-three-one"``.
    instructor, student : NotebookNode
        With the solutions, and with stubs in their place.
    assets : mapping of str to bytes
        Other files beside the source (pictures), by path relative to the lesson's folder.
    """

    id: str
    instructor: NotebookNode
    student: NotebookNode
    assets: Mapping[str, bytes]

    @property
    def marked(self) -> dict[str, NotebookNode]:
        """The student notebook's marked cells by nbgrader's id, in order."""
        cells = (cell for cell in self.student.cells if "nbgrader" in cell.metadata)
        return {cell.metadata.nbgrader.grade_id: cell for cell in cells}

    @property
    def exercises(self) -> dict[str, float]:
        """Names of the exercises, in order, and their points."""
        return self._points("check-")

    @property
    def questions(self) -> dict[str, float]:
        """Names of the questions graded by hand, in order, and their points."""
        return self._points("question-")

    def _points(self, prefix: str) -> dict[str, float]:
        return {
            grade_id.removeprefix(prefix): float(cell.metadata.nbgrader.points)
            for grade_id, cell in self.marked.items()
            if grade_id.startswith(prefix)
        }

    def files(self) -> dict[str, bytes]:
        """Return what belongs into the lesson's folder in ``lessons/``."""
        return {f"{self.id}.ipynb": notebook_bytes(self.student), **self.assets}


def make_lesson(course: Course, lesson: str) -> Lesson:
    """Build a lesson in memory; nothing is written.

    Parameters
    ----------
    course : Course
    lesson : str
        Its id.

    Returns
    -------
    Lesson

    Raises
    ------
    CourseError
        If its marks are wrong, or the student notebook would be too large.
    """
    source = course.source(lesson)
    known = lesson in grader_tests.lessons()
    exercises = grader_tests.exercises(lesson) if known else {}
    points = {name: exercise.points for name, exercise in exercises.items()}
    instructor = _instructor_notebook(lesson, read_cells(source, points))
    student = _student_notebook(course, instructor)
    digests = {"instructor": cells_digest(instructor), "student": cells_digest(student)}
    for notebook in (instructor, student):
        notebook.metadata[METADATA_KEY] = {"lesson": lesson, "cells": digests}
    built = Lesson(lesson, instructor, student, _assets(source.parent))
    size = len(notebook_bytes(student))
    if size > MAX_BYTES:
        raise CourseError(
            f"{lesson}: the student notebook has {size:,} bytes; at most {MAX_BYTES:,}"
        )
    return built


def make_pages(course: Course) -> dict[Path, bytes]:
    """Make the notebooks of the pages that the course has in ``docs/``; nothing is written.

    Parameters
    ----------
    course : Course

    Returns
    -------
    dict of Path to bytes
        Where each belongs, and its content.
    """
    sources = {name: course.root / "docs" / f"{name}.md" for name in PAGES}
    return {
        course.lessons / f"{name}.ipynb": notebook_bytes(_page(source))
        for name, source in sources.items()
        if source.is_file()
    }


def build(course: Course, lessons: list[str], overwrite: bool = False) -> list[Path]:
    """Build lessons and the pages beside them, and write what has changed.

    All of them are made before the first file is written, so a lesson that does not build leaves
    everything as it was.

    Parameters
    ----------
    course : Course
    lessons : list of str
    overwrite : bool
        Write over notebooks that somebody has worked in.

    Returns
    -------
    list of Path
        The files that were written.

    Raises
    ------
    CourseError
        If a lesson does not build, or somebody has worked in a notebook that would be replaced.
    """
    files = make_pages(course)
    for built in [make_lesson(course, lesson) for lesson in lessons]:
        files[course.notebook(course.solutions, built.id)] = notebook_bytes(built.instructor)
        for name, content in built.files().items():
            files[course.lessons / built.id / name] = content
    changed = {path: content for path, content in files.items() if not _holds(path, content)}
    worked_in = [path for path in changed if path.suffix == ".ipynb" and is_worked_in(path)]
    if worked_in and not overwrite:
        listed = "\n".join(f"  {path.relative_to(course.root)}" for path in worked_in)
        raise CourseError(
            f"somebody has worked in these notebooks, so they are left as they are:\n{listed}\n"
            "Move them away, or build with --overwrite to replace them. "
            "(A lesson is changed in its .py file in solutions/.)"
        )
    for path, content in changed.items():
        write_atomically(path, content)
    return list(changed)


def stale(course: Course, lessons: list[str]) -> list[str]:
    """Say what in ``lessons/`` is not what ``solutions/`` builds; nothing is written.

    Parameters
    ----------
    course : Course
    lessons : list of str

    Returns
    -------
    list of str
        A sentence for each file that is missing, different, or left over from a lesson that is gone.
    """
    found = []
    for lesson in lessons:
        for name, content in make_lesson(course, lesson).files().items():
            path = course.lessons / lesson / name
            if not path.is_file():
                found.append(f"lessons/{lesson}/{name} is missing")
            elif not _holds(path, content):
                found.append(f"lessons/{lesson}/{name} is not what solutions/{lesson} builds")
    for path, content in make_pages(course).items():
        if not _holds(path, content):
            found.append(f"lessons/{path.name} is not what docs/{path.stem}.md builds")
    existing = set(course.lesson_ids())
    for path in sorted(course.lessons.glob("*/*.ipynb")):
        if path.parent.name not in existing:
            found.append(f"lessons/{path.parent.name} has no source in solutions/")
    return found


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """Return the file content of a notebook; the same notebook gives the same bytes."""
    text: str = nbformat.writes(notebook)
    return (text.rstrip("\n") + "\n").encode()


def cells_digest(notebook: Mapping[str, Any]) -> str:
    """Return a digest of what is written in the cells; outputs do not count."""
    cells = [[cell["cell_type"], cell["source"]] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:32]


def is_worked_in(path: Path) -> bool:
    """Tell whether the notebook at `path` holds anything that the build did not write."""
    if not path.exists():
        return False
    try:
        notebook = nbformat.read(path, as_version=4)
        return cells_digest(notebook) not in notebook.metadata[METADATA_KEY]["cells"].values()
    except Exception:  # whatever it is, it is not ours to replace
        return True


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _assets(folder: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in paths
        if path.suffix not in IGNORED_SUFFIXES
        and not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
    }


def _instructor_notebook(lesson: str, cells: list[Cell]) -> NotebookNode:
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    )
    ids: Counter[str] = Counter()
    for cell in cells:
        source = cell.node.source
        if cell.kind == "check":
            source = CHECK_SOURCE.format(lesson=lesson, exercise=cell.name)
        made = _new_cell(cell.node.cell_type, source)
        metadata = cell.node.metadata
        made.metadata.update({key: metadata[key] for key in KEPT_METADATA if key in metadata})
        if cell.kind:
            made.metadata.nbgrader = nbgrader_metadata(cell)
        made.id = cell.grade_id if cell.kind else _content_id(made, ids)
        notebook.cells.append(made)
    return notebook


def _page(source: Path) -> NotebookNode:
    """Return a page as a notebook: links to lessons and to other pages point beside it."""
    text = source.read_text(encoding="utf-8").replace("](../lessons/", "](")
    for name in PAGES:
        text = text.replace(f"]({name}.md", f"]({name}.ipynb")
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    )
    ids: Counter[str] = Counter()
    for cell in jupytext.reads(text, fmt="md").cells:
        made = _new_cell(cell.cell_type, cell.source)
        made.id = _content_id(made, ids)
        notebook.cells.append(made)
    notebook.metadata[METADATA_KEY] = {
        "page": source.stem,
        "cells": {"page": cells_digest(notebook)},
    }
    return notebook


def _new_cell(cell_type: str, source: str) -> NotebookNode:
    make = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "raw": nbformat.v4.new_raw_cell,
    }
    return make[cell_type](source)


def _content_id(cell: NotebookNode, ids: Counter[str]) -> str:
    """Return an id that stays when other cells change; equal cells are numbered."""
    digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
    ids[digest] += 1
    return digest if ids[digest] == 1 else f"{digest}-{ids[digest]}"


def _student_notebook(course: Course, instructor: NotebookNode) -> NotebookNode:
    notebook = copy.deepcopy(instructor)
    settings = nbgrader_settings(course)
    resources: dict[str, Any] = {}
    for step in (LockCells, ClearSolutions, ClearOutput, ComputeChecksums, CheckCellMetadata):
        notebook, resources = step(config=settings).preprocess(notebook, resources)
    return notebook
