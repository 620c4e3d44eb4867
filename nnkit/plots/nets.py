"""A net as a graph: nodes, and lines for the weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from nnkit.backend import Array, to_numpy
from nnkit.checks import checked, checked_count
from nnkit.plots.style import BLUE, VERMILLION, new_axes
from nnkit.trace import node_names

if TYPE_CHECKING:
    from nnkit.network import MLP

Point = tuple[float, float]

MOST_NODES = 10  # of a layer; more are drawn as the first ones and three dots
MOST_LABELS = 24  # weights and biases that can be read beside their lines
THICKEST = 4.0  # points that the line of the largest weight is thick
THICKEST_OF_MANY = 1.5  # where there are more weights than can be labelled


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
        Where ``values`` does not fit the net, parameters do not fit together, or a line would have
        several weights: with maxout.
    """
    digits = checked_count("digits", digits, least=0)
    params = _pairs(net)
    sizes = [params[0][0].shape[1], *(W.shape[0] for W, _ in params)]
    if values is not None and [np.size(v) for v in values] != sizes:
        raise ValueError(
            f"expected values for layers of {sizes} nodes, got {[np.size(v) for v in values]}"
        )
    ax = ax or new_axes(figsize=(1.8 + 2.4 * len(params), 1.2 + min(max(sizes), MOST_NODES)))
    places = [_node_places(layer, size) for layer, size in enumerate(sizes)]
    labelled = sum(len(p) * len(q) for p, q in pairwise(places)) <= MOST_LABELS
    largest = max(np.abs(W).max() for W, _ in params) or 1.0

    for (left, right), (W, _) in zip(pairwise(places), params, strict=True):
        for i, start in enumerate(left):
            for j, end in enumerate(right):
                strength = W[j, i] / largest
                if labelled:
                    draw_line(ax, start, end, strength)
                    _label_line(ax, start, end, f"{W[j, i]:.{digits}f}")
                else:
                    draw_line(ax, start, end, strength, THICKEST_OF_MANY)
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
    add_weight_key(ax)
    return ax


def _pairs(net: MLP | Sequence[Any]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the parameters as a list of (W, b), whichever way they were given."""
    if hasattr(net, "layers"):
        for layer in net.layers:
            if layer.activation.pieces > 1:
                raise ValueError(
                    f"expected one weight per line, got {layer}: nn.plots.trace will do"
                )
        return [(to_numpy(layer.W), to_numpy(layer.b)) for layer in net.layers]
    if isinstance(net, tuple | list) and net and all(map(_is_pair, net)):
        return list(_fitting(net))
    if isinstance(net, tuple | list) and net and len(net) % 2 == 0:
        return list(_fitting(zip(net[::2], net[1::2], strict=True)))
    raise ValueError(f"expected a net, a list of (W, b), or (W1, b1, W2, b2), got {net!r}")


def _is_pair(item: Any) -> bool:
    return isinstance(item, tuple | list) and len(item) == 2 and np.ndim(item[0]) == 2


def _fitting(pairs: Iterable[tuple[Array, Array]]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield W and b of each layer, once they are known to fit each other and the layer below."""
    n_in: int | str = "n_in"
    for number, (W, b) in enumerate(pairs, start=1):
        W = checked(f"W{number}", to_numpy(W), ("n_out", n_in), like=np.zeros(1))
        b = checked(f"b{number}", to_numpy(b), (len(W),), like=W)
        n_in = len(W)
        yield W, b


def _node_places(layer: int, size: int) -> list[Point]:
    """Return x and y of a layer's nodes that are drawn, centred on y = 0."""
    shown = size if size <= MOST_NODES else MOST_NODES - 2
    top = (shown - 1) / 2
    return [(2.0 * layer, top - node) for node in range(shown)]


def draw_line(
    ax: Axes, start: Point, end: Point, strength: float, thickest: float = THICKEST
) -> None:
    """Draw a weight as a line; `strength` is the weight over the net's largest, −1 to 1."""
    positive = strength >= 0
    ax.plot(
        *zip(start, end, strict=True),
        color=BLUE if positive else VERMILLION,
        linestyle="-" if positive else (0, (4, 2)),
        linewidth=0.5 + (thickest - 0.5) * abs(strength),
        zorder=1,
    )


def add_weight_key(ax: Axes, note: str = "") -> None:
    """Say below the net what the lines mean, and the `note`."""
    handles = [
        Line2D([], [], color=BLUE, linestyle="-", label="positive weight"),
        Line2D([], [], color=VERMILLION, linestyle="--", label="negative weight"),
    ]
    if note:
        handles.append(Line2D([], [], linestyle="none", label=note))
    ax.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.02),
        ncols=len(handles),
        frameon=False,
    )


def _label_line(ax: Axes, start: Point, end: Point, label: str) -> None:
    """Write a number onto a line, near its start: further on the lines cross."""
    (x0, y0), (x1, y1) = start, end
    along = 0.22
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


def _draw_node(ax: Axes, place: Point, text: str) -> None:
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


def _draw_bias(ax: Axes, place: Point, label: str) -> None:
    x, y = place
    ax.text(x, y + 0.3, f"b {label}", ha="center", va="bottom", fontsize="small", zorder=4)
