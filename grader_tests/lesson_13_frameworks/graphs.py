"""Graphs for `run`: formulas with random numbers, deep ones, and some that count how often they run."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.graph import Node, constant, operation, placeholder

DEEPEST = 500  # nodes, as the contract promises


def number(rng: np.random.Generator) -> float:
    """Draw a number of either sign, neither close to 0 nor to 1."""
    return round(float(rng.uniform(1.2, 3.0) * rng.choice([-1.0, 1.0])), 3)


def neuron(w: Any, x: Any, b: Any) -> Any:
    """Return w·x + b: three inputs whose order matters."""
    return w * x + b


def formula(rng: np.random.Generator) -> tuple[Node, Node, Node]:
    """Build x − (x·x·c − y·y), with nodes that are used twice; return it with x and y."""
    x, y = placeholder("x"), placeholder("y")
    x_squared, y_squared = operation(np.multiply, x, x), operation(np.multiply, y, y)
    scaled = operation(np.multiply, x_squared, constant(number(rng)))
    return operation(np.subtract, x, operation(np.subtract, scaled, y_squared)), x, y


def line(rng: np.random.Generator) -> tuple[Node, Node, Node]:
    """Build c·x + y; return it with x and y."""
    x, y = placeholder("x"), placeholder("y")
    return operation(neuron, constant(number(rng)), x, y), x, y


def layer(rng: np.random.Generator) -> tuple[Node, Node]:
    """Build tanh(W x + b) of two neurons and three inputs; return it with x."""
    x = placeholder("x")
    W, b = constant(rng.uniform(0.2, 1.0, (2, 3))), constant(rng.uniform(0.1, 0.3, 2))
    return operation(np.tanh, operation(np.add, operation(np.matmul, W, x), b)), x


def chain(rng: np.random.Generator, nodes: int) -> tuple[Node, Node]:
    """Build a chain that adds a number at each of so many nodes and subtracts it from its start."""
    x = placeholder("x")
    node = x
    for _ in range(nodes - 2):
        node = operation(_plus(float(rng.uniform(0.1, 1.0))), node)
    return operation(np.subtract, x, node), x


def _plus(step: float) -> Callable[[Any], Any]:
    def plus(value: Any) -> Any:
        return value + step

    return plus


def diamonds(levels: int, *bottom: Node) -> Node:
    """Build a tower of nodes, each of them the input of the next one twice.

    The value of the node returned is how often the node that was computed most often has been computed
    in that run: 1 if every node is computed once, 2 to the power of `levels` for the lowest one if none
    is remembered.
    """
    node = operation(_numbered(0, levels), *bottom)
    for level in range(1, levels):
        node = operation(_numbered(level, levels), node, node)
    return operation(how_often, node, node)


def _numbered(level: int, levels: int) -> Callable[..., np.ndarray]:
    """Make an operation that numbers its own runs.

    Its value has the first and the last number of every level so far, (2, levels).
    """
    runs = itertools.count(1)

    def numbered(*values: Any) -> np.ndarray:
        own = np.full((2, levels), np.nan)
        own[:, level] = next(runs)
        below = [value for value in values if np.shape(value) == own.shape]
        return _first_and_last([own, *below])

    return numbered


def how_often(*values: np.ndarray) -> float:
    """Return how many numbers the busiest level has drawn."""
    first, last = _first_and_last(list(values))
    return float(np.max(last - first)) + 1


def _first_and_last(ranges: list[np.ndarray]) -> np.ndarray:
    first, last = (np.stack([numbers[i] for numbers in ranges]) for i in (0, 1))
    return np.stack([np.fmin.reduce(first), np.fmax.reduce(last)])
