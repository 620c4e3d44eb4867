# %% [markdown]
# # 03 · From scores to answers
#
# The last layer of a net gives numbers that may be anything: −4, 0.3, 117. We call them **scores**.
# In this lesson you turn them into probabilities, classes and labels, and learn to build the output
# layer that fits the question.
#
# **Afterwards you can**
# - write softmax so that it survives scores of 10,000, and say what it does not change;
# - choose a class, and read how sure a net is (and how sure it only looks);
# - tell labels that exclude each other from labels that do not, and treat each kind as it needs;
# - design the output layer for a quantity, for yes or no, for classes and for labels.
#
# **Time** 50–65 minutes. **Builds on** lessons 00 (one-hot, axes), 01 (layers) and 02 (sigmoid).
#
# **Sources** Decks C and D; the line under each heading names the slides.
#
# ## 1 Why not just divide by the sum?
#
# *Deck D, "Softmax Function"; deck C, "Softmax Function"*
#
# Three classes, one score each: 1.8, 0.9, 0.68. The class with the largest score wins. But how sure
# is that? We want probabilities: none below 0, and together 1. **Softmax** does it in two steps: it
# takes $e^z$ of every score, which is always positive, and then divides by the sum:
#
# $$p_i = \frac{e^{z_i}}{e^{z_1} + e^{z_2} + \dots + e^{z_k}}.$$
#
# > **Predict.** What goes wrong if you leave out $e^z$ and divide the scores 2, −1, 0.5 by their
# > sum, 1.5? And which of the three scores above gets more than half?

# %%
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.textpath import TextPath

import nnkit as nn

np.set_printoptions(precision=3, suppress=True, linewidth=110)


def simple_softmax(z):
    """Return the probabilities of one example, straight from the formula."""
    e = np.exp(z)
    return e / e.sum()


print("divided by the sum", np.array([2, -1, 0.5]) / 1.5)
for scores in ([2, -1, 0.5], [1.8, 0.9, 0.68], [0.01, 0.6, 1.5, 0.9, 0.8]):
    p = simple_softmax(np.array(scores))
    print(f"softmax of {scores}, sum {sum(scores):.2f}: {p.round(2)}, sum {p.sum():.2f}")

# %% [markdown]
# Dividing alone gives "probabilities" above 1 and below 0. Softmax never does, and a larger score
# always gets the larger share. Two scores that differ by 1 have shares that differ by the factor $e
# \approx 2.72$, wherever they are: only **differences** count. (Deck C has five scores as well; its
# text says only that they lie between 0.01 and 1.5 and sum to about 3.8. The five of the last line
# are made to fit that.)
#
# Deck D goes on to say that softmax gives 1 to the largest and 0 to the others. Compare with what you
# have just computed for its own scores, 1.8, 0.9, 0.68. (Section 3 shows when it is nearly true.)
#
# ## 2 Large scores
#
# A net in training may well give a score of 1,000.
#
# > **Predict** the probabilities for [1, 2, 3], [101, 102, 103] and [1001, 1002, 1003]. What will
# > the computer say? ($e^{710}$ is too large for it, and becomes `inf`.)

# %%
for shift in (0, 100, 1000):
    z = np.array([1.0, 2, 3]) + shift
    with np.errstate(over="ignore", invalid="ignore"):
        print(f"{z}: {simple_softmax(z)}   less the largest: {simple_softmax(z - z.max())}")

# %% [markdown]
# `nan`, not a number, is what inf/inf gives. But only differences count, so you may take any number
# off all scores of an example, and the best one to take is its **own largest score**. Then the
# largest exponent is 0, and $e^0 = 1$: nothing overflows. What is far below the largest becomes 0,
# which is right.
#
# ## 3 Softmax for a table
#
# *Deck C, "Softmax Function – Example"*
#
# Now for a whole table `Z`, a row for each example. Each row has its own maximum and its own sum:
# axis 1 disappears. That leaves one number per row, shape (n,), which does not fit beside (n, k).
# With `keepdims=True`, the axis stays, with length 1: `Z.max(axis=1, keepdims=True)` has the shape
# (n, 1), and numpy repeats it along the row.


# %% exercise="softmax"
def softmax(Z):
    """Return the probabilities of every row: e^z divided by the row's sum of e^z.

    Z is (n, k), scores of any sign, up to 10,000 in size. Returns (n, k); each row sums to 1.

    Example: [[0, 0], [1001, 1000]] gives [[0.5, 0.5], [0.731, 0.269]].
    """
    ### BEGIN SOLUTION
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% check="softmax" points=9

# %% [markdown]
# Three networks look at the same picture; each has four classes. Deck C draws such a row of three,
# but in its text their scores are lost: these are the lesson's own. The figure shows their scores
# above and what softmax makes of them below; the number stands at each bar.
#
# > **Predict.** Which network is surest? Network C has scores a hundred higher than A: what follows?

# %% tags=["raises-exception"]
# Your functions: softmax
networks = np.array([[3, 0, -1, 0.5], [1, 1.2, 0.9, 1.1], [103, 100, 99, 100.5]])
probabilities = np.asarray(softmax(networks))
print(probabilities, " sums", probabilities.sum(axis=1))

fig, axes = plt.subplots(2, 3, figsize=(10, 5), layout="constrained", sharex=True)
for line, table, digits in [(axes[0], networks, "%g"), (axes[1], probabilities, "%.2f")]:
    for ax, values in zip(line, table, strict=True):
        bars = ax.bar(["0", "1", "2", "3"], values, color="lightgrey", edgecolor="black")
        ax.bar_label(bars, fmt=digits)
        ax.margins(y=0.2)
for column, name in enumerate("ABC"):
    axes[0, column].set_title(f"network {name}")
    axes[1, column].set(xlabel="class", ylim=(0, 1.1))
axes[0, 0].set_ylabel("score")
axes[1, 0].set_ylabel("probability")
plt.show()

# %% [markdown]
# A and C are equally sure: their differences are the same. B has no idea, and its winner, class 1,
# has 0.29. The *size* of a score means nothing by itself; its lead over the others does.
#
# **Play: how sure is sure?** Drag the scores, or move them with the arrow keys. The **temperature** T
# divides them all before softmax: $p_i = e^{z_i/T} / \sum_j e^{z_j/T}$. Then try *Make a tie*, and
# add 1,000 to all.
#
# > **Predict,** then move. Can the temperature change who wins? From which one downwards does deck
# > D's sentence, 1 and 0 and 0, hold to two decimals?

# %%
nn.widgets.Softmax(
    "1.8, 0.9, 0.68",
    predict="At the temperature 5, the scores become 0.36, 0.18, 0.136. And the probabilities?",
)

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# At 5 they are 0.38, 0.32, 0.30: nearly no differences, nearly no opinion. The winner stays the same
# at every temperature, and scores that tie have equal shares. From 0.15 downwards it is 1.00, 0.00,
# 0.00: softmax comes close to "the winner takes all" when the scores lie far apart. With a *soft*
# decision the others keep a share, so that a small push of a score shows (lesson 02); hence the name.
# What is added to all changes nothing, but $e^z$ by itself is too large from 710 on.
#
# </details>
#
# ## 4 The winner
#
# *Deck C, "Output Layer Example"*
#
# To answer, the net names the class with the largest entry. What counts is *where* it stands, not how
# large it is. Softmax changes no order, so you may ask the scores or the probabilities.


# %% exercise="predict_class"
def predict_class(P):
    """Return for every row the column of its largest entry, counted from 0.

    P is (n, k), probabilities or scores, without ties. Returns (n,).

    Example: [[0.2, 0.5, 0.3], [9, −1, 4]] gives [1, 0].
    """
    ### BEGIN SOLUTION
    return np.argmax(P, axis=1)
    ### END SOLUTION


# %% check="predict_class" points=6

# %% [markdown]
# **Letters.** 26 lower-case letters, so 26 output neurons, each with a score. The next cell makes such
# a layer by hand. The row of `W` for a letter is its picture, 28 × 28, with +1 where there is ink and
# −1 where there is none. The input is a picture of the same kind, an r of which every fourth pixel or
# so is wrong. `W @ x` then counts for each letter how many pixels agree, minus how many differ; a fifth
# of that is the score.
#
# The figure shows the input (black is ink) and, at the right, the probability of each letter.
#
# > **Predict.** Which letters will come second and third? Will r get more than half?

# %% tags=["raises-exception"]
# Your functions: softmax, predict_class
alphabet = list("abcdefghijklmnopqrstuvwxyz")
column, row = np.meshgrid(np.arange(28), np.arange(28))
pixels = np.column_stack([column.ravel() - 5, 21 - row.ravel()])
ink = [TextPath((0, 0), letter, size=30).contains_points(pixels) for letter in alphabet]
W = np.where(ink, 1.0, -1.0)

wrong = np.random.default_rng(seed=0).random(784) < 0.25
x = np.where(wrong, -1, 1) * W[alphabet.index("r")]
scores = (W @ x / 5)[None, :]
p = np.asarray(softmax(scores))
print("scores", scores.shape, "from", scores.min(), "to", scores.max())
print("the net says", alphabet[int(predict_class(p)[0])], " and by the scores alone", end=" ")
print(alphabet[int(predict_class(scores)[0])])
for place in np.argsort(-p[0])[:4]:
    print(f"  {alphabet[place]}  score {scores[0, place]:5.1f}  probability {p[0, place]:.2f}")

fig, (left, right) = plt.subplots(1, 2, figsize=(11, 3), layout="constrained", width_ratios=[1, 3])
left.imshow(x.reshape(28, 28), cmap="gray_r")
left.set_axis_off()
right.bar(alphabet, p[0], color="grey", edgecolor="black")
right.set(xlabel="letter", ylabel="probability", xlim=(-1, 26))
plt.show()

# %% [markdown]
# r wins with 0.98, though a quarter of its pixels are wrong; i and l, a stroke in the same place, come
# next. What the probabilities do *not* say: whether the picture is a letter at all. They are shares
# among these 26, and must add up to 1 for a picture of a cat, too.
#
# ## 5 Yes or no: one neuron or two
#
# *Deck C, "Output Layer – Some notes"*
#
# For a question with two answers you may take one output neuron with a sigmoid (near 1 is yes), or two
# with softmax, one for each answer. Deck D calls softmax a combination of sigmoids. For two classes
# you can see how.
#
# > **Predict.** The two scores are 2 (yes) and 0.5 (no). For which single $z$ does σ(z) give the same
# > probability of yes?

# %% tags=["raises-exception"]
# Your functions: softmax
pairs = np.array([[2, 0.5], [-1, 3], [40, 40]])
print("softmax, first column", np.asarray(softmax(pairs))[:, 0])
print("σ(z₁ − z₂)           ", nn.activations.sigmoid(pairs[:, 0] - pairs[:, 1]))

# %% [markdown]
# The same: divide numerator and denominator of $e^{z_1}/(e^{z_1} + e^{z_2})$ by $e^{z_1}$, and
# $1/(1 + e^{-(z_1 - z_2)})$ is left. Two neurons have one number more than the question needs.
#
# ## 6 Labels that do not exclude each other
#
# *Deck D, "Multi-class Classification"*
#
# A digit is a 3 *or* a 5: the classes **exclude** each other, each example has exactly one, and its
# target is one-hot (lesson 00). A photo can show a beach *and* a dog, or neither: the labels do **not
# exclude** each other. Its target has a 1 for every label that applies. That is called
# **multi-hot**.
#
# > **Predict** the rows for the labels A and B, for A, for C and B, for B, with the classes A, B, C.
# > And for a photo without any label?


# %% exercise="multi_hot"
def multi_hot(label_sets, classes):
    """Return a row per example: 1 in the column of each of its labels, 0 elsewhere.

    label_sets is a list with an entry per example, a set or list of members of `classes`; a label
    named twice counts once, and there may be none. classes is a list; its order is that of the
    columns. Returns (n, len(classes)).

    Example: [{"dog"}, {"sea", "dog"}, []] and classes ["sea", "dog"] give
    [[0, 1], [1, 1], [0, 0]].
    """
    ### BEGIN SOLUTION
    return np.array([[float(c in labels) for c in classes] for labels in label_sets])
    ### END SOLUTION


# %% check="multi_hot" points=7

# %% tags=["raises-exception"]
# Your functions: multi_hot
tags = ["beach", "dog", "night", "snow"]
photos = [{"beach", "dog"}, set(), {"dog", "night", "snow"}, {"beach"}]
points = [["A", "B"], ["A"], ["C", "B"], ["B"]]
for labels, target in zip(points, multi_hot(points, ["A", "B", "C"]), strict=True):
    print(f"{' and '.join(labels):8} → {target}")
targets = multi_hot(photos, tags)
print("four photos\n", targets, " labels per photo:", np.sum(targets, axis=1))

# %% [markdown]
# The first four are the rows of deck D. In a one-hot table every row sums to 1; here a row may sum to
# anything from 0 to the number of classes.
#
# ## 7 A sigmoid for each label
#
# *Deck D, "Multi-class Classification"*
#
# If labels do not exclude each other, each of them is a yes-or-no question of its own: a sigmoid per
# label, and yes where it is above a **threshold**, usually ½.
#
# > **Predict.** A score of exactly 0 and the threshold ½: yes or no? Which *score* belongs to the
# > threshold ½? Is the one for 0.9 above or below it?


# %% exercise="predict_labels"
def predict_labels(Z, threshold=0.5):
    """Return 1 where the sigmoid of the score is above (>) the threshold, else 0.

    Z is (n, k), scores up to 10,000 in size, a column for each label; 0 < threshold < 1. Returns
    (n, k). A sigmoid exactly at the threshold is not above it.

    Example: [[2, 0, −1]] gives [[1, 0, 0]]; with threshold=0.2 it gives [[1, 1, 1]].
    """
    ### BEGIN SOLUTION
    with np.errstate(over="ignore"):
        return (1 / (1 + np.exp(-Z)) > threshold).astype(float)
    ### END SOLUTION


# %% check="predict_labels" points=9

# %% [markdown]
# A net has given the scores below for the four photos of section 6. The next cell treats them in both
# ways.
#
# > **Predict.** The first photo shows a beach *and* a dog. How high can both probabilities be with
# > softmax? The second shows nothing of all that: what will softmax say? Which labels change if the
# > threshold is 0.8? And 0.1?

# %% tags=["raises-exception"]
# Your functions: softmax, multi_hot, predict_labels
Z = np.array([[3, 2.5, -4, -3], [-3, -2.5, -3.5, -2], [-2, 0.4, 1.5, 2.2], [4, -3, 0.2, -5]])
print("       ", "  ".join(f"{tag:>5}" for tag in tags))
for name, table in [("softmax", np.asarray(softmax(Z))), ("sigmoid", nn.activations.sigmoid(Z))]:
    for photo, p in enumerate(table, start=1):
        print(f"{name} {photo}", "  ".join(f"{value:5.2f}" for value in p), f"  sum {p.sum():.2f}")
targets = multi_hot(photos, tags)
for threshold in (0.1, 0.5, 0.8):
    found = np.array(predict_labels(Z, threshold))
    missed, too_many = np.sum(found < targets), np.sum(found > targets)
    print(f"threshold {threshold}: {missed} labels missed, {too_many} too many")

# %% [markdown]
# With softmax, beach and dog take each other's share away, and the photo that shows nothing is "snow"
# with 0.46: the shares *must* add up to 1. The sigmoids judge each label by itself. A low threshold
# misses nothing and finds what is not there, a high one the other way round; ½ is not a law, it
# depends on which mistake costs more.
#
# ## 8 Which output layer?
#
# *Deck C, "Output Layer – Some notes"; deck D, "Choosing the Right Activation Function"*
#
# | the question | output neurons | activation | the answer |
# |---|---|---|---|
# | how much? (*regression*) | 1 for each quantity | linear | the number itself |
# | yes or no? (*binary*) | 1 (or 2) | sigmoid (or softmax) | above the threshold? (the larger one?) |
# | which one? (*multi-class*) | 1 for each class | softmax | the largest |
# | which ones? (*multi-label*) | 1 for each label | sigmoid each | all above the threshold |
#
# The next cell takes the four numbers that some hidden layer gives for a house and asks four
# questions about it. Each has an output layer of its own; the weights are made by hand.
#
# > **Predict** the shape of each `W`.

# %% tags=["raises-exception"]
# Your functions: softmax, predict_class, predict_labels
a = np.array([[4.0, 1.0, 0.0, 2.0]])  # one house: space, near to shops, near to schools, light
kinds, extras = ["flat", "villa", "farm"], ["garden", "lift", "balcony", "cellar"]
output_layers = {  # W, b, and how the answer is read from the scores
    "price": ([[80, 40, 20, 15]], [60], lambda z: f"{z[0, 0]:.0f} thousand €"),
    "sold within a month": (
        [[-0.5, 1, 1, 0.8]],
        [-0.2],
        lambda z: f"yes with probability {nn.activations.sigmoid(z)[0, 0]:.2f}",
    ),
    "kind": (
        [[-1, 2, 0.5, 0], [0.5, -1, 0, 1], [1, -3, -1, 0]],
        [2, 0, -1],
        lambda z: f"{kinds[int(predict_class(np.asarray(softmax(z)))[0])]}, shares {softmax(z)[0]}",
    ),
    "extras": (
        [[1, -1, 0, 0], [-1, 1, 0, 0], [0, 0, 0, 1], [1, 0, 0, -1]],
        [0, 0, 0, 0],
        lambda z: [name for name, yes in zip(extras, predict_labels(z)[0], strict=True) if yes],
    ),
}
for question, (W, b, answer) in output_layers.items():
    z = a @ np.array(W).T + b
    print(f"{question:20} W {np.shape(W)}  scores {z[0]}  → {answer(z)}")

# %% [markdown]
# <details><summary>Errata of deck D, and where decks C and D differ</summary>
#
# | slide | printed | what you have computed |
# |---|---|---|
# | D, Softmax Function | softmax gives 1 to the largest, 0 to the rest | 0.58, 0.23, 0.19 |
# | D, Softmax Function | softmax combines several sigmoids | true of two classes: σ(z₁ − z₂) |
#
# Deck C says that softmax is *no* activation function, because it works on all outputs at once;
# deck D and nnkit call it one. That is a matter of words: both mean what you have written.
#
# </details>
#
# ## 9 What usually goes wrong
#
# The names are those that the checks use.
#
# | you see | what happened |
# |---|---|
# | nan for large scores | `no-shift`: each row's own largest score must be taken off |
# | the columns sum to 1, or the whole table | `wrong-axis`: axis 1, with `keepdims=True` |
# | "could not be broadcast" | `raises`: without `keepdims`, (n,) does not fit beside (n, k) |
# | 1.8, 0.9, 0.68 becomes 0.53 0.27 0.20 | `missing-activation`: divided, without $e^z$ |
# | … becomes 0.86 0.71 0.66 | `wrong-activation`: a sigmoid each; the sum is not 1 |
# | … becomes 6.05 2.46 1.97 | `not-normalised` |
# | 0.5 where a 1 is expected | `value-instead-of-index`: the largest entry, not its column |
# | classes from 1 to k | `off-by-one-class` |
# | class 0 where no entry is above ½ | `wrong-boundary`: no threshold is asked for |
# | a 2 in a multi-hot row | `counts-repeats`: set to 1, do not add 1 |
# | columns in another order | `sorted-classes`: the order of `classes` is kept |
# | "cat" found in {"catfish"} | `wrong-type`: searched in a text; `c in labels` asks the set |
# | a score of 0 is a yes | `wrong-boundary`: `>=` in place of `>` |
# | a score of 0.4 is a no | `missing-activation`: the score itself compared with ½ |
# | one label for every photo | `one-label-only`: these labels do not compete |
#
# ## 10 Quiz
#
# 1. You add 5 to all scores of an example. The probabilities (a) get more even, (b) stay the same or
#    (c) move towards the winner?
# 2. Somebody puts a sigmoid on the five outputs and then softmax on top. The largest probability can
#    (a) be anything below 1, (b) never be above 0.41 or (c) not be below ½?
# 3. An X-ray may show none, one or several of 14 findings. The output layer has (a) 14 neurons with
#    softmax, (b) one neuron with a number from 0 to 14 or (c) 14 neurons with a sigmoid each?
# 4. The letter net is shown a photo of a cat, and "m" gets 0.9. That means: (a) m's score leads the
#    other 25 clearly, (b) it is an m with 90 % certainty or (c) softmax has failed?

# %%
# Put "a", "b" or "c" in place of None, then run this cell and the folded one below it.
answers = {1: None, 2: None, 3: None, 4: None}

# %% jupyter={"source_hidden": true}
replies = {
    "1a": "Not quite: look at networks A and C again.",
    "1b": "Right: only differences count, and they have not changed.",
    "1c": "Not quite: that happens when you multiply the scores.",
    "2a": "Not quite: after a sigmoid all scores lie between 0 and 1. How large can a lead be?",
    "2b": "Right: a lead of at most 1 gives at most e/(e + 4) = 0.40. Squeeze once, not twice.",
    "2c": "Not quite: five equal scores give 0.2 each.",
    "3a": "Not quite: softmax needs exactly one winner. Here there may be none, or several.",
    "3b": "Not quite: that would put the findings in an order. Which ones, not how many.",
    "3c": "Right: 14 yes-or-no questions.",
    "4a": 'Right: a share among 26 letters; "no letter at all" is not among them.',
    "4b": "Not quite: the shares must add up to 1, whatever the picture shows.",
    "4c": "Not quite: it did what it is made for. What was it not asked?",
}
for number, answer in answers.items():
    print(f"{number}: {replies.get(f'{number}{answer}', 'no answer yet (a, b or c)')}")

# %% [markdown] question="songs" points=4
# ## 11 In your own words
#
# A radio station marks its songs with *rock*, *Spanish*, *live*, *dance*. A colleague builds a net with
# four outputs and softmax, and takes the largest. What happens to a live recording of Spanish rock?
# What to a song to which none of the four applies? Say what you would change in the output layer, in
# the targets and in how the answer is read off. When would softmax have been right? About five
# sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** Softmax makes the four compete: for the live Spanish rock song the three right
# labels share the probability, about a third each, and only the largest is named; two are lost. For
# the song without any of the labels the shares still add up to 1, so one of them is named all the
# same. I would put a sigmoid on each of the four outputs, so that each is a yes-or-no question; the
# targets are multi-hot rows, (1, 1, 1, 0) and (0, 0, 0, 0); a label applies where its sigmoid is above
# a threshold, chosen by which mistake is worse. Softmax is right where exactly one class applies, such
# as the decade in which a song was recorded.
#
# **Rubric**, one point each:
# - softmax: the labels share 1, so right ones are lost, and one is named where none applies (both);
# - a sigmoid for each label;
# - multi-hot targets, and a threshold for each label (both);
# - says that softmax is for classes of which exactly one applies, or gives such an example.
# ### END SOLUTION

# %% [markdown]
# ## Looking back
#
# Say it without a formula: what does softmax do to scores, and what does it leave as it was? Which
# question must you ask about the labels before you choose an output layer?
#
# You now have all the parts: sums, activations, outputs. **Next:** lesson 04 puts layers of any number
# behind each other and counts what is in them.
#
# **Sources** Deck C, *ANN: Neurons, Feedforward Nets, Activation Functions, I/O Layers*; deck D,
# *Introduction to TensorFlow and artificial neural networks*. Text CC BY 4.0, code BSD-3-Clause.
