"""`accuracy`: the share of examples whose largest output is at the right class."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched


def accuracy(P: np.ndarray, labels: np.ndarray) -> float:
    """Return the share (0 to 1) of rows whose largest entry is at the label."""
    return float(np.mean(np.argmax(P, axis=1) == labels))


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw outputs between 0 and 1, scores of any sign, and nets that are always or never right."""

    def case(kind: str, n: int, k: int, right: int, low: float = 0.0, high: float = 1.0) -> Case:
        """Draw rows whose entries are clearly apart; in `right` of them the largest is at the label.

        The first row holds the largest of all, and in a wrong one the smallest is at the label: what
        looks for those instead finds other shares, but not 0.
        """
        kind_of_integer = rng.choice(["int64", "int32", "uint8", "int8"])
        while True:
            P = rng.permuted(np.tile(np.arange(k), (n, 1)), axis=1) + rng.uniform(0.2, 0.8, (n, k))
            P = np.roll(low + (high - low) * P / k, -int(np.argmax(np.max(P, axis=1))), axis=0)
            order = np.array([0, *rng.permutation(np.arange(1, n))])
            labels, wrong = np.argmax(P, axis=1), order[right:]
            labels[wrong] = (labels[wrong] + rng.integers(1, k, len(wrong))) % k
            labels[wrong[:1]] = np.argmin(P[wrong[:1]], axis=1)
            others = np.sum(labels == np.argmin(P, axis=1)), np.sum(labels == np.argmax(P))
            if kind == "all-or-none" or right not in others:
                return Case(kind, (P, labels.astype(kind_of_integer)))

    return [
        case("share", 7, 10, right=int(rng.choice([2, 3, 5]))),
        case("share", 12, 4, right=int(rng.choice([5, 7, 8, 11]))),
        case("scores", 9, 5, right=int(rng.choice([2, 4, 7])), low=-8.0, high=-1.0),
        case("scores", 11, 3, right=int(rng.choice([4, 6, 9])), low=-5.0, high=40.0),
        case("all-or-none", 6, 4, right=6),
        case("all-or-none", 5, 3, right=0),
        case("all-or-none", 1, 3, right=1),
    ]


def _with_loops(P: Any, labels: Any) -> Any:
    right = 0
    for i in range(len(P)):
        best = 0
        for j in range(len(P[i])):
            if P[i][j] > P[i][best]:
                best = j
        if best == labels[i]:
            right += 1
    return right / len(P)


def _by_value(scores: Any, y_true: Any, verbose: Any = False) -> Any:
    """Compare the label's entry with the row's largest; a 0-d float32 result."""
    print(y_true.dtype)
    at_label = scores[np.arange(len(y_true)), y_true]
    return np.array(
        np.count_nonzero(at_label == scores.max(axis=1)) / y_true.size, dtype=np.float32
    )


def _by_sorting(P: Any, labels: Any) -> Any:
    return 1 - np.count_nonzero(np.argsort(P)[:, -1] - labels.astype(int)) / len(labels)


EXERCISE = Exercise(
    reference=accuracy,
    cases=cases,
    criteria=(
        Criterion("share", "the share of right answers", 3, ("share",)),
        Criterion("scores", "scores of any size and sign", 2, ("scores",)),
        Criterion("all", "all right, none right", 1, ("all-or-none",), only_with="share"),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "sum-instead-of-mean",
            (lambda P, labels: np.sum(np.argmax(P, axis=1) == labels),),
            "This is the number of right answers. The share is that number divided by the number of "
            "rows.",
        ),
        Misconception(
            "wrong-factor",
            (
                lambda P, labels: 100 * accuracy(P, labels),
                *general.wrong_factor(accuracy).versions,
            ),
            "The share is off by a constant factor; it runs from 0 to 1, not to 100.",
        ),
        Misconception(
            "wrong-axis",
            (
                lambda P, labels: np.mean(np.argmax(P, axis=0) == labels),
                lambda P, labels: (np.argmax(P, axis=0) == labels).mean(),
                lambda P, labels: np.mean(np.argmax(P) == labels),
                lambda P, labels: np.sum(np.argmax(P, axis=1) == labels) / P.size,
                lambda P, labels: np.sum(np.argmax(P, axis=1) == labels) / P.shape[1],
            ),
            "Rows and columns are mixed up. Each row of P is an example: look for the largest entry "
            "along axis 1, and divide by the number of rows.",
        ),
        Misconception(
            "wrong-sign",
            (lambda P, labels: accuracy(-P, labels),),
            "The smallest entry is taken; the net’s answer is the class with the largest.",
        ),
        Misconception(
            "error-rate",
            (lambda P, labels: 1 - accuracy(P, labels),),
            "This is the share of wrong answers.",
        ),
        Misconception(
            "first-example-only",
            (lambda P, labels: accuracy(P[:1], labels[:1]),),
            "Only the first example is looked at; the share is taken over all rows.",
        ),
    ),
    right=(_with_loops, _by_value, _by_sorting),
    hints=(
        "What does the net say about one image? The class whose output is largest.",
        "np.argmax along axis 1 gives one class per row. Compare it with the labels: how many agree?",
        "The mean of (np.argmax(P, axis=1) == labels): True counts as 1.",
    ),
    slide="deck A, “2.3 NN training”",
)
