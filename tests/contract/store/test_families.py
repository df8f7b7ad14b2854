"""Workspaces, connections, inventory, variables, receipts, slots and the platform itself."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.records import (
    Connection,
    InventoryItem,
    Platform,
    Slot,
    Variable,
    VariableType,
    Workspace,
)
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.finding_group import Reason, grouped
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


def receipt(id_: str, **more) -> Receipt:
    values: dict[str, Any] = {
        "workspace_id": "w1",
        "workspace": "first",
        "platform_id": "p",
        "imported_by": "我",
    }
    values |= {"imported_at": 1, "package_name": "包.zip", "package_digest": "d"}
    values |= {"source_platform": "q", "source_workspace": "dev", "source_name": "测试"}
    return Receipt(id=id_, **(values | more))


def finding(**more) -> Finding:
    values: dict[str, Any] = {
        "code": "connection-missing",
        "severity": Severity.BLOCK,
        "kind": "job",
        "name": "a",
    }
    return Finding(**(values | more))


def test_a_workspace_comes_back_as_it_was_added_and_replaced(store):
    made = Workspace(id="w3", name="数仓", description="d", settings={"profile": "strict"}, created_by="me")
    with store.write() as uow:
        uow.workspaces.add(made)
        assert uow.workspaces.by_name("数仓") == made
        changed = msgspec.structs.replace(made, name="dw", settings={}, updated_at=7)
        uow.workspaces.replace(changed)
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.workspaces.by_id("w3") == changed
        assert snapshot.workspaces.by_name("数仓") is None
        assert snapshot.workspaces.by_name("\x00") is None
        assert [one.name for one in snapshot.workspaces.all()] == ["dw", "first", "second"]


def test_a_taken_workspace_name_is_a_conflict(store):
    with store.write() as uow:
        with pytest.raises(Conflict) as added:
            uow.workspaces.add(Workspace(id="w3", name="first"))
        with pytest.raises(Conflict) as renamed:
            uow.workspaces.replace(Workspace(id="w2", name="first"))
    for caught in (added, renamed):
        assert (caught.value.code, caught.value.subject) == (ErrorCode.NAME_TAKEN, "first")


def test_connections_are_added_replaced_and_removed(store):
    made = Connection(workspace_id="w1", name="数仓", type="DWS", document=b'{"a":1E5}', secrets=b"\x00\xff")
    with store.write() as uow:
        uow.connections.add(made)
        uow.connections.add(msgspec.structs.replace(made, name="b"))
        with pytest.raises(Conflict) as caught:
            uow.connections.add(made)
        assert caught.value.subject == "数仓"
        changed = msgspec.structs.replace(made, document=b"{}", secrets=b"", updated_at=3)
        uow.connections.replace(changed)
        uow.commit()
    with store.write() as uow:
        assert uow.connections.named("w1", "数仓") == changed
        assert uow.connections.named("w2", "数仓") is None
        assert uow.connections.named("w1", "a\0") is None
        assert [one.name for one in uow.connections.all("w1")] == ["b", "数仓"]
        assert uow.connections.remove("w1", "b")
        assert not uow.connections.remove("w1", "b")


def test_inventory_is_saved_over_what_is_there(store):
    queue = InventoryItem(workspace_id="w1", kind=NeedKind.QUEUE, name="q", local_id="1")
    agent = InventoryItem(workspace_id="w1", kind=NeedKind.AGENT, name="a")
    again = msgspec.structs.replace(queue, local_id="2")
    with store.write() as uow:
        uow.inventory.save([queue, agent])
        uow.inventory.save([again])
        assert uow.inventory.items("w1") == [agent, again]
        assert uow.inventory.items("w1", NeedKind.QUEUE) == [again]
        assert uow.inventory.items("w2") == []
        assert uow.inventory.remove("w1", NeedKind.QUEUE, "q")
        assert not uow.inventory.remove("w1", NeedKind.QUEUE, "q")


def test_variables_are_saved_over_what_is_there(store):
    made = Variable(workspace_id="w1", name="环境", type=VariableType.VARIABLE, value=b"\x00\x01")
    again = msgspec.structs.replace(made, type=VariableType.CONSTANT, value=b"2", description="d")
    with store.write() as uow:
        uow.variables.save([made])
        assert uow.variables.all("w1") == [made]
        uow.variables.save([again])
        assert uow.variables.all("w1") == [again]
        assert uow.variables.remove("w1", "环境")
        assert not uow.variables.remove("w1", "环境")


def test_a_receipt_comes_back_with_its_items_in_the_order_of_the_plan(store):
    prior = Prior(
        object_id=1, name="was", directory="/x", subtype="s", digest="d", live_version=2, held=("queue/q",)
    )
    failed = ReceiptItem(
        kind=ObjectKind.JOB,
        name="z",
        outcome=ObjectOutcome.BLOCKED,
        reasons=(Reason(1, "nodes[0]"),),
        missing=("connection/数仓",),
    )
    written = ReceiptItem(
        kind=ObjectKind.SCRIPT,
        name="a",
        outcome=ObjectOutcome.OVERWRITTEN,
        digest="n",
        version=3,
        prior=prior,
    )
    found = grouped([finding(args={"need": "a\x00b"}), finding(severity=Severity.WARN)], {})
    made = receipt("r1", counts={ObjectOutcome.BLOCKED: 1}, findings=found.counts)
    with store.write() as uow:
        uow.receipts.add(made, [failed, written], found)
        uow.receipts.add(receipt("r2"), [])
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.receipts.by_id("r1") == made
        assert snapshot.receipts.by_id("none") is None
        assert snapshot.receipts.items("r1") == [failed, written]
        assert snapshot.receipts.items("r2") == []
        assert snapshot.receipts.findings("r1") == list(found.groups)
        assert snapshot.receipts.places("r1") == list(found.places)
        assert snapshot.receipts.places_of("r1", 1) == found.places[0]
        assert snapshot.receipts.places_of("r1", 3) == ()
        assert snapshot.receipts.findings("r2") == []


_LINES = (
    ("job", "orders_daily", "created"),
    ("job", "Orders_hourly", "blocked"),
    ("script", "orders", "held"),
    ("job", "members", "blocked"),
)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (LineFilter(), ["orders_daily", "Orders_hourly", "orders", "members"]),
        (LineFilter(kind=ObjectKind.JOB), ["orders_daily", "Orders_hourly", "members"]),
        (LineFilter(outcome=ObjectOutcome.BLOCKED), ["Orders_hourly", "members"]),
        (LineFilter(name_part="ORDERS"), ["orders_daily", "Orders_hourly", "orders"]),
        (LineFilter(outcome=ObjectOutcome.BLOCKED, order=LineOrder.KIND), ["Orders_hourly", "members"]),
        (LineFilter(kind=ObjectKind.SCRIPT, order=LineOrder.NAME_DOWN), ["orders"]),
        (LineFilter(order=LineOrder.OUTCOME), ["Orders_hourly", "members", "orders_daily", "orders"]),
    ],
    ids=str,
)
def test_lines_of_a_receipt_are_filtered_sorted_and_paged(store, wanted, names):
    items = [
        ReceiptItem(kind=ObjectKind(kind), name=name, outcome=ObjectOutcome(outcome))
        for kind, name, outcome in _LINES
    ]
    with store.write() as uow:
        uow.receipts.add(receipt("r1"), items)
        total, page = uow.receipts.lines("r1", wanted, offset=0, limit=9)
        assert (total, [line.name for line in page]) == (len(names), names)
        total, page = uow.receipts.lines("r1", wanted, offset=len(names), limit=9)
        assert (total, page) == (len(names), [])


def test_a_name_that_no_database_can_hold_is_shown_by_a_sign(store):
    item = ReceiptItem(kind=ObjectKind.JOB, name="a\x00b", outcome=ObjectOutcome.BLOCKED)
    with store.write() as uow:
        uow.receipts.add(receipt("r1"), [item])
        assert [one.name for one in uow.receipts.items("r1")] == ["a␀b"]


def test_receipts_are_paged_newest_first(store):
    with store.write() as uow:
        for number in range(5):
            uow.receipts.add(receipt(f"r{number}", imported_at=number), [])
        uow.receipts.add(receipt("other", workspace_id="w2"), [])
        total, page = uow.receipts.page("w1", offset=1, limit=2)
    assert (total, [one.id for one in page]) == (5, ["r3", "r2"])


def test_receipts_of_one_user_are_paged_alone(store):
    with store.write() as uow:
        for number, user in enumerate(["lin", "zhao", "lin"]):
            uow.receipts.add(receipt(f"r{number}", imported_at=number, imported_by=user), [])
        total, page = uow.receipts.page("w1", ReceiptFilter(imported_by="lin"), offset=0, limit=9)
        assert (total, [one.id for one in page]) == (2, ["r2", "r0"])
        assert uow.receipts.page("w1", ReceiptFilter(imported_by=""), offset=0, limit=9) == (0, [])


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (ReceiptFilter(since=1), ["undo", "held"]),
        (ReceiptFilter(until=1), ["plain"]),
        (ReceiptFilter(outcome=ObjectOutcome.HELD), ["held"]),
        (ReceiptFilter(package_part="ERS.Z"), ["held"]),
        (ReceiptFilter(act=ImportAct.PACKAGE), ["held", "plain"]),
        (ReceiptFilter(kind=ReceiptKind.UNDO), ["undo"]),
        (ReceiptFilter(plan_digest="d", imported_by="lin"), ["plain"]),
        (ReceiptFilter(plan_digest="d", outcome=ObjectOutcome.HELD), []),
    ],
    ids=str,
)
def test_receipts_are_found_by_what_they_are_of(store, wanted, ids):
    package = {"act": ImportAct.PACKAGE}
    with store.write() as uow:
        uow.receipts.add(receipt("plain", imported_at=0, imported_by="lin", plan_digest="d", **package), [])
        held = {ObjectOutcome.HELD: 2, ObjectOutcome.CREATED: 1}
        uow.receipts.add(
            receipt("held", imported_at=1, package_name="orders.zip", counts=held, **package), []
        )
        uow.receipts.add(receipt("undo", imported_at=2, kind=ReceiptKind.UNDO, plan_digest="d"), [])
        total, page = uow.receipts.page("w1", wanted, offset=0, limit=9)
    assert (total, [one.id for one in page]) == (len(ids), ids)


def test_an_import_has_one_receipt(store):
    with store.write() as uow:
        uow.receipts.add(receipt("r1"), [])
        with pytest.raises(Conflict):
            uow.receipts.add(receipt("r1"), [])


def test_a_taken_slot_is_refused_with_who_and_since_when(store):
    held = Slot(workspace_id="w1", task_id="t1", holder="李雷", since=1_795_250_000_000, fence=1)
    with store.write() as uow:
        uow.slots.take(held)
        uow.slots.take(msgspec.structs.replace(held, workspace_id="w2", task_id="t2"))
        uow.commit()
    with store.write() as uow, pytest.raises(Conflict) as caught:
        uow.slots.take(Slot(workspace_id="w1", task_id="t3", holder="you", since=1, fence=2))
    assert caught.value.code is ErrorCode.IMPORT_RUNNING
    assert "李雷" in caught.value.message
    assert "2026-11-21 08:33:20 UTC" in caught.value.message
    assert caught.value.hint == "wait until it has ended, or cancel it"
    with store.read() as snapshot:
        assert snapshot.slots.of("w1") == held
        assert [slot.workspace_id for slot in snapshot.slots.all()] == ["w1", "w2"]


def test_a_slot_is_held_under_its_fence_until_it_is_freed(store):
    slot = Slot(workspace_id="w1", task_id="t1", holder="me", since=1, fence=4)
    with store.write() as uow:
        uow.slots.take(slot)
        uow.commit()
    with store.write() as uow:
        assert uow.slots.is_held("w1", "t1", 4)
        assert not uow.slots.is_held("w1", "t1", 3)
        assert not uow.slots.is_held("w1", "t2", 4)
        assert uow.slots.free("t1")
        assert not uow.slots.free("t1")
        uow.slots.take(msgspec.structs.replace(slot, task_id="t2", fence=5))
        assert not uow.slots.is_held("w1", "t1", 4)


def test_a_platform_is_founded_once(store):
    founded = Platform(id="p", name="测试", project_id="pp")
    with store.write() as uow:
        assert uow.platform() is None
        uow.add_platform(founded)
        with pytest.raises(Conflict):
            uow.add_platform(Platform(id="q", name="other", project_id="qq"))
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.platform() == founded


def test_what_operations_sets_takes_the_place_of_what_was_set(store):
    with store.write() as uow:
        assert uow.platform_settings() == {}
        uow.save_platform_settings({"b": "数", "a": "1"})
        uow.commit()
    with store.write() as uow:
        assert uow.platform_settings() == {"a": "1", "b": "数"}
        uow.save_platform_settings({"b": "2"})
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.platform_settings() == {"b": "2"}
