"""The class at a glance, as one HTML page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from course import pages
from course.build import Lesson, make_lesson
from course.paths import Course, CourseError, write_atomically
from course.standing import MISSING, NOT_GRADED, Standing, class_standing
from grader_tests.exercise import Untouched
from grader_tests.misconceptions import NAMES

BINS = 10
LOW_SHARE = 0.5
ATTEMPTED_NOTHING = "not-implemented"
CHANGES_ARGUMENTS = "modifies-arguments"
UNTOUCHED = Untouched().name


@dataclass(frozen=True)
class Bin:
    """A bar of the distribution: students with at least `low` percent, less than `high`."""

    low: int
    high: int
    students: tuple[str, ...]


@dataclass(frozen=True)
class Hurdle:
    """How the class did in an exercise or a criterion.

    Attributes
    ----------
    exercise, title : str
        The title is a criterion's; empty for a whole exercise.
    share : float
        Points earned of the points there were, among those that were checked; 0 to 1.
    right, partly, wrong, unknown : int
        Numbers of students.
    """

    exercise: str
    title: str
    share: float
    right: int
    partly: int
    wrong: int
    unknown: int


@dataclass(frozen=True)
class Mistake:
    """A misconception, and who has it."""

    name: str
    says: str
    students: tuple[str, ...]
    exercises: tuple[str, ...]


@dataclass(frozen=True)
class Concern:
    """A student who needs a look, and why."""

    standing: Standing
    reasons: tuple[str, ...]


def make_report(course: Course, lesson_id: str) -> Path:
    """Write the report on a lesson.

    Parameters
    ----------
    course : Course
    lesson_id : str

    Returns
    -------
    Path
        The page.

    Raises
    ------
    CourseError
        If nothing has been graded.
    """
    lesson = make_lesson(course, lesson_id)
    standings = class_standing(course, lesson)
    if all(standing.status for standing in standings):
        raise CourseError(f"Nothing of {lesson_id} has been graded yet: run 'course grade' first.")
    path = course.reports / f"{lesson_id}.html"
    write_atomically(path, page(lesson, standings, datetime.now(UTC)))
    return path


def page(lesson: Lesson, standings: Iterable[Standing], now: datetime) -> bytes:
    """Return the report on a lesson as a page."""
    everybody = list(standings)
    graded = [standing for standing in everybody if not standing.status]
    shares = [share for standing in graded if (share := share_of(standing)) is not None]
    return pages.render(
        "report.html.j2",
        title=pages.title(lesson.student),
        lesson=lesson.id,
        now=now,
        everybody=everybody,
        graded=graded,
        checked=sum(not standing.nothing_checked for standing in graded),
        missing=[standing for standing in everybody if standing.status == MISSING],
        not_graded=[standing for standing in everybody if standing.status == NOT_GRADED],
        bins=distribution(graded),
        median=median(shares) if shares else None,
        hurdles=exercises_by_difficulty(lesson, graded),
        criteria=criteria_by_difficulty(graded),
        mistakes=commonest_mistakes(graded),
        concerns=list(concerns(graded)),
        unchecked=unchecked(graded),
        waiting=waiting(graded),
        noted=by_note((standing.student, standing.notes) for standing in graded),
        not_protected=by_note((standing.student, standing.not_protected) for standing in graded),
        regraded=[(s, record) for s in graded for record in s.records if record.regraded],
    )


def share_of(standing: Standing) -> float | None:
    """Return the share of points earned, of what is known so far; None if nothing is."""
    possible = standing.max_score - standing.open
    return standing.known / possible if possible else None


def distribution(graded: Iterable[Standing]) -> list[Bin]:
    """Sort students into bins of equal width; full marks belong to the last one."""
    members: list[list[str]] = [[] for _ in range(BINS)]
    for standing in graded:
        share = share_of(standing)
        if share is not None:
            members[min(int(share * BINS), BINS - 1)].append(standing.student)
    width = 100 // BINS
    return [Bin(i * width, (i + 1) * width, tuple(names)) for i, names in enumerate(members)]


def exercises_by_difficulty(lesson: Lesson, graded: Iterable[Standing]) -> list[Hurdle]:
    """Return exercises and questions, the hardest first."""
    marks: dict[str, list[tuple[float | None, float]]] = {
        name: [] for name in (*lesson.exercises, *lesson.questions)
    }
    for standing in graded:
        for record in standing.records:
            marks[record.exercise].append((record.score, record.max_score))
        for question in standing.questions:
            marks[question.name].append((question.score, question.max_score))
    return _hardest_first(_hurdle(name, "", found) for name, found in marks.items())


def criteria_by_difficulty(graded: Iterable[Standing]) -> list[Hurdle]:
    """Return the criteria that somebody missed, the hardest first.

    Somebody who wrote nothing for an exercise has not stumbled over any of its criteria, and arguments
    "left as they were" pay only beside a right value: missed alone, that says nothing.
    """
    marks: dict[tuple[str, str], list[tuple[float | None, float]]] = {}
    for standing in graded:
        for name, verdict in standing.verdicts.items():
            if ATTEMPTED_NOTHING in verdict.misconceptions:
                continue
            for finding in verdict.findings:
                if finding.name == UNTOUCHED and CHANGES_ARGUMENTS not in verdict.misconceptions:
                    continue
                found = marks.setdefault((name, finding.title), [])
                found.append((finding.points, finding.max_points))
    hurdles = _hardest_first(_hurdle(*key, found) for key, found in marks.items())
    return [hurdle for hurdle in hurdles if hurdle.wrong or hurdle.partly]


def commonest_mistakes(graded: Iterable[Standing]) -> list[Mistake]:
    """Return misconceptions by the number of students who have them; ties by name."""
    students: dict[str, list[str]] = {}
    exercises: dict[str, Counter[str]] = {}
    for standing in graded:
        for record in standing.records:
            for name in record.misconceptions:
                who = students.setdefault(name, [])
                if standing.student not in who:
                    who.append(standing.student)
                exercises.setdefault(name, Counter())[record.exercise] += 1
    order = sorted(students, key=lambda name: (-len(students[name]), name))
    return [
        Mistake(name, NAMES.get(name, ""), tuple(students[name]), tuple(exercises[name]))
        for name in order
    ]


def unchecked(graded: Iterable[Standing]) -> dict[tuple[str, str], list[str]]:
    """Return the exercises that could not be checked, by student and reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for standing in graded:
        for record in standing.unchecked:
            found.setdefault((record.student, record.reason), []).append(record.exercise)
    return found


def waiting(graded: Iterable[Standing]) -> dict[str, list[str]]:
    """Return the students whose answers wait for a person, by question or exercise."""
    found: dict[str, list[str]] = {}
    for standing in graded:
        for question in standing.waiting:
            again = question.before
            before = "" if again is None else f" (earlier file: {again:g} points)"
            found.setdefault(question.name, []).append(standing.student + before)
    return found


def by_note(notes: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, list[str]]:
    """Return the students of each note."""
    found: dict[str, list[str]] = {}
    for student, texts in notes:
        for text in texts:
            found.setdefault(text, []).append(student)
    return found


def concerns(graded: Iterable[Standing]) -> Iterator[Concern]:
    """Yield students who need a look, those with the fewest points first."""
    for standing in sorted(graded, key=lambda standing: share_of(standing) or 0.0):
        reasons = tuple(_reasons(standing))
        if reasons:
            yield Concern(standing, reasons)


def _reasons(standing: Standing) -> Iterator[str]:
    share = share_of(standing)
    unwritten = [r.exercise for r in standing.records if ATTEMPTED_NOTHING in r.misconceptions]
    if standing.records and len(unwritten) == len(standing.records):
        yield "has written none of the functions"
    elif share is not None and share < LOW_SHARE:
        yield f"has less than half of the points ({share:.0%})"
    if standing.nothing_checked:
        yield "nothing could be checked"
    elif standing.unchecked:
        yield "not everything could be checked"
    if any("borrowed" in record.misconceptions for record in standing.records):
        yield "called a ready implementation"
    if standing.penalty:
        yield f"handed in late: −{pages.points(standing.penalty)} points"


def _hurdle(exercise: str, title: str, marks: list[tuple[float | None, float]]) -> Hurdle:
    known = [(score, of) for score, of in marks if score is not None]
    possible = sum(of for _, of in known)
    right = sum(score >= of for score, of in known)
    wrong = sum(score <= 0 for score, _ in known)
    return Hurdle(
        exercise,
        title,
        share=sum(score for score, _ in known) / possible if possible else 1.0,
        right=right,
        partly=len(known) - right - wrong,
        wrong=wrong,
        unknown=len(marks) - len(known),
    )


def _hardest_first(hurdles: Iterable[Hurdle]) -> list[Hurdle]:
    """Sort by share; what is known about few students says little and comes last."""

    def place(hurdle: Hurdle) -> tuple[bool, float]:
        return hurdle.unknown > hurdle.right + hurdle.partly + hurdle.wrong, hurdle.share

    return sorted(hurdles, key=place)
