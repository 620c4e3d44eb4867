"""Lesson 03's exercises as strangers write them."""

import math

import numpy as np
import pytest

import nnkit
from grader_tests import exercises, judge

LESSON = "03-softmax"
EXERCISES = exercises(LESSON)
SEEDS = range(8)


def judged(name, answer):
    return [judge(LESSON, name, answer, seed=seed) for seed in SEEDS]


def test_the_contract_s_signatures():
    assert {name: task.parameters for name, task in EXERCISES.items()} == {
        "softmax": ["Z"],
        "predict_class": ["P"],
        "multi_hot": ["label_sets", "classes"],
        "predict_labels": ["Z", "threshold"],
    }
    assert [task.points for task in EXERCISES.values()] == [9, 6, 7, 9]


def test_cases_hold_what_the_contract_allows():
    for seed in range(100):
        for case in EXERCISES["softmax"].cases(np.random.default_rng(seed)):
            (Z,) = case.args
            assert np.max(np.abs(Z)) <= 10_000
            if case.kind == "large":
                assert np.array_equal(Z.astype(np.float32), Z)
        for case in EXERCISES["predict_labels"].cases(np.random.default_rng(seed)):
            threshold = case.kwargs.get("threshold", 0.5)
            with np.errstate(over="ignore"):
                distance = np.abs(1 / (1 + np.exp(-case.args[0])) - threshold)
            assert np.all((distance > 0.01) | (case.args[0] == 0))
            assert np.max(np.abs(case.args[0])) <= 10_000
        for case in EXERCISES["predict_class"].cases(np.random.default_rng(seed)):
            top = np.sort(case.args[0].astype(np.float32), axis=1)
            assert np.all(top[:, -1] > top[:, -2])


def list_by_list(Z):
    result = []
    for z in Z.tolist():
        shares = [1 / math.fsum(math.exp(min(u - v, 700)) for u in z) for v in z]
        result.append(tuple(shares))
    return tuple(result)


def by_apply(Z):
    def one(z):
        e = np.exp(z - np.max(z))
        return e / sum(e)

    return np.apply_along_axis(one, 1, Z)


def by_reduction(P):
    best = np.zeros(len(P), dtype=int)
    for j in range(1, P.shape[1]):
        better = P[:, j] > P[range(len(P)), best]
        best[better] = j
    return best.astype(np.uint8)


def by_isin(label_sets, classes):
    return np.array([np.isin(classes, list(labels)) for labels in label_sets])


def by_index(label_sets, classes):
    table = np.zeros((len(label_sets), len(classes)), dtype=int)
    for i in range(len(label_sets)):
        table[i, [classes.index(label) for label in label_sets[i]]] = 1
    return table.tolist()


def by_logit(Z, threshold=0.5):
    return (-math.log(1 / threshold - 1) < Z) + 0


def with_two_branches(scores, threshold=0.5, one=1, zero=0):
    e = np.exp(-np.abs(scores))
    return np.where(np.where(scores < 0, e, 1) / (1 + e) > threshold, one, zero)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("softmax", list_by_list),
        ("softmax", by_apply),
        ("softmax", lambda Z: np.vstack([by_apply(z[None, :]) for z in Z])),
        ("predict_class", by_reduction),
        ("predict_class", lambda P: [row.index(max(row)) for row in P.tolist()]),
        ("predict_class", lambda P: np.argmin(-P, axis=-1).astype(float)),
        ("multi_hot", by_isin),
        ("multi_hot", by_index),
        ("predict_labels", by_logit),
        ("predict_labels", with_two_branches),
    ],
)
def test_unusual_but_right(name, answer):
    for verdict in judged(name, answer):
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


def shares(E):
    return E / E.sum(axis=1, keepdims=True)


def shifted(Z):
    return Z - Z.max(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("name", "answer", "misconceptions"),
    [
        ("softmax", lambda Z: shares(np.exp(np.maximum(shifted(Z), -5))), []),
        ("softmax", lambda Z: shares(np.exp(shifted(Z) / 2)), []),
        ("softmax", lambda Z: np.round(shares(np.exp(shifted(Z))), 3), []),
        ("softmax", lambda Z: np.sort(shares(np.exp(shifted(Z))), axis=1), []),
        ("softmax", lambda Z: shares(np.exp(Z - Z.max(axis=0))), ["wrong-axis"]),
        ("softmax", lambda Z: shares(np.exp(Z - Z.min(axis=1, keepdims=True))), ["no-shift"]),
        ("softmax", lambda Z: np.exp(shifted(Z)) / np.exp(shifted(Z)).sum(axis=1), ["raises"]),
        ("predict_class", lambda P: np.argsort(P, axis=1)[:, -2], []),
        ("predict_class", lambda P: np.argmax(np.abs(P), axis=1), []),
        ("predict_class", lambda P: P.shape[1] - 1 - np.argmax(P, axis=1), []),
        ("predict_class", lambda P: np.argmax(P, axis=1)[:, None], ["wrong-shape"]),
        ("multi_hot", lambda sets, classes: by_index(sets, classes[::-1]), []),
        ("multi_hot", lambda sets, classes: np.cumsum(by_index(sets, classes), axis=0), []),
        ("multi_hot", lambda sets, classes: by_index(sets, classes)[0], ["first-example-only"]),
        ("predict_labels", lambda Z, threshold=0.5: by_logit(Z, threshold**2), []),
        ("predict_labels", lambda Z, threshold=0.5: np.tanh(np.abs(Z)) > threshold, []),
        (
            "predict_labels",
            lambda Z, threshold=0.5: by_logit(Z, threshold).sum(axis=1),
            ["wrong-shape"],
        ),
    ],
)
def test_wrong_in_a_way_of_its_own(name, answer, misconceptions):
    for verdict in judged(name, answer):
        assert verdict.score < verdict.max_score, verdict.text()
        assert verdict.misconceptions == misconceptions, verdict.text()


def test_no_shift_costs_the_large_scores_only():
    for naive in (
        lambda Z: shares(np.exp(Z)),
        lambda Z: [[math.exp(v) / sum(math.exp(u) for u in z) for v in z] for z in Z.tolist()],
    ):
        for verdict in judged("softmax", naive):
            assert (verdict.score, verdict.misconceptions) == (7, ["no-shift"]), verdict.text()


@pytest.mark.parametrize(
    "search",
    [
        lambda label, labels: str(label) in str(labels),
        lambda label, labels: str(label) in "".join(map(str, labels)),
        lambda label, labels: any(str(label) in str(other) for other in labels),
        lambda label, labels: any(str(other).startswith(str(label)) for other in labels),
        lambda label, labels: any(str(other).endswith(str(label)) for other in labels),
    ],
)
def test_labels_are_not_searched_for_in_a_text(search):
    def multi_hot(label_sets, classes):
        return [[int(search(c, labels)) for c in classes] for labels in label_sets]

    for verdict in judged("multi_hot", multi_hot):
        assert verdict.score < verdict.max_score


def test_multi_hot_must_return_numbers():
    for verdict in judged("multi_hot", lambda sets, classes: [list(s) for s in sets]):
        assert (verdict.score, verdict.misconceptions) == (0, ["wrong-type"]), verdict.text()


def test_multi_hot_must_not_sort_the_labels():
    def multi_hot(label_sets, classes):
        for labels in label_sets:
            if isinstance(labels, list):
                labels.sort()
        return by_index(label_sets, classes)

    verdict = judge(LESSON, "multi_hot", multi_hot, seed=1)
    assert (verdict.score, verdict.misconceptions) == (6, ["modifies-arguments"])


def test_ready_made_softmax_is_refused():
    verdict = judge(LESSON, "softmax", lambda Z: nnkit.activations.softmax(Z), seed=1)
    assert (verdict.score, verdict.misconceptions) == (0, ["borrowed"])
