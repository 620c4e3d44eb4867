"""Still figures: a net with its weights, costs, weight pictures, mistakes, boundaries.

Every function draws into the Axes given as ``ax``, or into a new figure, and returns the Axes.
Signs, classes and curves differ in line style or marker as well as in colour, and the colours
(Okabe-Ito, cividis) keep apart for colour-blind readers, in grey, and on a dark background.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from nnkit.backend import Array, to_numpy
from nnkit.trace import node_names
from nnkit.training import History

if TYPE_CHECKING:
    from nnkit.network import MLP

# Okabe and Ito's colours, those with a contrast of at least 3 to white and to black.
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
COLOURS = (BLUE, VERMILLION, GREEN, PURPLE)
LINE_STYLES = ("-", "--", "-.", ":")

MOST_NODES = 10  # of a layer; more are drawn as the first ones and three dots
MOST_LABELS = 24  # weights and biases that can be read beside their lines


def network(
    net: MLP | Sequence[Any],
    values: Sequence[Array] | None = None,
    *,
    digits: int = 2,
    ax: Axes | None = None,
) -> Axes:
    """Draw a net with its weights and biases, inputs at the left.

    A solid blue line is a positive weight, a dashed orange one a negative weight, a thick one
    a large weight. Small nets get the numbers beside lines and nodes; of wide layers only the
    first nodes are drawn.

    Parameters
    ----------
    net : MLP, or list of (W, b), or (W1, b1, W2, b2)
        The net, or its parameters; W of shape (n_out, n_in).
    values : sequence of arrays, optional
        A number per node to write into it, one array per layer, inputs first.
    digits : int
        Decimals of the numbers.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        Where ``values`` does not fit the net.
    """
    params = _pairs(net)
    sizes = [params[0][0].shape[1], *(W.shape[0] for W, _ in params)]
    if values is not None and [np.size(v) for v in values] != sizes:
        raise ValueError(
            f"expected values for layers of {sizes} nodes, got {[np.size(v) for v in values]}"
        )
    ax = ax or _new_axes(figsize=(1.8 + 2.4 * len(params), 1.2 + min(max(sizes), MOST_NODES)))
    places = [_node_places(layer, size) for layer, size in enumerate(sizes)]
    labelled = sum(len(p) * len(q) for p, q in pairwise(places)) <= MOST_LABELS
    largest = max(np.abs(W).max() for W, _ in params) or 1.0

    for (left, right), (W, _) in zip(pairwise(places), params, strict=True):
        for i, start in enumerate(left):
            for j, end in enumerate(right):
                label = f"{W[j, i]:.{digits}f}" if labelled else ""
                _draw_weight(ax, start, end, W[j, i] / largest, label)
    for layer, (names, nodes) in enumerate(zip(node_names(sizes), places, strict=True)):
        for node, place in enumerate(nodes):
            text = names[node]
            if values is not None:
                text += f"\n{np.ravel(to_numpy(values[layer]))[node]:.{digits}f}"
            _draw_node(ax, place, text)
            if layer > 0 and labelled:
                _draw_bias(ax, place, f"{params[layer - 1][1][node]:.{digits}f}")
        if len(nodes) < sizes[layer]:
            x, y = nodes[-1]
            ax.text(x, y - 1, f"⋮\n{sizes[layer]} nodes", ha="center", va="center")

    x, y = np.concatenate(places).T
    ax.set_xlim(x.min() - 0.5, x.max() + 0.5)
    ax.set_ylim(min(y.min(), -1) - 0.75, y.max() + 0.75)
    ax.set_axis_off()
    ax.legend(
        handles=[
            Line2D([], [], color=BLUE, linestyle="-", label="positive weight"),
            Line2D([], [], color=VERMILLION, linestyle="--", label="negative weight"),
        ],
        loc="upper center",
        bbox_to_anchor=(0.5, 0.02),
        ncols=2,
        frameon=False,
    )
    return ax


def _pairs(net: MLP | Sequence[Any]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the parameters as a list of (W, b), whichever way they were given."""
    if hasattr(net, "layers"):
        pairs = [(layer.W, layer.b) for layer in net.layers]
    elif len(net[0]) == 2 and np.ndim(net[0][1]) == 1 and np.ndim(net[0][0]) == 2:
        pairs = [(W, b) for W, b in net]
    else:
        pairs = list(zip(net[::2], net[1::2], strict=True))
    return [(to_numpy(W), to_numpy(b)) for W, b in pairs]


def _node_places(layer: int, size: int) -> list[tuple[float, float]]:
    """Return x and y of a layer's nodes that are drawn, centred on y = 0."""
    shown = size if size <= MOST_NODES else MOST_NODES - 2
    top = (shown - 1) / 2
    return [(2.0 * layer, top - node) for node in range(shown)]


def _draw_weight(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], strength: float, label: str
) -> None:
    """Draw a line; `strength` is the weight over the net's largest, -1 to 1."""
    positive = strength >= 0
    (x0, y0), (x1, y1) = start, end
    ax.plot(
        [x0, x1],
        [y0, y1],
        color=BLUE if positive else VERMILLION,
        linestyle="-" if positive else (0, (4, 2)),
        linewidth=0.5 + 3.5 * abs(strength),
        zorder=1,
    )
    if label:
        along = 0.22  # near the start: further on the lines cross
        ax.text(
            x0 + along * (x1 - x0),
            y0 + along * (y1 - y0),
            label,
            fontsize="small",
            ha="center",
            va="center",
            rotation=np.degrees(np.arctan2(y1 - y0, x1 - x0)),
            rotation_mode="anchor",
            transform_rotates_text=True,
            bbox={"boxstyle": "square,pad=0.1", "color": ax.get_facecolor()},
            zorder=2,
        )


def _draw_node(ax: Axes, place: tuple[float, float], text: str) -> None:
    x, y = place
    ax.plot(
        [x],
        [y],
        marker="o",
        markersize=36,
        markerfacecolor=ax.get_facecolor(),
        markeredgecolor=plt.rcParams["text.color"],
        zorder=3,
    )
    ax.text(x, y, text, ha="center", va="center", fontsize="small", zorder=4)


def _draw_bias(ax: Axes, place: tuple[float, float], label: str) -> None:
    x, y = place
    ax.text(x, y + 0.3, f"b {label}", ha="center", va="bottom", fontsize="small", zorder=4)


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
    """
    ax = ax or _new_axes(figsize=(6, 3.5))
    curves = _curves(costs)
    for i, (name, curve) in enumerate(curves.items()):
        values = np.ravel(to_numpy(curve))
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


def weight_pictures(
    W: Array,
    *,
    shape: tuple[int, int] = (28, 28),
    titles: Sequence[str] | None = None,
    columns: int = 8,
    ax: Axes | None = None,
) -> Axes:
    """Draw each neuron's weights as a picture, all on one scale with 0 in its middle.

    Parameters
    ----------
    W : array of shape (n_out, height * width)
        A layer's weights, a neuron per row.
    shape : (int, int)
        Height and width of the input pictures.
    titles : sequence of str, optional
        A title per neuron; "1", "2", … without it.
    columns : int
        Pictures per row.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        Where the weights of a neuron do not make a picture of that shape.

    References
    ----------
    Deck A: the weights of a neuron as a picture of the feature that it looks for.
    """
    W = np.atleast_2d(to_numpy(W))
    n, (height, width) = len(W), shape
    if W.shape[1] != height * width:
        raise ValueError(f"expected {height} x {width} weights per neuron, got {W.shape[1]}")
    columns = min(columns, n)
    rows = -(-n // columns)
    gap_above, gap = max(4, height // 5), max(1, width // 14)  # above each there is its title
    mosaic = np.full((rows * (height + gap_above), columns * (width + gap) - gap), np.nan)
    ax = ax or _new_axes(figsize=(1.1 * columns + 1, 1.25 * rows + 0.2))
    for i, weights in enumerate(W):
        top = (i // columns) * (height + gap_above) + gap_above
        left = (i % columns) * (width + gap)
        mosaic[top : top + height, left : left + width] = weights.reshape(shape)
        title = str(i + 1) if titles is None else titles[i]
        ax.text(left + width / 2, top - 1, title, ha="center", va="bottom", fontsize="small")
    limit = np.abs(W).max() or 1.0
    image = ax.imshow(mosaic, cmap="cividis", vmin=-limit, vmax=limit, interpolation="nearest")
    ax.set_axis_off()
    ax.figure.colorbar(image, ax=ax, label="weight", shrink=0.8)
    return ax


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
        For a matrix that is not square.
    """
    counts = to_numpy(counts)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"expected a square matrix of counts, got shape {counts.shape}")
    n = len(counts)
    ax = ax or _new_axes(figsize=(1.5 + 0.45 * max(n, 5), 1 + 0.45 * max(n, 5)))
    # The share of the true class, so that a rare class is as visible as a frequent one.
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    image = ax.imshow(shares, cmap="cividis", vmin=0, vmax=1)
    for (i, j), count in np.ndenumerate(counts):
        if count:
            colour = "black" if shares[i, j] > 0.5 else "white"
            ax.text(j, i, f"{count:g}", ha="center", va="center", color=colour, fontsize="small")
    names = list(map(str, range(n))) if names is None else names
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
        Takes points of shape (m, 2), returns an output between 0 and 1 for each, shape (m,) or
        (m, 1): ``net.forward``, for one. The boundary is where it is 0.5.
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
        Where X has not two columns, or y not a class per row.
    """
    X, y = to_numpy(X), np.ravel(to_numpy(y))
    if X.ndim != 2 or X.shape[1] != 2 or len(y) != len(X):
        raise ValueError(f"expected X of shape (n, 2) and n classes, got {X.shape} and {len(y)}")
    hidden = np.zeros(len(X), dtype=bool) if reconstructed is None else np.asarray(reconstructed)
    ax = ax or _new_axes(figsize=(5, 4))

    margin = 0.15 * np.ptp(X, axis=0)
    x1, x2 = np.linspace(X.min(axis=0) - margin, X.max(axis=0) + margin, 150).T
    grid = np.stack(np.meshgrid(x1, x2), axis=-1)
    output = to_numpy(predict(grid.reshape(-1, 2))).reshape(150, 150)
    filled = ax.contourf(x1, x2, output, levels=np.linspace(0, 1, 11), cmap="cividis")
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


def _new_axes(figsize: tuple[float, float]) -> Axes:
    _, ax = plt.subplots(figsize=figsize, layout="constrained")
    return ax
