"""What all explorers share: the state, the message, presets, reset, the prompt, and errors.

An explorer lets its reader change a few values and shows at once what follows. The mathematics
happens in Python, with nnkit; a script in the browser draws what Python has computed. Between them
goes one message in each direction.

To Python, when the reader has changed something::

    {"id": "k3f9-17",                which message it is
     "set": {"bias": -20},           the values that have changed
     "do": null}                     or the name of a button, or "reset"

To the browser, as the traits `shown` and, where it has changed, `background`::

    {"id": "k3f9-17",                the message that is answered; "" where Python made the change
     "state": {"bias": -20, …},      all values
     "picture": {…},                 what the script draws; arrays arrive as arrays
     "sentence": "The neuron …",     the same in words
     "note": "",                     why a button had nothing to do, if it had not
     "error": ""}                    or what went wrong; the picture is then the last right one

    {"points": …}                    the parts of the picture that `seldom` names; the script gets
                                     them with every picture

The browser sends the next message when the last one is answered, and puts together what has been
changed in between: however fast somebody drags, nothing piles up.

How to write an explorer: docs/writing-an-explorer.md.
"""

from __future__ import annotations

import copy
import math
import traceback
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np
import traitlets

from nnkit.widgets.controls import Button, Control, Slider
from nnkit.widgets.scripts import joined, style
from nnkit.widgets.stills import WithPicture


class Explorer(WithPicture):
    """A figure that follows what its reader changes; the base of all explorers.

    A subclass says what can be changed (`controls`, `presets`), computes what is to be seen
    (`picture`, `sentence`, `still`), and names the `script` that draws it.

    Parameters
    ----------
    preset : str, optional
        The values to start from: a name out of `presets`. Without one, it is the first.
    predict : str
        A question. Nothing can be moved until the reader has answered it; the answer is kept in
        `prediction`.
    hide : iterable of str
        Names of controls that are not shown; ``"presets"``, ``"reset"`` and ``"copy"`` are such
        names, too.
    **values
        What the start has different from the preset.

    Attributes
    ----------
    state : dict
        The values of all controls.
    prediction : str
        What the reader has answered to `predict`.
    shown : dict
        The last message to the browser.

    Raises
    ------
    ValueError
        If there is no such preset or control, or if a control does not take the value.
    """

    title: ClassVar[str]
    """What it is, in a few words: its accessible name."""
    script: ClassVar[str]
    """The file in ``static/`` that draws; or the script itself."""
    controls: ClassVar[tuple[Control, ...]]
    """What can be changed, in the order in which it is shown."""
    presets: ClassVar[Mapping[str, Mapping[str, Any]]]
    """Starts worth seeing, by their names. The first one has a value for every control."""
    seldom: ClassVar[tuple[str, ...]] = ()
    """Parts of the picture that seldom change: they are sent when they have, not every time."""

    spec = traitlets.Dict().tag(sync=True)
    background = traitlets.Dict().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True, to_json=lambda value, explorer: explorer._sent(value))
    prediction = traitlets.Unicode().tag(sync=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if "script" in cls.__dict__:  # traitlets makes subclasses of its own
            cls._esm = joined(cls.script)
            cls._css = style()
        super().__init_subclass__(**kwargs)

    def __init__(
        self,
        preset: str | None = None,
        *,
        predict: str = "",
        hide: Iterable[str] = (),
        **values: Any,
    ) -> None:
        first = next(iter(self.presets))
        if preset is not None and preset not in self.presets:
            raise ValueError(f"expected a preset out of {', '.join(self.presets)}, got {preset!r}")
        hide = [hide] if isinstance(hide, str) else list(hide)
        known = {control.name for control in self.controls} | {"presets", "reset", "copy"}
        if unknown := set(hide) - known:
            raise ValueError(
                f"expected hide to name some of {sorted(known)}, got {sorted(unknown)}"
            )
        start = {**self.presets[first], **self.presets[preset or first], **values}
        self._start = self._checked(start)
        self.state = copy.deepcopy(self._start)
        super().__init__(
            spec={
                "title": self.title,
                "name": type(self).__name__,
                "controls": [control.spec() for control in self.controls],
                "presets": {name: dict(changes) for name, changes in self.presets.items()},
                "start": dict(self._start),
                "hide": hide,
                "predict": predict,
            }
        )
        self.changed(set(self.state))
        self._show("")
        self.on_msg(self._answer)

    # ------------------------------------------------------------ what a subclass writes

    def changed(self, names: set[str]) -> None:
        """Follow a change of the values `names`, before the picture is made.

        For explorers that keep more than the state: a net in training, for example, starts again
        when its layers change. A reset calls it with all names.
        """

    def picture(self) -> dict[str, Any]:
        """Return what the script draws for `state`: numbers, texts, lists, dicts and arrays."""
        raise NotImplementedError

    def sentence(self, picture: Mapping[str, Any]) -> str:
        """Say what is to be seen in a picture."""
        raise NotImplementedError

    # ------------------------------------------------------------ what others may call

    def set(self, **values: Any) -> None:
        """Change values from Python, as the reader does with the controls.

        Raises
        ------
        ValueError
            If there is no such control, or if it does not take the value.
        """
        self._change(values)
        self._show("")

    def do(self, name: str) -> None:
        """Press a button: one of the `controls`, or ``"reset"``.

        Where it has nothing to do, the note in `shown` says why.

        Raises
        ------
        ValueError
            If there is no such button.
        """
        self._show("", self._press(name))

    @property
    def code(self) -> str:
        """The line of Python that makes an explorer in this state, to be kept or given away."""
        first, *_ = self.presets.values()
        values = [f"{name}={self.state[name]!r}" for name in first]
        return f"nn.widgets.{type(self).__name__}({', '.join(values)})"

    def __repr__(self) -> str:
        return str(self.shown["sentence"])

    # ------------------------------------------------------------ how it works

    def _checked(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """Return a whole state after asking the controls that are there in it."""
        there = {
            c.name: c for c in self.controls if not isinstance(c, Button) and c.is_there(state)
        }
        known = {control.name for control in self.controls if not isinstance(control, Button)}
        if unknown := set(state) - known:
            raise ValueError(f"expected some of {sorted(known)}, got {sorted(unknown)}")
        return {
            name: there[name].checked(value) if name in there else value
            for name, value in state.items()
        }

    def _change(self, values: Mapping[str, Any]) -> None:
        if values:
            state = {**self.state, **values}
            moved = self._taken_over(state, values)
            self.state = self._checked(state | moved)
            self.changed({*values, *moved})

    def _taken_over(self, state: Mapping[str, Any], asked: Iterable[str]) -> dict[str, Any]:
        """Return what nobody has asked for, but is out of the range of the control now there."""
        there = {c.name: c for c in self.controls if isinstance(c, Slider) and c.is_there(state)}
        fitting = {name: there[name].nearest(state[name]) for name in there.keys() - set(asked)}
        return {name: value for name, value in fitting.items() if value != state[name]}

    def _press(self, name: str) -> str:
        """Do what a button is for; return a note for the reader where there is nothing to do."""
        buttons = {control.name for control in self.controls if isinstance(control, Button)}
        if name == "reset":
            self.state = copy.deepcopy(self._start)
            self.changed(set(self.state))
            return ""
        if name in buttons:
            return str(getattr(self, f"do_{name}")() or "")
        raise ValueError(f"expected reset or a button out of {sorted(buttons)}, got {name!r}")

    def _show(self, message: str, note: str = "") -> None:
        picture = self.picture()
        sentence = self.sentence(picture)
        with self.hold_sync():  # both traits in one message
            self.background = plain({name: picture[name] for name in self.seldom})
            self.shown = {
                "id": message,
                "state": dict(self.state),
                "picture": picture,
                "sentence": sentence,
                "note": note,
                "error": "",
            }

    def _sent(self, shown: Mapping[str, Any]) -> Any:
        """Return what goes to the browser of `shown`: all but the background."""
        picture = shown.get("picture", {})
        moving = {name: part for name, part in picture.items() if name not in self.seldom}
        return plain({**shown, "picture": moving})

    def _answer(self, _: Any, message: Mapping[str, Any], buffers: Any) -> None:
        """Answer the browser. Whatever goes wrong is shown where the reader looks."""
        try:
            self._change(message["set"])
            note = self._press(message["do"]) if message["do"] else ""
            self._show(message["id"], note)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            self.shown = self.shown | {
                "id": message["id"],
                "state": dict(self.state),
                "note": "",
                "error": f"{type(error).__name__}: {error} (line {where.lineno} of {where.name})",
            }


def plain(value: Any) -> Any:
    """Return a value as a message can hold it.

    An array becomes its shape and its numbers, as float32 or, if they are, as uint8;
    static/common.js turns them into an array again. Other numbers become Python's, and where they
    are not finite, None.
    """
    if isinstance(value, np.ndarray):
        numbers = np.ascontiguousarray(value, dtype="u1" if value.dtype == np.uint8 else "<f4")
        return {"shape": list(numbers.shape), "values": numbers.tobytes()}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
