"""The engine: what a student's function may do, and what it can not."""

import builtins
import contextlib
import io
import json
import logging
import random
import subprocess
import sys
import time
import warnings
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import grader_tests
from grader_tests import values
from grader_tests.calling import TookTooLong, call
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Problem, Untouched
from grader_tests.judging import assess, judge
from grader_tests.verdict import MIME

LESSON = "08-two-three-one"


def right(out, Y):
    return (out - Y) * out * (1 - out)


def str_of_type(value):
    return type(value).__name__


def judged(function, name="output_bpe"):
    return judge(LESSON, name, function, seed=1)


# -- values -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        [1, 2],
        (1.0, 2.0),
        np.float32([1, 2]),
        np.array([1, 2]),
        [Fraction(1), Fraction(2)],
        [np.array(1.0), np.array(2)],
        np.ma.masked_array([1.0, 2.0]),
        np.array([1, 2], dtype=object),
    ],
    ids=str_of_type,
)
def test_whatever_asarray_turns_into_the_right_numbers_is_right(value):
    expected = np.array([1.0, 2.0])
    got = values.plain(value, like=expected)
    assert type(got) is np.ndarray
    assert got.dtype == np.float64
    assert values.difference(expected, got) is None


@pytest.mark.parametrize(
    "value", [True, 1, np.float64(1), np.array(1), Fraction(1)], ids=str_of_type
)
def test_a_number_may_come_as_any_number(value):
    assert values.difference(values.plain(1.0, 1.0), values.plain(value, 1.0)) is None


@pytest.mark.parametrize(
    "value",
    ["1.0", {"a": 1}, {1.0}, object(), 1j, [[1], [1, 2]], b"1", (i for i in [1.0])],
    ids=str_of_type,
)
def test_what_is_no_number_is_not_taken_for_one(value):
    assert isinstance(values.plain(value, like=1.0), values.Misfit)


def test_shapes_are_strict():
    found = values.difference(values.plain(1.0, 1.0), values.plain([1.0], 1.0))
    assert found.kind == "shape"
    assert "expected shape (), got shape (1,)" in found.message


def test_the_first_differing_entry_is_named():
    got = values.plain([[1.0, 2.0], [3.5, 4.0]], like=np.ones((2, 2)))
    found = values.difference(np.array([[1.0, 2.0], [3.0, 4.0]]), got)
    assert (found.kind, found.index) == ("value", (1, 0))
    assert found.message == "expected 3, got 3.5 at index (1, 0)"


def test_tolerance_is_relative_to_the_largest_entry():
    expected = np.array([1000.0, 0.001])
    assert values.difference(expected, expected + 0.09) is None
    assert values.difference(expected, expected + 0.11) is not None
    assert values.difference(np.zeros(2), np.array([0, 1e-12])) is not None


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_unstable(bad):
    found = values.difference(np.ones(2), np.array([1.0, bad]))
    assert found.kind == "unstable"
    assert values.difference(np.array([bad]), np.array([bad])) is None


def test_results_may_come_as_list_tuple_or_array():
    like = (np.ones(2), np.ones(2))
    for value in ([[1, 1], [1, 1]], ((1, 1), (1, 1)), np.ones((2, 2))):
        assert values.difference(values.plain(like, like), values.plain(value, like)) is None
    assert isinstance(values.plain([[1, 1]], like), values.Misfit)
    assert isinstance(values.plain(1.0, like), values.Misfit)


@pytest.mark.parametrize("result", [reversed([1, 2]), map(abs, [1, 2]), enumerate("a"), iter([1])])
def test_an_iterator_is_called_one(result):
    assert "an iterator (" in values.plain(result, like=(1.0, 2.0)).message


# -- what a student's function returns ---------------------------------------------------------------


class AlwaysEqual(np.ndarray):
    def __eq__(self, other):
        return np.True_

    def __sub__(self, other):
        return np.zeros(1)

    __rsub__ = __sub__

    def __array_function__(self, *args, **kwargs):
        return True


class Liar:
    def __eq__(self, other):
        return True

    def __array__(self, dtype=None, copy=None):
        return np.zeros((1, 1)).view(AlwaysEqual)


@pytest.mark.parametrize(
    "answer",
    [
        lambda out, Y: np.zeros_like(out).view(AlwaysEqual),
        lambda out, Y: Liar(),
        lambda out, Y: np.array([[Liar()]], dtype=object),
        lambda out, Y: float("nan"),
        lambda out, Y: [Liar()] * 4,
        lambda out, Y: (v for v in right(out, Y)),
        lambda out, Y: str(right(out, Y)),
    ],
)
def test_hostile_results_earn_nothing(answer):
    assert judged(answer).score == 0


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (lambda out, Y: right(out, Y)[:, 0], "wrong-shape"),
        (lambda out, Y: {"bpe": out}, "wrong-type"),
        (lambda out, Y: np.where(out > 0, np.nan, 0), "unstable"),
        (lambda out, Y: 1 / 0, "raises"),
        (lambda out, Y: sys.exit(0), "raises"),
        (lambda out: out, "raises"),
    ],
)
def test_what_can_be_seen_is_named(answer, name):
    verdict = judged(answer)
    assert verdict.misconceptions == [name]
    assert verdict.score == 0


def test_a_second_call_that_differs_is_found():
    calls = []

    def answer(out, Y):
        calls.append(1)
        return right(out, Y) if len(calls) < 4 else right(out, Y) + len(calls)

    assert judged(answer).misconceptions == ["keeps-state"]


# -- what a student's function does ------------------------------------------------------------------


def test_noise_changes_nothing_and_leaves_no_trace(capfd, monkeypatch):
    def noisy(out, Y):
        print("look", out)
        print("error", file=sys.stderr)
        warnings.warn("careful", stacklevel=1)
        logging.warning("logged")
        np.random.seed(0)  # noqa: NPY002
        random.seed(0)
        np.set_printoptions(precision=1)
        np.log(np.zeros(1))
        np.seterr(all="raise")
        return right(out, Y)

    log = io.StringIO()
    handler = logging.StreamHandler(log)
    monkeypatch.setattr(logging.root, "handlers", [handler])
    np.random.seed(5)  # noqa: NPY002
    random.seed(5)
    states = np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
    errors, options = np.geterr(), np.get_printoptions()
    verdict = judged(noisy)
    assert verdict.status == "pass", verdict.text()
    assert capfd.readouterr() == ("", "")
    assert log.getvalue() == ""
    assert np.array_equal(states[0], np.random.get_state()[1])  # noqa: NPY002
    assert states[1] == random.getstate()
    assert (errors, options) == (np.geterr(), np.get_printoptions())


def test_patches_of_numpy_and_builtins_are_undone():
    def patching(out, Y):
        np.all = np.abs = np.isfinite = lambda *args, **kwargs: True
        builtins.sum = lambda *args: 99
        builtins.all = lambda *args: True
        return out

    originals = np.all, sum, all
    verdict = judged(patching)
    assert verdict.score == 0
    assert (np.all, sum, all) == originals


def test_parts_of_numpy_may_be_used_for_the_first_time_in_a_call():
    """numpy imports np.polynomial and others on first use; in this process it may have, so run anew."""
    code = """
import numpy as np
from grader_tests import judge
def output_bpe(out, Y):
    np.polynomial.Polynomial([0, 1]), np.ma.array([1]), np.fft.fft([1.0]), np.char.upper(["a"])
    return (out - Y) * out * (1 - out)
for _ in range(2):
    assert judge("08-two-three-one", "output_bpe", output_bpe, seed=1).status == "pass"
np.polynomial, np.ma, np.fft, np.char, np.random
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_call_that_does_not_end_is_stopped():
    def endless(out, Y):
        while True:
            with contextlib.suppress(Exception):
                time.sleep(0.01)

    started = time.monotonic()
    outcome = call(endless, Case("one", (1, 2)), seconds=0.2)
    assert outcome.failure.kind is TookTooLong
    assert time.monotonic() - started < 2


def test_every_call_gets_its_own_arguments_and_changes_are_seen():
    case = Case("one", (np.ones(2), [np.zeros(2)], np.random.default_rng(3)), {"k": {"a": [1]}})

    def greedy(x, nested, rng, k):
        nested[0][0] = 5
        k["a"].append(2)
        return rng.random()

    first, second = call(greedy, case), call(greedy, case)
    assert first.changed == (1, 3)
    assert first.value == second.value
    assert case.args[1][0][0] == 0


def test_a_student_s_line_is_shown_but_not_the_engine(tmp_path):
    path = tmp_path / "student.py"
    path.write_text("def output_bpe(out, Y):\n    return out @ Y @ out @ nothing\n")
    namespace = {}
    exec(compile(path.read_text(), str(path), "exec"), namespace)
    text = judged(namespace["output_bpe"]).text()
    assert "name 'nothing' is not defined" in text
    assert "line 2: return out @ Y" in text
    assert "calling.py" not in text


def test_shapes_that_do_not_fit_are_explained(tmp_path):
    path = tmp_path / "student.py"
    path.write_text("def forward(X, params):\n    W1 = params[0]\n    return X @ W1\n")
    namespace = {}
    exec(compile(path.read_text(), str(path), "exec"), namespace)
    text = judged(namespace["forward"], "forward").text()
    assert "the shapes do not fit: X (1, 2) and W1 (3, 2); did you mean X @ W1.T?" in text


def test_lists_that_are_calculated_with_are_explained():
    text = judged(lambda out, Y: (out.tolist() - Y.tolist()) * out).text()
    assert "'list' and 'list': lists do not calculate; make an array of each" in text


def test_a_wrong_type_beside_wrong_numbers_is_not_what_is_named():
    def a_dict_for_one(out, Y):
        return {} if len(out) == 1 else (out - Y) ** 3

    def a_dict_for_one_else_right(out, Y):
        return {} if len(out) == 1 else right(out, Y)

    assert judged(a_dict_for_one).misconceptions == []
    assert judged(a_dict_for_one_else_right).misconceptions == ["wrong-type"]


# -- exercises that need more than comparison ---------------------------------------------------------


def shuffled(X, rng):
    yield from rng.permutation(X)


def same_rows(case, result):
    if sorted(result) != sorted(case.args[0].tolist()):
        return Problem("expected every row once", "drops-last-batch")
    return None


SHUFFLE = Exercise(
    reference=shuffled,
    cases=lambda rng: [Case("any", (np.arange(n), np.random.default_rng(n))) for n in (20, 7)],
    criteria=(
        Criterion("rows", "every row comes once", 2, ("any",), examine=same_rows),
        Untouched(),
    ),
    mistakes=(),
    right=(),
    hints=("",),
    slide="",
    convert=list,
)


@pytest.mark.parametrize(
    ("answer", "score", "names"),
    [
        (shuffled, 3, []),
        (lambda X, rng: list(rng.permutation(X))[::-1], 3, []),
        (lambda X, rng: list(rng.permutation(X))[:-1], 0, ["drops-last-batch"]),
        (lambda X, rng: np.random.default_rng().permutation(X), 1, ["not-deterministic"]),
    ],
)
def test_examined_results(answer, score, names):
    verdict = assess("toy", SHUFFLE, answer, seed=1)
    assert verdict.score == (0 if names == ["not-deterministic"] else score), verdict.text()
    assert verdict.misconceptions == names


def test_global_randomness_is_found_out_every_time():
    import random as python_random

    def by_numpy(X, rng):
        return np.random.permutation(X)  # noqa: NPY002

    def by_python(X, rng):
        return python_random.sample(X.tolist(), len(X))

    for answer in (by_numpy, by_python):
        verdict = assess("toy", SHUFFLE, answer, seed=1)
        assert verdict.misconceptions == ["not-deterministic"]
        assert verdict.score == 0


def never_shuffled(pairs):
    if all(list(result) == case.args[0].tolist() for case, result in pairs):
        return Problem("the rows always come in their old order", "no-shuffle")
    return None


def test_results_may_be_looked_at_together():
    rows = replace(SHUFFLE.criteria[0], together=never_shuffled)
    task = replace(SHUFFLE, criteria=(rows, Untouched()))
    assert assess("toy", task, shuffled, seed=1).status == "pass"
    verdict = assess("toy", task, lambda X, rng: X.tolist(), seed=1)
    assert (verdict.score, verdict.misconceptions) == (0, ["no-shuffle"])


def test_recursion_may_go_as_deep_as_the_tasks_ask():
    def answer(out, Y, depth=1500):
        return right(out, Y) if depth == 0 else answer(out, Y, depth - 1)

    limit = sys.getrecursionlimit()
    assert judged(answer).status == "pass"
    assert sys.getrecursionlimit() == limit


def test_arrays_of_another_module_are_copied_and_watched():
    import array_api_strict as xp

    x = xp.asarray([1.0, 2.0], device=xp.Device("device1"))

    def change(x):
        x[0] = xp.asarray(5.0, device=x.device)

    outcome = call(change, Case("any", (x,)))
    assert outcome.changed == (0,)
    assert float(x[0]) == 1.0
    assert call(lambda x: None, Case("any", (x,))).changed == ()


def double(x):
    return 2 * x


def sign_toy(**changes):
    """An exercise with one case, x = 1 or x = −1, and two mistakes that agree on x = 1."""
    parts = {
        "reference": double,
        "cases": lambda rng: [Case("any", (float(rng.choice([-1, 1])),))],
        "criteria": (Criterion("any", "a number", 1, ("any",)),),
        "mistakes": (
            Misconception("wrong-factor", (lambda x: x,), "once"),
            Misconception("wrong-sign", (abs,), "without its sign"),
        ),
        "right": (),
        "hints": (),
        "slide": "",
    }
    return Exercise(**(parts | changes))


@pytest.mark.parametrize("seed", range(8))
def test_more_cases_are_drawn_until_one_mistake_remains(seed):
    assert assess("toy", sign_toy(), lambda x: 1.0 * x, seed).misconceptions == ["wrong-factor"]
    assert assess("toy", sign_toy(), lambda x: abs(x), seed).misconceptions == ["wrong-sign"]


def test_a_mistake_that_fits_by_chance_is_put_to_another_test():
    """On the first case, 1, both agree; on the next, −1, they do not."""
    draws = iter([1.0, -1.0])
    one_mistake = sign_toy(
        mistakes=sign_toy().mistakes[1:],
        cases=lambda rng: [Case("any", (next(draws),))],
    )
    assert assess("toy", one_mistake, lambda x: 1.0 * x, 1).misconceptions == []


def test_an_endless_function_is_named_and_not_called_again():
    def endless(x):
        while True:
            pass

    started = time.monotonic()
    verdict = assess("toy", sign_toy(seconds=0.2), endless, seed=1)
    assert (verdict.status, verdict.misconceptions) == ("fail", ["too-slow"])
    assert time.monotonic() - started < 1


def look_up(d):
    return d["a"]


LOOK_UP = Exercise(
    reference=look_up,
    cases=lambda rng: [Case("has", ({"a": 2.0},)), Case("lacks", ({},), raises=KeyError)],
    criteria=(
        Criterion("has", "a value", 1, ("has",)),
        Criterion("lacks", "a missing key", 1, ("lacks",)),
    ),
    mistakes=(Misconception("hard-coded", (lambda d: d.get("a"),), "get hides the missing key"),),
    right=(),
    hints=("",),
    slide="",
)


def test_an_exception_may_be_the_right_answer():
    assert assess("toy", LOOK_UP, look_up, seed=1).status == "pass"
    verdict = assess("toy", LOOK_UP, lambda d: d.get("a"), seed=1)
    assert (verdict.score, verdict.misconceptions) == (1, ["hard-coded"])


def test_a_broken_reference_is_not_the_student_s_fault(monkeypatch):
    def broken(d):
        raise RuntimeError("our fault")

    broken_task = Exercise(**{**vars(LOOK_UP), "reference": broken})
    monkeypatch.setattr("grader_tests.catalogue.exercise", lambda lesson, name: broken_task)
    verdict = judge("toy", "broken", look_up, seed=1)
    assert verdict.status == "could-not-check"
    assert "our fault" in verdict.notes[0]
    with pytest.raises(RuntimeError, match="our fault"):
        grader_tests.check("toy", "broken", {"broken": look_up})


# -- verdicts and notebooks ---------------------------------------------------------------------------


def test_a_verdict_is_text_html_and_data():
    verdict = judged(lambda out, Y: out - Y)
    text, page, data = verdict.text(), verdict.html(), json.loads(json.dumps(verdict.as_dict()))
    for words in (
        "0 of 6 points",
        "missing-derivative",
        "failed",
        "expected",
        "Read again: deck B",
    ):
        assert words in text
        assert words in page
    assert page.count("<details open>") == 1
    assert 'scope="col"' in page
    assert (data["score"], data["max_score"], data["status"]) == (0, 6, "fail")
    assert data["misconceptions"] == ["missing-derivative"]
    assert [c["status"] for c in data["criteria"]] == ["failed"] * 3
    assert "def " not in text + page


def test_what_a_student_returns_is_escaped():
    def script(out, Y):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in judged(script).html()


def test_check_returns_a_float_and_shows_the_verdict(monkeypatch, capsys):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    monkeypatch.setenv("NNKIT_CHECK_SEED", "77")
    score = grader_tests.check(LESSON, "output_bpe", {"output_bpe": right})
    assert (type(score), score) == (float, 6.0)
    assert set(shown[0]) == {"text/plain", "text/html", MIME}
    assert shown[0][MIME]["seed"] == 77
    assert grader_tests.check(LESSON, "output_bpe", {}) == 0.0
    assert "not defined" in shown[1]["text/plain"]
    assert capsys.readouterr() == ("", "")


def test_checks_draw_fresh_cases_and_offer_hints_after_three_tries(monkeypatch, capsys):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    monkeypatch.delenv("NNKIT_CHECK_SEED", raising=False)
    for _ in range(3):
        grader_tests.check(LESSON, "output_bpe", {"output_bpe": lambda out, Y: out - Y})
    assert len({bundle[MIME]["seed"] for bundle in shown}) == 3
    assert ["hint" in bundle["text/plain"] for bundle in shown] == [False, False, True]
    for _ in range(5):
        grader_tests.hint(LESSON, "output_bpe")
    lines = capsys.readouterr().out.splitlines()
    assert [line[:11] for line in lines] == ["Hint 1 of 3", "Hint 2 of 3"] + ["Hint 3 of 3"] * 3


def test_unknown_names_say_what_exists():
    with pytest.raises(KeyError, match="08-two-three-one"):
        judge("99-nothing", "forward", right)
    with pytest.raises(KeyError, match="output_bpe"):
        judge(LESSON, "backward", right)


@pytest.mark.parametrize("result", [[[...]], "text", [[1, 2], [3]], object(), {}, 10**400])
def test_a_result_of_a_wrong_type_is_wrong_and_not_unchecked(result: object) -> None:
    endless: list[object] = []
    endless.append(endless)
    for returned in (result, endless):
        verdict = judge("08-two-three-one", "hidden_bpe", lambda *args: returned, 1)  # noqa: B023
        assert verdict.status == "fail"
