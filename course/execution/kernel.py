"""Execution in a Jupyter kernel, as plain nbgrader does it: without any protection."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from course.execution.job import Job, Result
from course.settings import CELL_TIMEOUT
from grader_tests.notebook import SEED_VARIABLE


def execute_in_kernel(job: Job) -> Result:
    """Run all cells, students' and checks alike, in one kernel with the grader's own rights."""
    from course.surroundings import kernel_environment, logged

    notebook = nbformat.from_dict(copy.deepcopy(dict(job.notebook)))
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, ".log")
        for name, content in job.assets.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        with kernel_environment(**{SEED_VARIABLE: str(job.seed)}), logged(log):
            NotebookClient(
                notebook,
                timeout=CELL_TIMEOUT,
                interrupt_on_timeout=True,
                allow_errors=True,
                shutdown_kernel="immediate",
                resources={"metadata": {"path": folder}},
            ).execute()
        return Result(notebook, log.read_text(errors="replace"))
