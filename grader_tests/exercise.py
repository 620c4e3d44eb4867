"""What an exercise is made of: cases, criteria and the mistakes that people make.

An exercise is data. One file in a lesson's package names its signature, a reference, a generator of
cases, the criteria with their points and the known wrong versions; :mod:`grader_tests.judging` does
the rest. `lesson_08_two_three_one/output_bpe.py` is a good one to read first.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """One call of the student's function.

    Parameters
    ----------
    kind : str
        The group the case belongs to (``"one"``, ``"batch"``, ...); criteria choose cases by it.
    args : tuple
        Positional arguments. Every call gets its own copy; a random generator in them starts from
        the same state in every call.
    kwargs : mapping, optional
        Keyword arguments.
    raises : type of exception, optional
        The exception that is the right answer here.
    """

    kind: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    raises: type[Exception] | None = None


@dataclass(frozen=True)
class Problem:
    """Why an examined result is not right, and the known mistake it shows, if it shows one."""

    message: str
    misconception: str | None = None


@dataclass(frozen=True)
class Criterion:
    """One thing that has to be right, and what it is worth.

    Parameters
    ----------
    name, title : str
        A short name for data, and the sentence that the student reads.
    points : float
        What it is worth.
    kinds : tuple of str
        The kinds of case that it looks at; it is met when all of them are right.
    parts : tuple of int, optional
        Which of several results count; all when left out.
    rtol, atol : float
        Allowed difference: ``rtol`` times the largest expected entry, plus ``atol``.
    together : callable, optional
        ``together(pairs)`` looks at all results at once, as ``[(case, result), ...]``, after each of
        them was found right, and returns None or a :class:`Problem`: an order that is always the same
        shows only so. The first case comes twice, at the start and at the end.
    only_with : str, optional
        Name of another criterion without which this one pays nothing: for what a function that does
        nothing at all gets right too.
    examine : callable, optional
        ``examine(case, result)`` returns None or a :class:`Problem`; for results that have no single
        right value (a shuffled batch, random weights). It replaces the comparison with the reference.
    """

    name: str
    title: str
    points: float
    kinds: tuple[str, ...]
    parts: tuple[int, ...] | None = None
    rtol: float = 1e-4
    atol: float = 0.0
    only_with: str = ""
    examine: Callable[[Case, Any], Problem | None] | None = None
    together: Callable[[Sequence[tuple[Case, Any]]], Problem | None] | None = None


@dataclass(frozen=True)
class Untouched:
    """The arguments must be bit for bit what they were.

    Pays only beside a right value: a function that does nothing touches nothing either.
    """

    points: float = 1
    name: str = "untouched"
    title: str = "the arguments are left as they were"


@dataclass(frozen=True)
class Misconception:
    """A known mistake: its name, wrong versions of the function, and what to say about it.

    Parameters
    ----------
    name : str
        One of :data:`grader_tests.misconceptions.NAMES`.
    versions : tuple of callables
        Wrong versions with the exercise's signature; an answer that gives what one of them gives, in
        every case, has made the mistake.
    says : str
        What the mistake does to the result, and what to do about it.
    slide : str, optional
        Deck and slide title to read again.
    """

    name: str
    versions: tuple[Callable[..., Any], ...]
    says: str
    slide: str = ""


@dataclass(frozen=True, eq=False)
class Exercise:
    """A function for the student to write, with all that is needed to judge it.

    Parameters
    ----------
    reference : callable
        The right function. Its name and signature are the exercise's.
    cases : callable
        ``cases(rng)`` returns the cases, drawn from the random generator and nothing else.
    criteria : tuple of Criterion and Untouched
        What is marked; the points add up to the exercise's.
    mistakes : tuple of Misconception
        The known mistakes that change a value. Those that need no wrong version to be seen
        (``returns-nothing``, ``modifies-arguments``, ...) are found by the engine.
    right : tuple of callables
        Right versions in other styles. The tests demand full marks for each.
    hints : tuple of str
        From a nudge to nearly the answer.
    slide : str
        Deck and slide title where the idea comes from.
    uses : tuple of str
        Exercises of the same lesson that a student may build on.
    convert : callable, optional
        Turns what the student returns into arrays, where they are not (drains a generator, fetches an
        array from another device).
    ready_made : tuple of str, optional
        Modules and packages that hold a ready implementation of what is asked
        (``"nnkit.activations"``); a function that calls into them is refused.
    equivalents : mapping, optional
        Changed lines of the reference that compute the same, each with the reason: mutants that the
        check need not notice.
    seconds : float
        Limit for one call.
    """

    reference: Callable[..., Any]
    cases: Callable[[np.random.Generator], Iterable[Case]]
    criteria: tuple[Criterion | Untouched, ...]
    mistakes: tuple[Misconception, ...]
    right: tuple[Callable[..., Any], ...]
    hints: tuple[str, ...]
    slide: str
    uses: tuple[str, ...] = ()
    convert: Callable[[Any], Any] | None = None
    ready_made: tuple[str, ...] = ()
    equivalents: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 10.0

    @property
    def name(self) -> str:
        """The function's name."""
        return self.reference.__name__

    @property
    def points(self) -> float:
        """What the whole exercise is worth."""
        return float(sum(criterion.points for criterion in self.criteria))

    @property
    def signature(self) -> str:
        """The function as the student is asked to write it, ``name(arguments)``."""
        return f"{self.name}{inspect.signature(self.reference)}"

    @property
    def parameters(self) -> list[str]:
        """Names of the arguments, in order."""
        return list(inspect.signature(self.reference).parameters)
