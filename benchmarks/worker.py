"""One library in one process of its own: it trains an epoch whenever `training.py` tells it to.

The two speak in lines of JSON, one request and one reply: a request names a method of `Worker` and
gives its arguments, the reply is what the method returns. Not meant to be started by hand.
"""

import contextlib
import json
import os
import resource
import sys
import time
from pathlib import Path

import numpy as np
from libraries import LIBRARIES, Task


class Worker:
    """What the process can be told to do."""

    def __init__(self, library, device, folder):
        self.library = library
        self.gpu = device == "gpu"
        self.folder = Path(folder)

    def prepare(self, pictures, sizes, batch_size, learning_rate):
        """Load the data and build the net; `missing` says why that does not work."""
        self.net = None  # the last one goes, and its data with it
        X, y = np.load(self.folder / pictures), np.load(self.folder / "labels.npy")
        self.data_bytes = X.nbytes + y.nbytes
        task = Task(X, y, sizes, batch_size, learning_rate, self.gpu)
        try:
            self.net = LIBRARIES[self.library].net(task)
        except (ImportError, RuntimeError) as problem:
            return {"missing": str(problem)}
        return {}

    def epoch(self):
        """Train for one epoch from the common start; return its seconds, by clock and processor."""
        self.net.start(load_params(self.folder / "start.npz"))
        forget_peak_memory()
        clock, processor = time.perf_counter(), time.process_time()
        self.net.train()
        return {
            "clock": time.perf_counter() - clock,
            "processor": time.process_time() - processor,
        }

    def result(self):
        """Save the parameters; return the peak memory of the last epoch and the BLAS kernels."""
        peak = peak_memory() - self.data_bytes
        save_params(self.folder / "end.npz", self.net.params())
        return {"peak_mb": round(peak / 1e6, 1), "blas": blas_kernels()}


def save_params(path, params):
    """Write [(W, b), …] to a file."""
    np.savez(path, *[array for pair in params for array in pair])


def load_params(path):
    """Read what `save_params` has written."""
    with np.load(path) as file:
        arrays = [file[name] for name in file.files]
    return list(zip(arrays[::2], arrays[1::2], strict=True))


def forget_peak_memory():
    """Let the peak begin anew, where the system can do that (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak_memory():
    """Return the most memory, in bytes, that this process has had in RAM."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:  # not Linux
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else 1024 * most
    return 1024 * int(status.split("VmHWM:")[1].split()[0])


def blas_kernels():
    """Return the OpenBLAS, MKL or BLIS libraries in this process, and the kernel that each runs."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return ["unknown: pip install threadpoolctl"]
    return [
        "{internal_api} {version} {architecture}, threads: {num_threads}".format(**info)
        for info in threadpool_info()
        if "architecture" in info
    ]


def main():
    worker = Worker(*sys.argv[1:])
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints must not get between the replies
    for line in sys.stdin:
        request = json.loads(line)
        reply = getattr(worker, request.pop("do"))(**request)
        print(json.dumps(reply), file=replies, flush=True)


if __name__ == "__main__":
    main()
