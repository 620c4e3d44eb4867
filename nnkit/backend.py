"""Array modules: one code for NumPy on the CPU and CuPy on a GPU.

Nothing in nnkit decides where to compute. It asks the array that it has in hand::

    xp = namespace(z)
    e = xp.exp(z)

With a NumPy array `xp` is numpy, with a CuPy array it is cupy. There is no switch to set, and none
to forget. What is written this way keeps to the Python array API standard: ``xp.sum(x, axis=0)``
instead of ``x.sum(0)``, ``xp.take(X, rows, axis=0)`` instead of ``X[rows]``.
"""

from functools import lru_cache
from operator import attrgetter
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


def as_array(x: Any) -> Array:
    """Return `x` itself if it is an array of any module, else (numbers, lists) a NumPy array."""
    is_array = isinstance(x, np.ndarray) or hasattr(x, "__array_namespace__") or _is_cupy(x)
    return x if is_array else np.asarray(x)


def as_array_like(x: Array, like: Array) -> Array:
    """Return the array `x` in the module, dtype and device of `like`; copied only if it has to be."""
    return to_module_of(like, x, dtype=like.dtype)


def to_module_of(like: Array, x: Array, dtype: Any = None) -> Array:
    """Return the array `x` in the module and on the device of `like`, in its own dtype or `dtype`."""
    xp = namespace(like)
    if xp is np:
        return np.asarray(to_numpy(x), dtype=dtype)
    if _is_cupy(like):  # has no argument `device`: the current device is the one
        return xp.asarray(x, dtype=dtype)
    return xp.asarray(x, dtype=dtype, device=like.device)


def to_numpy(x: Array) -> np.ndarray:
    """Return `x` as a NumPy array; an array on a GPU is copied to the CPU."""
    return np.asarray(x.get() if _is_cupy(x) else x)


def view(name: str) -> property:
    """Make an attribute that is part of a larger array: assigning to it writes there.

    Without it, ``layer.W = W`` would give the layer an array of its own, one that no optimizer
    ever sees.
    """

    def write(owner: Any, values: Array) -> None:
        part = getattr(owner, name)
        if values is part:  # `theta -= step` has written already
            return
        values = as_array(values)
        if tuple(values.shape) != tuple(part.shape):  # it would be repeated where it is too small
            raise ValueError(
                f"expected {name.lstrip('_')} of shape {tuple(part.shape)}, "
                f"got {tuple(values.shape)}"
            )
        part[...] = values

    return property(attrgetter(name), write)


# ---------------------------------------------------------------- where the time goes
#
# Training a small net, numpy spends more time on starting a function than on its numbers: 0.3 µs
# for the product of two arrays, 0.7 µs for np.dot, 1 µs for `@`, 3 µs for np.sum or np.max along an
# axis, and along short rows it goes number by number. The steps below are taken for every batch
# and have a way around; for other modules than numpy they are what they say.


def affine(x: Array, W: Array, b: Array) -> Array:
    """Return x Wᵀ + b, for `x` of shape (n, n_in), `W` (n_out, n_in) and `b` (n_out,)."""
    if type(x) is not np.ndarray:
        return x @ W.T + b
    z = np.dot(x, W.T)
    z += b
    return z


def product(a: Array, b: Array) -> Array:
    """Return the matrix product a b."""
    return np.dot(a, b) if type(a) is np.ndarray else a @ b


def write_product(out: Array, a: Array, b: Array) -> None:
    """Write the matrix product a b into `out`."""
    if type(out) is np.ndarray:
        np.dot(a, b, out=out)
    else:
        out[...] = a @ b


def write_column_sums(out: Array, x: Array) -> None:
    """Write the sum of each column of `x`, shape (n, k), into `out`, shape (k,)."""
    if type(out) is np.ndarray:
        np.dot(_ones(x.shape[:1], x.dtype), x, out=out)  # 1·x₁ + 1·x₂ + …
    else:
        out[...] = namespace(x).sum(x, axis=0)


def row_sums(x: Array) -> Array:
    """Return the sum of each row, shape (…, k) to (…, 1)."""
    if type(x) is np.ndarray:
        return np.dot(x, _ones((x.shape[-1], 1), x.dtype))
    return namespace(x).sum(x, axis=-1, keepdims=True)


def row_maxima(x: Array) -> Array:
    """Return the largest entry of each row, shape (…, k) to (…, 1)."""
    if type(x) is not np.ndarray:
        return namespace(x).max(x, axis=-1, keepdims=True)
    if x.ndim == 2 and x.shape[0] > x.shape[1]:
        return np.maximum.reduce(x.T.copy(), axis=0)[:, None]  # few long rows, not many short ones
    return np.maximum.reduce(x, axis=-1, keepdims=True)


def take_rows(x: Array, rows: Array) -> Array:
    """Return a copy of the rows with these numbers, shape (n, …) to (len(rows), …)."""
    if type(x) is np.ndarray:
        return x.take(rows, axis=0)
    return namespace(x).take(x, rows, axis=0)


@lru_cache(maxsize=16)
def _ones(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    return np.ones(shape, dtype)


# ---------------------------------------------------------------- details


def _is_cupy(x: Array) -> bool:
    # CuPy's arrays have no __array_namespace__, and importing cupy only to ask is too much.
    return type(x).__module__.partition(".")[0] == "cupy"


def _import_cupy() -> ModuleType:
    import cupy

    return cupy
