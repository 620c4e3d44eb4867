"""`output_deltas`: ∂C/∂z of the tiny net's output neurons."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_07_chain.chains import activations, sigmoid


def output_deltas(a: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return ∂C/∂z for C = ½ Σ (a − y)², shape (n_out,), for one example."""
    return (a - y) * a * (1 - a)


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw the tiny net's two outputs, then one, three and five; targets one-hot or not."""

    def case(kind: str, n: int, one_hot: bool) -> Case:
        y = np.eye(n)[rng.integers(n)] if one_hot else rng.uniform(1.1, 2.0, n)
        return Case(kind, (activations(rng, n), y))

    return [
        case("two", 2, one_hot=True),
        case("two", 2, one_hot=True),
        case("any", 1, one_hot=False),
        case("any", 3, one_hot=False),
        case("any", 5, one_hot=True),
    ]


def _with_loop(a: Any, y: Any) -> Any:
    deltas = []
    for output, target in zip(a, y):
        error = output - target
        deltas.append(error * output * (1 - output))
    return deltas


def _float32(outputs: Any, targets: Any, dtype: Any = np.float32) -> Any:
    a, y = outputs.astype(dtype), targets.astype(dtype)
    print(a - y)
    return (a - a**2) * (a - y)


def _by_differences(a: Any, y: Any) -> Any:
    z, h = np.log(a / (1 - a)), 1e-5
    cost = lambda z: 0.5 * (sigmoid(z) - y) ** 2
    return (cost(z + h) - cost(z - h)) / (2 * h)


EXERCISE = Exercise(
    reference=output_deltas,
    cases=cases,
    criteria=(
        Criterion("two", "the deltas of the tiny net’s two outputs", 3, ("two",)),
        Criterion("any", "any number of outputs, any targets", 2, ("any",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-derivative",
            (lambda a, y: a - y,),
            "This is the error, ∂C/∂a (on deck C’s slide with the opposite sign). The delta is ∂C/∂z: "
            "a − y times the sigmoid’s derivative a(1 − a).",
        ),
        Misconception(
            "derivative-of-activation",
            (lambda a, y: (a - y) * sigmoid(a) * (1 - sigmoid(a)),),
            "σ′ belongs at the weighted sum z, but a is already σ(z): the derivative is a(1 − a), "
            "without another σ.",
        ),
        general.wrong_sign(
            output_deltas,
            says="The sign is turned round: the derivative of ½(a − y)² is a − y. Deck C writes label "
            "minus output and adds where we subtract.",
        ),
        general.wrong_factor(
            output_deltas,
            says="The deltas are off by a factor 2: the tiny net’s cost has a ½, which cancels the 2 of "
            "the square.",
        ),
        general.mean_instead_of_sum(
            output_deltas,
            says="The deltas are divided by the number of outputs; the cost sums over the outputs.",
        ),
    ),
    right=(_with_loop, _float32, _by_differences),
    hints=(
        "Two factors: how C changes with a, and how a changes with z.",
        "The first is a − y: the ½ cancels the 2. The second can be written with a alone.",
        "(a − y) · a · (1 − a), entry by entry.",
    ),
    slide="deck C, “How to calculate “Delta” for Output Neurons”",
    ready_made=("nnkit.layers", "nnkit.network"),
)
