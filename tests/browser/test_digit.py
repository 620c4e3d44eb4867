"""The digit explorer in JupyterLab and Notebook 7: drawn with mouse, finger and keys; fooled."""

import pytest

import nnkit as nn
from nnkit.widgets import Digit

CELLS = [
    "import nnkit as nn\ndigit = nn.widgets.Digit()\ndigit",
    "paper = nn.widgets.Digit('draw your own', predict='What does it say to an empty paper?')\npaper",
    "print(paper.prediction, '|', digit.state['strokes'])",
]
DIGITS = nn.digits()


@pytest.fixture(scope="module")
def notebook(open_notebook):
    opened = open_notebook("digit", CELLS)
    opened.run_all()
    return opened


@pytest.fixture
def digit(notebook):
    explorer = notebook.explorer(0)
    explorer.click("Reset")
    return explorer


def pad_of(explorer):
    """Return the pad, in view, and where a place of the picture, in its pixels, is on the page."""
    pad = explorer.root.locator(".nnkit-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    return pad, lambda x, y: (box["x"] + x / 28 * box["width"], box["y"] + y / 28 * box["height"])


def same_state(notebook, explorer):
    """Make the explorer again, from the line that it gives away."""
    explorer.click("Copy as code")
    return eval(explorer.root.locator(".nnkit-note").inner_text(), {"nn": nn})


def test_a_test_picture_and_a_neuron_are_picked_by_keys(digit):
    digit.press("number", "ArrowRight", times=2)
    digit.press("neuron", "End")
    made = Digit(number=5, neuron=42)
    assert digit.sentence == repr(made)
    assert f"a {DIGITS.y_test[5]}: " in digit.sentence
    picture = made.shown["picture"]
    answer = f"{picture['activations'][2][picture['answer']]:.2f}"
    assert any(text.startswith(answer) and text.endswith("◀") for text in digit.texts)
    assert f"a = {picture['a']:.3g}".replace("-", "−") in digit.texts


def test_a_neuron_is_picked_in_the_picture(digit):
    digit.root.get_by_role("button", name="layer 1, neuron 12, a =").click()
    digit.settled()
    assert digit.control("neuron").input_value() == "12"
    assert digit.sentence == repr(Digit(neuron=12))
    digit.root.locator("svg g:has(> title:text('output 8: '))").click()
    digit.settled()
    assert digit.control("neuron").input_value() == "41"
    assert "Output 8: w·a = " in digit.sentence


def test_it_is_nudged_until_it_errs(digit):
    digit.press("weights", "End")
    digit.press("weights", "ArrowUp", times=2)  # the large start
    digit.press("epsilon", "ArrowRight", times=3)
    assert "the net says 4" in digit.sentence
    digit.click("Nudge until it says so")
    assert digit.control("epsilon").input_value() == "0.04"
    assert digit.sentence == repr(Digit("fooled", epsilon=0.04))
    digit.drag("epsilon", 0.5)
    epsilon = float(digit.control("epsilon").input_value())
    assert 0.13 < epsilon < 0.17
    assert digit.sentence == repr(Digit("fooled", epsilon=epsilon))
    change = digit.root.get_by_role("img", name="Which pixels were moved")
    assert change.evaluate("c => c.getContext('2d').getImageData(14, 14, 1, 1).data[3]") == 255


def test_a_digit_is_drawn_with_the_mouse(notebook, digit):
    digit.click("Clear")
    assert digit.sentence.startswith("Empty paper")
    _, place = pad_of(digit)
    mouse = digit.page.mouse
    mouse.move(*place(8, 8))
    mouse.down()
    mouse.move(*place(19, 8), steps=5)
    mouse.move(*place(13, 21), steps=5)
    mouse.up()
    digit.settled()
    assert digit.sentence.startswith("Your drawing: the net says 7")
    made = same_state(notebook, digit)
    assert repr(made) == digit.sentence
    (stroke,) = made.state["strokes"]
    assert stroke[0] == 1
    assert stroke[1:3] == pytest.approx([8, 8], abs=0.2)
    assert stroke[-2:] == pytest.approx([13, 21], abs=0.2)
    white = "c => c.getContext('2d').getImageData(135, 85, 1, 1).data[0]"
    assert digit.root.locator(".nnkit-pad").evaluate(white) == 255
    digit.click("Undo stroke")
    assert digit.sentence.startswith("Empty paper")


def test_the_right_button_draws_nothing(digit):
    digit.click("Clear")
    digit.root.locator(".nnkit-pad").click(button="right")
    digit.page.keyboard.press("Escape")  # a menu
    digit.settled()
    assert digit.sentence.startswith("Empty paper")


def test_the_keys_draw_and_a_finger_erases(notebook, digit):
    digit.click("Clear")
    pad, _ = pad_of(digit)
    pad.focus()
    for key in ["ArrowUp"] * 4 + ["Space"] + ["ArrowDown"] * 3 + ["Space", "ArrowDown"]:
        digit.page.keyboard.press(key)
    digit.settled()
    made = same_state(notebook, digit)
    assert made.state["strokes"] == [[1, 13.5, 9.5, 13.5, 10.5, 13.5, 11.5, 13.5, 12.5]]
    assert repr(made) == digit.sentence
    digit.press("erase", "Space")
    _, place = pad_of(digit)
    digit.page.touchscreen.tap(*place(13.5, 9.5))
    digit.settled()
    erased = same_state(notebook, digit).state["strokes"][1]
    assert erased[0] == 0
    assert erased[1:] == pytest.approx([13.5, 9.5], abs=0.2)


def test_predict_first_locks_the_pad_too(notebook, digit):
    paper = notebook.explorer(1)
    _, place = pad_of(paper)
    if paper.root.get_by_label("Your prediction").is_visible():
        paper.page.mouse.click(*place(14, 14))
        assert paper.sentence.startswith("Empty paper")
        paper.root.get_by_label("Your prediction").fill("nothing")
        paper.page.keyboard.press("Enter")
    _, place = pad_of(paper)
    paper.page.mouse.click(*place(14, 14))
    paper.settled()
    assert paper.sentence.startswith("Your drawing")
    assert digit.sentence == repr(Digit())
    assert notebook.run_cell(notebook.cells.nth(2)) == "nothing | []"


def test_everybody_can_use_it(notebook):
    assert notebook.barriers(".nnkit") == []


def test_the_console_is_silent(notebook):
    assert notebook.complaints == []
