"""Every public explorer, whatever it shows: it opens, answers keys, fits, shuts nobody out."""

import pytest

from nnkit.widgets import Button, Choice, Slider, Switch
from tests.explorers import EXPLORERS


@pytest.fixture(scope="module")
def notebook(open_notebook):
    cells = [f"import nnkit as nn\nnn.widgets.{name}()" for name in EXPLORERS]
    opened = open_notebook("all-explorers", cells)
    opened.run_all()
    return opened


@pytest.fixture(params=EXPLORERS)
def name(request):
    return request.param


@pytest.fixture
def explorer(notebook, name):
    return notebook.explorer_named(name)


def test_it_says_what_python_says(explorer, name):
    made = EXPLORERS[name]()
    assert explorer.sentence == repr(made)
    assert explorer.root.get_attribute("aria-label") == made.title
    assert not explorer.root.locator(".nnkit-error").is_visible()


def test_every_control_answers_the_keyboard(explorer, name):
    made = EXPLORERS[name]()
    for control in made.controls:
        if not control.is_there(made.state):
            continue
        if isinstance(control, Slider):
            at_the_end = made.state[control.name] + control.step > control.high
            explorer.press(control.name, "ArrowLeft" if at_the_end else "ArrowRight")
            moved = float(explorer.control(control.name).input_value())
            assert moved != made.state[control.name], control.name
        elif isinstance(control, Choice):
            explorer.press(control.name, "End")
        elif isinstance(control, Switch):
            explorer.press(control.name, "Space")
        elif isinstance(control, Button) and not control.repeats:
            explorer.press(control.name, "Enter")
        assert not explorer.root.locator(".nnkit-error").is_visible(), control.name
        explorer.click("Reset")
    assert explorer.sentence == repr(made)


def test_a_finger_drags_what_a_mouse_drags(explorer, name):
    for dx, dy in [(6, 40), (40, 6)]:  # down the page, where it would scroll, and across
        told = explorer.swipe(".nnkit-handle, .nnkit-ground, .nnkit-pad", dx, dy)
        assert told[0] == "pointerdown"
        assert told[-1] == "pointerup"
        assert told.count("pointermove") >= 5
    assert explorer.sentence != repr(EXPLORERS[name]())
    explorer.click("Reset")


def test_everybody_can_use_it(notebook, explorer, name):
    assert notebook.barriers(f"[data-explorer='{name}']") == []
    for picture in explorer.root.locator("svg, canvas").all():
        assert picture.get_attribute("aria-label") or picture.get_attribute("aria-hidden")


NARROW = {"width": 400, "height": 1500}

# What sticks out of the cell, and what is written over the edge of a drawing.
TOO_WIDE = """(root) => {
  const cell = root.closest(".jp-OutputArea-output");
  const out = [...root.querySelectorAll(":scope *:not(legend, svg *), svg text")].filter((part) => {
    const box = part.getBoundingClientRect();
    const edge = (part.tagName === "text" ? part.closest("svg") : cell).getBoundingClientRect();
    return box.width && (box.left < edge.left - 1 || box.right > edge.right + 1);
  });
  return [cell, root].filter((box) => box.scrollWidth > box.clientWidth).concat(out)
    .map((part) => `${part.tagName} ${part.textContent.slice(0, 60)}`);
}"""


@pytest.mark.parametrize("surface", ["notebook"], indirect=True)  # JupyterLab needs more room
def test_on_a_phone_nothing_is_cut_off(notebook, explorer, name):
    wide = notebook.page.viewport_size
    notebook.page.set_viewport_size(NARROW)
    notebook.page.wait_for_function(
        "(root) => root.clientWidth < 400", arg=explorer.root.element_handle()
    )
    cut_off = {}
    for preset in EXPLORERS[name].presets:
        explorer.root.get_by_label("Preset").select_option(preset)
        explorer.settled()
        cut_off[preset] = explorer.root.evaluate(TOO_WIDE)
    explorer.click("Reset")
    notebook.page.set_viewport_size(wide)
    assert cut_off == {preset: [] for preset in EXPLORERS[name].presets}


def test_the_console_is_silent(notebook):
    assert notebook.complaints == []
