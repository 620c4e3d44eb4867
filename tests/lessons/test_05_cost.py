"""Lesson 05 as a reader runs it: 3.37 and 3.3585, the four conventions, cross-entropy."""

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

LESSON = "05-cost"

STAIRCASE = "wrong answers"
THREE = "# Your functions: squared_error"
ROUNDING = "before_rounding ="
MANY = "# Your functions: mse\n"
CONVENTIONS = "conventions = ["
LOGARITHMS = 'print("    p  (1 − p)²   −ln p")'
ENTROPIES = "# Your functions: mse, cross_entropy"
SLIDER = "nn.widgets.slider(show"

PRINTED_ACTIVATIONS = [0.43, 0.28, 0.19, 0.88, 0.72, 0.01, 0.64, 0.86, 0.99, 0.63]
PRINTED_TERMS = [0.1863, 0.0809, 0.0357, 0.0138, 0.5242, 0.0001, 0.4079, 0.7388, 0.9817, 0.3998]


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


# --------------------------------------------------------------------------------------
# What the rows of the decks show
# --------------------------------------------------------------------------------------


def test_squared_error_of_a_three(solved):
    """A13: the rounded activations give 3.3585."""
    terms = [f"{(a - (digit == 3)) ** 2:.4f}" for digit, a in enumerate(PRINTED_ACTIVATIONS)]
    for digit, (a, term) in enumerate(zip(PRINTED_ACTIVATIONS, terms, strict=True)):
        y = "1.00" if digit == 3 else "0.00"
        assert_shows(solved, THREE, [f"{digit}: ({a:.2f} − {y})² = {term}"])
    assert_shows(solved, THREE, ["sum 3.3585, largest output: 8"])
    assert "image/png" in solved.kinds(THREE)
    assert sum(float(a) != b for a, b in zip(terms, PRINTED_TERMS, strict=True)) == 9


def test_why_the_deck_has_3_37(solved):
    """A13: the printed terms come from activations with more digits."""
    source = solved.cell(ROUNDING).source
    assert all(f"{term:.4f}" in source for term in PRINTED_TERMS)
    assert_shows(solved, ROUNDING, ["terms [0.4316 0.2844 0.1889 0.8825 0.724 0.01 0.6387 0.8595"])
    shown = " ".join(f"{a:.2f}" for a in PRINTED_ACTIVATIONS)
    assert_shows(solved, ROUNDING, [f"rounded to two digits [{shown}]"])
    assert_shows(solved, ROUNDING, ["printed terms 3.3692", "any sum from 3.31 to 3.41"])


def test_mean_squared_error_of_many_images(solved):
    """A13: the sum for an image, the mean over the images."""
    assert_shows(solved, MANY, ["the right ones 0.00 0 everywhere 1.00 0.5 everywhere 2.50"])
    assert_shows(solved, MANY, ["0.1 everywhere 0.90 surely a 4 1.80 an untrained net"])


def test_costs_of_deck_b(solved):
    """B7: 0.02 0.01 0.01 … 0.33 0.02; mean 0.16, sum 1.55."""
    costs = "cost 0.02 0.01 0.01 0.30 0.29 0.27 0.28 0.01 0.33 0.02"
    assert_shows(solved, CONVENTIONS, ["row 1 2 3 a b c d e 9 10", costs])
    assert_shows(solved, CONVENTIONS, ["half_squared_error 0.1551", "error_sum 1.5507"])


def test_four_conventions(solved, lesson):
    """B7, D10: ½ or not, sum or mean."""
    assert_shows(solved, CONVENTIONS, ["squared_error 0.3101 squared_error_sum 3.1015"])
    table = section(lesson, "## 4 Four conventions")
    for name in nn.losses.LOSSES:
        if "squared" in name:
            assert f"`{name}`" in table


def test_quadratic_cost(solved):
    """D10."""
    assert_shows(solved, CONVENTIONS, ["yours: mse 0.3101, quadratic_cost 0.1551"])


def test_a_cost_slopes_where_a_count_has_stairs(solved):
    assert_shows(solved, STAIRCASE, ["bias 0.5: 2 wrong", "bias 1.2: 2 wrong"])
    assert_shows(solved, STAIRCASE, ["smallest sum of squares at bias 0.54"])
    assert "image/png" in solved.kinds(STAIRCASE)


def test_cross_entropy(solved):
    assert_shows(solved, LOGARITHMS, ["0.1 0.810 2.303", "0.001 0.998 6.908", "0 · ln 0 is [nan]"])
    assert_shows(solved, ENTROPIES, ["class 0 is right: 0.545", "class 2 is right: 1.661"])
    assert_shows(solved, ENTROPIES, ["soft target [0.5 0.3 0.2]: 1.045, at best 1.030"])
    assert_shows(solved, ENTROPIES, ["a tenth for every class 2.30 0.90", "always 4.06 1.61"])


def test_the_slider_says_how_far_each_cost_falls(solved):
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(SLIDER)
    assert solved.text(SLIDER).startswith("z = 0: p = 0.333, squared error 0.667")
    names = {"np": np}
    source = solved.cell(SLIDER).source
    exec(source[source.index("def costs_at") : source.index("def show")], names)
    _, squared, entropy = names["costs_at"](np.arange(-6, 8))
    assert (round(squared[0], 3), round(entropy[0], 1)) == (1.496, 6.7)
    falls = -np.diff(squared), -np.diff(entropy)
    assert (round(falls[0][0], 3), round(falls[1][0], 3)) == (0.006, 0.998)
    assert -1 <= np.argmax(falls[0]) - 6 < 1
    assert np.argmax(falls[1]) == 0


def test_the_quiz_replies_to_every_answer(solved):
    assert_quiz(solved, right={1: "b", 2: "b", 3: "a", 4: "b"})


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------


def test_the_examples_are_right(lesson, solutions):
    A, Y = np.array([[1.0, 0], [0, 0]]), np.array([[0.0, 1], [0, 0]])
    P, classes = np.array([[0.5, 0.5], [1, 0]]), np.array([[0.0, 1], [1, 0]])
    got = {
        "squared_error": solutions.squared_error(np.array([0.5, 1]), np.array([1, 3])),
        "mse": solutions.mse(A, Y),
        "quadratic_cost": solutions.quadratic_cost(A, Y),
        "cross_entropy": round(solutions.cross_entropy(P, classes), 3),
    }
    for name, value in got.items():
        source = next(cell.source for cell in lesson.student.cells if cell.id == name)
        example = " ".join(source[source.index("Example") :].split('"""')[0].split())
        assert example.endswith(f"= {value:g}.")


def test_quiz_numbers(solutions):
    assert solutions.squared_error(np.full(10, 0.5), np.eye(10)[3]) == 2.5
    one_hot = np.tile([1.0, 0.0], (10, 1))
    p = np.array([0.99] * 9 + [0.001])
    costs = [
        solutions.cross_entropy(np.column_stack([p, 1 - p]), one_hot) for p in (p * 0 + 0.6, p)
    ]
    assert np.round(costs, 2).tolist() == [0.51, 0.70]


def test_typical_mistakes_show_as_the_box_says(lesson, solutions):
    a, y = np.array(PRINTED_ACTIVATIONS), np.eye(10)[3]
    data = nn.two_three_one()
    net = nn.MLP([2, 3, 1], dtype="float64")
    net.set_params([(data.W1, data.b1), (data.W2, data.b2)])
    squares = np.sum((net.forward(data.X) - data.Y) ** 2)
    n = len(nn.digits().y_train)
    box = [line for line in section(lesson, "What usually goes wrong").splitlines() if "`" in line]
    seen = [
        ("mean-instead-of-sum", np.mean((a - y) ** 2)),
        ("wrong-factor", solutions.squared_error(a, y) / 2),
        ("misplaced-square", np.sum(a - y)),
        ("misplaced-square", np.sum(abs(a - y))),
        ("misplaced-square", np.sqrt(solutions.squared_error(a, y))),
        ("mean-instead-of-sum", 0.09),
        ("sum-instead-of-mean", 0.9 * n),
        ("the same", squares),
        ("wrong-factor", squares / 10),
        ("sum-instead-of-mean", squares / 2 * 10),
        ("wrong-log-base", -np.log2(0.58)),
        ("wrong-log-base", -np.log10(0.58)),
        ("mean-instead-of-sum", -np.log(0.58) / 3),
        ("visible-epsilon", -np.log(0.001 + 0.0001)),
    ]
    for name, value in seen:
        assert any(name in line and f"{value:.2f}" in line for line in box), (name, value)


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


@pytest.mark.parametrize("piece", [STAIRCASE, SLIDER])
def test_unfilled_it_still_draws(unfilled, piece):
    assert "image/png" in unfilled.kinds(piece)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    points = {"squared_error": 6, "mse": 6, "quadratic_cost": 6, "cross_entropy": 11}
    assert lesson.exercises == points
    assert lesson.questions == {"which-cost": 4}
