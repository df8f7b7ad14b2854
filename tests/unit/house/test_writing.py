"""There is one way to write: ``Runtime.change`` or ``Attempt.change``. Only background work goes without.

Who writes the whole platform makes everybody wait, on PostgreSQL too: each of these is named with its reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SERVICES = Path(__file__).parents[3] / "src" / "jobferry" / "services"

OTHERS = {
    "asset_backups/aging.py: _remove": "retention, with its row",
    "asset_backups/aging.py: let_go": "retention",
    "asset_backups/schedule.py: _begin": "that a day is backed up, which nobody asks for",
    "asset_backups/schedule.py: _begin_counting": "from which day on that is",
    "asset_backups/schedule.py: _see_to": "that it is over",
    "asset_backups/schedule.py: _try_again": "that a day is tried again",
    "asset_backups/taking.py: _end_failed": "the end of a backup in the background, with its row",
    "asset_backups/taking.py: _finish": "the end of a backup in the background, with its row",
    "asset_backups/taking.py: _refuse_taken_over": "nothing new: that this server may still write",
    "directories.py: _stage": "texts that nobody sees yet",
    "editing/tags.py: stage_retagged": "texts that nobody sees yet",
    "exporting/downloads.py: _sweep": "retention",
    "exporting/downloads.py: begin": "the record of an export, and its row",
    "exporting/downloads.py: finish": "the record of an export, and its row",
    "importing/apply.py: land": "an import or undo in the background, with its receipt and its row",
    "importing/apply.py: stage_texts": "texts that nobody sees yet",
    "importing/check_task.py: _check": "the end of a check in the background",
    "importing/check_task.py: _cut_off": "the end of a check in the background",
    "importing/check_task.py: _refused": "the end of a check in the background",
    "importing/checked.py: _settled": "the end of an import whose process was killed",
    "importing/import_lock.py: _free_cancelled": "the import lock, with the row of who cancelled",
    "importing/import_lock.py: _take": "the import lock, with the row of what began",
    "importing/import_lock.py: free_orphans": "the import lock",
    "importing/import_lock.py: free_slot": "the import lock",
    "importing/receive.py: sweep": "retention",
    "people/provider_sign_in.py: warn_unconfirmed": "notices that no user asks for",
    "importing/task.py: _end_without_receipt": "the end of an import in the background",
    "importing/task.py: _refuse": "the end of an import in the background",
    "importing/undo.py: _end_without_receipt": "the end of an undo in the background",
    "operating/maintenance.py: _sweep_changes": "retention",
    "operating/maintenance.py: _sweep_imports": "retention",
    "operating/maintenance.py: _sweep_receipts": "retention",
    "operating/scheduled_backups.py: _begun": "that a server takes a backup",
    "operating/scheduled_backups.py: _end": "what came of that",
    "operating/webhook.py: _note": "what came of that",
    "operating/webhook.py: _taken": "that a call of the webhook is tried",
    "people/attempts.py: begin": "an attempt to sign in, before there is anybody",
    "people/attempts.py: take_back": "an attempt to sign in, before there is anybody",
    "people/audit.py: sweep": "retention",
    "people/notices.py: _tell": "what background work tells of itself",
    "people/notices.py: mark_read": "a mark of the reader's own, of which the audit is not told",
    "people/notices.py: sweep": "retention",
    "people/provider_sign_in.py: end": "a session of whom the provider knows, and the roles of their groups",
    "people/sign_in.py: _begin": "a session, before there is anybody who could be granted anything",
    "people/sign_in.py: end_old_sessions": "retention",
    "people/sign_in.py: write_down": "last uses",
    "reviewing/reviews.py: sweep": "retention",
}
"""Functions that commit by themselves, and what they write."""

_RIGHTS = "others judge by anybody's rights while they write"
WHOLE = {
    "exporting/downloads.py: _sweep": "retention, of all workspaces",
    "importing/import_lock.py: free_orphans": "locks of all workspaces",
    "importing/receive.py: sweep": "imports of all workspaces",
    "inventory.py: accept": "a setting, by which others judge",
    "operating/platform_settings.py: change": "settings, by which others judge",
    "people/audit.py: accept": "the chain must stand still while it is looked at",
    "people/credentials.py: _change": _RIGHTS,
    "people/members.py: remove": _RIGHTS,
    "people/members.py: save": _RIGHTS,
    "people/members.py: transfer": _RIGHTS,
    "people/provider_sign_in.py: end": _RIGHTS,
    "people/users.py: _replace_password": _RIGHTS,
    "people/users.py: change": _RIGHTS,
    "people/users.py: create": _RIGHTS,
    "reviewing/reviews.py: sweep": "retention, of all workspaces",
    "workspaces.py: create": "a name that no other workspace may have",
    "workspaces.py: set": "settings, by which others judge",
}
"""Functions whose transactions have the platform to themselves, and why."""


def test_only_what_is_listed_commits_by_itself() -> None:
    found = {
        f"{path.relative_to(SERVICES).as_posix()}: {function}"
        for path in sorted(SERVICES.rglob("*.py"))
        if path.name != "runtime.py"
        for function in committing(path)
    }
    assert found == set(OTHERS)


def test_only_what_is_listed_has_the_platform_to_itself() -> None:
    found = {
        f"{path.relative_to(SERVICES).as_posix()}: {function}"
        for path in sorted(SERVICES.rglob("*.py"))
        if path.name != "runtime.py"
        for function in writing_everything(path)
    }
    assert found == set(WHOLE)


def writing_everything(path: Path) -> Iterator[str]:
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef) and any(map(has_no_part, ast.walk(function))):
            yield function.name


def has_no_part(part: ast.AST) -> bool:
    """Whether it begins a transaction without saying what alone is written."""
    if not isinstance(part, ast.Call) or "only" in {keyword.arg for keyword in part.keywords}:
        return False
    called = ast.unparse(part.func)
    return called.endswith(("store.write", "_runtime.change", "attempt.change"))


def committing(path: Path) -> Iterator[str]:
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef) and any(
            isinstance(part, ast.Attribute) and part.attr == "commit" for part in ast.walk(function)
        ):
            yield function.name
