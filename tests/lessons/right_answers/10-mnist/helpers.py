# ruff: noqa
# Classes, recursion, Counter, keywords, prints.

# %% exercise="iterate_minibatches"
class Batches:
    """Draws the order when it is made, and can be gone through as often as one likes."""

    def __init__(self, X, Y, size, rng):
        self.X, self.Y, self.size = X, Y, size
        self.order = rng.choice(len(X), size=len(X), replace=False)

    def __len__(self):
        return -(-len(self.X) // self.size)

    def __getitem__(self, i):
        if i >= len(self):
            raise IndexError(i)
        rows = self.order[i * self.size : (i + 1) * self.size]
        return self.X[rows], self.Y[rows]


def iterate_minibatches(X, Y, size, rng):
    return Batches(X, Y, size, rng=rng)


# %% exercise="sgd_step"
def sgd_step(params, grads, eta):
    step = lambda p, g: p - eta * g
    return [tuple(map(step, layer, slopes)) for layer, slopes in zip(params, grads)]


# %% exercise="train_epoch"
from functools import reduce


def train_epoch(params, X, Y, size, eta, rng):
    def after(params, batch):
        X_batch, Y_batch = batch
        activations = forward(X_batch, params)
        print("cost", np.sum((activations[-1] - Y_batch) ** 2) / (2 * len(Y_batch)))
        return sgd_step(params, backward(params, activations, Y_batch), eta)

    return reduce(after, iterate_minibatches(X, Y, size, rng), params)


# %% exercise="accuracy"
def accuracy(P, labels):
    best = [max(range(len(row)), key=row.__getitem__) for row in P]
    return sum(int(guess == label) for guess, label in zip(best, labels)) / len(best)


# %% exercise="confusion_matrix"
from collections import Counter


def confusion_matrix(predicted, labels, k):
    counter = Counter(zip(map(int, labels), map(int, predicted)))
    counts = np.zeros((k, k))
    for (label, guess), times in counter.items():
        counts[label, guess] = times
    return counts
