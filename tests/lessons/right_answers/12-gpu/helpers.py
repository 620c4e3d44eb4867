# ruff: noqa
# Helper functions, recursion, keywords, itertools.

# %% exercise="multiply_adds"
from itertools import pairwise
from math import prod


def multiply_adds(layers: list[int], examples: int) -> int:
    return sum(prod(pair) * examples for pair in pairwise(layers))


# %% exercise="namespace"
def namespace(x):
    ask = getattr(type(x), "__array_namespace__", None)
    if isinstance(x, np.ndarray) or ask is None:
        return np if isinstance(x, np.ndarray) else __import__("cupy")
    return ask(x)


# %% exercise="softmax_any"
def shifted(xp, Z):
    highest = xp.max(Z, axis=-1, keepdims=True)
    return xp.subtract(Z, highest)


def softmax_any(Z):
    xp = namespace(Z)
    S = shifted(xp=xp, Z=Z)
    # The logarithm of the sum taken off the score: e to that is the share.
    log_sum = xp.log(xp.sum(xp.exp(S), axis=1))
    return xp.exp(S - xp.expand_dims(log_sum, axis=1))
