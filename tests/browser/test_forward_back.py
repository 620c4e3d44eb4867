"""Forward and back in JupyterLab and Notebook 7: keys on the net and on the controls, mouse on both."""

import numpy as np
import pytest

import nnkit as nn

CELLS = [
    "import nnkit as nn\nnn.widgets.ForwardBack()",
    "tiny = nn.widgets.ForwardBack('A, B, C, D', step=4, focus='A → C')\ntiny",
    "nn.widgets.ForwardBack('chain', predict='What comes first?')",
]


@pytest.fixture(scope="module")
def notebook(open_notebook):
    opened = open_notebook("forward-back", CELLS)
    opened.run_all()
    return opened


@pytest.fixture
def deck_b(notebook):
    explorer = notebook.explorer(0)
    explorer.click("Reset")
    return explorer


def part(explorer, name):
    """A neuron or a weight in the picture."""
    return explorer.root.locator(f"[role=button][aria-label^='{name}']")


def formulas(explorer):
    return explorer.root.locator(".nnkit-stage > div > div").first.inner_text()


def numpy_pass(X, y):
    """Deck B's first forward and backward pass, by its formulas."""
    sigmoid = nn.activations.sigmoid
    h = sigmoid(X @ np.array([[-0.2, 0.4, -1.0], [-0.4, -0.7, -0.8]]) + [0.1, -0.2, 0.4])
    out = sigmoid(h @ np.array([-0.6, -0.6, -0.3]) - 0.6)
    delta = (out - y) * out * (1 - out)
    return h, out, delta, delta * np.array([-0.6, -0.6, -0.3]) * h * (1 - h)


def test_the_step_button_goes_forward_and_back(deck_b):
    h, out, delta, hidden = numpy_pass(np.array([-0.97, -0.80]), 0)
    assert "z(H1) = 0.614, H1 = 0.6489." in deck_b.sentence
    assert {"−0.97", f"{h[0]:.3g}", f"{h[2]:.3g}", "b 0.1", "y = 0"} <= set(deck_b.texts)
    assert f"BPE {delta:.3g}" not in deck_b.texts
    for _ in range(3):
        deck_b.press("forth", "Enter")
    assert f"ON = {out:.4g}" not in deck_b.sentence
    assert f"BPE(ON) = {delta:.4g}." in deck_b.sentence
    deck_b.press("forth", "Enter")
    assert f"BPE {hidden[0]:.3g}".replace("-", "−") in deck_b.texts
    assert "← Step 5 of 6, back: hidden layer, 3 products with weights" in formulas(deck_b)
    assert "= −0.6 · 0.0253 = −0.01518" in formulas(deck_b)


def test_the_target_is_that_of_the_observation(deck_b):
    deck_b.control("row").select_option(label="9")
    deck_b.settled()
    assert "y = 1" in deck_b.texts
    deck_b.click("Reset")
    assert "y = 0" in deck_b.texts


def test_the_step_slider_and_the_update(deck_b):
    deck_b.press("step", "End")
    assert "b → 0.0614" in deck_b.texts
    assert {"−0.496", "−0.506", "−0.233"} <= set(deck_b.texts)
    deck_b.press("forth", "Enter")
    assert deck_b.sentence.startswith("Deck B's net after 1 update, observation 1. Step 0 of 6")
    deck_b.press("back", "Enter")
    assert deck_b.control("step").input_value() == "6"


def test_the_mouse_points_at_a_weight_and_at_a_neuron(deck_b):
    x, y = part(deck_b, "H2 → ON").evaluate(
        """(group) => {
            const line = group.querySelector("line"), at = (n) => Number(line.getAttribute(n));
            const p = new DOMPoint(0.6 * at("x1") + 0.4 * at("x2"), 0.6 * at("y1") + 0.4 * at("y2"));
            const there = p.matrixTransform(line.getScreenCTM());
            return [there.x, there.y];
        }"""
    )
    deck_b.page.mouse.move(x, y)
    deck_b.settled()
    assert "H2 → ON: its turn comes in step 2." in deck_b.sentence
    deck_b.press("step", "End")
    part(deck_b, "H3:").hover()
    deck_b.settled()
    assert deck_b.control("focus").evaluate("e => e.selectedOptions[0].text") == "H3"
    assert "new b(H3) = 0.3862" in deck_b.sentence


def test_the_keyboard_walks_through_the_net(deck_b):
    part(deck_b, "H1:").focus()
    for key, focus in [
        ("ArrowRight", "H1 → ON"),
        ("ArrowDown", "H2 → ON"),
        ("ArrowRight", "ON"),
        ("ArrowLeft", "H1 → ON"),
        ("ArrowLeft", "H1"),
        ("ArrowLeft", "IN1 → H1"),
    ]:
        deck_b.page.keyboard.press(key)
        deck_b.settled()
        chosen = deck_b.control("focus").evaluate("e => e.selectedOptions[0].text")
        assert chosen == focus
    assert "share of z(H1) = 0.194." in deck_b.sentence


def test_all_epochs_can_be_gone_through(deck_b):
    deck_b.press("step", "ArrowRight", times=2)
    deck_b.press("epoch", "End")
    assert "after 8,000 updates" in deck_b.sentence
    assert "cost of all 10 = 0.000918." in deck_b.sentence
    deck_b.press("epoch", "ArrowLeft")
    assert "after 7,999 updates" in deck_b.sentence
    deck_b.pull(".nnkit-handle", -60, 0)  # on the curve of the cost
    epoch = int(deck_b.control("epoch").input_value())
    assert 100 < epoch < 5000
    assert f"after {epoch:,} updates" in deck_b.sentence


def test_the_last_step_of_all_says_so(deck_b):
    deck_b.press("epoch", "End")
    deck_b.press("step", "End")
    before = deck_b.sentence
    deck_b.press("forth", "Enter")
    note = deck_b.root.locator(".nnkit-note")
    assert note.inner_text().startswith("This is the end: all 8,000 updates are made.")
    assert not deck_b.root.locator(".nnkit-error").is_visible()
    assert deck_b.sentence == before
    deck_b.press("back", "Enter")
    assert not note.is_visible()


def test_what_was_pointed_at_before_the_prediction_is_not_dead(notebook):
    chain = notebook.explorer(2)
    part(chain, "a₂:").hover()
    chain.settled()
    assert chain.control("focus").evaluate("e => e.selectedOptions[0].text") == "a₂ → a₃"
    chain.predict("the input")
    box = part(chain, "a₂:").bounding_box()
    chain.page.mouse.move(box["x"] + box["width"] / 2 + 5, box["y"] + box["height"] / 2 + 3)
    chain.settled()
    assert chain.control("focus").evaluate("e => e.selectedOptions[0].text") == "a₂"


def test_training_on(deck_b):
    play = deck_b.control("train")
    play.click()
    deck_b.page.wait_for_function(
        "(input) => Number(input.value) > 20", arg=deck_b.control("epoch").element_handle()
    )
    play.click()
    deck_b.settled()
    assert play.get_attribute("aria-pressed") == "false"
    assert "Step 3 of 6, the cost." in deck_b.sentence


def test_another_net_and_the_copied_code(notebook, deck_b):
    tiny, before = notebook.explorer(1), deck_b.sentence
    assert "∂C/∂AC = −0.06471." in tiny.sentence
    tiny.root.get_by_label("Preset").select_option("chain")
    tiny.settled()
    assert "∂C/∂w₃ = 0.1276." in tiny.sentence
    tiny.click("Reset")
    assert "∂C/∂AC = −0.06471." in tiny.sentence
    assert deck_b.sentence == before
    assert notebook.barriers(".nnkit") == []


def test_the_console_is_silent(notebook):
    assert notebook.complaints == []
