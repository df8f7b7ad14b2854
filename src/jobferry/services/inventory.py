"""The inventory: what a workspace is said to have outside Jobferry, by kind and name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Unpack

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.model.kinds import INVENTORY_KINDS, NeedKind
from jobferry.model.lists import InventoryFilter, PageOptions
from jobferry.model.people import Grant
from jobferry.model.records import InventoryItem
from jobferry.model.rights import Action
from jobferry.model.settings import INVENTORY_ACCEPTED, accepted_kinds
from jobferry.sentences import sentence
from jobferry.services.releasing import release, release_kinds
from jobferry.services.runtime import Runtime

MOST_ENTRIES = 200_000
"""Entries of one workspace: five times what 10,000 jobs were seen to need."""


class Inventory:
    """The inventory of a workspace."""

    def __init__(self, runtime: Runtime, most: int = MOST_ENTRIES) -> None:
        self._runtime = runtime
        self._most = most

    def page(
        self, grant: Grant, wanted: InventoryFilter = InventoryFilter(), **which: Unpack[PageOptions]
    ) -> tuple[int, list[InventoryItem]]:
        """How many things of the inventory fit, and one page of them, by kind and name unless it is said.

        Raises:
            Forbidden: the caller may not look at the inventory here.
        """
        self._runtime.allow(grant, Action.LIBRARY_VIEW, kind="inventory")
        with self._runtime.store.read() as snapshot:
            return snapshot.inventory.page(grant.workspace.id, wanted, **which)

    def add(self, grant: Grant, things: Iterable[tuple[str, str, str]]) -> int:
        """Adds things as (kind, name, local id), and gives how many there were.

        Raises:
            Forbidden: the caller may not change the inventory here.
            InvalidRequest: a kind that is not inventoried, or an empty name; nothing is added then.
            Conflict: there would be too many entries (``quota-reached``); nothing is added then.
        """
        with self._runtime.change(
            grant, "inventory-add", Action.LIBRARY_EDIT, kind="inventory", only=grant.workspace.id
        ) as change:
            place = grant.workspace.id
            items = [
                InventoryItem(
                    workspace_id=place, kind=_inventory_kind(kind), name=_thing(name), local_id=local_id
                )
                for kind, name, local_id in things
            ]
            change.uow.inventory.save(items)
            total, _ = change.uow.inventory.page(place, InventoryFilter(), limit=1)
            if total > self._most:
                raise Conflict(
                    ErrorCode.QUOTA_REACHED,
                    sentence(
                        "the inventory of {workspace} would have {total:entry/entries}; at most {most} are "
                        "allowed",
                        workspace=grant.workspace.name,
                        total=total,
                        most=self._most,
                    ),
                    subject=grant.workspace.name,
                    hint="accept the kind as a whole: `jobferry inventory accept`, or remove entries first",
                )
            release(self._runtime, change.uow, grant, {(item.kind.value, item.name, "") for item in items})
            if len(items) == 1:
                change.audit(subject=f"{items[0].kind.value} {items[0].name}")
            else:
                change.audit(detail=f"{len(items)} entries")
        return len(items)

    def remove(self, grant: Grant, kind: str, name: str) -> None:
        """Takes a thing out of the inventory.

        Raises:
            Forbidden: the caller may not change the inventory here.
            NotFound: the inventory does not hold it.
        """
        with self._runtime.change(
            grant,
            "inventory-delete",
            Action.LIBRARY_EDIT,
            kind="inventory",
            subject=f"{kind} {name}",
            only=grant.workspace.id,
        ) as change:
            if not change.uow.inventory.remove(grant.workspace.id, _inventory_kind(kind), name):
                raise NotFound(
                    ErrorCode.INVENTORY_MISSING,
                    sentence("the inventory has no {kind} {name}", kind=kind, name=name),
                    subject=name,
                    hint="see `jobferry inventory list`",
                )

    def accepted_kinds(self, grant: Grant) -> list[NeedKind]:
        """The kinds of which everything is taken to exist here.

        Raises:
            Forbidden: the caller may not look at the inventory here.
        """
        self._runtime.allow(grant, Action.LIBRARY_VIEW, kind="inventory")
        return _in_order(accepted_kinds(grant.workspace.settings))

    def accept(self, grant: Grant, kinds: Iterable[str], *, accepted: bool = True) -> list[NeedKind]:
        """Says that everything of these kinds exists here, or no longer says so; gives all that are accepted.

        What waited for things of these kinds is let go.

        Raises:
            Forbidden: the caller may not change the inventory here.
            InvalidRequest: none is named, or a kind that is not inventoried; nothing is changed then.
            NotFound: the workspace is gone.
        """
        action = "inventory-accept" if accepted else "inventory-withdraw"
        with self._runtime.change(grant, action, Action.LIBRARY_EDIT, kind="inventory") as change:
            uow, chosen = change.uow, _chosen_kinds(kinds)
            workspace = uow.workspaces.by_id(grant.workspace.id)
            if workspace is None:
                raise NotFound(ErrorCode.WORKSPACE_MISSING, "the workspace was deleted")
            former = accepted_kinds(workspace.settings)
            now = _in_order(former | chosen if accepted else former - chosen)
            settings = workspace.settings | {INVENTORY_ACCEPTED: ",".join(now)}
            settings = {key: value for key, value in settings.items() if value}
            workspace = msgspec.structs.replace(workspace, settings=settings, updated_at=self._runtime.now())
            uow.workspaces.replace(workspace)
            if accepted:
                release_kinds(self._runtime, uow, grant, {kind.value for kind in chosen})
            change.audit(subject=", ".join(_in_order(chosen)))
        return now


_KIND_NAMES = tuple(kind.value for kind in INVENTORY_KINDS)


def _inventory_kind(kind: str) -> NeedKind:
    if kind not in tuple(INVENTORY_KINDS):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("{kind} is not a kind of the inventory", kind=repr(kind)),
            subject=kind,
            hint=sentence("kinds are: {kinds}", kinds=_KIND_NAMES),
        )
    return NeedKind(kind)


def _chosen_kinds(kinds: Iterable[str]) -> set[NeedKind]:
    chosen = {_inventory_kind(kind) for kind in kinds}
    if not chosen:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "no kind of the inventory is named",
            hint=sentence("kinds are: {kinds}", kinds=_KIND_NAMES),
        )
    return chosen


def _in_order(kinds: Collection[NeedKind]) -> list[NeedKind]:
    return [kind for kind in INVENTORY_KINDS if kind in kinds]


def _thing(name: str) -> str:
    if not name.strip() or len(name) > 256:
        raise InvalidRequest(ErrorCode.INVALID_VALUE, "a name in the inventory has 1 to 256 characters")
    return name
