"""Still figures: a net, a trace through it, costs, weight pictures, mistakes, boundaries.

Every function draws into the Axes given as ``ax``, or into a new figure, and returns the Axes.
Signs, classes and curves differ in line style or marker as well as in colour, and the colours
(Okabe-Ito, cividis) keep apart for colour-blind readers, in grey, and on a dark background.
"""

from nnkit.plots.classes import confusion_matrix, decision_boundary
from nnkit.plots.curves import loss_curve
from nnkit.plots.nets import network
from nnkit.plots.pictures import weight_pictures
from nnkit.plots.style import COLOURS
from nnkit.plots.traces import trace

__all__ = [
    "COLOURS",
    "confusion_matrix",
    "decision_boundary",
    "loss_curve",
    "network",
    "trace",
    "weight_pictures",
]
