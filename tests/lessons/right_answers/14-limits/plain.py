# ruff: noqa
# Plain Python: one number after the other.

# %% exercise="input_gradient"
import math


def input_gradient(params, x, y):
    activations = [list(x)]
    for W, b in params:
        a = []
        for j in range(len(b)):
            z = b[j]
            for k, a_k in enumerate(activations[-1]):
                z += W[j][k] * a_k
            a.append(1 / (1 + math.exp(-z)))
        activations.append(a)
    error = [a - t for a, t in zip(activations.pop(), y)]
    outputs = [t + e for t, e in zip(y, error)]
    for W, b in params[::-1]:
        delta = [e * a * (1 - a) for e, a in zip(error, outputs)]
        outputs = activations.pop()
        error = [sum(W[j][k] * delta[j] for j in range(len(b))) for k in range(len(outputs))]
    return error


# %% exercise="fgsm"
def fgsm(x, gradient, epsilon):
    if np.ndim(x) > 0:
        return [fgsm(x[i], gradient[i], epsilon) for i in range(len(x))]
    if gradient > 0:
        return min(1, x + epsilon)
    if gradient < 0:
        return max(0, x - epsilon)
    return float(x)


# %% exercise="bump"
def step(z):
    if z > 0:
        return 1 / (1 + math.exp(-z))
    return 1 - 1 / (1 + math.exp(max(z, -700)))


def bump(x, left, right, height, steepness=50.0):
    if np.ndim(x) == 0:
        return height * (step(steepness * (x - left)) - step(steepness * (x - right)))
    return [bump(x_i, left, right, height, steepness) for x_i in x]
