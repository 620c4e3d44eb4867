"""`quadratic_cost`: half the mean squared error."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_05_cost.batches import batch_cases, cost, misplaced_squares


def quadratic_cost(A: np.ndarray, Y: np.ndarray) -> float:
    """Return 1/(2n) Σ ‖y − a‖², a number; A and Y are (n, k)."""
    return float(np.sum((Y - A) ** 2) / (2 * len(A)))


def _with_loops(A: Any, Y: Any) -> Any:
    n, k = A.shape
    total = 0.0
    for i in range(n):
        for j in range(k):
            total += 0.5 * (A[i, j] - Y[i, j]) ** 2
    return total / n


def _norms(outputs: Any, targets: Any, factor: Any = 0.5) -> Any:
    print("n =", len(outputs))
    return factor * np.mean(np.linalg.norm(targets - outputs, axis=1) ** 2)


def _float32(A: Any, Y: Any) -> Any:
    return np.array((np.float32(Y) - np.float32(A)) ** 2).sum(1).mean(dtype=np.float32) / 2


def _frobenius(A: Any, Y: Any) -> Any:
    return np.array(np.linalg.norm(A - Y) ** 2 / 2 / len(A))


EXERCISE = Exercise(
    reference=quadratic_cost,
    cases=batch_cases,
    criteria=(
        Criterion("one", "the cost of a single example", 2, ("one",)),
        Criterion("batch", "the mean over several examples", 3, ("batch",)),
        Untouched(),
    ),
    mistakes=(
        general.wrong_factor(
            quadratic_cost,
            2.0,
            0.5,
            4.0,
            says="The result is off by a factor: the quadratic cost divides the sum by 2n. With 1/n it "
            "would be the mean squared error.",
        ),
        Misconception(
            "sum-instead-of-mean",
            (
                cost(lambda d: np.sum(d**2, axis=1), lambda rows: np.sum(rows) / 2),
                cost(lambda d: np.sum(d**2, axis=1), lambda rows: np.sum(rows) / 2 * len(rows)),
            ),
            "The examples are summed; the cost divides by their number n as well. (In Python, "
            "`total / 2 * n` divides by 2 and multiplies by n: write `total / (2 * n)`.)",
        ),
        Misconception(
            "mean-instead-of-sum",
            (lambda A, Y: np.mean((A - Y) ** 2) / 2,),
            "The outputs are averaged as well: np.mean over a whole array divides by n·k. ‖y − a‖² sums "
            "over the outputs of an example; only the examples are averaged.",
        ),
        Misconception(
            "wrong-axis",
            (cost(lambda d: np.sum(d**2, axis=0) / 2),),
            "The axes are exchanged: the examples are summed and the outputs averaged. Axis 1 runs over "
            "the outputs of an example, axis 0 over the examples.",
        ),
        Misconception(
            "misplaced-square",
            misplaced_squares(0.5),
            "The square is missing or in the wrong place: ‖y − a‖ is the root of the summed squares, "
            "and ‖y − a‖² that sum itself, without the root.",
        ),
        Misconception(
            "wrong-sign",
            (
                lambda A, Y: -np.sum((A - Y) ** 2) / (2 * len(A)),
                lambda A, Y: np.sum((A + Y) ** 2) / (2 * len(A)),
            ),
            "A sign is turned round: squares of the differences y − a are added up, so the cost is "
            "never negative.",
        ),
        general.first_example_only(
            quadratic_cost,
            0,
            1,
            says="Only the first example counts; the cost is the mean over all rows.",
        ),
    ),
    right=(_with_loops, _norms, _float32, _frobenius),
    hints=(
        "‖y − a‖² is what `squared_error` gives for one example; the rest of the formula is a factor.",
        "Half of the mean squared error: the squares are summed over outputs and examples, then "
        "divided by 2n.",
        "np.sum((Y − A) ** 2) / (2 * len(A)), with the brackets around 2 * len(A).",
    ),
    slide="deck D, “Cost Function”",
    uses=("squared_error", "mse"),
    ready_made=("nnkit.losses", "nnkit.network"),
)
