"""A function that lets nnkit do the work is refused, whatever nnkit calls it."""

import numpy as np
import pytest

import nnkit as nn
from grader_tests import judge

PERCEPTRON = lambda w, x, b: nn.Perceptron(len(w), w=w, b=float(b))


def update(w, b, x, y, learning_rate):
    neuron = PERCEPTRON(w, x, b)
    neuron.update(x, y, learning_rate)
    return neuron.w, neuron.b


def train(X, Y, params, learning_rate, goal=0.001, max_epochs=10000):
    net = nn.MLP([2, 3, 1], loss="half_squared_error_sum", dtype="float64")
    net.set_params([params[:2], params[2:]])
    stop = nn.LossBelow(goal, X, Y)
    sgd = nn.SGD(learning_rate)
    history = net.fit(X, Y, max_epochs, None, optimizer=sgd, shuffle=False, callbacks=[stop])
    (W1, b1), (W2, b2) = [(layer.W, layer.b) for layer in net.layers]
    return (W1, b1, W2, b2), len(history)


def net_of(params):
    sizes = [params[0][0].shape[1], *(len(b) for _, b in params)]
    net = nn.MLP(sizes, loss="half_squared_error", dtype="float64")
    net.set_params(params)
    return net


def l2_gradients(grads, params, strength):
    gradient = nn.L2(strength).gradient
    return [(dW + gradient(W), db) for (dW, db), (W, _) in zip(grads, params, strict=True)]


@pytest.mark.parametrize(
    ("lesson", "exercise", "borrowed"),
    [
        ("01-neuron", "weighted_sum", lambda w, x, b: PERCEPTRON(w, x, b).weighted_sums(x)),
        ("01-neuron", "perceptron", lambda w, x, b: PERCEPTRON(w, x, b).predict(x)),
        ("01-neuron", "perceptron_update", update),
        ("02-activations", "leaky_relu", lambda z, slope=0.1: nn.activations.LeakyReLU(slope)(z)),
        ("02-activations", "elu", lambda z, alpha=1.0: nn.activations.ELU(alpha)(np.asarray(z))),
        ("02-activations", "swish", lambda z: nn.activations.swish(np.asarray(z, float))),
        ("08-two-three-one", "train", train),
        ("11-optimizers", "l2_gradients", l2_gradients),
        (
            "14-limits",
            "input_gradient",
            lambda params, x, y: nn.input_gradient(net_of(params), x, y),
        ),
    ],
)
def test_what_nnkit_does_is_not_the_students_work(lesson, exercise, borrowed):
    verdict = judge(lesson, exercise, borrowed, seed=1)
    assert (verdict.score, verdict.misconceptions) == (0, ["borrowed"]), verdict.text()
