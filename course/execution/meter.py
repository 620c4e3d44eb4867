"""How much time and memory a worker and everything that it has started use, read from /proc."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Usage:
    """Processor seconds and bytes of memory."""

    seconds: float
    memory: int


def usage(pid: int) -> Usage:
    """Add up a process and its descendants; those that have ended count with their parents.

    Memory that a process shares with the zygote counts for none of them.
    """
    seconds, memory = 0.0, 0
    for process in _family(pid):
        try:
            stat = Path(f"/proc/{process}/stat").read_text()
            pages = Path(f"/proc/{process}/statm").read_text().split()
        except OSError:
            continue  # it has ended meanwhile
        fields = stat.rpartition(")")[2].split()
        seconds += sum(map(int, fields[11:15])) / TICKS
        memory += (int(pages[1]) - int(pages[2])) * PAGE
    return Usage(seconds, memory)


def _family(pid: int) -> list[int]:
    found = [pid]
    for process in found:
        try:
            for children in Path(f"/proc/{process}/task").glob("*/children"):
                found += map(int, children.read_text().split())
        except OSError:
            continue
    return found
