"""The base of the explorers without a browser: state, messages, errors, stills, what is freed."""

import base64
import contextlib
import copy
import gc
import json
import re
import shutil
import subprocess
import sys
import tracemalloc
import weakref
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import ClassVar

import matplotlib.pyplot as plt
import numpy as np
import pytest

import nnkit as nn
from nnkit.widgets import Button, Choice, Explorer, Slider, Switch, Value, scripts
from nnkit.widgets.base import plain
from nnkit.widgets.controls import Control
from nnkit.widgets.scripts import STATIC, joined
from tests.explorers import EXPLORERS


class Doubler(Explorer):
    """An explorer just large enough to have everything."""

    title = "Doubler"
    script = "export default explorer(() => () => {});"
    controls = (
        Slider(name="x", label="x", low=-3, high=3, step=0.5),
        Slider(name="n", label="n", low=0, high=9, when={"mode": "whole"}),
        Choice(name="mode", label="Mode", options=("plain", "whole")),
        Switch(name="loud", label="Loud"),
        Value(name="points"),
        Button(name="add", label="Add"),
    )
    presets: ClassVar = {
        "start": {"x": 1, "n": 0, "mode": "plain", "loud": False, "points": []},
        "whole": {"mode": "whole", "n": 7},
    }
    added = 0

    def changed(self, names):
        self.last = names

    def do_add(self):
        if self.added == 2:
            return "Two are enough."
        self.added += 1

    def picture(self):
        if self.state["x"] == 3:
            raise ArithmeticError("three is too much")
        return {"twice": 2 * self.state["x"], "grid": np.arange(6.0).reshape(2, 3)}

    def sentence(self, picture):
        return f"Twice {self.state['x']} is {picture['twice']}."


def ask(explorer, do=None, **values):
    """Send a message as the browser does, and return the answer as the browser gets it."""
    explorer._handle_custom_msg({"id": "v-1", "set": values, "do": do}, [])
    return explorer.get_state("shown")["shown"]


# ---------------------------------------------------------------- the state


def test_a_start_is_a_preset_and_what_differs():
    assert Doubler().state == {"x": 1, "n": 0, "mode": "plain", "loud": False, "points": []}
    started = Doubler("whole", x=-0.5)
    assert started.state == {"x": -0.5, "n": 7, "mode": "whole", "loud": False, "points": []}
    assert repr(started) == "Twice -0.5 is -1.0."


def test_the_code_makes_the_same_again():
    once = Doubler("whole", x=2.5, loud=True, points=[[1, 2]])
    assert once.code.startswith("nn.widgets.Doubler(x=2.5, n=7, mode='whole'")
    again = eval(once.code.removeprefix("nn.widgets."), {"Doubler": Doubler})
    assert again.state == once.state


@pytest.mark.parametrize(
    ("name", "preset"), [(name, preset) for name in EXPLORERS for preset in EXPLORERS[name].presets]
)
def test_a_reset_takes_every_button_back(name, preset):
    made = EXPLORERS[name](preset)
    start, sentence = copy.deepcopy(made.state), repr(made)
    for button in [c for c in made.controls if isinstance(c, Button) and c.is_there(made.state)]:
        with contextlib.suppress(ValueError):  # there may be nothing to do
            made.do(button.name)
        made.do("reset")
        assert made.state == start, button.name
        assert repr(made) == sentence, button.name


@pytest.mark.parametrize("name", EXPLORERS)
def test_a_preset_is_the_same_whatever_was_shown_before(name):
    presets = EXPLORERS[name].presets
    alone = {preset: repr(EXPLORERS[name](preset)) for preset in presets}
    made = EXPLORERS[name]()
    for before in presets:
        for preset in presets:
            made.set(**presets[before])
            made.set(**presets[preset])
            assert repr(made) == alone[preset], (before, preset)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"preset": "no"}, "expected a preset out of start, whole, got 'no'"),
        ({"y": 1}, "expected some of ['loud', 'mode', 'n', 'points', 'x'], got ['y']"),
        ({"x": 4}, "expected x from -3 to 3, got 4"),
        ({"x": "1"}, "expected x from -3 to 3, got '1'"),
        ({"x": True}, "expected x from -3 to 3, got True"),
        ({"x": float("nan")}, "expected x from -3 to 3, got nan"),
        ({"mode": "no"}, "expected mode to be one of 'plain', 'whole', got 'no'"),
        ({"loud": 1}, "expected loud to be True or False, got 1"),
        ({"preset": "whole", "n": 10}, "expected n from 0 to 9, got 10"),
        ({"hide": ["y"]}, "expected hide to name some of"),
    ],
)
def test_a_start_that_cannot_be(names, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Doubler(**names)


def test_what_is_not_there_is_not_checked():
    assert Doubler(n=99).state["n"] == 99  # its slider is there only while the mode is "whole"
    with pytest.raises(ValueError, match="expected n from 0 to 9, got 99"):
        Doubler(n=99, mode="whole")


def test_a_control_that_takes_over_takes_the_nearest_value():
    doubler = Doubler(n=99)
    doubler.set(mode="whole")
    assert doubler.state["n"] == 9
    assert doubler.last == {"mode", "n"}
    with pytest.raises(ValueError, match="expected n from 0 to 9, got 10"):
        Doubler().set(mode="whole", n=10)  # this one was asked for
    for value in ("5", float("nan")):
        with pytest.raises(ValueError, match="expected n from 0 to 9, got"):
            Doubler(n=value).set(mode="whole")


def test_set_and_do_from_python():
    doubler = Doubler()
    doubler.set(x=2)
    assert doubler.last == {"x"}
    assert repr(doubler) == "Twice 2.0 is 4.0."
    doubler.do("add")
    assert doubler.added == 1
    doubler.do("reset")
    assert doubler.state["x"] == 1
    assert doubler.last == set(doubler.state)
    with pytest.raises(ValueError, match=re.escape("a button out of ['add'], got 'close'")):
        doubler.do("close")


# ---------------------------------------------------------------- the message


def test_an_answer_holds_all_that_is_drawn():
    answer = ask(Doubler(), x=-2)
    assert answer["id"] == "v-1"
    assert answer["state"]["x"] == -2
    assert answer["sentence"] == "Twice -2.0 is -4.0."
    assert answer["error"] == ""
    assert answer["picture"]["twice"] == -4
    grid = answer["picture"]["grid"]
    assert grid["shape"] == [2, 3]
    np.testing.assert_array_equal(np.frombuffer(grid["values"], "<f4"), np.arange(6))


class Grid(Doubler):
    """An explorer that has something in its background."""

    seldom = ("grid",)

    def picture(self):
        return super().picture() | {"grid": np.full(3, float(self.state["n"]))}


def test_what_seldom_changes_is_sent_when_it_has_changed(monkeypatch):
    grid = Grid("whole")
    sent = []
    monkeypatch.setattr(grid.comm, "send", lambda data, **_: sent.append(data["state"]))
    ask(grid, x=2)
    ask(grid, n=5)
    ask(grid, x=99)  # an error
    assert [set(message) for message in sent] == [{"shown"}, {"shown", "background"}, {"shown"}]
    assert all(message["shown"]["picture"].keys() == {"twice"} for message in sent)
    assert grid.get_state("background")["background"] == {"grid": plain(np.full(3, 5.0))}
    assert grid.shown["picture"]["grid"].tolist() == [5, 5, 5]


@pytest.mark.parametrize("name", EXPLORERS)
def test_the_background_is_a_part_of_the_picture_and_stays(name):
    cls = EXPLORERS[name]
    explorer = cls()
    assert set(cls.seldom) <= explorer.shown["picture"].keys()
    for button in (c for c in cls.controls if isinstance(c, Button) and c.repeats):
        before = explorer.background
        explorer.do(button.name)
        assert explorer.background == before  # a picture while playing brings none along


def test_values_are_set_before_a_button_is_pressed():
    doubler = Doubler()
    assert ask(doubler, do="add", x=2)["state"]["x"] == 2
    assert doubler.added == 1


def test_a_button_with_nothing_to_do_says_why():
    doubler = Doubler()
    assert [ask(doubler, do="add")["note"] for _ in range(3)] == ["", "", "Two are enough."]
    answer = ask(doubler, do="add", x=2)
    assert (answer["note"], answer["error"]) == ("Two are enough.", "")
    assert answer["picture"]["twice"] == 4  # what was changed along with it is drawn
    assert ask(doubler, x=99)["note"] == ""
    doubler.do("add")
    assert doubler.shown["note"] == "Two are enough."
    assert doubler.added == 2


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"x": 3}, "ArithmeticError: three is too much"),
        ({"x": 99}, "ValueError: expected x from -3 to 3, got 99"),
        ({"do": "close"}, "ValueError: expected reset or a button"),
    ],
)
def test_an_error_is_told_and_the_picture_stays(message, error):
    doubler = Doubler()
    answer = ask(doubler, **message)
    assert answer["error"].startswith(error)
    assert answer["id"] == "v-1"
    assert answer["sentence"] == "Twice 1.0 is 2.0."
    assert ask(doubler, x=2)["error"] == ""


def test_a_start_that_python_cannot_draw_is_told_at_once():
    with pytest.raises(ArithmeticError):
        Doubler(x=3)


def test_what_a_message_can_hold():
    sent = plain({"a": (np.float32(1.5), np.int64(2), np.bool_(True)), 3: [float("inf"), None]})
    assert sent == {"a": [1.5, 2, True], "3": [None, None]}
    assert json.dumps(sent, allow_nan=False)
    assert plain(np.zeros((0, 2))) == {"shape": [0, 2], "values": b""}
    assert plain(np.uint8([7, 255])) == {"shape": [2], "values": b"\x07\xff"}
    turned = plain(np.arange(6).reshape(2, 3).T)
    np.testing.assert_array_equal(np.frombuffer(turned["values"], "<f4"), [0, 3, 1, 4, 2, 5])


# ---------------------------------------------------------------- what it leaves behind


def test_a_closed_explorer_is_freed():
    doubler = Doubler()
    alive = weakref.ref(doubler)
    doubler.close()
    del doubler
    gc.collect()
    assert alive() is None


def test_ten_thousand_moves_leave_nothing():
    doubler = Doubler()
    ask(doubler, x=0)
    tracemalloc.start()
    try:
        for number in range(10_000):
            doubler._answer(doubler, {"id": "", "set": {"x": number % 5 / 2}, "do": None}, [])
            if number == 100:
                before = tracemalloc.get_traced_memory()[0]
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
    finally:
        tracemalloc.stop()


# ---------------------------------------------------------------- all explorers there are


@pytest.fixture(params=EXPLORERS)
def explorer(request):
    made = EXPLORERS[request.param]()
    yield made
    made.close()


def test_a_picture_and_a_sentence_stand_in(explorer):
    before = plt.get_fignums()
    data, _ = explorer._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == explorer.shown["sentence"] != ""
    assert plt.get_fignums() == before


def test_every_preset_is_drawn_and_can_be_made_from_code(explorer):
    for name in explorer.presets:
        there = type(explorer)(name)
        again = eval(there.code, {"nn": nn})
        assert repr(again) == repr(there)
        assert again.state == there.state
        there.close()
        again.close()


def test_every_move_is_answered(explorer):
    for control in explorer.controls:
        if not control.is_there(explorer.state):
            continue
        if isinstance(control, Slider):
            answer = ask(explorer, **{control.name: control.low})
        elif isinstance(control, Choice):
            answer = ask(explorer, **{control.name: control.options[-1]})
        elif isinstance(control, Switch):
            answer = ask(explorer, **{control.name: not explorer.state[control.name]})
        elif isinstance(control, Button):
            answer = ask(explorer, do=control.name)
        else:
            continue
        assert answer["error"] == "", control.name
    assert ask(explorer, do="reset")["state"] == type(explorer)().state


def test_every_control_has_a_label_and_every_button_a_method(explorer):
    for control in explorer.controls:
        assert control.label or isinstance(control, Value)
        if isinstance(control, Button):
            assert callable(getattr(explorer, f"do_{control.name}"))
    needed = {c.name for c in explorer.controls if not isinstance(c, Button)}
    assert set(next(iter(explorer.presets.values()))) == needed


def test_scripts_are_plain_and_reach_nothing_outside(explorer):
    source = joined(explorer.script)
    assert not re.search(r"^\s*import\b", source, re.MULTILINE)
    assert set(re.findall(r"https?://[^\"]+", source)) == {"http://www.w3.org/2000/svg"}
    assert "innerHTML" not in source
    assert len(source) < 60_000


def test_joined_scripts_are_one_module():
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed, so scripts cannot be read here")
    for cls in EXPLORERS.values():
        checked = subprocess.run(
            [node, "--input-type=module", "--check"],
            input=joined(cls.script),
            capture_output=True,
            text=True,
        )
        assert checked.returncode == 0, checked.stderr


def test_every_script_belongs_to_somebody():
    used = {cls.script for cls in EXPLORERS.values()} | {"common.js", "draw.js"}
    assert {path.name for path in STATIC.glob("*.js")} == used | {"frames.js", "learning_rate.js"}


# ---------------------------------------------------------------- how one is written

PAGE = (Path(__file__).parents[2] / "docs" / "writing-an-explorer.md").read_text(encoding="utf-8")


def test_the_page_s_explorer_works_as_two_files(tmp_path, monkeypatch):
    """tests/browser/test_explorers.py moves it in a browser."""
    python, script = (
        re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[1] for kind in ("python", "js")
    )
    static = shutil.copytree(STATIC, tmp_path / "static")
    (static / "descent.js").write_text(script, encoding="utf-8")
    (tmp_path / "descent.py").write_text(python, encoding="utf-8")
    monkeypatch.setattr(scripts, "STATIC", static)
    monkeypatch.syspath_prepend(tmp_path)
    descent = import_module("descent").Descent("too large", start=2)
    del sys.modules["descent"]
    assert script.splitlines()[-1] in descent._esm
    descent.do("step")
    assert repr(descent) == "Steps: 1. Now w is -2.4, and the cost 5.76."
    assert base64.b64decode(descent._repr_mimebundle_()[0]["image/png"]).startswith(b"\x89PNG")
    sent = ask(descent, do="step")
    assert sent["error"] == ""
    assert sent["picture"].keys() == {"path"}


@pytest.mark.parametrize("control", Control.__subclasses__() + Choice.__subclasses__())
def test_the_page_has_all_controls_with_all_they_take(control):
    call = re.search(rf"^\| `{control.__name__}\((.*)\)` \| ", PAGE, re.MULTILINE)[1]
    own = {field.name for field in fields(control)} - {field.name for field in fields(Control)}
    assert set(re.findall(r"(\w+)=", call)) == own
    assert all(f"`{field.name}=`" in PAGE for field in fields(Control))


def test_the_page_has_all_that_a_script_is_given():
    given = re.search(r"const tools = \{(.*?)\};", (STATIC / "common.js").read_text(), re.DOTALL)[1]
    names = re.findall(r"(\w+): (?:this|\()", given)
    assert len(names) >= 5
    assert all(re.search(rf"^\| `{name}\b", PAGE, re.MULTILINE) for name in names)
