"""The data of the course, and how to get it.

==============  ====================================================================================
``deck_b``      deck B's ten observations: `two_three_one`
``tables``      house prices: `house_prices_by_size`, `house_prices`; deck D's `three_points`
``bank_loans``  deck C's bank: its `loans`, and the `bank` itself
``points``      two classes in the plane: `blobs`, `xor`, `moons`, `circles`, `spirals`
``pictures``    handwritten digits: `digits`, `mnist`, and `load`, which takes either by name
==============  ====================================================================================

Everything but the pictures is small, and most of it is made up here, with the formula in the
docstring. `mnist_files` finds, downloads and reads the files of MNIST.
"""

from nnkit.datasets.bank_loans import bank, loans
from nnkit.datasets.deck_b import TwoThreeOne, two_three_one
from nnkit.datasets.mnist_files import MIRRORS, MNIST_FILES, DatasetError
from nnkit.datasets.pictures import LOADERS, Dataset, digits, load, mnist
from nnkit.datasets.points import blobs, circles, moons, spirals, xor
from nnkit.datasets.tables import Table, house_prices, house_prices_by_size, three_points

__all__ = [
    "LOADERS",
    "MIRRORS",
    "MNIST_FILES",
    "Dataset",
    "DatasetError",
    "Table",
    "TwoThreeOne",
    "bank",
    "blobs",
    "circles",
    "digits",
    "house_prices",
    "house_prices_by_size",
    "load",
    "loans",
    "mnist",
    "moons",
    "spirals",
    "three_points",
    "two_three_one",
    "xor",
]
