# `train` carries the error back through W2 after it has been updated; the rest is right.
# Expected: full marks but for train, where "updated-weights" is named.

# %% exercise="forward"
def forward(X, params):
    W1, b1, W2, b2 = params
    H = 1 / (1 + np.exp(-(X @ W1.T + b1)))
    return H, 1 / (1 + np.exp(-(H @ W2.T + b2)))


# %% exercise="output_bpe"
def output_bpe(out, Y):
    return (out - Y) * out * (1 - out)


# %% exercise="hidden_bpe"
def hidden_bpe(bpe_out, W2, H):
    return (bpe_out @ W2) * H * (1 - H)


# %% exercise="update"
def update(params, X, H, bpe_out, bpe_hidden, learning_rate):
    W1, b1, W2, b2 = params
    return (
        W1 - learning_rate * bpe_hidden.T @ X,
        b1 - learning_rate * bpe_hidden.sum(axis=0),
        W2 - learning_rate * bpe_out.T @ H,
        b2 - learning_rate * bpe_out.sum(axis=0),
    )


# %% exercise="train"
def train(X, Y, params, learning_rate, goal=0.001, max_epochs=10000):
    W1, b1, W2, b2 = params
    for epoch in range(max_epochs):
        H, out = forward(X, (W1, b1, W2, b2))
        if np.sum((out - Y) ** 2) / 2 < goal:
            return (W1, b1, W2, b2), epoch
        bpe_out = output_bpe(out, Y)
        W2 = W2 - learning_rate * bpe_out.T @ H
        b2 = b2 - learning_rate * bpe_out.sum(axis=0)
        bpe_hidden = hidden_bpe(bpe_out, W2, H)
        W1 = W1 - learning_rate * bpe_hidden.T @ X
        b1 = b1 - learning_rate * bpe_hidden.sum(axis=0)
    return (W1, b1, W2, b2), max_epochs


# %% [markdown] question="old-weights"
# The new weights are better than the old ones, so they can be used as soon as they are there.
