"""What a submission may use."""

from __future__ import annotations

from dataclasses import dataclass

from course.paths import Course
from course.settings import CELL_TIMEOUT, configuration

CELLS = 4  # times a cell's time is what a submission may take


@dataclass(frozen=True)
class Limits:
    """Limits on one submission.

    Seconds are those in which it computes, or in which nothing of it wants to: a machine that is
    busy with other things takes no time from it, and sleeping is as good as computing.

    Attributes
    ----------
    cell_seconds, submission_seconds : float
        For one cell, and for all of them with their checks.
    memory : int
        Bytes of all its processes together.
    address_space : int
        Bytes that one process may map.
    disk : int
        Bytes of its folder.
    processes, files : int
        Processes and threads, and open files of each.
    cell_output, output : int
        Characters of one cell's outputs, and of all.
    workers : int
        Workers that may be started for it, one after the death of another.
    """

    cell_seconds: float = CELL_TIMEOUT
    submission_seconds: float = CELLS * CELL_TIMEOUT
    memory: int = 1536 * 2**20
    address_space: int = 3 * 2**30
    disk: int = 64 * 2**20
    processes: int = 32
    files: int = 128
    cell_output: int = 2_000_000
    output: int = 10_000_000
    workers: int = 25

    @classmethod
    def of_course(cls, course: Course) -> Limits:
        """Return the limits with the time for a cell that nbgrader's configuration gives it."""
        seconds = configuration(course).Execute.get("timeout") or CELL_TIMEOUT
        return cls(cell_seconds=seconds, submission_seconds=CELLS * seconds)

    def of_process(self) -> dict[str, int]:
        """Return the limits that the kernel itself holds each process to, by their names there."""
        return {
            "AS": self.address_space,
            "CORE": 0,
            "CPU": round(self.submission_seconds) + 1,
            "FSIZE": self.disk,
            "MSGQUEUE": 0,
            "NOFILE": self.files,
            "NPROC": self.processes,
        }
