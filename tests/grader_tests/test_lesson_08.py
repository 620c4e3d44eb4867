"""Lesson 08's exercises: right answers of any style pass, known mistakes are named, others are not."""

import functools

import numpy as np
import pytest

from grader_tests import exercises, judge
from grader_tests.lesson_08_two_three_one.net import sigmoid

LESSON = "08-two-three-one"
EXERCISES = exercises(LESSON)
SEEDS = range(12)


def test_the_contract_s_signatures():
    signatures = [task.signature.split(" ->")[0] for task in EXERCISES.values()]
    names = [s.split("(")[0] for s in signatures]
    assert names == ["forward", "output_bpe", "hidden_bpe", "update", "train"]
    assert EXERCISES["train"].parameters == [
        *("X", "Y", "params", "learning_rate", "goal", "max_epochs")
    ]
    assert [task.points for task in EXERCISES.values()] == [10, 6, 8, 10, 12]


def test_borrowing_is_refused():
    import nnkit as nn
    from grader_tests.lesson_08_two_three_one.hidden_bpe import hidden_bpe

    def forward(X, params):
        net = nn.MLP([2, 3, 1], dtype="float64")
        net.set_params([params[:2], params[2:]])
        out = net.forward(X)
        return net.layers[0].a, out

    for name, function in (("hidden_bpe", hidden_bpe), ("forward", forward)):
        verdict = judge(LESSON, name, function, seed=1)
        assert (verdict.score, verdict.misconceptions) == (0, ["borrowed"])
    assert judge(LESSON, "hidden_bpe", lambda *a: hidden_bpe(*a), seed=1).score == 0


def test_two_mistakes_in_one_function():
    verdict = judge(LESSON, "output_bpe", lambda out, Y: Y - out, seed=1)
    assert verdict.misconceptions == ["missing-derivative", "wrong-sign"]
    verdict = judge(LESSON, "hidden_bpe", lambda bpe, W2, H: 2 * (bpe @ W2), seed=1)
    assert verdict.misconceptions == ["missing-derivative", "wrong-factor"]


def test_wrong_in_an_unknown_way_is_not_named():
    def odd(out, Y):
        return (out - Y) ** 3 + 0.1

    verdict = judge(LESSON, "output_bpe", odd, seed=1)
    assert (verdict.status, verdict.misconceptions) == ("fail", [])


def test_untrained_params_are_not_taken_for_a_known_mistake():
    def train(X, Y, params, learning_rate, goal=0.001, max_epochs=10000):
        return params, 0

    for seed in SEEDS:
        verdict = judge(LESSON, "train", train, seed=seed)
        assert (verdict.score, verdict.misconceptions) == (0, [])


def test_changing_arguments_costs_its_point_only():
    def update(params, X, H, bpe_out, bpe_hidden, learning_rate):
        W1, b1, W2, b2 = params
        W1 -= learning_rate * bpe_hidden.T @ X
        b1 -= learning_rate * bpe_hidden.sum(axis=0)
        W2 -= learning_rate * bpe_out.T @ H
        b2 -= learning_rate * bpe_out.sum(axis=0)
        return W1, b1, W2, b2

    verdict = judge(LESSON, "update", update, seed=1)
    assert (verdict.score, verdict.misconceptions) == (9, ["modifies-arguments"])


def test_changing_and_restoring_is_allowed():
    def output_bpe(out, Y):
        before = out.copy()
        out -= Y
        result = out * before * (1 - before)
        out[:] = before
        return result

    assert judge(LESSON, "output_bpe", output_bpe, seed=1).status == "pass"


class Net:
    """Some write a class."""

    def __call__(self, X, params):
        W1, b1, W2, b2 = params
        H = sigmoid(np.asmatrix(X) * W1.T + b1)
        return np.asmatrix(H), sigmoid(H * W2.T + b2)


def test_unusual_but_right():
    assert judge(LESSON, "forward", Net(), seed=1).status == "pass"
    with_rate = functools.partial(lambda sign, out, Y: sign * (out - Y) * out * (1 - out), 1.0)
    assert judge(LESSON, "output_bpe", with_rate, seed=1).status == "pass"
    rows = lambda bpe, W2, H: [[b[0] * w * h * (1 - h) for w, h in zip(W2[0], r, strict=True)]
                               for b, r in zip(bpe, H, strict=True)]  # fmt: skip
    assert judge(LESSON, "hidden_bpe", rows, seed=1).status == "pass"


STUDENT = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def forward(X, params):
    W1, b1, W2, b2 = params
    H = sigmoid(X @ W1.T + b1)
    return H, sigmoid(H @ W2.T + b2)

def output_bpe(out, Y):
    return OUTPUT

def hidden_bpe(bpe_out, W2, H):
    return (bpe_out @ W2) * H * (1 - H)

def update(params, X, H, bpe_out, bpe_hidden, learning_rate):
    W1, b1, W2, b2 = params
    return (W1 - learning_rate * bpe_hidden.T @ X, b1 - learning_rate * bpe_hidden.sum(axis=0),
            W2 - learning_rate * bpe_out.T @ H, b2 - learning_rate * bpe_out.sum(axis=0))

def train(X, Y, params, learning_rate, goal=0.001, max_epochs=10000):
    for epoch in range(max_epochs):
        H, out = forward(X, params)
        if np.sum((out - Y) ** 2) / 2 < goal:
            return params, epoch
        bpe_out = output_bpe(out, Y)
        params = update(params, X, H, bpe_out, hidden_bpe(bpe_out, params[2], H), learning_rate)
    return params, max_epochs
"""


def student(output):
    namespace = {}
    exec(STUDENT.replace("OUTPUT", output), namespace)
    return namespace


def test_train_uses_the_student_s_own_functions():
    verdict = judge(LESSON, "train", student("(out - Y) * out * (1 - out)")["train"], seed=1)
    assert (verdict.status, verdict.notes) == ("pass", ())


@pytest.mark.parametrize("output", ["out - Y", "undefined", "None"])
def test_a_right_function_stands_in_for_a_wrong_one(output):
    namespace = student(output)
    own = namespace["output_bpe"]
    verdict = judge(LESSON, "train", namespace["train"], seed=1)
    assert verdict.status == "pass"
    assert "`output_bpe` is not right yet" in verdict.notes[0]
    assert namespace["output_bpe"] is own


def test_a_wrong_train_on_wrong_functions_is_diagnosed_for_itself():
    namespace = student("out - Y")
    exec(STUDENT[STUDENT.index("def train") :].replace("/ 2 < goal", "< goal"), namespace)
    verdict = judge(LESSON, "train", namespace["train"], seed=1)
    assert verdict.misconceptions == ["wrong-factor"]


def test_the_reference_reaches_deck_b_s_goal():
    X = np.array([[-0.97, -0.8], [-0.69, -0.97], [-1.14, -1.09], [0.26, 0.63], [0.76, 0.92],
                  [1.32, 1.49], [1.14, 1.09], [-0.93, -1.09], [-0.79, -0.52], [1.04, 0.34]])  # fmt: skip
    Y = np.array([[0, 0, 0, 1, 1, 1, 1, 0, 1, 0.0]]).T
    params = (
        np.array([[-0.2, -0.4], [0.4, -0.7], [-1.0, -0.8]]),
        np.array([0.1, -0.2, 0.4]),
        np.array([[-0.6, -0.6, -0.3]]),
        np.array([-0.6]),
    )
    assert EXERCISES["train"].reference(X, Y, params, 0.5)[1] == 7491


def test_hidden_and_output_bpe_are_derivatives_of_the_cost():
    """Central differences of C = Σ½(out − Y)² with respect to the input sums."""
    rng = np.random.default_rng(3)
    z_hidden, W2, b2 = rng.normal(size=(4, 3)), rng.normal(size=(1, 3)), rng.normal(size=1)
    Y = np.array([[0.0], [1.0], [1.0], [0.0]])
    cost = lambda z: float(np.sum(0.5 * (sigmoid(sigmoid(z) @ W2.T + b2) - Y) ** 2))
    H = sigmoid(z_hidden)
    bpe_out = EXERCISES["output_bpe"].reference(sigmoid(H @ W2.T + b2), Y)
    got = EXERCISES["hidden_bpe"].reference(bpe_out, W2, H)
    for index in np.ndindex(z_hidden.shape):
        e = np.zeros_like(z_hidden)
        e[index] = 1e-5
        assert got[index] == pytest.approx(
            (cost(z_hidden + e) - cost(z_hidden - e)) / 2e-5, rel=1e-6
        )
