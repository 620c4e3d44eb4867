"""Steps downhill."""

import numpy as np
import pytest

import nnkit as nn


def test_sgd_moves_against_the_gradient():
    net = nn.MLP([2, 1], dtype="float64")
    net.theta = [1, 2, 3]
    net.grad = [10, -20, 0]
    nn.SGD(learning_rate=0.25).step(net)
    np.testing.assert_array_equal(net.theta, [-1.5, 7, 3])
    np.testing.assert_array_equal(net.grad, [10, -20, 0])
    np.testing.assert_array_equal(net.layers[0].W, [[-1.5, 7]])


def test_theta_stays_the_same_array():
    net = nn.MLP([2, 1])
    theta = net.theta
    net.grad[...] = 1
    nn.SGD(0.3).step(net)
    assert net.theta is theta


def test_a_small_step_lowers_the_loss():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(20, 3)), rng.normal(size=(20, 2))
    net = nn.MLP([3, 4, 2], output="linear", seed=0, dtype="float64")
    before = net.evaluate(X, Y).loss
    net.forward(X)
    net.backward(Y)
    expected = before - 1e-4 * (net.grad @ net.grad)
    nn.SGD(learning_rate=1e-4).step(net)
    assert net.evaluate(X, Y).loss == pytest.approx(expected, rel=1e-5)


def test_a_numpy_number_does_not_turn_float32_steps_into_float64():
    assert type(nn.SGD(np.float64(0.5)).learning_rate) is float


@pytest.mark.parametrize("learning_rate", [0, -0.1, float("nan"), float("inf")])
def test_learning_rates_that_make_no_step_downhill(learning_rate):
    with pytest.raises(ValueError, match="expected a positive learning_rate, got"):
        nn.SGD(learning_rate)


def test_repr():
    assert repr(nn.SGD()) == "SGD(learning_rate=0.1)"
