"""All activations with their slopes; weight and bias dragged; shaded where the gradient vanishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes

from nnkit.activations import (
    ACTIVATIONS,
    ELU,
    Activation,
    LeakyReLU,
    Maxout,
    ParametricReLU,
    ShiftedReLU,
    UnitStep,
)
from nnkit.plots.style import BLUE, PURPLE, VERMILLION, new_axes
from nnkit.widgets.base import Explorer
from nnkit.widgets.controls import Choice, Slider
from nnkit.widgets.words import short, written_sum

NAMES = tuple(name for name in ACTIVATIONS if name != "softmax")  # it needs more than one z
NOTHING, ALL = "nothing", "all"
X = np.linspace(-6, 6, 241)
MAXOUT_SLOPES, MAXOUT_BIASES = np.array([-1, 0.3, 1]), np.array([-1, 0, -1])
SMALL, ZERO = 1, 2  # how the gradient vanishes; 0 where it does not

NOTES = {
    "unit_step": "No gradient anywhere: gradient descent cannot train it.",
    "heaviside": "No gradient anywhere: gradient descent cannot train it.",
    "linear": "It never vanishes, but layers of it collapse into one.",
    "sigmoid": "It is 0.25 at most, so it shrinks with every layer.",
    "tanh": "It reaches 1, but both ends are flat.",
    "relu": "A neuron that is on the flat side for every example is dead.",
    "leaky_relu": "Something is left on the left: nobody dies.",
    "shifted_relu": "Flat left of its bend, where neurons die as with ReLU.",
    "parametric_relu": "The slope on the left is learned, as the weights are.",
    "maxout": "It is the largest of −z − 1, 0.3z and z − 1: three times the weights.",
    "softplus": "A ReLU without its kink; its slope is the sigmoid.",
    "elu": "Where z is below 0, f′ = f + alpha.",
    "swish": "Left of z = −1.28 the slope is below 0, by 0.1 at most.",
}


def start(activation: str, beside: str = NOTHING, **values: Any) -> dict[str, Any]:
    """Return a preset: all values, so that none is left over from what was shown before."""
    usual = {"weight": 1, "bias": 0, "x": 0, "limit": 0.05}
    settings = {"threshold": 1, "slope": 0.1, "shift": -1, "start": 0.25, "alpha": 1}
    return {"activation": activation, "beside": beside} | usual | settings | values


class Activations(Explorer):
    """Choose an activation, drag the weight and the bias, and see what gets through.

    ::

        z = weight · x + bias        the weighted sum of a neuron with one input
        a = f(z)                     the activation
        f′(z)                        the slope: how much of a small push of z arrives in a

    Shaded is where the gradient vanishes: where f′ lies between −limit and limit, and, in another
    hatching, where it is exactly 0. The chart beside the curves shows that for all activations of
    nnkit but softmax, which looks at several sums at once.

    The values are ``activation``; ``beside``, another one, or all; ``weight``, ``bias``, ``x`` and
    ``limit``; and the settings of the functions that have one: the ``threshold`` of the unit step,
    the ``slope`` of the leaky ReLU, the ``shift`` of the shifted ReLU, the ``start`` of the
    parametric ReLU (its slope before it learns) and the ``alpha`` of the ELU.

    References
    ----------
    Deck C, "Activation Function Gallery"; deck D, "Binary Step Function", "Linear Activation
    Function", "Sigmoid Activation Function", "Hyperbolic Tangent", "ReLU", "Leaky ReLU",
    "Parametric ReLU", "Exponential Linear Units (ELU)", "Swish".

    Examples
    --------
    >>> explorer = Activations("sigmoid")
    >>> explorer
    sigmoid at x = 3: z = 1 · 3 + 0 = 3, a = 0.9526, f′(z) = 0.04518: next to nothing of a push gets \
through. f′ is within 0.05 of 0 for x below −2.89 and above 2.89. It is 0.25 at most, so it shrinks \
with every layer.
    >>> explorer.set(activation="relu", bias=-2)
    >>> explorer
    relu at x = 3: z = 1 · 3 − 2 = 1, a = 1, f′(z) = 1: all of a push gets through. f′ is exactly 0 \
for x below 2. A neuron that is on the flat side for every example is dead.
    """

    title = "Activations and their slopes"
    script = "activations.js"
    controls = (
        Choice(name="activation", label="Activation", options=NAMES),
        Choice(name="beside", label="Beside it", options=(NOTHING, ALL, *NAMES)),
        Slider(name="weight", label="Weight", low=-4, high=4, step=0.1),
        Slider(name="bias", label="Bias", low=-8, high=8, step=0.1),
        Slider(name="x", label="Input x", low=-6, high=6, step=0.1),
        Slider(name="limit", label="Vanishing below", low=0.01, high=0.3, step=0.01),
        Slider(
            name="threshold",
            label="Threshold",
            low=-3,
            high=3,
            step=0.5,
            when={"activation": "unit_step"},
        ),
        Slider(
            name="slope",
            label="Slope on the left",
            low=0.05,
            high=1,
            step=0.05,
            when={"activation": "leaky_relu"},
        ),
        Slider(
            name="shift",
            label="Shift",
            low=-3,
            high=0,
            step=0.25,
            when={"activation": "shifted_relu"},
        ),
        Slider(
            name="start",
            label="Slope on the left",
            low=0,
            high=1,
            step=0.05,
            when={"activation": "parametric_relu"},
        ),
        Slider(name="alpha", label="alpha", low=0.1, high=3, step=0.1, when={"activation": "elu"}),
    )
    presets: ClassVar[dict[str, dict[str, Any]]] = {
        "sigmoid": start("sigmoid", x=3),
        "tanh, sigmoid beside it": start("tanh", "sigmoid", x=3),
        "two steps": start("unit_step", "heaviside", x=0.5),
        "linear": start("linear", x=1),
        "ReLU": start("relu", x=-2),
        "a dead ReLU": start("relu", x=5, bias=-7),
        "leaky ReLU, ReLU beside it": start("leaky_relu", "relu", x=-2),
        "parametric ReLU": start("parametric_relu", "leaky_relu", x=-2),
        "shifted ReLU": start("shifted_relu", "relu", x=-2),
        "ELU": start("elu", "leaky_relu", x=-1),
        "softplus, sigmoid beside it": start("softplus", "sigmoid", x=-2),
        "swish": start("swish", "relu", x=-3),
        "maxout": start("maxout", x=-1),
        "the whole gallery": start("sigmoid", ALL, x=-2),
    }

    def picture(self) -> dict[str, Any]:
        """Return the curves, the numbers at x, and where each function's gradient vanishes."""
        state, functions = self.state, self._functions()
        w, b, x, chosen = state["weight"], state["bias"], state["x"], state["activation"]
        curves = {name: curve(f, w * X + b) for name, f in functions.items()}
        a, slope = curve(functions[chosen], np.array([w * x + b]))
        beside = state["beside"]
        around = np.array([x - 1, x + 1])
        return {
            "x": X,
            "curve": np.stack(curves[chosen]),
            "beside": list(curves.get(beside, ())),
            "all": np.array(list(curves.values())) if beside == ALL else [],
            "names": [name.replace("_", " ") for name in NAMES],
            "chosen": NAMES.index(chosen),
            "vanishing": [self._vanishing(name, curves[name][1]) for name in NAMES],
            "z": w * x + b,
            "a": float(a[0]),
            "slope": float(slope[0]),
            "tangent": np.stack([around, a + w * slope * (around - x)]),
            "handles": [-b / w, (2 - b) / w] if w else [],
        }

    def sentence(self, picture: Mapping[str, Any]) -> str:
        """Say what the neuron answers, how much of a push gets through, and where none does."""
        state = self.state
        w, x = np.array([state["weight"]], dtype=float), np.array([state["x"]], dtype=float)
        formula = written_sum(w, x, state["bias"])
        stretches = picture["vanishing"][picture["chosen"]]
        kinds = {level for _, _, level in stretches}
        flat = "exactly 0" if kinds == {ZERO} else f"within {state['limit']:g} of 0"
        return (
            f"{state['activation'].replace('_', ' ')} at x = {short(x[0])}: z = {formula} = "
            f"{short(picture['z'])}, a = {short(picture['a'])}, f′(z) = {short(picture['slope'])}: "
            f"{self._passes(picture['slope'])}. f′ is {flat} {where(stretches)}. "
            f"{NOTES[state['activation']]}"
        )

    def still(self, ax: Axes | None = None) -> Axes:
        """Draw the function and its slope, and hatch where the gradient vanishes."""
        ax = ax or new_axes(self.figsize)
        picture = self.shown["picture"]
        for a, slope in picture["all"]:
            ax.plot(X, a, "-", X, slope, "--", color="lightgrey", linewidth=1)
        for low, high, level in picture["vanishing"][picture["chosen"]]:
            hatch = "xx" if level == ZERO else "//"
            ax.axvspan(low, high, hatch=hatch, fill=False, edgecolor="lightgrey", linewidth=0)
        a, slope = picture["curve"]
        ax.plot(X, a, "-", color=BLUE, label=f"{picture['names'][picture['chosen']]}, a = f(z)")
        ax.plot(X, slope, "--", color=VERMILLION, label="its slope f′(z)")
        if picture["beside"]:
            a, slope = picture["beside"]
            ax.plot(X, a, "-.", color=PURPLE, label=self.state["beside"].replace("_", " "))
            ax.plot(X, slope, ":", color=PURPLE, label="its slope")
        ax.plot(self.state["x"], picture["a"], "o", color=BLUE)
        ax.set(xlim=(-6, 6), ylim=(-1.6, 3.2), xlabel="input x")
        ax.legend()
        return ax

    def _functions(self) -> dict[str, Activation]:
        """Return all functions by their names, with the settings that are shown."""
        state = self.state
        return {name: ACTIVATIONS[name] for name in NAMES} | {
            "unit_step": UnitStep(state["threshold"]),
            "leaky_relu": LeakyReLU(state["slope"]),
            "shifted_relu": ShiftedReLU(state["shift"]),
            "parametric_relu": ParametricReLU(state["start"]),
            "elu": ELU(state["alpha"]),
            "maxout": Maxout(pieces=3),
        }

    def _vanishing(self, name: str, slope: np.ndarray) -> list[tuple[float, float, int]]:
        """Return (from x, to x, SMALL or ZERO) of each stretch where the gradient vanishes."""
        levels = self._levels(slope)
        (edges,) = np.nonzero(np.diff(levels))
        places = (X[edges] + X[edges + 1]) / 2
        if len(edges) and name == self.state["activation"]:
            places = self._exactly(X[edges], X[edges + 1], levels[edges])
        bounds = [X[0], *places, X[-1]]
        kinds = levels[[*edges, -1]]
        return [
            (float(low), float(high), int(kind))
            for (low, high), kind in zip(pairwise(bounds), kinds, strict=True)
            if kind
        ]

    def _levels(self, slope: np.ndarray) -> np.ndarray:
        size = abs(slope)
        return np.where(size == 0, ZERO, np.where(size < self.state["limit"], SMALL, 0))

    def _exactly(self, low: np.ndarray, high: np.ndarray, levels: np.ndarray) -> np.ndarray:
        """Halve each stretch from `low` to `high` until the place is found where the level ends."""
        f = self._functions()[self.state["activation"]]
        for _ in range(20):
            middle = (low + high) / 2
            _, slope = curve(f, self.state["weight"] * middle + self.state["bias"])
            is_before = self._levels(slope) == levels
            low, high = np.where(is_before, middle, low), np.where(is_before, high, middle)
        return high

    def _passes(self, slope: float) -> str:
        if slope == 0:
            return "nothing of a push gets through"
        if abs(slope) < self.state["limit"]:
            return "next to nothing of a push gets through"
        if slope < 0:
            return "a push up moves it down"
        if slope == 1:
            return "all of a push gets through"
        return f"{100 * slope:.3g} % of a push gets through"


def curve(f: Activation, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return f(z) and f′(z), both of shape (n,), for z of shape (n,).

    Maxout takes the largest of three straight lines in z; its slope is that of the largest.
    """
    if isinstance(f, Maxout):
        sums = z[:, None] * MAXOUT_SLOPES + MAXOUT_BIASES
        largest = f(sums)
        return largest[:, 0], f.derivative(sums, largest) @ MAXOUT_SLOPES
    a = f(z)
    return a, f.derivative(z, a)


def where(stretches: Sequence[tuple[float, float, int]]) -> str:
    """Say for which x something holds.

    Examples
    --------
    >>> where([(-6, -3, 2), (-3, -2.885, 1), (2.885, 6, 1)])
    'for x below −2.88 and above 2.88'
    """
    joined: list[list[float]] = []
    for low, high, _ in stretches:
        if joined and joined[-1][1] == low:
            joined[-1][1] = high
        else:
            joined.append([low, high])
    texts = []
    for low, high in joined:
        ends = [f"{round(end, 2) + 0:g}".replace("-", "−") for end in (low, high)]
        if (low, high) == (X[0], X[-1]):
            return "everywhere in this picture"
        if low == X[0]:
            texts.append(f"below {ends[1]}")
        elif high == X[-1]:
            texts.append(f"above {ends[0]}")
        else:
            texts.append(f"from {ends[0]} to {ends[1]}")
    return f"for x {' and '.join(texts)}" if texts else "nowhere in this picture"
