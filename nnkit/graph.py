"""Computation graphs: first say what is to be computed, then have it computed.

Deck D, "Graphs". A node holds an operation, its edges lead to the nodes whose values the operation
takes. Building a graph computes nothing, so it can be looked at, stored and run many times, each
time with other numbers in its placeholders::

    x = placeholder("x")
    w, b = constant(2.0), constant(1.0)
    y = operation(np.add, operation(np.multiply, w, x), b)  # w·x + b, for an x not known yet

What computes the values is a session, see `session`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nnkit.layers import Dense

if TYPE_CHECKING:
    from nnkit.network import MLP

SHOWN = 3  # levels of a graph that its repr writes out


class Node:
    """A value that can be computed once the values of other nodes are known.

    A node is equal to itself alone, so nodes can be keys of a dict.

    Parameters
    ----------
    op : callable or None
        Takes the values of `inputs`, in order, and returns this node's value. None for a placeholder.
    inputs : list of Node
        The nodes that it depends on. They exist before it does, so no graph runs in a circle.
    name : str
        What it is called when it is printed.

    Raises
    ------
    TypeError
        If an input is no node: `constant` makes one of a value.
    """

    def __init__(self, op: Callable[..., Any] | None, inputs: list[Node], name: str) -> None:
        for source in inputs:
            if not isinstance(source, Node):
                raise TypeError(f"expected nodes as inputs of {name}, got {source!r}: see constant")
        self.op = op
        self.name = name
        self._inputs = tuple(inputs)

    @property
    def inputs(self) -> list[Node]:
        """The nodes that this one depends on, in order; a new list, for a graph does not change."""
        return list(self._inputs)

    def __repr__(self) -> str:
        return _written(self, SHOWN)


def placeholder(name: str) -> Node:
    """Return a node whose value is handed over when the graph is run.

    Parameters
    ----------
    name : str
        What it is called when it is printed.

    Examples
    --------
    >>> placeholder("x")
    x
    """
    if not isinstance(name, str):
        raise TypeError(f"expected the name of a placeholder as a str, got {name!r}")
    return Node(None, [], name)


def constant(value: Any) -> Node:
    """Return a node that always has this value: an operation without inputs.

    Parameters
    ----------
    value : any
        What an operation can take: a number, an array, …

    Examples
    --------
    >>> two = constant(2)
    >>> two, two.inputs, two.op()
    (2, [], 2)
    """
    return Node(lambda: value, [], repr(value))


def operation(op: Callable[..., Any], *inputs: Node, name: str = "") -> Node:
    """Return a node that applies a function to the values of other nodes.

    Parameters
    ----------
    op : callable
        Takes as many values as there are inputs.
    *inputs : Node
        Where the values come from, in the function's order.
    name : str, optional
        The function's own name if left out.

    Raises
    ------
    TypeError
        If `op` is no function, or an input is no node.

    Examples
    --------
    >>> import operator
    >>> x = placeholder("x")
    >>> square = operation(operator.mul, x, x)
    >>> operation(operator.add, square, constant(1.0))
    add(mul(x, x), 1.0)
    """
    if not callable(op):
        raise TypeError(f"expected a function of {len(inputs)} values as op, got {op!r}")
    return Node(op, list(inputs), name or getattr(op, "__name__", "op"))


def network(net: MLP) -> tuple[Node, Node]:
    """Return a net as a computation graph.

    The weights and biases are looked up when the graph is run, so it follows the net's training.

    Parameters
    ----------
    net : MLP
        The net.

    Returns
    -------
    X : Node
        The placeholder of the inputs, shape (n, n_in) when it is fed.
    output : Node
        The activations of the last layer.

    Examples
    --------
    >>> import nnkit as nn
    >>> net = nn.MLP([2, 3, 1], seed=0)
    >>> X, output = network(net)
    >>> output
    output/sigmoid(output/z(output/product(hidden_1/sigmoid(…), output/W), output/b))
    >>> import numpy as np
    >>> examples = np.array([[0.5, -1.0]], dtype="float32")
    >>> bool(np.all(nn.session.Session().run(output, {X: examples}) == net.forward(examples)))
    True
    """
    X = node = placeholder("X")
    names = [f"hidden_{i}" for i in range(1, len(net.layers))] + ["output"]
    for name, layer in zip(names, net.layers, strict=True):
        node = _layer(node, layer, name)
    return X, node


def _layer(x: Node, layer: Dense, name: str) -> Node:
    W = operation(lambda: layer.W, name=f"{name}/W")
    b = operation(lambda: layer.b, name=f"{name}/b")
    product = operation(lambda x, W: x @ W.T, x, W, name=f"{name}/product")
    z = operation(lambda product, b: product + b, product, b, name=f"{name}/z")
    return operation(layer.activation, z, name=f"{name}/{layer.activation.name}")


def _written(node: Node, levels: int) -> str:
    """Write a node as a formula; what lies deeper than `levels` becomes dots."""
    if not node.inputs:
        return node.name
    if levels == 0:
        return f"{node.name}(…)"
    return f"{node.name}({', '.join(_written(i, levels - 1) for i in node.inputs)})"
