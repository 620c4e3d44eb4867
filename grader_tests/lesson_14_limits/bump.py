"""`bump`: two neurons that make a step up and a step down."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched


def bump(x: Any, left: float, right: float, height: float, steepness: float = 50.0) -> Any:
    """Return height·(σ(steepness(x − left)) − σ(steepness(x − right)))."""
    return height * (sigmoid(steepness * (x - left)) - sigmoid(steepness * (x - right)))


def sigmoid(z: Any) -> Any:
    """σ(z); where e⁻ᶻ is infinite, 1 / (1 + ∞) = 0 is right."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def cases(rng: np.random.Generator) -> list[Case]:
    """Bumps whose two edges meet, so that their difference is no product; edges like cliffs; far x.

    The x are where the bump rises, falls and stands; numbers are so near to an edge that the result
    is not almost 0.
    """

    def edges(width: float) -> tuple[float, float, float]:
        left = round(float(rng.uniform(-2.0, 1.0)), 3)
        height = round(float(rng.uniform(1.5, 4.0) * rng.choice([-1.0, 1.0])), 3)
        return left, round(left + width, 3), height

    def soft(*shape: int) -> Case:
        steepness = round(float(rng.uniform(2.0, 6.0)), 2)
        left, right, height = edges(float(rng.uniform(2.0, 4.0)) / steepness)
        x = rng.uniform(left - 2 / steepness, right + 2 / steepness, shape)
        kind = "values" if len(shape) == 1 else "shapes"
        return Case(kind, (x, left, right, height), {"steepness": steepness})

    def at_an_edge(number: Callable[[float], Any]) -> Case:
        left, right, height = edges(0.7)
        place = left + float(rng.uniform(-0.03, 0.03))
        return Case("shapes", (number(place), left, right, height), {"steepness": 40.0})

    def whole_number() -> Case:
        _, _, height = edges(1.0)
        x = int(rng.integers(1, 5))
        return Case("shapes", (x, x - 0.13, x + 0.21, height), {"steepness": 5})

    return [
        soft(7),
        soft(5),
        soft(1),
        soft(2, 3),
        soft(3, 1, 2),
        at_an_edge(float),
        at_an_edge(np.array),
        whole_number(),
        *(_default(rng, *edges(float(rng.uniform(0.06, 0.2)))) for _ in range(2)),
        *(_far(rng, *edges(2.0), steepness) for steepness in (60.0, 10_000.0)),
        Case("far", (-1e6, *edges(1.5)), {"steepness": 900.0}),
        Case("far", (np.array(1e6), *edges(1.5))),
    ]


def _default(rng: np.random.Generator, left: float, right: float, height: float) -> Case:
    return Case("default", (rng.uniform(left - 0.03, right + 0.03, 6), left, right, height))


def _far(
    rng: np.random.Generator, left: float, right: float, height: float, steepness: float
) -> Case:
    x = rng.permutation(
        [-1e6, -730.0, left - 1.0, left + 0.5, right - 0.4, right + 1.0, 912.0, 1e6]
    )
    return Case("far", (x, left, right, height), {"steepness": steepness})


def _version(
    f: Callable[[Any], Any] = sigmoid,
    together: Callable[[Any, Any], Any] = lambda up, down: up - down,
    scaled: Callable[[Any, Any, Any], Any] = lambda x, edge, s: s * (x - edge),
) -> Callable[..., Any]:
    """Build a version from its activation, what it makes of the two neurons, and their z."""

    def version(x: Any, left: Any, right: Any, height: Any, steepness: Any = 50.0) -> Any:
        up, down = f(scaled(x, left, steepness)), f(scaled(x, right, steepness))
        return height * together(up, down)

    return version


def _growing(z: Any) -> Any:
    return np.exp(z) / (1 + np.exp(z))


def _with_loops(x: Any, left: Any, right: Any, height: Any, steepness: Any = 50.0) -> Any:
    def s(z: float) -> float:
        if z < -700:
            return 0.0
        return 1 / (1 + math.exp(-z))

    values = [
        height * (s(steepness * (t - left)) - s(steepness * (t - right)))
        for t in np.ravel(x).tolist()
    ]
    return np.reshape(values, np.shape(x)).tolist()


def _by_tanh(t: Any, a: Any, b: Any, h: Any, steepness: Any = 50.0, show: Any = True) -> Any:
    print(steepness)
    half = 0.5 * steepness
    return 0.5 * h * (np.tanh(half * (t - a)) - np.tanh(half * (t - b)))


def _float32(x: Any, left: Any, right: Any, height: Any, steepness: Any = 50.0) -> Any:
    def stable(z: Any) -> Any:
        e = np.exp(-np.abs(z))
        return np.where(z >= 0, 1 / (1 + e), e / (1 + e))

    x = np.asarray(x, dtype=np.float32)
    steps = stable(
        np.float32(steepness) * (x[..., None] - np.array([left, right], dtype=np.float32))
    )
    return np.float32(height) * (steps[..., 0] - steps[..., 1])


def _clipped(x: Any, left: Any, right: Any, height: Any, steepness: Any = 50.0) -> Any:
    z = np.clip(steepness * np.subtract.outer(x, [left, right]), -500, 500)
    return (1 / (1 + np.exp(-z))) @ np.array([height, -height])


EXERCISE = Exercise(
    reference=bump,
    cases=cases,
    criteria=(
        Criterion("values", "the bump, at its edges and between them", 3, ("values",)),
        Criterion("shapes", "x a number, or an array of any shape", 2, ("shapes",)),
        Criterion("default", "steepness 50 where none is given", 1, ("default",)),
        Criterion("far", "steep edges, and x far away from them", 2, ("far",), atol=1e-9),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "wrong-sign",
            (
                _version(together=lambda up, down: down - up),
                _version(together=lambda up, down: up + down),
            ),
            "The two steps are put together with the wrong signs. The one at left goes up, the one at "
            "right takes it down again: the first minus the second.",
        ),
        Misconception(
            "unstable",
            (_version(_growing),),
            "eᶻ/(1 + eᶻ) is ∞/∞ where z is large. 1/(1 + e⁻ᶻ) is the same function, and where e⁻ᶻ "
            "overflows it still gives 0.",
        ),
        Misconception(
            "wrong-bias",
            (
                _version(scaled=lambda x, edge, s: s * x - edge),
                _version(scaled=lambda x, edge, s: s * (x + edge)),
                _version(scaled=lambda x, edge, s: s * x + edge),
            ),
            "The steps are not at left and right. A neuron with the weight s has its step where "
            "s·x + b = 0, so the bias of a step at `left` is −s·left.",
        ),
        Misconception(
            "ignores-argument",
            (
                general.with_fixed(bump, steepness=50.0),
                general.with_fixed(bump, steepness=1.0),
                general.with_fixed(bump, height=1.0),
            ),
            "steepness or height has no effect; use the values that are handed over.",
        ),
        general.wrong_factor(
            bump,
            2.0,
            0.5,
            says="The bump is twice as high as it should be, or half as high. Each step goes from 0 to "
            "1, so their difference is 1 on top.",
        ),
        Misconception(
            "wrong-activation",
            (
                _version(lambda z: np.where(z > 0, 1.0, 0.0)),
                _version(lambda z: np.where(z >= 0, 1.0, 0.0)),
                _version(np.tanh),
                _version(lambda z: np.maximum(z, 0.0)),
            ),
            "The two neurons have another activation than the sigmoid, whose steps have soft edges.",
        ),
        Misconception(
            "missing-activation",
            (_version(lambda z: z),),
            "Without σ the difference of the two sums is the same for every x. The bump comes from the "
            "activation.",
        ),
    ),
    right=(_with_loops, _by_tanh, _float32, _clipped),
    hints=(
        "Draw σ(steepness·(x − left)): a step from 0 to 1. What must be added so that it comes down "
        "again at right?",
        "The second step is the same with right in the place of left, and it is subtracted; then comes "
        "the height.",
        "height · (σ(steepness · (x − left)) − σ(steepness · (x − right))), with σ(z) = 1/(1 + e⁻ᶻ).",
    ),
    slide="deck D, “Neural Networks” (any continuous function)",
)
