"""Values and gradients of the losses, in every convention of the decks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnkit import losses
from nnkit.activations import sigmoid, softmax
from nnkit.losses import (
    LOSSES,
    BinaryCrossEntropy,
    CrossEntropy,
    SquaredError,
    binary_cross_entropy,
    cross_entropy,
)

SQUARED = [loss for loss in LOSSES.values() if isinstance(loss, SquaredError)]
LABEL_OF_3 = np.eye(10)[[3]]


def one_hot_rows(rng, n, k):
    return np.eye(k)[rng.integers(0, k, n)]


def numerical_gradient(cost, x, eps=1e-6):
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = eps
        gradient[index] = (cost(x + step) - cost(x - step)) / (2 * eps)
    return gradient


# ---------------------------------------------------------------- values


def test_the_four_conventions():
    a = np.array([[0.2, 0.9], [0.4, 0.1], [1.0, 0.5]])
    Y = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
    total = 0.04 + 0.01 + 0.36 + 0.01 + 0 + 0.25
    expected = {
        "squared_error": total / 3,
        "squared_error_sum": total,
        "half_squared_error": total / 6,
        "half_squared_error_sum": total / 2,
    }
    assert {loss.name: pytest.approx(loss.value(a, a, Y)) for loss in SQUARED} == expected


def test_names_follow_from_the_arguments():
    assert SquaredError().name == "squared_error"
    assert SquaredError(half=True).name == "half_squared_error"
    assert SquaredError(reduction="sum").name == "squared_error_sum"
    assert repr(SquaredError(half=True, reduction="sum")) == "half_squared_error_sum"
    with pytest.raises(ValueError, match="expected the reduction 'mean' or 'sum', got 'max'"):
        SquaredError(reduction="max")


def test_the_image_of_a_3_in_deck_a():
    a = np.array([[0.43, 0.28, 0.19, 0.88, 0.72, 0.01, 0.64, 0.86, 0.99, 0.63]])
    assert losses.squared_error.value(a, a, LABEL_OF_3) == pytest.approx(3.3585, abs=1e-12)
    # The deck's terms come from unrounded activations; their roots give them back.
    terms = [0.1863, 0.0809, 0.0357, 0.0138, 0.5242, 0.0001, 0.4079, 0.7388, 0.9817, 0.3998]
    unrounded = np.abs(LABEL_OF_3 - np.sqrt([terms]))
    assert round(losses.squared_error.value(unrounded, unrounded, LABEL_OF_3), 2) == 3.37


def test_the_costs_of_deck_b():
    output, Y = (
        np.array([[0.18], [0.17], [0.17], [0.18], [0.22]]),
        np.array([[0], [0], [0], [1], [0]]),
    )
    costs = [
        losses.half_squared_error_sum.value(a, a, y)
        for a, y in zip(output[:, None], Y[:, None], strict=True)
    ]
    np.testing.assert_allclose(np.round(costs, 2), [0.02, 0.01, 0.01, 0.34, 0.02])


def test_cross_entropy_is_the_mean_of_minus_log_p():
    rng = np.random.default_rng(0)
    z, Y = rng.normal(size=(5, 3)), one_hot_rows(rng, 5, 3)
    p = softmax(z)
    assert cross_entropy.value(z, p, Y) == pytest.approx(-np.log(p[Y == 1]).mean())
    soft = softmax(rng.normal(size=(5, 3)))
    assert cross_entropy.value(z, p, soft) == pytest.approx(-(soft * np.log(p)).sum() / 5)


def test_binary_cross_entropy_sums_over_labels_and_averages_over_examples():
    rng = np.random.default_rng(0)
    z, Y = rng.normal(size=(5, 3)), rng.integers(0, 2, (5, 3)).astype(float)
    a = sigmoid(z)
    direct = -(Y * np.log(a) + (1 - Y) * np.log(1 - a)).sum() / 5
    assert binary_cross_entropy.value(z, a, Y) == pytest.approx(direct)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
def test_the_value_is_shared_out_among_the_outputs(loss):
    rng = np.random.default_rng(0)
    z, Y = rng.normal(size=(5, 3)), one_hot_rows(rng, 5, 3)
    a = (sigmoid if loss is binary_cross_entropy else softmax)(z)
    costs = loss.costs(z, a, Y)
    assert costs.shape == (5, 3)
    assert (costs >= 0).all()
    assert loss.value(z, a, Y) == pytest.approx(costs.sum())
    n = 1 if loss.name.endswith("_sum") else 5
    for i in range(5):
        alone = loss.value(z[i : i + 1], a[i : i + 1], Y[i : i + 1])
        assert costs[i].sum() == pytest.approx(alone / n)
    if loss is cross_entropy:
        np.testing.assert_array_equal(costs[Y == 0], 0)  # only the right class costs


# ---------------------------------------------------------------- gradients


@pytest.mark.parametrize("loss", SQUARED, ids=str)
def test_error_of_squared_errors(loss):
    rng = np.random.default_rng(2)
    a, Y = rng.normal(size=(2, 5, 3))
    numerical = numerical_gradient(lambda a: loss.value(a, a, Y), a)
    np.testing.assert_allclose(loss.error(a, a, Y), numerical, rtol=1e-6)
    assert loss.delta(a, a, Y) is None


def test_error_and_delta_of_cross_entropy():
    rng = np.random.default_rng(3)
    z, Y = rng.normal(size=(5, 3)), softmax(rng.normal(size=(5, 3)))
    a = softmax(z)
    wrt_a = numerical_gradient(lambda a: -(Y * np.log(a)).sum() / 5, a)
    np.testing.assert_allclose(cross_entropy.error(z, a, Y), wrt_a, rtol=1e-6)
    wrt_z = numerical_gradient(lambda z: cross_entropy.value(z, None, Y), z)
    np.testing.assert_allclose(cross_entropy.delta(z, a, Y), wrt_z, rtol=1e-6, atol=1e-9)


def test_error_and_delta_of_binary_cross_entropy():
    rng = np.random.default_rng(4)
    z, Y = rng.normal(size=(5, 3)), rng.random(size=(5, 3))
    a = sigmoid(z)
    wrt_a = numerical_gradient(
        lambda a: -(Y * np.log(a) + (1 - Y) * np.log(1 - a)).sum() / 5, a, eps=1e-7
    )
    np.testing.assert_allclose(binary_cross_entropy.error(z, a, Y), wrt_a, rtol=1e-6)
    wrt_z = numerical_gradient(lambda z: binary_cross_entropy.value(z, None, Y), z)
    np.testing.assert_allclose(binary_cross_entropy.delta(z, a, Y), wrt_z, rtol=1e-6)


@pytest.mark.parametrize(
    ("loss", "f"), [(cross_entropy, softmax), (binary_cross_entropy, sigmoid)], ids=str
)
def test_the_short_cut_agrees_with_the_chain_rule(loss, f):
    rng = np.random.default_rng(5)
    z, Y = rng.normal(size=(5, 3)), one_hot_rows(rng, 5, 3)
    a = f(z)
    np.testing.assert_allclose(loss.delta(z, a, Y), f.delta(loss.error(z, a, Y), z, a), atol=1e-15)


# ---------------------------------------------------------------- numbers


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("loss", "f"), [(cross_entropy, softmax), (binary_cross_entropy, sigmoid)], ids=str
)
def test_finite_and_silent_up_to_ten_thousand(loss, f, dtype):
    z = np.array([[10_000, -10_000], [-10_000, 10_000], [100, -100]], dtype=dtype)
    Y = np.array([[0, 1], [0, 1], [0, 1]], dtype=dtype)
    a = f(z)
    # Only the first and the third row are wrong; each wrong output costs |z|, or their distance.
    assert loss.value(z, a, Y) == pytest.approx((20_000 + 200) / 3)
    assert np.isfinite(loss.error(z, a, Y)).all()
    assert np.abs(loss.delta(z, a, Y)).max() == pytest.approx(1 / 3)


def test_cross_entropy_of_a_lost_probability():
    z = np.array([[200.0, 0.0]], dtype=np.float32)
    a = softmax(z)
    assert a[0, 1] == 0
    assert cross_entropy.value(z, a, np.array([[0, 1]], dtype=np.float32)) == 200


@pytest.mark.parametrize(
    ("loss", "f"), [(cross_entropy, softmax), (binary_cross_entropy, sigmoid)], ids=str
)
def test_error_of_a_small_probability_is_exact(loss, f):
    z = np.array([[0.0, -40.0]])
    a, Y = f(z), np.array([[0.0, 1.0]])
    assert loss.error(z, a, Y)[0, 1] == pytest.approx(-np.exp(40), rel=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
def test_dtype_is_kept_and_arguments_are_unchanged(loss, dtype):
    rng = np.random.default_rng(6)
    z = rng.normal(size=(4, 3)).astype(dtype)
    a, Y = softmax(z), one_hot_rows(rng, 4, 3).astype(dtype)
    before = z.copy(), a.copy(), Y.copy()
    assert type(loss.value(z, a, Y)) is float
    assert loss.costs(z, a, Y).dtype == dtype
    assert loss.error(z, a, Y).dtype == dtype
    assert (delta := loss.delta(z, a, Y)) is None or delta.dtype == dtype
    for values, copy in zip((z, a, Y), before, strict=True):
        np.testing.assert_array_equal(values, copy)


@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_the_cost_of_a_batch_is_the_mean_or_sum_of_single_costs(n, seed):
    rng = np.random.default_rng(seed)
    z, Y = rng.normal(size=(n, 3)), one_hot_rows(rng, n, 3)
    a = softmax(z)
    for loss in LOSSES.values():
        single = sum(loss.value(z[i : i + 1], a[i : i + 1], Y[i : i + 1]) for i in range(n))
        expected = single if loss.name.endswith("_sum") else single / n
        assert loss.value(z, a, Y) == pytest.approx(expected)


# ---------------------------------------------------------------- targets and names


def test_cross_entropy_wants_probabilities():
    CrossEntropy().check_targets(np.array([[0.2, 0.8], [1, 0]], dtype=np.float32))
    for Y in ([[1.0, 1.0]], [[0.0, 0.0]], [[-0.5, 1.5]]):
        with pytest.raises(ValueError, match="targets of 0 or more that sum to 1 in each row, got"):
            CrossEntropy().check_targets(np.array(Y))


def test_binary_cross_entropy_wants_numbers_from_0_to_1():
    BinaryCrossEntropy().check_targets(np.array([[0.2, 0.9], [1, 1]]))
    with pytest.raises(ValueError, match="targets between 0 and 1, got -1 … 1"):
        BinaryCrossEntropy().check_targets(np.array([[-1.0, 1.0]]))


def test_classes_become_rows():
    rows = losses.targets_from_classes(np.array([2, 0], dtype=np.uint8), 3)
    np.testing.assert_array_equal(rows, [[0, 0, 1], [1, 0, 0]])
    np.testing.assert_array_equal(
        losses.targets_from_classes(np.array([1, 0, 1]), 1), [[1], [0], [1]]
    )


@pytest.mark.parametrize(
    ("labels", "n_out", "message"),
    [
        ([0, 3], 3, "class numbers 0 … 2, got 0 … 3"),
        ([-1, 1], 3, "class numbers 0 … 2, got -1 … 1"),
        ([0, 2], 1, "class numbers 0 … 1, got 0 … 2"),
        ([0.0, 1.9], 3, "expected class numbers to be integers, got the dtype float64"),
    ],
)
def test_labels_that_are_no_class(labels, n_out, message):
    with pytest.raises(ValueError, match=message):
        losses.targets_from_classes(np.array(labels), n_out)


def test_names():
    for name, loss in LOSSES.items():
        assert losses.get(name) is loss
        assert losses.get(loss) is loss
    with pytest.raises(ValueError, match=r"expected a loss out of squared_error, .*got 'mse'"):
        losses.get("mse")
