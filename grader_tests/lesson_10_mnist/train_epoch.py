"""`train_epoch`: one pass over shuffled mini-batches, a step for each.

Any order of the examples is right. Where one batch holds all of them the order makes no difference;
elsewhere there are so few that every order can be tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from grader_tests import values
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Problem, Untouched
from grader_tests.lesson_09_backprop import backward as lesson_09
from grader_tests.lesson_09_backprop.backward import backward
from grader_tests.lesson_09_backprop.net import Params, forward, random_examples, random_params
from grader_tests.lesson_10_mnist.iterate_minibatches import iterate_minibatches
from grader_tests.lesson_10_mnist.sgd_step import sgd_step

Rows = list[np.ndarray]  # the rows of each batch
Epoch = Callable[..., Any]  # (params, X, Y, rows, learning_rate, batch_size) -> params


def train_epoch(
    params: Params,
    X: np.ndarray,
    Y: np.ndarray,
    batch_size: int,
    learning_rate: float,
    rng: np.random.Generator,
) -> Params:
    """Return the params after a step for each batch."""
    for X_batch, Y_batch in iterate_minibatches(X, Y, batch_size, rng):
        grads = backward(params, forward(X_batch, params), Y_batch)
        params = sgd_step(params, grads, learning_rate)
    return params


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw one batch; two, of which every order can be tried; and many, with two generators.

    The first case is called twice, and one with many batches tells whether all is drawn from rng.
    """

    def case(kind: str, n: int, batch_size: int, sizes: list[int]) -> Case:
        params, (X, Y) = random_params(rng, sizes), random_examples(rng, sizes, n)
        rate = float(rng.choice([1.5, 2.0, 2.6]))
        return Case(kind, (params, X, Y, batch_size, rate, _generator(rng)))

    once = case("shuffled", 16, 2, [2, 3])
    twice = Case("shuffled", (*once.args[:-1], _generator(rng)))
    return [
        once,
        twice,
        case("whole", 5, 5, [3, 4, 2]),
        case("whole", 4, 7, [2, 3]),
        case("whole", 1, 3, [3, 2]),
        case("several", 4, 2, [2, 3, 3]),
        case("several", 4, 2, [3, 4, 3]),
        case("rest", 3, 2, [2, 4, 3]),
        case("rest", 5, 3, [2, 3]),
    ]


def _generator(rng: np.random.Generator) -> np.random.Generator:
    return np.random.default_rng(rng.integers(2**32))


# -- what is looked at --------------------------------------------------------------------------------


def examine_reached(case: Case, result: Any) -> Problem | None:
    """Look for an order of the examples that leads to these params; if none does, for a mistake."""
    got = values.plain(result, like=case.args[0])
    if _is_reached(case, got, RIGHT):
        return None
    names = [
        name for name, epochs in WRONG.items() if any(_is_reached(case, got, e) for e in epochs)
    ]
    return Problem(
        f"no order of the examples leads to these params: expected one step for each of the "
        f"{-(-len(case.args[1]) // case.args[3])} batches",
        names[0] if len(names) == 1 else None,
    )


def examine_order(case: Case, result: Any) -> Problem | None:
    """Look for what the original order gives (a random one is the same once in 10¹⁰ calls).

    Where every order can be tried, see first that the epoch is right at all.
    """
    if case.kind == "several":
        return examine_reached(case, result)
    params, X, Y, batch_size, rate, _ = case.args
    rows = _cut(np.arange(len(X)), batch_size)
    unshuffled = RIGHT(params, X, Y, rows, rate, batch_size)
    if _close(unshuffled, values.plain(result, like=params)):
        return Problem("the batches hold the examples in their original order", "no-shuffle")
    return None


def examine_orders(results: Sequence[tuple[Case, Any]]) -> Problem | None:
    """Look for another result where rng is in another state."""
    for (case, result), (other_case, other) in combinations(results, 2):
        if case is other_case or "several" in (case.kind, other_case.kind):
            continue
        one, two = (values.plain(value, like=case.args[0]) for value in (result, other))
        if values.same(one, two, 1e-5):
            return Problem("another state of rng gives the same params", "ignores-argument")
    return None


def _is_reached(case: Case, got: values.Plain, epoch: Epoch) -> bool:
    params, X, Y, batch_size, rate, _ = case.args
    return any(
        _close(epoch(params, X, Y, rows, rate, batch_size), got)
        for rows in _all_batches(tuple(range(len(X))), batch_size)
    )


def _close(params: Any, got: values.Plain) -> bool:
    return not values.difference(values.plain(params, like=params), got, rtol=1e-5)


def _all_batches(rows: tuple[int, ...], batch_size: int) -> Iterator[Rows]:
    """Go through all ways to form batches; within a batch the order makes no difference."""
    if len(rows) <= batch_size:
        yield [np.array(rows)]
        return
    for first in combinations(rows, batch_size):
        others = tuple(row for row in rows if row not in first)
        for rest in _all_batches(others, batch_size):
            yield [np.array(first), *rest]


# -- wrong versions -----------------------------------------------------------------------------------


def _step(
    params: Params, X: np.ndarray, Y: np.ndarray, rate: float, gradient: Any = backward
) -> Params:
    return sgd_step(params, gradient(params, forward(X, params), Y), rate)


def _stepwise(step: Callable[..., Params]) -> Epoch:
    """Make a step for each batch."""

    def epoch(params: Any, X: Any, Y: Any, rows: Rows, rate: Any, batch_size: Any) -> Any:
        for batch in rows:
            params = step(params, X[batch], Y[batch], rate)
        return params

    return epoch


RIGHT = _stepwise(_step)


def _with_rate(change: Callable[..., float]) -> Epoch:
    """Change the learning rate: change(rate, m, batch_size, n, outputs), m being the batch’s rows."""

    def epoch(params: Any, X: Any, Y: Any, rows: Rows, rate: Any, batch_size: Any) -> Any:
        for batch in rows:
            changed = change(rate, len(batch), batch_size, len(X), Y.shape[1])
            params = _step(params, X[batch], Y[batch], changed)
        return params

    return epoch


def _of_batches(choose: Callable[[Rows, int], Rows]) -> Epoch:
    """Train on other batches than there are."""

    def epoch(params: Any, X: Any, Y: Any, rows: Rows, rate: Any, batch_size: Any) -> Any:
        return RIGHT(params, X, Y, choose(rows, batch_size), rate, batch_size)

    return epoch


def _all_from_the_first(params: Any, X: Any, Y: Any, rows: Rows, rate: Any, size: Any) -> Any:
    new = params
    for batch in rows:
        new = sgd_step(new, backward(params, forward(X[batch], params), Y[batch]), rate)
    return new


def _last_from_the_first(params: Any, X: Any, Y: Any, rows: Rows, rate: Any, size: Any) -> Any:
    return _step(params, X[rows[-1]], Y[rows[-1]], rate)


def _with_mistake_of_lesson_09(name: str) -> tuple[Epoch, ...]:
    mistake = next(m for m in lesson_09.EXERCISE.mistakes if m.name == name)
    return tuple(_stepwise(partial(_step, gradient=wrong)) for wrong in mistake.versions)


WRONG: dict[str, tuple[Epoch, ...]] = {
    "wrong-sign": (_with_rate(lambda rate, *_: -rate),),
    "missing-learning-rate": (_with_rate(lambda *_: 1.0),),
    "sum-instead-of-mean": (_with_rate(lambda rate, m, *_: rate * m),),
    "mean-instead-of-sum": (
        _with_rate(lambda rate, m, *_: rate / m),
        _with_rate(lambda rate, m, size, n, outputs: rate / outputs),
    ),
    "wrong-factor": (
        _with_rate(lambda rate, *_: 2 * rate),
        _with_rate(lambda rate, *_: rate / 2),
        _with_rate(lambda rate, m, size, n, _: rate * m / size),
        _with_rate(lambda rate, m, size, n, _: rate * m / n),
    ),
    "stale-state": (_all_from_the_first, _last_from_the_first),
    "drops-last-batch": (_of_batches(lambda rows, size: [b for b in rows if len(b) == size]),),
    "first-batch-only": (_of_batches(lambda rows, size: rows[:1]),),
    "missing-derivative": _with_mistake_of_lesson_09("missing-derivative"),
    "missing-bias": _with_mistake_of_lesson_09("missing-bias"),
}


def _cut(order: np.ndarray, batch_size: int) -> Rows:
    return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]


def _drawn(
    epoch: Epoch = RIGHT,
    order: Callable[..., Any] = lambda n, rng: rng.permutation(n),
) -> Callable[..., Any]:
    """Build a version of the function from an epoch and the order in which the rows come."""

    def version(params: Any, X: Any, Y: Any, batch_size: Any, rate: Any, rng: Any) -> Any:
        rows = _cut(order(len(X), rng), batch_size)
        return epoch(params, X, Y, rows, rate, batch_size)

    return version


def _pairs_broken(params: Any, X: Any, Y: Any, batch_size: Any, rate: Any, rng: Any) -> Any:
    X, Y = X[rng.permutation(len(X))], Y[rng.permutation(len(Y))]
    return _drawn(order=lambda n, rng: np.arange(n))(params, X, Y, batch_size, rate, rng)


def _as_one_batch(params: Any, X: Any, Y: Any, batch_size: Any, rate: Any, rng: Any) -> Any:
    return train_epoch(params, X, Y, len(X), rate, rng)


def _one_by_one(params: Any, X: Any, Y: Any, batch_size: Any, rate: Any, rng: Any) -> Any:
    return train_epoch(params, X, Y, 1, rate, rng)


SAYS = {
    "wrong-sign": "The cost grows. Each step goes against the gradient: params − learning_rate · grads.",
    "missing-learning-rate": "The learning rate has no effect: a step is learning_rate times the "
    "gradient.",
    "sum-instead-of-mean": "The gradients of a batch are summed. Its cost is 1/(2m) Σ‖y − a‖², a mean "
    "over its m examples.",
    "mean-instead-of-sum": "Something is divided once too often: the cost of a batch is a mean over its "
    "m examples, not over its outputs, and one division by m is enough.",
    "wrong-factor": "The steps are off by a factor. The cost of a batch is 1/(2m) Σ‖y − a‖², and m is "
    "its own number of rows: not batch_size, which the last batch may not have, and not n.",
    "stale-state": "The gradients of all batches belong to the params of the beginning. After each step "
    "the next batch needs a forward and a backward pass through the new ones.",
    "drops-last-batch": "The last, smaller batch is left out; its examples would never be learned.",
    "first-batch-only": "Only one batch is trained on. A `return` inside the loop ends it at the first.",
    "missing-derivative": "The backward pass lacks the sigmoid’s derivative a·(1 − a); compare your "
    "`backward` with lesson 09’s check.",
    "missing-bias": "The biases stay as they were. They take part in each step, too.",
}


# -- right versions -----------------------------------------------------------------------------------


def _nielsen(params: Any, X: Any, Y: Any, mini_batch_size: Any, eta: Any, rng: Any) -> Any:
    """Go through columns, one example after the other, as Nielsen's book does."""
    weights = [W.copy() for W, _ in params]
    biases = [b.copy()[:, None] for _, b in params]
    data = [(x[:, None], y[:, None]) for x, y in zip(X, Y)]
    data = [data[i] for i in rng.choice(len(data), len(data), replace=False)]
    for k in range(0, len(data), mini_batch_size):
        batch = data[k : k + mini_batch_size]
        sum_W, sum_b = [0.0 * W for W in weights], [0.0 * b for b in biases]
        for a, y in batch:
            outputs = [a]
            for W, b in zip(weights, biases):
                outputs.append(1 / (1 + np.exp(-(W @ outputs[-1] + b))))
            error = outputs[-1] - y
            for layer in range(len(weights) - 1, -1, -1):
                delta = error * outputs[layer + 1] * (1 - outputs[layer + 1])
                sum_W[layer] += delta @ outputs[layer].T
                sum_b[layer] += delta
                error = weights[layer].T @ delta
        for layer in range(len(weights)):
            weights[layer] -= eta / len(batch) * sum_W[layer]
            biases[layer] -= eta / len(batch) * sum_b[layer]
    return [(W, b.ravel()) for W, b in zip(weights, biases)]


def _float32(net: Any, X: Any, Y: Any, size: Any, rate: Any, rng: Any, verbose: Any = True) -> Any:
    X, Y = X.astype(np.float32), Y.astype(np.float32)
    net = [[W.astype(np.float32), b.astype(np.float32)] for W, b in net]
    left = list(range(len(X)))
    while left:
        batch = [left.pop(rng.integers(len(left))) for _ in range(min(size, len(left)))]
        print("batch of", len(batch))
        A = [X[batch]]
        for W, b in net:
            A.append(1 / (1 + np.exp(-A[-1] @ W.T - b)))
        delta = (A[-1] - Y[batch]) * A[-1] * (1 - A[-1]) / np.float32(len(batch))
        new: list[Any] = []
        for (W, b), a in zip(net[::-1], A[-2::-1]):
            new.insert(
                0, [W - np.float32(rate) * (delta.T @ a), b - np.float32(rate) * delta.sum(0)]
            )
            delta = delta @ W * a * (1 - a)
        net = new
    return net


def _in_place_on_copies(params: Any, X: Any, Y: Any, batch_size: Any, rate: Any, rng: Any) -> Any:
    params = tuple((W.copy(), b.copy()) for W, b in params)
    order = np.arange(len(X))
    rng.shuffle(order)
    for rows in np.array_split(order, range(batch_size, len(X), batch_size)):
        for pair, grads in zip(params, backward(params, forward(X[rows], params), Y[rows])):
            for p, g in zip(pair, grads):
                p -= rate * g
    return params


EXERCISE = Exercise(
    reference=train_epoch,
    cases=cases,
    criteria=(
        Criterion("whole", "one batch: one step", 3, ("whole",)),
        Criterion(
            "several",
            "several batches: a step for each",
            4,
            ("several",),
            examine=examine_reached,
        ),
        Criterion("rest", "a last, smaller batch", 2, ("rest",), examine=examine_reached),
        Criterion(
            "shuffled",
            "the examples are shuffled",
            2,
            ("several", "shuffled"),
            examine=examine_order,
            together=examine_orders,
        ),
        Untouched(),
    ),
    mistakes=(
        *(
            Misconception(name, tuple(_drawn(epoch) for epoch in epochs), SAYS[name])
            for name, epochs in WRONG.items()
        ),
        Misconception(
            "no-shuffle",
            (_drawn(order=lambda n, rng: np.arange(n)),),
            "The examples come in their original order, so every epoch sees the same batches. Draw "
            "the order from rng.",
        ),
        Misconception(
            "breaks-pairs",
            (_pairs_broken,),
            "X and Y are shuffled apart, so examples get other examples’ targets. One order serves "
            "both.",
        ),
        Misconception(
            "with-replacement",
            (_drawn(order=lambda n, rng: rng.integers(n, size=n)),),
            "Some examples come twice in the epoch and others never. Draw one order of all of them.",
        ),
        Misconception(
            "ignores-argument",
            (
                _drawn(order=lambda n, rng: np.random.default_rng(0).permutation(n)),
                _as_one_batch,
                _one_by_one,
            ),
            "rng or batch_size has no effect: draw the order from the rng that is handed over, and "
            "make a step after each batch_size examples.",
        ),
    ),
    right=(_nielsen, _float32, _in_place_on_copies),
    hints=(
        "An epoch is a loop over your own `iterate_minibatches`. What happens to one batch?",
        "For each batch: forward, backward, sgd_step. The next batch starts from the params that the "
        "step has returned.",
        "for X_batch, Y_batch in iterate_minibatches(X, Y, batch_size, rng): activations = "
        "forward(X_batch, params); grads = backward(params, activations, Y_batch); params = "
        "sgd_step(params, grads, learning_rate). After the loop, return params.",
    ),
    slide="deck D, “Mini Batch Gradient”",
    uses=("iterate_minibatches", "sgd_step"),
    ready_made=("nnkit.training", "nnkit.network"),
)
