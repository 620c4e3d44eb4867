"""Name the mistake in a wrong answer, or none: a wrong diagnosis is worse than none."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from grader_tests import values
from grader_tests.exercise import Exercise, Misconception, Problem
from grader_tests.misconceptions import NAMES
from grader_tests.trial import Trial
from grader_tests.verdict import Diagnosis

ROUNDS = 4  # further sets of cases at most; one to confirm, more while several mistakes still fit
SCALES = (("wrong-sign", -1.0), ("wrong-factor", 2.0), ("wrong-factor", 0.5))


def diagnose(
    task: Exercise,
    trials: list[Trial],
    problems: Iterable[Problem],
    more: Callable[[int], list[Trial]],
) -> tuple[Diagnosis, ...]:
    """Name what is known to give this answer.

    Parameters
    ----------
    task : Exercise
    trials : list of Trial
        The cases put to the student's function.
    problems : iterable of Problem
        What `examine` functions found.
    more : callable
        ``more(k)`` puts a further set of cases to the student's function.
    """
    final = _nothing_to_compare(trials)
    if final:
        return (_general(final),)
    facts = [_general(name) for name in _side_effects(trials)]
    named = [_in_the_task_s_words(task, p.misconception) for p in problems if p.misconception]
    found = named or _known_mistakes(task, trials, more) or _visible(trials)
    unique = {diagnosis.name: diagnosis for diagnosis in [*found, *facts]}
    return tuple(unique.values())


def _in_the_task_s_words(task: Exercise, name: str) -> Diagnosis:
    own = (mistake for mistake in task.mistakes if mistake.name == name)
    return next((_specific(task, mistake) for mistake in own), _general(name))


def _general(name: str) -> Diagnosis:
    return Diagnosis(name, NAMES[name])


def _nothing_to_compare(trials: list[Trial]) -> str | None:
    """Name what leaves no result to look at in any call."""
    failures = [trial.outcome.failure for trial in trials]
    if any(trial.took_too_long for trial in trials):
        return "too-slow"
    if all(failure and issubclass(failure.kind, NotImplementedError) for failure in failures):
        return "not-implemented"
    if all(not trial.outcome.failure and trial.outcome.value is None for trial in trials):
        return "returns-nothing"
    return None


def _side_effects(trials: list[Trial]) -> Iterable[str]:
    if any(trial.outcome.changed for trial in trials):
        yield "modifies-arguments"
    first, again = trials[0], trials[-1]
    if not first.same_as(again.outcome):
        draws = any(isinstance(arg, np.random.Generator) for arg in first.case.args)
        yield "not-deterministic" if draws else "keeps-state"


def _known_mistakes(
    task: Exercise, trials: list[Trial], more: Callable[[int], list[Trial]]
) -> list[Diagnosis]:
    if all(_is_right(trial) for trial in trials):
        return []
    fitting = [mistake for mistake in task.mistakes if _fits(task, mistake, trials)]
    for round_ in range(1, ROUNDS + 1):
        if not fitting:
            break
        trials = more(round_)
        fitting = [mistake for mistake in fitting if _fits(task, mistake, trials)]
        if len({mistake.name for mistake in fitting}) == 1:
            break
    return [_specific(task, mistake) for mistake in fitting] or _two_at_once(task, trials, more)


def _specific(task: Exercise, mistake: Misconception) -> Diagnosis:
    return Diagnosis(mistake.name, mistake.says, mistake.slide or task.slide)


def _two_at_once(
    task: Exercise, trials: list[Trial], more: Callable[[int], list[Trial]]
) -> list[Diagnosis]:
    """Look for a known mistake together with a wrong sign or factor."""
    for mistake in task.mistakes:
        for name, factor in SCALES:
            if name == mistake.name:
                continue
            if _fits(task, mistake, trials, factor) and _fits(task, mistake, more(1), factor):
                return [_specific(task, mistake), _general(name)]
    return []


def _is_right(trial: Trial) -> bool:
    failure = trial.outcome.failure
    if trial.case.raises or failure:
        return bool(trial.case.raises and failure and issubclass(failure.kind, trial.case.raises))
    return values.difference(trial.expected, trial.got) is None


def _fits(task: Exercise, mistake: Misconception, trials: list[Trial], factor: float = 1.0) -> bool:
    """Tell whether a version of the mistake, times a factor, gives the answer in every trial."""
    return any(
        all(trial.same_as(trial.outcome_of(version, task), factor) for trial in trials)
        for version in mistake.versions
    )


def _visible(trials: list[Trial]) -> list[Diagnosis]:
    """Name what can be seen in the results themselves, where no known mistake fits."""
    trials = [trial for trial in trials if not trial.case.raises]
    if any(trial.outcome.failure for trial in trials):
        return [_general("raises")]
    if _hard_coded(trials):
        return [_general("hard-coded")]
    kinds = {found.kind for t in trials if (found := values.difference(t.expected, t.got))}
    if "type" in kinds <= {"type", "shape"}:  # beside wrong numbers, it is not what the mistake is
        return [_general("wrong-type")]
    names = {"shape": "wrong-shape", "unstable": "unstable"}
    return [_general(name) for kind, name in names.items() if kind in kinds][:1]


def _hard_coded(trials: list[Trial]) -> bool:
    """Tell whether the results hang on nothing but the shapes: one number, or the same ones again."""
    answers = [_numbers(trial.got) for trial in trials]
    wanted = [_numbers(trial.expected) for trial in trials]
    if len(set(wanted)) == 1 or () in answers:
        return False
    one_number = len({number for answer in answers for number in answer}) == 1
    by_size: dict[int, set[tuple[float, ...]]] = {}
    for answer in answers:
        by_size.setdefault(len(answer), set()).add(answer)
    repeated = len(set(answers)) < len(set(wanted)) and all(len(s) == 1 for s in by_size.values())
    return one_number or repeated


def _numbers(result: values.Plain) -> tuple[float, ...]:
    return tuple(number for piece in values.pieces(result) for number in piece.ravel().tolist())
