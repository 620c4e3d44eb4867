"""Lesson 08 as a reader runs it: the deck's numbers, full marks, and kind when unfilled."""

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

LESSON = "08-two-three-one"
# --------------------------------------------------------------------------------------
# With the solutions in
# --------------------------------------------------------------------------------------


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


FORWARD = "# Your functions: forward\nprint"
COST = "# Your functions: forward\nH, out"
OUTPUT_BPE = "# Your functions: forward, output_bpe\n"
HIDDEN_BPE = "# Your functions: forward, output_bpe, hidden_bpe\n"
UPDATE = "# Your functions: forward, output_bpe, hidden_bpe, update\n"
TRAIN = "# Your functions: all five\ntrained"
MISPRINTS = "# Your functions: all five\ndeck = "


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("nn.two_three_one()", ["1 0 2.0 1.5 -0.97 -0.80 printed", "a 1 5.5 4.0", "reconstructed"]),
        ("ddof=1)  #", ["mean [4.75 2.9 ] sd [2.839 1.744]", "z-scores mean [0. 0.] sd [1. 1.]"]),
        ("ddof=1)  #", ["1 -0.9687 -0.8027 -0.9700 -0.8000", "10 1.0392 0.3440 1.0400 0.3400"]),
        ("nn.plots.network(params)", ["9 weights and 4 biases"]),
        (FORWARD, ["[ 0.614 -0.028 2.01 ]", "1 0.65 0.49 0.88 0.18", "2 0.65 0.55 0.87 0.17"]),
        (FORWARD, ["3 0.68 0.53 0.92 0.17", "9 0.61 0.46 0.83 0.18", "10 0.44 0.49 0.29 0.22"]),
        (COST, ["1 0.00 0.18 0.02", "2 0.00 0.17 0.01", "3 0.00 0.17 0.01"]),
        (COST, ["9 1.00 0.18 0.33", "10 0.00 0.22 0.02", "sum 1.55, mean 0.16"]),
        (OUTPUT_BPE, ["1 0.175 0.175 0.025", "9 0.183 -0.817 -0.122", "10 0.223 0.223 0.039"]),
        (HIDDEN_BPE, ["1 -0.015 -0.015 -0.008 0.175 -0.003 -0.004 -0.001 0.025"]),
        (HIDDEN_BPE, ["9 0.073 0.073 0.037 -0.817 0.017 0.018 0.005 -0.122"]),
        (HIDDEN_BPE, ["10 -0.023 -0.023 -0.012 0.223 -0.006 -0.006 -0.002 0.039"]),
        (UPDATE, ["-0.608 -0.606", "[-0.613]", "[-0.202"]),
        (UPDATE, ["[-0.23 0.37 -1.008]", "[-0.441 -0.741 -0.813]", "[-0.496 -0.506 -0.233]"]),
        (UPDATE, ["[ 0.061 -0.238 0.386]", "[-0.327]"]),
        ("nn.trace", ["0.614 -0.028 2.010", "0.649 0.493 0.882", "-0.003 -0.004 -0.001", "0.025"]),
        ("cost_at", ["gradient of H1..3 → ON: [-0.207 -0.188 -0.134]"]),
        ("nn.widgets.ForwardBack", ["observation 9. Step 3 of 6, the cost. cost = 0.3337"]),
        (TRAIN, ["goal reached after 7,491 updates"]),
        (TRAIN, ["1 [-0.23 0.37 -1.008] [-0.441 -0.741 -0.813] [-0.496 -0.506 -0.233]"]),
        (TRAIN, ["10 [-0.415 0.166 -1.071] [-0.725 -1.048 -0.933] [-0.571 -0.582 -0.598]"]),
        (TRAIN, ["100 [ 0.622 1.6 -0.092] [-1.726 -2.469 -1.534] [-1.792 -2.797 -1.326]"]),
        (TRAIN, ["1,000 [2.835 4.381 1.734] [-4.631 -7.457 -2.956] [-4.65 -8.052 -2.644]"]),
        (TRAIN, ["8,000 [3.843 6.009 2.383] [ -6.497 -10.508 -3.908] [ -6.364 -11.256 -3.401]"]),
        (TRAIN, ["[-0.963 -1.314 -0.992] [6.326]", "[-1.317 -1.905 -1.171] [8.68]"]),
    ],
)
def test_shows_the_decks_numbers(solved, piece, expected):
    assert_shows(solved, piece, expected)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("A node is a very loose picture", "nerve cell; weight; bias; squashed; a = \\sigma(z)"),  # B1
        ("six steps", "design; initialise; forward; cost; backpropagate; update; repeated"),  # B2
        ("an **epoch**", "iteration; 0.001; maximum number; time limit; gradient; kept out"),  # B12
        ("Summary of the neural network training", "forward, cost, BPEs, update, training"),  # B14
    ],
)
def test_says_what_the_deck_says_in_words(lesson, title, words):
    text = " ".join(section(lesson, title).split())
    assert [word for word in words.split("; ") if word not in text] == []


def test_exactly_three_numbers_of_the_deck_are_misprints(solved):
    unexplained, compared = [], 0
    for output in solved.cell(MISPRINTS).outputs:
        for line in output.text.splitlines():
            if line.startswith("slide"):
                break
            if line.startswith("after"):
                epochs = line.split()[1]
                continue
            name, *differences = line.split()
            # Half a unit of the last printed digit, and room for the rounding of the difference.
            limit = 0.00505 if name.startswith("H_row") else 0.00055
            compared += len(differences)
            unexplained += [
                (epochs, name, column)
                for column, difference in enumerate(differences)
                if abs(float(difference)) > limit
            ]
    assert compared == 2 * (13 + 15)
    assert unexplained == [
        ("100", "H1..3→ON", 0),  # E2
        ("100", "H_row_2", 2),  # E3
        ("1,000", "bias_H", 2),  # E1
    ]


def test_four_of_six_single_numbers_are_misprints(solved):
    lines = solved.lines(MISPRINTS)
    single = lines[lines.index("slide: deck − yours") + 1 :]
    off = {" ".join(line.split()[:-1]): float(line.split()[-1]) for line in single}
    unexplained = {name: number for name, number in off.items() if abs(number) > 0.0005}
    assert len(off) == 6
    assert unexplained == {
        "103 IN2→H3 at the start": pytest.approx(0.1, abs=1e-4),  # E7
        "118 H1→ON, updated": pytest.approx(0.496 * 2, abs=5e-4),  # E5
        "129 IN1 of row 2": pytest.approx(0.03, abs=1e-4),  # E6
        "134 bias of ON, updated": pytest.approx(0.386 + 0.327, abs=5e-4),  # E4
    }


@pytest.mark.parametrize(
    "piece",
    [
        "nn.plots.network(params)",
        "cost_at",
        TRAIN,
        "nn.widgets.ForwardBack",
        "nn.plots.decision_boundary",
    ],
)
def test_draws_its_figures(solved, piece):
    assert "image/png" in solved.kinds(piece)


def test_shows_the_slider(solved):
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds("learning_rate_slider")


def test_the_quiz_replies_to_every_answer(solved):
    assert_quiz(solved, right={1: "c", 2: "b", 3: "c"})


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def data():
    return nn.two_three_one()


def test_typical_mistakes_show_as_the_box_says(lesson, solutions, data):
    """Section 12 lists what a reader sees after each mistake; here the mistakes are made."""
    X, Y, params = data.X, data.Y, data.params
    W1, _, W2, _ = params
    H, out = solutions.forward(X, params)
    bpe_out = solutions.output_bpe(out, Y)
    bpe_hidden = solutions.hidden_bpe(bpe_out, W2, H)
    sigmoid = nn.activations.sigmoid

    def first_update(bpe_hidden=bpe_hidden, learning_rate=0.5):
        return solutions.update(params, X, H, bpe_out, bpe_hidden, learning_rate)

    one_by_one = params
    for x, y in zip(X[:, None], Y[:, None], strict=True):
        h, o = solutions.forward(x, one_by_one)
        bpe = solutions.output_bpe(o, y)
        back = solutions.hidden_bpe(bpe, one_by_one[2], h)
        one_by_one = solutions.update(one_by_one, x, h, bpe, back, 0.5)
    through_new_W2 = solutions.hidden_bpe(bpe_out, first_update()[2], H)

    seen = {
        "missing-bias": " ".join(f"{h:.2f}" for h in sigmoid(X[0] @ W1.T)),
        "missing-derivative": f"{(out - Y)[0, 0]:.3f}",
        "derivative-of-activation": f"{((out - Y) * sigmoid(out) * (1 - sigmoid(out)))[0, 0]:.3f}",
        "mean-instead-of-sum": f"{first_update(learning_rate=0.5 / 10)[2][0, 0]:.3f}",
        "missing-learning-rate": f"{first_update(learning_rate=1.0)[2][0, 0]:.3f}",
        "one-by-one": f"{one_by_one[2][0, 0]:.3f}",
        "updated-weights": f"{first_update(through_new_W2)[0][0, 0]:.3f}",
    }
    box = section(lesson, "What usually goes wrong").splitlines()
    for name, value in seen.items():
        row = next(line for line in box if f"`{name}`" in line)
        assert value.replace("-", "−") in row


def updates_until_the_goal(solutions, data, bpe_of_the_output, W2_to_go_back):
    params = data.params
    for epoch in range(10_000):
        H, out = solutions.forward(data.X, params)
        if 0.5 * np.sum((out - data.Y) ** 2) < 0.001:
            return epoch
        bpe_out = bpe_of_the_output(out, data.Y)
        new = solutions.update(params, data.X, H, bpe_out, np.zeros_like(H), 0.5)
        bpe_hidden = solutions.hidden_bpe(bpe_out, W2_to_go_back(old=params[2], new=new[2]), H)
        params = solutions.update(params, data.X, H, bpe_out, bpe_hidden, 0.5)
    return None


def test_mistakes_that_still_train_need_as_many_updates_as_the_text_says(lesson, solutions, data):
    def updates(bpe=solutions.output_bpe, back=lambda old, new: old):
        return updates_until_the_goal(solutions, data, bpe, back)

    assert updates() == 7491
    assert updates(bpe=lambda out, Y: out - Y) == 444
    assert "444 updates" in section(lesson, "What usually goes wrong")
    assert updates(back=lambda old, new: new) == 7494
    model_answer = next(c for c in lesson.instructor.cells if c.id == "question-old-weights")
    assert "7,494 updates" in model_answer.source


def test_training_goes_as_the_text_says(solutions, data):
    def after(epochs):
        params, _ = solutions.train(data.X, data.Y, data.params, 0.5, 0, epochs)
        _, out = solutions.forward(data.X, params)
        wrong = [data.labels[i] for i in np.flatnonzero((out > 0.5) != data.Y)]
        return params, out, 0.5 * np.sum((out - data.Y) ** 2), wrong

    _, _, start, _ = after(0)
    assert after(20)[2] / start == pytest.approx(0.5, abs=0.01)
    assert after(1)[1].max() < 0.5 < after(10)[1].max()
    assert after(100)[3] == ["9"]
    assert (after(145)[3], after(146)[3]) == (["9"], [])
    assert after(1000)[3] == []

    W1, _, W2, _ = after(7491)[0]
    assert (np.abs(W1) > np.abs(data.W1)).all()
    assert (np.abs(W2) > np.abs(data.W2)).all()
    assert (W1[:, 0] > 0).all()
    assert (W1[:, 1] < 0).all()
    assert np.ptp(W1[:, 0] / W1[:, 1]) < 0.05  # nearly the same ratio


def test_the_slider_shows_what_the_text_asks_for():
    slider = nn.widgets.learning_rate_slider()
    curves = dict(zip(slider.learning_rates, slider.curves(), strict=True))
    reached = {
        r: np.flatnonzero(c < slider.goal)[0] for r, c in curves.items() if c.min() < slider.goal
    }
    rising = [rate for rate, curve in curves.items() if (np.diff(curve) > 1e-6).any()]
    assert slider.goal == 0.01
    assert (min(reached), reached[0.82], reached[1.6]) == (0.82, 935, 480)
    assert rising[0] == 2.2
    assert min(reached, key=reached.get) == 4.2
    assert min(rate for rate in curves if rate > 4.2 and rate not in reached) == 6.9
    assert curves[8.2][-1] == pytest.approx(0.5, abs=0.01)
    assert curves[31.0][-1] == pytest.approx(2.5, abs=0.01)


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


@pytest.mark.parametrize(
    "piece", ["cost_at", "nn.widgets.ForwardBack", "nn.plots.decision_boundary"]
)
def test_unfilled_it_still_draws(unfilled, piece):
    assert "image/png" in unfilled.kinds(piece)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


# --------------------------------------------------------------------------------------
# Measure
# --------------------------------------------------------------------------------------


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {
        "forward": 10,
        "output_bpe": 6,
        "hidden_bpe": 8,
        "update": 10,
        "train": 12,
    }
    assert lesson.questions == {"old-weights": 4}
