# ruff: noqa
# Plain Python: one example, one neuron, one weight after the other.

# %% exercise="backward"
def backward(params, activations, Y):
    n = len(Y)
    grads = []
    for W, b in params:
        grads.append((np.zeros_like(W), np.zeros_like(b)))
    for i in range(n):
        deltas = [None] * len(params)
        for layer in range(len(params) - 1, -1, -1):
            a = activations[layer + 1][i]
            deltas[layer] = []
            for j in range(len(a)):
                if layer == len(params) - 1:
                    error = a[j] - Y[i][j]
                else:
                    W_next = params[layer + 1][0]
                    error = sum(W_next[k][j] * d for k, d in enumerate(deltas[layer + 1]))
                deltas[layer].append(error * a[j] * (1 - a[j]))
            dW, db = grads[layer]
            for j, delta in enumerate(deltas[layer]):
                db[j] += delta / n
                for k, a_in in enumerate(activations[layer][i]):
                    dW[j, k] += delta * a_in / n
    return grads


# %% exercise="relative_error"
import math


def relative_error(g, n):
    g, n = np.ravel(g).tolist(), np.ravel(n).tolist()
    distance = math.sqrt(sum((a - b) ** 2 for a, b in zip(g, n)))
    if distance == 0:
        return 0
    return distance / (math.hypot(*g) + math.hypot(*n))


# %% exercise="gradient_check"
import copy


def gradient_check(cost, params, grads, eps=1e-5):
    mine, numerical = [], []
    for layer in range(len(params)):
        for which in (0, 1):
            for index in np.ndindex(params[layer][which].shape):
                up, down = copy.deepcopy(params), copy.deepcopy(params)
                up[layer][which][index] += eps
                down[layer][which][index] -= eps
                numerical.append((cost(up) - cost(down)) / (2 * eps))
                mine.append(grads[layer][which][index])
    return relative_error(np.array(mine), np.array(numerical))
