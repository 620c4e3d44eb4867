"""Optimizers: how the parameters move, given the gradient.

All of them see a net as two flat vectors, `theta` and `grad`. Whether the gradient is that of all
examples (batch), of one (stochastic) or of a few (mini-batch) they cannot tell and need not know.

The learning rate is a number, or a function that gives one for the number of steps made so far:
steps that shrink find the bottom of a valley that steps of one length jump across (deck D,
"Gradient Descent"). `inverse_decay` and `exponential_decay` make such functions.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from nnkit.backend import Array, namespace
from nnkit.checks import not_negative, positive, share

if TYPE_CHECKING:
    from nnkit.network import MLP

Schedule = Callable[[int], float]


class Optimizer:
    """What moves the parameters. A new optimizer is a subclass with a `move`.

    What an optimizer remembers from step to step belongs to one net. Given another net, it begins
    afresh.

    Parameters
    ----------
    learning_rate : float or callable
        How long a step is, more than 0; or a function of the number of steps made so far, which
        may shrink it to 0.

    Raises
    ------
    ValueError
        If the learning rate is not a positive number.
    """

    def __init__(self, learning_rate: float | Schedule) -> None:
        if not callable(learning_rate):
            learning_rate = positive("learning_rate", learning_rate)
        self.learning_rate = learning_rate
        self.steps = 0
        self._theta: Array = None

    def step(self, net: "MLP") -> None:
        """Make one step downhill; every layer sees it, because W and b are views into theta."""
        if self._theta is not net.theta:
            self._theta, self.steps = net.theta, 0
            self.begin(net.theta)
        rate = self.learning_rate
        if callable(rate):
            rate = not_negative("learning_rate", rate(self.steps))
        self.steps += 1
        self.move(net.theta, net.grad, rate)

    def begin(self, theta: Array) -> None:
        """Forget the steps made so far; `theta`, shape (n_params,), is where the next ones start."""

    def move(self, theta: Array, grad: Array, rate: float) -> None:
        """Change `theta` in place; `grad` has its shape (n_params,) and stays as it is."""
        raise NotImplementedError

    def __repr__(self) -> str:
        given = [
            f"{name}={getattr(value, '__name__', value)}"
            for name, value in vars(self).items()
            if name != "steps" and not name.startswith("_")
        ]
        return f"{type(self).__name__}({', '.join(given)})"


class SGD(Optimizer):
    """Gradient descent: theta ← theta − learning_rate · grad.

    Deck A, "2.5 Optimisation: gradient descent I". Decks A and B write α for the learning rate,
    deck C η.

    Parameters
    ----------
    learning_rate : float or callable
        As for every optimizer.

    Examples
    --------
    >>> SGD(0.5)
    SGD(learning_rate=0.5)
    """

    def __init__(self, learning_rate: float | Schedule = 0.1) -> None:
        super().__init__(learning_rate)

    def move(self, theta: Array, grad: Array, rate: float) -> None:
        """Go against the gradient."""
        theta -= rate * grad


class Momentum(Optimizer):
    """Gradient descent of a heavy ball: v ← beta · v + grad, theta ← theta − learning_rate · v.

    Where gradients agree from step to step it picks up speed, where they alternate they cancel.
    Polyak (1964), "Some methods of speeding up the convergence of iteration methods".

    Parameters
    ----------
    learning_rate : float or callable
        As for every optimizer.
    beta : float
        How much of the speed is kept from step to step, from 0 to less than 1.
    """

    def __init__(self, learning_rate: float | Schedule = 0.01, beta: float = 0.9) -> None:
        super().__init__(learning_rate)
        self.beta = share("beta", beta)

    def begin(self, theta: Array) -> None:
        """Start at rest."""
        self._v = namespace(theta).zeros_like(theta)

    def move(self, theta: Array, grad: Array, rate: float) -> None:
        """Change the speed, then the place."""
        self._v = self.beta * self._v + grad
        theta -= rate * self._v


class RMSProp(Optimizer):
    """Steps of similar length in all directions: grad is divided by its own recent size.

    s ← rho · s + (1 − rho) · grad², theta ← theta − learning_rate · grad / (√s + eps).
    Deck D, "RMSProp Optimizer"; Tieleman and Hinton (2012), lecture 6.5.

    Parameters
    ----------
    learning_rate : float or callable
        As for every optimizer.
    rho : float
        How much of the average of squares is kept from step to step, from 0 to less than 1.
    eps : float
        More than 0: keeps the division from going wrong where all gradients were 0.
    """

    def __init__(
        self, learning_rate: float | Schedule = 0.001, rho: float = 0.9, eps: float = 1e-8
    ) -> None:
        super().__init__(learning_rate)
        self.rho = share("rho", rho)
        self.eps = positive("eps", eps)

    def begin(self, theta: Array) -> None:
        """Start with squares of 0."""
        self._s = namespace(theta).zeros_like(theta)

    def move(self, theta: Array, grad: Array, rate: float) -> None:
        """Update the average of squares, then the parameters."""
        self._s = self.rho * self._s + (1 - self.rho) * (grad * grad)
        theta -= rate * grad / (namespace(theta).sqrt(self._s) + self.eps)


class Adam(Optimizer):
    """Momentum and RMSProp together, both corrected for having started at 0.

    m ← beta1 · m + (1 − beta1) · grad, v ← beta2 · v + (1 − beta2) · grad²,
    theta ← theta − learning_rate · m̂ / (√v̂ + eps), with m̂ = m / (1 − beta1ᵗ) and
    v̂ = v / (1 − beta2ᵗ) in step t = 1, 2, … Deck D, "ADAM"; Kingma and Ba (2015), "Adam: a method
    for stochastic optimization".

    Parameters
    ----------
    learning_rate : float or callable
        As for every optimizer.
    beta1, beta2 : float
        How much of the averages of gradients and of their squares is kept from step to step, from
        0 to less than 1.
    eps : float
        More than 0: keeps the division from going wrong where all gradients were 0.
    """

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
    ) -> None:
        super().__init__(learning_rate)
        self.beta1 = share("beta1", beta1)
        self.beta2 = share("beta2", beta2)
        self.eps = positive("eps", eps)

    def begin(self, theta: Array) -> None:
        """Start with averages of 0."""
        self._m = namespace(theta).zeros_like(theta)
        self._v = namespace(theta).zeros_like(theta)

    def move(self, theta: Array, grad: Array, rate: float) -> None:
        """Update both averages, then the parameters."""
        self._m = self.beta1 * self._m + (1 - self.beta1) * grad
        self._v = self.beta2 * self._v + (1 - self.beta2) * (grad * grad)
        # The corrections are numbers, so it is cheaper to put them outside of the vectors.
        m_correction = 1 - self.beta1**self.steps
        v_correction = math.sqrt(1 - self.beta2**self.steps)
        spread = namespace(theta).sqrt(self._v) / v_correction + self.eps
        theta -= (rate / m_correction) * self._m / spread


# ---------------------------------------------------------------- learning rates that shrink


def inverse_decay(start: float, decay: float) -> Schedule:
    """Return the learning rate start / (1 + decay · steps).

    Parameters
    ----------
    start : float
        The learning rate of the first step, more than 0.
    decay : float
        How fast it shrinks, 0 or more: after 1 / decay steps it is half of what it was.

    Returns
    -------
    callable
        Takes the number of steps made so far; for an optimizer's `learning_rate`.

    Raises
    ------
    ValueError
        If a number is not as described.

    Examples
    --------
    >>> rate = inverse_decay(0.5, decay=0.01)
    >>> rate(0), rate(100)
    (0.5, 0.25)
    """
    start = positive("learning_rate", start)
    decay = not_negative("decay", decay)

    def inverse_decay(steps: int) -> float:
        return start / (1 + decay * steps)

    return inverse_decay


def exponential_decay(start: float, half_life: float) -> Schedule:
    """Return the learning rate that halves every `half_life` steps.

    Parameters
    ----------
    start : float
        The learning rate of the first step, more than 0.
    half_life : float
        Number of steps, more than 0.

    Returns
    -------
    callable
        Takes the number of steps made so far; for an optimizer's `learning_rate`.

    Raises
    ------
    ValueError
        If a number is not as described.

    Examples
    --------
    >>> rate = exponential_decay(0.8, half_life=100)
    >>> rate(0), rate(100), rate(200)
    (0.8, 0.4, 0.2)
    """
    start, half_life = positive("learning_rate", start), positive("half_life", half_life)

    def exponential_decay(steps: int) -> float:
        return start * 0.5 ** (steps / half_life)

    return exponential_decay
