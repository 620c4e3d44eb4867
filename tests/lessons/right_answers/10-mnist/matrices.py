# ruff: noqa
# numpy: orders by argsort, split arrays, masks, counts without a loop.

# %% exercise="iterate_minibatches"
def iterate_minibatches(X, Y, batch_size, rng):
    order = np.argsort(rng.random(X.shape[0]))
    ends = np.arange(batch_size, len(order), batch_size)
    return list(zip(np.split(X[order], ends), np.split(Y[order], ends)))


# %% exercise="sgd_step"
def sgd_step(params, grads, learning_rate):
    new = [(W.copy(), b.copy()) for W, b in params]
    for (W, b), (dW, db) in zip(new, grads):
        W -= learning_rate * dW
        b -= learning_rate * db
    return new


# %% exercise="train_epoch"
def train_epoch(params, X, Y, batch_size, learning_rate, rng):
    Ws = [np.array(W) for W, _ in params]
    bs = [np.array(b) for _, b in params]
    order = rng.permutation(len(X))
    for rows in np.array_split(order, np.arange(batch_size, len(X), batch_size)):
        A = [X[rows]]
        for W, b in zip(Ws, bs):
            A.append(1 / (1 + np.exp(-(A[-1] @ W.T + b))))
        delta = (A[-1] - Y[rows]) * A[-1] * (1 - A[-1])
        for k in reversed(range(len(Ws))):
            dW, db = delta.T @ A[k] / len(rows), delta.mean(axis=0)
            delta = delta @ Ws[k] * A[k] * (1 - A[k])
            Ws[k] -= learning_rate * dW
            bs[k] -= learning_rate * db
    return list(zip(Ws, bs))


# %% exercise="accuracy"
def accuracy(P, labels):
    return np.count_nonzero(np.argmax(P, axis=-1) == labels) / len(P)


# %% exercise="confusion_matrix"
def confusion_matrix(predicted, labels, n_classes):
    cells = np.ravel_multi_index((labels, predicted), (n_classes, n_classes))
    return np.bincount(cells, minlength=n_classes * n_classes).reshape(n_classes, -1)
