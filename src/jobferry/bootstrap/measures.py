"""What can be measured of a running platform: its tasks, imports, sizes, and what it depends on."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jobferry.bootstrap.home import Home
from jobferry.bootstrap.object_storage import StorageProbe
from jobferry.errors import StoreError
from jobferry.model.backups import BackupRun
from jobferry.model.task import TaskStatus

if TYPE_CHECKING:
    from jobferry.store import Store, TaskLog


class Measure(NamedTuple):
    """A value with what it is of; names follow Prometheus: the unit comes last."""

    name: str
    value: float
    labels: Mapping[str, str] = {}


_PROBE_PATIENCE = 1.0
"""Seconds for all object stores together."""


class Measures:
    """Measures a platform when somebody asks; what cannot be reached is told as down, and left out."""

    def __init__(self, home: Home, store: Store, log: TaskLog, probes: Mapping[str, StorageProbe]) -> None:
        """``probes`` are by the name of the object store that each asks."""
        self._home = home
        self._store = store
        self._log = log
        self._probes = probes

    def all(self, now: int) -> Iterator[Measure]:
        """Every measure; ``now`` is in milliseconds since 1970."""
        yield from self._of_database(now)
        yield from self._of_objects()
        yield Measure("disk_free_bytes", shutil.disk_usage(self._home.folder).free)
        for folder in (self._home.uploads, self._home.downloads):
            yield Measure("folder_bytes", _size(folder), {"folder": folder.name})

    def _of_database(self, now: int) -> Iterator[Measure]:
        began = time.monotonic()
        try:
            with self._store.read() as snapshot:
                states, size = snapshot.imports.counts(), snapshot.size()
                webhook = snapshot.deliveries.waiting()
                last, good = snapshot.backups.last(), snapshot.backups.last_good()
            tasks = self._log.counts()
        except StoreError:
            yield Measure("database_up", 0)
            return
        yield Measure("database_up", 1)
        yield Measure("database_seconds", time.monotonic() - began)
        yield Measure("database_bytes", size)
        for state, count in states.items():
            yield Measure("imports", count, {"state": state})
        for kind, status, phase, count, _ in tasks:
            yield Measure("tasks", count, {"kind": kind, "status": status, "phase": phase})
        oldest = min((began for _, status, _, _, began in tasks if status == TaskStatus.RUNNING), default=now)
        yield Measure("oldest_task_seconds", max(0, now - oldest) / 1000)
        yield from _of_backups(last, good)
        yield Measure("webhook_waiting", webhook.total)
        yield Measure("webhook_oldest_seconds", max(0, now - (webhook.since or now)) / 1000)

    def _of_objects(self) -> Iterator[Measure]:
        for probe in self._probes.values():
            probe.begin()
        until = time.monotonic() + _PROBE_PATIENCE
        for name, probe in self._probes.items():
            is_up = probe.fault(until) is None
            yield Measure("objects_up", int(is_up), {"store": name})
            if is_up:
                yield Measure("objects_seconds", probe.seconds, {"store": name})


def _of_backups(last: BackupRun | None, good: BackupRun | None) -> Iterator[Measure]:
    """Nothing where none was ever due."""
    if last is not None:
        yield Measure("backup_failed", 1 if last.said else 0)
    if good is not None:
        yield Measure("backup_success_timestamp_seconds", good.ended_at / 1000)
        yield Measure("backup_bytes", good.size)


def _size(folder: Path) -> int:
    """The bytes of all files below a folder; what goes away meanwhile counts nothing."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(path) / name).stat().st_size
            except OSError:
                continue
    return total
