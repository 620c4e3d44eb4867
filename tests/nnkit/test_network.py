"""The multilayer perceptron: passes, answers, parameters and error messages."""

import copy
import pickle
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnkit as nn
from nnkit import (
    losses,
    network,
)
from nnkit.activations import ACTIVATIONS, ELU, Activation, Softmax
from nnkit.losses import LOSSES, Loss

PAIRS = [
    (output, loss)
    for output in ACTIVATIONS
    for loss in LOSSES
    if LOSSES[loss].needs in (None, type(ACTIVATIONS[output]))
]
TRAINABLE = [(output, loss) for output, loss in PAIRS if ACTIVATIONS[output].trainable]


def examples(n=6, n_in=4, n_out=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, n_in)), rng.integers(0, n_out, n)


# ---------------------------------------------------------------- design


def test_the_net_of_deck_a_has_13002_parameters(capsys):
    net = nn.MLP([784, 16, 16, 10], output="softmax", loss="cross_entropy")
    assert net.n_params == net.theta.shape[0] == net.grad.shape[0] == 13_002
    net.summary()
    printed = capsys.readouterr().out
    for number in ("12,560", "272", "170", "13,002 parameters", "sigmoid", "softmax"):
        assert number in printed


def test_default_net_is_the_one_of_deck_a():
    net = nn.MLP([4, 3, 2])
    assert repr(net) == (
        "MLP([4, 3, 2], activation='sigmoid', output='sigmoid', loss='squared_error', "
        "dtype='float32')"
    )


def test_layers_are_views_into_theta_and_grad():
    net = nn.MLP([4, 3, 2], activation="relu", output="tanh")
    assert [(layer.W.shape, layer.b.shape) for layer in net.layers] == [
        ((3, 4), (3,)),
        ((2, 3), (2,)),
    ]
    assert [layer.activation.name for layer in net.layers] == ["relu", "tanh"]
    net.theta[...] = np.arange(net.n_params)
    net.grad[...] = -np.arange(net.n_params)
    flat = [values for layer in net.layers for values in (*layer.W.ravel(), *layer.b)]
    np.testing.assert_array_equal(flat, np.arange(net.n_params))
    flat = [values for layer in net.layers for values in (*layer.dW.ravel(), *layer.db)]
    np.testing.assert_array_equal(flat, -np.arange(net.n_params))


def test_every_hidden_layer_may_have_its_own_activation():
    net = nn.MLP([4, 3, 2, 2, 1], ["relu", ELU(0.5), "tanh"], "linear")
    assert [str(layer.activation) for layer in net.layers] == [
        "relu",
        "elu(alpha=0.5)",
        "tanh",
        "linear",
    ]
    assert repr(net).startswith("MLP([4, 3, 2, 2, 1], activation=['relu', 'elu(alpha=0.5)', 'tanh'")
    assert repr(nn.MLP([2, 1])).startswith("MLP([2, 1], activation=[], output='sigmoid'")
    net.summary()


def test_layers_with_more_than_weights_and_biases():
    net = nn.MLP([4, 3, 2, 2], ["parametric_relu", "maxout"], "linear", seed=0, dtype="float64")
    assert [layer.n_params for layer in net.layers] == [15 + 3, 2 * 8, 6]
    assert net.n_params == 40
    net.theta[...] = np.arange(40)
    np.testing.assert_array_equal(net.layers[0].activation.slope, [15, 16, 17])
    np.testing.assert_array_equal(net.layers[1].W, np.arange(18, 30).reshape(4, 3))
    np.testing.assert_array_equal(net.layers[1].b, [30, 31, 32, 33])
    np.testing.assert_array_equal(net.layers[2].b, [38, 39])
    twin = nn.MLP([4, 3, 2, 2], ["parametric_relu", "maxout"], "linear", seed=0)
    assert twin.layers[0].activation.slope[0] == 0.25  # each net and each layer has its own


def test_assigning_theta_writes_into_the_layers():
    net = nn.MLP([2, 1])
    first = net.layers[0]
    net.theta = [1, 2, 3]
    np.testing.assert_array_equal(first.W, [[1, 2]])
    net.theta -= 1
    np.testing.assert_array_equal(first.b, [2])


@given(seed=st.integers(0, 2**63), init=st.sampled_from(["glorot", "he", "uniform"]))
def test_same_seed_same_net(seed, init):
    one, same = (nn.MLP([4, 3, 2], init=init, seed=seed, dtype="float64") for _ in range(2))
    other = nn.MLP([4, 3, 2], init=init, seed=seed + 1, dtype="float64")
    np.testing.assert_array_equal(one.theta, same.theta)
    assert not np.array_equal(one.theta, other.theta)
    single = nn.MLP([4, 3, 2], init=init, seed=seed, dtype="float32")
    np.testing.assert_array_equal(single.theta, one.theta.astype(np.float32))


def test_global_random_state_is_left_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002, this is about the old state
    net = nn.MLP([4, 3, 2], seed=0)
    net.fit(*examples(n_out=2), epochs=2, seed=1)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    assert not np.array_equal(nn.MLP([4, 3]).theta, nn.MLP([4, 3]).theta)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sizes": [784]}, r"at least two positive whole numbers, got \[784\]"),
        ({"sizes": 784}, "at least two positive whole numbers, got 784"),
        ({"sizes": []}, r"at least two positive whole numbers, got \[\]"),
        ({"sizes": [4, 0, 2]}, r"got \[4, 0, 2\]"),
        ({"sizes": [4, -3, 2]}, r"got \[4, -3, 2\]"),
        ({"sizes": [4, 2.5, 2]}, r"got \[4, 2.5, 2\]"),
        ({"sizes": [True, 2]}, r"got \[True, 2\]"),
        ({"sizes": "42"}, "got '42'"),
        ({"activation": "swoosh"}, "expected an activation out of .*got 'swoosh'"),
        ({"output": "swoosh"}, "expected an activation out of .*got 'swoosh'"),
        ({"output": ["relu"]}, r"expected an activation out of .*got \['relu'\]"),
        ({"activation": nn.activations.ReLU}, "expected an activation out of .*got <class .*ReLU"),
        ({"loss": "mse"}, "expected a loss out of .*got 'mse'"),
        ({"loss": ["mse"]}, r"expected a loss out of .*got \['mse'\]"),
        ({"regularizer": 0.1}, r"expected a regularizer such as nn\.L2\(1e-4\), got 0\.1"),
        ({"regularizer": nn.L2}, "expected a regularizer .*got <class .*L2"),
        ({"activation": ["relu", "tanh"]}, "expected 1 hidden activations, got 2"),
        ({"activation": []}, "expected 1 hidden activations, got 0"),
        ({"activation": ["swoosh"]}, "expected an activation out of .*got 'swoosh'"),
        ({"init": "zeros"}, "expected init to be one of glorot, he, uniform, got 'zeros'"),
        ({"init": ["he", "he"]}, "expected init to be one of glorot, he, uniform, got .'he"),
        ({"seed": 1.5}, "expected seed to be None or a whole number from 0 on, got 1.5"),
        ({"dtype": "int32"}, "expected the dtype 'float32' or 'float64', got 'int32'"),
        ({"dtype": np.float16}, "got 'float16'"),
        (
            {"loss": "cross_entropy"},
            "the loss cross_entropy expects the output softmax, got sigmoid",
        ),
        (
            {"loss": "binary_cross_entropy", "output": "softmax"},
            "the loss binary_cross_entropy expects the output sigmoid, got softmax",
        ),
        ({"sizes": [4, 1], "output": "softmax"}, "softmax expects 2 or more outputs, got 1"),
    ],
)
def test_designs_that_make_no_net(arguments, message):
    with pytest.raises(ValueError, match=message):
        nn.MLP(**{"sizes": [4, 3, 2], **arguments})


def test_sizes_and_dtype_in_other_forms():
    net = nn.MLP(np.array([4, 3, 2]), dtype=np.float64)
    assert net.sizes == [4, 3, 2]
    assert net.dtype == "float64"
    assert net.theta.dtype == np.float64


# ---------------------------------------------------------------- forward and backward


def test_forward_pass_of_deck_b():
    deck = nn.two_three_one()
    net = nn.MLP([2, 3, 1], dtype="float64")
    net.set_params([(deck.W1, deck.b1), (deck.W2, deck.b2)])
    net.forward(deck.X)
    hidden, output = net.layers
    printed = [0, 1, 2, 8, 9]
    np.testing.assert_allclose(hidden.z[0], [0.614, -0.028, 2.01], atol=1e-12)
    np.testing.assert_array_equal(
        hidden.a[printed].round(2),
        [
            [0.65, 0.49, 0.88],
            [0.65, 0.55, 0.87],
            [0.68, 0.53, 0.92],
            [0.61, 0.46, 0.83],
            [0.44, 0.49, 0.29],
        ],
    )
    np.testing.assert_array_equal(output.a[printed, 0].round(2), [0.18, 0.17, 0.17, 0.18, 0.22])


def test_backward_pass_of_deck_b():
    deck = nn.two_three_one()
    net = nn.MLP([2, 3, 1], loss="half_squared_error_sum", dtype="float64")
    net.set_params([(deck.W1, deck.b1), (deck.W2, deck.b2)])
    net.forward(deck.X)
    net.backward(deck.Y)
    hidden, output = net.layers
    np.testing.assert_allclose(output.error[[0, 8], 0], [0.18, -0.82], atol=0.005)
    np.testing.assert_allclose(
        output.delta[[0, 1, 2, 8, 9], 0], [0.025, 0.024, 0.023, -0.122, 0.039], atol=0.001
    )
    np.testing.assert_array_equal(hidden.error[8].round(3), [0.073, 0.073, 0.037])
    np.testing.assert_array_equal(hidden.delta[8].round(3), [0.017, 0.018, 0.005])
    nn.SGD(learning_rate=0.5).step(net)
    np.testing.assert_array_equal(output.W.round(3), [[-0.496, -0.506, -0.233]])
    np.testing.assert_array_equal(output.b.round(3), [-0.327])
    np.testing.assert_array_equal(hidden.W.round(3).T[0], [-0.230, 0.370, -1.008])
    np.testing.assert_array_equal(hidden.b.round(3), [0.061, -0.238, 0.386])


def test_every_layer_keeps_what_the_passes_computed():
    net = nn.MLP([4, 5, 3], output="softmax", loss="cross_entropy", seed=0)
    X, y = examples()
    a = net.forward(X)
    net.backward(y)
    assert a is net.layers[-1].a
    for layer, n_out in zip(net.layers, [5, 3], strict=True):
        for values in (layer.z, layer.a, layer.error, layer.delta):
            assert values.shape == (6, n_out)
            assert values.dtype == np.float32
        assert layer.dW.shape == layer.W.shape
        assert layer.db.shape == layer.b.shape
    np.testing.assert_array_equal(net.layers[1].x, net.layers[0].a)


def test_backward_goes_from_layer_to_layer():
    net = nn.MLP([4, 5, 6, 3], "tanh", seed=0, dtype="float64")
    X, labels = examples()
    Y = np.eye(3)[labels]
    net.forward(X)
    net.backward(Y)
    first, second, output = net.layers
    np.testing.assert_allclose(output.error, 2 * (output.a - Y) / 6)
    np.testing.assert_allclose(output.delta, output.error * output.a * (1 - output.a))
    np.testing.assert_allclose(second.error, output.delta @ output.W)
    np.testing.assert_allclose(second.delta, second.error * (1 - second.a**2))
    np.testing.assert_allclose(first.error, second.delta @ second.W)
    np.testing.assert_allclose(first.delta, first.error * (1 - first.a**2))
    np.testing.assert_allclose(first.dW, first.delta.T @ X)


def test_backward_changes_no_parameter():
    net = nn.MLP([4, 5, 3], seed=0)
    before = net.theta.copy()
    X, y = examples()
    net.forward(X)
    net.backward(y)
    np.testing.assert_array_equal(net.theta, before)
    assert net.grad.any()


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@settings(max_examples=5)
@given(n=st.integers(1, 5), seed=st.integers(0, 1000))
def test_batch_gradient_is_mean_or_sum_of_single_gradients(output, loss, n, seed):
    net = nn.MLP(
        [4, 5, 2, 3], ["parametric_relu", "maxout"], output, loss, seed=seed, dtype="float64"
    )
    X, labels = examples(n=n, seed=seed)
    Y = np.eye(3)[labels]
    singles = []
    for i in range(n):
        net.forward(X[i : i + 1])
        net.backward(Y[i : i + 1])
        singles.append(net.grad.copy())
    net.forward(X)
    net.backward(Y)
    expected = np.sum(singles, axis=0) if loss.endswith("_sum") else np.mean(singles, axis=0)
    np.testing.assert_allclose(net.grad, expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_arguments_are_unchanged_and_may_be_read_only(output, loss):
    net = nn.MLP([4, 5, 3], "relu", output, loss, seed=0, dtype="float64")
    X, labels = examples()
    Y = np.eye(3)[labels]
    X.flags.writeable = Y.flags.writeable = False
    before = X.copy(), Y.copy()
    net.forward(X)
    net.backward(Y)
    if net.output.trainable:
        net.fit(X, Y, epochs=2, batch_size=4, validation=(X, Y))
    net.evaluate(X, Y)
    net.predict(X)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(Y, before[1])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_is_kept_whatever_comes_in(dtype):
    net = nn.MLP([4, 5, 3], dtype=dtype, seed=0)
    for X in (np.ones((2, 4), dtype=np.uint8), np.ones((2, 4)), [[1, 2, 3, 4], [4, 3, 2, 1]]):
        assert net.forward(X).dtype == dtype
        net.backward([0, 1])
        nn.SGD(np.float64(0.1)).step(net)
        assert net.theta.dtype == net.grad.dtype == dtype


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_pictures_of_bytes_give_what_the_same_numbers_give(dtype):
    rng = np.random.default_rng(0)
    X, labels = rng.integers(0, 256, (23, 4), dtype=np.uint8), rng.integers(0, 3, 23)
    results = []
    for inputs in (X, X.astype(dtype), X.astype(np.int64)):
        net = nn.MLP([4, 5, 3], output="softmax", loss="cross_entropy", seed=0, dtype=dtype)
        history = net.fit(
            inputs, labels, 3, 10, optimizer=nn.SGD(1e-3), seed=0, validation=(inputs, labels)
        )
        a = net.forward(inputs)
        net.backward(labels)
        answers = net.predict(inputs), net.evaluate(inputs, labels), history.to_dict()
        results.append((net.theta.copy(), net.grad.copy(), a, *answers))
        assert net.theta.dtype == a.dtype == dtype
    for other in results[1:]:
        for first, same in zip(results[0], other, strict=True):
            np.testing.assert_equal(same, first)


def test_one_example_is_a_batch():
    net = nn.MLP([4, 5, 3], output="softmax", loss="cross_entropy", seed=0, dtype="float64")
    X, labels = examples()
    whole = net.forward(X)
    for i in range(len(X)):
        np.testing.assert_allclose(net.forward(X[i : i + 1]), whole[i : i + 1], rtol=1e-14)
        assert net.predict(X[i : i + 1]) == net.predict(X)[i]
    net.backward(labels[-1:])
    assert net.grad.shape == net.theta.shape


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("output", "loss"), TRAINABLE)
def test_huge_inputs_are_silent(output, loss, dtype):
    net = nn.MLP([4, 5, 3], "sigmoid", output, loss, seed=0, dtype=dtype)
    X, labels = examples()
    Y = np.eye(3)[labels]
    assert np.isfinite(net.forward(X * 1e6)).all()
    net.backward(Y)
    assert np.isfinite(net.grad).all()
    assert np.isfinite(net.evaluate(X * 1e6, Y).loss)
    net.predict(X * 1e6)


def test_numbers_that_the_dtype_cannot_hold():
    X, _ = examples()
    X[2, 1] = 1e39
    with pytest.raises(ValueError, match="finite numbers in X, got nan or infinity in 1 places"):
        nn.MLP([4, 3]).forward(X)
    nn.MLP([4, 3], dtype="float64").forward(X)


def test_nan_in_the_parameters_is_not_hidden():
    net = nn.MLP([4, 5, 3], "relu", seed=0)
    X, labels = examples()
    net.theta[0] = np.nan
    assert np.isnan(net.forward(X)).all()
    net.backward(labels)
    assert np.isnan(net.grad).any()
    assert np.isnan(net.evaluate(X, labels).loss)


def test_backward_before_forward():
    with pytest.raises(RuntimeError, match=r"call forward\(X\) first"):
        nn.MLP([4, 3]).backward(np.ones((2, 3)))


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.ones((6, 5)), r"expected X of shape \(n, 4\), got \(6, 5\)"),
        (np.ones(4), r"expected X of shape \(n, 4\), got \(4,\)"),
        (np.ones((0, 4)), r"expected X of shape \(n, 4\), got \(0, 4\)"),
        (np.ones((0, 4), dtype=np.uint8), r"expected X of shape \(n, 4\), got \(0, 4\)"),
        (np.ones((6, 5), dtype=np.uint8), r"expected X of shape \(n, 4\), got \(6, 5\)"),
        (np.full((6, 4), 1j), "expected numbers in X, got the dtype complex128"),
        (np.full((6, 4), np.nan), "expected finite numbers in X, got nan or infinity in 24 places"),
        (np.full((6, 4), -np.inf), "expected finite numbers in X"),
        (np.full((6, 4), "0.5"), "expected numbers in X"),
    ],
)
def test_wrong_inputs(X, message):
    net = nn.MLP([4, 3])
    Y = np.ones((6, 3))
    for use in (
        lambda: net.forward(X),
        lambda: net.predict(X),
        lambda: net.evaluate(X, Y),
        lambda: net.fit(X, Y, epochs=1),
        lambda: nn.gradient_check(net, X, Y),
    ):
        with pytest.raises(ValueError, match=message):
            use()


@pytest.mark.parametrize(
    ("Y", "message"),
    [
        (np.ones((5, 3)), r"expected Y of shape \(6, 3\), got \(5, 3\)"),
        (np.ones((6, 2)), r"expected Y of shape \(6, 3\), got \(6, 2\)"),
        (np.ones(6), "expected class numbers to be integers, got the dtype float64"),
        (np.zeros(5, dtype=int), r"expected class numbers Y of shape \(6,\), got \(5,\)"),
        ([[1, 0, 0], [1, 0]], "expected numbers in Y, got lists of different lengths in it"),
        (["a"] * 6, "expected numbers in Y, got the dtype <U1"),
        (np.full((6, 3), np.nan), "expected finite numbers in Y"),
        (np.full(6, 3), "expected class numbers 0 … 2, got 3 … 3"),
        (np.ones((6, 3)), "cross_entropy expects targets of 0 or more that sum to 1"),
    ],
)
def test_wrong_targets(Y, message):
    net = nn.MLP([4, 3], output="softmax", loss="cross_entropy")
    X, _ = examples()
    net.forward(X)
    for use in (
        lambda: net.backward(Y),
        lambda: net.evaluate(X, Y),
        lambda: net.fit(X, Y, epochs=1),
        lambda: nn.gradient_check(net, X, Y),
    ):
        with pytest.raises(ValueError, match=message):
            use()


def test_class_numbers_are_as_good_as_rows():
    net = nn.MLP([4, 3], output="softmax", loss="cross_entropy", seed=0)
    X, labels = examples()
    grads = []
    for Y in (labels, list(labels), labels.astype(np.uint8), np.eye(3)[labels]):
        net.forward(X)
        net.backward(Y)
        grads.append(net.grad.copy())
        assert net.evaluate(X, Y) == net.evaluate(X, labels)
    for grad in grads[1:]:
        np.testing.assert_array_equal(grad, grads[0])


def test_class_numbers_of_one_sigmoid():
    net = nn.MLP([4, 1], seed=0)
    X, labels = examples(n_out=2)
    net.forward(X)
    net.backward(labels)
    grad = net.grad.copy()
    net.backward(labels[:, None])
    np.testing.assert_array_equal(net.grad, grad)
    net.backward(labels == 1)
    np.testing.assert_array_equal(net.grad, grad)


def test_class_numbers_mean_nothing_to_a_regression():
    net = nn.MLP([4, 3], output="linear")
    X, labels = examples()
    net.forward(X)
    with pytest.raises(ValueError, match=r"expected Y of shape \(6, 3\), got \(6,\)"):
        net.backward(labels)


# ---------------------------------------------------------------- answers


def identity_net(n, output, loss):
    """Return a net without hidden layers whose weighted sums are its inputs."""
    net = nn.MLP([n, n], output=output, loss=loss, dtype="float64")
    net.set_params([(np.eye(n), np.zeros(n))])
    return net


def test_answers_of_classes():
    z = np.array([[0.1, 3, 2], [5, 3, 2], [-1, -2, -0.5], [0, 1, 0]])
    for output, loss in (("softmax", "cross_entropy"), ("sigmoid", "squared_error")):
        net = identity_net(3, output, loss)
        np.testing.assert_array_equal(net.predict(z), [1, 0, 2, 1])
        assert net.evaluate(z, np.array([1, 0, 2, 2])).accuracy == 0.75


def test_answers_of_one_sigmoid():
    net = identity_net(1, "sigmoid", "squared_error")
    z = np.array([[-2.0], [0.0], [1e-9], [3.0]])
    np.testing.assert_array_equal(net.predict(z), [0, 0, 1, 1])
    assert net.predict(z).dtype.kind == "i"
    assert net.evaluate(z, [[0], [1], [1], [1]]).accuracy == 0.75


def test_answers_of_labels():
    net = identity_net(3, "sigmoid", "binary_cross_entropy")
    z = np.array([[1.0, 2, -3], [-1, -2, -3]])
    np.testing.assert_array_equal(net.predict(z), [[1, 1, 0], [0, 0, 0]])
    assert net.evaluate(z, [[1, 0, 0], [0, 0, 0]]).accuracy == pytest.approx(5 / 6)


@pytest.mark.parametrize("output", ["linear", "tanh", "relu"])
def test_answers_of_a_regression(output):
    net = identity_net(2, output, "half_squared_error")
    X = np.array([[0.3, -0.4], [1, 2]])
    np.testing.assert_array_equal(net.predict(X), net.forward(X))
    loss, accuracy = net.evaluate(X, np.zeros((2, 2)))
    assert accuracy is None
    assert loss == pytest.approx((net.forward(X) ** 2).sum() / 4)


def test_predict_and_evaluate_leave_what_the_layers_keep():
    net = nn.MLP([4, 5, 3], seed=0)
    X, y = examples()
    net.forward(X)
    kept = [(layer.x, layer.z, layer.a) for layer in net.layers]
    net.predict(X[:2])
    net.evaluate(X[:2], y[:2])
    for layer, (x, z, a) in zip(net.layers, kept, strict=True):
        assert layer.x is x
        assert layer.z is z
        assert layer.a is a
    net.backward(y)


def test_large_sets_are_evaluated_in_pieces(monkeypatch):
    net = nn.MLP([4, 5, 3], seed=0, dtype="float64")
    X, y = examples(n=50)
    whole = net.predict(X), net.evaluate(X, y)
    monkeypatch.setattr(network, "ROWS_AT_ONCE", 7)
    np.testing.assert_array_equal(net.predict(X), whole[0])
    assert net.evaluate(X, y) == pytest.approx(whole[1])


# ---------------------------------------------------------------- parameters


@pytest.mark.parametrize("regularizer", [nn.L1(0.3), nn.L2(0.3)])
def test_weights_cost_and_biases_are_free(regularizer):
    plain = nn.MLP([4, 5, 3], "tanh", seed=0, init="uniform", dtype="float64")
    priced = nn.MLP(
        [4, 5, 3], "tanh", regularizer=regularizer, seed=0, init="uniform", dtype="float64"
    )
    X, labels = examples()
    expected = {"L1": lambda w: 0.3 * np.abs(w), "L2": lambda w: 0.15 * w**2}
    slope = {"L1": lambda w: 0.3 * np.sign(w), "L2": lambda w: 0.3 * w}
    kind = type(regularizer).__name__
    cost = sum(expected[kind](layer.W).sum() for layer in plain.layers)
    assert priced.evaluate(X, labels).loss == pytest.approx(plain.evaluate(X, labels).loss + cost)
    assert priced.evaluate(X, labels).accuracy == plain.evaluate(X, labels).accuracy
    for net in (plain, priced):
        net.forward(X)
        net.backward(labels)
    for free, paid in zip(plain.layers, priced.layers, strict=True):
        np.testing.assert_allclose(paid.dW, free.dW + slope[kind](free.W), rtol=1e-12)
        np.testing.assert_array_equal(paid.db, free.db)


def test_set_params_copies():
    net = nn.MLP([2, 3, 1], dtype="float64")
    W1, b1, W2, b2 = np.arange(6).reshape(3, 2), np.ones(3), np.ones((1, 3)), np.array([5])
    net.set_params([(W1, b1), (W2, b2)])
    np.testing.assert_array_equal(net.theta, [0, 1, 2, 3, 4, 5, 1, 1, 1, 1, 1, 1, 5])
    net.theta += 1
    assert W1[0, 0] == 0
    assert b2[0] == 5


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ([(np.ones((3, 2)), np.ones(3))], r"expected 2 pairs \(W, b\), got 1"),
        ([np.ones((3, 2)), np.ones(3)], r"expected pairs \(W, b\), got array"),
        ([(np.ones((3, 2)),), (np.ones((1, 3)),)], r"expected pairs \(W, b\), got \(array"),
        (None, r"expected pairs \(W, b\), got None"),
        (
            [(np.ones((2, 3)), np.ones(3)), (np.ones((1, 3)), np.ones(1))],
            r"expected W of layers\[0\] of shape \(3, 2\), got \(2, 3\)",
        ),
        (
            [(np.ones((3, 2)), np.ones(3)), (np.ones((1, 3)), np.ones(2))],
            r"expected b of layers\[1\] of shape \(1,\), got \(2,\)",
        ),
        (
            [(np.ones((3, 2)), np.ones(3)), (np.full((1, 3), np.nan), np.ones(1))],
            r"expected finite numbers in W of layers\[1\]",
        ),
    ],
)
def test_wrong_params_change_nothing(params, message):
    net = nn.MLP([2, 3, 1])
    before = net.theta.copy()
    with pytest.raises(ValueError, match=message):
        net.set_params(params)
    np.testing.assert_array_equal(net.theta, before)


@pytest.mark.parametrize(
    "duplicate", [nn.MLP.copy, copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))]
)
def test_copies_have_their_own_parameters(duplicate):
    net = nn.MLP([4, 5, 3], output="softmax", loss="cross_entropy", seed=0)
    before = net.theta.copy()
    twin = duplicate(net)
    assert repr(twin) == repr(net)
    twin.fit(*examples(), epochs=1)
    np.testing.assert_array_equal(net.theta, before)
    np.testing.assert_array_equal(twin.theta[:20], twin.layers[0].W.ravel())
    assert not np.array_equal(twin.theta, before)


def test_copy_in_another_dtype():
    net = nn.MLP([4, 3], seed=0)
    twin = net.copy(dtype="float64")
    assert twin.dtype == "float64"
    assert twin.layers[0].W.dtype == np.float64
    np.testing.assert_array_equal(twin.theta, net.theta)
    with pytest.raises(ValueError, match="got 'int8'"):
        net.copy(dtype="int8")


def test_to_numpy_and_to_a_gpu(monkeypatch):
    net = nn.MLP([4, 3], seed=0)
    before = net.theta.copy()
    assert net.to("numpy") is net
    np.testing.assert_array_equal(net.theta, before)
    cupy = ModuleType("cupy")
    cupy.cuda = SimpleNamespace(is_available=lambda: True)
    cupy.asarray = lambda x: np.array(x)
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    net.to("cupy").theta[0] = 7
    assert net.layers[0].W[0, 0] == 7
    cupy.cuda.is_available = lambda: False
    with pytest.raises(RuntimeError, match="finds no GPU"):
        net.to("cupy")
    assert net.theta[0] == 7


# ---------------------------------------------------------------- own parts, documentation


def test_own_activation_and_loss():
    class Cube(Activation):
        name = "cube"

        def value(self, z):
            return z**3

        def derivative(self, z, a):
            return 3 * z**2

    class Quartic(Loss):
        name = "quartic"

        def costs(self, z, a, Y):
            return (a - Y) ** 4

        def error(self, z, a, Y):
            return 4 * (a - Y) ** 3

    net = nn.MLP([4, 5, 3], Cube(), "linear", Quartic(), seed=0)
    X, labels = examples()
    assert nn.gradient_check(net, X, np.eye(3)[labels]) < 1e-7


def test_new_instances_are_as_good_as_names():
    net = nn.MLP([4, 3], output=Softmax(), loss=losses.CrossEntropy(), seed=0)
    X, labels = examples()
    same = nn.MLP([4, 3], output="softmax", loss="cross_entropy", seed=0)
    assert net.evaluate(X, labels) == same.evaluate(X, labels)
