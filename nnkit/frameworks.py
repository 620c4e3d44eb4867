"""The same net in Keras.

Deck D, "Keras" and "Keras Model": a `Sequential` is a list of layers, as an `MLP` is. What differs
is where the numbers lie: Keras keeps a layer's weights as (n_in, n_out), the transpose of ours.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from nnkit import activations
from nnkit.backend import to_numpy

if TYPE_CHECKING:
    from nnkit.layers import Dense
    from nnkit.network import MLP

# The activations that Keras has under a name, and what it calls them.
NAMES = {
    "linear": "linear",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "softplus": "softplus",
    "swish": "silu",
    "softmax": "softmax",
}


def to_keras(net: MLP) -> Any:
    """Return the net as a Keras model with the same weights, and so with the same outputs.

    Parameters
    ----------
    net : MLP
        The net; it stays as it is, and later training of one does not change the other.

    Returns
    -------
    keras.Sequential
        One `Dense` per layer, followed by a layer of its own for an activation with settings. On
        JAX, Keras computes in float32 whatever the net's dtype, unless JAX is allowed more:
        ``jax.config.update("jax_enable_x64", True)``.

    Raises
    ------
    ImportError
        If Keras is not installed, or has none of the frameworks that it computes with.
    ValueError
        If Keras has no such activation: unit steps, shifted ReLU and maxout.

    Examples
    --------
    >>> model = to_keras(net)  # doctest: +SKIP
    >>> model.summary()  # doctest: +SKIP
    >>> np.abs(model.predict(X) - net.forward(X)).max()  # doctest: +SKIP
    """
    keras = _keras()
    model = keras.Sequential([keras.Input((net.sizes[0],), dtype=net.dtype)])
    for layer in net.layers:
        name = NAMES.get(layer.activation.name)
        own = [] if name else [_activation_layer(keras, layer, net.dtype)]
        dense = keras.layers.Dense(layer.n_out, activation=name, dtype=net.dtype)
        model.add(dense)
        # Copies: on JAX, Keras would go on using the net's own memory.
        dense.set_weights([np.array(to_numpy(layer.W).T), np.array(to_numpy(layer.b))])
        for activation_layer in own:
            model.add(activation_layer)
    return model


def _activation_layer(keras: Any, layer: Dense, dtype: str) -> Any:
    """Return Keras' layer for an activation with settings."""
    f = layer.activation
    if isinstance(f, activations.LeakyReLU):
        return keras.layers.LeakyReLU(negative_slope=f.slope, dtype=dtype)
    if isinstance(f, activations.ELU):
        return keras.layers.ELU(alpha=f.alpha, dtype=dtype)
    if isinstance(f, activations.ParametricReLU):
        learned = keras.layers.PReLU(dtype=dtype)
        learned.build((None, layer.n_out))
        learned.set_weights([np.array(to_numpy(f.slope))])
        return learned
    known = [*NAMES, "leaky_relu", "elu", "parametric_relu"]
    raise ValueError(f"expected an activation that Keras has ({', '.join(known)}), got {f}")


def _keras() -> Any:
    try:
        return import_module("keras")
    except ModuleNotFoundError as error:
        raise ImportError(
            f"to_keras needs {error.name}: install nnkit with its extra 'frameworks'; the "
            "environment variable KERAS_BACKEND=jax says that Keras is to compute with JAX"
        ) from error
