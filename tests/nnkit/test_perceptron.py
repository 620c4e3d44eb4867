"""Rosenblatt's perceptron: against scikit-learn's, against Novikoff's bound, on the decks' examples."""

import array_api_strict
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import nnkit as nn
from nnkit import perceptron
from nnkit.perceptron import Perceptron, decisions

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([-1, 1, 1, -1])


# ---------------------------------------------------------------- answers


def test_deck_d_the_bias_of_minus_ten_has_to_be_crossed():
    neuron = Perceptron(2, w=[1, 2], b=-10)
    assert neuron.predict([[2, 4], [2, 4.001], [0, 5], [11, 0], [-100, 1]]).tolist() == [
        *(-1, 1, -1, 1, -1)  # 10 is reached, crossed, reached, crossed, far off
    ]


def test_one_example_has_one_answer():
    neuron = Perceptron(2, w=[1, 2], b=-10)
    assert neuron.predict([4, 4]).shape == ()
    assert neuron.predict([4, 4]) == 1
    assert neuron.weighted_sums([[4, 4], [1, 0]]).tolist() == [2, -9]


def test_a_new_perceptron_says_no():
    assert Perceptron(3).predict(np.ones((4, 3))).tolist() == [-1] * 4


# ---------------------------------------------------------------- Rosenblatt's rule


def test_a_mistake_moves_weights_and_bias_and_nothing_else_does():
    neuron = Perceptron(2, w=[1.0, -1.0], b=0.5)
    assert not neuron.update([2, 1], 1)
    assert (neuron.w.tolist(), neuron.b) == ([1, -1], 0.5)
    assert neuron.update([2, 1], -1, learning_rate=0.25)
    assert (neuron.w.tolist(), neuron.b) == ([0.5, -1.25], 0.25)
    assert neuron.update([0, 1], 1)
    assert (neuron.w.tolist(), neuron.b) == ([0.5, -0.25], 1.25)


def test_arguments_are_left_alone():
    w, X, y = np.array([-0.5, 0.5]), CORNERS.astype(float), np.array([-1.0, 1, 1, 1])
    copies = w.copy(), X.copy(), y.copy()
    neuron = Perceptron(2, w=w)
    assert sum(neuron.fit(X, y).mistakes) > 0
    for array, copy in zip((w, X, y), copies, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("seed", range(5))
def test_weights_after_each_epoch_are_scikit_learns(seed):
    from sklearn.linear_model import Perceptron as Peer

    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(40, 3)), rng.choice([-1, 1], 40)
    neuron = Perceptron(3, w=rng.normal(size=3), b=rng.normal())
    for _ in range(5):
        # The peer goes through the examples once, in order, starting from the same place.
        peer = Peer(max_iter=1, tol=None, shuffle=False, eta0=0.5)
        peer.fit(X, y, coef_init=neuron.w[None, :].copy(), intercept_init=[neuron.b])
        history = neuron.fit(X, y, epochs=1, learning_rate=0.5)
        assert history.mistakes[0] > 0
        np.testing.assert_allclose(neuron.w, peer.coef_[0], rtol=1e-12)
        assert neuron.b == pytest.approx(peer.intercept_[0], rel=1e-12)
        np.testing.assert_array_equal(neuron.predict(X), peer.predict(X))


def test_from_zero_the_learning_rate_changes_no_answer():
    data = nn.blobs(50, noise=0.9)
    a, b = Perceptron(2), Perceptron(2)
    history = a.fit(data.X, 2 * data.y - 1, epochs=20)
    assert b.fit(data.X, 2 * data.y - 1, epochs=20, learning_rate=0.5).mistakes == history.mistakes
    np.testing.assert_array_equal(b.w, a.w / 2)
    assert b.b == a.b / 2


@settings(max_examples=50, deadline=None)
@given(
    X=arrays(np.int64, st.tuples(st.integers(1, 20), st.just(2)), elements=st.integers(-9, 9)),
    w=arrays(np.int64, 3, elements=st.integers(-9, 9)),
)
def test_mistakes_stay_below_novikoffs_bound(X, w):
    # Label the points by the line w, and drop those that lie on it.
    X1 = np.column_stack([X, np.ones(len(X))])
    X1 = X1[X1 @ w != 0]
    if not len(X1):
        return
    y = np.sign(X1 @ w)
    R = np.linalg.norm(X1, axis=1).max()
    gamma = np.min(y * (X1 @ w)) / np.linalg.norm(w)
    bound = (R / gamma) ** 2

    neuron = Perceptron(2)
    history = neuron.fit(X1[:, :2], y, epochs=int(bound) + 2)
    assert history.converged
    assert sum(history.mistakes) <= bound * (1 + 1e-12)
    np.testing.assert_array_equal(neuron.predict(X1[:, :2]), y)


# ---------------------------------------------------------------- when to stop


def test_it_stops_when_an_epoch_brings_no_mistake():
    neuron = Perceptron(2)
    history = neuron.fit(CORNERS, [-1, 1, 1, 1], epochs=50)  # or
    assert history.mistakes[-1] == 0
    assert 0 not in history.mistakes[:-1]
    assert len(history.mistakes) < 50
    assert neuron.fit(CORNERS, [-1, 1, 1, 1]).mistakes == [0]  # knows it already


def test_it_stops_after_the_last_epoch_and_says_what_came_of_it():
    history = Perceptron(2).fit(CORNERS, [-1, -1, -1, 1], epochs=2)
    assert history.mistakes == [1, 3]
    assert repr(history) == "PerceptronHistory(not converged in 2 epochs, mistakes 1 3)"
    assert repr(Perceptron(2).fit(CORNERS, -np.ones(4))) == (
        "PerceptronHistory(converged after 1 epoch, mistakes 0)"
    )
    long = perceptron.PerceptronHistory([9, 8, 7, 6, 5, 4, 3, 2, 1, 2, 0])
    assert repr(long) == (
        "PerceptronHistory(converged after 11 epochs, mistakes 9 8 7 6 5 … 2 1 2 0)"
    )


def test_xor_is_never_learned_by_one_perceptron():
    neuron = Perceptron(2)
    history = neuron.fit(CORNERS, XOR, epochs=500)
    assert len(history.mistakes) == 500
    assert min(history.mistakes) > 0
    assert not history.converged
    assert np.any(neuron.predict(CORNERS) != XOR)


def test_xor_works_on_two_layers():
    # Either of them, but not both: an OR, a NAND and an AND of the two.
    layers = [
        [Perceptron(2, w=[1, 1], b=-0.5), Perceptron(2, w=[-1, -1], b=1.5)],
        [Perceptron(2, w=[1, 1], b=-1)],
    ]
    hidden, output = decisions(layers, CORNERS)
    assert hidden.tolist() == [[-1, 1], [1, 1], [1, 1], [1, -1]]
    assert output[:, 0].tolist() == XOR.tolist()
    assert [decisions(layers, x)[-1].tolist() for x in CORNERS] == output.tolist()
    # What one perceptron cannot learn from the inputs, it learns from the hidden answers.
    assert Perceptron(2).fit(hidden, XOR).converged


# ---------------------------------------------------------------- any array module

ON_DEVICE = {"device": array_api_strict.Device("device1")}


@pytest.mark.parametrize(
    "asarray",
    [
        lambda x: np.asarray(x, dtype=np.float32),
        lambda x: array_api_strict.asarray(x, dtype=array_api_strict.float64),
        lambda x: array_api_strict.asarray(x, dtype=array_api_strict.float32, **ON_DEVICE),
    ],
    ids=["float32", "strict", "strict on another device"],
)
@pytest.mark.parametrize("answers", [[-1, -1, -1, 1], XOR.tolist()])
def test_the_same_answers_on_any_array_module(asarray, answers):
    w = asarray([0.0, 0.0])
    neuron, peer = Perceptron(2, w=w), Perceptron(2)
    history = neuron.fit(asarray(CORNERS), asarray(answers), epochs=8)
    assert history == peer.fit(CORNERS, answers, epochs=8)
    predicted = neuron.predict(asarray(CORNERS))
    hidden, output = decisions([[neuron, neuron], [neuron]], asarray(CORNERS))
    for array, shape in ((neuron.w, 2), (predicted, 4), (hidden, (4, 2)), (output, (4, 1))):
        assert (type(array), array.dtype, array.device) == (type(w), w.dtype, w.device)
        assert array.shape == (shape if isinstance(shape, tuple) else (shape,))
    assert [float(predicted[i]) for i in range(4)] == peer.predict(CORNERS).tolist()
    # Lists and NumPy arrays go where the weights are.
    assert neuron.predict(CORNERS).device == w.device
    neuron.update([1, 1], 1)
    assert neuron.w.dtype == w.dtype


def test_whole_numbers_become_floats():
    assert Perceptron(2, w=[1, 2]).w.dtype == np.float64
    strict = array_api_strict.asarray([1, 2])
    assert Perceptron(2, w=strict).w.dtype == array_api_strict.float64


# ---------------------------------------------------------------- what is wrong is said


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: Perceptron(0), "expected n_in to be a whole number from 1 on, got 0"),
        (lambda p: Perceptron(2, w=[1, 2, 3]), r"expected w of shape \(2,\), got \(3,\)"),
        (lambda p: Perceptron(2, w=[1, np.nan]), "expected finite numbers in w"),
        (lambda p: Perceptron(2, b=np.nan), "expected b to be a finite number, got nan"),
        (lambda p: Perceptron(2, b=[1]), r"expected b to be a finite number, got \[1\]"),
        (lambda p: p.predict([[1, 2, 3]]), r"expected X of shape \(n, 2\), got \(1, 3\)"),
        (lambda p: p.predict([1, 2, 3]), r"expected X of shape \(2,\), got \(3,\)"),
        (lambda p: p.predict([[1, np.nan]]), "expected finite numbers in X"),
        (lambda p: p.update([1, 2, 3], 1), r"expected x of shape \(2,\), got \(3,\)"),
        (lambda p: p.update([1, 2], 0), "expected y to be 1 or -1, got 0"),
        (lambda p: p.update([1, 2], 1, learning_rate=0), "expected learning_rate to be a positive"),
        (
            lambda p: p.fit(CORNERS, XOR, learning_rate=np.inf),
            "expected learning_rate to be a positive",
        ),
        (lambda p: p.fit(CORNERS, XOR, epochs=0), "expected epochs to be a whole number from 1"),
        (lambda p: p.fit(CORNERS, XOR[:3]), r"expected y of shape \(4,\), got \(3,\)"),
        (lambda p: p.fit(CORNERS, XOR[:, None]), r"expected y of shape \(4,\), got \(4, 1\)"),
        (lambda p: p.fit(np.ones((0, 2)), []), r"expected X of shape \(n, 2\), got \(0, 2\)"),
        (lambda p: p.fit(CORNERS, [0, 1, 1, 0]), "expected 1 and -1 in y, got values from 0 to 1"),
        (
            lambda p: decisions([p], CORNERS),
            r"a list of perceptrons for each layer, got Perceptron",
        ),
        (
            lambda p: decisions([[p], []], CORNERS),
            r"a list of perceptrons for each layer, got \[\]",
        ),
        (lambda p: decisions([[p, p], [Perceptron(3)]], CORNERS), r"X of shape \(n, 3\), got \(4"),
    ],
)
def test_errors(call, message):
    neuron = Perceptron(2)
    with pytest.raises(ValueError, match=message):
        call(neuron)
    assert (neuron.w.tolist(), neuron.b) == ([0, 0], 0)


def test_repr_and_names():
    assert repr(Perceptron(2, w=[1, -0.5], b=-10)) == "Perceptron(2, w=[ 1.  -0.5], b=-10)"
    assert nn.Perceptron is Perceptron
    assert nn.decisions is decisions
