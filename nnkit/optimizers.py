"""Optimizers: how the parameters move, given the gradient."""

import math
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from nnkit.network import MLP


class Optimizer(Protocol):
    """Anything with a `step` that changes ``net.theta`` in place with the help of ``net.grad``."""

    def step(self, net: "MLP") -> None:
        """Make one step downhill."""


class SGD:
    """Gradient descent: theta ← theta − learning_rate · grad.

    With the gradient of all examples it is batch gradient descent, with that of a few it is
    stochastic gradient descent; the optimizer cannot tell and need not know. Deck A, "2.5
    Optimisation: gradient descent I". Decks A and B write α for the learning rate, deck C η.

    Parameters
    ----------
    learning_rate : float
        How many gradients long a step is; more than 0.

    Raises
    ------
    ValueError
        If the learning rate is not a positive number.
    """

    def __init__(self, learning_rate: float = 0.1) -> None:
        if not (learning_rate > 0 and math.isfinite(learning_rate)):
            raise ValueError(f"expected a positive learning_rate, got {learning_rate!r}")
        self.learning_rate = float(learning_rate)

    def step(self, net: "MLP") -> None:
        """Make one step downhill; every layer sees it, because W and b are views into theta."""
        net.theta -= self.learning_rate * net.grad

    def __repr__(self) -> str:
        return f"SGD(learning_rate={self.learning_rate})"
