"""Lesson 04's exercises against independent numbers, and answers as a stranger would write them."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.neural_network import MLPRegressor

from grader_tests import exercises, judge
from grader_tests.judging import _cases, assess
from grader_tests.lesson_04_forward import init_params as init

LESSON = "04-forward"
EXERCISES = exercises(LESSON)
SEEDS = range(10)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_the_contract_s_signatures():
    assert [task.name for task in EXERCISES.values()] == [
        *("count_parameters", "init_params", "dense", "forward")
    ]
    parameters = [task.parameters for task in EXERCISES.values()]
    assert parameters == [["sizes"], ["sizes", "rng"], ["A", "W", "b", "f"], ["X", "params"]]
    assert [task.points for task in EXERCISES.values()] == [6, 9, 8, 10]


def test_the_slides_numbers():
    count = EXERCISES["count_parameters"].reference
    assert count([784, 16, 16, 10]) == 13002
    assert [count([784, 16]), count([16, 16]), count([16, 10])] == [12560, 272, 170]
    assert count([2, 3, 1]) == 9 + 4  # deck B


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_forward_and_count_agree_with_scikit_learn():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(20, 5))
    net = MLPRegressor(hidden_layer_sizes=(4, 3), activation="logistic", max_iter=1)
    net.fit(X, rng.normal(size=(20, 2)))
    params = [(W.T, b) for W, b in zip(net.coefs_, net.intercepts_, strict=True)]
    activations = EXERCISES["forward"].reference(X, params)
    assert [A.shape for A in activations] == [(20, 5), (20, 4), (20, 3), (20, 2)]
    np.testing.assert_allclose(activations[-1], sigmoid(net.predict(X)), atol=1e-12)
    numbers = sum(a.size for pair in params for a in pair)
    assert EXERCISES["count_parameters"].reference([5, 4, 3, 2]) == numbers


def test_forward_gives_deck_b_s_values():
    X = np.array([[-0.97, -0.80]])
    params = [
        (np.array([[-0.2, -0.4], [0.4, -0.7], [-1.0, -0.8]]), np.array([0.1, -0.2, 0.4])),
        (np.array([[-0.6, -0.6, -0.3]]), np.array([-0.6])),
    ]
    _, H, out = EXERCISES["forward"].reference(X, params)
    np.testing.assert_allclose(H[0], [0.65, 0.49, 0.88], atol=0.005)
    np.testing.assert_allclose(out[0], [0.18], atol=0.005)


# -- answers of strangers: right ones -----------------------------------------------------------------


def count_with_pop(sizes):
    rest, total = list(sizes), 0
    while len(rest) > 1:
        n_in = rest.pop(0)
        total += (n_in + 1) * rest[0]
    return total


def init_by_spawning(sizes, rng):
    seed = rng.integers(2**31)
    own = np.random.default_rng(seed)
    return [
        (own.uniform(-1, 1, (m, n)), own.uniform(-1, 1, m)) for n, m in pairwise(sizes)
    ]  # fmt: skip


def init_by_quantiles(sizes, rng):
    """Any way from the generator to the uniform distribution is one."""
    draw = lambda *shape: np.arctan2(rng.normal(size=shape), rng.normal(size=shape)) / np.pi
    return [[draw(m, n), draw(m)] for n, m in pairwise(sizes)]


def init_object_arrays(sizes, rng):
    result = np.empty((len(sizes) - 1, 2), dtype=object)
    for i in range(len(sizes) - 1):
        result[i, 0] = np.asfortranarray(rng.random((sizes[i + 1], sizes[i])) * 2 - 1)
        result[i, 1] = rng.random(sizes[i + 1]) * 2 - 1
    return result


def dense_entry_by_entry(A, W, b, f):
    Z = np.empty((A.shape[0], W.shape[0]))
    for i, j in np.ndindex(Z.shape):
        Z[i, j] = f(np.array(np.inner(A[i], W[j]) + b[j]))
    return Z


def dense_flat(A, W, b, f):
    z = np.tensordot(A, W, axes=([1], [1])) + b
    return f(z.ravel()).reshape(z.shape)


def dense_matrix(A, W, b, f):
    return f(np.asarray(np.asmatrix(A) * np.asmatrix(W).T + np.asmatrix(b)))


def forward_with_dict(X, params):
    cache = {0: np.copy(X)}
    for layer, pair in enumerate(params, 1):
        cache[layer] = np.reciprocal(1 + np.exp(-cache[layer - 1].dot(pair[0].T) - pair[1]))
    return list(cache.values())


def forward_row_by_row(X, params):
    lists = [[] for _ in range(len(params) + 1)]
    for x in X:
        lists[0].append(x)
        for layer, (W, b) in enumerate(params):
            lists[layer + 1].append(sigmoid(W @ lists[layer][-1] + b))
    return [np.vstack(rows) for rows in lists]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("count_parameters", count_with_pop),
        ("count_parameters", lambda sizes: np.dot(np.array(sizes[:-1]) + 1, sizes[1:])),
        ("init_params", init_by_spawning),
        ("init_params", init_by_quantiles),
        ("init_params", init_object_arrays),
        ("dense", dense_entry_by_entry),
        ("dense", dense_flat),
        ("dense", dense_matrix),
        ("forward", forward_with_dict),
        ("forward", forward_row_by_row),
    ],
)
def test_unusual_but_right(name, answer):
    for seed in SEEDS:
        verdict = judge(LESSON, name, answer, seed=seed)
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


# -- answers of strangers: wrong ones -----------------------------------------------------------------


def uniform_layers(sizes, draw_W, draw_b):
    return [(draw_W((m, n)), draw_b(m)) for n, m in pairwise(sizes)]


def init_narrow(sizes, rng):
    draw = lambda shape: rng.uniform(-0.9, 0.9, shape)
    return uniform_layers(sizes, draw, draw)


def init_same_biases_again(sizes, rng):
    b = rng.uniform(-1, 1, max(sizes))
    return uniform_layers(sizes, lambda shape: rng.uniform(-1, 1, shape), lambda m: b[:m])


def init_flat(sizes, rng):
    result = []
    for n, m in pairwise(sizes):
        result += [rng.uniform(-1, 1, (m, n)), rng.uniform(-1, 1, m)]
    return result


def init_columns(sizes, rng):
    draw = lambda shape: rng.uniform(-1, 1, shape)
    return uniform_layers(sizes, draw, lambda m: draw((m, 1)))


def forward_overwrites(X, params):
    A = X.copy()
    result = [A]
    for W, b in params:
        A = sigmoid(A @ W.T + b)
        result.append(A)
        result[0] = A
    return result


def forward_first_layer_only(X, params):
    result = [X]
    for W, b in params:
        result.append(sigmoid(result[-1] @ W.T + b))
        return result


@pytest.mark.parametrize(
    ("name", "answer", "allowed"),
    [
        ("count_parameters", lambda sizes: int(np.prod(sizes)), []),
        ("count_parameters", lambda sizes: 13002, ["hard-coded"]),
        ("count_parameters", lambda sizes: [n * m + m for n, m in pairwise(sizes)], ["wrong-shape"]),
        ("count_parameters", lambda sizes: sum(sizes), []),
        ("init_params", init_narrow, ["wrong-distribution"]),
        ("init_params", init_same_biases_again, []),
        ("init_params", init_flat, ["wrong-type"]),
        ("init_params", init_columns, ["wrong-shape"]),
        ("init_params", lambda sizes, rng: rng.uniform(-1, 1, sizes), ["wrong-type"]),
        ("init_params", lambda sizes, rng: None, ["returns-nothing"]),
        ("dense", lambda A, W, b, f: f(A @ W.T) * b, []),
        ("dense", lambda A, W, b, f: f(f(A @ W.T + b)), []),
        ("dense", lambda A, W, b, f: np.mean(f(A @ W.T + b), axis=0), ["wrong-shape"]),
        ("dense", lambda A, W, b, f: f(A @ W.T + 1.1 * b), []),
        ("forward", forward_overwrites, ["wrong-shape"]),
        ("forward", forward_first_layer_only, ["off-by-one-layer"]),
        ("forward", lambda X, params: [X] + [sigmoid(X[:, :1] * b) for W, b in params], []),
        ("forward", lambda X, params: {"A": X}, ["wrong-type"]),
    ],
)  # fmt: skip
def test_wrong_in_other_ways(name, answer, allowed):
    for seed in SEEDS:
        verdict = judge(LESSON, name, answer, seed=seed)
        assert verdict.score < verdict.max_score
        assert set(verdict.misconceptions) <= set(allowed), verdict.text()


def test_half_right_work_gets_its_share():
    def no_biases(sizes, rng):
        return uniform_layers(sizes, lambda shape: rng.uniform(-1, 1, shape), np.zeros)

    def always_sigmoid(A, W, b, f):
        return sigmoid(A @ W.T + b)

    def one_layer(X, params):
        return [X, sigmoid(X @ params[0][0].T + params[0][1])]

    for name, answer, score in (
        ("init_params", no_biases, 7),
        ("dense", always_sigmoid, 6),
        ("forward", one_layer, 3),
    ):
        assert judge(LESSON, name, answer, seed=3).score == score, name


def test_params_must_come_from_the_generator():
    state = np.random.default_rng(5)

    def shared(sizes, rng):
        return init.init_params(sizes, state)

    assert assess(LESSON, EXERCISES["init_params"], shared, 1).misconceptions == [
        "not-deterministic"
    ]


@pytest.mark.parametrize("draws", [20_000])
def test_random_numbers_as_asked_for_are_never_refused(draws):
    rng = np.random.default_rng(1)
    for _ in range(draws // 100):
        for n in (100, 350, 1200):
            assert init._wrongly_drawn(rng.uniform(-1, 1, n), "weights") is None
    few = init._wrongly_drawn(np.array([0.5, 0.5]), "biases")
    assert few is None


def test_sizes_never_hide_a_transpose():
    for seed in range(50):
        for case in _cases(EXERCISES["dense"], seed, 0):
            A, W, b, _ = case.args
            assert len({len(A), *W.shape}) == 3
            assert b.shape == W.shape[:1]
