# %% [markdown]
# # 01 · One neuron
#
# Everything in this course is made of one small part: it multiplies, adds, and decides. In this
# lesson you build it, let it price houses and grant loans, stack it in layers, and teach it from
# its mistakes.
#
# **Afterwards you can**
# - calculate what a neuron does, for one example and for many, and say what weights and bias mean;
# - read a drawing of a net as numbers, and numbers as a drawing;
# - say what a bias has to do with a threshold, and hide it among the weights;
# - train a perceptron, and say what no single perceptron can learn.
#
# **Time** 60–75 minutes. **Builds on** lesson 00: tensors, shapes, `@`, examples as rows.
#
# **Sources** Decks A, B, C and D; the line under each heading names the slides. House prices and
# the bank's numbers are this course's own: the decks show none.
#
# ## 1 A cell and its model
#
# *Deck B, "Why neural…"; deck A, "2.2 NN basics: the neuron"; deck C, "Modern Artificial Neurons"*
#
# | nerve cell | artificial neuron |
# |---|---|
# | signals from other cells arrive on *dendrites* | **inputs** $x_1, x_2, \dots$: numbers |
# | contacts are strong or weak, some hinder | a **weight** per input: large, small, negative |
# | the cell body gathers the signals | the **weighted sum** $z = w_1x_1 + w_2x_2 + \dots + b$ |
# | how easily the cell is excited | the **bias** $b$, a number of the neuron's own |
# | beyond some level, it fires along its *axon* | the **activation** $a = f(z)$, sent on to others |
#
# The likeness ends there: a nerve cell sends pulses in time, and nobody knows that it learns as
# ours will. What matters to us is the right column. A neuron *holds one number*, its activation.
# For the digits of lesson 00, the input layer holds 784 activations, the pixels, and the output
# layer 10; "input neurons" only hold numbers, they calculate nothing.

# %% [markdown]
# ## 2 A price from a size
#
# *Deck A, "2.1 NN examples: house prices I"*
#
# The smallest net there is: one input, one neuron. It is to say what a house costs (in thousand €)
# from its size (in m²). There is no threshold here and $f$ changes nothing: the weighted sum is the
# answer.

# %%
import matplotlib.pyplot as plt
import numpy as np

import nnkit as nn

np.set_printoptions(precision=3, suppress=True, linewidth=110)

by_size = nn.house_prices_by_size()
by_size

# %% [markdown]
# > **Predict.** With weight 2.5 and bias 50, what does the neuron say to the first house? In which
# > units are 2.5 and 50, and what do they mean to a buyer?


# %% exercise="weighted_sum"
def weighted_sum(w, x, b):
    """Return w·x + b, the weighted sum of one example: a number.

    w and x are (d,), a weight for every input; b is a number.

    Example: w = [2, −1], x = [3, 4] and b = 0.5 give 2·3 − 1·4 + 0.5 = 2.5.
    """
    ### BEGIN SOLUTION
    return w @ x + b
    ### END SOLUTION


# %% check="weighted_sum" points=6

# %% [markdown]
# The figure shows the 100 houses (triangles) and, as a line, what the neuron answers to every size.

# %% tags=["raises-exception"]
# Your functions: weighted_sum
w, b = np.array([2.5]), 50
for x, price in zip(by_size.X[:3], by_size.y[:3], strict=True):
    print(f"{x[0]:3.0f} m²: the neuron says {weighted_sum(w, x, b):.1f}, the price is {price}")

sizes = np.array([40, 240])
_, ax = plt.subplots(figsize=(6, 3.5), layout="constrained")
ax.plot(by_size.X, by_size.y, "k^", markersize=4, label="houses")
ax.plot(
    sizes, [weighted_sum(w, np.array([size]), b) for size in sizes], label="the neuron's answer"
)
ax.set(xlabel="size (m²)", ylabel="price (thousand €)")
ax.legend()
plt.show()

# %% [markdown]
# The weight is the line's slope, 2,500 € for one more m²; the bias is where it starts, 50,000 € at
# 0 m².
#
# **Play: the line.** Drag weight and bias, or the line itself. The sentence below the picture takes the
# square of every house's error and averages them: make that number small.

# %%
nn.widgets.Neuron("house price", predict="What does the line do when only the bias grows?")

# %% [markdown]
# The bias lifts the line, the weight turns it. Below about 376 no line gets.
#
# ## 3 Four features, and something in between
#
# *Deck A, "2.1 NN examples: house prices II"*
#
# Other houses, with four inputs: size, rooms, postal code (1 is the centre of the town) and the
# wealth of the neighbourhood. A neuron with four weights can use them all. But think as a buyer
# does. You do not pay for a postal code; you pay for what follows from it:
#
# - *space for a family*, from size and rooms;
# - *what can be reached on foot*, from the postal code;
# - *how good the schools are*, from wealth and postal code.
#
# That is a net with a **hidden layer** of three neurons between the four inputs and the price. Each
# hidden neuron sees all four inputs; where one does not matter to it, its weight is 0.
#
# The next cell compares three nets. Nothing is learned here: the first two were fitted by a
# function of numpy, the third has the weights by which the data were made. Hidden neurons cut off
# what is below 0: $f(z) = \max(0, z)$, called ReLU (lesson 02). What `@` and `.T` do in the code is
# the subject of section 4; look at the figure first.
#
# > **Predict.** Prices run from about 100 to 900 (thousand €). By how much is each of the three
# > wrong, on average?

# %%
houses = nn.house_prices()
X, price = houses.X, houses.y

W1 = np.array([[0.01, 0.5, 0, 0], [0, 0, -0.5, 0], [0, 0, -0.2, 0.2]])  # a row per hidden neuron
b1 = np.array([0, 10, -2])
W2 = np.array([[60, 25, 20]])
b2 = np.array([50])


def best_neuron(X):
    """Return what a single linear neuron answers whose weights and bias fit best."""
    with_ones = np.column_stack([np.ones(len(X)), X])
    return with_ones @ np.linalg.lstsq(with_ones, price)[0]


hidden = np.maximum(0, X @ W1.T + b1)
answers = {
    "1-1, size alone": best_neuron(X[:, :1]),
    "4-1, all features": best_neuron(X),
    "4-3-1, hidden layer": (hidden @ W2.T + b2)[:, 0],
}
fig, axes = plt.subplots(1, 3, figsize=(11, 3.8), layout="constrained", sharey=True)
for ax, (name, answer) in zip(axes, answers.items(), strict=True):
    print(f"{name:20} wrong by {abs(answer - price).mean():5.1f} on average")
    ax.plot(price, answer, "k^", markersize=3)
    ax.plot([0, 1100], [0, 1100], "--", color="grey")
    ax.set(title=name, xlabel="price (thousand €)")
axes[0].set_ylabel("the net's answer (thousand €)")
plt.show()

# %% [markdown]
# In each panel a triangle is a house; on the dashed line, answer and price agree. The four features
# bring most. The middle panel still *bends* away from the line: a weighted sum is flat, the prices
# are not. The hidden layer bends with them, and what is left, 8, is the chance that was put into
# the data.
#
# ## 4 Many neurons, many examples: matrices
#
# *Deck A, "2.2 NN basics: the components I", "2.2 NN basics: it's all maths"; deck C, "Typical Drawing
# of Artificial Neuron"*
#
# Write a layer's weights as the rows of a matrix `W`, a row for each neuron, and its biases as `b`.
# Then $z = Wx + b$ is the whole layer at once: row j times the example gives neuron j's sum. Its
# activations are $a = f(Wx + b)$; deck A writes $a^{(2)} = \sigma(\omega a^{(1)} + b)$, with a
# function σ that lesson 02 explains. For examples in the *rows* of `X` it is $Z = XW^\top + b$: the
# shapes (n, 4) times (4, 3) give (n, 3).
#
# Deck C names a weight by the two neurons it joins: **BF** leads from B to F. In `W` it stands in
# F's row, B's column: *to* first, then *from*. That is the most common mix-up of this course; say
# it once aloud.
#
# > **Predict.** For the first house [167, 6, 24, 16], calculate the three hidden sums by hand.
# > Which of them does the ReLU set to 0?

# %%
x = X[0]
z = W1 @ x + b1
print("one example  W1 @ x + b1   ", z, "→", np.maximum(0, z))
Z = X @ W1.T + b1
print("all examples X @ W1.T + b1 ", Z.shape, " row 0:", Z[0])
print("as the houses were made    ", np.hstack(list(houses.between.values()))[0])
print("the price                  ", W2 @ hidden[0] + b2)
for name, row, column in [("IN2 → H1", 0, 1), ("IN3 → H3", 2, 2)]:
    print(f"weight {name}: W1[{row}, {column}] = {W1[row, column]}")
nn.plots.network([(W1, b1), (W2, b2)], [x, hidden[0], W2 @ hidden[0] + b2])
plt.show()

# %% [markdown]
# The figure shows the net 4-3-1 with the activations of the first house in its neurons (H1 space,
# H2 walking, H3 schools; ON is the price), each weight on its line and each bias above its neuron.
# Weights of 0 are thin lines. Decks often leave weights and biases out of the drawing; they are
# there all the same.
#
# ## 5 Yes or no: the perceptron
#
# *Deck C, "Perceptron", "Bank Loan Example –Single layer Neural Network"; deck D, "Perceptron",
# "Perceptron: Building a Model"*
#
# In 1958 Frank Rosenblatt's **perceptron** did not answer "how much" but **yes or no**: +1 if the
# weighted inputs exceed a *threshold*, else −1. Instead of comparing with a threshold one adds a
# bias and compares with 0, which is the same:
#
# $$w\cdot x > \text{threshold} \quad\Longleftrightarrow\quad w\cdot x + b > 0 \quad\text{with}\quad
# b = -\text{threshold}.$$
#
# So $b = -10$ says: $w\cdot x$ must be more than 10. (Deck D writes $\beta_0 + \sum \beta_k A_k$
# for $b + w\cdot x$, and says that the input must cross "the bias"; what it has to cross is $-b$.)
#
# > **Predict.** $b = -10$: what is the answer to $w\cdot x$ = 9, 10 and 11?


# %% exercise="perceptron"
def perceptron(w, x, b):
    """Return +1 where w·x + b > 0, else −1, for one example.

    w and x are (d,), b is a number; a sum of exactly 0 gives −1.

    Example: w = [1, 1], x = [1, 0] and b = −0.5 give a sum of 0.5, so +1.
    """
    ### BEGIN SOLUTION
    return 1 if weighted_sum(w, x, b) > 0 else -1
    ### END SOLUTION


# %% check="perceptron" points=7

# %% [markdown]
# A bank decides by four numbers: income and debts in thousand €, years in the present job, payments
# missed. Its one clerk is a perceptron with weights 1, −1, 1, −10 and bias −20.
#
# > **Predict.** Work out the sum for the first two applications, (49, 4, 28, 3) and (60, 34, 3, 3).
# > Who gets the loan? How many years in the job outweigh one missed payment?

# %% tags=["raises-exception"]
# Your functions: perceptron
applications = nn.loans().X
w_clerk, b_clerk = np.array([1, -1, 1, -10]), -20
for total in (9, 10, 11):
    answer = perceptron(np.array([1]), np.array([total]), -10)
    print(f"b = −10 and w·x = {total}: answer {answer:+.0f}")
for x in applications[:5]:
    parts = " ".join(f"{part:+5.0f}" for part in w_clerk * x)
    total = w_clerk @ x + b_clerk
    print(x, f"{parts} − 20 = {total:+4.0f}  answer {perceptron(w_clerk, x, b_clerk):+.0f}")

# %% [markdown]
# One missed payment weighs as much as ten years in the job: −10 against 1.
#
# **Play: the threshold.** Each mark is one of 200 applications; its place from left to right is the
# weighted sum *without* the bias. (Up and down means nothing, it only keeps the marks apart.) The
# line is the threshold, −b: triangles right of it get the loan, circles do not.
#
# > **Predict,** then move. If the bias grows, does the line go left or right, and are there more
# > loans or fewer? From which bias on does nobody get a loan?

# %%
sums = applications @ w_clerk
height = np.random.default_rng(0).uniform(size=len(sums))


def decide(bias, ax):
    """Show which applications get a loan with this bias."""
    yes = sums + bias > 0
    ax.plot(sums[yes], height[yes], "k^", label="yes")
    ax.plot(sums[~yes], height[~yes], "o", color="grey", fillstyle="none", label="no")
    ax.axvline(-bias, color="black", linestyle="--", label="threshold")
    ax.set(xlabel="w·x, without the bias", yticks=[], xlim=(-220, 180))
    ax.legend(loc="upper left")
    return f"Bias {bias}: w·x has to exceed {-bias}; {yes.sum()} of {len(sums)} get the loan."


nn.widgets.slider(decide, list(range(-160, 161, 20)), name="bias", start=7, figsize=(7, 3))

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# A growing bias moves the line to the left, and more sums lie right of it: a large bias makes a
# neuron easy to excite. At −20 half of them, 100, get the loan; at −120 one does; from −140 on
# nobody.
#
# </details>
#
# ## 6 Perceptrons in layers
#
# *Deck C, "Bank Loan Example – 3 layer Neural Network", "… – 2 layer Neural Network"*
#
# Another bank has **five officers**, each with a rule of their own (`nn.bank?` lists them), and a
# **manager** who knows only the officers' answers: 5-1, two layers. A third bank puts **eight
# supervisors** in between, who know only the officers' answers, and the manager knows only the
# supervisors': 5-8-1, three layers. Every single one is a perceptron. An answer, +1 or −1, is an
# input of the next layer.
#
# > **Predict.** The manager of 5-1 has five weights of 1 and bias 0. How many officers must say
# > yes?


# %% tags=["raises-exception"]
# Your functions: perceptron
def ask(layer, x):
    """Return the answers of all perceptrons of a layer to the same inputs."""
    return np.array([perceptron(member.w, x, member.b) for member in layer])


for name, bank in [("5-1", nn.bank(supervisors=False)), ("5-8-1", nn.bank())]:
    print(f"bank {name}: layers of", [len(layer) for layer in bank])
    for number in (0, 1, 16):
        answers = applications[number]
        print(f"  application {number:2}", answers, end=" ")
        for layer in bank:
            answers = ask(layer, answers)
            print("→", answers, end=" ")
        print()

# %% [markdown]
# Three of five carry the manager of 5-1: it is the majority. Application 16 gets the loan there and
# not from 5-8-1, although the officers say the same: officers 1, 4 and 5 are in favour, but the
# manager of 5-8-1 listens above all to supervisor 1 (money: officers 1 *and* 2) and supervisor 2
# (trust: officers 3 *and* 4). Supervisors let the bank weigh *combinations*. The figure shows this
# net with application 16 in it: the inputs, the officers H1.1 to H1.5, the supervisors H2.1 to H2.8
# and the manager ON, each with the answer it gives.
#
# **Count the layers** and find what is wrong with the titles of the deck's two slides.

# %%
params = [
    (np.array([member.w for member in layer]), np.array([member.b for member in layer]))
    for layer in nn.bank()
]
x = applications[16]
values = [x, *(answers[0] for answers in nn.decisions(nn.bank(), x[None, :]))]
print("shapes of W:", [W.shape for W, _ in params])
_, ax = plt.subplots(figsize=(9, 7.5))
nn.plots.network(params, values, digits=0, ax=ax)
plt.show()

# %% [markdown]
# <details><summary>Errata of decks C and D</summary>
#
# | slide | printed | should be |
# |---|---|---|
# | C, "Bank Loan Example" with 5 officers | "3 layer" in the title | 2 layer |
# | C, "Bank Loan Example" with 8 supervisors | "2 layer" in the title | 3 layer |
# | D, "Perceptron: Building a Model" | x·w should cross the bias | it should cross −b |
#
# The inputs are not counted as a layer, since they calculate nothing.
#
# </details>
#
# ## 7 The bias trick
#
# *Deck C, "Bias"*
#
# A modern neuron differs from Rosenblatt's in two ways: the bias in place of the threshold, and any
# activation $f$ in place of the step. The bias can be hidden altogether. Give every example one
# more input, $x_0 = 1$, always: then $b$ is only its weight, $w_0$, and $w\cdot x + b$ becomes a
# single product. Who has looked closely has seen it in `best_neuron` above.


# %% exercise="add_bias_input"
def add_bias_input(X):
    """Return X with a first column of ones.

    X is (n, d), examples as rows. Returns (n, d + 1).

    Example: [[3, 4], [5, 6]] gives [[1, 3, 4], [1, 5, 6]].
    """
    ### BEGIN SOLUTION
    return np.column_stack([np.ones(len(X)), X])
    ### END SOLUTION


# %% check="add_bias_input" points=6

# %% tags=["raises-exception"]
# Your functions: add_bias_input
with_ones = np.asarray(add_bias_input(applications))
print(applications.shape, "→", with_ones.shape, " row 0:", with_ones[0])
w_with_bias = np.array([-20, 1, -1, 1, -10])
print("with the trick", (with_ones @ w_with_bias)[:5])
print("without it    ", (applications @ w_clerk + b_clerk)[:5])

# %% [markdown]
# ## 8 Learning from mistakes
#
# *Deck C, "Perceptron"; F. Rosenblatt, "The Perceptron", 1958*
#
# So far somebody had to know the weights. Rosenblatt's perceptron found its own, from examples with
# the right answer $y$, +1 or −1. The rule: **if the answer is right, change nothing. If it is
# wrong, push the sum towards the right answer.**
#
# $$w \leftarrow w + \eta\,y\,x \qquad b \leftarrow b + \eta\,y$$
#
# η (eta), the **learning rate**, is the size of a push. Why it helps: after the push, the sum for
# the same example has changed by $\eta\,y\,(x\cdot x + 1)$, which has the sign of $y$.
#
# > **Predict.** $w = (0, 0)$, $b = 0$, $x = (2, -1)$, $y = +1$, $\eta = 0.5$. What does the
# > perceptron answer, what are the new weights, and is its answer right then?


# %% exercise="perceptron_update"
def perceptron_update(w, b, x, y, learning_rate):
    """Return (w, b) after one step of Rosenblatt's rule, as a new w; the old one stays as it is.

    w and x are (d,), b is a number, y the right answer, +1 or −1. Where perceptron(w, x, b) is not y:

        w + learning_rate · y · x,   b + learning_rate · y

    and w, b unchanged where it is.

    Example: w = [1, 0], b = 0, x = [2, 4], y = −1 and learning_rate 0.5 give [0, −2] and −0.5.
    """
    ### BEGIN SOLUTION
    if perceptron(w, x, b) == y:
        return w, b
    return w + learning_rate * y * x, b + learning_rate * y
    ### END SOLUTION


# %% check="perceptron_update" points=9

# %% [markdown]
# Now let a perceptron *learn to be the manager*. It sees the five officers' answers to 200
# applications and what the manager decided. It goes through all of them again and again; one pass
# is an **epoch**. It stops after an epoch without a mistake.
#
# > **Predict.** Can one perceptron learn the manager of 5-1? Which weights will it find? And can it
# > take over from the supervisors *and* the manager of 5-8-1?


# %% tags=["raises-exception"]
# Your functions: perceptron, perceptron_update
def learn(X, y, learning_rate=1.0, epochs=100):
    """Return w, b and the number of mistakes in each epoch."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    while len(mistakes) < epochs and 0 not in mistakes:
        mistakes.append(0)
        for x, target in zip(X, y, strict=True):
            mistakes[-1] += int(perceptron(w, x, b) != target)
            w, b = perceptron_update(w, b, x, target, learning_rate)
    return w, b, mistakes


for name, supervisors in [("5-1", False), ("5-8-1", True)]:
    loans = nn.loans(supervisors=supervisors)
    w, b, mistakes = learn(loans.between["officers"], loans.y)
    print(
        f"{name:6} {len(mistakes)} epochs, mistakes {mistakes[:3]} … {mistakes[-3:]}  w {w}  b {b:g}"
    )

# %% [markdown]
# Two epochs, and it has found the manager's rule: all five weights alike, bias 0. Nobody told it.
# (They are 2 and not 1, which changes no answer.) With 5-8-1 it never comes to rest. More epochs
# would not help: what is asked of it cannot be done with *any* weights. The next section shows the
# smallest case of that.
#
# ## 9 What one perceptron cannot do
#
# *Deck D, "Perceptron"; M. Minsky, S. Papert, "Perceptrons", 1969*
#
# Three questions about two inputs, each 0 or 1. AND: are both 1? OR: at least one? **XOR**, the
# exclusive or: one of them, but not both? With two inputs, $w\cdot x + b = 0$ is a straight line in
# the plane, yes on one side, no on the other.
#
# > **Predict.** Draw the four points (0, 0), (0, 1), (1, 0), (1, 1) three times, mark yes and no,
# > and try to separate them with one line. Which of the three will be learned?

# %% tags=["raises-exception"]
# Your functions: perceptron, perceptron_update
corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
questions = {"AND": [-1, -1, -1, 1], "OR": [-1, 1, 1, 1], "XOR": [-1, 1, 1, -1]}
for name, right in questions.items():
    w, b, mistakes = learn(corners, right)
    print(
        f"{name:3}  {len(mistakes):3} epochs, mistakes at the end: {mistakes[-1]}   w {w}  b {b:g}"
    )

# %% [markdown]
# No line has (0, 1) and (1, 0) on one side and (0, 0) and (1, 1) on the other. Minsky and Papert
# proved in 1969 how much lies beyond a single perceptron; much of the money for such research was
# gone for years after.
#
# The way out is a layer: *either* (OR) and *not both*, and a third perceptron that wants both of
# these to say yes. The figure shows it. Left: the inputs, with the lines of *either* (dashed) and
# *not both* (dotted); XOR is the strip between them. Right: the same corners as the third
# perceptron sees them, by the answers of the two. (0, 1) and (1, 0) have fallen onto *one* point,
# and one line is enough.
#
# > **Predict** the answers of *either* and *not both* to the four corners.

# %%
either = nn.Perceptron(2, w=[1, 1], b=-0.5)
not_both = nn.Perceptron(2, w=[-1, -1], b=1.5)
output = nn.Perceptron(2, w=[1, 1], b=-1)
data = nn.xor()
seen, answer = nn.decisions([[either, not_both], [output]], data.X)
for x, hidden_answers, last in zip(data.X, seen, answer[:, 0], strict=True):
    print(x, "either, not both:", hidden_answers, " XOR:", last)

fig, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
line = np.array([-3, 3])
panels = [(data.X, [0.5, 1.5], ("x₁", "x₂")), (seen, [1], ("either", "not both"))]
for ax, (points, thresholds, names) in zip(axes, panels, strict=True):
    for threshold, style in zip(thresholds, ["--", ":"], strict=False):
        ax.plot(line, threshold - line, f"k{style}")
    yes = answer[:, 0] > 0
    ax.plot(*points[yes].T, "k^", markersize=11, label="yes")
    ax.plot(*points[~yes].T, "o", color="grey", fillstyle="none", markersize=11, label="no")
    low, high = points.min() - 0.5, points.max() + 0.5
    ax.set(xlabel=names[0], ylabel=names[1], xlim=(low, high), ylim=(low, high), aspect="equal")
    ax.set(xticks=np.unique(points), yticks=np.unique(points))
axes[0].legend(loc="upper right")
plt.show()

# %% [markdown]
# But who finds *those* weights? Rosenblatt's rule needs a right answer for every perceptron, and
# nobody says what "either" should have answered. That question stays open until lesson 07.
#
# ## 10 What usually goes wrong
#
# The names are those that the checks use. "The clerk" is section 5's, and the first application,
# sum 23.
#
# | you see | what happened |
# |---|---|
# | the house of 167 m² costs 417.5 | `missing-bias`: only $w\cdot x$ |
# | it costs 367.5; the clerk's sum is 63 | `wrong-sign`: the bias is subtracted |
# | the clerk's sum is −37 | `wrong-factor`: the bias is added once for every input |
# | "expected shape (), got shape (4,)" | `wrong-shape`: multiplied, but not added up |
# | +1 for $w\cdot x = 10$ with $b = -10$ | `wrong-boundary`: `>=` in place of `>` |
# | 0 or False where −1 is expected | `wrong-activation`: the answers are +1 and −1 |
# | the ones are at the right | `swapped`: they belong before the inputs |
# | one row more instead of one column | `wrong-axis` |
# | weights move though the answer was right | `always-updates` |
# | the mistakes never get fewer | `wrong-sign`: the push must go towards $y$ |
# | steps twice as long | `wrong-factor`: moved by $y$ − answer, which is ±2 |
# | OR is learned, AND never | `missing-bias`: $b$ is learned too |
# | the first `w` has changed as well | `modifies-arguments`: `w += …` changes the caller's array |
#
# ## 11 Quiz
#
# 1. A neuron has weights (2, −3) and bias 1. Which input gives the largest sum? (a) (1, 1), (b) (0,
#    −1) or (c) (1, 0)?
# 2. A layer has 8 neurons, the layer before it 5. What is the shape of its `W`? (a) (5, 8), (b) (8,
#    5) or (c) (8, 6), with the bias?
# 3. You want a perceptron to say yes less often, whatever its inputs are. You (a) raise its bias,
#    (b) lower its bias or (c) halve all weights and the bias?
# 4. Perceptron A learns with η = 1, B with η = 0.5, both from $w = 0$, $b = 0$. On the same
#    examples (a) A makes fewer mistakes, (b) B makes fewer or (c) both make the same?

# %%
# Put "a", "b" or "c" in place of None, then run this cell and the folded one below it.
answers = {1: None, 2: None, 3: None, 4: None}

# %% jupyter={"source_hidden": true}
replies = {
    "1a": "Not quite: 2 − 3 + 1 = 0.",
    "1b": "Right: 0 + 3 + 1 = 4. A negative weight and a negative input raise the sum.",
    "1c": "Not quite: 2 + 0 + 1 = 3. What does a negative input do to a negative weight?",
    "2a": "Not quite: a row of W belongs to a neuron of *this* layer, as long as its inputs.",
    "2b": "Right: a row for each of the 8 neurons, a column for each of the 5 inputs.",
    "2c": "Not quite: the biases stand in b, unless you use the bias trick.",
    "3a": "Not quite: a larger bias makes yes easier.",
    "3b": "Right: the threshold is −b, so a lower bias is a higher threshold.",
    "3c": "Not quite: that halves every sum, and no sum changes its sign.",
    "4a": "Not quite: try it with learn(corners, questions['AND'], learning_rate=0.5).",
    "4b": "Not quite: compare the pushes of both after the first mistake, and the next sums.",
    "4c": "Right: all weights are half as large, and no sum has another sign.",
}
for number, answer in answers.items():
    print(f"{number}: {replies.get(f'{number}{answer}', 'no answer yet (a, b or c)')}")

# %% [markdown] question="no-line" points=4
# ## 12 In your own words
#
# Show that no perceptron computes XOR. Write down the four conditions on $w_1$, $w_2$ and $b$, one
# for each corner: two sums must be above 0, two must not. Add the two of each kind up. What do you
# find? Then say in a sentence or two what the hidden layer of section 9 does about it.
#
# ### BEGIN SOLUTION
# **Model answer.** (0, 0) is a no: b ≤ 0. (1, 1) is a no: w₁ + w₂ + b ≤ 0. (0, 1) is a yes: w₂ + b
# > 0. (1, 0) is a yes: w₁ + b > 0. The two yeses add up to w₁ + w₂ + 2b > 0, the two noes to w₁ +
# w₂ + 2b ≤ 0: the same expression cannot be both. The hidden layer gives each corner new
# coordinates, the answers of two perceptrons. (0, 1) and (1, 0) get the same ones, so that only
# three points are left, and a line separates the one from the other two.
#
# **Rubric**, one point each:
# - the four conditions, with the bias and with ≤ for no;
# - the two sums;
# - says that they contradict each other, so that there are no such weights;
# - says that the hidden layer makes other points of the corners, which a line can separate.
#
# An argument with a drawing (the diagonals of a square cross, so the two yeses and the two noes
# cannot lie on different sides) gets the first three points too.
# ### END SOLUTION

# %% [markdown]
# ## Looking back
#
# A neuron is a weighted sum with a bias, and a function behind it. One sentence each: What does a
# weight say? What does a bias say? Why did the third bank need supervisors?
#
# The step from −1 to +1 is all or nothing: a tiny push of a weight changes nothing, or everything.
# **Next:** lesson 02 puts smooth functions in its place, which can be a *little* more right than
# before.
#
# **Sources** Deck A, *Deep Learning & Neural Networks*; deck B, *How (Shallow) Neural Networks
# work*; deck C, *ANN: Neurons, Feedforward Nets, Activation Functions, I/O Layers*; deck D,
# *Introduction to TensorFlow and artificial neural networks*. Text CC BY 4.0, code BSD-3-Clause.
