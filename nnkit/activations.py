"""Activation functions: what a neuron makes of its weighted sum.

Every activation is a small object that can do three things:

=========================  =====================================================
``f(z)``                   the activation a = f(z)
``f.derivative(z, a)``     f′(z), for the z and the a that the forward pass kept
``f.delta(error, z, a)``   ∂C/∂z from error = ∂C/∂a; the chain rule
=========================  =====================================================

The derivative is given both z and a because most functions know a short cut that needs a alone:
the sigmoid's derivative is a(1 − a), and the expensive exponential is already done.

All of them stay finite and silent for |z| up to 10,000, in float32 and in float64.
"""

# ruff: noqa: D102 (the base class says what the methods do)

import numpy as np

from nnkit.backend import Array, namespace


class Activation:
    """A function that a layer applies to its weighted sums.

    A new activation is a subclass with a `name`, `__call__` and `derivative`.
    """

    name: str

    def __call__(self, z: Array) -> Array:
        """Return a = f(z), in the shape and dtype of `z`, an array of floating-point numbers."""
        raise NotImplementedError

    def derivative(self, z: Array, a: Array) -> Array:
        """Return f′(z), in the shape of `z`; `a` is f(z)."""
        raise NotImplementedError

    def delta(self, error: Array, z: Array, a: Array) -> Array:
        """Return delta = ∂C/∂z, in the shape of `z`, for error = ∂C/∂a; `a` is f(z)."""
        return error * self.derivative(z, a)

    def __repr__(self) -> str:
        return self.name


class Linear(Activation):
    """f(z) = z: any number may come out, as regression needs it.

    Deck D, "Linear Activation Function".
    """

    name = "linear"

    def __call__(self, z: Array) -> Array:
        return z

    def derivative(self, z: Array, a: Array) -> Array:
        return namespace(z).ones_like(z)


class Sigmoid(Activation):
    """f(z) = 1 / (1 + e⁻ᶻ): between 0 and 1; f′ = a(1 − a).

    Deck A, "2.2 NN basics: the components II"; deck D, "Sigmoid Activation Function".
    """

    name = "sigmoid"

    def __call__(self, z: Array) -> Array:
        with np.errstate(over="ignore"):  # where e⁻ᶻ is infinite, 1 / (1 + ∞) = 0 is right
            return 1 / (1 + namespace(z).exp(-z))

    def derivative(self, z: Array, a: Array) -> Array:
        return a * (1 - a)


class Tanh(Activation):
    """f(z) = tanh z: between −1 and 1; f′ = 1 − a².

    Deck D, "Hyperbolic Tangent".
    """

    name = "tanh"

    def __call__(self, z: Array) -> Array:
        return namespace(z).tanh(z)

    def derivative(self, z: Array, a: Array) -> Array:
        return 1 - a * a


class ReLU(Activation):
    """f(z) = max(0, z), the rectified linear unit; f′ is 1 where z > 0 and 0 elsewhere.

    Deck C, "Activation function –ReLU"; deck D, "ReLU".
    """

    name = "relu"

    def __call__(self, z: Array) -> Array:
        return namespace(z).maximum(z, 0)

    def derivative(self, z: Array, a: Array) -> Array:
        return namespace(a).sign(a)  # a is never negative: 1 where the neuron fires, else 0


class Softmax(Activation):
    """f(z)ᵢ = e^zᵢ / Σⱼ e^zⱼ: the outputs of one example become probabilities that sum to 1.

    The one function here that looks at all z of a row at once. Deck C, "Softmax Function"; deck D,
    "Softmax Function".
    """

    name = "softmax"

    def __call__(self, z: Array) -> Array:
        # Taking the row's maximum off leaves the fraction as it is, and no exponential overflows.
        xp = namespace(z)
        e = xp.exp(z - xp.max(z, axis=-1, keepdims=True))
        return e / xp.sum(e, axis=-1, keepdims=True)

    def derivative(self, z: Array, a: Array) -> Array:
        """Return the matrix ∂aᵢ/∂zⱼ = aᵢ(δᵢⱼ − aⱼ) of each example, shape (n, k, k).

        Every output depends on every z of its row, so one number per output is not enough.
        """
        xp = namespace(a)
        identity = xp.eye(a.shape[-1], dtype=a.dtype)
        return a[..., :, None] * (identity - a[..., None, :])

    def delta(self, error: Array, z: Array, a: Array) -> Array:
        # This is error times the matrix above, without making the matrix.
        xp = namespace(a)
        return a * (error - xp.sum(error * a, axis=-1, keepdims=True))


linear = Linear()
sigmoid = Sigmoid()
tanh = Tanh()
relu = ReLU()
softmax = Softmax()

ACTIVATIONS = {f.name: f for f in (linear, sigmoid, tanh, relu, softmax)}


def get(activation: str | Activation) -> Activation:
    """Return the activation of that name; an activation is returned as it is.

    Raises
    ------
    ValueError
        If there is no activation of that name.
    """
    if isinstance(activation, Activation):
        return activation
    if activation not in ACTIVATIONS:
        raise ValueError(
            f"expected an activation out of {', '.join(ACTIVATIONS)}, got {activation!r}"
        )
    return ACTIVATIONS[activation]
