"""Platforms in this process, and imports that can be stopped at any of their writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from jobferry.model.people import Caller
from jobferry.model.task import Ending, Task
from jobferry.model.transfer.checked_import import Confirmed, ImportRecord
from jobferry.model.transfer.policy import ImportOptions
from jobferry.services.importing.check_result import LastCheck
from jobferry.services.importing.import_lock import ImportLock
from jobferry.services.importing.receive import Imports
from jobferry.services.importing.task import ImportTask
from jobferry.services.runtime import Runtime
from jobferry.store import Snapshot, Store, UnitOfWork

from ..platform.conftest import Site, site

__all__ = ["Interrupted", "Site", "site"]

Hook = Callable[[], object]


def _nothing(_: Task) -> None:
    """The test itself carries the import out."""


class Watched:
    """A store that lets a test act at writes: ``before`` the first of each attempt, ``after`` a commit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.server = store.server
        self.hooks: dict[int, Hook] = {}
        self.writes = 0

    @contextmanager
    def read(self, *, lean: bool = False) -> Iterator[Snapshot]:
        with self._store.read(lean=lean) as snapshot:
            yield snapshot

    @contextmanager
    def write(self, *, lasting: bool = True, only: str = "") -> Iterator[UnitOfWork]:
        self.writes += 1
        self.hooks.get(self.writes, lambda: None)()
        with self._store.write(lasting=lasting, only=only) as uow:
            yield uow


class Interrupted:
    """An import into a site whose every write can be preceded by something else."""

    def __init__(
        self,
        site: Site,
        package: bytes,
        *,
        record: ImportRecord | None = None,
        caller: Caller | None = None,
        **options: Any,
    ) -> None:
        """``record``: it is the package of that checked import, carried out as it was checked."""
        real, own = site.running.imports, site.running.parts
        runtime = own.runtime
        self.store = Watched(runtime.store)
        self.runtime = Runtime(self.store, runtime.now, runtime.new_id, runtime.chain)  # type: ignore[arg-type]
        turns = ImportLock(self.runtime, own.log, _nothing)
        self._imports = Imports(self.runtime, own.log, own.received, own.storage, turns, site.running.stored)
        self._carrier = ImportTask(self.runtime, own.log, own.received, own.storage, LastCheck(keeps=False))
        self._log, self._uploads = own.log, own.received
        self.limits = site.running.stored.limits()
        if record is not None:
            found = own.received.find(record.package_id)
            assert found is not None
            self._received = found
        else:
            self._received = real.receive(site.caller, "package.zip", iter([package]), self.limits)
        grant = site.running.workspaces.enter(site.place, caller or site.caller)
        self.task: Task = self._imports.begin(
            grant, self._received, ImportOptions(**options), confirmed=Confirmed(record) if record else None
        )
        self.store.writes = 0

    @property
    def is_package_gone(self) -> bool:
        return self._uploads.find(self._received.id) is None

    def run(self, hooks: dict[int, Hook]) -> Ending:
        """Carries it out; ``hooks`` act before its first, second, … write."""
        self.store.hooks = hooks
        ending = self.carry_out()
        self.note(ending)
        return ending

    def carry_out(self) -> Ending:
        """As its process does, up to noting how it ended."""
        return self._carrier.run(self.task)

    def note(self, ending: Ending) -> None:
        """Notes how it ended."""
        self._log.finish(self.task.id, ending, at=1)
