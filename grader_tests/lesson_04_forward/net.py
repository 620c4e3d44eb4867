"""What the lesson's exercises share: sizes, weights and inputs that tell mistakes apart."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

Params = list[tuple[np.ndarray, np.ndarray]]


def sigmoid(z: np.ndarray) -> np.ndarray:
    """σ(z); the lesson's |z| stay under 30, so the plain formula is safe."""
    return 1 / (1 + np.exp(-z))


def random_sizes(rng: np.random.Generator, layers: int, low: int = 2, high: int = 9) -> list[int]:
    """Draw the sizes of a net, all different: no weight matrix is square, no two layers are alike."""
    return [int(size) for size in low + rng.permutation(high - low + 1)[: layers + 1]]


def random_params(rng: np.random.Generator, sizes: list[int]) -> Params:
    """Draw a pair (W, b) for every layer, no entry close to 0."""
    return [
        (away_from_zero(rng, (n_out, n_in), 1.0), away_from_zero(rng, (n_out,), 1.0))
        for n_in, n_out in pairwise(sizes)
    ]


def away_from_zero(rng: np.random.Generator, shape: tuple[int, ...], scale: float) -> np.ndarray:
    """Draw numbers between 0.2·scale and scale in size, of either sign: none is lost in rounding."""
    return rng.uniform(0.2 * scale, scale, shape) * rng.choice([-1.0, 1.0], shape)
