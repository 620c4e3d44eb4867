"""`rmsprop_step`: each parameter's step divided by the usual size of its gradient."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_11_optimizers.state import cancels, positive, rate, signed

Result = tuple[np.ndarray, np.ndarray]


def rmsprop_step(
    p: np.ndarray,
    g: np.ndarray,
    s: np.ndarray,
    learning_rate: float,
    rho: float = 0.9,
    eps: float = 1e-8,
) -> Result:
    """Return (p, s): s ← ρs + (1 − ρ)g², p ← p − learning_rate·g/(√s + ε)."""
    s = rho * s + (1 - rho) * g**2
    return p - learning_rate * g / (np.sqrt(s) + eps), s


TINY = 1e-7  # the size of gradients beside which even the default eps shows


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw gradients of usual size with a large eps, tiny ones with the default, and zeros."""

    def case(kind: str, shape: tuple[int, ...], scale: float = 1.0, **options: Any) -> Case:
        while True:
            p, g, s = signed(rng, shape), signed(rng, shape, scale), positive(rng, shape, scale**2)
            args = (p, g, s, rate(rng))
            if not cancels((p, s), rmsprop_step(*args, **options)):
                return Case(kind, args, options)

    rhos = rng.choice([0.3, 0.5, 0.6, 0.7, 0.95], 4, replace=False).tolist()
    large = rng.uniform(0.1, 0.3, 4).tolist()
    zero = (signed(rng, (3,)), np.array([0.0, 0.7, 0.0]), np.zeros(3), rate(rng))
    return [
        case("given", (4,), rho=rhos[0], eps=large[0]),
        case("given", (3, 2), rho=rhos[1], eps=large[1]),
        case("default", (5,)),
        case("default", (2, 3)),
        case("default", (4,), TINY),
        case("shape", (), rho=rhos[2], eps=large[2]),
        case("shape", (2, 3, 2), rho=rhos[3], eps=large[3]),
        Case("zero", zero),
    ]


def _version(
    average: Callable[..., Any] = lambda s, g, rho: rho * s + (1 - rho) * g**2,
    divisor: Callable[..., Any] = lambda s, eps: np.sqrt(s) + eps,
    step: Callable[..., Any] = lambda p, g, size, rate: p - rate * g / size,
    used: Callable[..., Any] = lambda old, new: new,
    returned: Callable[..., Any] = lambda old, new: new,
) -> Callable[..., Any]:
    """Build a version of the function from its steps and the s it uses and returns."""

    def version(p: Any, g: Any, s: Any, learning_rate: Any, rho: Any = 0.9, eps: Any = 1e-8) -> Any:
        new = average(s, g, rho)
        return step(p, g, divisor(used(s, new), eps), learning_rate), returned(s, new)

    return version


def _with_loops(p: Any, g: Any, s: Any, learning_rate: Any, rho: Any = 0.9, eps: Any = 1e-8) -> Any:
    new_p, new_s = [], []
    for p_i, g_i, s_i in zip(p.ravel(), g.ravel(), s.ravel()):
        s_i = rho * s_i + (1 - rho) * g_i * g_i
        new_p.append(p_i - learning_rate / (math.sqrt(s_i) + eps) * g_i)
        new_s.append(s_i)
    return [np.reshape(new_p, p.shape), np.reshape(new_s, s.shape)]


def _float32(
    w: Any, gradient: Any, cache: Any, eta: Any, rho: Any = 0.9, eps: Any = 1e-8, tell: Any = True
) -> Any:
    w, gradient, cache = (a.astype(np.float32) for a in (w, gradient, cache))
    cache = cache + np.float32(1 - rho) * (np.square(gradient) - cache)
    print(cache)
    return w - np.float32(eta) * gradient / (cache**0.5 + np.float32(eps)), cache


def _copies(p: Any, g: Any, s: Any, learning_rate: Any, rho: Any = 0.9, eps: Any = 1e-8) -> Any:
    new = np.stack([p, s])
    new[1] *= rho
    new[1] += g * g * (1 - rho)
    new[0] -= np.multiply(learning_rate, g) * (1 / (np.sqrt(new[1]) + eps))
    return new


EXERCISE = Exercise(
    reference=rmsprop_step,
    cases=cases,
    criteria=(
        Criterion("average", "the new average s", 2, ("given",), parts=(1,)),
        Criterion("step", "the step of p", 3, ("given",), parts=(0,)),
        Criterion("default", "rho is 0.9 and eps 1e-8 where they are left out", 2, ("default",)),
        Criterion("shape", "parameters of any shape, a single number too", 1, ("shape",)),
        Criterion("zero", "a gradient that has always been 0", 1, ("zero",), only_with="step"),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "epsilon-inside-root",
            (_version(divisor=lambda s, eps: np.sqrt(s + eps)),),
            "ε is under the root. It is added to √s, not to s.",
        ),
        Misconception(
            "missing-root",
            (_version(divisor=lambda s, eps: s + eps),),
            "The root is missing. s is an average of squares; √s is as large as a usual gradient.",
        ),
        Misconception(
            "stale-state",
            (
                _version(used=lambda old, new: old),
                _version(returned=lambda old, new: old),
            ),
            "The old s is used where the new one belongs: first s takes in the new gradient, then the "
            "step is divided by its root, and the new s is returned.",
        ),
        Misconception(
            "sum-instead-of-mean",
            (
                _version(lambda s, g, rho: rho * s + g**2),
                _version(lambda s, g, rho: s + g**2),
            ),
            "The squares are added up. s is a moving average: ρ times the old one plus 1 − ρ times the "
            "new square.",
        ),
        Misconception(
            "wrong-factor",
            (
                _version(lambda s, g, rho: (1 - rho) * s + rho * g**2),
                _version(lambda s, g, rho: rho * s + rho * g**2),
            ),
            "The factors are not where they belong: ρ goes with the old average, 1 − ρ with the new "
            "square.",
        ),
        Misconception(
            "missing-square",
            (
                _version(lambda s, g, rho: rho * s + (1 - rho) * g),
                _version(lambda s, g, rho: rho * s + (1 - rho) * np.abs(g)),
            ),
            "The gradient goes into s as it is. s averages its square, g², which has no sign.",
        ),
        Misconception(
            "missing-learning-rate",
            (_version(step=lambda p, g, size, rate: p - g / size),),
            "The learning rate has no effect: the step is learning_rate · g/(√s + ε).",
        ),
        Misconception(
            "wrong-sign",
            (_version(step=lambda p, g, size, rate: p + rate * g / size),),
            "The step goes up the slope: it is subtracted from p.",
        ),
        Misconception(
            "ignores-argument",
            (
                general.with_fixed(rmsprop_step, rho=0.9),
                general.with_fixed(rmsprop_step, eps=1e-8),
                _version(divisor=lambda s, eps: np.sqrt(s)),
                _version(lambda s, g, rho: (1 - rho) * g**2),
                _version(lambda s, g, rho: g**2),
            ),
            "rho, eps or s has no effect: use the values that are handed over. (Without ε a gradient of "
            "0 would be divided by 0.)",
        ),
        general.swapped_results(
            rmsprop_step, says="The two results come in the wrong order: first p, then s."
        ),
    ),
    right=(_with_loops, _float32, _copies),
    hints=(
        "s remembers how large a parameter’s gradients usually are: an average of their squares that "
        "slowly forgets.",
        "First the new s: ρ parts of the old one, 1 − ρ parts of g². Then p moves by the gradient, "
        "divided by √s + ε.",
        "s = rho · s + (1 − rho) · g², then p = p − learning_rate · g / (np.sqrt(s) + eps); return p "
        "and s.",
    ),
    slide="deck D, “RMSProp Optimizer”",
    ready_made=("nnkit.optimizers",),
)
