"""What comes in: arrays, single numbers and seeds, and what is said about those that will not do."""

import math

import numpy as np
import pytest

from nnkit import checks

LIKE = np.zeros(1, dtype=np.float32)


def test_numbers_are_converted_to_the_dtype():
    for values in ([[1, 2]], np.array([[1, 2]], dtype=np.uint8), np.array([[1.0, 2.0]])):
        result = checks.checked("X", values, ("n", 2), LIKE)
        assert result.dtype == np.float32
        np.testing.assert_array_equal(result, [[1, 2]])


def test_right_arrays_are_not_copied():
    values = np.ones((3, 2), dtype=np.float32)
    assert checks.checked("X", values, ("n", 2), LIKE) is values


@pytest.mark.parametrize(
    ("values", "shape", "message"),
    [
        (np.ones((3, 4)), ("n", 2), r"expected X of shape \(n, 2\), got \(3, 4\)"),
        (np.ones(2), ("n", 2), r"expected X of shape \(n, 2\), got \(2,\)"),
        (np.ones((0, 2)), ("n", 2), r"expected X of shape \(n, 2\), got \(0, 2\)"),
        (np.ones(3), (2,), r"expected X of shape \(2,\), got \(3,\)"),
        (np.array([["a", "b"]]), ("n", 2), "expected numbers in X, got the dtype <U1"),
        (np.array([[1j, 2]]), ("n", 2), "expected numbers in X, got the dtype complex128"),
        (np.array([[None, 2]]), ("n", 2), "expected numbers in X, got the dtype object"),
        (None, ("n", 2), "expected numbers in X, got None"),
        ("ab", ("n", 2), "expected numbers in X, got 'ab'"),
        ([[1, 2], [3]], ("n", 2), "expected numbers in X, got lists of different lengths in it"),
        (
            [[np.nan, 2], [np.inf, 1]],
            ("n", 2),
            "finite numbers in X, got nan or infinity in 2 places",
        ),
        ([[1e300, 2.0]], ("n", 2), r"nan or infinity in 1 places \(as float32\)"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_what_is_wrong_is_said(values, shape, message):
    with pytest.raises(ValueError, match=message):
        checks.checked("X", values, shape, LIKE)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.uint16, bool])
def test_integers_are_left_as_they_are_stored(dtype):
    values = np.ones((3, 2), dtype=dtype)
    assert checks.checked_integers("X", values, ("n", 2), LIKE) is values


@pytest.mark.parametrize("values", [np.ones((3, 2)), [[1, 2.5]]])
def test_other_numbers_are_converted(values):
    result = checks.checked_integers("X", values, ("n", 2), LIKE)
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.ones((3, 4), dtype=np.uint8), r"expected X of shape \(n, 2\), got \(3, 4\)"),
        (np.ones((0, 2), dtype=np.uint8), r"expected X of shape \(n, 2\), got \(0, 2\)"),
        ([["a", "b"]], "expected numbers in X, got the dtype <U1"),
        ([[np.nan, 1]], "expected finite numbers in X, got nan or infinity in 1 places"),
    ],
)
def test_what_is_wrong_with_stored_numbers_is_said(values, message):
    with pytest.raises(ValueError, match=message):
        checks.checked_integers("X", values, ("n", 2), LIKE)


NO_NUMBERS = (None, "0.5", [0.5], np.array([0.5]), np.array("0.5"), 0.5j, True, math.nan, math.inf)


@pytest.mark.parametrize(
    ("check", "right", "wrong", "wanted"),
    [
        (checks.finite, (-2, 0, 0.5), (), "a finite number"),
        (checks.positive, (1e-300, 3), (0, -1), "a positive number"),
        (checks.not_negative, (0, 3), (-1e-300,), "a number of 0 or more"),
        (checks.share, (0, 0.99), (-0.1, 1), "a number from 0 to less than 1"),
    ],
)
def test_single_numbers(check, right, wrong, wanted):
    for value in (*right, np.float32(0.5), np.float64(0.5), np.array(0.5)):
        assert type(check("beta", value)) is float
        assert check("beta", value) == value
    for value in (*wrong, *NO_NUMBERS):
        with pytest.raises(ValueError, match=f"^expected beta to be {wanted}, got "):
            check("beta", value)


def test_counts():
    for value in (1, 7, np.int64(7), np.uint8(7), np.array(7)):
        assert type(checks.checked_count("n", value)) is int
    assert checks.checked_count("n", 0, least=0) == 0
    for value in (0, -1, 1.0, "3", None, True, [2], np.array([2])):
        with pytest.raises(ValueError, match="expected n to be a whole number from 1 on, got"):
            checks.checked_count("n", value)


def test_a_seed_is_none_or_a_whole_number():
    first, again = (checks.random_generator(7).random() for _ in range(2))
    assert first == again == np.random.default_rng(7).random()
    assert checks.random_generator(None).random() != checks.random_generator(None).random()
    for seed in (-1, 1.5, "seven"):
        with pytest.raises(ValueError, match="expected seed to be None or a whole number from 0"):
            checks.random_generator(seed)
