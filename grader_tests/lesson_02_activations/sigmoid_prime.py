"""`sigmoid_prime`: the slope of the sigmoid."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Exercise, Misconception
from grader_tests.lesson_02_activations import inputs
from grader_tests.lesson_02_activations.sigmoid import sigmoid


def sigmoid_prime(z: np.ndarray) -> np.ndarray:
    """Return σ′(z) = σ(z)(1 − σ(z)), entry by entry."""
    a = sigmoid(z)
    return a * (1 - a)


def cases(rng: np.random.Generator) -> list[Case]:
    """As for the sigmoid; very large z come only beside others, as the slope there is all but 0."""
    return [
        *inputs.cases_of("values", inputs.with_zero(inputs.float_arrays(rng))),
        *inputs.cases_of("numbers", inputs.numbers(rng)),
        *inputs.cases_of("integers", inputs.integers(rng)),
        *inputs.cases_of("extremes", inputs.far_both(rng)),
    ]


def _by_differences(z: Any) -> Any:
    h = 1e-5
    return (sigmoid(z + h) - sigmoid(z - h)) / (2 * h)


def _with_loops(z: Any) -> Any:
    flat = []
    for t in np.ravel(z):
        e = np.exp(-abs(t))
        flat.append(e / (1 + e) ** 2)
    return np.reshape(flat, np.shape(z))


def _float32(x: Any, verbose: Any = True) -> Any:
    a = np.float32(1) / (1 + np.exp(-np.asarray(x, dtype=np.float32)))
    if verbose:
        print("a =", a)
    return (a - a**2).tolist()


def _hyperbolic(z: Any) -> Any:
    return (1 - np.tanh(np.multiply(z, 0.5)) ** 2) / 4


EXERCISE = Exercise(
    reference=sigmoid_prime,
    cases=cases,
    criteria=inputs.criteria("arrays of any shape: σ(z)(1 − σ(z))"),
    mistakes=(
        Misconception(
            "missing-derivative",
            (
                sigmoid,
                lambda z: 1 - sigmoid(z),
            ),
            "Only one of two factors is there. The derivative is a · (1 − a) with a = σ(z).",
        ),
        Misconception(
            "derivative-of-activation",
            (
                lambda z: z * (1 - z),
                lambda z: sigmoid_prime(sigmoid(z)),
            ),
            "z is taken for the activation, or σ is applied twice. This function is handed z: take "
            "a = σ(z) once, then a · (1 − a).",
        ),
        Misconception(
            "wrong-sign",
            (
                lambda z: sigmoid(z) * (sigmoid(z) - 1),
                lambda z: sigmoid(z) * (1 + sigmoid(z)),
            ),
            "A sign is turned round. It is a · (1 − a), never negative, as the sigmoid always rises.",
        ),
        general.wrong_factor(
            sigmoid_prime,
            says="The slope is off by a factor 2. At z = 0 it must be 0.25.",
        ),
        Misconception(
            "unstable",
            (
                lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
                lambda z: np.exp(z) / (1 + np.exp(z)) ** 2,
                lambda z: np.exp(z) / (1 + np.exp(z)) * (1 - np.exp(z) / (1 + np.exp(z))),
            ),
            "For large |z| an exponential overflows, and ∞ / ∞ is no number. Written with a = σ(z) it "
            "cannot happen: a · (1 − a).",
        ),
        Misconception(
            "wrong-activation",
            (
                lambda z: 1 - np.tanh(z) ** 2,
                lambda z: np.where(np.asarray(z) > 0, 1.0, 0.0),
            ),
            "This is the derivative of another activation function; the sigmoid’s is a · (1 − a).",
        ),
        Misconception("wrong-type", (inputs.cut_to_integers(sigmoid_prime),), inputs.CUT_OFF),
    ),
    right=(_by_differences, _with_loops, _float32, _hyperbolic),
    hints=(
        "Where is the sigmoid steepest, and where is it flat? So where is its slope largest?",
        "The chain rule on 1 / (1 + e⁻ᶻ) gives e⁻ᶻ / (1 + e⁻ᶻ)². Both parts of it can be written with "
        "a = σ(z).",
        "a = sigmoid(z), then a · (1 − a).",
    ),
    slide="deck A, “2.6 Backpropagation: maths IV”",
    uses=("sigmoid",),
    ready_made=("nnkit.activations",),
)
