"""The gradient check: it passes what is right, catches what is wrong, and changes nothing."""

import numpy as np
import pytest

import nnkit as nn
from nnkit.activations import ACTIVATIONS, ParametricReLU, Sigmoid
from nnkit.gradcheck import numerical_gradient, relative_error
from nnkit.losses import LOSSES, CrossEntropy

REGULARIZERS = (None, nn.L1(0.02), nn.L2(0.05))
KINKS = {
    "unit_step": 0,
    "heaviside": 0,
    "relu": 0,
    "leaky_relu": 0,
    "shifted_relu": -1,
    "parametric_relu": 0,
    "elu": 0,
}


def distance_to_kinks(layer):
    """Return how close a weighted sum of the last forward pass came to a kink.

    0 if all are on one side of it: that would test half of the function.
    """
    if layer.activation.name in KINKS:
        beyond = layer.z - KINKS[layer.activation.name]
        return np.abs(beyond).min() if beyond.min() < 0 < beyond.max() else 0
    if layer.activation.name == "maxout":  # where another sum becomes the largest
        return np.abs(layer.z[:, ::2] - layer.z[:, 1::2]).min()
    return np.inf


def away_from_kinks(sizes, activation, output, loss, regularizer, seed):
    """Draw a net and inputs until no weight and no weighted sum is close to a kink."""
    rng = np.random.default_rng(seed)
    for attempt in range(500):
        net = nn.MLP(
            sizes,
            activation,
            output,
            loss,
            regularizer=regularizer,
            init="uniform",
            seed=1000 * seed + attempt,
            dtype="float64",
        )
        X = rng.normal(size=(5, sizes[0]))
        net.forward(X)
        nearest = min(distance_to_kinks(layer) for layer in net.layers)
        if nearest > 1e-3 and np.abs(net.theta).min() > 1e-3:
            return net, X
    raise AssertionError("no net without kinks nearby")


def combinations(activation, loss):
    """Give outputs and regularisers so that each pair of activations and each triple comes up."""
    outputs = [f for f in ACTIVATIONS if LOSSES[loss].needs in (None, type(ACTIVATIONS[f]))]
    if len(outputs) == 1:
        return [(outputs[0], regularizer) for regularizer in REGULARIZERS]
    first = list(ACTIVATIONS).index(activation)
    return [(output, REGULARIZERS[(first + i) % 3]) for i, output in enumerate(outputs)]


def test_the_combinations_leave_nothing_out():
    hidden, outputs = set(), set()
    for activation in ACTIVATIONS:
        for loss in LOSSES:
            for output, regularizer in combinations(activation, loss):
                hidden.add((activation, loss, regularizer))
                outputs.add((output, loss, regularizer))
    assert len(hidden) == 14 * 6 * 3
    assert len(outputs) == (14 * 4 + 2) * 3


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_with_every_loss_and_regularizer(activation, loss):
    rng = np.random.default_rng(0)
    wrong = {}
    for seed, (output, regularizer) in enumerate(combinations(activation, loss)):
        net, X = away_from_kinks([3, 4, 3, 2], activation, output, loss, regularizer, seed)
        Y = rng.dirichlet(np.ones(2), 5) if seed % 2 else np.eye(2)[rng.integers(0, 2, 5)]
        error = nn.gradient_check(net, X, Y)
        net.backward(Y)
        assert net.grad.any() or not ACTIVATIONS[output].trainable
        if not error < 1e-7:
            wrong[output, repr(regularizer)] = error
    assert wrong == {}


def test_slopes_are_checked_like_weights():
    net, X = away_from_kinks(
        [3, 4, 3, 2], "parametric_relu", "parametric_relu", "squared_error", None, seed=0
    )
    Y = np.random.default_rng(0).normal(size=(5, 2))
    net.backward(Y)
    numerical = numerical_gradient(net, X, Y)
    for layer in net.layers:
        assert layer.activation.dslope.any()
    np.testing.assert_allclose(net.grad, numerical, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("sizes", [[2, 1], [2, 3, 1], [3, 2, 2, 2, 2]])
def test_any_depth(sizes):
    rng = np.random.default_rng(0)
    net = nn.MLP(sizes, seed=0)
    assert nn.gradient_check(net, rng.normal(size=(5, sizes[0])), rng.random((5, sizes[-1]))) < 1e-7


def test_the_net_is_left_as_it_was():
    net = nn.MLP([3, 4, 2], output="softmax", loss="cross_entropy", seed=0)
    X, y = np.random.default_rng(0).normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
    net.forward(X)
    z = net.layers[0].z
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


class ForgetsTheSlopes(ParametricReLU):
    def delta(self, error, z, a):
        return error * self.derivative(z, a)


class HalfL2(nn.L2):
    def gradient(self, W):
        return 0.5 * self.strength * W


class NotANumber(Sigmoid):
    def derivative(self, z, a):
        return a * np.nan


@pytest.mark.parametrize(
    "net",
    [
        nn.MLP([3, 4, 2], WrongSigmoid(), seed=0),
        nn.MLP([3, 4, 2], output=WrongSigmoid(), seed=0),
        nn.MLP([3, 4, 2], output="softmax", loss=SumInsteadOfMean(), seed=0),
        nn.MLP([3, 4, 2], ForgetsTheSlopes(), seed=0),
        nn.MLP([3, 4, 2], regularizer=HalfL2(0.1), seed=0),
        nn.MLP([3, 4, 2], NotANumber(), seed=0),
    ],
)
def test_wrong_gradients_do_not_pass(net):
    X, y = np.random.default_rng(0).normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
    assert not nn.gradient_check(net, X, y) < 1e-3


def test_one_wrong_number_is_found():
    net = nn.MLP([3, 4, 2], "tanh", seed=0, dtype="float64")
    X, y = np.random.default_rng(0).normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
    numerical = numerical_gradient(net, X, y)
    net.forward(X)
    net.backward(y)
    assert relative_error(net.grad, numerical) < 1e-9
    net.grad[7] *= 1.0001
    assert relative_error(net.grad, numerical) > 1e-7


def test_a_step_of_nothing_is_refused():
    net = nn.MLP([3, 2])
    with pytest.raises(ValueError, match="expected eps to be a positive number, got 0"):
        nn.gradient_check(net, [[1, 2, 3]], [1], eps=0)


def test_relative_error():
    assert relative_error(np.array([3.0, 4.0]), np.array([3.0, 4.0])) == 0
    assert relative_error(np.array([3.0, 4.0]), np.array([0.0, 0.0])) == 1
    assert relative_error(np.array([6.0, 8.0]), np.array([3.0, 4.0])) == pytest.approx(1 / 3)
    assert relative_error(np.zeros(2), np.zeros(2)) == 0
    assert np.isnan(relative_error(np.array([np.nan]), np.zeros(1)))
