# ruff: noqa
# Single precision, in place on own copies, one exercise built on the other.

# %% exercise="ssr"
def ssr(intercept, slope, x, y):
    x32, y32 = np.array(x, dtype="float32"), np.array(y, dtype="float32")
    x32 *= np.float32(slope)
    x32 += np.float32(intercept)
    x32 -= y32
    return (x32 * x32).sum()


# %% exercise="ssr_gradient"
def ssr_gradient(intercept, slope, x, y):
    h = 0.5  # a sum of squares is a parabola: its central difference is exact, however wide
    d_intercept = ssr(intercept + h, slope, x, y) - ssr(intercept - h, slope, x, y)
    d_slope = ssr(intercept, slope + h, x, y) - ssr(intercept, slope - h, x, y)
    return d_intercept, d_slope


# %% exercise="gradient_step"
@np.vectorize
def gradient_step(p, gradient, learning_rate):
    return p - learning_rate * gradient


# %% exercise="descend"
class Walker:
    def __init__(self, slope_at, start, eta):
        self.slope_at, self.eta = slope_at, eta
        self.place, self.steps = np.float32(start), 0

    @property
    def step(self):
        return self.eta * np.asarray(self.slope_at(self.place), dtype=np.float32)

    def go(self):
        self.place = self.place - self.step
        self.steps += 1


def descend(slope_at, start, eta, min_step=1e-3, max_steps=1000):
    walker = Walker(slope_at, start, eta)
    while walker.steps < max_steps and not (abs(walker.step) < min_step).all():
        walker.go()
    return [walker.place, walker.steps]


# %% exercise="numerical_gradient"
def numerical_gradient(f, p, eps=1e-5):
    slopes = np.zeros(p.shape, dtype=np.float32)
    for index, old in np.ndenumerate(p):
        p[index] = old + eps
        above = f(p)
        p[index] = old - eps
        slopes[index] = (above - f(p)) / (2 * eps)
        p[index] = old  # bit for bit what it was
    return slopes
