"""Lesson 09 as a reader runs it: the walk back, planted mistakes, the price; kind when unfilled."""

import re
from itertools import pairwise

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

LESSON = "09-backprop"

FORWARD = "walk = [(W.round(1)"
OUTPUTS = "deltas of P1, P2"
THIRD = "by_hand = W4"
SECOND = "def nudged"
MIRROR = "mirror = [(W.T"
WALKED = "as walked"
DISTANCES = '"g + 1e-9"'
CHECKED = "costs, relative error"
PLANTS = "found = {}"
LAYERS = "def cost_of_layer"
SLIDER = "nn.widgets.slider(draw_eps"
PRICE = "def compare"
PAGE = "def train"

MISTAKES = (
    "none",
    "new weights",
    "σ′ at a",
    "off by one layer",
    "no bias gradients",
    "factor ½ missing",
    "sign, first layer",
    "1/n missing",
    "sign, everywhere",
)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(X, params):
    activations = [X]
    for W, b in params:
        activations.append(sigmoid(activations[-1] @ W.T + b))
    return activations


def the_walk():
    """Return the parameters of the walkthrough, its point and its label."""
    rng = np.random.default_rng(1)
    sizes = [2, 3, 4, 3, 2]
    params = [
        (rng.uniform(-2, 2, (n_out, n_in)).round(1), rng.uniform(-2, 2, n_out).round(1))
        for n_in, n_out in pairwise(sizes)
    ]
    return params, np.array([[1.0, -0.5]]), np.array([[1.0, 0.0]])


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


# --------------------------------------------------------------------------------------
# What the rows of the decks show
# --------------------------------------------------------------------------------------


def test_three_hidden_layers_delta_by_delta(solved):
    """C15: every delta as shown, as measured by the lesson, and as nnkit's own net has it."""
    params, point, label = the_walk()
    net = nn.MLP([2, 3, 4, 3, 2], loss="half_squared_error", dtype="float64")
    net.set_params(params)
    net.forward(point)
    net.backward(label)
    shown = solved.text(OUTPUTS) + solved.text(THIRD) + solved.text(SECOND)
    assert_shows(solved, FORWARD, ["outputs P1, P2: [0.6505 0.7822] cost 0.3670"])
    assert_shows(solved, THIRD, ["first neuron: error -0.1809, delta -0.0256"])
    with np.printoptions(precision=4, suppress=True):
        for k, layer in enumerate(net.layers):
            deltas = " ".join(str(layer.db).split())
            assert shown.count(deltas.strip("[] ")) == 2, deltas  # calculated and measured
            assert f"measured, layer {k}:" in shown
    assert "image/png" in solved.kinds(FORWARD)


def test_your_backward_walks_the_same_way(solved):
    text = solved.text(WALKED)
    assert text.count("as walked: True") == 4
    assert "cost 0.3670, after one step with learning rate 1: 0.3361" in text


def test_forward_and_back_mirror_each_other(solved):
    """C16: as many products for the deltas as for the outputs, less those of the first layer."""
    assert_shows(
        solved,
        MIRROR,
        [
            "outputs [6, 12, 12, 6], deltas [6, 12, 12], then for the weights 36",
            "outputs [12544, 256, 160], deltas [160, 256], then for the weights 12960",
        ],
    )
    assert "image/png" in solved.kinds(MIRROR)


def test_13003_forward_passes_against_one_pass_back(solved):
    """A15: what is counted; that the measured ratio is in the hundreds or more, on any machine."""
    assert_shows(solved, PRICE, ["300 passes:", "13,003 passes would take", "counted: 6,399"])
    ratio = re.search(r"ratio: ([\d,]+)", solved.text(PRICE))[1]
    assert int(ratio.replace(",", "")) > 100
    assert "image/png" in solved.kinds(PRICE)
    forward_products = 784 * 16 + 16 * 16 + 16 * 10
    back = 16 * 16 + 16 * 10
    assert round(13003 * forward_products / (2 * forward_products + back)) == 6399


def test_the_algorithm_on_one_page_does_lesson_08(solved, lesson):
    """B14: deck B's first update and its 7,491 updates, from the function for any depth."""
    assert_shows(solved, PAGE, ["H → ON [[-0.4964 -0.5061 -0.2328]] bias of ON [-0.3267]"])
    assert_shows(solved, PAGE, ["2-3-1: goal reached after 7,491 updates"])
    deeper = re.search(r"2-3-3-3-1: goal reached after ([\d,]+)", solved.text(PAGE))[1]
    assert 0 < int(deeper.replace(",", "")) < 7491  # "fewer updates", as the text says
    page = section(lesson, "whole algorithm on one page")
    for step in ("1 design", "2 initialise", "3 forward", "4 cost", "5 error", "6 update"):
        assert step in page


def test_distances_from_0_to_1(solved):
    rows = ["n = g relative error 0 n", "n = −g relative error 1", "n = 2 g relative error 0.33"]
    assert_shows(solved, DISTANCES, [*rows, "n = 0 relative error 1"])


def test_right_gradients_pass_at_every_depth(solved):
    text = solved.text(CHECKED)
    for sizes, n_params in [("2-1", 3), ("3-4-2", 26), ("2-3-4-3-2", 48), ("5-4-3-4-3-4-3", 101)]:
        row = re.search(rf"(?:^| ){sizes} (\d+) costs, relative error (\S+)", text)
        assert int(row[1]) == 2 * n_params
        assert float(row[2]) < 1e-7


@pytest.fixture(scope="module")
def planted(solved):
    """Return, per mistake, relative error, cost before, cost after and the share that is right."""
    text = solved.text(PLANTS)
    return {
        name: [
            float(n) for n in re.search(rf"{name} (\S+) (\S+) (\S+) (\d+)%", text).group(1, 2, 3, 4)
        ]
        for name in MISTAKES
    }


def test_the_check_finds_every_planted_mistake(solved, planted):
    assert planted["none"][0] < 1e-7
    assert all(planted[name][0] > 1e-3 for name in MISTAKES[1:])
    exact = {
        "factor ½ missing": 1 / 3,
        "1/n missing": 59 / 61,
        "sign, everywhere": 1,
    }
    for name, error in exact.items():
        assert planted[name][0] == pytest.approx(error, rel=0.05)
    assert "image/png" in solved.kinds(PLANTS)


def test_the_cost_finds_one_of_eight(planted):
    """As the text says: it falls in seven cases, and two of them seem to beat the right gradient."""
    rising = [name for name, (_, before, after, _) in planted.items() if after >= before]
    assert rising == ["sign, everywhere"]
    after = planted["none"][2]
    assert planted["factor ½ missing"][2] < after
    assert planted["1/n missing"][2] < after
    assert planted["sign, first layer"][3] < 50


def test_the_check_says_which_layer(solved):
    text = solved.text(LAYERS)
    wrong = {
        name: [
            float(n) > 1e-4
            for n in re.search(
                rf"{name} layer 0: (\S+) layer 1: (\S+) layer 2: (\S+)", text
            ).groups()
        ]
        for name in ("new weights", "σ′ at a", "off by one layer", "sign, first layer")
    }
    assert list(wrong.values()) == [
        [True, True, False],
        [True, True, True],
        [False, True, False],
        [True, False, False],
    ]


def test_eps_can_be_played_with(solved):
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(SLIDER)
    assert_shows(solved, SLIDER, ["With eps 0.1 the relative error is 9e-04", "gradient fails."])


def test_the_quiz_replies_to_every_answer(solved):
    assert_quiz(solved, right={1: "a", 2: "b", 3: "c", 4: "b"})


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------


def test_the_valley_of_eps_is_as_the_text_says():
    net = nn.MLP([2, 4, 4, 2], loss="half_squared_error", dtype="float64", seed=0)
    few = nn.moons(10)
    Y = np.eye(2)[few.y.astype(int)]
    error = {k: nn.gradient_check(net, few.X, Y, eps=10.0**-k) for k in (1, 2, 3, 5, 9, 10, 12)}
    assert error[1] / error[2] == pytest.approx(100, rel=0.1)
    assert 3 < error[10] / error[9] < 30
    assert error[5] < 1e-8 < 1e-7 < error[12]
    assert min(error.values()) == error[5]


def test_typical_mistakes_show_as_the_box_says(lesson, solutions):
    """The example of `backward`'s docstring, with each mistake made."""
    W, X, Y = np.zeros((1, 1)), np.array([[2.0], [4.0]]), np.array([[0.0], [1.0]])
    A = sigmoid(X @ W.T)
    right = solutions.backward([(W, np.zeros(1))], [X, A], Y)[0]
    assert right[0].item() == -0.125
    assert right[1].item() == 0

    def dW(delta):
        return (delta.T @ X).item()

    error, slope = A - Y, A * (1 - A)
    g = np.array([0.3, -0.1, 0.2])
    seen = [
        ("sum-instead-of-mean", f"dW {dW(error * slope):g}"),
        ("mean-instead-of-sum", f"dW {dW(error * slope / 4):g}"),
        ("missing-derivative", f"dW {dW(error / 2):g}"),
        ("derivative-of-activation", f"dW {dW(error / 2 * sigmoid(A) * (1 - sigmoid(A))):.4f}"),
        ("wrong-sign", f"dW {dW(-error * slope / 2):g}"),
        ("missing-root", f"{np.sum(g**2) / (np.sum(g**2) + np.sum((2 * g) ** 2)):g}"),
    ]
    assert_box(lesson, [(name, f"{value} |") for name, value in seen])


def test_one_sided_differences_get_about_what_the_box_says(solutions):
    params, point, label = the_walk()
    grads = solutions.backward(params, forward(point, params), label)

    def cost(p):
        return np.sum((forward(point, p)[-1] - label) ** 2) / 2

    here, slopes = cost(params), []
    for p in (p for pair in params for p in pair):
        for i in np.ndindex(p.shape):
            before = p[i]
            p[i] += 1e-5
            slopes.append((cost(params) - here) / 1e-5)
            p[i] = before
    g = np.concatenate([gradient.reshape(-1) for pair in grads for gradient in pair])
    assert 1e-6 < solutions.relative_error(g, np.array(slopes)) < 3e-5


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


@pytest.mark.parametrize("piece", [FORWARD, MIRROR, SLIDER])
def test_unfilled_it_still_draws(unfilled, piece):
    assert "image/png" in unfilled.kinds(piece)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {"backward": 12, "relative_error": 9, "gradient_check": 9}
    assert lesson.questions == {"it-learns": 4}
