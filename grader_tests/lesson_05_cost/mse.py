"""`mse`: the squared error, averaged over the examples."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_05_cost.batches import SQUARES, batch_cases, cost, misplaced_squares


def mse(A: np.ndarray, Y: np.ndarray) -> float:
    """Return the mean over the examples of Σ (a − y)², a number; A and Y are (n, k)."""
    return float(np.sum((A - Y) ** 2) / len(A))


def _with_loops(A: Any, Y: Any) -> Any:
    total = 0.0
    for a_row, y_row in zip(A, Y):
        total += sum((a - y) ** 2 for a, y in zip(a_row, y_row))
    return total / A.shape[0]


def _row_by_row(outputs: Any, targets: Any, verbose: Any = False) -> Any:
    errors = [np.linalg.norm(a - y) ** 2 for a, y in zip(outputs, targets)]
    print("errors", errors)
    return np.array(np.mean(errors))


def _float32(A: Any, Y: Any) -> Any:
    difference = np.float32(A) - np.float32(Y)
    return np.einsum("nk,nk->", difference, difference) / np.float32(len(A))


def _trace(A: Any, Y: Any) -> Any:
    return np.trace((Y - A) @ (Y - A).T) / len(Y)


EXERCISE = Exercise(
    reference=mse,
    cases=batch_cases,
    criteria=(
        Criterion("one", "the cost of a single example", 2, ("one",)),
        Criterion("batch", "the mean over several examples", 3, ("batch",)),
        Untouched(),
    ),
    mistakes=(
        general.sum_instead_of_mean(
            mse, says="The errors of the examples are summed; divide by their number n."
        ),
        Misconception(
            "mean-instead-of-sum",
            (lambda A, Y: np.mean((A - Y) ** 2),),
            "The outputs are averaged as well: np.mean over a whole array divides by n·k. Sum over the "
            "outputs of an example; only the examples are averaged.",
        ),
        Misconception(
            "wrong-axis",
            (cost(lambda d: np.sum(d**2, axis=0)),),
            "The axes are exchanged: the examples are summed and the outputs averaged. Axis 1 runs over "
            "the outputs of an example, axis 0 over the examples.",
        ),
        general.wrong_factor(
            mse,
            says="The result is off by a factor 2. The mean squared error has no ½; the quadratic cost "
            "has one.",
        ),
        Misconception("misplaced-square", misplaced_squares(), SQUARES),
        Misconception(
            "wrong-sign",
            (
                lambda A, Y: -np.sum((A - Y) ** 2) / len(A),
                lambda A, Y: np.sum((A + Y) ** 2) / len(A),
            ),
            "A sign is turned round: squares of the differences a − y are added, so the cost is never "
            "negative.",
        ),
        general.first_example_only(
            mse, 0, 1, says="Only the first example counts; the cost is the mean over all rows."
        ),
    ),
    right=(_with_loops, _row_by_row, _float32, _trace),
    hints=(
        "What does `squared_error` give for each row? The cost is the mean of these n numbers.",
        "Two steps over two axes: a sum over the outputs (axis 1), then a mean over the examples.",
        "np.mean(np.sum((A − Y) ** 2, axis=1)).",
    ),
    slide="deck A, “2.5 Optimisation: cost function II”",
    uses=("squared_error",),
    ready_made=("nnkit.losses", "nnkit.network"),
)
