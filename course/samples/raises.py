# `hidden_bpe` stops with an exception: it says w2 where W2 is meant.
# Expected: hidden_bpe gets 0 points with "raises". The others get full marks, `train` too: it is
# judged with a right hidden_bpe in its place.

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
    error = bpe_out @ w2
    return error * H * (1 - H)


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
    for epoch in range(max_epochs):
        H, out = forward(X, params)
        if np.sum((out - Y) ** 2) / 2 < goal:
            return params, epoch
        bpe_out = output_bpe(out, Y)
        bpe_hidden = hidden_bpe(bpe_out, params[2], H)
        params = update(params, X, H, bpe_out, bpe_hidden, learning_rate)
    return params, max_epochs


# %% [markdown] question="old-weights"
# Because every error has to be taken from the same forward pass.
