"""Write down what CuPy offers, for machines without it: test_array_modules.py reads the list.

    pip install cupy-cuda13x==14.2.0
    python tests/nnkit/cupy_names.py > tests/nnkit/cupy_names.txt

Importing CuPy needs no GPU. A line is a name in `cupy`, with its parameters in brackets where
Python can tell them (not of those that are compiled), or an attribute of `cupy.ndarray`.
"""

import inspect

import cupy

STARS = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}


def with_parameters(name: str) -> str:
    """Return ``name`` or ``name(first, second, *others)``."""
    try:
        parameters = inspect.signature(getattr(cupy, name)).parameters.values()
    except (TypeError, ValueError):
        return name
    return f"{name}({', '.join(STARS.get(p.kind, '') + p.name for p in parameters)})"


if __name__ == "__main__":
    print(f"# cupy {cupy.__version__}, written by cupy_names.py")
    for name in sorted(dir(cupy)):
        if not name.startswith("_"):
            print(with_parameters(name))
    for name in sorted(dir(cupy.ndarray)):
        print(f"ndarray.{name}")
