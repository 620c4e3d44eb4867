"""Points in the plane, in two classes: what a classifier has to divide can be looked at.

All five are called alike, ``moons(n, noise, seed)``, and return a `Table`: X is (n, 2), Y is (n, 1)
with the classes 0 and 1, which alternate from row to row: 0, 1, 0, 1, … So any slice of the rows is
balanced to within one, and as good a sample as any other: ``X[:150]`` and ``X[150:]`` will do for
training and test.

==========  ====================================================  ==================================
function    shape                                                 what divides the classes
==========  ====================================================  ==================================
`blobs`     two round heaps                                       a straight line
`xor`       four corners, opposite ones alike                     two lines; never one
`moons`     two half circles, hooked into each other              a bent line
`circles`   a ring within a ring                                  a closed curve
`spirals`   two arms, wound around each other                     a long way to bend
==========  ====================================================  ==================================

A perceptron wants +1 and −1 for yes and no: ``2 * data.y - 1``.
"""

import numpy as np

from nnkit.datasets.tables import Table, checked_options


def blobs(n: int = 200, noise: float = 0.5, seed: int | None = 0) -> Table:
    """Return two round heaps of points: class 0 around (−1, −1) and class 1 around (1, 1).

    With the standard noise of 0.5 a line divides them but for about two points in a thousand.

    Parameters
    ----------
    n : int
        Number of points, every other one of class 1.
    noise : float
        Standard deviation of the normal random numbers that are added to both coordinates.
    seed : int or None
        The same seed gives the same points; None gives others at every call.

    Returns
    -------
    Table
        X: x1 and x2, shape (n, 2). Y: class, 0 or 1, shape (n, 1).
    """
    n, noise, rng = checked_options(n, noise, seed)
    centre = 2.0 * _classes(n) - 1
    return _table("blobs", np.column_stack([centre, centre]), noise, rng)


def xor(n: int = 4, noise: float = 0.0, seed: int | None = 0) -> Table:
    """Return the exclusive or: class 1 where one of the two inputs is 1, but not both.

    Four points without noise are the truth table itself: (0, 0), (0, 1), (1, 1), (1, 0). More of
    them go around the corners again, which with noise (0.15, say) makes four heaps.

    Parameters
    ----------
    n : int
        Number of points, every other one of class 1.
    noise : float
        Standard deviation of the normal random numbers that are added to both coordinates.
    seed : int or None
        The same seed gives the same points; None gives others at every call.

    Returns
    -------
    Table
        X: x1 and x2, shape (n, 2). Y: class, 0 or 1, shape (n, 1).

    References
    ----------
    M. Minsky, S. Papert: Perceptrons, 1969, which deck D, "Perceptron", tells of: no single
    perceptron can learn it.

    Examples
    --------
    >>> xor()
    xor: 4 rows
    x1  x2  class
     0   0      0
     0   1      1
     1   1      0
     1   0      1
    """
    n, noise, rng = checked_options(n, noise, seed)
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
    return _table("xor", corners[np.arange(n) % 4], noise, rng)


def moons(n: int = 200, noise: float = 0.1, seed: int | None = 0) -> Table:
    """Return two half circles of radius 1 that are hooked into each other.

    Class 0 is the upper half circle around (0, 0), class 1 the lower one around (1, 0.5). Without
    noise all points lie within [−1, 2] × [−0.5, 1].

    Parameters
    ----------
    n : int
        Number of points, every other one of class 1.
    noise : float
        Standard deviation of the normal random numbers that are added to both coordinates.
    seed : int or None
        The same seed gives the same points; None gives others at every call.

    Returns
    -------
    Table
        X: x1 and x2, shape (n, 2). Y: class, 0 or 1, shape (n, 1).
    """
    n, noise, rng = checked_options(n, noise, seed)
    lower = _classes(n)
    angle = rng.uniform(0, np.pi, n) + np.pi * lower
    return _table("moons", _at(angle, radius=1) + np.outer(lower, [1, 0.5]), noise, rng)


def circles(n: int = 200, noise: float = 0.05, seed: int | None = 0) -> Table:
    """Return a ring within a ring, both around (0, 0): class 0 of radius 1, class 1 of radius 0.5.

    Without noise all points lie within [−1, 1] × [−1, 1].

    Parameters
    ----------
    n : int
        Number of points, every other one of class 1.
    noise : float
        Standard deviation of the normal random numbers that are added to both coordinates.
    seed : int or None
        The same seed gives the same points; None gives others at every call.

    Returns
    -------
    Table
        X: x1 and x2, shape (n, 2). Y: class, 0 or 1, shape (n, 1).
    """
    n, noise, rng = checked_options(n, noise, seed)
    angle = rng.uniform(0, 2 * np.pi, n)
    return _table("circles", _at(angle, radius=1 - 0.5 * _classes(n)), noise, rng)


def spirals(n: int = 200, noise: float = 0.02, seed: int | None = 0) -> Table:
    """Return two spirals around (0, 0), each 1.35 turns long and 1 in radius.

    The distance from the centre is uniform from 0.1 to 1, and the angle grows with it: 3π · radius.
    The arm of class 1 is that of class 0 turned by half a circle. Without noise all points lie
    within [−1, 1] × [−1, 1].

    Parameters
    ----------
    n : int
        Number of points, every other one of class 1.
    noise : float
        Standard deviation of the normal random numbers that are added to both coordinates.
    seed : int or None
        The same seed gives the same points; None gives others at every call.

    Returns
    -------
    Table
        X: x1 and x2, shape (n, 2). Y: class, 0 or 1, shape (n, 1).
    """
    n, noise, rng = checked_options(n, noise, seed)
    radius = rng.uniform(0.1, 1, n)
    return _table("spirals", _at(3 * np.pi * radius + np.pi * _classes(n), radius), noise, rng)


def _classes(n: int) -> np.ndarray:
    return np.arange(n) % 2


def _at(angle: np.ndarray, radius: np.ndarray | float) -> np.ndarray:
    """Return the points at these angles and distances from (0, 0), shape (n, 2)."""
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _table(name: str, X: np.ndarray, noise: float, rng: np.random.Generator) -> Table:
    n = len(X)
    X = X + noise * rng.normal(size=X.shape)
    return Table(name, ("x1", "x2"), ("class",), X, _classes(n).astype(float)[:, None])
