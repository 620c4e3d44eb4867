# %% [markdown]
# # 04 · Layer upon layer
#
# One neuron answers one question. In this lesson you put neurons side by side into layers and
# layers one behind the other, until 784 pixels go in at one end and ten numbers come out at the
# other. The net will be complete; it will know nothing yet.
#
# **Afterwards you can**
# - count the layers, the weights and the biases of a net;
# - say which choices the data make for you, and which are yours;
# - draw random weights so that others get the same ones;
# - send any number of examples through a net of any depth;
# - make a neuron by hand that looks for a stroke.
#
# **Time** 60–75 minutes. **Builds on** lessons 00 (rows, one-hot), 01 (weighted sum, `W`, `b`), 02
# (sigmoid) and 03 (the largest of several outputs).
#
# **Sources** Decks A, B and C; the line under each heading names the slides. Our digits are
# lesson 00's.
#
# ## 1 Many neurons: a layer
#
# *Deck A, "2.2 NN basics: the neuron", "2.2 NN basics: multilayer perceptron", "2.2 NN basics: the
# components I", "2.2 NN basics: the components II"*
#
# You know all the parts. A neuron holds one number, its activation $a = \sigma(w\cdot x + b)$.
# Neurons with the same inputs make a **layer**: their weights are the rows of `W`, their biases
# stand in `b`, and $a = \sigma(Wx + b)$ is the whole layer at once. What a layer holds is the input
# of the next.
#
# For digits the first row of numbers is the picture: 784 pixels. The last is the answer: ten
# activations, one per digit. Between them lie the hidden layers. Deck A's net has two of them, 16
# neurons each: **784-16-16-10**, a *multilayer perceptron*. Lesson 00 showed a drawing of it.

# %%
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

import nnkit as nn

np.set_printoptions(precision=3, suppress=True, linewidth=110)


def sigmoid(z):
    """Return 1 / (1 + e^(−z)), lesson 02's squashing function."""
    return 1 / (1 + np.exp(-z))


def as_tensors(params):
    """Return params with every W and b as a tensor, in case they are lists."""
    return [(np.asarray(W), np.asarray(b)) for W, b in params]


digits = nn.digits()
X, labels = digits.X_train.astype(float), digits.y_train
print("X", X.shape)

# %% [markdown]
# ## 2 Counting layers
#
# *Deck C, "Feedforward Networks", "Layers: Input and Output", "Input layer – some notes",
# "Fully-Connected Layer", "Fully Connected Network"*
#
# Two words that describe every net of this course:
#
# - **Fully connected** (*dense*): every neuron gets the activations of *all* neurons of the layer
#   before it.
# - **Feedforward**: numbers only move on, from the inputs to the outputs; no arrow leads back.
#
# The second is what makes the calculation possible at all. A neuron can be calculated once all it
# needs is there. The next cell asks Python for such an order, for two inputs, two hidden neurons
# and an output; then once more with an arrow back from the output ON to H1.
#
# > **Predict.** What will Python say to the second?

# %%
needs = {"H1": ["IN1", "IN2"], "H2": ["IN1", "IN2"], "ON": ["H1", "H2"]}
print("feedforward:", " ".join(TopologicalSorter(needs).static_order()))

needs["H1"].append("ON")
try:
    print(" ".join(TopologicalSorter(needs).static_order()))
except CycleError as error:
    print("with a way back:", " needed for ".join(error.args[1]))

# %% [markdown]
# H1 waits for ON, and ON waits for H1. (Nets with loops exist; they need a clock that says which
# *earlier* value of ON is meant.)
#
# How many layers are there? Deck C counts what calculates. The input layer only *holds* numbers: it
# is a place in memory, not a row of neurons, and **it is not counted**.
#
# > **Predict.** The figure shows two nets with random weights. How many layers has each by this
# > rule, and how many arrows? The name of the right one is 3-3-3-1.

# %%
rng = np.random.default_rng(7)
nets = {}
for sizes in ([4, 5, 4, 3], [3, 3, 3, 1]):
    nets["-".join(map(str, sizes))] = [
        (rng.uniform(-1, 1, (n_out, n_in)), rng.uniform(-1, 1, n_out))
        for n_in, n_out in pairwise(sizes)
    ]
fig, axes = plt.subplots(1, 2, figsize=(14, 6), layout="constrained")
for ax, (name, params) in zip(axes, nets.items(), strict=True):
    nn.plots.network(params, digits=1, ax=ax)
    ax.set_title(name)
    arrows = [W.size for W, _ in params]
    inputs, outputs = params[0][0].shape[1], len(params[-1][1])
    print(f"{name}: inputs {inputs}, layers {len(params)}, outputs {outputs},", end=" ")
    print("arrows", " + ".join(map(str, arrows)), "=", sum(arrows))
plt.show()

# %% [markdown]
# In each net an arrow joins every circle with every circle to its right, one column on: solid lines
# are positive weights, dashed lines negative ones. The left one is deck C's: 4 inputs, 3 layers, 3
# outputs (how wide the hidden layers are is our choice). The right one has 3 inputs, 3 layers, 1
# output. A list of the layers' `(W, b)` has as many entries as there are layers: we call it
# **`params`**.
#
# Deck A *numbers* otherwise: there $a^{(1)}$ is the input, so $a^{(2)}$ is the first hidden layer and
# $a^{(L)}$, for 784-16-16-10, is $a^{(4)}$. We write $A_1$ for the first layer that calculates, so
# its output is $A_3$.
#
# <details><summary>Erratum of deck C</summary>
#
# "Tiny Net is a DL Net" shows two inputs, neurons A and B, then C and D, calls that two layers, and
# says that the input layer is usually included in the count. With it there would be three: it
# should say *not* included.
#
# </details>
#
# ## 3 Counting parameters
#
# *Deck A, "2.2 NN basics: it's all maths"; deck C, "Fully Connected Network"*
#
# A **parameter** is a number that training may change: a weight or a bias. Each neuron has one
# weight per input and one bias of its own, whether the drawing shows it or not. (In code,
# `pairwise(sizes)` goes through the neighbours in a list: for [2, 3, 1] first (2, 3), then (3, 1).)
#
# > **Predict,** by hand, on paper: the parameters of 784-16-16-10, layer by layer, and the sum.
# > Then those of 3-3-3-1 and of deck B's 2-3-1.


# %% exercise="count_parameters"
def count_parameters(sizes):
    """Return how many weights and biases a fully connected net has, an integer.

    sizes is a list: the number of inputs, then the number of neurons of every layer. A layer of
    n_out neurons with n_in inputs has n_in · n_out weights and n_out biases.

    Example: sizes [4, 2] give 4·2 weights and 2 biases, 10.
    """
    ### BEGIN SOLUTION
    total = 0
    for n_in, n_out in pairwise(sizes):
        total += n_in * n_out + n_out
    return total
    ### END SOLUTION


# %% check="count_parameters" points=6

# %% tags=["raises-exception"]
# Your functions: count_parameters
for sizes in ([784, 16], [16, 16], [16, 10], [784, 16, 16, 10], [3, 3, 3, 1], [2, 3, 1]):
    print(f"{'-'.join(map(str, sizes)):12} {count_parameters(sizes):7,}")
print()
for width in (8, 16, 32, 64):
    print(f"784-{width}-{width}-10: {count_parameters([784, width, width, 10]):,}")

# %% [markdown]
# 12,560 + 272 + 170 = **13,002**. Nearly all of them sit between the pixels and the first hidden
# layer, so the width of *that* layer decides how large the net is. 3-3-3-1 has 28, 21 arrows and 7
# biases; 2-3-1 has 13.
#
# ## 4 Six steps, and who decides
#
# *Deck B, "Steps of estimating neural networks", "Step 1: Design the neural network – b)"*
#
# Deck B makes a working net in six steps:
#
# 1. **design** the net;
# 2. **initialise** its weights and biases;
# 3. **forward**: from inputs to outputs;
# 4. **cost**: how wrong are the outputs?
# 5. **backpropagation**: which parameter is to blame for how much?
# 6. **update** all parameters a little; repeat 3 to 6 until the net is good enough.
#
# This lesson does the first three. Lesson 05 does the fourth, lessons 06 to 09 the rest. Step 1 is a
# list of choices, and fewer of them are free than one would think:
#
# | choice | who decides | deck B | our digits |
# |---|---|---|---|
# | input nodes | the data: one per number of an example | 2 | 784 |
# | output nodes | the task: one for yes or no, one per class | 1 | 10 |
# | activation of the output | the task: what range must it have? | sigmoid | sigmoid |
# | hidden layers and their nodes | **you** | one of 3 | two of 16 |
# | activation of the hidden layers | **you**; each layer may have its own | sigmoid | sigmoid |
# | connections | here: dense, feedforward | 6 + 3 = 9 weights | 12,960 weights |
# | biases | one per hidden and output node | 4 | 42 |
#
# Too few hidden nodes and the net cannot bend enough; many make it slow, and it may learn its
# examples by heart. Nobody can calculate the best number. One tries.
#
# ## 5 Step 2: begin by chance
#
# *Deck B, "Step 2: Initialize the neural network"; deck A, "2.4 Forward pass"*
#
# Before training nobody knows a good weight, so they are drawn at random, by deck B between −1 and
# 1, each number equally likely. The next cell shows the deck's draw for 2-3-1. Its tables have a
# column per *receiving* node: they are our `W` transposed.

# %%
deck_b = nn.two_three_one()
print("IN1 → H, IN2 → H", *deck_b.W1.T)
print("H → ON          ", *deck_b.W2)
print("biases H, ON    ", deck_b.b1, deck_b.b2)
numbers = np.concatenate([p.reshape(-1) for p in deck_b.params])
print(len(numbers), "numbers from", numbers.min(), "to", numbers.max())

# %% [markdown]
# Chance must be *repeatable*, or nobody could ever check your result. So all draws come from one
# generator, `rng = np.random.default_rng(seed)`: the same seed, the same numbers. Whoever calls
# your function makes the generator; you only draw from it: `rng.uniform(-1, 1, shape)`.
#
# > **Predict** the shapes of all six arrays for sizes [784, 16, 16, 10].


# %% exercise="init_params"
def init_params(sizes, rng):
    """Return params, a list with a pair (W, b) for every layer, drawn between −1 and 1.

    sizes is a list as in count_parameters. W is (n_out, n_in), b is (n_out,); every number is drawn
    from rng, uniformly from −1 to 1, in any order.

    Example: sizes [4, 5, 2] give [(W1, b1), (W2, b2)] of shapes (5, 4), (5,) and (2, 5), (2,).
    """
    ### BEGIN SOLUTION
    params = []
    for n_in, n_out in pairwise(sizes):
        W = rng.uniform(-1, 1, (n_out, n_in))
        b = rng.uniform(-1, 1, n_out)
        params.append((W, b))
    return params
    ### END SOLUTION


# %% check="init_params" points=9

# %% [markdown]
# Why random, and not 0.01 everywhere, or 0? The next cell sends one picture into a hidden layer of
# 16, once with random numbers and once with 0.01 for every weight and bias.
#
# > **Predict.** How many *different* activations will there be in each case?

# %% tags=["raises-exception"]
# Your functions: init_params
params = as_tensors(init_params([784, 16, 16, 10], np.random.default_rng(0)))
again = as_tensors(init_params([784, 16, 16, 10], np.random.default_rng(0)))
for number, (W, b) in enumerate(params, start=1):
    print(f"layer {number}: W {W.shape}, b {b.shape}, from {W.min():.3f} to {W.max():.3f}")
print("same seed, same numbers:", (params[0][0] == again[0][0]).all())

W, b = params[0]
alike = np.full(W.shape, 0.01), np.full(b.shape, 0.01)
for name, (W, b) in {"random": params[0], "all 0.01": alike}.items():
    a = sigmoid(W @ X[0] + b)
    print(f"{name:8}  {len(np.unique(a.round(6)))} different activations:", a[:4], "…")

# %% [markdown]
# Sixteen neurons that hold the same number are as good as one. The last section asks you whether
# training can ever tell them apart.
#
# ## 6 Step 3: one layer, many examples
#
# *Deck B, "Step 3: Forward propagation"; deck A, "2.2 NN basics: it's all maths"*
#
# For one example the layer is $\sigma(Wx + b)$. A **batch** has its examples in rows, as always, and
# is sent through at once:
#
# $$A_\text{out} = f(A_\text{in} W^\top + b), \qquad (n, n_\text{in})\,(n_\text{in}, n_\text{out})
# \to (n, n_\text{out}).$$
#
# `b` is added to every row by broadcasting. $f$ is handed over as a *function*: `sigmoid` without
# brackets; inside, you call it.
#
# > **Predict.** Deck B's first row has inputs −0.97 and −0.80. Work out H1 with weights −0.2 and
# > −0.4 and bias 0.1. (σ is 0.62 at 0.5, 0.65 at 0.6, 0.67 at 0.7.)


# %% exercise="dense"
def dense(A, W, b, f):
    """Return f(A Wᵀ + b), what a layer holds for every example of a batch, (n, n_out).

    A is (n, n_in), W is (n_out, n_in), b is (n_out,); f is a function that works element by element.

    Example: A [[1, 2]], W [[3, 4]], b [5] and the f that squares give [[256]]: (3 + 8 + 5)².
    """
    ### BEGIN SOLUTION
    return f(A @ W.T + b)
    ### END SOLUTION


# %% check="dense" points=8

# %% tags=["raises-exception"]
# Your functions: dense
x = deck_b.X[:1]  # the first row, as a batch of one
H = dense(x, deck_b.W1, deck_b.b1, sigmoid)
print("inputs", x, "→ hidden", H, "→ output", dense(H, deck_b.W2, deck_b.b2, sigmoid))

W, b = np.random.default_rng(0).uniform(-1, 1, (16, 784)), np.zeros(16)
print("pictures", X.shape, "→", np.shape(dense(X, W, b, sigmoid)))

# %% [markdown]
# 0.65, 0.49, 0.88 → 0.18: deck B's numbers, and 1,437 pictures in one line.
#
# ## 7 A layer made by hand
#
# *Deck A, "2.2 NN basics: feature recognition", "2.2 NN basics: the components I"*
#
# What could a hidden neuron be *for*? A row of the first `W` has 784 weights, as many as a picture
# has pixels, so it can be drawn as one. Deck A's hope: the first hidden layer finds edges and short
# strokes, the second puts patterns together, the last one digits. Let us make such neurons
# ourselves. A weight is **positive where the stroke should be, and zero or negative elsewhere**.
#
# The figure shows three neurons as pictures of their weights, bright for +1, dark for −1, grey for 0:
# a strip of +1 at the top, at the bottom, at the left, with a strip of −1 on either side of it.
#
# > **Predict.** Which digits excite "top" most, and which "left"? What is the sum of a completely
# > white picture, and of a black one?


# %%
def strip(row):
    """Return 28 × 28 weights: a strip of +1, four rows high from this row on, −1 above and below."""
    weights = np.zeros((28, 28))
    weights[row - 4 : row + 8, 9:19] = -1
    weights[row : row + 4, 9:19] = 1
    return weights


detectors = {"top": strip(4), "bottom": strip(20), "left": strip(8).T}
W1 = np.array([weights.reshape(-1) for weights in detectors.values()])
nn.plots.weight_pictures(W1, titles=list(detectors))
plt.show()

print("white picture:", W1 @ np.ones(784), "  black picture:", W1 @ np.zeros(784))
print("mean sum for each digit", "".join(f"{digit:7}" for digit in range(10)))
only_positive = np.maximum(0, W1[0])
for name, weights in [*zip(detectors, W1, strict=True), ("top, without −1", only_positive)]:
    sums = X @ weights
    print(f"{name:23}", "".join(f"{sums[labels == digit].mean():7.1f}" for digit in range(10)))

# %% [markdown]
# 5, 7 and 3 have a straight top; 0 is the one with a straight left side. The last line shows what
# the negative weights are for. Without them every picture gets a large sum, a white one the
# largest, 40. With them, white *beside* the strip counts against it: what excites the neuron is not
# brightness but an **edge**.
#
# **Play: slide the strip.** One picture of a 7, and the strip at the row you choose. The frame of
# unbroken lines is where weights are +1, the dashed frames are −1.
#
# > **Predict,** then move. At which rows is the sum positive? There are two places. Where is it
# > smallest, and why?

# %%
seven = X[59].reshape(28, 28)


def look(row, ax):
    """Show the strip on the picture, and its sum."""
    ax.imshow(seven, cmap="gray")
    for top, sign, style in [(row - 4, "−", "--"), (row, "+", "-"), (row + 4, "−", "--")]:
        frame = plt.Rectangle(
            (8.5, top - 0.5), 10, 4, fill=False, color="#56B4E9", linestyle=style, lw=2
        )
        ax.add_patch(frame)
        ax.text(24.5, top + 1.5, sign, color="white", va="center", ha="center", fontsize=14)
    ax.set(xlabel="column", ylabel="row")
    z = np.sum(strip(row) * seven)
    return f"Strip from row {row}: weighted sum {z:.1f}, sigmoid {sigmoid(z):.3f}."


nn.widgets.slider(look, list(range(4, 21)), name="row", figsize=(4, 4))

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# At rows 4 and 5, the top of the 7, and at 12 and 13, its crossbar. It is smallest, −48, at row 8:
# there the two strips of −1 lie on the strokes and the strip of +1 on the dark between them.
#
# </details>
#
# Now a second layer, on top of these three: *a 7 has a straight top, no straight bottom and no
# straight left side*. Weights 10, −10, −10 and bias −5 say just that. The biases of the first
# layer, −3, ask for a stroke that is clearly there.
#
# > **Predict.** For what share of the sevens will the output be above 0.5? Which other digit will
# > be taken for a 7 most often?

# %% tags=["raises-exception"]
# Your functions: dense
strokes = dense(X, W1, np.array([-3, -3, -3]), sigmoid)
output = dense(strokes, np.array([[10, -10, -10]]), np.array([-5]), sigmoid)
is_seven = np.asarray(output)[:, 0]
yes = is_seven > 0.5
for digit in range(10):
    print(f"{digit}: {yes[labels == digit].mean():4.0%} taken for a 7")
print(f"of all yeses, {(labels[yes] == 7).mean():.0%} are sevens")

# %% [markdown]
# A net that recognises most sevens, made without any learning. It also shows why nobody works like
# this: every weight was a guess, some eights fool it, and nine digits are still missing. Whether a
# *trained* net finds such tidy strokes, you will see in lesson 10.
#
# ## 8 Any number of layers
#
# *Deck A, "2.4 Forward pass"*
#
# The forward pass is the same line again and again: what a layer gives is what the next one gets.
#
# $$A_1 = \sigma(X W_1^\top + b_1), \quad A_2 = \sigma(A_1 W_2^\top + b_2), \quad\dots,\quad
# A_L = \sigma(A_{L-1} W_L^\top + b_L)$$
#
# Keep *all* of them, not only the last: training will need every one.
#
# > **Predict.** How many arrays come back for 784-16-16-10, and of which shapes, for 1,437 pictures?


# %% exercise="forward"
def forward(X, params):
    """Return [X, A1, …, AL], the inputs and what every layer holds, sigmoid in each.

    X is (n, n_in); params is a list of pairs (W, b), one for each of the L layers. The list has
    L + 1 arrays; A of layer l is (n, number of its neurons).

    Example: X [[1, 2]] and params of two layers, all weights and biases 0, W of shapes (3, 2) and
    (1, 3), give [[[1, 2]], [[0.5, 0.5, 0.5]], [[0.5]]].
    """
    ### BEGIN SOLUTION
    activations = [X]
    for W, b in params:
        activations.append(dense(activations[-1], W, b, sigmoid))
    return activations
    ### END SOLUTION


# %% check="forward" points=10

# %% [markdown]
# Steps 1 to 3 in three lines. The answer of the net is the largest of its ten outputs.
#
# > **Predict.** The weights are random. Which share of the pictures will it get right? What will it
# > answer to the first five, which show 6 6 5 6 6?

# %% tags=["raises-exception"]
# Your functions: init_params, dense, forward
sizes = [784, 16, 16, 10]  # step 1: design
params = as_tensors(init_params(sizes, np.random.default_rng(0)))  # step 2: initialise
activations = [np.asarray(A) for A in forward(X, params)]  # step 3: forward

answers = activations[-1].argmax(axis=1)
print("shapes ", [A.shape for A in activations])
print("labels ", labels[:5], " answers", answers[:5])
print("how often each digit is answered:", np.bincount(answers, minlength=10))
print(f"right: {(answers == labels).mean():.0%}")

fig, axes = plt.subplots(1, 3, figsize=(11, 3.2), layout="constrained", sharey=True)
for ax, A, title in zip(axes, activations[1:], ["A1", "A2", "A3, outputs"], strict=True):
    for picture, marker in zip(range(3), "o^s", strict=True):
        ax.plot(A[picture], marker, fillstyle="none", label=f"picture {picture}")
    ax.set(title=title, xlabel="neuron", ylim=(-0.05, 1.05), xticks=range(0, A.shape[1], 3))
axes[0].set_ylabel("activation")
fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
plt.show()

# %% [markdown]
# It says 4, whatever it sees; one picture in ten happens to show a 4. (If you draw `b` before `W`,
# it is another digit.) The figure tells why: it shows what the neurons hold for the first three
# pictures. In the first layer the three markers are often far apart, and many are saturated, at 0
# or 1, because a sum of so many random terms is large. In the second they have moved together. In
# the outputs they nearly coincide: the net says the same to everybody.
#
# Does that get better or worse with more layers? The last figure measures, for nets of 20 hidden
# layers and three seeds, how far the activations of a layer's neurons lie apart over all pictures,
# from the smallest to the largest, on average. The scale is logarithmic.
#
# > **Predict.** What is left after ten layers: most of it, a tenth, a thousandth?

# %% tags=["raises-exception"]
# Your functions: init_params, dense, forward
spreads = []
for seed in range(3):
    deep = as_tensors(init_params([784, *[16] * 20, 10], np.random.default_rng(seed)))
    spread = [np.ptp(A, axis=0).mean() for A in forward(X, deep)[1:]]
    spreads.append(spread)
    numbers = f"layer 1 {spread[0]:.2f}, layer 3 {spread[2]:.2f}, layer 10 {spread[9]:.4f}"
    print(f"seed {seed}: {numbers}")

_, ax = plt.subplots(figsize=(6, 3.5), layout="constrained")
for seed, style in enumerate(["o-", "^--", "s:"]):
    ax.semilogy(range(1, 22), spreads[seed], style, fillstyle="none", label=f"seed {seed}")
ax.set(xlabel="layer", ylabel="largest − smallest activation", xticks=range(1, 22, 5))
ax.legend()
plt.show()

# %% [markdown]
# About a thousandth. Each layer of sigmoids with such weights passes on half of the differences, or
# less, and half of a half of a half soon is nothing. Depth is not for nothing: the start must be
# chosen with care, and the activation too (lesson 02 showed that ReLU does not flatten what is
# positive).
#
# ### Play: what a hidden layer sees
#
# A net of two inputs can be looked into: each neuron is a map of the plane, bright where its
# activation is high, with a line where its sum is 0. The output should be bright at the triangles.
# *Play* trains it; how, lessons 05 to 09 will show.

# %%
nn.widgets.Playground(
    "circles, one hidden neuron",
    hide=["noise", "n", "pen", "clear", "inputs", "optimizer", "rate", "batch", "regularizer"],
    predict="How many hidden neurons does it take to fence in the inner ring?",
)

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# Three. One neuron sees one line, and 2 of 3 points are right. Two lines make a strip or a wedge,
# 85 %. Three make a triangle with round corners, and that is a fence. Later layers make shapes of such
# lines: add a second layer, click its neurons, try the spirals.
#
# </details>
#
# ## 9 What usually goes wrong
#
# The names are those that the checks use. Numbers are those of 784-16-16-10 and of deck B's first
# row.
#
# | you see | what happened |
# |---|---|
# | 12,960 parameters | `missing-bias`: one for every neuron, too |
# | 13,786 parameters | `off-by-one-layer`: pixels have no biases |
# | 12,560 parameters | `off-by-one-layer`: a `return` inside the loop ends it after one layer |
# | `W` is (784, 16) | `missing-transpose`: rows are neurons, columns are inputs |
# | no weight is negative | `wrong-distribution`: `rng.random` draws from 0 to 1 |
# | the same seed gives other numbers | `not-deterministic`: drawn from somewhere else than `rng` |
# | every seed gives the same numbers | `ignores-argument`: your own generator, made inside |
# | hidden 0.63 0.54 0.83 | `missing-bias` |
# | hidden 0.61 −0.03 2.01 | `missing-activation`: these are the sums |
# | "matmul: … mismatch" | `missing-transpose`: write the shapes beside each other |
# | right with the sigmoid only | `wrong-activation`: call `f`, not `sigmoid` |
# | `forward` returns one array | `wrong-type`: it should return the list |
# | three arrays in place of four | `off-by-one-layer`: X is the first |
#
# ## 10 Quiz
#
# 1. How many layers has 10-5-5-2, counted as deck C does? (a) 4, (b) 3 or (c) 2?
# 2. `A` is (32, 16), `W` is (10, 16). What is the shape of `A @ W.T`? (a) (10, 32), (b) (32, 10) or
#    (c) it does not fit?
# 3. You put a second hidden layer of 16 into 784-16-10. By how much does the number of parameters
#    grow? (a) About 2 %, (b) about 50 % or (c) about 100 %?
# 4. All weights and biases of a net of sigmoids are 0. What does it answer? (a) 0, (b) 0.5 or (c)
#    that depends on the picture?

# %%
# Put "a", "b" or "c" in place of None, then run this cell and the folded one below it.
answers = {1: None, 2: None, 3: None, 4: None}

# %% jupyter={"source_hidden": true}
replies = {
    "1a": "Not quite: the 10 are inputs. They only hold numbers and are not counted.",
    "1b": "Right: 5, 5 and 2 calculate.",
    "1c": "Not quite: those are the hidden layers. The output layer calculates as well.",
    "2a": "Not quite: that would be W @ A.T. Examples stay in the rows.",
    "2b": "Right: (32, 16) times (16, 10). A row per example, a column per neuron.",
    "2c": "Not quite: W.T is (16, 10), and 16 meets 16.",
    "3a": "Right: 272 on top of 12,730. The pixels' layer is the expensive one.",
    "3b": "Not quite: how many arrows join 16 neurons with 16 neurons?",
    "3c": "Not quite: the new layer gets 16 inputs, not 784.",
    "4a": "Not quite: the sums are 0. What does the sigmoid make of 0?",
    "4b": "Right: σ(0) = 0.5 in every neuron, whatever the picture.",
    "4c": "Not quite: every pixel is multiplied by 0.",
}
for number, answer in answers.items():
    print(f"{number}: {replies.get(f'{number}{answer}', 'no answer yet (a, b or c)')}")

# %% [markdown] question="twins" points=4
# ## 11 In your own words
#
# Two hidden neurons of the same layer start with exactly the same weights, the same bias, and the
# same weights on the way out. Training changes a weight by a rule that looks only at the numbers
# around it: what came into the neuron, what it holds, where that goes, with which weight. Can
# training ever make the two different? What does that mean for a layer of 16 that starts with 0.01
# everywhere? What does chance do about it, and would it be enough if only the *biases* were drawn at
# random? About five sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** The two get the same inputs and have the same weights and bias, so for every
# example they hold the same activation. They also pass it on with the same weights, so everything
# the rule looks at is the same for both. Then both get the same change, and after it they are equal
# again: training can never tell them apart. A layer of 16 twins is worth a single neuron, however
# long one trains. Random starting weights make the neurons different from the first step on, and
# each can go its own way. Random biases alone are enough too, if they differ: then the activations
# differ, the changes differ, and after the first updates the weights do as well.
#
# **Rubric**, one point each:
# - says that twins hold the same activation for every example;
# - concludes that their changes are the same, so that they stay twins for ever;
# - says what that means for the layer (worth one neuron) and that chance breaks it;
# - answers the question about biases with a reason (different activations, so different changes; or,
#   with zero weights on the way out, careful: then nothing comes back at first).
# ### END SOLUTION

# %% [markdown]
# ## Looking back
#
# You have a net: 13,002 numbers and three short functions. One sentence each: What is a row of `W`?
# Why is the input layer not counted? Why does the untrained net say 4 to everybody?
#
# It is wrong nine times out of ten, and it does not know. **Next:** lesson 05 gives it a number that
# says *how* wrong.
#
# **Sources** Deck A, *Deep Learning & Neural Networks*; deck B, *How (Shallow) Neural Networks
# work*; deck C, *ANN: Neurons, Feedforward Nets, Activation Functions, I/O Layers*. Text CC BY 4.0,
# code BSD-3-Clause.
