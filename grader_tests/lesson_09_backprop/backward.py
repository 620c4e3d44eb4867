"""`backward`: the gradients of all weights and biases, from the output back to the input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_09_backprop.net import (
    Params,
    forward,
    quadratic_cost,
    random_examples,
    random_params,
    sigmoid,
)


def backward(params: Params, activations: list[np.ndarray], Y: np.ndarray) -> Params:
    """Return [(dW, db), …] of 1/(2n) Σ‖y − a‖², in the order and shapes of `params`."""
    A = activations[-1]
    delta = (A - Y) * A * (1 - A) / len(Y)
    grads = [(delta.T @ activations[-2], np.sum(delta, axis=0))]
    for layer in range(len(params) - 1, 0, -1):
        A = activations[layer]
        delta = (delta @ params[layer][0]) * A * (1 - A)
        grads.insert(0, (delta.T @ activations[layer - 1], np.sum(delta, axis=0)))
    return grads


def cases(rng: np.random.Generator) -> list[Case]:
    """Nets of one to four layers, none with as many examples as neurons.

    Neighbouring layers differ in size, so that no transpose is hidden; one net has three layers
    of the same size, where a neighbour's values fit without an exception.
    """
    return [
        _case(rng, "one", [3, 4, 2], n=1),
        _case(rng, "one", [2, 3, 4], n=1),
        _case(rng, "batch", [4, 3, 5], n=7),
        _case(rng, "batch", [2, 5, 3], n=4),
        _case(rng, "single", [3, 4], n=5),
        _case(rng, "deep", [3, 5, 4, 3], n=6),
        _case(rng, "deep", [3, 4, 4, 4], n=5),
        _case(rng, "deep", [4, 3, 5, 2, 1], n=3),
    ]


def _case(rng: np.random.Generator, kind: str, sizes: list[int], n: int) -> Case:
    """Draw until no gradient is a small remainder of large terms, which rounding would spoil."""
    while True:
        params, (X, Y) = random_params(rng, sizes), random_examples(rng, sizes, n)
        activations = forward(X, params)
        terms = _sizes_of_terms(params, activations, Y)
        pairs = zip(backward(params, activations, Y), terms, strict=True)
        if all(
            np.max(np.abs(g)) > 0.02 * np.max(t)
            for gs, ts in pairs
            for g, t in zip(gs, ts, strict=True)
        ):
            return Case(kind, (params, activations, Y))


def _sizes_of_terms(params: Params, activations: list[np.ndarray], Y: np.ndarray) -> Params:
    """Add up the same terms without their signs."""
    absolute = _version(
        output=lambda A, Y: np.abs(A - Y) * A * (1 - A) / len(Y),
        error=lambda delta, W: delta @ np.abs(W),
        weights=lambda delta, A_in: delta.T @ np.abs(A_in),
    )
    return absolute(params, activations, Y)


def _prime(A: np.ndarray) -> np.ndarray:
    return A * (1 - A)


def _version(
    output: Callable[..., Any] = lambda A, Y: (A - Y) * _prime(A) / len(Y),
    error: Callable[..., Any] = lambda delta, W: delta @ W,
    prime: Callable[..., Any] = _prime,
    weights: Callable[..., Any] = lambda delta, A_in: delta.T @ A_in,
    biases: Callable[..., Any] = lambda delta: np.sum(delta, axis=0),
    of_inputs: int = 0,
    of_prime: int = 0,
    of_W: int = 0,
) -> Callable[..., Any]:
    """Build a version of the function from its steps; `of_…` take a value that many layers on."""

    def version(params: Any, activations: Any, Y: Any) -> Any:
        delta = output(activations[-1], Y)
        grads: list[Any] = []
        for layer in range(len(params) - 1, -1, -1):
            grads.insert(0, (weights(delta, activations[layer + of_inputs]), biases(delta)))
            if layer:
                back = error(delta, params[layer + of_W][0])
                delta = back * prime(activations[layer + of_prime])
        return grads

    return version


def _with_prime(prime: Callable[..., Any]) -> tuple[Callable[..., Any], ...]:
    """Use another derivative in the output layer, in the hidden layers, in all."""
    output = lambda A, Y: (A - Y) * prime(A) / len(Y)
    return _version(output=output), _version(prime=prime), _version(output=output, prime=prime)


def _rows(chosen: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda params, activations, Y: backward(
        params, [chosen(A) for A in activations], chosen(Y)
    )


def _first_row(n: int) -> np.ndarray:
    return (np.arange(n) == 0)[:, None]


def _with_loops(params: Any, activations: Any, Y: Any) -> Any:
    grads: list[Any] = [[np.zeros(W.shape).tolist(), [0.0] * len(b)] for W, b in params]
    for n in range(len(Y)):
        errors = [a - y for a, y in zip(activations[-1][n], Y[n])]
        for layer in range(len(params) - 1, -1, -1):
            (W, _), A_in = params[layer], activations[layer][n]
            deltas = [e * a * (1 - a) for e, a in zip(errors, activations[layer + 1][n])]
            for j, delta in enumerate(deltas):
                grads[layer][1][j] += delta / len(Y)
                for k, a in enumerate(A_in):
                    grads[layer][0][j][k] += delta * a / len(Y)
            errors = [sum(W[j, k] * d for j, d in enumerate(deltas)) for k in range(len(A_in))]
    return grads


def _columns(params: Any, activations: Any, targets: Any, verbose: Any = True) -> Any:
    """Let examples be columns, as in many books; float32, and the mean comes last."""
    A = [a.T.astype(np.float32) for a in activations]
    delta = (A[-1] - targets.T.astype(np.float32)) * A[-1] * (1 - A[-1])
    back_to_front = []
    for number in range(1, len(params) + 1):
        if number > 1:
            delta = (
                params[-number + 1][0].T.astype(np.float32)
                @ delta
                * (A[-number] * (1 - A[-number]))
            )
        print(delta.shape)
        back_to_front.append([delta @ A[-number - 1].T / len(targets), delta.mean(axis=1)])
    return tuple(back_to_front[::-1])


def _by_differences(params: Any, activations: Any, Y: Any) -> Any:
    X, h, result = activations[0], 1e-5, []
    for layer, pair in enumerate(params):
        for part, p in enumerate(pair):
            gradient = np.zeros_like(p)
            for i in np.ndindex(p.shape):
                costs = []
                for step in (h, -h):
                    moved = [list(other) for other in params]
                    moved[layer][part] = p.copy()
                    moved[layer][part][i] += step
                    costs.append(quadratic_cost(moved, X, Y))  # type: ignore[arg-type]
                gradient[i] = (costs[0] - costs[1]) / (2 * h)
            result.append(gradient)
    return list(zip(result[::2], result[1::2]))


def _recursive(weights: Any, outputs: Any, Y: Any, delta: Any = None) -> Any:
    if not weights:
        return []
    A_in, A = outputs[-2:]
    delta = (A - Y) * (A - A**2) if delta is None else delta
    (W, _), n = weights[-1], len(Y)
    here = (np.einsum("nj,nk->jk", delta, A_in) / n, np.ones(n) @ delta / n)
    back = np.multiply(np.dot(delta, W), A_in * (1 - A_in))
    return [*_recursive(weights[:-1], outputs[:-1], Y, back), here]


EXERCISE = Exercise(
    reference=backward,
    cases=cases,
    criteria=(
        Criterion("output", "the last layer’s gradients for one example", 2, ("one",), parts=(1,)),
        Criterion(
            "hidden", "the hidden layer’s gradients for one example", 3, ("one",), parts=(0,)
        ),
        Criterion("batch", "the mean over several examples", 3, ("batch",)),
        Criterion("depth", "nets of one layer and of many", 3, ("single", "deep")),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-derivative",
            _with_prime(np.ones_like),
            "A delta lacks the sigmoid’s derivative. Every layer’s error, ∂C/∂a, becomes its delta, "
            "∂C/∂z, when it is multiplied by a·(1 − a): in the output layer and in each hidden one.",
        ),
        Misconception(
            "derivative-of-activation",
            _with_prime(lambda A: sigmoid(A) * (1 - sigmoid(A))),
            "σ′ belongs at z, but the activations are already σ(z). Written with a it is simply "
            "a·(1 − a), without another σ.",
        ),
        Misconception(
            "wrong-activation",
            _with_prime(lambda A: 1 - A**2),
            "1 − a² is tanh’s derivative. These layers are sigmoids: a·(1 − a).",
        ),
        Misconception(
            "off-by-one-layer",
            (
                _version(of_inputs=1),
                _version(of_inputs=-1),
                _version(of_prime=1),
                _version(of_prime=-1),
                _version(of_W=-1),
            ),
            "Values of a neighbouring layer are used. `activations` has one entry more than `params`: "
            "layer l takes in activations[l] and gives activations[l + 1], so dW needs the former; "
            "the delta that goes back through its W meets the derivative at the same activations[l].",
        ),
        Misconception(
            "missing-transpose",
            (
                _version(weights=lambda delta, A_in: A_in.T @ delta),
                _version(weights=lambda delta, A_in: np.dot(A_in.T, delta)),
                _version(weights=lambda delta, A_in: delta @ A_in),
                _version(weights=lambda delta, A_in: np.dot(delta, A_in)),
                _version(weights=lambda delta, A_in: delta @ A_in.T),
                _version(weights=lambda delta, A_in: np.dot(delta, A_in.T)),
                _version(error=lambda delta, W: delta @ W.T),
                _version(error=lambda delta, W: np.dot(delta, W.T)),
                _version(error=lambda delta, W: W.T @ delta),
                _version(error=lambda delta, W: np.dot(W.T, delta)),
            ),
            "A transpose is missing or too many. dW has the shape of W, (n_out, n_in): deltas "
            "transposed, (n_out, n), times the layer’s inputs, (n, n_in). On the way back "
            "W is used as it stands, (n, n_out) times (n_out, n_in).",
        ),
        Misconception(
            "sum-instead-of-mean",
            (
                _version(output=lambda A, Y: (A - Y) * _prime(A)),
                lambda *args: [(dW, db * len(args[2])) for dW, db in backward(*args)],
                lambda *args: [(dW * len(args[2]), db) for dW, db in backward(*args)],
            ),
            "Gradients are summed over the examples. The cost has 1/(2n), so every dW and every db is a "
            "mean: divide by n, once.",
        ),
        Misconception(
            "mean-instead-of-sum",
            (
                _version(output=lambda A, Y: (A - Y) * _prime(A) / Y.size),
                _version(error=lambda delta, W: delta @ W / len(delta)),
                _version(biases=lambda delta: np.mean(delta, axis=0)),
                _version(weights=lambda delta, A_in: delta.T @ A_in / len(delta)),
                _version(
                    weights=lambda delta, A_in: delta.T @ A_in / len(delta),
                    biases=lambda delta: np.mean(delta, axis=0),
                ),
            ),
            "Something is divided that should be summed. The cost is a mean over the examples, not over "
            "the outputs, and the one division by n is enough for all layers, weights and biases.",
        ),
        Misconception(
            "wrong-sign",
            (
                _version(output=lambda A, Y: (Y - A) * _prime(A) / len(Y)),
                *_with_prime(lambda A: A * (A - 1))[1:],
            ),
            "A sign is turned round. The derivative of ½(y − a)² by a is a − y, and σ′ is a·(1 − a), "
            "never negative.",
        ),
        general.wrong_factor(
            backward,
            says="The gradients are off by a factor 2. The ½ in the cost is there to cancel the 2 of "
            "the square.",
        ),
        Misconception(
            "wrong-axis",
            (
                _version(biases=np.sum),
                _version(biases=lambda delta: np.sum(delta, axis=1)),
            ),
            "The bias gradients are summed along the wrong axis: sum over the examples (axis 0), which "
            "leaves one number per neuron.",
        ),
        Misconception(
            "missing-bias",
            (_version(biases=lambda delta: np.zeros(delta.shape[1])),),
            "The biases get no gradient. A bias acts like a weight whose input is always 1, so db is "
            "the sum of its neuron’s deltas.",
        ),
        Misconception(
            "first-example-only",
            (
                _rows(lambda A: A[:1]),
                _version(output=lambda A, Y: (A - Y) * _prime(A) / len(Y) * _first_row(len(Y))),
            ),
            "Only the first example counts; the gradients are means over all rows.",
        ),
        Misconception(
            "swapped",
            (
                lambda *args: backward(*args)[::-1],
                lambda *args: [(db, dW) for dW, db in backward(*args)],
            ),
            "The gradients come in the wrong order. They are computed from the last layer to the first, "
            "but the list runs like `params`: first layer first, and (dW, db) in each pair.",
        ),
    ),
    right=(_with_loops, _columns, _by_differences, _recursive),
    hints=(
        "Start with the last layer: its delta is the error a − y times the derivative a·(1 − a). What "
        "do dW and db look like for a single example?",
        "For a batch, dW is deltaᵀ times the layer’s inputs and db the sum of delta over the examples; "
        "divide delta by n once, at the output. Then step back: the next delta is (delta W)·a(1 − a).",
        "Loop over the layers from the last to the first: dW = delta.T @ activations[l], db = delta "
        "summed over axis 0; put the pair at the front of the list; then delta = (delta @ W)·A·(1 − A) "
        "with A = activations[l].",
    ),
    slide="deck A, “2.6 Backpropagation: maths V”",
    ready_made=("nnkit.layers", "nnkit.network"),
)
