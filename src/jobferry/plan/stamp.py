"""Which import it is that a plan is applied for."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """Which import this is, by whom and when (ms); ``new_uid`` names objects that bring no uid.

    ``approvers`` are asked where what it submits needs a review.
    """

    import_id: str
    workspace_id: str
    by: str
    at: int
    new_uid: Callable[[], str]
    package_name: str = ""
    approvers: tuple[str, ...] = ()
