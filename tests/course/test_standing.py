"""How a class stands: what checks, people, the clock and plain nbgrader have to say, in one place."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from course import export, feedback, records, report
from course.build import make_lesson
from course.gradebook import Book
from course.paths import Course
from course.standing import MISSING, NOT_GRADED, Standing, class_standing

LESSON = "08-two-three-one"


@pytest.fixture
def course(term: Course, tmp_path: Path) -> Course:
    copy = Course(tmp_path / "term")
    shutil.copytree(term.root, copy.root)
    return copy


def standings(course: Course, **options) -> dict[str, Standing]:
    found = class_standing(course, make_lesson(course, LESSON), **options)
    return {standing.student: standing for standing in found}


def change_grade(course: Course, student: str, grade_id: str, **values: float) -> None:
    with Book(course) as book:
        grade = book.find_grade(grade_id, LESSON, LESSON, student)
        for name, value in values.items():
            setattr(grade, name, value)
        book.db.commit()


def test_everybody_and_only_who_is_graded(course: Course) -> None:
    (course.submitted / "fay" / LESSON).mkdir(parents=True)
    everybody = standings(course)
    assert [s.student for s in everybody.values()] == ["ann", "ben", "cem", "dan", "eve", "fay"]
    assert {name: s.status for name, s in everybody.items() if s.status} == {
        "dan": MISSING,
        "fay": NOT_GRADED,
    }
    assert everybody["dan"].why_not == "nothing handed in"
    assert everybody["fay"].why_not == "handed in, not graded yet"
    assert everybody["dan"].score is None
    assert list(standings(course, everybody=False)) == ["ann", "ben", "cem", "eve"]
    assert list(standings(course, students=["dan", "eve", "nobody"])) == ["dan", "eve"]


def test_late_and_by_whom(course: Course) -> None:
    found = standings(course)
    assert found["ann"].late == timedelta(days=2)
    assert found["ann"].penalty == 2
    assert found["ann"].handed_in is not None
    assert (found["ben"].late, found["ben"].penalty) == (timedelta(0), 0)
    assert found["dan"].person.sortable_name == "=1+1, Dan"


def test_extra_credit_is_not_lost(course: Course) -> None:
    change_grade(course, "ben", "check-train", extra_credit=1.5)
    train = next(r for r in standings(course)["ben"].records if r.exercise == "train")
    assert (train.score, train.status, train.reason) == (13.5, "pass", "graded by hand")
    change_grade(course, "ben", "check-train", manual_score=5, extra_credit=1)
    train = next(r for r in standings(course)["ben"].records if r.exercise == "train")
    assert (train.score, train.status) == (6, "partial")


def test_what_gradebook_and_verdict_do_not_agree_on_is_not_known(course: Course) -> None:
    change_grade(course, "ben", "check-train", auto_score=3)
    ben = standings(course)["ben"]
    train = next(record for record in ben.records if record.exercise == "train")
    assert train.score is None
    assert train.reason == "the gradebook says 3.0, the verdict 12.0: grade it again"
    assert "train" not in ben.verdicts
    assert ben.why_not == "train could not be checked; old-weights waits for a person"


def test_a_score_only_when_everything_is_known(course: Course) -> None:
    assert standings(course)["ann"].score is None
    assert standings(course)["ann"].open == 4
    change_grade(course, "ann", "question-old-weights", manual_score=0, needs_manual_grade=False)
    ann = standings(course)["ann"]
    assert (ann.score, ann.earned, ann.taken_off, ann.why_not) == (44, 46, 2, "")


def test_a_lesson_changed_after_grading(course: Course) -> None:
    lesson = make_lesson(course, LESSON)
    for cell in lesson.student.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "check-train":
            cell.metadata.nbgrader.grade_id = "check-practise"
    ben = class_standing(course, lesson, ["ben"])[0]
    assert ben.records[-1].exercise == "practise"
    assert ben.records[-1].reason == "the lesson has changed since it was graded: grade it again"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'{"cells": 3}',
        b'{"cells": [null, {}, {"metadata": null}]}',
        b'{"cells": [{"source": [], "met',
        "{'ü'}".encode("utf-16"),
        b"[" * 100_000,
    ],
)
def test_a_damaged_notebook_has_to_be_graded_again(course: Course, content: bytes) -> None:
    course.notebook(course.autograded, LESSON, "ann").write_bytes(content)
    ann = standings(course)["ann"]
    assert [record.score for record in ann.records] == [None] * 5
    assert {record.reason for record in ann.records} == {
        "the graded notebook is damaged: grade it again"
    }
    lesson = make_lesson(course, LESSON)
    assert b"grade it again" in feedback.page(lesson, ann)
    assert b"grade it again" in report.make_report(course, LESSON).read_bytes()
    (row, *_) = export.GradesExport.table(export.read_classes(course, students=["ann"]))[1:]
    assert row[3:6] == [None, 10.0, "could-not-check"]


def test_a_damaged_cell_costs_only_itself(course: Course) -> None:
    path = course.notebook(course.autograded, LESSON, "ann")
    notebook = json.loads(path.read_bytes())
    cells = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]
    }
    cells["check-forward"]["outputs"] = [{"output_type": "display_data", "data": None}]
    cells["check-update"]["metadata"]["nbgrader"]["points"] = "many"
    cells["check-train"]["outputs"].append({})
    path.write_text(json.dumps(notebook), encoding="utf-8")
    scores = {record.exercise: record.score for record in standings(course)["ann"].records}
    expected = {"forward": None, "output_bpe": 6, "hidden_bpe": 8, "update": None, "train": None}
    assert scores == expected


def test_damaged_kept_records_are_as_good_as_none(course: Course) -> None:
    before = standings(course)
    for student, content in (("ann", "{}"), ("ben", '[{"stu')):
        records.kept_at(course, LESSON, student).write_text(content, encoding="utf-8")
    assert standings(course) == before
