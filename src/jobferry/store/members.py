"""Who belongs to which workspace, and in which directories they may work."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, select

from jobferry.model.people import DirectoryPolicy, Member
from jobferry.model.rights import Role
from jobferry.store import bulk
from jobferry.store.schema import directory_policies, members, users

_roles = msgspec.json.Decoder(tuple[Role, ...])
_names = msgspec.json.Decoder(tuple[str, ...])


class Members:
    """Who belongs to which workspace, and in which directories they may work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_workspace(self, workspace_id: str) -> list[Member]:
        """In order of user name."""
        return self._members(members.c.workspace_id == workspace_id, users.c.name)

    def of_user(self, user_id: str) -> list[Member]:
        """In order of workspace id."""
        return self._members(members.c.user_id == user_id, members.c.workspace_id)

    def policies(self, workspace_id: str) -> list[DirectoryPolicy]:
        """In order of name."""
        query = select(directory_policies).where(directory_policies.c.workspace_id == workspace_id)
        return [_policy(row) for row in self._connection.execute(query.order_by("name"))]

    def _members(self, which: ColumnElement[bool], order: ColumnElement[Any]) -> list[Member]:
        query = select(members, users.c.name.label("user_name")).join(users, users.c.id == members.c.user_id)
        rows = self._connection.execute(query.where(which).order_by(order))
        return [Member(**row._asdict() | {"roles": frozenset(_roles.decode(row.roles))}) for row in rows]


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

    def remove_policy(self, workspace_id: str, name: str) -> bool:
        """Whether there was one."""
        if not bulk.texts([name]):
            return False
        here = (directory_policies.c.workspace_id == workspace_id) & (directory_policies.c.name == name)
        return self._connection.execute(delete(directory_policies).where(here)).rowcount > 0


def _text(values: object) -> str:
    return msgspec.json.encode(values).decode()


def _policy(row: Row[Any]) -> DirectoryPolicy:
    lists = {"directories": _names.decode(row.directories), "users": _names.decode(row.users)}
    return DirectoryPolicy(**row._asdict() | lists | {"roles": _roles.decode(row.roles)})
