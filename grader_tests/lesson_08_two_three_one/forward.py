"""`forward`: the hidden values and the output of the 2-3-1 net."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_08_two_three_one.net import Params, random_inputs, random_params, sigmoid

Result = tuple[np.ndarray, np.ndarray]


def forward(X: np.ndarray, params: Params) -> Result:
    """Return (H, out), shapes (n, 3) and (n, 1)."""
    W1, b1, W2, b2 = params
    H = sigmoid(X @ W1.T + b1)
    return H, sigmoid(H @ W2.T + b2)


def cases(rng: np.random.Generator) -> list[Case]:
    """One observation, batches (never 2 or 3 rows, which would hide a transpose), wide scores."""
    one = [Case("one", (random_inputs(rng, 1), random_params(rng))) for _ in range(2)]
    batch = [Case("batch", (random_inputs(rng, n), random_params(rng))) for n in (4, 7)]
    wide = Case("batch", (random_inputs(rng, 5) * 3, random_params(rng, scale=3.0)))
    return [*one, *batch, wide]


def _layers(hidden: Any, output: Any) -> Any:
    """Build a version of the function from its two layers."""

    def version(X: np.ndarray, params: Params) -> Result:
        W1, b1, W2, b2 = params
        H = hidden(X, W1, b1)
        return H, output(H, W2, b2)

    return version


def _right(A: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    return sigmoid(A @ W.T + b)


def _in_one_or_both(wrong: Any) -> tuple[Any, ...]:
    """Make the mistake in the hidden layer, in the output layer, in both."""
    return _layers(wrong, _right), _layers(_right, wrong), _layers(wrong, wrong)


def _with_loops(X: Any, params: Any) -> Any:
    W1, b1, W2, b2 = params
    H, out = [], []
    for x in X:
        h = [1 / (1 + np.exp(-(sum(w * v for w, v in zip(W1[j], x)) + b1[j]))) for j in range(3)]
        H.append(h)
        out.append([float(sigmoid(np.array(sum(W2[0][j] * h[j] for j in range(3)) + b2[0])))])
    return [H, out]


def _float32(X: Any, params: Any) -> Any:
    print("float32")
    W1, b1, W2, b2 = (np.asarray(p, dtype=np.float32) for p in params)
    H = sigmoid(X.astype(np.float32) @ W1.T + b1)
    return H, sigmoid(np.einsum("nj,kj->nk", H, W2) + b2)


def _columns(X: Any, params: Any) -> Any:
    W1, b1, W2, b2 = params
    H = sigmoid(W1 @ X.T + b1[:, None])
    return H.T, sigmoid(W2 @ H + b2[:, None]).T


EXERCISE = Exercise(
    reference=forward,
    cases=cases,
    criteria=(
        Criterion("hidden", "the hidden values of one observation", 3, ("one",), parts=(0,)),
        Criterion("output", "the output for one observation", 3, ("one",), parts=(1,)),
        Criterion("batch", "both for several observations at once", 3, ("batch",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-bias",
            _in_one_or_both(lambda A, W, b: sigmoid(A @ W.T)),
            "A layer adds no bias. Each node has one: the input sum is the weighted sum plus b.",
        ),
        Misconception(
            "wrong-sign",
            (
                *_in_one_or_both(lambda A, W, b: sigmoid(-(A @ W.T + b))),
                *_in_one_or_both(lambda A, W, b: sigmoid(A @ W.T - b)),
            ),
            "A sign is turned round: the bias is added, and σ(z) is 1/(1 + e⁻ᶻ) with the minus in the "
            "exponent.",
        ),
        Misconception(
            "missing-activation",
            _in_one_or_both(lambda A, W, b: A @ W.T + b),
            "An input sum is passed on as it is. Hidden nodes and the output node both apply σ to it.",
        ),
        Misconception(
            "wrong-activation",
            (
                *_in_one_or_both(lambda A, W, b: np.tanh(A @ W.T + b)),
                *_in_one_or_both(lambda A, W, b: np.maximum(0, A @ W.T + b)),
            ),
            "A layer uses another activation. In this net every node is a sigmoid.",
        ),
        Misconception(
            "missing-transpose",
            (
                *_in_one_or_both(lambda A, W, b: sigmoid(A @ W + b)),
                *_in_one_or_both(lambda A, W, b: sigmoid(np.dot(A, W) + b)),
                _layers(lambda A, W, b: sigmoid(A @ W.reshape(2, 3) + b), _right),
            ),
            "W holds one row per node of the next layer, (n_out, n_in), so a batch needs its transpose: "
            "X @ W.T. (reshape does not transpose: it reads the numbers in the same order.)",
        ),
        Misconception(
            "swapped",
            (lambda X, params: forward(X, params)[::-1],),
            "The two results come in the wrong order: first H, then out.",
        ),
        Misconception(
            "first-example-only",
            (lambda X, params: forward(X[:1], params),),
            "Only the first observation comes through; every row of X is one.",
        ),
    ),
    right=(_with_loops, _float32, _columns),
    hints=(
        "Write the input sums of the three hidden nodes for one observation first, as on the slide.",
        "Three nodes at once are a matrix product: X is (n, 2), W1 is (3, 2), and H must be (n, 3).",
        "H = sigmoid(X @ W1.T + b1); the output layer does the same with H in the place of X.",
    ),
    slide="deck B, “Step 3: Forward propagation”",
    ready_made=("nnkit.layers", "nnkit.network"),
)
