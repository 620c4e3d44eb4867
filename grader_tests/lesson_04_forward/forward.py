"""`forward`: the activations of every layer of a net of any depth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_04_forward.net import (
    Params,
    away_from_zero,
    random_params,
    random_sizes,
    sigmoid,
)


def forward(X: np.ndarray, params: Params) -> list[np.ndarray]:
    """Return [X, A1, …, AL]: the inputs and the sigmoid activations of every layer."""
    activations = [X]
    for W, b in params:
        activations.append(sigmoid(activations[-1] @ W.T + b))
    return activations


ROWS = (12, 14, 17)  # unlike any number of neurons or layers


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw nets of one to four layers, for one example and for many.

    Their matrices are not square, but for one: there a second layer that takes X for its input shows in
    its numbers and not only by an exception.
    """

    def case(kind: str, layers: int, n: int, same: bool = False) -> Case:
        sizes = random_sizes(rng, layers)
        if same:
            sizes[0] = sizes[1]
        return Case(kind, (away_from_zero(rng, (n, sizes[0]), 1.5), random_params(rng, sizes)))

    first, second, third = (int(n) for n in rng.permutation(ROWS))
    return [
        case("shallow", 1, 1),
        case("shallow", 1, first),
        case("deep", 2, 1),
        case("deep", 3, 1),
        case("deep", 4, 1),
        case("deep", 2, 1, same=True),
        case("batch", 2, second),
        case("batch", 4, third),
    ]


Layer = Callable[[Any, Any, Any], Any]


def _layer(A: Any, W: Any, b: Any) -> Any:
    return sigmoid(A @ W.T + b)


def _version(hidden: Layer, output: Layer) -> Callable[..., Any]:
    """Build a version of the function from its hidden layers and its output layer."""

    def version(X: Any, params: Any) -> Any:
        activations = [X]
        for number, (W, b) in enumerate(params, start=1):
            layer = output if number == len(params) else hidden
            activations.append(layer(activations[-1], W, b))
        return activations

    return version


def _everywhere_or_not(wrong: Layer) -> tuple[Callable[..., Any], ...]:
    """Make the mistake in all layers, in the hidden ones, in the output layer."""
    return _version(wrong, wrong), _version(wrong, _layer), _version(_layer, wrong)


def _always_from_the_inputs(X: Any, params: Any) -> Any:
    return [X, *(sigmoid(X @ W.T + b) for W, b in params)]


def _weighted_sums_go_on(X: Any, params: Any) -> Any:
    z, activations = X, [X]
    for W, b in params:
        z = z @ W.T + b
        activations.append(sigmoid(z))
    return activations


def _sigmoid_of_the_inputs(X: Any, params: Any) -> Any:
    return forward(sigmoid(X), params)


def _softmax(z: Any) -> Any:
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def _with_loops(X: Any, params: Any) -> Any:
    result = [X.tolist()]
    for W, b in params:
        rows = []
        for a in result[-1]:
            z = [sum(w * v for w, v in zip(weights, a)) + bias for weights, bias in zip(W, b)]
            rows.append([1 / (1 + np.exp(-value)) for value in z])
        result.append(rows)
    return result


def _float32(X: Any, params: Any) -> Any:
    A: Any = np.float32(X)
    activations: tuple[Any, ...] = (A,)
    for layer, (W, b) in enumerate(params):
        A = sigmoid(A @ np.float32(W).T + np.float32(b))
        print("layer", layer, A.dtype)
        activations += (A,)
    return activations


def _recursive(inputs: Any, parameters: Any, f: Any = None) -> Any:
    if not parameters:
        return [inputs]
    W, b = parameters[0]
    below = (np.tanh((inputs @ W.T + b) / 2) + 1) / 2
    return [inputs, *_recursive(below, parameters[1:], f)]


def _columns(X: Any, params: Any) -> Any:
    columns = [X.T.copy()]
    for i in range(len(params)):
        columns.append(sigmoid(params[i][0] @ columns[i] + params[i][1][:, np.newaxis]))
    result = np.empty(len(columns), dtype=object)
    for i, A in enumerate(columns):
        result[i] = A.T
    return result


EXERCISE = Exercise(
    reference=forward,
    cases=cases,
    criteria=(
        Criterion("shallow", "a net of one layer", 2, ("shallow",)),
        Criterion("deep", "deeper nets, the activations of all layers", 4, ("deep",)),
        Criterion("batch", "several examples at once", 3, ("batch",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-bias",
            _everywhere_or_not(lambda A, W, b: sigmoid(A @ W.T)),
            "A layer adds no bias: the sigmoid takes A Wᵀ + b.",
        ),
        Misconception(
            "missing-activation",
            (*_everywhere_or_not(lambda A, W, b: A @ W.T + b), _weighted_sums_go_on),
            "Weighted sums are passed on as they are. Every layer, the last one too, hands its sigmoid "
            "activations to the next.",
        ),
        Misconception(
            "wrong-activation",
            (
                *_everywhere_or_not(lambda A, W, b: np.tanh(A @ W.T + b)),
                *_everywhere_or_not(lambda A, W, b: np.maximum(0, A @ W.T + b)),
                _version(_layer, lambda A, W, b: _softmax(A @ W.T + b)),
                _sigmoid_of_the_inputs,
            ),
            "An activation function stands where another one, or none, belongs: every layer is a "
            "sigmoid, and the inputs X go in as they are.",
        ),
        Misconception(
            "missing-transpose",
            (
                *_everywhere_or_not(lambda A, W, b: sigmoid(A @ W + b)),
                *_everywhere_or_not(lambda A, W, b: sigmoid(np.dot(A, W) + b)),
                *_everywhere_or_not(lambda A, W, b: sigmoid(W @ A + b)),
                *_everywhere_or_not(lambda A, W, b: sigmoid(np.dot(W, A) + b)),
                *_everywhere_or_not(lambda A, W, b: sigmoid(A @ W.reshape(W.shape[::-1]) + b)),
            ),
            "W holds one row per neuron, (n_out, n_in), so a batch needs its transpose: A @ W.T. "
            "(reshape does not transpose: it reads the numbers in the same order.)",
        ),
        Misconception(
            "wrong-sign",
            (
                *_everywhere_or_not(lambda A, W, b: sigmoid(-(A @ W.T + b))),
                *_everywhere_or_not(lambda A, W, b: sigmoid(A @ W.T - b)),
            ),
            "A sign is turned round: the bias is added, and σ(z) is 1/(1 + e⁻ᶻ) with the minus in the "
            "exponent.",
        ),
        Misconception(
            "off-by-one-layer",
            (
                lambda X, params: forward(X, params)[1:],
                lambda X, params: forward(X, params)[:-1],
                lambda X, params: forward(X, params[:1]),
                _always_from_the_inputs,
            ),
            "A layer is missing or takes the wrong layer's activations. The list holds L + 1 arrays, X "
            "first and the output last, and each is computed from the one before it. (A `return` inside "
            "the loop ends it after the first layer.)",
        ),
        Misconception(
            "wrong-type",
            (lambda X, params: forward(X, params)[-1],),
            "Only the output comes back. Return the list of all activations, X included: "
            "backpropagation will need every one of them.",
        ),
        Misconception(
            "swapped",
            (
                lambda X, params: forward(X, params)[::-1],
                lambda X, params: [A.T for A in forward(X, params)],
                lambda X, params: [X, *(A.T for A in forward(X, params)[1:])],
            ),
            "The arrays, or their axes, are exchanged: X comes first, the output last, and in each of "
            "them the examples are the rows.",
        ),
        Misconception(
            "first-example-only",
            (
                lambda X, params: forward(X[:1], params),
                lambda X, params: [X, *forward(X[:1], params)[1:]],
            ),
            "Only the first example comes through; every row of X is one.",
        ),
    ),
    right=(_with_loops, _float32, _recursive, _columns),
    hints=(
        "What goes into the first layer is X. What goes into the second?",
        "Start a list with X. For every (W, b), the last array of the list goes through the layer, and "
        "the result is appended.",
        "activations = [X]; for W, b in params: activations.append(sigmoid(activations[-1] @ W.T + b)).",
    ),
    slide="deck A, “2.4 Forward pass”",
    uses=("dense",),
    ready_made=("nnkit.layers", "nnkit.network"),
)
