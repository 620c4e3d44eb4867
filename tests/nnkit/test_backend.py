"""Array modules, and what importing nnkit costs."""

import subprocess
import sys
from types import ModuleType, SimpleNamespace

import array_api_strict
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnkit import backend


class StandardArray:
    """Stands for an array of some other module that follows the array API standard."""

    module = ModuleType("standard")

    def __array_namespace__(self):
        return self.module


def fake_cupy(available):
    cupy = ModuleType("cupy")
    cupy.cuda = SimpleNamespace(is_available=lambda: available)
    cupy.asarray = np.asarray
    return cupy


class CupyArray:
    """Stands for cupy.ndarray: no __array_namespace__, and `get` copies to the CPU."""

    def get(self):
        return np.array([1.0, 2.0])


CupyArray.__module__ = "cupy._core.core"


# ---------------------------------------------------------------- namespace


@pytest.mark.parametrize("x", [np.zeros(3), np.zeros(()), np.zeros(3).view(np.recarray)])
def test_numpy_arrays_belong_to_numpy(x):
    assert backend.namespace(x) is np


def test_a_standard_array_says_where_it_belongs():
    assert backend.namespace(StandardArray()) is StandardArray.module


def test_a_cupy_array_is_known_by_its_type(monkeypatch):
    cupy = fake_cupy(available=True)
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    assert backend.namespace(CupyArray()) is cupy
    np.testing.assert_array_equal(backend.to_numpy(CupyArray()), [1, 2])


@pytest.mark.parametrize("x", [[1.0, 2.0], 3.0, "abc", None])
def test_what_is_no_array_is_refused(x):
    with pytest.raises(TypeError, match=f"expected an array, got {type(x).__name__}"):
        backend.namespace(x)


# ---------------------------------------------------------------- load_namespace


def test_numpy_is_always_there():
    assert backend.load_namespace("numpy") is np


def test_an_unknown_module_is_refused():
    with pytest.raises(
        ValueError, match="expected the array module 'numpy' or 'cupy', got 'torch'"
    ):
        backend.load_namespace("torch")


def test_missing_cupy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)  # makes `import cupy` fail
    with pytest.raises(ImportError, match=r"not installed.*pip install cupy-cuda13x"):
        backend.load_namespace("cupy")


def test_a_missing_gpu_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", fake_cupy(available=False))
    with pytest.raises(RuntimeError, match="installed but finds no GPU"):
        backend.load_namespace("cupy")


def test_cupy_with_a_gpu_is_returned(monkeypatch):
    cupy = fake_cupy(available=True)
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    assert backend.load_namespace("cupy") is cupy


# ---------------------------------------------------------------- from module to module


def test_what_is_no_array_becomes_one():
    for x in (np.ones(2), array_api_strict.ones(2), CupyArray()):
        assert backend.as_array(x) is x
    for x in ([1, 2], 3.0, (1, 2)):
        assert type(backend.as_array(x)) is np.ndarray


def on(device, values, **arguments):
    device = array_api_strict.Device(device)
    return array_api_strict.asarray(values, device=device, **arguments)


def test_arrays_go_to_the_module_dtype_and_device_of_another():
    cpu = np.ones(3, dtype=np.float64)
    like = on("device1", np.zeros(2, dtype=np.float32))
    moved = backend.as_array_like(cpu, like)
    assert (moved.dtype, moved.device) == (like.dtype, like.device)
    stored = backend.to_module_of(like, np.arange(3))
    assert (stored.dtype, stored.device) == (array_api_strict.int64, like.device)
    again = backend.as_array_like(on("CPU_DEVICE", [1.5, 2.5]), cpu)
    assert type(again) is np.ndarray
    np.testing.assert_array_equal(again, [1.5, 2.5])


def test_arrays_that_are_there_already_are_not_copied():
    x = np.ones(3)
    assert backend.as_array_like(x, x) is x
    assert backend.to_module_of(x, x) is x


def test_a_cupy_module_is_asked_without_a_device(monkeypatch):
    cupy = fake_cupy(available=True)
    cupy.asarray = lambda x, dtype=None: ("moved", x, dtype)  # has no argument `device`
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    x = np.ones(2)
    assert backend.to_module_of(CupyArray(), x, dtype="float32") == ("moved", x, "float32")


# ---------------------------------------------------------------- the quick steps

numbers = st.integers(-99, 99).map(float)
tables = arrays(
    st.sampled_from([np.float32, np.float64]),
    array_shapes(min_dims=2, max_dims=2, max_side=5),
    elements=numbers,
)


def both_ways(x):
    """Give the array of numpy, and of a module that has no short cut."""
    return x, on("device1", x)


def as_numpy(x):
    """Return an array of either module in numpy."""
    return x if isinstance(x, np.ndarray) else np.asarray(x.to_device(on("CPU_DEVICE", 0).device))


@given(tables)
def test_sums_and_maxima_of_rows(x):
    for values in both_ways(x):
        for result, expected in (
            (backend.row_sums(values), x.sum(axis=1, keepdims=True)),
            (backend.row_maxima(values), x.max(axis=1, keepdims=True)),
        ):
            assert result.dtype == values.dtype
            np.testing.assert_array_equal(as_numpy(result), expected)


@pytest.mark.parametrize("shape", [(7,), (2, 3, 4), (1, 1), (9, 2), (2, 9)])
def test_rows_of_any_shape(shape):
    x = np.random.default_rng(0).normal(size=shape)
    before = x.copy()
    np.testing.assert_allclose(backend.row_sums(x), x.sum(axis=-1, keepdims=True), rtol=1e-13)
    np.testing.assert_array_equal(backend.row_maxima(x), x.max(axis=-1, keepdims=True))
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("shape", [(5, 2), (2, 5)])
def test_a_nan_is_the_largest(shape):
    x = np.zeros(shape)
    x[1, 1] = np.nan
    assert np.isnan(backend.row_maxima(x)).ravel().tolist() == [i == 1 for i in range(shape[0])]


@given(tables)
def test_columns_sums_and_products_are_written(x):
    n, k = x.shape
    other = np.arange(3 * n, dtype=x.dtype).reshape(3, n)
    for values, left in zip(both_ways(x), both_ways(other), strict=True):
        flat = backend.as_array_like(np.zeros(4 * k), values)
        sums, product = flat[:k], backend.namespace(flat).reshape(flat[k:], (3, k))
        backend.write_column_sums(sums, values)
        backend.write_product(product, left, values)
        expected = np.concatenate([x.sum(axis=0), (other @ x).ravel()])
        np.testing.assert_array_equal(as_numpy(flat), expected)


@given(tables)
def test_products_and_affine_maps(x):
    k = x.shape[1]
    W = np.arange(3 * k, dtype=x.dtype).reshape(3, k)
    b = np.arange(3, dtype=x.dtype)
    for values, weights, biases in zip(both_ways(x), both_ways(W), both_ways(b), strict=True):
        z = backend.affine(values, weights, biases)
        assert z.dtype == values.dtype
        np.testing.assert_array_equal(as_numpy(z), x @ W.T + b)
        np.testing.assert_array_equal(as_numpy(backend.product(z, weights)), (x @ W.T + b) @ W)
        np.testing.assert_array_equal(as_numpy(biases), b)


@given(tables, st.data())
def test_rows_are_taken(x, data):
    rows = np.array(data.draw(st.lists(st.integers(0, len(x) - 1), min_size=1)))
    for values, order in zip(both_ways(x), both_ways(rows), strict=True):
        taken = backend.take_rows(values, order)
        np.testing.assert_array_equal(as_numpy(taken), x[rows])
    backend.take_rows(x, rows)[...] = -1000
    assert (x != -1000).all()


# ---------------------------------------------------------------- import nnkit


def run(code):
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_import_needs_numpy_alone():
    optional = ["matplotlib", "sklearn", "ipywidgets", "anywidget", "tqdm", "threadpoolctl"]
    optional += ["pooch", "scipy", "cupy", "IPython", "array_api_strict", "torch", "keras"]
    code = f"""
import sys
for name in {optional}:
    sys.modules[name] = None      # importing any of these would now fail
import nnkit as nn
nn.MLP([2, 3, 1], seed=0).fit([[0, 1], [1, 0]], [[0], [1]], epochs=2)
nn.two_three_one()
print("numpy.random" in sys.modules, nn.MLP.__name__)
"""
    assert run(code).split() == ["True", "MLP"]


def test_import_loads_nothing_else():
    heavy = {"matplotlib", "sklearn", "ipywidgets", "tqdm", "threadpoolctl", "numpy.random"}
    code = "import sys, numpy; before = set(sys.modules); import nnkit; "
    code += f"print(sorted({heavy} & (set(sys.modules) - before)))"
    assert run(code).strip() == "[]"


@pytest.mark.parametrize(
    "first",
    [
        "import nnkit.trace",
        "import nnkit.plots",
        "from nnkit.trace import Trace",
        "from nnkit import plots",
        "import nnkit; nnkit.plots; nnkit.datasets",
    ],
)
def test_trace_is_the_function_whatever_was_imported_first(first):
    assert run(f"{first}; import nnkit as nn; print(type(nn.trace).__name__)").strip() == "function"


def test_lazy_names_and_unknown_names():
    import nnkit as nn

    assert callable(nn.two_three_one)
    assert callable(nn.load)
    assert nn.plots.__name__ == "nnkit.plots"
    assert {"MLP", "plots", "widgets", "digits"} <= set(dir(nn))
    with pytest.raises(AttributeError, match="no attribute 'Perceptron9000'"):
        nn.Perceptron9000  # noqa: B018


def test_a_missing_extra_is_named():
    code = """
import sys
sys.modules["matplotlib"] = None
import nnkit as nn
try:
    nn.plots
except ImportError as error:
    print(error)
"""
    assert "nnkit.plots needs matplotlib" in run(code)
