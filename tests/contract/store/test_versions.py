"""How many versions of an object are kept."""

from __future__ import annotations

import msgspec

from jobferry.model.records import Version


def test_the_oldest_go_but_never_the_live_one(store, make):
    one, other = make.object(1, "a", last_version=6, live_version=2), make.object(2, "b", last_version=6)
    make.stored(store, [one, other])

    def add(object_id, *numbers, keep):
        digest = make.text("{}").digest
        rows = [Version(object_id=object_id, number=number, digest=digest) for number in numbers]
        with store.write() as uow:
            uow.objects.add_versions(rows, keep=keep)
            uow.commit()

    def kept(object_id):
        with store.read() as snapshot:
            return [version.number for version in snapshot.objects.versions(object_id)]

    add(1, 1, 2, 3, 4, 5, keep=100)
    add(2, 1, 2, 3, keep=100)
    add(1, 6, keep=3)
    assert kept(1) == [6, 5, 4, 2]
    assert kept(2) == [3, 2, 1]
    with store.write() as uow:
        uow.objects.replace([msgspec.structs.replace(one, last_version=7, live_version=7)])
        uow.commit()
    add(1, 7, keep=3)
    assert kept(1) == [7, 6, 5]
