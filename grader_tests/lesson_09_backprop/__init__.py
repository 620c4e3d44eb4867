"""Lesson 09: backpropagation through any number of layers, and the check of its gradients."""

from grader_tests.lesson_09_backprop import backward, gradient_check, relative_error

EXERCISES = (
    backward.EXERCISE,
    relative_error.EXERCISE,
    gradient_check.EXERCISE,
)
