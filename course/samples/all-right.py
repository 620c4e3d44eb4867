# Everything is right, written as matrix products.
# Expected: full marks in all five exercises; the written answer waits for a person.

# %% exercise="forward"
def forward(X, params):
    W1, b1, W2, b2 = params
    H = 1.0 / (1.0 + np.exp(-(X @ W1.T + b1)))
    out = 1.0 / (1.0 + np.exp(-(H @ W2.T + b2)))
    return H, out


# %% exercise="output_bpe"
def output_bpe(out, Y):
    return (out - Y) * out * (1 - out)


# %% exercise="hidden_bpe"
def hidden_bpe(bpe_out, W2, H):
    return (bpe_out @ W2) * H * (1 - H)


# %% exercise="update"
def update(params, X, H, bpe_out, bpe_hidden, learning_rate):
    W1, b1, W2, b2 = params
    new_W1 = W1 - learning_rate * bpe_hidden.T @ X
    new_b1 = b1 - learning_rate * bpe_hidden.sum(axis=0)
    new_W2 = W2 - learning_rate * bpe_out.T @ H
    new_b2 = b2 - learning_rate * bpe_out.sum(axis=0)
    return new_W1, new_b1, new_W2, new_b2


# %% exercise="train"
def train(X, Y, params, learning_rate, goal=0.001, max_epochs=10000):
    epochs = 0
    while epochs < max_epochs:
        H, out = forward(X, params)
        if 0.5 * np.sum((out - Y) ** 2) < goal:
            break
        bpe_out = output_bpe(out, Y)
        bpe_hidden = hidden_bpe(bpe_out, params[2], H)
        params = update(params, X, H, bpe_out, bpe_hidden, learning_rate)
        epochs += 1
    return params, epochs


# %% [markdown] question="old-weights"
# The hidden errors say how the cost changes with each hidden node *at the weights that produced
# this output*. With the new weights they would belong to a net that has not been run yet.
