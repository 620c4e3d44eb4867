"""`ssr`: the sum of the squared residuals of a line."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_06_gradient_descent.lines import line_cases


def ssr(intercept: float, slope: float, x: np.ndarray, y: np.ndarray) -> float:
    """Return Σ (y − (intercept + slope·x))², a number; x and y are (n,)."""
    return float(np.sum((y - (intercept + slope * x)) ** 2))


def _with_loop(intercept: Any, slope: Any, x: Any, y: Any) -> Any:
    total = 0
    for i in range(len(x)):
        predicted = intercept + slope * x[i]
        print(predicted, y[i])
        total = total + (y[i] - predicted) ** 2
    return total


def _dot(b0: Any, b1: Any, xs: Any, ys: Any, weight: Any = 1.0) -> Any:
    residuals = b0 + b1 * xs - ys
    return np.array(weight * residuals @ residuals)


def _float32(intercept: Any, slope: Any, x: Any, y: Any) -> Any:
    x, y = np.float32(x), np.float32(y)
    return np.square(y - np.float32(intercept) - np.float32(slope) * x).sum(dtype=np.float32)


def _matrix(intercept: Any, slope: Any, x: Any, y: Any) -> Any:
    A = np.column_stack([np.ones_like(x), x])
    return np.linalg.norm(A @ np.array([intercept, slope]) - y) ** 2


EXERCISE = Exercise(
    reference=ssr,
    cases=line_cases,
    criteria=(
        Criterion("one", "the squared residual of a single point", 2, ("one",)),
        Criterion("several", "the sum over several points", 3, ("several",)),
        Untouched(),
    ),
    mistakes=(
        general.mean_instead_of_sum(
            ssr, 2, says="The squares are averaged over the points; here they are summed."
        ),
        general.wrong_factor(
            ssr, says="The result is off by a factor 2: deck D’s sum of squared residuals has no ½."
        ),
        Misconception(
            "misplaced-square",
            (
                lambda b, m, x, y: np.sum(np.abs(y - (b + m * x))),
                lambda b, m, x, y: np.sum(y - (b + m * x)),
                lambda b, m, x, y: np.sum(y - (b + m * x)) ** 2,
                lambda b, m, x, y: np.sqrt(np.sum((y - (b + m * x)) ** 2)),
                lambda b, m, x, y: np.sum(y - (b + m * x) ** 2),
            ),
            "The square is missing or in the wrong place: every residual is squared by itself, and the "
            "squares are summed as they are, with no root at the end.",
        ),
        Misconception(
            "missing-bias",
            (lambda b, m, x, y: ssr(0.0, m, x, y),),
            "The intercept is missing from the prediction: it is intercept + slope·x.",
        ),
        Misconception(
            "wrong-sign",
            (
                lambda b, m, x, y: -ssr(b, m, x, y),
                lambda b, m, x, y: ssr(-b, -m, x, y),
                lambda b, m, x, y: ssr(b, -m, x, y),
                lambda b, m, x, y: ssr(-b, m, x, y),
            ),
            "A sign is turned round. The residual is y minus the whole prediction, so the brackets in "
            "y − (intercept + slope·x) matter.",
        ),
        Misconception(
            "swapped",
            (
                lambda b, m, x, y: ssr(m, b, x, y),
                lambda b, m, x, y: ssr(b, m, y, x),
            ),
            "Two arguments are exchanged: the slope multiplies x, the intercept is added, and the sum "
            "is compared with y.",
        ),
        Misconception(
            "ignores-argument",
            (lambda b, m, x, y: ssr(b, 0.64, x, y), lambda b, m, x, y: ssr(b, 1.0, x, y)),
            "The slope that is handed over has no effect. Deck D’s 0.64 is one value among many.",
        ),
        general.first_example_only(
            ssr, 2, 3, says="Only the first point counts; sum over all of them."
        ),
    ),
    right=(_with_loop, _dot, _float32, _matrix),
    hints=(
        "What does the line predict at x = 0.5, and how far is that from y = 1.4?",
        "Predictions for all x at once: intercept + slope * x. Then residuals, squares, sum.",
        "np.sum((y − (intercept + slope * x)) ** 2).",
    ),
    slide="deck D, “Gradient Descent” (Using SS (Residuals as Loss Function))",
    ready_made=("nnkit.losses",),
)
