"""How fast are submissions graded? `course grade` beside plain `nbgrader autograde`, in one run.

    python benchmarks/grading.py [--json FILE] [--side-by-side 40] [--scaling 10 100] [--workers 1 2]

Submissions of one lesson as a class hands them in: right in several ways, wrong, slow, crashing.
Throughput counts everything from the command's start to its end; memory is the most that all its
processes held at one moment (shared pages counted once per process, so rather too much).
"""

import argparse
import json
import os
import platform
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
        while not self.over.wait(0.2):
            self.peak = max(self.peak, self.held())

    def held(self) -> int:
        """Return how many bytes they hold now."""
        total = 0
        try:
            processes = [self.process, *self.process.children(recursive=True)]
        except psutil.Error:
            return 0
        for process in processes:
            try:
                total += process.memory_info().rss
            except psutil.Error:
                continue
        return total


def measure(way: str, course: Course, number: int, command: list[str], **more) -> dict:
    """Run a command and return a record of what it took."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=course.home,
        env={**os.environ, "NNKIT_COURSE": str(course.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    memory = Memory(process.pid)
    memory.start()
    _, messages = process.communicate()
    seconds = time.perf_counter() - start
    memory.over.set()
    graded = len(list(course.autograded.glob(f"*/{demo.LESSON}/*.ipynb")))
    if graded == 0:
        raise SystemExit(f"{way} graded nothing:\n{messages[-2000:]}")
    return {
        "way": way,
        "submissions": number,
        **more,
        "seconds": round(seconds, 2),
        "seconds_per_submission": round(seconds / number, 4),
        "graded": graded,
        "peak_memory_mb": round(memory.peak / 1e6),
    }


def ours(course: Course, number: int, workers: int) -> dict:
    command = [sys.executable, "-m", "course", "grade", demo.LESSON, "--workers", str(workers)]
    return measure("course grade", course, number, command, workers=workers)


def plain(course: Course, number: int) -> dict:
    nbgrader = str(Path(sysconfig.get_path("scripts"), "nbgrader"))
    return measure("nbgrader autograde", course, number, [nbgrader, "autograde", demo.LESSON])


def run(side_by_side: list[int], scaling: list[int], workers: list[int]) -> list[dict]:
    records = []
    for number in side_by_side:
        with tempfile.TemporaryDirectory() as folder:
            first = plain(make_course(Path(folder, "plain"), number), number)
            second = ours(make_course(Path(folder, "ours"), number), number, max(workers))
        second["times_plain"] = round(first["seconds"] / second["seconds"], 1)
        records += [first, second]
        show(first)
        show(second)
    for number in scaling:
        for count in workers:
            with tempfile.TemporaryDirectory() as folder:
                records.append(ours(make_course(Path(folder, "ours"), number), number, count))
            show(records[-1])
    return records


def show(record: dict) -> None:
    times = f"  {record['times_plain']} × plain" if "times_plain" in record else ""
    workers = f"{record['workers']} workers" if "workers" in record else ""
    print(
        f"{record['way']:20} {record['submissions']:5} submissions {workers:10}"
        f"{record['seconds']:8.1f} s  {record['seconds_per_submission']:.3f} s each"
        f"  {record['peak_memory_mb']:6,} MB{times}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the records there")
    parser.add_argument(
        "--side-by-side", type=int, nargs="*", default=[40], help="class sizes for both (40)"
    )
    parser.add_argument(
        "--scaling", type=int, nargs="*", default=[10, 100], help="class sizes for ours (10 100)"
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors")
    records = run(arguments.side_by_side, arguments.scaling, arguments.workers)
    if arguments.json:
        machine = {"python": platform.python_version(), "processors": os.cpu_count()}
        text = json.dumps({"machine": machine, "records": records}, indent=1)
        arguments.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
