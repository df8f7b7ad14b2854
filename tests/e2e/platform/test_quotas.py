"""What one user can pile up: packages that are kept, exports, and entries of an inventory."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import pytest

from builders import job, node
from jobferry.errors import Conflict, ErrorCode
from jobferry.files.ports import PackageStorage, ReceivedPackage
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.export import ExportRequest
from jobferry.services.asset_backups.restoring import Restoring
from jobferry.services.errors import refuse_crowded
from jobferry.services.exporting.background import Producing
from jobferry.services.importing.import_lock import ImportLock
from jobferry.services.importing.receive import Imports
from jobferry.services.inventory import Inventory

from .conftest import Site

Open = Callable[[str], Site]
GIB = 1 << 30


def kept(count: int, size: int) -> list[ReceivedPackage]:
    return [ReceivedPackage(str(number), "p.zip", size, "lin") for number in range(count)]


class Full:
    """A package storage in which one user has so much; nothing else differs."""

    def __init__(self, real: PackageStorage, owner: str, packages: list[ReceivedPackage]) -> None:
        self._real, self._owner, self._packages = real, owner, packages

    def of(self, owner: str) -> list[ReceivedPackage]:
        return self._packages if owner == self._owner else self._real.of(owner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.mark.parametrize(
    ("packages", "fits"),
    [
        ([], True),
        (kept(999, 1), True),
        (kept(1_000, 1), False),
        (kept(4, GIB - 1), True),
        (kept(4, GIB), False),
        (kept(1, 4 * GIB - 1), True),
    ],
)
def test_packages_are_limited_by_number_and_bytes(packages: list[ReceivedPackage], *, fits: bool) -> None:
    if fits:
        refuse_crowded(packages, "lin", "hint")
        return
    with pytest.raises(Conflict, match="of lin are kept; at most 1,000 packages and 4,294,967,296") as caught:
        refuse_crowded(packages, "lin", "hint")
    assert (caught.value.code, caught.value.hint) == (ErrorCode.QUOTA_REACHED, "hint")


def test_every_way_in_and_out_that_keeps_a_package_is_limited_for_its_user_alone(site: Open) -> None:
    here = site("here")
    here.save(ObjectKind.JOB, job("orders", node("n", "Dummy")))
    running, own = here.running, here.running.parts
    running.workspaces.set(here.grant, {"asset_backup_path": "obs://bk/assets"})
    (running.home.objects / "bk").mkdir(parents=True)
    task = running.asset_backups.begin(here.grant)
    assert running.wait(task.id, 30.0)
    (backup,) = running.restoring.page(here.grant, "", before="", limit=1).backups
    package = running.home.objects / "bk" / "p.zip"
    package.write_bytes(here.export("orders"))
    for owner, is_full in ((here.caller.user_id, True), ("another", False)):
        full = cast("PackageStorage", Full(own.received, owner, kept(1_000, 1)))
        turns = ImportLock(own.runtime, own.log, lambda _: None)
        imports = Imports(own.runtime, own.log, full, own.storage, turns, running.stored)
        restoring = Restoring(own.runtime, own.storage, full, running.stored)
        downloads = cast("PackageStorage", Full(own.kept, owner, kept(1_000, 1)))
        producing = Producing(own.runtime, own.log, downloads, own.filing, own.records, lambda _: None)
        request, limits = ExportRequest(jobs=("orders",)), running.stored.limits()
        ways: list[Callable[[], object]] = [
            partial(imports.receive, here.caller, "p.zip", iter([b"x"]), limits),
            partial(imports.fetch, here.grant, "obs://bk/p.zip"),
            partial(restoring.packages, here.grant, backup.name),
            partial(producing.begin, here.grant, request),
        ]
        for way in ways:
            if not is_full:
                way()
                continue
            with pytest.raises(Conflict) as caught:
                way()
            assert caught.value.code is ErrorCode.QUOTA_REACHED
            assert caught.value.hint


def test_an_inventory_takes_as_many_entries_as_are_allowed_and_counts_each_once(site: Open) -> None:
    here = site("here")
    inventory = Inventory(here.running.parts.runtime, most=3)
    first = [("queue", name, "") for name in ("a", "b", "c")]
    assert inventory.add(here.grant, first) == 3
    assert inventory.add(here.grant, [*first, ("queue", "a", "id")]) == 4
    with pytest.raises(Conflict, match="would have 4 entries; at most 3 are allowed") as caught:
        inventory.add(here.grant, [("cluster", "a", "")])
    assert caught.value.code is ErrorCode.QUOTA_REACHED
    assert inventory.page(here.grant)[0] == 3
    inventory.remove(here.grant, "queue", "a")
    inventory.add(here.grant, [("cluster", "a", "")])
    assert (
        here.running.inventory.add(here.grant, [("cluster", f"c{number}", "") for number in range(50)]) == 50
    )
