"""Lesson 06: a line found by gradient descent, and gradients without calculus."""

from grader_tests.lesson_06_gradient_descent import (
    descend,
    gradient_step,
    numerical_gradient,
    ssr,
    ssr_gradient,
)

EXERCISES = (
    ssr.EXERCISE,
    ssr_gradient.EXERCISE,
    gradient_step.EXERCISE,
    descend.EXERCISE,
    numerical_gradient.EXERCISE,
)
