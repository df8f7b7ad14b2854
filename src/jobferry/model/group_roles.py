"""Roles that groups of a sign-in provider stand for."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from jobferry.model.rights import Role

_ROLES = {role.value: role for role in Role}


class GroupRole(msgspec.Struct, frozen=True):
    """A group's role in a workspace; ``workspace`` is empty for the operations role."""

    group: str
    workspace: str
    role: Role


def parse_group_roles(text: str) -> tuple[GroupRole, ...]:
    """Reads ``GROUP=operations; GROUP=WORKSPACE:ROLE``.

    Raises:
        ValueError: a part is neither; it names that part.
    """
    return tuple(_parsed(part) for part in text.split(";") if part.strip())


def operations_of(rules: Collection[GroupRole], groups: Collection[str]) -> bool | None:
    """Whether groups give the operations role; None where no rule is about it."""
    named = [rule.group in groups for rule in rules if rule.role is Role.OPERATIONS]
    return any(named) if named else None


def workspace_roles(rules: Collection[GroupRole], groups: Collection[str]) -> dict[str, frozenset[Role]]:
    """The roles that groups give, for every workspace that a rule names; there may be none."""
    places = {rule.workspace for rule in rules if rule.workspace}
    return {
        place: frozenset(rule.role for rule in rules if rule.workspace == place and rule.group in groups)
        for place in sorted(places)
    }


def _parsed(part: str) -> GroupRole:
    group, _, given = (piece.strip() for piece in part.rpartition("="))
    workspace, _, role = given.rpartition(":")
    found = _ROLES.get(role)
    if not group or found is None or (found is Role.OPERATIONS) != (not workspace):
        raise ValueError(part.strip())
    return GroupRole(group, workspace, found)
