"""What all tests of nnkit share."""

import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

# Time is no test: a busy machine is not a mistake.
settings.register_profile("nnkit", deadline=None)
settings.load_profile("nnkit")


@pytest.fixture(autouse=True)
def _no_figure_stays_open() -> Iterator[None]:
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
