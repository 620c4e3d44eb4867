"""Lesson 07: the chain rule, from one neuron per layer to the tiny net."""

from grader_tests.lesson_07_chain import (
    chain_forward,
    chain_gradients,
    hidden_deltas,
    output_deltas,
)

EXERCISES = (
    chain_forward.EXERCISE,
    chain_gradients.EXERCISE,
    output_deltas.EXERCISE,
    hidden_deltas.EXERCISE,
)
