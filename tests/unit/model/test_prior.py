"""The mark of what an import left: receipts that were written long ago are compared by it."""

from __future__ import annotations

import msgspec

from builders import job, stored
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.prior import state_hash

ORDERS, _ = stored(ObjectKind.JOB, job("orders"), directory="/a", digest="a" * 64, live_version=3)


def test_a_mark_stays_what_it_is_so_that_old_imports_can_be_taken_back() -> None:
    """The first 16 digits of the SHA-256 of ``["orders","/a","aaa…",3]``."""
    assert state_hash(ORDERS) == "5d4fce6a32afefd1"


def test_text_name_place_and_live_version_count_as_touched_and_locks_do_not() -> None:
    for touched in ({"digest": "b" * 64}, {"name": "o"}, {"directory": "/b"}, {"live_version": 4}):
        assert state_hash(msgspec.structs.replace(ORDERS, **touched)) != state_hash(ORDERS)
    assert state_hash(msgspec.structs.replace(ORDERS, locked_by="zhao", locked_at=1)) == state_hash(ORDERS)
