"""nnkit: a small neural network library, to be read after having written one.

Start with `layers`, then `activations`, `losses`, `network`, `optimizers`, `training`, `stopping`,
`regularizers`, `files` and `gradcheck`; `backend` is where arrays come from, and `checks` says what
is wrong with them. Around these are `datasets`, `trace`, `plots` and `widgets`; `many` trains many
nets at once, `adversarial` fools one. `perceptron` is where it all began; `graph` and `session` are
a computation graph of their own. `frameworks` and `tensorboard` show a net to other people's tools;
`progress` shows what a reader of the course has passed.

>>> import nnkit as nn
>>> net = nn.MLP([784, 16, 16, 10], output="softmax", loss="cross_entropy", seed=0)
>>> net.n_params
13002
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nnkit import activations, losses
from nnkit.gradcheck import gradient_check
from nnkit.layers import Dense
from nnkit.network import MLP
from nnkit.optimizers import SGD, Adam, Momentum, RMSProp, exponential_decay, inverse_decay
from nnkit.progress import progress  # at once: a later import would put the module in its place
from nnkit.regularizers import L1, L2
from nnkit.stopping import GradientBelow, LossBelow, TimeOver, ValidationFailures
from nnkit.trace import Trace, trace  # at once, as `progress`
from nnkit.training import DivergenceError, History

if TYPE_CHECKING:
    from nnkit import adversarial as adversarial  # "as" makes it public for type checkers
    from nnkit import frameworks as frameworks
    from nnkit import graph as graph
    from nnkit import many as many
    from nnkit import perceptron as perceptron
    from nnkit import plots as plots
    from nnkit import session as session
    from nnkit import tensorboard as tensorboard
    from nnkit import widgets as widgets
    from nnkit.adversarial import fgsm, input_gradient, smallest_epsilon
    from nnkit.datasets import (
        Dataset,
        Table,
        bank,
        blobs,
        circles,
        digits,
        house_prices,
        house_prices_by_size,
        load,
        loans,
        mnist,
        moons,
        spirals,
        three_points,
        two_three_one,
        xor,
    )
    from nnkit.many import ManyNets, train_many
    from nnkit.perceptron import Perceptron, decisions

__all__ = [
    "L1",
    "L2",
    "MLP",
    "SGD",
    "Adam",
    "Dataset",
    "Dense",
    "DivergenceError",
    "GradientBelow",
    "History",
    "LossBelow",
    "ManyNets",
    "Momentum",
    "Perceptron",
    "RMSProp",
    "Table",
    "TimeOver",
    "Trace",
    "ValidationFailures",
    "activations",
    "bank",
    "blobs",
    "circles",
    "decisions",
    "digits",
    "exponential_decay",
    "fgsm",
    "gradient_check",
    "house_prices",
    "house_prices_by_size",
    "input_gradient",
    "inverse_decay",
    "load",
    "loans",
    "losses",
    "mnist",
    "moons",
    "progress",
    "smallest_epsilon",
    "spirals",
    "three_points",
    "trace",
    "train_many",
    "two_three_one",
    "xor",
]

# These are imported when they are first used: `import nnkit` needs numpy alone.
_MODULES = (
    "adversarial",
    "datasets",
    "frameworks",
    "graph",
    "many",
    "perceptron",
    "plots",
    "session",
    "tensorboard",
    "widgets",
)
_NAMES = {
    "adversarial": ("fgsm", "input_gradient", "smallest_epsilon"),
    "datasets": (
        "Dataset",
        "Table",
        "bank",
        "blobs",
        "circles",
        "digits",
        "house_prices",
        "house_prices_by_size",
        "load",
        "loans",
        "mnist",
        "moons",
        "spirals",
        "three_points",
        "two_three_one",
        "xor",
    ),
    "many": ("ManyNets", "train_many"),
    "perceptron": ("Perceptron", "decisions"),
}


def __getattr__(name: str) -> Any:
    for module, names in _NAMES.items():
        if name in names:
            return getattr(import_module(f"nnkit.{module}"), name)
    if name not in _MODULES:
        raise AttributeError(f"module 'nnkit' has no attribute {name!r}")
    try:
        return import_module(f"nnkit.{name}")
    except ModuleNotFoundError as error:
        raise ImportError(
            f"nnkit.{name} needs {error.name}: install nnkit with its extra 'lab'"
        ) from error


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
