"""What every explorer gets from the base, shown by the one in docs/writing-an-explorer.md."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "writing-an-explorer.md").read_text(encoding="utf-8")
PYTHON, SCRIPT = (
    re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[1] for kind in ("python", "js")
)
BROKEN = SCRIPT.replace("return (picture) => {", "return (picture) => { picture.nothing.at(0);")
LEAVING = SCRIPT.replace(
    "({ stage }) => {",
    "({ stage, signal }) => { signal.addEventListener('abort', () => { window.left = true; });",
)


def defined(script):
    return PYTHON.replace('"descent.js"', repr(script))


CELLS = [
    f"{defined(SCRIPT)}\nDescent()",
    "descent = Descent('too large', hide='start')\ndescent",
    f"{defined(BROKEN)}\nDescent()",
    f"{defined(LEAVING)}\nleaving = Descent()\nleaving",
    "descent",
    "if 'once' in globals():\n    leaving.close()\nonce = True",
]


@pytest.fixture(scope="module")
def notebook(open_notebook):
    opened = open_notebook("explorers", CELLS)
    opened.run_all()
    return opened


@pytest.fixture
def small(notebook):
    descent = notebook.explorer(0)
    descent.click("Reset")
    return descent


def test_the_page_s_own_test(small):
    small.press("rate", "ArrowRight", times=2)
    small.press("step", "Enter")
    assert small.sentence == "Steps: 1. Now w is 2.4, and the cost 5.76."
    assert 'explorer.press("rate", "ArrowRight", times=2)' in PAGE
    assert '"Steps: 1. Now w is 2.4, and the cost 5.76."' in PAGE


def test_an_exception_in_python_shows_and_passes(notebook):
    too_large = notebook.explorer(1)
    too_large.click("Reset")
    too_large.press("step", "Enter", times=2)
    assert "ValueError: expected w from -5 to 5, got 5.76: it diverges" in too_large.error
    assert (
        too_large.sentence == "Steps: 1. Now w is -4.8, and the cost 23.04."
    )  # the last right one
    too_large.press("rate", "Home")
    assert not too_large.root.locator(".nnkit-error").is_visible()
    too_large.press("step", "Enter")
    assert too_large.sentence == "Steps: 2. Now w is -4.8, and the cost 23.04."


def test_play_goes_on_until_it_is_pressed_again(small):
    play = small.control("play")
    play.click()
    small.page.wait_for_function(
        "(e) => Number(e.textContent.match(/Steps: (\\d+)/)[1]) > 10",
        arg=small.root.locator(".nnkit-sentence").element_handle(),
    )
    assert play.get_attribute("aria-pressed") == "true"
    play.click()
    small.settled()
    stopped = small.sentence
    small.page.wait_for_timeout(200)
    assert small.sentence == stopped
    assert play.get_attribute("aria-pressed") == "false"
    small.press("rate", "ArrowLeft")
    assert small.sentence == stopped  # the next step will use the new rate


def test_two_views_of_one_explorer_move_together(notebook):
    first, second = notebook.explorer(1), notebook.explorer(4)
    first.click("Reset")
    second.press("step", "Enter")
    assert first.sentence == second.sentence == "Steps: 1. Now w is -4.8, and the cost 23.04."
    first.press("rate", "Home")
    assert second.control("rate").input_value() == "0"


def test_what_is_hidden_keeps_its_value(notebook):
    assert notebook.explorer(1).root.locator("[name='start']").count() == 0
    assert notebook.explorer(0).root.locator("[name='start']").count() == 1


def test_a_script_that_fails_says_so(notebook):
    broken = notebook.explorer(2)
    assert broken.error.startswith("The picture could not be drawn. TypeError")
    assert broken.sentence.startswith("Steps: 0.")
    assert notebook.complaints
    assert all("reading 'at'" in complaint for complaint in notebook.complaints)


def test_closing_takes_it_from_the_page(notebook):
    number = notebook.page.locator(".nnkit").count()
    assert not notebook.page.evaluate("window.left")
    notebook.explorer(3).control("play").click()  # it even runs
    notebook.run_cell(notebook.cells.nth(5))
    notebook.page.wait_for_function("window.left")
    assert notebook.page.locator(".nnkit").count() == number - 1
