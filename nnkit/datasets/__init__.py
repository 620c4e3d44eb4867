"""The data of the course, and how to get it.

==============  ====================================================================================
``deck_b``      deck B's ten observations: `two_three_one`
``pictures``    handwritten digits: `digits`, `mnist`, and `load`, which takes either by name
==============  ====================================================================================

`mnist_files` finds, downloads and reads the files of MNIST.
"""

from nnkit.datasets.deck_b import TwoThreeOne, two_three_one
from nnkit.datasets.mnist_files import MIRRORS, MNIST_FILES, DatasetError
from nnkit.datasets.pictures import LOADERS, Dataset, digits, load, mnist

__all__ = [
    "LOADERS",
    "MIRRORS",
    "MNIST_FILES",
    "Dataset",
    "DatasetError",
    "TwoThreeOne",
    "digits",
    "load",
    "mnist",
    "two_three_one",
]
