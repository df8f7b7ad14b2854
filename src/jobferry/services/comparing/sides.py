"""The two kinds of sides that are compared: an opened package, and a workspace as it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from jobferry.model.document.facts import Reading
from jobferry.model.document.text import without_bom
from jobferry.model.grant import Grant
from jobferry.model.kinds import VERSIONED_KINDS, ObjectKind
from jobferry.model.package import Entry, ExportState
from jobferry.model.records import ObjectKey
from jobferry.model.report.comparison import Thing
from jobferry.package.reader import OpenPackage
from jobferry.services.importing.opening import Sources, read_cargo
from jobferry.store.ports import Store

Claim = tuple[ObjectKind, str, str]
"""Kind, name and digest of an object."""


class Side(Protocol):
    """What is compared."""

    def claims(self) -> set[Claim]:
        """What it says of itself before it is read, as far as it does."""
        ...

    def things(self, alike: Collection[Claim]) -> list[Thing]:
        """All objects; those that are ``alike`` on the other side are not read further than their digests.

        Raises:
            PackageRefused: it cannot be used.
        """
        ...

    def texts(self, things: Iterable[Thing]) -> dict[Thing, bytes]:
        """The texts of some of them."""
        ...


class PackageSide:
    """A package, judged like one that is to be imported. ``digest`` is known once its things are."""

    def __init__(self, opened: OpenPackage) -> None:
        self._opened = opened
        self._entries: dict[ObjectKey, Entry] = {}
        self.digest = ""

    def claims(self) -> set[Claim]:
        return {(one.kind, one.name, one.sha256) for one in self._opened.entries if one.sha256}

    def things(self, alike: Collection[Claim]) -> list[Thing]:
        cargo = read_cargo(self._opened, Reading(), Sources(standing=_Alike(alike)))
        self.digest = cargo.digest
        self._entries = {item.key: item.entry for item in cargo.items}
        return [Thing(*key, entry.uid, entry.sha256) for key, entry in self._entries.items()]

    def texts(self, things: Iterable[Thing]) -> dict[Thing, bytes]:
        entries = self._entries
        return {one: without_bom(self._opened.text(entries[one.kind, one.name])) for one in things}


class WorkspaceSide:
    """What a workspace has now in one state, as far as the caller's directories go."""

    def __init__(self, store: Store, grant: Grant, state: ExportState) -> None:
        self._store = store
        place, live = grant.workspace.id, state is ExportState.SUBMITTED
        with store.read(lean=True) as snapshot:
            self._things = [
                Thing(one.kind, one.name, one.uid, digest)
                for kind in ObjectKind
                for one in snapshot.objects.every(place, kind)
                if (digest := one.live_digest if live and kind in VERSIONED_KINDS else one.digest)
                and grant.reaches(one)
            ]

    def claims(self) -> set[Claim]:
        return {(one.kind, one.name, one.digest) for one in self._things}

    def things(self, _alike: Collection[Claim]) -> list[Thing]:
        return self._things

    def texts(self, things: Iterable[Thing]) -> dict[Thing, bytes]:
        listed = list(things)
        with self._store.read(lean=True) as snapshot:
            texts = dict(snapshot.contents.texts(sorted({one.digest for one in listed})))
        return {one: texts[one.digest] for one in listed if one.digest in texts}


class _Alike:
    """Passes over what the other side has in the same words."""

    def __init__(self, claims: Collection[Claim]) -> None:
        self._claims = claims

    def among(self, entries: Iterable[Entry]) -> set[str]:
        return {one.path for one in entries if (one.kind, one.name, one.sha256) in self._claims}
