"""What the lesson's elementwise exercises share: everything that a z may be.

Entries of 10,000 stand apart from small ones wherever the function grows: an allowed error of 1e-4
times the largest entry would hide all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Untouched

SHAPES = ((5,), (3, 4), (2, 3, 2), (2, 1))
KINDS = ("values", "numbers", "integers", "extremes")


def away_from_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Draw numbers between 0.3 and 3 in size, of either sign, both signs among them."""
    z = rng.uniform(0.3, 3.0, shape) * rng.choice([-1.0, 1.0], shape)
    z.flat[0], z.flat[-1] = -abs(z.flat[0]), abs(z.flat[-1])
    return z


def number(rng: np.random.Generator, sign: int) -> float:
    """Draw one number between 0.5 and 2 in size."""
    return sign * float(rng.uniform(0.5, 2.0))


def float_arrays(rng: np.random.Generator) -> list[np.ndarray]:
    """Draw arrays of one, two and three dimensions; in the first three some entries are small."""
    arrays = [away_from_zero(rng, shape) for shape in SHAPES]
    for z in arrays[:3]:
        z.flat[2:4] = rng.permutation([-1.0, 1.0]) * rng.uniform(0.02, 0.08, 2)
    return arrays


def numbers(rng: np.random.Generator) -> list[Any]:
    """Draw Python numbers and 0-d arrays."""
    python = [number(rng, -1), number(rng, 1)]
    return [*python, np.array(number(rng, 1)), np.array(number(rng, -1))]


def integers(rng: np.random.Generator) -> list[Any]:
    """Draw arrays of integers, none of them 0, and Python's whole numbers.

    int64 and int32: of smaller integers numpy makes float16, which no answer is to blame for.
    """
    whole = lambda shape, dtype: np.ceil(away_from_zero(rng, shape)).astype(dtype)
    arrays = [whole((4,), np.int64), whole((2, 3), np.int32)]
    arrays = [np.where(z == 0, -1, z).astype(z.dtype) for z in arrays]
    return [*arrays, int(rng.integers(1, 4)), -int(rng.integers(1, 4)), np.array(-2)]


def far_left(rng: np.random.Generator) -> list[np.ndarray]:
    """Draw arrays with very negative entries beside one of usual size."""
    far = [-10_000.0, -800.0, -720.0, -400.0, -100.0, -float(rng.integers(1000, 9000))]
    return [_shuffled(rng, [*far, number(rng, -1)]), np.array([-10_000, -1, -90])]


def far_right(rng: np.random.Generator) -> list[np.ndarray]:
    """Draw arrays with very large entries."""
    far = [10_000.0, 800.0, 720.0, 400.0, 100.0, float(rng.integers(1000, 9000))]
    return [_shuffled(rng, [*far, number(rng, 1)]), np.array([10_000, 1, 90])]


def far_both(rng: np.random.Generator) -> list[np.ndarray]:
    """Draw arrays with entries of either kind; for functions that stay small."""
    sides = zip(far_left(rng), far_right(rng), strict=True)
    return [np.concatenate([left, right]) for left, right in sides]


def _shuffled(rng: np.random.Generator, entries: list[float]) -> np.ndarray:
    return rng.permutation(entries)


def cases_of(
    kind: str, inputs: list[Any], options: Mapping[str, float] | None = None
) -> list[Case]:
    """Make a case of each input."""
    return [Case(kind, (z,), options or {}) for z in inputs]


def with_zero(arrays: list[np.ndarray]) -> list[np.ndarray]:
    """Put a 0 into the first array, where the function is asked for at 0."""
    first = arrays[0].copy()
    first[1] = 0.0
    return [first, *arrays[1:]]


def criteria(
    values: str, *more: Criterion, extremes: str = "finite and right for |z| up to 10,000"
) -> tuple[Criterion | Untouched, ...]:
    """Make the criteria that all elementwise exercises have, `more` after the first."""
    return (
        Criterion("values", values, 3, ("values",)),
        *more,
        Criterion("numbers", "single numbers and 0-d arrays", 1, ("numbers",)),
        Criterion("integers", "whole numbers", 1, ("integers",)),
        Criterion("extremes", extremes, 2, ("extremes",)),
        Untouched(),
    )


def cut_to_integers(right: Any) -> Any:
    """Write the right results into an array like z, which cuts them off where z holds integers."""

    def version(z: Any, **options: Any) -> Any:
        return np.asarray(right(z, **options)).astype(np.asarray(z).dtype)

    return version


CUT_OFF = (
    "With whole numbers the fractions are cut off: an array like z (zeros_like, copy) holds integers "
    "when z does. Calculate a new array, or make room with dtype=float."
)
ONE_AT_A_TIME = (
    "The function works for a single number only. `if`, `max` and the `math` module do not take arrays "
    "entry by entry; np.where, np.maximum and np.exp do."
)
