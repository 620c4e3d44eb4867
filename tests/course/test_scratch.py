"""Temporary folders: gone when their process is, sooner or later."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from course import scratch
from course.scratch import Scratch

pytest.importorskip("fcntl", reason="folders cannot be locked on this system")
LONG_AGO = time.time() - 2 * scratch.SECONDS_TO_LOCK


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_removed_with_all_that_is_in_it(temporary: Path) -> None:
    made = Scratch("test")
    (made.path / "a" / "b").mkdir(parents=True)
    assert names(temporary) == {made.path.name}
    made.remove()
    made.remove()
    assert names(temporary) == set()


def test_what_a_killed_process_left_goes_and_nothing_else(temporary: Path) -> None:
    dies = f"""
import os, tempfile
tempfile.tempdir = {str(temporary)!r}
from course.scratch import Scratch
(Scratch("test").path / "file").touch()
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", dies], check=False, cwd=Path(__file__).parents[2])
    (left,) = temporary.iterdir()
    alive = Scratch("test")
    assert left.exists()  # it is new: its lock might still come
    for path in (left, alive.path):
        os.utime(path, (LONG_AGO, LONG_AGO))
    other, link = temporary / "nnkit-other-x", temporary / "nnkit-test-link"
    other.mkdir()
    link.symlink_to(other)
    for path in (other, link):
        os.utime(path, (LONG_AGO, LONG_AGO), follow_symlinks=False)
    last = Scratch("test")
    assert names(temporary) == {alive.path.name, last.path.name, other.name, link.name}
