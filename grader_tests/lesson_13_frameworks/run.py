"""`run`: the value of a node in a computation graph."""

from __future__ import annotations

import functools
import graphlib
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched
from grader_tests.lesson_13_frameworks import graphs
from nnkit.graph import Node, constant, operation, placeholder


def run(node: Node, feed: dict[Node, Any]) -> Any:
    """Return the value of a node, every node computed at most once."""
    values: dict[Node, Any] = {}

    def value(node: Node) -> Any:
        if node not in values:
            if node.op is None:
                values[node] = feed[node]
            else:
                values[node] = node.op(*[value(source) for source in node.inputs])
        return values[node]

    return value(node)


def cases(rng: np.random.Generator) -> list[Case]:
    """Formulas, run again with other values; single nodes; towers that count; a deep chain."""
    return [
        *_formulas(rng),
        *_single_nodes(rng),
        Case("once", (graphs.diamonds(1), {})),
        Case("once", _tower_on_a_placeholder(rng)),
        Case("once", (graphs.diamonds(6), {})),
        *_deep(rng),
        *_missing(rng),
    ]


def _formulas(rng: np.random.Generator) -> list[Case]:
    """Three graphs, run two or three times each: what is kept from one run is wrong in the next."""
    number = functools.partial(graphs.number, rng)
    formula, x, y = graphs.formula(rng)
    line, u, v = graphs.line(rng)
    layer, inputs = graphs.layer(rng)
    unused = placeholder("unused")
    return [
        Case("formula", (formula, {x: number(), y: number()})),
        Case("formula", (line, {v: number(), u: number(), unused: number()})),
        Case("formula", (layer, {inputs: rng.uniform(-1.0, 1.0, 3)})),
        Case("again", (formula, {x: number(), y: number()})),
        Case("again", (line, {u: 0, v: number()})),
        Case("again", (layer, {inputs: rng.uniform(-1.0, 1.0, 3)})),
        Case("again", (formula, {x: number(), y: 0.0})),
        Case("again", (line, {u: number(), v: 0})),
    ]


def _single_nodes(rng: np.random.Generator) -> list[Case]:
    x, y = placeholder("x"), placeholder("y")
    matrix = rng.uniform(2.0, 5.0, (2, 3))
    return [
        Case("leaf", (x, {y: graphs.number(rng), x: graphs.number(rng)})),
        Case("leaf", (constant(graphs.number(rng)), {})),
        Case("leaf", (y, {y: 0})),
        Case("leaf", (y, {y: matrix})),
    ]


def _tower_on_a_placeholder(rng: np.random.Generator) -> tuple[Node, dict[Node, Any]]:
    x = placeholder("x")
    return graphs.diamonds(3, x, constant(graphs.number(rng))), {x: graphs.number(rng)}


def _deep(rng: np.random.Generator) -> list[Case]:
    chain, x = graphs.chain(rng, graphs.DEEPEST)
    return [Case("deep", (chain, {x: graphs.number(rng)}))]


def _missing(rng: np.random.Generator) -> list[Case]:
    x, y, u, v, w = (placeholder(name) for name in "xyuvw")
    difference = operation(np.subtract, u, operation(np.negative, v))
    return [
        Case("missing", (x, {}), raises=KeyError),
        Case("missing", (y, {w: graphs.number(rng)}), raises=KeyError),
        Case("missing", (difference, {u: graphs.number(rng)}), raises=KeyError),
    ]


def _remembers(
    nothing: Callable[[], Any] = dict,
    remembered: Callable[[Node], bool] = lambda node: True,
    ordered: Callable[[list[Any]], list[Any]] = lambda inputs: inputs,
    fed: Callable[[Any, Node], Any] = lambda feed, node: feed[node],
) -> Callable[..., Any]:
    """Build a version from what it remembers, and how it reads inputs and placeholders."""

    def version(node: Node, feed: Any) -> Any:
        values = nothing()

        def value(node: Node) -> Any:
            if node in values:
                return values[node]
            if node.op is None:
                result = fed(feed, node)
            else:
                result = node.op(*[value(source) for source in ordered(node.inputs)])
            if remembered(node):
                values[node] = result
            return result

        return value(node)

    return version


def _for_ever() -> Callable[[], Any]:
    """Make one dictionary that every call gets."""
    values: WeakKeyDictionary[Node, Any] = WeakKeyDictionary()
    return lambda: values


def _to_do_list(node: Any, feed: Any) -> Any:
    values: dict[Any, Any] = {}
    to_do = [node]
    while to_do:
        current = to_do[-1]
        waiting = [source for source in current.inputs if source not in values]
        if waiting:
            to_do.extend(waiting)
        elif current.op is None:
            values[to_do.pop()] = feed[current]
        else:
            values[to_do.pop()] = current.op(*map(values.get, current.inputs))
    return values[node]


def _cached(target: Any, values: Any, verbose: Any = True) -> Any:
    print(target)

    @functools.cache
    def value(node: Any) -> Any:
        if node.op is None:
            return values[node]
        return node.op(*(value(source) for source in node.inputs))

    return value(target)


def _in_sorted_order(node: Any, feed: Any) -> Any:
    needs: dict[Any, Any] = {}
    to_do = [node]
    for current in to_do:
        if current not in needs:
            needs[current] = current.inputs
            to_do += current.inputs
    values = dict(feed)
    for current in graphlib.TopologicalSorter(needs).static_order():
        if current.op:
            values[current] = current.op(*[values[source] for source in current.inputs])
        elif current not in values:
            raise KeyError(current)
    return values[node]


def _with_an_extra_argument(node: Any, feed: Any, known: Any = None) -> Any:
    known = {} if known is None else known
    if id(node) in known:
        return known[id(node)]
    if node.op is None and node not in feed:
        raise KeyError(node)
    if node.op is None:
        return feed[node]
    inputs = []
    for source in node.inputs:
        inputs.append(_with_an_extra_argument(source, feed, known))
    known[id(node)] = node.op(*inputs)
    return known[id(node)]


EXERCISE = Exercise(
    reference=run,
    cases=cases,
    criteria=(
        Criterion("formula", "the value of a formula, numbers and arrays", 3, ("formula",)),
        Criterion("again", "the same graph run again with other values", 2, ("again",)),
        Criterion("leaf", "a placeholder or a constant by itself", 1, ("leaf",)),
        Criterion(
            "once",
            "each node is computed once per run (the graph counts)",
            2,
            ("once",),
            only_with="formula",
        ),
        Criterion("deep", "a deep graph", 1, ("deep",)),
        Criterion(
            "missing",
            "KeyError where a placeholder has no value",
            1,
            ("missing",),
            only_with="formula",
        ),
        Untouched(),
    ),
    mistakes=(
        Misconception(
            "recomputes",
            (
                _remembers(remembered=lambda node: False),
                _remembers(remembered=lambda node: not node.inputs),
            ),
            "A node that several others need is computed anew for each of them, and so is all that lies "
            "under it: twenty such levels are a million computations. Keep each value in a dictionary "
            "during the run, and look there first.",
        ),
        Misconception(
            "keeps-state",
            (
                _remembers(_for_ever()),
                _remembers(_for_ever(), remembered=lambda node: node.op is not None),
            ),
            "Values of an earlier run come back although the placeholders have new ones. What you "
            "remember belongs to one run: start it empty in every call, not as a global name, an "
            "attribute of the node or a default argument.",
        ),
        Misconception(
            "swapped",
            (_remembers(ordered=lambda inputs: inputs[::-1]),),
            "The inputs reach the operation in the opposite order: a − b becomes b − a. Hand them over "
            "as node.inputs lists them.",
        ),
        Misconception(
            "no-error",
            (
                _remembers(fed=lambda feed, node: feed.get(node)),
                _remembers(fed=lambda feed, node: feed.get(node, 0)),
            ),
            "A placeholder without a value goes unnoticed. feed[node] raises the KeyError by itself; "
            "feed.get(node) hides it.",
        ),
    ),
    right=(_to_do_list, _cached, _in_sorted_order, _with_an_extra_argument),
    hints=(
        "What is the value of a placeholder, and of a constant? Then: what does any other node need "
        "before its op can be called?",
        "The values of its inputs, which run can find in the same way; put each value into a dictionary "
        "that lives as long as one call, and look there before you compute.",
        "def value(node): if node is not in values, values[node] = feed[node] for a placeholder, else "
        "node.op(*[value(i) for i in node.inputs]); return values[node].",
    ),
    slide="deck D, “Sessions”",
    ready_made=("nnkit.session",),
    equivalents={
        "values: dict[Any, Node] = {}": "an annotation computes nothing",
    },
)
