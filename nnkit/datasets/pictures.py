"""Pictures of handwritten digits: small ones that are always there, and MNIST."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnkit.datasets import mnist_files
from nnkit.datasets.mnist_files import DatasetError, optional


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
    small = optional("sklearn.datasets").load_digits()
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
    train_images, train_labels, test_images, test_labels = mnist_files.read()
    return Dataset(
        "mnist",
        _to_rows(train_images),
        train_labels.astype(np.int64),
        _to_rows(test_images),
        test_labels.astype(np.int64),
    )


def _to_rows(images: np.ndarray) -> np.ndarray:
    return np.divide(images.reshape(len(images), -1), 255, dtype=np.float32)


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
