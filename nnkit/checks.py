"""What comes in is checked: it is returned ready to use, or an error says what is wrong with it.

Every error is a ValueError of one form: expected this, got that.
"""

import math
import operator
from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np

from nnkit.backend import Array, as_array, as_array_like, namespace, to_module_of

# ---------------------------------------------------------------- arrays


def checked(name: str, values: Any, shape: tuple[int | str, ...], like: Array) -> Array:
    """Return `values` as an array that is ready to compute with, or say what is wrong with them.

    Parameters
    ----------
    name : str
        What error messages call the values.
    values : array_like
        Numbers: an array of any module and dtype, or nested lists.
    shape : tuple of int and str
        The expected shape. A name such as "n" stands for any number from 1 on.
    like : array
        The result has this array's module and dtype.

    Returns
    -------
    array
        The values; they are copied only if they have to be converted.

    Raises
    ------
    ValueError
        If the values have another shape, are no numbers, or are not finite in that dtype.
    """
    values = as_numbers(name, values)
    check_shape(name, values, shape)
    with np.errstate(over="ignore"):  # a number too large for the dtype is reported below
        values = as_array_like(values, like)
    _check_finite(name, values)
    return values


def checked_integers(name: str, values: Any, shape: tuple[int | str, ...], like: Array) -> Array:
    """Do as `checked`, but leave integers as they are stored.

    Pictures of bytes take a quarter of the memory that float32 takes. `as_array_like` makes numbers
    of a batch of them when its turn comes.
    """
    values = as_numbers(name, values)
    if not are_integers(values):
        return checked(name, values, shape, like)
    check_shape(name, values, shape)
    return to_module_of(like, values)


def are_integers(values: Array) -> bool:
    """Return whether an array holds integers; true and false count as 1 and 0."""
    return bool(namespace(values).isdtype(values.dtype, ("bool", "integral")))


def check_shape(name: str, values: Array, shape: tuple[int | str, ...]) -> None:
    """Raise ValueError unless `values` have this shape, written as for `checked`."""
    if not _matches(tuple(values.shape), shape):
        expected = ", ".join(map(str, shape)) + "," * (len(shape) == 1)
        raise ValueError(f"expected {name} of shape ({expected}), got {tuple(values.shape)}")


def as_numbers(name: str, values: Any) -> Array:
    """Return `values` as an array of numbers, in its own module and dtype."""
    try:
        array = as_array(values)
    except ValueError as error:  # numpy's way to say that nested lists make no array
        raise ValueError(
            f"expected numbers in {name}, got lists of different lengths in it"
        ) from error
    if not namespace(array).isdtype(array.dtype, ("bool", "integral", "real floating")):
        got = f"the dtype {array.dtype}" if array.ndim else repr(values)
        raise ValueError(f"expected numbers in {name}, got {got}")
    return array


def _check_finite(name: str, values: Array) -> None:
    xp = namespace(values)
    # One nan or infinity makes the sum so, and a sum is quicker than a question per number.
    with np.errstate(over="ignore", invalid="ignore"):
        if xp.isfinite(xp.sum(values)):
            return
    finite = xp.isfinite(values)
    if not xp.all(finite):
        bad = int(xp.count_nonzero(~finite))
        raise ValueError(
            f"expected finite numbers in {name}, got nan or infinity in {bad} places "
            f"(as {values.dtype})"
        )


def _matches(shape: tuple[int, ...], expected: tuple[int | str, ...]) -> bool:
    return len(shape) == len(expected) and all(
        size == wanted if isinstance(wanted, int) else size > 0
        for size, wanted in zip(shape, expected, strict=True)
    )


# ---------------------------------------------------------------- single numbers


def checked_count(name: str, value: Any, least: int = 1) -> int:
    """Return a number of things, `least` or more."""
    value = _without_array(value)
    is_whole = hasattr(value, "__index__") and not isinstance(value, bool | np.ndarray)
    if not is_whole or operator.index(value) < least:
        raise ValueError(f"expected {name} to be a whole number from {least} on, got {value!r}")
    return operator.index(value)


def finite(name: str, value: Any) -> float:
    """Return any number that is finite."""
    return _number(name, value, "a finite number", lambda number: True)


def positive(name: str, value: Any) -> float:
    """Return a number above 0."""
    return _number(name, value, "a positive number", lambda number: number > 0)


def not_negative(name: str, value: Any) -> float:
    """Return a number from 0 on."""
    return _number(name, value, "a number of 0 or more", lambda number: number >= 0)


def share(name: str, value: Any) -> float:
    """Return a share of something: a number from 0 to less than 1."""
    return _number(name, value, "a number from 0 to less than 1", lambda number: 0 <= number < 1)


def _number(name: str, value: Any, wanted: str, is_right: Callable[[float], bool]) -> float:
    value = _without_array(value)
    is_number = isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    if not (is_number and is_right(value)):
        raise ValueError(f"expected {name} to be {wanted}, got {value!r}")
    return float(value)  # a float64 of numpy's would make float64 of float32 arrays


def _without_array(value: Any) -> Any:
    """Return the number in an array of no axis; all else as it is."""
    return value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value


# ---------------------------------------------------------------- random numbers


# "Quoted", because numpy imports its random numbers when they are first used.
def random_generator(seed: Any) -> "np.random.Generator":
    """Return numpy's generator of random numbers for a seed; for None another one at every call."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"expected seed to be None or a whole number from 0 on, got {seed!r}"
        ) from error
