"""Every exercise: right answers of any style pass, known mistakes lose points and are named."""

import numpy as np
import pytest

from grader_tests import exercises, judge, lessons
from grader_tests.judging import assess
from grader_tests.misconceptions import NAMES

TASKS = [(lesson, name) for lesson in lessons() for name in exercises(lesson)]
RIGHT = [
    (lesson, name, number)
    for lesson, name in TASKS
    for number in range(len(exercises(lesson)[name].right))
]
WRONG = [
    (lesson, name, mistake.name, number)
    for lesson, name in TASKS
    for mistake in exercises(lesson)[name].mistakes
    for number in range(len(mistake.versions))
]
each_task = pytest.mark.parametrize(("lesson", "name"), TASKS)


@each_task
def test_the_reference_gets_full_marks(lesson, name):
    task = exercises(lesson)[name]
    for seed in range(20):
        verdict = assess(lesson, task, task.reference, seed)
        assert verdict.status == "pass", verdict.text()


@pytest.mark.parametrize(("lesson", "name", "number"), RIGHT)
def test_right_versions_get_full_marks_and_no_name(lesson, name, number):
    task = exercises(lesson)[name]
    for seed in range(8):
        verdict = assess(lesson, task, task.right[number], seed)
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


@pytest.mark.parametrize(("lesson", "name", "mistake", "number"), WRONG)
def test_known_mistakes_lose_points_and_are_named(lesson, name, mistake, number):
    task = exercises(lesson)[name]
    wrong = next(m for m in task.mistakes if m.name == mistake).versions[number]
    for seed in range(4):
        verdict = assess(lesson, task, wrong, seed)
        assert verdict.score < verdict.max_score
        assert verdict.misconceptions == [mistake], (seed, verdict.text())


@each_task
def test_there_is_enough_to_an_exercise(lesson, name):
    task = exercises(lesson)[name]
    assert len(task.right) >= 3
    assert len(task.hints) == 3
    assert len(task.mistakes) >= 1
    assert task.slide
    assert len({m.name for m in task.mistakes}) == len(task.mistakes)
    assert {m.name for m in task.mistakes} <= NAMES.keys()
    assert len({c.name for c in task.criteria}) == len(task.criteria)


@each_task
def test_the_same_seed_gives_the_same_verdict(lesson, name):
    task = exercises(lesson)[name]
    wrong = task.mistakes[0].versions[0]
    first, second = (assess(lesson, task, wrong, 5).as_dict() for _ in range(2))
    assert first == second


def same_shape_of(value, entry):
    if isinstance(value, tuple | list):
        return type(value)(same_shape_of(item, entry) for item in value)
    return np.full(np.shape(value), entry)


@each_task
@pytest.mark.parametrize("entry", [0.0, 0.5, 1.0])
def test_a_constant_of_the_right_shape_earns_nothing(lesson, name, entry):
    reference = exercises(lesson)[name].reference

    def constant(*args, **kwargs):
        return same_shape_of(reference(*args, **kwargs), entry)

    assert assess(lesson, exercises(lesson)[name], constant, 1).score == 0


@each_task
def test_stubs_and_missing_functions(lesson, name):
    def stub(*args, **kwargs):
        raise NotImplementedError

    def empty(*args, **kwargs):
        pass

    named = {
        stub: "not-implemented",
        None: "not-implemented",
        empty: "returns-nothing",
        3.0: "wrong-type",
    }
    for answer, misconception in named.items():
        verdict = judge(lesson, name, answer, seed=1)
        assert (verdict.score, verdict.misconceptions) == (0, [misconception])


@each_task
def test_the_reference_itself_is_refused(lesson, name):
    verdict = judge(lesson, name, exercises(lesson)[name].reference, seed=1)
    assert (verdict.score, verdict.misconceptions) == (0, ["borrowed"])
