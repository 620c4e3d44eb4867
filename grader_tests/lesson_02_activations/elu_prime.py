"""`elu_prime`: the slope of ELU."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception
from grader_tests.lesson_02_activations import inputs
from grader_tests.lesson_02_activations.elu import elu


def elu_prime(z: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    """Return 1 where z > 0, else alpha · eᶻ."""
    return np.where(np.asarray(z) > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


def cases(rng: np.random.Generator) -> list[Case]:
    """Alpha left to its default and given, smaller and larger than 1; never z = 0."""
    small, large = float(rng.choice([0.3, 0.5, 0.6])), float(rng.choice([1.7, 2.0, 2.5]))
    return [
        *inputs.cases_of("values", inputs.float_arrays(rng)),
        *inputs.cases_of("options", inputs.float_arrays(rng)[:2], {"alpha": small}),
        *inputs.cases_of("options", inputs.float_arrays(rng)[2:], {"alpha": large}),
        *inputs.cases_of("options", [inputs.number(rng, -1)], {"alpha": large}),
        *inputs.cases_of("numbers", inputs.numbers(rng)),
        *inputs.cases_of("integers", inputs.integers(rng)),
        *inputs.cases_of("extremes", [*inputs.far_both(rng), 10_000.0]),
        *inputs.cases_of("extremes", inputs.far_both(rng), {"alpha": large}),
    ]


def _sides(right: Any, left: Any) -> Any:
    """Build a version of the function from what it is right and left of 0."""

    def version(z: Any, alpha: Any = 1.0) -> Any:
        z = np.asarray(z)
        return np.where(z > 0, right(z, alpha), left(np.minimum(z, 0), alpha))

    return version


def _with_loops(z: Any, alpha: Any = 1.0) -> Any:
    flat = []
    for t in np.ravel(z).tolist():
        flat.append(1 if t > 0 else alpha * np.exp(t))
    return np.array(flat).reshape(np.shape(z))


def _deck_d(z: Any, alpha: Any = 1.0) -> Any:
    z = np.asarray(z)
    f = np.where(z >= 0, z, alpha * (np.exp(z) - 1))
    return np.where(z >= 0, 1, f + alpha)


def _float32(x: Any, alpha: Any = 1, verbose: Any = True) -> Any:
    x = np.asarray(x, dtype=np.float32)
    slopes = np.ones(x.shape, dtype=np.float32)
    slopes[x < 0] = alpha * np.exp(x[x < 0])
    if verbose:
        print(slopes)
    return slopes.tolist()


def _by_differences(z: Any, *, alpha: Any = 1.0) -> Any:
    h = 1e-6
    return (elu(z + h, alpha) - elu(z - h, alpha)) / (2 * h)


EXERCISE = Exercise(
    reference=elu_prime,
    cases=cases,
    criteria=inputs.criteria(
        "arrays of any shape, with alpha 1",
        Criterion("options", "another alpha", 2, ("options",)),
    ),
    mistakes=(
        Misconception(
            "missing-derivative",
            (
                elu,
                _sides(lambda z, alpha: z, lambda z, alpha: alpha * np.exp(z)),
                lambda z, alpha=1.0: elu(z, alpha) + alpha,
            ),
            "On one side at least this is the function and not its slope. Right of 0, where ELU is z, "
            "the slope is 1; left of 0 it is alpha · eᶻ.",
        ),
        Misconception(
            "ignores-argument",
            (
                general.with_fixed(elu_prime, alpha=1.0),
                _sides(lambda z, alpha: 1.0, lambda z, alpha: alpha * (np.exp(z) - 1) + 1),
            ),
            "Alpha has no effect, or is used in one place only. Left of 0 it is a factor of the slope: "
            "alpha · eᶻ, or elu(z, alpha) + alpha.",
        ),
        Misconception(
            "missing-term",
            (_sides(lambda z, alpha: 1.0, lambda z, alpha: alpha * (np.exp(z) - 1)),),
            "Left of 0 this is ELU itself. Its slope there is alpha · eᶻ, that is ELU plus alpha: the "
            "constant −alpha has no slope.",
        ),
        Misconception(
            "wrong-sign",
            (
                _sides(lambda z, alpha: 1.0, lambda z, alpha: -alpha * np.exp(z)),
                _sides(lambda z, alpha: 1.0, lambda z, alpha: alpha * np.exp(-z)),
                _sides(lambda z, alpha: 1.0, lambda z, alpha: -alpha * np.exp(-z)),
                lambda z, alpha=1.0: -elu_prime(z, alpha),
            ),
            "A sign is turned round. ELU rises everywhere, steeper towards 0: the slope left of 0 is "
            "alpha · eᶻ.",
        ),
        Misconception(
            "wrong-factor",
            (_sides(lambda z, alpha: alpha, lambda z, alpha: alpha * np.exp(z)),),
            "Alpha multiplies both sides. Right of 0 the slope is 1, whatever alpha is.",
        ),
        Misconception(
            "swapped",
            (
                lambda z, alpha=1.0: np.where(np.asarray(z) < 0, 1.0, alpha * np.exp(z)),
                lambda z, alpha=1.0: np.where(np.asarray(z) > 0, alpha * np.exp(z), 1.0),
            ),
            "The two sides are exchanged: the slope is 1 where z is positive, alpha · eᶻ where it is "
            "negative.",
        ),
        Misconception(
            "unstable",
            (
                lambda z, alpha=1.0: (np.asarray(z) > 0) + (np.asarray(z) <= 0) * alpha * np.exp(z),
                lambda z, alpha=1.0: (
                    (np.asarray(z) > 0) * 1.0 + alpha * np.exp(z) * (np.asarray(z) < 0)
                ),
            ),
            "For large z the exponential is infinite, and 0 · ∞ is no number. Choose with np.where, or "
            "take the exponential of np.minimum(z, 0).",
        ),
        Misconception(
            "missing-activation",
            (lambda z, alpha=1.0: alpha * np.exp(z),),
            "One formula is used for all z. Right of 0, where ELU is z, the slope is 1.",
        ),
        Misconception(
            "wrong-activation",
            (
                _sides(lambda z, alpha: 1.0, lambda z, alpha: 0.0),
                _sides(lambda z, alpha: 1.0, lambda z, alpha: alpha),
                _sides(lambda z, alpha: 1.0, lambda z, alpha: 0.1),
            ),
            "This is the slope of ReLU or leaky ReLU. ELU bends left of 0, so its slope varies there: "
            "alpha · eᶻ.",
        ),
        Misconception(
            "raises",
            (
                lambda z, alpha=1.0: 1 if z > 0 else alpha * np.exp(z),
                lambda z, alpha=1.0: alpha * np.exp(z) if z < 0 else 1,
            ),
            inputs.ONE_AT_A_TIME,
        ),
        Misconception("wrong-type", (inputs.cut_to_integers(elu_prime),), inputs.CUT_OFF),
    ),
    right=(_with_loops, _deck_d, _float32, _by_differences),
    hints=(
        "Each side has its own slope. What is the derivative of z, and what that of alpha · (eᶻ − 1)?",
        "The derivative of eᶻ is eᶻ, and the constant drops out. (Deck D writes it as f(z) + alpha.)",
        "np.where(z > 0, 1.0, alpha * np.exp(z)), with np.minimum(z, 0) in the exponential to keep it "
        "quiet.",
    ),
    slide="deck D, “Exponential Linear Units (ELU)”",
    ready_made=("nnkit.activations",),
    uses=("elu",),
    equivalents={
        f"return np.where(np.asarray(z) {sign} 0, 1.0, alpha * np.exp(np.minimum({smaller})))": why
        for sign, smaller, why in (
            (">=", "z, 0", "the slope at 0 is not asked for"),
            (">", "z, 1", "what stands right of 0 is not chosen"),
            (">", "0, z", "np.minimum does not mind the order"),
        )
    },
)
