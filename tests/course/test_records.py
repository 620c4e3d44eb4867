"""What the outputs of a check cell amount to: a score only where everything agrees."""

import pytest

from course import records
from course.paths import Course
from course.records import Record, outcome
from grader_tests.verdict import MIME


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
    better = Record("b", "07-toy", "double", 3.0, 3.0, "pass")
    records.keep(course, "07-toy", [better])
    assert records.load(course, "07-toy") == [ann, better]
    assert records.load(course, "08-other") == []
