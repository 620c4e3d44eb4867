"""The learning rate, dragged: how deck B's net trains with fifty of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets
from matplotlib.axes import Axes

from nnkit import plots
from nnkit.datasets import two_three_one
from nnkit.many import train_many
from nnkit.network import MLP
from nnkit.widgets.frames import checked_index
from nnkit.widgets.scripts import STATIC
from nnkit.widgets.stills import WithPicture

LEARNING_RATES = tuple(float(f"{0.5 * 10 ** (step / 14):.2g}") for step in range(-24, 26))
"""Fifty learning rates from 0.0097 to 31, fourteen per power of ten, deck B's 0.5 among them."""


def learning_rate_curves(learning_rates: Sequence[float], epochs: int) -> np.ndarray:
    """Train deck B's 2-3-1 net from its initial parameters, once per learning rate.

    All nets are trained at once: in every array the last axis counts the nets.

    Parameters
    ----------
    learning_rates : sequence of float
        One per net.
    epochs : int
        Number of updates.

    Returns
    -------
    ndarray of shape (len(learning_rates), epochs + 1)
        The cost Σ ½(ŷ - y)² after 0, 1, …, ``epochs`` updates.

    References
    ----------
    Deck B, Steps 3 to 6, gradients summed over the observations; deck C, learning rates.
    """
    data = two_three_one()
    net = MLP([2, 3, 1], loss="half_squared_error_sum", dtype="float64")
    net.set_params([(data.W1, data.b1), (data.W2, data.b2)])
    # A cost is that before an update, so the cost after the last one takes one more.
    return train_many(net, data.X, data.Y, epochs + 1, learning_rates).loss.T


class LearningRateSlider(WithPicture):
    """A curve of costs and a slider for its learning rate; made by `learning_rate_slider`.

    Attributes
    ----------
    index : int
        Which learning rate is chosen; the slider moves it, and setting it moves the slider.
    learning_rates : list of float
        The learning rates that can be chosen.
    costs : bytes
        The cost after each update for each of them: float32, little-endian, a learning rate per
        row.
    readouts : list of str
        For each of them, in words, how the training goes.
    start : int
        The learning rate whose curve stays as a dashed line.
    goal : float
        A dotted line is drawn at this cost.
    """

    _esm = STATIC / "learning_rate.js"

    index = traitlets.Int().tag(sync=True)
    learning_rates = traitlets.List(traitlets.Float()).tag(sync=True)
    costs = traitlets.Bytes().tag(sync=True)
    readouts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    start = traitlets.Int().tag(sync=True)
    goal = traitlets.Float().tag(sync=True)

    @traitlets.validate("index")
    def _check_index(self, proposal: Any) -> int:
        return checked_index(proposal["value"], len(self.learning_rates))

    def curves(self) -> np.ndarray:
        """Return the costs, shape (learning rates, updates + 1)."""
        costs = np.frombuffer(self.costs, dtype="<f4")
        return costs.reshape(len(self.learning_rates), -1)

    def still(self, ax: Axes | None = None) -> Axes:
        """Draw some of the curves side by side, for a page where nothing can move.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw.

        Returns
        -------
        Axes
        """
        chosen = {*np.linspace(0, len(self.learning_rates) - 1, 5).astype(int), self.start}
        curves = self.curves()
        return plots.loss_curve(
            {f"learning rate {self.learning_rates[i]:g}": curves[i] for i in sorted(chosen)},
            log=True,
            ax=ax,
        )

    def __repr__(self) -> str:
        return self.readouts[self.index]


def learning_rate_slider(
    learning_rates: Sequence[float] = LEARNING_RATES, *, epochs: int = 1000, goal: float = 0.01
) -> LearningRateSlider:
    """Let the reader drag the learning rate with which deck B's 2-3-1 net is trained.

    Parameters
    ----------
    learning_rates : sequence of float
        What the slider can be set to, in increasing order; it starts nearest to the deck's 0.5.
    epochs : int
        Number of updates to show.
    goal : float
        The cost to get below. Deck B's goal, 0.001, takes 7,491 updates at 0.5.

    Returns
    -------
    LearningRateSlider
        Displays itself as the last value of a cell.

    Raises
    ------
    ValueError
        Where there is no learning rate, one is not positive, or epochs or goal is not positive.

    References
    ----------
    Deck C, "learning rate": one that is too small creeps, one that is too large overshoots.
    """
    rates = [float(rate) for rate in learning_rates]
    if not rates or min(rates) <= 0:
        raise ValueError(f"expected positive learning rates, got {rates}")
    if epochs < 1 or goal <= 0:
        raise ValueError(f"expected epochs and goal above 0, got {epochs} and {goal}")
    curves = learning_rate_curves(rates, epochs)
    start = int(np.abs(np.log(rates) - np.log(0.5)).argmin())
    return LearningRateSlider(
        learning_rates=rates,
        costs=curves.astype("<f4").tobytes(),
        readouts=[readout(rate, curve, goal) for rate, curve in zip(rates, curves, strict=True)],
        goal=goal,
        start=start,
        index=start,
    )


def readout(rate: float, costs: np.ndarray, goal: float) -> str:
    """Say how a training run went: the last cost, the goal, and whether the cost ever rose."""
    below = np.flatnonzero(costs < goal)
    reached = f"below {goal:g} after {below[0]:,}" if len(below) else f"not below {goal:g} yet"
    # Close to a minimum or on a plateau the last bits of the cost tremble; that is no rise.
    rises = int((np.diff(costs) > 1e-9).sum())
    times = "once" if rises == 1 else f"{rises:,} times"
    rising = f"the cost rose {times}" if rises else "the cost fell at every update"
    return (
        f"Learning rate {rate:g}: cost {costs[-1]:.3g} after {len(costs) - 1:,} updates, "
        f"{reached}; {rising}."
    )
