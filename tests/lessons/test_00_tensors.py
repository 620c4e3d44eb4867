"""Lesson 00 as a reader runs it: what its cells show, full marks, and kind when unfilled."""

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

LESSON = "00-tensors"

NET = "nn.plots.network(net, ax=ax)"
NUMBERS = "print(picture[4:24, 8:21])"
TENSORS = "tensors = {"
ARITHMETIC = "matrix + np.array([1, 2])"
MEANS = "mean of all"
CHOOSING = "turned = {"
RESHAPING = "six = np.arange(6)"
A_FAILED_CHECK = "def unchanged(images)"
ROWS = "# Your functions: flatten_images"
ONE_HOT = "# Your functions: one_hot"
HOUSES = "houses = nn.house_prices()"
Z_SCORES = "# Your functions: zscore"


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


# --------------------------------------------------------------------------------------
# A1, A4, D1
# --------------------------------------------------------------------------------------


def test_says_what_deep_means_and_why_now(lesson, solved):
    """A1: the net with hidden layers, and the deck's two questions in the quiz."""
    text = section(lesson, "Where this course goes")
    for word in ("many hidden layers", "hardware", "large sets of data"):
        assert word in text
    assert "image/png" in solved.kinds(NET)
    assert_quiz(solved, right={1: "b", 2: "a", 3: "b", 4: "c"})


@pytest.mark.parametrize(
    ("piece", "parts"),
    [
        ("digits = nn.digits()", ["1437 pictures"]),
        (NUMBERS, ["[[ 0 0 0 96 249 230 153 73 0", "[ 92 255 255 255 225 188 163 150 175 201"]),
        (ROWS, ["images (1437, 28, 28) uint8 → X (1437, 784) float64", "from 0.0 to 1.0"]),
        (ROWS, ["row 16, column 12 is number 460: 0.882 = 225/255"]),
        (ONE_HOT, ["2 [0. 0. 1. 0. 0. 0. 0. 0. 0. 0.]", "9 [0. 0. 0. 0. 0. 0. 0. 0. 0. 1.]"]),
        (ONE_HOT, ["Y (1437, 10)", "[142. 146. 141. 147. 144. 146. 145. 143. 139. 144.]"]),
    ],
)
def test_makes_784_inputs_and_10_outputs_of_pictures(solved, piece, parts):
    """A4: 28 × 28 grey values from 0 (black) to 1 (white), 10 labels."""
    assert_shows(solved, piece, parts)


@pytest.mark.parametrize(
    ("piece", "parts"),
    [
        (TENSORS, ["number 0 axes shape () 1 int64", "vector 1 axes shape (3,) 3 float64"]),
        (TENSORS, ["matrix 2 axes shape (2, 3) 6", "images 3 axes shape (1437, 28, 28) 1,126,608"]),
        (TENSORS, ["zeros [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]", "arange [0 1 2 3 4 5]"]),
        (TENSORS, ["random [ 0.274 -0.46 -0.918 -0.967]"]),
        (ARITHMETIC, ["a + b [11 22 33]", "a * b [10 40 90]", "a / 2 [0.5 1. 1.5]", "a @ b 140"]),
        (ARITHMETIC, ["matrix + b [[11, 22, 33], [14, 25, 36]]", "bytes + 100 [200 44 94]"]),
        (ARITHMETIC, ["ValueError:", "shapes (2,3) (2,)"]),
        (MEANS, ["all 3.5", "axis 0 [2.5 3.5 4.5] shape (3,)", "axis 1 [2. 5.] shape (2,)"]),
        (CHOOSING, ["one pixel 225 a row (28,) left half (28, 14)", "pictures of a 3: 147"]),
        (RESHAPING, ["[[0, 1, 2], [3, 4, 5]] [[0, 1], [2, 3], [4, 5]] [1, 2, 3, 4, 5, 6]"]),
        (RESHAPING, ["[[1, 2], [3, 4], [5, 6]] transposed [[1, 4], [2, 5], [3, 6]]"]),
    ],
)
def test_creates_calculates_indexes_and_reshapes(solved, piece, parts):
    """D1."""
    assert_shows(solved, piece, parts)


def test_z_scores_of_the_houses(solved):
    assert_shows(solved, HOUSES, ["[[167. 6. 24. 16.]", "difference [ 73. 4. 16. -53.]"])
    assert_shows(solved, Z_SCORES, ["means [0. 0. 0. 0.]", "deviations [1. 1. 1. 1.]"])
    assert_shows(solved, Z_SCORES, ["[ 1.265 1.903 1.874 -2.73 ]"])


@pytest.mark.parametrize("piece", [NET, "whole.imshow(picture", CHOOSING, MEANS, Z_SCORES])
def test_draws_its_figures(solved, piece):
    assert "image/png" in solved.kinds(piece)


def test_shows_the_slider_and_a_failed_check(solved):
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds("nn.widgets.slider")
    shown = solved.text("nn.widgets.slider")
    assert shown == "39 lines of 20: number 300 of the row is in line 15."
    text = solved.text(A_FAILED_CHECK)
    assert "0 of 7 points, not right yet wrong-shape" in text
    assert "expected shape" in text


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------


def test_the_mean_pictures_are_as_sharp_as_the_text_says(lesson):
    digits = nn.digits()
    spread = [digits.X_train[digits.y_train == k].var(axis=0).sum() for k in range(10)]
    assert (np.argmin(spread), np.argmax(spread)) == (0, 1)
    assert "The 0: its pixels vary least" in section(lesson, "The 0: its")


def test_typical_mistakes_show_as_the_box_says(lesson, solutions):
    X = np.array([[1.0], [2.0], [6.0]])
    seen = {
        "population-sd": (X - 3) / X.std(),
        "missing-root": (X - 3) / X.var(ddof=1),
        "not-centred": X / X.std(ddof=1),
    }
    box = section(lesson, "What usually goes wrong").splitlines()
    for name, values in seen.items():
        row = next(line for line in box if f"`{name}`" in line)
        assert " ".join(f"{value:.3f}" for value in values[:, 0]) in row.replace("−", "-")
    example = next(cell.source for cell in lesson.student.cells if cell.id == "zscore")
    right = [f"{value:.3f}" for value in solutions.zscore(X)[:, 0]]
    assert ", ".join(f"[{value}]" for value in right) in example.replace("−", "-")


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {"flatten_images": 7, "one_hot": 7, "zscore": 7}
    assert lesson.questions == {"why-one-hot": 4}
