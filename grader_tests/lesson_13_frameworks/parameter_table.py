"""`parameter_table`: what Keras prints about a model."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from grader_tests import values
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Problem, Untouched

Row = tuple[str, tuple[None, int], int]


def parameter_table(sizes: list[int]) -> list[Row]:
    """Return a row (name, output shape, number of parameters) per layer."""
    rows: list[Row] = []
    for i, (n_in, n_out) in enumerate(pairwise(sizes)):
        name = "dense" if i == 0 else f"dense_{i}"
        rows.append((name, (None, n_out), n_in * n_out + n_out))
    return rows


def cases(rng: np.random.Generator) -> list[Case]:
    """Nets of one layer, of a few and of twelve; all sizes of a net are different."""

    def sizes(layers: int) -> list[int]:
        return rng.permutation(np.arange(3, 20))[: layers + 1].tolist()

    return [
        Case("several", (sizes(3),)),
        Case("several", (sizes(2),)),
        Case("several", ([784, 16, 16, 10],)),
        Case("several", (sizes(12),)),
        Case("one", (sizes(1),)),
    ]


def _column(number: int) -> Callable[[Case, Any], Problem | None]:
    """Make a function that examines one column of the table."""

    def examine(case: Case, result: Any) -> Problem | None:
        expected = parameter_table(*case.args)
        if _has_a_total(result, expected):
            return Problem(
                "there is a row too many at the end; no total is asked for", "wrong-shape"
            )
        rows = values.plain(result, like=expected)
        if isinstance(rows, values.Misfit):
            return Problem(rows.message.replace("results", "rows"))
        for i, (wanted, row) in enumerate(zip(expected, rows, strict=True)):
            if isinstance(row, values.Misfit):
                return Problem(f"row {i}: {row.message.replace('results', 'entries')}")
            want = values.plain(wanted[number], like=wanted[number])
            found = values.difference(want, row[number], rtol=1e-6)
            if found:
                return Problem(f"row {i}: {found.message}")
        return None

    return examine


def _has_a_total(result: Any, expected: list[Row]) -> bool:
    """Tell whether the table is right but for a row at its end."""
    if not isinstance(result, list | tuple) or len(result) != len(expected) + 1:
        return False
    rows = values.plain(result[:-1], like=expected)
    return values.difference(values.plain(expected, like=expected), rows) is None


def _table(
    name: Callable[[int], str] = lambda i: f"dense_{i}" if i else "dense",
    shape: Callable[[int, int], tuple[Any, ...]] = lambda n_in, n_out: (None, n_out),
    parameters: Callable[[int, int], int] = lambda n_in, n_out: n_in * n_out + n_out,
) -> Callable[..., Any]:
    """Build a version of the function from its three columns."""

    def version(sizes: Any) -> Any:
        return [
            (name(i), shape(n_in, n_out), parameters(n_in, n_out))
            for i, (n_in, n_out) in enumerate(pairwise(sizes))
        ]

    return version


def _with_input_row(sizes: Any) -> Any:
    return [("input", (None, sizes[0]), 0), *parameter_table(sizes)]


def _all_but_first(sizes: Any) -> Any:
    return parameter_table(sizes[1:])


def _all_but_last(sizes: Any) -> Any:
    return parameter_table(sizes[:-1])


def _lists(layers: Any) -> Any:
    print(layers)
    table: list[Any] = []
    for i in range(1, len(layers)):
        suffix = f"_{i - 1}" if i > 1 else ""
        weights = np.zeros((layers[i], layers[i - 1]))
        table.append(["dense" + suffix, [None, layers[i]], float(weights.size + layers[i])])
    return table


def _arrays(sizes: Any, name: Any = "dense") -> Any:
    n = np.array(sizes)
    names = [name, *(f"{name}_{i}" for i in range(1, len(n) - 1))]
    counts = (n[:-1] + 1) * n[1:]
    return tuple(zip(names, [(None, k) for k in n[1:]], counts, strict=True))


def _object_array(sizes: Any) -> Any:
    table = np.empty((len(sizes) - 1, 3), dtype=object)
    for i, row in enumerate(parameter_table(sizes)):
        table[i, :] = [np.str_(row[0]), row[1], np.float32(row[2])]
    return table


EXERCISE = Exercise(
    reference=parameter_table,
    cases=cases,
    criteria=(
        Criterion("names", "dense, dense_1, dense_2, …", 2, ("several",), examine=_column(0)),
        Criterion("shapes", "the output shapes", 2, ("several",), examine=_column(1)),
        Criterion("parameters", "the number of parameters", 3, ("several",), examine=_column(2)),
        Criterion("one", "a net of a single layer", 1, ("one",), rtol=1e-6),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "missing-bias",
            (_table(parameters=lambda n_in, n_out: n_in * n_out),),
            "The biases are not counted: a layer has n_in·n_out weights and a bias for each of its "
            "n_out neurons.",
        ),
        Misconception(
            "off-by-one-layer",
            (
                _table(name=lambda i: f"dense_{i + 1}"),
                _table(name=lambda i: f"dense_{i}"),
                _table(name=lambda i: f"dense_{i + 1}" if i else "dense"),
                _table(shape=lambda n_in, n_out: (None, n_in)),
                _table(parameters=lambda n_in, n_out: n_in * n_out + n_in),
                _with_input_row,
                _all_but_first,
                _all_but_last,
            ),
            "A number, a name or a whole row belongs to a neighbouring layer. The first row is the "
            "first layer with weights; it is called dense and the next one dense_1, and an output is "
            "as wide as the layer has neurons.",
        ),
        Misconception(
            "swapped",
            (
                _table(shape=lambda n_in, n_out: (n_out, None)),
                lambda sizes: [(row[0], row[2], row[1]) for row in parameter_table(sizes)],
                lambda sizes: [(row[1], row[0], row[2]) for row in parameter_table(sizes)],
                lambda sizes: parameter_table(sizes)[::-1],
                lambda sizes: list(zip(*parameter_table(sizes), strict=True)),
            ),
            "Two things have changed places: a row is (name, output shape, parameters), a shape is "
            "(None, n_out), and the rows come from the input to the output.",
        ),
        Misconception(
            "wrong-type",
            (
                _table(shape=lambda n_in, n_out: (1, n_out)),
                _table(shape=lambda n_in, n_out: (n_out,)),
                lambda sizes: [(name, str(shape), n) for name, shape, n in parameter_table(sizes)],
                lambda sizes: [(name, shape[1], n) for name, shape, n in parameter_table(sizes)],
            ),
            "An output shape is a pair, (None, n_out). The None is Python’s, not text; it stands for "
            "the number of examples, which the model does not know.",
        ),
        Misconception(
            "hard-coded",
            (_table(name=lambda i: "dense"),),
            "All layers have the same name. Keras numbers them from the second one on: dense, dense_1, "
            "dense_2.",
        ),
    ),
    right=(_lists, _arrays, _object_array),
    hints=(
        "How many rows are there for [784, 16, 16, 10], and which two sizes does each row need?",
        "Row i belongs to sizes[i] inputs and sizes[i + 1] neurons. Only the first name has no number.",
        '("dense" if i == 0 else f"dense_{i}", (None, n_out), n_in · n_out + n_out) for each pair of '
        "neighbours in sizes.",
    ),
    slide="deck D, “Sequential Model”",
    equivalents={
        "name = 'dense' if i <= 0 else f'dense_{i}'": "i is never negative",
    },
)
