"""nbgrader's own command, with the split in the place of its Execute."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from course import demo, gradebook
from course.build import make_lesson
from course.execution import Executor
from course.paths import Course
from course.settings import configuration

from .conftest import LESSON

EXECUTE = "nbgrader.preprocessors.Execute"


def test_nbgrader_gives_the_same_scores_with_the_split(
    executor: Executor, tmp_path: Path, checkout: Course
) -> None:
    course = demo.make_course(checkout, tmp_path / "plain")
    path = demo.hand_in(course, "ann", demo.SAMPLES / "no-derivative.py")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    notebook.cells.insert(0, nbformat.v4.new_code_cell("import numpy as np"))
    nbformat.write(notebook, path)
    with gradebook.Book(course) as book:
        book.register(make_lesson(course, LESSON))
    config = configuration(course)
    config.CourseDirectory.assignment_id = LESSON
    steps = config.Autograde.autograde_preprocessors
    steps[steps.index(EXECUTE)] = "course.execution.preprocessor.ExecuteApart"
    Autograde(coursedir=CourseDirectory(config=config), config=config).start()
    with gradebook.Book(course) as book:
        grades = book.find_submission_notebook(LESSON, LESSON, "ann").grades
        scores = {grade.name: grade.auto_score for grade in grades}
    assert {name: score for name, score in scores.items() if name.startswith("check-")} == {
        "check-forward": 10,
        "check-output_bpe": 0,
        "check-hidden_bpe": 0,
        "check-update": 10,
        "check-train": 12,
    }
