"""The same net in several libraries, each written in the way that its own documentation shows.

They all do the same work: sigmoid in the hidden layers, softmax and cross-entropy at the output, the
mean over the batch, plain gradient descent, float32. All take the examples in the same random order
and gather them batch by batch, as a training does that shuffles.

Every net is a class that can do three things: take the weights and biases to start from (`start`),
train for one epoch (`train`), and give the weights and biases back (`params`), as pairs (W, b) of
shapes (n_out, n_in) and (n_out,). A library is imported when its net is built, and not before.
"""

# ruff: noqa: D102 (the three methods are described above)

from itertools import pairwise
from typing import NamedTuple

import numpy as np


class Task:
    """What is to be learned, and how.

    Attributes
    ----------
    X : ndarray of float32, shape (n, n_in)
    y : ndarray of int64, shape (n,)
        Class numbers.
    sizes : list of int
        Number of inputs, then the number of neurons of each layer.
    batch_size, learning_rate : int, float
    gpu : bool
    rows : ndarray of int, shape (n,)
        The order of the examples.
    """

    def __init__(self, X, y, sizes, batch_size, learning_rate, gpu):
        self.X, self.y = X, y
        self.rows = np.random.default_rng(0).permutation(len(X))
        self.sizes = sizes
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.gpu = gpu

    def in_order(self):
        """Return X and y in the order of `rows`, for a library that follows no given order."""
        return self.X[self.rows], self.y[self.rows]

    def batches(self):
        """Return the slices of the mini-batches; the last one holds the rest."""
        n = len(self.X)
        return [slice(i, min(i + self.batch_size, n)) for i in range(0, n, self.batch_size)]


class Nnkit:
    """The reference MLP of this project. It also notes loss and accuracy of the epoch."""

    def __init__(self, task):
        import nnkit as nn

        self.task = task
        self.net = nn.MLP(task.sizes, output="softmax", loss="cross_entropy", seed=0)
        self.optimizer = nn.SGD(task.learning_rate)
        self.X, self.y = task.X, task.y
        if task.gpu:
            self.net.to("cupy")
            import cupy

            self.X, self.y = cupy.asarray(task.X), cupy.asarray(task.y)

    def start(self, params):
        self.net.set_params(params)

    def train(self):
        self.net.fit(
            self.X,
            self.y,
            epochs=1,
            batch_size=self.task.batch_size,
            optimizer=self.optimizer,
            seed=0,  # gives the order of task.rows
            progress=False,
        )  # it reads the loss at the end, so a GPU is done

    def params(self):
        from nnkit.backend import to_numpy

        return [(to_numpy(layer.W), to_numpy(layer.b)) for layer in self.net.layers]


class Sklearn:
    """scikit-learn's MLPClassifier: one call of `partial_fit` is one epoch.

    It has no way to set the weights before the training, so they are written into its attributes
    after a first call that only makes them. It notes the loss of every batch.
    """

    def __init__(self, task):
        from sklearn.neural_network import MLPClassifier

        self.X, self.y = task.in_order()
        self.net = MLPClassifier(
            task.sizes[1:-1],
            activation="logistic",
            solver="sgd",
            alpha=0,
            batch_size=task.batch_size,
            learning_rate_init=task.learning_rate,
            momentum=0,
            nesterovs_momentum=False,
            shuffle=False,
        )
        n = task.batch_size
        self.net.partial_fit(self.X[:n], self.y[:n], classes=np.arange(task.sizes[-1]))

    def start(self, params):
        self.net.coefs_ = [W.T.copy() for W, b in params]
        self.net.intercepts_ = [b.copy() for W, b in params]

    def train(self):
        self.net.partial_fit(self.X, self.y)

    def params(self):
        return [(W.T, b) for W, b in zip(self.net.coefs_, self.net.intercepts_, strict=True)]


class Torch:
    """PyTorch, eager: a loop in Python, autograd, and SGD fused into one kernel."""

    def __init__(self, task):
        import torch

        self.torch = torch
        if task.gpu and not torch.cuda.is_available():
            raise RuntimeError("torch is installed but torch.cuda.is_available() is False")
        device = "cuda" if task.gpu else "cpu"
        torch.set_num_threads(1)
        self.batches = task.batches()
        self.gpu = task.gpu
        self.rows = torch.from_numpy(task.rows).to(device)
        self.X = torch.from_numpy(task.X).to(device)
        self.y = torch.from_numpy(task.y).to(device)
        self.linears = [torch.nn.Linear(n_in, n_out) for n_in, n_out in pairwise(task.sizes)]
        modules = [self.linears[0]]
        for linear in self.linears[1:]:
            modules += [torch.nn.Sigmoid(), linear]
        self.net = torch.nn.Sequential(*modules).to(device)
        self.loss = torch.nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=task.learning_rate, fused=True)

    def start(self, params):
        with self.torch.no_grad():
            for linear, (W, b) in zip(self.linears, params, strict=True):
                linear.weight.copy_(self.torch.from_numpy(W))
                linear.bias.copy_(self.torch.from_numpy(b))

    def train(self):
        for batch in self.batches:
            rows = self.rows[batch]
            self.optimizer.zero_grad()
            self.loss(self.net(self.X[rows]), self.y[rows]).backward()
            self.optimizer.step()
        if self.gpu:
            self.torch.cuda.synchronize()

    def params(self):
        return [
            (linear.weight.detach().cpu().numpy(), linear.bias.detach().cpu().numpy())
            for linear in self.linears
        ]


class Jax:
    """JAX: the whole epoch is one compiled function, a `lax.scan` over the batches.

    A scan wants all batches in one array, so the short last one is an array of its own. JAX keeps
    a copy of the data. On the CPU it multiplies quickest with W of shape (n_out, n_in).
    """

    def __init__(self, task):
        import jax
        import jax.numpy as jnp

        self.jax = jax
        if task.gpu and jax.default_backend() != "gpu":
            raise RuntimeError("jax is installed but finds no GPU")
        self.X, self.y = jax.device_put((task.X, task.y.astype(np.int32)))
        n_full = len(task.X) // task.batch_size
        full, rest = np.split(task.rows.astype(np.int32), [n_full * task.batch_size])
        self.full = jax.device_put(full.reshape(n_full, task.batch_size))
        self.rest = jax.device_put(rest)

        def loss(params, X, y):
            *hidden, (W, b) = params
            a = X
            for W_hidden, b_hidden in hidden:
                a = jax.nn.sigmoid(a @ W_hidden.T + b_hidden)
            log_a = jax.nn.log_softmax(a @ W.T + b)
            return -jnp.take_along_axis(log_a, y[:, None], axis=1).mean()

        @jax.jit
        def epoch(params, X, y, full, rest):
            def step(params, rows):
                grads = jax.grad(loss)(params, X[rows], y[rows])
                update = lambda p, g: p - task.learning_rate * g
                return jax.tree.map(update, params, grads), None

            params, _ = jax.lax.scan(step, params, full)
            if len(rest) > 0:
                params, _ = step(params, rest)
            return params

        self.epoch = epoch

    def start(self, params):
        self.current = self.jax.device_put([(W.copy(), b.copy()) for W, b in params])

    def train(self):
        data = self.X, self.y, self.full, self.rest
        self.current = self.jax.block_until_ready(self.epoch(self.current, *data))

    def params(self):
        return [(np.asarray(W), np.asarray(b)) for W, b in self.current]


class Keras:
    """Keras: `fit` of a `Sequential`, on its JAX backend. It notes the loss of every batch."""

    def __init__(self, task):
        import keras

        self.task = task
        self.X, self.y = task.in_order()
        dense = keras.layers.Dense
        self.net = keras.Sequential(
            [
                keras.Input(task.sizes[:1]),
                *[dense(n, activation="sigmoid") for n in task.sizes[1:-1]],
                dense(task.sizes[-1], activation="softmax"),
            ]
        )
        self.net.compile(
            keras.optimizers.SGD(task.learning_rate), loss="sparse_categorical_crossentropy"
        )

    def start(self, params):
        self.net.set_weights([array for W, b in params for array in (W.T, b)])

    def train(self):
        self.net.fit(
            self.X,
            self.y,
            batch_size=self.task.batch_size,
            epochs=1,
            shuffle=False,
            verbose=0,
        )

    def params(self):
        weights = self.net.get_weights()
        return [(W.T, b) for W, b in zip(weights[::2], weights[1::2], strict=True)]


class Textbook:
    """Backpropagation as textbooks write it: column vectors, one example after the other.

    Michael Nielsen's book made this form popular. It is what a reader has who has just
    understood the formulas, and has not yet put the examples of a batch into one matrix.
    """

    def __init__(self, task):
        self.task = task
        self.batches = task.batches()
        self.xs = [task.X[row].reshape(-1, 1) for row in task.rows]
        one_hot = np.eye(task.sizes[-1], dtype=np.float32)
        self.ys = [one_hot[:, [label]] for label in task.y[task.rows]]

    def start(self, params):
        self.weights = [W.copy() for W, b in params]
        self.biases = [b.reshape(-1, 1).copy() for W, b in params]

    def train(self):
        for batch in self.batches:
            self._step(self.xs[batch], self.ys[batch])

    def _step(self, xs, ys):
        sum_dW = [np.zeros_like(W) for W in self.weights]
        sum_db = [np.zeros_like(b) for b in self.biases]
        for x, y in zip(xs, ys, strict=True):
            for layer, (dW, db) in enumerate(self._gradients(x, y)):
                sum_dW[layer] += dW
                sum_db[layer] += db
        rate = np.float32(self.task.learning_rate / len(xs))
        for layer in range(len(self.weights)):
            self.weights[layer] -= rate * sum_dW[layer]
            self.biases[layer] -= rate * sum_db[layer]

    def _gradients(self, x, y):
        """Return (dW, db) of every layer for one example."""
        activations = [x]
        for W, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            activations.append(1 / (1 + np.exp(-(W @ activations[-1] + b))))
        z = self.weights[-1] @ activations[-1] + self.biases[-1]
        e = np.exp(z - z.max())

        delta = e / e.sum() - y
        gradients = [(delta @ activations[-1].T, delta)]
        for layer in range(len(self.weights) - 1, 0, -1):
            a = activations[layer]
            delta = self.weights[layer].T @ delta * a * (1 - a)
            gradients.insert(0, (delta @ activations[layer - 1].T, delta))
        return gradients

    def params(self):
        return [(W, b[:, 0]) for W, b in zip(self.weights, self.biases, strict=True)]


class Floor:
    """What NumPy costs however the code is written; nothing is learned.

    The gather of every batch and all its matrix products at their real size. Every other call is
    made on a single number, so that it costs the call and nothing more.
    """

    CALLS_PER_LAYER = 10  # bias 1, activation 4, its derivative 3, db 1, update 1

    def __init__(self, task):
        self.X = task.X
        self.rows = task.rows
        self.batches = task.batches()
        shapes = list(pairwise(task.sizes))
        self.weights = [np.full((n_out, n_in), 0.01, np.float32) for n_in, n_out in shapes]
        n = min(task.batch_size, len(task.X))
        self.deltas = [np.full((n, n_out), 0.01, np.float32) for _, n_out in shapes]

    def start(self, params):
        pass

    def train(self):
        one = np.ones(1, np.float32)
        calls = range(self.CALLS_PER_LAYER * len(self.weights))
        for batch in self.batches:
            a = self.X.take(self.rows[batch], axis=0)
            for layer, (W, delta) in enumerate(zip(self.weights, self.deltas, strict=True)):
                delta = delta[: len(a)]
                a_above = a @ W.T
                delta.T @ a
                if layer > 0:
                    delta @ W
                a = a_above
            for _ in calls:
                one + one

    def params(self):
        return []


class Library(NamedTuple):
    """A row of the table."""

    net: type
    distribution: str
    """What pip calls it."""
    statement: str
    """What a program writes to import what it needs for such a net."""


LIBRARIES = {
    "nnkit": Library(Nnkit, "nnkit", "from nnkit import MLP"),
    "scikit-learn": Library(
        Sklearn, "scikit-learn", "from sklearn.neural_network import MLPClassifier"
    ),
    "pytorch": Library(Torch, "torch", "import torch"),
    "jax": Library(Jax, "jax", "import jax"),
    "keras": Library(Keras, "keras", "import keras"),
    "textbook": Library(Textbook, "numpy", "import numpy"),
    "floor": Library(Floor, "numpy", "import numpy"),
}
