"""The first start: a platform id, a project id, the default workspace, and an administrator.

The credentials are written before the database knows them, so a start that is cut off in between leaves
a platform that simply is founded again.
"""

from __future__ import annotations

import json
import secrets

import msgspec

from jobferry.access.sealing import Sealer, new_access_key, new_secret_key, new_token, token_hash
from jobferry.bootstrap.home import Home
from jobferry.errors import ErrorCode, NotFound
from jobferry.events import Events
from jobferry.model.records import AccessKey, Platform, User, Workspace
from jobferry.services.ground import Ground
from jobferry.services.workspaces import DEFAULT_WORKSPACE

_events = Events("start")

ADMINISTRATOR = "administrator"


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What the first start hands to its owner."""

    project_id: str
    access_key: str
    secret_key: str
    token: str


def found(home: Home, ground: Ground, sealer: Sealer, name: str) -> Platform:
    """The platform of this data folder, made if this is its first start."""
    with ground.store.read() as snapshot:
        platform = snapshot.platform()
    if platform is not None:
        return platform
    platform = Platform(id=ground.new_id(), name=name, project_id=ground.new_id())
    credentials = Credentials(
        project_id=platform.project_id,
        access_key=new_access_key(),
        secret_key=new_secret_key(),
        token=new_token(),
    )
    home.write_private(home.credentials_file, json.dumps(msgspec.to_builtins(credentials), indent=2) + "\n")
    _events.debug("credentials-written")
    _write(ground, sealer, platform, credentials)
    _events.debug("platform-founded", platform=platform.id)
    return platform


def read_credentials(home: Home) -> Credentials:
    """The credentials of the first start.

    Raises:
        NotFound: no platform was started in this folder, or the file is gone.
    """
    try:
        return msgspec.json.decode(home.credentials_file.read_bytes(), type=Credentials)
    except (OSError, msgspec.MsgspecError):
        raise NotFound(
            ErrorCode.CREDENTIALS_MISSING,
            f"there are no credentials in {home.folder}",
            subject=str(home.folder),
            hint="start a platform there first (jobferry serve), or name its folder with --data",
        ) from None


def data_key(home: Home) -> bytes:
    """The key that seals secrets in this data folder, made at the first start."""
    if not home.key_file.exists():
        home.write_private(home.key_file, secrets.token_hex(32))
    return bytes.fromhex(home.key_file.read_text().strip())


def _write(ground: Ground, sealer: Sealer, platform: Platform, credentials: Credentials) -> None:
    now = ground.now()
    user = User(id=ground.new_id(), name=ADMINISTRATOR)
    key = AccessKey(
        access_key=credentials.access_key,
        sealed_secret=sealer.seal(credentials.secret_key.encode()),
        user_id=user.id,
    )
    with ground.store.write() as uow:
        _events.debug("founding-transaction-open")
        uow.found_platform(platform)
        _events.debug("founding-row", table="platform")
        uow.people.add_user(user)
        _events.debug("founding-row", table="users")
        uow.people.add_token(user.id, token_hash(credentials.token), at=now)
        _events.debug("founding-row", table="tokens")
        uow.people.add_access_key(key, at=now)
        _events.debug("founding-row", table="access_keys")
        uow.workspaces.add(
            Workspace(
                id=ground.new_id(),
                name=DEFAULT_WORKSPACE,
                created_by=user.name,
                created_at=now,
                updated_at=now,
            )
        )
        _events.debug("founding-row", table="workspaces")
        uow.commit()
