"""The four files of MNIST: where they are found, how they are checked, what is in them."""

import gzip
import hashlib
import os
import textwrap
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


def optional(module: str) -> Any:
    """Import what `import nnkit` does not need."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise ImportError(
            f"this data set needs {error.name}: install nnkit with its extra 'lab'"
        ) from error


def read() -> list[np.ndarray]:
    """Return what is in the four files, in the order of `MNIST_FILES`: arrays of uint8.

    `nnkit.datasets.mnist` calls this and says where the files come from.
    """
    folder = os.environ.get("NNKIT_DATA")
    paths = {
        name: _find_file(name, Path(folder)) if folder else _download(name) for name in MNIST_FILES
    }
    return [_parse_idx(gzip.decompress(path.read_bytes()), name) for name, path in paths.items()]


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
    pooch = optional("pooch")
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
