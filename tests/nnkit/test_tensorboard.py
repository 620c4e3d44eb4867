"""What TensorBoard gets to see, read back with TensorBoard itself."""

import json
import sys
import threading
import urllib.request

import numpy as np
import pytest

import nnkit as nn
from nnkit import graph
from nnkit.tensorboard import TensorBoard, graph_definition


@pytest.fixture
def tensorboard():
    return pytest.importorskip("tensorboard", reason="TensorBoard is in the extra 'frameworks'")


@pytest.fixture
def run(tensorboard, tmp_path):
    """Train a net for three epochs, and return it with the history and the folder of the logs."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 4)), rng.integers(0, 3, 40)
    net = nn.MLP([4, 5, 3], output="softmax", loss="cross_entropy", seed=0)
    callback = TensorBoard(tmp_path / "logs" / "first")
    history = net.fit(X, y, epochs=3, validation=(X[:10], y[:10]), callbacks=[callback])
    callback.close()
    return net, history, tmp_path / "logs"


def test_the_curves_are_the_history(run):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    _, history, logs = run
    events = EventAccumulator(str(logs / "first")).Reload()
    for name, numbers in history.to_dict().items():
        logged = events.Tensors(name)
        assert [event.step for event in logged] == [1, 2, 3]
        values = [float(event.tensor_proto.float_val[0]) for event in logged]
        np.testing.assert_allclose(values, numbers, rtol=1e-6)


def test_the_graph_is_the_net(run):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    *_, logs = run
    definition = EventAccumulator(str(logs / "first")).Reload().Graph()
    inputs = {node.name: list(node.input) for node in definition.node}
    assert inputs == {
        "X": [],
        "hidden_1/W": [],
        "hidden_1/b": [],
        "hidden_1/product": ["X", "hidden_1/W"],
        "hidden_1/z": ["hidden_1/product", "hidden_1/b"],
        "hidden_1/sigmoid": ["hidden_1/z"],
        "output/W": [],
        "output/b": [],
        "output/product": ["hidden_1/sigmoid", "output/W"],
        "output/z": ["output/product", "output/b"],
        "output/softmax": ["output/z"],
    }


def test_tensorboard_itself_shows_them(run):
    from tensorboard import program

    _, history, logs = run
    board = program.TensorBoard()
    board.configure(argv=["tensorboard", "--logdir", str(logs), "--port", "0", "--load_fast=false"])
    server = board._make_server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:

        def get(path):
            with urllib.request.urlopen(server.get_url() + path, timeout=20) as answer:
                return answer.read()

        curve = json.loads(get("data/plugin/scalars/scalars?run=first&tag=loss"))
        assert [step for _, step, _ in curve] == [1, 2, 3]
        np.testing.assert_allclose([value for *_, value in curve], history.loss, rtol=1e-6)
        assert b"hidden_1/product" in get("data/plugin/graphs/graph?run=first&conceptual=false")
    finally:
        server.shutdown()


def test_nodes_of_one_name_are_numbered(tensorboard):
    x = graph.placeholder("x")
    twice = graph.operation(np.add, x, x)
    four_times = graph.operation(np.add, twice, twice)
    nodes = {node.name: list(node.input) for node in graph_definition(four_times).node}
    assert nodes == {"x": [], "add": ["x", "x"], "add_1": ["add", "add"]}


def test_without_tensorboard(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "tensorboard.summary.writer.event_file_writer", None)
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(ImportError, match="install nnkit with its extra 'frameworks'"):
        TensorBoard(tmp_path)
