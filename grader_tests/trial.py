"""One case put to a student's function: what was expected and what came."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from grader_tests import values
from grader_tests.calling import Failure, Outcome, TookTooLong, call
from grader_tests.exercise import Case, Exercise


class Trial:
    """A case with the reference's result and the student's outcome.

    Attributes
    ----------
    case : Case
    expected, got : plain values
        The two results in one form, see :func:`grader_tests.values.plain`.
    outcome : Outcome
        What the call gave, failures and changed arguments included.
    """

    def __init__(self, case: Case, expected: Any, outcome: Outcome) -> None:
        self.case = case
        self.outcome = outcome
        self.like = expected
        self._versions: dict[Callable[..., Any], Outcome] = {}
        self.expected = values.plain(expected, like=expected)

    @cached_property
    def got(self) -> values.Plain:
        """The student's result in the form of the expected one."""
        return values.plain(self.outcome.value, like=self.like)

    def outcome_of(self, version: Callable[..., Any], task: Exercise) -> Outcome:
        """Return what another version of the function gives in this case."""
        if version not in self._versions:
            self._versions[version] = call(version, self.case, task.convert, task.seconds)
        return self._versions[version]

    @property
    def took_too_long(self) -> bool:
        """Whether the call was stopped at its time limit."""
        failure = self.outcome.failure
        return failure is not None and failure.kind is TookTooLong

    @property
    def size(self) -> int:
        """How many numbers the case hands over; small cases are shown first."""
        return _count((*self.case.args, *self.case.kwargs.values()))

    def same_as(self, other: Outcome, factor: float = 1.0) -> bool:
        """Tell whether another function's outcome in this case, times a factor, is the student's."""
        if self.outcome.failure or other.failure:
            return self._fails_like(other.failure)
        theirs = values.scaled(values.plain(other.value, like=self.like), factor)
        return values.same(self.got, theirs)

    def _fails_like(self, other: Failure | None) -> bool:
        mine, wanted = self.outcome.failure, self.case.raises
        if mine is None or other is None:
            return False
        if wanted and issubclass(mine.kind, wanted) and issubclass(other.kind, wanted):
            return True
        return (mine.kind, mine.message) == (other.kind, other.message)


def _count(value: Any) -> int:
    if isinstance(value, tuple | list):
        return sum(_count(item) for item in value)
    return int(np.size(value)) if isinstance(value, np.ndarray) else 1
