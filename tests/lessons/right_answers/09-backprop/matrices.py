# ruff: noqa
# numpy: einsum, columns for examples, one flat vector of all parameters.

# %% exercise="backward"
def backward(params, activations, Y):
    A = [a.T for a in activations]  # examples are columns now
    L = len(params)
    deltas = {L: (A[L] - Y.T) * A[L] * (1 - A[L])}
    for l in range(L - 1, 0, -1):
        deltas[l] = params[l][0].T @ deltas[l + 1] * A[l] * (1 - A[l])
    n = Y.shape[0]
    dW = [np.einsum("jn,kn->jk", deltas[l], A[l - 1]) / n for l in range(1, L + 1)]
    db = [deltas[l].mean(axis=1) for l in range(1, L + 1)]
    return list(zip(dW, db))


# %% exercise="relative_error"
def relative_error(g, n):
    above = np.linalg.norm(np.ravel(g - n))
    below = np.linalg.norm(np.ravel(g)) + np.linalg.norm(np.ravel(n))
    return np.divide(above, below, out=np.zeros(()), where=below != 0)


# %% exercise="gradient_check"
def gradient_check(cost, params, grads, eps=1e-5):
    shapes = [p.shape for pair in params for p in pair]
    flat = np.concatenate([p.ravel() for pair in params for p in pair])
    ends = np.cumsum([np.prod(shape, dtype=int) for shape in shapes])

    def rebuilt(theta):
        pieces = np.split(theta, ends[:-1])
        arrays = [piece.reshape(shape) for piece, shape in zip(pieces, shapes)]
        return list(zip(arrays[::2], arrays[1::2]))

    moves = eps * np.eye(flat.size)
    slopes = [(cost(rebuilt(flat + m)) - cost(rebuilt(flat - m))) / (2 * eps) for m in moves]
    g = np.concatenate([p.ravel() for pair in grads for p in pair])
    return relative_error(g, np.array(slopes))
