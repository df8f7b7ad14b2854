"""What an object was before an import, and a mark of what the import left: what an undo goes by."""

from __future__ import annotations

import hashlib

import msgspec

from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ImportOrigin, StoredObject, Version

_SHORT = 16


class Prior(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """An object's state before an import, enough to put it back, or to make it again once it was removed.

    ``landing`` is what had come into it before from the platform that the package comes from; ``landings``
    and ``versions`` are all there were, of an object that was taken away. ``tag`` is the failed tag where
    that is all that the import gave it or took from it.
    """

    object_id: int
    name: str
    directory: str
    subtype: str
    digest: str
    live_version: int
    held: tuple[str, ...] = ()
    locked_by: str = ""
    locked_at: int = 0
    live_digest: str = ""
    last_version: int = 0
    uid: str = ""
    created_by: str = ""
    created_at: int = 0
    landing: ImportOrigin | None = None
    landings: tuple[ImportOrigin, ...] = ()
    versions: tuple[Version, ...] = ()
    tag: str = ""

    @property
    def texts(self) -> set[str]:
        """Digests of the texts that are needed to make the object again, besides its draft."""
        landings = (self.landing, *self.landings)
        found = {version.digest for version in self.versions} | {
            origin.result_digest for origin in landings if origin
        }
        return (found | {self.live_digest}) - {self.digest, ""} if self.versions else set()


def prior_of(stored: StoredObject, landing: ImportOrigin | None) -> Prior:
    """An object as it stands."""
    return Prior(
        object_id=stored.id,
        name=stored.name,
        directory=stored.directory,
        subtype=stored.subtype,
        digest=stored.digest,
        live_version=stored.live_version,
        held=stored.held,
        locked_by=stored.locked_by,
        locked_at=stored.locked_at,
        live_digest=stored.live_digest,
        last_version=stored.last_version,
        uid=stored.uid,
        created_by=stored.created_by,
        created_at=stored.created_at,
        landing=landing,
    )


def restored(prior: Prior, stored: StoredObject) -> StoredObject:
    """The object as it was; its scheduling state and its last number stay what they are."""
    return msgspec.structs.replace(
        stored,
        name=prior.name,
        directory=prior.directory,
        subtype=prior.subtype,
        digest=prior.digest,
        live_version=prior.live_version,
        live_digest=prior.live_digest,
        held=prior.held,
        locked_by=prior.locked_by,
        locked_at=prior.locked_at,
    )


def made_again(prior: Prior, kind: ObjectKind, workspace_id: str) -> StoredObject:
    """An object that was removed, stopped and with its live version only."""
    return StoredObject(
        id=prior.object_id,
        workspace_id=workspace_id,
        kind=kind,
        name=prior.name,
        uid=prior.uid,
        directory=prior.directory,
        subtype=prior.subtype,
        digest=prior.digest,
        live_version=prior.live_version,
        live_digest=prior.live_digest,
        last_version=prior.last_version,
        held=prior.held,
        created_by=prior.created_by,
        created_at=prior.created_at,
        locked_by=prior.locked_by,
        locked_at=prior.locked_at,
    )


def state_hash(stored: StoredObject) -> str:
    """What counts as touched when it differs later: text, name, place, live version. Locks are told apart."""
    state = [stored.name, stored.directory, stored.digest, stored.live_version]
    return hashlib.sha256(msgspec.json.encode(state)).hexdigest()[:_SHORT]
