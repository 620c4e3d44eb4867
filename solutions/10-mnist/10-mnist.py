# %% [markdown]
# # 10 · Thirteen thousand numbers learn to read
#
# You have the forward pass, the cost and the gradients. In this lesson you put them into a loop,
# and a net that says 4 to everybody becomes one that reads handwriting. Then you look inside and
# ask what it has found.
#
# **Afterwards you can**
# - cut the examples into mini-batches, and say who updates when;
# - train a net of any size with a program of your own;
# - tell its accuracy, its worst mistakes and which digits it confuses;
# - say what its hidden neurons look for, and what they do not.
#
# **Time** 60–75 minutes. **Builds on** lessons 04 (forward pass, 13,002 parameters), 05 (quadratic
# cost), 06 (a step against the gradient) and 09 (`backward`).
#
# **Sources** Decks A and D; the line under each heading names the slides. The cost is deck D's,
# $\frac{1}{2n}\sum\lVert y - a\rVert^2$: with ½, a **mean** over the examples, a sum over the ten
# outputs.
#
# ## 1 The pictures and the net
#
# *Deck A, "2.1 NN examples: MNIST dataset", "2.2 NN basics: multilayer perceptron", "2.2 NN basics:
# it's all maths"*
#
# A picture is 28 × 28 grey values from 0 (black) to 1 (white): 784 numbers in, ten labels out. The
# 1,797 digits of lesson 00 are always at hand; section 8 takes the 70,000 of MNIST, which have the
# same shape. 360 digits are set apart as **test** pictures: the net is never trained on them, so
# they tell what it makes of a hand it has not seen.
#
# The next cell repeats what you wrote in lessons 04, 05 and 09, so that an old mistake does not
# follow you.

# %%
from itertools import islice, pairwise
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np

import nnkit as nn

np.set_printoptions(precision=3, suppress=True, linewidth=110)


def sigmoid(z):
    """Return 1 / (1 + e^(−z))."""
    return 1 / (1 + np.exp(-z))


def init_params(sizes, rng):
    """Return a pair (W, b) for every layer, drawn between −1 and 1: lesson 04."""
    return [
        (rng.uniform(-1, 1, (n_out, n_in)), rng.uniform(-1, 1, n_out))
        for n_in, n_out in pairwise(sizes)
    ]


def as_tensors(params):
    """Return params with every W and b as a tensor, in case they are lists."""
    return [(np.asarray(W), np.asarray(b)) for W, b in params]


def forward(X, params):
    """Return [X, A1, …, AL]: lesson 04."""
    activations = [np.asarray(X)]
    for W, b in as_tensors(params):
        activations.append(sigmoid(activations[-1] @ W.T + b))
    return activations


def quadratic_cost(A, Y):
    """Return 1/(2n) Σ ‖y − a‖²: lesson 05."""
    return np.sum((Y - A) ** 2) / (2 * len(A))


def backward(params, activations, Y):
    """Return a pair (dW, db) for every layer, the gradients of the quadratic cost: lesson 09."""
    grads = []
    out = activations[-1]
    delta = (out - Y) * out * (1 - out) / len(Y)
    for layer in reversed(range(len(params))):
        a = activations[layer]  # what came into the layer
        grads.insert(0, (delta.T @ a, delta.sum(axis=0)))
        delta = (delta @ params[layer][0]) * a * (1 - a)
    return grads


digits = nn.digits()
X, Y, labels = digits.X_train, digits.Y_train, digits.y_train
X_test, labels_test = digits.X_test, digits.y_test
print(f"training {X.shape}, test {X_test.shape}, grey values from {X.min():.0f} to {X.max():.0f}")

# %% [markdown]
# > **Predict.** The net is deck A's, 784-16-16-10. How many parameters? Some pixels are black in
# > *every* training picture. What will the gradient of a weight be that leads from such a pixel?

# %%
start = init_params([784, 16, 16, 10], np.random.default_rng(0))
print("parameters:", " + ".join(f"{W.size + b.size:,}" for W, b in start), end=" = ")
print(f"{sum(W.size + b.size for W, b in start):,}")

always_black = X.max(axis=0) == 0
first_grads = backward(start, forward(X, start), Y)[0][0]
print(f"always black: {always_black.sum()} pixels, so {always_black.sum() * 16:,} weights")
print("largest of their gradients:", abs(first_grads[:, always_black]).max())
print(f"largest of the others:      {abs(first_grads[:, ~always_black]).max():.4f}")

_, axes = plt.subplots(2, 10, figsize=(10, 2.3), layout="constrained")
for ax, picture, label in zip(axes.flat, X, labels, strict=False):
    ax.imshow(picture.reshape(28, 28), cmap="gray")
    ax.set_title(label, fontsize="medium")
    ax.set_axis_off()
plt.show()

# %% [markdown]
# The figure shows the first twenty training pictures with their labels. 12,560 + 272 + 170 =
# **13,002**. A weight's gradient is delta times what comes in, and a black pixel sends 0: 6,832
# weights, more than half of all, will *never* move. Remember them for section 6.
#
# ## 2 A few at a time
#
# *Deck D, "Batch Gradient", "Stochastic Gradient", "Mini Batch Gradient"*
#
# One pass through all training pictures is an **epoch**. The gradient may be taken over more or
# fewer pictures before a step is made:
#
# | name | pictures for one update | updates in an epoch of 1,437 |
# |---|---|---|
# | batch gradient descent | all | 1 |
# | mini-batch | a fixed few, here 10 | ? |
# | stochastic | one | 1,437 |
#
# Each time the update uses the *mean* gradient of its own pictures. Deck B's lesson 08 was batch
# gradient descent (with the sum).
#
# > **Predict** the question mark. 1,437 is not a multiple of 10.
#
# The pictures are **shuffled** before every epoch, or the same ten would always pull together.
# `rng.permutation(n)` gives the numbers 0 … n − 1 in random order; `X[rows]` with such numbers
# picks rows. Use the *same* numbers for X and Y: a picture must keep its label.


# %% exercise="iterate_minibatches"
def iterate_minibatches(X, Y, batch_size, rng):
    """Return the mini-batches of one epoch: a list of pairs (X_batch, Y_batch).

    X is (n, n_in), Y is (n, k) or (n,). Every example comes once, in an order drawn from rng, each
    row of X with its row of Y. All batches have batch_size rows but the last, which holds the rest.
    A generator (a function with yield) is right too.

    Example: 7 rows and batch_size 3 give batches of 3, 3 and 1 rows.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    batches = []
    for first in range(0, len(X), batch_size):
        rows = order[first : first + batch_size]
        batches.append((X[rows], Y[rows]))
    return batches
    ### END SOLUTION


# %% check="iterate_minibatches" points=11

# %% tags=["raises-exception"]
# Your functions: iterate_minibatches
for batch_size in (len(X), 10, 1):
    rows = [
        len(X_batch)
        for X_batch, _ in iterate_minibatches(X, Y, batch_size, np.random.default_rng(0))
    ]
    print(f"batch size {batch_size:5,}: {len(rows):5,} updates, the last one with {rows[-1]} rows")

# %% [markdown]
# 144 updates: 143 with ten pictures and one with the seven that are left.
#
# ## 3 One step
#
# *Deck A, "2.5 Optimisation: gradient descent I", "2.6 Backpropagation: maths I"*
#
# Lesson 06's step, $p \to p - \alpha\,\nabla C(p)$, for every `W` and every `b`. Return *new* arrays;
# whoever called you may still need the old ones.


# %% exercise="sgd_step"
def sgd_step(params, grads, learning_rate):
    """Return new params, a list of pairs (W, b), one step against the gradients.

    params is a list of (W, b), grads a list of (dW, db) of the same shapes:

        W − learning_rate · dW      b − learning_rate · db

    Example: params [([[1, 2]], [3])], grads [([[10, 0]], [−10])] and learning_rate 0.1 give
    [([[0, 2]], [4])].
    """
    ### BEGIN SOLUTION
    return [
        (W - learning_rate * dW, b - learning_rate * db)
        for (W, b), (dW, db) in zip(params, grads, strict=True)
    ]
    ### END SOLUTION


# %% check="sgd_step" points=6

# %% [markdown]
# > **Predict.** The untrained net costs about 1.3 on all pictures. What will one step on all of them
# > do with learning rate 1? With 5? With 100?

# %% tags=["raises-exception"]
# Your functions: sgd_step
activations = forward(X, start)
grads = backward(start, activations, Y)
print(f"before   {quadratic_cost(activations[-1], Y):.4f}")
for learning_rate in (1, 5, 100):
    after = sgd_step(start, grads, learning_rate)
    print(f"rate {learning_rate:3} {quadratic_cost(forward(X, after)[-1], Y):.4f}")

# %% [markdown]
# 1.288 becomes 0.839, and with rate 5 0.463. Nothing has been read yet: the untrained net's outputs
# are too high for nearly every digit, so the quickest gain is to lower all ten. Two marks to remember:
# "0 everywhere" costs 0.5, and "0.1 everywhere" 0.45 (half of lesson 05's numbers, because of the ½).
# The step with rate 100 overshoots: it drives nine of the ten outputs to 0, where the sigmoid is flat
# and the next gradient tiny.
#
# ## 4 One epoch
#
# *Deck A, "2.3 NN training"*
#
# Now the loop that everything was for. For each mini-batch: **forward**, **backward** (the cost
# itself need not be calculated, only its gradients), **update**. The next mini-batch starts from
# the *new* parameters.


# %% exercise="train_epoch"
def train_epoch(params, X, Y, batch_size, learning_rate, rng):
    """Return the params after one pass over shuffled mini-batches, one sgd_step for each.

    X is (n, n_in), Y is (n, k), params is a list of (W, b). The cost of a batch of m rows is
    1/(2m) Σ ‖y − a‖², as in lesson 09's backward, which divides by the rows it is given.

    Example: with batch_size n the result is that of a single step on all examples.
    """
    ### BEGIN SOLUTION
    for X_batch, Y_batch in iterate_minibatches(X, Y, batch_size, rng):
        grads = backward(params, forward(X_batch, params), Y_batch)
        params = sgd_step(params, grads, learning_rate)
    return params
    ### END SOLUTION


# %% check="train_epoch" points=12

# %% [markdown]
# ## 5 Train it
#
# The cost says how far the outputs are off. For people one wants a plainer number: the
# **accuracy**, the share of pictures whose largest output is at the right digit.


# %% exercise="accuracy"
def accuracy(P, labels):
    """Return the share (0 to 1) of rows whose largest entry is at the label.

    P is (n, k), what the outputs hold for every example; labels is (n,), the right class numbers.

    Example: P [[0.1, 0.9], [0.8, 0.3]] and labels [1, 1] give 0.5: the first is right.
    """
    ### BEGIN SOLUTION
    return np.mean(P.argmax(axis=1) == labels)
    ### END SOLUTION


# %% check="accuracy" points=7

# %% [markdown]
# Thirty epochs, mini-batches of 10, learning rate 1. The columns are the cost on the training
# pictures and the accuracy on training and test pictures.
#
# > **Predict** the test accuracy after the first epoch and after the last. Which accuracy will be
# > higher, that of the training or that of the test pictures?


# %% tags=["raises-exception"]
# Your functions: iterate_minibatches, sgd_step, train_epoch, accuracy
def nets_after(start, epochs):
    """Return the params after 0, 1, …, epochs passes of mini-batches of 10, learning rate 1."""
    rng, nets = np.random.default_rng(0), [start]
    for _ in range(epochs):
        nets.append(train_epoch(nets[-1], X, Y, 10, 1.0, rng))
    return nets


costs, right_train, right_test = [], [], []
for epoch, params in enumerate(nets_after(start, 30)):
    out = forward(X, params)[-1]
    costs.append(quadratic_cost(out, Y))
    right_train.append(accuracy(out, labels))
    right_test.append(accuracy(forward(X_test, params)[-1], labels_test))
    if epoch in (0, 1, 2, 5, 10, 20, 30):
        print(f"epoch {epoch:2}: cost {costs[-1]:.3f}", end="")
        print(f", training {right_train[-1]:.1%}, test {right_test[-1]:.1%}")

fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.3), layout="constrained")
left.plot(costs, "k")
left.axhline(0.45, color="grey", linestyle=":")
left.set(xlabel="epoch", ylabel="cost, training", ylim=(0, None))
right.plot(right_train, "k-", label="training")
right.plot(right_test, "k--", label="test")
right.set(xlabel="epoch", ylabel="accuracy", ylim=(0, 1))
right.legend()
plt.show()

# %% [markdown]
# From 10 % to 96 %, in seconds. The left figure shows the cost; its dotted line is "0.1 everywhere",
# and it takes an epoch to get below that. The right one shows the accuracy, unbroken for training,
# dashed for test pictures. They rise together, then the dashed line stays a little lower: the net
# knows the training pictures by now, and some of what it knows is true of them alone. Only the test
# tells what it makes of new ones.
#
# Your numbers may differ a little if your function draws its order in another way: with five other
# orders we got 95.3 % to 95.8 %.
#
# ### Who updates when, compared
#
# The same start, the same learning rate, five epochs: every picture is seen five times each way.
#
# > **Predict.** Which of the three is furthest after five epochs? Which is quickest?

# %% tags=["raises-exception"]
# Your functions: iterate_minibatches, sgd_step, train_epoch, accuracy
curves = {}
for name, batch_size in {"batch": len(X), "mini-batch": 10, "stochastic": 1}.items():
    rng, net, curves[name] = np.random.default_rng(0), start, []
    began = perf_counter()
    for _ in range(5):
        net = train_epoch(net, X, Y, batch_size, 1.0, rng)
        curves[name].append(quadratic_cost(forward(X, net)[-1], Y))
    seconds = perf_counter() - began
    share = accuracy(forward(X_test, net)[-1], labels_test)
    print(f"{name:10} test {share:5.1%}, {seconds:4.1f} s, costs", np.round(curves[name], 3))
ax = nn.plots.loss_curve(curves)
ax.set_xticks(range(1, 6))
plt.show()

# %% [markdown]
# The figure shows the costs of the three. Five passes, the same pictures: batch gradient descent has
# made *five* updates, and its net knows nothing yet. Stochastic gradient descent made 7,185 and is
# furthest, but look at the seconds: numpy is quick when it may take many rows at once, and here it
# never may. Its cost also went *up* on the way, from epoch 2 to 4. Mini-batches stand between: many
# updates, and some rows at a time. (One learning rate for all three is not quite fair. Lesson 11
# compares them again.)
#
# Is a mini-batch's step as good as a step on everything? The next cell takes the net after five
# epochs of mini-batches and compares, for up to 150 mini-batches, the direction of their gradient with
# that of all 1,437 pictures, by the cosine of the angle between them: 1 is the same direction, 0 a
# right angle, below 0 away from it.
#
# > **Predict** the mean cosine for 1, 10 and 100 pictures.


# %% tags=["raises-exception"]
# Your functions: iterate_minibatches, sgd_step, train_epoch
def direction(params, X, Y):
    """Return the gradient of all parameters in one vector of length 1."""
    grads = backward(params, forward(X, params), Y)
    g = np.concatenate([array.reshape(-1) for pair in grads for array in pair])
    return g / np.linalg.norm(g)


halfway = nets_after(start, 5)[-1]
everything = direction(halfway, X, Y)
for batch_size in (1, 10, 100):
    batches = iterate_minibatches(X, Y, batch_size, np.random.default_rng(0))
    cosines = np.array([direction(halfway, *batch) @ everything for batch in islice(batches, 150)])
    print(f"{batch_size:3} pictures: mean cosine {cosines.mean():.2f},", end=" ")
    print(f"{(cosines < 0).mean():.0%} point away")

# %% [markdown]
# Less accurate, clearly. A single picture's gradient hardly has to do with the whole (0.13), and one
# in three even leads away from it; with ten it is 0.24, with a hundred 0.64. But see the price: a
# hundred times the work makes the direction about five times as good. 144 rough steps lead further
# than one exact step, and they cost the same pass. That is the benefit of mini-batches.
#
# ## 6 What the hidden neurons look for
#
# *Deck A, "2.2 NN basics: feature recognition", "2.2 NN basics: the components I"*
#
# Lesson 04 told deck A's hope: the first hidden layer finds edges, the second puts them together.
# There you *made* such neurons by hand, +1 on the stroke and −1 beside it. The next figure shows the
# weights that your 16 neurons have *learned*, bright for positive, dark for negative, grey for 0.
#
# > **Predict.** Draw what you hope to see in one of them.

# %% tags=["raises-exception"]
# Your functions: iterate_minibatches, sgd_step, train_epoch
params = as_tensors(nets_after(start, 30)[-1])
W1, W1_start = params[0][0], start[0][0]
nn.plots.weight_pictures(W1)
plt.show()
moved = abs(W1 - W1_start)
print(f"weights that never moved: {(moved == 0).sum():,} of {W1.size:,}")
print(
    f"size of the start {abs(W1_start).mean():.2f}; the others moved {moved[moved > 0].mean():.2f}"
)
print(f"correlation of start and end: {np.corrcoef(W1.ravel(), W1_start.ravel())[0, 1]:.2f}")

# %% [markdown]
# The figure shows noise. The net reads 96 % of what it has never seen, and there is hardly an edge in
# it: a bright smudge in 5 and 15, a dark one in 6. The numbers say why. The frame of black pixels,
# 6,832 weights, still holds what chance put there; the others moved by 0.12 on average, and they began
# at 0.50. What was learned is there, hidden under what was drawn.
#
# Let us remove what chance has put there. The same training once more, with the first weights drawn
# 28 times smaller (28 = √784; lesson 04 showed that sums of so many random terms become large).
# Whatever is seen afterwards has been learned.
#
# > **Predict,** then move the slider. After how many epochs is there something to see? Do you find
# > an edge, a stroke, a digit? In which part of the picture is nothing?

# %% tags=["raises-exception"]
# Your functions: iterate_minibatches, sgd_step, train_epoch, accuracy
small = [(start[0][0] / 28, start[0][1]), *start[1:]]
history = nets_after(small, 30)


def look(epoch, ax):
    """Show the weights of the first hidden layer after so many epochs."""
    nn.plots.weight_pictures(np.asarray(history[epoch][0][0]), ax=ax)
    share = accuracy(forward(X_test, history[epoch])[-1], labels_test)
    return f"Epoch {epoch}: test accuracy {share:.1%}."


nn.widgets.slider(
    look, [0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30], name="epoch", start=10, figsize=(9, 3)
)

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# At 0 there is noise (read the scale at the right, which each frame has for itself: it ends near
# 0.04). After the first epoch already there are soft patches, bright where white excites the neuron,
# dark where it calms it. Later they break up into smaller ones. The frame of black pixels stays as
# it was, near 0.
# Some patches could be pieces of strokes, such as the short bar in the upper middle of 5; most have no
# name. No tidy edges, no digits, and the test accuracy is 96.1 %, as good as before.
#
# </details>
#
# A picture of weights says what a neuron *multiplies with*. What it does can also be asked: for
# which digits is it on? The table shows, for each neuron of both hidden layers, the digits for
# which its mean activation is above ½.
#
# > **Predict.** For how many digits will a typical neuron be on: one, or several?

# %% tags=["raises-exception"]
# Your functions: iterate_minibatches, sgd_step, train_epoch
_, A1, A2, _ = forward(X, nets_after(small, 30)[-1])
print("neuron   layer 1      layer 2")
for neuron in range(16):
    on = []
    for A in (A1, A2):
        means = [A[labels == digit, neuron].mean() for digit in range(10)]
        on.append("".join(str(digit) if mean > 0.5 else "·" for digit, mean in enumerate(means)))
    print(f"{neuron + 1:6}   {on[0]:12} {on[1]}")

# %% [markdown]
# Several. No neuron of either layer is on for one digit only, and neuron 11 of the second layer is on
# for all ten. Layer 2 is not more orderly than layer 1. The digits are told apart by the *pattern* of
# all 16: each answers a question without a name, and ten patterns that differ are enough.
#
# Is deck A's hope wrong, then? The net below has it built in: 16 neurons that look for short
# strokes, made by hand and left alone; only the layers behind them were trained. Click on neurons;
# then *Clear*, and draw a digit in the middle of the paper, and once more close to its edge.

# %%
nn.widgets.Digit(
    "edges by hand", predict="Where will it be read: in the middle, at the edge, or both?"
)

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# In the middle most digits, at the edge few: of the test pictures it reads 86.9 %, and only 57 % if
# they are moved two pixels to the right. It knows places, not shapes, strokes by hand or not.
#
# </details>
#
# 86.9 % is less than your 96 %: what training finds has no names, but lowers the cost further
# ("small start" is trained as yours was).
#
# The hope is an idea of what layers *could* do. Training lowers the cost, nothing else; whatever
# lowers it is welcome. Larger nets that see small pieces of a picture at a time do find edges, and
# people saw it by looking, as you did.
#
# ## 7 The worst mistakes
#
# A **confusion matrix** counts all answers: a row for each true digit, a column for each answer.
# Right answers are on the diagonal.


# %% exercise="confusion_matrix"
def confusion_matrix(predicted, labels, n_classes):
    """Return how often each class was taken for each: counts (n_classes, n_classes).

    predicted and labels are (n,), class numbers from 0 to n_classes − 1. The true label is the row,
    the predicted class the column; classes that never occur keep their row and column of zeros.

    Example: predicted [0, 1, 1], labels [0, 1, 0] and n_classes 2 give [[1, 1], [0, 1]].
    """
    ### BEGIN SOLUTION
    counts = np.zeros((n_classes, n_classes), dtype=int)
    for guess, label in zip(predicted, labels, strict=True):
        counts[label, guess] += 1
    return counts
    ### END SOLUTION


# %% check="confusion_matrix" points=7

# %% [markdown]
# Back to the net of section 5. The first figure shows the eight test pictures that cost most among
# those it gets wrong; above each the label and the answer. The second is the confusion matrix.
#
# > **Predict.** Would *you* have read the eight rightly? Which digit will most often be taken for
# > which other, and is that other taken for it as often?

# %% tags=["raises-exception"]
# Your functions: iterate_minibatches, sgd_step, train_epoch, confusion_matrix
out = forward(X_test, nets_after(start, 30)[-1])[-1]
answers = out.argmax(axis=1)
picture_costs = np.sum((digits.Y_test - out) ** 2, axis=1) / 2
wrong = np.flatnonzero(answers != labels_test)
worst = wrong[np.argsort(-picture_costs[wrong])][:8]
print(f"{len(wrong)} of {len(labels_test)} test pictures are answered wrongly")

_, axes = plt.subplots(1, 8, figsize=(12, 2.2), layout="constrained")
for ax, i in zip(axes, worst, strict=False):
    ax.imshow(X_test[i].reshape(28, 28), cmap="gray")
    ax.set_title(f"a {labels_test[i]},\ntaken for {answers[i]}", fontsize="medium")
    ax.set_axis_off()
    print(f"{labels_test[i]} taken for {answers[i]}: output {out[i, answers[i]]:.2f}", end="")
    print(f", output of the right digit {out[i, labels_test[i]]:.2f}, cost {picture_costs[i]:.2f}")
plt.show()

counts = np.asarray(confusion_matrix(answers, labels_test, 10))
print(f"on the diagonal {np.trace(counts)} of {counts.sum()}")
print("found of each digit:", np.round(np.diag(counts) / counts.sum(axis=1), 2))
nn.plots.confusion_matrix(counts)
plt.show()

# %% [markdown]
# Some of the eight are hard: the hook of the 7 nearly closes, as in a 9, and two of the 3s have lost
# their open mouths. Others are not. The last is a 0 that anybody can read, and the net says 4, with
# 0.70. Nor does it say how unsure it is: the 7 is called a 9 with 0.93. "I don't know" is not
# among its ten answers (lesson 14 comes back to that).
#
# The matrix shows the counts; the brighter, the larger the share of the row. 3 is found least often,
# 31 times of 36. Three of the missing five were taken for 8, but no 8 was taken for a 3: confusion has
# a direction, and accuracy alone would have hidden it. Be careful, though: 15 mistakes are few. With
# another order of the pictures they are partly others.
#
# ## 8 Now MNIST
#
# *Deck A, "2.1 NN examples: MNIST dataset"*
#
# `nn.load` takes MNIST where it can be had (it is downloaded once, 11 MB) and says so where it
# cannot; then the digits do. Your functions need no change: that is what "any number of examples"
# was good for.
#
# > **Predict.** MNIST has 60,000 training pictures. How many updates are in one epoch, and how many
# > epochs of *our* digits are that?

# %% tags=["raises-exception"]
# Your functions: iterate_minibatches, sgd_step, train_epoch, accuracy
rng, net = np.random.default_rng(0), start
data = nn.load("mnist", fallback="digits")
for epoch in range(1, 6):
    net = train_epoch(net, data.X_train, data.Y_train, 10, 1.0, rng)
    share = accuracy(forward(data.X_test, net)[-1], data.y_test)
    print(f"epoch {epoch}: {data.name}, test {share:.1%}")

# %% [markdown]
# 6,000 updates, as many as in 42 epochs of our digits. Without MNIST you see section 5's numbers
# again, up to 74 %. **With MNIST** we got 90.2 % after the first epoch and 93.3 % after the fifth: more
# pictures, more hands, more ways to write a 4. Twenty epochs bring it to about 94.5 %. (The 96 % on
# our digits flatter: the same people wrote training and test pictures.)
#
# ## 9 What usually goes wrong
#
# The names are those that the checks use. "Test" is the test accuracy after 30 epochs, which should
# be 96 %.
#
# | you see | what happened |
# |---|---|
# | test 11 %, for ever | `breaks-pairs`: X and Y were shuffled apart |
# | test 20 % | `first-batch-only`: a `return` inside the loop ends it after one step |
# | test 10 %, cost 0.50 | `stale-state`: all gradients taken at the params of the beginning |
# | test 6 %, cost 4.50 | `wrong-sign`: the cost is made larger |
# | test 61 % | `mean-instead-of-sum`: divided by the ten outputs too; a tenth of the step |
# | test 92 % | `sum-instead-of-mean`: ten times the step |
# | test 95 % or 96 %, as it should be | `missing-learning-rate` (our rate is 1; the check's is not), |
# | | `missing-bias` (42 of 13,002, they are hardly missed), |
# | | `no-shuffle` (our digits come shuffled; sorted by label, test 65 %), |
# | | `with-replacement` (some pictures twice, others not at all) |
# | 143 updates in an epoch | `drops-last-batch`: seven pictures are never seen |
# | accuracy 0.04 | `error-rate`: the share of the wrong ones |
# | accuracy 345 | `sum-instead-of-mean`: a share is between 0 and 1 |
# | three 8s taken for 3 | `swapped`: rows are the true digits |
# | no count above 1 | `counts-once`: `counts[labels, predicted] += 1` adds once per cell |
# | a second training starts trained | `modifies-arguments`: `W -= …` changes `start` itself |
#
# Look at the block in the middle: a mistake need not show. A net learns around a good deal of
# nonsense, and "it trains" proves little. That is what checks are for.
#
# ## 10 Quiz
#
# Deck A's four questions ("Questions I", "Questions II"), sharpened.
#
# 1. Later layers build more and more abstract pictures of the input. Is that so? (a) Yes, training
#    guarantees it, (b) no, every layer looks at the pixels, or (c) it is the idea of a deep net, and
#    whether a net does it must be looked at.
# 2. What does training change? (a) The weights, (b) the weights and the biases or (c) the weights,
#    the biases and the activation functions?
# 3. What raises a neuron's activation most surely? (a) Raise its weights, each in proportion to the
#    activation it multiplies, (b) lower its bias or (c) raise all activations of the layer before,
#    whatever their weights?
# 4. What is the benefit of mini-batches? (a) Each update is more accurate, (b) many more updates
#    for the same work or (c) no learning rate is needed?

# %%
# Put "a", "b" or "c" in place of None, then run this cell and the folded one below it.
answers = {1: None, 2: None, 3: None, 4: None}

# %% jupyter={"source_hidden": true}
replies = {
    "1a": "Not quite: training lowers the cost. What did the first layer of your net look like?",
    "1b": "Not quite: only the first layer sees pixels; the others see activations.",
    "1c": "Right: the hope is real, but nothing in the cost asks for it.",
    "2a": "Not quite: there is one parameter per neuron that comes with no input.",
    "2b": "Right: 12,960 weights and 42 biases. The activation was our choice.",
    "2c": "Not quite: the sigmoid stays a sigmoid; it was chosen beforehand.",
    "3a": "Right: an input that is strongly on makes its weight count most.",
    "3b": "Not quite: a lower bias lowers the sum, and the sigmoid with it.",
    "3c": "Not quite: behind a negative weight it lowers the sum. In proportion to the weights, yes.",
    "4a": "Not quite: less accurate. Look at the cosines of section 5 again.",
    "4b": "Right: a rough direction, 144 times an epoch, beats a perfect one once.",
    "4c": "Not quite: it is there in each of them, and it matters.",
}
for number, answer in answers.items():
    print(f"{number}: {replies.get(f'{number}{answer}', 'no answer yet (a, b or c)')}")

# %% [markdown] question="edges" points=4
# ## 11 In your own words
#
# A friend explains: "The first hidden layer finds edges, the second loops and lines, the last one
# digits. That is how the net reads." What do the pictures and the table of section 6 say to that?
# Why does training not *have* to find edges, and how can the net be right all the same? Name one
# thing you could do to find out what a certain neuron does. About five sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** In the first training the pictures are mostly the random start: more than half of
# the weights never moved, and the others moved less than they were large. With a small start one
# sees what was learned: broad bright and dark patches, some like pieces of strokes, but no tidy edge
# at one place, and a neuron is on for several digits, not for one shape. Training only lowers the
# cost; every set of 16 neurons whose answers together tell the digits apart is as good as edges
# would be, and there are many more of those. The net is right because the next layers weigh all 16
# together: the pattern of who is on tells the digit, though no single neuron has a name. To find out
# what a neuron does I could sort the pictures by its activation and look at the first and last, or
# set it to 0 and see which digits are then confused.
#
# **Rubric**, one point each:
# - describes what was seen (noise of the start, or patches; on for several digits), not what was
#   hoped for;
# - says that the cost asks for right answers only, so that nothing demands edges;
# - explains that digits are told apart by many neurons together;
# - names a test that would work (activations sorted, neuron switched off, other seed or start).
# ### END SOLUTION

# %% [markdown]
# ## Looking back
#
# You have trained 13,002 numbers with functions that you wrote, every line of them. One sentence
# each: Why is the order shuffled? Why are there test pictures? What does a hidden neuron look for?
#
# 30 epochs with a fixed learning rate do it, but nobody said that this is the quickest way down.
# **Next:** lesson 11 compares the ways.
#
# **Sources** Deck A, *Deep Learning & Neural Networks*; deck D, *Introduction to TensorFlow and
# artificial neural networks*. Text CC BY 4.0, code BSD-3-Clause.
