"""A right answer of any form stops no cell: loops, lists, float32, 0-d arrays, truth values.

Checks accept all of these (tests/grader_tests/test_exercises.py), so the cells that use what a student
has written must, too.
"""

import dataclasses
import functools
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import grader_tests
import nnkit as nn
from course.build import make_lesson
from course.paths import Course
from grader_tests.judging import assess

LESSONS = ["00-tensors", "01-neuron", "02-activations", "03-softmax", "04-forward", "05-cost"]
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # a warning costs nobody a point
FORMS = [
    (lesson, form)
    for lesson in LESSONS
    for form in range(max(len(task.right) for task in grader_tests.exercises(lesson).values()))
]


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
    for cell in make_lesson(Course(Path(__file__).parents[2]), lesson).instructor.cells:
        if cell.id in answers:
            names[cell.id] = answers[cell.id]
        elif cell.cell_type == "code" and not cell.id.startswith("check-"):
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
