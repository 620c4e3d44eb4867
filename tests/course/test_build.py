"""One source, two notebooks; twice the same; and nothing of anybody's is lost."""

import json
import os
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory

import grader_tests
from course import paths
from course.build import build, is_worked_in, make_lesson, stale
from course.cli import main
from course.gradebook import Book
from course.paths import Course, CourseError
from course.settings import nbgrader_settings

LESSON = "08-two-three-one"


@pytest.fixture
def built(new_course: Course) -> Course:
    build(new_course, [LESSON])
    return new_course


def edit(path: Path, change) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_building_twice_changes_nothing(built: Course) -> None:
    files = [built.notebook(folder, LESSON) for folder in (built.lessons, built.solutions)]
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in files]
    assert build(built, [LESSON]) == []
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in files] == before


def test_bytes_do_not_depend_on_the_folder(built: Course, checkout: Course) -> None:
    assert make_lesson(checkout, LESSON).files() == make_lesson(built, LESSON).files()


def test_student_notebook(built: Course) -> None:
    path = built.notebook(built.lessons, LESSON)
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    text = path.read_text(encoding="utf-8")
    assert path.stat().st_size < 100_000
    assert "SOLUTION" not in text
    assert set(notebook.metadata) == {"kernelspec", "language_info", "nnkit"}
    assert "version" not in notebook.metadata.language_info
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    cells = {cell.id: cell for cell in notebook.cells}
    exercises = grader_tests.exercises(LESSON)
    for name, exercise in exercises.items():
        assert "# YOUR CODE HERE\n    raise NotImplementedError()" in cells[name].source
        assert '"""' in cells[name].source
        assert cells[f"check-{name}"].source == (
            f'from grader_tests import check\n\ncheck("{LESSON}", "{name}", globals())'
        )
        assert cells[f"check-{name}"].metadata.nbgrader.points == exercise.points
        assert cells[f"check-{name}"].metadata.editable is False
        assert cells[name].metadata.deletable is False
    assert cells["question-old-weights"].source.endswith("YOUR ANSWER HERE")
    assert cells["question-old-weights"].metadata.nbgrader.points == 4


def test_solutions_are_in_the_instructor_notebook_only(built: Course) -> None:
    instructor = built.notebook(built.solutions, LESSON).read_text(encoding="utf-8")
    student = built.notebook(built.lessons, LESSON).read_text(encoding="utf-8")
    assert "return error * out * (1 - out)" in instructor
    assert "return error * out * (1 - out)" not in student


def test_ids_stay_when_another_cell_changes(built: Course) -> None:
    before = [cell.id for cell in make_lesson(built, LESSON).student.cells]
    source = built.source(LESSON)
    text = source.read_text(encoding="utf-8")
    source.write_text(
        "# %% [markdown]\n# New.\n\n# %% [markdown]\n# New.\n\n" + text, encoding="utf-8"
    )
    after = [cell.id for cell in make_lesson(built, LESSON).student.cells]
    assert after[2:] == before
    assert len(set(after)) == len(after)
    assert after[1] == f"{after[0]}-2"


def test_nbgrader_itself_releases_the_same_notebook(built: Course) -> None:
    with Book(built) as book:
        book.register(make_lesson(built, LESSON))
    ours = built.notebook(built.lessons, LESSON).read_bytes()
    config = nbgrader_settings(built)
    config.CourseDirectory.assignment_id = LESSON
    GenerateAssignment(coursedir=CourseDirectory(config=config), config=config, force=True).start()
    assert built.notebook(built.lessons, LESSON).read_bytes() == ours
    assert [path.name for path in (built.lessons / LESSON).iterdir()] == [f"{LESSON}.ipynb"]


def test_other_files_of_a_lesson_are_released_too(built: Course) -> None:
    (built.solutions / LESSON / "figures").mkdir()
    (built.solutions / LESSON / "figures" / "net.svg").write_text("<svg/>")
    assert stale(built, [LESSON]) == [f"lessons/{LESSON}/figures/net.svg is missing"]
    build(built, [LESSON])
    assert (built.lessons / LESSON / "figures" / "net.svg").read_text() == "<svg/>"
    assert not list(built.lessons.rglob("*.py"))


class TestCheck:
    def test_up_to_date(self, built: Course, at) -> None:
        at(built)
        assert CliRunner().invoke(main, ["build", "--check"]).exit_code == 0

    def check_fails(self, course: Course, at, words: str) -> None:
        at(course)
        before = {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file()}
        result = CliRunner().invoke(main, ["build", "--check"])
        assert result.exit_code == 1
        assert words in result.output
        after = {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file()}
        assert after == before

    def test_source_changed(self, built: Course, at) -> None:
        source = built.source(LESSON)
        source.write_text(source.read_text(encoding="utf-8") + "\n# %%\n1 + 1\n", encoding="utf-8")
        self.check_fails(built, at, f"lessons/{LESSON}/{LESSON}.ipynb is not what")

    def test_one_space_in_the_lesson(self, built: Course, at) -> None:
        path = built.notebook(built.lessons, LESSON)
        path.write_bytes(path.read_bytes() + b" ")
        self.check_fails(built, at, "is not what")

    def test_lesson_missing(self, built: Course, at) -> None:
        built.notebook(built.lessons, LESSON).unlink()
        self.check_fails(built, at, f"lessons/{LESSON}/{LESSON}.ipynb is missing")

    def test_lesson_left_over(self, built: Course, at) -> None:
        (built.lessons / "07-gone").mkdir()
        (built.lessons / "07-gone" / "07-gone.ipynb").write_text("{}")
        self.check_fails(built, at, "lessons/07-gone has no source in solutions/")


class TestNothingIsLost:
    def test_a_build_that_fails_leaves_the_old_lesson(self, built: Course) -> None:
        path = built.notebook(built.lessons, LESSON)
        before = path.read_bytes()
        source = built.source(LESSON)
        text = source.read_text(encoding="utf-8")
        source.write_text(text.replace("points=6", "points=7"), encoding="utf-8")
        with pytest.raises(CourseError, match="gives 6 points, got 7"):
            build(built, [LESSON])
        assert path.read_bytes() == before

    def test_a_bad_lesson_keeps_good_ones_from_being_half_written(self, built: Course) -> None:
        source = built.source(LESSON)
        source.write_text(source.read_text(encoding="utf-8") + "\n# %%\n1 + 1\n", encoding="utf-8")
        before = built.notebook(built.lessons, LESSON).read_bytes()
        bad = built.source("09-bad")
        bad.parent.mkdir()
        bad.write_text('# %% check="nothing" points=1\n')
        with pytest.raises(CourseError, match="no exercise before it"):
            build(built, [LESSON, "09-bad"])
        assert built.notebook(built.lessons, LESSON).read_bytes() == before

    def test_a_write_that_fails_leaves_the_old_lesson(
        self, built: Course, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = built.notebook(built.lessons, LESSON)
        before = path.read_bytes()
        source = built.source(LESSON)
        source.write_text(source.read_text(encoding="utf-8") + "\n# %%\n1 + 1\n", encoding="utf-8")

        def full(*args: object) -> None:
            raise OSError("No space left on device")

        monkeypatch.setattr(paths.os, "replace", full)
        with pytest.raises(OSError, match="No space"):
            build(built, [LESSON])
        assert path.read_bytes() == before

    @pytest.mark.parametrize("which", ["lessons", "solutions"])
    def test_somebody_has_worked_in_it(self, built: Course, at, which: str) -> None:
        path = built.notebook(getattr(built, which), LESSON)
        edit(path, lambda nb: nb["cells"][3].update(source="my own notes"))
        mine = path.read_bytes()
        result = CliRunner().invoke(main, ["build"], env={"NNKIT_COURSE": str(built.root)})
        assert result.exit_code == 1
        assert f"{which}/{LESSON}/{LESSON}.ipynb" in result.output
        assert "--overwrite" in result.output
        assert path.read_bytes() == mine
        at(built)
        assert CliRunner().invoke(main, ["build", "--overwrite"]).exit_code == 0
        assert path.read_bytes() != mine

    def test_one_that_was_only_run_is_replaced(self, built: Course) -> None:
        path = built.notebook(built.lessons, LESSON)
        fresh = path.read_bytes()

        def run(notebook: dict) -> None:
            code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
            code["execution_count"] = 1
            code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "hello"}]

        edit(path, run)
        assert build(built, [LESSON]) == [path]
        assert path.read_bytes() == fresh

    @pytest.mark.parametrize("content", [b"", b"{", b'{"cells": []}', b"\xff\xfe"])
    def test_a_file_that_we_did_not_write(self, built: Course, content: bytes) -> None:
        path = built.notebook(built.lessons, LESSON)
        path.write_bytes(content)
        assert is_worked_in(path)
        with pytest.raises(CourseError, match="left as they are"):
            build(built, [LESSON])
        assert path.read_bytes() == content


def test_a_lesson_that_is_too_large(built: Course) -> None:
    source = built.source(LESSON)
    text = source.read_text(encoding="utf-8") + "\n# %% [markdown]\n# " + "x" * 100_000 + "\n"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match="at most 100,000"):
        make_lesson(built, LESSON)


@pytest.mark.parametrize("name", ["notes", "8-short", "08_two", "08-Two", "08-a+b", "08-a b"])
def test_folder_that_nbgrader_would_take_for_a_lesson(new_course: Course, name: str) -> None:
    (new_course.solutions / name).mkdir()
    with pytest.raises(CourseError, match="is no lesson"):
        new_course.lesson_ids()


def test_folder_without_a_source(new_course: Course) -> None:
    (new_course.solutions / "09-empty").mkdir()
    (new_course.solutions / ".ipynb_checkpoints").mkdir()
    with pytest.raises(CourseError, match=r"holds no 09-empty\.py"):
        new_course.lesson_ids()


def test_the_lessons_here_are_up_to_date(checkout: Course) -> None:
    assert stale(checkout, checkout.lesson_ids()) == []


def test_no_temporary_files_stay_behind(built: Course) -> None:
    names = {name for _, _, files in os.walk(built.root) for name in files}
    assert names == {f"{LESSON}.py", f"{LESSON}.ipynb"}


PAGE = """# Start

[One](../lessons/00-one/00-one.ipynb), [two](notation.md), [three](grading.md).

```python
1 + 1
```

Behind it.
"""


def test_pages_become_notebooks_whose_links_lead_on(built: Course) -> None:
    source = built.root / "docs" / "start.md"
    source.parent.mkdir()
    source.write_text(PAGE, encoding="utf-8")
    page = built.lessons / "start.ipynb"
    assert stale(built, [LESSON]) == ["lessons/start.ipynb is not what docs/start.md builds"]
    assert build(built, [LESSON]) == [page]
    assert build(built, [LESSON]) == stale(built, [LESSON]) == []
    notebook = nbformat.read(page, as_version=4)
    nbformat.validate(notebook)
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [
        (
            "markdown",
            "# Start\n\n[One](00-one/00-one.ipynb), [two](notation.ipynb), [three](grading.md).",
        ),
        ("code", "1 + 1"),
        ("markdown", "Behind it."),
    ]


def test_a_page_that_somebody_has_written_in_stays(built: Course) -> None:
    source = built.root / "docs" / "start.md"
    source.parent.mkdir()
    source.write_text(PAGE, encoding="utf-8")
    build(built, [LESSON])
    page = built.lessons / "start.ipynb"
    edit(page, lambda notebook: notebook["cells"].append(notebook["cells"][-1] | {"id": "mine"}))
    with pytest.raises(CourseError, match=r"somebody has worked in .*\n +lessons/start.ipynb"):
        build(built, [LESSON])
