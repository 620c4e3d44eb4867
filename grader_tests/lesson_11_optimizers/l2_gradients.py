"""`l2_gradients`: what a penalty on large weights adds to the gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_09_backprop.net import Params, of_each_layer, random_params


def l2_gradients(grads: Params, params: Params, strength: float) -> Params:
    """Return the gradients of the cost plus ½·strength·Σ‖W‖²; biases are not penalised."""
    return [(dW + strength * W, db) for (dW, db), (W, _) in zip(grads, params, strict=True)]


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw nets of one to three layers and strengths that show beside the gradients."""

    def case(sizes: list[int], strength: Any) -> Case:
        return Case(
            "penalty", (random_params(rng, sizes), random_params(rng, sizes, 2.0), strength)
        )

    strengths = rng.choice([0.05, 0.2, 0.3, 0.7, 1.6], 3, replace=False)
    return [
        case([3, 2], float(strengths[0])),
        case([2, 4, 3], np.array(strengths[1])),
        case([4, 2, 3, 1], float(strengths[2])),
    ]


def _version(
    weights: Callable[..., Any] = lambda dW, W, strength: dW + strength * W,
    biases: Callable[..., Any] = lambda db, b, strength: db,
) -> Callable[..., Any]:
    """Build a version of the function from what becomes of the two gradients of a layer."""

    def version(grads: Any, params: Any, strength: Any) -> Any:
        return [
            (weights(dW, W, strength), biases(db, b, strength))
            for (dW, db), (W, b) in zip(grads, params, strict=True)
        ]

    return version


def _with_loops(grads: Any, params: Any, strength: Any) -> Any:
    result = []
    for layer in range(len(grads)):
        W, dW = params[layer][0].tolist(), grads[layer][0].tolist()
        rows = [[d + strength * w for d, w in zip(*row)] for row in zip(dW, W)]
        result.append([rows, list(grads[layer][1])])
    return result


def _float32(gradients: Any, weights: Any, decay: Any, verbose: Any = True) -> Any:
    print(len(gradients))
    return tuple(
        (np.float32(dW) + np.float32(decay) * np.float32(W), np.float32(db) + 0 * np.float32(b))
        for (dW, db), (W, b) in zip(gradients, weights)
    )


def _copies(grads: Any, params: Any, strength: Any) -> Any:
    new = [(dW.copy(), db.copy()) for dW, db in grads]
    for pair, (W, _) in zip(new, params):
        np.add(pair[0], np.multiply(W, strength), out=pair[0])
    return new


EXERCISE = Exercise(
    reference=l2_gradients,
    cases=cases,
    criteria=(
        Criterion(
            "weights",
            "the gradients of the weights",
            4,
            ("penalty",),
            examine=of_each_layer(l2_gradients, 0),
        ),
        Criterion(
            "biases",
            "the gradients of the biases",
            2,
            ("penalty",),
            only_with="weights",
            examine=of_each_layer(l2_gradients, 1),
        ),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "penalises-bias",
            (_version(biases=lambda db, b, strength: db + strength * b),),
            "The biases are penalised too. The penalty is on the weights alone; a large bias does no "
            "harm.",
        ),
        Misconception(
            "wrong-factor",
            (
                _version(lambda dW, W, strength: dW + 2 * strength * W),
                _version(lambda dW, W, strength: dW + strength / 2 * W),
            ),
            "The penalty’s gradient is off by a factor 2. The ½ in ½·strength·‖W‖² is there to cancel "
            "the 2 of the square.",
        ),
        Misconception(
            "missing-derivative",
            (
                _version(lambda dW, W, strength: dW + strength / 2 * W**2),
                _version(lambda dW, W, strength: dW + strength / 2 * np.sum(W**2)),
                _version(lambda dW, W, strength: dW + strength * np.sum(W**2)),
                _version(lambda dW, W, strength: dW + strength * W**2),
            ),
            "The penalty itself is added. Gradients want its derivative: that of ½·strength·w² is "
            "strength·w, for each weight.",
        ),
        Misconception(
            "wrong-norm",
            (_version(lambda dW, W, strength: dW + strength * np.sign(W)),),
            "This is the L1 penalty, whose gradient knows only the sign. That of ½·strength·w² is "
            "strength·w.",
        ),
        Misconception(
            "ignores-argument",
            (
                _version(lambda dW, W, strength: dW + W),
                _version(lambda dW, W, strength: dW + 0.01 * W),
                _version(lambda dW, W, strength: dW),
                _version(lambda dW, W, strength: strength * W),
            ),
            "An argument has no effect: the penalty adds strength times W to each dW, with the strength "
            "that is handed over.",
        ),
        Misconception(
            "wrong-sign",
            (_version(lambda dW, W, strength: dW - strength * W),),
            "The penalty is subtracted, which rewards large weights. It is added to the cost, so its "
            "gradient is added too.",
        ),
        Misconception(
            "swapped",
            (
                lambda grads, params, strength: l2_gradients(params, grads, strength),
                lambda *args: l2_gradients(*args)[::-1],
                lambda *args: [(db, dW) for dW, db in l2_gradients(*args)],
            ),
            "Something is exchanged. The gradients are the first argument, the params the second; the "
            "result has the order of both: first layer first, (dW, db) in each pair.",
        ),
        Misconception(
            "missing-bias",
            (_version(biases=lambda db, b, strength: np.zeros_like(db)),),
            "The biases’ gradients are lost. Only the penalty leaves them out: db comes back as it was.",
        ),
    ),
    right=(_with_loops, _float32, _copies),
    hints=(
        "How does the cost change with one weight, if ½·strength·w² is added to it?",
        "Each dW grows by strength times its own W; each db stays what it is. Go through both lists "
        "together.",
        "In a list: (dW + strength · W, db) for (dW, db), (W, b) in zip(grads, params).",
    ),
    equivalents={
        "return [(dW + strength * W, db) for (dW, db), (W, _) in zip(grads, params, strict=False)]": (
            "both lists have one pair per layer"
        ),
    },
    slide="deck D, “Core Modules”",
    ready_made=("nnkit.regularizers", "nnkit.network"),
)
