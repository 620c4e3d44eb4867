"""Lesson 06's exercises against independent numbers, and answers as a stranger would write them."""

import inspect

import numpy as np
import pytest

from grader_tests import exercises, judge
from grader_tests.judging import _cases, assess
from grader_tests.lesson_06_gradient_descent import descend as descending

LESSON = "06-gradient-descent"
EXERCISES = exercises(LESSON)
SEEDS = range(10)
X, Y = np.array([0.5, 2.3, 2.9]), np.array([1.4, 1.9, 3.2])  # deck D's points


def test_the_contract_s_signatures():
    assert list(EXERCISES) == [
        *("ssr", "ssr_gradient", "gradient_step", "descend", "numerical_gradient")
    ]
    parameters = [task.parameters for task in EXERCISES.values()]
    assert parameters == [
        ["intercept", "slope", "x", "y"],
        ["intercept", "slope", "x", "y"],
        ["p", "gradient", "learning_rate"],
        ["gradient", "p0", "learning_rate", "min_step", "max_steps"],
        ["f", "p", "eps"],
    ]
    defaults = inspect.signature(EXERCISES["descend"].reference).parameters
    assert (defaults["min_step"].default, defaults["max_steps"].default) == (0.001, 1000)
    assert (
        inspect.signature(EXERCISES["numerical_gradient"].reference).parameters["eps"].default
        == 1e-5
    )
    assert [task.points for task in EXERCISES.values()] == [6, 8, 6, 11, 9]


def test_deck_d_s_descent():
    slope_of = lambda intercept: EXERCISES["ssr_gradient"].reference(intercept, 0.64, X, Y)[0]
    step = EXERCISES["gradient_step"].reference
    path = [0.0]
    for _ in range(3):
        path.append(step(path[-1], slope_of(path[-1]), 0.1))
    assert slope_of(0.0) == pytest.approx(-5.704)
    assert slope_of(path[1]) == pytest.approx(-2.2816)
    assert path == pytest.approx([0, 0.5704, 0.79856, 0.889824])
    p, steps = EXERCISES["descend"].reference(slope_of, 0.0, 0.1)
    assert p == pytest.approx(0.9491, abs=5e-5)
    assert steps == 7


def test_both_parameters_end_at_least_squares():
    gradient = lambda p: np.array(EXERCISES["ssr_gradient"].reference(p[0], p[1], X, Y))
    p, steps = EXERCISES["descend"].reference(
        gradient, np.zeros(2), 0.03, min_step=1e-9, max_steps=5000
    )
    np.testing.assert_allclose(p, np.polyfit(X, Y, 1)[::-1], atol=1e-6)
    np.testing.assert_allclose(p, [0.94872, 0.64103], atol=1e-5)
    assert steps < 5000


def test_the_gradient_is_the_derivative():
    ssr = EXERCISES["ssr"].reference
    got = EXERCISES["numerical_gradient"].reference(
        lambda p: ssr(p[0], p[1], X, Y), np.array([0.3, 1.2])
    )
    np.testing.assert_allclose(got, EXERCISES["ssr_gradient"].reference(0.3, 1.2, X, Y), rtol=1e-7)


# -- answers of strangers: right ones -----------------------------------------------------------------


def ssr_poly(intercept, slope, x, y):
    residuals = y - np.polynomial.Polynomial([float(intercept), float(slope)])(x)
    return sum(map(lambda r: r * r, residuals))  # noqa: C417


def gradient_of_expanded_sums(intercept, slope, x, y):
    n, sx, sy, sxx, sxy = len(x), x.sum(), y.sum(), (x * x).sum(), (x * y).sum()
    return np.array(
        [2 * (n * intercept + slope * sx - sy), 2 * (intercept * sx + slope * sxx - sxy)]
    )


def gradient_complex_step(intercept, slope, x, y):
    cost = lambda b, m: np.sum((y - (b + m * x)) ** 2)
    h = 1e-30
    return cost(intercept + h * 1j, slope).imag / h, cost(intercept, slope + h * 1j).imag / h


def step_with_map(p, gradient, learning_rate):
    p, gradient = np.asarray(p), np.asarray(gradient)
    new = [a - learning_rate * b for a, b in zip(p.flat, gradient.flat, strict=True)]
    return np.reshape(new, p.shape)


def descend_recursively(gradient, p0, learning_rate, min_step=0.001, max_steps=1000):
    step = learning_rate * gradient(p0)
    if max_steps == 0 or np.linalg.norm(np.atleast_1d(step).ravel(), np.inf) < min_step:
        return p0, 0
    if max_steps > 300:  # Python's recursion ends at about 1,000
        p, steps = descend_recursively(gradient, p0, learning_rate, min_step, 300)
        if steps < 300:
            return p, steps
        p, more = descend_recursively(gradient, p, learning_rate, min_step, max_steps - 300)
        return p, 300 + more
    p, steps = descend_recursively(gradient, p0 - step, learning_rate, min_step, max_steps - 1)
    return p, steps + 1


def descend_in_place(gradient, p0, learning_rate, *, min_step=1e-3, max_steps=1000, verbose=False):
    p = np.array(p0, dtype=np.longdouble)
    made = 0
    while made < max_steps:
        step = np.multiply(gradient(p), learning_rate)
        largest = max(step.max(), -step.min())
        if verbose:
            print(made, largest)
        if not largest >= min_step:
            break
        p -= step
        made += 1
    return np.asarray(p, dtype=float), np.int16(made)


def gradient_by_nditer(f, p, eps=1e-5):
    result, work = np.zeros_like(p), p.copy()
    with np.nditer(work, flags=["multi_index"], op_flags=["readwrite"]) as entries:
        for entry in entries:
            before = entry.copy()
            entry[...] = before + eps
            above = f(work)
            entry[...] = before - eps
            result[entries.multi_index] = (above - f(work)) / (2 * eps)
            entry[...] = before
    return result


def gradient_by_kronecker(f, p, eps=1e-5):
    flat = p.reshape(-1)
    units = np.identity(flat.size)
    rows = [
        f((flat + eps * u).reshape(p.shape)) - f((flat - eps * u).reshape(p.shape)) for u in units
    ]
    return (np.array(rows) / eps / 2).reshape(p.shape).tolist()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("ssr", ssr_poly),
        ("ssr", lambda b, m, x, y: np.dot(y - b - m * x, y - b - m * x)),
        ("ssr_gradient", gradient_of_expanded_sums),
        ("ssr_gradient", gradient_complex_step),
        ("gradient_step", step_with_map),
        ("gradient_step", lambda p, g, rate: np.add(p, np.multiply(g, -rate))),
        ("descend", descend_recursively),
        ("descend", descend_in_place),
        ("numerical_gradient", gradient_by_nditer),
        ("numerical_gradient", gradient_by_kronecker),
    ],
)
def test_unusual_but_right(name, answer):
    for seed in SEEDS:
        verdict = judge(LESSON, name, answer, seed=seed)
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


# -- answers of strangers: wrong ones -----------------------------------------------------------------


def gradient_not_summed(intercept, slope, x, y):
    residuals = y - intercept - slope * x
    return -2 * residuals, -2 * residuals * x


def gradient_times_mean(intercept, slope, x, y):
    d_intercept = -2 * np.sum(y - intercept - slope * x)
    return d_intercept, d_intercept * np.mean(x)


def step_in_place(p, gradient, learning_rate):
    p -= learning_rate * gradient
    return p


def descend_with_history(gradient, p0, learning_rate, min_step=0.001, max_steps=1000):
    path = [p0]
    for _ in range(max_steps):
        step = learning_rate * gradient(path[-1])
        if np.max(np.abs(step)) < min_step:
            break
        path.append(path[-1] - step)
    return path, len(path) - 1


def descend_numbers_only(gradient, p0, learning_rate, min_step=0.001, max_steps=1000):
    p = p0
    for steps in range(max_steps):
        step = learning_rate * gradient(p)
        if abs(step) < min_step:
            return p, steps
        p = p - step
    return p, max_steps


def descend_with_momentum(gradient, p0, learning_rate, min_step=0.001, max_steps=1000):
    p, v = p0, 0.0
    for steps in range(max_steps):
        v = 0.5 * v + learning_rate * gradient(p)
        if np.max(np.abs(v)) < min_step:
            return p, steps
        p = p - v
    return p, max_steps


def descend_changes_p0(gradient, p0, learning_rate, min_step=0.001, max_steps=1000):
    for steps in range(max_steps):
        step = learning_rate * gradient(p0)
        if np.max(np.abs(step)) < min_step:
            return p0, steps
        p0 -= step
    return p0, max_steps


def gradient_not_restored_exactly(f, p, eps=1e-5):
    result = np.zeros_like(p)
    for index in np.ndindex(p.shape):
        p[index] += eps
        above = f(p)
        p[index] -= 2 * eps
        result[index] = (above - f(p)) / (2 * eps)
        p[index] += eps
    return result


def gradient_of_vectors_only(f, p, eps=1e-5):
    result = np.zeros(len(p))
    for i in range(len(p)):
        e = np.zeros(len(p))
        e[i] = eps
        result[i] = (f(p + e) - f(p - e)) / (2 * eps)
    return result


def gradient_relative_eps(f, p, eps=1e-5):
    result = np.zeros_like(p)
    for index in np.ndindex(p.shape):
        e = np.zeros_like(p)
        e[index] = 2 * eps * p[index]
        result[index] = (f(p + e) - f(p - e)) / (2 * e[index])
    return result


@pytest.mark.parametrize(
    ("name", "answer", "allowed"),
    [
        ("ssr", lambda b, m, x, y: (y - (b + m * x)) ** 2, ["wrong-shape"]),
        ("ssr", lambda b, m, x, y: np.var(y - (b + m * x)) * len(x), []),
        ("ssr", lambda b, m, x, y: np.max((y - (b + m * x)) ** 2), []),
        ("ssr_gradient", lambda b, m, x, y: -2 * np.sum(y - (b + m * x)), ["wrong-type"]),
        ("ssr_gradient", gradient_not_summed, ["wrong-shape"]),
        ("ssr_gradient", gradient_times_mean, []),
        ("gradient_step", step_in_place, ["modifies-arguments"]),
        ("gradient_step", lambda p, g, rate: p - rate * g / np.linalg.norm(g), []),
        ("gradient_step", lambda p, g, rate: p * (1 - rate * g), []),
        ("gradient_step", lambda p, g, rate: p - rate * np.mean(g), []),
        ("descend", descend_with_history, ["wrong-shape", "wrong-type"]),
        ("descend", descend_numbers_only, ["raises"]),
        ("descend", descend_with_momentum, []),
        ("descend", descend_changes_p0, ["modifies-arguments"]),
        ("descend", lambda gradient, p0, *a, **k: (p0, 0), []),
        ("numerical_gradient", gradient_not_restored_exactly, ["modifies-arguments"]),
        ("numerical_gradient", gradient_of_vectors_only, ["raises", "wrong-shape"]),
        ("numerical_gradient", gradient_relative_eps, []),
        ("numerical_gradient", lambda f, p, eps=1e-5: f(p + eps) - f(p - eps), ["wrong-shape"]),
    ],
)  # fmt: skip
def test_wrong_in_other_ways(name, answer, allowed):
    for seed in SEEDS:
        verdict = judge(LESSON, name, answer, seed=seed)
        assert verdict.score < verdict.max_score
        assert set(verdict.misconceptions) <= set(allowed), verdict.text()


def test_half_right_work_gets_its_share():
    def one_sided(f, p, eps=1e-5):
        result = np.zeros_like(p)
        for index in np.ndindex(p.shape):
            e = np.zeros_like(p)
            e[index] = eps
            result[index] = (f(p + e) - f(p)) / eps
        return result

    def counts_from_one(gradient, p0, learning_rate, min_step=0.001, max_steps=1000):
        p, steps = descend_recursively(gradient, p0, learning_rate, min_step, max_steps)
        return p, min(steps + 1, max_steps)

    for name, answer, score in (
        ("numerical_gradient", one_sided, 6),
        ("gradient_step", step_in_place, 5),
        ("descend", descend_numbers_only, 5),
        ("descend", counts_from_one, 5),
    ):
        assert judge(LESSON, name, answer, seed=3).score == score, (name, answer)


def test_an_accurate_eps_of_one_s_own_costs_the_wide_cases_only():
    """With eps left to its default, 1e-6 is as right as 1e-5."""
    task = EXERCISES["numerical_gradient"]
    for seed in range(30):
        for case in _cases(task, seed, 0):
            if case.kwargs:
                continue
            expected = task.reference(*case.args)
            other = task.reference(*case.args, eps=1e-6)
            assert np.max(np.abs(other - expected)) < 1e-4 * np.max(np.abs(expected))


def test_no_run_ends_close_to_its_limit_on_the_step():
    for seed in range(30):
        for case in _cases(EXERCISES["descend"], seed, 0):
            gradient, p0, rate = case.args
            goal = case.kwargs.get("min_step", 0.001)
            single = lambda p, g=gradient: np.float32(g(np.float32(p)))
            exact = descending.descend(gradient, p0, rate, **case.kwargs)
            rough = descending.descend(single, np.float32(p0), np.float32(rate), **case.kwargs)
            assert exact[1] == rough[1], (case.kind, seed, goal)


def test_a_loop_without_end_is_stopped():
    def endless(gradient, p0, learning_rate, min_step=0.001, max_steps=1000):
        while True:
            p0 = p0 - 0 * learning_rate * gradient(p0)

    from dataclasses import replace

    verdict = assess(LESSON, replace(EXERCISES["descend"], seconds=0.2), endless, 1)
    assert (verdict.score, verdict.misconceptions) == (0, ["too-slow"])
