"""`add_bias_input`: the bias trick, a first input that is always 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_01_neuron.neurons import away_from_zero


def add_bias_input(X: np.ndarray) -> np.ndarray:
    """Return (n, d + 1): a column of ones, then the inputs."""
    return np.column_stack((np.ones(len(X)), X))


def cases(rng: np.random.Generator) -> list[Case]:
    """One example and more, never as many as there are inputs; one input too."""

    def case(kind: str, n: int, d: int) -> Case:
        return Case(kind, (2 + away_from_zero(rng, (n, d)),))

    one = [case("one", 1, 2), case("one", 1, 4)]
    return [
        *one,
        case("batch", 3, 2),
        case("batch", 2, 4),
        case("batch", 5, 3),
        case("batch", 4, 1),
    ]


def _with_column(value: float) -> Any:
    return lambda X: np.c_[np.full(len(X), value), X]


def _with_loops(X: Any) -> Any:
    rows = []
    for x in X:
        row = [1.0]
        for value in x:
            row.append(value)
        rows.append(row)
    return rows


def _float32(X: Any) -> Any:
    n, d = X.shape
    print(n, d)
    result = np.ones((n, d + 1), dtype=np.float32)
    result[:, 1:] = X
    return result


def _stacked(inputs: Any, value: Any = 1) -> Any:
    return np.hstack([np.full((inputs.shape[0], 1), value), inputs])


def _inserted(X: Any) -> Any:
    return np.insert(X, 0, 1, axis=1).tolist()


EXERCISE = Exercise(
    reference=add_bias_input,
    cases=cases,
    criteria=(
        Criterion("one", "a single example gets a 1 before its inputs", 2, ("one",)),
        Criterion("batch", "every example of a batch does", 3, ("batch",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "swapped",
            (lambda X: np.c_[X, np.ones(len(X))],),
            "The ones come after the inputs. They belong before them, so that the bias is weight 0.",
        ),
        Misconception(
            "missing-bias",
            (
                lambda X: X,
                _with_column(0.0),
            ),
            "There is no input that is 1. Its weight plays the part of the bias: with no such column, "
            "or with zeros in it, the neuron has none.",
        ),
        Misconception(
            "wrong-sign",
            (_with_column(-1.0),),
            "The column holds −1. Some books do it that way, for a threshold; a bias is added, so its "
            "input is +1.",
        ),
        Misconception(
            "wrong-axis",
            (
                lambda X: np.vstack([np.ones(X.shape[1]), X]),
                lambda X: np.vstack([X, np.ones(X.shape[1])]),
                lambda X: np.insert(X, 0, 1, axis=0),
                lambda X: np.insert(X, 0, 1),
                lambda X: np.append(np.ones(len(X)), X),
            ),
            "A row of ones is added, or all is flattened into one row. Every example (row) gets one "
            "more input, so it is a column: (n, d) becomes (n, d + 1).",
        ),
        Misconception(
            "wrong-factor",
            (lambda X: X + 1,),
            "1 is added to every input. What is asked for is one more input, a column that holds 1.",
        ),
        general.first_example_only(
            add_bias_input, says="Only the first example comes back; every row gets its 1."
        ),
    ),
    right=(_with_loops, _float32, _stacked, _inserted),
    hints=(
        "The neuron’s sum is b + w₁x₁ + w₂x₂ + … What would x₀ have to be for b to be just another "
        "weight, w₀?",
        "Each example becomes one number longer, at its beginning: (n, d) turns into (n, d + 1).",
        "np.ones((n, 1)) is the column; np.hstack puts arrays side by side.",
    ),
    slide="deck C, “Bias”",
)
