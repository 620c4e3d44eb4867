"""The digit explorer's numbers, against plain NumPy, differences, and what lessons 10 and 14 say."""

import re
from itertools import pairwise

import numpy as np
import pytest

import nnkit as nn
from nnkit.widgets import Digit
from nnkit.widgets.digit import LARGE, SMALL, UNTRAINED, built_in, edge_detectors, stroke_ink

DIGITS = nn.digits()
SEVEN = [[1, 8, 8, 19, 8, 13, 21]]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def passed(net, x):
    """Return the activations of the three layers for one picture, in double precision."""
    kept, a = [], x.astype(float)
    for layer in net.layers:
        a = sigmoid(layer.W.astype(float) @ a + layer.b)
        kept.append(a)
    return kept


@pytest.fixture(scope="module")
def digit():
    return Digit()


@pytest.fixture(autouse=True)
def as_at_first(digit):
    digit.do("reset")


def test_the_activations_and_the_sum_of_one_neuron(digit):
    picture = digit.shown["picture"]
    kept = passed(digit.net, DIGITS.X_test[3])
    for shown, expected in zip(picture["activations"], kept, strict=True):
        np.testing.assert_allclose(shown, expected, atol=1e-5)
    assert picture["answer"] == picture["right"] == DIGITS.y_test[3] == 4
    first = digit.net.layers[0]
    assert picture["sum"] == pytest.approx(first.W[4] @ DIGITS.X_test[3], abs=1e-4)
    assert picture["z"] == pytest.approx(picture["sum"] + first.b[4], abs=1e-4)


@pytest.mark.parametrize(
    ("neuron", "place"), [(1, (0, 0)), (16, (0, 15)), (17, (1, 0)), (33, (2, 0)), (42, (2, 9))]
)
def test_what_a_neuron_looks_for_is_the_slope_of_its_sum(digit, neuron, place):
    digit.set(neuron=neuron, weights=SMALL)
    picture = digit.shown["picture"]
    layer, unit = place
    assert (picture["layer"], picture["unit"]) == place
    assert picture["looks"].shape == (digit.net.sizes[layer + 1], 784)

    def sum_of(x):
        below = passed(digit.net, x)[layer - 1] if layer else x
        return digit.net.layers[layer].W[unit].astype(float) @ below

    x = DIGITS.X_test[3].astype(float)
    for pixel in (300, 406, 437):
        change = np.zeros(784)
        change[pixel] = 1e-4
        slope = (sum_of(x + change) - sum_of(x - change)) / 2e-4
        assert picture["looks"][unit, pixel] == pytest.approx(slope, abs=1e-4)
    assert picture["terms"].sum() == pytest.approx(sum_of(x) if layer else 0, abs=1e-4)


def test_lesson_14s_net_errs_where_the_lesson_says():
    fooled = Digit("fooled", epsilon=0.03)
    assert fooled.shown["picture"]["answer"] == 4
    fooled.do("fool")
    assert fooled.state["epsilon"] == 0.04
    assert "each pixel moved by up to 0.04: the net says 9" in repr(fooled)
    fooled.set(epsilon=0.05)
    assert "the net says 9 (0.77), wrong" in repr(fooled)
    x, W = DIGITS.X_test[3], fooled.net.layers[0].W
    a1, a2, a3 = passed(fooled.net, x)
    error = a3 - np.eye(10)[4]
    for layer, a in ((2, a3), (1, a2)):
        error = fooled.net.layers[layer].W.T @ (error * a * (1 - a))
    gradient = W.T @ (error * a1 * (1 - a1))
    expected = np.clip(x + 0.05 * np.sign(gradient), 0, 1)
    np.testing.assert_allclose(fooled.shown["picture"]["x"], expected, atol=1e-6)
    np.testing.assert_allclose(fooled.shown["picture"]["change"], expected - x, atol=1e-6)


def test_a_digit_of_choice():
    turned = Digit("turned into a 7")
    assert turned.shown["picture"]["answer"] == 7
    assert np.abs(turned.shown["picture"]["change"]).max() < 0.0601
    turned.set(epsilon=0.05)
    assert turned.shown["picture"]["answer"] != 7
    turned.do("fool")
    assert turned.state["epsilon"] == 0.06
    turned.set(number=4, epsilon=0.02)
    change = turned.shown["picture"]["x"] - DIGITS.X_test[4]
    assert 0.019 < np.abs(change).max() < 0.0201
    turned.set(number=3, aim=3)
    turned.do("fool")
    assert turned.state["epsilon"] == 0.3  # nothing up to there makes a 3 of it
    assert turned.shown["picture"]["answer"] != 3


def test_what_is_wrong_already_needs_no_change(digit):
    wrong = int(np.flatnonzero(digit.net.predict(DIGITS.X_test) != DIGITS.y_test)[0])
    digit.set(number=wrong, epsilon=0.2)
    digit.do("fool")
    assert digit.state["epsilon"] == 0
    assert ", wrong; the " in repr(digit)


def test_a_stroke_is_white_near_its_line():
    for way in ([14.0, 14.0], [8.0, 8.0, 19.0, 8.0], [5.0, 20.0, 12.0, 6.0, 20.0, 20.0]):
        points = np.reshape(way, (-1, 2))
        fine = [points[:1]]
        fine += [np.linspace(*pair, 2001) for pair in pairwise(points)]
        fine = np.concatenate(fine)
        for row, column in ((14, 14), (8, 9), (10, 8), (19, 6), (27, 27), (15, 15)):
            distance = np.hypot(*(fine - [column + 0.5, row + 0.5]).T).min()
            ink = stroke_ink(*way).reshape(28, 28)[row, column]
            assert ink == pytest.approx(np.clip(2 - distance, 0, 1), abs=1e-3)


def test_a_drawing_is_read_and_changed(digit):
    digit.set(paper="empty paper")
    assert repr(digit).startswith("Empty paper: the net says ")
    digit.set(strokes=SEVEN)
    output = passed(digit.net, stroke_ink(*SEVEN[0][1:]))[2][7]
    assert repr(digit).startswith(f"Your drawing: the net says 7 ({output:.2f})")
    np.testing.assert_array_equal(digit.shown["picture"]["x"], stroke_ink(*SEVEN[0][1:]))
    digit.do("fool")  # away from its own answer
    assert digit.shown["picture"]["answer"] != 7
    assert digit.state["epsilon"] > 0
    digit.set(epsilon=0, strokes=[*SEVEN, [0, 0, 14, 28, 14]])
    rows = digit.shown["picture"]["x"].reshape(28, 28)
    assert not rows[13:15].any()
    assert rows[8].any()
    digit.do("undo")
    assert digit.state["strokes"] == SEVEN
    digit.set(paper="test picture")
    assert repr(digit).startswith("Test picture 3, drawn on: ")
    digit.do("clear")
    assert not digit.shown["picture"]["x"].any()


def test_the_four_nets():
    right = {w: Digit(weights=w).accuracy for w in (SMALL, LARGE, "edges by hand", UNTRAINED)}
    assert min(right[SMALL], right[LARGE]) > 0.95
    assert 0.8 < right["edges by hand"] < 0.92
    assert right[UNTRAINED] < 0.25
    untrained, small = (Digit(weights=w).net.layers[0].W for w in (UNTRAINED, SMALL))
    always_black = DIGITS.X_train.max(axis=0) == 0  # weights that never moved: lesson 10
    np.testing.assert_allclose(small[:, always_black], untrained[:, always_black] / 28, rtol=1e-6)
    by_hand = Digit("edges by hand").net
    W, b = edge_detectors()
    np.testing.assert_array_equal(by_hand.layers[0].W, W.astype("float32"))
    np.testing.assert_allclose(W.sum(axis=1), 0, atol=1e-9)
    assert (W > 0).any(axis=1).all()
    assert by_hand.n_params == 13002
    assert b.shape == (16,)


@pytest.fixture(scope="module")
def pairs():
    rng = np.random.default_rng(1)
    return [
        (rng.uniform(-1, 1, shape), rng.uniform(-1, 1, shape[0]))
        for shape in ((12, 784), (8, 12), (10, 8))
    ]


def test_a_net_of_the_readers_own(pairs):
    own = Digit(net=[(W.tolist(), b.tolist()) for W, b in pairs], neuron=42)
    a = DIGITS.X_test[3]
    for W, b in pairs:
        a = sigmoid(W @ a + b)
    np.testing.assert_allclose(own.shown["picture"]["activations"][2], a)
    assert own.shown["picture"]["unit"] == 9  # the last of 30 neurons
    assert {"weights", "presets", "copy"} <= set(own.spec["hide"])
    net = nn.MLP([784, 16, 16, 10], output="softmax", loss="cross_entropy", seed=0)
    again = Digit(net=net)
    again.set(neuron=33)
    assert again.net is not net
    assert net.layers[0].a is None  # the reader's own net has not been used
    np.testing.assert_allclose(again.shown["picture"]["activations"][2].sum(), 1, rtol=1e-5)


def test_data_of_the_readers_own():
    few = nn.Dataset(
        "few", DIGITS.X_train[:50], DIGITS.y_train[:50], DIGITS.X_test[5:9], DIGITS.y_test[5:9]
    )
    own = Digit(data=few, weights=UNTRAINED)
    assert repr(own).startswith(f"Test picture 3, a {DIGITS.y_test[8]}: ")
    assert "Of 4 test pictures" in repr(own)
    with pytest.raises(ValueError, match=r"expected a number below 4, .* got 4"):
        own.set(number=4)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"net": nn.MLP([784, 10])}, "two hidden layers of 16 neurons at most"),
        ({"net": nn.MLP([784, 17, 16, 10])}, "got 784-17-16-10"),
        ({"net": nn.MLP([64, 16, 16, 10])}, "got 64-16-16-10"),
        ({"net": nn.MLP([784, 16, 16, 10], output="linear")}, "one digit, got linear"),
        ({"strokes": [[2, 1, 1]]}, "expected each stroke to be a list of 1 (white)"),
        ({"strokes": [[1, 1]]}, "expected each stroke"),
        ({"strokes": [[1, 1, 2, 3]]}, "expected each stroke"),
        ({"strokes": [[]]}, "expected each stroke"),
        ({"strokes": [[1, float("nan"), 1]]}, "expected each stroke"),
        ({"strokes": 3}, "expected each stroke"),
        ({"neuron": 43}, "expected neuron from 1 to 42, got 43"),
    ],
)
def test_what_cannot_be(values, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Digit(**values)


def test_the_still_shows_the_same(digit):
    digit.set(number=7)
    picture, look, bars = digit.still().child_axes
    np.testing.assert_array_equal(picture.images[0].get_array().ravel(), DIGITS.X_test[7])
    np.testing.assert_array_equal(look.images[0].get_array().ravel(), digit.net.layers[0].W[4])
    heights = [bar.get_height() for bar in bars.patches]
    np.testing.assert_allclose(heights, passed(digit.net, DIGITS.X_test[7])[2], atol=1e-5)


def test_trained_once():
    assert Digit().net is Digit().net
    assert built_in() is built_in()
