"""`check` and `hint`: what a notebook calls."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

from grader_tests import catalogue
from grader_tests.judging import judge
from grader_tests.verdict import Verdict
from nnkit.progress import keep_passed

SEED_VARIABLE = "NNKIT_CHECK_SEED"
TRIES_BEFORE_A_HINT = 3

_failed: Counter[tuple[str, str]] = Counter()
_hints_shown: Counter[tuple[str, str]] = Counter()


def check(lesson: str, exercise: str, namespace: dict[str, Any]) -> float:
    """Judge the function of that name, show the verdict and return its score.

    Parameters
    ----------
    lesson, exercise : str
        For example ``"08-two-three-one"`` and ``"output_bpe"``.
    namespace : dict
        ``globals()`` of the notebook: the function is looked up there, and so are the student's
        functions that it builds on.

    Returns
    -------
    float
        The points; nbgrader takes the last value of a check cell as its score.

    Raises
    ------
    RuntimeError
        If the check itself failed: no score is better than a wrong one.

    Notes
    -----
    Cases are fresh at every call, unless the variable `NNKIT_CHECK_SEED` is set in the environment,
    as it is when a course is graded. Outside of grading, a pass is noted for `nnkit.progress`.
    """
    given = os.environ.get(SEED_VARIABLE)
    verdict = judge(
        lesson, exercise, namespace.get(exercise), int(given) if given else None, namespace
    )
    graded = given is not None or os.environ.get("NBGRADER_EXECUTION") == "autograde"
    verdict = _with_record(verdict) if not graded else verdict
    verdict = _with_help(verdict, graded)
    _show(verdict)
    if verdict.status == "could-not-check":
        raise RuntimeError(" ".join(verdict.notes))
    return verdict.score


def hint(lesson: str, exercise: str) -> None:
    """Print the next hint for an exercise; the last one is nearly the answer."""
    hints = catalogue.exercise(lesson, exercise).hints
    number = min(_hints_shown[lesson, exercise], len(hints) - 1)
    _hints_shown[lesson, exercise] += 1
    print(f"Hint {number + 1} of {len(hints)}: {hints[number]}")


def _with_help(verdict: Verdict, graded: bool) -> Verdict:
    """Say where hints are, once a few tries have failed; a graded notebook needs none."""
    key = verdict.lesson, verdict.exercise
    if graded or verdict.status == "pass" or "not-implemented" in verdict.misconceptions:
        return verdict
    _failed[key] += 1
    if _failed[key] < TRIES_BEFORE_A_HINT:
        return verdict
    call = f'hint("{verdict.lesson}", "{verdict.exercise}")'
    return verdict.with_note(f"Stuck? `from grader_tests import hint`, then `{call}`.")


def _with_record(verdict: Verdict) -> Verdict:
    """Note a pass for `nnkit.progress`; where that cannot be, the check counts all the same."""
    if verdict.status != "pass":
        return verdict
    try:
        keep_passed(verdict.lesson, verdict.exercise)
    except Exception as problem:  # whatever is wrong with the reader's folder
        return verdict.with_note(f"It could not be noted for `nnkit.progress()`: {problem}.")
    return verdict


def _show(verdict: Verdict) -> None:
    try:
        from IPython.display import display
    except ImportError:
        print(verdict.text())
        return
    display(verdict.bundle(), raw=True)
