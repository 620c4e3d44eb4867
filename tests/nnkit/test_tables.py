"""House prices, deck D's three points and the bank's loans: are they what their docstrings say?"""

import numpy as np
import pytest
from scipy.optimize import linprog
from sklearn.linear_model import LinearRegression

import nnkit as nn
from nnkit import datasets

MADE = (nn.house_prices_by_size, nn.house_prices, nn.loans)


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize("make", MADE)
def test_the_seed_decides(make):
    a, b, c = make(), make(seed=0), make(seed=1)
    np.testing.assert_array_equal(a.X, b.X)
    np.testing.assert_array_equal(a.Y, b.Y)
    assert np.any(a.X != c.X)
    assert np.any(make(seed=None).X != make(seed=None).X)


@pytest.mark.parametrize("make", MADE)
@pytest.mark.parametrize("n", [1, 2, 37])
def test_shapes_names_and_dtypes(make, n):
    data = make(n)
    assert len(data) == n
    assert data.X.shape == (n, len(data.inputs))
    assert data.Y.shape == (n, 1)
    assert data.X.dtype == data.Y.dtype == data.y.dtype == np.float64
    assert all(array.shape[0] == n for array in data.between.values())
    np.testing.assert_array_equal(data.y, data.Y.ravel())


@pytest.mark.parametrize("make", MADE)
@pytest.mark.parametrize("n", [0, -3, 2.5, True, "ten"])
def test_numbers_of_rows_that_are_none(make, n):
    with pytest.raises(ValueError, match=f"expected n to be a whole number from 1 on, got {n!r}"):
        make(n)


@pytest.mark.parametrize("make", [nn.house_prices_by_size, nn.house_prices])
@pytest.mark.parametrize("noise", [-0.1, float("nan"), float("inf")])
def test_noise_that_is_none(make, noise):
    with pytest.raises(ValueError, match="expected noise to be a number of 0 or more, got"):
        make(noise=noise)


def test_repr_prints_a_few_rows():
    lines = repr(nn.house_prices()).splitlines()
    assert lines[0] == "house prices: 500 rows"
    assert lines[1].split() == ["size", "rooms", "postal_code", "wealth", "price"]
    assert len({len(line) for line in lines[1:7]}) == 1  # in columns
    assert lines[7:9] == ["… 495 more", "between: family_size (500, 1)"]
    assert "more" not in repr(nn.house_prices(5))


def test_changing_y_leaves_the_table_alone():
    data = nn.three_points()
    data.y[:] = 7
    assert data.Y[0, 0] == 1.4


# ---------------------------------------------------------------- house prices


def test_a_line_through_sizes_and_prices():
    data = nn.house_prices_by_size(20_000, noise=30)
    assert (data.X.min(), data.X.max()) == (40, 240)
    line = LinearRegression().fit(data.X, data.y)
    assert line.coef_[0] == pytest.approx(2.5, abs=0.02)
    assert line.intercept_ == pytest.approx(50, abs=3)
    assert np.std(data.y - line.predict(data.X)) == pytest.approx(30, rel=0.03)
    exact = nn.house_prices_by_size(noise=0)
    np.testing.assert_allclose(exact.Y, 50 + 2.5 * exact.X, atol=0.05 + 1e-9)


def test_a_4_3_1_net_holds_the_formula_of_the_house_prices():
    data = nn.house_prices(noise=0)
    net = nn.MLP([4, 3, 1], activation="relu", output="linear", dtype="float64")
    hidden, output = net.layers
    #             size  rooms  code  wealth
    hidden.W = [[0.01, 0.5, 0, 0], [0, 0, -0.5, 0], [0, 0, -0.2, 0.2]]
    hidden.b = [0, 10, -2]
    output.W, output.b = [[60, 25, 20]], [50]
    np.testing.assert_allclose(net.forward(data.X), data.Y, atol=0.05 + 1e-9)
    names = ["family_size", "walkability", "school_quality"]
    assert list(data.between) == names
    made = np.hstack([data.between[name] for name in names])
    np.testing.assert_allclose(hidden.a, made, atol=1e-12)


def test_no_plane_fits_the_house_prices():
    data = nn.house_prices(5000)
    residuals = data.y - LinearRegression().fit(data.X, data.y).predict(data.X)
    assert residuals.std() == pytest.approx(30, abs=1)
    from_between = np.hstack(list(data.between.values()))
    residuals = data.y - LinearRegression().fit(from_between, data.y).predict(from_between)
    assert residuals.std() == pytest.approx(10, rel=0.05)


def test_ranges_of_the_house_prices():
    data = nn.house_prices(20_000)
    size, rooms, postal_code, wealth = data.X.T
    assert (size.min(), size.max()) == (40, 240)
    assert rooms.min() == 1
    np.testing.assert_array_equal(np.unique(postal_code), np.arange(1, 31))
    assert (wealth.min(), wealth.max()) == (15, 80)
    roomy = size > 60
    more = rooms[roomy] - np.round(size[roomy] / 30)
    assert np.unique(more).tolist() == [-1, 0, 1]
    np.testing.assert_array_equal(rooms[size < 45] <= 2, True)
    assert data.Y.min() > 0
    walkability, school_quality = data.between["walkability"], data.between["school_quality"]
    assert (walkability.min(), walkability.max()) == (0, 9.5)
    assert (school_quality.min(), school_quality.max()) == (0, pytest.approx(13.8))
    assert np.mean(walkability == 0) == pytest.approx(11 / 30, abs=0.02)  # codes 20 to 30


# ---------------------------------------------------------------- deck D's three points


def test_deck_d_the_line_through_the_three_points():
    data = nn.three_points()
    line = LinearRegression().fit(data.X, data.Y)
    assert line.coef_[0, 0] == pytest.approx(0.64103, abs=5e-6)
    assert line.intercept_[0] == pytest.approx(0.94872, abs=5e-6)


def test_deck_d_gradient_descent_on_the_intercept():
    x, y = nn.three_points().X[:, 0], nn.three_points().y
    slope = lambda intercept: float(np.sum(-2 * (y - (intercept + 0.64 * x))))
    intercepts, slopes = [0.0], [slope(0.0)]
    while abs(0.1 * slopes[-1]) >= 0.001:
        intercepts.append(intercepts[-1] - 0.1 * slopes[-1])
        slopes.append(slope(intercepts[-1]))
    assert slopes[:2] == pytest.approx([-5.704, -2.2816])
    assert intercepts[:4] == pytest.approx([0, 0.5704, 0.79856, 0.889824])
    assert intercepts[-1] == pytest.approx(0.9491, abs=5e-5)


# ---------------------------------------------------------------- the bank


def ask_the_bank(income, debts, years, missed):
    """Apply the rules of the bank's docstring, without a perceptron."""
    o1 = income > 2 * debts
    o2 = income > 45
    o3 = income + 2 * years > 75
    o4 = missed == 0
    o5 = 2 * income - debts + 2 * years - 20 * missed > 50
    officers = [o1, o2, o3, o4, o5]
    money, trust = o1 and o2, o3 and o4
    others = [sum(officers) >= 3, all(officers), any(officers), o5 or (o1 and o4), o4, o3 or o5]
    supervisors = [money, trust, *others]
    if money and trust:
        manager = True
    elif money or trust:
        manager = sum(others) >= 3
    else:
        manager = False
    return officers, supervisors, manager


def test_the_bank_decides_by_its_rules():
    data = nn.loans(2000)
    for x, officers, supervisors, manager in zip(
        data.X, data.between["officers"], data.between["supervisors"], data.y, strict=True
    ):
        expected = ask_the_bank(*x)
        assert (officers > 0).tolist() == expected[0]
        assert (supervisors > 0).tolist() == expected[1]
        assert (manager > 0) == expected[2]
    for values in (data.Y, *data.between.values()):
        np.testing.assert_array_equal(np.unique(values), [-1, 1])


def test_every_combination_of_the_officers_answers():
    every = np.array(np.meshgrid(*[[-1, 1]] * 5)).reshape(5, -1).T
    supervisors, manager = nn.decisions(nn.bank()[1:], every)
    (few,) = nn.decisions(nn.bank(supervisors=False)[1:], every)
    for answers, row, decision, counted in zip(every, supervisors, manager, few, strict=True):
        o1, o2, o3, o4, o5 = (answers > 0).tolist()
        others = [sum(answers > 0) >= 3, all(answers > 0), any(answers > 0)]
        others += [o5 or (o1 and o4), o4, o3 or o5]
        assert (row > 0).tolist() == [o1 and o2, o3 and o4, *others]
        good = (o1 and o2) + (o3 and o4)
        assert (decision[0] > 0) == (good == 2 or (good == 1 and sum(others) >= 3))
        assert (counted[0] > 0) == (sum(answers > 0) >= 3)


def test_the_bank_without_supervisors():
    data, full = nn.loans(supervisors=False), nn.loans()
    np.testing.assert_array_equal(data.X, full.X)  # the same applications
    np.testing.assert_array_equal(data.between["officers"], full.between["officers"])
    assert list(data.between) == ["officers"]
    assert [len(layer) for layer in nn.bank(supervisors=False)] == [5, 1]
    assert [len(layer) for layer in nn.bank()] == [5, 8, 1]
    at_least_three = (data.between["officers"] > 0).sum(axis=1) >= 3
    np.testing.assert_array_equal(data.y > 0, at_least_three)
    assert nn.Perceptron(5).fit(data.between["officers"], data.y).converged


def separable(X, y):
    """Ask a linear program for w and b with y (X w + b) ≥ 1."""
    A = -y[:, None] * np.column_stack([X, np.ones(len(X))])
    program = linprog(np.zeros(A.shape[1]), A, -np.ones(len(y)), bounds=(None, None))
    assert program.status in (0, 2)  # solved, or proven to have no solution
    return program.status == 0


def test_the_manager_needs_the_supervisors():
    data = nn.loans()
    officers, supervisors = data.between["officers"], data.between["supervisors"]
    assert not separable(officers, data.y)
    assert separable(supervisors, data.y)
    assert not nn.Perceptron(5).fit(officers, data.y, epochs=200).converged
    assert nn.Perceptron(8).fit(supervisors, data.y).converged
    # Four applications are enough: 1 and 2, or 3 and 4, against 1 and 3, or 2 and 4.
    some = np.array([[1, 1, -1, -1, 1], [-1, -1, 1, 1, 1], [1, -1, 1, -1, 1], [-1, 1, -1, 1, 1]])
    assert nn.decisions(nn.bank()[1:], some)[-1][:, 0].tolist() == [1, 1, -1, -1]
    np.testing.assert_array_equal(some[:2].sum(axis=0), some[2:].sum(axis=0))


@pytest.mark.parametrize("officer", range(5))
def test_a_perceptron_learns_an_officers_rule(officer):
    data = nn.loans()
    Z = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0, ddof=1)
    answers = data.between["officers"][:, officer]
    neuron = nn.Perceptron(4)
    assert neuron.fit(Z, answers, epochs=100).converged
    np.testing.assert_array_equal(neuron.predict(Z), answers)


def test_applications_are_as_described():
    data = nn.loans(20_000)
    income, debts, years, missed = data.X.T
    assert data.inputs == ("income", "debts", "years", "missed")
    np.testing.assert_array_equal(data.X, np.round(data.X))
    assert income.min() >= 10
    assert income.mean() == pytest.approx(50, abs=1)
    assert income.std() == pytest.approx(20, abs=1)
    assert debts.mean() == pytest.approx(40, abs=1)
    np.testing.assert_array_equal(np.unique(years), np.arange(31))
    assert missed.var() == pytest.approx(1, abs=0.05)
    assert missed.mean() == pytest.approx(1, abs=0.05)
    assert 0.35 < np.mean(data.y > 0) < 0.45  # about four in ten


def test_every_call_returns_a_bank_of_its_own():
    bank = nn.bank()
    bank[0][0].update([0, 5, 0, 0], 1)
    assert nn.bank()[0][0].w.tolist() == [1, -2, 0, 0]


def test_names():
    for name in ("Table", "bank", "loans", "house_prices", "house_prices_by_size", "three_points"):
        assert getattr(nn, name) is getattr(datasets, name)
        assert name in dir(nn)
