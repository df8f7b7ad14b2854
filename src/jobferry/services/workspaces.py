"""Workspaces and their settings."""

from __future__ import annotations

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.model.grant import Grant
from jobferry.model.names import WORKSPACE_NAME
from jobferry.model.people import Caller
from jobferry.model.records import Workspace
from jobferry.model.rights import Role
from jobferry.model.settings import SETTINGS, checked_setting
from jobferry.services.ground import Ground

DEFAULT_WORKSPACE = "default"


class Workspaces:
    """Make, find and set up workspaces."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def find(self, name_or_id: str | None) -> Workspace:
        """The workspace of that id or name; ``default`` when nothing is said.

        Raises:
            NotFound: there is none (``workspace-missing``).
        """
        wanted = name_or_id or DEFAULT_WORKSPACE
        with self._ground.store.read() as snapshot:
            found = snapshot.workspaces.by_id(wanted) or snapshot.workspaces.by_name(wanted)
        if found is None:
            raise NotFound(
                ErrorCode.WORKSPACE_MISSING,
                f"there is no workspace {wanted!r} here",
                subject=wanted,
                hint="see jobferry workspace list; give its id or its name",
            )
        return found

    def enter(self, name_or_id: str | None, caller: Caller) -> Grant:
        """The caller's grant in a workspace.

        Raises:
            NotFound: there is none, or none for this caller (``workspace-missing``).
        """
        workspace = self.find(name_or_id)
        with self._ground.store.read() as snapshot:
            members = snapshot.members.of_workspace(workspace.id)
        roles = {role for one in members if one.user_id == caller.user_id for role in one.roles}
        if caller.operations:
            roles.add(Role.OPERATIONS)
        return Grant(caller=caller, workspace=workspace, roles=frozenset(roles))

    def all(self) -> list[Workspace]:
        """All workspaces, by name."""
        with self._ground.store.read() as snapshot:
            return snapshot.workspaces.all()

    def create(self, name: str, caller: Caller, description: str = "") -> Workspace:
        """Makes a workspace.

        Raises:
            InvalidRequest: the name is not allowed.
            Conflict: the name is taken.
        """
        if not WORKSPACE_NAME.match(name):
            raise InvalidRequest(
                ErrorCode.INVALID_NAME,
                f"{name!r} is no name for a workspace",
                subject=name,
                hint="use 1 to 64 letters, digits, Chinese letters, _ or -",
            )
        now = self._ground.now()
        workspace = Workspace(
            id=self._ground.new_id(),
            name=name,
            description=description,
            created_by=caller.name,
            created_at=now,
            updated_at=now,
        )
        with self._ground.store.write() as uow:
            if uow.workspaces.by_name(name) is not None:
                raise Conflict(ErrorCode.NAME_TAKEN, f"the workspace {name} exists already", subject=name)
            uow.workspaces.add(workspace)
            uow.commit()
        return workspace

    def set(self, workspace_id: str, values: dict[str, str]) -> Workspace:
        """Changes settings; an empty value goes back to the default.

        Raises:
            InvalidRequest: a key is unknown or a value does not fit; nothing is changed then.
        """
        checked = {key: checked_setting(key, value) for key, value in values.items()}
        with self._ground.store.write() as uow:
            workspace = uow.workspaces.by_id(workspace_id)
            if workspace is None:
                raise NotFound(ErrorCode.WORKSPACE_MISSING, f"there is no workspace {workspace_id!r} here")
            merged = {key: value for key, value in (workspace.settings | checked).items() if value}
            workspace = msgspec.structs.replace(workspace, settings=merged, updated_at=self._ground.now())
            uow.workspaces.replace(workspace)
            uow.commit()
        return workspace

    @staticmethod
    def settings_of(workspace: Workspace) -> dict[str, str]:
        """Every setting with the value that holds; empty means: as the profile says."""
        return {key: workspace.settings.get(key) or setting.default for key, setting in SETTINGS.items()}
