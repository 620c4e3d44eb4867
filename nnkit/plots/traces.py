"""One example on its way through a net and back, as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes

from nnkit.plots.nets import Point, add_weight_key, draw_line
from nnkit.plots.style import new_axes
from nnkit.trace import LayerTrace, Trace, number_text

MOST_NODES = 4  # of a layer; more are drawn as the first three and three dots
KEY_WIDTH = 6.8  # inches of the key below the net
BOX_WIDTH, BOX_HEIGHT = 1.5, 1.6  # inches per node, with the gap around it


def trace(trace: Trace, *, ax: Axes | None = None) -> Axes:
    """Draw the net with every number of the trace: z, a, error and delta in the nodes.

    On the line of a weight stands the weight, and below it, in italics, its gradient dW. A solid
    blue line is a positive weight, a dashed orange one a negative weight, a thick one a large
    weight. (The bias' gradient db is the node's delta: for a single example they are the same.)

    Of wide layers only the first nodes are drawn. With maxout, a node shows all of its weighted
    sums, and its lines belong to the largest, the one that counts.

    Parameters
    ----------
    trace : Trace
        What ``nn.trace(net, x, y)`` returns.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        Where `trace` is none.

    References
    ----------
    Deck B, Steps 3 and 5; deck C, the deltas from layer to layer.
    """
    if not isinstance(trace, Trace):
        raise ValueError(f"expected what nn.trace(net, x, y) returns, got {trace!r}")
    sizes = [len(trace.x), *(len(layer.a) for layer in trace.layers)]
    places = _places(sizes, [1, *(layer.pieces for layer in trace.layers)])
    x, y = np.concatenate(places).T
    dots_below = 0.6 if max(sizes) > MOST_NODES else 0.0
    bottom, top = y.min() - BOX_HEIGHT / 2 - dots_below, y.max() + BOX_HEIGHT / 2
    ax = ax or new_axes(figsize=(max(KEY_WIDTH, np.ptp(x) + BOX_WIDTH), top - bottom + 0.8))

    largest = max(np.abs(layer.W).max() for layer in trace.layers) or 1.0
    for layer, (left, right) in zip(trace.layers, pairwise(places), strict=True):
        _draw_weights(ax, layer, left, right, largest, trace.digits)
    for names, nodes in zip(_node_texts(trace), places, strict=True):
        for text, place in zip(names, nodes, strict=False):
            _draw_node(ax, place, text)
        if len(nodes) < len(names):
            dots = f"⋮\n{len(names)} nodes"
            ax.text(nodes[-1][0], y.min() - BOX_HEIGHT / 2, dots, ha="center", va="top")

    ax.set_xlim(x.min() - BOX_WIDTH / 2, x.max() + BOX_WIDTH / 2)
    ax.set_ylim(bottom, top)
    ax.set_axis_off()
    target = ", ".join(f"{value:g}" for value in trace.y)
    ax.set_title(f"target {target}: cost {trace.cost:.{trace.digits}f} ({trace.loss})")
    add_weight_key(ax, "upper number: weight, lower: dW")
    return ax


def _places(sizes: list[int], pieces: list[int]) -> list[list[Point]]:
    """Return x and y, in inches, of the nodes that are drawn, for all layers."""
    shown = [size if size <= MOST_NODES else MOST_NODES - 1 for size in sizes]
    # Labels stand at 1 / (n_right + 1) of the way; there they have to be clear of the left box.
    clear = [0.85 + 0.3 * (n_sums - 1) for n_sums in pieces]
    steps = [max(3.0, gap * (n + 1)) for gap, n in zip(clear, shown[1:], strict=False)]
    return [
        [(x, BOX_HEIGHT * ((n - 1) / 2 - node)) for node in range(n)]
        for x, n in zip(np.cumsum([0.0, *steps]), shown, strict=True)
    ]


def _draw_weights(
    ax: Axes,
    layer: LayerTrace,
    left: list[Point],
    right: list[Point],
    largest: float,
    digits: int,
) -> None:
    """Draw the lines into a layer, each with its weight and dW."""
    # At this share of the way the lines of n_left · n_right weights are equally far from each other.
    along = 1 / (len(right) + 1)
    for j, end in enumerate(right):
        pieces = slice(layer.pieces * j, layer.pieces * (j + 1))
        row = pieces.start + int(layer.z[pieces].argmax())
        for i, start in enumerate(left):
            draw_line(ax, start, end, layer.W[row, i] / largest)
            x, y = (1 - along) * np.asarray(start) + along * np.asarray(end)
            background = {"boxstyle": "square,pad=0.1", "color": ax.get_facecolor()}
            for value, va, gap, style in (
                (layer.W[row, i], "bottom", 0.01, "normal"),
                (layer.dW[row, i], "top", -0.01, "italic"),
            ):
                ax.text(
                    x,
                    y + gap,
                    number_text(value, digits),
                    fontsize="small",
                    fontstyle=style,
                    ha="center",
                    va=va,
                    bbox=background,
                    zorder=2,
                )


def _node_texts(trace: Trace) -> Iterator[list[str]]:
    """Yield what is written into the nodes, layer by layer."""
    first = trace.layers[0]
    yield [
        f"{name}\n{number_text(value, trace.digits)}"
        for name, value in zip(first.inputs, trace.x, strict=True)
    ]
    for layer in trace.layers:
        yield [_node_text(layer, node, trace.digits) for node in range(len(layer.a))]


def _node_text(layer: LayerTrace, node: int, digits: int) -> str:
    pieces = slice(layer.pieces * node, layer.pieces * (node + 1))
    rows = [("b", layer.b[pieces]), ("z", layer.z[pieces])]
    if layer.slope is not None:
        rows.append(("slope", layer.slope[[node]]))
    rows += [("a", layer.a[[node]]), ("error", layer.error[[node]]), ("delta", layer.delta[pieces])]
    numbers = [(name, "  ".join(number_text(v, digits) for v in values)) for name, values in rows]
    width = max(len(text) for _, text in numbers)
    return "\n".join([layer.nodes[node], *(f"{name:<6}{text:>{width}}" for name, text in numbers)])


def _draw_node(ax: Axes, place: Point, text: str) -> None:
    ax.text(
        *place,
        text,
        ha="center",
        va="center",
        fontsize="small",
        family="monospace",  # numbers below one another
        bbox={
            "boxstyle": "round,pad=0.4",
            "facecolor": ax.get_facecolor(),
            "edgecolor": ax.xaxis.label.get_color(),
        },
        zorder=4,
    )
