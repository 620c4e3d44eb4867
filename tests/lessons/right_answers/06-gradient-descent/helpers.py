# ruff: noqa
# Helper functions, classes, generators, recursion, keywords, type hints, prints.

# %% exercise="ssr"
def residuals(a: float, m: float, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return y - (a + m * x)


def ssr(a: float, m: float, x: np.ndarray, y: np.ndarray) -> float:
    return float(np.linalg.norm(residuals(a, m, x=x, y=y)) ** 2)


# %% exercise="ssr_gradient"
from collections import namedtuple

Gradient = namedtuple("Gradient", ["d_intercept", "d_slope"])


def ssr_gradient(a, m, x, y):
    r = residuals(a, m, x, y)
    print("residuals:", r)
    return Gradient(d_slope=(-2 * r * x).sum(), d_intercept=(-2 * r).sum())


# %% exercise="gradient_step"
gradient_step = lambda p, gradient, eta: np.subtract(p, eta * np.array(gradient))


# %% exercise="descend"
def walk(gradient, p, eta):
    """Yield the places and the step that would come next, without end."""
    while True:
        step = eta * np.asarray(gradient(p))
        yield p, step
        p = p - step


def descend(gradient, p0, eta, min_step=0.001, max_steps=1000):
    for steps, (p, step) in enumerate(walk(gradient, p0, eta)):
        if steps >= max_steps or np.max(np.abs(step)) < min_step:
            return p, steps


# %% exercise="numerical_gradient"
def numerical_gradient(f, p, eps=1e-5):
    def derivative(*index):
        up, down = p.copy(), p.copy()
        up[index] = up[index] + eps
        down[index] = down[index] - eps
        return (f(up) - f(down)) / (2 * eps)

    result = np.full_like(p, np.nan)
    it = np.nditer(p, flags=["multi_index"])
    for _ in it:
        result[it.multi_index] = derivative(*it.multi_index)
    return result
