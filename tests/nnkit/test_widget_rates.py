"""The learning rate's numbers: deck D's, least squares, a trained net, measured slopes."""

import numpy as np
import pytest

import nnkit as nn
from nnkit.widgets import LEARNING_RATES, LearningRate
from nnkit.widgets.rates import SCENES

POINTS = nn.three_points()
X, Y = POINTS.X[:, 0], POINTS.y


def shown(*arguments, **values):
    return LearningRate(*arguments, **values).shown["picture"]


def intercepts(rate, steps, slope=0.64):
    """Deck D's descent, written out."""
    places = [0.0]
    for _ in range(steps):
        b = places[-1]
        places.append(b - rate * sum(-2 * (y - (b + slope * x)) for x, y in zip(X, Y, strict=True)))
    return places


def test_deck_d_s_numbers():
    """D13."""
    said = repr(LearningRate("deck D's line"))
    assert "intercept 0, 0.5704, 0.79856, 0.889824, …" in said
    assert "slopes −5.704, −2.2816, " in said
    assert "Deck D stops after step 7, at 0.9491" in said


@pytest.mark.parametrize("rate", SCENES["intercept"].rates)
def test_the_way_of_the_intercept(rate):
    picture = shown(rate=rate, steps=12)
    places = np.array(intercepts(rate, 12))
    np.testing.assert_allclose(picture["last"][0], places[-1], rtol=1e-9)
    np.testing.assert_allclose(picture["way"][:, 0], np.clip(places, -1e6, 1e6), atol=1e-12)
    costs = [((Y - (b + 0.64 * X)) ** 2).sum() for b in places]
    np.testing.assert_allclose(picture["costs"], costs, rtol=1e-9)


@pytest.mark.parametrize("rate", SCENES["line"].rates[1:25])
def test_both_parameters_go_where_a_net_goes(rate):
    """A net without a hidden layer is a line; nnkit trains it."""
    net = nn.MLP([1, 1], output="linear", loss="squared_error_sum", dtype="float64", seed=0)
    net.set_params([([[0.0]], [0.0])])
    trained = nn.train_many(net, POINTS.X, POINTS.Y, 40, rate).net(0).layers[0]
    end = shown("two parameters", rate=rate)["last"]
    np.testing.assert_allclose(end, [trained.b[0], trained.W[0, 0]], rtol=1e-7)


def test_the_bottom_is_least_squares():
    slope, intercept = np.polyfit(X, Y, 1)
    assert shown("two parameters")["bottoms"][0] == pytest.approx((intercept, slope))
    assert (round(intercept, 5), round(slope, 5)) == (0.94872, 0.64103)


@pytest.mark.parametrize("scene", ["intercept", "line"])
def test_from_the_limit_on_costs_rise(scene):
    limit = SCENES[scene].landscape().limit
    for rate in SCENES[scene].rates[1:]:
        costs = shown(scene=scene, rate=rate, steps=40)["costs"]
        if not np.isclose(rate, limit):
            assert (costs[-1] > costs[-2] + 1e-9) == (rate > limit), rate


@pytest.mark.parametrize(
    ("rate", "verdict"),
    [
        (0.0, "A rate of 0 learns nothing."),
        (0.01, "It has not arrived"),
        (1 / 6, "Deck D stops after step 1, at 0.9507"),
        (0.3, "Steps overshoot"),
        (1 / 3, "it jumps to and fro"),
        (0.34, "It diverges, as every rate above 0.3333 does."),
        (1.0, "It diverges"),
    ],
)
def test_verdicts(rate, verdict):
    assert verdict in repr(LearningRate(rate=rate))


def test_one_weight_has_two_valleys():
    """Lesson 06: starts at −2 and 0.5 end in one, 1.5 and 3 in the other."""
    ends = [shown("one weight, two valleys", start1=w)["last"][0] for w in (-2, 0.5, 1.5, 3)]
    assert [end < 0 for end in ends] == [True, True, False, False]
    landscape = SCENES["one weight"].landscape()
    w = np.linspace(-2, 5, 30)[:, None]
    measured = (landscape.cost(w + 1e-5) - landscape.cost(w - 1e-5)) / 2e-5
    np.testing.assert_allclose(landscape.gradient(w)[:, 0], measured, atol=1e-8)
    a = 1 / (1 + np.exp(-0.7 * np.array([0.5, 6])))
    assert landscape.cost(np.array([0.7])) == pytest.approx(
        ((a[0] - 0.9) ** 2 + (a[1] - 0.3) ** 2) / 4
    )


def test_deck_b_s_net():
    data = nn.two_three_one()
    net = nn.MLP([2, 3, 1], loss="half_squared_error_sum", dtype="float64")
    net.set_params([(data.W1, data.b1), (data.W2, data.b2)])
    history = net.fit(
        data.X, data.Y, 101, None, optimizer=nn.SGD(1.1), shuffle=False, progress=False
    )
    picture = shown("deck B's net", rate=1.1, steps=100)
    np.testing.assert_allclose(picture["costs"], history.loss, rtol=1e-6)


def test_the_picture_of_all_rates_is_the_end_of_each():
    for preset in LearningRate.presets:
        explorer = LearningRate(preset)
        picture = explorer.shown["picture"]
        low, high = explorer.scene.costs[0], explorer.scene.costs[-1]
        for i in (1, 20, 45):
            explorer.set(rate=explorer.scene.rates[i])
            end = explorer.shown["picture"]["cost"]
            assert 10 ** picture["reached"][i] == pytest.approx(np.clip(end, low, high), rel=1e-6)


def test_fifty_rates():
    assert [len(scene.rates) for scene in SCENES.values()] == [50] * 4
    assert SCENES["2-3-1"].rates == LEARNING_RATES


def test_steps_go_round():
    rates = LearningRate(steps=39)
    for steps in (40, 0, 1):
        rates.do("step")
        assert rates.state["steps"] == steps
    net = LearningRate("deck B's net")
    net.do("play")
    net.do("play")
    assert net.state["steps"] == 10


def test_stills_show_the_same_way():
    for preset in ("deck D's line", "two parameters", "deck B's net"):
        rates = LearningRate(preset)
        ax = rates.still()
        drawn = ax.lines[[line.get_label()[:8] for line in ax.lines].index("learning")]
        picture = rates.shown["picture"]
        expected = picture["way"][:, 0] if picture.get("names") else range(1001)
        np.testing.assert_array_equal(drawn.get_xdata(), expected)
