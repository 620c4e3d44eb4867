"""Small tables of numbers: house prices, and the three points of deck D.

The house prices are invented for this course, in the spirit of deck A: the deck shows no numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from nnkit.checks import checked_count, not_negative, random_generator


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Examples as rows, with a name for every column.

    Attributes
    ----------
    name : str
        What the table holds.
    inputs, outputs : tuple of str
        Names of the columns of X and of Y.
    X : ndarray of float64, shape (n, n_in)
        Inputs.
    Y : ndarray of float64, shape (n, n_out)
        Targets.
    between : mapping of str to ndarray of float64, each of shape (n, k)
        What lies between X and Y in data that was made in steps: what the hidden neurons of a net
        might find. Empty for other data.
    """

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    X: np.ndarray
    Y: np.ndarray
    between: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def y(self) -> np.ndarray:
        """The first column of Y, shape (n,): all of it, where there is one output."""
        return self.Y[:, 0].copy()

    def __len__(self) -> int:
        return len(self.X)

    def __repr__(self) -> str:
        names = [*self.inputs, *self.outputs]
        shown = np.hstack([self.X, self.Y])[:5]
        cells = [[f"{value:.6g}" for value in row] for row in shown]
        widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
        lines = [
            "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True))
            for row in (names, *cells)
        ]
        more = [f"… {len(self) - 5} more"] * (len(self) > 5)
        between = [f"between: {name} {array.shape}" for name, array in self.between.items()]
        return "\n".join([f"{self.name}: {len(self)} rows", *lines, *more, *between])


def house_prices_by_size(n: int = 100, noise: float = 20.0, seed: int | None = 0) -> Table:
    """Return sizes and prices of `n` invented houses: data for a single neuron.

    ::

        size   uniform from 40 to 240, rounded                                    m²
        price  = 50 + 2.5 · size + noise · a normal random number, rounded to 0.1   thousand €

    Parameters
    ----------
    n : int
        Number of houses.
    noise : float
        Standard deviation of the prices around the line, in thousand €.
    seed : int or None
        The same seed gives the same houses; None gives others at every call.

    Returns
    -------
    Table
        X: size, shape (n, 1). Y: price, shape (n, 1).

    References
    ----------
    Deck A, "2.1 NN examples: house prices I". The numbers are this course's.

    Examples
    --------
    >>> house_prices_by_size(3)
    house prices by size: 3 rows
    size  price
     167  469.6
      94  274.3
      48  177.2
    """
    n, noise, rng = checked_options(n, noise, seed)
    size = np.round(rng.uniform(40, 240, (n, 1)))
    price = 50 + 2.5 * size + noise * rng.normal(size=(n, 1))
    return Table("house prices by size", ("size",), ("price",), size, np.round(price, 1))


def house_prices(n: int = 500, noise: float = 10.0, seed: int | None = 0) -> Table:
    """Return four features and the price of `n` invented houses: data for a small net.

    The features do not make the price themselves. They make three quantities that people care
    about, and those make the price::

        size            uniform from 40 to 240, rounded                               m²
        rooms           size / 30, one more or less or just so, at least 1
        postal_code     1 to 30, counted from the centre of the town outwards
        wealth          mean income in the neighbourhood, uniform 15 to 80, rounded   thousand €

        family_size     = 0.01 · size + 0.5 · rooms                      people who fit in
        walkability     = max(0, 10 − 0.5 · postal_code)                 0 to 9.5
        school_quality  = max(0, 0.2 · wealth − 0.2 · postal_code − 2)   0 to 13.8

        price           = 50 + 60 · family_size + 25 · walkability + 20 · school_quality
                          + noise · a normal random number, rounded to 0.1            thousand €

    A net of 4 inputs, 3 ReLU neurons and 1 linear neuron can hold these formulas exactly. The
    max(0, …) bends the surface: beyond postal code 20 nothing can be reached on foot, and it gets
    no worse. No net without a hidden layer can follow that: the best plane through the prices
    misses them by 30 thousand €, three times the noise.

    Parameters
    ----------
    n : int
        Number of houses.
    noise : float
        Standard deviation of the prices around the formula, in thousand €.
    seed : int or None
        The same seed gives the same houses; None gives others at every call.

    Returns
    -------
    Table
        X: size, rooms, postal_code, wealth, shape (n, 4). Y: price, shape (n, 1).
        ``between``: family_size, walkability and school_quality, each (n, 1).

    References
    ----------
    Deck A, "2.1 NN examples: house prices II". Formulas and numbers are this course's.

    Examples
    --------
    >>> house_prices()
    house prices: 500 rows
    size  rooms  postal_code  wealth  price
     167      6           24      16  333.2
      94      2            8      69  522.6
      48      1            8      47  372.6
      43      2           24      43  165.8
     203      7           10      54  640.1
    … 495 more
    between: family_size (500, 1)
    between: walkability (500, 1)
    between: school_quality (500, 1)
    """
    n, noise, rng = checked_options(n, noise, seed)
    size = np.round(rng.uniform(40, 240, (n, 1)))
    rooms = np.maximum(1, np.round(size / 30) + rng.integers(-1, 2, (n, 1)))
    postal_code = rng.integers(1, 31, (n, 1)).astype(float)
    wealth = np.round(rng.uniform(15, 80, (n, 1)))

    family_size = 0.01 * size + 0.5 * rooms
    walkability = np.maximum(0, 10 - 0.5 * postal_code)
    school_quality = np.maximum(0, 0.2 * wealth - 0.2 * postal_code - 2)

    price = 50 + 60 * family_size + 25 * walkability + 20 * school_quality
    price = price + noise * rng.normal(size=(n, 1))
    return Table(
        "house prices",
        ("size", "rooms", "postal_code", "wealth"),
        ("price",),
        np.hstack([size, rooms, postal_code, wealth]),
        np.round(price, 1),
        {
            "family_size": family_size,
            "walkability": walkability,
            "school_quality": school_quality,
        },
    )


def three_points() -> Table:
    """Return the three points through which deck D lays a line by gradient descent.

    The line with the smallest sum of squared residuals has the slope 0.64103 and the intercept
    0.94872. The deck keeps the slope at 0.64 and looks for the intercept, from 0 on.

    Returns
    -------
    Table
        X: x, shape (3, 1). Y: y, shape (3, 1).

    References
    ----------
    Deck D, "Gradient Descent", on the sum of squared residuals as the loss.

    Examples
    --------
    >>> three_points()
    three points: 3 rows
      x    y
    0.5  1.4
    2.3  1.9
    2.9  3.2
    """
    X = np.array([[0.5], [2.3], [2.9]])
    Y = np.array([[1.4], [1.9], [3.2]])
    return Table("three points", ("x",), ("y",), X, Y)


def checked_options(
    n: int, noise: float, seed: int | None
) -> tuple[int, float, np.random.Generator]:
    """Return the number of examples, the noise and the generator of random numbers to use.

    Raises
    ------
    ValueError
        If `n` is no whole number from 1 on, `noise` is negative or not finite, or `seed` is none.
    """
    return checked_count("n", n), not_negative("noise", noise), random_generator(seed)
