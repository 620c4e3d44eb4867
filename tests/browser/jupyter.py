"""JupyterLab and Notebook 7 in a real browser: started, opened, run, and looked at.

Used by the tests beside it, by benchmarks/latency.py and by docs/explorers.py.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TOKEN = "reader"
SECONDS_TO_START = 300  # a busy machine is not a mistake
SECONDS_TO_RUN = 300
SURFACES = {"lab": "lab/tree", "notebook": "notebooks"}
"""Where the two show a notebook."""

NOT_OURS = (
    # Notebook 7's own script, while any notebook opens, also one that has nothing but "1 + 1" in it.
    "reading 'schema'",
)
"""What Jupyter itself complains about in the console."""


def missing() -> str:
    """Say why no page can be opened on this machine, or nothing if one can."""
    if not CHROMIUM or sys.platform != "linux":
        return "there is no chromium on this machine: a page could not be opened"
    return ""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Server:
    """A Jupyter server on this machine with folders of its own.

    Attributes
    ----------
    root : Path
        Where its notebooks are.
    address : str
        Where it listens.
    """

    def __init__(self, home: Path) -> None:
        self.root = home / "notebooks"
        self.root.mkdir(parents=True)
        self.log = home / "log"
        self._settings = home / "CONFIG" / "lab" / "user-settings" / "@jupyterlab"
        self._set("apputils", "notification", fetchNews="false", checkForUpdates=False)
        # All cells of a long notebook are on the page, not only those that are seen.
        self._set("notebook", "tracker", windowingMode="none")
        self.theme("light")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        folders = {
            f"JUPYTER_{name}_DIR": str(home / name) for name in ("CONFIG", "DATA", "RUNTIME")
        }
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}"]
        command += [f"--ServerApp.root_dir={self.root}", f"--IdentityProvider.token={TOKEN}"]
        command += ["--allow-root", "--ServerApp.port_retries=0"]
        environment = {**os.environ, **folders, "IPYTHONDIR": str(home / "IPYTHON")}
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                command, env=environment, cwd=home, stdout=log, stderr=log
            )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/api?token={TOKEN}", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"JupyterLab did not start:\n{self.log.read_text()}")

    def stop(self) -> None:
        """Stop the server and its kernels."""
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:  # a busy machine; its kernels end with it
            self._process.kill()
            self._process.wait()

    def theme(self, name: str) -> None:
        """Choose the theme of the pages that are opened from now on: light or dark."""
        self._set("apputils", "themes", theme=f"JupyterLab {name.title()}")

    def _set(self, extension: str, part: str, **settings: Any) -> None:
        file = self._settings / f"{extension}-extension" / f"{part}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings))

    def write(self, name: str, cells: Sequence[str]) -> str:
        """Write a notebook of code cells, and return its path on the server."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, self.root / f"{name}.ipynb")
        return f"{name}.ipynb"


class OpenNotebook:
    """A notebook in a tab of the browser.

    Attributes
    ----------
    page : Page
        The tab.
    complaints : list of str
        Errors and warnings in the console, and exceptions, that are not Jupyter's own.
    """

    def __init__(self, browser: Browser, server: Server, path: str, surface: str = "lab") -> None:
        # A laptop whose screen can be touched.
        size = {"width": 1280, "height": 1000}
        self.page: Page = browser.new_page(viewport=size, has_touch=True)
        self.page.set_default_timeout(SECONDS_TO_START * 1000)
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self._hear(str(error)))
        reset = "?reset" if surface == "lab" else ""
        self.page.goto(f"{server.address}/login?token={TOKEN}")
        self.page.goto(f"{server.address}/{SURFACES[surface]}/{path}{reset}")
        self._wait_for_kernel(server, path)

    def _wait_for_kernel(self, server: Server, path: str) -> None:
        """Wait until the notebook has a kernel; before, "Run All" would ask for one."""
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until:
            answer = self.page.request.get(f"{server.address}/api/sessions?token={TOKEN}")
            states = {session["path"]: session["kernel"] for session in answer.json()}
            kernel = states.get(path)
            if kernel and kernel["connections"] and kernel["execution_state"] == "idle":
                break
            self.page.wait_for_timeout(100)
        self.page.locator(".jp-KernelName", has_text="Python 3").first.wait_for()
        self.wait_for_idle()

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._hear(message.text)

    def _hear(self, complaint: str) -> None:
        if not any(part in complaint for part in NOT_OURS):
            self.complaints.append(complaint)

    def wait_for_idle(self) -> None:
        """Wait until the kernel has nothing to do."""
        idle = ".jp-Notebook-ExecutionIndicator[data-status='idle']"
        self.page.locator(idle).first.wait_for(state="attached")

    def run_all(self) -> None:
        """Run all cells from the menu, and wait until they have run."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        self.page.wait_for_function(
            """() => {
                const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')];
                return prompts.length && prompts.every((p) => /\\[\\d+\\]/.test(p.textContent));
            }""",
            timeout=SECONDS_TO_RUN * 1000,
        )
        self.wait_for_idle()

    @property
    def cells(self) -> Locator:
        """All code cells."""
        return self.page.locator(".jp-CodeCell")

    def code_cell(self, piece: str) -> Locator:
        """Return the first code cell with this piece of text in it."""
        return self.cells.filter(has_text=piece).first

    def run_cell(self, cell: Locator) -> str:
        """Run one code cell with the keyboard, and return the text of its output."""
        cell.locator(".cm-content").click()
        before = cell.locator(".jp-InputArea-prompt").inner_text()
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(
            "([cell, before]) => { const now = cell.querySelector('.jp-InputArea-prompt').textContent;"
            " return now !== before && /\\d/.test(now); }",
            arg=[cell.element_handle(), before],
        )
        self.wait_for_idle()
        return cell.locator(".jp-OutputArea").first.inner_text().strip()

    def barriers(self, selector: str) -> list[str]:
        """Return what axe finds serious for those who cannot see or use a mouse."""
        found = Axe().run(self.page, context=selector).response["violations"]
        return [
            f"{rule['id']}: {node['html']}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]

    def explorer(self, number: int = 0) -> OpenExplorer:
        """Return one of the explorers on the page."""
        return OpenExplorer(self.page, self.page.locator(".nnkit").nth(number))

    def explorers(self) -> list[OpenExplorer]:
        """Return all explorers on the page, from the top; sliders through pictures are none."""
        return [
            OpenExplorer(self.page, root) for root in self.page.locator("[data-explorer]").all()
        ]

    def explorer_named(self, name: str) -> OpenExplorer:
        """Return the first explorer of a class."""
        return OpenExplorer(self.page, self.page.locator(f"[data-explorer='{name}']").first)

    def close(self) -> None:
        """Close the tab."""
        self.page.close()


class OpenExplorer:
    """An explorer on a page, to be moved and read as a person does.

    Attributes
    ----------
    root : Locator
        All of it.
    """

    def __init__(self, page: Page, root: Locator) -> None:
        self.page = page
        self.root = root
        root.wait_for()

    @property
    def sentence(self) -> str:
        """The sentence under the picture."""
        return self.root.locator(".nnkit-sentence").inner_text()

    @property
    def texts(self) -> list[str]:
        """All that is written in the picture."""
        return self.root.locator(".nnkit-stage svg text").all_text_contents()

    @property
    def error(self) -> str:
        """What the reader is told that went wrong."""
        return self.root.locator(".nnkit-error").inner_text()

    def control(self, name: str) -> Locator:
        """Return what is there to set a value or press a button."""
        return self.root.locator(f"[name='{name}']").locator("visible=true")

    def predict(self, answer: str) -> None:
        """Answer the question that comes first; without it nothing moves."""
        self.root.get_by_label("Your prediction").fill(answer)
        self.page.keyboard.press("Enter")

    def settled(self) -> None:
        """Wait until everything that was changed is answered and drawn."""
        self.page.wait_for_function(
            "(e) => e.dataset.busy === 'false'", arg=self.root.element_handle()
        )

    def click(self, label: str) -> None:
        """Press a button by what is written on it, and wait for the picture."""
        self.root.get_by_role("button", name=label, exact=True).click()
        self.settled()

    def pull(self, selector: str, dx: float, dy: float) -> None:
        """Drag a part of the picture with the mouse, by so many pixels."""
        part = self.root.locator(selector)
        part.scroll_into_view_if_needed()
        box = part.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx, y + dy, steps=6)
        self.page.mouse.up()
        self.settled()

    def tap(self, name: str, at: float) -> None:
        """Tap on a slider with a finger, at a part of its length."""
        control = self.control(name)
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        self.page.touchscreen.tap(box["x"] + box["width"] * at, box["y"] + box["height"] / 2)
        self.settled()

    def swipe(self, selector: str, dx: float, dy: float) -> list[str]:
        """Drag the first such part with a finger, by so many pixels, and return what it was told."""
        part = self.root.locator(selector).first
        part.scroll_into_view_if_needed()
        part.evaluate("""(part) => {
            part.told = [];
            for (const kind of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
                part.addEventListener(kind, () => part.told.push(kind));
            }
        }""")
        box = part.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        finger = self.page.context.new_cdp_session(self.page)
        for kind, shares in (("Start", [0]), ("Move", [0.2, 0.4, 0.6, 0.8, 1]), ("End", [None])):
            for share in shares:
                at = [] if share is None else [{"x": x + share * dx, "y": y + share * dy}]
                message = {"type": f"touch{kind}", "touchPoints": at}
                finger.send("Input.dispatchTouchEvent", message)
                self.page.wait_for_timeout(20)  # fingers are slower than scripts
        self.settled()
        return part.evaluate("(part) => part.told")

    def press(self, name: str, key: str, times: int = 1) -> None:
        """Press a key on a control, as often as you like, and wait for the picture."""
        control = self.control(name)
        control.focus()
        for _ in range(times):
            self.page.keyboard.press(key)
        self.settled()

    def drag(self, name: str, to: float) -> None:
        """Drag a slider with the mouse to a part of its length, 0 to 1."""
        control = self.control(name)
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        y = box["y"] + box["height"] / 2
        share = (float(control.input_value()) - float(control.get_attribute("min"))) / (
            float(control.get_attribute("max")) - float(control.get_attribute("min"))
        )
        thumb = 16  # its middle cannot reach the ends
        places = [box["x"] + thumb / 2 + (box["width"] - thumb) * part for part in (share, to)]
        self.page.mouse.move(places[0], y)
        self.page.mouse.down()
        self.page.mouse.move(places[1], y, steps=8)
        self.page.mouse.up()
        self.settled()
