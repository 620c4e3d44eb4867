"""What all figures share: colours that everybody can tell apart, and where a figure comes from."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

# Okabe and Ito's colours, those with a contrast of at least 3 to white and to black.
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
COLOURS = (BLUE, VERMILLION, GREEN, PURPLE)
LINE_STYLES = ("-", "--", "-.", ":")


def new_axes(figsize: tuple[float, float]) -> Axes:
    """Return the axes of a new figure, width and height in inches."""
    _, ax = plt.subplots(figsize=figsize, layout="constrained")
    return ax
