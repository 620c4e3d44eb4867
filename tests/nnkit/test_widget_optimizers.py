"""The race's numbers: lesson 11's recurrences, an MLP on the houses, and measured slopes."""

import math

import numpy as np
import pytest

import nnkit as nn
from nnkit.widgets import Optimizers
from nnkit.widgets.optimizers import OPTIMIZERS, STEPS, SURFACES

VALLEY = np.array([1.0, 100.0])


def paths(explorer):
    return dict(zip(OPTIMIZERS, explorer.shown["picture"]["paths"], strict=True))


def by_hand(rates, steps, slope, start):
    """The four recurrences, as lesson 11 writes them."""
    places = {name: [np.array(start)] for name in rates}
    p = dict.fromkeys(rates, np.array(start))
    v, s, m, u = (np.zeros(2) for _ in range(4))
    for t in range(1, steps + 1):
        p["sgd"] = p["sgd"] - rates["sgd"] * slope(p["sgd"])
        v = 0.9 * v + slope(p["momentum"])
        p["momentum"] = p["momentum"] - rates["momentum"] * v
        g = slope(p["rmsprop"])
        s = 0.9 * s + 0.1 * g**2
        p["rmsprop"] = p["rmsprop"] - rates["rmsprop"] * g / (np.sqrt(s) + 1e-8)
        g = slope(p["adam"])
        m, u = 0.9 * m + 0.1 * g, 0.999 * u + 0.001 * g**2
        m_hat, u_hat = m / (1 - 0.9**t), u / (1 - 0.999**t)
        p["adam"] = p["adam"] - rates["adam"] * m_hat / (np.sqrt(u_hat) + 1e-8)
        for name in rates:
            places[name].append(p[name])
    return places


def test_the_valley_of_lesson_11():
    race = Optimizers("valley", steps=60)
    rates = {"sgd": 0.018, "momentum": 0.015, "rmsprop": 0.1, "adam": 0.3}
    expected = by_hand(rates, 60, lambda p: VALLEY * p, [-9, 0.9])
    for name, way in paths(race).items():
        np.testing.assert_allclose(way, expected[name], rtol=1e-6, atol=1e-9)
    costs = [0.5 * way[-1] ** 2 @ VALLEY for way in expected.values()]
    np.testing.assert_allclose(race.shown["picture"]["costs"], costs, rtol=1e-6)


def test_turning_the_valley_is_noticed_by_those_who_know_axes():
    since = {}
    for name in ("valley", "turned valley"):
        since[name] = Optimizers(name, steps=STEPS).shown["picture"]["since"]
    (sgd, momentum, rmsprop, adam), turned = since["valley"], since["turned valley"]
    assert abs(turned[0] - sgd) <= 1  # the start is rounded
    assert abs(turned[1] - momentum) <= 1
    assert turned[3] > 1.8 * adam
    assert rmsprop is turned[2] is None


@pytest.mark.parametrize("surface", SURFACES)
def test_gradients_are_the_measured_slopes(surface):
    landscape = SURFACES[surface]()
    places = np.random.default_rng(0).uniform(*np.transpose(landscape.ranges), (20, 2))
    slopes = [
        (landscape.cost(places + e) - landscape.cost(places - e)) / 2e-5 for e in 1e-5 * np.eye(2)
    ]
    np.testing.assert_allclose(landscape.gradient(places), np.transpose(slopes), atol=1e-5)


@pytest.mark.parametrize("surface", SURFACES)
def test_bottoms_are_lowest(surface):
    landscape = SURFACES[surface]()
    x, y = (np.linspace(low, high, 200) for low, high in landscape.ranges)
    everywhere = landscape.cost(np.stack(np.meshgrid(x, y), axis=-1))
    assert landscape.lowest <= everywhere.min()
    for bottom in landscape.bottoms:
        assert landscape.cost(np.array(bottom)) == pytest.approx(landscape.lowest)
        np.testing.assert_allclose(landscape.gradient(np.array(bottom)), 0, atol=1e-9)
    for line in landscape.lines:
        level = landscape.cost(line) - landscape.lowest
        assert np.abs(level[:, None] - landscape.levels).min(axis=1).max() < 0.1 * max(1, *level)


@pytest.mark.parametrize("size", [1, 10, 100])
def test_batches_of_houses_as_an_mlp_takes_them(size):
    """The same houses in the same order, by nnkit's own training."""
    table = nn.house_prices_by_size()
    X, Y = table.X / 100, table.Y / 100
    net = nn.MLP([1, 1], output="linear", loss="squared_error", dtype="float64", seed=0)
    net.set_params([([[0.0]], [-1.0])])
    optimizer, rng, way = nn.Momentum(0.01), np.random.default_rng(0), [[-1.0, 0.0]]
    while len(way) <= 30:
        order = rng.permutation(100)
        for start in range(0, 100, size):
            rows = order[start : start + size]
            net.forward(X[rows])
            net.backward(Y[rows])
            optimizer.step(net)
            way.append([net.layers[0].b[0], net.layers[0].W[0, 0]])
    race = Optimizers("houses, all in every step", batch=size, momentum=0.01, steps=30)
    np.testing.assert_allclose(paths(race)["momentum"], way[:31], rtol=1e-9)
    cost = net.evaluate(X, Y).loss if len(way) == 31 else None
    if cost is not None:
        assert race.shown["picture"]["costs"][1] == pytest.approx(cost)


def test_how_often_all_houses_have_been_seen():
    for preset, passes in [("houses, one by one", "0.4"), ("houses, ten at a time", "4")]:
        assert repr(Optimizers(preset)).startswith(f"After 40 steps ({passes} times all houses) ")


def test_momentum_alone_rolls_into_the_lower_hollow():
    ends = {name: way[-1, 0] for name, way in paths(Optimizers("two hollows", steps=300)).items()}
    assert {name for name, x in ends.items() if x < 0} == {"momentum"}


def test_whoever_is_thrown_out_is_said_to_be():
    race = Optimizers("valley", sgd=0.025, steps=STEPS)
    assert "far outside for gradient descent" in repr(race)
    assert np.isfinite(race.shown["picture"]["paths"]).all()
    assert race.shown["picture"]["since"][0] is None


def test_a_rate_of_0_stays_behind():
    race = Optimizers("saddle", sgd=0, rmsprop=0, adam=0, steps=7)
    assert (paths(race)["sgd"] == [-1.8, 0.01]).all()
    assert repr(race).startswith("After 7 steps the cost is ")
    assert "Adam" not in repr(race)
    race.set(momentum=0)
    assert repr(race) == "All rates are 0: nobody moves."


def test_only_who_has_changed_walks_again():
    race = Optimizers()
    before = dict(race.paths)
    race.set(adam=0.1)
    assert [name for name in before if race.paths[name] is not before[name]] == ["adam"]
    race.set(start1=3)
    assert all(race.paths[name][0, 0] == 3 for name in before)


def test_steps_go_round():
    race = Optimizers(steps=STEPS - 1)
    race.do("step")
    assert race.state["steps"] == STEPS
    race.do("play")
    assert race.state["steps"] == 0
    assert math.isclose(race.shown["picture"]["costs"][0], 0.5 * (81 + 100 * 0.81))


def test_a_rate_that_is_not_on_the_scale():
    with pytest.raises(ValueError, match=r"expected adam to be one of 0\.0, 0\.001, "):
        Optimizers(adam=0.07)


def test_the_still_shows_the_same_ways():
    race = Optimizers("three points")
    drawn = {line.get_label(): line.get_xydata() for line in race.still().lines}
    np.testing.assert_array_equal(drawn["Adam"], paths(race)["adam"])
