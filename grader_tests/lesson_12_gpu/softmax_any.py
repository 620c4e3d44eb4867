"""`softmax_any`: softmax of the rows, wherever the array is."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import values
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Problem, Untouched
from grader_tests.lesson_12_gpu.namespace import namespace
from grader_tests.lesson_12_gpu.stand_ins import CPU, FAKE_GPU, is_strict, strict, to_numpy


def softmax_any(Z: Any) -> Any:
    """Return the softmax of each row, (n, k), in Z's own module, device and dtype."""
    xp = namespace(Z)
    e = xp.exp(Z - xp.max(Z, axis=1, keepdims=True))
    return e / xp.sum(e, axis=1, keepdims=True)


def cases(rng: np.random.Generator) -> list[Case]:
    """Scores in NumPy arrays, in those of another module, and on another device; n is never k.

    The rows of the large scores lie far apart, so that one maximum for all of them does not help.
    Their scores are quarters, which float32 holds exactly.
    """

    def scores(n: int, k: int) -> np.ndarray:
        return rng.normal(0, 1.5, (n, k))

    def large(n: int, k: int) -> np.ndarray:
        levels = rng.permutation(np.linspace(-9990.0, 9990.0, n))
        return levels[:, None] + rng.integers(-12, 13, (n, k)) / 4

    return [
        Case("numpy", (scores(1, 4),)),
        Case("numpy", (scores(5, 3),)),
        Case("numpy", (scores(2, 6),)),
        Case("float32", (scores(4, 3).astype(np.float32),)),
        Case("large", (large(4, 3),)),
        Case("large", (large(2, 5).astype(np.float32),)),
        Case("module", (strict(scores(1, 3)),)),
        Case("module", (strict(scores(4, 5)),)),
        Case("module32", (strict(scores(5, 3).astype(np.float32)),)),
        Case("device", (strict(scores(3, 2), FAKE_GPU),)),
        Case("device", (strict(large(4, 3), FAKE_GPU),)),
        Case("device32", (strict(scores(2, 4).astype(np.float32), FAKE_GPU),)),
    ]


def _unpacked(result: Any) -> Any:
    """Split a result into its numbers, its place (module and device) and its dtype."""
    if is_strict(result):
        numbers = to_numpy(result)
        place = "array_api_strict" if result.device == CPU else "array_api_strict on the device"
        return numbers, place, str(numbers.dtype)
    if result is None:
        return None
    try:
        return result, "numpy", str(np.asarray(result).dtype)
    except Exception:
        return result, "nowhere", "none"


def _numbers(case: Case, result: Any) -> Problem | None:
    expected = values.plain(_unpacked(softmax_any(*case.args))[0], like=0.0)
    got = values.plain(result[0] if result else None, like=0.0)
    found = values.difference(expected, got)
    return Problem(found.message) if found else None


def _place(case: Case, result: Any) -> Problem | None:
    """Look where the result is, once its numbers are right."""
    if problem := _numbers(case, result):
        return problem
    _, wanted, _ = _unpacked(case.args[0])
    if result[1] == wanted:
        return None
    return Problem(f"Z is an array of {wanted}, the result one of {result[1]}", "leaves-device")


def _dtype(case: Case, result: Any) -> Problem | None:
    if problem := _numbers(case, result):
        return problem
    _, _, wanted = _unpacked(case.args[0])
    if result[2] == wanted:
        return None
    return Problem(f"Z is {wanted}, the result is {result[2]}", "changes-dtype")


def _with(shift: Any, total: Any) -> Any:
    """Build a version of the function from what is taken off and what is divided by."""

    def version(Z: Any) -> Any:
        xp = namespace(Z)
        e = xp.exp(Z - shift(xp, Z))
        return e / total(xp, e)

    return version


def _row_max(xp: Any, Z: Any) -> Any:
    return xp.max(Z, axis=1, keepdims=True)


def _row_sum(xp: Any, e: Any) -> Any:
    return xp.sum(e, axis=1, keepdims=True)


def _fetched(Z: Any) -> Any:
    return to_numpy(Z) if is_strict(Z) else Z


def _in_float(dtype: str) -> Any:
    """Compute in one dtype, whatever Z has."""

    def version(Z: Any) -> Any:
        xp = namespace(Z)
        return softmax_any(xp.astype(Z, getattr(xp, dtype)))

    return version


def _with_numpy(Z: Any) -> Any:
    e = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def _with_numpy_s_exp(Z: Any) -> Any:
    xp = namespace(Z)
    e = np.exp(Z - xp.max(Z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def _with_methods(Z: Any) -> Any:
    e = namespace(Z).exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _with_numpy_and_methods(Z: Any) -> Any:
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _sum_method(Z: Any) -> Any:
    xp = namespace(Z)
    e = xp.exp(Z - xp.max(Z, axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _by_logarithms(Z: Any) -> Any:
    xp = Z.__array_namespace__()
    Z = Z - xp.max(Z, axis=-1, keepdims=True)
    return xp.exp(Z - xp.log(xp.sum(xp.exp(Z), axis=-1, keepdims=True)))


def _by_pairs(scores: Any, verbose: Any = False) -> Any:
    xp = namespace(scores)
    print(xp.__name__)
    return 1 / xp.sum(xp.exp(scores[:, None, :] - scores[:, :, None]), axis=2)


def _row_by_row(Z: Any) -> Any:
    xp = namespace(Z)
    rows = []
    for i in range(Z.shape[0]):
        e = xp.exp(Z[i, :] - xp.max(Z[i, :]))
        rows.append(e / xp.sum(e))
    return xp.stack(rows, axis=0)


def _number_by_number(Z: Any) -> Any:
    xp = namespace(Z)
    result = xp.zeros_like(Z)
    n, k = Z.shape
    for i in range(n):
        top = max(float(Z[i, j]) for j in range(k))
        weights = [2.718281828459045 ** (float(Z[i, j]) - top) for j in range(k)]
        for j in range(k):
            result[i, j] = weights[j] / sum(weights)
    return result


def _columns(Z: Any) -> Any:
    xp = namespace(Z)
    Z = xp.permute_dims(Z, (1, 0))
    E = xp.exp(xp.subtract(Z, xp.max(Z, axis=0)))
    return xp.permute_dims(xp.divide(E, xp.sum(E, axis=0)), (1, 0))


EXERCISE = Exercise(
    reference=softmax_any,
    cases=cases,
    criteria=(
        Criterion(
            "numpy",
            "the softmax of the rows of a NumPy array",
            3,
            ("numpy", "float32"),
            examine=_numbers,
        ),
        Criterion("large", "scores up to 10,000", 2, ("large",), examine=_numbers),
        Criterion(
            "module",
            "an array of another module, the result in that module too",
            2,
            ("module", "module32"),
            examine=_place,
        ),
        Criterion(
            "device",
            "an array on another device, the result on that device too",
            3,
            ("device", "device32"),
            examine=_place,
        ),
        Criterion(
            "dtype",
            "float32 stays float32, float64 stays float64",
            1,
            ("float32", "numpy", "module32", "device32"),
            only_with="numpy",
            examine=_dtype,
        ),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "leaves-device",
            (
                _with_numpy,
                _with_numpy_s_exp,
                lambda Z: softmax_any(np.asarray(Z)),
                lambda Z: softmax_any(_fetched(Z)),
                lambda Z: namespace(Z).asarray(softmax_any(_fetched(Z))),
            ),
            "The numbers leave the module or the device that they are on. NumPy cannot read a GPU’s "
            "memory, and a copy to the CPU and back takes longer than the sum itself: take every "
            "function from namespace(Z).",
        ),
        Misconception(
            "array-methods",
            (_with_methods, _with_numpy_and_methods, _sum_method),
            "Z.max and e.sum are methods that not every module’s arrays have. The module has them as "
            "functions: xp.max(Z, …), xp.sum(e, …).",
        ),
        Misconception(
            "changes-dtype",
            (_in_float("float64"), _in_float("float32")),
            "The result has another dtype than Z. On a GPU float32 is the rule, and float64 is many "
            "times slower there: leave the dtype to Z.",
        ),
        Misconception(
            "no-shift",
            (_with(lambda xp, Z: 0, _row_sum),),
            "Large scores overflow in the exponential. Taking each row’s maximum off first changes "
            "nothing in the result and keeps every exponent at or under 0.",
        ),
        Misconception(
            "wrong-axis",
            (
                _with(_row_max, lambda xp, e: xp.sum(e, axis=0)),
                _with(_row_max, lambda xp, e: xp.sum(e, axis=0, keepdims=True)),
                _with(_row_max, lambda xp, e: xp.sum(e)),
                _with(lambda xp, Z: xp.max(Z), _row_sum),
                _with(lambda xp, Z: xp.max(Z, axis=0, keepdims=True), _row_sum),
                _with(
                    lambda xp, Z: xp.max(Z, axis=0, keepdims=True),
                    lambda xp, e: xp.sum(e, axis=0, keepdims=True),
                ),
                _with(lambda xp, Z: xp.max(Z), lambda xp, e: xp.sum(e)),
            ),
            "A maximum or a sum runs along the wrong axis. Each row has its own of both: axis=1, with "
            "keepdims=True so that they fit beside the row.",
        ),
        Misconception(
            "wrong-sign",
            (lambda Z: softmax_any(-Z),),
            "The sign of the scores is turned round: the largest score must get the largest share.",
        ),
        Misconception(
            "missing-activation",
            (
                lambda Z: Z / namespace(Z).sum(Z, axis=1, keepdims=True),
                _with(_row_max, lambda xp, e: 1),
            ),
            "A part of softmax is missing: first the exponential of every score, then each row divided "
            "by its sum.",
        ),
    ),
    right=(_by_logarithms, _by_pairs, _row_by_row, _number_by_number, _columns),
    hints=(
        "Write softmax for a NumPy array first. Then find every place that says np, and every method "
        "of an array.",
        "xp = namespace(Z) goes in the first line; from there on it is xp.exp, xp.max and xp.sum, each "
        "with axis=1 and keepdims=True where it reduces.",
        "e = xp.exp(Z − xp.max(Z, axis=1, keepdims=True)), divided by xp.sum of e over the same axis.",
    ),
    slide="deck D, “Softmax Function”",
    uses=("namespace",),
    convert=_unpacked,
    ready_made=("nnkit.activations",),
)
