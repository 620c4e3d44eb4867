# ruff: noqa
# Helper functions, classes, keywords, prints.

# %% exercise="momentum_step"
class Ball:
    def __init__(self, place, velocity):
        self.place, self.velocity = place, velocity

    def roll(self, slope, eta, keeps):
        self.velocity = keeps * self.velocity + slope
        self.place = self.place - eta * self.velocity
        return self


def momentum_step(p, g, v, eta, beta=0.9):
    ball = Ball(place=p, velocity=v).roll(slope=g, eta=eta, keeps=beta)
    return ball.place, ball.velocity


# %% exercise="rmsprop_step"
def moving_average(old, new, share):
    return share * old + (1 - share) * new


def rmsprop_step(p, g, s, eta, rho=0.9, eps=1e-8):
    s = moving_average(old=s, new=g**2, share=rho)
    step = eta / (s**0.5 + eps) * g
    print("step", step)
    return p - step, s


# %% exercise="adam_step"
def adam_step(p, g, m, v, t, eta, beta1=0.9, beta2=0.999, eps=1e-8):
    corrected = lambda average, beta: average / (1 - beta**t)
    m, v = moving_average(m, g, beta1), moving_average(v, np.square(g), beta2)
    length = eta / (np.sqrt(corrected(v, beta2)) + eps)
    return p - length * corrected(m, beta1), m, v


# %% exercise="l2_gradients"
def l2_gradients(grads, params, lam):
    weights = (W for W, _ in params)
    return tuple((dW + lam * W, db + 0 * db) for (dW, db), W in zip(grads, weights))
