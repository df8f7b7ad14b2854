"""An import on its way: a package that was handed in, the options that it is to come in by, how far it is."""

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
