"""The tags of workspaces."""

from __future__ import annotations

import msgspec

from jobferry.model.tags import Tag


def tag(name, **more):
    return Tag(workspace_id="w1", name=name, **more)


def of(store, workspace_id="w1"):
    with store.read() as snapshot:
        return list(snapshot.tags.of_workspace(workspace_id).values())


def test_tags_are_saved_replaced_and_removed(store):
    nightly, strange = tag("夜间", changed_by="刘", changed_at=5), tag("a b'c")
    with store.write() as uow:
        uow.tags.save([nightly, strange])
        uow.commit()
    assert of(store) == [strange, nightly]
    assert of(store, "w2") == []
    locked = msgspec.structs.replace(nightly, locked=True, changed_by="wang", changed_at=6)
    with store.write() as uow:
        uow.tags.save([locked])
        uow.tags.remove("w1", ["a b'c", "nobody", "\x00"])
        uow.commit()
    assert of(store) == [locked]
