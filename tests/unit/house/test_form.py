"""The house rules that a machine can hold: sizes, who may encode, and what may not be recorded."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "src" / "jobferry"
MODULES = sorted(SOURCE.rglob("*.py"))

MAY_ENCODE = {
    "model/document/edits.py",  # the only place where a document's text is changed
    "model/document/text.py",  # counts keys, keeps nothing
    "model/document/facts.py",  # hashes its rules, and is read for exports
    "model/report/receipt_file.py",  # the seal of a receipt file
    "model/transfer/import_context.py",  # digest of edits
    "model/transfer/binding.py",  # digests of what a plan is bound to
    "model/transfer/prior.py",  # the mark of what an import left
    "model/transfer/target_state.py",  # fingerprint
    "model/transfer/export.py",  # the request in a record
    "model/asset_backup.py",  # backup.json
    "services/asset_backups/taking.py",  # the request in a task's row
    "services/exporting/request.py",  # the request in a task's row
    "services/importing/check_result.py",  # edits that a difference is made from
    "model/webhook.py",  # what a webhook is sent
    "services/people/provider_sign_in.py",  # a sign-in that has begun
    "services/importing/receive.py",  # the request in a task's row
    "services/importing/differences.py",  # a text as it is shown, laid out
    "services/connection_secrets.py",  # a connection's secrets, before they are sealed
    "services/surroundings/exporting.py",  # a variable as it travels
}
"""Rooms that handle documents may encode only here, and never a document."""


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            yield one


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def test_modules_and_functions_are_short() -> None:
    long = [name_of(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 600]
    long += [f"{name_of(path)} {one.name}" for path in MODULES for one in functions(path) if length(one) > 50]
    assert long == []


def test_no_room_has_a_name_that_says_nothing() -> None:
    vague = {"utils", "helpers", "common", "manager", "base", "misc"}
    assert [name_of(path) for path in MODULES if vague & set(path.with_suffix("").parts)] == []


def test_documents_are_encoded_in_one_place_only() -> None:
    encoding = re.compile(r"msgspec\.json\.encode|json\.dumps|to_builtins")
    rooms = ("model", "check", "plan", "services")
    found = {
        name_of(path)
        for room in rooms
        for path in (SOURCE / room).rglob("*.py")
        if encoding.search(path.read_text(encoding="utf-8"))
    }
    assert found == MAY_ENCODE


def test_constraints_pin_everything_and_record_no_host() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert [line for line in lines if not re.match(r"[a-z0-9.\-]+==[^ ]+( ;.*)?\Z", line)] == []


def test_no_file_names_where_packages_are_fetched_from() -> None:
    for name in ("pyproject.toml", "Makefile", "constraints.txt", ".ci/run"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"--(extra-)?index-url|--find-links|--index[ =]|://", text), name


def test_every_public_thing_has_a_docstring() -> None:
    bare = [
        f"{name_of(path)}:{one.lineno} {one.name}"
        for path in MODULES
        for one in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(one, ast.FunctionDef | ast.ClassDef)
        and not one.name.startswith("_")
        and not ast.get_docstring(one)
    ]
    assert bare == []
