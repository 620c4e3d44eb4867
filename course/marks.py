"""The short notation in which a lesson says what is marked, and its check.

A lesson is percent text (``# %%`` starts a cell). Three marks, written behind ``# %%``, say what is
marked; the build turns them into nbgrader's cell metadata::

    # %% exercise="forward"                      the cell where students write `forward`
    # %% check="forward" points=10               the cell that checks it; the build writes its body
    # %% [markdown] question="why" points=4      a written answer, graded by hand

Exercises and questions hold their answer between ``### BEGIN SOLUTION`` and ``### END SOLUTION``.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode

from course.paths import CourseError

MARKS = ("exercise", "check", "question")
ALLOWED_KEYS = {*MARKS, "points", "tags", "jupyter"}
# jupytext's own bookkeeping of how the text was laid out.
LAYOUT_KEYS = {"lines_to_next_cell", "lines_to_end_of_cell_marker", "region_name", "cell_marker"}
BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"
GRADE_ID_PREFIX = {"exercise": "", "check": "check-", "question": "question-"}
NAME = {
    "exercise": re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,50}"),
    "check": re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,50}"),
    "question": re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"),
}
CELL_MARKER = re.compile(r"# %%(?=\s|$)")


class MarkError(CourseError):
    """A lesson's marks are wrong; the message lists every file, line and cell."""


@dataclass(frozen=True)
class Cell:
    """A cell of the lesson's text with its mark.

    Attributes
    ----------
    node : NotebookNode
        The cell as jupytext reads it.
    line : int or None
        Where its ``# %%`` stands; None where that is not certain.
    """

    node: NotebookNode
    line: int | None

    @property
    def kind(self) -> str | None:
        """Which of the marks the cell carries."""
        return next((mark for mark in MARKS if mark in self.node.metadata), None)

    @property
    def name(self) -> Any:
        """The name in its mark."""
        return self.node.metadata.get(self.kind)

    @property
    def points(self) -> Any:
        """The points in its mark."""
        return self.node.metadata.get("points")

    @property
    def grade_id(self) -> str:
        """The id under which nbgrader knows the cell."""
        assert self.kind is not None
        return GRADE_ID_PREFIX[self.kind] + self.name

    def where(self) -> str:
        """Return line and first line of the cell, for messages."""
        first = next((line for line in self.node.source.splitlines() if line.strip()), "(empty)")
        line = f"line {self.line}, " if self.line else ""
        mark = f"{self.kind}={self.name!r} " if self.kind else ""
        return f"{line}cell {mark}`{first.strip()[:60]}`"


def read_cells(path: Path, points: Mapping[str, float]) -> list[Cell]:
    """Read a lesson's text and check its marks.

    Parameters
    ----------
    path : Path
        The lesson, percent text.
    points : mapping of str to float
        The exercises that the checks know, with their points.

    Returns
    -------
    list of Cell

    Raises
    ------
    MarkError
        If a mark is wrong or missing; the message names file, line and cell of each.
    """
    cells = parse(path)
    problems = [
        f"{cell.where()}: {problem}" for cell in cells for problem in _problems_in_cell(cell)
    ]
    if not problems:
        problems = list(_problems_between(cells, points))
    if problems:
        listed = "\n".join(f"  {path.parent.name}/{path.name}, {problem}" for problem in problems)
        raise MarkError(f"the marks of this lesson need attention:\n{listed}")
    return cells


def parse(path: Path) -> list[Cell]:
    """Read percent text into cells, without a look at their marks.

    Raises
    ------
    MarkError
        If the file is not UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MarkError(f"{path.parent.name}/{path.name}: not UTF-8 text ({error})") from error
    nodes = jupytext.reads(text, fmt="py:percent").cells
    markers = [n for n, line in enumerate(text.splitlines(), 1) if CELL_MARKER.match(line)]
    # Text before the first marker is a cell without one; a marker inside a string is no cell.
    unmarked = len(nodes) - len(markers)
    lines: list[int | None] = [None] * len(nodes)
    if unmarked in (0, 1):
        lines = [*[1] * unmarked, *markers]
    return [Cell(node, line) for node, line in zip(nodes, lines, strict=True)]


def nbgrader_metadata(cell: Cell) -> dict[str, Any]:
    """Return nbgrader's metadata (schema 3) for a marked cell."""
    metadata: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": cell.grade_id,
        "grade": cell.kind != "exercise",
        "solution": cell.kind != "check",
        "locked": cell.kind == "check",
        "task": False,
    }
    if cell.kind != "exercise":
        metadata["points"] = cell.points
    return metadata


def _problems_in_cell(cell: Cell) -> Iterator[str]:
    """Say what is wrong with one cell, whatever the others are."""
    metadata = cell.node.metadata
    for key in sorted(set(metadata) - ALLOWED_KEYS - LAYOUT_KEYS):
        if key in ("title", "incorrectly_encoded_metadata"):
            yield f'cannot read the mark {metadata[key]!r}; expected something like exercise="name"'
        else:
            yield f"unknown mark {key!r}; expected one of {', '.join(sorted(ALLOWED_KEYS))}"
    marks = [mark for mark in MARKS if mark in metadata]
    if len(marks) > 1:
        yield f"two marks in one cell: {' and '.join(marks)}"
    elif not marks:
        yield from _problems_in_unmarked_cell(cell)
    elif not isinstance(cell.name, str) or not NAME[marks[0]].fullmatch(cell.name):
        yield f"{cell.name!r} cannot be the name of a {marks[0]}"
    else:
        yield from _problems_in_marked_cell(cell)


def _problems_in_unmarked_cell(cell: Cell) -> Iterator[str]:
    if cell.points is not None:
        yield "points in a cell that is neither a check nor a question"
    if BEGIN in cell.node.source or END in cell.node.source:
        yield "a solution in a cell that is neither an exercise nor a question"


def _problems_in_marked_cell(cell: Cell) -> Iterator[str]:
    expected_type = "markdown" if cell.kind == "question" else "code"
    if cell.node.cell_type != expected_type:
        yield f"expected a {expected_type} cell, got a {cell.node.cell_type} cell"
    if cell.kind == "exercise":
        if cell.points is not None:
            yield "points belong to the check, not to the exercise"
    elif cell.points is None:
        yield f"the {cell.kind} has no points"
    elif not _is_positive_number(cell.points):
        yield f"expected a positive number of points, got {cell.points!r}"
    if cell.kind == "check":
        if cell.node.source.strip():
            yield "a check has no body of its own: the build writes it"
        return
    problem = _solution_problem(cell.node.source)
    if problem:
        yield problem
    elif cell.kind == "exercise":
        yield from _function_problems(cell)


def _is_positive_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6


def _solution_problem(source: str) -> str | None:
    inside = False
    count = 0
    for line in source.splitlines():
        if BEGIN in line:
            if inside:
                return f"### {BEGIN} twice without ### {END}"
            inside = True
            count += 1
        elif END in line:
            if not inside:
                return f"### {END} without ### {BEGIN}"
            inside = False
    if inside:
        return f"### {BEGIN} without ### {END}"
    return None if count else f"no solution: expected ### {BEGIN} and ### {END}"


def _function_problems(cell: Cell) -> Iterator[str]:
    try:
        defined = _functions(cell.node.source)
    except SyntaxError as error:
        yield f"not valid Python: {error.msg} (line {error.lineno} of the cell)"
        return
    if defined != [cell.name]:
        got = " and ".join(defined) or "none"
        yield f"expected the cell to define the function {cell.name} and no other, got {got}"
        return
    try:
        left = _functions(without_solution(cell.node.source))
    except SyntaxError:
        left = []
    if left != [cell.name]:
        yield f"the solution must stand inside {cell.name}: students need its first line"


def _functions(source: str) -> list[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node.name for node in ast.parse(source).body if isinstance(node, kinds)]


def without_solution(source: str, stub: str = "raise NotImplementedError()") -> str:
    """Return `source` with `stub` in place of each solution, as nbgrader will release it."""
    lines = []
    inside = False
    for line in source.splitlines():
        if BEGIN in line:
            inside = True
            lines.append(line[: len(line) - len(line.lstrip())] + stub)
        elif END in line:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def _problems_between(cells: list[Cell], points: Mapping[str, float]) -> Iterator[str]:
    """Say what is wrong when the marked cells are seen together."""
    marked = [cell for cell in cells if cell.kind]
    seen: Counter[str] = Counter()
    checked = {cell.name for cell in marked if cell.kind == "check"}
    for cell in marked:
        seen[cell.grade_id] += 1
        if seen[cell.grade_id] > 1:
            yield f"{cell.where()}: the {cell.kind} {cell.name!r} is there twice"
        elif cell.kind == "exercise":
            if cell.name not in checked:
                yield f"{cell.where()}: the exercise has no check"
            if cell.name not in points:
                yield (
                    f"{cell.where()}: grader_tests knows no exercise {cell.name!r} in this lesson; "
                    f"expected one of {', '.join(points) or '(none)'}"
                )
        elif cell.kind == "check":
            if not seen[cell.name]:
                yield f"{cell.where()}: the check has no exercise before it"
            total = points.get(cell.name)
            if total is not None and cell.points != total:
                yield f"{cell.where()}: grader_tests gives {total:g} points, got {cell.points:g}"
    for name in points:
        if not seen[name]:
            yield f"the exercise {name!r} of grader_tests is missing in the lesson"
