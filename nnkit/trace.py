"""One example on its way through a net and back, as tables like deck B's.

`nnkit.plots.trace` draws the same numbers into a picture of the net.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nnkit.activations import Activation, ParametricReLU
from nnkit.backend import Array, to_numpy
from nnkit.checks import checked_count

if TYPE_CHECKING:
    from nnkit.network import MLP

SHOWN = 10  # nodes of a layer that fit on a page; of wider layers the first ones are shown


@dataclass(frozen=True, eq=False, repr=False)
class LayerTrace:
    """What one layer computed for the example.

    Attributes
    ----------
    activation : str
        Name of the activation function.
    inputs, nodes : list of str
        Names of the nodes that the layer's weights come from, and of its own.
    z, a, error, delta : ndarray of shape (n_out,)
        Weighted sum, activation, ∂C/∂a and ∂C/∂z. With maxout a node has several weighted sums,
        and z, delta, W, b, dW and db have as many entries for it, one after the other.
    W, b : ndarray of shape (n_out, n_in), (n_out,)
        Weights and biases.
    dW, db : ndarray of shape (n_out, n_in), (n_out,)
        Gradients, with what a regulariser adds to them.
    slope, dslope : ndarray of shape (n_out,), or None
        With parametric ReLU, the learned slopes and ∂C/∂slope.
    """

    activation: str
    inputs: list[str]
    nodes: list[str]
    z: np.ndarray
    a: np.ndarray
    error: np.ndarray
    delta: np.ndarray
    W: np.ndarray
    b: np.ndarray
    dW: np.ndarray  # noqa: N815  (the field's name)
    db: np.ndarray
    slope: np.ndarray | None = None
    dslope: np.ndarray | None = None

    @property
    def pieces(self) -> int:
        """How many weighted sums each node has: 1, but for maxout."""
        return len(self.z) // len(self.a)

    def rows(self) -> Iterator[tuple[str, np.ndarray]]:
        """Yield the rows of the layer's table: a name, and a number per node."""
        yield from self._by_piece("input sum z", self.z)
        yield "value a", self.a
        yield "error ∂C/∂a", self.error
        yield from self._by_piece("BPE ∂C/∂z", self.delta)
        for name, gradients in zip(self.inputs[:SHOWN], self.dW.T, strict=False):
            yield from self._by_piece("dW", gradients, f" from {name}")
        yield from self._by_piece("db", self.db)
        if self.slope is not None and self.dslope is not None:
            yield "slope", self.slope
            yield "dslope", self.dslope

    def _by_piece(
        self, name: str, values: np.ndarray, rest: str = ""
    ) -> Iterator[tuple[str, np.ndarray]]:
        """Yield a row; with maxout, a row for the first sums of all nodes, then for the second."""
        for piece in range(self.pieces):
            number = piece + 1 if self.pieces > 1 else ""
            yield f"{name}{number}{rest}", values[piece :: self.pieces]


@dataclass(frozen=True, eq=False, repr=False)
class Trace:
    """One example's way through a net and back; made by `trace`, printed as tables.

    Attributes
    ----------
    x, y : ndarray of one axis
        The example and its target.
    loss : str
        Name of the net's loss.
    cost : float
        Its value for this example.
    layers : list of LayerTrace
        First hidden layer to output layer.
    digits : int
        Decimals in the tables; the numbers themselves are not rounded.
    """

    x: np.ndarray
    y: np.ndarray
    loss: str
    cost: float
    layers: list[LayerTrace]
    digits: int

    def __str__(self) -> str:
        return "\n\n".join([self._heading(), *(self._text_table(t) for t in self._tables())])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from html import escape  # here, because `import nnkit` is to be quick

        tables = "".join(_html_table(*table) for table in self._tables())
        return f"<p>{'<br>'.join(map(escape, self._heading().splitlines()))}</p>{tables}"

    def _heading(self) -> str:
        x, output = self._vector(self.x), self._vector(self.layers[-1].a)
        y = ", ".join(f"{value:g}" for value in self.y)
        cost = number_text(self.cost, self.digits)
        return f"x = {x}, y = {y}\noutput {output}, cost {cost} ({self.loss})"

    def _vector(self, values: np.ndarray) -> str:
        if len(values) > SHOWN:
            return f"({len(values)} numbers)"
        numbers = ", ".join(number_text(value, self.digits) for value in values)
        return f"({numbers})" if len(values) > 1 else numbers

    def _tables(self) -> Iterator[tuple[str, list[list[str]]]]:
        """Yield a title per layer, and rows of text: first the names, then the numbers."""
        for i, layer in enumerate(self.layers, start=1):
            kind = "output" if i == len(self.layers) else "hidden"
            title = f"Layer {i} ({kind}, {layer.activation})"
            if len(layer.nodes) > SHOWN or len(layer.inputs) > SHOWN:
                title += (
                    f": {len(layer.nodes)} nodes, {len(layer.inputs)} inputs, "
                    f"the first {SHOWN} shown"
                )
            rows = [["", *layer.nodes[:SHOWN]]]
            rows += [
                [name, *(number_text(value, self.digits) for value in values[:SHOWN])]
                for name, values in layer.rows()
            ]
            yield title, rows

    @staticmethod
    def _text_table(table: tuple[str, list[list[str]]]) -> str:
        title, rows = table
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
            for row in rows
        ]
        return "\n".join([title, *lines])


def _html_table(title: str, rows: list[list[str]]) -> str:
    from html import escape

    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in rows[0][1:])
    body = "".join(
        f'<tr><th scope="row" style="text-align:left">{escape(name)}</th>'
        + "".join(f"<td>{number}</td>" for number in numbers)
        + "</tr>"
        for name, *numbers in rows[1:]
    )
    return (
        f'<table><caption style="text-align:left">{escape(title)}</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def number_text(value: float, digits: int) -> str:
    """Write a number with so many decimals."""
    # Adding 0 turns the -0.0 that rounding may leave into 0.0.
    return f"{round(float(value), digits) + 0:.{digits}f}"


def node_names(sizes: Sequence[int]) -> list[list[str]]:
    """Return deck B's names of all nodes, layer by layer.

    Inputs are IN1, IN2, …; outputs ON1, ON2, …, or ON if there is one; hidden nodes H1, H2, …,
    with the number of their hidden layer before it (H2.1) if there are several.

    Parameters
    ----------
    sizes : sequence of int
        Nodes per layer, inputs first.
    """
    last = len(sizes) - 1
    names = []
    for layer, size in enumerate(sizes):
        if layer == 0:
            prefix = "IN"
        elif layer == last:
            prefix = "ON"
        else:
            prefix = "H" if last == 2 else f"H{layer}."
        names.append([f"{prefix}{node}" for node in range(1, size + 1)])
    if sizes[last] == 1:
        names[last] = ["ON"]
    return names


def trace(net: MLP, x: Array, y: Array, digits: int = 3) -> Trace:
    """Send one example through the net and back, and keep every number on the way.

    No parameter changes. As after any `forward` and `backward`, the net's layers hold the
    values and gradients of this example afterwards.

    Parameters
    ----------
    net : MLP
        The net.
    x : array of shape (n_in,)
        One example.
    y : array of shape (n_out,), or a number
        Its target. A number is the target of the only output, or else the number of a class.
    digits : int
        Decimals to print.

    Returns
    -------
    Trace
        Prints as a table per layer, with a column per node.

    Raises
    ------
    ValueError
        For an example or a target of another shape, or a negative number of digits.

    References
    ----------
    Deck B, Steps 3 and 5: "input sum", "value", "error" and "backpropagation error" (BPE).

    Examples
    --------
    >>> import nnkit as nn
    >>> net = nn.MLP([2, 1], output="linear", loss="half_squared_error")
    >>> net.set_params([([[3, -4]], [1])])
    >>> nn.trace(net, [1, 0.5], 4, digits=1)
    x = (1.0, 0.5), y = 4
    output 2.0, cost 2.0 (half_squared_error)
    <BLANKLINE>
    Layer 1 (output, linear)
                   ON
    input sum z   2.0
    value a       2.0
    error ∂C/∂a  -2.0
    BPE ∂C/∂z    -2.0
    dW from IN1  -2.0
    dW from IN2  -1.0
    db           -2.0
    """
    digits = checked_count("digits", digits, least=0)
    n_in, n_out = net.layers[0].n_in, net.layers[-1].n_out
    x, y = to_numpy(x), to_numpy(y)
    if n_out == 1:
        y = np.atleast_1d(y)
    if x.shape != (n_in,):
        raise ValueError(f"expected one example, x of shape ({n_in},), got {x.shape}")
    if y.shape not in ((n_out,), ()):
        raise ValueError(f"expected the target of one example, shape ({n_out},), got {y.shape}")

    cost = net.evaluate(x[None], y[None]).loss
    net.forward(x[None])
    net.backward(y[None])
    names = node_names([n_in, *(layer.n_out for layer in net.layers)])
    layers = [
        LayerTrace(
            activation=str(layer.activation),
            inputs=inputs,
            nodes=nodes,
            **{part: _one(getattr(layer, part)) for part in ("z", "a", "error", "delta")},
            **{part: to_numpy(getattr(layer, part)).copy() for part in ("W", "b", "dW", "db")},
            **_slopes(layer.activation),
        )
        for layer, inputs, nodes in zip(net.layers, names, names[1:], strict=False)
    ]
    return Trace(x, np.atleast_1d(y), str(net.loss), cost, layers, digits)


def _slopes(activation: Activation) -> dict[str, np.ndarray]:
    """Return the slopes of parametric ReLU and their gradients; nothing for other functions."""
    if not isinstance(activation, ParametricReLU):
        return {}
    return {part: to_numpy(getattr(activation, part)).copy() for part in ("slope", "dslope")}


def _one(batch: Array) -> np.ndarray:
    """Return the single row of an array of shape (1, n)."""
    return to_numpy(batch)[0].copy()
