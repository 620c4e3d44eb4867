# ruff: noqa
# Loops, and the three cases as the text puts them.

# %% exercise="multiply_adds"
def multiply_adds(sizes, n):
    total = 0
    before = None
    for size in sizes:
        if before is not None:
            total += before * size
        before = size
    return total * n


# %% exercise="namespace"
def namespace(x):
    if type(x) is np.ndarray:
        return np
    elif "__array_namespace__" in dir(x):
        return x.__array_namespace__()
    else:
        import cupy as cp

        return cp


# %% exercise="softmax_any"
def softmax_any(Z):
    xp = namespace(Z)
    rows = []
    for i in range(Z.shape[0]):
        e = xp.exp(Z[i, :] - xp.max(Z[i, :]))
        rows.append(e / xp.sum(e))
    return xp.stack(rows)
