"""`course check` finds nothing wrong with a good lesson, and sees what is wrong with another.

That all lessons are good is tested in tests/lessons, where they are executed anyway.
"""

from pathlib import Path

import pytest
from click.testing import CliRunner

from course import rehearsal
from course.build import Lesson, make_lesson
from course.cli import main
from course.paths import Course
from course.rehearsal import rehearse

CHECKOUT = Course(Path(__file__).parents[2])
LESSON = "08-two-three-one"


def test_a_good_lesson() -> None:
    solved, unfilled = rehearse(CHECKOUT, LESSON)
    assert (solved.version, solved.problems) == ("with solutions", ())
    assert (unfilled.version, unfilled.problems) == ("unfilled", ())


def test_what_it_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """One run with everything wrong that can be: a solution, a demo cell, a solution given away."""
    whole = make_lesson(CHECKOUT, LESSON)
    for notebook in (whole.instructor, whole.student):
        notebook.cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
        notebook.cells[0].source = "import numpy as np\n" + notebook.cells[0].source
    wanted = {"forward", "check-forward", "output_bpe", "check-output_bpe", "question-old-weights"}
    for notebook in (whole.instructor, whole.student):
        notebook.cells = [cell for cell in notebook.cells if cell.id in wanted]
    solution = {cell.id: cell for cell in whole.instructor.cells}
    stub = {cell.id: cell for cell in whole.student.cells}
    right = solution["output_bpe"].source
    solution["output_bpe"].source = "def output_bpe(out, Y):\n    return out - Y"
    stub["output_bpe"].source = right
    stub["forward"].source = "def forward(:"
    lesson = Lesson(LESSON, whole.instructor, whole.student, {})
    monkeypatch.setattr(rehearsal, "make_lesson", lambda course, lesson_id: lesson)
    result = CliRunner().invoke(main, ["check", LESSON])
    assert result.exit_code == 1
    solved, unfilled = result.output.split("unfilled: not all right")
    assert "cell 4 (check-output_bpe) should give full marks: 0" in solved
    assert "check-forward" not in solved
    assert "cell 1 (forward) stops with SyntaxError" in unfilled
    assert "cell 4 (check-output_bpe) should give 0: 6" in unfilled
    assert "NotImplementedError" not in unfilled
