# ruff: noqa
# numpy all the way: matrix products, einsum, complex numbers, arrays made at once.

# %% exercise="ssr"
def ssr(intercept, slope, x, y):
    r = np.polyval([slope, intercept], x) - y
    return np.einsum("i,i->", r, r)


# %% exercise="ssr_gradient"
def ssr_gradient(intercept, slope, x, y):
    # The derivative is the imaginary part, if one steps into the imaginary direction.
    h = 1e-20
    d_intercept = np.imag(np.sum((y - (intercept + 1j * h + slope * x)) ** 2)) / h
    d_slope = np.imag(np.sum((y - (intercept + (slope + 1j * h) * x)) ** 2)) / h
    return np.array([d_intercept, d_slope])


# %% exercise="gradient_step"
def gradient_step(p, gradient, learning_rate):
    new_p = np.copy(p).astype(float)
    new_p -= np.multiply(learning_rate, gradient)
    return new_p


# %% exercise="descend"
def descend(gradient, p0, learning_rate, min_step=0.001, max_steps=1000):
    p = np.array(p0, dtype=np.float64)
    for steps in range(max_steps):
        step = np.multiply(learning_rate, gradient(p))
        if not (np.abs(step) >= min_step).any():
            break
        p -= step
    else:
        steps = max_steps
    return p, steps


# %% exercise="numerical_gradient"
def numerical_gradient(f, p, eps=1e-5):
    moves = eps * np.eye(p.size).reshape((p.size,) + p.shape)
    ups = np.array([f(p + move) for move in moves])
    downs = np.array([f(p - move) for move in moves])
    return ((ups - downs) / (2 * eps)).reshape(p.shape)
