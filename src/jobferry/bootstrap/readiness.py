"""Whether a server can answer, and which object stores cannot be reached meanwhile."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from jobferry.bootstrap.object_storage import StorageProbe
from jobferry.errors import Conflict, ErrorCode, JobferryError, StoreError

if TYPE_CHECKING:
    from jobferry.store import Store

_PATIENCE = 0.8
"""Seconds for the database and all stores together: probes of load balancers wait for one second."""
_SILENT = StoreError(
    ErrorCode.STORE_FAILED, "the database has not answered yet", hint="check its server and the network"
)


class Readiness:
    """A server needs its database and the place of its packages. It goes on without any other store."""

    def __init__(self, store: Store, packages: StorageProbe, stores: Mapping[str, StorageProbe]) -> None:
        """``packages`` asks where packages lie; ``stores`` are those behind ``obs://``, by name."""
        self._store = store
        self._needed = (StorageProbe(self._ask_database, 0.0, _SILENT), packages)
        self._stores = stores

    def check(self) -> dict[str, JobferryError]:
        """Ask everything at once, and return what is wrong with each store that the server can do without.

        Raises:
            StoreError: the database does not answer.
            Conflict: the platform was never set up.
            FilesError: packages cannot be reached.
        """
        until = time.monotonic() + _PATIENCE
        for probe in (*self._needed, *self._stores.values()):
            probe.begin()
        for probe in self._needed:
            if (error := probe.fault(until)) is not None:
                raise error
        faults = {name: probe.fault(until) for name, probe in self._stores.items()}
        return {name: fault for name, fault in faults.items() if fault is not None}

    def _ask_database(self) -> None:
        with self._store.read() as snapshot:
            if snapshot.platform() is None:
                raise Conflict(ErrorCode.STORE_FAILED, "this platform is not set up yet")
