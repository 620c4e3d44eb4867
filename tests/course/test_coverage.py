"""The list of examples points to lessons, cells and tests that are there."""

import json
import re

import pytest
from click.testing import CliRunner

from course import coverage
from course.cli import main
from course.coverage import Row
from course.paths import Course

COURSE = Course.find()
ROWS = coverage.rows(COURSE)
RIGHT = Row(
    "B6",
    "08-two-three-one",
    "# ## 4 Forward",
    "tests/lessons/test_08_two_three_one.py::test_marks",
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.id} {row.cell}")
def test_every_row_points_somewhere(row):
    assert row.problem(COURSE) is None


def test_no_row_stands_twice_and_every_lesson_has_rows():
    assert len(set(ROWS)) == len(ROWS)
    assert {row.lesson for row in ROWS} == set(COURSE.lesson_ids())


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, "expected one cell of 08-two-three-one with '# ## 4 Forward', got 0"),
        ({"cell": "## 4 Forward"}, None),
        ({"id": "B16"}, "the decks have no example of that ID"),
        ({"lesson": "08-two"}, "there is no lesson 08-two"),
        ({"cell": "print("}, r"expected one cell .* got \d+"),
        ({"cell": "## 4 Forward", "test": "tests/none.py::test_x"}, "there is no test tests/none"),
        ({"cell": "## 4 Forward", "test": RIGHT.test + "s"}, "there is no test .*test_markss"),
    ],
)
def test_a_row_that_points_nowhere_says_so(change, problem):
    found = Row(**{**vars(RIGHT), **change}).problem(COURSE)
    assert (found is None) if problem is None else re.search(problem, found)


def test_what_is_missing_is_listed():
    assert coverage.missing([RIGHT])[:2] == ["A1", "A2"]
    assert "B6" not in coverage.missing([RIGHT])
    assert len(coverage.missing([])) == 71


def test_the_command():
    done = CliRunner().invoke(main, ["coverage", "--json"])
    printed = json.loads(done.output)
    assert [row["id"] for row in printed["rows"]] == [row.id for row in ROWS]
    assert {row["problem"] for row in printed["rows"]} == {None}
    assert printed["missing"] == []
    assert done.exit_code == 0


def test_the_command_fails_when_an_example_is_missing(monkeypatch):
    monkeypatch.setattr(coverage, "rows", lambda course: [row for row in ROWS if row.id != "B6"])
    done = CliRunner().invoke(main, ["coverage", "--json"])
    assert json.loads(done.output)["missing"] == ["B6"]
    assert done.exit_code == 1
