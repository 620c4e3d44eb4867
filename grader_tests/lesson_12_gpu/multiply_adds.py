"""`multiply_adds`: how much work a forward pass is."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched


def multiply_adds(sizes: list[int], n: int) -> int:
    """Return n·Σ nᵢ·nᵢ₊₁, the multiply-adds of a forward pass of n examples."""
    return n * sum(n_in * n_out for n_in, n_out in pairwise(sizes))


def cases(rng: np.random.Generator) -> list[Case]:
    """Nets of two to five layers, no two sizes next to each other equal, one example and several."""

    def sizes(layers: int) -> list[int]:
        return rng.permutation(np.arange(3, 14))[:layers].tolist()

    several = int(rng.integers(4, 30))
    return [
        Case("one-example", (sizes(3), 1)),
        Case("one-example", (sizes(5), 1)),
        Case("batch", (sizes(4), several)),
        Case("batch", ([784, 16, 16, 10], several + 30)),
        Case("batch", (sizes(3), np.array(several + 1))),
        Case("one-layer", (sizes(2), 1)),
        Case("one-layer", (sizes(2), several)),
    ]


def _work(layer: Any, layers: Any = pairwise) -> Any:
    """Build a version from the work of a layer for one example and the pairs that count as layers."""

    def version(sizes: Any, n: Any) -> Any:
        return n * sum(layer(n_in, n_out) for n_in, n_out in layers(sizes))

    return version


def _product(n_in: int, n_out: int) -> int:
    return n_in * n_out


def _biases_once(sizes: Any, n: Any) -> Any:
    return multiply_adds(sizes, n) + sum(sizes[1:])


def _with_loops(sizes: Any, n: Any) -> Any:
    total = 0
    for i in range(len(sizes) - 1):
        for _ in range(sizes[i + 1]):
            total += sizes[i]
    return float(total * n)


def _dot(layers: Any, n_examples: Any = 1, verbose: Any = True) -> Any:
    print(layers)
    sizes = np.array(layers)
    return n_examples * (sizes[:-1] @ sizes[1:])


def _counted(sizes: Any, n: Any) -> Any:
    shapes = [np.empty((n_out, n_in)) for n_in, n_out in pairwise(sizes)]
    return np.float32(sum(W.size for W in shapes)) * np.float32(n)


EXERCISE = Exercise(
    reference=multiply_adds,
    cases=cases,
    criteria=(
        Criterion("one-example", "the work for one example", 2, ("one-example",), rtol=1e-6),
        Criterion("batch", "the work for several examples", 2, ("batch",), rtol=1e-6),
        Criterion("one-layer", "a net of a single layer", 1, ("one-layer",), rtol=1e-6),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "counts-biases",
            (
                _work(lambda n_in, n_out: n_in * n_out + n_out),
                _work(lambda n_in, n_out: (n_in + 1) * (n_out + 1)),
                _biases_once,
            ),
            "Biases are counted too: that gives the number of parameters. Here an addition comes with "
            "its multiplication and counts with it, and adding b is not counted at all.",
            "deck A, “2.2 NN basics: it's all maths”",
        ),
        Misconception(
            "ignores-argument",
            (lambda sizes, n: multiply_adds(sizes, 1),),
            "n has no effect. Every example goes through all the layers, so n examples are n times the "
            "work.",
        ),
        general.wrong_factor(
            multiply_adds,
            2.0,
            0.5,
            says="The result is off by a factor 2. A multiplication and the addition that follows it "
            "count once, together.",
        ),
        Misconception(
            "off-by-one-layer",
            (
                _work(_product, lambda sizes: pairwise(sizes[1:])),
                _work(_product, lambda sizes: pairwise(sizes[:-1])),
                _work(_product, lambda sizes: zip(sizes, [*sizes[1:], sizes[-1]], strict=False)),
                _work(_product, lambda sizes: zip(sizes, [*sizes[1:], 1], strict=False)),
                _work(_product, lambda sizes: zip(sizes, [*sizes[1:], sizes[0]], strict=False)),
                _work(lambda n_in, n_out: n_in * n_in),
                _work(lambda n_in, n_out: n_out * n_out),
            ),
            "A layer is left out, counted too often or counted with its neighbour’s size. Each pair of "
            "neighbours in `sizes` is one matrix of weights: 784·16, 16·16 and 16·10.",
        ),
        Misconception(
            "adds-instead-of-multiplies",
            (
                _work(lambda n_in, n_out: n_in + n_out),
                lambda sizes, n: n + multiply_adds(sizes, 1),
                lambda sizes, n: n * sum(sizes),
            ),
            "Numbers are added where they should be multiplied: each of the n_out neurons of a layer "
            "multiplies n_in inputs, and does so for each of the n examples.",
        ),
        Misconception(
            "product-of-all",
            (lambda sizes, n: n * int(np.prod(np.array(sizes, dtype=float))),),
            "All sizes are multiplied together. The layers do their work one after the other, so their "
            "products nᵢ·nᵢ₊₁ are added.",
        ),
    ),
    right=(_with_loops, _dot, _counted),
    hints=(
        "One neuron of the first hidden layer, one example: how many weights meet how many inputs?",
        "A layer’s matrix has n_out·n_in weights, and each takes part in one multiply-add per example.",
        "n times the sum of sizes[i]·sizes[i + 1] over all i; for [784, 16, 16, 10] and one example it "
        "is 12,544 + 256 + 160.",
    ),
    slide="deck A, “1.4 Hardware: GPUs (& TPUs) II”",
    equivalents={
        "return n * sum((n_in * n_out for n_out, n_in in pairwise(sizes)))": "a product has no order",
    },
)
