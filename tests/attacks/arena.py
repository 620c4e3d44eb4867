"""A course with two honest students and what an attacker might reach, and what became of all that."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import socket
import sys
import sysconfig
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import SaveCells

from course.build import make_lesson
from course.demo import LESSON, make_course
from course.paths import ROOT_VARIABLE, Course
from tests.attacks import bounds, pages
from tests.attacks.attack import POINTS, Attack, hand_in

HONEST = ("0-ann", "zz-zoe")  # one is graded before the attackers, one after them
LARGEST = 20_000_000  # bytes of an autograded notebook
CELL_SECONDS = 10  # enough for an honest cell, even on a busy machine
MOST_MEMORY = 2_500_000_000  # bytes of one process
PLAIN_CONFIG = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = "sqlite:///{root}/course/gradebook.db"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "lessons"
c.CourseDirectory.submitted_directory = "course/submitted"
c.CourseDirectory.autograded_directory = "course/autograded"
c.CourseDirectory.feedback_directory = "course/feedback"
c.Execute.timeout = {seconds}
"""


@dataclass
class Found:
    """What was found after a run.

    Attributes
    ----------
    scores : dict
        For each student, the points in the gradebook by exercise; None where there are none.
    effects : dict
        For each attack (``"*"`` where it cannot be told which), what it has done, in sentences by kind:
        ``others``, ``stopped``, ``outside``, ``processes``, ``memory``, ``page``, ``bloat``.
    output : str
        The end of what the command printed.
    """

    scores: dict[str, dict[str, float | None]] = field(default_factory=dict)
    effects: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    output: str = ""

    def add(self, who: str, kind: str, sentence: str) -> None:
        """Note an effect."""
        self.effects.setdefault(who, {}).setdefault(kind, []).append(sentence)

    def as_json(self) -> str:
        """Return it as text that `from_json` reads."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Found:
        """Read what `as_json` wrote."""
        return cls(**json.loads(text))


def make_template(original: Course, root: Path) -> None:
    """Make the course that every run starts from a copy of, with the gradebook that nbgrader makes."""
    course = make_course(original, root)
    url = f"sqlite:///{course.gradebook}"
    resources = {"nbgrader": {"notebook": LESSON, "assignment": LESSON, "db_url": url}}
    paths = [sysconfig.get_path("scripts"), os.environ.get("PATH", "")]  # nbgrader runs alembic
    os.environ["PATH"] = os.pathsep.join(paths)
    with _quiet(), Gradebook(url) as book:
        book.update_or_create_assignment(LESSON)
        SaveCells().preprocess(make_lesson(course, LESSON).student, resources)


class Arena:
    """One run of the grader over some attacks.

    Parameters
    ----------
    template : Path
        See `make_template`.
    folder : Path
        An empty folder to do everything in.
    attacks : sequence of Attack
    """

    def __init__(self, template: Path, folder: Path, attacks: Sequence[Attack]) -> None:
        self.attacks = attacks
        self.mark = f"mark-{secrets.token_hex(6)}"
        self.secrets = {
            place: f"{self.mark}-{secrets.token_hex(8)}"
            for place in ("solutions", "neighbour", "home", "environment", "gradebook")
        }
        self.root, self.home = folder / "course of mine", folder / "home"
        self.outside = folder / "outside"
        shutil.copytree(template, self.root)
        self.course = Course(self.root)
        self.home.mkdir()
        self.outside.mkdir()
        self.outside.chmod(0o777)
        self.work = folder / "work"
        self.work.mkdir()
        with (self.course.home / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write(f"\nc = get_config()\nc.Execute.timeout = {CELL_SECONDS}\n")
        self._hide_secrets()
        self.visitors: list[str] = []

    def _hide_secrets(self) -> None:
        (self.home / ".netrc").write_text(self.secrets["home"])
        source = self.course.source(LESSON)
        begin = "### BEGIN SOLUTION"
        text = source.read_text(encoding="utf-8")
        source.write_text(
            text.replace(begin, f"{begin}\n    # {self.secrets['solutions']}", 1), encoding="utf-8"
        )
        with _quiet(), Gradebook(self._url) as book:
            book.update_or_create_student("absent", last_name=self.secrets["gradebook"])
        key = self.course.secret
        key.parent.mkdir(exist_ok=True)
        key.write_text(secrets.token_hex(32))
        key.chmod(0o600)
        self.secrets["the course's key"] = key.read_text()

    @property
    def _url(self) -> str:
        return f"sqlite:///{self.course.gradebook}"

    def fill(self, port: int) -> None:
        """Hand everything in."""
        released = json.loads(self.course.notebook(self.course.lessons, LESSON).read_bytes())
        for name in HONEST:
            note = f"\n# {self.secrets['neighbour']}"
            honest = Attack(name, "", "", last=f"note = 1{note}")
            hand_in(honest, self.course.submitted, released, {})
        for attack in self.attacks:
            known = {
                "COURSE": str(self.root),
                "CANARY": str(self.outside / attack.name),
                "PORT": port,
                "SOCKET": f"\0{self.mark}-{attack.name}",
                "MARK": f"{self.mark}-{attack.name}",
            }
            hand_in(attack, self.course.submitted, released, known)

    def variables(self) -> dict[str, str]:
        """Return the environment of the grader's command."""
        scripts = sysconfig.get_path("scripts")
        return {
            "PATH": os.pathsep.join([scripts, os.environ.get("PATH", "/usr/bin:/bin")]),
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "OPENBLAS_NUM_THREADS": "1",
            "ATTACK_MARK": self.mark,
            "SECRET_TOKEN": self.secrets["environment"],
            ROOT_VARIABLE: str(self.root),
        }

    def run(self, way: str, seconds: float) -> Found:
        """Grade everything and look at what came of it.

        Parameters
        ----------
        way : str
            ``"plain"`` for nbgrader as it comes, ``"ours"`` for ``course grade``.
        seconds : float
            When the command is stopped.
        """
        found = Found()
        with self._servers() as port:
            self.fill(port)
            before = self._watched_files()
            pages_of = [attack.folder for attack in self.attacks if attack.pages]
            commands = PLAIN(self, pages_of) if way == "plain" else OURS(self, pages_of)
            for command in commands:
                ended = bounds.run(command, self.work, self.variables(), seconds)
                self._note_end(found, ended)
        self._look_at_grades(found)
        self._look_outside(found, before)
        self._look_at_pages(found)
        return found

    def _note_end(self, found: Found, ended: bounds.Finished) -> None:
        found.output += ended.output
        if ended.stopped:
            found.add("*", "stopped", ended.stopped)
        for line in ended.left_over:
            found.add(self._whose(line), "processes", f"still alive: {line}")
        if ended.terminal:
            found.add(
                self._whose(str(ended.terminal)),
                "outside",
                f"on the terminal: {ended.terminal[:80]!r}",
            )
        if ended.memory > MOST_MEMORY:
            found.add("*", "memory", f"a process had {ended.memory / 1e9:.1f} GB in memory")
        codes = sorted(set(ended.output) & pages.CONTROL_CODES)
        if codes:
            found.add("*", "page", f"printed to the terminal: control codes {codes}")

    def _look_at_grades(self, found: Found) -> None:
        students = [*HONEST, *(attack.folder for attack in self.attacks)]
        try:
            with _quiet(), Gradebook(self._url) as book:
                found.scores = {student: _scores(book, student) for student in students}
                if book.find_student("absent").last_name != self.secrets["gradebook"]:
                    found.add("*", "others", "another student's name was changed")
        except Exception as error:
            found.add("*", "others", f"the gradebook cannot be read any more: {error}"[:200])
            return
        for student in HONEST:
            row = found.scores[student]
            if not row:
                found.add("*", "stopped", f"{student} was not graded")
            elif any(row[name] != points for name, points in POINTS.items()):
                found.add("*", "others", f"{student} got {row}")

    def _look_outside(self, found: Found, before: Mapping[Path, str]) -> None:
        for path in self.outside.rglob("*"):
            found.add(
                self._whose(path.relative_to(self.outside).parts[0]),
                "outside",
                f"wrote {path.name}",
            )
        for visitor in self.visitors:
            found.add(self._whose(visitor), "outside", f"reached a server: {visitor[:80]}")
        for path, digest in self._watched_files().items():
            if before.get(path) != digest:
                found.add(
                    self._whose(path.name), "outside", f"changed {path.relative_to(self.root)}"
                )
        for path in before:
            if not path.exists():
                found.add("*", "outside", f"deleted {path.relative_to(self.root)}")
        for folder in map(Path, ("/tmp", "/var/tmp", "/dev/shm")):
            for path in folder.glob(f"*{self.mark}*"):
                found.add(self._whose(path.name), "outside", f"left {path.parent}/…")
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for attack in self.attacks:
            self._look_for_secrets(found, attack)

    def _look_for_secrets(self, found: Found, attack: Attack) -> None:
        for folder in (self.course.autograded, self.course.feedback):
            for path in (folder / attack.folder).rglob("*.[ih]*"):  # notebooks and pages
                if not path.is_file():
                    continue
                content = path.read_bytes()
                if len(content) > LARGEST:
                    found.add(attack.name, "bloat", f"{path.name} has {len(content):,} bytes")
                for place, secret in self.secrets.items():
                    if secret.encode() in content:
                        found.add(attack.name, "outside", f"read {place}")

    def _look_at_pages(self, found: Found) -> None:
        for attack in self.attacks:
            for path in (self.course.feedback / attack.folder).rglob("*.html"):
                for sentence in pages.active_content(path.read_text(encoding="utf-8")):
                    found.add(attack.name, "page", sentence)
        for path in self.course.reports.glob("*.html"):
            for sentence in pages.active_content(path.read_text(encoding="utf-8")):
                found.add("*", "page", f"in {path.name}: {sentence}")
        for path in [*self.work.glob("*.csv"), *self.course.reports.glob("*.csv")]:
            for cell in pages.formulas(path):
                found.add("*", "page", f"a formula in the table: {cell[:60]}")

    def _watched_files(self) -> dict[Path, str]:
        """Return digests of what grading has no business to change."""
        own = {attack.folder for attack in self.attacks}
        folders = [self.course.solutions, self.course.lessons]
        folders += [self.course.submitted / name for name in HONEST]
        files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        files.append(self.course.secret)
        assert not own & set(HONEST)
        return {
            path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.is_file()
        }

    def _whose(self, text: str) -> str:
        """Return the attack whose name is in a text; names are chosen so that no other holds them."""
        names = [attack.name for attack in self.attacks if attack.name in text]
        return max(names, key=len) if names else "*"

    @contextlib.contextmanager
    def _servers(self) -> Iterator[int]:
        """Listen on loopback and on each attacker's abstract socket; note who comes."""
        tcp = socket.create_server(("127.0.0.1", 0))
        servers = [tcp]
        for attack in self.attacks:
            unix = socket.socket(socket.AF_UNIX)
            unix.bind(f"\0{self.mark}-{attack.name}")
            unix.listen()
            servers.append(unix)
        for server, name in zip(
            servers, ["", *(attack.name for attack in self.attacks)], strict=True
        ):
            threading.Thread(target=self._welcome, args=(server, name), daemon=True).start()
        try:
            yield tcp.getsockname()[1]
        finally:
            for server in servers:
                server.close()

    def _welcome(self, server: socket.socket, name: str) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                connection.settimeout(2)
                with connection, contextlib.suppress(OSError):
                    self.visitors.append(f"{name} {connection.recv(200).decode(errors='replace')}")


def PLAIN(arena: Arena, pages_of: list[str]) -> list[list[str]]:
    config = arena.work / "nbgrader_config.py"
    config.write_text(PLAIN_CONFIG.format(root=str(arena.root), seconds=CELL_SECONDS))
    nbgrader = [sys.executable, "-m", "nbgrader"]
    commands = [[*nbgrader, "autograde", LESSON]]
    if pages_of:
        commands += [[*nbgrader, "generate_feedback", LESSON, "--force"], [*nbgrader, "export"]]
    return commands


def OURS(arena: Arena, pages_of: list[str]) -> list[list[str]]:
    course = [sys.executable, "-m", "course"]
    commands = [[*course, "grade", LESSON]]
    if pages_of:
        students = [word for student in pages_of for word in ("--student", student)]
        commands += [[*course, "feedback", LESSON, *students], [*course, "export"]]
        commands += [[*course, "report", LESSON]]
    return commands


def _scores(book: Gradebook, student: str) -> dict[str, float | None]:
    """Return a student's points by exercise, a person's before the check's; empty if not graded."""
    try:
        given = book.find_submission_notebook(LESSON, LESSON, student).grades
    except MissingEntry:
        return {}
    points = {
        grade.name: grade.auto_score if grade.manual_score is None else grade.manual_score
        for grade in given
    }
    extra = {
        name: value for name, value in points.items() if not name.startswith("check-") and value
    }
    return {name: points.get(f"check-{name}") for name in POINTS} | extra


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
