"""The learning rate in JupyterLab and Notebook 7: moved by keys and by mouse, its numbers checked."""

import pytest

import nnkit as nn

POINTS = nn.three_points()


@pytest.fixture(scope="module")
def notebook(open_notebook):
    cell = "import nnkit as nn\nnn.widgets.LearningRate(predict='Where does it end?')"
    opened = open_notebook("rates", [cell])
    opened.run_all()
    explorer = opened.explorer(0)
    assert explorer.control("rate").is_disabled()
    explorer.root.get_by_label("Your prediction").fill("near 1")
    opened.page.keyboard.press("Enter")
    return opened


@pytest.fixture
def rates(notebook):
    explorer = notebook.explorer(0)
    explorer.click("Reset")
    return explorer


def cost(rate, steps, start=0.0):
    """The line's cost after gradient descent on the intercept, slope 0.64."""
    x, y, b = POINTS.X[:, 0], POINTS.y, start
    for _ in range(steps):
        b += rate * 2 * (y - b - 0.64 * x).sum()
    return ((y - b - 0.64 * x) ** 2).sum()


def test_keys_change_the_rate_and_the_steps(rates):
    rates.press("rate", "ArrowRight", times=2)
    assert rates.control("rate").get_attribute("aria-valuetext") == "0.12"
    assert rates.sentence.startswith("Learning rate 0.12, 12 steps: intercept 0, 0.68448, ")
    rates.press("steps", "Home")
    rates.press("step", "Enter")
    assert f"Cost {cost(0.12, 1):.4g}; " in rates.sentence
    assert "rate 0.12" in rates.texts


def test_the_mouse_drags_the_rate_beyond_the_limit(rates):
    rates.pull(".nnkit-handle >> nth=1", 190, 0)
    rate = float(rates.control("rate").get_attribute("aria-valuetext"))
    assert rate > 1 / 3
    assert "It diverges, as every rate above 0.3333 does." in rates.sentence
    assert f"rate {rate:g}" in rates.texts


def test_a_click_chooses_a_rate(rates):
    ground = rates.root.locator(".nnkit-stage svg").nth(2).locator("rect[fill=transparent]")
    box = ground.bounding_box()
    ground.click(position={"x": box["width"] * 0.3, "y": 10})
    rates.settled()
    assert rates.sentence.startswith("Learning rate 0.3, ")
    assert f"Cost {cost(0.3, 12):.4g}; " in rates.sentence


def test_the_others_can_be_left_out(rates):
    everybody = rates.root.locator(".nnkit-stage svg").nth(2)
    assert everybody.is_visible()
    rates.press("all", "Space")
    assert not everybody.is_visible()
    assert not rates.root.get_by_text("faint: others").is_visible()


def test_the_mouse_drags_the_start(rates):
    rates.pull(".nnkit-handle >> nth=0", 60, 0)
    start = float(rates.control("start1").input_value())
    assert start > 0.5
    assert f"intercept {start:g}, " in rates.sentence


def test_presets(rates):
    for preset in ("two parameters", "deck B's net", "one weight, two valleys"):
        rates.root.get_by_label("Preset").select_option(preset)
        rates.settled()
        assert rates.sentence == repr(nn.widgets.LearningRate(preset))
        shown = rates.root.locator(".nnkit-stage svg").nth(0).is_visible()
        assert shown == (preset != "deck B's net")


def test_everybody_can_use_it_and_the_console_is_silent(notebook):
    assert notebook.barriers(".nnkit") == []
    assert notebook.complaints == []
