"""Lesson 09's exercises against independent numbers, and answers as strangers would write them."""

import itertools
import math

import numpy as np
import pytest
from scipy.spatial.distance import euclidean

from grader_tests import exercises, judge

LESSON = "09-backprop"
EXERCISES = exercises(LESSON)
SEEDS = range(6)


def sigma(z):
    return 1 / (1 + np.exp(-z))


def activations_of(X, params):
    A = [X]
    for W, b in params:
        A.append(sigma(A[-1] @ W.T + b))
    return A


def random_net(rng, sizes):
    pairs = itertools.pairwise(sizes)
    return [(rng.normal(size=(m, n)), rng.normal(size=m)) for n, m in pairs]


def test_the_contract_s_signatures():
    assert {name: task.parameters for name, task in EXERCISES.items()} == {
        "backward": ["params", "activations", "Y"],
        "relative_error": ["g", "n"],
        "gradient_check": ["cost", "params", "grads", "eps"],
    }
    assert [task.points for task in EXERCISES.values()] == [12, 9, 9]


# -- the references against independent numbers -------------------------------------------------------


@pytest.mark.parametrize("sizes", [[3, 2], [2, 4, 3], [3, 2, 4, 1, 2]])
def test_backward_agrees_with_complex_steps(sizes):
    """The imaginary part of C(p + ih)/h is the derivative to all digits."""
    rng = np.random.default_rng(1)
    params = random_net(rng, sizes)
    X, Y = rng.normal(size=(5, sizes[0])), rng.uniform(size=(5, sizes[-1]))
    grads = EXERCISES["backward"].reference(params, activations_of(X, params), Y)
    for layer in range(len(params)):
        for part in (0, 1):
            for i in np.ndindex(params[layer][part].shape):
                moved = [[p.astype(complex) for p in pair] for pair in params]
                moved[layer][part][i] += 1e-30j
                cost = np.sum((activations_of(X, moved)[-1] - Y) ** 2) / (2 * len(X))
                assert grads[layer][part][i] == pytest.approx(cost.imag / 1e-30, rel=1e-10)


def test_backward_gives_deck_b_s_first_update():
    X = np.array([[-0.97, -0.8], [-0.69, -0.97], [-1.14, -1.09], [0.26, 0.63], [0.76, 0.92],
                  [1.32, 1.49], [1.14, 1.09], [-0.93, -1.09], [-0.79, -0.52], [1.04, 0.34]])  # fmt: skip
    Y = np.array([[0, 0, 0, 1, 1, 1, 1, 0, 1, 0.0]]).T
    params = [
        (np.array([[-0.2, -0.4], [0.4, -0.7], [-1.0, -0.8]]), np.array([0.1, -0.2, 0.4])),
        (np.array([[-0.6, -0.6, -0.3]]), np.array([-0.6])),
    ]
    grads = EXERCISES["backward"].reference(params, activations_of(X, params), Y)
    summed = 0.5 * len(X)  # the deck sums over its ten observations
    assert params[1][0] - summed * grads[1][0] == pytest.approx(
        np.array([[-0.496, -0.506, -0.233]]), abs=6e-4
    )
    assert params[1][1] - summed * grads[1][1] == pytest.approx(np.array([-0.327]), abs=6e-4)
    assert (params[0][0] - summed * grads[0][0])[:, 0] == pytest.approx(
        np.array([-0.230, 0.370, -1.008]), abs=6e-4
    )


def test_relative_error_agrees_with_scipy():
    rng = np.random.default_rng(2)
    for shape in ((4,), (3, 5), (2, 2, 3)):
        g, n = rng.normal(size=shape), rng.normal(size=shape)
        zero = np.zeros(g.size)
        size = euclidean(g.ravel(), zero) + euclidean(n.ravel(), zero)
        got = EXERCISES["relative_error"].reference(g, n)
        assert got == pytest.approx(euclidean(g.ravel(), n.ravel()) / size, rel=1e-12)


def test_gradient_check_is_exact_for_a_square():
    """Central differences of Σp² are 2p for any eps, so the error can be told by hand."""
    rng = np.random.default_rng(3)
    params = random_net(rng, [3, 2, 4])
    cost = lambda params: sum(float(np.sum(p**2)) for pair in params for p in pair)
    check = EXERCISES["gradient_check"].reference
    for factor, eps in ((2.0, 1e-3), (3.0, 0.5), (1.0, 2.0)):
        grads = [(factor * W, factor * b) for W, b in params]
        assert check(cost, params, grads, eps=eps) == pytest.approx(
            abs(factor - 2) / (factor + 2), abs=1e-9
        )


def test_gradient_check_finds_backward_right():
    rng = np.random.default_rng(4)
    params = random_net(rng, [3, 4, 2])
    X, Y = rng.normal(size=(6, 3)), rng.uniform(size=(6, 2))
    cost = lambda params: np.sum((activations_of(X, params)[-1] - Y) ** 2) / 12
    grads = EXERCISES["backward"].reference(params, activations_of(X, params), Y)
    assert EXERCISES["gradient_check"].reference(cost, params, grads) < 1e-8


# -- strangers: right in unusual ways -----------------------------------------------------------------


def backward_layer_class(params, activations, Y):
    class Layer:
        def __init__(self, W, a_in, a_out):
            self.W, self.a_in, self.a_out = W, a_in, a_out

        def back(self, error):
            d = error * self.a_out * (1 - self.a_out)
            self.grad = (sum(map(np.outer, d, self.a_in)), np.add.reduce(d))
            return d @ self.W

    layers = [Layer(W, *activations[i : i + 2]) for i, (W, b) in enumerate(params)]
    error = (activations[-1] - Y) / Y.shape[0]
    for layer in layers[::-1]:
        error = layer.back(error)
    return [layer.grad for layer in layers]


def backward_by_z(params, activations, Y):
    """Forward once more to get z, as the decks do, and use σ′(z)."""
    n = len(Y)
    zs = [A @ W.T + b for A, (W, b) in zip(activations, params, strict=False)]
    prime = lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2
    deltas = [(activations[-1] - Y) * prime(zs[-1])]
    for (W, _), z in zip(params[:0:-1], zs[-2::-1], strict=True):
        deltas.insert(0, np.einsum("nj,jk->nk", deltas[0], W) * prime(z))
    return [(d.T @ a / n, d.mean(0)) for d, a in zip(deltas, activations, strict=False)]


def backward_with_ones(params, activations, Y):
    """Biases as weights of an input that is always 1."""
    grads = [None] * len(params)
    delta = -(Y - activations[-1]) * (activations[-1] * (1 - activations[-1]))
    for i in reversed(range(len(params))):
        with_one = np.hstack([activations[i], np.ones((len(Y), 1))])
        both = np.tensordot(delta, with_one, axes=(0, 0)) / len(Y)
        grads[i] = [both[:, :-1], both[:, -1]]
        delta = delta.dot(params[i][0]) * (activations[i] - activations[i] ** 2)
    return grads


def relative_error_hypot(g, n):
    g, n = np.asarray(g).flatten(), np.asarray(n).flatten()
    top = math.hypot(*(g - n))
    return top / (math.hypot(*g) + math.hypot(*n)) if top else 0


def relative_error_try(g, n):
    with np.errstate(all="raise"):
        try:
            return np.sqrt(((g - n) ** 2).sum()) / ((g**2).sum() ** 0.5 + (n**2).sum() ** 0.5)
        except FloatingPointError:
            return np.float32(0)


def gradient_check_recursive(cost, params, grads, eps=1e-5, layer=0, found=()):
    if layer == len(params):
        g, n = np.array(found).T
        return np.sqrt(np.sum((g - n) ** 2)) / (np.sqrt(np.sum(g**2)) + np.sqrt(np.sum(n**2)))
    for part in range(2):
        for i, p in np.ndenumerate(params[layer][part]):
            params[layer][part][i] = p + eps
            n = cost(params)
            params[layer][part][i] = p - eps
            n -= cost(params)
            params[layer][part][i] = p
            found += ((grads[layer][part][i], n / eps / 2),)
    return gradient_check_recursive(cost, params, grads, eps, layer + 1, found)


def gradient_check_deepcopy(cost, params, grads, eps=1e-5):
    import copy

    errors = np.zeros(3)
    for k, (pair, grad) in enumerate(zip(params, grads, strict=True)):
        for j in (0, 1):
            for i in range(pair[j].size):
                plus, minus = copy.deepcopy(params), copy.deepcopy(params)
                plus[k][j].flat[i] += eps
                minus[k][j].flat[i] -= eps
                slope = (cost(plus) - cost(minus)) / (2 * eps)
                g = grad[j].flat[i]
                errors += (g - slope) ** 2, g**2, slope**2
    return errors[0] ** 0.5 / (errors[1] ** 0.5 + errors[2] ** 0.5)


RIGHT = [
    ("backward", backward_layer_class),
    ("backward", backward_by_z),
    ("backward", backward_with_ones),
    ("relative_error", relative_error_hypot),
    ("relative_error", relative_error_try),
    ("gradient_check", gradient_check_recursive),
    ("gradient_check", gradient_check_deepcopy),
]


@pytest.mark.parametrize(("name", "function"), RIGHT)
def test_unusual_but_right(name, function):
    for seed in SEEDS:
        verdict = judge(LESSON, name, function, seed=seed)
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


# -- strangers: wrong, in known ways and in others ----------------------------------------------------


def backward_two_layers_only(params, activations, Y):
    X, H, A = activations[0], activations[-2], activations[-1]
    d2 = (A - Y) * A * (1 - A) / len(Y)
    d1 = d2 @ params[-1][0] * H * (1 - H)
    return [(d1.T @ X, d1.sum(0)), (d2.T @ H, d2.sum(0))][-len(params) :]


def backward_cross_entropy(params, activations, Y):
    delta, grads = (activations[-1] - Y) / len(Y), []
    for (W, _), a in zip(params[::-1], activations[-2::-1], strict=True):
        grads = [(delta.T @ a, delta.sum(0)), *grads]
        delta = delta @ W * a * (1 - a)
    return grads


def backward_keepdims(params, activations, Y):
    pairs = EXERCISES["backward"].right[3](params, activations, Y)
    return [(dW, db[None, :]) for dW, db in pairs]


def backward_input_activation(params, activations, Y):
    """σ of the input as though it were a layer's output: the weights' gradients are wrong."""
    return EXERCISES["backward"].right[3](params, [sigma(activations[0]), *activations[1:]], Y)


def backward_rounded(params, activations, Y):
    pairs = EXERCISES["backward"].right[3](params, activations, Y)
    return [(dW.round(3), db.round(3)) for dW, db in pairs]


def relative_error_of_sums(g, n):
    return abs(np.sum(g) - np.sum(n)) / (abs(np.sum(g)) + abs(np.sum(n)) or 1)


def relative_error_spectral(g, n):
    norm = lambda v: np.linalg.norm(v, 2) if v.ndim == 2 else np.linalg.norm(v)
    return norm(g - n) / ((norm(g) + norm(n)) or 1)


def relative_error_cs231n(g, n):
    return np.max(np.abs(g - n) / np.maximum(1e-8, np.abs(g) + np.abs(n)))


def relative_error_andrew(g, n):
    return np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n) + 1e-7)


def gradient_check_first_layer(cost, params, grads, eps=1e-5):
    return gradient_check_deepcopy(
        lambda first: cost([*first, *params[1:]]), params[:1], grads[:1], eps
    )


def gradient_check_forward(cost, params, grads, eps=1e-5):
    pairs = []
    for k, pair in enumerate(params):
        for j, p in enumerate(pair):
            for i in np.ndindex(p.shape):
                before, old = cost(params), p[i]
                p[i] += eps
                pairs.append((grads[k][j][i], (cost(params) - before) / eps))
                p[i] = old
    g, n = np.array(pairs).T
    return np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n))


def gradient_check_float32(cost, params, grads, eps=1e-5):
    params = [(W.astype("float32"), b.astype("float32")) for W, b in params]
    return gradient_check_deepcopy(cost, params, grads, eps)


def gradient_check_bool(cost, params, grads, eps=1e-5):
    return gradient_check_deepcopy(cost, params, grads, eps) < 1e-7


WRONG = [
    ("backward", backward_two_layers_only, ["wrong-type"]),
    ("backward", backward_cross_entropy, ["missing-derivative"]),
    ("backward", backward_keepdims, ["wrong-shape"]),
    ("backward", backward_input_activation, []),
    ("backward", backward_rounded, []),
    ("relative_error", relative_error_of_sums, []),
    ("relative_error", relative_error_spectral, []),
    ("relative_error", relative_error_cs231n, ["piece-by-piece"]),
    ("relative_error", relative_error_andrew, ["wrong-denominator"]),
    ("gradient_check", gradient_check_first_layer, []),
    ("gradient_check", gradient_check_forward, ["one-sided"]),
    ("gradient_check", gradient_check_float32, []),
    ("gradient_check", gradient_check_bool, ["hard-coded"]),
]


@pytest.mark.parametrize(("name", "function", "named"), WRONG)
def test_wrong_loses_points_and_is_not_named_wrongly(name, function, named):
    for seed in SEEDS:
        verdict = judge(LESSON, name, function, seed=seed)
        assert verdict.score < verdict.max_score, seed
        assert verdict.misconceptions == named, (seed, verdict.text())


def test_changing_the_params_costs_its_point_only():
    def forgets_to_restore_exactly(cost, params, grads, eps=1e-5):
        pairs = []
        for k, pair in enumerate(params):
            for j, p in enumerate(pair):
                for i in np.ndindex(p.shape):
                    p[i] += eps
                    above = cost(params)
                    p[i] -= 2 * eps
                    below = cost(params)
                    p[i] += eps
                    pairs.append((grads[k][j][i], (above - below) / (2 * eps)))
        g, n = np.array(pairs).T
        return np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n))

    verdict = judge(LESSON, "gradient_check", forgets_to_restore_exactly, seed=1)
    assert (verdict.score, verdict.misconceptions) == (8, ["modifies-arguments"])


STUDENT = """
import numpy as np

def relative_error(g, n):
    return np.linalg.norm(g - n) / DENOMINATOR

def gradient_check(cost, params, grads, eps=1e-5):
    slopes = []
    for pair in params:
        for p in pair:
            for i in np.ndindex(p.shape):
                old = p[i]
                p[i] = old + eps
                above = cost(params)
                p[i] = old - eps
                slopes.append((above - cost(params)) / (2 * eps))
                p[i] = old
    return relative_error(np.concatenate([g.ravel() for pair in grads for g in pair]), np.array(slopes))
"""


@pytest.mark.parametrize("denominator", ["np.linalg.norm(n)", "undefined"])
def test_a_right_relative_error_stands_in_for_a_wrong_one(denominator):
    namespace = {}
    exec(STUDENT.replace("DENOMINATOR", denominator), namespace)
    verdict = judge(LESSON, "gradient_check", namespace["gradient_check"], seed=1)
    assert verdict.status == "pass"
    assert "`relative_error` is not right yet" in verdict.notes[0]


def test_nnkit_s_own_are_refused():
    import nnkit.gradcheck
    import nnkit.network

    def backward(params, activations, Y):
        net = nnkit.network.MLP(
            [len(params[0][0][0]), *(len(b) for _, b in params)], dtype="float64"
        )
        net.set_params(params)
        net.forward(activations[0])
        net.backward(Y)
        return [(layer.dW / 2, layer.db / 2) for layer in net.layers]

    borrowed = {"backward": backward, "relative_error": nnkit.gradcheck.relative_error}
    for name, function in borrowed.items():
        verdict = judge(LESSON, name, function, seed=1)
        assert (verdict.score, verdict.misconceptions) == (0, ["borrowed"]), verdict.text()
