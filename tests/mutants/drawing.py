"""Which faults there are, and a sample of them: mutmut's operators and two of ours, each applied alone."""

from __future__ import annotations

import difflib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import OPERATORS_TYPE, mutation_operators
from mutmut.mutation.pragma_handling import get_ignored_lines

_PLAIN = (cst.Call, cst.SimpleString, cst.Assign, cst.AnnAssign, cst.AugAssign)
"""Four mutants of five change one of these, and most of them fail at the first call."""
_WEIGHT = 4
"""How much likelier a mutant of anything else (a condition, a comparison, a number) is drawn."""
_HUNK = re.compile(r"^@@ -(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Mutant:
    """One fault in one module."""

    module: str
    """Below ``src/jobferry``."""
    line: int
    text: str
    """The whole module with the fault in it."""
    diff: str
    """The lines that it changes, without context."""


def _turned_around(node: cst.If | cst.While) -> Iterator[cst.CSTNode]:
    """The condition means its opposite."""
    inner = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield node.with_changes(test=cst.UnaryOperation(cst.Not(), inner))


def _left_out(node: cst.SimpleStatementLine) -> Iterator[cst.CSTNode]:
    """A call whose value nobody takes, or a ``raise``, is left out."""
    statement = node.body[0]
    if isinstance(statement, cst.Raise) or (
        isinstance(statement, cst.Expr) and not isinstance(statement.value, (cst.SimpleString, cst.Ellipsis))
    ):
        yield node.with_changes(body=[cst.Pass()])


_OPERATORS: OPERATORS_TYPE = [
    *mutation_operators,
    (cst.If, _turned_around),
    (cst.While, _turned_around),
    (cst.SimpleStatementLine, _left_out),
]


def draw(source: Path, modules: list[str], count: int, seed: int) -> list[Mutant]:
    """``count`` different mutants of these modules of ``source``; the same ones for the same seed."""
    drawn, chance = [], random.Random(seed)  # noqa: S311 - it draws lots
    for module in modules:
        tree, mutations = _mutations(source / module)
        for mutation in mutations:
            weight = 1 if isinstance(mutation.original_node, _PLAIN) else _WEIGHT
            drawn.append((chance.random() ** (1 / weight), module, tree, mutation))
    drawn.sort(key=lambda one: one[0], reverse=True)
    made: dict[tuple[str, str], Mutant] = {}
    for _, module, tree, mutation in drawn:
        if len(made) == count:
            break
        mutant = _made(module, tree, mutation)
        if mutant is not None:
            made.setdefault((mutant.module, mutant.text), mutant)
    return list(made.values())


def _mutations(file: Path) -> tuple[cst.Module, list[Mutation]]:
    text = file.read_text("utf-8")
    wrapper = MetadataWrapper(cst.parse_module(text))
    visitor = MutationVisitor(_OPERATORS, get_ignored_lines(str(file), text, wrapper))
    return wrapper.visit(visitor), visitor.mutations


def _made(module: str, tree: cst.Module, mutation: Mutation) -> Mutant | None:
    """None for what is no Python, or the same as before."""
    mutated = tree.deep_replace(mutation.original_node, mutation.mutated_node)
    assert isinstance(mutated, cst.Module)
    before, after = tree.code.splitlines(), mutated.code.splitlines()
    changed = list(difflib.unified_diff(before, after, lineterm="", n=0))[2:]
    try:
        compile(mutated.code, module, "exec")
    except SyntaxError:
        return None
    if not changed:
        return None
    places = _HUNK.findall(changed[0])
    lines = [line for line in changed if not line.startswith("@@")]
    return Mutant(module, int(places[0]), mutated.code, "\n".join(lines))
