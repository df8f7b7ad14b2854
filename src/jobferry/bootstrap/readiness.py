"""Whether a server can answer, and which object stores cannot be reached meanwhile."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from jobferry.bootstrap.object_storage import StorageProbe
from jobferry.errors import Conflict, ErrorCode, FilesError

if TYPE_CHECKING:
    from jobferry.store import Store

_PATIENCE = 1.0
"""Seconds for all stores that a server can do without: whoever asks has little patience."""


class Readiness:
    """A server needs its database and the place of its packages. It goes on without any other store."""

    def __init__(self, store: Store, packages: StorageProbe, stores: Mapping[str, StorageProbe]) -> None:
        """``packages`` asks where packages lie; ``stores`` are those behind ``obs://``, by name."""
        self._store = store
        self._packages = packages
        self._stores = stores

    def check(self) -> dict[str, FilesError]:
        """What is wrong with each store that the server can do without; empty where all is well.

        Raises:
            StoreError: the database does not answer.
            Conflict: the platform was never set up.
            FilesError: packages cannot be reached.
        """
        with self._store.read() as snapshot:
            if snapshot.platform() is None:
                raise Conflict(ErrorCode.STORE_FAILED, "this platform is not set up yet")
        self._packages.check()
        until = time.monotonic() + _PATIENCE
        for probe in self._stores.values():
            probe.begin()
        faults = {name: probe.fault(until) for name, probe in self._stores.items()}
        return {name: fault for name, fault in faults.items() if fault is not None}
