import base64
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets

import nnkit as nn
from nnkit import widgets

SCRIPT = Path(nn.__file__).parent / "static" / "learning_rate.js"


def one_run(learning_rate, epochs):
    """Train a single net, plainly."""
    data = nn.two_three_one()
    W1, b1, W2, b2 = data.params
    costs = []
    for _ in range(epochs + 1):
        H = 1 / (1 + np.exp(-(data.X @ W1.T + b1)))
        out = 1 / (1 + np.exp(-(H @ W2.T + b2)))
        costs.append(0.5 * ((out - data.Y) ** 2).sum())
        bpe_out = (out - data.Y) * out * (1 - out)
        bpe_hidden = (bpe_out @ W2) * H * (1 - H)
        W2, b2 = W2 - learning_rate * bpe_out.T @ H, b2 - learning_rate * bpe_out.sum(axis=0)
        W1 = W1 - learning_rate * bpe_hidden.T @ data.X
        b1 = b1 - learning_rate * bpe_hidden.sum(axis=0)
    return np.array(costs)


@pytest.fixture(scope="module")
def slider():
    return widgets.learning_rate_slider()


def test_all_nets_at_once_equal_one_after_the_other():
    rates = [rate for rate in widgets.LEARNING_RATES if rate <= 2]  # above, runs become chaotic
    curves = widgets.learning_rate_curves(rates, 1000)
    assert curves.shape == (len(rates), 1001)
    for rate, curve in zip(rates, curves, strict=True):
        np.testing.assert_allclose(curve, one_run(rate, 1000), rtol=0, atol=1e-12)


def test_chaotic_runs_are_equal_until_rounding_has_grown():
    rates = [rate for rate in widgets.LEARNING_RATES if rate > 2]
    for rate, curve in zip(rates, widgets.learning_rate_curves(rates, 20), strict=True):
        np.testing.assert_allclose(curve, one_run(rate, 20), rtol=0, atol=1e-9)


def test_half_is_deck_b_s_run():
    [curve] = widgets.learning_rate_curves([0.5], 1000)
    shown = [f"{curve[updates]:.4f}" for updates in (0, 9, 99, 999)]
    assert shown == ["1.5507", "0.9638", "0.4103", "0.0202"]


def test_large_learning_rates_stay_finite_and_silent():
    with np.errstate(all="raise", under="ignore"):
        curves = widgets.learning_rate_curves([1e4], 50)
    assert np.isfinite(curves).all()


def test_fifty_learning_rates_with_deck_b_s():
    assert len(set(widgets.LEARNING_RATES)) == 50
    assert 0.5 in widgets.LEARNING_RATES
    assert list(widgets.LEARNING_RATES) == sorted(widgets.LEARNING_RATES)


def test_state_holds_all_that_the_browser_needs(slider):
    state = slider.get_state()
    for key in ("index", "start", "learning_rates", "costs", "readouts", "goal", "_esm"):
        assert key in state
    assert slider.learning_rates[slider.index] == 0.5
    assert slider.start == slider.index
    costs = np.frombuffer(state["costs"], dtype="<f4").reshape(50, 1001)
    np.testing.assert_allclose(
        costs, widgets.learning_rate_curves(widgets.LEARNING_RATES, 1000), rtol=1e-6
    )
    np.testing.assert_array_equal(slider.curves(), costs)
    assert len(state["costs"]) < 250_000
    json.dumps({key: value for key, value in state.items() if key != "costs"})


def test_readouts_say_how_it_went(slider):
    assert len(slider.readouts) == 50
    said = dict(zip(slider.learning_rates, slider.readouts, strict=True))
    assert said[0.5] == (
        "Learning rate 0.5: cost 0.0201 after 1,000 updates, not below 0.01 yet; "
        "the cost fell at every update."
    )
    assert "below 0.01 after 405; the cost fell at every update" in said[1.9]
    assert re.search(r"below 0\.01 after 212; the cost rose \d+ times", said[3.6])
    assert "cost 2.5 after 1,000 updates, not below 0.01 yet; the cost rose once" in said[31]


def test_goal_is_reached_when_the_readout_says_so():
    slider = widgets.learning_rate_slider([1.0, 1.6], epochs=500, goal=0.1)
    for rate, readout in zip(slider.learning_rates, slider.readouts, strict=True):
        updates = int(re.search(r"below 0\.1 after ([\d,]+)", readout)[1])
        costs = one_run(rate, 500)
        assert costs[updates] < 0.1 <= costs[updates - 1]
        assert "after 500 updates" in readout


def test_index_stays_in_range(slider):
    with pytest.raises(traitlets.TraitError, match="expected an index from 0 to 49, got 50"):
        slider.index = 50
    with pytest.raises(traitlets.TraitError):
        slider.index = -1


def test_repr_is_the_chosen_readout():
    slider = widgets.learning_rate_slider([0.1, 0.5], epochs=10)
    assert repr(slider) == slider.readouts[1]
    slider.index = 0
    assert repr(slider) == slider.readouts[0]
    assert repr(slider).startswith("Learning rate 0.1: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([],), "expected positive learning rates"),
        (([0.5, 0.0],), "expected positive learning rates"),
        (([0.5], 0), "expected epochs and goal above 0, got 0"),
        (([0.5], 10, 0.0), "expected epochs and goal above 0, got 10 and 0.0"),
    ],
)
def test_arguments_that_make_no_picture(arguments, message):
    names = dict(zip(("epochs", "goal"), arguments[1:], strict=False))
    with pytest.raises(ValueError, match=message):
        widgets.learning_rate_slider(arguments[0], **names)


def test_a_picture_stands_in_where_nothing_moves(slider):
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    data, _ = slider._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == slider.readouts[slider.index]
    assert plt.get_fignums() == before  # nothing that a notebook would show a second time


def test_still_shows_the_same_curves(slider):
    import matplotlib.pyplot as plt

    ax = slider.still()
    labels = [line.get_label() for line in ax.lines]
    assert "learning rate 0.5" in labels
    line = ax.lines[labels.index("learning rate 0.5")]
    np.testing.assert_array_equal(line.get_ydata(), slider.curves()[slider.start])
    plt.close(ax.figure)


# ---- the script that draws ------------------------------------------------------------


def test_script_is_plain_and_reaches_nothing_outside():
    source = SCRIPT.read_text()
    assert "import " not in source
    assert re.findall(r"https?://[^\"]+", source) == ["http://www.w3.org/2000/svg"]
    assert len(source) < 10_000


# A document just good enough to render into, and a model as anywidget gives it.
BROWSER = """
class Node {
  constructor(name) {
    Object.assign(this, { name, attributes: {}, children: [], style: {}, on: {} });
  }
  setAttribute(key, value) { this.attributes[key] = String(value); }
  append(...nodes) { this.children.push(...nodes); }
  addEventListener(event, handler) { this.on[event] = handler; }
  all(name) {
    const nodes = this.children.filter((child) => child instanceof Node);
    return nodes.flatMap((node) => [...(node.name === name ? [node] : []), ...node.all(name)]);
  }
}
globalThis.document = {
  createElement: (name) => new Node(name),
  createElementNS: (_, name) => new Node(name),
};
const sent = JSON.parse(process.argv[1]);
const bytes = Buffer.from(sent.costs, "base64");
const padded = new Uint8Array(bytes.length + 3);
padded.set(bytes, 3); // a message's buffer need not start where an array of floats could
const state = { ...sent, costs: new DataView(padded.buffer, 3) };
let handlers = [], saved = 0;
const model = {
  get: (key) => state[key],
  set(key, value) { state[key] = value; handlers.forEach((handler) => handler()); },
  save_changes() { saved += 1; },
  on(event, handler) { if (event === "change:index") handlers.push(handler); },
  off(event, handler) { handlers = handlers.filter((other) => other !== handler); },
};
const { default: widget } = await import("data:text/javascript;base64," + sent.source);
const el = new Node("div");
const stop = widget.render({ model, el });
const [svg] = el.all("svg"), [slider] = el.all("input"), [readout] = el.all("output");
function look() {
  const { type, min, max, value } = slider;
  return {
    svg: { ...svg.attributes },
    slider: { ...slider.attributes, type, min, max, value: Number(value) },
    readout: { text: readout.textContent, class: readout.className },
    curves: svg.all("polyline").map((line) => line.attributes.points),
    texts: svg.all("text").map((text) => text.textContent),
  };
}
const looks = [look()];
model.set("index", 0); // from Python
looks.push(look());
slider.value = "2"; // from the reader
slider.on.input();
looks.push(look());
stop();
console.log(JSON.stringify({ looks, index: state.index, saved, left: handlers.length }));
"""


@pytest.fixture(scope="module")
def rendered():
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed, so the widget's script cannot be run here")
    slider = widgets.learning_rate_slider([0.1, 0.5, 3.0], epochs=100, goal=0.01)
    keys = ("index", "start", "learning_rates", "readouts", "goal")
    sent = {key: getattr(slider, key) for key in keys} | {
        "costs": base64.b64encode(slider.costs).decode(),
        "source": base64.b64encode(SCRIPT.read_bytes()).decode(),
    }
    done = subprocess.run(
        [node, "--input-type=module", "-e", BROWSER, json.dumps(sent)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return slider, json.loads(done.stdout)


def test_script_shows_the_chosen_learning_rate(rendered):
    slider, result = rendered
    for look, index in zip(result["looks"], (1, 0, 2), strict=True):
        assert look["slider"]["value"] == index
        assert look["readout"]["text"].startswith(slider.readouts[index])
        assert slider.readouts[index] in look["svg"]["aria-label"]
        assert look["slider"]["aria-valuetext"] == f"{slider.learning_rates[index]:g}"
    assert result["index"] == 2
    assert result["saved"] == 1  # a move of the reader goes to Python, one from Python does not
    assert result["left"] == 0


def test_script_can_be_used_without_eyes_and_without_a_mouse(rendered):
    look = rendered[1]["looks"][0]
    assert look["svg"]["role"] == "img"
    assert look["slider"]["type"] == "range"
    assert look["slider"]["aria-label"] == "Learning rate"
    assert look["slider"]["data-lm-suppress-shortcuts"] == "true"
    assert (look["slider"]["min"], look["slider"]["max"]) == (0, 2)
    assert look["readout"]["class"] == "widget-readout"


def test_script_draws_the_curve_from_python(rendered):
    slider, result = rendered
    for look, index in zip(result["looks"], (1, 0, 2), strict=True):
        reference, curve = (
            np.array([p.split(",") for p in points.split()], dtype=float)
            for points in look["curves"]
        )
        assert len(curve) == 101
        # Places in the picture are a straight line in the logarithm of the cost.
        for points, row in ((curve, index), (reference, slider.start)):
            fit = np.polyfit(np.log10(slider.curves()[row]), points[:, 1], 1)
            np.testing.assert_allclose(
                np.polyval(fit, np.log10(slider.curves()[row])), points[:, 1], atol=0.15
            )
            assert fit[0] < 0  # up is more
        np.testing.assert_allclose(np.diff(curve[:, 0], 2), 0, atol=0.21)
    assert {"updates", "cost", "goal 0.01", "1", "0.1", "0.01", "100"} <= set(
        result["looks"][0]["texts"]
    )


# ---------------------------------------------------------------- any figure, dragged


def draw(value, ax):
    ax.plot([0, value], [0, 1])
    return f"up to {value}" if value > 1 else None


def test_a_frame_for_each_value():
    shown = widgets.slider(draw, [1, 2, 30], name="end", start=1)
    assert shown.readouts == ["end: 1", "up to 2", "up to 30"]
    assert shown.values == ["1", "2", "30"]
    assert [frame[:4] for frame in shown.frames] == [b"\x89PNG"] * 3
    assert len(set(shown.frames)) == 3
    assert repr(shown) == "up to 2"
    shown.index = 2
    assert repr(shown) == "up to 30"
    data, _ = shown._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]) == shown.frames[2]


def test_values_and_starts_that_do_not_fit():
    with pytest.raises(ValueError, match="expected values for the slider, got none"):
        widgets.slider(draw, [], name="end")
    for start in (-1, 3):
        with pytest.raises(traitlets.TraitError, match=f"an index from 0 to 2, got {start}"):
            widgets.slider(draw, [1, 2, 3], name="end", start=start)


def test_the_figure_that_is_open_stays_alone():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    widgets.slider(draw, np.linspace(1, 2, 5), name="end")
    assert plt.get_fignums() == before
