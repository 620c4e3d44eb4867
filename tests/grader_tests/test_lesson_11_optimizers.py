"""Lesson 11's exercises against independent numbers, and answers as strangers would write them."""

import functools
import math

import numpy as np
import pytest
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

from grader_tests import exercises, judge

LESSON = "11-optimizers"
EXERCISES = exercises(LESSON)
SEEDS = range(6)


def test_the_contract_s_signatures():
    assert {name: task.parameters for name, task in EXERCISES.items()} == {
        "momentum_step": ["p", "g", "v", "learning_rate", "beta"],
        "rmsprop_step": ["p", "g", "s", "learning_rate", "rho", "eps"],
        "adam_step": ["p", "g", "m", "v", "t", "learning_rate", "beta1", "beta2", "eps"],
        "l2_gradients": ["grads", "params", "strength"],
    }
    assert [task.points for task in EXERCISES.values()] == [8, 10, 12, 7]


# -- the references against independent numbers -------------------------------------------------------


def test_momentum_moves_as_scikit_learn_s():
    """Theirs keeps the learning rate in the velocity, which makes no difference to p."""
    rng = np.random.default_rng(1)
    p, v = np.array([1.0, -2.0]), np.zeros(2)
    theirs = [p.copy()]
    optimizer = SGDOptimizer(theirs, learning_rate_init=0.3, momentum=0.8, nesterov=False)
    for _ in range(5):
        g = rng.normal(size=2)
        p, v = EXERCISES["momentum_step"].reference(p, g, v, 0.3, beta=0.8)
        optimizer.update_params(theirs, [g])
        assert pytest.approx(theirs[0], rel=1e-12) == p


def test_adam_moves_as_scikit_learn_s():
    """Theirs adds eps before the bias correction, which 1e-12 does not show."""
    rng = np.random.default_rng(2)
    p, m, v = np.array([1.0, -2.0]), np.zeros(2), np.zeros(2)
    theirs = [p.copy()]
    optimizer = AdamOptimizer(theirs, 0.3, beta_1=0.8, beta_2=0.95, epsilon=1e-12)
    for t in range(1, 6):
        g = rng.normal(size=2)
        p, m, v = EXERCISES["adam_step"].reference(
            p, g, m, v, t, 0.3, beta1=0.8, beta2=0.95, eps=1e-12
        )
        optimizer.update_params(theirs, [g])
        assert pytest.approx(theirs[0], rel=1e-9) == p


def test_adam_s_first_step_is_as_long_as_the_learning_rate():
    p, m, v = (np.zeros(3) for _ in range(3))
    g = np.array([1e3, -1.0, 1e-3])
    p, m, v = EXERCISES["adam_step"].reference(p, g, m, v, 1, 0.02)
    assert pytest.approx(-0.02 * np.sign(g), rel=1e-4) == p


def test_rmsprop_of_a_constant_gradient():
    """From s = 0, s is (1 − ρᵗ)g² after t steps, and each step learning_rate/√(1 − ρᵗ)."""
    p, s, moved = np.array(5.0), np.array(0.0), 0.0
    for t in range(1, 8):
        p, s = EXERCISES["rmsprop_step"].reference(p, np.array(-3.0), s, 0.1, rho=0.7)
        moved += 0.1 / math.sqrt(1 - 0.7**t)
        assert s == pytest.approx(9 * (1 - 0.7**t))
        assert p == pytest.approx(5 + moved)


def test_l2_gradients_are_those_of_the_penalised_cost():
    rng = np.random.default_rng(3)
    params = [
        (rng.normal(size=(3, 2)), rng.normal(size=3)),
        (rng.normal(size=(1, 3)), rng.normal(size=1)),
    ]
    grads = [(0 * W, 0 * b) for W, b in params]
    penalty = lambda: 0.5 * 0.3 * sum(np.sum(W**2) for W, _ in params)
    got = EXERCISES["l2_gradients"].reference(grads, params, 0.3)
    for (W, b), (dW, db) in zip(params, got, strict=True):
        for p, g in ((W, dW), (b, db)):
            for i in np.ndindex(p.shape):
                p[i] += 1e-5
                above = penalty()
                p[i] -= 2e-5
                assert g[i] == pytest.approx((above - penalty()) / 2e-5, abs=1e-8)
                p[i] += 1e-5


# -- strangers: right in unusual ways -----------------------------------------------------------------


class Momentum:
    """Some write a class; v changes in a copy."""

    def __init__(self, beta):
        self.beta = beta

    def step(self, p, g, v, rate):
        v = np.array(v)
        v *= self.beta
        v += g
        return p - rate * v, v


def momentum_class(p, g, v, learning_rate, beta=0.9):
    return Momentum(beta).step(p, g, v, learning_rate)


def momentum_vectorize(p, g, v, learning_rate, beta=0.9, nesterov=False):
    one = lambda p, g, v: (p - learning_rate * (beta * v + g), beta * v + g)
    return np.vectorize(one, otypes=[float, float])(p, g, v)


def rmsprop_average(p, g, s, learning_rate, rho=0.9, eps=1e-8):
    s = np.average([s, g * g], axis=0, weights=[rho, 1 - rho])
    return [p - learning_rate * (g / (s**0.5 + eps)), s]


def rmsprop_scalars(p, g, s, lr, *, rho=0.9, eps=1e-8, momentum=0.0):
    new_p, new_s = np.zeros_like(p), np.zeros_like(s)
    for i in range(p.size):
        new_s.flat[i] = s.flat[i] * rho + (1.0 - rho) * math.pow(g.flat[i], 2)
        new_p.flat[i] = p.flat[i] - lr / (eps + math.sqrt(new_s.flat[i])) * g.flat[i]
    return np.array([new_p, new_s])


def adam_increments(p, g, m, v, t, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    m = m - (1 - beta1) * (m - g)
    v = v - (1 - beta2) * (v - g**2)
    correct = lambda x, b: x / -math.expm1(t * math.log(b))
    return p - learning_rate * correct(m, beta1) / (np.sqrt(correct(v, beta2)) + eps), m, v


def adam_complex(p, g, m, v, t, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8, amsgrad=False):
    """One loop over both averages."""
    averages = []
    for old, new, beta in ((m, g, beta1), (v, g * g, beta2)):
        averages.append(np.asarray(sum(w * x for w, x in ((beta, old), (1 - beta, new)))))
    m_hat, v_hat = (a / (1 - b**t) for a, b in zip(averages, (beta1, beta2), strict=True))
    return (np.subtract(p, learning_rate * m_hat / np.add(v_hat**0.5, eps)), *averages)


def l2_by_differences(grads, params, strength):
    result = []
    for (dW, db), (W, _b) in zip(grads, params, strict=True):
        total = np.array(dW)
        for i, w in np.ndenumerate(W):
            total[i] += strength / 2 * ((w + 1e-4) ** 2 - (w - 1e-4) ** 2) / 2e-4
        result.append((total, db))
    return tuple(result)


def l2_reduce(grads, params, strength):
    return functools.reduce(
        lambda done, i: [*done, [grads[i][0] + params[i][0] * strength, 1 * grads[i][1]]],
        range(len(grads)),
        [],
    )


RIGHT = [
    ("momentum_step", momentum_class),
    ("momentum_step", momentum_vectorize),
    ("rmsprop_step", rmsprop_average),
    ("rmsprop_step", rmsprop_scalars),
    ("adam_step", adam_increments),
    ("adam_step", adam_complex),
    ("l2_gradients", l2_by_differences),
    ("l2_gradients", l2_reduce),
]


@pytest.mark.parametrize(("name", "function"), RIGHT)
def test_unusual_but_right(name, function):
    for seed in SEEDS:
        verdict = judge(LESSON, name, function, seed=seed)
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


# -- strangers: wrong, in known ways and in others ----------------------------------------------------


def momentum_keras(p, g, v, learning_rate, beta=0.9):
    velocity = beta * v - learning_rate * g
    return p + velocity, velocity


def momentum_nesterov(p, g, v, learning_rate, beta=0.9):
    v = beta * v + g
    return p - learning_rate * (g + beta * v), v


def momentum_in_place(p, g, v, learning_rate, beta=0.9):
    v *= beta
    v += g
    return p - learning_rate * v, v


def momentum_half(p, g, v, learning_rate, beta=0.5):
    """Right but for the default."""
    return momentum_class(p, g, v, learning_rate, beta)


def momentum_only_p(p, g, v, learning_rate, beta=0.9):
    return p - learning_rate * (beta * v + g)


def rmsprop_keras_eps(p, g, s, learning_rate, rho=0.9, eps=1e-7):
    return rmsprop_scalars(p, g, s, learning_rate, rho=rho, eps=eps)


def rmsprop_centered(p, g, s, learning_rate, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * g**2
    return p - learning_rate * g / (np.sqrt(np.abs(s - np.mean(g) ** 2)) + eps), s


def rmsprop_one_norm(p, g, s, learning_rate, rho=0.9, eps=1e-8):
    """One average for all parameters."""
    s = rho * s + (1 - rho) * np.mean(g**2)
    return p - learning_rate * g / (np.sqrt(s) + eps), s


def rmsprop_max(p, g, s, learning_rate, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * g**2
    return p - learning_rate * g / np.maximum(np.sqrt(s), eps), s


def rmsprop_inside(p, g, s, learning_rate, rho=0.9, eps=1e-8):
    s = s * rho + g * g * (1 - rho)
    return p - g * learning_rate / (s + eps) ** 0.5, s


def adam_tensorflow(p, g, m, v, t, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    m += (g - m) * (1 - beta1)
    v += (g**2 - v) * (1 - beta2)
    alpha = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return p - alpha * m / (np.sqrt(v) + eps), m, v


def adam_from_zero(p, g, m, v, t, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    return adam_increments(p, g, m, v, t + 1, learning_rate, beta1, beta2, eps)


def adamax(p, g, m, v, t, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    v = np.maximum(beta2 * v, np.abs(g))
    return p - learning_rate * m / (1 - beta1**t) / (v + eps), m, v


def adam_with_decay(p, g, m, v, t, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    return adam_increments(0.99 * p, g, m, v, t, learning_rate, beta1, beta2, eps)


def adam_sign_only(p, g, m, v, t, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    new = adam_increments(p, g, m, v, t, learning_rate, beta1, beta2, eps)
    return (p - learning_rate * np.sign(g), *new[1:])


def l2_in_place(grads, params, strength):
    for (dW, _), (W, _) in zip(grads, params, strict=True):
        dW += strength * W
    return grads


def l2_mean(grads, params, strength):
    return [
        (dW + strength * W / W.size, db) for (dW, db), (W, _) in zip(grads, params, strict=True)
    ]


def l2_decayed(grads, params, strength):
    return [((1 + strength) * dW, db) for dW, db in grads]


def l2_first_layer(grads, params, strength):
    return [(grads[0][0] + strength * params[0][0], grads[0][1]), *grads[1:]]


WRONG = [
    ("momentum_step", momentum_keras, ["keras-momentum"]),
    ("momentum_step", momentum_nesterov, []),
    ("momentum_step", momentum_in_place, ["modifies-arguments"]),
    ("momentum_step", momentum_half, []),
    ("momentum_step", momentum_only_p, ["wrong-type"]),
    ("rmsprop_step", rmsprop_keras_eps, []),
    ("rmsprop_step", rmsprop_centered, []),
    ("rmsprop_step", rmsprop_one_norm, []),
    ("rmsprop_step", rmsprop_max, []),
    ("rmsprop_step", rmsprop_inside, ["epsilon-inside-root"]),
    ("adam_step", adam_tensorflow, ["epsilon-before-correction", "modifies-arguments"]),
    ("adam_step", adam_from_zero, ["wrong-time-step"]),
    ("adam_step", adamax, []),
    ("adam_step", adam_with_decay, []),
    ("adam_step", adam_sign_only, []),
    ("l2_gradients", l2_in_place, ["modifies-arguments"]),
    ("l2_gradients", l2_mean, []),
    ("l2_gradients", l2_decayed, []),
    ("l2_gradients", l2_first_layer, []),
]


@pytest.mark.parametrize(("name", "function", "named"), WRONG)
def test_wrong_loses_points_and_is_not_named_wrongly(name, function, named):
    for seed in SEEDS:
        verdict = judge(LESSON, name, function, seed=seed)
        assert verdict.score < verdict.max_score, seed
        assert verdict.misconceptions in (named, named or ["wrong-shape"]), (seed, verdict.text())


def test_a_wrong_default_costs_the_points_for_it_alone():
    assert judge(LESSON, "momentum_step", momentum_half, seed=1).score == 6
    assert judge(LESSON, "rmsprop_step", rmsprop_keras_eps, seed=1).score == 8
