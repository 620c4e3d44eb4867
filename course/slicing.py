"""Which cells of a submission have to be run, so that its answers get what they deserve.

A lesson's own figures, widgets and training runs take thirty times as long as answers and checks. A cell
that stands there as it was released is left out, unless something that is run needs a name of it: what
the student wrote, all of it, and the checks. Whatever cannot be read off the text (``exec``,
``globals()``, ``import *``) means that everything is run.
"""

from __future__ import annotations

import functools
import re
import symtable
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

WORD = re.compile(r"[^\W\d]\w*")
HIDES_NAMES = re.compile(r"\b(exec|eval|globals|locals|vars|get_ipython|__main__)\b|\bimport\s*\*")
NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")
MAGIC = re.compile(r"^[ \t]*[%!]|\?[ \t]*$|=[ \t]*[%!]", re.MULTILINE)
# Parsing takes a hundred times the memory of the text.
MOST_CHARACTERS = 500_000


@dataclass(frozen=True)
class _Names:
    """The global names of a cell.

    Attributes
    ----------
    bound : frozenset of str
        Those that it gives a value; `defined` are those among them that are functions, classes or
        imported, which no call changes.
    mentioned : frozenset of str
        Those that it reads, also in functions.
    """

    bound: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()


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
    lessons_own = [cell for cell in code if not _mark(cell) and _text(cell) in texts]
    ids = {cell.id for cell in lessons_own}
    run = [_names(cell.source) for cell in code if cell.id not in ids]
    answers = [_names(cell.source) for cell in code if _mark(cell)]
    needed = _needed({cell.id: _lessons_names(cell.source) for cell in lessons_own}, run, answers)
    return ids - needed


def are_missed(skipped: Iterable[NotebookNode], executed: Iterable[NotebookNode]) -> bool:
    """Tell whether a name that only cells left out define was asked for after all."""
    asked = {
        name
        for cell in executed
        for output in cell.get("outputs", ())
        for name in NOT_DEFINED.findall(_shown(output))
    }
    return any(asked & _names(cell.source).bound for cell in skipped)


def _needed(
    candidates: dict[str, _Names], run: Sequence[_Names], answers: Sequence[_Names]
) -> set[str]:
    """Return the candidates that what is run needs, directly or through each other.

    A name that is only mentioned needs the cells that bind it. A value that an answer depends on
    also needs the cells that may change it: all those in which it occurs.
    """
    everything = [*run, *candidates.values()]
    values = frozenset[str]().union(*(names.bound - names.defined for names in everything))
    wanted = frozenset[str]().union(*(names.mentioned for names in run))
    watched = frozenset[str]().union(*(names.mentioned for names in answers)) & values
    needed: set[str] = set()
    while True:
        before = len(needed), len(watched)
        for cell_id, names in candidates.items():
            if names.bound & wanted or (names.bound | names.mentioned) & watched:
                needed.add(cell_id)
                wanted |= names.mentioned
        for names in [*run, *(candidates[cell_id] for cell_id in needed)]:
            if names.bound & watched:
                watched |= names.mentioned & values
        if before == (len(needed), len(watched)):
            return needed


@functools.lru_cache(maxsize=512)  # they are the same in every submission
def _lessons_names(source: str) -> _Names:
    return _names(source)


def _names(source: str) -> _Names:
    if MAGIC.search(source):
        words = frozenset(WORD.findall(source))
        return _Names(bound=words, mentioned=words)
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
    inner = list(table.get_children())
    while inner:
        child = inner.pop()
        inner += child.get_children()
        for symbol in child.get_symbols():
            if symbol.is_global():
                mentioned.add(symbol.get_name())
                if symbol.is_assigned():
                    bound.add(symbol.get_name())
    return _Names(frozenset(bound), frozenset(defined & bound), frozenset(mentioned))


def _mark(cell: NotebookNode) -> NotebookNode:
    return cell.metadata.get("nbgrader", NotebookNode())


def _text(cell: NotebookNode) -> str:
    return str(cell.source).strip()


def _shown(output: NotebookNode) -> str:
    if output.output_type == "error":
        return str(output.get("evalue", ""))
    return str(output.get("data", {}).get("text/plain", ""))
