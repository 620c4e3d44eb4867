"""Lesson 07's exercises against independent numbers, and answers as a stranger would write them."""

import numpy as np
import pytest

from grader_tests import exercises, judge
from grader_tests.judging import _cases
from grader_tests.lesson_07_chain.chains import sigmoid

LESSON = "07-chain"
EXERCISES = exercises(LESSON)
SEEDS = range(10)


def differences(cost, p):
    """Central differences of a cost by the entries of a vector."""
    return [(cost(p + e) - cost(p - e)) / 2e-5 for e in 1e-5 * np.eye(len(p))]


def test_the_contract_s_signatures():
    assert list(EXERCISES) == [
        *("chain_forward", "chain_gradients", "output_deltas", "hidden_deltas")
    ]
    parameters = [task.parameters for task in EXERCISES.values()]
    assert parameters == [
        ["w", "b", "x"],
        ["w", "b", "x", "y"],
        ["a", "y"],
        ["W_next", "delta_next", "a"],
    ]
    assert [task.points for task in EXERCISES.values()] == [9, 11, 6, 7]


def test_chain_gradients_are_derivatives_of_the_cost_without_half():
    w, b, x, y = np.array([0.9, -1.4, 2.0]), np.array([0.3, 0.1, -0.5]), 0.7, 1.0

    def cost(w, b):
        return float((EXERCISES["chain_forward"].reference(w, b, x)[1][-1] - y) ** 2)

    dw, db = EXERCISES["chain_gradients"].reference(w, b, x, y)
    np.testing.assert_allclose(dw, differences(lambda w: cost(w, b), w), rtol=1e-6)
    np.testing.assert_allclose(db, differences(lambda b: cost(w, b), b), rtol=1e-6)


def test_chain_gradients_are_the_slide_s_formulas():
    """Deck A writes them out for the last two layers."""
    w, b, x, y = np.array([1.3, -0.8]), np.array([-0.2, 0.4]), 0.6, 0.0
    z, a = EXERCISES["chain_forward"].reference(w, b, x)
    dw, db = EXERCISES["chain_gradients"].reference(w, b, x, y)
    last = 2 * (a[2] - y) * a[2] * (1 - a[2])
    assert (dw[1], db[1]) == pytest.approx((last * a[1], last))
    before = last * w[1] * sigmoid(z[0]) * (1 - sigmoid(z[0]))
    assert (dw[0], db[0]) == pytest.approx((before * a[0], before))


def test_deltas_are_derivatives_of_the_tiny_net_s_cost():
    rng = np.random.default_rng(8)
    W, b, y = rng.normal(size=(3, 2)), rng.normal(size=3), np.array([0.0, 1.0, 0.0])
    z_hidden = rng.normal(size=2)
    cost_of_output = lambda z: 0.5 * np.sum((sigmoid(z) - y) ** 2)
    a_hidden = sigmoid(z_hidden)
    z = W @ a_hidden + b
    delta = EXERCISES["output_deltas"].reference(sigmoid(z), y)
    np.testing.assert_allclose(delta, differences(cost_of_output, z), rtol=1e-6)
    hidden = EXERCISES["hidden_deltas"].reference(W, delta, a_hidden)
    cost_of_hidden = lambda z: cost_of_output(W @ sigmoid(z) + b)
    np.testing.assert_allclose(hidden, differences(cost_of_hidden, z_hidden), rtol=1e-6)


def test_hidden_deltas_are_deck_c_s_sum():
    (AC, BC), (AD, BD), (C, D) = (0.3, -0.2), (0.7, 0.5), (0.1, -0.4)
    a = np.array([0.6, 0.2])
    got = EXERCISES["hidden_deltas"].reference(np.array([[AC, BC], [AD, BD]]), np.array([C, D]), a)
    assert got == pytest.approx([(AC * C + AD * D) * 0.24, (BC * C + BD * D) * 0.16])


# -- answers of strangers: right ones -----------------------------------------------------------------


def forward_with_accumulate(w, b, x):
    from itertools import accumulate

    a = list(accumulate(zip(w, b, strict=True), lambda a, p: sigmoid(p[0] * a + p[1]), initial=x))
    return [p * q + r for p, q, r in zip(w, a, b, strict=False)], a


def forward_logit(w, b, x):
    a = np.full(len(w) + 1, float(x))
    for i in range(len(w)):
        a[i + 1] = 1 / (1 + np.exp(-w[i] * a[i] - b[i]))
    return np.log(a[1:] / (1 - a[1:])), a


class Dual:
    """A number with its derivatives."""

    def __init__(self, value, slopes):
        self.value, self.slopes = value, slopes


def gradients_by_dual_numbers(w, b, x, y):
    n = len(w)
    a = Dual(float(x), np.zeros(2 * n))
    for i in range(n):
        slopes = w[i] * a.slopes
        slopes[i] += a.value
        slopes[n + i] += 1
        s = sigmoid(w[i] * a.value + b[i])
        a = Dual(s, s * (1 - s) * slopes)
    return (2 * (a.value - y) * a.slopes).reshape(2, n)


def gradients_complex_step(w, b, x, y):
    def cost(w, b):
        a = x
        for i in range(len(w)):
            a = 1 / (1 + np.exp(-(w[i] * a + b[i])))
        return (a - y) ** 2

    units = 1e-30j * np.eye(len(w))
    dw = [cost(w + e, b).imag / 1e-30 for e in units]
    return tuple(map(np.array, (dw, [cost(w, b + e).imag / 1e-30 for e in units])))


def hidden_by_outer(W_next, delta_next, a):
    return np.diag(a) @ np.diag(1 - a) @ np.einsum("kj,k->j", W_next, delta_next)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("chain_forward", forward_with_accumulate),
        ("chain_forward", forward_logit),
        ("chain_gradients", gradients_by_dual_numbers),
        ("chain_gradients", gradients_complex_step),
        ("output_deltas", lambda a, y: [(p - q) * p - (p - q) * p**2 for p, q in zip(a, y)]),  # noqa: B905
        ("output_deltas", lambda a, y: np.diag(a * (1 - a)) @ (a - y)),
        ("hidden_deltas", hidden_by_outer),
        ("hidden_deltas", lambda W, d, a: np.array(sum(r * k for r, k in zip(W, d))) * (a - a**2)),  # noqa: B905
    ],
)  # fmt: skip
def test_unusual_but_right(name, answer):
    for seed in SEEDS:
        verdict = judge(LESSON, name, answer, seed=seed)
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


# -- answers of strangers: wrong ones -----------------------------------------------------------------


def forward_first_layer_only(w, b, x):
    z = w * x + b
    return z[:1], np.array([x, sigmoid(z[0])])


def forward_rounds(w, b, x):
    z, a = forward_with_accumulate(w, b, x)
    return np.round(z, 3), np.round(a, 3)


def gradients_of_last_neuron_only(w, b, x, y):
    a = forward_with_accumulate(w, b, x)[1]
    dw, db = np.zeros(len(w)), np.zeros(len(w))
    db[-1] = 2 * (a[-1] - y) * a[-1] * (1 - a[-1])
    dw[-1] = db[-1] * a[-2]
    return dw, db


def gradients_forget_the_error(w, b, x, y):
    _, a = forward_with_accumulate(w, b, x)
    db = np.ones(len(w))
    for i in range(len(w) - 1, -1, -1):
        db[i] = (db[i + 1] * w[i + 1] if i + 1 < len(w) else 2) * a[i + 1] * (1 - a[i + 1])
    return db * np.array(a[:-1]), db


def gradients_multiply_by_a(w, b, x, y):
    dw, db = gradients_by_dual_numbers(w, b, x, y)
    return dw * dw, db


@pytest.mark.parametrize(
    ("name", "answer", "allowed"),
    [
        ("chain_forward", forward_first_layer_only, ["wrong-shape"]),
        ("chain_forward", forward_rounds, []),
        ("chain_forward", lambda w, b, x: sigmoid(w * x + b), ["wrong-type", "wrong-shape"]),
        ("chain_forward", lambda w, b, x: (w * x + b, sigmoid(np.append(x, w * x + b))), []),
        ("chain_gradients", gradients_of_last_neuron_only, []),
        ("chain_gradients", gradients_forget_the_error, []),
        ("chain_gradients", gradients_multiply_by_a, []),
        ("output_deltas", lambda a, y: np.sum((a - y) * a * (1 - a)), ["wrong-shape"]),
        ("output_deltas", lambda a, y: (a - y) * a, []),
        ("output_deltas", lambda a, y: 0.5 * (a - y) ** 2, []),
        ("output_deltas", lambda a, y: a * (1 - a), []),
        ("hidden_deltas", lambda W, d, a: np.outer(d, a * (1 - a)), ["wrong-shape"]),
        ("hidden_deltas", lambda W, d, a: (W.T @ d) * a, []),
        ("hidden_deltas", lambda W, d, a: np.abs(W.T) @ d * a * (1 - a), []),
        ("hidden_deltas", lambda W, d, a: (W.T @ (d * d)) * a * (1 - a), []),
    ],
)  # fmt: skip
def test_wrong_in_other_ways(name, answer, allowed):
    for seed in SEEDS:
        verdict = judge(LESSON, name, answer, seed=seed)
        assert verdict.score < verdict.max_score
        assert set(verdict.misconceptions) <= set(allowed), verdict.text()


def test_two_mistakes_in_one_function():
    """Deck C's own output delta, label minus output, is two of them."""
    verdict = judge(LESSON, "output_deltas", lambda a, y: y - a, seed=1)
    assert verdict.misconceptions == ["missing-derivative", "wrong-sign"]


def test_gradients_are_marked_for_themselves():
    """A wrong chain_forward does not cost chain_gradients its points."""
    source = """
import numpy as np
def chain_forward(w, b, x):
    z, a = [], [x]
    for i in range(len(w)):
        z.append(w[i] * a[i])
        a.append(1 / (1 + np.exp(-z[i])))
    return np.array(z), np.array(a)
def chain_gradients(w, b, x, y):
    z, a = chain_forward(w, b, x)
    delta, db = 2 * (a[-1] - y), []
    for i in reversed(range(len(w))):
        delta = delta * a[i + 1] * (1 - a[i + 1])
        db.insert(0, delta)
        delta = delta * w[i]
    return np.array(db) * a[:-1], np.array(db)
"""
    namespace = {}
    exec(source, namespace)
    verdict = judge(LESSON, "chain_forward", namespace["chain_forward"], seed=1)
    assert verdict.misconceptions == ["missing-bias"]
    verdict = judge(LESSON, "chain_gradients", namespace["chain_gradients"], seed=1)
    assert verdict.status == "pass"
    assert "`chain_forward` is not right yet" in verdict.notes[0]


def test_no_derivative_is_lost_beside_a_larger_one():
    for seed in range(50):
        for case in _cases(EXERCISES["chain_gradients"], seed, 0):
            for gradient in EXERCISES["chain_gradients"].reference(*case.args):
                assert np.min(np.abs(gradient)) > 1e-3 * np.max(np.abs(gradient))
