"""Values, derivatives and limits of the activation functions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnkit import activations
from nnkit.activations import ACTIVATIONS, relu, sigmoid, softmax, tanh

ALL = list(ACTIVATIONS.values())
ELEMENTWISE = [f for f in ALL if f is not softmax]

# Steps of 1/64 keep z away from the relu's kink by more than a finite difference reaches.
numbers = st.integers(-640, 640).map(lambda k: k / 64 + 1 / 128)
matrices = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=numbers)


# ---------------------------------------------------------------- values


def test_known_values():
    z = np.array([-1.0, 0.0, 2.0])
    np.testing.assert_allclose(activations.linear(z), z)
    np.testing.assert_allclose(sigmoid(z), [0.26894142, 0.5, 0.88079708])
    np.testing.assert_allclose(tanh(z), [-0.76159416, 0, 0.96402758])
    np.testing.assert_allclose(relu(z), [0, 0, 2])
    np.testing.assert_allclose(softmax(z), np.exp(z) / np.exp(z).sum())


def test_softmax_of_deck_d():
    np.testing.assert_array_equal(softmax(np.array([1.8, 0.9, 0.68])).round(2), [0.58, 0.23, 0.19])


def test_sigmoid_of_deck_b():
    z = np.array([0.614, -0.026, 2.01, -1.55])
    np.testing.assert_array_equal(sigmoid(z).round(2), [0.65, 0.49, 0.88, 0.18])


@given(matrices)
def test_softmax_rows_are_probabilities(z):
    p = softmax(z)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)


@given(matrices, st.floats(-1e4, 1e4))
def test_softmax_ignores_shifts(z, shift):
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=1e-9, atol=1e-300)


def test_softmax_treats_each_row_by_itself():
    p = softmax(np.array([[0.0, 1.0], [5000.0, 5001.0], [-5000.0, -4999.0]]))
    np.testing.assert_allclose(p, [p[0]] * 3)


# ---------------------------------------------------------------- derivatives


@pytest.mark.parametrize("f", ELEMENTWISE, ids=str)
@given(z=matrices)
def test_derivative_against_finite_differences(f, z):
    eps = 1e-6
    numerical = (f(z + eps) - f(z - eps)) / (2 * eps)
    np.testing.assert_allclose(f.derivative(z, f(z)), numerical, rtol=1e-7, atol=1e-9)


@given(matrices)
def test_softmax_derivative_against_finite_differences(z):
    eps = 1e-6
    matrix = softmax.derivative(z, softmax(z))
    for j in range(z.shape[1]):
        step = np.zeros_like(z)
        step[:, j] = eps
        numerical = (softmax(z + step) - softmax(z - step)) / (2 * eps)
        np.testing.assert_allclose(matrix[:, :, j], numerical, atol=1e-9)


@pytest.mark.parametrize("f", ALL, ids=str)
@given(z=matrices)
def test_delta_is_the_chain_rule(f, z):
    error = np.random.default_rng(0).normal(size=z.shape)
    a = f(z)
    if f is softmax:
        expected = np.einsum("ni,nij->nj", error, softmax.derivative(z, a))
    else:
        expected = error * f.derivative(z, a)
    np.testing.assert_allclose(f.delta(error, z, a), expected, rtol=1e-12, atol=1e-14)


def test_relu_derivative_at_the_kink_is_zero():
    z = np.array([-1.0, 0.0, 1e-30])
    np.testing.assert_array_equal(relu.derivative(z, relu(z)), [0, 0, 1])


# ---------------------------------------------------------------- numbers


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("f", ALL, ids=str)
def test_finite_and_silent_up_to_ten_thousand(f, dtype):
    z = np.array([[-10_000, -750, -100, -88, 0, 88, 100, 750, 10_000]], dtype=dtype)
    a = f(z)
    assert np.isfinite(a).all()
    assert np.isfinite(f.derivative(z, a)).all()
    assert np.isfinite(f.delta(np.ones_like(z), z, a)).all()


def test_sigmoid_ends():
    z = np.array([-10_000, 10_000], dtype=np.float32)
    np.testing.assert_array_equal(sigmoid(z), [0, 1])


def test_sigmoid_keeps_its_left_tail_in_float32():
    z = np.linspace(-87, -1, 500, dtype=np.float32)
    exact = 1 / (1 + np.exp(-z.astype(np.float64)))
    np.testing.assert_allclose(sigmoid(z), exact, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("f", ALL, ids=str)
def test_dtype_is_kept_and_arguments_are_unchanged(f, dtype):
    rng = np.random.default_rng(1)
    z, error = rng.normal(size=(2, 4, 3)).astype(dtype)
    a = f(z)
    before = z.copy(), error.copy(), a.copy()
    results = [a, f.derivative(z, a), f.delta(error, z, a)]
    assert {result.dtype for result in results} == {np.dtype(dtype)}
    for values, copy in zip((z, error, a), before, strict=True):
        np.testing.assert_array_equal(values, copy)


@pytest.mark.parametrize("f", ALL, ids=str)
def test_nan_stays_visible(f):
    z = np.array([[np.nan, 1.0]])
    a = f(z)
    assert np.isnan(a).any()
    assert np.isnan(f.delta(np.array([[np.nan, 1.0]]), z, a)).any()


# ---------------------------------------------------------------- names


def test_names():
    assert set(ACTIVATIONS) == {"linear", "sigmoid", "tanh", "relu", "softmax"}
    for name, f in ACTIVATIONS.items():
        assert activations.get(name) is f
        assert activations.get(f) is f
        assert repr(f) == name


def test_unknown_name():
    with pytest.raises(ValueError, match=r"expected an activation out of linear, .*got 'sigmiod'"):
        activations.get("sigmiod")
