"""Steps downhill."""

import numpy as np
import pytest

import nnkit as nn
from nnkit.optimizers import Optimizer

OPTIMIZERS = (nn.SGD, nn.Momentum, nn.RMSProp, nn.Adam)


def net_of_three(theta=(1, 2, 3), dtype="float64"):
    net = nn.MLP([2, 1], dtype=dtype)
    net.theta = list(theta)
    return net


def step(optimizer, net, grad):
    net.grad = grad
    optimizer.step(net)
    np.testing.assert_array_equal(net.grad, grad)


# ---------------------------------------------------------------- the formulas, by hand


def test_sgd_moves_against_the_gradient():
    net = net_of_three()
    step(nn.SGD(learning_rate=0.25), net, [10, -20, 0])
    np.testing.assert_array_equal(net.theta, [-1.5, 7, 3])
    np.testing.assert_array_equal(net.layers[0].W, [[-1.5, 7]])


def test_momentum_picks_up_speed():
    net, optimizer = net_of_three((0, 0, 0)), nn.Momentum(0.1, beta=0.5)
    places = []
    for grad in ([1, 1, 0], [1, -1, 0], [1, 1, 0]):
        step(optimizer, net, grad)
        places.append(net.theta.tolist())
    # v is 1, 1.5, 1.75 where gradients agree and 1, −0.5, 0.75 where they alternate.
    np.testing.assert_allclose(places, [[-0.1, -0.1, 0], [-0.25, -0.05, 0], [-0.425, -0.125, 0]])


def test_rmsprop_divides_by_the_recent_size():
    net, optimizer = net_of_three((0, 0, 0)), nn.RMSProp(0.1, rho=0.75, eps=0.5)
    step(optimizer, net, [4, -0.4, 0])  # s = 0.25 · grad²: roots of 2, 0.2, 0
    first = [-0.1 * 4 / 2.5, 0.1 * 0.4 / 0.7, 0]
    np.testing.assert_allclose(net.theta, first)
    step(optimizer, net, [2, 0, 0])  # s = 0.75 · 4 + 0.25 · 4 = 4
    np.testing.assert_allclose(net.theta, [first[0] - 0.1 * 2 / 2.5, first[1], 0])


def test_the_first_step_of_adam_has_the_length_of_the_learning_rate():
    net = net_of_three((0, 0, 0))
    step(nn.Adam(0.01), net, [1e-3, -1e3, 0])
    np.testing.assert_allclose(net.theta, [-0.01, 0.01, 0], rtol=2e-5)


def test_adam_number_for_number():
    net, optimizer = net_of_three((0, 0, 0)), nn.Adam(0.1, beta1=0.5, beta2=0.75, eps=0.5)
    theta, m, v = 0.0, 0.0, 0.0
    for t, g in enumerate([3.0, -1.0, 2.0, 0.0], start=1):
        m, v = 0.5 * m + 0.5 * g, 0.75 * v + 0.25 * g * g
        theta -= 0.1 * (m / (1 - 0.5**t)) / ((v / (1 - 0.75**t)) ** 0.5 + 0.5)
        step(optimizer, net, [g, 0, -g])
        np.testing.assert_allclose(net.theta, [theta, 0, -theta], rtol=1e-12)


# ---------------------------------------------------------------- what all of them keep to


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_theta_stays_the_same_array(make):
    net = net_of_three()
    theta = net.theta
    step(make(0.3), net, [1, 1, 1])
    assert net.theta is theta
    np.testing.assert_array_equal(net.layers[0].b, theta[2:])
    assert (theta < [1, 2, 3]).all()


@pytest.mark.parametrize("make", OPTIMIZERS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_is_kept(make, dtype):
    net = nn.MLP([2, 1], dtype=dtype, seed=0)
    optimizer = make(np.float64(0.3))
    for _ in range(3):
        net.grad[...] = 1
        optimizer.step(net)
    arrays = [value for value in vars(optimizer).values() if isinstance(value, np.ndarray)]
    assert {value.dtype for value in [*arrays, net.theta]} == {np.dtype(dtype)}
    numbers = [value for value in vars(optimizer).values() if isinstance(value, float)]
    assert {type(number) for number in numbers} == {float}


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_another_net_is_a_new_start(make):
    rng = np.random.default_rng(0)
    grads = rng.normal(size=(4, 3))
    used, fresh = make(0.1), make(0.1)
    for grad in grads:
        step(used, net_of_three(), grad)
    net, twin = net_of_three(), net_of_three()
    for grad in grads:
        step(used, net, grad)
        step(fresh, twin, grad)
    np.testing.assert_array_equal(net.theta, twin.theta)
    assert used.steps == fresh.steps == 4


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_a_second_fit_goes_on_where_the_first_ended(make):
    X, y = np.random.default_rng(0).normal(size=(20, 3)), np.arange(20) % 2
    nets = [nn.MLP([3, 4, 2], seed=0, dtype="float64") for _ in range(2)]
    at_once, in_two = make(0.01), make(0.01)
    nets[0].fit(X, y, 6, 8, optimizer=at_once, shuffle=False)
    nets[1].fit(X, y, 2, 8, optimizer=in_two, shuffle=False)
    nets[1].fit(X, y, 4, 8, optimizer=in_two, shuffle=False)
    np.testing.assert_array_equal(nets[0].theta, nets[1].theta)


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_the_bottom_of_a_bowl(make):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 2))
    Y = X @ [[2.0], [-3.0]] + 0.5
    net = nn.MLP([2, 1], output="linear", seed=0, dtype="float64")
    optimizer = make(nn.inverse_decay(0.1, decay=0.01))
    net.fit(X, Y, 500, None, optimizer=optimizer)
    np.testing.assert_allclose(net.theta, [2, -3, 0.5], atol=0.02)


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_no_gradient_no_step(make):
    net = net_of_three()
    step(make(0.5), net, [0, 0, 0])
    np.testing.assert_array_equal(net.theta, [1, 2, 3])


def test_a_small_step_lowers_the_loss():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(20, 3)), rng.normal(size=(20, 2))
    net = nn.MLP([3, 4, 2], output="linear", seed=0, dtype="float64")
    before = net.evaluate(X, Y).loss
    net.forward(X)
    net.backward(Y)
    expected = before - 1e-4 * (net.grad @ net.grad)
    nn.SGD(learning_rate=1e-4).step(net)
    assert net.evaluate(X, Y).loss == pytest.approx(expected, rel=1e-5)


# ---------------------------------------------------------------- learning rates


def test_deck_d_finds_the_intercept_of_a_line():
    # Slope fixed at 0.64, intercept from 0, the sum of the squared residuals, learning rate 0.1.
    X, Y = np.array([[0.5], [2.3], [2.9]]), np.array([[1.4], [1.9], [3.2]])
    net = nn.MLP([1, 1], output="linear", loss="squared_error_sum", dtype="float64")
    net.set_params([([[0.64]], [0.0])])
    optimizer, slopes, intercepts = nn.SGD(0.1), [], [0.0]
    for _ in range(100):
        net.forward(X)
        net.backward(Y)
        net.layers[0].dW[...] = 0
        slopes.append(net.layers[0].db[0])
        if abs(0.1 * slopes[-1]) < 0.001:
            break
        optimizer.step(net)
        intercepts.append(net.layers[0].b[0])
    np.testing.assert_allclose(slopes[:2], [-5.704, -2.2816], atol=1e-12)
    np.testing.assert_allclose(intercepts[:4], [0, 0.5704, 0.79856, 0.889824], atol=1e-12)
    assert round(intercepts[-1], 4) == 0.9491


def test_deck_d_finds_the_line_of_least_squares():
    X, Y = np.array([[0.5], [2.3], [2.9]]), np.array([[1.4], [1.9], [3.2]])
    net = nn.MLP([1, 1], output="linear", loss="squared_error_sum", seed=0, dtype="float64")
    net.fit(X, Y, 2000, None, optimizer=nn.SGD(0.05))
    np.testing.assert_array_equal(net.theta.round(5), [0.64103, 0.94872])
    slope, intercept = np.polyfit(X[:, 0], Y[:, 0], 1)
    np.testing.assert_allclose(net.theta, [slope, intercept], rtol=1e-10)


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_a_learning_rate_may_depend_on_the_number_of_steps(make):
    rng = np.random.default_rng(0)
    rates = [0.5, 0.25, 0.125]
    net, twin = net_of_three(), net_of_three()
    scheduled, by_hand = make(lambda steps: rates[steps]), make(1.0)
    for rate, grad in zip(rates, rng.normal(size=(3, 3)), strict=True):
        step(scheduled, net, grad)
        by_hand.learning_rate = rate
        step(by_hand, twin, grad)
    np.testing.assert_array_equal(net.theta, twin.theta)


def test_shrinking_learning_rates():
    inverse, exponential = nn.inverse_decay(0.8, decay=0.5), nn.exponential_decay(0.8, 2)
    np.testing.assert_allclose([inverse(k) for k in range(4)], 0.8 / np.array([1, 1.5, 2, 2.5]))
    np.testing.assert_allclose(
        [exponential(k) for k in range(5)], [0.8, 0.8 / 2**0.5, 0.4, 0.4 / 2**0.5, 0.2]
    )


@pytest.mark.parametrize("make", OPTIMIZERS)
@pytest.mark.parametrize("learning_rate", [-0.1, float("nan"), float("inf"), "0.1", None])
def test_learning_rates_that_make_no_step_downhill(make, learning_rate):
    for useless in (learning_rate, 0):
        with pytest.raises(ValueError, match="expected learning_rate to be a positive number, got"):
            make(useless)
    net = net_of_three()
    with pytest.raises(ValueError, match="expected learning_rate to be a number of 0 or more, got"):
        make(lambda steps: learning_rate).step(net)
    np.testing.assert_array_equal(net.theta, [1, 2, 3])


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_a_learning_rate_may_shrink_to_nothing(make):
    optimizer, net = make(nn.exponential_decay(0.5, half_life=0.001)), net_of_three()
    step(optimizer, net, np.ones(3))
    before = net.theta.copy()
    step(optimizer, net, np.ones(3))  # at 0.5 · 2⁻¹⁰⁰⁰, and then at what is rounded to 0
    step(optimizer, net, np.ones(3))
    np.testing.assert_array_equal(net.theta, before)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.inverse_decay(0, 0.5), "expected learning_rate to be a positive number, got 0"),
        (
            lambda: nn.inverse_decay(0.1, -0.5),
            "expected decay to be a number of 0 or more, got -0.5",
        ),
        (
            lambda: nn.exponential_decay(-1, 10),
            "expected learning_rate to be a positive number, got -1",
        ),
        (lambda: nn.exponential_decay(0.1, 0), "expected half_life to be a positive number, got 0"),
        (lambda: nn.RMSProp(eps=0), "expected eps to be a positive number, got 0"),
        (lambda: nn.Adam(eps=float("nan")), "expected eps to be a positive number, got nan"),
    ],
)
def test_other_settings_are_checked_at_once(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("share", [-0.1, 1, 1.5, float("nan"), "0.9"])
def test_shares_that_make_no_average(share):
    for make, name in (
        (nn.Momentum, "beta"),
        (nn.RMSProp, "rho"),
        (nn.Adam, "beta1"),
        (nn.Adam, "beta2"),
    ):
        with pytest.raises(ValueError, match=f"expected {name} to be a number from 0 to less"):
            make(0.1, **{name: share})


# ---------------------------------------------------------------- text, own optimizers


def test_repr():
    for make in OPTIMIZERS:
        new, used = make(), make()
        used.step(net_of_three())
        assert repr(used) == repr(new)
    assert repr(nn.SGD()) == "SGD(learning_rate=0.1)"
    assert repr(nn.Momentum()) == "Momentum(learning_rate=0.01, beta=0.9)"
    assert repr(nn.RMSProp()) == "RMSProp(learning_rate=0.001, rho=0.9, eps=1e-08)"
    assert repr(nn.Adam()) == "Adam(learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-08)"
    assert repr(nn.SGD(nn.inverse_decay(0.1, 0.5))) == "SGD(learning_rate=inverse_decay)"


def test_an_optimizer_of_ones_own():
    class SignOnly(Optimizer):
        def move(self, theta, grad, rate):
            theta -= rate * np.sign(grad)

    net = net_of_three()
    step(SignOnly(0.5), net, [10, -0.1, 0])
    np.testing.assert_array_equal(net.theta, [0.5, 2.5, 3])
