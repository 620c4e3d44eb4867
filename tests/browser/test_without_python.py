"""Where no kernel runs: a saved notebook, and a page exported to HTML with the network cut."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

import nnkit as nn
from tests.explorers import EXPLORERS

TOKEN = "reader"
CELLS = [
    "import nnkit as nn\nnn.widgets.learning_rate_slider()",
    """\
def draw(b, ax):
    ax.plot([0, b], [0, 1])
    return f"up to {b}"

nn.widgets.slider(draw, [1, 2, 3], name="end </script>")""",
    *(f"nn.widgets.{name}()" for name in EXPLORERS),
]
PAGE = (Path(__file__).parents[2] / "docs" / "explorers.md").read_text(encoding="utf-8")


def written():
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def exported(browser, tmp_path_factory):
    """The page that the command in docs/explorers.md makes."""
    command = re.search(r"^    jupyter (nbconvert .*\\\n.*)$", PAGE, re.MULTILINE)[1]
    path = tmp_path_factory.mktemp("exported") / "page.ipynb"
    nbformat.write(written(), path)
    words = [
        str(path) if word.endswith(".ipynb") else word for word in command.split() if word != "\\"
    ]
    subprocess.run([sys.executable, "-m", "jupyter", *words], check=True, capture_output=True)
    return path.with_suffix(".html")


@pytest.fixture
def open_page(browser, exported):
    tabs = []

    def open_one(**options):
        context = browser.new_context(offline=True, **options)
        tabs.append(context)
        page = context.new_page()
        page.goto(exported.as_uri(), wait_until="load")
        return page

    yield open_one
    for context in tabs:
        context.close()


def test_what_brings_its_pictures_along_moves(open_page):
    page = open_page()
    slider = page.get_by_role("slider", name="Learning rate")
    readout = page.locator(".widget-readout").first
    made = nn.widgets.learning_rate_slider()
    assert readout.inner_text().startswith(made.readouts[made.start])
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert readout.inner_text().startswith(made.readouts[made.start + 1])

    frames = page.get_by_role("slider", name="end </script>")
    picture = page.locator("img[alt^='up to']")
    before = picture.get_attribute("src")
    frames.focus()
    page.keyboard.press("End")
    assert picture.get_attribute("alt") == "up to 3"
    assert picture.get_attribute("src") != before
    assert picture.evaluate("e => e.decode().then(() => e.naturalWidth)") > 300


@pytest.mark.parametrize("script", [True, False])
def test_what_asks_python_shows_its_picture_and_its_sentence(open_page, script):
    page = open_page(java_script_enabled=script)
    stills = {image.get_attribute("alt"): image for image in page.locator("img").all()}
    for cls in EXPLORERS.values():
        sentence = repr(cls())
        assert stills[sentence].bounding_box()["width"] > 300
        assert page.get_by_text(sentence, exact=True).is_visible()


def test_without_javascript_all_show_their_picture(open_page):
    page = open_page(java_script_enabled=False)
    boxes = [image.bounding_box() for image in page.locator("img").all()]
    assert len(boxes) == len(CELLS)
    assert np.all([box["width"] > 300 for box in boxes])


def test_a_saved_notebook_shows_its_pictures_until_it_is_run_again(browser, server):
    saved = written()
    NotebookClient(saved, timeout=120, kernel_name="python3").execute()
    saved.metadata.kernelspec = {"name": "nowhere", "display_name": "not on this machine"}
    nbformat.write(saved, server.root / "saved.ipynb")
    page = browser.new_page()
    page.goto(f"{server.address}/lab/tree/saved.ipynb?reset&token={TOKEN}")
    pictures = page.locator(".jp-OutputArea img")
    pictures.nth(len(CELLS) - 1).wait_for(timeout=60_000, state="attached")
    assert pictures.count() == len(CELLS)
    assert pictures.first.evaluate("e => e.decode().then(() => e.naturalWidth)") > 300
    page.close()
