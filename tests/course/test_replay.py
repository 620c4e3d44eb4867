"""`course replay`: the very same check, on the very same submission."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from course import grade
from course.cli import main
from course.gradebook import Book
from course.paths import Course, CourseError
from course.records import read_notebook
from course.replay import replay
from course.submissions import read
from grader_tests.verdict import MIME

LESSON = "08-two-three-one"


def edit(course: Course, student: str, old: str, new: str) -> None:
    path = course.notebook(course.submitted, LESSON, student)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace(old, new)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_the_verdict_and_the_cases_are_those_of_the_grading(term: Course) -> None:
    cells = read_notebook(term.notebook(term.autograded, LESSON, "ben"))
    graded = next(o["data"][MIME] for o in cells["check-output_bpe"]["outputs"] if "data" in o)
    again = replay(term, "ben", "output_bpe")
    assert again.seed == graded["seed"] == grade.seed_for(term, read(term, LESSON, "ben"))
    assert again.verdict is not None
    assert json.loads(json.dumps(again.verdict.as_dict())) == graded
    assert sorted(case.kind for case in again.cases) == ["batch", "batch", "one", "one"]
    smallest = dict(graded["criteria"][0]["example"]["arguments"])
    text = again.text()
    assert f"out = {smallest['out']}" in text
    assert text.endswith("The same as when it was graded: 0 points.")


def test_a_function_that_answers_with_terminal_codes(term: Course, tmp_path: Path) -> None:
    course = Course(tmp_path / "copy")
    shutil.copytree(term.root, course.root)
    edit(course, "eve", "raise ValueError(", r'raise ValueError("\x1b[2J" + ')
    again = replay(course, "eve", "output_bpe")
    assert "\x1b" not in again.text()
    assert "ValueError: [2J<script>" in again.text()


def test_a_submission_that_has_changed_since(term: Course, tmp_path: Path) -> None:
    course = Course(tmp_path / "copy")
    shutil.copytree(term.root, course.root)
    edit(course, "ben", "return out - Y", "return (out - Y) * out * (1 - out)")
    before = (course.autograded, course.gradebook.read_bytes())
    again = replay(course, "ben", "output_bpe")
    assert again.comparison().startswith("When it was graded: 0 points. Now: 6 points.")
    assert (course.autograded, course.gradebook.read_bytes()) == before


def test_what_could_not_be_checked(term: Course, at) -> None:
    at(term)
    done = CliRunner().invoke(main, ["replay", "cem", "train"])
    assert done.exit_code == 0
    assert "drawn from seed" not in done.output
    assert done.output.count("it is not valid JSON") == 1
    assert "could not check: the file is not a notebook: it is not valid JSON" in done.output
    assert "case 1" not in done.output  # it was never asked
    assert "The same as when it was graded: could not check." in done.output


def test_graded_by_hand_for_an_earlier_file(term: Course, tmp_path: Path) -> None:
    course = Course(tmp_path / "copy")
    shutil.copytree(term.root, course.root)
    with Book(course) as book:
        found = book.find_grade("check-train", LESSON, LESSON, "ben")
        found.manual_score, found.needs_manual_grade = 5, True
        book.db.commit()
    words = "A person has given 5 points for an earlier file."
    assert replay(course, "ben", "train").comparison() == words


def test_nothing_has_been_graded(new_course: Course) -> None:
    (new_course.submitted / "ann" / LESSON).mkdir(parents=True)
    with pytest.raises(CourseError, match="Nothing has been graded yet"):
        replay(new_course, "ann", "train")
    assert not new_course.secret.exists()


@pytest.mark.parametrize(
    ("student", "exercise", "lesson", "words"),
    [
        ("ben", "nope", "", "There is no exercise 'nope'. There are: forward, output_bpe"),
        ("zoe", "train", "", "zoe has handed in nothing for 08-two-three-one"),
        ("ben", "train", "09-other", "There is no lesson '09-other'"),
    ],
)
def test_what_is_not_there(term: Course, student, exercise, lesson, words) -> None:
    with pytest.raises(CourseError, match=words):
        replay(term, student, exercise, lesson)


def test_an_exercise_of_two_lessons(term: Course, tmp_path: Path, monkeypatch) -> None:
    course = Course(tmp_path / "copy")
    shutil.copytree(term.root, course.root)
    other = "09-two-three-one"
    (course.solutions / other).mkdir()
    shutil.copy(course.source(LESSON), course.source(other))
    (course.submitted / "ben" / other).mkdir()

    def built(_: Course, lesson: str) -> SimpleNamespace:
        return SimpleNamespace(id=lesson, exercises={"train": 12.0})

    monkeypatch.setattr("course.replay.make_lesson", built)
    with pytest.raises(CourseError, match=r"is in 08-two-three-one, 09-two-three-one: say which"):
        replay(course, "ben", "train")
