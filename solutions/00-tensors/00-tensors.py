# %% [markdown]
# # 00 · A picture is a table of numbers
#
# This is the first of fifteen lessons in which you write a neural network yourself. You begin with
# what goes in and what comes out: numbers, kept in *tensors*. You also get to know the notebook.
#
# **Afterwards you can**
# - work in a notebook: run, write, check, and find help;
# - make tensors, calculate with them, cut pieces out of them and change their shape;
# - turn a picture into a vector, a label into a *one-hot* row, and a table into *z-scores*.
#
# **Time** 50–65 minutes. **Builds on** a little Python: variables, lists, `for`, `def`. No numpy,
# no mathematics beyond mean and standard deviation.
#
# **Sources** Deck A, *Deep Learning & Neural Networks*; deck B, *How (Shallow) Neural Networks
# work*; deck D, *Introduction to TensorFlow and artificial neural networks*. In all lessons the
# line under a heading names the deck and the slide.
#
# ## 1 How a notebook works
#
# A notebook is made of **cells**: some hold text, like this one, others hold code. Click into the
# cell below and press **Shift+Enter**. The code runs, its output appears under it, and the next
# cell is chosen. The value of the last line is shown even without `print`.
#
# > **Predict.** You will meet this box before most cells. Write your guess down, on paper, *before*
# > you run the cell. A wrong guess teaches most. Here: what will appear under the cell?

# %%
side = 28
pixels = side * side
pixels

# %% [markdown]
# That is the number of pixels in each picture of this course. The number in brackets at the left of
# the cell says in which order cells were run: `[1]` first. The notebook remembers `side` and
# `pixels` from now on.
#
# - **Order matters.** A cell sees what the cells *run before it* have made. If things get muddled:
#   menu *Kernel*, *Restart Kernel and Run All Cells…*
# - **Nothing breaks.** Change any number, run again, look. If a cell never ends, press the stop
#   button.
# - **Help.** Write `np.zeros?` in a cell and run it, or put the cursor on a name and press
#   Shift+Tab. Add a cell of your own with the **+** button. Save with Ctrl+S.
#
# The next cell gets the tools: numpy (`np`) for tensors, matplotlib (`plt`) for figures, and nnkit
# (`nn`), the package of this course. Every lesson begins like this. Its last lines get the
# pictures; by the end of the lesson you will be able to read every one of them. Code that only
# draws a figure you may skip.

# %%
import matplotlib.pyplot as plt
import numpy as np

import nnkit as nn

np.set_printoptions(precision=3, suppress=True, linewidth=110)

digits = nn.digits()
labels = digits.y_train
images = np.round(digits.X_train * 255).astype(np.uint8).reshape(-1, 28, 28)
print(len(images), "pictures")

# %% [markdown]
# ## 2 Where this course goes
#
# *Deck A, "1.1 What is DL? I", "1.1 What is DL? II", "1.4 Hardware: GPUs (& TPUs) I"*
#
# The figure below is a **neural network**. Each circle, a **neuron**, holds one number. At the left
# go in 784 numbers, the pixels of a handwritten digit; at the right come out ten, one for each
# digit from 0 to 9: the largest is the answer. In between are two **hidden layers**, called hidden
# because you see them neither at the input nor at the output. The names in the circles: IN for
# input, H for hidden, ON for output; a circle is also called a **node**. (Wide layers are drawn
# shortened.)
#
# **Deep** learning means that there are *many hidden layers*, each of which works on what the one
# before it made. It says nothing of how many neurons a layer has. The ideas are old: single
# artificial neurons from the 1940s and 50s, nets of several layers from the 1970s and 80s. The
# breakthrough came in the late 2000s, when two things were there at last: **hardware** fast enough
# (graphics processors, made for many multiplications at once), and **large sets of data** with
# labels.
#
# In lesson 10 you will train this net. Each line in it is a number too (solid: positive, dashed:
# negative, thick: large), 13,002 numbers in all with those that belong to the neurons. Nobody
# chooses them: they are learned. The figure draws them as they are before that, at random.

# %%
net = nn.MLP([784, 16, 16, 10], seed=0)
_, ax = plt.subplots(figsize=(9, 7))
nn.plots.network(net, ax=ax)
plt.show()

# %% [markdown]
# ## 3 A digit as numbers
#
# *Deck A, "2.1 NN examples: MNIST dataset"*
#
# The most famous handwritten digits are called MNIST: 70,000 pictures of 28 × 28 pixels. Ours have
# the same form, but they are those of the library scikit-learn, enlarged by nnkit, because they
# need no download. A **pixel** is a grey value. In a file it is a *byte*, a whole number from 0
# (black) to 255 (white).
#
# > **Predict.** The next cell prints the middle of one picture as numbers. Will you recognise the
# > digit?

# %%
picture = images[0]
print(picture[4:24, 8:21])

# %% [markdown]
# Narrow your eyes: the large numbers are the stroke. A computer has nothing but these numbers. The
# figure shows the same picture twice: at the left all 28 × 28 pixels, at the right the part in the
# frame, rows 14 to 23, with its numbers written in.

# %%
fig, (whole, part) = plt.subplots(1, 2, figsize=(11, 5), layout="constrained")
whole.imshow(picture, cmap="gray")
whole.add_patch(plt.Rectangle((7.5, 13.5), 13, 10, fill=False, color="white", linestyle="--"))
whole.set(xlabel="column", ylabel="row")
part.imshow(picture[14:24, 8:21], cmap="gray", extent=(7.5, 20.5, 23.5, 13.5))
for row in range(14, 24):
    for column in range(8, 21):
        grey = picture[row, column]
        colour = "black" if grey > 128 else "white"
        part.text(column, row, grey, ha="center", va="center", color=colour, fontsize="small")
part.set(xlabel="column", ylabel="row")
plt.show()

# %% [markdown]
# ## 4 Tensors
#
# *Deck D, "Tensor", "Installation and Basic Practice"*
#
# A **tensor** is a block of numbers, all of one type, in a regular shape. numpy calls it an
# *array*. Its **axes** are the directions in which you can count. No axis: a single number. One: a
# vector. Two: a matrix, with rows and columns. Three: a stack of matrices, such as our pictures.
# `shape` says how long each axis is, `dtype` what kind of numbers there are.
#
# > **Predict.** Write down the shape of each of the five before you run the cell. All pictures
# > together have three axes: which comes first?

# %%
number = np.array(5)
vector = np.array([1.5, 0.0, 2.5])
matrix = np.array([[1, 2, 3], [4, 5, 6]])
tensors = {
    "number": number,
    "vector": vector,
    "matrix": matrix,
    "picture": picture,
    "images": images,
}
for name, tensor in tensors.items():
    print(f"{name:8} {tensor.ndim} axes  shape {tensor.shape!s:14} {tensor.size:9,} {tensor.dtype}")
print()
print("zeros ", np.zeros((2, 3)).tolist())
print("ones  ", np.ones(4))
print("arange", np.arange(6))
print("random", np.random.default_rng(seed=0).uniform(-1, 1, 4))

# %% [markdown]
# Examples come along the *first* axis: `images[0]` is a picture, `len(images)` counts them. That
# holds in the whole course: **examples are rows**. `float64` are numbers with a fraction, `int64`
# whole numbers, `uint8` bytes. A shape with one entry is written `(3,)`, with a comma.
#
# The last four lines show that tensors need not be typed in. Look up what you do not know:
# `np.arange?` The random numbers are the same at every run, because the `seed` is.
#
# ### Arithmetic
#
# `+ - * / **` work **element by element**, without a loop. If one of the two is smaller, it is
# repeated along the missing axis where that fits (*broadcasting*): a vector is added to every row
# of a matrix. `@` multiplies element by element and adds up; lesson 01 lives on it.
#
# > **Predict** all eight lines. The seventh adds 100 to three bytes. The eighth cannot work: numpy
# > raises an error, which `try … except` catches, so that the notebook goes on.

# %%
a = np.array([1, 2, 3])
b = np.array([10, 20, 30])
print("a + b       ", a + b)
print("a * b       ", a * b)
print("a / 2       ", a / 2)
print("a @ b       ", a @ b)
print("a > 1       ", a > 1)
print("matrix + b  ", (matrix + b).tolist())
print("bytes + 100 ", np.array([100, 200, 250], dtype=np.uint8) + 100)
try:
    matrix + np.array([1, 2])
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# The seventh line is no misprint of ours: a byte holds nothing above 255. After 255 it starts again
# at 0, without a warning, so 200 + 100 = 300 becomes 300 − 256 = 44. **Before you calculate with
# pictures, make floating-point numbers of them.** Dividing with `/` does that.
#
# **You will see many error messages; everybody does. Read the last line first.** This one names two
# shapes, (2,3) and (2,). Broadcasting compares them from the *right*, and 3 against 2 does not fit.
# Most errors in this course can be found just so: write the shapes beside each other.
#
# ## 5 Cut, turn, choose
#
# Square brackets choose, axis by axis, counting from 0. A slice `4:24` goes from 4 to 23: the end
# is left out. `:` alone takes all, `::-1` takes all backwards. A condition chooses where it is
# true: `images[labels == 3]` are all pictures of a 3. What you can choose you can also set: after
# `v[1] = 7` the entry with number 1 of `v` is 7.
#
# > **Predict.** Which of the four panels turns the 6 into a 9?

# %%
turned = {
    "picture[::-1]": picture[::-1],
    "picture[:, ::-1]": picture[:, ::-1],
    "picture[::-1, ::-1]": picture[::-1, ::-1],
    "picture.T": picture.T,
}
print(
    "one pixel", picture[16, 12], "  a row", picture[16].shape, "  left half", picture[:, :14].shape
)
print(
    "pixels above 200:", picture[picture > 200].size, "  pictures of a 3:", len(images[labels == 3])
)
fig, axes = plt.subplots(1, 4, figsize=(11, 3), layout="constrained")
for ax, (title, values) in zip(axes, turned.items(), strict=True):
    ax.imshow(values, cmap="gray")
    ax.set_title(title, family="monospace")
    ax.set_axis_off()
plt.show()

# %% [markdown]
# From left to right: upside down; mirrored; both, which is half a turn, and there is the 9; rows
# and columns exchanged (`.T`, *transposed*).
#
# **Along an axis.** `sum`, `mean`, `std`, `max` run over everything, or along one axis. **The axis
# you name is the one that disappears**: `axis=0` runs down over the rows and leaves one number per
# column. Over a stack of pictures it leaves a picture. The figure shows the **mean** picture of
# each digit: where it is white, nearly everybody writes; where it is grey, habits differ.
#
# > **Predict** the three means of `matrix`, [[1, 2, 3], [4, 5, 6]]. And which digit will be
# > sharpest?

# %%
print("mean of all ", matrix.mean())
print("mean, axis 0", matrix.mean(axis=0), " shape", matrix.mean(axis=0).shape)
print("mean, axis 1", matrix.mean(axis=1), " shape", matrix.mean(axis=1).shape)
fig, axes = plt.subplots(1, 10, figsize=(11, 1.6), layout="constrained")
for digit, ax in enumerate(axes):
    ax.imshow(images[labels == digit].mean(axis=0), cmap="gray")
    ax.set_title(digit)
    ax.set_axis_off()
plt.show()

# %% [markdown]
# The 0: its pixels vary least from writer to writer. Those of the 1 vary most: some write a bare
# stroke, others a flag and a foot.
#
# ## 6 Another shape
#
# A net takes a *row* of numbers in, not a square. `reshape` reads all numbers row by row, as you
# read a page, and writes them into another shape with room for just as many. −1 stands for
# "whatever is left".
#
# > **Predict** each line. Are the last two the same?

# %%
six = np.arange(6)
print(six.reshape(2, 3).tolist())
print(six.reshape(3, -1).tolist())
print(matrix.reshape(-1).tolist())
print("reshape(3, 2)  ", matrix.reshape(3, 2).tolist())
print("transposed     ", matrix.T.tolist())

# %% [markdown]
# They have the same shape and other numbers: `reshape` keeps the reading order, `.T` does not.
#
# **Play: cut the row again.** Flattened, our picture is a row of 784 numbers, and nothing in it
# says where a line ended. The slider cuts it into lines of the length you choose.
#
# > **Predict,** then move. What will lines of 56 look like? Of 14? Why is 27 so much worse than 28?

# %%
flat = picture.reshape(-1)


def cut(length, ax):
    """Show the row of 784 numbers in lines of this length; what does not fill a line is left out."""
    lines = len(flat) // length
    ax.imshow(flat[: lines * length].reshape(lines, length), cmap="gray")
    ax.set(xlabel="column", ylabel="row")
    return f"{lines} lines of {length}: number 300 of the row is in line {300 // length}."


lengths = [7, 14, 20, 24, 26, 27, 28, 29, 30, 32, 42, 56, 84, 112]
nn.widgets.slider(cut, lengths, name="length of a line", start=lengths.index(20))

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# 56: two rows of the picture stand beside each other in one line, so the digit appears twice, half
# as high. 14: each row is cut in two, so left and right half alternate line by line. 27: every line
# ends one pixel too early, so the picture slips to the right, one pixel more with every line, and
# leans.
#
# </details>
#
# ## 7 Your first exercise: pictures to rows
#
# Here is how every exercise works.
#
# 1. Read the text in quotes under `def`: it says what goes in, what comes out, and gives an
#    example.
# 2. Run the **check**, the cell below, before you have written anything: it says `not-implemented`.
# 3. Put your code in place of `raise NotImplementedError()`, and run **both** cells.
# 4. The check tries your function on fresh random data and says which part is right. If something
#    is wrong, it shows the smallest example: what went in, what was expected, what came. If it
#    knows the mistake, it names it. You may try as often as you like; after three failures it
#    offers hints.
#
# You hand in the whole notebook; `nn.progress()`, in any notebook, shows what you have passed so
# far. Cells that start with `# Your functions` use what you have written (`np.asarray` makes a
# tensor of it if you return a list); before that they stop with `NotImplementedError`, which is
# meant to be.
#
# **What a failed check looks like.** The task: turn each picture into a row. Somebody returns the
# pictures as they came. The next cell checks that function. Find in the verdict the name of the
# mistake, the call with its argument, the expected *shape* and the one that came.

# %%
from grader_tests import check


def unchanged(images):
    return images


_ = check("00-tensors", "flatten_images", {"flatten_images": unchanged})


# %% exercise="flatten_images"
def flatten_images(images):
    """Return one row per picture, with grey values from 0 to 1.

    images is (n, h, w), bytes from 0 (black) to 255 (white). Returns (n, h·w) floats: each picture
    read row by row, every value divided by 255.

    Example: one picture [[0, 255], [51, 0]], so images is (1, 2, 2), gives [[0, 1, 0.2, 0]].
    """
    ### BEGIN SOLUTION
    return images.reshape(len(images), -1) / 255
    ### END SOLUTION


# %% check="flatten_images" points=7

# %% [markdown]
# > **Predict.** Now yours: what will be the shape of `X`? And at which place of its row is the
# > pixel in row 16, column 12?

# %% tags=["raises-exception"]
# Your functions: flatten_images
X = np.asarray(flatten_images(images))
print("images", images.shape, images.dtype, "→ X", X.shape, X.dtype)
print("from", X.min(), "to", X.max())
place = 28 * 16 + 12
print(f"row 16, column 12 is number {place}: {X[0, place]:.3f} = {picture[16, 12]}/255")

# %% [markdown]
# Sixteen full rows of 28 lie before row 16. So `X` is what a net gets: 1,437 examples, **784
# inputs**.
#
# ## 8 Labels to one-hot rows
#
# *Deck D, "Multi-class Classification"*
#
# Beside each picture stands its **label**, the digit that was meant. The net has ten outputs, so
# what it *should* say must be ten numbers too: 1 for the right digit, 0 for all others. That is
# **one-hot**. The label 3 becomes `[0 0 0 1 0 0 0 0 0 0]`: the places are counted from 0.
#
# > **Predict.** Four labels, 2 0 2 1, and five classes: how many rows and columns? What is in the
# > last two columns?


# %% exercise="one_hot"
def one_hot(labels, n_classes):
    """Return a row per label: 1 in the label's column, 0 elsewhere.

    labels is (n,), whole numbers from 0 to n_classes − 1. Returns (n, n_classes): a column for
    every class, even for those that no label has.

    Example: labels [2, 0] and 4 classes give [[0, 0, 1, 0], [1, 0, 0, 0]].
    """
    ### BEGIN SOLUTION
    Y = np.zeros((len(labels), n_classes))
    Y[np.arange(len(labels)), labels] = 1
    return Y
    ### END SOLUTION


# %% check="one_hot" points=7

# %% tags=["raises-exception"]
# Your functions: one_hot
Y = np.asarray(one_hot(labels, 10))
for label, row in zip(labels[5:10], Y[5:10], strict=True):
    print(label, row)
print("Y", Y.shape)
print("sum over axis 0:", Y.sum(axis=0))

# %% [markdown]
# Every row sums to 1. The sum down the rows counts how often each digit occurs: about 144 times
# each. From here on, "learning" means: find a function that turns the rows of `X` (784 numbers)
# into something close to the rows of `Y` (10 numbers).
#
# ## 9 One scale for all columns
#
# *Deck B, "Step 1: Design the neural network – a) Normalize the input data"*
#
# Pixels all have the same unit. Other data do not. Here are houses, invented for this course: size
# in m², number of rooms, a postal code (1 is the centre of the town), and the mean income of the
# neighbourhood in thousand € ("wealth"); the price comes in lesson 01.
#
# > **Predict.** In which of the four do the first two houses differ most?

# %%
houses = nn.house_prices()
print(houses.inputs)
print(houses.X[:2])
print("difference", houses.X[0] - houses.X[1])

# %% [markdown]
# 73 m² against 4 rooms: but are 4 rooms little? m² and rooms cannot be compared; "how unusual is
# it" can. The **z-score** says how many standard deviations a value lies above or below the mean of
# *its own column*:
#
# $$z = \frac{x - \bar x}{s}, \qquad s = \sqrt{\frac{1}{n-1}\sum_i (x_i - \bar x)^2}.$$
#
# We divide by $n - 1$, as deck B does: the *sample* standard deviation. (numpy divides by $n$
# unless told otherwise.)
#
# > **Predict.** The column 1, 2, 6 has mean 3. Calculate $s$ and the three z-scores by hand.


# %% exercise="zscore"
def zscore(X):
    """Return the z-scores of every column: mean 0, sample standard deviation (n − 1) 1.

    X is (n, d), a quantity per column, n at least 2. Returns (n, d), and leaves X as it is.

    Example: [[1], [2], [6]] gives [[−0.756], [−0.378], [1.134]].
    """
    ### BEGIN SOLUTION
    return (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)
    ### END SOLUTION


# %% check="zscore" points=7

# %% [markdown]
# The figure shows the first 60 houses by size and rooms, before and after, one unit being as long
# upwards as sideways. At the left the houses lie on a flat strip: size is all one sees. At the
# right the same houses lie in the same order, in each direction; now both columns show.
#
# > **Predict,** before you run it: in which column do the first two houses differ most *now*?

# %% tags=["raises-exception"]
# Your functions: zscore
Z = np.asarray(zscore(houses.X))
print("means     ", abs(Z.mean(axis=0)))
print("deviations", Z.std(axis=0, ddof=1))
print("difference of the first two houses", Z[0] - Z[1])

fig, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained", width_ratios=[3, 2])
for ax, values, title in zip(axes, [houses.X, Z], ["as measured", "z-scores"], strict=True):
    ax.plot(*values[:60, :2].T, "k^", markersize=4)
    ax.set(xlabel="size", ylabel="rooms", title=title, aspect="equal")
axes[0].set_yticks([0, 8])
plt.show()

# %% [markdown]
# Mean 0 and deviation 1 in every column, and the question has another answer: the *wealth* of the
# neighbourhood differs most, by 2.7 standard deviations; 4 rooms weigh more than 73 m². A net
# starts without knowing which column matters. On one scale, no column shouts louder because of its
# unit.
#
# ## 10 What usually goes wrong
#
# The names are those that the checks use.
#
# | you see | what happened |
# |---|---|
# | "expected shape (1, 10), got shape (1, 2, 5)" | `wrong-shape`: each picture must become one row |
# | a picture drawn from a row of `X` is turned or scrambled | `swapped`: transposed before flattening |
# | only 0 and 1 in `X` | `wrong-type`: `//` or rounding cuts the fractions off |
# | numbers above 1 in `X` | `wrong-factor`: not divided by 255 |
# | the same grey gives other numbers in other pictures | `wrong-scale`: divided by the largest grey |
# | five columns for ten classes | `ignores-argument`: the number of columns taken from the labels |
# | label 3 has its 1 in column 2 | `off-by-one-class`: classes are counted from 0 |
# | whole columns full of ones | `wrong-axis`: `Y[:, labels] = 1` sets every row |
# | 1, 2, 6 becomes −0.926 −0.463 1.389 | `population-sd`: divided by n; `std` needs `ddof=1` |
# | … becomes −0.286 −0.143 0.429 | `missing-root`: divided by the variance |
# | … becomes 0.378 0.756 2.268 | `not-centred`: the mean was not taken off |
# | "got None" | `returns-nothing`: `print` shows a value, `return` hands it back |
# | a second run gives other numbers | `modifies-arguments`: `X -= …` changes the caller's tensor |
#
# ## 11 Quiz
#
# *Questions 1 and 2: deck A, "1. Questions"*
#
# 1. What does *deep* in "deep learning" count? (a) The neurons in each hidden layer, (b) the hidden
#    layers or (c) the examples?
# 2. What made the breakthrough possible? (a) Fast hardware and large sets of data, (b) new
#    algorithms alone or (c) the discovery of the neuron?
# 3. `batch` has shape (32, 28, 28). What is the shape of `batch.mean(axis=0)`? (a) (32,), (b) (28,
#    28) or (c) (32, 28)?
# 4. `grey` is a uint8 tensor with a single entry, 200. What is `grey + grey`? (a) 400, (b) 255 or
#    (c) 144?

# %%
# Put "a", "b" or "c" in place of None, then run this cell and the folded one below it.
answers = {1: None, 2: None, 3: None, 4: None}

# %% jupyter={"source_hidden": true}
replies = {
    "1a": "Not quite: that is a layer's width. Deep is a net with many layers.",
    "1b": "Right: deep nets have many hidden layers, however wide each is.",
    "1c": "Not quite: many examples are needed to train a deep net, but they are not its depth.",
    "2a": "Right: GPUs and large labelled data sets; many of the ideas had waited for them.",
    "2b": "Not quite: much of the theory was decades old. What had been missing?",
    "2c": "Not quite: artificial neurons are from the 1940s and 50s. What had been missing?",
    "3a": "Not quite: that is one number per picture. Which axis did you name?",
    "3b": "Right: axis 0 disappears; what stays is the mean picture.",
    "3c": "Not quite: the axis you name is the one that disappears, here the first.",
    "4a": "Not quite: 400 does not fit into a byte.",
    "4b": "Not quite: it does not stop at the end, it starts again.",
    "4c": "Right: 400 − 256. Divide by 255 first, then calculate.",
}
for number, answer in answers.items():
    print(f"{number}: {replies.get(f'{number}{answer}', 'no answer yet (a, b or c)')}")

# %% [markdown] question="why-one-hot" points=4
# ## 12 In your own words
#
# The label of a picture is one number, 0 to 9. Why not let the net have a single output that should
# be this number? Say what such a target would claim about the digits that is not true, what ten
# outputs can express that one cannot, and give an example of a task where one output *is* the right
# choice. About four sentences, in place of the line below. Your teacher reads them.
#
# ### BEGIN SOLUTION
# **Model answer.** One number would put the digits in an order and at distances: 3 would lie
# between 2 and 4, and taking a 1 for a 9 would be eight times as wrong as taking it for a 2. For
# pictures that is false; a 1 looks more like a 7 than like a 2. A net that wavers between 1 and 7
# would answer 4, which is neither. Ten outputs can say "perhaps 1, perhaps 7, surely not 4", and no
# class is nearer to another than the rest: all one-hot rows have the same distance. One output is
# right where the number is a quantity: a price, a temperature, an age.
#
# **Rubric**, one point each:
# - names the order or the distances that a single number claims;
# - says what that leads to (a mean of two classes, unequal errors), or gives an example;
# - says what ten outputs can express (doubt between classes, a score for each);
# - gives an example where the number is a quantity.
# ### END SOLUTION

# %% [markdown]
# ## Looking back
#
# Go back to the second code cell. Can you now say what each of its last lines does, and why
# `np.uint8` and −1 stand there? Which of your predictions was furthest off?
#
# A picture has become a row of `X`, a label a row of `Y`. **Next:** lesson 01 puts something
# between them: a single neuron.
#
# **Sources** Digits: E. Alpaydin, C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI,
# 1998, by way of scikit-learn. Text CC BY 4.0, code BSD-3-Clause.
