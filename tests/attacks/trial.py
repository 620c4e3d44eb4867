"""Run attacks on one of the two ways of grading, and say what they achieved.

``python -m tests.attacks.trial WAY TEMPLATE FOLDER SECONDS NAME...`` is one run, by itself in a process
or in the jail; it prints what was found.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.attacks import jail
from tests.attacks.arena import Arena, Found
from tests.attacks.attack import POINTS, Attack
from tests.attacks.catalogue import ATTACKS

GROUP = {"plain": 6, "ours": 40}


@dataclass(frozen=True)
class Result:
    """What one attack achieved.

    Attributes
    ----------
    attack : Attack
    scores : mapping of str to (float or None)
        What it got, by exercise; empty where the gradebook has nothing.
    effects : mapping of str to list of str
        Kinds of effect, each with sentences; empty for an attack that achieved nothing. Beside those of
        `Found` there are ``unearned`` and ``lost``.
    """

    attack: Attack
    scores: Mapping[str, float | None]
    effects: Mapping[str, list[str]]


def run_all(way: str, template: Path, attacks: Sequence[Attack]) -> Iterator[Result]:
    """Run attacks in groups; where a group shows what cannot be laid at one door, one by one.

    Yields
    ------
    Result
        In the order of `attacks`.
    """
    for group in batched(attacks, GROUP[way]):
        results, clear = run(way, template, group)
        if clear or len(group) == 1:
            yield from results
        else:
            for attack in group:
                yield from run(way, template, [attack])[0]


def batched(attacks: Sequence[Attack], size: int) -> list[Sequence[Attack]]:
    """Cut a sequence into pieces."""
    return [attacks[i : i + size] for i in range(0, len(attacks), size)]


def run(way: str, template: Path, attacks: Sequence[Attack]) -> tuple[list[Result], bool]:
    """Hand the attacks in to one course and grade it.

    Parameters
    ----------
    way : str
        ``"plain"`` (in the jail) or ``"ours"``.
    template : Path
        The course to start from, see :func:`tests.attacks.arena.make_template`.
    attacks : sequence of Attack

    Returns
    -------
    list of Result
        In the order of `attacks`. What cannot be laid at one door is told of all of them.
    bool
        Whether there was nothing of that kind.
    """
    names = [attack.name for attack in attacks]
    words = ["-m", "tests.attacks.trial", way, str(template)]
    limit = 240.0 + 15 * len(attacks)
    try:
        if way == "plain":
            arguments = [*words, "/arena/run", str(limit), *names]
            done = jail.run(arguments, [template], 3 * limit)
        else:
            with tempfile.TemporaryDirectory(prefix="nnkit-attacks-") as folder:
                arguments = [*words, folder, str(limit), *names]
                done = subprocess.run(
                    [sys.executable, *arguments],
                    cwd=jail.CHECKOUT,
                    capture_output=True,
                    text=True,
                    timeout=4 * limit,
                    check=False,
                )
        found = Found.from_json(done.stdout) if done.returncode == 0 else _nothing(done)
    except subprocess.TimeoutExpired:
        found = Found()
        found.add("*", "stopped", "nothing came to an end")
    return [_result(attack, found) for attack in attacks], "*" not in found.effects


def _nothing(done: subprocess.CompletedProcess[str]) -> Found:
    found = Found()
    lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
    found.add("*", "stopped", f"everything was killed: {lines[-1]}")
    return found


def _result(attack: Attack, found: Found) -> Result:
    effects = {kind: list(said) for kind, said in found.effects.get("*", {}).items()}
    for kind, said in found.effects.get(attack.name, {}).items():
        effects.setdefault(kind, []).extend(said)
    scores = found.scores.get(attack.folder, {})
    for kind, sentence in _compared(attack, scores):
        effects.setdefault(kind, []).append(sentence)
    return Result(attack, scores, effects)


def _compared(attack: Attack, scores: Mapping[str, float | None]) -> list[tuple[str, str]]:
    said = []
    for name, given in scores.items():
        earned = attack.deserves[name] if name in POINTS else 0
        if (given or 0) > (earned or 0):
            said.append(("unearned", f"{name}: {given:g} points for work worth {earned or 0:g}"))
    refused = all(scores.get(name) is None for name in POINTS)
    for name, earned in attack.deserves.items():
        given = scores.get(name)
        if refused and attack.may_refuse:
            continue
        if earned is None and given == 0:
            said.append(
                ("lost", f"{name}: 0 points where it should say that it could not be checked")
            )
        if earned and (given or 0) < earned:
            said.append(("lost", f"{name}: {given} points for work worth {earned:g}"))
    return said


def main() -> None:
    """Make one run and print what was found."""
    way, template, folder, seconds, *names = sys.argv[1:]
    Path(folder).mkdir(exist_ok=True)
    arena = Arena(Path(template), Path(folder), [ATTACKS[name] for name in names])
    print(arena.run(way, float(seconds)).as_json())


if __name__ == "__main__":
    main()
