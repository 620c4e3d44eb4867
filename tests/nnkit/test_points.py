"""Two classes in the plane: shapes, ranges, balance, and what divides them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

import nnkit as nn

ALL = (nn.blobs, nn.xor, nn.moons, nn.circles, nn.spirals)


@settings(max_examples=30, deadline=None)
@given(
    make=st.sampled_from(ALL),
    n=st.integers(1, 60),
    noise=st.just(0) | st.floats(0.01, 2),
    seed=st.integers(0, 2**32),
)
def test_shapes_classes_and_seeds(make, n, noise, seed):
    data = make(n, noise, seed)
    assert data.name == make.__name__
    assert (data.inputs, data.outputs) == (("x1", "x2"), ("class",))
    assert data.X.shape == (n, 2)
    assert data.Y.shape == (n, 1)
    assert data.X.dtype == data.Y.dtype == np.float64
    assert data.y.tolist() == [i % 2 for i in range(n)]
    np.testing.assert_array_equal(data.X, make(n, noise, seed).X)
    if noise > 0:
        assert np.any(data.X != make(n, noise, seed + 1).X)
        assert np.any(make(n, noise, None).X != make(n, noise, None).X)


@pytest.mark.parametrize("make", ALL)
def test_the_noise_is_the_standard_deviation(make):
    noise = 0.3
    added = make(4000, noise).X - make(4000, 0).X
    assert added.std(axis=0) == pytest.approx([noise, noise], rel=0.05)
    assert added.mean(axis=0) == pytest.approx([0, 0], abs=0.02)


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "expected n to be a whole number from 1 on, got 0"),
        ({"n": 1.5}, "expected n to be a whole number from 1 on, got 1.5"),
        ({"noise": -1}, "expected noise to be a number of 0 or more, got -1"),
        ({"noise": float("nan")}, "expected noise to be a number of 0 or more, got nan"),
    ],
)
def test_errors(make, options, message):
    with pytest.raises(ValueError, match=message):
        make(**options)


# ---------------------------------------------------------------- where the points lie


def by_class(data):
    return data.X[data.y == 0], data.X[data.y == 1]


def test_blobs_have_their_centres():
    zero, one = by_class(nn.blobs(4000))
    assert zero.mean(axis=0) == pytest.approx([-1, -1], abs=0.05)
    assert one.mean(axis=0) == pytest.approx([1, 1], abs=0.05)
    assert np.cov(one.T) == pytest.approx(np.diag([0.25, 0.25]), abs=0.02)


def test_xor_is_its_truth_table():
    data = nn.xor()
    assert len(data) == 4
    assert {(*x, y) for x, y in zip(data.X.tolist(), data.y, strict=True) for x in [tuple(x)]} == {
        (a, b, float(bool(a) != bool(b))) for a in (0, 1) for b in (0, 1)
    }
    heaps = nn.xor(400, noise=0.1)
    corners, counts = np.unique(np.round(heaps.X), axis=0, return_counts=True)
    assert corners.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert counts.tolist() == [100] * 4


def test_moons_lie_on_half_circles():
    data = nn.moons(1000, noise=0)
    upper, lower = by_class(data)
    np.testing.assert_allclose(np.hypot(*upper.T), 1)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5
    assert data.X.min(axis=0) == pytest.approx([-1, -0.5], abs=0.01)
    assert data.X.max(axis=0) == pytest.approx([2, 1], abs=0.01)


def test_moons_are_scikit_learns():
    from sklearn.datasets import make_moons

    X, y = make_moons(2000, shuffle=False)
    nearest = KNeighborsClassifier(1).fit(X, y)
    data = nn.moons(300, noise=0)
    np.testing.assert_array_equal(nearest.predict(data.X), data.y)
    assert nearest.kneighbors(data.X)[0].max() < 0.01


def test_circles_are_rings():
    outer, inner = by_class(nn.circles(1000, noise=0))
    np.testing.assert_allclose(np.hypot(*outer.T), 1)
    np.testing.assert_allclose(np.hypot(*inner.T), 0.5)
    for ring in (outer, inner):  # all the way round
        angles = np.sort(np.arctan2(*ring.T))
        assert np.diff(angles).max() < 0.15


def test_spirals_follow_their_formula():
    for arm, turned in zip(by_class(nn.spirals(1000, noise=0)), (0, np.pi), strict=True):
        radius = np.hypot(*arm.T)
        assert radius.min() == pytest.approx(0.1, abs=0.01)
        assert radius.max() == pytest.approx(1, abs=0.01)
        # Unwound by the angle that the radius tells, the arm is a straight ray.
        unwound = (arm[:, 0] + 1j * arm[:, 1]) * np.exp(-1j * (3 * np.pi * radius + turned))
        np.testing.assert_allclose(unwound, radius, atol=1e-12)


# ---------------------------------------------------------------- what divides them


def separable(X, y):
    """Ask a linear program for a line with all of class 1 on one side."""
    sign = 2 * y - 1
    A = -sign[:, None] * np.column_stack([X, np.ones(len(X))])
    return linprog(np.zeros(3), A, -np.ones(len(X)), bounds=(None, None)).status == 0


def test_a_line_divides_blobs_and_nothing_else():
    assert separable(*(lambda d: (d.X, d.y))(nn.blobs(noise=0.3)))
    for make in (nn.xor, nn.moons, nn.circles, nn.spirals):
        data = make(noise=0)
        assert not separable(data.X, data.y)


@pytest.mark.parametrize(
    ("make", "line_low", "line_high"),
    [
        (nn.blobs, 0.99, 1),
        (lambda **options: nn.xor(noise=0.15, **options), 0.4, 0.77),
        (nn.moons, 0.8, 0.95),
        (nn.circles, 0.4, 0.65),
        (nn.spirals, 0.4, 0.75),
    ],
    ids=["blobs", "xor", "moons", "circles", "spirals"],
)
def test_how_far_a_line_gets_and_that_neighbours_tell_the_classes(make, line_low, line_high):
    train, test = make(n=1000, seed=1), make(n=1000, seed=2)
    line = LogisticRegression().fit(train.X, train.y).score(test.X, test.y)
    assert line_low <= line <= line_high
    assert KNeighborsClassifier(5).fit(train.X, train.y).score(test.X, test.y) > 0.98


def test_two_blobs_in_a_thousand_are_on_the_wrong_side():
    data = nn.blobs(40_000)
    wrong = np.mean((data.X.sum(axis=1) > 0) != data.y)
    assert wrong == pytest.approx(0.0023, abs=0.0007)  # the normal distribution beyond √2 / 0.5


def test_a_small_net_learns_the_moons_from_the_table_as_it_is():
    data = nn.moons(400, seed=0)
    net = nn.MLP(
        [2, 8, 1], activation="tanh", output="sigmoid", loss="binary_cross_entropy", seed=0
    )
    net.fit(data.X[:300], data.Y[:300], epochs=200, optimizer=nn.SGD(1.0), seed=0)
    assert net.evaluate(data.X[300:], data.Y[300:]).accuracy > 0.95
