"""How fast do the explorers answer? From a key press to the changed picture, in a real browser.

    python -m benchmarks.latency [--json FILE] [--only Neuron] [--presses 60] [--moves 1000]

Each explorer is opened in JupyterLab in Chromium, in a notebook of its own. Measured are

- latency: keys pressed on its first slider, one after the other; the time from the browser's event
  to the first frame after the new picture was drawn;
- backlog: 40 moves of the slider, 25 ms apart; the time from the last move to its picture;
- playing: pictures per second while its play button is pressed, if it has one;
- memory: what the page and the kernel hold after many moves, less what they held after a tenth of
  them. Moves come as fast as they are answered.
"""

import argparse
import json
import os
import platform
import statistics
import tempfile
from pathlib import Path
from typing import Any

import psutil

from nnkit.widgets import Button, Slider
from tests.browser.jupyter import OpenExplorer, OpenNotebook, Server, chromium, missing
from tests.explorers import EXPLORERS

MEDIAN, PERCENTILE_95, BACKLOG, FRAMES = 50, 120, 200, 20
"""What is promised: milliseconds, and pictures per second."""

# Notes in `root.times` when an event was made and when the frame with its picture was shown.
WATCH = """(root) => {
  root.times = { event: [], shown: [], drawn: 0 };
  root.addEventListener("input", (event) => root.times.event.push(event.timeStamp));
  new MutationObserver(() => {
    root.times.drawn += 1;
    requestAnimationFrame(() => {
      const channel = new MessageChannel(); // its message comes after the frame was painted
      channel.port1.onmessage = () => root.times.shown.push(performance.now());
      channel.port2.postMessage(0);
    });
  }).observe(root, { attributeFilter: ["data-drawn"] });
}"""

# Moves a slider to and fro, `count` times: `pause` ms apart; without one, as fast as answers come.
MOVE = """async ([root, input, count, pause]) => {
  const answered = () => new Promise((done) => {
    const watch = new MutationObserver(() => {
      if (root.dataset.busy === "false") { watch.disconnect(); done(); }
    });
    watch.observe(root, { attributeFilter: ["data-busy", "data-drawn"] });
  });
  const places = 21, low = Number(input.min), width = Number(input.max) - low;
  const drawn = root.times.drawn;
  let last, done;
  for (let i = 0; i < count; i++) {
    const place = Math.abs(i % (2 * places) - places) / places;
    input.value = low + width * (0.3 + 0.4 * place);
    last = performance.now();
    done = answered();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await (pause ? new Promise((next) => setTimeout(next, pause)) : done);
  }
  if (root.dataset.busy === "true") await answered();
  await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
  return { after_last: root.times.shown.at(-1) - last, pictures: root.times.drawn - drawn };
}"""


def first_slider(explorer: OpenExplorer, name: str) -> Any:
    """Return the slider that is measured, or None if the explorer has none."""
    made = EXPLORERS[name]()
    for control in made.controls:
        if isinstance(control, Slider) and control.is_there(made.state):
            return explorer.control(control.name)
    return None


def measure_latency(explorer: OpenExplorer, slider: Any, presses: int) -> dict[str, float]:
    """Press keys on the slider, wait for each picture, and return the latencies in ms."""
    root = explorer.root.element_handle()
    slider.focus()
    latencies = []
    for number in range(presses):
        before = root.evaluate("(root) => root.times.shown.length")
        explorer.page.keyboard.press("ArrowRight" if number // 10 % 2 == 0 else "ArrowLeft")
        explorer.page.wait_for_function(
            "([root, before]) => root.times.shown.length > before", arg=[root, before]
        )
        event, shown = root.evaluate("(r) => [r.times.event.at(-1), r.times.shown.at(-1)]")
        latencies.append(shown - event)
    ordered = sorted(latencies)
    return {
        "median_ms": statistics.median(ordered),
        "percentile_95_ms": ordered[int(0.95 * (len(ordered) - 1))],
    }


def measure_backlog(explorer: OpenExplorer, slider: Any) -> dict[str, float]:
    """Move 40 times, 25 ms apart, and return how late the last picture was."""
    arguments = [explorer.root.element_handle(), slider.element_handle(), 40, 25]
    moved = explorer.page.evaluate(MOVE, arguments)
    return {"backlog_ms": moved["after_last"], "pictures_of_40": moved["pictures"]}


def measure_playing(explorer: OpenExplorer, name: str) -> dict[str, float]:
    """Let the play button run for three seconds, and return pictures per second."""
    buttons = [c for c in EXPLORERS[name].controls if isinstance(c, Button) and c.repeats]
    if not buttons:
        return {}
    root, play = explorer.root.element_handle(), explorer.control(buttons[0].name)
    play.click()
    explorer.page.wait_for_timeout(500)
    count = "(root) => [root.times.drawn, performance.now()]"
    drawn, start = root.evaluate(count)
    explorer.page.wait_for_timeout(3000)
    later, end = root.evaluate(count)
    play.click()
    explorer.settled()
    return {"pictures_per_second": (later - drawn) / (end - start) * 1000}


def held(notebook: OpenNotebook) -> dict[str, float]:
    """Return what the page and the kernels hold, in MB."""
    session = notebook.page.context.new_cdp_session(notebook.page)
    session.send("HeapProfiler.collectGarbage")
    page = session.send("Runtime.getHeapUsage")["usedSize"]
    kernels = [
        p for p in psutil.Process().children(recursive=True) if "ipykernel" in " ".join(p.cmdline())
    ]
    return {"page": page / 1e6, "kernel": sum(p.memory_info().rss for p in kernels) / 1e6}


def measure_memory(
    notebook: OpenNotebook, explorer: OpenExplorer, slider: Any, moves: int
) -> dict[str, float]:
    """Move many times, and return how much more is held at the end than after a tenth, in MB."""
    arguments = [explorer.root.element_handle(), slider.element_handle()]
    explorer.page.evaluate(MOVE, [*arguments, moves // 10, 0])
    before = held(notebook)
    explorer.page.evaluate(MOVE, [*arguments, moves - moves // 10, 0])
    after = held(notebook)
    return {f"{name}_grew_mb": after[name] - before[name] for name in after}


def measure(browser: Any, server: Server, name: str, presses: int, moves: int) -> dict[str, Any]:
    """Open one explorer and measure all of it."""
    path = server.write(f"latency-{name}", [f"import nnkit as nn\nnn.widgets.{name}()"])
    notebook = OpenNotebook(browser, server, path)
    notebook.run_all()
    explorer = notebook.explorer_named(name)
    explorer.root.evaluate(WATCH)
    record: dict[str, Any] = {"explorer": name}
    slider = first_slider(explorer, name)
    if slider is not None:
        record |= measure_latency(explorer, slider, presses)
        record |= measure_backlog(explorer, slider)
    record |= measure_playing(explorer, name)
    if slider is not None:
        record |= measure_memory(notebook, explorer, slider, moves)
    notebook.close()
    return record


def broken_promises(record: dict[str, Any]) -> list[str]:
    """Return which of the limits a record does not keep."""
    limits = {"median_ms": MEDIAN, "percentile_95_ms": PERCENTILE_95, "backlog_ms": BACKLOG}
    broken = [name for name, limit in limits.items() if record.get(name, 0) > limit]
    if record.get("pictures_per_second", FRAMES) < FRAMES:
        broken.append("pictures_per_second")
    return broken


COLUMNS = {
    "median": ("median_ms", ".0f"),
    "95%": ("percentile_95_ms", ".0f"),
    "backlog": ("backlog_ms", ".0f"),
    "of 40": ("pictures_of_40", ".0f"),
    "per s": ("pictures_per_second", ".0f"),
    "page": ("page_grew_mb", "+.2f"),
    "kernel": ("kernel_grew_mb", "+.2f"),
}


def print_table(records: list[dict[str, Any]]) -> None:
    """Print a line for each explorer; at its end stands what is slower than promised."""
    print("explorer".ljust(18), *(title.rjust(8) for title in COLUMNS))
    for record in records:
        cells = [
            format(record[key], form) if key in record else "–" for key, form in COLUMNS.values()
        ]
        too_slow = ", ".join(broken_promises(record))
        print(record["explorer"].ljust(18), *(cell.rjust(8) for cell in cells), too_slow)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the records there")
    parser.add_argument("--only", nargs="+", choices=EXPLORERS, default=list(EXPLORERS))
    parser.add_argument("--presses", type=int, default=60)
    parser.add_argument("--moves", type=int, default=1000)
    arguments = parser.parse_args()
    if why := missing():
        raise SystemExit(why)
    load = os.getloadavg()[0]
    records = []
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = Server(Path(folder) / "server")
        try:
            for name in arguments.only:
                records.append(measure(browser, server, name, arguments.presses, arguments.moves))
        finally:
            server.stop()
    print_table(records)
    print(
        f"Milliseconds, and MB after {arguments.moves:,} moves; load average at the start {load:.1f}."
    )
    if arguments.json:
        machine = {
            "python": platform.python_version(),
            "processors": os.cpu_count(),
            "load_average": load,
        }
        text = json.dumps(
            {"machine": machine, "moves": arguments.moves, "records": records}, indent=1
        )
        arguments.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
