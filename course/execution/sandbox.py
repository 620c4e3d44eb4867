"""What shuts a worker in: bubblewrap where there is one, nothing where somebody insists."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from course.execution.inside.seccomp import seccomp_library
from course.paths import ROOT_VARIABLE, CourseError

UID = 64999  # whom a worker is to the machine where the grader is root; nobody's login
LIBRARY = "/nnkit"  # where a worker finds nnkit and the worker's own code
DATA = "/nnkit-data"
SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/lib32", "/libx32", "/sbin")
ETC = (
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "alternatives",
    "localtime",
    "fonts",
    "mime.types",
)
DATA_VARIABLE = "NNKIT_DATA"
# A grader that is started with the same one has its sets in the same order as its workers, and so are
# answers that hang on that order.
HASH_SEED = "0"


@dataclass(frozen=True)
class Sandbox:
    """A way to run workers.

    Attributes
    ----------
    name : str
    confined : bool
        Whether workers are shut in.
    splits : bool
        Whether checks are kept apart from students' code at all.
    missing : tuple of str
        What is not protected, a sentence each.
    """

    name: str
    confined: bool
    missing: tuple[str, ...] = ()
    splits: bool = True

    def command(self, library: Path, arguments: list[str]) -> list[str]:
        """Return the command that runs Python with `arguments` in this sandbox.

        Parameters
        ----------
        library : Path
            The folder with nnkit and the worker's own code.
        arguments : list of str
        """
        python = [sys.executable, "-s", "-P", *arguments]
        if not self.confined:
            return python
        shared = _shared_folders(library)
        if os.geteuid() != 0:
            return [*_bubblewrap(shared), *python]
        # Root sees folders that the worker's user cannot enter, so root puts the tree together, and
        # the sandbox proper is made in there by that user.
        seen = [(target, target) for source, target in shared if source]
        inner = [("/", "/"), *filter(_is_below_tmp, seen)]
        return [*_tree_as_root(shared), *_bubblewrap(inner), *python]

    def environment(self, library: Path) -> dict[str, str]:
        """Return the whole environment of the worker's Python: nothing of the grader's own."""
        data = os.environ.get(DATA_VARIABLE, "")
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "USER": "student",
            "LOGNAME": "student",
            "HOME": "/tmp",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "MPLCONFIGDIR": "/tmp/matplotlib",
            "IPYTHONDIR": "/tmp/ipython",
            "PYTHONPATH": LIBRARY if self.confined else str(library),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": os.environ.get("PYTHONHASHSEED", HASH_SEED),
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            **({DATA_VARIABLE: DATA if self.confined else data} if Path(data).is_dir() else {}),
        }


NO_FILTER = (
    "the kernel's system calls were not filtered, for libseccomp is not installed (on Debian and "
    "Ubuntu: apt-get install libseccomp2)"
)
UNPROTECTED = Sandbox(
    "none",
    confined=False,
    missing=(
        "students' code ran with your rights: it could read and change your files, other submissions "
        "and the gradebook",
        "students' code could use the network",
        "students' code could leave processes behind",
    ),
)

IN_KERNEL = Sandbox(
    "none",
    confined=False,
    missing=(
        *UNPROTECTED.missing,
        "students' code ran in one process with the checks, and could have forged verdicts",
    ),
    splits=False,
)


def find_sandbox(unsafe: bool = False) -> Sandbox:
    """Return the sandbox that this machine offers.

    Parameters
    ----------
    unsafe : bool
        Return one that protects nothing where there is no other.

    Raises
    ------
    CourseError
        If there is none and `unsafe` is false; the message says what to do.
    """
    reason = why_not()
    if reason is None:
        missing = () if seccomp_library() else (NO_FILTER,)
        return Sandbox("bubblewrap", confined=True, missing=missing)
    if unsafe:
        return UNPROTECTED if sys.platform.startswith("linux") else IN_KERNEL
    raise CourseError(
        f"There is no sandbox for students' code here: {reason}. Run 'course doctor' to see what is "
        "missing. In a virtual machine that holds nothing of value, 'course grade --unsafe' grades "
        "without one."
    )


def why_not() -> str | None:
    """Say why bubblewrap does not work here; None if it does."""
    if not sys.platform.startswith("linux"):
        return f"bubblewrap needs Linux, this is {sys.platform}"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (on Debian and Ubuntu: apt-get install bubblewrap)"
    sandbox = Sandbox("bubblewrap", confined=True)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        program = "import os; print(os.getuid())"
        command = sandbox.command(Path(folder), ["-I", "-c", program])
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=60, env={}, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"bubblewrap cannot be run ({error})"
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"it ends with {done.returncode}"]
        return f"bubblewrap does not work ({lines[-1]})"
    return None


def _bubblewrap(shared: list[tuple[str, str]]) -> list[str]:
    """Return bubblewrap's command with everything unshared, and nothing to write to."""
    # The worker's own /tmp would cover what lies below the machine's: a course tried out there.
    below = [pair for pair in shared if _is_below_tmp(pair)]
    return [
        "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        "--uid", str(UID), "--gid", str(UID), "--hostname", "worker",
        *_binds([pair for pair in shared if pair not in below]),
        "--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--size", str(64 * 2**20),
        "--tmpfs", "/tmp", *_binds(below), "--remount-ro", "/dev", "--remount-ro", "/",
        "--chdir", "/", "--",
    ]  # fmt: skip


def _is_below_tmp(pair: tuple[str, str]) -> bool:
    return Path(pair[1]).is_relative_to("/tmp")


def _tree_as_root(shared: list[tuple[str, str]]) -> list[str]:
    """Return the command that builds the tree as root, then becomes the worker's user."""
    return [
        "bwrap", "--die-with-parent", "--unshare-pid", "--unshare-net", "--unshare-ipc",
        "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID",
        "--perms", "1777", "--dir", "/tmp", *_binds(shared),
        "--dev", "/dev", "--bind", "/proc", "/proc", "--",
        "setpriv", "--reuid", str(UID), "--regid", str(UID), "--clear-groups",
        "--inh-caps", "-all", "--no-new-privs", "--",
    ]  # fmt: skip


def _binds(shared: list[tuple[str, str]]) -> Iterator[str]:
    """Bind folders and files read-only, behind parents that everybody may enter.

    A folder without a source is one that must not be seen: an empty one is put over it.
    """
    made: set[Path] = {Path("/"), Path("/tmp")}
    for source, target in shared:
        if not source:
            yield from ("--perms", "0755", "--tmpfs", target)
            continue
        if source in SYSTEM and os.path.islink(source):
            yield from ("--symlink", os.readlink(source), target)
            continue
        for parent in reversed(Path(target).parents):
            if parent not in made:
                made.add(parent)
                yield from ("--perms", "0755", "--dir", str(parent))
        yield from ("--ro-bind", source, target)


def _shared_folders(library: Path) -> list[tuple[str, str]]:
    """Return what a worker sees of this machine, as source and target; outer folders first."""
    places = {path for path in SYSTEM if os.path.lexists(path)}
    places |= {f"/etc/{name}" for name in ETC if os.path.exists(f"/etc/{name}")}
    places |= {
        sys.prefix,
        sys.base_prefix,
        *map(sysconfig.get_path, ("purelib", "platlib", "stdlib")),
    }
    places |= {os.path.realpath(sys.executable), os.path.realpath(sys.base_prefix)}
    hidden = _not_to_be_seen()
    kept: list[tuple[str, str]] = []
    for place in sorted(places | hidden):
        above = [target for _, target in kept if Path(place).is_relative_to(target)]
        seen = bool(above) and above[-1] not in hidden
        if seen and place in hidden:
            kept.append(("", place))
        elif not seen and place not in hidden:
            kept.append((place, place))
    data = os.environ.get(DATA_VARIABLE, "")
    if os.path.isdir(data):
        kept.append((os.path.realpath(data), DATA))
    return [*kept, (str(library), LIBRARY)]


def _not_to_be_seen() -> set[str]:
    """Return the folders of the course and of this package, wherever they lie."""
    root = Path(__file__).parents[2]
    is_checkout = (root / "solutions").is_dir()  # else it is installed among other packages
    hidden = {root} if is_checkout else {root / "course", root / "grader_tests"}
    named = os.environ.get(ROOT_VARIABLE)
    if named:
        hidden.add(Path(named).expanduser())
    return {str(path.resolve()) for path in hidden}


def library_files() -> Mapping[str, Path]:
    """Return what is copied into the library: the path there, and the file or folder here."""
    course = Path(__file__).parent
    root = course.parents[1]
    engine = root / "grader_tests"
    return {
        "nnkit": root / "nnkit",
        "course/execution/inside": course / "inside",
        "grader_tests/__init__.py": course / "inside" / "grader_stub.py",
        **{
            f"grader_tests/{name}.py": engine / f"{name}.py"
            for name in ("arguments", "calling", "exercise", "values")
        },
        "grader_tests/lesson_12_gpu/stand_ins.py": engine / "lesson_12_gpu" / "stand_ins.py",
    }


def fill_library(folder: Path) -> None:
    """Copy into a folder what a worker needs of this project: no solutions, no checks."""
    for name, source in library_files().items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    for package in ("course", "course/execution", "grader_tests/lesson_12_gpu"):
        (folder / package / "__init__.py").touch()
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
