# ruff: noqa
# Plain Python: numbers, lists, loops, `math`; no numpy but where the argument needs it.

# %% exercise="ssr"
import math


def ssr(intercept, slope, x, y):
    squares = [(y_i - (intercept + slope * x_i)) ** 2 for x_i, y_i in zip(x, y)]
    return math.fsum(squares)


# %% exercise="ssr_gradient"
def ssr_gradient(intercept, slope, x, y):
    d_intercept = d_slope = 0
    i = 0
    while i < len(x):
        residual = float(y[i]) - (intercept + slope * float(x[i]))
        d_intercept -= 2 * residual
        d_slope -= 2 * residual * float(x[i])
        i += 1
    return [d_intercept, d_slope]


# %% exercise="gradient_step"
def gradient_step(p, gradient, learning_rate):
    try:
        return [gradient_step(a, b, learning_rate) for a, b in zip(p, gradient, strict=True)]
    except TypeError:  # numbers cannot be zipped
        return float(p) - learning_rate * float(gradient)


# %% exercise="descend"
def largest(values):
    if np.ndim(values) == 0:
        return abs(values)
    return max(largest(value) for value in values)


def descend(gradient, p0, learning_rate, min_step=0.001, max_steps=1000):
    p, steps = p0, 0
    while True:
        if steps == max_steps:
            break
        step = learning_rate * np.array(gradient(p))
        if largest(step) < min_step:
            break
        p = p - step
        steps += 1
    return p, steps


# %% exercise="numerical_gradient"
def numerical_gradient(f, p, eps=1e-5):
    entries = p.flatten().tolist()
    slopes = []
    for k in range(len(entries)):
        up, down = list(entries), list(entries)
        up[k] += eps
        down[k] -= eps
        high = f(np.array(up).reshape(p.shape))
        low = f(np.array(down).reshape(p.shape))
        slopes.append((high - low) / (2 * eps))
    return np.array(slopes).reshape(p.shape)
