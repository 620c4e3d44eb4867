"""How a class stands in a lesson: what each student got, what is not known yet, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from nbgrader import api

from course import gradebook, records, submissions
from course.build import Lesson
from course.execution.sandbox import NO_FILTER, UNPROTECTED
from course.gradebook import Book, Grade, Question
from course.paths import Course
from course.records import Outcome, Record, status_of
from grader_tests.verdict import Verdict

MISSING = "missing"
NOT_GRADED = "not-graded-yet"
CHANGED = "the lesson has changed since it was graded: grade it again"
DAMAGED = "the graded notebook is damaged: grade it again"
NOT_PROTECTED = (NO_FILTER, *UNPROTECTED.missing)


@dataclass(frozen=True)
class Standing:
    """How one student stands in one lesson.

    Attributes
    ----------
    student, lesson : str
    max_score : float
        Points of all exercises and questions.
    records : tuple of Record
        One per exercise; empty where nothing was graded.
    questions : tuple of Question
        One per question that people grade; empty where nothing was graded.
    verdicts : mapping of str to Verdict
        What the checks said, by exercise; none where an exercise could not be checked.
    cells : mapping of str to mapping
        The marked cells of the graded notebook, by nbgrader's id.
    comments : mapping of str to str
        What people wrote beside an answer, by nbgrader's id of the cell.
    status : str
        ``"missing"`` (nothing handed in), ``"not-graded-yet"``, or empty.
    handed_in : datetime or None
        UTC.
    late : timedelta
    penalty : float
        Points taken off for being late.
    person : Person
    notes : tuple of str
        What had to be repaired in the submission, and what else the grader noted about it.
    not_protected : tuple of str
        What the student's code was not kept from, where it was run without a whole sandbox.
    """

    student: str
    lesson: str
    max_score: float
    records: tuple[Record, ...] = ()
    questions: tuple[Question, ...] = ()
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    cells: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    status: str = ""
    handed_in: datetime | None = None
    late: timedelta = timedelta(0)
    penalty: float = 0.0
    person: Person = field(default_factory=lambda: Person())
    notes: tuple[str, ...] = ()
    not_protected: tuple[str, ...] = ()

    @property
    def unchecked(self) -> list[Record]:
        """Exercises that could not be checked."""
        return [record for record in self.records if record.score is None and not record.waits]

    @property
    def nothing_checked(self) -> bool:
        """Whether something was handed in, and none of it could be checked."""
        return bool(self.records) and len(self.unchecked) == len(self.records)

    @property
    def waiting(self) -> list[Question]:
        """What waits for somebody to grade it, or to grade it again."""
        again = [
            Question(record.exercise, None, record.max_score, record.previous)
            for record in self.records
            if record.waits
        ]
        return again + [question for question in self.questions if question.score is None]

    @property
    def earned(self) -> float:
        """Points that are certain, before the penalty."""
        scores = [record.score for record in self.records]
        scores += [question.score for question in self.questions]
        return sum(score for score in scores if score is not None)

    @property
    def taken_off(self) -> float:
        """What the penalty takes: not more than there is."""
        return min(self.penalty, self.earned)

    @property
    def known(self) -> float:
        """Points that are certain, less the penalty."""
        return self.earned - self.taken_off

    @property
    def open(self) -> float:
        """Points of what could not be checked or waits for a person."""
        scored = [part.max_score for part in self.records if part.score is not None]
        scored += [part.max_score for part in self.questions if part.score is not None]
        return self.max_score - sum(scored)

    @property
    def score(self) -> float | None:
        """All points, less the penalty; None while something is missing, unchecked or waiting."""
        if self.status or self.unchecked or self.waiting:
            return None
        return self.known

    @property
    def why_not(self) -> str:
        """What stands between this student and a score; empty if there is one."""
        if self.status == MISSING:
            return "nothing handed in"
        if self.status == NOT_GRADED:
            return "handed in, not graded yet"
        parts = []
        if self.nothing_checked:
            parts.append("no exercise could be checked")
        elif self.unchecked:
            names = ", ".join(record.exercise for record in self.unchecked)
            parts.append(f"{names} could not be checked")
        if self.waiting:
            names = ", ".join(question.name for question in self.waiting)
            parts.append(f"{names} {'waits' if len(self.waiting) == 1 else 'wait'} for a person")
        return "; ".join(parts)


@dataclass(frozen=True)
class Person:
    """What the gradebook knows about a student, beside the id."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def sortable_name(self) -> str:
        """``Last, First``; empty if neither is known."""
        return ", ".join(filter(None, [self.last_name, self.first_name]))


@dataclass
class _Entry:
    """What the gradebook holds about one submission."""

    grades: dict[str, Grade] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    handed_in: datetime | None = None
    late: timedelta = timedelta(0)
    penalty: float = 0.0
    notes: tuple[str, ...] = ()


def class_standing(
    course: Course, lesson: Lesson, students: Iterable[str] = (), everybody: bool = True
) -> list[Standing]:
    """Return how students stand in a lesson, as it is now.

    What plain nbgrader has graded since `course grade`, and what people have graded by hand, is in
    it.

    Parameters
    ----------
    course : Course
    lesson : Lesson
    students : iterable of str
        Only these; the whole class if empty.
    everybody : bool
        Also those who handed in nothing, or whose submission is not graded yet.

    Returns
    -------
    list of Standing
        By student. The class is everybody whom the gradebook knows or who handed in something.
    """
    people, entries = _read_gradebook(course, lesson.id)
    kept: dict[str, dict[str, Record]] = {}
    for record in records.load(course, lesson.id):
        kept.setdefault(record.student, {})[record.exercise] = record
    notebooks = course.autograded.glob(f"*/{lesson.id}/{lesson.id}.ipynb")
    handed_in = set(submissions.students(course, lesson.id))
    # Whose folder was renamed has kept records under the old name, too.
    graded = {path.parent.parent.name for path in notebooks} | set(kept) & {*handed_in, *entries}
    known = graded | handed_in | set(people) if everybody else graded
    wanted = known & set(students) if students else known
    result = []
    for student in sorted(wanted):
        if student in graded:
            found = _standing(course, lesson, student, kept.get(student, {}), entries.get(student))
        else:
            status = NOT_GRADED if student in handed_in else MISSING
            found = Standing(student, lesson.id, _max_score(lesson), status=status)
        result.append(replace(found, person=people.get(student, Person())))
    return result


def first_standing(
    lesson: Lesson,
    student: str,
    found: Iterable[Record],
    answers: Mapping[str, float | None],
    notes: tuple[str, ...],
) -> Standing:
    """Return how a student would stand with these results, of whom nothing has been kept so far."""
    in_gradebook = submissions.is_gradable_name(student)
    questions = tuple(
        Question(name, answers.get(f"question-{name}"), points)
        for name, points in lesson.questions.items()
        if in_gradebook
    )
    return Standing(student, lesson.id, _max_score(lesson), tuple(found), questions, notes=notes)


def _standing(
    course: Course, lesson: Lesson, student: str, kept: Mapping[str, Record], entry: _Entry | None
) -> Standing:
    # Nobody can grade by hand what the gradebook has no entry for.
    questions = lesson.questions if entry else {}
    entry = entry or _Entry()
    path = course.notebook(course.autograded, lesson.id, student)
    cells = records.read_notebook(path) if path.is_file() else {}
    verdicts, result = {}, []
    for name, points in lesson.exercises.items():
        cell, grade = cells.get(f"check-{name}"), entry.grades.get(f"check-{name}")
        if path.is_file():
            outcome = _agreed(cell, grade) if cells else Outcome(None, reason=DAMAGED)
            record = _record(student, lesson.id, name, points, outcome)
        else:
            unknown = Outcome(None, reason=CHANGED)
            record = kept.get(name) or _record(student, lesson.id, name, points, unknown)
        if name in kept:
            before = kept[name]
            record = replace(record, previous=before.previous, regraded=before.regraded)
        result.append(_with_grade_by_hand(record, grade))
        shown = records.verdict(cell) if cell and record.score is not None else None
        if shown:
            verdicts[name] = shown
    return Standing(
        student,
        lesson.id,
        _max_score(lesson),
        tuple(result),
        tuple(_question(n, p, entry) for n, p in questions.items()),
        verdicts,
        cells,
        entry.comments,
        handed_in=entry.handed_in,
        late=entry.late,
        penalty=entry.penalty,
        notes=tuple(note for note in entry.notes if note not in NOT_PROTECTED),
        not_protected=tuple(note for note in entry.notes if note in NOT_PROTECTED),
    )


def _agreed(cell: Mapping[str, Any] | None, grade: Grade | None) -> Outcome:
    """Return only what the graded notebook and the gradebook agree on."""
    if cell is None or grade is None:
        return Outcome(None, reason=CHANGED)
    outcome = records.outcome(cell)
    if grade.auto == outcome.score:
        return outcome
    said = f"the gradebook says {grade.auto}, the verdict {outcome.score}: grade it again"
    return Outcome(None, reason=said)


def _record(student: str, lesson: str, exercise: str, points: float, outcome: Outcome) -> Record:
    return Record(
        student,
        lesson,
        exercise,
        outcome.score,
        points,
        outcome.status,
        outcome.misconceptions,
        outcome.reason,
    )


def _with_grade_by_hand(record: Record, grade: Grade | None) -> Record:
    if grade is None or grade.by_hand is None:
        return record
    given = grade.by_hand
    record = replace(record, previous=None, regraded="")  # that is about the check's score
    if grade.needs_a_person:
        reason = f"{records.BY_HAND} for an earlier file ({given:g} points): look at it again"
        unknown = Outcome(None, reason=reason)
        return replace(record, **asdict(unknown), previous=given)
    status = status_of(given, record.max_score)
    return replace(record, score=given, status=status, reason=records.BY_HAND)


def _question(name: str, points: float, entry: _Entry) -> Question:
    grade = entry.grades.get(f"question-{name}", Grade(None, None, True))
    if grade.by_hand is None:
        return Question(name, grade.auto, points)  # nbgrader gives 0 to what was never written
    if grade.needs_a_person:
        return Question(name, None, points, before=grade.by_hand)
    return Question(name, grade.by_hand, points)


def _max_score(lesson: Lesson) -> float:
    return sum(lesson.exercises.values()) + sum(lesson.questions.values())


def _read_gradebook(course: Course, lesson: str) -> tuple[dict[str, Person], dict[str, _Entry]]:
    """Read everybody, and a lesson's submissions, in a handful of queries."""
    if not gradebook.is_there(course):
        return {}, {}
    with Book(course, reading=True) as book:
        people = {
            student.id: Person(
                student.first_name or "",
                student.last_name or "",
                student.email or "",
                student.lms_user_id or "",
            )
            for student in book.db.query(api.Student)
        }
        entries: dict[str, _Entry] = {}
        submitted = (
            book.db.query(api.SubmittedNotebook, api.SubmittedAssignment)
            .join(api.SubmittedAssignment)
            .join(api.Assignment)
            .filter(api.Assignment.name == lesson)
        )
        owners = {}
        for notebook, submission in submitted:
            owners[notebook.id] = entries[submission.student_id] = _Entry(
                handed_in=submission.timestamp,
                late=timedelta(seconds=submission.total_seconds_late),
                penalty=notebook.late_submission_penalty or 0.0,
            )
        for grade, name in _of_cells(book, api.Grade, lesson):
            owners[grade.notebook_id].grades[name] = Grade(
                auto=grade.auto_score,
                by_hand=_by_hand(grade),
                needs_a_person=grade.needs_manual_grade,
            )
        for comment, name in _of_cells(book, api.Comment, lesson):
            if comment.comment:
                owners[comment.notebook_id].comments[name] = comment.comment
        for student, notes in book.notes(lesson).items():
            entries[student].notes = notes
        return people, entries


def _of_cells(book: Book, kind: Any, lesson: str) -> Any:
    """Query grades or comments of a lesson, with the names of their cells."""
    return (
        book.db.query(kind, api.BaseCell.name)
        .join(api.BaseCell, kind.cell_id == api.BaseCell.id)
        .join(api.Notebook, api.BaseCell.notebook_id == api.Notebook.id)
        .join(api.Assignment, api.Notebook.assignment_id == api.Assignment.id)
        .filter(api.Assignment.name == lesson)
    )


def _by_hand(grade: api.Grade) -> float | None:
    """Return what people made of a score; None where they left it alone."""
    if grade.manual_score is None and not grade.extra_credit:
        return None
    base = grade.auto_score if grade.manual_score is None else grade.manual_score
    return None if base is None else float(base + (grade.extra_credit or 0.0))
