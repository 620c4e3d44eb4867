"""`momentum_step`: a step along a velocity that gathers the gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_11_optimizers.state import cancels, rate, signed

Result = tuple[np.ndarray, np.ndarray]


def momentum_step(
    p: np.ndarray, g: np.ndarray, v: np.ndarray, learning_rate: float, beta: float = 0.9
) -> Result:
    """Return (p, v): v ← βv + g, p ← p − learning_rate·v."""
    v = beta * v + g
    return p - learning_rate * v, v


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw velocities that have gathered several gradients; beta by name, and left out."""

    def case(kind: str, shape: tuple[int, ...], **options: Any) -> Case:
        while True:
            p, g, v = signed(rng, shape), signed(rng, shape), signed(rng, shape, 3.0)
            args = (p, g, v, rate(rng))
            if not cancels((p, v), momentum_step(*args, **options)):
                return Case(kind, args, options)

    betas = rng.choice([0.3, 0.5, 0.7, 0.8, 0.95], 5, replace=False).tolist()
    return [
        case("given", (4,), beta=betas[0]),
        case("given", (3, 2), beta=betas[1]),
        case("default", (5,)),
        case("default", (2, 3)),
        case("shape", (), beta=betas[2]),
        case("shape", (2, 3, 2), beta=betas[3]),
        case("shape", (), beta=betas[4]),
    ]


def _version(
    velocity: Callable[..., Any] = lambda v, g, beta: beta * v + g,
    step: Callable[..., Any] = lambda p, old, new, g, rate: p - rate * new,
    returned: Callable[..., Any] = lambda old, new: new,
) -> Callable[..., Any]:
    """Build a version of the function from its two lines and the velocity it returns."""

    def version(p: Any, g: Any, v: Any, learning_rate: Any, beta: Any = 0.9) -> Any:
        new = velocity(v, g, beta)
        return step(p, v, new, g, learning_rate), returned(v, new)

    return version


def _rate_inside(sign: float) -> Callable[..., Any]:
    """Keep the learning rate in the velocity, as Keras does, with either sign."""

    def version(p: Any, g: Any, v: Any, learning_rate: Any, beta: Any = 0.9) -> Any:
        new = beta * v + sign * learning_rate * g
        return p - sign * new, new

    return version


def _with_loops(p: Any, g: Any, v: Any, learning_rate: Any, beta: Any = 0.9) -> Any:
    new_p, new_v = p.copy(), v.copy()
    for i in np.ndindex(p.shape):
        new_v[i] = beta * v[i] + g[i]
        new_p[i] = p[i] - learning_rate * new_v[i]
    return [new_p, new_v]


def _float32(
    w: Any, gradient: Any, velocity: Any, eta: Any, beta: Any = 0.9, tell: Any = True
) -> Any:
    w, gradient, velocity = (a.astype(np.float32) for a in (w, gradient, velocity))
    velocity = np.float32(beta) * velocity + gradient
    print(velocity)
    return w - np.float32(eta) * velocity, velocity


def _as_lists(p: Any, g: Any, v: Any, learning_rate: Any, beta: Any = 0.9) -> Any:
    change = -learning_rate * beta * v - learning_rate * g
    return np.add(p, change).tolist(), (change / -learning_rate).tolist()


EXERCISE = Exercise(
    reference=momentum_step,
    cases=cases,
    criteria=(
        Criterion("velocity", "the new velocity v", 2, ("given",), parts=(1,)),
        Criterion("step", "the step of p along it", 2, ("given",), parts=(0,)),
        Criterion("default", "beta is 0.9 where it is left out", 2, ("default",)),
        Criterion("shape", "parameters of any shape, a single number too", 1, ("shape",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "keras-momentum",
            (_rate_inside(-1.0), _rate_inside(1.0)),
            "The learning rate is inside v, as in Keras. Over a whole training that comes to the same, "
            "but not for the v that is handed over and comes back here: it gathers plain gradients, "
            "βv + g, and the learning rate enters with the step.",
        ),
        Misconception(
            "mean-instead-of-sum",
            (_version(lambda v, g, beta: beta * v + (1 - beta) * g),),
            "v is an average, with a factor 1 − β on the gradient. Momentum gathers whole gradients: "
            "βv + g.",
        ),
        Misconception(
            "stale-state",
            (
                _version(step=lambda p, old, new, g, rate: p - rate * old),
                _version(returned=lambda old, new: old),
            ),
            "The old v is used where the new one belongs: first v becomes βv + g, then p moves along "
            "the new v, and the new v is returned.",
        ),
        Misconception(
            "missing-learning-rate",
            (_version(step=lambda p, old, new, g, rate: p - new),),
            "The learning rate has no effect: the step is learning_rate times v.",
        ),
        Misconception(
            "wrong-sign",
            (
                _version(step=lambda p, old, new, g, rate: p + rate * new),
                _version(lambda v, g, beta: beta * v - g),
                _version(
                    lambda v, g, beta: beta * v - g, lambda p, old, new, g, rate: p + rate * new
                ),
            ),
            "A sign is turned round: v gathers +g, and p moves against it, p − learning_rate·v.",
        ),
        Misconception(
            "ignores-argument",
            (
                general.with_fixed(momentum_step, beta=0.9),
                _version(lambda v, g, beta: g),
                _version(step=lambda p, old, new, g, rate: p - rate * g),
            ),
            "beta or v has no effect. What is left of the old velocity, β·v, is what momentum is about.",
        ),
        Misconception(
            "wrong-factor",
            (
                _version(lambda v, g, beta: v + beta * g),
                _version(lambda v, g, beta: (1 - beta) * v + beta * g),
                _version(lambda v, g, beta: (1 - beta) * v + g),
                _version(lambda v, g, beta: v + g),
            ),
            "The factors are not where they belong: β goes with the old velocity, and the new gradient "
            "comes whole.",
        ),
        general.swapped_results(
            momentum_step, says="The two results come in the wrong order: first p, then v."
        ),
    ),
    right=(_with_loops, _float32, _as_lists),
    hints=(
        "Think of a ball that rolls downhill: each step it keeps a part β of its velocity and the slope "
        "adds to it.",
        "Two lines: first the new velocity from the old one and the gradient, then p, moved by that new "
        "velocity.",
        "v = beta · v + g, then p = p − learning_rate · v; return p, v.",
    ),
    slide="deck D, “RMSProp Optimizer”",
    ready_made=("nnkit.optimizers",),
)
