"""`softmax`: scores become probabilities, row by row."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_03_softmax.scores import random_scores


def softmax(Z: np.ndarray) -> np.ndarray:
    """Return e^z divided by its sum over the row, (n, k), finite for scores up to 10,000."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def cases(rng: np.random.Generator) -> list[Case]:
    """One row, several rows, and scores so large that e^z overflows.

    The large scores are whole numbers, which float32 holds exactly. Either the scores of a row lie far
    apart, so that nothing but its maximum will do as a shift, or whole rows do, so that one maximum
    for all of them would leave a row of zeros.
    """
    one = [Case("one", (random_scores(rng, 1, k),)) for k in (3, 5)]
    batch = [Case("batch", (random_scores(rng, n, k),)) for n, k in ((4, 3), (3, 5), (7, 2))]
    return [*one, *batch, *(Case("large", (Z,)) for Z in _large(rng))]


def _large(rng: np.random.Generator) -> list[np.ndarray]:
    small = rng.permuted(np.tile([0.0, 1.0, 3.0], (4, 1)), axis=1)
    high = small + rng.integers(2000, 9000, (4, 1))
    apart = small[:2] + np.array([[9000.0], [-9000.0]])
    wide = rng.permuted(np.tile([10_000.0, 9_998.0, 3_000.0, -10_000.0], (3, 1)), axis=1)
    return [high, -high, apart, wide]


def _each(exponential: Any = np.exp, along: int | None = 1, shift: Any = None) -> Any:
    """Build a version from what is taken of the scores, the direction of the sum, and the shift."""

    def version(Z: Any) -> Any:
        moved = Z - (Z.max(axis=1, keepdims=True) if shift is None else shift(Z))
        E = exponential(moved)
        return E / E.sum(axis=along, keepdims=True)

    return version


def _zero(Z: Any) -> Any:
    return 0.0


def _without_keepdims(shift: Any = None) -> Any:
    """Build a version that loses the column of the sums, or that of the maxima."""

    def version(Z: Any) -> Any:
        E = np.exp(Z - (Z.max(axis=1, keepdims=True) if shift is None else shift(Z)))
        return E / E.sum(axis=1)

    return version


def _loops_without_shift(Z: Any) -> Any:
    return [[math.exp(z) / sum(math.exp(t) for t in row) for z in row] for row in Z]


def _with_loops(Z: Any) -> Any:
    rows = []
    for row in Z.tolist():
        top = max(row)
        powers = [math.exp(z - top) for z in row]
        rows.append([power / sum(powers) for power in powers])
    print(rows)
    return rows


def _float32(scores: Any, axis: Any = 1) -> Any:
    scores = np.float32(scores)
    E = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
    return E / np.sum(E, axis=axis, keepdims=True)


def _by_differences(Z: Any) -> Any:
    """1 / Σ e^(z_j − z_i): an infinite sum is a probability of 0."""
    return 1 / np.exp(Z[:, None, :] - Z[:, :, None]).sum(axis=2)


def _by_logarithms(Z: Any) -> Any:
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1)[:, None])


EXERCISE = Exercise(
    reference=softmax,
    cases=cases,
    criteria=(
        Criterion("one", "the probabilities of one example", 3, ("one",)),
        Criterion("batch", "every row by itself", 3, ("batch",)),
        Criterion("large", "scores up to 10,000, in any row", 2, ("large",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "no-shift",
            (
                _each(shift=_zero),
                _each(shift=np.max),
                _each(shift=lambda Z: Z.mean()),
                _each(shift=lambda Z: Z.min(axis=1, keepdims=True)),
                _each(shift=lambda Z: Z.mean(axis=1, keepdims=True)),
                lambda Z: softmax(np.clip(Z, -500, 500)),
                _loops_without_shift,
            ),
            "Large scores give inf/inf, or rows of zeros give 0/0 (or, with clipped scores, the wrong "
            "numbers). Take each row’s own largest score off first: numerator and denominator shrink "
            "alike, and the result stays.",
        ),
        Misconception(
            "wrong-axis",
            (
                _each(along=0),
                _each(along=None),
                _each(along=0, shift=np.max),
                _each(along=None, shift=np.max),
                _each(along=0, shift=_zero),
                _each(along=None, shift=_zero),
                _each(shift=lambda Z: Z.max(axis=0)),
                lambda Z: softmax(Z.T).T,
            ),
            "The sum or the maximum runs along the wrong axis, or over everything. Each row is one "
            "example, and its probabilities must add up to 1: axis=1, with keepdims=True.",
        ),
        Misconception(
            "missing-activation",
            (
                lambda Z: Z / Z.sum(axis=1, keepdims=True),
                lambda Z: np.abs(Z) / np.abs(Z).sum(axis=1, keepdims=True),
                lambda Z: Z,
            ),
            "The scores are not put through e^z. Negative scores then give negative “probabilities”.",
        ),
        Misconception(
            "wrong-activation",
            (
                lambda Z: 1 / (1 + np.exp(-Z)),
                _each(exponential=np.exp2),
                _each(exponential=lambda Z: np.power(10.0, Z)),
                lambda Z: np.where(Z.max(axis=1, keepdims=True) == Z, 1.0, 0.0),
                lambda Z: np.log(softmax(Z)),
                lambda Z: Z - np.logaddexp.reduce(Z, axis=1)[:, None],
            ),
            "This is another function. A sigmoid per score does not make a row sum to 1, another base "
            "than e makes other probabilities, the largest score gets most but not all, and no "
            "logarithm is asked for.",
        ),
        Misconception(
            "wrong-sign",
            (lambda Z: softmax(-Z),),
            "The sign is turned round: the largest score must get the largest probability.",
        ),
        Misconception(
            "not-normalised",
            (
                lambda Z: np.exp(Z - Z.max(axis=1, keepdims=True)),
                lambda Z: np.exp(Z),
            ),
            "The rows do not sum to 1. Divide by the sum of the row’s exponentials.",
        ),
        Misconception(
            "swapped",
            (lambda Z: softmax(Z).T,),
            "Rows and columns are exchanged: the probabilities of an example belong in its row.",
        ),
        Misconception(
            "raises",
            (
                _without_keepdims(),
                _without_keepdims(lambda Z: Z.max(axis=1)),
                _without_keepdims(_zero),
            ),
            "The sums, one per row, do not fit beside the table: (n, k) and (n,). keepdims=True keeps "
            "them as a column, (n, 1), which numpy divides every row by.",
        ),
        Misconception(
            "first-example-only",
            (lambda Z: softmax(Z[:1]), lambda Z: softmax(Z[:1])[0]),
            "Only the first example’s probabilities come back; there is a row for each.",
        ),
    ),
    right=(_with_loops, _float32, _by_differences, _by_logarithms),
    hints=(
        "Take one row, e^z of each score, and divide by their sum. What is e^1000 in numpy?",
        "Adding a number to all scores of a row changes nothing. Which number keeps e^z from growing?",
        "E = np.exp(Z − the row’s maximum), then E divided by the row’s sum; both with axis=1 and "
        "keepdims=True.",
    ),
    slide="deck C, “Softmax Function”",
    ready_made=("nnkit.activations",),
)
