"""Lesson 06 as a reader runs it: deck D, valleys, prices; full marks, and kind when unfilled."""

import inspect

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

LESSON = "06-gradient-descent"

CURVE = "for intercept, style in"
SIGNS = 'way = "larger"'
STEPS = "path = [0.0]"
STOP = "def intercept_slope"
SURFACE = "def line_gradient"
RATES = "nn.widgets.LearningRate("
MISPRINT = "deck D as printed"
VALLEYS = "def neuron_cost"
PRICE = "def picture_cost"
TRIAL = "tried.append(lowest)"


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


# --------------------------------------------------------------------------------------
# What the rows of the decks show
# --------------------------------------------------------------------------------------


def test_one_step_downhill(solved):
    """A14, D11: p − α∇C(p); the steps shrink though the rate stays."""
    assert_shows(
        solved,
        STEPS,
        [
            "intercept 0.000000 derivative -5.7040 step -0.57040",
            "intercept 0.570400 derivative -2.2816 step -0.22816",
            "intercept 0.798560 derivative -0.9126 step -0.09126",
            "intercept 0.889824",
        ],
    )
    assert "image/png" in solved.kinds(STEPS)


def test_a_line_through_three_points(solved):
    """D13."""
    assert_shows(solved, "points = nn.three_points()", ["0.5 1.4 2.3 1.9 2.9 3.2"])
    assert_shows(solved, STOP, ["intercept 0.9491 after 7 steps", "intercept 0.95067"])
    assert_shows(solved, SURFACE, ["1e-9: [0.94872 0.64103]", "numpy: [0.94872 0.64103]"])


def test_the_cost_as_a_curve_a_surface_and_its_cross_sections(solved):
    """B8."""
    assert_shows(solved, CURVE, ["intercept 0: cost 3.156", "intercept 1: cost 0.452"])
    assert_shows(solved, SURFACE, ["at [2. 0.6] the gradient is [ 5.84 10.84]"])
    assert_shows(solved, SURFACE, ["rate 0.1, eight steps: [-270.389 -635.61757] 8"])
    for piece in (CURVE, SURFACE):
        assert "image/png" in solved.kinds(piece)


def test_the_start_decides_which_valley(solved):
    """B8: a random start."""
    ends = [(-2, "-0.11", "0.0432"), (0.5, "-0.11", "0.0432")]
    ends += [(1.5, "4.35", "0.1225"), (3, "4.35", "0.1225")]
    assert_shows(solved, VALLEYS, [f"from {start}: w = {w}, cost {c}" for start, w, c in ends])
    assert "image/png" in solved.kinds(VALLEYS)


def test_the_sign_of_the_derivative_tells_the_direction(solved):
    """B9."""
    assert_shows(solved, SIGNS, ["intercept 0.5: derivative -2.704, make it larger"])
    assert_shows(solved, SIGNS, ["intercept 1: derivative +0.296, make it smaller"])


def test_the_learning_rate_can_be_dragged(solved):
    """C19, D11."""
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(RATES)
    said = "Learning rate 0.1, 12 steps: intercept 0, 0.5704, 0.79856, 0.889824, …, 0.950651; "
    assert solved.text(RATES).startswith(said)


def test_gradient_descent_in_five_steps_for_any_cost(lesson, solutions):
    """D14: the function knows nothing of lines; it stops on the step's size or on their number."""
    text = section(lesson, "## 5 Until the steps are small")
    assert all(f"\n{n}. " in text for n in range(1, 6))
    assert list(inspect.signature(solutions.descend).parameters)[-2:] == ["min_step", "max_steps"]
    p, steps = solutions.descend(np.cos, 4.0, 0.5, 1e-8)  # the lowest point of sin
    assert p == pytest.approx(1.5 * np.pi, abs=1e-6)
    assert solutions.descend(np.cos, 4.0, 0.5, 1e-8, max_steps=3)[1] == 3 < steps


def test_13003_forward_passes_or_one_pass_back(solved):
    """A15."""
    assert_shows(solved, PRICE, ["13,002 derivatives from 13,003 forward passes"])
    difference, largest = solved.text(PRICE).split("largest difference ")[1].split(" of ")
    assert float(difference) < 1e-5 * float(largest)


def test_trial_and_error_against_gradients(solved):
    """C13: error against the number of evaluations."""
    lines = solved.text(TRIAL).split("below 0.1 after ")
    by_trial, by_gradients = (int(line.split()[0]) for line in lines[1:])
    assert by_gradients * 5 < by_trial < 3000
    assert "image/png" in solved.kinds(TRIAL)


def test_the_misprint_of_deck_d(solved):
    assert_shows(solved, MISPRINT, ["printed -12.3994", "formula -10.8440", "numerically -10.8440"])


def test_the_quiz_replies_to_every_answer(solved):
    assert_quiz(solved, right={1: "b", 2: "a", 3: "c", 4: "b"})


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def points():
    table = nn.three_points()
    return table.X[:, 0], table.y


def after_twelve_steps(solutions, points, rate):
    x, y = points
    step = [0.0]
    for _ in range(12):
        step.append(step[-1] - rate * solutions.ssr_gradient(step[-1], 0.64, x, y)[0])
    return np.array(step)


def test_the_learning_rates_show_what_the_text_says(solutions, points):
    lowest = np.mean(points[1] - 0.64 * points[0])
    assert lowest == pytest.approx(0.95067, abs=5e-6)

    explorer = nn.widgets.LearningRate("deck D's line")

    def path(rate):
        way = after_twelve_steps(solutions, points, rate)
        explorer.set(rate=rate)
        np.testing.assert_allclose(
            explorer.shown["picture"]["last"], way[-1], rtol=1e-9, atol=1e-12
        )
        return way

    assert (path(0) == 0).all()
    assert path(0.01)[-1] == pytest.approx(0.498, abs=5e-4)
    assert path(1 / 6)[1] == pytest.approx(lowest)
    assert path(0.25)[1] > lowest
    for rate, grows in [(0.32, -1), (1 / 3, 0), (0.34, 1)]:
        change = np.abs(path(rate)[-1] - lowest) - lowest
        assert np.sign(np.round(change, 9)) == grows
    assert path(1)[-1] == pytest.approx(-232e6, rel=0.01)


def test_two_parameters_need_a_rate_below_0_061(points):
    A = np.column_stack([np.ones(3), points[0]])
    assert 2 / np.linalg.eigvalsh(2 * A.T @ A).max() == pytest.approx(0.061, abs=5e-4)


def test_typical_mistakes_show_as_the_box_says(lesson, solutions, points):
    x, y = points
    r = y - 0.64 * x
    d_intercept, _ = solutions.ssr_gradient(0, 0.64, x, y)
    with_small_step, steps = solutions.descend(
        lambda i: solutions.ssr_gradient(i, 0.64, x, y)[0], 0.0, 0.1, max_steps=8, min_step=0.0009
    )
    seen = [
        ("mean-instead-of-sum", f"{np.mean(r**2):.3f}"),
        ("misplaced-square", f"{np.sum(r) ** 2:.3f}"),
        ("wrong-sign", f"{-d_intercept:+.3f}"),
        ("wrong-factor", f"{d_intercept / 2:.3f}"),
        ("misplaced-square", f"{-x[0] * 2 * r[0] - 2 * np.sum(x[1:] * r[1:] ** 2):.4f}"),
        ("wrong-sign", f"{0.1 * d_intercept:.4f}"),
        ("missing-learning-rate", f"{-d_intercept:.3f}"),
        ("off-by-one-epoch", f"{with_small_step:.4f}, {steps} steps"),
    ]
    assert_box(lesson, seen)


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


@pytest.mark.parametrize("piece", [RATES, TRIAL])
def test_unfilled_it_still_draws(unfilled, piece):
    assert "image/png" in unfilled.kinds(piece)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {
        "ssr": 6,
        "ssr_gradient": 8,
        "gradient_step": 6,
        "descend": 11,
        "numerical_gradient": 9,
    }
    assert lesson.questions == {"blind-walker": 4}
