"""Which class a net takes an example for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes

from nnkit.backend import Array, to_numpy
from nnkit.checks import as_numbers, check_shape, checked
from nnkit.plots.style import new_axes


def confusion_matrix(
    counts: Array, *, names: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw which class was taken for which.

    Parameters
    ----------
    counts : array of int, shape (n_classes, n_classes)
        ``counts[i, j]`` examples of class i were predicted as class j.
    names : sequence of str, optional
        Names of the classes; "0", "1", … without it.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        For a matrix that is not square, or another number of names.
    """
    counts = to_numpy(as_numbers("counts", counts))
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"expected a square matrix of counts, got shape {counts.shape}")
    n = len(counts)
    names = list(map(str, range(n))) if names is None else names
    if len(names) != n:
        raise ValueError(f"expected {n} names, got {len(names)}")
    ax = ax or new_axes(figsize=(1.5 + 0.45 * max(n, 5), 1 + 0.45 * max(n, 5)))
    # The share of the true class, so that a rare class is as visible as a frequent one.
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    image = ax.imshow(shares, cmap="cividis", vmin=0, vmax=1)
    for (i, j), count in np.ndenumerate(counts):
        if count:
            colour = "black" if shares[i, j] > 0.5 else "white"
            ax.text(j, i, f"{count:g}", ha="center", va="center", color=colour, fontsize="small")
    ax.set_xticks(range(n), names)
    ax.set_yticks(range(n), names)
    ax.set_xlabel("predicted")
    ax.set_ylabel("true")
    ax.figure.colorbar(image, ax=ax, label="share of the true class", shrink=0.8)
    return ax


def decision_boundary(
    predict: Callable[[np.ndarray], Array],
    X: Array,
    y: Array,
    *,
    reconstructed: Array | None = None,
    names: tuple[str, str] = ("X1", "X2"),
    key: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw a net's output over the plane of its two inputs, and the examples on it.

    Parameters
    ----------
    predict : callable
        Takes points of shape (m, 2), returns an output for each, shape (m,) or (m, 1):
        ``net.forward``, for one. The boundary is where it is 0.5; outputs beyond 0 and 1 look as
        these do.
    X : array of shape (n, 2)
        The examples.
    y : array of shape (n,) or (n, 1)
        Their classes, 0 (circles) or 1 (triangles).
    reconstructed : array of bool, shape (n,), optional
        Examples to draw with open (white) markers; the others are black.
    names : (str, str)
        Labels of the axes.
    key : bool
        Whether to add a legend and a colour bar; among several panels, one key is enough.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        Where X has not two columns, y not a class per row, 0 or 1, or `predict` gives not one
        output per point.
    """
    X, y = checked("X", to_numpy(X), ("n", 2), like=np.zeros(1)), np.ravel(to_numpy(y))
    check_shape("y", y, (len(X),))
    if not np.isin(y, (0, 1)).all():
        raise ValueError(f"expected the classes 0 and 1 in y, got {np.unique(y).tolist()}")
    hidden = np.zeros(len(X), dtype=bool) if reconstructed is None else np.asarray(reconstructed)
    check_shape("reconstructed", hidden, (len(X),))

    margin = 0.15 * np.ptp(X, axis=0)
    x1, x2 = np.linspace(X.min(axis=0) - margin, X.max(axis=0) + margin, 150).T
    grid = np.stack(np.meshgrid(x1, x2), axis=-1)
    points = grid.reshape(-1, 2)
    output = to_numpy(predict(points))
    if output.shape not in ((len(points),), (len(points), 1)):
        raise ValueError(f"expected one output per point from predict, got shape {output.shape}")
    output = output.reshape(grid.shape[:2])
    ax = ax or new_axes(figsize=(5, 4))
    tenths = np.linspace(0, 1, 11)
    filled = ax.contourf(x1, x2, np.clip(output, 0, 1), levels=tenths, cmap="cividis")
    if output.min() < 0.5 < output.max():
        ax.contour(x1, x2, output, levels=[0.5], colors="white", linewidths=3)
        ax.contour(x1, x2, output, levels=[0.5], colors="black", linestyles="--")

    for label, marker in ((0, "o"), (1, "^")):
        for is_open, note in ((False, ""), (True, ", reconstructed")):
            chosen = (y == label) & (hidden == is_open)
            if chosen.any():
                ax.plot(
                    *X[chosen].T,
                    linestyle="none",
                    marker=marker,
                    markersize=9,
                    markerfacecolor="white" if is_open else "black",
                    markeredgecolor="black" if is_open else "white",
                    label=f"y = {label}{note}",
                )
    ax.set_xlabel(names[0])
    ax.set_ylabel(names[1])
    if key:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=2, frameon=False)
        ax.figure.colorbar(filled, ax=ax, label="output")
    return ax
