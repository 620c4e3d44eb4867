"""Notice which functions of nnkit are called.

nnkit's modules are compiled with one more line in every function, which rings the function's bell. An
exercise names the modules that hold a ready implementation of what it asks; an answer that makes their
bells ring is no answer. It costs nothing where nnkit is not called. Bells are bytes of shared memory, so
that those rung in a child process are heard as well; and nnkit's source is not there to be read or
imported once more (see :meth:`course.execution.process.Zygote`).

This finds students who call nnkit. It cannot find those who paste its source: nnkit is there to be
learned from, and text that was copied is text that was written.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import mmap
import sys
import types
from collections.abc import Sequence

PACKAGE = "nnkit"
BELL = "__ring__"

_names: list[str] = []  # of the functions, by the number of their bells
_bells = mmap.mmap(-1, mmap.PAGESIZE)


class Finder(importlib.abc.MetaPathFinder):
    """Finds nnkit's modules where they are, and has them compiled with bells."""

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the spec of a module of nnkit, None for any other."""
        if name.partition(".")[0] != PACKAGE:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
            return spec
        places = spec.submodule_search_locations
        loader = Loader(name, spec.origin)
        return importlib.util.spec_from_file_location(
            name, spec.origin, loader=loader, submodule_search_locations=places
        )


class Loader(importlib.machinery.SourceFileLoader):
    """Compiles a module with a bell in every function."""

    def get_code(self, fullname: str) -> types.CodeType:
        """Compile the source; cached bytecode has no bells."""
        path = self.get_filename(fullname)
        return compile(with_bells(self.get_data(path), fullname), path, "exec", dont_inherit=True)

    def exec_module(self, module: types.ModuleType) -> None:
        """Give the module its bell, then run it."""
        setattr(module, BELL, _ring)
        super().exec_module(module)


def install() -> None:
    """Have nnkit compiled with bells from now on."""
    sys.meta_path.insert(0, Finder())


def hang_up() -> None:
    """Give this process, and the children that it will have, bells of their own."""
    global _bells
    _bells = mmap.mmap(-1, len(_names) + 1)


def silence() -> None:
    """Forget what has rung."""
    _bells[:] = bytes(len(_bells))


def heard() -> list[str]:
    """Name the functions whose bells have rung."""
    return [name for name, rung in zip(_names, _bells, strict=False) if rung != b"\0"]


def _ring(number: int) -> None:
    _bells[number] = 1


def with_bells(source: bytes | str, module: str) -> ast.Module:
    """Parse a module and put a call of its bell at the start of every function."""
    tree: ast.Module = _Ringing(module).visit(ast.parse(source))
    return ast.fix_missing_locations(tree)


class _Ringing(ast.NodeTransformer):
    def __init__(self, module: str) -> None:
        self._path = [module]

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._within(node, node.name)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self._within(node, node.name)
        start = 1 if ast.get_docstring(node, clean=False) is not None else 0
        node.body.insert(start, ast.Expr(self._ring(node.name), lineno=node.lineno, col_offset=0))
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self._within(node, "<lambda>")
        pair = ast.Tuple([self._ring("<lambda>"), node.body], ast.Load())
        node.body = ast.Subscript(pair, ast.Constant(1), ast.Load())
        return node

    def _within(self, node: ast.AST, name: str) -> ast.AST:
        self._path.append(name)
        self.generic_visit(node)
        self._path.pop()
        return node

    def _ring(self, name: str) -> ast.Call:
        _names.append(".".join([*self._path, name]))
        return ast.Call(ast.Name(BELL, ast.Load()), [ast.Constant(len(_names) - 1)], [])
