"""`update`: one step of gradient descent, gradients summed over the observations."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_08_two_three_one.net import Params, away_from_zero, random_params


def update(
    params: Params,
    X: np.ndarray,
    H: np.ndarray,
    bpe_out: np.ndarray,
    bpe_hidden: np.ndarray,
    learning_rate: float,
) -> Params:
    """Return new (W1, b1, W2, b2)."""
    W1, b1, W2, b2 = params
    return (
        W1 - learning_rate * bpe_hidden.T @ X,
        b1 - learning_rate * bpe_hidden.sum(axis=0),
        W2 - learning_rate * bpe_out.T @ H,
        b2 - learning_rate * bpe_out.sum(axis=0),
    )


def cases(rng: np.random.Generator) -> list[Case]:
    """Learning rates that are neither 1 nor the deck's 0.5; steps about as large as the weights."""

    def case(kind: str, n: int) -> Case:
        X, H = away_from_zero(rng, (n, 2), 1.5), rng.uniform(0.1, 0.9, (n, 3))
        bpe_out, bpe_hidden = away_from_zero(rng, (n, 1), 1.0), away_from_zero(rng, (n, 3), 1.0)
        learning_rate = float(rng.choice([0.2, 0.3, 0.8, 1.3]))
        return Case(kind, (random_params(rng), X, H, bpe_out, bpe_hidden, learning_rate))

    return [case("one", 1), case("one", 1), case("batch", 4), case("batch", 7)]


def _changed(
    weights: Any = lambda bpe, A: bpe.T @ A, biases: Any = lambda bpe: np.sum(bpe, axis=0)
) -> Any:
    """Build a version of the function from its two kinds of gradient."""

    def version(params: Any, X: Any, H: Any, bpe_out: Any, bpe_hidden: Any, rate: Any) -> Any:
        W1, b1, W2, b2 = params
        return (
            W1 - rate * weights(bpe_hidden, X),
            b1 - rate * biases(bpe_hidden),
            W2 - rate * weights(bpe_out, H),
            b2 - rate * biases(bpe_out),
        )

    return version


def _with_rate(change: Any) -> Any:
    def version(params: Any, X: Any, H: Any, bpe_out: Any, bpe_hidden: Any, rate: Any) -> Any:
        return update(params, X, H, bpe_out, bpe_hidden, change(rate, len(X)))

    return version


def _first_row(params: Any, X: Any, H: Any, bpe_out: Any, bpe_hidden: Any, rate: Any) -> Any:
    return update(params, X[:1], H[:1], bpe_out[:1], bpe_hidden[:1], rate)


def _layers_swapped(params: Any, X: Any, H: Any, bpe_out: Any, bpe_hidden: Any, rate: Any) -> Any:
    W1, b1, W2, b2 = update(params, X, H, bpe_out, bpe_hidden, rate)
    return W2, b2, W1, b1


def _weights_first(params: Any, X: Any, H: Any, bpe_out: Any, bpe_hidden: Any, rate: Any) -> Any:
    W1, b1, W2, b2 = update(params, X, H, bpe_out, bpe_hidden, rate)
    return W1, W2, b1, b2


def _with_loops(params: Any, X: Any, H: Any, bpe_out: Any, bpe_hidden: Any, rate: Any) -> Any:
    W1, b1, W2, b2 = ([*map(list, p)] if p.ndim == 2 else list(p) for p in params)
    for i in range(len(X)):
        b2[0] -= rate * bpe_out[i][0]
        for j in range(3):
            W2[0][j] -= rate * bpe_out[i][0] * H[i][j]
            b1[j] -= rate * bpe_hidden[i][j]
            for k in range(2):
                W1[j][k] -= rate * bpe_hidden[i][j] * X[i][k]
    return [W1, b1, W2, b2]


def _float32(params: Any, X: Any, H: Any, bpe_out: Any, bpe_hidden: Any, rate: Any) -> Any:
    W1, b1, W2, b2 = (np.array(p, dtype=np.float32) for p in params)
    W1 -= np.float32(rate * np.einsum("ij,ik->jk", bpe_hidden, X))
    W2 -= np.float32(rate * np.einsum("ij,ik->jk", bpe_out, H))
    return W1, b1 - rate * bpe_hidden.sum(0), W2, b2 - rate * bpe_out.sum(0)


def _keywords(
    params: Any,
    X: Any,
    H: Any,
    delta_out: Any,
    delta_hidden: Any,
    eta: Any = 0.5,
    verbose: Any = True,
) -> Any:
    gradients = (
        sum(np.outer(d, x) for d, x in zip(delta_hidden, X)),
        delta_hidden.sum(axis=0),
        sum(np.outer(d, h) for d, h in zip(delta_out, H)),
        delta_out.sum(axis=0),
    )
    return tuple(p - eta * g for p, g in zip(params, gradients))


EXERCISE = Exercise(
    reference=update,
    cases=cases,
    criteria=(
        Criterion("weights", "the weights after one observation", 3, ("one",), parts=(0, 2)),
        Criterion("biases", "the biases after one observation", 2, ("one",), parts=(1, 3)),
        Criterion("summed", "several observations: their gradients are summed", 4, ("batch",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "mean-instead-of-sum",
            (
                _with_rate(lambda rate, n: rate / n),
                _changed(biases=lambda bpe: np.mean(bpe, axis=0)),
                _changed(weights=lambda bpe, A: bpe.T @ A / len(A)),
            ),
            "The gradients are averaged over the observations. Deck B sums them (although its cost has "
            "a 1/N); only the sum gives the deck’s numbers.",
        ),
        Misconception(
            "wrong-sign",
            (_with_rate(lambda rate, n: -rate),),
            "The step goes up the slope: subtract learning_rate times the gradient.",
        ),
        Misconception(
            "missing-learning-rate",
            (_with_rate(lambda rate, n: 1.0),),
            "The learning rate has no effect: the step is learning_rate times the gradient.",
        ),
        Misconception(
            "ignores-argument",
            (_with_rate(lambda rate, n: 0.5),),
            "The learning rate is always 0.5; use the one that is handed over.",
        ),
        Misconception(
            "missing-bias",
            (_changed(biases=lambda bpe: 0.0),),
            "The biases stay as they were. They are learned too: the gradient of a bias is the sum of "
            "its node’s BPEs.",
        ),
        Misconception(
            "wrong-factor",
            (_with_rate(lambda rate, n: 2 * rate), _with_rate(lambda rate, n: rate / 2)),
            "The steps are off by a factor 2; the cost’s ½ was used up at the output node.",
        ),
        Misconception(
            "missing-transpose",
            (
                _changed(weights=lambda bpe, A: bpe @ A),
                _changed(weights=lambda bpe, A: np.dot(bpe, A)),
                _changed(weights=lambda bpe, A: A.T @ bpe),
                _changed(weights=lambda bpe, A: np.dot(A.T, bpe)),
            ),
            "The gradient of W must have the shape of W, (n_out, n_in): it is the BPEs transposed, "
            "(n_out, n), times the layer’s inputs, (n, n_in).",
        ),
        Misconception(
            "wrong-axis",
            (
                _changed(biases=np.sum),
                _changed(biases=lambda bpe: np.sum(bpe, axis=1)),
            ),
            "The bias gradients are summed along the wrong axis: sum over the observations (axis 0), "
            "which leaves one number per node.",
        ),
        Misconception(
            "first-example-only",
            (_first_row,),
            "Only the first observation moves the weights; all of them are to be summed.",
        ),
        Misconception(
            "swapped",
            (_layers_swapped, _weights_first),
            "The new parameters come back in another order than (W1, b1, W2, b2).",
        ),
    ),
    right=(_with_loops, _float32, _keywords),
    hints=(
        "Do it for one weight and one observation first: −0.6 becomes −0.608 on the slide. By what is "
        "the BPE multiplied?",
        "A weight’s gradient is the BPE of the node it leads to times the value of the node it comes "
        "from, summed over the observations; a bias’s is the sum of the BPEs.",
        "W2 − learning_rate · bpe_out.T @ H, b2 − learning_rate · the sum of bpe_out over axis 0, and "
        "the same with X and bpe_hidden.",
    ),
    slide="deck B, “Step 6: Update weights”",
    ready_made=("nnkit.layers", "nnkit.network"),
)
