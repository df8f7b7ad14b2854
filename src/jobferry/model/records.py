"""What the platform keeps: objects, texts, versions, workspaces, inventory, variables, connections."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.model.kinds import NeedKind, ObjectKind, SchedulingState

if TYPE_CHECKING:
    from jobferry.model.document.facts import ExportFacts, Facts, IndexTerm


class StoredObject(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A job, script, resource or CDM definition as it stands in a workspace.

    ``digest`` names the draft's text; ``live_version`` is 0 and ``live_digest`` empty while nothing is
    submitted. Times are milliseconds since 1970 (UTC). ``held`` says what was missing at its import.
    ``locked_by`` names the user who holds its lock, since ``locked_at``; empty and 0 while nobody does.
    """

    id: int
    workspace_id: str
    kind: ObjectKind
    name: str
    uid: str
    directory: str
    subtype: str
    digest: str
    live_version: int = 0
    live_digest: str = ""
    last_version: int = 0
    state: SchedulingState = SchedulingState.STOPPED
    held: tuple[str, ...] = ()
    created_by: str = ""
    created_at: int = 0
    updated_by: str = ""
    updated_at: int = 0
    locked_by: str = ""
    locked_at: int = 0

    @property
    def key(self) -> ObjectKey:
        return (self.kind, self.name)


ObjectKey = tuple[ObjectKind, str]


class ObjectSort(StrEnum):
    """What objects are sorted by; with a minus, the other way round. Those that are alike by name."""

    NAME = "name"
    NAME_DOWN = "-name"
    DIRECTORY = "directory"
    DIRECTORY_DOWN = "-directory"
    TYPE = "type"
    TYPE_DOWN = "-type"
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"
    UPDATED_AT = "updated_at"
    UPDATED_AT_DOWN = "-updated_at"


class ObjectFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which objects a page shows, and in which order; what is empty or None does not narrow.

    ``name_part`` is a piece of the name, case ignored (ASCII letters). ``directories`` leaves only what lies
    in or below one of them; None stands for anywhere. ``directory`` is the one that they lie directly in,
    with ``is_below`` in it or below.
    With ``index_terms``, those whose drafts have any of them. ``locked_by`` leaves only those whose lock that
    user holds, or anybody where it is empty; ``is_locked`` those that are locked or free. ``since`` counts,
    ``until`` itself is left out; times are milliseconds since 1970 (UTC).
    """

    workspace_id: str
    kind: ObjectKind
    name_part: str = ""
    subtype: str = ""
    directories: tuple[str, ...] | None = None
    directory: str | None = None
    is_below: bool = False
    index_terms: tuple[IndexTerm, ...] = ()
    locked_by: str | None = None
    is_locked: bool | None = None
    is_held: bool | None = None
    is_live: bool | None = None
    state: SchedulingState | None = None
    created_by: str = ""
    created_since: int = 0
    created_until: int = 0
    updated_by: str = ""
    updated_since: int = 0
    updated_until: int = 0
    sort: ObjectSort = ObjectSort.NAME

    @property
    def is_plain(self) -> bool:
        """Whether nothing but name and type narrows it, and it is sorted by name."""
        plain = ObjectFilter(
            workspace_id=self.workspace_id,
            kind=self.kind,
            name_part=self.name_part,
            subtype=self.subtype,
        )
        return self == plain


class Text(msgspec.Struct, frozen=True):
    """A stored text with what was read from it. ``facts_version`` tells by which rules the facts were
    read."""

    digest: str
    text: bytes
    facts: Facts
    facts_version: str


class SizedFacts(NamedTuple):
    """A text's size in bytes, and its export facts; None where its facts are of another version."""

    size: int
    facts: ExportFacts | None


class Outgoing(msgspec.Struct, frozen=True, gc=False):
    """An object in one state: the draft, which has version 0, or the live version; with its text's size and
    export facts. ``digest`` is empty where there is no such state; then these say nothing.
    """

    name: str
    uid: str
    directory: str
    digest: str
    version: int
    size: int
    facts: ExportFacts | None


MOST_VERSIONS = 100
"""How many versions of an object are kept where nothing else is said."""


class Version(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An immutable submitted state, numbered from 1. ``import_id`` is empty for a submit by hand.

    ``undone`` names the receipt of the undo that took the version back; its number stays taken.
    """

    object_id: int
    number: int
    digest: str
    note: str = ""
    submitted_by: str = ""
    submitted_at: int = 0
    import_id: str = ""
    undone: str = ""


class Workspace(msgspec.Struct, frozen=True, kw_only=True):
    """A named area that owns jobs. ``settings`` holds only what differs from the defaults."""

    id: str
    name: str
    description: str = ""
    settings: dict[str, str] = {}
    created_by: str = ""
    created_at: int = 0
    updated_at: int = 0


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    """One installation."""

    id: str
    name: str
    project_id: str


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """A connection. ``document`` holds no secret; ``secrets`` is a sealed JSON object of them."""

    workspace_id: str
    name: str
    type: str
    document: bytes
    secrets: bytes = b""
    created_by: str = ""
    created_at: int = 0
    updated_at: int = 0


class InventoryItem(msgspec.Struct, frozen=True, kw_only=True):
    """Something outside Jobferry that this workspace can use; ``local_id`` is its id there, if known."""

    workspace_id: str
    kind: NeedKind
    name: str
    local_id: str = ""


class VariableType(StrEnum):
    """A variable is given a new value on each platform, a constant keeps it."""

    VARIABLE = "variable"
    CONSTANT = "constant"


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """An environment variable of a workspace; its value is sealed."""

    workspace_id: str
    name: str
    type: VariableType
    value: bytes
    description: str = ""


class ImportOrigin(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What was last imported into an object from one source platform.

    ``entry_digest`` is the package entry's, ``edits_digest`` that of the edits made on it, and
    ``result_digest`` that of the text which was written. ``source_directory`` is the object's place in
    ``source_workspace``, empty where that is not known.
    """

    workspace_id: str
    object_id: int
    kind: ObjectKind
    source_platform: str
    source_uid: str
    entry_digest: str
    edits_digest: str
    result_digest: str
    landed_at: int
    source_workspace: str
    source_directory: str = ""


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds a workspace's import slot, and on which server. ``fence`` grows with every takeover."""

    workspace_id: str
    task_id: str
    holder: str
    since: int
    fence: int
    server: str = ""
