"""``python -m tests.attacks``: what each attack achieves with plain nbgrader and with ours."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from course.paths import Course
from tests.attacks import jail, trial
from tests.attacks.arena import make_template
from tests.attacks.attack import Attack
from tests.attacks.catalogue import ATTACKS, CONTROL, record

IN_WORDS = {
    "unearned": "unearned points",
    "lost": "honest points lost",
    "others": "other students' grades",
    "stopped": "batch stopped",
    "outside": "effect outside",
    "processes": "processes left",
    "memory": "too much memory",
    "page": "runs on a page",
    "bloat": "huge notebook",
}


def main() -> None:
    """Run the attacks and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="attacks; all if left out")
    parser.add_argument("--json", action="store_true", help="print one object per attack instead")
    parser.add_argument(
        "--control",
        action="store_true",
        help="run them with plain nbgrader, too (half an hour for all); without it, its column "
        "shows what was seen there last",
    )
    parser.add_argument(
        "--record", action="store_true", help="do that, and write down what was seen"
    )
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in ATTACKS]
    if unknown:
        parser.error(f"no attack called {', '.join(unknown)}")
    if not jail.available():
        sys.exit("The attacks need bubblewrap (apt-get install bubblewrap) and its namespaces.")
    attacks = [ATTACKS[name] for name in given.names] or list(ATTACKS.values())
    ours = _run("ours", attacks)
    plain = _run("plain", attacks) if given.control or given.record else {}
    if given.record:
        record({name: sorted(result.effects) for name, result in plain.items()})
    if given.json:
        print(json.dumps([_entry(attack, plain, ours) for attack in attacks], indent=1))
    else:
        _show(attacks, plain, ours)


def _run(way: str, attacks: list[Attack]) -> dict[str, trial.Result]:
    results = {}
    with tempfile.TemporaryDirectory(prefix="nnkit-attacks-") as folder:
        template = Path(folder, "template")
        make_template(Course(jail.CHECKOUT), template)
        for number, result in enumerate(trial.run_all(way, template, attacks), 1):
            print(f"{way}: {number}/{len(attacks)} {result.attack.name}", file=sys.stderr)
            results[result.attack.name] = result
    return results


def _kinds(attack: Attack, results: Mapping[str, trial.Result]) -> list[str]:
    """Return the kinds of effect, as just seen or else as written down."""
    return sorted(results[attack.name].effects) if results else CONTROL[attack.name]


def _entry(
    attack: Attack, plain: Mapping[str, trial.Result], ours: Mapping[str, trial.Result]
) -> dict[str, object]:
    both = {"plain nbgrader": plain, "course grade": ours}
    return {
        "name": attack.name,
        "family": attack.family,
        "tries": attack.tries,
        "deserves": dict(attack.deserves),
    } | {
        way: {
            "effects": dict(results[attack.name].effects) if results else _kinds(attack, results),
            "scores": dict(results[attack.name].scores) if results else None,
        }
        for way, results in both.items()
    }


def _show(
    attacks: list[Attack], plain: Mapping[str, trial.Result], ours: Mapping[str, trial.Result]
) -> None:
    out = Console(width=None if sys.stdout.isatty() else 130, highlight=False)
    table = Table("attack", "family", "plain nbgrader", "course grade")
    counted: dict[str, Counter[str]] = {"plain": Counter(), "ours": Counter()}
    for attack in attacks:
        cells = []
        for way, results in (("plain", plain), ("ours", ours)):
            kinds = _kinds(attack, results)
            counted[way].update(kinds or ["nothing"])
            cells.append(", ".join(IN_WORDS[kind] for kind in kinds) or "nothing")
        table.add_row(attack.name, attack.family, *cells)
    out.print(table)
    totals = Table("of all attacks", "plain nbgrader", "course grade")
    for kind, words in {**IN_WORDS, "nothing": "achieved nothing"}.items():
        totals.add_row(words, str(counted["plain"][kind]), str(counted["ours"][kind]))
    totals.add_row("attacks", str(len(attacks)), str(len(attacks)))
    out.print(totals)
    for result in ours.values():
        for kind, said in result.effects.items():
            out.print(f"{result.attack.name}: {IN_WORDS[kind]}: {'; '.join(said)}", markup=False)


if __name__ == "__main__":
    main()
