"""No lesson stands in solutions/ without its tests: each is executed solved and unfilled, once."""

import ast
from pathlib import Path

import pytest

from course.paths import Course

TESTS = Path(__file__).parent
LESSONS = Course(TESTS.parents[1]).lesson_ids()
# Of tests/lessons/running.py: what holds for every lesson.
WANTED = {
    "assert_solved",
    "assert_unfilled",
    "assert_gives_no_answers",
    "assert_measures",
    "assert_quiz",
}


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_holds_for_every_lesson_is_tested(lesson):
    path = TESTS / f"test_{lesson.replace('-', '_')}.py"
    assert path.is_file()
    module = ast.parse(path.read_text(encoding="utf-8"))
    assigned = {
        ast.unparse(node) for node in module.body if isinstance(node, ast.Assign | ast.AnnAssign)
    }
    assert f"LESSON = '{lesson}'" in assigned
    tests = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    called = {
        call.func.id
        for test in tests
        if test.name.startswith("test_")
        for call in ast.walk(test)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    }
    assert WANTED - called == set()
