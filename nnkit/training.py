"""Training: the circle of forward pass, cost, backward pass and update.

For each mini-batch: forward, backward, step. For each epoch: all examples once, and a look at
loss and accuracy. Nothing else happens here.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from nnkit.backend import (
    Array,
    as_array_like,
    namespace,
    take_rows,
    to_module_of,
)
from nnkit.checks import checked_count, random_generator
from nnkit.optimizers import SGD, Optimizer
from nnkit.stopping import Callback

if TYPE_CHECKING:
    from nnkit.network import MLP, Evaluation

# Up to so many multiplications, a matrix product is done before a second thread has woken up.
ONE_THREAD = 10_000_000


class DivergenceError(ArithmeticError):
    """The loss or a parameter has become nan or infinite.

    Attributes
    ----------
    history : History
        The epochs so far, the bad one included.
    """

    def __init__(self, message: str, history: "History") -> None:
        super().__init__(message)
        self.history = history


class History:
    """How a training went: lists with one number per epoch.

    Attributes
    ----------
    loss, accuracy : list of float
        Of the training examples. Each counts with the outputs that it had when its batch was
        trained on, before that step. With one batch per epoch the loss is therefore the cost
        before the update, as deck B prints it. What a regulariser adds is taken at the start of
        the epoch. Without accuracies for regression.
    val_loss, val_accuracy : list of float
        Of the validation examples, at the end of the epoch. Empty without validation.
    seconds : list of float
        How long after the start each epoch ended.
    stopped : str or None
        Why training ended before its last epoch: the sentence of the callback that stopped it.
    interrupted : bool
        Whether the training was ended by hand (Ctrl-C, a notebook's stop button).
    """

    def __init__(self) -> None:
        self.loss: list[float] = []
        self.accuracy: list[float] = []
        self.val_loss: list[float] = []
        self.val_accuracy: list[float] = []
        self.seconds: list[float] = []
        self.stopped: str | None = None
        self.interrupted = False
        self._start = time.perf_counter()

    def append(self, trained: "Evaluation", validated: "Evaluation | None" = None) -> None:
        """Add an epoch."""
        self.seconds.append(time.perf_counter() - self._start)
        self.loss.append(trained.loss)
        if trained.accuracy is not None:
            self.accuracy.append(trained.accuracy)
        if validated is not None:
            self.val_loss.append(validated.loss)
            if validated.accuracy is not None:
                self.val_accuracy.append(validated.accuracy)

    def to_dict(self) -> dict[str, list[float]]:
        """Return the lists that are not empty, by name."""
        names = ("loss", "accuracy", "val_loss", "val_accuracy")
        return {name: list(getattr(self, name)) for name in names if getattr(self, name)}

    def last(self) -> dict[str, float]:
        """Return the numbers of the last epoch, by name."""
        return {name: numbers[-1] for name, numbers in self.to_dict().items()}

    def __len__(self) -> int:
        return len(self.loss)

    def __repr__(self) -> str:
        epochs = f"{len(self)} epoch" + "s" * (len(self) != 1)
        interrupted = ", interrupted" * self.interrupted + ", stopped" * bool(self.stopped)
        numbers = "".join(f", {name} {number:.4g}" for name, number in self.last().items())
        return f"History({epochs}{interrupted}{numbers})"


def fit(
    net: "MLP",
    X: Array,
    Y: Array,
    *,
    epochs: int,
    batch_size: int | None,
    optimizer: Optimizer | None,
    validation: tuple[Array, Array] | None,
    callbacks: Iterable[Callback],
    shuffle: bool,
    seed: int | None,
    progress: bool | None,
) -> History:
    """Train `net`. `MLP.fit` calls this and describes the parameters."""
    # All checks are made here, once. The steps make none.
    X = net._stored_inputs(X)
    n = X.shape[0]
    Y = net._targets(Y, n)
    if validation is not None:
        validation = _checked_validation(net, validation)
    check_trainable(net)
    epochs = checked_count("epochs", epochs)
    batch_size = n if batch_size is None else checked_count("batch_size", batch_size)
    optimizer = SGD() if optimizer is None else optimizer
    if not isinstance(optimizer, Optimizer):
        raise ValueError(f"expected an optimizer such as nn.Adam(), got {optimizer!r}")
    callbacks = list(callbacks) if isinstance(callbacks, Iterable) else callbacks
    if not isinstance(callbacks, list) or not all(map(callable, callbacks)):
        raise ValueError(f"expected a list of callbacks, got {callbacks!r}")
    rng = random_generator(seed)

    history = History()
    with quiet_and_quick(net, batch_size), _progress_bar(epochs, progress) as show:
        try:
            for _ in range(epochs):
                order = rng.permutation(n) if shuffle else None
                trained = _train_epoch(net, X, Y, order, batch_size, optimizer)
                validated = None if validation is None else net._evaluate(*validation)
                history.append(trained, validated)
                show(history)
                _stop_if_diverged(net, history)
                reasons = [callback(net, history) for callback in callbacks]
                history.stopped = next(filter(None, reasons), None)
                if history.stopped:
                    break
        except KeyboardInterrupt:
            history.interrupted = True
    return history


def _checked_validation(net: "MLP", validation: tuple[Array, Array]) -> tuple[Array, Array]:
    if not isinstance(validation, tuple | list) or len(validation) != 2:
        raise ValueError(f"expected validation=(Xv, Yv), got {validation!r}")
    Xv, Yv = validation
    Xv = net._stored_inputs(Xv, "Xv")
    return Xv, net._targets(Yv, Xv.shape[0], "Yv")


def _train_epoch(
    net: "MLP",
    X: Array,
    Y: Array,
    order: np.ndarray | None,
    batch_size: int,
    optimizer: Optimizer,
) -> "Evaluation":
    """Train `net` on all examples once, in this order, and return loss and accuracy."""
    xp = namespace(X)
    if order is not None:
        order = to_module_of(X, order)
        Y = take_rows(Y, order)
    output, penalty = net.layers[-1], net._penalty()
    n = X.shape[0]
    z, a = [], []  # for the loss, which is cheaper to compute once for the epoch than per batch
    are_integers = X.dtype != Y.dtype
    for batch in [slice(i, min(i + batch_size, n)) for i in range(0, n, batch_size)]:
        x = X[batch, :] if order is None else take_rows(X, order[batch])
        if are_integers:
            x = as_array_like(x, Y)
        net._forward(x)
        net._backward(Y[batch, :])
        optimizer.step(net)
        z.append(output.z)
        a.append(output.a)
    return net._measure(xp.concat(z), xp.concat(a), Y, penalty)


def check_trainable(net: "MLP") -> None:
    """Raise ValueError if gradient descent can teach the net nothing."""
    for layer in net.layers:
        if not layer.activation.trainable:
            raise ValueError(
                f"gradient descent cannot train a net with {layer.activation}: its derivative is 0, "
                "so no weight learns in which direction to go. Take another activation, or "
                "nn.Perceptron with Rosenblatt's rule."
            )


def _stop_if_diverged(net: "MLP", history: History) -> None:
    loss = history.loss[-1]
    if np.isfinite(loss) and namespace(net.theta).all(namespace(net.theta).isfinite(net.theta)):
        return
    raise DivergenceError(
        f"training has diverged in epoch {len(history)}: the loss is {loss:g}, and the parameters "
        "are of no use any more. Train a new net with a smaller learning rate.",
        history,
    )


# ---------------------------------------------------------------- around the training


@contextmanager
def _progress_bar(epochs: int, wanted: bool | None) -> Iterator[Callable[[History], None]]:
    """Give a function that shows the history so far: in a progress bar, or not at all."""
    tqdm = _tqdm(wanted)
    if tqdm is None:
        yield lambda history: None
        return
    with tqdm(total=epochs, unit="epoch") as bar:

        def show(history: History) -> None:
            bar.set_postfix(history.last(), refresh=False)
            bar.update()

        yield show


def _tqdm(wanted: bool | None) -> Any:
    """Import the progress bar, if there is to be one."""
    if wanted is False or (wanted is None and not sys.stderr.isatty()):
        return None
    try:
        from tqdm.auto import tqdm
    except ImportError:
        if wanted is None:
            return None
        raise ImportError("a progress bar needs tqdm: pip install tqdm") from None
    return tqdm


@contextmanager
def quiet_and_quick(net: "MLP", batch_size: int) -> Iterator[None]:
    """Set what numpy does about overflow, and how many threads multiply matrices."""
    largest = max(layer.n_in * layer.n_out for layer in net.layers)
    threads = _blas_threads() if batch_size * largest < ONE_THREAD else None
    one_thread = threads.limit(limits=1) if threads else nullcontext()
    # No warnings: an overflow that matters ends in a DivergenceError.
    with one_thread, np.errstate(over="ignore", invalid="ignore"):
        yield


@cache
def _blas_threads() -> Any:
    """Return the switch for the number of threads, or None: threadpoolctl is a bonus."""
    try:
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]
    except ImportError:
        return None
    return ThreadpoolController().select(user_api="blas")
