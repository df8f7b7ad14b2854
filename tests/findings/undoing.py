"""Asks what stands in the way of taking an import back."""

from __future__ import annotations

from typing import Any

from builders import grant, job, node, script, stored
from findings.example import Undo
from jobferry.model.document.facts import FactRules, facts_of
from jobferry.model.document.references import Reference
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.tags import Tag
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.prior import prior_of, state_hash
from jobferry.model.transfer.receipt import Receipt, ReceiptItem
from jobferry.plan.undo import Present, reversal

SCRIPT, JOB = ObjectKind.SCRIPT, ObjectKind.JOB


def undo_findings(undo: Undo) -> list[Finding]:
    """The findings of taking back an import that wrote one script."""
    left = _script(undo.name, undo.after)
    before = _script(undo.former_name or undo.name, undo.before) if undo.before is not None else None
    item = ReceiptItem(
        kind=SCRIPT,
        name=undo.name,
        outcome=ObjectOutcome.OVERWRITTEN if before else ObjectOutcome.CREATED,
        prior=prior_of(before, None) if before else None,
        object_id=left.id,
        left_mark=state_hash(left),
        left_holder="lin",
    )
    now = _script(undo.name, undo.now, **undo.fields) if undo.now is not None else None
    others = [_script(name, "SELECT 3", id_=number) for number, name in enumerate(undo.others, 2)]
    present = Present(
        by_id={now.id: now} if now else {},
        by_name={one.key: one for one in (*others, *([now] if now else []))},
        users=_users(undo),
        tags={name: Tag(workspace_id="w", name=name, locked=True) for name in undo.locked_tags},
        worn={before.digest: set(undo.tags_before)} if before else {},
        counts={},
    )
    receipt = Receipt(
        id="r",
        workspace_id="w",
        workspace="w",
        platform_id="p",
        imported_by="lin",
        imported_at=0,
        package_name="i.zip",
        package_digest="d",
    )
    return list(reversal(receipt, [item], present, grant(), rest=False).findings)


def _script(name: str, content: str, *, id_: int = 1, **fields: Any) -> StoredObject:
    return stored(SCRIPT, script(name, content), id_=id_, **fields)[0]


def _users(undo: Undo) -> dict[ObjectKey, tuple[Reference, ...]]:
    if not undo.user:
        return {}
    document = job(undo.user, node(scriptName=undo.name))
    return {(JOB, undo.user): facts_of(JOB, document, FactRules(), text=b"").references}
