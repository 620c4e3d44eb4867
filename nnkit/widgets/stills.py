"""A picture and a sentence beside every widget, for readers who have no kernel or no JavaScript."""

from __future__ import annotations

import base64
import io
from typing import Any

import anywidget
from matplotlib.axes import Axes
from matplotlib.figure import Figure


class WithPicture(anywidget.AnyWidget):
    """A widget whose output in a notebook also holds a picture.

    A subclass draws it in `still`, and says in ``__repr__`` what is to be seen.
    """

    figsize = (7.5, 3.5)

    def still(self, ax: Axes | None = None) -> Axes:
        """Draw the widget where nothing can move.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw; without one, in a new figure of the size `figsize`.

        Returns
        -------
        Axes
        """
        raise NotImplementedError

    def picture_png(self) -> bytes:
        """Return the picture, as PNG."""
        figure = Figure(figsize=self.figsize, layout="constrained")
        self.still(figure.add_subplot())
        return png(figure)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Add the picture to what a notebook keeps of the widget."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        picture = base64.b64encode(self.picture_png()).decode()
        return data | {"image/png": picture, "text/plain": repr(self)}, metadata


def png(figure: Figure) -> bytes:
    """Return a figure as PNG."""
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()
