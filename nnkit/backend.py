"""Array modules: one code for NumPy on the CPU and CuPy on a GPU.

Nothing in nnkit decides where to compute. It asks the array that it has in hand::

    xp = namespace(z)
    e = xp.exp(z)

With a NumPy array `xp` is numpy, with a CuPy array it is cupy. There is no switch to set, and none
to forget. What is written this way keeps to the Python array API standard: ``xp.sum(x, axis=0)``
instead of ``x.sum(0)``, ``xp.take(X, rows, axis=0)`` instead of ``X[rows]``.
"""

from types import ModuleType
from typing import Any

import numpy as np

Array = Any
"""An array of NumPy, of CuPy, or of any module that follows the Python array API standard."""


def namespace(x: Array) -> ModuleType:
    """Return the array module of the array `x`.

    Parameters
    ----------
    x : array
        An array of any shape.

    Returns
    -------
    module
        numpy, cupy, or what ``x.__array_namespace__()`` gives.

    Raises
    ------
    TypeError
        If `x` is no array.

    Examples
    --------
    >>> namespace(np.zeros(3)).__name__
    'numpy'
    """
    if type(x) is np.ndarray:  # by far the most frequent case, so it is asked first
        return np
    if hasattr(x, "__array_namespace__"):
        module: ModuleType = x.__array_namespace__()
        return module
    if _is_cupy(x):
        return _import_cupy()
    raise TypeError(f"expected an array, got {type(x).__name__}: make one with np.asarray(...)")


def load_namespace(name: str) -> ModuleType:
    """Import the array module called `name` and make sure that it can be used here.

    Parameters
    ----------
    name : {"numpy", "cupy"}
        numpy computes on the CPU, cupy on an NVIDIA GPU.

    Returns
    -------
    module
        The array module.

    Raises
    ------
    ValueError
        If `name` is neither of the two.
    ImportError
        If cupy is asked for and not installed.
    RuntimeError
        If cupy is installed and finds no GPU.
    """
    if name == "numpy":
        return np
    if name != "cupy":
        raise ValueError(f"expected the array module 'numpy' or 'cupy', got {name!r}")
    try:
        cupy = _import_cupy()
    except ImportError as error:
        raise ImportError(
            "cupy is not installed. For an NVIDIA GPU with CUDA 13: pip install cupy-cuda13x; "
            "with CUDA 12: pip install cupy-cuda12x. Without a GPU stay with 'numpy'."
        ) from error
    if not cupy.cuda.is_available():
        raise RuntimeError(
            "cupy is installed but finds no GPU. It needs an NVIDIA GPU and its driver "
            "(`nvidia-smi` shows both). Without a GPU stay with 'numpy'."
        )
    return cupy


def checked(name: str, values: Array, shape: tuple[int | str, ...], like: Array) -> Array:
    """Return `values` as an array that is ready to compute with, or say what is wrong with them.

    Parameters
    ----------
    name : str
        What error messages call the values.
    values : array_like
        Numbers: an array of any module and dtype, or nested lists.
    shape : tuple of int and str
        The expected shape. A name such as "n" stands for any number from 1 on.
    like : array
        The result has this array's module and dtype.

    Returns
    -------
    array
        The values; they are copied only if they have to be converted.

    Raises
    ------
    ValueError
        If the values have another shape, are no numbers, or are not finite.
    """
    values = as_array(values)
    if not namespace(values).isdtype(values.dtype, ("bool", "integral", "real floating")):
        raise ValueError(f"expected numbers in {name}, got the dtype {values.dtype}")
    if not _matches(tuple(values.shape), shape):
        expected = ", ".join(map(str, shape)) + "," * (len(shape) == 1)
        raise ValueError(f"expected {name} of shape ({expected}), got {tuple(values.shape)}")
    with np.errstate(over="ignore"):  # a number too large for the dtype is reported below
        values = as_array_like(values, like)
    xp = namespace(values)
    finite = xp.isfinite(values)
    if not xp.all(finite):
        bad = int(xp.count_nonzero(~finite))
        raise ValueError(f"expected finite numbers in {name}, got nan or infinity in {bad} places")
    return values


def as_array(x: Any) -> Array:
    """Return `x` itself if it is an array of any module, else (numbers, lists) a NumPy array."""
    is_array = isinstance(x, np.ndarray) or hasattr(x, "__array_namespace__") or _is_cupy(x)
    return x if is_array else np.asarray(x)


def as_array_like(x: Array, like: Array) -> Array:
    """Return the array `x` in the module and dtype of `like`; copied only where it has to be."""
    xp = namespace(like)
    if xp is np:
        x = to_numpy(x)
    return xp.asarray(x, dtype=like.dtype)


def to_numpy(x: Array) -> np.ndarray:
    """Return `x` as a NumPy array; an array on a GPU is copied to the CPU."""
    return np.asarray(x.get() if _is_cupy(x) else x)


def _matches(shape: tuple[int, ...], expected: tuple[int | str, ...]) -> bool:
    return len(shape) == len(expected) and all(
        size == wanted if isinstance(wanted, int) else size > 0
        for size, wanted in zip(shape, expected, strict=True)
    )


def _is_cupy(x: Array) -> bool:
    # CuPy's arrays have no __array_namespace__, and importing cupy only to ask is too much.
    return type(x).__module__.partition(".")[0] == "cupy"


def _import_cupy() -> ModuleType:
    import cupy

    return cupy
