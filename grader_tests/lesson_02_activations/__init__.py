"""Lesson 02: activation functions, their derivatives, and why a net needs them."""

from grader_tests.lesson_02_activations import (
    collapse,
    elu,
    elu_prime,
    leaky_relu,
    relu,
    relu_prime,
    sigmoid,
    sigmoid_prime,
    swish,
)

EXERCISES = (
    collapse.EXERCISE,
    sigmoid.EXERCISE,
    sigmoid_prime.EXERCISE,
    relu.EXERCISE,
    relu_prime.EXERCISE,
    leaky_relu.EXERCISE,
    elu.EXERCISE,
    elu_prime.EXERCISE,
    swish.EXERCISE,
)
