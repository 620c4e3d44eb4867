"""A bank that decides on loans: officers, supervisors and a manager, all of them perceptrons.

The bank is deck C's; its rules and its customers are invented for this course.
"""

import numpy as np

from nnkit.datasets.tables import Table, checked_options
from nnkit.perceptron import Perceptron, decisions


def bank(supervisors: bool = True) -> list[list[Perceptron]]:
    """Return the bank as layers of perceptrons: 5-8-1, or 5-1 without supervisors.

    Every officer has a rule of their own for an application (income and debts in thousand €)::

        officer 1     income > 2 · debts
                2     income > 45
                3     income + 2 · years > 75
                4     no missed payment
                5     2 · income − debts + 2 · years − 20 · missed > 50

    The supervisors know the officers' answers alone::

        supervisor 1  officers 1 and 2 say yes: the money is there
                   2  officers 3 and 4 say yes: the customer can be trusted
                   3  at least three officers say yes
                   4  all officers say yes
                   5  at least one officer says yes
                   6  officer 5 says yes, or officers 1 and 4 both do
                   7  officer 4 says yes
                   8  officer 3 or officer 5 says yes

    The manager says yes if supervisors 1 and 2 both do; if one of them does, the majority of the
    other six decides, and a tie is a yes.

    No single perceptron comes to these decisions from the officers' answers: "1 and 2, or 3 and 4"
    is no matter of weights, as XOR is none. That is what supervisors are for. In the bank without
    them the manager counts: at least three officers have to say yes.

    Parameters
    ----------
    supervisors : bool
        Whether there are supervisors between the officers and the manager.

    Returns
    -------
    list of lists of Perceptron
        Officers (of 4 inputs: income, debts, years, missed), supervisors, manager.

    References
    ----------
    Deck C, "Bank Loan Example – 3 layer Neural Network" (which shows the two layers) and "… –
    2 layer Neural Network" (which shows the three). The deck has no numbers: the rules are this
    course's.
    """
    officers = [
        Perceptron(4, w=[1, -2, 0, 0]),
        Perceptron(4, w=[1, 0, 0, 0], b=-45),
        Perceptron(4, w=[1, 0, 2, 0], b=-75),
        Perceptron(4, w=[0, 0, 0, -1], b=0.5),
        Perceptron(4, w=[2, -1, 2, -20], b=-50),
    ]
    at_least_three = Perceptron(5, w=[1, 1, 1, 1, 1])
    if not supervisors:
        return [officers, [at_least_three]]
    return [
        officers,
        [
            Perceptron(5, w=[1, 1, 0, 0, 0], b=-1),
            Perceptron(5, w=[0, 0, 1, 1, 0], b=-1),
            at_least_three,
            Perceptron(5, w=[1, 1, 1, 1, 1], b=-4),
            Perceptron(5, w=[1, 1, 1, 1, 1], b=4),
            Perceptron(5, w=[1, 0, 0, 1, 2], b=1),
            Perceptron(5, w=[0, 0, 0, 1, 0]),
            Perceptron(5, w=[0, 0, 1, 0, 1], b=1),
        ],
        [Perceptron(8, w=[4, 4, 1, 1, 1, 1, 1, 1], b=1)],
    ]


def loans(n: int = 200, supervisors: bool = True, seed: int | None = 0) -> Table:
    """Return `n` invented applications for a loan, and what the `bank` said to each.

    ::

        income   10 + a gamma random number (shape 4, scale 10), rounded     thousand € a year
        debts    an exponential random number of mean 40, rounded            thousand €
        years    0 to 30 in the present job
        missed   payments missed, a Poisson random number of mean 1

    Parameters
    ----------
    n : int
        Number of applications.
    supervisors : bool
        Which bank decides: officers, supervisors and a manager, or officers and a manager.
    seed : int or None
        The same seed gives the same applications; None gives others at every call.

    Returns
    -------
    Table
        X: income, debts, years, missed, shape (n, 4). Y: the manager's decision, +1 or −1, shape
        (n, 1). ``between``: the answers of the officers, shape (n, 5), and of the supervisors,
        shape (n, 8), if there are any. About four loans in ten are granted.

    References
    ----------
    Deck C, "Bank Loan Example". The numbers are this course's.

    Examples
    --------
    >>> loans()
    loans: 200 rows
    income  debts  years  missed  manager
        49      4     28       3        1
        60     34      3       3       -1
        37    101      4       0       -1
        78     31     13       1        1
        35      9     18       1       -1
    … 195 more
    between: officers (200, 5)
    between: supervisors (200, 8)
    """
    n, _, rng = checked_options(n, 0, seed)
    X = np.column_stack(
        [
            np.round(10 + rng.gamma(4, 10, n)),
            np.round(rng.exponential(40, n)),
            rng.integers(0, 31, n),
            rng.poisson(1, n),
        ]
    )
    *between, manager = decisions(bank(supervisors), X)
    return Table(
        "loans",
        ("income", "debts", "years", "missed"),
        ("manager",),
        X,
        manager,
        dict(zip(("officers", "supervisors"), between, strict=False)),
    )
