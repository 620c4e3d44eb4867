"""The lesson that a test module names in ``LESSON``: built, and run as a reader runs it."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.register_assert_rewrite("tests.lessons.running")

from course.build import make_lesson  # noqa: E402
from course.paths import Course  # noqa: E402
from tests.conftest import SECONDS  # noqa: E402
from tests.lessons.running import Run  # noqa: E402


@pytest.fixture(scope="module", autouse=True)
def _no_mnist(tmp_path_factory):
    """Whoever runs this has MNIST or not; the lessons' numbers are those of the built-in digits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NNKIT_DATA", str(tmp_path_factory.mktemp("no-mnist")))
        yield


@pytest.fixture(scope="module")
def lesson(request):
    """Return the lesson, built in memory."""
    return make_lesson(Course(Path(__file__).parents[2]), request.module.LESSON)


@pytest.fixture(scope="module")
def solved(lesson, tmp_path_factory):
    """Return the run of the notebook with the solutions in."""
    return Run(lesson.instructor, tmp_path_factory.mktemp("solved"))


@pytest.fixture(scope="module")
def unfilled(lesson, tmp_path_factory):
    """Return the run of the notebook as students get it."""
    return Run(lesson.student, tmp_path_factory.mktemp("unfilled"))


@pytest.fixture(autouse=True)
def _tell_the_seconds(request, record_property):
    """Hand on how long the notebooks ran; tests/conftest.py prints it at the end."""
    yield
    for version in {"solved", "unfilled"} & set(request.fixturenames):
        run = request.getfixturevalue(version)
        record_property(SECONDS, (request.module.LESSON, version, run.seconds))


@pytest.fixture(scope="module")
def solutions(lesson):
    """Return the exercises' solutions as functions, by name."""
    names = {"np": np}
    for cell in lesson.instructor.cells:
        if cell.id in lesson.exercises:
            exec(cell.source, names)
    return SimpleNamespace(**{name: names[name] for name in lesson.exercises})
