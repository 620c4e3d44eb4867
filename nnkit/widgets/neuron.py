"""One neuron: its weights and bias, dragged; the sum, the activation, the line through the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes

from nnkit import activations, losses
from nnkit.datasets import house_prices_by_size, loans
from nnkit.perceptron import Perceptron
from nnkit.plots.style import BLUE, VERMILLION, new_axes
from nnkit.widgets.base import Explorer
from nnkit.widgets.controls import Choice, Slider, Value
from nnkit.widgets.words import short, written_sum

HOUSES, ONE_INPUT, LOANS = "house price", "one input", "bank loan"
ON_HOUSES, ON_ONE_INPUT, ON_LOANS = ({"data": name} for name in (HOUSES, ONE_INPUT, LOANS))
PERCEPTRON = "perceptron"


@dataclass(frozen=True, eq=False)
class Examples:
    """What the neuron looks at.

    Attributes
    ----------
    X : ndarray, shape (n, n_in)
        Inputs.
    y : ndarray, shape (n,), or (0,)
        The right answers, if there are any.
    names, units : tuple of str
        Of what is drawn to the right, and of what is drawn upwards.
    x_range, y_range : (float, float)
        The axes of the picture.
    """

    X: np.ndarray
    y: np.ndarray
    names: tuple[str, ...]
    units: tuple[str, ...]
    x_range: tuple[float, float]
    y_range: tuple[float, float]


@cache
def examples(name: str) -> Examples:
    """Return the examples of that name: houses, loans, or numbers without a meaning."""
    if name == HOUSES:
        houses = house_prices_by_size()
        names, units = ("size", "price"), ("m²", "thousand €")
        return Examples(houses.X, houses.y, names, units, (0, 250), (0, 800))
    if name == LOANS:
        table = loans()
        names, units = ("income", "debts"), ("thousand €", "thousand €")
        return Examples(table.X[:, :2], table.y, names, units, (0, 140), (-10, 250))
    X = np.linspace(-10, 10, 41)[:, None]
    return Examples(X, np.zeros(0), ("x", "activation"), ("", ""), (-10, 10), (-1.2, 2.2))


class Neuron(Explorer):
    """Drag the weights and the bias of a neuron, and see what it answers.

    ::

        z = w·x + b        the weighted sum
        a = f(z)           the activation; the perceptron's is +1 where z > 0, else −1

    Three presets: one linear neuron lays a line through the prices of houses; one with a single
    input shows how the bias shifts a sigmoid; a perceptron grants loans by income and debts.
    The values are ``data``, ``w1``, ``w2`` (of the loans' debts), ``bias``, ``activation`` and
    ``example``, the number of the example whose numbers are shown (with one input: x itself).

    References
    ----------
    Deck A, "2.1 NN examples: house prices I", "2.2 NN basics: the components II" (bias); deck C,
    "Perceptron", "Bank Loan Example"; deck D, "Perceptron: Building a Model".

    Examples
    --------
    >>> neuron = Neuron("bank loan", bias=-20)
    >>> neuron
    Application 1: 1 · 49 − 1 · 4 − 20 = 25, above 0: yes; the bank said yes. Of 200 answers, 153 are \
the bank's.
    >>> neuron.set(bias=-60)
    >>> neuron
    Application 1: 1 · 49 − 1 · 4 − 60 = −15, not above 0: no; the bank said yes. Of 200 answers, 148 \
are the bank's.
    """

    title = "One neuron"
    script = "neuron.js"
    controls = (
        Value(name="data", options=(HOUSES, ONE_INPUT, LOANS)),
        Slider(name="w1", label="Weight of size", low=0, high=5, step=0.05, when=ON_HOUSES),
        Slider(name="w1", label="Weight of x", low=-5, high=5, step=0.1, when=ON_ONE_INPUT),
        Slider(name="w1", label="Weight of income", low=-3, high=3, step=0.1, when=ON_LOANS),
        Slider(name="w2", label="Weight of debts", low=-3, high=3, step=0.1, when=ON_LOANS),
        Slider(name="bias", label="Bias", low=-200, high=400, step=5, when=ON_HOUSES),
        Slider(name="bias", label="Bias", low=-10, high=10, step=0.5, when=ON_ONE_INPUT),
        Slider(name="bias", label="Bias", low=-200, high=200, step=2, when=ON_LOANS),
        Choice(
            name="activation",
            label="Activation",
            options=("linear", PERCEPTRON, "sigmoid", "tanh", "relu"),
        ),
        Slider(name="example", label="House", low=1, high=100, when=ON_HOUSES),
        Slider(name="example", label="Input x", low=-10, high=10, step=0.5, when=ON_ONE_INPUT),
        Slider(name="example", label="Application", low=1, high=200, when=ON_LOANS),
    )
    presets: ClassVar[dict[str, dict[str, Any]]] = {
        HOUSES: {
            "data": HOUSES,
            "w1": 1.5,
            "w2": 0,
            "bias": 100,
            "activation": "linear",
            "example": 1,
        },
        ONE_INPUT: {
            "data": ONE_INPUT,
            "w1": 1,
            "w2": 0,
            "bias": 0,
            "activation": "sigmoid",
            "example": 2,
        },
        LOANS: {
            "data": LOANS,
            "w1": 1,
            "w2": -1,
            "bias": -20,
            "activation": PERCEPTRON,
            "example": 1,
        },
    }

    @property
    def weights(self) -> np.ndarray:
        """The weights, one for each input of the data."""
        n_in = examples(self.state["data"]).X.shape[1]
        return np.array([self.state["w1"], self.state["w2"]][:n_in], dtype=float)

    def answer(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return weighted sums and activations, each of shape (n,), for inputs (n, n_in)."""
        perceptron = Perceptron(X.shape[1], self.weights, self.state["bias"])
        z = perceptron.weighted_sums(X)
        if self.state["activation"] == PERCEPTRON:
            return z, perceptron.predict(X)
        return z, activations.get(self.state["activation"]).value(z)

    def picture(self) -> dict[str, Any]:
        """Return the numbers of the neuron, of one example, and of the line."""
        data, w, b = examples(self.state["data"]), self.weights, self.state["bias"]
        z, a = self.answer(data.X)
        numbers = np.arange(1, len(data.X) + 1) if len(data.y) else data.X[:, 0]
        example = int(np.abs(numbers - self.state["example"]).argmin())
        sums = np.linspace(min(z.min(), 0), max(z.max(), 0), 81)
        return {
            "data": self.state["data"],
            "names": data.names,
            "units": data.units,
            "x_range": data.x_range,
            "y_range": data.y_range,
            "X": data.X,
            "y": data.y,
            "z": z,
            "a": a,
            "w": w.tolist(),
            "b": b,
            "example": example,
            "numbers": numbers.tolist(),
            "x": data.X[example].tolist(),
            "formula": written_sum(w, data.X[example], b),
            "f": np.stack([sums, self._activation(sums)]),
            "cost": self._cost(z, a),
            "agree": self._agree(z),
        } | (self._curve() if len(w) == 1 else self._boundary())

    def sentence(self, picture: Mapping[str, Any]) -> str:
        """Say what the neuron answers to the example, and how it does on all."""
        i, z, a, y = picture["example"], picture["z"], picture["a"], picture["y"]
        formula = f"{picture['formula']} = {short(z[i])}"
        if self.state["data"] == LOANS:
            above = "above 0: yes" if z[i] > 0 else "not above 0: no"
            return (
                f"Application {i + 1}: {formula}, {above}; the bank said "
                f"{'yes' if y[i] > 0 else 'no'}. Of {len(y)} answers, {picture['agree']} are the bank's."
            )
        activation = self.state["activation"].replace("_", " ")
        if self.state["data"] == HOUSES:
            through = "" if activation == "linear" else f", {activation} makes {short(a[i])} of it"
            return (
                f"House {i + 1}: {formula}{through}; it cost {short(y[i])} thousand €. "
                f"Mean squared error of all {len(y)} houses: {short(picture['cost'])}."
            )
        w, b = self.state["w1"], self.state["bias"]
        where = (
            f"The sum is 0 at x = {short(0 - b / w)}." if w else "The sum is the same everywhere."
        )
        x = short(picture["x"][0])
        return f"x = {x}: z = {formula}, and {activation} makes a = {short(a[i])}. {where}"

    def still(self, ax: Axes | None = None) -> Axes:
        """Draw the examples and the line."""
        ax = ax or new_axes(self.figsize)
        picture = self.shown["picture"]
        data = examples(self.state["data"])
        if len(picture["w"]) == 2:
            for answer, marker, name in ((1, "^", "yes"), (-1, "o", "no")):
                points = data.X[picture["y"] == answer]
                ax.plot(*points.T, marker, color=BLUE, fillstyle="none", label=f"the bank: {name}")
            if len(picture["line"]):
                ax.plot(*picture["line"].T, color=VERMILLION, label="z = 0")
        else:
            if len(data.y):
                ax.plot(data.X[:, 0], data.y, "o", color=BLUE, fillstyle="none", label="examples")
            ax.plot(*picture["line"].T, color=VERMILLION, label="the neuron")
        ax.set(xlim=data.x_range, ylim=data.y_range)
        ax.set(xlabel=_labelled(data, 0), ylabel=_labelled(data, 1))
        ax.legend()
        return ax

    def _activation(self, z: np.ndarray) -> np.ndarray:
        if self.state["activation"] == PERCEPTRON:
            return Perceptron(1, [1.0]).predict(z[:, None])
        return activations.get(self.state["activation"]).value(z)

    def _cost(self, z: np.ndarray, a: np.ndarray) -> float | None:
        if self.state["data"] != HOUSES:
            return None
        Y = examples(HOUSES).y[:, None]
        return losses.get("squared_error").value(z[:, None], a[:, None], Y)

    def _agree(self, z: np.ndarray) -> int | None:
        if self.state["data"] != LOANS:
            return None
        return int(((z > 0) == (examples(LOANS).y > 0)).sum())

    def _curve(self) -> dict[str, Any]:
        """Return the activation over the one input, and where it can be taken hold of."""
        data, w, b = examples(self.state["data"]), self.state["w1"], self.state["bias"]
        x = np.linspace(*data.x_range, 501)
        _, a = self.answer(x[:, None])
        line = np.stack([x, a], axis=1)
        if self.state["data"] == HOUSES and self.state["activation"] == "linear":
            return {"line": line, "handles": line[[100, 400]].tolist(), "hold": "ends"}
        if not w:
            return {"line": line, "handles": [], "hold": "sum"}
        crossing = np.array([[-b / w]])
        return {"line": line, "handles": [[-b / w, self.answer(crossing)[1][0]]], "hold": "sum"}

    def _boundary(self) -> dict[str, Any]:
        """Return the line z = 0 in the plane of two inputs, and the side of those who get a yes."""
        data, w, b = examples(self.state["data"]), self.weights, self.state["bias"]
        nothing = {"line": np.zeros((0, 2)), "yes": np.zeros((0, 2)), "handles": [], "hold": "sum"}
        if not w.any():
            return nothing
        centre = np.array([np.mean(data.x_range), np.mean(data.y_range)])
        normal = w / np.linalg.norm(w)
        nearest = centre - (w @ centre + b) / np.linalg.norm(w) * normal
        along = 1000 * np.array([-normal[1], normal[0]])
        line = np.stack([nearest - along, nearest + along])
        yes = np.concatenate([line, line[::-1] + 1000 * normal])
        return {"line": line, "yes": yes, "handles": [nearest.tolist()], "hold": "sum"}


def _labelled(data: Examples, column: int) -> str:
    unit = data.units[column]
    return data.names[column] + (f" ({unit})" if unit else "")
