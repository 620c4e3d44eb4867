"""`hidden_deltas`: the deltas of a hidden layer from those of the next."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_07_chain.chains import activations, away_from_zero, sigmoid


def hidden_deltas(W_next: np.ndarray, delta_next: np.ndarray, a: np.ndarray) -> np.ndarray:
    """Return (W_nextᵀ delta_next)·a(1 − a), shape (n_hidden,), for one example."""
    return (W_next.T @ delta_next) * a * (1 - a)


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw layers of unlike sizes, and the tiny net's, where both have two neurons.

    No sum of products is much smaller than its terms.
    """
    sizes = (("one", 1, 2), ("one", 1, 4), ("several", 2, 3), ("several", 4, 2), ("several", 3, 5))
    return [
        *(_case(rng, kind, n_next, n_hidden) for kind, n_next, n_hidden in sizes),
        _case(rng, "several", 3, 1),
        _case(rng, "several", 2, 2),
    ]


def _case(rng: np.random.Generator, kind: str, n_next: int, n_hidden: int) -> Case:
    while True:
        W = away_from_zero(rng, (n_next, n_hidden), 0.2, 1.0)
        delta = away_from_zero(rng, (n_next,), 0.05, 0.3)
        if np.all(np.abs(W.T @ delta) > 0.1 * np.abs(W.T) @ np.abs(delta)):
            return Case(kind, (W, delta, activations(rng, n_hidden)))


def _error(product: Any) -> Any:
    """Build a version of the function from what reaches the hidden neurons."""
    return lambda W_next, delta_next, a: product(W_next, delta_next) * a * (1 - a)


def _with_loops(W_next: Any, delta_next: Any, a: Any) -> Any:
    deltas = []
    for j in range(len(a)):
        error = 0.0
        for k in range(len(delta_next)):
            error += W_next[k, j] * delta_next[k]
        deltas.append(error * a[j] * (1 - a[j]))
    return deltas


def _from_the_left(weights: Any, deltas: Any, outputs: Any, verbose: Any = True) -> Any:
    print(deltas @ weights)
    return deltas @ weights * (outputs - outputs * outputs)


def _float32(W_next: Any, delta_next: Any, a: Any) -> Any:
    W, delta, a = (v.astype(np.float32) for v in (W_next, delta_next, a))
    return np.sum(W * delta[:, None], axis=0) * a * (1 - a)


def _columns(W_next: Any, delta_next: Any, a: Any) -> Any:
    error = np.matmul(np.transpose(W_next), delta_next.reshape(-1, 1))
    return (error * (a * (1 - a))[:, np.newaxis]).ravel()


EXERCISE = Exercise(
    reference=hidden_deltas,
    cases=cases,
    criteria=(
        Criterion("one", "the deltas in front of a single output", 2, ("one",)),
        Criterion("several", "the deltas in front of several neurons", 4, ("several",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-transpose",
            (
                _error(lambda W, delta: W @ delta),
                _error(lambda W, delta: np.dot(W, delta)),
                _error(lambda W, delta: delta @ W.T),
                _error(lambda W, delta: np.dot(delta, W.T)),
                _error(lambda W, delta: W.reshape(W.shape[::-1]) @ delta),
            ),
            "W_next is (n_next, n_hidden). On the way back a hidden neuron gathers along its column: "
            "W_next.T @ delta_next. (reshape does not transpose: it reads the numbers in the same "
            "order.)",
        ),
        Misconception(
            "missing-derivative",
            (lambda W_next, delta_next, a: W_next.T @ delta_next,),
            "This is the hidden neurons’ error, ∂C/∂a. The delta needs their sigmoid’s derivative as "
            "well: times a(1 − a).",
        ),
        Misconception(
            "derivative-of-activation",
            (
                lambda W_next, delta_next, a: (
                    (W_next.T @ delta_next) * sigmoid(a) * (1 - sigmoid(a))
                ),
            ),
            "σ′ belongs at the weighted sum z, but a is already σ(z): the derivative is a(1 − a), "
            "without another σ.",
        ),
        Misconception(
            "ignores-argument",
            (
                _error(lambda W, delta: np.sum(delta)),
                _error(lambda W, delta: delta),
                _error(lambda W, delta: np.sum(W, axis=0)),
            ),
            "W_next or delta_next has no effect: every delta of the next layer comes back multiplied by "
            "the weight on its way.",
        ),
        general.mean_instead_of_sum(
            hidden_deltas,
            says="The contributions of the next layer’s neurons are averaged; they add up.",
        ),
        Misconception(
            "wrong-axis",
            (
                _error(lambda W, delta: np.sum(W * delta[:, None], axis=1)),
                _error(lambda W, delta: np.sum(W * delta[:, None])),
            ),
            "The sum runs over the wrong axis. A hidden neuron adds up over the neurons of the next "
            "layer, the rows of W_next.",
        ),
        general.wrong_sign(
            hidden_deltas,
            says="The sign is turned round. The next layer’s deltas already have the right one; carry "
            "it along.",
        ),
        general.wrong_factor(
            hidden_deltas,
            says="The deltas are off by a factor 2; the cost’s ½ was used up at the output.",
        ),
    ),
    right=(_with_loops, _from_the_left, _float32, _columns),
    hints=(
        "Take neuron A of the tiny net: which deltas does it feed, and over which weights?",
        "Aδ = AC·Cδ + AD·Dδ is one entry of a product of W_next, transposed, with delta_next. Then the "
        "derivative, a(1 − a).",
        "(W_next.T @ delta_next) · a · (1 − a).",
    ),
    slide="deck C, “Tracking a change in output of neuron A”",
    ready_made=("nnkit.layers", "nnkit.network"),
)
