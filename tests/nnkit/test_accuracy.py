"""784-16-16-10 learns to read, with the settings of benchmarks/accuracy.py."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import nnkit as nn

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "accuracy.py"


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("accuracy", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_digits(benchmark, seed):
    assert benchmark.measure(nn.digits(), seed)["test_accuracy"] >= 0.94


@pytest.mark.skipif(not os.environ.get("NNKIT_DATA"), reason="NNKIT_DATA names no MNIST folder")
def test_mnist_after_5_epochs_at_batch_32(benchmark):
    record = benchmark.measure(nn.mnist(), seed=0)
    assert (record["epochs"], record["batch_size"]) == (5, 32)
    assert record["test_accuracy"] >= 0.94


def test_benchmark_prints_records_and_leaves_out_what_is_missing(tmp_path):
    done = subprocess.run(
        [sys.executable, BENCHMARK, "--json", "--seeds", "1"],
        env=os.environ | {"NNKIT_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    digits, mnist = json.loads(done.stdout)
    assert digits["dataset"] == "digits"
    assert digits["test_accuracy"] >= 0.94
    assert mnist["dataset"] == "mnist"
    assert "train-images-idx3-ubyte.gz is not in the folder" in mnist["skipped"]
