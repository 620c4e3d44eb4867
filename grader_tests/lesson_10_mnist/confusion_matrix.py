"""`confusion_matrix`: how often each class is taken for each other."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched


def confusion_matrix(predicted: np.ndarray, labels: np.ndarray, n_classes: int) -> np.ndarray:
    """Return counts (n_classes, n_classes): rows are the true labels, columns the predicted."""
    counts = np.zeros((n_classes, n_classes), dtype=int)
    for true, guess in zip(labels, predicted, strict=True):
        counts[true, guess] += 1
    return counts


def cases(rng: np.random.Generator) -> list[Case]:
    """Pairs that come several times, classes that never come, a single example."""

    def case(kind: str, n: int, seen: int, n_classes: int) -> Case:
        """Draw until a pair comes twice and the matrix is not its own transpose."""
        while True:
            labels, guesses = rng.integers(0, seen, (2, n))
            predicted = np.where(rng.random(n) < 0.5, labels, guesses)
            counts = confusion_matrix(predicted, labels, n_classes)
            repeated = n == 1 or np.max(counts) > 1
            if repeated and np.any(counts != counts.T) and np.max(labels) == seen - 1:
                kinds = rng.choice(["int64", "int32", "uint8", "int16"], 2)
                return Case(kind, (predicted.astype(kinds[0]), labels.astype(kinds[1]), n_classes))

    return [
        case("counts", 12, 4, 4),
        case("counts", 30, 10, 10),
        case("counts", 1, 3, 3),
        case("unseen", 9, 3, 5),
        case("unseen", 14, 4, 10),
    ]


def _by_bincount(predicted: Any, labels: Any, n_classes: Any) -> Any:
    cells = labels.astype(int) * n_classes + predicted
    return np.bincount(cells, minlength=n_classes**2).reshape(n_classes, n_classes)


def _by_product(guesses: Any, truth: Any, k: Any, dtype: Any = np.float32) -> Any:
    print(k)
    one_hot = np.eye(k, dtype=dtype)
    return one_hot[truth].T @ one_hot[guesses]


def _by_comparison(predicted: Any, labels: Any, n_classes: Any) -> Any:
    pairs = Counter(zip(labels.tolist(), predicted.tolist()))
    return [[pairs[i, j] for j in range(n_classes)] for i in range(n_classes)]


def _each_pair_once(predicted: Any, labels: Any, n_classes: Any) -> Any:
    counts = np.zeros((n_classes, n_classes))
    counts[labels, predicted] += 1
    return counts


def _for_seen_classes(n_seen: Any) -> Any:
    """Size the matrix by the classes that come; larger numbers than that raise."""
    return lambda predicted, labels, n_classes: confusion_matrix(
        predicted, labels, n_seen(predicted, labels)
    )


def _shares_of_rows(predicted: Any, labels: Any, n_classes: Any) -> Any:
    counts = confusion_matrix(predicted, labels, n_classes)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


EXERCISE = Exercise(
    reference=confusion_matrix,
    cases=cases,
    criteria=(
        Criterion("counts", "the counts of all pairs of true and predicted class", 4, ("counts",)),
        Criterion(
            "unseen",
            "a row and a column for every class, even one that never comes",
            2,
            ("unseen",),
        ),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "swapped",
            (lambda predicted, labels, n_classes: confusion_matrix(labels, predicted, n_classes),),
            "Rows and columns are exchanged: the true label chooses the row, the prediction the column. "
            "(Mind the order of the arguments.)",
        ),
        Misconception(
            "counts-once",
            (_each_pair_once,),
            "A pair that comes several times is counted once. counts[labels, predicted] += 1 adds to "
            "each cell only once, however often it is named; use a loop or np.add.at.",
        ),
        Misconception(
            "mean-instead-of-sum",
            (
                lambda predicted, labels, n_classes: (
                    confusion_matrix(predicted, labels, n_classes) / len(labels)
                ),
                _shares_of_rows,
                lambda predicted, labels, n_classes: (
                    _shares_of_rows(labels, predicted, n_classes).T
                ),
            ),
            "These are shares. A confusion matrix holds counts: whole numbers that add up to the number "
            "of examples.",
        ),
        Misconception(
            "ignores-argument",
            (
                _for_seen_classes(lambda predicted, labels: int(max(*predicted, *labels)) + 1),
                _for_seen_classes(lambda predicted, labels: int(max(labels)) + 1),
                _for_seen_classes(lambda predicted, labels: 10),
                lambda predicted, labels, n_classes: confusion_matrix(labels, labels, n_classes),
                lambda predicted, labels, n_classes: confusion_matrix(
                    predicted, predicted, n_classes
                ),
            ),
            "One of the arguments has no effect. n_classes decides on the size, also where a class "
            "never comes, and both the label and the prediction are needed for each cell.",
        ),
        general.wrong_factor(confusion_matrix, 2.0, says="Each pair is counted twice."),
    ),
    right=(_by_bincount, _by_product, _by_comparison),
    hints=(
        "Start with a table of zeros, one row and one column for each class. Which cell does the first "
        "example belong to?",
        "The row is the true label, the column the prediction. Go through both arrays together and add "
        "1 to the cell of each pair.",
        "for true, guess in zip(labels, predicted): counts[true, guess] += 1, with counts = "
        "np.zeros((n_classes, n_classes), dtype=int) before the loop.",
    ),
    equivalents={
        "for true, guess in zip(labels, predicted, strict=False):": "there is one of each per example",
    },
    slide="deck A, “2.3 NN training”",
)
