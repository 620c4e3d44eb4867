"""The gradient check: it passes what is right, catches what is wrong, and changes nothing."""

import numpy as np
import pytest

import nnkit as nn
from nnkit.activations import ACTIVATIONS, Sigmoid
from nnkit.gradcheck import relative_error
from nnkit.losses import LOSSES, CrossEntropy

COMBINATIONS = [
    (activation, output, loss)
    for activation in ACTIVATIONS
    for output in ACTIVATIONS
    for loss in LOSSES
    if LOSSES[loss].needs in (None, type(ACTIVATIONS[output]))
]


def away_from_kinks(net, n, rng):
    """Draw inputs for which no relu's weighted sum is close to 0."""
    while True:
        X = rng.normal(size=(n, net.sizes[0]))
        twin = net.copy(dtype="float64")
        twin.forward(X)
        sums = [layer.z for layer in twin.layers if layer.activation.name == "relu"]
        if all(np.abs(z).min() > 1e-3 for z in sums):
            return X


@pytest.mark.parametrize(("activation", "output", "loss"), COMBINATIONS)
def test_every_activation_with_every_loss(activation, output, loss):
    rng = np.random.default_rng(0)
    net = nn.MLP([4, 5, 6, 3], activation, output, loss, init="uniform", seed=1)
    X = away_from_kinks(net, 7, rng)
    for Y in (np.eye(3)[rng.integers(0, 3, 7)], rng.dirichlet(np.ones(3), 7)):
        assert nn.gradient_check(net, X, Y) < 1e-7


@pytest.mark.parametrize("sizes", [[2, 1], [2, 3, 1], [3, 2, 2, 2, 2]])
def test_any_depth(sizes):
    rng = np.random.default_rng(0)
    net = nn.MLP(sizes, seed=0)
    assert nn.gradient_check(net, rng.normal(size=(5, sizes[0])), rng.random((5, sizes[-1]))) < 1e-7


def test_the_net_is_left_as_it_was():
    net = nn.MLP([3, 4, 2], output="softmax", loss="cross_entropy", seed=0)
    X, y = np.random.default_rng(0).normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
    z = net.forward(X) is not None and net.layers[0].z
    net.backward(y)
    before = net.theta.copy(), net.grad.copy()
    assert nn.gradient_check(net, X, y) < 1e-7
    assert net.dtype == "float32"
    assert net.layers[0].z is z
    np.testing.assert_array_equal(net.theta, before[0])
    np.testing.assert_array_equal(net.grad, before[1])


class WrongSigmoid(Sigmoid):
    def derivative(self, z, a):
        return a


class SumInsteadOfMean(CrossEntropy):
    def delta(self, z, a, Y):
        return a - Y


class NotANumber(Sigmoid):
    def derivative(self, z, a):
        return a * np.nan


@pytest.mark.parametrize(
    "net",
    [
        nn.MLP([3, 4, 2], WrongSigmoid(), seed=0),
        nn.MLP([3, 4, 2], output=WrongSigmoid(), seed=0),
        nn.MLP([3, 4, 2], output="softmax", loss=SumInsteadOfMean(), seed=0),
        nn.MLP([3, 4, 2], NotANumber(), seed=0),
    ],
)
def test_wrong_gradients_do_not_pass(net):
    X, y = np.random.default_rng(0).normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
    assert not nn.gradient_check(net, X, y) < 1e-3


def test_relative_error():
    assert relative_error(np.array([3.0, 4.0]), np.array([3.0, 4.0])) == 0
    assert relative_error(np.array([3.0, 4.0]), np.array([0.0, 0.0])) == 1
    assert relative_error(np.array([6.0, 8.0]), np.array([3.0, 4.0])) == pytest.approx(1 / 3)
    assert relative_error(np.zeros(2), np.zeros(2)) == 0
    assert np.isnan(relative_error(np.array([np.nan]), np.zeros(1)))
