"""What all tests share: nobody's own record of progress is touched."""

import os

import pytest

from nnkit.progress import PROGRESS_VARIABLE


@pytest.fixture(autouse=True, scope="session")
def _progress_of_the_tests(tmp_path_factory):
    os.environ[PROGRESS_VARIABLE] = str(tmp_path_factory.mktemp("progress") / "progress.json")
