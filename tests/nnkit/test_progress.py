"""What a reader has passed: shown, kept through whatever happens to the file, by several at once."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import grader_tests
import nnkit as nn
from nnkit import progress as progress_function
from nnkit.progress import PROGRESS_VARIABLE, keep_passed

FIRST, SECOND, *_ = grader_tests.lessons()
EXERCISES = list(grader_tests.exercises(FIRST))
HOME = {"posix": "HOME", "nt": "USERPROFILE"}[os.name]


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "mine" / "progress.json"
    monkeypatch.setenv(PROGRESS_VARIABLE, str(path))
    return path


def test_it_is_the_function_whatever_was_imported_first(file):
    assert nn.progress is progress_function
    assert callable(nn.progress)
    assert "progress" in nn.__all__


def test_nothing_passed_yet_is_said_kindly(file):
    text = str(nn.progress())
    assert text.startswith("Nothing passed yet, which is where everybody starts.")
    assert f"{EXERCISES[0]} in lesson {FIRST}" in text
    assert not file.parent.exists()  # looking leaves no trace


def test_what_is_passed_is_counted_with_its_points(file):
    keep_passed(FIRST, EXERCISES[0])
    keep_passed(FIRST, EXERCISES[0])
    keep_passed(SECOND, "not_an_exercise_any_more")
    first, second, *rest = nn.progress().lessons
    assert (first.passed, second.passed) == ((EXERCISES[0],), ())
    assert [each.lesson for each in (first, second, *rest)] == list(grader_tests.lessons())
    points = [each.points for each in grader_tests.exercises(FIRST).values()]
    assert (first.earned, first.total) == (points[0], sum(points))
    text = str(nn.progress())
    known = sum(len(grader_tests.exercises(lesson)) for lesson in grader_tests.lessons())
    assert text.startswith(f"1 of {known} exercises passed, {points[0]:g} of ")
    [line] = [line for line in text.splitlines() if line.startswith(FIRST)]
    assert f"1 of {len(points)}   {points[0]:g} of {sum(points):g}" in line
    assert line.endswith(f"to do: {', '.join(EXERCISES[1:])}")
    assert str(file) in text


def test_a_lesson_and_the_course_come_to_an_end(file):
    for name in EXERCISES:
        keep_passed(FIRST, name)
    assert any(line.endswith("all passed") for line in str(nn.progress()).splitlines())
    for lesson in grader_tests.lessons():
        for name in grader_tests.exercises(lesson):
            keep_passed(lesson, name)
    assert str(nn.progress()).startswith("All ")


def test_in_a_notebook_it_is_a_table(file):
    keep_passed(FIRST, EXERCISES[0])
    shown = nn.progress()
    html = shown._repr_html_()
    assert html.count("<tr>") == 1 + len(grader_tests.lessons())
    assert f'<progress value="1" max="{len(EXERCISES)}" aria-hidden="true">' in html
    assert f"to do: {', '.join(EXERCISES[1:])}" in html
    assert repr(shown) == str(shown)


def test_a_path_is_shown_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv(PROGRESS_VARIABLE, str(tmp_path / "<b>.json"))
    assert "&lt;b&gt;.json" in nn.progress()._repr_html_()


@pytest.mark.skipif(sys.platform != "linux", reason="the folder is another one there")
def test_without_the_variable_it_is_in_the_readers_own_folder(tmp_path, monkeypatch):
    monkeypatch.delenv(PROGRESS_VARIABLE)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    keep_passed(FIRST, EXERCISES[0])
    kept = json.loads((tmp_path / ".local/share/nnkit/progress.json").read_text())
    assert kept == {FIRST: [EXERCISES[0]]}


def test_a_path_may_start_at_home_but_must_be_whole(tmp_path, monkeypatch):
    monkeypatch.setenv(HOME, str(tmp_path))
    monkeypatch.setenv(PROGRESS_VARIABLE, "~/mine.json")
    keep_passed(FIRST, EXERCISES[0])
    assert (tmp_path / "mine.json").is_file()
    monkeypatch.setenv(PROGRESS_VARIABLE, "mine.json")
    with pytest.raises(OSError, match="expected a full path in NNKIT_PROGRESS, got mine"):
        keep_passed(FIRST, EXERCISES[0])
    assert "cannot be read: expected a full path" in str(nn.progress())


@pytest.mark.parametrize(
    "content", [b'{"00-tensors": ["fl', b"\xff\xfe", b"[1, 2]", b'{"00-tensors": 7}', b"[" * 99_999]
)
def test_a_broken_file_is_put_aside(file, content):
    file.parent.mkdir()
    file.write_bytes(content)
    assert "What was passed before cannot be read" in str(nn.progress())
    assert file.read_bytes() == content
    keep_passed(FIRST, EXERCISES[0])
    assert nn.progress().lessons[0].passed == (EXERCISES[0],)
    assert Path(f"{file}.broken").read_bytes() == content


def test_a_full_disk_leaves_the_old_record(file, monkeypatch):
    keep_passed(FIRST, EXERCISES[0])
    before = sorted(path.name for path in file.parent.iterdir())

    def full(path, *_, **__):
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        keep_passed(FIRST, EXERCISES[1])
    assert json.loads(file.read_text()) == {FIRST: [EXERCISES[0]]}
    assert sorted(path.name for path in file.parent.iterdir()) == before


def test_two_notebooks_at_once_lose_nothing(file):
    """Each of four processes notes its own exercises, one after the other, as fast as it can."""
    code = "import sys; from nnkit.progress import keep_passed\n"
    code += "for i in range(25): keep_passed(sys.argv[1], f'exercise_{i}')"
    lessons = ["one", "two", "three", "four"]
    started = [subprocess.Popen([sys.executable, "-c", code, name]) for name in lessons]
    assert [each.wait() for each in started] == [0] * len(lessons)
    kept = json.loads(file.read_text())
    assert {name: len(names) for name, names in kept.items()} == dict.fromkeys(lessons, 25)


def test_where_the_checks_are_out_of_reach_it_says_so(file, monkeypatch):
    """As in the sandbox: there, grader_tests has no catalogue."""
    monkeypatch.delattr(grader_tests, "catalogue")
    monkeypatch.setitem(sys.modules, "grader_tests.catalogue", None)
    assert str(nn.progress()) == "The exercises of the course are not at hand here."
    assert nn.progress()._repr_html_() == f"<p>{nn.progress()}</p>"
