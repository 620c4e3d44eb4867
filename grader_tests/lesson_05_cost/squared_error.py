"""`squared_error`: the cost of one example."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_05_cost.batches import SQUARES, activations, one_hot


def squared_error(a: np.ndarray, y: np.ndarray) -> float:
    """Return Σ (a − y)² of one example, a number; a and y are (k,)."""
    return float(np.sum((a - y) ** 2))


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw images' outputs against one-hot targets, then numbers of any sign, and single ones."""
    digits = [Case("digit", (activations(rng, k), one_hot(rng, 1, k)[0])) for k in (10, 3, 4)]
    numbers = [Case("any", (rng.normal(size=k), rng.normal(size=k))) for k in (2, 5, 8)]
    single = Case("any", (rng.uniform(0.2, 0.9, 1), rng.uniform(1.2, 2.9, 1)))
    return [*digits, *numbers, single]


def _with_loop(a: Any, y: Any) -> Any:
    total = 0
    for i in range(len(a)):
        print(i, a[i], y[i])
        total += (a[i] - y[i]) ** 2
    return total


def _dot(output: Any, target: Any, axis: Any = None) -> Any:
    return np.dot(output - target, output - target)


def _float32(a: Any, y: Any) -> Any:
    return np.array(np.square(np.float32(y) - np.float32(a)).sum())


def _norm(a: Any, y: Any) -> Any:
    return np.linalg.norm(a - y) ** 2


EXERCISE = Exercise(
    reference=squared_error,
    cases=cases,
    criteria=(
        Criterion("digit", "the error of an output against a one-hot target", 2, ("digit",)),
        Criterion("any", "outputs and targets of any size and sign", 3, ("any",)),
        Untouched(),
    ),
    mistakes=(
        general.mean_instead_of_sum(
            squared_error,
            says="The squares are averaged over the outputs; the error of one example is their sum.",
        ),
        general.wrong_factor(
            squared_error,
            says="The result is off by a factor 2. There is no ½ in this lesson’s squared error; it "
            "comes with the quadratic cost.",
        ),
        Misconception(
            "misplaced-square",
            (
                lambda a, y: np.sum(np.abs(a - y)),
                lambda a, y: np.sum(a - y),
                lambda a, y: np.sum(y - a),
                lambda a, y: np.sum(a - y) ** 2,
                lambda a, y: np.linalg.norm(a - y),
                lambda a, y: np.sum(a**2 - y**2),
                lambda a, y: np.sum(a - y**2),
            ),
            SQUARES,
        ),
        Misconception(
            "wrong-sign",
            (
                lambda a, y: -np.sum((a - y) ** 2),
                lambda a, y: np.sum((a + y) ** 2),
            ),
            "A sign is turned round: squares of the differences a − y are added up, so the error is "
            "never negative.",
        ),
    ),
    right=(_with_loop, _dot, _float32, _norm),
    hints=(
        "Take the ten activations of the slide’s “3” and work out the first two terms on paper.",
        "a − y gives all the differences at once. What has to be done with each of them, and then with "
        "all together?",
        "np.sum((a − y) ** 2): the square inside, the sum outside.",
    ),
    slide="deck A, “2.5 Optimisation: cost function II”",
    ready_made=("nnkit.losses", "nnkit.network"),
)
