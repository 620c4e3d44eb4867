"""The names of the known mistakes, shared by all exercises so that a class's mistakes can be counted.

`NAMES` maps each name to the general sentence about it; an exercise says what the mistake does there.
"""

from __future__ import annotations

NAMES: dict[str, str] = {
    "not-implemented": "The function is still the stub.",
    "returns-nothing": "The function ends without `return`, so its result is None.",
    "borrowed": "The task is to write this function; one that calls a ready implementation earns no "
    "points, though it is a fine way to compare results.",
    "raises": "The function stops with an exception.",
    "too-slow": "The function does not come to an end in time; look for a loop that never stops.",
    "wrong-type": "The result is not made of numbers in the form that is asked for.",
    "wrong-shape": "The result has the wrong shape.",
    "unstable": "The result has NaN or infinite entries where finite numbers belong.",
    "modifies-arguments": "The function changes an array that it was given; the caller still needs it. "
    "Make a new array (`W - step`) instead of changing the old one (`W -= step`).",
    "keeps-state": "The second call with the same arguments gives another result: something is kept "
    "between calls.",
    "not-deterministic": "The same generator state gives different results: draw from `rng` and from "
    "nothing else.",
    "hard-coded": "The result is the same whatever the arguments are.",
    "ignores-argument": "One of the arguments has no effect on the result.",
    "missing-bias": "The bias is not added.",
    "missing-transpose": "A matrix is used where its transpose belongs.",
    "wrong-axis": "A sum, mean or maximum runs along the wrong axis.",
    "wrong-sign": "The sign is the wrong way round.",
    "sum-instead-of-mean": "A sum stands where a mean is asked for.",
    "mean-instead-of-sum": "A mean stands where a sum is asked for.",
    "wrong-factor": "The result is off by a constant factor.",
    "missing-activation": "A weighted sum is passed on without its activation function.",
    "wrong-activation": "Another activation function is used than the one asked for.",
    "missing-derivative": "The derivative of the activation function is left out.",
    "derivative-of-activation": "σ′ is taken at the activation a instead of at z; written with a it is "
    "a(1 − a).",
    "off-by-one-layer": "Values of a neighbouring layer are used.",
    "off-by-one-epoch": "The number of updates is off by one.",
    "missing-learning-rate": "The learning rate is left out.",
    "updated-weights": "New weights are used where the old ones belong.",
    "one-by-one": "The weights are changed after every single observation instead of once for all.",
    "stale-state": "Values that belong to different moments are put together.",
    "first-example-only": "Only the first example of the batch is used.",
    "swapped": "Two results, or two axes, are exchanged.",
    "population-sd": "The standard deviation divides by n instead of n − 1.",
    "no-shift": "Softmax is taken without subtracting the largest score first.",
    "no-bias-correction": "Adam's averages are used without their bias correction.",
    "wrong-time-step": "The time step in Adam's bias correction is off.",
    "drops-last-batch": "The last, smaller batch is left out.",
    "no-shuffle": "The examples come in their original order.",
    "breaks-pairs": "X and Y are shuffled apart, so examples get other examples' labels.",
    "penalises-bias": "The penalty is applied to biases too.",
    "no-clip": "The result is not kept within its limits.",
    "wrong-boundary": "The case of equality falls on the wrong side (> and ≥).",
    "wrong-distribution": "The random numbers come from another distribution.",
    "wrong-log-base": "The logarithm has the wrong base; the natural logarithm is meant.",
    "epsilon-inside-root": "ε is added under the root instead of beside it.",
    "recomputes": "A value is computed more than once.",
    "leaves-device": "The numbers leave the array module or the device that they are on.",
    "array-methods": "A method stands where a function of the array's module belongs; not every "
    "module's arrays have methods.",
    "changes-dtype": "The result has another dtype than what was handed over.",
    "wrong-module": "It is a module, but not the one that has the array's functions.",
    "counts-biases": "Biases are counted where they should not be.",
    "adds-instead-of-multiplies": "Numbers are added where they belong multiplied.",
    "product-of-all": "Everything is multiplied together where products belong added.",
    "no-sign": "The gradient itself is used where only its sign is asked for.",
    "no-error": "No exception is raised where one is asked for.",
    "wrong-bias": "The bias does not put the threshold where it belongs.",
    "one-sided": "A one-sided difference quotient stands where a central one is asked for.",
    "wrong-norm": "Sizes are measured otherwise than by the root of the sum of all squares.",
    "wrong-denominator": "The difference is divided by something else than asked for.",
    "piece-by-piece": "Relative errors of single pieces are averaged; one for all numbers together "
    "is asked for.",
    "with-replacement": "Examples are drawn with replacement, so some come twice and others never.",
    "misplaced-square": "The square is missing or misplaced: every difference is squared by itself.",
    "visible-epsilon": "An ε that is meant to prevent ln 0 is so large that it shows in the result.",
    "hard-labels": "Soft targets are treated as if one class were certain.",
    "extra-term": "A term is added that does not belong there.",
    "wrong-stop": "The loop stops on another condition than the one asked for.",
    "missing-factor": "A factor of the chain rule is left out.",
}
