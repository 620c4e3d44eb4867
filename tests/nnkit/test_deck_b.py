"""Deck B's worked 2-3-1 net, number for number.

two_three_one.json holds the 255 numbers that the deck prints and that can be recomputed, as
strings, so that the decimals that it prints are known.

"After k epochs" the deck shows the parameters after update k; the values and costs beside them
are from the forward pass before update k.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import nnkit as nn

PRINTED = json.loads((Path(__file__).parent / "two_three_one.json").read_text())
EPOCHS = (1, 10, 100, 1000, 8000)
HIDDEN = ("H1", "H2", "H3")


def new_net():
    data = nn.two_three_one()
    net = nn.MLP([2, 3, 1], activation="sigmoid", loss="half_squared_error_sum", dtype="float64")
    net.set_params([(data.W1, data.b1), (data.W2, data.b2)])
    return net


def parameters(net):
    hidden, output = net.layers
    named = {f"IN{i + 1} to {h}": hidden.W[j, i] for i in range(2) for j, h in enumerate(HIDDEN)}
    named |= {f"{h} to ON": output.W[0, j] for j, h in enumerate(HIDDEN)}
    named |= {f"{h} bias": hidden.b[j] for j, h in enumerate(HIDDEN)}
    return {name: float(value) for name, value in {**named, "ON bias": output.b[0]}.items()}


@pytest.fixture(scope="module")
def run():
    """All recomputed numbers by (quantity, of, row, epoch), and the cost before each update."""
    data, net, optimizer = nn.two_three_one(), new_net(), nn.SGD(learning_rate=0.5)
    numbers, costs = {}, []
    for row, values in zip(data.labels, data.X_unrounded, strict=True):
        for name, value in zip(("X1", "X2"), values, strict=True):
            numbers["z-score", name, row, None] = value

    for epoch in range(1, EPOCHS[-1] + 1):
        out = net.forward(data.X)
        net.backward(data.Y)
        squares = ((out - data.Y) ** 2)[:, 0]
        costs.append(squares.sum() / 2)
        if epoch == 1:
            numbers["mean half cost", None, None, 1] = squares.mean() / 2
            keep_first_backward_pass(numbers, net, data, squares)
        if epoch in EPOCHS:
            numbers["sum of half costs", None, None, epoch] = costs[-1]
            for i, row in enumerate(data.labels):
                numbers["cost", None, row, epoch] = squares[i]
                for name, values in zip((*HIDDEN, "ON"), values_of("a", net, i), strict=True):
                    numbers["value", name, row, epoch] = values
        optimizer.step(net)
        if epoch in EPOCHS:
            for name, value in parameters(net).items():
                numbers["parameter", name, None, epoch] = value
    return numbers, np.array(costs)


def values_of(part, net, i):
    """Return the three hidden nodes' and the output node's z, a, error or delta of one row."""
    return [value for layer in net.layers for value in getattr(layer, part)[i]]


def keep_first_backward_pass(numbers, net, data, squares):
    for i, row in enumerate(data.labels):
        numbers["half cost", None, row, 1] = squares[i] / 2
        for part, quantity in (("error", "error"), ("delta", "bpe")):
            for name, value in zip((*HIDDEN, "ON"), values_of(part, net, i), strict=True):
                numbers[quantity, name, row, 1] = value
    alone = new_net()
    alone.forward(data.X[:1])
    alone.backward(data.Y[:1])
    nn.SGD(learning_rate=0.5).step(alone)
    for name, value in parameters(alone).items():
        numbers["after row 1 alone", name, None, 1] = value


def agrees(printed, value):
    """Whether a value rounds to what is printed, at the printed number of decimals."""
    if printed.startswith("<"):
        return value < float(printed[1:])
    decimals = len(printed.partition(".")[2])
    return f"{round(value, decimals) + 0:.{decimals}f}" == printed


def recomputed(entry, numbers):
    return numbers[entry["quantity"], entry.get("of"), entry.get("row"), entry.get("epoch")]


def name_of(entry):
    return " ".join(str(entry[k]) for k in ("quantity", "of", "row", "epoch") if k in entry)


def test_the_list_is_complete():
    assert len(PRINTED) == 255
    assert len({name_of(entry) for entry in PRINTED}) == 255
    assert sum(entry["agrees"] for entry in PRINTED) == 252


@pytest.mark.parametrize("entry", [e for e in PRINTED if e["agrees"]], ids=name_of)
def test_agrees_at_the_printed_rounding(run, entry):
    value = recomputed(entry, run[0])
    assert agrees(entry["printed"], value), f"printed {entry['printed']}, recomputed {value}"


@pytest.mark.parametrize(
    ("name", "printed", "right"),
    [
        ("parameter H3 bias 1000", "0.992", "-0.992"),
        ("parameter H1 to ON 100", "-1.791", "-1.792"),
        ("value H3 2 100", "0.78", "0.81"),
    ],
)
def test_misprints_are_misprints(run, name, printed, right):
    [entry] = [e for e in PRINTED if not e["agrees"] and name_of(e) == name]
    assert entry["printed"] == printed
    value = recomputed(entry, run[0])
    assert not agrees(printed, value)
    assert agrees(right, value)


def test_agreement_is_not_given_away():
    assert agrees("0.60", 0.6049)
    assert not agrees("0.60", 0.6051)
    assert not agrees("0.600", 0.6049)
    assert agrees("0.000", -0.0001)
    assert not agrees("<0.001", 0.0011)


def test_sums_of_the_costs(run):
    _, costs = run
    *first, last = (costs[epoch - 1] for epoch in EPOCHS)
    assert [f"{cost:.4f}" for cost in first] == ["1.5507", "0.9638", "0.4103", "0.0202"]
    assert f"{last:.5f}" == "0.00092"


def test_goal_is_reached_after_7491_updates(run):
    _, costs = run  # costs[k] is the cost after k updates
    assert (costs[7491:] < 0.001).all()
    assert (costs[:7491] >= 0.001).all()


def test_fit_trains_the_same_net(run):
    data, net = nn.two_three_one(), new_net()
    history = net.fit(
        data.X, data.Y, epochs=8000, batch_size=None, optimizer=nn.SGD(0.5), shuffle=False
    )
    np.testing.assert_allclose(history.loss, run[1], rtol=1e-9)
    for name, value in parameters(net).items():
        assert value == pytest.approx(run[0]["parameter", name, None, 8000], rel=1e-9)


@pytest.mark.parametrize(("epochs", "off"), [(100, 0.006), (8000, 0.21)])
def test_unrounded_z_scores_give_other_numbers(run, epochs, off):
    data, net = nn.two_three_one(), new_net()
    net.fit(data.X_unrounded, data.Y, epochs, None, optimizer=nn.SGD(0.5), shuffle=False)
    differences = [
        abs(value - run[0]["parameter", name, None, epochs])
        for name, value in parameters(net).items()
    ]
    assert max(differences) == pytest.approx(off, rel=0.1)
