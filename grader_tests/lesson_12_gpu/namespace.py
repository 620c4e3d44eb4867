"""`namespace`: the module that an array's functions are in."""

from __future__ import annotations

import importlib
import inspect
import sys
from types import ModuleType
from typing import Any

import array_api_strict
import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception
from grader_tests.lesson_12_gpu.stand_ins import FAKE_GPU, Abacus, strict


def namespace(x: Any) -> ModuleType:
    """Return the array module of the array x: numpy, cupy, or what it says itself."""
    if isinstance(x, np.ndarray):
        return np
    if hasattr(x, "__array_namespace__"):
        return x.__array_namespace__()
    import cupy  # its arrays cannot say it themselves

    return cupy


def cases(rng: np.random.Generator) -> list[Case]:
    """Arrays of NumPy, of array_api_strict, and of a module that no code can know by name."""

    def numbers(*shape: int) -> np.ndarray:
        return rng.normal(size=shape)

    of_numpy = (
        numbers(3, 2),
        numbers(4, 1).astype(np.float32),
        rng.integers(0, 9, 5),
        np.array(1.5),
    )
    standard = (strict(numbers(2, 3)), strict(numbers(4), FAKE_GPU))
    return [
        *(Case("numpy", (x,)) for x in of_numpy),
        *(Case("standard", (x,)) for x in standard),
        Case("unheard-of", (Abacus(),)),
    ]


def _named(result: Any) -> Any:
    """Turn a module into its name, so that it can be compared; a name alone is not a module."""
    if isinstance(result, ModuleType):
        return result.__name__
    if isinstance(result, str):
        return type("str", (), {})()  # an object that is reported as "a value of type str"
    return result


def _asks_the_array(x: Any) -> Any:
    try:
        return x.__array_namespace__()
    except AttributeError:
        return importlib.import_module("cupy")


def _by_type(array: Any, api_version: Any = None) -> Any:
    print(type(array))
    if type(array).__module__.split(".")[0] in ("numpy", "cupy"):
        return importlib.import_module(type(array).__module__.split(".")[0])
    return type(array).__array_namespace__(array, api_version=api_version)


def _by_getattr(x: Any) -> Any:
    ask = getattr(x, "__array_namespace__", None)
    return ask() if ask else np


EXERCISE = Exercise(
    reference=namespace,
    cases=cases,
    criteria=(
        Criterion("standard", "the module that an array names itself", 3, ("standard",)),
        Criterion(
            "unheard-of",
            "also where it is a module never heard of",
            1,
            ("unheard-of",),
            only_with="standard",
        ),
        Criterion(
            "numpy",
            "numpy for NumPy arrays of any dtype and shape",
            1,
            ("numpy",),
            only_with="standard",
        ),
    ),
    mistakes=(
        Misconception(
            "wrong-type",
            (
                type,
                lambda x: type(x).__module__,
                lambda x: x.__array_namespace__().__name__,
                lambda x: x.__array_namespace__,
            ),
            "What comes back is not the module itself, whose functions are to be called as xp.exp or "
            "xp.sum, but something that leads to it: a name, a class, or a method that has not been "
            "called.",
        ),
        Misconception(
            "hard-coded",
            (
                lambda x: np,
                lambda x: np if isinstance(x, np.ndarray) else array_api_strict,
            ),
            "The answer does not come from the array. Any array that follows the standard says itself "
            "which module it belongs to: ask it, instead of listing the modules you know.",
        ),
        Misconception(
            "wrong-module",
            (
                lambda x: sys.modules[type(x).__module__],
                lambda x: importlib.import_module(type(x).__module__.split(".")[0]),
                lambda x: inspect.getmodule(type(x)),
                lambda x: np if isinstance(x, np.ndarray) else sys.modules[type(x).__module__],
            ),
            "This is the module in which the array’s class is defined, and the functions need not be "
            "there. An array that has a method __array_namespace__ knows where they are.",
        ),
    ),
    right=(_asks_the_array, _by_type, _by_getattr),
    hints=(
        "What tells a NumPy array from one on a GPU? Look at type(x), and at the methods it has.",
        "For a NumPy array it is np itself. Other arrays mostly have a method __array_namespace__; "
        "those of CuPy have none.",
        "if isinstance(x, np.ndarray): return np; if hasattr(x, '__array_namespace__'): return what "
        "that method gives when it is called; what is left is CuPy’s: import cupy and return it.",
    ),
    slide="deck A, “1.4 Hardware: GPUs (& TPUs) II”",
    convert=_named,
    ready_made=("nnkit.backend",),
)
