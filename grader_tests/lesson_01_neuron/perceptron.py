"""`perceptron`: Rosenblatt's neuron, which answers +1 or −1."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_01_neuron.neurons import (
    decided_by_bias,
    decided_by_inputs,
    on_the_boundary,
)


def perceptron(w: np.ndarray, x: np.ndarray, b: float) -> int:
    """Return +1 where w·x + b > 0, else −1."""
    return 1 if w @ x + b > 0 else -1


def cases(rng: np.random.Generator) -> list[Case]:
    """Both answers with every combination of signs, decided by the inputs or by the bias; exact zeros.

    In two cases the bias is small and of the other sign: it loses even if it is counted d times.
    """
    sides = [(side, other) for side in (1, -1) for other in (1, -1)]
    sizes = rng.permutation([2, 3, 4, 5]).tolist()
    inputs = [decided_by_inputs(rng, d, *s) for d, s in zip(sizes, sides, strict=True)]
    bias = [decided_by_bias(rng, d, *s) for d, s in zip(sizes, sides, strict=True)]
    zero = [on_the_boundary(rng, d, side) for d, side in ((2, 1), (3, -1), (5, 1))]
    small = [decided_by_inputs(rng, 3, side, -side) for side in (1, -1)]
    inputs += [(w, x, b / 10) for w, x, b in small]
    kinds = (("inputs", inputs), ("bias", bias), ("zero", zero))
    return [Case(kind, neuron) for kind, neurons in kinds for neuron in neurons]


def _step(answer: Any) -> Any:
    """Answer with another rule for the right sum."""
    return lambda w, x, b: answer(w @ x + b)


def _sign_of(value: Any) -> Any:
    """Answer +1 or −1 rightly, but for another sum."""
    return lambda w, x, b: 1 if value(w, x, b) > 0 else -1


def _with_loops(w: Any, x: Any, b: Any) -> Any:
    z = b
    for weight, value in zip(w, x):
        z = z + weight * value
    print("z =", z)
    if z > 0:
        return 1
    else:
        return -1


def _float32(w: Any, x: Any, b: Any) -> Any:
    z = np.sum(w.astype(np.float32) * x.astype(np.float32)) + np.float32(b)
    return np.where(z > 0, np.float32(1), np.float32(-1))


def _against_a_threshold(weights: Any, inputs: Any, bias: Any, high: Any = 1, low: Any = -1) -> Any:
    return high if np.dot(weights, inputs) > -bias else low


def _from_a_truth_value(w: Any, x: Any, b: Any) -> Any:
    return np.float64(2 * (np.append(x, 1) @ np.append(w, b) > 0) - 1)


EXERCISE = Exercise(
    reference=perceptron,
    cases=cases,
    criteria=(
        Criterion("inputs", "+1 or −1 where the inputs outweigh the bias", 3, ("inputs",)),
        Criterion("bias", "+1 or −1 where the bias outweighs the inputs", 2, ("bias",)),
        Criterion("zero", "−1 where the sum is exactly 0", 1, ("zero",), only_with="inputs"),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "wrong-boundary",
            (
                _step(lambda z: 1 if z >= 0 else -1),
                _step(np.sign),
            ),
            "At a sum of exactly 0 the answer must be −1: +1 only where the sum is greater than 0. "
            "(np.sign makes 0 of 0, which is neither answer.)",
        ),
        Misconception(
            "wrong-activation",
            (
                _step(lambda z: 1 if z > 0 else 0),
                _step(lambda z: 1 if z >= 0 else 0),
                _step(lambda z: 1 / (1 + np.exp(-z))),
                _step(np.tanh),
                _step(lambda z: max(0, z)),
            ),
            "The answers must be +1 and −1, nothing else: not 0, not True and False, and nothing in "
            "between.",
        ),
        Misconception(
            "missing-activation",
            (_step(lambda z: z),),
            "The sum itself comes back. The perceptron looks only at its sign: +1 where it is greater "
            "than 0, else −1.",
        ),
        Misconception(
            "missing-bias",
            (
                _sign_of(lambda w, x, b: w @ x),
                lambda w, x, b: 1 if w @ x >= 0 else -1,
                lambda w, x, b: np.sign(w @ x),
            ),
            "The bias has no effect. It decides where the inputs alone are too weak: add it before you "
            "look at the sign.",
        ),
        Misconception(
            "wrong-sign",
            (
                _step(lambda z: -1 if z > 0 else 1),
                _step(lambda z: 1 if z < 0 else -1),
                _sign_of(lambda w, x, b: w @ x - b),
                lambda w, x, b: 1 if w @ x >= b else -1,
                _sign_of(lambda w, x, b: b - w @ x),
            ),
            "A sign is turned round: the bias is added (so the inputs must cross −b), and +1 stands for "
            "a sum greater than 0.",
        ),
        Misconception(
            "wrong-factor",
            (
                _sign_of(lambda w, x, b: np.sum(w * x + b)),
                lambda w, x, b: 1 if np.sum(w * x + b) >= 0 else -1,
            ),
            "Bias and inputs are weighed wrongly against each other: the products are summed (not "
            "averaged), and the bias is added once, not once for each input.",
        ),
        Misconception(
            "ignores-argument",
            (
                _sign_of(lambda w, x, b: np.sum(x) + b),
                _sign_of(lambda w, x, b: np.sum(w) + b),
                _sign_of(lambda w, x, b: b),
            ),
            "Weights or inputs have no effect on the answer: each input is multiplied by its weight.",
        ),
    ),
    right=(_with_loops, _float32, _against_a_threshold, _from_a_truth_value),
    hints=(
        "First the weighted sum, which you have; then a decision with two outcomes.",
        "Compare the sum with 0 and choose between +1 and −1. Which side does 0 itself belong to?",
        "1 if weighted_sum(w, x, b) > 0 else −1.",
    ),
    slide="deck C, “Perceptron”",
    ready_made=("nnkit.perceptron",),
    uses=("weighted_sum",),
)
