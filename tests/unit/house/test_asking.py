"""Nobody is served who was not asked about: every use case with a grant asks before anything else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SERVICES = Path(__file__).parents[3] / "src" / "jobferry" / "services"

MAY_SKIP = {
    "Runtime.event": "writes down what was done",
    "Runtime.allow": "is the question itself",
    "Runtime.change": "asks by Runtime.attempt",
    "CheckedImports.difference": "asks by CheckedImports._looked_at",
    "CheckedImports.differences": "asks by CheckedImports._looked_at",
    "CheckedImports.texts": "asks by CheckedImports._looked_at",
    "Exports.previewed": "shows only what its caller has asked for here",
    "LastCheck.of": "compares what the caller may do with what was asked about",
}
"""Methods that take a grant and do not ask, each with its reason."""


def methods() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted(SERVICES.rglob("*.py")):
        for one in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(one, ast.ClassDef):
                for part in one.body:
                    if isinstance(part, ast.FunctionDef):
                        yield f"{one.name}.{part.name}", part


def takes_grant(method: ast.FunctionDef) -> bool:
    arguments = [*method.args.posonlyargs, *method.args.args, *method.args.kwonlyargs]
    return any(ast.unparse(one.annotation) == "Grant" for one in arguments if one.annotation is not None)


def asks(statement: ast.stmt) -> bool:
    """By itself, or with the rights that follow grant and event of an attempt or a change."""
    return any(
        isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and (
            one.func.attr in ("allow", "_allow")
            or (one.func.attr in ("attempt", "change") and len(one.args) > 2)
        )
        for one in ast.walk(statement)
    )


def touches_the_store(statement: ast.stmt) -> bool:
    return any(
        isinstance(one, ast.Attribute) and one.attr in ("read", "write") for one in ast.walk(statement)
    )


def test_every_public_use_case_with_a_grant_asks_before_it_looks() -> None:
    judged, silent = 0, []
    for name, method in methods():
        if not takes_grant(method) or name in MAY_SKIP or method.name.startswith("_"):
            continue
        judged += 1
        first = next((index for index, one in enumerate(method.body) if asks(one)), None)
        if first is None or any(touches_the_store(one) for one in method.body[:first]):
            silent.append(name)
    assert silent == []
    assert judged > 25


def test_the_exceptions_exist() -> None:
    assert MAY_SKIP.keys() <= {name for name, method in methods() if takes_grant(method)}
