"""`one_hot`: class numbers as rows of zeros with a single 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched

DTYPES = (np.int64, np.int32, np.uint8, np.int8)


def one_hot(labels: np.ndarray, n_classes: int) -> np.ndarray:
    """Return (n, n_classes), 1 in the column of each row's label and 0 elsewhere."""
    return (labels[:, None] == np.arange(n_classes)).astype(float)


def cases(rng: np.random.Generator) -> list[Case]:
    """Labels of several integer types, in no order, some twice.

    Where the criterion is not about them, the highest class occurs and one below it is missing.
    """

    def case(kind: str, labels: list[int], n_classes: int, dtype: Any = np.int64) -> Case:
        return Case(kind, (np.array(labels, dtype=dtype), n_classes))

    def shuffled(*labels: int) -> list[int]:
        return [int(label) for label in rng.permutation(labels)]

    a, b = (int(label) for label in rng.choice([1, 2, 3], 2, replace=False))
    batch = [
        case("batch", [4, *shuffled(0, a, b, 0)], 5),
        case("batch", shuffled(2, 0, 1, 2), 3),
        case("batch", shuffled(6, 5, a, b, b), 7),
    ]
    unused = [
        case("unused", shuffled(0, a, b), 6),
        case("unused", [1, *shuffled(0, 0, 2, 1)], 4),
        case("unused", [a], 8),
    ]
    types = [case("types", shuffled(3, a, 0, b, 1), 4, dtype) for dtype in DTYPES]
    return [*batch, *unused, *types]


def _columns(n_columns: Any) -> Any:
    """Make another number of columns than asked for."""
    return lambda labels, n_classes: np.eye(n_columns(labels))[labels]


def _set_to_one(index: Any) -> Any:
    """Put the ones at another index than [row, label]."""

    def version(labels: Any, n_classes: Any) -> Any:
        Y = np.zeros((len(labels), n_classes))
        Y[index(labels)] = 1
        return Y

    return version


def _with_loops(labels: Any, n_classes: Any) -> Any:
    rows = []
    for label in labels:
        row = [0] * n_classes
        row[label] = 1
        rows.append(row)
    return rows


def _by_index(y: Any, k: Any, dtype: Any = np.float32) -> Any:
    Y = np.zeros((y.size, k), dtype=dtype)
    Y[np.arange(y.size), y] = 1
    print(Y.shape)
    return Y


def _rows_of_identity(labels: Any, n_classes: Any) -> Any:
    return np.eye(n_classes, dtype=int)[labels]


def _mask(labels: Any, n_classes: Any) -> Any:
    return [[c == label for c in range(n_classes)] for label in labels]


EXERCISE = Exercise(
    reference=one_hot,
    cases=cases,
    criteria=(
        Criterion("batch", "a row for each label, 1 in its column", 3, ("batch",)),
        Criterion("unused", "a column for every class, even without a label", 2, ("unused",)),
        Criterion("types", "labels of any integer type", 1, ("types",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "ignores-argument",
            (
                _columns(lambda labels: labels.max() + 1),
                _columns(lambda labels: 10),
                lambda labels, n_classes: (labels[:, None] == np.unique(labels)).astype(float),
            ),
            "The number of columns does not come from `n_classes`. A batch need not hold every class; "
            "its rows must still be as long as those of any other batch.",
        ),
        Misconception(
            "off-by-one-class",
            (lambda labels, n_classes: np.eye(n_classes)[labels - 1],),
            "The 1 stands one column too far to the left. Classes are counted from 0, as columns are, "
            "so the label itself is the column.",
        ),
        Misconception(
            "wrong-axis",
            (
                _set_to_one(lambda labels: (slice(None), labels)),
                _set_to_one(lambda labels: labels),
            ),
            "Whole columns or whole rows are filled with ones. Each row gets a single 1: the index "
            "needs the row numbers 0 … n − 1 beside the labels.",
        ),
        general.transposed_result(
            one_hot,
            says="Rows and columns are exchanged: one row per label, one column per class.",
        ),
        general.first_example_only(
            one_hot, says="Only the first label comes through; there is a row for each."
        ),
    ),
    right=(_with_loops, _by_index, _rows_of_identity, _mask),
    hints=(
        "Write the result for the labels 2, 0 and four classes by hand. How many rows and columns?",
        "Start from zeros of shape (n, n_classes). In row i, one entry changes: which?",
        "Y[np.arange(n), labels] = 1 sets one entry in each row; Y has n_classes columns whatever the "
        "labels are.",
    ),
    slide="deck D, “Multi-class Classification”",
    ready_made=("nnkit.losses", "nnkit.datasets"),
)
