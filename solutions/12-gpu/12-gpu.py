# %% [markdown]
# # 12 · Many at once
#
# A net is thousands of small sums, and many of them need not wait for each other. In this lesson
# you find out which ones, count them, take the time with a clock, and write code that runs wherever
# its numbers are: on a CPU or on a GPU.
#
# **Afterwards you can**
# - say which parts of a net can be done at the same time, and which have to wait;
# - count the work of a forward pass, and say why it does not tell the time;
# - write one function for NumPy, for a GPU and for array modules you have never seen;
# - measure whether a GPU pays for *your* net, and say why it may not.
#
# **Time** 55–70 minutes. **Builds on** lessons 03 (softmax), 04 (forward pass), 09 (deltas layer by
# layer) and 10 (batches).
#
# **No GPU?** You need none. What can be measured on your processor, you measure; where there is an
# NVIDIA GPU and CuPy, the same cells measure that as well. The machine this lesson was written on
# had none: no GPU's speed in this text was measured by us, and where we assume one, we say so.
#
# **Sources** Decks A, C and D; the line under each heading names the slides.
#
# ## 1 Four hundred deltas in four steps
#
# *Deck C, "Parallelly compute for entire layer (GPU)?"*
#
# The first cell holds tools: `draw_params` as in lesson 09, and `shortest`, a stopwatch for
# functions.

# %%
import math
from itertools import pairwise
from time import perf_counter

import array_api_strict
import matplotlib.pyplot as plt
import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

import nnkit as nn

np.set_printoptions(precision=3, suppress=True, linewidth=110)
digits = nn.digits()


def draw_params(sizes, rng):
    """Return a pair (W, b) for every layer, small random numbers in float32."""
    return [
        (
            rng.uniform(-0.2, 0.2, (n_out, n_in)).astype("float32"),
            rng.uniform(-0.2, 0.2, n_out).astype("float32"),
        )
        for n_in, n_out in pairwise(sizes)
    ]


def shortest(job, *given, wait=lambda: None):
    """Return the seconds of the quickest of many runs of job(*given).

    The quickest, because other programs can only make it longer.
    """
    job(*given)  # not measured: the first run sets things up
    wait()
    best, runs, end = math.inf, 0, perf_counter() + 0.05
    while runs < 5 or perf_counter() < end:
        start = perf_counter()
        job(*given)
        wait()
        best, runs = min(best, perf_counter() - start), runs + 1
    return best


# %% [markdown]
# A classifier with four layers of 100 neurons has 400 deltas. Lesson 09 did them layer by layer.
# The next cell also does them **one at a time**, from the last layer to the first, and *within a
# layer in random order*.
#
# > **Predict.** Will the random order change any delta? Could the order of the *layers* be random,
# > too?


# %%
def one_at_a_time(params, activations, y, rng):
    """Return the deltas of every layer for one example, neuron by neuron."""
    deltas = [np.zeros(len(b)) for _, b in params]
    for layer in reversed(range(len(params))):
        a = activations[layer + 1]
        for j in rng.permutation(len(a)):
            if layer == len(params) - 1:
                error = a[j] - y[j]
            else:
                error = params[layer + 1][0][:, j] @ deltas[layer + 1]
            deltas[layer][j] = error * a[j] * (1 - a[j])
    return deltas


def layer_at_a_time(params, activations, y):
    """Return the same deltas, all neurons of a layer in one line."""
    deltas, error = [], activations[-1] - y
    for (W, _), a in zip(params[::-1], activations[:0:-1], strict=True):
        deltas.insert(0, error * a * (1 - a))
        error = W.T @ deltas[0]
    return deltas


rng = np.random.default_rng(0)
params, y = draw_params([100] * 5, rng), rng.uniform(0, 1, 100)
activations = [rng.uniform(0, 1, 100)]
for W, b in params:
    activations.append(1 / (1 + np.exp(-(W @ activations[-1] + b))))

singly = one_at_a_time(params, activations, y, rng)
layered = layer_at_a_time(params, activations, y)
off = max(abs(p - q).max() for p, q in zip(singly, layered, strict=True))
print(f"{sum(map(len, singly))} deltas in {len(layered)} layers, largest difference {off:.0e}")
slow = shortest(one_at_a_time, params, activations, y, rng)
quick = shortest(layer_at_a_time, params, activations, y)
print(f"one at a time {slow * 1e6:.0f} µs, a layer at a time {quick * 1e6:.0f} µs")

# %% [markdown]
# The same deltas, to rounding. A neuron needs the deltas of the *next* layer, all of them finished;
# it needs nothing from its own neighbours. So the layers have to wait for each other and the
# neurons of a layer do not: **400 deltas, 4 steps**, if 100 of them can be done at the same time.
#
# (The two times prove nothing yet: most of the first is Python starting 400 small jobs, one after
# the other.)
#
# What works at the same time are **cores**. A processor (CPU) has a few. A **GPU**, made for
# drawing pictures, has thousands of simpler ones, which do the same thing to different numbers:
# just what a layer needs. Say that every core does one delta per step, as the deck does.
#
# **Play: how many cores?** A bar is a step, its height the number of cores at work; light and dark
# bars take turns from layer to layer. The dashed line is the number of cores there are.
#
# > **Predict,** then move. How many steps with 64 cores? With 99? With 1,000?

# %%


def steps_of(cores, layers=4, neurons=100):
    """Return the cores at work in each step, a list for every layer."""
    full, rest = divmod(neurons, cores)
    return [[cores] * full + [rest] * (rest > 0)] * layers


def draw_steps(cores, ax):
    """Draw the steps of 400 deltas on so many cores."""
    first = 0
    for layer, at_work in enumerate(steps_of(cores)):
        places = range(first, first + len(at_work))
        ax.bar(places, at_work, width=1, color=["lightgrey", "dimgrey"][layer % 2])
        first += len(at_work)
    ax.axhline(cores, color="black", linestyle="--", linewidth=1)
    ax.set(xlabel="step", ylabel="cores at work", xlim=(-0.6, first - 0.4))
    ax.set(xticks=[0, first - 1], xticklabels=[1, first], ylim=(0, 1.1 * cores))
    return f"{cores} cores: {first} steps, {400 / (cores * first):.0%} of the cores' time is used."


cores = [1, 2, 5, 10, 20, 40, 50, 64, 99, 100, 200, 1000]
nn.widgets.slider(draw_steps, cores, name="cores", start=cores.index(64), figsize=(6.4, 3))

# %% [markdown]
# <details><summary>What you will have seen</summary>
#
# 64 cores: 8 steps, 64 neurons and then 36. 99 cores: 8 steps as well, the second for a single
# neuron. 1,000 cores: 4 steps, and nine cores in ten have nothing to do. No number of cores gets
# below four.
#
# </details>
#
# So the deck's sentence is right *with enough cores*, but most of those idle. Take a **batch** of
# ten, and 1,000 cores do 4,000 deltas in the same four steps, all of them at work. That is what
# batches are to a GPU.
#
# ## 2 How much is there to do?
#
# *Deck A, "2.2 NN basics: it's all maths", "1.4 Hardware: GPUs (& TPUs) II"*
#
# A weighted sum is made of one kind of work: multiply a weight by an input, and add. Call that a
# **multiply-add**; the two count as one. A neuron with n_in inputs does n_in of them, a layer
# n_in · n_out, and a batch of n examples n times that. Biases are few, and not counted.
#
# > **Predict.** One picture through 784-16-16-10, with its 13,002 parameters: how many
# > multiply-adds?


# %% exercise="multiply_adds"
def multiply_adds(sizes, n):
    """Return the number of multiply-adds of a forward pass of n examples.

    sizes is a list such as [784, 16, 16, 10]: the inputs, then the neurons of every layer.

        n · (sizes[0]·sizes[1] + sizes[1]·sizes[2] + …)

    A multiplication and its addition count once, together; biases are not counted.

    Example: [784, 16, 16, 10] and n = 1 give 12,544 + 256 + 160 = 12,960.
    """
    ### BEGIN SOLUTION
    return n * sum(sizes[i] * sizes[i + 1] for i in range(len(sizes) - 1))
    ### END SOLUTION


# %% check="multiply_adds" points=6

# %% tags=["raises-exception"]
# Your functions: multiply_adds
for sizes in ([784, 16, 16, 10], [784, 500, 500, 10]):
    for n in (1, 10, 1000):
        work = float(multiply_adds(sizes, n))
        print(f"{'-'.join(map(str, sizes)):17} pictures {n:5,}   multiply-adds {work:11,.0f}")

# %% [markdown]
# 13,002 parameters less 42 biases: each weight takes part once per picture. The wide net has 50
# times as much to do. Training takes about three times the forward pass (lesson 09).
#
# ## 3 What the clock says
#
# Ten times the work should take ten times the time. Here is the forward pass of both nets, from 1
# to 1,000 pictures, on **one** core (section 4 lets the others in).
#
# > **Predict.** The small net, 10 pictures in place of 1: how many times as long? 1,000 in place of
# > 100?

# %%
NETS = {"784-16-16-10": [784, 16, 16, 10], "784-500-500-10": [784, 500, 500, 10]}
COUNTS = [1, 3, 10, 30, 100, 300, 1000]


def forward(X, params):
    """Return the outputs of a net of sigmoid layers, lesson 04's."""
    for W, b in params:
        X = 1 / (1 + np.exp(-(X @ W.T + b)))
    return X


X_random = np.random.default_rng(1).uniform(0, 1, (1000, 784)).astype("float32")
cpu_seconds = {}
_, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
for (name, sizes), look in zip(NETS.items(), ["o-", "s--"], strict=True):
    params = draw_params(sizes, np.random.default_rng(0))
    with threadpool_limits(1):
        cpu_seconds[name] = [shortest(forward, X_random[:n], params) for n in COUNTS]
    each = [seconds / n * 1e6 for seconds, n in zip(cpu_seconds[name], COUNTS, strict=True)]
    ax.loglog(COUNTS, each, look, label=name)
    for n, seconds, one in zip(COUNTS, cpu_seconds[name], each, strict=True):
        print(f"{name:15} pictures {n:5,}   together {seconds * 1e6:7,.0f} µs   each {one:6.2f} µs")
ax.set(xlabel="pictures in the batch", ylabel="µs for each picture")
ax.legend()
plt.show()

# %% [markdown]
# The figure shows the time for *each* picture, on two logarithmic axes; circles are the small net,
# squares the wide one. If the time followed the work, both lines would be level. They fall, for two
# reasons.
#
# - **Starting costs.** Each line of numpy takes a microsecond or so before the first number is
#   touched, and `forward` has six such operations per layer. With one picture the small net does
#   little else.
# - **Fetching costs.** A weight has to come from memory before it can be multiplied. With one
#   picture it comes for a single multiply-add; with a hundred, it is used a hundred times.
#
# From some hundred pictures on, the lines are nearly level: now the work takes the time. (If your
# squares rise from 1 picture to 3: for one, the library reads each weight once; for several it
# first copies them into an order that pays with many.) Keep the two reasons. On a GPU the work gets
# much cheaper, so both weigh more.
#
# ## 4 The cores you already have
#
# *Deck A, "1.4 Hardware: GPUs (& TPUs) II"*
#
# Your processor has several cores, and numpy's matrix products use them: the product is cut into
# pieces, a **thread** for each core. `threadpool_limits(1)` forbids it. The cell multiplies square
# matrices with one thread and with all; and with one thread in float64.
#
# > **Predict.** For which size do more threads help most? By how much at best? Could they do harm?

# %%
pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
threads = max((pool["num_threads"] for pool in pools), default=1)
print(f"threads for matrix products: {threads}")
print("  size   multiply-adds   1 thread µs      all µs   times as fast   float64, 1 thread µs")
for size in (10, 100, 500):
    A = np.random.default_rng(0).uniform(-1, 1, (size, size))
    A32 = A.astype("float32")
    every = shortest(np.matmul, A32, A32)
    with threadpool_limits(1):
        one, double = shortest(np.matmul, A32, A32), shortest(np.matmul, A, A)
    print(f"{size:6}{size**3:16,}{one * 1e6:14,.1f}{every * 1e6:12,.1f}", end="")
    print(f"{one / every:16.2f}{double * 1e6:23,.1f}")

# %% [markdown]
# Look at your own columns. A small product is over before a second thread would have woken up. The
# largest can come near the number of cores. It can also be *slower* than with one thread, if
# other programs use your cores: then the pieces wait for the one that comes last. (With one core,
# or where numpy's products cannot be told how many threads to take, as on some Macs, the columns
# are alike.)
#
# float64 takes about twice as long, once there is work to do: half as many numbers fit into
# everything. On most GPUs it is far more than twice, so there **float32** is the rule.
#
# Deck A promises that a GPU speeds up training by "about a factor 10". From your table you know
# what to ask: a factor 10 *for which size*?
#
# ## 5 One code, several machines
#
# *Deck A, "1.4 Hardware: GPUs (& TPUs) II"*
#
# A GPU has its own memory, and numpy cannot read it. **CuPy** is a module with numpy's functions
# that can: `cupy.exp(x)` calculates on the GPU, where x is. Must all code be written twice, then,
# with `np.` and with `cupy.`?
#
# No. Ask the array which **array module** it belongs to, call that `xp`, and write `xp.exp(x)`.
# There is a standard, the *Python array API*, that says which functions a module has and what they
# do; NumPy, CuPy and others keep to it.
#
# To try that, you need a second place. `array_api_strict` is a module made for testing: it has what
# the standard has and nothing else, and **devices** that exist in name only. Its numbers really lie
# in your memory, but it refuses whatever a GPU could not do. We call its `device1` the **fake
# GPU**. It proves that code keeps to its place. It says nothing about speed.

# %%
CPU, FAKE_GPU = array_api_strict.Device("CPU_DEVICE"), array_api_strict.Device("device1")


def to_fake(x):
    """Copy a NumPy array to the fake GPU."""
    return array_api_strict.asarray(x, device=FAKE_GPU)


def from_fake(x):
    """Copy an array back from the fake GPU."""
    return np.asarray(x.to_device(CPU))


# For every place: how numbers get there, and how they come back.
places = {"numpy": (np.asarray, np.asarray), "fake GPU": (to_fake, from_fake)}
try:
    cupy = nn.backend.load_namespace("cupy")
except (ImportError, RuntimeError) as reason:
    cupy = None
    print(reason)
else:
    places["cupy"] = (cupy.asarray, cupy.asnumpy)
print("places to calculate:", ", ".join(places))

# %% [markdown]
# > **Predict.** Which of these six will the fake GPU do?

# %%
here = np.array([[1.0, 2.0, 3.0]])
there = to_fake(here)
attempts = {
    "np.exp(there)": lambda: np.exp(there),
    "there + here": lambda: there + here,
    "there + (on another device)": lambda: there + array_api_strict.asarray(here),
    "there.max()": lambda: there.max(),
    "array_api_strict.max(there)": lambda: array_api_strict.max(there),
    "2 * there + there": lambda: 2 * there + there,
}
for name, attempt in attempts.items():
    try:
        attempt()
    except (TypeError, ValueError, RuntimeError, AttributeError) as error:
        print(f"{name:28} {type(error).__name__}: {error}")
    else:
        print(f"{name:28} fine")

# %% [markdown]
# Functions of the array's own module work, and so does arithmetic between arrays of one place, or
# with a plain number. numpy's functions do not; nor do methods like `there.max()`, which the
# standard does not have. (CuPy is kinder: its arrays have such methods, and answer `np.exp`
# themselves. Who relies on that writes code for CuPy alone.)
#
# Now the function that asks. Three cases, in this order:
#
# 1. a NumPy array (`isinstance(x, np.ndarray)`): the answer is `np`;
# 2. an array with a method `__array_namespace__`: the standard's way to ask; **call** it, and it
#    returns the module;
# 3. what is left is CuPy's: the one rule its arrays do not keep is that method. Import cupy,
#    *inside the function*, and return it.
#
# > **Predict.** Why must `import cupy` not stand at the top of your notebook?


# %% exercise="namespace"
def namespace(x):
    """Return the array module of the array x, the module itself and not its name.

    x is an array, any shape and dtype, of NumPy, of CuPy, or of any other module: then it has a method
    __array_namespace__, without arguments, that returns the module.

    Example: namespace(np.zeros(3)) is np, so namespace(np.zeros(3)).exp is np.exp.
    """
    ### BEGIN SOLUTION
    if isinstance(x, np.ndarray):
        return np
    if hasattr(x, "__array_namespace__"):
        return x.__array_namespace__()
    import cupy

    return cupy
    ### END SOLUTION


# %% check="namespace" points=5

# %% tags=["raises-exception"]
# Your functions: namespace
for name, (put, back) in places.items():
    x = put(here)
    xp = namespace(x)
    print(f"{name:9} type {type(x).__module__}, module {xp.__name__}, exp {back(xp.exp(x))}")

# %% [markdown]
# The type's own module is not always the one with the functions in it: look at the fake GPU's line.
# That is why one asks the array and does not guess from its type. (And `import cupy` at the top
# would stop the notebook wherever there is no CuPy. Inside, only an array of CuPy's gets that far.)
#
# ## 6 Softmax, wherever it is
#
# *Deck D, "Softmax Function"*
#
# Lesson 03's softmax is four calls to numpy. Write it so that it stays where `Z` is: every function
# from `xp`, no method such as `Z.max`, no new array of numpy's, and no other dtype than that of
# `Z`.
#
# > **Predict.** Say your function has one `np.sum` left. What happens with a NumPy array? With the
# > fake GPU's?


# %% exercise="softmax_any"
def softmax_any(Z):
    """Return the softmax of every row of Z, on the device, in the module and in the dtype of Z.

    Z is (n, k), float32 or float64, of any array module, scores up to 10,000 in size. Returns
    (n, k); each row sums to 1. As in lesson 03, take each row's maximum off first:

        xp = namespace(Z)       then xp.exp, xp.max(…, axis=1, keepdims=True), xp.sum(…)

    Example: [[0, 0], [1001, 1000]] gives [[0.5, 0.5], [0.731, 0.269]].
    """
    ### BEGIN SOLUTION
    xp = namespace(Z)
    E = xp.exp(Z - xp.max(Z, axis=1, keepdims=True))
    return E / xp.sum(E, axis=1, keepdims=True)
    ### END SOLUTION


# %% check="softmax_any" points=12

# %% [markdown]
# A whole net now. The cell trains deck A's with nnkit, takes its parameters to every place and
# reads the 360 test digits there, with one and the same function.
#
# > **Predict.** How many digits more will the fake GPU read right, or fewer?

# %% tags=["raises-exception"]
# Your functions: namespace, softmax_any
net = nn.MLP(NETS["784-16-16-10"], "relu", "softmax", "cross_entropy", seed=0)
net.fit(digits.X_train, digits.Y_train, 10, 32, optimizer=nn.Adam(0.005), seed=0)


def read(X, params):
    """Return the probabilities of the ten digits, calculated where X and params are."""
    xp = namespace(X)
    *hidden, (W, b) = params
    for V, c in hidden:
        Z = X @ V.T + c
        X = xp.where(Z > 0, Z, xp.zeros_like(Z))  # ReLU
    return softmax_any(X @ W.T + b)


X_test = digits.X_test.astype("float32")
P_here = np.asarray(read(X_test, [(layer.W, layer.b) for layer in net.layers]))
for name, (put, back) in places.items():
    there = [(put(layer.W), put(layer.b)) for layer in net.layers]
    P = back(read(put(X_test), there))
    right = np.sum(P.argmax(axis=1) == digits.y_test)
    print(f"{name:9} {right} of {len(P)} right, largest difference {abs(P - P_here).max():.0e}")

# %% [markdown]
# The same net, the same answers. The numbers went over once and came back once; in between nothing
# left its place. That is all that nnkit does: its layers, losses and optimizers ask
# `nnkit.backend.namespace`. You may read that file now; its first function is yours.
#
# ## 7 Your GPU, if you have one
#
# *Deck A, "1.4 Hardware: GPUs (& TPUs) II"*
#
# `net.to("cupy")` moves a net's parameters to the GPU, and `fit` then works there: same code, same
# start, same batches. The cell takes the time of one epoch of the 1,437 training digits, after a
# first update that is not counted: a GPU compiles its programs when they are first used. The digits
# are brought over before the clock starts. Without a GPU, you get numpy's column alone.
#
# > **Predict.** In which of the six lines will a GPU help most? In which will it lose?

# %%
modules = ["numpy", "cupy"] if cupy else ["numpy"]
print(f"{'net':17} batch   updates" + "".join(f"{module + ' s':>11}" for module in modules))
for name, sizes in NETS.items():
    for batch in (10, 100, 1437):
        row = f"{name:17}{batch:6}{-(-1437 // batch):10}"
        for module in modules:
            net = nn.MLP(sizes, output="softmax", loss="cross_entropy", seed=0).to(module)
            net.fit(digits.X_train[:batch], digits.Y_train[:batch], 1, batch)  # not counted
            history = net.fit(digits.X_train, digits.Y_train, 1, batch, seed=0)
            row += f"{history.seconds[-1]:11.3f}"
        print(row)

# %% [markdown]
# In numpy's column, too, a larger batch usually takes less: fewer starts, and weights that are
# fetched less often. (For large products `fit` lets in all cores. If that makes a line slower, look
# at section 4.)
#
# **Mind the clock.** Python hands a GPU its work and goes on at once; the answer comes later. A
# clock stopped right after the call has measured the handing over, and everything looks marvellous.
# So `shortest` has a `wait`; `fit` waits at the end of an epoch, because it needs the loss.
#
# ## 8 When a GPU does not pay
#
# Do it on paper. **Our paper GPU is assumed, not measured:**
#
# - it needs 10 µs to start an operation, and `forward` has 18 of them in three layers;
# - the work itself goes ten times as fast as on one core of yours at its best: deck A's factor;
# - pictures get there at 10 GB a second: 784 numbers of 4 bytes take 0.3 µs.
#
# Your core's times are those of section 3. With CuPy, your real GPU is drawn beside.
#
# > **Predict.** For the small net, from how many pictures on does the paper GPU win? For the wide
# > one? And what is left of the factor 10 if every batch has to be brought over first?

# %%
START, FACTOR, BYTES_PER_SECOND = 10e-6, 10, 10e9  # the paper GPU: change it

_, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
for ax, (name, sizes) in zip(axes, NETS.items(), strict=True):
    n, core = np.array(COUNTS), np.array(cpu_seconds[name])
    ax.loglog(n, core * 1e6, "ko-", label="your core, measured")
    each = (core / n).min()
    bringing = 784 * 4 / BYTES_PER_SECOND
    for pictures, price, look in [
        ("are there", each / FACTOR, "C0--"),
        ("are brought", each / FACTOR + bringing, "C1:"),
    ]:
        paper = 6 * 3 * START + n * price
        ax.loglog(n, paper * 1e6, look, linewidth=2, label=f"paper GPU, pictures {pictures}")
        wins = f"wins from {n[paper < core][0]} on" if (paper < core).any() else "never wins here"
        print(f"{name:17} pictures {pictures:12} {wins:17} at best {each / price:.1f}× as fast")
    if cupy:
        params = [(cupy.asarray(W), cupy.asarray(b)) for W, b in draw_params(sizes, rng)]
        X_there = cupy.asarray(X_random)
        wait = cupy.cuda.Device().synchronize
        real = [shortest(forward, X_there[:k], params, wait=wait) for k in COUNTS]
        ax.loglog(n, np.array(real) * 1e6, "C2s-.", label="your GPU, measured, pictures are there")
    ax.set(title=name, xlabel="pictures in the batch", ylabel="µs for a forward pass")
axes[0].legend(fontsize="small")
plt.show()

# %% [markdown]
# The figure shows the time of a forward pass over the size of the batch, for both nets, on
# logarithmic axes: circles are your core, the dashed line the paper GPU with the pictures there,
# the dotted line the same with pictures brought over each time. Where a GPU's line is below the
# circles, it pays.
#
# Four reasons why it may not:
#
# 1. **Starts.** A forward pass costs 180 µs, however little there is in it. For the small net,
#    batches of 10 as in lesson 10 are lost.
# 2. **A small net.** Starts are paid per operation, not per neuron: the wide net fills them with
#    work.
# 3. **Transport.** A picture of 3,136 bytes is soon moved, but the small net's work on it is soon
#    done, too. Little is left of the factor 10, however large the batch. Bring the data over
#    *once*, and leave them there.
# 4. **Waiting.** Layers wait for layers, updates for updates. No number of cores changes that.
#
# With a GPU: does your measured line look like the dashed one? Change the numbers until it does,
# and you know your GPU's start and factor.
#
# ## 9 What usually goes wrong
#
# The names are those that the checks use. The numbers are those of the examples in the docstrings.
#
# | you see | what happened |
# |---|---|
# | 13,002 multiply-adds | `counts-biases`: those are the parameters |
# | 25,920 | `wrong-factor`: multiplication and addition count once, together |
# | 416 or 12,800 | `off-by-one-layer`: a pair of neighbours is missing |
# | 858 | `adds-instead-of-multiplies` |
# | 2,007,040 | `product-of-all`: layers work one after the other, so their work is added |
# | 12,960 for two pictures, too | `ignores-argument`: n is missing |
# | 'str' object has no attribute 'exp' | `wrong-type`: the module's name in place of the module |
# | array_api_strict._array_object | `wrong-module`: the type's module; ask the array |
# | right for the fake GPU only | `hard-coded`: modules listed by name in place of asking |
# | Can't convert array on the … device | `leaves-device`: a numpy function is left in it |
# | 'Array' object has no attribute 'max' | `array-methods`: `xp.max(Z, …)`, not `Z.max(…)` |
# | right, but float64 from float32 | `changes-dtype`: a float64 array or a conversion crept in |
# | [[0.5, 0.5], [nan, nan]] | `no-shift`: e¹⁰⁰¹ overflows |
# | [[0.5, 0.731], [0.5, 0.269]] | `wrong-axis`: columns sum to 1, not rows |
# | [[0.5, 0.5], [0.269, 0.731]] | `wrong-sign` |
# | [[nan, nan], [0.5002, 0.4998]] | `missing-activation`: divided, but no e^z |
#
# ## 10 Quiz
#
# 1. Four layers of 100 neurons, one example, 250 cores. How many steps do the deltas take? (a) 2,
#    (b) 4 or (c) 400?
# 2. Z is on the GPU, xp its module. Which line leaves everything there? (a) `np.asarray(Z).max()`,
#    (b) `xp.max(Z)` or (c) `max(Z.tolist())`?
# 3. The small net gets 2 pictures in place of 1. The time of its forward pass (a) doubles,
#    (b) hardly changes or (c) halves?
# 4. You stop the clock when the GPU's call returns, without waiting. The time is (a) too short,
#    (b) too long or (c) right?

# %%
# Put "a", "b" or "c" in place of None, then run this cell and the folded one below it.
answers = {1: None, 2: None, 3: None, 4: None}

# %% jupyter={"source_hidden": true}
replies = {
    "1a": "Not quite: 400/250 is less than 2, but 250 cores find only 100 deltas that can be done.",
    "1b": "Right: one per layer. 150 cores look on, and layers wait for each other.",
    "1c": "Not quite: that is one core. Neurons of a layer do not wait for each other.",
    "2a": "Not quite: np.asarray copies all of Z to the CPU, if it can at all.",
    "2b": "Right: even the result, a single number, stays on the GPU until you fetch it.",
    "2c": "Not quite: a list of Python numbers lies in the CPU's memory.",
    "3a": "Not quite: look at your table in section 3. What takes the time with one picture?",
    "3b": "Right: with one picture nearly all of it goes into starting the operations.",
    "3c": "Not quite: the time for *each* picture halves, nearly.",
    "4a": "Right: you have measured how long it takes to hand the work over.",
    "4b": "Not quite: what has not been waited for has not been measured.",
    "4c": "Not quite: Python goes on while the GPU is still at work.",
}
for number, answer in answers.items():
    print(f"{number}: {replies.get(f'{number}{answer}', 'no answer yet (a, b or c)')}")

# %% [markdown] question="slower-gpu" points=4
# ## 11 In your own words
#
# A friend trains deck A's 784-16-16-10 on a new GPU, with batches of 10, each brought over from the
# CPU when its turn comes. It is slower than before, and the friend says: "So much for the factor
# 10." Explain with figures from *your* tables what happens, and say what you would change, or why
# you would leave the GPU alone. What would you measure first? About six sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** A forward pass of ten pictures through this net is 129,600 multiply-adds, which
# one core of mine does in 15 µs (the reader's own figure), and most of that is starting the
# operations. On the GPU every operation has to be started as well, at a higher price: at 10 µs
# each, 18 operations cost 180 µs before anything is gained. The factor 10 is about the work, and
# here there is hardly any. Bringing each batch over comes on top, and the next update has to wait
# for the one before. I would bring all data over once and take batches of some hundreds or more,
# with a larger learning rate; or use a net that is wide enough to need a GPU. For this net I would
# rather stay on the CPU, where an epoch takes hundredths of a second. First I would measure one
# epoch on both, for several batch sizes, with the first epoch left out and the GPU waited for.
#
# **Rubric**, one point each:
# - starts: what an operation costs before it does anything, against the little work of ten
#   pictures;
# - figures from the own tables (any machine's figures count, with or without a GPU);
# - transport: brought over each time, better once;
# - a remedy with its reason (larger batches, wider net, or stay on the CPU) *and* a fair
#   measurement (waiting, first run left out, or several batch sizes).
# ### END SOLUTION

# %% [markdown]
# ## Looking back
#
# One sentence each: What has to wait for what in a net? Why does the number of multiply-adds not
# tell the time? What does `xp` stand for? When does a GPU pay? Which of your predictions was
# furthest off?
#
# **Next:** lesson 13 looks into the big frameworks, which do all this for you.
#
# **Sources** Deck A, V. Graber, *Deep Learning & Neural Networks*, 2021; deck C, *ANN: Neurons,
# Feedforward Nets, Activation Functions, I/O Layers*; deck D, *Introduction to TensorFlow and
# artificial neural networks*. The standard: Consortium for Python Data API Standards, *Python array
# API standard*, data-apis.org/array-api. CuPy: R. Okuta and others, "CuPy: a NumPy-compatible
# library for NVIDIA GPU calculations", 2017. Digits: E. Alpaydin, C. Kaynak, UCI, 1998, by way of
# scikit-learn. Text CC BY 4.0, code BSD-3-Clause.
