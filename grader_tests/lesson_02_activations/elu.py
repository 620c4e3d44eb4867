"""`elu`: z for positive z, a curve down to −alpha for negative ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception
from grader_tests.lesson_02_activations import inputs


def elu(z: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    """Return z where z > 0, else alpha · (eᶻ − 1)."""
    return np.where(np.asarray(z) > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1))


def cases(rng: np.random.Generator) -> list[Case]:
    """Alpha left to its default and given, smaller and larger than 1; large entries apart."""
    small, large = float(rng.choice([0.3, 0.5, 0.6])), float(rng.choice([1.7, 2.0, 2.5]))
    options = [
        *inputs.cases_of("options", inputs.float_arrays(rng)[:2], {"alpha": small}),
        *inputs.cases_of("options", inputs.float_arrays(rng)[2:], {"alpha": large}),
        *inputs.cases_of("options", [inputs.number(rng, -1)], {"alpha": large}),
        *inputs.cases_of("extremes", inputs.far_left(rng), {"alpha": small}),
    ]
    far = [*inputs.far_left(rng), *inputs.far_right(rng), 10_000.0, np.array(-5_000.0)]
    return [
        *inputs.cases_of("values", inputs.with_zero(inputs.float_arrays(rng))),
        *options,
        *inputs.cases_of("numbers", inputs.numbers(rng)),
        *inputs.cases_of("integers", inputs.integers(rng)),
        *inputs.cases_of("extremes", far),
    ]


def _sides(right: Any = lambda z, alpha: z, left: Any = None) -> Any:
    """Build a version of the function from what it is right and left of 0."""

    def version(z: Any, alpha: Any = 1.0) -> Any:
        z = np.asarray(z)
        return np.where(z > 0, right(z, alpha), left(np.minimum(z, 0), alpha))

    return version


def _with_loops(z: Any, alpha: Any = 1.0) -> Any:
    flat = []
    for t in np.ravel(z).tolist():
        flat.append(t if t >= 0 else alpha * (np.exp(t) - 1))
    return np.array(flat).reshape(np.shape(z))


def _plain(z: Any, alpha: Any = 1) -> Any:
    z = np.asarray(z)
    return np.where(z > 0, z, alpha * (np.exp(z) - 1))


def _float32(x: Any, alpha: Any = 1.0, verbose: Any = True) -> Any:
    x = np.array(x, dtype=np.float32)
    if verbose:
        print("alpha", alpha)
    x[x < 0] = alpha * np.expm1(x[x < 0])
    return x.tolist()


def _two_parts(z: Any, *, alpha: Any = 1.0) -> Any:
    return np.maximum(z, 0) + alpha * np.expm1(np.minimum(z, 0))


EXERCISE = Exercise(
    reference=elu,
    cases=cases,
    criteria=inputs.criteria(
        "arrays of any shape, with alpha 1",
        Criterion("options", "another alpha", 2, ("options",)),
    ),
    mistakes=(
        Misconception(
            "ignores-argument",
            (general.with_fixed(elu, alpha=1.0),),
            "Alpha has no effect. Left of 0 it is a factor: far left the curve approaches −alpha.",
        ),
        Misconception(
            "missing-parentheses",
            (
                _sides(left=lambda z, alpha: alpha * np.exp(z) - 1),
                lambda z, alpha=1.0: np.where(np.asarray(z) > 0, z, alpha * np.exp(z - 1)),
                _sides(left=lambda z, alpha: np.exp(z) - alpha),
            ),
            "Parentheses are missing or misplaced: alpha multiplies eᶻ − 1 as a whole.",
        ),
        Misconception(
            "missing-term",
            (_sides(left=lambda z, alpha: alpha * np.exp(z)),),
            "The −1 is missing left of 0: alpha · (eᶻ − 1). With it both sides meet at 0; without it "
            "there is a jump.",
        ),
        Misconception(
            "wrong-sign",
            (
                _sides(left=lambda z, alpha: alpha * (1 - np.exp(z))),
                _sides(left=lambda z, alpha: alpha * (np.exp(-z) - 1)),
                _sides(left=lambda z, alpha: alpha * (1 - np.exp(-z))),
                _sides(left=lambda z, alpha: alpha * (np.exp(z) + 1)),
                lambda z, alpha=1.0: -elu(z, alpha),
            ),
            "A sign is turned round. Left of 0 it is alpha · (eᶻ − 1), which is negative and falls "
            "towards −alpha, never further.",
        ),
        Misconception(
            "wrong-factor",
            (_sides(lambda z, alpha: alpha * z, lambda z, alpha: alpha * (np.exp(z) - 1)),),
            "Alpha multiplies both sides. It belongs to the left one only; right of 0 the result is z.",
        ),
        Misconception(
            "swapped",
            (
                lambda z, alpha=1.0: np.where(np.asarray(z) < 0, z, alpha * (np.exp(z) - 1)),
                lambda z, alpha=1.0: np.where(np.asarray(z) > 0, alpha * (np.exp(z) - 1), z),
                lambda z, alpha=1.0: np.maximum(z, alpha * (np.exp(z) - 1)),
            ),
            "The two sides are exchanged, or both are compared: z itself where z is positive, the curve "
            "where it is negative.",
        ),
        Misconception(
            "unstable",
            (
                lambda z, alpha=1.0: (
                    (np.asarray(z) > 0) * z + (np.asarray(z) <= 0) * alpha * (np.exp(z) - 1)
                ),
                lambda z, alpha=1.0: (
                    z * (np.asarray(z) > 0) + alpha * (np.exp(z) - 1) * (np.asarray(z) < 0)
                ),
                lambda z, alpha=1.0: (
                    z * (np.asarray(z) > 0) + alpha * np.expm1(z) * (np.asarray(z) <= 0)
                ),
            ),
            "For large z the exponential is infinite, and 0 · ∞ is no number. Choose with np.where, or "
            "take the exponential of np.minimum(z, 0).",
        ),
        Misconception(
            "missing-derivative",
            (_sides(lambda z, alpha: 1.0, lambda z, alpha: alpha * np.exp(z)),),
            "This is the derivative; asked for is the function itself.",
        ),
        Misconception(
            "missing-activation",
            (
                lambda z, alpha=1.0: z,
                lambda z, alpha=1.0: alpha * (np.exp(z) - 1),
                lambda z, alpha=1.0: alpha * np.expm1(z),
            ),
            "One formula is used for all z. There are two: z where z > 0, else alpha · (eᶻ − 1).",
        ),
        Misconception(
            "wrong-activation",
            (
                lambda z, alpha=1.0: np.maximum(0, z),
                _sides(left=lambda z, alpha: alpha * z),
                _sides(left=lambda z, alpha: 0.1 * z),
                _sides(left=lambda z, alpha: alpha * np.tanh(z)),
            ),
            "This is another function. ELU bends left of 0: alpha · (eᶻ − 1).",
        ),
        Misconception(
            "raises",
            (
                lambda z, alpha=1.0: z if z > 0 else alpha * (np.exp(z) - 1),
                lambda z, alpha=1.0: alpha * (np.exp(z) - 1) if z < 0 else z,
                lambda z, alpha=1.0: max(0, z) + min(0, alpha * (np.exp(z) - 1)),
            ),
            inputs.ONE_AT_A_TIME,
        ),
        Misconception("wrong-type", (inputs.cut_to_integers(elu),), inputs.CUT_OFF),
    ),
    right=(_with_loops, _plain, _float32, _two_parts),
    hints=(
        "Two formulas, one for each side of 0, that meet at 0. Where does the left one go far to the "
        "left?",
        "Left of 0 it is alpha times (eᶻ − 1). np.where chooses between two arrays entry by entry.",
        "np.where(z > 0, z, alpha * (np.exp(z) - 1)): the exponential may overflow where it is not "
        "chosen; np.minimum(z, 0) in it keeps it quiet.",
    ),
    slide="deck D, “Exponential Linear Units (ELU)”",
    ready_made=("nnkit.activations",),
    equivalents={
        f"return np.where(np.asarray(z) {sign} 0, z, alpha * (np.exp(np.minimum({smaller})) - 1))": why
        for sign, smaller, why in (
            (">=", "z, 0", "both sides are 0 at 0"),
            (">", "z, 1", "what stands right of 0 is not chosen"),
            (">", "0, z", "np.minimum does not mind the order"),
        )
    },
)
