"""`count_parameters`: how many weights and biases a net has."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_04_forward.net import random_sizes


def count_parameters(sizes: list[int]) -> int:
    """Return the number of weights and biases of a fully connected net, an integer."""
    return sum(n_in * n_out + n_out for n_in, n_out in pairwise(sizes))


def cases(rng: np.random.Generator) -> list[Case]:
    """Nets of one layer and of several, a layer of one neuron, the slides' net."""
    one = [Case("one", (random_sizes(rng, 1),)) for _ in range(2)]
    single = Case("one", ([int(rng.integers(3, 12)), 1],))
    deep = [Case("deep", (random_sizes(rng, layers, high=20),)) for layers in (2, 3, 5)]
    return [*one, single, *deep, Case("deep", ([784, 16, 16, 10],))]


def _layers(count: Any) -> Any:
    """Build a version of the function from what it counts in each layer."""
    return lambda sizes: sum(count(n_in, n_out) for n_in, n_out in pairwise(sizes))


def _with_loop(sizes: Any) -> Any:
    total = 0
    for layer in range(1, len(sizes)):
        total += (sizes[layer - 1] + 1) * sizes[layer]
        print("layer", layer, total)
    return float(total)


def _with_arrays(layer_sizes: Any, dtype: Any = np.int32) -> Any:
    n = np.array(layer_sizes, dtype=dtype)
    return n[:-1] @ n[1:] + np.sum(n[1:])


def _by_making_them(sizes: Any) -> Any:
    shapes = [((n, m), (n,)) for m, n in pairwise(sizes)]
    return np.array(sum(np.zeros(W).size + np.zeros(b).size for W, b in shapes))


def _recursive(sizes: Any) -> Any:
    if len(sizes) < 2:
        return 0
    return np.float32(sizes[0] * sizes[1] + sizes[1] + _recursive(sizes[1:]))


EXERCISE = Exercise(
    reference=count_parameters,
    cases=cases,
    criteria=(
        Criterion("one", "the parameters of a single layer", 2, ("one",), rtol=0, atol=0.01),
        Criterion("deep", "the parameters of several layers", 3, ("deep",), rtol=0, atol=0.01),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-bias",
            (
                _layers(lambda n_in, n_out: n_in * n_out),
                _layers(lambda n_in, n_out: n_in * n_out + 1),
                lambda sizes: count_parameters(sizes) - sizes[-1],
            ),
            "Biases are missing: every neuron of every layer but the input has one of its own, so a "
            "layer has n_in·n_out weights and n_out biases.",
        ),
        Misconception(
            "off-by-one-layer",
            (
                lambda sizes: count_parameters(sizes) + sizes[0],
                _layers(lambda n_in, n_out: n_in * n_out + n_in),
                lambda sizes: count_parameters(sizes[:-1]),
                lambda sizes: count_parameters(sizes[1:]),
                lambda sizes: count_parameters(sizes[:2]),
            ),
            "A layer is taken for its neighbour, counted too often or left out. The input layer has no "
            "parameters; every other layer has a weight for each of its inputs and a bias per neuron. "
            "(A `return` inside the loop ends it after the first layer.)",
        ),
    ),
    right=(_with_loop, _with_arrays, _by_making_them, _recursive),
    hints=(
        "Count one layer by hand first: 784 inputs, 16 neurons. How many arrows reach one neuron?",
        "A layer has n_in·n_out weights and n_out biases, and there is one layer less than there are "
        "sizes.",
        "zip(sizes, sizes[1:]) goes through the pairs (n_in, n_out): add up n_in · n_out + n_out.",
    ),
    slide="deck A, “2.2 NN basics: it's all maths”",
    ready_made=("nnkit.layers", "nnkit.network"),
)
