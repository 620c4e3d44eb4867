"""`iterate_minibatches`: all examples once, in random order, a few at a time.

There is no single right order, so the batches are examined: their sizes, whether every example comes
once and with its own target, and whether the orders look as random as they should.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, islice
from typing import Any

import numpy as np

from grader_tests import general, values
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Problem, Untouched

Batches = list[tuple[np.ndarray, np.ndarray]]


def iterate_minibatches(
    X: np.ndarray, Y: np.ndarray, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Go through (X_batch, Y_batch), `batch_size` rows each and the rest in the last one."""
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], Y[rows]


MOST = 1000  # batches that are taken from a generator; no case has as many examples
MANY = 120  # examples, where the order is looked at
DRAWS = 7  # orders that are looked at together


def cases(rng: np.random.Generator) -> list[Case]:
    """Draw a last batch that is smaller, as large as the others, the only one; and many examples.

    The first case is called twice, and a function that draws from another source than rng is then
    found out: it stands where only the order is looked at.
    """

    def case(kind: str, n: int, batch_size: int, columns: int = 0) -> Case:
        targets = _labels(rng, n) if not columns else rng.uniform(0, 1, (n, columns))
        generator = np.random.default_rng(rng.integers(2**32))
        return Case(kind, (_inputs(rng, n), targets, batch_size, generator))

    return [
        *(case("drawn", MANY, 7, columns) for columns in ([0, 2] * DRAWS)[:DRAWS]),
        case("batches", 7, 3),
        case("batches", 8, 3, columns=2),
        case("batches", 5, 1),
        case("batches", 6, 3, columns=1),
        case("only", 5, 9),
        case("only", 4, 4),
        case("only", 1, 2, columns=3),
        case("many", MANY, 7),
    ]


def _inputs(rng: np.random.Generator, n: int) -> np.ndarray:
    """Draw n examples that differ clearly in their first column."""
    first = (rng.permutation(n) + rng.uniform(0.2, 0.8, n)) / n
    return np.column_stack([first, rng.uniform(0, 1, (n, 2))])


def _labels(rng: np.random.Generator, n: int) -> np.ndarray:
    """Draw labels, all different, so that none can stand in for another."""
    return rng.permutation(n).astype(rng.choice(["int64", "int32", "uint8", "int16"]))


def drained(result: Any) -> Any:
    """Make a list of what can be iterated; leave anything else alone."""
    try:
        iterator = iter(result)
    except TypeError:
        return result
    return [_kept(batch) for batch in islice(iterator, MOST)]


def _kept(batch: Any) -> Any:
    """Copy a batch at once, in case the next one is written over it."""
    if isinstance(batch, tuple | list):
        return tuple(array.copy() if type(array) is np.ndarray else array for array in batch)
    return batch


# -- what is looked at --------------------------------------------------------------------------------


def examine_sizes(case: Case, result: Any) -> Problem | None:
    """Look for batches of batch_size rows, and a last one with the rest."""
    batches = _batches(case, result)
    if isinstance(batches, Problem):
        return batches
    sizes, right = [len(X) for X, _ in batches], _right_sizes(case)
    if sizes == right:
        return None
    name = {tuple(right[:-1]): "drops-last-batch", (*right, 0): "wrong-boundary"}.get(tuple(sizes))
    return Problem(f"expected batches of {_listed(right)} rows, got {_listed(sizes)}", name)


def examine_rows(case: Case, result: Any) -> Problem | None:
    """Look for every example, once."""
    order = _order(case, result)
    if isinstance(order, Problem):
        return order
    times = np.bincount(order, minlength=len(case.args[0]))
    if np.all(times == 1):
        return None
    wrong = int(np.argmax(times != 1))
    name = None
    if len(order) == sum(_right_sizes(case)[:-1]) and np.all(times <= 1):
        name = "drops-last-batch"
    elif len(times) == MANY and 0.2 < np.mean(times == 0) < 0.55 and np.max(times) < 12:
        name = "with-replacement"
    return Problem(
        f"expected every row of X once, but row {wrong} comes {times[wrong]} times", name
    )


def examine_pairs(case: Case, result: Any) -> Problem | None:
    """Look for the rows of Y that belong to those of X."""
    batches, order = _batches(case, result), _order(case, result)
    if isinstance(batches, Problem):
        return batches
    if isinstance(order, Problem):
        return order
    if not batches:
        return Problem("there is no batch")
    Y, got = case.args[1], np.concatenate([Y for _, Y in batches])
    if not values.difference(Y[order].astype(float), got):
        return None
    others = np.isin(got.astype(np.float32), Y.astype(np.float32))
    return Problem(
        "the rows of Y_batch do not belong to those of X_batch",
        "breaks-pairs" if np.all(others) else None,
    )


def examine_order(case: Case, result: Any) -> Problem | None:
    """Look for an order in which nothing of the original one is left.

    Each test fails for a random order with a probability below 1e-11.
    """
    order = _order(case, result)
    if isinstance(order, Problem):
        return order
    order = order[np.sort(np.unique(order, return_index=True)[1])]  # where each comes first
    if len(order) < 0.9 * len(case.args[0]):
        return Problem("too few of the examples come for an order to be seen")
    steps = np.diff(order)
    if np.all(steps == 1):
        return Problem("the examples come in their original order", "no-shuffle")
    _, same_step = np.unique(steps, return_counts=True)
    moved_together = np.max(same_step) > 20 or np.mean(np.abs(steps) < case.args[2]) > 0.4
    if moved_together or abs(np.corrcoef(order, np.arange(len(order)))[0, 1]) > 0.65:
        return Problem(
            "much of the original order is left: not every order is equally likely",
            "wrong-distribution",
        )
    return None


def examine_orders(results: Sequence[tuple[Case, Any]]) -> Problem | None:
    """Look for orders that differ as they should, over several draws (failing by chance: below 1e-9)."""
    found = {id(case): _order(case, result) for case, result in results}
    orders = [order for order in found.values() if isinstance(order, np.ndarray)]
    if any(np.array_equal(one, other) for one, other in combinations(orders, 2)):
        return Problem("another state of rng gives the same order", "ignores-argument")
    rows = np.array([order[: min(map(len, orders))] for order in orders])
    if np.any(np.all(rows == rows[0], axis=0)) or all(_is_one_cycle(order) for order in orders):
        return Problem(
            "over several calls, not every order is equally likely", "wrong-distribution"
        )
    return None


def _is_one_cycle(order: np.ndarray) -> bool:
    """Tell whether following the order from row 0 visits all rows; one order in n does."""
    length, row = 1, int(order[0])
    while row and length <= len(order) and row < len(order):
        length, row = length + 1, int(order[row])
    return length == len(order)


def _batches(case: Case, result: Any) -> Batches | Problem:
    """Copy the batches into plain arrays, or say why they are none."""
    if not isinstance(result, list):
        return Problem(f"expected batches to iterate over, got {values.described(result)}")
    X, Y = case.args[:2]
    batches = []
    for number, batch in enumerate(result, start=1):
        if isinstance(batch, np.ndarray):
            return Problem(
                f"expected pairs (X_batch, Y_batch), got {values.described(batch)}", "wrong-type"
            )
        plain = values.plain(batch, like=(X, Y))
        parts = plain if isinstance(plain, tuple) else (plain,)
        for part in parts:
            if isinstance(part, values.Misfit):
                return Problem(f"batch {number}: {part.message}")
        X_batch, Y_batch = parts
        if problem := _wrong_shapes(number, X_batch, Y_batch, X, Y):
            return problem
        batches.append((X_batch, Y_batch))
    return batches


def _wrong_shapes(
    number: int, X_batch: np.ndarray, Y_batch: np.ndarray, X: np.ndarray, Y: np.ndarray
) -> Problem | None:
    got, right = (X_batch.shape[1:], Y_batch.shape[1:]), (X.shape[1:], Y.shape[1:])
    both = f"batch {number} has the shapes {X_batch.shape} and {Y_batch.shape}"
    if not X_batch.ndim or not Y_batch.ndim or got != right:
        swapped = X_batch.ndim and Y_batch.ndim and got == right[::-1]
        return Problem(f"{both}, from {X.shape} and {Y.shape}", "swapped" if swapped else None)
    return Problem(both) if len(X_batch) != len(Y_batch) else None


def _order(case: Case, result: Any) -> np.ndarray | Problem:
    """Find out which rows of X the batches hold."""
    batches = _batches(case, result)
    if isinstance(batches, Problem):
        return batches
    X = case.args[0]
    got = np.concatenate([X[:0], *(X_batch for X_batch, _ in batches)])
    rows = np.argmin(np.abs(got[:, :1] - X[:, 0]), axis=1)
    if values.difference(X[rows], got):
        return Problem("X_batch holds rows that are not in X")
    return rows


def _right_sizes(case: Case) -> list[int]:
    n, batch_size = len(case.args[0]), case.args[2]
    return [batch_size] * (n // batch_size) + [n % batch_size] * (n % batch_size > 0)


def _listed(sizes: list[int]) -> str:
    shown = [str(size) for size in sizes[:4]] + ["…"] * (len(sizes) > 4)
    return ", ".join([*shown, *(str(size) for size in sizes[4:][-2:])]) or "no"


# -- wrong versions -----------------------------------------------------------------------------------


def _drawn(
    order: Callable[[int, int, np.random.Generator], Any],
    starts: Callable[[int, int], range] = lambda n, size: range(0, n, size),
) -> Callable[..., Any]:
    """Build a version of the function from the order of the rows and the beginnings of the batches."""

    def version(X: Any, Y: Any, batch_size: Any, rng: Any) -> Any:
        rows = order(len(X), batch_size, rng)
        batches = (rows[i : i + batch_size] for i in starts(len(X), batch_size))
        return [(X[batch], Y[batch]) for batch in batches]

    return version


def _shuffled(n: int, batch_size: int, rng: np.random.Generator) -> np.ndarray:
    return rng.permutation(n)


def _batches_only(n: int, batch_size: int, rng: np.random.Generator) -> np.ndarray:
    """Shuffle the full batches as a whole; the rest stays at the end."""
    full = n - n % batch_size
    blocks = np.arange(full).reshape(-1, batch_size)
    return np.concatenate([rng.permutation(blocks).ravel(), np.arange(full, n)])


def _within_batches(n: int, batch_size: int, rng: np.random.Generator) -> np.ndarray:
    blocks = np.split(np.arange(n), range(batch_size, n, batch_size))
    return np.concatenate([rng.permutation(block) for block in blocks])


def _by_swaps(lowest: int, highest: int) -> Callable[..., np.ndarray]:
    """Exchange each row with one before it, not quite as Fisher and Yates do."""

    def order(n: int, batch_size: int, rng: np.random.Generator) -> np.ndarray:
        rows = np.arange(n)
        for i in range(n - 1, lowest, -1):
            j = int(rng.integers(lowest, i + highest))
            rows[i], rows[j] = rows[j], rows[i]
        return rows

    return order


def _apart(X: Any, Y: Any, batch_size: Any, rng: Any) -> Any:
    X, Y = X[rng.permutation(len(X))], Y[rng.permutation(len(Y))]
    return [(X[i : i + batch_size], Y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


def _only_X(X: Any, Y: Any, batch_size: Any, rng: Any) -> Any:
    X = rng.permutation(X)
    return [(X[i : i + batch_size], Y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


def _with_replacement(X: Any, Y: Any, batch_size: Any, rng: Any) -> Any:
    for start in range(0, len(X), batch_size):
        size = min(batch_size, len(X) - start)
        rows = rng.choice(len(X), size, replace=False)
        yield X[rows], Y[rows]


# -- right versions -----------------------------------------------------------------------------------


def _list_of_lists(X: Any, Y: Any, size: Any, generator: Any, verbose: Any = True) -> Any:
    rows = [(generator.random(), x.tolist(), y.tolist()) for x, y in zip(X, Y)]
    rows.sort(key=lambda row: row[0])
    batches = []
    while rows:
        batch, rows = rows[:size], rows[size:]
        batches.append([[x for _, x, _ in batch], [y for _, _, y in batch]])
        print(len(batch))
    return batches


def _split(X: Any, Y: Any, batch_size: Any, rng: Any) -> Any:
    """Shuffle copies with the same generator state, then cut; float32, a zip object."""
    order = np.argsort(rng.random(len(X)))
    cuts = np.arange(batch_size, len(X), batch_size)
    return zip(np.array_split(X[order].astype("float32"), cuts), np.array_split(Y[order], cuts))


class _Loader:
    """Some write a class, as PyTorch does."""

    def __init__(self, X: Any, Y: Any, batch_size: Any, rng: Any) -> None:
        self.X, self.Y, self.batch_size = X, Y, batch_size
        self.order = rng.choice(len(X), len(X), replace=False)

    def __len__(self) -> int:
        return -(-len(self.X) // self.batch_size)

    def __getitem__(self, number: int) -> Any:
        if number >= len(self):
            raise IndexError(number)
        rows = self.order[number * self.batch_size : (number + 1) * self.batch_size]
        return self.X[rows], self.Y[rows]


def _loader(X: Any, Y: Any, batch_size: Any, rng: Any) -> Any:
    return _Loader(X, Y, batch_size, rng)


def _fisher_yates(X: Any, Y: Any, batch_size: Any, rng: Any) -> Any:
    X, Y = X.copy(), Y.copy()
    for i in range(len(X) - 1, 0, -1):
        j = rng.integers(i + 1)
        X[[i, j]], Y[[i, j]] = X[[j, i]], Y[[j, i]]
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], Y[start : start + batch_size]


EXERCISE = Exercise(
    reference=iterate_minibatches,
    cases=cases,
    criteria=(
        Criterion(
            "sizes",
            "batches of batch_size rows, the last with the rest",
            2,
            ("batches", "only", "many"),
            examine=examine_sizes,
        ),
        Criterion(
            "rows", "every example once", 3, ("batches", "only", "many"), examine=examine_rows
        ),
        Criterion(
            "pairs",
            "each example with its own target",
            2,
            ("batches", "many"),
            examine=examine_pairs,
        ),
        Criterion(
            "order",
            "every order equally likely",
            3,
            ("drawn",),
            examine=examine_order,
            together=examine_orders,
        ),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "drops-last-batch",
            (
                _drawn(_shuffled, lambda n, size: range(0, n - size + 1, size)),
                _drawn(_shuffled, lambda n, size: range(0, n - size, size)),
            ),
            "The last batch is lost. Where batch_size does not divide n, the examples that are left "
            "over are a smaller batch; a slice may reach beyond the end.",
        ),
        Misconception(
            "wrong-boundary",
            (_drawn(_shuffled, lambda n, size: range(0, n // size * size + 1, size)),),
            "Where batch_size divides n, an empty batch comes at the end, and its mean would be 0/0. "
            "range(0, n, batch_size) has just the beginnings that are needed.",
        ),
        Misconception(
            "no-shuffle",
            (_drawn(lambda n, size, rng: np.arange(n)),),
            "The examples come in their original order, so every epoch sees the same batches. Draw a "
            "new order of the rows from rng first.",
        ),
        Misconception(
            "breaks-pairs",
            (_apart, _only_X),
            "X and Y are not shuffled alike, so examples get other examples’ targets and nothing can be "
            "learned. Draw one order and use it for both: X[rows], Y[rows].",
        ),
        Misconception(
            "with-replacement",
            (_drawn(lambda n, size, rng: rng.integers(n, size=n)), _with_replacement),
            "Each draw is made from all examples again, so some come twice in an epoch and others "
            "never. Draw one order of all rows, then cut it into batches.",
        ),
        Misconception(
            "wrong-distribution",
            (
                _drawn(lambda n, size, rng: np.roll(np.arange(n), rng.integers(1, max(n, 2)))),
                _drawn(_batches_only),
                _drawn(_within_batches),
                _drawn(_by_swaps(0, 0)),
                _drawn(_by_swaps(1, 1)),
            ),
            "Some orders can never come. Shuffle single rows over the whole data set, not batches, not "
            "rows within a batch: rng.permutation(n) makes every order equally likely.",
        ),
        Misconception(
            "ignores-argument",
            (
                _drawn(lambda n, size, rng: np.random.default_rng(0).permutation(n)),
                general.with_fixed(iterate_minibatches, batch_size=32),
                general.with_fixed(iterate_minibatches, batch_size=1),
            ),
            "rng or batch_size has no effect. The order comes from the rng that is handed over (a "
            "generator made inside the function gives the same order every time), and each batch "
            "has batch_size rows.",
        ),
        Misconception(
            "swapped",
            (lambda *args: [(Y, X) for X, Y in iterate_minibatches(*args)],),
            "The pairs are the wrong way round: (X_batch, Y_batch).",
        ),
        Misconception(
            "wrong-type",
            (lambda *args: next(iterate_minibatches(*args)),),
            "A single pair comes back, not one for every batch. A `return` inside the loop ends it at "
            "the first batch: `yield` each of them, or collect them in a list. Have you all X_batch and "
            "all Y_batch in two lists? Then list(zip(…)) makes the pairs.",
        ),
    ),
    right=(_list_of_lists, _split, _loader, _fisher_yates),
    hints=(
        "Shuffle numbers, not examples: an order of the rows 0 to n − 1 serves X and Y alike.",
        "order = rng.permutation(len(X)); then cut it: the first batch_size of its entries are the rows "
        "of the first batch, and so on. What is left over is a batch too.",
        "for start in range(0, len(X), batch_size): rows = order[start : start + batch_size]; yield "
        "X[rows], Y[rows].",
    ),
    slide="deck D, “Mini Batch Gradient”",
    convert=drained,
)
