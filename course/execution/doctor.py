"""What this machine offers to shut students' code in, found out by trying it from inside.

A worker is started as for a submission, and a cell of ours tries to get out of it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.execution.inside.seccomp import seccomp_library
from course.execution.limits import Limits
from course.execution.process import Zygote
from course.execution.sandbox import Sandbox, why_not
from course.execution.session import Session
from course.paths import CourseError
from grader_tests.calling import CallError

PROBE = Path(__file__).with_name("probe.py")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is well, and what was seen."""

    what: str
    well: bool
    seen: str


# What the probe must have found, and in which words to say so: (what, key, whether it is well).
EXPECTED: tuple[tuple[str, str, Callable[[Any], bool]], ...] = (
    ("workers are not root", "user", lambda uid: uid != 0),
    ("no capabilities, and no way to new ones", "privileges", lambda p: p == "none"),
    ("no sight of the course", "course", lambda names: not names),
    ("no sight of the home folder", "home", lambda names: not names),
    ("no secrets in the environment", "environment", lambda names: not names),
    ("no sight of other processes", "processes", lambda n: n == 1),
    ("no network", "network", lambda error: bool(error)),
    ("nothing to write to but a private folder", "writable", lambda places: not places),
    ("a limit on that folder", "disk", lambda error: bool(error)),
    ("a limit on processes", "forks", lambda error: bool(error)),
    ("a limit on memory", "memory", lambda error: bool(error)),
    ("no new namespaces", "namespaces", lambda error: bool(error)),
)


def examine(root: Path) -> list[Finding]:
    """Try everything.

    Parameters
    ----------
    root : Path
        The course's folder, which a worker must not see.

    Returns
    -------
    list of Finding
        The first one that is not well is the reason for those that are missing.
    """
    reason = why_not()
    found = [Finding("bubblewrap", reason is None, reason or _version())]
    has_filter = seccomp_library() is not None
    words = (
        "found" if has_filter else "not found (on Debian and Ubuntu: apt-get install libseccomp2)"
    )
    found.append(Finding("libseccomp, to filter system calls", has_filter, words))
    if reason is not None:
        return found
    secret = {"NNKIT_DOCTOR": "a secret of the grader"}
    try:
        with _environment(secret):
            seen = _probed(Sandbox("bubblewrap", confined=True), root, list(secret))
    except CourseError as error:
        return [*found, Finding("a worker", False, error.message)]
    for what, key, is_well in EXPECTED:
        found.append(Finding(what, is_well(seen.get(key)), str(seen.get(key))))
    return found


def _version() -> str:
    done = subprocess.run(["bwrap", "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _probed(sandbox: Sandbox, root: Path, secrets: list[str]) -> dict[str, Any]:
    """Run the probe in a worker and return what it saw."""
    limits = Limits(processes=8)
    zygote = Zygote(sandbox, limits)
    listener = socket.create_server(("127.0.0.1", 0))
    session = Session(lambda watch: zygote.fork({}, watch), limits)
    settings = {
        "root": str(root),
        "home": str(Path.home()),
        "secrets": secrets,
        "port": listener.getsockname()[1],
        "places": ["/", "/usr", "/dev/shm", sys.prefix, "/nnkit", "/var/tmp"],
        "disk": limits.disk,
        "memory": limits.address_space,
        "processes": limits.processes,
    }
    source = (
        f"{PROBE.read_text(encoding='utf-8')}\nimport json\nprint(json.dumps(probe({settings!r})))"
    )
    try:
        outputs = session.run_cell(source, 1, lambda answer, body: answer["outputs"])
        text = next(output["text"] for output in outputs if output.get("name") == "stdout")
        seen: dict[str, Any] = json.loads(text)
        return seen
    except CallError as error:
        raise CourseError(str(error)) from error
    except (StopIteration, KeyError, ValueError) as error:
        raise CourseError(f"the probe in the worker failed: {outputs}") from error
    finally:
        session.close()
        listener.close()
        zygote.close()


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]
