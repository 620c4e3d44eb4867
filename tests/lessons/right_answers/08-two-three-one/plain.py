# ruff: noqa
# Plain Python: one observation, one node after the other; lists come back.

# %% exercise="forward"
import math


def node(inputs, weights, bias):
    z = bias + sum(w * i for w, i in zip(weights, inputs))
    return 1 / (1 + math.exp(-z))


def forward(X, params):
    W1, b1, W2, b2 = params
    H, out = [], []
    for row in X:
        h = [node(row, W1[j], b1[j]) for j in range(3)]
        H.append(h)
        out.append([node(h, W2[0], b2[0])])
    return H, out


# %% exercise="output_bpe"
def output_bpe(out, Y):
    bpe = []
    for (o,), (y,) in zip(out, Y):
        bpe.append([(o - y) * o * (1 - o)])
    return bpe


# %% exercise="hidden_bpe"
def hidden_bpe(bpe_out, W2, H):
    bpe = []
    for i in range(len(H)):
        row = []
        for j in range(len(H[i])):
            row.append(bpe_out[i][0] * W2[0][j] * H[i][j] * (1 - H[i][j]))
        bpe.append(row)
    return bpe


# %% exercise="update"
def update(params, X, H, bpe_out, bpe_hidden, learning_rate):
    W1, b1, W2, b2 = (np.array(p).tolist() for p in params)
    for x, h, (out,), hidden in zip(X, H, bpe_out, bpe_hidden):
        b2[0] -= learning_rate * out
        for j in range(3):
            W2[0][j] -= learning_rate * out * h[j]
            b1[j] -= learning_rate * hidden[j]
            for k in range(2):
                W1[j][k] -= learning_rate * hidden[j] * x[k]
    return [W1, b1, W2, b2]


# %% exercise="train"
def train(X, Y, params, learning_rate, goal=0.001, max_epochs=10000):
    X, Y = X.tolist(), Y.tolist()
    epochs = 0
    while epochs < max_epochs:
        H, out = forward(X, params)
        cost = 0
        for (o,), (y,) in zip(out, Y):
            cost += 0.5 * (o - y) ** 2
        if cost < goal:
            break
        bpe = output_bpe(out, Y)
        params = update(params, X, H, bpe, hidden_bpe(bpe, params[2], H), learning_rate)
        epochs += 1
    return params, epochs
