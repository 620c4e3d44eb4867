"""`adam_step`: averages of the gradient and of its square, both corrected for their start at 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_11_optimizers.state import cancels, positive, rate, signed

Result = tuple[np.ndarray, np.ndarray, np.ndarray]


def adam_step(
    p: np.ndarray,
    g: np.ndarray,
    m: np.ndarray,
    v: np.ndarray,
    t: int,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> Result:
    """Return (p, m, v) after step number t, m and v without their bias correction."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return p - learning_rate * m_hat / (np.sqrt(v_hat) + eps), m, v


TINY = 1e-7  # the size of gradients beside which even the default eps shows


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw first and later steps, with betas and eps far from their defaults and without; zeros."""

    def case(kind: str, shape: tuple[int, ...], t: int, scale: float = 1.0, **options: Any) -> Case:
        """Draw m and v as they are after t − 1 steps: 0 before the first."""
        while True:
            p, g = signed(rng, shape), signed(rng, shape, scale)
            m, v = signed(rng, shape, scale), positive(rng, shape, scale**2 / 2)
            if t == 1:
                m, v = np.zeros(shape), np.zeros(shape)
            args = (p, g, m, v, t, rate(rng))
            if not cancels((p, m, v), adam_step(*args, **options)):
                return Case(kind, args, options)

    def options(which: int) -> dict[str, Any]:
        """Draw one beta above ½ and one below, where the new part is the larger one."""
        betas = float(rng.choice([0.2, 0.3, 0.4])), float(rng.choice([0.6, 0.7, 0.85]))
        eps = float(rng.uniform(0.1, 0.3))
        return {"beta1": betas[which], "beta2": betas[1 - which], "eps": eps}

    zero = (signed(rng, (3,)), np.array([0.0, 0.7, 0.0]), np.zeros(3), np.zeros(3), 1, rate(rng))
    return [
        case("given", (4,), t=3, **options(0)),
        case("given", (3, 2), t=2, **options(1)),
        case("first", (5,), t=1, **options(1)),
        case("first", (2, 3), t=1),
        case("default", (5,), t=4),
        case("default", (2, 3), t=9),
        case("default", (4,), 5, TINY),
        case("shape", (), t=2, **options(0)),
        case("shape", (2, 3, 2), t=6, **options(1)),
        Case("zero", zero),
    ]


def _correct(average: Any, beta: Any, t: Any) -> Any:
    return average / (1 - beta**t)


def _version(
    first: Callable[..., Any] = lambda m, g, beta: beta * m + (1 - beta) * g,
    second: Callable[..., Any] = lambda v, g, beta: beta * v + (1 - beta) * g**2,
    correct_m: Callable[..., Any] = _correct,
    correct_v: Callable[..., Any] = _correct,
    divisor: Callable[..., Any] = lambda v_hat, eps: np.sqrt(v_hat) + eps,
    step: Callable[..., Any] = lambda p, m_hat, size, rate: p - rate * m_hat / size,
) -> Callable[..., Any]:
    """Build a version of the function from its steps."""

    def version(
        p: Any,
        g: Any,
        m: Any,
        v: Any,
        t: Any,
        learning_rate: Any,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        eps: Any = 1e-8,
    ) -> Any:
        m, v = first(m, g, beta1), second(v, g, beta2)
        m_hat, v_hat = correct_m(m, beta1, t), correct_v(v, beta2, t)
        return step(p, m_hat, divisor(v_hat, eps), learning_rate), m, v

    return version


def _with_correction(correct: Callable[..., Any]) -> Callable[..., Any]:
    return _version(correct_m=correct, correct_v=correct)


def _uncorrected(average: Any, beta: Any, t: Any) -> Any:
    return average


def _with_step(change: Callable[[int], int]) -> Callable[..., Any]:
    return _with_correction(lambda average, beta, t: _correct(average, beta, change(t)))


def _in_another_form(
    p: Any,
    g: Any,
    m: Any,
    v: Any,
    t: Any,
    learning_rate: Any,
    beta1: Any = 0.9,
    beta2: Any = 0.999,
    eps: Any = 1e-8,
) -> Any:
    """Correct the learning rate and add eps to the uncorrected root, as some libraries do."""
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    corrected = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return p - corrected * m / (np.sqrt(v) + eps), m, v


def _old_averages(p: Any, g: Any, m: Any, v: Any, t: Any, rate: Any, **options: Any) -> Any:
    """Step with the old averages, return the new ones."""
    correct = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8} | options
    m_hat, v_hat = _correct(m, correct["beta1"], t), _correct(v, correct["beta2"], t)
    new = adam_step(p, g, m, v, t, rate, **options)
    return p - rate * m_hat / (np.sqrt(v_hat) + correct["eps"]), *new[1:]


def _corrected(p: Any, g: Any, m: Any, v: Any, t: Any, rate: Any, **options: Any) -> Any:
    betas = {"beta1": 0.9, "beta2": 0.999} | options
    p, m, v = adam_step(p, g, m, v, t, rate, **options)
    return p, _correct(m, betas["beta1"], t), _correct(v, betas["beta2"], t)


def _exchanged_betas(*args: Any, beta1: Any = 0.9, beta2: Any = 0.999, **options: Any) -> Any:
    return adam_step(*args, **{"beta1": beta2, "beta2": beta1} | options)


def _with_loops(
    p: Any,
    g: Any,
    m: Any,
    v: Any,
    t: Any,
    learning_rate: Any,
    beta1: Any = 0.9,
    beta2: Any = 0.999,
    eps: Any = 1e-8,
) -> Any:
    result = np.array([p, m, v])
    flat = result.reshape(3, -1)
    correction1, correction2 = 1.0, 1.0
    for _ in range(t):
        correction1, correction2 = correction1 * beta1, correction2 * beta2
    for i, slope in enumerate(g.ravel()):
        flat[1, i] = beta1 * flat[1, i] + (1 - beta1) * slope
        flat[2, i] = beta2 * flat[2, i] + (1 - beta2) * slope * slope
        root = (flat[2, i] / (1 - correction2)) ** 0.5
        flat[0, i] -= learning_rate * flat[1, i] / (1 - correction1) / (root + eps)
    return list(result)


def _float32(
    w: Any,
    gradient: Any,
    m: Any,
    v: Any,
    step: Any,
    eta: Any,
    beta1: Any = 0.9,
    beta2: Any = 0.999,
    eps: Any = 1e-8,
    weight_decay: Any = 0.0,
) -> Any:
    print("step", step)
    w, gradient, m, v = (a.astype(np.float32) for a in (w, gradient, m, v))
    m = np.float32(beta1) * m + np.float32(1 - beta1) * gradient
    v = np.float32(beta2) * v + np.float32(1 - beta2) * np.square(gradient)
    m_hat = m / np.float32(1 - beta1**step)
    v_hat = v / np.float32(1 - beta2**step)
    return w - np.float32(eta) * m_hat / (np.sqrt(v_hat) + np.float32(eps)), m, v


def _corrected_rate(
    p: Any,
    g: Any,
    m: Any,
    v: Any,
    t: Any,
    learning_rate: Any,
    *,
    beta1: Any = 0.9,
    beta2: Any = 0.999,
    eps: Any = 1e-8,
) -> Any:
    """Correct the learning rate instead of the averages, and eps with it."""
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    root = np.sqrt(1 - np.power(beta2, t))
    corrected = learning_rate * root / (1 - np.power(beta1, t))
    return (p - corrected * m / (np.sqrt(v) + eps * root)).tolist(), m.tolist(), v.tolist()


EXERCISE = Exercise(
    reference=adam_step,
    cases=cases,
    criteria=(
        Criterion("averages", "the new averages m and v", 2, ("given",), parts=(1, 2)),
        Criterion("step", "a later step of p", 3, ("given",), parts=(0,)),
        Criterion("first", "the first step, t = 1", 2, ("first",)),
        Criterion("default", "the defaults: 0.9, 0.999 and 1e-8", 2, ("default",)),
        Criterion("shape", "parameters of any shape, a single number too", 1, ("shape",)),
        Criterion("zero", "a gradient that has always been 0", 1, ("zero",), only_with="step"),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "no-bias-correction",
            (
                _with_correction(_uncorrected),
                _version(correct_m=_uncorrected),
                _version(correct_v=_uncorrected),
            ),
            "A bias correction is missing. m and v start at 0 and are too small at first: before the "
            "step, divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ.",
        ),
        Misconception(
            "wrong-time-step",
            (
                _with_step(lambda t: t + 1),
                _with_step(lambda t: t - 1),
                _with_step(lambda t: 1),
                _with_correction(lambda average, beta, t: average / (1 - beta * t)),
            ),
            "The time step in the bias correction is off. t counts from 1 and is used as it comes, as "
            "the exponent of the betas: 1 − β₁ᵗ, 1 − β₂ᵗ.",
        ),
        Misconception(
            "epsilon-inside-root",
            (_version(divisor=lambda v_hat, eps: np.sqrt(v_hat + eps)),),
            "ε is under the root. It is added to √v̂, not to v̂.",
        ),
        Misconception(
            "epsilon-before-correction",
            (_in_another_form,),
            "ε is added to the uncorrected √v, as some libraries have it. Here it stands beside √v̂, "
            "after the bias correction.",
        ),
        Misconception(
            "missing-root",
            (_version(divisor=lambda v_hat, eps: v_hat + eps),),
            "The root is missing. v averages squares; √v̂ is as large as a usual gradient.",
        ),
        Misconception(
            "corrected-state",
            (_corrected,),
            "The corrected averages m̂ and v̂ come back. They serve this one step; the next one needs m "
            "and v as they were before the correction.",
        ),
        Misconception(
            "stale-state",
            (
                _old_averages,
                lambda p, g, m, v, *args, **options: (
                    adam_step(p, g, m, v, *args, **options)[0],
                    m,
                    v,
                ),
            ),
            "The old averages are used where the new ones belong: first m and v take in the gradient, "
            "then p moves by them, and the new ones are returned.",
        ),
        Misconception(
            "sum-instead-of-mean",
            (
                _version(lambda m, g, beta: beta * m + g, lambda v, g, beta: beta * v + g**2),
                _version(first=lambda m, g, beta: beta * m + g),
                _version(second=lambda v, g, beta: beta * v + g**2),
            ),
            "Gradients are added up. m and v are moving averages: β times the old one plus 1 − β times "
            "what is new.",
        ),
        Misconception(
            "wrong-factor",
            (
                _version(
                    lambda m, g, beta: (1 - beta) * m + beta * g,
                    lambda v, g, beta: (1 - beta) * v + beta * g**2,
                ),
            ),
            "The factors are not where they belong: β goes with the old average, 1 − β with what is "
            "new.",
        ),
        Misconception(
            "missing-square",
            (
                _version(second=lambda v, g, beta: beta * v + (1 - beta) * g),
                _version(second=lambda v, g, beta: beta * v + (1 - beta) * np.abs(g)),
            ),
            "The gradient goes into v as it is. v averages its square, g², which has no sign.",
        ),
        Misconception(
            "missing-learning-rate",
            (_version(step=lambda p, m_hat, size, rate: p - m_hat / size),),
            "The learning rate has no effect: the step is learning_rate · m̂/(√v̂ + ε).",
        ),
        Misconception(
            "wrong-sign",
            (_version(step=lambda p, m_hat, size, rate: p + rate * m_hat / size),),
            "The step goes up the slope: it is subtracted from p.",
        ),
        Misconception(
            "ignores-argument",
            (
                general.with_fixed(adam_step, beta1=0.9),
                general.with_fixed(adam_step, beta2=0.999),
                general.with_fixed(adam_step, eps=1e-8),
                general.with_fixed(adam_step, beta1=0.9, beta2=0.999, eps=1e-8),
                _version(divisor=lambda v_hat, eps: np.sqrt(v_hat)),
                _version(lambda m, g, beta: (1 - beta) * g, lambda v, g, beta: (1 - beta) * g**2),
            ),
            "An argument has no effect: the betas, eps, m and v are to be used as they are handed over. "
            "(Without ε a gradient of 0 would be divided by 0.)",
        ),
        Misconception(
            "swapped",
            (
                lambda *args, **options: tuple(adam_step(*args, **options)[i] for i in (0, 2, 1)),
                lambda *args, **options: tuple(adam_step(*args, **options)[i] for i in (1, 2, 0)),
                _exchanged_betas,
            ),
            "Something is exchanged. The results are (p, m, v) in this order; β₁ belongs to m and β₂ to "
            "v.",
        ),
    ),
    right=(_with_loops, _float32, _corrected_rate),
    hints=(
        "Adam joins the other two: m is a moving average of the gradient, v one of its square.",
        "At first both averages are too small because they start at 0. Divide them by 1 − βᵗ (each by "
        "its own β) for the step, but keep m and v themselves for the next one.",
        "m = beta1·m + (1 − beta1)·g, v = beta2·v + (1 − beta2)·g², m_hat = m / (1 − beta1**t), v_hat = "
        "v / (1 − beta2**t), p = p − learning_rate·m_hat / (np.sqrt(v_hat) + eps); return p, m, v.",
    ),
    slide="deck D, “ADAM”",
    ready_made=("nnkit.optimizers",),
)
