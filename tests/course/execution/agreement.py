"""Do the checks say the same of a function in a worker as of one in their own process?

``python -m tests.course.execution.agreement`` puts every right version and every known mistake of
every exercise to both, and compares the whole verdicts. It takes some minutes; the tests run a part.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from course.execution.inside.wire import Channel
from course.execution.inside.worker import Worker
from course.execution.limits import Limits
from course.execution.process import Watch, WorkerProcess
from course.execution.proxies import look_up
from course.execution.session import Session
from grader_tests import catalogue
from grader_tests.exercise import Exercise
from grader_tests.judging import assess

Function = Callable[..., Any]


@contextmanager
def in_worker(namespace: dict[str, Any]) -> Iterator[Session]:
    """Run a worker, without sandbox and shell, that answers about a namespace."""

    def fork(watch: Watch) -> WorkerProcess:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if not pid:
            ours.close()
            try:
                Worker(Channel(theirs), namespace, lambda *cell: {"outputs": []}).serve()
            finally:
                os._exit(0)
        theirs.close()
        children.append(pid)
        return WorkerProcess(Channel(ours, watch), os.pidfd_open(pid), watch)

    children: list[int] = []
    session = Session(fork, Limits(submission_seconds=1e6))
    try:
        yield session
    finally:
        session.close()
        for pid in children:
            os.waitpid(pid, 0)


def versions(task: Exercise) -> Iterator[tuple[str, Function]]:
    """Go through what the exercise knows: right versions, then mistakes."""
    for function in (task.reference, *task.right):
        yield f"right {function.__name__}", function
    for mistake in task.mistakes:
        for number, function in enumerate(mistake.versions):
            yield f"{mistake.name} {number}", function


def disagreements(lesson: str, task: Exercise, seed: int) -> Iterator[str]:
    """Name the versions of which the two verdicts differ, with the difference."""
    known = dict(versions(task))
    with in_worker(dict(known)) as session:
        proxies = look_up(session, list(known), 10.0)
        for name, function in known.items():
            here = assess(lesson, task, function, seed).as_dict()
            there = assess(lesson, task, proxies[name], seed).as_dict()
            if not same(here, there):
                yield f"{lesson} {task.name} {name}, seed {seed}: {difference(here, there)}"


def same(here: Any, there: Any) -> bool:
    """Compare verdicts; NaN is NaN."""
    return repr(here) == repr(there)


def difference(here: Any, there: Any, path: str = "") -> str:
    """Say where two verdicts differ first."""
    if isinstance(here, dict) and isinstance(there, dict):
        for key in here:
            if not same(here[key], there.get(key)):
                return difference(here[key], there.get(key), f"{path}.{key}")
    if isinstance(here, list | tuple) and isinstance(there, list | tuple):
        for i, (one, other) in enumerate(zip(here, there, strict=False)):
            if not same(one, other):
                return difference(one, other, f"{path}[{i}]")
    return f"{path}: {here!r} here, {there!r} there"


def main() -> None:
    """Compare everything, or the lessons that are named."""
    np.seterr(all="ignore")
    found = total = 0
    started = time.perf_counter()
    for lesson in sys.argv[1:] or catalogue.lessons():
        for task in catalogue.exercises(lesson).values():
            for seed in range(2):
                total += len(list(versions(task)))
                for line in disagreements(lesson, task, seed):
                    found += 1
                    print(line, flush=True)
    print(f"{total} verdicts, {found} differ, {time.perf_counter() - started:.0f} s")
    sys.exit(found > 0)


if __name__ == "__main__":
    main()
