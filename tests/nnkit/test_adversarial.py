import copy
import math

import array_api_strict
import numpy as np
import pytest

import nnkit as nn


def numerical(net, X, Y, eps=1e-6):
    """Return the gradient of the loss for the inputs by central differences."""
    gradient = np.empty_like(X)
    for index in np.ndindex(X.shape):
        step = np.zeros_like(X)
        step[index] = eps
        costs = [net.evaluate(X + sign * step, Y).loss for sign in (1, -1)]
        gradient[index] = (costs[0] - costs[1]) / (2 * eps)
    return gradient


NETS = [
    {"loss": "half_squared_error_sum"},
    {"loss": "squared_error", "regularizer": nn.L2(0.1)},
    {"activation": "parametric_relu", "output": "linear"},
    {"activation": "maxout", "output": "softmax", "loss": "cross_entropy"},
    {"activation": "tanh", "loss": "binary_cross_entropy"},
]


@pytest.mark.parametrize("design", NETS, ids=lambda design: "-".join(map(str, design.values())))
def test_gradient_is_what_differences_give(design):
    net = nn.MLP([4, 5, 3], **design, seed=1, dtype="float64")
    rng = np.random.default_rng(2)
    X, Y = rng.normal(size=(6, 4)), np.eye(3)[rng.integers(0, 3, 6)]
    gradient = nn.input_gradient(net, X, Y)
    np.testing.assert_allclose(gradient, numerical(net, X, Y), rtol=1e-6, atol=1e-9)
    one = nn.input_gradient(net, X[0], Y[0])
    assert one.shape == (4,)
    np.testing.assert_allclose(one, numerical(net, X[:1], Y[:1])[0], rtol=1e-6, atol=1e-9)


def everything(net):
    layers = [(layer.x, layer.z, layer.a, layer.error, layer.delta) for layer in net.layers]
    slopes = [layer.activation.dslope for layer in net.layers[:-1]]
    return copy.deepcopy((net.theta, net.grad, layers, slopes))


def test_the_net_stays_as_it_is():
    net = nn.MLP([4, 5, 2], "parametric_relu", "softmax", "cross_entropy", seed=0)
    rng = np.random.default_rng(0)
    X, Y = rng.random((5, 4)), rng.integers(0, 2, 5)
    net.forward(X)
    net.backward(Y)
    before = everything(net)
    other, labels = rng.random((7, 4)), rng.integers(0, 2, 7)
    kept = other.copy()
    nn.input_gradient(net, other, labels)
    nn.fgsm(net, other, labels, 0.1)
    nn.smallest_epsilon(net, other, labels, steps=3)
    np.testing.assert_equal(everything(net), before)
    np.testing.assert_array_equal(other, kept)


@pytest.mark.parametrize(
    ("n_out", "output", "loss", "targets"),
    [
        (3, "softmax", "cross_entropy", [2, np.int64(2), [0, 0, 1]]),
        (1, "sigmoid", "binary_cross_entropy", [1, 1.0, [1], np.array([1.0])]),
        (1, "linear", "squared_error", [1, 1.0, [1.0]]),
    ],
)
def test_targets_of_one_example(n_out, output, loss, targets):
    net = nn.MLP([4, n_out], output=output, loss=loss, seed=0)
    x = np.array([0.1, 0.9, 0.4, 0.5])
    row = np.array([[0.0, 0.0, 1.0]]) if n_out == 3 else np.array([[1.0]])
    expected = nn.input_gradient(net, x[None], row)[0]
    for y in targets:
        np.testing.assert_array_equal(nn.input_gradient(net, x, y), expected)
        np.testing.assert_array_equal(nn.fgsm(net, x, y, 0.05), nn.fgsm(net, x[None], row, 0.05)[0])


def test_fgsm_moves_every_input_by_epsilon_uphill():
    net = nn.MLP([4, 5, 3], output="softmax", loss="cross_entropy", seed=0, dtype="float64")
    rng = np.random.default_rng(1)
    X, Y = rng.normal(size=(6, 4)), rng.integers(0, 3, 6)
    changed = nn.fgsm(net, X, Y, 0.01, low=-math.inf, high=math.inf)
    np.testing.assert_allclose(np.abs(changed - X), 0.01)
    np.testing.assert_array_equal(np.sign(changed - X), np.sign(nn.input_gradient(net, X, Y)))
    for i in range(6):
        rows = slice(i, i + 1)
        assert net.evaluate(changed[rows], Y[rows]).loss > net.evaluate(X[rows], Y[rows]).loss
    X = rng.random((6, 4))
    clipped = nn.fgsm(net, X, Y, 0.5)
    assert (clipped.min(), clipped.max()) == (0.0, 1.0)
    np.testing.assert_array_equal(nn.fgsm(net, X, Y, 0), X)


def test_bytes_become_the_net_s_numbers():
    net = nn.MLP([4, 3], output="softmax", loss="cross_entropy", seed=0)
    X = np.array([[0, 255, 100, 30]], dtype=np.uint8)
    changed = nn.fgsm(net, X, [1], 10, high=255)
    assert changed.dtype == np.float32
    assert set(np.abs(changed - X).ravel()) <= {0, 10}


def test_numpy_s_numbers_leave_the_net_s_dtype():
    net = nn.MLP([4, 3], output="softmax", loss="cross_entropy", seed=0)
    a_tenth, one = np.float64(0.1), np.float64(1)
    assert nn.fgsm(net, [[0.5] * 4], [1], a_tenth, high=one).dtype == np.float32
    assert nn.smallest_epsilon(net, [[0.5] * 4], [1], largest=one).dtype == np.float32


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"epsilon": "0.1"}, "expected epsilon to be a number of 0 or more, got '0.1'"),
        ({"epsilon": -0.1}, "expected epsilon to be a number of 0 or more, got -0.1"),
        ({"epsilon": math.nan}, "expected epsilon to be a number of 0 or more, got nan"),
        ({"x": np.full((2, 4), -0.5)}, r"expected inputs from 0 to 1, got -0\.5 … -0\.5: set low"),
        ({"x": np.full((2, 4), 3)}, r"expected inputs from 0 to 1, got 3 … 3: set low"),
        ({"x": np.ones((2, 3))}, r"expected x of shape \(n, 4\), got \(2, 3\)"),
        ({"x": np.ones(3), "y": 0}, r"expected x of shape \(n, 4\), got \(1, 3\)"),
        ({"y": [0]}, r"expected class numbers y of shape \(2,\), got \(1,\)"),
        ({"y": [0, 7]}, "expected class numbers 0 … 2, got 0 … 7"),
    ],
)
def test_what_is_wrong_is_said(arguments, message):
    net = nn.MLP([4, 3], output="softmax", loss="cross_entropy", seed=0)
    good = {"net": net, "x": np.full((2, 4), 0.5), "y": [0, 1], "epsilon": 0.1}
    with pytest.raises(ValueError, match=message):
        nn.fgsm(**good | arguments)


def test_regression_has_no_answer_to_turn():
    net = nn.MLP([2, 1], output="linear")
    with pytest.raises(ValueError, match="answers with classes, got the output linear"):
        nn.smallest_epsilon(net, [0.5, 0.5], 1.0)
    with pytest.raises(ValueError, match="expected steps to be a whole number from 1 on, got 0"):
        nn.smallest_epsilon(nn.MLP([2, 1]), [0.5, 0.5], 1, steps=0)
    with pytest.raises(ValueError, match="expected largest to be a positive number, got -1"):
        nn.smallest_epsilon(nn.MLP([2, 1]), [0.5, 0.5], 1, largest=-1)


def test_smallest_epsilon_of_a_line():
    """The answer is 1 where x1 + x2 > 1, so both inputs have to fall by half of what is over it."""
    net = nn.MLP([2, 1], loss="binary_cross_entropy", dtype="float64")
    net.set_params([([[1.0, 1.0]], [-1.0])])
    X = np.array([[0.6, 0.6], [0.9, 0.71], [0.3, 0.3], [1.0, 1.0]])
    found = nn.smallest_epsilon(net, X, [1, 1, 1, 1], largest=0.4, steps=40)
    np.testing.assert_allclose(found, [0.11, 0.31, 0.0, np.inf], atol=0.0101)
    assert nn.smallest_epsilon(net, X[3], 1, largest=0.4) == np.inf
    assert nn.smallest_epsilon(net, X[1], 1).shape == ()


def test_one_wrong_label_of_several_is_an_error():
    net = nn.MLP([2, 2], loss="binary_cross_entropy", dtype="float64")
    net.set_params([(np.eye(2), [-0.5, -0.5])])  # label k is where input k is above a half
    found = nn.smallest_epsilon(net, [[0.9, 0.605]], [[1, 1]])
    np.testing.assert_allclose(found, [0.11])


# ---- on digits ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reader():
    """Return a net that reads the built-in digits, and the test pictures."""
    data = nn.digits()
    net = nn.MLP([784, 32, 10], "relu", "softmax", "cross_entropy", init="he", seed=0)
    net.fit(data.X_train, data.y_train, 12, optimizer=nn.Adam(0.003), seed=0)
    return net, data.X_test, data.y_test


def test_accuracy_falls_with_epsilon_and_hardly_with_noise(reader):
    net, X, y = reader
    epsilons = [0, 0.05, 0.1, 0.2]
    attacked = [net.evaluate(nn.fgsm(net, X, y, epsilon), y).accuracy for epsilon in epsilons]
    assert attacked[0] > 0.94
    assert attacked == sorted(attacked, reverse=True)
    assert attacked[2] < 0.6
    assert attacked[3] < 0.1
    signs = np.random.default_rng(0).choice([-1, 1], X.shape)
    noisy = [net.evaluate(np.clip(X + epsilon * signs, 0, 1), y).accuracy for epsilon in epsilons]
    assert min(noisy) > 0.9


def test_smallest_epsilon_is_where_the_answer_turns(reader):
    net, X, y = reader
    X, y = X[:40], y[:40]
    found = nn.smallest_epsilon(net, X, y, largest=0.2, steps=20)
    grid = [0.2 * step / 20 for step in range(21)]
    wrong = np.array([net.predict(nn.fgsm(net, X, y, epsilon)) != y for epsilon in grid])
    expected = [grid[row.argmax()] if row.any() else np.inf for row in wrong.T]
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert np.median(found) < 0.1
    assert (nn.smallest_epsilon(net, X, net.predict(X), largest=0.2, steps=20) > 0).all()


# ---- on other array modules -----------------------------------------------------------


def test_nothing_but_the_standard_is_used():
    net = nn.MLP([4, 5, 3], output="softmax", loss="cross_entropy", seed=0, dtype="float64")
    there = net.copy()
    gpu = array_api_strict.Device("device1")
    there._hold(array_api_strict.asarray(net.theta, device=gpu))
    rng = np.random.default_rng(1)
    X, y = rng.random((6, 4)), rng.integers(0, 3, 6)
    X_there, y_there = (array_api_strict.asarray(part, device=gpu) for part in (X, y))
    for function in (
        nn.input_gradient,
        lambda *arguments: nn.fgsm(*arguments, 0.1),
        nn.smallest_epsilon,
    ):
        for here, far in (
            ((X, y), (X_there, y_there)),
            ((X[0], y[0]), (X_there[0, :], y_there[0])),
        ):
            result = function(there, *far)
            assert result.device == gpu
            back = array_api_strict.asarray(result, device=array_api_strict.Device("CPU_DEVICE"))
            np.testing.assert_allclose(np.asarray(back), function(net, *here), rtol=1e-12)
