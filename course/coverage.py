"""Which example of the slides is rebuilt where: ``course/slides.toml``, read and checked.

Every example of the five decks has an ID: deck letter and number. A row of the file says which lesson
rebuilds it, in which cell, and which test holds its numbers. An example may have several rows.
"""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from course.marks import parse
from course.paths import Course

DECKS = {"A": 18, "B": 15, "C": 20, "D": 18}
"""How many examples each deck has."""

EXAMPLES = [f"{deck}{number}" for deck, count in DECKS.items() for number in range(1, count + 1)]


@dataclass(frozen=True)
class Row:
    """Where an example is rebuilt.

    Attributes
    ----------
    id : str
        Of the example, such as "B11".
    lesson : str
        The lesson's id.
    cell : str
        A piece of the source of exactly one of its cells.
    test : str
        The test that holds its numbers, as pytest names it: ``path/to/file.py::test_name``.
    """

    id: str
    lesson: str
    cell: str
    test: str

    def problem(self, course: Course) -> str | None:
        """Say what the row points to that is not there; None if all is."""
        if self.id not in EXAMPLES:
            return "the decks have no example of that ID"
        if not course.source(self.lesson).is_file():
            return f"there is no lesson {self.lesson}"
        holding = sum(self.cell in source for source in _cells(course.source(self.lesson)))
        if holding != 1:
            return f"expected one cell of {self.lesson} with {self.cell!r}, got {holding}"
        file, _, name = self.test.partition("::")
        if name not in _tests(course.root / file):
            return f"there is no test {self.test}"
        return None


def rows(course: Course) -> list[Row]:
    """Read ``course/slides.toml``."""
    text = (course.home / "slides.toml").read_text(encoding="utf-8")
    return [Row(**row) for row in tomllib.loads(text)["row"]]


def missing(found: list[Row]) -> list[str]:
    """Return the IDs of the examples that no row is about, deck by deck."""
    covered = {row.id for row in found}
    return [example for example in EXAMPLES if example not in covered]


@cache
def _cells(source: Path) -> list[str]:
    return [cell.node.source for cell in parse(source)]


@cache
def _tests(file: Path) -> set[str]:
    if not file.is_file():
        return set()
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
