"""When to stop: deck B's rules, and callbacks of one's own."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

import nnkit as nn
from nnkit import training
from nnkit.network import Evaluation


def examples(n=23, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 4)), rng.integers(0, 3, n)


def new_net(**arguments):
    return nn.MLP([4, 5, 3], seed=0, dtype="float64", **arguments)


def deck_b():
    data = nn.two_three_one()
    net = nn.MLP([2, 3, 1], loss="half_squared_error_sum", dtype="float64")
    net.set_params([(data.W1, data.b1), (data.W2, data.b2)])
    arguments = {"batch_size": None, "optimizer": nn.SGD(0.5), "shuffle": False}
    return net, data.X, data.Y, arguments


# ---------------------------------------------------------------- the loss is under a goal


def test_deck_b_needs_7491_updates():
    net, X, Y, arguments = deck_b()
    history = net.fit(X, Y, 8000, callbacks=[nn.LossBelow(0.001, X, Y)], **arguments)
    assert len(history) == 7491
    assert history.stopped == "the loss 0.0009999 is below 0.001"
    assert net.evaluate(X, Y).loss < 0.001
    assert repr(history).startswith("History(7491 epochs, stopped, loss 0.001")


def test_without_examples_the_goal_is_for_the_loss_before_the_update():
    net, X, Y, arguments = deck_b()
    history = net.fit(X, Y, 8000, callbacks=[nn.LossBelow(0.5)], **arguments)
    assert history.loss[-1] < 0.5 <= history.loss[-2]
    again, X, Y, arguments = deck_b()
    measured = again.fit(X, Y, 8000, callbacks=[nn.LossBelow(0.5, X, Y)], **arguments)
    assert len(measured) == len(history) - 1


def test_a_loss_at_the_goal_is_not_below_it():
    history = nn.History()
    history.append(Evaluation(0.5, None))
    assert nn.LossBelow(0.5)(None, history) is None
    assert nn.LossBelow(0.51)(None, history) == "the loss 0.5 is below 0.51"


# ---------------------------------------------------------------- time, gradient, validation


def test_time_over(monkeypatch):
    clock = itertools.count(100.0, 2.0)  # every look at the clock is 2 s later
    monkeypatch.setattr(training, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    X, y = examples()
    history = new_net().fit(X, y, 50, callbacks=[nn.TimeOver(5)])
    assert history.seconds == [2, 4, 6]
    assert history.stopped == "5 seconds are over"


def test_gradient_below_a_minimum():
    X, y = examples()
    net = new_net()
    history = net.fit(X, y, 500, None, callbacks=[nn.GradientBelow(0.1)])
    assert np.linalg.norm(net.grad) < 0.1
    assert 0 < len(history) < 500
    assert history.stopped.startswith("the gradient's length 0.09")
    assert history.stopped.endswith("is below 0.1")


def history_of_validations(*losses):
    history = nn.History()
    for loss in losses:
        history.append(Evaluation(0.0, None), Evaluation(loss, None))
    return history


@pytest.mark.parametrize(
    ("losses", "failures"),
    [
        ([5], 0),
        ([5, 4, 3], 0),
        ([5, 4, 6], 1),
        ([5, 4, 4, 4], 2),  # as good as the best is not better
        ([5, 4, 6, 5, 4.5], 3),
        ([5, 6, 6, 6, 4], 0),
        ([5, 6, 3, 4], 1),
    ],
)
def test_validation_failures_are_counted_from_the_best(losses, failures):
    history = history_of_validations(*losses)
    for allowed in range(1, 6):
        reason = nn.ValidationFailures(allowed)(None, history)
        expected = f"no better validation loss for {failures} epochs"
        assert reason == (expected if failures >= allowed else None)


def test_validation_failures_stop_a_net_that_learns_by_heart():
    X, _ = examples(n=8)
    y = np.random.default_rng(9).integers(0, 3, 8)  # nothing to learn but the examples
    Xv, yv = examples(n=50, seed=2)
    net = new_net()
    history = net.fit(
        X, y, 3000, validation=(Xv, yv), optimizer=nn.SGD(2.0), callbacks=[nn.ValidationFailures(6)]
    )
    assert 6 < len(history) < 3000
    assert history.stopped == "no better validation loss for 6 epochs"
    assert int(np.argmin(history.val_loss)) == len(history) - 7


def test_validation_failures_need_a_validation():
    X, y = examples()
    with pytest.raises(ValueError, match="expects fit to get validation"):
        new_net().fit(X, y, 5, callbacks=[nn.ValidationFailures()])


def test_half_the_examples_or_no_epochs_are_refused():
    with pytest.raises(ValueError, match="expected examples X and Y, or neither"):
        nn.LossBelow(0.1, np.ones((2, 4)))
    with pytest.raises(ValueError, match="expected allowed to be a whole number from 1 on, got 0"):
        nn.ValidationFailures(0)


@pytest.mark.parametrize("value", ["0.1", None, float("nan")])
def test_a_goal_is_a_number(value):
    for rule, name in (
        (nn.LossBelow, "goal"),
        (nn.TimeOver, "seconds"),
        (nn.GradientBelow, "minimum"),
    ):
        with pytest.raises(ValueError, match=f"expected {name} to be a .*number.*, got {value!r}"):
            rule(value)


# ---------------------------------------------------------------- callbacks


def test_a_callback_is_called_after_every_epoch_with_net_and_history():
    X, y = examples()
    net, seen = new_net(), []
    history = net.fit(
        X, y, 4, callbacks=[lambda who, history: seen.append((who is net, len(history)))]
    )
    assert seen == [(True, 1), (True, 2), (True, 3), (True, 4)]
    assert history.stopped is None
    assert not history.interrupted


def test_all_callbacks_are_called_and_the_first_reason_counts():
    X, y = examples()
    calls = []

    def saying(sentence):
        return lambda net, history: calls.append(sentence) or sentence

    history = new_net().fit(X, y, 9, callbacks=map(saying, [None, "enough", "too late"]))
    assert calls == [None, "enough", "too late"]
    assert history.stopped == "enough"
    assert len(history) == 1


def test_the_number_of_epochs_is_a_rule_too():
    X, y = examples()
    history = new_net().fit(X, y, 7, callbacks=[nn.LossBelow(0), nn.TimeOver(1e9)])
    assert len(history) == 7
    assert history.stopped is None


def test_stopping_leaves_the_training_as_it_was():
    X, y = examples()
    stopped, short = new_net(), new_net()
    stopped.fit(X, y, 9, 8, seed=3, callbacks=[lambda net, h: "enough" if len(h) == 4 else None])
    short.fit(X, y, 4, 8, seed=3)
    np.testing.assert_array_equal(stopped.theta, short.theta)
