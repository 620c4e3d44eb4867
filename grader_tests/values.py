"""Turn whatever a student's function returns into plain arrays, and compare them.

Nothing that the student made is asked for an opinion: a result is first copied into fresh float64
arrays, so an ``__eq__`` that is always true, a subclass or an object array has no say in the
comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

Plain = Any  # a float64 array, a str, None, a Misfit, or a tuple of these
# Iterators whose types do not say so in their names.
ITERATORS = ("enumerate", "filter", "map", "reversed", "zip")


@dataclass(frozen=True)
class Misfit:
    """A result, or a part of one, that is not of the expected kind."""

    message: str
    is_none: bool = False


@dataclass(frozen=True)
class Difference:
    """Where a result differs from what was expected.

    ``kind`` is ``"type"``, ``"shape"``, ``"unstable"`` (NaN or infinite where a finite number was
    expected) or ``"value"``; ``index`` is the first entry that differs.
    """

    kind: str
    message: str
    part: int | None = None
    index: tuple[int, ...] | None = None


def plain(value: Any, like: Any) -> Plain:
    """Copy `value` into plain data of the same make as `like`, the expected result.

    Parameters
    ----------
    value : object
        What a function returned.
    like : number, array, str, None, or a list or tuple of these
        The expected result; several results may come as any list, tuple or array of that length.

    Returns
    -------
    float64 array, str, None, or tuple of them
        With a :class:`Misfit` in place of whatever does not fit.
    """
    if isinstance(like, tuple | list):
        return _plain_sequence(value, like)
    if like is None or isinstance(like, str):
        return _plain_word(value, like)
    return _plain_array(value)


def _plain_sequence(value: Any, like: tuple[Any, ...] | list[Any]) -> Plain:
    if value is None:
        return Misfit(f"expected {len(like)} results, got None", is_none=True)
    if not isinstance(value, list | tuple) and not (isinstance(value, np.ndarray) and value.ndim):
        return Misfit(f"expected {len(like)} results, got {described(value)}")
    items = list(value)
    if len(items) != len(like):
        return Misfit(f"expected {len(like)} results, got {len(items)}")
    return tuple(plain(item, want) for item, want in zip(items, like, strict=True))


def _plain_word(value: Any, like: str | None) -> Plain:
    if value is None:
        return None
    if isinstance(value, str):
        return str.__str__(value)
    return Misfit(f"expected {like!r}, got {described(value)}")


def _plain_array(value: Any) -> Plain:
    if value is None:
        return Misfit("expected numbers, got None", is_none=True)
    try:
        array = np.array(value, dtype=None, copy=True, subok=False)
    except Exception:
        return Misfit(f"expected numbers, got {described(value)}")
    if array.dtype.kind == "O":
        return _from_objects(array, value)
    if array.dtype.kind not in "fiub":
        return Misfit(f"expected numbers, got {described(value)}")
    return array.astype(np.float64)


def _from_objects(array: np.ndarray, value: Any) -> Plain:
    """Numbers that numpy keeps as objects (fractions, very large integers) are numbers too."""
    try:
        numbers = [float(entry) for entry in array.ravel()]
    except Exception:
        return Misfit(f"expected numbers, got {described(value)}")
    return np.array(numbers, dtype=np.float64).reshape(array.shape)


def described(value: Any) -> str:
    """Say in a few words what `value` is, without asking it."""
    kind = type(value).__name__
    if isinstance(value, list | tuple):
        return f"a {kind} of {len(value)}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {np.shape(value)} and dtype {value.dtype}"
    if kind == "generator":
        return "a generator"
    if kind in ITERATORS or kind.endswith("iterator"):
        return f"an iterator ({kind}; list() makes a list of it)"
    return f"a value of type {kind}"


def difference(
    expected: Plain, got: Plain, rtol: float = 1e-4, atol: float = 0.0, part: int | None = None
) -> Difference | None:
    """Compare two plain results; None when `got` is right.

    An array is right when every entry is within ``rtol`` times the largest expected entry, plus
    ``atol``.
    """
    if isinstance(got, Misfit):
        return Difference("type", got.message, part)
    if isinstance(expected, tuple):
        return _first_difference(expected, got, rtol, atol, part)
    if expected is None or isinstance(expected, str):
        message = f"expected {expected!r}, got {got!r}"
        return None if expected == got else Difference("value", message, part)
    if expected.shape != got.shape:
        message = f"expected shape {expected.shape}, got shape {got.shape}"
        return Difference("shape", message, part)
    return _first_wrong_entry(expected, got, rtol, atol, part)


def _first_difference(
    expected: tuple[Plain, ...], got: Plain, rtol: float, atol: float, part: int | None
) -> Difference | None:
    for i, (want, have) in enumerate(zip(expected, got, strict=True)):
        found = difference(want, have, rtol, atol, i if part is None else part)
        if found:
            return found
    return None


def _first_wrong_entry(
    expected: np.ndarray, got: np.ndarray, rtol: float, atol: float, part: int | None
) -> Difference | None:
    finite = np.isfinite(expected)
    largest = np.max(np.abs(expected[finite]), initial=0.0)
    with np.errstate(invalid="ignore"):
        close = np.abs(got - expected) <= rtol * largest + atol
    right = np.where(finite, close, (got == expected) | (np.isnan(got) & np.isnan(expected)))
    if np.all(right):
        return None
    index = tuple(int(i) for i in np.argwhere(~right)[0])
    unstable = bool(np.any(finite & ~np.isfinite(got)))
    message = f"expected {expected[index]:.6g}, got {got[index]:.6g}{_at(index)}"
    return Difference("unstable" if unstable else "value", message, part, index)


def _at(index: tuple[int, ...]) -> str:
    return f" at index {index if len(index) > 1 else index[0]}" if index else ""


def same(first: Plain, second: Plain, rtol: float = 1e-4) -> bool:
    """Tell whether two plain results agree closely, misfits and shapes included."""
    if isinstance(first, Misfit) or isinstance(second, Misfit):
        # Asked alone, an array would be compared entry by entry.
        return type(first) is type(second) and bool(first == second)
    if isinstance(first, tuple):
        return isinstance(second, tuple) and all(
            same(a, b, rtol) for a, b in zip(first, second, strict=True)
        )
    return not isinstance(second, tuple) and difference(first, second, rtol) is None


def scaled(value: Plain, factor: float) -> Plain:
    """Multiply all numbers of a plain result by a factor."""
    if isinstance(value, tuple):
        return tuple(scaled(item, factor) for item in value)
    return value * factor if isinstance(value, np.ndarray) else value


def pieces(value: Plain) -> Iterator[np.ndarray]:
    """Go through the arrays of a plain result."""
    if isinstance(value, tuple):
        for item in value:
            yield from pieces(item)
    elif isinstance(value, np.ndarray):
        yield value
