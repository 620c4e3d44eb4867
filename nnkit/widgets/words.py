"""Numbers in the sentences and formulas of the explorers."""

import numpy as np


def short(value: float) -> str:
    """Write a number with four digits at most, and with a minus as wide as a plus."""
    return format(value, ".4g" if abs(value) < 1e4 else ",.0f").replace("-", "−")


def written_sum(w: np.ndarray, x: np.ndarray, b: float) -> str:
    """Write w·x + b with its numbers filled in.

    Examples
    --------
    >>> written_sum(np.array([1.0, -1.0]), np.array([49.0, 4.0]), -20)
    '1 · 49 − 1 · 4 − 20'
    """
    terms = [(wi, f"{short(abs(wi))} · {short(xi)}") for wi, xi in zip(w, x, strict=True)]
    terms.append((b, short(abs(b))))
    first, text = terms[0]
    signed = [f" {'−' if factor < 0 else '+'} {term}" for factor, term in terms[1:]]
    return f"{'−' if first < 0 else ''}{text}{''.join(signed)}"
