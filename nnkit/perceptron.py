"""The perceptron: the first neuron that learned.

It answers yes (+1) or no (−1), and learns from its mistakes alone::

    z = w·x + b                     the weighted sum
    answer = +1 if z > 0 else −1    w·x has to cross the threshold −b

    w ← w + η y x                   Rosenblatt's rule, for an example x that was answered wrongly
    b ← b + η y                     and whose right answer is y

One perceptron draws one straight line (a plane, with more inputs) between yes and no. What no
line can divide, such as XOR, takes perceptrons in layers; `decisions` passes examples through
them. Layers cannot be taught by Rosenblatt's rule: it does not say who in a hidden layer is to
blame. That had to wait for smooth activations and backpropagation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnkit.backend import Array, as_array, namespace
from nnkit.checks import are_integers, checked, checked_count, finite, positive


@dataclass(frozen=True, repr=False)
class PerceptronHistory:
    """How the learning of a perceptron went.

    Attributes
    ----------
    mistakes : list of int
        Wrong answers in each epoch. Each led to a correction at once, so that the next example
        met other weights.
    """

    mistakes: list[int]

    @property
    def converged(self) -> bool:
        """Whether the last epoch had no mistake: all examples are answered rightly."""
        return self.mistakes[-1] == 0

    def __repr__(self) -> str:
        epochs = f"{len(self.mistakes)} epoch" + "s" * (len(self.mistakes) != 1)
        outcome = "converged after" if self.converged else "not converged in"
        shown = [str(count) for count in self.mistakes]
        if len(shown) > 10:
            shown[5:-4] = ["…"]
        return f"PerceptronHistory({outcome} {epochs}, mistakes {' '.join(shown)})"


class Perceptron:
    """Rosenblatt's perceptron: one neuron that answers +1 or −1.

    Parameters
    ----------
    n_in : int
        Number of inputs.
    w : array_like, shape (n_in,), optional
        Weights to start from; zeros, if there are none. The perceptron computes with the array
        module of `w` and in its dtype.
    b : float
        Bias to start from. ``b = -10`` says that w·x has to be more than 10 for a yes.

    Attributes
    ----------
    w : array, shape (n_in,)
        Weights.
    b : float
        Bias: minus the threshold.

    References
    ----------
    F. Rosenblatt: The Perceptron: A Probabilistic Model for Information Storage and Organization
    in the Brain, 1958. Deck C, "Perceptron"; deck D, "Perceptron: Building a Model", which has
    the bias of −10 and writes f(X) = β₀ + Σ βₖ Aₖ for b + w·x.

    Examples
    --------
    >>> Perceptron(1, w=[2], b=-10).predict([[4], [5], [6]])
    array([-1., -1.,  1.])

    AND is learned, XOR is not:

    >>> X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> Perceptron(2).fit(X, [-1, -1, -1, 1])
    PerceptronHistory(converged after 6 epochs, mistakes 1 3 3 2 1 0)
    >>> Perceptron(2).fit(X, [-1, 1, 1, -1], epochs=1000)
    PerceptronHistory(not converged in 1000 epochs, mistakes 2 3 4 4 4 … 4 4 4 4)
    """

    def __init__(self, n_in: int, w: Array | None = None, b: float = 0.0) -> None:
        self.n_in = checked_count("n_in", n_in)
        w = as_array(np.zeros(n_in) if w is None else w)
        xp = namespace(w)
        if are_integers(w):
            w = xp.asarray(w, dtype=xp.float64)
        self.w = checked("w", w, (n_in,), like=w)
        self.b = finite("b", b)

    def weighted_sums(self, X: Array) -> Array:
        """Return z = X w + b, shape (n,), for `X` of shape (n, n_in)."""
        return self._inputs(X) @ self.w + self.b

    def predict(self, X: Array) -> Array:
        """Answer examples.

        Parameters
        ----------
        X : array_like, shape (n, n_in) or (n_in,)
            Examples as rows, or a single one.

        Returns
        -------
        array, shape (n,) or ()
            +1 where X w + b is positive and −1 elsewhere (0 is no yes), in the dtype of w.

        Raises
        ------
        ValueError
            If X has another number of columns, or holds what is no finite number.
        """
        z = self.weighted_sums(X)
        xp = namespace(self.w)
        one = xp.ones_like(z)
        return xp.where(z > 0, one, -one)

    def update(self, x: Array, y: float, learning_rate: float = 1.0) -> bool:
        """Answer one example, and if the answer is wrong, correct w and b.

        Parameters
        ----------
        x : array_like, shape (n_in,)
            The example.
        y : {1, -1}
            The right answer.
        learning_rate : float
            η, the size of a correction. Where w and b start from 0 it changes no answer: all
            weights become η times as large.

        Returns
        -------
        bool
            Whether it was a mistake.

        Raises
        ------
        ValueError
            If x does not fit, y is not +1 or −1, or the learning rate is not positive.
        """
        x = checked("x", x, (self.n_in,), like=self.w)
        if y not in (1, -1):
            raise ValueError(f"expected y to be 1 or -1, got {y!r}")
        return self._update(x, float(y), positive("learning_rate", learning_rate))

    def _update(self, x: Array, y: float, learning_rate: float) -> bool:
        z = x @ self.w + self.b
        if (z > 0) == (y > 0):
            return False
        self.w = self.w + learning_rate * y * x
        self.b += learning_rate * y
        return True

    def fit(
        self, X: Array, y: Array, epochs: int = 100, learning_rate: float = 1.0
    ) -> PerceptronHistory:
        """Learn from all examples, one after the other, until an epoch brings no mistake.

        If a line divides the examples, that epoch will come: there are at most (R/γ)² mistakes
        on the way from w = 0 and b = 0, where R is the length of the longest (x, 1), and γ the
        distance of the nearest (x, 1) from the best dividing plane through the origin (Novikoff
        1962). If no line does, it never comes.

        Parameters
        ----------
        X : array_like, shape (n, n_in)
            Examples as rows; they are taken in this order.
        y : array_like, shape (n,)
            The right answers, +1 and −1.
        epochs : int
            How many times to go through the examples at most.
        learning_rate : float
            η, the size of a correction; see `update`.

        Returns
        -------
        PerceptronHistory
            The number of mistakes in each epoch, and whether the last one had none.

        Raises
        ------
        ValueError
            If X and y do not fit together, or y holds something else than +1 and −1.
        """
        X = checked("X", X, ("n", self.n_in), like=self.w)
        n = X.shape[0]
        y = checked("y", y, (n,), like=self.w)
        xp = namespace(y)
        if not xp.all(xp.abs(y) == 1):
            raise ValueError(
                f"expected 1 and -1 in y, got values from {float(xp.min(y)):g} "
                f"to {float(xp.max(y)):g}; 2 * y - 1 makes them of 0 and 1"
            )
        answers = [float(y[i]) for i in range(n)]
        epochs = checked_count("epochs", epochs)
        learning_rate = positive("learning_rate", learning_rate)

        mistakes: list[int] = []
        while len(mistakes) < epochs and 0 not in mistakes:
            wrong = (self._update(X[i, :], answers[i], learning_rate) for i in range(n))
            mistakes.append(sum(wrong))
        return PerceptronHistory(mistakes)

    def _inputs(self, X: Array) -> Array:
        X = as_array(X)
        one_example = X.ndim == 1
        shape = (self.n_in,) if one_example else ("n", self.n_in)
        return checked("X", X, shape, like=self.w)

    def __repr__(self) -> str:
        return f"Perceptron({self.n_in}, w={self.w}, b={self.b:g})"


def decisions(layers: Sequence[Sequence[Perceptron]], X: Array) -> list[Array]:
    """Pass examples through layers of perceptrons: each layer sees the answers of the one below.

    Parameters
    ----------
    layers : list of lists of Perceptron
        From the inputs to the output. The perceptrons of the first layer have as many inputs as
        X has columns, those of every other as many as the layer below has perceptrons.
    X : array_like, shape (n, n_in)
        Examples as rows.

    Returns
    -------
    list of arrays, shape (n, number of perceptrons in the layer)
        The answers of each layer, +1 and −1; the last are the answers of the whole.

    Raises
    ------
    ValueError
        If a layer is no list of perceptrons, or its inputs do not fit to what is below.

    References
    ----------
    Deck C, "Bank Loan Example": officers, supervisors and a manager; `nnkit.datasets.bank`
    returns them.

    Examples
    --------
    XOR on two layers, with weights made by hand: one of the two, but not both.

    >>> either = Perceptron(2, w=[1, 1], b=-0.5)
    >>> not_both = Perceptron(2, w=[-1, -1], b=1.5)
    >>> both_say_yes = Perceptron(2, w=[1, 1], b=-1)
    >>> hidden, output = decisions(
    ...     [[either, not_both], [both_say_yes]], [[0, 0], [0, 1], [1, 0], [1, 1]]
    ... )
    >>> hidden
    array([[-1.,  1.],
           [ 1.,  1.],
           [ 1.,  1.],
           [ 1., -1.]])
    >>> output
    array([[-1.],
           [ 1.],
           [ 1.],
           [-1.]])
    """
    answers = []
    for layer in layers:
        if not isinstance(layer, Sequence) or not layer:
            raise ValueError(f"expected a list of perceptrons for each layer, got {layer!r}")
        X = namespace(layer[0].w).stack([perceptron.predict(X) for perceptron in layer], axis=-1)
        answers.append(X)
    return answers
