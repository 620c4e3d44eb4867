"""Nets in files: what is kept, and what is no net."""

import json
import pickle

import numpy as np
import pytest

import nnkit as nn
from nnkit import losses
from nnkit.activations import ACTIVATIONS, ELU, Activation, LeakyReLU, Maxout, Sigmoid
from nnkit.losses import LOSSES, Loss
from nnkit.regularizers import Regularizer

PAIRS = [
    (output, loss)
    for output in ACTIVATIONS
    for loss in LOSSES
    if LOSSES[loss].needs in (None, type(ACTIVATIONS[output]))
]


def examples():
    rng = np.random.default_rng(0)
    return rng.normal(size=(6, 4)), rng.integers(0, 3, 6)


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_save_and_load(tmp_path, output, loss, dtype):
    hidden = ["tanh", "parametric_relu", LeakyReLU(0.3), Maxout(3)]
    net = nn.MLP([4, 5, 2, 2, 3, 3], hidden, output, loss, seed=0, dtype=dtype)
    net.theta += 1
    path = tmp_path / "my net"
    net.save(path)
    again = nn.MLP.load(path)
    assert repr(again) == repr(net)
    assert again.theta.dtype == dtype
    np.testing.assert_array_equal(again.theta, net.theta)
    X, _ = examples()
    np.testing.assert_array_equal(again.forward(X), net.forward(X))


@pytest.mark.parametrize("regularizer", [None, nn.L1(0.25), nn.L2(np.float64(0.25))])
def test_save_and_load_regularizers(tmp_path, regularizer):
    net = nn.MLP([4, 3], regularizer=regularizer, seed=0)
    net.save(tmp_path / "net.npz")
    again = nn.MLP.load(tmp_path / "net.npz")
    assert repr(again.regularizer) == repr(regularizer)
    X, labels = examples()
    assert again.evaluate(X, labels) == net.evaluate(X, labels)


def test_only_nnkits_own_parts_can_be_saved(tmp_path):
    class Cube(Activation):
        name = "cube"

    class L0(Regularizer):
        pass

    class MySigmoid(Sigmoid):
        pass

    class L2(nn.L2):
        pass

    for activation in (Cube(), MySigmoid()):
        with pytest.raises(ValueError, match="cannot save"):
            nn.MLP([4, 3, 2], activation).save(tmp_path / "net.npz")
    for regularizer in (L0(1), L2(1)):
        with pytest.raises(ValueError, match=r"cannot save L.\(1\): .*not nnkit's own"):
            nn.MLP([4, 3, 2], regularizer=regularizer).save(tmp_path / "net.npz")

    class Quartic(Loss):
        name = "quartic"

    with pytest.raises(ValueError, match=r"cannot save quartic: .*not nnkit's own"):
        nn.MLP([4, 3, 2], loss=Quartic()).save(tmp_path / "net.npz")
    assert not (tmp_path / "net.npz").exists()
    nn.MLP([4, 3], loss=losses.SquaredError(half=True)).save(tmp_path / "net.npz")
    assert nn.MLP.load(tmp_path / "net.npz").loss.half


@pytest.mark.parametrize(
    "f", [*ACTIVATIONS.values(), LeakyReLU(0.3), Maxout(5), ELU(0.5)], ids=repr
)
def test_activations_keep_their_settings(tmp_path, f):
    nn.MLP([4, 3, 2], f).save(tmp_path / "net.npz")
    again = nn.MLP.load(tmp_path / "net.npz").activations[0]
    assert (type(again), repr(again)) == (type(f), repr(f))


def test_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        nn.MLP.load(tmp_path / "none.npz")


class Bomb:
    """A pickle of it creates a file when it is loaded."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def saved_entries(path):
    nn.MLP([4, 3], seed=0).save(path)
    with np.load(path) as file:
        return dict(file)


def damaged_files(path):
    """Yield a name and a file's contents for everything that is no saved net."""
    entries = saved_entries(path)
    whole = path.read_bytes()
    yield "empty", b""
    yield "text", b"PK is how a zip file starts"
    yield "csv", b"1,2,3\n4,5,6\n"
    yield "first half", whole[: len(whole) // 2]
    yield "pickle", pickle.dumps({"theta": [1, 2, 3]})
    flipped = bytearray(whole)
    flipped[whole.index(entries["theta"].tobytes())] ^= 0xFF
    yield "flipped bit", bytes(flipped)
    changes = {
        "format": "something else",
        "net": "{",
        "theta": np.full_like(entries["theta"], np.nan),
    }
    for key, value in changes.items():
        np.savez(path, **{**entries, key: value})
        yield f"other {key}", path.read_bytes()
        np.savez(path, **{k: v for k, v in entries.items() if k != key})
        yield f"no {key}", path.read_bytes()
    net = json.loads(str(entries["net"]))
    changes = {
        "sizes": [[4, 4], [10**9, 10**9], "4, 3", [4]],
        "activations": [[], [{"name": "swoosh"}], [{"name": "elu", "alpha": "x"}], ["sigmoid"] * 2],
        "loss": ["cross_entropy", "mse", None],
        "regularizer": [{"name": "L3", "strength": 1}, {"name": "L2"}, "L2"],
    }
    for key, values in changes.items():
        for value in values:
            np.savez(path, **{**entries, "net": json.dumps({**net, key: value})})
            yield f"{key} {value}", path.read_bytes()
        np.savez(path, **{**entries, "net": json.dumps({k: net[k] for k in net if k != key})})
        yield f"no {key}", path.read_bytes()
    np.savez(path, **{**entries, "theta": entries["theta"].astype(int)})
    yield "whole numbers", path.read_bytes()
    np.save(path, entries["theta"])
    yield "npy", path.read_bytes()


def test_files_that_are_no_saved_net(tmp_path):
    path = tmp_path / "net.npz"
    for name, contents in damaged_files(path):
        path.write_bytes(contents)
        with pytest.raises(ValueError, match=r"net\.npz is no net that MLP\.save has written"):
            pytest.fail(f"loaded: {name}, {nn.MLP.load(path)}")


def test_other_files_are_called_what_they_are(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("learning rate 0.5 works best")
    with pytest.raises(ValueError, match=r"expected an \.npz file, got something else"):
        nn.MLP.load(path)
    np.savez(path.with_suffix(".npz"), X=np.ones(3))
    with pytest.raises(ValueError, match=r"expected 'nnkit MLP 2', got entries \['X'\]"):
        nn.MLP.load(path.with_suffix(".npz"))


def test_pickles_are_not_executed(tmp_path):
    path, trace = tmp_path / "net.npz", tmp_path / "executed"
    entries = saved_entries(path)
    np.savez(path, **{**entries, "theta": np.array([Bomb(trace)], dtype=object)})
    with pytest.raises(ValueError, match="allow_pickle=False"):
        nn.MLP.load(path)
    assert not trace.exists()
