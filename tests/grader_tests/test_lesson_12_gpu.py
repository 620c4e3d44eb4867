"""Lesson 12's exercises, with answers that strangers might write."""

import functools
import importlib
import sys
from itertools import pairwise
from types import ModuleType, SimpleNamespace

import array_api_strict
import numpy as np
import pytest
import scipy.special

import nnkit as nn
from grader_tests import exercises, judge
from grader_tests.judging import assess
from grader_tests.lesson_12_gpu.stand_ins import FAKE_GPU, Abacus, strict, to_numpy

LESSON = "12-gpu"
EXERCISES = exercises(LESSON)
SEEDS = range(5)


def right(name, function):
    for seed in SEEDS:
        verdict = judge(LESSON, name, function, seed=seed)
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


def wrong(name, function, *misconceptions, at_most=None):
    for seed in SEEDS:
        verdict = judge(LESSON, name, function, seed=seed)
        most = verdict.max_score - 1 if at_most is None else at_most
        assert verdict.score <= most, verdict.text()
        assert verdict.misconceptions == list(misconceptions), verdict.text()


def test_the_contract_s_signatures():
    signatures = {name: task.parameters for name, task in EXERCISES.items()}
    assert signatures == {
        "namespace": ["x"],
        "softmax_any": ["Z"],
        "multiply_adds": ["sizes", "n"],
    }
    assert all(5 <= task.points <= 12 for task in EXERCISES.values())


# -- the stand-ins -----------------------------------------------------------------------------------


def test_the_fake_gpu_is_as_strict_as_a_real_one():
    Z = strict(np.ones((2, 3)), FAKE_GPU)
    for use in (np.exp, np.asarray, lambda z: z.max(), lambda z: z - np.ones((2, 1))):
        with pytest.raises((RuntimeError, AttributeError, TypeError)):
            use(Z)
    with pytest.raises(ValueError, match="two different devices"):
        array_api_strict.add(Z, strict(np.ones((2, 3))))
    np.testing.assert_array_equal(to_numpy(Z), np.ones((2, 3)))


# -- namespace ---------------------------------------------------------------------------------------


def test_namespace_agrees_with_nnkit_s():
    for x in (np.zeros(3), strict(np.zeros(3)), strict(np.zeros(3), FAKE_GPU), Abacus()):
        assert EXERCISES["namespace"].reference(x) is nn.backend.namespace(x)


def test_the_reference_knows_cupy_s_arrays_by_exclusion(monkeypatch):
    fake = ModuleType("cupy")
    monkeypatch.setitem(sys.modules, "cupy", fake)
    assert EXERCISES["namespace"].reference(SimpleNamespace()) is fake


def test_namespace_unusual_but_right():
    def with_cupy_in_mind(array):
        try:
            import cupy
        except ImportError:
            cupy = None
        if cupy is not None and isinstance(array, cupy.ndarray):
            return cupy
        return array.__array_namespace__()

    def by_module_name(x, modules=("numpy", "cupy")):
        root = type(x).__module__.split(".")[0]
        return importlib.import_module(root) if root in modules else x.__array_namespace__()

    class Namespace:
        @functools.singledispatchmethod
        def __call__(self, x):
            return x.__array_namespace__()

        @__call__.register
        def _(self, x: np.ndarray):
            return np

    right("namespace", with_cupy_in_mind)
    right("namespace", by_module_name)
    right("namespace", Namespace())


def test_namespace_wrong():
    wrong("namespace", lambda x: np, "hard-coded", at_most=0)
    wrong("namespace", lambda x: type(x).__name__, "wrong-type", at_most=0)
    wrong("namespace", lambda x: x.__array_namespace__().exp, "raises", at_most=4)
    wrong("namespace", lambda x: sys.modules.get("cupy", np), "hard-coded", at_most=0)

    def inside_out(x):
        return array_api_strict if isinstance(x, np.ndarray) else np

    wrong("namespace", inside_out, at_most=0)


# -- softmax_any -------------------------------------------------------------------------------------


def test_softmax_any_agrees_with_scipy():
    rng = np.random.default_rng(0)
    Z = rng.normal(0, 300, (6, 4))
    softmax = EXERCISES["softmax_any"].reference
    np.testing.assert_allclose(softmax(Z), scipy.special.softmax(Z, axis=1), rtol=1e-12)
    on_device = softmax(strict(Z, FAKE_GPU))
    assert on_device.device == FAKE_GPU
    np.testing.assert_allclose(to_numpy(on_device), softmax(Z), rtol=1e-12)
    deck_d = softmax(np.array([[1.8, 0.9, 0.68]]))
    np.testing.assert_array_equal(np.round(deck_d, 2), [[0.58, 0.23, 0.19]])


def xp_of(x):
    return x.__array_namespace__()


def test_softmax_any_unusual_but_right():
    def two_steps(scores, axis=-1):
        xp = xp_of(scores)
        scores = xp.exp(scores - xp.max(scores, axis=axis, keepdims=True))
        total = xp.sum(scores, axis=axis)
        return scores / total[:, None]

    def with_matmul(Z):
        xp = xp_of(Z)
        top = xp.max(Z, axis=1)
        e = xp.exp(Z - xp.reshape(top, (-1, 1)))
        ones = xp.ones((Z.shape[1], 1), dtype=Z.dtype, device=Z.device)
        return e / xp.matmul(e, ones)

    def one_more_than_the_maximum(Z):
        xp = xp_of(Z)
        e = xp.exp(Z - (xp.max(Z, axis=1, keepdims=True) + 1))
        return e * (1 / xp.sum(e, axis=1, keepdims=True))

    for function in (two_steps, with_matmul, one_more_than_the_maximum):
        right("softmax_any", function)


def test_softmax_any_wrong():
    def back_on_the_cpu(Z):
        if isinstance(Z, np.ndarray):
            return scipy.special.softmax(Z, axis=1)
        Z = np.from_dlpack(Z)
        return array_api_strict.asarray(scipy.special.softmax(Z, axis=1))

    def as_lists(Z):
        n, k = Z.shape
        rows = [[float(Z[i, j]) for j in range(k)] for i in range(n)]
        rows = [[np.exp(z - max(row)) for z in row] for row in rows]
        return [[e / sum(row) for e in row] for row in rows]

    def squared(Z):
        xp = xp_of(Z)
        e = xp.exp(2 * (Z - xp.max(Z, axis=1, keepdims=True)))
        return e / xp.sum(e, axis=1, keepdims=True)

    def numpy_s_sum(Z):
        xp = xp_of(Z)
        e = xp.exp(Z - xp.max(Z, axis=1, keepdims=True))
        return e / np.sum(e, axis=1, keepdims=True)

    wrong("softmax_any", back_on_the_cpu, "leaves-device", at_most=9)
    wrong("softmax_any", as_lists, "leaves-device", "changes-dtype", at_most=6)
    wrong("softmax_any", squared, at_most=0)
    wrong("softmax_any", numpy_s_sum, "leaves-device", at_most=6)


def test_softmax_any_is_marked_with_a_right_namespace():
    code = """
import numpy as np

def namespace(x):
    return np

def softmax_any(Z):
    xp = namespace(Z)
    e = xp.exp(Z - xp.max(Z, axis=1, keepdims=True))
    return e / xp.sum(e, axis=1, keepdims=True)
"""
    names = {}
    exec(code, names)
    verdict = judge(LESSON, "softmax_any", names["softmax_any"], seed=1)
    assert verdict.status == "pass"
    assert "`namespace` is not right yet" in verdict.notes[0]


def test_calling_nnkit_s_own_is_refused():
    for name, function in (
        ("softmax_any", lambda Z: nn.activations.softmax(Z)),
        ("namespace", lambda x: nn.backend.namespace(x)),
    ):
        wrong(name, function, "borrowed", at_most=0)


# -- multiply_adds -----------------------------------------------------------------------------------


def test_multiply_adds_counts_what_a_forward_pass_does():
    counted = 0

    class Number(float):
        def __mul__(self, other):
            nonlocal counted
            counted += 1
            return Number(float(self) * float(other))

        __rmul__ = __mul__

        def __add__(self, other):
            return Number(float(self) + float(other))

        __radd__ = __add__

    sizes, n = [4, 3, 5, 2], 3
    A = np.array([[Number(1) for _ in range(4)] for _ in range(n)], dtype=object)
    for n_in, n_out in pairwise(sizes):
        A = A @ np.ones((n_in, n_out), dtype=object)
    multiply_adds = EXERCISES["multiply_adds"].reference
    assert multiply_adds(sizes, n) == counted
    assert multiply_adds([784, 16, 16, 10], 1) == nn.MLP([784, 16, 16, 10]).n_params - 42 == 12_960


def test_multiply_adds_unusual_but_right():
    right("multiply_adds", lambda sizes, n: np.array([np.dot(sizes[1:], sizes[:-1])])[0] * n)

    def recursive(sizes, n):
        if len(sizes) < 2:
            return 0
        return n * sizes[0] * sizes[1] + recursive(sizes[1:], n)

    right("multiply_adds", recursive)


def test_multiply_adds_wrong():
    wrong("multiply_adds", lambda sizes, n: n * sizes[0] * sizes[1], at_most=2)
    wrong("multiply_adds", lambda sizes, n: n * n * np.dot(sizes[1:], sizes[:-1]), at_most=3)
    wrong("multiply_adds", lambda sizes, n: np.dot(sizes[1:], sizes[:-1]) / n, at_most=3)
    parameters = lambda sizes, n: sum((a + 1) * b for a, b in pairwise(sizes))
    wrong("multiply_adds", parameters, at_most=0)


def test_every_known_mistake_loses_points_on_many_seeds():
    for name, task in EXERCISES.items():
        for mistake in task.mistakes:
            for version in mistake.versions:
                for seed in range(100, 104):
                    assert assess(LESSON, task, version, seed).misconceptions == [mistake.name], (
                        name
                    )
