"""Lesson 13's exercises, with answers that strangers might write."""

import operator
from collections import deque

import numpy as np
import pytest
import scipy.signal

import nnkit as nn
from grader_tests import exercises, judge
from grader_tests.judging import assess
from grader_tests.lesson_13_frameworks import graphs
from nnkit.graph import constant, operation, placeholder
from nnkit.session import Session

LESSON = "13-frameworks"
EXERCISES = exercises(LESSON)
SEEDS = range(5)


def right(name, function):
    for seed in SEEDS:
        verdict = judge(LESSON, name, function, seed=seed)
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


def wrong(name, function, *misconceptions, at_most=None):
    for seed in SEEDS:
        verdict = judge(LESSON, name, function, seed=seed)
        most = verdict.max_score - 1 if at_most is None else at_most
        assert verdict.score <= most, verdict.text()
        assert verdict.misconceptions == list(misconceptions), verdict.text()


def test_the_contract_s_signatures():
    signatures = {name: task.parameters for name, task in EXERCISES.items()}
    assert signatures == {
        "run": ["node", "feed"],
        "smooth": ["values", "weight"],
        "parameter_table": ["sizes"],
    }
    assert all(5 <= task.points <= 12 for task in EXERCISES.values())


# -- run ---------------------------------------------------------------------------------------------


def test_run_agrees_with_the_session():
    for seed in SEEDS:
        for case in EXERCISES["run"].cases(np.random.default_rng(seed)):
            if case.kind not in ("missing", "deep"):  # deeper than Python's own limit
                expected = Session().run(*case.args)
                got = EXERCISES["run"].reference(*case.args)
                np.testing.assert_allclose(got, expected, rtol=1e-12)


def test_the_towers_count():
    for levels in (1, 3, 6):
        assert Session().run(graphs.diamonds(levels)) == 1

    def forgetful(node):
        return node.op(*[forgetful(source) for source in node.inputs])

    assert forgetful(graphs.diamonds(1)) == 2
    assert forgetful(graphs.diamonds(6)) == 64


def test_run_unusual_but_right():
    def frames(node, feed):
        """Three calls per node, and a copy of the feed as memory."""
        known = dict(feed)

        def inputs_of(node):
            return tuple(value_of(source) for source in node.inputs)

        def value_of(node):
            if node not in known:
                if node.op is None:
                    raise KeyError(f"no value for {node}")
                known[node] = node.op(*inputs_of(node))
            return known[node]

        return value_of(node)

    class Run:
        def __call__(self, node, feed):
            self.values = {}
            self.feed = feed
            return self.value(node)

        def value(self, node):
            if node.op is None:
                return self.feed[node]
            if id(node) not in self.values:
                self.values[id(node)] = node.op(*map(self.value, node.inputs))
            return self.values[id(node)]

    def breadth_first(target, feed, log=print):
        order, queue = [], deque([target])
        while queue:
            node = queue.popleft()
            if node in order:
                order.remove(node)
            order.append(node)
            queue.extend(node.inputs)
        values = {}
        for node in reversed(order):
            log(node)
            if node.op is None:
                values[node] = feed[node]
            else:
                values[node] = node.op(*(values[i] for i in node.inputs))
        return values[target]

    def written_on_the_nodes(node, feed):
        token = object()

        def value(n):
            if getattr(n, "seen", None) is not token:
                n.result = feed[n] if n.op is None else n.op(*[value(i) for i in n.inputs])
                n.seen = token
            return n.result

        return value(node)

    for function in (frames, Run(), breadth_first, written_on_the_nodes):
        right("run", function)


def test_run_wrong():
    def constants_are_taken_for_placeholders(node, feed, values=None):
        values = {} if values is None else values
        if node not in values:
            if not node.inputs:
                values[node] = feed[node]
            else:
                inputs = [
                    constants_are_taken_for_placeholders(i, feed, values) for i in node.inputs
                ]
                values[node] = node.op(*inputs)
        return values[node]

    def no_input_twice(node, feed):
        values = dict(feed)

        def value(n):
            if n not in values:
                if n.op is None:
                    raise KeyError(n)
                values[n] = n.op(*[value(i) for i in dict.fromkeys(n.inputs)])
            return values[n]

        return value(node)

    def truth_of_the_value(node, feed):
        values = {}

        def value(n):
            if n.op is None:
                if not feed.get(n):
                    raise KeyError(n)
                return feed[n]
            if n not in values:
                values[n] = n.op(*[value(i) for i in n.inputs])
            return values[n]

        return value(node)

    def by_name(node, feed):
        values = {}

        def value(n):
            if n.op is None:
                return feed[n]
            if n.name not in values:
                values[n.name] = n.op(*[value(i) for i in n.inputs])
            return values[n.name]

        return value(node)

    wrong("run", constants_are_taken_for_placeholders, "raises", at_most=3)
    wrong("run", no_input_twice, "raises", at_most=5)
    wrong("run", truth_of_the_value, "raises", at_most=7)
    wrong("run", by_name, at_most=3)


def test_a_cache_in_a_default_argument():
    def run(node, feed, cache={}):  # noqa: B006
        if node not in cache:
            if node.op is None:
                cache[node] = feed[node]
            else:
                cache[node] = node.op(*[run(i, feed) for i in node.inputs])
        return cache[node]

    wrong("run", run, "keeps-state", at_most=9)


def test_values_kept_on_the_nodes():
    def run(node, feed):
        if not hasattr(node, "value"):
            if node.op is None:
                node.value = feed[node]
            else:
                node.value = node.op(*[run(i, feed) for i in node.inputs])
        return node.value

    wrong("run", run, "keeps-state", at_most=9)


def test_a_feed_used_as_memory_is_a_changed_argument():
    def run(node, feed):
        if node not in feed:
            if node.op is None:
                raise KeyError(node)
            feed[node] = node.op(*[run(i, feed) for i in node.inputs])
        return feed[node]

    wrong("run", run, "modifies-arguments", at_most=10)


def test_taking_the_graph_apart_does_not_harm_the_check():
    def run(node, feed):
        if node.op is None:
            return feed[node]
        inputs, values = node.inputs, []
        while inputs:
            values.insert(0, run(inputs.pop(), feed))
        return node.op(*values)

    wrong("run", run, "recomputes", at_most=9)


def test_printing_a_node_is_not_borrowing():
    reference = EXERCISES["run"].right[0]

    def run(node, feed):
        print(node, repr(node), node.inputs)
        return reference(node, feed)

    right("run", run)
    wrong("run", lambda node, feed: Session().run(node, feed), "borrowed", at_most=0)


def test_what_a_constant_is():
    x = placeholder("x")
    node = operation(operator.sub, constant(3.0), x)
    assert EXERCISES["run"].reference(node, {x: 1.0}) == 2.0
    with pytest.raises(KeyError):
        EXERCISES["run"].reference(node, {})


# -- smooth ------------------------------------------------------------------------------------------


def test_smooth_agrees_with_scipy_s_filter():
    rng = np.random.default_rng(0)
    values = rng.normal(size=50)
    for weight in (0.0, 0.3, 0.6, 0.97):
        sums = scipy.signal.lfilter([1.0], [1.0, -weight], values)
        weights = scipy.signal.lfilter([1.0], [1.0, -weight], np.ones(50))
        smooth = EXERCISES["smooth"].reference
        np.testing.assert_allclose(smooth(values, weight), sums / weights, rtol=1e-10)
    np.testing.assert_allclose(smooth(np.array([1.0, 2.0, 4.0]), 0.5), [1, 5 / 3, 3])


def test_smooth_unusual_but_right():
    def running_mean(values, w):
        """s ← s + (v − s)/(number of values that count)."""
        s, count, result = 0.0, 0.0, []
        for v in values:
            count = count * w + 1
            s += (v - s) / count
            result.append(np.float32(s))
        return result

    def from_each_value_back(values, weight):
        n = len(values)
        result = np.zeros(n)
        for i in range(n):
            w = float(weight) ** np.arange(i, -1, -1)
            result[i] = np.average(values[: i + 1], weights=w)
        return result

    right("smooth", running_mean)
    right("smooth", from_each_value_back)


def test_smooth_wrong():
    def oldest_counts_most(values, weight):
        w = float(weight) ** np.arange(len(values))
        return np.cumsum(values * w) / np.cumsum(w)

    def from_the_future(values, weight):
        return EXERCISES["smooth"].reference(values[::-1], weight)[::-1]

    def one_step_late(values, weight):
        smooth = EXERCISES["smooth"].reference(values, weight)
        return np.concatenate([values[:1], smooth[:-1]])

    wrong("smooth", oldest_counts_most, at_most=0)
    wrong("smooth", from_the_future, at_most=0)
    wrong("smooth", one_step_late, at_most=0)
    wrong("smooth", lambda values, w: np.mean(values), "wrong-shape", at_most=0)
    plain = lambda values, w: [(1 - w) * sum(w ** (i - j) * values[j] for j in range(i + 1))
                               for i in range(len(values))]  # fmt: skip
    wrong("smooth", plain, "no-bias-correction", at_most=0)


# -- parameter_table ---------------------------------------------------------------------------------


def test_parameter_table_of_deck_a_s_net():
    table = EXERCISES["parameter_table"].reference([784, 16, 16, 10])
    assert table == [
        ("dense", (None, 16), 12560),
        ("dense_1", (None, 16), 272),
        ("dense_2", (None, 10), 170),
    ]
    for sizes in ([5, 2], [7, 3, 4, 9, 2]):
        rows = EXERCISES["parameter_table"].reference(sizes)
        assert sum(row[2] for row in rows) == nn.MLP(sizes).n_params


def test_parameter_table_unusual_but_right():
    def stepwise(sizes):
        table = []
        previous = sizes[0]
        for size in sizes[1:]:
            name = "dense" + ("" if not table else "_" + str(len(table)))
            table += [[name, (None, np.int64(size)), np.array(previous * size + size)]]
            previous = size
        return tuple(table)

    def recursive(sizes, i=0):
        if len(sizes) == 1:
            return []
        name = f"dense_{i}".removesuffix("_0")
        row = (name, [None, sizes[1]], float(sizes[1] * (sizes[0] + 1)))
        return [row, *recursive(sizes[1:], i + 1)]

    right("parameter_table", stepwise)
    right("parameter_table", recursive)


def test_parameter_table_wrong():
    right_table = EXERCISES["parameter_table"].right[0]

    def with_total(sizes):
        rows = right_table(sizes)
        return [*rows, ("total", (None, sizes[-1]), sum(row[2] for row in rows))]

    wrong("parameter_table", with_total, "wrong-shape", at_most=0)
    text = lambda sizes: [(name, str(shape), n) for name, shape, n in right_table(sizes)]
    wrong("parameter_table", text, "wrong-type", at_most=6)
    capital = lambda sizes: [(name.title(), shape, n) for name, shape, n in right_table(sizes)]
    wrong("parameter_table", capital, at_most=6)
    one_bias = lambda sizes: [
        (name, shape, n_in * shape[1] + 1)
        for n_in, (name, shape, _) in zip(sizes, right_table(sizes), strict=False)
    ]
    wrong("parameter_table", one_bias, at_most=5)
    batch_of_one = lambda sizes: [(name, (1, shape[1]), n) for name, shape, n in right_table(sizes)]
    wrong("parameter_table", batch_of_one, "wrong-type", at_most=6)
    wrong(
        "parameter_table",
        lambda sizes: (row for row in right_table(sizes)),
        "wrong-type",
        at_most=0,
    )


def test_every_known_mistake_loses_points_on_many_seeds():
    for name, task in EXERCISES.items():
        for mistake in task.mistakes:
            for version in mistake.versions:
                for seed in range(100, 104):
                    assert assess(LESSON, task, version, seed).misconceptions == [mistake.name], (
                        name
                    )
