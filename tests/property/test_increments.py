"""Whatever happens at a source, a base and the increment since equal a full export, on another platform."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import job, node, resource, script, written
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.bootstrap.wiring import open_platform
from jobferry.errors import Conflict, ErrorCode
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import Grant
from jobferry.model.report.receipt_file import ReceiptFile
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.export import ExportRequest, Extent, ExtentKind
from jobferry.model.transfer.policy import Duplicates, ImportOptions
from jobferry.services.object_access import Editing
from people import administrator, store_of
from tables import home_with_tables, settings_for

JOB, SCRIPT, RESOURCE = ObjectKind.JOB, ObjectKind.SCRIPT, ObjectKind.RESOURCE
NAMES = "abcd"
_numbers = itertools.count()

edits = st.lists(
    st.tuples(
        st.sampled_from(["make", "change", "rename", "move", "delete"]),
        st.sampled_from([JOB, JOB, SCRIPT, RESOURCE]),
        st.sampled_from(NAMES),
        st.sampled_from(NAMES),
    ),
    max_size=12,
)


class Place:
    """A fresh workspace on a platform that all examples share."""

    def __init__(self, running: RunningPlatform) -> None:
        self.running, self.caller = running, administrator(running)
        self.name = f"w{next(_numbers)}"
        running.workspaces.create(self.name, self.caller)

    @property
    def grant(self) -> Grant:
        return self.running.workspaces.enter(self.name, self.caller)

    def edit(self, what: str, kind: ObjectKind, name: str, other: str) -> None:
        """What makes no sense now is not done."""
        there = self.objects()
        objects = self.running.objects
        if what == "make" and (kind, name) not in there:
            objects.create(self.grant, kind, written(self._fresh(kind, name)), submit=True)
        elif (kind, name) not in there:
            return
        elif what == "delete":
            objects.delete(self.grant, kind, name)
        elif what != "rename" or (kind, other) not in there:
            document = json.loads(objects.show(self.grant, kind, name).text)
            document |= {"description": str(next(_numbers))} if what == "change" else {}
            document |= {"directory": f"/{other}"} if what == "move" else {}
            document |= {"name": other} if what == "rename" and kind is JOB else {}
            objects.update(
                self.grant, kind, name, written(document), submit=True, how=Editing(take_lock=True)
            )

    def _fresh(self, kind: ObjectKind, name: str) -> dict[str, Any]:
        number = next(_numbers)
        if kind is JOB:
            return job(name, node("n", "Dummy"), description=str(number), directory=f"/{name}")
        return script(name, f"SELECT {number}") if kind is SCRIPT else resource(name, desc=str(number))

    def objects(self) -> dict[tuple[ObjectKind, str], tuple[str, str, str]]:
        """By kind and name: uid, directory and text."""
        with store_of(self.running).read() as snapshot:
            every = [
                one for kind in ObjectKind for one in snapshot.objects.every(self.grant.workspace.id, kind)
            ]
        return {one.key: (one.uid, one.directory, one.digest) for one in every}

    def export(self, extent: Extent, receipt: ReceiptFile | None = None) -> bytes | None:
        """The package, or none where nothing has changed."""
        request = ExportRequest(everything=True, extent=extent)
        try:
            stream = self.running.exports.package(self.grant, request, receipt)
        except Conflict as error:
            assert error.code is ErrorCode.NOTHING_CHANGED
            return None
        return b"".join(stream.chunks)

    def land(self, package: bytes | None) -> str:
        """Imports, and gives the receipt's id."""
        if package is None:
            return ""
        limits = self.running.stored.limits()
        received = self.running.imports.receive(self.caller, "package.zip", iter([package]), limits)
        options = ImportOptions(duplicates=Duplicates.OVERWRITE, apply_deletions=True)
        task = self.running.imports.begin(self.grant, received, options)
        while not self.running.wait(task.id, 30.0):
            pass
        ended = self.running.reports.task(self.caller, task.id)
        assert ended.status is TaskStatus.SUCCESSFUL, ended.message
        return task.id


@pytest.fixture(scope="module")
def platforms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningPlatform, RunningPlatform]]:
    folder: Path = tmp_path_factory.mktemp("increments")
    homes = [home_with_tables(folder / name) for name in ("source", "target")]
    opened = [open_platform(home, settings_for(home, platform_name="p"), durable=False) for home in homes]
    yield opened[0], opened[1]
    for one in opened:
        one.close()


def brought_back(place: Place, receipt_id: str) -> ReceiptFile:
    receipt = place.running.reports.receipt(place.caller, receipt_id)
    return ReceiptFile(
        id=receipt.id,
        platform_id=receipt.platform_id,
        workspace=receipt.workspace,
        source_platform=receipt.source_platform,
        source_workspace=receipt.source_workspace,
        holds=tuple(place.running.reports.held_from_source(place.caller, receipt)),
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=edits, after=edits)
def test_a_base_and_its_increment_equal_a_full_export(
    platforms: tuple[RunningPlatform, RunningPlatform], before: list[Any], after: list[Any]
) -> None:
    source, target = platforms
    here = Place(source)
    source.workspaces.set(here.grant, {"change_management": "true"})
    here.edit("make", JOB, "always", "")
    for one in before:
        here.edit(*one)
    base = here.export(Extent(kind=ExtentKind.FULL))
    by_log, by_receipt, by_full = (Place(target) for _ in range(3))
    by_log.land(base)
    receipt = brought_back(by_receipt, by_receipt.land(base))
    for one in after:
        here.edit(*one)
    by_log.land(here.export(Extent(kind=ExtentKind.LAST)))
    by_receipt.land(here.export(Extent(kind=ExtentKind.RECEIPT), receipt))
    by_full.land(here.export(Extent(kind=ExtentKind.FULL)))
    assert by_log.objects() == by_receipt.objects() == by_full.objects() == here.objects()
