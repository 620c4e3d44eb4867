# ruff: noqa
# Plain Python: numbers, lists, loops, `math`.

# %% exercise="chain_forward"
import math


def chain_forward(w, b, x):
    z = []
    a = [x]
    for l in range(len(w)):
        z.append(w[l] * a[l] + b[l])
        a.append(1 / (1 + math.exp(-z[l])))
    return z, a


# %% exercise="chain_gradients"
def chain_gradients(w, b, x, y):
    z, a = chain_forward(w, b, x)
    L = len(w)
    dw, db = [None] * L, [None] * L
    for l in reversed(range(L)):
        if l == L - 1:
            error = 2 * (a[L] - y)
        else:
            error = db[l + 1] * w[l + 1]
        db[l] = error * a[l + 1] * (1 - a[l + 1])
        dw[l] = db[l] * a[l]
    return dw, db


# %% exercise="output_deltas"
def output_deltas(a, y):
    return [(a_j - y_j) * a_j * (1 - a_j) for a_j, y_j in zip(a, y)]


# %% exercise="hidden_deltas"
def hidden_deltas(W_next, delta_next, a):
    deltas = ()
    for k in range(len(a)):
        error = 0
        for j in range(len(delta_next)):
            error += W_next[j][k] * delta_next[j]
        deltas += (error * a[k] * (1 - a[k]),)
    return deltas
