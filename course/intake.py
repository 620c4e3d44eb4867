"""From the bytes that a student handed in to a notebook that can be graded.

Students rename, copy, split, retype and delete cells, and other programs drop what they do not
know. What can be put right is, and said; only a file that is no notebook of the lesson is refused.
Of the notebook, only the cells' texts are taken over: what a cell is worth, which text a check has
and in which kernel it runs is decided by the lesson as it was released.
"""

from __future__ import annotations

import copy
import json
import re
import warnings
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.records import one_line
from course.submissions import UnreadableError

NBFORMAT = 4
OLDEST_NBFORMAT = 2
CELL_TYPES = ("code", "markdown", "raw")
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
SURROGATE = re.compile("[\ud800-\udfff]")
# A small file can hold a notebook that fills the memory; these are far above any honest one.
MAX_CONTAINERS = 500_000
MAX_COMMAS = 4_000_000
MAX_CELLS = 5_000
BETWEEN_ANSWERS = "\n\n---\n\n"
DECIDED_BY_THE_LESSON = ("grade", "solution", "locked", "task", "points")


@dataclass(frozen=True)
class Intake:
    """A notebook that can be graded.

    Attributes
    ----------
    notebook : NotebookNode
        The student's cells in order, without outputs; every check of the lesson is in it once.
    repairs : tuple of str
        What was put right, in sentences.
    lost : frozenset of str
        Ids of written answers whose cell was missing: only a person can tell what they are worth.
    """

    notebook: NotebookNode
    repairs: tuple[str, ...]
    lost: frozenset[str]


def take_in(content: bytes, released: NotebookNode) -> Intake:
    """Make a notebook that can be graded of what was handed in.

    Parameters
    ----------
    content : bytes
        The file.
    released : NotebookNode
        The lesson's notebook as students got it.

    Returns
    -------
    Intake

    Raises
    ------
    UnreadableError
        If the file is not a notebook, or not one of this lesson.
    """
    repairs: list[str] = []
    raw = _as_format_4(_parse(_decode(content, repairs)), repairs)
    cells = list(_cells(raw, repairs))
    repairs += _kernel(raw)
    sorter = _Sorter(cells, released, repairs)
    notebook = NotebookNode(
        nbformat=NBFORMAT,
        nbformat_minor=released.nbformat_minor,
        metadata=copy.deepcopy(released.metadata),
        cells=sorter.sort(),
    )
    return Intake(notebook, tuple(repairs), frozenset(sorter.lost))


def _decode(content: bytes, repairs: list[str]) -> str:
    if not content:
        raise UnreadableError("the file is empty")
    if content.startswith((b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")):
        raise UnreadableError("the file is an archive, not a notebook: unpack it")
    encoding: str = json.detect_encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = "windows-1252", content.decode("cp1252", errors="replace")
    if encoding != "utf-8":
        repairs.append(f"the file was not plain UTF-8 but {encoding}: converted")
    return text


def _parse(text: str) -> Any:
    if text.count("{") + text.count("[") > MAX_CONTAINERS or text.count(",") > MAX_COMMAS:
        raise UnreadableError(
            "the notebook is too complicated: clear its outputs and hand it in again"
        )
    try:
        return json.loads(text)
    except ValueError:
        raise UnreadableError("the file is not a notebook: it is not valid JSON") from None
    except RecursionError:
        raise UnreadableError("the file is not a notebook: it is nested too deeply") from None


def _as_format_4(raw: Any, repairs: list[str]) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or not ({"cells", "worksheets", "nbformat"} & set(raw)):
        raise UnreadableError("the file is not a notebook, but some other JSON")
    version = raw.get("nbformat", NBFORMAT if "cells" in raw else 3)
    if version == NBFORMAT:
        if "nbformat" not in raw:
            repairs.append("the notebook did not say which format it has: read as format 4")
        return raw
    if version not in range(OLDEST_NBFORMAT, NBFORMAT):
        raise UnreadableError(
            f"the notebook has format {one_line(repr(version))}: open it in JupyterLab and save it "
            "again"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _correct_headings(raw)
            upgraded = nbformat.convert(nbformat.from_dict(raw), NBFORMAT)
    except Exception as error:  # whatever a hostile file makes of nbformat's converters
        raise UnreadableError(
            f"the notebook has the old format {version} and cannot be converted "
            f"({type(error).__name__})"
        ) from None
    repairs.append(f"the notebook had the old format {version}: converted to format {NBFORMAT}")
    return upgraded


def _correct_headings(raw: Mapping[str, Any]) -> None:
    """Take away levels that no heading has: nbformat writes as many signs as they say."""
    for sheet in raw.get("worksheets", []):
        for cell in sheet["cells"]:
            if cell.get("level") not in range(1, 7):
                cell.pop("level", None)


def _cells(
    raw: Mapping[str, Any], repairs: list[str]
) -> Iterator[tuple[NotebookNode, Mapping[str, Any]]]:
    """Yield what we take over of each cell, and the mark that it carries."""
    cells = raw.get("cells")
    if not isinstance(cells, list):
        raise UnreadableError("the notebook holds no list of cells")
    if len(cells) > MAX_CELLS:
        raise UnreadableError(f"the notebook has {len(cells):,} cells, more than {MAX_CELLS:,}")
    odd = 0
    for cell in cells:
        if not isinstance(cell, Mapping):
            odd += 1
            continue
        kind, source = cell.get("cell_type"), cell.get("source", "")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if kind not in CELL_TYPES or not isinstance(source, str):
            odd += 1
            kind = kind if kind in CELL_TYPES else "raw"
            source = source if isinstance(source, str) else ""
        yield _cell(cell, kind, _printable(source)), _mark(cell)
    if odd:
        repairs.append(f"{odd} of {len(cells)} cells were not as a notebook's cells should be")


def _printable(source: str) -> str:
    """Return text that every program can write: whole characters, one kind of line ending."""
    return SURROGATE.sub("\ufffd", source).replace("\r\n", "\n").replace("\r", "\n")


def _cell(raw: Mapping[str, Any], kind: str, source: str) -> NotebookNode:
    given = raw.get("id")
    cell = NotebookNode(
        cell_type=kind,
        id=given if isinstance(given, str) and CELL_ID.fullmatch(given) else "",
        metadata=NotebookNode(),
        source=source,
    )
    if kind == "code":
        cell.execution_count, cell.outputs = None, []
    elif _are_attachments(raw.get("attachments")):
        cell.attachments = nbformat.from_dict(raw["attachments"])  # pictures in written answers
    return cell


def _mark(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = raw.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return mark if isinstance(mark, Mapping) else {}


def _are_attachments(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(
            isinstance(bundle, dict) and all(isinstance(data, str) for data in bundle.values())
            for bundle in value.values()
        )
    )


def _kernel(raw: Mapping[str, Any]) -> list[str]:
    metadata = raw.get("metadata")
    info = metadata.get("language_info") if isinstance(metadata, Mapping) else None
    language = info.get("name") if isinstance(info, Mapping) else None
    if isinstance(language, str) and language.lower() not in ("python", "ipython", ""):
        return [f"the notebook was saved with a kernel for {one_line(language)}: run with Python"]
    return []


class _Sorter:
    """Finds the lesson's marked cells among a student's cells and puts them right.

    Attributes
    ----------
    lost : set of str
        Ids of written answers that were not found.
    """

    def __init__(
        self,
        cells: list[tuple[NotebookNode, Mapping[str, Any]]],
        released: NotebookNode,
        repairs: list[str],
    ) -> None:
        self.cells = [cell for cell, _ in cells]
        self.marks = {id(cell): mark for cell, mark in cells}
        self.repairs = repairs
        self.lost: set[str] = set()
        self.released = {
            cell.metadata.nbgrader.grade_id: cell
            for cell in released.cells
            if "nbgrader" in cell.metadata
        }

    def sort(self) -> list[NotebookNode]:
        """Return the cells that can be graded."""
        found = self._find()
        if not found:
            raise UnreadableError(
                "none of the lesson's exercises and checks is in it: is it another lesson's notebook?"
            )
        for grade_id, original in self.released.items():
            if grade_id in found:
                self._restore(self._one_of(found[grade_id], original), original)
            else:
                self._add(original)
        self._put_checks_behind_answers()
        self._name()
        return self.cells

    def _find(self) -> dict[str, list[NotebookNode]]:
        """Return the cells of each mark: those that carry it, else those that look like it."""
        found: dict[str, list[NotebookNode]] = {}
        others = []
        for cell in self.cells:
            grade_id = self.marks[id(cell)].get("grade_id")
            if isinstance(grade_id, str) and grade_id in self.released:
                found.setdefault(grade_id, []).append(cell)
            else:
                others.append((cell, grade_id))
        texts = {_text(cell): name for name, cell in self.released.items() if _is_check(cell)}
        recognised: dict[str, list[NotebookNode]] = {}
        for cell, grade_id in others:
            likely = cell.id if cell.id in self.released else texts.get(_text(cell))
            if likely and likely not in found:
                recognised.setdefault(likely, []).append(cell)
                self.repairs.append(f"{_called(likely)} had lost its mark: recognised")
            elif grade_id is not None:
                name = one_line(repr(grade_id))[:60]
                self.repairs.append(
                    f"a cell of another lesson or version ({name}) is run as the student's own"
                )
        return found | recognised

    def _one_of(self, copies: list[NotebookNode], original: NotebookNode) -> NotebookNode:
        """Return the cell that carries the mark from now on.

        All copies of an exercise stay, for together they may be the answer (a cell that was split);
        so do all answers to a question, in one cell. A check is needed once.
        """
        changed = [cell for cell in copies if _text(cell) != _text(original)] or copies
        kept = copies[-1] if _is_check(original) else changed[-1]
        if len(copies) == 1:
            return kept
        self.repairs.append(f"{_called(_grade_id(original))} was there {len(copies)} times")
        if _is_question(original):
            kept.source = BETWEEN_ANSWERS.join(cell.source for cell in changed)
            pictures = [cell.attachments for cell in changed if "attachments" in cell]
            if pictures:
                kept.attachments = NotebookNode(ChainMap(*pictures))
        if original.metadata.nbgrader.grade:
            self.cells = [cell for cell in self.cells if cell is kept or not _among(cell, copies)]
        return kept

    def _restore(self, cell: NotebookNode, original: NotebookNode) -> None:
        """Give a cell everything that is not the student's to decide."""
        called = _called(_grade_id(original))
        if cell.cell_type != original.cell_type:
            self.repairs.append(f"{called} had become {cell.cell_type}: {original.cell_type} again")
            _retype(cell, original.cell_type)
        mark, wanted = self.marks[id(cell)], original.metadata.nbgrader
        if any(key in mark and mark[key] != wanted.get(key) for key in DECIDED_BY_THE_LESSON):
            self.repairs.append(f"{called} had other grading marks: put back")
        if _text(cell) == _text(original):
            cell.source = original.source
        elif _is_check(original):
            self.repairs.append(f"{called} was edited: put back")
            cell.source = original.source
        cell.metadata, cell.id = copy.deepcopy(original.metadata), original.id

    def _add(self, original: NotebookNode) -> None:
        """Add a cell that is missing; an exercise that is missing is missed by its check."""
        grade_id = _grade_id(original)
        place = len(self.cells)
        if _is_check(original):
            self.repairs.append(f"{_called(grade_id)} was missing: added")
            answer = self._place(grade_id.removeprefix("check-"))
            place = place if answer is None else answer + 1
        elif _is_question(original):
            self.repairs.append(f"{_called(grade_id)} is missing: a person has to look for it")
            self.lost.add(grade_id)
        else:
            self.repairs.append(f"{_called(grade_id)} is missing")
            return
        self.cells.insert(place, copy.deepcopy(original))

    def _put_checks_behind_answers(self) -> None:
        for grade_id, original in self.released.items():
            answer, check = self._place(grade_id.removeprefix("check-")), self._place(grade_id)
            if _is_check(original) and answer is not None and check is not None and check < answer:
                self.repairs.append(f"{_called(grade_id)} stood before the answer: moved behind it")
                self.cells.insert(answer, self.cells.pop(check))

    def _place(self, grade_id: str) -> int | None:
        places = (i for i, cell in enumerate(self.cells) if _grade_id(cell) == grade_id)
        return next(places, None)

    def _name(self) -> None:
        """Give every cell an id of its own."""
        taken = {cell.id for cell in self.released.values()}
        for number, cell in enumerate(self.cells):
            if _grade_id(cell) is None:
                names = chain([cell.id], (f"cell-{n}" for n in count(number)))
                cell.id = next(name for name in names if name and name not in taken)
                taken.add(cell.id)


def _grade_id(cell: NotebookNode) -> Any:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _is_check(original: NotebookNode) -> bool:
    return bool(original.metadata.nbgrader.grade and not original.metadata.nbgrader.solution)


def _is_question(original: NotebookNode) -> bool:
    return bool(original.metadata.nbgrader.grade and original.metadata.nbgrader.solution)


def _text(cell: NotebookNode) -> str:
    return str(cell.source).strip()


def _among(cell: NotebookNode, cells: list[NotebookNode]) -> bool:
    return any(cell is other for other in cells)


def _retype(cell: NotebookNode, kind: str) -> None:
    cell.cell_type = kind
    if kind == "code":
        cell.execution_count, cell.outputs = None, []
        cell.pop("attachments", None)
    else:
        cell.pop("execution_count", None)
        cell.pop("outputs", None)


def _called(grade_id: str) -> str:
    if grade_id.startswith("check-"):
        return f"the check of {grade_id.removeprefix('check-')!r}"
    return f"the cell of {grade_id.removeprefix('question-')!r}"
