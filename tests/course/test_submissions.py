"""Submissions that nbgrader would choke on are found before it sees them."""

import copy
import json
from pathlib import Path

import pytest

from course import submissions
from course.build import Lesson, make_lesson, notebook_bytes
from course.paths import Course, write_atomically

LESSON = "08-two-three-one"


@pytest.fixture(scope="module")
def lesson(checkout: Course) -> Lesson:
    return make_lesson(checkout, LESSON)


@pytest.fixture
def course(new_course: Course, lesson: Lesson) -> Course:
    path = new_course.notebook(new_course.submitted, LESSON, "ann")
    write_atomically(path, notebook_bytes(lesson.student))
    return new_course


def cell(notebook: dict, grade_id: str) -> dict:
    return next(c for c in notebook["cells"] if c["id"] == grade_id)


def duplicate(notebook: dict, grade_id: str) -> None:
    twin = copy.deepcopy(cell(notebook, grade_id))
    twin["id"] = "twin"
    notebook["cells"].append(twin)


def remove(notebook: dict, grade_id: str) -> None:
    notebook["cells"].remove(cell(notebook, grade_id))


def mark(notebook: dict, cell_id: str, /, **changes: object) -> None:
    cell(notebook, cell_id)["metadata"]["nbgrader"].update(changes)


def retype(notebook: dict, grade_id: str) -> None:
    changed = cell(notebook, grade_id)
    changed["cell_type"] = "markdown"
    del changed["outputs"], changed["execution_count"]


FINE = {
    "as it was released": lambda nb: None,
    "cells of their own": lambda nb: nb["cells"].insert(
        3, {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": "note"}
    ),
    "the exercise's cell deleted": lambda nb: remove(nb, "update"),
    "metadata of other programs": lambda nb: nb["metadata"].update(colab={"provenance": []}),
    "cells without ids": lambda nb: (
        [c.pop("id") for c in nb["cells"]] and nb.update(nbformat_minor=4)
    ),
    "a check turned into text": lambda nb: retype(nb, "check-forward"),
    "a check's source changed": lambda nb: cell(nb, "check-forward").update(source="1000"),
    "cell ids twice": lambda nb: [c.update(id="same") for c in nb["cells"][:2]],
}

BROKEN = {
    "check twice": (
        lambda nb: duplicate(nb, "check-forward"),
        "that checks 'forward' is there 2 times",
    ),
    "exercise twice": (
        lambda nb: duplicate(nb, "forward"),
        "the cell of 'forward' is there 2 times",
    ),
    "check missing": (lambda nb: remove(nb, "check-train"), "that checks 'train' is missing"),
    "question missing": (lambda nb: remove(nb, "question-old-weights"), "'old-weights' is missing"),
    "check renamed": (
        lambda nb: mark(nb, "check-train", grade_id="check-trian"),
        "the cell that checks 'train' is missing",
    ),
    "cell of another lesson": (
        lambda nb: mark(nb, "update", grade_id="sgd_step"),
        "a cell of another lesson or version ('sgd_step')",
    ),
    "id that is no text": (
        lambda nb: mark(nb, "update", grade_id=["update"]),
        "the submission cannot be read (TypeError",
    ),
    "check not graded": (
        lambda nb: mark(nb, "check-train", grade=False),
        "the grading marks of the cell that checks 'train' were changed",
    ),
    "older schema": (
        lambda nb: mark(nb, "forward", schema_version=2),
        "nbgrader's marks in the notebook are broken",
    ),
    "schema of words": (
        lambda nb: mark(nb, "forward", schema_version="three"),
        "nbgrader's marks in the notebook are broken",
    ),
    "emptied marks": (
        lambda nb: nb["cells"][2]["metadata"].update(nbgrader={}),
        "nbgrader's marks in the notebook are broken",
    ),
    "cell without a source": (lambda nb: nb["cells"][2].pop("source"), "not a valid notebook"),
    "unknown cell type": (
        lambda nb: nb["cells"][2].update(cell_type="poem"),
        "not a valid notebook",
    ),
    "cells that are no cells": (lambda nb: nb.update(cells=[1, 2]), "not a valid notebook"),
    "an old notebook format": (lambda nb: nb.update(nbformat=3), "not a notebook of format 4"),
}

NOT_NOTEBOOKS = {
    "empty": (b"", "the file is empty"),
    "cut off": (b'{"cells": [', "not valid JSON"),
    "not text": (b"\x89PNG\r\n\x1a\n", "not UTF-8"),
    "utf-16": ('{"cells": []}'.encode("utf-16"), "not UTF-8"),
    "a list": (b"[]", "not a notebook of format 4"),
    "a number": (b"7", "not a notebook of format 4"),
    "a web page": (b"<!DOCTYPE html>", "not valid JSON"),
    "nested deeply": (b"[" * 100_000, "nested too deeply"),
}


def change(course: Course, edit) -> None:
    path = course.notebook(course.submitted, LESSON, "ann")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    edit(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("edit", FINE.values(), ids=FINE)
def test_fine(course: Course, lesson: Lesson, edit, capfd: pytest.CaptureFixture[str]) -> None:
    change(course, edit)
    assert submissions.problem(course, lesson, "ann") is None
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("edit", "reason"), BROKEN.values(), ids=BROKEN)
def test_broken_notebook(course: Course, lesson: Lesson, edit, reason: str) -> None:
    change(course, edit)
    found = submissions.problem(course, lesson, "ann")
    assert found is not None
    assert reason in found
    assert found.isprintable()


@pytest.mark.parametrize(("content", "reason"), NOT_NOTEBOOKS.values(), ids=NOT_NOTEBOOKS)
def test_not_a_notebook(course: Course, lesson: Lesson, content: bytes, reason: str) -> None:
    course.notebook(course.submitted, LESSON, "ann").write_bytes(content)
    assert reason in (submissions.problem(course, lesson, "ann") or "")


def test_another_file_name(course: Course, lesson: Lesson) -> None:
    path = course.notebook(course.submitted, LESSON, "ann")
    path.rename(path.with_name("08-two-three-one (1).ipynb"))
    assert submissions.problem(course, lesson, "ann") == (
        "expected a notebook called 08-two-three-one.ipynb, found 08-two-three-one (1).ipynb"
    )
    path.with_name("08-two-three-one (1).ipynb").unlink()
    assert "found no notebook" in (submissions.problem(course, lesson, "ann") or "")


def test_too_large(course: Course, lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "MAX_BYTES", 1000)
    assert "MB, more than" in (submissions.problem(course, lesson, "ann") or "")


def test_not_readable(course: Course, lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    assert "Permission denied" in (submissions.problem(course, lesson, "ann") or "")


@pytest.mark.parametrize("what", ["notebook", "lesson", "student"])
def test_a_link(course: Course, lesson: Lesson, tmp_path: Path, what: str) -> None:
    path = course.notebook(course.submitted, LESSON, "ann")
    linked = {"notebook": path, "lesson": path.parent, "student": path.parent.parent}[what]
    elsewhere = tmp_path / "elsewhere"
    linked.rename(elsewhere)
    linked.symlink_to(elsewhere)
    assert "is a link" in (submissions.problem(course, lesson, "ann") or "")


def test_timestamp(course: Course, lesson: Lesson) -> None:
    stamp = course.notebook(course.submitted, LESSON, "ann").with_name("timestamp.txt")
    for text in ("2026-11-20 12:00:00 UTC", "2026-11-20T12:00:00.123456Z", ""):
        stamp.write_text(text)
        assert submissions.problem(course, lesson, "ann") is None
    stamp.write_text("yesterday evening")
    assert "timestamp.txt holds no date" in (submissions.problem(course, lesson, "ann") or "")


@pytest.mark.parametrize("name", ["ann", "a.b@uni.example", "Müller, Änne", "o'neill", "1234567"])
def test_student_ids(course: Course, lesson: Lesson, name: str) -> None:
    (course.submitted / "ann").rename(course.submitted / name)
    assert submissions.problem(course, lesson, name) is None
    assert submissions.students(course, LESSON) == [name]


@pytest.mark.parametrize("name", ["a*", "[ann]", "a?b", "a+b", "(ann)", "{ann}", "ann ", "=1+1"])
def test_student_ids_that_nbgrader_cannot_handle(course: Course, lesson: Lesson, name: str) -> None:
    (course.submitted / "ann").rename(course.submitted / name)
    assert "cannot handle the name" in (submissions.problem(course, lesson, name) or "")


def test_strays(course: Course) -> None:
    (course.submitted / "bob" / "08-two-tree-one").mkdir(parents=True)
    (course.submitted / "carl.ipynb").write_text("{}")
    (course.submitted / ".DS_Store").write_text("")
    (course.submitted / "d\x1b[31m" / LESSON).mkdir(parents=True)
    assert submissions.students(course, LESSON) == ["ann"]
    assert submissions.strays(course) == [
        "bob/08-two-tree-one",
        "carl.ipynb",
        r"'d\x1b[31m/08-two-three-one'",
    ]
