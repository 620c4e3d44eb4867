"""What the lesson's exercises share: scores without ties."""

from __future__ import annotations

import numpy as np


def random_scores(rng: np.random.Generator, n: int, k: int, spread: float = 1.0) -> np.ndarray:
    """Draw scores (n, k), of either sign, any two of a row and of a column at least 0.1·spread apart."""
    while True:
        Z = rng.uniform(-2.0, 2.0, (n, k)) * spread
        if all(_apart(line, 0.1 * spread) for line in (*Z, *Z.T)):
            return Z


def _apart(line: np.ndarray, distance: float) -> bool:
    return bool(np.all(np.diff(np.sort(line)) > distance))
