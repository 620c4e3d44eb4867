"""`input_gradient`: how the cost changes with the input, all the way back through a net."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched

Params = list[tuple[np.ndarray, np.ndarray]]


def input_gradient(params: Params, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return ∂C/∂x of C = ½‖a − y‖² for one example, (n_in,)."""
    activations = [x]
    for W, b in params:
        activations.append(sigmoid(W @ activations[-1] + b))
    error = activations[-1] - y
    for (W, _), a in zip(params[::-1], activations[:0:-1], strict=True):
        error = W.T @ (error * a * (1 - a))
    return error


def sigmoid(z: np.ndarray) -> np.ndarray:
    """σ(z); the lesson's |z| stay under 30, so the plain formula is safe."""
    return 1 / (1 + np.exp(-z))


def cases(rng: np.random.Generator) -> list[Case]:
    """Nets of one to four layers, no layer as wide as its neighbour; targets of 0, 1 and between."""

    def case(kind: str, *sizes: int) -> Case:
        params = [
            (_away_from_zero(rng, (n_out, n_in), 1.5), _away_from_zero(rng, (n_out,), 0.8))
            for n_in, n_out in pairwise(sizes)
        ]
        y = rng.permutation([0.0, 1.0, float(rng.uniform(0.2, 0.8)), 1.0])[: sizes[-1]]
        return Case(kind, (params, rng.uniform(0.1, 0.9, sizes[0]), y))

    return [
        case("one-layer", 4, 3),
        case("one-layer", 2, 4),
        case("two-layers", 5, 3, 2),
        case("two-layers", 3, 4, 1),
        case("deeper", 4, 5, 2, 3),
        case("deeper", 2, 3, 5, 3, 4),
    ]


def _away_from_zero(rng: np.random.Generator, shape: tuple[int, ...], largest: float) -> np.ndarray:
    return rng.uniform(0.2 * largest, largest, shape) * rng.choice([-1.0, 1.0], shape)


def _own(z: Any, a: Any) -> Any:
    return a * (1 - a)


def _transposed(W: Any, delta: Any) -> Any:
    return W.T @ delta


def _version(
    hidden_slope: Callable[[Any, Any], Any] = _own,
    output_slope: Callable[[Any, Any], Any] = _own,
    back: Callable[[Any, Any], Any] = _transposed,
    first_back: Callable[[Any, Any], Any] = _transposed,
    sums: Callable[[Any, Any, Any], Any] = lambda W, a, b: W @ a + b,
    hidden: Callable[[Any], Any] = sigmoid,
    output: Callable[[Any], Any] = sigmoid,
    error: Callable[[Any, Any], Any] = lambda a, y: a - y,
) -> Callable[..., Any]:
    """Build a version of the function from its parts; slopes are functions of z and a."""

    def version(params: Any, x: Any, y: Any) -> Any:
        zs, activations = [], [x]
        for i, (W, b) in enumerate(params, start=1):
            zs.append(sums(W, activations[-1], b))
            activations.append((output if i == len(params) else hidden)(zs[-1]))
        result = error(activations[-1], y)
        for i in reversed(range(len(params))):
            slope = output_slope if i == len(params) - 1 else hidden_slope
            delta = result * slope(zs[i], activations[i + 1])
            result = (back if i else first_back)(params[i][0], delta)
        return result

    return version


def _everywhere(
    slope: Callable[[Any, Any], Any] = _own, f: Callable[[Any], Any] = sigmoid
) -> Callable[..., Any]:
    return _version(hidden_slope=slope, output_slope=slope, hidden=f, output=f)


def _one(z: Any, a: Any) -> Any:
    return 1.0


def _of_activation(z: Any, a: Any) -> Any:
    return sigmoid(a) * (1 - sigmoid(a))


def _identity(z: Any) -> Any:
    return z


def _untransposed(multiply: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return _version(back=multiply, first_back=multiply)


def _derivative_at_x(params: Any, x: Any, y: Any) -> Any:
    return input_gradient(params, x, y) * x * (1 - x)


def _stops_early(params: Any, x: Any, y: Any) -> Any:
    """∂C/∂a of the first layer."""
    W, b = params[0]
    return input_gradient(params[1:], sigmoid(W @ x + b), y)


def _with_loops(layers: Any, x: Any, y: Any) -> Any:
    a = [list(x)]
    for W, b in layers:
        z = [sum(w * v for w, v in zip(row, a[-1], strict=True)) for row in W]
        a.append([1 / (1 + 2.718281828459045 ** -(s + t)) for s, t in zip(z, b, strict=True)])
    errors = [out - target for out, target in zip(a[-1], y, strict=True)]
    for layer in range(len(layers) - 1, -1, -1):
        W, now = layers[layer][0], a[layer + 1]
        deltas = [e * v * (1 - v) for e, v in zip(errors, now, strict=True)]
        errors = [sum(W[j][i] * deltas[j] for j in range(len(deltas))) for i in range(W.shape[1])]
    return errors


def _by_differences(params: Any, x: Any, target: Any, eps: Any = 1e-5) -> Any:
    def cost(x: Any) -> Any:
        for W, b in params:
            x = sigmoid(W @ x + b)
        return 0.5 * np.sum((x - target) ** 2)

    steps = eps * np.eye(len(x))
    return [(cost(x + step) - cost(x - step)) / (2 * eps) for step in steps]


def _forward_mode(params: Any, x: Any, y: Any) -> Any:
    print(len(params))
    jacobian = np.eye(x.size)
    for W, b in params:
        x = sigmoid(W @ x + b)
        jacobian = (x - x * x)[:, None] * (W @ jacobian)
    return (x - y) @ jacobian


def _float32_row(params: Any, x: Any, y: Any) -> Any:
    a = [np.asarray(x, dtype=np.float32)[None, :]]
    for W, b in params:
        a.append(sigmoid(np.asarray(a[-1] @ W.T + b, dtype=np.float32)))
    delta = (a[-1] - y) * a[-1] * (1 - a[-1])
    for i in range(len(params) - 1, 0, -1):
        delta = (delta @ params[i][0]) * a[i] * (1 - a[i])
    return (delta @ params[0][0])[0].astype(np.float32)


EXERCISE = Exercise(
    reference=input_gradient,
    cases=cases,
    criteria=(
        Criterion("one-layer", "the gradient through a single layer", 3, ("one-layer",)),
        Criterion("two-layers", "the gradient through a hidden layer", 3, ("two-layers",)),
        Criterion("deeper", "the gradient through any number of layers", 3, ("deeper",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-derivative",
            (
                _version(output_slope=_one),
                _version(hidden_slope=_one),
                _everywhere(slope=_one),
            ),
            "The sigmoid’s derivative, a·(1 − a), is missing in a layer. On the way back each layer "
            "does two things: times a·(1 − a), then times the weights.",
        ),
        Misconception(
            "derivative-of-activation",
            (
                _everywhere(slope=_of_activation),
                _version(output_slope=_of_activation),
                _version(hidden_slope=_of_activation),
            ),
            "σ′ is taken at a instead of at z. Written with a it is a·(1 − a), without another σ.",
        ),
        Misconception(
            "wrong-sign",
            (_version(error=lambda a, y: y - a),),
            "The gradient points downhill. ½‖a − y‖² has the derivative a − y; an attack that follows "
            "the wrong sign makes the net surer of itself.",
        ),
        general.wrong_factor(
            input_gradient,
            2.0,
            0.5,
            says="The result is off by a factor 2. The cost’s ½ cancels the 2 of the square.",
        ),
        Misconception(
            "mean-instead-of-sum",
            (
                _version(error=lambda a, y: (a - y) / len(y)),
                _version(error=lambda a, y: 2 * (a - y) / len(y)),
            ),
            "Something is divided by the number of outputs. The cost of an example is half the sum of "
            "its squared errors, not their mean.",
        ),
        Misconception(
            "missing-bias",
            (_version(sums=lambda W, a, b: W @ a),),
            "The forward pass adds no biases, so the activations, and with them the derivatives, are "
            "those of another net.",
        ),
        Misconception(
            "missing-activation",
            (
                _version(output=_identity, output_slope=_one),
                _version(hidden=_identity, hidden_slope=_one),
                _everywhere(slope=_one, f=_identity),
            ),
            "A layer passes its weighted sum on as it is. In this net every layer is a sigmoid layer, "
            "the last one too.",
        ),
        Misconception(
            "wrong-activation",
            (
                _everywhere(lambda z, a: 1 - a * a, np.tanh),
                _version(hidden=np.tanh, hidden_slope=lambda z, a: 1 - a * a),
                _version(hidden=lambda z: np.maximum(z, 0), hidden_slope=lambda z, a: np.sign(a)),
            ),
            "A layer uses another activation than the sigmoid, or the derivative of another one.",
        ),
        Misconception(
            "missing-transpose",
            (
                _untransposed(lambda W, delta: W @ delta),
                _untransposed(np.dot),
                _version(first_back=lambda W, delta: W @ delta),
                _untransposed(lambda W, delta: W.reshape(W.shape[::-1]) @ delta),
            ),
            "Forward a layer multiplies by W, (n_out, n_in); back it needs the transpose: W.T @ delta "
            "has one entry per input. (reshape does not transpose.)",
        ),
        Misconception(
            "off-by-one-layer",
            (
                _derivative_at_x,
                _stops_early,
                _version(first_back=lambda W, delta: delta),
            ),
            "The way back ends in the wrong place. Its last step is W1.T @ delta1, and x, which is no "
            "activation, has no σ′ of its own.",
        ),
    ),
    right=(_with_loops, _by_differences, _forward_mode, _float32_row),
    hints=(
        "Backpropagation does not have to end at the first layer’s weights: the input has a gradient "
        "too. Which layer does it look like?",
        "Forward, keeping all activations. Then from the last layer to the first: delta is the error "
        "times a·(1 − a), and the error of the layer below is W.T @ delta.",
        "error = a[-1] − y; for each layer from the last one on: error = W.T @ (error · a · (1 − a)). "
        "What is left after the first layer is the answer.",
    ),
    slide="deck C, “How to find delta for every neuron”",
    ready_made=("nnkit.adversarial", "nnkit.layers", "nnkit.network"),
    equivalents={
        "for (W, _), a in zip(params[::-1], activations[:0:-1], strict=False):": "equally long",
    },
)
