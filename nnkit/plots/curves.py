"""How the cost went down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from nnkit.backend import Array, to_numpy
from nnkit.checks import as_numbers
from nnkit.plots.style import COLOURS, LINE_STYLES, new_axes
from nnkit.training import History

Costs = Array | History


def loss_curve(
    costs: Costs | Mapping[str, Costs], *, log: bool = False, ax: Axes | None = None
) -> Axes:
    """Draw the cost after each epoch, as one curve or several.

    Parameters
    ----------
    costs : array of shape (epochs,), History, or dict from str to them
        A cost per epoch; or what `fit` returns; or several of them by name.
    log : bool
        Whether the cost's axis is logarithmic.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        For a curve that has not one cost per epoch.
    """
    curves = {name: _one_cost_per_epoch(curve) for name, curve in _curves(costs).items()}
    ax = ax or new_axes(figsize=(6, 3.5))
    for i, (name, curve) in enumerate(curves.items()):
        ax.plot(np.arange(1, len(curve) + 1), curve, label=name, **_line(i))
    if log:
        ax.set_yscale("log")
    else:
        ax.set_ylim(bottom=0)
    ax.set_xlabel("epoch")
    ax.set_ylabel("cost")
    if len(curves) > 2:  # many curves leave no room among them
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    elif len(curves) == 2:
        ax.legend()
    return ax


def _one_cost_per_epoch(curve: Array) -> np.ndarray:
    """Return a curve, shape (epochs,) or (epochs, 1), as an array of one axis."""
    curve = to_numpy(as_numbers("costs", curve))
    if curve.ndim == 0 or curve.size != len(curve):
        raise ValueError(f"expected one cost per epoch, got shape {curve.shape}")
    return np.ravel(curve)


def _curves(costs: Costs | Mapping[str, Costs]) -> Mapping[str, Array]:
    """Return the curves by name, whichever way they were given."""
    if isinstance(costs, Mapping):
        return {
            name: curve.loss if isinstance(curve, History) else curve
            for name, curve in costs.items()
        }
    if isinstance(costs, History):
        validated = {"validation": costs.val_loss} if costs.val_loss else {}
        return {"training": costs.loss, **validated}
    return {"": costs}


def _line(i: int) -> dict[str, Any]:
    """Return colour and style of the i-th of several curves; 16 differ."""
    n = len(COLOURS)
    return {"color": COLOURS[i % n], "linestyle": LINE_STYLES[(i + i // n) % n]}
