"""How a class stands, as a table in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course.grade import Change, Run
from course.records import COULD_NOT_CHECK, Record, shortened
from course.standing import Standing

STYLES = {"pass": "green", "partial": "yellow", "fail": "red", COULD_NOT_CHECK: "magenta"}
LONG_NAME = 8
PIPED_WIDTH = 120


def console() -> Console:
    """Return a console that does not squeeze tables when the output is a file or a pipe."""
    made = Console(highlight=False)
    return made if made.is_terminal else Console(highlight=False, width=PIPED_WIDTH)


def show_run(out: Console, run: Run, dry_run: bool = False) -> None:
    """Print what came of grading: a table per lesson, what has changed, how much was done.

    Parameters
    ----------
    out : Console
    run : Run
    dry_run : bool
        Whether nothing was written.
    """
    for lesson, standings in run.standings.items():
        if standings:
            out.print()
            show(out, f"{lesson}, as it is now" if dry_run else lesson, standings)
    for lesson, standings in run.trial.items():
        out.print()
        show(out, f"{lesson}, on trial: not graded before", standings)
    if run.changes:
        title = "Scores that would change" if dry_run else "Scores that changed"
        lines = [f"  {_change(change)}" for change in run.changes]
        out.print("\n".join([title, *lines]), markup=False, soft_wrap=True)
    out.print(f"{_how_many(run, dry_run)}.")
    for line in run.missing:
        out.print(f"Not protected: {line}", markup=False, soft_wrap=True)


def _how_many(run: Run, dry_run: bool) -> str:
    """Return in words how much was done, or would be."""
    if dry_run:
        new = sum(map(len, run.trial.values()))
        counted = ((new, "for the first time"), (run.graded - new, "again"))
        found = ", ".join(f"{number} {how}" for number, how in counted if number)
        parts = [f"Would be graded: {found or 'nothing'}"]
        checked = "of them could not be checked"
    else:
        parts = [f"{run.graded - run.unchecked} graded"]
        checked = "could not be checked"
    parts += [f"{run.unchecked} {checked}"] if run.unchecked else []
    parts += [f"{run.unchanged} not changed since they were graded"] if run.unchanged else []
    parts += ["nothing was written"] if dry_run else []
    return "; ".join(parts)


def _change(change: Change) -> str:
    before, after = (
        "could not check" if score is None else f"{score:g}"
        for score in (change.before, change.after)
    )
    who = shortened(change.student)
    return f"{who}: {change.exercise} {before} → {after} ({change.lesson})"


def show(out: Console, title: str, standings: Iterable[Standing]) -> None:
    """Print a lesson's table of students × exercises.

    Below it stand the known mistakes in each student's answers, why anything could not be checked,
    and what had to be repaired.

    Parameters
    ----------
    out : Console
    title : str
    standings : iterable of Standing
        Of graded submissions of one lesson, at least one.
    """
    rows = list(standings)
    by_hand = any(standing.questions or standing.waiting for standing in rows)
    late = any(standing.penalty for standing in rows)
    exercises = [record.exercise for record in rows[0].records]
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("student", no_wrap=True)
    for name in (*map(_heading, exercises), "total"):
        table.add_column(name, overflow="fold")
    for name, wanted in (("by hand", by_hand), ("late", late)):
        if wanted:
            table.add_column(name, no_wrap=True)
    for standing in rows:
        cells = [
            escape(shortened(standing.student)),
            *map(_score, standing.records),
            _total(standing),
        ]
        cells += [_by_hand(standing)] if by_hand else []
        cells += [_penalty(standing)] if late else []
        table.add_row(*cells)
    out.print(table)
    _list(out, "Known mistakes", rows, lambda record: record.misconceptions)
    _list(out, "Could not check", rows, _why_not)
    again = [
        f"  {shortened(standing.student)}: {waits.name}, {waits.before:g} points for an earlier file"
        for standing in rows
        for waits in standing.waiting
        if waits.before is not None
    ]
    if again:
        out.print("\n".join(["To grade again by hand", *again]), markup=False, soft_wrap=True)
    notes = [
        f"  {shortened(standing.student)}: {note}" for standing in rows for note in standing.notes
    ]
    if notes:
        out.print("\n".join(["Noted", *notes]), markup=False, soft_wrap=True)


def _heading(exercise: str) -> str:
    return exercise.replace("_", "_\n") if len(exercise) > LONG_NAME else exercise


def _score(record: Record) -> str:
    if record.score is not None:
        text = _points(record.score, record.max_score)
    else:
        text = "look again" if record.waits else "could not check"
    return f"[{STYLES[record.status]}]{text}[/]"


def _points(score: float, max_score: float) -> str:
    return f"{score:g}/{max_score:g}"


def _total(standing: Standing) -> str:
    known = [record.score for record in standing.records if record.score is not None]
    if not known:
        return "-"
    total = _points(sum(known), sum(record.max_score for record in standing.records))
    return f"at least {total}" if len(known) < len(standing.records) else total


def _by_hand(standing: Standing) -> str:
    given = [question for question in standing.questions if question.score is not None]
    waiting = sum(question.max_score for question in standing.waiting)
    texts = []
    if given:
        score = sum(question.score or 0 for question in given)
        texts.append(_points(score, sum(question.max_score for question in given)))
    if waiting:
        again = any(question.before is not None for question in standing.waiting)
        texts.append(f"{waiting:g} to grade" + (" again" if again else ""))
    return ", ".join(texts)


def _penalty(standing: Standing) -> str:
    return f"−{standing.penalty:g}" if standing.penalty else ""


def _why_not(record: Record) -> tuple[str, ...]:
    return (record.reason,) if record.score is None and not record.waits else ()


def _list(
    out: Console,
    title: str,
    rows: Iterable[Standing],
    findings: Callable[[Record], tuple[str, ...]],
) -> None:
    """Print a line for each student and finding, with the exercises that it concerns."""
    lines = []
    for standing in rows:
        where: dict[str, list[str]] = {}
        for record in standing.records:
            for finding in findings(record):
                where.setdefault(finding, []).append(record.exercise)
        for finding, exercises in where.items():
            everywhere = len(exercises) == len(standing.records)
            place = "everywhere" if everywhere else ", ".join(exercises)
            lines.append(f"  {shortened(standing.student)}: {finding} ({place})")
    if lines:
        out.print("\n".join([title, *lines]), markup=False, soft_wrap=True)
