"""A course of its own for each test, made from the real lesson."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from course.paths import ROOT_VARIABLE, Course

LESSON = "08-two-three-one"


@pytest.fixture(scope="session")
def checkout() -> Course:
    return Course(Path(__file__).parents[2])


@pytest.fixture
def new_course(tmp_path: Path, checkout: Course) -> Course:
    """A course with the real lesson's source and nothing built."""
    course = Course(tmp_path / "course of mine")
    source = course.source(LESSON)
    source.parent.mkdir(parents=True)
    shutil.copy(checkout.source(LESSON), source)
    return course


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Course], Course]:
    """Make a course the one that the command works on."""

    def choose(course: Course) -> Course:
        monkeypatch.setenv(ROOT_VARIABLE, str(course.root))
        return course

    return choose
