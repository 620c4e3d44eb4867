"""What the lesson's exercises share: deck B's net, and random nets and observations like it."""

from __future__ import annotations

import numpy as np

Params = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def sigmoid(z: np.ndarray) -> np.ndarray:
    """σ(z); the lesson's |z| stay under 30, so the plain formula is safe."""
    return 1 / (1 + np.exp(-z))


def random_params(rng: np.random.Generator, scale: float = 1.0) -> Params:
    """Draw (W1, b1, W2, b2) uniformly from [−scale, scale), no entry close to 0."""
    shapes = ((3, 2), (3,), (1, 3), (1,))
    W1, b1, W2, b2 = (away_from_zero(rng, shape, scale) for shape in shapes)
    return W1, b1, W2, b2


def random_inputs(rng: np.random.Generator, n: int) -> np.ndarray:
    """Draw n observations like deck B's z-scores, (n, 2)."""
    return away_from_zero(rng, (n, 2), 1.5)


def random_targets(rng: np.random.Generator, n: int) -> np.ndarray:
    """Draw targets 0 and 1, (n, 1), the first two of them different."""
    Y = rng.integers(0, 2, size=(n, 1)).astype(float)
    Y[1:2] = 1 - Y[0]
    return Y


def away_from_zero(rng: np.random.Generator, shape: tuple[int, ...], scale: float) -> np.ndarray:
    """Draw numbers between 0.15·scale and scale in size, of either sign: none is lost in rounding."""
    return rng.uniform(0.15 * scale, scale, shape) * rng.choice([-1.0, 1.0], shape)
