# %% [markdown]
# # 07 · Link by link
#
# Lesson 06 needed the gradient of a net and had only a slow trick. Now you get it from formulas,
# with nothing but the chain rule: first along a chain of single neurons, then in the smallest net
# where paths fork and meet again.
#
# **Afterwards you can**
# - write every derivative of a chain of neurons as a product of links, and calculate them all;
# - say what a delta is, carry it back through a layer, and update a weight with it;
# - explain why that costs no more than going forward, and why deltas vanish in deep chains;
# - catch a wrong sign by computing.
#
# **Time** 60–75 minutes. **Builds on** lessons 02 (sigmoid and σ′), 04 (forward pass), 06 (gradient
# descent, numerical derivatives).
#
# **Sources** Decks A, B, C and D; the line under each heading names the slides. Two costs occur.
# The chain follows deck A: $(a - y)^2$, **no ½**. The tiny net of section 5 has $\frac12\sum(a -
# y)^2$, **with ½**, summed over its two outputs. Each is for a single example.
#
# ## 1 A chain of neurons
#
# *Deck A, "2.6 Backpropagation: maths II"*
#
# In lesson 01 a question stayed open. The last neuron can be told what it should have said. Who
# tells the neurons before it? The simplest net with that problem has one neuron per layer:
#
# $$z_l = w_l\,a_{l-1} + b_l, \qquad a_l = \sigma(z_l), \qquad a_0 = x, \qquad C = (a_L - y)^2.$$
#
# Read it from left to right: x makes $z_1$, $z_1$ makes $a_1$, $a_1$ makes $z_2$, and so on until
# C. (Deck A writes $a^{(L)}$, with the layer above the line; we write it below.)
#
# > **Predict.** w = (2, −2, 1), b = (−0.5, 1, 0.5), x = 0.5. Work out $z_1$, and guess $a_1$. If x
# > grows a little, do $a_1$, $a_2$, $a_3$ grow or shrink?

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


# %% exercise="chain_forward"
def chain_forward(w, b, x):
    """Return (z, a) of a chain of sigmoid neurons: their weighted sums and their activations.

    w and b are (L,), a weight and a bias for each neuron; x is a number. z is (L,); a is (L + 1,),
    with a[0] = x in front:

        z[l] = w[l]·a[l] + b[l]        a[l + 1] = σ(z[l])

    Example: w = [1, 4], b = [−2, −2], x = 2 give z = [0, 0] and a = [2, 0.5, 0.5].
    """
    ### BEGIN SOLUTION
    z, a = [], [x]
    for weight, bias in zip(w, b, strict=True):
        z.append(weight * a[-1] + bias)
        a.append(1 / (1 + np.exp(-z[-1])))
    return np.array(z), np.array(a)
    ### END SOLUTION


# %% check="chain_forward" points=9

# %% [markdown]
# Mind the counting: Python starts at 0. The first neuron has `w[0]`, `z[0]` and `a[1]`, because
# `a[0]` is x. The figure shows the chain, with x (IN1) and the three neurons' activations in the
# circles (H1.1 is the first neuron, ON the third), weights on the lines and biases above.

# %% tags=["raises-exception"]
# Your functions: chain_forward
w, b, x, y = np.array([2.0, -2.0, 1.0]), np.array([-0.5, 1.0, 0.5]), 0.5, 0.0
z, a = map(np.asarray, chain_forward(w, b, x))
print("z", z)
print("a", a)
print(f"cost {(a[-1] - y) ** 2:.4f}")
_, ax = plt.subplots(figsize=(8.5, 2.2), layout="constrained")
nn.plots.network([(w[[k]][:, None], b[[k]]) for k in range(3)], list(a), ax=ax)
plt.show()

# %% [markdown]
# ## 2 Rates multiply
#
# *Deck A, "2.6 Backpropagation: maths I", "… maths III", "… maths IV"; deck B, "A quick refresher on
# the chain rule"*
#
# Where x grows, a₁ grows too; w₂ is negative, so a₂ shrinks, and a₃ with it. But by how much?
#
# Picture gear wheels. If the first turns the second three times as fast, and the second the third
# half as fast, the first turns the third 1.5 times as fast. That is the **chain rule**: rates of
# change along a chain multiply. How fast does C change with the last weight? $w_L$ moves $z_L$,
# $z_L$ moves $a_L$, $a_L$ moves C:
#
# $$\frac{\partial C}{\partial w_L} = \frac{\partial C}{\partial a_L}\cdot\frac{\partial
# a_L}{\partial z_L}\cdot\frac{\partial z_L}{\partial w_L} = 2(a_L - y)\cdot a_L(1 - a_L)\cdot
# a_{L-1}$$
#
# For the bias the last link is 1, since $z_L$ moves as much as $b_L$.
#
# > **Predict** the three links from the activations above, 0.4391 and 0.7189. Then the cell measures
# > each link by a nudge of a millionth.

# %% tags=["raises-exception"]
# Your functions: chain_forward
z, a = chain_forward(w, b, x)
nudge = 1e-6
measured = {
    "C with a₃": (((a[3] + nudge) - y) ** 2 - (a[3] - y) ** 2) / nudge,
    "a₃ with z₃": (sigmoid(z[2] + nudge) - sigmoid(z[2])) / nudge,
    "z₃ with w₃": ((w[2] + nudge) * a[2] - w[2] * a[2]) / nudge,
}
formulas = [2 * (a[3] - y), a[3] * (1 - a[3]), a[2]]
for (name, rate), formula in zip(measured.items(), formulas, strict=True):
    print(f"{name}: measured {rate:.4f}, formula {formula:.4f}")
last = chain_forward(w + np.array([0, 0, nudge]), b, x)[1][-1]
print(f"product of the three {np.prod(formulas):.4f}")
print(f"C with w₃: measured {((last - y) ** 2 - (a[3] - y) ** 2) / nudge:.4f}")

# %% [markdown]
# ## 3 All of them, from the back
#
# *Deck A, "2.6 Backpropagation: maths V"; deck B, "We can calculate all the important gradients
# using the chain rule"*
#
# A weight nearer to the input has a longer chain. From $w_{L-1}$ it goes through $z_{L-1}$, $a_{L-1}$,
# $z_L$, $a_L$ to C, and the last links are **the same as before**:
#
# $$\frac{\partial C}{\partial w_{L-1}} = \underbrace{\frac{\partial C}{\partial
# z_L}}_{\text{known}}\cdot\, w_L\cdot\sigma'(z_{L-1})\cdot a_{L-2}$$
#
# So begin at the output, and keep $\partial C/\partial z$, called the **delta** of a neuron. One
# neuron back, it is multiplied by the weight between the two and by σ′ there. The delta is the
# bias's derivative; times the activation that came in, the weight's. Nothing is calculated twice:
# that is all of **backpropagation**.
#
# > **Predict** the signs of the three deltas of our chain. The output, 0.72, is too high.


# %% exercise="chain_gradients"
def chain_gradients(w, b, x, y):
    """Return (dw, db), the derivatives of C = (a_L − y)², no ½, by all weights and biases.

    w and b are (L,), x and y numbers; dw and db are (L,), from the first neuron to the last:

        db[L − 1] = 2·(a[L] − y) · a[L]·(1 − a[L])             the last delta, ∂C/∂z
        db[l − 1] = db[l] · w[l] · a[l]·(1 − a[l])             one neuron back
        dw[l]     = db[l] · a[l]

    Example: w = [1, 4], b = [−2, −2], x = 2, y = 0: the a are 2, 0.5, 0.5, so db = [0.25, 0.25]
    and dw = [0.5, 0.125].
    """
    ### BEGIN SOLUTION
    _, a = chain_forward(w, b, x)
    slopes = a[1:] * (1 - a[1:])
    db = np.zeros(len(w))
    db[-1] = 2 * (a[-1] - y) * slopes[-1]
    for layer in range(len(w) - 1, 0, -1):
        db[layer - 1] = db[layer] * w[layer] * slopes[layer - 1]
    return db * a[:-1], db
    ### END SOLUTION


# %% check="chain_gradients" points=11


# %% tags=["raises-exception"]
# Your functions: chain_forward, chain_gradients
def chain_cost(w, b):
    """Return the cost of the chain on our example."""
    return (chain_forward(w, b, x)[1][-1] - y) ** 2


def by_nudging(f, p, eps=1e-5):
    """Return the derivatives of f at the vector p by central differences, as in lesson 06."""
    return np.array([(f(p + e) - f(p - e)) / (2 * eps) for e in eps * np.eye(len(p))])


dw, db = np.asarray(chain_gradients(w, b, x, y))
print("db", db, "  by nudging", by_nudging(lambda moved: chain_cost(w, moved), b))
print("dw", dw, "  by nudging", by_nudging(lambda moved: chain_cost(moved, b), w))
stepped = chain_cost(w - 0.5 * dw, b - 0.5 * db)
print(f"cost {chain_cost(w, b):.4f}, after one step with learning rate 0.5: {stepped:.4f}")

# %% [markdown]
# The first delta is negative: w₂ = −2 turns the sign round. That is the answer to lesson 01's
# question. Nobody says what the first neuron should *be*; the delta says which *way* it should go.
#
# ### Play: the chain, number by number
#
# *Next step* goes back from the cost, neuron by neuron, then updates; point at a weight for its
# formula.

# %%
nn.widgets.ForwardBack(
    "chain",
    step=4,
    focus="a₃",
    predict="In 100 updates, which weight moves most: the first, the second or the third?",
)

# %% [markdown]
# The third, by 1; the second moves by 0.2, the first by 0.08. Why is the front so slow?
#
# ## 4 σ′ belongs at the forward pass's z
#
# *Deck C, "How to account for activation function", "Network evaluation and backpropagation of
# deltas in a nutshell"*
#
# Each neuron on the way back contributes the slope of its activation function **at the point where
# the forward pass was**, σ′(z). That is why the forward pass keeps its z. The sigmoid is kind: σ′(z)
# = a(1 − a), so a alone will do. But mind that a is *already* σ(z). Who puts a into σ′ once more
# asks for the slope at another place.
#
# > **Predict.** At which z is the slope largest, and how large is it? About how large at z = 6?

# %% tags=["raises-exception"]
# Your functions: chain_forward
z, a = chain_forward(w, b, x)
for k, (z_k, a_k) in enumerate(zip(z, a[1:], strict=True), start=1):
    slope, wrong = a_k * (1 - a_k), sigmoid(a_k) * (1 - sigmoid(a_k))
    print(f"neuron {k}: z = {z_k:7.4f}  σ′(z) = {slope:.4f}  wrongly, σ′(a) = {wrong:.4f}")

axis = np.linspace(-7, 7, 141)
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
axes[0].plot(axis, sigmoid(axis), color="grey")
axes[1].plot(axis, sigmoid(axis) * (1 - sigmoid(axis)), color="grey")
for place, marker in zip([*z, 6.0], "v^so", strict=True):
    height = sigmoid(place)
    slope = height * (1 - height)
    ends = np.array([place - 1, place + 1])
    axes[0].plot(ends, height + slope * (ends - place), "k--")
    axes[0].plot(place, height, "k" + marker)
    axes[1].plot(place, slope, "k" + marker)
axes[0].set(xlabel="z", ylabel="σ(z)")
axes[1].set(xlabel="z", ylabel="σ′(z)", ylim=(0, 0.3))
plt.show()

# %% [markdown]
# Left the sigmoid, with a dashed tangent at our three neurons' z (triangle down, triangle up,
# square) and at 6 (circle). Right the slopes of these tangents: never above ¼, and 0.0025 at 6. A
# neuron out there lets hardly any delta pass. Any other activation works in the same way, with its
# own derivative at its own z.
#
# ### Play: a chain of ten
#
# Each neuron that a delta passes multiplies it by w · σ′(z). Ten neurons have the same weight w,
# and the bias −w/2 keeps them near the middle; x = 0.6, y = 0. The figure shows the size of each
# neuron's delta, on a logarithmic axis.
#
# > **Predict,** then move. (1) w = 1: how much of the last delta reaches the first neuron, a tenth,
# > a thousandth, a millionth? (2) For which w is it about the same everywhere? (3) Do deltas grow
# > without end beyond that?


# %%
def deltas_along(weight, ax):
    """Draw the size of the deltas of ten neurons with this weight."""
    a = [0.6]
    for _ in range(10):
        a.append(sigmoid(weight * a[-1] - weight / 2))
    deltas = [2 * a[10] * a[10] * (1 - a[10])]
    for a_k in a[9:0:-1]:
        deltas.insert(0, deltas[0] * weight * a_k * (1 - a_k))
    ax.semilogy(range(1, 11), deltas, "ko-")
    ax.set(xlabel="neuron", ylabel="size of delta", ylim=(1e-10, 10), xticks=range(1, 11))
    return f"Weight {weight:g}: the first delta is {deltas[0] / deltas[-1]:.2g} times the last."


weights = [0.5, 1, 1.5, 2, 3, 3.5, 4, 4.5, 5, 6, 8, 10]
nn.widgets.slider(deltas_along, weights, name="weight", start=weights.index(2))

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# (1) Four millionths: nine factors of about ¼. (2) About 4.5. (In the middle, where σ′ = ¼, 4 would
# do.) (3) No: with larger weights the activations run to 0 or 1, where σ′ is nearly 0, and at 10
# hardly anything is left.
#
# This is the **vanishing gradient**: the front of a deep sigmoid net learns far more slowly than its
# end. It is why deep nets use ReLU, whose slope is 1, in their hidden layers.
#
# </details>
#
# ## 5 The tiny net: where paths fork
#
# *Deck C, "A Tiny DL Network to study Backprop", "Naming weights in Tiny DL network"*
#
# Deck C's tiny net tells two classes of points apart: inputs X and Y, hidden neurons **A** and
# **B**, outputs **C** and **D**, one for each class. **AC** is the weight from A to C. Numbers are
# ours, the deck has none. In `W2`, C's row is (AC, BC) and D's row (AD, BD). (One more slip: the
# slide says that the input layer is included in the layer count, and counts two layers, rightly,
# without it.)

# %%
W1, b1 = np.array([[0.5, -0.2], [0.8, 0.2]]), np.array([0.1, -0.2])
W2, b2 = np.array([[1.0, -0.6], [-0.4, 0.7]]), np.array([0.0, 0.1])
point, label = np.array([1.0, 2.0]), np.array([1.0, 0.0])  # the point belongs to class 1
(AC, BC), (AD, BD) = W2

hidden = sigmoid(W1 @ point + b1)
out = sigmoid(W2 @ hidden + b2)
print("A, B:", hidden, "  C, D:", out, f"  cost {0.5 * np.sum((out - label) ** 2):.4f}")
nn.widgets.ForwardBack("A, B, C, D", step=2, focus="C")

# %% [markdown]
# The figure shows the net with the point (1, 2) in it: C says 0.53 and should say 1, D says 0.60
# and should say 0. Point at a neuron or a weight for its formula. So begin at the output, as in the
# chain. The ½ cancels the 2, and for each output neuron
#
# $$\delta = \frac{\partial C}{\partial z} = (a - y)\cdot a(1 - a).$$
#
# Deck C first defines delta as ∂C/∂a, *label minus output*, and multiplies by the derivative later.
# Ours has the derivative in it from the start. Remember that sign; we come back to it.
#
# > **Predict** the signs of the two deltas.


# %% exercise="output_deltas"
def output_deltas(a, y):
    """Return the output neurons' deltas, ∂C/∂z for C = ½ Σ (a − y)², one example.

    a are the outputs, y the targets, both (n_out,), and so is the result: (a − y) · a · (1 − a).

    Example: a = [0.5, 0.5] and y = [1, 0] give [−0.125, 0.125].
    """
    ### BEGIN SOLUTION
    return (a - y) * a * (1 - a)
    ### END SOLUTION


# %% check="output_deltas" points=6

# %% [markdown]
# ## 6 Update AC, and find the wrong sign
#
# *Deck C, "Change in Error Vs. Change in Weight", "How to adjust last weights to reduce network
# error", "Delta for output Neurons"*
#
# AC is multiplied by A's output, so a change of AC moves C's weighted sum $A_o$ times as much:
# ∂C/∂AC = $A_o\cdot C\delta$, the activation it comes *from* times the delta it leads *to*. Deck C
# says:
#
# - Cδ is based on *label − output*;
# - the new AC is AC − $A_o\cdot C\delta$.
#
# > **Predict.** C's output, 0.53, should be 1, and A's output is positive. Should AC grow or shrink?
# > Which way does the deck's recipe move it? Run the cell: three recipes, learning rate 1, 20
# > updates of AC alone.

# %% tags=["raises-exception"]
# Your functions: output_deltas
recipes = {  # what is put before our delta, and before the step
    "deck C: label − output, subtract": (-1, -1),
    "output − label, subtract": (1, -1),
    "label − output, add": (-1, 1),
}
_, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
for (name, (sign, direction)), style in zip(recipes.items(), ["k--", "k-", "ko"], strict=True):
    weights_out, costs = W2.copy(), []
    for _ in range(21):
        o = sigmoid(weights_out @ hidden + b2)
        costs.append(0.5 * np.sum((o - label) ** 2))
        c_delta = sign * output_deltas(o, label)[0]
        weights_out[0, 0] += direction * 1.0 * hidden[0] * c_delta
    print(f"{name:32}  cost {costs[0]:.4f} → {costs[1]:.4f} → … → {costs[-1]:.4f}")
    ax.plot(costs, style, markersize=4, label=name)
ax.set(xlabel="updates of AC", ylabel="cost", xticks=range(0, 21, 5))
ax.legend()
plt.show()

# %% [markdown]
# The figure shows the cost along the updates: dashed the deck's recipe, which **climbs**; the other
# two, line and dots, fall and are the same. Two signs together make a plus: either take *output −
# label* and subtract, or *label − output* and add. You can find such things without knowing them
# beforehand: do one step and see whether the cost fell.
#
# The slide also says that its step reduces the error "by unity". It does not: the cost falls from
# 0.2895 to 0.2854. It is one step of gradient descent with η = 1.
#
# ## 7 Two paths, one sum
#
# *Deck C, "Tracking a change in output of neuron A"; deck D, "Back Propagation"*
#
# And A's delta? A's output reaches the cost on **two** paths, through C and through D. A nudge of A
# moves both, and the effects **add**:
#
# $$\frac{\partial C}{\partial A_o} = AC\cdot C\delta + AD\cdot D\delta$$
#
# This is A's **error**. Times A's own σ′, A(1 − A), it is Aδ. (Deck C puts A's σ′ in later and calls
# the sum itself Aδ.) On one slide the second path is "AC × Dδ". Compute with both; the last line
# decides.
#
# > **Predict.** AC = 1, AD = −0.4, Cδ = −0.118, Dδ = 0.144. Do the two paths agree about which way A
# > should go?

# %% tags=["raises-exception"]
# Your functions: output_deltas
c_delta, d_delta = output_deltas(out, label)


def cost_if(A_out):
    """Return the cost when A's output is this, and everything else as before."""
    o = sigmoid(W2 @ np.array([A_out, hidden[1]]) + b2)
    return 0.5 * np.sum((o - label) ** 2)


print(f"through C: AC·Cδ = {AC * c_delta:.4f}")
print(f"through D: AD·Dδ = {AD * d_delta:.4f}, as printed AC·Dδ = {AC * d_delta:.4f}")
print(f"sum with AD·Dδ: {AC * c_delta + AD * d_delta:.4f}")
print(f"sum as printed: {AC * c_delta + AC * d_delta:.4f}")
print(f"by nudging A:   {(cost_if(hidden[0] + 1e-6) - cost_if(hidden[0])) / 1e-6:.4f}")

# %% [markdown]
# It is AD × Dδ: each path has its own weight. (Go to step 5 in section 5's figure, and point at A.)
# For all hidden neurons at once, the sums are a product. Forward, C's sum runs along its *row* of
# `W2`; back, A's sum runs along its *column*, so the matrix is transposed: $W_2^\top\delta$.


# %% exercise="hidden_deltas"
def hidden_deltas(W_next, delta_next, a):
    """Return the deltas of a hidden layer for one example, shape (n_hidden,).

    W_next is (n_next, n_hidden), the weights of the layer that follows, delta_next (n_next,) its
    deltas, a (n_hidden,) the hidden activations:

        (W_nextᵀ delta_next) · a · (1 − a)

    Example: W_next [[1, 2, 0]], delta_next [0.4] and a all 0.5 give [0.1, 0.2, 0].
    """
    ### BEGIN SOLUTION
    return (W_next.T @ delta_next) * a * (1 - a)
    ### END SOLUTION


# %% check="hidden_deltas" points=7

# %% [markdown]
# ### Sharing out the loss
#
# Deck D calls backpropagation a way to find how much of the loss each node is responsible for. The
# figure takes that literally: the bars show what reaches A and B through C (plain) and through D
# (hatched). Every hidden neuron gets, from each neuron it feeds, that neuron's delta times the
# weight between them. The weights by which it *spoke* are those by which it is *blamed*.
#
# > **Predict.** Do the shares add up to the loss, 0.29? Can a share be negative?

# %% tags=["raises-exception"]
# Your functions: output_deltas, hidden_deltas
delta_out = np.asarray(output_deltas(out, label))
shares = W2 * delta_out[:, None]  # a row per output, a column per hidden neuron
print("through C to A, B:", shares[0])
print("through D to A, B:", shares[1])
print("errors of A, B:   ", shares.sum(axis=0))
print("deltas of A, B:   ", np.asarray(hidden_deltas(W2, delta_out, hidden)))
_, ax = plt.subplots(figsize=(6, 3.2), layout="constrained")
ax.bar([-0.2, 0.8], shares[0], 0.35, color="lightgrey", edgecolor="black", label="through C")
ax.bar([0.2, 1.2], shares[1], 0.35, color="white", edgecolor="black", hatch="//", label="through D")
ax.axhline(0, color="black", linewidth=0.8)
ax.set_xticks([0, 1], ["A", "B"])
ax.set(ylabel="share of ∂C/∂a")
ax.legend()
plt.show()

# %% [markdown]
# They do not add up to the loss, and signs differ: A's output is too low for both outputs, B's too
# high. A share says how fast the cost would change, not who caused how much. Nor do blamed neurons
# get "lower weights", as the deck goes on: each weight moves against its own derivative, up or
# down.
#
# ## 8 Back costs as much as forward
#
# *Deck C, "Calculating output and delta for a neuron H", "Some notes on finding deltas with
# Backprop"*
#
# Put the two sums for a neuron H beside each other:
#
# | | output of H | delta of H |
# |---|---|---|
# | gathers | outputs of the layer before | deltas of the layer after |
# | times | the weights that lead **in** | the weights that lead **out** |
# | then | $f(z)$ | times $f'(z)$, at the same z |
# | must wait for | the layer before | the layer after |
#
# One is the mirror image of the other. Only the outputs are special: no layer follows, so the cost
# gives their deltas.
#
# > **Predict.** In a net 784-16-16-10, how many products with weights do the outputs of each layer
# > take, and how many the deltas of each hidden layer? The cell calculates the sums and counts.


# %%
def gather(weights, values):
    """Return, for every row, the sum of weights · values, and the number of products it took."""
    products = [
        weight * value for row in weights for weight, value in zip(row, values, strict=True)
    ]
    return np.sum(np.reshape(products, weights.shape), axis=1), len(products)


rng = np.random.default_rng(0)
for sizes in ([2, 2, 2], [784, 16, 16, 10], [100, 100, 100, 100]):
    forward, back = [], []
    for n_in, n_out in pairwise(sizes):
        W = rng.uniform(-1, 1, (n_out, n_in))
        _, products = gather(W, rng.uniform(0, 1, n_in))
        forward.append(products)
        _, products = gather(W.T, rng.uniform(-1, 1, n_out))
        back.append(products)
    print("-".join(map(str, sizes)))
    print("  products, forward, layer by layer:", *forward)
    print("  products, back, for hidden deltas:", *back[:0:-1])

W, values = rng.normal(size=(2000, 2000)), rng.normal(size=2000)
for name, matrix in [("forward, W @ a  ", W), ("back, W.T @ delta", W.T)]:
    began = time.perf_counter()
    for _ in range(20):
        matrix @ values
    print(f"{name}: {(time.perf_counter() - began) / 20 * 1000:.1f} ms for 2,000 × 2,000 weights")

# %% [markdown]
# Every weight is used once on the way forward and once on the way back. (The first layer's weights
# are used only forward: inputs need no delta.) So all deltas cost about one more forward pass, and
# the derivatives of the weights, delta times activation, about another. Lesson 06 paid 13,003.
#
# ## 9 The tiny net learns XOR
#
# *Deck C, "The overall plan to train a network"*
#
# In lesson 01 one perceptron could not do XOR, and two layers could, with weights found by a human.
# Now the tiny net finds them: class 2 if exactly one of X and Y is 1. One example at a time:
# forward, deltas, update of **all** weights, all deltas from the *old* ones. One pass over the four
# points is an epoch.
#
# > **Predict.** Dozens of epochs, hundreds or thousands? And does it work from every start?


# %% tags=["raises-exception"]
# Your functions: output_deltas, hidden_deltas
corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
classes = np.array([[1, 0], [0, 1], [0, 1], [1, 0]])


def learn(seed, epochs=2000, learning_rate=0.5):
    """Train a 2-2-2 net on XOR from random weights; return the cost of each epoch and the outputs."""
    rng = np.random.default_rng(seed)
    W1, b1, W2, b2 = (rng.uniform(-1, 1, shape) for shape in [(2, 2), 2, (2, 2), 2])
    costs = np.zeros(epochs)
    for epoch in range(epochs):
        for p, y in zip(corners, classes, strict=True):
            h = sigmoid(W1 @ p + b1)
            o = sigmoid(W2 @ h + b2)
            costs[epoch] += 0.5 * np.sum((o - y) ** 2)
            delta_out = np.asarray(output_deltas(o, y))
            delta_hidden = np.asarray(hidden_deltas(W2, delta_out, h))
            W2, b2 = W2 - learning_rate * np.outer(delta_out, h), b2 - learning_rate * delta_out
            W1 = W1 - learning_rate * np.outer(delta_hidden, p)
            b1 = b1 - learning_rate * delta_hidden
    return costs, sigmoid(sigmoid(corners @ W1.T + b1) @ W2.T + b2)


_, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
for seed, style in [(0, "k-"), (2, "k--")]:
    costs, outputs = learn(seed)
    ax.plot(costs, style, label=f"start {seed}")
    print(f"start {seed}: cost {costs[0]:.3f} → {costs[-1]:.4f}, winner (class):", end=" ")
    print(outputs.argmax(axis=1) + 1, "should be", classes.argmax(axis=1) + 1)
ax.set(xlabel="epoch", ylabel="cost, sum over the four points", ylim=(0, None))
ax.legend()
plt.show()

# %% [markdown]
# The figure shows two trainings. Start 0, solid: a plateau of 500 epochs where all outputs are near
# ½, then the two hidden neurons find their roles. Start 2, dashed, is stuck: two of the corners get
# the same answer, and the ground there is level, as in lesson 06's second valley.
#
# ## 10 What usually goes wrong
#
# The names are those that the checks use; numbers are those of our chain and our tiny net.
#
# | you see | what happened |
# |---|---|
# | z₁ is 1 | `missing-bias` |
# | z₂ is 0 | `missing-activation`: z goes on instead of a |
# | a has three entries | `off-by-one-layer`: x belongs in front |
# | last delta 0.1453 | `wrong-factor`: the chain's cost has no ½ |
# | last delta 1.4378 | `missing-derivative`: that is the error, ∂C/∂a |
# | last delta 0.3167 | `derivative-of-activation`: σ′ at a instead of at z |
# | all signs turned round | `wrong-sign`: the derivative is 2(a − y) |
# | middle delta −0.1431 | `off-by-one-layer`: times w₂ instead of w₃ |
# | dw and db are equal | `missing-factor`: a weight's derivative has its activation |
# | derivatives run from back to front | `swapped`: collected backwards |
# | Cδ is +0.1177 | `wrong-sign`: deck C's label − output |
# | A's delta is −0.1751 | `missing-derivative`: without A's σ′ |
# | A's delta is −0.0505 | `missing-transpose`: a row of `W2` instead of a column |
#
# ## 11 Quiz
#
# 1. Output 0.9, target 1, cost ½(a − y)². The delta is (a) −0.1, (b) −0.009 or (c) 0.009?
# 2. A hidden neuron has 20 inputs and feeds 3 neurons. Its error is a sum of (a) 3 products, (b) 20
#    or (c) 60?
# 3. The delta that a weight leads to is positive, the activation it comes from is 0. The weight
#    (a) shrinks, (b) grows or (c) stays?
# 4. In a chain of ten sigmoid neurons all weights are 1. The first delta is, compared with the
#    last, (a) a tenth, (b) a quarter or (c) a few millionths?

# %%
# Put "a", "b" or "c" in place of None, then run this cell and the folded one below it.
answers = {1: None, 2: None, 3: None, 4: None}

# %% jupyter={"source_hidden": true}
replies = {
    "1a": "Not quite: that is the error, ∂C/∂a. The delta has σ′ = a(1 − a) as well.",
    "1b": "Right: −0.1 · 0.9 · 0.1. Too low, so the delta is negative.",
    "1c": "Not quite: the size is right. Is the output too high or too low?",
    "2a": "Right: one for each neuron that it feeds. From there errors come back.",
    "2b": "Not quite: inputs matter for its output. Its error comes from the neurons it feeds.",
    "2c": "Not quite: each of the 3 deltas comes back over a single weight.",
    "3a": "Not quite: how much does z move if this weight moves?",
    "3b": "Not quite: a positive delta means that z should fall. And what can this weight do for it?",
    "3c": "Right: delta times activation is 0. A silent neuron's weights learn nothing.",
    "4a": "Not quite: σ′ is at most ¼, and it is there once for every neuron passed.",
    "4b": "Not quite: that is one neuron back. There are nine.",
    "4c": "Right: about ¼ to the power 9, which is 0.000004.",
}
for number, answer in answers.items():
    print(f"{number}: {replies.get(f'{number}{answer}', 'no answer yet (a, b or c)')}")

# %% [markdown] question="silent-front" points=4
# ## 12 In your own words
#
# A friend trains a chain of twenty sigmoid neurons. The last few weights change, the first ones
# hardly at all. "Then the first neurons must be right already," says the friend. Explain with the
# formula of section 3 what really happens and where the small factors come from. Would a learning
# rate a million times larger help? Name something that would. About five sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** A small derivative does not mean that the parameter is right, only that moving
# it a little changes the cost little. Each step back multiplies the delta by w·σ′(z), and σ′ is at
# most ¼, less still where a neuron is saturated. With weights of ordinary size the factor is below
# 1, and nineteen of them make nearly 0. A rate a million times larger would suit the first weights
# perhaps, but the last ones get the same rate and would overshoot wildly. What helps: an activation
# whose slope is 1, such as ReLU; fewer layers; weights of a size that keeps w·σ′ near 1; or rates
# that differ from parameter to parameter.
#
# **Rubric**, one point each:
# - a small derivative is not "right already";
# - the factor w·σ′ per neuron, with σ′ ≤ ¼, multiplied many times;
# - one large rate makes the last weights overshoot;
# - names a remedy that works (ReLU, size of the weights, fewer layers, separate rates).
# ### END SOLUTION

# %% [markdown]
# ## Looking back
#
# One sentence each: What is a delta? Why does one begin at the output? Why is `W2` transposed on the
# way back? Which of your predictions was furthest off?
#
# You have all the links. **Next:** lesson 08 uses them to train a published net, number for number;
# lesson 09 turns them into code for any number of layers.
#
# <details><summary>Errata of deck C, all of them found above</summary>
#
# | slide | printed | should be |
# |---|---|---|
# | "How to calculate “Delta” for Output Neurons" | label − output | output − label, or add |
# | "Tracking a change in output of neuron A" | AC × Dδ | AD × Dδ |
# | "Change in Error Vs. Change in Weight" | reduces the error by unity | one step with η = 1 |
# | "Tiny Net is a DL Net" | input layer is included | it is not counted |
#
# </details>
#
# **Sources** Deck A, *Deep Learning & Neural Networks*; deck B, *How (Shallow) Neural Networks
# work*; deck C, *ANN: Neurons, Feedforward Nets, Activation Functions, I/O Layers*; deck D,
# *Introduction to TensorFlow and artificial neural networks*. Text CC BY 4.0, code BSD-3-Clause.
