"""Say what an exception means here, in the words of the course."""

from __future__ import annotations

from grader_tests.calling import Failure, TookTooLong


def explained(failure: Failure) -> str:
    """Turn a failed call into a sentence or two: what happened, where, and what to look at.

    The message names the student's line; it never shows the engine's frames.
    """
    return f"{_meaning(failure)}{_where(failure)}"


def _where(failure: Failure) -> str:
    if not failure.line:
        return ""
    number, text = failure.line
    return f" (line {number}: {text})" if text else f" (line {number})"


def _meaning(failure: Failure) -> str:
    kind, message = failure.kind, failure.message
    if issubclass(kind, TookTooLong):
        return "the call did not come to an end in time and was stopped"
    if issubclass(kind, NotImplementedError):
        return "still the stub: replace `raise NotImplementedError()` by your code"
    if issubclass(kind, RecursionError):
        return "the function calls itself without end"
    if issubclass(kind, NameError):
        return f"{message}: run the cell that defines it, or look for a misspelt name"
    if issubclass(kind, ValueError) and _is_about_shapes(message):
        return _about_shapes(failure)
    if issubclass(kind, TypeError) and "unsupported operand" in message and "'list'" in message:
        return f"{message}: lists do not calculate; make an array of each with np.array()"
    if issubclass(kind, TypeError) and "argument" in message:
        return f"{message}: compare the function's signature with the one in the task"
    return f"{kind.__name__}: {message}" if message else kind.__name__


def _is_about_shapes(message: str) -> bool:
    return any(word in message for word in ("matmul", "not aligned", "broadcast", "mismatch"))


def _about_shapes(failure: Failure) -> str:
    """Name the arrays of the student's line with their shapes; numpy's own words are no help here."""
    if not failure.shapes:
        return f"the shapes do not fit: {failure.message}"
    named = " and ".join(f"{name} {shape}" for name, shape in failure.shapes)
    return f"the shapes do not fit: {named}{_suggestion(failure)}"


def _suggestion(failure: Failure) -> str:
    """Suggest the transpose where two matrices of one line would then fit."""
    matrices = [(name, shape) for name, shape in failure.shapes if len(shape) == 2]
    if "@" not in (failure.line or (0, ""))[1] or len(matrices) != 2:
        return ""
    (first, (_, columns)), (second, (rows, width)) = matrices
    fits = columns == width and columns != rows
    return f"; did you mean {first} @ {second}.T?" if fits else ""
