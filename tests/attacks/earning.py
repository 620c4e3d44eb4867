"""Attacks that are after marks which the work does not earn."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from course.demo import LESSON
from tests.attacks.attack import (
    EARNING,
    NOTHING,
    POINTS,
    REFUSED,
    STUBS,
    ZEROS,
    Attack,
    Notebook,
    all_but,
    code,
    marked,
)

# The right functions, taken from the checks' own files and disguised: the code objects are new ones.
THE_REFERENCES = """
import types
from grader_tests import catalogue

def disguised(name):
    right = catalogue.exercise("08-two-three-one", name).reference
    code = right.__code__.replace(co_name="mine", co_filename="mine")
    return types.FunctionType(code, right.__globals__, name, right.__defaults__)

"""
USE_THEM = {name: f'{name} = disguised("{name}")' for name in POINTS}


def _zip_with_a_checker() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("grader_tests.py", FAKE_CHECKER)
    return file.getvalue()


FAKE_CHECKER = f"""
POINTS = {POINTS}

def check(lesson, exercise, namespace):
    return float(POINTS[exercise])
"""

FAKE_VERDICT = f"""
POINTS = {POINTS}
MIME = "application/vnd.nnkit.verdict+json"

def verdict(name):
    return {{
        "lesson": "{LESSON}", "exercise": name, "seed": 1, "score": POINTS[name],
        "max_score": POINTS[name], "status": "pass", "misconceptions": [], "criteria": [],
        "diagnoses": [], "notes": [],
    }}
"""


def _renamed(notebook: Notebook) -> None:
    """Let the check of an exercise that is right count for one that is not."""
    cheap, dear = marked(notebook, "check-forward"), marked(notebook, "check-train")
    for cell, name in ((cheap, "check-train"), (dear, "check-forward")):
        cell["metadata"]["nbgrader"]["grade_id"] = name


def _own_check(notebook: Notebook) -> None:
    """Mark the check as an answer of the student's, so that its source is left as it is."""
    cell = marked(notebook, "check-train")
    cell["source"] = "12.0"
    cell["metadata"]["nbgrader"].update(solution=True, locked=False)


def _no_check(notebook: Notebook) -> None:
    cell = marked(notebook, "check-train")
    cell["source"] = "12.0"
    cell["metadata"]["nbgrader"] = {}


def _dear(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        mark = cell["metadata"].get("nbgrader", {})
        if "points" in mark:
            mark["points"] = 1000


def _bonus(notebook: Notebook) -> None:
    cell = code("bonus", "1000.0")
    cell["metadata"]["nbgrader"] = {
        **marked(notebook, "check-train")["metadata"]["nbgrader"],
        "grade_id": "check-bonus",
        "points": 1000,
    }
    notebook["cells"].append(cell)


def _second_check(notebook: Notebook) -> None:
    """Put a check of the student's own before the real one."""
    cell = code("twin", "12.0")
    cell["metadata"]["nbgrader"] = dict(marked(notebook, "check-train")["metadata"]["nbgrader"])
    notebook["cells"].insert(2, cell)


def _written_answer(notebook: Notebook) -> None:
    """Turn the question for a person into a check that pays by itself."""
    cell = marked(notebook, "question-old-weights")
    cell.update(cell_type="code", source="4.0", outputs=[], execution_count=None)
    cell["metadata"]["nbgrader"].update(solution=False, locked=True, cell_type="code")


def _train_first(notebook: Notebook) -> None:
    """Move the last exercise and its check before all others."""
    cells = notebook["cells"]
    last = [marked(notebook, "train"), marked(notebook, "check-train")]
    cells[:] = [cells[0], *last, *(cell for cell in cells[1:] if cell not in last)]


def _ready_outputs(notebook: Notebook) -> None:
    """Hand in checks that show full marks already, and a first cell that stops everything after it."""
    for name, points in POINTS.items():
        marked(notebook, f"check-{name}")["outputs"] = [
            {
                "output_type": "execute_result",
                "execution_count": 1,
                "data": {"text/plain": f"{points}.0"},
                "metadata": {},
            }
        ]


def _link_to_neighbour(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parents[2] / "zz-zoe" / LESSON / path.name)


def _link_to_folder(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()
    path.parent.symlink_to(path.parents[2] / "zz-zoe" / LESSON)


def _link_to_solution(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parents[4] / "solutions" / LESSON / path.name)


ATTACKS = (
    Attack(
        "equal-to-everything",
        EARNING,
        "returns an object that says it is equal to whatever it is compared with",
        first="""
        class Yes(float):
            __eq__ = __ge__ = __le__ = __bool__ = lambda *args: True
            __ne__ = __lt__ = __gt__ = lambda *args: False
            __sub__ = __rsub__ = __abs__ = lambda *args: Yes(0)
            shape, dtype, ndim, size = (), np.dtype(float), 0, 1

            def __array_ufunc__(self, ufunc, method, *inputs, **named):
                return np.array(True)

            def __iter__(self):
                return iter([Yes(0)] * 2)
        """,
        answers={name: f"{name} = lambda *args, **named: Yes(0)" for name in POINTS},
        deserves=NOTHING,
    ),
    Attack(
        "agreeing-array",
        EARNING,
        "returns a subclass of ndarray whose differences are 0 and whose comparisons are true",
        first="""
        class Agrees(np.ndarray):
            def __array_ufunc__(self, ufunc, method, *inputs, **named):
                boolean = ufunc.nout == 1 and ufunc.types[0].endswith("?")
                return np.ones(self.shape, bool) if boolean else np.zeros(self.shape)

            def __array_function__(self, function, types, args, named):
                return True

            def tobytes(self, *args):
                return b""
        """,
        answers=ZEROS
        | {"output_bpe": "output_bpe = lambda out, Y: np.zeros((len(Y), 1)).view(Agrees)"},
        deserves=NOTHING,
    ),
    Attack(
        "asks-its-callers",
        EARNING,
        "walks up the stack to the frame that knows the expected result and returns that",
        first="""
        import sys

        def ask(*args, **named):
            frame = sys._getframe()
            while frame:
                known = frame.f_locals.get("expected")
                if known is not None:
                    return known
                frame = frame.f_back
        """,
        answers={name: f"{name} = ask" for name in POINTS},
        deserves=NOTHING,
    ),
    Attack(
        "asks-when-converted",
        EARNING,
        "returns an object that finds the expected result when it is turned into an array",
        first="""
        import sys

        class Later:
            def __array__(self, dtype=None, copy=None):
                frame = sys._getframe()
                while frame:
                    for value in frame.f_locals.values():
                        if type(value).__name__ == "Trial" and isinstance(value.like, np.ndarray):
                            return value.like
                        if hasattr(value, "like") and isinstance(value.like, np.ndarray):
                            return value.like
                    frame = frame.f_back
                return np.zeros(1)
        """,
        answers={name: f"{name} = lambda *args: Later()" for name in ("output_bpe", "hidden_bpe")},
        deserves=all_but(output_bpe=0, hidden_bpe=0),
    ),
    Attack(
        "searches-the-heap",
        EARNING,
        "looks through all objects in memory for the newest expected result",
        first="""
        import gc

        def search(*args, **named):
            outcomes = [o for o in gc.get_objects() if type(o).__name__ == "Outcome"]
            return outcomes[-1].value if outcomes else None
        """,
        answers={name: f"{name} = search" for name in POINTS},
        deserves=NOTHING,
    ),
    Attack(
        "borrows-the-references",
        EARNING,
        "imports the checks' own right functions and hands them in",
        first="from grader_tests import catalogue",
        answers={
            name: f'{name} = catalogue.exercise("{LESSON}", "{name}").reference' for name in POINTS
        },
        deserves=NOTHING,
    ),
    Attack(
        "disguises-the-references",
        EARNING,
        "copies the code of the checks' own right functions into functions of its own",
        first=THE_REFERENCES,
        answers=USE_THEM,
        deserves=NOTHING,
    ),
    Attack(
        "reads-the-references",
        EARNING,
        "reads the checks' source files wherever the package lies and runs the right functions",
        first="""
        import importlib.util, pathlib, sys

        found = importlib.util.find_spec("grader_tests")
        places = [*map(pathlib.Path, found.submodule_search_locations), *map(pathlib.Path, sys.path)]
        for place in places:
            for path in sorted(place.glob("**/lesson_08_two_three_one/*.py")):
                exec(path.read_text().partition("\\ndef cases")[0], globals())
        """,
        answers=dict.fromkeys(POINTS, "pass"),
        deserves=NOTHING,
    ),
    Attack(
        "reads-the-solutions",
        EARNING,
        "opens the lesson's source in the course's folder and runs the solutions in it",
        first="""
        import pathlib, re

        text = pathlib.Path(COURSE, "solutions", "08-two-three-one", "08-two-three-one.py").read_text()
        for cell in re.split("\\n# %%", text):
            if cell.startswith(" exercise="):
                exec(cell.partition("\\n")[2], globals())
        """,
        answers=dict.fromkeys(POINTS, "pass"),
        deserves=NOTHING,
    ),
    Attack(
        "reads-a-neighbour",
        EARNING,
        "opens the notebooks of the other students and runs their answers",
        first="""
        import json, pathlib

        for path in sorted(pathlib.Path(COURSE, "course", "submitted").glob("*/*/*.ipynb")):
            for cell in json.loads(path.read_text())["cells"]:
                if cell["id"] in ("forward", "output_bpe", "hidden_bpe", "update", "train"):
                    exec(cell["source"], globals())
            if "zoe" in str(path) or "ann" in str(path):
                break
        """,
        answers=dict.fromkeys(POINTS, "pass"),
        deserves=NOTHING,
    ),
    Attack(
        "climbs-from-the-stand-in",
        EARNING,
        "finds the right `train` behind the right `forward` that stands in for a wrong one",
        answers={
            "forward": ZEROS["forward"],
            "train": """
            def train(*args, **named):
                import sys, types
                forward(*args[0::2])
                right = getattr(forward, "right", forward)
                module = sys.modules[right.__module__.rpartition(".")[0] + ".train"]
                code = module.train.__code__.replace(co_name="mine")
                mine = types.FunctionType(code, vars(module), "t", module.train.__defaults__)
                return mine(*args, **named)
            """,
        },
        deserves=all_but(forward=0, train=0),
    ),
    Attack(
        "patched-check",
        EARNING,
        "replaces `check` by a function that returns the points",
        first="""
        import grader_tests

        points = {"forward": 10.0, "output_bpe": 6.0, "hidden_bpe": 8.0, "update": 10.0, "train": 12.0}
        grader_tests.check = lambda lesson, exercise, namespace: points[exercise]
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "silent-check",
        EARNING,
        "replaces `check` by a function that shows and returns nothing, which counts as full marks",
        first="import grader_tests\ngrader_tests.check = lambda *args: None",
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "fake-checker-module",
        EARNING,
        "puts a module of its own in the place of grader_tests",
        first=f"""
        import sys, types

        fake = types.ModuleType("grader_tests")
        exec({FAKE_CHECKER!r}, vars(fake))
        sys.modules["grader_tests"] = fake
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "patched-judge",
        EARNING,
        "makes every finding of the engine a passed one",
        first="""
        from grader_tests import judging

        judging._failed = lambda criterion, *rest: judging._passed(criterion)
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "patched-comparison",
        EARNING,
        "makes the engine's comparison find no difference",
        first="""
        from grader_tests import values

        values.difference = lambda *args, **named: None
        values.same = lambda *args, **named: True
        """,
        answers=ZEROS,
        deserves=NOTHING,
    ),
    Attack(
        "patched-verdict",
        EARNING,
        "makes the verdict's score what could be earned",
        first="""
        from grader_tests.verdict import Verdict

        Verdict.score = property(lambda self: self.max_score)
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "patched-numpy",
        EARNING,
        "replaces numpy's functions, so that no difference is larger than 0",
        first="""
        np.abs = lambda value: np.zeros(np.shape(value))
        np.all = lambda *args, **named: True
        """,
        answers=ZEROS,
        deserves=NOTHING,
    ),
    Attack(
        "patched-builtins",
        EARNING,
        "replaces a builtin that the engine uses, so that nothing ever differs",
        first="""
        import builtins

        builtins.isinstance = (
            lambda value, kind, real=isinstance: False
            if getattr(kind, "__name__", "") == "Misfit"
            else real(value, kind)
        )
        np.where = lambda *args: np.array(True)
        """,
        answers=ZEROS,
        deserves=NOTHING,
    ),
    Attack(
        "replaced-reference",
        EARNING,
        "replaces the exercises' references by its own wrong functions, which then agree",
        first="""
        from grader_tests import catalogue

        for name in ("forward", "output_bpe", "hidden_bpe", "update", "train"):
            task = catalogue.exercise("08-two-three-one", name)
            wrong = lambda *args, **named: 1.0
            wrong.__name__ = name
            object.__setattr__(task, "reference", wrong)
        """,
        answers={name: f"{name} = lambda *args, **named: 1.0" for name in POINTS},
        deserves=NOTHING,
    ),
    Attack(
        "rewritten-criteria",
        EARNING,
        "rewrites the exercises' criteria so that anything is near enough",
        first="""
        from grader_tests import catalogue

        for name in ("forward", "output_bpe", "hidden_bpe", "update", "train"):
            for criterion in catalogue.exercise("08-two-three-one", name).criteria:
                if hasattr(criterion, "atol"):
                    object.__setattr__(criterion, "atol", 1e9)
        """,
        answers=ZEROS,
        deserves=NOTHING,
    ),
    Attack(
        "guessed-seed",
        EARNING,
        "fixes the random generators, meets the same cases as at home and looks the answers up",
        first="""
        import secrets
        from grader_tests import catalogue
        from grader_tests.arguments import fresh

        secrets.randbits = lambda bits: 7
        real = np.random.default_rng
        np.random.default_rng = lambda seed=None: real(7)
        TABLE = {}

        def key(args):
            return repr([np.asarray(a).tolist() if not isinstance(a, tuple) else key(a) for a in args])

        for name in ("forward", "output_bpe", "hidden_bpe", "update"):
            task = catalogue.exercise("08-two-three-one", name)
            for case in task.cases(real(7)):
                TABLE[name, key(case.args)] = task.reference(*fresh(case.args))
        """,
        answers={
            name: f'{name} = lambda *args: TABLE["{name}", key(args)]'
            for name in ("forward", "output_bpe", "hidden_bpe", "update")
        },
        deserves={**NOTHING, "train": 12},
    ),
    Attack(
        "seed-from-the-environment",
        EARNING,
        "takes the seed of the cases from the environment or the course's key and draws them itself",
        first="""
        import hashlib, hmac, os, pathlib, zlib
        from grader_tests import catalogue
        from grader_tests.arguments import fresh

        seed = os.environ.get("NNKIT_CHECK_SEED")
        if seed is None:
            secret = pathlib.Path(COURSE, "course", "secret").read_bytes().strip()
            who = b"seed-from-the-environment/08-two-three-one"
            seed = int.from_bytes(hmac.digest(secret, who, hashlib.sha256)[:8], "big")
        import secrets
        secrets.randbits = lambda bits: int(seed)
        TABLE = {}

        def key(args):
            return repr([np.asarray(a).tolist() if not isinstance(a, tuple) else key(a) for a in args])

        for name in ("forward", "output_bpe", "hidden_bpe", "update"):
            task = catalogue.exercise("08-two-three-one", name)
            rng = np.random.default_rng([int(seed), zlib.crc32(name.encode()), 0])
            for case in task.cases(rng):
                TABLE[name, key(case.args)] = task.reference(*fresh(case.args))
        """,
        answers={
            name: f'{name} = lambda *args: TABLE["{name}", key(args)]'
            for name in ("forward", "output_bpe", "hidden_bpe", "update")
        },
        deserves={**NOTHING, "train": 12},
    ),
    Attack(
        "changed-input",
        EARNING,
        "an IPython input transformer puts the points in the place of every check",
        first="""
        points = {"forward": 10.0, "output_bpe": 6.0, "hidden_bpe": 8.0, "update": 10.0, "train": 12.0}

        def transform(lines):
            for name, value in points.items():
                if any(f'"{name}", globals()' in line for line in lines):
                    return [f"{value}\\n"]
            return lines

        get_ipython().input_transformers_cleanup.append(transform)
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "changed-tree",
        EARNING,
        "an AST transformer takes out every assert and turns every check into a constant",
        first="""
        import ast

        points = {"forward": 10.0, "output_bpe": 6.0, "hidden_bpe": 8.0, "update": 10.0, "train": 12.0}

        class Lenient(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.Pass()

            def visit_Call(self, node):
                if getattr(node.func, "id", "") == "check":
                    return ast.Constant(points[node.args[1].value])
                return node

        get_ipython().ast_transformers.append(Lenient())
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "patched-run-cell",
        EARNING,
        "replaces IPython's own way of running a cell",
        first="""
        shell = get_ipython()
        real = shell.run_cell
        points = {"forward": 10.0, "output_bpe": 6.0, "hidden_bpe": 8.0, "update": 10.0, "train": 12.0}

        def run_cell(source, *args, **named):
            for name, value in points.items():
                if f'"{name}", globals()' in source:
                    source = str(value)
            return real(source, *args, **named)

        shell.run_cell = run_cell
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "generous-display",
        EARNING,
        "makes IPython show other numbers than the checks return",
        first="""
        points = iter(("10.0", "6.0", "8.0", "10.0", "12.0"))
        formatter = get_ipython().display_formatter.formatters["text/plain"]
        formatter.for_type(float, lambda value, printer, cycle: printer.text(next(points)))
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "forged-result",
        EARNING,
        "sends a result with full marks on the kernel's own channel before each check's own",
        first=FAKE_VERDICT
        + """
shell = get_ipython()

def forge(info):
    for name, points in POINTS.items():
        if f'"{name}", globals()' in (info.raw_cell or ""):
            send = shell.kernel.session.send
            content = {"data": {"text/plain": f"{points}.0"}, "metadata": {}, "execution_count": 1}
            send(shell.kernel.iopub_socket, "execute_result", content, parent=shell.parent_header)

shell.events.register("pre_run_cell", forge)
""",
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "idle-too-early",
        EARNING,
        "tells the grader that the cell is done before the check has shown anything",
        first="""
        shell = get_ipython()

        def leave(info):
            if "globals()" in (info.raw_cell or ""):
                send, socket = shell.kernel.session.send, shell.kernel.iopub_socket
                send(socket, "status", {"execution_state": "idle"}, parent=shell.parent_header)

        shell.events.register("pre_run_cell", leave)
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "verdict-of-its-own",
        EARNING,
        "shows a forged verdict with full marks in the answer's cell and in every call",
        first=FAKE_VERDICT + "\nfrom IPython.display import display\n",
        answers={
            name: f"""
            def {name}(*args, **named):
                display({{MIME: verdict("{name}"), "text/plain": "fine"}}, raw=True)
                raise NotImplementedError()

            display({{MIME: verdict("{name}"), "text/plain": "fine"}}, raw=True)
            """
            for name in POINTS
        },
        deserves=NOTHING,
    ),
    Attack(
        "prints-verdicts",
        EARNING,
        "prints messages in the form of verdicts, outputs and replies on every open descriptor",
        first="""
        import json, os, struct

        reply = json.dumps({"id": 1, "seq": 1, "ok": True, "value": 12.0, "score": 12.0}).encode()
        frames = [reply, b"\\n" + reply + b"\\n", struct.pack(">I", len(reply)) + reply]
        frames += [struct.pack("<I", len(reply)) + reply, struct.pack(">Q", len(reply)) + reply]
        for number in range(3, 64):
            for frame in frames:
                try:
                    os.set_blocking(number, False)
                    os.write(number, frame)
                except OSError:
                    break
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "late-forgery",
        EARNING,
        "a thread keeps sending results with full marks while the checks run",
        first="""
        import threading, time

        shell = get_ipython()

        def keep_sending():
            for _ in range(400):
                content = {"data": {"text/plain": "6.0"}, "metadata": {}, "execution_count": 1}
                socket, header = shell.kernel.iopub_socket, shell.parent_header
                shell.kernel.session.send(socket, "execute_result", content, parent=header)
                time.sleep(0.005)

        threading.Thread(target=keep_sending, daemon=True).start()
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "sniffs-the-grader",
        EARNING,
        "behaves only when no grader is there, and cheats where the environment says one is",
        first="""
        import os

        if "NBGRADER_EXECUTION" in os.environ or "NNKIT_CHECK_SEED" in os.environ:
            import grader_tests
            grader_tests.check = lambda *args: None
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "shadow-module",
        EARNING,
        "brings a grader_tests.py of its own, beside the notebook",
        files={"grader_tests.py": FAKE_CHECKER.encode()},
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "shadow-package",
        EARNING,
        "brings a whole package grader_tests of its own, beside the notebook",
        files={"grader_tests/__init__.py": FAKE_CHECKER.encode()},
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "shadow-in-a-zip",
        EARNING,
        "brings a grader_tests in a zip file and puts that in front of Python's path",
        files={"data.zip": _zip_with_a_checker()},
        first="import sys\nsys.path.insert(0, 'data.zip')\nsys.modules.pop('grader_tests', None)",
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "import-hook",
        EARNING,
        "registers an import hook that rewrites the engine as it is loaded",
        first=f"""
        import importlib.abc, importlib.util, sys

        class Hook(importlib.abc.MetaPathFinder, importlib.abc.Loader):
            def find_spec(self, name, path=None, target=None):
                return importlib.util.spec_from_loader(name, self) if name == "grader_tests" else None

            def exec_module(self, module):
                exec({FAKE_CHECKER!r}, vars(module))

        sys.modules.pop("grader_tests", None)
        sys.meta_path.insert(0, Hook())
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "traced",
        EARNING,
        "a trace function rewrites the engine's own findings as they are made",
        first="""
        import sys

        def watch(frame, event, argument):
            if frame.f_code.co_name == "as_dict" or frame.f_code.co_name == "score":
                verdict = frame.f_locals.get("self")
                for finding in getattr(verdict, "findings", ()):
                    object.__setattr__(finding, "points", finding.max_points)
                    object.__setattr__(finding, "passed", True)
            return None

        sys.settrace(watch)
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "stateful",
        EARNING,
        "answers the first call with its arguments' right value and all others with that same value",
        answers={
            "output_bpe": """
            remembered = []

            def output_bpe(out, Y):
                if not remembered:
                    remembered.append((out - Y) * out * (1 - out))
                return remembered[0]
            """
        },
        deserves=all_but(output_bpe=0),
    ),
    Attack(
        "counts-its-calls",
        EARNING,
        "is right for the first five calls, which check the exercise, and wrong ever after",
        answers={
            "output_bpe": """
            calls = [0]

            def output_bpe(out, Y):
                calls[0] += 1
                if calls[0] > 3:
                    return np.zeros((len(Y), 1))
                return (out - Y) * out * (1 - out)
            """
        },
        deserves=all_but(output_bpe=0),
    ),
    Attack(
        "not-a-number",
        EARNING,
        "returns NaN, infinity and complex numbers, for which no comparison says that they are wrong",
        answers={
            "forward": "forward = lambda X, params: [np.full((len(X), k), np.nan) for k in (3, 1)]",
            "output_bpe": "output_bpe = lambda out, Y: np.full((len(Y), 1), np.inf)",
            "hidden_bpe": "hidden_bpe = lambda bpe_out, W2, H: np.full((len(H), 3), 1j * np.nan)",
            "update": "update = lambda params, *rest: [np.full_like(p, -np.inf) for p in params]",
            "train": "train = lambda X, Y, params, *rest, **named: (params, np.nan)",
        },
        deserves=NOTHING,
    ),
    Attack(
        "masked-and-structured",
        EARNING,
        "returns masked, structured, object and date arrays; one of them may compare as equal",
        answers={
            "forward": "forward = lambda X, params: [np.ma.masked_all((len(X), k)) for k in (3, 1)]",
            "output_bpe": "output_bpe = lambda out, Y: np.zeros((len(Y), 1), [('a', float)])",
            "hidden_bpe": "hidden_bpe = lambda bpe_out, W2, H: np.full((len(H), 3), None)",
            "update": "update = lambda params, *rest: [np.zeros(p.shape, 'M8[s]') for p in params]",
            "train": "train = lambda *args, **named: (np.ma.masked, np.ma.masked)",
        },
        deserves=NOTHING,
    ),
    Attack(
        "shadowed-names",
        EARNING,
        "gives the names that a check cell uses to functions of its own",
        first="""
        def globals():
            return {"forward": print}

        def check(*args):
            return 12.0

        def float(*args):
            return 12.0

        display = get_ipython = print
        """,
        answers=STUBS,
        deserves=NOTHING,
    ),
    Attack(
        "dear-checks",
        EARNING,
        "makes every check worth 1000 points in the notebook's metadata",
        edit=_dear,
    ),
    Attack(
        "swapped-checks",
        EARNING,
        "swaps the ids of two checks, so that the easier one counts for the dearer one",
        edit=_renamed,
        answers={"train": STUBS["train"]},
        deserves=all_but(train=0),
    ),
    Attack(
        "own-check",
        EARNING,
        "marks a check as an answer of its own, whose source is the points",
        edit=_own_check,
        answers={"train": STUBS["train"]},
        deserves=all_but(train=0),
    ),
    Attack(
        "no-check",
        EARNING,
        "takes the mark off a check and writes the points into the cell",
        edit=_no_check,
        answers={"train": STUBS["train"]},
        deserves=all_but(train=0),
    ),
    Attack(
        "bonus-check",
        EARNING,
        "adds a check of its own, worth 1000 points",
        edit=_bonus,
    ),
    Attack(
        "second-check",
        EARNING,
        "puts a check of its own with the same id before the real one",
        edit=_second_check,
        answers={"train": STUBS["train"]},
        deserves=all_but(train=0),
    ),
    Attack(
        "paid-question",
        EARNING,
        "turns the question that a person grades into a check that pays by itself",
        edit=_written_answer,
    ),
    Attack(
        "ready-outputs",
        EARNING,
        "hands in checks that show full marks already, and ends Python before they run",
        edit=_ready_outputs,
        answers=STUBS,
        first="import os\nos._exit(0)",
        deserves=NOTHING,
    ),
    Attack(
        "linked-notebook",
        EARNING,
        "hands in a link to another student's notebook",
        arrange=_link_to_neighbour,
        deserves=REFUSED,
    ),
    Attack(
        "linked-folder",
        EARNING,
        "hands in a link to another student's folder",
        arrange=_link_to_folder,
        deserves=REFUSED,
    ),
    Attack(
        "linked-solution",
        EARNING,
        "hands in a link to the instructor's notebook",
        arrange=_link_to_solution,
        deserves=REFUSED,
    ),
    Attack(
        "answers-that-change-later",
        EARNING,
        "returns zeros that the next call makes right, and all arrays that it has returned as one",
        answers={
            "output_bpe": """
            made = []

            def output_bpe(out, Y):
                for result, right in made:
                    result[:] = right
                made.append((np.zeros_like(out), (out - Y) * out * (1 - out)))
                return made[-1][0]
            """,
            "hidden_bpe": """
            kept = []

            def hidden_bpe(bpe_out, W2, H):
                kept.append(np.zeros_like(H))
                for result in kept:
                    result[:] = 1
                return kept[-1][::-1]
            """,
        },
        deserves=all_but(output_bpe=0, hidden_bpe=0),
    ),
    Attack(
        "keeps-the-stand-in",
        EARNING,
        "has `train` checked first, and keeps the right `forward` that stands in there for its own",
        edit=_train_first,
        answers={
            "forward": "forward = lambda X, params: KEPT[-1](X, params)",
            "train": """
            def train(X, Y, params, *rest, **named):
                KEPT.append(forward)
                raise ValueError()

            KEPT = []
            """,
        },
        deserves=all_but(forward=0, train=0),
    ),
    Attack(
        "raises-in-events",
        EARNING,
        "leaves handlers of IPython's events and of exceptions that end whatever runs after them",
        first="""
        def leave(*args):
            raise SystemExit

        for event in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
            get_ipython().events.register(event, leave)
        get_ipython().set_custom_exc((Exception,), leave)
        """,
        answers={"train": STUBS["train"]},
        deserves=all_but(train=0),
    ),
)
