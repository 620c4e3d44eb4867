"""Call a student's function so that nothing it does, but what it returns, has an effect.

Printing, warnings, logging, numpy's error state and the global random generators are set aside during
the call; every call gets its own copy of the arguments; a call that takes too long is stopped.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import inspect
import io
import logging
import random
import signal
import threading
import traceback
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader_tests.exercise import Case


class TookTooLong(BaseException):
    """Raised inside a call that has used up its time; no ``except Exception`` catches it."""


@dataclass(frozen=True)
class Failure:
    """An exception that came out of a call.

    `kind` and `message` say what it was, `line` is the student's line that raised it, as
    ``(number, text)`` where it is known.
    """

    kind: type[BaseException]
    message: str
    line: tuple[int, str] | None = None


@dataclass(frozen=True)
class Outcome:
    """What one call gave: a value or a failure, and which arguments it changed (by position)."""

    value: Any = None
    failure: Failure | None = None
    changed: tuple[int, ...] = ()


def call(
    function: Callable[..., Any],
    case: Case,
    convert: Callable[[Any], Any] | None = None,
    seconds: float = 10.0,
) -> Outcome:
    """Call `function` with a copy of the case's arguments.

    Parameters
    ----------
    function : callable
        The student's function, or one of ours.
    case : Case
        The arguments.
    convert : callable, optional
        Applied to what the function returns, under the same guard (draining a generator runs the
        student's code).
    seconds : float
        Limit. It works on the main thread and between two Python instructions; a single long call
        into compiled code ends first.
    """
    args, kwargs = fresh(case.args), fresh(dict(case.kwargs))
    try:
        with _set_aside(), _limit(seconds):
            value = function(*args, **kwargs)
            value = convert(value) if convert else value
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Outcome(failure=_failure(error, function))
    return Outcome(
        value, changed=_changed((*case.args, *case.kwargs.values()), (*args, *kwargs.values()))
    )


def fresh(value: Any) -> Any:
    """Copy arguments: containers and arrays anew, generators in the same state, functions as is."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, tuple | list):
        return type(value)(fresh(item) for item in value)
    if isinstance(value, dict):
        return {key: fresh(item) for key, item in value.items()}
    if isinstance(value, np.random.Generator):
        return copy.deepcopy(value)
    return value


def _changed(before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[int, ...]:
    pairs = enumerate(zip(before, after, strict=True))
    return tuple(i for i, (old, new) in pairs if not _untouched(old, new))


def _untouched(old: Any, new: Any) -> bool:
    if isinstance(old, np.ndarray):
        return (
            type(new) is np.ndarray
            and (old.dtype, old.shape) == (new.dtype, new.shape)
            and old.tobytes() == new.tobytes()
        )
    if isinstance(old, tuple | list):
        return (
            type(new) is type(old)
            and len(new) == len(old)
            and all(_untouched(a, b) for a, b in zip(old, new, strict=True))
        )
    if isinstance(old, dict):
        return old.keys() == new.keys() and all(_untouched(old[key], new[key]) for key in old)
    return True


@contextlib.contextmanager
def _set_aside() -> Iterator[None]:
    numpy_state, python_state = np.random.get_state(), random.getstate()  # noqa: NPY002
    disabled, printing = logging.root.manager.disable, np.get_printoptions()
    sink = io.StringIO()
    try:
        logging.disable(logging.CRITICAL)
        with (
            contextlib.redirect_stdout(sink),
            contextlib.redirect_stderr(sink),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)
        np.set_printoptions(**printing)
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(python_state)


@contextlib.contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Raise TookTooLong in the main thread after `seconds`, and again each second until it is out."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(
        signal, "setitimer"
    ):
        yield
        return

    def stop(signum: int, frame: types.FrameType | None) -> None:
        raise TookTooLong

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _failure(error: BaseException, function: Callable[..., Any]) -> Failure:
    return Failure(type(error), _text_of(error), _line_of(error, function))


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""


def _line_of(error: BaseException, function: Callable[..., Any]) -> tuple[int, str] | None:
    """Find the last line of the student's own file or cell that the error passed through."""
    home = getattr(getattr(inspect.unwrap(function), "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename == home and frame.lineno]
    if not own:
        return None
    return own[-1].lineno or 0, (own[-1].line or "").strip()


def with_names(
    function: Callable[..., Any], namespace: dict[str, Any], names: Mapping[str, Any]
) -> Callable[..., Any]:
    """Return a function that behaves like `function` with other `names` in its namespace."""

    @functools.wraps(function)
    def replaced(*args: Any, **kwargs: Any) -> Any:
        before = {name: namespace[name] for name in names if name in namespace}
        namespace.update(names)
        try:
            return function(*args, **kwargs)
        finally:
            for name in names:
                namespace.pop(name, None)
            namespace.update(before)

    return replaced
