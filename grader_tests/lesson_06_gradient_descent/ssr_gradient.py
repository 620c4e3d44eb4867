"""`ssr_gradient`: the derivatives of the sum of squared residuals."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_06_gradient_descent.lines import line_cases
from grader_tests.lesson_06_gradient_descent.ssr import ssr


def ssr_gradient(
    intercept: float, slope: float, x: np.ndarray, y: np.ndarray
) -> tuple[float, float]:
    """Return (d_intercept, d_slope) of Σ (y − (intercept + slope·x))², two numbers."""
    residuals = y - (intercept + slope * x)
    return float(-2 * np.sum(residuals)), float(-2 * np.sum(residuals * x))


def _version(d_intercept: Any, d_slope: Any) -> Any:
    """Build a version of the function from its two derivatives, given the residuals r and x."""

    def version(intercept: Any, slope: Any, x: Any, y: Any) -> Any:
        r = y - (intercept + slope * x)
        return np.sum(d_intercept(r)), np.sum(d_slope(r, x))

    return version


def _as_printed(intercept: Any, slope: Any, x: Any, y: Any) -> Any:
    """Square all residuals but the first, as the slide's second derivative does."""
    r = y - (intercept + slope * x)
    return -2 * np.sum(r), -2 * (x[0] * r[0] + np.sum(x[1:] * r[1:] ** 2))


def _with_loop(intercept: Any, slope: Any, x: Any, y: Any) -> Any:
    d_intercept, d_slope = 0.0, 0.0
    for x_i, y_i in zip(x, y):
        d_intercept += -2 * (y_i - (intercept + slope * x_i))
        d_slope += -2 * x_i * (y_i - (intercept + slope * x_i))
    return [d_intercept, d_slope]


def _by_differences(intercept: Any, slope: Any, x: Any, y: Any, h: Any = 1e-5) -> Any:
    d_intercept = (ssr(intercept + h, slope, x, y) - ssr(intercept - h, slope, x, y)) / (2 * h)
    d_slope = (ssr(intercept, slope + h, x, y) - ssr(intercept, slope - h, x, y)) / (2 * h)
    return d_intercept, d_slope


def _matrix(b0: Any, b1: Any, xs: Any, ys: Any) -> Any:
    A = np.vstack([np.ones_like(xs), xs])
    print(A.shape)
    return 2 * A @ (A.T @ np.array([b0, b1]) - ys)


def _float32(intercept: Any, slope: Any, x: Any, y: Any) -> Any:
    x, y = x.astype(np.float32), y.astype(np.float32)
    error = np.float32(intercept) + np.float32(slope) * x - y
    return np.array(2 * error.sum()), np.array(2 * error.dot(x))


EXERCISE = Exercise(
    reference=ssr_gradient,
    cases=line_cases,
    criteria=(
        Criterion("intercept", "the derivative by the intercept", 3, ("one", "several"), (0,)),
        Criterion("slope", "the derivative by the slope", 4, ("one", "several"), (1,)),
        Untouched(),
    ),
    mistakes=(
        general.wrong_sign(
            ssr_gradient,
            says="The sign is turned round. The residual y − (intercept + slope·x) falls when the "
            "intercept grows: that is where the minus in −2 comes from.",
        ),
        general.wrong_factor(
            ssr_gradient,
            says="The derivatives are off by a factor 2: the derivative of r² is 2r, and there is no ½.",
        ),
        general.mean_instead_of_sum(
            ssr_gradient,
            2,
            says="The derivatives are averaged over the points; the cost sums them.",
        ),
        Misconception(
            "missing-factor",
            (
                _version(lambda r: -2 * r, lambda r, x: -2 * r),
                _version(lambda r: -2 * r, lambda r, x: -2 * x),
            ),
            "A factor of the chain rule is missing: the derivative by the slope has the residual, and "
            "each residual’s own derivative, −x, as well.",
        ),
        Misconception(
            "misplaced-square",
            (
                _as_printed,
                _version(lambda r: -2 * r, lambda r, x: -2 * x * r**2),
                _version(lambda r: -2 * r**2, lambda r, x: -2 * x * r**2),
                _version(lambda r: -2 * r, lambda r, x: -2 * r * x**2),
            ),
            "A square is left that differentiating takes away: r² becomes 2r times the derivative of r. "
            "(The slide’s second derivative still prints squares; its first one does not.)",
        ),
        Misconception(
            "missing-bias",
            (lambda b, m, x, y: ssr_gradient(0.0, m, x, y),),
            "The intercept is missing from the residuals: they are y − (intercept + slope·x).",
        ),
        Misconception(
            "swapped",
            (
                lambda b, m, x, y: ssr_gradient(b, m, x, y)[::-1],
                lambda b, m, x, y: ssr_gradient(m, b, x, y),
            ),
            "Two things are exchanged: the intercept comes first, among the arguments and in the "
            "result.",
        ),
        Misconception(
            "ignores-argument",
            (lambda b, m, x, y: ssr_gradient(b, 0.64, x, y),),
            "The slope that is handed over has no effect. Deck D’s 0.64 is one value among many.",
        ),
        general.first_example_only(
            ssr_gradient, 2, 3, says="Only the first point counts; sum over all of them."
        ),
    ),
    right=(_with_loop, _by_differences, _matrix, _float32),
    hints=(
        "Differentiate one term, (y − (intercept + slope·x))², by the intercept: outer times inner "
        "derivative.",
        "Each term gives −2·residual for the intercept, and −2·residual·x for the slope.",
        "residuals = y − (intercept + slope * x); then −2 * np.sum(residuals) and "
        "−2 * np.sum(residuals * x).",
    ),
    slide="deck D, “Gradient Descent” (Take the Derivative of the Loss Function)",
    uses=("ssr",),
    ready_made=("nnkit.losses", "nnkit.gradcheck"),
)
