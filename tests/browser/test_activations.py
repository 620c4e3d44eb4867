"""Activations in JupyterLab and Notebook 7: dragged, moved by keys, chosen by mouse; numbers checked."""

import pytest

import nnkit as nn

CELLS = ["import nnkit as nn\nnn.widgets.Activations()"]


@pytest.fixture(scope="module")
def notebook(open_notebook):
    opened = open_notebook("activations", CELLS)
    opened.run_all()
    return opened


@pytest.fixture
def sigmoid(notebook):
    explorer = notebook.explorer(0)
    explorer.click("Reset")
    return explorer


def value(explorer, name):
    return float(explorer.control(name).input_value())


def assert_says(explorer, **values):
    """The page says what Python says of these values."""
    assert explorer.sentence == repr(nn.widgets.Activations(**values))


def test_keys_move_the_bias(sigmoid):
    sigmoid.press("bias", "ArrowLeft", times=10)
    assert "f′(z) = 0.105: 10.5 % of a push gets through." in sigmoid.sentence
    assert "for x below −1.89 and above 3.89" in sigmoid.sentence


def test_the_mouse_drags_bias_weight_and_x(sigmoid):
    sigmoid.pull(".nnkit-handle >> nth=0", 60, 0)  # z = 0
    bias = value(sigmoid, "bias")
    assert -3 < bias < -1
    assert_says(sigmoid, bias=bias)
    sigmoid.pull(".nnkit-handle >> nth=1", -30, 0)  # z = 2: steeper, z = 0 stays
    weight = value(sigmoid, "weight")
    assert 1.5 < weight < 3
    assert value(sigmoid, "bias") / weight == pytest.approx(bias, abs=0.1)
    sigmoid.pull(".nnkit-handle >> nth=2", -60, 0)
    x = value(sigmoid, "x")
    assert 0 < x < 2
    assert_says(sigmoid, weight=weight, bias=value(sigmoid, "bias"), x=x)


def test_a_click_in_the_chart_chooses(sigmoid):
    sigmoid.root.locator("svg text", has_text="shifted relu").click()
    sigmoid.settled()
    assert_says(sigmoid, activation="shifted_relu")
    sigmoid.press("shift", "ArrowLeft", times=4)
    assert_says(sigmoid, activation="shifted_relu", shift=-2)
    assert "exactly 0 for x below −2" in sigmoid.sentence


def test_the_shaded_part_follows_the_limit(sigmoid):
    shade = sigmoid.root.locator("path[fill^=url]").first
    assert shade.get_attribute("d").count("M") == 2  # both ends
    sigmoid.press("limit", "End")
    assert "within 0.3 of 0 everywhere" in sigmoid.sentence
    assert shade.get_attribute("d").count("M") == 1


def test_every_preset_leaves_nothing_of_the_one_before(sigmoid):
    for name in ("the whole gallery", "ELU", "a dead ReLU", "maxout"):
        sigmoid.root.get_by_label("Preset").select_option(name)
        sigmoid.settled()
        assert sigmoid.sentence == repr(nn.widgets.Activations(name))
        assert not sigmoid.root.locator(".nnkit-error").is_visible()


def test_everybody_can_use_it(notebook):
    assert notebook.barriers(".nnkit") == []


def test_the_console_is_silent(notebook):
    assert notebook.complaints == []
