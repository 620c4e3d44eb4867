"""Submissions made of a few cells, and one executor for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import nbformat
import pytest

from course import records
from course.execution import Executor, Job, Limits, Result, find_sandbox
from course.execution.sandbox import why_not

LESSON = "08-two-three-one"
LIMITS = Limits(cell_seconds=2.0, submission_seconds=30.0, memory=600 * 2**20)
RIGHT = {
    "forward": """
def forward(X, params):
    W1, b1, W2, b2 = params
    H = 1 / (1 + np.exp(-(X @ W1.T + b1)))
    return H, 1 / (1 + np.exp(-(H @ W2.T + b2)))
""",
    "output_bpe": """
def output_bpe(out, Y):
    return (out - Y) * out * (1 - out)
""",
    "hidden_bpe": """
def hidden_bpe(bpe_out, W2, H):
    return bpe_out @ W2 * H * (1 - H)
""",
    "update": """
def update(params, X, H, bpe_out, bpe_hidden, learning_rate):
    W1, b1, W2, b2 = params
    new_W1, new_b1 = W1 - learning_rate * bpe_hidden.T @ X, b1 - learning_rate * bpe_hidden.sum(0)
    new_W2, new_b2 = W2 - learning_rate * bpe_out.T @ H, b2 - learning_rate * bpe_out.sum(0)
    return new_W1, new_b1, new_W2, new_b2
""",
    "train": """
def train(X, Y, params, learning_rate, goal=0.001, max_epochs=10000):
    for epochs in range(max_epochs + 1):
        H, out = forward(X, params)
        if 0.5 * np.sum((out - Y) ** 2) < goal or epochs == max_epochs:
            return params, epochs
        bpe_out = output_bpe(out, Y)
        bpe_hidden = hidden_bpe(bpe_out, params[2], H)
        params = update(params, X, H, bpe_out, bpe_hidden, learning_rate)
""",
}
POINTS = {"forward": 10.0, "output_bpe": 6.0, "hidden_bpe": 8.0, "update": 10.0, "train": 12.0}


@pytest.fixture(scope="session")
def executor() -> Iterator[Executor]:
    reason = why_not()
    if reason:
        pytest.skip(f"students' code cannot be shut in on this machine: {reason}")
    with Executor(find_sandbox(), LIMITS) as made:
        yield made


def job(*cells: str, lesson: str = LESSON, seed: int = 3, **assets: bytes) -> Job:
    """Make a submission; a cell that is the name of an exercise, with a mark, is its check.

    >>> job("import numpy as np", "def forward(X, params): ...", "?forward")  # doctest: +SKIP
    """
    notebook = nbformat.v4.new_notebook()
    checks = {}
    notebook.cells.append(nbformat.v4.new_code_cell("import numpy as np", id="numpy"))
    for number, source in enumerate(cells):
        cell = nbformat.v4.new_code_cell(source, id=f"cell-{number}")
        if source.startswith("?"):
            grade_id = f"check-{source[1:]}"
            checks[grade_id] = source[1:]
            cell.source = "raise SystemExit('what a submission says here is never run')"
            points = POINTS.get(source[1:], 0.0)
            cell.metadata.nbgrader = {"grade_id": grade_id, "grade": True, "points": points}
        notebook.cells.append(cell)
    return Job("ann", lesson, notebook, checks, seed, dict(assets))


def outcomes(result: Result) -> dict[str, records.Outcome]:
    """Return what the checks came to, by exercise."""
    cells = [cell for cell in result.notebook["cells"] if "nbgrader" in cell["metadata"]]
    return {
        cell["metadata"]["nbgrader"]["grade_id"].removeprefix("check-"): records.outcome(cell)
        for cell in cells
    }


def scores(result: Result) -> dict[str, float | None]:
    """Return the scores by exercise; None where it could not be checked."""
    return {name: found.score for name, found in outcomes(result).items()}


def printed(result: Result, cell: int = 1) -> str:
    """Return what a cell has printed and shown as text."""
    outputs: list[Mapping[str, Any]] = result.notebook["cells"][cell]["outputs"]
    texts = [
        output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs
    ]
    return "".join(texts)


def errors(result: Result, cell: int = 1) -> list[str]:
    """Return the errors of a cell, as name and value."""
    outputs = result.notebook["cells"][cell]["outputs"]
    return [f"{o['ename']}: {o['evalue']}" for o in outputs if o["output_type"] == "error"]


Run = Callable[..., Result]


@pytest.fixture
def run(executor: Executor) -> Run:
    """Run a submission of these cells."""
    return lambda *cells, **options: executor.run(job(*cells, **options))
