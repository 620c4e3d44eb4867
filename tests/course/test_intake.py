"""Notebooks that went through students' hands are put right, or refused with the reason."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from course.build import Lesson, make_lesson, notebook_bytes
from course.intake import Intake, take_in
from course.paths import Course
from course.submissions import UnreadableError

LESSON = "08-two-three-one"
Edit = Callable[[dict], Any]
ANSWER = "def forward(X, params):\n    return None"


@pytest.fixture(scope="module")
def lesson(checkout: Course) -> Lesson:
    return make_lesson(checkout, LESSON)


def cell(notebook: dict, grade_id: str) -> dict:
    return next(c for c in notebook["cells"] if c["id"] == grade_id)


def place(notebook: dict, grade_id: str) -> int:
    return notebook["cells"].index(cell(notebook, grade_id))


def duplicate(notebook: dict, grade_id: str, **changes: object) -> None:
    twin = copy.deepcopy(cell(notebook, grade_id)) | {"id": "twin"} | changes
    notebook["cells"].append(twin)


def remove(notebook: dict, *grade_ids: str) -> None:
    notebook["cells"] = [c for c in notebook["cells"] if c["id"] not in grade_ids]


def mark(notebook: dict, cell_id: str, /, **changes: object) -> None:
    cell(notebook, cell_id)["metadata"]["nbgrader"].update(changes)


def unmark(notebook: dict, *cell_ids: str) -> None:
    for cell_id in cell_ids:
        cell(notebook, cell_id)["metadata"] = {}


def retype(notebook: dict, grade_id: str, kind: str) -> None:
    changed = cell(notebook, grade_id)
    changed["cell_type"] = kind
    if kind == "code":
        changed.update(outputs=[], execution_count=None)
    else:
        changed.pop("outputs", None)
        changed.pop("execution_count", None)


def move_to_front(notebook: dict, grade_id: str) -> None:
    notebook["cells"].insert(0, notebook["cells"].pop(place(notebook, grade_id)))


def of_another_program(notebook: dict) -> None:
    """No metadata, other ids: what is left after programs that do not know nbgrader."""
    for number, each in enumerate(notebook["cells"]):
        each.update(metadata={}, id=f"n{number}")


REPAIRS: dict[str, tuple[Edit, list[str]]] = {
    "as it was released": (lambda nb: None, []),
    "cells of their own": (
        lambda nb: nb["cells"].insert(
            3, {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": "note"}
        ),
        [],
    ),
    "metadata of other programs": (lambda nb: nb["metadata"].update(colab={"a": []}), []),
    "outputs": (
        lambda nb: cell(nb, "forward").update(
            outputs=[{"output_type": "stream", "name": "stdout", "text": "hello"}]
        ),
        [],
    ),
    "cells without ids": (lambda nb: [c.pop("id") for c in nb["cells"]], []),
    "cell ids twice": (lambda nb: [c.update(id="same") for c in nb["cells"][:2]], []),
    "cell ids that are none": (lambda nb: nb["cells"][0].update(id="<b>" * 99), []),
    "other line endings": (
        lambda nb: [
            c.update(source="".join(c["source"]).replace("\n", "\r\n")) for c in nb["cells"]
        ],
        [],
    ),
    "no metadata at all": (lambda nb: nb.pop("metadata"), []),
    "a check twice": (
        lambda nb: duplicate(nb, "check-forward"),
        ["the check of 'forward' was there 2 times"],
    ),
    "a check missing": (
        lambda nb: remove(nb, "check-train"),
        ["the check of 'train' was missing: added"],
    ),
    "a check renamed": (
        lambda nb: mark(nb, "check-train", grade_id="check-trian"),
        ["the check of 'train' had lost its mark: recognised"],
    ),
    "all marks lost": (
        of_another_program,
        [f"the check of {name!r} had lost its mark: recognised" for name in ("forward", "update")],
    ),
    "a check edited": (
        lambda nb: cell(nb, "check-forward").update(source="1000"),
        ["the check of 'forward' was edited: put back"],
    ),
    "a check turned into text": (
        lambda nb: retype(nb, "check-forward", "markdown"),
        ["the check of 'forward' had become markdown: code again"],
    ),
    "a check before the answer": (
        lambda nb: move_to_front(nb, "check-update"),
        ["the check of 'update' stood before the answer: moved behind it"],
    ),
    "more points": (
        lambda nb: mark(nb, "check-train", points=1e9),
        ["the check of 'train' had other grading marks: put back"],
    ),
    "points that are none": (
        lambda nb: mark(nb, "check-train", points={"a": float("nan")}),
        ["the check of 'train' had other grading marks: put back"],
    ),
    "a check that is not graded": (
        lambda nb: mark(nb, "check-train", grade=False),
        ["the check of 'train' had other grading marks: put back"],
    ),
    "an exercise deleted": (lambda nb: remove(nb, "update"), ["the cell of 'update' is missing"]),
    "an exercise turned into text": (
        lambda nb: retype(nb, "forward", "raw"),
        ["the cell of 'forward' had become raw: code again"],
    ),
    "an answer turned into code": (
        lambda nb: retype(nb, "question-old-weights", "code"),
        ["the cell of 'old-weights' had become code: markdown again"],
    ),
    "a cell of another lesson": (
        lambda nb: mark(nb, "update", grade_id="sgd_step") or cell(nb, "update").update(id="x"),
        [
            "a cell of another lesson or version ('sgd_step') is run as the student's own",
            "the cell of 'update' is missing",
        ],
    ),
    "an id that is no text": (
        lambda nb: mark(nb, "update", grade_id=["update"]),
        ["the cell of 'update' had lost its mark: recognised"],
    ),
    "marks that are none": (
        lambda nb: cell(nb, "update")["metadata"].update(nbgrader=7),
        ["the cell of 'update' had lost its mark: recognised"],
    ),
    "an older schema": (lambda nb: mark(nb, "forward", schema_version=1), []),
    "another kernel": (
        lambda nb: nb["metadata"].update(
            kernelspec={"name": "ir"}, language_info={"name": "R\x1b[31m"}
        ),
        ["the notebook was saved with a kernel for R[31m: run with Python"],
    ),
    "a cell without a type": (
        lambda nb: nb["cells"][2].pop("cell_type"),
        ["1 of 45 cells were not as a notebook's cells should be"],
    ),
    "cells that are no cells": (
        lambda nb: nb["cells"].extend([1, None]),
        ["2 of 47 cells were not as a notebook's cells should be"],
    ),
    "a source of numbers": (
        lambda nb: nb["cells"][2].update(source=[1, 2]),
        ["1 of 45 cells were not as a notebook's cells should be"],
    ),
    "no format": (
        lambda nb: nb.pop("nbformat"),
        ["the notebook did not say which format it has: read as format 4"],
    ),
}


def edited(lesson: Lesson, edit: Edit) -> dict:
    notebook = json.loads(notebook_bytes(lesson.student))
    edit(notebook)
    return notebook


def take(lesson: Lesson, edit: Edit) -> Intake:
    return take_in(json.dumps(edited(lesson, edit)).encode(), lesson.student)


def is_gradable(taken: Intake, lesson: Lesson) -> None:
    """Nbformat, nbgrader and the lesson agree with it."""
    nbformat.validate(taken.notebook)
    MetadataValidator().validate_nb(taken.notebook)
    marked = [c for c in taken.notebook.cells if "nbgrader" in c.metadata]
    names = [c.metadata.nbgrader.grade_id for c in marked]
    assert len(names) == len(set(names))
    for each in marked:
        original = lesson.marked[each.metadata.nbgrader.grade_id]
        assert each.metadata == original.metadata
        assert each.cell_type == original.cell_type
        if each.id.startswith("check-"):
            assert each.source == original.source
            answer = each.id.removeprefix("check-")
            assert answer not in names or names.index(answer) < names.index(each.id)
    for exercise in lesson.exercises:
        assert f"check-{exercise}" in names
    assert taken.notebook.metadata == lesson.student.metadata
    assert all(not c.outputs for c in taken.notebook.cells if c.cell_type == "code")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("edit", "repairs"), REPAIRS.values(), ids=REPAIRS)
def test_put_right(
    lesson: Lesson, edit: Edit, repairs: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    taken = take(lesson, edit)
    is_gradable(taken, lesson)
    assert [line for line in repairs if line not in taken.repairs] == []
    assert bool(taken.repairs) == bool(repairs)
    assert all(line.isprintable() for line in taken.repairs)
    assert capfd.readouterr() == ("", "")


def test_nothing_of_an_honest_notebook_is_changed(lesson: Lesson) -> None:
    taken = take(lesson, lambda nb: None)
    for mine, theirs in zip(taken.notebook.cells, lesson.student.cells, strict=True):
        assert (mine.cell_type, mine.source, mine.id) == (
            theirs.cell_type,
            theirs.source,
            theirs.id,
        )


def order(taken: Intake) -> list[str]:
    return [c.id for c in taken.notebook.cells]


def test_a_missing_check_comes_behind_its_answer(lesson: Lesson) -> None:
    taken = take(lesson, lambda nb: remove(nb, "check-update"))
    assert order(taken).index("check-update") == order(taken).index("update") + 1


def test_a_missing_check_comes_last_where_the_answer_is_nowhere(lesson: Lesson) -> None:
    taken = take(lesson, lambda nb: remove(nb, "update", "check-update"))
    assert order(taken)[-1] == "check-update"


def test_a_split_answer_stays_whole(lesson: Lesson) -> None:
    def split(notebook: dict) -> None:
        first = cell(notebook, "forward")
        second = copy.deepcopy(first) | {"id": "second", "source": "    return None"}
        first["source"] = "def forward(X, params):"
        notebook["cells"].insert(place(notebook, "forward") + 1, second)

    taken = take(lesson, split)
    is_gradable(taken, lesson)
    sources = [c.source for c in taken.notebook.cells]
    at = sources.index("def forward(X, params):")
    assert sources[at + 1] == "    return None"
    assert taken.notebook.cells[at + 2].id == "check-forward"


@pytest.mark.parametrize("first", [True, False])
def test_the_copy_that_was_worked_in_carries_the_mark(lesson: Lesson, first: bool) -> None:
    def work(notebook: dict) -> None:
        duplicate(notebook, "forward", **({} if first else {"source": ANSWER}))
        if first:
            cell(notebook, "forward")["source"] = ANSWER

    taken = take(lesson, work)
    marked = next(c for c in taken.notebook.cells if c.id == "forward")
    assert marked.source == ANSWER
    assert len(taken.notebook.cells) == len(lesson.student.cells) + 1


def test_both_answers_to_a_question_are_kept(lesson: Lesson) -> None:
    picture = {"a.png": {"image/png": "AAAA"}}

    def answer_twice(notebook: dict) -> None:
        cell(notebook, "question-old-weights").update(source="First.", attachments=picture)
        duplicate(notebook, "question-old-weights", source="Second.", attachments={})

    taken = take(lesson, answer_twice)
    is_gradable(taken, lesson)
    answer = next(c for c in taken.notebook.cells if c.id == "question-old-weights")
    assert "First." in answer.source
    assert "Second." in answer.source
    assert answer.attachments == picture
    assert taken.lost == frozenset()


def test_an_answer_that_is_missing_is_lost_not_empty(lesson: Lesson) -> None:
    taken = take(lesson, lambda nb: remove(nb, "question-old-weights"))
    is_gradable(taken, lesson)
    assert taken.lost == {"question-old-weights"}
    assert taken.repairs == ("the cell of 'old-weights' is missing: a person has to look for it",)


def test_half_a_character_can_be_written(lesson: Lesson) -> None:
    taken = take(lesson, lambda nb: cell(nb, "forward").update(source="# \ud800"))
    taken.notebook.cells[0].source.encode()
    assert next(c for c in taken.notebook.cells if c.id == "forward").source == "# \ufffd"


ENCODINGS = {
    "utf-8-sig": "the file was not plain UTF-8 but utf-8-sig: converted",
    "utf-16": "the file was not plain UTF-8 but utf-16: converted",
    "utf-16-le": "the file was not plain UTF-8 but utf-16-le: converted",
    "utf-32": "the file was not plain UTF-8 but utf-32: converted",
    "cp1252": "the file was not plain UTF-8 but windows-1252: converted",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_other_encodings(lesson: Lesson, encoding: str) -> None:
    notebook = edited(lesson, lambda nb: cell(nb, "forward").update(source="# Änderung"))
    for each in notebook["cells"]:
        each["source"] = "".join(each["source"]).encode("cp1252", errors="ignore").decode("cp1252")
    content = json.dumps(notebook, ensure_ascii=False).encode(encoding)
    taken = take_in(content, lesson.student)
    assert ENCODINGS[encoding] in taken.repairs
    assert "# Änderung" in [c.source for c in taken.notebook.cells]


@pytest.mark.parametrize("version", [2, 3])
def test_older_formats(lesson: Lesson, version: int) -> None:
    old = nbformat.convert(nbformat.from_dict(edited(lesson, lambda nb: None)), 3)
    if version == 2:
        for worksheet in old.worksheets:
            worksheet.cells = [c for c in worksheet.cells if c.cell_type in ("code", "markdown")]
        old.nbformat = 2
        old.pop("nbformat_minor")
    taken = take_in(json.dumps(old).encode(), lesson.student)
    is_gradable(taken, lesson)
    assert f"the notebook had the old format {version}: converted to format 4" in taken.repairs


NOT_NOTEBOOKS = {
    "empty": (b"", "the file is empty"),
    "cut off": (b'{"cells": [', "not valid JSON"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "not valid JSON"),
    "an archive": (b"PK\x03\x04....", "is an archive"),
    "a list": (b"[]", "some other JSON"),
    "a number": (b"7", "some other JSON"),
    "settings": (b'{"a": 1}', "some other JSON"),
    "a web page": (b"<!DOCTYPE html>", "not valid JSON"),
    "nested deeply": (b"[" * 100_000, "nested too deeply"),
    "a huge number": (b'{"cells": [' + b"9" * 100_000 + b"]}", "not valid JSON"),
    "many lists": (b"[" + b"[]," * 1_000_000 + b"1]", "too complicated"),
    "many numbers": (b"[" + b"1," * 5_000_000 + b"1]", "too complicated"),
    "many cells": (
        b'{"nbformat": 4, "cells": [' + b"{}," * 100_000 + b"{}]}",
        "has 100,001 cells",
    ),
    "no list of cells": (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
    "a future format": (b'{"nbformat": 5, "cells": []}', "has format 5"),
    "a format of words": (b'{"nbformat": "four", "cells": []}', "has format 'four'"),
    "an old format, broken": (b'{"nbformat": 3, "worksheets": [1]}', "cannot be converted"),
    "no cells": (b'{"nbformat": 4, "cells": []}', "none of the lesson's exercises"),
}


@pytest.mark.parametrize(("content", "reason"), NOT_NOTEBOOKS.values(), ids=NOT_NOTEBOOKS)
def test_refused(lesson: Lesson, content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as refused:
        take_in(content, lesson.student)
    assert str(refused.value).isprintable()


def test_another_lessons_notebook_is_refused(lesson: Lesson) -> None:
    def rename(notebook: dict) -> None:
        for number, each in enumerate(notebook["cells"]):
            each.update(id=f"n{number}", source="x = 1")
            each["metadata"].get("nbgrader", {}).update(grade_id=f"other-{number}")

    with pytest.raises(UnreadableError, match="none of the lesson's exercises"):
        take(lesson, rename)


BOMBS = {
    "lists": b'{"nbformat": 4, "cells": [' + b"[]," * 6_000_000 + b"1]}",
    "pairs": b'{"nbformat": 4, "cells": [{"a":' + b'{"a":1},' * 10 + b"1]}",
    "letters": b'{"nbformat": 4, "cells": ["' + "𝕏".encode() * 4_900_000 + b'"]}',
    "metadata": b'{"nbformat": 4, "metadata": [' + b'{"a":0},' * 490_000 + b'1], "cells": []}',
}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux measures it")
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_eats_little_memory(lesson: Lesson, tmp_path, bomb: str) -> None:
    (tmp_path / "bomb").write_bytes(BOMBS[bomb])
    (tmp_path / "lesson").write_bytes(notebook_bytes(lesson.student))
    program = f"""
import resource, nbformat, course.intake as intake
released = nbformat.read({str(tmp_path / "lesson")!r}, as_version=4)
content = open({str(tmp_path / "bomb")!r}, "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    intake.take_in(content, released)
except intake.UnreadableError:
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert float(done.stdout) < 400  # MB
