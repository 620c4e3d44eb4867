"""Lesson 01: one neuron, from the weighted sum to Rosenblatt's learning rule."""

from grader_tests.lesson_01_neuron import (
    add_bias_input,
    perceptron,
    perceptron_update,
    weighted_sum,
)

EXERCISES = (
    weighted_sum.EXERCISE,
    perceptron.EXERCISE,
    add_bias_input.EXERCISE,
    perceptron_update.EXERCISE,
)
