"""`descend`: gradient descent until the steps are small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.general import with_fixed
from grader_tests.lesson_06_gradient_descent.lines import away_from_zero

Gradient = Callable[[Any], Any]


def descend(
    gradient: Gradient,
    p0: np.ndarray,
    learning_rate: float,
    min_step: float = 0.001,
    max_steps: int = 1000,
) -> tuple[np.ndarray, int]:
    """Return (p, steps); the first step smaller than min_step is not made."""
    p = p0
    for steps in range(max_steps):
        step = learning_rate * gradient(p)
        if np.max(np.abs(step)) < min_step:
            return p, steps
        p = p - step
    return p, max_steps


# -- cases --------------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw runs that end by small steps, at max_steps, and at once.

    In all of them, float32 is exact enough to stop at the same step. Those that leave max_steps to its
    default stand late: most mistakes are told apart before they can take a thousand steps.
    """
    return [
        _from_above(rng),
        _several(rng, (5,), 0.004),
        _several(rng, (3, 2), 0.01),
        _line(rng),
        _stops_at_its_limit(rng),
        _needs_no_step(rng),
        _takes_a_thousand_steps(rng),
    ]


def _line(rng: np.random.Generator) -> Case:
    """Draw points for deck D's line: the slope is fixed, the intercept starts at 0 and must rise."""
    while True:
        n, slope = int(rng.integers(3, 6)), rng.uniform(0.3, 1.2)
        x = rng.uniform(0.5, 3.0, n)
        y = rng.uniform(0.7, 1.7) + slope * x + rng.normal(0, 0.2, n)
        gradient = _intercept_gradient(slope, x, y)
        rate = float(rng.uniform(0.1, 0.3) / n)
        if _is_clear(gradient, 0.0, rate, 0.001):
            return Case("number", (gradient, 0.0, rate))


def _intercept_gradient(slope: float, x: np.ndarray, y: np.ndarray) -> Gradient:
    return lambda intercept: -2 * np.sum(y - (np.asarray(intercept) + slope * x))


def _from_above(rng: np.random.Generator) -> Case:
    """Draw a valley that is no parabola, and a p0, a 0-d array, where its slope is positive."""
    while True:
        lowest, min_step = rng.uniform(0.5, 1.5), float(rng.uniform(0.002, 0.008))
        gradient = _valley(np.array(lowest), np.array(rng.uniform(1.0, 3.0)))
        p0, rate = np.array(lowest + rng.uniform(0.5, 1.0)), float(rng.uniform(0.06, 0.15))
        if _is_clear(gradient, p0, rate, min_step):
            return Case("number", (gradient, p0, rate), {"min_step": min_step, "max_steps": 80})


def _valley(lowest: np.ndarray, steepness: np.ndarray) -> Gradient:
    """Make the gradient of a cost that is a little steeper than a parabola."""

    def gradient(p: Any) -> Any:
        away = np.subtract(p, lowest)
        return steepness * (away + 0.3 * away**3)

    return gradient


def _several(rng: np.random.Generator, shape: tuple[int, ...], min_step: float) -> Case:
    """Draw parameters that go down alike, so that max, sum, mean and norm of a step stay apart."""
    while True:
        lowest = away_from_zero(rng, shape, 0.4, 1.5)
        gradient = _valley(lowest, rng.uniform(1.8, 2.0, shape))
        p0 = lowest + away_from_zero(rng, shape, 0.3, 0.9)
        rate, size = float(rng.uniform(0.06, 0.12)), min_step * rng.uniform(0.8, 1.2)
        if _is_clear(gradient, p0, rate, size) and _rules_differ(gradient, p0, rate, size):
            return Case("array", (gradient, p0, rate), {"min_step": float(size), "max_steps": 90})


def _stops_at_its_limit(rng: np.random.Generator) -> Case:
    lowest, limit = away_from_zero(rng, (4,), 0.5, 1.5), int(rng.integers(5, 10))
    gradient = _valley(lowest, rng.uniform(0.5, 1.0, 4))
    p0 = lowest + away_from_zero(rng, (4,), 0.5, 1.0)
    return Case("limit", (gradient, p0, 0.12), {"max_steps": limit})


def _needs_no_step(rng: np.random.Generator) -> Case:
    """Draw a p0 so close to the lowest point that the first step would be small, but not nothing."""
    lowest = away_from_zero(rng, (3,), 0.5, 1.5)
    gradient = _valley(lowest, rng.uniform(1.0, 2.0, 3))
    p0 = lowest + away_from_zero(rng, (3,), 0.02, 0.03)
    return Case("at-once", (gradient, p0, 0.3), {"min_step": 0.03})


def _takes_a_thousand_steps(rng: np.random.Generator) -> Case:
    """Draw a run that would end after some 1,700 steps; max_steps is left to its default."""
    lowest = float(away_from_zero(rng, (), 0.5, 1.5))
    p0, steepness = lowest + float(away_from_zero(rng, (), 0.8, 1.2)), rng.uniform(0.9, 1.1)
    gradient = lambda p: steepness * np.subtract(p, lowest)
    return Case("limit", (gradient, p0, 0.002), {"min_step": 0.002 * float(np.exp(-3.4))})


def _is_clear(gradient: Gradient, p0: Any, rate: float, min_step: float) -> bool:
    """Tell whether no step is close to min_step, and the one that is not made would show in p."""
    sizes, p = _steps(gradient, p0, rate, min_step, lambda step: np.max(np.abs(step)))
    enough = 6 <= len(sizes) <= 60 and bool(np.all(np.abs(sizes / min_step - 1) > 0.01))
    return enough and bool(sizes[-1] > 4e-4 * np.max(np.abs(p)))


def _rules_differ(gradient: Gradient, p0: Any, rate: float, min_step: float) -> bool:
    """Tell whether every way to measure a step gives another number of steps."""
    rules = [lambda step: np.max(np.abs(step)), *OTHER_RULES]
    runs = [_steps(gradient, p0, rate, min_step, rule)[0] for rule in rules]
    return len({len(sizes) for sizes in runs}) == len(runs)


def _steps(
    gradient: Gradient, p0: Any, rate: float, min_step: float, rule: Callable[[Any], Any]
) -> tuple[np.ndarray, Any]:
    """Return the sizes of all steps up to the one that is not made, and the last p."""
    sizes: list[float] = []
    p = p0
    while len(sizes) < 200:
        step = rate * gradient(p)
        sizes.append(float(rule(step)))
        if sizes[-1] < min_step:
            break
        p = p - step
    return np.array(sizes), p


OTHER_RULES: tuple[Callable[[Any], Any], ...] = (
    lambda step: np.linalg.norm(step),
    lambda step: np.sum(np.abs(step)),
    lambda step: np.mean(np.abs(step)),
    lambda step: np.min(np.abs(step)),
)


# -- wrong versions -----------------------------------------------------------------------------------


def _version(
    size: Callable[[Any], Any] = lambda step: np.max(np.abs(step)),
    rate_of_step: Callable[[Any], Any] = lambda rate: rate,
    rate_of_check: Callable[[Any], Any] = lambda rate: rate,
    counted: int = 0,
    counted_at_limit: int = 0,
    longer: int = 0,
) -> Callable[..., Any]:
    """Build a version of the function from how it measures, makes and counts its steps."""

    def version(
        gradient: Any, p0: Any, learning_rate: Any, min_step: Any = 0.001, max_steps: Any = 1000
    ) -> Any:
        p = p0
        for steps in range(max_steps + longer):
            slope = gradient(p)
            if size(rate_of_check(learning_rate) * slope) < min_step:
                return p, steps + counted
            p = p - rate_of_step(learning_rate) * slope
        return p, max_steps + longer + counted_at_limit

    return version


def _small_step_made(counted: int) -> Callable[..., Any]:
    def version(
        gradient: Any, p0: Any, learning_rate: Any, min_step: Any = 0.001, max_steps: Any = 1000
    ) -> Any:
        p = p0
        for steps in range(max_steps):
            step = learning_rate * gradient(p)
            p = p - step
            if np.max(np.abs(step)) < min_step:
                return p, steps + counted
        return p, max_steps

    return version


def _at_least_one_step(
    gradient: Any, p0: Any, learning_rate: Any, min_step: Any = 0.001, max_steps: Any = 1000
) -> Any:
    p, steps = p0 - learning_rate * gradient(p0), 1
    while steps < max_steps and np.max(np.abs(learning_rate * gradient(p))) >= min_step:
        p, steps = p - learning_rate * gradient(p), steps + 1
    return p, steps


def _gradient_of_p0(
    gradient: Any, p0: Any, learning_rate: Any, min_step: Any = 0.001, max_steps: Any = 1000
) -> Any:
    slope = gradient(p0)
    return descend(lambda p: slope, p0, learning_rate, min_step, max_steps)


# -- right versions -----------------------------------------------------------------------------------


def _with_while(
    gradient: Any, p0: Any, learning_rate: Any, min_step: Any = 0.001, max_steps: Any = 1000
) -> Any:
    p, steps = np.asarray(p0, dtype=float), 0
    step = learning_rate * gradient(p)
    while np.any(abs(step) >= min_step) and steps < max_steps:
        p = p - step
        steps += 1
        if steps % 100 == 0:
            print(steps, p)
        step = learning_rate * gradient(p)
    return [p, float(steps)]


def _float32(
    slope_of: Any,
    start: Any,
    eta: Any,
    min_step: Any = 1e-3,
    max_steps: Any = 1000,
    dtype: Any = None,
) -> Any:
    p: Any = np.float32(start)
    steps = 0
    while steps < max_steps:
        change = np.float32(eta) * np.asarray(slope_of(p), dtype=np.float32)
        if np.all(np.abs(change) < min_step):
            break
        p = p - change
        steps += 1
    return p, np.array(steps)


def _history(
    gradient: Any, p0: Any, learning_rate: Any, min_step: Any = 0.001, max_steps: Any = 1000
) -> Any:
    path = [p0]
    while len(path) <= max_steps:
        candidate = path[-1] - learning_rate * gradient(path[-1])
        if np.linalg.norm(np.ravel(candidate - path[-1]), np.inf) < min_step:
            break
        path.append(candidate)
    return np.asarray(path[-1]).tolist(), len(path) - 1


EXERCISE = Exercise(
    reference=descend,
    cases=cases,
    criteria=(
        Criterion("number", "the p that a single number comes to", 2, ("number",), parts=(0,)),
        Criterion("steps", "the number of steps it takes", 2, ("number",), parts=(1,)),
        Criterion("array", "both for arrays: the largest entry of a step counts", 3, ("array",)),
        Criterion("limit", "max_steps ends a run whose steps are not small yet", 2, ("limit",)),
        Criterion(
            "at-once",
            "no step where the first would be too small",
            1,
            ("at-once",),
            only_with="array",
        ),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "off-by-one-epoch",
            (
                _version(counted=1),
                _version(counted=-1),
                _version(counted=1, counted_at_limit=1),
                _version(counted_at_limit=-1),
                _version(longer=1),
                _version(longer=-1),
                _small_step_made(counted=0),
                _small_step_made(counted=1),
            ),
            "The steps are off by one. The step that is too small is neither made nor counted, and at "
            "most max_steps are made.",
        ),
        Misconception(
            "wrong-boundary",
            (_at_least_one_step,),
            "There is always a step before the first look at its size; where the first one is too small "
            "already, p0 comes back and 0 steps.",
        ),
        Misconception(
            "wrong-sign",
            (
                _version(rate_of_step=lambda rate: -rate),
                _version(size=np.max),
                _version(size=np.min),
            ),
            "A sign is wrong: the step is subtracted, to go downhill, and what is held against min_step "
            "is its size, np.abs(step), whichever way it goes.",
        ),
        Misconception(
            "missing-learning-rate",
            (
                _version(rate_of_check=lambda rate: 1.0),
                _version(rate_of_step=lambda rate: 1.0),
                _version(rate_of_step=lambda rate: 1.0, rate_of_check=lambda rate: 1.0),
            ),
            "The learning rate is left out. The step, the thing that is subtracted and that is held "
            "against min_step, is learning_rate·gradient(p).",
        ),
        Misconception(
            "wrong-stop",
            tuple(_version(size=rule) for rule in OTHER_RULES),
            "The loop stops on another measure of the step than its largest entry, "
            "np.max(np.abs(step)).",
        ),
        Misconception(
            "stale-state",
            (_gradient_of_p0,),
            "The gradient is taken once, at p0. It changes with p: call gradient(p) anew for each step.",
        ),
        Misconception(
            "ignores-argument",
            (
                with_fixed(descend, min_step=0.001),
                with_fixed(descend, min_step=0.0),
                with_fixed(descend, max_steps=1000),
                with_fixed(descend, max_steps=10000),
                *(with_fixed(descend, learning_rate=rate) for rate in (0.001, 0.01, 0.1)),
            ),
            "learning_rate, min_step or max_steps has no effect: use the values that are handed over.",
        ),
        Misconception(
            "swapped",
            (lambda *args, **options: descend(*args, **options)[::-1],),
            "The two results come in the wrong order: first p, then the number of steps.",
        ),
    ),
    right=(_with_while, _float32, _history),
    hints=(
        "One round of the loop: work out the step, look at its size, and only then make it.",
        "The size of a step is np.max(np.abs(step)): it is right for a number and for an array. "
        "Return as soon as it is under min_step.",
        "for steps in range(max_steps): step = learning_rate * gradient(p); if it is small, return p, "
        "steps; otherwise p = p − step. After the loop: return p, max_steps.",
    ),
    slide="deck D, “Gradient Descent: Summary”",
    uses=("gradient_step",),
    ready_made=("nnkit.optimizers", "nnkit.training"),
    equivalents={
        "if np.max(np.abs(step)) <= min_step:": "no step is as large as min_step",
    },
)
