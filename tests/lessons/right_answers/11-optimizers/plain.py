# ruff: noqa
# One number after the other.

# %% exercise="momentum_step"
def momentum_step(p, g, v, learning_rate, beta=0.9):
    new_p, new_v = np.zeros(p.shape), np.zeros(p.shape)
    for i in np.ndindex(p.shape):
        new_v[i] = beta * v[i] + g[i]
        new_p[i] = p[i] - learning_rate * new_v[i]
    return new_p, new_v


# %% exercise="rmsprop_step"
import math


def rmsprop_step(p, g, s, learning_rate, rho=0.9, eps=1e-8):
    ps, ss = [], []
    for p_i, g_i, s_i in zip(p.ravel(), g.ravel(), s.ravel()):
        s_i = rho * s_i + (1 - rho) * g_i * g_i
        ps.append(p_i - learning_rate * g_i / (math.sqrt(s_i) + eps))
        ss.append(s_i)
    return [np.reshape(ps, p.shape), np.reshape(ss, p.shape)]


# %% exercise="adam_step"
def adam_step(p, g, m, v, t, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    if p.ndim > 0:
        rows = [
            adam_step(*row, t, learning_rate, beta1=beta1, beta2=beta2, eps=eps)
            for row in zip(*map(np.atleast_1d, (p, g, m, v)))
        ]
        return tuple([row[k] for row in rows] for k in range(3))
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return p - learning_rate * m_hat / (v_hat**0.5 + eps), m, v


# %% exercise="l2_gradients"
def l2_gradients(grads, params, strength):
    result = []
    for k in range(len(grads)):
        dW, W = grads[k][0].tolist(), params[k][0].tolist()
        for i in range(len(dW)):
            for j in range(len(dW[i])):
                dW[i][j] += strength * W[i][j]
        result.append([dW, list(grads[k][1])])
    return result
