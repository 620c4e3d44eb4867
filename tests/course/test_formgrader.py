"""One walk through formgrader in a real browser: a person grades, and everything else shows it."""

import csv
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from course import export, grade
from course.build import make_lesson
from course.feedback import make_feedback
from course.gradebook import Book
from course.paths import Course
from course.report import make_report
from course.standing import class_standing

LESSON = "08-two-three-one"
TOKEN = "teacher"
SECONDS_TO_START = 300


@pytest.fixture(scope="module")
def course(term: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    copy = Course(tmp_path_factory.mktemp("formgrader") / "term")
    shutil.copytree(term.root, copy.root)
    with Book(copy) as book:  # nbgrader shows names as they are; they come from the teacher
        book.update_or_create_student("eve", first_name="Eve", last_name="Else")
    return copy


@pytest.fixture(scope="module")
def formgrader(course: Course, tabs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of formgrader, started as a teacher does."""
    own = tmp_path_factory.mktemp("jupyter")
    folders = {f"JUPYTER_{name}_DIR": str(own / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    options = ["--port=0", "--no-browser", f"--IdentityProvider.token={TOKEN}"]
    log = own / "log"
    with log.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "course", "lab", "--teacher", *options],
            env={**os.environ, **folders, "NNKIT_COURSE": str(course.root)},
            cwd=own,
            stdout=file,
            stderr=file,
        )
    try:
        yield _address(own / "RUNTIME", server, log)
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _address(runtime: Path, server: subprocess.Popen, log: Path) -> str:
    """Wait until the server is there, at the port that it was given, and answers."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            try:
                address = f"http://127.0.0.1:{json.loads(file.read_bytes())['port']}/formgrader"
                with urllib.request.urlopen(f"{address}/gradebook?token={TOKEN}", timeout=60):
                    return address
            except (OSError, ValueError):  # not written, or not listening yet
                pass
        time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


@pytest.fixture
def page(formgrader: str, tabs):
    """A tab in which the teacher has logged in."""
    tab = tabs.new_page()
    tab.goto(f"{formgrader.removesuffix('/formgrader')}/login?token={TOKEN}")
    yield tab
    tab.close()


def open_submission(page, formgrader: str, student: str) -> None:
    """Go from the list of a lesson's submissions to one of them, by clicking."""
    page.goto(f"{formgrader}/gradebook/{LESSON}/{LESSON}")
    name = page.locator("a.name-shown", has_text=student)  # there, but hidden: one grades blindly
    page.locator("tbody tr", has=name).locator("a.name-hidden").click()
    page.wait_for_selector("#question-old-weights.needs_manual_grade")  # set by its scripts
    page.wait_for_load_state("networkidle")


def enter(page, field: str, value: str, kind: str) -> None:
    """Type into a field; formgrader saves when one leaves it."""
    page.locator(field).fill(value)
    with page.expect_response(lambda answer: f"/api/{kind}/" in answer.url) as saved:
        page.locator(field).blur()
    assert saved.value.ok


def test_a_person_grades_and_everything_shows_it(
    course: Course, formgrader: str, page, tmp_path: Path
) -> None:
    open_submission(page, formgrader, "ann")
    assert "forward: 10 of 10 points, right" in page.locator("body").inner_text()
    enter(page, "#question-old-weights", "3.5", "grade")
    enter(page, "#question-old-weights-comment", "Well *argued*.", "comment")
    open_submission(page, formgrader, "cem")
    assert "the file is not a notebook" in page.locator("body").inner_text()
    enter(page, "#check-forward", "7", "grade")

    lesson = make_lesson(course, LESSON)
    ann, cem = class_standing(course, lesson, ["ann", "cem"])
    assert (ann.score, ann.penalty) == (47.5, 2)
    assert [record.score for record in cem.records] == [7, None, None, None, None]
    assert cem.records[0].reason == "graded by hand"

    path = make_feedback(course, [LESSON], ("ann",))[0]
    html = path.read_text(encoding="utf-8")
    assert "47.5 of 50 points" in html
    assert "<p>Well <em>argued</em>.</p>" in html
    assert "waits for a person" not in html

    export.CanvasExport.write(export.read_classes(course), tmp_path / "canvas.csv")
    with (tmp_path / "canvas.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["Student"]: row[LESSON] for row in csv.DictReader(file)}
    assert (rows["ann"], rows["cem"]) == ("47.5", "")
    assert "ann" not in export.without_score(export.read_classes(course))[0]
    assert "47.5 of 50" in make_report(course, LESSON).read_text(encoding="utf-8")

    run = grade.grade(course, [LESSON], ("ann", "cem"), again=True)
    assert [standing.known for standing in run.standings[LESSON]] == [47.5, 7]
    comments = class_standing(course, lesson, ["ann"])[0].comments
    assert comments["question-old-weights"] == "Well *argued*."


def test_a_student_s_script_does_not_run_in_the_teacher_s_session(formgrader: str, page) -> None:
    open_submission(page, formgrader, "Eve")
    assert page.title() == LESSON
    assert page.locator("img[onerror]").count() == 0
    assert page.locator("a[href^='javascript:alert']").count() == 0
