"""The neuron explorer's numbers, against plain NumPy and what lesson 01 says."""

import numpy as np
import pytest

import nnkit as nn
from nnkit.widgets import Neuron
from nnkit.widgets.words import short, written_sum

HOUSES = nn.house_prices_by_size()
LOANS = nn.loans()
FUNCTIONS = {
    "linear": lambda z: z,
    "perceptron": lambda z: np.where(z > 0, 1, -1),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(0, z),
}


def shown(*arguments, **values):
    return Neuron(*arguments, **values).shown["picture"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_sums_and_activations(name):
    picture = shown("one input", w1=-2, bias=1.5, activation=name)
    z = -2 * np.linspace(-10, 10, 41) + 1.5
    np.testing.assert_allclose(picture["z"], z)
    np.testing.assert_allclose(picture["a"], FUNCTIONS[name](z))
    x, a = picture["line"].T
    np.testing.assert_allclose(a, FUNCTIONS[name](-2 * x + 1.5))
    sums, values = picture["f"]
    np.testing.assert_allclose(values, FUNCTIONS[name](sums))


def test_the_line_through_the_houses():
    picture = shown(w1=2.4, bias=60)
    x, a = picture["line"].T
    np.testing.assert_allclose(a, 2.4 * x + 60)
    answers = 2.4 * HOUSES.X[:, 0] + 60
    assert picture["cost"] == pytest.approx(np.mean((answers - HOUSES.y) ** 2))
    for x, y in picture["handles"]:
        assert y == pytest.approx(2.4 * x + 60)


def test_the_line_between_the_loans():
    picture = shown("bank loan", w1=1.5, w2=-0.8, bias=-30)
    sums = picture["line"] @ [1.5, -0.8] - 30
    np.testing.assert_allclose(sums, 0, atol=1e-9)
    (handle,) = picture["handles"]
    assert np.dot(handle, [1.5, -0.8]) == pytest.approx(30)
    outer = picture["yes"][2:]  # the corners that are not on the line
    assert np.all(outer @ [1.5, -0.8] - 30 > 0)
    right = (1.5 * LOANS.X[:, 0] - 0.8 * LOANS.X[:, 1] - 30 > 0) == (LOANS.y > 0)
    assert picture["agree"] == right.sum()


def test_a_good_line_can_be_found_with_the_sliders():
    best = max(
        shown("bank loan", w1=1, w2=w2, bias=bias)["agree"]
        for w2 in (-0.7, -0.8, -0.9)
        for bias in range(-44, -20, 4)
    )
    assert best >= 175
    assert shown("bank loan")["agree"] < 160


def test_no_weights_no_line():
    nothing = shown("bank loan", w1=0, w2=0)
    assert len(nothing["line"]) == len(nothing["yes"]) == len(nothing["handles"]) == 0
    assert shown("one input", w1=0)["handles"] == []
    assert "same everywhere" in repr(Neuron("one input", w1=0))


def test_the_bias_moves_the_threshold():
    """Lesson 02: σ(x + b) is ½ at −b, σ(2x + b) at −b/2."""
    for w, bias in [(1, -4), (1, 4), (2, 4)]:
        ((x, half),) = shown("one input", w1=w, bias=bias)["handles"]
        assert x == -bias / w
        assert half == 0.5


def test_the_example_that_is_told():
    neuron = Neuron("bank loan", example=3)
    income, debts = LOANS.X[2, :2]
    z = income - debts - 20
    said = f"Application 3: 1 · {income:g} − 1 · {debts:g} − 20 = {short(z)}, not above 0: no"
    assert repr(neuron).startswith(said)
    assert repr(Neuron("one input", example=-3)).startswith("x = −3: z = 1 · −3 + 0 = −3")


def test_a_sum_of_exactly_0_is_no_yes():
    income = LOANS.X[0, 0]
    neuron = Neuron("bank loan", w1=2, w2=0, bias=-2 * income)
    assert "= 0, not above 0: no" in repr(neuron)
    assert neuron.shown["picture"]["a"][0] == -1


def test_numbers_in_words():
    assert short(-0.12345) == "−0.1235"
    assert short(123456.7) == "123,457"
    assert short(-123456.7) == "−123,457"
    assert written_sum(np.array([-2.0, 0.5]), np.array([3.0, -4.0]), 7) == "−2 · 3 + 0.5 · −4 + 7"


def test_the_still_draws_the_same_line():
    ax = Neuron(w1=3, bias=0).still()
    line = next(line for line in ax.lines if line.get_label() == "the neuron")
    np.testing.assert_allclose(line.get_ydata(), 3 * line.get_xdata())
    labels = [line.get_label() for line in Neuron("bank loan").still().lines]
    assert labels == ["the bank: yes", "the bank: no", "z = 0"]
