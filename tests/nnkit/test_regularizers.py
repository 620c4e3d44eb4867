"""What large weights cost."""

import numpy as np
import pytest
from sklearn.linear_model import Lasso

import nnkit as nn

W = np.array([[1.0, -2.0, 0.0], [0.5, 3.0, -0.5]])


def test_l1():
    np.testing.assert_allclose(nn.L1(0.1).costs(W), [[0.1, 0.2, 0], [0.05, 0.3, 0.05]])
    assert nn.L1(0.1).penalty(W) == pytest.approx(0.1 * 7)
    np.testing.assert_allclose(nn.L1(0.1).gradient(W), [[0.1, -0.1, 0], [0.1, 0.1, -0.1]])


def test_l2():
    np.testing.assert_allclose(nn.L2(0.1).costs(W), [[0.05, 0.2, 0], [0.0125, 0.45, 0.0125]])
    assert nn.L2(0.1).penalty(W) == pytest.approx(0.05 * 14.5)
    np.testing.assert_allclose(nn.L2(0.1).gradient(W), 0.1 * W)


@pytest.mark.parametrize("regularizer", [nn.L1(0.3), nn.L2(0.3)], ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept_and_arguments_are_unchanged(regularizer, dtype):
    weights = W.astype(dtype)
    assert type(regularizer.penalty(weights)) is float
    assert regularizer.costs(weights).dtype == regularizer.gradient(weights).dtype == dtype
    np.testing.assert_array_equal(weights, W)


@pytest.mark.parametrize("make", [nn.L1, nn.L2])
def test_no_strength_is_no_regularizer(make):
    X, y = np.random.default_rng(0).normal(size=(20, 3)), np.arange(20) % 2
    without, with_none = (nn.MLP([3, 4, 2], regularizer=r, seed=0) for r in (None, make(0)))
    histories = [net.fit(X, y, 3, 8, seed=0) for net in (without, with_none)]
    np.testing.assert_array_equal(without.theta, with_none.theta)
    assert histories[0].loss == histories[1].loss


def useless_features():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 6))
    return X, 2 * X[:, :1] - X[:, 1:2] + 0.1 * rng.normal(size=(200, 1))


def trained(regularizer, seed=0):
    X, Y = useless_features()
    net = nn.MLP([6, 1], output="linear", regularizer=regularizer, seed=seed, dtype="float64")
    net.fit(X, Y, 400, None, optimizer=nn.SGD(0.05))
    return net


def test_ridge_regression():
    # ∂/∂w of 1/n · Σ (Xw + b − y)² + ½ s · w² is 0 at this w, with the means taken off.
    X, Y = useless_features()
    Xc, Yc = X - X.mean(axis=0), Y - Y.mean()
    s = 0.5
    expected = np.linalg.solve(2 / 200 * Xc.T @ Xc + s * np.eye(6), 2 / 200 * Xc.T @ Yc)
    np.testing.assert_allclose(trained(nn.L2(s)).layers[0].W, expected.T, atol=1e-8)


def test_lasso_regression_of_scikit_learn():
    # scikit-learn halves the squares, so its alpha is half of the strength.
    lasso = Lasso(alpha=0.1).fit(*useless_features())
    priced = trained(nn.L1(0.2)).layers[0]
    # Where the lasso is 0, ours crosses 0 with every step: at most learning rate · strength away.
    np.testing.assert_array_equal(lasso.coef_[2:], 0)
    np.testing.assert_allclose(priced.W[0], lasso.coef_, atol=0.05 * 0.2)
    np.testing.assert_allclose(priced.b, lasso.intercept_, atol=0.01)


def test_history_holds_the_price_of_the_weights_at_the_start_of_the_epoch():
    X, Y = useless_features()
    net = nn.MLP([6, 1], output="linear", regularizer=nn.L2(0.5), seed=0, dtype="float64")
    before = net.evaluate(X, Y).loss
    history = net.fit(X, Y, 2, None, optimizer=nn.SGD(0.01), validation=(X, Y))
    assert history.loss[0] == pytest.approx(before, rel=1e-12)
    assert history.loss[1] == pytest.approx(history.val_loss[0], rel=1e-12)


@pytest.mark.parametrize("strength", [-0.1, float("nan"), float("inf")])
@pytest.mark.parametrize("make", [nn.L1, nn.L2])
def test_strengths_that_make_no_sense(make, strength):
    with pytest.raises(ValueError, match="expected strength to be a number of 0 or more, got"):
        make(strength)


def test_text():
    assert [repr(nn.L1(0.5)), repr(nn.L2(1e-4))] == ["L1(0.5)", "L2(0.0001)"]
