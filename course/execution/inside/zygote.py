"""The process from which workers are forked: everything imported, nothing of a student's ever run.

``python -m course.execution.inside.zygote DESCRIPTOR`` listens on an inherited socket. Each message
brings the socket of a new worker; the worker's own first message carries a descriptor of its process.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from course.execution.inside import bells, confine, seccomp, shell, worker
from course.execution.inside.wire import Channel

READY = b"ready"
LONGEST_REQUEST = 1000
# Imported before the first fork; a worker finds them there.
WARM = (
    "numpy", "numpy.random", "numpy.fft", "numpy.testing", "matplotlib.pyplot", "array_api_strict",
    "ipywidgets", "anywidget", "nnkit", "nnkit.plots", "nnkit.widgets", "nnkit.graph",
    "grader_tests.lesson_12_gpu.stand_ins",
)  # fmt: skip
# Imported before the fork for those who use them: they take seconds.
ON_DEMAND = ("sklearn.datasets", "scipy.stats")


def main() -> None:
    """Import, then fork a worker per message until the socket closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(sys.argv[2])
    notebook, load_filter = _warm_up(settings)
    control.sendall(READY)
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, LONGEST_REQUEST, 4)
        if not message:
            return
        for name in json.loads(message):
            if name in ON_DEMAND:
                importlib.import_module(name)
        if not os.fork():
            control.close()
            _keep_worker(socket.socket(fileno=descriptors[0]), notebook, settings, load_filter)
        os.close(descriptors[0])
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass


def _warm_up(settings: Mapping[str, Any]) -> tuple[shell.Shell, Any]:
    """Import and use what the first cells would wait for."""
    bells.install()
    notebook = shell.make_shell(settings["output"])
    shell.use_inline_figures(notebook)
    for name in WARM:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(sys.modules["nnkit"].__path__, "nnkit."):
        importlib.import_module(module.name)
    shell.rehearse(notebook)
    gc.collect()
    gc.freeze()
    return notebook, seccomp.make_filter() if settings["confined"] else None


def _keep_worker(
    sock: socket.socket, notebook: shell.Shell, settings: Mapping[str, Any], load_filter: Any
) -> None:
    """Go into new namespaces, fork the worker as the first process there, and stay as long as it.

    The worker ends when the grader does that has asked for it, whatever a student's code is at.
    """
    try:
        if settings["confined"]:
            confine.new_namespaces()
        child = os.fork()
        if not child:
            _become_worker(sock, notebook, settings, load_filter)
        poll = select.poll()
        poll.register(os.pidfd_open(child), select.POLLIN)
        poll.register(sock, 0)  # for its other end being closed
        poll.poll()
        os.kill(child, signal.SIGKILL)
    finally:
        os._exit(0)


def _become_worker(
    sock: socket.socket, notebook: shell.Shell, settings: Mapping[str, Any], load_filter: Any
) -> None:
    """Send a descriptor of this process, lock every door, and serve."""
    try:
        os.setsid()
        _talk_to_nobody()
        me = os.pidfd_open(os.getpid())
        socket.send_fds(sock, [b"p"], [me])
        os.close(me)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        channel = Channel(sock)
        setup, body = channel.receive()
        try:
            folder = _lock_in(settings, load_filter)
        except (confine.ConfinementError, OSError, ValueError) as error:
            channel.send({"cannot": str(error)})
            return
        _put_files(folder, setup["files"], body)
        _serve(channel, notebook)
    finally:
        os._exit(0)


def _talk_to_nobody() -> None:
    """Close the standard streams that the zygote has from the grader."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)


def _lock_in(settings: Mapping[str, Any], load_filter: Any) -> Path:
    """Take every privilege away; return the folder that is left to write in."""
    confine.offer_oneself_first()
    if not settings["confined"]:
        limits = dict(settings["limits"])
        del limits["NPROC"]  # the user's other processes would count as well
        confine.limit_resources(limits)
        return Path(tempfile.mkdtemp(dir=settings["folder"]))
    confine.private_files(settings["disk"])
    confine.limit_resources(settings["limits"])
    confine.give_up_privileges()
    if load_filter:
        load_filter()
    return Path(confine.FOLDER)


def _put_files(folder: Path, files: Mapping[str, int], body: memoryview) -> None:
    """Write the lesson's files beside the notebook, and go there."""
    work = folder / "notebook"
    work.mkdir()
    for name, size in files.items():
        content, body = body[:size], body[size:]
        path = work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    os.chdir(work)
    os.environ["HOME"] = os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None
    sys.path.insert(0, "")


def _serve(channel: Channel, notebook: shell.Shell) -> None:
    bells.hang_up()
    np.random.seed()  # noqa: NPY002 (every worker would draw the same numbers)
    channel.send({"ready": True})
    os.register_at_fork(after_in_child=channel.close)  # a child of the student's answers nothing
    run_cell = functools.partial(shell.run_cell, notebook)
    worker.Worker(channel, shell.namespace(notebook), run_cell).serve()


if __name__ == "__main__":
    main()
