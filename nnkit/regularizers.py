"""Regularisers: a price on large weights, added to the cost.

A net that fits every example exactly has often learned the examples by heart, and its weights have
grown large for it. A penalty makes them small again where the examples do not need them. Biases go
free: they move a neuron's threshold and do not make it steeper.

Deck D, "Core Modules", names the two among what Keras offers. Each gives its penalty and, for
backpropagation, the derivative.
"""

from nnkit.backend import Array, namespace
from nnkit.checks import not_negative


class Regularizer:
    """What large weights cost.

    Parameters
    ----------
    strength : float
        How much it counts, 0 or more.

    Raises
    ------
    ValueError
        If the strength is negative or not finite.
    """

    def __init__(self, strength: float) -> None:
        self.strength = not_negative("strength", strength)

    def penalty(self, W: Array) -> float:
        """Return what the weights `W` add to the cost, all together."""
        return float(namespace(W).sum(self.costs(W)))

    def costs(self, W: Array) -> Array:
        """Return what every weight adds to the cost, in the shape of `W`."""
        raise NotImplementedError

    def gradient(self, W: Array) -> Array:
        """Return ∂penalty/∂W, in the shape of `W`."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.strength:g})"


class L1(Regularizer):
    """strength · Σ |w|: every weight is drawn to 0 equally hard, and many get there."""

    def costs(self, W: Array) -> Array:
        """Return strength · |w|."""
        return self.strength * namespace(W).abs(W)

    def gradient(self, W: Array) -> Array:
        """Return strength · sign(w)."""
        return self.strength * namespace(W).sign(W)


class L2(Regularizer):
    """½ · strength · Σ w²: large weights are drawn to 0 harder than small ones."""

    def costs(self, W: Array) -> Array:
        """Return ½ · strength · w²."""
        return 0.5 * self.strength * W * W

    def gradient(self, W: Array) -> Array:
        """Return strength · w."""
        return self.strength * W


REGULARIZERS: dict[str, type[Regularizer]] = {"L1": L1, "L2": L2}
