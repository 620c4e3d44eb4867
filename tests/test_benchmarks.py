"""The comparison with other libraries: the same work in all of them, and clear words if not."""

import argparse
import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import nnkit as nn

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def run(*arguments, data):
    """Run the benchmark where there is no MNIST; the built-in digits stand in."""
    return subprocess.run(
        [sys.executable, BENCHMARKS / "training.py", "--rounds", "1", *arguments],
        capture_output=True,
        text=True,
        env={"PATH": "", "NNKIT_DATA": str(data)},
    )


@pytest.fixture
def training(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import training

    return training


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Three nets, one of them with two hidden layers; 1,437 examples make a short last batch."""
    sizes = ["784-8-10@100", "784-8-6-10@64", "784-300-10@1437"]
    finished = run(
        *["--json", "--only", "scikit-learn", "textbook", "floor", "--sizes", *sizes],
        data=tmp_path_factory.mktemp("no_mnist"),
    )
    assert finished.returncode == 0, finished.stderr
    assert "Loaded digits, instead of mnist" in finished.stderr
    return json.loads(finished.stdout)


def results(report, library):
    return [record for record in report["results"] if record["library"] == library]


def test_all_libraries_come_to_the_same_net(report):
    for library, n_nets in [("scikit-learn", 3), ("textbook", 2)]:
        trained = [record for record in results(report, library) if "difference" in record]
        assert len(trained) == n_nets
        for record, ours in zip(trained, results(report, "nnkit"), strict=False):
            assert record["difference"] < 1e-5
            assert record["test_loss"] == pytest.approx(ours["test_loss"], abs=1e-5)
            assert record["ratio_lowest"] <= record["ratio"] <= record["ratio_highest"]
    assert all("difference" not in record for record in results(report, "floor"))


def test_the_textbook_leaves_out_what_would_take_minutes(report):
    assert "minutes" in results(report, "textbook")[2]["missing"]


def test_versions_and_memory_are_told(report):
    libraries = {about["library"]: about for about in report["libraries"]}
    assert libraries["scikit-learn"]["version"] == metadata.version("scikit-learn")
    assert libraries["nnkit"]["import_beyond_numpy_ms"] < libraries["nnkit"]["import_ms"]
    assert all(record["peak_mb"] > 0 for record in results(report, "nnkit"))
    assert report["nnkit_peak_mb_with_bytes"] > 0


def test_the_table_shows_every_row(report, training, capsys):
    training.print_tables(report)
    lines = capsys.readouterr().out.splitlines()
    for library in ("nnkit", "scikit-learn", "textbook", "floor"):
        assert sum(line.startswith(f"{library:14}") for line in lines) == 1 + len(
            results(report, library)
        )


def test_another_result_is_named(training):
    record = {"library": "jax", "net": "784-10", "batch_size": 10, "difference": 0.5}
    close = record | {"library": "keras", "difference": 1e-6}
    named = training.differing({"results": [record, close]})
    assert named == ["jax (784-10, batch 10): off by 0.5"]


def test_a_missing_library_says_how_to_get_it(training, monkeypatch):
    library = training.LIBRARIES["jax"]._replace(distribution="not-a-distribution")
    monkeypatch.setitem(training.LIBRARIES, "jax", library)
    assert "'.[lab,bench]'" in training.describe("jax", "cpu")["missing"]


@pytest.mark.parametrize("spec", ["784-10", "784-10@0", "784-0-10@32", "3-10@32", "784-x-10@32"])
def test_a_net_that_mnist_cannot_train_is_refused(training, spec):
    with pytest.raises(argparse.ArgumentTypeError, match="784-16-16-10@32"):
        training.parse_net(spec)


def test_without_a_gpu_it_says_so(tmp_path):
    try:
        nn.backend.load_namespace("cupy")
    except (ImportError, RuntimeError):
        finished = run("--device", "gpu", data=tmp_path)
        assert finished.returncode == 1
        assert "there is no GPU to measure on: cupy" in finished.stderr
    else:
        pytest.skip("there is a GPU")
