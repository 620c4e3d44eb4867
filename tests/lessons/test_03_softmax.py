"""Lesson 03 as a reader runs it: softmax, classes, labels; full marks, and kind when unfilled."""

import numpy as np
import pytest

import nnkit as nn
from tests.lessons.running import (
    assert_box,
    assert_gives_no_answers,
    assert_measures,
    assert_quiz,
    assert_shows,
    assert_solved,
    assert_unfilled,
    section,
)

LESSON = "03-softmax"

ONE_ROW = "def simple_softmax"
LARGE = "for shift in (0, 100, 1000)"
NETWORKS = "networks = np.array"
EXPLORER = "nn.widgets.Softmax("
LETTERS = "# Your functions: softmax, predict_class\n"
BINARY = "pairs = np.array"
MULTI_HOT = "# Your functions: multi_hot\n"
PHOTOS = "# Your functions: softmax, multi_hot, predict_labels"
OUTPUT_LAYERS = "output_layers = {"


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


# --------------------------------------------------------------------------------------
# C9, C11, D6, D8, D9
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("piece", "parts"),
    [
        (ONE_ROW, ["[0.01, 0.6, 1.5, 0.9, 0.8], sum 3.81: [0.08 0.15 0.37 0.2 0.19], sum 1.00"]),
        (NETWORKS, ["[[0.869 0.043 0.016 0.071] [0.236 0.289 0.214 0.261] [0.869 0.043"]),
        (NETWORKS, ["sums [1. 1. 1.]"]),
    ],
)
def test_softmax_of_three_networks_and_of_five_scores(solved, piece, parts):
    """C9: results in [0, 1] that sum to 1."""
    assert_shows(solved, piece, parts)
    assert "image/png" in solved.kinds(NETWORKS)


def test_softmax_of_the_decks_scores(solved):
    """D8, and the explorer of them."""
    assert_shows(solved, ONE_ROW, ["[1.8, 0.9, 0.68], sum 3.38: [0.58 0.23 0.19], sum 1.00"])
    assert_shows(solved, ONE_ROW, ["divided by the sum [ 1.333 -0.667 0.333]"])
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(EXPLORER)
    assert_shows(solved, EXPLORER, ["1.8, 0.9, 0.68 at temperature 1 become 0.58, 0.23, 0.19."])


def test_large_scores(solved):
    right = "[0.09 0.245 0.665]"
    assert_shows(solved, LARGE, [f"[1. 2. 3.]: {right} less the largest: {right}"])
    assert_shows(solved, LARGE, [f"[1001. 1002. 1003.]: [nan nan nan] less the largest: {right}"])


@pytest.mark.parametrize(
    ("piece", "parts"),
    [
        (LETTERS, ["scores (1, 26)", "the net says r and by the scores alone r"]),
        (LETTERS, ["r score 81.6 probability 0.98", "i score 77.6 probability 0.02", "l score"]),
        (BINARY, ["softmax, first column [0.818 0.018 0.5 ]", "σ(z₁ − z₂) [0.818 0.018 0.5 ]"]),
        (OUTPUT_LAYERS, ["price W (1, 4) scores [450.] → 450 thousand €"]),
        (OUTPUT_LAYERS, ["sold within a month W (1, 4) scores [0.4] → yes with probability 0.60"]),
        (OUTPUT_LAYERS, ["kind W (3, 4) scores [0. 3. 0.] → villa, shares [0.045 0.909 0.045]"]),
    ],
)
def test_output_layers_and_the_letter_that_wins(solved, piece, parts):
    """C11: regression 1 neuron, binary 1 or 2, multi-class n; 26 letters, r wins."""
    assert_shows(solved, piece, parts)
    assert "image/png" in solved.kinds(LETTERS)


def test_classes_that_exclude_each_other_and_labels_that_do_not(solved):
    """D6."""
    for labels, row in [("A and B", "1. 1. 0."), ("C and B", "0. 1. 1."), ("B", "0. 1. 0.")]:
        assert f" {labels} → [{row}]" in f" {solved.text(MULTI_HOT)}"
    assert " A → [1. 0. 0.]" in solved.text(MULTI_HOT)
    assert_shows(
        solved,
        MULTI_HOT,
        [
            "[[1. 1. 0. 0.] [0. 0. 0. 0.] [0. 1. 1. 1.] [1. 0. 0. 0.]] labels per photo: [2. 0. 3. 1.]"
        ],
    )
    assert_shows(
        solved,
        PHOTOS,
        [
            "softmax 1 0.62 0.38 0.00 0.00 sum 1.00",
            "softmax 2 0.17 0.28 0.10 0.46 sum 1.00",
            "sigmoid 1 0.95 0.92 0.02 0.05 sum 1.94",
            "sigmoid 2 0.05 0.08 0.03 0.12 sum 0.27",
            "threshold 0.1: 0 labels missed, 3 too many",
            "threshold 0.5: 0 labels missed, 1 too many",
            "threshold 0.8: 1 labels missed, 0 too many",
        ],
    )


def test_which_output_for_which_task(solved, lesson):
    """D9."""
    assert_shows(solved, OUTPUT_LAYERS, ["extras W (4, 4) scores [ 3. -3. 2. 2.]"])
    assert_shows(solved, OUTPUT_LAYERS, ["→ ['garden', 'balcony', 'cellar']"])
    table = section(lesson, "| the question | output neurons |").splitlines()
    rows = [row.split("|") for row in table if row.count("*") == 2 and "|" in row]
    activations = {row[1].split("*")[1]: row[3].strip() for row in rows}
    assert activations == {
        "regression": "linear",
        "binary": "sigmoid (or softmax)",
        "multi-class": "softmax",
        "multi-label": "sigmoid each",
    }


def test_the_quiz_replies_to_every_answer(solved):
    assert_quiz(solved, right={1: "b", 2: "b", 3: "c", 4: "a"})


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------

DECK_SCORES = np.array([[1.8, 0.9, 0.68]])


def test_the_explorer_shows_what_the_text_says():
    shown = {}
    for temperature in (5, 2, 0.5, 0.2, 0.15, 0.1, 0.05):
        p = nn.activations.softmax(DECK_SCORES / temperature)[0]
        explorer = nn.widgets.Softmax("1.8, 0.9, 0.68", temperature=temperature)
        assert explorer.shown["picture"]["p"] == pytest.approx(p)
        shown[temperature] = p.round(2).tolist()
    assert shown[5] == [0.38, 0.32, 0.3]
    assert all(np.argmax(p) == 0 for p in shown.values())
    assert [t for t, p in shown.items() if p == [1, 0, 0]] == [0.15, 0.1, 0.05]


def test_a_sigmoid_before_softmax_keeps_every_share_below_0_41():
    scores = np.array([[50.0, -50, -50, -50, -50]])
    share = nn.activations.softmax(nn.activations.sigmoid(scores)).max()
    assert share == pytest.approx(np.e / (np.e + 4))
    assert f"{share:.2f}" == "0.40"


def test_typical_mistakes_show_as_the_box_says(lesson, solutions):
    seen = {
        "missing-activation": DECK_SCORES / DECK_SCORES.sum(),
        "wrong-activation": nn.activations.sigmoid(DECK_SCORES),
        "not-normalised": np.exp(DECK_SCORES),
    }
    for name, values in seen.items():
        shown = " ".join(f"{value:.2f}" for value in values[0])
        assert_box(lesson, [(name, f"becomes {shown} ")])
    classes = solutions.predict_class(np.array([[0.2, 0.5, 0.3], [9, -1, 4]]))
    assert classes.tolist() == [1, 0]
    Z = np.array([[2.0, 0.0, -1.0]])
    assert np.array(solutions.predict_labels(Z)).tolist() == [[1, 0, 0]]
    assert np.array(solutions.predict_labels(Z, threshold=0.2)).tolist() == [[1, 1, 1]]
    shown = solutions.softmax(np.array([[0.0, 0.0], [1001.0, 1000.0]]))
    assert shown.round(3).tolist() == [[0.5, 0.5], [0.731, 0.269]]


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


def test_unfilled_it_can_be_played_with(unfilled):
    assert "image/png" in unfilled.kinds(EXPLORER)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {
        "softmax": 9,
        "predict_class": 6,
        "multi_hot": 7,
        "predict_labels": 9,
    }
    assert lesson.questions == {"songs": 4}
