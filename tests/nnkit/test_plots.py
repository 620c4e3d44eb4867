import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.colors import to_hex, to_rgb

import nnkit as nn
from nnkit import plots
from nnkit.training import History

DATA = nn.two_three_one()


@pytest.fixture(autouse=True)
def _nothing_left_behind():
    """No plot shows itself or changes how later plots look."""
    settings = dict(matplotlib.rcParams)
    yield
    assert dict(matplotlib.rcParams) == settings
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def drawn(ax):
    """Render the figure: what cannot be drawn fails here."""
    ax.figure.canvas.draw()
    return ax


# ---- network --------------------------------------------------------------------------


def test_network_shows_deck_b_s_numbers():
    data = nn.two_three_one()
    ax = drawn(plots.network(data.params))
    shown = texts(ax)
    assert [name for name in shown if name[0] in "IHO"] == ["IN1", "IN2", "H1", "H2", "H3", "ON"]
    weights = sorted(float(t) for t in shown if t[0] in "-0123456789")
    assert weights == [-1.0, -0.8, -0.7, -0.6, -0.6, -0.4, -0.3, -0.2, 0.4]
    assert [t for t in shown if t.startswith("b ")] == ["b 0.10", "b -0.20", "b 0.40", "b -0.60"]


def test_network_line_goes_from_input_to_neuron():
    W = np.zeros((3, 2))
    W[2, 0] = 5.0  # from IN1 to H3, the lowest
    ax = plots.network([(W, np.zeros(3)), (np.zeros((1, 3)), np.zeros(1))])
    place = {t.get_text(): t.get_position() for t in ax.texts}
    [thick] = [
        line for line in ax.lines if line.get_marker() == "None" and line.get_linewidth() > 1
    ]
    assert tuple(zip(*thick.get_data(), strict=True)) == (place["IN1"], place["H3"])


def test_network_signs_differ_in_colour_and_style_and_size_in_width():
    W = np.array([[2.0, -1.0]])
    ax = plots.network([(W, np.zeros(1))])
    positive, negative = (line for line in ax.lines if line.get_marker() == "None")
    assert positive.get_color() != negative.get_color()
    assert positive.get_linestyle() == "-"
    assert negative.get_linestyle() == "--"
    assert positive.get_linewidth() > negative.get_linewidth() > 0.5


def test_network_takes_a_net_pairs_or_a_flat_list():
    data = nn.two_three_one()
    net = nn.MLP([2, 3, 1])
    net.set_params([(data.W1, data.b1), (data.W2, data.b2)])
    pairs = [(data.W1, data.b1), (data.W2, data.b2)]
    flat = texts(plots.network(data.params))
    assert texts(plots.network(net)) == texts(plots.network(pairs)) == flat


def test_network_writes_values_into_nodes():
    data = nn.two_three_one()
    values = [data.X[0], [0.649, 0.493, 0.882], np.array([[0.175]])]
    shown = texts(drawn(plots.network(data.params, values)))
    assert {"IN1\n-0.97", "H3\n0.88", "ON\n0.17"} <= set(shown)
    with pytest.raises(ValueError, match=r"layers of \[2, 3, 1\] nodes, got \[2, 2, 1\]"):
        plots.network(data.params, [data.X[0], [1, 2], [3]])


def test_network_of_a_wide_net_stays_readable():
    net = nn.MLP([784, 16, 16, 10], seed=0)
    ax = drawn(plots.network(net))
    assert "⋮\n784 nodes" in texts(ax)
    assert not any(t.startswith("b ") for t in texts(ax))
    assert "ON10" in texts(ax)
    assert len(ax.lines) < 400
    assert max(line.get_linewidth() for line in ax.lines if len(line.get_xdata()) == 2) <= 1.5


@pytest.mark.parametrize(
    ("net", "message"),
    [
        (None, r"expected a net, a list of \(W, b\), or \(W1, b1, W2, b2\), got None"),
        ([], "expected a net, a list .*got"),
        (DATA.params[:3], "expected a net, a list .*got"),
        ([np.ones((3, 2)), np.ones(2)], r"expected b1 of shape \(3,\), got \(2,\)"),
        (
            [(np.ones((3, 2)), np.ones(3)), (np.ones((1, 4)), np.ones(1))],
            r"expected W2 of shape \(n_out, 3\), got \(1, 4\)",
        ),
    ],
)
def test_network_of_what_is_no_net(net, message):
    with pytest.raises(ValueError, match=message):
        plots.network(net)
    assert plt.get_fignums() == []


@pytest.mark.parametrize("flat", [([[1, 2], [3, 4]], [1, 2]), [[[1, 2], [3, 4]], [1, 2]]])
def test_network_of_lists(flat):
    pairs = [(np.array(flat[0]), np.array(flat[1]))]
    assert texts(plots.network(flat)) == texts(plots.network(pairs))


def test_network_of_maxout_has_no_one_weight_per_line():
    with pytest.raises(ValueError, match=r"one weight per line, got Dense\(2 → 3, maxout"):
        plots.network(nn.MLP([2, 3, 1], "maxout"))


def test_network_of_zeros():
    drawn(plots.network([(np.zeros((2, 2)), np.zeros(2))]))


# ---- trace ----------------------------------------------------------------------------


def deck_b_trace():
    net = nn.MLP([2, 3, 1], loss="half_squared_error_sum", dtype="float64")
    net.set_params([(DATA.W1, DATA.b1), (DATA.W2, DATA.b2)])
    return nn.trace(net, DATA.X[0], DATA.Y[0])


def nodes(ax):
    """Return what stands in the nodes: a name, then its rows of text."""
    lines = [text.split("\n") for text in texts(ax)]
    return {name: rows for name, *rows in lines if rows and name[0] in "IHO"}


def test_trace_shows_deck_b_s_numbers_in_the_nodes():
    ax = drawn(plots.trace(deck_b_trace()))
    shown = nodes(ax)
    assert shown["IN1"] == ["-0.970"]
    assert [row.split() for row in shown["H3"]] == [
        ["b", "0.400"],
        ["z", "2.010"],
        ["a", "0.882"],
        ["error", "-0.008"],
        ["delta", "-0.001"],
    ]
    assert [row.split()[-1] for row in shown["ON"]] == [
        "-0.600",
        "-1.550",
        "0.175",
        "0.175",
        "0.025",
    ]
    assert ax.get_title() == "target 0: cost 0.015 (half_squared_error_sum)"


def test_trace_shows_weight_and_gradient_on_their_line():
    trace = deck_b_trace()
    ax = drawn(plots.trace(trace))
    centres = {
        t.get_text().split("\n")[0]: t.get_position() for t in ax.texts if "\n" in t.get_text()
    }
    labels = [t for t in ax.texts if "\n" not in t.get_text()]
    assert len(labels) == 2 * 9
    first = trace.layers[0]
    for j, end in enumerate(first.nodes):
        for i, start in enumerate(first.inputs):
            x, y = 0.75 * np.array(centres[start]) + 0.25 * np.array(centres[end])
            here = [
                t
                for t in labels
                if np.hypot(t.get_position()[0] - x, t.get_position()[1] - y) < 0.05
            ]
            here.sort(key=lambda t: -t.get_position()[1])
            assert [t.get_text() for t in here] == [f"{first.W[j, i]:.3f}", f"{first.dW[j, i]:.3f}"]
            assert [t.get_style() for t in here] == ["normal", "italic"]


@pytest.mark.parametrize(
    "sizes", [[2, 3, 1], [3, 3, 3, 1], [2, 2, 2], [4, 4, 4], [1, 1], [9, 5, 2]]
)
def test_trace_has_no_text_on_another(sizes):
    trace = nn.trace(nn.MLP(sizes, init="uniform", seed=0), np.ones(sizes[0]), np.ones(sizes[-1]))
    ax = drawn(plots.trace(trace))
    # Boxes around nodes and numbers; the two numbers of a line may touch.
    boxes = [(t, t.get_window_extent()) for t in ax.texts]
    for k, (text, box) in enumerate(boxes):
        for other, other_box in boxes[:k]:
            overlap = box.padded(-2).overlaps(other_box.padded(-2))
            assert not overlap, (text.get_text(), other.get_text())


def test_trace_of_a_wide_net_shows_its_first_nodes():
    net = nn.MLP([784, 16, 16, 10], output="softmax", loss="cross_entropy", seed=0)
    ax = drawn(plots.trace(nn.trace(net, np.full(784, 0.5), 7)))
    assert list(nodes(ax)) == [f"{p}{n}" for p in ("IN", "H1.", "H2.", "ON") for n in (1, 2, 3)]
    assert {"⋮\n784 nodes", "⋮\n16 nodes", "⋮\n10 nodes"} <= set(texts(ax))
    assert ax.get_title().startswith("target 7: cost ")


def test_trace_of_maxout_draws_the_weights_that_count():
    net = nn.MLP([1, 2, 1], "maxout", "linear", dtype="float64")
    net.set_params([(np.array([[1.0], [2], [-3], [-4]]), np.zeros(4)), (np.ones((1, 2)), [0])])
    ax = drawn(plots.trace(nn.trace(net, [1.0], 0.0, digits=1)))
    shown = nodes(ax)
    assert [row.split() for row in shown["H1"][1:3]] == [["z", "1.0", "2.0"], ["a", "2.0"]]
    labels = [t for t in texts(ax) if "\n" not in t]
    assert labels[0] == "2.0"
    assert labels[2] == "-3.0"


def test_trace_of_parametric_relu_shows_the_slope():
    net = nn.MLP([1, 2, 1], "parametric_relu", seed=0)
    shown = nodes(plots.trace(nn.trace(net, [1.0], 0.0)))
    assert ["slope", "0.250"] in [row.split() for row in shown["H2"]]
    assert not any("slope" in row for row in shown["ON"])


def test_trace_draws_traces_alone():
    with pytest.raises(ValueError, match=r"expected what nn\.trace\(net, x, y\) returns, got MLP"):
        plots.trace(nn.MLP([2, 3, 1]))


# ---- loss_curve -----------------------------------------------------------------------


def test_loss_curve_counts_epochs_from_1():
    ax = drawn(plots.loss_curve([3.0, 2.0, 1.0]))
    assert ax.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert ax.lines[0].get_ydata().tolist() == [3, 2, 1]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "cost")
    assert ax.get_yscale() == "linear"
    assert ax.get_legend() is None
    assert plots.loss_curve([1.0], log=True).get_yscale() == "log"


def test_loss_curve_of_a_history():
    history = History()
    history.loss, history.val_loss = [3.0, 2.0], [4.0, 3.0]
    ax = drawn(plots.loss_curve(history))
    assert [line.get_label() for line in ax.lines] == ["training", "validation"]
    assert ax.lines[1].get_ydata().tolist() == [4, 3]
    history.val_loss = []
    assert len(plots.loss_curve(history).lines) == 1


def test_loss_curve_has_one_cost_per_epoch():
    ax = plots.loss_curve([[3.0], [2.0]])
    assert ax.lines[0].get_ydata().tolist() == [3, 2]
    with pytest.raises(ValueError, match=r"expected one cost per epoch, got shape \(100, 5\)"):
        plots.loss_curve(np.ones((100, 5)))  # the losses of `train_many`


def test_loss_curves_of_several_trainings():
    first, second = (nn.MLP([1, 1], seed=s).fit([[1.0], [2.0]], [0, 1], 3) for s in (0, 1))
    ax = plots.loss_curve({"SGD": first, "by hand": second.loss})
    assert [line.get_ydata().tolist() for line in ax.lines] == [first.loss, second.loss]
    assert [line.get_label() for line in ax.lines] == ["SGD", "by hand"]


@pytest.mark.parametrize("costs", [None, "abc", 3.0, {"SGD": None}])
def test_loss_curve_of_no_costs(costs):
    with pytest.raises(ValueError, match=r"expected (numbers in costs|one cost per epoch), got"):
        plots.loss_curve(costs)
    assert plt.get_fignums() == []


def test_loss_curves_differ_without_colour():
    ax = drawn(plots.loss_curve({str(i): [1.0, 2.0] for i in range(16)}))
    looks = {(line.get_color(), line.get_linestyle()) for line in ax.lines}
    assert len(looks) == 16
    first = [line.get_linestyle() for line in ax.lines[:4]]
    assert len(set(first)) == 4
    assert ax.get_legend() is not None


# ---- weight_pictures ------------------------------------------------------------------


def test_weight_pictures_show_each_neuron_where_its_title_is():
    rng = np.random.default_rng(0)
    W = rng.normal(size=(5, 6))
    ax = drawn(plots.weight_pictures(W, shape=(2, 3), columns=2))
    mosaic = ax.images[0].get_array()
    for i, title in enumerate(ax.texts):
        assert title.get_text() == str(i + 1)
        x, y = title.get_position()
        left, top = int(x - 1.5), int(y + 1)
        np.testing.assert_array_equal(mosaic[top : top + 2, left : left + 3].ravel(), W[i])
    assert np.isfinite(mosaic.filled(np.nan)).sum() == W.size


def test_weight_pictures_have_zero_in_the_middle_of_the_scale():
    W = np.array([[-1.0, 1.0, 0.0, 3.0]])
    image = plots.weight_pictures(W, shape=(2, 2)).images[0]
    assert image.get_clim() == (-3.0, 3.0)
    assert image.get_cmap().name == "cividis"


def test_weight_pictures_of_one_neuron_titles_and_zeros():
    ax = drawn(plots.weight_pictures(np.zeros(784), titles=["edge"]))
    assert texts(ax) == ["edge"]
    drawn(plots.weight_pictures(nn.MLP([784, 16, 10], seed=0).layers[0].W))


def test_weight_pictures_of_another_shape():
    for W in (np.zeros((10, 16)), np.zeros((2, 28, 28)), np.zeros((0, 784))):
        with pytest.raises(ValueError, match=r"expected a row of 28 x 28 weights per neuron, got"):
            plots.weight_pictures(W)
    with pytest.raises(ValueError, match="expected 10 titles, got 1"):
        plots.weight_pictures(np.zeros((10, 784)), titles=["edge"])


# ---- confusion_matrix -----------------------------------------------------------------


def test_confusion_matrix_rows_are_true_labels():
    counts = np.array([[5, 2, 0], [0, 7, 0], [0, 0, 0]])
    ax = drawn(plots.confusion_matrix(counts, names=["a", "b", "c"]))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")
    assert {t.get_text(): t.get_position() for t in ax.texts} == {
        "5": (0, 0),
        "2": (1, 0),
        "7": (1, 1),
    }
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b", "c"]
    shares = ax.images[0].get_array()
    np.testing.assert_allclose(shares[0], [5 / 7, 2 / 7, 0])
    np.testing.assert_allclose(shares[2], 0)  # a class without examples


def test_confusion_matrix_numbers_stand_out():
    counts = np.arange(1, 26).reshape(5, 5)
    ax = plots.confusion_matrix(counts)
    image = ax.images[0]
    for text in ax.texts:
        j, i = text.get_position()
        background = image.get_cmap()(image.norm(image.get_array()[i, j]))[:3]
        assert contrast(background, to_rgb(text.get_color())) > 4.5


def test_confusion_matrix_has_to_be_square():
    with pytest.raises(ValueError, match=r"square matrix of counts, got shape \(2, 3\)"):
        plots.confusion_matrix(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="expected 3 names, got 1"):
        plots.confusion_matrix(np.eye(3), names=["a"])


# ---- decision_boundary ----------------------------------------------------------------


def test_decision_boundary_draws_every_point_by_class_and_source():
    data = nn.two_three_one()
    ax = drawn(
        plots.decision_boundary(
            lambda X: 1 / (1 + np.exp(-5 * X[:, 1])),
            data.X,
            data.Y,
            reconstructed=data.reconstructed,
        )
    )
    points = {line.get_label(): line for line in ax.lines}
    for label, marker, rows in [
        ("y = 0", "o", [0, 1, 2, 9]),
        ("y = 0, reconstructed", "o", [7]),
        ("y = 1", "^", [8]),
        ("y = 1, reconstructed", "^", [3, 4, 5, 6]),
    ]:
        line = points[label]
        np.testing.assert_array_equal(np.stack(line.get_data(), axis=1), data.X[rows])
        assert line.get_marker() == marker
        face = to_hex(line.get_markerfacecolor())
        assert face == ("#ffffff" if "reconstructed" in label else "#000000")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("X1", "X2")


def test_decision_boundary_is_where_the_output_is_a_half():
    X = np.array([[0.0, 0.0], [1.0, 2.0]])
    # x1 alone decides, so a swapped grid would show; (m, 1) and (m,) are both right.
    for predict in (lambda p: p[:, 0], lambda p: p[:, :1]):
        ax = drawn(plots.decision_boundary(predict, X, np.array([0, 1])))
        boundary = ax.collections[-1].get_paths()[0].vertices
        np.testing.assert_allclose(boundary[:, 0], 0.5, atol=1e-9)
        assert np.ptp(boundary[:, 1]) > 2


def test_decision_boundary_without_a_boundary_and_without_a_key():
    X = np.array([[0.0, 0.0], [1.0, 1.0]])
    _, ax = plt.subplots()
    assert (
        plots.decision_boundary(lambda p: np.full(len(p), 0.2), X, [0, 1], key=False, ax=ax) is ax
    )
    assert ax.get_legend() is None
    assert len(ax.figure.axes) == 1


def test_decision_boundary_of_a_net():
    data = nn.two_three_one()
    net = nn.MLP([2, 3, 1], seed=0)
    drawn(plots.decision_boundary(net.forward, data.X, data.Y))


@pytest.mark.parametrize(("X", "y"), [(np.zeros((3, 3)), [0, 1, 1]), (np.zeros((3, 2)), [0, 1])])
def test_decision_boundary_of_other_shapes(X, y):
    with pytest.raises(ValueError, match=r"expected (X|y) of shape .*, got"):
        plots.decision_boundary(lambda p: p[:, 0], X, y)


def test_decision_boundary_wants_one_output_per_point():
    X, y = np.eye(2), [0, 1]
    with pytest.raises(ValueError, match=r"one output per point from predict, got .*\(22500, 2\)"):
        plots.decision_boundary(nn.MLP([2, 2], output="softmax", seed=0).forward, X, y)
    with pytest.raises(ValueError, match=r"expected reconstructed of shape \(2,\), got \(1,\)"):
        plots.decision_boundary(lambda p: p[:, 0], X, y, reconstructed=[True])
    assert plt.get_fignums() == []


def test_decision_boundary_of_outputs_beyond_0_and_1():
    def filled(predict):
        ax = plots.decision_boundary(predict, np.eye(2), [0, 1])
        return [path.vertices.tolist() for path in ax.collections[0].get_paths()]

    assert filled(lambda p: 9 * p[:, 0]) == filled(lambda p: np.clip(9 * p[:, 0], 0, 1))


def test_decision_boundary_loses_no_point():
    with pytest.raises(ValueError, match=r"expected the classes 0 and 1 in y, got \[-1, 1\]"):
        plots.decision_boundary(lambda p: p[:, 0], np.zeros((3, 2)), [-1, 1, 1])


# ---- all of them ----------------------------------------------------------------------

EVERY_PLOT = {
    "network": lambda ax: plots.network(DATA.params, ax=ax),
    "trace": lambda ax: plots.trace(deck_b_trace(), ax=ax),
    "loss_curve": lambda ax: plots.loss_curve([3.0, 2.0, 1.0], ax=ax),
    "weight_pictures": lambda ax: plots.weight_pictures(np.eye(784)[:3], ax=ax),
    "confusion_matrix": lambda ax: plots.confusion_matrix(np.eye(3), ax=ax),
    "decision_boundary": lambda ax: plots.decision_boundary(
        lambda p: p[:, 0], DATA.X, DATA.Y, ax=ax
    ),
}


@pytest.mark.parametrize("style", ["default", "dark_background", "grayscale"])
@pytest.mark.parametrize("name", EVERY_PLOT)
def test_every_plot_draws_in_any_style(name, style):
    with plt.style.context(style):
        drawn(EVERY_PLOT[name](None))


@pytest.mark.parametrize("name", EVERY_PLOT)
def test_every_plot_draws_into_the_axes_it_is_given(name):
    figure, axes = plt.subplots(1, 2)
    assert EVERY_PLOT[name](axes[1]) is axes[1]
    assert not axes[0].has_data()
    assert plt.get_fignums() == [figure.number]


def contrast(a, b):
    """Return the contrast of two colours as the WCAG define it, 1 to 21."""

    def luminance(rgb):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
        return np.dot(linear, [0.2126, 0.7152, 0.0722])

    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", plots.COLOURS)
def test_lines_are_visible_on_white_and_on_black(colour):
    assert contrast(to_rgb(colour), (1, 1, 1)) >= 2.9
    assert contrast(to_rgb(colour), (0, 0, 0)) >= 3
