"""Lesson 04 as a reader runs it: 13,002 parameters, a layer made by hand, nets of any depth."""

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

LESSON = "04-forward"

ORDER = "TopologicalSorter(needs)"
LAYERS = "nets = {}"
COUNT = "# Your functions: count_parameters"
DECK_B = "deck_b = nn.two_three_one()"
START = "# Your functions: init_params\n"
BATCH = "x = deck_b.X[:1]"
STROKES = "nn.plots.weight_pictures(W1"
SLIDE = "nn.widgets.slider(look"
SEVENS = "is_seven ="
UNTRAINED = "# step 1: design"
DEPTH = "semilogy"
PLAYGROUND = "nn.widgets.Playground("


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


# --------------------------------------------------------------------------------------
# What the rows of the decks show
# --------------------------------------------------------------------------------------


def test_784_activations_go_in_and_10_come_out(solved, lesson):
    """A5, A6: the net 784-16-16-10, fully connected."""
    text = section(lesson, "Many neurons: a layer")
    for word in ("holds one number", "784 pixels", "784-16-16-10", "multilayer perceptron"):
        assert word in text
    assert_shows(solved, UNTRAINED, ["shapes [(1437, 784), (1437, 16), (1437, 16), (1437, 10)]"])


def test_strokes_found_by_weights_made_by_hand(solved):
    """A7: positive on the edge, zero or negative elsewhere."""
    assert_shows(solved, STROKES, ["white picture: [-40. -40. -40.] black picture: [0. 0. 0.]"])
    assert_shows(solved, STROKES, ["top 2.4 -6.6 5.7 10.0 -5.8 13.1 0.3 10.6 -0.9 -3.6"])
    assert_shows(solved, STROKES, ["left 20.1 -20.0", "without −1 24.7 20.3 25.7 29.8 13.8 31.0"])
    assert "image/png" in solved.kinds(STROKES)
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(SLIDE)
    assert solved.text(SLIDE) == "Strip from row 4: weighted sum 16.5, sigmoid 1.000."
    assert_shows(solved, SEVENS, ["7: 90% taken", "8: 16% taken", "71% are sevens"])


def test_a_layer_is_a_matrix_product(solved):
    """A8: deck B's first row by W x + b, and all pictures in one product."""
    assert_shows(solved, BATCH, ["→ hidden [[0.649 0.493 0.882]] → output [[0.175]]"])
    assert_shows(solved, BATCH, ["pictures (1437, 784) → (1437, 16)"])


def test_13002_parameters(solved):
    """A10."""
    assert_shows(solved, COUNT, ["784-16 12,560 16-16 272 16-10 170 784-16-16-10 13,002"])


def test_six_steps(solved, lesson):
    """B2: all six named, the first three done."""
    text = section(lesson, "Six steps")
    steps = ("design", "initialise", "forward", "cost", "backpropagation", "update")
    assert [text.index(f"**{step}**") for step in steps] == sorted(
        text.index(f"**{step}**") for step in steps
    )
    source = solved.cell(UNTRAINED).source
    for number, step in enumerate(steps[:3], start=1):
        assert f"# step {number}: {step}" in source


def test_design_choices(solved, lesson):
    """B4: 9 weights and 4 biases."""
    assert_shows(solved, COUNT, ["2-3-1 13"])
    table = section(lesson, "Six steps")
    for part in ("6 + 3 = 9 weights", "12,960 weights", "| 4 | 42 |", "dense, feedforward"):
        assert part in table


def test_initial_weights_of_deck_b(solved):
    """B5."""
    assert_shows(solved, DECK_B, ["IN2 → H [-0.2 0.4 -1. ] [-0.4 -0.7 -0.8]"])
    assert_shows(solved, DECK_B, ["H → ON [-0.6 -0.6 -0.3]", "[ 0.1 -0.2 0.4] [-0.6]"])
    assert_shows(solved, DECK_B, ["13 numbers from -1.0 to 0.4"])


def test_random_initialisation_and_any_depth(solved):
    """A12."""
    assert_shows(solved, START, ["layer 1: W (16, 784), b (16,)", "layer 3: W (10, 16), b (10,)"])
    assert_shows(solved, START, ["same numbers: True", "random 16 different"])
    assert_shows(solved, START, ["all 0.01 1 different"])
    assert_shows(solved, UNTRAINED, ["[ 0 0 0 0 1437 0 0 0 0 0]", "right: 10%"])
    assert_shows(solved, DEPTH, ["seed 0: layer 1 0.93, layer 3 0.28, layer 10 0.0008"])


def test_feedforward_has_no_loops(solved):
    """C7."""
    assert_shows(solved, ORDER, ["feedforward: IN1 IN2 H1 H2 ON"])
    assert_shows(solved, ORDER, ["with a way back: H1 needed for ON needed for H1"])


def test_layers_are_counted_without_the_inputs(solved):
    """C10."""
    assert_shows(solved, LAYERS, ["4-5-4-3: inputs 4, layers 3, outputs 3, arrows 20 + 20 + 12"])


def test_fully_connected_3_3_3_1(solved):
    """C12."""
    assert_shows(solved, LAYERS, ["3-3-3-1: inputs 3, layers 3, outputs 1, arrows 9 + 9 + 3 = 21"])
    assert_shows(solved, COUNT, ["3-3-3-1 28"])
    assert "image/png" in solved.kinds(LAYERS)


def test_the_quiz_replies_to_every_answer(solved):
    assert_quiz(solved, right={1: "b", 2: "b", 3: "a", 4: "b"})


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------


def test_the_strip_meets_two_strokes_of_the_seven(solved):
    names = {"np": np}
    source = solved.cell(STROKES).source
    exec(source[source.index("def strip") : source.index("detectors =")], names)
    digits = nn.digits()
    assert digits.y_train[59] == 7
    picture = digits.X_train[59].reshape(28, 28).astype(float)
    sums = {row: np.sum(names["strip"](row) * picture) for row in range(4, 21)}
    assert [row for row, z in sums.items() if z > 0] == [4, 5, 12, 13]
    assert min(sums, key=sums.get) == 8
    assert round(sums[8]) == -48


@pytest.mark.parametrize(("neurons", "share"), [(1, 0.67), (2, 0.85), (3, 1.0)])
def test_three_lines_fence_in_the_inner_ring(solved, neurons, share):
    assert "circles, one hidden neuron" in solved.cell(PLAYGROUND).source
    for seed in range(4):
        net = nn.widgets.Playground(
            "circles, one hidden neuron", neurons1=neurons, seed=seed, epoch=200
        )
        assert abs(net.shown["picture"]["accuracy"] - share) < 0.03


def trained(start, steps=20):
    """Train a small net of sigmoids from these params; return the first W."""
    net = nn.MLP([2, 4, 1], loss="half_squared_error", dtype="float64")
    net.set_params(start)
    data = nn.two_three_one()
    for _ in range(steps):
        net.forward(data.X)
        net.backward(data.Y)
        nn.SGD(learning_rate=0.5).step(net)
    return net.layers[0].W


def test_twins_stay_twins_unless_their_biases_differ():
    def start(b1):
        return [(np.full((4, 2), 0.01), b1), (np.full((1, 4), 0.01), np.full(1, 0.01))]

    twins = trained(start(np.full(4, 0.01)))
    assert np.ptp(twins, axis=0).max() < 1e-15
    assert abs(twins - 0.01).min() > 1e-6  # they did learn
    different = trained(start(np.array([-0.9, -0.1, 0.2, 0.8])))
    assert len(np.unique(different[:, 0])) == 4


def test_typical_mistakes_show_as_the_box_says(lesson):
    box = [line for line in section(lesson, "What usually goes wrong").splitlines() if "`" in line]

    def row(name, number):
        assert any(f"`{name}`" in line and number in line for line in box), (name, number)

    sizes = [784, 16, 16, 10]
    weights = sum(n_in * n_out for n_in, n_out in pairwise(sizes))
    row("missing-bias", f"{weights:,}")
    row("off-by-one-layer", f"{weights + sum(sizes):,}")
    row("off-by-one-layer", f"{784 * 16 + 16:,}")
    data = nn.two_three_one()
    sums = data.W1 @ data.X[0]
    row("missing-bias", " ".join(f"{a:.2f}" for a in 1 / (1 + np.exp(-sums))))
    row("missing-activation", " ".join(f"{z:.2f}" for z in sums + data.b1).replace("-", "−"))


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


@pytest.mark.parametrize("piece", [LAYERS, STROKES, SLIDE, PLAYGROUND])
def test_unfilled_it_still_draws(unfilled, piece):
    assert "image/png" in unfilled.kinds(piece)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {"count_parameters": 6, "init_params": 9, "dense": 8, "forward": 10}
    assert lesson.questions == {"twins": 4}
