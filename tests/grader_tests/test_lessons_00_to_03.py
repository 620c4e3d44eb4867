"""Lessons 00 to 03: references against other libraries, and answers that strangers might write."""

import numpy as np
import pytest
import scipy.special
from scipy import stats
from sklearn.preprocessing import MultiLabelBinarizer, OneHotEncoder

from grader_tests import exercises, judge

SEEDS = range(6)
RNG = np.random.default_rng(0)


def reference(lesson, name):
    return exercises(lesson)[name].reference


def right(lesson, name, function):
    for seed in SEEDS:
        verdict = judge(lesson, name, function, seed=seed)
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


def wrong(lesson, name, function, *misconceptions):
    for seed in SEEDS:
        verdict = judge(lesson, name, function, seed=seed)
        assert verdict.score < verdict.max_score, verdict.text()
        assert verdict.misconceptions == list(misconceptions), verdict.text()


# -- references ---------------------------------------------------------------------------------------


def test_tensors_against_scipy_and_sklearn():
    X = RNG.normal(size=(6, 3))
    np.testing.assert_allclose(reference("00-tensors", "zscore")(X), stats.zscore(X, ddof=1))
    labels = np.array([2, 0, 3, 2])
    encoder = OneHotEncoder(categories=[range(5)], sparse_output=False)
    np.testing.assert_array_equal(
        reference("00-tensors", "one_hot")(labels, 5), encoder.fit_transform(labels[:, None])
    )


def test_activations_against_scipy():
    z = np.linspace(-20, 20, 81)
    np.testing.assert_allclose(reference("02-activations", "sigmoid")(z), scipy.special.expit(z))
    for name in ("sigmoid", "elu"):
        f, prime = (reference("02-activations", n) for n in (name, f"{name}_prime"))
        slopes = (f(z + 0.25 + 1e-6) - f(z + 0.25 - 1e-6)) / 2e-6
        np.testing.assert_allclose(prime(z + 0.25), slopes, rtol=1e-3, atol=1e-9)


def test_softmax_against_scipy_and_the_deck():
    softmax = reference("03-softmax", "softmax")
    Z = RNG.normal(size=(4, 3)) * 100
    np.testing.assert_allclose(softmax(Z), scipy.special.softmax(Z, axis=1))
    deck_d = softmax(np.array([[1.8, 0.9, 0.68]]))
    np.testing.assert_array_equal(deck_d.round(2), [[0.58, 0.23, 0.19]])


def test_multi_hot_against_sklearn_and_the_deck():
    multi_hot = reference("03-softmax", "multi_hot")
    sets = [{"A", "B"}, {"A"}, ["C", "B"], ["B"]]  # deck D, "Multi-class Classification"
    expected = [[1, 1, 0], [1, 0, 0], [0, 1, 1], [0, 1, 0]]
    np.testing.assert_array_equal(multi_hot(sets, ["A", "B", "C"]), expected)
    binarizer = MultiLabelBinarizer(classes=["C", "A", "B"])
    np.testing.assert_array_equal(
        multi_hot(sets, ["C", "A", "B"]), binarizer.fit_transform([list(s) for s in sets])
    )


# -- strangers' answers -------------------------------------------------------------------------------


def two_sided_sigmoid(z):
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@pytest.mark.parametrize(
    ("lesson", "name", "answer"),
    [
        ("00-tensors", "flatten_images", lambda im: [(i.ravel() / 255).tolist() for i in im]),
        ("00-tensors", "one_hot", lambda labels, k: np.eye(k, dtype=bool)[labels]),
        ("00-tensors", "zscore", lambda X: stats.zscore(X, axis=0, ddof=1)),
        ("01-neuron", "weighted_sum", lambda w, x, b: np.array(sum(w * x) + b)),
        ("01-neuron", "perceptron", lambda w, x, b: -1.0 if np.dot(w, x) <= -b else 1.0),
        ("01-neuron", "add_bias_input", lambda X: np.insert(X, 0, 1, axis=1)),
        ("02-activations", "sigmoid", lambda z: 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))),
        ("02-activations", "relu", lambda z: (np.abs(z) + z) / 2),
        ("02-activations", "swish", lambda z: np.asarray(z) * scipy.special.expit(z)),
        ("02-activations", "leaky_relu", lambda z, slope=0.1: np.maximum(z, slope * np.asarray(z))),
        ("02-activations", "collapse", lambda W, b, V, c: [V @ W, (V @ b[:, None])[:, 0] + c]),
        ("03-softmax", "softmax", lambda Z: scipy.special.softmax(Z, axis=1)),
        ("03-softmax", "predict_class", lambda P: [int(np.argmax(p)) for p in P]),
        (
            "03-softmax",
            "predict_labels",
            lambda Z, threshold=0.5: scipy.special.expit(Z) > threshold,
        ),
    ],
)
def test_unusual_but_right(lesson, name, answer):
    right(lesson, name, answer)


@pytest.mark.parametrize(
    ("lesson", "name", "answer", "misconceptions"),
    [
        ("00-tensors", "zscore", lambda X: np.sort(stats.zscore(X, ddof=1), axis=0), []),
        ("00-tensors", "one_hot", lambda labels, k: np.eye(k)[labels].T, ["swapped"]),
        ("02-activations", "sigmoid", lambda z: np.tanh(z), ["wrong-activation"]),
        ("02-activations", "relu", lambda z: np.minimum(0, z), None),
        ("03-softmax", "softmax", lambda Z: np.full(Z.shape, 1 / Z.shape[1]), None),
        ("03-softmax", "softmax", lambda Z: scipy.special.softmax(Z), ["wrong-axis"]),
        ("03-softmax", "predict_class", lambda P: np.argsort(P, axis=1)[:, -2], None),
        ("03-softmax", "multi_hot", lambda sets, classes: [[1] * len(classes)] * len(sets), None),
        (
            "03-softmax",
            "predict_labels",
            lambda Z, threshold=0.5: threshold < Z,
            ["missing-activation"],
        ),
    ],
)
def test_wrong_answers_lose_points(lesson, name, answer, misconceptions):
    for seed in SEEDS:
        verdict = judge(lesson, name, answer, seed=seed)
        assert verdict.score < verdict.max_score, verdict.text()
        if misconceptions is not None:
            assert verdict.misconceptions == misconceptions, verdict.text()


def test_the_sigmoid_of_two_halves_is_right_despite_its_warnings():
    right("02-activations", "sigmoid", two_sided_sigmoid)
