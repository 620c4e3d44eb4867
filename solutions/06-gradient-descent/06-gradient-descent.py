# %% [markdown]
# # 06 · Downhill
#
# Lesson 05 turned "how wrong?" into one number, the cost. Now you make that number smaller. The
# method is the same for two parameters and for 13,002: find out which way is down, take a step,
# look again.
#
# **Afterwards you can**
# - see a cost as a landscape over its parameters, and read the sign of a slope;
# - write gradient descent, and say when it should stop;
# - recognise a learning rate that creeps and one that overshoots;
# - get a gradient without calculus, test a formula with it, and say what that costs.
#
# **Time** 65–75 minutes. **Builds on** lessons 04 (forward pass, 13,002 parameters) and 05 (cost);
# derivatives from school.
#
# **Sources** Decks A, B, C and D; the line under each heading names the slides. The learning rate
# is α in decks A and B and η in deck C. The line's cost is deck D's: squares are **summed**, with
# **no ½** and no mean; where another cost appears, we say so.
#
# ## 1 A line and its cost
#
# *Deck D, "Gradient Descent" (residuals as the loss)*
#
# Three points, and a line to describe them: $\text{prediction} = \text{intercept} +
# \text{slope}\cdot x$. That is a neuron with one input: the slope is its weight, the intercept its
# bias. What the line misses at a point is the **residual**, $y - \text{prediction}$. The cost is
# the **sum of the squared residuals**:
#
# $$C = \sum_i \bigl(y_i - (\text{intercept} + \text{slope}\cdot x_i)\bigr)^2$$

# %%
import time

import matplotlib.pyplot as plt
import numpy as np

import nnkit as nn

np.set_printoptions(precision=5, suppress=True, linewidth=110)

points = nn.three_points()
x, y = points.X[:, 0], points.y
points

# %% [markdown]
# > **Predict.** Intercept 0, slope 0.64. What does the line say at x = 0.5, and what is the
# > residual there?


# %% exercise="ssr"
def ssr(intercept, slope, x, y):
    """Return the sum of squared residuals, Σ (y − (intercept + slope·x))²: a number.

    x and y are (n,), a point in each place; intercept and slope are numbers.

    Example: intercept 1, slope 2 and the points (0, 1) and (1, 5) have residuals 0 and 2, so 4.
    """
    ### BEGIN SOLUTION
    return np.sum((y - (intercept + slope * x)) ** 2)
    ### END SOLUTION


# %% check="ssr" points=6

# %% [markdown]
# ## 2 The cost is a landscape
#
# *Deck B, "If we only have one weight, it is easy to visualize the cost function", "How do we
# optimize our weights?"; deck D, "Gradient Descent"*
#
# The points stay where they are; what we may change is the line. So look at the cost as a function
# **of the parameters**. Deck D keeps the slope at 0.64 for a while and looks for the intercept
# alone: then the cost is a *curve*. (Deck B draws such a curve, $C(w)$, for a weight, with a ½ and
# a mean; that only makes it flatter.) With both parameters it is a *surface*.
#
# > **Predict.** Should the intercept of the best line be nearer to 0, 1 or 2? Where is the cost
# > lowest then, and what is the slope of the curve at that place?

# %% tags=["raises-exception"]
# Your functions: ssr
print("0, slope 0.64: predictions", 0.64 * x, " residuals", y - 0.64 * x)
intercepts = np.linspace(-0.5, 2.5, 61)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
left.plot(x, y, "k^", markersize=9)
for intercept, style in [(0, "-"), (1, "--"), (2, ":")]:
    cost = ssr(intercept, 0.64, x, y)
    print(f"intercept {intercept}: cost {cost:.3f}")
    left.plot([0, 3], [intercept, intercept + 0.64 * 3], style, label=f"intercept {intercept}")
    right.plot(intercept, cost, "ko")
left.set(xlabel="x", ylabel="y")
left.legend()
right.plot(intercepts, [ssr(intercept, 0.64, x, y) for intercept in intercepts])
right.set(xlabel="intercept", ylabel="cost")
plt.show()

# %% [markdown]
# Left: the three points and three lines of slope 0.64. Right: the cost of *every* such line; each
# dot is one of the three lines. The best line is a place, the bottom of the valley, and the curve
# is level there.
#
# You can see the bottom because the figure calculated 61 costs. With two parameters, as finely, it
# takes 61² = 3,721, with 13,002 parameters more than there are atoms. **Nobody can draw that
# landscape.** One can only stand at one point of it, feel which way the ground slopes, and step.
#
# ## 3 Which way is down?
#
# *Deck B, "A quick refresher on gradients", "How to update the weights using gradients"; deck D,
# "Gradient Descent" (derivatives)*
#
# The slope of the cost is its derivative. **Its sign says where to go:** positive, the cost grows
# with the parameter, so make it smaller; negative, make it larger. Always *against* the sign.
#
# Differentiate one squared residual $r^2$ with the **chain rule**, outer times inner derivative:
# the outer is $2r$; the inner says how $r = y - (\text{intercept} + \text{slope}\cdot x)$ itself
# changes, by −1 with the intercept and by −x with the slope. Summed over the points:
#
# $$\frac{\partial C}{\partial\,\text{intercept}} = \sum_i -2\,r_i \qquad
# \frac{\partial C}{\partial\,\text{slope}} = \sum_i -2\,r_i\,x_i$$
#
# ∂ says: change this one, hold the others. Both together are the **gradient**, ∇C.
#
# > **Predict.** The residuals at intercept 0 are 1.08, 0.428 and 1.344. What is the derivative by
# > the intercept? What does its sign tell you?


# %% exercise="ssr_gradient"
def ssr_gradient(intercept, slope, x, y):
    """Return (d_intercept, d_slope), the derivatives of the sum of squared residuals.

    With the residuals r = y − (intercept + slope·x), x and y of shape (n,):

        d_intercept = Σ −2·r        d_slope = Σ −2·r·x

    Example: intercept 1, slope 2, points (0, 1) and (1, 5): r is 0 and 2, so (−4, −4).
    """
    ### BEGIN SOLUTION
    residuals = y - (intercept + slope * x)
    return -2 * np.sum(residuals), -2 * np.sum(residuals * x)
    ### END SOLUTION


# %% check="ssr_gradient" points=8

# %% tags=["raises-exception"]
# Your functions: ssr_gradient
for intercept in (0, 0.5, 1, 1.5):
    d_intercept, _ = ssr_gradient(intercept, 0.64, x, y)
    way = "larger" if d_intercept < 0 else "smaller"
    print(f"intercept {intercept:3}: derivative {d_intercept:+.3f}, make it {way}")

# %% [markdown]
# −5.704 at 0 is deck D's first number. Between 0.5 and 1 the derivative changes its sign: there it is
# 0, and there is the bottom.
#
# Deck B says once to go "where the gradient is negative". Take that with care: the gradient is a
# list of slopes *at a point*; what you follow is its **opposite**, −∇C.
#
# ## 4 One step
#
# *Deck A, "2.5 Optimisation: gradient descent I"; deck D, "Gradient Descent" (step size)*
#
# The sign gives the direction. How far? Far where it is steep, little where it is flat:
#
# $$p \leftarrow p - \alpha\,\nabla C(p)$$
#
# p stands for all parameters together, α is the **learning rate**, and α · ∇C is the **step**.
#
# > **Predict.** From 0, with a derivative of −5.704 and a learning rate of 0.1: where do you land?
# > Will the second step be longer, shorter, or the same?


# %% exercise="gradient_step"
def gradient_step(p, gradient, learning_rate):
    """Return p after one step downhill, p − learning_rate · gradient; p stays as it is.

    p is a number or an array of any shape, gradient has the same shape, and so has the result.

    Example: p = [1, 2], gradient [10, −10] and learning rate 0.1 give [0, 3].
    """
    ### BEGIN SOLUTION
    return p - learning_rate * gradient
    ### END SOLUTION


# %% check="gradient_step" points=6

# %% tags=["raises-exception"]
# Your functions: ssr, ssr_gradient, gradient_step
path = [0.0]
for _ in range(4):
    d_intercept, _ = ssr_gradient(path[-1], 0.64, x, y)
    path.append(gradient_step(path[-1], d_intercept, 0.1))
    print(f"intercept {path[-2]:.6f}  derivative {d_intercept:8.4f}  step {0.1 * d_intercept:8.5f}")

_, ax = plt.subplots(figsize=(6.5, 3.8), layout="constrained")
ax.plot(intercepts, [ssr(intercept, 0.64, x, y) for intercept in intercepts], color="grey")
ax.plot(path, [ssr(intercept, 0.64, x, y) for intercept in path], "ko--")
ax.set(xlabel="intercept", ylabel="cost")
plt.show()

# %% [markdown]
# Deck D's numbers: the intercept goes 0, 0.5704, 0.79856, 0.889824. The figure shows the cost
# (grey) and the first five places (dots). **The steps shrink by themselves**, though the learning
# rate does not change: the ground gets flatter. Here each is 0.4 times as long as the one before.
# (Deck D calls larger steps first, smaller ones later, "adaptive". Optimizers that change the
# *rate* itself come in lesson 11.)
#
# ## 5 Until the steps are small
#
# *Deck D, "Gradient Descent: Summary"*
#
# The bottom is never quite reached, so one must decide when it is near enough. Deck D stops when
# the step is smaller than 0.001, or after a maximum number of steps. (The slide calls 0.001 the
# "minimum learning rate"; it is the minimum *step*, rate times slope.) Its recipe, for any cost:
#
# 1. find the derivatives;
# 2. choose values for the parameters, at random or 0;
# 3. put them into the derivatives;
# 4. work out the step; if it is too small, stop **without making it**;
# 5. make the step, and go on with 3.
#
# Several parameters are all moved at once, and the *largest* entry of the step decides.
#
# > **Predict.** The sixth step is 0.0058, the seventh 0.4 times that. How many steps are made?


# %% exercise="descend"
def descend(gradient, p0, learning_rate, min_step=0.001, max_steps=1000):
    """Go downhill from p0 until a step would be too small; return (p, steps).

    gradient is a function: gradient(p) has the shape of p, a number or an array. It stops, without
    making it, at the first step with max|learning_rate · gradient(p)| < min_step. steps is the
    number of steps made, at most max_steps.

    Example: gradient(p) = 2·p, p0 = 1, learning rate 0.25, min_step 0.2: 1 → 0.5 → 0.25, and the
    next step, 0.125, is too small: (0.25, 2).
    """
    ### BEGIN SOLUTION
    p = p0
    for steps in range(max_steps):
        slopes = gradient(p)
        if np.max(np.abs(learning_rate * slopes)) < min_step:
            return p, steps
        p = gradient_step(p, slopes, learning_rate)
    return p, max_steps
    ### END SOLUTION


# %% check="descend" points=11


# %% tags=["raises-exception"]
# Your functions: ssr_gradient, descend
def intercept_slope(intercept):
    """Return the derivative by the intercept, deck D's slope of the line kept."""
    return ssr_gradient(intercept, 0.64, x, y)[0]


best, steps = descend(intercept_slope, 0.0, 0.1)
print(f"intercept {best:.4f} after {steps} steps")
best, steps = descend(intercept_slope, 0.0, 0.1, min_step=1e-9)
print(f"intercept {best:.5f} after {steps} steps, if each is made down to a billionth")

# %% [markdown]
# 0.9491, as in the deck; the bottom is at 0.95067. How near you come is a matter of patience.
#
# ## 6 Both parameters
#
# *Deck B, "How to update the weights using gradients" (cross sections); deck D, "Gradient
# Descent!!!"*
#
# Now the line's slope may move as well: p has two entries. In words such as "slope" mind the
# difference between the *line's* slope, a parameter, and the slope of the *cost*.
#
# > **Predict.** Will the learning rate 0.1 do again? What does "downhill" mean if the cost falls
# > along one parameter and rises along the other?


# %% tags=["raises-exception"]
# Your functions: ssr, ssr_gradient, gradient_step, descend
def line_gradient(p):
    """Return both derivatives for p = (intercept, slope), as an array."""
    return np.array(ssr_gradient(p[0], p[1], x, y))


print("rate 0.1, eight steps:", *descend(line_gradient, np.zeros(2), 0.1, max_steps=8))
print("rate 0.03:            ", *descend(line_gradient, np.zeros(2), 0.03))
print("… down to 1e-9:       ", *descend(line_gradient, np.zeros(2), 0.03, 1e-9))
print("least squares, numpy: ", np.polyfit(x, y, 1)[::-1])

here = np.array([2.0, 0.6])
print("at", here, "the gradient is", line_gradient(here))
grid = np.linspace(-0.5, 2.5, 41), np.linspace(-0.4, 1.6, 41)
heights = np.array([[ssr(i, s, x, y) for i in grid[0]] for s in grid[1]])
places = [np.zeros(2)]
for _ in range(40):
    places.append(gradient_step(places[-1], line_gradient(places[-1]), 0.03))

fig = plt.figure(figsize=(9.5, 8), layout="constrained")
surface = fig.add_subplot(2, 2, 1, projection="3d")
surface.plot_surface(*np.meshgrid(*grid), heights, cmap="cividis")
surface.set(xlabel="intercept", ylabel="slope", zlabel="cost")
surface.set_box_aspect(None, zoom=0.85)
level = fig.add_subplot(2, 2, 2)
level.contour(*grid, heights, [0.5, 1, 2, 4, 8, 16, 32], colors="grey")
level.plot(*np.transpose(places), "k.-")
level.plot(*here, "k^")
level.set(xlabel="intercept", ylabel="slope")
for k, name in enumerate(["intercept", "slope"]):
    section = fig.add_subplot(2, 2, 3 + k)
    moved = np.linspace(-0.6, 0.6, 31)
    along = [ssr(*(here + step * np.eye(2)[k]), x, y) for step in moved]
    section.plot(here[k] + moved, along)
    section.plot(here[k] + moved, along[15] + line_gradient(here)[k] * moved, "k--")
    section.plot(here[k], along[15], "k^")
    section.set(xlabel=name, ylabel="cost", title=f"along the {name}")
plt.show()

# %% [markdown]
# Above: the cost as a surface, a long valley; and the same from above, each grey line one height.
# The dots are 40 steps from (0, 0): down to the floor at once, then slowly along it. Below: two
# **cross sections** through the triangle (2, 0.6): only one parameter moves. The dashed lines
# are the gradient's two entries. Both are positive here, so both parameters must shrink; the line's
# slope matters more, so it moves further. No parameter needs to know of the other: each follows its
# own cross section.
#
# With enough patience you reach what least squares finds at once, intercept 0.94872 and slope
# 0.64103. But the rate 0.1 *explodes* here: the valley is steeper across than along, and one rate
# must do for both.
#
# ## 7 Creeping and overshooting
#
# *Deck C, "Learning rate", "Setting learning rate value", "Learning rate controls the weight
# update"; deck D, "Gradient Descent: Learning Rate"*
#
# **Play: the learning rate.** The intercept alone again, slope kept at 0.64: twelve steps from 0,
# with the rate you choose. On the left the curve of costs and the way over it; drag the ring to
# start elsewhere. On the right the cost of each step.
#
# > **Predict,** then move. (1) What happens at 0? (2) Deck C says that 0.01 takes small steps: how
# > far do twelve of them get? (3) Which rate arrives in a single step? (4) From which rate on is
# > there no arriving, and what happens at 1?

# %%
nn.widgets.LearningRate(
    "deck D's line",
    all=False,
    predict="Which rate arrives in a single step? From which one on is there no arriving?",
)

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# (1) Nothing: no step, no learning. (2) To 0.498, about half of the way: it creeps. (3) 1/6: the
# derivative is 6 · (intercept − 0.95067), so a sixth of it is just the distance. Between 1/6 and
# 1/3 it **overshoots**, lands on the other slope, and still comes closer. (4) From 1/3 on: at 1/3
# it jumps to and fro between the same two places, beyond that each jump is longer than the last. At
# 1 the intercept is −232 million after twelve steps.
#
# </details>
#
# Where the limit lies depends on how curved the cost is: 1/3 here, 0.061 for two parameters (take
# that preset, and tick "All rates at once"). Deck C's "between 0 and 1" is a habit, no law.
#
# ## 8 A gradient without calculus
#
# *Deck A, "2.5 Optimisation: gradient descent II"*
#
# If you can calculate a cost but have no formula for its gradient: move one parameter a little up,
# a little down, and compare. For every component, with $e$ = 1 there and 0 elsewhere,
#
# $$\frac{\partial f}{\partial p_k} \approx
# \frac{f(p + \varepsilon e) - f(p - \varepsilon e)}{2\varepsilon}$$
#
# > **Predict.** f(p) = p², p = 3, ε = 0.1: work it out. How wrong is it? And if you only go up,
# > $(f(p + \varepsilon) - f(p))/\varepsilon$?


# %% exercise="numerical_gradient"
def numerical_gradient(f, p, eps=1e-5):
    """Return (f(p + eps·e) − f(p − eps·e)) / (2·eps) for each component, in the shape of p.

    f takes an array shaped as p and returns a number. p may have any shape, () included, and stays
    as it is. np.ndindex(p.shape) goes through all places of an array.

    Example: f(p) = p₀² + 3·p₁ at p = [2, 5] gives [4, 3].
    """
    ### BEGIN SOLUTION
    gradient = np.zeros(p.shape)
    for index in np.ndindex(p.shape):
        e = np.zeros(p.shape)
        e[index] = eps
        gradient[index] = (f(p + e) - f(p - e)) / (2 * eps)
    return gradient
    ### END SOLUTION


# %% check="numerical_gradient" points=9

# %% [markdown]
# For p² at 3, up and down give 6, the exact derivative; going only up gives 6.1. With both sides the
# error shrinks with ε², with one side only with ε.
#
# **Find the misprint.** Deck D prints the derivative by the line's slope, with $r_1, r_2, r_3$ for
# its three brackets, as
#
# $$-2\cdot 0.5\,r_1 \;-\; 2\cdot 2.9\,r_3^2 \;-\; 2\cdot 2.3\,r_2^2.$$
#
# The next cell puts that beside yours and beside one that knows no formula. What is wrong on the
# slide?

# %% tags=["raises-exception"]
# Your functions: ssr, ssr_gradient, numerical_gradient
r = y - (0 + 0.64 * x)
printed = -2 * 0.5 * r[0] - 2 * 2.9 * r[2] ** 2 - 2 * 2.3 * r[1] ** 2
numerical = numerical_gradient(lambda p: ssr(p[0], p[1], x, y), np.array([0, 0.64]))
print(f"deck D as printed {printed:.4f}")
print(f"your formula      {ssr_gradient(0, 0.64, x, y)[1]:.4f}")
print(f"numerically       {numerical[1]:.4f}")

# %% [markdown]
# <details><summary>Errata of decks B and D</summary>
#
# | slide | printed | should be |
# |---|---|---|
# | D, "Gradient Descent" (two derivatives) | second and third bracket squared | no square |
# | D, "Gradient Descent" (step size) | minimum learning rate is 0.001 | minimum step size |
# | B, "Why descent?" | where the gradient is negative | against the gradient |
#
# </details>
#
# ## 9 More than one valley
#
# *Deck B, "Neural network cost functions can be very non-linear and difficult to optimize", "How do
# we optimize our weights?"*
#
# A line's cost has one valley. Put a sigmoid in, and that is over. Here is one neuron with one
# weight, $a = \sigma(wx)$, and two examples that pull at it: for x = 0.5 it should say 0.9, for x =
# 6 only 0.3. The cost is deck B's: ½, and the mean. The gradient comes from your
# `numerical_gradient`, since nobody has given you a formula.
#
# > **Predict.** From w = −2, 0.5, 1.5 and 3: how many different ends are there?


# %% tags=["raises-exception"]
# Your functions: descend, numerical_gradient
def neuron_cost(w):
    """Return deck B's cost of the neuron σ(w·x) on two examples."""
    a = 1 / (1 + np.exp(-w * np.array([0.5, 6])))
    return np.mean(0.5 * (a - np.array([0.9, 0.3])) ** 2)


w_axis = np.linspace(-2.5, 6, 120)
_, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
ax.plot(w_axis, [neuron_cost(w) for w in w_axis])
for start, marker in [(-2, "v"), (0.5, "^"), (1.5, "s"), (3, "o")]:
    end, steps = descend(
        lambda w: numerical_gradient(neuron_cost, np.array(w, float)), start, 2, 1e-4, 3000
    )
    print(f"from {start:4}: w = {end:5.2f}, cost {neuron_cost(end):.4f}, {steps:4} steps")
    ax.plot(start, neuron_cost(start), "k" + marker, fillstyle="none", markersize=9)
    ax.plot(end, neuron_cost(end), "k" + marker, markersize=9)
ax.set(xlabel="w", ylabel="cost")
plt.show()

# %% [markdown]
# The curve is the cost; open markers show four starts, full ones of the same shape their ends. Two
# valleys, and **the start decides** which one you fall into. The right one is worse and so flat
# that it takes ages: there the neuron is saturated for x = 6 (lesson 02) and feels nothing of that
# example any more. That is why nets start at *random* weights, and why two trainings end
# differently. In nets with many parameters most bad valleys have some way out, so random starts
# serve well; nobody promises the lowest point.
#
# ## 10 What 13,002 derivatives cost
#
# *Deck A, "2.5 Optimisation: gradient descent II"*
#
# Lesson 04's net, 784-16-16-10, needs one derivative per parameter. Going only up, that takes one
# forward pass at the present place and one for every parameter: 13,003. (Going up *and* down, as
# you do: 26,004.) The cell does it, for one picture; the cost is ½ Σ (a − y)². The last lines get
# the same numbers from nnkit by **backpropagation**: one pass forward and one *back*. How that
# works is what lessons 07 to 09 are about.
#
# > **Predict.** How long do 13,003 passes take: milliseconds, a second, minutes? With 1,437
# > pictures, for each of 1,000 steps?

# %%
digits = nn.digits()
picture, target = digits.X_train[:1], np.eye(10)[digits.y_train[:1]]
net = nn.MLP([784, 16, 16, 10], loss="half_squared_error", dtype="float64", seed=0)
p = net.theta.copy()
passes = 0


def picture_cost(p):
    """Return the cost of the picture with the 13,002 parameters p, and count the call."""
    global passes
    passes += 1
    a, start = picture[0], 0
    for n_in, n_out in [(784, 16), (16, 16), (16, 10)]:
        W = p[start : start + n_out * n_in].reshape(n_out, n_in)
        b = p[start + n_out * n_in : start + n_out * n_in + n_out]
        a, start = 1 / (1 + np.exp(-(W @ a + b))), start + n_out * n_in + n_out
    return 0.5 * np.sum((a - target[0]) ** 2)


began = time.perf_counter()
cost_here, slopes = picture_cost(p), np.zeros(len(p))
for k in range(len(p)):
    moved = p.copy()
    moved[k] += 1e-6
    slopes[k] = (picture_cost(moved) - cost_here) / 1e-6
seconds = time.perf_counter() - began

began = time.perf_counter()
net.forward(picture)
net.backward(target)
seconds_back = time.perf_counter() - began
print(f"{len(p):,} derivatives from {passes:,} forward passes: {seconds:.2f} s")
print(f"the same from one pass forward, one back: {seconds_back:.5f} s")
print(
    "largest difference", f"{abs(slopes - net.grad).max():.0e}", "of", f"{abs(net.grad).max():.0e}"
)

# %% [markdown]
# Multiply your first time by 1,437 pictures and 1,000 steps: days to weeks for what backpropagation
# does in minutes. As a *test* of a formula, though, the slow way cannot be beaten.
#
# ## 11 Trial and error, measured
#
# *Deck C, "A very slow way to learn– trial and error", "Faster way to learn - use gradients"*
#
# Why gradients at all? One could change all weights a little at random and keep the change if the
# cost falls. Let us be fair and count **evaluations**: a forward pass of all pictures is one; a
# gradient from a formula counts as three, forward, back and the weights. The net is one layer of
# five sigmoid neurons for the digits 0 to 4, with 3,925 parameters and 200 pictures.
#
# > **Predict.** How many evaluations does each of the two need to bring the cost down to 0.1? How
# > far would a *numerical* gradient be after 3,000?

# %%
few = np.flatnonzero(digits.y_train < 5)[:200]
X, Y = digits.X_train[few], np.eye(5)[digits.y_train[few]]
rng = np.random.default_rng(0)

net = nn.MLP([784, 5], loss="half_squared_error", seed=0)
kept, lowest = net.theta.copy(), net.evaluate(X, Y).loss
tried = [lowest]
for _ in range(3000):
    net.theta = kept + rng.normal(0, 0.03, kept.shape)
    cost = net.evaluate(X, Y).loss
    if cost < lowest:
        kept, lowest = net.theta.copy(), cost
    tried.append(lowest)

net = nn.MLP([784, 5], loss="half_squared_error", seed=0)
descended = []
for _ in range(1001):
    descended.append(0.5 * np.mean(np.sum((net.forward(X) - Y) ** 2, axis=1)))
    net.backward(Y)
    net.theta = net.theta - 1.0 * net.grad

for name, costs, price in [("trial and error", tried, 1), ("gradients", descended, 3)]:
    enough = price * np.flatnonzero(np.array(costs) < 0.1)[0]
    late = ", ".join(f"{costs[n // price]:.3f}" for n in (30, 300, 3000))
    print(f"{name:15}  cost after 30, 300, 3000 evaluations: {late};  below 0.1 after {enough}")
_, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
ax.loglog(1 + np.arange(3001), tried, "--", label="trial and error")
ax.loglog(1 + 3 * np.arange(1001), descended, label="gradients")
ax.set(xlabel="evaluations", ylabel="cost")
ax.legend()
plt.show()

# %% [markdown]
# The figure shows cost against evaluations, both axes logarithmic: dashed, trial and error; solid,
# gradients. Each random change pushes 3,925 weights blindly; a gradient says for every one of them
# which way. The more parameters, the wider the gap. And the numerical gradient? After 3,000
# evaluations it would not have finished its *first* step, which takes 3,926.
#
# ## 12 What usually goes wrong
#
# The names are those that the checks use.
#
# | you see | what happened |
# |---|---|
# | cost 1.052 at intercept 0 | `mean-instead-of-sum` |
# | cost 8.134 at intercept 0 | `misplaced-square`: the sum is squared, not each residual |
# | the derivative is +5.704 | `wrong-sign`: the inner derivative is −1 |
# | the derivative is −2.852 | `wrong-factor`: there is no ½ to cancel the 2 |
# | both derivatives are equal | `missing-factor`: the line's slope needs the factor x |
# | −12.3994 for the line's slope | `misplaced-square`: as the slide prints it |
# | the intercept goes to −0.5704 | `wrong-sign`: uphill |
# | it goes to 5.704 | `missing-learning-rate` |
# | it stops at 0.9500, 8 steps | `off-by-one-epoch`: the step that is too small was made |
# | it never stops | `wrong-sign`: compare the *size*, `np.abs(step)` |
# | all steps have the same length | `stale-state`: take the gradient anew for each |
# | a derivative twice too large | `wrong-factor`: up and down are 2·eps apart |
# | derivatives of a matrix equal along a row | `wrong-axis`: move one entry at a time |
# | exact only for tiny eps | `one-sided`: go up *and* down |
# | later entries a little wrong | `stale-state`: moved and not put back |
#
# ## 13 Quiz
#
# 1. $\partial C/\partial w = -3$ and the learning rate is 0.1. The weight w changes by (a) −0.3,
#    (b) +0.3 or (c) +3?
# 2. The cost rises from step to step, faster and faster. You first try (a) a smaller rate, (b) a
#    larger rate or (c) more steps?
# 3. `descend` stops because the step is small. What do you know? (a) This is the lowest point, (b)
#    the rate was too large or (c) the ground is nearly level, or the rate tiny?
# 4. How many forward passes does one numerical gradient of 170 parameters take, up and down? (a)
#    171, (b) 340 or (c) 2?

# %%
# Put "a", "b" or "c" in place of None, then run this cell and the folded one below it.
answers = {1: None, 2: None, 3: None, 4: None}

# %% jupyter={"source_hidden": true}
replies = {
    "1a": "Not quite: that is uphill. A negative slope means: more of w costs less.",
    "1b": "Right: minus 0.1 times −3.",
    "1c": "Not quite: the direction is right; what does the learning rate do?",
    "2a": "Right: it overshoots, and each jump lands higher.",
    "2b": "Not quite: it jumps too far already. Set section 7's rate to 0.4.",
    "2c": "Not quite: every further step makes it worse.",
    "3a": "Not quite: section 9 has two places where the ground is level.",
    "3b": "Not quite: with too large a rate the steps grow, or never get small.",
    "3c": "Right: a step is rate times slope. It is small if either is.",
    "4a": "Not quite: that is the price of going up only, one pass for the present place included.",
    "4b": "Right: two for each parameter.",
    "4c": "Not quite: two for *each* parameter; you move one at a time.",
}
for number, answer in answers.items():
    print(f"{number}: {replies.get(f'{number}{answer}', 'no answer yet (a, b or c)')}")

# %% [markdown] question="blind-walker" points=4
# ## 14 In your own words
#
# Somebody in thick fog walks downhill by feeling the ground under their feet. Say what in this
# picture the place, the height, the feeling and the length of a stride stand for. Then name one
# thing that the picture shows well and one that it gets wrong for a net with 13,002 parameters.
# Could the walker tell that the valley they stand in is the lowest? About five sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** The place is the parameters, the height the cost, what the feet feel the
# gradient at this one point; the stride is the learning rate times the gradient, so it is long where
# it is steep. The picture shows well that only the nearest ground is known, and that a stride too
# long lands on the other side. It gets wrong that there are two directions only: with 13,002 there
# are so many that a place level in all of them is seldom a trap; and a foot feels the slope for
# nothing, while a net pays 13,003 forward passes or one pass back. (Or: a real stride does not
# grow with the slope.) The walker cannot tell: level ground is level ground, and what lies beyond
# the next ridge cannot be felt.
#
# **Rubric**, one point each:
# - place = parameters, height = cost, feeling = gradient;
# - stride = learning rate times gradient, not the learning rate alone;
# - one thing shown well and one wrong, with a reason;
# - says that the lowest valley cannot be told from another by the gradient.
# ### END SOLUTION

# %% [markdown]
# ## Looking back
#
# One sentence each: What does the sign of a derivative tell you? Why do steps shrink? What goes
# wrong with a rate that is too small, and with one too large? Which of your predictions was
# furthest off?
#
# Everything here needed the gradient. For a line you had a formula, for the net only a slow trick.
# **Next:** lesson 07 finds the net's gradient, link by link.
#
# **Sources** Deck A, *Deep Learning & Neural Networks*; deck B, *How (Shallow) Neural Networks
# work*; deck C, *ANN: Neurons, Feedforward Nets, Activation Functions, I/O Layers*; deck D,
# *Introduction to TensorFlow and artificial neural networks*. Digits: E. Alpaydin, C. Kaynak, UCI,
# 1998, by way of scikit-learn. Text CC BY 4.0, code BSD-3-Clause.
