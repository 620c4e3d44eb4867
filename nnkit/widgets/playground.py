"""The playground: a small net learns to divide points, and every neuron shows what it sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, ClassVar

import contourpy
import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes

from nnkit import datasets, optimizers, regularizers
from nnkit.network import MLP, Evaluation
from nnkit.plots.style import new_axes
from nnkit.training import DivergenceError, quiet_and_quick
from nnkit.widgets.base import Explorer
from nnkit.widgets.controls import Button, Choice, Slider, Switch, Value
from nnkit.widgets.words import short

HOUSES, DRAWN = "house prices", "only drawn"
NOISES = {"blobs": 1.0, "xor": 0.5, "moons": 0.5, "circles": 0.3, "spirals": 0.2}
RANGES = {
    DRAWN: ((-2, 2), (-2, 2)),
    "blobs": ((-3, 3), (-3, 3)),
    "xor": ((-0.6, 1.6), (-0.6, 1.6)),
    "moons": ((-1.75, 2.75), (-2, 2.5)),
    "circles": ((-1.5, 1.5), (-1.5, 1.5)),
    "spirals": ((-1.5, 1.5), (-1.5, 1.5)),
    HOUSES: ((40, 240), (1, 9), (1, 30), (15, 80)),
}
PLAIN, PRODUCT = "x₁, x₂", "x₁, x₂, x₁·x₂"
VIEWS = {
    "postal code, wealth": (2, 3),
    "size, rooms": (0, 1),
    "size, postal code": (0, 2),
}
N_TEST, LAST, LAYERS, NEURONS = 200, 20_000, 3, 8
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3)
STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
OPTIMIZERS = {
    "SGD": optimizers.SGD,
    "momentum": optimizers.Momentum,
    "RMSProp": optimizers.RMSProp,
    "Adam": optimizers.Adam,
}
LARGE, SMALL = 79, 27
"""Points on a side of the large map, and of a neuron's map: every third of them."""
EVERY = slice(None, None, (LARGE - 1) // (SMALL - 1))
MOONS: dict[str, Any] = {
    "data": "moons",
    "n": 200,
    "noise": 0.1,
    "points": [],
    "inputs": PLAIN,
    "layers": 2,
    "neurons1": 4,
    "neurons2": 3,
    "neurons3": 3,
    "activation": "tanh",
    "optimizer": "Adam",
    "rate": 0.03,
    "batch": 16,
    "regularizer": "none",
    "strength": 0.01,
    "seed": 0,
    "epoch": 0,
    "speed": 1,
    "look": "output",
    "view": "postal code, wealth",
    "test": False,
    "pen": "a triangle",
}
NOT_TRAINED = {"pen", "speed", "look", "view", "test"}
"""What can be changed without another training."""


@dataclass(frozen=True, eq=False)
class Points:
    """What a net is trained on, and what it is tested on.

    Attributes
    ----------
    X, X_test : ndarray, shape (n, n_columns)
        What was measured: two coordinates, or four features of a house.
    Y, Y_test : ndarray, shape (n, 1)
        The classes, 0 or 1; or the prices.
    centre, size : ndarray, shape (n_columns,)
        What is subtracted from X, and by what it is divided then, before a net sees it. Houses
        have units; coordinates are near 0 and of size 1 already.
    mean, spread : float
        The same for Y.
    """

    X: np.ndarray
    Y: np.ndarray
    X_test: np.ndarray
    Y_test: np.ndarray
    centre: np.ndarray = field(default_factory=lambda: np.zeros(2))
    size: np.ndarray = field(default_factory=lambda: np.ones(2))
    mean: float = 0
    spread: float = 1


@cache
def generated(data: str, n: int, noise: float) -> Points:
    """Return `n` points to train on, and 200 to test on, of the course's data sets."""
    if data == DRAWN:
        nothing = np.zeros((0, 2)), np.zeros((0, 1))
        return Points(*nothing, *nothing)
    if data == HOUSES:
        few, more = datasets.house_prices(n), datasets.house_prices(N_TEST, seed=1)
        scale = few.X.mean(axis=0), few.X.std(axis=0), few.Y.mean(), few.Y.std()
        return Points(few.X, few.Y, more.X, more.Y, *scale)
    make = getattr(datasets, data)
    few, more = make(n, noise, seed=0), make(N_TEST, noise, seed=1)
    return Points(few.X, few.Y, more.X, more.Y)


class Playground(Explorer):
    """Choose or draw points, build a net, let it learn; every neuron shows what it sees.

    Each neuron is a small map of the plane: bright where its activation is high. The black line is
    where its weighted sum is 0. The large map is that of one neuron, at first the output's, with
    the training points: triangles for class 1, circles for class 0. The curves are the loss on
    these points (drawn through) and on 200 others (dashed).

    Whatever is changed, the training starts anew, from weights that belong to `seed`. So two
    trainings differ in nothing but what was changed, and the code of an explorer, which holds the
    number of epochs, brings back the very net.

    The values are

    ``data``, ``n``, ``noise``, ``points``
        "blobs", "xor", "moons", "circles", "spirals", "house prices" or "only drawn"; number of
        training points and the noise on them; and what was drawn: ``[x, y, class]`` each.
    ``inputs``
        "x₁, x₂", or also their product.
    ``layers``, ``neurons1`` to ``neurons3``, ``activation``
        The hidden layers; without any, the net is one neuron.
    ``optimizer``, ``rate``, ``batch``, ``regularizer``, ``strength``, ``seed``
        How it learns. A regulariser's price is part of both losses.
    ``epoch``, ``speed``
        Epochs trained, and how many there are between two pictures.
    ``look``, ``view``, ``test``, ``pen``
        Whose map is the large one ("output", or "1.2": layer 1, neuron 2); which two features of
        a house it spans, the others being average; whether test points are shown; what a click
        does.

    With the points the output is a sigmoid and the loss the binary cross-entropy; with house prices
    (features and price standardised) a linear output and the mean squared error.

    References
    ----------
    Deck A, "2.1 NN examples: house prices II", "2.2 NN basics: multilayer perceptron"; deck C,
    "Fully Connected Network"; deck D, "Neural Networks". After TensorFlow Playground (Smilkov and
    others 2017, "Direct-manipulation visualization of deep networks").

    Examples
    --------
    >>> playground = Playground("xor, three hidden neurons")
    >>> playground
    Net 2-3-1, 13 parameters, after 0 epochs: loss 0.7428, 38 % of 200 training points right; test \
loss 0.7433, 36.5 % of 200 right. The large map: the output.
    >>> playground.set(epoch=200, look="1.2")
    >>> playground
    Net 2-3-1, 13 parameters, after 200 epochs: loss 0.0012, 100 % of 200 training points right; \
test loss 0.0067, 100 % of 200 right. The large map: neuron 1.2, z = −6.54·x₁ + 3.59·x₂ − 0.582.
    """

    title = "Playground"
    script = "playground.js"
    seldom = (
        *("sides", "ranges", "axes", "classes", "drawable", "points", "test_points"),
        *("inputs", "sizes", "colours"),
    )
    figsize = (7.5, 3.8)
    controls = (
        Button(name="play", label="Play / pause", repeats=True),
        Button(name="step", label="Step: one epoch"),
        Button(name="again", label="Start again"),
        Choice(name="speed", label="Epochs per picture", options=(1, 3, 10)),
        Choice(name="data", label="Points", options=tuple(RANGES)),
        *(
            Slider(name="n", label="Training points", low=10, high=400, step=10, when={"data": d})
            for d in (*NOISES, HOUSES)
        ),
        *(
            Slider(name="noise", label="Noise", low=0, high=high, step=0.05, when={"data": d})
            for d, high in NOISES.items()
        ),
        *(
            Choice(
                name="pen",
                label="A click puts",
                options=("a triangle", "a circle", "nothing, it erases"),
                when={"data": d},
            )
            for d in (DRAWN, *NOISES)
        ),
        Choice(name="view", label="Map of", options=tuple(VIEWS), when={"data": HOUSES}),
        Switch(name="test", label="Show the test points"),
        *(
            Choice(name="inputs", label="Inputs", options=(PLAIN, PRODUCT), when={"data": d})
            for d in (DRAWN, *NOISES)
        ),
        Slider(name="layers", label="Hidden layers", low=0, high=LAYERS),
        *(
            Slider(
                name=f"neurons{layer}",
                label=f"Neurons in layer {layer}",
                low=1,
                high=NEURONS,
                when={"layers": layers},
            )
            for layers in range(1, LAYERS + 1)
            for layer in range(1, layers + 1)
        ),
        Choice(
            name="activation",
            label="Activation",
            options=("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "swish"),
        ),
        Choice(name="optimizer", label="Optimizer", options=tuple(OPTIMIZERS)),
        Choice(name="rate", label="Learning rate", options=RATES),
        Choice(name="batch", label="Batch size", options=(1, 4, 16, 64, "all")),
        Choice(name="regularizer", label="Regulariser", options=("none", "L1", "L2")),
        *(
            Choice(name="strength", label="Strength", options=STRENGTHS, when={"regularizer": r})
            for r in ("L1", "L2")
        ),
        Slider(name="seed", label="Start no.", low=0, high=20),
        *(
            Button(name="clear", label="Erase what was drawn", when={"data": d})
            for d in (DRAWN, *NOISES)
        ),
        Value(name="points"),
        Value(name="look"),
        Value(name="epoch"),
    )
    presets: ClassVar[dict[str, dict[str, Any]]] = {
        "moons": MOONS,
        "xor, one neuron": {**MOONS, "data": "xor", "noise": 0.15, "layers": 0},
        "xor, three hidden neurons": {
            **MOONS,
            "data": "xor",
            "noise": 0.15,
            "layers": 1,
            "neurons1": 3,
        },
        "circles, one hidden neuron": {
            **MOONS,
            "data": "circles",
            "noise": 0.05,
            "layers": 1,
            "neurons1": 1,
        },
        "circles, 3-3-3-1": {
            **MOONS,
            "data": "circles",
            "noise": 0.05,
            "inputs": PRODUCT,
            "neurons1": 3,
        },
        "spirals": {
            **MOONS,
            "data": "spirals",
            "n": 400,
            "noise": 0.0,
            "layers": 3,
            "neurons1": 8,
            "neurons2": 8,
            "neurons3": 8,
            "rate": 0.01,
        },
        "learned by heart": {
            **MOONS,
            "n": 40,
            "noise": 0.4,
            "neurons1": 8,
            "neurons2": 8,
            "batch": "all",
            "speed": 10,
            "test": True,
        },
        "house prices": {
            **MOONS,
            "data": HOUSES,
            "layers": 1,
            "neurons1": 3,
            "activation": "relu",
            "rate": 0.01,
        },
    }

    # ------------------------------------------------------------ moving on

    def changed(self, names: set[str]) -> None:
        """Start anew, and train for as many epochs as the state says."""
        if names <= NOT_TRAINED:
            self._check_look()
            return
        epochs = self.state["epoch"] if "epoch" in names else 0
        if not (isinstance(epochs, int) and 0 <= epochs <= LAST):
            raise ValueError(f"expected epoch from 0 to {LAST:,}, got {epochs!r}")
        self._points = self._all_points()
        self._begin()
        self._check_look()
        self._train(epochs)

    def do_step(self) -> str:
        """Train for one epoch."""
        return self._train_on(1)

    def do_play(self) -> str:
        """Train until the next picture."""
        return self._train_on(self.state["speed"])

    def do_again(self) -> None:
        """Go back to where the training started."""
        self._begin()

    def do_clear(self) -> None:
        """Take the drawn points away."""
        self.state["points"] = []
        self.changed({"points"})

    def _all_points(self) -> Points:
        """Return the points of the data set and the drawn ones, which are trained on, too."""
        state = self.state
        noise = state["noise"] if state["data"] in NOISES else 0
        known = generated(state["data"], state["n"], noise)
        if not state["points"] or state["data"] == HOUSES:
            return known
        if not all(len(point) == 3 and np.isfinite(point).all() for point in state["points"]):
            raise ValueError(f"expected points [x, y, class], got {state['points'][:3]!r}")
        drawn = np.array(state["points"], dtype=float)
        if not np.isin(drawn[:, 2], (0, 1)).all():
            raise ValueError("expected points of the classes 0 and 1")
        X, Y = np.vstack([known.X, drawn[:, :2]]), np.vstack([known.Y, drawn[:, 2:]])
        return replace(known, X=X, Y=Y)

    def _begin(self) -> None:
        """Make the net, and the examples as it is given them."""
        state, points = self.state, self._points
        self._train_set = self._inputs(points.X), (points.Y - points.mean) / points.spread
        self._test_set = self._inputs(points.X_test), (points.Y_test - points.mean) / points.spread
        price = None
        if state["regularizer"] != "none":
            price = regularizers.REGULARIZERS[state["regularizer"]](state["strength"])
        hidden = [state[f"neurons{layer}"] for layer in range(1, state["layers"] + 1)]
        self._net = MLP(
            [self._train_set[0].shape[1], *hidden, 1],
            state["activation"],
            "linear" if self._prices else "sigmoid",
            "squared_error" if self._prices else "binary_cross_entropy",
            regularizer=price,
            init="he" if state["activation"].endswith("relu") else "glorot",
            seed=state["seed"],
            dtype="float64",  # the same everywhere, as far as it is shown
        )
        self._optimizer = OPTIMIZERS[state["optimizer"]](state["rate"])
        state["epoch"] = 0
        self._costs: list[tuple[float, float]] = []
        self._measure()

    def _train_on(self, epochs: int) -> str:
        """Train for some epochs more, or say why there are none."""
        if not len(self._points.X):
            return "There are no points to learn from yet. A click in the large map draws one."
        if self.state["epoch"] == LAST:
            return f"These were all {LAST:,} epochs. “Start again” goes back to the first."
        self._train(min(epochs, LAST - self.state["epoch"]))
        return ""

    def _train(self, epochs: int) -> None:
        """Train on; every epoch has its own order, which its number decides."""
        state, (X, Y) = self.state, self._train_set
        if epochs and not len(X):
            raise ValueError("expected points to learn from, got none: draw some in the large map")
        batch = None if state["batch"] == "all" else state["batch"]
        for _ in range(epochs):
            options = {"optimizer": self._optimizer, "seed": state["epoch"], "progress": False}
            try:
                self._net.fit(X, Y, 1, batch, **options)
            except DivergenceError:
                self._begin()
                raise
            state["epoch"] += 1
            self._measure()

    def _measure(self) -> None:
        """Note both losses, and both shares of right answers."""
        self._measured = self._evaluated(*self._train_set), self._evaluated(*self._test_set)
        self._costs.append((self._measured[0].loss, self._measured[1].loss))

    def _evaluated(self, X: np.ndarray, Y: np.ndarray) -> Evaluation:
        return self._net.evaluate(X, Y) if len(X) else Evaluation(np.nan, None)

    def _check_look(self) -> None:
        """Look at the output where the neuron that was looked at is there no more."""
        if self._looked_at() is None:
            self.state["look"] = "output"

    # ------------------------------------------------------------ what is to be seen

    def _inputs(self, X: np.ndarray) -> np.ndarray:
        """Return the net's inputs for what was measured, shape (n, n_columns)."""
        X = (X - self._points.centre) / self._points.size
        if self.state["inputs"] == PRODUCT and self.state["data"] != HOUSES:
            X = np.column_stack([X, X[:, 0] * X[:, 1]])
        return X

    @property
    def _prices(self) -> bool:
        return bool(self.state["data"] == HOUSES)

    def _names(self) -> list[str]:
        if self._prices:
            return ["size", "rooms", "postal code", "wealth"]
        return self.state["inputs"].split(", ")

    def _looked_at(self) -> tuple[int, int] | None:
        """Return layer and number of the neuron whose map is the large one, both from 0."""
        names = self._neuron_names()
        return names.get(self.state["look"])

    def _neuron_names(self) -> dict[str, tuple[int, int]]:
        *hidden, _ = self._net.layers
        found = {
            f"{at + 1}.{j + 1}": (at, j)
            for at, layer in enumerate(hidden)
            for j in range(layer.n_out)
        }
        return found | {"output": (len(hidden), 0)}

    def _plane(self) -> tuple[tuple[int, int], np.ndarray, np.ndarray]:
        """Return the two columns that the maps span, and the places on their two axes."""
        columns = VIEWS[self.state["view"]] if self._prices else (0, 1)
        ranges = RANGES[self.state["data"]]
        x, y = (np.linspace(*ranges[column], LARGE) for column in columns)
        return columns, x, y

    def picture(self) -> dict[str, Any]:
        """Return the maps of all neurons, the weights, the points and both curves."""
        columns, x, y = self._plane()
        grid = np.empty((LARGE * LARGE, self._points.X.shape[1]))
        grid[:] = self._points.centre
        grid[:, columns] = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        inputs = self._inputs(grid)
        with quiet_and_quick(self._net, len(grid)):
            self._net.forward(inputs)
        layers = self._net.layers
        at, j = self._looked_at() or (len(layers) - 1, 0)
        bounds = [_bounds(layer.activation.name, layer.a) for layer in layers]
        small = [_grey(_coarse(inputs), *_bounds("", inputs))]
        small += [_grey(_coarse(layer.a), *b) for layer, b in zip(layers, bounds, strict=True)]
        low, high = (bound[j] for bound in bounds[at])
        train, test = self._measured
        return {
            "sides": (SMALL, LARGE),
            "ranges": [RANGES[self.state["data"]][column] for column in columns],
            "axes": [self._names()[column] for column in columns],
            "classes": not self._prices,
            "drawable": not self._prices and "pen" not in self.spec["hide"],
            "points": self._marks(self._points.X, self._points.Y, columns),
            "test_points": self._marks(self._points.X_test, self._points.Y_test, columns),
            "inputs": self._names(),
            "sizes": self._net.sizes,
            "colours": _colours(),
            "maps": np.concatenate([columns.T for columns in small]),
            "zeros": _zeros(_squares(_coarse(np.hstack([layer.z for layer in layers])), SMALL)),
            "large": _grey(layers[at].a[:, j], low, high),
            "boundary": _zeros(_squares(layers[at].z[:, [j]], LARGE)),
            "bounds": (low, high),
            "W": [layer.W for layer in layers],
            "curve": self._curve(),
            "loss": train.loss,
            "accuracy": train.accuracy,
            "test_loss": test.loss,
            "test_accuracy": test.accuracy,
        }

    def _marks(self, X: np.ndarray, Y: np.ndarray, columns: tuple[int, int]) -> np.ndarray:
        """Return x, y, and the class; of a house, whether it is dearer than the average."""
        value = self._points.mean < Y if self._prices else Y
        return np.column_stack([X[:, columns], value])

    def _curve(self) -> np.ndarray:
        """Return some epochs, and both losses after them, in three rows."""
        epochs = np.unique(np.linspace(0, self.state["epoch"], 200).astype(int))
        return np.array([(epoch, *self._costs[epoch]) for epoch in epochs]).T

    def sentence(self, picture: Mapping[str, Any]) -> str:
        """Say how well the net has learned, and what is looked at."""
        epoch, net = self.state["epoch"], self._net
        sizes = "-".join(map(str, net.sizes))
        said = f"Net {sizes}, {net.n_params} parameter{'s' * (net.n_params > 1)}, "
        said += f"after {epoch:,} epoch{'s' * (epoch != 1)}: "
        n, n_test = len(self._points.X), len(self._points.X_test)
        train, test = picture["loss"], picture["test_loss"]
        if not n:
            return f"{said}no points yet. A click in the large map draws one."
        if self._prices:
            said += (
                f"loss {_cost(train)} on {n} houses, {_cost(test)} on {n_test} others, "
                f"whose prices it misses by {short(self._typical_error())} thousand €. "
            )
        else:
            said += (
                f"loss {_cost(train)}, {_share(picture['accuracy'])} of {n} training points right"
            )
            if n_test:
                right = _share(picture["test_accuracy"])
                said += f"; test loss {_cost(test)}, {right} of {n_test} right"
            said += ". "
        return f"{said}The large map: {self._what_is_looked_at()}."

    def _typical_error(self) -> float:
        """Return the root of the mean squared error of the test prices, in thousand €."""
        X, Y = self._test_set
        return float(np.sqrt(np.mean((self._net.predict(X) - Y) ** 2)) * self._points.spread)

    def _what_is_looked_at(self) -> str:
        at, j = self._looked_at() or (0, 0)
        if self.state["look"] == "output":
            return "the output"
        names = (
            self._names() if at == 0 else [f"a({at}.{i + 1})" for i in range(self._net.sizes[at])]
        )
        layer = self._net.layers[at]
        return f"neuron {self.state['look']}, z = {_sum(layer.W[j], names, layer.b[j])}"

    def still(self, ax: Axes | None = None) -> Axes:
        """Draw the large map and the points."""
        ax = ax or new_axes(self.figsize)
        picture = self.shown["picture"]
        (left, right), (bottom, top) = picture["ranges"]
        dx, dy = (right - left) / (LARGE - 1) / 2, (top - bottom) / (LARGE - 1) / 2
        extent = (left - dx, right + dx, bottom - dy, top + dy)
        options: dict[str, Any] = {"origin": "lower", "extent": extent, "aspect": "auto"}
        large = picture["large"].reshape(LARGE, LARGE)
        ax.imshow(large, cmap="cividis", vmin=0, vmax=255, **options)
        boundary = np.array([[left], [bottom]]) + 2 * np.array([[dx], [dy]]) * picture["boundary"]
        ax.plot(*boundary, color="white", linewidth=4)
        ax.plot(*boundary, color="black", linestyle="--")
        labels = ("class 0", "class 1") if picture["classes"] else ("cheaper", "dearer")
        for value, marker, ink, rim in ((0, "o", "white", "black"), (1, "^", "black", "white")):
            x, y, _ = picture["points"][picture["points"][:, 2] == value].T
            ax.plot(x, y, marker, color=ink, markeredgecolor=rim, label=labels[value])
        ax.set(xlim=picture["ranges"][0], ylim=picture["ranges"][1])
        ax.set(xlabel=picture["axes"][0], ylabel=picture["axes"][1])
        ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
        return ax


# ---------------------------------------------------------------- maps


@cache
def _colours() -> np.ndarray:
    """Return cividis as 256 colours, from dark to bright."""
    return (colormaps["cividis"](np.arange(256))[:, :3] * 255).astype(np.uint8)


def _bounds(activation: str, a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what is darkest and what is brightest in the map of each neuron."""
    ones = np.ones(a.shape[1])
    if activation in ("sigmoid", "tanh"):
        return ones * (0 if activation == "sigmoid" else -1), ones
    rows = a.T.copy()  # along long rows, numpy is ten times as fast
    return rows.min(axis=1), rows.max(axis=1)


def _grey(a: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return activations as 0 (dark) to 255 (bright); what is the same everywhere is grey."""
    differs = high > low
    parts = (a - low) / np.where(differs, high - low, 1)
    return np.where(differs, np.clip(255 * parts, 0, 255), 128).astype(np.uint8)


def _coarse(columns: np.ndarray) -> np.ndarray:
    """Return the rows of a grid that belong to every third point of both axes."""
    return columns.reshape(LARGE, LARGE, -1)[EVERY, EVERY].reshape(SMALL * SMALL, -1)


def _squares(columns: np.ndarray, side: int) -> np.ndarray:
    """Return each column, the values of one neuron on the grid, as a square."""
    return columns.T.reshape(-1, side, side)


def _zeros(squares: np.ndarray) -> np.ndarray:
    """Return where squares of numbers are 0: x and y of lines, between two of which stands a nan.

    The squares lie one above the other, with a row between them, and a point of the grid is 1
    wide: with squares of 27 × 27, the second one has x from 0 to 26, and y from 28 to 54.
    """
    apart = np.pad(squares, ((0, 0), (0, 1), (0, 0)), constant_values=np.nan)
    stack = apart.reshape(-1, squares.shape[-1])
    chunks, *_ = contourpy.contour_generator(z=stack, line_type="ChunkCombinedNan").lines(0)
    return np.zeros((2, 0)) if chunks[0] is None else chunks[0].T


# ---------------------------------------------------------------- words


def _share(part: float) -> str:
    return f"{100 * part:.4g} %"


def _cost(loss: float) -> str:
    return f"{loss:.4f}" if loss < 0.01 else short(loss)


def _sum(weights: np.ndarray, names: list[str], b: float) -> str:
    """Write w·x + b with the weights' values and the inputs' names."""
    terms = [(w, f"{abs(w):.3g}·{name}") for w, name in zip(weights, names, strict=True)]
    terms.append((b, f"{abs(b):.3g}"))
    first, text = terms[0]
    signed = [f" {'−' if factor < 0 else '+'} {term}" for factor, term in terms[1:]]
    return f"{'−' if first < 0 else ''}{text}{''.join(signed)}"
