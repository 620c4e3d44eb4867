"""Try every exercise on its own right and wrong versions, and on generated mutants."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from grader_tests import catalogue
from grader_tests.exercise import Exercise
from grader_tests.judging import assess


@dataclass
class Audit:
    """What became of one exercise's versions; lists name those that went wrong."""

    lesson: str
    exercise: str
    unearned: list[str] = field(default_factory=list)
    right: int = 0
    refused: list[str] = field(default_factory=list)
    mistakes: int = 0
    survived: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)
    mutants: int = 0
    equivalent: list[str] = field(default_factory=list)
    alive: list[str] = field(default_factory=list)
    milliseconds: float = 0.0

    @property
    def problems(self) -> list[str]:
        """Why the exercise must not be used; empty when it may."""
        kinds = ("passes without work", "refused", "survived")
        lists = (self.unearned, self.refused, self.survived)
        return [
            f"{kind}: {what}" for kind, found in zip(kinds, lists, strict=True) for what in found
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data that fits JSON."""
        return dict(vars(self))


def audit(lesson: str, task: Exercise, seeds: Iterable[int], with_mutants: bool = True) -> Audit:
    """Try one exercise.

    Parameters
    ----------
    lesson : str
    task : Exercise
    seeds : iterable of int
        Each version is tried with the cases of each seed.
    with_mutants : bool
        Whether to generate mutants of the reference, too; this takes most of the time.
    """
    seeds = tuple(seeds)
    result = Audit(lesson, task.name)
    try:
        _try_without_work(result, lesson, task, seeds)
        _try_right_versions(result, lesson, task, seeds)
        _try_mistakes(result, lesson, task, seeds)
        if with_mutants:
            _try_mutants(result, lesson, task, seeds[:3])
    except Exception as error:  # a broken exercise is a finding too
        result.refused.append(f"the check itself fails: {error!r}")
    return result


def _stub(*args: Any, **kwargs: Any) -> Any:
    raise NotImplementedError


def _nothing(*args: Any, **kwargs: Any) -> Any:
    return None


def _try_without_work(result: Audit, lesson: str, task: Exercise, seeds: tuple[int, ...]) -> None:
    for version in (_stub, _nothing):
        for seed in seeds:
            if assess(lesson, task, version, seed).score:
                result.unearned.append(f"{version.__name__.strip('_')}, seed {seed}")


def _try_right_versions(result: Audit, lesson: str, task: Exercise, seeds: tuple[int, ...]) -> None:
    times = []
    for version in (task.reference, *task.right):
        result.right += 1
        for seed in seeds:
            started = time.perf_counter()
            verdict = assess(lesson, task, version, seed)
            times.append(time.perf_counter() - started)
            if verdict.status != "pass" or verdict.misconceptions:
                result.refused.append(f"{version.__name__}, seed {seed}")
    result.milliseconds = round(1000 * median(times), 1)


def _try_mistakes(result: Audit, lesson: str, task: Exercise, seeds: tuple[int, ...]) -> None:
    for mistake in task.mistakes:
        for number, version in enumerate(mistake.versions):
            result.mistakes += 1
            for seed in seeds:
                verdict = assess(lesson, task, version, seed)
                where = f"{mistake.name} ({number}), seed {seed}"
                if verdict.score >= verdict.max_score:
                    result.survived.append(where)
                elif verdict.misconceptions != [mistake.name]:
                    result.misnamed.append(f"{where}: {verdict.misconceptions}")


def _try_mutants(result: Audit, lesson: str, task: Exercise, seeds: tuple[int, ...]) -> None:
    from grader_tests.mutants import mutants

    hurried = replace(task, seconds=1.0, mistakes=())
    for mutant in mutants(task):
        result.mutants += 1
        if all(assess(lesson, hurried, mutant.function, s).status != "pass" for s in seeds):
            continue
        listed = mutant.line in task.equivalents
        (result.equivalent if listed else result.alive).append(mutant.line)


def audit_all(
    lessons: Iterable[str], seeds: Iterable[int], with_mutants: bool = True
) -> Iterable[Audit]:
    """Try every exercise of the lessons, one after the other."""
    seeds = tuple(seeds)
    for lesson in lessons:
        for task in catalogue.exercises(lesson).values():
            yield audit(lesson, task, seeds, with_mutants)
