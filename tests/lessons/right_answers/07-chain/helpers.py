# ruff: noqa
# Classes, helper functions, recursion, itertools, keywords, type hints.

# %% exercise="chain_forward"
from itertools import accumulate


def sigma(z: float) -> float:
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def sigma_prime(z):
    return sigma(z) * (1 - sigma(z))


def chain_forward(w, b, x):
    neuron = lambda a, weight_and_bias: sigma(weight_and_bias[0] * a + weight_and_bias[1])
    a = list(accumulate(zip(w, b), neuron, initial=x))
    z = w * a[:-1] + b
    return z, a


# %% exercise="chain_gradients"
def chain_gradients(w, b, x, y):
    dw, db, _ = both_ways(list(w), list(b), x, y)
    return np.array(dw), np.array(db)


def both_ways(w, b, a_in, y):
    """Go forward on the way into the recursion, back on the way out; the error comes last."""
    if not w:
        return [], [], 2 * (a_in - y)
    z = w[0] * a_in + b[0]
    dw, db, error = both_ways(w[1:], b[1:], sigma(z), y)
    delta = error * sigma_prime(z)
    return [delta * a_in] + dw, [delta] + db, delta * w[0]


# %% exercise="output_deltas"
def slope_from_activation(a: np.ndarray) -> np.ndarray:
    return a - a**2


def output_deltas(a: np.ndarray, y: np.ndarray) -> np.ndarray:
    error = -(y - a)
    print("errors", error)
    return np.multiply(error, slope_from_activation(a))


# %% exercise="hidden_deltas"
class Layer:
    def __init__(self, W):
        self.W = W

    def back(self, delta):
        return np.dot(delta, self.W)


def hidden_deltas(W_after, delta_next, a):
    return Layer(W=W_after).back(delta=delta_next) * slope_from_activation(a)
