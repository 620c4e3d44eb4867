"""What the lesson's exercises share: activations and targets, and the squared error's relatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests.exercise import Case

SQUARES = (
    "The square is missing or in the wrong place: every difference a − y is squared by itself, and the "
    "squares are summed as they are, with no root at the end."
)


def one_hot(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    """Draw n one-hot targets, (n, k), as floats."""
    return np.eye(k)[rng.integers(0, k, n)]


def activations(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw activations between 0.05 and 0.95, away from 0.5."""
    return rng.uniform(0.05, 0.4, shape) + rng.choice([0.0, 0.55], shape)


def batch_cases(rng: np.random.Generator) -> list[Case]:
    """Draw batches of one and of several examples, for targets of 0 and 1 and for others.

    n is neither 1 nor k where a mean over the wrong thing must show.
    """
    return [
        Case("one", (activations(rng, 1, 4), one_hot(rng, 1, 4))),
        Case("one", (activations(rng, 1, 3), rng.uniform(-1.5, 1.5, (1, 3)))),
        Case("batch", (activations(rng, 5, 3), one_hot(rng, 5, 3))),
        Case("batch", (activations(rng, 7, 10), one_hot(rng, 7, 10))),
        Case("batch", (rng.normal(size=(6, 2)), rng.normal(size=(6, 2)))),
        Case("batch", (rng.normal(size=(4, 1)), 2 + rng.normal(size=(4, 1)))),
    ]


def cost(
    of_row: Callable[[Any], Any] = lambda d: np.sum(d**2, axis=1),
    of_all: Callable[[Any], Any] = np.mean,
) -> Callable[[Any, Any], Any]:
    """Build a version of a cost from what it does with the differences of a row, and with all rows."""
    return lambda A, Y: of_all(of_row(A - Y))


def misplaced_squares(factor: float = 1.0) -> tuple[Callable[[Any, Any], Any], ...]:
    """Make the versions of a mean over examples in which the square is not where it belongs."""
    return (
        cost(lambda d: factor * np.sum(np.abs(d), axis=1)),
        cost(lambda d: factor * np.sum(d, axis=1)),
        cost(lambda d: factor * np.sum(d, axis=1) ** 2),
        cost(lambda d: factor * np.sqrt(np.sum(d**2, axis=1))),
        cost(lambda d: factor * np.sum(d**2, axis=1), lambda rows: np.sqrt(np.mean(rows))),
        lambda A, Y: factor * np.linalg.norm(A - Y) / len(A),
        lambda A, Y: factor * np.sum(A - Y) ** 2 / len(A),
        lambda A, Y: factor * np.mean(np.sum(A**2 - Y**2, axis=1)),
    )
