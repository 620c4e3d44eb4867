"""Training that can be watched in TensorBoard: its curves, and the net as a graph.

Deck D, "TensorBoard". Give `fit` a callback, then start TensorBoard on its folder::

    net.fit(X, Y, epochs=20, callbacks=[TensorBoard("logs/first")])

    tensorboard --logdir logs
"""

from __future__ import annotations

import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnkit import graph
from nnkit.graph import Node
from nnkit.session import in_order

if TYPE_CHECKING:
    from nnkit.network import MLP
    from nnkit.training import History


class TensorBoard:
    """A callback that writes the numbers of every epoch where TensorBoard finds them.

    Scalars are called as in `History`: "loss", "accuracy", "val_loss", "val_accuracy"; the step is
    the epoch, from 1 on. With the first epoch comes the graph of the net.

    Parameters
    ----------
    folder : str or Path
        Where to write; it is made if it is not there. Every folder is one run with curves of its
        own: take another one for each training.

    Raises
    ------
    ImportError
        If TensorBoard is not installed.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._writer = _tensorboard("summary.writer.event_file_writer").EventFileWriter(
            str(self.folder)
        )

    def __call__(self, net: MLP, history: History) -> None:
        """Write the last epoch; it is on the disk when this returns."""
        if len(history) == 1:
            _, output = graph.network(net)
            self._write(graph_def=graph_definition(output).SerializeToString())
        scalar = _tensorboard("plugins.scalar.summary_v2").scalar_pb
        for name, number in history.last().items():
            self._write(summary=scalar(name, number), step=len(history))
        self._writer.flush()

    def close(self) -> None:
        """Close the file. What was written stays; without it, Python closes it at its end."""
        self._writer.close()

    def _write(self, **what: Any) -> None:
        event = _tensorboard("compat.proto.event_pb2").Event
        self._writer.add_event(event(wall_time=time.time(), **what))


def graph_definition(output: Node) -> Any:
    """Return a computation graph in the form that TensorBoard draws.

    Parameters
    ----------
    output : Node
        The graph is this node and all that it depends on. What stands before a "/" in the names of
        nodes becomes a box around them.

    Returns
    -------
    GraphDef
        A node each, with its inputs. Nodes of one name get numbers, as "add_1".
    """
    definition = _tensorboard("compat.proto.graph_pb2").GraphDef()
    names: dict[Node, str] = {}
    for node in in_order([output]):
        names[node] = _unused(node.name, set(names.values()))
        definition.node.add(
            name=names[node],
            op="Placeholder" if node.op is None else node.name.rpartition("/")[2],
            input=[names[source] for source in node.inputs],
        )
    return definition


def _unused(name: str, taken: set[str]) -> str:
    """Return `name`, or with the first number behind it that makes it a new one."""
    candidate, number = name, 0
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def _tensorboard(module: str) -> Any:
    try:
        return import_module(f"tensorboard.{module}")
    except ModuleNotFoundError as error:
        raise ImportError(
            f"TensorBoard is not at hand ({error.name} is missing): install nnkit with its extra "
            "'frameworks'"
        ) from error
