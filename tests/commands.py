"""The `course` command as a teacher runs it, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from course.paths import ROOT_VARIABLE, Course


def course_command(
    course: Course, *arguments: str, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``course arguments…`` on a course."""
    return subprocess.run(
        [sys.executable, "-m", "course", *arguments],
        env={**os.environ, ROOT_VARIABLE: str(course.root)},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def graded(course: Course) -> list[dict[str, Any]]:
    """Run `course grade` on all that was handed in, and return its records."""
    file = course.root / "records.json"
    done = course_command(course, "grade", "--json", str(file))
    assert done.returncode == 0, done.stderr
    return json.loads(file.read_text())
