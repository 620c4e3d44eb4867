"""What the outputs of a check cell amount to: a score only where everything agrees."""

import json

import pytest

from course import records
from course.paths import Course
from course.records import Record, outcome
from grader_tests.verdict import MIME, Diagnosis, Example, Finding, Verdict


def verdict(**changes: object) -> dict:
    data = {"score": 4.5, "max_score": 6.0, "status": "partial", "misconceptions": ["wrong-sign"]}
    return {"output_type": "display_data", "metadata": {}, "data": {MIME: data | changes}}


def value(text: str) -> dict:
    return {"output_type": "execute_result", "metadata": {}, "data": {"text/plain": text}}


def error(name: str, message: str = "") -> dict:
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": []}


STDERR = {"output_type": "stream", "name": "stderr", "text": "a warning"}


def cell(*outputs: dict) -> dict:
    return {"metadata": {"nbgrader": {"points": 6}}, "outputs": list(outputs)}


@pytest.mark.parametrize(("score", "status"), [(0.0, "fail"), (4.5, "partial"), (6.0, "pass")])
def test_verdict_and_value_agree(score: float, status: str) -> None:
    found = outcome(cell(verdict(score=score, status=status), value(str(score))))
    assert (found.score, found.status, found.misconceptions) == (score, status, ("wrong-sign",))
    assert found.reason == ""


def test_something_on_stderr_costs_nothing() -> None:
    assert outcome(cell(STDERR, verdict(), value("4.5"))).score == 4.5


@pytest.mark.parametrize(
    ("outputs", "reason"),
    [
        ([], "the check showed no verdict"),
        ([value("6.0")], "the check showed no verdict"),
        ([value("'great'")], "the check showed no verdict"),
        ([STDERR], "the check showed no verdict"),
        ([verdict(), verdict(), value("4.5")], "the check showed more than one verdict"),
        ([error("CellTimeoutError")], "the check took too long and was stopped"),
        ([error("KeyboardInterrupt")], "the check took too long and was stopped"),
        ([error("MemoryError")], "the check ran out of memory"),
        ([error("NameError", "no\nname")], "the check stopped with NameError: no"),
        ([verdict(), value("4.5"), error("CellTimeoutError")], "the check took too long"),
        ([verdict()], "the verdict says 4.5 points, the check's value None"),
        ([verdict(), value("6.0")], "the verdict says 4.5 points, the check's value 6.0"),
        ([verdict(), value("nonsense")], "the check's value None"),
        ([verdict(score=7), value("7.0")], "the verdict says 7 of 6.0 points"),
        ([verdict(score=-1), value("-1.0")], "the verdict says -1 of 6.0 points"),
        ([verdict(score=float("nan")), value("nan")], "the verdict says nan of 6.0 points"),
        ([verdict(max_score=4.5), value("4.5")], "the verdict says 4.5 of 4.5 points"),
        ([verdict(score="all of them"), value("6.0")], "a verdict that makes no sense"),
        ([verdict(misconceptions=None), value("4.5")], "a verdict that makes no sense"),
        (
            [verdict(status="could-not-check", score=0, notes=["No data."]), error("RuntimeError")],
            "No data.",
        ),
        ([verdict(status="could-not-check", score=6), value("6.0")], "the check itself failed"),
    ],
)
def test_no_score_without_a_verdict_that_holds(outputs: list, reason: str) -> None:
    found = outcome(cell(*outputs))
    assert found.score is None
    assert found.status == "could-not-check"
    assert reason in found.reason


def test_reason_is_one_printable_line() -> None:
    found = outcome(cell(error("ValueError", "\x1b[31mred\x1b[0m\nsecond line " + "x" * 999)))
    assert found.reason == "the check stopped with ValueError: [31mred[0m"


def test_kept_records_are_replaced_by_student(tmp_path) -> None:
    course = Course(tmp_path)
    ann, bob = (Record(name, "07-toy", "double", 1.0, 3.0, "partial", ("x",)) for name in "ab")
    records.keep(course, "07-toy", [bob])
    records.keep(course, "07-toy", [ann])
    assert records.load(course, "07-toy") == [ann, bob]
    assert records.load(course, "08-other") == []


def test_a_regrade_remembers_the_score_before(tmp_path) -> None:
    course = Course(tmp_path)

    def grade_again(score: float | None) -> Record:
        records.keep(course, "07-toy", [Record("ann", "07-toy", "double", score, 3.0, "…")])
        return records.load(course, "07-toy")[0]

    first = grade_again(1.0)
    assert (first.previous, first.regraded) == (None, "")
    changed = grade_again(3.0)
    assert changed.previous == 1.0
    assert changed.regraded.endswith("+00:00")
    assert grade_again(3.0) == changed
    lost = grade_again(None)
    assert (lost.score, lost.previous) == (None, 3.0)


def test_a_name_too_long_for_a_file(tmp_path) -> None:
    course = Course(tmp_path)
    names = ["ü" * 120 + end for end in "ab"]
    for name in names:
        records.keep(course, "07-toy", [Record(name, "07-toy", "double", 1.0, 3.0, "partial")])
    assert [record.student for record in records.load(course, "07-toy")] == names


def test_a_check_that_nobody_could_run_says_why() -> None:
    found = outcome(cell(error("CouldNotCheck", "the file is empty")))
    assert (found.score, found.reason) == (None, "the file is empty")


@pytest.mark.parametrize(
    "forged",
    [None, [], "pass", {"criteria": 3}, {"criteria": [{"passed": "yes"}]}, {"criteria": None}],
)
def test_a_forged_verdict_is_none(forged: object) -> None:
    data = {"lesson": "07", "exercise": "x", "seed": 1, "diagnoses": [], "notes": []}
    shown = data | forged if isinstance(forged, dict) else forged
    output = {"output_type": "display_data", "metadata": {}, "data": {MIME: shown}}
    assert records.verdict(cell(output)) is None


def test_a_verdict_comes_back_as_it_was() -> None:
    case = Example("double(x)", (("x", "1"),), "2", "1")
    findings = (
        Finding("one", "of one number", 0.0, 2.0, False, "off", case),
        Finding("two", "of two", 1.0, 1.0, True),
    )
    shown = Verdict("07", "double", 7, findings, (Diagnosis("wrong-sign", "…", "deck A"),), ("n",))
    output = {"output_type": "display_data", "metadata": {}, "data": {MIME: shown.as_dict()}}
    assert records.verdict(json.loads(json.dumps(cell(output)))) == shown
