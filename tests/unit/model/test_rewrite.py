"""What fitting an arriving object has to know of the object it meets."""

from __future__ import annotations

from typing import Any

import pytest

from jobferry.model.document.facts import Facts
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import Entry
from jobferry.model.transfer.contents import PackageEntry
from jobferry.model.transfer.rewrite import needs_target_text


def item(kind: ObjectKind = ObjectKind.JOB, *, stands: bool = False, **facts: Any) -> PackageEntry:
    entry = Entry(kind=kind, name="a", path="a", size=1, sha256="d")
    return PackageEntry(entry, Facts(name="a", **facts), is_up_to_date=stands)


@pytest.mark.parametrize(
    ("arriving", "needed"),
    [
        (item(has_schedule=True), False),
        (item(has_schedule=False), True),
        (item(has_schedule=True, sensitive=(("params", 0, "value"),)), True),
        (item(ObjectKind.SCRIPT), False),
    ],
    ids=["whole", "without a schedule", "with a sensitive value", "no job"],
)
def test_the_text_that_is_replaced_is_read_where_it_may_keep_something(arriving, needed):
    assert needs_target_text(arriving) is needed


def test_the_text_of_what_stands_already_is_not_read():
    assert not needs_target_text(item(stands=True))
