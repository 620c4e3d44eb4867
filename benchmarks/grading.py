"""How fast are submissions graded? `course grade` beside plain `nbgrader autograde`, in one run.

    python benchmarks/grading.py [--json FILE]

Submissions of one lesson as a class hands them in: right in several ways, wrong, slow, crashing.
Throughput counts everything from the command's start to its end. Memory is the most that all its
processes held at one moment; what several of them share is counted once where the system tells.
"""

import argparse
import contextlib
import ctypes
import json
import os
import platform
import resource
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil

from course import demo
from course.build import make_lesson, notebook_bytes
from course.gradebook import Book
from course.paths import Course, write_atomically

CHECKOUT = Course(Path(__file__).parents[1])
LARGE = 1000
SLOW = """\
losses = []
for learning_rate in np.linspace(0.1, 2, 12):
    w, total = 1.0, 0.0
    for step in range(25_000):
        w -= learning_rate * 0.001 * (w - 0.5)
        total += (w - 0.5) ** 2
    losses.append(total)
"""
CRASHES = (
    "import os\nos._exit(1)",
    "def down(n):\n    return down(n + 1)\n\ndown(0)",
    "raise SystemExit('tired')",
    "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
)
# Of ten students: five are right in one of two ways, three wrong, one slow, one crashes.
CLASS = (
    "all-right",
    "no-derivative",
    "loops-and-float32",
    "all-right",
    "updated-weights-too-early",
    "slow",
    "loops-and-float32",
    "raises",
    "all-right",
    "crash",
)


def hand_in_class(course: Course, number: int) -> None:
    """Let `number` students hand in."""
    for student in range(number):
        kind = CLASS[student % len(CLASS)]
        sample = kind if kind not in ("slow", "crash") else "all-right"
        path = demo.hand_in(course, f"student-{student:04}", demo.SAMPLES / f"{sample}.py")
        extra = {"slow": SLOW, "crash": CRASHES[student // len(CLASS) % len(CRASHES)]}.get(kind)
        if extra:
            notebook = nbformat.read(path, as_version=4)
            last = next(i for i, c in enumerate(notebook.cells) if c.id == "check-update")
            notebook.cells.insert(last + 1, nbformat.v4.new_code_cell(extra, id="own"))
            write_atomically(path, notebook_bytes(notebook))


def make_course(folder: Path, number: int) -> Course:
    """Make a course whose lesson nobody has been graded in."""
    course = demo.make_course(CHECKOUT, folder)
    hand_in_class(course, number)
    with Book(course) as book:
        book.register(make_lesson(course, demo.LESSON))
    return course


class Memory(threading.Thread):
    """Watches how much memory a process and its descendants hold."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.process = psutil.Process(pid)
        self.peak = 0
        self.over = threading.Event()

    def run(self) -> None:
        """Look again and again."""
        while not self.over.wait(0.5):
            self.peak = max(self.peak, self.held())

    def held(self) -> int:
        """Return how many bytes they hold now."""
        total = 0
        try:
            processes = [self.process, *self.process.children(recursive=True)]
        except psutil.Error:
            return 0
        for process in processes:
            with contextlib.suppress(psutil.Error):
                total += memory(process)
        return total


def memory(process: psutil.Process) -> int:
    """Return what a process holds: its share of what it shares with others, where that is known."""
    try:
        return process.memory_full_info().pss
    except (psutil.AccessDenied, AttributeError):
        return process.memory_info().rss


def adopt_orphans() -> None:
    """Have Linux count the time of processes whose parents end first as ours, too."""
    if sys.platform == "linux":
        set_child_subreaper = 36
        ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


def processor_seconds() -> float:
    """Return the processor time of all that was started and has ended; wait for what is ending."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(way: str, course: Course, number: int, command: list[str], **more) -> dict:
    """Run a command and return a record of what it took."""
    before, start = processor_seconds(), time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=course.home,
        env={**os.environ, "NNKIT_COURSE": str(course.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    watch = Memory(process.pid)
    watch.start()
    _, messages = process.communicate()
    seconds = time.perf_counter() - start
    watch.over.set()
    graded = len(list(course.autograded.glob(f"*/{demo.LESSON}/*.ipynb")))
    if graded == 0:
        raise SystemExit(f"{way} graded nothing:\n{messages[-2000:]}")
    used = processor_seconds() - before
    return {
        "way": way,
        "submissions": number,
        **more,
        "seconds": round(seconds, 2),
        "seconds_per_submission": round(seconds / number, 4),
        "processor_seconds_per_submission": round(used / number, 4),
        "graded": graded,
        "peak_memory_mb": round(watch.peak / 1e6),
    }


def ours(folder: Path, number: int, workers: int) -> dict:
    course = make_course(folder / "ours", number)
    command = [sys.executable, "-m", "course", "grade", demo.LESSON, "--workers", str(workers)]
    return measure("course grade", course, number, command, workers=workers)


def plain(folder: Path, number: int) -> dict:
    course = make_course(folder / "plain", number)
    nbgrader = str(Path(sysconfig.get_path("scripts"), "nbgrader"))
    return measure("nbgrader autograde", course, number, [nbgrader, "autograde", demo.LESSON])


def run(arguments: argparse.Namespace) -> list[dict]:
    """Measure everything that is asked for."""
    records, most = [], max(arguments.workers)

    def note(record: dict) -> dict:
        records.append(record)
        show(record)
        return record

    @contextlib.contextmanager
    def folder():
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)

    beside: dict[int, dict] = {}
    for number in arguments.side_by_side:
        # Plain nbgrader takes each submission by itself: a hundred cost ten times what ten cost.
        sample = min(number, arguments.plain_at_most)
        if sample not in beside:
            with folder() as there:
                beside[sample] = note(plain(there, sample))
        with folder() as there:
            record = ours(there, number, most)
        alone = beside[sample]["seconds_per_submission"]
        times = round(alone / record["seconds_per_submission"], 1)
        note({**record, "times_plain": times, "plain_measured_with": sample})
    for number in arguments.scaling:
        # One worker alone with a thousand would only show once more what it shows with a hundred.
        for count in arguments.workers if number < LARGE else [most]:
            with folder() as there:
                note(ours(there, number, count))
    return records


def show(record: dict) -> None:
    times = ""
    if "times_plain" in record:
        times = f"  {record['times_plain']} × plain (with {record['plain_measured_with']})"
    workers = f"{record['workers']} workers" if "workers" in record else ""
    print(
        f"{record['way']:18} {record['submissions']:5} submissions {workers:9}"
        f"{record['seconds']:8.1f} s  {record['seconds_per_submission']:.3f} s each"
        f" ({record['processor_seconds_per_submission']:.3f} of processors)"
        f"  {record['peak_memory_mb']:5,} MB{times}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the records there")
    parser.add_argument(
        "--side-by-side", type=int, nargs="*", default=[40, 100], help="class sizes (40 100)"
    )
    parser.add_argument(
        "--plain-at-most",
        type=int,
        default=40,
        metavar="N",
        help="measure plain nbgrader with the first N of a larger class (40)",
    )
    parser.add_argument(
        "--scaling", type=int, nargs="*", default=[10, 100, 1000], help="for ours (10 100 1000)"
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    arguments = parser.parse_args()
    adopt_orphans()
    machine = {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
    }
    print(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in machine.items()))
    records = run(arguments)
    if arguments.json:
        text = json.dumps({"machine": machine, "records": records}, indent=1)
        arguments.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
