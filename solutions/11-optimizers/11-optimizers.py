# %% [markdown]
# # 11 · Better steps
#
# The gradient says which way is down. It does not say how far to go, or how many examples to ask
# before moving. You write three optimizers here, each in a few lines, and watch them and
# plain gradient descent on the same slope.
#
# **Afterwards you can**
# - write momentum, RMSProp and Adam, and say what each of them remembers;
# - say when a learning rate has to shrink, and when it shrinks too fast;
# - compare batch sizes by updates, by passes and by time, and say why the winner differs;
# - see overfitting, and make weights pay for their size.
#
# **Time** 65–75 minutes. **Builds on** lessons 06 (gradient descent), 09 (gradients of any net) and
# 10 (mini-batches, training and test pictures). nnkit's `MLP` does here what you wrote there.
#
# **Source** Deck D, *Introduction to TensorFlow and artificial neural networks*, and deck C. The
# decks name RMSProp and Adam but print no formulas; ours are those of the papers named below. As in
# lesson 06, p stands for all parameters, g for the gradient at p, α for the learning rate.
#
# ## 1 A long valley
#
# *Deck D, "Gradient Descent: Learning Rate"*
#
# Here is a surface with the trouble that nets have, but that can be drawn: a valley, steep across and
# nearly flat along,
#
# $$C(p) = \tfrac12\left(p_1^2 + 100\,p_2^2\right) \qquad g = (p_1,\ 100\,p_2)$$
#
# with its lowest point at (0, 0). Everybody starts at (−9, 0.9).
#
# > **Predict.** Across, a step multiplies $p_2$ by $1 - 100\alpha$; along, it multiplies $p_1$ by
# > $1 - \alpha$. From which α on does $p_2$ grow? With that α, what is left of $p_1$ after 50 steps?

# %%
import matplotlib.pyplot as plt
import numpy as np

import nnkit as nn

np.set_printoptions(precision=4, suppress=True)

START = np.array([-9, 0.9])
VALLEY = np.array([1, 100])


def slope(p):
    """Return the gradient of the valley at p."""
    return VALLEY * p


def draw_valley(ax):
    """Draw lines of equal cost, and a star at the lowest point."""
    p1, p2 = np.linspace(-10, 9, 191), np.linspace(-1.2, 1.2, 121)
    cost = 0.5 * (p1**2 + 100 * p2[:, None] ** 2)
    ax.contour(p1, p2, cost, [0.5, 2, 5, 10, 20, 40, 70], colors="silver", linewidths=0.8)
    ax.plot(0, 0, "k*", markersize=14, markeredgecolor="white", zorder=3)
    ax.set(xlabel="$p_1$", ylabel="$p_2$")


for rate in (0.01, 0.018, 0.021):
    p = START
    for _ in range(50):
        p = p - rate * slope(p)
    print(f"learning rate {rate}: after 50 steps p = {p}")

# %% [markdown]
# From 0.02 on the walls throw you out; below it the floor is so flat that after 50 steps more than a
# third of the way is still ahead. One learning rate has to serve both directions, and the steep
# one decides.
#
# ## 2 Momentum: remember the direction
#
# *Polyak, 1964; in Keras an option of `SGD`*
#
# Think of a heavy ball. It has a **velocity** v that keeps a share β of itself at every step and
# gains the gradient:
#
# $$v \leftarrow \beta v + g \qquad p \leftarrow p - \alpha v$$
#
# Where gradients keep their sign, they add up: 1 + β + β² + … = 1/(1 − β), ten times for β = 0.9.
# Where the sign alternates, they cancel. v starts at 0. (Deck D puts "momentum" behind RMSProp's step
# size; but RMSProp, in section 3, has no velocity.)
#
# > **Predict.** p = 1, g = 2, v = 1, α = 0.1, β = 0.9. What are the new v and the new p?


# %% exercise="momentum_step"
def momentum_step(p, g, v, learning_rate, beta=0.9):
    """Return (p, v) after one step with momentum; the arrays handed over stay as they are.

    p, g and v are arrays of one shape, and so are both results:

        v ← beta·v + g        p ← p − learning_rate·v       (with the new v)

    Example: p 1, g 2, v 1 and learning rate 0.1 give v = 0.9·1 + 2 = 2.9 and p = 1 − 0.29 = 0.71.
    """
    ### BEGIN SOLUTION
    v = beta * v + g
    return p - learning_rate * v, v
    ### END SOLUTION


# %% check="momentum_step" points=8

# %% [markdown]
# **Play: how much to remember.** The figure shows the valley from above: grey lines of equal cost, a
# star at the lowest point, and as dots sixty steps with α = 0.015. The slider sets β.
#
# > **Predict,** then move. (1) What is β = 0? (2) Which β comes nearest to the star? (3) What does
# > a ball do that forgets almost nothing?


# %%
def roll(beta, ax):
    """Draw sixty steps with momentum beta, and say how near they come."""
    p, v = START, np.zeros(2)
    path = [p]
    for _ in range(60):
        v = beta * v + slope(p)
        p = p - 0.015 * v
        path.append(p)
    draw_valley(ax)
    ax.plot(*np.transpose(path), "k.-", linewidth=0.8)
    ax.set(xlim=(-10, 9), ylim=(-1.2, 1.2))
    return f"beta {beta:g}: after 60 steps {np.linalg.norm(p):.3g} from the lowest point."


betas = [0, 0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98, 0.995]
nn.widgets.slider(roll, betas, name="beta", start=betas.index(0.9))

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# (1) Plain gradient descent: it bounces between the walls at first, then creeps. (2) Here 0.8: less
# is slower, more runs past the star. (3) It rolls through the bottom and up the other side, again
# and again. 0.9 is a habit that is seldom bad, no law.
#
# </details>
#
# ## 3 RMSProp: a scale for each parameter
#
# *Deck D, "RMSProp Optimizer"; Tieleman and Hinton, 2012*
#
# The other idea: let every parameter have its own scale. Keep a **moving average of the squared
# gradient**, in which the past counts ρ and the newest square 1 − ρ, and divide the gradient by its
# root (RMS, *root mean square*):
#
# $$s \leftarrow \rho s + (1 - \rho)\,g^2 \qquad
# p \leftarrow p - \alpha\,\frac{g}{\sqrt{s} + \varepsilon}$$
#
# All of it entry by entry. A gradient that is always 100 and one that is always 1 then take steps of
# the same length. The tiny ε saves the division where all gradients were 0.
#
# > **Predict.** p = 1, g = 2, s = 0, α = 0.1, ρ = 0.9. What are s and p? How would p change if g
# > were 2,000?


# %% exercise="rmsprop_step"
def rmsprop_step(p, g, s, learning_rate, rho=0.9, eps=1e-8):
    """Return (p, s) after one step of RMSProp; the arrays handed over stay as they are.

    p, g and s are arrays of one shape, and so are both results:

        s ← rho·s + (1 − rho)·g²        p ← p − learning_rate·g / (√s + eps)    (with the new s)

    Example: p 1, g 2, s 0 and learning rate 0.1 give s = 0.1·4 = 0.4 and
    p = 1 − 0.1·2/0.632 = 0.684.
    """
    ### BEGIN SOLUTION
    s = rho * s + (1 - rho) * g**2
    return p - learning_rate * g / (np.sqrt(s) + eps), s
    ### END SOLUTION


# %% check="rmsprop_step" points=10

# %% tags=["raises-exception"]
# Your functions: rmsprop_step
for rate in (0.05, 0.1, 0.2):
    p, s, places = START, np.zeros(2), []
    for _ in range(400):
        p, s = map(np.asarray, rmsprop_step(p, slope(p), s, rate))
        places.append(p)
    print(f"learning rate {rate}: step 1 at {places[0]}, steps 399 and 400 at", *places[-2:])

# %% [markdown]
# The first step is equally long in both directions although one gradient is ten times the other.
# (It is 3.16α: s starts at 0 and is too small at first.) But look at the end: the steps **do not get
# shorter**. In gradient descent they shrink because g does; here g is divided by its own size, so
# p hops from one side to the other, half of α away, for ever.
#
# Deck D says that RMSProp has an adaptive learning rate *instead of* one that must be chosen. The
# three lines above say otherwise: α still decides where you end.
#
# ## 4 Adam: both, and a correction
#
# *Deck D, "ADAM"; Kingma and Ba, 2015*
#
# Take an average m of gradients (a kind of momentum) *and* an average v of their squares. Mind the
# letters: this v is what RMSProp calls s.
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\,g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\,g^2$$
#
# Both start at 0, and after the first step m is only a tenth of g: not an average yet. After t steps
# the shares add up to $1 - \beta^t$, so dividing by that puts it right (**bias correction**):
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad
# p \leftarrow p - \alpha\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# The hats serve this one step; what is remembered is m and v. t counts from 1.
#
# > **Predict.** g = 4, m = v = 0, t = 1. What are m, v, $\hat m$ and $\hat v$, and how long is the
# > first step? And if g is 0.004?


# %% exercise="adam_step"
def adam_step(p, g, m, v, t, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Return (p, m, v) after Adam's step number t = 1, 2, …; m and v are not corrected.

    p, g, m and v are arrays of one shape, and so are the three results:

        m ← beta1·m + (1 − beta1)·g           v ← beta2·v + (1 − beta2)·g²
        m_hat = m / (1 − beta1ᵗ)              v_hat = v / (1 − beta2ᵗ)
        p ← p − learning_rate·m_hat / (√v_hat + eps)

    Example: p 1, g 4, m 0, v 0, t 1 and learning rate 0.1 give m = 0.4, v = 0.016, m_hat = 4,
    v_hat = 16 and p = 1 − 0.1·4/4 = 0.9.
    """
    ### BEGIN SOLUTION
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return p - learning_rate * m_hat / (np.sqrt(v_hat) + eps), m, v
    ### END SOLUTION


# %% check="adam_step" points=12

# %% [markdown]
# The first step is α, whatever the gradient: 4 and 0.004 move p equally far.
#
# ## 5 One surface, four optimizers
#
# *Deck D, "RMSProp Optimizer", "ADAM"; deck C, "Convergence to global or local minimum"*
#
# Each gets a learning rate that suits it, since they mean different things. The count says from
# which step on the cost stays below 0.01; the second count is for the same valley **turned** by 45°.
#
# > **Predict.** Rank the four. Which of them will not notice that the valley was turned?


# %% tags=["raises-exception"]
# Your functions: momentum_step, rmsprop_step, adam_step
def walk(name, gradient, p):
    """Return the places of 400 steps of the optimizer with this name."""
    places, m, v = [p], np.zeros(2), np.zeros(2)
    for t in range(1, 401):
        g = gradient(p)
        if name == "gradient descent":
            p = p - 0.018 * g
        elif name == "momentum":
            p, m = map(np.asarray, momentum_step(p, g, m, 0.015))
        elif name == "RMSProp":
            p, v = map(np.asarray, rmsprop_step(p, g, v, 0.1))
        else:
            p, m, v = map(np.asarray, adam_step(p, g, m, v, t, 0.3))
        places.append(p)
    return np.array(places)


turn = np.sqrt(0.5) * np.array([[1, -1], [1, 1]])  # by 45 degrees
fig, ax = plt.subplots(figsize=(10, 5), layout="constrained")
draw_valley(ax)
ax.set(xlim=(-10, 4))
looks = {"gradient descent": "o:", "momentum": "s--", "RMSProp": "^-.", "Adam": "D-"}
for name, look in looks.items():
    straight = walk(name, slope, START)
    turned = walk(name, lambda p: turn @ slope(turn.T @ p), turn @ START) @ turn
    counts = []
    for places in (straight, turned):
        above = np.flatnonzero(0.5 * places**2 @ VALLEY >= 0.01)[-1]
        counts.append(f"{above + 1:3} steps" if above < 400 else "never")
    print(f"{name:17} straight: {counts[0]:10} turned: {counts[1]}")
    ax.plot(*straight[:41].T, look, markersize=5, linewidth=1, label=name)
ax.legend(loc="upper right")
plt.show()

# %% [markdown]
# The figure shows 40 steps of each. Gradient descent (circles, dotted) zigzags, then creeps. Momentum
# (squares, dashed) swings widely, rushes along the floor and past the star. For RMSProp (triangles,
# dash-dotted) and Adam (diamonds, solid) both directions count alike: the first steps are as long
# along as across. RMSProp hops in the end, as in section 3.
#
# Turned, gradient descent and momentum take exactly as many steps: they know no axes. Adam needs
# about twice as many. A scale for each parameter helps where the trouble lies *along the axes*, and
# in a net nobody knows. So deck D's "much more efficient" is often true and never certain. And all
# four go *down*: none can tell whether a lower valley lies elsewhere (lesson 06).
#
# **Play: the race.** On the left, behind a ridge, lies a lower hollow. Press Play; then drag the
# start, change rates or the preset (houses: section 7).

# %%
nn.widgets.Optimizers("two hollows", steps=0, predict="Who will get into the left hollow?")

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# Momentum alone: fast enough to roll over the ridge. That is luck: from $p_1$ = 1.3 or 1.9 it does
# not end there.
#
# </details>
#
# ## 6 Steps that shrink
#
# *Deck D, "Gradient Descent"; deck C, "Convergence to global or local minimum"*
#
# RMSProp hopped about because its steps stayed long. **Stochastic gradient descent**, which updates
# after every single example, has the same trouble for another reason: each example pulls its own
# way. The simplest case: one parameter w and the cost
# ½(w − x)² of an example x. Over all examples w should end at their mean; one example's gradient is
# w − x.
#
# The cure: a rate that shrinks. `nn.inverse_decay(start, decay)` gives start/(1 + decay · steps),
# `nn.exponential_decay(start, half_life)` halves it every half_life steps. Both return a function
# of the steps made, and every optimizer of nnkit takes one as its learning rate.
#
# > **Predict.** w starts at 8; the examples have mean 3 and standard deviation 2. Which of the three
# > rates ends nearest to 3? Can a rate shrink too fast?

# %%
examples = np.random.default_rng(0).normal(3, 2, 1000)
examples += 3 - examples.mean()
rates = {
    "0.3, kept": lambda steps: 0.3,
    "0.3, inverse decay": nn.inverse_decay(0.3, decay=0.1),
    "0.1, half-life 3": nn.exponential_decay(0.1, half_life=3),
}
_, ax = plt.subplots(figsize=(9, 3.8), layout="constrained")
for (name, rate), look in zip(rates.items(), [":", "-", "--"], strict=True):
    w, path = 8.0, [8.0]
    for steps, x in enumerate(examples):
        w = w - rate(steps) * (w - x)
        path.append(w)
    late = np.array(path[-200:])
    print(f"{name:19} last 200 steps: mean {late.mean():.2f}, from {late.min():.2f}", end=" ")
    print(f"to {late.max():.2f}; last rate {rate(999):.2g}")
    ax.plot(path, look, label=name)
ax.axhline(3, color="grey", linewidth=0.8)
ax.set(xlabel="updates", ylabel="w")
ax.legend()
plt.show()

# %% [markdown]
# The figure shows w over 1,000 updates, the grey line is the goal. The rate that is kept (dotted)
# arrives at once and never settles. Inverse decay (solid) arrives and settles. The third (dashed)
# is smooth and wrong: its rates add up to about 0.5, which is too little to walk from 8 to 3.
#
# That is what deck C means by rates that decrease "with an appropriate rate": they must go to 0,
# but their sum must not stop growing. 1/t does both. Even then SGD is promised the lowest point only
# of costs with a single valley, elsewhere *a* valley.
#
# ## 7 Who updates when?
#
# *Deck D, "Batch Gradient", "Stochastic Gradient", "Mini Batch Gradient"; deck C, "Gradient
# Descent-Introduction"*
#
# | | examples per update | updates per pass, deck D's 5 million | … our 1,437 digits |
# |---|---|---|---|
# | batch | all | 1 | 1 |
# | stochastic | 1 | 5,000,000 | 1,437 |
# | mini-batch | 10, say | 500,000 | 144 |
#
# A pass over all examples is an **epoch**. A batch's gradient is the **mean** over its examples: an
# estimate of the mean over all. How good is it? The next cell takes it at the start of the training,
# 100 times per batch size, and measures its distance from the gradient of all, relative to the
# latter's length.
#
# > **Predict.** With 100 examples in place of 1: is the estimate 100 times better, 10 times, or the
# > same?

# %%
digits = nn.digits()
X, Y = digits.X_train, digits.Y_train


def digit_net():
    """Return an untrained net for the digits, always the same."""
    return nn.MLP([784, 16, 10], output="softmax", loss="cross_entropy", seed=0)


net = digit_net()


def gradient_of(rows):
    """Return the gradient of the mean cost over these examples."""
    net.forward(X[rows])
    net.backward(Y[rows])
    return net.grad.copy()


rng = np.random.default_rng(0)
full = gradient_of(slice(None))
for size in (1, 10, 100):
    off = [
        np.linalg.norm(gradient_of(rng.choice(len(X), size, replace=False)) - full)
        for _ in range(100)
    ]
    print(f"{size:4} examples: off by {np.mean(off) / np.linalg.norm(full):.2f}")

# %% [markdown]
# A hundred times the work buys a gradient about ten times as good: $\sqrt{100}$. (A bit better,
# since 100 different ones are already a part of all.) So a rough gradient often pays:
# better to move on than to ask again.
#
# Now train until the cost of a pass is below 0.3, with each batch size, and count in three ways.
# The learning rates were tried out beforehand; noisier gradients need shorter steps.
#
# > **Predict.** Who needs the fewest updates? The fewest passes? The least time?

# %%
digit_net().fit(X, Y, 1, 100)  # not measured: the first call of all sets things up
print("batch   rate   updates   passes   seconds   ms per update")
for size, rate in [(1, 0.1), (10, 1.0), (100, 2.0), (len(X), 2.0)]:
    net = digit_net()
    goal = nn.LossBelow(0.3)
    history = net.fit(X, Y, 150, size, optimizer=nn.SGD(rate), callbacks=[goal], seed=0)
    passes, seconds = len(history), history.seconds[-1]
    updates = passes * -(-len(X) // size)  # rounded up: the last batch holds the rest
    print(f"{size:5}{rate:7}{updates:10,}{passes:9}{seconds:10.3f}{1000 * seconds / updates:16.3f}")

# %% [markdown]
# **By updates** the full batch wins: each step is a good one. **By
# passes** the small ones do: a pass of theirs holds many steps. **By time** it is something in
# between, because numpy does 100 examples in one matrix product (lesson 04). Divide your own last
# column: how many times as long does a batch of 100 take as one of 1?
#
# Deck D lets batch gradient descent go "directly to minima". To *a* minimum, smoothly, if the rate
# is small enough; and slowly, if you count passes.
#
# ## 8 Learned by heart
#
# So far, lower cost was better. Now 40 points, noisy on purpose, and a net with 501 parameters:
# more than enough to learn each point by heart. 1,000 fresh points from the same source, which it
# is never trained on, show what that is worth.
#
# > **Predict.** Over 2,000 epochs, how do the two costs go: on the 40 points, on the fresh ones?

# %%
few, fresh = nn.moons(40, noise=0.4, seed=3), nn.moons(1000, noise=0.4, seed=9)


def moon_net(regularizer=None):
    """Return a net trained on the 40 points, and the costs on the way."""
    net = nn.MLP(
        [2, 20, 20, 1], "tanh", loss="binary_cross_entropy", regularizer=regularizer, seed=0
    )
    history = net.fit(
        few.X, few.Y, 2000, None, optimizer=nn.Adam(0.01), validation=(fresh.X, fresh.Y)
    )
    return net, history


free, history = moon_net()
lowest = int(np.argmin(history.val_loss)) + 1
for epoch in (1, lowest, 100, 2000):
    costs = f"{history.loss[epoch - 1]:9.5f}  fresh {history.val_loss[epoch - 1]:.3f}"
    print(f"epoch {epoch:4}: 40 points {costs}")
nn.plots.loss_curve({"40 points": history.loss, "fresh points": history.val_loss}, log=True)
plt.show()

# %% [markdown]
# The figure shows both costs, on a logarithmic axis. On the 40 points it falls and falls; on fresh
# ones it has its lowest value after 11 epochs and then **rises**. That is **overfitting**: what is
# learned from there on is the noise, and wrong answers are given with more and more certainty.
#
# ## 9 A price on large weights
#
# *Deck D, "Core Modules" (regularizers)*
#
# A boundary can only wind sharply if some weights are large. So let them pay. A **regulariser** adds
# a penalty to the cost: **L2** adds ½ · strength · Σ w², **L1** adds strength · Σ |w|. Biases go
# free: they shift a neuron's threshold and make nothing steeper. Differentiate, and the gradient
# of each weight gains
#
# $$\text{L2: strength}\cdot w \qquad\qquad \text{L1: strength}\cdot\operatorname{sign}(w)$$
#
# > **Predict.** A weight of 0.01 and one of 3: how hard does each penalty pull at them? Which of the
# > two will leave weights of exactly 0, or nearly?


# %% exercise="l2_gradients"
def l2_gradients(grads, params, strength):
    """Return the gradients of the cost plus ½·strength·Σ‖W‖², as a list of (dW, db).

    grads is a list of (dW, db) and params one of (W, b), a pair per layer, in the same order and
    shapes (mind: grads come first). Biases are not penalised. No array handed over is changed.

    Example: dW [[1]], db [5], W [[3]], b [7] and strength 0.1 give dW [[1.3]] and db [5].
    """
    ### BEGIN SOLUTION
    return [(dW + strength * W, db) for (dW, db), (W, _) in zip(grads, params, strict=True)]
    ### END SOLUTION


# %% check="l2_gradients" points=7

# %% [markdown]
# Is that what a library does? Train one net with nnkit's `Adam` and `L2`, another with
# your two functions, twenty steps each, and compare all 501 parameters.

# %% tags=["raises-exception"]
# Your functions: adam_step, l2_gradients
sizes, options = [2, 20, 20, 1], {"loss": "binary_cross_entropy", "seed": 0, "dtype": "float64"}
theirs = nn.MLP(sizes, "tanh", regularizer=nn.L2(0.1), **options)
theirs.fit(few.X, few.Y, 20, None, optimizer=nn.Adam(0.01), shuffle=False)

mine = nn.MLP(sizes, "tanh", **options)
m, v = np.zeros(mine.n_params), np.zeros(mine.n_params)
for t in range(1, 21):
    mine.forward(few.X)
    mine.backward(few.Y)
    params = [(layer.W, layer.b) for layer in mine.layers]
    grads = l2_gradients([(layer.dW, layer.db) for layer in mine.layers], params, 0.1)
    g = np.concatenate([np.ravel(part) for pair in grads for part in pair])
    mine.theta, m, v = map(np.asarray, adam_step(mine.theta, g, m, v, t, 0.01))
print(f"{mine.n_params} parameters, largest difference {abs(mine.theta - theirs.theta).max():.0e}")

# %% [markdown]
# Now the 40 points with no penalty, with L2 and with L1.
#
# > **Predict.** Which boundary winds most? How many of the 460 weights will be below 0.01?


# %%
def costs_of(net, table):
    """Return the cost without the penalty, and the accuracy, on these points."""
    result, weights = net.evaluate(table.X, table.Y), [layer.W for layer in net.layers]
    penalty = sum(net.regularizer.penalty(W) for W in weights) if net.regularizer else 0
    return f"{result.loss - penalty:.3f} ({result.accuracy:.0%} right)"


nets = {"no penalty": free, "L2": moon_net(nn.L2(0.01))[0], "L1": moon_net(nn.L1(0.005))[0]}
fig, axes = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
for ax, (name, net) in zip(axes, nets.items(), strict=True):
    weights = np.concatenate([layer.W.ravel() for layer in net.layers])
    print(f"{name:11} 40 points {costs_of(net, few)}, fresh {costs_of(net, fresh)}", end="; ")
    print(f"{np.sum(abs(weights) < 0.01)} of {weights.size} weights below 0.01")
    nn.plots.decision_boundary(net.forward, few.X, few.Y, key=ax is axes[2], ax=ax)
    ax.set_title(name)
plt.show()

# %% [markdown]
# The figure shows the three nets' outputs over the plane; the line is where the output is 0.5,
# circles are class 0, triangles class 1. Without a penalty the boundary winds round single points,
# and the output jumps from 0 to 1. With L2 or L1 it is smooth, the change is gradual, and a few of
# the 40 points are given up; on fresh points the cost is a quarter of what it was. L2 has made many
# weights small, L1 has switched nearly all of them off.
#
# Strength is one more number to choose: too little does nothing, too much leaves no net.
#
# ## 10 What Keras calls them
#
# *Deck D, "Core Modules"*
#
# | Keras | nnkit | mind |
# |---|---|---|
# | `Sequential`, `layers.Dense` | `nn.MLP([784, 16, 10])` | Keras' kernels are our W transposed |
# | `activations` | `activation="sigmoid"`, … | |
# | `losses` | `loss="cross_entropy"`, … | sum or mean: look it up |
# | `optimizers.SGD(momentum=0.9)` | `nn.Momentum` | the learning rate is inside v |
# | `optimizers.RMSprop`, `Adam` | `nn.RMSProp`, `nn.Adam` | ε is 10⁻⁷, and stands elsewhere |
# | `regularizers.L1`, `L2` | `nn.L1`, `nn.L2` | Keras' L2 has no ½: its 0.01 is our 0.02 |
# | `optimizers.schedules` | `nn.inverse_decay`, … | |
#
# Lesson 13 makes both give the same numbers.
#
# > **Predict.** Four optimizers on the digits, ten epochs, batches of 32. Will they be ranked as in
# > the valley?

# %%
optimizers = [nn.SGD(0.5), nn.Momentum(0.05), nn.RMSProp(0.005), nn.Adam(0.005)]
curves = {}
for optimizer in optimizers:
    net = digit_net()
    history = net.fit(X, Y, 10, 32, optimizer=optimizer, seed=0)
    test = net.evaluate(digits.X_test, digits.Y_test)
    curves[type(optimizer).__name__] = history.loss
    print(f"{optimizer!r:60} cost {history.loss[-1]:.3f}, test {test.accuracy:.1%} right")
nn.plots.loss_curve(curves, log=True)
plt.show()

# %% [markdown]
# With a suitable rate all four learn the digits, and their costs, epoch by epoch, differ less than a
# good and a bad rate of any one of them. So tune the rate before you change the optimizer.
#
# ## 11 What usually goes wrong
#
# The names are those that the checks use. The numbers are those of the examples in the docstrings.
#
# | you see | what happened |
# |---|---|
# | momentum: p is −0.10 and v is 1.1 | `keras-momentum`: α belongs to the step, not into v |
# | p is 0.89 | `mean-instead-of-sum`: there is no 1 − β in v |
# | p is 0.90 and v is 2.9 | `stale-state`: the step was made with the old v |
# | p is 1.29 | `wrong-sign` |
# | p is −1.90 | `missing-learning-rate` |
# | RMSProp: p is 0.900, s is 4.0 | `sum-instead-of-mean`: the factor 1 − ρ is missing |
# | p is 0.500 | `missing-root` |
# | p is 0.553 | `missing-square`: s averages g² |
# | p is −20 million | `stale-state`: divided by the root of the old s, which is 0 |
# | Adam: p is 0.684 | `no-bias-correction` |
# | p is 0.926 | `wrong-time-step`: t was raised once more |
# | p is nan | `wrong-time-step`: t − 1 is 0, and so is 1 − β⁰ |
# | m is 4.0 | `corrected-state`: return m and v without the hats |
# | later steps slightly off | `epsilon-inside-root`: √v̂ + ε, not √(v̂ + ε) |
# | L2: dW is 1.60 | `wrong-factor`: the ½ cancels the 2 |
# | dW is 1.45 | `missing-derivative`: the penalty was added instead of its slope |
# | dW is 1.10 | `wrong-norm`: that is L1 |
# | db is 5.70 | `penalises-bias` |
#
# ## 12 Quiz
#
# 1. For 50 steps a gradient is 2 every time, β = 0.9. About how large is momentum's v? (a) 2, (b) 20
#    or (c) 100?
# 2. All gradients become a thousand times larger. What do Adam's steps do? (a) grow a thousandfold,
#    (b) shrink or (c) stay as they are?
# 3. 1,437 pictures, batches of 100. How many updates does an epoch make? (a) 14, (b) 15 or (c) 1,437?
# 4. Training cost 0.0002, cost on fresh points 1.6 and rising. You try (a) more epochs, (b) a
#    penalty on the weights or (c) a larger net?

# %%
# Put "a", "b" or "c" in place of None, then run this cell and the folded one below it.
answers = {1: None, 2: None, 3: None, 4: None}

# %% jupyter={"source_hidden": true}
replies = {
    "1a": "Not quite: that is an average. v adds whole gradients, each with 0.9 of the rest.",
    "1b": "Right: 2 · (1 + 0.9 + 0.81 + …) = 2/(1 − 0.9).",
    "1c": "Not quite: that would be β = 1, a ball that forgets nothing.",
    "2a": "Not quite: that is gradient descent. Adam divides by the gradients' usual size.",
    "2b": "Not quite: numerator and denominator grow alike.",
    "2c": "Right: m and √v both grow a thousandfold. (Only ε could tell.)",
    "3a": "Not quite: what about the last 37 pictures?",
    "3b": "Right: 14 full batches and one of 37.",
    "3c": "Not quite: that is stochastic, one picture per update.",
    "4a": "Not quite: the noise is known by heart already; more of it makes it worse.",
    "4b": "Right: it takes away the certainty that the data do not support. More data would help too.",
    "4c": "Not quite: a larger net learns by heart even better.",
}
for number, answer in answers.items():
    print(f"{number}: {replies.get(f'{number}{answer}', 'no answer yet (a, b or c)')}")

# %% [markdown] question="which-batch" points=4
# ## 13 In your own words
#
# A friend says: "The full batch is best, section 7 proves it: it needs by far the fewest updates."
# Use *your* table to say what is right about that and what is missing. Which batch size would you
# take for deck D's 5 million examples, and what would change your mind? About five sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** It is right that the full batch makes the fewest updates, since each uses the
# exact gradient and takes a long, safe step. But an update of all examples costs as much as a whole
# pass: by passes it needed many times more than batches of 10, and by time it was slower than
# batches of 100 (here follow the reader's own numbers). A gradient's error only falls with the root
# of the number of examples, so most of the work in a full batch is spent on precision that one step
# does not need. For 5 million examples I would take mini-batches of some tens to hundreds: thousands
# of updates per pass, and still matrix products that use the machine well. I would change my mind if
# a machine does 10,000 examples as fast as 100 (a GPU), or if memory is short, and I would
# measure.
#
# **Rubric**, one point each:
# - says what is right: fewest updates, because the gradient is exact;
# - compares by passes and by time with figures from the own table (any machine's figures count);
# - gives a reason: an update's price, or the root law, or many updates per pass;
# - chooses mini-batches for 5 million (or defends another choice with figures) and names what would
#   change it.
# ### END SOLUTION

# %% [markdown]
# ## Looking back
#
# One sentence each: What does momentum remember, what RMSProp, what Adam? Why does a learning rate
# have to shrink, and why not too fast? What does a mini-batch save? How do you notice overfitting?
# Which of your predictions was furthest off?
#
# **Next:** lesson 12 asks the same of the machine: what makes a step fast?
#
# **Sources** Deck C, *ANN: Neurons, Feedforward Nets, Activation Functions, I/O Layers*; deck D,
# *Introduction to TensorFlow and artificial neural networks*. B. Polyak, "Some methods of speeding
# up the convergence of iteration methods", 1964; T. Tieleman and G. Hinton, *Neural Networks for
# Machine Learning*, lecture 6.5, 2012; D. Kingma and J. Ba, "Adam: a method for stochastic
# optimization", 2015. Digits: E. Alpaydin, C. Kaynak, UCI, 1998, by way of scikit-learn. Text CC BY
# 4.0, code BSD-3-Clause.
