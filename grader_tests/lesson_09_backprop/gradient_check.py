"""`gradient_check`: all gradients of a net against central differences of its cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_08_two_three_one.net import away_from_zero
from grader_tests.lesson_09_backprop.backward import backward
from grader_tests.lesson_09_backprop.net import (
    Params,
    forward,
    quadratic_cost,
    random_examples,
    random_params,
)
from grader_tests.lesson_09_backprop.relative_error import relative_error

Cost = Callable[[Params], float]
Moved = Callable[[float], float]  # the cost with one parameter moved by so much
Pieces = list[np.ndarray]


def gradient_check(cost: Cost, params: Params, grads: Params, eps: float = 1e-5) -> float:
    """Return the relative error of all gradients together, against central differences of the cost."""
    moved = [(W.copy(), b.copy()) for W, b in params]
    numeric = []
    for p in (p for pair in moved for p in pair):
        for i in np.ndindex(p.shape):
            middle = p[i]
            p[i] = middle + eps
            above = cost(moved)
            p[i] = middle - eps
            below = cost(moved)
            p[i] = middle
            numeric.append((above - below) / (2 * eps))
    analytic = np.concatenate([g.ravel() for pair in grads for g in pair])
    return relative_error(analytic, np.array(numeric))


ONE_SIDED: tuple[Callable[[Moved, float], float], ...] = (
    lambda f, eps: (f(eps) - f(0)) / eps,
    lambda f, eps: (f(0) - f(-eps)) / eps,
)


def cases(rng: np.random.Generator) -> list[Case]:
    """Gradients that are wrong by a tenth or more, and right ones with an eps so large that it shows.

    Exactly right gradients with a small eps would leave nothing but rounding to compare.
    """
    return [
        _case(rng, "layer", [3, 2]),
        _case(rng, "layer", [2, 4]),
        _case(rng, "net", [2, 3, 2]),
        _case(rng, "net", [3, 2, 3, 1]),
        _case(rng, "eps", [2, 3, 1], distorted=False, eps=float(rng.choice([0.2, 0.3]))),
        _case(rng, "eps", [3, 2], eps=float(rng.choice([0.1, 0.4]))),
    ]


def _case(
    rng: np.random.Generator, kind: str, sizes: list[int], distorted: bool = True, **options: Any
) -> Case:
    """Draw until a one-sided difference would be seen to be too coarse."""
    while True:
        params, (X, Y) = random_params(rng, sizes, 2.0), random_examples(rng, sizes, 4)
        grads = backward(params, forward(X, params), Y)
        if distorted:
            grads = [(_distorted(rng, dW), _distorted(rng, db)) for dW, db in grads]
        cost = _cost_of(X, Y)
        right = gradient_check(cost, params, grads, **options)
        one_sided = (_version(quotient)(cost, params, grads, **options) for quotient in ONE_SIDED)
        if all(abs(other - right) > 3e-7 for other in one_sided):
            return Case(kind, (cost, params, grads), options)


def _cost_of(X: np.ndarray, Y: np.ndarray) -> Cost:
    def cost(params: Params) -> float:
        return quadratic_cost(params, X, Y)

    return cost


def _distorted(rng: np.random.Generator, g: np.ndarray) -> np.ndarray:
    """Make each entry wrong, and each array in another measure."""
    return g * (1 + rng.uniform(0.2, 0.8) * away_from_zero(rng, g.shape, 1.0))


def _together(g: Pieces, n: Pieces) -> Any:
    return relative_error(*(np.concatenate([p.ravel() for p in pieces]) for pieces in (g, n)))


def _version(
    quotient: Callable[[Moved, float], float] = lambda f, eps: (f(eps) - f(-eps)) / (2 * eps),
    error: Callable[[Pieces, Pieces], Any] = _together,
    arrays: slice = slice(None),
    stays_at: float = 0.0,
    step: float | None = None,
) -> Callable[..., Any]:
    """Build a version of the function from its difference quotient, its error and the arrays it tests.

    A parameter that has been tested stays `stays_at` times eps from where it was; `step` is taken in
    the place of eps.
    """

    def version(cost: Any, params: Any, grads: Any, eps: Any = 1e-5) -> Any:
        eps = step or eps
        net = [(W.copy(), b.copy()) for W, b in params]
        tested = [p for pair in net for p in pair][arrays]
        numeric = [np.zeros_like(p) for p in tested]
        for p, n in zip(tested, numeric, strict=True):
            for i in np.ndindex(p.shape):
                middle = p[i]
                n[i] = quotient(_moved(cost, net, p, i), eps)
                p[i] = middle + stays_at * eps
        return error([g for pair in grads for g in pair][arrays], numeric)

    return version


def _moved(cost: Cost, net: Params, p: np.ndarray, i: tuple[int, ...]) -> Moved:
    """Return the cost of the net as a function of how far its parameter ``p[i]`` is moved."""
    middle = p[i]

    def at(h: float) -> float:
        p[i] = middle + h
        return cost(net)

    return at


def _by_norms(combine: Callable[[float, float, float], float]) -> Callable[..., Any]:
    """Combine ‖g − n‖, ‖g‖ and ‖n‖ in another way."""

    def error(g: Pieces, n: Pieces) -> float:
        a, b = (np.concatenate([p.ravel() for p in pieces]) for pieces in (g, n))
        return combine(*(float(np.linalg.norm(v)) for v in (a - b, a, b)))

    return error


def _each(combine: Callable[..., Any], split: Callable[[Pieces], Pieces]) -> Callable[..., Any]:
    """Take a relative error of each array, layer or entry and combine them."""
    return lambda g, n: combine(
        [relative_error(a, b) for a, b in zip(split(g), split(n), strict=True)]
    )


def _arrays(pieces: Pieces) -> Pieces:
    return pieces


def _layers(pieces: Pieces) -> Pieces:
    return [np.concatenate([W.ravel(), b]) for W, b in zip(pieces[::2], pieces[1::2], strict=True)]


def _entries(pieces: Pieces) -> Pieces:
    return [entry for p in pieces for entry in p.ravel()]


def _with_copies(cost: Any, params: Any, grads: Any, eps: Any = 1e-5) -> Any:
    """Make new lists for each evaluation, and add up squares instead of filling a long vector."""
    squares = np.zeros(3)
    for layer, (W, b) in enumerate(params):
        for j, k in np.ndindex(W.shape):
            step = np.zeros_like(W)
            step[j, k] = eps
            ends = [[*params[:layer], (W + s * step, b), *params[layer + 1 :]] for s in (1, -1)]
            n, g = (cost(ends[0]) - cost(ends[1])) / 2 / eps, grads[layer][0][j, k]
            squares += np.square([g - n, g, n])
        for j in range(len(b)):
            step = eps * (np.arange(len(b)) == j)
            ends = [[*params[:layer], (W, b + s * step), *params[layer + 1 :]] for s in (1, -1)]
            n, g = (cost(ends[0]) - cost(ends[1])) / 2 / eps, grads[layer][1][j]
            squares += np.square([g - n, g, n])
    difference, size_g, size_n = np.sqrt(squares)
    return np.array(difference / (size_g + size_n))


def _in_place(cost: Any, net: Any, analytic: Any, eps: Any = 1e-5, tell: Any = True) -> Any:
    """Change the net's own arrays and put every entry back exactly."""
    pairs = []
    for layer, gradients in zip(net, analytic):
        for p, g in zip(layer, gradients):
            flat = p.reshape(-1)
            for i, entry in enumerate(g.ravel()):
                before, costs = float(flat[i]), []
                for flat[i] in (before + eps, before - eps):
                    costs.append(cost(net))
                flat[i] = before
                pairs.append((entry, (costs[0] - costs[1]) / (2 * eps)))
    g, n = np.array(pairs).T
    if tell:
        print("largest difference", abs(g - n).max())
    return np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n))


def _as_one_vector(cost: Any, params: Any, grads: Any, eps: Any = 1e-5) -> Any:
    """Move a vector of all parameters; the net sees views into it."""
    theta = np.concatenate([p.ravel() for pair in params for p in pair])
    g = np.hstack([np.hstack([dW.ravel(), db]) for dW, db in grads])

    def unpacked(theta: Any) -> Any:
        net, start = [], 0
        for W, b in params:
            middle, end = start + W.size, start + W.size + b.size
            net.append([theta[start:middle].reshape(W.shape), theta[middle:end]])
            start = end
        return net

    steps = np.eye(len(theta)) * eps
    rises = [cost(unpacked(theta + step)) - cost(unpacked(theta - step)) for step in steps]
    n = np.array(rises) / (2 * eps)
    return float(np.sqrt(((g - n) ** 2).sum()) / (np.sqrt((g**2).sum()) + np.sqrt((n**2).sum())))


def _marked(name: str, title: str, points: float) -> Criterion:
    return Criterion(name, title, points, (name,), rtol=0.0, atol=1e-7)


EXERCISE = Exercise(
    reference=gradient_check,
    cases=cases,
    criteria=(
        _marked("layer", "wrong gradients of a single layer", 3),
        _marked("net", "all weights and biases of several layers together", 3),
        _marked("eps", "the eps that is handed over", 2),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "one-sided",
            (
                *(_version(quotient) for quotient in ONE_SIDED),
                _version(lambda f, eps: (f(eps) - f(0)) / (2 * eps)),
            ),
            "The cost is taken on one side only. Move the parameter up by eps and down by eps and "
            "divide the difference by 2·eps: the errors of the two sides cancel, and far more digits "
            "agree.",
        ),
        Misconception(
            "wrong-factor",
            (
                _version(lambda f, eps: (f(eps) - f(-eps)) / eps),
                _version(lambda f, eps: f(eps) - f(-eps)),
                _version(lambda f, eps: (f(eps) - f(-eps)) / 2 * eps),
                _version(lambda f, eps: (f(eps) - f(-eps)) / 2),
            ),
            "The difference of the two costs is not divided by 2·eps, the distance between the two "
            "points. (Mind the brackets: a / 2 * eps multiplies by eps.)",
        ),
        Misconception(
            "wrong-sign",
            (_version(lambda f, eps: (f(-eps) - f(eps)) / (2 * eps)),),
            "The difference is the wrong way round: the cost at p + eps minus the cost at p − eps.",
        ),
        Misconception(
            "missing-bias",
            (_version(arrays=slice(0, None, 2)),),
            "Only the weights are tested. A wrong db would go unnoticed: test the biases too.",
        ),
        Misconception(
            "piece-by-piece",
            tuple(
                _version(error=_each(combine, split))
                for split in (_arrays, _layers, _entries)
                for combine in (np.mean, np.max, np.sum)
            ),
            "Several relative errors are taken and combined. Put all gradients, of all layers, into "
            "one long vector, do the same with the numerical ones, and take one relative error.",
        ),
        Misconception(
            "wrong-denominator",
            (
                _version(error=_by_norms(lambda difference, g, n: difference)),
                _version(error=_by_norms(lambda difference, g, n: difference / g)),
                _version(error=_by_norms(lambda difference, g, n: difference / n)),
                _version(error=_by_norms(lambda difference, g, n: difference / max(g, n))),
            ),
            "The difference is divided by something else than ‖g‖ + ‖n‖; your own relative_error does "
            "what is wanted.",
        ),
        Misconception(
            "updated-weights",
            (_version(stays_at=-1.0), _version(stays_at=1.0)),
            "A parameter that has been tested is not put back, so the next one is tested in another "
            "net. Keep its old value and restore it, or change a copy.",
        ),
        Misconception(
            "ignores-argument",
            (_version(step=1e-5),),
            "eps has no effect: use the one that is handed over.",
        ),
    ),
    right=(_with_copies, _in_place, _as_one_vector),
    hints=(
        "Take one weight. How does the cost change when it is a little larger, a little smaller? "
        "Compare that slope with its gradient.",
        "Go through every entry of every W and b: (cost with + eps − cost with − eps) / (2·eps), and "
        "put the entry back before the next. Collect the slopes in the order of the gradients.",
        "For each array p of each pair, for i in np.ndindex(p.shape): remember p[i], set it to + eps "
        "and to − eps for the two costs, restore it, append the quotient. At the end: relative_error "
        "of the flattened grads and the collected slopes.",
    ),
    equivalents={
        "return relative_error(np.array(numeric), analytic)": "the relative error is symmetric",
    },
    slide="deck A, “2.5 Optimisation: gradient descent II”",
    uses=("relative_error",),
    ready_made=("nnkit.gradcheck",),
)
