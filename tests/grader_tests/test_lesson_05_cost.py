"""Lesson 05's exercises against independent numbers, and answers as a stranger would write them."""

import math

import numpy as np
import pytest
from sklearn.metrics import log_loss, mean_squared_error

from grader_tests import exercises, judge
from grader_tests.judging import _cases, assess

LESSON = "05-cost"
EXERCISES = exercises(LESSON)
SEEDS = range(10)


def test_the_contract_s_signatures():
    assert list(EXERCISES) == ["squared_error", "mse", "quadratic_cost", "cross_entropy"]
    parameters = [task.parameters for task in EXERCISES.values()]
    assert parameters == [["a", "y"], ["A", "Y"], ["A", "Y"], ["P", "Y"]]
    assert [task.points for task in EXERCISES.values()] == [6, 6, 6, 11]


def test_deck_a_s_three():
    a = np.array([0.43, 0.28, 0.19, 0.88, 0.72, 0.01, 0.64, 0.86, 0.99, 0.63])
    cost = EXERCISES["squared_error"].reference(a, np.eye(10)[3])
    assert cost == pytest.approx(3.3585)
    assert EXERCISES["mse"].reference(a[None], np.eye(10)[[3]]) == pytest.approx(3.3585)


def test_the_costs_agree_with_scikit_learn():
    rng = np.random.default_rng(4)
    A, Y = rng.normal(size=(9, 4)), rng.normal(size=(9, 4))
    summed = mean_squared_error(Y, A, multioutput="raw_values").sum()
    assert EXERCISES["mse"].reference(A, Y) == pytest.approx(summed)
    assert EXERCISES["quadratic_cost"].reference(A, Y) == pytest.approx(summed / 2)
    P, labels = rng.dirichlet(np.ones(4), 9), rng.integers(0, 4, 9)
    expected = log_loss(labels, P, labels=range(4))
    assert EXERCISES["cross_entropy"].reference(P, np.eye(4)[labels]) == pytest.approx(expected)


def test_cross_entropy_of_soft_targets_is_entropy_at_its_least():
    """Gibbs: −Σ y ln p is smallest at p = y."""
    rng, cost = np.random.default_rng(4), EXERCISES["cross_entropy"].reference
    Y = rng.dirichlet(np.ones(3), 5)
    least = -np.mean([sum(y * math.log(y) for y in row) for row in Y])
    assert cost(Y, Y) == pytest.approx(least)
    assert all(cost(rng.dirichlet(np.ones(3), 5), Y) > least for _ in range(20))


# -- answers of strangers: right ones -----------------------------------------------------------------


def squared_error_math(a, y):
    return math.fsum(math.pow(p - q, 2) for p, q in zip(a.tolist(), y.tolist(), strict=True))


def mse_with_reduce(A, Y):
    running = 0.0
    for count, d in enumerate(A - Y, start=1):
        running += (d @ d - running) / count
    return running


def quadratic_cost_matrix(A, Y):
    D = np.asmatrix(Y - A)
    return 0.5 * np.trace(D.T * D) / len(D)


def cross_entropy_by_picking(P, Y):
    rows, columns = np.nonzero(Y)
    return np.sum(-Y[rows, columns] * np.log(P[rows, columns])) / P.shape[0]


def cross_entropy_clipped(P, Y):
    P = np.clip(P, 1e-15, 1 - 1e-15)
    return (-np.einsum("ij,ij->i", Y, np.log(P))).mean()


def cross_entropy_where(P, Y):
    log = np.log(P, out=np.zeros_like(P), where=P > 0)
    return np.array(-np.trace(Y @ log.T) / len(Y))


def cross_entropy_changes_base(P, Y):
    return -np.nansum(Y * np.log2(P) * np.log(2)) / len(P)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("squared_error", squared_error_math),
        ("squared_error", lambda a, y: a @ a - 2 * a @ y + y @ y),
        ("mse", mse_with_reduce),
        ("mse", lambda A, Y: ((A - Y) ** 2).mean() * A.shape[1]),
        ("quadratic_cost", quadratic_cost_matrix),
        ("quadratic_cost", lambda A, Y: np.var(np.stack([A, Y]), axis=0).sum(axis=1).mean() * 2),
        ("cross_entropy", cross_entropy_by_picking),
        ("cross_entropy", cross_entropy_clipped),
        ("cross_entropy", cross_entropy_where),
        ("cross_entropy", cross_entropy_changes_base),
    ],
)
def test_unusual_but_right(name, answer):
    for seed in SEEDS:
        verdict = judge(LESSON, name, answer, seed=seed)
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


@pytest.mark.parametrize("epsilon", [1e-6, 1e-7, 1e-9, 1e-12, 1e-16, 1e-300])
def test_a_tiny_epsilon_is_right(epsilon):
    task = EXERCISES["cross_entropy"]
    answers = (
        lambda P, Y: -np.mean(np.sum(Y * np.log(P + epsilon), axis=1)),
        lambda P, Y: -np.mean(np.sum(Y * np.log(np.clip(P, epsilon, 1)), axis=1)),
        lambda P, Y: -np.mean(np.sum(Y * np.log(np.maximum(P, epsilon)), axis=1)),
    )
    for seed in range(15):
        for answer in answers:
            assert assess(LESSON, task, answer, seed).status == "pass"


@pytest.mark.parametrize("epsilon", [1e-5, 2e-5, 1e-4, 1e-3, 3e-3, 1e-2])
def test_an_epsilon_that_shows_is_not(epsilon):
    task = EXERCISES["cross_entropy"]
    added = lambda P, Y: -np.mean(np.sum(Y * np.log(P + epsilon), axis=1))
    for seed in range(15):
        verdict = assess(LESSON, task, added, seed)
        assert verdict.score < verdict.max_score
        assert set(verdict.misconceptions) <= {"visible-epsilon"}


# -- answers of strangers: wrong ones -----------------------------------------------------------------


def cross_entropy_zero_if_nan(P, Y):
    cost = -np.sum(Y * np.log(P)) / len(P)
    return 0.0 if np.isnan(cost) else cost


def cross_entropy_fills(P, Y):
    P[P == 0] = 1e-12
    return -np.sum(Y * np.log(P)) / len(P)


@pytest.mark.parametrize(
    ("name", "answer", "allowed"),
    [
        ("squared_error", lambda a, y: (a - y) ** 2, ["wrong-shape"]),
        ("squared_error", lambda a, y: np.max((a - y) ** 2), []),
        ("squared_error", lambda a, y: np.sum((a - y) ** 4), []),
        ("squared_error", lambda a, y: 3.3585, ["hard-coded"]),
        ("squared_error", lambda a, y: round(float(np.sum((a - y) ** 2)), 2), []),
        ("squared_error", lambda a, y: np.var(a - y), []),
        ("mse", lambda A, Y: np.mean((A - Y) ** 2, axis=1), ["wrong-shape"]),
        ("mse", lambda A, Y: np.median(np.sum((A - Y) ** 2, axis=1)), []),
        ("mse", lambda A, Y: np.sum((A - Y) ** 2) / (len(A) - 0.5), []),
        ("mse", lambda A, Y: f"{np.mean((A - Y) ** 2)}", ["wrong-type"]),
        ("quadratic_cost", lambda A, Y: np.sum((A - Y) ** 2, axis=1) / 2, ["wrong-shape"]),
        ("quadratic_cost", lambda A, Y: np.sum((A - Y) ** 2) / (2 + len(A)), []),
        ("quadratic_cost", lambda A, Y: np.sum((A - Y) ** 2) / len(A) ** 2, []),
        ("cross_entropy", cross_entropy_zero_if_nan, []),
        ("cross_entropy", cross_entropy_fills, ["modifies-arguments"]),
        ("cross_entropy", lambda P, Y: -np.sum(Y * np.log1p(P)) / len(P), []),
        ("cross_entropy", lambda P, Y: np.sum(Y * (1 - P)) / len(P), []),
        ("cross_entropy", lambda P, Y: -np.sum(Y * np.log(P + 1e-12), axis=1), ["wrong-shape"]),
        ("cross_entropy", lambda P, Y: np.sum((P - Y) ** 2) / len(P), []),
    ],
)
def test_wrong_in_other_ways(name, answer, allowed):
    for seed in SEEDS:
        verdict = judge(LESSON, name, answer, seed=seed)
        assert verdict.score < verdict.max_score
        assert set(verdict.misconceptions) <= set(allowed), verdict.text()


def test_two_mistakes_in_one_function():
    both = lambda A, Y: np.sum((A - Y) ** 2)
    verdict = judge(LESSON, "quadratic_cost", both, seed=1)
    assert verdict.misconceptions == ["sum-instead-of-mean", "wrong-factor"]
    verdict = judge(LESSON, "cross_entropy", lambda P, Y: np.mean(Y * np.log(P + 1e-12)), seed=1)
    assert verdict.misconceptions == ["mean-instead-of-sum", "wrong-sign"]


def test_careless_zeros_cost_two_points_only():
    careless = lambda P, Y: -np.sum(Y * np.log(P)) / len(P)
    verdict = judge(LESSON, "cross_entropy", careless, seed=1)
    assert (verdict.score, verdict.misconceptions) == (9, ["unstable"])


def test_mse_may_build_on_squared_error():
    source = """
import numpy as np
def squared_error(a, y):
    return np.sum((a - y) ** 2) / 2
def mse(A, Y):
    return np.mean([squared_error(a, y) for a, y in zip(A, Y)])
"""
    namespace = {}
    exec(source, namespace)
    assert judge(LESSON, "squared_error", namespace["squared_error"], seed=1).status == "fail"
    verdict = judge(LESSON, "mse", namespace["mse"], seed=1)
    assert verdict.status == "pass"
    assert "`squared_error` is not right yet" in verdict.notes[0]


def test_probabilities_are_what_the_contract_says():
    for seed in range(50):
        for case in _cases(EXERCISES["cross_entropy"], seed, 0):
            P, Y = case.args
            np.testing.assert_allclose(np.sum(P, axis=1), 1)
            np.testing.assert_allclose(np.sum(Y, axis=1), 1)
            assert np.all(P >= 0)
            assert np.all(P[Y > 0] >= 0.001)
            assert np.any(P == 0) == (case.kind == "zero")
            assert EXERCISES["cross_entropy"].reference(P, Y) > 0.02
