"""`train`: forward, cost, backward, update, until the summed error is under the goal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_08_two_three_one.forward import forward
from grader_tests.lesson_08_two_three_one.hidden_bpe import hidden_bpe
from grader_tests.lesson_08_two_three_one.net import (
    Params,
    random_inputs,
    random_params,
    random_targets,
)
from grader_tests.lesson_08_two_three_one.output_bpe import output_bpe
from grader_tests.lesson_08_two_three_one.update import update

Result = tuple[Params, int]


def train(
    X: np.ndarray,
    Y: np.ndarray,
    params: Params,
    learning_rate: float,
    goal: float = 0.001,
    max_epochs: int = 10000,
) -> Result:
    """Return (params, epochs), epochs being the number of updates made."""
    for epoch in range(max_epochs):
        H, out = forward(X, params)
        if np.sum(0.5 * (out - Y) ** 2) < goal:
            return params, epoch
        params = step(params, X, Y, H, out, learning_rate)
    return params, max_epochs


def step(
    params: Params, X: np.ndarray, Y: np.ndarray, H: np.ndarray, out: np.ndarray, rate: float
) -> Params:
    """Make one update, all BPEs taken from the old weights."""
    bpe_out = output_bpe(out, Y)
    return update(params, X, H, bpe_out, hidden_bpe(bpe_out, params[2], H), rate)


MARGIN = 1.002  # a goal is at least 0.2% away from the costs before and after it
LONGEST = 150  # updates to a goal


def cases(rng: np.random.Generator) -> list[Case]:
    """Goals that are met after some updates, one of them the default; one out of reach; one met at once.

    The last case leaves max_epochs to its default. It stands last because a version that never stops
    there takes its time, and most are told apart before.
    """
    return [
        _meets_its_goal(rng, n=2),
        _meets_its_goal(rng, n=4),
        _meets_the_default_goal(rng),
        _stops_at_its_limit(rng),
        _needs_no_update(rng),
    ]


def _meets_its_goal(rng: np.random.Generator, n: int) -> Case:
    """Draw nets until one has a falling cost with room for a goal between two of its values.

    The goal lies under the mean cost of the first pass, or taking the mean instead of the sum would
    stop at once, like many another mistake. And new weights used too early need another number of
    updates to it, or that number would be right by luck.
    """
    while True:
        X, Y, params = random_inputs(rng, n), random_targets(rng, n), random_params(rng)
        rate = float(rng.choice([0.7, 0.9, 1.6, 1.8]))
        costs = np.array(_costs(X, Y, params, rate, LONGEST))
        lowest = np.minimum.accumulate(costs)
        above, below = lowest[14:-1], costs[15:]
        leaves_room = (costs[0] / (n * MARGIN) > above) & (above > below * MARGIN**2)
        if not leaves_room.any():
            continue
        too_early = np.array(_costs(X, Y, params, rate, LONGEST, _new_weights_too_early))
        for k in (15 + rng.permutation(np.flatnonzero(leaves_room))).tolist():
            goal = float(np.sqrt(lowest[k - 1] * costs[k]))
            if int(np.argmax(too_early < goal)) != k:
                options = {"goal": goal, "max_epochs": 2 * LONGEST}
                return Case("goal", (X, Y, params, rate), options)


def _meets_the_default_goal(rng: np.random.Generator) -> Case:
    """Draw targets that a net gives, and start near that net, with a cost a little above 0.001."""
    while True:
        X, right = random_inputs(rng, 4), random_params(rng)
        Y = forward(X, right)[1]
        away = rng.uniform(0.1, 0.4)
        W1, b1, W2, b2 = (p + away * rng.uniform(-1, 1, p.shape) for p in right)
        params = W1, b1, W2, b2
        costs = np.array(_costs(X, Y, params, 0.8, 40))
        k = int(np.argmax(costs < 0.001))
        if k >= 4 and np.all(np.abs(costs / 0.001 - 1) > MARGIN - 1) and costs[0] > 4.2 * 0.001:
            return Case("goal", (X, Y, params, 0.8), {"max_epochs": 2 * LONGEST})


def _costs(
    X: np.ndarray,
    Y: np.ndarray,
    params: Params,
    rate: float,
    epochs: int,
    one_step: Callable[..., Params] = step,
) -> list[float]:
    costs = []
    for _ in range(epochs):
        H, out = forward(X, params)
        costs.append(float((0.5 * (out - Y) ** 2).sum()))
        params = one_step(params, X, Y, H, out, rate)
    return costs


def _stops_at_its_limit(rng: np.random.Generator) -> Case:
    X, Y, params = random_inputs(rng, 6), random_targets(rng, 6), random_params(rng)
    limit = int(rng.integers(7, 12))
    goal = 0.5 * min(_costs(X, Y, params, 0.3, limit + 1))
    return Case("limit", (X, Y, params, 0.3), {"goal": goal, "max_epochs": limit})


def _needs_no_update(rng: np.random.Generator) -> Case:
    X, Y, params = random_inputs(rng, 4), random_targets(rng, 4), random_params(rng)
    goal = 1.5 * _costs(X, Y, params, 0.3, 1)[0]
    return Case("at-once", (X, Y, params, 0.3), {"goal": goal})


def _version(
    one_step: Callable[..., Params] = step,
    cost: Callable[..., Any] = lambda out, Y: np.sum(0.5 * (out - Y) ** 2),
    counted: int = 0,
) -> Callable[..., Any]:
    """Build a version of the function from its step, its cost and what it adds to the count."""

    def version(
        X: Any, Y: Any, params: Any, learning_rate: Any, goal: Any = 0.001, max_epochs: Any = 10000
    ) -> Any:
        for epoch in range(max_epochs):
            H, out = forward(X, params)
            if cost(out, Y) < goal:
                return params, epoch + counted
            params = one_step(params, X, Y, H, out, learning_rate)
        return params, max_epochs

    return version


def _new_weights_too_early(params: Any, X: Any, Y: Any, H: Any, out: Any, rate: Any) -> Any:
    W1, b1, W2, b2 = params
    bpe_out = output_bpe(out, Y)
    W2_new = W2 - rate * bpe_out.T @ H
    bpe_hidden = hidden_bpe(bpe_out, W2_new, H)
    return update((W1, b1, W2, b2), X, H, bpe_out, bpe_hidden, rate)


def _one_by_one(params: Any, X: Any, Y: Any, H: Any, out: Any, rate: Any) -> Any:
    for i in range(len(X)):
        x, y = X[i : i + 1], Y[i : i + 1]
        params = step(params, x, y, *forward(x, params), rate)
    return params


def _hidden_without_derivative(params: Any, X: Any, Y: Any, H: Any, out: Any, rate: Any) -> Any:
    bpe_out = output_bpe(out, Y)
    return update(params, X, H, bpe_out, bpe_out @ params[2], rate)


def _no_derivative(params: Any, X: Any, Y: Any, H: Any, out: Any, rate: Any) -> Any:
    error = out - Y
    return update(params, X, H, error, error @ params[2], rate)


def _output_without_derivative(params: Any, X: Any, Y: Any, H: Any, out: Any, rate: Any) -> Any:
    error = out - Y
    return update(params, X, H, error, hidden_bpe(error, params[2], H), rate)


def _scaled(factor: Callable[[float, int], float]) -> Callable[..., Params]:
    def one_step(params: Any, X: Any, Y: Any, H: Any, out: Any, rate: Any) -> Any:
        return step(params, X, Y, H, out, factor(rate, len(X)))

    return one_step


def _mean_cost(out: Any, Y: Any) -> Any:
    return np.mean(0.5 * (out - Y) ** 2)


def _updates_before_it_stops(
    X: Any, Y: Any, params: Any, learning_rate: Any, goal: Any = 0.001, max_epochs: Any = 10000
) -> Any:
    for epoch in range(max_epochs):
        H, out = forward(X, params)
        params = step(params, X, Y, H, out, learning_rate)
        if np.sum(0.5 * (out - Y) ** 2) < goal:
            return params, epoch + 1
    return params, max_epochs


def _returns_the_next_weights(
    X: Any, Y: Any, params: Any, learning_rate: Any, goal: Any = 0.001, max_epochs: Any = 10000
) -> Any:
    for epoch in range(max_epochs):
        H, out = forward(X, params)
        params = step(params, X, Y, H, out, learning_rate)
        if np.sum(0.5 * (out - Y) ** 2) < goal:
            return params, epoch
    return params, max_epochs


def _at_least_one_update(
    X: Any, Y: Any, params: Any, learning_rate: Any, goal: Any = 0.001, max_epochs: Any = 10000
) -> Any:
    for epoch in range(max_epochs):
        params = step(params, X, Y, *forward(X, params), learning_rate)
        if np.sum(0.5 * (forward(X, params)[1] - Y) ** 2) < goal:
            return params, epoch + 1
    return params, max_epochs


def _ignores(**fixed: Any) -> Callable[..., Any]:
    def version(
        X: Any, Y: Any, params: Any, learning_rate: Any, goal: Any = 0.001, max_epochs: Any = 10000
    ) -> Any:
        options = {"goal": goal, "max_epochs": max_epochs} | fixed
        return train(X, Y, params, learning_rate, **options)

    return version


def _with_while(
    X: Any,
    Y: Any,
    params: Any,
    alpha: Any,
    goal: Any = 1e-3,
    max_epochs: Any = 10_000,
    log: Any = (),
) -> Any:
    params, epochs = [p.copy() for p in params], 0
    while epochs < max_epochs:
        H, out = forward(X, params)
        if ((out - Y) ** 2).sum() / 2 < goal:
            break
        bpe = output_bpe(out, Y)
        back = hidden_bpe(bpe, params[2], H)
        params[2] -= alpha * (bpe.T @ H)
        params[3] -= alpha * bpe.sum(axis=0)
        params[0] -= alpha * (back.T @ X)
        params[1] -= alpha * back.sum(axis=0)
        epochs += 1
    return params, np.float64(epochs)


def _float32(
    X: Any, Y: Any, params: Any, alpha: Any, goal: Any = 1e-3, max_epochs: Any = 10_000
) -> Any:
    X, Y = np.float32(X), np.float32(Y)
    weights: Any = tuple(np.float32(p) for p in params)
    alpha = np.float32(alpha)
    for epoch in range(max_epochs + 1):
        H, out = forward(X, weights)
        if np.sum(np.float32(0.5) * (out - Y) ** 2) < goal or epoch == max_epochs:
            break
        weights = step(weights, X, Y, H, out, alpha)
    return weights, epoch


def _with_loops(
    X: Any, Y: Any, params: Any, alpha: Any, goal: Any = 1e-3, max_epochs: Any = 10_000
) -> Any:
    W1, b1, W2, b2 = (p.tolist() for p in params)
    epochs = 0
    while True:
        out_all, H_all = [], []
        for x in X.tolist():
            h = [_s(W1[j][0] * x[0] + W1[j][1] * x[1] + b1[j]) for j in range(3)]
            H_all.append(h)
            out_all.append(_s(sum(W2[0][j] * h[j] for j in range(3)) + b2[0]))
        cost = sum(0.5 * (o - y) ** 2 for o, y in zip(out_all, Y[:, 0].tolist()))
        if cost < goal or epochs == max_epochs:
            return (W1, b1, W2, b2), epochs
        old = W2[0][:]
        for x, y, h, o in zip(X.tolist(), Y[:, 0].tolist(), H_all, out_all):
            d = (o - y) * o * (1 - o)
            b2[0] -= alpha * d
            for j in range(3):
                dh = d * old[j] * h[j] * (1 - h[j])
                W2[0][j] -= alpha * d * h[j]
                b1[j] -= alpha * dh
                W1[j][0] -= alpha * dh * x[0]
                W1[j][1] -= alpha * dh * x[1]
        epochs += 1


def _s(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))


_TOO_LONG = "10,000 updates would take a check too long"

EXERCISE = Exercise(
    reference=train,
    cases=cases,
    criteria=(
        Criterion("params", "the weights and biases that met the goal", 4, ("goal",), parts=(0,)),
        Criterion("epochs", "the number of updates until the goal", 4, ("goal",), parts=(1,)),
        Criterion("limit", "max_epochs ends a training that does not meet its goal", 2, ("limit",)),
        Criterion(
            "at-once",
            "no update where the goal is met from the start",
            1,
            ("at-once",),
            only_with="limit",
        ),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "updated-weights",
            (_version(_new_weights_too_early),),
            "The hidden BPEs are computed with the new W2. All BPEs of an update belong to the weights "
            "that made the forward pass: compute all of them first, then change all weights.",
            "deck B, “Step 6: Update weights”",
        ),
        Misconception(
            "one-by-one",
            (_version(_one_by_one),),
            "The weights change after every single observation. Here one update takes the gradients of "
            "all observations together.",
        ),
        Misconception(
            "missing-derivative",
            (
                _version(_hidden_without_derivative),
                _version(_output_without_derivative),
                _version(_no_derivative),
            ),
            "The sigmoid’s derivative, a·(1 − a), is missing from the BPEs.",
        ),
        Misconception(
            "mean-instead-of-sum",
            (
                _version(_scaled(lambda rate, n: rate / n)),
                _version(cost=_mean_cost),
                _version(_scaled(lambda rate, n: rate / n), _mean_cost),
            ),
            "Something is averaged over the observations: in this lesson both the cost that is held "
            "against the goal and the gradients are sums.",
        ),
        Misconception(
            "wrong-factor",
            (
                _version(cost=lambda out, Y: np.sum((out - Y) ** 2)),
                _version(_scaled(lambda rate, n: 2 * rate)),
                _version(_scaled(lambda rate, n: rate / 2)),
            ),
            "A factor 2 is lost or doubled: the cost is the sum of ½(out − Y)².",
        ),
        Misconception(
            "wrong-sign",
            (_version(_scaled(lambda rate, n: -rate)),),
            "The cost grows: a step goes against the gradient.",
        ),
        Misconception(
            "missing-learning-rate",
            (_version(_scaled(lambda rate, n: 1.0)),),
            "The learning rate has no effect on the steps.",
        ),
        Misconception(
            "off-by-one-epoch",
            (_version(counted=1), _version(counted=-1)),
            "The count is off by one: it is the number of updates made. The forward pass that finds the "
            "goal met is not followed by one.",
        ),
        Misconception(
            "stale-state",
            (_updates_before_it_stops, _returns_the_next_weights),
            "The cost belongs to the weights before the update, but the weights after it are returned. "
            "Look at the cost first; if the goal is met, stop without updating.",
        ),
        Misconception(
            "wrong-boundary",
            (_at_least_one_update,),
            "There is always an update before the first look at the cost; a net that meets the goal "
            "from the start needs none.",
        ),
        Misconception(
            "ignores-argument",
            (
                _ignores(goal=0.001),
                _ignores(goal=0.0),
                _ignores(max_epochs=10000),
                _version(_scaled(lambda rate, n: 0.5)),
            ),
            "goal, max_epochs or learning_rate has no effect: use the values that are handed over.",
        ),
        Misconception(
            "swapped",
            (lambda *args, **options: train(*args, **options)[::-1],),
            "The two results come in the wrong order: first the params, then the number of updates.",
        ),
    ),
    right=(_with_while, _float32, _with_loops),
    hints=(
        "One round of the loop: forward, cost, stop if it is under the goal, the BPEs, update.",
        "Compute both BPEs before anything is changed: `update` takes them and returns new params.",
        "for epoch in range(max_epochs): H, out = forward(X, params); if the cost is under the goal, "
        "return params, epoch; …; params = update(…). After the loop: return params, max_epochs.",
    ),
    slide="deck B, “Repeat steps 3. - 6. until convergence criteria is met”",
    ready_made=("nnkit.layers", "nnkit.network"),
    uses=("forward", "output_bpe", "hidden_bpe", "update"),
    equivalents={
        "if np.sum(0.5 * (out - Y) ** 2) <= goal:": "no cost equals its goal",
        "def train(X, Y, params, learning_rate, goal=0.001, max_epochs=10001):": _TOO_LONG,
        "def train(X, Y, params, learning_rate, goal=0.001, max_epochs=9999):": _TOO_LONG,
    },
)
