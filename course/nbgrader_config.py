"""Makes plain ``nbgrader`` commands, run in this folder, and formgrader work on this course."""

import os
from pathlib import Path

from course.paths import ROOT_VARIABLE, Course
from course.settings import nbgrader_settings

_root = os.environ.get(ROOT_VARIABLE) or Path(__file__).parents[1]
get_config().merge(nbgrader_settings(Course(Path(_root).resolve())))  # type: ignore[name-defined]
