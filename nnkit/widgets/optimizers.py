"""Four optimizers race on the same landscape, each with a learning rate of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
from matplotlib.axes import Axes

from nnkit.optimizers import SGD, Adam, Momentum, Optimizer, RMSProp
from nnkit.plots.style import COLOURS, new_axes
from nnkit.widgets import landscapes
from nnkit.widgets.base import Explorer
from nnkit.widgets.controls import Button, Choice, Scale, Slider, Value
from nnkit.widgets.landscapes import Landscape
from nnkit.widgets.words import short

if TYPE_CHECKING:
    from nnkit.network import MLP

HOUSES = "houses"
SURFACES: dict[str, Callable[[], Landscape]] = {
    "valley": landscapes.valley,
    "turned valley": partial(landscapes.valley, turned=True),
    "three points": landscapes.line_through_three_points,
    HOUSES: landscapes.houses,
    "two hollows": landscapes.two_hollows,
    "saddle": landscapes.saddle,
}
OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "rmsprop": RMSProp,
    "adam": Adam,
}
NAMES = {"sgd": "Gradient descent", "momentum": "Momentum", "rmsprop": "RMSProp", "adam": "Adam"}
MARKERS, LINES = "os^D", (":", "--", "-.", "-")

RATES = (
    0.0,
    *(
        float(f"{digits * power:.2g}")
        for power in (0.001, 0.01, 0.1)
        for digits in (1, 1.2, 1.5, 1.8, 2.1, 2.5, 3, 4, 5, 6, 8)
    ),
    1.0,
)
STEPS = 300
GOAL = 0.01
THROWN_OUT = 1e6
OUTSIDE = 1e4


IN_THE_VALLEY: dict[str, Any] = {
    "surface": "valley",
    "steps": 40,
    "batch": 100,
    "sgd": 0.018,
    "momentum": 0.015,
    "rmsprop": 0.1,
    "adam": 0.3,
    "start1": -9,
    "start2": 0.9,
}
AT_THE_HOUSES = IN_THE_VALLEY | {
    "surface": HOUSES,
    "sgd": 0.25,
    "momentum": 0.03,
    "rmsprop": 0.1,
    "adam": 0.25,
    "start1": -1,
    "start2": 0,
}


@dataclass(eq=False)
class Walker:
    """What an optimizer moves here, in the place of a net: a point, and the gradient there."""

    theta: np.ndarray
    grad: np.ndarray


def walk(
    optimizer: Optimizer,
    gradient: Callable[[int, np.ndarray], np.ndarray],
    start: np.ndarray,
    steps: int,
) -> np.ndarray:
    """Return where an optimizer has been.

    Parameters
    ----------
    optimizer : Optimizer
        A fresh one.
    gradient : callable
        Takes the number of steps made and the place, and returns the gradient.
    start : ndarray, shape (n,)
        The place to start from.
    steps : int
        Number of steps.

    Returns
    -------
    ndarray, shape (steps + 1, n)
        The places. Whoever is thrown out, a million away, stays where it was.
    """
    places = np.empty((steps + 1, len(start)))
    places[0] = start
    walker = Walker(places[0].copy(), places[0])
    for step in range(steps):
        walker.grad = gradient(step, walker.theta)
        optimizer.step(cast("MLP", walker))
        if not np.abs(walker.theta).max() < THROWN_OUT:
            places[step + 1 :] = places[step]
            break
        places[step + 1] = walker.theta
    return places


def _starts() -> list[Slider]:
    """Return two sliders for each surface, with its own ranges."""
    sliders = []
    for surface, landscape in SURFACES.items():
        shown = landscape()
        for number, (name, (low, high)) in enumerate(zip(shown.names, shown.ranges, strict=True)):
            sliders.append(
                Slider(
                    name=f"start{number + 1}",
                    label=f"Start, {name}",
                    low=low,
                    high=high,
                    step=0.1 if high - low > 3 else 0.01,
                    when={"surface": surface},
                )
            )
    return sliders


class Optimizers(Explorer):
    """Let gradient descent, momentum, RMSProp and Adam race on a surface.

    All start at the same place. Each has its own learning rate; with 0 it stays behind. The presets
    are the surfaces: lesson 11's ``"valley"``, straight and turned by 45°; deck D's line through
    ``"three points"``; a line through the prices of 100 ``"houses"``, whose gradient is taken from
    a batch of them; ``"two hollows"``, of which one is lower; a ``"saddle"``, level where it is not
    lowest. The values are ``surface``, ``steps``, the learning rates ``sgd``, ``momentum``,
    ``rmsprop`` and ``adam``, ``batch``, the houses per step, and ``start1`` and ``start2``.

    References
    ----------
    Deck D, "RMSProp Optimizer", "ADAM", "Batch Gradient", "Stochastic Gradient", "Mini Batch
    Gradient"; `nnkit.optimizers` has the formulas and papers.

    Examples
    --------
    >>> Optimizers("valley", steps=300, rmsprop=0)
    After 300 steps the cost is 0.0007488 for gradient descent, 1.667e−12 for momentum and \
1.52e−12 for Adam. Less than 0.01 above the lowest: gradient descent since step 229, momentum since \
step 86, Adam since step 74.
    """

    title = "A race of optimizers"
    script = "optimizers.js"
    seldom = ("surface", "names", "ranges", "lines", "bottoms", "racers")
    controls = (
        Value(name="surface", options=tuple(SURFACES)),
        Slider(name="steps", label="Steps", low=0, high=STEPS),
        Choice(
            name="batch",
            label="Houses per step",
            options=(1, 10, 100),
            when={"surface": HOUSES},
        ),
        *(Scale(name=name, label=f"{NAMES[name]}: rate", options=RATES) for name in OPTIMIZERS),
        *_starts(),
        Button(name="step", label="Step"),
        Button(name="play", label="Play", repeats=True),
    )
    presets: ClassVar[dict[str, dict[str, Any]]] = {
        "valley": IN_THE_VALLEY,
        "turned valley": IN_THE_VALLEY | {"surface": "turned valley", "start1": -7, "start2": -5.7},
        "three points": IN_THE_VALLEY
        | {"surface": "three points", "start1": 0, "start2": 0}
        | {"sgd": 0.03, "momentum": 0.01, "rmsprop": 0.05, "adam": 0.1},
        "houses, all in every step": AT_THE_HOUSES,
        "houses, ten at a time": AT_THE_HOUSES | {"batch": 10},
        "houses, one by one": AT_THE_HOUSES | {"batch": 1, "sgd": 0.1, "momentum": 0.01},
        "two hollows": IN_THE_VALLEY
        | {"surface": "two hollows", "start1": 1.7, "start2": 0.9}
        | {"sgd": 0.05, "momentum": 0.03, "rmsprop": 0.05, "adam": 0.1},
        "saddle": IN_THE_VALLEY
        | {"surface": "saddle", "start1": -1.8, "start2": 0.01}
        | {"sgd": 0.1, "momentum": 0.03, "rmsprop": 0.03, "adam": 0.1},
    }

    def changed(self, names: set[str]) -> None:
        """Let those walk again whose way has changed."""
        everybody = names & {"surface", "batch", "start1", "start2"}
        if everybody:
            self.paths: dict[str, np.ndarray] = {}
        for name in OPTIMIZERS:
            if everybody or name in names:
                self.paths[name] = self._path(name)

    @property
    def landscape(self) -> Landscape:
        """The surface of the race."""
        return SURFACES[self.state["surface"]]()

    def do_step(self) -> None:
        """Make a step; after the last one, begin again."""
        self.state["steps"] = (self.state["steps"] + 1) % (STEPS + 1)

    do_play = do_step

    def picture(self) -> dict[str, Any]:
        """Return the surface, and who has been where."""
        landscape, steps = self.landscape, self.state["steps"]
        floor = landscape.lowest
        paths = np.stack([self.paths[name][: steps + 1] for name in OPTIMIZERS])
        costs = landscape.cost(paths)
        return {
            "surface": self.state["surface"],
            "names": landscape.names,
            "ranges": landscape.ranges,
            "lines": landscape.lines,
            "bottoms": landscape.bottoms,
            "racers": list(NAMES.values()),
            "paths": paths,
            "costs": costs[:, -1].tolist(),
            "heights": np.log10(np.clip(costs - floor, 1e-4, 1e3)),
            "since": [_since(cost - floor) for cost in costs],
        }

    def sentence(self, picture: Mapping[str, Any]) -> str:
        """Say how far each has come, and since when it is nearly down."""
        steps = self.state["steps"]
        there = [i for i, name in enumerate(OPTIMIZERS) if self.state[name]]
        if not there:
            return "All rates are 0: nobody moves."
        names = [_in_a_sentence(picture["racers"][i]) for i in there]
        costs = [
            f"{_cost(picture['costs'][i])} for {name}" for i, name in zip(there, names, strict=True)
        ]
        down = [
            f"{name} since step {picture['since'][i]}"
            for i, name in zip(there, names, strict=True)
            if picture["since"][i] is not None
        ]
        goal = f"Less than {GOAL:g} above the lowest: {', '.join(down) or 'nobody yet'}."
        batch = self.state["batch"]
        passes = f" ({short(steps * batch / 100)} times all houses)"
        seen = passes if self.state["surface"] == HOUSES else ""
        made = f"After {steps} step{'s' * (steps != 1)}{seen}"
        return f"{made} the cost is {_listed(costs)}. {goal}"

    def still(self, ax: Axes | None = None) -> Axes:
        """Draw the surface from above, and the ways."""
        ax = ax or new_axes(self.figsize)
        picture = self.shown["picture"]
        for level in picture["lines"]:
            ax.plot(*level.T, color="silver", linewidth=0.8)
        for i, name in enumerate(NAMES.values()):
            look: dict[str, Any] = {
                "color": COLOURS[i],
                "linestyle": LINES[i],
                "marker": MARKERS[i],
            }
            ax.plot(*picture["paths"][i].T, **look, markersize=4, linewidth=1, label=name)
        for bottom in picture["bottoms"]:
            ax.plot(*bottom, "k*", markersize=13, markeredgecolor="white")
        x_range, y_range = picture["ranges"]
        ax.set(xlim=x_range, ylim=y_range)
        ax.set(xlabel=picture["names"][0], ylabel=picture["names"][1])
        ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
        return ax

    def _path(self, name: str) -> np.ndarray:
        start = np.array([self.state["start1"], self.state["start2"]], dtype=float)
        if not self.state[name]:
            return np.tile(start, (STEPS + 1, 1))
        gradient = self.landscape.gradient
        if self.state["surface"] == HOUSES:
            parts = landscapes.batches(self.state["batch"], STEPS)
            return walk(
                OPTIMIZERS[name](self.state[name]),
                lambda step, p: 2 * (parts[step][0] @ p - parts[step][1]),
                start,
                STEPS,
            )
        return walk(OPTIMIZERS[name](self.state[name]), lambda _, p: gradient(p), start, STEPS)


def _since(above: np.ndarray) -> int | None:
    """Return the step since which the cost is nearly the lowest, or None if it is not."""
    if above[-1] >= GOAL:
        return None
    high = np.flatnonzero(above >= GOAL)
    return int(high[-1]) + 1 if len(high) else 0


def _cost(cost: float) -> str:
    return short(cost) if cost < OUTSIDE else "far outside"


def _in_a_sentence(name: str) -> str:
    return name.lower() if name in ("Gradient descent", "Momentum") else name


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
