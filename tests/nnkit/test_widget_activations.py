"""The activation explorer's numbers: formulas from the decks, measured slopes, limits worked out."""

import math

import numpy as np
import pytest

from nnkit.activations import ACTIVATIONS
from nnkit.widgets import Activations

FORMULAS = {
    "unit_step": lambda z: float(z >= 1),
    "heaviside": lambda z: float(z >= 0),
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": lambda z: (math.exp(z) - math.exp(-z)) / (math.exp(z) + math.exp(-z)),
    "relu": lambda z: max(0, z),
    "leaky_relu": lambda z: max(0.1 * z, z),
    "shifted_relu": lambda z: max(-1, z),
    "parametric_relu": lambda z: z if z > 0 else 0.25 * z,
    "maxout": lambda z: max(-z - 1, 0.3 * z, z - 1),
    "softplus": lambda z: math.log(1 + math.exp(z)),
    "elu": lambda z: z if z > 0 else math.exp(z) - 1,
    "swish": lambda z: z / (1 + math.exp(-z)),
}


def measured(f, z):
    return (f(z + 1e-6) - f(z - 1e-6)) / 2e-6


def vanishing(explorer):
    picture = explorer.shown["picture"]
    return picture["vanishing"][picture["chosen"]]


def test_all_of_nnkit_are_there():
    """C8. Softmax needs several sums; it has an explorer of its own."""
    assert set(FORMULAS) == set(ACTIVATIONS) - {"softmax"}
    shown = Activations(beside="all").shown["picture"]
    assert [name.replace(" ", "_") for name in shown["names"]] == list(
        Activations.controls[0].options
    )
    assert shown["all"].shape == (13, 2, 241)


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize(("weight", "bias"), [(1, 0), (-1.3, 0.77)])
def test_curves_and_slopes(name, weight, bias):
    explorer = Activations(activation=name, weight=weight, bias=bias)
    x, (a, slope) = explorer.shown["picture"]["x"], explorer.shown["picture"]["curve"]
    z = weight * x + bias
    np.testing.assert_allclose(a, [FORMULAS[name](value) for value in z], atol=1e-12)
    kinks = (0, 1, -1, -1 / 1.3, 1 / 0.7)
    smooth = [i for i in range(len(z)) if all(abs(z[i] - kink) > 1e-4 for kink in kinks)]
    np.testing.assert_allclose(
        slope[smooth], [measured(FORMULAS[name], value) for value in z[smooth]], atol=1e-6
    )


@pytest.mark.parametrize(
    ("preset", "said"),
    [
        ("sigmoid", "a = 0.9526, f′(z) = 0.04518: next to nothing of a push gets through"),
        ("tanh, sigmoid beside it", "f′(z) = 0.009866: next to nothing"),
        ("two steps", "f′ is exactly 0 everywhere in this picture. No gradient anywhere"),
        ("linear", "all of a push gets through. f′ is within 0.05 of 0 nowhere"),
        ("ReLU", "nothing of a push gets through. f′ is exactly 0 for x below 0."),
        ("a dead ReLU", "nothing of a push gets through. f′ is exactly 0 everywhere"),
        ("leaky ReLU, ReLU beside it", "a = −0.2, f′(z) = 0.1: 10 % of a push gets through"),
        ("parametric ReLU", "f′(z) = 0.25: 25 % of a push gets through"),
        (
            "shifted ReLU",
            "a = −1, f′(z) = 0: nothing of a push gets through. f′ is exactly 0 for x below −1",
        ),
        ("ELU", "a = −0.6321, f′(z) = 0.3679: 36.8 %"),
        ("softplus, sigmoid beside it", "its slope is the sigmoid"),
        ("swish", "f′(z) = −0.0881: a push up moves it down"),
        ("maxout", "f′(z) = −1: a push up moves it down"),
    ],
)
def test_each_function_and_its_limits(preset, said):
    """D7; the numbers are lesson 02's table of the gallery."""
    assert said in repr(Activations(preset))


@pytest.mark.parametrize(
    ("name", "limit", "end"),
    [
        ("sigmoid", 0.05, math.log((1 - math.sqrt(0.8)) / (1 + math.sqrt(0.8)))),  # a(1−a) = 0.05
        ("sigmoid", 0.2, math.log((1 - math.sqrt(0.2)) / (1 + math.sqrt(0.2)))),
        ("tanh", 0.05, -math.atanh(math.sqrt(0.95))),  # 1 − a² = 0.05
        ("elu", 0.05, math.log(0.05)),  # e^z = 0.05
        ("softplus", 0.05, math.log(0.05 / 0.95)),
        ("relu", 0.05, 0),
        ("shifted_relu", 0.05, -1),
    ],
)
@pytest.mark.parametrize(("weight", "bias"), [(1, 0), (1.7, -0.3)])
def test_where_the_gradient_vanishes(name, limit, end, weight, bias):
    explorer = Activations(activation=name, limit=limit, weight=weight, bias=bias)
    low, high, level = vanishing(explorer)[0]
    assert low == -6
    assert high == pytest.approx((end - bias) / weight, abs=1e-5)
    assert level == (2 if name.endswith("relu") else 1)


def test_beyond_3_the_sigmoid_is_flat():
    """D7: ±3, where its slope is 0.045."""
    for low, high, level in vanishing(Activations("sigmoid")):
        assert level == 1
        assert 2.8 < min(abs(low), abs(high)) < 3
    assert vanishing(Activations("sigmoid", limit=0.3)) == [(-6, 6, 1)]


def test_a_slope_below_0_is_not_flat():
    """Swish goes down between its two flat stretches."""
    (_, left, _), (right, end, _) = vanishing(Activations("swish"))
    for x, slope in [(left, -0.05), (right, -0.05), (end, 0.05)]:
        assert measured(FORMULAS["swish"], x) == pytest.approx(slope, abs=1e-5)
    assert left < -3 < right < end


def test_the_bias_moves_and_the_weight_narrows():
    assert vanishing(Activations("ReLU", bias=2))[0][1] == pytest.approx(-2, abs=1e-5)
    explorer = Activations("sigmoid", weight=2, bias=3)
    assert explorer.shown["picture"]["handles"] == [-1.5, -0.5]
    (_, left, _), (right, _, _) = vanishing(explorer)
    assert left + right == pytest.approx(-3, abs=1e-5)
    assert right - left == pytest.approx(2.887, abs=1e-3)
    mirrored = Activations("ReLU", weight=-1)
    assert vanishing(mirrored)[0][:2] == (pytest.approx(0, abs=1e-5), 6)


def test_a_weight_of_0_is_the_same_everywhere():
    explorer = Activations("sigmoid", weight=0, bias=8)
    assert explorer.shown["picture"]["handles"] == []
    assert vanishing(explorer) == [(-6, 6, 1)]


@pytest.mark.parametrize(
    ("name", "setting", "value", "z", "a", "slope"),
    [
        ("unit_step", "threshold", -2, -1, 1, 0),
        ("leaky_relu", "slope", 0.5, -2, -1, 0.5),
        ("shifted_relu", "shift", -3, -2, -2, 1),
        ("parametric_relu", "start", 0, -2, 0, 0),
        ("elu", "alpha", 2, -1, 2 * (math.exp(-1) - 1), 2 * math.exp(-1)),
    ],
)
def test_settings(name, setting, value, z, a, slope):
    picture = Activations(activation=name, x=z, **{setting: value}).shown["picture"]
    assert (picture["a"], picture["slope"]) == (pytest.approx(a), pytest.approx(slope))


def test_the_tangent_has_the_slope_of_the_curve_over_x():
    explorer = Activations("sigmoid", weight=3, bias=-1, x=0.5)
    (x0, x1), (y0, y1) = explorer.shown["picture"]["tangent"]
    a = FORMULAS["sigmoid"](0.5)
    assert (y1 - y0) / (x1 - x0) == pytest.approx(3 * a * (1 - a))
    assert (y0 + y1) / 2 == pytest.approx(a)


def test_the_still_draws_the_same_curves():
    ax = Activations("tanh, sigmoid beside it").still()
    lines = {line.get_label(): line for line in ax.lines}
    x = lines["tanh, a = f(z)"].get_xdata()
    np.testing.assert_allclose(lines["tanh, a = f(z)"].get_ydata(), np.tanh(x))
    np.testing.assert_allclose(lines["sigmoid"].get_ydata(), 1 / (1 + np.exp(-x)))
    assert len(ax.patches) == 2  # the flat ends
