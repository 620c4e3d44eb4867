"""Is the gradient right? Compare it with one that needs no calculus.

Backpropagation gets all derivatives from one pass back. Wiggling every parameter a little and
looking at the cost gets the same numbers from two forward passes per parameter: hopelessly slow
for training (deck A, "2.5 Optimisation: gradient descent II"), and just right for a test.
"""

from typing import TYPE_CHECKING

from nnkit.backend import Array, namespace
from nnkit.checks import positive

if TYPE_CHECKING:
    from nnkit.network import MLP


def gradient_check(net: "MLP", X: Array, Y: Array, eps: float = 1e-5) -> float:
    """Compare the gradient of `net.backward` with a numerical one.

    Everything is computed on a float64 copy; the net is left as it is. Give it few examples and a
    small net: the cost of two forward passes per parameter adds up.

    Parameters
    ----------
    net : MLP
        The net.
    X, Y : array
        Inputs and targets, as `MLP.fit` takes them.
    eps : float
        How far each parameter is moved, up and down.

    Returns
    -------
    float
        ‖g − n‖ / (‖g‖ + ‖n‖) for the gradient g of backpropagation and the numerical gradient n;
        0 if both are 0. Below 1e-7 the gradient is right. A relu may give more by bad luck, where a
        weighted sum is so close to 0 that eps carries it across the kink: try other examples.
    """
    twin = net.copy(dtype="float64")
    twin.forward(X)
    twin.backward(Y)
    return relative_error(twin.grad, numerical_gradient(twin, X, Y, eps))


def numerical_gradient(net: "MLP", X: Array, Y: Array, eps: float = 1e-5) -> Array:
    """Return (C(p + eps) − C(p − eps)) / (2·eps) for each parameter p, shape (n_params,).

    The net's parameters are moved one at a time and put back exactly.
    """
    eps = positive("eps", eps)
    X = net._inputs(X)
    Y = net._targets(Y, X.shape[0])
    gradient = namespace(net.theta).empty_like(net.theta)
    for i in range(net.n_params):
        before = float(net.theta[i])
        net.theta[i] = before + eps
        cost_above = net._evaluate(X, Y).loss
        net.theta[i] = before - eps
        cost_below = net._evaluate(X, Y).loss
        net.theta[i] = before
        gradient[i] = (cost_above - cost_below) / (2 * eps)
    return gradient


def relative_error(g: Array, n: Array) -> float:
    """Return ‖g − n‖ / (‖g‖ + ‖n‖); 0 if both are 0."""
    size = _norm(g) + _norm(n)
    return 0.0 if size == 0 else _norm(g - n) / size


def _norm(v: Array) -> float:
    return float(namespace(v).sum(v * v)) ** 0.5
