"""The steps of an undo, made real: an object gets its prior state back, or one that was new vanishes.

What the source has deleted goes the same way, so that it can come back the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from jobferry.model.records import Landing, StoredObject, Version
from jobferry.model.transfer.plan import Restore, Retag, Tag
from jobferry.model.transfer.prior import made_again, prior_of, restored
from jobferry.plan.rows import Rows, Stamp
from jobferry.store.ports import UnitOfWork


def restore(
    step: Restore, stored: StoredObject | None, landed: dict[int, Landing], rows: Rows, stamp: Stamp
) -> None:
    """Puts the prior state back; an object that is gone is made again under its old id and uid."""
    key, prior = (step.kind, step.name), step.prior
    if stored is None:
        again = made_again(prior, step.kind, stamp.workspace_id)
        rows.created.append(key)
        rows.versions += prior.versions
        rows.landings += prior.landings
        if prior.live_version and not prior.versions:
            rows.versions.append(_version(prior.live_version, again, stamp))
    else:
        rows.priors[key] = prior_of(stored, landed.get(stored.id))
        again = restored(prior, stored)
        rows.overwritten.append(key)
        if step.undone:
            rows.marked.append((stored.id, step.undone, stamp.import_id))
        if prior.live_version:
            rows.marked.append((stored.id, prior.live_version, ""))
    rows.objects[key] = msgspec.structs.replace(again, updated_by=stamp.by, updated_at=stamp.at)
    if prior.landing is not None:
        rows.landings.append(prior.landing)
    elif stored is not None and stored.id in landed:
        rows.unbound.append((stored.id, step.source_platform))


def retag(step: Tag | Retag, stored: StoredObject, rows: Rows, stamp: Stamp) -> None:
    """Gives the object a draft that differs by a tag; none where its document has no place for tags.

    What has come into it moves along: nobody has edited the object by that.
    """
    digest = step.digest if isinstance(step, Retag) else stamp.tagged.get(step.object_id)
    if digest is None:
        return
    key = (step.kind, step.name)
    rows.priors[key] = msgspec.structs.replace(prior_of(stored, None), tag=step.tag)
    rows.objects[key] = msgspec.structs.replace(
        stored, digest=digest, updated_by=stamp.by, updated_at=stamp.at
    )
    rows.overwritten.append(key)
    rows.retagged.append((stored.id, stored.digest, digest))


class Past(NamedTuple):
    """What goes with an object that goes: its versions, and what came into it from anywhere."""

    versions: tuple[Version, ...]
    landings: tuple[Landing, ...]


def pasts(uow: UnitOfWork, object_ids: Sequence[int]) -> dict[int, Past]:
    """What would be lost with these objects."""
    versions: dict[int, list[Version]] = {one: [] for one in object_ids}
    landings: dict[int, list[Landing]] = {one: [] for one in object_ids}
    if object_ids:
        for version in uow.objects.versions_of(object_ids):
            versions[version.object_id].append(version)
        for landing in uow.places.landings_of(object_ids):
            landings[landing.object_id].append(landing)
    return {one: Past(tuple(versions[one]), tuple(landings[one])) for one in object_ids}


def remove(stored: StoredObject, landed: dict[int, Landing], past: dict[int, Past], rows: Rows) -> None:
    """Takes an object away; its prior state is enough to make it again."""
    landing, lost = landed.get(stored.id), past[stored.id]
    rows.gone[stored.id] = msgspec.structs.replace(
        prior_of(stored, landing),
        versions=lost.versions,
        landings=tuple(one for one in lost.landings if one != landing),
    )
    rows.removed.append(stored.id)


def _version(number: int, stored: StoredObject, stamp: Stamp) -> Version:
    return Version(
        object_id=stored.id,
        number=number,
        digest=stored.live_digest,
        submitted_by=stamp.by,
        submitted_at=stamp.at,
        import_id=stamp.import_id,
    )
