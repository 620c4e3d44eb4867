"""Find lessons and their exercises.

The package `lesson_08_two_three_one` holds those of lesson 08-two-three-one.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

import grader_tests
from grader_tests.exercise import Exercise


@functools.cache
def lessons() -> tuple[str, ...]:
    """List the lessons that have exercises, in order."""
    packages = (module.name for module in pkgutil.iter_modules(grader_tests.__path__))
    found = (name.removeprefix("lesson_") for name in packages if name.startswith("lesson_"))
    return tuple(sorted(name.replace("_", "-") for name in found))


@functools.cache
def exercises(lesson: str) -> Mapping[str, Exercise]:
    """Return a lesson's exercises by name, in the lesson's order.

    Parameters
    ----------
    lesson : str
        For example ``"08-two-three-one"``.

    Raises
    ------
    KeyError
        If there is no such lesson; the message lists those that exist.
    """
    if lesson not in lessons():
        raise KeyError(f"expected a lesson, one of {', '.join(lessons())}; got {lesson!r}")
    package = importlib.import_module(f"grader_tests.lesson_{lesson.replace('-', '_')}")
    return MappingProxyType({exercise.name: exercise for exercise in package.EXERCISES})


def exercise(lesson: str, name: str) -> Exercise:
    """Return one exercise.

    Raises
    ------
    KeyError
        If the lesson, or the exercise in it, does not exist; the message lists those that do.
    """
    found = exercises(lesson)
    if name not in found:
        raise KeyError(f"expected an exercise of {lesson}, one of {', '.join(found)}; got {name!r}")
    return found[name]
