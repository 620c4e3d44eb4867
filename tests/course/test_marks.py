"""Wrong and missing marks are found, and the message says where."""

from pathlib import Path

import pytest

from course.marks import MarkError, nbgrader_metadata, read_cells, without_solution

GOOD = '''\
# %% [markdown]
# # A toy lesson

# %%
import numpy as np

# %% exercise="double"
def double(x):
    """Return 2x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% check="double" points=3

# %% tags=["raises-exception"]
print(double(2))

# %% [markdown] question="why-two" points=1.5
# Why two?
# ### BEGIN SOLUTION
# Because.
# ### END SOLUTION
'''
POINTS = {"double": 3.0}
EXERCISE = GOOD[GOOD.index("# %% exercise") : GOOD.index("# %% check")]

# what goes wrong: (old text, new text, line of the cell, words of the message)
ERRORS = {
    "check without an exercise": (EXERCISE, "", 7, "the check has no exercise before it"),
    "exercise without a check": ('# %% check="double" points=3\n', "", 7, "has no check"),
    "check before its exercise": (
        '# %%\nimport numpy as np\n\n# %% exercise="double"',
        '# %% check="double" points=3\n# %% exercise="double"',
        4,
        "no exercise before it",
    ),
    "exercise twice": (EXERCISE, EXERCISE * 2, 15, "'double' is there twice"),
    "check twice": (
        '# %% check="double" points=3\n',
        '# %% check="double" points=3\n' * 2,
        16,
        "'double' is there twice",
    ),
    "question twice": (
        GOOD[GOOD.index("# %% [markdown] q") :],
        GOOD[GOOD.index("# %% [markdown] q") :] * 2,
        25,
        "'why-two' is there twice",
    ),
    "points missing": (" points=3", "", 15, "the check has no points"),
    "question without points": (" points=1.5", "", 20, "the question has no points"),
    "points zero": ("points=3", "points=0", 15, "positive number of points, got 0"),
    "points negative": ("points=3", "points=-3", 15, "positive number of points, got -3"),
    "points not a number": ("points=3", 'points="three"', 15, "points, got 'three'"),
    "points true": ("points=3", "points=true", 15, "points, got True"),
    "points differ from the checks'": ("points=3", "points=4", 15, "gives 3 points, got 4"),
    "points on the exercise": ('"double"\ndef', '"double" points=3\ndef', 7, "belong to the check"),
    "points on nothing": ("# %%\nimport", "# %% points=3\nimport", 4, "neither a check nor"),
    "unknown exercise": ('exercise="double"', 'exercise="triple"', 7, "triple"),
    "unknown mark": ("exercise=", "exersise=", 7, "unknown mark 'exersise'; expected one of"),
    "mark without =": ('exercise="double"', 'exercise "double"', 7, "cannot read the mark"),
    "mark without quotes": ('exercise="double"', "exercise=double", 7, "cannot read the mark"),
    "two marks": ('exercise="double"', 'exercise="double" check="double"', 7, "two marks"),
    "name of an exercise": ('exercise="double"', 'exercise="2x"', 7, "cannot be the name"),
    "name of a question": ("why-two", "Why two", 20, "cannot be the name of a question"),
    "BEGIN missing": ("    ### BEGIN SOLUTION\n", "", 7, "### END SOLUTION without"),
    "END missing": ("    ### END SOLUTION\n", "", 7, "### BEGIN SOLUTION without"),
    "BEGIN twice": ("    return 2", "    ### BEGIN SOLUTION\n    return 2", 7, "twice without"),
    "no solution": (
        "    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n",
        "    return 2 * x\n",
        7,
        "no solution",
    ),
    "question without a solution": (
        "# ### BEGIN SOLUTION\n# Because.\n# ### END SOLUTION\n",
        "",
        20,
        "no solution: expected ### BEGIN SOLUTION",
    ),
    "solution in an unmarked cell": (
        "import numpy as np",
        "### BEGIN SOLUTION\nx = 1\n### END SOLUTION",
        4,
        "neither an exercise nor a question",
    ),
    "body in a check": ("points=3\n", "points=3\nassert double(1) == 2\n", 15, "no body"),
    "another function": ("def double", "def triple", 7, "define the function double"),
    "two functions": (
        "\n\n# %% check",
        "\n\ndef half(x):\n    return x / 2\n\n# %% check",
        7,
        "got double and half",
    ),
    "no Python": ("return 2 * x", "return 2 *", 7, "not valid Python"),
    "whole function in the solution": (
        'def double(x):\n    """Return 2x."""\n    ### BEGIN SOLUTION\n',
        '### BEGIN SOLUTION\ndef double(x):\n    """Return 2x."""\n',
        7,
        "must stand inside double",
    ),
    "exercise in prose": ('# %% exercise="double"', '# %% [markdown] exercise="double"', 7, "code"),
    "question in code": ('# %% [markdown] question="w', '# %% question="w', 20, "markdown cell"),
}


def write(folder: Path, text: str) -> Path:
    path = folder / "07-toy" / "07-toy.py"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("old", "new", "line", "words"), ERRORS.values(), ids=ERRORS)
def test_wrong_mark(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    with pytest.raises(MarkError) as caught:
        read_cells(write(tmp_path, GOOD.replace(old, new)), POINTS)
    message = caught.value.message
    assert words in message
    assert f"07-toy/07-toy.py, line {line}, cell " in message


def test_good_marks_become_nbgrader_metadata(tmp_path: Path) -> None:
    cells = read_cells(write(tmp_path, GOOD), POINTS)
    marks = {cell.grade_id: nbgrader_metadata(cell) for cell in cells if cell.kind}
    assert list(marks) == ["double", "check-double", "question-why-two"]
    flags = {
        grade_id: (mark["grade"], mark["solution"], mark["locked"], mark.get("points"))
        for grade_id, mark in marks.items()
    }
    assert flags == {
        "double": (False, True, False, None),
        "check-double": (True, False, True, 3),
        "question-why-two": (True, True, False, 1.5),
    }
    assert all(mark["schema_version"] == 3 for mark in marks.values())


def test_exercise_of_the_checks_that_the_lesson_lacks(tmp_path: Path) -> None:
    with pytest.raises(MarkError, match="'half' of grader_tests is missing in the lesson"):
        read_cells(write(tmp_path, GOOD), {**POINTS, "half": 2.0})


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("points=3", "points=0").replace("points=1.5", "")
    with pytest.raises(MarkError) as caught:
        read_cells(write(tmp_path, text), POINTS)
    assert "line 15," in caught.value.message
    assert "line 20," in caught.value.message


def test_marker_inside_a_string_is_no_cell(tmp_path: Path) -> None:
    text = GOOD.replace("import numpy as np", 's = """\n# %% not a cell\n"""').replace("=3", "=0")
    with pytest.raises(MarkError, match=r"cell check='double'") as caught:
        read_cells(write(tmp_path, text), POINTS)
    assert "line" not in caught.value.message.split("cell check")[0]  # better none than a wrong one


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    path.write_bytes(GOOD.replace("toy", "töy").encode("latin-1"))
    with pytest.raises(MarkError, match="not UTF-8"):
        read_cells(path, POINTS)


def test_stub_keeps_the_indentation() -> None:
    begin, end = "        ### BEGIN SOLUTION", "        ### END SOLUTION"
    source = f"def f():\n    if True:\n{begin}\n        return 1\n{end}"
    assert without_solution(source, "pass") == "def f():\n    if True:\n        pass"
