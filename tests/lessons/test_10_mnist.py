"""Lesson 10 as a reader runs it: 13,002 parameters trained on digits, looked into, tested."""

from itertools import pairwise

import numpy as np
import pytest

import nnkit as nn
from tests.lessons.running import (
    assert_gives_no_answers,
    assert_measures,
    assert_quiz,
    assert_shows,
    assert_solved,
    assert_unfilled,
    section,
)

LESSON = "10-mnist"

GIVEN = "def backward"
PICTURES = "always_black = "
BATCHES = "# Your functions: iterate_minibatches\n"
STEP = "# Your functions: sgd_step\n"
TRAIN = "right_train.append"
COMPARE = "curves = {}"
COSINE = "def direction"
WEIGHTS = "nn.plots.weight_pictures(W1)"
SLIDER = "def look(epoch"
ON = "neuron   layer 1"
EXPLORER = "nn.widgets.Digit("
WORST = "picture_costs ="
CONFUSION = "nn.plots.confusion_matrix(counts)"
MNIST = 'nn.load("mnist"'


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


# --------------------------------------------------------------------------------------
# What the rows of the decks show
# --------------------------------------------------------------------------------------


def test_784_grey_values_and_ten_labels(solved):
    """A4, and MNIST itself where it can be had."""
    assert_shows(solved, GIVEN, ["training (1437, 784), test (360, 784), grey values from 0 to 1"])
    assert "image/png" in solved.kinds(PICTURES)
    assert_shows(solved, MNIST, ["Loaded digits, instead of mnist", "epoch 1: digits, test 20.8%"])
    assert_shows(solved, MNIST, ["epoch 5: digits, test 74.2%"])


def test_the_net_is_trained_and_reads(solved):
    """A6: 784-16-16-10, from 10 % to 96 %."""
    assert "[784, 16, 16, 10]" in solved.cell(PICTURES).source
    assert_shows(solved, TRAIN, ["epoch 0: cost 1.288, training 10.0%, test 10.3%"])
    assert_shows(solved, TRAIN, ["epoch 1: cost 0.428", "epoch 5: cost 0.210"])
    assert_shows(solved, TRAIN, ["epoch 30: cost 0.021, training 98.3%, test 95.8%"])
    assert "image/png" in solved.kinds(TRAIN)


def test_what_the_hidden_neurons_look_for(solved):
    """A7: weights as pictures; no tidy edges."""
    assert_shows(solved, WEIGHTS, ["weights that never moved: 6,832 of 12,544"])
    assert_shows(solved, WEIGHTS, ["size of the start 0.50; the others moved 0.12"])
    assert_shows(solved, WEIGHTS, ["correlation of start and end: 0.98"])
    assert "image/png" in solved.kinds(WEIGHTS)
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(SLIDER)
    assert solved.text(SLIDER) == "Epoch 30: test accuracy 96.1%."

    rows = [line.split()[1:] for line in solved.lines(ON)[1:]]
    on = np.array([[len(digits.replace("·", "")) for digits in row] for row in rows])
    assert on.shape == (16, 2)
    assert on.min() == 2
    assert rows[10][1] == "0123456789"


def test_edges_made_by_hand(solved):
    """A7: deck A's hope, built in; and what the trained net makes of pictures that were moved."""
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(EXPLORER)
    assert "Of 360 test pictures it reads 86.9 %." in solved.text(EXPLORER)
    net = nn.widgets.Digit(weights="small start").net
    digits = nn.digits()
    moved = np.roll(digits.X_test.reshape(-1, 28, 28), 2, axis=2).reshape(-1, 784)
    assert round(net.evaluate(moved, digits.y_test).accuracy, 2) == 0.57


def test_13002_parameters(solved):
    """A10."""
    assert_shows(solved, PICTURES, ["parameters: 12,560 + 272 + 170 = 13,002"])
    assert_shows(solved, PICTURES, ["always black: 427 pixels, so 6,832 weights"])
    assert_shows(solved, PICTURES, ["largest of their gradients: 0.0 "])


def test_the_training_loop(solved, lesson):
    """A11: forward, cost, update, repeat."""
    text = section(lesson, "## 4 One epoch")
    order = [text.index(f"**{step}**") for step in ("forward", "backward", "update")]
    assert order == sorted(order)
    assert_shows(solved, STEP, ["before 1.2876 rate 1 0.8385 rate 5 0.4635 rate 100 0.5138"])


def test_the_decks_quizzes(solved):
    """A17: hierarchy of features; what is optimised; activation; mini-batches."""
    assert_quiz(solved, right={1: "c", 2: "b", 3: "a", 4: "b"})


def test_who_updates_when(solved):
    """D17: batch, stochastic, mini-batch."""
    assert_shows(solved, BATCHES, ["1,437: 1 updates", "10: 144 updates, the last one with 7 rows"])
    assert_shows(solved, BATCHES, ["batch size 1: 1,437 updates"])
    assert_shows(solved, COMPARE, ["batch test 10.8%", "mini-batch test 74.2%"])
    assert_shows(solved, COMPARE, ["stochastic test 86.7%", "[0.186 0.119 0.125 0.127 0.095]"])
    assert "image/png" in solved.kinds(COMPARE)
    assert_shows(solved, COSINE, ["1 pictures: mean cosine 0.13, 33% point away"])
    assert_shows(solved, COSINE, ["10 pictures: mean cosine 0.24, 19% point away"])
    assert_shows(solved, COSINE, ["100 pictures: mean cosine 0.64, 0% point away"])


def test_the_worst_mistakes(solved):
    assert_shows(solved, WORST, ["15 of 360", "7 taken for 9: output 0.93"])
    assert_shows(solved, WORST, ["0 taken for 4: output 0.70"])
    assert_shows(solved, CONFUSION, ["on the diagonal 345 of 360", "[0.94 0.97 1. 0.86"])
    assert "image/png" in solved.kinds(WORST)
    assert "image/png" in solved.kinds(CONFUSION)


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def digits():
    return nn.digits()


@pytest.fixture(scope="module")
def start():
    rng = np.random.default_rng(0)
    return [
        (rng.uniform(-1, 1, (n_out, n_in)), rng.uniform(-1, 1, n_out))
        for n_in, n_out in pairwise([784, 16, 16, 10])
    ]


@pytest.fixture(scope="module")
def written(solved):
    """What the lesson's first cell gives: forward, backward, …"""
    names = {}
    exec(solved.cell(GIVEN).source, names)
    return names


class Training:
    """The lesson's training, with any part of it done otherwise."""

    def __init__(self, digits, written, solutions):
        self.digits, self.written, self.solutions = digits, written, solutions

    def epoch(self, params, rng, rate=1.0, gradients_at=None, batches=None, step=None):
        """Make a pass; by default this is train_epoch."""
        at, X, Y = params, self.digits.X_train, self.digits.Y_train
        for x, y in batches or self.solutions.iterate_minibatches(X, Y, 10, rng):
            at = params if gradients_at is None else gradients_at
            grads = self.written["backward"](at, self.written["forward"](x, at), y)
            params = (step or self.solutions.sgd_step)(params, grads, rate)
        return params

    def run(self, start, epoch, seed=0):
        """Return test accuracy and training cost after 30 epochs."""
        rng, params = np.random.default_rng(seed), start
        with np.errstate(over="ignore"):
            for _ in range(30):
                params = epoch(params, rng)
            test = self.written["forward"](self.digits.X_test, params)[-1]
            out = self.written["forward"](self.digits.X_train, params)[-1]
        cost = self.written["quadratic_cost"](out, self.digits.Y_train)
        return self.solutions.accuracy(test, self.digits.y_test), cost


@pytest.fixture(scope="module")
def training(digits, written, solutions):
    return Training(digits, written, solutions)


def test_other_orders_give_nearly_the_same(training, start):
    shares = [training.run(start, training.epoch, seed)[0] for seed in range(1, 6)]
    assert f"{min(shares):.1%} {max(shares):.1%}" == "95.3% 95.8%"


def test_mistakes_train_as_the_box_says(training, digits, lesson, solutions, start):
    X, Y = digits.X_train, digits.Y_train

    def cut(rows_of_X, rows_of_Y):
        return [(X[rows_of_X[i : i + 10]], Y[rows_of_Y[i : i + 10]]) for i in range(0, len(X), 10)]

    def apart(params, rng):
        rows = cut(rng.permutation(len(X)), rng.permutation(len(X)))
        return training.epoch(params, rng, batches=rows)

    def first_only(params, rng):
        rows = solutions.iterate_minibatches(X, Y, 10, rng)[:1]
        return training.epoch(params, rng, batches=rows)

    def without_biases(params, grads, rate):
        new = solutions.sgd_step(params, grads, rate)
        return [(W, b) for (W, _), (_, b) in zip(new, params, strict=True)]

    def replaced(params, rng):
        rows = rng.integers(0, len(X), len(X))
        return training.epoch(params, rng, batches=cut(rows, rows))

    as_they_come, by_label = np.arange(len(X)), np.argsort(digits.y_train, kind="stable")
    seen = {
        "breaks-pairs": (apart, "test 11 %"),
        "first-batch-only": (first_only, "test 20 %"),
        "stale-state": (lambda p, rng: training.epoch(p, rng, gradients_at=p), "test 10 %"),
        "wrong-sign": (lambda p, rng: training.epoch(p, rng, rate=-1.0), "test 6 %"),
        "mean-instead-of-sum": (lambda p, rng: training.epoch(p, rng, rate=0.1), "test 61 %"),
        "sum-instead-of-mean": (lambda p, rng: training.epoch(p, rng, rate=10.0), "test 92 %"),
        "missing-learning-rate": (training.epoch, "96 %"),
    }
    box = section(lesson, "What usually goes wrong").splitlines()
    for name, (epoch, text) in seen.items():
        share, cost = training.run(start, epoch)
        assert text.endswith(f"{100 * share:.0f} %")
        rows = [row for row in box if f"`{name}`" in row and text in row]
        assert len(rows) == 1, name
        if "cost" in rows[0]:
            assert f"cost {cost:.2f}" in rows[0]

    unseen = {
        "missing-bias": lambda p, rng: training.epoch(p, rng, step=without_biases),
        "no-shuffle": lambda p, rng: training.epoch(p, rng, batches=cut(*2 * [as_they_come])),
        "with-replacement": replaced,
    }
    for name, epoch in unseen.items():
        assert f"{training.run(start, epoch)[0]:.0%}" in ("95%", "96%"), name
    share, _ = training.run(start, lambda p, _: training.epoch(p, _, batches=cut(*2 * [by_label])))
    assert "sorted by label, test 65 %" in section(lesson, "What usually goes wrong")
    assert f"{share:.0%}" == "65%"


def test_a_huge_step_drives_nine_outputs_to_zero(digits, written, solutions, start):
    grads = written["backward"](start, written["forward"](digits.X_train, start), digits.Y_train)
    out = written["forward"](digits.X_train, solutions.sgd_step(start, grads, 100))[-1]
    assert np.mean(out < 0.05) == pytest.approx(0.9, abs=0.01)


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


def test_unfilled_it_still_draws(unfilled):
    assert "image/png" in unfilled.kinds(PICTURES)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {
        "iterate_minibatches": 11,
        "sgd_step": 6,
        "train_epoch": 12,
        "accuracy": 7,
        "confusion_matrix": 7,
    }
    assert lesson.questions == {"edges": 4}
