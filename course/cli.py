"""The ``course`` command."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.paths import Course, CourseError

if TYPE_CHECKING:
    from course.execution.doctor import Finding
    from course.records import Record

lessons_argument = click.argument("lessons", metavar="[LESSON]...", nargs=-1)
student_option = click.option(
    "--student",
    "students",
    metavar="ID",
    multiple=True,
    help="Only this student (the name of the folder in course/submitted). May be repeated.",
)


MOST_LINES = 10
unsafe_option = click.option(
    "--unsafe",
    is_flag=True,
    help="Run students' code without a sandbox where the machine has none.",
)

HELP = """Build lessons, grade what students hand in, give feedback.

\b
A term in a few lines:
  course build      make lessons/ from solutions/; give lessons/ to your students
                    put what they hand in at
                    course/submitted/<student>/<lesson>/<lesson>.ipynb
  course grade      run and check every submission, show who got what
  course feedback   make a page per student to send back
  course report     make a page about the class
  course export     write grades.csv

See it all at work on sample submissions with 'course demo'.

LESSON is a folder of solutions/, such as 08-two-three-one; without it, all lessons are meant. The
command works from any folder. For another course than the one it was installed from, set the
environment variable NNKIT_COURSE to that course's folder.
"""


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, help=HELP)
def main() -> None:
    """Group the commands."""


@main.command("build")
@lessons_argument
@click.option("--check", is_flag=True, help="Change nothing; fail if lessons/ is not up to date.")
@click.option(
    "--overwrite", is_flag=True, help="Replace notebooks that somebody has worked in, too."
)
def build_command(lessons: tuple[str, ...], check: bool, overwrite: bool) -> None:
    """Make the notebooks in lessons/ from the text in solutions/."""
    from course import build

    course = Course.find()
    chosen = course.choose_lessons(lessons)
    if check:
        found = build.stale(course, chosen)
        if found:
            raise CourseError(
                "\n  ".join(["lessons/ is not up to date; run 'course build':", *found])
            )
        click.echo(f"lessons/ is what solutions/ builds ({_count(len(chosen), 'lesson')}).")
        return
    written = build.build(course, chosen, overwrite)
    for path in written:
        click.echo(f"wrote {path.relative_to(course.root)}")
    if not written:
        click.echo("Everything was up to date.")


@main.command("check")
@lessons_argument
def check_command(lessons: tuple[str, ...]) -> None:
    """Run lessons yourself before your students do.

    Each is run twice: with the solutions in every check must give full marks; unfilled, nothing may
    fail but the functions that are not written yet.
    """
    from course.rehearsal import rehearse

    course = Course.find()
    failed = False
    for lesson in course.choose_lessons(lessons):
        for result in rehearse(course, lesson):
            word = "not all right" if result.problems else "all right"
            click.echo(f"{lesson} {result.version}: {word}, {result.seconds:.1f} s")
            for problem in result.problems:
                click.echo(f"  {problem}")
            failed = failed or bool(result.problems)
    if failed:
        raise CourseError("Some lessons need attention.")


@main.command("lessons")
@lessons_argument
@click.option("--run", is_flag=True, help="Also run them, as 'course check' does, for the time.")
def lessons_command(lessons: tuple[str, ...], run: bool) -> None:
    """Show what is in the lessons, as a Markdown table.

    Words are those between the code. Points are given by checks + by a person. Minutes, and what a
    lesson builds on, are what its first cell says.
    """
    from course.build import make_lesson
    from course.lessons import markdown, measure, table
    from course.rehearsal import rehearse

    course = Course.find()
    chosen = course.choose_lessons(lessons)
    click.echo(table(measure(make_lesson(course, lesson)) for lesson in chosen))
    if run:
        seconds = [[each.seconds for each in rehearse(course, lesson)] for lesson in chosen]
        rows = [
            (lesson, *(f"{one:.1f}" for one in both))
            for lesson, both in zip(chosen, seconds, strict=True)
        ]
        click.echo("\n" + markdown(("lesson", "seconds, solved", "seconds, unfilled"), rows))


@main.command("grade")
@lessons_argument
@student_option
@click.option(
    "--json",
    "json_path",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write one record per student and exercise to FILE.",
)
@click.option(
    "--dry-run", is_flag=True, help="Write nothing; show which scores would not be what they were."
)
@click.option("--again", is_flag=True, help="Grade also what has not changed since.")
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(min=1),
    help="How many submissions to run side by side; one per processor if left out.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Run submissions on the Dask cluster whose scheduler is there (tcp://…:8786).",
)
@unsafe_option
def grade_command(
    lessons: tuple[str, ...],
    students: tuple[str, ...],
    json_path: Path | None,
    dry_run: bool,
    again: bool,
    workers: int | None,
    scheduler: str | None,
    unsafe: bool,
) -> None:
    """Run and check submissions, and show who got what.

    Only what has changed since it was graded is run: a submission, a check, the lesson. It can be
    stopped at any moment; the same command goes on from there.

    A submission that cannot be graded is shown as such, with the reason; it never gets 0 and never
    stops the others. Scores go to nbgrader's gradebook, course/gradebook.db; scores and comments
    that people gave there stay.
    """
    from course.execution import Limits
    from course.paths import write_atomically
    from course.workers import DaskPool, LocalPool, Pool, default_workers

    if workers and scheduler:
        raise click.UsageError("--workers is for this machine, --scheduler for a cluster.")
    course = Course.find()
    chosen = course.choose_lessons(lessons)
    limits = Limits.of_course(course)
    pool: Pool = (
        DaskPool(scheduler, unsafe, limits)
        if scheduler
        else LocalPool(workers or default_workers(), unsafe, limits)
    )
    with pool:  # it gets ready while the rest is imported
        from course import grade, submissions, table
        from course.progress import Bar

        with Bar() as bar:
            run = grade.grade(
                course, chosen, students, pool=pool, again=again, dry_run=dry_run, progress=bar
            )
    if json_path:
        write_atomically(json_path, _as_json(run.records).encode())
    table.show_run(table.console(), run, dry_run)
    for stray in submissions.strays(course):
        click.echo(f"left alone: course/submitted/{stray} belongs to no lesson", err=True)


@main.command("feedback")
@lessons_argument
@student_option
def feedback_command(lessons: tuple[str, ...], students: tuple[str, ...]) -> None:
    """Make a page per graded submission to send back."""
    from course.feedback import make_feedback

    course = Course.find()
    for path in make_feedback(course, course.choose_lessons(lessons), students):
        click.echo(path)


@main.command("report")
@click.argument("lessons", metavar="LESSON...", nargs=-1, required=True)
def report_command(lessons: tuple[str, ...]) -> None:
    """Make a page about the class.

    It shows who got what, what was hard, which mistakes are common, who needs a look, what could not
    be checked and what waits for a person.
    """
    from course.report import make_report

    course = Course.find()
    for lesson in course.choose_lessons(lessons):
        click.echo(make_report(course, lesson))


@main.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "canvas", "moodle"]),
    default="csv",
    show_default=True,
    help="csv: a row per student and exercise. canvas, moodle: what their gradebooks import.",
)
@click.option(
    "--lesson",
    "lessons",
    metavar="LESSON",
    multiple=True,
    help="Only this lesson. May be repeated.",
)
@student_option
def export_command(
    file: Path | None, format_: str, lessons: tuple[str, ...], students: tuple[str, ...]
) -> None:
    """Write grades to a table.

    FILE is course/reports/grades.csv, grades-canvas.csv or grades-moodle.csv if left out. What has no
    score yet is never written as 0; it is listed, with the reason.
    """
    from course import export

    course = Course.find()
    exporter = export.EXPORTS[format_]
    path = file or course.reports / exporter.default_file
    classes = export.read_classes(course, lessons, students)
    click.echo(f"{path}: {_count(exporter.write(classes, path), 'row')}")
    unknown = export.without_score(classes)
    if unknown:
        click.echo(f"No score yet, so none was written, for {len(unknown)}:", err=True)
        for line in unknown[:MOST_LINES]:
            click.echo(f"  {line}", err=True)
        if len(unknown) > MOST_LINES:
            click.echo(f"  … and {len(unknown) - MOST_LINES} more; see 'course report'", err=True)


@main.command("replay")
@click.argument("student")
@click.argument("exercise")
@click.option("--lesson", metavar="LESSON", default="", help="Where several lessons have it.")
@click.option("--unsafe", is_flag=True, help="Run students' code even where there is no sandbox.")
def replay_command(student: str, exercise: str, lesson: str, unsafe: bool) -> None:
    """Run one check on one submission again.

    It meets the very cases that it was graded with. Shows the verdict, the cases, and whether the
    record says the same; nothing is written.
    """
    from course.replay import replay

    click.echo(replay(Course.find(), student, exercise, lesson, unsafe).text())


@main.command("doctor")
def doctor_command() -> None:
    """Say what this machine offers to shut students' code in.

    A worker is started as for a submission, and tries to get out. 'course grade' refuses to work
    where it could not be shut in.
    """
    from course.execution.doctor import examine

    found = examine(Course.find().root)
    for finding in found:
        click.echo(f"{'yes' if finding.well else 'NO '}  {finding.what}{_seen(finding)}")
    if not all(finding.well for finding in found):
        raise CourseError("Students' code cannot be shut in completely here.")
    click.echo("Students' code is shut in.")


@main.command("demo")
@click.option("--json", "as_json", is_flag=True, help="Print only the records, as JSON.")
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Make the demo course in DIR, a new folder, instead of a temporary one.",
)
def demo_command(as_json: bool, keep: Path | None) -> None:
    """Grade six sample submissions, to see how it works."""
    from course import demo, export, table
    from course.feedback import make_feedback
    from course.progress import Bar
    from course.report import make_report
    from course.workers import LocalPool, default_workers

    original = Course.find()
    root = keep or Path(tempfile.mkdtemp(prefix="nnkit-demo-"))
    if not as_json:
        click.echo(f"Six sample students hand in lesson {demo.LESSON}. The demo course: {root}\n")
    # The samples are ours, so they may be graded where there is no sandbox, too.
    pool = LocalPool(default_workers(), unsafe=True)
    with contextlib.nullcontext() if as_json else Bar() as bar:
        course, run = demo.run(original, root, pool, bar)
    make_feedback(course, [demo.LESSON])
    report_page = make_report(course, demo.LESSON)
    grades_file = course.reports / "grades.csv"
    export.GradesExport.write(export.read_classes(course, [demo.LESSON]), grades_file)
    if as_json:
        click.echo(_as_json(run.records))
        return
    table.show_run(table.console(), run)
    click.echo(f"\nWhat each of them wrote:   {demo.SAMPLES}")
    click.echo(f"Feedback pages (open one): {course.feedback}/*/{demo.LESSON}/{demo.LESSON}.html")
    click.echo(f"The class at a glance:     {report_page}")
    click.echo(f"Grades as a table:         {grades_file}")


@main.command("lab", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.option("--teacher", is_flag=True, help="Open the whole course, with nbgrader's formgrader.")
@click.argument("arguments", metavar="[ARGS]...", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def lab_command(context: click.Context, arguments: tuple[str, ...], teacher: bool) -> None:
    """Open JupyterLab at the lessons. ARGS are passed on to it, for example --no-browser."""
    from course.lab import run_lab

    context.exit(run_lab(Course.find(), arguments, teacher))


@main.command("coverage")
@click.option("--json", "as_json", is_flag=True, help="Print the rows and what is missing as JSON.")
@click.pass_context
def coverage_command(context: click.Context, as_json: bool) -> None:
    """Show which example of the slides is rebuilt where."""
    from dataclasses import asdict

    from course import coverage

    course = Course.find()
    found = coverage.rows(course)
    problems = {row: row.problem(course) for row in found}
    missing = coverage.missing(found)
    if as_json:
        listed = [asdict(row) | {"problem": problem} for row, problem in problems.items()]
        click.echo(json.dumps({"rows": listed, "missing": missing}, indent=1, ensure_ascii=False))
    else:
        for row, problem in problems.items():
            click.echo(f"{row.id:4} {row.lesson:20} {problem or row.test}")
        click.echo(f"Missing: {', '.join(missing) or 'none'}")
    context.exit(1 if missing or any(problems.values()) else 0)


def _as_json(found: list[Record]) -> str:
    return json.dumps([record.public() for record in found], indent=1) + "\n"


def _seen(finding: Finding) -> str:
    return "" if finding.well else f": {finding.seen}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
