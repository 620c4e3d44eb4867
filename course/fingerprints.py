"""Digests of everything that a grade depends on: the same digest, the same grade."""

from __future__ import annotations

import functools
import hashlib
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import course
import grader_tests
import nnkit
from course.submissions import Submission

if TYPE_CHECKING:
    from course.build import Lesson

PACKAGES = ("numpy", "ipython", "matplotlib", "scikit-learn", "nbgrader")
PARTS_OF_COURSE = ("execution/**/*.py", "intake.py", "pipeline.py", "records.py", "slicing.py")


def digest(*parts: bytes) -> str:
    """Return the SHA-256 of some bytes; where one part ends and the next begins counts, too."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()


@functools.cache
def environment() -> str:
    """Return a digest of Python, packages, checks and grader, as they are on this machine."""
    versions = {name: _version(name) for name in PACKAGES}
    parts = [json.dumps([platform.python_version(), versions]).encode()]
    for package, patterns in (
        (nnkit, ("**/*.py",)),
        (grader_tests, ("**/*.py",)),
        (course, PARTS_OF_COURSE),
    ):
        folder = Path(str(package.__file__)).parent
        for path in sorted(path for pattern in patterns for path in folder.glob(pattern)):
            parts += [path.relative_to(folder).as_posix().encode(), path.read_bytes()]
    return digest(*parts)


def of_submission(
    submission: Submission,
    lesson: Lesson,
    released: bytes,
    seed: int,
    unprotected: tuple[str, ...],
) -> str:
    """Return a digest of a submission and of all that its grades depend on."""
    about = [
        submission.student,
        submission.lesson,
        str(submission.timestamp),
        submission.problem,
        *unprotected,
        *submission.notes,
    ]
    assets = [
        part for name, data in sorted(lesson.assets.items()) for part in (name.encode(), data)
    ]
    return digest(
        environment().encode(),
        json.dumps(about).encode(),
        str(seed).encode(),
        released,
        submission.content,
        *assets,
    )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
