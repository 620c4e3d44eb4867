"""The report on a class: the right numbers, and readable by everybody."""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from course import report
from course.build import make_lesson
from course.cli import main
from course.execution.sandbox import UNPROTECTED
from course.gradebook import Question
from course.paths import Course, CourseError
from course.records import Record
from course.report import make_report
from course.standing import MISSING, Standing
from grader_tests.verdict import Diagnosis, Finding, Verdict

LESSON = "08-two-three-one"
NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)


class Toy:
    """As much of a lesson as a report asks for."""

    id = "07-toy"
    exercises = {"double": 4.0, "halve": 4.0}  # noqa: RUF012
    questions = {"why": 2.0}  # noqa: RUF012
    student = {"cells": [{"source": "# 07 · A toy"}]}  # noqa: RUF012


def standing(
    student: str,
    double: float | None,
    halve: float | None,
    why: float | None = 2.0,
    mistakes: Sequence[str] = (),
) -> Standing:
    def record(name: str, score: float | None, names: Sequence[str]) -> Record:
        status = "could-not-check" if score is None else "pass" if score == 4 else "fail"
        reason = "it died" if score is None else ""
        return Record(student, "07-toy", name, score, 4.0, status, tuple(names), reason)

    records = (record("double", double, ()), record("halve", halve, mistakes))
    return Standing(student, "07-toy", 10.0, records, (Question("why", why, 2.0),))


CLASS = [
    standing("ann", 4, 4),
    standing("ben", 4, 0, mistakes=["wrong-sign"]),
    standing("cem", 4, 0, 0, mistakes=["wrong-sign", "missing-bias"]),
    standing("dan", None, 4, None),
    standing("eve", 0, 0, 0, mistakes=["wrong-sign"]),
]


def text_of(page: bytes) -> str:
    body = re.sub(r"<style>.*?</style>", "", page.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


class TestNumbers:
    def test_distribution_leaves_out_what_is_not_known(self) -> None:
        found = {bin_.low: bin_.students for bin_ in report.distribution(CLASS) if bin_.students}
        assert found == {90: ("ann", "dan"), 60: ("ben",), 40: ("cem",), 0: ("eve",)}

    def test_nobody_is_counted_twice_or_lost_at_an_edge(self) -> None:
        shares = [i / 20 for i in range(21)]
        people = [standing(f"s{share}", 8 * share - 4, 4, None) for share in shares]
        assert sum(len(bin_.students) for bin_ in report.distribution(people)) == 21

    def test_hardest_exercises_first_and_barely_known_ones_last(self) -> None:
        people = [replace(s, questions=(Question("why", None, 2.0),)) for s in CLASS[:4]]
        found = report.exercises_by_difficulty(Toy(), [*people, CLASS[4]])
        assert [hurdle.exercise for hurdle in found] == ["halve", "double", "why"]
        halve, double, why = found
        assert (halve.right, halve.wrong, halve.unknown, halve.share) == (2, 3, 0, 0.4)
        assert (double.right, double.wrong, double.unknown, double.share) == (3, 1, 1, 0.75)
        assert (why.unknown, why.share) == (4, 0)

    def test_hardest_criteria_of_those_who_wrote_something(self) -> None:
        def with_verdict(student: str, points: float, mistakes: Sequence[str] = ()) -> Standing:
            findings = (
                Finding("easy", "the easy part", 2, 2, True),
                Finding("hard", "the hard part", points, 2, points == 2),
                Finding("untouched", "the arguments are left as they were", 0, 1, False),
            )
            diagnoses = tuple(Diagnosis(name, "…") for name in mistakes)
            verdict = Verdict("07-toy", "halve", 1, findings, diagnoses)
            return replace(standing(student, 4, 4), verdicts={"halve": verdict})

        people = [with_verdict("a", 0), with_verdict("b", 2), with_verdict("c", 2)]
        people.append(with_verdict("d", 0, ["not-implemented"]))
        found = report.criteria_by_difficulty(people)
        assert [(h.title, h.right, h.wrong) for h in found] == [("the hard part", 2, 1)]
        people.append(with_verdict("e", 2, ["modifies-arguments"]))
        found = report.criteria_by_difficulty(people)
        assert (found[0].title, found[0].wrong) == ("the arguments are left as they were", 1)

    def test_commonest_mistakes(self) -> None:
        found = report.commonest_mistakes(CLASS)
        assert [(m.name, m.students) for m in found] == [
            ("wrong-sign", ("ben", "cem", "eve")),
            ("missing-bias", ("cem",)),
        ]
        assert found[0].says == "The sign is the wrong way round."

    def test_who_needs_a_look(self) -> None:
        unwritten = standing("fay", 0, 0, 0, mistakes=["not-implemented"])
        records = tuple(replace(r, misconceptions=("not-implemented",)) for r in unwritten.records)
        borrowed = replace(standing("gil", 4, 4), records=(
            replace(standing("gil", 4, 0).records[0], misconceptions=("borrowed",)),
        ))  # fmt: skip
        people = [*CLASS, replace(unwritten, records=records), borrowed]
        found = {c.standing.student: c.reasons for c in report.concerns(people)}
        assert found == {
            "eve": ("has less than half of the points (0%)",),
            "fay": ("has written none of the functions",),
            "cem": ("has less than half of the points (40%)",),
            "gil": ("called a ready implementation",),
            "dan": ("not everything could be checked",),
        }

    def test_unchecked_and_waiting(self) -> None:
        assert report.unchecked(CLASS) == {("dan", "it died"): ["double"]}
        assert report.waiting(CLASS) == {"why": ["dan"]}


class TestPage:
    def test_everything_is_on_it(self) -> None:
        regraded = replace(CLASS[0].records[0], previous=None, regraded="2026-11-02 08:00:00+00:00")
        people = [
            replace(CLASS[0], records=(regraded, CLASS[0].records[1]), notes=("a cell was moved",)),
            *CLASS[1:],
            Standing("zoe", "07-toy", 10.0, status=MISSING),
        ]
        text = text_of(report.page(Toy(), people, NOW))
        assert "5 submissions graded" in text
        assert "Half of the class has at least 60 % of the points known so far." in text
        assert "1 student handed in nothing." in text
        assert "wrong sign The sign is the wrong way round. 3 halve ben , cem , eve" in text
        assert "dan double it died" in text
        assert "why 1 dan" in text
        assert "ann double unknown 4 2026-11-02 08:00" in text
        assert "a cell was moved ann" in text
        assert "zoe – of 10 nothing handed in" in text

    def test_without_a_sandbox_the_report_says_what_was_not_protected(self) -> None:
        people = [replace(s, not_protected=UNPROTECTED.missing) for s in CLASS]
        text = text_of(report.page(Toy(), people, NOW))
        assert "Students’ code was not shut in as it should be." in text
        assert "students' code could use the network (5 submissions)" in html.unescape(text)
        assert "not shut in" not in text_of(report.page(Toy(), CLASS, NOW))

    def test_a_class_without_a_single_known_score(self) -> None:
        text = text_of(report.page(Toy(), [standing("dan", None, None, None)], NOW))
        assert "nothing known yet" in text
        assert "nothing could be checked" in text

    def test_a_large_class_is_folded(self) -> None:
        people = [standing(f"s{i:04}", None, 0, None, ["wrong-sign"]) for i in range(500)]
        page = report.page(Toy(), people, NOW)
        assert "<summary>500 students</summary>" in page.decode()
        assert len(page) < 1_000_000

    def test_names_are_escaped(self) -> None:
        nasty = "<script>alert(1)</script>"
        people = [replace(standing(nasty, None, 0, mistakes=[nasty]), notes=(nasty,))]
        page = report.page(Toy(), people, NOW).decode()
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)" in page


class TestReal:
    @pytest.fixture
    def made(self, term: Course) -> Path:
        return make_report(term, LESSON)

    def test_from_the_command(self, term: Course, at, made: Path) -> None:
        at(term)
        done = CliRunner().invoke(main, ["report", LESSON])
        assert done.output == f"{made}\n"
        text = text_of(made.read_bytes())
        assert "3 submissions graded, 1 could not be checked" in text
        assert "cem – of 50 no exercise could be checked" in text  # and not 0
        assert "points known so far. 1 student handed in nothing." in text
        assert "1 student handed in nothing." in text
        assert "missing derivative" in text
        assert "handed in late: −2 points" in text

    def test_nothing_graded(self, new_course: Course) -> None:
        with pytest.raises(CourseError, match=f"Nothing of {LESSON} has been graded yet"):
            make_report(new_course, LESSON)

    def test_in_a_browser(self, made: Path, tabs) -> None:
        tab = tabs.new_page()
        tab.emulate_media(color_scheme="dark")
        tab.set_viewport_size({"width": 360, "height": 700})
        loaded, complaints = [], []
        tab.on("request", lambda request: loaded.append(request.url))
        tab.on("console", lambda message: complaints.append(message.text))
        tab.goto(made.as_uri())
        assert (loaded, complaints) == ([made.as_uri()], [])
        assert tab.title() == f"{LESSON}: the class at a glance"
        background = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background == "rgb(21, 24, 28)"
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.textContent") == "Skip to the content"
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
        for figure in tab.locator("svg").all():
            assert figure.get_attribute("role") == "img"
            assert figure.get_attribute("aria-label")
        tab.close()

    def test_the_lesson_s_own_title(self, term: Course, made: Path) -> None:
        title = make_lesson(term, LESSON).student.cells[0].source.splitlines()[0].removeprefix("# ")
        assert f"<h1>{title}</h1>" in made.read_text(encoding="utf-8")
