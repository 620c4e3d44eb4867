"""nbgrader's settings for a course, used by our commands and by plain ``nbgrader`` alike."""

from __future__ import annotations

import os

from traitlets.config import Config, PyFileConfigLoader

from course.paths import ROOT_VARIABLE, Course
from course.surroundings import environment

GRADEBOOK_VARIABLE = "NNKIT_GRADEBOOK"
CELL_TIMEOUT = 60  # seconds; the slowest honest training run takes a few
CODE_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def configuration(course: Course) -> Config:
    """Return nbgrader's configuration for `course`, a teacher's own settings included.

    Those stand in ``course/nbgrader_config.py``, where plain ``nbgrader`` and formgrader find them:
    a late penalty, the gradebook's URL.

    Parameters
    ----------
    course : Course

    Returns
    -------
    traitlets.config.Config
    """
    file = course.home / "nbgrader_config.py"
    if not file.is_file():
        return nbgrader_settings(course)
    with environment(**{ROOT_VARIABLE: str(course.root)}):
        return PyFileConfigLoader(file.name, path=str(file.parent)).load_config()


def nbgrader_settings(course: Course) -> Config:
    """Return nbgrader's configuration for `course`.

    Parameters
    ----------
    course : Course
        The course to grade.

    Returns
    -------
    traitlets.config.Config
        Folders, gradebook, stubs, time limits and the steps of autograding.
    """
    config = Config()
    folders = config.CourseDirectory
    folders.root = str(course.root)
    folders.db_url = os.environ.get(GRADEBOOK_VARIABLE) or f"sqlite:///{course.gradebook}"
    folders.source_directory = course.solutions.name
    folders.release_directory = course.lessons.name
    for step in ("submitted", "autograded", "feedback"):
        folders[f"{step}_directory"] = f"{course.home.name}/{step}"
    # nbgrader copies what lies beside a lesson's source to every student's autograded folder:
    # without "*.py" that would be the solution, or a student's own numpy.py.
    folders.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", "*.py", "feedback"]

    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    config.Execute.timeout = CELL_TIMEOUT
    config.Execute.shutdown_kernel = "immediate"  # a polite goodbye costs 0.6 s per submission
    config.Autograde.autograde_preprocessors = [
        "nbgrader.preprocessors.Execute",
        "nbgrader.preprocessors.IgnorePattern",
        "nbgrader.preprocessors.LimitOutput",
        "course.preprocessors.SaveVerdicts",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    # Students' HTML would run in the session of the teacher who opens formgrader. Verdicts are there
    # as text, too.
    config.HTMLExporter.sanitize_html = True
    config.HTMLExporter.filters = {"markdown2html": "course.pages.markdown"}
    config.HTMLExporter.preprocessors = ["course.pages.HarmlessOutputs"]
    shown = ["image/png", "image/jpeg", "text/plain"]
    config.WidgetsDataTypeFilter.display_data_priority = shown
    config.GenerateFeedback.exporter_class = "course.feedback.FeedbackExporter"
    config.GenerateFeedback.preprocessors = []
    return config
