"""Temporary folders that do not stay, however the process ends that made them."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PREFIX = "nnkit-"
SECONDS_TO_LOCK = 60  # a folder that is younger may not be locked yet


class Scratch:
    """A temporary folder, locked as long as this process lives.

    What a process has left behind that was killed, with everything it had started, is removed by the
    next one that makes such a folder: nobody holds its lock any more.

    Parameters
    ----------
    kind : str
        What it is for, as a part of its name.

    Attributes
    ----------
    path : Path
    """

    def __init__(self, kind: str) -> None:
        _sweep(f"{PREFIX}{kind}-")
        self.path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{kind}-"))
        self._lock = _locked(self.path)

    def remove(self) -> None:
        """Remove it, with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _sweep(prefix: str) -> None:
    """Remove our own folders of that name that no living process has locked."""
    now = time.time()
    for path in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with contextlib.suppress(OSError):
            if now - path.lstat().st_mtime < SECONDS_TO_LOCK:
                continue
            lock = _locked(path)
            if lock is not None:
                shutil.rmtree(path, ignore_errors=True)
                os.close(lock)


def _locked(path: Path) -> int | None:
    """Return a descriptor of a folder that is locked now; None where there are no such locks.

    Raises
    ------
    OSError
        If another process has locked it, or it is not a folder of ours.
    """
    if fcntl is None:
        return None
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(descriptor).st_uid != os.geteuid():
            raise PermissionError(path)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
