# %% [markdown]
# # 09 · Back through any number of layers
#
# In lesson 07 you carried deltas back through one hidden layer, in lesson 08 you trained a net that
# way. Now the same few lines become one function for any net, and you build the test that tells you
# whether it is right, without a deck to compare with.
#
# **Afterwards you can**
# - walk back through three hidden layers, delta by delta;
# - write backpropagation for a batch and any depth;
# - check a gradient numerically, and read what the check says;
# - say why a pass back is worth 13,003 passes forward.
#
# **Time** 60–75 minutes. **Builds on** lessons 04 (`forward`, `params`), 05 (cost), 06 (numerical
# derivatives), 07 (deltas) and 08 (batches).
#
# **Sources** Decks A, B and C; the line under each heading names the slides. The cost is lesson 05's
# $C = \frac{1}{2n}\sum\lVert y - a\rVert^2$: **with ½**, summed over the outputs, and the **mean**
# over the n examples. (Lesson 08 summed over them.) For one example, n = 1.
#
# ## 1 What you bring along
#
# `forward` and the cost are those of lessons 04 and 05, `draw_params` is lesson 04's `init_params` with
# any range. `forward` returns a list: `activations[0]`
# is X, `activations[1]` what the first layer made of it, and so on. So **layer k** of the list
# `params` (counted from 0) takes in `activations[k]` and gives out `activations[k + 1]`.

# %%
import time
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

import nnkit as nn

np.set_printoptions(precision=4, suppress=True, linewidth=110)


def sigmoid(z):
    """Return σ(z)."""
    return 1 / (1 + np.exp(-z))


def draw_params(sizes, rng, scale=1.0):
    """Return params, uniform in [−scale, scale)."""
    return [
        (rng.uniform(-scale, scale, (n_out, n_in)), rng.uniform(-scale, scale, n_out))
        for n_in, n_out in pairwise(sizes)
    ]


def as_tensors(params):
    """Return params, or gradients, with tensors in all pairs, in case they are lists."""
    return [(np.asarray(W), np.asarray(b)) for W, b in params]


def forward(X, params):
    """Return [X, A1, …, AL]."""
    activations = [X]
    for W, b in params:
        activations.append(sigmoid(activations[-1] @ W.T + b))
    return activations


def quadratic_cost(A, Y):
    """Return 1/(2n) Σ‖y − a‖²."""
    return np.sum((A - Y) ** 2) / (2 * len(A))


# %% [markdown]
# ## 2 Three hidden layers, delta by delta
#
# *Deck C, "Backprop in Action: Walkthrough example", "Deltas of Output layer Neurons" (four slides)*
#
# Deck C walks back through a classifier with 2 inputs, three hidden layers and 2 outputs, called P1
# and P2. It gives no numbers, so weights and widths are ours: 2-3-4-3-2, four layers. The point is
# (1, −0.5), its label (1, 0).

# %%
rng = np.random.default_rng(1)
walk = [(W.round(1), b.round(1)) for W, b in draw_params([2, 3, 4, 3, 2], rng, scale=2)]
point, label = np.array([[1.0, -0.5]]), np.array([[1.0, 0.0]])
_, a1, a2, a3, a4 = (A[0] for A in forward(point, walk))
(W1, b1), (W2, b2), (W3, b3), (W4, b4) = walk
print("outputs P1, P2:", a4, f"  cost {quadratic_cost(a4[None], label):.4f}")
nn.widgets.ForwardBack("three hidden layers", step=4, focus="P1")

# %% [markdown]
# The figure shows the net on its way forward, with activations in the circles (H1.1: first neuron of
# the first hidden layer). A line is a weight, solid where positive, dashed where negative, thicker
# where larger. *Next step* goes back as you read on; point at any number for its formula.
#
# At the **outputs** the cost itself gives the deltas, δ = (a − y) · a(1 − a). (The slide has *label −
# output*; you know from lesson 07 where that leads.)
#
# > **Predict** the signs of the two output deltas.

# %%
delta4 = (a4 - label[0]) * a4 * (1 - a4)
print("deltas of P1, P2:", delta4)

# %% [markdown]
# **Third hidden layer.** Take its first neuron. It feeds P1 and P2, so collect their deltas, each
# times the weight between, add, and multiply by the slope a(1 − a) of the neuron itself. Then all
# three neurons at once.
#
# > **Predict.** Which *column* of `W4` belongs to the first neuron?

# %%
by_hand = W4[0, 0] * delta4[0] + W4[1, 0] * delta4[1]
print(f"first neuron: error {by_hand:.4f}, delta {by_hand * a3[0] * (1 - a3[0]):.4f}")
delta3 = (W4.T @ delta4) * a3 * (1 - a3)
print("third hidden layer: ", delta3)

# %% [markdown]
# **Second and first hidden layer.** Exactly the same again, says the deck, and that is the point:
# a layer needs to know nothing of what lies two layers further on. The deltas of the *next* layer
# hold it all.
#
# > **Predict.** How many deltas has each layer? Which matrix carries you from the second hidden layer
# > to the first: `W1`, `W2` or `W3`?

# %%
delta2 = (W3.T @ delta3) * a2 * (1 - a2)
delta1 = (W2.T @ delta2) * a1 * (1 - a1)
print("second hidden layer:", delta2)
print("first hidden layer: ", delta1)


def nudged(layer, eps=1e-6):
    """Return the layer's deltas by measuring: a bias moves its neuron's z by just as much."""
    slopes = []
    for j in range(len(walk[layer][1])):
        moved = [(W, b.copy()) for W, b in walk]
        moved[layer][1][j] += eps
        above = quadratic_cost(forward(point, moved)[-1], label)
        moved[layer][1][j] -= 2 * eps
        slopes.append((above - quadratic_cost(forward(point, moved)[-1], label)) / (2 * eps))
    return np.array(slopes)


for layer in (3, 2, 1, 0):
    print(f"measured, layer {layer}: ", nudged(layer))

# %% [markdown]
# The last four lines measure what you have calculated, by nudging every bias. (`W4` belongs to layer 3
# of the list, `W1` to layer 0.)
#
# The next layer's **W**, this layer's **a**: that is where most slips happen. `W1` was not needed, since
# training changes no inputs. Now the *weights*: each derivative is
# the delta it leads *to* times the activation it comes *from*, in a matrix
# $\delta\,a_\text{in}^\top$ of W's own shape. For a bias it is the delta.
#
# ## 3 Forward and back are mirror images
#
# *Deck C, "Some notes on finding deltas with Backprop", "What is that backwardly propagated?"*
#
# The way back is a net too. The figure draws it, with deltas in the circles, in thousandths. Those of P1
# and P2 go **in** at the left (IN1, IN2); next come those of the third hidden layer; those of the first
# come **out** at the right (ON1 to ON3). The lines are the same weights, every matrix transposed. Two
# things differ: the way back has no biases, and in place of σ each circle multiplies by the slope that
# the forward pass left there.
#
# > **Predict.** How many products with weights does the forward pass take, layer by layer? And the
# > way back?

# %%
mirror = [(W.T, np.zeros(W.shape[1])) for W in (W4, W3, W2)]
_, ax = plt.subplots(figsize=(11, 4.4), layout="constrained")
thousandths = [1000 * delta for delta in (delta4, delta3, delta2, delta1)]
nn.plots.network(mirror, thousandths, digits=1, ax=ax)
plt.show()


def products(sizes):
    """Return the products with weights: per layer forward, per layer back, and all for dW."""
    per_layer = [n_in * n_out for n_in, n_out in pairwise(sizes)]
    return per_layer, per_layer[:0:-1], sum(per_layer)


for sizes in ([2, 3, 4, 3, 2], [784, 16, 16, 10], [100, 100, 100, 100, 100]):
    outputs, deltas, for_weights = products(sizes)
    print("-".join(map(str, sizes)))
    print(f"  outputs {outputs}, deltas {deltas}, then for the weights {for_weights}")

# %% [markdown]
# **A delta costs as much as an output**: one product per weight on the way, and a sum. The first layer
# even gets off free. Add the derivatives of the weights, one product each, and forward and back
# together cost about three forward passes at most, *whatever the depth*. Keep that number.
#
# ## 4 For a batch, and any depth
#
# *Deck A, "2.6 Backpropagation: maths V"; deck C, "How to find delta for every neuron"*
#
# With examples in rows, everything turns on its side: the deltas of a layer are (n, n_out), a row per
# example.
#
# | | one example | batch, rows |
# |---|---|---|
# | last delta | $(a - y)\,a(1 - a)$ | the same, **divided by n** |
# | one layer back | $W^\top\delta$, times $a(1 - a)$ | $\delta\,W$, times $a(1 - a)$ |
# | weights | $\delta\,a_\text{in}^\top$ | $\delta^\top A_\text{in}$, which sums over the examples |
# | biases | $\delta$ | the sum of the rows of δ |
#
# The 1/n of the cost goes in once, at the outputs; everything before them is a multiple of that.
# As often, let the shapes guide you: `dW` must have the shape of `W`.
#
# > **Predict.** n = 5, layer k has `W` of shape (4, 3). What are the shapes of `activations[k]`, of
# > the layer's deltas, and of what you carry back through its `W`?


# %% exercise="backward"
def backward(params, activations, Y):
    """Return the gradients of 1/(2n) Σ‖y − a‖², a list with a pair (dW, db) for every layer.

    params is a list of (W, b), activations the list [X, A1, …, AL] that forward returned for n
    examples, Y their targets, (n, n_out). All layers are sigmoids. From the last layer to the first,
    with A_in = activations[k], A_out = activations[k + 1]:

        delta = (A_out − Y) / n · A_out · (1 − A_out)                in the last layer
        delta = (delta W of the next layer) · A_out · (1 − A_out)    in any other
        dW = deltaᵀ A_in        db = the sum of delta over the examples

    The list runs like params, first layer first.

    Example: one layer, W [[0]], b [0], X [[2], [4]], Y [[0], [1]]. Both outputs are 0.5, the deltas
    are 0.0625 and −0.0625, so dW is [[−0.125]] and db is [0].
    """
    ### BEGIN SOLUTION
    grads = []
    error = (activations[-1] - Y) / len(Y)
    for (W, _), A_in, A_out in zip(
        params[::-1], activations[-2::-1], activations[:0:-1], strict=True
    ):
        delta = error * A_out * (1 - A_out)
        grads.append((delta.T @ A_in, delta.sum(axis=0)))
        error = delta @ W
    return grads[::-1]
    ### END SOLUTION


# %% check="backward" points=12

# %% tags=["raises-exception"]
# Your functions: backward
grads = as_tensors(backward(walk, forward(point, walk), label))
for k, ((_, db), delta) in enumerate(zip(grads, [delta1, delta2, delta3, delta4], strict=True)):
    print(f"layer {k}: db {db}  as walked: {np.allclose(db, delta)}")
stepped = [(W - dW, b - db) for (W, b), (dW, db) in zip(walk, grads, strict=True)]
before, after = (quadratic_cost(forward(point, p)[-1], label) for p in (walk, stepped))
print(f"cost {before:.4f}, after one step with learning rate 1: {after:.4f}")

# %% [markdown]
# ## 5 How far apart are two gradients?
#
# *Deck A, "2.5 Optimisation: gradient descent II"*
#
# Lesson 06 has a second way to any gradient: nudge each parameter up and down. It is slow and needs
# no calculus, so it shares no mistakes with your formula. If both agree, both are right. But they
# never agree to the last digit, so how close is close?
#
# A difference of 0.001 is nothing between 500 and 500.001, and everything between 0.001 and 0.002.
# So measure it against the size of the two: g, yours, and n, the numerical one (here n counts no
# examples). Let ‖g‖ be the root of the sum of all squares, the length of g if you put all its
# entries into one long arrow:
#
# $$\text{relative error} = \frac{\lVert g - n\rVert}{\lVert g\rVert + \lVert n\rVert}$$
#
# > **Predict** it for two equal gradients; for n = −g; for n = 2g; for g = 0.


# %% exercise="relative_error"
def relative_error(g, n):
    """Return ‖g − n‖ / (‖g‖ + ‖n‖), one number, for arrays of the same shape, any shape.

    ‖v‖ is the root of the sum of the squares of all entries of v. If g and n are both all 0, the
    result is 0. Nothing is added to the denominator.

    Example: g [3, 4] and n [0, 0] have norms 5 and 0, and the difference has norm 5: the result is 1.
    """
    ### BEGIN SOLUTION
    size = np.sqrt(np.sum(g**2)) + np.sqrt(np.sum(n**2))
    return np.sqrt(np.sum((g - n) ** 2)) / size if size > 0 else 0.0
    ### END SOLUTION


# %% check="relative_error" points=9

# %% tags=["raises-exception"]
# Your functions: relative_error
g = np.array([0.3, -0.1, 0.2])
for name, n in {"g": g, "−g": -g, "2 g": 2 * g, "g + 1e-9": g + 1e-9, "0": 0 * g}.items():
    print(f"n = {name:8}  relative error {relative_error(g, n):.2g}")

# %% [markdown]
# From 0, the same, to 1, which nothing can exceed: opposite, or one of them missing. A factor of 2
# everywhere gives ⅓. A number to remember, you will meet it again.
#
# ## 6 The gradient check
#
# Now all parameters of a net. `cost` is a *function* that is handed over: `cost(params)` is a number.
# For each entry of each W and b: a little up, the cost; a little down, the cost; **back to where it
# was** (write the old number back: p + eps − 2·eps + eps need not be p to the last digit); the slope
# is the difference over 2·eps. All slopes together are the numerical gradient, and
# one relative error compares it with all of `grads`.
#
# > **Predict.** How many times is `cost` called for 2-3-4-3-2?


# %% exercise="gradient_check"
def gradient_check(cost, params, grads, eps=1e-5):
    """Return the relative error of grads against central differences of cost, one number.

    cost(params) returns a number; params is a list of (W, b), grads a list of (dW, db) of the same
    shapes. The numerical derivative by an entry p is

        (cost with p + eps in its place − cost with p − eps) / (2·eps)

    All of them, of all layers, are compared at once, by relative_error. params is left unchanged.

    Example: params [(W, b)] with W [[3]] and b [0], and cost W². The derivatives are 6 and 0. With
    grads [([[6]], [0])] the result is nearly 0, with [([[2]], [0])] it is 4 / 8 = 0.5.
    """
    ### BEGIN SOLUTION
    moved = [(W.copy(), b.copy()) for W, b in params]
    slopes = []
    for p in (p for pair in moved for p in pair):
        for i in np.ndindex(p.shape):
            here = p[i]
            p[i] = here + eps
            above = cost(moved)
            p[i] = here - eps
            below = cost(moved)
            p[i] = here
            slopes.append((above - below) / (2 * eps))
    g = np.concatenate([np.ravel(gradient) for pair in grads for gradient in pair])
    return relative_error(g, np.array(slopes))
    ### END SOLUTION


# %% check="gradient_check" points=9

# %% tags=["raises-exception"]
# Your functions: backward, relative_error, gradient_check
calls = 0
rng = np.random.default_rng(2)
for sizes in ([2, 1], [3, 4, 2], [2, 3, 4, 3, 2], [5, 4, 3, 4, 3, 4, 3]):
    params = draw_params(sizes, rng)
    X, Y = rng.normal(size=(6, sizes[0])), rng.uniform(0, 1, (6, sizes[-1]))

    def cost(p, X=X, Y=Y):
        """Return the cost of the net with params p, and count the call."""
        global calls
        calls += 1
        return quadratic_cost(forward(X, p)[-1], Y)

    calls = 0
    grads = as_tensors(backward(params, forward(X, params), Y))
    error = gradient_check(cost, params, grads)
    print(f"{'-'.join(map(str, sizes)):14} {calls:4} costs, relative error {error:.0e}")

# %% [markdown]
# **Below 1e-7 a gradient is right; above 1e-4 it is wrong.** (Between the two, look closer. ReLU may
# land there by bad luck, where an eps crosses its kink.) Check with float64, few examples, a small
# net, random weights, and **widths that all differ**: where a transpose is forgotten, shapes clash
# instead of letting it pass.
#
# ## 7 What it finds
#
# Time to be nasty. The next cell prepares eight mistakes, each of them planted into the gradients
# of your own `backward`. The net is 2-4-4-2; the data are the 60 points of two moons: two half
# circles, hooked into each other. Skim the cell; the names at its end say what each mistake is.

# %%
moons = nn.moons(60)
classes = moons.y.astype(int)
X, Y = moons.X, np.eye(2)[classes]
start = draw_params([2, 4, 4, 2], np.random.default_rng(3))


def scaled(factor_W, factor_b, layers=(0, 1, 2)):
    """Return a backward whose dW and db are off by these factors, in these layers."""

    def wrong(params, activations, Y):
        grads = as_tensors(backward(params, activations, Y))
        for k in layers:
            grads[k] = factor_W * grads[k][0], factor_b * grads[k][1]
        return grads

    return wrong


def slope_taken_at_a(params, activations, Y):
    """Take the output's σ′ at a instead of at z: choose targets that have this effect."""
    A = activations[-1]
    ratio = sigmoid(A) * (1 - sigmoid(A)) / (A * (1 - A))
    return backward(params, activations, A - (A - Y) * ratio)


def back_through_new_weights(params, activations, Y):
    """Update the last layer first, then carry the deltas back through its new weights."""
    grads = as_tensors(backward(params, activations, Y))
    W, b = params[-1]
    updated = [*params[:-1], (W - 2 * grads[-1][0], b)]
    return [*backward(updated, activations, Y)[:-1], grads[-1]]


def off_by_one_layer(params, activations, Y):
    """Multiply the middle layer's deltas by what the layer gave out, not by what came in."""
    n = len(Y)
    grads = as_tensors(backward(params, activations, Y))
    dW = np.zeros_like(grads[1][0])
    for i in range(n):  # one example at a time, where db is the delta
        delta = backward(params, [A[i : i + 1] for A in activations], Y[i : i + 1])[1][1]
        dW += np.outer(delta, activations[2][i]) / n
    grads[1] = dW, grads[1][1]
    return grads


plants = {
    "none": backward,
    "new weights": back_through_new_weights,
    "σ′ at a": slope_taken_at_a,
    "off by one layer": off_by_one_layer,
    "no bias gradients": scaled(1, 0),
    "factor ½ missing": scaled(2, 2),
    "sign, first layer": scaled(-1, -1, [0]),
    "1/n missing": scaled(len(X), len(X)),
    "sign, everywhere": scaled(-1, -1),
}


def cost(p):
    """Return the cost on the moons of the net with params p."""
    return quadratic_cost(forward(X, p)[-1], Y)


# %% [markdown]
# Now each gradient is checked, and then each is used to *train*: 1,000 steps with learning rate 2.
# A line of the table has the relative error, the cost before and after, and the share of points
# that end in the right class.
#
# > **Predict.** Which of these nets will not learn at all? For which will the cost fall as if nothing
# > had happened?

# %% tags=["raises-exception"]
# Your functions: backward, relative_error, gradient_check
found = {}
print(f"{'mistake':19}{'relative error':>15}{'cost':>9}{'→ after':>9}{'right':>7}")
for name, wrong in plants.items():
    grads = as_tensors(wrong(start, forward(X, start), Y))
    found[name] = gradient_check(cost, start, grads)
    params = start
    for _ in range(1000):
        grads = as_tensors(wrong(params, forward(X, params), Y))
        params = [(W - 2 * dW, b - 2 * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
    right = np.mean(forward(X, params)[-1].argmax(axis=1) == classes)
    print(f"{name:19}{found[name]:15.1e}{cost(start):9.4f}{cost(params):9.4f}{right:7.0%}")

_, ax = plt.subplots(figsize=(8, 3.8), layout="constrained")
ax.plot(list(found.values()), list(found), "ko")
ax.axvline(1e-7, color="black", linestyle="--")
ax.set(xscale="log", xlabel="relative error (dashed: 1e-7)", xlim=(1e-12, 3))
ax.grid(alpha=0.4)
plt.show()

# %% [markdown]
# The figure shows the relative error of each: a gap of eight powers of ten between the right
# gradient, the lowest dot, and the mistakes. But look at the table. Only the sign that is wrong
# everywhere drives the cost *up*. In the other seven cases **it falls, mistake or not**, and three
# mistakes even seem to beat the right gradient: "σ′ at a", "factor ½ missing" and "1/n missing"
# merely take longer steps. With the wrong sign in the first layer the cost falls while most points end
# in the wrong class. Whoever watches the cost would have found one mistake of eight; the check finds
# all.
#
# ### Where is the mistake?
#
# Check one layer at a time: hand over that layer's parameters only, and a cost that puts them into
# the net.
#
# > **Predict.** Deltas go back through wrong weights of the *last* layer. Which layers are wrong?

# %% tags=["raises-exception"]
# Your functions: backward, relative_error, gradient_check
for name in ("new weights", "σ′ at a", "off by one layer", "sign, first layer"):
    grads = as_tensors(plants[name](start, forward(X, start), Y))
    errors = []
    for k in range(3):

        def cost_of_layer(part, k=k):
            """Return the cost with these parameters in layer k."""
            return cost([*start[:k], *part, *start[k + 1 :]])

        errors.append(gradient_check(cost_of_layer, start[k : k + 1], grads[k : k + 1]))
    print(f"{name:19}", *(f"layer {k}: {error:.0e}  " for k, error in enumerate(errors)))

# %% [markdown]
# Read each line from the right, the way deltas travel, and **stop at the first layer that is wrong**.
# New weights: layer 2 is right, layer 1 is not, so look at the step between them. σ′ at a: wrong from
# the very end, so look at the output's delta. Off by one: layer 1 is wrong, yet layer 0, whose deltas
# are made from those of layer 1, is right; so its deltas are good, and what it made of them is not. (In
# the last line it may be either, since nothing comes after layer 0.)
#
# ### Play: how small is a little?
#
# eps is a little step, but how little? The figure shows the relative error of a *right* gradient, that
# of nnkit's own net, for each eps; the dot is the one you chose.
#
# > **Predict,** then move. Will the smallest eps give the best agreement? What happens at 1e-12?

# %%
net = nn.MLP([2, 4, 4, 2], loss="half_squared_error", dtype="float64", seed=0)
few = nn.moons(10)
eps_choices = [10.0**-e for e in range(14)]
curve = [
    nn.gradient_check(net, few.X, np.eye(2)[few.y.astype(int)], eps=eps) for eps in eps_choices
]


def draw_eps(eps, ax):
    """Draw the relative errors, with a dot at this eps."""
    error = curve[eps_choices.index(eps)]
    ax.loglog(eps_choices, curve, color="grey")
    ax.plot(eps, error, "ko")
    ax.axhline(1e-7, color="black", linestyle="--")
    ax.set(xlabel="eps", ylabel="relative error (dashed: 1e-7)")
    verdict = "so the right gradient passes" if error < 1e-7 else "so the right gradient fails"
    return f"With eps {eps:.1g} the relative error is {error:.0e}, {verdict}."


nn.widgets.slider(draw_eps, eps_choices, name="eps", start=eps_choices.index(0.1))

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# A valley. At the right, the curve of the cost bends between the two points: ten times smaller eps, a
# hundred times smaller error. At the left, the two costs differ only in their last digits; a float64
# has about 16 of them, and the difference throws most away: ten times smaller eps, *ten times larger*
# error. 1e-5 lies near the bottom. With float32's 7 digits no eps would pass.
#
# </details>
#
# ## 8 13,003 passes forward against one back
#
# *Deck A, "2.5 Optimisation: gradient descent II", "2.6 Backpropagation: intuition"*
#
# So why not train with numerical gradients, if they are right? Net 784-16-16-10, 100 pictures, your
# `backward`. Going up only, every derivative takes a pass, and one at the present place: 13,003. The
# cell measures 300 of them and extrapolates, then measures forward and back.
#
# > **Predict** the ratio from section 3: the way back costs about as much as how many forward passes?
# > So how many times faster is it?

# %% tags=["raises-exception"]
# Your functions: backward


def seconds(function, repeats):
    """Return how long a call takes, the shortest of so many (or of a second's worth of them)."""
    times = []
    while len(times) < repeats and sum(times) < 1:
        began = time.perf_counter()
        function()
        times.append(time.perf_counter() - began)
    return min(times)


digits = nn.digits()
pictures, targets = digits.X_train[:100].astype(float), np.eye(10)[digits.y_train[:100]]


def compare(sizes, repeats):
    """Return parameters, seconds for a pass forward, and seconds for one forward and one back."""
    params = draw_params(sizes, np.random.default_rng(0), 0.1)
    once = seconds(lambda: quadratic_cost(forward(pictures, params)[-1], targets), repeats)
    both = seconds(lambda: backward(params, forward(pictures, params), targets), repeats)
    return sum(W.size + b.size for W, b in params), once, both


n_params, once, both = compare([784, 16, 16, 10], 300)
print(f"300 passes: {300 * once:.2f} s")
print(f"{n_params + 1:,} passes would take {(n_params + 1) * once:.1f} s")
print(f"one pass forward and one back: {both:.5f} s, as long as {both / once:.1f} passes forward")
print(f"ratio: {(n_params + 1) * once / both:,.0f}")
counted = [sum(kind) for kind in products([784, 16, 16, 10])[:2]]
print(f"counted: {13003 * counted[0] / (2 * counted[0] + counted[1]):,.0f}")

sizes, ratios = [], []
for width in (1, 2, 4, 8, 16, 32):
    n_params, once, both = compare([784, width, width, 10], 20)
    sizes.append(n_params)
    ratios.append((n_params + 1) * once / both)
_, ax = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
ax.loglog(sizes, ratios, "ko-", label="measured here")
ax.loglog(sizes, np.array(sizes) / 2, "k--", label="parameters / 2")
ax.set(xlabel="parameters", ylabel="times faster")
ax.legend()
plt.show()

# %% [markdown]
# Thousands. Your number depends on your machine; what does not is the figure: the more parameters,
# the larger the advantage, in proportion (dashed: half as many as there are parameters, which is
# what counting products gives). A net with a billion parameters gains a factor of hundreds of
# millions. That is what made deep nets trainable at all. Nudging stays the *test*.
#
# ## 9 The whole algorithm on one page
#
# *Deck B, "Summary of the neural network training algorithm"*
#
# Deck B puts its algorithm on one slide, for one hidden layer. Beside it, yours:
#
# | step | deck B, 2-3-1 | any depth |
# |---|---|---|
# | 1 design, 2 initialise | 9 weights, 4 biases | `params`, a pair per layer |
# | 3 forward | H, then ON | `forward`: layer after layer |
# | 4 cost | Σ½(ŷ − y)² | `quadratic_cost`: the mean of it |
# | 5 error of ON | ŷ − y | last activations − Y, over n |
# | 5 error of H | BPE of ON · w | delta of the next layer · its W |
# | 5 BPE (delta) | error · f′(z) | error · A(1 − A) |
# | 6 update | w − α · BPE of *to* · a of *from* | W − α · δᵀA_in |
# | | b − α · BPE | b − α · sum of δ |
#
# And the code. Nothing in it knows how many layers there are.
#
# > **Predict.** The cell trains lesson 08's net on lesson 08's data, from its initial weights. We take
# > *means* over ten observations; deck B takes sums, with α = 0.5 and the goal 0.001. Which learning
# > rate and which goal make ours do exactly the same? How many updates will it need?

# %% tags=["raises-exception"]
# Your functions: backward


def train(X, Y, params, learning_rate, goal, max_epochs=20_000):
    """Return params below the goal and the number of updates; a net of any depth."""
    for epoch in range(max_epochs):
        activations = forward(X, params)  # step 3
        if quadratic_cost(activations[-1], Y) < goal:  # step 4
            return params, epoch
        grads = as_tensors(backward(params, activations, Y))  # step 5
        params = [  # step 6
            (W - learning_rate * dW, b - learning_rate * db)
            for (W, b), (dW, db) in zip(params, grads, strict=True)
        ]
    return params, max_epochs


deck_b = nn.two_three_one()
initial = [(deck_b.W1, deck_b.b1), (deck_b.W2, deck_b.b2)]
one, _ = train(deck_b.X, deck_b.Y, initial, 5, goal=0, max_epochs=1)
print("after one update: H → ON", one[1][0], " bias of ON", one[1][1])
_, updates = train(deck_b.X, deck_b.Y, initial, 5, goal=0.0001)
print(f"2-3-1: goal reached after {updates:,} updates")

deeper = draw_params([2, 3, 3, 3, 1], np.random.default_rng(0), 2)
_, updates = train(deck_b.X, deck_b.Y, deeper, 5, goal=0.0001)
print(f"2-3-3-3-1: goal reached after {updates:,} updates")

# %% [markdown]
# Lesson 08's numbers: H → ON −0.496, −0.506, −0.233, the bias −0.327, and 7,491 updates. A mean is a
# tenth of a sum of ten, so ten times the rate, 5, and a tenth of the goal, 0.0001. The last line trains
# three hidden layers with the same function. It needed fewer updates here; that is one draw of starting
# weights, and no law.
#
# <details><summary>Errata of decks B and C</summary>
#
# | slide | printed | should be |
# |---|---|---|
# | B, "Summary of the neural …" | z = f(…), then f′(z) | a = f(z); printed: section 7's "σ′ at a" |
# | same slide | updates for one observation | summed over the observations |
# | C, "Deltas of Output layer Neurons" | label − output | output − label |
# | same title, three more slides | output layer | third, second, first hidden layer |
# | same slides | no derivative | times f′(z), as the deck says later |
#
# </details>
#
# ## 10 What usually goes wrong
#
# The names are those the checks use. The first five rows are the example in the docstring of `backward`,
# where dW is −0.125.
#
# | you see | what happened |
# |---|---|
# | dW −0.25 | `sum-instead-of-mean`: the 1/n is missing; or `wrong-factor` |
# | dW −0.0625 | `mean-instead-of-sum`: divided by n twice |
# | dW −0.5 | `missing-derivative`: the error was taken for the delta |
# | dW −0.1175 | `derivative-of-activation`: σ′ at a instead of at z |
# | dW 0.125 | `wrong-sign`: the derivative is a − y |
# | "matmul: … mismatch" | `missing-transpose`: write the shapes beside each other |
# | "operands could not be broadcast" | `off-by-one-layer`: a neighbour's activations |
# | layer 0 has the shapes of the last layer | `swapped`: collected from the back, never turned round |
# | g against 2 g gives 0.2 | `missing-root` |
# | g against 2 g gives 1 | `wrong-denominator`: divided by ‖g‖ alone |
# | two gradients of zeros give NaN | `unstable`: 0 / 0 |
# | a right gradient gets about 1e-5 | `one-sided`; or `updated-weights`: an entry was not put back |
# | eps makes no difference | `ignores-argument` |
# | after the check the cost is another | `modifies-arguments`: check a copy, or restore exactly |

# %% [markdown]
# ## 11 Quiz
#
# 1. A gradient check says 0.33. The likeliest cause is (a) a lost factor of 2, (b) a wrong sign
#    everywhere or (c) rounding?
# 2. A net has six layers. Layers 0 to 3 fail the check, 4 and 5 pass. Look first (a) at layer 0, (b)
#    at the step from layer 4 to layer 3 or (c) at the cost?
# 3. You double the width of all layers of a net, inputs and outputs too: about four times as many
#    parameters. The numerical gradient takes (a) twice, (b) 4 times or (c) 16 times as long?
# 4. In `backward`, which W carries the deltas from layer k + 1 to layer k? (a) that of layer k, (b)
#    that of layer k + 1, (c) both

# %%
# Put "a", "b" or "c" in place of None, then run this cell and the folded one below it.
answers = {1: None, 2: None, 3: None, 4: None}

# %% jupyter={"source_hidden": true}
replies = {
    "1a": "Right: ‖g − 2g‖ / (‖g‖ + 2‖g‖) = ⅓.",
    "1b": "Not quite: n = −g gives ‖2g‖ / 2‖g‖, the largest value there is.",
    "1c": "Not quite: rounding leaves about 1e-10. 0.33 is a third.",
    "2a": "Not quite: it is wrong, but it may only have been handed wrong deltas.",
    "2b": "Right: the deltas of layer 4 are good, those of layer 3 are not.",
    "2c": "Not quite: a wrong cost would show in the last layer already.",
    "3a": "Not quite: even one forward pass takes four times as long.",
    "3b": "Not quite: that is one pass. How many passes are there?",
    "3c": "Right: four times as many passes, each four times as long. Backpropagation: 4.",
    "4a": "Not quite: that one leads into layer k. Which weights lead out of it?",
    "4b": "Right: the weights by which layer k speaks to the next.",
    "4c": "Not quite: one matrix lies between two layers.",
}
for number, answer in answers.items():
    print(f"{number}: {replies.get(f'{number}{answer}', 'no answer yet (a, b or c)')}")

# %% [markdown] question="it-learns" points=4
# ## 12 In your own words
#
# "My net learns: the cost falls from day to day. So my `backward` must be right, and I can do without
# the gradient check. And if the check is so reliable, why not train with it?" Answer both. Use what
# you saw in section 7 and in section 8. About five sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** The cost falls whenever the step points roughly downhill, so a wrong gradient often
# learns too, only more slowly or to a worse end; in section 7 most planted mistakes still learned, one
# as well as the right gradient. The check does not ask whether the cost falls but whether every single
# derivative is the slope of the cost, by a way that shares nothing with the formula. To train with it
# would take two forward passes per parameter and step, 26,004 for 784-16-16-10, where a pass
# forward and one back cost about two. The gap grows with the number of parameters. So: check once, with
# a small net and few examples, whenever `backward` has changed; then train with `backward`.
#
# **Rubric**, one point each:
# - a wrong gradient can still lower the cost, with an example;
# - the check compares all derivatives with measured slopes, independent of the formula;
# - cost in forward passes: one or two per parameter against about two or three in all;
# - when the check is of use (small net, few examples, after a change, not in training).
# ### END SOLUTION

# %% [markdown]
# ## Looking back
#
# One sentence each: Why is one layer's delta all that the layer before it needs? Where does the 1/n
# go? What would you check first if a net of yours did not learn? Which of your predictions was furthest
# off?
#
# **Next:** lesson 10 trains the 13,002, with your functions, on thousands of digits.
#
# **Sources** Deck A, *Deep Learning & Neural Networks*; deck B, *How (Shallow) Neural Networks work*;
# deck C, *ANN: Neurons, Feedforward Nets, Activation Functions, I/O Layers*. Text CC BY 4.0, code
# BSD-3-Clause.
