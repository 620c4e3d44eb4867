"""Python values as a JSON tree beside a list of raw buffers, and back.

Numbers, strings, None and True stand for themselves; everything else is a list that starts with a
tag. Both sides use the same code; what only one of them can make something of (functions, nodes of a
graph, objects of a student's own class) goes through `other`.
"""

from __future__ import annotations

import math
import re
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from course.execution.inside.wire import MAX_BODY, Buffer, ViolationError

Tree = Any  # what JSON can hold

MAX_NODES = 400_000
MAX_ENTRIES = 2**18  # of all arrays of one message; no exercise is about larger ones
MAX_KEYS = 2_000  # in all sets and dicts: hostile ones, if they are no texts, can all collide
MAX_DEPTH = 70  # numpy's arrays end at 64 dimensions
MAX_TEXT = 1_000_000
MAX_WIDENED = 10_000_000  # longest text times values: numpy gives each as much room as the longest
MAX_BITS = 4096  # of an integer
NUMBERS = re.compile(r"[<>|=]?(b1|[iu][1248]|f(2|4|8|16)|c(8|16|32))")
NO_NUMBERS = re.compile(r"[<>|=]?([USV]\d{1,6}|[mM]8(\[\d*[a-zA-Z]{1,2}\])?)")


class TooMuchError(Exception):
    """A value is too large, or nested too deeply, to be handed over."""


class Encoder:
    """Turns values into a tree and buffers.

    Parameters
    ----------
    other : callable
        ``other(value, encode)`` returns the tree of a value that is no plain data.

    Attributes
    ----------
    buffers : list
        The bytes of the arrays, in order.
    """

    def __init__(self, other: Callable[[Any, Callable[[Any], Tree]], Tree]) -> None:
        self.buffers: list[Buffer] = []
        self._other = other
        self._nodes = self._entries = self._depth = self._keys = self._longest = 0

    def encode(self, value: Any) -> Tree:
        """Return the tree of a value.

        Raises
        ------
        TooMuchError
        """
        self._nodes += 1
        if isinstance(value, str):
            self._longest = max(self._longest, len(value))
        if self._nodes > MAX_NODES or self._depth > MAX_DEPTH or _is_wide(self):
            raise TooMuchError
        kind = type(value)
        if value is None or kind in (bool, float):
            return value
        if kind is int and value.bit_length() <= MAX_BITS:
            return value
        if isinstance(value, str) and len(value) <= MAX_TEXT:
            return str.__str__(value)
        self._depth += 1
        try:
            return self._encode_composite(value)
        finally:
            self._depth -= 1

    def _encode_composite(self, value: Any) -> Tree:
        if isinstance(value, list):
            return ["list", [self.encode(item) for item in list.__iter__(value)]]
        if isinstance(value, tuple):
            return ["tuple", [self.encode(item) for item in tuple.__iter__(value)]]
        if isinstance(value, dict):
            pairs = dict.items(value)
            return ["dict", [[self._encode_key(key), self.encode(item)] for key, item in pairs]]
        if isinstance(value, set | frozenset):
            return ["set", [self._encode_key(item) for item in value]]
        if isinstance(value, np.ndarray):
            return self._encode_array(np.array(value, copy=None, subok=False))
        if isinstance(value, np.generic):
            return ["scalar", self._encode_array(np.array(value))]
        if isinstance(value, np.random.Generator):
            return _generator_state(value)
        if isinstance(value, types.ModuleType):
            return ["module", str(value.__name__)]
        if type(value).__module__.startswith("array_api_strict"):
            return self._encode_strict(value)
        return self._other(value, self.encode)

    def _encode_key(self, key: Any) -> Tree:
        before = self._nodes
        tree = self.encode(key)
        if _has_many_keys(self, key, before):
            raise TooMuchError
        return tree

    def _encode_array(self, array: np.ndarray) -> Tree:
        self._entries += math.prod(max(n, 1) for n in array.shape)
        if self._entries > MAX_ENTRIES:
            raise TooMuchError
        shape = list(array.shape)
        if array.dtype.kind == "O":
            return ["objects", shape, [self.encode(item) for item in array.ravel()]]
        dtype = array.dtype.str
        if not NUMBERS.fullmatch(dtype):
            return ["no numbers", shape, dtype]
        self.buffers.append(array.tobytes())
        return ["array", dtype, shape]

    def _encode_strict(self, value: Any) -> Tree:
        module = sys.modules["array_api_strict"]
        if not isinstance(value, type(module.asarray(0.0))):
            return self._other(value, self.encode)
        on_cpu = value.to_device(module.Device("CPU_DEVICE"))
        return ["strict", self._encode_array(np.asarray(on_cpu)), _device_name(value.device)]


def _device_name(device: Any) -> str:
    return str(device).removeprefix("array_api_strict.Device('").removesuffix("')")


def _generator_state(generator: np.random.Generator) -> Tree:
    source = generator.bit_generator
    if type(source) is not np.random.PCG64:
        raise TooMuchError(f"a generator of type {type(source).__name__}")
    seeds = getattr(source.seed_seq, "state", None)
    return ["generator", source.state, seeds and _plain_integers(seeds)]


def _plain_integers(value: Any) -> Any:
    """Return a seed's state with Python's integers in the place of numpy's."""
    if isinstance(value, dict):
        return {name: _plain_integers(item) for name, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain_integers(item) for item in value]
    return None if value is None else int(value)


class Decoder:
    """Turns a tree and a body back into values, and trusts neither.

    Parameters
    ----------
    body : memoryview
        The buffers, one behind the other.
    other : callable
        ``other(tag, arguments, decode)`` makes the value of any other tag.
    most_nodes, most_entries : int
        Values within the value, and entries of an array.
    """

    def __init__(
        self,
        body: memoryview,
        other: Callable[[str, list[Any], Callable[[Tree], Any]], Any],
        most_nodes: int = MAX_NODES,
        most_entries: int = MAX_ENTRIES,
    ) -> None:
        self._body = body
        self._other = other
        self._most_nodes = most_nodes
        self._most_entries = most_entries
        self._nodes = self._entries = self._depth = self._keys = self._longest = 0

    def decode(self, tree: Tree) -> Any:
        """Return the value of a tree.

        Raises
        ------
        ViolationError
        """
        self._nodes += 1
        if isinstance(tree, str):
            self._longest = max(self._longest, len(tree))
        if self._nodes > self._most_nodes or self._depth > MAX_DEPTH + 2 or _is_wide(self):
            raise ViolationError("a value that is too large")
        if tree is None or isinstance(tree, bool | float):
            return tree
        if isinstance(tree, int):
            if tree.bit_length() > MAX_BITS:
                raise ViolationError("an integer that is too large")
            return tree
        if isinstance(tree, str):
            return checked_text(tree)
        if not isinstance(tree, list) or not tree or not isinstance(tree[0], str):
            raise ViolationError("a value without a kind")
        self._depth += 1
        try:
            return self._decode_composite(tree[0], tree[1:])
        except ViolationError:
            raise
        except Exception as error:  # whatever it is, no honest worker sends it
            raise ViolationError(f"a value of the kind {tree[0][:20]!r} that is none") from error
        finally:
            self._depth -= 1

    def _decode_composite(self, tag: str, rest: list[Any]) -> Any:
        if tag in ("list", "tuple"):
            items = [self.decode(item) for item in _listed(rest[0])]
            return items if tag == "list" else tuple(items)
        if tag == "set":
            return {self._decode_key(item) for item in _listed(rest[0])}
        if tag == "dict":
            return {self._decode_key(key): self.decode(item) for key, item in _listed(rest[0])}
        if tag == "array":
            return self._decode_array(*rest)
        if tag == "scalar":
            return self.decode(rest[0])[()]
        if tag == "objects":
            return self._decode_objects(*rest)
        if tag == "no numbers":
            return self._decode_array_without_numbers(*rest)
        if tag == "generator":
            return _generator(*rest)
        if tag == "module":
            return _module(checked_text(rest[0], 200))
        if tag == "strict":
            module = sys.modules["array_api_strict"]
            numbers, device = self.decode(rest[0]), module.Device(checked_text(rest[1], 50))
            if not isinstance(numbers, np.ndarray):
                raise ViolationError("an array without numbers")
            return module.asarray(numbers, device=device)
        return self._other(tag, rest, self.decode)

    def _decode_key(self, tree: Tree) -> Any:
        before = self._nodes
        key = self.decode(tree)
        if _has_many_keys(self, key, before):
            raise ViolationError("too many keys")
        return key

    def _decode_array(self, dtype: str, shape: list[int]) -> np.ndarray:
        if not isinstance(dtype, str) or not NUMBERS.fullmatch(dtype):
            raise ViolationError("an array of an unknown dtype")
        self._check_shape(shape)
        kind = np.dtype(dtype)
        size = kind.itemsize * math.prod(shape)
        if size > len(self._body):
            raise ViolationError("an array without its bytes")
        content, self._body = self._body[:size], self._body[size:]
        return np.frombuffer(content, kind).reshape(shape).copy()

    def _decode_objects(self, shape: list[int], items: list[Tree]) -> np.ndarray:
        self._check_shape(shape)
        if len(_listed(items)) != math.prod(shape):
            raise ViolationError("an array that lacks entries")
        array = np.empty(len(items), object)
        for i, item in enumerate(items):
            array[i] = self.decode(item)
        return array.reshape(shape)

    def _decode_array_without_numbers(self, shape: list[int], dtype: str) -> np.ndarray:
        """Stand for an array of texts or dates: wrong where numbers are expected, whatever is in it."""
        self._check_shape(shape)
        if not isinstance(dtype, str) or not NO_NUMBERS.fullmatch(dtype):
            dtype = "V1"
        if np.dtype(dtype).itemsize * math.prod(shape) > MAX_BODY:
            raise ViolationError("an array that is too large")
        return np.broadcast_to(np.zeros((), dtype), shape)

    def _check_shape(self, shape: Any) -> None:
        """Refuse what no array has, and empty arrays of a million rows: loops go over rows."""
        if not isinstance(shape, list) or len(shape) > 64 or any(type(n) is not int for n in shape):
            raise ViolationError("an array without a shape")
        self._entries += math.prod(max(n, 1) for n in shape)
        if min(shape, default=0) < 0 or self._entries > self._most_entries:
            raise ViolationError("an array that is too large")


def _is_wide(coder: Encoder | Decoder) -> bool:
    """Tell whether an array of all these values would be much larger than they are."""
    return coder._nodes * coder._longest > MAX_WIDENED


def _has_many_keys(coder: Encoder | Decoder, key: Any, nodes_before: int) -> bool:
    """Count one more key, with all that is in it, and tell whether these are too many."""
    if not isinstance(key, str):
        coder._keys += coder._nodes - nodes_before
    return coder._keys > MAX_KEYS


def checked_text(text: Any, longest: int = MAX_TEXT) -> str:
    """Return a text that can be written to a file; lone surrogates are spelled out."""
    if not isinstance(text, str) or len(text) > longest:
        raise ViolationError("a text that is none, or too long")
    return text.encode("utf-8", "backslashreplace").decode()


def _listed(value: Any, longest: int = MAX_NODES) -> list[Any]:
    if not isinstance(value, list) or len(value) > longest:
        raise ViolationError("a list that is none, or too long")
    return value


def _generator(state: Any, seeds: Any) -> np.random.Generator:
    # The seeds matter to `spawn` alone; the state decides what is drawn.
    match seeds:
        case {
            "entropy": entropy,
            "spawn_key": list() as key,
            "n_children_spawned": int() as spawned,
        }:
            numbers = _listed(entropy, 100) if isinstance(entropy, list) else [entropy]
            if not all(type(n) is int and 0 <= n < 2**256 for n in [*numbers, *key[:100], spawned]):
                raise ViolationError("a generator with seeds that are none")
            sequence = np.random.SeedSequence(
                entropy, spawn_key=tuple(key[:100]), n_children_spawned=spawned
            )
        case _:
            sequence = np.random.SeedSequence(0)
    match state:
        case {
            "bit_generator": "PCG64",
            "state": {"state": int(), "inc": int()},
            "has_uint32": 0 | 1,
            "uinteger": int(),
        }:
            source = np.random.PCG64(sequence)
            source.state = state
            return np.random.Generator(source)
    raise ViolationError("a generator without a state")


def _module(name: str) -> types.ModuleType:
    """Return the module of that name if it is one of arrays, else an empty one of that name."""
    if name in ("numpy", "array_api_strict") and name in sys.modules:
        return sys.modules[name]
    return types.ModuleType(name)
