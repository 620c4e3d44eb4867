"""Environment variables and standard output of this process, changed for a while."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader_tests.notebook import SEED_VARIABLE
from nnkit.progress import PROGRESS_VARIABLE


@contextlib.contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Set environment variables; all are as before afterwards."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def kernel_environment(**variables: str) -> Iterator[None]:
    """Run kernels with this Python and these variables, and a record of progress of their own."""
    # A kernel specification in the home folder may name another Python; this path comes first.
    own = str(Path(sys.prefix, "share", "jupyter"))
    paths = [own, *filter(None, [os.environ.get("JUPYTER_PATH")])]
    with (
        tempfile.TemporaryDirectory() as folder,
        environment(JUPYTER_PATH=os.pathsep.join(paths)),
    ):
        os.environ.pop(SEED_VARIABLE, None)
        os.environ[PROGRESS_VARIABLE] = os.path.join(folder, "progress.json")
        os.environ.update(variables)
        yield


@contextlib.contextmanager
def logged(path: Path) -> Iterator[logging.Logger]:
    """Send a logger's messages, and what kernels print past Jupyter, to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    logger = logging.Logger("course", logging.INFO)
    with path.open("w", encoding="utf-8") as file, _terminal_to(file.fileno()):
        handler = logging.StreamHandler(file)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
        yield logger


@contextlib.contextmanager
def _terminal_to(descriptor: int) -> Iterator[None]:
    """Point the process's standard output and error, which kernels inherit, elsewhere."""
    sys.stdout.flush()
    sys.stderr.flush()
    saved = {number: os.dup(number) for number in (1, 2)}
    for number in saved:
        os.dup2(descriptor, number)
    try:
        yield
    finally:
        for number, original in saved.items():
            os.dup2(original, number)
            os.close(original)
