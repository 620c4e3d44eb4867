"""Exports, read back as a spreadsheet, Canvas and Moodle would read them."""

import csv
import os
import subprocess
import sysconfig
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from course import export
from course.build import make_lesson
from course.cli import main
from course.export import CanvasExport, GradesExport, MoodleExport
from course.gradebook import Question
from course.paths import Course, CourseError
from course.records import Record
from course.standing import Person, Standing

LESSON = "08-two-three-one"
STATES_WITHOUT_A_SCORE = {"missing", "not-graded-yet", "could-not-check", "needs-manual-grade"}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows_of(path: Path, student: str) -> dict[str, dict[str, str]]:
    return {row["exercise"]: row for row in read(path) if row["student"] == student}


@pytest.fixture(scope="module")
def files(term: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("exports")
    classes = export.read_classes(term)
    for name, exporter in export.EXPORTS.items():
        exporter.write(classes, folder / f"{name}.csv")
    return {name: folder / f"{name}.csv" for name in export.EXPORTS}


class TestGrades:
    def test_what_has_no_score_is_blank_and_says_why(self, files: dict[str, Path]) -> None:
        for row in read(files["csv"]):
            assert (row["score"] == "") == (row["status"] in STATES_WITHOUT_A_SCORE)
        assert {row["status"] for row in rows_of(files["csv"], "dan").values()} == {"missing"}
        cem = rows_of(files["csv"], "cem")
        assert cem["forward"]["status"] == "could-not-check"
        assert "JSON" in cem["forward"]["reason"]
        assert rows_of(files["csv"], "ann")["old-weights"]["status"] == "needs-manual-grade"

    def test_rows_of_a_student_add_up_with_the_late_penalty(self, files: dict[str, Path]) -> None:
        ann = rows_of(files["csv"], "ann")
        assert (ann["late"]["score"], ann["late"]["max_score"]) == ("-2.0", "0.0")
        assert ann["late"]["reason"] == "2 days late"
        assert sum(float(row["score"] or 0) for row in ann.values()) == 44
        assert "late" not in rows_of(files["csv"], "ben")

    def test_misconceptions(self, files: dict[str, Path]) -> None:
        ben = rows_of(files["csv"], "ben")
        assert ben["hidden_bpe"]["score"] == "0.0"
        assert ben["hidden_bpe"]["misconceptions"] == "missing-derivative"


class TestCanvas:
    def test_the_columns_that_canvas_reads(self, files: dict[str, Path]) -> None:
        rows = read(files["canvas"])
        assert list(rows[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", LESSON]
        assert "Points Possible" in rows[0]["Student"]
        assert float(rows[0][LESSON]) == 50
        by_login = {row["SIS Login ID"]: row for row in rows[1:]}
        assert by_login["eve"]["ID"] == "417"
        assert set(by_login) == {"ann", "ben", "cem", "dan", "eve"}

    def test_a_grade_that_is_not_final_leaves_canvas_as_it_is(self, files) -> None:
        assert {row[LESSON] for row in read(files["canvas"])[1:]} == {""}


class TestMoodle:
    def test_no_grade_is_a_dash_and_never_empty(self, files: dict[str, Path]) -> None:
        rows = {row["Username"]: row for row in read(files["moodle"])}
        assert {row[LESSON] for row in rows.values()} == {"-"}
        assert rows["dan"][f"{LESSON} (feedback)"] == "nothing handed in"
        ben = rows["ben"][f"{LESSON} (feedback)"]
        assert "output_bpe 0/6 (missing-derivative)" in ben
        assert "old-weights waits for a person" in ben


def standing(student: str, *, question: float | None, **changes) -> Standing:
    records = (
        Record(student, "07-toy", "double", 3.0, 3.0, "pass"),
        Record(student, "07-toy", "halve", 1.0, 4.0, "partial", ("wrong-sign",)),
    )
    questions = (Question("why", question, 2.0),)
    return replace(Standing(student, "07-toy", 9.0, records, questions), **changes)


class Toy:
    """As much of a lesson as an export asks for."""

    id = "07-toy"
    exercises = {"double": 3.0, "halve": 4.0}  # noqa: RUF012
    questions = {"why": 2.0}  # noqa: RUF012


def written(exporter: type[GradesExport], standings: Sequence[Standing], path: Path) -> list[dict]:
    exporter.write([(Toy(), list(standings))], path)
    return read(path)


class TestFinalGrades:
    def test_graded_by_hand(self, tmp_path: Path) -> None:
        found = [standing("ann", question=1.5), standing("bob", question=None)]
        canvas = written(CanvasExport, found, tmp_path / "canvas.csv")
        assert [row["07-toy"] for row in canvas] == ["9.0", "5.5", ""]
        moodle = written(MoodleExport, found, tmp_path / "moodle.csv")
        assert [row["07-toy"] for row in moodle] == ["5.5", "-"]
        grades = written(GradesExport, found, tmp_path / "grades.csv")
        assert [r["status"] for r in grades if r["exercise"] == "why"] == [
            "graded-by-hand",
            "needs-manual-grade",
        ]

    def test_a_zero_that_was_earned_is_a_zero(self, tmp_path: Path) -> None:
        nothing = tuple(
            replace(record, score=0.0, status="fail")
            for record in standing("ann", question=0.0).records
        )
        found = [standing("ann", question=0.0, records=nothing)]
        assert written(CanvasExport, found, tmp_path / "c.csv")[1]["07-toy"] == "0.0"
        assert written(MoodleExport, found, tmp_path / "m.csv")[0]["07-toy"] == "0.0"

    def test_a_penalty_takes_no_more_than_there_is(self, tmp_path: Path) -> None:
        late = {"penalty": 100.0, "late": timedelta(days=1, hours=2)}
        found = [standing("ann", question=1.0, **late)]
        rows = written(GradesExport, found, tmp_path / "grades.csv")
        assert sum(float(row["score"]) for row in rows) == 0
        assert rows[-1]["reason"] == "1 day 2 hours late"
        assert written(CanvasExport, found, tmp_path / "c.csv")[1]["07-toy"] == "0.0"

    def test_regrades(self, tmp_path: Path) -> None:
        record = Record(
            "ann", "07-toy", "double", 3.0, 3.0, "pass", previous=1.0, regraded="2026-11-02"
        )
        found = [standing("ann", question=1.0, records=(record,))]
        row = written(GradesExport, found, tmp_path / "grades.csv")[0]
        assert (row["previous_score"], row["regraded"]) == ("1.0", "2026-11-02")

    def test_a_student_known_in_one_lesson_only(self, tmp_path: Path) -> None:
        both = [(Toy(), [standing("ann", question=1.0)]), (Toy(), [standing("bob", question=1.0)])]
        assert [row[-2:] for row in CanvasExport.table(both)[2:]] == [[5.0, None], [None, 5.0]]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", ' "=1', "fine;=1+1", 'a,"=1"', "a\n=1"],
)
def test_no_text_becomes_a_formula(text: str, tmp_path: Path) -> None:
    """Neither at the start of a cell, nor where another separator would start one."""
    person = Person(first_name=text, last_name="", email=text)
    record = Record("ann", "07-toy", "double", None, 3.0, "could-not-check", (text,), text)
    found = [standing("ann", question=1.0, person=person, records=(record,))]
    for exporter in export.EXPORTS.values():
        path = tmp_path / exporter.default_file
        exporter.write([(Toy(), found)], path)
        for dialect in (",", ";", "\t"):
            with path.open(encoding="utf-8", newline="") as file:
                cells = [cell for row in csv.reader(file, delimiter=dialect) for cell in row]
            for cell in cells:
                start = cell.strip(' \t\r\n"')[:1]
                assert start not in tuple("=+-@＝") or cell == "-" or _number(cell), cell


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_text_that_no_encoding_holds(tmp_path: Path) -> None:
    record = Record("ann", "07-toy", "double", None, 3.0, "could-not-check", reason="\ud800")
    rows = written(GradesExport, [standing("ann", question=1, records=(record,))], tmp_path / "g")
    assert rows[0]["reason"] == "?"


class TestCommands:
    def test_plain_nbgrader_writes_the_same(self, term: Course, files, tmp_path: Path) -> None:
        nbgrader = Path(sysconfig.get_path("scripts"), "nbgrader")
        environment = {k: v for k, v in os.environ.items() if k != "NNKIT_COURSE"}
        done = subprocess.run(
            [
                nbgrader,
                "export",
                "--exporter=course.export.MoodleExport",
                "--to",
                tmp_path / "m.csv",
            ],
            env=environment,
            cwd=term.home,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "m.csv").read_bytes() == files["moodle"].read_bytes()
        assert "No score for dan, 08-two-three-one: nothing handed in" in done.stderr

    def test_the_command_says_what_it_left_blank(self, term: Course, at, tmp_path: Path) -> None:
        at(term)
        path = tmp_path / "canvas.csv"
        done = CliRunner().invoke(main, ["export", str(path), "--format", "canvas"])
        assert done.exit_code == 0, done.output
        assert done.stdout == f"{path}: 6 rows\n"
        assert "dan, 08-two-three-one: nothing handed in" in done.stderr
        assert (
            "cem, 08-two-three-one: no exercise could be checked; old-weights waits" in done.stderr
        )

    def test_one_student_one_lesson(self, term: Course, at, tmp_path: Path) -> None:
        at(term)
        path = tmp_path / "grades.csv"
        arguments = ["export", str(path), "--student", "ben", "--lesson", LESSON]
        assert CliRunner().invoke(main, arguments).exit_code == 0
        assert {row["student"] for row in read(path)} == {"ben"}

    def test_nobody_of_that_name(self, term: Course) -> None:
        with pytest.raises(CourseError, match="Nothing by zoe has been graded"):
            export.read_classes(term, students=["zoe"])


def test_exercises_come_in_the_lesson_s_order(term: Course, files: dict[str, Path]) -> None:
    lesson = make_lesson(term, LESSON)
    wanted = [*lesson.exercises, *lesson.questions]
    assert list(rows_of(files["csv"], "dan")) == wanted
