"""Tell how good the checks are: `python -m grader_tests`."""

from __future__ import annotations

import json
import sys
from statistics import median

import click
from rich.console import Console
from rich.table import Table

from grader_tests import catalogue
from grader_tests.audit import Audit, audit_all


@click.command()
@click.argument("lessons", nargs=-1)
@click.option("--seeds", default=5, show_default=True, help="Sets of cases to try each version on.")
@click.option(
    "--mutants/--no-mutants", default=True, help="Also break the references in every small way."
)
@click.option("--json", "as_json", is_flag=True, help="Print one record per exercise as JSON.")
def main(lessons: tuple[str, ...], seeds: int, mutants: bool, as_json: bool) -> None:
    """Try the checks of LESSONS (all of them when none is named) and print how they fare.

    Right versions must get full marks, known mistakes must lose points and be named, generated mutants
    must be noticed.
    """
    chosen = lessons or catalogue.lessons()
    audits = []
    for audit in audit_all(chosen, range(seeds), mutants):
        audits.append(audit)
        print(f"{audit.lesson} {audit.exercise}", file=sys.stderr)
    if as_json:
        print(json.dumps([audit.as_dict() for audit in audits], indent=1))
    else:
        _print_table(audits, seeds)
    if any(audit.problems for audit in audits):
        raise click.ClickException("some exercises must not be used as they are")


def _print_table(audits: list[Audit], seeds: int) -> None:
    heads = (
        "lesson",
        "exercise",
        "right accepted",
        "mistakes killed",
        "named",
        "mutants killed",
        "ms",
    )
    table = Table(*heads, title=f"Checks, {seeds} sets of cases each")
    for a in audits:
        table.add_row(
            a.lesson,
            a.exercise,
            _share(a.right * seeds, len(a.refused)),
            _share(a.mistakes * seeds, len(a.survived)),
            _share(a.mistakes * seeds, len(a.misnamed) + len(a.survived)),
            _share(a.mutants - len(a.equivalent), len(a.alive)),
            f"{a.milliseconds:g}",
        )
    console = Console(width=120)
    console.print(table)
    for a in audits:
        for kind in ("unearned", "refused", "survived", "misnamed", "alive"):
            for what in getattr(a, kind):
                console.print(f"{a.lesson} {a.exercise}: {kind}: {what}", markup=False)
    console.print(f"median time of a check: {median(a.milliseconds for a in audits):g} ms")


def _share(total: int, missed: int) -> str:
    return f"{total - missed}/{total}"


if __name__ == "__main__":
    main()
