"""Platforms in this process, and imports that can be stopped at any of their writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from jobferry.model.task import Ending, Task
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
        self.hooks: dict[int, Hook] = {}
        self.writes = 0

    @contextmanager
    def read(self, *, lean: bool = False) -> Iterator[Snapshot]:
        with self._store.read(lean=lean) as snapshot:
            yield snapshot

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[UnitOfWork]:
        self.writes += 1
        self.hooks.get(self.writes, lambda: None)()
        with self._store.write(lasting=lasting) as uow:
            yield uow


class Interrupted:
    """An import into a site whose every write can be preceded by something else."""

    def __init__(self, site: Site, package: bytes, **options: Any) -> None:
        real, own = site.running.imports, site.running.parts
        runtime = own.runtime
        self.store = Watched(runtime.store)
        watched = Runtime(self.store, runtime.now, runtime.new_id, runtime.chain)  # type: ignore[arg-type]
        turns = ImportLock(watched, own.log, _nothing)
        self._imports = Imports(watched, own.log, own.received, own.storage, turns, site.running.stored)
        self._carrier = ImportTask(watched, own.log, own.received, own.storage, LastCheck(keeps=False))
        self._log = own.log
        self.limits = site.running.stored.limits()
        received = real.receive(site.caller, "package.zip", iter([package]), self.limits)
        self.task: Task = self._imports.begin(site.grant, received, ImportOptions(**options))
        self.store.writes = 0

    def run(self, hooks: dict[int, Hook]) -> Ending:
        """Carries it out; ``hooks`` act before its first, second, … write."""
        self.store.hooks = hooks
        ending = self._carrier.run(self.task)
        self._log.finish(self.task.id, ending, at=1)
        return ending
