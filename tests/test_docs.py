"""The gallery shows every figure there is."""

import importlib.util
from pathlib import Path

import nnkit as nn

DOCS = Path(__file__).parents[1] / "docs"


def gallery():
    spec = importlib.util.spec_from_file_location("gallery", DOCS / "gallery.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_figure_is_in_the_gallery():
    functions = {name for name in nn.plots.__all__ if callable(getattr(nn.plots, name))}
    assert functions <= {draw.__name__ for draw in gallery().FIGURES}


def test_the_page_shows_every_picture():
    page = (DOCS / "gallery.md").read_text()
    wanted = {
        f"{draw.__name__}-{style}.png"
        for draw in gallery().FIGURES
        for style in ("light", "dark", "grey")
    }
    assert {path.name for path in (DOCS / "gallery").iterdir()} == wanted
    assert all(f'src="gallery/{name}"' in page for name in wanted)
