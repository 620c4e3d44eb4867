"""The playground: its maps and losses against plain numpy, its trainings against `fit`, its pen."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

import nnkit as nn
from nnkit.widgets import Playground
from nnkit.widgets.playground import LARGE, RANGES

PRESETS = list(Playground.presets)


def by_hand(playground, x, y):
    """All activations of a net of tanh neurons and a sigmoid at one place, layer by layer."""
    activations = [np.array([x, y, x * y])[: playground.shown["picture"]["sizes"][0]]]
    *hidden, output = playground._net.layers
    for layer in hidden:
        activations.append(np.tanh(layer.W @ activations[-1] + layer.b))
    z = output.W @ activations[-1] + output.b
    return [*activations, 1 / (1 + np.exp(-z))]


# ---------------------------------------------------------------- what is seen


def test_every_neuron_s_map_is_what_it_answers_there():
    playground = Playground("circles, 3-3-3-1", epoch=20)
    maps = playground.shown["picture"]["maps"].reshape(-1, 27, 27)
    assert len(maps) == 3 + 3 + 3 + 1
    places = np.linspace(-1.5, 1.5, 27)
    for row, column in [(0, 0), (13, 4), (26, 26), (5, 20)]:
        values = by_hand(playground, places[column], places[row])
        grey = np.concatenate([(values[1] + 1) / 2, (values[2] + 1) / 2, values[3]])
        np.testing.assert_allclose(maps[3:, row, column], 255 * grey, atol=1.01)
    assert maps[0, 13, 0] == 0
    assert maps[0, 13, 26] == 255
    assert maps[2, 0, 0] == maps[2, 26, 26] == 255  # x₁·x₂


@pytest.mark.parametrize("look", ["output", "1.2", "2.3"])
def test_the_large_map_is_that_of_the_neuron_looked_at(look):
    playground = Playground("moons", epoch=15, look=look)
    picture = playground.shown["picture"]
    layer, j = (3, 0) if look == "output" else (int(look[0]), int(look[2]) - 1)
    x, y = (np.linspace(*limits, LARGE) for limits in RANGES["moons"])
    low, high = picture["bounds"]
    for row, column in [(0, 78), (40, 30)]:
        a = by_hand(playground, x[column], y[row])[layer][j]
        shown = picture["large"].reshape(LARGE, LARGE)[row, column]
        assert low + (high - low) * shown / 255 == pytest.approx(a, abs=0.01)
    on_the_line = on_the_plane(picture["boundary"], "moons", LARGE)
    assert len(on_the_line) > 20
    for x, y in on_the_line[::10]:
        a = by_hand(playground, x, y)[layer][j]
        assert a == pytest.approx(0.5 if look == "output" else 0, abs=0.05)


def on_the_plane(line, data, side):
    """The points of a line, which are numbered as the points of a map are, in coordinates."""
    points = line[:, np.isfinite(line[0])]
    ends = (0, side - 1)
    both = zip(points, RANGES[data], strict=True)
    return np.stack([np.interp(along, ends, limits) for along, limits in both], axis=1)


def test_every_neuron_has_its_own_line():
    playground = Playground("circles, 3-3-3-1", epoch=20)
    x, y = playground.shown["picture"]["zeros"]
    neurons = (y + 0.5) // 28  # maps of 27 rows, and a row between them
    checked = 0
    for neuron in range(7):
        layer, j, middle = neuron // 3 + 1, neuron % 3, 0.5 if neuron == 6 else 0
        line = np.stack([x, y - 28 * neuron])[:, neurons == neuron]
        # Every point of a line lies between two of the map, of which one is brighter.
        ends = np.floor(line + 1e-9), np.ceil(line - 1e-9)
        ends = [on_the_plane(end, "circles", 27) for end in ends]
        for one, other in zip(*ends, strict=True):
            a, b = (by_hand(playground, *place)[layer][j] - middle for place in (one, other))
            assert a * b <= 0
            checked += 1
    assert checked == np.isfinite(x).sum() > 200
    steps = np.hypot(np.diff(x), np.diff(y))
    assert steps[np.isfinite(steps)].max() < 1.5  # no line leads from one map to the next


def test_the_losses_are_those_of_plain_numpy():
    playground = Playground("moons", epoch=10, regularizer="L2", strength=0.1)
    picture = playground.shown["picture"]
    penalty = 0.05 * sum((W**2).sum() for W in picture["W"])
    for data, loss, accuracy in [
        (nn.moons(200), "loss", "accuracy"),
        (nn.moons(200, seed=1), "test_loss", "test_accuracy"),
    ]:
        a = np.array([by_hand(playground, x, y)[-1][0] for x, y in data.X])
        cost = -np.mean(data.y * np.log(a) + (1 - data.y) * np.log(1 - a)) + penalty
        assert picture[loss] == pytest.approx(cost, rel=1e-9)
        assert picture[accuracy] == np.mean((a > 0.5) == data.y)
    assert picture["curve"][:, -1].tolist() == [10, picture["loss"], picture["test_loss"]]
    assert picture["curve"][0, 0] == 0


def test_a_neuron_of_the_first_layer_says_its_formula():
    playground = Playground("moons", look="1.3", epoch=30)
    w1, w2, b = map(
        float,
        re.search(r"z = (.*)·x₁ \+ (.*)·x₂ \+ (.*)\.$", with_plus(repr(playground))).groups(),
    )
    layer = playground._net.layers[0]
    assert [w1, w2, b] == pytest.approx([*layer.W[2], layer.b[2]], rel=0.01)


def with_plus(text):
    return text.replace(" − ", " + -").replace("−", "-")


def test_one_neuron_draws_a_straight_line_and_never_learns_xor():
    """D5: without a hidden layer there is a line; with one there are as many as neurons."""
    playground = Playground("xor, one neuron", epoch=100)
    x, y = playground.shown["picture"]["boundary"]
    assert abs(np.diff(np.diff(y) / np.diff(x))).max() < 1e-6
    assert playground.shown["picture"]["accuracy"] < 0.76
    playground.set(layers=1, neurons1=3)
    assert playground.state["epoch"] == 0
    playground.set(epoch=100)
    assert playground.shown["picture"]["accuracy"] == 1


def test_3_3_3_1_has_28_parameters():
    """C12, A6: fully connected."""
    playground = Playground("circles, 3-3-3-1")
    assert repr(playground).startswith("Net 3-3-3-1, 28 parameters, ")
    assert [np.shape(W) for W in playground.shown["picture"]["W"]] == [(3, 3), (3, 3), (1, 3)]


def test_house_prices_from_four_features():
    """A3: three neurons in between come near the noise; a single one, a plane, does not."""
    playground = Playground("house prices", epoch=300)
    picture = playground.shown["picture"]
    assert picture["inputs"] == ["size", "rooms", "postal code", "wealth"]
    test = nn.house_prices(200, seed=1)
    train = nn.house_prices(200)
    net = playground._net
    X = (test.X - train.X.mean(axis=0)) / train.X.std(axis=0)
    hidden = np.maximum(0, X @ net.layers[0].W.T + net.layers[0].b)
    prices = (hidden @ net.layers[1].W.T + net.layers[1].b) * train.Y.std() + train.Y.mean()
    error = np.sqrt(np.mean((prices - test.Y) ** 2))
    assert error < 20
    assert f"misses by {error:.4g} thousand €" in repr(playground)
    playground.set(layers=0, epoch=300)
    assert 28 < playground._typical_error() < 40  # the best plane misses by 30
    playground.set(view="size, rooms")
    assert playground.shown["picture"]["axes"] == ["size", "rooms"]
    assert playground.state["epoch"] == 300


# ---------------------------------------------------------------- training


def test_training_is_what_fit_does_epoch_by_epoch():
    playground = Playground("moons", optimizer="SGD", rate=0.3, batch=4)
    data = nn.moons(200)
    net = nn.MLP([2, 4, 3, 1], "tanh", loss="binary_cross_entropy", seed=0, dtype="float64")
    optimizer = nn.SGD(0.3)
    for epoch in range(3):
        net.fit(data.X, data.Y, 1, 4, optimizer=optimizer, seed=epoch)
        playground.do("step")
    np.testing.assert_array_equal(playground._net.theta, net.theta)


@pytest.mark.parametrize("preset", PRESETS)
def test_the_code_brings_the_trained_net_back(preset):
    playground = Playground(preset, seed=3)
    playground.do("step")
    playground.do("play")
    again = eval(playground.code, {"nn": nn})
    assert again.state == playground.state
    assert again.state["epoch"] == 1 + playground.state["speed"]
    np.testing.assert_array_equal(again._net.theta, playground._net.theta)


def test_what_starts_anew_and_what_does_not():
    playground = Playground("moons", epoch=5)
    for name, value in [("look", "1.1"), ("speed", 10), ("test", True), ("pen", "a circle")]:
        playground.set(**{name: value})
        assert playground.state["epoch"] == 5
    before = playground._net.theta.copy()
    for name, value in [("rate", 0.1), ("regularizer", "L1"), ("noise", 0.2), ("seed", 1)]:
        playground.set(**{name: value})
        assert playground.state["epoch"] == 0
        playground.set(epoch=5)
        assert not np.array_equal(playground._net.theta, before), name
        before = playground._net.theta.copy()
    playground.do("again")
    assert playground.state["epoch"] == 0
    assert playground.state["seed"] == 1
    playground.do("reset")
    assert (playground.state["epoch"], playground.state["seed"]) == (5, 0)


def test_a_neuron_that_is_gone_is_not_looked_at():
    playground = Playground("moons", look="2.3")
    playground.set(neurons2=2)
    assert playground.state["look"] == "output"
    playground.set(look="nobody")
    assert playground.state["look"] == "output"


def test_learned_by_heart():
    """The training loss goes on falling, the test loss rises."""
    curve = Playground("learned by heart", epoch=400).shown["picture"]["curve"]
    _, train, test = curve
    assert train[-1] < train[20] / 3
    assert test[-1] > 2 * test.min()


def test_a_training_that_diverges_starts_again():
    playground = Playground("house prices", optimizer="SGD", rate=3, activation="linear")
    with pytest.raises(nn.DivergenceError, match="training has diverged"):
        playground.set(epoch=50)
    assert playground.state["epoch"] == 0
    assert np.isfinite(playground._net.theta).all()


def test_the_last_epoch_is_the_end(monkeypatch):
    monkeypatch.setattr("nnkit.widgets.playground.LAST", 12)
    playground = Playground("moons", speed=10, epoch=5)
    playground.do("play")
    assert (playground.state["epoch"], playground.shown["note"]) == (12, "")
    playground.do("play")
    assert playground.state["epoch"] == 12
    assert playground.shown["note"].startswith("These were all 12 epochs.")
    playground.do("again")
    assert (playground.state["epoch"], playground.shown["note"]) == (0, "")


# ---------------------------------------------------------------- points


def test_other_points_take_less_noise():
    playground = Playground("moons", noise=0.5)
    for data, noise in [("circles", 0.3), ("spirals", 0.2), ("moons", 0.2)]:
        playground.set(data=data)
        assert playground.state["noise"] == noise
    by_heart = Playground("learned by heart")
    by_heart.set(data="spirals")
    assert by_heart.state["noise"] == 0.2
    assert repr(by_heart) == repr(eval(by_heart.code, {"nn": nn}))
    with pytest.raises(ValueError, match=r"expected noise from 0 to 0.3, got 0.5"):
        playground.set(data="circles", noise=0.5)


def test_where_the_pen_is_hidden_nothing_can_be_drawn():
    assert Playground("moons").shown["picture"]["drawable"]
    assert not Playground("moons", hide=["pen"]).shown["picture"]["drawable"]
    assert not Playground("house prices").shown["picture"]["drawable"]


def test_drawn_points_are_trained_on():
    playground = Playground("moons", points=[[0.5, 2, 1], [0.6, 2, 1]])
    assert playground.shown["picture"]["points"].shape == (202, 3)
    assert playground.shown["picture"]["points"][-1].tolist() == [0.6, 2, 1]
    assert "of 202 training points" in repr(playground)
    playground.do("clear")
    assert "of 200 training points" in repr(playground)
    assert playground.state["points"] == []


def test_only_drawn_points():
    playground = Playground(data="only drawn")
    assert repr(playground).endswith("no points yet. A click in the large map draws one.")
    for button in ("play", "step"):
        playground.do(button)
        assert playground.shown["note"].startswith("There are no points to learn from yet.")
    with pytest.raises(ValueError, match="expected points to learn from, got none"):
        playground.set(epoch=1)
    playground.set(points=[[-1, -1, 0], [1, 1, 1]], epoch=100)
    assert ", 100 % of 2 training points right. The large map" in repr(playground)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"points": [[0, 1]]}, r"expected points \[x, y, class\], got \[\[0, 1\]\]"),
        ({"points": [[0, 1, 1], [0]]}, r"expected points \[x, y, class\], got"),
        ({"points": [[0, 1, 2]]}, "expected points of the classes 0 and 1"),
        ({"points": [[0, float("nan"), 1]]}, r"expected points \[x, y, class\]"),
        ({"epoch": -1}, "expected epoch from 0 to 20,000, got -1"),
        ({"epoch": 1.5}, "expected epoch from 0 to 20,000, got 1.5"),
        ({"rate": 0.2}, "expected rate to be one of 0.001, "),
    ],
)
def test_what_cannot_be(values, message):
    with pytest.raises(ValueError, match=message):
        Playground(**values)


@pytest.mark.parametrize("preset", PRESETS)
def test_stills_show_the_same_points_and_line(preset):
    playground = Playground(preset, epoch=3)
    ax = playground.still()
    picture = playground.shown["picture"]
    marks = {line.get_label(): len(line.get_xdata()) for line in ax.lines[2:]}
    ones = int(picture["points"][:, 2].sum())
    names = ("class 0", "class 1") if picture["classes"] else ("cheaper", "dearer")
    assert marks == {names[0]: len(picture["points"]) - ones, names[1]: ones}
    line = ax.lines[1].get_xydata()
    for along, drawn, (low, high) in zip(
        picture["boundary"], line.T, picture["ranges"], strict=True
    ):
        np.testing.assert_allclose(drawn, low + along / (LARGE - 1) * (high - low))
    assert ax.get_xlim() == tuple(picture["ranges"][0])
    plt.close(ax.figure)
