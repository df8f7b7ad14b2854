"""Workspaces and their settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Unpack

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.files.paths import parse_folder_path
from jobferry.model.lists import PageOptions
from jobferry.model.names import WORKSPACE_NAME
from jobferry.model.people import Caller, Grant, Member
from jobferry.model.records import Workspace
from jobferry.model.rights import Action, Role
from jobferry.model.setting import HeldSetting
from jobferry.model.settings import (
    SETTINGS,
    accepted_kinds,
    checked_setting,
    held_settings,
    read_settings,
    rights_to_set,
)
from jobferry.sentences import sentence
from jobferry.services.granting import NOWHERE, grant_in, platform_grant
from jobferry.services.object_owners import Owners
from jobferry.services.releasing import release_kinds
from jobferry.services.reviewing.asking import check_switch
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot, UnitOfWork

DEFAULT_WORKSPACE = "default"
_ANY_DAY = "2026-01-01"
"""Named like an asset backup: it is owned like all of them."""


class Workspaces:
    """Make, find and set up workspaces."""

    def __init__(self, runtime: Runtime, owners: Callable[[Snapshot], Owners]) -> None:
        """``owners`` are those of locations in object storage."""
        self._runtime = runtime
        self._owners = owners

    def enter(self, name_or_id: str | None, caller: Caller) -> Grant:
        """What the caller may do in the workspace of that id or name; ``default`` when nothing is said.

        A workspace that the caller is not to see answers as one that does not exist: with the same words, and
        after the same look-ups.

        Raises:
            NotFound: there is none, or the caller is no member, or their token leaves it out
                (``workspace-missing``).
        """
        wanted = name_or_id or DEFAULT_WORKSPACE
        anywhere = msgspec.structs.replace(caller, origin="")
        with self._runtime.store.read() as snapshot:
            grant = snapshot.rights.known((wanted, anywhere), lambda: _entered(snapshot, wanted, anywhere))
        if grant is None:
            raise NotFound(
                ErrorCode.WORKSPACE_MISSING,
                sentence("there is no workspace {wanted} here", wanted=repr(wanted)),
                subject=wanted,
                hint="see `jobferry workspace list`; give its id or its name",
            )
        return msgspec.structs.replace(grant, caller=caller)

    def all(self, caller: Caller) -> list[Workspace]:
        """The workspaces that the caller may enter, by name."""
        with self._runtime.store.read() as snapshot:
            memberships = {member.workspace_id for member in snapshot.members.of_user(caller.user_id)}
            return [
                workspace for workspace in snapshot.workspaces.all() if _sees(caller, memberships, workspace)
            ]

    def page(
        self, caller: Caller, piece: str = "", **which: Unpack[PageOptions]
    ) -> tuple[int, list[Workspace]]:
        """How many of them have a piece in their names, and one page of them, by name unless it is said."""
        found = [one for one in self.all(caller) if piece.casefold() in one.name.casefold()]
        sort, offset = which.get("sort", "name"), which.get("offset", 0)
        if sort.endswith("created_at"):
            found.sort(key=lambda workspace: workspace.created_at)
        if sort.startswith("-"):
            found.reverse()
        return len(found), found[offset : offset + which.get("limit", len(found))]

    def create(self, name: str, caller: Caller, description: str = "") -> Workspace:
        """Makes a workspace, whose owner the caller becomes.

        Raises:
            Forbidden: the caller is not operations, or the token is limited.
            InvalidRequest: the name is not allowed.
            Conflict: the name is taken.
        """
        with self._runtime.store.read() as snapshot:
            grant = platform_grant(snapshot, caller)
        with self._runtime.change(
            grant, "workspace-create", Action.WORKSPACE_CREATE, kind="workspace", subject=name
        ) as change:
            _check_name(name)
            now, uow = self._runtime.now(), change.uow
            workspace = Workspace(
                id=self._runtime.new_id(),
                name=name,
                description=description,
                created_by=caller.name,
                created_at=now,
                updated_at=now,
            )
            owner = Member(
                workspace_id=workspace.id,
                user_id=caller.user_id,
                user_name=caller.name,
                roles=frozenset({Role.OWNER}),
            )
            if uow.workspaces.by_name(name) is not None:
                raise Conflict(
                    ErrorCode.NAME_TAKEN,
                    sentence("the workspace {name} exists already", name=name),
                    subject=name,
                )
            uow.workspaces.add(workspace)
            uow.members.save(owner)
            inside = msgspec.structs.replace(grant, workspace=workspace)
            made = self._runtime.event(inside, "workspace-create", kind="workspace", subject=name)
            self._runtime.record(uow, made)
            change.no_row()
        return workspace

    def set(self, grant: Grant, values: dict[str, str]) -> Workspace:
        """Changes settings; an empty value goes back to the default.

        Raises:
            Forbidden: the caller may not set all of these here.
            InvalidRequest: a key is unknown or a value does not fit; nothing is changed then.
            Conflict: reviews or releases cannot be switched that way now.
        """
        keys = ", ".join(values)
        rights = sorted(rights_to_set(values) or {Action.SETTING_EDIT})
        with self._runtime.change(grant, "setting-edit", *rights, kind="setting", subject=keys) as change:
            checked = {key: checked_setting(key, value) for key, value in values.items()}
            uow = change.uow
            former = uow.workspaces.by_id(grant.workspace.id)
            if former is None:
                raise NotFound(ErrorCode.WORKSPACE_MISSING, "the workspace was deleted")
            merged = {key: value for key, value in (former.settings | checked).items() if value}
            workspace = msgspec.structs.replace(former, settings=merged, updated_at=self._runtime.now())
            check_switch(uow, former, workspace)
            self._check_folders(uow, workspace, checked)
            uow.workspaces.replace(workspace)
            accepted = accepted_kinds(merged) - accepted_kinds(former.settings)
            release_kinds(self._runtime, uow, grant, {kind.value for kind in accepted})
        return workspace

    def _check_folders(self, uow: UnitOfWork, workspace: Workspace, changed: dict[str, str]) -> None:
        """Raises: InvalidRequest: a folder that is set now is the platform's, or holds backups of others."""
        folders = [
            value for key in ("default_object_path", "asset_backup_path") if (value := changed.get(key))
        ]
        if folders:
            backups = read_settings(workspace.settings).backup_folder
            owners = self._owners(uow)
            for folder in (*folders, f"{backups}/{workspace.name}/{_ANY_DAY}"):
                owners.require(parse_folder_path(folder), workspace.id)

    def held_settings(self, grant: Grant) -> list[HeldSetting]:
        """Every setting with the value that holds and where it comes from.

        Raises:
            Forbidden: the caller may not see this workspace.
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="setting")
        return held_settings(grant.workspace.settings)

    @staticmethod
    def settings_of(workspace: Workspace) -> dict[str, str]:
        """Every setting with the value that holds; empty means: as the profile says."""
        return {key: workspace.settings.get(key) or setting.default for key, setting in SETTINGS.items()}


def _entered(look: Snapshot, wanted: str, caller: Caller) -> Grant | None:
    """The grant in the first workspace of that id or name that has one; all is looked up where none is."""
    for workspace in look.workspaces.called(wanted) or [NOWHERE]:
        grant = grant_in(look, workspace, caller)
        if grant is not None and workspace is not NOWHERE:
            return grant
    return None


def _sees(caller: Caller, memberships: set[str], workspace: Workspace) -> bool:
    limited = caller.scope.workspaces
    inside = caller.operations or workspace.id in memberships
    return inside and (not limited or workspace.id in limited)


def _check_name(name: str) -> None:
    if not WORKSPACE_NAME.match(name):
        raise InvalidRequest(
            ErrorCode.INVALID_NAME,
            sentence("the workspace name {name} is not valid", name=repr(name)),
            subject=name,
            hint="use 1 to 64 letters, digits, Chinese letters, _ or -",
        )
