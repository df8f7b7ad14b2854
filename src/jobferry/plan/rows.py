"""What a plan's steps amount to in rows, gathered so that the store is asked in bulk."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from jobferry.model.kinds import ObjectKind
from jobferry.model.names import ancestors
from jobferry.model.records import MOST_VERSIONS, Landing, ObjectKey, StoredObject, Version
from jobferry.model.transfer.prior import Prior
from jobferry.store.ports import UnitOfWork


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """Which import this is, by whom and when (ms); ``new_uid`` names objects that bring no uid.

    ``approvers`` are asked where what it submits needs a review, which is called after the package.
    ``keep_versions`` is how many versions of each object the workspace keeps.
    """

    import_id: str
    workspace_id: str
    by: str
    at: int
    new_uid: Callable[[], str]
    keep_versions: int = MOST_VERSIONS
    package_name: str = ""
    approvers: tuple[str, ...] = ()
    tagged: Mapping[int, str] = {}
    """By object id, the drafts with the failed tag."""


class Rows(msgspec.Struct):
    """Objects by the names they get; those that were there before have a prior state.

    Which of them are new or changed, and what goes with them.
    """

    objects: dict[ObjectKey, StoredObject] = {}
    created: list[ObjectKey] = []
    overwritten: list[ObjectKey] = []
    versions: list[Version] = []
    landings: list[Landing] = []
    priors: dict[ObjectKey, Prior] = {}
    gone: dict[int, Prior] = {}
    """Objects that go, by id: something else may get their names."""
    removed: list[int] = []
    retagged: list[tuple[int, str, str]] = []
    """Drafts that differ by a tag: object, digest before and after."""
    unbound: list[tuple[int, str]] = []
    """Landings that go: objects and the platforms that they came from."""
    marked: list[tuple[int, int, str]] = []
    """Versions and which receipt took them back, if one did: object, number, receipt."""


def write(rows: Rows, uow: UnitOfWork, stamp: Stamp) -> None:
    """Writes everything in bulk. What goes, goes first, so that names are free again."""
    if rows.removed:
        uow.objects.remove(rows.removed, by=stamp.by, at=stamp.at)
    for kind in ObjectKind:
        here = [key for key in (*rows.created, *rows.overwritten) if key[0] is kind]
        levels = {level for key in here for level in ancestors(rows.objects[key].directory)}
        if levels:
            uow.objects.add_directories(stamp.workspace_id, kind, sorted(levels))
    if rows.overwritten:
        uow.objects.replace([rows.objects[key] for key in rows.overwritten])
    if rows.created:
        uow.objects.add([rows.objects[key] for key in rows.created])
    if rows.versions:
        uow.objects.add_versions(rows.versions, keep=stamp.keep_versions)
    if rows.marked:
        uow.objects.mark_undone(rows.marked)
    if rows.retagged:
        uow.objects.follow_drafts(rows.retagged)
    if rows.landings:
        uow.objects.save_landings(rows.landings)
    if rows.unbound:
        uow.objects.remove_landings(rows.unbound)
