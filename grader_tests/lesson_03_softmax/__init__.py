"""Lesson 03: from scores to probabilities and classes."""

from grader_tests.lesson_03_softmax import multi_hot, predict_class, predict_labels, softmax

EXERCISES = (
    softmax.EXERCISE,
    predict_class.EXERCISE,
    multi_hot.EXERCISE,
    predict_labels.EXERCISE,
)
