"""Any figure with a slider: every picture is drawn beforehand and sent along.

So the figure also moves in a static page, where there is no Python to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnkit.widgets.scripts import STATIC
from nnkit.widgets.stills import WithPicture, png


class FrameSlider(WithPicture):
    """A picture and the slider that swaps it; made by `slider`.

    Attributes
    ----------
    name : str
        What the slider sets.
    values, readouts : list of str
        What it can be set to, and the sentence under the picture for each.
    frames : list of bytes
        The pictures, as PNG.
    index : int
        Which of them is shown; the slider moves it, and setting it moves the slider.
    """

    _esm = STATIC / "frames.js"

    name = traitlets.Unicode().tag(sync=True)
    values = traitlets.List(traitlets.Unicode()).tag(sync=True)
    readouts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    frames = traitlets.List(traitlets.Bytes()).tag(sync=True)
    index = traitlets.Int().tag(sync=True)

    @traitlets.validate("index")
    def _check_index(self, proposal: Any) -> int:
        return checked_index(proposal["value"], len(self.frames))

    def __repr__(self) -> str:
        return self.readouts[self.index]

    def picture_png(self) -> bytes:
        """Return the picture that is shown."""
        return self.frames[self.index]


def slider(
    draw: Callable[[Any, Axes], str | None],
    values: Sequence[Any],
    *,
    name: str,
    start: int = 0,
    figsize: tuple[float, float] = (6.4, 4.0),
) -> FrameSlider:
    """Let the reader drag one value through a figure of yours.

    Parameters
    ----------
    draw : callable
        ``draw(value, ax)`` draws the figure for one value. What it returns, a sentence, is written
        under the picture and read out by a screen reader; without one it is name and value.
    values : sequence
        What the slider can be set to, in order. Each is drawn now, which takes about 50 ms.
    name : str
        What the values are: the label of the slider.
    start : int
        The index of the value that is shown at first.
    figsize : (float, float)
        Width and height in inches.

    Returns
    -------
    FrameSlider
        Displays itself as the last value of a cell.

    Raises
    ------
    ValueError
        Where there is no value.
    traitlets.TraitError
        Where `start` is not the index of a value.

    Examples
    --------
    >>> def draw(b, ax):
    ...     z = np.linspace(-6, 6, 100)
    ...     ax.plot(z, 1 / (1 + np.exp(-(z + b))))
    ...     ax.set(xlabel="weighted sum", ylabel="activation", ylim=(0, 1))
    ...     return f"With a bias of {b:g}, the activation is one half at {-b:g}."
    >>> slider(draw, [-4, -2, 0, 2, 4], name="bias", start=2)
    With a bias of 0, the activation is one half at 0.
    """
    if not len(values):
        raise ValueError("expected values for the slider, got none")
    frames, readouts = [], []
    for value in values:
        figure = Figure(figsize=figsize, layout="constrained")
        sentence = draw(value, figure.add_subplot())
        readouts.append(f"{name}: {_written(value)}" if sentence is None else sentence)
        frames.append(png(figure))
    return FrameSlider(
        name=name,
        values=[_written(value) for value in values],
        readouts=readouts,
        frames=frames,
        index=checked_index(start, len(frames)),
    )


def checked_index(index: int, length: int) -> int:
    """Return the index of one of `length` things; raise a TraitError if it is none."""
    if not 0 <= index < length:
        raise traitlets.TraitError(f"expected an index from 0 to {length - 1}, got {index}")
    return int(index)


def _written(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float | np.number) else str(value)
