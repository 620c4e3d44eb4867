"""The learning rate: the way it makes downhill, the costs on the way, and fifty others beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes

from nnkit.plots.style import BLUE, VERMILLION, new_axes
from nnkit.widgets import landscapes
from nnkit.widgets.base import Explorer
from nnkit.widgets.controls import Button, Control, Scale, Slider, Switch, Value
from nnkit.widgets.landscapes import Landscape
from nnkit.widgets.learning_rate import LEARNING_RATES, learning_rate_curves, readout
from nnkit.widgets.words import short

INTERCEPT, LINE, WEIGHT, NET = "intercept", "line", "one weight", "2-3-1"
GOAL = 0.01
SHORTEST_STEP = 0.001
"""Deck D stops before a step that is shorter."""
FAR = 1e6


@dataclass(frozen=True, eq=False)
class Scene:
    """Something that learns.

    Attributes
    ----------
    landscape : callable, or None
        Makes the cost that can be drawn; a net's cannot.
    rates : tuple of float
        The learning rates that can be chosen, all of which are tried.
    usual : float
        The one to compare with: of the deck or the lesson.
    steps, pace : int
        How many steps there are, and how many of them the button makes.
    costs : tuple of float
        What is written at the axis of costs, from its lower end to its upper one.
    heights : (float, float)
        The costs between which a curve over one parameter is drawn.
    """

    landscape: Callable[[], Landscape] | None
    rates: tuple[float, ...]
    usual: float
    costs: tuple[float, ...]
    heights: tuple[float, float] = (0, 1)
    steps: int = 40
    pace: int = 1


def _evenly(step: float, *others: float) -> tuple[float, ...]:
    """Return 0, step, …, 40 steps, and others between and beyond."""
    return tuple(sorted({float(f"{step * i:.4g}") for i in range(41)} | set(others)))


SCENES = {
    INTERCEPT: Scene(
        landscapes.intercept_alone,
        _evenly(0.01, 1 / 6, 1 / 3, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
        usual=0.1,
        costs=(0.3, 1, 10, 100, 1000),
        heights=(0, 20),
    ),
    LINE: Scene(
        landscapes.line_through_three_points,
        _evenly(0.002, 0.061, 0.063, 0.085, 0.09, 0.095, 0.1, 0.11, 0.12, 0.13),
        usual=0.03,
        costs=(0.3, 1, 10, 100, 1000),
    ),
    WEIGHT: Scene(
        landscapes.one_weight,
        _evenly(0.5, 22.0, 24.0, 26.0, 28.0, 30.0, 32.0, 35.0, 40.0, 50.0),
        usual=2.0,
        costs=(0.04, 0.06, 0.1, 0.15),
        heights=(0.04, 0.15),
    ),
    NET: Scene(
        None, LEARNING_RATES, usual=0.5, costs=(0.001, 0.01, 0.1, 1, 3), steps=1000, pace=10
    ),
}

DECK_D: dict[str, Any] = {
    "scene": INTERCEPT,
    "rate": 0.1,
    "steps": 12,
    "start1": 0,
    "start2": 0,
    "all": True,
}


@cache
def curves_of_the_net() -> np.ndarray:
    """Return the costs of deck B's net, shape (updates + 1, rates)."""
    return learning_rate_curves(LEARNING_RATES, SCENES[NET].steps).T


def descents(
    landscape: Landscape, rates: tuple[float, ...], start: np.ndarray, steps: int
) -> np.ndarray:
    """Go downhill with all learning rates at once.

    Parameters
    ----------
    landscape : Landscape
        The cost.
    rates : tuple of float
        Learning rates.
    start : ndarray, shape (parameters,)
        Where all of them start.
    steps : int
        How many steps they make.

    Returns
    -------
    ndarray, shape (steps + 1, rates, parameters)
        Where each has been.
    """
    places = np.empty((steps + 1, len(rates), len(start)))
    places[0] = start
    alpha = np.array(rates)[:, None]
    for step in range(steps):
        places[step + 1] = places[step] - alpha * landscape.gradient(places[step])
    return places


def _controls() -> Iterator[Control]:
    yield Value(name="scene", options=tuple(SCENES))
    for name, scene in SCENES.items():
        here = {"scene": name}
        yield Scale(name="rate", label="Learning rate", options=scene.rates, when=here)
        yield Slider(
            name="steps", label="Steps", low=0, high=scene.steps, step=scene.pace, when=here
        )
        if scene.landscape:
            shown = scene.landscape()
            for number, parameter in enumerate(shown.names):
                low, high = shown.ranges[number]
                yield Slider(
                    name=f"start{number + 1}",
                    label=f"Start, {parameter}",
                    low=low,
                    high=high,
                    step=0.1,
                    when=here,
                )
    yield Switch(name="all", label="All rates at once")
    yield Button(name="step", label="Step")
    yield Button(name="play", label="Play", repeats=True)


class LearningRate(Explorer):
    """Drag the learning rate of gradient descent, and see where it leads.

    ::

        p ← p − rate · ∇C(p)

    One picture shows the way over the cost, one the costs step by step, one the cost that is
    reached with each of about fifty rates; there one sees from which rate on it diverges. The
    presets: deck D's line through three points, by the intercept alone and by both parameters;
    lesson 06's neuron with a single weight, whose cost has two valleys; and deck B's net, for whose
    nine weights and four biases no picture of the cost can be drawn. The values are ``scene``,
    ``rate``, ``steps``, the start ``start1`` and ``start2``, and ``all``, whether the other rates are
    shown.

    References
    ----------
    Deck A, "2.5 Optimisation: gradient descent I"; deck B, "If we only have one weight, it is easy
    to visualize the cost function"; deck C, "Learning rate", "Setting learning rate value"; deck D,
    "Gradient Descent: Learning Rate".

    Examples
    --------
    >>> LearningRate("deck D's line")
    Learning rate 0.1, 12 steps: intercept 0, 0.5704, 0.79856, 0.889824, …, 0.950651; slopes −5.704, \
−2.2816, −0.91264, … Cost 0.4446; the lowest is 0.4446. Deck D stops after step 7, at 0.9491: the next \
step is shorter than 0.001.
    """

    title = "The learning rate"
    script = "rates.js"
    seldom = ("curve", "lines", "rates", "ticks")
    controls = tuple(_controls())
    presets: ClassVar[dict[str, dict[str, Any]]] = {
        "deck D's line": DECK_D,
        "it creeps": DECK_D | {"rate": 0.01},
        "it overshoots": DECK_D | {"rate": 0.3},
        "it diverges": DECK_D | {"rate": 0.34},
        "two parameters": DECK_D | {"scene": LINE, "rate": 0.03, "steps": 40},
        "two parameters, it diverges": DECK_D | {"scene": LINE, "rate": 0.063, "steps": 40},
        "one weight, two valleys": DECK_D
        | {"scene": WEIGHT, "rate": 2.0, "steps": 40, "start1": 0.5},
        "deck B's net": DECK_D | {"scene": NET, "rate": 0.5, "steps": 1000},
    }

    @property
    def scene(self) -> Scene:
        """What learns."""
        return SCENES[self.state["scene"]]

    def do_step(self) -> None:
        """Make a step; after the last one, begin again."""
        steps = self.state["steps"] + self.scene.pace
        self.state["steps"] = steps if steps <= self.scene.steps else 0

    do_play = do_step

    def picture(self) -> dict[str, Any]:
        """Return the way, and the costs of all rates."""
        scene, steps = self.scene, self.state["steps"]
        own = scene.rates.index(self.state["rate"])
        if scene.landscape:
            seen, costs = self._way(scene.landscape(), own)
        else:
            seen = {"limit": None, "curve": [], "lines": []}
            costs = curves_of_the_net()[: steps + 1]
        low, high = scene.costs[0], scene.costs[-1]
        heights = np.log10(np.clip(np.nan_to_num(costs, nan=high), low, high))
        return seen | {
            "scene": self.state["scene"],
            "rates": scene.rates,
            "own": own,
            "usual": scene.rates.index(scene.usual),
            "ticks": [[float(np.log10(cost)), f"{cost:g}"] for cost in scene.costs],
            "most": scene.steps,
            "pace": scene.pace,
            "cost": float(costs[-1, own]),
            "costs": costs[:, own].tolist(),
            "heights": heights[:: scene.pace].T,
            "reached": heights[-1],
            "near": int((costs[-1] < seen.get("lowest", 0) + GOAL).sum()),
            "worse": int((~(costs[-1] <= costs[0])).sum()),
        }

    def _way(self, landscape: Landscape, own: int) -> tuple[dict[str, Any], np.ndarray]:
        """Return what is to be seen of the landscape, and the costs of all rates."""
        start = np.array([self.state["start1"], self.state["start2"]][: len(landscape.names)])
        places = descents(landscape, self.scene.rates, start, self.state["steps"])
        way = places[:, own]
        moves = self.scene.rates[own] * np.abs(landscape.gradient(way)).max(axis=1)
        short_ones = np.flatnonzero(moves < SHORTEST_STEP)
        seen = {
            "names": landscape.names,
            "ranges": landscape.ranges,
            "heights_drawn": self.scene.heights,
            "curve": landscape.curve if len(start) == 1 else [],
            "lines": landscape.lines if len(start) == 2 else [],
            "bottoms": landscape.bottoms,
            "lowest": landscape.lowest,
            "limit": landscape.limit,
            "way": np.clip(way, -FAR, FAR),
            "on": np.clip(landscape.cost(way), 0, FAR),
            "first": way[:4].tolist(),
            "last": way[-1].tolist(),
            "slopes": landscape.gradient(way[:3]).tolist(),
            "stops": int(short_ones[0]) if len(short_ones) and self.state["rate"] else None,
            "stop": way[short_ones[0]].tolist() if len(short_ones) else None,
        }
        return seen, landscape.cost(places)

    def sentence(self, picture: Mapping[str, Any]) -> str:
        """Say where the rate leads, and how many others do well."""
        if picture["scene"] == NET:
            told = readout(self.state["rate"], np.array(picture["costs"]), GOAL)
            return (
                f"{told} Of {len(picture['rates'])} learning rates, {picture['near']} are below "
                f"{GOAL:g} then."
            )
        steps = self.state["steps"]
        head = f"Learning rate {short(self.state['rate'])}, {steps} step{'s' * (steps != 1)}:"
        reached = short(picture["cost"]) if picture["cost"] < FAR else "above a million"
        cost = f"Cost {reached}; the lowest is {short(picture['lowest'])}."
        return f"{head} {self._told_way(picture)} {cost} {self._verdict(picture)}"

    def _told_way(self, picture: Mapping[str, Any]) -> str:
        if len(picture["names"]) == 2:
            ends = ", ".join(
                f"{name} {_precise(value)}"
                for name, value in zip(picture["names"], picture["last"], strict=True)
            )
            return f"now {ends}."
        places = [_precise(place[0]) for place in picture["first"]]
        if self.state["steps"] > 3:
            places += ["…"] * (self.state["steps"] > 4) + [_precise(picture["last"][0])]
        slopes = ", ".join(_precise(slope[0]) for slope in picture["slopes"])
        return f"{picture['names'][0]} {', '.join(places)}; slopes {slopes}, …"

    def _verdict(self, picture: Mapping[str, Any]) -> str:
        rate, limit = self.state["rate"], picture["limit"]
        if not rate:
            return "A rate of 0 learns nothing."
        if limit is None:
            count = len(picture["rates"])
            return f"Of {count} rates, {picture['near']} have come within {GOAL:g} of it."
        if np.isclose(rate, limit):
            return "At this rate it jumps to and fro, and comes no nearer."
        if rate > limit:
            return f"It diverges, as every rate above {short(limit)} does."
        if picture["stops"] is not None:
            place = ", ".join(map(short, picture["stop"]))
            return (
                f"Deck D stops after step {picture['stops']}, at {place}: the next step is shorter "
                f"than {SHORTEST_STEP:g}."
            )
        if rate > limit / 2:
            return "Steps overshoot, to the other side, and land nearer."
        return "It has not arrived: every step is a part of the way that is left."

    def still(self, ax: Axes | None = None) -> Axes:
        """Draw the way; of the net, the costs with every fifth rate."""
        ax = ax or new_axes(self.figsize)
        picture = self.shown["picture"]
        rate = f"learning rate {short(self.state['rate'])}"
        if picture["scene"] == NET:
            updates = np.arange(len(picture["heights"][0])) * picture["pace"]
            for costs in picture["heights"][::5]:
                ax.semilogy(updates, 10**costs, color="silver", linewidth=0.8)
            ax.semilogy(picture["costs"], color=VERMILLION, label=rate)
            ax.set(xlabel="updates", ylabel="cost")
        elif len(picture["names"]) == 1:
            ax.plot(*picture["curve"], color=BLUE, label="cost")
            ax.plot(picture["way"][:, 0], picture["on"], "o--", color=VERMILLION, label=rate)
            ax.set(xlabel=picture["names"][0], ylabel="cost")
            ax.set(xlim=picture["ranges"][0], ylim=picture["heights_drawn"])
        else:
            for level in picture["lines"]:
                ax.plot(*level.T, color="silver", linewidth=0.8)
            ax.plot(*picture["way"].T, "o--", color=VERMILLION, markersize=4, label=rate)
            for bottom in picture["bottoms"]:
                ax.plot(*bottom, "k*", markersize=13, markeredgecolor="white")
            x_range, y_range = picture["ranges"]
            ax.set(xlim=x_range, ylim=y_range)
            ax.set(xlabel=picture["names"][0], ylabel=picture["names"][1])
        ax.legend()
        return ax


def _precise(value: float) -> str:
    """Write a number with deck D's digits."""
    return format(value, ".6g" if abs(value) < 1e6 else ",.0f").replace("-", "−")
