"""An import on its way: a package that was handed in, the options that it is to come in by, how far it is.

A route keeps such options for the next package from the same source.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from jobferry.model.transfer.policy import ImportOptions


class ImportState(StrEnum):
    """How far an import is. It is not kept but seen from its task and receipt, so that it is never stale."""

    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    DISCARDED = "discarded"


class ImportRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A checked import. ``task_id`` is that of the last try to apply it. Times are in ms.

    What the check found lies beside the package. ``plan_digest`` is what the record is bound to.
    """

    id: str
    workspace_id: str
    created_by: str
    created_at: int
    checked_at: int
    package_id: str
    package_name: str
    package_digest: str
    options: ImportOptions
    plan_digest: str
    task_id: str = ""
    discarded: bool = False


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """What imports into one workspace go by that come from one workspace of one platform."""

    workspace_id: str
    source_platform: str
    source_workspace: str
    platform_name: str
    """What the source called itself when the route was saved; its id is what counts."""
    options: ImportOptions
    saved_by: str
    saved_at: int

    @property
    def name(self) -> str:
        """How people call it: after its source."""
        return f"{self.platform_name or self.source_platform}/{self.source_workspace}"
