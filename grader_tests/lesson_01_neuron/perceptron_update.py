"""`perceptron_update`: one step of Rosenblatt's learning rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_01_neuron.neurons import (
    Neuron,
    decided_by_bias,
    decided_by_inputs,
    on_the_boundary,
)
from grader_tests.lesson_01_neuron.perceptron import perceptron

Result = tuple[np.ndarray, float]


def perceptron_update(
    w: np.ndarray, b: float, x: np.ndarray, y: int, learning_rate: float
) -> Result:
    """Return (w, b), moved towards the right answer y where the perceptron gives the other one."""
    if perceptron(w, x, b) == y:
        return w, b
    return w + learning_rate * y * x, b + learning_rate * y


def cases(rng: np.random.Generator) -> list[Case]:
    """Wrong and right answers of either sign, and exact zeros; learning rates that are not 1.

    One neuron is so far from right that a single step, which is all that is asked for, cannot do.
    """

    def case(kind: str, neuron: Neuron, y: int) -> Case:
        w, x, b = neuron
        return Case(kind, (w, b, x, y, float(rng.choice([0.1, 0.3, 0.6, 1.7]))))

    wrong = [
        case("wrong", decided_by_inputs(rng, 3, -1, 1), 1),
        case("wrong", decided_by_inputs(rng, 2, 1, -1), -1),
        case("wrong", decided_by_bias(rng, 4, 1, -1), -1),
        case("wrong", decided_by_bias(rng, 2, -1, 1), 1),
        case("wrong", decided_by_bias(rng, 3, -1, -1), 1),
    ]
    w, x, b = decided_by_bias(rng, 3, 1, 1)
    wrong.append(Case("wrong", (w, b + 1.2 * (x @ x + 1), x, -1, 0.6)))
    right = [
        case("right", decided_by_inputs(rng, 2, 1, -1), 1),
        case("right", decided_by_inputs(rng, 3, -1, 1), -1),
        case("right", decided_by_bias(rng, 2, -1, 1), -1),
        case("right", decided_by_bias(rng, 4, 1, -1), 1),
        case("right", decided_by_bias(rng, 3, 1, 1), 1),
    ]
    ends = ((2, 1, 1), (3, -1, 1), (4, 1, -1), (2, -1, -1))
    zero = [case("zero", on_the_boundary(rng, d, side), y) for d, side, y in ends]
    return [*wrong, *right, *zero]


def _is_wrong(w: Any, b: Any, x: Any, y: Any) -> Any:
    return y != (1 if w @ x + b > 0 else -1)


def _step(w: Any, b: Any, x: Any, y: Any, rate: Any) -> Any:
    return w + rate * y * x, b + rate * y


def _rule(moves: Any = _is_wrong, step: Any = _step) -> Any:
    """Build a version of the function from when it moves and how far."""

    def version(w: Any, b: Any, x: Any, y: Any, rate: Any) -> Any:
        return step(w, b, x, y, rate) if moves(w, b, x, y) else (w, b)

    return version


def _by_error(answer: Any) -> Any:
    """Move by the error y − answer, whatever it is."""
    return _rule(
        moves=lambda w, b, x, y: True,
        step=lambda w, b, x, y, rate: _step(w, b, x, y - answer(w @ x + b), rate),
    )


def _with_loops(w: Any, b: Any, x: Any, y: Any, learning_rate: Any) -> Any:
    z = b
    for i in range(len(w)):
        z = z + w[i] * x[i]
    answer = 1 if z > 0 else -1
    if answer != y:
        new = []
        for i in range(len(w)):
            new.append(w[i] + learning_rate * y * x[i])
        return [new, b + learning_rate * y]
    return [w, b]


def _half_the_error(w: Any, b: Any, x: Any, target: Any, rate: Any, verbose: Any = True) -> Any:
    error = (target - np.where(np.dot(w, x) + b > 0, 1, -1)) / 2
    if verbose:
        print("error", error)
    w = w.copy()
    w += rate * error * x
    b += rate * error
    return w, b


def _float32(w: Any, b: Any, x: Any, y: Any, learning_rate: Any) -> Any:
    v, inputs = np.append(w, b).astype("float32"), np.append(x, 1).astype("float32")
    if (v @ inputs > 0) != (y > 0):
        v = v + np.float32(learning_rate * y) * inputs
    return v[:-1], v[-1]


EXERCISE = Exercise(
    reference=perceptron_update,
    cases=cases,
    criteria=(
        Criterion("weights", "a wrong answer moves the weights", 3, ("wrong",), parts=(0,)),
        Criterion("bias", "a wrong answer moves the bias", 2, ("wrong",), parts=(1,)),
        Criterion(
            "unchanged", "a right answer changes nothing", 2, ("right",), only_with="weights"
        ),
        Criterion("zero", "a sum of exactly 0 counts as −1", 1, ("zero",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "always-updates",
            (
                _rule(moves=lambda w, b, x, y: True),
                _rule(moves=lambda w, b, x, y: y * (w @ x + b) < 1),
                _by_error(lambda z: z),
            ),
            "The weights move although the answer was right. Rosenblatt’s rule learns from mistakes "
            "only: where perceptron(w, x, b) equals y, w and b stay as they are.",
        ),
        Misconception(
            "swapped",
            (
                _rule(moves=lambda w, b, x, y: not _is_wrong(w, b, x, y)),
                lambda *args: perceptron_update(*args)[::-1],
            ),
            "Something is exchanged: w and b come back in this order, and they move where the answer "
            "was wrong, not where it was right.",
        ),
        Misconception(
            "missing-bias",
            (
                _rule(step=lambda w, b, x, y, rate: (w + rate * y * x, b)),
                _rule(moves=lambda w, b, x, y: _is_wrong(w, 0, x, y)),
            ),
            "The bias is left out. It is part of the sum that decides, and it is learned like a weight "
            "whose input is 1: b + learning_rate·y.",
        ),
        Misconception(
            "wrong-sign",
            (
                _rule(step=lambda w, b, x, y, rate: _step(w, b, x, y, -rate)),
                _rule(step=lambda w, b, x, y, rate: (w + rate * y * x, b - rate * y)),
                _rule(step=lambda w, b, x, y, rate: (w - rate * y * x, b + rate * y)),
            ),
            "A step goes the wrong way. For y = +1 the sum must grow, so learning_rate·y·x is added to "
            "w and learning_rate·y to b.",
        ),
        Misconception(
            "wrong-factor",
            (
                _rule(step=lambda w, b, x, y, rate: _step(w, b, x, y, 2 * rate)),
                _rule(step=lambda w, b, x, y, rate: _step(w, b, x, y, rate / 2)),
            ),
            "The steps are off by a factor 2. With the error y − answer, which is ±2 here, they are "
            "twice as long; the rule takes y itself.",
        ),
        Misconception(
            "missing-learning-rate",
            (
                _rule(step=lambda w, b, x, y, rate: _step(w, b, x, y, 1)),
                _rule(step=lambda w, b, x, y, rate: (w + rate * y * x, b + y)),
                _rule(step=lambda w, b, x, y, rate: (w + y * x, b + rate * y)),
            ),
            "The learning rate has no effect on w, on b, or on both: every step is multiplied by it.",
        ),
        Misconception(
            "ignores-argument",
            (
                _rule(step=lambda w, b, x, y, rate: _step(w, b, x, 1, rate)),
                _rule(step=lambda w, b, x, y, rate: (w + rate * x, b + rate * y)),
                _rule(step=lambda w, b, x, y, rate: (w + rate * y * x, b + rate)),
                _rule(step=lambda w, b, x, y, rate: (w + rate * y, b + rate * y)),
            ),
            "Something is left out of the steps: w moves by learning_rate·y·x, which looks at the input "
            "and at the right answer, and b by learning_rate·y.",
        ),
        Misconception(
            "wrong-boundary",
            (
                _rule(moves=lambda w, b, x, y: y != (1 if w @ x + b >= 0 else -1)),
                _rule(moves=lambda w, b, x, y: y * (w @ x + b) <= 0),
                _rule(moves=lambda w, b, x, y: y * (w @ x + b) < 0),
            ),
            "A sum of exactly 0 is taken for the wrong answer. The perceptron says −1 there, so it "
            "moves for y = +1 and stays for y = −1.",
        ),
        Misconception(
            "wrong-activation",
            (
                _rule(moves=lambda w, b, x, y: y != (1 if w @ x + b > 0 else 0)),
                _by_error(lambda z: 1 if z > 0 else 0),
                _by_error(lambda z: 1 if z >= 0 else 0),
            ),
            "The answer is taken as 0 where it should be −1, so a right −1 looks like a mistake. Use "
            "your `perceptron`, which says +1 or −1.",
        ),
    ),
    right=(_with_loops, _half_the_error, _float32),
    hints=(
        "First ask whether anything is to be done: is the perceptron’s answer the right one, y?",
        "If it is not, every weight moves along its own input, towards y; the bias moves as if its "
        "input were 1.",
        "Where perceptron(w, x, b) != y: w + learning_rate·y·x and b + learning_rate·y; else w and b. "
        "Make a new w; do not change the old one.",
    ),
    slide="deck C, “Perceptron”",
    ready_made=("nnkit.perceptron",),
    uses=("weighted_sum", "perceptron"),
    equivalents={
        "if perceptron(x, w, b) == y:": "w·x is x·w",
        "if perceptron(w, x, b) is y:": "Python keeps one object for each small integer",
        "return (w + learning_rate / y * x, b + learning_rate * y)": "1/y is y for +1 and −1",
        "return (w + learning_rate * y * x, b + learning_rate / y)": "1/y is y for +1 and −1",
    },
)
