"""Training: batches, histories, scikit-learn's steps, and what goes wrong."""

import io
import sys
import tracemalloc
import warnings

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor

import nnkit as nn
from nnkit import training


def examples(n=23, n_in=4, n_out=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, n_in)), rng.integers(0, n_out, n)


class Recorder(nn.SGD):
    """An optimizer that makes no step and notes the batches that it is called for."""

    def __init__(self):
        super().__init__()
        self.batches = []

    def step(self, net):
        self.batches.append(net.layers[0].x.copy())


# ---------------------------------------------------------------- against scikit-learn


def with_parameters_of(net, model, X, y, **classes):
    """Let the scikit-learn `model` continue from the parameters of `net`."""
    model.partial_fit(X, y, **classes)  # makes its arrays
    for i, layer in enumerate(net.layers):
        model.coefs_[i][...] = layer.W.T
        model.intercepts_[i][...] = layer.b
    return model


def assert_same_parameters(net, model):
    for i, layer in enumerate(net.layers):
        np.testing.assert_allclose(layer.W.T, model.coefs_[i], rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(layer.b, model.intercepts_[i], rtol=1e-10, atol=1e-14)


SKLEARN_SGD = {
    "hidden_layer_sizes": (5, 6),
    "solver": "sgd",
    "momentum": 0,
    "nesterovs_momentum": False,
    "alpha": 0,
    "learning_rate_init": 0.3,
    "shuffle": False,
    "max_iter": 1,
}


@pytest.mark.parametrize(
    ("ours", "theirs"), [("sigmoid", "logistic"), ("tanh", "tanh"), ("relu", "relu")]
)
@pytest.mark.parametrize("batch_size", [23, 10])
def test_softmax_steps_of_scikit_learn(ours, theirs, batch_size):
    X, y = examples()
    net = nn.MLP([4, 5, 6, 3], ours, "softmax", "cross_entropy", seed=3, dtype="float64")
    model = MLPClassifier(activation=theirs, batch_size=batch_size, **SKLEARN_SGD)
    with_parameters_of(net, model, X, y, classes=[0, 1, 2])
    model.partial_fit(X, y)
    net.fit(X, y, 1, batch_size, optimizer=nn.SGD(0.3), shuffle=False)
    assert_same_parameters(net, model)


def test_binary_steps_of_scikit_learn():
    X, y = examples(n_out=2)
    net = nn.MLP([4, 5, 6, 1], loss="binary_cross_entropy", seed=3, dtype="float64")
    model = MLPClassifier(activation="logistic", batch_size=10, **SKLEARN_SGD)
    with_parameters_of(net, model, X, y, classes=[0, 1])
    model.partial_fit(X, y)
    net.fit(X, y, 1, 10, optimizer=nn.SGD(0.3), shuffle=False)
    assert_same_parameters(net, model)
    np.testing.assert_array_equal(net.predict(X), model.predict(X))


def test_regression_steps_of_scikit_learn():
    X, _ = examples()
    Y = np.random.default_rng(1).normal(size=(23, 2))
    net = nn.MLP([4, 5, 6, 2], "tanh", "linear", "half_squared_error", seed=3, dtype="float64")
    model = MLPRegressor(activation="tanh", batch_size=10, **SKLEARN_SGD)
    with_parameters_of(net, model, X, Y)
    model.partial_fit(X, Y)
    net.fit(X, Y, 1, 10, optimizer=nn.SGD(0.3), shuffle=False)
    assert_same_parameters(net, model)


# ---------------------------------------------------------------- batches


@pytest.mark.parametrize(("batch_size", "sizes"), [(10, [10, 10, 3]), (23, [23]), (99, [23])])
def test_batches_hold_every_example_once(batch_size, sizes):
    X, y = examples()
    recorder = Recorder()
    net = nn.MLP([4, 3], dtype="float64", seed=0)
    net.fit(X, y, 1, batch_size, optimizer=recorder, seed=0)
    assert [len(batch) for batch in recorder.batches] == sizes
    seen = np.concatenate(recorder.batches)
    assert not np.array_equal(seen, X)
    np.testing.assert_array_equal(np.sort(seen, axis=0), np.sort(X, axis=0))


def test_default_batches_and_one_batch():
    X, y = examples(n=70)
    for arguments, sizes in (({}, [32, 32, 6]), ({"batch_size": None}, [70])):
        recorder = Recorder()
        nn.MLP([4, 3]).fit(X, y, epochs=1, optimizer=recorder, **arguments)
        assert [len(batch) for batch in recorder.batches] == sizes


def test_every_epoch_has_its_own_order():
    X, y = examples()
    recorder = Recorder()
    nn.MLP([4, 3], dtype="float64").fit(X, y, 2, None, optimizer=recorder, seed=0)
    first, second = recorder.batches
    assert not np.array_equal(first, second)


def test_without_shuffling_the_order_is_kept():
    X, y = examples()
    recorder = Recorder()
    nn.MLP([4, 3], dtype="float64").fit(X, y, 2, 10, optimizer=recorder, shuffle=False)
    np.testing.assert_array_equal(np.concatenate(recorder.batches), np.concatenate([X, X]))


def test_inputs_and_targets_stay_together():
    X = np.eye(8)
    net = nn.MLP([8, 8], output="linear", loss="squared_error", dtype="float64", seed=0)
    net.fit(X, X, epochs=300, batch_size=3, optimizer=nn.SGD(0.3), seed=0)
    np.testing.assert_allclose(net.forward(X), X, atol=1e-3)


def test_same_seed_same_training():
    X, y = examples()
    nets = [nn.MLP([4, 5, 3], seed=0) for _ in range(3)]
    histories = [net.fit(X, y, 3, 8, seed=seed) for net, seed in zip(nets, (1, 1, 2), strict=True)]
    np.testing.assert_array_equal(nets[0].theta, nets[1].theta)
    assert histories[0].loss == histories[1].loss
    assert not np.array_equal(nets[0].theta, nets[2].theta)


def test_bytes_are_not_copied_as_a_whole():
    X = np.random.default_rng(0).integers(0, 256, (20_000, 200), dtype=np.uint8)
    net = nn.MLP([200, 3], output="softmax", loss="cross_entropy", seed=0)
    y = X[:, 0] % 3
    net.fit(X[:50], y[:50], epochs=1)  # what is imported at the first use is imported
    tracemalloc.start()
    net.fit(X, y, epochs=1, optimizer=nn.SGD(1e-4))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < X.nbytes  # as float32 they would take four times as much


# ---------------------------------------------------------------- history


def test_loss_is_measured_before_each_step():
    X, y = examples()
    net = nn.MLP([4, 5, 3], output="softmax", loss="cross_entropy", seed=0, dtype="float64")
    twin = net.copy()
    history = net.fit(X, y, 1, 10, optimizer=nn.SGD(0.5), shuffle=False)
    loss, right = 0.0, 0
    for rows in (slice(0, 10), slice(10, 20), slice(20, 23)):
        part = twin.evaluate(X[rows], y[rows])
        loss += part.loss * len(y[rows])
        right += part.accuracy * len(y[rows])
        twin.forward(X[rows])
        twin.backward(y[rows])
        nn.SGD(0.5).step(twin)
    assert history.loss == [pytest.approx(loss / 23)]
    assert history.accuracy == [pytest.approx(right / 23)]
    np.testing.assert_allclose(net.theta, twin.theta)


def test_loss_of_a_shuffled_epoch_goes_with_its_targets():
    X, y = examples()
    net = nn.MLP([4, 5, 3], output="softmax", loss="cross_entropy", seed=0, dtype="float64")
    history = net.fit(X, y, 2, 10, optimizer=Recorder(), seed=3)
    loss, accuracy = net.evaluate(X, y)
    assert history.loss == pytest.approx([loss, loss])
    assert history.accuracy == [accuracy, accuracy]


def test_validation_is_measured_after_each_epoch():
    X, y = examples()
    Xv, yv = examples(n=9, seed=5)
    net = nn.MLP([4, 5, 3], seed=0)
    without = net.copy()
    history = net.fit(X, y, 4, seed=1, validation=(Xv, yv))
    assert (history.val_loss[-1], history.val_accuracy[-1]) == net.evaluate(Xv, yv)
    assert len(history) == len(history.val_loss) == 4
    without.fit(X, y, 4, seed=1)
    np.testing.assert_array_equal(net.theta, without.theta)


def test_history_of_a_regression_has_no_accuracy():
    X, _ = examples()
    net = nn.MLP([4, 1], output="linear", seed=0)
    history = net.fit(X, X[:, :1], epochs=3, validation=(X, X[:, :1]))
    assert set(history.to_dict()) == {"loss", "val_loss"}
    assert repr(history).startswith("History(3 epochs, loss ")


def test_history_as_dict_and_text():
    history = nn.History()
    assert repr(history) == "History(0 epochs)"
    history.append(nn.network.Evaluation(0.5, 0.25))
    assert history.to_dict() == {"loss": [0.5], "accuracy": [0.25]}
    assert repr(history) == "History(1 epoch, loss 0.5, accuracy 0.25)"
    history.to_dict()["loss"].append(1)
    assert len(history) == 1


def test_training_learns():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)  # XOR: not for one layer
    net = nn.MLP([2, 8, 1], "tanh", loss="binary_cross_entropy", seed=0)
    history = net.fit(X, y, epochs=60, optimizer=nn.SGD(0.5), seed=0)
    assert history.loss[-1] < history.loss[0] / 3
    assert net.evaluate(X, y).accuracy > 0.95


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"epochs": 0}, "expected epochs to be a whole number from 1 on, got 0"),
        ({"epochs": 2.5}, "expected epochs to be a whole number from 1 on, got 2.5"),
        ({"epochs": True}, "expected epochs .*got True"),
        ({"batch_size": 0}, "expected batch_size to be a whole number from 1 on, got 0"),
        ({"batch_size": "all"}, "expected batch_size .*got 'all'"),
        (
            {"validation": (np.ones((3, 5)), [0, 1, 2])},
            r"expected Xv of shape \(n, 4\), got \(3, 5\)",
        ),
        (
            {"validation": (np.ones((3, 4)), [0, 1])},
            r"expected class numbers Yv of shape \(3,\), got \(2,\)",
        ),
        ({"validation": np.ones((2, 4))}, r"expected validation=\(Xv, Yv\), got array"),
        ({"validation": 0.2}, r"expected validation=\(Xv, Yv\), got 0\.2"),
        ({"optimizer": "adam"}, r"expected an optimizer such as nn\.Adam\(\), got 'adam'"),
        ({"optimizer": nn.Adam}, "expected an optimizer .*got <class .*Adam"),
        ({"callbacks": nn.TimeOver(1)}, r"expected a list of callbacks, got TimeOver\(seconds=1\)"),
        ({"callbacks": ["early"]}, r"expected a list of callbacks, got \['early'\]"),
        ({"seed": "zero"}, "expected seed to be None or a whole number .*got 'zero'"),
    ],
)
def test_wrong_arguments_are_found_before_training(arguments, message):
    X, y = examples()
    net = nn.MLP([4, 3], seed=0)
    before = net.theta.copy()
    with pytest.raises(ValueError, match=message):
        net.fit(X, y, **{"epochs": 1, **arguments})
    np.testing.assert_array_equal(net.theta, before)


@pytest.mark.filterwarnings("error")
def test_divergence_is_an_error_with_a_history():
    X, _ = examples()
    net = nn.MLP([4, 1], output="linear", seed=0)
    with pytest.raises(
        nn.DivergenceError, match=r"diverged in epoch .*smaller learning rate"
    ) as info:
        net.fit(X, X[:, :1], epochs=1000, optimizer=nn.SGD(100.0))
    history = info.value.history
    assert 0 < len(history) < 1000
    assert np.isfinite(history.loss[:-1]).all()


def test_a_step_to_nan_is_found_even_if_the_loss_was_fine():
    class ToNaN(nn.SGD):
        def step(self, net):
            net.theta[3] = np.nan

    X, y = examples()
    with pytest.raises(nn.DivergenceError, match="diverged in epoch 1"):
        nn.MLP([4, 3], seed=0).fit(X, y, epochs=1, batch_size=None, optimizer=ToNaN())


@pytest.mark.parametrize("step", ["unit_step", "heaviside"])
def test_gradient_descent_cannot_train_steps(step):
    X, y = examples()
    for net in (nn.MLP([4, 5, 3], step, seed=0), nn.MLP([4, 5, 3], output=step, seed=0)):
        before = net.theta.copy()
        with pytest.raises(ValueError, match=f"cannot train a net with {step}.*derivative is 0"):
            net.fit(X, np.eye(3)[y], epochs=1)
        np.testing.assert_array_equal(net.theta, before)


def test_an_interrupt_keeps_net_and_history():
    class Interrupting(nn.SGD):
        def step(self, net):
            if self.steps == 5:
                raise KeyboardInterrupt
            super().step(net)

    X, y = examples()
    net = nn.MLP([4, 3], seed=0)
    before = net.theta.copy()
    history = net.fit(X, y, 100, 12, optimizer=Interrupting())
    assert history.interrupted
    assert len(history) == 2  # two steps per epoch
    assert "2 epochs, interrupted, loss" in repr(history)
    assert np.isfinite(net.theta).all()
    assert not np.array_equal(net.theta, before)


def test_checks_are_made_once_per_fit(monkeypatch):
    X, y = examples()
    net = nn.MLP([4, 3], seed=0)
    calls = []
    for name in ("_inputs", "_stored_inputs", "_targets"):
        original = getattr(nn.MLP, name)
        monkeypatch.setattr(
            nn.MLP, name, lambda *args, f=original: calls.append(f.__name__) or f(*args)
        )
    net.fit(X, y, epochs=5, batch_size=4)
    assert calls == ["_stored_inputs", "_targets"]


# ---------------------------------------------------------------- progress bar, threads, warnings


def test_no_bar_in_tests_and_notebooks(capfd):
    net = nn.MLP([4, 3], seed=0)
    net.fit(*examples(), epochs=3)
    net.fit(*examples(), epochs=3, progress=False)
    assert capfd.readouterr() == ("", "")


def test_a_bar_on_request(capfd):
    nn.MLP([4, 3], seed=0).fit(*examples(), epochs=3, progress=True)
    bar = capfd.readouterr().err
    assert "3/3" in bar
    assert "loss=" in bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_in_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    nn.MLP([4, 3], seed=0).fit(*examples(), epochs=3)
    assert "3/3" in sys.stderr.getvalue()


def test_without_tqdm(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    monkeypatch.setattr(sys, "stderr", Terminal())
    net = nn.MLP([4, 3], seed=0)
    net.fit(*examples(), epochs=1)
    assert sys.stderr.getvalue() == ""
    with pytest.raises(ImportError, match="needs tqdm"):
        net.fit(*examples(), epochs=1, progress=True)


def test_small_nets_use_one_thread(monkeypatch):
    training._blas_threads.cache_clear()
    threads = training._blas_threads()
    largest_pool = max(library["num_threads"] for library in threads.info())
    seen = []

    class Looking(nn.SGD):
        def step(self, net):
            seen.append({library["num_threads"] for library in threads.info()})

    X, y = examples()
    net = nn.MLP([4, 3], seed=0)
    net.fit(X, y, epochs=1, batch_size=None, optimizer=Looking())
    assert seen == [{1}]
    monkeypatch.setattr(training, "ONE_THREAD", 1)
    net.fit(X, y, epochs=1, batch_size=None, optimizer=Looking())
    assert max(seen[1]) == largest_pool


def test_without_threadpoolctl(monkeypatch):
    training._blas_threads.cache_clear()
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    assert len(nn.MLP([4, 3], seed=0).fit(*examples(), epochs=1)) == 1
    training._blas_threads.cache_clear()


def test_numpy_warns_again_after_training():
    nn.MLP([4, 3], seed=0).fit(*examples(), epochs=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RuntimeWarning, match="overflow"):
            np.exp(np.array([1e4]))
