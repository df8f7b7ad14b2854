"""Real platforms on disk, in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from builders import script, written
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.bootstrap.wiring import open_platform
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import ExportState
from jobferry.model.people import Caller, Grant
from jobferry.model.task import Task
from jobferry.model.transfer.export import ExportRequest, ExportScope
from jobferry.model.transfer.finding_group import FindingGroup
from jobferry.model.transfer.policy import ImportOptions
from jobferry.services.importing.check_result import LastCheck
from jobferry.services.importing.task import ImportTask
from people import administrator
from tables import home_with_tables, settings_for


class Site:
    """A platform with the few words that tests need."""

    def __init__(self, running: RunningPlatform) -> None:
        self.running = running
        self.caller: Caller = administrator(running)
        self.place: str | None = None
        """The workspace that everything is about; the default one for none."""

    @property
    def grant(self) -> Grant:
        return self.running.workspaces.enter(self.place, self.caller)

    @property
    def carrier(self) -> ImportTask:
        """What the background work of this platform does."""
        own = self.running.parts
        return ImportTask(own.runtime, own.log, own.received, own.storage, LastCheck(keeps=False))

    def save(self, kind: ObjectKind, document: dict[str, Any], *, submit: bool = True) -> None:
        self.running.objects.create(self.grant, kind, written(document), submit=submit)

    def change(self, kind: ObjectKind, document: dict[str, Any], *, submit: bool = True) -> None:
        self.running.objects.update(self.grant, kind, document["name"], written(document), submit=submit)

    def script(self, name: str = "clean", **fields: Any) -> None:
        self.save(ObjectKind.SCRIPT, script(name, **fields))

    def text(self, kind: ObjectKind, name: str) -> bytes:
        return self.running.objects.show(self.grant, kind, name).text

    def export(self, *names: str, state: ExportState = ExportState.DRAFT, depend: bool = True) -> bytes:
        """A package of the named jobs, or of everything."""
        scope = ExportScope.CLOSURE if depend else ExportScope.CHOSEN
        wanted = ExportRequest(jobs=names, everything=not names, scope=scope, state=state)
        return b"".join(self.running.exports.package(self.grant, wanted).chunks)

    def digest(self) -> str:
        return self.running.exports.package(self.grant, ExportRequest(everything=True)).digest

    def begin(self, package: bytes, **options: Any) -> Task:
        limits = self.running.stored.limits()
        received = self.running.imports.receive(self.caller, "package.zip", iter([package]), limits)
        return self.running.imports.begin(self.grant, received, ImportOptions(**options))

    def land(self, package: bytes, **options: Any) -> Task:
        """Imports and waits for the end."""
        task = self.begin(package, **options)
        while not self.running.wait(task.id, 30.0):
            pass
        return self.running.reports.task(self.caller, task.id)

    def outcomes(self, task: Task) -> dict[str, str]:
        items = self.running.reports.whole(self.caller, task.id).items
        return {item.name: item.outcome.value for item in items}

    def reported(self, task: Task) -> list[FindingGroup]:
        """What an import has found, by its receipt."""
        return self.running.reports.whole(self.caller, task.id).found

    def reasons(self, task: Task) -> dict[str, list[str]]:
        """The codes of what its receipt gives as reasons, by object."""
        _, items, found = self.running.reports.whole(self.caller, task.id)
        return {item.name: [found[reason.finding - 1].code for reason in item.reasons] for item in items}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Callable[[str], Site]]:
    """Opens platforms by name; the same name is the same data folder, closed and opened again."""
    opened: dict[str, Site] = {}

    def open_(name: str = "here") -> Site:
        if name in opened:
            opened.pop(name).running.close()
        home = home_with_tables(tmp_path / name)
        opened[name] = Site(open_platform(home, settings_for(home, platform_name=name), durable=False))
        return opened[name]

    yield open_
    for one in opened.values():
        one.running.close()
