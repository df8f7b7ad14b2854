"""Objects as they would leave, on every database."""

from __future__ import annotations

import msgspec
import pytest

from jobferry.model.document.facts import Facts, export_facts_of
from jobferry.model.document.references import Reference
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.records import Outgoing
from jobferry.store import contents

JOB = ObjectKind.JOB
MANY = 2 * contents._PAGE_OBJECTS + 1


@pytest.fixture
def texts(store, make):
    """A draft and a live version that differ, the one read otherwise than the other."""
    facts = Facts("any", references=(Reference(NeedKind.SCRIPT, "脚本", ("nodes", 0)),), has_schedule=True)
    draft = msgspec.structs.replace(make.text('"draft"'), facts=facts)
    live = msgspec.structs.replace(make.text('"the live one"'), facts=facts, facts_version="e2")
    with store.write() as uow:
        uow.contents.put([draft, live], at=1)
        uow.commit()
    return draft, live


def every(store, *, live=False, kind=JOB):
    with store.read() as snapshot:
        return list(snapshot.outgoing.every("w1", kind, "e1", live=live))


def test_each_comes_in_the_state_asked_for_with_the_size_and_outline_of_its_text(store, make, texts):
    draft, live = texts
    states = {"live_digest": live.digest, "live_version": 3}
    submitted = make.object(1, "b", digest=draft.digest, directory="/a", **states)
    make.stored(store, [submitted, make.object(2, "a", digest=draft.digest)])
    outline = export_facts_of(draft.facts)
    assert every(store) == [
        Outgoing("a", "uid-2", "/", draft.digest, 0, 7, outline),
        Outgoing("b", "uid-1", "/a", draft.digest, 0, 7, outline),
    ]
    first, second = every(store, live=True)
    assert (first.name, first.digest) == ("a", "")
    assert second == Outgoing("b", "uid-1", "/a", live.digest, 3, 14, None)
    assert every(store, kind=ObjectKind.CDM) == []


def test_any_number_of_objects_comes_in_order_of_name(store, make):
    names = sorted([f"job_{number}" for number in range(MANY - 2)] + ["订单", "job"])
    make.stored(store, [make.object(number, name) for number, name in enumerate(names, 1)])
    with store.write() as uow:
        uow.objects.add([make.object(MANY + 1, "elsewhere", workspace_id="w2")])
        uow.commit()
    assert [one.name for one in every(store)] == names


def test_outlines_are_found_by_digest(store, texts):
    draft, live = texts
    with store.read() as snapshot:
        found = snapshot.outgoing.sized_facts([draft.digest, live.digest, draft.digest, "0" * 64], "e1")
    assert found == {draft.digest: (7, export_facts_of(draft.facts)), live.digest: (14, None)}
