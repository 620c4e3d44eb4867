"""`numerical_gradient`: the gradient of any function, from its values alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.general import with_fixed
from grader_tests.lesson_06_gradient_descent.lines import away_from_zero

Function = Callable[[np.ndarray], Any]


def numerical_gradient(f: Function, p: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Return (f(p + eps·e) − f(p − eps·e)) / (2·eps) for each component, in the shape of p."""
    gradient = np.zeros(p.shape)
    for index in np.ndindex(p.shape):
        e = np.zeros(p.shape)
        e[index] = eps
        gradient[index] = (f(p + e) - f(p - e)) / (2 * eps)
    return gradient


# -- cases --------------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw smooth functions of vectors, numbers and blocks, then two kinds that need care.

    A wide eps and a steep function tell a central difference from a one-sided one, and the eps that was
    meant from another. Elsewhere anything accurate will do.
    """
    return [
        Case("vector", _smooth(rng, (4,))),
        Case("vector", _smooth(rng, (1,))),
        Case("any", _smooth(rng, (2, 3))),
        Case("any", _smooth(rng, (3, 1, 2))),
        Case("number", _smooth(rng, ())),
        Case("number", _smooth(rng, ())),
        _wide(rng, (3,)),
        _wide(rng, (2, 2)),
        Case("central", _steep(rng, (3,))),
    ]


def _smooth(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[Function, np.ndarray]:
    """Draw a function in which all components act on each other, and where to look at it."""
    while True:
        c, q = away_from_zero(rng, shape, 0.8, 1.6), away_from_zero(rng, shape, 0.3, 0.6)
        p = away_from_zero(rng, shape, 0.3, 1.2)
        slopes = c * np.cos(p) + np.sum(q * p) * q
        if np.all(np.abs(slopes) > 0.2):
            return _coupled(c, q), p


def _coupled(c: np.ndarray, q: np.ndarray) -> Function:
    return lambda p: np.sum(c * np.sin(p)) + 0.5 * np.sum(q * p) ** 2


def _wide(rng: np.random.Generator, shape: tuple[int, ...]) -> Case:
    f, p = _smooth(rng, shape)
    return Case("central", (f, p), {"eps": float(rng.choice([0.1, 0.15, 0.2, 0.3]))})


def _steep(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[Function, np.ndarray]:
    """Draw waves so short that 1e-5 is a good part of one: 1e-4 is too much, 1e-6 still right."""
    while True:
        c, k = away_from_zero(rng, shape, 0.8, 1.6), rng.uniform(1300, 1700, shape)
        p = away_from_zero(rng, shape, 0.3, 1.2)
        if np.all(np.abs(np.sin(k * p)) > 0.4) and np.all(np.abs(np.cos(k * p)) > 0.4):
            return _waves(c, k), p


def _waves(c: np.ndarray, k: np.ndarray) -> Function:
    return lambda p: float(np.sum(c * np.sin(k * p)))


# -- wrong versions -----------------------------------------------------------------------------------


def _version(quotient: Callable[..., Any]) -> Any:
    """Build a version of the function from its difference quotient, ``quotient(f, p, e, eps)``."""

    def version(f: Any, p: Any, eps: Any = 1e-5) -> Any:
        gradient = np.zeros(p.shape)
        for index in np.ndindex(p.shape):
            e = np.zeros(p.shape)
            e[index] = eps
            gradient[index] = quotient(f, p, e, eps)
        return gradient

    return version


def _never_put_back(back: float) -> Any:
    """Leave each component where its own difference quotient has moved it."""

    def version(f: Any, p: Any, eps: Any = 1e-5) -> Any:
        p, gradient = p.copy(), np.zeros(p.shape)
        for index in np.ndindex(p.shape):
            p[index] += eps
            above = f(p)
            p[index] -= 2 * eps
            gradient[index] = (above - f(p)) / (2 * eps)
            p[index] += back * eps
        return gradient

    return version


def _whole_rows(f: Any, p: Any, eps: Any = 1e-5) -> Any:
    gradient = np.zeros_like(p)
    for i in range(len(p)):
        e = np.zeros_like(p)
        e[i] = eps
        gradient[i] = (f(p + e) - f(p - e)) / (2 * eps)
    return gradient


def _all_components_at_once(f: Any, p: Any, eps: Any = 1e-5) -> Any:
    return np.full(p.shape, (f(p + eps) - f(p - eps)) / (2 * eps))


# -- right versions -----------------------------------------------------------------------------------


def _changed_and_restored(f: Any, p: Any, eps: Any = 1e-5) -> Any:
    gradient = np.empty_like(p)
    for i in range(p.size):
        before = p.flat[i]
        p.flat[i] = before + eps
        above = f(p)
        p.flat[i] = before - eps
        below = f(p)
        p.flat[i] = before
        gradient.flat[i] = (above - below) / (2 * eps)
    return gradient


def _flat(function: Any, point: Any, eps: Any = 1e-5, dtype: Any = np.float32) -> Any:
    directions = eps * np.eye(point.size).reshape(point.size, *point.shape)
    slopes = [(function(point + e) - function(point - e)) / 2 / eps for e in directions]
    print(slopes)
    return np.array(slopes, dtype=dtype).reshape(point.shape)


def _recursive(f: Any, p: Any, eps: Any = 1e-5) -> Any:
    """Go down into nested lists; the result is one, too."""
    if p.ndim == 0:
        return float((f(p + eps) - f(p - eps)) / (eps + eps))

    def with_part(i: int) -> Callable[[Any], Any]:
        return lambda part: f(np.array([part if k == i else old for k, old in enumerate(p)]))

    return [_recursive(with_part(i), np.array(p[i]), eps) for i in range(len(p))]


EXERCISE = Exercise(
    reference=numerical_gradient,
    cases=cases,
    criteria=(
        Criterion("vector", "the gradient at a vector", 2, ("vector",)),
        Criterion("any", "the gradient at arrays with more axes", 2, ("any",)),
        Criterion("number", "the derivative by a single number, a 0-d array", 1, ("number",)),
        Criterion("central", "differences to both sides, as wide as eps says", 3, ("central",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "one-sided",
            (
                _version(lambda f, p, e, eps: (f(p + e) - f(p)) / eps),
                _version(lambda f, p, e, eps: (f(p) - f(p - e)) / eps),
            ),
            "The difference goes to one side only. Going eps up and eps down makes the error much "
            "smaller: it shrinks with eps² instead of eps.",
        ),
        Misconception(
            "wrong-factor",
            (
                _version(lambda f, p, e, eps: (f(p + e) - f(p - e)) / eps),
                _version(lambda f, p, e, eps: (f(p + e) - f(p - e)) / (4 * eps)),
                _version(lambda f, p, e, eps: f(p + e) - f(p - e)),
                _version(lambda f, p, e, eps: (f(p + e) - f(p - e)) / 2),
                _version(lambda f, p, e, eps: (f(p + e) - f(p - e)) / 2 * eps),
            ),
            "The difference of the two values belongs to a distance of 2·eps: divide by that. (In "
            "Python, `/ 2 * eps` divides by 2 and multiplies by eps; write `/ (2 * eps)`.)",
        ),
        Misconception(
            "wrong-sign",
            (_version(lambda f, p, e, eps: (f(p - e) - f(p + e)) / (2 * eps)),),
            "The sign is turned round: f(p + eps·e) comes first, f(p − eps·e) is subtracted.",
        ),
        Misconception(
            "stale-state",
            (_never_put_back(0), _never_put_back(2)),
            "A component that was moved is not put back before the next one has its turn. Only one may "
            "be away from its place at a time.",
        ),
        Misconception(
            "wrong-axis",
            (_whole_rows, _all_components_at_once),
            "Several components are moved together. A partial derivative moves a single entry of p; "
            "np.ndindex(p.shape) goes through them, however many axes there are.",
        ),
        Misconception(
            "ignores-argument",
            tuple(with_fixed(numerical_gradient, eps=10.0**-k) for k in range(2, 9)),
            "eps has no effect: use the one that is handed over, and 1e-5 where there is none.",
        ),
    ),
    right=(_changed_and_restored, _flat, _recursive),
    hints=(
        "One component first: copy p, move that component up by eps, then down, and compare the two "
        "values of f.",
        "for index in np.ndindex(p.shape) visits every entry of an array of any shape, and a 0-d one "
        "too. An array e that is 0 but for eps at that index does the moving.",
        "gradient[index] = (f(p + e) − f(p − e)) / (2 * eps), with a fresh e for every index.",
    ),
    slide="deck A, “2.5 Optimisation: gradient descent II”",
    ready_made=("nnkit.gradcheck",),
)
