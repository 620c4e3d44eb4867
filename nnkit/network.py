"""The multilayer perceptron: dense layers, one after the other.

Forward, the activations of a layer are the inputs of the next. Backward, the delta of a layer
gives the error of the layer below. The layers do the rest.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nnkit import activations, backend, losses, training
from nnkit.activations import Activation, Sigmoid, Softmax
from nnkit.backend import Array, namespace, view
from nnkit.checks import as_numbers, check_shape, checked, checked_integers, random_generator
from nnkit.layers import INITS, Dense, initial_params, n_params
from nnkit.losses import BinaryCrossEntropy, Loss
from nnkit.optimizers import Optimizer
from nnkit.regularizers import Regularizer
from nnkit.stopping import Callback

if TYPE_CHECKING:
    from pathlib import Path

# Large sets are evaluated in pieces, so that the activations of few examples are in memory.
ROWS_AT_ONCE = 8192


class Evaluation(NamedTuple):
    """How good a net is on a set of examples."""

    loss: float
    """The net's own loss, with what its regulariser adds."""
    accuracy: float | None
    """Share of right answers, from 0 to 1; None for regression."""


class MLP:
    """A multilayer perceptron: a feedforward net of dense layers.

    Parameters
    ----------
    sizes : sequence of int
        Number of inputs, then the number of neurons of each layer: ``[784, 16, 16, 10]`` has 784
        inputs, two hidden layers of 16 and 10 outputs. At least two numbers.
    activation : str or Activation, or a sequence of them
        Activation of all hidden layers, or one for each of them. `nnkit.activations` has the names
        ("sigmoid", "tanh", "relu", …) and the classes, for other settings: ``ELU(alpha=0.5)``.
    output : str or Activation
        Activation of the last layer: "softmax" for one class out of many, "sigmoid" for yes or no
        (one output, or one per label), "linear" for regression.
    loss : str or Loss
        What training makes small; `nnkit.losses` has the names, the formulas and the decks'
        conventions. "cross_entropy" needs a softmax output, "binary_cross_entropy" a sigmoid one.
    regularizer : Regularizer, optional
        What large weights cost: ``nn.L2(1e-4)``. It is added to the loss; biases are free.
    init : {"glorot", "he", "uniform"}
        How the parameters start. "glorot": weights uniform in ±√(6 / (n_in + n_out)), biases 0.
        "he": weights normal with variance 2 / n_in, biases 0; made for ReLU. "uniform": weights
        and biases uniform in [−1, 1), as in deck B.
    seed : int, optional
        The same seed gives the same net. Without one, every net is another.
    dtype : {"float32", "float64"}
        Type of all numbers in the net. What comes in is converted to it.

    Attributes
    ----------
    layers : list of Dense
        The hidden layers and the output layer; the inputs are no layer. Each has W and b and,
        after a pass, z, a, error, delta, dW and db.
    theta, grad : array, shape (n_params,)
        All parameters and all gradients. The layers' W, b, dW and db are views into them.

    Raises
    ------
    ValueError
        For unknown names, sizes that make no net, a loss that the output does not fit, or a
        regularizer that is none.

    Examples
    --------
    >>> net = MLP([784, 16, 16, 10], output="softmax", loss="cross_entropy", seed=0)
    >>> net.layers
    [Dense(784 → 16, sigmoid), Dense(16 → 16, sigmoid), Dense(16 → 10, softmax)]
    >>> net.n_params
    13002

    Notes
    -----
    Deck A, "2.2 NN basics: multilayer perceptron".
    """

    theta, grad = view("_theta"), view("_grad")

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str | Activation | Sequence[str | Activation] = "sigmoid",
        output: str | Activation = "sigmoid",
        loss: str | Loss = "squared_error",
        *,
        regularizer: Regularizer | None = None,
        init: str = "glorot",
        seed: int | None = None,
        dtype: str = "float32",
    ) -> None:
        self.sizes = _checked_sizes(sizes)
        self.output = activations.get(output)
        self.activations = [*_one_per_layer(activation, len(self.sizes) - 2), self.output]
        self.loss = losses.get(loss)
        self.regularizer = _checked_regularizer(regularizer)
        if self.loss.needs and not isinstance(self.output, self.loss.needs):
            raise ValueError(
                f"the loss {self.loss} expects the output {self.loss.needs.name}, got {self.output}"
            )
        if isinstance(self.output, Softmax) and self.sizes[-1] == 1:
            raise ValueError("softmax expects 2 or more outputs, got 1: it would always be 1")
        self.dtype = _checked_dtype(dtype)
        self._hold(self._initial_theta(init, seed).astype(self.dtype))

    def _initial_theta(self, init: str, seed: int | None) -> np.ndarray:
        """Draw the parameters of all layers; NumPy draws them for every array module."""
        if not isinstance(init, str) or init not in INITS:
            raise ValueError(f"expected init to be one of {', '.join(INITS)}, got {init!r}")
        rng = random_generator(seed)
        return np.concatenate([initial_params(rng, *shape, init) for shape in self._layer_shapes()])

    def _layer_shapes(self) -> Iterator[tuple[int, int, Activation]]:
        """Give n_in, n_out and activation of each layer."""
        for (n_in, n_out), f in zip(pairwise(self.sizes), self.activations, strict=True):
            yield n_in, n_out, f

    def _hold(self, theta: Array, layer_type: type[Dense] = Dense) -> None:
        """Make `theta` the parameters of the net, and build layers that are views into it."""
        self._theta = theta
        self._grad = namespace(theta).zeros_like(theta)
        self.layers: list[Dense] = []
        start = 0
        for shape in self._layer_shapes():
            stop = start + n_params(*shape)
            self.layers.append(layer_type(*shape, theta[start:stop], self._grad[start:stop]))
            start = stop

    # ------------------------------------------------------------ forward and backward

    def forward(self, X: Array) -> Array:
        """Compute the outputs for a batch; every layer keeps its z and a.

        Parameters
        ----------
        X : array, shape (n, n_in)
            Inputs, one example per row.

        Returns
        -------
        array, shape (n, n_out)
            The activations of the last layer: the array that this layer keeps, not a copy.

        Raises
        ------
        ValueError
            If X has another shape, is empty, or holds nan or infinite values.
        """
        with np.errstate(over="ignore"):
            return self._forward(self._inputs(X))

    def backward(self, Y: Array) -> None:
        """Compute the gradients of the loss; every layer keeps its error, delta, dW and db.

        Goes back through the last `forward`. No parameter changes: that is the optimizer's work.

        Parameters
        ----------
        Y : array, shape (n, n_out), or integers of shape (n,)
            Targets, one example per row. With softmax or sigmoid outputs they may also be class
            numbers: integers of shape (n,), which become rows of 0 with a 1 at the class. (One
            sigmoid output has two classes, 0 and 1.)

        Raises
        ------
        RuntimeError
            If there was no `forward`.
        ValueError
            If Y does not fit the outputs, or holds values that have no meaning for the loss.
        """
        outputs = self.layers[-1].a
        if outputs is None:
            raise RuntimeError("backward(Y) needs what forward keeps: call forward(X) first")
        Y = self._targets(Y, outputs.shape[0])
        self._backward(Y)
        output = self.layers[-1]
        output.error = self.loss.error(output.z, output.a, Y)

    # The passes themselves. `fit` checks its data once and then goes through these.

    def _forward(self, X: Array) -> Array:
        a = X
        for layer in self.layers:
            a = layer.forward(a)
        return a

    def _backward(self, Y: Array) -> None:
        *hidden, output = self.layers
        z, a = output.z, output.a
        delta = self.loss.delta(z, a, Y)
        if delta is None:
            output.backward(error=self.loss.error(z, a, Y))
        else:
            output.backward(delta=delta)

        above = output
        for layer in reversed(hidden):
            layer.backward(above.error_below())
            above = layer
        if self.regularizer:
            for layer in self.layers:
                layer.dW += self.regularizer.gradient(layer.W)

    # ------------------------------------------------------------ training and use

    def fit(
        self,
        X: Array,
        Y: Array,
        epochs: int,
        batch_size: int | None = 32,
        *,
        optimizer: Optimizer | None = None,
        validation: tuple[Array, Array] | None = None,
        callbacks: Iterable[Callback] = (),
        shuffle: bool = True,
        seed: int | None = None,
        progress: bool | None = None,
    ) -> training.History:
        """Train the net: forward, backward, step, for every mini-batch of every epoch.

        Parameters
        ----------
        X, Y : array
            Inputs, shape (n, n_in), and targets as `backward` takes them. Inputs that are integers
            are kept as they are and made numbers of the net's dtype batch by batch.
        epochs : int
            How often to go through the examples.
        batch_size : int or None
            Examples per step; the last batch of an epoch holds the rest. None: all in one batch.
        optimizer : Optimizer, optional
            What makes the steps. ``SGD(learning_rate=0.1)`` if not given.
        validation : (Xv, Yv), optional
            Examples to evaluate the net on after every epoch. It is not trained on them.
        callbacks : iterable of callables
            Each is called with the net and the history after every epoch, and stops the training
            by returning a sentence that says why; see `nnkit.stopping`.
        shuffle : bool
            Whether every epoch takes the examples in a new random order.
        seed : int, optional
            The same seed gives the same orders.
        progress : bool, optional
            Whether to show a progress bar, with tqdm. If not given: in a terminal only.

        Returns
        -------
        History
            Loss and accuracy of every epoch.

        Raises
        ------
        ValueError
            If an argument is not as described.
        DivergenceError
            If the loss or a parameter is not finite any more.

        Notes
        -----
        An interrupt (Ctrl-C, a notebook's stop button) ends the training early; the net and the
        history keep what they have.
        """
        return training.fit(
            self,
            X,
            Y,
            epochs=epochs,
            batch_size=batch_size,
            optimizer=optimizer,
            validation=validation,
            callbacks=callbacks,
            shuffle=shuffle,
            seed=seed,
            progress=progress,
        )

    def predict(self, X: Array) -> Array:
        """Return the net's answers for a batch. What the layers keep is left alone.

        Parameters
        ----------
        X : array, shape (n, n_in)
            Inputs.

        Returns
        -------
        array
            What an answer is depends on the output:

            - softmax, or several sigmoids: the number of the class with the largest activation,
              integers of shape (n,);
            - one sigmoid: 1 (yes) if the activation is above 0.5, else 0, integers of shape (n,);
            - several sigmoids with the loss "binary_cross_entropy": 1 or 0 for every label,
              integers of shape (n, n_out);
            - anything else is regression: the activations themselves, shape (n, n_out).
        """
        a = self.layers[-1].activation(self._output_sums(self._stored_inputs(X)))
        return self._decide(a) if self._is_classifier else a

    def evaluate(self, X: Array, Y: Array) -> Evaluation:
        """Return loss and accuracy on a set of examples. What the layers keep is left alone.

        Parameters
        ----------
        X, Y : array
            Inputs and targets, as `fit` takes them.

        Returns
        -------
        Evaluation
            ``loss, accuracy = net.evaluate(X, Y)``. The accuracy is the share of the answers of
            `predict` that are right, and None for regression.
        """
        X = self._stored_inputs(X)
        return self._evaluate(X, self._targets(Y, X.shape[0]))

    def _evaluate(self, X: Array, Y: Array) -> Evaluation:
        z = self._output_sums(X)
        return self._measure(z, self.layers[-1].activation(z), Y, self._penalty())

    def _output_sums(self, X: Array) -> Array:
        """Return z of the last layer for `X`; the layers keep nothing of it."""
        *hidden, output = self.layers
        n = X.shape[0]
        pieces = []
        for start in range(0, n, ROWS_AT_ONCE):
            a = backend.as_array_like(X[start : min(start + ROWS_AT_ONCE, n), :], self.theta)
            for layer in hidden:
                a = layer.activation(layer.weighted_sums(a))
            pieces.append(output.weighted_sums(a))
        return namespace(X).concat(pieces)

    def _penalty(self) -> float:
        """Return what the weights, as they are, add to the loss."""
        if self.regularizer is None:
            return 0.0
        return sum(self.regularizer.penalty(layer.W) for layer in self.layers)

    def _measure(self, z: Array, a: Array, Y: Array, penalty: float) -> Evaluation:
        """Return loss and accuracy for outputs and the targets that belong to them."""
        loss = self.loss.value(z, a, Y) + penalty
        if not self._is_classifier:
            return Evaluation(loss, accuracy=None)
        right = self._decide(a) == self._decide(Y)
        n_right = int(namespace(a).count_nonzero(right))
        return Evaluation(loss, accuracy=n_right / math.prod(right.shape))

    @property
    def _is_classifier(self) -> bool:
        return isinstance(self.output, Sigmoid | Softmax)

    def _decide(self, a: Array) -> Array:
        """Turn activations, or targets, into the answers that `predict` describes."""
        xp = namespace(a)
        if self.sizes[-1] == 1:
            return xp.asarray(a[:, 0] > 0.5, dtype=xp.int64)
        if isinstance(self.loss, BinaryCrossEntropy):
            return xp.asarray(a > 0.5, dtype=xp.int64)
        return xp.argmax(a, axis=1)

    # ------------------------------------------------------------ parameters

    @property
    def n_params(self) -> int:
        """Number of parameters: all weights, all biases, and the slopes of parametric ReLU."""
        return int(self.theta.shape[0])

    def set_params(self, params: Iterable[tuple[Array, Array]]) -> None:
        """Set all weights and biases; the slopes of parametric ReLU stay as they are.

        Parameters
        ----------
        params : list of (W, b)
            One pair per layer, of shapes (n_out, n_in) and (n_out,).

        Raises
        ------
        ValueError
            If a number of pairs or a shape is wrong, or a value is not finite. The net is left as
            it was.
        """
        pairs = list(params) if isinstance(params, Iterable) else [params]
        for pair in pairs:
            if not isinstance(pair, tuple | list) or len(pair) != 2:
                raise ValueError(f"expected pairs (W, b), got {pair!r}")
        if len(pairs) != len(self.layers):
            raise ValueError(f"expected {len(self.layers)} pairs (W, b), got {len(pairs)}")
        new = []
        for i, (layer, (W, b)) in enumerate(zip(self.layers, pairs, strict=True)):
            W = checked(f"W of layers[{i}]", W, layer.W.shape, like=self.theta)
            b = checked(f"b of layers[{i}]", b, layer.b.shape, like=self.theta)
            new.append((layer, W, b))
        for layer, W, b in new:
            layer.W, layer.b = W, b

    def copy(self, dtype: str | None = None) -> MLP:
        """Return a net with the same, but its own, parameters; in another `dtype` if given.

        Its layers have no last pass yet.

        Parameters
        ----------
        dtype : {"float32", "float64"}, optional
            Type of the copy's numbers.

        Returns
        -------
        MLP
            The copy, in the same array module.
        """
        twin = copy.copy(self)
        twin.dtype = self.dtype if dtype is None else _checked_dtype(dtype)
        xp = namespace(self.theta)
        twin._hold(xp.asarray(self.theta, dtype=getattr(xp, twin.dtype), copy=True))
        return twin

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._hold(self._theta)  # deepcopy and pickle have cut the layers off from theta

    def to(self, module: str) -> MLP:
        """Move the net to "numpy" (the CPU) or "cupy" (an NVIDIA GPU), and return it.

        The layers forget their last pass.

        Parameters
        ----------
        module : {"numpy", "cupy"}
            Where the parameters are to be, and so where the net computes.

        Returns
        -------
        MLP
            The net itself.

        Raises
        ------
        ValueError
            If `module` is neither of the two.
        ImportError
            If cupy is not installed.
        RuntimeError
            If cupy finds no GPU.
        """
        xp = backend.load_namespace(module)
        self._hold(xp.asarray(backend.to_numpy(self.theta)))
        return self

    def summary(self) -> None:
        """Print a table of the layers and their numbers of parameters.

        Examples
        --------
        >>> MLP([784, 16, 16, 10], output="softmax", loss="cross_entropy").summary()
        layer       inputs  outputs  activation  parameters
        ---------------------------------------------------
        hidden 1       784       16  sigmoid         12,560
        hidden 2        16       16  sigmoid            272
        output          16       10  softmax            170
        ---------------------------------------------------
        13,002 parameters, float32, loss cross_entropy
        """
        print(self)

    def __str__(self) -> str:
        width = max(10, *(len(str(layer.activation)) for layer in self.layers))
        head = f"layer       inputs  outputs  {'activation':<{width}}  parameters"
        rule = "-" * len(head)
        names = [f"hidden {number}" for number in range(1, len(self.layers))] + ["output"]
        rows = [
            f"{name:<12}{layer.n_in:>6}  {layer.n_out:>7}  {layer.activation!s:<{width}}  "
            f"{layer.n_params:>10,}"
            for name, layer in zip(names, self.layers, strict=True)
        ]
        foot = f"{self.n_params:,} parameters, {self.dtype}, loss {self.loss}"
        return "\n".join([head, rule, *rows, rule, foot])

    def __repr__(self) -> str:
        return (
            f"MLP({self.sizes}, activation={_written(self.activations[:-1])}, "
            f"output='{self.output}', loss='{self.loss}', dtype='{self.dtype}')"
        )

    # ------------------------------------------------------------ files

    def save(self, path: str | Path) -> None:
        """Write the net to the file `path` (.npz): its sizes, names and parameters.

        Parameters
        ----------
        path : str or Path
            The file; one that is there is overwritten.

        Raises
        ------
        ValueError
            If an activation or the loss is not nnkit's own: a file can only hold names.
        """
        from nnkit import files  # here, because `import nnkit` is to be quick

        files.save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> MLP:
        """Read a net that `save` has written. Nothing in the file is executed: no pickle.

        Parameters
        ----------
        path : str or Path
            The file.

        Returns
        -------
        MLP
            The net, on the CPU.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        ValueError
            If the file is no saved net.
        """
        from nnkit import files

        return files.load(cls, path)

    # ------------------------------------------------------------ what comes in is checked

    def _inputs(self, X: Array, name: str = "X") -> Array:
        """Return `X` in the net's module and dtype, or say what is wrong with it."""
        return checked(name, X, ("n", self.sizes[0]), like=self.theta)

    def _stored_inputs(self, X: Array, name: str = "X") -> Array:
        """Do as `_inputs`, for many examples: integers stay as small as they are."""
        return checked_integers(name, X, ("n", self.sizes[0]), like=self.theta)

    def _targets(self, Y: Array, n: int, name: str = "Y") -> Array:
        """Return `Y` as `n` rows in the net's module and dtype, or say what is wrong with it."""
        Y = as_numbers(name, Y)
        if Y.ndim == 1 and self._is_classifier:
            check_shape(f"class numbers {name}", Y, (n,))
            Y = losses.targets_from_classes(Y, self.sizes[-1])
        Y = checked(name, Y, (n, self.sizes[-1]), like=self.theta)
        self.loss.check_targets(Y)
        return Y


def _one_per_layer(
    activation: str | Activation | Sequence[str | Activation], n_hidden: int
) -> list[Activation]:
    """Return the activation of each hidden layer."""
    if isinstance(activation, str) or not isinstance(activation, Sequence):
        return [activations.get(activation)] * n_hidden
    if len(activation) != n_hidden:
        raise ValueError(f"expected {n_hidden} hidden activations, got {len(activation)}")
    return [activations.get(f) for f in activation]


def _checked_sizes(sizes: Sequence[int]) -> list[int]:
    given = list(sizes) if isinstance(sizes, Iterable) else [sizes]
    whole = all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in given)
    if not whole or len(given) < 2 or min(given) < 1:
        raise ValueError(f"expected sizes of at least two positive whole numbers, got {sizes!r}")
    return [int(n) for n in given]


def _written(hidden: list[Activation]) -> str:
    """Write hidden activations as short as `MLP` takes them."""
    names = [f"'{f}'" for f in hidden]
    return names[0] if len(set(names)) == 1 else f"[{', '.join(names)}]"


def _checked_regularizer(regularizer: Regularizer | None) -> Regularizer | None:
    if not isinstance(regularizer, Regularizer | None):
        raise ValueError(f"expected a regularizer such as nn.L2(1e-4), got {regularizer!r}")
    return regularizer


def _checked_dtype(dtype: str) -> str:
    name = getattr(dtype, "__name__", str(dtype))  # np.float32 and "float32" mean the same
    if name not in ("float32", "float64"):
        raise ValueError(f"expected the dtype 'float32' or 'float64', got {name!r}")
    return name
