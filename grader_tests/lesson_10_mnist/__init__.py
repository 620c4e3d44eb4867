"""Lesson 10: mini-batches, training on digits, and how good the result is."""

from grader_tests.lesson_10_mnist import (
    accuracy,
    confusion_matrix,
    iterate_minibatches,
    sgd_step,
    train_epoch,
)

EXERCISES = (
    iterate_minibatches.EXERCISE,
    sgd_step.EXERCISE,
    train_epoch.EXERCISE,
    accuracy.EXERCISE,
    confusion_matrix.EXERCISE,
)
