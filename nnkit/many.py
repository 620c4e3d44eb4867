"""Many small nets at once: the same examples, other learning rates or other parameters.

To train a net of a few neurons is to start a few dozen numpy functions per epoch; the numbers
themselves take next to no time. Fifty nets in the same arrays, along one more axis, take hardly
longer than one alone (`benchmarks/many.py`). Where the numbers are many (layers of 16 neurons, 200
examples) nothing is gained: products of matrices are then quicker, net by net.

The nets are an `MLP` in which every array has one axis more. In the parameters it is the last one:

====================  =========================  ================================
array                 one net (`layers`)         N nets
====================  =========================  ================================
W, dW                 (n_out, n_in)              (n_out, n_in, N)
b, db                 (n_out,)                   (n_out, N)
theta, grad           (n_params,)                (n_params, N)
z, a, error, delta    (n, n_out)                 (n, N, n_out)
====================  =========================  ================================

In z, a, error and delta the neurons stay last, as activations and losses expect it of them. In
memory the nets are last all the same: the functions here hand on the order in which they find
their numbers. It is the order that is quick, since what is done to one net is done to its
neighbours as well.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from nnkit import backend, training
from nnkit.activations import Activation
from nnkit.backend import Array, namespace
from nnkit.checks import checked_count, positive
from nnkit.layers import Dense
from nnkit.network import MLP


class DenseOfMany(Dense):
    """The same layer of N nets; see `Dense`, and the table above for the shapes."""

    def __init__(
        self, n_in: int, n_out: int, activation: Activation, theta: Array, grad: Array
    ) -> None:
        super().__init__(n_in, n_out, activation, theta, grad)
        # What the activation has of its own gets the shape (N, n_out), to go with z.
        start = theta.shape[0] - n_out * activation.params_per_neuron
        self._activation = activation.bound_to(theta[start:].T, grad[start:].T)

    def weighted_sums(self, x: Array) -> Array:
        """Return z = x Wᵀ + b of each net, shape (n, N, n_out).

        `x` has the shape (n, N, n_in), or (n, n_in) where it is the same for all nets.
        """
        if x.ndim == 2:
            z = (x @ self.W).transpose(1, 2, 0)  # n_out products of matrices, (n, n_in) (n_in, N)
        else:
            z = namespace(x).einsum("jkN,nNk->nNj", self.W, x)
        z += self.b.T
        return z

    def backward(self, error: Array = None, delta: Array = None) -> None:
        """Keep error and delta, and write the gradients dW and db."""
        if delta is None:
            delta = self.activation.delta(error, self.z, self.a)
        self.error = error
        self.delta = delta
        if self.x.ndim == 2:
            self.dW[...] = self.x.T @ delta.transpose(2, 0, 1)
        else:
            self.dW[...] = namespace(delta).einsum("nNj,nNk->jkN", delta, self.x)
        self.db[...] = delta.sum(axis=0).T

    def error_below(self) -> Array:
        """Return ∂C/∂x = delta W of each net, shape (n, N, n_in)."""
        return namespace(self.delta).einsum("nNj,jkN->nNk", self.delta, self.W)


@dataclass(frozen=True, eq=False, repr=False)
class ManyNets:
    """What `train_many` returns: N trained nets and how they got there.

    Attributes
    ----------
    learning_rates : ndarray, shape (N,)
        Of each net.
    loss : ndarray, shape (epochs, N)
        Of each net in each epoch, before the update, as in `History`. A net that has diverged has
        inf or nan.
    theta : array, shape (n_params, N)
        The parameters after the last update.
    theta_by_epoch : array of shape (epochs + 1, n_params, N), or None
        The parameters after 0, 1, 2, … updates, if they were asked for.
    """

    learning_rates: np.ndarray
    loss: np.ndarray
    theta: Array
    theta_by_epoch: Array | None
    _net: MLP

    def net(self, i: int, epoch: int | None = None) -> MLP:
        """Return net `i`, from 0 on: trained, or as it was after `epoch` updates.

        Parameters
        ----------
        i : int
            Number of the net.
        epoch : int, optional
            Number of updates.

        Returns
        -------
        MLP
            A net of its own: training it changes nothing here.

        Raises
        ------
        IndexError
            If there is no such net or no such epoch.
        ValueError
            If an epoch is asked for and the parameters of the epochs were not kept.
        """
        if epoch is None:
            theta = self.theta
        elif self.theta_by_epoch is not None:
            theta = self.theta_by_epoch[epoch]
        else:
            raise ValueError(
                "the parameters of the epochs were not kept: train with every_epoch=True"
            )
        net = self._net.copy()
        net.theta = theta[:, i]
        return net

    def __len__(self) -> int:
        return len(self.learning_rates)

    def __repr__(self) -> str:
        return f"ManyNets({len(self)} × {self._net!r}, {len(self.loss)} epochs)"


def train_many(
    nets: MLP | Sequence[MLP],
    X: Array,
    Y: Array,
    epochs: int,
    learning_rates: float | Sequence[float] = 0.1,
    *,
    every_epoch: bool = False,
) -> ManyNets:
    """Train many nets at once by gradient descent, with all examples in every step.

    Each net takes the way that it would take alone, with
    ``net.fit(X, Y, epochs, batch_size=None, shuffle=False, optimizer=SGD(learning_rate))``.
    A net that diverges does so silently: its numbers become infinite or nan, and the others are
    not disturbed. (One that jumps about, because its learning rate is far too large, makes large
    differences of small ones; there, what two ways to round a sum do differently can be seen.)

    Parameters
    ----------
    nets : MLP, or sequence of MLP
        Nets that differ in nothing but their parameters, NumPy's or CuPy's. They are left as they
        are.
    X, Y : array
        Inputs and targets, as `MLP.fit` takes them.
    epochs : int
        Number of steps.
    learning_rates : float, or sequence of float
        One for all nets, or one each. With a single net: that net is trained with each of them.
    every_epoch : bool
        Whether to keep the parameters of every epoch.

    Returns
    -------
    ManyNets
        The losses and the trained nets, in the order of the nets or learning rates.

    Raises
    ------
    ValueError
        If the nets are not alike, the learning rates do not fit to them, or another argument is
        not as described.

    Examples
    --------
    The same net with three learning rates; the last one is too large (deck C, "Setting learning
    rate value"):

    >>> import nnkit as nn
    >>> data = nn.two_three_one()
    >>> net = nn.MLP([2, 3, 1], loss="half_squared_error_sum", seed=0)
    >>> many = nn.train_many(net, data.X, data.Y, epochs=100, learning_rates=[0.01, 0.5, 50])
    >>> many.loss[-1].round(2)
    array([1.24, 0.36, 2.5 ], dtype=float32)

    The same learning rate from eighty starts:

    >>> starts = [nn.MLP([2, 3, 1], init="uniform", seed=seed) for seed in range(80)]
    >>> nn.train_many(starts, data.X, data.Y, epochs=100, learning_rates=0.5).loss.shape
    (100, 80)
    """
    alike = list(nets) if isinstance(nets, Iterable) else [nets]
    _check_alike(alike)
    rates = [positive("learning_rate", rate) for rate in np.ravel(learning_rates).tolist()]
    alike, rates = _paired(alike, rates)
    net = _stacked(alike)
    X = net._inputs(X)
    Y = net._targets(Y, X.shape[0])[:, None, :]  # the same for all nets
    training.check_trainable(net)
    epochs = checked_count("epochs", epochs)

    xp = namespace(net.theta)
    learning_rate = backend.as_array_like(np.asarray(rates), net.theta)
    losses, thetas = [], [net.theta.copy()]
    with training.quiet_and_quick(net, X.shape[0]):
        for _ in range(epochs):
            net._forward(X)
            losses.append(_losses(net, Y))
            net._backward(Y)
            net.theta -= learning_rate * net.grad
            if every_epoch:
                thetas.append(net.theta.copy())
    return ManyNets(
        learning_rates=np.asarray(rates),
        loss=backend.to_numpy(xp.stack(losses)),
        theta=net.theta,
        theta_by_epoch=xp.stack(thetas) if every_epoch else None,
        _net=alike[0].copy(),
    )


def _stacked(nets: list[MLP]) -> MLP:
    """Return a net with the parameters of all `nets`, next to one another."""
    net = nets[0].copy()
    thetas = [backend.as_array_like(one.theta, net.theta) for one in nets]
    net._hold(namespace(net.theta).stack(thetas, axis=-1), DenseOfMany)
    return net


def _losses(net: MLP, Y: Array) -> Array:
    """Return the loss of each of the stacked nets after a forward pass, shape (N,)."""
    output = net.layers[-1]
    losses = net.loss.costs(output.z, output.a, Y).sum(axis=(0, 2))
    if net.regularizer:
        for layer in net.layers:
            losses += net.regularizer.costs(layer.W).sum(axis=(0, 1))
    return losses


def _check_alike(nets: list[MLP]) -> None:
    if not nets or not all(isinstance(net, MLP) for net in nets):
        raise ValueError(f"expected a net or a list of them, got {nets!r}")
    first, *others = [f"{net!r} with the regularizer {net.regularizer}" for net in nets]
    for other in others:
        if other != first:
            raise ValueError(
                f"expected nets that differ in their parameters alone, got {first} and {other}"
            )


def _paired(nets: list[MLP], rates: list[float]) -> tuple[list[MLP], list[float]]:
    """Return as many nets as learning rates; one net or one rate is there for all."""
    if not rates:
        raise ValueError("expected one learning rate or more, got none")
    if len(nets) == 1:
        nets = nets * len(rates)
    if len(rates) == 1:
        rates = rates * len(nets)
    if len(nets) != len(rates):
        raise ValueError(f"expected 1 or {len(nets)} learning rates, got {len(rates)}")
    return nets, rates
