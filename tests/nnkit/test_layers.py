"""The dense layer, against loops over neurons."""

import numpy as np
import pytest

from nnkit.activations import ACTIVATIONS, Maxout, ParametricReLU, parametric_relu, sigmoid
from nnkit.layers import INITS, Dense, initial_params, n_params

N, N_IN, N_OUT = 5, 4, 3


def make(activation=sigmoid, dtype=np.float64):
    rng = np.random.default_rng(0)
    theta = rng.normal(size=n_params(N_IN, N_OUT, activation)).astype(dtype)
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


def test_a_neuron_of_maxout_has_several_weighted_sums():
    layer, x, theta = make(Maxout(2))
    assert layer.n_params == theta.size == 2 * 15
    a = layer.forward(x)
    for i in range(N):
        for j in range(N_OUT):
            sums = [layer.W[k] @ x[i] + layer.b[k] for k in (2 * j, 2 * j + 1)]
            assert a[i, j] == pytest.approx(max(sums))
            np.testing.assert_allclose(layer.z[i, 2 * j : 2 * j + 2], sums)
    layer.backward(np.ones((N, N_OUT)))
    assert layer.dW.shape == layer.W.shape == (6, 4)
    assert layer.delta.shape == layer.z.shape == (5, 6)
    assert layer.error_below().shape == x.shape
    np.testing.assert_array_equal(layer.delta.sum(axis=1), N_OUT)  # one sum of each pair


def test_slopes_of_parametric_relu_are_parameters_of_the_layer():
    layer, x, theta = make(parametric_relu)
    assert layer.n_params == theta.size == 15 + 3
    f = layer.activation
    np.testing.assert_array_equal(theta, [*layer.W.ravel(), *layer.b, *f.slope])
    layer.forward(x)
    assert (layer.z < 0).any()
    assert (layer.z > 0).any()
    error = np.random.default_rng(1).normal(size=(N, N_OUT))
    layer.backward(error)
    for j in range(N_OUT):
        slope, expected = theta[15 + j], 0.0
        for i in range(N):
            z = layer.z[i, j]
            assert layer.a[i, j] == pytest.approx(z if z > 0 else slope * z)
            assert layer.delta[i, j] == pytest.approx(error[i, j] * (1 if z > 0 else slope))
            expected += error[i, j] * min(z, 0)
        assert f.dslope[j] == pytest.approx(expected)
    assert parametric_relu.slope == 0.25  # the function that all layers share is left alone
    assert parametric_relu.dslope is None


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
    with pytest.raises(ValueError, match=r"expected W of shape \(3, 4\), got \(4, 3\)"):
        layer.W = W.T
    with pytest.raises(ValueError, match=r"expected W of shape \(3, 4\), got \(4,\)"):
        layer.W = W[0]  # no row is repeated


def test_the_activation_is_chosen_with_the_net():
    layer, _, _ = make()
    with pytest.raises(AttributeError):
        layer.activation = ACTIVATIONS["tanh"]


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


def test_he():
    W, b = INITS["he"](np.random.default_rng(0), 300, 100)
    assert W.shape == (100, 300)
    assert W.std() == pytest.approx(np.sqrt(2 / 300), rel=0.02)
    assert np.abs(W).max() > 3 * W.std()  # normal, not uniform
    np.testing.assert_array_equal(b, np.zeros(100))


def test_uniform():
    W, b = INITS["uniform"](np.random.default_rng(0), 300, 100)
    assert W.shape == (100, 300)
    assert b.shape == (100,)
    for values in (W, b):
        assert values.min() >= -1
        assert values.max() < 1
        assert values.std() == pytest.approx(1 / np.sqrt(3), rel=0.1)


def test_parameters_start_as_weights_biases_and_slopes():
    def drawn(activation, init):
        return initial_params(np.random.default_rng(0), 4, 3, activation, init)

    W, b = INITS["uniform"](np.random.default_rng(0), 4, 3)
    np.testing.assert_array_equal(drawn(sigmoid, "uniform"), [*W.ravel(), *b])
    np.testing.assert_array_equal(
        drawn(ParametricReLU(0.2), "uniform"), [*W.ravel(), *b, 0.2, 0.2, 0.2]
    )
    W, b = INITS["he"](np.random.default_rng(0), 4, 6)
    np.testing.assert_array_equal(drawn(Maxout(2), "he"), [*W.ravel(), *b])
