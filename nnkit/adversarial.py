"""Adversarial examples: inputs changed a little, and on purpose, so that the net errs.

Backpropagation goes on below the first layer: its `error_below` is ∂C/∂x, how the cost depends on
each input. A step along it makes the cost larger, as a step against ∂C/∂W makes it smaller. In a
picture of 784 pixels, 784 changes that nobody sees add up to one that turns the answer.

Deck B, "Breaking Linear Classifiers on ImageNet": the same picture for us, another class for the
net. Goodfellow, Shlens and Szegedy (2015), "Explaining and harnessing adversarial examples".
"""

import math

from nnkit import backend
from nnkit.backend import Array, namespace
from nnkit.checks import checked_count, not_negative, positive
from nnkit.network import MLP


def input_gradient(net: MLP, x: Array, y: Array) -> Array:
    """Return ∂C/∂x: how the net's loss depends on every input.

    Parameters
    ----------
    net : MLP
        The net; it stays as it is, gradients included.
    x : array, shape (n_in,) or (n, n_in)
        One example or a batch.
    y : array
        Targets as `MLP.backward` takes them; for one example a row of shape (n_out,), or a number.

    Returns
    -------
    array, in the shape of `x`
        With a loss that is a mean over the examples, the derivative of that mean.

    Raises
    ------
    ValueError
        If x or y do not fit the net.

    Examples
    --------
    >>> import nnkit as nn
    >>> net = nn.MLP([2, 1], output="linear", loss="half_squared_error")
    >>> net.set_params([([[3, -4]], [0])])
    >>> nn.input_gradient(net, [1, 1], 0)  # (a − y) W, with a = −1
    array([-3.,  4.], dtype=float32)
    """
    X, Y = _batch(net, x, y)
    return namespace(X).reshape(_gradient(net, X, Y), backend.as_array(x).shape)


def fgsm(
    net: MLP, x: Array, y: Array, epsilon: float, *, low: float = 0.0, high: float = 1.0
) -> Array:
    """Move every input by `epsilon` in the direction that makes the loss larger.

    x + epsilon · sign(∂C/∂x), clipped to what inputs may be: the fast gradient sign method. Of all
    changes by at most epsilon per input, it is the one that harms most, as far as the loss is a
    straight line.

    Parameters
    ----------
    net, x, y
        As `input_gradient` takes them.
    epsilon : float
        How far each input moves, 0 or more.
    low, high : float
        The smallest and the largest value of an input: 0 (black) and 1 (white) in pictures. For
        other data ``low=-math.inf, high=math.inf``.

    Returns
    -------
    array, in the shape of `x`
        The changed inputs, in the net's module and dtype.

    Raises
    ------
    ValueError
        If x or y do not fit the net, an input is not from `low` to `high`, or epsilon is negative.

    Examples
    --------
    >>> import nnkit as nn
    >>> net = nn.MLP([3, 1], output="linear", loss="half_squared_error")
    >>> net.set_params([([[2, -1, 5]], [0])])
    >>> nn.fgsm(net, [0.5, 0.5, 0.95], 0, epsilon=0.125)  # the third can go no further than 1
    array([0.625, 0.375, 1.   ], dtype=float32)
    """
    epsilon = not_negative("epsilon", epsilon)
    X, Y = _batch(net, x, y)
    _check_range(X, low, high)
    moved = _moved(X, namespace(X).sign(_gradient(net, X, Y)), epsilon, low, high)
    return namespace(X).reshape(moved, backend.as_array(x).shape)


def smallest_epsilon(
    net: MLP,
    x: Array,
    y: Array,
    *,
    largest: float = 1.0,
    steps: int = 100,
    low: float = 0.0,
    high: float = 1.0,
) -> Array:
    """Return by how little `fgsm` has to change an example so that the net errs.

    Parameters
    ----------
    net, x, y, low, high
        As `fgsm` takes them; the net has to be a classifier.
    largest, steps : float, int
        The epsilons to try: 0, and `steps` more up to `largest`, equally far apart.

    Returns
    -------
    array, shape (n,), or of no axis for one example
        The smallest of them with which the net's answer is wrong: 0 if it is wrong without any
        change, infinite if it is right with all of them.

    Raises
    ------
    ValueError
        As `fgsm`, and if the net is no classifier.
    """
    if not net._is_classifier:
        raise ValueError(f"expected a net that answers with classes, got the output {net.output}")
    largest = positive("largest", largest)
    steps = checked_count("steps", steps)
    X, Y = _batch(net, x, y)
    _check_range(X, low, high)
    xp = namespace(X)
    signs = xp.sign(_gradient(net, X, Y))
    right = net._decide(Y)
    smallest = xp.full_like(X[:, 0], math.inf)
    for step in range(steps, -1, -1):
        epsilon = largest * step / steps
        errs = net.predict(_moved(X, signs, epsilon, low, high)) != right
        if errs.ndim == 2:  # an answer per label: one wrong label is enough
            errs = xp.any(errs, axis=1)
        smallest = xp.where(errs, xp.full_like(smallest, epsilon), smallest)
    return xp.reshape(smallest, backend.as_array(x).shape[:-1])


def _gradient(net: MLP, X: Array, Y: Array) -> Array:
    twin = net.copy()  # the passes change what layers keep: not that of somebody else's net
    twin.forward(X)
    twin.backward(Y)
    return twin.layers[0].error_below()


def _moved(X: Array, signs: Array, epsilon: float, low: float, high: float) -> Array:
    # float, because a float64 of numpy's would make float64 of a float32 net's inputs
    return namespace(X).clip(X + epsilon * signs, float(low), float(high))


def _batch(net: MLP, x: Array, y: Array) -> tuple[Array, Array]:
    """Return inputs and targets as `net` computes with them; one example is a batch of one."""
    x, y = backend.as_array(x), backend.as_array(y)
    if x.ndim == 1:
        x = namespace(x).reshape(x, (1, -1))
        is_class_number = y.ndim == 0 and net.sizes[-1] > 1
        y = namespace(y).reshape(y, (1,) if is_class_number else (1, -1))
    X = net._inputs(x, "x")
    return X, net._targets(y, X.shape[0], "y")


def _check_range(X: Array, low: float, high: float) -> None:
    xp = namespace(X)
    smallest, largest = float(xp.min(X)), float(xp.max(X))
    if not low <= smallest <= largest <= high:
        raise ValueError(
            f"expected inputs from {low:g} to {high:g}, got {smallest:g} … {largest:g}: "
            "set low and high to what inputs may be"
        )
