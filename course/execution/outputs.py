"""Outputs of cells: what a worker claims, put into the form of a notebook, and those of checks."""

from __future__ import annotations

import math
import re
from typing import Any

from course.execution.inside.codec import checked_text
from course.execution.inside.wire import ViolationError
from grader_tests.verdict import MIME, Verdict

Output = dict[str, Any]

COULD_NOT_CHECK = "CouldNotCheck"
MIME_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,100}")
MOST_OUTPUTS = 1000


def cell_outputs(claim: Any, count: int, limit: int) -> list[Output]:
    """Copy a cell's outputs, as far as they are what a notebook may hold.

    Parameters
    ----------
    claim : object
        What the worker says.
    count : int
        The cell's number.
    limit : int
        Characters in all.

    Raises
    ------
    ViolationError
    """
    if not isinstance(claim, list) or len(claim) > MOST_OUTPUTS:
        raise ViolationError("outputs that are none, or too many")
    outputs = [_output(item, count) for item in claim]
    if sum(_length(output) for output in outputs) > limit:
        raise ViolationError("more output than is allowed")
    return outputs


def verdict_outputs(verdict: Verdict, count: int) -> list[Output]:
    """Return what a check cell shows: the verdict, and the score as its value."""
    shown = {"output_type": "display_data", "data": verdict.bundle(), "metadata": {}}
    if verdict.status == "could-not-check":
        return [shown, error_output(" ".join(verdict.notes))]
    score = {
        "output_type": "execute_result",
        "data": {"text/plain": repr(verdict.score)},
        "metadata": {},
        "execution_count": count,
    }
    return [shown, score]


def error_output(reason: str, name: str = COULD_NOT_CHECK) -> Output:
    """Return the output of a cell that has failed for a reason of the grader's."""
    return {
        "output_type": "error",
        "ename": name,
        "evalue": reason,
        "traceback": [f"{name}: {reason}"],
    }


def _output(item: Any, count: int) -> Output:
    match item:
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": text}:
            return {"output_type": "stream", "name": name, "text": _text(text)}
        case {
            "output_type": "display_data",
            "data": dict() as data,
            "metadata": dict() as metadata,
        }:
            return {"output_type": "display_data", "data": _data(data), "metadata": _json(metadata)}
        case {
            "output_type": "execute_result",
            "data": dict() as data,
            "metadata": dict() as metadata,
        }:
            return {
                "output_type": "execute_result",
                "data": _data(data),
                "metadata": _json(metadata),
                "execution_count": count,
            }
        case {"output_type": "error", "ename": name, "evalue": value, "traceback": list() as lines}:
            return {
                "output_type": "error",
                "ename": _text(name),
                "evalue": _text(value),
                "traceback": [_text(line) for line in lines],
            }
    raise ViolationError("an output of an unknown kind")


def _data(data: dict[str, Any]) -> dict[str, Any]:
    """Copy a display's forms; a verdict is not for a student to show."""
    if not all(MIME_TYPE.fullmatch(mime) for mime in data):
        raise ViolationError("an output of an impossible type")
    kept = {mime: content for mime, content in data.items() if mime != MIME}
    return {
        mime: _json(content) if mime.endswith("json") else _text(content)
        for mime, content in kept.items()
    }


def _json(value: Any, depth: int = 0) -> Any:
    """Copy what JSON holds, with texts that can be written."""
    if depth > 50:
        raise ViolationError("an output that is nested too deeply")
    if isinstance(value, dict):
        return {_text(key): _json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_json(item, depth + 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return _text(value) if isinstance(value, str) else value


def _text(text: Any) -> str:
    return checked_text(text, 20_000_000)


def _length(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_length(key) + _length(item) for key, item in value.items())
    if isinstance(value, list):
        return sum(_length(item) for item in value)
    return len(value) if isinstance(value, str) else 8
