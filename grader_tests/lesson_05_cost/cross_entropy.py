"""`cross_entropy`: the cost of predicted probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_05_cost.batches import one_hot


def cross_entropy(P: np.ndarray, Y: np.ndarray) -> float:
    """Return the mean over the examples of −Σ y ln p, a number; where y = 0 the term is 0."""
    return float(-np.sum(Y * np.log(np.where(Y > 0, P, 1.0))) / len(P))


LIKELY = 0.03  # the smallest probability, but for the cases of kind "small" and "zero"
SMALL = (0.002, 0.004)  # an ε of 1e-6 is lost here, one of 1e-5 shows


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw probabilities with one-hot and with soft targets, then small ones and zeros.

    A cost is never 0, and each criterion has costs that differ.
    """
    return [
        _certain_targets(rng, "one", 1, 4),
        _certain_targets(rng, "one", 1, 3),
        _certain_targets(rng, "batch", 5, 3),
        _certain_targets(rng, "batch", 7, 10),
        _soft_targets(rng, 1, 3),
        _soft_targets(rng, 6, 4),
        _small_probability(rng, 3),
        _small_probability(rng, 5),
        _zeros(rng, 4, 3),
        _zeros(rng, 6, 5),
    ]


def _probabilities(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    """Draw rows that sum to 1, no entry under LIKELY."""
    return LIKELY + (1 - k * LIKELY) * rng.dirichlet(np.ones(k), n)


def _certain_targets(rng: np.random.Generator, kind: str, n: int, k: int) -> Case:
    return Case(kind, (_probabilities(rng, n, k), one_hot(rng, n, k)))


def _soft_targets(rng: np.random.Generator, n: int, k: int) -> Case:
    """Draw targets none of which is close to one-hot."""
    Y = 0.1 + (1 - 0.1 * k) * rng.dirichlet(np.full(k, 2.0), n)
    return Case("soft", (_probabilities(rng, n, k), Y / np.sum(Y, axis=1, keepdims=True)))


def _small_probability(rng: np.random.Generator, k: int) -> Case:
    """Draw one example whose right class is thought very unlikely."""
    Y, P = one_hot(rng, 1, k), _probabilities(rng, 1, k)
    small, others = rng.uniform(*SMALL), np.sum(P * (1 - Y))
    return Case("small", (np.where(Y > 0, small, P * (1 - small) / others), Y))


def _zeros(rng: np.random.Generator, n: int, k: int) -> Case:
    """Put a 0 into each row, where the target is 0; the first example is predicted perfectly."""
    Y = one_hot(rng, n, k)
    P = _probabilities(rng, n, k)
    P[np.arange(n), np.argmin(Y + rng.random((n, k)), axis=1)] = 0.0
    P[0] = Y[0]
    return Case("zero", (P / np.sum(P, axis=1, keepdims=True), Y))


# -- wrong versions -----------------------------------------------------------------------------------


def _masked(P: Any, Y: Any, log: Any) -> Any:
    return Y * log(np.where(Y > 0, P, 1.0))


def _careless(P: Any, Y: Any, log: Any) -> Any:
    return Y * log(P)


def _both(change: Callable[[Any], Any], log: Any = np.log) -> tuple[Callable[..., Any], ...]:
    """Make a mistake in what is done with the terms y ln p; 0 · ln 0 avoided, and not."""
    return tuple(lambda P, Y, t=terms: change(t(P, Y, log)) for terms in (_masked, _careless))


def _mean_over_examples(terms: Any) -> Any:
    return -np.sum(terms) / len(terms)


def _added(epsilon: float) -> Callable[..., Any]:
    return lambda P, Y: _mean_over_examples(Y * np.log(P + epsilon))


def _clipped(epsilon: float) -> Callable[..., Any]:
    clip = lambda P: np.clip(P, epsilon, 1 - epsilon)
    return lambda P, Y: _mean_over_examples(Y * np.log(clip(P)))


def _clipped_below(epsilon: float) -> Callable[..., Any]:
    return lambda P, Y: _mean_over_examples(Y * np.log(np.maximum(P, epsilon)))


def _swapped(epsilon: float) -> Callable[..., Any]:
    return lambda P, Y: _mean_over_examples(P * np.log(Y + epsilon))


def _only_the_largest_target(P: Any, Y: Any) -> Any:
    return -np.mean(np.log(P[np.arange(len(P)), np.argmax(Y, axis=1)]))


def _binary(epsilon: float) -> Callable[..., Any]:
    def version(P: Any, Y: Any) -> Any:
        terms = Y * np.log(P + epsilon) + (1 - Y) * np.log(1 - P + epsilon)
        return _mean_over_examples(terms)

    return version


def _softmax(Z: Any) -> Any:
    return np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)


TINY = (0.0, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7)

# -- right versions -----------------------------------------------------------------------------------


def _with_loops(P: Any, Y: Any) -> Any:
    total = 0.0
    for p_row, y_row in zip(P, Y):
        for p, y in zip(p_row, y_row):
            if y > 0:
                total -= y * np.log(p)
    return total / len(P)


def _with_epsilon(predicted: Any, targets: Any, epsilon: Any = 1e-7) -> Any:
    print("cross-entropy of", len(predicted))
    return np.array(-(targets * np.log(predicted + epsilon)).sum(axis=1).mean())


def _float32(P: Any, Y: Any) -> Any:
    P = np.clip(np.float32(P), np.float32(1e-7), np.float32(1))
    return -np.einsum("nk,nk->n", np.float32(Y), np.log(P)).mean(dtype=np.float32)


def _nan_taken_out(P: Any, Y: Any) -> Any:
    terms = np.nan_to_num(Y * np.log(P), nan=0.0)
    return np.mean(-terms.sum(axis=-1))


EXERCISE = Exercise(
    reference=cross_entropy,
    cases=cases,
    criteria=(
        Criterion("one", "one example with a one-hot target", 2, ("one",)),
        Criterion("batch", "the mean over several examples", 3, ("batch",)),
        Criterion("soft", "soft targets, which spread over the classes", 2, ("soft",)),
        Criterion("small", "a right class with a small probability", 1, ("small",)),
        Criterion("zero", "probabilities of 0 where the target is 0", 2, ("zero",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "unstable",
            (lambda P, Y: _mean_over_examples(Y * np.log(P)),),
            "Where p = 0 the logarithm is −∞, and 0 · (−∞) is NaN. A class with y = 0 adds nothing to "
            "the cost: leave its logarithm out, or keep p a tiny bit above 0.",
        ),
        Misconception(
            "visible-epsilon",
            (
                *(_added(epsilon) for epsilon in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5)),
                *(_clipped(epsilon) for epsilon in (1e-1, 1e-2, 1e-3)),
                *(_clipped_below(epsilon) for epsilon in (1e-1, 1e-2)),
            ),
            "The ε that keeps the logarithm finite is so large that it changes the cost. Take one as "
            "tiny as 1e-12, or none where y > 0.",
        ),
        Misconception(
            "wrong-log-base",
            (*_both(_mean_over_examples, np.log2), *_both(_mean_over_examples, np.log10)),
            "The logarithm has the wrong base: ln is the natural one, np.log.",
        ),
        Misconception(
            "sum-instead-of-mean",
            _both(lambda terms: -np.sum(terms)),
            "The examples are summed; divide by their number n.",
        ),
        Misconception(
            "mean-instead-of-sum",
            _both(lambda terms: -np.mean(terms)),
            "The classes are averaged as well: np.mean over a whole array divides by n·k. Sum over the "
            "classes of an example; only the examples are averaged.",
        ),
        Misconception(
            "wrong-axis",
            _both(lambda terms: -np.sum(terms) / terms.shape[1]),
            "The sum is divided by the number of classes, the length of the wrong axis. The mean is "
            "over the examples: divide by the number of rows.",
        ),
        Misconception(
            "wrong-sign",
            _both(lambda terms: np.sum(terms) / len(terms)),
            "The minus is missing: ln p is negative for p < 1, so −Σ y ln p is positive.",
        ),
        Misconception(
            "swapped",
            tuple(_swapped(epsilon) for epsilon in TINY),
            "P and Y are exchanged: the logarithm is taken of the predicted p, and weighted with y.",
        ),
        Misconception(
            "hard-labels",
            (_only_the_largest_target,),
            "Only the class with the largest target counts. Targets may be soft: every class adds its "
            "own y ln p.",
        ),
        Misconception(
            "extra-term",
            tuple(_binary(epsilon) for epsilon in TINY),
            "(1 − y) ln(1 − p) belongs to the cross-entropy of yes-or-no outputs. Over classes whose "
            "probabilities sum to 1 there is y ln p alone.",
        ),
        Misconception(
            "wrong-activation",
            (lambda P, Y: cross_entropy(_softmax(P), Y),),
            "P goes through another softmax. The rows of P are probabilities already.",
        ),
        Misconception(
            "ignores-argument",
            (
                lambda P, Y: -np.sum(P * np.log(np.where(P > 0, P, 1))) / len(P),
                lambda P, Y: -np.sum(P * np.log(P)) / len(P),
                lambda P, Y: -np.mean(np.log(np.max(P, axis=1))),
            ),
            "Y has no effect: each ln p is weighted with its target y.",
        ),
        general.wrong_factor(cross_entropy),
        general.first_example_only(
            cross_entropy,
            0,
            1,
            says="Only the first example counts; the cost is the mean over all rows.",
        ),
    ),
    right=(_with_loops, _with_epsilon, _float32, _nan_taken_out),
    hints=(
        "For a one-hot target only one term of the sum is left: −ln of the probability of the right "
        "class. What is the cost if that probability is 1, and if it is 0.01?",
        "Multiply Y and ln P entry by entry, sum over the classes, take the mean over the examples, "
        "turn the sign. Then look at p = 0 with y = 0.",
        "−np.sum(Y * np.log(P + 1e-12)) / len(P); or let np.where put a 1 in the place of P wherever "
        "Y is 0.",
    ),
    slide="deck D, “Evaluating a Model: Cost Function”",
    ready_made=("nnkit.losses", "nnkit.network"),
    equivalents={
        "return float(-np.sum(Y * np.log(np.where(Y != 0, P, 1.0))) / len(P))": "no target is negative",
        "return float(-np.sum(Y * np.log(np.where(Y > 0, P, 2.0))) / len(P))": "ln 2 is multiplied by 0",
    },
)
