"""How the cost went down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from nnkit.backend import Array, to_numpy
from nnkit.plots.style import COLOURS, LINE_STYLES, new_axes
from nnkit.training import History


def loss_curve(
    costs: Array | History | Mapping[str, Array], *, log: bool = False, ax: Axes | None = None
) -> Axes:
    """Draw the cost after each epoch, as one curve or several.

    Parameters
    ----------
    costs : array of shape (epochs,), History, or dict of str to array
        A cost per epoch; or what `fit` returns; or several curves by name.
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
    ax = ax or new_axes(figsize=(6, 3.5))
    curves = _curves(costs)
    for i, (name, curve) in enumerate(curves.items()):
        costs_by_epoch = to_numpy(curve)
        values = np.ravel(costs_by_epoch)
        if len(values) != len(costs_by_epoch):
            raise ValueError(f"expected one cost per epoch, got shape {costs_by_epoch.shape}")
        ax.plot(np.arange(1, len(values) + 1), values, label=name, **_line(i))
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


def _curves(costs: Array | History | Mapping[str, Array]) -> Mapping[str, Array]:
    """Return the curves by name, whichever way they were given."""
    if isinstance(costs, Mapping):
        return costs
    if isinstance(costs, History):
        validated = {"validation": costs.val_loss} if costs.val_loss else {}
        return {"training": costs.loss, **validated}
    return {"": costs}


def _line(i: int) -> dict[str, Any]:
    """Return colour and style of the i-th of several curves; 16 differ."""
    n = len(COLOURS)
    return {"color": COLOURS[i % n], "linestyle": LINE_STYLES[(i + i // n) % n]}
