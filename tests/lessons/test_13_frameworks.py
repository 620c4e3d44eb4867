"""Lesson 13 as a reader runs it: with TensorBoard and Keras where they are, and without them."""

import contextlib
import io
import os
import re
from pathlib import Path

import numpy as np
import pytest

import nnkit as nn
from course.build import make_lesson
from course.paths import Course
from nnkit.graph import constant, operation, placeholder
from tests.lessons.running import (
    Run,
    assert_box,
    assert_gives_no_answers,
    assert_measures,
    assert_quiz,
    assert_shows,
    assert_solved,
    assert_unfilled,
    section,
)

LESSON = "13-frameworks"

GRAPH = "x, y = placeholder"
FLOW = "def flow(step"
RUNS = "def double"
NET = "nn.graph.network(net)"
SAME_OUTPUT = "difference = np.asarray(run(output"
BACKWARDS = "LOCAL = {"
SLOPES = "slope = slopes(cost"
FIND = "def find(name)"
BOARD = "EventAccumulator("
BATCHES = "batch_costs = []"
SMOOTHING = "def smoothing(weight"
MODEL = "def keras_net"
TABLE = "# Your function: parameter_table"
COMPARED = "def distance("
EPSILON = "class KerasRMSProp"
COSTS = "deck A:"
BRANCHES = "takes = ["

os.environ.setdefault("KERAS_BACKEND", "jax")


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras", reason="Keras is in the extra 'frameworks'")


@pytest.fixture(scope="module")
def hidden(tmp_path_factory):
    """Return a folder that, on Python's path, hides Keras and TensorBoard, as most readers lack them."""
    folder = tmp_path_factory.mktemp("hidden")
    for name in ("keras", "tensorboard"):
        (folder / f"{name}.py").write_text(f"raise ModuleNotFoundError('No module named {name}')")
    return str(folder)


@pytest.fixture(scope="module")
def without(lesson, hidden, tmp_path_factory):
    """Return the run with the solutions in, where neither Keras nor TensorBoard is installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", hidden, prepend=os.pathsep)
        return Run(lesson.instructor, tmp_path_factory.mktemp("without"))


@pytest.fixture(scope="module")
def unfilled(lesson, hidden, tmp_path_factory):
    """Return the run of the notebook as students get it, who lack both."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", hidden, prepend=os.pathsep)
        return Run(lesson.student, tmp_path_factory.mktemp("unfilled"))


def test_every_check_gives_full_marks(solved, lesson):
    assert_solved(solved, lesson)


def test_it_teaches_without_keras_and_tensorboard(without, lesson):
    assert_solved(without, lesson)
    for name in ("keras", "tensorboard"):
        assert_shows(without, FIND, [f"{name}: not here (No module named {name})"])
    assert_shows(without, BOARD, ["history, val_loss", "TensorBoard is not installed here"])
    assert_shows(without, MODEL, ["Keras is not installed here"])
    assert_shows(without, TABLE, ["dense_1 (None, 16) 272", "total 13,002"])
    assert "as in Keras" not in without.text(TABLE)
    assert_shows(without, COMPARED, ["Keras is not installed here"])
    assert_shows(without, EPSILON, ["With it: at most 1e-07 apart"])
    assert_shows(without, COSTS, ["deck A: 0.9313, all entries: 0.0931"])


# --------------------------------------------------------------------------------------
# What the rows of the decks show
# --------------------------------------------------------------------------------------


def test_a_graph_says_what_a_session_computes(solved, lesson):
    """D2: placeholders, constants, operations; a run for each set of values."""
    assert_shows(solved, GRAPH, ["z is add(multiply(1.5, x), -3.0)", "operation: None"])
    for x in (2, 3, 4):
        cost = (1 / (1 + np.exp(3 - 1.5 * x)) - 1) ** 2
        assert_shows(solved, RUNS, [f"x = {x}, y = 1: C = {round(cost, 4)}"])
    assert_shows(solved, RUNS, [f"tower: {3 * 2**20:,} after 20 additions"])
    assert f"{2**20 - 1:,}" in section(lesson, "One graph, three runs")


def test_a_net_is_a_graph(solved):
    """D2: 784-16-16-10 in sixteen nodes, run by the reader's own function."""
    assert_shows(solved, NET, ["output/softmax(output/z(output/product(", "16 nodes"])
    assert float(solved.text(SAME_OUTPUT).split()[-1]) < 1e-6


def test_the_numbers_flow(solved):
    """D2: a slider with a step for each of the nine nodes."""
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(FLOW)
    assert solved.text(FLOW) == "Step 0: the graph stands, and nothing is computed."


def test_gradients_come_out_of_the_graph(solved):
    """D2: the five slopes by lesson 07's formulas, and another graph against differences."""
    a, y, x = 0.5, 1.0, 2.0
    d_a = 2 * (a - y)
    d_z = d_a * a * (1 - a)
    for name, value in [("gap", d_a), ("a", d_a), ("z", d_z), ("w", d_z * x), ("b", d_z)]:
        assert_shows(solved, SLOPES, [f"dC/d{name} = {value:g}"])

    names = {"np": np, "nn": nn, "sigmoid": nn.activations.Sigmoid()}
    exec(solved.cell(BACKWARDS).source, names)
    u, v = placeholder("u"), placeholder("v")
    shared = operation(names["sigmoid"], operation(np.multiply, u, v))
    twice = operation(np.multiply, shared, operation(np.subtract, shared, u))
    cost = operation(np.add, twice, operation(np.multiply, constant(3.0), shared))
    feed = {u: 0.7, v: -1.2}
    slopes = names["slopes"](cost, feed)
    for node in (u, v):
        up, down = ({**feed, node: feed[node] + step} for step in (1e-6, -1e-6))
        run = nn.session.Session().run
        assert slopes[node] == pytest.approx((run(cost, up) - run(cost, down)) / 2e-6, rel=1e-6)


def test_tensorboard_reads_the_training(solved):
    """D3: the curves are the history's, the graph is the net's."""
    pytest.importorskip("tensorboard", reason="TensorBoard is in the extra 'frameworks'")
    text = solved.text(BOARD)
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        first, last = re.search(rf"history, {name} epoch 1: (\S+) epoch 10: (\S+)", text).groups()
        assert f"TensorBoard, {name} {first} … {last}" in text
    assert text.count(" takes ") == 16
    assert_shows(solved, BOARD, ["hidden_1/z takes hidden_1/product, hidden_1/b"])
    assert_shows(solved, BOARD, ["X takes nothing", "tensorboard --logdir "])


def test_smooth_curves(solved, lesson):
    """D3: TensorBoard's smoothing of a noisy curve, and its price."""
    updates, rises = re.search(r"(\d+) updates; .* rose at (\d+)%", solved.text(BATCHES)).groups()
    assert updates == "540"
    assert 40 < int(rises) < 50
    assert "image/png" in solved.kinds(BATCHES)
    assert "application/vnd.jupyter.widget-view+json" in solved.kinds(SMOOTHING)
    assert_shows(solved, SMOOTHING, ["weight 0.6: after update 10 2.33", "correction 2.31"])

    names = {"np": np, "nn": nn}
    for piece, end in [(NET, "\nnet = "), (BATCHES, "\n_, ax = ")]:
        exec(solved.cell(piece).source.split(end)[0], names)
    costs = names["batch_costs"]
    late = np.average(costs[:200], weights=0.99 ** np.arange(199, -1, -1.0))
    assert f"it says {late:.2f} where" in section(lesson, "(3) It is\nlate")
    assert costs[190:210].mean() == pytest.approx(0.76, abs=0.01)


def test_keras_has_the_same_table_and_the_same_outputs(solved, keras):
    """D12: Sequential, layers, activations."""
    assert_shows(solved, MODEL, ["shape of the first kernel: (784, 16)"])
    assert float(solved.text(MODEL).split()[-1]) < 1e-6
    assert_shows(solved, TABLE, ["dense (None, 16) 12,560", "dense_2 (None, 10) 170"])
    assert_shows(solved, TABLE, ["as in Keras: True"])


def test_keras_trains_to_the_same_numbers(solved, keras):
    """D12: losses, optimizers, regularizers; ε makes the only difference."""
    rows = re.findall(r"(\w[\w ]*?) parameters at most (\S+) apart", solved.text(COMPARED))
    apart = {name: float(distance) for name, distance in rows}
    assert list(apart) == ["SGD with L2", "momentum with L1", "RMSProp", "Adam"]
    assert max(apart["SGD with L2"], apart["momentum with L1"]) < 2e-6
    assert 0.05 < apart["RMSProp"] < 0.5
    assert 0.005 < apart["Adam"] < 0.1
    assert float(solved.text(EPSILON).split()[-2]) < 2e-6


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")
def test_adam_differs_from_keras_by_its_epsilon_only(solved, keras):
    """D12: ε is added to √v before the correction, as the lesson says, and nothing else differs."""

    class KerasAdam(nn.optimizers.Optimizer):
        def begin(self, theta):
            self.m, self.v, self.t = 0 * theta, 0 * theta, 0

        def move(self, theta, grad, rate):
            self.t += 1
            self.m = 0.9 * self.m + 0.1 * grad
            self.v = 0.999 * self.v + 0.001 * grad**2
            corrected = rate * np.sqrt(1 - 0.999**self.t) / (1 - 0.9**self.t)
            theta -= corrected * self.m / (np.sqrt(self.v) + 1e-7)

    names = {"np": np, "nn": nn, "keras": keras}
    for piece, end in [(NET, "\nnet = "), (MODEL, "\nif keras"), (COMPARED, "\nif keras")]:
        exec(solved.cell(piece).source.split(end)[0], names)
    assert names["distance"](KerasAdam(0.005), keras.optimizers.Adam(0.005)) < 1e-5
    assert 1e-7 / np.sqrt(1 - 0.999) == pytest.approx(3e-6, rel=0.1)


def test_keras_squared_error_is_a_tenth_of_deck_as(solved, keras):
    """D12, deck A's cost: sum or mean over the ten outputs."""
    assert_shows(solved, COSTS, ["deck A: 0.9313, all entries: 0.0931 Keras: 0.0931"])


def block(lesson, title, language):
    """Return the code in the text below this title."""
    return re.search(rf"```{language}\n(.*?)```", section(lesson, title), re.DOTALL).group(1)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_program_in_the_text_is_keras(lesson, keras):
    """D12: the five lines run, and its summary is the one that the text shows."""
    digits = nn.digits()
    keras.utils.clear_session()
    names = {"keras": keras, "X": digits.X_train[:64], "Y": digits.Y_train[:64]}
    model, training = block(lesson, "## 6 Keras", "python").split("model.compile")
    exec(model, names)
    printed = []
    names["model"].summary(print_fn=lambda text, **kwargs: printed.append(text))
    rows = " ".join(re.sub("[│┃]", " ", "\n".join(printed)).split())
    for line in block(lesson, "This is what Keras 3 prints", "text").splitlines():
        assert " ".join(line.split()) in rows
    with contextlib.redirect_stdout(io.StringIO()):  # a progress bar per epoch
        exec(f"model.compile{training}", names)


def test_the_program_in_the_text_is_pytorch(lesson):
    torch = pytest.importorskip("torch", reason="PyTorch is in the extra 'frameworks'")
    digits = nn.digits()
    X = torch.tensor(digits.X_train)
    labels = torch.tensor(digits.y_train.astype("int64"))
    names = {"torch": torch, "batches": [(X, labels)] * 30}
    exec(block(lesson, "## 8 Other dialects", "python"), names)
    assert names["cost"](names["model"](X), labels) < 0.95 * np.log(10)
    assert names["model"][0].weight.shape == (16, 784)


def test_what_lesson_11_says_of_keras_names(keras):
    """D12: every name in the first column of its table exists."""
    course = Course(Path(__file__).parents[2])
    text = section(make_lesson(course, "11-optimizers"), "What Keras calls them")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) == 7
    for row in rows:
        module = ""
        for name in re.findall(r"`([\w.]+)", row):
            path = name if "." in name or hasattr(keras, name) else f"{module}.{name}"
            module = path.rpartition(".")[0]
            part = keras
            for step in path.split("."):
                part = getattr(part, step)


def test_the_little_graph_is_no_chain(solved):
    """D12: what a Sequential cannot be."""
    assert_shows(solved, BRANCHES, ["gap takes a and y", "C takes gap and gap"])


def test_the_quiz_replies_to_every_answer(solved):
    assert_quiz(solved, right={1: "b", 2: "c", 3: "b", 4: "a"})


# --------------------------------------------------------------------------------------
# What the text says about numbers that no cell prints
# --------------------------------------------------------------------------------------


def test_the_docstrings_examples(solutions):
    x = placeholder("x")
    assert solutions.run(operation(np.subtract, constant(10), x), {x: 4}) == 6
    assert solutions.smooth(np.array([2.0, 4.0]), 0.25) == pytest.approx([2, 3.6])
    assert solutions.parameter_table([4, 3, 2]) == [
        ("dense", (None, 3), 15),
        ("dense_1", (None, 2), 8),
    ]


def test_typical_mistakes_show_as_the_box_says(lesson):
    """Each mistake is made on the example of its docstring."""
    v, w = np.array([2.0, 4.0]), 0.25
    average = [(1 - w) * v[0], w * (1 - w) * v[0] + (1 - w) * v[1]]
    from_first = [v[0], w * v[0] + (1 - w) * v[1]]
    late = [average[0] / (1 - w**2), average[1] / (1 - w**3)]
    exchanged = (v[1] + (1 - w) * v[0]) / (1 + (1 - w))
    seen = [
        ("swapped", f"`run`: −{10 - 4}"),
        ("recomputes", f"{2**20 - 1:,} additions"),
        ("no-bias-correction", "{:.2f} and {:.2f}, or {:.2f} and {:.2f}"),
        ("wrong-time-step", "{:.2f} and {:.2f}".format(*late)),
        ("sum-instead-of-mean", f"{v[0]:.2f} and {v[1] + w * v[0]:.2f}"),
        ("swapped", f"{v[0]:.2f} and {exchanged:.2f}"),
        ("ignores-argument", f"{v[0]:.2f} and {v[1]:.2f}"),
        ("missing-bias", f"{4 * 3} and {3 * 2} parameters"),
        ("off-by-one-layer", "the first row is `dense_1`"),
        ("wrong-type", "a shape (1, 3)"),
        ("hard-coded", "two rows called `dense`"),
    ]
    seen = [(name, text.format(*average, *from_first)) for name, text in seen]
    assert_box(lesson, seen)


# --------------------------------------------------------------------------------------
# As a reader opens it
# --------------------------------------------------------------------------------------


def test_unfilled_it_stops_at_its_own_stubs_only(unfilled, lesson):
    assert_unfilled(unfilled, lesson)


@pytest.mark.parametrize("piece", [FLOW, BATCHES])
def test_unfilled_it_still_draws(unfilled, piece):
    assert "image/png" in unfilled.kinds(piece)


def test_students_get_no_answers(lesson):
    assert_gives_no_answers(lesson)


def test_length_size_and_time(solved, lesson):
    assert_measures(solved, lesson)


def test_marks(lesson):
    assert lesson.exercises == {"run": 11, "smooth": 8, "parameter_table": 9}
    assert lesson.questions == {"five-lines": 5}
