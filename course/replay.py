"""Run one check on one submission again, with the very cases that it was graded with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import reads

from course import records, submissions
from course.build import Lesson, make_lesson, notebook_bytes
from course.execution import Executor, Limits, find_sandbox
from course.grade import seed_for
from course.paths import Course, CourseError
from course.pipeline import Task, mark
from course.records import Outcome, Record
from course.standing import class_standing
from grader_tests import catalogue
from grader_tests.exercise import Case
from grader_tests.judging import drawn_cases, shown_arguments
from grader_tests.verdict import Verdict


@dataclass(frozen=True)
class Replay:
    """What came of running a check again.

    Attributes
    ----------
    student, lesson, exercise : str
    seed : int
    cases : list of Case
        What the student's function was called with; none where the check could not be run.
    outcome : Outcome
    verdict : Verdict or None
        None where it could not be checked.
    graded : Record or None
        What the record says; None if the submission has not been graded.
    notes : tuple of str
        What was not as it should be.
    """

    student: str
    lesson: str
    exercise: str
    seed: int
    cases: list[Case]
    outcome: Outcome
    verdict: Verdict | None
    graded: Record | None
    notes: tuple[str, ...]

    def text(self) -> str:
        """Return the replay as text that is safe to print, whatever the student's function said."""
        return "".join(c for c in "\n".join(self._lines()) if c.isprintable() or c == "\n")

    def _lines(self) -> Iterator[str]:
        drawn = f", cases drawn from seed {self.seed}" if self.cases else ""
        yield f"{self.student}, {self.lesson}{drawn}"
        yield from (f"note: {note}" for note in self.notes)
        yield ""
        yield self.verdict.text() if self.verdict else f"could not check: {self.outcome.reason}"
        if self.cases:
            yield ""
            yield from self._cases_in_words()
        yield ""
        yield self.comparison()

    def _cases_in_words(self) -> Iterator[str]:
        task = catalogue.exercise(self.lesson, self.exercise)
        for number, case in enumerate(self.cases, 1):
            ends = f", which has to raise {case.raises.__name__}" if case.raises else ""
            yield f"case {number} ({case.kind}){ends}"
            for name, text in shown_arguments(task, case):
                first, *rest = text.splitlines() or [""]
                yield f"  {name} = {first}"
                yield from (" " * (len(name) + 5) + line for line in rest)

    def comparison(self) -> str:
        """Say whether the record agrees."""
        if self.graded is None:
            return "It has not been graded yet."
        if self.graded.reason == records.BY_HAND:
            return f"A person has given {self.graded.score:g} points."
        if self.graded.waits:
            return f"A person has given {self.graded.previous:g} points for an earlier file."
        before, now = _in_words(self.graded.score), _in_words(self.outcome.score)
        if before == now:
            return f"The same as when it was graded: {now}."
        return f"When it was graded: {before}. Now: {now}. 'course grade' would change it."


def replay(
    course: Course, student: str, exercise: str, lesson_id: str = "", unsafe: bool = False
) -> Replay:
    """Run a check again on what a student handed in; nothing is written.

    Parameters
    ----------
    course : Course
    student, exercise : str
    lesson_id : str
        Needed where several lessons that the student handed in have an exercise of that name.
    unsafe : bool
        Also run where the machine has no sandbox.

    Returns
    -------
    Replay

    Raises
    ------
    CourseError
        If there is no such exercise or submission, or students' code cannot be shut in.
    """
    lesson = _find(course, student, exercise, lesson_id)
    submission = submissions.read(course, lesson.id, student)
    if not course.secret.is_file():
        raise CourseError(f"Nothing has been graded yet: run 'course grade {lesson.id}' first.")
    seed = seed_for(course, submission)
    task = Task(submission, notebook_bytes(lesson.student), lesson.assets, seed, fingerprint="")
    with Executor(find_sandbox(unsafe), Limits.of_course(course)) as executor:
        marked = mark(task, executor)
    name = f"check-{exercise}"
    notebook = reads(marked.notebook.decode(), as_version=4)
    cell = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)
    standings = class_standing(course, lesson, (student,), everybody=False)
    graded = [r for standing in standings for r in standing.records if r.exercise == exercise]
    outcome, verdict = marked.outcomes[name], records.verdict(cell)
    return Replay(
        student,
        lesson.id,
        exercise,
        seed,
        drawn_cases(lesson.id, exercise, seed) if verdict else [],
        outcome,
        verdict if outcome.score is not None else None,
        graded[0] if graded else None,
        marked.notes,
    )


def _find(course: Course, student: str, exercise: str, lesson_id: str) -> Lesson:
    """Return the lesson that is meant."""
    chosen = course.choose_lessons((lesson_id,) if lesson_id else ())
    lessons = [make_lesson(course, name) for name in chosen]
    having = [lesson for lesson in lessons if exercise in lesson.exercises]
    if not having:
        known = [name for lesson in lessons for name in lesson.exercises]
        raise CourseError(f"There is no exercise {exercise!r}. There are: {', '.join(known)}.")
    found = [lesson for lesson in having if student in submissions.students(course, lesson.id)]
    if not found:
        names = ", ".join(lesson.id for lesson in having)
        raise CourseError(f"{student} has handed in nothing for {names}.")
    if len(found) > 1:
        names = ", ".join(lesson.id for lesson in found)
        raise CourseError(f"{exercise!r} is in {names}: say which with --lesson.")
    return found[0]


def _in_words(score: float | None) -> str:
    return "could not check" if score is None else f"{score:g} points"
