# ruff: noqa
# numpy: arrays filled in place, cumulative products, einsum, complex numbers.

# %% exercise="chain_forward"
def chain_forward(w, b, x):
    a = np.array([x], dtype=float)
    z = np.array([])
    for weight, bias in np.stack([w, b], axis=1):
        z = np.append(z, weight * a[-1] + bias)
        a = np.r_[a, 1 / (1 + np.exp(-z[-1]))]
    return z, a


# %% exercise="chain_gradients"
def chain_gradients(w, b, x, y):
    def cost(w, b):
        a = x
        for w_l, b_l in zip(w, b):
            a = 1 / (1 + np.exp(-(w_l * a + b_l)))
        return (a - y) ** 2

    # One imaginary step for each weight and each bias: its imaginary part is the derivative.
    h = 1e-30
    steps = 1j * h * np.eye(len(w))
    dw = [cost(w + step, b).imag / h for step in steps]
    db = [cost(w, b + step).imag / h for step in steps]
    return np.array([dw, db])


# %% exercise="output_deltas"
def output_deltas(a, y):
    delta = a.copy()
    delta -= y
    delta *= a
    delta *= 1 - a
    return delta


# %% exercise="hidden_deltas"
def hidden_deltas(W_next, delta_next, a):
    return np.einsum("ji,j,i,i->i", W_next, delta_next, a, 1 - a)
