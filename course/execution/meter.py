"""How much time and memory a worker and everything that it has started use, read from /proc."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
# Seconds after which a process that waits for a processor is one that is kept from it. Where thousands
# of short lives follow each other, something always waits, and what they use is not seen.
YOUNG = 0.1


@dataclass(frozen=True)
class Usage:
    """Processor seconds, bytes of memory, and whether a process not just born wants a processor."""

    seconds: float = 0.0
    memory: int = 0
    eager: bool = False


def usage(pid: int) -> Usage:
    """Add up a process and its descendants; those that have ended count with their parents.

    Memory that several of them share is counted for each.
    """
    seconds, memory, eager = 0.0, 0, False
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    for process in _family(pid):
        try:
            stat = Path(f"/proc/{process}/stat").read_text()
            status = Path(f"/proc/{process}/status").read_text()
        except OSError:
            continue  # it has ended meanwhile
        fields = stat.rpartition(")")[2].split()
        eager = eager or (fields[0] == "R" and now - int(fields[19]) / TICKS > YOUNG)
        seconds += sum(map(int, fields[11:15])) / TICKS
        # Shared memory without a file is memory as well; files are not.
        memory += 1024 * sum(map(int, re.findall(r"Rss(?:Anon|Shmem):\s+(\d+) kB", status)))
    return Usage(seconds, memory, eager)


def exact_memory(pid: int) -> int | None:
    """Add up their memory, each page once: slow, and None where it cannot be known."""
    total = 0
    for process in _family(pid):
        try:
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended meanwhile
        except OSError:
            return None
        total += 1024 * sum(map(int, re.findall(r"Pss_(?:Anon|Shmem):\s+(\d+) kB", rollup)))
    return total


def _family(pid: int) -> list[int]:
    found = [pid]
    for process in found:
        try:
            for children in Path(f"/proc/{process}/task").glob("*/children"):
                found += map(int, children.read_text().split())
        except OSError:
            continue
    return found
