"""The same net in Keras, against the real Keras."""

import os
import sys

import numpy as np
import pytest

import nnkit as nn
from nnkit import activations, frameworks

os.environ.setdefault("KERAS_BACKEND", "jax")


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras", reason="Keras is in the extra 'frameworks'")


IN_KERAS = [
    *frameworks.NAMES,
    activations.LeakyReLU(0.3),
    activations.ELU(0.7),
    activations.ParametricReLU(0.4),
]


@pytest.mark.parametrize("f", IN_KERAS, ids=str)
def test_the_same_outputs(keras, f):
    net = nn.MLP([5, 7, 6, 3], f, output="softmax", init="uniform", seed=1, dtype="float64")
    for layer in net.layers:
        if layer.activation.params_per_neuron:
            layer.activation.slope[...] = np.linspace(0.1, 0.5, layer.n_out)
    X = np.random.default_rng(0).normal(size=(20, 5))
    theirs = np.asarray(frameworks.to_keras(net)(X))  # JAX computes in float32
    np.testing.assert_allclose(theirs, net.forward(X), rtol=1e-5)


def test_the_same_parameters_and_a_net_of_its_own(keras):
    net = nn.MLP([784, 16, 16, 10], output="softmax", loss="cross_entropy", seed=0)
    model = frameworks.to_keras(net)
    assert model.count_params() == 13_002
    W, b = model.layers[0].get_weights()
    np.testing.assert_array_equal(W, net.layers[0].W.T)
    np.testing.assert_array_equal(b, net.layers[0].b)
    before = net.theta.copy()
    model.layers[0].set_weights([0 * W, b])
    np.testing.assert_array_equal(net.theta, before)


def test_training_the_net_leaves_the_model_alone(keras):
    # JAX takes over memory that starts at a multiple of 64: of twenty nets, some do.
    nets = [nn.MLP([5, 16, 1, 3], seed=seed) for seed in range(20)]
    models = [frameworks.to_keras(net) for net in nets]
    weights = [[np.array(w) for w in model.get_weights()] for model in models]
    for net in nets:
        net.theta += 1.0
    for model, before in zip(models, weights, strict=True):
        for now, then in zip(model.get_weights(), before, strict=True):
            np.testing.assert_array_equal(now, then)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_keras_trains_it_to_the_same_net(keras):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(32, 4)).astype("float32")
    Y = np.eye(3, dtype="float32")[rng.integers(0, 3, 32)]
    net = nn.MLP([4, 6, 3], "tanh", "softmax", "cross_entropy", seed=0)
    model = frameworks.to_keras(net)
    model.compile(keras.optimizers.SGD(0.2), "categorical_crossentropy")
    model.fit(X, Y, epochs=3, batch_size=8, shuffle=False, verbose=0)
    net.fit(X, Y, 3, 8, optimizer=nn.SGD(0.2), shuffle=False)
    np.testing.assert_allclose(np.asarray(model(X)), net.forward(X), atol=1e-5)


@pytest.mark.parametrize("f", ["heaviside", "maxout", "shifted_relu"])
def test_what_keras_does_not_have(keras, f):
    with pytest.raises(ValueError, match=f"expected an activation that Keras has .*got {f}"):
        frameworks.to_keras(nn.MLP([2, 3, 1], f))


def test_without_keras(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    with pytest.raises(ImportError, match="needs keras: install nnkit with its extra 'frameworks'"):
        frameworks.to_keras(nn.MLP([2, 1]))
