"""Lesson 07 as a reader runs it: the chain, the tiny net, the wrong sign; kind when unfilled."""

import numpy as np
import pytest

from tests.lessons.running import (
    assert_box,
    assert_gives_no_answers,
    assert_measures,
    assert_quiz,
    assert_shows,
    assert_solved,
    assert_unfilled,
)

LESSON = "07-chain"

FORWARD = "nn.plots.network([(w[[k]]"
LINKS = "product of the three"
GRADIENTS = "def by_nudging"
CHAIN = 'ForwardBack(\n    "chain"'
SLOPES = "wrongly, σ′(a)"
SLIDER = "nn.widgets.slider(deltas_along"
TINY = "W1, b1 = np.array([[0.5"
SIGN = "recipes = {"
PATHS = "def cost_if"
SHARES = "shares = W2"
MIRROR = "def gather"
XOR = "def learn(seed"


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


# --------------------------------------------------------------------------------------
# What the rows of the decks show
# --------------------------------------------------------------------------------------


def test_the_chain_from_its_last_weight_to_its_first(solved):
    """A16: formulas beside measured rates, no ½."""
    assert_shows(solved, FORWARD, ["a [0.5 0.6225 0.4391 0.7189]", "cost 0.5168"])
    links = [("C with a₃", "1.4378"), ("a₃ with z₃", "0.2021"), ("z₃ with w₃", "0.4391")]
    assert_shows(solved, LINKS, [f"{name}: measured {v}, formula {v}" for name, v in links])
    assert_shows(solved, LINKS, ["three 0.1276", "C with w₃: measured 0.1276"])
    db, dw = "[-0.0336 0.0716 0.2906]", "[-0.0168 0.0445 0.1276]"
    assert_shows(solved, GRADIENTS, [f"db {db} by nudging {db}", f"dw {dw} by nudging {dw}"])
    assert_shows(solved, GRADIENTS, ["cost 0.5168, after one step with learning rate 0.5: 0.4619"])
    assert "image/png" in solved.kinds(FORWARD)


def test_deck_a_s_formulas_hold_for_the_last_two_layers(solutions):
    """A16, from the printed formulas themselves."""
    w, b, x, y = np.array([2.0, -2.0, 1.0]), np.array([-0.5, 1.0, 0.5]), 0.5, 0.0
    _, a = solutions.chain_forward(w, b, x)
    dw, db = solutions.chain_gradients(w, b, x, y)
    by_last_sum = 2 * (a[3] - y) * a[3] * (1 - a[3])
    one_back = by_last_sum * w[2] * a[2] * (1 - a[2])
    assert dw[1:] == pytest.approx([one_back * a[1], by_last_sum * a[2]])
    assert db[1:] == pytest.approx([one_back, by_last_sum])


def test_the_chain_can_be_walked_along(solved):
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(CHAIN)
    assert_shows(solved, CHAIN, ["Step 4 of 8, the cost. cost = 0.5168."])


def test_the_tiny_net_with_neurons_a_b_c_d(solved):
    """C14: output deltas, the update of AC, Aδ = AC·Cδ + AD·Dδ."""
    assert_shows(solved, TINY, ["A, B: [0.5498 0.7311] C, D: [0.5278 0.5967]", "cost 0.2895"])
    assert_shows(solved, PATHS, ["AC·Cδ = -0.1177", "AD·Dδ = -0.0574", "printed AC·Dδ = 0.1436"])
    assert_shows(solved, PATHS, ["AD·Dδ: -0.1751", "sum as printed: 0.0259", "nudging A: -0.1751"])
    assert_shows(solved, SHARES, ["deltas of A, B: [-0.0433 0.0336]"])
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(TINY)
    assert_shows(solved, TINY, ["Step 2 of 6, forward: output layer", "z(C) = 0.1112, C = 0.5278."])


def test_the_sign_that_deck_c_gets_wrong(solved):
    """C14: label − output together with a minus climbs; one minus less, and the cost falls."""
    falls = "cost 0.2895 → 0.2854 → … → 0.2339"
    assert_shows(solved, SIGN, ["deck C: label − output, subtract cost 0.2895 → 0.2938"])
    assert_shows(
        solved, SIGN, [f"output − label, subtract {falls}", f"label − output, add {falls}"]
    )
    assert "image/png" in solved.kinds(SIGN)


def test_a_delta_costs_as_much_as_an_output(solved):
    """C16."""
    net = "784-16-16-10 products, forward, layer by layer: 12544 256 160"
    assert_shows(solved, MIRROR, [f"{net} products, back, for hidden deltas: 160 256"])
    assert_shows(solved, MIRROR, ["forward, W @ a", "back, W.T @ delta"])


def test_the_derivative_is_taken_at_the_forward_pass_s_z(solved):
    """C18."""
    for k, z in enumerate([0.5, -0.2449, 0.9391], start=1):
        a = sigmoid(z)
        right, wrong = a * (1 - a), sigmoid(a) * (1 - sigmoid(a))
        row = f"neuron {k}: z = {z:.4f} σ′(z) = {right:.4f} wrongly, σ′(a) = {wrong:.4f}"
        assert_shows(solved, SLOPES, [row])
    assert "image/png" in solved.kinds(SLOPES)


def test_the_loss_is_shared_out(solved):
    """D18: what reaches A and B, over C and over D, and its sum."""
    assert_shows(solved, SHARES, ["C to A, B: [-0.1177 0.0706]", "D to A, B: [-0.0574 0.1005]"])
    assert_shows(solved, SHARES, ["errors of A, B: [-0.1751 0.1711]"])
    assert "image/png" in solved.kinds(SHARES)


def test_the_tiny_net_learns_xor_from_one_start_and_not_from_another(solved):
    right = "[1 2 2 1] should be [1 2 2 1]"
    assert_shows(solved, XOR, [f"start 0: cost 1.168 → 0.0099, winner (class): {right}"])
    assert_shows(solved, XOR, ["start 2: cost 1.146 → 0.5227, winner (class): [1 1 2 1] should"])
    assert "image/png" in solved.kinds(XOR)


def test_the_chain_of_ten_can_be_played_with(solved):
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(SLIDER)
    assert solved.text(SLIDER) == "Weight 2: the first delta is 0.0019 times the last."


def test_the_quiz_replies_to_every_answer(solved):
    assert_quiz(solved, right={1: "b", 2: "a", 3: "c", 4: "c"})


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------


def test_deltas_along_the_chain_of_ten_are_as_the_text_says(solutions):
    def first_over_last(weight):
        w = np.full(10, float(weight))
        _, db = solutions.chain_gradients(w, -w / 2, 0.6, 0.0)
        return db[0] / db[-1]

    assert first_over_last(1) == pytest.approx(4e-6, rel=0.06)
    ratios = {w: first_over_last(w) for w in (0.5, 1, 1.5, 2, 3, 3.5, 4, 4.5, 5, 6, 8, 10)}
    assert abs(np.log(ratios[4.5])) == min(abs(np.log(ratio)) for ratio in ratios.values())
    assert ratios[10] < 1e-3
    assert ratios[10] < ratios[8] < ratios[6] < ratios[4.5]


def test_the_front_of_the_chain_moves_least(solutions):
    w, b = np.array([2.0, -2.0, 1.0]), np.array([-0.5, 1.0, 0.5])
    start = w.copy()
    for _ in range(100):
        dw, db = solutions.chain_gradients(w, b, 0.5, 0.0)
        w, b = w - 0.5 * dw, b - 0.5 * db
    assert abs(w - start).tolist() == pytest.approx([0.08, 0.2, 1.0], rel=0.05)


def test_typical_mistakes_show_as_the_box_says(lesson, solutions):
    w, b, x, y = np.array([2.0, -2.0, 1.0]), np.array([-0.5, 1.0, 0.5]), 0.5, 0.0
    z, a = solutions.chain_forward(w, b, x)
    _, db = solutions.chain_gradients(w, b, x, y)
    error = 2 * (a[3] - y)
    W2 = np.array([[1.0, -0.6], [-0.4, 0.7]])
    h = sigmoid(np.array([[0.5, -0.2], [0.8, 0.2]]) @ [1, 2] + np.array([0.1, -0.2]))
    delta = solutions.output_deltas(sigmoid(W2 @ h + np.array([0, 0.1])), np.array([1, 0]))
    slope = h[0] * (1 - h[0])
    seen = [
        ("missing-bias", f"z₁ is {w[0] * x:.0f}"),
        ("missing-activation", f"z₂ is {w[1] * z[0] + b[1]:.0f}"),
        ("wrong-factor", f"{db[2] / 2:.4f}"),
        ("missing-derivative", f"{error:.4f}"),
        ("derivative-of-activation", f"{error * sigmoid(a[3]) * (1 - sigmoid(a[3])):.4f}"),
        ("off-by-one-layer", f"{db[2] * w[1] * a[2] * (1 - a[2]):.4f}"),
        ("wrong-sign", f"{-delta[0]:+.4f}"),
        ("missing-derivative", f"{(W2.T @ delta)[0]:.4f}"),
        ("missing-transpose", f"{(W2 @ delta)[0] * slope:.4f}"),
    ]
    assert_box(lesson, seen)


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


@pytest.mark.parametrize("piece", [SLIDER, TINY])
def test_unfilled_it_still_draws(unfilled, piece):
    assert "image/png" in unfilled.kinds(piece)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {
        "chain_forward": 9,
        "chain_gradients": 11,
        "output_deltas": 6,
        "hidden_deltas": 7,
    }
    assert lesson.questions == {"silent-front": 4}
