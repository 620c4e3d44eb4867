"""Lesson 10's exercises against independent numbers, and answers as strangers would write them."""

import itertools
import random

import numpy as np
import pytest
from sklearn import metrics
from sklearn.neural_network import MLPRegressor

from grader_tests import exercises, judge
from grader_tests.lesson_10_mnist.iterate_minibatches import cases, drained, examine_order
from grader_tests.lesson_10_mnist.iterate_minibatches import examine_orders as seen_together

LESSON = "10-mnist"
EXERCISES = exercises(LESSON)
SEEDS = range(6)


def test_the_contract_s_signatures():
    assert {name: task.parameters for name, task in EXERCISES.items()} == {
        "iterate_minibatches": ["X", "Y", "batch_size", "rng"],
        "sgd_step": ["params", "grads", "learning_rate"],
        "train_epoch": ["params", "X", "Y", "batch_size", "learning_rate", "rng"],
        "accuracy": ["P", "labels"],
        "confusion_matrix": ["predicted", "labels", "n_classes"],
    }
    assert [task.points for task in EXERCISES.values()] == [11, 6, 12, 7, 7]


# -- the references against independent numbers -------------------------------------------------------


def test_every_order_of_three_examples_comes_about_equally_often():
    X, Y, rng = np.arange(3.0)[:, None], np.arange(3), np.random.default_rng(1)
    counts = dict.fromkeys(itertools.permutations(range(3)), 0)
    for _ in range(1200):
        batches = EXERCISES["iterate_minibatches"].reference(X, Y, 2, rng)
        counts[tuple(np.concatenate([Y_batch for _, Y_batch in batches]).tolist())] += 1
    assert min(counts.values()) > 130  # 200 expected, 13 the standard deviation


def test_training_one_batch_is_scikit_learn_s_step():
    """Its squared error is 1/(2m) Σ‖y − a‖² / outputs, its output layer linear: compare db and dW."""
    rng = np.random.default_rng(2)
    X, Y = rng.normal(size=(6, 3)), rng.uniform(size=(6, 1))
    net = MLPRegressor(
        hidden_layer_sizes=(4,),
        activation="logistic",
        solver="sgd",
        alpha=0,
        batch_size=6,
        momentum=0,
    )
    net.set_params(learning_rate_init=0.1, shuffle=False, max_iter=1)
    net.partial_fit(X, Y.ravel())
    before = [(W.T.copy(), b.copy()) for W, b in zip(net.coefs_, net.intercepts_, strict=True)]
    net.partial_fit(X, Y.ravel())
    after = [(W.T, b) for W, b in zip(net.coefs_, net.intercepts_, strict=True)]
    hidden = 1 / (1 + np.exp(-(X @ before[0][0].T + before[0][1])))
    delta = (hidden @ before[1][0].T + before[1][1] - Y) / 6
    grads = [None, (delta.T @ hidden, delta.sum(axis=0))]
    delta = delta @ before[1][0] * hidden * (1 - hidden)
    grads[0] = (delta.T @ X, delta.sum(axis=0))
    got = EXERCISES["sgd_step"].reference(before, grads, 0.1)
    for (W, b), (W_right, b_right) in zip(got, after, strict=True):
        assert pytest.approx(W_right, rel=1e-9) == W
        assert pytest.approx(b_right, rel=1e-9) == b


def test_training_lowers_the_cost_and_reaches_every_example():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(50, 2))
    Y = (X[:, :1] > X[:, 1:]).astype(float)
    params = [(rng.normal(size=(3, 2)), np.zeros(3)), (rng.normal(size=(1, 3)), np.zeros(1))]
    sigma = lambda z: 1 / (1 + np.exp(-z))

    def cost(params):
        A = X
        for W, b in params:
            A = sigma(A @ W.T + b)
        return np.mean((A - Y) ** 2)

    first = cost(params)
    for _ in range(30):
        params = EXERCISES["train_epoch"].reference(params, X, Y, 4, 2.0, rng)
    assert cost(params) < first / 4


def test_accuracy_and_confusion_matrix_agree_with_scikit_learn():
    rng = np.random.default_rng(4)
    P, labels = rng.uniform(size=(40, 5)), rng.integers(0, 4, 40)
    predicted = np.argmax(P, axis=1)
    assert EXERCISES["accuracy"].reference(P, labels) == metrics.accuracy_score(labels, predicted)
    assert np.array_equal(
        EXERCISES["confusion_matrix"].reference(predicted, labels, 7),
        metrics.confusion_matrix(labels, predicted, labels=range(7)),
    )


def test_random_orders_are_hardly_ever_taken_for_unshuffled_ones():
    """The examined quantities stay far from their limits in many draws."""
    examined = 0
    for seed in range(60):
        drawn = [case for case in cases(np.random.default_rng(seed)) if case.kind == "drawn"]
        results = [
            (case, drained(EXERCISES["iterate_minibatches"].reference(*case.args)))
            for case in drawn
        ]
        assert seen_together(results) is None
        for case, result in results:
            assert examine_order(case, result) is None
            examined += 1
    assert examined == 60 * 7


# -- strangers: right in unusual ways -----------------------------------------------------------------


def minibatches_of_shuffled_copies(X, Y, batch_size, rng):
    both = np.column_stack([X, Y.astype(float)])
    rng.shuffle(both)
    d = X.shape[1]
    for rows in (both[i : i + batch_size] for i in range(0, len(both), batch_size)):
        yield rows[:, :d], (rows[:, d:] if Y.ndim > 1 else rows[:, d].astype(Y.dtype))


def minibatches_by_pythons_random(X, Y, batch_size, rng):
    rows = list(range(len(X)))
    random.Random(int(rng.integers(2**60))).shuffle(rows)
    batches = [rows[i : i + batch_size] for i in range(0, len(rows), batch_size)]
    return ([X[b].astype(np.float32), Y[b]] for b in batches)


def minibatches_same_buffer(X, Y, batch_size, rng):
    """Write each batch over the one before, as fast loops do."""
    X_buffer, Y_buffer = np.empty_like(X[:batch_size]), np.empty_like(Y[:batch_size])
    left = rng.permutation(len(X)).tolist()
    while left:
        rows, left = left[:batch_size], left[batch_size:]
        for i, row in enumerate(rows):
            X_buffer[i], Y_buffer[i] = X[row], Y[row]
        yield X_buffer[: len(rows)], Y_buffer[: len(rows)]


def minibatches_restoring_state(X, Y, batch_size, rng):
    state = rng.bit_generator.state
    X = rng.permutation(X)
    rng.bit_generator.state = state
    Y = rng.permutation(Y)
    return [(X[i : i + batch_size], Y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


def sgd_step_flat(params, grads, learning_rate):
    theta = np.concatenate([p.ravel() for pair in params for p in pair])
    theta = theta - learning_rate * np.concatenate([g.ravel() for pair in grads for g in pair])
    result, start = [], 0
    for W, b in params:
        result.append(
            (theta[start : start + W.size].reshape(W.shape), theta[start + W.size :][: b.size])
        )
        start += W.size + b.size
    return result


def sgd_step_nested(x, g, rate):
    if isinstance(x, np.ndarray):
        return x + -1 * rate * g
    return type(x)(sgd_step_nested(a, b, rate) for a, b in zip(x, g, strict=True))


def train_epoch_by_differences(params, X, Y, batch_size, learning_rate, rng):
    params = [[W.copy(), b.copy()] for W, b in params]
    order = sorted(range(len(X)), key=lambda _: rng.random())

    def cost(rows):
        A = X[rows]
        for W, b in params:
            A = 1 / (1 + np.exp(-(A @ W.T + b)))
        return np.sum((Y[rows] - A) ** 2) / 2 / len(rows)

    for start in range(0, len(X), batch_size):
        rows, slopes = order[start : start + batch_size], []
        for p in itertools.chain(*params):
            slopes.append(np.zeros_like(p))
            for i in np.ndindex(p.shape):
                old = p[i]
                p[i] = old + 1e-5
                slopes[-1][i] = cost(rows)
                p[i] = old - 1e-5
                slopes[-1][i] -= cost(rows)
                p[i] = old
        for p, slope in zip(itertools.chain(*params), slopes, strict=True):
            p -= learning_rate * slope / 2e-5
    return params


def train_epoch_shuffling_first(params, X, Y, batch_size, learning_rate, rng):
    rows = rng.permutation(len(X))
    X, Y = X[rows], Y[rows]
    while len(X):
        x, y, X, Y = X[:batch_size], Y[:batch_size], X[batch_size:], Y[batch_size:]
        A = [x]
        for W, b in params:
            A += [1 / (1 + np.exp(-np.einsum("ni,oi->no", A[-1], W) - b))]
        error, new = (A[-1] - y) / len(x), []
        for W, b in reversed(params):
            out = A.pop()
            d = error * out * (1 - out)
            error = d @ W
            new += [(W - learning_rate * d.T @ A[-1], b - learning_rate * d.sum(axis=0))]
        params = new[::-1]
    return params


def accuracy_sum_of_hits(P, labels):
    return sum(
        int(np.argmax(row)) == int(label) for row, label in zip(P, labels, strict=True)
    ) / len(labels)


def accuracy_trace(P, labels):
    best = (P.max(axis=1, keepdims=True) == P).astype(float)
    return np.trace(best[:, labels.astype(int)]) / len(P)


def confusion_add_at(predicted, labels, n_classes):
    counts = np.zeros((n_classes, n_classes), dtype=np.uint8)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def confusion_histogram(predicted, labels, n_classes):
    edges = np.arange(n_classes + 1) - 0.5
    return np.histogram2d(labels, predicted, bins=(edges, edges))[0]


RIGHT = [
    ("iterate_minibatches", minibatches_of_shuffled_copies),
    ("iterate_minibatches", minibatches_by_pythons_random),
    ("iterate_minibatches", minibatches_same_buffer),
    ("iterate_minibatches", minibatches_restoring_state),
    ("sgd_step", sgd_step_flat),
    ("sgd_step", sgd_step_nested),
    ("train_epoch", train_epoch_by_differences),
    ("train_epoch", train_epoch_shuffling_first),
    ("accuracy", accuracy_sum_of_hits),
    ("accuracy", accuracy_trace),
    ("confusion_matrix", confusion_add_at),
    ("confusion_matrix", confusion_histogram),
]


@pytest.mark.parametrize(("name", "function"), RIGHT)
def test_unusual_but_right(name, function):
    for seed in SEEDS:
        verdict = judge(LESSON, name, function, seed=seed)
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


# -- strangers: wrong, in known ways and in others ----------------------------------------------------


def _sliced(X, Y, batch_size):
    return [(X[i : i + batch_size], Y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


def minibatches_global_random(X, Y, batch_size, rng):
    rows = np.random.permutation(len(X))  # noqa: NPY002
    return _sliced(X[rows], Y[rows], batch_size)


def minibatches_own_generator(X, Y, batch_size, rng):
    rows = np.random.default_rng().permutation(len(X))
    return _sliced(X[rows], Y[rows], batch_size)


def minibatches_seed_42(X, Y, batch_size, rng):
    rng = np.random.default_rng(42)
    rows = np.arange(len(X))
    rng.shuffle(rows)
    return _sliced(X[rows], Y[rows], batch_size)


def minibatches_in_place(X, Y, batch_size, rng):
    rows = rng.permutation(len(X))
    X[:], Y[:] = X[rows], Y[rows]
    return _sliced(X, Y, batch_size)


def minibatches_wrapping(X, Y, batch_size, rng):
    """Fill the last batch up from the beginning."""
    rows = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        batch = np.take(rows, range(start, start + batch_size), mode="wrap")
        yield X[batch], Y[batch]


def minibatches_within_windows(X, Y, batch_size, rng):
    """A shuffle buffer that is too small."""
    window, order = [], []
    for row in range(len(X)):
        window.append(row)
        if len(window) > len(X) // 4:
            order.append(window.pop(rng.integers(len(window))))
    order += rng.permutation(window).astype(int).tolist()
    return _sliced(X[order], Y[order], batch_size)


def minibatches_reversed(X, Y, batch_size, rng):
    return _sliced(X[::-1], Y[::-1], batch_size)


def minibatches_forever(X, Y, batch_size, rng):
    while True:
        rows = rng.permutation(len(X))
        yield from _sliced(X[rows], Y[rows], batch_size)


def minibatches_of_indices(X, Y, batch_size, rng):
    rows = rng.permutation(len(X))
    return [rows[i : i + batch_size] for i in range(0, len(X), batch_size)]


def minibatches_column_targets(X, Y, batch_size, rng):
    rows = rng.permutation(len(X))
    return _sliced(X[rows], Y[rows].reshape(len(Y), -1), batch_size)


def minibatches_array_split(X, Y, batch_size, rng):
    """Equal parts instead of full batches and a rest."""
    parts = np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size))
    return [(X[part], Y[part]) for part in parts]


def sgd_step_in_place(params, grads, learning_rate):
    for (W, b), (dW, db) in zip(params, grads, strict=True):
        W -= learning_rate * dW
        b -= learning_rate * db
    return params


def sgd_step_clipped(params, grads, learning_rate):
    return [
        (W - np.clip(learning_rate * dW, -0.1, 0.1), b - np.clip(learning_rate * db, -0.1, 0.1))
        for (W, b), (dW, db) in zip(params, grads, strict=True)
    ]


def sgd_step_last_layer(params, grads, learning_rate):
    (W, b), (dW, db) = params[-1], grads[-1]
    return [*params[:-1], (W - learning_rate * dW, b - learning_rate * db)]


def _gradients(params, x, y):
    A, grads = [x], []
    for W, b in params:
        A.append(1 / (1 + np.exp(-(A[-1] @ W.T + b))))
    delta = (A[-1] - y) * A[-1] * (1 - A[-1]) / len(x)
    for i in range(len(params) - 1, -1, -1):
        grads.insert(0, (delta.T @ A[i], delta.sum(axis=0)))
        delta = delta @ params[i][0] * A[i] * (1 - A[i])
    return grads


def train_epoch_with(step, shuffled=True):
    """Draw the order as sorting random keys does: other numbers than the reference draws."""

    def train_epoch(params, X, Y, batch_size, learning_rate, rng):
        order = np.argsort(rng.random(len(X))) if shuffled else np.arange(len(X))
        start = params
        for i in range(0, len(X), batch_size):
            rows = order[i : i + batch_size]
            params = step(
                params, _gradients(params, X[rows], Y[rows]), learning_rate, len(rows), start
            )
        return params

    return train_epoch


def _moved(params, grads, rate):
    return [(W - rate * dW, b - rate * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]


train_summing = train_epoch_with(lambda p, g, rate, m, start: _moved(p, g, rate * m))
train_uphill = train_epoch_with(lambda p, g, rate, m, start: _moved(p, g, -rate))
train_unshuffled = train_epoch_with(lambda p, g, rate, m, start: _moved(p, g, rate), shuffled=False)
train_last_batch = train_epoch_with(lambda p, g, rate, m, start: _moved(start, g, rate))
train_decaying = train_epoch_with(lambda p, g, rate, m, start: _moved(p, g, rate / (1 + 0.1 * m)))


def train_all_at_the_start(params, X, Y, batch_size, learning_rate, rng):
    order = np.argsort(rng.random(len(X)))
    batches = [order[i : i + batch_size] for i in range(0, len(X), batch_size)]
    for grads in [_gradients(params, X[rows], Y[rows]) for rows in batches]:
        params = _moved(params, grads, learning_rate)
    return params


def train_for_nothing(params, X, Y, batch_size, learning_rate, rng):
    order = rng.permutation(len(X))
    for i in range(0, len(X), batch_size):
        rows = order[i : i + batch_size]
        _moved(params, _gradients(params, X[rows], Y[rows]), learning_rate)
    return params


def train_epoch_twice(params, X, Y, batch_size, learning_rate, rng):
    for _ in range(2):
        params = train_epoch_with(lambda p, g, rate, m, start: _moved(p, g, rate))(
            params, X, Y, batch_size, learning_rate, rng
        )
    return params


def train_epoch_global_random(params, X, Y, batch_size, learning_rate, rng):
    rows = np.random.permutation(len(X))  # noqa: NPY002
    for i in range(0, len(X), batch_size):
        batch = rows[i : i + batch_size]
        params = _moved(params, _gradients(params, X[batch], Y[batch]), learning_rate)
    return params


def accuracy_from_zero(P, labels):
    """A search for the largest entry that starts at 0 and finds none in negative scores."""
    hits = 0
    for row, label in zip(P, labels, strict=True):
        best, value = 0, 0.0
        for j, p in enumerate(row):
            if p > value:
                best, value = j, p
        hits += best == label
    return hits / len(P)


def accuracy_of_halves(P, labels):
    return np.mean([p[y] > 0.5 for p, y in zip(P, labels, strict=True)])


def accuracy_percent(P, labels):
    return round(100 * np.mean(P.argmax(1) == labels), 4)


def confusion_only_errors(predicted, labels, n_classes):
    wrong = predicted != labels
    return confusion_add_at(predicted[wrong], labels[wrong], n_classes)


def confusion_like_names(predicted, labels, n_classes):
    """Rows and columns in the order in which the classes first come."""
    names = list(dict.fromkeys([*labels.tolist(), *predicted.tolist()]))
    where = np.array([names.index(c) if c in names else 0 for c in range(n_classes)])
    return confusion_add_at(where[predicted], where[labels], n_classes)


def confusion_fancy(predicted, labels, n_classes):
    cm = np.zeros((n_classes, n_classes), int)
    cm[labels, predicted] = cm[labels, predicted] + 1
    return cm


WRONG = [
    ("iterate_minibatches", minibatches_global_random, ["not-deterministic"]),
    ("iterate_minibatches", minibatches_own_generator, ["not-deterministic"]),
    ("iterate_minibatches", minibatches_seed_42, ["ignores-argument"]),
    ("iterate_minibatches", minibatches_in_place, ["modifies-arguments"]),
    ("iterate_minibatches", minibatches_wrapping, ["wrong-shape"]),
    ("iterate_minibatches", minibatches_within_windows, ["wrong-distribution"]),
    ("iterate_minibatches", minibatches_reversed, ["wrong-distribution"]),
    ("iterate_minibatches", minibatches_forever, None),
    ("iterate_minibatches", minibatches_of_indices, ["wrong-type"]),
    ("iterate_minibatches", minibatches_column_targets, None),
    ("iterate_minibatches", minibatches_array_split, ["wrong-shape"]),
    ("sgd_step", sgd_step_in_place, ["modifies-arguments"]),
    ("sgd_step", sgd_step_clipped, []),
    ("sgd_step", sgd_step_last_layer, []),
    ("train_epoch", train_summing, ["sum-instead-of-mean"]),
    ("train_epoch", train_uphill, ["wrong-sign"]),
    ("train_epoch", train_unshuffled, ["no-shuffle"]),
    ("train_epoch", train_last_batch, []),
    ("train_epoch", train_all_at_the_start, ["stale-state"]),
    ("train_epoch", train_decaying, []),
    ("train_epoch", train_epoch_twice, []),
    ("train_epoch", train_for_nothing, []),
    ("train_epoch", train_epoch_global_random, ["not-deterministic"]),
    ("accuracy", accuracy_from_zero, []),
    ("accuracy", accuracy_of_halves, []),
    ("accuracy", accuracy_percent, ["wrong-factor"]),
    ("confusion_matrix", confusion_only_errors, []),
    ("confusion_matrix", confusion_like_names, []),
    ("confusion_matrix", confusion_fancy, ["counts-once"]),
]


@pytest.mark.parametrize(("name", "function", "named"), WRONG)
def test_wrong_loses_points_and_is_not_named_wrongly(name, function, named):
    for seed in SEEDS:
        verdict = judge(LESSON, name, function, seed=seed)
        assert verdict.score < verdict.max_score, seed
        allowed = ([], ["wrong-type"], ["wrong-shape"]) if named is None else (named,)
        assert verdict.misconceptions in allowed, (seed, verdict.text())


def test_what_is_right_beside_a_mistake_keeps_its_points():
    for name, function, score in (
        ("iterate_minibatches", minibatches_global_random, 8),
        ("iterate_minibatches", minibatches_in_place, 10),
        ("sgd_step", sgd_step_in_place, 5),
        ("train_epoch", train_unshuffled, 10),
        ("train_epoch", train_epoch_global_random, 10),
    ):
        assert judge(LESSON, name, function, seed=3).score == score


STUDENT = """
import numpy as np

def iterate_minibatches(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, STOP, batch_size):
        yield X[order[start:start + batch_size]], Y[order[start:start + batch_size]]

def sgd_step(params, grads, learning_rate):
    return [(W - learning_rate * dW, b - learning_rate * db)
            for (W, b), (dW, db) in zip(params, grads)]

def backward(params, A, Y):
    delta, grads = (A[-1] - Y) * A[-1] * (1 - A[-1]) / len(Y), []
    for i in range(len(params) - 1, -1, -1):
        grads.insert(0, (delta.T @ A[i], delta.sum(axis=0)))
        delta = delta @ params[i][0] * A[i] * (1 - A[i])
    return grads

def train_epoch(params, X, Y, batch_size, learning_rate, rng):
    for x, y in iterate_minibatches(X, Y, batch_size, rng):
        A = [x]
        for W, b in params:
            A.append(1 / (1 + np.exp(-(A[-1] @ W.T + b))))
        params = sgd_step(params, backward(params, A, y), learning_rate)
    return params
"""


def test_a_right_function_stands_in_for_a_wrong_one():
    for stop, notes in (("len(X)", 0), ("len(X) - batch_size + 1", 1)):
        namespace = {}
        exec(STUDENT.replace("STOP", stop), namespace)
        verdict = judge(LESSON, "train_epoch", namespace["train_epoch"], seed=1)
        assert (verdict.status, len(verdict.notes)) == ("pass", notes), verdict.text()
