# ruff: noqa
# numpy: in place on own copies, single precision, the formulas put in other words.

# %% exercise="momentum_step"
def momentum_step(p, g, v, learning_rate, beta=0.9):
    velocity = np.array(v)
    velocity *= beta
    velocity += g
    place = np.array(p)
    place -= learning_rate * velocity
    return np.stack([place, velocity])


# %% exercise="rmsprop_step"
def rmsprop_step(p, g, s, learning_rate, rho=0.9, eps=1e-8):
    s = np.average([s, np.square(g)], axis=0, weights=[rho, 1 - rho])
    return np.add(p, -learning_rate * np.divide(g, eps + np.sqrt(s))), s


# %% exercise="adam_step"
def adam_step(p, g, m, v, t, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    # Both corrections in the learning rate, as in section 2 of the paper; ε takes its part.
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    root = np.sqrt(1 - np.power(beta2, t))
    rate = learning_rate * root / (1 - np.power(beta1, t))
    return p - rate * m / (np.sqrt(v) + eps * root), m, v


# %% exercise="l2_gradients"
def l2_gradients(grads, params, strength):
    new = [[dW.copy(), db.copy()] for dW, db in grads]
    for i, (W, b) in enumerate(params):
        new[i][0] += strength * W
    return new
