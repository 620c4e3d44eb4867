# %% [markdown]
# # 02 · Activations, and where each of them fails
#
# A neuron adds up, then applies a function $f$ to the sum. In lesson 01 that was a step, or nothing
# at all, or a ReLU. In this lesson you write the functions that are in use today and take each of
# them to the point where it breaks.
#
# **Afterwards you can**
# - write eight functions that work on numbers and tensors of any shape, however large the entries;
# - show why a net of linear layers is a single layer;
# - find saturated and dead neurons, and say what helps;
# - choose an activation for a hidden layer and for an output.
#
# **Time** 60–75 minutes. **Builds on** lessons 00 and 01: shapes, the neuron, layers as matrices,
# Rosenblatt's rule.
#
# **Sources** Decks A, C and D; the line under each heading names the slides.
#
# ## 1 The step: all or nothing
#
# *Deck C, "Activation function – Step"; deck D, "Binary Step Function"*
#
# The **unit step** is 0 left of a threshold and 1 from it on; with the threshold 0 it is called the
# **Heaviside** function. (Rosenblatt's perceptron answers −1 and +1 instead; that is the same step,
# stretched. At a sum of exactly 0 it says no.) How does one learn with it? By trying whether a
# small push makes the answers a little better. Here is lesson 01's clerk, with its 200
# applications. We push its bias, −20, up by a little.
#
# > **Predict.** How many of the 200 answers change if the bias grows by 0.01? By 0.1? By 1?

# %%
import matplotlib.pyplot as plt
import numpy as np

import nnkit as nn
from nnkit.activations import Maxout, ParametricReLU, UnitStep, heaviside

np.set_printoptions(precision=3, suppress=True, linewidth=110)

clerk_sums = nn.loans().X @ np.array([1.0, -1, 1, -10])
before = heaviside(clerk_sums - 20)
for push in (0.01, 0.1, 1):
    after = heaviside(clerk_sums - 20 + push)
    print(f"bias −20 + {push:<5} {np.sum(before != after)} of {len(before)} answers change")
print("a step at 20 and no bias: the same answers?", (UnitStep(20)(clerk_sums) == before).all())

# %% [markdown]
# Nothing, nothing, one. A small push tells you nothing about whether the direction was right. The
# word for it is **slope**: how much $a = f(z)$ changes, for each unit that $z$ changes, when $z$ is
# pushed by very little. It is written $f'(z)$, "f prime", and also called the *derivative*. The
# step's slope is 0 everywhere but at the jump, where it has none.
#
# ## 2 Linear: layers that collapse
#
# *Deck D, "Linear Activation Function"*
#
# The next simplest idea: leave the sum as it is, $f(z) = z$, slope 1 everywhere. For a single
# neuron that gives a price, that is right. But put two such layers behind each other: the second
# works on what the first gives, $W_2(W_1x + b_1) + b_2$. Multiply it out.


# %% exercise="collapse"
def collapse(W1, b1, W2, b2):
    """Return (W, b) of the single linear layer that does what the two do, one after the other.

    W1 is (n_hidden, n_in), b1 (n_hidden,), W2 (n_out, n_hidden), b2 (n_out,). For every x

        W x + b = W2 (W1 x + b1) + b2

    W is (n_out, n_in), b is (n_out,).

    Example: W1 = [[2]], b1 = [1], W2 = [[3]], b2 = [4] give 3 (2x + 1) + 4, so [[6]] and [7].
    """
    ### BEGIN SOLUTION
    return W2 @ W1, W2 @ b1 + b2
    ### END SOLUTION


# %% check="collapse" points=7

# %% [markdown]
# Back to the houses of lesson 01 and their net 4-3-1, whose three hidden neurons are ReLUs. Its
# answers are wrong by 8.2 thousand € on average. The best single neuron is wrong by 24.9.
#
# > **Predict.** Take the ReLU out of the hidden layer and leave all weights. How many numbers does
# > the net need then: 19, as before, or fewer? Is it better or worse than 24.9?

# %% tags=["raises-exception"]
# Your functions: collapse
houses = nn.house_prices()
W1 = np.array([[0.01, 0.5, 0, 0], [0, 0, -0.5, 0], [0, 0, -0.2, 0.2]])
b1, W2, b2 = np.array([0, 10, -2]), np.array([[60, 25, 20]]), np.array([50])

hidden = houses.X @ W1.T + b1
linear = hidden @ W2.T + b2
with_relu = np.maximum(0, hidden) @ W2.T + b2
W, b = map(np.asarray, collapse(W1, b1, W2, b2))
single = houses.X @ W.T + b
print("one layer: W", W, " b", b)
print("two linear layers minus that one, at most", abs(linear - single).max().round(9))
for name, answer in [("linear", linear), ("with ReLU", with_relu)]:
    print(f"4-3-1 {name:9} wrong by {abs(answer[:, 0] - houses.y).mean():.1f} on average")

# %% [markdown]
# Five numbers, $W$ and $b$, do all that the 19 did. Wrong by 35.4: the net has become a single
# neuron, and not the best one. Three or a hundred linear layers collapse in the same way, two at a
# time. **A net is more than one layer only because of what stands between its layers**, and that
# must not be a straight line.
#
# ## 3 Sigmoid: a step with a slope
#
# *Deck A, "2.2 NN basics: the components II"; deck D, "Sigmoid Activation Function"*
#
# Bend the step until it is smooth:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# σ is the Greek letter sigma; $e^{-z}$ is `np.exp(-z)`. The result lies between 0 and 1.
#
# > **Predict.** σ(0)? σ(1000)? σ(−1000), where $e^{1000}$ is too large for a computer, and numpy
# > says `inf`, infinite, with a warning? What is 1/(1 + inf)?


# %% exercise="sigmoid"
def sigmoid(z):
    """Return 1 / (1 + e^(−z)), entry by entry, in the shape of z.

    z is a number or an array of any shape, |z| up to 10,000. A warning that e^(−z) overflows does
    no harm as long as the result is right; `with np.errstate(over="ignore"):` silences it.

    Example: [0, 2, −1000] gives [0.5, 0.881, 0].
    """
    ### BEGIN SOLUTION
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))
    ### END SOLUTION


# %% check="sigmoid" points=8

# %% [markdown]
# **The bias shifts the threshold.** A neuron with one input, weight 1 and bias $b$ has the
# activation $\sigma(x + b)$. The figure shows it for three biases.
#
# > **Predict.** At which $x$ is it ½, for $b$ = −4, 0 and 4? And with weight 2 in place of 1? How
# > many of the clerk's answers change *now*, if its bias grows by 0.01?

# %% tags=["raises-exception"]
# Your functions: sigmoid
x = np.linspace(-10, 10, 401)
shifted = {bias: np.asarray(sigmoid(x + bias)) for bias in (-4, 0, 4)}
_, ax = plt.subplots(figsize=(7, 3), layout="constrained")
for (bias, a), style in zip(shifted.items(), ["--", "-", ":"], strict=True):
    half = x[np.argmin(abs(a - 0.5))]
    twice = np.asarray(sigmoid(2 * x + bias))
    half_of_twice = x[np.argmin(abs(twice - 0.5))]
    print(f"b = {bias:2}: σ(x + b) is ½ at x = {half:.0f}, σ(2x + b) at x = {half_of_twice:.0f}")
    ax.plot(x, a, f"k{style}", label=f"b = {bias}".replace("-", "−"))
ax.axhline(0.5, color="grey", linewidth=0.8)
ax.set(xlabel="input x", ylabel="activation σ(x + b)")
ax.legend()
plt.show()

changed = np.not_equal(sigmoid(clerk_sums - 20), sigmoid(clerk_sums - 20 + 0.01))
print(np.sum(changed), "of 200 answers change when the clerk's bias grows by 0.01")

# %% [markdown]
# Where the sum crosses 0, at $x = -b/w$, the neuron is undecided, ½. A larger bias moves that point
# to the left, as in lesson 01; a larger weight makes the rise steeper. And 161 answers move a little:
# each of these examples says whether the push was good. What about the other 39? Their sums lie so
# far to the right, above 32, that the change is lost behind the computer's 16 digits.
#
# ## 4 Saturation: a slope that runs out
#
# *Deck D, "Sigmoid Activation Function", "Hyperbolic Tangent"; deck A, "2.6 Backpropagation: maths
# IV"*
#
# How much do the others move? The sigmoid's slope can be written with its value $a = \sigma(z)$ alone:
#
# $$\sigma'(z) = a\,(1 - a).$$
#
# (Why: lesson 07. You will not have to believe it, the cell after the check pushes and measures.)
#
# > **Predict.** Where is it largest, and how large? How large is it at $z = 3$, where a = 0.953?


# %% exercise="sigmoid_prime"
def sigmoid_prime(z):
    """Return the slope of the sigmoid at z, σ(z)·(1 − σ(z)), in the shape of z.

    z is a number or an array of any shape, |z| up to 10,000. It is the weighted sum, not yet the
    activation.

    Example: [0, 2] gives [0.25, 0.105].
    """
    ### BEGIN SOLUTION
    a = sigmoid(z)
    return a * (1 - a)
    ### END SOLUTION


# %% check="sigmoid_prime" points=8

# %% [markdown]
# **tanh** (hyperbolic tangent) is a sigmoid stretched to run from −1 to 1:
# $\tanh(z) = 2\sigma(2z) - 1$, with slope $1 - a^2$. The figure shows both (solid) with their slopes
# (dashed); beyond ±3, the hatched part, both are nearly flat. A neuron there is called
# **saturated**.
#
# The table below the figure pushes the input of a *row* of neurons by 0.001: each takes in what the
# one before gives out, with weight 1 and bias 0. It says how much of the push arrives at the end.
#
# > **Predict.** One sigmoid lets about a quarter through. How much of the push comes out of 2, of 4,
# > of 8 sigmoids? Of 8 linear neurons? Is tanh better or worse?

# %% tags=["raises-exception"]
# Your functions: sigmoid, sigmoid_prime
z = np.linspace(-6, 6, 241)
shapes = {
    "sigmoid": (sigmoid(z), sigmoid_prime(z)),
    "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
}
fig, axes = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
for ax, (name, (a, slope)) in zip(axes, shapes.items(), strict=True):
    ax.plot(z, a, "k-", label="f(z)")
    ax.plot(z, slope, "k--", label="slope f′(z)")
    for edges in ((-6, -3), (3, 6)):
        ax.axvspan(*edges, hatch="///", fill=False, edgecolor="grey", linewidth=0)
    ax.set(title=name, xlabel="z", xlim=(-6, 6))
axes[0].legend()
plt.show()

points = np.array([0, 3, -3, 10])
measured = np.subtract(sigmoid(points + 1e-6), sigmoid(points)) / 1e-6
slopes = np.asarray(sigmoid_prime(points))
print("sigmoid's slope at 0, 3, −3, 10:", slopes, " measured", measured)
print("tanh's slope                   :", 1 - np.tanh(points) ** 2)

print("\nhow much of a push arrives after   1        2        4        8 neurons")
for name, f in {"linear": lambda z: z, "sigmoid": sigmoid, "tanh": np.tanh}.items():
    print(f"{name:30}", end="")
    for depth in (1, 2, 4, 8):
        a, pushed = 0.5, 0.501
        for _ in range(depth):
            a, pushed = f(a), f(pushed)
        print(f"{(pushed - a) / 0.001:9.2g}", end="")
    print()

# %% [markdown]
# At best ¼; at ±3 less than a fifth of that, at 10 nothing worth the name. And the slopes of a row
# **multiply**: eight sigmoids pass on 7 millionths. From the last layer, the first can hardly be
# felt: the **vanishing gradient** (*gradient* is the word for all these slopes together; lesson 06).
# tanh, with slopes up to 1, loses far less, but it saturates even earlier.
#
# <details><summary>Errata of deck D</summary>
#
# | slide | printed | what you have computed |
# |---|---|---|
# | Linear … | a constant slope prevents learning | the push arrives whole; the trouble is collapse |
# | Hyperbolic … | tanh is always better than sigmoid | it passes more on, and saturates too |
# | Choosing … | neither of them in hidden layers | it hurts the more layers there are |
# | … (ELU) | a log curve | an exponential one (section 6) |
#
# The second and the third contradict each other.
#
# </details>
#
# ## 5 ReLU: never flat on the right, dead on the left
#
# *Deck C, "Activation function –ReLU"; deck D, "ReLU"*
#
# The **rectified linear unit** cuts off what is below 0 and is the usual first choice for hidden
# layers: $\max(0, z)$. Right of 0 the slope is 1, however many layers follow. Left of 0 it is 0. At
# 0 itself there is a kink; we take the slope 0 there.


# %% exercise="relu"
def relu(z):
    """Return max(0, z), entry by entry, in the shape of z.

    z is a number or an array of any shape.

    Example: [−2, 0, 3.5] gives [0, 0, 3.5].
    """
    ### BEGIN SOLUTION
    return np.maximum(0, z)
    ### END SOLUTION


# %% check="relu" points=8


# %% exercise="relu_prime"
def relu_prime(z):
    """Return the slope of ReLU: 1 where z > 0, else 0, in the shape of z.

    z is a number or an array of any shape; at z = 0 the slope is taken as 0.

    Example: [−2, 0, 3.5] gives [0, 0, 1].
    """
    ### BEGIN SOLUTION
    return np.where(np.asarray(z) > 0, 1.0, 0.0)
    ### END SOLUTION


# %% check="relu_prime" points=9

# %% [markdown]
# A layer of 16 ReLU neurons looks at the 1,437 digits. Its weights are random, between −0.1 and 0.1.
# For each neuron and each picture we ask for the slope. A neuron with slope 0 for *some* pictures is
# silent there, which is no fault: it stands for something those pictures do not have. With slope 0
# for *all* pictures, no push of its weights changes anything any more: it is **dead**.
#
# > **Predict.** With all biases 0, about what share of the slopes is 1? How many neurons are dead
# > with the biases 0, −1 and −2?

# %% tags=["raises-exception"]
# Your functions: relu_prime
pictures = nn.digits().X_train
W = np.random.default_rng(seed=0).uniform(-0.1, 0.1, (16, 784))
for bias in (0, -1, -2):
    slopes = np.asarray(relu_prime(pictures @ W.T + bias))
    dead = (slopes == 0).all(axis=0)
    print(f"biases {bias:2}: share of slopes 1 {slopes.mean():.3f}, dead {dead.sum()} of 16")

# %% [markdown]
# With biases of 0 a half is on, and nobody is dead. At −1, nine are, at −2 all. In training it can
# happen by one push that was too large. A dead neuron does not wake by itself: its weights and its
# bias are moved only by what comes through its own slope.
#
# ## 6 A way back: leaky ReLU, ELU, swish
#
# *Deck D, "Leaky ReLU", "Parametric ReLU", "Exponential Linear Units (ELU)", "Swish"*
#
# The remedy is a slope on the left, too. Four ideas:
#
# - **leaky ReLU**: a straight line with a small slope, here 0.1;
# - **parametric ReLU**: the same, but the slope is a number that the neuron learns;
# - **ELU**: a curve, $\alpha(e^z - 1)$, that comes to rest at −α (α, alpha, is 1 if nothing is said);
# - **swish**: $z\,\sigma(z)$. The sum decides by itself how much of it passes.
#
# > **Predict** the values of all of them at $z = -10$: which are near 0?


# %% exercise="leaky_relu"
def leaky_relu(z, slope=0.1):
    """Return z where z > 0, else slope · z, in the shape of z.

    z is a number or an array of any shape; 0 ≤ slope ≤ 1.

    Example: [−2, 3] gives [−0.2, 3], and with slope=0.5 it gives [−1, 3].
    """
    ### BEGIN SOLUTION
    return np.where(np.asarray(z) > 0, z, slope * np.asarray(z))
    ### END SOLUTION


# %% check="leaky_relu" points=10


# %% exercise="elu"
def elu(z, alpha=1.0):
    """Return z where z > 0, else alpha · (e^z − 1), in the shape of z.

    z is a number or an array of any shape, |z| up to 10,000, where e^z overflows: np.minimum(z, 0)
    in the exponent keeps it quiet. alpha > 0.

    Example: [−1, 2] gives [−0.632, 2], and with alpha=2 it gives [−1.264, 2].
    """
    ### BEGIN SOLUTION
    return np.where(np.asarray(z) > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1))
    ### END SOLUTION


# %% check="elu" points=10

# %% [markdown]
# The slope of ELU is 1 on the right and $\alpha e^z$ on the left. Deck D writes the latter as
# $f(z) + \alpha$. Convince yourself that both are the same.


# %% exercise="elu_prime"
def elu_prime(z, alpha=1.0):
    """Return the slope of ELU: 1 where z > 0, alpha · e^z where z < 0, in the shape of z.

    z is a number or an array of any shape, |z| up to 10,000; z = 0 is not asked for. alpha > 0.

    Example: [−1, 2] gives [0.368, 1], and with alpha=2 it gives [0.736, 1].
    """
    ### BEGIN SOLUTION
    return np.where(np.asarray(z) > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))
    ### END SOLUTION


# %% check="elu_prime" points=10


# %% exercise="swish"
def swish(z):
    """Return z · σ(z), in the shape of z.

    z is a number or an array of any shape, |z| up to 10,000.

    Example: [−1, 0, 2] gives [−0.269, 0, 1.762].
    """
    ### BEGIN SOLUTION
    return z * sigmoid(z)
    ### END SOLUTION


# %% check="swish" points=8

# %% [markdown]
# ## 7 The gallery
#
# *Deck C, "Activation Function Gallery"*
#
# The figure shows all functions of decks C and D but softmax (lesson 03), each (solid) with its slope
# (dashed). The unit step has its threshold at 1, the parametric ReLU a slope of 0.25. The three you
# have not met:
#
# - **shifted ReLU**, $\max(-1, z)$: the bend lies at (−1, −1);
# - **softplus**, $\ln(1 + e^z)$: a ReLU without a kink; its slope is the sigmoid;
# - **maxout**: the neuron has several weighted sums and gives out the largest. The panel's has three:
#   $-z - 1$, $0.3z$ and $z - 1$.
#
# Below the figure and a table you find all of them once more, to be moved: on one axis, for a neuron
# with one input, $z = wx + b$. Hatched is where the slope is within 0.05 of 0, crossed where it is
# exactly 0. Drag the circle for the bias, the square for the weight.
#
# > **Predict,** before you run: which of the panels has a slope below 0? In which is the slope 0 on a
# > whole side?

# %%
names = "unit_step heaviside linear relu leaky_relu shifted_relu softplus elu sigmoid tanh swish"
gallery = {name: getattr(nn.activations, name) for name in names.split()}
gallery |= {"unit_step": UnitStep(threshold=1), "parametric_relu": ParametricReLU(start=0.25)}
z = np.linspace(-4, 4, 401)
curves = {name: (f(z), f.derivative(z, f(z))) for name, f in gallery.items()}
line_slopes = np.array([-1, 0.3, 1])
three_sums = z[:, None] * line_slopes + [-1, 0, -1]
largest = Maxout(pieces=3)(three_sums)
which = Maxout(pieces=3).derivative(three_sums, largest)
curves["maxout"] = (largest[:, 0], which @ line_slopes)

fig, axes = plt.subplots(3, 5, figsize=(12, 7), layout="constrained", sharex=True, sharey=True)
for ax, (name, (a, slope)) in zip(axes.flat, curves.items(), strict=False):
    ax.plot(z, a, "k-", label="f(z)")
    ax.plot(z, slope, "k--", linewidth=1, label="slope f′(z)")
    ax.axhline(0, color="grey", linewidth=0.5)
    ax.set(title=name.replace("_", " "), ylim=(-1.6, 3.2))
for ax in axes.flat[len(curves) :]:
    ax.set_axis_off()
axes[2, 4].legend(*axes[0, 0].get_legend_handles_labels(), loc="center")
plt.show()

print("slope at       −10     −3     −1      1      3     10")
for name, f in gallery.items():
    points = np.array([-10.0, -3, -1, 1, 3, 10])
    slopes = f.derivative(points, f(points))
    print(f"{name:15}", *(f"{slope:6.3f}" for slope in slopes))

nn.widgets.Activations(
    "tanh, sigmoid beside it",
    predict="With weight 2 in place of 1, is more of tanh flat, or less? And of sigmoid?",
)

# %% [markdown]
# Only swish goes *down* on a stretch: left of −1.28 its slope is below 0, though never by more than
# 0.1. (So does this maxout, but its lines are of our choosing.) On the left, ReLU, shifted ReLU and
# the steps are flat at once; softplus, ELU, swish, sigmoid and tanh become flat bit by bit; only the
# leaky and the parametric ReLU never do.
#
# With weight 2, more is flat: tanh from ±1.09 on, not ±2.18, and sigmoid from ±1.44 on, not ±2.89.
# **Large weights saturate.** A bias shifts the flat parts, as far as you like: ReLU with the bias −7 is
# dead for every $x$ of the picture.
#
# **Play: a bad start.** Seven neurons learn the same line, $y = 0.2 + 0.6x$, from 21 examples with
# $x$ between 0 and 1. All begin with weight 1 and the bias that you choose. Each gets 300 pushes by
# a soft form of Rosenblatt's rule: how wrong, times how much a push can change, times the input,
#
# $$w \leftarrow w + \eta\,(y - a)\,f'(z)\,x, \qquad b \leftarrow b + \eta\,(y - a)\,f'(z),$$
#
# as a mean over the examples, η = 0.5. (Lessons 06 and 07 say why it is just this.) The figure shows
# how wrong each is on average: before (hollow bar) and after (black); bars end at 2, the edge.
#
# > **Predict,** then move. (1) From which bias downwards does ReLU not move at all? (2) Who still
# > learns at −5, and at −8? (3) Who fails when the bias is too *high*? (4) What happens to swish at
# > −3?

# %%
inputs = np.linspace(0, 1, 21)
targets = 0.2 + 0.6 * inputs
learners = ["heaviside", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "swish"]


def wrong_by(f, w, b):
    """Return how far the neuron's answers are from the targets, on average."""
    return np.mean(abs(f(w * inputs + b) - targets))


def learn(f, bias, pushes=300, learning_rate=0.5):
    """Return weight and bias after the pushes; they start as 1 and `bias`."""
    w, b = 1.0, float(bias)
    for _ in range(pushes):
        z = w * inputs + b
        a = f(z)
        push = learning_rate * (targets - a) * f.derivative(z, a)
        w, b = w + np.mean(push * inputs), b + np.mean(push)
    return w, b


def bad_start(bias, ax):
    """Draw how wrong the learners are before and after, and say who has arrived."""
    arrived, unmoved = [], []
    for place, name in enumerate(learners):
        w, b = learn(gallery[name], bias)
        after = wrong_by(gallery[name], w, b)
        ax.barh(place, wrong_by(gallery[name], 1.0, bias), fill=False, edgecolor="grey")
        ax.barh(place, after, color="black", height=0.4)
        if after < 0.1:
            arrived.append(name)
        if b == bias:
            unmoved.append(name)
    ax.set_yticks(range(len(learners)), [name.replace("_", " ") for name in learners])
    ax.invert_yaxis()
    ax.set(xlabel="wrong by, on average", xlim=(0, 2))
    listed = [", ".join(group).replace("_", " ") or "none" for group in (arrived, unmoved)]
    return f"Bias {bias} at the start. Wrong by less than 0.1 now: {listed[0]}. Not moved: {listed[1]}."


nn.widgets.slider(bad_start, list(range(-8, 7)), name="bias at the start", start=6)

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# (1) From −1: then $z = x + b$ is nowhere above 0. ReLU and the step are the only ones that do not
# move *at all*. (2) At −5: sigmoid, leaky ReLU, ELU. At −8 only leaky ReLU, and 300 pushes do not
# take it all the way. (3) Sigmoid and tanh, saturated at the other end; ReLU and its relatives
# return from any height. (4) The slope is below 0 there, so "more" means a *smaller* sum: swish
# creeps the wrong way, to where it is nearly 0.
#
# </details>
#
# ## 8 Which one for what?
#
# *Deck D, "Choosing the Right Activation Function"*
#
# In the **hidden layers** you are free: begin with ReLU, and go on to leaky ReLU or ELU where
# neurons die. Sigmoid and tanh do well in nets of few layers (lesson 08). In the **output layer** the
# task decides: the output must be *able* to give the right answers.
#
# > **Predict** the least and the greatest value that each function of the cell can give. Which can
# > answer 440 (a price)? −3 (a temperature)? Which answers are always possible as a probability?

# %%
z = np.linspace(-500, 500, 100_001)
tasks = {"a price, 440": 440, "a temperature, −3": -3}
for name in ("linear", "relu", "leaky_relu", "sigmoid", "tanh"):
    low, high = gallery[name](z).min(), gallery[name](z).max()
    possible = [task for task, answer in tasks.items() if low <= answer <= high]
    if low >= 0 and high <= 1:
        possible.append("a probability")
    print(f"{name:11} from {low:6.1f} to {high:5.1f}   {'; '.join(possible) or 'none of these'}")

# %% [markdown]
# | task | output neurons | activation |
# |---|---|---|
# | a quantity (*regression*) | one for each quantity | linear |
# | yes or no (*binary*) | one | sigmoid |
# | one out of several classes | one for each class | softmax, over all of them: lesson 03 |
# | several labels that may apply together | one for each label | a sigmoid each: lesson 03 |
#
# ## 9 What usually goes wrong
#
# The names are those that the checks use.
#
# | you see | what happened |
# |---|---|
# | "mismatch" in `collapse` | `missing-transpose`: it is `W2 @ W1`, the first layer stands next to x |
# | the collapsed $b$ of the 4-3-1 net is 50 | `missing-bias`: $b_1$ goes through $W_2$ |
# | σ(2) is 0.119 | `wrong-sign`: $e^{z}$ in place of $e^{-z}$ |
# | σ(2) is 1.135 | `missing-parentheses`: `1 / 1 + np.exp(-z)` |
# | nan (not a number) at z = 1000 | `unstable`: $e^z/(1 + e^z)$ becomes inf/inf |
# | "truth value … is ambiguous" | `raises`: `if` and `max` take no arrays; `np.where`, `np.maximum` do |
# | the slope of σ at 2 is −2 | `derivative-of-activation`: z(1 − z) in place of a(1 − a) |
# | ReLU of [−2, 3] is a single 3 | `wrong-axis`: `np.max` in place of `np.maximum` |
# | ReLU's slope at 0 is 1 | `wrong-boundary`: `>=` in place of `>` |
# | leaky ReLU of −2 is 0.1 | `missing-factor`: the slope itself, not slope · z |
# | ELU of −1 with α = 2 is −0.264 | `missing-parentheses`: α times *all* of $e^z - 1$ |
# | ELU of −1 is 0.368 | `missing-term`: the −1 is missing |
# | another α or slope changes nothing | `ignores-argument` |
# | whole numbers in, whole numbers out | `wrong-type`: `np.zeros_like(z)` of integers holds integers |
#
# ## 10 Quiz
#
# 1. A net has ten layers of 100 neurons, all linear. What can it do? (a) Ten times as much as one
#    layer, (b) what one layer can do or (c) XOR, but not more?
# 2. A sigmoid neuron gives out 0.999. What does a small push of its bias change? (a) Hardly anything,
#    (b) much, it is very active or (c) a quarter of the push arrives?
# 3. A ReLU neuron gives 0 for 60 of 100 examples. It is (a) dead, (b) saturated or (c) silent for
#    these, and learns from the other 40?
# 4. The output is a temperature in °C. Which activation? (a) sigmoid, (b) ReLU or (c) linear?

# %%
# Put "a", "b" or "c" in place of None, then run this cell and the folded one below it.
answers = {1: None, 2: None, 3: None, 4: None}

# %% jupyter={"source_hidden": true}
replies = {
    "1a": "Not quite: collapse the ten, two at a time. What is left?",
    "1b": "Right: the ten matrices multiply to one, and the biases add up to one.",
    "1c": "Not quite: one linear layer cannot do XOR, and ten of them are one.",
    "2a": "Right: the slope is 0.999 · 0.001. The neuron is saturated.",
    "2b": "Not quite: active, yes. But where does the curve still rise at 0.999?",
    "2c": "Not quite: ¼ is the slope at z = 0, where the output is 0.5.",
    "3a": "Not quite: dead means 0 for all examples. Here 40 still have slope 1.",
    "3b": "Not quite: saturated is flat at the far ends of a sigmoid or tanh.",
    "3c": "Right: a dead neuron is silent for all of them.",
    "4a": "Not quite: it gives nothing outside 0 to 1.",
    "4b": "Not quite: it never gives less than 0. What about frost?",
    "4c": "Right: any number may come out.",
}
for number, answer in answers.items():
    print(f"{number}: {replies.get(f'{number}{answer}', 'no answer yet (a, b or c)')}")

# %% [markdown] question="two-nets" points=4
# ## 11 In your own words
#
# Two nets do not learn. In the first, eight hidden layers of sigmoids, the first layer's weights
# hardly change. In the second, a net of ReLUs, a third of the neurons give 0 for every example. Say
# for each what has happened. What do both have in common, and what differs? Name for each one thing
# you would change, and why it should help. About five sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** In the first net the slopes of the layers multiply on the way from the first
# layer to the output. A sigmoid's slope is at most ¼, less when it is saturated, so that after eight
# layers almost nothing of a push arrives: the gradient vanishes. In the second, a third of the
# neurons are dead: their sums are never above 0, so their slope is exactly 0 for all examples. In
# both a push of a weight does not show at the output, so learning cannot tell which direction is
# right. The difference: the first still moves, very slowly, and all neurons of the early layers
# suffer; the dead neurons do not move at all, while the others learn. The first gets better with
# ReLU in the hidden layers (slope 1) or with fewer layers; the second with leaky ReLU or ELU (a slope
# on the left), with larger biases at the start, or with smaller pushes.
#
# **Rubric**, one point each:
# - the first: slopes multiply, each at most ¼ (or: saturated), so little arrives;
# - the second: sums never above 0, slope 0 for all examples;
# - in common: the slope is too small for a push to show; different: small against exactly 0 (or: all
#   early layers against single neurons);
# - a change for each that fits, with its reason.
# ### END SOLUTION

# %% [markdown]
# ## Looking back
#
# One sentence each: why not a step, why not a straight line, why not a sigmoid everywhere, why not
# ReLU everywhere? There is no best function; there is one whose weakness does not matter here.
#
# **Next:** lesson 03 looks at the output layer: how scores become probabilities, and a class.
#
# **Sources** Deck A, *Deep Learning & Neural Networks*; deck C, *ANN: Neurons, Feedforward Nets,
# Activation Functions, I/O Layers*; deck D, *Introduction to TensorFlow and artificial neural
# networks*. Text CC BY 4.0, code BSD-3-Clause.
