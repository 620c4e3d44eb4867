"""`chain_gradients`: the chain rule, written out for a chain of neurons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_07_chain.chain_forward import chain_forward
from grader_tests.lesson_07_chain.chains import random_chain, sigmoid

Result = tuple[np.ndarray, np.ndarray]


def chain_gradients(w: np.ndarray, b: np.ndarray, x: float, y: float) -> Result:
    """Return (dw, db), the derivatives of (a_L − y)², each of shape (L,)."""
    a = chain_forward(w, b, x)[1]
    db = np.zeros(len(w))
    error = 2 * (a[-1] - y)
    for layer in reversed(range(len(w))):
        db[layer] = error * a[layer + 1] * (1 - a[layer + 1])
        error = db[layer] * w[layer]
    return db * a[:-1], db


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw chains of one to four neurons; no derivative is lost beside a larger one."""
    return [
        *(_case(rng, "one", 1) for _ in range(2)),
        *(_case(rng, "long", length) for length in (2, 3, 4)),
        _case(rng, "long", 3, zero_d=True),
    ]


def _case(rng: np.random.Generator, kind: str, length: int, zero_d: bool = False) -> Case:
    """Draw until the net is wrong enough, and none of its neurons saturated or close to 0.5."""
    while True:
        w, b, x = random_chain(rng, length)
        a = chain_forward(w, b, x)[1]
        y = float(rng.choice([0.0, 1.0, rng.uniform(0.1, 0.9)]))
        if abs(a[-1] - y) > 0.2 and np.all(np.abs(np.abs(a[1:] - 0.5) - 0.25) < 0.18):
            number = np.array if zero_d else float
            return Case(kind, (w, b, number(x), number(y)))


Factor = Callable[..., Any]


def _slope(z: Any, a: Any) -> Any:
    return a * (1 - a)


def _version(
    output_slope: Factor = _slope,
    hidden_slope: Factor = _slope,
    weight: Factor = lambda w, layer: w[layer],
    below: Factor = lambda a: a[:-1],
    error: Factor = lambda a, y: 2 * (a - y),
) -> Callable[..., Any]:
    """Build a version of the function from the factors of the chain rule."""

    def version(w: Any, b: Any, x: Any, y: Any) -> Any:
        z, a = chain_forward(w, b, x)
        last = len(w) - 1
        db = np.zeros(len(w))
        carried = error(a[-1], y)
        for layer in range(last, -1, -1):
            slope = output_slope if layer == last else hidden_slope
            db[layer] = carried * slope(z[layer], a[layer + 1])
            carried = db[layer] * weight(w, layer)
        return db * below(a), db

    return version


def _in_one_or_both(slope: Factor) -> tuple[Callable[..., Any], ...]:
    """Take another σ′ at all neurons, at the last, at those before it."""
    return (
        _version(output_slope=slope, hidden_slope=slope),
        _version(output_slope=slope),
        _version(hidden_slope=slope),
    )


def _slope_of_layer_below(w: Any, b: Any, x: Any, y: Any) -> Any:
    a = chain_forward(w, b, x)[1]
    db, carried = np.zeros(len(w)), 2 * (a[-1] - y)
    for layer in range(len(w) - 1, -1, -1):
        db[layer] = carried * a[layer] * (1 - a[layer])
        carried = db[layer] * w[layer]
    return db * a[:-1], db


def _without_input(w: Any, b: Any, x: Any, y: Any) -> Any:
    _, db = chain_gradients(w, b, x, y)
    return db.copy(), db


def _in_order_of_work(w: Any, b: Any, x: Any, y: Any) -> Any:
    dw, db = chain_gradients(w, b, x, y)
    return dw[::-1], db[::-1]


def _one_cost(w: Any, b: Any, x: Any, y: Any) -> Any:
    a = x
    for weight, bias in zip(w, b):
        a = sigmoid(weight * a + bias)
    return (a - y) ** 2


def _by_differences(w: Any, b: Any, x: Any, y: Any, h: Any = 1e-5) -> Any:
    dw, db = [], []
    for e in h * np.eye(len(w)):
        dw.append((_one_cost(w + e, b, x, y) - _one_cost(w - e, b, x, y)) / (2 * h))
        db.append((_one_cost(w, b + e, x, y) - _one_cost(w, b - e, x, y)) / (2 * h))
    return dw, db


def _backwards_with_lists(weights: Any, biases: Any, inputs: Any, target: Any) -> Any:
    z, a = chain_forward(weights, biases, inputs)
    L = len(weights)
    delta = 2 * (a[L] - target) * sigmoid(z[L - 1]) * (1 - sigmoid(z[L - 1]))
    dw, db = [delta * a[L - 1]], [delta]
    for layer in range(L - 2, -1, -1):
        delta = delta * weights[layer + 1] * sigmoid(z[layer]) * (1 - sigmoid(z[layer]))
        print("delta", layer, delta)
        dw.insert(0, delta * a[layer])
        db.insert(0, delta)
    return dw, db


def _forward_mode(w: Any, b: Any, x: Any, y: Any) -> Any:
    """Carry the derivatives of each a along with it, as float32."""
    a, L = np.float32(x), len(w)
    slopes = np.zeros((2, L), dtype=np.float32)
    for layer in range(L):
        slopes = slopes * np.float32(w[layer])
        slopes[:, layer] = a, 1
        a = np.float32(sigmoid(w[layer] * a + b[layer]))
        slopes = slopes * a * (1 - a)
    return 2 * (a - np.float32(y)) * slopes


def _products(w: Any, b: Any, x: Any, y: Any) -> Any:
    a = chain_forward(w, b, x)[1]
    slopes = a[1:] * (1 - a[1:])
    steps = np.append(w[1:] * slopes[1:], 1)
    db = 2 * (a[-1] - y) * np.cumprod(steps[::-1])[::-1] * slopes
    return np.stack([db * a[:-1], db])


EXERCISE = Exercise(
    reference=chain_gradients,
    cases=cases,
    criteria=(
        Criterion("one", "both derivatives of a single neuron", 3, ("one",)),
        Criterion("weights", "the derivatives of all weights of longer chains", 4, ("long",), (0,)),
        Criterion("biases", "the derivatives of all biases of longer chains", 3, ("long",), (1,)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-derivative",
            _in_one_or_both(lambda z, a: 1.0),
            "σ′(z) is left out at a neuron: every neuron that is passed on the way back adds the factor "
            "a(1 − a).",
        ),
        Misconception(
            "derivative-of-activation",
            _in_one_or_both(lambda z, a: sigmoid(a) * (1 - sigmoid(a))),
            "σ′ belongs at the weighted sum z, but a is already σ(z): the factor is a(1 − a), without "
            "another σ.",
        ),
        Misconception(
            "missing-factor",
            (_version(weight=lambda w, layer: 1.0), _without_input),
            "A factor is left out: each step back to the neuron before multiplies by the weight between "
            "the two, and a weight’s derivative has the activation that the weight multiplies.",
        ),
        Misconception(
            "off-by-one-layer",
            (
                _version(below=lambda a: a[1:]),
                _version(weight=lambda w, layer: w[layer - 1]),
                _slope_of_layer_below,
            ),
            "Values of a neighbouring layer are used. Layer l has z[l] and w[l]; its activation is "
            "a[l + 1], and a[l] is what came in. Going back from layer l multiplies by w[l].",
        ),
        general.wrong_factor(
            chain_gradients,
            says="The derivatives are off by a factor 2: the cost is (a − y)² without ½, and its "
            "derivative 2(a − y).",
        ),
        general.wrong_sign(
            chain_gradients,
            says="The sign is turned round: the derivative of (a − y)² is 2(a − y), not 2(y − a).",
        ),
        Misconception(
            "swapped",
            (
                lambda w, b, x, y: chain_gradients(w, b, x, y)[::-1],
                _in_order_of_work,
            ),
            "The derivatives are right but in another order: first dw, then db, each from the first "
            "neuron to the last. (Working backwards collects them the other way round.)",
        ),
    ),
    right=(_by_differences, _backwards_with_lists, _forward_mode, _products),
    hints=(
        "Write down the chain for the last bias: how does C change with a, a with z, z with b? Then the "
        "last weight differs in one factor only.",
        "∂C/∂z of the last neuron is 2(a − y)·a(1 − a). One neuron back it is multiplied by the weight "
        "between the two and by that neuron’s a(1 − a).",
        "Going back over the layers: db[l] is ∂C/∂z of neuron l, dw[l] = db[l]·a[l], and "
        "db[l − 1] = db[l]·w[l]·a[l](1 − a[l]).",
    ),
    slide="deck A, “2.6 Backpropagation: maths V”",
    uses=("chain_forward",),
    ready_made=("nnkit.layers", "nnkit.network", "nnkit.gradcheck"),
)
