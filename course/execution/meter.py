"""How much time and memory a worker and everything that it has started use, read from /proc."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """Processor seconds, bytes of memory, and whether anything wants a processor right now."""

    seconds: float = 0.0
    memory: int = 0
    eager: bool = False


def usage(pid: int) -> Usage:
    """Add up a process and its descendants; those that have ended count with their parents.

    Memory that several of them share is counted for each.
    """
    seconds, memory, eager = 0.0, 0, False
    for process in _family(pid):
        try:
            stat = Path(f"/proc/{process}/stat").read_text()
            status = Path(f"/proc/{process}/status").read_text()
        except OSError:
            continue  # it has ended meanwhile
        fields = stat.rpartition(")")[2].split()
        eager = eager or fields[0] == "R"
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
