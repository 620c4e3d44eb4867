"""Computation graphs and the session that runs them."""

import operator
from collections import Counter

import numpy as np
import pytest

import nnkit as nn
from nnkit import graph
from nnkit.graph import Node, constant, operation, placeholder
from nnkit.session import Session, in_order


def counted(op, counts):
    def wrapped(*values):
        counts[op.__name__] += 1
        return op(*values)

    return wrapped


def test_deck_d_s_neuron():
    x = placeholder("x")
    w, b = constant(np.array([2.0, -1.0])), constant(0.5)
    z = operation(np.add, operation(np.dot, w, x), b)
    a = operation(lambda v: 1 / (1 + np.exp(-v)), z, name="sigmoid")
    for values in ([1.0, 0.5], [0.0, 3.0]):
        expected = 1 / (1 + np.exp(-(2 * values[0] - values[1] + 0.5)))
        assert Session().run(a, {x: np.array(values)}) == pytest.approx(expected)


def test_building_computes_nothing():
    node = operation(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Session().run(node)


def test_each_node_is_computed_once_per_run():
    counts = Counter()
    x = placeholder("x")
    node = x
    for _ in range(60):  # 2**60 computations for a session that does not remember
        node = operation(counted(operator.add, counts), node, node)
    assert Session().run(node, {x: 1}) == 2**60
    assert counts["add"] == 60
    Session().run([node, node], {x: 1})
    assert counts["add"] == 120


def test_runs_are_independent():
    x = placeholder("x")
    double = operation(operator.add, x, x)
    the_session = Session()
    feed = {x: 3}
    assert [the_session.run(double, feed), the_session.run(double, {x: 5})] == [6, 10]
    assert feed == {x: 3}


def test_what_is_not_needed_is_not_computed():
    x, y = placeholder("x"), placeholder("y")
    operation(lambda v: 1 / 0, y)
    assert Session().run(operation(operator.neg, x), {x: 2}) == -2


@pytest.mark.parametrize("value", [0, None, "text", np.arange(3)])
def test_a_placeholder_takes_any_value(value):
    x = placeholder("x")
    assert Session().run(x, {x: value}) is value
    assert Session().run([x], {x: value})[0] is value


def test_a_missing_value_is_named():
    x, y = placeholder("x"), placeholder("y")
    with pytest.raises(KeyError, match="placeholder y has no value"):
        Session().run(operation(operator.add, x, y), {x: 1})


def test_a_value_is_no_node():
    with pytest.raises(TypeError, match="expected nodes as inputs of add, got 3: see constant"):
        operation(np.add, placeholder("x"), 3)


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda x: operation(3, x), "expected a function of 1 values as op, got 3"),
        (lambda x: operation(None, x), "expected a function of 1 values as op, got None"),
        (lambda x: placeholder(3), "expected the name of a placeholder as a str, got 3"),
        (lambda x: Session().run("x", {x: 1}), "expected a node, or a list of them, got 'x'"),
        (lambda x: Session().run(None), "expected a node, or a list of them, got None"),
        (lambda x: Session().run([x, 1], {x: 1}), r"expected a node, or .*, got \[x, 1\]"),
        (lambda x: Session().run({x: 1}, x), "expected feed as a dict .*, got x"),
    ],
)
def test_what_is_no_node_or_function_is_refused(use, message):
    with pytest.raises(TypeError, match=message):
        use(placeholder("x"))


def test_only_placeholders_are_fed():
    x = placeholder("x")
    square = operation(operator.mul, x, x)
    for fed in (square, "x"):
        with pytest.raises(ValueError, match="expected placeholders in feed, got"):
            Session().run(square, {x: 2, fed: 100})


def test_deeper_than_any_recursion():
    x = placeholder("x")
    node = x
    for _ in range(5000):
        node = operation(operator.add, node, constant(1))
    assert Session().run(node, {x: 0}) == 5000


def test_inputs_come_before_what_needs_them():
    rng = np.random.default_rng(0)
    nodes = [placeholder("x"), placeholder("y")]
    for _ in range(100):
        inputs = [nodes[i] for i in rng.integers(0, len(nodes), 3)]
        nodes.append(operation(max, *inputs))
    order = in_order([nodes[-1], nodes[40]])
    assert len(set(order)) == len(order)
    place = {node: i for i, node in enumerate(order)}
    assert all(place[source] < place[node] for node in order for source in node.inputs)


def test_repr_is_a_formula_of_a_few_levels():
    x = placeholder("x")
    node = x
    for _ in range(10):
        node = operation(operator.neg, node)
    assert repr(node) == "neg(neg(neg(neg(…))))"
    assert repr(constant(2.5)) == "2.5"
    assert repr(operation(np.dot, x, x, name="norm²")) == "norm²(x, x)"


def test_nodes_are_equal_to_themselves_alone():
    assert placeholder("x") != placeholder("x")
    node = Node(None, [], "x")
    assert {node: 1}[node] == 1


def test_a_net_as_a_graph_follows_its_training():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(12, 3)), rng.normal(size=(12, 2))
    net = nn.MLP([3, 4, 2], "tanh", "linear", seed=0, dtype="float64")
    x, output = graph.network(net)
    np.testing.assert_allclose(Session().run(output, {x: X}), net.predict(X), rtol=1e-12)
    net.fit(X, Y, 5, 4)
    np.testing.assert_allclose(Session().run(output, {x: X}), net.predict(X), rtol=1e-12)


def test_every_weight_and_bias_of_a_net_is_a_node():
    net = nn.MLP([3, 4, 2])
    _, output = graph.network(net)
    names = {node.name: node for node in in_order([output])}
    assert len(names) == 1 + 5 * len(net.layers)
    np.testing.assert_array_equal(names["hidden_1/W"].op(), net.layers[0].W)
    np.testing.assert_array_equal(names["output/b"].op(), net.layers[1].b)
