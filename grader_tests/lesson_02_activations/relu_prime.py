"""`relu_prime`: the slope of ReLU, with 0 at the kink."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception
from grader_tests.lesson_02_activations import inputs


def relu_prime(z: np.ndarray) -> np.ndarray:
    """Return 1 where z > 0, else 0."""
    return np.where(np.asarray(z) > 0, 1.0, 0.0)


def cases(rng: np.random.Generator) -> list[Case]:
    """Zeros apart from the rest, in arrays and alone."""
    mixed = inputs.away_from_zero(rng, (6,))
    mixed[[1, 4]] = 0.0
    table = inputs.away_from_zero(rng, (3, 2))
    table[1] = 0.0
    return [
        *inputs.cases_of("values", inputs.float_arrays(rng)),
        *inputs.cases_of("zero", [mixed, table, np.array([-1, 0, 2]), np.array(0.0), 0.0]),
        *inputs.cases_of("numbers", inputs.numbers(rng)),
        *inputs.cases_of("integers", inputs.integers(rng)),
        *inputs.cases_of("extremes", [*inputs.far_both(rng), 10_000.0]),
    ]


def _with_loops(z: Any) -> Any:
    z = np.asarray(z)
    slopes = np.zeros_like(z)
    for index in np.ndindex(z.shape):
        if z[index] > 0:
            slopes[index] = 1
    return slopes


def _truth_values(x: Any, threshold: Any = 0) -> Any:
    print(x)
    return np.greater(x, threshold)


def _float32(z: Any) -> Any:
    return np.heaviside(np.asarray(z, dtype=np.float32), 0).tolist()


def _by_sign(z: Any) -> Any:
    return np.sign(np.maximum(z, 0))


EXERCISE = Exercise(
    reference=relu_prime,
    cases=cases,
    criteria=inputs.criteria(
        "arrays of any shape: 1 where z is positive, 0 where it is negative",
        Criterion("zero", "0 at z = 0", 1, ("zero",)),
        extremes="right for |z| up to 10,000",
    ),
    mistakes=(
        Misconception(
            "wrong-boundary",
            (
                lambda z: np.where(np.asarray(z) >= 0, 1.0, 0.0),
                lambda z: np.heaviside(z, 0.5),
            ),
            "At z = 0, where ReLU has a kink, this course takes the slope 0: 1 only where z > 0.",
        ),
        Misconception(
            "unstable",
            (
                lambda z: np.maximum(0, z) / np.asarray(z),
                lambda z: (1 + np.abs(z) / np.asarray(z)) / 2,
            ),
            "At z = 0 this divides 0 by 0, which is no number. Compare z with 0 instead of dividing.",
        ),
        Misconception(
            "missing-derivative",
            (
                lambda z: np.maximum(0, z),
                lambda z: z,
            ),
            "This is not the slope. Where ReLU is z, its slope is 1; where it is 0, its slope is 0.",
        ),
        Misconception(
            "wrong-sign",
            (
                lambda z: np.where(np.asarray(z) < 0, 1.0, 0.0),
                lambda z: np.where(np.asarray(z) <= 0, 1.0, 0.0),
                lambda z: np.where(np.asarray(z) > 0, -1.0, 0.0),
            ),
            "A sign is turned round: the slope is 1 where z is positive and 0 where it is negative.",
        ),
        Misconception(
            "wrong-activation",
            (
                np.sign,
                lambda z: np.where(np.asarray(z) > 0, 1.0, -1.0),
                lambda z: np.where(np.asarray(z) > 0, 1.0, 0.1),
                lambda z: np.where(np.asarray(z) > 0, 1.0, 0.01),
                lambda z: np.where(np.asarray(z) >= 0, 1.0, 0.1),
            ),
            "This is another slope. ReLU is flat left of 0, so its slope there is exactly 0: not −1, as "
            "for |z|, and not 0.1, as for leaky ReLU.",
        ),
        Misconception(
            "raises",
            (
                lambda z: 1 if z > 0 else 0,
                lambda z: 0 if z <= 0 else 1,
                lambda z: int(z > 0),
            ),
            inputs.ONE_AT_A_TIME,
        ),
        general.wrong_factor(relu_prime, says="The slope is off by a factor; right of 0 it is 1."),
    ),
    right=(_with_loops, _truth_values, _float32, _by_sign),
    hints=(
        "Only two slopes occur. Look at the drawing of ReLU: which one, and where?",
        "Comparing an array with 0 gives an array of True and False, and these count as 1 and 0.",
        "np.where(z > 0, 1.0, 0.0): at z = 0 the comparison is False, which gives the 0 asked for.",
    ),
    slide="deck D, “ReLU”",
    uses=("relu",),
    ready_made=("nnkit.activations",),
    equivalents={
        "return np.where(1.0, np.asarray(z) > 0, 0.0)": "True and False count as 1 and 0",
    },
)
