"""Forward and back: deck B's printed numbers, formulas that are true, and where the steps lead."""

import json
import math
import re
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from nnkit.widgets import ForwardBack
from nnkit.widgets.nets_by_hand import EXAMPLES, Part

PRINTED = [
    entry
    for entry in json.loads((Path(__file__).parent / "two_three_one.json").read_text())
    if entry["agrees"] and entry["quantity"] in ("value", "parameter", "error", "bpe")
]
PRESETS = list(ForwardBack.presets)
NETS = {ForwardBack.presets[name]["net"]: name for name in PRESETS}  # a preset for each net


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def results(explorer):
    """The numbers that are shown for the focus."""
    return {f["symbol"]: f["value"] for f in explorer.shown["picture"]["formulas"]}


# ---------------------------------------------------------------- the decks' numbers


@pytest.fixture(scope="module")
def deck_b():
    return ForwardBack("2-3-1")


def test_all_that_deck_b_prints_of_its_net_can_be_seen(deck_b):
    """At the update of epoch k: the values before it, the parameters after it, as the deck does."""
    assert len(PRINTED) == 202
    for entry in PRINTED:
        value = shown_by(deck_b, **entry)
        decimals = len(entry["printed"].partition(".")[2])
        assert f"{round(value, decimals) + 0:.{decimals}f}" == entry["printed"], entry


def shown_by(deck_b, quantity, of, epoch, row="1", **_):
    """Go to where a number of the deck is, and return it."""
    focus = of.removesuffix(" bias").replace(" to ", " → ")
    step = 5 if quantity in ("error", "bpe") else 6
    deck_b.set(row=row, epoch=epoch - 1, step=step, focus=focus)
    picture, part = deck_b.shown["picture"], deck_b.example.parts[focus]
    if quantity == "error":
        return results(deck_b)[f"error({focus})"]
    if quantity == "parameter":
        return next(iter(results(deck_b).values()))
    return picture["a" if quantity == "value" else "delta"][part.layer][part.j]


def test_one_row_pulls_one_way_and_all_ten_the_other(deck_b):
    """B11."""
    deck_b.set(row="1", epoch=0, step=6, focus="H1 → ON")
    new, alone = results(deck_b).values()
    assert (round(new, 3), round(alone, 3)) == (-0.496, -0.608)
    assert repr(deck_b).endswith("new w(H1→ON) = −0.4964, from observation 1 alone = −0.6082.")


def test_the_goal_is_reached_after_7491_updates(deck_b):
    deck_b.set(epoch=7490, step=3, focus="ON")
    assert deck_b.shown["picture"]["total"] >= 0.001
    deck_b.set(epoch=7491)
    assert deck_b.shown["picture"]["total"] < 0.001


def test_a_reconstructed_row_says_so(deck_b):
    deck_b.set(row="c")
    assert ", observation c (reconstructed). " in repr(deck_b)


def test_the_tiny_net_s_two_paths():
    """C14: Aδ from AC·Cδ + AD·Dδ, with the numbers of lesson 07."""
    tiny = ForwardBack("A, B, C, D")
    error, delta = tiny.shown["picture"]["formulas"]
    assert error["law"] == "AC·Cδ + AD·Dδ"
    assert error["filled"] == "1 · (−0.1177) − 0.4 · 0.1436"
    assert (round(error["value"], 4), round(delta["value"], 4)) == (-0.1751, -0.0433)
    tiny.set(step=6, focus="A → C")
    assert results(tiny)["new AC"] == pytest.approx(1 + 0.5498 * 0.1177, abs=1e-4)


def test_deck_a_s_formulas_along_the_chain():
    """A16, written out; no ½."""
    a = [0.5]
    for w, b in [(2, -0.5), (-2, 1), (1, 0.5)]:
        a.append(sigmoid(w * a[-1] + b))
    last = 2 * (a[3] - 0) * a[3] * (1 - a[3])
    one_back = last * 1 * a[2] * (1 - a[2])
    chain = ForwardBack("chain", step=7)
    for focus, symbol, value in [
        ("a₂ → a₃", "∂C/∂w₃", last * a[2]),
        ("a₁ → a₂", "∂C/∂w₂", one_back * a[1]),
        ("a₂", "δ₂", one_back),
        ("x → a₁", "∂C/∂w₁", one_back * -2 * a[1] * (1 - a[1]) * a[0]),
    ]:
        chain.set(focus=focus)
        assert results(chain)[symbol] == pytest.approx(value, rel=1e-12)


def test_back_costs_what_forward_costs():
    """C16: one product per weight, both ways; the first layer's weights are not needed back."""
    said = {}
    walk = ForwardBack("three hidden layers")
    for step in range(walk.example.last_step + 1):
        walk.set(step=step)
        if found := re.search(
            r"(forward|back): (.*), (\d+) products", walk.shown["picture"]["head"]
        ):
            said[found[1], found[2]] = int(found[3])
    forward = [2 * 3, 3 * 4, 4 * 3, 3 * 2]
    assert [n for (way, _), n in said.items() if way == "forward"] == forward
    assert [n for (way, _), n in said.items() if way == "back"] == forward[:0:-1]


# ---------------------------------------------------------------- every net, every part, every step


def worked_out(text):
    """Calculate what a filled-in formula says, from the digits that are shown."""
    plain = text.replace("−", "-").replace("·", "*").replace("½", "0.5*").replace("²", "**2")
    return eval(plain.replace("σ", "sigmoid"), {"sigmoid": sigmoid})


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("epoch", [0, 137])
def test_formulas_are_true(net, epoch):
    explorer = ForwardBack(NETS[net], epoch=epoch)
    seen = 0
    for step in range(explorer.example.last_step + 1):
        for focus in explorer.example.parts:
            explorer.set(step=step, focus=focus)
            for formula in explorer.shown["picture"]["formulas"]:
                if not formula["filled"]:
                    continue
                size = max(1, *(abs(float(n)) for n in re.findall(r"[\d.]+", formula["filled"])))
                assert worked_out(formula["filled"]) == pytest.approx(
                    formula["value"], rel=0.003, abs=0.0015 * size
                ), (step, focus, formula)
                seen += 1
    assert seen > 20


def cost_by_hand(example, theta):
    """Σ over the examples, from the flat parameters, in plain numpy."""
    a, start = example.X, 0
    for n_in, n_out in pairwise(example.sizes):
        W = theta[start : start + n_in * n_out].reshape(n_out, n_in)
        start += n_in * n_out
        a = 1 / (1 + np.exp(-(a @ W.T + theta[start : start + n_out])))
        start += n_out
    return np.sum((a - example.Y) ** 2) * (1 if example.loss.startswith("squared") else 0.5)


@pytest.mark.parametrize("net", NETS)
def test_updates_go_down_the_measured_slope(net):
    explorer = ForwardBack(NETS[net], step=EXAMPLES[net].last_step, epoch=0, row="1")
    example = explorer.example
    theta = np.concatenate([np.ravel(p) for W, b in example.params for p in (W, b)]).astype(float)
    slopes = [
        (cost_by_hand(example, theta + nudge) - cost_by_hand(example, theta - nudge)) / 2e-6
        for nudge in 1e-6 * np.eye(len(theta))
    ]
    picture = explorer.shown["picture"]
    new = [
        np.ravel(p) for W, b in zip(picture["W"][1:], picture["b"][1:], strict=True) for p in (W, b)
    ]
    np.testing.assert_allclose(
        np.concatenate(new), theta - example.rate * np.array(slopes), atol=1e-8
    )
    assert picture["total"] == pytest.approx(cost_by_hand(example, theta), rel=1e-12)
    costs = np.array(picture["curve"])
    assert costs[0, 1] == picture["total"]
    assert tuple(costs[-1]) == (example.epochs, pytest.approx(costs[:, 1].min()))


# ---------------------------------------------------------------- steps


def test_steps_lead_round_and_back_again():
    explorer = ForwardBack("2-3-1", step=0, focus="IN1")
    seen = []
    for _ in range(7):
        seen.append((explorer.state["step"], explorer.state["focus"]))
        explorer.do("forth")
    assert seen == [(0, "IN1"), (1, "H1"), (2, "ON"), (3, "ON"), (4, "ON"), (5, "H1"), (6, "H1")]
    assert (explorer.state["epoch"], explorer.state["step"]) == (1, 0)
    for _ in range(9):  # two more than there are: at the start it stays
        explorer.do("back")
    assert (explorer.state["epoch"], explorer.state["step"]) == (0, 0)
    assert explorer.shown["note"] == "This is the start: nothing is before it."


def test_what_is_looked_at_stays_if_the_step_concerns_it():
    explorer = ForwardBack("2-3-1", step=3, focus="H2 → ON")
    for step, focus in [(4, "H2 → ON"), (5, "H2 → ON"), (6, "H2 → ON"), (1, "H1"), (6, "H1")]:
        explorer.set(step=step)
        assert explorer.state["focus"] == focus
    explorer.set(step=1, focus="H3 → ON")
    assert explorer.state["focus"] == "H3 → ON"
    assert repr(explorer).endswith("H3 → ON: its turn comes in step 2.")


def test_nothing_is_shown_before_it_is_known():
    explorer = ForwardBack("three hidden layers")
    depth = explorer.example.depth
    for step in range(explorer.example.last_step + 1):
        explorer.set(step=step)
        picture = explorer.shown["picture"]
        assert len(picture["a"]) == min(step, depth) + 1
        assert len(picture["delta"]) == min(max(0, step - depth - 1), depth)
        assert all(layer > depth - len(picture["delta"]) for layer in picture["delta"])


def test_training_on_goes_to_the_last_epoch_and_starts_again():
    explorer = ForwardBack("chain", epoch=980)
    explorer.do("train")
    assert explorer.state["epoch"] == 1000
    explorer.set(step=8)
    explorer.do("forth")
    note = "This is the end: all 1,000 updates are made. “Train on” starts again."
    assert explorer.shown["note"] == note
    assert (explorer.state["epoch"], explorer.state["step"]) == (1000, 8)
    explorer.do("train")
    assert explorer.state["epoch"] == 0
    assert explorer.shown["note"] == ""


def test_a_part_that_is_not_there():
    with pytest.raises(ValueError, match="expected focus to be one of 'x', 'x → a₁', "):
        ForwardBack("chain", focus="H1")


def test_parts_are_met_on_the_way_forward():
    parts = EXAMPLES["A-B-C-D"].parts
    assert list(parts)[:7] == ["X", "Y", "X → A", "X → B", "Y → A", "Y → B", "A"]
    assert parts["A → D"] == Part(2, 1, 0)


@pytest.mark.parametrize("preset", PRESETS)
def test_stills_show_the_same_numbers(preset):
    explorer = ForwardBack(preset)
    ax = explorer.still()
    texts = [text.get_text() for text in ax.texts]
    focus, picture = explorer.state["focus"], explorer.shown["picture"]
    name = explorer.example.names[-1][-1]
    assert any(text.startswith(name) for text in texts)
    if len(picture["a"]) > explorer.example.depth:
        a = f"{picture['a'][-1][-1]:.3g}".replace("-", "−")
        assert f"{name}\n{a}" in texts
    assert ax.get_title() == picture["head"]
    assert focus in explorer.example.parts
    plt.close(ax.figure)
