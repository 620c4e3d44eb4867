"""Break a reference in every small way there is, to see whether the check notices.

Cosmic Ray changes operators, comparisons, numbers and loops; terms are dropped and arguments exchanged
here, which it does not do.
"""

from __future__ import annotations

import ast
import copy
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cosmic_ray import mutating, plugins

from grader_tests.exercise import Exercise

# These two put random numbers in and would give other mutants at every run.
RANDOM = ("core/VariableReplacer", "core/VariableInserter")


@dataclass(frozen=True)
class Mutant:
    """A broken copy of a reference: the line that was changed, as it is now, and the function."""

    line: str
    function: Callable[..., Any]


def mutants(task: Exercise) -> Iterator[Mutant]:
    """Go through all broken copies of an exercise's reference, each once."""
    tree = _bare(task.reference)
    original = ast.unparse(tree)
    seen = {original}
    for source in (*_by_cosmic_ray(original), *_by_syntax_tree(tree)):
        source = _normal(source)
        if source not in seen:
            seen.add(source)
            yield Mutant(_changed_line(original, source), _compiled(task, source))


def _bare(function: Callable[..., Any]) -> ast.Module:
    """Parse a function without docstring and annotations, which change nothing it computes."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    if ast.get_docstring(definition):
        del definition.body[0]
    definition.returns = None
    for argument in ast.walk(definition.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return tree


def _normal(source: str) -> str:
    return ast.unparse(ast.parse(source))


def _by_cosmic_ray(source: str) -> Iterator[str]:
    for name in plugins.operator_names():
        if name in RANDOM:
            continue
        operator, occurrence = plugins.get_operator(name)(), 0
        while (mutated := mutating.mutate_code(source, operator, occurrence)) is not None:
            occurrence += 1
            if _is_python(mutated):
                yield mutated


def _is_python(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _by_syntax_tree(tree: ast.Module) -> Iterator[str]:
    for number, node in enumerate(ast.walk(tree)):
        for replacement in _replacements(node):
            copied = copy.deepcopy(tree)
            target = list(ast.walk(copied))[number]
            yield ast.unparse(_Replace(target, replacement).visit(copied))


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    """Drop either side of an operation; exchange neighbouring arguments or results."""
    if isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
    for field in ("args", "elts"):
        items = getattr(node, field, None)
        if isinstance(node, ast.Call | ast.Tuple) and isinstance(items, list):
            for i in range(len(items) - 1):
                exchanged = copy.deepcopy(node)
                setattr(exchanged, field, [*items[:i], items[i + 1], items[i], *items[i + 2 :]])
                yield exchanged


class _Replace(ast.NodeTransformer):
    def __init__(self, target: ast.AST, replacement: ast.AST) -> None:
        self.target, self.replacement = target, replacement

    def visit(self, node: ast.AST) -> Any:
        return self.replacement if node is self.target else self.generic_visit(node)


def _changed_line(original: str, mutated: str) -> str:
    before = original.splitlines()
    after = [line for line in mutated.splitlines() if line not in before]
    return after[0].strip() if after else "(a line is gone)"


def _compiled(task: Exercise, source: str) -> Callable[..., Any]:
    namespace = dict(vars(sys.modules[task.reference.__module__]))
    exec(compile(source, f"mutant of {task.name}", "exec"), namespace)
    function: Callable[..., Any] = namespace[task.name]
    return function
