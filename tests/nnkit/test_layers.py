"""The dense layer, against loops over neurons."""

import numpy as np
import pytest

from nnkit.activations import ACTIVATIONS, sigmoid
from nnkit.layers import INITS, Dense

N, N_IN, N_OUT = 5, 4, 3


def make(activation=sigmoid, dtype=np.float64):
    rng = np.random.default_rng(0)
    theta = rng.normal(size=N_OUT * N_IN + N_OUT).astype(dtype)
    layer = Dense(N_IN, N_OUT, activation, theta, np.zeros_like(theta))
    return layer, rng.normal(size=(N, N_IN)).astype(dtype), theta


def test_forward_neuron_by_neuron():
    layer, x, _ = make()
    a = layer.forward(x)
    for i in range(N):
        for j in range(N_OUT):
            z = sum(layer.W[j, k] * x[i, k] for k in range(N_IN)) + layer.b[j]
            assert layer.z[i, j] == pytest.approx(z)
            assert a[i, j] == pytest.approx(1 / (1 + np.exp(-z)))
    assert layer.a is a
    assert layer.x is x


def test_backward_neuron_by_neuron():
    layer, x, _ = make()
    layer.forward(x)
    error = np.random.default_rng(1).normal(size=(N, N_OUT))
    layer.backward(error)
    delta = error * layer.a * (1 - layer.a)
    np.testing.assert_allclose(layer.delta, delta)
    assert layer.error is error
    for j in range(N_OUT):
        assert layer.db[j] == pytest.approx(sum(delta[i, j] for i in range(N)))
        for k in range(N_IN):
            assert layer.dW[j, k] == pytest.approx(sum(delta[i, j] * x[i, k] for i in range(N)))
    below = layer.error_below()
    for i in range(N):
        for k in range(N_IN):
            expected = sum(delta[i, j] * layer.W[j, k] for j in range(N_OUT))
            assert below[i, k] == pytest.approx(expected)


def test_a_delta_that_is_known_already_is_taken():
    layer, x, _ = make()
    layer.forward(x)
    error, delta = np.random.default_rng(1).normal(size=(2, N, N_OUT))
    layer.backward(error, delta)
    assert layer.delta is delta
    np.testing.assert_allclose(layer.dW, delta.T @ x)


def test_backward_changes_no_parameter_and_no_argument():
    layer, x, theta = make()
    error = np.ones((N, N_OUT))
    before = theta.copy(), x.copy()
    layer.forward(x)
    layer.backward(error)
    np.testing.assert_array_equal(theta, before[0])
    np.testing.assert_array_equal(x, before[1])
    np.testing.assert_array_equal(error, 1)


def test_parameters_are_views():
    layer, _, theta = make()
    np.testing.assert_array_equal(theta, [*layer.W.ravel(), *layer.b])
    layer.W[...] = 1
    layer.b[...] = 2
    np.testing.assert_array_equal(theta, [1] * (N_OUT * N_IN) + [2] * N_OUT)


def test_assigning_writes_into_the_views():
    layer, _, theta = make()
    W = np.arange(N_OUT * N_IN).reshape(N_OUT, N_IN)
    layer.W = W
    layer.b = [7, 8, 9]
    np.testing.assert_array_equal(theta, [*range(N_OUT * N_IN), 7, 8, 9])
    layer.W -= 1
    assert theta[0] == -1
    assert W[0, 0] == 0
    with pytest.raises(ValueError, match=r"\(4,3\).*\(3,4\)"):
        layer.W = W.T


@pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=str)
def test_dtype_is_kept(f):
    layer, x, _ = make(f, np.float32)
    layer.backward(layer.forward(x))
    kept = layer.z, layer.a, layer.delta, layer.dW, layer.db, layer.error_below()
    assert {values.dtype for values in kept} == {np.dtype(np.float32)}


def test_nothing_is_kept_before_the_first_pass():
    layer, x, _ = make()
    assert [layer.x, layer.z, layer.a, layer.error, layer.delta] == [None] * 5
    layer.weighted_sums(x)
    assert layer.z is None


def test_repr_and_size():
    layer, _, _ = make()
    assert repr(layer) == "Dense(4 → 3, sigmoid)"
    assert layer.n_params == 15


def test_glorot():
    W, b = INITS["glorot"](np.random.default_rng(0), 300, 100)
    limit = np.sqrt(6 / 400)
    assert W.shape == (100, 300)
    assert np.abs(W).max() == pytest.approx(limit, rel=1e-3)
    assert W.std() == pytest.approx(limit / np.sqrt(3), rel=0.02)
    np.testing.assert_array_equal(b, np.zeros(100))


def test_uniform():
    W, b = INITS["uniform"](np.random.default_rng(0), 300, 100)
    assert W.shape == (100, 300)
    assert b.shape == (100,)
    for values in (W, b):
        assert values.min() >= -1
        assert values.max() < 1
        assert values.std() == pytest.approx(1 / np.sqrt(3), rel=0.1)
