"""Lesson 14's exercises, with answers that strangers might write."""

import math

import numpy as np
import pytest
import scipy.special

from grader_tests import exercises, judge
from grader_tests.judging import assess

LESSON = "14-limits"
EXERCISES = exercises(LESSON)
SEEDS = range(5)


def right(name, function):
    for seed in SEEDS:
        verdict = judge(LESSON, name, function, seed=seed)
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


def wrong(name, function, *misconceptions, at_most=None):
    for seed in SEEDS:
        verdict = judge(LESSON, name, function, seed=seed)
        most = verdict.max_score - 1 if at_most is None else at_most
        assert verdict.score <= most, verdict.text()
        assert verdict.misconceptions == list(misconceptions), verdict.text()


def test_the_contract_s_signatures():
    signatures = {name: task.parameters for name, task in EXERCISES.items()}
    assert signatures == {
        "input_gradient": ["params", "x", "y"],
        "fgsm": ["x", "gradient", "epsilon"],
        "bump": ["x", "left", "right", "height", "steepness"],
    }
    assert all(5 <= task.points <= 12 for task in EXERCISES.values())


def sigmoid(z):
    return scipy.special.expit(z)


# -- input_gradient ----------------------------------------------------------------------------------


def test_input_gradient_is_the_derivative_of_the_cost():
    for seed in SEEDS:
        for case in EXERCISES["input_gradient"].cases(np.random.default_rng(seed)):
            params, x, y = case.args
            got = EXERCISES["input_gradient"].reference(params, x, y)
            assert np.max(np.abs(got)) > 1e-4  # a numerical derivative must be accurate enough
            for i in range(len(x)):
                costs = []
                for step in (1e-5, -1e-5):
                    a = x.copy()
                    a[i] += step
                    for W, b in params:
                        a = sigmoid(W @ a + b)
                    costs.append(0.5 * np.sum((a - y) ** 2))
                numerical = (costs[0] - costs[1]) / 2e-5
                assert got[i] == pytest.approx(numerical, rel=1e-5, abs=1e-9)


def test_input_gradient_unusual_but_right():
    def recursive(params, x, y):
        if not params:
            return x - y
        (W, b), *rest = params
        a = sigmoid(W @ x + b)
        error = recursive(rest, a, y)
        return (error * a * (1 - a)) @ W

    def as_columns(net, image, label, show=False):
        a = [image.reshape(-1, 1)]
        for W, b in net:
            a += [sigmoid(np.dot(W, a[-1]) + b.reshape(-1, 1))]
        delta = np.diagflat(a[-1] * (1 - a[-1])) @ (a[-1] - label.reshape(-1, 1))
        for level in range(len(net) - 1, 0, -1):
            delta = np.diagflat(a[level] * (1 - a[level])) @ (net[level][0].T @ delta)
        return np.ravel(net[0][0].T @ delta)

    def complex_step(params, x, y):
        result = []
        for i in range(len(x)):
            a = x.astype(complex)
            a[i] += 1e-20j
            for W, b in params:
                a = 1 / (1 + np.exp(-(W @ a + b)))
            result.append((0.5 * np.sum((a - y) ** 2)).imag / 1e-20)
        return result

    for function in (recursive, as_columns, complex_step):
        right("input_gradient", function)


def test_input_gradient_wrong():
    def two_layers_at_most(params, x, y):
        (W1, b1), (W2, b2) = params[0], params[-1]
        h = sigmoid(W1 @ x + b1)
        out = sigmoid(W2 @ h + b2)
        return W1.T @ ((W2.T @ ((out - y) * out * (1 - out))) * h * (1 - h))

    def of_the_first_weights(params, x, y):
        W, b = params[0]
        a = sigmoid(W @ x + b)
        return np.outer(a * (1 - a), x)

    def of_unit_length(params, x, y):
        gradient = np.array(EXERCISES["input_gradient"].right[0](params, x, y))
        return gradient / np.sqrt(np.sum(gradient**2))

    wrong("input_gradient", two_layers_at_most, "raises", at_most=4)
    wrong("input_gradient", of_the_first_weights, "wrong-shape", at_most=0)
    wrong("input_gradient", of_unit_length, at_most=0)


def test_two_mistakes_in_one_function():
    def uphill_and_bare(params, x, y):
        a = [x]
        for W, b in params:
            a.append(sigmoid(W @ a[-1] + b))
        error = y - a[-1]
        for W, _ in params[::-1]:
            error = W.T @ error
        return error

    wrong("input_gradient", uphill_and_bare, "missing-derivative", "wrong-sign", at_most=0)


def test_turning_the_params_round_is_seen():
    def turns_round(params, x, y):
        result = EXERCISES["input_gradient"].right[0](params, x, y)
        params.reverse()
        return result

    wrong("input_gradient", turns_round, "modifies-arguments", at_most=9)


# -- fgsm --------------------------------------------------------------------------------------------


def test_fgsm_makes_the_cost_grow():
    rng = np.random.default_rng(1)
    for case in EXERCISES["input_gradient"].cases(rng):
        params, x, y = case.args
        gradient = EXERCISES["input_gradient"].reference(params, x, y)
        attacked = EXERCISES["fgsm"].reference(x, gradient, 0.01)
        costs = []
        for a in (x, attacked):
            for W, b in params:
                a = sigmoid(W @ a + b)
            costs.append(np.sum((a - y) ** 2))
        assert costs[1] > costs[0]
        assert np.max(np.abs(attacked - x)) == pytest.approx(0.01)


def test_fgsm_unusual_but_right():
    def copied(x, gradient, epsilon):
        result = np.array(x)
        result[gradient > 0] += epsilon
        result[gradient < 0] -= epsilon
        result[result > 1] = 1
        result[result < 0] = 0
        return result

    def numbers(x, gradient, epsilon):
        step = lambda v, g: min(1.0, max(0.0, v + epsilon * (int(g > 0) - int(g < 0))))
        return np.vectorize(step)(x, gradient)

    right("fgsm", copied)
    right("fgsm", numbers)


def test_fgsm_wrong():
    def scaled_back(x, gradient, epsilon):
        moved = x + epsilon * np.sign(gradient)
        return (moved - moved.min()) / (moved.max() - moved.min() + 1e-12)

    def wraps_round(x, gradient, epsilon):
        return (x + epsilon * np.sign(gradient)) % 1.0

    def only_upwards(x, gradient, epsilon):
        return np.clip(x + epsilon * (gradient > 0), 0, 1)

    wrong("fgsm", scaled_back, at_most=0)
    wrong("fgsm", wraps_round, at_most=6)
    wrong("fgsm", only_upwards, at_most=0)

    def in_place(x, gradient, epsilon):
        x += epsilon * np.sign(gradient)
        return np.clip(x, 0, 1)

    wrong("fgsm", in_place, "modifies-arguments", at_most=7)


# -- bump --------------------------------------------------------------------------------------------


def test_bump_agrees_with_scipy():
    for seed in SEEDS:
        for case in EXERCISES["bump"].cases(np.random.default_rng(seed)):
            x, left, right_edge, height = case.args
            steepness = case.kwargs.get("steepness", 50.0)
            up, down = (sigmoid(steepness * (x - edge)) for edge in (left, right_edge))
            got = EXERCISES["bump"].reference(*case.args, **case.kwargs)
            assert np.all(np.isfinite(got))
            np.testing.assert_allclose(got, height * (up - down), rtol=1e-9, atol=1e-12)


def test_bump_unusual_but_right():
    def logistic(x, left, right, height, steepness=50.0):
        return height * (
            scipy.special.expit(steepness * (x - left))
            - scipy.special.expit(steepness * (x - right))
        )

    def from_the_other_side(x, a, b, h, steepness=50.0, verbose=False):
        s = np.vectorize(lambda z: 1 / (1 + math.exp(min(-z, 700.0))))
        return h * (s(-steepness * (x - b)) - s(-steepness * (x - a)))

    def a_net(x, left, right, height, steepness=50.0):
        W, b = np.full(2, steepness), -steepness * np.array([left, right])
        with np.errstate(over="ignore"):
            hidden = 1 / (1 + np.exp(-(np.multiply.outer(x, W) + b)))
        return hidden @ [height, -height]

    for function in (logistic, from_the_other_side, a_net):
        right("bump", function)


def test_bump_wrong():
    def product(x, left, right, height, steepness=50.0):
        return height * sigmoid(steepness * (x - left)) * sigmoid(steepness * (right - x))

    def another_default(x, left, right, height, steepness=10.0):
        return height * (sigmoid(steepness * (x - left)) - sigmoid(steepness * (x - right)))

    def with_math(x, left, right, height, steepness=50.0):
        s = np.vectorize(lambda z: 1 / (1 + math.exp(-z)), otypes=[float])
        return height * (s(steepness * (x - left)) - s(steepness * (x - right)))

    def numbers_alone(x, left, right, height, steepness=50.0):
        up, down = (
            1 / (1 + math.exp(max(min(-steepness * (x - e), 700), -700))) for e in (left, right)
        )
        return height * (up - down)

    def one_dimension(x, left, right, height, steepness=50.0):
        return [product(t, left, right, height, steepness) for t in x]

    wrong("bump", product, at_most=3)
    wrong("bump", another_default, at_most=8)
    wrong("bump", with_math, "raises", at_most=7)
    wrong("bump", numbers_alone, "raises", at_most=1)
    wrong("bump", one_dimension, "raises", at_most=3)


def test_every_known_mistake_loses_points_on_many_seeds():
    for name, task in EXERCISES.items():
        for mistake in task.mistakes:
            for version in mistake.versions:
                for seed in range(100, 104):
                    assert assess(LESSON, task, version, seed).misconceptions == [mistake.name], (
                        name
                    )
