"""A course of its own for each test, made from the real lesson."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest

from course import demo, grade
from course.build import notebook_bytes
from course.gradebook import Book
from course.paths import ROOT_VARIABLE, Course, write_atomically

LESSON = "08-two-three-one"
PATIENCE = 120_000  # milliseconds that a page may take: a busy machine is not a mistake
NASTY = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
DUE = datetime(2026, 11, 1, 12)
PENALTY = """

from nbgrader.plugins import LateSubmissionPlugin


class TwoPoints(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 2.0


get_config().AssignLatePenalties.plugin_class = TwoPoints
"""


@pytest.fixture(scope="session")
def checkout() -> Course:
    return Course(Path(__file__).parents[2])


@pytest.fixture
def new_course(tmp_path: Path, checkout: Course) -> Course:
    """A course with the real lesson's source and nothing built."""
    course = Course(tmp_path / "course of mine")
    source = course.source(LESSON)
    source.parent.mkdir(parents=True)
    shutil.copy(checkout.source(LESSON), source)
    return course


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Course], Course]:
    """Make a course the one that the command works on."""

    def choose(course: Course) -> Course:
        monkeypatch.setenv(ROOT_VARIABLE, str(course.root))
        return course

    return choose


def hand_in(course: Course, student: str, sample: str, answers: dict[str, str]) -> Path:
    """Hand in a sample with other answers; only the cells that matter, to save time."""
    path = demo.hand_in(course, student, demo.SAMPLES / f"{sample}.py")
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    cells.insert(0, nbformat.v4.new_code_cell("import numpy as np", id="numpy"))
    for cell in cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    notebook.cells = cells
    write_atomically(path, notebook_bytes(notebook))
    return path


@pytest.fixture(scope="session")
def term(tmp_path_factory: pytest.TempPathFactory, checkout: Course) -> Course:
    """A graded class for tests that only read: one right and late, one wrong, two that are trouble.

    Ann is right and two days late, which costs two points. Ben leaves out derivatives. Cem's file is
    no notebook. Eve tries to get scripts into pages. Dan is enrolled and handed in nothing.
    """
    course = demo.make_course(checkout, tmp_path_factory.mktemp("term"))
    config = course.home / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + PENALTY, encoding="utf-8")
    answer = "The steps of `W1` and `b1` change."
    ann = hand_in(course, "ann", "all-right", {"question-old-weights": answer})
    ann.with_name("timestamp.txt").write_text("2026-11-03 12:00:00 UTC")
    hand_in(course, "ben", "no-derivative", {"question-old-weights": answer})
    hand_in(course, "cem", "all-right", {}).write_text('{"cells": [')
    hand_in(
        course,
        "eve",
        "all-right",
        {
            "question-old-weights": f"# Mine\n\n{NASTY}\n\n[click](javascript:alert(1)) ![p](http://x/y.png)",
            "output_bpe": f"# {NASTY}\ndef output_bpe(out, Y):\n    raise ValueError({NASTY!r})",
            "hidden_bpe": f"from IPython.display import HTML, Javascript, display\n"
            f"display(HTML({NASTY!r}), Javascript('document.title = 1'))\n1 / 0",
        },
    )
    with Book(course) as book:
        book.update_or_create_assignment(LESSON, duedate=DUE)
        book.update_or_create_student("dan", first_name="Dan", last_name="=1+1")
        book.update_or_create_student("eve", first_name=NASTY, last_name="Eve", lms_user_id="417")
    grade.grade(course, [LESSON])
    return course


@pytest.fixture(scope="session")
def tabs(browser: Any) -> Iterator[Any]:
    """Tabs of a real browser, with patience."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()
