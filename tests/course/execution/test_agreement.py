"""A check says the same of a function in a worker as of one in its own process."""

from __future__ import annotations

import copy
import json

import nbformat
import pytest

from course import demo
from course.build import make_lesson
from course.execution import Executor, Job
from course.execution.kernel import execute_in_kernel
from course.marks import parse
from course.paths import Course
from grader_tests import catalogue
from grader_tests.verdict import MIME

from .agreement import disagreements
from .conftest import LESSON, RIGHT, job, outcomes

# One of each kind of argument and result: arrays, functions, generators, nodes of graphs, sets,
# arrays of another module, batches that are iterated over, exceptions that are right.
SAMPLE = (
    ("03-softmax", "multi_hot", 1),
    ("04-forward", "dense", 0),
    ("04-forward", "init_params", 0),
    ("07-chain", "output_deltas", 0),
    ("08-two-three-one", "hidden_bpe", 0),
    ("10-mnist", "iterate_minibatches", 0),
    ("12-gpu", "namespace", 0),
    ("13-frameworks", "parameter_table", 0),
)


@pytest.mark.parametrize(("lesson", "exercise", "seed"), SAMPLE)
def test_verdicts_are_the_same(lesson: str, exercise: str, seed: int) -> None:
    task = catalogue.exercise(lesson, exercise)
    assert list(disagreements(lesson, task, seed)) == []


def test_samples_get_in_the_sandbox_what_they_get_in_a_kernel(
    executor: Executor, checkout: Course
) -> None:
    lesson = make_lesson(checkout, LESSON)
    for name, path in demo.samples().items():
        answers = {cell.grade_id: cell.node.source for cell in parse(path) if cell.kind}
        notebook = copy.deepcopy(lesson.student)
        notebook.cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
        notebook.cells.insert(0, nbformat.v4.new_code_cell("import numpy as np", id="numpy"))
        for cell in notebook.cells:
            cell.source = answers.get(
                cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source
            )
        checks = {f"check-{exercise}": exercise for exercise in lesson.exercises}
        submission = Job(name, LESSON, notebook, checks, 11)
        here, there = executor.run(submission), execute_in_kernel(submission)
        assert verdicts(here.notebook) == verdicts(there.notebook), name
        assert len(verdicts(here.notebook)) == len(checks)


def verdicts(notebook: dict) -> list[dict]:
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    return [json.loads(json.dumps(o["data"][MIME])) for o in outputs if MIME in o.get("data", {})]


STAND_IN = {
    "wrong forward, right train": (
        "def forward(X, params):\n    return X[:, :1] * np.ones((1, 3)), 0.5 * np.ones((len(X), 1))",
        ("train",),
    ),
    "forward raises": ("def forward(X, params):\n    raise ValueError(1)", ("train",)),
}
TRAIN = """
def update(params, X, H, bpe_out, bpe_hidden, learning_rate):
    W1, b1, W2, b2 = params
    return (W1 - learning_rate * bpe_hidden.T @ X, b1 - learning_rate * bpe_hidden.sum(axis=0),
            W2 - learning_rate * bpe_out.T @ H, b2 - learning_rate * bpe_out.sum(axis=0))
def train(X, Y, params, learning_rate, goal=0.001, max_epochs=10000):
    for epoch in range(max_epochs + 1):
        H, out = forward(X, params)
        if 0.5 * np.sum((out - Y) ** 2) < goal or epoch == max_epochs:
            return params, epoch
        bpe_out = output_bpe(out, Y)
        bpe_hidden = hidden_bpe(bpe_out, params[2], H)
        params = update(params, X, H, bpe_out, bpe_hidden, learning_rate)
"""


@pytest.mark.parametrize("case", STAND_IN)
def test_a_right_version_stands_in_across_the_split(executor: Executor, case: str) -> None:
    forward, _ = STAND_IN[case]
    submission = job(forward, RIGHT["output_bpe"], RIGHT["hidden_bpe"], TRAIN, "?forward", "?train")
    found = outcomes(executor.run(submission))
    assert found["forward"].score == 0
    assert found["train"].score == 12


def test_a_helper_that_kills_python_costs_only_itself(executor: Executor) -> None:
    dies = "def output_bpe(out, Y):\n    import os\n    os._exit(0)"
    cells = (RIGHT["forward"], dies, RIGHT["hidden_bpe"], TRAIN)
    result = executor.run(job(*cells, "?forward", "?output_bpe", "?hidden_bpe", "?train"))
    found = outcomes(result)
    assert {name: outcome.score for name, outcome in found.items()} == {
        "forward": 10,
        "output_bpe": None,
        "hidden_bpe": 8,
        "train": 12,
    }
    assert "Python died" in found["output_bpe"].reason


@pytest.mark.parametrize("before", ["", "import sys\n    sys.setprofile(None)\n    "])
def test_calling_nnkit_is_noticed_across_the_split(executor: Executor, before: str) -> None:
    answer = f"""
from nnkit.activations import softmax as ready
def softmax(Z):
    {before}return ready(Z)
"""
    shown = verdicts(executor.run(job(answer, "?softmax", lesson="03-softmax")).notebook)[0]
    assert (shown["score"], shown["misconceptions"]) == (0, ["borrowed"])
    assert "nnkit.activations.Activation.__call__" in shown["diagnoses"][0]["says"]


ROUNDABOUT = {
    "in a child": """
from nnkit.activations import softmax as ready
def softmax(Z):
    import os
    end, start = os.pipe()
    if not os.fork():
        os.write(start, ready(Z).tobytes())
        os._exit(0)
    os.wait()
    return np.frombuffer(os.read(end, 10_000)).reshape(Z.shape)
""",
    "in another Python": '''
import subprocess, sys
def softmax(Z):
    program = f"""
import nnkit.activations, numpy as np
print(nnkit.activations.softmax(np.array({Z.tolist()})).tolist())"""
    return eval(subprocess.run([sys.executable, "-c", program], capture_output=True).stdout)
''',
    "from its source": """
import inspect, nnkit.activations
names = {"np": np}
exec(inspect.getsource(nnkit.activations), names)
softmax = names["softmax"]
""",
}


@pytest.mark.parametrize("way", ROUNDABOUT)
def test_nnkit_cannot_be_called_in_a_roundabout_way(executor: Executor, way: str) -> None:
    result = executor.run(job(ROUNDABOUT[way], "?softmax", lesson="03-softmax"))
    assert verdicts(result.notebook)[0]["score"] == 0


def test_what_a_notebook_defines_that_is_no_function_is_told(executor: Executor) -> None:
    result = executor.run(job("forward = np.ones(3)", "?forward", "?output_bpe"))
    shown = {verdict["exercise"]: verdict for verdict in verdicts(result.notebook)}
    assert shown["forward"]["misconceptions"] == ["wrong-type"]
    assert shown["output_bpe"]["misconceptions"] == ["not-implemented"]
