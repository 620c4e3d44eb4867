"""`relu`: 0 for negative z, z itself for positive ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests.exercise import Case, Exercise, Misconception
from grader_tests.lesson_02_activations import inputs


def relu(z: np.ndarray) -> np.ndarray:
    """Return max(0, z), entry by entry."""
    return np.maximum(0, z)


def cases(rng: np.random.Generator) -> list[Case]:
    """Arrays of several shapes, single numbers, whole numbers; large entries apart from small ones."""
    far = [*inputs.far_left(rng), *inputs.far_right(rng), 10_000.0, np.array(-5_000.0)]
    return [
        *inputs.cases_of("values", inputs.with_zero(inputs.float_arrays(rng))),
        *inputs.cases_of("numbers", inputs.numbers(rng)),
        *inputs.cases_of("integers", inputs.integers(rng)),
        *inputs.cases_of("extremes", far),
    ]


def _with_loops(z: Any) -> Any:
    flat = []
    for t in np.ravel(z):
        if t > 0:
            flat.append(t)
        else:
            flat.append(0)
    return np.array(flat).reshape(np.shape(z))


def _float32(x: Any, threshold: Any = 0.0) -> Any:
    x = np.array(x, dtype="float32")
    x[x < threshold] = threshold
    print("largest:", x.max())
    return x.tolist()


def _masked(z: Any) -> Any:
    return z * (np.asarray(z) > 0)


def _by_size(z: Any) -> Any:
    return (z + np.abs(z)) / 2


EXERCISE = Exercise(
    reference=relu,
    cases=cases,
    criteria=inputs.criteria(
        "arrays of any shape: z where it is positive, else 0",
        extremes="right for |z| up to 10,000",
    ),
    mistakes=(
        Misconception(
            "wrong-sign",
            (
                lambda z: np.minimum(0, z),
                lambda z: np.maximum(0, -np.asarray(z)),
                lambda z: -np.maximum(0, z),
            ),
            "A sign is turned round: positive z pass unchanged, negative ones become 0.",
        ),
        Misconception(
            "wrong-axis",
            (
                lambda z: np.max(z, 0),
                lambda z: np.max(z, axis=0),
            ),
            "np.max looks for the largest entry along an axis. np.maximum compares two things entry by "
            "entry, here z and 0.",
        ),
        Misconception(
            "missing-activation",
            (lambda z: z,),
            "z comes back as it is. Its negative entries must become 0.",
        ),
        Misconception(
            "wrong-activation",
            (
                np.abs,
                lambda z: np.maximum(0.1 * np.asarray(z), z),
                lambda z: np.maximum(0.01 * np.asarray(z), z),
                lambda z: np.clip(z, 0, 1),
                lambda z: np.where(np.asarray(z) > 0, 1.0, 0.0),
                lambda z: 1 / (1 + np.exp(-z)),
                lambda z: np.log(1 + np.exp(z)),
                lambda z: np.log1p(np.exp(z)),
            ),
            "This is another function. ReLU is max(0, z): exactly 0 for every negative z, and z itself, "
            "however large, for every positive one.",
        ),
        Misconception(
            "raises",
            (
                lambda z: z if z > 0 else 0,
                lambda z: 0 if z < 0 else z,
                lambda z: max(0, z),
                lambda z: max(z, 0),
                lambda z: np.max(0, z),
            ),
            inputs.ONE_AT_A_TIME,
        ),
        Misconception(
            "wrong-type",
            (
                np.vectorize(lambda t: max(0, t)),
                np.vectorize(lambda t: t if t > 0 else 0),
                lambda z: np.maximum(0, z).astype(int),
            ),
            "Fractions are cut off: the result holds integers. (np.vectorize takes the first "
            "result’s type, and that is the integer 0; np.maximum needs no loop at all.)",
        ),
    ),
    right=(_with_loops, _float32, _masked, _by_size),
    hints=(
        "Draw it: a flat line up to 0, then a straight line with slope 1.",
        "Each entry is to be compared with 0, and the larger of the two kept. numpy has a function for "
        "two arguments.",
        "np.maximum(0, z), not np.max: this one compares entry by entry.",
    ),
    slide="deck D, “ReLU”",
    ready_made=("nnkit.activations",),
    equivalents={"return np.maximum(z, 0)": "np.maximum does not mind the order"},
)
