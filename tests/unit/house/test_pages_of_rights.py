"""The pages about roles and the audit say what the code does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jobferry.model.rights import LOOKING, MATRIX, Role

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "docs" / "reference"
SOURCE = ROOT / "src" / "jobferry"


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the table whose first column has that heading."""
    lines = (PAGES / page).read_text(encoding="utf-8").splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    table = lines[start : next(i for i in range(start, len(lines) + 1) if i == len(lines) or not lines[i])]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table if "---" not in line]


def test_the_table_of_roles_is_the_matrix() -> None:
    head, *body = rows("roles.md", "right")
    assert head[1:] == [role.value for role in sorted(Role, key=head.index)]
    told = {
        row[0].strip("`"): {r for r, c in zip(head[1:], row[1:], strict=True) if c == "yes"} for row in body
    }
    assert told == {action.value: {role.value for role in roles} for action, roles in MATRIX.items()}
    assert {cell for row in body for cell in row[1:]} == {"yes", "–"}


def test_what_is_left_to_a_read_only_token_is_told() -> None:
    text = (PAGES / "roles.md").read_text(encoding="utf-8")
    told = text[text.index("A read-only token is good for") :].partition("as far as")[0]
    assert set(re.findall(r"`([a-z-]+)`", told)) == {action.value for action in LOOKING}


def test_the_page_of_the_audit_lists_every_action() -> None:
    listed = [row[0].strip("`") for row in rows("audit.md", "action")[1:]]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(actions_of_the_code())


def test_the_console_has_a_word_for_every_action_and_every_right() -> None:
    words = ROOT / "web" / "src" / "features" / "platform" / "audit" / "actions.ts"
    said = set(re.findall(r'^  "?([a-z-]+)"?: "', words.read_text(encoding="utf-8"), re.MULTILINE))
    refusals = {action.value for action in MATRIX}
    assert {*actions_of_the_code(), *refusals} - said == set()


def actions_of_the_code() -> Iterator[str]:
    """What is given for a parameter ``action: str``, wherever a function has one; and to ``AuditEvent``."""
    files = [path for room in ("services", "bootstrap") for path in sorted((SOURCE / room).rglob("*.py"))]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    places = {name: place for tree in trees for name, place in takers(tree)}
    for tree in trees:
        words = dict(constants(tree))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and (given := action_of(call, places)) is not None:
                yield from literals(given, words)


def takers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Functions with a parameter ``action: str`` and its place, ``self`` not counted."""
    for one in ast.walk(tree):
        if isinstance(one, ast.FunctionDef):
            arguments = [part for part in one.args.args if part.arg != "self"]
            for place, part in enumerate(arguments):
                if part.arg == "action" and part.annotation and ast.unparse(part.annotation) == "str":
                    yield one.name, place


def constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for one in ast.walk(tree):
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            yield one.targets[0].id, one.value


def action_of(call: ast.Call, places: dict[str, int]) -> ast.expr | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in places or name == "AuditEvent":
        for keyword in call.keywords:
            if keyword.arg == "action":
                return keyword.value
    if name in places and len(call.args) > places[name]:
        return call.args[places[name]]
    return None


def literals(given: ast.expr, words: dict[str, ast.expr]) -> Iterator[str]:
    if isinstance(given, ast.Name) and given.id in words:
        given = words[given.id]
    for one in ast.walk(given):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
