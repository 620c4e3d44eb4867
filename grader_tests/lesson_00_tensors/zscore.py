"""`zscore`: columns with mean 0 and sample standard deviation 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched


def zscore(X: np.ndarray) -> np.ndarray:
    """Return (X − mean) / standard deviation, column by column, with n − 1 under the root."""
    return (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)


def cases(rng: np.random.Generator) -> list[Case]:
    """Columns of different mean and spread, two observations too, integers too.

    The means are at most a few standard deviations from 0, which float32 bears well.
    """

    def table(n: int, d: int) -> np.ndarray:
        X = rng.permuted(np.linspace(-1, 1, n)[:, None] + rng.uniform(-0.1, 0.1, (n, d)), axis=0)
        means = rng.uniform(0.5, 1.5, d) * rng.choice([-1.0, 1.0], d)
        return (X + means) * rng.choice([0.3, 0.7, 2.0, 5.0], d)

    integers = [(table(n, d) * 40).round().astype(t) for n, d, t in ((5, 2, int), (4, 3, np.int32))]
    return [
        *(Case("table", (table(n, d),)) for n, d in ((4, 2), (7, 3), (3, 5), (6, 1))),
        *(Case("two", (table(2, d),)) for d in (3, 4)),
        *(Case("integers", (X,)) for X in integers),
    ]


def _with(mean: Any = lambda X: X.mean(axis=0), sd: Any = lambda X: X.std(axis=0, ddof=1)) -> Any:
    """Build a version of the function from its mean and its standard deviation."""
    return lambda X: (X - mean(X)) / sd(X)


def _along(axis: int | None, keepdims: bool) -> tuple[Any, ...]:
    """Take mean and standard deviation along another axis, with n − 1 and with n."""

    def version(ddof: int) -> Any:
        return _with(
            lambda X: X.mean(axis=axis, keepdims=keepdims),
            lambda X: X.std(axis=axis, ddof=ddof, keepdims=keepdims),
        )

    return version(1), version(0)


def _with_loops(X: Any) -> Any:
    n, d = X.shape
    result = [[0.0] * d for _ in range(n)]
    for j in range(d):
        mean = sum(X[i][j] for i in range(n)) / n
        variance = sum((X[i][j] - mean) ** 2 for i in range(n)) / (n - 1)
        for i in range(n):
            result[i][j] = (X[i][j] - mean) / variance**0.5
    return result


def _float32(X: Any) -> Any:
    X = X.astype(np.float32)
    X -= X.mean(axis=0)
    return X / np.sqrt((X**2).sum(axis=0) / (len(X) - 1))


def _by_column(table: Any, verbose: Any = True) -> Any:
    columns = []
    for column in table.T:
        print(column) if verbose else None
        columns.append((column - np.mean(column)) / np.sqrt(np.var(column, ddof=1)))
    return np.column_stack(columns)


def _by_covariance(X: Any) -> Any:
    spread = np.sqrt(np.diag(np.atleast_2d(np.cov(X, rowvar=False))))
    return ((X.T - X.mean(0)[:, None]) / spread[:, None]).T


EXERCISE = Exercise(
    reference=zscore,
    cases=cases,
    criteria=(
        Criterion("table", "every column with mean 0 and standard deviation 1", 4, ("table",)),
        Criterion("two", "two observations", 1, ("two",)),
        Criterion("integers", "a table of integers", 1, ("integers",)),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "population-sd",
            (_with(sd=lambda X: X.std(axis=0)),),
            "The standard deviation divides by n. The mean was taken from the same observations, so the "
            "sample standard deviation divides by n − 1: numpy’s std needs ddof=1.",
        ),
        Misconception(
            "wrong-axis",
            (
                *_along(1, keepdims=True),
                *_along(1, keepdims=False),
                *_along(None, keepdims=False),
            ),
            "Mean and standard deviation run along the wrong axis, or over the whole table. Every "
            "column is a quantity of its own: take them over the rows, axis=0.",
        ),
        Misconception(
            "not-centred",
            (
                lambda X: X / X.std(axis=0, ddof=1),
                lambda X: X / X.std(axis=0),
                lambda X: X - X.mean(axis=0) / X.std(axis=0, ddof=1),
                lambda X: X - X.mean(axis=0) / X.std(axis=0),
            ),
            "The columns’ means are not 0. Take the mean off first, in parentheses, and divide the "
            "difference by the standard deviation.",
        ),
        Misconception(
            "wrong-scale",
            (
                lambda X: X - X.mean(axis=0),
                _with(sd=lambda X: X.max(axis=0) - X.min(axis=0)),
                lambda X: (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0)),
            ),
            "The columns’ standard deviations are not 1. Divide by the standard deviation, not by the "
            "range from smallest to largest.",
        ),
        Misconception(
            "missing-root",
            (
                _with(sd=lambda X: X.var(axis=0, ddof=1)),
                _with(sd=lambda X: X.var(axis=0)),
            ),
            "The columns are divided by their variance. The standard deviation is its square root.",
        ),
        general.wrong_sign(
            zscore,
            says="The sign is turned round: it is X minus the mean, so large values stay large.",
        ),
        Misconception(
            "wrong-type",
            (lambda X: zscore(X).astype(X.dtype),),
            "With integers the fractions are cut off: an array like X, when X holds integers, can hold "
            "nothing else. Make room with np.zeros(X.shape), or just calculate a new array.",
        ),
    ),
    right=(_with_loops, _float32, _by_column, _by_covariance),
    hints=(
        "Do it for one column with three numbers first: 1, 2, 6. What is its mean, what its standard "
        "deviation when you divide by n − 1 = 2?",
        "X.mean(axis=0) and X.std(axis=0, …) give one number per column; numpy subtracts them from "
        "every row. Look up what std’s ddof does.",
        "(X − X.mean(axis=0)) divided by X.std(axis=0, ddof=1).",
    ),
    slide="deck B, “Step 1: Design the neural network, a) Normalize the input data”",
    ready_made=("nnkit.datasets",),
)
