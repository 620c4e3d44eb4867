"""Submissions that are honest, broken or hostile, run in the real sandbox."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from course.execution import Executor, Limits, find_sandbox
from course.execution.doctor import examine
from course.execution.process import Watch, Zygote
from course.execution.sandbox import UNPROTECTED
from course.execution.session import Session
from course.paths import Course, CourseError
from grader_tests import catalogue

from .conftest import LIMITS, RIGHT, Run, errors, job, outcomes, printed, scores

BOTH = ("?output_bpe", "?hidden_bpe")


def test_cells_show_what_jupyter_shows(run: Run) -> None:
    result = run(
        "print('hello')\n1 + 1",
        "1 / 0",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "%%capture kept\nprint('not shown')",
        "from IPython.display import Markdown, display\ndisplay(Markdown('**b**'))\nkept.stdout",
        "import asyncio\nawait asyncio.sleep(0)\n_ = 3;",
    )
    cells = result.notebook["cells"]
    assert printed(result, 1) == "hello\n2"
    assert errors(result, 2) == ["ZeroDivisionError: division by zero"]
    assert "image/png" in cells[3]["outputs"][-1]["data"]
    assert cells[4]["outputs"] == []
    assert printed(result, 5) == "<IPython.core.display.Markdown object>'not shown\\n'"
    assert errors(result, 6) == []
    assert [cell["execution_count"] for cell in cells] == [1, 2, 3, 4, 5, 6, 7]
    nbformat.validate(nbformat.from_dict(result.notebook))


def test_a_lesson_s_files_lie_beside_the_notebook(run: Run) -> None:
    result = run("print(open('picture.svg').read())", **{"picture.svg": b"<svg/>"})
    assert printed(result) == "<svg/>\n"


def test_jobs_do_not_see_each_other(run: Run) -> None:
    run("secret = 1\nopen('left', 'w').write('x')\nimport numpy\nnumpy.pi = 3")
    result = run("import os\nprint('secret' in globals(), os.listdir('.'), np.pi > 3.1)")
    assert printed(result) == "False [] True\n"


def test_the_doctor_finds_nothing_missing(executor: Executor, checkout: Course) -> None:
    assert [finding for finding in examine(checkout.root) if not finding.well] == []


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("import os; os._exit(0)", "Python died"),
        ("import ctypes; ctypes.string_at(0)", "Python died"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", ""),
        ("x = []\nwhile True: x.append(bytearray(50_000_000))", ""),
        (
            "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
            "too long",
        ),
        ("import signal; signal.pause()", ""),
    ],
)
def test_a_deadly_cell_costs_nothing_but_itself(run: Run, harm: str, says: str) -> None:
    result = run(RIGHT["output_bpe"], f"kept = 1\n{harm}", RIGHT["hidden_bpe"], *BOTH)
    assert scores(result) == {"output_bpe": 6, "hidden_bpe": 8}
    assert says in " ".join(errors(result, 2))


def test_an_endless_loop_is_interrupted_and_its_names_stay(run: Run) -> None:
    result = run("before = 1\nwhile True: pass", "print(before)")
    assert errors(result, 1)[0].startswith("KeyboardInterrupt")
    assert printed(result, 2) == "1\n"
    assert result.notes == ("cell 2 took too long and was interrupted",)


def test_what_is_no_answer_is_neither_zero_nor_full_marks(run: Run) -> None:
    dies = "def output_bpe(out, Y):\n    import os\n    os._exit(0)"
    found = outcomes(run(dies, RIGHT["hidden_bpe"], *BOTH))
    assert found["output_bpe"].score is None
    assert "Python died" in found["output_bpe"].reason
    assert found["hidden_bpe"].score == 8


@pytest.mark.parametrize("kind", ["KeyboardInterrupt", "SystemExit", "GeneratorExit"])
def test_what_python_ends_with_is_an_exception_like_any_other(run: Run, kind: str) -> None:
    found = outcomes(run(f"def output_bpe(out, Y):\n    raise {kind}", "?output_bpe"))
    assert (found["output_bpe"].score, found["output_bpe"].misconceptions) == (0, ("raises",))


def test_a_call_that_never_ends_is_too_slow(executor: Executor) -> None:
    endless = "def output_bpe(out, Y):\n  while True:\n    try:\n      while True: pass\n"
    endless += "    except BaseException: pass"
    found = outcomes(executor.run(job(endless, RIGHT["hidden_bpe"], *BOTH)))
    assert (found["output_bpe"].score, found["output_bpe"].misconceptions) == (0, ("too-slow",))
    assert found["hidden_bpe"].score == 8


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let calls take a second, not ten."""
    real = catalogue.exercise
    monkeypatch.setattr(catalogue, "exercise", lambda *name: replace(real(*name), seconds=1.0))


def test_what_took_too_long_once_is_not_called_again(run: Run, impatient: None) -> None:
    """It would use up the time of the exercises that build on it."""
    hangs = "calls = []\ndef output_bpe(out, Y):\n    calls.append(out)\n    while True: pass"
    others = [RIGHT[name] for name in ("forward", "hidden_bpe", "update", "train")]
    result = run(hangs, *others, "?output_bpe", "print(len(calls))", "?train", "print(len(calls))")
    assert scores(result) == {"output_bpe": 0, "train": 12}
    assert (printed(result, 7), printed(result, 9)) == ("1\n", "2\n")


def test_what_is_defined_anew_is_called_again(run: Run, impatient: None) -> None:
    hangs = "def output_bpe(out, Y):\n    while True: pass"
    others = [RIGHT[name] for name in ("forward", "hidden_bpe", "output_bpe", "train")]
    wrong = "def update(*args):\n    return None"
    result = run(hangs, "?output_bpe", *others, wrong, "?train")
    assert "(line 2: while True: pass)" in str(result.notebook["cells"][2]["outputs"])
    assert scores(result) == {"output_bpe": 0, "train": 12}
    assert "Your `update` is not right yet" in str(result.notebook["cells"][-1]["outputs"])


def test_time_is_limited_over_all_cells(executor: Executor) -> None:
    limits = Limits(cell_seconds=1, submission_seconds=2)
    with Executor(executor.sandbox, limits) as hurried:
        result = hurried.run(job(*["while True: pass"] * 9, RIGHT["output_bpe"], "?output_bpe"))
    found = outcomes(result)["output_bpe"]
    assert found.score is None
    assert "more than 2 seconds in all" in found.reason


@pytest.mark.parametrize(
    "flood",
    [
        "while True: print('x' * 1000)",
        "for i in range(10**6): display(i)",
        "raise ValueError('x' * 10**8)",
        "print('x' * 10**8)",
    ],
)
def test_output_is_cut(run: Run, flood: str) -> None:
    result = run(flood, RIGHT["output_bpe"], "?output_bpe")
    assert scores(result) == {"output_bpe": 6}
    assert len(str(result.notebook)) < 5_000_000


def test_memory_cannot_be_put_into_pipes_where_nobody_counts_it(run: Run) -> None:
    result = run(
        "import ctypes, errno, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "assert libc.vmsplice(os.pipe()[1], None, 0, 0) == -1\n"
        "assert ctypes.get_errno() == errno.EPERM"
    )
    assert not errors(result)


def test_a_cell_that_is_too_long_is_not_run(run: Run) -> None:
    result = run("# " + "x" * 10**7, RIGHT["output_bpe"], "?output_bpe")
    assert "too long" in errors(result)[0]
    assert scores(result) == {"output_bpe": 6}


def test_forks_threads_and_files_are_limited_and_gone_afterwards(run: Run) -> None:
    marker = f"nnkit-test-{os.getpid()}"
    result = run(
        f"import subprocess, sys\nfor _ in range(100):\n    subprocess.Popen([sys.executable, '-c', "
        f"'import time; time.sleep(1000)', '{marker}'], start_new_session=True)",
        "open('large', 'wb').write(bytes(100_000_000))",
    )
    assert "Resource temporarily unavailable" in errors(result, 1)[0]
    assert errors(result, 2)
    assert not [path for path in Path("/proc").glob("[0-9]*") if marker in _command(path)]


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_text()
    except OSError:
        return ""


def test_a_zygote_that_died_is_replaced(executor: Executor) -> None:
    with Executor(executor.sandbox, LIMITS) as own:
        own.run(job("1"))
        assert own._split is not None
        own._split._zygote._process.kill()
        assert printed(own.run(job("print(2)"))) == "2\n"


def test_the_sandbox_dies_with_the_grader(executor: Executor) -> None:
    program = (
        "from tests.course.execution.conftest import job\n"
        "from course.execution import Executor\n"
        "with Executor() as executor:\n"
        "    executor.run(job('1'))\n"
        "    print(executor._split._zygote._process.pid, flush=True)\n"
        "    executor.run(job('import time\\ntime.sleep(100)'))\n"
    )
    grader = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    sandbox = int(grader.stdout.readline())
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    deadline = time.monotonic() + 30
    while Path(f"/proc/{sandbox}/exe").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    state = Path(f"/proc/{sandbox}/stat")
    assert not state.exists() or " Z " in state.read_text()


@pytest.fixture
def zygote(executor: Executor) -> Iterator[Zygote]:
    made = Zygote(executor.sandbox, LIMITS)
    yield made
    made.close()


def test_workers_of_one_zygote_do_not_meet(zygote: Zygote) -> None:
    one, other = (Session(lambda watch: zygote.fork({}, watch), LIMITS) for _ in range(2))
    name = "import glob, os, socket\nunix = socket.socket(socket.AF_UNIX)\naddress = '\\0here'\n"
    cells = {
        one: f"{name}unix.bind(address)\nunix.listen()\nopen('/tmp/file', 'w')\nprint('open')",
        other: f"{name}print('file' in os.listdir('/tmp'), len(glob.glob('/proc/[0-9]*')))\n"
        "unix.connect(address)",
    }
    found = [
        session.run_cell(source, 1, lambda answer, body: answer["outputs"])
        for session, source in cells.items()
    ]
    one.close()
    other.close()
    assert found[0][0]["text"] == "open\n"
    assert found[1][0]["text"] == "False 1\n"
    assert found[1][1]["ename"] == "ConnectionRefusedError"


def test_a_worker_ends_with_the_grader_that_asked_for_it(zygote: Zygote) -> None:
    """Although the zygote lives on: it serves other graders."""
    worker, other = (zygote.fork({}, Watch(LIMITS)) for _ in range(2))
    busy = {"do": "cell", "source": "while True: pass", "count": 1, "definitions": False}
    worker.channel.send({"n": 1, **busy})
    ended = select.poll()
    ended.register(worker._pidfd, select.POLLIN)
    assert not ended.poll(200)
    worker.channel.close()  # as the system does when a process is killed
    assert ended.poll(30_000)
    worker.kill()
    other.channel.send({"n": 1, **busy, "source": "print(1)"})
    assert other.channel.receive()[0]["outputs"][0]["text"] == "1\n"
    other.kill()


def test_elsewhere_than_on_linux_it_works_in_a_kernel_only_on_demand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(CourseError, match="bubblewrap needs Linux"):
        find_sandbox()
    sandbox = find_sandbox(unsafe=True)
    monkeypatch.undo()
    dies = "import os\nos._exit(0)"
    with Executor(sandbox) as executor:
        right = executor.run(job(RIGHT["output_bpe"], "?output_bpe"))
        dead = executor.run(job(RIGHT["output_bpe"], dies, "?output_bpe"))
    assert scores(right) == {"output_bpe": 6}
    assert outcomes(dead)["output_bpe"].reason.startswith("the kernel did not come to the end")
    assert "could have forged verdicts" in right.notes[-1]


def test_without_a_sandbox_it_works_only_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CourseError, match="no sandbox"):
        find_sandbox()
    sandbox = find_sandbox(unsafe=True)
    assert sandbox is UNPROTECTED
    assert any("your rights" in sentence for sentence in sandbox.missing)
    with Executor(sandbox, LIMITS) as executor:
        result = executor.run(job(RIGHT["output_bpe"], "?output_bpe"))
    assert scores(result) == {"output_bpe": 6}
    assert result.notes == sandbox.missing
