"""A right answer of any form gets full marks and stops no cell: loops, lists, float32, 0-d arrays.

Checks accept all of these (tests/grader_tests/test_exercises.py), so the cells that use what a student
has written must, too. For the later lessons, `right_answers/` holds the work of whole students, each
with a style of their own; it is judged, run in its notebook, and graded by `course grade`.
"""

import copy
import dataclasses
import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import grader_tests
import nnkit as nn
from course import demo
from course.build import build, make_lesson
from course.execution.sandbox import why_not
from course.marks import parse
from course.paths import Course
from course.slicing import left_out
from grader_tests.judging import assess
from tests.commands import graded

CHECKOUT = Course(Path(__file__).parents[2])
LESSONS = ["00-tensors", "01-neuron", "02-activations", "03-softmax", "04-forward", "05-cost"]
LATER_LESSONS = [lesson for lesson in grader_tests.lessons() if lesson not in LESSONS]
STUDENTS = sorted(Path(__file__).with_name("right_answers").glob("*/*.py"))
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # a warning costs nobody a point
FORMS = [
    (lesson, form)
    for lesson in LESSONS
    for form in range(max(len(task.right) for task in grader_tests.exercises(lesson).values()))
]
each_student = pytest.mark.parametrize(
    "answers", STUDENTS, ids=lambda path: f"{path.parent.name}-{path.stem}"
)
# What takes long with loops in Python, and less of it that says as much.
QUICKER = {
    "09-backprop": (
        ("for _ in range(1000):", "for _ in range(5):"),
        ("while len(times) < repeats", "while len(times) < 1"),
        ("digits.X_train[:100].astype(float)", "digits.X_train[:4].astype(float)"),
        ("digits.y_train[:100]", "digits.y_train[:4]"),
    ),
    "10-mnist": (("nets_after(start, 30)", "nets_after(start, 2)"),),
    "14-limits": (
        ("digits.X_test.astype(float)", "digits.X_test[:20].astype(float)"),
        (
            "digits.Y_test.astype(float), digits.y_test",
            "digits.Y_test[:20].astype(float), digits.y_test[:20]",
        ),
    ),
}


@pytest.fixture(autouse=True)
def _as_numpy_prints():
    """Leave numbers printed as they were: lessons say how theirs are."""
    with np.printoptions():
        yield


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Let the cells have fewer pictures and no frames to draw ahead."""
    digits = nn.digits()
    few = dataclasses.replace(digits, X_train=digits.X_train[:200], y_train=digits.y_train[:200])
    monkeypatch.setattr(nn, "digits", lambda: few)
    monkeypatch.setattr(nn.widgets, "slider", lambda *_, **__: None)


def run_cells(lesson, answers):
    """Run the lesson's cells, but its checks, with these functions as the student's."""
    names = {}
    for cell in make_lesson(CHECKOUT, lesson).instructor.cells:
        if cell.id in answers:
            names[cell.id] = answers[cell.id]
        elif cell.cell_type == "code" and not cell.id.startswith("check-"):
            run_cell(lesson, cell, names)


def run_cell(lesson, cell, names):
    exec(compile(cell.source, f"{lesson}, cell {cell.id}", "exec"), names)
    plt.close("all")


def as_lists(value):
    """Turn arrays into lists and numbers, also inside tuples and lists."""
    if isinstance(value, tuple | list):
        return type(value)(as_lists(item) for item in value)
    return np.asarray(value).tolist()


def answering_in_lists(function):
    """Return the function with its result as lists."""

    @functools.wraps(function)
    def listed(*args, **kwargs):
        return as_lists(function(*args, **kwargs))

    return listed


@pytest.mark.parametrize(("lesson", "form"), FORMS)
def test_no_cell_stops_at_a_right_answer(lesson, form):
    tasks = grader_tests.exercises(lesson)
    run_cells(lesson, {name: task.right[form % len(task.right)] for name, task in tasks.items()})


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_cell_stops_at_a_list(lesson):
    tasks = grader_tests.exercises(lesson)
    answers = {name: answering_in_lists(task.reference) for name, task in tasks.items()}
    for name, task in tasks.items():
        assert assess(lesson, task, answers[name], seed=0).status == "pass"
    run_cells(lesson, answers)


# -- whole students -----------------------------------------------------------------------------------


def notebook_of(answers):
    """Return the lesson with a student's answers, and the ids of the cells that use none of them."""
    lesson = make_lesson(CHECKOUT, answers.parent.name)
    written = {cell.grade_id: cell.node.source for cell in parse(answers) if cell.kind}
    assert set(written) == set(lesson.exercises)
    notebook = copy.deepcopy(lesson.student)
    for cell in notebook.cells:
        cell.source = written.get(cell.id, cell.source)
    # A cell that is not in what was released is run, with all that it needs.
    others = [cell for cell in lesson.student.cells if "# Your function" not in cell.source]
    return notebook, left_out(notebook.cells, others)


def quickened(lesson, source):
    for long, short in QUICKER.get(lesson, ()):
        source = source.replace(long, short)
    return source


def test_what_is_made_quicker_is_there():
    for lesson, pairs in QUICKER.items():
        source = "".join(cell.source for cell in make_lesson(CHECKOUT, lesson).student.cells)
        assert all(long in source for long, _ in pairs)


@pytest.mark.parametrize("lesson", LATER_LESSONS)
def test_every_later_lesson_has_three_students(lesson):
    assert len([path for path in STUDENTS if path.parent.name == lesson]) >= 3


@each_student
def test_a_student_gets_full_marks_and_no_cell_stops(answers):
    lesson, names = answers.parent.name, {}
    notebook, useless = notebook_of(answers)
    for cell in notebook.cells:
        if cell.id.startswith("check-"):
            name = cell.id.removeprefix("check-")
            verdict = grader_tests.judge(lesson, name, names[name], seed=1, namespace=names)
            assert verdict.status == "pass", verdict.text()
        elif cell.cell_type == "code" and cell.id not in useless:
            cell.source = quickened(lesson, cell.source)
            run_cell(lesson, cell, names)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """What `course grade` says of one student of every lesson, and of all styles in turn."""
    if reason := why_not():
        pytest.skip(f"students' code cannot be shut in on this machine: {reason}")
    course = Course(tmp_path_factory.mktemp("right"))
    ignored = shutil.ignore_patterns("*.ipynb", "__pycache__")
    for lesson in LATER_LESSONS:
        folder = course.source(lesson).parent
        shutil.copytree(CHECKOUT.source(lesson).parent, folder, ignore=ignored)
    build(course, LATER_LESSONS)
    for number, lesson in enumerate(LATER_LESSONS):
        mine = [path for path in STUDENTS if path.parent.name == lesson]
        demo.hand_in(course, "ann", mine[number % len(mine)], lesson)
    return graded(course)


@pytest.mark.parametrize("lesson", LATER_LESSONS)
def test_course_grade_gives_full_marks(records, lesson):
    scores = {r["exercise"]: r["score"] for r in records if r["lesson"] == lesson}
    assert scores == make_lesson(CHECKOUT, lesson).exercises
