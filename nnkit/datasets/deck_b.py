"""Deck B's ten observations, and the weights and biases that its 2-3-1 net starts from."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class TwoThreeOne:
    """Deck B's data and initial parameters; made by `two_three_one`.

    Attributes
    ----------
    raw : ndarray of shape (10, 3)
        The observations before scaling; columns Y, X1, X2.
    X : ndarray of shape (10, 2)
        z-scores of X1 and X2, rounded to two decimals: what the deck's net is trained on.
    reconstructed : ndarray of bool, shape (10,)
        True for the rows that the deck does not print.
    labels : list of str
        A name per row: the deck's row numbers, and a to e for the reconstructed rows.
    W1, b1, W2, b2 : ndarray of shape (3, 2), (3,), (1, 3), (1,)
        The deck's initial weights and biases; ``W1[j]`` are the weights into H(j+1).
    """

    raw: np.ndarray
    X: np.ndarray
    reconstructed: np.ndarray
    labels: list[str]
    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray

    @property
    def Y(self) -> np.ndarray:
        """The targets, 0 or 1, shape (10, 1)."""
        return self.raw[:, :1].copy()

    @property
    def X_raw(self) -> np.ndarray:
        """X1 and X2 before scaling, shape (10, 2)."""
        return self.raw[:, 1:].copy()

    @property
    def X_unrounded(self) -> np.ndarray:
        """The z-scores with all their digits, shape (10, 2)."""
        return _zscore(self.raw[:, 1:])

    @property
    def params(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Copies of (W1, b1, W2, b2): train on them as you like, the originals stay."""
        return self.W1.copy(), self.b1.copy(), self.W2.copy(), self.b2.copy()

    def __repr__(self) -> str:
        lines = ["row  Y   X1   X2     z1     z2  source"]
        for label, (y, x1, x2), (z1, z2), hidden in zip(
            self.labels, self.raw, self.X, self.reconstructed, strict=True
        ):
            source = "reconstructed" if hidden else "printed"
            lines.append(f"{label:>3}  {y:.0f}  {x1:.1f}  {x2:.1f}  {z1:5.2f}  {z2:5.2f}  {source}")
        return "\n".join(lines)


def two_three_one() -> TwoThreeOne:
    """Return deck B's ten observations and the initial parameters of its 2-3-1 net.

    The deck prints five of the ten rows: 1, 2, 3, 9 and 10. The other five, a to e, are
    **this course's reconstruction, not the authors' data**. They are the only candidate
    found with which a training run gives 63 of the deck's 65 weights and biases up to
    epoch 8,000 and all its node values but one; the three exceptions are misprints. The
    order of rows a to e cannot be known, and since gradients are summed over all rows it
    does not matter.

    ``X`` holds z-scores (sample standard deviation, n - 1) rounded to two decimals. Only
    the rounded ones give the deck's numbers: with ``X_unrounded`` a weight is off by 0.006
    after 100 epochs, and by 0.21 after 8,000.

    Returns
    -------
    TwoThreeOne
        New arrays at every call, all float64.

    References
    ----------
    Deck B, "How (Shallow) Neural Networks work", Steps 1 and 2: the z-scores, and the
    weights and biases that are set randomly between -1 and 1.
    """
    raw = np.array(
        [
            [0, 2.0, 1.5],
            [0, 2.8, 1.2],
            [0, 1.5, 1.0],
            [1, 5.5, 4.0],  # a
            [1, 6.9, 4.5],  # b
            [1, 8.5, 5.5],  # c
            [1, 8.0, 4.8],  # d
            [0, 2.1, 1.0],  # e
            [1, 2.5, 2.0],
            [0, 7.7, 3.5],
        ]
    )
    labels = ["1", "2", "3", "a", "b", "c", "d", "e", "9", "10"]
    return TwoThreeOne(
        raw=raw,
        X=np.round(_zscore(raw[:, 1:]), 2),
        reconstructed=np.array([label.isalpha() for label in labels]),
        labels=labels,
        W1=np.array([[-0.2, -0.4], [0.4, -0.7], [-1.0, -0.8]]),
        b1=np.array([0.1, -0.2, 0.4]),
        W2=np.array([[-0.6, -0.6, -0.3]]),
        b2=np.array([-0.6]),
    )


def _zscore(X: np.ndarray) -> np.ndarray:
    return (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)
