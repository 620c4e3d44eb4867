"""However many workers there are and whatever becomes of them, the grades are the same."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from course import demo, grade
from course.build import make_lesson, notebook_bytes
from course.paths import Course, CourseError
from course.pipeline import Marked, Task
from course.submissions import Submission, read
from course.workers import DaskPool, LocalPool

LESSON = demo.LESSON
SAMPLES = [path.stem for path in demo.samples().values()]
CHECKOUT = Path(__file__).parents[2]
PATIENCE = 300  # seconds; time is no test

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are killed as on Linux")


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory, checkout: Course) -> list[Task]:
    course = demo.make_course(checkout, tmp_path_factory.mktemp("course"))
    released = notebook_bytes(make_lesson(course, LESSON).student)
    result = []
    for student, sample in demo.samples().items():
        demo.hand_in(course, student, sample)
        result.append(Task(read(course, LESSON, student), released, {}, seed=7, fingerprint="x"))
    return result


def outcomes(found: dict[str, Marked]) -> dict[str, Any]:
    return {student: (marked.scores, marked.notebook) for student, marked in found.items()}


def run(pool: Any, tasks: list[Task], after: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """What the pool makes of the tasks; `after` is called when the first one is done."""
    found = {}
    with pool:
        for task, marked in pool.run(iter(tasks)):
            if not found:
                after()
            found[task.submission.student] = marked
    return outcomes(found)


@pytest.fixture(scope="module")
def alone(tasks: list[Task]) -> dict[str, Any]:
    """What one worker makes of them, one after the other."""
    found = run(LocalPool(1), tasks)
    assert set(found) == set(SAMPLES)
    assert all(None not in scores.values() for name, (scores, _) in found.items() if name == "x")
    return found


@pytest.mark.parametrize("workers", [2, 8])
def test_any_number_of_workers(tasks: list[Task], alone, workers: int) -> None:
    assert run(LocalPool(workers), tasks) == alone


def descendants() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def test_no_process_stays_behind(tasks: list[Task]) -> None:
    before = descendants()
    with LocalPool(1) as pool:
        list(pool.run(tasks[:1]))
        (worker,) = pool._workers
        helpers = [psutil.Process(pid) for pid in descendants() - before]
        assert helpers
        folder = pool._scratch.path
        assert list(folder.iterdir())
    assert not worker.process.is_alive()
    # The server that forks workers stays as long as this process.
    helpers = [process for process in helpers if "forkserver" not in "".join(_command(process))]
    assert psutil.wait_procs(helpers, timeout=PATIENCE)[1] == []
    assert not folder.exists()


def test_a_worker_that_is_killed(tasks: list[Task], alone) -> None:
    pool = LocalPool(2)

    def kill() -> None:
        busy = next(worker for worker in pool._workers if worker.task)
        os.kill(busy.process.pid, signal.SIGKILL)

    assert run(pool, tasks, kill) == alone


class Poison(bytes):
    """Whoever reads it dies."""

    def __reduce__(self) -> tuple:
        return os._exit, (1,)


def test_a_task_that_kills_every_worker(tasks: list[Task], alone) -> None:
    deadly = Task(Submission("x", LESSON, Poison()), tasks[0].released, {}, 7, "x")
    found = {}
    with LocalPool(1) as pool:
        for task, marked in pool.run([deadly, tasks[0]]):
            found[task.submission.student] = marked
    assert set(found["x"].scores.values()) == {None}
    assert not found["x"].settled
    reasons = {outcome.reason for outcome in found["x"].outcomes.values()}
    assert reasons == {"the process that graded it died twice"}
    student = tasks[0].submission.student
    assert outcomes(found)[student] == alone[student]


def test_what_is_wrong_with_the_machine_is_said(tasks: list[Task], monkeypatch) -> None:
    """No sandbox in a worker stops everything: nobody's work is to blame."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CourseError), LocalPool(1) as pool:
        list(pool.run(tasks[:1]))


class Cluster:
    """A Dask scheduler and its workers, each a process of its own, on this machine only."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        here = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", "scheduler.json")
        self.scheduler = self.start("scheduler", *here, "--port", "0")
        self.workers += [self.start("worker", *here, "--nthreads", "1") for _ in range(workers)]

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        """Wait until all workers have registered."""
        from distributed import Client

        file = self.folder / "scheduler.json"
        with Client(scheduler_file=str(file), timeout=PATIENCE) as client:
            client.wait_for_workers(len(self.workers), timeout=PATIENCE)
        self.address = json.loads(file.read_bytes())["address"]

    def stop(self) -> None:
        for process in [*self.workers, self.scheduler]:
            process.terminate()
        for process in [*self.workers, self.scheduler]:
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'nnkit[cluster]'")
    cluster = Cluster(tmp_path, workers=2)
    try:
        cluster.wait()
        yield cluster
    finally:
        cluster.stop()


def test_dask_and_a_worker_killed_in_the_middle(
    cluster: Cluster, tmp_path: Path, checkout: Course, alone
) -> None:
    """The whole command on a cluster; the gradebook stays with the one writer."""
    course = demo.make_course(checkout, tmp_path / "course")
    for student, sample in demo.samples().items():
        demo.hand_in(course, student, sample)
    killed = []

    class Kill(grade.Silence):
        def graded(self, task: Task, marked: Marked) -> None:
            if not killed:  # the nanny's child does the work; the nanny starts another one
                nanny = psutil.Process(cluster.workers[0].pid)
                killed.extend(nanny.children(recursive=True))
                for process in killed:
                    with contextlib.suppress(psutil.NoSuchProcess):  # it fell with another one
                        process.kill()

    run = grade.grade(course, [LESSON], pool=DaskPool(cluster.address), progress=Kill())
    assert killed
    assert (run.graded, run.missing) == (len(SAMPLES), ())
    wanted = {name: scores for name, (scores, _) in alone.items()}
    for record in run.records:
        assert record.score == wanted[record.student][f"check-{record.exercise}"]
    cluster.scheduler.terminate()
    cluster.scheduler.wait(timeout=PATIENCE)
    with pytest.raises(CourseError, match="No Dask scheduler answers"):
        DaskPool(cluster.address)


def test_a_cluster_with_another_version_is_refused(cluster: Cluster, monkeypatch) -> None:
    from course import workers

    monkeypatch.setattr(workers, "environment", lambda: "another")
    with pytest.raises(CourseError, match="has other versions than this machine"):
        DaskPool(cluster.address)


def test_scheduler_that_goes_away(cluster: Cluster, tasks: list[Task]) -> None:
    def stop() -> None:
        cluster.scheduler.kill()
        cluster.scheduler.wait()

    with pytest.raises(CourseError, match="What was graded so far is kept"):
        run(DaskPool(cluster.address), [*tasks, *tasks, *tasks], stop)


ENDLESS = """
import multiprocessing, pathlib, sys, time
from course import workers

def write(folder):
    workers._die_with_parent(folder)
    while True:
        for number in range(200):
            pathlib.Path(folder, str(number), "b").mkdir(parents=True, exist_ok=True)

if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    process = multiprocessing.Process(target=write, args=(pathlib.Path(sys.argv[1]),))
    process.start()
    print(process.pid, flush=True)
    time.sleep(1000)
"""


def test_a_worker_that_goes_on_writing_leaves_nothing_when_its_parent_is_killed(
    tmp_path: Path,
) -> None:
    folder, script = tmp_path / "folder", tmp_path / "endless.py"
    script.write_text(ENDLESS)
    parent = subprocess.Popen([sys.executable, script, folder], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    worker = psutil.Process(int(parent.stdout.readline()))
    until = time.monotonic() + PATIENCE
    while not (folder / "199" / "b").exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert psutil.wait_procs([worker], timeout=PATIENCE)[1] == []
    assert not folder.exists()
