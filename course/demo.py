"""A course in a temporary folder, with six students who hand in samples."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat

from course.build import build, notebook_bytes
from course.grade import Progress, Run, grade
from course.marks import parse
from course.paths import Course, CourseError, write_atomically
from course.workers import Pool

LESSON = "08-two-three-one"
SAMPLES = Path(__file__).with_name("samples")


def make_course(original: Course, root: Path) -> Course:
    """Make a course in an empty folder and build the lesson there.

    Parameters
    ----------
    original : Course
        Where the lesson's source is taken from.
    root : Path
        An empty or missing folder.

    Returns
    -------
    Course

    Raises
    ------
    CourseError
        If the folder is not empty, or `original` has no such lesson.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise CourseError(f"{root} is not empty; name a new folder for the demo course.")
    original.choose_lessons((LESSON,))
    course = Course(root.resolve())
    source = course.source(LESSON)
    source.parent.mkdir(parents=True)
    shutil.copy(original.source(LESSON), source)
    course.home.mkdir()
    shutil.copy(Path(__file__).with_name("nbgrader_config.py"), course.home)
    build(course, [LESSON])
    return course


def samples() -> dict[str, Path]:
    """Return the sample students and what they wrote."""
    return {path.stem: path for path in sorted(SAMPLES.glob("*.py"))}


def hand_in(course: Course, student: str, sample: Path, lesson: str = LESSON) -> Path:
    """Put a sample's answers into the released notebook and hand it in.

    Parameters
    ----------
    course : Course
        With the lesson released.
    student : str
    sample : Path
        Percent text whose marked cells replace those of the notebook.
    lesson : str

    Returns
    -------
    Path
        The submitted notebook.
    """
    answers = {cell.grade_id: cell.node.source for cell in parse(sample) if cell.kind}
    notebook = nbformat.read(course.notebook(course.lessons, lesson), as_version=4)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.pop(grade_id, cell.source)
    if answers:
        raise CourseError(f"{sample.name} answers what {lesson} does not ask: {', '.join(answers)}")
    path = course.notebook(course.submitted, lesson, student)
    write_atomically(path, notebook_bytes(notebook))
    return path


def run(
    original: Course, root: Path, pool: Pool | None = None, progress: Progress | None = None
) -> tuple[Course, Run]:
    """Make the demo course, hand in the samples and grade them."""
    course = make_course(original, root)
    for student, sample in samples().items():
        hand_in(course, student, sample)
    return course, grade(course, [LESSON], pool=pool, progress=progress)
