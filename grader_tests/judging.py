"""Judge a function: draw cases, call it, compare, mark the criteria and name the mistake."""

from __future__ import annotations

import functools
import secrets
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from grader_tests import catalogue, values
from grader_tests.borrowing import borrowed
from grader_tests.calling import CallError, Failure, call, with_names
from grader_tests.diagnosis import diagnose
from grader_tests.exercise import Case, Criterion, Exercise, Problem, Untouched
from grader_tests.explain import explained
from grader_tests.misconceptions import NAMES
from grader_tests.trial import Trial
from grader_tests.verdict import Diagnosis, Example, Finding, Verdict


def judge(
    lesson: str,
    exercise: str,
    function: Callable[..., Any] | None,
    seed: int | None = None,
    namespace: dict[str, Any] | None = None,
) -> Verdict:
    """Judge a student's function.

    Parameters
    ----------
    lesson, exercise : str
        For example ``"08-two-three-one"`` and ``"output_bpe"``.
    function : callable or None
        The student's function; None where there is none.
    seed : int, optional
        Fixes the cases; fresh ones are drawn when it is left out.
    namespace : dict, optional
        Where the student's other functions are; the function's own globals when left out. An
        exercise that builds on another one is judged with the student's own, or, should that be
        wrong, with a right one.

    Returns
    -------
    Verdict
        Also where the check itself fails: its status is then ``"could-not-check"``.

    Raises
    ------
    KeyError
        If there is no such lesson or exercise.
    """
    task = catalogue.exercise(lesson, exercise)
    seed = secrets.randbits(32) if seed is None else seed
    if namespace is None:
        namespace = getattr(function, "__globals__", {})
    try:
        return _judge_with_help(lesson, task, function, seed, namespace)
    except CallError as error:
        return _could_not_check(lesson, task, seed, str(error))
    except Exception as error:
        return _could_not_check(lesson, task, seed, f"The check itself failed: {error!r}")


def drawn_cases(lesson: str, exercise: str, seed: int) -> list[Case]:
    """Return the cases that a seed draws: those that :func:`judge` puts to a function first.

    Raises
    ------
    KeyError
        If there is no such lesson or exercise.
    """
    return [*_cases(catalogue.exercise(lesson, exercise), seed, 0)]


def shown_arguments(task: Exercise, case: Case) -> tuple[tuple[str, str], ...]:
    """Return a case's arguments by name, each written for a reader."""
    names = task.parameters[: len(case.args)]
    arguments = (*zip(names, case.args, strict=True), *case.kwargs.items())
    return tuple((name, shown(value)) for name, value in arguments)


def _judge_with_help(
    lesson: str,
    task: Exercise,
    function: Callable[..., Any] | None,
    seed: int,
    namespace: dict[str, Any],
) -> Verdict:
    own: Verdict | CallError
    try:
        own = _assess_own_work(lesson, task, function, seed)
    except CallError as error:  # what it builds on may be to blame
        own = error
    if isinstance(own, Verdict) and (own.status == "pass" or "borrowed" in own.misconceptions):
        return own
    helped = _judge_with_stand_ins(lesson, task, function, seed, namespace)
    if helped and (isinstance(own, CallError) or helped.score >= own.score):
        return helped
    if isinstance(own, CallError):
        raise own
    return own


def _judge_with_stand_ins(
    lesson: str,
    task: Exercise,
    function: Callable[..., Any] | None,
    seed: int,
    namespace: dict[str, Any],
) -> Verdict | None:
    """Judge a function with right versions of those that it builds on and that are not right.

    Returns None where it needs none.
    """
    if not callable(function):
        return None
    stand_ins = _stand_ins(lesson, task, seed, namespace)
    if not stand_ins:
        return None
    helped = _assess_own_work(lesson, task, with_names(function, namespace, stand_ins), seed)
    used = [name for name, stand_in in stand_ins.items() if stand_in.calls]
    if not used:
        return None
    names = " and ".join(f"`{name}`" for name in used)
    return helped.with_note(
        f"Your {names} {'is' if len(used) == 1 else 'are'} not right yet; "
        f"a right version stood in, so that `{task.name}` is marked for itself."
    )


class StandIn:
    """A right version of an exercise that takes the place of the student's, and counts its calls.

    Attributes
    ----------
    right : callable
    calls : int
    """

    def __init__(self, right: Callable[..., Any]) -> None:
        self.right = right
        self.calls = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the right version."""
        self.calls += 1
        return self.right(*args, **kwargs)


def _stand_ins(
    lesson: str, task: Exercise, seed: int, namespace: dict[str, Any]
) -> dict[str, StandIn]:
    """Return right versions of those that are not right.

    They are judged on cases of their own: a student's function that was asked the same ones again later
    could have had them answered by its stand-in meanwhile.
    """
    needed = (catalogue.exercise(lesson, name) for name in task.uses)
    other_seed = zlib.crc32(f"{seed} used by {task.name}".encode())
    return {
        other.name: StandIn(other.reference)
        for other in needed
        if judge(lesson, other.name, namespace.get(other.name), other_seed, namespace).status
        != "pass"
    }


def _assess_own_work(
    lesson: str, task: Exercise, function: Callable[..., Any] | None, seed: int
) -> Verdict:
    """Judge a function, and refuse one that earns its points with a ready implementation."""
    verdict = assess(lesson, task, function, seed)
    if not verdict.score or not callable(function):
        return verdict
    source = borrowed(task, function, _cases(task, seed, 0)[0])
    if not source:
        return verdict
    findings = tuple(_failed(criterion) for criterion in task.criteria)
    says = f"{NAMES['borrowed']} Yours calls {source}."
    return replace(verdict, findings=findings, diagnoses=(Diagnosis("borrowed", says),))


def assess(lesson: str, task: Exercise, function: Callable[..., Any] | None, seed: int) -> Verdict:
    """Judge a function by what it gives alone, wherever it takes that from.

    The exercise files' own right and wrong versions are built on the reference; this is how they are
    tried. Students' functions go through :func:`judge`.
    """
    if not callable(function):
        return _not_a_function(lesson, task, function, seed)
    trials = _try_all(task, function, seed)
    findings = _mark(task, trials)
    if all(finding.passed for finding in findings):
        return Verdict(lesson, task.name, seed, findings)

    def more(round_: int) -> list[Trial]:
        return _try_all(task, function, seed, round_)

    diagnoses = diagnose(task, trials, _problems(task, trials), more)
    if any(diagnosis.name == "not-implemented" for diagnosis in diagnoses):
        findings = tuple(_failed(criterion) for criterion in task.criteria)
    return Verdict(lesson, task.name, seed, findings, diagnoses)


def _try_all(
    task: Exercise, function: Callable[..., Any], seed: int, round_: int = 0
) -> list[Trial]:
    """Call the function with every case; the first case twice, to see whether calls are independent."""
    answers = _right_answers(task, seed, round_)
    trials: list[Trial] = []
    for noise, (case, expected) in enumerate([*answers, answers[0]]):
        outcome = call(function, case, task.convert, task.seconds, noise)
        trials.append(Trial(case, expected, outcome))
        if trials[-1].took_too_long:
            break
    return trials


@functools.lru_cache(maxsize=32)  # one check asks for the same ones several times
def _cases(task: Exercise, seed: int, round_: int) -> tuple[Case, ...]:
    """Draw the cases; those of a kind in an order of their own, or counting calls might be enough."""
    rng = np.random.default_rng([seed, zlib.crc32(task.name.encode()), round_])
    cases = [*task.cases(rng)]
    kinds = [case.kind for case in cases]
    draws = [-1.0, *rng.random(len(cases) - 1)]  # the first one stays first: it is asked twice
    order = sorted(range(len(cases)), key=lambda i: (kinds.index(kinds[i]), draws[i]))
    return tuple(cases[i] for i in order)


@functools.lru_cache(maxsize=32)
def _right_answers(task: Exercise, seed: int, round_: int) -> tuple[tuple[Case, Any], ...]:
    """Return the cases, each with what the reference gives."""
    answers = []
    for case in _cases(task, seed, round_):
        expected = call(task.reference, case, task.convert, task.seconds)
        if expected.failure and expected.failure.kind is not case.raises:
            raise RuntimeError(f"the reference of {task.name} failed: {expected.failure}")
        answers.append((case, expected.value))
    return tuple(answers)


def _mark(task: Exercise, trials: list[Trial]) -> tuple[Finding, ...]:
    values_first = [c for c in task.criteria if isinstance(c, Criterion)]
    findings = {c.name: _mark_one(task, c, trials) for c in values_first}
    for criterion in values_first:
        if criterion.only_with and not findings[criterion.only_with].passed:
            findings[criterion.name] = _failed(criterion, _counts_with(task, criterion.only_with))
    something_right = any(finding.passed for finding in findings.values())
    for last in task.criteria:
        if isinstance(last, Untouched):
            findings[last.name] = _mark_untouched(task, last, trials, something_right)
    return tuple(findings[criterion.name] for criterion in task.criteria)


def _counts_with(task: Exercise, name: str) -> str:
    title = next(criterion.title for criterion in task.criteria if criterion.name == name)
    return f"counts together with “{title}”"


def _failed(
    criterion: Criterion | Untouched, message: str = "", example: Example | None = None
) -> Finding:
    return Finding(criterion.name, criterion.title, 0, criterion.points, False, message, example)


def _passed(criterion: Criterion | Untouched) -> Finding:
    return Finding(criterion.name, criterion.title, criterion.points, criterion.points, True)


def _mark_one(task: Exercise, criterion: Criterion, trials: list[Trial]) -> Finding:
    relevant = sorted((t for t in trials if t.case.kind in criterion.kinds), key=lambda t: t.size)
    for trial in relevant:
        message = _what_is_wrong(criterion, trial)
        if message:
            return _failed(criterion, message, _example(task, trial))
    if set(criterion.kinds) - {trial.case.kind for trial in relevant}:
        return _failed(criterion, "not asked: an earlier call did not come to an end")
    problem = _seen_together(criterion, trials)
    if problem:
        return _failed(criterion, problem.message)
    first, last = trials[0], trials[-1]
    repeated = last.case is first.case and first.case.kind in criterion.kinds
    if repeated and not first.same_as(last.outcome):
        return _failed(criterion, "the second call with the same arguments gives another result")
    return _passed(criterion)


def _what_is_wrong(criterion: Criterion, trial: Trial) -> str:
    failure = trial.outcome.failure
    if trial.case.raises:
        right = failure is not None and issubclass(failure.kind, trial.case.raises)
        return "" if right else f"expected {trial.case.raises.__name__} to be raised"
    if failure:
        return explained(failure)
    if criterion.examine:
        problem = _examined(criterion, trial)
        return problem.message if problem else ""
    expected, got = _chosen(criterion, trial.expected), _chosen(criterion, trial.got)
    found = values.difference(expected, got, criterion.rtol, criterion.atol)
    if not found:
        return ""
    if found.part is None:
        return found.message
    part = criterion.parts[found.part] if criterion.parts else found.part
    return f"result {part + 1} of {len(trial.expected)}: {found.message}"


def _examined(criterion: Criterion | Untouched, trial: Trial) -> Problem | None:
    if isinstance(criterion, Untouched) or criterion.examine is None:
        return None
    if trial.case.kind not in criterion.kinds or trial.outcome.failure:
        return None
    return criterion.examine(trial.case, trial.outcome.value)


def _seen_together(criterion: Criterion | Untouched, trials: list[Trial]) -> Problem | None:
    if isinstance(criterion, Untouched) or criterion.together is None:
        return None
    relevant = [trial for trial in trials if trial.case.kind in criterion.kinds]
    if any(_what_is_wrong(criterion, trial) for trial in relevant):
        return None
    return criterion.together([(trial.case, trial.outcome.value) for trial in relevant])


def _problems(task: Exercise, trials: list[Trial]) -> list[Problem]:
    """Collect what the exercise's own functions have found in the results."""
    found = [_examined(criterion, trial) for criterion in task.criteria for trial in trials]
    found += [_seen_together(criterion, trials) for criterion in task.criteria]
    return [problem for problem in found if problem]


def _chosen(criterion: Criterion, result: values.Plain) -> values.Plain:
    if criterion.parts is None or not isinstance(result, tuple):
        return result
    return tuple(result[part] for part in criterion.parts)


def _mark_untouched(
    task: Exercise, criterion: Untouched, trials: list[Trial], something_right: bool
) -> Finding:
    changed = {position for trial in trials for position in trial.outcome.changed}
    names = [name for i, name in enumerate(task.parameters) if i in changed]
    if names:
        return _failed(criterion, f"the call changes {' and '.join(names)}")
    if not something_right:
        return _failed(criterion, "counts only beside a right value")
    return _passed(criterion)


def _example(task: Exercise, trial: Trial) -> Example:
    arguments = shown_arguments(task, trial.case)
    return Example(
        call=f"{task.name}({', '.join(name for name, _ in arguments)})",
        arguments=arguments,
        expected=trial.case.raises.__name__ if trial.case.raises else shown(trial.expected),
        got=shown(trial.outcome.failure or trial.got),
    )


def shown(value: Any) -> str:
    """Write a value for the reader of a verdict: short, with its shape."""
    if isinstance(value, np.ndarray) and value.ndim:
        text = np.array2string(value, precision=4, suppress_small=True, threshold=40, edgeitems=2)
        return f"{text}  shape {value.shape}"
    if isinstance(value, tuple | list) and not all(isinstance(v, int | float) for v in value):
        return "\n".join(f"[{i}] {_hung(shown(item))}" for i, item in enumerate(value))
    if isinstance(value, values.Misfit):
        return value.message
    if isinstance(value, Failure):
        return f"{value.kind.__name__}, see above"
    if isinstance(value, np.random.Generator):
        return "a random generator"
    if callable(value):
        return f"the function {getattr(value, '__name__', 'f')}"
    return f"{float(value):.6g}" if isinstance(value, np.ndarray) else repr(value)


def _hung(text: str) -> str:
    return text.replace("\n", "\n    ")


def _not_a_function(lesson: str, task: Exercise, value: Any, seed: int) -> Verdict:
    """Tell a function that does not exist (nothing written yet) from one that was overwritten."""
    if value is None:
        message, name = f"`{task.name}` is not defined: run its cell first", "not-implemented"
    else:
        message, name = f"`{task.name}` is {values.described(value)}, not a function", "wrong-type"
    findings = tuple(_failed(criterion) for criterion in task.criteria)
    return Verdict(lesson, task.name, seed, findings, (Diagnosis(name, message),))


def _could_not_check(lesson: str, task: Exercise, seed: int, reason: str) -> Verdict:
    findings = tuple(Finding(c.name, c.title, 0, c.points, None) for c in task.criteria)
    return Verdict(lesson, task.name, seed, findings, notes=(reason,))
