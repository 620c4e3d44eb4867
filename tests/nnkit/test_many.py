import json
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import nnkit as nn

RATES = [0.01, 0.2, 0.5]


def examples(n_out, classes=False):
    rng = np.random.default_rng(5)
    X = rng.normal(size=(7, 3))
    if classes:
        return X, rng.integers(0, n_out, 7)
    return X, rng.random((7, n_out))


def alone(net, X, Y, epochs, rate):
    """Train a copy of `net` by itself; return it and the losses of its epochs."""
    twin = net.copy()
    optimizer = nn.SGD(rate)
    history = twin.fit(X, Y, epochs, batch_size=None, shuffle=False, optimizer=optimizer)
    return twin, history.loss


HIDDEN = [
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "shifted_relu",
    "parametric_relu",
    "maxout",
    "softplus",
    "elu",
    "swish",
    "linear",
]
NETS = [
    *[{"activation": f, "output": "linear", "loss": "half_squared_error"} for f in HIDDEN],
    *[{"loss": f"{half}squared_error{end}"} for half in ("", "half_") for end in ("", "_sum")],
    {"output": "softmax", "loss": "cross_entropy"},
    {"output": "softmax", "loss": "half_squared_error"},
    {"output": "sigmoid", "loss": "binary_cross_entropy"},
    {"output": "maxout", "loss": "squared_error"},
    {"activation": "tanh", "loss": "squared_error", "regularizer": nn.L1(0.01)},
    {"activation": "tanh", "loss": "squared_error", "regularizer": nn.L2(0.01)},
]


@pytest.mark.parametrize("design", NETS, ids=lambda design: "-".join(map(str, design.values())))
def test_each_net_goes_the_way_that_it_would_go_alone(design):
    net = nn.MLP([3, 5, 4, 2], **design, seed=1, dtype="float64")
    X, Y = examples(2, classes=net.output.name == "softmax")
    result = nn.train_many(net, X, Y, epochs=40, learning_rates=RATES, every_epoch=True)
    assert result.loss.shape == (40, 3)
    for i, rate in enumerate(RATES):
        trained, losses = alone(net, X, Y, 40, rate)
        np.testing.assert_allclose(result.loss[:, i], losses, rtol=0, atol=1e-12)
        np.testing.assert_allclose(result.theta[:, i], trained.theta, rtol=0, atol=1e-12)
        halfway, _ = alone(net, X, Y, 20, rate)
        np.testing.assert_allclose(result.net(i, epoch=20).theta, halfway.theta, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(result.net(1, epoch=0).theta, net.theta)


def test_deck_b_s_net_gives_deck_b_s_numbers():
    data = nn.two_three_one()
    net = nn.MLP([2, 3, 1], loss="half_squared_error_sum", dtype="float64")
    net.set_params([(data.W1, data.b1), (data.W2, data.b2)])
    result = nn.train_many(net, data.X, data.Y, 1000, learning_rates=[0.1, 0.5])
    np.testing.assert_allclose(
        result.loss[[0, 9, 99, 999], 1], [1.5507, 0.9638, 0.4103, 0.0202], atol=5e-5
    )
    W1 = result.net(1).layers[0].W
    np.testing.assert_allclose(W1[:, 0], [2.8347, 4.3815, 1.7335], atol=5e-5)
    for i, rate in enumerate(result.learning_rates):
        trained, losses = alone(net, data.X, data.Y, 1000, rate)
        np.testing.assert_allclose(result.loss[:, i], losses, rtol=0, atol=1e-12)
        np.testing.assert_allclose(result.theta[:, i], trained.theta, rtol=0, atol=1e-12)


def test_nets_of_other_seeds_with_one_rate_or_with_one_each():
    nets = [nn.MLP([3, 4, 1], init="uniform", seed=seed, dtype="float64") for seed in range(3)]
    before = [net.theta.copy() for net in nets]
    X, Y = examples(1)
    for rates in (0.3, RATES):
        result = nn.train_many(nets, X, Y, 30, learning_rates=rates)
        assert len(result) == 3
        for i, rate in enumerate(np.broadcast_to(rates, 3)):
            trained, losses = alone(nets[i], X, Y, 30, float(rate))
            np.testing.assert_allclose(result.loss[:, i], losses, rtol=0, atol=1e-12)
            np.testing.assert_allclose(result.net(i).theta, trained.theta, rtol=0, atol=1e-12)
    for net, theta in zip(nets, before, strict=True):
        np.testing.assert_array_equal(net.theta, theta)


def test_float32_stays_float32():
    net = nn.MLP([3, 4, 1], seed=0)
    X, Y = examples(1)
    result = nn.train_many(net, X, Y, 20, learning_rates=RATES)
    assert result.loss.dtype == result.theta.dtype == result.net(0).theta.dtype == np.float32
    _, losses = alone(net, X, Y, 20, RATES[2])
    np.testing.assert_allclose(result.loss[:, 2], losses, rtol=1e-5)


def test_a_net_that_diverges_is_silent_and_leaves_the_others_alone():
    net = nn.MLP([3, 4, 1], "relu", "linear", seed=0, dtype="float64")
    X, Y = examples(1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = nn.train_many(net, X, Y, 300, learning_rates=[0.05, 1e6, 0.1])
    assert not np.isfinite(result.loss[-1, 1])
    assert not np.isfinite(result.theta[:, 1]).all()
    others = nn.train_many(net, X, Y, 300, learning_rates=[0.05, 0.1])
    np.testing.assert_array_equal(result.loss[:, ::2], others.loss)
    np.testing.assert_array_equal(result.theta[:, ::2], others.theta)


def test_a_single_net_and_a_net_without_hidden_layers():
    net = nn.MLP([3, 2], seed=0, dtype="float64")
    X, Y = examples(2)
    result = nn.train_many(net, X, Y, 10)
    assert result.loss.shape == (10, 1)
    assert result.learning_rates.tolist() == [0.1]
    trained, _ = alone(net, X, Y, 10, 0.1)
    np.testing.assert_allclose(result.net(0).theta, trained.theta, rtol=0, atol=1e-12)


def test_nets_are_independent_of_one_another_and_of_the_result():
    net = nn.MLP([3, 4, 1], seed=0)
    result = nn.train_many(net, *examples(1), 5, learning_rates=RATES)
    first = result.net(0)
    first.theta -= 1
    assert not np.array_equal(first.theta, result.net(0).theta)
    assert repr(result) == f"ManyNets(3 × {net!r}, 5 epochs)"


def nets(**other):
    return [nn.MLP([3, 4, 1], seed=0), nn.MLP([3, 4, 1], seed=1, **other)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"nets": []}, r"expected a net or a list of them, got \[\]"),
        ({"nets": None}, r"expected a net or a list of them, got \[None\]"),
        ({"nets": "ab"}, "expected a net or a list of them, got .'a', 'b'"),
        ({"nets": nets(activation="tanh")}, "differ in their parameters alone, got MLP.*tanh"),
        ({"nets": nets(dtype="float64")}, "differ in their parameters alone"),
        ({"nets": nets(regularizer=nn.L2(1))}, r"regularizer None and .*regularizer L2\(1\)"),
        ({"nets": nets(), "learning_rates": RATES}, "expected 1 or 2 learning rates, got 3"),
        ({"learning_rates": []}, "expected one learning rate or more, got none"),
        ({"learning_rates": [0.1, -1]}, "expected learning_rate to be a positive number, got"),
        ({"learning_rates": [0.1, np.inf]}, "expected learning_rate to be a positive number, got"),
        ({"epochs": 0}, "expected epochs to be a whole number from 1 on, got 0"),
        ({"X": np.ones((7, 2))}, r"expected X of shape \(n, 3\), got \(7, 2\)"),
        ({"Y": np.ones((6, 1))}, r"expected Y of shape \(7, 1\), got \(6, 1\)"),
        ({"nets": nn.MLP([3, 4, 1], "unit_step")}, "gradient descent cannot train"),
    ],
)
def test_what_is_wrong_is_said(arguments, message):
    X, Y = examples(1)
    good = {"nets": nn.MLP([3, 4, 1], seed=0), "X": X, "Y": Y, "epochs": 2}
    with pytest.raises(ValueError, match=message):
        nn.train_many(**good | arguments)


def test_epochs_that_were_not_kept_are_not_given():
    result = nn.train_many(nn.MLP([3, 4, 1], seed=0), *examples(1), 5)
    with pytest.raises(ValueError, match="train with every_epoch=True"):
        result.net(0, epoch=2)
    with pytest.raises(IndexError):
        result.net(1)


@pytest.mark.gpu
def test_a_gpu_gives_the_same_numbers():
    cupy = pytest.importorskip("cupy", reason="CuPy is not installed")
    if not cupy.cuda.is_available():
        pytest.skip("CuPy finds no GPU")
    X, Y = examples(2)
    net = nn.MLP([3, 5, 4, 2], ["parametric_relu", "maxout"], seed=0, dtype="float64")
    here = nn.train_many(net, X, Y, 20, learning_rates=RATES, every_epoch=True)
    there = nn.train_many(net.copy().to("cupy"), X, Y, 20, learning_rates=RATES, every_epoch=True)
    assert isinstance(there.theta, cupy.ndarray)
    np.testing.assert_allclose(there.loss, here.loss, rtol=0, atol=1e-12)
    np.testing.assert_allclose(there.theta.get(), here.theta, rtol=0, atol=1e-12)
    middle = there.net(1, epoch=10).theta.get()
    np.testing.assert_allclose(middle, here.theta_by_epoch[10, :, 1], rtol=0, atol=1e-12)


def test_the_benchmark_trains_the_same_nets_in_both_ways():
    script = Path(__file__).parents[2] / "benchmarks" / "many.py"
    command = [sys.executable, script, "--json", "--runs", "1", "--epochs", "20"]
    record = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert (record["nets"], record["epochs"]) == (50, 20)
    assert record["largest_difference_of_a_parameter"] < 1e-12
    assert record["ms_at_once"] > 0
