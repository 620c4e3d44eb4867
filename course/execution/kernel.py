"""Execution in a Jupyter kernel, as plain nbgrader does it: without any protection."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from course.execution.job import Job, Result
from course.execution.outputs import error_output
from course.settings import CELL_TIMEOUT
from grader_tests.notebook import SEED_VARIABLE


def execute_in_kernel(job: Job) -> Result:
    """Run all cells, students' and checks alike, in one kernel with the grader's own rights."""
    from course.build import CHECK_SOURCE
    from course.surroundings import kernel_environment, logged

    notebook = nbformat.from_dict(copy.deepcopy(dict(job.notebook)))
    checks = {}
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in job.checks and grade_id not in checks:
            checks[grade_id] = cell
            cell.source = CHECK_SOURCE.format(lesson=job.lesson, exercise=job.checks[grade_id])
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, ".log")
        for name, content in job.assets.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        notes: tuple[str, ...] = ()
        reason = "the check showed nothing"
        with kernel_environment(**{SEED_VARIABLE: str(job.seed)}), logged(log):
            client = NotebookClient(
                notebook,
                timeout=CELL_TIMEOUT,
                interrupt_on_timeout=True,
                allow_errors=True,
                shutdown_kernel="immediate",
                resources={"metadata": {"path": folder}},
            )
            try:
                client.execute()
            except Exception as error:  # whatever a student did to the kernel
                reason = f"the kernel did not come to the end ({type(error).__name__})"
                notes = (reason,)
        for cell in checks.values():
            cell.outputs = cell.outputs or [nbformat.from_dict(error_output(reason))]
        return Result(notebook, log.read_text(errors="replace"), notes)
