"""`gradient_step`: one step downhill."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_06_gradient_descent.lines import away_from_zero


def gradient_step(p: np.ndarray, gradient: np.ndarray, learning_rate: float) -> np.ndarray:
    """Return p − learning_rate · gradient, in the shape of p."""
    return p - learning_rate * gradient


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw numbers, 0-d arrays, vectors, matrices and a block; a step is some part of p."""

    def case(kind: str, *shape: int, python: bool = False) -> Case:
        learning_rate = float(rng.choice([0.03, 0.2, 0.3, 0.7, 1.7]))
        p = away_from_zero(rng, shape, 0.5, 2.0)
        gradient = np.asarray(p * away_from_zero(rng, shape, 0.3, 0.7) / learning_rate)
        if python:
            return Case(kind, (float(p), float(gradient), learning_rate))
        return Case(
            kind, (p, gradient, np.array(learning_rate) if shape == (4,) else learning_rate)
        )

    return [
        case("number", python=True),
        case("number", python=True),
        case("number"),
        case("vector", 3),
        case("vector", 4),
        case("any", 2, 3),
        case("any", 5, 1),
        case("any", 2, 3, 4),
    ]


def _with_loop(p: Any, gradient: Any, learning_rate: Any) -> Any:
    if np.ndim(p) == 0:
        return p - learning_rate * gradient
    return [_with_loop(p[i], gradient[i], learning_rate) for i in range(len(p))]


def _in_place_on_a_copy(parameters: Any, slope: Any, eta: Any, momentum: Any = 0.0) -> Any:
    new = np.array(parameters)
    new -= eta * slope
    print(new)
    return new


def _float32(p: Any, gradient: Any, learning_rate: Any) -> Any:
    return np.float32(p) + np.float32(-learning_rate) * np.float32(gradient)


EXERCISE = Exercise(
    reference=gradient_step,
    cases=cases,
    criteria=(
        Criterion("number", "a step of a single number", 2, ("number",)),
        Criterion("vector", "a step of several parameters", 2, ("vector",)),
        Criterion("any", "arrays of any shape", 1, ("any",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "wrong-sign",
            (lambda p, gradient, learning_rate: p + learning_rate * gradient,),
            "This step goes uphill: the gradient points where the cost grows, so subtract it.",
        ),
        Misconception(
            "missing-learning-rate",
            (
                lambda p, gradient, learning_rate: p - gradient,
                lambda p, gradient, learning_rate: p - gradient / learning_rate,
                lambda p, gradient, learning_rate: p - learning_rate,
                lambda p, gradient, learning_rate: p - np.sign(gradient) * learning_rate,
            ),
            "The step must be the product of learning_rate and gradient.",
        ),
        Misconception(
            "ignores-argument",
            (
                *(
                    lambda p, gradient, learning_rate, fixed=fixed: p - fixed * gradient
                    for fixed in (0.001, 0.01, 0.1, 0.5)
                ),
                lambda p, gradient, learning_rate: learning_rate * gradient,
                lambda p, gradient, learning_rate: -learning_rate * gradient,
            ),
            "p or learning_rate has no effect. The result is the new p: the old one, less learning_rate "
            "times the gradient.",
        ),
        Misconception(
            "wrong-factor",
            (
                lambda p, gradient, learning_rate: p - 2 * learning_rate * gradient,
                lambda p, gradient, learning_rate: p - learning_rate * gradient / 2,
            ),
            "The step is off by a factor 2; the gradient already holds all factors.",
        ),
        Misconception(
            "swapped",
            (
                lambda p, gradient, learning_rate: gradient - learning_rate * p,
                lambda p, gradient, learning_rate: learning_rate * gradient - p,
                lambda p, gradient, learning_rate: (p - learning_rate) * gradient,
            ),
            "The parts of the formula are exchanged: from p, the product of learning_rate and gradient "
            "is subtracted.",
        ),
    ),
    right=(_with_loop, _in_place_on_a_copy, _float32),
    hints=(
        "Deck D’s first step: the slope is −5.704, the learning rate 0.1, and the intercept goes from 0 "
        "to 0.5704. How?",
        "The step is learning_rate · gradient. Does it have to be added or subtracted?",
        "return p − learning_rate * gradient: NumPy does it for any shape. Do not write p −= …, which "
        "changes the caller’s array.",
    ),
    slide="deck A, “2.5 Optimisation: gradient descent I”",
    ready_made=("nnkit.optimizers",),
)
