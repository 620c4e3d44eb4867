"""A dense layer: every neuron sees every output of the layer below.

The whole layer, forward and backward, is six lines::

    z = x Wᵀ + b                        the weighted sums
    a = f(z)                            the activations

    delta = error · f′(z)               ∂C/∂z, from error = ∂C/∂a
    dW = deltaᵀ x                       ∂C/∂W
    db = Σ delta                        ∂C/∂b, summed over the examples
    error of the layer below = delta W  ∂C/∂x
"""

import numpy as np

from nnkit.activations import Activation
from nnkit.backend import (
    Array,
    affine,
    namespace,
    product,
    view,
    write_column_sums,
    write_product,
)


class Dense:
    """A layer of `n_out` neurons, each connected to all of its `n_in` inputs.

    A layer does not own its numbers: W and b are views into `theta`, dW and db are views into
    `grad`, the two flat vectors in which a net keeps the parameters and the gradients of all its
    layers.

    Parameters
    ----------
    n_in, n_out : int
        Numbers of inputs and of neurons.
    activation : Activation
        f, applied to the weighted sums.
    theta, grad : array, shape (n_params,)
        Where the layer's parameters and gradients live: first the weights, then the biases, last
        what the activation may have of its own.

    Attributes
    ----------
    W, b : array, shape (n_out, n_in) and (n_out,)
        Weights and biases. ``W[j]`` are the weights of neuron j.
    x : array, shape (n, n_in)
        Inputs of the last forward pass; x, z and a are None until there is one.
    z, a : array, shape (n, n_out)
        Weighted sums and activations of the last forward pass. (With maxout, a neuron has several
        weighted sums, and z, delta, W and b as many rows or columns more.)
    error, delta : array, shape (n, n_out)
        ∂C/∂a and ∂C/∂z of the last backward pass, None until there is one. Deck B calls them
        "error" and "backpropagation error" (BPE), deck C calls the latter "delta".
    dW, db : array, shape (n_out, n_in) and (n_out,)
        ∂C/∂W and ∂C/∂b of the last backward pass.
    """

    W = view("_W")
    b = view("_b")
    dW = view("_dW")  # noqa: N815, the field's name
    db = view("_db")

    def __init__(
        self, n_in: int, n_out: int, activation: Activation, theta: Array, grad: Array
    ) -> None:
        self.n_in = n_in
        self.n_out = n_out
        n_sums = n_out * activation.pieces
        self._W, self._b, slopes = _parts(theta, n_in, n_sums)
        self._dW, self._db, dslopes = _parts(grad, n_in, n_sums)
        self._activation = activation.bound_to(slopes, dslopes)
        self.x: Array = None
        self.z: Array = None
        self.a: Array = None
        self.error: Array = None
        self.delta: Array = None

    @property
    def activation(self) -> Activation:
        """The layer's f. It is the net's as well, so it is chosen when the net is made."""
        return self._activation

    @property
    def n_params(self) -> int:
        """Number of parameters: weights, biases, and what the activation has of its own."""
        return n_params(self.n_in, self.n_out, self.activation)

    def forward(self, x: Array) -> Array:
        """Keep x, z and a for the inputs `x`, shape (n, n_in), and return a, shape (n, n_out)."""
        self.x = x
        self.z = self.weighted_sums(x)
        self.a = self.activation.value(self.z)
        return self.a

    def weighted_sums(self, x: Array) -> Array:
        """Return z = x Wᵀ + b, shape (n, n_out), and keep nothing."""
        return affine(x, self.W, self.b)

    def backward(self, error: Array = None, delta: Array = None) -> None:
        """Keep error and delta, and write the gradients dW and db. No parameter changes.

        Parameters
        ----------
        error : array, shape (n, n_out)
            ∂C/∂a.
        delta : array, shape (n, n_out)
            ∂C/∂z, in place of the error, if it is known already: some losses have a short cut for
            the output layer.
        """
        if delta is None:
            delta = self.activation.delta(error, self.z, self.a)
        self.error = error
        self.delta = delta
        write_product(self.dW, delta.T, self.x)
        write_column_sums(self.db, delta)

    def error_below(self) -> Array:
        """Return ∂C/∂x = delta W, shape (n, n_in): the error of the layer below."""
        return product(self.delta, self.W)

    def __repr__(self) -> str:
        return f"Dense({self.n_in} → {self.n_out}, {self.activation})"


def n_params(n_in: int, n_out: int, activation: Activation) -> int:
    """Return how many parameters a layer has."""
    n_sums = n_out * activation.pieces
    return n_sums * n_in + n_sums + n_out * activation.params_per_neuron


def _parts(flat: Array, n_in: int, n_sums: int) -> tuple[Array, Array, Array]:
    """Return views of weights, biases and the rest, which lie in `flat` one after the other."""
    n_weights = n_sums * n_in
    W = namespace(flat).reshape(flat[:n_weights], (n_sums, n_in, *flat.shape[1:]))
    return W, flat[n_weights : n_weights + n_sums], flat[n_weights + n_sums :]


# ---------------------------------------------------------------- how the parameters start


def glorot(rng: "np.random.Generator", n_in: int, n_out: int) -> tuple[np.ndarray, np.ndarray]:
    """Return W uniform in ±√(6 / (n_in + n_out)) and b = 0.

    With these limits neither activations nor deltas shrink or grow much from layer to layer.
    Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural
    networks".
    """
    limit = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-limit, limit, (n_out, n_in)), np.zeros(n_out)


def he(rng: "np.random.Generator", n_in: int, n_out: int) -> tuple[np.ndarray, np.ndarray]:
    """Return W normal with variance 2 / n_in and b = 0: for ReLU, which drops half of what it gets.

    He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers".
    """
    return rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in)), np.zeros(n_out)


def uniform(rng: "np.random.Generator", n_in: int, n_out: int) -> tuple[np.ndarray, np.ndarray]:
    """Return W and b uniform in [−1, 1). Deck B, "Step 2: Initialize the neural network"."""
    return rng.uniform(-1, 1, (n_out, n_in)), rng.uniform(-1, 1, n_out)


INITS = {"glorot": glorot, "he": he, "uniform": uniform}


def initial_params(
    rng: "np.random.Generator", n_in: int, n_out: int, activation: Activation, init: str
) -> np.ndarray:
    """Draw all parameters of a layer, flat: W, b, and what the activation has of its own."""
    W, b = INITS[init](rng, n_in, n_out * activation.pieces)
    return np.concatenate([W.ravel(), b, activation.initial_params(n_out)])
