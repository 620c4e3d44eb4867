"""`init_params`: random weights and biases in [−1, 1).

There is no single right result, so it is examined: the shapes, the distribution of the numbers, and
whether they come from the generator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from grader_tests import values
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Problem, Untouched
from grader_tests.lesson_04_forward.net import Params, random_sizes

SMALL_CHANCE = 1e-12  # that random numbers as asked for fail one test of their distribution


def init_params(sizes: list[int], rng: np.random.Generator) -> Params:
    """Return a pair (W, b) for every layer, all entries drawn uniformly from [−1, 1)."""
    return [
        (rng.uniform(-1, 1, (n_out, n_in)), rng.uniform(-1, 1, n_out))
        for n_in, n_out in pairwise(sizes)
    ]


def cases(rng: np.random.Generator) -> list[Case]:
    """Twice the same net with different generators, two wide nets, nets of one to four layers."""

    def case(kind: str, sizes: list[int]) -> Case:
        return Case(kind, (sizes, np.random.default_rng(rng.integers(2**32))))

    again = random_sizes(rng, 2)
    wide = [[4, 300, 6, 250], [250, 3, 350]]
    return [
        *(case("again", list(again)) for _ in range(2)),
        *(case("many", [n + int(rng.integers(4)) for n in sizes]) for sizes in wide),
        *(case("small", random_sizes(rng, layers)) for layers in (1, 2, 3, 4)),
        case("small", [3, 1, 2]),
    ]


# -- what is looked at --------------------------------------------------------------------------------


def examine_shapes(case: Case, result: Any) -> Problem | None:
    """Look for a pair (W, b) of the right shapes for every layer."""
    problems = (_wrong_part(case, result, part) for part in (0, 1))
    return _wrong_form(case, result) or next(filter(None, problems), None)


def examine_weights(case: Case, result: Any) -> Problem | None:
    """Look for weights of the right shapes, each drawn on its own from [−1, 1)."""
    return _examine_numbers(case, result, 0, "weights")


def examine_biases(case: Case, result: Any) -> Problem | None:
    """Look for biases of the right shapes, each drawn on its own from [−1, 1)."""
    return _examine_numbers(case, result, 1, "biases")


def examine_generators(results: Sequence[tuple[Case, Any]]) -> Problem | None:
    """See that another generator state gives other numbers."""
    for (case, one), (other_case, other) in combinations(results, 2):
        if case is not other_case and (problem := _same_draws(case, one, other)):
            return problem
    return None


def _layers(case: Case, result: Any) -> Any:
    """Copy the result into a pair of plain arrays per layer, a Misfit where something does not fit."""
    sizes = case.args[0]
    return values.plain(result, [(np.zeros((m, n)), np.zeros(m)) for n, m in pairwise(sizes)])


def _wrong_form(case: Case, result: Any) -> Problem | None:
    """Look for what is not a pair for every layer."""
    layers = _layers(case, result)
    if isinstance(layers, values.Misfit):
        return Problem(layers.message, _name_of_wrong_form(case.args[0], result))
    for number, pair in enumerate(layers, start=1):
        if isinstance(pair, values.Misfit):
            message = f"layer {number}: {pair.message}"
            return Problem(message, _name_of_wrong_form(case.args[0], result))
    return None


def _name_of_wrong_form(sizes: list[int], result: Any) -> str | None:
    if not isinstance(result, list | tuple):
        return None
    if all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in result):
        return "off-by-one-layer" if len(result) in (len(sizes), len(sizes) - 2) else None
    matrices = [(m, n) for n, m in pairwise(sizes)]
    only_weights = all(isinstance(W, np.ndarray) for W in result)
    return "missing-bias" if only_weights and [W.shape for W in result] == matrices else None


def _wrong_part(case: Case, result: Any, part: int) -> Problem | None:
    """Look for wrong shapes among the weights (part 0) or the biases (part 1)."""
    sizes = case.args[0]
    for layer, pair in enumerate(_layers(case, result), start=1):
        array, wanted = pair[part], (sizes[layer], sizes[layer - 1])[: 2 - part]
        if isinstance(array, values.Misfit):
            return Problem(f"layer {layer}: {array.message}")
        if array.shape != wanted:
            message = f"layer {layer}: expected {'Wb'[part]} of shape {wanted}, got {array.shape}"
            return Problem(message, _name_of_wrong_shape(pair, wanted, part))
    return None


def _name_of_wrong_shape(pair: Any, wanted: tuple[int, ...], part: int) -> str | None:
    shapes = [np.shape(array) for array in pair]
    if len(shapes[0]) == 1 and len(shapes[1]) == 2:
        return "swapped"
    return "missing-transpose" if part == 0 and shapes[0] == wanted[::-1] else None


def _examine_numbers(case: Case, result: Any, part: int, what: str) -> Problem | None:
    problem = _wrong_form(case, result) or _wrong_part(case, result, part)
    if problem:
        return problem
    arrays = [pair[part].ravel() for pair in _layers(case, result)]
    together = np.concatenate(arrays)
    for numbers in arrays:
        if problem := _wrongly_drawn(numbers, what):
            return problem
    if _repeats(together):
        return Problem(f"the {what} of one layer come back in another")
    return _wrongly_drawn(together, what)


def _wrongly_drawn(numbers: np.ndarray, what: str) -> Problem | None:
    """Compare numbers with the uniform distribution on [−1, 1)."""
    message = next(_complaints(np.sort(numbers)), "")
    return Problem(f"the {what} {message}", "wrong-distribution") if message else None


def _repeats(numbers: np.ndarray) -> bool:
    return len(np.unique(numbers)) < 0.9 * len(numbers)


def _complaints(numbers: np.ndarray) -> Iterator[str]:
    """Say what speaks against sorted numbers: their range, repetitions, their distribution.

    With few numbers only the range is looked at.
    """
    n, low, high = len(numbers), numbers[0], numbers[-1]
    if not (low >= -1 and high <= 1):
        yield f"leave the range from −1 to 1: they go from {low:.4g} to {high:.4g}"
    if n < 100:
        return
    if low == high:
        yield f"are all {low:.4g}"
    if _repeats(numbers):
        yield f"repeat themselves: only {len(np.unique(numbers))} of {n} are different"
    gap = -2 * np.log(SMALL_CHANCE) / n
    if low > -1 + gap or high < 1 - gap:
        yield f"do not fill the range from −1 to 1: they go from {low:.4g} to {high:.4g}"
    shares = np.arange(n + 1) / n
    expected = (numbers + 1) / 2
    distance = max(np.max(shares[1:] - expected), np.max(expected - shares[:-1]))
    if distance > np.sqrt(-np.log(SMALL_CHANCE / 2) / (2 * n)):  # Dvoretzky, Kiefer, Wolfowitz
        yield "are not spread evenly over the range from −1 to 1"


def _same_draws(case: Case, one: Any, other: Any) -> Problem | None:
    """Look for parts that two different generators leave the same."""
    first, second = (_numbers_by_part(case, result) for result in (one, other))
    same = [np.array_equal(a, b) for a, b in zip(first, second)]
    constant = [len(np.unique(part)) == 1 for part in first]
    if any(s and not c for s, c in zip(same, constant)):
        message = "two generators in different states give the same numbers: draw from `rng`"
        return Problem(message, "ignores-argument")
    return Problem("nothing is drawn from `rng`") if all(same) else None


def _numbers_by_part(case: Case, result: Any) -> list[np.ndarray]:
    """Return all weights and all biases, one after the other."""
    layers = _layers(case, result)
    return [np.concatenate([pair[part].ravel() for pair in layers]) for part in (0, 1)]


def examine_form(case: Case, result: Any) -> Problem | None:
    """Look for numbers in pairs, of whatever shape: enough to compare two results."""
    problem = _wrong_form(case, result)
    if problem:
        return problem
    parts = (part for pair in _layers(case, result) for part in pair)
    misfits = [part for part in parts if isinstance(part, values.Misfit)]
    return Problem(misfits[0].message) if misfits else None


# -- wrong versions -----------------------------------------------------------------------------------


def _version(
    weights: Callable[..., Any] = lambda rng, shape: rng.uniform(-1, 1, shape),
    biases: Callable[..., Any] = lambda rng, shape: rng.uniform(-1, 1, shape),
) -> Callable[..., Any]:
    """Build a version of the function from how it draws a layer's weights and biases."""

    def version(sizes: Any, rng: Any) -> Any:
        pairs = pairwise(sizes)
        return [(weights(rng, (m, n)), biases(rng, (m,))) for n, m in pairs]

    return version


def _both(draw: Callable[..., Any]) -> Callable[..., Any]:
    return _version(draw, draw)


def _zeros(rng: Any, shape: Any) -> Any:
    return np.zeros(shape)


def _normal(rng: Any, shape: Any) -> Any:
    return rng.standard_normal(shape)


def _glorot(rng: Any, shape: Any) -> Any:
    limit = np.sqrt(6 / sum(shape))
    return rng.uniform(-limit, limit, shape)


def _from_zero(rng: Any, shape: Any) -> Any:
    return rng.random(shape)


def _tenths(rng: Any, shape: Any) -> Any:
    return rng.integers(-10, 11, shape) / 10


def _one_for_all(rng: Any, shape: Any) -> Any:
    return np.full(shape, rng.uniform(-1, 1))


def _global(rng: Any, shape: Any) -> Any:
    return np.random.uniform(-1, 1, shape)  # noqa: NPY002


def _unseeded(rng: Any, shape: Any) -> Any:
    return np.random.default_rng().uniform(-1, 1, shape)


def _always_seed(seed: int) -> Callable[..., Any]:
    return lambda sizes, rng: init_params(sizes, np.random.default_rng(seed))


def _always_global_seed(sizes: Any, rng: Any) -> Any:
    np.random.seed(0)  # noqa: NPY002
    return _both(_global)(sizes, rng)


def _transposed(sizes: Any, rng: Any) -> Any:
    return [(rng.uniform(-1, 1, (n, m)), rng.uniform(-1, 1, m)) for n, m in pairwise(sizes)]


# -- right versions -----------------------------------------------------------------------------------


def _with_loops(sizes: Any, rng: Any) -> Any:
    params = []
    for n_in, n_out in pairwise(sizes):
        b = [rng.uniform(-1, 1) for _ in range(n_out)]
        W = [[rng.uniform(-1, 1) for _ in range(n_in)] for _ in range(n_out)]
        params.append([W, b])
    return params


def _float32(layer_sizes: Any, generator: Any, dtype: Any = np.float32) -> Any:
    print("sizes", layer_sizes)
    draw = lambda *shape: 2 * generator.random(shape, dtype=dtype) - 1
    return tuple((draw(m, n), draw(m)) for n, m in pairwise(layer_sizes))


def _all_at_once(sizes: Any, rng: Any) -> Any:
    total = sum((n + 1) * m for n, m in pairwise(sizes))
    theta = 1 - 2 * rng.random(total)
    params = []
    for n, m in pairwise(sizes):
        layer, theta = theta[: (n + 1) * m].reshape(m, n + 1), theta[(n + 1) * m :]
        params.append((layer[:, :-1], layer[:, -1]))
    return params


def _backwards(sizes: Any, rng: Any, low: Any = -1.0, high: Any = 1.0) -> Any:
    biases = [rng.uniform(low, high, size=m) for m in sizes[:0:-1]][::-1]
    weights = [rng.uniform(low, high, size=(n, m)).T for n, m in pairwise(sizes)]
    return list(zip(weights, biases))


EXERCISE = Exercise(
    reference=init_params,
    cases=cases,
    criteria=(
        Criterion("weights", "weights drawn from [−1, 1)", 2, ("many",), examine=examine_weights),
        Criterion("biases", "biases drawn from [−1, 1)", 2, ("many",), examine=examine_biases),
        Criterion(
            "shapes",
            "a pair (W, b) of the right shapes for every layer",
            2,
            ("small",),
            only_with="weights",
            examine=examine_shapes,
        ),
        Criterion(
            "generator",
            "all numbers come from the generator: the same state, the same numbers",
            2,
            ("again",),
            examine=examine_form,
            together=examine_generators,
        ),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "wrong-distribution",
            (
                _both(_normal),
                _both(_from_zero),
                _both(_glorot),
                _both(_tenths),
                _both(_one_for_all),
                _both(lambda rng, shape: 0.1 * rng.standard_normal(shape)),
                _both(lambda rng, shape: rng.uniform(-0.5, 0.5, shape)),
                _both(lambda rng, shape: rng.choice([-1.0, 1.0], shape)),
                _both(lambda rng, shape: rng.integers(-1, 1, shape)),
                _version(biases=_zeros),
                _version(weights=_zeros),
                _version(weights=_normal),
                _version(biases=_from_zero),
                _version(_normal, _zeros),
                _version(_glorot, _zeros),
            ),
            "The numbers are not spread evenly over [−1, 1), each drawn on its own, weights and biases "
            "alike: rng.uniform(−1, 1, shape) does that.",
        ),
        Misconception(
            "missing-transpose",
            (_transposed,),
            "W has one row per neuron of the layer and one column per input: its shape is "
            "(n_out, n_in).",
        ),
        Misconception(
            "swapped",
            (lambda sizes, rng: [(b, W) for W, b in init_params(sizes, rng)],),
            "Each pair is (W, b), the weights first.",
        ),
        Misconception(
            "missing-bias",
            (lambda sizes, rng: [W for W, b in init_params(sizes, rng)],),
            "There are weights only. Every layer is a pair (W, b), with a bias for each of its neurons.",
        ),
        Misconception(
            "off-by-one-layer",
            (
                lambda sizes, rng: init_params([sizes[0], *sizes], rng),
                lambda sizes, rng: init_params(sizes[:-1], rng),
            ),
            "The number of layers is off by one. The input layer has no parameters: there is one pair "
            "less than there are sizes.",
        ),
        Misconception(
            "not-deterministic",
            (
                _both(_global),
                _both(_unseeded),
                _version(biases=_global),
                _version(biases=_unseeded),
            ),
            "The same generator state gives different results: draw weights and biases from `rng` and "
            "from nothing else.",
        ),
        Misconception(
            "ignores-argument",
            (
                _always_seed(0),
                _always_seed(42),
                _always_global_seed,
                _version(biases=lambda rng, shape: np.random.default_rng(1).uniform(-1, 1, shape)),
            ),
            "`rng` has no effect: every generator gives the same numbers. Draw from the one that is "
            "handed over, and do not seed another.",
        ),
    ),
    right=(_with_loops, _float32, _all_at_once, _backwards),
    hints=(
        "How many rows and columns has the W of a layer with n_in inputs and n_out neurons, and how "
        "long is its b?",
        "rng.uniform(low, high, size) draws an array of any shape. Do it twice for every layer.",
        "for n_in, n_out in pairwise(sizes): append the pair of rng.uniform(−1, 1, (n_out, n_in)) "
        "and rng.uniform(−1, 1, n_out).",
    ),
    slide="deck B, “Step 2: Initialize the neural network”",
    ready_made=("nnkit.layers", "nnkit.network"),
)
