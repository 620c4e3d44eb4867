import functools
import gzip
import hashlib
import http.server
import struct
import sys
import threading

import numpy as np
import pytest

from nnkit import datasets
from nnkit.datasets import DatasetError, mnist_files, pictures

# ---- deck B ---------------------------------------------------------------------------


def test_two_three_one_has_the_printed_z_scores():
    data = datasets.two_three_one()
    printed = [[-0.97, -0.80], [-0.69, -0.97], [-1.14, -1.09], [-0.79, -0.52], [1.04, 0.34]]
    np.testing.assert_array_equal(data.X[~data.reconstructed], printed)
    assert [label for label, r in zip(data.labels, data.reconstructed, strict=True) if r] == [
        *"abcde"
    ]
    assert data.Y.ravel().tolist() == [0, 0, 0, 1, 1, 1, 1, 0, 1, 0]


def test_two_three_one_scales_with_the_sample_standard_deviation():
    data = datasets.two_three_one()
    assert data.X_raw.mean(axis=0) == pytest.approx([4.75, 2.90])
    np.testing.assert_allclose(data.X_unrounded.mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(data.X_unrounded.std(axis=0, ddof=1), 1)
    np.testing.assert_allclose(data.X, data.X_unrounded, atol=0.005)
    assert data.raw.shape == (10, 3)
    np.testing.assert_array_equal(data.raw[:, 1:], data.X_raw)


def test_two_three_one_shapes_and_initial_parameters():
    data = datasets.two_three_one()
    assert [p.shape for p in data.params] == [(3, 2), (3,), (1, 3), (1,)]
    assert data.W1[0].tolist() == [-0.2, -0.4]  # from IN1 and IN2 to H1
    assert all(p.dtype == np.float64 for p in (*data.params, data.X, data.Y))


def test_training_in_place_leaves_the_start_alone():
    data = datasets.two_three_one()
    for param in data.params:
        param += 1
    data.Y[:] = 7
    data.X_raw[:] = 7
    assert data.W1[0, 0] == -0.2
    assert data.raw.max() == 8.5
    data.W1[0, 0] = 5
    assert datasets.two_three_one().W1[0, 0] == -0.2


def test_two_three_one_prints_which_rows_are_reconstructed():
    lines = repr(datasets.two_three_one()).splitlines()
    assert len(lines) == 11
    assert [line.split()[-1] for line in lines[1:]].count("reconstructed") == 5
    assert lines[1].split() == ["1", "0", "2.0", "1.5", "-0.97", "-0.80", "printed"]


# ---- digits ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def digits():
    return datasets.digits()


def test_digits_shapes_and_range(digits):
    assert digits.X_train.shape == (1437, 784)
    assert digits.X_test.shape == (360, 784)
    assert digits.X_train.dtype == digits.X_test.dtype == np.float32
    assert digits.y_train.dtype == digits.y_test.dtype == np.int64
    assert digits.X_train.min() == 0
    assert digits.X_train.max() == 1


def test_digits_are_the_same_at_every_call(digits):
    again = datasets.digits()
    for name in ("X_train", "y_train", "X_test", "y_test"):
        np.testing.assert_array_equal(getattr(digits, name), getattr(again, name))


def test_digits_split_is_stratified_and_complete(digits):
    from sklearn.datasets import load_digits

    counts = np.bincount(digits.y_test)
    assert counts.min() >= 35
    assert counts.max() <= 37
    everything = np.bincount(load_digits().target)
    np.testing.assert_array_equal(np.bincount(digits.y_train) + counts, everything)
    assert len(np.unique(digits.y_train[:50])) == 10  # mixed, not sorted


def test_digits_parts_share_no_picture(digits):
    train = {row.tobytes() for row in digits.X_train}
    assert not any(row.tobytes() in train for row in digits.X_test)


def test_enlarging_keeps_where_the_ink_is():
    small = np.zeros((1, 8, 8))
    small[0, 1, 6] = 1
    large = pictures._enlarge(small)[0]
    assert large.shape == (28, 28)
    # Old pixel (1, 6) covers new rows 2.5 to 5 and columns 15 to 17.5 of the middle 20 x 20.
    pixels = np.arange(28) + 0.5
    assert large.sum(axis=1) @ pixels / large.sum() == pytest.approx(4 + 3.75, abs=0.2)
    assert large.sum(axis=0) @ pixels / large.sum() == pytest.approx(4 + 16.25, abs=0.2)
    np.testing.assert_allclose(pictures._enlarge(np.ones((1, 8, 8)))[0, 4:24, 4:24], 1)


def test_dataset_one_hot_and_repr(digits):
    assert digits.n_classes == 10
    assert digits.Y_train.shape == (1437, 10)
    assert digits.Y_test.dtype == np.float32
    np.testing.assert_array_equal(digits.Y_test.argmax(axis=1), digits.y_test)
    np.testing.assert_array_equal(digits.Y_train.sum(axis=1), 1)
    assert repr(digits).splitlines()[:2] == [
        "Dataset 'digits'",
        "  X_train (1437, 784)  float32",
    ]


# ---- MNIST: small files of the same kind, so that no test needs the real one -----------


def idx(values):
    return struct.pack(f">4B{values.ndim}I", 0, 0, 8, values.ndim, *values.shape) + values.tobytes()


@pytest.fixture
def files(monkeypatch):
    """Four small files in MNIST's format, by name, with checksums to match."""
    rng = np.random.default_rng(0)
    arrays = {
        "train-images-idx3-ubyte.gz": rng.integers(0, 256, (12, 28, 28), dtype=np.uint8),
        "train-labels-idx1-ubyte.gz": np.arange(12, dtype=np.uint8) % 10,
        "t10k-images-idx3-ubyte.gz": rng.integers(0, 256, (5, 28, 28), dtype=np.uint8),
        "t10k-labels-idx1-ubyte.gz": np.arange(5, dtype=np.uint8),
    }
    files = {name: gzip.compress(idx(values), mtime=0) for name, values in arrays.items()}
    assert list(files) == list(mnist_files.MNIST_FILES)
    monkeypatch.setattr(
        mnist_files,
        "MNIST_FILES",
        {name: hashlib.md5(data).hexdigest() for name, data in files.items()},
    )
    return files


@pytest.fixture
def folder(files, tmp_path, monkeypatch):
    """A folder with these files, named by NNKIT_DATA."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    monkeypatch.setenv("NNKIT_DATA", str(folder))
    return folder


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache, and no NNKIT_DATA."""
    import pooch

    folder = tmp_path / "cache"
    monkeypatch.setattr(pooch, "os_cache", lambda project: folder)
    monkeypatch.delenv("NNKIT_DATA", raising=False)
    return folder


@pytest.fixture
def serve(monkeypatch):
    """A function that makes the given folders mirrors; returns the requests they will get."""
    servers, requests = [], []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            requests.append(self.path)

    def start(*folders):
        for folder in folders:
            handler = functools.partial(Handler, directory=str(folder))
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            servers.append(server)
        mirrors = tuple(f"http://127.0.0.1:{server.server_port}/" for server in servers)
        monkeypatch.setattr(mnist_files, "MIRRORS", mirrors)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        return requests

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def as_mirror(tmp_path, name, files):
    folder = tmp_path / name
    folder.mkdir()
    for file, data in files.items():
        (folder / file).write_bytes(data)
    return folder


def test_published_checksums_are_complete():
    assert len(mnist_files.MNIST_FILES) == 4
    assert all(len(checksum) == 32 for checksum in mnist_files.MNIST_FILES.values())


def test_mnist_from_a_folder(folder):
    data = datasets.mnist()
    assert data.name == "mnist"
    assert data.X_train.shape == (12, 784)
    assert data.X_train.dtype == np.float32
    assert data.y_test.tolist() == [0, 1, 2, 3, 4]
    assert data.y_train.dtype == np.int64
    pixels = gzip.decompress((folder / "t10k-images-idx3-ubyte.gz").read_bytes())[16:]
    np.testing.assert_allclose(
        data.X_test.ravel(), np.frombuffer(pixels, np.uint8) / 255, rtol=1e-6
    )


def test_missing_folder_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("NNKIT_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DatasetError, match=r"(?s)train-images.*nowhere.*nn\.digits\(\)"):
        datasets.mnist()


def test_missing_file_is_named(folder):
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DatasetError, match=r"^t10k-labels-idx1-ubyte\.gz is not in the folder"):
        datasets.mnist()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: b"<html>404</html>",
        lambda data: b"",
    ],
    ids=["truncated", "one bit", "another file", "empty"],
)
def test_a_wrong_file_is_refused_by_name_and_checksum(folder, damage):
    path = folder / "train-labels-idx1-ubyte.gz"
    bad = damage(path.read_bytes())
    path.write_bytes(bad)
    with pytest.raises(DatasetError) as error:
        datasets.mnist()
    message = str(error.value)
    assert str(path) in message
    assert mnist_files.MNIST_FILES[path.name] in message
    assert hashlib.md5(bad).hexdigest() in message
    assert path.read_bytes() == bad  # the reader's own file is left alone


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "expected it to start with 00 00 08, got"),
        (b"\x00\x00\x0d\x01\0\0\0\x01\x07", "got 00 00 0d"),
        (b"\x1f\x8b\x08\x00\0\0\0\x01", "got 1f 8b 08"),
        (idx(np.zeros((3, 2), np.uint8))[:-1], r"shape \(3, 2\), got 5 values"),
        (idx(np.zeros((3, 2), np.uint8)) + b"\0", r"shape \(3, 2\), got 7 values"),
        (b"\0\0\x08\x02\0\0\0\x03", r"got 0 values"),
    ],
    ids=["empty", "floats", "still zipped", "short", "long", "no sizes"],
)
def test_idx_that_is_none(data, message):
    with pytest.raises(DatasetError, match=f"^file: |^file is no IDX.*{message}") as error:
        mnist_files._parse_idx(data, "file")
    error.match(message)


def test_idx_any_number_of_axes():
    for shape in [(4,), (2, 3), (2, 3, 4)]:
        values = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
        np.testing.assert_array_equal(mnist_files._parse_idx(idx(values), "file"), values)


def test_download_once_then_from_the_cache(files, cache, serve, tmp_path):
    requests = serve(as_mirror(tmp_path, "good", files))
    first = datasets.mnist()
    assert len(requests) == 4
    assert sorted(p.name for p in cache.iterdir()) == sorted(files)
    second = datasets.mnist()
    assert len(requests) == 4
    np.testing.assert_array_equal(first.X_train, second.X_train)


def test_the_next_mirror_is_tried(files, cache, serve, tmp_path):
    truncated = {name: data[:-10] for name, data in files.items()}
    serve(
        as_mirror(tmp_path, "empty", {}),
        as_mirror(tmp_path, "truncated", truncated),
        as_mirror(tmp_path, "good", files),
    )
    assert datasets.mnist().X_train.shape == (12, 784)


def test_a_bad_download_is_refused_and_not_kept(files, cache, serve, tmp_path):
    bad = {name: data[:-10] for name, data in files.items()}
    serve(as_mirror(tmp_path, "bad", bad))
    with pytest.raises(DatasetError) as error:
        datasets.mnist()
    name = "train-images-idx3-ubyte.gz"
    assert str(error.value).startswith(f"{name} could not be downloaded")
    assert mnist_files.MNIST_FILES[name] in str(error.value)
    assert hashlib.md5(bad[name]).hexdigest() in str(error.value)
    assert list(cache.iterdir()) == []


def test_a_damaged_file_in_the_cache_is_replaced(files, cache, serve, tmp_path):
    serve(as_mirror(tmp_path, "good", files))
    cache.mkdir()
    (cache / "train-images-idx3-ubyte.gz").write_bytes(b"half a file")
    assert datasets.mnist().X_train.shape == (12, 784)


def test_a_damaged_file_in_the_cache_is_not_kept_without_a_network(files, cache, monkeypatch):
    monkeypatch.setattr(mnist_files, "MIRRORS", ("http://127.0.0.1:9/",))
    cache.mkdir()
    (cache / "train-images-idx3-ubyte.gz").write_bytes(b"half a file")
    with pytest.raises(DatasetError):
        datasets.mnist()
    assert list(cache.iterdir()) == []


def test_without_a_network_the_error_says_what_to_do(files, cache, monkeypatch):
    monkeypatch.setattr(mnist_files, "MIRRORS", ("http://127.0.0.1:9/", "http://127.0.0.1:9/b/"))
    import pooch

    level = pooch.get_logger().level
    with pytest.raises(DatasetError) as error:
        datasets.mnist()
    assert pooch.get_logger().level == level
    message = str(error.value)
    assert "NNKIT_DATA" in message
    assert "nn.digits()" in message
    assert "http://127.0.0.1:9/b/" in message


# ---- by name --------------------------------------------------------------------------


def test_load_says_which_one_it_returned(folder, capsys):
    assert datasets.load("mnist", fallback="digits").name == "mnist"
    assert capsys.readouterr().out == "Loaded mnist: 12 training and 5 test pictures.\n"


def test_load_falls_back_and_says_why(folder, capsys):
    (folder / "train-images-idx3-ubyte.gz").unlink()
    assert datasets.load("mnist", fallback="digits").name == "digits"
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert line.startswith("Loaded digits, instead of mnist (train-images-idx3-ubyte.gz is not in")
    assert line.endswith(": 1,437 training and 360 test pictures.\n")


def test_load_without_a_fallback_raises_and_prints_nothing(folder, capsys):
    (folder / "train-images-idx3-ubyte.gz").unlink()
    with pytest.raises(DatasetError):
        datasets.load("mnist")
    assert datasets.load("digits").name == "digits"
    assert capsys.readouterr().out == ""


def test_what_is_not_installed_is_named(cache, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ImportError, match=r"needs pooch: install nnkit with its extra 'lab'"):
        datasets.mnist()
    assert datasets.load("mnist", fallback="digits").name == "digits"
    assert "(this data set needs pooch: " in capsys.readouterr().out
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match=r"needs sklearn\.datasets: install"):
        datasets.digits()


@pytest.mark.parametrize("names", [("cifar",), ("digits", "cifar")])
def test_load_unknown_name(names):
    with pytest.raises(ValueError, match=r"expected one of 'digits', 'mnist', got 'cifar'"):
        datasets.load(*names)
