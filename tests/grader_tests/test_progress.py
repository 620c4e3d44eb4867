"""A check that passes is noted for `nnkit.progress`, and no check fails because it cannot be."""

import sys

import pytest

import grader_tests
import nnkit as nn
from nnkit.progress import PROGRESS_VARIABLE

LESSON = "08-two-three-one"


def right(out, Y):
    return (out - Y) * out * (1 - out)


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """What checks show, with a record of its own."""
    bundles = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append(bundle))
    monkeypatch.setenv(PROGRESS_VARIABLE, str(tmp_path / "progress.json"))
    for variable in ("NNKIT_CHECK_SEED", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(variable, raising=False)
    return bundles


def check(function):
    return grader_tests.check(LESSON, "output_bpe", {"output_bpe": function})


def passed():
    return {each.lesson: each.passed for each in nn.progress().lessons if each.passed}


def test_a_pass_is_noted_and_stays(shown):
    assert check(lambda out, Y: out - Y) == 0
    assert passed() == {}
    assert check(right) == 6
    assert check(None) == 0
    assert passed() == {LESSON: ("output_bpe",)}
    assert "noted" not in str(shown)


@pytest.mark.parametrize(
    ("variable", "value"), [("NNKIT_CHECK_SEED", "7"), ("NBGRADER_EXECUTION", "autograde")]
)
def test_who_grades_notes_nothing(shown, monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    assert check(right) == 6
    assert passed() == {}


@pytest.mark.parametrize("trouble", ["a file in the way", "no library", "no full path"])
def test_a_record_that_cannot_be_written_costs_nothing(shown, monkeypatch, tmp_path, trouble):
    if trouble == "a file in the way":
        (tmp_path / "file").touch()
        monkeypatch.setenv(PROGRESS_VARIABLE, str(tmp_path / "file" / "progress.json"))
    elif trouble == "no library":
        monkeypatch.setitem(sys.modules, "filelock", None)
    else:
        monkeypatch.setenv(PROGRESS_VARIABLE, "progress.json")
    assert check(right) == 6
    assert "could not be noted for `nnkit.progress()`" in shown[0]["text/plain"]


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
def test_a_read_only_home_costs_nothing(shown, monkeypatch):
    monkeypatch.delenv(PROGRESS_VARIABLE)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", "/proc")  # not even root can write there
    assert check(right) == 6
    assert "could not be noted" in shown[0]["text/plain"]
