"""A net in a file: an .npz of NumPy's, with the net's sizes and names as JSON and its parameters.

Nothing in such a file is executed when it is read: no pickle. Activations, losses and regularisers
are therefore kept by their names, and only nnkit's own have one that means the same tomorrow.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from nnkit.activations import ACTIVATIONS, Activation
from nnkit.backend import to_numpy
from nnkit.checks import checked
from nnkit.layers import n_params
from nnkit.losses import LOSSES
from nnkit.regularizers import REGULARIZERS, Regularizer

if TYPE_CHECKING:
    from nnkit.network import MLP

# Written into every saved net, so that any other .npz file is recognised as such.
FORMAT = "nnkit MLP 2"


def save(net: MLP, path: str | Path) -> None:
    """Write `net` to a file; `MLP.save` describes the parameters and errors."""
    if type(net.loss) is not type(LOSSES.get(net.loss.name)):
        raise _not_our_own(net.loss)
    description = {
        "sizes": net.sizes,
        "activations": [_describe_activation(f) for f in net.activations],
        "loss": net.loss.name,
        "regularizer": _describe_regularizer(net.regularizer),
    }
    with open(path, "wb") as file:  # given a name, numpy would append .npz to it
        np.savez(file, format=FORMAT, net=json.dumps(description), theta=to_numpy(net.theta))


def load(kind: type[MLP], path: str | Path) -> MLP:
    """Read a net of this `kind` from a file; `MLP.load` describes the errors."""
    with open(path, "rb") as file:
        try:
            return _read(kind, file)
        except Exception as error:  # broken files make numpy and zipfile raise a dozen kinds
            raise ValueError(f"{path} is no net that MLP.save has written: {error}") from error


def _read(kind: type[MLP], file: BinaryIO) -> MLP:
    if file.read(2) != b"PK":  # .npz files are zip files
        raise ValueError("expected an .npz file, got something else")
    file.seek(0)
    with np.load(file, allow_pickle=False) as saved:
        if saved.get("format") != FORMAT:
            raise ValueError(f"expected {FORMAT!r}, got entries {saved.files}")
        description = json.loads(str(saved["net"]))
        theta = saved["theta"]
    sizes = description["sizes"]
    *hidden, output = map(_make_activation, description["activations"])
    shapes = zip(pairwise(sizes), (*hidden, output), strict=True)
    expected = sum(n_params(*n_in_and_out, f) for n_in_and_out, f in shapes)
    theta = checked("theta", theta, (expected,), like=theta)  # before a huge net is made
    net = kind(
        sizes,
        hidden,
        output,
        description["loss"],
        regularizer=_make_regularizer(description["regularizer"]),
        dtype=str(theta.dtype),
    )
    net.theta = theta
    return net


def _describe_activation(activation: Activation) -> dict[str, Any]:
    """Return name and settings of an activation."""
    if type(activation) is not type(ACTIVATIONS.get(activation.name)):
        raise _not_our_own(activation)
    settings = {key: getattr(activation, key) for key in activation.settings}
    return {"name": activation.name} | settings


def _make_activation(saved: dict[str, Any]) -> Activation:
    settings = {key: value for key, value in saved.items() if key != "name"}
    return type(ACTIVATIONS[saved["name"]])(**settings)


def _describe_regularizer(regularizer: Regularizer | None) -> dict[str, Any] | None:
    """Return name and strength of a regulariser."""
    if regularizer is None:
        return None
    name = type(regularizer).__name__
    if REGULARIZERS.get(name) is not type(regularizer):
        raise _not_our_own(regularizer)
    return {"name": name, "strength": regularizer.strength}


def _make_regularizer(saved: dict[str, Any] | None) -> Regularizer | None:
    return None if saved is None else REGULARIZERS[saved["name"]](saved["strength"])


def _not_our_own(part: Any) -> ValueError:
    return ValueError(f"cannot save {part}: files hold names, and it is not nnkit's own")
