"""What the lesson's optimizers share: parameters, gradients and averages drawn at random."""

from __future__ import annotations

import numpy as np

from grader_tests.lesson_08_two_three_one.net import away_from_zero


def signed(rng: np.random.Generator, shape: tuple[int, ...], scale: float = 1.0) -> np.ndarray:
    """Draw numbers of either sign, as an array also where the shape is ()."""
    return np.array(away_from_zero(rng, shape, scale))


def positive(rng: np.random.Generator, shape: tuple[int, ...], scale: float = 1.0) -> np.ndarray:
    """Draw averages of squares: numbers between 0.15·scale and scale."""
    return np.array(rng.uniform(0.15 * scale, scale, shape))


def cancels(old: tuple[np.ndarray, ...], new: tuple[np.ndarray, ...]) -> bool:
    """Tell whether a new value is a small rest of large ones, which rounding would spoil."""
    pairs = zip(old, new, strict=True)
    return any(np.max(np.abs(after)) < 0.1 * np.max(np.abs(before)) for before, after in pairs)


def rate(rng: np.random.Generator) -> float:
    """Draw a learning rate that is neither 1 nor a usual default."""
    return float(rng.choice([0.07, 0.2, 0.3, 0.6, 0.8]))
