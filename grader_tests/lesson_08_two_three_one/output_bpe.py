"""`output_bpe`: the backpropagation error of the output node."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_08_two_three_one.net import random_targets, sigmoid


def output_bpe(out: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Return ∂C/∂z of the output node for C = Σ½(out − Y)², shape (n, 1)."""
    return (out - Y) * out * (1 - out)


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw outputs between 0.1 and 0.9, away from 0.5 where several mistakes would agree."""

    def case(kind: str, n: int) -> Case:
        out = rng.uniform(0.1, 0.4, (n, 1)) + rng.choice([0.0, 0.5], (n, 1))
        return Case(kind, (out, random_targets(rng, n)))

    return [case("one", 1), case("one", 1), case("batch", 4), case("batch", 7)]


def _with_loops(out: Any, Y: Any) -> Any:
    result = []
    for a, y in zip(out, Y):
        error = a[0] - y[0]
        result.append([error * a[0] * (1 - a[0])])
    return result


def _float32(out: Any, Y: Any) -> Any:
    a = np.float32(out)
    return (a - a**2) * (a - np.float32(Y))


def _by_differences(out: Any, Y: Any) -> Any:
    z, h = np.log(out / (1 - out)), 1e-5
    cost = lambda z: 0.5 * (sigmoid(z) - Y) ** 2
    return (cost(z + h) - cost(z - h)) / (2 * h)


EXERCISE = Exercise(
    reference=output_bpe,
    cases=cases,
    criteria=(
        Criterion("one", "the BPE for one observation", 2, ("one",)),
        Criterion("batch", "a BPE for each of several observations", 3, ("batch",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-derivative",
            (lambda out, Y: out - Y,),
            "This is the error out − Y, ∂C/∂out. The BPE is ∂C/∂z: multiply by the sigmoid’s "
            "derivative, out·(1 − out).",
        ),
        Misconception(
            "derivative-of-activation",
            (lambda out, Y: (out - Y) * sigmoid(out) * (1 - sigmoid(out)),),
            "σ′ belongs at the input sum z, but `out` is already σ(z). Written with out it is simply "
            "out·(1 − out), without another σ.",
        ),
        Misconception(
            "wrong-sign",
            (lambda out, Y: (Y - out) * out * (1 - out),),
            "Y − out points uphill: with it, W − α·gradient makes the cost grow. ½(out − Y)² has the "
            "derivative out − Y.",
        ),
        Misconception(
            "wrong-factor",
            (
                lambda out, Y: 2 * (out - Y) * out * (1 - out),
                lambda out, Y: 0.5 * (out - Y) * out * (1 - out),
            ),
            "The result is off by a factor 2. The ½ in the cost is there to cancel the 2 of the square.",
        ),
        Misconception(
            "mean-instead-of-sum",
            (lambda out, Y: (out - Y) * out * (1 - out) / len(out),),
            "The BPE is divided by the number of observations. Each observation has its own BPE here; "
            "they are only summed, not averaged, in the update.",
        ),
        Misconception(
            "first-example-only",
            (lambda out, Y: ((out - Y) * out * (1 - out))[:1],),
            "Only the first observation’s BPE comes back; there is one for every row.",
        ),
    ),
    right=(_with_loops, _float32, _by_differences),
    hints=(
        "Two factors: how the cost changes with out, and how out changes with the input sum.",
        "The first factor is out − Y. The second is the sigmoid’s derivative, which can be written with "
        "out alone.",
        "(out − Y) · out · (1 − out), entry by entry; no sum, no mean.",
    ),
    slide="deck B, “Step 5: Backpropagation, a) Calculate the backpropagation error for ON”",
    ready_made=("nnkit.layers", "nnkit.network"),
)
