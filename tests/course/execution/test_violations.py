"""A worker that says what no honest one says is killed, and nothing else happens."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from course.execution.inside.codec import Decoder, Encoder, TooMuchError
from course.execution.inside.wire import ViolationError
from course.execution.outputs import cell_outputs

from .conftest import RIGHT, Run, errors, outcomes, scores

SPEAK = """
import gc, json, os, socket, struct
def say(header, body=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    for number in range(3, 64):
        try:
            if os.readlink(f"/proc/self/fd/{number}").startswith("socket"):
                os.write(number, struct.pack(">II", len(text), len(body)) + text + body)
        except OSError:
            pass
"""


@pytest.mark.parametrize(
    "message",
    [
        "b'nonsense'",
        "b'[' * 100_000",
        "{}",
        "{'n': 1, 'outputs': []}",
        "*[{'n': i, 'value': 1.0, 'changed': [], 'heard': []} for i in range(1)]",
        "{'n': 10**9}",
    ],
)
def test_forged_messages_earn_nothing(run: Run, message: str) -> None:
    wrong = "def output_bpe(out, Y):\n    return 0 * out"
    result = run(SPEAK, f"say({message})", wrong, RIGHT["hidden_bpe"], "?output_bpe", "?hidden_bpe")
    assert scores(result) == {"output_bpe": 0, "hidden_bpe": 8}


def test_a_forged_message_in_a_call_costs_the_call(run: Run) -> None:
    forging = "def output_bpe(out, Y):\n    say({'n': 1, 'function': 0, 'arguments': None})"
    result = run(SPEAK, forging, RIGHT["hidden_bpe"], "?output_bpe", "?hidden_bpe")
    found = outcomes(result)
    assert (found["output_bpe"].score, found["hidden_bpe"].score) == (None, 8)
    assert "the worker sent" in found["output_bpe"].reason


def test_a_message_that_trickles_in_takes_the_time_of_the_cell(run: Run) -> None:
    trickle = """
import struct, time
sockets = [n for n in range(3, 64) if os.path.exists(f"/proc/self/fd/{n}")
           and os.readlink(f"/proc/self/fd/{n}").startswith("socket")]
for letter in struct.pack(">II", 10**6, 0) + b" " * 10**6:
    os.write(sockets[0], bytes([letter]))
    time.sleep(0.03)
"""
    result = run(SPEAK, trickle, RIGHT["hidden_bpe"], "?hidden_bpe")
    assert errors(result, 2) == ["Stopped: the worker sent a message that broke off"]
    assert scores(result) == {"hidden_bpe": 8}


def decode(tree: Any, body: bytes = b"") -> Any:
    def other(tag: str, rest: list[Any], decode: Any) -> Any:
        raise ViolationError("unknown")

    return Decoder(memoryview(body), other).decode(json.loads(json.dumps(tree)))


@pytest.mark.parametrize(
    "tree",
    [
        [],
        {},
        [1],
        ["list", 3],
        ["list"],
        ["nonsense", 1],
        ["dict", [[["list", []], 1]]],
        ["dict", [[1, 2, 3]]],
        ["set", [n * (2**61 - 1) for n in range(5000)]],
        ["list", [["set", [n * (2**61 - 1) for n in range(1500)]]] * 2],
        ["dict", [[["tuple", [0] * 50 + [n]], 0] for n in range(100)]],
        ["list", ["x" * 100_000, *[0] * 200]],
        ["array", "<f8", [3]],
        ["array", "<f8", [-1]],
        ["array", "|O", [0]],
        ["array", "<f8", [2**40, 0]],
        ["array", "<f8", [2**62, 2**62]],
        ["array", "<f8", [1.5]],
        ["no numbers", [2**39], "<U9"],
        ["objects", [2], [1]],
        ["scalar", 3],
        ["generator", {"bit_generator": "MT19937"}, None],
        ["generator", {}, {"entropy": 1, "spawn_key": [], "pool_size": 10**6}],
        ["strict", 3, "CPU_DEVICE"],
        ["module", 3],
        "x" * 2_000_000,
        2**5000,
    ],
)
def test_what_no_encoder_makes_is_refused(tree: Any) -> None:
    with pytest.raises(ViolationError):
        decode(tree)


def test_depth_and_number_are_limited() -> None:
    deep: Any = 1
    for _ in range(200):
        deep = ["list", [deep]]
    with pytest.raises(ViolationError):
        decode(deep)
    with pytest.raises(ViolationError):
        decode(["list", [0] * 1_000_000])


@pytest.mark.parametrize(
    "value", [[set(range(1500)), set(range(1500))], ["x" * 100_000] * 200], ids=["keys", "texts"]
)
def test_what_would_be_refused_is_not_sent(value: Any) -> None:
    with pytest.raises(TooMuchError):
        Encoder(lambda value, encode: None).encode(value)


ROUND = [
    None,
    True,
    3,
    2**100,
    -0.0,
    float("inf"),
    "text",
    [1, (2, [3])],
    {"a": {1, 2}, 3: None},
    [{str(n): n for n in range(3000)}],
    np.float32(0.1),
    np.bool_(True),
    np.arange(6, dtype=np.uint8).reshape(2, 3),
    np.zeros((0, 3)),
    np.array(1.5),
    np.array([1j]),
    np.array([[1, "x"]], dtype=object),
]


@pytest.mark.parametrize("value", ROUND, ids=repr)
def test_values_come_back_as_they_were(value: Any) -> None:
    def other(value: Any, encode: Any) -> Any:
        raise AssertionError(value)

    encoder = Encoder(other)
    tree = encoder.encode(value)
    back = decode(tree, b"".join(encoder.buffers))
    assert type(back) is type(value)
    assert repr(back) == repr(value)


def test_a_generator_comes_back_in_the_same_state() -> None:
    generator = np.random.default_rng(np.int64(5))
    generator.random(7)
    back = decode(Encoder(lambda value, encode: None).encode(generator))
    assert back.random() == generator.random()
    assert back.spawn(1)[0].random() == generator.spawn(1)[0].random()


@pytest.mark.parametrize(
    "claim",
    [
        None,
        [1],
        [{}],
        [{"output_type": "stream", "name": "stdin", "text": ""}],
        [{"output_type": "stream", "name": "stdout", "text": 3}],
        [{"output_type": "display_data", "data": {"text/plain": 3}, "metadata": {}}],
        [{"output_type": "display_data", "data": {"<script>": ""}, "metadata": {}}],
        [{"output_type": "error", "ename": "E", "evalue": "", "traceback": [[]]}],
        [{"output_type": "stream", "name": "stdout", "text": "x" * 1000}],
        [{"output_type": "stream", "name": "stdout", "text": "x"}] * 2000,
    ],
)
def test_outputs_that_no_notebook_holds_are_refused(claim: Any) -> None:
    with pytest.raises(ViolationError):
        cell_outputs(claim, 1, limit=500)
