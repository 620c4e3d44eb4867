"""A student's function as a check sees it: called in the worker, answered with data.

Everything that comes from the worker is taken for what it is, a claim. A function that the check
hands over is called here, on copies of what the worker hands back; it is known by a number that means
nothing once the call is over.
"""

from __future__ import annotations

import builtins
import contextlib
import itertools
import resource
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np

from course.execution.inside.codec import (
    MAX_ENTRIES,
    MAX_NODES,
    Decoder,
    Encoder,
    Tree,
    checked_text,
)
from course.execution.inside.wire import Buffer, ViolationError
from grader_tests.calling import CallError, Elsewhere, Failure, Outcome, TookTooLong, limited
from grader_tests.exercise import Case
from grader_tests.lesson_12_gpu.stand_ins import Abacus
from nnkit.graph import Node

# What a student's function may do with one that was handed over, in one call of its own.
MOST_CALLS = 10_000
LARGEST_ARGUMENTS = 32 * 2**10  # bytes of arrays: their outer product still fits
MOST_ITEMS = 10_000
CALL_SECONDS = 5.0
CALL_MEMORY = 2**30
MOST_OBJECTS = 10_000  # of a student's own classes, in one answer
MOST_BELLS = 1_000
LONGEST_NAME = 200
KNOWN_EXCEPTIONS = (
    "builtins",
    "numpy.exceptions",
    "numpy.linalg",
    "numpy._core._exceptions",
    "array_api_strict",
    "grader_tests.calling",
)
INSTANCES = {Abacus: (Abacus.__module__, Abacus.__name__)}  # made anew in the worker

T = TypeVar("T")
Answer = dict[str, Any]
Message = tuple[dict[str, Any], Sequence[Buffer]]
Serve = Callable[[Answer, memoryview], Message]


class Line(Protocol):
    """A way to ask the worker."""

    def ask(
        self,
        question: dict[str, Any],
        buffers: Sequence[Buffer],
        seconds: float,
        read: Callable[[Answer, memoryview], T],
        serve: Serve | None = None,
    ) -> T:
        """Ask, serve what is called back meanwhile, and return what `read` makes of the answer.

        Raises
        ------
        TookTooLong
            If there is no answer after twice the seconds.
        CallError
            If there is none for another reason, or one that `read` finds to be a violation.
        """


def look_up(line: Line, names: Sequence[str], seconds: float) -> dict[str, Any]:
    """Return those of the names that the notebook has defined: functions as proxies, others as data.

    Raises
    ------
    CallError
        If the worker does not say.
    """

    def read(answer: Answer, body: memoryview) -> dict[str, Any]:
        functions = set(map(_text, _list(answer.get("functions"), len(names))))
        found = _decoder(body).decode(answer.get("others"))
        if not isinstance(found, dict):
            raise ViolationError("an answer about names that says nothing about them")
        for name in functions:
            found[name] = RemoteFunction(line, name, handed)
        return {name: found[name] for name in names if name in found}

    handed = HandedOver()
    try:
        return line.ask({"do": "look", "names": list(names)}, (), seconds, read)
    except TookTooLong:
        called = ", ".join(names)
        raise CallError(f"it took too long to find out what is called {called} in it") from None


class HandedOver:
    """What the check has handed over, by number: functions, and the nodes of graphs."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._kept: list[Any] = []  # so that no other object gets the same id

    def number(self, thing: Any) -> int:
        """Return the number of an object; the same object has the same number."""
        if id(thing) not in self._numbers:
            self._numbers[id(thing)] = len(self._kept)
            self._kept.append(thing)
        return self._numbers[id(thing)]

    def __getitem__(self, number: int) -> Any:
        return self._kept[number]


class RemoteFunction(Elsewhere):
    """A function of the notebook, in the worker."""

    def __init__(
        self,
        line: Line,
        name: str,
        handed: HandedOver,
        names: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        self._line = line
        self._name = name
        self._handed = handed
        self._names = dict(names or {})
        self._heard: set[str] = set()

    def call(
        self, case: Case, convert: Callable[[Any], Any] | None, seconds: float, noise: int
    ) -> Outcome:
        """Have the function called in the worker."""
        exchange = _Exchange(self._handed)
        tree = exchange.encode([case.args, dict(case.kwargs), self._names])
        question = {
            "do": "call",
            "name": self._name,
            "about": "" if self._names else self._name,
            "arguments": tree,
            "drain": convert is not None,
            "seconds": seconds,
            "noise": noise,
        }

        def read(answer: Answer, body: memoryview) -> Outcome:
            self._heard |= set(map(_name, _list(answer.get("heard"), MOST_BELLS)))
            if "failure" in answer:
                failure = _failure(answer["failure"])
                if failure.kind is TookTooLong:
                    raise TookTooLong(failure.line)
                return Outcome(failure=failure)
            value = _decoder(body).decode(answer.get("value"))
            return Outcome(value, changed=_changed(answer.get("changed"), case))

        try:
            outcome = self._line.ask(question, exchange.buffers, seconds, read, exchange.serve)
        except TookTooLong as error:
            return Outcome(failure=Failure(TookTooLong, "", *error.args))
        return outcome if outcome.failure or not convert else _converted(outcome, convert)

    def with_names(self, names: Mapping[str, Callable[..., Any]]) -> RemoteFunction:
        """Return the same function with other names in the notebook's namespace."""
        return RemoteFunction(self._line, self._name, self._handed, {**self._names, **names})

    def heard_from(self, modules: tuple[str, ...]) -> str | None:
        """Name a function of these modules whose bell has rung in the worker."""
        for name in sorted(self._heard):
            if any(name.startswith(f"{module}.") for module in modules):
                return name
        return None


class _Exchange:
    """One question with all that is handed over in it, and the calls that come back meanwhile."""

    def __init__(self, handed: HandedOver) -> None:
        self._handed = handed
        self._open: set[int] = set()  # numbers of the functions that may be called
        self._calls = 0
        self.buffers: list[Buffer] = []

    def encode(self, value: Any) -> Tree:
        encoder = Encoder(self._encode_other)
        tree = encoder.encode(value)
        self.buffers = encoder.buffers
        return tree

    def serve(self, header: dict[str, Any], body: memoryview) -> Message:
        """Call the function that the worker wants called, and answer."""
        self._calls += 1
        number = header.get("function")
        if type(number) is not int or number not in self._open:
            raise ViolationError("a call of a function that nobody has handed over")
        if self._calls > MOST_CALLS or len(body) > LARGEST_ARGUMENTS:
            raise ViolationError("too many calls of a function, or too large ones")
        arguments = _decoder(body, MOST_ITEMS, MOST_ITEMS).decode(header.get("arguments"))
        match arguments:
            case [tuple() | list() as args, dict() as options]:
                return self._called(self._handed[number], args, options)
        raise ViolationError("a call without arguments")

    def _called(
        self, function: Callable[..., Any], args: Sequence[Any], options: dict[str, Any]
    ) -> Message:
        given = (*args, *options.values())
        generators = [value for value in given if isinstance(value, np.random.Generator)]
        try:
            with np.errstate(all="ignore"), limited(CALL_SECONDS), more_memory(CALL_MEMORY):
                value = _in_full(function(*args, **options))
                return {"value": self.encode([value, generators])}, self.buffers
        except (Exception, TookTooLong) as error:  # a student may hand back anything
            kind = type(error).__name__ if hasattr(builtins, type(error).__name__) else "TypeError"
            return {"error": [kind, str(error)[:500]]}, ()

    def _encode_other(self, value: Any, encode: Callable[[Any], Tree]) -> Tree:
        if isinstance(value, Node):
            return self._encode_graph(value)
        if type(value) in INSTANCES:
            return ["instance", *INSTANCES[type(value)]]
        if callable(value):
            return ["function", *self._offered(value)]
        raise TypeError(f"a check cannot hand over a value of type {type(value).__name__}")

    def _offered(self, function: Callable[..., Any]) -> list[Any]:
        number = self._handed.number(function)
        self._open.add(number)
        return [number, str(getattr(function, "__name__", type(function).__name__))]

    def _encode_graph(self, wanted: Node) -> Tree:
        """List the nodes that a node depends on, each behind those that it depends on itself."""
        entries: dict[int, list[Any]] = {}
        to_do = [wanted]
        while to_do:
            node = to_do[-1]
            waiting = [source for source in node.inputs if id(source) not in entries]
            if waiting:
                to_do += waiting
                continue
            to_do.pop()
            inputs = [self._handed.number(source) for source in node.inputs]
            op = self._offered(node.op) if node.op else None
            entries[id(node)] = [self._handed.number(node), op, inputs, node.name]
        return ["graph", self._handed.number(wanted), list(entries.values())]


def _in_full(value: Any) -> Any:
    """Return what a function of the check gives as data: a generator as a list."""
    return list(value) if isinstance(value, types.GeneratorType) else value


class _Stayed:
    """Stands for an object that stayed in the worker: its numbers, under the name of its type."""

    def __init__(self, numbers: np.ndarray) -> None:
        self._numbers = numbers

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self._numbers, dtype)


class _Iterated:
    """Stands for an object that was iterated over in the worker."""

    def __init__(self, items: list[Any]) -> None:
        self._items = items

    def __iter__(self) -> Any:
        return iter(self._items)


def _decoder(
    body: memoryview, most_items: int = MAX_NODES, most_entries: int = MAX_ENTRIES
) -> Decoder:
    """Return a decoder of what a worker sends."""
    objects = itertools.count()

    def other(tag: str, rest: list[Any], decode: Callable[[Tree], Any]) -> Any:
        """Make what stands for an object of the worker's."""
        if next(objects) > MOST_OBJECTS:
            raise ViolationError("too many objects")
        if tag == "items":
            items = [decode(item) for item in _list(rest[1])]
            return type(_name(rest[0]), (_Iterated,), {})(items)
        if tag != "foreign":
            raise ViolationError("a value of an unknown kind")
        numbers = decode(rest[1])
        if numbers is None:
            return type(_name(rest[0]), (), {})()
        if not isinstance(numbers, np.ndarray):
            raise ViolationError("an object whose numbers are none")
        return type(_name(rest[0]), (_Stayed,), {})(numbers)

    return Decoder(body, other, most_items, most_entries)


@contextlib.contextmanager
def more_memory(size: int) -> Iterator[None]:
    """Let this process have so many bytes more than it has now, and no more, for a while."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + size
    if soft != resource.RLIM_INFINITY:
        limit = min(limit, soft)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _name(name: Any) -> str:
    return _text(name, LONGEST_NAME)


def _converted(outcome: Outcome, convert: Callable[[Any], Any]) -> Outcome:
    try:
        return replace(outcome, value=convert(outcome.value))
    except Exception as error:
        return Outcome(failure=Failure(type(error), str(error)))


def _changed(claim: Any, case: Case) -> tuple[int, ...]:
    count = len(case.args) + len(case.kwargs)
    positions = _list(claim, count)
    if any(type(i) is not int or not 0 <= i < count for i in positions):
        raise ViolationError("changes of arguments that there are not")
    return tuple(positions)


def _failure(claim: Any) -> Failure:
    """Check what the worker says about an exception."""
    match claim:
        case {
            "kinds": list() as kinds,
            "message": message,
            "line": line,
            "shapes": list() as shapes,
        }:
            pass
        case _:
            raise ViolationError("a failure that is none")
    where = None
    if line is not None:
        number, text = _list(line, 2)
        where = (_natural(number), _text(text))
    named = tuple(
        (_text(name), tuple(_natural(n) for n in _list(shape, 64)))
        for name, shape in (_list(entry, 2) for entry in shapes[:20])
    )
    return Failure(_kind([_text(kind) for kind in kinds[:50]]), _text(message), where, named)


def _kind(names: list[str]) -> type[BaseException]:
    """Return the exception of that name, or one of its own that is a kind of the known ones."""
    for position, name in enumerate(names):
        module, _, kind = name.rpartition(".")
        found = getattr(sys.modules.get(module), kind, None) if module in KNOWN_EXCEPTIONS else None
        if isinstance(found, type) and issubclass(found, BaseException):
            if position == 0:
                return found
            own = names[0].rpartition(".")[2]
            made: type[BaseException] = type(own, (found,), {})
            return made
    raise ViolationError("an exception of no kind")


def _list(value: Any, longest: int = 1_000_000) -> list[Any]:
    if not isinstance(value, list) or len(value) > longest:
        raise ViolationError("a list that is none, or too long")
    return value


def _text(value: Any, longest: int = 5000) -> str:
    """Return a text without what terminals obey."""
    text = checked_text(value, longest)
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")


def _natural(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise ViolationError("a number that is none")
    return value
