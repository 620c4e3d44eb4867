"""Mistakes that many exercises share, made from the right function instead of written anew.

Each returns a :class:`~grader_tests.exercise.Misconception`; an exercise adds its own words where the
general ones say too little.

>>> from grader_tests import general
>>> mistake = general.wrong_sign(lambda x: 2 * x)
>>> mistake.name, int(mistake.versions[0](3))
('wrong-sign', -6)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests.exercise import Misconception
from grader_tests.misconceptions import NAMES

Function = Callable[..., Any]


def each(change: Callable[[Any], Any], result: Any) -> Any:
    """Apply `change` to a result, or to each of several."""
    if isinstance(result, tuple | list):
        return type(result)(each(change, item) for item in result)
    return change(result)


def changed_result(right: Function, change: Callable[..., Any]) -> Function:
    """Return a version whose result is ``change(result, *arguments)``."""
    return lambda *args, **options: change(right(*args, **options), *args)


def mistake(name: str, *versions: Function, says: str = "") -> Misconception:
    """Make a misconception from ready versions, with the general sentence unless `says` is given."""
    return Misconception(name, versions, says or NAMES[name])


def wrong_sign(right: Function, says: str = "") -> Misconception:
    """Turn the sign of the result round."""
    return mistake(
        "wrong-sign", lambda *a, **k: each(lambda r: -np.asarray(r), right(*a, **k)), says=says
    )


def wrong_factor(right: Function, *factors: float, says: str = "") -> Misconception:
    """Multiply the result by a constant; 2 and ½ unless others are named."""

    def times(factor: float) -> Function:
        return lambda *a, **k: each(lambda r: factor * np.asarray(r), right(*a, **k))

    return mistake("wrong-factor", *(times(f) for f in factors or (2.0, 0.5)), says=says)


def mean_instead_of_sum(right: Function, argument: int = 0, says: str = "") -> Misconception:
    """Divide the result by the length of an argument."""
    version = lambda *a, **k: each(lambda r: np.asarray(r) / len(a[argument]), right(*a, **k))
    return mistake("mean-instead-of-sum", version, says=says)


def sum_instead_of_mean(right: Function, argument: int = 0, says: str = "") -> Misconception:
    """Multiply the result by the length of an argument."""
    version = lambda *a, **k: each(lambda r: np.asarray(r) * len(a[argument]), right(*a, **k))
    return mistake("sum-instead-of-mean", version, says=says)


def first_example_only(right: Function, *batches: int, says: str = "") -> Misconception:
    """Use the first row alone, of the arguments at the positions `batches`."""
    rows = batches or (0,)

    def version(*args: Any, **options: Any) -> Any:
        return right(*(a[:1] if i in rows else a for i, a in enumerate(args)), **options)

    return mistake("first-example-only", version, says=says)


def ignores(right: Function, says: str = "", **fixed: Any) -> Misconception:
    """Fix arguments by name, whatever is handed over."""
    return mistake("ignores-argument", with_fixed(right, **fixed), says=says)


def with_fixed(right: Function, **fixed: Any) -> Function:
    """Return the function with some of its arguments, by name, set to other values."""
    signature = inspect.signature(right)

    def version(*args: Any, **options: Any) -> Any:
        bound = signature.bind(*args, **options)
        bound.arguments.update(fixed)
        return right(*bound.args, **bound.kwargs)

    return version


def swapped_results(right: Function, says: str = "") -> Misconception:
    """Return several results in the opposite order."""
    return mistake("swapped", lambda *a, **k: tuple(right(*a, **k))[::-1], says=says)


def transposed_result(right: Function, says: str = "") -> Misconception:
    """Exchange rows and columns of the result."""
    return mistake("swapped", lambda *a, **k: np.asarray(right(*a, **k)).T, says=says)
