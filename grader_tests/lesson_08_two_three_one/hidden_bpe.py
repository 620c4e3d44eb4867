"""`hidden_bpe`: the output's BPE carried back to the three hidden nodes."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_08_two_three_one.net import away_from_zero, sigmoid


def hidden_bpe(bpe_out: np.ndarray, W2: np.ndarray, H: np.ndarray) -> np.ndarray:
    """Return ∂C/∂z of the hidden nodes, shape (n, 3)."""
    return (bpe_out @ W2) * H * (1 - H)


def cases(rng: np.random.Generator) -> list[Case]:
    """BPEs that vary from row to row, hidden values away from 0.5."""

    def case(kind: str, n: int) -> Case:
        H = rng.uniform(0.1, 0.4, (n, 3)) + rng.choice([0.0, 0.5], (n, 3))
        return Case(kind, (away_from_zero(rng, (n, 1), 0.2), away_from_zero(rng, (1, 3), 1.0), H))

    return [case("one", 1), case("one", 1), case("batch", 4), case("batch", 7)]


def _with_loops(bpe_out: Any, W2: Any, H: Any) -> Any:
    rows = []
    for i in range(len(H)):
        rows.append([bpe_out[i, 0] * W2[0, j] * H[i, j] * (1 - H[i, j]) for j in range(3)])
    return rows


def _broadcast(bpe_out: Any, W2: Any, H: Any) -> Any:
    error = bpe_out * W2
    return error * (H - H * H)


def _float32(bpe_out: Any, W2: Any, H: Any) -> Any:
    H = np.float32(H)
    return np.multiply(np.dot(bpe_out, W2).astype("float32"), H * (1 - H))


EXERCISE = Exercise(
    reference=hidden_bpe,
    cases=cases,
    criteria=(
        Criterion("one", "the BPEs of the hidden nodes for one observation", 3, ("one",)),
        Criterion("batch", "the BPEs for several observations at once", 4, ("batch",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-derivative",
            (lambda bpe_out, W2, H: bpe_out @ W2,),
            "This is the hidden nodes’ error, ∂C/∂H. The BPE needs their sigmoid’s derivative as well: "
            "times H·(1 − H).",
        ),
        Misconception(
            "derivative-of-activation",
            (lambda bpe_out, W2, H: (bpe_out @ W2) * sigmoid(H) * (1 - sigmoid(H)),),
            "σ′ belongs at the input sum z, but H is already σ(z): the derivative is H·(1 − H), without "
            "another σ.",
        ),
        Misconception(
            "ignores-argument",
            (lambda bpe_out, W2, H: bpe_out * H * (1 - H),),
            "W2 has no effect. A hidden node shares in the output’s BPE by the weight that joins them.",
        ),
        Misconception(
            "missing-transpose",
            (
                lambda bpe_out, W2, H: (bpe_out @ W2.T) * H * (1 - H),
                lambda bpe_out, W2, H: np.dot(bpe_out, W2.T) * H * (1 - H),
            ),
            "There is a transpose too many: on the way back W2 is used as it stands, "
            "(n, 1) times (1, 3). On the way forward it was W2.T.",
        ),
        Misconception(
            "wrong-sign",
            (lambda bpe_out, W2, H: -(bpe_out @ W2) * H * (1 - H),),
            "The sign is turned round. The output’s BPE already has the right one; carry it along.",
        ),
        Misconception(
            "wrong-factor",
            (
                lambda bpe_out, W2, H: 2 * (bpe_out @ W2) * H * (1 - H),
                lambda bpe_out, W2, H: 0.5 * (bpe_out @ W2) * H * (1 - H),
            ),
            "The result is off by a factor 2; the cost’s ½ was used up at the output node.",
        ),
        Misconception(
            "mean-instead-of-sum",
            (lambda bpe_out, W2, H: (bpe_out @ W2) * H * (1 - H) / len(H),),
            "The BPEs are divided by the number of observations; each observation keeps its own.",
        ),
        Misconception(
            "wrong-axis",
            (
                lambda bpe_out, W2, H: np.sum((bpe_out @ W2) * H * (1 - H), axis=0),
                lambda bpe_out, W2, H: np.sum((bpe_out @ W2) * H * (1 - H), axis=0, keepdims=True),
            ),
            "The observations are summed away. There is a row of BPEs for each of them; the sum over "
            "observations comes in the update.",
        ),
        Misconception(
            "first-example-only",
            (lambda bpe_out, W2, H: hidden_bpe(bpe_out[:1], W2, H[:1]),),
            "Only the first observation’s BPEs come back; there is a row for each.",
        ),
    ),
    right=(_with_loops, _broadcast, _float32),
    hints=(
        "First the error of each hidden node: how much of the output’s BPE reaches it, and by which "
        "weight?",
        "bpe_out is (n, 1) and W2 is (1, 3): their product is the error, (n, 3). Then the derivative.",
        "(bpe_out @ W2) · H · (1 − H), entry by entry.",
    ),
    slide="deck B, “Step 5: Backpropagation, b1) Calculate the error for the hidden layer”",
    ready_made=("nnkit.layers", "nnkit.network"),
)
