"""Values, derivatives and limits of the activation functions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnkit import activations
from nnkit.activations import (
    ACTIVATIONS,
    ELU,
    Activation,
    LeakyReLU,
    Maxout,
    ParametricReLU,
    ShiftedReLU,
    UnitStep,
    linear,
    maxout,
    relu,
    sigmoid,
    softmax,
    unit_step,
)

ALL = list(ACTIVATIONS.values())
ELEMENTWISE = [f for f in ALL if f not in (softmax, maxout)]

# Steps of 1/64 keep z away from the kinks, at 0 and −1, by more than a finite difference reaches.
numbers = st.integers(-640, 640).map(lambda k: k / 64 + 1 / 128)
matrices = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=numbers)


@st.composite
def sums_of_maxout(draw):
    """Draw z for neurons of two pieces, none of which has two equal sums."""
    n, n_out = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    size = 2 * n * n_out
    distinct = draw(st.lists(numbers, min_size=size, max_size=size, unique=True))
    return np.array(distinct).reshape(n, 2 * n_out)


# ---------------------------------------------------------------- values

VALUES = {
    # z        −2                    −0.5                 0                   3
    "unit_step": [0, 0, 1, 1],
    "heaviside": [0, 0, 1, 1],
    "linear": [-2, -0.5, 0, 3],
    "sigmoid": [0.11920292202211757, 0.3775406687981454, 0.5, 0.9525741268224334],
    "tanh": [-0.9640275800758169, -0.46211715726000973, 0, 0.9950547536867305],
    "relu": [0, 0, 0, 3],
    "leaky_relu": [-0.2, -0.05, 0, 3],
    "shifted_relu": [-1, -0.5, 0, 3],
    "parametric_relu": [-0.5, -0.125, 0, 3],
    "softplus": [0.1269280110429726, 0.4740769841801067, 0.6931471805599453, 3.048587351573742],
    "elu": [-0.8646647167633873, -0.3934693402873666, 0, 3],
    "swish": [-0.23840584404423515, -0.1887703343990727, 0, 2.8577223804673],
}


def test_known_values():
    z = np.array([-2.0, -0.5, 0.0, 3.0])
    assert set(VALUES) == set(ACTIVATIONS) - {"maxout", "softmax"}
    for name, values in VALUES.items():
        np.testing.assert_allclose(ACTIVATIONS[name](z), values, rtol=1e-15, err_msg=name)
    np.testing.assert_allclose(softmax(z), np.exp(z) / np.exp(z).sum())


# At the far left and the far right: f, then f′.
LIMITS = {
    "unit_step": (0, 1, 0, 0),
    "heaviside": (0, 1, 0, 0),
    "linear": (-10_000, 10_000, 1, 1),
    "sigmoid": (0, 1, 0, 0),
    "tanh": (-1, 1, 0, 0),
    "relu": (0, 10_000, 0, 1),
    "leaky_relu": (-1000, 10_000, 0.1, 1),
    "shifted_relu": (-1, 10_000, 0, 1),
    "parametric_relu": (-2500, 10_000, 0.25, 1),
    "softplus": (0, 10_000, 0, 1),
    "elu": (-1, 10_000, 0, 1),
    "swish": (0, 10_000, 0, 1),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_limits(dtype):
    z = np.array([-10_000, 10_000], dtype=dtype)
    assert set(LIMITS) == set(VALUES)
    for name, limits in LIMITS.items():
        a = ACTIVATIONS[name](z)
        found = [*a, *ACTIVATIONS[name].derivative(z, a)]
        np.testing.assert_allclose(found, limits, rtol=1e-7, err_msg=name)


def test_settings():
    z = np.array([-2.0, -0.5, 0.5, 3.0])
    for f, values in (
        (UnitStep(1), [0, 0, 0, 1]),
        (UnitStep(0.5), [0, 0, 1, 1]),
        (LeakyReLU(0.5), [-1, -0.25, 0.5, 3]),
        (ShiftedReLU(-0.75), [-0.75, -0.5, 0.5, 3]),
        (ParametricReLU(0.5), [-1, -0.25, 0.5, 3]),
        (ELU(2.0), [2 * np.expm1(-2), 2 * np.expm1(-0.5), 0.5, 3]),
    ):
        np.testing.assert_allclose(f(z), values, err_msg=str(f))
        derivative = f.derivative(z, f(z))
        inside = z != 0.5 if isinstance(f, UnitStep) else slice(None)
        numerical = (f(z + 1e-6) - f(z - 1e-6)) / 2e-6
        np.testing.assert_allclose(derivative[inside], numerical[inside], atol=1e-9, err_msg=str(f))


def test_maxout_takes_the_largest_sum_of_each_neuron():
    z = np.array([[1.0, 2, 3, 5, 4, 3], [-1, -2, -3, 0, 9, 0]])
    np.testing.assert_array_equal(Maxout(3)(z), [[3, 5], [-1, 9]])
    np.testing.assert_array_equal(Maxout(2)(z), [[2, 5, 4], [-1, 0, 9]])
    error = np.array([[10.0, 20], [30, 40]])
    np.testing.assert_array_equal(
        Maxout(3).delta(error, z, Maxout(3)(z)), [[0, 0, 10, 20, 0, 0], [30, 0, 0, 0, 40, 0]]
    )


def test_equal_sums_of_maxout_share_the_error():
    z = np.array([[2.0, 2.0, 1.0]])
    np.testing.assert_array_equal(Maxout(3).derivative(z, np.array([[2.0]])), [[0.5, 0.5, 0]])


def test_parametric_relu_learns_its_slopes():
    slope, dslope = np.array([0.1, 0.5, 2.0]), np.zeros(3)
    f = ParametricReLU().bound_to(slope, dslope)
    z = np.array([[-1.0, 2, -3], [-4, -5, 6]])
    np.testing.assert_allclose(f(z), [[-0.1, 2, -6], [-0.4, -2.5, 6]])
    error = np.array([[1.0, 10, 100], [1000, 10_000, 100_000]])
    np.testing.assert_allclose(f.delta(error, z, f(z)), [[0.1, 10, 200], [100, 5000, 100_000]])
    np.testing.assert_allclose(dslope, [-1 - 4000, -50_000, -300])
    slope[0] = 7
    assert f(z)[0, 0] == -7


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
@settings(max_examples=30)
@given(z=matrices)
def test_derivative_against_finite_differences(f, z):
    eps = 1e-6
    numerical = (f(z + eps) - f(z - eps)) / (2 * eps)
    np.testing.assert_allclose(f.derivative(z, f(z)), numerical, rtol=1e-7, atol=1e-9)


@given(sums_of_maxout())
def test_maxout_derivative_against_finite_differences(z):
    eps = 1e-6
    matrix = maxout.derivative(z, maxout(z))
    for j in range(z.shape[1]):
        step = np.zeros_like(z)
        step[:, j] = eps
        numerical = (maxout(z + step) - maxout(z - step)) / (2 * eps)
        np.testing.assert_allclose(matrix[:, j], numerical[:, j // 2], atol=1e-9)


@given(matrices)
def test_softmax_derivative_against_finite_differences(z):
    eps = 1e-6
    matrix = softmax.derivative(z, softmax(z))
    for j in range(z.shape[1]):
        step = np.zeros_like(z)
        step[:, j] = eps
        numerical = (softmax(z + step) - softmax(z - step)) / (2 * eps)
        np.testing.assert_allclose(matrix[:, :, j], numerical, atol=1e-9)


@pytest.mark.parametrize("f", [*ELEMENTWISE, softmax], ids=str)
@settings(max_examples=30)
@given(z=matrices)
def test_delta_is_the_chain_rule(f, z):
    error = np.random.default_rng(0).normal(size=z.shape)
    a = f(z)
    if f is softmax:
        expected = np.einsum("ni,nij->nj", error, softmax.derivative(z, a))
    else:
        expected = error * f.derivative(z, a)
    np.testing.assert_allclose(f.delta(error, z, a), expected, rtol=1e-12, atol=1e-14)


@given(sums_of_maxout())
def test_delta_of_maxout_is_the_chain_rule(z):
    a = maxout(z)
    error = np.random.default_rng(0).normal(size=a.shape)
    expected = np.stack([error, error], axis=-1).reshape(z.shape) * maxout.derivative(z, a)
    np.testing.assert_array_equal(maxout.delta(error, z, a), expected)


def test_derivatives_at_the_kink_are_those_from_the_left():
    for f, kink, left in (
        (relu, 0.0, 0),
        (LeakyReLU(0.1), 0.0, 0.1),
        (ShiftedReLU(-1), -1.0, 0),
        (ParametricReLU(0.25), 0.0, 0.25),
        (unit_step, 0.0, 0),
    ):
        z = np.array([kink])
        assert f.derivative(z, f(z)) == left, f


def test_relu_derivative_at_the_kink_is_zero():
    z = np.array([-1.0, 0.0, 1e-30])
    np.testing.assert_array_equal(relu.derivative(z, relu(z)), [0, 0, 1])


# ---------------------------------------------------------------- numbers


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("f", ALL, ids=str)
def test_finite_and_silent_up_to_ten_thousand(f, dtype):
    z = np.array([[-10_000, -750, -100, -88, -1, 0, 88, 100, 750, 10_000]], dtype=dtype)
    a = f(z)
    assert np.isfinite(a).all()
    assert np.isfinite(f.derivative(z, a)).all()
    assert np.isfinite(f.delta(np.ones_like(a), z, a)).all()


EXACT = {  # formulas that are right in float64 wherever float32 has numbers
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "softplus": lambda z: np.logaddexp(0, z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(z)),
    "swish": lambda z: z / (1 + np.exp(-z)),
}


@pytest.mark.parametrize("name", EXACT)
def test_no_tail_is_lost_in_float32(name):
    z = np.concatenate([np.linspace(-87, 87, 1001), np.geomspace(1e-20, 1, 100)]).astype(np.float32)
    z = np.concatenate([z, -z])
    exact = EXACT[name](z.astype(np.float64))
    np.testing.assert_allclose(ACTIVATIONS[name](z), exact, rtol=1e-6, atol=1e-37)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("f", ALL, ids=str)
def test_dtype_is_kept_and_arguments_are_unchanged(f, dtype):
    rng = np.random.default_rng(1)
    z = rng.normal(size=(4, 6)).astype(dtype)
    a = f(z)
    error = rng.normal(size=a.shape).astype(dtype)
    before = z.copy(), error.copy(), a.copy()
    results = [a, f.derivative(z, a), f.delta(error, z, a)]
    assert {result.dtype for result in results} == {np.dtype(dtype)}
    for values, copy in zip((z, error, a), before, strict=True):
        np.testing.assert_array_equal(values, copy)


@pytest.mark.parametrize("f", ALL, ids=str)
def test_nan_stays_visible(f):
    z = np.array([[np.nan, 1.0, 1.0, 2.0]])
    a = f(z)
    assert np.isnan(a[0, 0])
    with np.errstate(invalid="ignore"):
        assert np.isnan(f.delta(np.full_like(a, np.nan), z, a)[0, 0])


# ---------------------------------------------------------------- names


def test_names():
    assert set(ACTIVATIONS) == {*VALUES, "maxout", "softmax"}
    for name, f in ACTIVATIONS.items():
        assert f.name == name
        assert activations.get(name) is f
        assert activations.get(f) is f
        assert getattr(activations, name) is f
    assert [repr(linear), repr(LeakyReLU(0.2)), repr(UnitStep(-3)), repr(Maxout(4))] == [
        "linear",
        "leaky_relu(slope=0.2)",
        "unit_step(threshold=-3)",
        "maxout(pieces=4)",
    ]


def test_unknown_name():
    with pytest.raises(
        ValueError, match=r"expected an activation out of unit_step, .*got 'sigmiod'"
    ):
        activations.get("sigmiod")


def test_integers_lose_no_shift():
    np.testing.assert_array_equal(ShiftedReLU(-0.5)(np.array([-3, 2])), [-0.5, 2])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, None, "0.1"])
def test_settings_are_finite(value):
    for make, name in (
        (UnitStep, "threshold"),
        (LeakyReLU, "slope"),
        (ShiftedReLU, "shift"),
        (ParametricReLU, "start"),
        (ELU, "alpha"),
    ):
        with pytest.raises(ValueError, match=f"expected {name} to be a finite number, got "):
            make(value)


@pytest.mark.parametrize("pieces", [1, 0, -2, 2.5, "3", None])
def test_pieces_of_maxout(pieces):
    with pytest.raises(
        ValueError, match=f"expected pieces to be a whole number from 2 on, got {pieces!r}"
    ):
        Maxout(pieces)


class Square(Activation):
    """An activation of one's own needs these two methods and a name."""

    name = "square"

    def value(self, z):
        return z * z

    def derivative(self, z, a):
        return 2 * z


def test_an_activation_of_ones_own():
    z = np.array([[-1.0, 3.0]])
    np.testing.assert_array_equal(Square()(z), [[1, 9]])
    np.testing.assert_array_equal(Square().delta(np.array([[5.0, 7.0]]), z, z * z), [[-10, 42]])
