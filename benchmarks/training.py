"""How fast does nnkit train? One epoch on MNIST, side by side with other libraries, on one core.

    python benchmarks/training.py [--json] [--only jax textbook] [--sizes 784-16-16-10@32]
                                  [--rounds 5] [--device gpu]

`benchmarks/README.md` says what is measured and how to read it. The libraries are the extra
`bench`: pip install -c constraints.txt -e '.[lab,bench]'
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import ExitStack, redirect_stdout
from datetime import UTC, datetime
from importlib import metadata
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from statistics import median

import numpy as np
from libraries import LIBRARIES
from worker import load_params, save_params

import nnkit as nn

SMALL, MIDDLE, LARGE = [784, 16, 16, 10], [784, 128, 10], [784, 800, 800, 10]
NETS = {
    "cpu": [(SMALL, 10), (SMALL, 32), (SMALL, 256), (MIDDLE, 32), (LARGE, 256)],
    "gpu": [(LARGE, 256), (LARGE, 4096)],
}
"""The nets that are compared: sizes and batch size."""

LIBRARIES_ON = {"cpu": list(LIBRARIES), "gpu": ["nnkit", "pytorch", "jax"]}

# From which of these on is the GPU faster than the CPU, with the small net?
CROSSOVER = [2**k for k in range(5, 16)]

# The textbook's code needs minutes for a larger net, and everybody else would wait for it.
TEXTBOOK_AT_MOST = 200_000  # weights

# How far a parameter may be from nnkit's: the rounding of thousands of steps in float32.
SAME = 1e-4

IMPORTS = 3  # fresh interpreters; the quickest counts, because disturbances only add

THREADS = ["OMP", "OPENBLAS", "MKL", "BLIS", "NUMEXPR"]

IMPORT_TIME = """
import time
start = time.process_time()
import numpy
numpy_is_here = time.process_time()
{statement}
end = time.process_time()
print(end - start, end - numpy_is_here)
"""


# ---------------------------------------------------------------- the processes


def environment(device):
    """Return the environment of the workers: one thread everywhere, set before any import."""
    variables = {f"{name}_NUM_THREADS": "1" for name in THREADS}
    variables["KERAS_BACKEND"] = "jax"
    if device == "cpu":
        variables["JAX_PLATFORMS"] = "cpu"
        variables["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    else:
        variables["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"  # leave room for the others
        variables["JAX_DEFAULT_MATMUL_PRECISION"] = "float32"  # as the others: no TF32
    return os.environ | variables


def pin_to_one_core():
    """Keep this process and all that it starts on one core; return its number, or None."""
    if not hasattr(os, "sched_setaffinity"):
        return None  # macOS and Windows cannot; the threads are limited all the same
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


class Peer:
    """A library in a process of its own. It waits until it is asked something."""

    def __init__(self, library, device, folder):
        self.library = library
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("worker.py"), library, device, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(device),
        )

    def ask(self, do, **arguments):
        """Let the worker do something and return its reply."""
        self.process.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
        self.process.stdin.flush()
        reply = self.process.stdout.readline()
        if not reply:
            raise RuntimeError(f"the process of {self.library} has ended; its error is above")
        return json.loads(reply)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait()


# ---------------------------------------------------------------- what is measured


def import_times(library, device):
    """Return the milliseconds of a fresh interpreter's import: all of it, and beyond numpy."""
    code = IMPORT_TIME.format(statement=LIBRARIES[library].statement)
    command = [sys.executable, "-c", code]
    runs = []
    for _ in range(IMPORTS):
        run = subprocess.run(
            command, env=environment(device), capture_output=True, text=True, check=True
        )
        runs.append([1000 * float(seconds) for seconds in run.stdout.split()])
    total, beyond_numpy = map(min, zip(*runs, strict=True))
    return {"import_ms": round(total, 1), "import_beyond_numpy_ms": round(beyond_numpy, 1)}


def parse_net(spec):
    """Turn "784-16-10@32" into ([784, 16, 10], 32)."""
    try:
        sizes, batch_size = spec.split("@")
        sizes, batch_size = [int(n) for n in sizes.split("-")], int(batch_size)
    except ValueError:
        sizes, batch_size = [], 0
    if len(sizes) < 2 or (sizes[0], sizes[-1]) != (784, 10) or min(*sizes, batch_size) < 1:
        raise argparse.ArgumentTypeError(f"expected a net like 784-16-16-10@32, got {spec!r}")
    return sizes, batch_size


def learning_rate(sizes, batch_size):
    """Return a rate that gets somewhere in an epoch and still lets rounding errors die away.

    It grows with the batch. With many sigmoids below the outputs it has to be small: all of them
    are about 0.5 at the start and push in the same direction.
    """
    return min(batch_size / 100, 1.0, 80 / max(sizes[1:]))


def compare(peers, sizes, batch_size, data, folder, rounds, time="processor"):
    """Train the same net in every library, taking turns, and return a record for each.

    `time` says what the ratios are taken of: the time of the processor or of the clock.
    """
    net = common_start(sizes, folder)
    name = "-".join(map(str, sizes))
    records, epochs = {}, {}
    for library, peer in peers.items():
        say(f"{name}, batch {batch_size}: {library} warms up")
        records[library] = {"net": name, "batch_size": batch_size, "library": library}
        problem = prepare(peer, sizes, batch_size)
        if problem:
            records[library]["missing"] = problem
        else:
            peer.ask("epoch")
            epochs[library] = []

    for i in range(rounds):
        say(f"{name}, batch {batch_size}: round {i + 1} of {rounds}")
        for library in epochs:
            epochs[library].append(peers[library].ask("epoch"))

    reference = None
    for library in epochs:
        records[library] |= timing(epochs[library], epochs["nnkit"], time)
        records[library] |= peers[library].ask("result")
        params = load_params(folder / "end.npz")
        if params:
            net.set_params(params)
            reference = net.copy() if reference is None else reference
            records[library] |= judge(net, reference, data)
    return list(records.values())


def write(data, folder):
    """Write the training examples: as numbers, and the pictures as bytes too."""
    np.save(folder / "pictures.npy", data.X_train)
    np.save(folder / "bytes.npy", np.round(255 * data.X_train).astype(np.uint8))
    np.save(folder / "labels.npy", data.y_train)


def common_start(sizes, folder):
    """Return a net, and write down its parameters: every library starts from them."""
    net = nn.MLP(sizes, output="softmax", loss="cross_entropy", seed=0)
    save_params(folder / "start.npz", [(layer.W, layer.b) for layer in net.layers])
    return net


def prepare(peer, sizes, batch_size, pictures="pictures.npy"):
    """Let a library build the net; return why it cannot, or None."""
    n_weights = sum(n_in * n_out for n_in, n_out in pairwise(sizes))
    if peer.library == "textbook" and n_weights > TEXTBOOK_AT_MOST:
        return "an epoch would take minutes"
    reply = peer.ask(
        "prepare",
        pictures=pictures,
        sizes=sizes,
        batch_size=batch_size,
        learning_rate=learning_rate(sizes, batch_size),
    )
    return reply.get("missing")


def timing(epochs, of_nnkit, time):
    """Return the median seconds, and the ratio to nnkit's epoch of the same round."""
    ratios = np.divide([epoch[time] for epoch in epochs], [epoch[time] for epoch in of_nnkit])
    return {
        "seconds": round(median(epoch[time] for epoch in epochs), 4),
        "clock_seconds": round(median(epoch["clock"] for epoch in epochs), 4),
        "ratio": round(float(np.median(ratios)), 3),
        "ratio_lowest": round(float(ratios.min()), 3),
        "ratio_highest": round(float(ratios.max()), 3),
    }


def judge(net, reference, data):
    """Return how good the net is, and how far its parameters are from nnkit's."""
    loss, accuracy = net.evaluate(data.X_test, data.y_test)
    difference = float(np.abs(net.theta - reference.theta).max())
    return {"test_loss": loss, "test_accuracy": accuracy, "difference": difference}


def memory_with_bytes(folder):
    """Return the peak memory of nnkit where the pictures are bytes, as MNIST's files hold them."""
    common_start(SMALL, folder)
    with Peer("nnkit", "cpu", folder) as peer:
        prepare(peer, SMALL, 32, pictures="bytes.npy")
        peer.ask("epoch")
        return peer.ask("result")["peak_mb"]


def crossover(data, folder, rounds):
    """Return nnkit's seconds on CPU and GPU for the small net at growing batch sizes."""
    steps = []
    with Peer("nnkit", "cpu", folder) as cpu, Peer("nnkit", "gpu", folder) as gpu:
        for batch_size in CROSSOVER:
            # The ratio to "nnkit" is here the ratio of the GPU to the CPU.
            both = {"nnkit": cpu, "on the GPU": gpu}
            on_cpu, on_gpu = compare(both, SMALL, batch_size, data, folder, rounds, "clock")
            steps.append(
                {
                    "batch_size": batch_size,
                    "cpu_seconds": on_cpu["seconds"],
                    "gpu_seconds": on_gpu["seconds"],
                    "gpu_to_cpu": on_gpu["ratio"],
                }
            )
    return steps


def describe(library, device):
    """Return version and import times of a library; `missing` says how to get it."""
    try:
        version = metadata.version(LIBRARIES[library].distribution)
    except metadata.PackageNotFoundError:
        how = "not installed: pip install -c constraints.txt -e '.[lab,bench]'"
        return {"library": library, "missing": how}
    return {"library": library, "version": version} | import_times(library, device)


def machine(core):
    """Describe where the numbers come from."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0].split(": ")[1] if names else model
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": model,
        "core": core,
        "load_average": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def measure(arguments):
    """Run the whole benchmark and return what `--json` prints."""
    device, rounds = arguments.device, arguments.rounds
    # On one core the processor's time is the clock's, less what other programs took. A GPU's work
    # is no work of the processor.
    time = "processor" if device == "cpu" else "clock"
    report = {
        "device": device,
        "machine": machine(pin_to_one_core()),
        "rounds": rounds,
        "time": time,
    }
    with redirect_stdout(sys.stderr):  # it says which of the two it has loaded
        data = nn.load("mnist", fallback="digits")
    report |= {"data": data.name, "examples": len(data.y_train)}

    wanted = [name for name in LIBRARIES_ON[device] if name in {"nnkit", *arguments.only}]
    report["libraries"] = []
    for library in wanted:
        say(f"imports {library}")
        report["libraries"].append(describe(library, device))
    present = [about["library"] for about in report["libraries"] if "missing" not in about]

    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        write(data, folder)
        peers = {name: stack.enter_context(Peer(name, device, folder)) for name in present}
        report["results"] = []
        for sizes, batch_size in arguments.sizes or NETS[device]:
            report["results"] += compare(peers, sizes, batch_size, data, folder, rounds, time)
        if device == "cpu":
            report["nnkit_peak_mb_with_bytes"] = memory_with_bytes(folder)
        else:
            report["crossover"] = crossover(data, folder, rounds)
    return report


# ---------------------------------------------------------------- what is printed


def say(what):
    """Tell whoever waits in a terminal what is going on."""
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


def print_tables(report):
    print(
        "One epoch, {examples:,} examples of {data}, float32, {device}, {time} time, medians of "
        "{rounds} rounds.\nRatio: how many times as long as nnkit.".format(**report)
    )
    print("{processor}, core {core}, load average {load_average}".format(**report["machine"]))
    by_net = groupby(report["results"], key=itemgetter("net", "batch_size"))
    for (net, batch_size), records in by_net:
        print(f"\n{net}, batch {batch_size}")
        print(
            f"{'':14}{'seconds':>9}{'ratio':>8}{'(from … to)':>18}{'accuracy':>10}{'off by':>9}"
            f"{'memory':>10}"
        )
        for record in records:
            print(f"{record['library']:14}{result_line(record)}")
    busy = busyness(report)
    if busy > 1.1:
        print(f"\nThe machine was busy: the clock ran {busy:.1f} times as long as the processor.")
    if "nnkit_peak_mb_with_bytes" in report:
        peak = report["nnkit_peak_mb_with_bytes"]
        print(f"\nnnkit, pictures as bytes, 784-16-16-10, batch 32: {peak:.0f} MB above the data")
    if "crossover" in report:
        print_crossover(report["crossover"])

    print(f"\n{'':14}{'version':12}{'import':>10}{'past numpy':>13}")
    for about in report["libraries"]:
        if "missing" in about:
            print("{library:14}{missing}".format(**about))
        else:
            line = "{library:14}{version:12}{import_ms:7.0f} ms{import_beyond_numpy_ms:10.0f} ms"
            print(line.format(**about))
    kernels = {kernel for record in report["results"] for kernel in record.get("blas", [])}
    print("\nMatrix products by: " + "; ".join(sorted(kernels)))


def result_line(record):
    if "missing" in record:
        return "  left out: " + record["missing"]
    line = "{seconds:9.3f}{ratio:8.2f}{ratio_lowest:9.2f} …{ratio_highest:7.2f}".format(**record)
    if "test_accuracy" in record:
        line += "{test_accuracy:10.2%}{difference:9.0e}".format(**record)
    else:
        line += 19 * " "
    return line + "{peak_mb:7.0f} MB".format(**record)


def busyness(report):
    """Return how many times as long the clock ran as what was measured."""
    timed = [record for record in report["results"] if "missing" not in record]
    return median(record["clock_seconds"] / record["seconds"] for record in timed)


def print_crossover(steps):
    print("\nnnkit, 784-16-16-10, seconds per epoch on one CPU core and on the GPU")
    for step in steps:
        print("batch {batch_size:6}{cpu_seconds:9.3f}{gpu_seconds:9.3f}".format(**step))
    faster = [step["batch_size"] for step in steps if step["gpu_to_cpu"] < 1]
    print(f"The GPU is faster from batch {faster[0]} on" if faster else "The GPU is never faster")


def differing(report):
    """Name the libraries that have not come to the same parameters as nnkit."""
    return [
        "{library} ({net}, batch {batch_size}): off by {difference:.1g}".format(**record)
        for record in report["results"]
        if record.get("difference", 0) > SAME
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print all numbers as JSON")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=LIBRARIES,
        default=list(LIBRARIES),
        help="compare nnkit with these",
    )
    parser.add_argument(
        "--sizes", nargs="+", type=parse_net, help="nets as LAYERS@BATCH: 784-16-16-10@32"
    )
    parser.add_argument("--rounds", type=int, default=5, help="timed epochs of each (5)")
    parser.add_argument("--device", choices=NETS, default="cpu")
    arguments = parser.parse_args()
    if arguments.device == "gpu":
        try:
            nn.backend.load_namespace("cupy")
        except (ImportError, RuntimeError) as problem:
            sys.exit(f"there is no GPU to measure on: {problem}")

    report = measure(arguments)
    say("")
    if arguments.json:
        print(json.dumps(report, indent=1))
    else:
        print_tables(report)
    if differing(report):
        sys.exit("not the same result as nnkit's: " + "; ".join(differing(report)))


if __name__ == "__main__":
    main()
