import re
from html.parser import HTMLParser

import array_api_strict
import numpy as np
import pytest

import nnkit as nn
from nnkit.trace import node_names


def deck_b_net(loss="half_squared_error_sum"):
    data = nn.two_three_one()
    net = nn.MLP([2, 3, 1], loss=loss, dtype="float64")
    net.set_params([(data.W1, data.b1), (data.W2, data.b2)])
    return net


def table(text):
    """Return the printed rows by name, from all layers' tables, one after the other."""
    rows = {}
    for line in text.splitlines():
        if match := re.match(r"(\S.*?)\s{2,}(-?\d.*)", line):
            name, numbers = match.groups()
            rows.setdefault(name, []).extend(float(n) for n in numbers.split())
    return rows


def test_prints_what_deck_b_prints():
    data = nn.two_three_one()
    rows = table(str(nn.trace(deck_b_net(), data.X[0], data.Y[0])))
    # The deck prints -0.026 for -0.028, and errors of ON to two decimals.
    assert rows["input sum z"] == [0.614, -0.028, 2.010, -1.550]
    assert rows["value a"] == [0.649, 0.493, 0.882, 0.175]
    assert rows["error ∂C/∂a"] == [-0.015, -0.015, -0.008, 0.175]
    assert rows["BPE ∂C/∂z"] == [-0.003, -0.004, -0.001, 0.025]
    assert rows["db"] == rows["BPE ∂C/∂z"]
    assert rows["dW from IN1"] == [0.003, 0.004, 0.001]
    assert rows["dW from H3"] == [0.022]


def test_digits_round_the_print_alone():
    data = nn.two_three_one()
    trace = nn.trace(deck_b_net(), data.X[0], 0, digits=5)
    assert table(str(trace))["input sum z"] == [0.614, -0.028, 2.01, -1.54966]
    assert "0.61400" in str(trace)
    exact = data.W1 @ data.X[0] + data.b1
    np.testing.assert_allclose(trace.layers[0].z, exact, rtol=1e-14)


def test_no_minus_before_zero():
    net = nn.MLP([1, 1], output="linear", dtype="float64")
    net.set_params([(np.array([[-1e-9]]), np.array([0.0]))])
    assert "-0.000" not in str(nn.trace(net, [1.0], 0))


@pytest.mark.parametrize(
    ("output", "loss"),
    [
        ("sigmoid", "half_squared_error_sum"),
        ("linear", "squared_error"),
        ("sigmoid", "binary_cross_entropy"),
        ("softmax", "cross_entropy"),
    ],
)
def test_numbers_are_the_nets_own(output, loss):
    net = nn.MLP([4, 5, 3, 2], output=output, loss=loss, seed=1, dtype="float64")
    x, y = np.array([0.3, -1.0, 2.0, 0.5]), np.array([0.0, 1.0])
    before = net.theta.copy()
    trace = nn.trace(net, x, y)
    np.testing.assert_array_equal(net.theta, before)

    twin = net.copy()
    twin.forward(x[None])
    twin.backward(y[None])
    assert trace.cost == pytest.approx(twin.evaluate(x[None], y[None]).loss)
    assert trace.loss == loss
    for traced, layer in zip(trace.layers, twin.layers, strict=True):
        for part in ("z", "a", "error", "delta"):
            np.testing.assert_array_equal(getattr(traced, part), getattr(layer, part)[0])
        for part in ("W", "b", "dW", "db"):
            np.testing.assert_array_equal(getattr(traced, part), getattr(layer, part))
        assert traced.activation == str(layer.activation)


def test_a_trace_outlives_the_next_pass():
    data, net = nn.two_three_one(), deck_b_net()
    trace = nn.trace(net, data.X[0], data.Y[0])
    text = str(trace)
    net.forward(data.X)
    net.backward(data.Y)
    nn.SGD(0.5).step(net)
    assert str(trace) == text


def test_a_trace_keeps_the_weights_it_was_made_with():
    net = deck_b_net()
    before = net.layers[0].W.copy()
    trace = nn.trace(net, [-0.97, -0.80], 0)
    net.theta += 1
    np.testing.assert_array_equal(trace.layers[0].W, before)


def test_maxout_shows_every_weighted_sum():
    net = nn.MLP([2, 3, 1], nn.activations.Maxout(2), "linear", seed=0, dtype="float64")
    W = np.array([[1.0, 0], [0, 1], [2, 0], [0, 2], [0, 0], [1, 1]])
    net.set_params([(W, [0, 0, 0, 0, 0, -9]), (np.array([[1.0, 2, 3]]), [0])])
    rows = table(str(nn.trace(net, [1.0, 3.0], 0, digits=1)))  # output 3 + 12 + 0, error 2 · 15
    assert rows["input sum z1"] == [1, 2, 0]
    assert rows["input sum z2"] == [3, 6, -5]
    assert rows["value a"] == [3, 6, 0, 15]
    assert rows["BPE ∂C/∂z1"] == [0, 0, 90]
    assert rows["BPE ∂C/∂z2"] == [30, 60, 0]
    assert rows["dW1 from IN2"] == [0, 0, 270]
    assert rows["dW2 from IN2"] == [90, 180, 0]
    assert rows["db2"] == [30, 60, 0]
    assert nn.trace(net, [1.0, 3.0], 0).layers[0].pieces == 2
    assert nn.trace(net, [1.0, 3.0], 0).layers[1].pieces == 1


def test_parametric_relu_shows_its_slopes():
    net = nn.MLP([1, 2, 1], "parametric_relu", "linear", dtype="float64")
    net.set_params([(np.array([[-2.0], [3]]), [0, 0]), (np.array([[1.0, 1]]), [0])])
    trace = nn.trace(net, [1.0], 0, digits=2)  # a = −0.5 and 3, output 2.5, error 5
    rows = table(str(trace))
    assert rows["slope"] == [0.25, 0.25]
    assert rows["dslope"] == [-10, 0]
    net.theta += 1  # the slopes are part of it
    np.testing.assert_array_equal(trace.layers[0].slope, [0.25, 0.25])
    assert trace.layers[1].slope is None


def test_gradients_hold_what_the_regularizer_adds():
    net = nn.MLP([2, 2, 1], regularizer=nn.L2(0.5), seed=0, dtype="float64")
    plain = net.copy()
    plain.regularizer = None
    x, y = [0.3, -1.0], 1.0
    trace, without = nn.trace(net, x, y), nn.trace(plain, x, y)
    for layer, other in zip(trace.layers, without.layers, strict=True):
        np.testing.assert_allclose(layer.dW, other.dW + 0.5 * layer.W)
    squares = sum((layer.W**2).sum() for layer in trace.layers)
    assert trace.cost == pytest.approx(without.cost + 0.25 * squares)


def test_a_net_of_another_array_module():
    net = nn.MLP([2, 3, 2], "maxout", "softmax", "cross_entropy", seed=0, dtype="float64")
    there = net.copy()
    there._hold(array_api_strict.asarray(net.theta))
    for x in ([0.5, 1.0], array_api_strict.asarray([0.5, 1.0])):
        trace = nn.trace(there, x, 1)
        assert str(trace) == str(nn.trace(net, [0.5, 1.0], 1))
        assert type(trace.layers[0].dW) is np.ndarray


def test_a_class_number_will_do():
    net = nn.MLP([3, 4, 3], output="softmax", loss="cross_entropy", seed=0, dtype="float64")
    x = np.array([1.0, 2.0, 3.0])
    by_number, by_row = nn.trace(net, x, 2), nn.trace(net, x, [0.0, 0.0, 1.0])
    np.testing.assert_array_equal(by_number.layers[0].dW, by_row.layers[0].dW)
    assert by_number.cost == by_row.cost


def test_wide_nets_fit_on_a_page():
    net = nn.MLP([784, 16, 16, 10], output="softmax", loss="cross_entropy", seed=0)
    lines = str(nn.trace(net, np.full(784, 0.5), 7)).splitlines()
    assert len(lines) < 60
    assert max(map(len, lines)) < 110
    assert "784 inputs, the first 10 shown" in "\n".join(lines)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([1.0, 2.0, 3.0], [0.0], r"x of shape \(2,\), got \(3,\)"),
        ([[1.0, 2.0]], [0.0], r"x of shape \(2,\), got \(1, 2\)"),
        (1.0, [0.0], r"x of shape \(2,\), got \(\)"),
        ([1.0, 2.0], [0.0, 1.0], r"shape \(1,\), got \(2,\)"),
        ([1.0, 2.0], [[0.0]], r"shape \(1,\), got \(1, 1\)"),
    ],
)
def test_other_shapes_are_refused(x, y, message):
    with pytest.raises(ValueError, match=message):
        nn.trace(deck_b_net(), x, y)


class Cells(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.cells, self.scopes = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.open.append(tag)
        self.scopes.append(dict(attrs).get("scope"))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1] == "td":
            self.cells.append(data)


@pytest.mark.parametrize("digits", [-1, 2.5, "3"])
def test_digits_are_a_whole_number(digits):
    with pytest.raises(ValueError, match="expected digits to be a whole number from 0 on, got"):
        nn.trace(deck_b_net(), [-0.97, -0.80], 0, digits=digits)


def test_html_holds_the_same_numbers():
    trace = nn.trace(deck_b_net(), [-0.97, -0.80], 0)
    page = Cells()
    page.feed(trace._repr_html_())
    assert page.open == []
    numbers = [n for line in str(trace).splitlines() for n in re.findall(r"\s(-?\d\.\d+)", line)]
    assert page.cells == numbers[-len(page.cells) :]
    assert {"row", "col"} <= set(page.scopes)


def test_node_names():
    assert node_names([2, 3, 1]) == [["IN1", "IN2"], ["H1", "H2", "H3"], ["ON"]]
    assert node_names([1, 1, 2, 2]) == [["IN1"], ["H1.1"], ["H2.1", "H2.2"], ["ON1", "ON2"]]
    assert node_names([2, 1]) == [["IN1", "IN2"], ["ON"]]


def test_the_function_is_not_hidden_by_its_module():
    import nnkit.plots  # noqa: F401  (it imports the module nnkit.trace)

    assert callable(nn.trace)
