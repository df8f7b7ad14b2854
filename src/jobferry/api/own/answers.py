"""What the own API answers with, for its description: one class per shape.

Answers are encoded from the nouns themselves; the tests hold every answer against these classes.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from jobferry.api.late import Shape
from jobferry.model.kinds import Engine, NeedKind, ObjectKind, SchedulingState
from jobferry.model.records import VariableType
from jobferry.model.rights import Role
from jobferry.model.settings import Acts, SettingType, Source


class FaultDetail(Shape):
    """One of the things that are wrong, and where in the document; ``code`` is that of findings."""

    code: str
    path: str
    message: str
    hint: str


class ErrorDetail(Shape):
    """What went wrong, in words and as a code; ``errors`` are all things that are wrong with a document, or
    missing to a job that is to be started."""

    code: str
    message: str
    subject: str
    hint: str
    request_id: str
    errors: list[FaultDetail] = Field(default=[])


class ErrorAnswer(Shape):
    """Every failure, whatever its status."""

    error: ErrorDetail


class Health(Shape):
    """The process answers."""

    status: str


class PlatformAnswer(Shape):
    """Limits are in bytes where their names say so."""

    id: str
    name: str
    project_id: str
    version: str
    limits: dict[str, int]


class SettingAnswer(Shape):
    """A setting of the platform or of a workspace: its value, and what it means.

    Where ``default`` is empty, ``follows`` says what holds instead. ``source`` is where ``value`` comes from;
    ``set_by`` names the roles that may set it, ``acts`` says from when on a change holds.
    """

    key: str
    type: SettingType
    value: str
    source: Source
    default: str
    follows: str
    choices: list[str]
    meaning: str
    acts: Acts
    set_by: list[Role]


class WorkspaceAnswer(Shape):
    """Times are milliseconds since 1970 (UTC), here and everywhere."""

    id: str
    name: str
    description: str
    created_by: str
    created_at: int
    settings: dict[str, str]


class WorkspaceList(Shape):
    """All workspaces, by name."""

    total: int
    items: list[WorkspaceAnswer]


class ObjectAnswer(Shape):
    """``state`` and ``engine`` only for jobs; versions are 0 before the first submit, ``locked_by`` is empty
    when free."""

    kind: ObjectKind
    name: str
    uid: str
    directory: str
    type: str
    digest: str
    live_version: int
    last_version: int
    state: SchedulingState | None
    engine: Engine | None
    held: list[str]
    created_by: str
    created_at: int
    updated_by: str
    updated_at: int
    locked_by: str
    locked_at: int


class ObjectList(Shape):
    """How many objects match in all, and one page of them."""

    total: int
    items: list[ObjectAnswer]


class ConnectionAnswer(Shape):
    """``incomplete``: it has places for secrets, and none is kept."""

    name: str
    type: str
    incomplete: bool
    document: dict[str, Any]


class ConnectionList(Shape):
    """All connections of a workspace, by name."""

    total: int
    items: list[ConnectionAnswer]


class InventoryItemAnswer(Shape):
    """A thing outside Jobferry that the workspace can use."""

    kind: NeedKind
    name: str
    local_id: str


class InventoryList(Shape):
    """The inventory, by kind and name, and the kinds of which everything is taken to exist."""

    total: int
    items: list[InventoryItemAnswer]
    accepted: list[NeedKind]


class AcceptedAnswer(Shape):
    """The kinds of which everything is taken to exist here, now."""

    accepted: list[NeedKind]


class AddedAnswer(Shape):
    """How many things were added."""

    added: int


class VariableAnswer(Shape):
    """An environment variable. Its value is shown to those who may change variables, else it is null.

    ``incomplete``: it was never given a value here.
    """

    name: str
    type: VariableType
    value: str | None
    incomplete: bool
    description: str


class VariableList(Shape):
    """All environment variables of a workspace, by name."""

    total: int
    items: list[VariableAnswer]
