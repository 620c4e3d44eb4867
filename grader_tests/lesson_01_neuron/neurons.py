"""What the lesson's exercises share: neurons of which it is known what they answer, and why."""

from __future__ import annotations

import numpy as np

Neuron = tuple[np.ndarray, np.ndarray, float]


def away_from_zero(rng: np.random.Generator, shape: int | tuple[int, ...]) -> np.ndarray:
    """Draw numbers between 0.3 and 2 in size, of either sign."""
    return rng.uniform(0.3, 2.0, shape) * rng.choice([-1.0, 1.0], shape)


def with_sum(rng: np.random.Generator, d: int, product: float, b: float) -> Neuron:
    """Draw (w, x, b) with d inputs and w·x = product."""
    w, x = away_from_zero(rng, d), away_from_zero(rng, d)
    x[-1] = (product - w[:-1] @ x[:-1]) / w[-1]
    return w, x, b


def decided_by_bias(rng: np.random.Generator, d: int, side: int, product: int) -> Neuron:
    """Draw a neuron whose bias outweighs the weighted inputs.

    The sum has the sign of `side`, the weighted inputs alone have the sign of `product`.
    """
    size = rng.uniform(0.4, 0.8)
    return with_sum(rng, d, product * size, side * size * rng.uniform(1.5, 2.5))


def decided_by_inputs(rng: np.random.Generator, d: int, side: int, bias: int) -> Neuron:
    """Draw a neuron whose weighted inputs outweigh the bias.

    The sum has the sign of `side`, the bias has the sign of `bias`. With a mean in the place of the
    sum of two inputs or more, a bias of the other sign would win.
    """
    size = rng.uniform(1.0, 2.0)
    return with_sum(rng, d, side * size, bias * size * rng.uniform(0.65, 0.85))


def on_the_boundary(rng: np.random.Generator, d: int, product: int) -> Neuron:
    """Draw a neuron with w·x + b = 0 exactly, w·x having the sign of `product`.

    Halves times small whole numbers: float32 is as exact as float64, and no order of summing matters.
    """
    while True:
        w = rng.integers(1, 8, d) * rng.choice([-0.5, 0.5], d)
        x = rng.integers(1, 5, d) * rng.choice([-1.0, 1.0], d)
        if product * (w @ x) > 0:
            return w, x, -float(w @ x)
