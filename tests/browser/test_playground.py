"""The playground in JupyterLab and Notebook 7: trained, looked into, drawn on."""

import numpy as np
import pytest

import nnkit as nn

CELLS = [
    "import nnkit as nn\nnn.widgets.Playground()",
    "drawn = nn.widgets.Playground(data='only drawn', layers=1, hide=['noise', 'n', 'copy'])\ndrawn",
    "nn.widgets.Playground('moons', data='only drawn', predict='How many will there be?')",
    "nn.widgets.Playground('moons', hide=['pen'])",
]


@pytest.fixture(scope="module")
def notebook(open_notebook):
    opened = open_notebook("playground", CELLS)
    opened.run_all()
    return opened


@pytest.fixture
def moons(notebook):
    explorer = notebook.explorer(0)
    explorer.click("Reset")
    return explorer


@pytest.fixture
def drawn(notebook):
    explorer = notebook.explorer(1)
    explorer.click("Reset")
    return explorer


def neuron(explorer, name):
    return explorer.root.locator(f"[data-look='{name}']")


def pixel(explorer, selector):
    """The colour in the middle of a map."""
    return explorer.root.locator(selector).first.evaluate(
        """(c) => [...c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data]"""
    )[:3]


def test_steps_are_epochs_of_fit(moons):
    data = nn.moons(200)
    net = nn.MLP([2, 4, 3, 1], "tanh", loss="binary_cross_entropy", seed=0, dtype="float64")
    optimizer = nn.Adam(0.03)
    for epoch in range(3):
        net.fit(data.X, data.Y, 1, 16, optimizer=optimizer, seed=epoch)
    moons.press("step", "Enter", times=3)
    loss, accuracy = net.evaluate(data.X, data.Y)
    assert f"after 3 epochs: loss {loss:.4g}, {100 * accuracy:.4g} % of 200" in moons.sentence
    assert "training" in moons.texts
    moons.press("again", "Enter")
    assert "after 0 epochs" in moons.sentence


def test_play_and_pause(moons):
    play = moons.control("play")
    play.click()
    moons.page.wait_for_function(
        "(e) => Number(e.textContent.match(/after ([\\d,]+) epoch/)[1]) > 12",
        arg=moons.root.locator(".nnkit-sentence").element_handle(),
    )
    play.click()
    moons.settled()
    before = moons.sentence
    moons.page.wait_for_timeout(200)
    assert moons.sentence == before
    assert play.get_attribute("aria-pressed") == "false"


def test_the_maps_have_python_s_colours(moons):
    moons.press("step", "Enter", times=2)
    made = nn.widgets.Playground(epoch=2)
    picture = made.shown["picture"]
    colour = picture["colours"][picture["large"].reshape(79, 79)[39, 39]]
    np.testing.assert_allclose(pixel(moons, ".nnkit-map"), colour, atol=6)


def test_a_neuron_is_looked_at_with_mouse_and_keys(moons):
    neuron(moons, "1.2").click()
    moons.settled()
    made = nn.widgets.Playground(look="1.2")
    assert moons.sentence == repr(made)
    assert neuron(moons, "1.2").get_attribute("aria-checked") == "true"
    for key, name in [("ArrowDown", "1.3"), ("ArrowRight", "2.3"), ("ArrowRight", "output")]:
        moons.page.keyboard.press(key)
        moons.settled()
        assert neuron(moons, name).get_attribute("aria-checked") == "true"
        assert moons.page.evaluate("document.activeElement.dataset.look") == name
    neuron(moons, "2.3").click()
    moons.press("neurons2", "ArrowLeft")
    assert neuron(moons, "2.3").count() == 0
    assert moons.sentence.endswith("The large map: the output.")


def test_points_are_drawn_with_mouse_and_keys(drawn):
    assert drawn.sentence.endswith("no points yet. A click in the large map draws one.")
    drawn.pull(".nnkit-ground", 60, 0)  # a stroke: more than one point
    first = count(drawn)
    assert 2 <= first <= 7
    drawn.press("pen", "ArrowDown")
    pencil = drawn.root.locator(".nnkit-pencil")
    pencil.focus()
    for key in ["ArrowUp", "ArrowUp", "ArrowLeft", "Enter"]:
        drawn.page.keyboard.press(key)
    drawn.settled()
    assert count(drawn) == first + 1
    assert pencil.get_attribute("aria-label").startswith("Pen at −0.2, 0.4.")
    drawn.press("step", "Enter")
    assert f"of {first + 1} training points right" in drawn.sentence
    drawn.press("pen", "ArrowDown")
    pencil.focus()
    drawn.page.keyboard.press("Enter")
    drawn.settled()
    assert count(drawn) == first
    drawn.press("clear", "Enter")
    assert drawn.sentence.endswith("no points yet. A click in the large map draws one.")


def count(drawn):
    """How many marks there are in the large map."""
    return drawn.root.locator(".nnkit-ground").evaluate(
        """(ground) => [...ground.parentNode.querySelectorAll('path')]
            .reduce((sum, path) => sum + (path.getAttribute('d') ?? '').split('M').length - 1, 0)"""
    )


def test_the_right_button_draws_nothing(drawn):
    drawn.root.locator(".nnkit-ground").click(button="right")
    drawn.page.keyboard.press("Escape")  # a menu
    drawn.settled()
    assert count(drawn) == 0


def test_no_point_waits_for_the_prediction(notebook):
    asked = notebook.explorer(2)
    ground = asked.root.locator(".nnkit-ground")
    if asked.root.get_by_label("Your prediction").is_visible():
        ground.click(position={"x": 60, "y": 60})
        ground.click(position={"x": 90, "y": 200})
        asked.predict("one")
    asked.click("Reset")
    ground.click()
    asked.settled()
    assert count(asked) == 1


def test_without_a_pen_nothing_is_drawn(notebook):
    penless = notebook.explorer(3)
    assert penless.root.locator(".nnkit-ground, .nnkit-pencil").count() == 0
    box = penless.root.locator(".nnkit-map").bounding_box()
    penless.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    penless.settled()
    assert penless.sentence == repr(nn.widgets.Playground("moons"))


def test_points_with_less_noise(moons):
    moons.press("noise", "End")
    data = moons.control("data")
    data.select_option("circles")
    moons.settled()
    assert moons.control("noise").input_value() == "0.3"
    assert moons.sentence == repr(nn.widgets.Playground(data="circles", noise=0.3))
    assert not moons.root.locator(".nnkit-error").is_visible()


def test_the_classes_differ_in_brightness_too(moons):
    moons.press("test", "Space")
    fills = moons.root.locator(".nnkit-ground").evaluate(
        """(ground) => [...ground.parentNode.querySelectorAll('path')].map((path) =>
            [...['fill', 'stroke', 'paint-order'].map((name) => path.getAttribute(name)),
             path.getAttribute('d').includes('a')])"""
    )
    assert fills == [
        ["white", "black", "stroke", True],  # circles, whose rims hide none
        ["black", "white", "stroke", False],  # triangles
        *[["none", stroke, None, True] for stroke in ("black", "white")],  # test points
        *[["none", stroke, None, False] for stroke in ("white", "black")],
    ]


def test_play_without_points_says_so(drawn):
    drawn.press("play", "Enter")
    note = drawn.root.locator(".nnkit-note").inner_text()
    assert note == "There are no points to learn from yet. A click in the large map draws one."
    assert not drawn.root.locator(".nnkit-error").is_visible()
    assert drawn.control("play").get_attribute("aria-pressed") == "false"
    assert not drawn.root.get_by_role("button", name="Copy as code").is_visible()


def test_a_preset_and_its_code(moons):
    moons.root.get_by_label("Preset").select_option("house prices")
    moons.settled()
    moons.press("step", "Enter")
    made = nn.widgets.Playground("house prices", epoch=1)
    assert moons.sentence == repr(made)
    assert {"postal code", "wealth", "size"} <= set(moons.texts)
    moons.click("Copy as code")
    note = moons.root.locator(".nnkit-note").inner_text()
    assert repr(eval(note, {"nn": nn})) == repr(made)


def test_nobody_is_shut_out_and_the_console_is_silent(notebook):
    assert notebook.barriers(".nnkit") == []
    assert notebook.complaints == []
