"""What the lesson's exercises share: lines, points beside them, and numbers away from 0."""

from __future__ import annotations

import numpy as np

from grader_tests.exercise import Case


def away_from_zero(
    rng: np.random.Generator, shape: tuple[int, ...], low: float, high: float
) -> np.ndarray:
    """Draw numbers between low and high in size, of either sign."""
    return np.asarray(rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape))


def line_cases(rng: np.random.Generator) -> list[Case]:
    """Draw lines and points: a single point, several; numbers are Python's or 0-d arrays."""
    return [
        _line(rng, "one", 1),
        _line(rng, "one", 1),
        _line(rng, "several", 3),
        _line(rng, "several", 6),
        _line(rng, "several", 4, zero_d=True),
    ]


def _line(rng: np.random.Generator, kind: str, n: int, zero_d: bool = False) -> Case:
    """Draw points close to a line; neither their residuals nor those times x cancel out in the sum."""
    number = np.array if zero_d else float
    while True:
        intercept, slope = away_from_zero(rng, (2,), 0.4, 1.6)
        x, residuals = rng.uniform(0.4, 3.0, n), away_from_zero(rng, (n,), 0.1, 0.4)
        sums = (residuals, residuals * x, residuals * x - residuals)
        if all(np.abs(np.sum(s)) > 0.2 * np.sum(np.abs(s)) for s in sums):
            return Case(
                kind, (number(intercept), number(slope), x, intercept + slope * x + residuals)
            )
