"""Arrays that stand in for those of a GPU, so that the lesson can be checked where there is none.

array_api_strict has devices that exist in name only, and it is as strict as CuPy: its arrays do not
mix with NumPy's, and NumPy's functions cannot read what lies on another device.
"""

from __future__ import annotations

import types
from typing import Any

import array_api_strict
import numpy as np

CPU = array_api_strict.Device("CPU_DEVICE")
FAKE_GPU = array_api_strict.Device("device1")

_StrictArray = type(array_api_strict.asarray(0.0))


def strict(values: np.ndarray, device: Any = CPU) -> Any:
    """Copy a NumPy array into one of array_api_strict, on one of its devices."""
    return array_api_strict.asarray(values, device=device)


def is_strict(x: Any) -> bool:
    """Tell whether `x` is an array of array_api_strict."""
    return isinstance(x, _StrictArray)


def to_numpy(x: Any) -> np.ndarray:
    """Fetch an array of array_api_strict from whatever device it is on."""
    return np.asarray(x.to_device(CPU))


class Abacus:
    """An array of a module that nobody has heard of; it can say which one that is, and no more."""

    module = types.ModuleType("beads")

    def __array_namespace__(self, *, api_version: str | None = None) -> types.ModuleType:
        return self.module

    def __repr__(self) -> str:
        return "Abacus()"
