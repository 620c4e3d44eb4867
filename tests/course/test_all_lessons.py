"""All lessons in one course: solved notebooks get full marks, unfilled ones 0, in the sandbox."""

import shutil
from pathlib import Path

import pytest

from course.build import build, make_lesson, notebook_bytes
from course.paths import Course, write_atomically
from tests.commands import graded

CHECKOUT = Course(Path(__file__).parents[2])
LESSONS = CHECKOUT.lesson_ids()


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[dict]]:
    """What `course grade` says of everybody, by lesson and student."""
    course = Course(tmp_path_factory.mktemp("all"))
    ignored = shutil.ignore_patterns("*.ipynb", "__pycache__")
    shutil.copytree(CHECKOUT.solutions, course.solutions, ignore=ignored)
    build(course, LESSONS)
    for lesson in LESSONS:
        built = make_lesson(course, lesson)
        for student, notebook in (("solved", built.instructor), ("unfilled", built.student)):
            path = course.notebook(course.submitted, lesson, student)
            write_atomically(path, notebook_bytes(notebook))
    found: dict[tuple[str, str], list[dict]] = {}
    for record in graded(course):
        found.setdefault((record["lesson"], record["student"]), []).append(record)
    return found


@pytest.mark.parametrize("lesson", LESSONS)
def test_solved_it_gets_full_marks(records: dict, lesson: str) -> None:
    scores = {record["exercise"]: record for record in records[lesson, "solved"]}
    expected = make_lesson(CHECKOUT, lesson).exercises
    assert {name: record["score"] for name, record in scores.items()} == expected
    assert {record["status"] for record in scores.values()} == {"pass"}


@pytest.mark.parametrize("lesson", LESSONS)
def test_unfilled_it_gets_nothing_and_is_checked(records: dict, lesson: str) -> None:
    scores = {record["exercise"]: record for record in records[lesson, "unfilled"]}
    assert set(scores) == set(make_lesson(CHECKOUT, lesson).exercises)
    assert {record["score"] for record in scores.values()} == {0}
    assert all(record["misconceptions"] == ["not-implemented"] for record in scores.values())
