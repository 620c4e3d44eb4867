"""The examples in nnkit's docstrings are run, in every module."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import nnkit

MODULES = ["nnkit", *(module.name for module in pkgutil.walk_packages(nnkit.__path__, "nnkit."))]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(import_module(name)).failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in MODULES for test in finder.find(import_module(name))]
    assert sum(bool(test.examples) for test in found) > 20
