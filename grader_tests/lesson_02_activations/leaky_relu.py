"""`leaky_relu`: ReLU with a gentle slope left of 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception
from grader_tests.lesson_02_activations import inputs


def leaky_relu(z: np.ndarray, slope: float = 0.1) -> np.ndarray:
    """Return z where z > 0, else slope · z."""
    return np.where(np.asarray(z) > 0, z, slope * np.asarray(z))


def cases(rng: np.random.Generator) -> list[Case]:
    """Leave the slope to its default, or give it, 0 and 1 too; keep large entries from small ones."""
    slope = float(rng.choice([0.25, 0.3, 0.4]))
    options = [
        *inputs.cases_of("options", inputs.float_arrays(rng)[:2], {"slope": slope}),
        *inputs.cases_of("options", [inputs.number(rng, -1)], {"slope": 0.6}),
        *inputs.cases_of("options", [inputs.away_from_zero(rng, (4,))], {"slope": 0.0}),
        *inputs.cases_of("options", [inputs.away_from_zero(rng, (4,))], {"slope": 1.0}),
    ]
    far = [*inputs.far_left(rng), *inputs.far_right(rng), 10_000.0, np.array(-5_000.0)]
    return [
        *inputs.cases_of("values", inputs.with_zero(inputs.float_arrays(rng))),
        *options,
        *inputs.cases_of("numbers", inputs.numbers(rng)),
        *inputs.cases_of("integers", inputs.integers(rng)),
        *inputs.cases_of("extremes", far),
    ]


def _with_loops(z: Any, slope: Any = 0.1) -> Any:
    flat = []
    for t in np.ravel(z).tolist():
        flat.append(t if t > 0 else slope * t)
    return np.array(flat).reshape(np.shape(z))


def _float32(x: Any, slope: Any = 0.1, verbose: Any = True) -> Any:
    x = np.asarray(x, dtype=np.float32)
    if verbose:
        print("slope", slope)
    return np.maximum(np.float32(slope) * x, x).tolist()


def _two_parts(z: Any, *, slope: Any = 1 / 10) -> Any:
    return np.maximum(z, 0) + slope * np.minimum(z, 0)


def _masked(z: Any, slope: Any = 0.1) -> Any:
    z = np.array(z, dtype=float)
    z[z < 0] *= slope
    return z


EXERCISE = Exercise(
    reference=leaky_relu,
    cases=cases,
    criteria=inputs.criteria(
        "arrays of any shape, with the slope 0.1",
        Criterion("options", "another slope", 2, ("options",)),
        extremes="right for |z| up to 10,000",
    ),
    mistakes=(
        Misconception(
            "ignores-argument",
            (
                general.with_fixed(leaky_relu, slope=0.1),
                general.with_fixed(leaky_relu, slope=0.01),
            ),
            "The slope is always the same; use the one that is handed over.",
        ),
        Misconception(
            "wrong-factor",
            (
                lambda z, slope=0.01: leaky_relu(z, slope),
                lambda z, slope=0.2: leaky_relu(z, slope),
                lambda z, slope=0.1: np.where(np.asarray(z) > 0, z, slope**2 * np.asarray(z)),
            ),
            "The slope left of 0 is not the one asked for. In this course it is 0.1 unless another is "
            "handed over.",
        ),
        Misconception(
            "wrong-sign",
            (
                lambda z, slope=0.1: np.where(np.asarray(z) > 0, z, -slope * np.asarray(z)),
                lambda z, slope=0.1: -leaky_relu(z, slope),
            ),
            "A sign is turned round. Left of 0 the line goes on downwards: slope · z is negative there.",
        ),
        Misconception(
            "swapped",
            (
                lambda z, slope=0.1: np.where(np.asarray(z) > 0, slope * np.asarray(z), z),
                lambda z, slope=0.1: np.minimum(slope * np.asarray(z), z),
            ),
            "The two sides are exchanged: positive z pass unchanged, negative ones are multiplied by "
            "the slope.",
        ),
        Misconception(
            "missing-factor",
            (
                lambda z, slope=0.1: np.where(np.asarray(z) > 0, z, slope),
                lambda z, slope=0.1: np.maximum(slope, z),
                lambda z, slope=0.1: np.where(np.asarray(z) > 0, z, -slope),
            ),
            "Left of 0 the result is the slope itself. It must be multiplied by z, or there is no slope "
            "but a flat line.",
        ),
        Misconception(
            "missing-derivative",
            (lambda z, slope=0.1: np.where(np.asarray(z) > 0, 1.0, slope),),
            "This is the derivative: 1 or the slope. Asked for is the function, z or slope · z.",
        ),
        Misconception(
            "missing-activation",
            (
                lambda z, slope=0.1: z,
                lambda z, slope=0.1: slope * np.asarray(z),
            ),
            "The result is one straight line. Only negative z are multiplied by the slope.",
        ),
        Misconception(
            "wrong-activation",
            (
                lambda z, slope=0.1: np.maximum(0, z),
                lambda z, slope=0.1: np.where(
                    np.asarray(z) > 0, z, slope * np.expm1(np.minimum(z, 0))
                ),
            ),
            "This is another function. Leaky ReLU is a straight line on either side of 0: z to the "
            "right, slope · z to the left.",
        ),
        Misconception(
            "raises",
            (
                lambda z, slope=0.1: z if z > 0 else slope * z,
                lambda z, slope=0.1: slope * z if z < 0 else z,
                lambda z, slope=0.1: max(slope * z, z),
                lambda z, slope=0.1: np.max(slope * z, z),
            ),
            inputs.ONE_AT_A_TIME,
        ),
        Misconception("wrong-type", (inputs.cut_to_integers(leaky_relu),), inputs.CUT_OFF),
    ),
    right=(_with_loops, _float32, _two_parts, _masked),
    hints=(
        "It differs from ReLU on one side only. What happens to −2 with the slope 0.1?",
        "np.where chooses between two arrays entry by entry; or compare z with slope · z.",
        "np.where(z > 0, z, slope * z).",
    ),
    slide="deck D, “Leaky ReLU”",
    ready_made=("nnkit.activations",),
    equivalents={
        "return np.where(np.asarray(z) >= 0, z, slope * np.asarray(z))": "both sides are 0 at 0",
    },
)
