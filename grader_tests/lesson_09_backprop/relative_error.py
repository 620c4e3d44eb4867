"""`relative_error`: how far two gradients are apart, compared with their size."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_08_two_three_one.net import away_from_zero


def relative_error(g: np.ndarray, n: np.ndarray) -> float:
    """Return ‖g − n‖ / (‖g‖ + ‖n‖), 0 if both are 0; ‖·‖ is the root of the sum of all squares."""
    size = math.sqrt(np.sum(g**2)) + math.sqrt(np.sum(n**2))
    return math.sqrt(np.sum((g - n) ** 2)) / size if size else 0.0


def cases(rng: np.random.Generator) -> list[Case]:
    """Vectors, other shapes, gradients so small that any constant shows, and zeros."""

    def case(kind: str, shape: tuple[int, ...], scale: float = 1.0) -> Case:
        """Make n a distorted g: the entries keep their signs, and the errors differ among them."""
        g = np.array(away_from_zero(rng, shape, scale))
        factors = rng.choice([0.3, 0.6, 1.4, 2.5], shape) * rng.uniform(0.9, 1.1, shape)
        return Case(kind, (g, np.array(g * factors)))

    def small(shape: tuple[int, ...]) -> Case:
        """Draw norms between 1e-6 and 1e-5, where any constant in the denominator shows."""
        g = rng.uniform(0.8e-6, 1.5e-6, shape) * rng.choice([-1.0, 1.0], shape)
        return Case("small", (g, g * rng.uniform(0.7, 1.6, shape)))

    zeros = [Case("zero", (np.zeros(shape), np.zeros(shape))) for shape in ((3,), (2, 4))]
    one_is_zero = Case("zero", (np.zeros(4), away_from_zero(rng, (4,), 1.0)))
    return [
        case("vector", (5,)),
        case("vector", (8,), scale=30.0),
        case("shape", (3, 4)),
        case("shape", (2, 3, 2)),
        case("shape", ()),
        small((4,)),
        small((2, 3)),
        *zeros,
        one_is_zero,
    ]


def _norm(v: Any) -> Any:
    return np.sqrt(np.sum(np.square(v)))


def _version(
    size: Callable[..., Any] = lambda g, n: _norm(g) + _norm(n), norm: Callable[..., Any] = _norm
) -> Callable[..., Any]:
    """Build a version of the function from its denominator and its norm; both zero give 0."""

    def version(g: Any, n: Any) -> Any:
        return norm(g - n) / size(g, n) if np.any(g) or np.any(n) else 0.0

    return version


def _by_norm(norm: Callable[[Any], Any]) -> Callable[..., Any]:
    return _version(lambda g, n: norm(g) + norm(n), norm)


def _by_entry(combine: Callable[..., Any]) -> tuple[Callable[..., Any], ...]:
    """Take the relative error of each entry, in the two usual ways, and combine them."""

    def version(total: Callable[..., Any]) -> Callable[..., Any]:
        def by_entry(g: Any, n: Any) -> Any:
            size = total(np.abs(g), np.abs(n))
            return combine(np.abs(g - n) / np.where(size == 0, 1, size))

        return by_entry

    return version(np.add), version(np.maximum)


def _without_guard(g: Any, n: Any) -> Any:
    return np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n))


def _with_norm(g: Any, n: Any) -> Any:
    print(np.shape(g))
    size = np.linalg.norm(g) + np.linalg.norm(n)
    return np.linalg.norm(g - n) / np.maximum(size, 1e-15)


def _with_loops(analytic: Any, numeric: Any, warn: Any = False) -> Any:
    length = lambda values: math.sqrt(math.fsum(value * value for value in values))
    a, b = analytic.ravel().tolist(), numeric.ravel().tolist()
    if not any(a + b):
        return 0
    return length([x - y for x, y in zip(a, b)]) / (length(a) + length(b))


def _float32(g: Any, n: Any) -> Any:
    g, n = np.ravel(g).astype(np.float32), np.ravel(n).astype(np.float32)
    size = np.sqrt(g @ g) + np.sqrt(n @ n)
    return np.nan_to_num(np.sqrt((g - n) @ (g - n)) / size)


def _by_means(g: Any, n: Any) -> Any:
    """Take the root of the mean square: the number of entries cancels."""
    rms = lambda v: np.mean(v**2) ** 0.5
    return np.array(rms(g - n) / (rms(g) + rms(n) or 1))


EXERCISE = Exercise(
    reference=relative_error,
    cases=cases,
    criteria=(
        Criterion("vector", "two vectors", 3, ("vector",)),
        Criterion("shape", "arrays of any shape, all entries together", 3, ("shape",)),
        Criterion("small", "gradients of a millionth", 1, ("small",)),
        Criterion("zero", "one or both of them zero", 1, ("zero",), only_with="vector"),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "unstable",
            (_without_guard,),
            "Two gradients that are both 0 give 0/0, which is NaN. They agree, so their error is 0: "
            "look at the denominator before you divide.",
        ),
        Misconception(
            "wrong-denominator",
            (
                _version(lambda g, n: 1.0),
                _version(lambda g, n: _norm(g)),
                _version(lambda g, n: _norm(n)),
                _version(lambda g, n: np.maximum(_norm(g), _norm(n))),
                _version(lambda g, n: _norm(g + n)),
                _version(lambda g, n: _norm(g) + _norm(n) + 1e-8),
                _version(lambda g, n: _norm(g) + _norm(n) + 1e-7),
                _version(lambda g, n: _norm(g) + _norm(n) + 1e-6),
            ),
            "The difference is divided by something else than ‖g‖ + ‖n‖: the two norms are added, both "
            "of them and nothing else. (A constant against division by 0 spoils small gradients.)",
        ),
        Misconception(
            "wrong-norm",
            (
                _by_norm(lambda v: np.max(np.abs(v))),
                _by_norm(lambda v: np.sum(np.abs(v))),
            ),
            "Sizes are measured with absolute values. ‖·‖ is the root of the sum of all squares.",
        ),
        Misconception(
            "missing-root",
            (_by_norm(lambda v: np.sum(v**2)),),
            "The squares are summed, but the root is missing: ‖v‖ is √Σv².",
        ),
        Misconception(
            "piece-by-piece",
            (*_by_entry(np.mean), *_by_entry(np.max), *_by_entry(np.sum)),
            "Each entry gets its own relative error. Take the norms of the whole arrays first and "
            "divide once, or tiny entries weigh as much as large ones.",
        ),
        Misconception(
            "wrong-axis",
            (
                _by_norm(lambda v: np.linalg.norm(v, axis=0)),
                _by_norm(lambda v: np.linalg.norm(v, axis=1)),
            ),
            "The norm is taken along one axis. It takes in all entries, whatever the shape.",
        ),
        Misconception(
            "wrong-sign",
            (lambda g, n: relative_error(g, -n),),
            "The arrays are added where they are to be subtracted: equal gradients have the error 0.",
        ),
        general.wrong_factor(
            relative_error,
            says="The result is off by a factor 2. The denominator is the sum of the two norms, not "
            "their mean, and nothing else is multiplied.",
        ),
    ),
    right=(_with_norm, _with_loops, _float32, _by_means),
    hints=(
        "How long is a vector? Square its entries, add them up and take the root; that is ‖·‖, and it "
        "works for a matrix of gradients just as well.",
        "Three norms are needed: of g − n, of g and of n. What if the last two are both 0?",
        "size = norm of g plus norm of n; return 0.0 if size is 0, else the norm of g − n divided by "
        "size. np.linalg.norm(v) is the root of the sum of all squares.",
    ),
    slide="deck A, “2.5 Optimisation: gradient descent II”",
    ready_made=("nnkit.gradcheck",),
)
