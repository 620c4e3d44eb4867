"""Lesson 02 as a reader runs it: every function with its limit; full marks, kind when unfilled."""

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

LESSON = "02-activations"

STEP = "clerk_sums = "
COLLAPSE = "# Your functions: collapse"
BIAS = "# Your functions: sigmoid\n"
SATURATION = "# Your functions: sigmoid, sigmoid_prime"
DEAD = "# Your functions: relu_prime"
GALLERY = 'names = "unit_step heaviside'
BAD_START = "def bad_start"
TASKS = "tasks = {"


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


# --------------------------------------------------------------------------------------
# A9, C8, D7, D9
# --------------------------------------------------------------------------------------


def test_the_bias_shifts_the_sigmoids_threshold(solved):
    """A9."""
    assert_shows(
        solved,
        BIAS,
        [
            "b = -4: σ(x + b) is ½ at x = 4, σ(2x + b) at x = 2",
            "b = 0: σ(x + b) is ½ at x = 0,",
            "b = 4: σ(x + b) is ½ at x = -4, σ(2x + b) at x = -2",
            "161 of 200 answers change",
        ],
    )
    assert "image/png" in solved.kinds(BIAS)


@pytest.mark.parametrize(
    ("name", "slopes"),
    [
        ("unit_step", "0.000 0.000 0.000 0.000 0.000 0.000"),
        ("heaviside", "0.000 0.000 0.000 0.000 0.000 0.000"),
        ("linear", "1.000 1.000 1.000 1.000 1.000 1.000"),
        ("relu", "0.000 0.000 0.000 1.000 1.000 1.000"),
        ("leaky_relu", "0.100 0.100 0.100 1.000 1.000 1.000"),
        ("shifted_relu", "0.000 0.000 0.000 1.000 1.000 1.000"),
        ("softplus", "0.000 0.047 0.269 0.731 0.953 1.000"),
        ("elu", "0.000 0.050 0.368 1.000 1.000 1.000"),
        ("sigmoid", "0.000 0.045 0.197 0.197 0.045 0.000"),
        ("tanh", "0.000 0.010 0.420 0.420 0.010 0.000"),
        ("swish", "-0.000 -0.088 0.072 0.928 1.088 1.000"),
        ("parametric_relu", "0.250 0.250 0.250 1.000 1.000 1.000"),
    ],
)
def test_the_gallery(solved, name, slopes):
    """C8."""
    assert f" {name} {slopes}" in solved.text(GALLERY)
    assert 'curves["maxout"]' in solved.cell(GALLERY).source
    assert "image/png" in solved.kinds(GALLERY)


@pytest.mark.parametrize(
    ("piece", "parts"),
    [
        (STEP, ["bias −20 + 0.01 0 of 200", "bias −20 + 0.1 0 of 200", "bias −20 + 1 1 of 200"]),
        (STEP, ["the same answers? True"]),
        (COLLAPSE, ["W [[ 0.6 30. -16.5 4. ]] b [260]", "at most 0.0"]),
        (COLLAPSE, ["linear wrong by 35.4 on average", "with ReLU wrong by 8.2 on average"]),
        (SATURATION, ["0, 3, −3, 10: [0.25 0.045 0.045 0. ] measured [0.25 0.045 0.045 0. ]"]),
        (SATURATION, ["tanh's slope : [1. 0.01 0.01 0. ]"]),
        (SATURATION, ["linear 1 1 1 1", "sigmoid 0.23 0.053 0.0027 6.9e-06"]),
        (SATURATION, ["tanh 0.79 0.64 0.45 0.27"]),
        (DEAD, ["biases 0: share of slopes 1 0.502, dead 0 of 16"]),
        (DEAD, ["biases -1: share of slopes 1 0.075, dead 9 of 16", "0.000, dead 16 of 16"]),
        (BAD_START, ["less than 0.1 now: sigmoid, tanh, leaky relu, elu."]),
        (BAD_START, ["Not moved: heaviside, relu."]),
    ],
)
def test_each_function_meets_its_limit(solved, piece, parts):
    """D7: no slope, collapse, vanishing, dead neurons, and who comes back from there."""
    assert_shows(solved, piece, parts)


def test_which_activation_for_which_task(solved, lesson):
    """D9."""
    assert_shows(
        solved,
        TASKS,
        [
            "linear from -500.0 to 500.0 a price, 440; a temperature, −3",
            "relu from 0.0 to 500.0 a price, 440",
            "sigmoid from 0.0 to 1.0 a probability",
            "tanh from -1.0 to 1.0 none of these",
        ],
    )
    table = section(lesson, "| task | output neurons |").splitlines()
    for task, activation in [
        ("regression", "linear"),
        ("binary", "sigmoid"),
        ("one out of several", "softmax"),
        ("several labels", "a sigmoid each"),
    ]:
        assert any(task in row and activation in row.split("|")[3] for row in table if "|" in row)


def test_draws_and_has_something_to_play_with(solved):
    assert "image/png" in solved.kinds(SATURATION)
    for piece in (GALLERY, BAD_START):
        assert "application/vnd.jupyter.widget-view+json" in solved.kinds(piece)


def test_the_quiz_replies_to_every_answer(solved):
    assert_quiz(solved, right={1: "b", 2: "a", 3: "c", 4: "c"})


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "weight", "end"),
    [("tanh", 1, 2.18), ("tanh", 2, 1.09), ("sigmoid", 1, 2.89), ("sigmoid", 2, 1.44)],
)
def test_large_weights_saturate(name, weight, end):
    said = repr(nn.widgets.Activations(activation=name, weight=weight))
    assert f"within 0.05 of 0 for x below −{end} and above {end}." in said
    f = nn.activations.get(name)
    inside, outside = (f(weight * x) for x in np.array([end - 0.01, end + 0.01]))
    assert f.derivative(None, inside) > 0.05 > f.derivative(None, outside)


def test_a_bias_of_minus_7_is_the_end_of_a_relu():
    assert "exactly 0 everywhere" in repr(nn.widgets.Activations(activation="relu", bias=-7))


@pytest.fixture(scope="module")
def started(solved):
    """What the slider writes for each bias at the start: (arrived, not moved)."""
    names = {"np": np, "nn": nn, "plt": None}
    names["gallery"] = {
        name: getattr(nn.activations, name)
        for name in ["heaviside", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "swish"]
    }
    source = solved.cell(BAD_START).source
    exec(source[: source.index("nn.widgets.slider")], names)
    names["solved"] = {
        (name, bias): names["learn"](names["gallery"][name], bias)
        for name in names["learners"]
        for bias in range(-8, 7)
    }
    names["wrong"] = {
        key: names["wrong_by"](names["gallery"][key[0]], *parameters)
        for key, parameters in names["solved"].items()
    }
    return names


def test_the_slider_shows_what_the_text_says(started):
    wrong, found = started["wrong"], started["solved"]
    unmoved = {key for key, (_, b) in found.items() if b == key[1]}
    assert {bias for name, bias in unmoved if name == "relu"} == set(range(-8, 0))
    assert {name for name, _ in unmoved} == {"heaviside", "relu"}
    learners = started["learners"]
    assert [n for n in learners if wrong[n, -5] < 0.1] == ["sigmoid", "leaky_relu", "elu"]
    assert [n for n in learners if wrong[n, -8] < 0.49] == ["leaky_relu"]
    assert wrong["leaky_relu", -8] > 0.1
    assert {n for n in learners[1:] if wrong[n, 6] > 0.1} == {"sigmoid", "tanh"}
    assert found["swish", -3][1] < -3


def test_saturation_swish_and_the_clerk_are_as_the_text_says():
    z = np.linspace(-20, 0, 20_001)
    swish = nn.activations.swish
    slopes = swish.derivative(z, swish(z))
    assert -0.1 < slopes.min() < 0
    assert z[slopes < 0].max() == pytest.approx(-1.28, abs=0.005)
    sums = nn.loans().X @ np.array([1.0, -1, 1, -10]) - 20
    certain = nn.activations.sigmoid(sums) == nn.activations.sigmoid(sums + 0.01)
    assert certain.sum() == 39
    assert (sums[certain] > 32).all()


def test_typical_mistakes_show_as_the_box_says(lesson, solutions):
    two, minus = np.array(2.0), np.array(-1.0)
    seen = {
        ("wrong-sign", "0.119"): 1 / (1 + np.exp(two)),
        ("missing-parentheses", "1.135"): 1 / 1 + np.exp(-two),
        ("derivative-of-activation", "−2"): two * (1 - two),
        ("missing-parentheses", "−0.264"): 2 * np.exp(minus) - 1,
        ("missing-term", "0.368"): np.exp(minus),
        ("missing-bias", "50"): 50.0,
    }
    assert_box(lesson, [(name, f" {shown} ") for name, shown in seen])
    for (_, shown), value in seen.items():
        assert float(shown.replace("−", "-")) == pytest.approx(value, abs=0.0005)
    for exercise, z, words in [
        (solutions.sigmoid, [0, 2, -1000], "[0.5, 0.881, 0]"),
        (solutions.sigmoid_prime, [0, 2], "[0.25, 0.105]"),
        (solutions.elu, [-1, 2], "[−0.632, 2]"),
        (solutions.elu_prime, [-1, 2], "[0.368, 1]"),
        (solutions.swish, [-1, 0, 2], "[−0.269, 0, 1.762]"),
    ]:
        cell = next(cell for cell in lesson.student.cells if cell.id == exercise.__name__)
        assert words in cell.source
        shown = [float(number) for number in words.strip("[]").replace("−", "-").split(",")]
        assert exercise(np.array(z, dtype=float)) == pytest.approx(shown, abs=0.0005)


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


@pytest.mark.parametrize("piece", [GALLERY, BAD_START])
def test_unfilled_it_still_draws(unfilled, piece):
    assert "image/png" in unfilled.kinds(piece)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {
        "collapse": 7,
        "sigmoid": 8,
        "sigmoid_prime": 8,
        "relu": 8,
        "relu_prime": 9,
        "leaky_relu": 10,
        "elu": 10,
        "elu_prime": 10,
        "swish": 8,
    }
    assert lesson.questions == {"two-nets": 4}
