"""The page that teachers follow: its example is built from its own text and found good."""

import importlib
import re
from dataclasses import replace
from pathlib import Path

import pytest

import grader_tests
from grader_tests import catalogue, judge
from grader_tests.audit import audit

PAGE = Path(__file__).parents[2] / "docs" / "writing-an-exercise.md"


@pytest.fixture
def task(tmp_path, monkeypatch):
    text = PAGE.read_text(encoding="utf-8")
    names = re.findall(r"`grader_tests/(lesson_99_extra/\w+\.py)`", text)
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    for name, block in zip(names, blocks, strict=True):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(block, encoding="utf-8")
    monkeypatch.setattr(grader_tests, "__path__", [*grader_tests.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    catalogue.lessons.cache_clear()
    yield catalogue.exercise("99-extra", "absolute_error")
    catalogue.lessons.cache_clear()
    catalogue.exercises.cache_clear()


def test_the_page_s_example_works(task):
    result = audit("99-extra", task, seeds=range(10))
    assert result.problems == []
    assert result.misnamed == []
    assert result.alive == []
    assert result.mutants > 10
    wrong = judge("99-extra", "absolute_error", lambda A, Y: abs(A - Y).sum(), seed=1)
    assert wrong.misconceptions == ["sum-instead-of-mean"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"right": (lambda A, Y: 0.0,)}, "refused"),
        ({"criteria": ()}, "survived"),
        ({"reference": abs}, "the check itself fails"),
    ],
)
def test_a_bad_exercise_is_refused(task, change, problem):
    found = audit("99-extra", replace(task, **change), seeds=range(2), with_mutants=False)
    assert any(problem in line for line in found.problems)
