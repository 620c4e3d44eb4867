"""Lesson 04: from one layer to the forward pass of any net."""

from grader_tests.lesson_04_forward import count_parameters, dense, forward, init_params

EXERCISES = (
    count_parameters.EXERCISE,
    init_params.EXERCISE,
    dense.EXERCISE,
    forward.EXERCISE,
)
