"""Nets small enough to follow by hand: what they are, one pass's numbers, and how each comes about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from nnkit.datasets import two_three_one
from nnkit.many import train_many
from nnkit.network import MLP
from nnkit.optimizers import SGD
from nnkit.widgets.neuron import short

DECK_B, TINY, DEEP, CHAIN, WALK = "2-3-1", "A-B-C-D", "3-3-3-1", "chain", "2-3-4-3-2"


class Part(NamedTuple):
    """Neuron `j` of a layer; or, with `i`, the weight that leads to it from neuron i before."""

    layer: int
    j: int
    i: int | None = None


@dataclass(frozen=True)
class Notation:
    """How a deck writes what belongs to neuron `n`, to its number `i`, and to the neuron `m` before.

    An activation has the neuron's name.
    """

    z: str = "z({n})"
    b: str = "b({n})"
    w: str = "w({m}→{n})"
    delta: str = "δ({n})"


@dataclass(frozen=True, eq=False, kw_only=True)
class Example:
    """A net of sigmoid neurons, and what it is trained on.

    Attributes
    ----------
    title : str
        What it is.
    names : tuple of tuple of str
        The neurons, layer by layer, inputs first.
    params : list of (W, b)
        Where training starts.
    X, Y : ndarray, shape (n, n_in) and (n, n_out)
        Inputs and targets.
    rate : float
        The learning rate.
    epochs : int
        Updates that can be looked at; all examples take part in each.
    loss : str
        A squared error, summed over the examples.
    rows : tuple of str
        Names of the examples.
    notation : Notation
        How its formulas are written.
    """

    title: str
    names: tuple[tuple[str, ...], ...]
    params: list[tuple[Any, Any]]
    X: np.ndarray
    Y: np.ndarray
    rate: float = 1
    epochs: int = 1000
    loss: str = "half_squared_error_sum"
    rows: tuple[str, ...] = ("1",)
    notation: Notation = Notation()

    def net(self) -> MLP:
        """Return the net with its first parameters."""
        net = MLP(self.sizes, loss=self.loss, dtype="float64")
        net.set_params(self.params)
        return net

    @property
    def sizes(self) -> list[int]:
        """Number of neurons of each layer, inputs first."""
        return [len(layer) for layer in self.names]

    @property
    def depth(self) -> int:
        """Number of layers; the inputs are none."""
        return len(self.params)

    @property
    def last_step(self) -> int:
        """Number of the update: inputs, forward, the cost and back come before."""
        return 2 * self.depth + 2

    @property
    def parts(self) -> dict[str, Part]:
        """Neurons and weights by their names, as they are met on the way forward."""
        found = {name: Part(0, j) for j, name in enumerate(self.names[0])}
        for layer, (left, right) in enumerate(pairwise(self.names), start=1):
            for i, start in enumerate(left):
                found |= {f"{start} → {end}": Part(layer, j, i) for j, end in enumerate(right)}
            found |= {name: Part(layer, j) for j, name in enumerate(right)}
        return found

    def stage(self, step: int) -> tuple[str, int]:
        """Return what happens at a step, and in which layer."""
        if step in (0, self.last_step):
            return ("update" if step else "inputs"), 0
        if step <= self.depth:
            return "forward", step
        if step == self.depth + 1:
            return "cost", self.depth
        return "back", self.last_step - step


def drawn(sizes: Sequence[int], seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return weights and biases from −2 to 2, rounded so that they can be read."""
    rng = np.random.default_rng(seed)
    return [
        (rng.uniform(-2, 2, (n_out, n_in)).round(1), rng.uniform(-2, 2, n_out).round(1))
        for n_in, n_out in pairwise(sizes)
    ]


B_DATA = two_three_one()
EXAMPLES = {
    DECK_B: Example(
        title="Deck B's net",
        names=(("IN1", "IN2"), ("H1", "H2", "H3"), ("ON",)),
        params=[(B_DATA.W1, B_DATA.b1), (B_DATA.W2, B_DATA.b2)],
        X=B_DATA.X,
        Y=B_DATA.Y,
        rate=0.5,
        epochs=8000,
        rows=tuple(B_DATA.labels),
        notation=Notation(delta="BPE({n})"),
    ),
    TINY: Example(
        title="Deck C's tiny net",
        names=(("X", "Y"), ("A", "B"), ("C", "D")),
        params=[([[0.5, -0.2], [0.8, 0.2]], [0.1, -0.2]), ([[1.0, -0.6], [-0.4, 0.7]], [0.0, 0.1])],
        X=np.array([[1.0, 2.0]]),
        Y=np.array([[1.0, 0.0]]),
        notation=Notation(w="{m}{n}", delta="{n}δ"),
    ),
    DEEP: Example(
        title="A 3-3-3-1 net",
        names=(
            ("IN1", "IN2", "IN3"),
            ("H1.1", "H1.2", "H1.3"),
            ("H2.1", "H2.2", "H2.3"),
            ("ON",),
        ),
        params=drawn([3, 3, 3, 1], seed=6),
        X=np.array([[0.5, -1.0, 1.0]]),
        Y=np.array([[1.0]]),
    ),
    CHAIN: Example(
        title="A chain of three neurons",
        names=(("x",), ("a₁",), ("a₂",), ("a₃",)),
        params=[([[2.0]], [-0.5]), ([[-2.0]], [1.0]), ([[1.0]], [0.5])],
        X=np.array([[0.5]]),
        Y=np.array([[0.0]]),
        rate=0.5,
        loss="squared_error_sum",
        notation=Notation(z="z{i}", b="b{i}", w="w{i}", delta="δ{i}"),
    ),
    WALK: Example(
        title="A 2-3-4-3-2 net",
        names=(
            ("IN1", "IN2"),
            ("H1.1", "H1.2", "H1.3"),
            ("H2.1", "H2.2", "H2.3", "H2.4"),
            ("H3.1", "H3.2", "H3.3"),
            ("P1", "P2"),
        ),
        params=drawn([2, 3, 4, 3, 2], seed=1),
        X=np.array([[1.0, -0.5]]),
        Y=np.array([[1.0, 0.0]]),
    ),
}


@cache
def training(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return a net's parameters and costs after 0, 1, 2, … updates.

    Returns
    -------
    theta : ndarray, shape (epochs + 1, n_params)
        As `MLP.theta` has them.
    costs : ndarray, shape (epochs + 1,)
        Summed over the examples.
    """
    example = EXAMPLES[name]
    # A cost is that before an update, so the cost after the last one takes one more.
    many = train_many(
        example.net(), example.X, example.Y, example.epochs + 1, example.rate, every_epoch=True
    )
    theta: Any = many.theta_by_epoch
    return theta[:-1, :, 0], many.loss[:, 0]


# ---------------------------------------------------------------- one pass


@dataclass(frozen=True, eq=False)
class Numbers:
    """One pass, forward and back, of one example, and the update. Lists per layer, inputs first.

    (The inputs have no W, b, z, error and delta: their lists are empty.) The gradients dW and db
    are summed over all examples, and `new_W` and `new_b` made with them.
    """

    y: list[float]
    cost: float
    total: float
    a: list[Any]
    z: list[Any]
    error: list[Any]
    delta: list[Any]
    W: list[Any]
    b: list[Any]
    dW: list[Any]  # noqa: N815, the field's name
    db: list[Any]
    new_W: list[Any]  # noqa: N815
    new_b: list[Any]


def one_pass(example: Example, net: MLP, theta: np.ndarray, row: int) -> Numbers:
    """Go forward, back, and a step on from `theta`, and keep what belongs to one example."""
    net.theta = theta
    net.forward(example.X)
    net.backward(example.Y)
    layers, output = net.layers, net.layers[-1]
    costs = net.loss.costs(output.z, output.a, example.Y)
    before = {
        name: [[], *(getattr(layer, name).tolist() for layer in layers)]
        for name in ("W", "b", "dW", "db")
    }
    SGD(example.rate).step(net)
    return Numbers(
        y=example.Y[row].tolist(),
        cost=float(costs[row].sum()),
        total=float(costs.sum()),
        a=[example.X[row].tolist(), *(layer.a[row].tolist() for layer in layers)],
        z=[[], *(layer.z[row].tolist() for layer in layers)],
        error=[[], *(layer.error[row].tolist() for layer in layers)],
        delta=[[], *(layer.delta[row].tolist() for layer in layers)],
        new_W=[[], *(layer.W.tolist() for layer in layers)],
        new_b=[[], *(layer.b.tolist() for layer in layers)],
        **before,
    )


# ---------------------------------------------------------------- its formulas


class Formula(NamedTuple):
    """A number and how it comes about: in symbols (`law`), with numbers filled in, and its value."""

    symbol: str
    law: str
    filled: str
    value: float


@dataclass(frozen=True, eq=False)
class Formulas:
    """The formulas of a pass at a step: each part shows what it has got last.

    Parameters
    ----------
    example : Example
        The net.
    numbers : Numbers
        The pass.
    step : int
        How far it has come.
    row : str
        Name of the example.
    """

    example: Example
    numbers: Numbers
    step: int
    row: str

    def of(self, part: Part) -> list[Formula]:
        """Return the formulas of a neuron or a weight; none if it is not its turn yet."""
        layer, j, i = part
        example = self.example
        if layer == 0:
            return [Formula(example.names[0][j], "", "", self.numbers.a[0][j])]
        if self.step < layer:
            return []
        if self.step == example.last_step:
            return self._updated(part)
        back = self.step >= example.last_step - layer
        if i is not None:
            return self._carried_back(layer, j, i) if back else self._carried(layer, j, i)
        if back:
            return self._delta(layer, j)
        if layer == example.depth < self.step:
            return self._cost()
        return self._activation(layer, j)

    def weights(self, part: Part) -> list[str]:
        """Return the names of the weights that are in the formulas of a part."""
        layer, j, i = part
        names, parts = self.example.names, self.example.parts
        if i is not None:
            return [f"{names[layer - 1][i]} → {names[layer][j]}"]
        if self.step == self.example.last_step:
            return []
        back = self.step >= self.example.last_step - layer
        return [
            name
            for name, other in parts.items()
            if other.i is not None
            and (other[::2] == (layer + 1, j) if back else other[:2] == (layer, j))
        ]

    # ------------------------------------------------------------ forward

    def _activation(self, layer: int, j: int) -> list[Formula]:
        n = self.numbers
        z, name = self._named("z", layer, j), self.example.names[layer][j]
        inputs = list(zip(n.W[layer][j], n.a[layer - 1], strict=True))
        law = "Σ w·a"
        if len(inputs) <= 2:
            before = enumerate(self.example.names[layer - 1])
            law = " + ".join(f"{self._named('w', layer, j, i)}·{m}" for i, m in before)
        filled = weighted(inputs, n.b[layer][j])
        return [
            Formula(z, f"{law} + {self._named('b', layer, j)}", filled, n.z[layer][j]),
            Formula(name, f"σ({z})", f"σ({short(n.z[layer][j])})", n.a[layer][j]),
        ]

    def _carried(self, layer: int, j: int, i: int) -> list[Formula]:
        w, a = self.numbers.W[layer][j][i], self.numbers.a[layer - 1][i]
        law = f"{self._named('w', layer, j, i)}·{self.example.names[layer - 1][i]}"
        symbol = f"share of {self._named('z', layer, j)}"
        return [Formula(symbol, law, weighted([(w, a)]), w * a)]

    def _cost(self) -> list[Formula]:
        n, half = self.numbers, self._half
        pairs = list(zip(n.a[-1], n.y, strict=True))
        law = " + ".join(f"{half}({name} − y)²" for name in self.example.names[-1])
        filled = " + ".join(f"{half}({short(a)} − {short(y)})²" for a, y in pairs)
        cost = Formula("cost", law, filled, n.cost)
        if len(self.example.rows) == 1:
            return [cost]
        return [cost, Formula(f"cost of all {len(self.example.rows)}", "", "", n.total)]

    # ------------------------------------------------------------ back

    def _delta(self, layer: int, j: int) -> list[Formula]:
        n, name = self.numbers, self.example.names[layer][j]
        a, error = n.a[layer][j], n.error[layer][j]
        if layer == self.example.depth:
            two = "" if self._half else "2 · "
            law = f"{two}({name} − y)" if two else f"{name} − y"
            filled = f"{short(a)} − {short(n.y[j])}"
            filled = f"{two}({filled})" if two else filled
        else:
            after = [
                (row[j], delta)
                for row, delta in zip(n.W[layer + 1], n.delta[layer + 1], strict=True)
            ]
            law = "Σ w·δ of the next layer"
            if len(after) <= 2:
                law = " + ".join(
                    f"{self._named('w', layer + 1, k, j)}·{self._named('delta', layer + 1, k)}"
                    for k in range(len(after))
                )
            filled = weighted(after)
        return [
            Formula(f"error({name})", law, filled, error),
            Formula(
                self._named("delta", layer, j),
                f"error · {name}(1 − {name})",
                f"{short(error)} · {short(a)} · {short(1 - a)}",
                n.delta[layer][j],
            ),
        ]

    def _carried_back(self, layer: int, j: int, i: int) -> list[Formula]:
        n, start = self.numbers, self.example.names[layer - 1][i]
        w, delta, a = n.W[layer][j][i], n.delta[layer][j], n.a[layer - 1][i]
        symbols = self._named("w", layer, j, i), self._named("delta", layer, j)
        found = [
            Formula(f"∂C/∂{symbols[0]}", f"{symbols[1]}·{start}", weighted([(delta, a)]), delta * a)
        ]
        if layer > 1 and self.step > self.example.last_step - layer:
            law, filled = "·".join(symbols), weighted([(w, delta)])
            found.append(Formula(f"share of error({start})", law, filled, w * delta))
        return found

    # ------------------------------------------------------------ update

    def _updated(self, part: Part) -> list[Formula]:
        layer, j, i = part
        n, delta, rate = self.numbers, self._named("delta", layer, j), self.example.rate
        if i is None:
            symbol, law = self._named("b", layer, j), delta
            old, gradient, new = n.b[layer][j], n.db[layer][j], n.new_b[layer][j]
            own = n.delta[layer][j]
        else:
            symbol, law = self._named("w", *part), f"{delta}·{self.example.names[layer - 1][i]}"
            old, gradient, new = n.W[layer][j][i], n.dW[layer][j][i], n.new_W[layer][j][i]
            own = n.delta[layer][j] * n.a[layer - 1][i]
        many = len(self.example.rows) > 1
        law = f"{symbol} − α · {'Σ ' if many else ''}{law}"
        step = f"{short(old)} − {short(rate)} · "
        found = [Formula(f"new {symbol}", law, step + bracketed(gradient), new)]
        if many:
            alone = f"from observation {self.row} alone"
            found.append(Formula(alone, "", step + bracketed(own), old - rate * own))
        return found

    # ------------------------------------------------------------ how it is written

    @property
    def _half(self) -> str:
        return "½" if self.example.loss.startswith("half") else ""

    def _named(self, what: str, layer: int, j: int, i: int | None = None) -> str:
        n = self.example.names[layer][j]
        m = "" if i is None else self.example.names[layer - 1][i]
        return str(getattr(self.example.notation, what).format(n=n, i=n[1:], m=m))


def weighted(terms: Iterable[tuple[float, float]], constant: float | None = None) -> str:
    """Write a sum of factors times values with its numbers filled in.

    Examples
    --------
    >>> weighted([(-0.2, -0.97), (-0.4, 0.5)], 0.1)
    '−0.2 · (−0.97) − 0.4 · 0.5 + 0.1'
    """
    signed = [(factor, f"{short(abs(factor))} · {bracketed(value)}") for factor, value in terms]
    if constant is not None:
        signed.append((constant, short(abs(constant))))
    text = "".join(f" {'−' if factor < 0 else '+'} {term}" for factor, term in signed)
    return text.removeprefix(" + ") if text.startswith(" + ") else f"−{text.removeprefix(' − ')}"


def bracketed(value: float) -> str:
    """Write a number so that it can stand behind a sign."""
    return f"({short(value)})" if value < 0 else short(value)
