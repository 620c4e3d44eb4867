"""Call a student's function so that nothing it does, but what it returns, has an effect.

Printing, warnings, logging, numpy's error state and the global random generators are set aside during
the call; every call gets its own copy of the arguments; a call that takes too long is stopped.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import inspect
import io
import linecache
import logging
import random
import re
import signal
import sys
import threading
import types
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader_tests.arguments import changed, fresh
from grader_tests.exercise import Case

PATIENCE = 3  # times as long on the clock as on the processor, which others may want too
DEEPEST = 5000  # calls within calls; a plain recursion over a graph of 500 nodes takes 1,500


class CallError(Exception):
    """A call gave no answer, and that says nothing about the function; the message says why."""


class TookTooLong(BaseException):
    """Raised inside a call that has used up its time; no ``except Exception`` catches it."""


@dataclass(frozen=True)
class Failure:
    """An exception that came out of a call.

    Attributes
    ----------
    kind, message : type, str
        What it was.
    line : tuple of int and str, optional
        Number and text of the student's line that raised it, where they are known.
    shapes : tuple of (str, tuple)
        Names and shapes of the arrays that this line mentions.
    """

    kind: type[BaseException]
    message: str
    line: tuple[int, str] | None = None
    shapes: tuple[tuple[str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What one call gave: a value or a failure, and which arguments it changed (by position)."""

    value: Any = None
    failure: Failure | None = None
    changed: tuple[int, ...] = ()


class Elsewhere(ABC):
    """A function that lives in another process, and is called there."""

    @abstractmethod
    def call(
        self, case: Case, convert: Callable[[Any], Any] | None, seconds: float, noise: int
    ) -> Outcome:
        """Do what :func:`call` does.

        Raises
        ------
        CallError
            If there is no answer.
        """

    @abstractmethod
    def with_names(self, names: Mapping[str, Callable[..., Any]]) -> Elsewhere:
        """Return the same function with other `names` in its namespace."""

    @abstractmethod
    def heard_from(self, modules: tuple[str, ...]) -> str | None:
        """Name a function of these modules that was called in its calls so far, if one was."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: only :func:`call` knows how."""
        raise TypeError("a function that lives elsewhere cannot be called directly")


def call(
    function: Callable[..., Any],
    case: Case,
    convert: Callable[[Any], Any] | None = None,
    seconds: float = 10.0,
    noise: int = 0,
    patience: float = PATIENCE,
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
        Limit, in seconds of processor time. It works on the main thread and between two Python
        instructions; a single long call into compiled code ends first.
    noise : int
        Where the global random generators start. They start elsewhere in every call of a check, so
        that a function which draws from them instead of `rng` is found out, every time.
    patience : float
        How many times as long it may take on the clock.
    """
    if isinstance(function, Elsewhere):
        return function.call(case, convert, seconds, noise)
    args, kwargs = fresh(case.args), fresh(dict(case.kwargs))
    try:
        with _set_aside(noise), limited(seconds, patience):
            value = function(*args, **kwargs)
            value = convert(value) if convert else value
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Outcome(failure=_failure(error, function))
    before, after = (*case.args, *case.kwargs.values()), (*args, *kwargs.values())
    return Outcome(value, changed=changed(before, after))


@contextlib.contextmanager
def _set_aside(noise: int) -> Iterator[None]:
    numpy_state, python_state = np.random.get_state(), random.getstate()  # noqa: NPY002
    disabled, printing = logging.root.manager.disable, np.get_printoptions()
    depth, sink = sys.getrecursionlimit(), io.StringIO()
    names = [(module, dict(vars(module))) for module in (np, builtins)]
    try:
        logging.disable(logging.CRITICAL)
        np.random.seed(noise)  # noqa: NPY002
        random.seed(noise)
        sys.setrecursionlimit(max(depth, DEEPEST))
        with (
            contextlib.redirect_stdout(sink),
            contextlib.redirect_stderr(sink),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        for module, before in names:
            _restore(module, before)
        sys.setrecursionlimit(depth)
        logging.disable(disabled)
        np.set_printoptions(**printing)
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(python_state)


def _restore(module: types.ModuleType, before: Mapping[str, Any]) -> None:
    """Undo patches: a comparison with numpy must not run on what a student made of it.

    New names stay: numpy imports some of its parts when they are first used, and cannot do it twice.
    """
    now = vars(module)
    for name, value in before.items():
        if now.get(name) is not value:
            now[name] = value


@contextlib.contextmanager
def limited(seconds: float, patience: float = PATIENCE) -> Iterator[None]:
    """Raise TookTooLong in the main thread after so many seconds of computing.

    It comes again each second until it is out; a call that only waits has `patience` times as long.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(
        signal, "setitimer"
    ):
        yield
        return

    def stop(signum: int, frame: types.FrameType | None) -> None:
        raise TookTooLong

    previous = {number: signal.signal(number, stop) for number in (signal.SIGALRM, signal.SIGPROF)}
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    signal.setitimer(signal.ITIMER_REAL, patience * seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in previous.items():
            signal.signal(number, handler)


def _failure(error: BaseException, function: Callable[..., Any]) -> Failure:
    message = _text_of(error)
    frame = _own_frame(error, function)
    if frame is None:
        return Failure(type(error), message)
    number = frame.tb_lineno
    text = linecache.getline(frame.tb_frame.f_code.co_filename, number).strip()
    shapes = _shapes_in(text, frame.tb_frame.f_locals)
    return Failure(type(error), message, (number, text), shapes)


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""


def _own_frame(error: BaseException, function: Callable[..., Any]) -> types.TracebackType | None:
    """Find the innermost frame of the student's own file or cell that the error passed through."""
    home = getattr(getattr(inspect.unwrap(function), "__code__", None), "co_filename", None)
    frames, own = error.__traceback__, None
    while frames:
        if frames.tb_frame.f_code.co_filename == home:
            own = frames
        frames = frames.tb_next
    return own


def _shapes_in(line: str, names: Mapping[str, Any]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    mentioned = dict.fromkeys(re.findall(r"[A-Za-z_]\w*", line))
    return tuple(
        (name, names[name].shape) for name in mentioned if type(names.get(name)) is np.ndarray
    )


def with_names(
    function: Callable[..., Any], namespace: dict[str, Any], names: Mapping[str, Any]
) -> Callable[..., Any]:
    """Return a function that behaves like `function` with other `names` in its namespace."""
    if isinstance(function, Elsewhere):
        return function.with_names(names)

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
