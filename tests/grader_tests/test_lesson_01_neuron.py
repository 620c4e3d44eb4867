"""Lesson 01's exercises as strangers write them, and the decks' neurons."""

import numpy as np
import pytest

from grader_tests import exercises, judge

LESSON = "01-neuron"
EXERCISES = exercises(LESSON)
SEEDS = range(10)


def judged(name, answer):
    return [judge(LESSON, name, answer, seed=seed) for seed in SEEDS]


def test_the_contract_s_signatures():
    assert {name: task.parameters for name, task in EXERCISES.items()} == {
        "weighted_sum": ["w", "x", "b"],
        "perceptron": ["w", "x", "b"],
        "add_bias_input": ["X"],
        "perceptron_update": ["w", "b", "x", "y", "learning_rate"],
    }
    assert [task.points for task in EXERCISES.values()] == [6, 7, 6, 9]


def test_the_references_against_the_decks():
    weighted_sum, perceptron = (EXERCISES[n].reference for n in ("weighted_sum", "perceptron"))
    w, x = np.array([-0.2, -0.4]), np.array([-0.97, -0.8])  # deck B, the first hidden node
    assert weighted_sum(w, x, 0.1) == pytest.approx(0.614)
    product = np.array([9.5]), np.array([1.0])  # deck D: with b = −10, x·w must cross 10
    assert [perceptron(product[0] + extra, product[1], -10.0) for extra in (0, 0.5, 0.6)] == [
        -1,
        -1,
        1,
    ]


def test_the_learning_rule_learns_and():
    """Rosenblatt's theorem: what a line can separate is learned in finitely many steps."""
    update, perceptron = (EXERCISES[n].reference for n in ("perceptron_update", "perceptron"))
    X, Y = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), [-1, -1, -1, 1]
    w, b = np.zeros(2), 0.0
    for _ in range(30):
        for x, y in zip(X, Y, strict=True):
            w, b = update(w, b, x, y, 0.5)
    assert [perceptron(w, x, b) for x in X] == Y


def test_zeros_are_exact_in_any_arithmetic():
    for seed in range(200):
        for case in EXERCISES["perceptron"].cases(np.random.default_rng(seed)):
            w, x, b = case.args
            products = [float(np.float32(v) * np.float32(u)) for v, u in zip(w, x, strict=True)]
            sums = {sum(order, start=b) for order in (products, products[::-1])}
            assert (sums == {0.0}) == (case.kind == "zero")
            assert case.kind == "zero" or min(abs(s) for s in sums) > 0.1


def bias_first(w, x, b):
    for weight, value in zip(w, x, strict=True):
        b = b + weight * value
    return b


def as_object(w, x, b):
    from fractions import Fraction

    pairs = zip(w.tolist(), x.tolist(), strict=True)
    return sum((Fraction(u) * Fraction(v) for u, v in pairs), start=Fraction(b))


def by_signbit(w, x, b):
    return -1 + 2 * np.signbit(-(w @ x) - b).item() if w @ x + b else -1


def by_padding(X):
    return np.pad(X, ((0, 0), (1, 0)), constant_values=1)


def by_powers(X):
    return np.array([[x[0] ** 0, *x] for x in X])


def in_place_on_copies(w, b, x, y, rate):
    w, wrong = np.copy(w), (w.dot(x) + b > 0) * 2 - 1 != y
    w += wrong * rate * y * x
    b += wrong * rate * y
    return w, b


def joined(w, b, x, y, rate):
    v, u = np.r_[b, w], np.r_[1, x]
    v = v + rate * max(0, -y * (1 if v @ u > 0 else -1)) * y * u
    return [v[1:].tolist(), np.array(v[0])]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("weighted_sum", bias_first),
        ("weighted_sum", as_object),
        ("weighted_sum", lambda w, x, b: np.add.reduce(np.multiply(w, x), initial=b)),
        ("perceptron", by_signbit),
        ("perceptron", lambda w, x, b: np.copysign(1, (w @ x + b > 0) - 0.5)),
        ("add_bias_input", by_padding),
        ("add_bias_input", by_powers),
        ("perceptron_update", in_place_on_copies),
        ("perceptron_update", joined),
    ],
)
def test_unusual_but_right(name, answer):
    for verdict in judged(name, answer):
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


def until_right(w, b, x, y, rate):
    while (1 if w @ x + b > 0 else -1) != y:
        w, b = w + rate * y * x, b + rate * y
    return w, b


def decaying(w, b, x, y, rate):
    w, b = in_place_on_copies(w, b, x, y, rate)
    return 0.99 * w, b


@pytest.mark.parametrize(
    ("name", "answer", "misconceptions"),
    [
        ("weighted_sum", lambda w, x, b: w @ x + b**2, []),
        ("weighted_sum", lambda w, x, b: w[:2] @ x[:2] + b, []),
        ("weighted_sum", lambda w, x, b: abs(w) @ x + b, []),
        ("weighted_sum", lambda w, x, b: int(w @ x + b), []),
        ("perceptron", lambda w, x, b: 1 if (w * x + b > 0).any() else -1, []),
        ("perceptron", lambda w, x, b: 1 if w[0] * x[0] + b > 0 else -1, []),
        ("perceptron", lambda w, x, b: "+1" if w @ x + b > 0 else "-1", ["wrong-type"]),
        ("perceptron", lambda w, x, b: 1 if w @ x + b else -1, []),
        ("add_bias_input", lambda X: np.c_[np.ones(len(X)), np.ones(len(X)), X], ["wrong-shape"]),
        ("add_bias_input", lambda X: np.c_[np.arange(len(X)) + 1, X], []),
        ("add_bias_input", lambda X: np.c_[np.ones(len(X)), X[:, ::-1]], []),
        ("perceptron_update", until_right, []),
        ("perceptron_update", decaying, []),
        ("perceptron_update", lambda w, b, x, y, rate: (w + rate * (y - w @ x) * x, b), []),
    ],
)
def test_wrong_in_a_way_of_its_own(name, answer, misconceptions):
    for verdict in judged(name, answer):
        assert verdict.score < verdict.max_score, verdict.text()
        assert verdict.misconceptions == misconceptions, verdict.text()


def test_changing_the_weights_costs_one_point():
    def update(w, b, x, y, rate):
        if (1 if w @ x + b > 0 else -1) != y:
            w += rate * y * x
            b += rate * y
        return w, b

    verdict = judge(LESSON, "perceptron_update", update, seed=1)
    assert (verdict.score, verdict.misconceptions) == (8, ["modifies-arguments"])


STUDENT = """
def weighted_sum(w, x, b):
    return w @ x

def perceptron(w, x, b):
    return 1 if weighted_sum(w, x, b) > 0 else -1

def perceptron_update(w, b, x, y, learning_rate):
    if perceptron(w, x, b) == y:
        return w, b
    return w + learning_rate * y * x, b + learning_rate * y
"""


def test_a_wrong_weighted_sum_is_marked_once():
    namespace = {}
    exec(STUDENT, namespace)
    verdicts = {
        name: judge(LESSON, name, namespace[name], seed=3)
        for name in EXERCISES
        if name in namespace
    }
    assert verdicts["weighted_sum"].misconceptions == ["missing-bias"]
    assert verdicts["perceptron"].status == verdicts["perceptron_update"].status == "pass"
    assert "`weighted_sum` is not right yet" in verdicts["perceptron"].notes[0]
