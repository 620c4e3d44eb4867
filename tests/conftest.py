"""What all tests share: a browser; nobody's own record of progress is touched; the lessons' times."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from nnkit.progress import PROGRESS_VARIABLE

SECONDS = "lesson, version and seconds"


@pytest.fixture(autouse=True, scope="session")
def _progress_of_the_tests(tmp_path_factory):
    os.environ[PROGRESS_VARIABLE] = str(tmp_path_factory.mktemp("progress") / "progress.json")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real browser without a window. One for all: playwright bears no second in a process."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    from tests.browser import jupyter

    if why := jupyter.missing():
        pytest.skip(why)
    with jupyter.chromium() as started:
        yield started


def pytest_terminal_summary(terminalreporter):
    """Print how long each lesson took, wherever it was executed."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    seconds = {
        (lesson, version): taken
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == SECONDS
        for lesson, version, taken in [value]
    }
    if seconds:
        terminalreporter.section("lessons, seconds from top to bottom")
    for (lesson, version), taken in sorted(seconds.items()):
        terminalreporter.line(f"{lesson:20} {version:9} {taken:5.1f}")
