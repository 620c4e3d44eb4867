# %% [markdown]
# # 13 · What the frameworks do
#
# TensorFlow, Keras and TensorBoard look like another world. They are what you have written since
# lesson 01, with other names. Here you write the heart of each of them in small, then put the real
# one beside it where it is installed.
#
# **Afterwards you can**
# - build a computation graph, and run it;
# - say how a framework finds gradients that nobody has derived;
# - read TensorBoard's curves, and know what its smoothing does to them;
# - read a Keras program line by line, and name what makes its numbers differ from yours.
#
# **Time** 60–70 minutes. **Builds on** lessons 04 (13,002 parameters), 07 (chain rule), 10 (training
# on the digits) and 11 (optimizers, penalties).
#
# **Source** Deck D, *Introduction to TensorFlow and artificial neural networks*; the line under each
# heading names the slides.
#
# ## 1 First say, then compute
#
# *Deck D, "Graphs", "Installation and Basic Practice" (placeholders)*
#
# `1.5 * 2 - 3` is computed at once, and afterwards nobody can tell how. A **computation graph** only
# *says* what is to be computed. Each **node** holds an operation; arrows lead to it from the nodes
# whose values it takes. There are two kinds of node without arrows into them: a **placeholder** gets
# its value when the graph is run, a **constant** has one.
#
# Here is one neuron with its cost C = (a − y)², without ½ as in lesson 07. w is 1.5, b is −3; x and y
# come later.
#
# > **Predict.** What will `print(z)` show: a number, an error, or something else?

# %%
import importlib.util
import os
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import nnkit as nn
from nnkit.graph import constant, operation, placeholder


def sigmoid(z):
    """Return 1 / (1 + e^(−z))."""
    return 1 / (1 + np.exp(-z))


x, y = placeholder("x"), placeholder("y")
w, b = constant(1.5), constant(-3.0)
product = operation(np.multiply, w, x)
z = operation(np.add, product, b)
a = operation(sigmoid, z)
gap = operation(np.subtract, a, y)
cost = operation(np.multiply, gap, gap)

print("z is", z)
print("its operation:", z.op, " its inputs:", z.inputs)
print("a placeholder has no operation:", x.op, " and no inputs:", x.inputs)

# %% [markdown]
# A formula, no number: there is nothing to compute as long as x has no value. `node.op` is a function
# of the inputs' values (`<ufunc 'add'>` is numpy's addition), `node.inputs` the list of the nodes they
# come from. A constant is an operation without inputs: `w.op()` is 1.5.
#
# **Play: the numbers flow.** The slider runs this graph for x = 2 and y = 1, a node at a time. Squares
# are placeholders, diamonds constants, circles operations; a node that is grey has no value yet. (The
# cell is long because it draws. You need not read it.)
#
# > **Predict,** then move. (1) What is z, what a, what C? (2) `gap` has two arrows to the last node.
# > In how many steps are all nine nodes computed?

# %%
LOOK = {  # where each node is drawn, its name and its shape
    w: ((0, 2), "w", "D"),
    x: ((0, 1), "x", "s"),
    product: ((1, 1.5), "w·x", "o"),
    b: ((1, 0.5), "b", "D"),
    z: ((2, 1), "z", "o"),
    a: ((3, 1), "a", "o"),
    y: ((3, 0), "y", "s"),
    gap: ((4, 0.5), "gap", "o"),
    cost: ((5, 0.5), "C", "o"),
}
feed = {x: 2.0, y: 1.0}
order = nn.session.in_order([cost])  # every node behind its inputs
values = dict(zip(order, nn.session.Session().run(order, feed), strict=True))


def flow(step, ax):
    """Draw the graph with the values of the first nodes, and say what was computed last."""
    known = order[:step]
    for node in order:
        end, name, shape = LOOK[node]
        for i, source in enumerate(node.inputs):
            bend = 0.25 * (2 * i - 1) if node is cost else 0  # two arrows from the same node
            style = {"arrowstyle": "->", "connectionstyle": f"arc3,rad={bend}"}
            style |= {"shrinkA": 20, "shrinkB": 20}
            ax.annotate("", end, LOOK[source][0], arrowprops=style)
        colour = "#bfe0f5" if node in known else "0.9"
        ax.plot(*end, shape, markersize=38, color=colour, markeredgecolor="black")
        text = f"{name}\n{values[node]:g}" if node in known else name
        ax.text(*end, text, ha="center", va="center")
    ax.set(xlim=(-0.5, 5.5), ylim=(-0.6, 2.6))
    ax.set_axis_off()
    if not known:
        return "Step 0: the graph stands, and nothing is computed."
    last = known[-1]
    takes = " and ".join(LOOK[source][1] for source in last.inputs)
    return f"Step {step}: {LOOK[last][1]} is {values[last]:g}" + (
        f", from {takes}." if takes else "."
    )


nn.widgets.slider(flow, range(len(order) + 1), name="step")

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# (1) z = 1.5 · 2 − 3 = 0, so a = 0.5, the gap is −0.5 and C = 0.25. (2) In nine: each node once. The
# last one takes the same value of `gap` twice.
#
# </details>
#
# Deck D says "a tensor has a node and an edge". Turn it round: the graph has nodes, which are
# operations, and edges (our arrows), along which tensors flow. Hence the name TensorFlow.
#
# ## 2 A session
#
# *Deck D, "Sessions"*
#
# To get a number, somebody has to walk through the graph. Deck D's TensorFlow calls that a
# **session**. Yours is a function. To know the value of a node, it must know those of the inputs, and
# for these it can ask *itself*. Only placeholders look into `feed`, a dictionary from placeholder to
# value.
#
# One thing matters: a node that several others need must be computed **once**. Keep a dictionary of the
# values found so far, a new one for each call.
#
# > **Predict.** A tower of twenty nodes: each adds the value of the node below to itself. How many
# > additions does the topmost one take if nothing is remembered?


# %% exercise="run"
def run(node, feed):
    """Return the value of a node of a graph.

    node.op is a function of the values of node.inputs, in that order; it is None for a placeholder,
    whose value is feed[node]. A constant is an op without inputs.

    Each node is computed at most once per call. A placeholder that is needed and not in feed raises
    KeyError. Graphs may be 500 nodes deep. feed stays as it is.

    Example: operation(np.subtract, constant(10), x) with feed {x: 4} has the value 6.
    """
    ### BEGIN SOLUTION
    values = {}

    def value(node):
        if node not in values:
            if node.op is None:
                values[node] = feed[node]
            else:
                values[node] = node.op(*[value(source) for source in node.inputs])
        return values[node]

    return value(node)
    ### END SOLUTION


# %% check="run" points=11

# %% tags=["raises-exception"]
# Your function: run
for x_value in (2.0, 3.0, 4.0):
    print(f"x = {x_value:g}, y = 1: C =", round(float(run(cost, {x: x_value, y: 1.0})), 4))

additions = []


def double(u, v):
    """Add, and count it."""
    additions.append(1)
    return u + v


ground = placeholder("ground")
top = ground
for _ in range(20):
    top = operation(double, top, top)
print(f"tower: {float(run(top, {ground: 3})):,.0f} after {len(additions):,} additions")

# %% [markdown]
# One graph, three runs with other numbers. And the tower takes 20 additions; without a memory it would
# be $2^{20} - 1$ = 1,048,575.
#
# Any net is such a graph. `nn.graph.network(net)` builds it: per layer W, b, their product, z and the
# activation.
#
# > **Predict.** How many nodes has 784-16-16-10, with the placeholder X?

# %%
digits = nn.digits()
X, Y = digits.X_train, digits.Y_train


def digit_net(regularizer=None):
    """Return an untrained net for the digits, always the same."""
    return nn.MLP(
        [784, 16, 16, 10], output="softmax", loss="cross_entropy", regularizer=regularizer, seed=0
    )


net = digit_net()
X_node, output = nn.graph.network(net)
print(output)
print(len(nn.session.in_order([output])), "nodes")

# %% tags=["raises-exception"]
# Your function: run
difference = np.asarray(run(output, {X_node: X})) - net.forward(X)
print("your run and nnkit's forward: largest difference", abs(difference).max())

# %% [markdown]
# Sixteen nodes, 13,002 parameters in six of them, and your `run` does a forward pass of the digits.
# (nnkit's `Session` keeps a to-do list where you call yourself, so its graphs may be of any depth.)
#
# ## 3 What the arrows are good for
#
# *Deck D, "Graphs"; lesson 07*
#
# Deck D names two advantages: a graph can be stored and run later, and it can be run on other machines.
# The greatest is a third. A graph can be walked **backwards**. Every operation knows its own
# derivative; the chain rule multiplies along the arrows and adds where several leave one node. That is
# all of backpropagation, for *any* graph. It starts at the cost, whose own slope is 1:

# %%
LOCAL = {  # the derivatives of an operation with respect to its inputs
    np.add: lambda u, v: (1, 1),
    np.subtract: lambda u, v: (1, -1),
    np.multiply: lambda u, v: (v, u),
    sigmoid: lambda u: (sigmoid(u) * (1 - sigmoid(u)),),
}


def slopes(cost, feed):
    """Return ∂cost/∂node for every node of the graph."""
    order = nn.session.in_order([cost])
    values = dict(zip(order, nn.session.Session().run(order, feed), strict=True))
    slope = dict.fromkeys(order, 0.0)
    slope[cost] = 1.0
    for node in reversed(order):
        if node.inputs:
            inputs = [values[source] for source in node.inputs]
            for source, local in zip(node.inputs, LOCAL[node.op](*inputs), strict=True):
                slope[source] += slope[node] * local
    return slope


# %% [markdown]
# > **Predict** with lesson 07's formulas, for x = 2 and y = 1: $\partial C/\partial a = 2(a - y)$,
# > $\partial C/\partial z$, $\partial C/\partial w$ and $\partial C/\partial b$. (a is 0.5.)

# %%
slope = slopes(cost, {x: 2.0, y: 1.0})
for node in (gap, a, z, w, b):
    print(f"dC/d{LOOK[node][1]} = {slope[node]:g}")

# %% [markdown]
# −1, −0.25, −0.5 and −0.25, as by hand. The 2 of 2(a − y) was written down by nobody: `gap` has two
# arrows into the product, and `+=` adds them up. This is **automatic differentiation**, and the reason
# why a user of TensorFlow, JAX or PyTorch never writes a `backward`.
#
# ## 4 TensorBoard reads your training
#
# *Deck D, "TensorBoard"*
#
# A training writes numbers into a folder, TensorBoard reads the folder and draws: the graph, and
# *summaries*, that is, curves of cost and accuracy. nnkit writes such files, too, after each epoch. Do
# you have TensorBoard, and Keras for later? Nothing here depends on it.


# %%
def find(name):
    """Return the package, or None where it is not installed, and say so."""
    try:
        package = importlib.import_module(name)
    except ImportError as error:
        print(f"{name}: not here ({error}). What needs it is skipped.")
        return None
    print(f"{name}: here, version {package.__version__}")
    return package


if importlib.util.find_spec("jax"):
    os.environ.setdefault("KERAS_BACKEND", "jax")  # what Keras computes with
tensorboard, keras = find("tensorboard"), find("keras")

# %% [markdown]
# (To install both: `pip install keras jax tensorboard`, then restart the kernel.)
#
# > **Predict.** The net is trained for ten epochs, and measured on the test pictures, too (`val_` in the
# > names). Which four curves will there be?

# %%
logs = Path(tempfile.mkdtemp(prefix="logs-"))
watchers = [nn.tensorboard.TensorBoard(logs / "first")] if tensorboard else []
net = digit_net()
history = net.fit(
    X,
    Y,
    epochs=10,
    batch_size=32,
    optimizer=nn.SGD(0.5),
    validation=(digits.X_test, digits.Y_test),
    callbacks=watchers,
    seed=0,
)
for name, numbers in history.to_dict().items():
    print(f"history, {name:13} epoch 1: {numbers[0]:.3f}   epoch 10: {numbers[-1]:.3f}")

if tensorboard:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(logs / "first")).Reload()
    print()
    for name in history.to_dict():
        logged = [event.tensor_proto.float_val[0] for event in events.Tensors(name)]
        print(f"TensorBoard, {name:13} {logged[0]:.3f} … {logged[-1]:.3f}")
    print()
    for node in events.Graph().node:
        print(f"{node.name:18} takes {', '.join(node.input) or 'nothing'}")
    print(f"\nTo see it, in a terminal:  tensorboard --logdir {logs}")
else:
    print("\nTensorBoard is not installed here, so nobody reads these numbers but you.")

# %% [markdown]
# Where it is installed, TensorBoard finds the numbers of `history`, four curves with a point per epoch,
# and the net as a graph: the sixteen nodes of section 2, each with its inputs (`hidden_1/z takes
# hidden_1/product, hidden_1/b`). On its page a name before a "/" becomes a box that opens.
#
# In a notebook, `%load_ext tensorboard` and `%tensorboard --logdir …` show the page in a cell. Take a
# new folder for every training (`logs / "second"`): two trainings in one folder make one zigzag curve.
#
# ## 5 Smooth curves
#
# *Deck D, "TensorBoard"*
#
# Often one logs the cost of each *mini-batch*, because epochs take hours. Such a curve jumps.
#
# > **Predict.** Is a jump upwards a sign that an update went wrong?

# %%
net, optimizer = digit_net(), nn.SGD(0.5)
rng = np.random.default_rng(0)
batch_costs = []
for _ in range(6):
    shuffled = rng.permutation(len(X))
    for first in range(0, len(X), 16):
        rows = shuffled[first : first + 16]
        batch_costs.append(net.evaluate(X[rows], Y[rows]).loss)
        net.forward(X[rows])
        net.backward(Y[rows])
        optimizer.step(net)
batch_costs = np.array(batch_costs)
rises = np.mean(np.diff(batch_costs) > 0)
print(f"{len(batch_costs)} updates; the logged cost rose at {rises:.0%} of them")

_, ax = plt.subplots(figsize=(9, 3.5), layout="constrained")
ax.plot(batch_costs, color="grey", linewidth=1)
ax.set(xlabel="updates", ylabel="cost of the batch", ylim=(0, None))
plt.show()

# %% [markdown]
# The figure shows the cost of every mini-batch before its update. It falls, and yet nearly every second
# step goes up: each number belongs to *other* pictures, some batches are harder. So TensorBoard draws
# a smoothed curve, with a slider for a number w (0.6 unless you move it). A value that lies k steps back
# counts $w^k$:
#
# $$s_i = \frac{v_i + w\,v_{i-1} + w^2\,v_{i-2} + \dots}{1 + w + w^2 + \dots}$$
#
# with as many terms above and below as there are values so far. So the shares always add up to 1, also
# at the start.
#
# > **Predict.** For v = 2, 4 and w = 0.25: what are the two smoothed values? And for w = 0?


# %% exercise="smooth"
def smooth(values, weight):
    """Return the smoothed values, as many as there are values.

    values is an array of numbers, 0 ≤ weight < 1. The value i of the result is

        Σ weight^(i−j) · values[j]  /  Σ weight^(i−j),     both sums over j = 0 … i

    Example: values [2, 4] and weight 0.25 give 2/1 = 2 and (4 + 0.25·2)/(1 + 0.25) = 3.6.
    """
    ### BEGIN SOLUTION
    smoothed = []
    total, weights = 0.0, 0.0
    for value in values:
        total = weight * total + value
        weights = weight * weights + 1
        smoothed.append(total / weights)
    return np.array(smoothed)
    ### END SOLUTION


# %% check="smooth" points=8

# %% [markdown]
# You know this division. RMSProp's average in lesson 11 starts at 0 and is too small at first; Adam
# divides by $1 - \beta^t$. That is the same correction: $(1 - w)(1 + w + \dots + w^{t-1}) = 1 - w^t$.
#
# **Play: TensorBoard's slider.** Grey is what was logged, the thick line your `smooth`, the dashed one
# the average without the correction.
#
# > **Predict,** then move. (1) Where do the dashed and the thick line differ? (2) At which weight do
# > you first see a line and no jumps? (3) What is wrong with 0.99?


# %% tags=["raises-exception"]
# Your function: smooth
def smoothing(weight, ax):
    """Draw the logged, the smoothed and the uncorrected curve."""
    smoothed = np.asarray(smooth(batch_costs, weight))
    counts = np.arange(1, len(batch_costs) + 1)
    ax.plot(batch_costs, color="silver", linewidth=0.8, label="logged")
    uncorrected = smoothed * (1 - weight**counts)
    ax.plot(uncorrected, "--", color="#d55e00", linewidth=2, label="without correction")
    ax.plot(smoothed, color="black", linewidth=2, label="smooth")
    ax.set(xlabel="updates", ylabel="cost of the batch", ylim=(0, 3))
    ax.legend(loc="upper right")
    return (
        f"weight {weight:g}: after update 10 {smoothed[9]:.2f}, without correction "
        f"{uncorrected[9]:.2f}; after update 200 {smoothed[199]:.2f}, logged around then "
        f"{batch_costs[190:210].mean():.2f}."
    )


weights = [0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99]
nn.widgets.slider(smoothing, weights, name="weight", start=weights.index(0.6))

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# (1) At the start: the dashed line begins near 0 and looks as if the cost *rose*. The larger w, the
# longer that lasts. (2) From about 0.9 on: then about 1/(1 − w) = 10 values share the average. (3) It is
# late: after 200 updates it says 1.28 where the logged costs are about 0.76. A cost that rises again
# (overfitting) would show late, too. Look at both lines before you believe one.
#
# </details>
#
# ## 6 Keras: a list of layers
#
# *Deck D, "Keras", "Sequential Model", "Layers"*
#
# Keras does not compute. It describes layers, and lets TensorFlow, JAX or PyTorch do the work. Its
# `Sequential` is a chain of layers, as your `params` and nnkit's `MLP` are. This is the net of deck A in
# Keras, complete:
#
# ```python
# model = keras.Sequential([
#     keras.Input((784,)),
#     keras.layers.Dense(16, activation="sigmoid"),
#     keras.layers.Dense(16, activation="sigmoid"),
#     keras.layers.Dense(10, activation="softmax"),
# ])
# model.compile(optimizer=keras.optimizers.SGD(0.5), loss="categorical_crossentropy")
# model.fit(X, Y, epochs=10, batch_size=32)
# ```
#
# `Dense` is lesson 04's layer, `compile` chooses cost and optimizer, `fit` is your loop of lesson 10.
# And `model.summary()` prints a table with one row per layer, none for the input: its name, the shape of
# its output, its parameters. The shape of a batch's output is written `(None, 16)`: the model does not
# know how many examples will come.
#
# > **Predict** the three rows for 784-16-16-10. The first layer is called `dense`, the next `dense_1`.


# %% exercise="parameter_table"
def parameter_table(sizes):
    """Return the rows of Keras' summary: a list of (name, output shape, number of parameters).

    sizes is a list such as [784, 16, 16, 10], inputs first. There is a row for each layer with
    weights, in order, and no total. The names are "dense", "dense_1", "dense_2", …; an output shape
    is (None, n_out); the parameters are the weights and the biases.

    Example: [4, 3, 2] gives [("dense", (None, 3), 15), ("dense_1", (None, 2), 8)].
    """
    ### BEGIN SOLUTION
    rows = []
    for i in range(len(sizes) - 1):
        name = "dense" if i == 0 else f"dense_{i}"
        n_in, n_out = sizes[i], sizes[i + 1]
        rows.append((name, (None, n_out), n_in * n_out + n_out))
    return rows
    ### END SOLUTION


# %% check="parameter_table" points=9

# %% [markdown]
# Below, Keras' model gets *our* start values (as copies, so that training one net leaves the other
# alone). One more thing has to be done to them.
#
# > **Predict.** What we call W is Keras' *kernel*, and `Dense` computes `X @ kernel + bias`. Which shape
# > has the first kernel?


# %%
def keras_net(net, penalty=None):
    """Return the net in Keras, with the same parameters."""
    model = keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(16, activation="sigmoid", kernel_regularizer=penalty),
            keras.layers.Dense(16, activation="sigmoid", kernel_regularizer=penalty),
            keras.layers.Dense(10, activation="softmax", kernel_regularizer=penalty),
        ]
    )
    for theirs, ours in zip(model.layers, net.layers, strict=True):
        theirs.set_weights([ours.W.T.copy(), ours.b.copy()])
    return model


if keras:
    keras.utils.clear_session()  # names start again at "dense"
    net = digit_net()
    model = keras_net(net)
    model.summary()
    print("shape of the first kernel:", model.layers[0].kernel.shape)
    difference = keras.ops.convert_to_numpy(model(X)) - net.forward(X)
    print(f"outputs for 1,437 digits: largest difference {abs(difference).max():.0e}")
else:
    print("Keras is not installed here, so its summary is missing; the text below has it.")

# %% tags=["raises-exception"]
# Your function: parameter_table
table = [
    (str(name), (None, int(shape[1])), int(n))
    for name, shape, n in parameter_table([784, 16, 16, 10])
]
for name, shape, n in table:
    print(f"{name:10}{shape!s:14}{n:8,}")
print(f"{'total':24}{sum(n for *_, n in table):8,}")
if keras:
    print(
        "as in Keras:", table == [(d.name, d.output.shape, d.count_params()) for d in model.layers]
    )

# %% [markdown]
# This is what Keras 3 prints, in short:
#
# ```text
# dense (Dense)      (None, 16)    12,560
# dense_1 (Dense)    (None, 16)       272
# dense_2 (Dense)    (None, 10)       170
# Total params: 13,002 (50.79 KB)
# ```
#
# The kernel is (784, 16): our W transposed. With that, the 1,437 × 10 outputs agree to 6 · 10⁻⁸, which
# is all that float32 can hold. `nn.frameworks.to_keras(net)` does the same for other nets.
#
# ## 7 The same numbers?
#
# *Deck D, "Core Modules"*
#
# Train both from one start, with the same batches in the same order: 1,400 digits, 40 at a time. Lesson
# 11 had a table of what Keras calls things and where it differs; this is the proof.
#
# > **Predict.** SGD with L2, momentum with L1, RMSProp, Adam: for which will all 13,002 parameters be
# > the same at the end, up to rounding? (Look at lesson 11's last column: ε, ½, α inside v.)


# %%
def distance(our_optimizer, their_optimizer, our_penalty=None, their_penalty=None):
    """Train nnkit's net and Keras' for an epoch; return how far a parameter is apart at most."""
    net = digit_net(our_penalty)
    model = keras_net(net, their_penalty)
    net.fit(X[:1400], Y[:1400], 1, 40, optimizer=our_optimizer, shuffle=False)
    model.compile(optimizer=their_optimizer, loss="categorical_crossentropy")
    model.fit(X[:1400], Y[:1400], epochs=1, batch_size=40, shuffle=False, verbose=0)
    apart = []
    for theirs, ours in zip(model.layers, net.layers, strict=True):
        kernel, bias = theirs.get_weights()
        apart += [abs(kernel.T - ours.W).max(), abs(bias - ours.b).max()]
    return max(apart)


if keras:
    optimizers, penalties = keras.optimizers, keras.regularizers
    heavy_ball = optimizers.SGD(0.05, momentum=0.9)
    pairs = {
        "SGD with L2": (nn.SGD(0.5), optimizers.SGD(0.5), nn.L2(0.02), penalties.L2(0.01)),
        "momentum with L1": (nn.Momentum(0.05), heavy_ball, nn.L1(0.001), penalties.L1(0.001)),
        "RMSProp": (nn.RMSProp(0.005), optimizers.RMSprop(0.005)),
        "Adam": (nn.Adam(0.005), optimizers.Adam(0.005)),
    }
    for name, pair in pairs.items():
        print(f"{name:16} parameters at most {distance(*pair):.1g} apart")
else:
    print("Keras is not installed here, so nothing is compared; the text below says what came out.")

# %% [markdown]
# The first two agree: after 35 updates no parameter is further away than about 10⁻⁷. Our L2 of 0.02 is
# Keras' 0.01, which has no ½; L1 is the same in both; and momentum's v differs, its path does not.
#
# RMSProp is about 0.1 apart, Adam 0.03. Can ε do that? Keras' is $10^{-7}$, ten times ours, and stands
# elsewhere: in RMSProp *under* the root, where it counts like $3 \cdot 10^{-4}$ outside, and many
# gradients of this net are smaller. (In Adam it is added to √v, which has no hat yet: in the first step
# that is like $3 \cdot 10^{-6}$ beside √v̂.) Test it for RMSProp: put ε where Keras has it.


# %%
class KerasRMSProp(nn.optimizers.Optimizer):
    """RMSProp with ε = 10⁻⁷ under the root."""

    def begin(self, theta):
        """Start with squares of 0; theta holds all parameters of the net."""
        self.s = 0 * theta

    def move(self, theta, grad, rate):
        """Make one step."""
        self.s = 0.9 * self.s + 0.1 * grad**2
        theta -= rate * grad / np.sqrt(self.s + 1e-7)


if keras:
    apart = distance(KerasRMSProp(0.005), keras.optimizers.RMSprop(0.005))
    print(f"parameters at most {apart:.1g} apart")
else:
    print("Keras is not installed here. With it: at most 1e-07 apart.")

# %% [markdown]
# ε it was, and so it is with Adam. (And Keras' `fit` shuffles unless told not to. Then nothing agrees,
# and nothing is wrong.)
#
# Another trap is the cost. Take Keras' `mean_squared_error` of the untrained net.
#
# > **Predict.** Deck A's cost is the mean over the pictures of the *sum* of ten squares. Keras takes the
# > mean of all entries. What is the quotient, and what does that do to a learning rate?

# %%
squares = (digit_net().forward(X) - Y) ** 2
print(f"deck A: {np.mean(np.sum(squares, axis=1)):.4f}, all entries: {np.mean(squares):.4f}")
if keras:
    print(f"Keras:  {float(keras.losses.MeanSquaredError()(Y, digit_net().forward(X))):.4f}")

# %% [markdown]
# Ten outputs, a tenth of the cost, gradients a tenth as long: with your old learning rate the net
# learns ten times as slowly. Before you compare two programs, compare their conventions: ½, sum or
# mean, W or its transpose, ε, shuffling, how start values are drawn.
#
# ## 8 Other dialects
#
# Once you know what has to happen, you can read any framework. The rows are the steps of lesson 10.
#
# | | you, lesson 10 | nnkit | Keras | PyTorch |
# |---|---|---|---|---|
# | layer | `(W, b)` | in `MLP` | `layers.Dense(16)` | `torch.nn.Linear(784, 16)` |
# | shape of W | (out, in) | (out, in) | (in, out) | (out, in) |
# | forward | `forward` | `net.forward(X)` | `model(X)` | `model(X)` |
# | gradients | `backward` | `net.backward(Y)` | in `fit` | `loss.backward()` |
# | update | `sgd_step` | `optimizer.step(net)` | in `fit` | `optimizer.step()` |
# | an epoch | `train_epoch` | in `fit` | in `fit` | a loop of yours |
#
# > **Predict.** This is PyTorch (not run here). Find forward pass, cost, gradients and update. Then two
# > riddles: where is softmax, and what is `zero_grad` for? (Think of `+=` in section 3.)
#
# ```python
# model = torch.nn.Sequential(
#     torch.nn.Linear(784, 16), torch.nn.Sigmoid(), torch.nn.Linear(16, 10))
# cost = torch.nn.CrossEntropyLoss()
# optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
# for X_batch, labels in batches:
#     optimizer.zero_grad()
#     loss = cost(model(X_batch), labels)
#     loss.backward()
#     optimizer.step()
# ```
#
# <details><summary>Answer</summary>
#
# Forward is `model(X_batch)`, the cost `cost(…)`, then gradients and update in a line each. Softmax is
# in `CrossEntropyLoss`, which takes z (a p rounded to 0 has no logarithm, as lesson 05 showed).
# And `backward` *adds* to the gradients that are there, so the loop has to set them to 0 before.
#
# </details>
#
# ## 9 Deck D, then and now
#
# Deck D says that a `Sequential` can represent "nearly all available neural networks". It is a chain:
# each layer takes the output of the one before, and nothing else. Is section 1's little graph a chain?

# %%
for node in order:
    takes = [LOOK[source][1] for source in node.inputs if source not in (w, b)]
    if len(takes) > 1:
        print(f"{LOOK[node][1]} takes {' and '.join(takes)}")

# %% [markdown]
# No: `gap` joins two branches. So do nets in which a layer's input is also added to its output (residual
# nets, common since 2015), nets with two inputs, and nets that use a layer twice. In Keras these are
# written node by node, as in section 1 (its "functional" models).
#
# And the deck describes TensorFlow 1. Since TensorFlow 2 (2019) each line computes at once, as in numpy,
# and placeholders and sessions are left for old programs only. The graph is still there: `tf.function`
# and JAX's `jit` call your Python function once with placeholders, write down what it does, and run that
# graph from then on.
#
# ## 10 What usually goes wrong
#
# The names are those that the checks use; the numbers are those of the docstrings' examples.
#
# | you see | what happened |
# |---|---|
# | `run`: −6 | `swapped`: the inputs reached the operation in the opposite order |
# | the tower takes 1,048,575 additions | `recomputes`: look into the dictionary first |
# | the second run gives the first one's value | `keeps-state`: a new dictionary for each call |
# | a placeholder without value becomes None | `no-error`: `feed[node]`, not `feed.get(node)` |
# | `smooth`: 1.50 and 3.38, or 2.00 and 3.50 | `no-bias-correction` |
# | 1.60 and 3.43, or a division by 0 | `wrong-time-step`: after the first value it is 1 − w¹ |
# | 2.00 and 4.50 | `sum-instead-of-mean`: divide by the sum of the shares |
# | 2.00 and 3.14 | `swapped`: w and 1 − w |
# | 2.00 and 4.00 | `ignores-argument`: the weight has no effect |
# | `parameter_table`: 12 and 6 parameters | `missing-bias` |
# | the first row is `dense_1`, or the input's | `off-by-one-layer` |
# | a shape (3, None) | `swapped` |
# | a shape (1, 3), or the text "(None, 3)" | `wrong-type` |
# | two rows called `dense` | `hard-coded` |
#
# ## 11 Quiz
#
# 1. Your program has just passed `s = operation(np.add, u, v)`. What has been computed? (a) u + v,
#    (b) nothing or (c) u and v, but not the sum?
# 2. All logged values are 5 and w = 0.9. What is the first smoothed value? (a) 0.5, (b) 4.5 or (c) 5?
# 3. `(None, 16)` in Keras' summary: why None? (a) the layer has no bias, (b) the number of examples is
#    open or (c) it is not trained yet?
# 4. You copy a 16-16 layer from Keras to nnkit: no error, wrong outputs. What is missing? (a) the
#    transpose, (b) the shuffling or (c) Keras' ε?

# %%
# Put "a", "b" or "c" in place of None, then run this cell and the folded one below it.
answers = {1: None, 2: None, 3: None, 4: None}

# %% jupyter={"source_hidden": true}
replies = {
    "1a": "Not quite: that would be numpy's own addition, `u + v`.",
    "1b": "Right: a node was made that says what is to be added. A run computes.",
    "1c": "Not quite: u and v have no values either before a run.",
    "2a": "Not quite: that is (1 − w) · 5, the average without correction.",
    "2b": "Not quite: that is w · 5, a share of a value that does not exist yet.",
    "2c": "Right: 5/1. A level curve stays level, from its first value on.",
    "3a": "Not quite: its biases are among the parameters in the next column.",
    "3b": "Right: one row per example, however many come.",
    "3c": "Not quite: training changes no shape.",
    "4a": "Right: Keras keeps (in, out). With 16 × 16 the shapes fit both ways, so nobody complains.",
    "4b": "Not quite: a copy of numbers has no order of examples.",
    "4c": "Not quite: ε matters in training, not in the outputs of given weights.",
}
for number, answer in answers.items():
    print(f"{number}: {replies.get(f'{number}{answer}', 'no answer yet (a, b or c)')}")

# %% [markdown] question="five-lines" points=5
# ## 12 In your own words
#
# A friend says: "Keras needs five lines for all of this, so the lessons were a waste." Go through the
# program of section 6. What happens behind its parts, and in which lessons did you write it? Name one
# mistake that the program would not show you and you would find. And what does Keras give you that
# you did not write? Six to eight sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** The list of layers holds the parameters, 13,002 of them, drawn at random, and the
# forward pass: what `init_params` and `forward` did in lesson 04. `compile` chooses a cost (lesson 05)
# and an optimizer (lessons 06 and 11). `fit` shuffles, cuts into mini-batches, and for each makes a
# forward pass, gradients by the chain rule (lessons 07 to 09) and an update: `train_epoch` of lesson 10.
# The program runs just as well with `mean_squared_error` and my old learning rate, and then learns ten
# times as slowly; I know that it is a mean over the outputs, too, and would look there. Keras gives me
# many kinds of layers, gradients of whatever graph I build, GPUs and checked, fast code. So I would use
# it, and it is the lessons that let me say what is wrong when it does not learn.
#
# **Rubric**, one point each:
# - the layers: parameters, start values and forward pass, with a lesson or a function;
# - `compile`: cost and optimizer;
# - `fit`: batches, forward, gradients, update, repeated;
# - a mistake that gives no error message (convention of the cost, learning rate, transposed or
#   unscaled inputs, dead or saturated neurons, overfitting, …), and how one would notice;
# - something that Keras really adds (gradients of any graph, GPUs, more kinds of layers, speed, tested
#   code).
# ### END SOLUTION

# %% [markdown]
# ## Looking back
#
# One sentence each: What is in a graph before it is run? Why is each node computed once? How do
# gradients come out of a graph? What does smoothing cost? Which three conventions would you look up
# before you compare two frameworks? Which prediction was furthest off?
#
# **Next:** lesson 14 asks what nets cannot do, your own first.
#
# **Sources** Deck D, *Introduction to TensorFlow and artificial neural networks*. M. Abadi and others,
# "TensorFlow: a system for large-scale machine learning", 2016 (graphs, sessions); K. He and others,
# "Deep residual learning for image recognition", 2015. Keras 3, keras.io; TensorBoard,
# tensorflow.org/tensorboard. Digits: E. Alpaydin, C. Kaynak, UCI, 1998, by way of scikit-learn. Text CC
# BY 4.0, code BSD-3-Clause.
