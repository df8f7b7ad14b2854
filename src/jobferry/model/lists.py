"""What pages of lists are asked for: which entries, in which order, from where on and how many."""

from __future__ import annotations

from typing import Literal, TypedDict

import msgspec

from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.people import AboutKind, NoticeCode
from jobferry.model.records import VariableType
from jobferry.model.review import Ask
from jobferry.model.rights import Role


class PageOptions(TypedDict, total=False):
    """One page of a list: ``offset`` entries are passed over, at most ``limit`` are given.

    ``sort`` is a word of the list's own, after ``-`` the other way round. Without a
    ``limit`` all that follow are given, without ``sort`` in the list's usual order.
    """

    offset: int
    limit: int
    sort: str


ConnectionSort = Literal["name", "-name", "type", "-type", "updated_at", "-updated_at"]
InventorySort = Literal["kind", "-kind", "name", "-name"]
VariableSort = Literal["name", "-name", "type", "-type"]
UserSort = Literal["name", "-name", "created_at", "-created_at"]
TokenSort = Literal["name", "-name", "created_at", "-created_at", "expires_at", "-expires_at"]
KeySort = Literal["created_at", "-created_at", "used_at", "-used_at"]
WorkspaceSort = Literal["name", "-name", "created_at", "-created_at"]
NameSort = Literal["name", "-name"]
RouteSort = Literal["source", "-source", "name", "-name", "saved_at", "-saved_at"]
NoticeSort = Literal["-at", "at"]
ReviewSort = Literal["-asked_at", "asked_at", "name", "-name", "size", "-size"]
ReviewItemSort = Literal["position", "-position", "name", "-name"]
PendingSort = Literal["asked_at", "-asked_at", "name", "-name"]
AuditSort = Literal["-number", "number"]
ChangeSort = Literal["-number", "number"]
DownloadSort = Literal[
    "-started_at",
    "started_at",
    "file_name",
    "-file_name",
    "operator",
    "-operator",
    "kind",
    "-kind",
    "status",
    "-status",
    "size",
    "-size",
]
"""The words that lists are sorted by; the first is the usual one."""


class ConnectionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which connections; what is empty does not filter. ``name`` is a piece of it."""

    name: str = ""
    type: str = ""


class InventoryFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which things of an inventory."""

    kind: NeedKind | None = None
    name: str = ""


class VariableFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which environment variables."""

    name: str = ""
    type: VariableType | None = None


class UserFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which users."""

    name: str = ""
    operations: bool | None = None
    disabled: bool | None = None


class MemberFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which members: ``name`` is a piece of the user's name, ``role`` one that they have."""

    name: str = ""
    role: Role | None = None


class PolicyFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which policies: by a piece of the name, and by the user or role that they name."""

    name: str = ""
    user: str = ""
    role: Role | None = None


class NoticeFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which notices. Times are in ms; ``until`` itself is left out."""

    unread: bool = False
    code: NoticeCode | None = None
    about: AboutKind | None = None
    since: int = 0
    until: int = 0


class ReviewItemFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which items of a review, or of those that wait for a release."""

    kind: ObjectKind | None = None
    name: str = ""
    ask: Ask | None = None
    asked_by: str = ""
