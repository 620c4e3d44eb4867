"""A lesson as a student meets it: a wrong answer, its verdict, the mended answer, the points."""

import shutil

import pytest

from course.paths import Course

LESSON = "05-cost"
WRONG = "return sum(a - y) ** 2"
RIGHT = "return sum((a - y) ** 2)"


@pytest.fixture
def lesson(browser, server):
    """The lesson as it is given to students, opened in JupyterLab."""
    from tests.browser.jupyter import OpenNotebook

    given = Course.find().lessons / LESSON / f"{LESSON}.ipynb"
    shutil.copy(given, server.root)
    opened = OpenNotebook(browser, server, given.name)
    yield opened
    opened.close()


def write(lesson, body: str) -> None:
    """Put a new statement in the place of the last one, at the keyboard, and run the cell."""
    cell = lesson.code_cell("def squared_error")
    cell.locator(".cm-content").click()
    for key in ("Control+End", "Shift+Home", "Backspace"):
        lesson.page.keyboard.press(key)
    lesson.page.keyboard.insert_text(body)
    lesson.run_cell(cell)


def test_from_a_wrong_answer_to_a_right_one(lesson):
    lesson.run_cell(lesson.cells.first)  # the lesson's imports
    check = lesson.code_cell('check("05-cost", "squared_error"')
    lesson.run_cell(lesson.code_cell("def squared_error"))
    assert "0 of 6 points" in lesson.run_cell(check)

    write(lesson, WRONG)
    verdict = lesson.run_cell(check)
    assert "0 of 6 points" in verdict
    assert "The square is missing or in the wrong place" in verdict
    assert "Optimisation: cost function II" in verdict  # the slide to read again

    write(lesson, RIGHT)
    verdict = lesson.run_cell(check)
    assert "6 of 6 points" in verdict
    assert "The square" not in verdict
    assert lesson.complaints == []
