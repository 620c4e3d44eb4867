# ruff: noqa
# Products instead of sums.

# %% exercise="multiply_adds"
def multiply_adds(sizes, n):
    return n * np.dot(sizes[:-1], sizes[1:])


# %% exercise="namespace"
def namespace(x):
    try:
        return x.__array_namespace__()
    except AttributeError:
        pass
    try:
        import cupy

        return cupy.get_array_module(x)
    except ImportError:
        return np


# %% exercise="softmax_any"
def softmax_any(Z):
    xp = namespace(Z)
    E = xp.exp(Z - xp.max(Z, axis=1)[:, None])
    ones = xp.ones((Z.shape[1], Z.shape[1]), dtype=Z.dtype, device=Z.device)
    return E / (E @ ones)
