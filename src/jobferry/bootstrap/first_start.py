"""The first start: a platform id, a project id, the default workspace, and an administrator.

The credentials are written before the database knows them, so a start that is cut off in between leaves
a platform that simply is founded again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from jobferry.access.sealing import Sealer, new_access_key, new_secret_key, new_token, token_hash
from jobferry.bootstrap.anchor_file import AnchorFile
from jobferry.bootstrap.home import Home
from jobferry.errors import Conflict, ErrorCode, NotFound, StoreError
from jobferry.events import Events
from jobferry.model.audit import AuditEnd, AuditEvent
from jobferry.model.names import printable
from jobferry.model.people import PLATFORM_ITSELF, AccessKey, Member, Token, User
from jobferry.model.records import Platform, Workspace
from jobferry.model.rights import Role
from jobferry.sentences import sentence
from jobferry.services.runtime import Runtime
from jobferry.services.workspaces import DEFAULT_WORKSPACE

if TYPE_CHECKING:
    from jobferry.store import UnitOfWork

_events = Events("start")

ADMINISTRATOR = "administrator"
FIRST_TOKEN = "first"  # noqa: S105 - its name


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What the first start hands to its owner."""

    project_id: str
    access_key: str
    secret_key: str
    token: str


def create_platform(home: Home, runtime: Runtime, sealer: Sealer, name: str) -> Platform:
    """The platform of this data folder, made if this is its first start.

    An audit that is empty although it was anchored is not begun again: its rows were taken away.

    Raises:
        FilesError: the disk is full or refuses.
        StoreError: likewise.
    """
    with runtime.store.read() as snapshot:
        platform, end = snapshot.platform(), snapshot.audit.end()
    if platform is not None:
        if end == AuditEnd() and not AnchorFile(home).is_promised():
            runtime.note(_by_the_platform(runtime.now(), "audit-begun", platform))
        _audit_restore(home, runtime, platform)
        return platform
    platform = Platform(id=runtime.new_id(), name=name, project_id=runtime.new_id())
    credentials = Credentials(
        project_id=platform.project_id,
        access_key=new_access_key(),
        secret_key=new_secret_key(),
        token=new_token(),
    )
    home.write_private(home.credentials_file, json.dumps(msgspec.to_builtins(credentials), indent=2) + "\n")
    _events.debug("credentials-written")
    try:
        _write(runtime, sealer, platform, credentials)
    except Conflict:
        home.forget_credentials()
        return _founded_elsewhere(runtime)
    _events.debug("platform-founded", platform=platform.id)
    return platform


def _audit_restore(home: Home, runtime: Runtime, platform: Platform) -> None:
    """Record that this platform was restored from a backup that was not authenticated, if so."""
    if home.unauthenticated_file.exists():
        name = printable(home.unauthenticated_file.read_text(errors="replace"))
        event = _by_the_platform(runtime.now(), "restore", platform)
        runtime.note(msgspec.structs.replace(event, detail=f"not authenticated: {name}"))
        home.unauthenticated_file.unlink()


def _founded_elsewhere(runtime: Runtime) -> Platform:
    """The platform that another server has founded on the same database just now."""
    with runtime.store.read() as snapshot:
        platform = snapshot.platform()
    if platform is None:
        raise StoreError(ErrorCode.STORE_FAILED, "this platform is not set up yet", hint="start it again")
    return platform


def read_credentials(home: Home) -> Credentials:
    """The credentials of the first start.

    Raises:
        NotFound: no platform was started in this folder, or the file is gone.
    """
    try:
        return msgspec.json.decode(home.credentials_file.read_bytes(), type=Credentials)
    except (OSError, msgspec.MsgspecError):
        pass
    if home.key_file.exists():
        raise NotFound(
            ErrorCode.CREDENTIALS_MISSING,
            sentence(
                "the first start's credentials are not in {folder} any more: they were replaced",
                folder=home.folder,
            ),
            subject=str(home.folder),
            hint="commands with --data need none; make others with `jobferry token create` and "
            "`jobferry key create`",
        )
    raise NotFound(
        ErrorCode.CREDENTIALS_MISSING,
        sentence("there are no credentials in {folder}", folder=home.folder),
        subject=str(home.folder),
        hint="create a platform there first (`jobferry init`), or name its folder with --data",
    )


def _write(runtime: Runtime, sealer: Sealer, platform: Platform, credentials: Credentials) -> None:
    now = runtime.now()
    user = User(id=runtime.new_id(), name=ADMINISTRATOR, operations=True, created_at=now)
    workspace = Workspace(
        id=runtime.new_id(),
        name=DEFAULT_WORKSPACE,
        created_by=user.name,
        created_at=now,
        updated_at=now,
    )
    owner = Member(
        workspace_id=workspace.id, user_id=user.id, user_name=user.name, roles=frozenset({Role.OWNER})
    )
    with runtime.store.write() as uow:
        _events.debug("founding-transaction-open")
        uow.add_platform(platform)
        _events.debug("founding-row", table="platform")
        _write_user(uow, runtime, user, sealer, credentials)
        uow.workspaces.add(workspace)
        _events.debug("founding-row", table="workspaces")
        uow.members.save(owner)
        _events.debug("founding-row", table="members")
        runtime.record(uow, _by_the_platform(now, "platform-founded", platform))
        _events.debug("founding-row", table="audit")
        uow.commit()


def _write_user(uow: UnitOfWork, runtime: Runtime, user: User, sealer: Sealer, made: Credentials) -> None:
    uow.people.add_user(user)
    _events.debug("founding-row", table="users")
    token = Token(
        id=runtime.new_id(),
        user_id=user.id,
        name=FIRST_TOKEN,
        hash=token_hash(made.token),
        created_at=user.created_at,
    )
    uow.people.add_token(token)
    _events.debug("founding-row", table="tokens")
    key = AccessKey(
        access_key=made.access_key,
        sealed_secret=sealer.seal(made.secret_key.encode()),
        user_id=user.id,
        created_at=user.created_at,
    )
    uow.people.add_access_key(key)
    _events.debug("founding-row", table="access_keys")


def _by_the_platform(at: int, action: str, platform: Platform) -> AuditEvent:
    """Nobody has signed in yet: the platform itself is who does it."""
    return AuditEvent(
        at=at,
        actor=PLATFORM_ITSELF,
        action=action,
        kind="platform",
        subject=platform.name,
        detail=platform.id,
    )
