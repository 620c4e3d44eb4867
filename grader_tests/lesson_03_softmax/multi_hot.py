"""`multi_hot`: a row of 0 and 1 for labels that do not exclude each other."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched


def multi_hot(label_sets: list[Any], classes: list[Any]) -> np.ndarray:
    """Return (n, len(classes)): 1 where the class is among the example's labels."""
    return np.array([[float(c in labels) for c in classes] for labels in label_sets])


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw sets and lists of letters, words and numbers; classes in no order; repeats; empty sets.

    No table is square, and the number of labels differs from row to row. Names that are part of other
    names tell a look-up from a search in a text.
    """
    letters = _unsorted(rng, list("DACB"))
    words = _unsorted(rng, ["fish", "cat", "catfish"])
    numbers = _unsorted(rng, [7, 3, 13, 2, 37])
    a, b, c, d = letters
    return [
        Case("one", ([{b, d}], letters)),
        Case("one", ([[numbers[4], numbers[1]]], numbers)),
        Case("several", ([{a, c}, {b}, {d, a, b}], letters)),
        Case(
            "several", ([[words[2]], [words[1], words[0]], [words[2], words[1]], words[:1]], words)
        ),
        Case("several", ([{numbers[0], numbers[3]}, {numbers[2]}], numbers)),
        Case("several", ([["catfish"], {"cat", "fish"}, ["fish"], {"catfish"}], words)),
        Case("several", ([{13}, {37}, [2, 3]], numbers)),
        Case("repeats", ([[a, a, d], [c, b, c, c]], letters)),
        Case("repeats", ([[words[1], words[1]], [words[0], words[2], words[0]]], words)),
        Case("empty", ([{b}, set(), {c, a}], letters)),
        Case("empty", ([[], [numbers[3]]], numbers)),
    ]


def _unsorted(rng: np.random.Generator, classes: list[Any]) -> list[Any]:
    """Shuffle until the classes do not stand in their sorted order."""
    while True:
        shuffled = [classes[i] for i in rng.permutation(len(classes))]
        if shuffled != sorted(classes):
            return shuffled


def _filled(put: Any, order: Any = list) -> Any:
    """Build a version that goes through the labels and puts something into a table of zeros."""

    def version(label_sets: Any, classes: Any) -> Any:
        table = np.zeros((len(label_sets), len(classes)))
        position = {c: j for j, c in enumerate(order(classes))}
        for i, labels in enumerate(label_sets):
            for label in labels:
                put(table, i, position[label])
        return table

    return version


def _set_to_one(table: Any, i: int, j: int) -> None:
    table[i, j] = 1


def _count(table: Any, i: int, j: int) -> None:
    table[i, j] += 1


def _of_identity_rows(join: Any, once: Any = list) -> Any:
    """Build a version that puts rows of the identity together, which takes at least one of them."""

    def version(label_sets: Any, classes: Any) -> Any:
        identity = np.eye(len(classes))
        rows = [[identity[classes.index(x)] for x in once(labels)] for labels in label_sets]
        return np.array([join(row, axis=0) for row in rows])

    return version


def _truth_values(label_sets: Any, names: Any, verbose: Any = True) -> Any:
    print(names) if verbose else None
    return [[name in set(labels) for name in names] for labels in label_sets]


def _float32(label_sets: Any, classes: Any) -> Any:
    identity = np.eye(len(classes), dtype=np.float32)
    rows = [sum((identity[classes.index(x)] for x in set(s)), 0 * identity[0]) for s in label_sets]
    return np.stack(rows)


EXERCISE = Exercise(
    reference=multi_hot,
    cases=cases,
    criteria=(
        Criterion("one", "the row of one example", 2, ("one",)),
        Criterion("several", "a row for each of several examples", 2, ("several",)),
        Criterion("repeats", "a label that is named twice counts once", 1, ("repeats",)),
        Criterion("empty", "an example without labels is a row of zeros", 1, ("empty",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "counts-repeats",
            (_filled(_count),),
            "A label that is named twice gives a 2. A row says which labels apply, not how often: set "
            "the entry to 1 instead of adding 1.",
        ),
        Misconception(
            "sorted-classes",
            (_filled(_set_to_one, sorted), _filled(_count, sorted)),
            "The columns come in sorted order. They keep the order of `classes`.",
        ),
        Misconception(
            "ignores-argument",
            (
                lambda label_sets, classes: multi_hot(
                    label_sets, sorted({x for labels in label_sets for x in labels})
                ),
                lambda label_sets, classes: multi_hot(
                    label_sets, list(dict.fromkeys(x for labels in label_sets for x in labels))
                ),
            ),
            "There are columns only for labels that occur. `classes` says which columns there are, and "
            "in which order, also where no example has the label.",
        ),
        Misconception(
            "wrong-type",
            (
                lambda label_sets, classes: [
                    [float(str(c) in str(labels)) for c in classes] for labels in label_sets
                ],
                lambda label_sets, classes: [
                    [float(str(c) in "".join(map(str, labels))) for c in classes]
                    for labels in label_sets
                ],
            ),
            "The labels are searched for in a text, where one name may be part of another, as “cat” is "
            "of “catfish”. Ask the set or list itself: `c in labels`.",
        ),
        Misconception(
            "swapped",
            (lambda label_sets, classes: multi_hot(label_sets, classes).T,),
            "Rows and columns are exchanged: a row for each example, a column for each class.",
        ),
        Misconception(
            "one-label-only",
            (
                lambda label_sets, classes: multi_hot([list(s)[:1] for s in label_sets], classes),
                lambda label_sets, classes: multi_hot([list(s)[-1:] for s in label_sets], classes),
            ),
            "Only one label of each example is marked. These classes do not exclude each other: there "
            "may be several 1s in a row, or none.",
        ),
        Misconception(
            "wrong-sign",
            (lambda label_sets, classes: 1 - multi_hot(label_sets, classes),),
            "0 and 1 are exchanged: 1 means that the label applies.",
        ),
        Misconception(
            "raises",
            (
                _of_identity_rows(np.max),
                _of_identity_rows(np.max, set),
                _of_identity_rows(np.sum, set),
                _of_identity_rows(np.any, set),
            ),
            "The function cannot do without a label, but an example may have none: its row is zeros.",
        ),
        Misconception(
            "first-example-only",
            (
                lambda label_sets, classes: multi_hot(label_sets[:1], classes),
                lambda label_sets, classes: multi_hot(label_sets[:1], classes)[0],
            ),
            "Only the first example gets a row; there is one for each entry of `label_sets`.",
        ),
    ),
    right=(_filled(_set_to_one), _truth_values, _float32),
    hints=(
        "For one example and one class the question is: is the class among the labels?",
        "Two loops: examples are rows, classes are columns. `in` works for sets and lists.",
        "[[float(c in labels) for c in classes] for labels in label_sets], as an array.",
    ),
    slide="deck D, “Multi-class Classification”",
)
