"""How well does 784-16-16-10 read digits? Test accuracy on digits() and on MNIST.

    python benchmarks/accuracy.py [--json] [--seeds 3]

MNIST comes from NNKIT_DATA, the cache or a download; where it cannot be had, it is left out.
"""

import argparse
import json
import time

import nnkit as nn

EPOCHS = {"digits": 40, "mnist": 5}
BATCH_SIZE = 32
LEARNING_RATE = 0.1


def measure(data, seed):
    """Train one net in float32 with plain SGD and return a record of how it did."""
    net = nn.MLP(
        [784, 16, 16, 10], activation="relu", output="softmax", loss="cross_entropy", seed=seed
    )
    start = time.perf_counter()
    net.fit(
        data.X_train,
        data.y_train,
        epochs=EPOCHS[data.name],
        batch_size=BATCH_SIZE,
        optimizer=nn.SGD(LEARNING_RATE),
        seed=seed,
        progress=False,
    )
    seconds = time.perf_counter() - start
    return {
        "dataset": data.name,
        "seed": seed,
        "epochs": EPOCHS[data.name],
        "batch_size": BATCH_SIZE,
        "test_accuracy": net.evaluate(data.X_test, data.y_test).accuracy,
        "seconds": round(seconds, 2),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print a list of records")
    parser.add_argument("--seeds", type=int, default=3, help="nets per data set (3)")
    arguments = parser.parse_args()

    records = []
    for name in EPOCHS:
        try:
            data = nn.load(name)
        except nn.datasets.DatasetError as problem:
            records.append({"dataset": name, "skipped": str(problem).splitlines()[0]})
            continue
        records += [measure(data, seed) for seed in range(arguments.seeds)]

    if arguments.json:
        print(json.dumps(records, indent=1))
        return
    for record in records:
        if "skipped" in record:
            print("{dataset}: skipped, {skipped}".format(**record))
        else:
            print(
                "{dataset}: {test_accuracy:.2%} of the test pictures right after {epochs} epochs "
                "at batch {batch_size} (seed {seed}, {seconds} s)".format(**record)
            )


if __name__ == "__main__":
    main()
