"""What lessons 09 to 11 share: sigmoid nets of any depth, and how lists of (W, b) are compared."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader_tests import values
from grader_tests.exercise import Case, Problem
from grader_tests.lesson_08_two_three_one.net import away_from_zero, sigmoid

Params = list[tuple[np.ndarray, np.ndarray]]


def random_params(rng: np.random.Generator, sizes: Sequence[int], scale: float = 1.0) -> Params:
    """Draw (W, b) for each layer, or gradients of that form, no entry close to 0."""
    return [
        (away_from_zero(rng, (n_out, n_in), scale), away_from_zero(rng, (n_out,), scale))
        for n_in, n_out in itertools.pairwise(sizes)
    ]


def random_examples(
    rng: np.random.Generator, sizes: Sequence[int], n: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw inputs (n, n_in) and targets (n, n_out) for a net of these sizes."""
    return away_from_zero(rng, (n, sizes[0]), 1.5), rng.uniform(0, 1, (n, sizes[-1]))


def forward(X: np.ndarray, params: Params) -> list[np.ndarray]:
    """Return [X, A1, …, AL], as lesson 04's function does."""
    activations = [X]
    for W, b in params:
        activations.append(sigmoid(activations[-1] @ np.asarray(W).T + b))
    return activations


def quadratic_cost(params: Params, X: np.ndarray, Y: np.ndarray) -> float:
    """1/(2n) Σ‖y − a‖², the cost of the lesson."""
    return float(np.sum((forward(X, params)[-1] - Y) ** 2)) / (2 * len(X))


def of_each_layer(
    reference: Callable[..., Any], which: int
) -> Callable[[Case, Any], Problem | None]:
    """Compare the weights (0) or the biases (1) alone of a list of (W, b); for `Criterion.examine`."""

    def examine(case: Case, result: Any) -> Problem | None:
        expected = values.plain(pairs := reference(*case.args, **case.kwargs), like=pairs)
        got = values.plain(result, like=pairs)
        if isinstance(got, values.Misfit):
            return Problem(got.message)
        for layer, (want, have) in enumerate(zip(expected, got, strict=True)):
            alone = have if isinstance(have, values.Misfit) else have[which]
            if found := values.difference(want[which], alone):
                return Problem(f"layer {layer + 1}: {found.message}")
        return None

    return examine
