"""Notice a function that calls the right implementation instead of being one."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

from grader_tests.calling import Elsewhere, call
from grader_tests.exercise import Case, Exercise


def borrowed(task: Exercise, function: Callable[..., Any], case: Case) -> str | None:
    """Name the ready implementation that a call of `function` ends up in, if it does.

    The call is watched with Python's profiler. Refused are the exercise's own reference and the
    modules in `task.ready_made`. A function that lives elsewhere is watched there, in all its calls.
    """
    if isinstance(function, Elsewhere):
        return function.heard_from(task.ready_made)
    watch = _Watch(task)

    def watched(*args: Any, **kwargs: Any) -> None:
        before = sys.getprofile()
        sys.setprofile(watch)
        try:
            result = function(*args, **kwargs)
            if task.convert:
                task.convert(result)
        finally:
            sys.setprofile(before)

    call(watched, case, seconds=2 * task.seconds)
    return watch.found


class _Watch:
    """A profile function that remembers the first call into a ready implementation."""

    def __init__(self, task: Exercise) -> None:
        self.reference = task.reference.__code__
        self.modules = tuple(f"{module}." for module in task.ready_made)
        self.found: str | None = None

    def __call__(self, frame: types.FrameType, event: str, argument: Any) -> None:
        if event != "call" or self.found:
            return
        module = frame.f_globals.get("__name__", "")
        if frame.f_code is self.reference or f"{module}.".startswith(self.modules):
            self.found = f"{module}.{frame.f_code.co_qualname}"
