"""What every use case stands on: the store, a clock and a source of ids."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from jobferry.store.ports import Store


class Ground(msgspec.Struct, frozen=True):
    """``now`` gives milliseconds since 1970 (UTC), ``new_id`` 32 hexadecimal digits nobody has had."""

    store: Store
    now: Callable[[], int]
    new_id: Callable[[], str]
