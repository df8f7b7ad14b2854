"""Who belongs to which workspace, and in which directories they may work."""

from __future__ import annotations

from typing import Any, Unpack

import msgspec
from sqlalchemy import Connection, Row, Select, delete, or_, select

from jobferry.model.lists import MemberFilter, PageOptions, PolicyFilter
from jobferry.model.people import DirectoryPolicy, DownloadPolicy, Member
from jobferry.model.rights import HEADS, Role
from jobferry.store import bulk
from jobferry.store.schema import directory_policies, download_policies, members, users

_roles = msgspec.json.Decoder(tuple[Role, ...])
_names = msgspec.json.Decoder(tuple[str, ...])
_ORDERS: bulk.Orders = {"name": [users.c.name]}
_POLICY_ORDERS: bulk.Orders = {"name": [directory_policies.c.name]}
_DOWNLOAD_POLICY_ORDERS: bulk.Orders = {"name": [download_policies.c.name]}


class Members:
    """Who belongs to which workspace, and in which directories they may work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_workspace(self, workspace_id: str) -> list[Member]:
        """In order of user name."""
        query = _named_members().where(members.c.workspace_id == workspace_id).order_by(users.c.name)
        return [_member(row) for row in self._connection.execute(query)]

    def heads_and(self, workspace_id: str, user_id: str) -> list[Member]:
        """Owner and administrators of a workspace and one user, if they are a member, by user name."""
        heads = (bulk.holds(self._connection, members.c.roles, role) for role in sorted(HEADS))
        wanted = or_(members.c.user_id == user_id, *heads)
        query = _named_members().where(members.c.workspace_id == workspace_id, wanted)
        return [_member(row) for row in self._connection.execute(query.order_by(users.c.name))]

    def of_user(self, user_id: str) -> list[Member]:
        """In order of workspace id."""
        query = _named_members().where(members.c.user_id == user_id).order_by(members.c.workspace_id)
        return [_member(row) for row in self._connection.execute(query)]

    def page(
        self, workspace_id: str, wanted: MemberFilter, **which: Unpack[PageOptions]
    ) -> tuple[int, list[Member]]:
        """How many members of a workspace fit, and one page of them."""
        here = _named_members().where(
            members.c.workspace_id == workspace_id,
            bulk.fits(self._connection, pieces=[(users.c.name, wanted.name)]),
            bulk.holds(self._connection, members.c.roles, wanted.role or ""),
        )
        total, rows = bulk.page(self._connection, here, _ORDERS, **which)
        return total, [_member(row) for row in rows]

    def policies(self, workspace_id: str) -> list[DirectoryPolicy]:
        """In order of name."""
        query = select(directory_policies).where(directory_policies.c.workspace_id == workspace_id)
        return [_policy(row) for row in self._connection.execute(query.order_by("name"))]

    def policy_page(
        self, workspace_id: str, wanted: PolicyFilter, **which: Unpack[PageOptions]
    ) -> tuple[int, list[DirectoryPolicy]]:
        """How many directory policies of a workspace fit, and one page of them."""
        columns = directory_policies.c
        here = select(directory_policies).where(
            columns.workspace_id == workspace_id,
            bulk.fits(self._connection, pieces=[(columns.name, wanted.name)]),
            bulk.holds(self._connection, columns.users, wanted.user),
            bulk.holds(self._connection, columns.roles, wanted.role or ""),
        )
        total, rows = bulk.page(self._connection, here, _POLICY_ORDERS, **which)
        return total, [_policy(row) for row in rows]

    def download_policies(
        self, workspace_id: str, wanted: PolicyFilter = PolicyFilter(), **which: Unpack[PageOptions]
    ) -> tuple[int, list[DownloadPolicy]]:
        """How many download policies of a workspace fit, and one page of them."""
        columns = download_policies.c
        here = select(download_policies).where(
            columns.workspace_id == workspace_id,
            bulk.fits(self._connection, pieces=[(columns.name, wanted.name)]),
            bulk.holds(self._connection, columns.users, wanted.user),
            bulk.holds(self._connection, columns.roles, wanted.role or ""),
        )
        total, rows = bulk.page(self._connection, here, _DOWNLOAD_POLICY_ORDERS, **which)
        return total, [_download_policy(row) for row in rows]


class MemberWriter(Members):
    """Members and directory policies, to be changed."""

    def save(self, member: Member) -> None:
        """Adds a member or replaces their roles; one without roles is removed."""
        if not member.roles:
            here = (members.c.workspace_id == member.workspace_id) & (members.c.user_id == member.user_id)
            self._connection.execute(delete(members).where(here))
            return
        row = (member.workspace_id, member.user_id, _text(sorted(member.roles)))
        bulk.save(self._connection, members, [row], changed=["roles"])

    def save_policy(self, policy: DirectoryPolicy) -> None:
        """Adds or replaces, by name."""
        lists = (_text(policy.directories), _text(policy.users), _text(policy.roles))
        bulk.save(
            self._connection,
            directory_policies,
            [(policy.workspace_id, policy.name, *lists)],
            changed=["directories", "users", "roles"],
        )

    def save_download_policy(self, policy: DownloadPolicy) -> None:
        """Adds or replaces, by name."""
        row = (policy.workspace_id, policy.name, _text(policy.users), _text(policy.roles))
        bulk.save(self._connection, download_policies, [row], changed=["users", "roles"])

    def remove_download_policy(self, workspace_id: str, name: str) -> bool:
        """Whether there was one."""
        if not bulk.texts([name]):
            return False
        here = (download_policies.c.workspace_id == workspace_id) & (download_policies.c.name == name)
        return self._connection.execute(delete(download_policies).where(here)).rowcount > 0

    def remove_policy(self, workspace_id: str, name: str) -> bool:
        """Whether there was one."""
        if not bulk.texts([name]):
            return False
        here = (directory_policies.c.workspace_id == workspace_id) & (directory_policies.c.name == name)
        return self._connection.execute(delete(directory_policies).where(here)).rowcount > 0


def _download_policy(row: Row[Any]) -> DownloadPolicy:
    lists = {"users": _names.decode(row.users), "roles": _roles.decode(row.roles)}
    return DownloadPolicy(**row._asdict() | lists)


def _named_members() -> Select[Any]:
    return select(members, users.c.name.label("user_name")).join(users, users.c.id == members.c.user_id)


def _member(row: Row[Any]) -> Member:
    return Member(**row._asdict() | {"roles": frozenset(_roles.decode(row.roles))})


def _text(values: object) -> str:
    return msgspec.json.encode(values).decode()


def _policy(row: Row[Any]) -> DirectoryPolicy:
    lists = {"directories": _names.decode(row.directories), "users": _names.decode(row.users)}
    return DirectoryPolicy(**row._asdict() | lists | {"roles": _roles.decode(row.roles)})
