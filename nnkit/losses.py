"""Losses: how wrong the outputs a of a net are, as one number C.

Squared error means something else in every deck: with or without ½, summed or averaged over the
n examples. This table is the one place where nnkit says which is which. Over the outputs of an
example it is always the sum.

==========================  ====================  ================================================
name                        C                     where it is used
==========================  ====================  ================================================
``squared_error``           1/n · Σ (a − y)²      deck A, "2.5 Optimisation: cost function II": the
                                                  sum for one image, the mean over the images
``squared_error_sum``       Σ (a − y)²            deck D, "Gradient Descent": the sum of the
                                                  squared residuals
``half_squared_error``      1/(2n) · Σ (a − y)²   deck D, "Cost Function"; deck B's formula of the
                                                  cost
``half_squared_error_sum``  Σ ½(a − y)²           deck B's training: its updates sum over the
                                                  observations without dividing by their number
``cross_entropy``           −1/n · Σ y ln a       softmax outputs: one class out of many
``binary_cross_entropy``    −1/n · Σ [y ln a +    sigmoid outputs: yes or no, for each of them
                            (1 − y) ln(1 − a)]
==========================  ====================  ================================================

Every loss is a small object that can do three things, for the z and a of the output layer:

=======================  ==================================================================
``loss.value(z, a, Y)``  C, one number: the sum of ``loss.costs(z, a, Y)``
``loss.error(z, a, Y)``  ∂C/∂a, in the shape of a
``loss.delta(z, a, Y)``  ∂C/∂z, if the loss has a short cut to it. Otherwise None: the output
                         layer takes error · f′(z), as every layer does.
=======================  ==================================================================

The squared errors look at a alone. The cross-entropies are computed from z: where a has been
rounded to 0, its logarithm is lost, and z still has it.
"""

# ruff: noqa: D102 (the base class says what the methods do)

import numpy as np

from nnkit.activations import Activation, Sigmoid, Softmax
from nnkit.backend import Array, namespace, row_maxima, row_sums, to_module_of
from nnkit.checks import are_integers

# Stands in for a probability that was rounded to 0. float32 can still hold 1 / SMALLEST.
SMALLEST = 1e-37


class Loss:
    """What is to be made small.

    A new loss is a subclass with a `name`, `costs` and `error`.
    """

    name: str
    needs: type[Activation] | None = None
    """The output activation that the loss is made for; None if any will do."""

    def value(self, z: Array, a: Array, Y: Array) -> float:
        """Return the cost C of the outputs `a` = f(`z`) for the targets `Y`, all (n, n_out)."""
        return float(namespace(Y).sum(self.costs(z, a, Y)))

    def costs(self, z: Array, a: Array, Y: Array) -> Array:
        """Return what every output of every example adds to C, shape (n, n_out)."""
        raise NotImplementedError

    def error(self, z: Array, a: Array, Y: Array) -> Array:
        """Return ∂C/∂a, shape (n, n_out)."""
        raise NotImplementedError

    def delta(self, z: Array, a: Array, Y: Array) -> Array | None:
        """Return ∂C/∂z, shape (n, n_out), or None where error · f′(z) will do."""
        return None

    def check_targets(self, Y: Array) -> None:
        """Raise ValueError if the loss has no meaning for the targets `Y`, shape (n, n_out)."""

    def __repr__(self) -> str:
        return self.name


class SquaredError(Loss):
    """The squared distance of outputs and targets, in any of the decks' conventions.

    Parameters
    ----------
    half : bool
        Whether each square is halved; then the 2 of the derivative disappears.
    reduction : {"mean", "sum"}
        What is done with the costs of the n examples.
    """

    def __init__(self, *, half: bool = False, reduction: str = "mean") -> None:
        if reduction not in ("mean", "sum"):
            raise ValueError(f"expected the reduction 'mean' or 'sum', got {reduction!r}")
        self.half = half
        self.reduction = reduction
        prefix = "half_" if half else ""
        suffix = "_sum" if reduction == "sum" else ""
        self.name = f"{prefix}squared_error{suffix}"

    def costs(self, z: Array, a: Array, Y: Array) -> Array:
        difference = a - Y
        return self._factor(a) * difference * difference

    def error(self, z: Array, a: Array, Y: Array) -> Array:
        return 2 * self._factor(a) * (a - Y)

    def _factor(self, a: Array) -> float:
        """Return what stands before Σ (a − y)²: 1, ½, 1/n or 1/(2n)."""
        factor = 0.5 if self.half else 1.0
        return factor / a.shape[0] if self.reduction == "mean" else factor


class CrossEntropy(Loss):
    """−Σ y ln a of softmax outputs, mean over the examples.

    With a = softmax(z), ln a = z − ln Σ e^z.
    """

    name = "cross_entropy"
    needs = Softmax

    def costs(self, z: Array, a: Array, Y: Array) -> Array:
        xp = namespace(z)
        shifted = z - row_maxima(z)
        log_a = shifted - xp.log(row_sums(xp.exp(shifted)))
        return -Y * log_a / z.shape[0]

    def error(self, z: Array, a: Array, Y: Array) -> Array:
        """Return ∂C/∂a = −y / (n·a); SMALLEST stands in for an a that was rounded to 0."""
        return -Y / (a.shape[0] * namespace(a).maximum(a, SMALLEST))

    def delta(self, z: Array, a: Array, Y: Array) -> Array:
        """Return ∂C/∂z = (a − y) / n: softmax's derivative cancels the a below the line."""
        return (a - Y) / a.shape[0]

    def check_targets(self, Y: Array) -> None:
        xp = namespace(Y)
        sums = xp.sum(Y, axis=1)
        if not (xp.all(Y >= 0) and xp.all(xp.abs(sums - 1) < 1e-5)):
            raise ValueError(
                "cross_entropy expects targets of 0 or more that sum to 1 in each row, "
                f"got sums of {float(xp.min(sums)):g} … {float(xp.max(sums)):g} "
                f"and {float(xp.min(Y)):g} as the smallest target"
            )


class BinaryCrossEntropy(Loss):
    """−Σ [y ln a + (1 − y) ln(1 − a)] of sigmoid outputs, mean over the examples.

    With a = sigmoid(z), −ln a = ln(1 + e⁻ᶻ) and −ln(1 − a) = z + ln(1 + e⁻ᶻ).
    """

    name = "binary_cross_entropy"
    needs = Sigmoid

    def costs(self, z: Array, a: Array, Y: Array) -> Array:
        # Both together are z(1 − y) + ln(1 + e⁻ᶻ). Written like this, e never overflows.
        xp = namespace(z)
        costs = xp.maximum(z, 0) - z * Y + xp.log1p(xp.exp(-xp.abs(z)))
        return costs / z.shape[0]

    def error(self, z: Array, a: Array, Y: Array) -> Array:
        """Return ∂C/∂a = [(1 − y)/(1 − a) − y/a] / n; SMALLEST stands in for a 0 below a line."""
        xp = namespace(a)
        no = (1 - Y) / xp.maximum(1 - a, SMALLEST)
        yes = Y / xp.maximum(a, SMALLEST)
        return (no - yes) / a.shape[0]

    def delta(self, z: Array, a: Array, Y: Array) -> Array:
        """Return ∂C/∂z = (a − y) / n: f′ = a(1 − a) cancels what is below the lines."""
        return (a - Y) / a.shape[0]

    def check_targets(self, Y: Array) -> None:
        xp = namespace(Y)
        if not xp.all((Y >= 0) & (Y <= 1)):
            raise ValueError(
                "binary_cross_entropy expects targets between 0 and 1, "
                f"got {float(xp.min(Y)):g} … {float(xp.max(Y)):g}"
            )


squared_error = SquaredError()
squared_error_sum = SquaredError(reduction="sum")
half_squared_error = SquaredError(half=True)
half_squared_error_sum = SquaredError(half=True, reduction="sum")
cross_entropy = CrossEntropy()
binary_cross_entropy = BinaryCrossEntropy()

LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        squared_error,
        squared_error_sum,
        half_squared_error,
        half_squared_error_sum,
        cross_entropy,
        binary_cross_entropy,
    )
}


def get(loss: str | Loss) -> Loss:
    """Return the loss of that name; a loss is returned as it is.

    Raises
    ------
    ValueError
        If there is no loss of that name.
    """
    if isinstance(loss, Loss):
        return loss
    if not isinstance(loss, str) or loss not in LOSSES:
        raise ValueError(f"expected a loss out of {', '.join(LOSSES)}, got {loss!r}")
    return LOSSES[loss]


def targets_from_classes(labels: Array, n_out: int) -> Array:
    """Turn class numbers into rows of targets.

    Parameters
    ----------
    labels : array of int, shape (n,)
        Class numbers, from 0 on.
    n_out : int
        Number of outputs. One output stands for two classes, no (0) and yes (1).

    Returns
    -------
    array of bool, shape (n, n_out)
        One-hot: true at the class of each row and false elsewhere.

    Raises
    ------
    ValueError
        If a label is no class, or the labels are no integers.
    """
    xp = namespace(labels)
    if not are_integers(labels):
        raise ValueError(
            f"expected class numbers to be integers, got the dtype {labels.dtype}; targets that are "
            "no classes are rows, one per example"
        )
    classes = to_module_of(labels, np.arange(max(n_out, 2)), dtype=xp.int64)
    one_hot = xp.asarray(labels, dtype=xp.int64)[:, None] == classes[None, :]
    if not xp.all(xp.any(one_hot, axis=1)):
        raise ValueError(
            f"expected class numbers 0 … {classes.shape[0] - 1}, "
            f"got {int(xp.min(labels))} … {int(xp.max(labels))}"
        )
    return one_hot if n_out > 1 else one_hot[:, 1:]
