"""`predict_class`: the column of each row's largest entry."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_03_softmax.scores import random_scores


def predict_class(P: np.ndarray) -> np.ndarray:
    """Return the column of each row's largest entry, (n,)."""
    return np.argmax(P, axis=1)


def cases(rng: np.random.Generator) -> list[Case]:
    """Probabilities and scores of any sign, the winners spread over all columns.

    Batches of one size come twice, with other winners: a constant answer shows.
    """
    one = [Case("one", (_with_winner(rng, [winner], 4),)) for winner in (2, 3, 0)]
    batch = [
        Case("batch", (_with_winner(rng, rng.permutation([0, 1, 2, 2, 1]), 3),)),
        Case("batch", (_with_winner(rng, rng.permutation([4, 3, 0]), 5),)),
        Case("batch", (_with_winner(rng, rng.permutation([3, 0, 1, 2, 3]), 4),)),
    ]
    scores = [
        Case("scores", (_with_winner(rng, rng.permutation([3, 2, 2, 1, 0, 3]), 4) - 3.0,)),
        Case("scores", (_with_winner(rng, rng.permutation([0, 1, 1, 1]), 2) * 100.0,)),
    ]
    return [*one, *batch, *scores]


def _with_winner(rng: np.random.Generator, winners: Any, k: int) -> np.ndarray:
    """Draw rows whose largest entry stands at `winners`, the next largest anywhere else."""
    E = np.exp(random_scores(rng, len(winners), k))
    for row, winner in zip(E, winners, strict=True):
        top = int(np.argmax(row))
        row[[top, winner]] = row[[winner, top]]
    return E / E.sum(axis=1, keepdims=True)


def _with_loops(P: Any) -> Any:
    classes = []
    for row in P:
        best = 0
        for j in range(len(row)):
            if row[j] > row[best]:
                best = j
        classes.append(best)
    print(classes)
    return classes


def _whole_floats(scores: Any, axis: Any = 1) -> Any:
    return np.argsort(scores, axis=axis)[:, -1].astype(np.float32)


def _by_comparison(P: Any) -> Any:
    return np.nonzero(P.max(axis=1, keepdims=True) == P)[1]


EXERCISE = Exercise(
    reference=predict_class,
    cases=cases,
    criteria=(
        Criterion("one", "the class of one example", 2, ("one",)),
        Criterion("batch", "a class for every row", 2, ("batch",)),
        Criterion("scores", "scores that are no probabilities", 1, ("scores",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "wrong-axis",
            (lambda P: np.argmax(P, axis=0), lambda P: np.argmax(P)),
            "The largest entry is looked for down the columns, or in the whole table. Each row is an "
            "example: axis=1.",
        ),
        Misconception(
            "wrong-sign",
            (lambda P: np.argmin(P, axis=1),),
            "The smallest entry wins; it must be the largest.",
        ),
        Misconception(
            "off-by-one-class",
            (lambda P: np.argmax(P, axis=1) + 1,),
            "Classes are counted from 1. The first column is class 0.",
        ),
        Misconception(
            "value-instead-of-index",
            (lambda P: np.max(P, axis=1),),
            "These are the largest entries themselves. Asked for is where they stand: the column.",
        ),
        Misconception(
            "one-hot-instead-of-class",
            (lambda P: (P.max(axis=1, keepdims=True) == P).astype(int),),
            "The winner is marked with a 1. Asked for is the winner’s column, one number per row.",
        ),
        Misconception(
            "wrong-boundary",
            (lambda P: np.argmax(P > 0.5, axis=1),),
            "An entry need not be above ½ to be the largest of its row. No threshold is asked for.",
        ),
        Misconception(
            "first-example-only",
            (lambda P: np.argmax(P[0]), lambda P: np.argmax(P[:1], axis=1)),
            "Only the first example gets a class; there is one for every row.",
        ),
    ),
    right=(_with_loops, _whole_floats, _by_comparison),
    hints=(
        "Not the largest entry itself, but where it stands.",
        "numpy has a function for the position of the maximum; in which direction must it look?",
        "np.argmax along axis=1.",
    ),
    slide="deck C, “Output Layer Example”",
)
