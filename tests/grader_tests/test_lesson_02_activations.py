"""Lesson 02's exercises as strangers write them, and the decks' formulas."""

import math

import numpy as np
import pytest
import scipy.special

import nnkit
from grader_tests import exercises, judge

LESSON = "02-activations"
EXERCISES = exercises(LESSON)
SEEDS = range(6)
ELEMENTWISE = [name for name in EXERCISES if name != "collapse"]


def judged(name, answer):
    return [judge(LESSON, name, answer, seed=seed) for seed in SEEDS]


def test_the_contract_s_signatures():
    signatures = {name: task.signature.split(" ->")[0] for name, task in EXERCISES.items()}
    assert list(signatures) == [
        "collapse",
        *("sigmoid", "sigmoid_prime", "relu", "relu_prime"),
        *("leaky_relu", "elu", "elu_prime", "swish"),
    ]
    assert EXERCISES["collapse"].parameters == ["W1", "b1", "W2", "b2"]
    for name, default in (("leaky_relu", "0.1"), ("elu", "1.0"), ("elu_prime", "1.0")):
        assert signatures[name].endswith(f"= {default})")


def test_the_references_against_scipy_and_the_decks():
    z = np.linspace(-12, 12, 97) + 0.06
    reference = {name: EXERCISES[name].reference for name in EXERCISES}
    np.testing.assert_allclose(reference["swish"](z), z * scipy.special.expit(z))
    np.testing.assert_allclose(reference["leaky_relu"](z), np.maximum(0.1 * z, z))  # deck D
    elu, prime = reference["elu"](z, 1.5), reference["elu_prime"](z, 1.5)
    np.testing.assert_allclose(prime, np.where(z >= 0, 1, elu + 1.5))  # deck D
    for name in ("sigmoid", "relu", "elu"):
        f, h = reference[name], 1e-6
        slopes = (f(z + h) - f(z - h)) / (2 * h)
        np.testing.assert_allclose(reference[f"{name}_prime"](z), slopes, atol=1e-8)
    assert reference["sigmoid"](np.array(0.614)) == pytest.approx(0.65, abs=0.005)  # deck B


def test_one_layer_for_two():
    rng = np.random.default_rng(0)
    W1, b1, W2, b2 = (rng.normal(size=s) for s in ((3, 2), 3, (4, 3), 4))
    W, b = EXERCISES["collapse"].reference(W1, b1, W2, b2)
    X = rng.normal(size=(5, 2))
    np.testing.assert_allclose(X @ W.T + b, (X @ W1.T + b1) @ W2.T + b2)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_references_are_silent_and_finite(name):
    """As the contract promises; the engine silences warnings, so it is tried here without it."""
    with np.errstate(all="raise", under="ignore"):
        for z in (-1e4, 1e4, np.array([-1e4, -750.0, 3.0, 1e4]), np.array([[-10_000], [10_000]])):
            result = EXERCISES[name].reference(z)
            assert np.shape(result) == np.shape(z)
            assert np.all(np.isfinite(result))


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_cases_hold_what_the_contract_allows_and_nothing_else(name):
    kinds, zeros = set(), 0
    for seed in range(20):
        for case in EXERCISES[name].cases(np.random.default_rng(seed)):
            z = np.asarray(case.args[0])
            kinds |= {type(case.args[0]), z.dtype.kind, z.ndim}
            zeros += np.sum(z == 0)
            assert np.max(np.abs(z)) <= 10_000
            assert np.min(np.abs(z[z != 0]), initial=1) >= 0.02
    assert kinds >= {float, int, np.ndarray, "f", "i", 0, 1, 2, 3}
    assert (zeros == 0) == (name == "elu_prime")


def piecewise(z):
    z = np.asarray(z, dtype=float)
    parts = [lambda t: np.exp(t) / (1 + np.exp(t)), lambda t: 1 / (1 + np.exp(-t))]
    return np.piecewise(z, [z < 0, z >= 0], parts)


def two_branches(z):
    z = np.asarray(z)
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


def guarded(z):
    with np.errstate(over="raise"):
        try:
            return 1 / (1 + np.exp(-z))
        except FloatingPointError:
            return np.exp(-np.logaddexp(0, -np.asarray(z, dtype=float)))


def by_iterator(function):
    def version(z, **options):
        z = np.asarray(z)
        return np.array([function(float(t), **options) for t in z.flat]).reshape(z.shape)

    return version


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("sigmoid", piecewise),
        ("sigmoid", two_branches),
        ("sigmoid", guarded),
        ("sigmoid", by_iterator(lambda t: 1 / (1 + math.exp(-t)) if t > -700 else 0)),
        ("sigmoid_prime", lambda z: two_branches(z) * two_branches(-np.asarray(z))),
        ("sigmoid_prime", lambda z: 1 / (2 + 2 * np.cosh(z))),
        ("relu", lambda z: np.clip(z, 0, None)),
        ("relu", np.vectorize(lambda t: max(0.0, t), otypes=[float])),
        ("relu", lambda z: np.where(np.less(z, 0), 0, z)),
        ("relu_prime", lambda z: (np.asarray(z) > 0).astype(np.int8)),
        ("relu_prime", lambda z: 1 - (np.asarray(z) <= 0)),
        ("leaky_relu", lambda z, slope=0.1: np.maximum(slope * z, z)),
        ("leaky_relu", lambda z, slope=0.1: z * (slope + (1 - slope) * np.greater(z, 0))),
        ("elu", by_iterator(lambda t, alpha=1.0: t if t > 0 else alpha * math.expm1(t))),
        ("elu", lambda z, alpha=1.0: np.where(np.asarray(z) > 0, z, alpha * (np.exp(z) - 1))),
        ("elu_prime", lambda z, alpha=1.0: np.where(np.less(z, 0), alpha * np.exp(z), 1)),
        ("elu_prime", by_iterator(lambda t, alpha=1.0: 1 if t > 0 else alpha * math.e**t)),
        ("swish", lambda z: z / (1 + np.exp(-z))),
        ("swish", lambda z: np.multiply(z, scipy.special.expit(z), dtype=float)),
        ("collapse", lambda W, b, V, c: (np.tensordot(V, W, 1), V.dot(b) + c)),
        (
            "collapse",
            lambda W, b, V, c: np.linalg.multi_dot([V, W]) if False else [V @ W, c + b @ V.T],
        ),
    ],
)
def test_unusual_but_right(name, answer):
    for verdict in judged(name, answer):
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


def hard_sigmoid(z):
    return np.clip(np.asarray(z) / 6 + 0.5, 0, 1)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("sigmoid", hard_sigmoid),
        ("sigmoid", lambda z: two_branches(np.clip(z, -5, 5))),
        ("sigmoid", lambda z: np.arctan(z) / np.pi + 0.5),
        ("sigmoid", lambda z: np.round(two_branches(z), 3)),
        ("sigmoid_prime", lambda z: two_branches(z) ** 2),
        ("sigmoid_prime", lambda z: np.exp(-(np.asarray(z) ** 2)) / 4),
        ("relu", lambda z: np.where(np.asarray(z) > 0.5, z, 0)),
        ("relu", lambda z: np.minimum(np.maximum(z, 0), 6)),
        ("relu_prime", lambda z: np.where(np.abs(z) > 0, 1, 0)),
        ("relu_prime", lambda z: np.clip(z, 0, 1)),
        ("leaky_relu", lambda z, slope=0.1: np.maximum(z, slope * np.asarray(z)) + slope),
        ("leaky_relu", lambda z, slope=0.1: np.where(np.asarray(z) > 0, z, np.asarray(z) - slope)),
        ("elu", lambda z, alpha=1.0: np.where(np.asarray(z) > 0, z, alpha * np.exp2(z) - alpha)),
        ("elu", lambda z, alpha=1.0: np.where(np.asarray(z) > -1, z, -alpha)),
        ("elu_prime", lambda z, alpha=1.0: np.exp(np.minimum(alpha * np.asarray(z), 0))),
        ("elu_prime", lambda z, alpha=1.0: np.where(np.asarray(z) > 0, 1, alpha + np.exp(z))),
        ("swish", lambda z: np.asarray(z) ** 2 * two_branches(z)),
        ("swish", lambda z: z * two_branches(np.asarray(z) + 1)),
        ("collapse", lambda W, b, V, c: (V @ W + 1, V @ b + c)),
        ("collapse", lambda W, b, V, c: (V @ W, V @ b + 2 * c)),
    ],
)
def test_wrong_in_a_way_of_its_own(name, answer):
    for verdict in judged(name, answer):
        assert verdict.score < verdict.max_score, verdict.text()
        assert verdict.misconceptions == [], verdict.text()


def test_a_function_for_arrays_of_floats_only_keeps_most_points():
    def relu(z):
        z = z.copy()
        z[z < 0] = 0
        return z

    verdict = judge(LESSON, "relu", relu, seed=1)
    failed = [finding.name for finding in verdict.findings if not finding.passed]
    assert failed == ["numbers", "integers", "extremes"]
    assert verdict.misconceptions == ["raises"]


def test_overflow_warnings_cost_nothing():
    naive = lambda z: 1 / (1 + np.exp(-z))
    with pytest.warns(RuntimeWarning, match="overflow"):
        naive(np.array([-1e4]))
    assert judge(LESSON, "sigmoid", naive, seed=1).status == "pass"


def test_changing_z_costs_its_point_only():
    def relu(z):
        if np.ndim(z):
            z[z < 0] = 0
        return np.maximum(z, 0)

    verdict = judge(LESSON, "relu", relu, seed=1)
    assert (verdict.score, verdict.misconceptions) == (7, ["modifies-arguments"])


@pytest.mark.parametrize("name", ["sigmoid", "relu"])
def test_ready_made_answers_are_refused(name):
    activation = getattr(nnkit.activations, name)
    verdict = judge(LESSON, name, lambda z: activation(np.asarray(z, dtype=float)), seed=1)
    assert (verdict.score, verdict.misconceptions) == (0, ["borrowed"])


def test_two_mistakes_in_one_function():
    verdict = judge(LESSON, "sigmoid", lambda z: 2 / (1 + np.exp(z)), seed=1)
    assert verdict.misconceptions == ["wrong-sign", "wrong-factor"]
