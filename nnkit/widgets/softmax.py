"""Softmax: scores, dragged; the probabilities that they become; temperature, ties, large numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes

from nnkit import activations
from nnkit.plots.style import BLUE, new_axes
from nnkit.widgets.base import Explorer
from nnkit.widgets.controls import Button, Choice, Slider, Value

LOW, HIGH = -5, 5  # what can be dragged
FEWEST, MOST = 2, 6  # classes
NOTHING, DIVIDED, SIGMOIDS = "nothing", "divided by the sum", "a sigmoid each"
AT_ONE, WINNER = "temperature 1", "1 for the largest"


def start(
    scores: list[float], temperature: float = 1, shift: float = 0, beside: str = NOTHING
) -> dict[str, Any]:
    """Return a preset: all values, so that none is left over from what was shown before."""
    return {"scores": scores, "temperature": temperature, "shift": shift, "beside": beside}


class Softmax(Explorer):
    """Drag the scores of the classes, and see the probabilities.

    ::

        pᵢ = e^(zᵢ/T) / Σⱼ e^(zⱼ/T)        T is the temperature; 1 is softmax itself

    The table below the bars has the way from one to the other, twice: straight from the formula,
    which fails for scores in the hundreds, and with the largest score taken off first, as
    `nnkit.activations.softmax` does it.

    The values are ``scores``, a list of 2 to 6 numbers from −5 to 5; ``temperature``; ``shift``,
    which is added to all scores; and ``beside``, another way of turning scores into answers that is
    drawn next to softmax.

    References
    ----------
    Deck C, "Softmax Function", "Softmax Function – Example" (three networks; their scores are
    lesson 03's); deck D, "Softmax Function" (1.8, 0.9, 0.68).

    Examples
    --------
    >>> softmax = Softmax()
    >>> softmax
    Scores 1.8, 0.9, 0.68 at temperature 1 become 0.58, 0.23, 0.19. Class 0 leads by 0.9 and gets \
e^0.9 = 2.46 times as much as class 1.
    >>> softmax.set(temperature=0.5, scores=[2, 2, -1])
    >>> softmax
    Scores 2, 2, −1 at temperature 0.5 become 0.50, 0.50, 0.00. Classes 0 and 1 tie, 0.50 each: \
np.argmax names the first of them, class 0.
    """

    title = "Softmax"
    script = "softmax.js"
    controls = (
        Value(name="scores"),
        Slider(name="temperature", label="Temperature", low=0.05, high=5, step=0.05),
        Slider(name="shift", label="Add to all scores", low=-1000, high=1000, step=100),
        Choice(
            name="beside",
            label="Compare with",
            options=(NOTHING, AT_ONE, WINNER, DIVIDED, SIGMOIDS),
        ),
        Button(name="tie", label="Make a tie"),
        Button(name="add", label="One class more"),
        Button(name="remove", label="One class less"),
    )
    presets: ClassVar[dict[str, dict[str, Any]]] = {
        "1.8, 0.9, 0.68": start([1.8, 0.9, 0.68]),
        "nearly 1, 0, 0": start([1.8, 0.9, 0.68], temperature=0.15, beside=WINNER),
        "five scores": start([0.01, 0.6, 1.5, 0.9, 0.8]),
        "network A": start([3, 0, -1, 0.5]),
        "network B": start([1, 1.2, 0.9, 1.1]),
        "network C": start([3, 0, -1, 0.5], shift=100),
        "too large for e^z": start([1, 2, 3], shift=1000),
        "a tie": start([2, 2, -1]),
        "a negative score": start([2, -1, 0.5], beside=DIVIDED),
    }

    def changed(self, names: set[str]) -> None:
        """Check the scores, which come from the script or from Python."""
        if "scores" in names:
            self.state["scores"] = checked(self.state["scores"])

    def do_tie(self) -> str:
        """Lift the best of those behind to the largest score."""
        scores = self.state["scores"]
        behind = [score for score in scores if score < max(scores)]
        if not behind:
            return "All classes tie already."
        place = scores.index(max(behind))
        self.state["scores"] = [*scores[:place], max(scores), *scores[place + 1 :]]
        return ""

    def do_add(self) -> str:
        """Add a class with the score 0."""
        if len(self.state["scores"]) == MOST:
            return f"{MOST} classes are the most that can be shown."
        self.state["scores"] = checked([*self.state["scores"], 0])
        return ""

    def do_remove(self) -> str:
        """Take the last class away."""
        if len(self.state["scores"]) == FEWEST:
            return f"{FEWEST} classes are the fewest that can be compared."
        self.state["scores"] = checked(self.state["scores"][:-1])
        return ""

    def picture(self) -> dict[str, Any]:
        """Return the probabilities, the numbers on the way, and what is drawn beside them."""
        scores, temperature = self.state["scores"], self.state["temperature"]
        z = np.array(scores, dtype=float) + self.state["shift"]
        scaled = z / temperature
        p = activations.softmax(scaled[None, :])[0]
        with np.errstate(over="ignore"):
            plain = np.exp(scaled)
        safe = np.exp(scaled - scaled.max())
        beside = self._beside(z, temperature)
        columns = {
            "score z": [exact(value) for value in z],
            over(temperature, "e^z", "e^(z/T)"): [tidy(value) for value in [*plain, plain.sum()]],
            over(temperature, "e^(z − m)", "e^((z − m)/T)"): [
                tidy(value) for value in [*safe, safe.sum()]
            ],
            "probability": [f"{value:.4f}" for value in [*p, p.sum()]],
        }
        if beside:
            columns[self.state["beside"]] = [
                "none" if np.isnan(value) else f"{value:.4f}".replace("-", "−")
                for value in [*beside, sum(beside)]
            ]
        best = [i for i, score in enumerate(scores) if score == max(scores)]
        return {
            "z": z.tolist(),
            "p": p.tolist(),
            "best": best,
            "beside": beside,
            "columns": list(columns),
            "cells": list(columns.values()),
            "plain_sum": plain.sum(),
        }

    def sentence(self, picture: Mapping[str, Any]) -> str:
        """Say what became of the scores, who leads, and what a plain formula would give."""
        z, p, best = picture["z"], picture["p"], picture["best"]
        temperature = self.state["temperature"]
        said = [
            f"Scores {listed(z, exact)} at temperature {temperature:g} become {listed(p)}.",
            self._lead(p, best),
        ]
        if picture["plain_sum"] == np.inf:
            exponent = exact(max(z) / temperature)
            said.append(
                f"Without taking the largest off, e^{exponent} is too large: ∞/∞ is no number."
            )
        if picture["plain_sum"] == 0:
            said.append("Without taking the largest off, each e^z would be 0: 0/0 is no number.")
        if picture["beside"]:
            name = self.state["beside"]
            answers = (
                "none: the sum is 0"
                if np.isnan(picture["beside"]).all()
                else listed(picture["beside"])
            )
            said.append(f"{name[0].upper()}{name[1:]}: {answers}.")
        return " ".join(said)

    def still(self, ax: Axes | None = None) -> Axes:
        """Draw the probabilities over the scores."""
        ax = ax or new_axes(self.figsize)
        picture = self.shown["picture"]
        places = np.arange(len(picture["p"]))
        bars = ax.bar(places, picture["p"], color="lightgrey", edgecolor=BLUE)
        for i in picture["best"]:
            bars[i].set_linewidth(3)
        ax.bar_label(bars, fmt="%.2f", padding=2)
        if picture["beside"]:
            ax.plot(
                places + 0.3, picture["beside"], "kD", fillstyle="none", label=self.state["beside"]
            )
            ax.legend()
        ax.set_xticks(places, [exact(z) for z in picture["z"]])
        ax.set(xlabel="score", ylabel="probability")
        ax.set_ylim(min(0, *ax.get_ylim()), max(1.1, ax.get_ylim()[1]))
        return ax

    def _lead(self, p: Sequence[float], best: Sequence[int]) -> str:
        """Say which class wins, by how much; or who tie."""
        scores, temperature = self.state["scores"], self.state["temperature"]
        if len(best) == len(scores):
            return f"All tie, {p[0]:.2f} each: these scores say nothing."
        if len(best) > 1:
            names = f"{', '.join(map(str, best[:-1]))} and {best[-1]}"
            return (
                f"Classes {names} tie, {p[best[0]]:.2f} each: np.argmax names the first of them, "
                f"class {best[0]}."
            )
        first = best[0]
        second = max((i for i in range(len(scores)) if i != first), key=lambda i: scores[i])
        lead = exact(round(scores[first] - scores[second], 6))
        power = lead if temperature == 1 else f"({lead}/{temperature:g})"
        return (
            f"Class {first} leads by {lead} and gets e^{power} = {tidy(p[first] / p[second])} times "
            f"as much as class {second}."
        )

    def _beside(self, z: np.ndarray, temperature: float) -> list[float]:
        """Return what the other way makes of the scores; nan where it has no answer."""
        other = self.state["beside"]
        if other == AT_ONE:
            return activations.softmax(z[None, :])[0].tolist()
        if other == WINNER:
            return np.eye(len(z))[z.argmax()].tolist()
        if other == SIGMOIDS:
            return activations.sigmoid(z / temperature).tolist()
        if other == DIVIDED:
            total = z.sum()
            return (z / total).tolist() if abs(total) > 1e-9 else [np.nan] * len(z)
        return []


def checked(scores: Any) -> list[float]:
    """Return the scores as a list.

    Raises
    ------
    ValueError
        If they are not 2 to 6 numbers from −5 to 5.
    """
    if not (isinstance(scores, Sequence | np.ndarray) and FEWEST <= len(scores) <= MOST):
        raise ValueError(f"expected {FEWEST} to {MOST} scores, got {scores!r}")
    control = Slider(name="a score", low=LOW, high=HIGH, step=0.01)
    return [control.checked(score) for score in scores]


def listed(values: Sequence[float], write: Any = lambda value: f"{value:.2f}") -> str:
    """Write numbers one after the other."""
    return ", ".join(write(value).replace("-", "−") for value in values)


def exact(value: float) -> str:
    """Write a score as it was set."""
    return f"{value:.6g}".replace("-", "−")


def over(temperature: float, alone: str, divided: str) -> str:
    """Return the heading of a column, with T where it matters."""
    return alone if temperature == 1 else divided


def tidy(value: float) -> str:
    """Write a power of e in three digits, with a power of ten where it is needed.

    Examples
    --------
    >>> tidy(2.4596), tidy(2.6881e43), tidy(1.234e-4), tidy(float("inf"))
    ('2.46', '2.69·10⁴³', '1.23·10⁻⁴', 'too large')
    """
    if value == np.inf:
        return "too large"
    if value == 0 or 1e-3 <= value < 1e5:
        return f"{value:.3g}" if value < 1000 else f"{value:.0f}"
    digits, power = f"{value:.2e}".split("e")
    return f"{digits}·10{str(int(power)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
