"""`course lessons` counts right, and the page that holds its table says what it says."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course import rehearsal
from course.build import Lesson, make_lesson
from course.cli import main
from course.lessons import measure, table
from course.paths import Course, CourseError
from course.rehearsal import Rehearsal

CHECKOUT = Course(Path(__file__).parents[2])
HEAD = """# 04 · Layer — upon 1 layer

**Time** 60–75 minutes. **Builds on** lessons 02 (`a`), 00 (13,002
parameters) and 02 again.

**Sources** Deck A."""


def lesson_of(*cells: dict) -> Lesson:
    notebook = new_notebook(cells=list(cells))
    return Lesson("04-forward", notebook, notebook, {})


def test_what_is_counted() -> None:
    found = measure(lesson_of(new_markdown_cell(HEAD), new_code_cell("no words")))
    assert (found.title, found.minutes) == ("Layer — upon 1 layer", "60–75")
    assert found.builds_on == ("00", "02")
    # Layer upon layer; Time minutes. Builds on lessons (`a`), parameters) and again. Sources Deck A.
    assert (found.cells, found.words) == (2, 3 + 9 + 3)


@pytest.mark.parametrize("piece", ["# 04", "minutes", "**Builds on**"])
def test_a_head_that_does_not_say_it(piece: str) -> None:
    with pytest.raises(CourseError, match="04-forward: expected a first cell with"):
        measure(lesson_of(new_markdown_cell(HEAD.replace(piece, "so"))))


@pytest.mark.parametrize("lesson", CHECKOUT.lesson_ids())
def test_real_lessons(lesson: str) -> None:
    """As who reads the released file would count."""
    built = make_lesson(CHECKOUT, lesson)
    found = measure(built)
    content = built.files()[f"{lesson}.ipynb"]
    cells = json.loads(content)["cells"]
    graded = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
    assert found.cells == len(cells)
    assert found.points == sum(mark["points"] for mark in graded if mark["locked"])
    assert found.exercises == sum(mark["locked"] for mark in graded)
    assert found.by_hand > 0
    assert found.kilobytes == len(content) / 1000
    assert all(number < lesson[:2] for number in found.builds_on)


def test_the_page_holds_the_table() -> None:
    found = [measure(make_lesson(CHECKOUT, lesson)) for lesson in CHECKOUT.lesson_ids()]
    page = (CHECKOUT.root / "docs" / "lessons.md").read_text(encoding="utf-8")
    assert table(found) in page, "put what `course lessons` prints in place of its first table"
    assert table([replace(found[0], words=found[0].words + 1), *found[1:]]) not in page
    timed = page.split("seconds, unfilled")[1].splitlines()
    assert [line.split()[1] for line in timed[2:] if line.startswith("| ")] == [
        each.lesson for each in found
    ]


def test_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = CHECKOUT.lesson_ids()[:1]
    printed = CliRunner().invoke(main, ["lessons", *chosen])
    assert printed.output == table([measure(make_lesson(CHECKOUT, chosen[0]))]) + "\n"

    def quick(course: Course, lesson: str) -> list[Rehearsal]:
        return [Rehearsal(lesson, "with solutions", 7.25, ()), Rehearsal(lesson, "", 3, ())]

    monkeypatch.setattr(rehearsal, "rehearse", quick)
    timed = CliRunner().invoke(main, ["lessons", "--run", *chosen])
    assert timed.output.startswith(printed.output)
    assert timed.output.splitlines()[-1].split() == ["|", *chosen, "|", "7.2", "|", "3.0", "|"]
