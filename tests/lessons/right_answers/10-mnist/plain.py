# ruff: noqa
# Loops, lists, generators; own shuffling.

# %% exercise="iterate_minibatches"
def iterate_minibatches(X, Y, batch_size, rng):
    pairs = [(x, y) for x, y in zip(X, Y)]
    rng.shuffle(pairs)
    X_batch, Y_batch = [], []
    for x, y in pairs:
        X_batch.append(x)
        Y_batch.append(y)
        if len(X_batch) == batch_size:
            yield np.array(X_batch), np.array(Y_batch)
            X_batch, Y_batch = [], []
    if X_batch:
        yield np.array(X_batch), np.array(Y_batch)


# %% exercise="sgd_step"
def sgd_step(params, grads, learning_rate):
    new = []
    for i in range(len(params)):
        W = params[i][0] - learning_rate * grads[i][0]
        b = params[i][1] - learning_rate * grads[i][1]
        new.append([W, b])
    return new


# %% exercise="train_epoch"
def train_epoch(params, X, Y, batch_size, learning_rate, rng):
    batches = iterate_minibatches(X, Y, batch_size, rng)
    while True:
        try:
            X_batch, Y_batch = next(batches)
        except StopIteration:
            return params
        activations = forward(X_batch, params)
        grads = backward(params, activations, Y_batch)
        params = sgd_step(params, grads, learning_rate)


# %% exercise="accuracy"
def accuracy(P, labels):
    right = 0
    for row, label in zip(P, labels):
        row = list(row)
        if row.index(max(row)) == label:
            right += 1
    return right / len(labels)


# %% exercise="confusion_matrix"
def confusion_matrix(predicted, labels, n_classes):
    table = []
    for true in range(n_classes):
        row = [0] * n_classes
        for i in range(len(labels)):
            if labels[i] == true:
                row[predicted[i]] += 1
        table.append(row)
    return table
