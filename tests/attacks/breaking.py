"""Submissions that break what reads, runs or shows them, on purpose or by accident."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course.demo import LESSON
from tests.attacks.attack import (
    BREAKING,
    NOTHING,
    POINTS,
    REFUSED,
    Attack,
    Notebook,
    all_but,
    code,
    in_old_format,
    marked,
)
from tests.attacks.pages import WORD

SCRIPT = (
    f"<script>document.title = '{WORD}'</script><img src=x onerror=\"document.title='{WORD}'\">"
)
PICTURE = (
    f"<svg xmlns='http://www.w3.org/2000/svg' onload='{WORD}()'><script>{WORD}()</script></svg>"
)
ESCAPES = f"\x1b]0;{WORD}\x07\x1b[2J\x1b[31m\x9b31m\x08\x7f"
FORMULA = f'=HYPERLINK("http://localhost/{WORD}";"{WORD}")'

STUCK = """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""


def _changed(**entries: Any) -> Callable[[Notebook], None]:
    return lambda notebook: notebook.update(entries)


def _metadata(**entries: Any) -> Callable[[Notebook], None]:
    return lambda notebook: notebook["metadata"].update(entries)


def _cell(**entries: Any) -> Callable[[Notebook], None]:
    """Change the second answer's cell."""
    return lambda notebook: marked(notebook, "output_bpe").update(entries)


def _magic(notebook: Notebook) -> None:
    """Time and capture the cells of right functions, and ask for what nobody gives."""
    for grade_id, magic in (("output_bpe", "%%time"), ("hidden_bpe", "%%capture")):
        marked(notebook, grade_id).update(source=f"{magic}\n{marked(notebook, grade_id)['source']}")
    asked = (
        "input('?')",
        "breakpoint()",
        "exit()",
        "quit",
        "%run nothing.py",
        "%%javascript\nalert(1)",
    )
    notebook["cells"][1:1] = [code(f"asks-{i}", source) for i, source in enumerate(asked)]


def _hostile_markdown(notebook: Notebook) -> None:
    cell = marked(notebook, "question-old-weights")
    cell["source"] = f"""
![x](attachment:a.svg) <style>@import url(http://localhost/{WORD})</style>
$\\href{{javascript:{WORD}()}}{{x}}$ $$\\style{{background: url({WORD})}}{{x}}$$
[a](JaVaScRiPt:{WORD}()) [b](data:text/html,{WORD}) <a href="&#106;avascript:{WORD}()">c</a>
<a href="java\nscript:{WORD}()">d</a>
<math><mtext><table><mglyph><style><img src=x onerror={WORD}()></style></mglyph></table></mtext></math>
<noscript><p title="</noscript><img src=x onerror={WORD}()>">
"""
    cell["attachments"] = {
        "a.svg": {"image/svg+xml": PICTURE, "text/html": SCRIPT},
        "../../x": {"image/png": WORD},
    }


def _half_characters(notebook: Notebook) -> None:
    half = f"\ud800{ESCAPES}\u202e"
    notebook["metadata"]["kernelspec"] = {"name": half, "language": half}
    cell = {**code("half", "pass"), "metadata": {"nbgrader": {"grade_id": half}}}
    notebook["cells"].append(cell)
    answer = marked(notebook, "question-old-weights")
    answer.update(source=half, attachments={half: {"image/png": half}})


def _twice(notebook: Notebook) -> None:
    """Copy and paste a check, as students do."""
    twin = copy.deepcopy(marked(notebook, "check-forward"))
    notebook["cells"].append({**twin, "id": "twin"})


def _answer_twice(notebook: Notebook) -> None:
    twin = copy.deepcopy(marked(notebook, "forward"))
    wrong = {**twin, "id": "twin", "source": "def forward(X, params):\n    return None"}
    notebook["cells"].insert(notebook["cells"].index(marked(notebook, "forward")) + 1, wrong)


def _split(notebook: Notebook) -> None:
    """Split an answer in two, as JupyterLab does it: the second half has no mark."""
    cell = marked(notebook, "train")
    at = notebook["cells"].index(cell)
    first, second = "limit = 10000\n", cell["source"]
    cell["source"] = first
    notebook["cells"].insert(at + 1, code("second-half", second))


def _without_checks(notebook: Notebook) -> None:
    notebook["cells"] = [c for c in notebook["cells"] if not c["id"].startswith("check-")]


def _without_marks(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"].pop("nbgrader", None)


def _reversed(notebook: Notebook) -> None:
    notebook["cells"][1:] = notebook["cells"][:0:-1]


def _retyped(notebook: Notebook) -> None:
    cell = marked(notebook, "check-update")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def _script_everywhere(notebook: Notebook) -> None:
    question = marked(notebook, "question-old-weights")
    question["source"] = (
        f"{SCRIPT}\n\n[link](javascript:alert('{WORD}'))\n\n<svg onload=\"{WORD}()\"></svg>"
    )
    outputs = [
        {"data": {kind: text}, "output_type": "display_data", "metadata": {}}
        for kind, text in {
            "text/html": SCRIPT,
            "image/svg+xml": PICTURE,
            "application/javascript": f"document.title = '{WORD}'",
            "text/markdown": SCRIPT,
            "text/latex": f"$\\href{{javascript:{WORD}()}}{{x}}$",
            "image/png": f'x" onerror="{WORD}()',
        }.items()
    ]
    notebook["cells"].append({**code("shown", "1 + 1"), "outputs": outputs})
    notebook["cells"].append(
        {"cell_type": "raw", "id": "raw", "metadata": {"format": "text/html"}, "source": SCRIPT}
    )
    notebook["metadata"]["title"] = f"</title>{SCRIPT}"
    notebook["metadata"]["language_info"] = {"name": f'python"><script>{WORD}</script>'}
    notebook["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {}, "x": f"</script>{SCRIPT}"}
    }


def _as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _as_loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def _renamed(path: Path) -> None:
    path.rename(path.with_name(f"{LESSON} (1).ipynb"))


def _two_notebooks(path: Path) -> None:
    path.with_name("Untitled.ipynb").write_text("{")
    path.with_name("scratch.ipynb").write_bytes(path.read_bytes())


def _odd_neighbours(path: Path) -> None:
    """Put files with names that no terminal should see beside the notebook."""
    for name in ("a\nb.txt", "\x1b[31m.txt", "-rf", "con.txt", "x" * 250):
        path.with_name(name).write_text("")
    os.close(os.open(bytes(path.parent) + b"/\xff.txt", os.O_CREAT))


def _raw(text: str, encoding: str = "utf-8") -> Callable[[bytes], bytes]:
    return lambda content: text.encode(encoding)


def _crashing(how: str) -> dict[str, str]:
    return {"output_bpe": f"def output_bpe(out, Y):\n    {how}"}


CRASHES = {
    "exits": ("os._exit(0)", "import os; os._exit(0)"),
    "leaves": ("sys.exit", "import sys; sys.exit(0)"),
    "kills-itself": ("SIGKILL", "import os; os.kill(os.getpid(), 9)"),
    "segfault": ("a read at address 0", "import ctypes; ctypes.string_at(0)"),
    "aborts": ("C's abort", "import os; os.abort()"),
    "overflows-the-stack": (
        "a recursion without limit",
        "import sys; sys.setrecursionlimit(10**9); f = lambda f, *a: f(f, *[a] * 2); f(f)",
    ),
}
HANGS = {
    "loop-that-cannot-be-interrupted": ("a loop that catches every exception", STUCK),
    "sum-without-end": (
        "a sum that never ends, in C code that no interrupt reaches",
        "import itertools\nsum(itertools.repeat(0))",
    ),
    "regular-expression-without-end": (
        "a regular expression that backtracks for years",
        "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
    ),
    "sleeps": (
        "a sleep of an hour, with every signal blocked",
        "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\ntime.sleep(3600)",
    ),
}


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines())


ATTACKS = (
    *(
        Attack(
            f"{name}-in-a-cell",
            BREAKING,
            f"ends Python with {what}, beside a right function",
            answers={},
            edit=lambda notebook, how=how: marked(notebook, "output_bpe").update(
                source=f"{marked(notebook, 'output_bpe')['source']}\n\n\n{how}"
            ),
        )
        for name, (what, how) in CRASHES.items()
    ),
    *(
        Attack(
            f"{name}-in-a-call",
            BREAKING,
            f"ends Python with {what}, in the function that is checked",
            answers=_crashing(how),
            deserves=all_but(output_bpe=0),
        )
        for name, (what, how) in CRASHES.items()
    ),
    *(
        Attack(
            f"{name}-in-a-cell",
            BREAKING,
            f"stops the notebook with {what}, beside a right function",
            edit=lambda notebook, how=how: marked(notebook, "output_bpe").update(
                source=f"{marked(notebook, 'output_bpe')['source']}\n\n\n{how}"
            ),
        )
        for name, (what, how) in HANGS.items()
    ),
    *(
        Attack(
            f"{name}-in-a-call",
            BREAKING,
            f"stops the check with {what}, in the function that is checked",
            answers={"output_bpe": f"def output_bpe(out, Y):\n{_indented(how)}"},
            deserves=all_but(output_bpe=0),
        )
        for name, (what, how) in HANGS.items()
    ),
    Attack(
        "closes-its-streams",
        BREAKING,
        "closes every file and replaces the standard streams by None",
        first="""
        import os, sys

        sys.stdout = sys.stderr = sys.stdin = None
        os.closerange(0, 256)
        """,
    ),
    Attack(
        "forgets-its-modules",
        BREAKING,
        "empties sys.modules and sys.path, after which its own functions fail",
        first="import sys\nsys.path.clear()\nsys.modules.clear()",
        deserves=NOTHING,
    ),
    Attack(
        "disturbs-its-process",
        BREAKING,
        "leaves another folder, strict warnings, another locale, a low recursion limit and a profiler",
        first="""
        import decimal, gc, locale, os, random, sys, threading, time, warnings

        os.chdir("/")
        os.environ.clear()
        os.umask(0o777)
        warnings.simplefilter("error")
        np.seterr(all="raise")
        np.set_printoptions(precision=0, threshold=0)
        np.random.seed(0)
        gc.disable()
        sys.setrecursionlimit(150)
        sys.setprofile(lambda *args: None)
        threading.stack_size(65536)
        sys.setswitchinterval(100)
        """,
    ),
    Attack(
        "patches-what-it-is-called-with",
        BREAKING,
        "replaces json, struct, pickle, os.write and len for whoever uses them after it",
        first="""
        import builtins, json, os, pickle, socket, struct

        for module, names in {
            json: ("dumps", "loads"), pickle: ("dumps", "loads"), struct: ("pack", "unpack"),
            os: ("write", "read", "fork"), socket: ("socket",), np: ("asarray", "array", "frombuffer"),
        }.items():
            for name in names:
                setattr(module, name, None)
        """,
    ),
    Attack(
        "slow-but-right",
        BREAKING,
        "is right, and sleeps in every call",
        answers={
            "output_bpe": """
            import time

            def output_bpe(out, Y):
                time.sleep(0.02)
                return (out - Y) * out * (1 - out)
            """
        },
    ),
    Attack(
        "endless-list",
        BREAKING,
        "returns a list whose iterator never ends and whose length is a lie",
        answers={
            "forward": """
            import itertools

            class Endless(tuple):
                def __iter__(self):
                    return itertools.repeat(0.0)

                def __len__(self):
                    return 2

            def forward(X, params):
                return Endless((1, 2))
            """
        },
        deserves=all_but(forward=0),
    ),
    Attack(
        "endless-generator",
        BREAKING,
        "returns a generator that never ends",
        answers={
            "forward": """
            def forward(X, params):
                while True:
                    yield np.zeros(3)
            """
        },
        deserves=all_but(forward=0),
    ),
    Attack(
        "huge-array",
        BREAKING,
        "returns an array of 800 megabytes",
        answers={"output_bpe": "output_bpe = lambda out, Y: np.zeros(100_000_000)"},
        deserves=all_but(output_bpe=0),
    ),
    Attack(
        "array-of-a-terabyte",
        BREAKING,
        "returns a view of one number as an array of a terabyte",
        answers={"output_bpe": "output_bpe = lambda out, Y: np.broadcast_to(0.0, (10**6, 10**6))"},
        deserves=all_but(output_bpe=0),
    ),
    Attack(
        "nested-without-end",
        BREAKING,
        "returns a list that holds itself, and one that is nested a hundred thousand deep",
        answers={
            "output_bpe": """
            def output_bpe(out, Y):
                result = []
                result.append(result)
                return result
            """,
            "hidden_bpe": """
            def hidden_bpe(bpe_out, W2, H):
                result = []
                for _ in range(100_000):
                    result = [result]
                return result
            """,
        },
        deserves=all_but(output_bpe=0, hidden_bpe=0),
    ),
    Attack(
        "numbers-that-are-too-large",
        BREAKING,
        "returns integers of a million digits and text of fifty megabytes",
        answers={
            "output_bpe": "output_bpe = lambda out, Y: [[10**1_000_000]] * len(Y)",
            "hidden_bpe": "hidden_bpe = lambda bpe_out, W2, H: 'x' * 50_000_000",
        },
        deserves=all_but(output_bpe=0, hidden_bpe=0),
    ),
    Attack(
        "hostile-exception",
        BREAKING,
        "raises exceptions whose text, representation and class are hostile",
        answers={
            "output_bpe": """
            class Hostile(BaseException):
                def __str__(self):
                    while True:
                        pass

                __repr__ = __str__

            def output_bpe(out, Y):
                raise Hostile()
            """,
            "hidden_bpe": """
            def hidden_bpe(bpe_out, W2, H):
                raise type("E" * 1_000_000, (Exception,), {})("x" * 20_000_000)
            """,
        },
        deserves=all_but(output_bpe=0, hidden_bpe=0),
    ),
    Attack(
        "raises-what-the-grader-raises",
        BREAKING,
        "raises the exceptions that the grader itself uses to stop",
        answers={
            "output_bpe": """
            def output_bpe(out, Y):
                raise KeyboardInterrupt()
            """,
            "hidden_bpe": """
            def hidden_bpe(bpe_out, W2, H):
                raise GeneratorExit()
            """,
            "update": """
            def update(*args):
                import asyncio
                raise asyncio.CancelledError()
            """,
        },
        deserves=all_but(output_bpe=0, hidden_bpe=0, update=0),
    ),
    Attack(
        "ends-when-collected",
        BREAKING,
        "ends Python from a destructor and at exit",
        first="""
        import atexit, os

        class Mine:
            def __del__(self):
                os._exit(1)

        kept = Mine()
        atexit.register(os._exit, 1)
        """,
    ),
    Attack(
        "does-not-compile",
        BREAKING,
        "has a cell that is no Python, one with a NUL in it, and one that is nested too deeply",
        first="def (",
        last="x = " + "(" * 5_000 + ")" * 5_000,
        edit=lambda notebook: notebook["cells"].append(code("nul", "x = 1\0")),
    ),
    Attack(
        "giant-cell",
        BREAKING,
        "has a cell of five megabytes in one line",
        last="x = '" + "x" * 5_000_000 + "'",
    ),
    Attack(
        "empty-lines",
        BREAKING,
        "has a cell of half a million empty lines, for regular expressions that look for lines",
        edit=lambda notebook: notebook["cells"].append(code("empty", "x = 1", "\n" * 500_000)),
    ),
    Attack(
        "half-a-character",
        BREAKING,
        "holds text that cannot be written as UTF-8, in a cell and in an output",
        last="text = 'half: \ud800'\nprint('half: \\ud800')",
    ),
    Attack("empty-file", BREAKING, "hands in an empty file", raw=_raw(""), deserves=REFUSED),
    Attack(
        "cut-off",
        BREAKING,
        "hands in the first half of the file",
        raw=lambda content: content[: len(content) // 2],
        deserves=REFUSED,
    ),
    Attack(
        "not-json",
        BREAKING,
        "hands in a web page",
        raw=_raw("<!DOCTYPE html><title>Sign in</title>"),
        deserves=REFUSED,
    ),
    Attack(
        "picture",
        BREAKING,
        "hands in a picture",
        raw=lambda content: b"\x89PNG\r\n\x1a\n" + content[:100],
        deserves=REFUSED,
    ),
    Attack(
        "zeros",
        BREAKING,
        "hands in a megabyte of NUL bytes, as a broken disk leaves them",
        raw=lambda content: bytes(1_000_000),
        deserves=REFUSED,
    ),
    Attack(
        "marked-as-utf8",
        BREAKING,
        "hands in a file that begins with a byte order mark",
        raw=lambda content: b"\xef\xbb\xbf" + content,
    ),
    Attack(
        "utf-16",
        BREAKING,
        "hands in a file in UTF-16",
        raw=lambda content: content.decode().encode("utf-16"),
    ),
    Attack(
        "latin-1",
        BREAKING,
        "hands in a file in Latin-1",
        raw=lambda content: content.replace(b"import numpy", b"# \xe4\xf6\xfc\\nimport numpy", 1),
    ),
    Attack(
        "deep-json",
        BREAKING,
        "hands in JSON that is nested a hundred thousand deep",
        raw=_raw("[" * 100_000),
        deserves=REFUSED,
    ),
    Attack(
        "deep-metadata",
        BREAKING,
        "hides JSON nested nine hundred deep in the metadata",
        raw=lambda content: content.replace(
            b'"metadata": {}', b'"metadata": {"x": ' + b"[" * 900 + b"]" * 900 + b"}", 1
        ),
        may_refuse=True,
    ),
    Attack(
        "giant-number",
        BREAKING,
        "has an execution count of ten thousand digits",
        raw=lambda content: content.replace(
            b'"execution_count": null', b'"execution_count": ' + b"9" * 10_000, 1
        ),
        may_refuse=True,
    ),
    Attack(
        "numbers-that-are-none",
        BREAKING,
        "has NaN and infinity in its metadata",
        edit=_metadata(x=float("nan"), y=float("inf")),
    ),
    Attack(
        "doubled-keys",
        BREAKING,
        "has the key 'cells' twice",
        raw=lambda content: b'{"cells": [], ' + content.lstrip()[1:],
    ),
    Attack("a-list", BREAKING, "hands in a JSON list", raw=_raw("[]"), deserves=REFUSED),
    Attack(
        "nbformat-2",
        BREAKING,
        "hands in the notebook in the format of 2011",
        edit=lambda notebook: in_old_format(notebook, 2),
    ),
    Attack(
        "nbformat-3",
        BREAKING,
        "hands in the notebook in the format of 2013",
        edit=lambda notebook: in_old_format(notebook, 3),
    ),
    Attack(
        "nbformat-99",
        BREAKING,
        "hands in a notebook of a format that does not exist yet",
        edit=_changed(nbformat=99),
        deserves=REFUSED,
    ),
    Attack(
        "nbformat-of-words",
        BREAKING,
        "says 'four' and -1 where the format's version should be",
        edit=_changed(nbformat="four", nbformat_minor=-1),
        deserves=REFUSED,
    ),
    Attack(
        "no-cells", BREAKING, "has no list of cells", edit=_changed(cells=None), deserves=REFUSED
    ),
    Attack(
        "cells-of-nothing",
        BREAKING,
        "has cells that are numbers, lists and null",
        edit=lambda notebook: notebook["cells"].extend([1, [], None]),
    ),
    Attack(
        "source-of-numbers",
        BREAKING,
        "has a cell whose source is a list of numbers",
        edit=lambda notebook: notebook["cells"].append(code("numbers", [1, 2])),
    ),
    Attack(
        "metadata-of-nothing",
        BREAKING,
        "has null, a list and text where metadata should be",
        edit=lambda notebook: notebook["cells"].extend(
            {**code(f"odd-{i}", "pass"), "metadata": value}
            for i, value in enumerate([None, [], "x"])
        ),
    ),
    Attack(
        "unknown-kernel",
        BREAKING,
        "asks for a kernel that does not exist",
        edit=_metadata(kernelspec={"name": "../../bin/sh", "display_name": "sh", "language": "sh"}),
    ),
    Attack(
        "other-language",
        BREAKING,
        "says that it is written in another language",
        edit=_metadata(
            kernelspec={"name": "ir", "display_name": "R", "language": "R"},
            language_info={"name": "R"},
        ),
    ),
    Attack("no-kernel", BREAKING, "has no metadata at all", edit=_changed(metadata={})),
    Attack("copied-check", BREAKING, "has a check twice, by copy and paste", edit=_twice),
    Attack(
        "copied-answer",
        BREAKING,
        "has an answer twice, the second one, which counts, wrong",
        edit=_answer_twice,
        deserves=all_but(forward=0),
    ),
    Attack("split-answer", BREAKING, "has split the cell of an answer in two", edit=_split),
    Attack("no-checks", BREAKING, "has deleted all checks", edit=_without_checks),
    Attack(
        "no-marks",
        BREAKING,
        "comes from a program that has dropped nbgrader's metadata",
        edit=_without_marks,
    ),
    Attack("text-for-a-check", BREAKING, "has turned a check into text", edit=_retyped),
    Attack(
        "other-order",
        BREAKING,
        "has its cells in the opposite order, checks before answers",
        edit=_reversed,
    ),
    Attack(
        "old-schema",
        BREAKING,
        "has marks of an old schema of nbgrader, and of one that does not exist",
        edit=lambda notebook: (
            marked(notebook, "forward")["metadata"]["nbgrader"].update(schema_version=1),
            marked(notebook, "update")["metadata"]["nbgrader"].update(schema_version=99),
        ),
    ),
    Attack(
        "hostile-grade-ids",
        BREAKING,
        "has ids that are regular expressions, paths, lists and SQL",
        edit=lambda notebook: notebook["cells"].extend(
            {
                **code(f"id-{i}", "pass"),
                "metadata": {
                    "nbgrader": {
                        **marked(notebook, "forward")["metadata"]["nbgrader"],
                        "grade_id": value,
                    }
                },
            }
            for i, value in enumerate(
                ["(.*", "../../x", ["forward"], "'; DROP TABLE grade; --", "", None]
            )
        ),
    ),
    Attack(
        "hostile-points",
        BREAKING,
        "has negative, infinite and textual points",
        edit=lambda notebook: [
            marked(notebook, f"check-{name}")["metadata"]["nbgrader"].update(points=points)
            for name, points in zip(POINTS, [-5, 1e400, "ten", None, [1]], strict=True)
        ],
    ),
    Attack(
        "folder-for-a-file",
        BREAKING,
        "has a folder where the notebook should be",
        arrange=_as_folder,
        deserves=REFUSED,
    ),
    Attack(
        "pipe-for-a-file",
        BREAKING,
        "has a named pipe where the notebook should be, which whoever opens it waits for",
        arrange=_as_pipe,
        deserves=REFUSED,
    ),
    Attack(
        "loop-for-a-file",
        BREAKING,
        "has a link to itself where the notebook should be",
        arrange=_as_loop,
        deserves=REFUSED,
    ),
    Attack(
        "other-file-name",
        BREAKING,
        "has the file name that a browser gives to a second download",
        arrange=_renamed,
    ),
    Attack(
        "several-notebooks",
        BREAKING,
        "hands in its scratch notebooks as well, one of them broken",
        arrange=_two_notebooks,
    ),
    Attack(
        "odd-file-names",
        BREAKING,
        "hands in files whose names hold a line break, terminal codes and bytes that are no text",
        arrange=_odd_neighbours,
    ),
    Attack(
        "hostile-timestamp",
        BREAKING,
        "hands in a timestamp that is no date",
        files={"timestamp.txt": b"yesterday \xff evening"},
    ),
    Attack(
        "timestamp-beyond-time",
        BREAKING,
        "hands in a timestamp in the year 9999, at the edge of what a date can be",
        files={"timestamp.txt": b"9999-12-31 23:59:59.999999 -1400"},
    ),
    Attack(
        "script-in-the-notebook",
        BREAKING,
        "has scripts in its answer, outputs, raw cells, title and metadata, for the feedback page",
        edit=_script_everywhere,
        pages=True,
    ),
    Attack(
        "script-in-outputs",
        BREAKING,
        "shows and prints scripts in cells and calls, for the feedback page",
        first=f"""
        from IPython.display import HTML, Javascript, SVG, Markdown, Latex, display

        script = {SCRIPT!r}
        print(script)
        display(HTML(script), Markdown(script), Latex(script), Javascript("title = '{WORD}'"))
        display({{"text/html": script, "image/svg+xml": {PICTURE!r}}}, raw=True)
        view = {{"model_id": "</script>" + script}}
        display({{"application/vnd.jupyter.widget-view+json": view}}, raw=True)
        """,
        last=f"raise ValueError({SCRIPT!r})",
        answers={
            "output_bpe": f"def output_bpe(out, Y):\n    raise ValueError({SCRIPT!r})",
            "hidden_bpe": f"def hidden_bpe(bpe_out, W2, H):\n    return type({SCRIPT!r}, (), {{}})()",
        },
        deserves=all_but(output_bpe=0, hidden_bpe=0),
        pages=True,
    ),
    Attack(
        "terminal-codes",
        BREAKING,
        "prints, raises and names things with codes that a terminal obeys",
        first=f"print({ESCAPES!r})",
        answers={
            "output_bpe": f"def output_bpe(out, Y):\n    raise ValueError({ESCAPES!r})",
            "hidden_bpe": f"""
            def hidden_bpe(bpe_out, W2, H):
                raise type({ESCAPES!r}, (Exception,), {{}})()
            """,
            "update": f"def update(*args):\n    return type({ESCAPES!r}, (), {{}})()",
        },
        last=f"raise type({ESCAPES!r}, (SystemExit,), {{}})({ESCAPES!r})",
        deserves=all_but(output_bpe=0, hidden_bpe=0, update=0),
        pages=True,
    ),
    Attack(
        "formulas",
        BREAKING,
        "raises and returns things whose names are formulas, for the table of grades",
        answers={
            "output_bpe": f"""
            def output_bpe(out, Y):
                raise type({FORMULA!r}, (BaseException,), {{}})({FORMULA!r})
            """,
            "hidden_bpe": f"""
            import os

            def hidden_bpe(bpe_out, W2, H):
                os.write(2, {FORMULA.encode()!r})
                os._exit(1)
            """,
        },
        deserves=all_but(output_bpe=0, hidden_bpe=0),
        pages=True,
    ),
    Attack(
        "formula-for-a-name",
        BREAKING,
        "has a folder whose name is a formula",
        student=f"=1+1 {WORD}",
        may_refuse=True,
        pages=True,
    ),
    Attack(
        "script-for-a-name",
        BREAKING,
        "has a folder whose name is a script",
        student=f"<img src=x onerror={WORD}()>",
        may_refuse=True,
        pages=True,
    ),
    Attack(
        "terminal-codes-for-a-name",
        BREAKING,
        "has a folder whose name holds codes that a terminal obeys",
        student=f"\x1b[31m{WORD}\x07",
        may_refuse=True,
    ),
    Attack(
        "option-for-a-name",
        BREAKING,
        "has a folder whose name looks like an option, and a pattern",
        student="--force",
        may_refuse=True,
    ),
    Attack(
        "pattern-for-a-name",
        BREAKING,
        "has a folder whose name is a pattern that fits everybody's",
        student="[!x]*",
        may_refuse=True,
    ),
    Attack(
        "long-name",
        BREAKING,
        "has a folder whose name has two hundred and fifty letters",
        student="n" * 250,
        may_refuse=True,
    ),
    Attack(
        "forks-in-its-cell",
        BREAKING,
        "forks beside a right function, and the child goes on as if it were asked",
        edit=lambda notebook: marked(notebook, "output_bpe").update(
            source=f"{marked(notebook, 'output_bpe')['source']}\n\n\nimport os\nos.fork()"
        ),
    ),
    Attack(
        "slow-to-look-at",
        BREAKING,
        "gives the name of an exercise to an object that sleeps whenever it is turned into an array",
        answers={
            "train": """
            import time

            class Slow:
                def __array__(self, *args, **named):
                    time.sleep(3600)

            train = Slow()
            """
        },
        deserves=all_but(train=0),
    ),
    Attack(
        "prints-a-million-dots",
        BREAKING,
        "prints a million dots, one at a time, before its right function is defined",
        edit=lambda notebook: marked(notebook, "output_bpe").update(
            source="for _ in range(1_000_000):\n    print('.', end='')\n\n\n"
            + marked(notebook, "output_bpe")["source"]
        ),
    ),
    Attack(
        "magics-everywhere",
        BREAKING,
        "uses IPython's magics, shell commands, a debugger and questions to nobody",
        edit=_magic,
        first="%load_ext autoreload\n%autoreload 2\n!echo 1\n%xmode Verbose\n%pdb on",
        last="%debug",
    ),
    Attack(
        "hooks-everywhere",
        BREAKING,
        "leaves hooks for audit events, collections and exceptions, and a thousand alarms a second",
        first="""
        import gc, signal, sys

        def refuse(event, arguments):
            if event == "open":
                raise RuntimeError(event)

        sys.addaudithook(refuse)
        sys.excepthook = sys.unraisablehook = lambda *args: None
        gc.callbacks.append(lambda *args: sys._getframe(1))
        gc.set_threshold(1)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        """,
    ),
    Attack(
        "displays-that-are-none",
        BREAKING,
        "displays what is nested too deeply, has numbers for texts, and types that are none",
        first="""
        from IPython.display import display

        nested = {}
        for _ in range(5000):
            nested = {"a": nested}
        display({"application/json": nested, "text/plain": "x"}, raw=True)
        """,
        last="""
        from IPython.display import display

        display({"text/plain": 5, "text/html": None, "a b/<c>": "x", "image/png": b"x"}, raw=True)
        display({"application/json": {1: float("nan"), None: {1, 2}}}, raw=True)
        """,
    ),
    Attack(
        "widgets-and-messages",
        BREAKING,
        "opens comms, shows widgets, awaits and updates its displays thousands of times",
        first="""
        import asyncio
        import ipywidgets as widgets
        from IPython.display import clear_output, display
        from comm import create_comm

        await asyncio.sleep(0.01)
        comm = create_comm(target_name="x", data={"a": 1})
        comm.send({"x": 1})
        comm.close()
        widgets.interact(lambda x: x, x=3)
        handle = display("a", display_id=True)
        for i in range(3000):
            handle.update(i)
            clear_output(wait=True)
        """,
    ),
    Attack(
        "classes-that-lie",
        BREAKING,
        "returns objects that say they are arrays, with memory and strides that are not theirs",
        first="""
        class Everything(type):
            __mro__ = property(lambda cls: (list,))

            def __instancecheck__(cls, instance):
                return True

        class Liar(metaclass=Everything):
            __class__ = np.ndarray
            dtype, shape, ndim = np.dtype(float), (10, 1), 2

        class Elsewhere:
            __array_interface__ = {
                "shape": (1000,), "typestr": "<f8", "data": (4096, True), "version": 3
            }
        """,
        answers={
            "forward": """
            from numpy.lib.stride_tricks import as_strided

            def forward(X, params):
                far = as_strided(np.zeros(1), (len(X), 1), (10**14, -(10**14)))
                return far, far
            """,
            "output_bpe": "output_bpe = lambda *args: Liar()",
            "hidden_bpe": "hidden_bpe = lambda *args: Elsewhere()",
            "update": """
            class Matrix(np.matrix):
                __array_finalize__ = None
                shape = property(lambda self: (3, 2))

            update = lambda params, *rest: [memoryview(p).cast("B") for p in params]
            """,
        },
        deserves=all_but(forward=0, output_bpe=0, hidden_bpe=0, update=0),
    ),
    Attack(
        "links-and-attachments",
        BREAKING,
        "has links, mathematics, styles and attachments in its written answer that want to run",
        edit=_hostile_markdown,
        pages=True,
    ),
    Attack(
        "half-characters-everywhere",
        BREAKING,
        "has half characters and a terminal's codes in its kernel's name, ids and attachments",
        edit=_half_characters,
        pages=True,
    ),
    Attack(
        "numbers-of-four-thousand-digits",
        BREAKING,
        "has thousands of numbers in its metadata, each as long as Python reads one",
        raw=lambda content: content.replace(
            b'"metadata": {}',
            b'"metadata": {"x": [' + b"9" * 4299 + (b"," + b"9" * 4299) * 3000 + b"]}",
            1,
        ),
    ),
    Attack(
        "name-of-anothers-record",
        BREAKING,
        "has a folder whose name is that of the file in which another student's grades are kept",
        student="0-ann.json",
        pages=True,
    ),
)
