"""Cells that no answer needs are not run; every one that an answer needs is."""

import copy
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from course import demo
from course.build import make_lesson
from course.execution import Job, Result
from course.paths import Course
from course.pipeline import _run
from course.slicing import are_missed, left_out

IMPORT, DATA, FIGURE = "import numpy as np", "X = np.arange(3)", "plt.plot(X)"


def code(name: str, source: str, mark: dict | None = None) -> NotebookNode:
    metadata = {"nbgrader": mark} if mark else {}
    return nbformat.v4.new_code_cell(source, id=name, metadata=metadata)


def exercise(source: str) -> NotebookNode:
    return code("f", source, {"grade_id": "f", "grade": False, "solution": True})


CHECK = code(
    "check-f",
    "check('1', 'f', globals())",
    {"grade_id": "check-f", "grade": True, "solution": False},
)


def skipped(lesson: dict[str, str], answer: str, own: str | None = None) -> set[str]:
    """What is left out of a submission: the lesson's cells, an answer, an own cell."""
    cells = [code(name, source) for name, source in lesson.items()]
    mine = [code("own", own)] if own else []
    return left_out([*cells, exercise(answer), CHECK, *mine], [*cells, exercise("stub"), CHECK])


LESSON = {
    "import": IMPORT,
    "plt": "import matplotlib.pyplot as plt",
    "data": DATA,
    "figure": FIGURE,
}


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ("def f(x):\n    return x", {"import", "data", "figure", "plt"}),
        ("def f(x):\n    return np.sum(x)", {"data", "figure", "plt"}),
        ("def f(x):\n    X = x\n    return X", {"import", "data", "figure", "plt"}),
        # The answer hangs on a value: all that may change it is run.
        ("def f(x):\n    return X", set()),
        ("Y = X\ndef f(x):\n    return Y", set()),
        ("def f(x):\n    global X\n    X = 1", set()),
        ("f = lambda x: np.sum(x)", {"data", "figure", "plt"}),
        ("class C:\n    y = np.pi\ndef f(x):\n    return C.y", {"data", "figure", "plt"}),
        ("def f(x):\n    return [np.sin(y) for y in x]", {"data", "figure", "plt"}),
        ("def f(x):\n    return eval('np')", set()),
        ("def f(x):\n    return globals()['X']", set()),
        ("from numpy import *\ndef f(x):\n    return x", set()),
        ("%time Y = np.sum(X)\ndef f(x):\n    return x", set()),
        ("def f(x)\n    return x", {"import", "data", "figure", "plt"}),  # it does not run anyway
    ],
)
def test_what_an_answer_needs(answer: str, left: set[str]) -> None:
    assert skipped(LESSON, answer) == left


def test_what_an_own_cell_needs_is_bound_but_need_not_be_changed() -> None:
    assert skipped(LESSON, "def f(x):\n    return x", own="print(X)") == {"figure", "plt"}


def test_what_is_bound_behind_a_cell_cannot_be_read_in_it_but_in_a_function() -> None:
    lesson = [code("a", "w = 1"), code("b", "w = 2"), code("c", "w = 3")]
    answer = exercise("def f(x):\n    return x")

    def left(own: str) -> set[str]:
        return left_out([lesson[0], code("own", own), *lesson[1:], answer], [*lesson, answer])

    assert left("print(w)") == {"b", "c"}
    assert left("for w in range(3):\n    print(w)") == {"b", "c"}
    assert left("def g():\n    return w") == set()
    assert left("g = lambda: w") == set()
    assert left("%time w") == set()


def test_a_value_that_reaches_an_answer_through_an_own_cell() -> None:
    lesson = LESSON | {"change": "X[0] = 7"}
    assert skipped(lesson, "def f(x):\n    return y", own="y = 2 * X") == set()


def test_through_each_other() -> None:
    lesson = {"a": "a = 1", "b": "b = a", "c": "def c():\n    return b", "d": "d = c()"}
    assert skipped(lesson, "def f(x):\n    return c()") == {"d"}


def test_a_cell_that_the_student_changed_is_run() -> None:
    cells = [code("import", IMPORT), code("data", DATA), code("figure", FIGURE)]
    changed = [code("import", IMPORT), code("data", DATA), code("figure", "plt.plot(X, 'o')")]
    answer = exercise("def f(x):\n    return x")
    assert left_out([*changed, answer], [*cells, answer]) == set()


@pytest.mark.parametrize(
    "text", ["\n" * 1_000_000, " " * 1_000_000, "=" * 1_000_000, "import " * 100_000, "?" * 100_000]
)
def test_no_text_takes_long(text: str) -> None:
    assert skipped(LESSON, text[:400_000]) is not None
    assert skipped(LESSON, text) is not None


class Runs:
    """An executor that runs cells here, and remembers which."""

    def __init__(self) -> None:
        self.ran: list[list[str]] = []

    def run(self, job: Job) -> Result:
        names: dict = {}
        notebook = copy.deepcopy(dict(job.notebook))
        self.ran.append([cell["id"] for cell in notebook["cells"]])
        for cell in notebook["cells"]:
            try:
                exec(cell["source"], names)
            except NameError as error:
                cell["outputs"] = [
                    {
                        "output_type": "error",
                        "ename": "NameError",
                        "evalue": str(error),
                        "traceback": [],
                    }
                ]
        return Result(notebook)


def test_everything_is_run_where_a_name_is_missed_after_all() -> None:
    lesson = [code("a", "a = 1")]
    answer = exercise("def f():\n    return a")
    notebook = nbformat.v4.new_notebook(cells=[*lesson, answer, code("own", "f()")])
    executor = Runs()
    result = _run(Job("ann", "1", notebook, {}, 0), {"a"}, executor)
    assert executor.ran == [["f", "own"], ["a", "f", "own"]]
    assert not result.notebook["cells"][2].outputs
    assert not are_missed(lesson, result.notebook["cells"])


def test_cells_left_out_stay_in_their_place() -> None:
    notebook = nbformat.v4.new_notebook(cells=[code("a", "a = 1"), code("b", "b = 1")])
    result = _run(Job("ann", "1", notebook, {}, 0), {"a"}, Runs())
    assert [cell["id"] for cell in result.notebook["cells"]] == ["a", "b"]


@pytest.mark.parametrize("lesson_id", Course(Path(__file__).parents[2]).lesson_ids())
def test_released_lessons(checkout: Course, lesson_id: str) -> None:
    """In every lesson there is something to leave out, and no name that an answer needs is lost."""
    lesson = make_lesson(checkout, lesson_id)
    left = left_out(lesson.instructor.cells, lesson.student.cells)
    kept = [cell for cell in lesson.instructor.cells if cell.id not in left]
    assert len(kept) < len(lesson.instructor.cells)
    names: dict = {"__name__": "lesson", "display": print}
    for cell in kept:
        grade = cell.metadata.get("nbgrader", {}).get("grade")
        if cell.cell_type == "code" and not grade:
            exec(compile(cell.source, cell.id, "exec"), names)
    for exercise_name in lesson.exercises:
        assert exercise_name in names


def test_samples_leave_out_what_takes_long(checkout: Course, tmp_path: Path) -> None:
    course = demo.make_course(checkout, tmp_path / "course")
    lesson = make_lesson(course, demo.LESSON)
    for student, sample in demo.samples().items():
        path = demo.hand_in(course, student, sample)
        notebook = nbformat.read(path, as_version=4)
        left = left_out(notebook.cells, lesson.student.cells)
        texts = [cell.source for cell in notebook.cells if cell.id not in left]
        assert not any("learning_rate_slider" in text for text in texts)
        assert "def " in "".join(texts)
