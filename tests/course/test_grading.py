"""The course end to end: the samples through the real nbgrader, and submissions that break it."""

import csv
import json
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook
from sqlalchemy.exc import OperationalError

from course import demo, grade, gradebook, records, settings
from course.build import make_lesson, notebook_bytes
from course.cli import main
from course.export import COLUMNS, export_grades
from course.feedback import make_feedback
from course.paths import Course, CourseError, write_atomically
from grader_tests.verdict import MIME

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


def course_command(course: Course, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "course", *arguments],
        env={**os.environ, "NNKIT_COURSE": str(course.root)},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def results(found: list[dict]) -> dict[str, dict[str, tuple]]:
    table: dict[str, dict[str, tuple]] = {}
    for r in found:
        row = table.setdefault(r["student"], {})
        row[r["exercise"]] = (r["score"], r["status"], list(r["misconceptions"]))
    return table


def gradebook_of(course: Course) -> Gradebook:
    return Gradebook(settings.nbgrader_settings(course).CourseDirectory.db_url)


def grade_by_hand(course: Course, student: str, grade_id: str, score: float) -> None:
    with gradebook_of(course) as book:
        given = book.find_grade(grade_id, LESSON, LESSON, student)
        given.manual_score = score
        given.needs_manual_grade = False
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

    @pytest.mark.parametrize("student", EXPECTED)
    def test_sample_gets_exactly_what_it_should(self, demonstration, student: str) -> None:
        assert results(demonstration[1])[student] == EXPECTED[student]

    def test_gradebook_says_the_same(self, demonstration) -> None:
        course, found, _ = demonstration
        for record in found:
            given = gradebook.grades(course, LESSON, record["student"])
            assert given[f"check-{record['exercise']}"].auto == record["score"]
            assert not given[f"check-{record['exercise']}"].needs_a_person

    def test_written_answers_wait_for_a_person(self, demonstration) -> None:
        course = demonstration[0]
        lesson = make_lesson(course, LESSON)
        scores = {
            student: [question.score for question in gradebook.questions(course, lesson, student)]
            for student in EXPECTED
        }
        assert scores.pop("unfilled") == [0]
        assert set(map(tuple, scores.values())) == {(None,)}

    def test_feedback_pages(self, demonstration) -> None:
        course, found, _ = demonstration
        for student in EXPECTED:
            page = (course.feedback / student / LESSON / f"{LESSON}.html").read_text("utf-8")
            for record in found:
                if record["student"] == student:
                    assert f"{record['exercise']}: {record['score']:g} of" in page
                    assert all(name in page for name in record["misconceptions"])
        assert "w2" in (course.feedback / "raises" / LESSON / f"{LESSON}.html").read_text("utf-8")

    def test_grades_csv(self, demonstration) -> None:
        course, found, _ = demonstration
        with (course.reports / "grades.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert tuple(rows[0]) == COLUMNS
        assert len(rows) == len(found) + len(EXPECTED)
        checked = [row for row in rows if row["exercise"] != "old-weights"]
        for row, record in zip(checked, found, strict=True):
            assert row["student"] == record["student"]
            assert row["exercise"] == record["exercise"]
            assert float(row["score"]) == record["score"]
            assert float(row["max_score"]) == record["max_score"]
            assert row["status"] == record["status"]
            assert row["misconceptions"] == "; ".join(record["misconceptions"])
        written = {row["student"]: row for row in rows if row["exercise"] == "old-weights"}
        assert written["all-right"]["status"] == "needs-manual-grade"
        assert written["all-right"]["score"] == ""
        assert written["unfilled"]["score"] == "0.0"

    def test_cases_come_from_the_secret_and_the_student(self, demonstration) -> None:
        course = demonstration[0]
        seeds = set()
        for student in EXPECTED:
            cells = records.read_notebook(course.notebook(course.autograded, LESSON, student))
            for name in POINTS:
                shown = cells[f"check-{name}"]["outputs"][0]["data"][MIME]
                assert shown["seed"] == grade.seed_for(course, student, LESSON)
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
        again = grade.current_records(course, make_lesson(course, LESSON))
        assert results([record.public() for record in again]) == results(found)
        cells = records.read_notebook(course.notebook(course.autograded, LESSON, "no-derivative"))
        shown = cells["check-train"]["outputs"][0]["data"][MIME]
        assert shown["seed"] != grade.seed_for(course, "no-derivative", LESSON)

    def test_table(self, demonstration, tmp_path: Path) -> None:
        """The table for a teacher: grade one student again, from another folder."""
        course = demonstration[0]
        done = course_command(course, "grade", LESSON, "--student", "unfilled", cwd=tmp_path)
        assert done.returncode == 0
        table = done.stdout
        assert "0/46" in table
        assert "0/4" in table
        assert "unfilled: not-implemented (everywhere)" in table
        assert "all-right" not in table
        assert done.stderr.startswith(f"{LESSON}: unfilled (")
        assert len(records.load(course, LESSON)) == len(EXPECTED) * len(POINTS)


def hand_in(course: Course, student: str, answers: dict[str, str], keep_all: bool = False) -> Path:
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
    for student, edit in {
        "twice": lambda cells: cells.append(cells[-1] | {"id": "another"}),
        "missing": lambda cells: cells.remove(next(c for c in cells if c["id"] == "check-update")),
    }.items():
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
    @pytest.mark.parametrize("student", ["a-fine", "Müller, Änne O'Neill @2"])
    def test_the_others_are_graded(self, troubled, student: str) -> None:
        assert results(troubled[1])[student] == FULL

    @pytest.mark.parametrize(
        ("student", "reason"),
        [
            ("corrupt", "the file is not a notebook: it is not valid JSON"),
            ("exits", "Python died while running the notebook"),
            ("twice", "the cell of 'old-weights' is there 2 times"),
            ("missing", "the cell that checks 'update' is missing"),
            ("misnamed", "expected a notebook called 08-two-three-one.ipynb, found homework.ipynb"),
            ("=1+1", "nbgrader cannot handle the name of this folder"),
        ],
    )
    def test_could_not_check_is_said_with_the_reason(self, troubled, student, reason) -> None:
        course, found, output = troubled
        assert results(found)[student] == UNCHECKED
        assert f"  {student}: {reason}" in output.split("Could not check")[1]
        for given in gradebook.grades(course, LESSON, student).values():
            assert given.auto is None
            assert given.needs_a_person
        assert not (course.autograded / student / LESSON).exists()

    def test_a_check_that_shows_nothing_gets_no_marks(self, troubled) -> None:
        """Plain nbgrader gives full marks there."""
        course, found, output = troubled
        row = results(found)["silent"]
        assert row["train"] == (None, "could-not-check", [])
        assert "  silent: the check showed no verdict (train)" in output.split("Could not check")[1]
        given = gradebook.grades(course, LESSON, "silent")["check-train"]
        assert given.auto is None
        assert given.needs_a_person
        assert row["forward"] == (10, "pass", [])
        assert "34/46" in output

    def test_what_belongs_to_no_lesson_is_mentioned(self, troubled) -> None:
        assert "left alone: course/submitted/lost/8-two-three-one" in troubled[2]

    def test_logs(self, troubled) -> None:
        log = grade.log_path(troubled[0], LESSON, "exits").read_text(encoding="utf-8")
        assert "DeadKernelError" in log
        assert "Traceback" not in troubled[2]

    def test_export(self, troubled) -> None:
        course, _, _ = troubled
        path = course.root / "grades.csv"
        export_grades(course, [LESSON], path)
        with path.open(encoding="utf-8", newline="") as file:
            rows = {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}
        assert len(rows) == 9 * (len(POINTS) + 1)
        corrupt = rows["corrupt", "forward"]
        assert (corrupt["score"], corrupt["status"]) == ("", "could-not-check")
        assert "not valid JSON" in corrupt["reason"]
        assert rows["'=1+1", "forward"]["max_score"] == "10.0"
        assert rows["Müller, Änne O'Neill @2", "train"]["score"] == "12.0"
        assert rows["corrupt", "old-weights"]["status"] == "needs-manual-grade"

    def test_feedback_for_those_who_can_have_it(self, troubled, tmp_path: Path) -> None:
        done = course_command(troubled[0], "feedback", "--student", "silent", cwd=tmp_path)
        assert done.returncode == 0
        assert Path(done.stdout.strip()).is_file()
        with pytest.raises(CourseError, match="Nothing by corrupt has been graded yet"):
            make_feedback(troubled[0], [LESSON], ("corrupt",))

    def test_grades_by_hand_take_precedence(self, troubled) -> None:
        course = troubled[0]
        grade_by_hand(course, "silent", "check-train", 9)
        grade_by_hand(course, "silent", "question-old-weights", 3.5)
        lesson = make_lesson(course, LESSON)
        current = [r for r in grade.current_records(course, lesson) if r.student == "silent"]
        train = next(record for record in current if record.exercise == "train")
        assert (train.score, train.status, train.reason) == (9, "partial", "graded by hand")
        export_grades(course, [LESSON], course.root / "by-hand.csv")
        with (course.root / "by-hand.csv").open(encoding="utf-8", newline="") as file:
            rows = {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}
        assert rows["silent", "train"]["score"] == "9.0"
        written = rows["silent", "old-weights"]
        assert (written["score"], written["status"]) == ("3.5", "graded-by-hand")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, checkout: Course) -> Course:
    """One gradebook for several tests, each with a student of its own."""
    return demo.make_course(checkout, tmp_path_factory.mktemp("course"))


class TestAgain:
    def test_a_worse_submission_takes_back_the_grades_but_not_those_by_hand(self, shared) -> None:
        answers = {"train": "def train(*args):\n    return None", "check-train": "12.0"}
        path = hand_in(shared, "ann", answers)  # nbgrader puts the check back
        first = grade.grade(shared, [LESSON], ("ann",))
        assert [record.score for record in first] == [10, 6, 8, 10, 0]
        grade_by_hand(shared, "ann", "check-train", 5)
        path.write_text("{")
        second = grade.grade(shared, [LESSON], ("ann",))
        assert [record.score for record in second] == [None] * 4 + [5]
        given = gradebook.grades(shared, LESSON, "ann")
        assert given["check-forward"].auto is None
        assert not (shared.autograded / "ann" / LESSON).exists()
        assert given["check-train"].by_hand == 5
        assert [record.score for record in records.load(shared, LESSON)[:5]] == [None] * 5

    def test_a_loop_without_end_costs_only_itself(self, shared, monkeypatch) -> None:
        monkeypatch.setattr(settings, "CELL_TIMEOUT", 3)
        hand_in(shared, "bob", {"output_bpe": "while True:\n    pass"})
        graded = grade.grade(shared, [LESSON], ("bob",))
        found = {record.exercise: record for record in graded}
        assert found["forward"].score == 10
        assert found["output_bpe"].misconceptions == ("not-implemented",)
        assert found["update"].score == 10

    def test_a_kernel_in_the_home_folder_is_not_used(self, shared, monkeypatch, tmp_path) -> None:
        folder = tmp_path / "kernels" / "python3"
        folder.mkdir(parents=True)
        other = {"argv": ["false"], "display_name": "Another Python", "language": "python"}
        (folder / "kernel.json").write_text(json.dumps(other))
        monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
        hand_in(shared, "fay", {})
        graded = grade.grade(shared, [LESSON], ("fay",))
        assert [record.status for record in graded] == ["pass"] * 5

    def test_records_as_they_stand_now(self, shared) -> None:
        hand_in(shared, "gil", {})
        grade.grade(shared, [LESSON], ("gil",))
        lesson = make_lesson(shared, LESSON)
        records.kept_at(shared, LESSON).unlink()

        def current() -> dict[str, records.Record]:
            found = grade.current_records(shared, lesson)
            return {record.exercise: record for record in found if record.student == "gil"}

        assert [record.score for record in current().values()] == list(POINTS.values())
        with gradebook_of(shared) as book:
            book.find_grade("check-train", LESSON, LESSON, "gil").auto_score = 3
            book.db.commit()
        assert current()["train"].score is None
        assert "the gradebook says 3.0, the verdict 12.0" in current()["train"].reason

    def test_the_environment_is_as_before(self, shared, monkeypatch) -> None:
        monkeypatch.setenv("NNKIT_CHECK_SEED", "5")
        before = dict(os.environ), os.getcwd()
        hand_in(shared, "carl", {"forward": "import os\nos._exit(1)"})
        grade.grade(shared, [LESSON], ("carl",))
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

    def test_gradebook_in_use(self, shared, monkeypatch) -> None:
        def locked(*args: object) -> None:
            raise OperationalError("UPDATE grade", {}, Exception("database is locked"))

        hand_in(shared, "emil", {}).write_text("{")
        monkeypatch.setattr(gradebook, "withdraw", locked)
        with pytest.raises(CourseError, match="is another program using it"):
            grade.grade(shared, [LESSON], ("emil",))


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
            (["export"], "Nothing has been graded yet"),
        ],
    )
    def test_says_so(self, new_course: Course, at, arguments: list[str], words: str) -> None:
        at(new_course)
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 1
        assert words in result.output
        assert "Traceback" not in result.output

    def test_student_who_handed_in_nothing(self, new_course: Course, at) -> None:
        at(new_course)
        (new_course.submitted / "ann" / LESSON).mkdir(parents=True)
        result = CliRunner().invoke(main, ["grade", "--student", "ann", "--student", "bob"])
        assert result.exit_code == 1
        assert "Nothing from bob. Handed in by: ann." in result.output


def test_secret_is_made_once(tmp_path: Path) -> None:
    course = Course(tmp_path)
    seed = grade.seed_for(course, "ann", LESSON)
    assert grade.seed_for(course, "ann", LESSON) == seed
    others = [("bob", LESSON), ("ann", "09-backprop")]
    assert seed not in [grade.seed_for(course, *other) for other in others]
    assert grade.seed_for(Course(tmp_path / "other"), "ann", LESSON) != seed
    course.secret.write_text("")
    with pytest.raises(CourseError, match="holds no secret"):
        grade.seed_for(course, "ann", LESSON)


def test_demo_into_a_folder_that_is_not_empty(tmp_path: Path, checkout: Course) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CourseError, match="is not empty"):
        demo.make_course(checkout, tmp_path)
