"""`sigmoid`: σ(z), between 0 and 1."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Exercise, Misconception
from grader_tests.lesson_02_activations import inputs


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + e⁻ᶻ), entry by entry."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def cases(rng: np.random.Generator) -> list[Case]:
    """Arrays of several shapes, single numbers, whole numbers, and scores up to 10,000."""
    return [
        *inputs.cases_of("values", inputs.with_zero(inputs.float_arrays(rng))),
        *inputs.cases_of("numbers", inputs.numbers(rng)),
        *inputs.cases_of("integers", inputs.integers(rng)),
        *inputs.cases_of("extremes", [*inputs.far_both(rng), 10_000.0, np.array(5_000.0)]),
    ]


def _with_loops(z: Any) -> Any:
    z = np.asarray(z, dtype=float)
    result = np.empty(z.shape)
    for index in np.ndindex(z.shape):
        if z[index] >= 0:
            result[index] = 1 / (1 + math.exp(-z[index]))
        else:
            result[index] = math.exp(z[index]) / (1 + math.exp(z[index]))
    return result


def _float32(z: Any) -> Any:
    z = np.asarray(z, dtype=np.float32)
    print(z.shape)
    return np.where(z < 0, np.exp(z) / (1 + np.exp(z)), 1 / (1 + np.exp(-z))).tolist()


def _by_tanh(x: Any, scale: Any = 0.5) -> Any:
    return scale * (1 + np.tanh(scale * x))


def _clipped(z: Any) -> Any:
    return np.power(1 + np.exp(-np.clip(z, -500, 500)), -1.0)


EXERCISE = Exercise(
    reference=sigmoid,
    cases=cases,
    criteria=inputs.criteria("arrays of any shape: 1 / (1 + e⁻ᶻ)"),
    mistakes=(
        Misconception(
            "wrong-sign",
            (
                lambda z: 1 / (1 + np.exp(z)),
                lambda z: -sigmoid(z),
                lambda z: 1 / (1 - np.exp(-z)),
            ),
            "A sign is turned round. It is 1 + e⁻ᶻ below the line, with the minus in the exponent: a "
            "large z must give nearly 1, a very negative one nearly 0.",
        ),
        Misconception(
            "missing-parentheses",
            (
                lambda z: 1 / 1 + np.exp(-z),
                lambda z: 1 / np.exp(-z) + 1,
            ),
            "Parentheses are missing: Python divides before it adds. All of 1 + e⁻ᶻ belongs below the "
            "line.",
        ),
        Misconception(
            "unstable",
            (
                lambda z: np.exp(z) / (1 + np.exp(z)),
                lambda z: np.exp(z) / (np.exp(z) + 1.0),
                np.vectorize(lambda t: 1 / (1 + math.exp(-t)), otypes=[float]),
                np.vectorize(lambda t: math.exp(t) / (1 + math.exp(t)), otypes=[float]),
            ),
            "For large |z| an exponential overflows, and ∞ / ∞ is no number (math.exp stops with an "
            "OverflowError). In 1 / (1 + e⁻ᶻ) with np.exp an infinite e⁻ᶻ just gives 0, which is right.",
        ),
        Misconception(
            "missing-activation",
            (lambda z: z,),
            "z comes back as it is. The sigmoid squeezes every number into the range from 0 to 1.",
        ),
        Misconception(
            "wrong-activation",
            (
                np.tanh,
                lambda z: np.maximum(0, z),
                lambda z: np.where(np.asarray(z) > 0, 1.0, 0.0),
                lambda z: np.exp(z),
                lambda z: np.exp(-z),
            ),
            "This is another function. The sigmoid is 1 / (1 + e⁻ᶻ): 0.5 at z = 0, nearly 0 far to the "
            "left, nearly 1 far to the right, smooth in between.",
        ),
        Misconception(
            "missing-derivative",
            (lambda z: sigmoid(z) * (1 - sigmoid(z)),),
            "This is the sigmoid’s derivative, a(1 − a); asked for is a = σ(z) itself.",
        ),
        Misconception(
            "raises",
            (
                lambda z: 1 / (1 + math.exp(-z)),
                lambda z: math.exp(z) / (1 + math.exp(z)),
            ),
            inputs.ONE_AT_A_TIME,
        ),
        Misconception("wrong-type", (inputs.cut_to_integers(sigmoid),), inputs.CUT_OFF),
    ),
    right=(_with_loops, _float32, _by_tanh, _clipped),
    hints=(
        "What must come out at z = 0, at a large z and at a very negative one?",
        "np.exp works on whole arrays and on single numbers, entry by entry, so no loop is needed.",
        "1 / (1 + np.exp(-z)): where np.exp overflows, the result is still right; np.errstate silences "
        "the warning.",
    ),
    slide="deck D, “Sigmoid Activation Function”",
    ready_made=("nnkit.activations",),
)
