"""The data of the course: deck B's ten observations, small digits, and MNIST."""

from __future__ import annotations

import gzip
import hashlib
import os
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

MNIST_FILES = {
    "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
}
"""The four files of MNIST and the MD5 checksums they are published with."""

MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "http://yann.lecun.com/exdb/mnist/",
)
"""Where MNIST is looked for, one after the other; the checksum decides what is accepted."""

TIMEOUT = 15  # seconds that a mirror may stay silent


class DatasetError(RuntimeError):
    """A data set cannot be had: a file is missing or wrong, or there is no network."""


# --------------------------------------------------------------------------------------
# Deck B's ten observations
# --------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, repr=False)
class TwoThreeOne:
    """Deck B's data and initial parameters; made by `two_three_one`.

    Attributes
    ----------
    raw : ndarray of shape (10, 3)
        The observations before scaling; columns Y, X1, X2.
    X : ndarray of shape (10, 2)
        z-scores of X1 and X2, rounded to two decimals: what the deck's net is trained on.
    reconstructed : ndarray of bool, shape (10,)
        True for the rows that the deck does not print.
    labels : list of str
        A name per row: the deck's row numbers, and a to e for the reconstructed rows.
    W1, b1, W2, b2 : ndarray of shape (3, 2), (3,), (1, 3), (1,)
        The deck's initial weights and biases; ``W1[j]`` are the weights into H(j+1).
    """

    raw: np.ndarray
    X: np.ndarray
    reconstructed: np.ndarray
    labels: list[str]
    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray

    @property
    def Y(self) -> np.ndarray:
        """The targets, 0 or 1, shape (10, 1)."""
        return self.raw[:, :1].copy()

    @property
    def X_raw(self) -> np.ndarray:
        """X1 and X2 before scaling, shape (10, 2)."""
        return self.raw[:, 1:].copy()

    @property
    def X_unrounded(self) -> np.ndarray:
        """The z-scores with all their digits, shape (10, 2)."""
        return _zscore(self.raw[:, 1:])

    @property
    def params(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Copies of (W1, b1, W2, b2): train on them as you like, the originals stay."""
        return self.W1.copy(), self.b1.copy(), self.W2.copy(), self.b2.copy()

    def __repr__(self) -> str:
        lines = ["row  Y   X1   X2     z1     z2  source"]
        for label, (y, x1, x2), (z1, z2), hidden in zip(
            self.labels, self.raw, self.X, self.reconstructed, strict=True
        ):
            source = "reconstructed" if hidden else "printed"
            lines.append(f"{label:>3}  {y:.0f}  {x1:.1f}  {x2:.1f}  {z1:5.2f}  {z2:5.2f}  {source}")
        return "\n".join(lines)


def two_three_one() -> TwoThreeOne:
    """Return deck B's ten observations and the initial parameters of its 2-3-1 net.

    The deck prints five of the ten rows: 1, 2, 3, 9 and 10. The other five, a to e, are
    **this course's reconstruction, not the authors' data**. They are the only candidate
    found with which a training run gives 63 of the deck's 65 weights and biases up to
    epoch 8,000 and all its node values but one; the three exceptions are misprints. The
    order of rows a to e cannot be known, and since gradients are summed over all rows it
    does not matter.

    ``X`` holds z-scores (sample standard deviation, n - 1) rounded to two decimals. Only
    the rounded ones give the deck's numbers: with ``X_unrounded`` a weight is off by 0.006
    after 100 epochs, and by 0.21 after 8,000.

    Returns
    -------
    TwoThreeOne
        New arrays at every call, all float64.

    References
    ----------
    Deck B, "How (Shallow) Neural Networks work", Steps 1 and 2: the z-scores, and the
    weights and biases that are set randomly between -1 and 1.
    """
    raw = np.array(
        [
            [0, 2.0, 1.5],
            [0, 2.8, 1.2],
            [0, 1.5, 1.0],
            [1, 5.5, 4.0],  # a
            [1, 6.9, 4.5],  # b
            [1, 8.5, 5.5],  # c
            [1, 8.0, 4.8],  # d
            [0, 2.1, 1.0],  # e
            [1, 2.5, 2.0],
            [0, 7.7, 3.5],
        ]
    )
    labels = ["1", "2", "3", "a", "b", "c", "d", "e", "9", "10"]
    return TwoThreeOne(
        raw=raw,
        X=np.round(_zscore(raw[:, 1:]), 2),
        reconstructed=np.array([label.isalpha() for label in labels]),
        labels=labels,
        W1=np.array([[-0.2, -0.4], [0.4, -0.7], [-1.0, -0.8]]),
        b1=np.array([0.1, -0.2, 0.4]),
        W2=np.array([[-0.6, -0.6, -0.3]]),
        b2=np.array([-0.6]),
    )


def _zscore(X: np.ndarray) -> np.ndarray:
    return (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)


# --------------------------------------------------------------------------------------
# Handwritten digits
# --------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Pictures with labels, in a training and a test part.

    Attributes
    ----------
    name : str
        "digits" or "mnist".
    X_train, X_test : ndarray of float32, shape (n, 784)
        28 x 28 pictures row by row, 0 black to 1 white. ``X_train[0].reshape(28, 28)`` is
        a picture again.
    y_train, y_test : ndarray of int64, shape (n,)
        The digit in each picture, 0 to 9.
    """

    name: str
    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray

    @property
    def n_classes(self) -> int:
        """The number of different labels: 10."""
        return int(self.y_train.max()) + 1

    @property
    def Y_train(self) -> np.ndarray:
        """``y_train`` one-hot, float32, shape (n, 10)."""
        return np.eye(self.n_classes, dtype=np.float32)[self.y_train]

    @property
    def Y_test(self) -> np.ndarray:
        """``y_test`` one-hot, float32, shape (n, 10)."""
        return np.eye(self.n_classes, dtype=np.float32)[self.y_test]

    def __repr__(self) -> str:
        lines = [
            f"  {part:7} {array.shape!s:12} {array.dtype}"
            for part, array in vars(self).items()
            if part != "name"
        ]
        return "\n".join([f"Dataset {self.name!r}", *lines])


def digits() -> Dataset:
    """Return scikit-learn's 1,797 handwritten digits as 28 x 28 pictures; needs no network.

    The originals have 8 x 8 grey values. As in MNIST, each fills the middle 20 x 20 of a
    28 x 28 picture: enlarged with bilinear interpolation, the contrast stretched so that
    strokes are white and their edges narrow. 1,437 pictures are for training and 360 for
    testing, every digit in the same share; the split is the same at every call. A writer's
    digits may be in both parts, so a test accuracy here flatters a little.

    Returns
    -------
    Dataset

    Raises
    ------
    ImportError
        Where scikit-learn is not installed.

    References
    ----------
    E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI Machine Learning
    Repository, 1998.
    """
    small = _optional("sklearn.datasets").load_digits()
    X = _enlarge(small.images / 16).reshape(-1, 784).astype(np.float32)
    y = small.target.astype(np.int64)
    order = np.random.default_rng(0).permutation(len(y))
    X, y = X[order], y[order]
    test = np.zeros(len(y), dtype=bool)
    test[np.argsort(y, kind="stable")[::5]] = True  # sorted by digit: every fifth of each
    return Dataset("digits", X[~test], y[~test], X[test], y[test])


def _enlarge(images: np.ndarray) -> np.ndarray:
    """(n, 8, 8) to (n, 28, 28): interpolated to 20 x 20, more contrast, a black margin."""
    centres = (np.arange(20) + 0.5) * 8 / 20 - 0.5  # of the new pixels, in old pixels
    centres = np.clip(centres, 0, 7)
    R = np.maximum(0, 1 - np.abs(centres[:, None] - np.arange(8)))  # (20, 8), rows sum to 1
    contrast = np.clip(2 * (R @ images @ R.T) - 0.5, 0, 1)
    return np.pad(contrast, ((0, 0), (4, 4), (4, 4)))


def mnist() -> Dataset:
    """Return MNIST: 60,000 training and 10,000 test pictures of handwritten digits.

    The four files are read from the folder that the environment variable ``NNKIT_DATA``
    names; without it, from a cache in your home folder, after being downloaded once
    (11 MB). In memory the pictures take 220 MB.

    Returns
    -------
    Dataset

    Raises
    ------
    DatasetError
        Where a file is missing, truncated or not MNIST's, or cannot be downloaded.
    ImportError
        Where pooch, which downloads, is not installed.

    References
    ----------
    Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits.
    Deck A uses it as its example throughout.
    """
    folder = os.environ.get("NNKIT_DATA")
    paths = {
        name: _find_file(name, Path(folder)) if folder else _download(name) for name in MNIST_FILES
    }
    train_images, train_labels, test_images, test_labels = (
        _parse_idx(gzip.decompress(path.read_bytes()), name) for name, path in paths.items()
    )
    return Dataset(
        "mnist",
        _to_rows(train_images),
        train_labels.astype(np.int64),
        _to_rows(test_images),
        test_labels.astype(np.int64),
    )


def _to_rows(images: np.ndarray) -> np.ndarray:
    return np.divide(images.reshape(len(images), -1), 255, dtype=np.float32)


def _find_file(name: str, folder: Path) -> Path:
    """Return the path of a file of MNIST in the reader's own folder, checked."""
    path = folder / name
    if not path.is_file():
        raise DatasetError(
            f"{name} is not in the folder that NNKIT_DATA names ({folder})\n"
            f"Expected there: {', '.join(MNIST_FILES)}. "
            "Unset NNKIT_DATA to download MNIST, or use nn.digits()."
        )
    received = _md5(path)
    if received != MNIST_FILES[name]:
        raise DatasetError(
            f"{path} is truncated, damaged or another file: expected MD5 {MNIST_FILES[name]}, "
            f"got {received} ({path.stat().st_size:,} bytes)"
        )
    return path


def _download(name: str) -> Path:
    """Return the path of a file of MNIST in the cache, downloaded if it is not there."""
    pooch = _optional("pooch")
    folder = Path(pooch.os_cache("nnkit"))
    cached = folder / name
    if cached.is_file() and _md5(cached) != MNIST_FILES[name]:
        cached.unlink()  # damaged since it was put there
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel("WARNING")  # the progress bar is enough; a line per mirror buries the rest
    problems = []
    try:
        for mirror in MIRRORS:
            try:
                # pooch downloads to a temporary file and moves it here if its checksum is right.
                path = pooch.retrieve(
                    mirror + name,
                    known_hash="md5:" + MNIST_FILES[name],
                    fname=name,
                    path=folder,
                    downloader=pooch.HTTPDownloader(progressbar=True, timeout=TIMEOUT),
                )
                return Path(path)
            except (OSError, ValueError) as problem:  # no connection; a wrong checksum
                problems.append(f"  {mirror}: {textwrap.shorten(str(problem), 200)}")
    finally:
        logger.setLevel(level)
    raise DatasetError(
        f"{name} could not be downloaded\n"
        "If you have the four files of MNIST, set the environment variable NNKIT_DATA to their "
        "folder; or use nn.digits(), which needs no network. Expected MD5 "
        f"{MNIST_FILES[name]}; tried:\n" + "\n".join(problems)
    )


def _optional(module: str) -> Any:
    """Import what `import nnkit` does not need."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise ImportError(
            f"this data set needs {error.name}: install nnkit with its extra 'lab'"
        ) from error


def _md5(path: Path) -> str:
    # A guard against damage, not against forgery, so MD5 will do.
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def _parse_idx(data: bytes, name: str) -> np.ndarray:
    """Read the IDX format: 0, 0, type (8: bytes), number of axes; a size per axis; values."""
    if len(data) < 4 or data[:3] != b"\0\0\x08":
        raise DatasetError(
            f"{name} is no IDX file of bytes: expected it to start with 00 00 08, "
            f"got {data[:3].hex(' ')}."
        )
    n_axes = data[3]
    shape = tuple(int(size) for size in np.frombuffer(data[4 : 4 + 4 * n_axes], dtype=">u4"))
    values = np.frombuffer(data, dtype=np.uint8, offset=min(4 + 4 * n_axes, len(data)))
    if len(shape) != n_axes or values.size != np.prod(shape):
        raise DatasetError(f"{name}: expected values of shape {shape}, got {values.size} values.")
    return values.reshape(shape)


# --------------------------------------------------------------------------------------
# By name
# --------------------------------------------------------------------------------------

LOADERS: dict[str, Callable[[], Dataset]] = {"digits": digits, "mnist": mnist}
"""The data sets that `load` knows by name."""


def load(name: str, fallback: str | None = None) -> Dataset:
    """Return a data set by name, or another one where that cannot be had.

    Parameters
    ----------
    name : {"mnist", "digits"}
        The data set wanted.
    fallback : {"mnist", "digits"}, optional
        What to return instead. With it, a line says which of the two was loaded, and why.

    Returns
    -------
    Dataset

    Raises
    ------
    ValueError
        For an unknown name.
    DatasetError, ImportError
        As the data set's own function, where there is no fallback.
    """
    for wanted in filter(None, (name, fallback)):
        if wanted not in LOADERS:
            raise ValueError(
                f"unknown data set: expected one of {', '.join(map(repr, LOADERS))}, got {wanted!r}"
            )
    if fallback is None:
        return LOADERS[name]()
    try:
        dataset, why = LOADERS[name](), ""
    except (DatasetError, ImportError) as problem:
        reason = str(problem).splitlines()[0]  # what is wrong; what to do comes after it
        dataset, why = LOADERS[fallback](), f", instead of {name} ({reason})"
    print(
        f"Loaded {dataset.name}{why}: "
        f"{len(dataset.y_train):,} training and {len(dataset.y_test):,} test pictures."
    )
    return dataset
