"""`chain_forward`: through a chain of neurons, one per layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_07_chain.chains import random_chain, sigmoid

Result = tuple[np.ndarray, np.ndarray]


def chain_forward(w: np.ndarray, b: np.ndarray, x: float) -> Result:
    """Return (z, a), shapes (L,) and (L + 1,), with a[0] = x."""
    z: list[Any] = []
    a: list[Any] = [x]
    for weight, bias in zip(w, b):
        z.append(weight * a[-1] + bias)
        a.append(sigmoid(z[-1]))
    return np.array(z), np.array(a)


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw chains of one to four neurons; x is a number or a 0-d array."""
    one = [Case("one", random_chain(rng, 1)) for _ in range(2)]
    long = [Case("long", random_chain(rng, length)) for length in (2, 3, 4)]
    w, b, x = random_chain(rng, 3)
    return [*one, *long, Case("long", (w, b, np.array(x)))]


Step = Callable[[Any, Any, Any, Any], Any]


def _version(
    z_of: Step = lambda w, b, a, x: w * a + b,
    f: Callable[[Any], Any] = sigmoid,
    start: Callable[[Any], Any] = lambda x: x,
) -> Callable[..., Any]:
    """Build a version of the function from one neuron's weighted sum, its activation and a[0]."""

    def version(w: Any, b: Any, x: Any) -> Any:
        z, a = [], [start(x)]
        for weight, bias in zip(w, b):
            z.append(z_of(weight, bias, a[-1], x))
            a.append(f(z[-1]))
        return np.array(z), np.array(a)

    return version


def _sums_go_on(w: Any, b: Any, x: Any) -> Any:
    z: list[Any] = []
    for weight, bias in zip(w, b):
        z.append(weight * (z[-1] if z else x) + bias)
    return np.array(z), np.array([x, *sigmoid(np.array(z))])


def _without_x(w: Any, b: Any, x: Any) -> Any:
    z, a = chain_forward(w, b, x)
    return z, a[1:]


def _without_output(w: Any, b: Any, x: Any) -> Any:
    z, a = chain_forward(w, b, x)
    return z, a[:-1]


def _with_x(w: Any, b: Any, x: Any) -> Any:
    z, a = chain_forward(w, b, x)
    return np.array([x, *z]), a


def _filled_arrays(w: Any, b: Any, x: Any) -> Any:
    z, a = np.zeros(len(w)), np.empty(len(w) + 1)
    a[0] = x
    for layer in range(len(w)):
        z[layer] = w[layer] * a[layer] + b[layer]
        a[layer + 1] = sigmoid(z[layer])
    return [z, a]


def _float32(weights: Any, biases: Any, inputs: Any, f: Any = None) -> Any:
    a: list[Any] = [np.float32(inputs)]
    z: list[Any] = []
    for i, weight in enumerate(weights.astype(np.float32)):
        z += [weight * a[i] + np.float32(biases[i])]
        a += [np.float32(1) / (np.float32(1) + np.exp(-z[i]))]
        print("neuron", i, a[i + 1])
    return z, a


def _recursive(w: Any, b: Any, x: Any) -> Any:
    if len(w) == 0:
        return [], [x]
    z = float(w[0]) * float(x) + float(b[0])
    later_z, later_a = _recursive(w[1:], b[1:], 0.5 * (1 + np.tanh(z / 2)))
    return [z, *later_z], [x, *later_a]


EXERCISE = Exercise(
    reference=chain_forward,
    cases=cases,
    criteria=(
        Criterion("one", "a single neuron", 2, ("one",)),
        Criterion("sums", "the weighted sums z of longer chains", 3, ("long",), parts=(0,)),
        Criterion("activations", "their activations a, from x on", 3, ("long",), parts=(1,)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-bias",
            (_version(lambda w, b, a, x: w * a),),
            "The bias is not added: a neuron’s weighted sum is w·a + b.",
        ),
        Misconception(
            "missing-activation",
            (_version(f=lambda z: z), _sums_go_on),
            "A weighted sum z goes on where its activation belongs: the next neuron gets a = σ(z).",
        ),
        Misconception(
            "wrong-activation",
            (
                _version(f=np.tanh),
                _version(f=lambda z: np.maximum(0, z)),
                _version(start=sigmoid),
            ),
            "An activation function stands where another one, or none, belongs: every neuron is a "
            "sigmoid, and a[0] is x as it is.",
        ),
        Misconception(
            "off-by-one-layer",
            (
                _without_x,
                _without_output,
                _with_x,
                _version(lambda w, b, a, x: w * x + b),
            ),
            "A layer is missing, doubled or takes the wrong layer’s activation. z has an entry per "
            "neuron; a has one more, x in front; and each z is computed from the a before it.",
        ),
        Misconception(
            "wrong-sign",
            (
                _version(lambda w, b, a, x: w * a - b),
                _version(f=lambda z: sigmoid(-z)),
            ),
            "A sign is turned round: the bias is added, and σ(z) is 1/(1 + e⁻ᶻ) with the minus in the "
            "exponent.",
        ),
        Misconception(
            "swapped",
            (lambda w, b, x: chain_forward(w, b, x)[::-1], lambda w, b, x: chain_forward(b, w, x)),
            "Two things are exchanged: the result is (z, a) in this order, and w multiplies while b is "
            "added.",
        ),
    ),
    right=(_filled_arrays, _float32, _recursive),
    hints=(
        "One neuron first: z = w·x + b, a = σ(z). What does the second neuron take for its x?",
        "Start with a list a that holds x, and an empty list z. Each (w, b) adds an entry to both.",
        "for weight, bias in zip(w, b): z.append(weight * a[-1] + bias); a.append(sigmoid(z[-1])). Then "
        "return both as arrays.",
    ),
    slide="deck A, “2.6 Backpropagation: maths II”",
    ready_made=("nnkit.layers", "nnkit.network"),
)
