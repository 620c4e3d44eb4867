"""Lesson 12 as a reader runs it: deltas in steps, work and time, one code for every place.

What a clock says is the reader's affair: tests look at what is counted, and that figures are there.
"""

import math
import re

import array_api_strict
import numpy as np
import pytest

import nnkit as nn
from tests.lessons.running import (
    Run,
    assert_box,
    assert_gives_no_answers,
    assert_measures,
    assert_quiz,
    assert_shows,
    assert_solved,
    assert_unfilled,
)

LESSON = "12-gpu"

TOOLS = "def shortest"
DELTAS = "def one_at_a_time"
SLIDER = "nn.widgets.slider(draw_steps"
WORK = "work = float(multiply_adds"
CLOCK = "def forward(X, params)"
THREADS = "threadpool_info()"
PLACES = "places = {"
ATTEMPTS = "attempts = {"
MODULES = "xp.__name__"
EVERYWHERE = "def read(X, params)"
EPOCHS = 'modules = ["numpy", "cupy"]'
PAPER = "START, FACTOR, BYTES_PER_SECOND"

SMALL, WIDE = "784-16-16-10", "784-500-500-10"

# A stand-in for CuPy on a GPU: NumPy's numbers in arrays of a module called cupy. Real numbers from a
# GPU are tested in tests/nnkit/test_gpu.py, where there is one.
CUPY = '''
import sys
from types import SimpleNamespace
import numpy as np
from numpy import *


class ndarray(np.ndarray):
    """An array that says it is CuPy's."""

    def __array_namespace__(self, *, api_version=None):
        return sys.modules["cupy"]

    def get(self):
        return np.array(self)


def asarray(x, dtype=None, copy=None):
    return np.array(x, dtype=dtype).view(ndarray)


def asnumpy(x):
    return x.get()


class Device:
    def synchronize(self):
        pass


cuda = SimpleNamespace(is_available=lambda: True, Device=Device)
'''


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


# --------------------------------------------------------------------------------------
# What the rows of the decks show
# --------------------------------------------------------------------------------------


def test_400_deltas_in_4_steps(solved):
    """C17: one at a time, in random order within a layer, and all neurons of a layer at once."""
    printed = solved.text(DELTAS)
    assert printed.startswith("400 deltas in 4 layers, largest difference ")
    assert float(re.search(r"difference (\S+)", printed)[1]) < 1e-12
    assert re.search(r"one at a time \d+ µs, a layer at a time \d+ µs", printed)


def test_the_two_ways_to_the_deltas_are_backprop(solved):
    """C17: both are the deltas of nnkit, which has them tested against numerical derivatives."""
    names = {}
    for piece in (TOOLS, DELTAS):
        exec(solved.cell(piece).source, names)
    params, y = names["params"], names["y"]
    activations = names["activations"]
    net = nn.MLP([100] * 5, "sigmoid", "sigmoid", "half_squared_error", dtype="float64")
    net.set_params(params)
    net.forward(activations[0][None])
    net.backward(y[None])
    for singly, layered, layer in zip(names["singly"], names["layered"], net.layers, strict=True):
        np.testing.assert_allclose(singly, layer.delta[0], rtol=1e-9)
        np.testing.assert_allclose(layered, layer.delta[0], rtol=1e-9)


def steps(cores, examples=1):
    """How often 100 deltas per layer and example have to be handed out to the cores, four layers."""
    return 4 * math.ceil(100 * examples / cores)


def test_the_slider_shows_what_the_text_says(solved):
    """C17: four steps with a hundred cores or more, and never fewer."""
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(SLIDER)
    assert solved.text(SLIDER) == "64 cores: 8 steps, 78% of the cores' time is used."
    assert [steps(cores) for cores in (1, 64, 99, 100, 1000)] == [400, 8, 8, 4, 4]
    assert 400 / (1000 * steps(1000)) == 0.1  # nine in ten have nothing to do
    assert 4000 / (1000 * steps(1000, examples=10)) == 1
    names = {}
    exec(solved.cell(SLIDER).source.split("def draw_steps")[0], names)
    for cores in (1, 2, 5, 10, 20, 40, 50, 64, 99, 100, 200, 1000):
        layers = names["steps_of"](cores)
        assert sum(map(len, layers)) == steps(cores)
        assert [sum(layer) for layer in layers] == [100] * 4
        assert max(map(max, layers)) <= cores


def test_multiply_adds(solved):
    """A18: how much there is to do at the same time."""
    assert_shows(solved, WORK, [f"{SMALL} pictures 1 multiply-adds 12,960"])
    assert_shows(solved, WORK, [f"{WIDE} pictures 1,000 multiply-adds 647,000,000"])
    assert nn.MLP([784, 16, 16, 10]).n_params - 42 == 12_960


def test_time_is_measured_by_the_reader(solved):
    """A18: seven batch sizes, two nets, and a figure."""
    rows = re.findall(
        r"(\S+) pictures ([\d,]+) together ([\d,]+) µs each ([\d,.]+) µs", solved.text(CLOCK)
    )
    table = [[float(number.replace(",", "")) for number in numbers] for _, *numbers in rows]
    assert [name for name, *_ in rows] == [SMALL] * 7 + [WIDE] * 7
    assert [n for n, _, _ in table] == [1, 3, 10, 30, 100, 300, 1000] * 2
    for n, together, each in table:
        assert each > 0
        assert together == pytest.approx(n * each, abs=0.5 + n / 100)
    assert "image/png" in solved.kinds(CLOCK)


def test_threads_are_measured_by_the_reader(solved):
    """A18: products in parallel, on the processor's own cores."""
    printed = solved.text(THREADS)
    assert re.match(r"threads for matrix products: [1-9]", printed)
    numbers = printed.split("1 thread µs")[-1].replace(",", "").split()
    sizes = np.array(numbers, float).reshape(3, 6)
    np.testing.assert_array_equal(sizes[:, 1], sizes[:, 0] ** 3)
    assert (sizes[:, 2:] > 0).all()


def test_the_same_code_in_every_place(solved):
    """A18: on numpy and on the fake GPU the same digits are read."""
    found = re.findall(
        r"(numpy|fake GPU) (\d+) of 360 right, largest difference (\S+)", solved.text(EVERYWHERE)
    )
    (_, here, _), (_, there, off) = found[:2]
    assert [place for place, _, _ in found[:2]] == ["numpy", "fake GPU"]
    assert here == there
    assert int(here) > 320
    assert float(off) < 1e-5
    assert_shows(solved, MODULES, ["numpy type numpy, module numpy, exp [[ 2.718 7.389 20.086]]"])
    assert_shows(solved, MODULES, ["array_api_strict._array_object, module array_api_strict"])


def test_the_fake_gpu_refuses_what_a_gpu_cannot_do(solved):
    printed = solved.cell(ATTEMPTS).outputs[0].text.splitlines()
    assert [line.endswith(" fine") for line in printed] == [False] * 4 + [True] * 2


def test_without_a_gpu_it_says_so_and_goes_on(solved):
    """A18: numpy's column stands alone."""
    printed = solved.text(PLACES)
    if "cupy" in printed.split("places to calculate:")[1]:
        pytest.skip("there is a GPU here: the next test's column is a real one")
    assert "Without a GPU stay with 'numpy'." in printed
    rows = solved.text(EPOCHS).split("numpy s ")[1].split()
    table = np.array(rows).reshape(6, 4)
    assert table[:, 0].tolist() == [SMALL] * 3 + [WIDE] * 3
    assert table[:, 2].tolist() == ["144", "15", "1"] * 2
    assert (table[:, 3].astype(float) > 0).all()


def test_with_cupy_every_measurement_has_it_beside(lesson, tmp_path):
    """A18: with a stand-in for CuPy the same cells run in three places."""
    (tmp_path / "cupy.py").write_text(CUPY)
    run = Run(lesson.instructor, tmp_path)
    assert_solved(run, lesson)
    assert_shows(run, PLACES, ["places to calculate: numpy, fake GPU, cupy"])
    assert_shows(run, MODULES, ["cupy type cupy, module"])
    assert_shows(run, EVERYWHERE, ["cupy 3"])
    assert_shows(run, EPOCHS, ["numpy s cupy s"])
    rows = run.text(EPOCHS).split("cupy s ")[1].split()
    assert (np.array(rows).reshape(6, 5)[:, 3:].astype(float) > 0).all()
    assert "image/png" in run.kinds(PAPER)


def test_the_paper_gpu(solved):
    """A18: with the data there, the factor is the one assumed; transport takes some of it away."""
    found = re.findall(
        r"(\S+) pictures are (there|brought) (wins from (\d+) on|never wins here) at best ([\d.]+)×",
        solved.text(PAPER),
    )
    assert [(name, where) for name, where, *_ in found] == [
        (name, where) for name in (SMALL, WIDE) for where in ("there", "brought")
    ]
    small_there, small_brought, wide_there, wide_brought = (float(row[-1]) for row in found)
    assert small_there == wide_there == 10
    assert small_brought < wide_brought < 10
    assert "image/png" in solved.kinds(PAPER)


def test_forward_starts_18_operations(solved):
    """What the paper GPU is charged for, counted."""
    source = solved.cell(CLOCK).source
    started = 0

    class Counted:
        """Stands for an array, and counts the operations."""

        T = property(lambda self: self)  # a view: nothing is calculated

        def operate(self, *others):
            nonlocal started
            started += 1
            return self

        __matmul__ = __add__ = __radd__ = __neg__ = __rtruediv__ = exp = operate

    names = {"np": np}
    exec("def forward" + source.split("def forward")[1].split("\n\n\n")[0], names)
    array = Counted()
    names["np"] = type("module", (), {"exp": staticmethod(lambda x: x.exp())})
    names["forward"](array, [(array, array)] * 3)
    assert started == 6 * 3 == 18


def test_the_quiz_replies_to_every_answer(solved):
    assert_quiz(solved, right={1: "b", 2: "b", 3: "b", 4: "a"})


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------


def test_the_docstrings_examples(solutions):
    assert solutions.multiply_adds([784, 16, 16, 10], 1) == 12_544 + 256 + 160 == 12_960
    assert solutions.namespace(np.zeros(3)).exp is np.exp


def test_typical_mistakes_show_as_the_box_says(lesson):
    """Each mistake is made on the example of its docstring."""
    sizes, Z = np.array([784, 16, 16, 10]), np.array([[0.0, 0.0], [1001.0, 1000.0]])
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    opposite = np.exp(-Z - (-Z).max(axis=1, keepdims=True))
    with np.errstate(all="ignore"):
        overflowing = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
        divided = Z / Z.sum(axis=1, keepdims=True)
    fake = array_api_strict.asarray(Z, device=array_api_strict.Device("device1"))
    with pytest.raises(RuntimeError, match=r"Can't convert array on the .* device"):
        np.exp(fake)
    with pytest.raises(AttributeError) as no_method:
        fake.max()
    with pytest.raises(AttributeError) as no_module:
        getattr(np.__name__, "exp")  # noqa: B009

    def rows(table, digits):
        return "[" + ", ".join(str([float(x) for x in row.round(digits)]) for row in table) + "]"

    seen = [
        ("counts-biases", f"{(sizes[:-1] * sizes[1:] + sizes[1:]).sum():,}"),
        ("wrong-factor", f"{2 * (sizes[:-1] * sizes[1:]).sum():,}"),
        ("off-by-one-layer", f"{16 * 16 + 16 * 10} or {784 * 16 + 16 * 16:,}"),
        ("adds-instead-of-multiplies", f"{(sizes[:-1] + sizes[1:]).sum()}"),
        ("product-of-all", f"{sizes.prod():,}"),
        ("ignores-argument", "12,960 for two pictures"),
        ("wrong-type", str(no_module.value)),
        ("wrong-module", type(fake).__module__),
        ("leaves-device", "Can't convert array on the"),
        ("array-methods", str(no_method.value)),
        ("no-shift", rows(overflowing, 3)),
        ("wrong-axis", rows(E / E.sum(axis=0), 3)),
        ("wrong-sign", rows(opposite / opposite.sum(axis=1, keepdims=True), 3)),
        ("missing-activation", rows(divided, 4)),
    ]
    assert_box(lesson, seen)


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


@pytest.mark.parametrize("piece", [SLIDER, CLOCK, PAPER])
def test_unfilled_it_still_draws(unfilled, piece):
    assert "image/png" in unfilled.kinds(piece)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {"multiply_adds": 6, "namespace": 5, "softmax_any": 12}
    assert lesson.questions == {"slower-gpu": 4}
