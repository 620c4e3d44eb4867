"""Activation functions: what a neuron makes of its weighted sum.

Every activation is a small object that can do four things:

=========================  =====================================================
``f(z)``                   the activation a = f(z), without a warning for any z
``f.value(z)``             the same without that care: what a layer calls, batch after batch
``f.derivative(z, a)``     f′(z), for the z and the a that the forward pass kept
``f.delta(error, z, a)``   ∂C/∂z from error = ∂C/∂a; the chain rule
=========================  =====================================================

The derivative is given both z and a because most functions know a short cut that needs a alone:
the sigmoid's derivative is a(1 − a), and the expensive exponential is already done.

All of them stay finite and silent for |z| up to 10,000, in float32 and in float64. Where a function
has a kink, the derivative there is the one from the left.
"""

# ruff: noqa: D102 (the base class says what the methods do)

import copy
from collections.abc import Sequence

import numpy as np

from nnkit.backend import Array, as_array_like, namespace, row_maxima, row_sums
from nnkit.checks import checked_count, finite


class Activation:
    """A function that a layer applies to its weighted sums.

    A new activation is a subclass with a `name`, `value` and `derivative`. What its constructor
    takes is kept in attributes of the same names, listed in `settings`.
    """

    name: str
    settings: Sequence[str] = ()
    """The attributes that tell one object of the class from another: a slope, a threshold."""
    trainable = True
    """Whether gradient descent can train a net through it."""
    pieces = 1
    """How many weighted sums a neuron has: 1, but for maxout."""
    params_per_neuron = 0
    """How many parameters of its own the function has for each neuron: 0, but for parametric ReLU."""

    def __call__(self, z: Array) -> Array:
        """Return a = f(z), in the shape and dtype of `z`, an array of floating-point numbers."""
        with np.errstate(over="ignore"):  # takes as long as three small sums: not in every layer
            return self.value(z)

    def value(self, z: Array) -> Array:
        """Return f(z); an exponential on the way may overflow if the result is right all the same."""
        raise NotImplementedError

    def derivative(self, z: Array, a: Array) -> Array:
        """Return f′(z), in the shape of `z`; `a` is f(z)."""
        raise NotImplementedError

    def delta(self, error: Array, z: Array, a: Array) -> Array:
        """Return delta = ∂C/∂z, in the shape of `z`, for error = ∂C/∂a; `a` is f(z)."""
        return error * self.derivative(z, a)

    def initial_params(self, n_out: int) -> np.ndarray:
        """Return how the function's own parameters start in a layer of `n_out` neurons."""
        return np.zeros(0)

    def bound_to(self, params: Array, grads: Array) -> "Activation":
        """Return the function with these views as its own parameters and their gradients."""
        return self

    def __repr__(self) -> str:
        given = [f"{key}={getattr(self, key):g}" for key in self.settings]
        return f"{self.name}({', '.join(given)})" if given else self.name


class UnitStep(Activation):
    """f(z) = 1 where z ≥ threshold, else 0: the neuron fires or it does not.

    Its derivative is 0 wherever there is one, so no gradient gets through: gradient descent cannot
    train it, and `MLP.fit` says so. Deck C, "Activation function – Step"; deck D, "Binary Step
    Function".

    Parameters
    ----------
    threshold : float
        Where the step is.
    """

    name = "unit_step"
    settings: Sequence[str] = ("threshold",)
    trainable = False

    def __init__(self, threshold: float = 0.0) -> None:
        self.threshold = finite("threshold", threshold)

    def value(self, z: Array) -> Array:
        xp = namespace(z)
        fires = xp.asarray(z >= self.threshold, dtype=z.dtype)
        return xp.where(xp.isnan(z), z, fires)  # no answer to a question that has none

    def derivative(self, z: Array, a: Array) -> Array:
        return namespace(z).zeros_like(z)


class Heaviside(UnitStep):
    """f(z) = 1 where z ≥ 0, else 0: the unit step with the threshold 0.

    Deck C, "Activation function – Step".
    """

    name = "heaviside"
    settings: Sequence[str] = ()

    def __init__(self) -> None:
        super().__init__(threshold=0.0)


class Linear(Activation):
    """f(z) = z: any number may come out, as regression needs it.

    Made for outputs. Hidden layers with it collapse into one: W₂(W₁x + b₁) + b₂ is one matrix
    times x and one vector, whatever the number of layers.

    Deck D, "Linear Activation Function".
    """

    name = "linear"

    def value(self, z: Array) -> Array:
        return z

    def derivative(self, z: Array, a: Array) -> Array:
        return namespace(z).ones_like(z)


class Sigmoid(Activation):
    """f(z) = 1 / (1 + e⁻ᶻ): between 0 and 1; f′ = a(1 − a).

    Beyond |z| = 3 it is so flat that next to no gradient gets through (f′ is under 0.05, and never
    more than 0.25): in deep nets the gradient vanishes from layer to layer.

    Deck A, "2.2 NN basics: the components II"; deck D, "Sigmoid Activation Function".
    """

    name = "sigmoid"

    def value(self, z: Array) -> Array:
        xp = namespace(z)
        return xp.reciprocal(1 + xp.exp(-z))  # where e⁻ᶻ is infinite, 1 / (1 + ∞) = 0 is right

    def derivative(self, z: Array, a: Array) -> Array:
        return a * (1 - a)


class Tanh(Activation):
    """f(z) = tanh z: between −1 and 1; f′ = 1 − a².

    Steeper than the sigmoid and centred on 0, but as flat beyond |z| = 3: f′ is under 0.01 there,
    and the gradient vanishes too.

    Deck D, "Hyperbolic Tangent".
    """

    name = "tanh"

    def value(self, z: Array) -> Array:
        return namespace(z).tanh(z)

    def derivative(self, z: Array, a: Array) -> Array:
        return 1 - a * a


class ReLU(Activation):
    """f(z) = max(0, z), the rectified linear unit; f′ is 1 where z > 0 and 0 elsewhere.

    From 0 to infinity, and no gradient vanishes where a neuron fires. One that fires for no example
    gets no gradient at all: it is dead.

    Deck C, "Activation function –ReLU"; deck D, "ReLU".
    """

    name = "relu"

    def value(self, z: Array) -> Array:
        return namespace(z).maximum(z, 0)

    def derivative(self, z: Array, a: Array) -> Array:
        return namespace(a).sign(a)  # a is never negative: 1 where the neuron fires, else 0


class LeakyReLU(Activation):
    """f(z) = z where z > 0, else slope · z: a dead neuron still gets a little gradient.

    Without limits on both sides. The gradient of negative z is small, so what is learned there is
    learned slowly. With deck D's slope 0.1 it is max(0.1 z, z).

    Deck C, "Activation Function Gallery"; deck D, "Leaky ReLU".

    Parameters
    ----------
    slope : float
        f′ where z is not positive.
    """

    name = "leaky_relu"
    settings = ("slope",)

    def __init__(self, slope: float = 0.1) -> None:
        self.slope = finite("slope", slope)

    def value(self, z: Array) -> Array:
        return namespace(z).where(z > 0, z, self.slope * z)

    def derivative(self, z: Array, a: Array) -> Array:
        xp = namespace(z)
        return xp.where(z > 0, xp.ones_like(z), xp.full_like(z, self.slope))


class ShiftedReLU(Activation):
    """f(z) = max(shift, z): ReLU with its bend moved down and to the left, to (−1, −1).

    No value is below the shift. Its f′ is 0 from there on to the left, so neurons can die as they
    do with ReLU.

    Deck C, "Activation Function Gallery".

    Parameters
    ----------
    shift : float
        Where the bend is, and the smallest value.
    """

    name = "shifted_relu"
    settings = ("shift",)

    def __init__(self, shift: float = -1.0) -> None:
        self.shift = finite("shift", shift)

    def value(self, z: Array) -> Array:
        return namespace(z).maximum(z, self.shift)

    def derivative(self, z: Array, a: Array) -> Array:
        return namespace(z).asarray(z > self.shift, dtype=z.dtype)


class ParametricReLU(Activation):
    """f(z) = z where z > 0, else slope · z, with a slope per neuron that is learned.

    The slopes are parameters as the weights are. In a layer they are views into `theta`, their
    gradients views into `grad`, and `delta` writes the gradients: ∂C/∂slope = Σ error · z over the
    examples with z ≤ 0. What a slope becomes depends on the problem.

    Deck D, "Parametric ReLU"; He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers".

    Parameters
    ----------
    start : float
        What the slopes are before training.

    Attributes
    ----------
    slope, dslope : array, shape (n_out,)
        The slopes and ∂C/∂slope. Outside a layer, `slope` is the number `start` and there is no
        gradient.
    """

    name = "parametric_relu"
    settings = ("start",)
    params_per_neuron = 1

    def __init__(self, start: float = 0.25) -> None:
        self.start = finite("start", start)
        self.slope: Array = self.start
        self.dslope: Array = None

    def value(self, z: Array) -> Array:
        return namespace(z).where(z > 0, z, self.slope * z)

    def derivative(self, z: Array, a: Array) -> Array:
        xp = namespace(z)
        return xp.where(z > 0, xp.ones_like(z), self.slope * xp.ones_like(z))

    def delta(self, error: Array, z: Array, a: Array) -> Array:
        if self.dslope is not None:
            xp = namespace(z)
            self.dslope[...] = xp.sum(error * xp.minimum(z, 0), axis=0)
        return super().delta(error, z, a)

    def initial_params(self, n_out: int) -> np.ndarray:
        return np.full(n_out, self.start)

    def bound_to(self, params: Array, grads: Array) -> "ParametricReLU":
        bound = copy.copy(self)
        bound.slope, bound.dslope = params, grads
        return bound


class Maxout(Activation):
    """f(z₁, …, z_k) = max zᵢ: every neuron has k weighted sums and takes the largest.

    A layer of n_out such neurons has k · n_out rows in W; those of a neuron follow one another.
    Without limits, and nothing dies: the largest sum always gets the gradient. The price is k times
    as many parameters.

    Deck C, "Activation Function Gallery"; Goodfellow, Warde-Farley, Mirza, Courville and Bengio
    (2013), "Maxout networks".

    Parameters
    ----------
    pieces : int
        k, from 2 on.
    """

    name = "maxout"
    settings = ("pieces",)

    def __init__(self, pieces: int = 2) -> None:
        self.pieces = checked_count("pieces", pieces, least=2)

    def value(self, z: Array) -> Array:
        """Return the largest of each `pieces` columns: (n, k · n_out) becomes (n, n_out)."""
        return namespace(z).max(self._by_neuron(z), axis=-1)

    def derivative(self, z: Array, a: Array) -> Array:
        """Return 1 for the largest sum of each neuron, 0 for the others; equal ones share the 1."""
        xp = namespace(z)
        sums = self._by_neuron(z)
        is_largest = xp.asarray(sums == xp.expand_dims(a, axis=-1), dtype=z.dtype)
        shares = is_largest / xp.sum(is_largest, axis=-1, keepdims=True)
        return xp.reshape(shares, z.shape)

    def delta(self, error: Array, z: Array, a: Array) -> Array:
        return namespace(z).repeat(error, self.pieces, axis=-1) * self.derivative(z, a)

    def _by_neuron(self, z: Array) -> Array:
        return namespace(z).reshape(z, (*z.shape[:-1], -1, self.pieces))


class Softplus(Activation):
    """f(z) = ln(1 + e^z): a ReLU without the kink; f′ is the sigmoid.

    From 0, far to the left, to infinity. f′ is never quite 0, but vanishes to the left.

    Deck C, "Activation Function Gallery".
    """

    name = "softplus"

    def value(self, z: Array) -> Array:
        xp = namespace(z)  # e^z alone would overflow
        return xp.maximum(z, 0) + xp.log1p(xp.exp(-xp.abs(z)))

    def derivative(self, z: Array, a: Array) -> Array:
        return sigmoid(z)


class ELU(Activation):
    """f(z) = z where z > 0, else alpha · (e^z − 1), the exponential linear unit.

    Where z is not positive, f′ = alpha · e^z = a + alpha. From −alpha to infinity: smoother than
    ReLU and with some gradient to the left of 0, for the price of an exponential.

    Deck D, "ELU"; Clevert, Unterthiner and Hochreiter (2016), "Fast and accurate deep network
    learning by exponential linear units".

    Parameters
    ----------
    alpha : float
        How deep it goes: −alpha is the limit at the left.
    """

    name = "elu"
    settings = ("alpha",)

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = finite("alpha", alpha)

    def value(self, z: Array) -> Array:
        xp = namespace(z)  # the minimum keeps e^z from overflowing where it is not used
        return xp.where(z > 0, z, self.alpha * xp.expm1(xp.minimum(z, 0)))

    def derivative(self, z: Array, a: Array) -> Array:
        xp = namespace(z)
        return xp.where(z > 0, xp.ones_like(z), a + self.alpha)


class Swish(Activation):
    """f(z) = z · sigmoid(z), a smooth ReLU that dips below 0; f′ = s + a(1 − s) for the sigmoid s.

    From −0.28, at z = −1.28, to infinity; far to the left it goes back to 0.

    Deck D, "Swish"; Ramachandran, Zoph and Le (2017), "Searching for activation functions".
    """

    name = "swish"

    def value(self, z: Array) -> Array:
        return z * sigmoid.value(z)

    def derivative(self, z: Array, a: Array) -> Array:
        s = sigmoid(z)
        return s + a * (1 - s)


class Softmax(Activation):
    """f(z)ᵢ = e^zᵢ / Σⱼ e^zⱼ: the outputs of one example become probabilities that sum to 1.

    The one function here that looks at all z of a row at once. Deck C, "Softmax Function"; deck D,
    "Softmax Function".
    """

    name = "softmax"

    def value(self, z: Array) -> Array:
        # Taking the row's maximum off leaves the fraction as it is, and no exponential overflows.
        e = namespace(z).exp(z - row_maxima(z))
        return e / row_sums(e)

    def derivative(self, z: Array, a: Array) -> Array:
        """Return the matrix ∂aᵢ/∂zⱼ = aᵢ(δᵢⱼ − aⱼ) of each example, shape (n, k, k).

        Every output depends on every z of its row, so one number per output is not enough.
        """
        identity = as_array_like(np.eye(a.shape[-1]), a)
        return a[..., :, None] * (identity - a[..., None, :])

    def delta(self, error: Array, z: Array, a: Array) -> Array:
        # This is error times the matrix above, without making the matrix.
        return a * (error - row_sums(error * a))


unit_step = UnitStep()
heaviside = Heaviside()
linear = Linear()
sigmoid = Sigmoid()
tanh = Tanh()
relu = ReLU()
leaky_relu = LeakyReLU()
shifted_relu = ShiftedReLU()
parametric_relu = ParametricReLU()
maxout = Maxout()
softplus = Softplus()
elu = ELU()
swish = Swish()
softmax = Softmax()

ACTIVATIONS: dict[str, Activation] = {
    f.name: f
    for f in (
        unit_step,
        heaviside,
        linear,
        sigmoid,
        tanh,
        relu,
        leaky_relu,
        shifted_relu,
        parametric_relu,
        maxout,
        softplus,
        elu,
        swish,
        softmax,
    )
}


def get(activation: str | Activation) -> Activation:
    """Return the activation of that name; an activation is returned as it is.

    Raises
    ------
    ValueError
        If there is no activation of that name.

    Examples
    --------
    >>> get("leaky_relu"), LeakyReLU(0.2)
    (leaky_relu(slope=0.1), leaky_relu(slope=0.2))
    """
    if isinstance(activation, Activation):
        return activation
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise ValueError(
            f"expected an activation out of {', '.join(ACTIVATIONS)}, got {activation!r}"
        )
    return ACTIVATIONS[activation]
