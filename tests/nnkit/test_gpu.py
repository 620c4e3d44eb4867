"""The GPU: the same net as on the CPU, there and back, and what is said where there is none."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

import nnkit as nn


@pytest.fixture
def cupy():
    """CuPy, where it finds a device."""
    module = pytest.importorskip("cupy", reason="CuPy is not installed: nothing to run on a GPU")
    if not module.cuda.is_available():
        pytest.skip("CuPy is installed but finds no GPU")
    return module


def examples(n=500):
    rng = np.random.default_rng(0)
    return rng.normal(size=(n, 20)), rng.integers(0, 4, n)


def new_net(dtype):
    return nn.MLP(
        [20, 16, 16, 4],
        ["tanh", "swish"],
        "softmax",
        "cross_entropy",
        regularizer=nn.L2(1e-3),
        seed=0,
        dtype=dtype,
    )


@pytest.mark.gpu
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-5), ("float64", 1e-12)])
def test_same_seed_same_net_on_both(cupy, dtype, tolerance):
    here, there = new_net(dtype), new_net(dtype).to("cupy")
    X, y = examples()
    np.testing.assert_array_equal(cupy.asnumpy(there.theta), here.theta)
    histories = [
        net.fit(X, y, 3, 32, optimizer=nn.SGD(0.1), seed=1, validation=(X[:99], y[:99]))
        for net in (here, there)
    ]
    np.testing.assert_allclose(
        cupy.asnumpy(there.theta), here.theta, rtol=tolerance, atol=tolerance
    )
    for name, numbers in histories[0].to_dict().items():
        assert histories[1].to_dict()[name] == pytest.approx(numbers, rel=10 * tolerance), name
    for part in ("z", "a", "delta", "dW", "db"):
        for ours, theirs in zip(here.layers, there.layers, strict=True):
            assert isinstance(getattr(theirs, part), cupy.ndarray)
            np.testing.assert_allclose(
                cupy.asnumpy(getattr(theirs, part)),
                getattr(ours, part),
                rtol=10 * tolerance,
                atol=10 * tolerance,
            )


@pytest.mark.gpu
def test_there_and_back(cupy, tmp_path):
    X, y = examples()
    net = new_net("float32").to("cupy")
    assert isinstance(net.theta, cupy.ndarray)
    assert isinstance(net.layers[0].W, cupy.ndarray)
    net.fit(cupy.asarray(X), cupy.asarray(y), 2, seed=0)
    assert isinstance(net.predict(X), cupy.ndarray)
    trained, answers = cupy.asnumpy(net.theta), cupy.asnumpy(net.predict(X))
    net.save(tmp_path / "net.npz")
    assert net.to("numpy") is net
    assert type(net.theta) is np.ndarray
    np.testing.assert_array_equal(net.theta, trained)
    np.testing.assert_array_equal(net.predict(X), answers)
    np.testing.assert_array_equal(nn.MLP.load(tmp_path / "net.npz").theta, trained)


@pytest.mark.gpu
def test_bytes_of_the_cpu_train_a_net_on_the_gpu(cupy):
    rng = np.random.default_rng(0)
    X, y = rng.integers(0, 256, (300, 20), dtype=np.uint8), rng.integers(0, 4, 300)
    here, there = new_net("float64"), new_net("float64").to("cupy")
    for net in (here, there):
        net.fit(X, y, 2, optimizer=nn.Adam(), seed=0)
    np.testing.assert_allclose(cupy.asnumpy(there.theta), here.theta, rtol=1e-9, atol=1e-9)


@pytest.mark.gpu
def test_gradient_check_on_the_gpu(cupy):
    X, y = examples(5)
    assert nn.gradient_check(new_net("float64").to("cupy"), X, y) < 1e-7


@pytest.mark.gpu
def test_the_list_of_names_is_that_of_cupy(cupy):
    lines = (Path(__file__).parent / "cupy_names.txt").read_text().splitlines()
    if cupy.__version__ not in lines[0]:
        pytest.skip(f"the list is of another version than {cupy.__version__}")
    names = {line.partition("(")[0] for line in lines[1:] if not line.startswith("ndarray.")}
    assert names <= set(dir(cupy))


# ---------------------------------------------------------------- without


def test_without_cupy(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)  # makes `import cupy` fail
    net = new_net("float32")
    before = net.theta
    with pytest.raises(ImportError, match=r"not installed.*pip install cupy-cuda13x"):
        net.to("cupy")
    assert net.theta is before


def test_without_a_gpu(monkeypatch):
    cupy = ModuleType("cupy")
    cupy.cuda = SimpleNamespace(is_available=lambda: False)
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    net = new_net("float32")
    before = net.theta
    with pytest.raises(RuntimeError, match="installed but finds no GPU"):
        net.to("cupy")
    assert net.theta is before


def test_another_module():
    with pytest.raises(ValueError, match="expected the array module 'numpy' or 'cupy', got 'cuda'"):
        new_net("float32").to("cuda")
