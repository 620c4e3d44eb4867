"""The split as a step of nbgrader's autograding, in the place of its ``Execute``.

To have plain ``nbgrader autograde`` run students' code in the sandbox as well, write this into
``course/nbgrader_config.py``::

    c = get_config()
    steps = c.Autograde.autograde_preprocessors
    steps[steps.index("nbgrader.preprocessors.Execute")] = (
        "course.execution.preprocessor.ExecuteApart"
    )
"""

from __future__ import annotations

import atexit
import functools
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from course import submissions
from course.execution.executor import Executor
from course.execution.job import Job
from course.execution.limits import Limits
from course.execution.sandbox import find_sandbox
from course.paths import Course


class ExecuteApart(NbGraderPreprocessor):
    """Run students' cells in a sandboxed worker, and the course's checks outside of it."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook with the outputs of all its cells."""
        from course.build import make_lesson
        from course.grade import seed_for

        course = Course(Path(self.config.CourseDirectory.root))
        about = resources["nbgrader"]
        lesson = make_lesson(course, about["assignment"])
        job = Job(
            about["student"],
            lesson.id,
            nb,
            {f"check-{name}": name for name in lesson.exercises},
            seed_for(course, submissions.read(course, lesson.id, about["student"])),
            lesson.assets,
        )
        result = _executor(course).run(job)
        for note in result.notes:
            self.log.warning(note)
        return nbformat.from_dict(result.notebook), resources


@functools.cache
def _executor(course: Course) -> Executor:
    """Return the one executor of this process; its zygote ends with it."""
    executor = Executor(find_sandbox(), Limits.of_course(course))
    atexit.register(executor.close)
    return executor
