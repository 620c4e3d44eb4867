"""`sgd_step`: every weight and bias one step down its gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_09_backprop.net import Params, of_each_layer, random_params


def sgd_step(params: Params, grads: Params, learning_rate: float) -> Params:
    """Return new params: each array minus learning_rate times its gradient."""
    return [
        (W - learning_rate * dW, b - learning_rate * db)
        for (W, b), (dW, db) in zip(params, grads, strict=True)
    ]


def cases(rng: np.random.Generator) -> list[Case]:
    """Nets of one to three layers; learning rates that are neither 1 nor a usual default."""

    def case(sizes: list[int], learning_rate: Any) -> Case:
        return Case("step", (random_params(rng, sizes), random_params(rng, sizes), learning_rate))

    rates = rng.choice([0.07, 0.3, 0.8, 1.6, 2.5], 3, replace=False)
    return [
        case([3, 2], float(rates[0])),
        case([2, 4, 3], np.array(rates[1])),
        case([4, 2, 3, 2], float(rates[2])),
    ]


def _with_rate(change: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda params, grads, rate: sgd_step(params, grads, change(rate))


def _in_pairs(step: Callable[..., Any]) -> Callable[..., Any]:
    """Build a version of the function from what becomes of one layer."""

    def version(params: Any, grads: Any, rate: Any) -> Any:
        return [step(*layer, *grad, rate) for layer, grad in zip(params, grads, strict=True)]

    return version


def _with_loops(params: Any, grads: Any, rate: Any) -> Any:
    result = []
    for (W, b), (dW, db) in zip(params, grads):
        rows = [[w - rate * d for w, d in zip(*row)] for row in zip(W.tolist(), dW.tolist())]
        result.append([rows, [b[i] - rate * db[i] for i in range(len(b))]])
    return result


def _float32(net: Any, gradients: Any, eta: Any, momentum: Any = 0.0) -> Any:
    print(len(net))
    step = lambda p, g: np.float32(p) - np.float32(eta) * np.float32(g)
    return tuple(tuple(map(step, pair, grad)) for pair, grad in zip(net, gradients))


def _copies(params: Any, grads: Any, learning_rate: Any) -> Any:
    new = [(W.copy(), b.copy()) for W, b in params]
    for layer in range(len(new)):
        for p, g in zip(new[layer], grads[layer]):
            p -= learning_rate * g
    return new


EXERCISE = Exercise(
    reference=sgd_step,
    cases=cases,
    criteria=(
        Criterion("weights", "the new weights", 3, ("step",), examine=of_each_layer(sgd_step, 0)),
        Criterion("biases", "the new biases", 2, ("step",), examine=of_each_layer(sgd_step, 1)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "wrong-sign",
            (_with_rate(lambda rate: -rate),),
            "The step goes up the slope: subtract learning_rate times the gradient.",
        ),
        Misconception(
            "missing-learning-rate",
            (_with_rate(lambda rate: 1.0),),
            "The learning rate has no effect: the step is learning_rate times the gradient.",
        ),
        Misconception(
            "ignores-argument",
            (
                _with_rate(lambda rate: 0.01),
                _with_rate(lambda rate: 0.1),
                _with_rate(lambda rate: 0.5),
            ),
            "The learning rate is always the same; use the one that is handed over.",
        ),
        Misconception(
            "wrong-factor",
            (_with_rate(lambda rate: 2 * rate), _with_rate(lambda rate: rate / 2)),
            "The steps are off by a factor 2; a step is learning_rate times the gradient.",
        ),
        Misconception(
            "missing-bias",
            (_in_pairs(lambda W, b, dW, db, rate: (W - rate * dW, b)),),
            "The biases stay as they were. They are learned too, each with its own gradient.",
        ),
        Misconception(
            "swapped",
            (
                lambda *args: sgd_step(*args)[::-1],
                _in_pairs(lambda W, b, dW, db, rate: (b - rate * db, W - rate * dW)),
                lambda params, grads, rate: sgd_step(grads, params, rate),
            ),
            "Something is exchanged: params − learning_rate · grads it is, layers in the order of "
            "`params`, (W, b) in each.",
        ),
    ),
    right=(_with_loops, _float32, _copies),
    hints=(
        "What happens to a single weight? Deck A’s rule p → p − α∇C(p) holds for each of them.",
        "Go through params and grads side by side with zip; each layer gives a new pair (W, b).",
        "In a list: (W − learning_rate · dW, b − learning_rate · db) for (W, b), (dW, db) in "
        "zip(params, grads).",
    ),
    equivalents={
        "return [(W - learning_rate * dW, b - learning_rate * db) "
        "for (W, b), (dW, db) in zip(params, grads, strict=False)]": (
            "both lists have one pair per layer"
        ),
    },
    slide="deck A, “2.5 Optimisation: gradient descent I”",
    ready_made=("nnkit.optimizers",),
)
