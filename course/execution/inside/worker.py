"""The worker's loop: run a cell, look a name up, call a function, as the grader asks.

From the first cell on the process belongs to the student: whatever is done here, a student's code can
undo. Nothing here is relied upon; it is the honest side of a conversation whose other side checks
everything.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from course.execution.inside import bells
from course.execution.inside.codec import Decoder, Encoder, TooMuchError, Tree, ViolationError
from course.execution.inside.wire import Channel, ClosedError
from grader_tests import calling, values
from grader_tests.exercise import Case

MOST_ITEMS = 2000  # taken from something that can be iterated
LONGEST_MESSAGE = 2000
LONGEST_NAME = 200
FOREVER = 1e6  # the grader has its own idea of how long a call may sleep
INTERRUPTS = {signal.SIGINT, signal.SIGALRM, signal.SIGPROF}

RunCell = Callable[[str, int, bool], dict[str, Any]]
Question = dict[str, Any]
Answer = dict[str, Any]


class Worker:
    """Answers the grader's questions about one namespace.

    Parameters
    ----------
    channel : Channel
    namespace : dict
        The notebook's global names.
    run_cell : callable
        ``run_cell(source, count, definitions_only)`` returns the outputs.
    """

    def __init__(self, channel: Channel, namespace: dict[str, Any], run_cell: RunCell) -> None:
        self._channel = channel
        self._namespace = namespace
        self._run_cell = run_cell
        self._nodes: dict[int, Any] = {}
        self._lock = threading.Lock()
        self._number = 0

    def serve(self) -> None:
        """Answer until nobody asks any more."""
        signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTS)
        while True:
            try:
                question, body = self._channel.receive()
                self._number = question["n"]
                answer, buffers = self._answer(question, body)
                self._channel.send({"n": self._number, **answer}, buffers)
            except ClosedError:
                return

    def _answer(self, question: Question, body: memoryview) -> tuple[Answer, list[Any]]:
        """Run what is asked for; only meanwhile can a signal interrupt this process."""
        answers = {"cell": self._cell, "look": self._look, "call": self._call}
        while signal.sigtimedwait(INTERRUPTS, 0):
            pass  # it came too late for the question that it was meant for
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, INTERRUPTS)
            return answers[question["do"]](question, body)
        except KeyboardInterrupt as error:
            failure = _failure(calling.Failure(type(error), ""))
            return {"failure": failure, "heard": bells.heard()}, []
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTS)

    def _cell(self, question: Question, body: memoryview) -> tuple[Answer, list[Any]]:
        return self._run_cell(question["source"], question["count"], question["definitions"]), []

    def _look(self, question: Question, body: memoryview) -> tuple[Answer, list[Any]]:
        """Say which of these names there are, and what they are."""
        self._nodes.clear()
        found = {
            name: self._namespace[name] for name in question["names"] if name in self._namespace
        }
        functions = [name for name, value in found.items() if callable(value)]
        others = {name: value for name, value in found.items() if name not in functions}
        tree, buffers = _encoded(others, drain=False)
        return {"functions": functions, "others": tree}, buffers

    def _call(self, question: Question, body: memoryview) -> tuple[Answer, list[Any]]:
        bells.silence()
        args, options, names = Decoder(body, self._decode_other).decode(question["arguments"])
        function = self._namespace[question["name"]]
        if names:
            function = calling.with_names(function, self._namespace, names)
        encoded: list[Any] = []

        def encode(value: Any) -> None:
            encoded[:] = _encoded(value, question["drain"])

        case, seconds, noise = Case("", args, options), question["seconds"], question["noise"]
        outcome = calling.call(function, case, encode, seconds, noise, patience=FOREVER)
        heard = bells.heard()
        if outcome.failure:
            return {"failure": _failure(outcome.failure), "heard": heard}, []
        tree, buffers = encoded
        return {"value": tree, "changed": list(outcome.changed), "heard": heard}, buffers

    def _decode_other(self, tag: str, rest: list[Any], decode: Callable[[Tree], Any]) -> Any:
        if tag == "function":
            return self._made_function(*rest)
        if tag == "graph":
            return self._made_node(*rest)
        if tag == "instance":
            module, name = rest
            return getattr(sys.modules[module], name)()
        raise ViolationError(f"a value of an unknown kind {tag!r}")

    def _made_function(self, number: int, name: str) -> Callable[..., Any]:
        """Make a function that is called where the check is."""

        def handed_over(*args: Any, **options: Any) -> Any:
            return self._call_back(number, args, options)

        handed_over.__name__ = handed_over.__qualname__ = name
        return handed_over

    def _made_node(self, wanted: int, entries: list[list[Any]]) -> Any:
        """Make a graph's nodes, or find them: a node that is handed over again is the same."""
        from nnkit.graph import Node

        for number, function, inputs, name in entries:
            if number not in self._nodes:
                op = self._made_function(*function) if function else None
                sources = [self._nodes[source] for source in inputs]
                self._nodes[number] = Node(op, sources, name)
        return self._nodes[wanted]

    def _call_back(self, number: int, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        encoder = Encoder(lambda value, encode: _foreign(value, encode, drain=True))
        try:
            tree = encoder.encode([args, options])
        except TooMuchError as error:
            raise ValueError("these arguments are too large to be handed over") from error
        with self._lock, _undisturbed():
            header = {"n": self._number, "function": number, "arguments": tree}
            self._channel.send(header, encoder.buffers)
            reply, body = self._channel.receive()
        if "error" in reply:
            raise _exception(*reply["error"])
        value, generators = Decoder(body, self._decode_other).decode(reply["value"])
        mine = [arg for arg in (*args, *options.values()) if isinstance(arg, np.random.Generator)]
        for own, theirs in zip(mine, generators, strict=True):
            own.bit_generator.state = theirs.bit_generator.state
        return value


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no signal break off a message in the middle."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _encoded(value: Any, drain: bool) -> tuple[Tree, list[Any]]:
    encoder = Encoder(lambda value, encode: _foreign(value, encode, drain))
    try:
        return encoder.encode(value), encoder.buffers
    except TooMuchError:
        return ["foreign", _type_name(value), None], []


def _foreign(value: Any, encode: Callable[[Any], Tree], drain: bool) -> Tree:
    """Describe an object that stays here: its type, its numbers if it has any, its items."""
    name = _type_name(value)
    if drain:
        try:
            iterator = iter(value)
        except TypeError:
            pass
        else:
            return ["items", name, *_items(iterator, encode)]
    numbers = values.plain(value, like=0.0)
    return ["foreign", name, encode(numbers) if isinstance(numbers, np.ndarray) else None]


def _type_name(value: Any) -> str:
    return type(value).__name__[:LONGEST_NAME]


def _items(iterator: Iterator[Any], encode: Callable[[Any], Tree]) -> tuple[list[Tree], Tree]:
    """Take one item after the other, each encoded at once: the next one may be written over it."""
    items: list[Tree] = []
    for item in iterator:
        items.append(encode(item))
        if len(items) >= MOST_ITEMS:
            break
    return items, len(items) < MOST_ITEMS


def _failure(failure: calling.Failure) -> dict[str, Any]:
    shapes = [[name, list(shape)] for name, shape in failure.shapes]
    return {
        "kinds": [f"{kind.__module__}.{kind.__qualname__}" for kind in failure.kind.__mro__],
        "message": failure.message[:LONGEST_MESSAGE],
        "line": [failure.line[0], failure.line[1][:LONGEST_MESSAGE]] if failure.line else None,
        "shapes": shapes[:20],
    }


def _exception(kind: str, message: str) -> BaseException:
    """Make the exception that a function of the check has raised."""
    import builtins

    made = getattr(builtins, kind, None)
    if not (isinstance(made, type) and issubclass(made, Exception)):
        made, message = RuntimeError, f"{kind}: {message}"
    try:
        return made(message)
    except Exception:
        return RuntimeError(f"{kind}: {message}")
