"""IPython without a kernel: cells in, a notebook's outputs out."""

from __future__ import annotations

import ast
import binascii
import inspect
import io
import os
import sys
import types
from collections.abc import Mapping
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

Output = dict[str, Any]
MOST_OUTPUTS = 500
LONGEST_LINE = 10_000
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Outputs:
    """What a cell has put out so far, up to a number of characters."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.items: list[Output] = []
        self._room = self.limit
        self._places = MOST_OUTPUTS
        self._waiting = False

    def clear_soon(self) -> None:
        """Forget everything once something new comes."""
        self._waiting = True

    def write(self, name: str, text: str) -> None:
        """Add to a stream; what comes after the limit is counted as lost, in one line."""
        last = self.items[-1] if self.items and not self._waiting else {}
        if last.get("output_type") != "stream" or last["name"] != name:
            last = {"output_type": "stream", "name": name, "text": []}
            self.add(last)
        if self._has_room(len(text)):
            # Joined at the end: a loop may print a hundred thousand times.
            last["text"].append(text)

    def add(self, output: Output) -> None:
        """Add an output."""
        self._places -= 1
        if self._has_room(sum(len(str(value)) for value in output.get("data", {}).values())):
            self.items.append(output)

    def update(self, output: Output, identity: str) -> None:
        """Put new content where this identity was displayed before in this cell."""
        for item in self.items:
            if item.get("identity") == identity:
                item.update(data=output["data"], metadata=output["metadata"])

    def _has_room(self, size: int) -> bool:
        if self._waiting:
            self.clear()
        had_room = self._room >= 0
        self._room = self._room - size if self._places > 0 else -1
        if had_room and self._room < 0:
            text = "\n[this cell puts out too much: the rest is left out]\n"
            self.items.append({"output_type": "stream", "name": "stderr", "text": [text]})
        return self._room >= 0


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a cell."""

    encoding = "utf-8"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self._name = name
        self._outputs = outputs

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, text: str) -> int:
        """Add text to the outputs."""
        if not isinstance(text, str):
            raise TypeError(f"expected a string to write, got {type(text).__name__}")
        self._outputs.write(self._name, text)
        return len(text)


class Publisher(DisplayPublisher):
    """Takes what is displayed."""

    def publish(  # type: ignore[no-untyped-def]
        self, data, metadata=None, source=None, *, transient=None, update=False, **options
    ) -> None:
        """Add a display to the outputs."""
        identity = (transient or {}).get("display_id")
        output = _display("display_data", data, metadata)
        if update:
            self.shell.outputs.update(output, identity)
        else:
            self.shell.outputs.add(output | ({"identity": identity} if identity else {}))

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has put out."""
        if wait:
            self.shell.outputs.clear_soon()
        else:
            self.shell.outputs.clear()


class ResultHook(DisplayHook):
    """Takes a cell's last value."""

    def write_output_prompt(self) -> None:
        """Print nothing."""

    def write_format_data(self, format_dict, md_dict=None) -> None:  # type: ignore[no-untyped-def]
        """Add the value to the outputs."""
        output = _display("execute_result", format_dict, md_dict)
        self.shell.outputs.add(output | {"execution_count": self.prompt_count})

    def finish_displayhook(self) -> None:
        """Print nothing."""
        self._is_active = False


class Compiler(CachingCompiler):
    """IPython's compiler; it tells `inspect` at once which module a cell belongs to.

    Otherwise a traceback searches all modules for each of its frames: seconds, after a deep recursion.
    """

    def cache(self, *cell: Any, **options: Any) -> str:
        """Keep a cell's text under a name, and return the name."""
        name = super().cache(*cell, **options)
        inspect.modulesbyfile[os.path.abspath(name)] = "__main__"
        return name


class Shell(InteractiveShell):
    """IPython's shell; it collects a cell's outputs instead of printing them."""

    compiler_class = Type(Compiler)
    display_pub_class = Type(Publisher)
    displayhook_class = Type(ResultHook)
    outputs: Outputs

    def _showtraceback(self, etype, evalue, stb) -> None:  # type: ignore[no-untyped-def]
        error = {
            "ename": str(etype.__name__)[:LONGEST_LINE],
            "evalue": _text_of(evalue)[:LONGEST_LINE],
            "traceback": [line[:LONGEST_LINE] for line in stb][:MOST_OUTPUTS],
        }
        self.outputs.items.append({"output_type": "error", **error})

    def _format_exception_for_storage(self, *exception: Any, **options: Any) -> list[str]:
        """Format nothing: it would be for the history, which nobody keeps."""
        return []

    def enable_gui(self, gui: Any = None) -> None:
        """Do without: there is no window."""


def make_shell(output_limit: int) -> Shell:
    """Make the one shell of this process, with matplotlib's figures shown inline."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.cache_size = 100
    shell: Shell = Shell.instance(config=config)
    shell.outputs = Outputs(output_limit)
    sys.modules["__main__"] = shell.user_module
    return shell


def run_cell(
    shell: Shell, source: str, count: int, definitions_only: bool = False
) -> dict[str, Any]:
    """Run a cell and return its outputs.

    Parameters
    ----------
    shell : Shell
    source : str
    count : int
        The cell's number.
    definitions_only : bool
        Leave out everything but imports, functions and classes.
    """
    outputs = shell.outputs
    outputs.clear()
    shell.execution_count = count
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Stream("stdout", outputs), Stream("stderr", outputs)
    try:
        if definitions_only:
            source = definitions(shell, source)
        shell.run_cell(source, store_history=True)
    finally:
        sys.stdout, sys.stderr = streams
    for output in outputs.items:
        output.pop("identity", None)
        if output["output_type"] == "stream":
            output["text"] = "".join(output["text"])
    return {"outputs": outputs.items}


REHEARSAL = """\
import warnings
from matplotlib import pyplot
pyplot.plot([0, 1], label="$x$")
pyplot.title("a figure")
pyplot.show()
print(1)
1 / 0
"""


def rehearse(shell: Shell) -> None:
    """Run a cell that plots, prints and fails, so that fonts and modules are loaded; then forget it."""
    run_cell(shell, REHEARSAL, 1)
    shell.reset(new_session=True)
    shell.execution_count = 1
    shell.outputs.clear()


def definitions(shell: Shell, source: str) -> str:
    """Return the imports, functions and classes of a cell; nothing where it is no Python."""
    try:
        tree = ast.parse(shell.transform_cell(source))
    except Exception:
        return ""
    kept: list[ast.stmt] = [node for node in tree.body if isinstance(node, DEFINITIONS)]
    return ast.unparse(ast.Module(kept, []))


def namespace(shell: Shell) -> dict[str, Any]:
    """Return the notebook's global names."""
    names: dict[str, Any] = shell.user_ns
    return names


def use_inline_figures(shell: Shell) -> types.ModuleType:
    """Import matplotlib so that figures become outputs."""
    import matplotlib_inline.backend_inline as inline
    from matplotlib import pyplot

    pyplot.switch_backend(f"module://{inline.__name__}")
    inline.configure_inline_support(shell, f"module://{inline.__name__}")
    pyplot.ion()
    return pyplot


def _display(kind: str, data: Mapping[str, Any], metadata: Mapping[str, Any] | None) -> Output:
    plain = {mime: _in_text(content) for mime, content in data.items()}
    return {"output_type": kind, "data": plain, "metadata": dict(metadata or {})}


def _in_text(content: Any) -> Any:
    """Return images as text, the way notebooks hold them."""
    if isinstance(content, bytes):
        return binascii.b2a_base64(content).decode("ascii")
    return content


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""
