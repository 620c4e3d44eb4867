"""`collapse`: two linear layers are one."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched

Layer = tuple[np.ndarray, np.ndarray]


def collapse(W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray) -> Layer:
    """Return (W, b) of the single linear layer that equals the two."""
    return W2 @ W1, W2 @ b1 + b2


def cases(rng: np.random.Generator) -> list[Case]:
    """Layers with three different sizes, so that no wrong product fits; single neurons too."""

    def case(kind: str, n_in: int, n_hidden: int, n_out: int) -> Case:
        shapes = ((n_hidden, n_in), (n_hidden,), (n_out, n_hidden), (n_out,))
        draw = lambda shape: rng.uniform(0.4, 1.5, shape) * rng.choice([-1.0, 1.0], shape)
        return Case(kind, tuple(draw(shape) for shape in shapes))

    wide = [case("layers", *sizes) for sizes in ((2, 3, 4), (4, 2, 3), (5, 4, 2))]
    return [*wide, case("single", 3, 4, 1), case("single", 3, 1, 2), case("single", 1, 2, 3)]


def _layer(W: Any = lambda W1, W2: W2 @ W1, b: Any = lambda b1, W2, b2, W1: W2 @ b1 + b2) -> Any:
    """Build a version of the function from its two results."""
    return lambda W1, b1, W2, b2: (W(W1, W2), b(b1, W2, b2, W1))


def _with_loops(W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    n_out, n_hidden = W2.shape
    n_in = len(W1[0])
    W = [[0.0] * n_in for _ in range(n_out)]
    b = [float(v) for v in b2]
    for i in range(n_out):
        for j in range(n_hidden):
            b[i] += W2[i][j] * b1[j]
            for k in range(n_in):
                W[i][k] += W2[i][j] * W1[j][k]
    return [W, b]


def _by_probing(W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    net = lambda x: W2 @ (W1 @ x + b1) + b2
    n_in = W1.shape[1]
    b = net(np.zeros(n_in))
    return np.stack([net(e) - b for e in np.eye(n_in)], axis=1), b


def _float32(V: Any, c: Any, U: Any, d: Any, verbose: Any = True) -> Any:
    V, c, U, d = (p.astype(np.float32) for p in (V, c, U, d))
    if verbose:
        print(U.shape, V.shape)
    return (V.T @ U.T).T, np.dot(c, U.T) + d


def _bias_as_column(W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    both = np.einsum("ij,jk->ik", W2, np.column_stack([W1, b1]))
    return [both[:, :-1], both[:, -1] + b2]


EXERCISE = Exercise(
    reference=collapse,
    cases=cases,
    criteria=(
        Criterion("weights", "the weights W of the one layer", 2, ("layers",), parts=(0,)),
        Criterion("biases", "its biases b", 3, ("layers",), parts=(1,)),
        Criterion("single", "layers with a single neuron or input", 1, ("single",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-bias",
            (
                _layer(b=lambda b1, W2, b2, W1: b2),
                _layer(b=lambda b1, W2, b2, W1: W2 @ b1),
                _layer(b=lambda b1, W2, b2, W1: b1),
                _layer(b=lambda b1, W2, b2, W1: np.zeros(len(b2))),
            ),
            "A bias is lost. The first layer’s biases go through the second layer’s weights, and then "
            "b2 is added: put W1 x + b1 in the place of x and multiply out.",
        ),
        Misconception(
            "missing-factor",
            (
                _layer(b=lambda b1, W2, b2, W1: b1 + b2),
                _layer(b=lambda b1, W2, b2, W1: np.sum(b1) + b2),
                _layer(b=lambda b1, W2, b2, W1: W2 @ (b1 + b2)),
            ),
            "The biases are added without the second layer’s weights in the right place: b1 passes "
            "through W2, b2 does not.",
        ),
        Misconception(
            "missing-transpose",
            (
                lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2),
                lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2 + b2),
                lambda W1, b1, W2, b2: (np.dot(W1, W2), np.dot(W2, b1) + b2),
                lambda W1, b1, W2, b2: (np.matmul(W1, W2), W2 @ b1 + b2),
                lambda W1, b1, W2, b2: (W2 * W1, W2 @ b1 + b2),
                lambda W1, b1, W2, b2: (W1 * W2, W2 @ b1 + b2),
                _layer(W=lambda W1, W2: W1.T @ W2.T),
                _layer(b=lambda b1, W2, b2, W1: b1 @ W2 + b2),
            ),
            "The matrices stand in the wrong order, or one is transposed that should not be. The layer "
            "that works first stands next to x: W2 (W1 x), and W must have the shape (n_out, n_in).",
        ),
        Misconception(
            "wrong-sign",
            (
                _layer(b=lambda b1, W2, b2, W1: W2 @ b1 - b2),
                _layer(b=lambda b1, W2, b2, W1: b2 - W2 @ b1),
                lambda W1, b1, W2, b2: (-(W2 @ W1), -(W2 @ b1 + b2)),
            ),
            "A sign is turned round; nothing is subtracted here.",
        ),
        general.swapped_results(
            collapse, says="The two results come in the wrong order: first W, then b."
        ),
    ),
    right=(_with_loops, _by_probing, _float32, _bias_as_column),
    hints=(
        "Write down what the second layer gives: W2 times (what the first one gives), plus b2.",
        "W2 (W1 x + b1) + b2: multiply out, and look for what stands before x and what stands alone.",
        "W = W2 @ W1 and b = W2 @ b1 + b2.",
    ),
    slide="deck D, “Linear Activation Function”",
)
