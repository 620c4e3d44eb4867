"""Lesson 00's exercises as strangers write them, and the decks' numbers."""

import numpy as np
import pytest

import nnkit
from grader_tests import exercises, judge

LESSON = "00-tensors"
EXERCISES = exercises(LESSON)
SEEDS = range(10)


def judged(name, answer):
    return [judge(LESSON, name, answer, seed=seed) for seed in SEEDS]


def test_the_contract_s_signatures():
    assert {name: task.parameters for name, task in EXERCISES.items()} == {
        "flatten_images": ["images"],
        "one_hot": ["labels", "n_classes"],
        "zscore": ["X"],
    }
    assert [task.points for task in EXERCISES.values()] == [7, 7, 7]


def test_the_references_against_the_decks_and_the_data():
    data = nnkit.datasets.two_three_one()
    np.testing.assert_array_equal(EXERCISES["zscore"].reference(data.X_raw).round(2), data.X)
    images = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    rows = EXERCISES["flatten_images"].reference(images)
    np.testing.assert_allclose(rows * 255, [range(12), range(12, 24)])
    table = EXERCISES["one_hot"].reference(np.array([2, 0], dtype=np.uint8), 4)
    np.testing.assert_array_equal(table, [[0, 0, 1, 0], [1, 0, 0, 0]])


def by_view(images):
    images = np.ascontiguousarray(images).view()
    images.shape = (images.shape[0], images.shape[1] * images.shape[2])
    return images * (1.0 / 255.0)


def pixel_by_pixel(images):
    n, h, w = np.shape(images)
    return np.fromfunction(
        np.vectorize(lambda i, j: images[int(i), int(j) // w, int(j) % w] / 255), (n, h * w)
    )


def by_flat_index(labels, n_classes):
    Y = np.zeros(len(labels) * n_classes)
    Y[np.arange(len(labels)) * n_classes + labels] = 1.0
    return Y.reshape(-1, n_classes)


def by_put_along_axis(labels, n_classes):
    Y = np.zeros((labels.shape[0], n_classes), dtype=np.int8)
    np.put_along_axis(Y, labels[:, np.newaxis].astype(int), 1, axis=1)
    return Y


def by_moments(X):
    n = X.shape[0]
    mean, square = X.sum(axis=0) / n, (1.0 * X**2).sum(axis=0) / n
    return (X - mean) / np.sqrt((square - mean**2) * n / (n - 1))


def column_by_column(X):
    Z = np.array(X, dtype=float)
    for j in range(Z.shape[1]):
        Z[:, j] -= Z[:, j].mean()
        Z[:, j] /= np.linalg.norm(Z[:, j]) / np.sqrt(len(Z) - 1)
    return [list(row) for row in Z]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("flatten_images", by_view),
        ("flatten_images", pixel_by_pixel),
        ("one_hot", by_flat_index),
        ("one_hot", by_put_along_axis),
        ("zscore", by_moments),
        ("zscore", column_by_column),
    ],
)
def test_unusual_but_right(name, answer):
    for verdict in judged(name, answer):
        assert (verdict.status, verdict.misconceptions) == ("pass", []), verdict.text()


def last_label_wins(labels, n_classes):
    Y = np.zeros((len(labels), n_classes))
    Y[-1, labels] = 1
    return Y


@pytest.mark.parametrize(
    ("name", "answer", "misconceptions"),
    [
        ("flatten_images", lambda im: im[:, :, ::-1].reshape(len(im), -1) / 255, []),
        ("flatten_images", lambda im: np.round(im.reshape(len(im), -1) / 255, 3), []),
        ("flatten_images", lambda im: im.mean(axis=2) / 255, ["wrong-shape"]),
        ("flatten_images", lambda im: (im.reshape(len(im), -1) + np.uint8(40)) / 255, []),
        ("flatten_images", lambda im: np.rot90(im, axes=(1, 2)).reshape(len(im), -1) / 255, []),
        ("one_hot", lambda labels, k: np.tril(np.ones((k, k)))[labels], []),
        ("one_hot", last_label_wins, []),
        ("one_hot", lambda labels, k: np.eye(k + 1)[labels], ["wrong-shape"]),
        ("one_hot", lambda labels, k: np.eye(k)[np.sort(labels)], []),
        ("zscore", lambda X: (X - np.median(X, axis=0)) / X.std(axis=0, ddof=1), []),
        ("zscore", lambda X: (X - X.mean(axis=0)) / (X.std(axis=0, ddof=1) + 1), []),
        ("zscore", lambda X: (X - X[0]) / X.std(axis=0, ddof=1), []),
        ("zscore", lambda X: np.round((X - X.mean(0)) / X.std(0, ddof=1), 2), []),
    ],
)
def test_wrong_in_a_way_of_its_own(name, answer, misconceptions):
    for verdict in judged(name, answer):
        assert verdict.score < verdict.max_score, verdict.text()
        assert verdict.misconceptions == misconceptions, verdict.text()


def test_half_right_is_worth_something():
    labels_only_int64 = lambda labels, k: np.eye(k)[labels] * (labels.dtype == np.int64)
    assert judge(LESSON, "one_hot", labels_only_int64, seed=1).score == 6
    no_integers = lambda X: (X - X.mean(axis=0)) / X.std(axis=0, ddof=1) * (X.dtype == float)
    assert judge(LESSON, "zscore", no_integers, seed=1).score == 6
    in_place = lambda X: np.divide(np.subtract(X, X.mean(0), X), X.std(0, ddof=1), X)
    assert judge(LESSON, "zscore", in_place, seed=1).misconceptions == [
        "raises",
        "modifies-arguments",
    ]


def test_ready_made_answers_are_refused():
    from nnkit.datasets.deck_b import _zscore
    from nnkit.datasets.pictures import _to_rows
    from nnkit.losses import targets_from_classes

    for name, answer in (
        ("flatten_images", lambda images: _to_rows(images)),
        ("one_hot", lambda labels, k: targets_from_classes(labels, k)),
        ("zscore", lambda X: _zscore(X)),
    ):
        verdict = judge(LESSON, name, answer, seed=1)
        assert (verdict.score, verdict.misconceptions) == (0, ["borrowed"]), verdict.text()
