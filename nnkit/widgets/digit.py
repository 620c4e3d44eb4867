"""A digit, drawn or picked: what each of the 42 neurons makes of it, and how little fools the net."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes

from nnkit.adversarial import fgsm, input_gradient, smallest_epsilon
from nnkit.datasets import Dataset, digits
from nnkit.network import MLP
from nnkit.optimizers import SGD
from nnkit.plots.style import new_axes
from nnkit.widgets.base import Explorer
from nnkit.widgets.controls import Button, Choice, Slider, Switch, Value
from nnkit.widgets.words import short

SIZES = (784, 16, 16, 10)
BATCH_SIZE, UPDATES = 10, 30 * 144  # 30 epochs of the 1,437 digits, or most of one of MNIST
SMALL, LARGE, BY_HAND, UNTRAINED = "small start", "large start", "edges by hand", "untrained"
TEST_PICTURE, EMPTY = "test picture", "empty paper"
ANY = "any other digit"
LARGEST, STEP = 0.3, 0.01
"""How far a pixel can be moved, and by how much at a time."""
CENTRES = np.stack(np.meshgrid(np.arange(28) + 0.5, np.arange(28) + 0.5), axis=-1).reshape(784, 2)
"""Where the pixels are: x to the right and y down, as the picture's rows go."""


def start(
    weights: str,
    paper: str = TEST_PICTURE,
    neuron: int = 5,
    aim: int | str = ANY,
    epsilon: float = 0,
) -> dict[str, Any]:
    """Return a preset: all values, so that none is left over from what was shown before."""
    return {
        "weights": weights,
        "paper": paper,
        "number": 3,
        "neuron": neuron,
        "aim": aim,
        "epsilon": epsilon,
        "erase": False,
        "strokes": [],
    }


class Digit(Explorer):
    """Draw a digit or pick one, look into the net that reads it, and change pixels until it errs.

    The net is deck A's, 784-16-16-10, with sigmoids and deck D's quadratic cost, 13,002
    parameters. It is trained in about a second where the explorer is made, unless it comes along.

    For every neuron there is a picture of ∂z/∂x, how its weighted sum depends on each pixel: what
    it looks for. In layer 1 these are its weights, for every picture; further on they are
    W (f′(z) ∂z/∂x of the layer below), which depend on the picture.

    ::

        x + ε sign(∂C/∂x)         away from the right answer: any other digit
        x − 0.01 sign(∂C/∂x)      towards a digit: C is the cost of that answer; ε / 0.01 times

    The values are ``weights`` (how the net began), ``paper`` (a test picture or an empty one),
    ``number`` of the test picture, ``strokes`` drawn on it, each a list of 1 (white) or 0 (black)
    and x, y, x, y, … in pixels, ``erase``, ``neuron`` (1–16 in layer 1, 17–32 in layer 2, 33–42
    the outputs 0–9), ``aim`` and ``epsilon``. What is drawn has no right answer but the net's own.

    Parameters
    ----------
    preset : str, optional
        The values to start from.
    net : MLP or sequence of (W, b), optional
        Your own net: 784 inputs, two hidden layers of 16 neurons at most, ten outputs. Pairs
        (W, b) make a net of sigmoids with the quadratic cost.
    data : Dataset, optional
        Pictures to train on and to pick from; without it, `digits`.
    hide : iterable of str
        Names of controls that are not shown.
    **kwargs
        As `Explorer` takes them: ``predict``, and what the start has different from the preset.

    References
    ----------
    Deck A, "2.1 NN examples: MNIST dataset", "2.2 NN basics: multilayer perceptron", "2.2 NN
    basics: feature recognition"; deck B, "Breaking Linear Classifiers on ImageNet". Goodfellow,
    Shlens and Szegedy (2015), "Explaining and harnessing adversarial examples".

    Examples
    --------
    >>> Digit("fooled")
    Test picture 3, a 4, each pixel moved by up to 0.05: the net says 9 (0.77), wrong; the 4 has 0.11. \
Layer 1, neuron 5: w·x = 5.54, and with b z = 4.3, a = 0.9866. Of 360 test pictures it reads 95.8 %.
    """

    title = "A net that reads digits"
    script = "digit.js"
    seldom = ("looks", "limit")
    controls = (
        Choice(name="weights", label="The net", options=(SMALL, LARGE, BY_HAND, UNTRAINED)),
        Choice(name="paper", label="Start from", options=(TEST_PICTURE, EMPTY)),
        Slider(name="number", label="Test picture", low=0, high=359, when={"paper": TEST_PICTURE}),
        Slider(name="neuron", label="Neuron looked into", low=1, high=42),
        Choice(name="aim", label="Nudge it towards", options=(ANY, *range(10))),
        Slider(name="epsilon", label="Nudge pixels by", low=0, high=LARGEST, step=STEP),
        Button(name="fool", label="Nudge until it says so"),
        Button(name="clear", label="Clear"),
        Button(name="undo", label="Undo stroke"),
        Switch(name="erase", label="Pen erases"),
        Value(name="strokes"),
    )
    presets: ClassVar[dict[str, dict[str, Any]]] = {
        "what it looks for": start(SMALL),
        "edges by hand": start(BY_HAND),
        "fooled": start(LARGE, epsilon=0.05),
        "turned into a 7": start(LARGE, aim=7, epsilon=0.06, neuron=40),
        "draw your own": start(SMALL, paper=EMPTY, neuron=33),
    }

    def __init__(
        self,
        preset: str | None = None,
        *,
        net: MLP | Sequence[tuple[Any, Any]] | None = None,
        data: Dataset | None = None,
        hide: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        self.data = built_in() if data is None else data
        self.given = None if net is None else readable(net)
        hide = [hide] if isinstance(hide, str) else list(hide)
        if self.given or data is not None:
            hide += ["copy"]  # the line could not bring them along
        if self.given:
            hide += ["weights", "presets"]  # they are about other nets
        super().__init__(preset, hide=hide, **kwargs)

    def changed(self, names: set[str]) -> None:
        """Get another net, or the picture that is to be read."""
        if "weights" in names:
            self.net = self.given or net_of(self.data, self.state["weights"])
            answers = self.net.predict(self.data.X_test)
            self.accuracy = float(np.mean(answers == self.data.y_test))
        if names & {"weights", "paper", "number", "strokes", "aim"}:
            self.x = self._drawn()
            self.is_labelled = self.state["paper"] == TEST_PICTURE and not self.state["strokes"]
            answer = self.net.predict(self.x[None])[0]
            self.right = int(self.data.y_test[self.state["number"]] if self.is_labelled else answer)
            self.steps = [self.x]  # towards a digit, as far as anybody has gone

    def do_fool(self) -> None:
        """Set the smallest ε that turns the answer, or the largest if none does."""
        if self.state["aim"] == ANY:
            steps = round(LARGEST / STEP)
            epsilon = smallest_epsilon(self.net, self.x, self.right, largest=LARGEST, steps=steps)
            self._change({"epsilon": min(round(float(epsilon), 2), LARGEST)})
            return
        self._steps_towards(round(LARGEST / STEP))
        answers = self.net.predict(np.stack(self.steps))
        there = np.flatnonzero(answers == self.state["aim"])
        self._change({"epsilon": round(STEP * there[0], 2) if len(there) else LARGEST})

    def do_clear(self) -> None:
        """Take an empty sheet."""
        self._change({"paper": EMPTY, "strokes": [], "epsilon": 0})

    def do_undo(self) -> None:
        """Take the last stroke away."""
        self._change({"strokes": self.state["strokes"][:-1]})

    def picture(self) -> dict[str, Any]:
        """Return the picture as the net sees it, all activations, and one neuron's sum."""
        x = self._nudged()
        out = self.net.forward(x[None])[0]
        layers = self.net.layers
        layer, unit = self._place()
        below = layers[layer - 1].a[0] if layer else x
        terms = layers[layer].W[unit] * below
        looks = self._looks(layer)
        return {
            "x": x,
            "change": x - self.x,
            "right": self.right,
            "is_labelled": self.is_labelled,
            "answer": int(out.argmax()),
            "activations": [kept.a[0].copy() for kept in layers],
            "layer": layer,
            "unit": unit,
            "terms": terms if layer else terms[:0],
            "sum": float(terms.sum()),
            "z": float(layers[layer].z[0, unit]),
            "a": float(layers[layer].a[0, unit]),
            "looks": looks,
            "limit": float(np.abs(looks).max() or 1),
        }

    def sentence(self, picture: Mapping[str, Any]) -> str:
        """Say what the net reads, what one neuron does, and how often the net is right."""
        out, answer, right = picture["activations"][-1], picture["answer"], self.right
        epsilon = self.state["epsilon"]
        what = f"Test picture {self.state['number']}"
        if not self.is_labelled:
            what = f"{what}, drawn on" if self.state["paper"] == TEST_PICTURE else "Your drawing"
            if not self.x.any():
                what = "Empty paper"
        else:
            what += f", a {right}"
        moved = f", each pixel moved by up to {epsilon:g}" if epsilon else ""
        says = f"the net says {answer} ({out[answer]:.2f})"
        if answer != right:
            says += f"{', wrong' if self.is_labelled else ''}; the {right} has {out[right]:.2f}"
        else:
            second = int(np.argsort(out)[-2])
            says += f", then {second} ({out[second]:.2f})"
        letter = "a" if picture["layer"] else "x"
        return (
            f"{what}{moved}: {says}. {self._name()}: w·{letter} = {short(picture['sum'])}, and "
            f"with b z = {short(picture['z'])}, a = {short(picture['a'])}. "
            f"Of {len(self.data.y_test)} test pictures it reads {100 * self.accuracy:.1f} %."
        )

    def still(self, ax: Axes | None = None) -> Axes:
        """Draw the picture, what one neuron looks for, and the ten outputs."""
        ax = ax or new_axes(self.figsize)
        ax.set_axis_off()
        picture = self.shown["picture"]
        look, limit = picture["looks"][picture["unit"]], picture["limit"]
        for left, title, pixels, colours in (
            (0, "the picture", picture["x"], {"cmap": "gray", "vmin": 0, "vmax": 1}),
            (0.33, self._name(), look, {"cmap": "cividis", "vmin": -limit, "vmax": limit}),
        ):
            inset = ax.inset_axes((left, 0, 0.31, 0.9))
            inset.imshow(pixels.reshape(28, 28), **colours)
            inset.set_title(title, fontsize="medium")
            inset.set_axis_off()
        bars = ax.inset_axes((0.72, 0.15, 0.28, 0.75))
        bars.set_title("outputs", fontsize="medium")
        bars.bar(
            range(10),
            picture["activations"][-1],
            color=["black" if digit == picture["answer"] else "silver" for digit in range(10)],
        )
        bars.set(xticks=range(10), ylim=(0, 1), xlabel="digit (black: the answer)")
        return ax

    def _drawn(self) -> np.ndarray:
        """Return the picture on the paper with all strokes, shape (784,)."""
        x = np.zeros(784, dtype=np.float32)
        if self.state["paper"] == TEST_PICTURE:
            if self.state["number"] >= len(self.data.X_test):
                raise ValueError(
                    f"expected a number below {len(self.data.X_test)}, as many test pictures as "
                    f"there are, got {self.state['number']}"
                )
            x = self.data.X_test[self.state["number"]]
        for stroke in checked_strokes(self.state["strokes"]):
            ink = stroke_ink(*stroke[1:])
            x = np.maximum(x, ink) if stroke[0] else np.minimum(x, 1 - ink)
        return x

    def _nudged(self) -> np.ndarray:
        epsilon, aim = self.state["epsilon"], self.state["aim"]
        if aim == ANY:
            return np.asarray(fgsm(self.net, self.x, self.right, epsilon))
        return self._steps_towards(round(epsilon / STEP))

    def _steps_towards(self, n: int) -> np.ndarray:
        """Return the picture after `n` steps down the cost of the answer that is aimed at."""
        while len(self.steps) <= n:
            x = self.steps[-1]
            uphill = np.sign(input_gradient(self.net, x, self.state["aim"]))
            self.steps.append(np.clip(x - STEP * uphill, 0, 1))
        return self.steps[n]

    def _looks(self, layer: int) -> np.ndarray:
        """Return ∂z/∂x of each neuron of a layer, shape (n_out, 784), for the last forward pass."""
        first, *others = self.net.layers[: layer + 1]
        looks, below = first.W, first
        for above in others:
            slope = below.activation.derivative(below.z, below.a)[0]
            looks, below = above.W @ (slope[:, None] * looks), above
        return looks

    def _place(self) -> tuple[int, int]:
        """Return layer and number, both from 0, of the neuron that is looked into."""
        sizes = self.net.sizes[1:]
        unit = min(self.state["neuron"], sum(sizes)) - 1
        layer = int(np.searchsorted(np.cumsum(sizes), unit, side="right"))
        return layer, unit - sum(sizes[:layer])

    def _name(self) -> str:
        layer, unit = self._place()
        return f"Output {unit}" if layer == 2 else f"Layer {layer + 1}, neuron {unit + 1}"


# ------------------------------------------------------------ drawing


def checked_strokes(strokes: Any) -> list[tuple[float, ...]]:
    """Return strokes as tuples: 1 or 0, and the places x, y, x, y, ….

    Raises
    ------
    ValueError
        If they are anything else.
    """
    try:
        tuples = [tuple(float(number) for number in stroke) for stroke in strokes]
    except TypeError:
        tuples = [()]
    for ink, *places in (stroke or (2.0,) for stroke in tuples):
        fits = len(places) >= 2 and len(places) % 2 == 0 and np.abs(places).max() < 100
        if ink not in (0, 1) or not fits:
            raise ValueError(
                "expected each stroke to be a list of 1 (white) or 0 (black) and of places "
                f"x, y, x, y, … in pixels, got {strokes!r}"
            )
    return tuples


@lru_cache(maxsize=64)
def stroke_ink(*places: float) -> np.ndarray:
    """Return how white a pen makes each pixel that is led through places x, y, x, y, ….

    The line is about three pixels wide with soft edges: 1 up to a distance of 1, 0 from 2 on.
    """
    points = np.reshape(places, (-1, 2))
    starts = points[:-1] if len(points) > 1 else points
    ways = (points[1:] if len(points) > 1 else points) - starts
    squares = np.maximum((ways**2).sum(axis=1), 1e-9)
    from_start = CENTRES[:, None] - starts
    share = np.clip((from_start * ways).sum(axis=2) / squares, 0, 1)
    distance = np.linalg.norm(from_start - share[..., None] * ways, axis=2).min(axis=1)
    return np.clip(2 - distance, 0, 1).astype(np.float32)


# ------------------------------------------------------------ nets


@cache
def built_in() -> Dataset:
    """Return the digits that are always there."""
    return digits()


@lru_cache(maxsize=8)
def net_of(data: Dataset, weights: str) -> MLP:
    """Return a net of `SIZES`, trained from one of the four starts; the same one at every call."""
    net = MLP(SIZES, loss="half_squared_error", init="uniform", seed=0)
    first, *others = [(layer.W.copy(), layer.b.copy()) for layer in net.layers]
    if weights == BY_HAND:
        first = edge_detectors()
        net.set_params([first, *others])
        features = net.layers[0].forward(data.X_train)
        rest = MLP(SIZES[1:], loss="half_squared_error", init="uniform", seed=0)
        _train(rest, features, data.y_train)
        net.set_params([first, *((layer.W, layer.b) for layer in rest.layers)])
        return net
    if weights == SMALL:
        net.set_params([(first[0] / 28, first[1]), *others])  # 28 = √784
    if weights != UNTRAINED:
        _train(net, data.X_train, data.y_train)
    return net


def _train(net: MLP, X: np.ndarray, y: np.ndarray) -> None:
    epochs = max(1, round(UPDATES * BATCH_SIZE / len(X)))
    net.fit(X, y, epochs, BATCH_SIZE, optimizer=SGD(1.0), seed=0, progress=False)


def edge_detectors() -> tuple[np.ndarray, np.ndarray]:
    """Return weights and biases of 16 neurons that look for short strokes, as deck A hopes.

    Four directions at four places. The weights are positive on the stroke, negative at both of its
    edges, and 0 elsewhere; their sum is 0, so an evenly lit picture does nothing.
    """
    W = []
    for place in [(14, 8), (10, 14), (18, 14), (14, 20)]:
        for angle in np.arange(4) * np.pi / 4:
            direction = np.array([np.cos(angle), np.sin(angle)])
            along = (CENTRES - place) @ direction
            across = np.abs((CENTRES - place) @ [-direction[1], direction[0]])
            weights = np.select([across < 2, across < 5], [1.0, -1.0], 0.0) * (abs(along) < 6)
            weights[weights < 0] *= weights[weights > 0].sum() / -weights[weights < 0].sum()
            W.append(0.15 * weights)
    return np.array(W), np.full(16, -1.0)


def readable(net: MLP | Sequence[tuple[Any, Any]]) -> MLP:
    """Return a net of the reader's as one that can be shown, apart from the reader's own.

    Raises
    ------
    ValueError
        If it has not 784 inputs, two hidden layers of 16 neurons at most, and ten outputs that
        stand for the digits.
    """
    if isinstance(net, MLP):
        own = net.copy()
    else:
        pairs = [(np.asarray(W, dtype=float), np.asarray(b, dtype=float)) for W, b in net]
        sizes = (*(W.shape[-1] for W, _ in pairs[:1]), *(len(b) for _, b in pairs))
        own = MLP(sizes, loss="half_squared_error", dtype="float64")
        own.set_params(pairs)
    sizes = tuple(own.sizes)
    if not (len(sizes) == 4 and (sizes[0], sizes[-1]) == (784, 10) and max(sizes[1:]) <= 16):
        raise ValueError(
            "expected a net of 784 inputs, two hidden layers of 16 neurons at most and 10 outputs, "
            f"got {'-'.join(map(str, sizes))}"
        )
    answer = own.predict(np.zeros((1, 784)))
    if answer.ndim != 1:
        raise ValueError(f"expected a net that answers with one digit, got {own.output} outputs")
    return own
