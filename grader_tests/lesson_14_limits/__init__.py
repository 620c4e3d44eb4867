"""Lesson 14: what a net can be fooled with, and what it can represent."""

from grader_tests.lesson_14_limits import bump, fgsm, input_gradient

EXERCISES = (
    input_gradient.EXERCISE,
    fgsm.EXERCISE,
    bump.EXERCISE,
)
