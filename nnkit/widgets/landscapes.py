"""Costs that can be drawn: of one parameter as a curve, of two as a map with lines of equal cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from matplotlib.figure import Figure

from nnkit import activations
from nnkit.datasets import house_prices_by_size, three_points

DECK_D_SLOPE = 0.64


@dataclass(frozen=True, eq=False)
class Landscape:
    """A cost of one or two parameters.

    Attributes
    ----------
    names : tuple of str
        The parameters.
    ranges : tuple of (float, float)
        From where to where each of them is drawn.
    cost : callable
        Takes places, shape (…, parameters), and returns their costs, shape (…).
    gradient : callable
        Takes places, shape (…, parameters), and returns the gradients there, in the same shape.
    bottoms : tuple of tuple of float
        The lowest point; or several, which are equally low.
    levels : tuple of float
        Heights of the lines of equal cost, above the lowest.
    limit : float, or None
        The learning rate from which on gradient descent does not arrive, where all of the
        landscape has the same.
    """

    names: tuple[str, ...]
    ranges: tuple[tuple[float, float], ...]
    cost: Callable[[np.ndarray], np.ndarray]
    gradient: Callable[[np.ndarray], np.ndarray]
    bottoms: tuple[tuple[float, ...], ...]
    levels: tuple[float, ...] = ()
    limit: float | None = None

    @cached_property
    def lowest(self) -> float:
        """The lowest cost there is."""
        return float(self.cost(np.array(self.bottoms[0])))

    @cached_property
    def curve(self) -> np.ndarray:
        """The places and costs of one parameter, shape (2, 201)."""
        p = np.linspace(*self.ranges[0], 201)
        return np.stack([p, self.cost(p[:, None])])

    @cached_property
    def lines(self) -> list[np.ndarray]:
        """The lines of equal cost of two parameters, each of shape (points, 2)."""
        x, y = (np.linspace(low, high, 121) for low, high in self.ranges)
        heights = self.cost(np.stack(np.meshgrid(x, y), axis=-1)) - self.lowest
        drawn = Figure().add_subplot().contour(x, y, heights, self.levels)
        return [line for lines in drawn.allsegs for line in lines if len(line)]


def bowl(
    A: np.ndarray,
    b: np.ndarray,
    c: float,
    names: tuple[str, ...],
    ranges: tuple[tuple[float, float], ...],
    levels: tuple[float, ...] = (),
) -> Landscape:
    """Return the cost pᵀA p − 2 b·p + c, which has one valley; its second derivatives are 2 A."""

    def cost(p: np.ndarray) -> np.ndarray:
        return ((p @ A - 2 * b) * p).sum(axis=-1) + c

    def gradient(p: np.ndarray) -> np.ndarray:
        return 2 * (p @ A - b)

    bottom = tuple(map(float, np.linalg.solve(A, b)))
    limit = float(1 / np.linalg.eigvalsh(A)[-1])
    return Landscape(names, ranges, cost, gradient, (bottom,), levels, limit)


# ---------------------------------------------------------------- deck D's line


@cache
def intercept_alone() -> Landscape:
    """Return the sum of squared residuals by the intercept, the slope kept at deck D's 0.64."""
    x, y = three_points().X[:, 0], three_points().y
    missing = y - DECK_D_SLOPE * x
    A, b = np.array([[float(len(x))]]), np.array([missing.sum()])
    return bowl(A, b, float(missing @ missing), ("intercept",), ((-1.5, 3.5),))


@cache
def line_through_three_points() -> Landscape:
    """Return the sum of squared residuals by intercept and slope."""
    A, b, c = _moments(three_points().X[:, 0], three_points().y)
    ranges, levels = ((-0.5, 2.5), (-0.4, 1.6)), (0.1, 0.3, 1, 2, 4, 8, 16, 32)
    return bowl(A, b, c, ("intercept", "slope"), ranges, levels)


def _moments(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Return A, b and c with Σ (y − (p₁ + p₂ x))² = pᵀA p − 2 b·p + c."""
    X = np.stack([np.ones_like(x), x], axis=1)
    return X.T @ X, X.T @ y, float(y @ y)


# ---------------------------------------------------------------- houses, a few at a time


@cache
def houses() -> Landscape:
    """Return the mean squared error of a line through the 100 houses, prices in 100,000 €."""
    x, y = _sizes_and_prices()
    A, b, c = _moments(x, y)
    n = len(x)
    ranges, levels = ((-1.2, 3.2), (-0.5, 4.5)), (0.05, 0.2, 0.5, 1, 2, 5, 10, 20)
    return bowl(A / n, b / n, c / n, ("price at 0 m²", "price per 100 m²"), ranges, levels)


@cache
def batches(size: int, steps: int) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Return A and b of each step's batch of houses; all houses once, in a new order, and again."""
    x, y = _sizes_and_prices()
    rng = np.random.default_rng(0)
    rows = (row for _ in range(steps) for row in _split(rng.permutation(len(x)), size))
    parts = []
    for _, batch in zip(range(steps), rows, strict=False):
        A, b, _ = _moments(x[batch], y[batch])
        parts.append((A / len(batch), b / len(batch)))
    return tuple(parts)


def _split(order: np.ndarray, size: int) -> Iterator[np.ndarray]:
    return (order[start : start + size] for start in range(0, len(order), size))


def _sizes_and_prices() -> tuple[np.ndarray, np.ndarray]:
    table = house_prices_by_size()
    return table.X[:, 0] / 100, table.y / 100


# ---------------------------------------------------------------- shapes


@cache
def valley(turned: bool = False) -> Landscape:
    """Return lesson 11's valley ½(p₁² + 100 p₂²); or the same, turned by 45°."""
    A, ranges = np.diag([0.5, 50]), ((-10.0, 9.0), (-1.2, 1.2))
    if turned:
        turn = np.sqrt(0.5) * np.array([[1, -1], [1, 1]])
        A, ranges = turn @ A @ turn.T, ((-8.0, 4.0), (-8.0, 4.0))
    return bowl(A, np.zeros(2), 0.0, ("p₁", "p₂"), ranges, (0.5, 2, 5, 10, 20, 40, 70))


@cache
def two_hollows() -> Landscape:
    """Return (p₁² − 1)² + 0.3 p₁ + 2 p₂²: the hollow on the left is the lower one."""

    def cost(p: np.ndarray) -> np.ndarray:
        x, y = p[..., 0], p[..., 1]
        return (x**2 - 1) ** 2 + 0.3 * x + 2 * y**2

    def gradient(p: np.ndarray) -> np.ndarray:
        x, y = p[..., 0], p[..., 1]
        return np.stack([4 * x * (x**2 - 1) + 0.3, 4 * y], axis=-1)

    lowest = float(np.roots([4, 0, -4, 0.3]).min())  # where the slope along p₁ is 0
    ranges, levels = ((-1.8, 1.9), (-1.2, 1.2)), (0.1, 0.3, 0.6, 0.9, 1.3, 2, 3, 5, 8)
    return Landscape(("p₁", "p₂"), ranges, cost, gradient, ((lowest, 0.0),), levels)


@cache
def saddle() -> Landscape:
    """Return ½p₁² − ½p₂² + ¼p₂⁴: level at (0, 0), which is no lowest point."""

    def cost(p: np.ndarray) -> np.ndarray:
        x, y = p[..., 0], p[..., 1]
        return x**2 / 2 - y**2 / 2 + y**4 / 4

    def gradient(p: np.ndarray) -> np.ndarray:
        x, y = p[..., 0], p[..., 1]
        return np.stack([x, y**3 - y], axis=-1)

    ranges, levels = ((-2.0, 2.0), (-1.5, 1.5)), (0.02, 0.08, 0.15, 0.22, 0.28, 0.5, 1, 1.6)
    return Landscape(("p₁", "p₂"), ranges, cost, gradient, ((0.0, 1.0), (0.0, -1.0)), levels)


@cache
def one_weight() -> Landscape:
    """Return lesson 06's cost of the neuron σ(w x): for x = 0.5 it should say 0.9, for 6 only 0.3."""
    x, y, sigmoid = np.array([0.5, 6.0]), np.array([0.9, 0.3]), activations.get("sigmoid")

    def cost(p: np.ndarray) -> np.ndarray:
        return np.mean(0.5 * (sigmoid.value(p * x) - y) ** 2, axis=-1)

    def gradient(p: np.ndarray) -> np.ndarray:
        a = sigmoid.value(p * x)
        return np.mean((a - y) * a * (1 - a) * x, axis=-1, keepdims=True)

    grid = np.linspace(-2.5, 6, 200_001)[:, None]
    lowest = float(grid[cost(grid).argmin(), 0])
    return Landscape(("w",), ((-2.5, 6.0),), cost, gradient, ((lowest,),))
