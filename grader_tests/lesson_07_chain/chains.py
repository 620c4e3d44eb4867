"""What the lesson's exercises share: random chains, activations and numbers away from 0."""

from __future__ import annotations

import numpy as np


def sigmoid(z: np.ndarray) -> np.ndarray:
    """σ(z); the lesson's |z| stay under 30, so the plain formula is safe."""
    return 1 / (1 + np.exp(-z))


def random_chain(rng: np.random.Generator, length: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Draw (w, b, x) with weights large enough for the first neuron to matter at the end."""
    w = away_from_zero(rng, (length,), 0.9, 2.2)
    return w, away_from_zero(rng, (length,), 0.2, 0.8), float(away_from_zero(rng, (), 0.4, 1.4))


def activations(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw activations between 0.1 and 0.9, away from 0.5 where several mistakes would agree."""
    return rng.uniform(0.1, 0.4, shape) + rng.choice([0.0, 0.5], shape)


def away_from_zero(
    rng: np.random.Generator, shape: tuple[int, ...], low: float, high: float
) -> np.ndarray:
    """Draw numbers between low and high in size, of either sign."""
    return np.asarray(rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape))
