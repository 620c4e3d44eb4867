# %% [markdown]
# # 05 · How wrong, in one number
#
# Lesson 04's net gives the same answer to every picture and does not know that it is wrong. In this
# lesson you tell it, with one number, the **cost**. Training will be nothing but making that number
# smaller.
#
# **Afterwards you can**
# - say what a cost must do, and why counting mistakes is not enough;
# - calculate the squared error of one example and of many;
# - tell the decks' four conventions apart, and turn one into another;
# - calculate the cross-entropy, and say when it is the better choice.
#
# **Time** 50–65 minutes. **Builds on** lessons 00 (one-hot), 03 (softmax, probabilities) and 04
# (forward pass).
#
# **Sources** Decks A, B and D; the line under each heading names the slides.
#
# ## 1 What a cost must do
#
# *Deck A, "2.5 Optimisation: cost function I"; deck B, "The general principle of calculating the
# cost"; deck D, "Evaluating a Model: Cost Function"*
#
# A net has answered all examples, and for each we know the right answer, the **target** `y`. A cost
# function (also *loss*) compares the two. Three things are asked of it.
#
# 1. **One number** for all examples together. With ten numbers you could not say which of two nets
#    is better.
# 2. **Never below 0, and 0 only if everything is right.** The worse, the larger.
# 3. **It moves with every little change** of a weight, so that one can feel which way is better.
#
# Why not simply count wrong answers? Look at the third point. One sigmoid neuron, $a = \sigma(2x +
# b)$, is to separate the zeros and ones of deck B's ten observations (lesson 08 tells their story),
# by their first input. It answers "1" where $a > 0.5$. We move its bias.
#
# > **Predict.** Draw roughly, over the bias from −3 to 3: the number of wrong answers, and the sum
# > of all $(a - y)^2$.

# %%
import matplotlib.pyplot as plt
import numpy as np

import nnkit as nn

np.set_printoptions(precision=4, suppress=True, linewidth=110)

deck_b = nn.two_three_one()
x, y = deck_b.X[:, 0], deck_b.Y[:, 0]
biases = np.linspace(-3, 3, 601)
a = 1 / (1 + np.exp(-(2 * x[:, None] + biases)))  # a column per bias
wrong = np.sum((a > 0.5) != (y[:, None] > 0.5), axis=0)
squares = np.sum((a - y[:, None]) ** 2, axis=0)

_, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
ax.plot(biases, wrong, "k--", label="wrong answers")
ax.plot(biases, squares, label="sum of (a − y)²")
ax.set(xlabel="bias", ylabel="of ten observations", ylim=(0, 5.5))
ax.legend(loc="lower left")
plt.show()
for bias in (0.0, 0.5, 1.2):
    at = np.abs(biases - bias).argmin()
    print(f"bias {bias}: {wrong[at]} wrong, squares {squares[at]:.3f}")
print(f"smallest sum of squares at bias {biases[squares.argmin()]:.2f}")

# %% [markdown]
# The dashed line is the number of wrong answers: a staircase. On each stair it says nothing about
# which way to go, and at its edges it jumps. The other line is the sum of squares: it slopes
# everywhere, towards a lowest point at 0.54. Somebody who stands at bias 1.2 sees "2 wrong" and no
# reason to move; the squares say *down, to the left*.
#
# ## 2 One image of a 3
#
# *Deck A, "2.5 Optimisation: cost function II"*
#
# A net has looked at a handwritten 3. Deck A shows what its ten outputs hold. The target is
# one-hot: 1 for the 3, 0 for the others.

# %%
three = np.array([0.43, 0.28, 0.19, 0.88, 0.72, 0.01, 0.64, 0.86, 0.99, 0.63])
target = np.zeros(10)
target[3] = 1
print("outputs", three)
print("target ", target)

# %% [markdown]
# The **squared error** of an example takes each difference, squares it, and adds up:
#
# $$\sum_j (a_j - y_j)^2$$
#
# Squares make all differences count as positive, and one large difference counts more than many
# small ones.
#
# > **Predict.** Which of the ten outputs costs most? Which digit would this net answer? Calculate
# > the terms of 0, 3 and 8 on paper.


# %% exercise="squared_error"
def squared_error(a, y):
    """Return Σ (a − y)² of one example: a number.

    a and y are (k,), what the k outputs hold and what they should hold.

    Example: a = [0.5, 1] and y = [1, 3] give 0.25 + 4 = 4.25.
    """
    ### BEGIN SOLUTION
    return np.sum((a - y) ** 2)
    ### END SOLUTION


# %% check="squared_error" points=6

# %% tags=["raises-exception"]
# Your functions: squared_error
for digit in range(10):
    one = slice(digit, digit + 1)  # a piece of length 1
    term = squared_error(three[one], target[one])
    print(f"{digit}: ({three[digit]:.2f} − {target[digit]:.2f})² = {term:.4f}")
print(f"sum {squared_error(three, target):.4f}, largest output: {three.argmax()}")

_, ax = plt.subplots(figsize=(7, 3), layout="constrained")
ax.bar(range(10), three, color="lightgrey", edgecolor="black", label="output")
ax.plot(range(10), target, "kX", markersize=9, label="target")
ax.set(xlabel="digit", ylabel="activation", xticks=range(10), ylim=(-0.1, 1.25))
ax.legend(loc="upper left", ncols=2)
plt.show()

# %% [markdown]
# The figure shows outputs (bars) and targets (crosses); the cost is made of the distances between
# the two. The 8 costs most: it holds 0.99 and should hold 0. The net would answer 8, however high
# its output for the 3 is. (Nothing makes these outputs sum to 1. They are sigmoids, each on its
# own.)
#
# ### Why the deck has 3.37
#
# Your sum is **3.3585**. Deck A prints **3.37**, and nine of its ten terms differ from yours. Is it
# a misprint? Take the first: it prints the activation 0.43 and the term 0.1863, but 0.43² is 0.1849.
#
# > **Predict.** Between which bounds lies a number that is *printed* as 0.43? And where is
# > $\sqrt{0.1863}$?

# %%
printed = np.array([0.1863, 0.0809, 0.0357, 0.0138, 0.5242, 0.0001, 0.4079, 0.7388, 0.9817, 0.3998])
before_rounding = np.where(target == 1, 1 - np.sqrt(printed), np.sqrt(printed))
print("printed activations   ", three)
print("from the printed terms", before_rounding)
print("rounded to two digits ", before_rounding.round(2))
print(f"sum of the printed terms {printed.sum():.4f}")

distance = np.abs(three - target)
lowest, highest = np.sum((distance - 0.005) ** 2), np.sum((distance + 0.005) ** 2)
print(f"two digits allow any sum from {lowest:.2f} to {highest:.2f}")

# %% [markdown]
# No misprint. The deck calculated with activations of more digits, 0.4316 and so on, squared those,
# and rounded what it *shows*. All ten agree. Whoever starts again from two digits gets the sum only
# to within 0.05.
#
# **Round last.** Calculate with all digits, round what you print, and expect the last printed digit
# of anybody's table to differ when you recalculate it. A difference larger than rounding can explain
# is a mistake, yours or theirs.
#
# ## 3 Many images
#
# *Deck A, "2.5 Optimisation: cost function II"*
#
# For a whole batch, deck A takes the **mean** of the examples' squared errors:
#
# $$\text{MSE} = \frac1n \sum_i \sum_j (a_{ij} - y_{ij})^2$$
#
# Look closely: it *sums* over the outputs of an example, and *averages* over the examples. `A` and
# `Y` are (n, k), and `np.mean` of the whole table would divide by n·k.
#
# > **Predict** the MSE of these answers to our digits: 0 everywhere; 0.5 everywhere; 0.1 everywhere;
# > "surely a 4" every time (one-hot).


# %% exercise="mse"
def mse(A, Y):
    """Return the mean over the examples of Σ (a − y)²: a number.

    A and Y are (n, k), a row per example: what the outputs hold and what they should hold.

    Example: A = [[1, 0], [0, 0]] and Y = [[0, 1], [0, 0]] give (2 + 0)/2 = 1.
    """
    ### BEGIN SOLUTION
    return np.mean(np.sum((A - Y) ** 2, axis=1))
    ### END SOLUTION


# %% check="mse" points=6

# %% tags=["raises-exception"]
# Your functions: mse
digits = nn.digits()
Y = digits.Y_train.astype(float)
fours = np.zeros(Y.shape)
fours[:, 4] = 1
untrained = nn.MLP([784, 16, 16, 10], seed=0).forward(digits.X_train)  # lesson 04's forward pass
answers = {
    "the right ones": Y,
    "0 everywhere": np.zeros(Y.shape),
    "0.5 everywhere": np.full(Y.shape, 0.5),
    "0.1 everywhere": np.full(Y.shape, 0.1),
    "surely a 4": fours,
    "an untrained net": untrained,
}
for name, A in answers.items():
    print(f"{name:17} {mse(A, Y):.2f}")

# %% [markdown]
# 0.1 everywhere is what somebody answers who knows only that there are ten digits, and it costs
# 0.9. Remember that number: a net that costs more has learned *less than nothing*, and the
# untrained one, with 2.30, does. To be sure and wrong costs 2; about a tenth of the pictures are
# fours, which brings it to 1.8.
#
# ## 4 Four conventions
#
# *Deck B, "The general principle of calculating the cost", "Step 4: Calculate the cost – Is our
# model good or bad?"; deck D, "Cost Function", "Gradient Descent"*
#
# All decks sum squares over the outputs of an example. They differ in what comes before the sum:
# with ½ or without, mean or sum over the examples. The ½ is there because the slope of $\frac12
# d^2$ is $d$ and not $2d$ (lesson 06); it has no other meaning.
#
# | cost | where | its name in nnkit |
# |---|---|---|
# | $\frac1n\sum\lVert a - y\rVert^2$ | deck A; your `mse` | `squared_error` |
# | $\sum\lVert a - y\rVert^2$ | deck D, the straight line of lesson 06 | `squared_error_sum` |
# | $\frac1{2n}\sum\lVert a - y\rVert^2$ | deck D; deck B, the formula | `half_squared_error` |
# | $\sum\frac12\lVert a - y\rVert^2$ | what deck B trains with | `half_squared_error_sum` |
#
# ($\lVert d\rVert^2$ is the sum of the squares of d's entries.) Deck D's **quadratic cost**, the
# third, is the next exercise; lessons 09 and 10 train with it.
#
# > **Predict.** For deck B's ten observations the second cost is 3.10. What are the other three?


# %% exercise="quadratic_cost"
def quadratic_cost(A, Y):
    """Return 1/(2n) Σ ‖y − a‖², a number: half the mean squared error.

    A and Y are (n, k), a row per example.

    Example: A = [[1, 0], [0, 0]] and Y = [[0, 1], [0, 0]] give 2/(2·2) = 0.5.
    """
    ### BEGIN SOLUTION
    return np.sum((Y - A) ** 2) / (2 * len(A))
    ### END SOLUTION


# %% check="quadratic_cost" points=6

# %% [markdown]
# The next cell shows deck B's outputs before any training (lesson 08 will calculate them), what
# each observation costs by deck B's $\frac12(\hat y - y)^2$ ($\hat y$, "y hat", is its name for the
# output), and all four conventions. The last line compares yours with nnkit's.

# %% tags=["raises-exception"]
# Your functions: mse, quadratic_cost
net = nn.MLP([2, 3, 1], dtype="float64")
net.set_params([(deck_b.W1, deck_b.b1), (deck_b.W2, deck_b.b2)])
out = net.forward(deck_b.X)

each = 0.5 * (out - deck_b.Y) ** 2
print("row     ", "".join(f"{label:>6}" for label in deck_b.labels))
for name, column in [("target  ", deck_b.Y), ("output  ", out), ("cost    ", each)]:
    print(name, "".join(f"{value:6.2f}" for value in column[:, 0]))
print()
conventions = ["squared_error", "squared_error_sum", "half_squared_error", "half_squared_error_sum"]
for name in conventions:
    loss = nn.losses.get(name)
    print(f"{name:23} {loss.value(None, out, deck_b.Y):.4f}")
print(f"yours: mse {mse(out, deck_b.Y):.4f}, quadratic_cost {quadratic_cost(out, deck_b.Y):.4f}")

# %% [markdown]
# The rows 1, 2, 3, 9 and 10 are those that deck B prints: 0.02 0.01 0.01 … 0.33 0.02, mean 0.16, and
# the sum 1.55.
#
# Does the choice matter? All four are lowest for the same weights, since a constant factor moves no
# lowest point. But a cost ten times as large is ten times as steep. In lesson 06 a step will be
# *learning rate times slope*, so **who changes the convention must change the learning rate**, or
# takes other steps. And a sum grows with the number of examples: sums over sets of different size
# cannot be compared, means can. Library functions differ too. Keras' `mse` averages over the outputs
# as well: for ten outputs, a tenth of yours. Whenever you read a cost, ask: half or not, sum or
# mean, over what?
#
# **Find three errata.** Deck B writes $\frac1N\sum$ in its formula, prints "Σ = 0.16" under its
# table, and on later slides a cost column 0.03 … 0.67 with "Σ = 1.55" under it. Compare with your
# numbers.
#
# <details><summary>The three errata of deck B</summary>
#
# | printed | should be |
# |---|---|
# | Σ = 0.16 | it is the mean; the sum is 1.55 |
# | cost column 0.03 … 0.67 with Σ = 1.55 | the column has lost its ½, the sum has kept it |
# | cost with 1/N, but later updates without | the same in both (lesson 08) |
#
# </details>
#
# ## 5 The cost of probabilities
#
# *Deck D, "Multi-class Classification", "Evaluating a Model: Cost Function"*
#
# Softmax outputs (lesson 03) are probabilities `p`: they sum to 1. For them there is another cost.
# Ask only: *what probability did the right class get?* If it got $p$, the cost is $-\ln p$.
# Probability 1 costs nothing; the less, the more, without end. As a sum over all classes:
#
# $$-\sum_j y_j \ln p_j$$
#
# All terms with $y = 0$ vanish, so of a one-hot target only the right class remains. The mean of this
# over the examples is the **cross-entropy**. Targets may also be *soft*: 0.7 for a 1 and 0.3 for a
# 7, where even people are not sure. (Then the lowest cost is not 0, but it is still reached where
# $p = y$.)
#
# > **Predict.** The right class gets 0.9, 0.5, 0.1, 0.01, 0.001. Which cost grows faster,
# > $(1 - p)^2$ or $-\ln p$?

# %%
print("    p  (1 − p)²   −ln p")
for p in (1.0, 0.9, 0.5, 0.1, 0.01, 0.001):
    print(f"{p:5}  {(1 - p) ** 2:8.3f}  {abs(np.log(p)):6.3f}")
with np.errstate(divide="ignore", invalid="ignore"):
    print("0 · ln 0 is", 0 * np.log(np.zeros(1)))

# %% [markdown]
# "Wrong" and "absolutely certain and wrong" are 0.81 and 0.998 for the squared error: no great
# difference. For the cross-entropy they are 2.3 and 6.9.
#
# The last line is a trap. A class with $y = 0$ should add nothing, but with $p = 0$ numpy calculates
# 0 · (−∞) and gets `nan`, *not a number*, which spoils the whole sum. Leave such terms out, or
# add something tiny (1e-12) to `p`. Tiny: with 0.01 you would calculate another cost.


# %% exercise="cross_entropy"
def cross_entropy(P, Y):
    """Return the mean over the examples of −Σ y ln p: a number.

    P and Y are (n, k), every row sums to 1: probabilities and one-hot or soft targets. The result is
    finite, also where p = 0 and y = 0; ln is the natural logarithm.

    Example: P = [[0.5, 0.5], [1, 0]] and Y = [[0, 1], [1, 0]] give (0.693 + 0)/2 = 0.347.
    """
    ### BEGIN SOLUTION
    likely = np.where(Y > 0, P, 1)  # ln 1 = 0 where nothing is to be added
    return -np.sum(Y * np.log(likely)) / len(P)
    ### END SOLUTION


# %% check="cross_entropy" points=11

# %% [markdown]
# First lesson 03's probabilities 0.58, 0.23, 0.19, once for each possible right class. Then four
# ways to answer our digits.
#
# > **Predict.** Which of the four is worst?

# %% tags=["raises-exception"]
# Your functions: mse, cross_entropy
P = np.array([[0.58, 0.23, 0.19]])
for right in range(3):
    Y = np.zeros((1, 3))
    Y[0, right] = 1
    print(f"class {right} is right: {cross_entropy(P, Y):.3f}")
soft = np.array([[0.5, 0.3, 0.2]])
print(
    f"soft target {soft[0]}: {cross_entropy(P, soft):.3f}, at best {cross_entropy(soft, soft):.3f}"
)

Y = nn.digits().Y_train.astype(float)
fours = np.zeros(Y.shape)
fours[:, 4] = 1
print(f"\n{'':34}cross-entropy    mse")
for name, P in {
    "nine tenths for the right class": 0.9 * Y + 0.1 / 9 * (1 - Y),
    "half for the right class": 0.5 * Y + 0.5 / 9 * (1 - Y),
    "a tenth for every class": np.full(Y.shape, 0.1),
    "nine tenths for the 4, always": 0.9 * fours + 0.1 / 9 * (1 - fours),
}.items():
    print(f"{name:34}{cross_entropy(P, Y):13.2f} {mse(P, Y):6.2f}")

# %% [markdown]
# A tenth for every class costs ln 10 = 2.30: for ten classes that is the cross-entropy of knowing
# nothing. (The untrained net's `mse` was 2.30 as well; that is chance.) Always being sure of the 4
# costs nearly twice that.
#
# **Play: a class that is held for impossible.** Three classes; the first is the right one. The
# scores of the other two are 0, and you move the score $z$ of the right one; softmax makes
# probabilities of them. The figure shows both costs over $z$, the cross-entropy as a dashed line,
# the squared error as a solid one, with a dot where you are.
#
# > **Predict,** then move. At $z = -6$ the right class is held for nearly impossible. By how much
# > does each cost fall if $z$ rises by 1? Which of the two tells the net that something is badly
# > wrong?

# %%
scores = np.linspace(-6, 6, 121)


def costs_at(z):
    """Return p of the right class, and the squared error and cross-entropy of all three."""
    p = np.exp(z) / (np.exp(z) + 2)
    return p, (1 - p) ** 2 + 2 * ((1 - p) / 2) ** 2, -np.log(p)


def show(z, ax):
    """Show both costs, and where this score is."""
    _, squared, entropy = costs_at(scores)
    ax.plot(scores, squared, "k-", label="squared error")
    ax.plot(scores, entropy, "k--", label="cross-entropy")
    ax.plot([z, z], costs_at(z)[1:], "ko")
    ax.set(xlabel="score z of the right class", ylabel="cost")
    ax.legend()
    p, squared, entropy = costs_at(z)
    _, squared_after, entropy_after = costs_at(z + 1)
    return (
        f"z = {z}: p = {p:.3f}, squared error {squared:.3f}, cross-entropy {entropy:.3f}; "
        f"one step up takes off {squared - squared_after:.3f} and {entropy - entropy_after:.3f}."
    )


nn.widgets.slider(show, list(range(-6, 7)), name="z", start=6, figsize=(6, 3.5))

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# At −6 the squared error is 1.496, nearly the most it can be, and falls by 0.006: the curve is flat
# there. The cross-entropy is 6.7 and falls by 0.998, almost by the whole step. The squared error
# moves fastest between −1 and 1, where the net is in doubt; the cross-entropy falls fastest where
# the net is wrong. That is why it learns faster from bad mistakes.
#
# </details>
#
# Which cost for which task? It goes with the output (lesson 03):
#
# | task | output | cost |
# |---|---|---|
# | a quantity | linear, 1 | squared error |
# | one class out of many | softmax, n | cross-entropy |
# | yes or no; several labels at once | sigmoid, 1 or n | for each: $-[y \ln a + (1 - y)\ln(1 - a)]$ |
#
# The last is cross-entropy for one yes-or-no at a time, nnkit's `binary_cross_entropy`. The decks
# use the squared error for sigmoids as well, and so do the next lessons: it is easier to follow.
#
# ## 6 What usually goes wrong
#
# The names are those that the checks use. "The 3" is section 2's, the net deck B's, "0.1" the answer
# 0.1 everywhere, and 0.58 the first of lesson 03's probabilities.
#
# | you see | what happened |
# |---|---|
# | the 3 costs 0.34 | `mean-instead-of-sum`: averaged over the ten outputs |
# | … 1.68 | `wrong-factor`: no ½ here |
# | … 4.63 or 4.87 | `misplaced-square`: differences added without squaring them |
# | … 1.83 | `misplaced-square`: a root at the end |
# | `mse` of 0.1 is 0.09 | `mean-instead-of-sum`: `np.mean` of the whole table |
# | … 1293.30 | `sum-instead-of-mean`: not divided by n |
# | `mse` of the net is 3.10 in place of 0.31 | the same |
# | its `quadratic_cost` is 0.31 | `wrong-factor`: the ½ is missing |
# | … 15.51 | `sum-instead-of-mean`: `/ 2 * n` divides by 2 and multiplies by n |
# | a cost below 0 | `wrong-sign`: ln p is negative |
# | 0.58 costs 0.79 or 0.24 | `wrong-log-base`: log2 or log10 |
# | … 0.18 | `mean-instead-of-sum`: averaged over the classes |
# | `nan` | `unstable`: 0 · ln 0 |
# | p = 0.001 costs 6.81 | `visible-epsilon`: 0.0001 is too much |
# | right with one-hot targets only | `hard-labels`: the soft ones have several terms |

# %% [markdown]
# ## 7 Quiz
#
# 1. Ten outputs all hold 0.5, and the target is one-hot. What is the squared error? (a) 0.25, (b)
#    2.5 or (c) 5?
# 2. A mean squared error without ½, over 100 examples, is 0.8. What is $\sum\frac12(a - y)^2$ for
#    the same outputs? (a) 0.4, (b) 40 or (c) 80?
# 3. Net A gives the right class 0.6 in all ten examples. Net B gives it 0.99 in nine of them and
#    0.001 in one. Whose cross-entropy is smaller? (a) A's, (b) B's or (c) neither?
# 4. Why does nobody train on the number of wrong answers? (a) It can be negative, (b) most small
#    changes of a weight do not change it or (c) it takes too long to count?

# %%
# Put "a", "b" or "c" in place of None, then run this cell and the folded one below it.
answers = {1: None, 2: None, 3: None, 4: None}

# %% jupyter={"source_hidden": true}
replies = {
    "1a": "Not quite: that is one of ten terms.",
    "1b": "Right: every output is 0.5 away from its target, 10 · 0.25.",
    "1c": "Not quite: that would be 10 · 0.5. Square first.",
    "2a": "Not quite: the ½ is in, but it is still the mean.",
    "2b": "Right: 0.8 · 100 / 2.",
    "2c": "Not quite: that is the sum without the ½.",
    "3a": "Right: 0.51 against 0.70. One certainty that was wrong costs B 6.9, shared by ten.",
    "3b": "Not quite: B is wrong only once, but what does 0.001 cost?",
    "3c": "Not quite: calculate −ln 0.6, and the mean of nine times −ln 0.99 and once −ln 0.001.",
    "4a": "Not quite: a number of answers is never below 0.",
    "4b": "Right: it is a staircase. Standing on a stair, you cannot feel where down is.",
    "4c": "Not quite: counting is quick. What would you do with the count?",
}
for number, answer in answers.items():
    print(f"{number}: {replies.get(f'{number}{answer}', 'no answer yet (a, b or c)')}")

# %% [markdown] question="which-cost" points=4
# ## 8 In your own words
#
# Two students have the same net, the same weights and the same ten observations. One reports the
# cost 0.31, the other 1.55, and both are right. How can that be? Which two facts must one say with
# every cost? Each of them now trains with learning rate 0.5: do they look for the same best weights,
# and do they take the same steps? And what happens to the comparison when the second one gets twenty
# observations instead of ten? About five sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** 0.31 is the mean of the squared errors, without ½; 1.55 is the sum over the ten
# observations, with ½: 0.31 · 10 / 2 = 1.55. With every cost one must say whether there is a ½ and
# whether it is summed or averaged over the examples (and over the outputs). The two costs differ by
# the constant factor 5, so they are lowest for the same weights. But the second is five times as
# steep everywhere, so with the same learning rate its steps are five times as long; to take the same
# steps, the first must use 2.5. With twenty observations the sum about doubles though the net is no
# worse, while a mean stays about the same: sums over sets of different size cannot be compared.
#
# **Rubric**, one point each:
# - explains both numbers (mean without ½, sum with ½), or shows that the factor is n/2 = 5;
# - names the two facts: ½ or not, sum or mean;
# - same best weights, but steps five times as long (or: another learning rate is needed);
# - says that the sum grows with the number of examples, the mean does not.
# ### END SOLUTION

# %% [markdown]
# ## Looking back
#
# You can now say how wrong a net is, in one number, and which number it is. One sentence each: Why
# must a cost move with every small change? Why is 3.3585 not 3.37? What does the cross-entropy see
# that the squared error does not?
#
# **Next:** the cost is a landscape over the weights, and lesson 06 walks down it.
#
# **Sources** Deck A, *Deep Learning & Neural Networks*; deck B, *How (Shallow) Neural Networks
# work*; deck D, *Introduction to TensorFlow and artificial neural networks*. Text CC BY 4.0, code
# BSD-3-Clause.
