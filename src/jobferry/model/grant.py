"""What one caller may do in one workspace."""

from __future__ import annotations

import msgspec

from jobferry.model.kinds import PLACED_KINDS, ObjectKind
from jobferry.model.people import Caller
from jobferry.model.records import StoredObject, Workspace
from jobferry.model.rights import HEADS, LOOKING, MATRIX, Action, Role
from jobferry.model.transfer.policy import LockPolicy


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A caller in a workspace. Every use case about a workspace is given one, whatever door it came by.

    ``administrators`` names those who could allow most of what is refused, ``owners`` those among them who
    could allow all of it. ``directories`` are those that a directory policy leaves to the caller; None stands
    for all.
    """

    caller: Caller
    workspace: Workspace
    roles: frozenset[Role]
    administrators: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    directories: tuple[str, ...] | None = None

    def may(self, action: Action) -> bool:
        """Whether the caller's roles and token allow the action."""
        if self.caller.scope.read_only and action not in LOOKING:
            return False
        return not self.roles.isdisjoint(MATRIX[action])

    def commands_lock(self, stored: StoredObject, policy: LockPolicy) -> bool:
        """Whether the caller, who may lock, may take or release an object's lock, whoever holds it."""
        if stored.locked_by in ("", self.caller.name) or policy is LockPolicy.SOFT:
            return True
        return not self.roles.isdisjoint(HEADS)

    def covers(self, directory: str) -> bool:
        """Whether the caller may work in a directory."""
        if self.directories is None:
            return True
        return any(f"{directory}/".startswith(f"{one.rstrip('/')}/") for one in self.directories)

    def reaches(self, stored: StoredObject) -> bool:
        """Whether the caller may work with an object, as far as its directory goes."""
        return stored.kind not in PLACED_KINDS or self.covers(stored.directory)

    def directories_of(self, kind: ObjectKind) -> tuple[str, ...] | None:
        """The directories in which the caller may work with objects of a kind; None stands for all."""
        return self.directories if kind in PLACED_KINDS else None
