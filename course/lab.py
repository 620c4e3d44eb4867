"""JupyterLab, opened on a course."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from course.paths import ROOT_VARIABLE, Course

START_PAGE = "start.ipynb"


def run_lab(course: Course, arguments: tuple[str, ...], teacher: bool = False) -> int:
    """Run JupyterLab until it is stopped; where the system can, it takes this process's place.

    Parameters
    ----------
    course : Course
    arguments : tuple of str
        Passed on to JupyterLab.
    teacher : bool
        Open the whole course, with nbgrader's formgrader; otherwise only the lessons, at their start
        page where they have one.

    Returns
    -------
    int
        JupyterLab's exit code.
    """
    folder = course.root if teacher else course.lessons
    has_own = (course.home / "nbgrader_config.py").is_file()
    config = str(course.home if has_own else Path(__file__).parent)
    paths = [config, *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    kernels = str(Path(sys.prefix, "share", "jupyter"))
    data = [kernels, *filter(None, [os.environ.get("JUPYTER_PATH")])]
    environment = {
        **os.environ,
        ROOT_VARIABLE: str(course.root),
        "JUPYTER_CONFIG_PATH": os.pathsep.join(paths),
        "JUPYTER_PATH": os.pathsep.join(data),
    }
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    if not teacher and (folder / START_PAGE).is_file():
        command.append(f"--LabApp.default_url=/lab/tree/{START_PAGE}")
    command += arguments
    if os.name == "posix":
        # Ctrl-C and signals then reach JupyterLab itself. Root is the normal user in a container,
        # and JupyterLab listens to this machine only.
        command += ["--allow-root"] if os.geteuid() == 0 else []
        os.execve(sys.executable, command, environment)
    return subprocess.run(command, env=environment, check=False).returncode
