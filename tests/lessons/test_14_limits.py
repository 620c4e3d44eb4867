"""Lesson 14 as a reader runs it: a net that is fooled, what it does not know, curves from bumps."""

import numpy as np
import pytest
from matplotlib.figure import Figure

import nnkit as nn
from grader_tests.lesson_14_limits import bump, fgsm, input_gradient
from tests.lessons.running import (
    assert_gives_no_answers,
    assert_measures,
    assert_quiz,
    assert_shows,
    assert_solved,
    assert_unfilled,
    section,
)

LESSON = "14-limits"

GIVEN = "def train"
NETS = "def answers_of"
GRADIENT = "gradients = {"
EPSILON = "nn.widgets.Digit("
ALL_PICTURES = "def accuracy_when_changed"
ADDED_UP = "by_chance ="
WANTED = "for wanted in range(10)"
STRANGE = "strange = {"
DOUBT = "largest output {low"
ONE_BUMP = "bumps = {"
MANY_BUMPS = "def draw_bumps"
JUMP = "def jump"
TRAINED = "points ="


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


# --------------------------------------------------------------------------------------
# What the rows of the decks show
# --------------------------------------------------------------------------------------


def test_an_image_changed_until_the_net_errs(solved):
    """B15: the answer changes where no eye sees a change, and to a class of choice."""
    assert_shows(solved, NETS, ["large start: test accuracy 95.8%"])
    assert_shows(solved, NETS, ["small start: test accuracy 96.1%"])
    assert_shows(solved, EPSILON, ["Test picture 3, a 4: the net says 4 (0.97)"])
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(EPSILON)

    assert_shows(solved, ALL_PICTURES, ["epsilon 0 0.02 0.05 0.1 0.2"])
    assert_shows(solved, ALL_PICTURES, ["large start, coins 95.8% 95.6% 94.2% 92.8% 80.6%"])
    assert_shows(solved, ALL_PICTURES, ["large start, gradient 95.8% 72.8% 54.2% 41.7% 26.1%"])
    assert_shows(solved, ALL_PICTURES, ["small start, gradient 96.1% 94.2% 87.5% 65.6% 30.8%"])
    assert_shows(solved, ALL_PICTURES, ["large start, gradient, 0.05 in the frame only: 71.1%"])
    assert_shows(solved, ALL_PICTURES, ["small start, gradient, 0.05 in the frame only: 95.8%"])
    assert "image/png" in solved.kinds(ALL_PICTURES)

    assert_shows(solved, WANTED, ["a 9 after 3 steps", "no 3 within 20 steps", "no 6 within"])
    assert solved.text(WANTED).count("steps of 0.01") == 8
    assert "image/png" in solved.kinds(WANTED)
    assert_shows(solved, WANTED, ["nnkit's fgsm gives the same: True"])


def test_strengths_and_limits(solved, lesson):
    """B15: deck B's seven lines, each with what the course has shown."""
    rows = section(lesson, "## 6 Deck B's balance").splitlines()
    assert len([row for row in rows if row.startswith(("| + ", "| − "))]) == 7
    assert_shows(solved, STRANGE, ["86% are a 7, 30% have an output above 0.9"])
    assert_shows(solved, STRANGE, ["on their side: 344 are a 4"])
    assert_shows(solved, STRANGE, ["moved 0 pixels right: 96%", "moved 3 pixels right: 33%"])
    assert "image/png" in solved.kinds(STRANGE)
    assert_shows(solved, DOUBT, ["0.00–0.50: 10 pictures, 8 of them wrong"])
    assert_shows(solved, DOUBT, ["0.50–0.80: 36 pictures, 5 of them wrong"])
    assert_shows(solved, DOUBT, ["0.80–0.95: 100 pictures, 2 of them wrong"])
    assert_shows(solved, DOUBT, ["0.95–1.00: 214 pictures, 0 of them wrong"])


def test_any_continuous_curve_from_bumps(solved):
    """D5: one hidden layer, as exact as you like; a jump it cannot follow."""
    assert "image/png" in solved.kinds(ONE_BUMP)
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(MANY_BUMPS)
    assert_shows(solved, MANY_BUMPS, ["5 bumps, 10 neurons: largest error 0.643."])
    assert_shows(solved, JUMP, ["net and bumps differ by 0.0000 at most"])
    assert_shows(solved, JUMP, ["10 bumps: largest error at the jump 1.00, mean error there 0.18"])
    assert_shows(solved, JUMP, ["1,000 bumps: largest error at the jump 0.50"])


def test_a_net_that_exists_need_not_be_found(solved):
    """D5: the same 20 neurons, by two optimizers; outside the points each says something else."""
    lines = [line for output in solved.cell(TRAINED).outputs for line in output.text.splitlines()]
    errors, outside = {"gradient descent": [], "Adam": []}, []
    for line in lines:
        name, _, said = line.partition(",")
        errors[name].append(float(said.split("error ")[1].split(",")[0]))
        outside.append(said.split()[-1])
    assert all(0.9 < error < 1.1 for error in errors["gradient descent"])
    assert all(0.03 < error < 0.07 for error in errors["Adam"])
    assert [len(found) for found in errors.values()] == [3, 3]
    assert len(set(outside)) == 6


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints, or only a moved slider shows
# --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def names(solved):
    """Return what the lesson's first two cells and its solutions define."""
    names = {}
    for piece in (GIVEN, NETS, "def input_gradient", "def fgsm", "def bump"):
        exec(solved.cell(piece).source, names)
    return names


def sentences(solved, piece, function, values, names):
    """Return what the slider's function says to these values."""
    names = dict(names)
    exec(solved.cell(piece).source, names)
    return [names[function](value, Figure().add_subplot()) for value in values]


def test_the_explorer_of_epsilons(names):
    explorer = nn.widgets.Digit(net=names["nets"]["large start"], number=3)
    said = {}
    for epsilon in (0, 0.03, 0.04, 0.05, 0.1, 0.3):
        explorer.set(epsilon=epsilon)
        said[epsilon] = repr(explorer).split("the net says ")[1]
    assert [text[0] for text in said.values()] == ["4", "4", "9", "9", "9", "9"]
    assert said[0.05].startswith("9 (0.77), wrong")
    assert said[0.1].startswith("9 (0.96), wrong")


def test_the_slider_of_bumps(solved, names):
    """D5: twice as many bumps, half the error."""
    names = names | {"grid": np.linspace(0, 1, 1001)}
    said = sentences(solved, MANY_BUMPS, "draw_bumps", [5, 10, 20], names)
    errors = [float(text.split()[-1].rstrip(".")) for text in said]
    assert [round(error, 2) for error in errors] == [0.64, 0.35, 0.18]
    x = names["grid"]
    line = np.polyval(np.polyfit(x, np.sin(6 * x) + 1.5 * abs(x - 0.6), 1), x)
    assert abs(line - np.sin(6 * x) - 1.5 * abs(x - 0.6)).max() == pytest.approx(1.1, abs=0.1)


def test_training_on_changed_pictures_cures_a_part(names):
    """By hand in batches: the lesson says 96 %, 82 % in place of 66 %, 35 %."""
    X, Y, forward = names["X"], names["Y"], names["forward"]
    W1, b1 = names["start"][0]
    params = [(W1 / 28, b1), *names["start"][1:]]
    rng = np.random.default_rng(0)

    def changed(params, X, Y, epsilon):
        activations = forward(X, params)
        error = activations[-1] - Y
        for (W, _), a in zip(reversed(params), reversed(activations[1:]), strict=True):
            error = (error * a * (1 - a)) @ W
        return np.clip(X + epsilon * np.sign(error), 0, 1)

    for _ in range(30):
        order = rng.permutation(len(X))
        for first in range(0, len(X), 10):
            rows = order[first : first + 10]
            both = np.concatenate([X[rows], changed(params, X[rows], Y[rows], 0.1)])
            grads = names["backward"](params, forward(both, params), np.tile(Y[rows], (2, 1)))
            params = [(W - dW, b - db) for (W, b), (dW, db) in zip(params, grads, strict=True)]

    shares = {}
    for epsilon in (0, 0.1, 0.3):
        pictures = changed(params, names["X_test"], names["Y_test"], epsilon)
        shares[epsilon] = np.mean(names["answers_of"](params, pictures) == names["labels"])
    assert [f"{share:.0%}" for share in shares.values()] == ["96%", "82%", "35%"]


def test_how_the_changes_add_up(solved):
    assert_shows(solved, ADDED_UP, ["large start: z of a neuron moves by 19.76 together, by 0.82"])
    assert_shows(solved, ADDED_UP, ["small start: z of a neuron moves by 2.81 together, by 0.18"])
    assert [round(19.76 / 0.82), round(2.81 / 0.178)] == [24, 16]


def test_the_frame_counts_as_much_as_the_digit(solved):
    assert_shows(solved, GRADIENT, ["large start: mean size in the frame 0.1120 thousandths"])
    assert_shows(solved, GRADIENT, ["elsewhere 0.1145", "in the frame 0.0332", "0.2951"])
    assert_shows(solved, GRADIENT, ["measured -0.000170, calculated -0.000170"])
    assert "image/png" in solved.kinds(GRADIENT)


def test_typical_mistakes_show_as_the_box_says(lesson):
    """Every row is what a wrong version from the checks makes of its docstring's example."""
    neuron = ([(np.array([[2.0, -4.0]]), np.array([-1.0]))], np.array([1.0, 0.25]), np.array([1.0]))
    pixels = (np.array([0.5, 0.5, 0.95, 0.0]), np.array([3.0, 0.0, 0.1, -2.0]), 0.1)
    rows = [
        (input_gradient, "wrong-sign", neuron, [0.25, -0.50]),
        (input_gradient, "missing-derivative", neuron, [-1.00, 2.00]),
        (input_gradient, "derivative-of-activation", neuron, [-0.24, 0.47]),
        (input_gradient, "wrong-factor", neuron, [-0.50, 1.00]),
        (input_gradient, "missing-bias", neuron, [-0.11, 0.21]),
        (input_gradient, "missing-activation", neuron, [-2.00, 4.00]),
        (input_gradient, "off-by-one-layer", neuron, [0.00, 0.09]),
        (fgsm, "no-clip", pixels, [0.6, 0.5, 1.05, -0.1]),
        (fgsm, "no-sign", pixels, [0.8, 0.5, 0.96, 0]),
        (fgsm, "wrong-boundary", pixels, [0.6, 0.6, 1, 0]),
        (fgsm, "wrong-sign", pixels, [0.4, 0.5, 0.85, 0.1]),
        (bump, "wrong-sign", (0.5, 0, 1, 3), -3),
        (bump, "wrong-sign", (2, 0, 1, 3), 6),
        (bump, "wrong-factor", (0.5, 0, 1, 3), 6),
        (bump, "wrong-factor", (0.5, 0, 1, 3), 1.5),
        (bump, "missing-activation", (0.5, 0, 1, 3), 150),
        (bump, "wrong-bias", (0.5, 0, 1, 3), 0),
        (bump, "unstable", (20, 0, 1, 3), np.nan),
    ]
    box = section(lesson, "What usually goes wrong").splitlines()
    for exercise, name, arguments, expected in rows:
        mistake = next(m for m in exercise.EXERCISE.mistakes if m.name == name)
        with np.errstate(all="ignore"):
            seen = [version(*arguments) for version in mistake.versions]
        assert any(np.allclose(s, expected, atol=0.005, equal_nan=True) for s in seen), name
        shown = [f"{number:g}".replace("-", "−") for number in np.atleast_1d(expected)]
        described = [line for line in box if f"`{name}`" in line]
        assert any(all(number in line for number in shown) for line in described), (name, shown)


def test_the_quiz(solved):
    assert_quiz(solved, right={1: "a", 2: "c", 3: "b"})


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


def test_unfilled_it_still_draws(unfilled):
    assert "image/png" in unfilled.kinds(STRANGE)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {"input_gradient": 10, "fgsm": 8, "bump": 9}
    assert lesson.questions == {"use-it": 4}
