"""Softmax in JupyterLab and Notebook 7: bars dragged and moved by keys, the numbers nnkit's."""

import numpy as np
import pytest

import nnkit as nn

CELLS = ["import nnkit as nn\nnn.widgets.Softmax()"]


@pytest.fixture(scope="module")
def notebook(open_notebook):
    opened = open_notebook("softmax", CELLS)
    opened.run_all()
    return opened


@pytest.fixture
def softmax(notebook):
    explorer = notebook.explorer(0)
    explorer.click("Reset")
    return explorer


def bar(softmax, number):
    return softmax.root.get_by_role("slider", name=f"Score of class {number}")


def assert_shows(softmax, scores):
    """The page shows nnkit's probabilities of these scores."""
    p = nn.activations.softmax(np.array([scores], dtype=float))[0]
    assert f" become {', '.join(f'{value:.2f}' for value in p)}." in softmax.sentence
    rows = softmax.root.locator("table tr").all_inner_texts()[1:-1]
    assert [row.split("\t")[-1] for row in rows] == [f"{value:.4f}" for value in p]


def test_keys_move_a_score(softmax):
    assert_shows(softmax, [1.8, 0.9, 0.68])
    bar(softmax, 1).focus()
    for key in ["ArrowUp"] * 5 + ["PageUp", "ArrowLeft"]:  # faster than Python answers
        softmax.page.keyboard.press(key)
    softmax.settled()
    assert bar(softmax, 1).get_attribute("aria-valuetext") == "2.3"
    assert_shows(softmax, [1.8, 2.3, 0.68])
    assert "Class 1 leads by 0.5" in softmax.sentence


def test_the_mouse_drags_a_score(softmax):
    softmax.pull("[role=slider] >> nth=2 >> .nnkit-handle", 0, 60)
    score = float(bar(softmax, 2).get_attribute("aria-valuenow"))
    assert -4 < score < -1
    assert score == round(score, 1)
    assert_shows(softmax, [1.8, 0.9, score])


def test_the_temperature_makes_it_sure(softmax):
    softmax.press("temperature", "Home")
    assert " at temperature 0.05 become 1.00, 0.00, 0.00." in softmax.sentence
    softmax.drag("temperature", 1)
    assert " at temperature 5 become 0.38, 0.32, 0.30." in softmax.sentence
    assert {"0.38", "0.32", "0.30"} <= set(softmax.texts)


def test_a_tie_and_another_class(softmax):
    softmax.click("Make a tie")
    assert "Classes 0 and 1 tie" in softmax.sentence
    assert sum(text.endswith(" tie") for text in softmax.texts) == 2
    softmax.click("One class more")
    assert_shows(softmax, [1.8, 1.8, 0.68, 0])


def test_the_seventh_class_is_declined(softmax):
    note = softmax.root.locator(".nnkit-note")
    for _ in range(3):
        softmax.click("One class more")
        assert not note.is_visible()
    softmax.click("One class more")
    assert note.inner_text() == "6 classes are the most that can be shown."
    assert_shows(softmax, [1.8, 0.9, 0.68, 0, 0, 0])
    assert not softmax.root.locator(".nnkit-error").is_visible()


def test_the_right_button_drags_nothing(softmax):
    grip = softmax.root.locator("[role=slider] >> nth=2 >> .nnkit-handle")
    box, mouse = grip.bounding_box(), softmax.page.mouse
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down(button="right")
    mouse.move(x, y + 60, steps=5)
    mouse.up(button="right")
    softmax.page.keyboard.press("Escape")  # a menu
    softmax.settled()
    assert_shows(softmax, [1.8, 0.9, 0.68])


def test_what_is_added_to_all_changes_nothing_but_the_plain_formula(softmax):
    softmax.press("shift", "End")
    assert_shows(softmax, [1.8, 0.9, 0.68])
    assert "e^1001.8 is too large" in softmax.sentence
    assert "1001.8" in softmax.texts


def test_a_preset_leaves_nothing_of_the_one_before(softmax):
    for name in ("too large for e^z", "a negative score", "network A"):
        softmax.root.get_by_label("Preset").select_option(name)
        softmax.settled()
        assert softmax.sentence == repr(nn.widgets.Softmax(name))


def test_everybody_can_use_it(notebook):
    assert notebook.barriers(".nnkit") == []


def test_the_console_is_silent(notebook):
    assert notebook.complaints == []
