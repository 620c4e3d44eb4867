r"""A page on which the widgets need neither Python nor a network.

    jupyter nbconvert --execute --to html lessons/01-neuron/01-neuron.ipynb \
        --HTMLExporter.preprocessors=nnkit.widgets.offline.Offline

Without this, nbconvert's pages fetch what shows widgets from the network, and show nothing where
there is none. Here a widget that brings all its pictures along moves by itself; of the others, which
would have to ask Python, there is the picture and the sentence. Without JavaScript that holds for all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from nbconvert.preprocessors import Preprocessor

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"

# What anywidget gives to a script, as far as one without Python needs it.
ALONE = """
const handlers = {};
const model = {
  get: (name) => state[name],
  set(name, value) { state[name] = value; (handlers[`change:${name}`] ?? []).forEach((f) => f()); },
  on(event, handler) { (handlers[event] ??= []).push(handler); },
  off() {}, save_changes() {}, send() {},
};
const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
for (const { path, data } of buffers) {
  const inner = path.slice(0, -1).reduce((part, key) => part[key], state);
  inner[path.at(-1)] = bytes(data);
}
const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
const { default: widget } = await import(address);
const el = document.getElementById(id);
el.replaceChildren();
widget.render({ model, el });
"""


class Offline(Preprocessor):
    """Put a picture, a sentence and, where it helps, the script itself in place of a widget."""

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Change the outputs of an executed notebook."""
        widgets = notebook.metadata.pop("widgets", {}).get(STATE, {}).get("state", {})
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                if VIEW in data and "image/png" in data:
                    model = data.pop(VIEW)["model_id"]
                    data["text/html"] = stand_in(model, widgets.get(model, {}), data)
        return notebook, resources


def stand_in(name: str, widget: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Return the HTML for one widget: its saved state, and what else its output holds."""
    sentence = escape(data["text/plain"])
    picture = f"data:image/png;base64,{data['image/png'].strip()}"
    still = f'<div id="nnkit-{name}"><img src="{picture}" alt="{sentence}"><p>{sentence}</p></div>'
    state = dict(widget.get("state", {}))
    if not state or "shown" in state:  # nothing was saved, or it is an explorer and asks Python
        return still
    script = state.pop("_esm")
    names = {
        "id": f"nnkit-{name}",
        "script": script,
        "state": state | {buffer["path"][0]: [] for buffer in widget["buffers"]},
        "buffers": widget["buffers"],
    }
    given = "".join(f"const {key} = {_in_html(value)};\n" for key, value in names.items())
    return f'{still}<script type="module">\n{given}{ALONE}</script>'


def _in_html(value: Any) -> str:
    """Write a value as JavaScript that cannot end the script element it stands in."""
    return json.dumps(value).replace("<", "\\u003c")
