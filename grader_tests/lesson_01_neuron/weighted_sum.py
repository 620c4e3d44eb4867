"""`weighted_sum`: what a neuron makes of its inputs before its activation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_01_neuron.neurons import away_from_zero


def weighted_sum(w: np.ndarray, x: np.ndarray, b: float) -> float:
    """Return w·x + b, a number."""
    return w @ x + b


def cases(rng: np.random.Generator) -> list[Case]:
    """One input and more; sums of either sign, and like the products well away from 0 and from 1."""

    def case(kind: str, d: int, sign: int, scale: float = 1.0) -> Case:
        while True:
            w, x = scale * away_from_zero(rng, d), away_from_zero(rng, d)
            b = scale * float(rng.choice([-1, 1]) * rng.uniform(0.3, 2))
            z = sign * (w @ x + b)
            if z > 0.2 and abs(z - 1) > 0.2 and abs(w @ x) > 0.2:
                return Case(kind, (w, x, b))

    several = [case("several", d, sign) for d, sign in ((2, 1), (3, -1), (7, 1))]
    return [*several, case("several", 4, -1, scale=3.0), case("one", 1, 1), case("one", 1, -1)]


def _with_loops(w: Any, x: Any, b: Any) -> Any:
    total = 0
    for i in range(len(w)):
        total += w[i] * x[i]
    return total + b


def _float32(w: Any, x: Any, b: Any) -> Any:
    print(w.shape, x.shape)
    return np.float32(b) + np.inner(np.float32(w), np.float32(x))


def _zero_dimensional(weights: Any, inputs: Any, bias: Any, verbose: Any = False) -> Any:
    return np.array(math.fsum([bias, *(weights * inputs)]))


def _bias_trick(w: Any, x: Any, b: Any) -> Any:
    return np.append(w, b).dot(np.append(x, 1.0))


EXERCISE = Exercise(
    reference=weighted_sum,
    cases=cases,
    criteria=(
        Criterion("several", "several inputs: one number, w·x + b", 4, ("several",)),
        Criterion("one", "a single input", 1, ("one",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-bias",
            (lambda w, x, b: w @ x,),
            "The bias is not added: the result is w·x alone. The bias shifts the sum, whatever the "
            "inputs are.",
        ),
        Misconception(
            "wrong-sign",
            (
                lambda w, x, b: w @ x - b,
                lambda w, x, b: b - w @ x,
                lambda w, x, b: -(w @ x + b),
            ),
            "A sign is turned round. Both parts are added: the weighted inputs and the bias.",
        ),
        Misconception(
            "mean-instead-of-sum",
            (
                lambda w, x, b: np.mean(w * x) + b,
                lambda w, x, b: np.mean(w * x + b),
                lambda w, x, b: w @ x / np.sum(w) + b,
            ),
            "The weighted inputs are averaged. A neuron adds them up, however many there are.",
        ),
        Misconception(
            "wrong-factor",
            (lambda w, x, b: np.sum(w * x + b),),
            "The bias is added once for every input. It belongs to the neuron: add it once, after the "
            "sum over the inputs.",
        ),
        Misconception(
            "wrong-shape",
            (
                lambda w, x, b: w * x + b,
                lambda w, x, b: w * x,
                lambda w, x, b: np.outer(w, x) + b,
                lambda w, x, b: np.array([w @ x + b]),
            ),
            "The result is an array. A neuron makes one number of all its inputs: multiply each input "
            "by its weight, then add the products up.",
        ),
        Misconception(
            "ignores-argument",
            (
                lambda w, x, b: np.sum(x) + b,
                lambda w, x, b: np.sum(w) + b,
            ),
            "Weights or inputs have no effect: each input is to be multiplied by its own weight.",
        ),
        Misconception(
            "wrong-activation",
            (
                lambda w, x, b: 1 / (1 + np.exp(-(w @ x + b))),
                lambda w, x, b: np.maximum(0, w @ x + b),
                lambda w, x, b: np.where(w @ x + b > 0, 1, -1),
                lambda w, x, b: np.where(w @ x + b > 0, 1, 0),
            ),
            "An activation is applied to the sum. Here the sum itself is asked for; the activation "
            "comes after it.",
        ),
    ),
    right=(_with_loops, _float32, _zero_dimensional, _bias_trick),
    hints=(
        "Take w = (2, −1), x = (3, 4), b = 0.5 and calculate by hand: three steps, one number.",
        "Multiply each input by its weight, add the products up, then add the bias once.",
        "w @ x (or np.dot, or a loop) is the sum of the products; + b makes it complete.",
    ),
    slide="deck A, “2.2 NN basics: the components I”",
    ready_made=("nnkit.perceptron", "nnkit.layers", "nnkit.network"),
)
