"""`predict_labels`: a sigmoid for each label, and a threshold."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_03_softmax.softmax import softmax


def predict_labels(Z: np.ndarray, threshold: float = 0.5) -> np.ndarray:
    """Return 1 where the sigmoid of the score is above the threshold, else 0, (n, k)."""
    with np.errstate(over="ignore"):
        return (1 / (1 + np.exp(-Z)) > threshold).astype(float)


def cases(rng: np.random.Generator) -> list[Case]:
    """Rows with no, one and several labels; thresholds on both sides of ½; exact zeros; 10,000.

    No sigmoid is close to its threshold, but for scores of exactly 0, where it is ½.
    """
    return [
        Case("one", (_around(rng, 1, 4, 0.5),)),
        Case("one", (_around(rng, 1, 5, 0.5),)),
        Case("batch", (_around(rng, 4, 3, 0.5),)),
        Case("batch", (_around(rng, 3, 5, 0.5),)),
        Case("threshold", (_around(rng, 4, 3, 0.8),), {"threshold": 0.8}),
        Case("threshold", (_around(rng, 5, 2, 0.25),), {"threshold": 0.25}),
        Case("threshold", (_around(rng, 3, 4, 0.65),), {"threshold": 0.65}),
        Case("zero", (_with_zeros(rng, 0.5),)),
        Case("zero", (_with_zeros(rng, 0.3),), {"threshold": 0.3}),
        Case("large", (_around(rng, 3, 4, 0.5) * 3000.0,)),
        Case("large", (_with_extremes(rng),), {"threshold": 0.9}),
    ]


def _around(rng: np.random.Generator, n: int, k: int, threshold: float) -> np.ndarray:
    """Draw scores on both sides of the threshold's score, one column near it on either side.

    They lie between it and ½ too, and between it and its own value: thresholds that are ignored, or
    taken for the score itself, show.
    """
    at = np.log(threshold / (1 - threshold))
    away = rng.uniform(0.15, 1.5, (n, k)) * rng.choice([-1.0, 1.0], (n, k))
    away[0, :2] = rng.permutation([-0.2, 0.2])
    Z = at + away
    return np.where(np.abs(Z) < 0.05, 0.1, Z)


def _with_zeros(rng: np.random.Generator, threshold: float) -> np.ndarray:
    Z = _around(rng, 3, 4, threshold)
    Z[[0, 1, 2], rng.permutation([0, 2, 3])] = 0.0
    return Z


def _with_extremes(rng: np.random.Generator) -> np.ndarray:
    return rng.permuted(np.array([[10_000.0, -10_000.0, 5.0], [-800.0, 1.0, 900.0]]), axis=1)


def _compared(probability: Any, above: Any = np.greater) -> Any:
    """Build a version from what is compared with the threshold, and how."""
    return lambda Z, threshold=0.5: above(probability(Z), threshold).astype(float)


def _sigmoid(Z: Any) -> Any:
    return 1 / (1 + np.exp(-Z))


def _with_loops(Z: Any, threshold: Any = 0.5) -> Any:
    rows = []
    for row in Z:
        rows.append([1 if 0.5 * (1 + np.tanh(z / 2)) > threshold else 0 for z in row])
    print(rows)
    return rows


def _truth_values(scores: Any, threshold: Any = 0.5, dtype: Any = np.float32) -> Any:
    return 1 / (1 + np.exp(-scores.astype(dtype))) > threshold


def _by_score(Z: Any, threshold: Any = 0.5) -> Any:
    return np.where(np.log(threshold / (1 - threshold)) < Z, 1, 0)


EXERCISE = Exercise(
    reference=predict_labels,
    cases=cases,
    criteria=(
        Criterion("one", "the labels of one example", 2, ("one",)),
        Criterion("batch", "the labels of several examples", 2, ("batch",)),
        Criterion("threshold", "other thresholds than ½", 2, ("threshold",)),
        Criterion("zero", "a score of exactly 0 is not above ½", 1, ("zero",), only_with="batch"),
        Criterion("large", "scores up to 10,000", 1, ("large",), only_with="batch"),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "wrong-boundary",
            (
                _compared(_sigmoid, np.greater_equal),
                lambda Z, threshold=0.5: np.where(_sigmoid(Z) < threshold, 0.0, 1.0),
            ),
            "At a score of exactly 0 the sigmoid is ½, which is not above ½: > instead of ≥.",
        ),
        Misconception(
            "missing-activation",
            (_compared(lambda Z: Z),),
            "The scores themselves are compared with the threshold. It is a probability: take the "
            "sigmoid first.",
        ),
        Misconception(
            "wrong-activation",
            (_compared(softmax), _compared(np.tanh)),
            "Softmax makes the labels compete, and a tanh is no probability. Labels that do not exclude "
            "each other have a sigmoid each.",
        ),
        Misconception(
            "ignores-argument",
            (
                lambda Z, threshold=0.5: predict_labels(Z),
                lambda Z, threshold=0.5: (Z > 0).astype(float),
                lambda Z, threshold=0.5: (Z >= 0).astype(float),
            ),
            "The threshold has no effect: ½ is only its default.",
        ),
        Misconception(
            "unstable",
            (
                _compared(lambda Z: np.exp(Z) / (1 + np.exp(Z))),
                _compared(np.vectorize(lambda z: 1 / (1 + math.exp(-z)))),
                _compared(np.vectorize(lambda z: math.exp(z) / (1 + math.exp(z)))),
            ),
            "For very large scores an exponential overflows: ∞ / ∞ is no number, and no number is above "
            "the threshold (math.exp stops with an OverflowError). 1 / (1 + e⁻ᶻ) with np.exp is safe.",
        ),
        Misconception(
            "wrong-sign",
            (
                lambda Z, threshold=0.5: (_sigmoid(Z) > 1 - threshold).astype(float),
                lambda Z, threshold=0.5: predict_labels(-Z, threshold),
                _compared(_sigmoid, np.less),
                _compared(_sigmoid, np.less_equal),
            ),
            "The comparison is the wrong way round: 1 where the sigmoid is above the threshold.",
        ),
        Misconception(
            "missing-threshold",
            (lambda Z, threshold=0.5: _sigmoid(Z),),
            "These are the probabilities. Compare them with the threshold: asked for are 0 and 1.",
        ),
        Misconception(
            "one-label-only",
            (
                lambda Z, threshold=0.5: (Z.max(axis=1, keepdims=True) == Z).astype(float),
                lambda Z, threshold=0.5: np.argmax(Z, axis=1),
            ),
            "Only the largest score of a row wins. These labels do not exclude each other: each is "
            "decided by itself.",
        ),
        Misconception(
            "first-example-only",
            (
                lambda Z, threshold=0.5: predict_labels(Z[:1], threshold),
                lambda Z, threshold=0.5: predict_labels(Z[:1], threshold)[0],
            ),
            "Only the first example’s labels come back; there is a row for each.",
        ),
    ),
    right=(_with_loops, _truth_values, _by_score),
    hints=(
        "Each label is a yes-or-no question of its own.",
        "A sigmoid per score gives a probability per label. When does it count as yes?",
        "(1 / (1 + e^−Z)) > threshold, as 0 and 1.",
    ),
    slide="deck D, “Multi-class Classification”",
)
