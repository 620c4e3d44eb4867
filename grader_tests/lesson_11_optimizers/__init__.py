"""Lesson 11: momentum, RMSprop, Adam and weight decay."""

from grader_tests.lesson_11_optimizers import (
    adam_step,
    l2_gradients,
    momentum_step,
    rmsprop_step,
)

EXERCISES = (
    momentum_step.EXERCISE,
    rmsprop_step.EXERCISE,
    adam_step.EXERCISE,
    l2_gradients.EXERCISE,
)
