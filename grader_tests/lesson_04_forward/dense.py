"""`dense`: one fully connected layer, for a batch and any activation function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_04_forward.net import away_from_zero, sigmoid

Function = Callable[[Any], Any]


def dense(A: np.ndarray, W: np.ndarray, b: np.ndarray, f: Function) -> np.ndarray:
    """Return f(A Wᵀ + b), shape (n, n_out); f is applied to every entry."""
    return f(A @ W.T + b)


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw layers with the sigmoid, for one example and for batches, then with other functions."""

    def case(kind: str, f: Function, n: int, n_in: int, n_out: int) -> Case:
        A, W = away_from_zero(rng, (n, n_in), 1.0), away_from_zero(rng, (n_out, n_in), 1.0)
        return Case(kind, (A, W, away_from_zero(rng, (n_out,), 1.0), f))

    return [
        case("one", sigmoid, 1, 4, 3),
        case("one", sigmoid, 1, 2, 5),
        case("batch", sigmoid, 5, 3, 4),
        case("batch", sigmoid, 7, 4, 2),
        case("batch", sigmoid, 3, 5, 1),
        case("other", np.tanh, 1, 5, 3),
        case("other", _leaky_relu, 4, 2, 3),
        case("other", _wave(rng), 6, 3, 2),
    ]


def _leaky_relu(z: Any) -> Any:
    return np.maximum(0.1 * np.asarray(z), z)


def _wave(rng: np.random.Generator) -> Function:
    """Make a function that stands in no library."""
    height, shift = rng.uniform(1.0, 2.0), rng.uniform(0.3, 0.8)
    return lambda z: height * np.sin(np.asarray(z) + shift) + 0.2 * np.asarray(z)


def _with_loops(A: Any, W: Any, b: Any, f: Any) -> Any:
    rows = []
    for a in A:
        row = []
        for weights, bias in zip(W, b):
            z = bias
            for w, value in zip(weights, a):
                z = z + w * value
            row.append(f(z))
        rows.append(row)
    return rows


def _example_by_example(A: Any, W: Any, b: Any, f: Any, verbose: Any = True) -> Any:
    if verbose:
        print(A.shape, W.shape)
    return np.stack([f(W @ a + b) for a in A])


def _columns(activations: Any, weights: Any, biases: Any, function: Any) -> Any:
    return function(weights.dot(activations.T) + biases.reshape(-1, 1)).T


def _float32(A: Any, W: Any, b: Any, f: Any) -> Any:
    A, W, b = np.float32(A), np.float32(W), np.float32(b)
    return f(np.einsum("ni,oi->no", A, W) + b)


def _bias_as_weight(A: Any, W: Any, b: Any, f: Any) -> Any:
    A = np.hstack([A, np.ones((len(A), 1))])
    return f(A @ np.column_stack([W, b]).T).tolist()


def _layer(z: Any) -> Any:
    """Build a version of the function from its weighted sums."""
    return lambda A, W, b, f: f(z(A, W, b))


EXERCISE = Exercise(
    reference=dense,
    cases=cases,
    criteria=(
        Criterion("one", "the layer's activations for one example", 2, ("one",)),
        Criterion("batch", "a row for each of several examples", 3, ("batch",)),
        Criterion("other", "any other activation function", 2, ("other",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-bias",
            (
                _layer(lambda A, W, b: A @ W.T),
                lambda A, W, b, f: f(A @ W.T) + b,
            ),
            "f gets the weighted sums without their biases. The bias belongs inside: f(A Wᵀ + b).",
        ),
        Misconception(
            "missing-activation",
            (lambda A, W, b, f: A @ W.T + b,),
            "These are the weighted sums z. The layer passes on f(z).",
        ),
        Misconception(
            "wrong-activation",
            tuple(
                lambda A, W, b, f, own=own: own(A @ W.T + b)
                for own in (sigmoid, np.tanh, lambda z: np.maximum(z, 0))
            ),
            "The layer always uses the same activation function. Use f, the one that is handed over.",
        ),
        Misconception(
            "missing-transpose",
            (
                _layer(lambda A, W, b: A @ W + b),
                _layer(lambda A, W, b: np.dot(A, W) + b),
                _layer(lambda A, W, b: W @ A + b),
                _layer(lambda A, W, b: np.dot(W, A) + b),
                _layer(lambda A, W, b: A @ W.reshape(W.shape[::-1]) + b),
            ),
            "W holds one row per neuron, (n_out, n_in), and A one row per example, (n, n_in): their "
            "product needs W transposed, A @ W.T. (reshape does not transpose: it reads the numbers in "
            "the same order.)",
        ),
        Misconception(
            "wrong-sign",
            (
                _layer(lambda A, W, b: A @ W.T - b),
                _layer(lambda A, W, b: -(A @ W.T) + b),
                _layer(lambda A, W, b: -(A @ W.T + b)),
                lambda A, W, b, f: -f(A @ W.T + b),
            ),
            "A sign is turned round: the bias is added to the weighted sum, and f takes them so.",
        ),
        Misconception(
            "swapped",
            (lambda A, W, b, f: f(W @ A.T + b[:, None]),),
            "Rows and columns are exchanged: the examples are the rows, (n, n_out).",
        ),
        general.first_example_only(
            dense, says="Only the first example comes through the layer; every row of A is one."
        ),
    ),
    right=(_with_loops, _example_by_example, _columns, _float32, _bias_as_weight),
    hints=(
        "For one example a, the weighted sums of all neurons are W a + b. What changes when the "
        "examples are the rows of A?",
        "A is (n, n_in), W is (n_out, n_in) and the result (n, n_out): which of the two has to be "
        "transposed? b is added to every row by broadcasting.",
        "z = A @ W.T + b; the result is f(z).",
    ),
    slide="deck A, “2.2 NN basics: the components II”",
    ready_made=("nnkit.layers", "nnkit.network"),
)
