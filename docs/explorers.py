"""Take a picture of every explorer for docs/explorers.md, in a real browser: light and dark.

    python -m docs.explorers        # writes docs/explorers/*.png and docs/explorers.md

Needs Chromium. Each preset is opened in JupyterLab in light and in dark.
"""

from __future__ import annotations

import inspect
import io
import re
import tempfile
from pathlib import Path

from PIL import Image

from nnkit.widgets import Explorer
from tests.explorers import EXPLORERS

FOLDER = Path(__file__).parent / "explorers"
PAGE = Path(__file__).parent / "explorers.md"
THEMES = ("light", "dark")
LARGE = {"width": 1280, "height": 1500}
TOP = """# Explorers

Figures that follow what their reader changes; `nn.widgets.Neuron()` in a cell shows the first. All have
presets, a reset, a "predict first" prompt (`predict="…?"`), and controls that a lesson can hide
(`hide=["activation"]`). They work with keyboard, mouse and finger, in JupyterLab and Notebook 7. How
to [write one](writing-an-explorer.md). The pictures are taken by `python -m docs.explorers`.

**Without Python.** A saved notebook keeps of every explorer a picture and a sentence. This makes a page
whose figures need neither Python nor a network:

    jupyter nbconvert --execute --to html lessons/01-neuron/01-neuron.ipynb \\
        --HTMLExporter.preprocessors=nnkit.widgets.offline.Offline

On it, figures that bring all their pictures along (`nn.widgets.slider` and
`nn.widgets.learning_rate_slider`) still move; of the explorers, which would have to ask Python, there is
a picture and a sentence. Without the second line, the page fetches from the network what shows
widgets. MathJax, which sets formulas, it fetches in any case; without it they stand there as they are
typed.
"""


def file_name(name: str, preset: str, theme: str) -> str:
    """Return the name of the picture of a preset in a theme."""
    return re.sub(r"[^a-z0-9]+", "-", f"{name}-{preset}-{theme}".lower()) + ".png"


def page(explorers: dict[str, type[Explorer]]) -> str:
    """Return the page that shows all pictures."""
    lines = [TOP]
    for name, cls in explorers.items():
        lines += [f"## {name}", "", (inspect.getdoc(cls) or "").split("\n\n")[0], ""]
        for preset in cls.presets:
            lines += [f"`nn.widgets.{name}({preset!r})`", ""]
            for theme in THEMES:
                alt = f"{cls.title}, {preset} ({theme})"
                source = f"explorers/{file_name(name, preset, theme)}"
                lines.append(f'<img src="{source}" width="48%" alt="{alt}">')
            lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Take the pictures and write the page."""
    from tests.browser.jupyter import OpenNotebook, Server, chromium, missing

    if why := missing():
        raise SystemExit(why)
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = Server(Path(folder) / "server")
        try:
            for theme in THEMES:
                server.theme(theme)
                for name, cls in EXPLORERS.items():
                    cells = [f"import nnkit as nn\nnn.widgets.{name}({p!r})" for p in cls.presets]
                    notebook = OpenNotebook(browser, server, server.write(f"{name}-{theme}", cells))
                    notebook.run_all()
                    notebook.page.set_viewport_size(LARGE)  # room for the tallest of them
                    for number, preset in enumerate(cls.presets):
                        root = notebook.explorer(number).root
                        root.scroll_into_view_if_needed()
                        picture = Image.open(io.BytesIO(root.screenshot())).convert("RGB")
                        path = FOLDER / file_name(name, preset, theme)
                        picture.quantize(128).save(path, optimize=True)
                    notebook.close()
        finally:
            server.stop()
    PAGE.write_text(page(EXPLORERS), encoding="utf-8")


if __name__ == "__main__":
    main()
