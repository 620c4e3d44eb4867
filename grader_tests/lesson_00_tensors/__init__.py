"""Lesson 00: images, labels and tables as tensors."""

from grader_tests.lesson_00_tensors import flatten_images, one_hot, zscore

EXERCISES = (flatten_images.EXERCISE, one_hot.EXERCISE, zscore.EXERCISE)
