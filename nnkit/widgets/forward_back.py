"""A net as a graph: forward step by step, then back, then the update; every number with its formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes

from nnkit.plots.nets import draw_line
from nnkit.plots.style import new_axes
from nnkit.widgets.base import Explorer
from nnkit.widgets.controls import Button, Choice, Slider, Value
from nnkit.widgets.nets_by_hand import (
    B_DATA,
    CHAIN,
    DECK_B,
    DEEP,
    EXAMPLES,
    TINY,
    WALK,
    Example,
    Formulas,
    one_pass,
    training,
)
from nnkit.widgets.neuron import short

GOAL = 0.001  # deck B's, for the summed cost


class ForwardBack(Explorer):
    """Step forward through a net, then back, then update; look at the formula of any number.

    ::

        z = Σ w·a + b                   forward, layer by layer
        a = σ(z)
        cost = ½ Σ (a − y)²             (deck A's chain: without the ½)
        error = ∂C/∂a                   back, layer by layer: a − y, then Σ w·δ
        δ = ∂C/∂z = error · a(1 − a)    which deck B calls BPE
        w ← w − α · Σ δ·a               the update, summed over all examples
        b ← b − α · Σ δ

    A neuron or a weight that is pointed at, or chosen from the list, shows its formula with the
    numbers filled in. The nets: deck B's 2-3-1 with all of its 8,000 epochs, deck C's tiny net of
    the neurons A, B, C and D, its 3-3-3-1 and its walkthrough with three hidden layers (deck C has
    no numbers; these are the course's), and deck A's chain.

    The values are ``net``, ``row`` (the observation, in deck B's net), ``epoch`` (the number of
    updates made), ``step``, and ``focus``: the name of a neuron, such as "H1", or of a weight,
    "H1 → ON". At the last step the neurons' numbers are those before the update and the weights
    those after it, as in deck B's tables.

    References
    ----------
    Deck A, "2.6 Backpropagation: maths I" to "maths V"; deck B, "Step 3" to "Step 6", "After 1
    epoch" to "After 8'000 epochs"; deck C, "A Tiny DL Network to study Backprop", "Backprop in
    Action: Walkthrough example", "Some notes on finding deltas with Backprop".

    Examples
    --------
    >>> shown = ForwardBack("2-3-1")
    >>> shown
    Deck B's net after 0 updates, observation 1. Step 1 of 6, forward: hidden layer, 6 products with \
weights. z(H1) = 0.614, H1 = 0.6489.
    >>> shown.set(step=6, focus="H1 → ON")
    >>> shown
    Deck B's net after 0 updates, observation 1. Step 6 of 6, update with learning rate 0.5. new \
w(H1→ON) = −0.4964, from observation 1 alone = −0.6082.
    """

    title = "Forward and back"
    script = "forward_back.js"
    figsize = (7.5, 4.2)
    controls = (
        Value(name="net", options=tuple(EXAMPLES)),
        *(
            Slider(
                name="epoch", label="Updates made", low=0, high=example.epochs, when={"net": net}
            )
            for net, example in EXAMPLES.items()
        ),
        *(
            Slider(name="step", label="Step", low=0, high=example.last_step, when={"net": net})
            for net, example in EXAMPLES.items()
        ),
        *(
            Choice(name="focus", label="Look at", options=tuple(example.parts), when={"net": net})
            for net, example in EXAMPLES.items()
        ),
        Choice(name="row", label="Observation", options=tuple(B_DATA.labels), when={"net": DECK_B}),
        Button(name="forth", label="Next step"),
        Button(name="back", label="Step back"),
        Button(name="train", label="Train on", repeats=True),
    )
    presets: ClassVar[dict[str, dict[str, Any]]] = {
        "2-3-1": {"net": DECK_B, "row": "1", "epoch": 0, "step": 1, "focus": "H1"},
        "2-3-1, goal reached": {
            "net": DECK_B,
            "row": "9",
            "epoch": 7491,
            "step": 3,
            "focus": "ON",
        },
        "A, B, C, D": {"net": TINY, "row": "1", "epoch": 0, "step": 5, "focus": "A"},
        "3-3-3-1": {"net": DEEP, "row": "1", "epoch": 0, "step": 2, "focus": "H2.1"},
        "chain": {"net": CHAIN, "row": "1", "epoch": 0, "step": 5, "focus": "a₂ → a₃"},
        "three hidden layers": {"net": WALK, "row": "1", "epoch": 0, "step": 7, "focus": "H3.1"},
    }

    @property
    def example(self) -> Example:
        """The net that is shown, and what it is trained on."""
        return EXAMPLES[self.state["net"]]

    # ------------------------------------------------------------ moving on

    def changed(self, names: set[str]) -> None:
        """Make the net anew; take the focus along to where a step computes something."""
        if "net" in names:
            self._net = self.example.net()
        if "step" in names and "focus" not in names:
            kind, layer = self.example.stage(self.state["step"])
            part = self.example.parts[self.state["focus"]]
            touched = (
                {part.layer} if part.i is None or kind != "back" else {part.layer, part.layer - 1}
            )
            if kind != "update" and layer not in touched:
                self.state["focus"] = self.example.names[layer][0]

    def do_forth(self) -> str:
        """Go on by one step; from the update to the inputs of the next pass."""
        step, epoch = self.state["step"], self.state["epoch"]
        if step < self.example.last_step:
            self._go(epoch, step + 1)
        elif epoch < self.example.epochs:
            self._go(epoch + 1, 0)
        else:
            return f"This is the end: all {epoch:,} updates are made. “Train on” starts again."
        return ""

    def do_back(self) -> str:
        """Go one step back; from the inputs to the update of the pass before."""
        step, epoch = self.state["step"], self.state["epoch"]
        if step > 0:
            self._go(epoch, step - 1)
        elif epoch > 0:
            self._go(epoch - 1, self.example.last_step)
        else:
            return "This is the start: nothing is before it."
        return ""

    def do_train(self) -> None:
        """Make an update, later several at once; from the last one back to the start."""
        epoch, last = self.state["epoch"], self.example.epochs
        later = min(last, epoch + 1 + epoch // 40) if epoch < last else 0
        self._go(later, max(self.state["step"], self.example.depth + 1))

    def _go(self, epoch: int, step: int) -> None:
        moved = {"step"} if step != self.state["step"] else set()
        self.state |= {"epoch": epoch, "step": step}
        self.changed(moved)

    # ------------------------------------------------------------ what is to be seen

    def picture(self) -> dict[str, Any]:
        """Return what is known at this step of one example, and the formulas of the focus."""
        example, step = self.example, self.state["step"]
        theta, costs = training(self.state["net"])
        row = example.rows.index(self.state["row"]) if len(example.rows) > 1 else 0
        numbers = one_pass(example, self._net, theta[self.state["epoch"]], row)
        kind, layer = example.stage(step)
        formulas = Formulas(example, numbers, step, self.state["row"])
        part = example.parts[self.state["focus"]]
        return {
            "net": self.state["net"],
            "names": example.names,
            "places": _places(example.sizes),
            "head": self._head(kind, layer),
            "direction": {"forward": 1, "back": -1}.get(kind, 0),
            "active": {"forward": layer, "back": layer + 1}.get(kind, 0),
            "a": numbers.a[: step + 1],
            "delta": {
                at: numbers.delta[at]
                for at in range(1, example.depth + 1)
                if step >= example.last_step - at
            },
            "delta_name": "BPE" if self.state["net"] == DECK_B else "δ",
            "W": numbers.new_W if kind == "update" else numbers.W,
            "b": numbers.new_b if kind == "update" else numbers.b,
            "updated": kind == "update",
            "y": numbers.y,
            "formulas": [
                formula._asdict() | {"result": short(formula.value)}
                for formula in formulas.of(part)
            ],
            "its_step": part.layer,
            "weights": formulas.weights(part),
            "total": numbers.total,
            "curve": _some_of(costs),
            "goal": GOAL if self.state["net"] == DECK_B else None,
        }

    def sentence(self, picture: Mapping[str, Any]) -> str:
        """Say how far the pass is, and what has come out for the focus."""
        epoch, row = self.state["epoch"], self.state["row"]
        which = ""
        if len(self.example.rows) > 1:
            which = f", observation {row}" + (" (reconstructed)" if row.isalpha() else "")
        results = [f"{found['symbol']} = {found['result']}" for found in picture["formulas"]]
        said = (
            ", ".join(results)
            or f"{self.state['focus']}: its turn comes in step {picture['its_step']}"
        )
        return (
            f"{self.example.title} after {epoch:,} update{'' if epoch == 1 else 's'}{which}. "
            f"{picture['head']}. "
            f"{said}."
        )

    def still(self, ax: Axes | None = None) -> Axes:
        """Draw the net with the numbers that are known."""
        ax = ax or new_axes(self.figsize)
        picture = self.shown["picture"]
        places, layers = picture["places"], picture["W"][1:]
        largest = max(np.abs(W).max() for W in layers)
        few = sum(np.size(W) for W in layers) <= 12
        box = {"boxstyle": "square,pad=0.1", "color": ax.get_facecolor()}
        text: dict[str, Any] = {"fontsize": 8, "ha": "center", "va": "center"}
        for (left, right), W in zip(pairwise(places), layers, strict=True):
            for (j, i), w in np.ndenumerate(np.array(W)):
                (x0, y0), (x1, y1) = left[i], right[j]
                draw_line(ax, (x0, y0), (x1, y1), w / largest)
                if few:
                    x, y = x0 + 0.25 * (x1 - x0), y0 + 0.25 * (y1 - y0)
                    ax.text(x, y, short(w), bbox=box, **text)
        for layer, names in enumerate(picture["names"]):
            for j, name in enumerate(names):
                x, y = places[layer][j]
                known = [name]
                if layer < len(picture["a"]):
                    known.append(_brief(picture["a"][layer][j]))
                if layer > 0:
                    ax.text(x, y - 0.092, f"b {_brief(picture['b'][layer][j])}", bbox=box, **text)
                if layer in picture["delta"]:
                    delta = _brief(picture["delta"][layer][j])
                    ax.text(x, y + 0.092, f"{picture['delta_name']} {delta}", bbox=box, **text)
                ax.plot(x, y, "o", markersize=32, color="grey", markerfacecolor=ax.get_facecolor())
                ax.text(x, y, "\n".join(known), **text)
        ax.set(xlim=(-0.08, 1.08), ylim=(1.02, -0.02))
        ax.set_title(picture["head"], fontsize="medium")
        ax.set_axis_off()
        return ax

    def _head(self, kind: str, layer: int) -> str:
        """Say which step it is, and how many products it takes: back is as dear as forward."""
        example, sizes = self.example, self.example.sizes
        said = f"Step {self.state['step']} of {example.last_step}, "
        if kind == "inputs":
            return f"{said}the inputs"
        if kind == "cost":
            return f"{said}the cost"
        if kind == "update":
            return f"{said}update with learning rate {short(example.rate)}"
        where = f"hidden layer {layer}" if example.depth > 2 else "hidden layer"
        said += f"{kind}: {'output layer' if layer == example.depth else where}"
        if kind == "back" and layer == example.depth:
            return f"{said}, from the cost"
        products = sizes[layer] * sizes[layer - 1 if kind == "forward" else layer + 1]
        return f"{said}, {products} product{'' if products == 1 else 's'} with weights"


def _places(sizes: Sequence[int]) -> list[list[list[float]]]:
    """Return x and y of each neuron, layer by layer, from 0 to 1; y grows downwards."""
    most = max(sizes)
    return [
        [[layer / (len(sizes) - 1), 0.5 + (j - (size - 1) / 2) / most] for j in range(size)]
        for layer, size in enumerate(sizes)
    ]


def _some_of(costs: np.ndarray) -> np.ndarray:
    """Return some updates and their costs, as many among the first ten as among the first thousand."""
    updates = np.unique(np.geomspace(1, len(costs), 240).astype(int)) - 1
    return np.stack([updates, costs[updates]], axis=1)


def _brief(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
