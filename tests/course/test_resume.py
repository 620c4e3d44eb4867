"""Grading that is killed, runs out of disk or loses its database: the next run finishes it.

The real writer on a real database; what the workers found out was kept, so that this is quick.
"""

import contextlib
import os
import pickle
import pwd
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil
import pytest
from nbgrader.api import Gradebook, get_alembic_version
from sqlalchemy import create_engine, inspect, text

from course import demo, grade, gradebook, records, surroundings
from course.build import make_lesson
from course.gradebook import Book
from course.paths import Course, CourseError
from course.pipeline import Marked, Task
from course.settings import GRADEBOOK_VARIABLE
from course.standing import NOT_GRADED, class_standing
from course.workers import LocalPool

LESSON = demo.LESSON
STUDENTS = {
    "ann": "all-right",
    "ben": "no-derivative",
    "cem": "raises",
    "dan": "unfilled",
    "eve": "updated-weights-too-early",
}
BY_HAND = 3.5
PATIENCE = 300  # seconds; time is no test

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are killed as on Linux")


class Canned:
    """A pool that knows what workers found out; it does something before the n-th result."""

    missing: tuple[str, ...] = ()

    def __init__(self, results: dict[str, Marked], before=lambda number: None) -> None:
        self.results = results
        self.before = before

    def __enter__(self) -> "Canned":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Marked]]:
        for number, task in enumerate(tasks):
            self.before(number)
            yield task, self.results[task.submission.student]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory, checkout: Course) -> Course:
    """A course in which nothing is graded yet."""
    course = demo.make_course(checkout, tmp_path_factory.mktemp("course"))
    for student, sample in STUDENTS.items():
        demo.hand_in(course, student, demo.SAMPLES / f"{sample}.py")
    course.secret.write_text("the same in every copy, so the same cases everywhere")
    return course


@pytest.fixture(scope="module")
def results(handed_in: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Marked]:
    course = copy_of(handed_in, tmp_path_factory.mktemp("results"))
    found: dict[str, Marked] = {}

    class Listener(grade.Silence):
        def graded(self, task: Task, marked: Marked) -> None:
            found[task.submission.student] = marked

    grade.grade(course, [LESSON], pool=LocalPool(2), progress=Listener())
    assert len(found) == len(STUDENTS)
    return found


@pytest.fixture(scope="module")
def whole(handed_in: Course, results, tmp_path_factory: pytest.TempPathFactory) -> list:
    """What a run that nobody stops leaves behind."""
    course = copy_of(handed_in, tmp_path_factory.mktemp("whole"))
    grade.grade(course, [LESSON], pool=Canned(results))
    return everything(course)


@pytest.fixture
def course(handed_in: Course, tmp_path: Path) -> Course:
    return copy_of(handed_in, tmp_path)


def copy_of(course: Course, folder: Path) -> Course:
    copy = Course(folder / "course")
    shutil.copytree(course.root, copy.root)
    return copy


def everything(course: Course) -> list:
    """All that is kept of a lesson: database, notebooks, records."""
    with Book(course) as book:
        rows = [
            (submission.student.id, grade.name, grade.auto_score, grade.needs_manual_grade)
            for submission in book.assignment_submissions(LESSON)
            for notebook in submission.notebooks
            for grade in notebook.grades
        ]
        comments = [
            (submission.student.id, comment.name, comment.auto_comment)
            for submission in book.assignment_submissions(LESSON)
            for notebook in submission.notebooks
            for comment in notebook.comments
        ]
        states = sorted((student, bool(state[0])) for student, state in book.graded(LESSON).items())
    notebooks = {
        path.parts[-3]: path.read_bytes() for path in course.autograded.glob("*/*/*.ipynb")
    }
    kept = [record.public() for record in records.load(course, LESSON)]
    return [sorted(rows), sorted(comments, key=str), states, notebooks, kept]


def graded_so_far(course: Course) -> set[str]:
    with Book(course) as book:
        return set(book.graded(LESSON))


KILLED = """
import os, pickle, resource, signal, sys
from course import gradebook, grade
from course.paths import Course
from tests.course.test_resume import Canned, LESSON

root, results, moment, number, again = sys.argv[1:]
calls = 0

def die(*arguments, **more):
    global calls
    calls += 1
    if calls == int(number):
        os.kill(os.getpid(), signal.SIGKILL)

def first_die(owner, name):
    real = getattr(owner, name)
    def patched(*arguments, **more):
        die()
        return real(*arguments, **more)
    setattr(owner, name, patched)

class Silence(grade.Silence):
    pass

owner, _, name = moment.rpartition(".")
owners = {"grade": grade, "Grading": grade._Grading, "Book": gradebook.Book,
          "records": grade.records, "Silence": Silence, "os": os}
first_die(owners[owner], name)
pool = Canned(pickle.load(open(results, "rb")))
grade.grade(Course(__import__("pathlib").Path(root)), [LESSON], pool=pool, progress=Silence(),
            again=bool(again))
"""

MOMENTS = {
    "before anything of the third is written": ("Grading._write", 3),
    "when its log is there": ("grade._write_timestamp", 3),
    "in the middle of writing a file": ("os.replace", 7),
    "when its notebook is there": ("records.keep", 3),
    "when all its files are there": ("Book.enter", 3),
    "in the transaction": ("Book._penalise", 3),
    "when all is written": ("Silence.graded", 3),
    "when the lesson is entered": ("Book._find_cells", 1),
}


def run_killed(
    course: Course, results: dict[str, Marked], moment: str, number: int, again: bool = False
) -> None:
    with tempfile.NamedTemporaryFile() as file:
        pickle.dump(results, file)
        file.flush()
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                KILLED,
                str(course.root),
                file.name,
                moment,
                str(number),
                "yes" if again else "",
            ],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == -9, done.stderr


@pytest.mark.parametrize(("moment", "number"), MOMENTS.values(), ids=MOMENTS)
def test_killed(course: Course, results, whole, moment: str, number: int) -> None:
    run_killed(course, results, moment, number)
    assert len(graded_so_far(course)) < len(STUDENTS)
    run = grade.grade(course, [LESSON], pool=Canned(results))
    assert run.graded + run.unchanged == len(STUDENTS)
    assert everything(course) == whole


def test_killed_while_regrading_loses_nothing_given_by_hand(course: Course, results, whole) -> None:
    grade.grade(course, [LESSON], pool=Canned(results))
    with Book(course) as book:
        book.find_grade("check-train", LESSON, LESSON, "cem").manual_score = BY_HAND
        comment = book.find_comment("question-old-weights", LESSON, LESSON, "cem")
        comment.manual_comment = "Well put."
        book.db.commit()
    run_killed(course, results, "Book._penalise", 3, again=True)
    run = grade.grade(course, [LESSON], pool=Canned(results), again=True)
    train = [r for r in run.records if (r.student, r.exercise) == ("cem", "train")]
    assert [record.score for record in train] == [BY_HAND]
    with Book(course) as book:
        comment = book.find_comment("question-old-weights", LESSON, LESSON, "cem")
        assert comment.comment == "Well put."
    assert everything(course)[3:] == whole[3:]


@contextlib.contextmanager
def full_pipe() -> Iterator[int]:
    """A pipe that holds nothing more, so that whoever writes into it waits for ever."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writing, b"x")
    os.set_blocking(writing, True)
    try:
        yield writing
    finally:
        os.close(reading)
        os.close(writing)


def entered(course: Course) -> int:
    """How many are in the gradebook, read beside the program that writes it."""
    try:
        with contextlib.closing(
            sqlite3.connect(f"file:{course.gradebook}?mode=ro", uri=True)
        ) as db:
            return db.execute("SELECT count(*) FROM nnkit_submissions").fetchone()[0]
    except sqlite3.OperationalError:  # it is not there yet
        return 0


def test_the_command_killed_with_its_workers(course: Course, whole, tmp_path: Path) -> None:
    """The real command with real workers; nothing of it stays behind, processes or folders."""
    environment = {**os.environ, "NNKIT_COURSE": str(course.root), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "course", "grade", "--workers", "2"]
    with full_pipe() as pipe:  # when it says that one is graded, it has to wait
        process = subprocess.Popen(command, env=environment, stderr=pipe, stdout=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while not entered(course):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        helpers = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
    assert helpers
    _, alive = psutil.wait_procs(helpers, timeout=PATIENCE)
    assert alive == []
    left = [path.name for path in tmp_path.iterdir() if path.name.startswith(("nnkit-", "pymp-"))]
    assert left == []
    assert len(graded_so_far(course)) == 1
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "not changed since" in done.stdout
    assert everything(course) == whole


@pytest.mark.parametrize("room", [20_000, 80_000], ids=["no notebook fits", "no database fits"])
def test_full_disk(course: Course, results, whole, room: int, monkeypatch) -> None:
    """The kernel refuses to let files grow, as on a disk without room."""
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(gradebook, "PAUSES_BEFORE_ANOTHER_TRY", (0.1,))
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(number: int) -> None:
        if number == 2:
            assert course.gradebook.stat().st_size > 80_000
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, unlimited[1]))

    try:
        with pytest.raises(CourseError, match="What was graded so far is kept"):
            grade.grade(course, [LESSON], pool=Canned(results, fill))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    assert graded_so_far(course) >= {"ann", "ben"}
    grade.grade(course, [LESSON], pool=Canned(results))
    assert everything(course) == whole


def test_gradebook_left_behind_half_made(course: Course, results, whole) -> None:
    """Killed between making nbgrader's tables and entering their version."""
    url = f"sqlite:///{course.gradebook}"
    with surroundings.environment(PATH=str(Path(sys.executable).parent)), Gradebook(url) as book:
        book.db.execute(text("DROP TABLE alembic_version"))
        book.db.execute(text("DROP TABLE comment"))
        book.db.commit()
    grade.grade(course, [LESSON], pool=Canned(results))
    assert everything(course) == whole
    with create_engine(url).connect() as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    with surroundings.environment(PATH=str(Path(sys.executable).parent)):
        assert version == get_alembic_version()


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's own programs; Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found += [Path(on_path).resolve()] if on_path else []
    return next((path.parent for path in found if (path.parent / "createdb").exists()), None)


class Server:
    """A PostgreSQL of our own, reached through a socket in a temporary folder."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.folder = folder
        self.url = f"postgresql://grader:not-a-secret@/gradebook?host={folder}"
        # It refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name

    def call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments],
            user=self.user if os.geteuid() == 0 else None,
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )

    def make(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.user)
        self.call("initdb", "-D", "data", "-U", "grader", "-A", "trust", "--no-sync", "-E", "UTF8")
        self.start()
        self.call("createdb", "-h", str(self.folder), "-U", "grader", "gradebook")

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off"
        self.call("pg_ctl", "-D", "data", "-w", "-o", options, "-l", "log", "start")

    def stop(self) -> None:
        self.call("pg_ctl", "-D", "data", "-w", "-m", "immediate", "stop")

    def execute(self, statement: str) -> None:
        with create_engine(self.url).connect() as connection:
            connection.execute(text(statement))
            connection.commit()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed on this machine (Debian's package: postgresql)")
    with tempfile.TemporaryDirectory(prefix="nnkit-", ignore_cleanup_errors=True) as folder:
        server = Server(programs, Path(folder))
        server.make()
        yield server
        server.stop()


@pytest.fixture
def on_postgres(server: Server, course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    server.execute("DROP SCHEMA public CASCADE")
    server.execute("CREATE SCHEMA public")
    monkeypatch.setenv(GRADEBOOK_VARIABLE, server.url)
    monkeypatch.setattr(gradebook, "PAUSES_BEFORE_ANOTHER_TRY", (0.1, 0.1))
    return course


class TestPostgres:
    def test_gives_the_same(self, on_postgres: Course, results, whole) -> None:
        run = grade.grade(on_postgres, [LESSON], pool=Canned(results))
        assert everything(on_postgres) == whole
        assert not on_postgres.gradebook.exists()
        assert len(run.records) == len(whole[4])
        assert grade.grade(on_postgres, [LESSON], pool=Canned(results)).unchanged == len(STUDENTS)

    def test_reading_writes_nothing(self, server: Server, on_postgres: Course, results) -> None:
        lesson = make_lesson(on_postgres, LESSON)
        assert {found.status for found in class_standing(on_postgres, lesson)} == {NOT_GRADED}
        run = grade.grade(on_postgres, [LESSON], pool=Canned(results), dry_run=True)
        assert len(run.trial[LESSON]) == len(STUDENTS)
        with create_engine(server.url).connect() as connection:
            assert inspect(connection).get_table_names() == []

    def test_plain_nbgrader_works_on_it(self, on_postgres: Course, results) -> None:
        grade.grade(on_postgres, [LESSON], pool=Canned(results))
        nbgrader = Path(sys.executable).with_name("nbgrader")
        done = subprocess.run(
            [nbgrader, "export", "--to", "grades.csv"],
            env={**os.environ, "NNKIT_COURSE": str(on_postgres.root)},
            cwd=on_postgres.home,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        lines = (on_postgres.home / "grades.csv").read_text().splitlines()
        assert len(lines) == 1 + len(STUDENTS)

    def test_killed(self, on_postgres: Course, results, whole) -> None:
        run_killed(on_postgres, results, "Book._penalise", 3)
        assert graded_so_far(on_postgres) == {"ann", "ben"}
        grade.grade(on_postgres, [LESSON], pool=Canned(results))
        assert everything(on_postgres) == whole

    def test_a_lost_connection_is_made_again(
        self, server: Server, on_postgres: Course, results, whole
    ) -> None:
        def disconnect(number: int) -> None:
            if number == 2:
                server.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = 'gradebook' AND pid <> pg_backend_pid()"
                )

        grade.grade(on_postgres, [LESSON], pool=Canned(results, disconnect))
        assert everything(on_postgres) == whole

    def test_a_server_that_stops(self, server: Server, on_postgres: Course, results, whole) -> None:
        def stop(number: int) -> None:
            if number == 3:
                server.stop()

        with pytest.raises(CourseError, match="What was graded so far is kept") as told:
            grade.grade(on_postgres, [LESSON], pool=Canned(results, stop))
        assert "not-a-secret" not in str(told.value)
        with pytest.raises(CourseError, match="cannot be used"):
            grade.grade(on_postgres, [LESSON], pool=Canned(results))
        server.start()
        assert graded_so_far(on_postgres) == {"ann", "ben", "cem"}
        grade.grade(on_postgres, [LESSON], pool=Canned(results))
        assert everything(on_postgres) == whole
