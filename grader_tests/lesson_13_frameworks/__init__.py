"""Lesson 13: what frameworks do for us, in small: graphs, TensorBoard's curves, Keras' summary."""

from grader_tests.lesson_13_frameworks import parameter_table, run, smooth

EXERCISES = (
    run.EXERCISE,
    smooth.EXERCISE,
    parameter_table.EXERCISE,
)
