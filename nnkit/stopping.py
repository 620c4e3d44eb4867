"""When to stop training, other than after a number of epochs.

Deck B, "Repeat steps 3. - 6. until convergence criteria is met".

A callback is called after every epoch with the net and the history so far::

    net.fit(X, Y, epochs=10_000, callbacks=[LossBelow(0.001), TimeOver(60)])

If it returns a sentence, training stops, and ``history.stopped`` holds the sentence. A callback of
your own may be any function; one that returns nothing only watches.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnkit.backend import Array, namespace
from nnkit.checks import checked_count, finite, not_negative

if TYPE_CHECKING:
    from nnkit.network import MLP
    from nnkit.training import History

Callback = Callable[["MLP", "History"], str | None]


@dataclass(frozen=True, eq=False)
class LossBelow:
    """Stop when the loss is under a goal.

    Parameters
    ----------
    goal : float
        In the net's own loss. Deck B's 0.001 is a sum over all observations, so it is a goal for
        the loss "half_squared_error_sum".
    X, Y : array, optional
        Examples on which the net is measured after each epoch. Without them, the goal is for the
        last entry of ``history.loss``: the examples as they were when they were trained on, which
        with one batch per epoch is the loss before the last update.
    """

    goal: float
    X: Array = None
    Y: Array = None

    def __post_init__(self) -> None:
        finite("goal", self.goal)
        if (self.X is None) != (self.Y is None):
            raise ValueError("expected examples X and Y, or neither of them, got only one")

    def __call__(self, net: "MLP", history: "History") -> str | None:
        """Say so if the loss is under the goal."""
        loss = history.loss[-1] if self.X is None else net.evaluate(self.X, self.Y).loss
        return f"the loss {loss:.4g} is below {self.goal:g}" if loss < self.goal else None


@dataclass(frozen=True)
class TimeOver:
    """Stop after the first epoch that ends more than so many seconds after the start.

    Parameters
    ----------
    seconds : float
        How long to train. The epoch that is running then is finished.
    """

    seconds: float

    def __post_init__(self) -> None:
        not_negative("seconds", self.seconds)

    def __call__(self, net: "MLP", history: "History") -> str | None:
        """Say so if the time is over."""
        over = history.seconds[-1] > self.seconds
        return f"{self.seconds:g} seconds are over" if over else None


@dataclass(frozen=True)
class GradientBelow:
    """Stop when the gradient, as one vector, is shorter than a minimum: it is flat here.

    Parameters
    ----------
    minimum : float
        √(Σ g²) over all parameters, what a regulariser adds included. With mini-batches the
        gradient is that of the last one.
    """

    minimum: float

    def __post_init__(self) -> None:
        not_negative("minimum", self.minimum)

    def __call__(self, net: "MLP", history: "History") -> str | None:
        """Say so if the gradient is short."""
        length = float(namespace(net.grad).sum(net.grad * net.grad)) ** 0.5
        if length >= self.minimum:
            return None
        return f"the gradient's length {length:.4g} is below {self.minimum:g}"


@dataclass(frozen=True)
class ValidationFailures:
    """Stop when the validation loss has not gone below its best for so many epochs in a row.

    From there on, the net learns the training examples by heart.

    Parameters
    ----------
    allowed : int
        Number of epochs, 1 or more.
    """

    allowed: int = 6

    def __post_init__(self) -> None:
        checked_count("allowed", self.allowed)

    def __call__(self, net: "MLP", history: "History") -> str | None:
        """Say so if the best is too long ago."""
        if not history.val_loss:
            raise ValueError("ValidationFailures expects fit to get validation=(Xv, Yv), got none")
        best = history.val_loss.index(min(history.val_loss))
        failures = len(history) - 1 - best
        if failures < self.allowed:
            return None
        return f"no better validation loss for {failures} epochs"
