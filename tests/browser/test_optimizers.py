"""The race in JupyterLab and Notebook 7: moved by keys and by mouse, its numbers checked."""

import numpy as np
import pytest

import nnkit as nn


@pytest.fixture(scope="module")
def notebook(open_notebook):
    opened = open_notebook("optimizers", ["import nnkit as nn\nnn.widgets.Optimizers()"])
    opened.run_all()
    return opened


@pytest.fixture
def race(notebook):
    explorer = notebook.explorer(0)
    explorer.click("Reset")
    return explorer


def descended(rate, steps, start=(-9, 0.9)):
    """The valley's cost after gradient descent, in closed form."""
    p = np.array(start) * (1 - rate * np.array([1, 100])) ** steps
    return 0.5 * p**2 @ [1, 100]


def test_keys_change_a_rate_and_the_step(race):
    race.press("sgd", "ArrowLeft")  # the next on the scale: 0.015
    assert f"cost is {descended(0.015, 40):.4g} for gradient descent" in race.sentence
    assert f"Gradient descent {descended(0.015, 40):.3g}" in race.texts
    race.press("steps", "ArrowRight", times=3)
    race.press("step", "Enter")
    assert race.sentence.startswith(f"After 44 steps the cost is {descended(0.015, 44):.4g} ")


def test_the_mouse_drags_the_start(race):
    race.pull(".nnkit-handle", 60, 20)
    start = [float(race.control(name).input_value()) for name in ("start1", "start2")]
    assert start[0] > -8
    assert start[1] < 0.9
    assert f"cost is {descended(0.018, 40, start):.4g} for gradient descent" in race.sentence


def test_presets_are_surfaces(race):
    race.root.get_by_label("Preset").select_option("houses, ten at a time")
    race.settled()
    assert race.sentence == repr(nn.widgets.Optimizers("houses, ten at a time"))
    assert race.control("batch").input_value() == "1"  # the second of three
    race.press("batch", "ArrowDown")
    assert "40 times all houses" in race.sentence
    race.click("Reset")
    assert race.sentence == repr(nn.widgets.Optimizers())


def test_it_plays_until_it_is_paused(race):
    race.press("steps", "Home")
    race.control("play").click()
    race.page.wait_for_function(
        "(e) => Number(e.querySelector('[name=steps]').value) >= 3", arg=race.root.element_handle()
    )
    race.control("play").click()
    race.settled()
    steps = int(race.control("steps").input_value())
    said = repr(nn.widgets.Optimizers(steps=steps))
    assert race.sentence == said


def test_everybody_can_use_it_and_the_console_is_silent(notebook):
    assert notebook.barriers(".nnkit") == []
    assert notebook.complaints == []
