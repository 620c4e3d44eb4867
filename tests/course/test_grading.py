"""The course end to end: the samples through the real nbgrader, and submissions that break it."""

import csv
import io
import json
import os
import shutil
import stat
import subprocess
import sysconfig
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook
from rich.console import Console

from course import demo, export, feedback, grade, gradebook, records, table
from course.build import make_lesson, notebook_bytes
from course.cli import main
from course.gradebook import Book, Entry
from course.paths import Course, CourseError, write_atomically
from course.pipeline import Task, not_marked
from course.report import make_report
from course.settings import configuration
from course.standing import Standing, class_standing
from course.submissions import Submission, read
from course.workers import LocalPool
from grader_tests.verdict import MIME
from tests.commands import course_command

LESSON = "08-two-three-one"
POINTS = {"forward": 10, "output_bpe": 6, "hidden_bpe": 8, "update": 10, "train": 12}
FULL = {name: (points, "pass", []) for name, points in POINTS.items()}

EXPECTED = {
    "all-right": FULL,
    "loops-and-float32": FULL,
    "no-derivative": FULL
    | {
        "output_bpe": (0, "fail", ["missing-derivative"]),
        "hidden_bpe": (0, "fail", ["missing-derivative"]),
    },
    "raises": FULL | {"hidden_bpe": (0, "fail", ["raises"])},
    "unfilled": {name: (0, "fail", ["not-implemented"]) for name in POINTS},
    "updated-weights-too-early": FULL | {"train": (0, "fail", ["updated-weights"])},
}


def results(found: list[dict]) -> dict[str, dict[str, tuple]]:
    table: dict[str, dict[str, tuple]] = {}
    for r in found:
        row = table.setdefault(r["student"], {})
        row[r["exercise"]] = (r["score"], r["status"], list(r["misconceptions"]))
    return table


def given(course: Course, student: str) -> dict[str, tuple[float | None, bool]]:
    """What the gradebook holds: score by the check and whether somebody has to look, by cell."""
    with Book(course) as book:
        found = book.find_submission_notebook(LESSON, LESSON, student)
        return {each.name: (each.auto_score, each.needs_manual_grade) for each in found.grades}


def grade_by_hand(course: Course, student: str, grade_id: str, score: float) -> None:
    with Book(course) as book:
        found = book.find_grade(grade_id, LESSON, LESSON, student)
        found.manual_score = score
        found.needs_manual_grade = False
        book.find_comment("question-old-weights", LESSON, LESSON, student).manual_comment = "Nice."
        book.db.commit()


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, list[dict], str]:
    """``course demo --json`` as a stranger runs it: from another folder, nothing activated."""
    folder = tmp_path_factory.mktemp("anywhere")
    environment = {k: v for k, v in os.environ.items() if k not in ("NNKIT_COURSE", "VIRTUAL_ENV")}
    done = subprocess.run(
        [Path(sysconfig.get_path("scripts"), "course"), "demo", "--json", "--keep", "demo"],
        env=environment | {"PATH": "/usr/bin:/bin", "NNKIT_CHECK_SEED": "7"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Course((folder / "demo").resolve()), json.loads(done.stdout), done.stderr


class TestDemo:
    def test_records(self, demonstration) -> None:
        _, found, noise = demonstration
        keys = {"student", "lesson", "exercise", "score", "max_score", "status", "misconceptions"}
        assert all(set(record) == keys for record in found)
        assert {record["lesson"] for record in found} == {LESSON}
        assert [record["max_score"] for record in found] == list(POINTS.values()) * 6
        assert noise == ""

    def test_nbgrader_has_nothing_to_complain_of(self, demonstration) -> None:
        """Nor have its own parts that our settings are not for."""
        from nbgrader.preprocessors import SaveCells

        with pytest.MonkeyPatch.context() as patched:
            said = []
            patched.setattr("logging.Logger.warning", lambda log, *words: said.append(words))
            SaveCells(config=configuration(demonstration[0]))
        assert said == []

    @pytest.mark.parametrize("student", EXPECTED)
    def test_sample_gets_exactly_what_it_should(self, demonstration, student: str) -> None:
        assert results(demonstration[1])[student] == EXPECTED[student]

    def test_gradebook_says_the_same(self, demonstration) -> None:
        course, found, _ = demonstration
        for record in found:
            scores = given(course, record["student"])
            assert scores[f"check-{record['exercise']}"] == (record["score"], False)

    def test_written_answers_wait_for_a_person(self, demonstration) -> None:
        answers = {name: given(demonstration[0], name)["question-old-weights"] for name in EXPECTED}
        assert answers.pop("unfilled") == (0, False)
        assert set(answers.values()) == {(None, True)}

    def test_everybody_gets_a_page_and_a_row(self, demonstration) -> None:
        course, found, _ = demonstration
        pages = course.feedback.glob(f"*/{LESSON}/{LESSON}.html")
        assert {path.parts[-3] for path in pages} == set(EXPECTED)
        with (course.reports / "grades.csv").open(encoding="utf-8", newline="") as file:
            rows = {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}
        for record in found:
            assert float(rows[record["student"], record["exercise"]]["score"]) == record["score"]

    def test_cases_come_from_the_secret_and_the_student(self, demonstration) -> None:
        course = demonstration[0]
        seeds = set()
        for student in EXPECTED:
            cells = records.read_notebook(course.notebook(course.autograded, LESSON, student))
            for name in POINTS:
                shown = cells[f"check-{name}"]["outputs"][0]["data"][MIME]
                assert shown["seed"] == grade.seed_for(course, read(course, LESSON, student))
            seeds.add(shown["seed"])
        assert len(seeds) == len(EXPECTED)
        assert stat.S_IMODE(course.secret.stat().st_mode) == 0o600

    def test_no_solution_lies_beside_what_students_run(self, demonstration) -> None:
        course = demonstration[0]
        names = {path.name for path in course.autograded.rglob("*") if path.is_file()}
        assert names == {f"{LESSON}.ipynb"}

    def test_nothing_was_written_into_the_lesson(self, demonstration) -> None:
        course = demonstration[0]
        built = make_lesson(course, LESSON)
        assert course.notebook(course.lessons, LESSON).read_bytes() == notebook_bytes(built.student)

    def test_plain_nbgrader_agrees(self, demonstration, tmp_path: Path) -> None:
        """Run in course/ with the configuration that lies there; on a copy, so found from there too."""
        original, found, _ = demonstration
        course = Course(tmp_path / "moved")
        shutil.copytree(original.root, course.root)
        environment = {k: v for k, v in os.environ.items() if k != "NNKIT_COURSE"}
        nbgrader = Path(sysconfig.get_path("scripts"), "nbgrader")
        done = subprocess.run(
            [nbgrader, "autograde", LESSON, "--student", "no-derivative", "--force"],
            env=environment,
            cwd=course.home,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert str(course.autograded) in done.stderr
        again = class_standing(course, make_lesson(course, LESSON), everybody=False)
        assert results([r.public() for each in again for r in each.records]) == results(found)
        cells = records.read_notebook(course.notebook(course.autograded, LESSON, "no-derivative"))
        shown = cells["check-train"]["outputs"][0]["data"][MIME]
        assert shown["seed"] != grade.seed_for(course, read(course, LESSON, "no-derivative"))
        # The grader does not take another program's grades for its own.
        done = course_command(course, "grade", "--dry-run", cwd=tmp_path)
        assert "Would be graded: 1 again; 5 not changed" in done.stdout, done.stdout + done.stderr

    def test_table(self, demonstration, tmp_path: Path) -> None:
        """The table for a teacher: ask for one student again, from another folder."""
        course = demonstration[0]
        done = course_command(course, "grade", LESSON, "--student", "unfilled", cwd=tmp_path)
        assert done.returncode == 0
        assert "0/46" in done.stdout
        assert "0/4" in done.stdout
        assert "unfilled: not-implemented (everywhere)" in done.stdout
        assert "all-right" not in done.stdout
        assert "0 graded; 1 not changed since they were graded." in done.stdout
        assert done.stderr == ""


def hand_in(course: Course, student: str, answers: dict[str, str]) -> Path:
    """Hand in the sample all-right with other answers; only the cells that matter, to save time."""
    path = demo.hand_in(course, student, demo.SAMPLES / "all-right.py")
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    cells.insert(0, nbformat.v4.new_code_cell("import numpy as np", id="numpy"))
    for cell in cells:
        cell.source = answers.get(cell.id, cell.source)
    notebook.cells = cells
    write_atomically(path, notebook_bytes(notebook))
    return path


REPAIRED = {
    "twice": (
        lambda cells: cells.append(cells[-1] | {"id": "another"}),
        "the cell of 'old-weights' was there 2 times",
    ),
    "missing": (
        lambda cells: cells.remove(next(c for c in cells if c["id"] == "check-update")),
        "the check of 'update' was missing: added",
    ),
    "greedy": (
        lambda cells: cells[2]["metadata"]["nbgrader"].update(points=1000),
        "the check of 'forward' had other grading marks: put back",
    ),
}


@pytest.fixture(scope="module")
def troubled(
    tmp_path_factory: pytest.TempPathFactory, checkout: Course
) -> tuple[Course, list[dict], str]:
    """A batch of submissions that break things, and two that do not, graded by the command."""
    course = demo.make_course(checkout, tmp_path_factory.mktemp("course") / "with spaces")
    hand_in(course, "a-fine", {})
    hand_in(course, "Müller, Änne O'Neill @2", {})
    hand_in(course, "corrupt", {}).write_text('{"cells": [')
    hand_in(course, "exits", {"update": "import os\nos._exit(0)"})
    hand_in(
        course, "silent", {"train": "import grader_tests\ngrader_tests.check = lambda *a: None"}
    )
    hand_in(course, "=1+1", {})
    for student, (edit, _) in REPAIRED.items():
        path = hand_in(course, student, {})
        notebook = json.loads(path.read_text(encoding="utf-8"))
        edit(notebook["cells"])
        path.write_text(json.dumps(notebook), encoding="utf-8")
    path = hand_in(course, "misnamed", {})
    path.rename(path.with_name("homework.ipynb"))
    (course.submitted / "lost" / "8-two-three-one").mkdir(parents=True)

    folder = tmp_path_factory.mktemp("anywhere")
    done = course_command(course, "grade", "--json", "records.json", cwd=folder)
    assert done.returncode == 0, done.stderr
    found = json.loads((folder / "records.json").read_text(encoding="utf-8"))
    return course, found, done.stdout + done.stderr


UNCHECKED = {name: (None, "could-not-check", []) for name in POINTS}


class TestTrouble:
    @pytest.mark.parametrize(
        "student", ["a-fine", "Müller, Änne O'Neill @2", *REPAIRED, "misnamed"]
    )
    def test_the_others_are_graded(self, troubled, student: str) -> None:
        assert results(troubled[1])[student] == FULL

    @pytest.mark.parametrize("student", REPAIRED)
    def test_what_was_put_right_is_said(self, troubled, student: str) -> None:
        assert f"  {student}: {REPAIRED[student][1]}" in troubled[2].split("Noted")[1]

    def test_a_notebook_with_another_name_is_graded_and_that_is_said(self, troubled) -> None:
        note = f"  misnamed: the notebook is called homework.ipynb, not {LESSON}.ipynb"
        assert note in troubled[2].split("Noted")[1]

    @pytest.mark.parametrize(
        ("student", "reason"),
        [
            ("corrupt", "the file is not a notebook: it is not valid JSON"),
            ("=1+1", "nbgrader cannot handle the name of this folder"),
        ],
    )
    def test_could_not_check_is_said_with_the_reason(self, troubled, student, reason) -> None:
        assert results(troubled[1])[student] == UNCHECKED
        assert f"  {student}: {reason}" in troubled[2].split("Could not check")[1]

    def test_a_reason_is_said_once(self, troubled) -> None:
        assert troubled[2].count("it is not valid JSON") == 1
        assert "8 graded; 2 could not be checked." in troubled[2]
        page = make_report(troubled[0], LESSON).read_text(encoding="utf-8")
        assert page.count("it is not valid JSON") == 1
        assert '<p class="big">8 submissions graded, 2 could not be checked</p>' in page

    def test_a_name_that_was_refused_is_not_graded_again_and_nobody_is_asked_to(
        self, troubled, pool, tmp_path: Path
    ) -> None:
        course = Course(tmp_path / "copy")
        shutil.copytree(troubled[0].root, course.root)
        run = grade.grade(course, [LESSON], pool=pool)
        assert (run.graded, run.unchanged) == (0, 10)
        refused = next(found for found in run.standings[LESSON] if found.student == "=1+1")
        assert (refused.waiting, refused.score) == ([], None)
        assert refused.why_not == "no exercise could be checked"
        (course.submitted / "=1+1").rename(course.submitted / "renamed")
        run = grade.grade(course, [LESSON], pool=pool)
        assert (run.graded, run.unchanged) == (1, 9)
        everybody = class_standing(course, make_lesson(course, LESSON))
        assert "=1+1" not in [found.student for found in everybody]

    def test_what_could_not_be_checked_waits_for_a_person(self, troubled) -> None:
        """In formgrader, which needs a notebook to show."""
        course = troubled[0]
        assert set(given(course, "corrupt").values()) == {(None, True)}
        shown = records.read_notebook(course.notebook(course.autograded, LESSON, "corrupt"))
        assert {f"check-{name}" for name in POINTS} < set(shown)
        assert "not valid JSON" in shown["check-train"]["outputs"][0]["evalue"]

    @pytest.mark.parametrize(("student", "lost"), [("exits", "update"), ("silent", "train")])
    def test_one_bad_answer_costs_only_itself(self, troubled, student: str, lost: str) -> None:
        """Plain nbgrader loses the first one's work, and gives the second one full marks."""
        row = results(troubled[1])[student]
        score = row.pop(lost)[0]
        assert not score
        assert row == {name: result for name, result in FULL.items() if name != lost}

    def test_what_belongs_to_no_lesson_is_mentioned(self, troubled) -> None:
        assert "left alone: course/submitted/lost/8-two-three-one" in troubled[2]

    def test_logs(self, troubled) -> None:
        log = grade.log_path(troubled[0], LESSON, "corrupt").read_text(encoding="utf-8")
        assert "check-train: could not check (the file is not a notebook: it is not valid JS" in log
        assert "Traceback" not in troubled[2]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, checkout: Course) -> Course:
    """One gradebook for several tests, each with a student of its own."""
    return demo.make_course(checkout, tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def pool() -> Iterator[LocalPool]:
    """One warm worker for all tests here."""
    with LocalPool(1) as pool:
        pool.__class__ = _StaysOpen
        yield pool
        pool.__class__ = LocalPool


class _StaysOpen(LocalPool):
    def __exit__(self, *error: object) -> None:
        pass


def released(course: Course) -> bytes:
    return notebook_bytes(make_lesson(course, LESSON).student)


def scores(run: grade.Run) -> list[float | None]:
    return [record.score for record in run.records]


class TestAgain:
    def test_a_worse_submission_takes_back_the_grades(self, shared, pool) -> None:
        answers = {"train": "def train(*args):\n    return None", "check-train": "12.0"}
        path = hand_in(shared, "ann", answers)
        first = grade.grade(shared, [LESSON], ("ann",), pool=pool)
        assert scores(first) == [10, 6, 8, 10, 0]
        assert first.changes == []
        grade_by_hand(shared, "ann", "check-train", 5)
        assert scores(grade.grade(shared, [LESSON], ("ann",), pool=pool, again=True))[-1] == 5
        path.write_text("{")
        second = grade.grade(shared, [LESSON], ("ann",), pool=pool)
        assert scores(second) == [None] * 5
        assert [(c.exercise, c.before, c.after) for c in second.changes] == [
            (name, POINTS[name], None) for name in list(POINTS)[:4]
        ]
        assert given(shared, "ann")["check-forward"] == (None, True)

    def test_what_a_person_gave_for_an_earlier_file_waits_to_be_looked_at(
        self, shared, pool, tmp_path: Path
    ) -> None:
        def stand() -> Standing:
            return grade.grade(shared, [LESSON], ("amy",), pool=pool).standings[LESSON][0]

        hand_in(shared, "amy", {"question-old-weights": "First."})
        stand()
        for name, points in (("question-old-weights", 3), ("check-train", 5)):
            grade_by_hand(shared, "amy", name, points)
        hand_in(shared, "amy", {"question-old-weights": "First.", "update": "def update(): ..."})
        amy = stand()
        assert [question.score for question in amy.questions] == [3]  # the answer is as it was
        train = amy.records[-1]
        assert (train.score, train.previous, train.regraded) == (None, 5, "")
        assert train.reason == "graded by hand for an earlier file (5 points): look at it again"
        assert given(shared, "amy")["check-train"] == (12, True)

        hand_in(shared, "amy", {"question-old-weights": "Second."})
        amy = stand()
        assert given(shared, "amy")["question-old-weights"] == (None, True)
        assert (amy.questions[0].score, amy.questions[0].before, amy.score) == (None, 3, None)
        assert amy.why_not == "train, old-weights wait for a person"
        assert amy.unchecked == []
        html = " ".join(feedback.page(make_lesson(shared, LESSON), amy).decode().split())
        assert "A person gave 3 points for the file that you had handed in before" in html
        assert "<h3>A comment for you (on the file before)</h3><p>Nice.</p>" in html
        assert "amy (earlier file: 3 points)" in make_report(shared, LESSON).read_text("utf-8")
        console = Console(file=io.StringIO(), width=120)
        table.show(console, LESSON, [amy])
        assert "16 to grade again" in console.file.getvalue()
        assert "  amy: old-weights, 3 points for an earlier file" in console.file.getvalue()
        export.GradesExport.write(export.read_classes(shared, students=["amy"]), tmp_path / "g")
        rows = list(csv.DictReader((tmp_path / "g").read_text("utf-8").splitlines()))
        for row in rows[-2:]:
            assert (row["score"], row["status"], row["regraded"]) == ("", "needs-manual-grade", "")
        assert [row["previous_score"] for row in rows[-2:]] == ["5.0", "3.0"]

        for name, points in (("question-old-weights", 4), ("check-train", 6)):
            grade_by_hand(shared, "amy", name, points)
        amy = stand()
        assert (amy.score, amy.waiting) == (10 + 6 + 8 + 10 + 6 + 4, [])
        assert (amy.records[-1].previous, amy.records[-1].regraded) == (None, "")

    def test_a_score_by_hand_stays_where_the_grader_failed(self, shared, pool) -> None:
        hand_in(shared, "abe", {})
        grade.grade(shared, [LESSON], ("abe",), pool=pool)
        grade_by_hand(shared, "abe", "question-old-weights", 2)
        failed = not_marked(Task(read(shared, LESSON, "abe"), released(shared), {}, 1, ""), "died")
        with Book(shared) as book:
            book.register(make_lesson(shared, LESSON))
            entry = Entry("abe", None, failed.scores, failed.comments, "", "", failed.work)
            book.enter(LESSON, entry)
        assert given(shared, "abe")["question-old-weights"] == (None, False)
        run = grade.grade(shared, [LESSON], ("abe",), pool=pool)
        assert run.standings[LESSON][0].score == 48

    def test_only_what_changed_is_graded_again(self, shared, pool) -> None:
        paths = {name: hand_in(shared, name, {}) for name in ("bob", "bea")}
        people = tuple(paths)
        assert grade.grade(shared, [LESSON], people, pool=pool).graded == 2
        run = grade.grade(shared, [LESSON], people, pool=pool)
        assert (run.graded, run.unchanged) == (0, 2)
        assert scores(run) == [*POINTS.values()] * 2

        hand_in(shared, "bea", {"update": "def update(*args):\n    return None"})
        before = given(shared, "bea")
        trial = grade.grade(shared, [LESSON], people, pool=pool, dry_run=True)
        assert (trial.graded, trial.unchanged) == (1, 1)
        assert [(c.student, c.exercise, c.before, c.after) for c in trial.changes] == [
            ("bea", "update", 10, 0)
        ]
        assert given(shared, "bea") == before
        assert scores(trial) == [*POINTS.values()] * 2
        run = grade.grade(shared, [LESSON], people, pool=pool)
        assert run.changes == trial.changes
        assert given(shared, "bea")["check-update"] == (0, False)

        shared.notebook(shared.autograded, LESSON, "bob").write_text("{}")
        assert grade.grade(shared, [LESSON], people, pool=pool).graded == 1
        assert grade.grade(shared, [LESSON], ("bob",), pool=pool, again=True).graded == 1

    def test_a_dry_run_writes_nothing(self, pool, checkout: Course, tmp_path: Path) -> None:
        course = demo.make_course(checkout, tmp_path / "new")
        hand_in(course, "new", {"train": "def train(*args):\n    return None"})
        hand_in(course, "x" * 60, {}).write_text("{")
        hand_in(course, "=1", {})

        def files() -> dict[Path, bytes]:
            found = (path for path in course.root.rglob("*") if path.is_file())
            return {path: path.read_bytes() for path in found}

        before = files()
        run = grade.grade(course, [LESSON], pool=pool, dry_run=True)
        assert files() == before
        assert [standing.known for standing in run.trial[LESSON]] == [0, 34, 0]
        assert [bool(standing.waiting) for standing in run.trial[LESSON]] == [False, True, True]
        console = Console(file=io.StringIO(), width=120)
        table.show_run(console, run, dry_run=True)
        words = "Would be graded: 3 for the first time; 2 of them could not be checked; nothing was"
        assert words in console.file.getvalue()
        assert "x" * 13 + "…" + "x" * 14 in console.file.getvalue()

        grade.grade(course, [LESSON], ("new",), pool=pool)
        book = Gradebook(f"sqlite:///{course.gradebook}")
        book.update_or_create_assignment("another")
        book.close()
        before = files()
        run = grade.grade(course, [LESSON], pool=pool, dry_run=True)
        assert (run.graded, run.unchanged, list(run.trial)) == (2, 1, [LESSON])
        assert files() == before

    def test_what_the_grader_itself_could_not_do_is_tried_again(
        self, shared, pool, monkeypatch
    ) -> None:
        hand_in(shared, "gus", {})
        real = grade._Grading._write

        def fail(self, book, task, marked, new) -> None:
            failed = not_marked(task, "the process that graded it died twice")
            real(self, book, task, failed, self._records(task.submission, failed))

        with monkeypatch.context() as patched:
            patched.setattr(grade._Grading, "_write", fail)
            assert scores(grade.grade(shared, [LESSON], ("gus",), pool=pool)) == [None] * 5
        assert scores(grade.grade(shared, [LESSON], ("gus",), pool=pool)) == [*POINTS.values()]

    def test_lateness_costs_what_the_teachers_settings_say(self, shared, pool) -> None:
        """Nbgrader's plugin, configured where nbgrader's settings stand."""
        config = shared.home / "nbgrader_config.py"
        before = config.read_text(encoding="utf-8")
        late = "\nget_config().LateSubmissionPlugin.penalty_method = 'zero'\n"
        config.write_text(before + late, encoding="utf-8")
        for name, day in (("ida", 1), ("ian", 3)):
            path = hand_in(shared, name, {}).with_name("timestamp.txt")
            path.write_text(f"2026-11-0{day} 12:00:00 UTC")
        due = {"duedate": datetime(2026, 11, 2)}

        def penalties() -> list[float | None]:
            grade.grade(shared, [LESSON], ("ida", "ian"), pool=pool)
            with Book(shared) as book:
                people = ("ida", "ian")
                found = [book.find_submission_notebook(LESSON, LESSON, name) for name in people]
                return [notebook.late_submission_penalty for notebook in found]

        assert penalties() == [None, None]
        with Book(shared) as book:
            book.update_or_create_assignment(LESSON, **due)
        assert penalties() == [None, 46]  # though nothing was handed in again
        with Book(shared) as book:
            book.grant_extension(LESSON, "ian", days=3)
        assert penalties() == [None, None]
        config.write_text(before, encoding="utf-8")

    def test_the_gradebook_and_the_verdict_must_agree(self, shared, pool) -> None:
        hand_in(shared, "gil", {})
        grade.grade(shared, [LESSON], ("gil",), pool=pool)
        with Book(shared) as book:
            book.find_grade("check-train", LESSON, LESSON, "gil").auto_score = 3
            book.db.commit()
        (standing,) = class_standing(shared, make_lesson(shared, LESSON), ("gil",))
        train = next(record for record in standing.records if record.exercise == "train")
        assert train.score is None
        assert "the gradebook says 3.0, the verdict 12.0" in train.reason

    def test_the_environment_is_as_before(self, shared, pool, monkeypatch) -> None:
        monkeypatch.setenv("NNKIT_CHECK_SEED", "5")
        before = dict(os.environ), os.getcwd()
        hand_in(shared, "carl", {"forward": "import os\nos._exit(1)"})
        grade.grade(shared, [LESSON], ("carl",), pool=pool)
        assert (dict(os.environ), os.getcwd()) == before

    def test_cells_of_the_lesson_changed_after_grading(self, shared, tmp_path: Path) -> None:
        course = Course(tmp_path / "changed")
        shutil.copytree(shared.root, course.root)
        hand_in(course, "dora", {}).write_text("{")
        grade.grade(course, [LESSON], ("dora",))
        source = course.source(LESSON)
        text = source.read_text(encoding="utf-8").replace('"old-weights"', '"older-weights"')
        source.write_text(text, encoding="utf-8")
        with pytest.raises(CourseError, match="added or removed since submissions were graded"):
            grade.grade(course, [LESSON])

    def test_gradebook_in_use(self, shared, pool, monkeypatch) -> None:
        monkeypatch.setattr(gradebook, "SECONDS_TO_WAIT_FOR_A_LOCK", 0.1)
        monkeypatch.setattr(gradebook, "PAUSES_BEFORE_ANOTHER_TRY", (0.1,))
        hand_in(shared, "emil", {}).write_text("{")

        class Locks:
            """Another program begins to write as soon as grading does."""

            def start(self, total: int) -> None:
                self.other = Gradebook(f"sqlite:///{shared.gradebook}")
                self.other.db.connection().exec_driver_sql("BEGIN IMMEDIATE")

            def graded(self, *args: object) -> None: ...

        other = Locks()
        with pytest.raises(
            CourseError, match=r"database is locked\. What was graded so far is kept"
        ):
            grade.grade(shared, [LESSON], ("emil",), pool=pool, progress=other)
        other.other.close()
        assert scores(grade.grade(shared, [LESSON], ("emil",), pool=pool)) == [None] * 5

    def test_only_one_at_a_time(self, shared, pool) -> None:
        pytest.importorskip("fcntl")
        hand_in(shared, "finn", {}).write_text("{")
        with grade._only_one(shared), pytest.raises(CourseError, match="Another 'course grade'"):
            grade.grade(shared, [LESSON], ("finn",), pool=pool)


class TestNothingToGrade:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["grade"], "Nothing to grade"),
            (
                ["grade", "08-two-tree-one"],
                "There is no lesson '08-two-tree-one'. Lessons here: 08-",
            ),
            (["feedback"], "Nothing has been graded yet"),
            (["export"], "Nothing has been graded yet: run 'course grade' first"),
            (["report", LESSON], "has been graded yet: run 'course grade' first"),
        ],
    )
    def test_says_so(self, new_course: Course, at, arguments: list[str], words: str) -> None:
        at(new_course)
        before = sorted(new_course.root.rglob("*"))
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 1
        assert words in result.output
        assert sorted(new_course.root.rglob("*")) == before
        assert "Traceback" not in result.output

    def test_student_who_handed_in_nothing(self, new_course: Course, at) -> None:
        at(new_course)
        (new_course.submitted / "ann" / LESSON).mkdir(parents=True)
        result = CliRunner().invoke(main, ["grade", "--student", "ann", "--student", "bob"])
        assert result.exit_code == 1
        assert "Nothing from bob. Handed in by: ann." in result.output


def test_secret_is_made_once(tmp_path: Path) -> None:
    course = Course(tmp_path)
    ann = Submission("ann", LESSON, b"{}")
    seed = grade.seed_for(course, ann)
    assert grade.seed_for(course, ann) == seed
    others = [
        Submission("bob", LESSON, b"{}"),
        Submission("ann", "09-backprop", b"{}"),
        Submission("ann", LESSON, b"{ }"),
    ]
    assert seed not in [grade.seed_for(course, other) for other in others]
    assert grade.seed_for(Course(tmp_path / "other"), ann) != seed
    course.secret.write_text("")
    with pytest.raises(CourseError, match="holds no secret"):
        grade.seed_for(course, ann)


def test_demo_into_a_folder_that_is_not_empty(tmp_path: Path, checkout: Course) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CourseError, match="is not empty"):
        demo.make_course(checkout, tmp_path)
