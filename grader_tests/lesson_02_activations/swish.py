"""`swish`: z times its own sigmoid."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Exercise, Misconception
from grader_tests.lesson_02_activations import inputs
from grader_tests.lesson_02_activations.sigmoid import sigmoid


def swish(z: np.ndarray) -> np.ndarray:
    """Return z · σ(z), entry by entry."""
    return z * sigmoid(z)


def cases(rng: np.random.Generator) -> list[Case]:
    """Arrays of several shapes, single numbers, whole numbers; large entries apart from small ones."""
    far = [*inputs.far_left(rng), *inputs.far_right(rng), 10_000.0, np.array(5_000.0)]
    return [
        *inputs.cases_of("values", inputs.with_zero(inputs.float_arrays(rng))),
        *inputs.cases_of("numbers", inputs.numbers(rng)),
        *inputs.cases_of("integers", inputs.integers(rng)),
        *inputs.cases_of("extremes", far),
    ]


def _with_loops(z: Any) -> Any:
    flat = []
    for t in np.ravel(z).tolist():
        s = 1 / (1 + math.exp(-t)) if t > -700 else 0.0
        flat.append(t * s)
    return np.array(flat).reshape(np.shape(z))


def _one_fraction(z: Any) -> Any:
    return z / (1 + np.exp(-z))


def _float32(x: Any, beta: Any = 1.0) -> Any:
    x = np.asarray(x, dtype=np.float32)
    print(x.dtype)
    return (x / (1 + np.exp(-np.float32(beta) * x))).tolist()


def _by_tanh(z: Any) -> Any:
    half = np.divide(z, 2)
    return half + half * np.tanh(half)


EXERCISE = Exercise(
    reference=swish,
    cases=cases,
    criteria=inputs.criteria("arrays of any shape: z · σ(z)"),
    mistakes=(
        Misconception(
            "missing-activation",
            (lambda z: z,),
            "z comes back as it is; it is to be multiplied by its own sigmoid.",
        ),
        Misconception(
            "missing-factor",
            (sigmoid,),
            "This is the sigmoid alone. Swish is z times it.",
        ),
        Misconception(
            "wrong-sign",
            (
                lambda z: z * sigmoid(-z),
                lambda z: -z * sigmoid(z),
                lambda z: -z * sigmoid(-z),
            ),
            "A sign is turned round. Large z pass nearly unchanged, very negative ones give nearly 0: "
            "z / (1 + e⁻ᶻ).",
        ),
        Misconception(
            "missing-parentheses",
            (
                lambda z: z * 1 / 1 + np.exp(-z),
                lambda z: z / 1 + np.exp(-z),
                lambda z: z * (1 / 1 + np.exp(-z)),
            ),
            "Parentheses are missing: Python divides before it adds. All of 1 + e⁻ᶻ belongs below the "
            "line.",
        ),
        Misconception(
            "unstable",
            (
                lambda z: z * np.exp(z) / (1 + np.exp(z)),
                lambda z: z * (np.exp(z) / (1 + np.exp(z))),
                np.vectorize(lambda t: t / (1 + math.exp(-t)), otypes=[float]),
                np.vectorize(lambda t: t * (1 / (1 + math.exp(-t))), otypes=[float]),
            ),
            "For large |z| an exponential overflows, and ∞ / ∞ is no number (math.exp stops with an "
            "OverflowError). z / (1 + e⁻ᶻ) with np.exp stays finite.",
        ),
        Misconception(
            "derivative-of-activation",
            (
                lambda z: z * sigmoid(z) * (1 - sigmoid(z)),
                lambda z: sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z)),
            ),
            "A derivative is taken that is not asked for: swish is z times σ(z) itself.",
        ),
        Misconception(
            "wrong-activation",
            (
                lambda z: np.maximum(0, z),
                np.tanh,
                lambda z: z * np.tanh(z),
                lambda z: z * sigmoid(1.702 * np.asarray(z)),
                lambda z: z + sigmoid(z),
                lambda z: z * np.maximum(0, z),
            ),
            "This is another function. Swish is z · σ(z) with the sigmoid σ(z) = 1 / (1 + e⁻ᶻ).",
        ),
        general.wrong_factor(
            swish, says="The result is off by a factor 2: it is z · σ(z), nothing else."
        ),
        Misconception(
            "raises",
            (
                lambda z: z / (1 + math.exp(-z)),
                lambda z: z * (1 / (1 + math.exp(-z))),
            ),
            inputs.ONE_AT_A_TIME,
        ),
        Misconception("wrong-type", (inputs.cut_to_integers(swish),), inputs.CUT_OFF),
    ),
    right=(_with_loops, _one_fraction, _float32, _by_tanh),
    hints=(
        "The number decides for itself how much of it passes: a factor between 0 and 1. Which function "
        "gives one?",
        "You have written the sigmoid; multiply, entry by entry.",
        "z * sigmoid(z).",
    ),
    slide="deck D, “Swish”",
    ready_made=("nnkit.activations",),
    uses=("sigmoid",),
)
