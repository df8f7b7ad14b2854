"""Receipts of imports."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, not_, select, update

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.kinds import ObjectKind
from jobferry.model.names import printable
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.finding_group import NOTHING_FOUND, FindingGroup, FoundGroups, Place, Reason
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.policy import ImportAct
from jobferry.model.transfer.prior import Prior
from jobferry.model.transfer.receipt import (
    LineFilter,
    LineOrder,
    Receipt,
    ReceiptFilter,
    ReceiptItem,
    ReceiptKind,
)
from jobferry.sentences import sentence
from jobferry.store import bulk
from jobferry.store.schema import receipt_findings, receipt_items, receipt_texts, receipts

_KINDS = {kind.value: kind for kind in ObjectKind}
_OUTCOMES = {outcome.value: outcome for outcome in ObjectOutcome}

_ANY = ReceiptFilter()
_ORDERS = {
    LineOrder.PLAN: (receipt_items.c.position,),
    LineOrder.NAME: (receipt_items.c.name, receipt_items.c.position),
    LineOrder.NAME_DOWN: (receipt_items.c.name.desc(), receipt_items.c.position),
    LineOrder.KIND: (receipt_items.c.kind, receipt_items.c.position),
    LineOrder.OUTCOME: (receipt_items.c.outcome, receipt_items.c.position),
}

_reasons = msgspec.json.Decoder(tuple[Reason, ...])
_group = msgspec.json.Decoder(FindingGroup)
_places = msgspec.msgpack.Decoder(tuple[Place, ...])
_severities = msgspec.json.Decoder(dict[Severity, int])
_names = msgspec.json.Decoder(tuple[str, ...])
_prior = msgspec.json.Decoder(Prior)
_counts = msgspec.json.Decoder(dict[ObjectOutcome, int])


class Receipts:
    """Receipts of imports."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_id(self, receipt_id: str) -> Receipt | None:
        """The receipt of the task with that id."""
        row = self._connection.execute(select(receipts).where(receipts.c.id == receipt_id)).one_or_none()
        return _receipt(row) if row else None

    def page(
        self, workspace_id: str, wanted: ReceiptFilter = _ANY, *, offset: int, limit: int
    ) -> tuple[int, list[Receipt]]:
        """How many of a workspace fit, and some, newest first."""
        here = self._matching(workspace_id, wanted)
        total = self._connection.scalar(select(func.count()).select_from(receipts).where(here)) or 0
        newest = select(receipts).where(here).order_by(receipts.c.imported_at.desc(), receipts.c.id.desc())
        rows = self._connection.execute(newest.offset(offset).limit(limit))
        return total, [_receipt(row) for row in rows]

    def last_at(self, workspace_id: str) -> int:
        """When the newest of a workspace was written; 0 if there is none."""
        newest = select(func.max(receipts.c.imported_at)).where(receipts.c.workspace_id == workspace_id)
        return self._connection.scalar(newest) or 0

    def known(self, receipt_ids: Sequence[str]) -> set[str]:
        """Those of the ids that are ids of receipts."""
        here = bulk.among(self._connection, receipts.c.id, receipt_ids)
        return set(self._connection.scalars(select(receipts.c.id).where(here)))

    def undone(self, receipt_ids: Sequence[str]) -> dict[str, str]:
        """Those of the receipts that were taken back, each with the receipt that did."""
        here = bulk.among(self._connection, receipts.c.id, receipt_ids) & (receipts.c.undone_by != "")
        found = self._connection.execute(select(receipts.c.id, receipts.c.undone_by).where(here))
        return {row.id: row.undone_by for row in found}

    def _matching(self, workspace_id: str, wanted: ReceiptFilter) -> ColumnElement[bool]:
        here = receipts.c.workspace_id == workspace_id
        if wanted.imported_by is not None:
            here &= receipts.c.imported_by == wanted.imported_by
        if wanted.plan_digest:
            here &= receipts.c.plan_digest == wanted.plan_digest
        if wanted.outcome is not None:
            here &= bulk.contains(self._connection, receipts.c.counts, f'"{wanted.outcome}"')
        if wanted.package_part:
            here &= bulk.contains(self._connection, receipts.c.package_name, wanted.package_part)
        if wanted.since is not None:
            here &= receipts.c.imported_at >= wanted.since
        if wanted.until is not None:
            here &= receipts.c.imported_at < wanted.until
        if wanted.act is not None:
            here &= receipts.c.act == wanted.act.value
        if wanted.kind is not None:
            here &= receipts.c.kind == wanted.kind.value
        return here

    def items(self, receipt_id: str) -> list[ReceiptItem]:
        """All lines, in the order of the plan."""
        query = select(receipt_items).where(receipt_items.c.receipt_id == receipt_id)
        return [_item(row) for row in self._connection.execute(query.order_by(receipt_items.c.position))]

    def lines(
        self, receipt_id: str, wanted: LineFilter, *, offset: int, limit: int
    ) -> tuple[int, list[ReceiptItem]]:
        """How many lines fit, and some of them."""
        here = receipt_items.c.receipt_id == receipt_id
        if wanted.kind is not None:
            here &= receipt_items.c.kind == wanted.kind.value
        if wanted.outcome is not None:
            here &= receipt_items.c.outcome == wanted.outcome.value
        if wanted.name_part:
            here &= bulk.contains(self._connection, receipt_items.c.name, wanted.name_part)
        total = self._connection.scalar(select(func.count()).select_from(receipt_items).where(here)) or 0
        page = select(receipt_items).where(here).order_by(*_ORDERS[wanted.order])
        rows = self._connection.execute(page.offset(offset).limit(limit))
        return total, [_item(row) for row in rows]

    def findings(self, receipt_id: str) -> list[FindingGroup]:
        """What was found, each thing once, in order of number."""
        query = select(receipt_findings.c.finding).where(receipt_findings.c.receipt_id == receipt_id)
        rows = self._connection.scalars(query.order_by(receipt_findings.c.number))
        return [_group.decode(row) for row in rows]

    def places(self, receipt_id: str) -> list[tuple[Place, ...]]:
        """The objects that each finding concerns, in order of number."""
        query = select(receipt_findings.c.places).where(receipt_findings.c.receipt_id == receipt_id)
        rows = self._connection.scalars(query.order_by(receipt_findings.c.number))
        return [_places.decode(zlib.decompress(row)) for row in rows]

    def places_of(self, receipt_id: str, number: int) -> tuple[Place, ...]:
        """The objects that one finding concerns; none if there is no such finding."""
        row = self._connection.scalar(
            select(receipt_findings.c.places).where(
                receipt_findings.c.receipt_id == receipt_id, receipt_findings.c.number == number
            )
        )
        return _places.decode(zlib.decompress(row)) if row is not None else ()


class ReceiptWriter(Receipts):
    """Receipts, to be kept and swept."""

    def add(self, receipt: Receipt, items: Sequence[ReceiptItem], found: FoundGroups = NOTHING_FOUND) -> None:
        """Keeps a receipt with its lines and with what was found.

        Raises:
            Conflict: the import has one already.
        """
        with bulk.conflicts_as(self._connection, lambda: _applied(receipt)):
            self._connection.execute(insert(receipts).values(_row(receipt)))
        bulk.add(self._connection, receipt_items, _item_values(receipt.id, items))
        bulk.add(self._connection, receipt_findings, _finding_values(receipt.id, found))
        texts = {digest for item in items if item.prior for digest in item.prior.texts}
        bulk.add(self._connection, receipt_texts, [(receipt.id, digest) for digest in sorted(texts)])

    def mark_undone(self, receipt_id: str, by: str) -> None:
        """Notes which receipt took this one back; empty where none does any more."""
        marked = update(receipts).where(receipts.c.id == receipt_id)
        self._connection.execute(marked.values(undone_by=by))

    def sweep(self, workspace_id: str, *, before: int, keep: Collection[str], limit: int) -> int:
        """Removes some of a workspace's receipts from before a time, oldest first; how many there were.

        The workspace's newest stays, and so do those to ``keep``.
        """
        here = receipts.c.workspace_id == workspace_id
        by_time = (receipts.c.imported_at, receipts.c.id)
        newest = select(receipts.c.id).where(here).order_by(*(one.desc() for one in by_time)).limit(1)
        kept = [*keep, *self._connection.scalars(newest)]
        old = select(receipts.c.id).where(
            here, receipts.c.imported_at < before, not_(bulk.among(self._connection, receipts.c.id, kept))
        )
        ids = list(self._connection.scalars(old.order_by(*by_time).limit(limit)))
        if ids:
            gone = bulk.among(self._connection, receipts.c.id, ids)
            self._connection.execute(delete(receipts).where(gone))
        return len(ids)


def _applied(receipt: Receipt) -> Conflict:
    return Conflict(
        ErrorCode.NAME_TAKEN,
        sentence("import {id} has been applied already", id=receipt.id),
        subject=receipt.id,
        hint="look at its receipt",
    )


def _row(receipt: Receipt) -> bulk.Row:
    counts, findings = msgspec.json.encode(receipt.counts), msgspec.json.encode(receipt.findings)
    return msgspec.structs.asdict(receipt) | {
        "package_name": printable(receipt.package_name),
        "source_workspace": printable(receipt.source_workspace),
        "comment": printable(receipt.comment),
        "source_name": printable(receipt.source_name),
        "kind": receipt.kind.value,
        "act": receipt.act.value if receipt.act else "",
        "counts": counts.decode(),
        "findings": findings.decode(),
    }


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        **row._asdict()
        | {
            "counts": _counts.decode(row.counts),
            "findings": _severities.decode(row.findings),
            "kind": ReceiptKind(row.kind),
            "act": ImportAct(row.act) if row.act else None,
        }
    )


def _item_values(receipt_id: str, items: Sequence[ReceiptItem]) -> Iterator[bulk.Values]:
    for position, item in enumerate(items):
        yield (
            *(receipt_id, position, item.kind.value, printable(item.name), item.outcome.value),
            *(item.digest, item.version),
            msgspec.json.encode(item.reasons).decode() if item.reasons else "[]",
            msgspec.json.encode(item.missing).decode() if item.missing else "[]",
            msgspec.json.encode(item.prior).decode() if item.prior else "",
            item.prior.digest if item.prior else "",
            *(item.object_id, item.left_mark, item.left_holder),
        )


def _finding_values(receipt_id: str, found: FoundGroups) -> Iterator[bulk.Values]:
    for group, places in zip(found.groups, found.places, strict=True):
        packed = zlib.compress(msgspec.msgpack.encode(places), 1)
        text = msgspec.json.encode(group).decode()
        yield (receipt_id, group.number, group.severity.value, group.code, text, packed)


def _item(row: Row[Any]) -> ReceiptItem:
    (_, _, kind, name, outcome, digest, version, reasons, missing, prior, _, *left) = tuple[Any, ...](row)
    object_id, left_mark, left_holder = left
    return ReceiptItem(
        kind=_KINDS[kind],
        name=name,
        outcome=_OUTCOMES[outcome],
        digest=digest,
        version=version,
        reasons=_reasons.decode(reasons) if reasons != "[]" else (),
        missing=_names.decode(missing) if missing != "[]" else (),
        prior=_prior.decode(prior) if prior else None,
        object_id=object_id,
        left_mark=left_mark,
        left_holder=left_holder,
    )
