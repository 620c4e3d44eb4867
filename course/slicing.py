"""Which cells of a submission have to be run, so that its answers get what they deserve.

A lesson's own figures, widgets and training runs take thirty times as long as answers and checks. A cell
that stands there as it was released is left out, unless something that is run needs a name of it: what
the student wrote, all of it, and the checks. Whatever cannot be read off the text (``exec``,
``globals()``, ``import *``) means that everything is run.
"""

from __future__ import annotations

import functools
import math
import re
import symtable
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

WORD = re.compile(r"[^\W\d]\w*")
HIDES_NAMES = re.compile(r"\b(exec|eval|globals|locals|vars|get_ipython|__main__)\b|\bimport\s*\*")
NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")
MAGIC = re.compile(r"^[ \t]*[%!]|\?[ \t]*$|=[ \t]*[%!]", re.MULTILINE)
# Parsing takes a hundred times the memory of the text, and of some texts a minute for a megabyte.
MOST_CHARACTERS = 100_000


@dataclass(frozen=True)
class _Names:
    """The global names of a cell.

    Attributes
    ----------
    bound : frozenset of str
        Those that it gives a value; `defined` are those among them that are functions, classes or
        imported, which no call changes.
    mentioned : frozenset of str
        Those that it reads; `later` are those among them that a function reads whenever it is called.
    """

    bound: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()


def left_out(cells: Sequence[NotebookNode], released: Iterable[NotebookNode]) -> set[str]:
    """Return the ids of the cells that need not be run.

    Parameters
    ----------
    cells : sequence of NotebookNode
        The submission's, after intake.
    released : iterable of NotebookNode
        The lesson's.

    Returns
    -------
    set of str
    """
    texts = {_text(cell) for cell in released if cell.cell_type == "code" and not _mark(cell)}
    code = [cell for cell in cells if cell.cell_type == "code" and not _mark(cell).get("grade")]
    if sum(len(cell.source) for cell in code) > MOST_CHARACTERS:
        return set()
    if any(HIDES_NAMES.search(cell.source) for cell in code):
        return set()
    own = {i for i, cell in enumerate(code) if _mark(cell) or _text(cell) not in texts}
    names = [
        _names(cell.source) if i in own else _lessons_names(cell.source)
        for i, cell in enumerate(code)
    ]
    answers = [names[i] for i, cell in enumerate(code) if _mark(cell)]
    needed = _needed(names, own, answers)
    return {cell.id for i, cell in enumerate(code) if i not in needed}


def are_missed(skipped: Iterable[NotebookNode], executed: Iterable[NotebookNode]) -> bool:
    """Tell whether a name that only cells left out define was asked for after all."""
    asked = {
        name
        for cell in executed
        for output in cell.get("outputs", ())
        for name in NOT_DEFINED.findall(_shown(output))
    }
    return any(asked & _names(cell.source).bound for cell in skipped)


def _needed(cells: Sequence[_Names], run: set[int], answers: Sequence[_Names]) -> set[int]:
    """Return the places of the cells to `run` and of those that they need, also through each other.

    A name that is only mentioned needs the cells that bind it before it is read. A value that an
    answer depends on also needs the cells that may change it: all those in which it occurs.
    """
    values = frozenset[str]().union(*(names.bound - names.defined for names in cells))
    watched = frozenset[str]().union(*(names.mentioned for names in answers)) & values
    needed: set[int] = set()
    last_read: dict[str, float] = {}  # the place up to which a name is wanted
    found = set(run)
    while found:
        for place in found:
            for name in cells[place].mentioned:
                end = math.inf if name in cells[place].later else place
                last_read[name] = max(end, last_read.get(name, -1))
        needed |= found
        watched = _all_watched([cells[place] for place in needed], watched, values)
        found = {
            place
            for place, names in enumerate(cells)
            if place not in needed
            and (
                any(last_read.get(name, -1) > place for name in names.bound)
                or (names.bound | names.mentioned) & watched
            )
        }
    return needed


def _all_watched(
    run: Sequence[_Names], watched: frozenset[str], values: frozenset[str]
) -> frozenset[str]:
    """Return the values that those watched depend on, and those themselves."""
    before = None
    while watched != before:
        before = watched
        for names in run:
            if names.bound & watched:
                watched |= names.mentioned & values
    return watched


@functools.lru_cache(maxsize=512)  # they are the same in every submission
def _lessons_names(source: str) -> _Names:
    return _names(source)


def _names(source: str) -> _Names:
    if MAGIC.search(source):
        words = frozenset(WORD.findall(source))
        return _Names(bound=words, mentioned=words, later=words)
    try:
        table = symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _Names()  # such a cell does not run
    bound: set[str] = set()
    defined: set[str] = set()
    mentioned: set[str] = set()
    for symbol in table.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            bound.add(symbol.get_name())
        if symbol.is_imported() or symbol.is_namespace():
            defined.add(symbol.get_name())
        if symbol.is_referenced():
            mentioned.add(symbol.get_name())
    later: set[str] = set()
    inner = list(table.get_children())
    while inner:
        child = inner.pop()
        inner += child.get_children()
        for symbol in child.get_symbols():
            if symbol.is_global():
                later.add(symbol.get_name())
                if symbol.is_assigned():
                    bound.add(symbol.get_name())
    return _Names(
        frozenset(bound), frozenset(defined & bound), frozenset(mentioned | later), frozenset(later)
    )


def _mark(cell: NotebookNode) -> NotebookNode:
    return cell.metadata.get("nbgrader", NotebookNode())


def _text(cell: NotebookNode) -> str:
    return str(cell.source).strip()


def _shown(output: NotebookNode) -> str:
    if output.output_type == "error":
        return str(output.get("evalue", ""))
    return str(output.get("data", {}).get("text/plain", ""))
