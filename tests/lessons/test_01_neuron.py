"""Lesson 01 as a reader runs it: houses, the bank, XOR; full marks, and kind when unfilled."""

import numpy as np
import pytest
from scipy.optimize import linprog

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

LESSON = "01-neuron"

ONE_INPUT = "# Your functions: weighted_sum"
THREE_NETS = "def best_neuron"
MATRICES = "z = W1 @ x + b1"
CLERK = "w_clerk, b_clerk ="
THRESHOLD = "nn.widgets.slider(decide"
BANKS = "def ask(layer, x)"
BANK_PICTURE = "nn.decisions(nn.bank()"
BIAS_TRICK = "# Your functions: add_bias_input"
MANAGER = "def learn(X, y"
GATES = 'questions = {"AND"'
TWO_LAYERS = "not_both = nn.Perceptron"


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


# --------------------------------------------------------------------------------------
# What the rows of the decks show
# --------------------------------------------------------------------------------------


def test_price_from_size_by_one_neuron(solved):
    """A2."""
    assert_shows(solved, ONE_INPUT, ["167 m²: the neuron says 467.5, the price is 440.7"])
    assert "image/png" in solved.kinds(ONE_INPUT)


def test_price_from_four_features_by_a_net_with_meaningful_hidden_neurons(solved):
    """A3."""
    assert_shows(
        solved, THREE_NETS, ["1-1, size alone wrong by 114.3", "4-1, all features wrong by 24.9"]
    )
    assert_shows(solved, THREE_NETS, ["4-3-1, hidden layer wrong by 8.2 on average"])
    assert "image/png" in solved.kinds(THREE_NETS)


def test_cell_and_model_and_their_activations(lesson):
    """A5, B1."""
    text = section(lesson, "A cell and its model")
    for word in ("dendrites", "axon", "weighted sum", "bias", "holds one number", "784", "10"):
        assert word in text


def test_weighted_sums_as_matrix_products(solved):
    """A8, C6."""
    sums = "[ 4.67 -2. -3.6 ]"
    assert_shows(solved, MATRICES, [f"W1 @ x + b1 {sums} → [4.67 0. 0. ]"])
    assert_shows(solved, MATRICES, [f"X @ W1.T + b1 (500, 3) row 0: {sums}", "made [4.67 0. 0. ]"])
    assert_shows(solved, MATRICES, ["the price [330.2]"])
    assert_shows(solved, MATRICES, ["IN2 → H1: W1[0, 1] = 0.5", "IN3 → H3: W1[2, 2] = -0.2"])
    assert "image/png" in solved.kinds(MATRICES)


def test_one_perceptron_decides_on_loans(solved):
    """C1, C4: four inputs, a threshold, +1 or −1."""
    assert_shows(solved, CLERK, ["+49 -4 +28 -30 − 20 = +23 answer +1"])
    assert_shows(solved, CLERK, ["+60 -34 +3 -30 − 20 = -21 answer -1"])


def test_a_bias_of_minus_10_must_be_crossed(solved):
    """D4; the slider lets the reader move the threshold."""
    assert_shows(
        solved, CLERK, [f"w·x = {t}: answer {a}" for t, a in ((9, "-1"), (10, "-1"), (11, "+1"))]
    )
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(THRESHOLD)
    assert solved.text(THRESHOLD) == "Bias -20: w·x has to exceed 20; 100 of 200 get the loan."


def test_five_officers_and_a_manager(solved):
    """C2."""
    assert_shows(solved, BANKS, ["bank 5-1: layers of [5, 1]"])
    assert_shows(solved, BANKS, ["16 [44. 12. 7. 0.] → [ 1 -1 -1 1 1] → [1]"])


def test_officers_supervisors_and_a_manager(solved):
    """C3."""
    supervisors = "[-1 -1 1 -1 1 1 1 1]"
    assert_shows(solved, BANKS, ["bank 5-8-1: layers of [5, 8, 1]"])
    assert_shows(solved, BANKS, [f"[44. 12. 7. 0.] → [ 1 -1 -1 1 1] → {supervisors} → [-1]"])
    assert_shows(solved, BANK_PICTURE, ["shapes of W: [(5, 4), (8, 5), (1, 8)]"])
    assert "image/png" in solved.kinds(BANK_PICTURE)


def test_the_bias_trick(solved):
    """C5."""
    sums = "[ 23. -21. -80. 30. 14.]"
    assert_shows(solved, BIAS_TRICK, ["(200, 4) → (200, 5) row 0: [ 1. 49. 4. 28. 3.]"])
    assert_shows(solved, BIAS_TRICK, [f"with the trick {sums}", f"without it {sums}"])


def test_a_perceptron_learns_to_be_the_manager(solved):
    assert_shows(solved, MANAGER, ["5-1 2 epochs, mistakes [8, 0]", "w [2. 2. 2. 2. 2.] b 0"])
    assert_shows(solved, MANAGER, ["5-8-1 100 epochs, mistakes [23, 11, 9] … [11, 9, 11]"])


def test_one_perceptron_learns_and_and_or_but_not_xor_which_two_layers_can_do(solved):
    """D4."""
    assert_shows(solved, GATES, ["AND 6 epochs, mistakes at the end: 0 w [2. 1.] b -2"])
    assert_shows(solved, GATES, ["OR 4 epochs, mistakes at the end: 0", "XOR 100 epochs"])
    assert "XOR 100 epochs, mistakes at the end: 0" not in solved.text(GATES)
    for corner, xor in (("0. 0.", -1), ("0. 1.", 1), ("1. 0.", 1), ("1. 1.", -1)):
        row = solved.text(TWO_LAYERS).split(f"[{corner}] either")[1]
        assert row.split("XOR: ")[1].startswith(f"{xor:.1f}")
    assert "image/png" in solved.kinds(TWO_LAYERS)


def test_the_quiz_replies_to_every_answer(solved):
    assert_quiz(solved, right={1: "b", 2: "b", 3: "b", 4: "c"})


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------


def mistakes_of(X, y, update, perceptron, learning_rate=1.0, epochs=100):
    """Train by the lesson's rule, or by a wrong one; return the mistakes of each epoch."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    while len(mistakes) < epochs and 0 not in mistakes:
        mistakes.append(0)
        for x, target in zip(X, y, strict=True):
            mistakes[-1] += perceptron(w, x, b) != target
            w, b = update(w, b, x, target, learning_rate)
    return mistakes


CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
AND, OR = [-1, -1, -1, 1], [-1, 1, 1, 1]


def test_the_learning_rate_changes_no_answer(solutions):
    runs = [
        mistakes_of(CORNERS, AND, solutions.perceptron_update, solutions.perceptron, rate)
        for rate in (1.0, 0.5)
    ]
    assert runs[0] == runs[1]


def can_be_divided(X, y):
    """Whether some w and b have y (w·x + b) ≥ 1 for all rows."""
    conditions = -np.asarray(y)[:, None] * np.column_stack([X, np.ones(len(X))])
    n = conditions.shape[1]
    found = linprog(np.zeros(n), conditions, -np.ones(len(X)), bounds=[(None, None)] * n)
    return found.status == 0


@pytest.mark.parametrize(("supervisors", "possible"), [(False, True), (True, False)])
def test_no_perceptron_can_take_over_from_the_supervisors(supervisors, possible):
    loans = nn.loans(supervisors=supervisors)
    assert can_be_divided(loans.between["officers"], loans.y) is possible


def test_no_line_gets_below_what_the_text_says(lesson):
    houses = nn.house_prices_by_size()
    line = np.polynomial.Polynomial.fit(houses.X[:, 0], houses.y, 1)
    least = np.mean((line(houses.X[:, 0]) - houses.y) ** 2)
    assert f"about {least:.0f} no line" in section(lesson, "The bias lifts the line")


def test_slider_and_bank_are_as_the_text_says():
    sums = nn.loans().X @ np.array([1, -1, 1, -10])
    granted = {bias: (sums + bias > 0).sum() for bias in range(-160, 161, 20)}
    assert (granted[-20], granted[-120]) == (100, 1)
    assert [bias for bias, count in granted.items() if not count] == [-160, -140]
    officers = nn.loans().between["officers"]
    majority = nn.loans(supervisors=False).y
    assert ((officers.sum(axis=1) > 0) == (majority > 0)).all()


def test_typical_mistakes_show_as_the_box_says(lesson, solutions):
    w, x, b = np.array([2.5]), np.array([167.0]), 50
    clerk, first = np.array([1, -1, 1, -10]), nn.loans().X[0]
    box = [line for line in section(lesson, "What usually goes wrong").splitlines() if "`" in line]

    def row(name, words):
        return next(line for line in box if f"`{name}`" in line and words in line)

    assert f"{w @ x:.1f}" in row("missing-bias", "house")
    assert f"{w @ x - b:.1f}" in row("wrong-sign", "costs")
    assert f"{clerk @ first + 20:.0f}" in row("wrong-sign", "costs")
    assert f"−{-(clerk @ first - 4 * 20):.0f}" in row("wrong-factor", "every input")

    def without_bias(w, b, x, y, rate):
        return solutions.perceptron_update(w, b, x, y, rate)[0], b

    def away(w, b, x, y, rate):
        return solutions.perceptron_update(w, b, x, y, -rate)

    assert row("missing-bias", "OR is learned, AND never")
    assert mistakes_of(CORNERS, OR, without_bias, solutions.perceptron)[-1] == 0
    assert mistakes_of(CORNERS, AND, without_bias, solutions.perceptron)[-1] > 0
    assert row("wrong-sign", "never get fewer")
    for right in (AND, OR):
        got = mistakes_of(CORNERS, right, away, solutions.perceptron)
        assert min(got) == got[0] > 0


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


@pytest.mark.parametrize("piece", [THREE_NETS, MATRICES, BANK_PICTURE, TWO_LAYERS])
def test_unfilled_it_still_draws(unfilled, piece):
    assert "image/png" in unfilled.kinds(piece)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {
        "weighted_sum": 6,
        "perceptron": 7,
        "add_bias_input": 6,
        "perceptron_update": 9,
    }
    assert lesson.questions == {"no-line": 4}
