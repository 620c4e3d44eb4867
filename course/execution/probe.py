"""A cell that tries to get out of its worker, and says what it found; the doctor's."""

from __future__ import annotations

import ctypes
import os
import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

CLONE_NEWUSER = 0x10000000


def probe(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what can be seen and done from here."""
    address = ("127.0.0.1", settings["port"])
    return {
        "user": os.getuid(),
        "privileges": privileges(),
        "course": listing(settings["root"]),
        "home": listing(settings["home"]),
        "environment": [name for name in settings["secrets"] if name in os.environ],
        "processes": sum(name.isdigit() for name in os.listdir("/proc")),
        "network": error_of(lambda: socket.create_connection(address, 2)),
        "writable": writable(settings["places"]),
        "disk": error_of(lambda: write_files(settings["disk"])),
        "forks": error_of(lambda: fork(settings["processes"] + 5)),
        "memory": error_of(lambda: bytearray(settings["memory"] + 1)),
        "namespaces": error_of(become_root),
    }


def error_of(attempt: Callable[[], Any]) -> str:
    """Return what an attempt fails with, an empty string if it does not."""
    try:
        attempt()
    except BaseException as error:
        return f"{type(error).__name__}: {error}"[:100]
    return ""


def listing(folder: str) -> list[str]:
    """Return what can be seen in a folder, but for what leads to this Python itself."""
    needed = [Path(place) for place in (sys.prefix, sys.base_prefix, *sys.path)]
    try:
        return sorted(
            name
            for name in os.listdir(folder)
            if not any(place.is_relative_to(Path(folder, name)) for place in needed)
        )
    except OSError:
        return []


def privileges() -> str:
    """Return what /proc says this process may still do."""
    status = Path("/proc/self/status").read_text()
    sets = re.findall(r"Cap(?:Inh|Prm|Eff|Bnd|Amb):\s+(\w+)", status)
    locked = "NoNewPrivs:\t1" in status
    return "none" if locked and not any(int(bits, 16) for bits in sets) else status


def writable(places: list[str]) -> list[str]:
    """Return those of the places where a file can be made."""
    found = []
    for place in places:
        path = Path(place, "nnkit-probe")
        try:
            path.write_text("x")
            path.unlink()
            found.append(place)
        except OSError:
            pass
    return found


def fork(count: int) -> None:
    """Fork so often; the children wait for their end."""
    readable, _ = os.pipe()
    children = []
    try:
        for _ in range(count):
            child = os.fork()
            if not child:
                os.read(readable, 1)
                os._exit(0)
            children.append(child)
    finally:
        for child in children:
            os.kill(child, 9)
            os.waitpid(child, 0)


def write_files(size: int) -> None:
    """Write so many bytes and half as many again."""
    paths = [Path(f"large-{number}") for number in range(3)]
    try:
        for path in paths:
            path.write_bytes(bytes(size // 2))
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


def become_root() -> None:
    """Enter a user namespace, where one would be root."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "refused")
