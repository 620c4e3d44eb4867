"""Lesson 05: one number that says how wrong a net is."""

from grader_tests.lesson_05_cost import cross_entropy, mse, quadratic_cost, squared_error

EXERCISES = (
    squared_error.EXERCISE,
    mse.EXERCISE,
    quadratic_cost.EXERCISE,
    cross_entropy.EXERCISE,
)
