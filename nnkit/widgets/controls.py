"""What a reader can set in an explorer: every control knows its name, its label and what it takes.

The browser draws a control from what `spec` tells (static/common.js); Python checks what comes
back with `checked`. Two controls may have one name if they are never there at once: `when` says
for which values of other controls a control is there. So a bias may have a range per data set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Control:
    """What all controls have.

    Parameters
    ----------
    name : str
        The name in the state, and the argument with which the explorer is made.
    label : str
        What the reader sees, and a screen reader says.
    when : mapping of str to value
        The control is there only while the state has these values.
    """

    name: str
    label: str = ""
    when: Mapping[str, Any] = field(default_factory=dict)

    def checked(self, value: Any) -> Any:
        """Return the value as the state holds it.

        Raises
        ------
        ValueError
            If the control does not take it.
        """
        return value

    def is_there(self, state: Mapping[str, Any]) -> bool:
        """Return whether the control belongs to this state."""
        return all(state.get(name) == value for name, value in self.when.items())

    def spec(self) -> dict[str, Any]:
        """Return what the browser needs to draw it."""
        return {"kind": type(self).__name__.lower()} | asdict(self)


@dataclass(frozen=True, kw_only=True)
class Slider(Control):
    """A number from `low` to `high`: dragged, tapped, or moved with the arrow keys by `step`."""

    low: float
    high: float
    step: float = 1

    def checked(self, value: Any) -> float | int:
        """Return the number; a whole one as int where `low` and `step` are whole."""
        if not (_is_number(value) and self.low <= value <= self.high):
            raise ValueError(
                f"expected {self.name} from {self.low:g} to {self.high:g}, got {value!r}"
            )
        if not (self.step % 1 or self.low % 1 or value % 1):
            return int(value)
        return float(value)

    def nearest(self, value: Any) -> Any:
        """Return the number of the range that is nearest to a value.

        So a bias of 20 becomes 10 where another data set has another slider.
        """
        return np.clip(value, self.low, self.high) if _is_number(value) else value


@dataclass(frozen=True, kw_only=True)
class Choice(Control):
    """One out of several `options`."""

    options: tuple[str | int | float, ...]

    def checked(self, value: Any) -> str | int | float:
        """Return the option."""
        if value not in self.options:
            expected = ", ".join(map(repr, self.options))
            raise ValueError(f"expected {self.name} to be one of {expected}, got {value!r}")
        return self.options[self.options.index(value)]


@dataclass(frozen=True, kw_only=True)
class Scale(Choice):
    """A number out of `options`, in increasing order, on a slider that stops at each of them.

    So small numbers can be set as finely as large ones: learning rates, for example.
    """


@dataclass(frozen=True, kw_only=True)
class Switch(Control):
    """On or off."""

    def checked(self, value: Any) -> bool:
        """Return whether it is on."""
        if not isinstance(value, bool | np.bool_):
            raise ValueError(f"expected {self.name} to be True or False, got {value!r}")
        return bool(value)


@dataclass(frozen=True, kw_only=True)
class Button(Control):
    """Something to do: the explorer's method ``do_<name>``. It holds no value.

    With `repeats` it is a play button: once pressed, the method is called again as soon as its
    last picture is drawn, until the button is pressed again. Nothing runs ahead of what is seen.
    """

    repeats: bool = False


@dataclass(frozen=True, kw_only=True)
class Value(Control):
    """A value without a control of its own: a preset sets it, or the explorer's script does.

    An explorer that takes more than a few `options` checks the value in its `changed`.
    """

    options: tuple[Any, ...] | None = None

    def checked(self, value: Any) -> Any:
        """Return the value."""
        if self.options is not None and value not in self.options:
            expected = ", ".join(map(repr, self.options))
            raise ValueError(f"expected {self.name} to be one of {expected}, got {value!r}")
        return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)
