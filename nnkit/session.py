"""A session runs a computation graph: it gives every node its value, once.

Deck D, "Sessions". TensorFlow's sessions also choose the hardware; this one is the idea alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nnkit.graph import Node


class Session:
    """Computes the values of nodes.

    It keeps nothing from one run to the next.

    Examples
    --------
    >>> import operator
    >>> from nnkit.graph import constant, operation, placeholder
    >>> x = placeholder("x")
    >>> square = operation(operator.mul, x, x)
    >>> y = operation(operator.add, square, constant(1.0))
    >>> Session().run(y, {x: 3.0})
    10.0
    >>> Session().run([square, y], {x: 0.5})
    [0.25, 1.25]
    """

    def run(
        self, wanted: Node | Iterable[Node], feed: Mapping[Node, Any] | None = None
    ) -> Any | list[Any]:
        """Compute one node, or several that share what they have in common.

        Parameters
        ----------
        wanted : Node or several of them
            What to compute; nodes that they do not depend on stay untouched.
        feed : mapping from Node to value, optional
            A value for each placeholder that is needed.

        Returns
        -------
        value, or list of values
            As the operations return them; a list where `wanted` is one.

        Raises
        ------
        KeyError
            If a placeholder that is needed has no value in `feed`.
        TypeError
            If what is wanted is no node, or `feed` is no mapping.
        ValueError
            If `feed` has a value for something else than a placeholder.
        """
        nodes = [wanted] if isinstance(wanted, Node) else _listed(wanted)
        if feed is not None and not isinstance(feed, Mapping):
            raise TypeError(f"expected feed as a dict from placeholder to value, got {feed!r}")
        values = dict(feed or {})
        for node in values:
            if not isinstance(node, Node) or node.op is not None:
                raise ValueError(f"expected placeholders in feed, got {node!r}")
        for node in in_order(nodes):
            if node.op is not None:
                values[node] = node.op(*(values[source] for source in node.inputs))
            elif node not in values:
                raise KeyError(f"the placeholder {node} has no value: expected one in feed")
        results = [values[node] for node in nodes]
        return results[0] if isinstance(wanted, Node) else results


def _listed(wanted: Any) -> list[Node]:
    nodes = list(wanted) if isinstance(wanted, Iterable) else [wanted]
    for node in nodes:
        if not isinstance(node, Node):
            raise TypeError(f"expected a node, or a list of them, got {wanted!r}")
    return nodes


def in_order(nodes: Iterable[Node]) -> list[Node]:
    """List the nodes and all that they depend on, each once, and after its inputs.

    A to-do list does it without recursion, so the graph may be of any depth.

    Examples
    --------
    >>> import operator
    >>> from nnkit.graph import operation, placeholder
    >>> x = placeholder("x")
    >>> square = operation(operator.mul, x, x)
    >>> in_order([operation(operator.add, square, x)])
    [x, mul(x, x), add(mul(x, x), x)]
    """
    done: dict[Node, None] = {}
    to_do = list(nodes)[::-1]
    while to_do:
        node = to_do[-1]
        missing = [source for source in node.inputs if source not in done]
        if missing:
            to_do += missing[::-1]
        else:
            done[to_do.pop()] = None
    return list(done)
