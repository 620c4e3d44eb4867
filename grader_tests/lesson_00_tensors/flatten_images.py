"""`flatten_images`: grey pictures of bytes as rows of numbers between 0 and 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader_tests import general
from grader_tests.exercise import Case, Criterion, Exercise, Misconception, Untouched


def flatten_images(images: np.ndarray) -> np.ndarray:
    """Return one row per image, (n, h·w), row by row, each grey value divided by 255."""
    return images.reshape(len(images), -1) / 255


def cases(rng: np.random.Generator) -> list[Case]:
    """Images that are higher or wider than they are many; one batch with 0 and 255, the others darker.

    Where no image holds 255, dividing by the largest value there is differs from dividing by 255.
    """

    def case(kind: str, shape: tuple[int, int, int]) -> Case:
        return Case(kind, (rng.integers(20, 240, shape, dtype=np.uint8),))

    full = rng.integers(20, 240, (3, 2, 4), dtype=np.uint8)
    full[0, 0, 1], full[1, 1, 0], full[2, 0, 3] = 255, 0, 255
    one = [case("one", (1, 2, 5)), case("one", (1, 4, 3))]
    batch = [case("batch", (4, 3, 2)), case("batch", (2, 3, 5)), case("batch", (5, 1, 3))]
    return [*one, *batch, Case("batch", (full,))]


def _scaled(scale: Any) -> Any:
    """Flatten rightly, but make numbers of the bytes with another rule."""
    return lambda images: scale(images.astype(float)).reshape(len(images), -1)


def _ordered(order: Any) -> Any:
    """Scale rightly, but flatten in another way."""
    return lambda images: order(images / 255, len(images))


def _with_loops(images: Any) -> Any:
    rows = []
    for image in images:
        row = []
        for line in image:
            for grey in line:
                row.append(int(grey) / 255)
        rows.append(row)
    return rows


def _float32(images: Any) -> Any:
    n, h, w = images.shape
    print(n, "images of", h, "by", w)
    return (images.astype("float32") / np.float32(255)).reshape((n, h * w))


def _filled(pictures: Any, largest: float = 255.0) -> Any:
    result = np.empty((pictures.shape[0], pictures[0].size))
    for i, picture in enumerate(pictures):
        result[i] = picture.flatten()
    result *= 1 / largest
    return result


def _concatenated(images: Any) -> Any:
    rows = np.concatenate([images[:, i, :] for i in range(images.shape[1])], axis=1)
    return np.true_divide(rows, 255)


EXERCISE = Exercise(
    reference=flatten_images,
    cases=cases,
    criteria=(
        Criterion("one", "a single image becomes a batch of one row", 2, ("one",)),
        Criterion("batch", "several images, one row each", 4, ("batch",)),
        Untouched(),
    ),
    mistakes=(
        general.wrong_factor(
            flatten_images,
            255.0,
            255 / 256,
            says="The rows are right but for a factor. A byte runs from 0 to 255, and 255 is to become "
            "1: divide by 255.",
        ),
        Misconception(
            "wrong-scale",
            (
                _scaled(lambda x: x / x.max()),
                _scaled(lambda x: x / x.max(axis=(1, 2), keepdims=True)),
                _scaled(lambda x: (x - x.min()) / (x.max() - x.min())),
                _scaled(lambda x: x / 127.5 - 1),
                _scaled(lambda x: 1 - x / 255),
            ),
            "The grey values are brought to another scale. Divide by 255 whatever the images hold, so "
            "that the same grey gives the same number in every image: 0 is black, 1 is white.",
        ),
        Misconception(
            "wrong-type",
            (
                _scaled(lambda x: x // 255),
                _scaled(lambda x: np.round(x / 255)),
            ),
            "Only 0 and 1 are left: the fractions are cut off or rounded. Divide with `/` and keep "
            "floating-point numbers; do not turn them back into integers.",
        ),
        Misconception(
            "swapped",
            (
                _ordered(lambda x, n: x.transpose(0, 2, 1).reshape(n, -1)),
                _ordered(lambda x, n: x.reshape(-1, n).T),
                _ordered(lambda x, n: x.transpose(1, 2, 0).reshape(n, -1)),
                _ordered(lambda x, n: x.reshape(n, -1).T),
                _ordered(lambda x, n: x.reshape(-1, n)),
            ),
            "The grey values come in another order than image by image and, within an image, row by "
            "row. A picture drawn from a row of the result would be turned or scrambled; reshape to n "
            "rows does it without any transpose.",
        ),
        Misconception(
            "wrong-shape",
            (
                _ordered(lambda x, n: x),
                _ordered(lambda x, n: x.ravel()),
                _ordered(lambda x, n: x.reshape(1, -1)),
                _ordered(lambda x, n: x.reshape(n, -1, 1)),
            ),
            "The result has the wrong shape. Each image becomes one row: (n, h, w) turns into "
            "(n, h·w), also when n is 1.",
        ),
        general.first_example_only(
            flatten_images, says="Only the first image comes back; there is a row for every image."
        ),
    ),
    right=(_with_loops, _float32, _filled, _concatenated),
    hints=(
        "What is the shape of ten images of 28 × 28, and what must it become? The numbers themselves "
        "stay in the order in which numpy holds them.",
        "reshape takes the number of rows you want, and −1 for “whatever is left”. Then bring 0 … 255 "
        "to 0 … 1.",
        "images.reshape(n, -1) with n = len(images), and that divided by 255.",
    ),
    slide="deck A, “2.1 NN examples: MNIST dataset”",
    ready_made=("nnkit.datasets",),
    equivalents={
        f"return images.reshape(len(images), {size}) / 255": "numpy takes any negative size as the rest"
        for size in ("~1", "-2")
    },
)
