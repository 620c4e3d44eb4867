"""What was handed in is found and read; nothing else on the disk is, and never too much of it."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from course import submissions
from course.build import Lesson, make_lesson, notebook_bytes
from course.paths import Course, write_atomically
from course.submissions import Submission

LESSON = "08-two-three-one"


@pytest.fixture(scope="module")
def lesson(checkout: Course) -> Lesson:
    return make_lesson(checkout, LESSON)


@pytest.fixture
def course(new_course: Course, lesson: Lesson) -> Course:
    path = new_course.notebook(new_course.submitted, LESSON, "ann")
    write_atomically(path, notebook_bytes(lesson.student))
    return new_course


@pytest.fixture
def notebook(course: Course) -> Path:
    return course.notebook(course.submitted, LESSON, "ann")


def read(course: Course, student: str = "ann") -> Submission:
    return submissions.read(course, LESSON, student)


def test_as_it_should_be(course: Course, lesson: Lesson) -> None:
    assert read(course) == Submission("ann", LESSON, notebook_bytes(lesson.student))


@pytest.mark.parametrize(
    "name", [f"{LESSON} (1).ipynb", "homework.ipynb", f"{LESSON}.ipynb.txt", "A\x1b[31m.IPYNB"]
)
def test_another_name_is_said_and_read(course: Course, notebook: Path, name: str) -> None:
    content = notebook.read_bytes()
    notebook.rename(notebook.with_name(name))
    found = read(course)
    assert (found.content, found.problem) == (content, "")
    (note,) = found.notes
    assert note.isprintable()
    assert note.endswith(f"not {LESSON}.ipynb")


def test_the_one_with_the_right_name_counts(course: Course, notebook: Path) -> None:
    notebook.with_name("draft.ipynb").write_text("{}")
    notebook.with_name(".hidden.ipynb").write_text("{}")
    found = read(course)
    assert found.content == notebook.read_bytes()
    assert found.notes == ("draft.ipynb beside it was left alone",)


def test_several_and_none_has_the_right_name(course: Course, notebook: Path) -> None:
    notebook.rename(notebook.with_name("b.ipynb"))
    notebook.with_name("a.ipynb").write_text("{}")
    assert (
        read(course).problem == f"expected a notebook called {LESSON}.ipynb, found a.ipynb, b.ipynb"
    )


def test_no_notebook(course: Course, notebook: Path) -> None:
    notebook.unlink()
    assert read(course).problem == f"expected a notebook called {LESSON}.ipynb, found no notebook"


def test_too_large(course: Course, notebook: Path) -> None:
    with notebook.open("wb") as file:
        file.truncate(50_000_000_000)  # takes no room on the disk
    assert "has 50,000 MB, more than 20" in read(course).problem


def test_not_readable(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*args: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    assert read(course).problem == "the submission cannot be read: Permission denied"


def test_a_folder_that_may_not_be_read(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an archive may leave it behind; root may read everything, so it is acted."""
    real = Path.iterdir

    def denied(self: Path) -> Iterator[Path]:
        if self.name == "ann":
            raise PermissionError(13, "Permission denied")
        return real(self)

    (course.submitted / "bob" / LESSON).mkdir(parents=True)
    monkeypatch.setattr(Path, "iterdir", denied)
    assert submissions.students(course, LESSON) == ["ann", "bob"]
    monkeypatch.setattr(os, "open", lambda *args: os.close(-1))
    assert "cannot be read" in read(course).problem


@pytest.mark.parametrize("what", ["notebook", "lesson", "student"])
def test_a_link(course: Course, notebook: Path, tmp_path: Path, what: str) -> None:
    linked = {"notebook": notebook, "lesson": notebook.parent, "student": notebook.parents[1]}[what]
    elsewhere = tmp_path / "elsewhere"
    linked.rename(elsewhere)
    linked.symlink_to(elsewhere)
    assert "is a link to somewhere else" in read(course).problem


def test_a_folder(course: Course, notebook: Path) -> None:
    notebook.unlink()
    notebook.mkdir()
    assert read(course).problem == f"{LESSON}.ipynb is not a file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on this system")
def test_a_pipe_is_not_waited_for(course: Course, notebook: Path) -> None:
    notebook.unlink()
    os.mkfifo(notebook)
    found: list[Submission] = []
    reader = threading.Thread(target=lambda: found.append(read(course)), daemon=True)
    reader.start()
    reader.join(timeout=10)
    assert [submission.problem for submission in found] == [f"{LESSON}.ipynb is not a file"]


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-11-20 12:00:00 UTC", 12),
        ("2026-11-20 12:00:00.123456 UTC\n", 12),
        ("2026-11-20T12:00:00Z", 12),
        ("2026-11-20 12:00:00 +0200", 10),
        ("2026-11-20 12:00:00 Europe/Berlin", 11),
        ("2026-11-20 12:00", 12),
    ],
)
def test_timestamp(course: Course, notebook: Path, text: str, hour: int) -> None:
    notebook.with_name("timestamp.txt").write_text(text)
    found = read(course)
    assert found.notes == ()
    assert found.timestamp is not None
    assert found.timestamp.replace(minute=0, second=0, microsecond=0).isoformat() == (
        f"2026-11-20T{hour:02}:00:00"
    )


def test_empty_timestamp(course: Course, notebook: Path) -> None:
    notebook.with_name("timestamp.txt").write_text(" \n")
    assert (read(course).timestamp, read(course).notes) == (None, ())


@pytest.mark.parametrize(
    "content",
    [
        b"yesterday evening",
        b"10",
        b"2026-13-45 12:00:00",
        b"2026-11-20 12:00:00 /etc/passwd",
        b"2026-11-20 12:00:00 ../../etc/passwd",
        b"0000-00-00 00:00:00",
        b"\xff\xfe",
        b"2026-11-20 " * 1000,
    ],
)
def test_timestamp_that_is_none(course: Course, notebook: Path, content: bytes) -> None:
    notebook.with_name("timestamp.txt").write_bytes(content)
    found = read(course)
    assert found.problem == ""
    assert found.timestamp is None
    assert found.notes == ("timestamp.txt holds no date, so no late penalty was worked out",)


def test_timestamp_that_is_a_link(course: Course, notebook: Path, tmp_path: Path) -> None:
    (tmp_path / "date").write_text("2026-11-20 12:00:00 UTC")
    notebook.with_name("timestamp.txt").symlink_to(tmp_path / "date")
    assert read(course).timestamp is None


@pytest.mark.parametrize("name", ["ann", "a.b@uni.example", "Müller, Änne", "o'neill", "1234567"])
def test_student_ids(course: Course, name: str) -> None:
    (course.submitted / "ann").rename(course.submitted / name)
    assert read(course, name).problem == ""
    assert submissions.students(course, LESSON) == [name]


@pytest.mark.parametrize(
    "name", ["a*", "[ann]", "a?b", "a+b", "(ann)", "{ann}", "ann ", "=1+1", "a" * 129]
)
def test_student_ids_that_nbgrader_cannot_handle(course: Course, name: str) -> None:
    (course.submitted / "ann").rename(course.submitted / name)
    assert "cannot handle the name" in read(course, name).problem


def test_strays(course: Course) -> None:
    (course.submitted / "bob" / "08-two-tree-one").mkdir(parents=True)
    (course.submitted / "carl.ipynb").write_text("{}")
    (course.submitted / ".DS_Store").write_text("")
    (course.submitted / "d\x1b[31m" / LESSON).mkdir(parents=True)
    assert submissions.students(course, LESSON) == ["ann"]
    assert submissions.strays(course) == [
        "bob/08-two-tree-one",
        "carl.ipynb",
        r"'d\x1b[31m/08-two-three-one'",
    ]
