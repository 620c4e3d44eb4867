"""Lesson 11 as a reader runs it: four optimizers, rates that shrink, batches, penalties."""

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

LESSON = "11-optimizers"

VALLEY = "def draw_valley"
SLIDER = "nn.widgets.slider(roll"
RACE = "nn.widgets.Optimizers("
HOPS = "steps 399 and 400"
FOUR = "def walk"
SHRINK = "nn.inverse_decay(0.3"
ESTIMATE = "def gradient_of"
BATCHES = "ms per update"
BY_HEART = "def moon_net"
SAME = "theirs = nn.MLP"
PENALTIES = "def costs_of"
DIGITS = "optimizers = [nn.SGD"


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


# --------------------------------------------------------------------------------------
# What the rows of the decks show
# --------------------------------------------------------------------------------------


def test_steps_that_shrink(solved):
    """D11, C20: a rate that is kept never settles, one that shrinks too fast never arrives."""
    printed = solved.text(SHRINK)
    spans = {}
    for name in ("0.3, kept", "0.3, inverse decay", "0.1, half-life 3"):
        words = printed.split(name)[1].split()
        spans[name] = [float(words[i].strip(",;")) for i in (4, 6, 8)]
    (_, low, high), inverse, stuck = spans.values()
    assert high - low > 3
    assert 2.8 < inverse[1] < inverse[2] < 3.2
    assert min(stuck) > 6
    total = sum(nn.exponential_decay(0.1, half_life=3)(steps) for steps in range(1000))
    assert total == pytest.approx(0.5, abs=0.02)
    assert "image/png" in solved.kinds(SHRINK)


def test_one_rate_for_two_directions(solved):
    """D11: on the walls 0.021 overshoots, along the floor 0.018 creeps."""
    assert_shows(solved, VALLEY, ["0.018: after 50 steps p = [-3.6293 0. ]"])
    assert_shows(solved, VALLEY, ["0.021: after 50 steps p = [ -3.1144 105.6518]"])


def test_rmsprop(solved):
    """D15: steps of equal length in both directions, and no shorter ones at the bottom."""
    assert_shows(
        solved,
        HOPS,
        [
            "0.05: step 1 at [-8.8419 0.7419], steps 399 and 400 at [ 0.0248 -0.025 ]",
            "0.1: step 1 at [-8.6838 0.5838], steps 399 and 400 at [-0.05 0.05] [ 0.05 -0.05]",
            "0.2: step 1 at [-8.3675 0.2675], steps 399 and 400 at [ 0.1 -0.1] [-0.1 0.1]",
        ],
    )


def test_one_surface_four_optimizers(solved):
    """D15, D16."""
    assert_shows(
        solved,
        FOUR,
        [
            "gradient descent straight: 229 steps turned: 229 steps",
            "momentum straight: 86 steps turned: 86 steps",
            "RMSProp straight: never turned: never",
            "Adam straight: 74 steps turned: 145 steps",
        ],
    )
    assert "image/png" in solved.kinds(FOUR)


def test_adams_first_step_is_as_long_as_the_rate(solutions):
    """D16."""
    for g in (4.0, 0.004):
        p, m, v = solutions.adam_step(1.0, g, 0.0, 0.0, 1, 0.1)
        assert (p, m, v) == pytest.approx((0.9, 0.1 * g, 0.001 * g * g))


def test_a_mini_batch_estimates_the_gradient(solved):
    """D17: a hundred times the examples, about a tenth of the error."""
    one, ten, hundred = (
        float(part.split()[0]) for part in solved.text(ESTIMATE).split("off by ")[1:]
    )
    assert one > ten > hundred
    assert 8 < one / hundred < 13


def test_batch_sizes_by_updates_by_passes_and_by_time(solved):
    """C20, D17; what the clock says is the reader's affair."""
    lines = solved.cell(BATCHES).outputs
    text = "".join(output.text for output in lines).splitlines()
    assert " ".join(text[0].split()) == "batch rate updates passes seconds ms per update"
    rows = [[float(number.replace(",", "")) for number in line.split()] for line in text[1:]]
    size, _, updates, passes, seconds, _ = np.transpose(rows)
    assert size.tolist() == [1, 10, 100, 1437]
    assert (updates == passes * [1437, 144, 15, 1]).all()
    assert passes.max() < 150  # each got below the goal
    assert (np.diff(updates) < 0).all()
    assert (np.diff(passes) > 0).all()
    assert (seconds > 0).all()


def test_learned_by_heart(solved):
    """D12: why there are regularisers."""
    assert_shows(solved, BY_HEART, ["epoch 11: 40 points 0.36", "epoch 2000: 40 points 0.000"])
    fresh = [float(part.split()[0]) for part in solved.text(BY_HEART).split("fresh ")[1:]]
    assert fresh[1] < 0.4
    assert fresh[3] > 3 * fresh[1]
    assert "image/png" in solved.kinds(BY_HEART)


def test_l1_and_l2(solved):
    """D12."""
    rows = {}
    for line in solved.lines(PENALTIES):
        name = line[:11].strip()
        right = [int(part.split("%")[0]) for part in line.split("(")[1:]]
        fresh = float(line.split("fresh ")[1].split()[0])
        small = int(line.split("; ")[1].split()[0])
        rows[name] = (*right, fresh, small)
    free, l2, l1 = rows["no penalty"], rows["L2"], rows["L1"]
    assert free[0] == 100 > max(l1[0], l2[0])
    assert free[1] < min(l1[1], l2[1])
    assert max(l1[2], l2[2]) < 0.35 * free[2]
    assert free[3] < l2[3] < l1[3]
    assert l1[3] > 400
    assert "image/png" in solved.kinds(PENALTIES)


def test_keras_modules_have_their_like(lesson):
    """D12: every name of the table that is nnkit's exists there."""
    text = section(lesson, "What Keras calls them")
    for name in ("MLP", "Momentum", "RMSProp", "Adam", "L1", "L2", "inverse_decay"):
        assert f"nn.{name}" in text
        assert hasattr(nn, name)
    assert nn.L2(0.02).penalty(np.array([[3.0]])) == pytest.approx(0.01 * 3.0**2)


def test_own_functions_train_as_nnkits(solved):
    assert_shows(solved, SAME, ["501 parameters, largest difference "])
    assert float(solved.text(SAME).split()[-1]) < 1e-12


def test_all_four_learn_the_digits(solved):
    right = [float(part.split()[-1]) for part in solved.text(DIGITS).split("% right")[:-1]]
    assert len(right) == 4
    assert min(right) > 90
    assert "image/png" in solved.kinds(DIGITS)


def test_the_slider_shows_what_the_text_says(solved):
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(SLIDER)
    assert solved.text(SLIDER) == "beta 0.9: after 60 steps 0.404 from the lowest point."
    betas = [0, 0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98, 0.995]
    assert f"betas = {betas}" in solved.cell(SLIDER).source
    places = {}
    for beta in betas:
        p, v, path = np.array([-9, 0.9]), np.zeros(2), []
        for _ in range(60):
            v = beta * v + np.array([1, 100]) * p
            p = p - 0.015 * v
            path.append(p)
        places[beta] = np.array(path)
    assert min(betas, key=lambda beta: np.linalg.norm(places[beta][-1])) == 0.8
    assert places[0][:, 0].max() < 0
    assert places[0.995][:, 0].max() > 8


def test_momentum_alone_gets_over_the_ridge_by_luck(solved):
    """D15, D16."""
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(RACE)
    assert solved.text(RACE).startswith("After 0 steps the cost is ")
    for start, over in [(1.3, set()), (1.7, {"momentum"}), (1.9, set())]:
        race = nn.widgets.Optimizers("two hollows", start1=start)
        assert {name for name, path in race.paths.items() if path[-1, 0] < 0} == over


def test_the_quiz_replies_to_every_answer(solved):
    assert_quiz(solved, right={1: "b", 2: "c", 3: "b", 4: "b"})


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------


def test_the_docstrings_examples(solutions):
    assert solutions.momentum_step(1, 2, 1, 0.1) == pytest.approx((0.71, 2.9))
    assert solutions.rmsprop_step(1, 2, 0, 0.1) == pytest.approx((0.684, 0.4), abs=5e-4)
    grads = [(np.array([[1.0]]), np.array([5.0]))]
    [(dW, db)] = solutions.l2_gradients(grads, [(np.array([[3.0]]), np.array([7.0]))], 0.1)
    assert (dW.item(), db.item()) == pytest.approx((1.3, 5.0))
    for name, count in [("momentum_step", 5), ("rmsprop_step", 6), ("adam_step", 9)]:
        assert len(inspect.signature(getattr(solutions, name)).parameters) == count


def test_typical_mistakes_show_as_the_box_says(lesson):
    """Each mistake is made on the example of its docstring."""
    m_hat, v_hat = 0.4 / (1 - 0.9**2), 0.016 / (1 - 0.999**2)
    seen = [
        ("keras-momentum", f"p is {1 - (0.9 * 1 + 0.1 * 2):.2f} and v is {0.9 + 0.1 * 2:.1f}"),
        ("mean-instead-of-sum", f"p is {1 - 0.1 * (0.9 * 1 + 0.1 * 2):.2f}"),
        ("stale-state", f"p is {1 - 0.1 * 1:.2f} and v is 2.9"),
        ("wrong-sign", f"p is {1 + 0.1 * 2.9:.2f}"),
        ("missing-learning-rate", f"p is {1 - 2.9:.2f}"),
        ("sum-instead-of-mean", f"p is {1 - 0.1 * 2 / np.sqrt(4):.3f}, s is 4.0"),
        ("missing-root", f"p is {1 - 0.1 * 2 / 0.4:.3f}"),
        ("missing-square", f"p is {1 - 0.1 * 2 / np.sqrt(0.1 * 2):.3f}"),
        ("stale-state", f"p is {round((1 - 0.1 * 2 / 1e-8) / 1e6)} million"),
        ("no-bias-correction", f"p is {1 - 0.1 * 0.4 / np.sqrt(0.016):.3f}"),
        ("wrong-time-step", f"p is {1 - 0.1 * m_hat / np.sqrt(v_hat):.3f}"),
        ("corrected-state", f"m is {0.4 / (1 - 0.9):.1f}"),
        ("wrong-factor", f"dW is {1 + 2 * 0.1 * 3:.2f}"),
        ("missing-derivative", f"dW is {1 + 0.5 * 0.1 * 3**2:.2f}"),
        ("wrong-norm", f"dW is {1 + 0.1 * np.sign(3):.2f}"),
        ("penalises-bias", f"db is {5 + 0.1 * 7:.2f}"),
    ]
    assert_box(lesson, seen)


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


@pytest.mark.parametrize("piece", [SLIDER, RACE, SHRINK, BY_HEART, PENALTIES, DIGITS])
def test_unfilled_it_still_draws(unfilled, piece):
    assert "image/png" in unfilled.kinds(piece)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {
        "momentum_step": 8,
        "rmsprop_step": 10,
        "adam_step": 12,
        "l2_gradients": 7,
    }
    assert lesson.questions == {"which-batch": 4}
