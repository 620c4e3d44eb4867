"""Fifty nets at once, timed against the same nets one after the other.

    python benchmarks/many.py [--json] [--runs 30] [--epochs 1000]

Deck B's 2-3-1 net, its ten observations, fifty learning rates, all examples in every step, float64.
Both ways take turns in one process. Times are the minimum of the runs: what else the machine does
can only add to them. The processor's time leaves out the waiting, for machines that are shared.
"""

import argparse
import json
import time

import numpy as np

import nnkit as nn

LEARNING_RATES = np.geomspace(0.01, 1, 50)  # none so large that a net diverges


def deck_b_net():
    data = nn.two_three_one()
    net = nn.MLP([2, 3, 1], loss="half_squared_error_sum", dtype="float64")
    net.set_params([(data.W1, data.b1), (data.W2, data.b2)])
    return net, data.X, data.Y


def at_once(epochs):
    """Return the last parameters of all nets, shape (n_params, 50)."""
    return nn.train_many(*deck_b_net(), epochs, LEARNING_RATES).theta


def one_after_the_other(epochs):
    start, X, Y = deck_b_net()
    thetas = []
    for rate in LEARNING_RATES:
        net = start.copy()
        net.fit(X, Y, epochs, None, optimizer=nn.SGD(rate), shuffle=False, progress=False)
        thetas.append(net.theta)
    return np.stack(thetas, axis=-1)


def timed(train, epochs):
    """Return seconds on the clock, seconds of the processor, and what `train` returned."""
    wall, cpu = time.perf_counter(), time.process_time()
    theta = train(epochs)
    return time.perf_counter() - wall, time.process_time() - cpu, theta


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print a record")
    parser.add_argument("--runs", type=int, default=30, help="runs of all nets at once (30)")
    parser.add_argument("--epochs", type=int, default=1000, help="epochs of each net (1000)")
    arguments = parser.parse_args()

    many, single = [], []
    for run in range(arguments.runs):
        many.append(timed(at_once, arguments.epochs))
        if run % 10 == 0:  # takes some thirty times as long
            single.append(timed(one_after_the_other, arguments.epochs))
    difference = np.abs(many[0][2] - single[0][2]).max()
    record = {
        "nets": len(LEARNING_RATES),
        "epochs": arguments.epochs,
        "ms_at_once": round(1000 * min(run[0] for run in many), 1),
        "ms_at_once_processor": round(1000 * min(run[1] for run in many), 1),
        "ms_one_after_the_other": round(1000 * min(run[0] for run in single), 1),
        "ms_one_after_the_other_processor": round(1000 * min(run[1] for run in single), 1),
        "largest_difference_of_a_parameter": float(difference),
    }
    if arguments.json:
        print(json.dumps(record, indent=1))
        return
    print(
        "{nets} nets, {epochs:,} epochs: {ms_at_once} ms at once ({ms_at_once_processor} ms of the "
        "processor), {ms_one_after_the_other} ms one after the other "
        "({ms_one_after_the_other_processor} ms); their parameters differ by "
        "{largest_difference_of_a_parameter:.0e} at most".format(**record)
    )


if __name__ == "__main__":
    main()
