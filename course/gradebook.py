"""nbgrader's gradebook: opened once, written by one process, one transaction per submission."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from nbgrader.api import (
    Assignment,
    Base,
    BaseCell,
    Comment,
    Gradebook,
    GradeCell,
    Notebook,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.api import Grade as GradeRow
from nbgrader.dbutil import ALEMBIC_DIR
from nbgrader.preprocessors import AssignLatePenalties, SaveCells
from sqlalchemy import (
    URL,
    Boolean,
    Column,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    case,
    create_engine,
    delete,
    func,
    insert,
    inspect,
    make_url,
    or_,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError
from traitlets.config import Config

from course.build import Lesson
from course.paths import Course, CourseError
from course.settings import configuration

SECONDS_TO_WAIT_FOR_A_LOCK = 60
PAUSES_BEFORE_ANOTHER_TRY = (0.5, 2, 5)

OURS = MetaData()
# In nbgrader's own database, so that it is written in the same transaction as the grades.
GRADED = Table(
    "nnkit_submissions",
    OURS,
    Column("submission_id", String(32), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("notebook", String(64), nullable=False),
    Column("notes", Text, nullable=False),
    Column("work", Text, nullable=False),
)
VERSION = Table("alembic_version", OURS, Column("version_num", String(32), nullable=False))


@dataclass(frozen=True)
class Grade:
    """One cell's grade.

    Attributes
    ----------
    auto : float or None
        What the check gave; None where there is nothing to go by.
    by_hand : float or None
        What a person gave, extra credit included; it takes precedence.
    needs_a_person : bool
        Whether somebody still has to look at it.
    """

    auto: float | None
    by_hand: float | None
    needs_a_person: bool


@dataclass(frozen=True)
class Question:
    """What people grade in a submission.

    Attributes
    ----------
    name : str
    score : float or None
        None until somebody has graded it.
    max_score : float
    before : float or None
        What somebody gave for another answer, from an earlier file; then this one has no score yet.
    """

    name: str
    score: float | None
    max_score: float
    before: float | None = None


@dataclass(frozen=True)
class Entry:
    """What one submission gets.

    Attributes
    ----------
    student : str
    timestamp : datetime or None
        When it was handed in, UTC.
    scores : mapping of str to float or None
        By id of the graded cell; None where a person has to look.
    comments : mapping of str to str or None
        By id of the answer's cell.
    fingerprint : str
        Of everything that the scores depend on.
    notebook : str
        Digest of the autograded notebook.
    work : mapping of str to str
        By id of the graded cell, a digest of what a person who grades it has in view; empty where it is
        not known. Where it is not what it was, a score by hand has to be looked at again.
    notes : tuple of str
        What was not as it should be.
    """

    student: str
    timestamp: datetime | None
    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]
    fingerprint: str
    notebook: str
    work: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Cells:
    """The database's ids of a lesson and its cells."""

    assignment: str
    notebook: str
    graded: Mapping[str, str]
    commented: Mapping[str, str]


def _make_tables(url: URL) -> None:
    """Make nbgrader's tables and ours where they are missing.

    nbgrader would start another program to find out its tables' version, and a gradebook that was
    left half made would never get one.
    """
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    OURS.create_all(engine)
    with engine.begin() as connection:
        if not connection.execute(select(VERSION)).first():
            version = ScriptDirectory(ALEMBIC_DIR).get_current_head()
            connection.execute(insert(VERSION).values(version_num=version))
    engine.dispose()


def is_there(course: Course) -> bool:
    """Tell whether a course has a gradebook; only opening one would make it."""
    url = _url(configuration(course))
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return False
    engine = create_engine(url)
    try:
        return inspect(engine).has_table(Student.__tablename__)
    except DBAPIError:
        return True  # whoever opens it is told what is wrong with it
    finally:
        engine.dispose()


def _url(config: Config) -> URL:
    return make_url(config.CourseDirectory.db_url)


class Book(Gradebook):
    """The gradebook of a course; nbgrader's own methods are there, too.

    Parameters
    ----------
    course : Course
    reading : bool
        Nothing will be written: tables that are missing stay so.

    Raises
    ------
    CourseError
        If the database cannot be reached.
    """

    def __init__(self, course: Course, reading: bool = False) -> None:
        self.config = configuration(course)
        self._cells: dict[str, _Cells] = {}
        url = _url(self.config)
        self.called = url.render_as_string(hide_password=True)
        if url.get_backend_name() == "sqlite":
            course.gradebook.parent.mkdir(parents=True, exist_ok=True)
            url = url.update_query_dict({"timeout": str(SECONDS_TO_WAIT_FOR_A_LOCK)})
        try:
            if not reading:
                _make_tables(url)
            super().__init__(url.render_as_string(hide_password=False))
        except DBAPIError as error:
            raise self.unreachable(error) from error

    def unreachable(self, error: DBAPIError) -> CourseError:
        """Return what to tell a teacher when the database does not do what it should."""
        why = str(error.orig or error).strip().splitlines()[0]
        return CourseError(
            f"The gradebook {self.called} cannot be used: {why}. What was graded so far is kept; "
            "run the same command again to go on. (Is another program using it? Is the disk full?)"
        )

    def register(self, lesson: Lesson) -> None:
        """Enter a lesson, as nbgrader's ``generate_assignment`` would.

        Raises
        ------
        CourseError
            If marked cells were added or removed after submissions had been graded.
        """
        resources = {
            "nbgrader": {
                "notebook": lesson.id,
                "assignment": lesson.id,
                "db_url": self.config.CourseDirectory.db_url,
            }
        }
        self.update_or_create_assignment(lesson.id)
        try:
            SaveCells(config=self.config).preprocess(copy.deepcopy(lesson.student), resources)
        except RuntimeError as error:
            raise CourseError(
                f"{lesson.id}: exercises, checks or questions were added or removed since "
                "submissions were graded, and nbgrader cannot mix the two. Put "
                f"{self.called} away to start with a new gradebook."
            ) from error
        self.db.expire_all()
        self._cells[lesson.id] = self._find_cells(lesson.id)

    def _find_cells(self, lesson: str) -> _Cells:
        assignment, notebook = self.db.execute(
            select(Assignment.id, Notebook.id)
            .join(Notebook, Notebook.assignment_id == Assignment.id)
            .where(Assignment.name == lesson, Notebook.name == lesson)
        ).one()

        def ids(kind: type[BaseCell]) -> dict[str, str]:
            found = select(BaseCell.name, BaseCell.id).where(
                BaseCell.notebook_id == notebook, BaseCell.type == kind.__name__
            )
            return {row.name: row.id for row in self.db.execute(found)}

        return _Cells(assignment, notebook, ids(GradeCell), ids(SolutionCell))

    def enter(self, lesson: str, entry: Entry) -> None:
        """Enter what came of a submission, all of it or nothing; what people gave stays.

        Parameters
        ----------
        lesson : str
            A registered lesson's id.
        entry : Entry

        Raises
        ------
        CourseError
            If the database cannot be written, after some tries.
        """
        self._transaction(lambda: self._enter(self._cells[lesson], entry))

    def _transaction(self, work: Callable[[], None]) -> None:
        """Do `work` in one transaction; once more where the connection was lost."""
        for pause in (*PAUSES_BEFORE_ANOTHER_TRY, None):
            try:
                work()
                self.db.commit()
                return
            except DBAPIError as error:
                self.db.remove()
                self.engine.dispose()
                if pause is None:
                    raise self.unreachable(error) from error
                time.sleep(pause)
            except BaseException:
                self.db.rollback()
                raise

    def _enter(self, cells: _Cells, entry: Entry) -> None:
        submission, notebook = self._submission(cells, entry.student)
        self.db.execute(
            update(SubmittedAssignment)
            .where(SubmittedAssignment.id == submission)
            .values(timestamp=entry.timestamp)
        )
        grades, comments = GradeRow.__table__, Comment.__table__
        by_hand = or_(
            grades.c.manual_score.is_not(None), func.coalesce(grades.c.extra_credit, 0) != 0
        )
        work = self._work(submission)
        changed = {name for name, digest in entry.work.items() if work.get(name) != digest}
        self.db.execute(
            update(grades)
            .where(grades.c.cell_id == bindparam("cell"), grades.c.notebook_id == notebook)
            .values(
                auto_score=bindparam("score"),
                needs_manual_grade=case(
                    (
                        by_hand,
                        or_(grades.c.needs_manual_grade, bindparam("changed", type_=Boolean)),
                    ),
                    else_=bindparam("unknown", type_=Boolean),
                ),
            ),
            [
                {
                    "cell": cells.graded[name],
                    "score": score,
                    "unknown": score is None,
                    "changed": name in changed,
                }
                for name, score in entry.scores.items()
            ],
        )
        if entry.comments:
            self.db.execute(
                update(comments)
                .where(comments.c.cell_id == bindparam("cell"), comments.c.notebook_id == notebook)
                .values(auto_comment=bindparam("comment")),
                [
                    {"cell": cells.commented[name], "comment": comment}
                    for name, comment in entry.comments.items()
                ],
            )
        self.db.execute(delete(GRADED).where(GRADED.c.submission_id == submission))
        self.db.execute(
            insert(GRADED).values(
                submission_id=submission,
                fingerprint=entry.fingerprint,
                notebook=entry.notebook,
                notes=json.dumps(entry.notes),
                work=json.dumps({**work, **entry.work}),
            )
        )
        self._penalise(submission, notebook, entry.student)

    def _work(self, submission: str) -> dict[str, str]:
        found = self.db.execute(select(GRADED.c.work).where(GRADED.c.submission_id == submission))
        return dict(json.loads(found.scalar_one_or_none() or "{}"))

    def _submission(self, cells: _Cells, student: str) -> tuple[str, str]:
        """Return the ids of a student's submission and its notebook; made if they are not there."""
        found = self.db.execute(
            select(SubmittedAssignment.id, SubmittedNotebook.id)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .where(
                SubmittedAssignment.assignment_id == cells.assignment,
                SubmittedAssignment.student_id == student,
                SubmittedNotebook.notebook_id == cells.notebook,
            )
        ).one_or_none()
        if found:
            return found[0], found[1]
        if not self.db.execute(select(Student.id).where(Student.id == student)).first():
            self.db.execute(insert(Student.__table__).values(id=student))
        submission, notebook = new_uuid(), new_uuid()
        self.db.execute(
            insert(SubmittedAssignment.__table__).values(
                id=submission, assignment_id=cells.assignment, student_id=student
            )
        )
        self.db.execute(
            insert(SubmittedNotebook.__table__).values(
                id=notebook, assignment_id=submission, notebook_id=cells.notebook
            )
        )
        for row, ids in ((GradeRow, cells.graded), (Comment, cells.commented)):
            rows = [{"cell_id": cell, "notebook_id": notebook} for cell in ids.values()]
            if rows:
                self.db.execute(insert(row.__table__), rows)
        return submission, notebook

    def _penalise(self, submission: str, notebook: str, student: str) -> None:
        """Let nbgrader's plugin say what being late costs, and enter that."""
        row = update(SubmittedNotebook).where(SubmittedNotebook.id == notebook)
        self.db.execute(row.values(late_submission_penalty=None))
        found = select(
            SubmittedAssignment.timestamp, Assignment.duedate, SubmittedAssignment.extension
        ).join(Assignment)
        handed_in, due, extension = self.db.execute(
            found.where(SubmittedAssignment.id == submission)
        ).one()
        if handed_in is None or due is None or handed_in <= due + (extension or timedelta()):
            return
        step = AssignLatePenalties(config=self.config)
        step.init_plugin()
        late = (handed_in - due - (extension or timedelta())).total_seconds()
        whole = self.db.get(SubmittedNotebook, notebook, populate_existing=True)
        penalty = step.plugin_inst.late_submission_penalty(student, whole.score, late)
        if penalty is not None:
            penalty = step._check_late_penalty(whole, penalty)
            self.db.execute(row.values(late_submission_penalty=penalty))

    def update_penalties(self, lesson: str) -> None:
        """Work out anew what being late costs: a date, an extension or a grade may have changed."""
        cells = self._cells[lesson]
        late_ones = (
            select(SubmittedAssignment.id, SubmittedNotebook.id, SubmittedAssignment.student_id)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .where(
                SubmittedAssignment.assignment_id == cells.assignment,
                or_(
                    SubmittedAssignment.timestamp > Assignment.duedate,
                    SubmittedNotebook.late_submission_penalty.is_not(None),
                ),
            )
        )

        def work() -> None:
            for submission, notebook, student in self.db.execute(late_ones).all():
                self._penalise(submission, notebook, student)

        self._transaction(work)

    def graded(self, lesson: str) -> dict[str, tuple[str, str]]:
        """Return fingerprint and digest of the autograded notebook of each graded student."""
        return {
            student: (fingerprint, notebook)
            for student, fingerprint, notebook, _ in self._graded(lesson)
        }

    def notes(self, lesson: str) -> dict[str, tuple[str, ...]]:
        """Return what was not as it should be in each student's submission."""
        return {student: tuple(json.loads(notes)) for student, _, _, notes in self._graded(lesson)}

    def _graded(self, lesson: str) -> Iterable[Any]:
        if not inspect(self.engine).has_table(GRADED.name):
            return []  # nobody but plain nbgrader has written here
        return self.db.execute(
            select(
                SubmittedAssignment.student_id,
                GRADED.c.fingerprint,
                GRADED.c.notebook,
                GRADED.c.notes,
            )
            .join(GRADED, GRADED.c.submission_id == SubmittedAssignment.id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .where(Assignment.name == lesson)
        ).all()
