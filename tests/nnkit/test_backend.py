"""Array modules, the checks of what comes in, and what importing nnkit costs."""

import subprocess
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

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


# ---------------------------------------------------------------- checked

LIKE = np.zeros(1, dtype=np.float32)


def test_numbers_are_converted_to_the_dtype():
    for values in ([[1, 2]], np.array([[1, 2]], dtype=np.uint8), np.array([[1.0, 2.0]])):
        result = backend.checked("X", values, ("n", 2), LIKE)
        assert result.dtype == np.float32
        np.testing.assert_array_equal(result, [[1, 2]])


def test_right_arrays_are_not_copied():
    values = np.ones((3, 2), dtype=np.float32)
    assert backend.checked("X", values, ("n", 2), LIKE) is values


@pytest.mark.parametrize(
    ("values", "shape", "message"),
    [
        (np.ones((3, 4)), ("n", 2), r"expected X of shape \(n, 2\), got \(3, 4\)"),
        (np.ones(2), ("n", 2), r"expected X of shape \(n, 2\), got \(2,\)"),
        (np.ones((0, 2)), ("n", 2), r"expected X of shape \(n, 2\), got \(0, 2\)"),
        (np.ones(3), (2,), r"expected X of shape \(2,\), got \(3,\)"),
        (np.array([["a", "b"]]), ("n", 2), "expected numbers in X, got the dtype <U1"),
        (np.array([[1j, 2]]), ("n", 2), "expected numbers in X, got the dtype complex128"),
        (np.array([[None, 2]]), ("n", 2), "expected numbers in X, got the dtype object"),
        (
            [[np.nan, 2], [np.inf, 1]],
            ("n", 2),
            "finite numbers in X, got nan or infinity in 2 places",
        ),
        ([[1e300, 2.0]], ("n", 2), "finite numbers in X, got nan or infinity in 1 places"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_what_is_wrong_is_said(values, shape, message):
    with pytest.raises(ValueError, match=message):
        backend.checked("X", values, shape, LIKE)


# ---------------------------------------------------------------- import nnkit


def run(code):
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_import_needs_numpy_alone():
    optional = ["matplotlib", "sklearn", "ipywidgets", "anywidget", "tqdm", "threadpoolctl"]
    optional += ["pooch", "scipy", "cupy", "IPython"]
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
