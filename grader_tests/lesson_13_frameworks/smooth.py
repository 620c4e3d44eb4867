"""`smooth`: the smoothed curves of TensorBoard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched


def smooth(values: np.ndarray, weight: float) -> np.ndarray:
    """Return s_i = Σ_{j≤i} w^{i−j} v_j / Σ_{j≤i} w^{i−j}, one per value."""
    smoothed = np.empty(len(values))
    total, weights = 0.0, 0.0
    for i, value in enumerate(values):
        total = weight * total + value
        weights = weight * weights + 1
        smoothed[i] = total / weights
    return smoothed


def cases(rng: np.random.Generator) -> list[Case]:
    """Curves that go up and down, weights that are no one's default and not their own 1 − w."""

    def curve(n: int) -> np.ndarray:
        return rng.uniform(0.6, 3.0, n) * rng.choice([-1.0, 1.0], n)

    def weight(low: float = 0.65, high: float = 0.88) -> float:
        return round(float(rng.uniform(low, high)), 3)

    level = float(rng.uniform(2.0, 5.0))
    return [
        Case("few", (curve(4), weight())),
        Case("few", (curve(7), np.array(weight()))),
        Case("few", (curve(5), weight(0.1, 0.4))),
        Case("few", (curve(1), weight())),
        Case("many", (curve(60), weight(0.93, 0.98))),
        Case("many", (curve(35) + np.linspace(9.0, 0.0, 35), weight())),
        Case("no-weight", (curve(6), 0.0)),
        Case("no-weight", (curve(3), 0)),
        Case("level", (np.full(9, level), weight())),
    ]


def _average(
    start: Callable[[Any], Any] = lambda values: 0.0,
    divisor: Callable[[Any, int], Any] = lambda weight, i: 1.0,
) -> Callable[..., Any]:
    """Build a moving average from its first value and what its i-th value is divided by."""

    def version(values: Any, weight: Any) -> Any:
        smoothed, average = [], start(values)
        for i, value in enumerate(values):
            average = weight * average + (1 - weight) * value
            smoothed.append(average / divisor(weight, i))
        return np.array(smoothed)

    return version


def _sums(values: Any, weight: Any) -> Any:
    return smooth(values, weight) * np.cumsum(float(weight) ** np.arange(len(values)))


def _as_tensorboard(scalars: Any, weight: Any) -> Any:
    last, smoothed = 0.0, []
    for count, value in enumerate(scalars.tolist(), start=1):
        last = last * weight + (1 - weight) * value
        smoothed.append(last / (1 - weight**count))
    return smoothed


def _by_definition(v: Any, w: Any) -> Any:
    print(len(v))
    n = len(v)
    return [
        sum(w ** (i - j) * v[j] for j in range(i + 1)) / sum(w ** (i - j) for j in range(i + 1))
        for i in range(n)
    ]


def _convolved(values: Any, weight: Any, dtype: Any = np.float32) -> Any:
    powers = np.power(weight, np.arange(len(values), dtype=float)).astype(dtype)
    sums = np.convolve(values.astype(dtype), powers)[: len(values)]
    return sums / np.cumsum(powers)


def _as_a_matrix(values: Any, weight: Any) -> Any:
    i, j = np.indices((len(values), len(values)))
    W = np.where(j <= i, float(weight) ** np.maximum(i - j, 0), 0.0)
    return tuple(W @ values / W.sum(axis=1))


EXERCISE = Exercise(
    reference=smooth,
    cases=cases,
    criteria=(
        Criterion("few", "the smoothed values of a short curve", 3, ("few",)),
        Criterion("many", "a long curve, a weight close to 1", 2, ("many",)),
        Criterion("no-weight", "weight 0 changes nothing", 1, ("no-weight",), only_with="few"),
        Criterion("level", "a level curve stays where it is", 1, ("level",), only_with="few"),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "no-bias-correction",
            (_average(), _average(start=lambda values: values[0])),
            "A plain moving average leans towards where it starts, at 0 or at the first value, which "
            "then counts too much. Divide by the sum of the weights so far, 1 − wⁱ after i values.",
        ),
        Misconception(
            "wrong-time-step",
            (
                _average(divisor=lambda weight, i: 1 - weight**i),
                _average(divisor=lambda weight, i: 1 - weight ** (i + 2)),
            ),
            "The correction is one value early or late: after the first value it is 1 − w, after the "
            "second 1 − w², so the first smoothed value is the first value itself.",
        ),
        Misconception(
            "sum-instead-of-mean",
            (_sums,),
            "This is the weighted sum alone. Divide it by the sum of its weights, or a level curve "
            "does not stay level.",
        ),
        Misconception(
            "swapped",
            (lambda values, weight: smooth(values, 1 - weight),),
            "w and 1 − w have changed places: a weight close to 1 smooths much, weight 0 not at all.",
        ),
        Misconception(
            "ignores-argument",
            (
                general.with_fixed(smooth, weight=0.6),
                general.with_fixed(smooth, weight=0.9),
                general.with_fixed(smooth, weight=1.0),
                lambda values, weight: values,
            ),
            "The weight that is handed over has no effect: a value that is k steps back counts with wᵏ.",
        ),
    ),
    right=(_as_tensorboard, _by_definition, _convolved, _as_a_matrix),
    hints=(
        "Write down the first three smoothed values by hand, with w left as a letter.",
        "From one value to the next both sums do the same: times w, then add the new term, v for the "
        "one above the line and 1 for the one below.",
        "total = weight · total + value; weights = weight · weights + 1; the smoothed value is "
        "total / weights. Both start at 0.",
    ),
    slide="deck D, “TensorBoard”",
    equivalents={
        "weights, total = (0.0, 0.0)": "both start at 0",
    },
)
