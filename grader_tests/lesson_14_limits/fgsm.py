"""`fgsm`: the fast gradient sign method, a small step that fools a net."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched


def fgsm(x: np.ndarray, gradient: np.ndarray, epsilon: float) -> np.ndarray:
    """Return x + epsilon·sign(gradient), kept in [0, 1]."""
    return np.clip(x + epsilon * np.sign(gradient), 0, 1)


def cases(rng: np.random.Generator) -> list[Case]:
    """Pixels far from black and white, and pixels that are either; gradients of 0 among others."""

    def gradient(shape: tuple[int, ...]) -> np.ndarray:
        return np.asarray(rng.uniform(0.1, 3.0, shape) * rng.choice([-1.0, 1.0], shape))

    def inside(*shape: int) -> tuple[np.ndarray, np.ndarray, float]:
        return np.asarray(rng.uniform(0.3, 0.7, shape)), gradient(shape), _epsilon(rng)

    with_zeros = []
    for _ in range(2):
        x, g, epsilon = inside(8)
        g[rng.permutation(8)[:4]] = 0.0
        with_zeros.append(Case("zeros", (x, g, epsilon)))
    return [
        Case("inside", inside(6)),
        Case("inside", inside(5)),
        *with_zeros,
        Case("edges", _at_the_edges(rng)),
        Case("edges", _at_the_edges(rng)),
        Case("shapes", inside(4, 3)),
        Case("shapes", inside(2, 3, 4)),
        Case("shapes", (*inside()[:2], np.array(_epsilon(rng)))),
    ]


def _epsilon(rng: np.random.Generator) -> float:
    return round(float(rng.uniform(0.12, 0.24)), 3)


def _at_the_edges(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, float]:
    """Draw black, white, nearly black, nearly white and grey pixels, each pushed both ways."""
    x = np.repeat([0.0, 1.0, rng.uniform(0.01, 0.1), rng.uniform(0.9, 0.99), 0.4], 2)
    g = rng.uniform(0.1, 3.0, 10) * np.tile([1.0, -1.0], 5)
    order = rng.permutation(10)
    return x[order], g[order], _epsilon(rng)


def _clipped(change: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Build a version from its change of the pixels."""
    return lambda x, gradient, epsilon: np.clip(x + change(gradient, epsilon), 0, 1)


def _limited(limit: Callable[[Any], Any]) -> Callable[..., Any]:
    """Build a version from what it does to keep the pixels within their limits."""
    return lambda x, gradient, epsilon: limit(x + epsilon * np.sign(gradient))


def _clips_too_early(x: Any, gradient: Any, epsilon: Any) -> Any:
    return np.clip(x, 0, 1) + epsilon * np.sign(gradient)


def _with_loops(x: Any, gradient: Any, epsilon: Any) -> Any:
    result = []
    for pixel, g in zip(np.ravel(x).tolist(), np.ravel(gradient).tolist(), strict=True):
        if g > 0:
            pixel = min(pixel + epsilon, 1.0)
        elif g < 0:
            pixel = max(pixel - epsilon, 0.0)
        result.append(pixel)
    return np.reshape(result, np.shape(x)).tolist()


def _by_masks(image: Any, grad: Any, eps: Any = 0.1, low: Any = 0.0, high: Any = 1.0) -> Any:
    print(eps)
    moved = np.asarray(image, dtype=np.float32) + np.float32(eps) * (
        (grad > 0).astype("f4") - (grad < 0)
    )
    return np.minimum(high, np.maximum(low, moved))


def _by_division(x: Any, gradient: Any, epsilon: Any) -> Any:
    size = np.where(gradient == 0, 1.0, np.abs(gradient))
    return (x + epsilon * gradient / size).clip(min=0, max=1)


EXERCISE = Exercise(
    reference=fgsm,
    cases=cases,
    criteria=(
        Criterion("inside", "a step of ε along the gradient’s sign", 3, ("inside",)),
        Criterion("zeros", "no step where the gradient is 0", 1, ("zeros",)),
        Criterion("edges", "the result stays between 0 and 1", 2, ("edges",)),
        Criterion("shapes", "images, batches of images, a single number", 1, ("shapes",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "no-clip",
            (
                _limited(lambda x: x),
                _limited(lambda x: np.minimum(x, 1)),
                _limited(lambda x: np.maximum(x, 0)),
                _limited(lambda x: np.clip(x, -1, 1)),
                _limited(lambda x: np.clip(x, 0, 255)),
                _clips_too_early,
            ),
            "Some pixels end below 0 or above 1, where there is no grey. Clip the sum to [0, 1], as the "
            "last step.",
        ),
        Misconception(
            "no-sign",
            (
                _clipped(lambda g, epsilon: epsilon * g),
                _clipped(lambda g, epsilon: epsilon * g / np.max(np.abs(g))),
                _clipped(lambda g, epsilon: epsilon * g / np.sqrt(np.sum(g**2))),
            ),
            "The step follows the gradient itself. The method takes its sign alone, so that every pixel "
            "moves by the same ε, which no eye notices.",
        ),
        Misconception(
            "wrong-sign",
            (_clipped(lambda g, epsilon: -epsilon * np.sign(g)),),
            "The step goes downhill, which helps the net. Training subtracts the gradient, an attack "
            "adds its sign.",
        ),
        Misconception(
            "wrong-boundary",
            (
                _clipped(lambda g, epsilon: epsilon * np.where(g > 0, 1, -1)),
                _clipped(lambda g, epsilon: epsilon * np.where(g >= 0, 1, -1)),
            ),
            "The sign has three values: 1, −1, and 0 where the gradient is 0. A pixel that does not "
            "matter stays as it is.",
        ),
        Misconception(
            "ignores-argument",
            (
                general.with_fixed(fgsm, epsilon=0.1),
                general.with_fixed(fgsm, epsilon=0.25),
                general.with_fixed(fgsm, epsilon=1.0),
                _clipped(lambda g, epsilon: epsilon),
            ),
            "epsilon or the gradient has no effect: the step is epsilon times the gradient’s sign.",
        ),
    ),
    right=(_with_loops, _by_masks, _by_division),
    hints=(
        "By how much may a pixel change so that no one sees it, and in which direction does the cost "
        "grow?",
        "np.sign gives 1, 0 or −1 for each entry. What if a white pixel is to become lighter still?",
        "np.clip(…, 0, 1) around x + epsilon · np.sign(gradient).",
    ),
    slide="deck B, “Breaking Linear Classifiers on ImageNet”",
    ready_made=("nnkit.adversarial",),
    equivalents={
        "return np.clip(0, x + epsilon * np.sign(gradient), 1)": "the same by clip’s own rule",
    },
)
