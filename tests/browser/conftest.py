"""A Jupyter server, and notebooks opened in both of Jupyter's surfaces."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def server(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """JupyterLab and Notebook 7, on this machine alone."""
    from tests.browser.jupyter import Server

    started = Server(tmp_path_factory.mktemp("jupyter"))
    yield started
    started.stop()


@pytest.fixture(scope="module", params=["lab", "notebook"])
def surface(request: pytest.FixtureRequest) -> str:
    """JupyterLab, then Notebook 7."""
    return request.param


@pytest.fixture(scope="module")
def open_notebook(
    browser: Any, server: Any, surface: str
) -> Iterator[Callable[[str, Sequence[str]], Any]]:
    """Open notebooks of code cells, each in a tab of its own, and close them at the end."""
    from tests.browser.jupyter import OpenNotebook

    opened = []

    def open_one(name: str, cells: Sequence[str]) -> OpenNotebook:
        path = server.write(f"{name}-{surface}", cells)
        opened.append(OpenNotebook(browser, server, path, surface))
        return opened[-1]

    yield open_one
    for notebook in opened:
        notebook.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Keep a picture of every open tab when a test has failed."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.failed and browser and hasattr(item.config, "cache"):  # -p no:cacheprovider
        folder = Path(item.config.cache.mkdir("screenshots"))
        for number, page in enumerate(page for c in browser.contexts for page in c.pages):
            path = folder / f"{item.name.replace('/', '_')}-{number}.png"
            page.screenshot(path=path)
            report.sections.append(("screenshot", str(path)))
    return report
