"""Weights as pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from nnkit.backend import Array, to_numpy
from nnkit.checks import as_numbers, checked_count
from nnkit.plots.style import new_axes


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
        Where the weights of a neuron do not make a picture of that shape, or not every neuron has
        a title.

    References
    ----------
    Deck A: the weights of a neuron as a picture of the feature that it looks for.
    """
    W = np.atleast_2d(to_numpy(as_numbers("W", W)))
    n, (height, width) = len(W), shape
    if n == 0 or W.shape[1:] != (height * width,):
        raise ValueError(f"expected a row of {height} x {width} weights per neuron, got {W.shape}")
    titles = [str(i + 1) for i in range(n)] if titles is None else titles
    if len(titles) != n:
        raise ValueError(f"expected {n} titles, got {len(titles)}")
    columns = min(checked_count("columns", columns), n)
    rows = -(-n // columns)
    gap_above, gap = max(4, height // 5), max(1, width // 14)  # above each there is its title
    mosaic = np.full((rows * (height + gap_above), columns * (width + gap) - gap), np.nan)
    ax = ax or new_axes(figsize=(1.1 * columns + 1, 1.25 * rows + 0.2))
    for i, weights in enumerate(W):
        top = (i // columns) * (height + gap_above) + gap_above
        left = (i % columns) * (width + gap)
        mosaic[top : top + height, left : left + width] = weights.reshape(shape)
        ax.text(left + width / 2, top - 1, titles[i], ha="center", va="bottom", fontsize="small")
    limit = np.abs(W).max() or 1.0
    image = ax.imshow(mosaic, cmap="cividis", vmin=-limit, vmax=limit, interpolation="nearest")
    ax.set_axis_off()
    ax.figure.colorbar(image, ax=ax, label="weight", shrink=0.8)
    return ax
