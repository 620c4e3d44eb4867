# ruff: noqa
# numpy: the bias as a weight from a node that is always 1, einsum, in place on own copies, scipy.

# %% exercise="forward"
from scipy.special import expit


def with_ones(A):
    return np.hstack([A, np.ones((len(A), 1))])


def forward(X, params):
    W1, b1, W2, b2 = params
    H = expit(with_ones(X) @ np.column_stack([W1, b1]).T)
    return H, expit(np.dot(with_ones(H), np.c_[W2, b2].T))


# %% exercise="output_bpe"
def output_bpe(out, Y):
    bpe = out - Y
    bpe *= out
    bpe *= 1 - out
    return bpe


# %% exercise="hidden_bpe"
def hidden_bpe(bpe_out, W2, H):
    return np.einsum("no,oh,nh->nh", bpe_out, W2, H - H * H)


# %% exercise="update"
def update(params, X, H, bpe_out, bpe_hidden, learning_rate):
    W1, b1, W2, b2 = [p.copy() for p in params]
    W1 -= learning_rate * np.einsum("nh,ni->hi", bpe_hidden, X)
    b1 -= learning_rate * bpe_hidden.sum(0)
    W2 -= learning_rate * np.tensordot(bpe_out, H, axes=(0, 0))
    b2 -= learning_rate * np.sum(bpe_out)
    return W1, b1, W2, b2


# %% exercise="train"
def train(X, Y, params, learning_rate, goal=0.001, max_epochs=10000):
    params = [p.copy() for p in params]
    epoch = 0
    H, out = forward(X, params)
    while np.square(out - Y).sum() / 2 >= goal and epoch < max_epochs:
        bpe_out = output_bpe(out, Y)
        bpe_hidden = hidden_bpe(bpe_out, params[2], H)
        params = update(params, X, H, bpe_out, bpe_hidden, learning_rate)
        H, out = forward(X, params)
        epoch += 1
    return params, epoch
