"""Hand over arguments so that a call can neither spoil them for others nor change them unseen."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np


def fresh(value: Any) -> Any:
    """Copy arguments: containers and arrays anew, generators in the same state, functions as is."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if _is_foreign_array(value):
        return value.__array_namespace__().asarray(value, copy=True)
    if isinstance(value, tuple | list):
        return type(value)(fresh(item) for item in value)
    if isinstance(value, dict):
        return {key: fresh(item) for key, item in value.items()}
    if isinstance(value, set):
        return set(sorted(value, key=repr))  # noqa: C414 (every copy then has the same order)
    if isinstance(value, np.random.Generator):
        return copy.deepcopy(value)
    return value


def changed(before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[int, ...]:
    """List the positions of the arguments that are no longer bit for bit what they were."""
    pairs = enumerate(zip(before, after, strict=True))
    return tuple(i for i, (old, new) in pairs if not _untouched(old, new))


def _untouched(old: Any, new: Any) -> bool:
    if isinstance(old, np.ndarray):
        return (
            type(new) is np.ndarray
            and (old.dtype, old.shape) == (new.dtype, new.shape)
            and old.tobytes() == new.tobytes()
        )
    if _is_foreign_array(old):
        return _untouched_foreign_array(old, new)
    if isinstance(old, tuple | list):
        return (
            type(new) is type(old)
            and len(new) == len(old)
            and all(_untouched(a, b) for a, b in zip(old, new, strict=True))
        )
    if isinstance(old, set):
        return type(new) is set and old == new
    if isinstance(old, dict):
        return old.keys() == new.keys() and all(_untouched(old[key], new[key]) for key in old)
    if old is None or isinstance(old, int | float | complex | str | bytes):
        # A number cannot change, but another one may have been put into the list it stood in.
        return type(new) is type(old) and (old == new or old != old)
    return True


def _is_foreign_array(value: Any) -> bool:
    """Tell whether `value` is an array of another module than numpy (a GPU's, say)."""
    is_array = hasattr(type(value), "__array_namespace__") and hasattr(value, "dtype")
    return is_array and not isinstance(value, np.ndarray | np.generic)


def _untouched_foreign_array(old: Any, new: Any) -> bool:
    if type(new) is not type(old) or old.device != new.device:
        return False
    if old.dtype != new.dtype or old.shape != new.shape:
        return False
    return bool(old.__array_namespace__().all(old == new))
