"""Builders of the nouns that tests are about: what a test does not say is ordinary."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from jobferry.model.document.facts import FactRules, facts_of
from jobferry.model.document.text import UnusableText, digest_of, parse
from jobferry.model.kinds import NeedKind, ObjectKind, SchedulingState
from jobferry.model.package import MANIFEST_FORMAT, Entry, Layout, Manifest, Provenance
from jobferry.model.people import Caller, Grant
from jobferry.model.records import ObjectKey, StoredObject, Workspace
from jobferry.model.rights import Role
from jobferry.model.settings import read_settings
from jobferry.model.transfer.contents import PackageContents, PackageEntry
from jobferry.model.transfer.finding_group import FoundGroups, grouped
from jobferry.model.transfer.import_context import ImportContext, context
from jobferry.model.transfer.plan import Plan
from jobferry.model.transfer.policy import ImportOptions
from jobferry.model.transfer.target_state import TargetState

SOURCE = "source-platform"


def node(
    name: str = "load", type_: str = "DWSSQL", *, after: Iterable[str] = (), **properties: str
) -> dict[str, Any]:
    """A node with the given properties."""
    return {
        "name": name,
        "type": type_,
        "location": {"x": "0", "y": "0"},
        "preNodeName": list(after),
        "properties": [{"name": key, "value": value} for key, value in properties.items()],
    }


def job(
    name: str = "orders", *nodes: dict[str, Any], upstream: Collection[str] = (), **fields: Any
) -> dict[str, Any]:
    """A batch job that runs every night."""
    cron: dict[str, Any] = {"expression": "0 0 1 * * ?", "startTime": "2026-01-01T00:00:00+08"}
    if upstream:
        cron["dependJobs"] = {"jobs": list(upstream)}
    return complete(
        {
            "name": name,
            "nodes": list(nodes) or [node()],
            "schedule": {"type": "CRON", "cron": cron},
            "processType": "BATCH",
            **fields,
        }
    )


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """A job with all that the service requires; what the document says, and be it nothing, stays."""
    schedule: Any = document.get("schedule", {"type": "EXECUTE_ONCE"})
    if isinstance(schedule, dict):
        kind = "CRON" if "cron" in schedule else "EVENT" if "event" in schedule else "EXECUTE_ONCE"
        schedule = {"type": kind} | schedule
        if isinstance(cron := schedule.get("cron"), dict):
            usual = {"expression": "0 0 1 * * ?", "startTime": "2026-01-01T00:00:00+08"}
            schedule["cron"] = usual | cron
    return {**document, "schedule": schedule}


def script(name: str = "clean", content: str = "SELECT 1", **fields: Any) -> dict[str, Any]:
    return {"name": name, "type": "DWSSQL", "content": content, **fields}


def resource(name: str = "lookup", **fields: Any) -> dict[str, Any]:
    return {"name": name, "type": "jar", "location": "obs://bucket/lookup.jar", **fields}


def written(document: dict[str, Any]) -> bytes:
    """A document's text."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


class Load:
    """A package's content in memory, and what a target makes of it."""

    def __init__(self, *, manifest: bool = True) -> None:
        self._texts: dict[ObjectKey, bytes] = {}
        self._uids: dict[ObjectKey, str] = {}
        self._manifest = manifest

    def add(
        self, kind: ObjectKind, document: dict[str, Any] | bytes, *, name: str = "", uid: str = ""
    ) -> Load:
        text = document if isinstance(document, bytes) else written(document)
        key = (kind, name or (document["name"] if isinstance(document, dict) else "broken"))
        self._texts[key] = text
        self._uids[key] = uid or f"uid-{key[1]}"
        return self

    def job(self, name: str = "orders", *nodes: dict[str, Any], uid: str = "", **fields: Any) -> Load:
        return self.add(ObjectKind.JOB, job(name, *nodes, **fields), uid=uid)

    def script(self, name: str = "clean", uid: str = "", **fields: Any) -> Load:
        return self.add(ObjectKind.SCRIPT, script(name, **fields), uid=uid)

    def resource(self, name: str = "lookup", **fields: Any) -> Load:
        return self.add(ObjectKind.RESOURCE, resource(name, **fields))

    def text_of(self, item: PackageEntry) -> bytes:
        return self._texts[item.key]

    def contents(self) -> PackageContents:
        items = tuple(self._item(key, text) for key, text in self._texts.items())
        manifest = Manifest(
            format=MANIFEST_FORMAT,
            contents=tuple(item.info for item in items),
            provenance=Provenance(platform_id=SOURCE, platform_name="test", workspace="default"),
        )
        return PackageContents(
            layout=Layout.FACTORY, entries=items, manifest=manifest if self._manifest else None
        )

    def context(self, view: TargetState | None = None, **options: Any) -> ImportContext:
        return context(self.contents(), view or target(), ImportOptions(**options), self.text_of)

    def _item(self, key: ObjectKey, text: bytes) -> PackageEntry:
        kind, name = key
        uid = self._uids[key] if self._manifest else ""
        entry = Entry(
            kind=kind, name=name, path=f"{kind}/{name}", sha256=digest_of(text), size=len(text), uid=uid
        )
        try:
            return PackageEntry(entry, facts_of(kind, parse(text), FactRules(), text=text))
        except UnusableText as unusable:
            from jobferry.model.document.facts import Facts

            return PackageEntry(entry, Facts(name=name), unusable.problems)


def stored(
    kind: ObjectKind,
    document: dict[str, Any],
    *,
    id_: int = 1,
    uid: str = "",
    live: bool = True,
    **fields: Any,
) -> tuple[StoredObject, bytes]:
    """An object as it stands in the target, with its text."""
    text = written(document)
    facts = facts_of(kind, document, FactRules(), text=text)
    digest = digest_of(text)
    values: dict[str, Any] = {
        "id": id_,
        "workspace_id": "w",
        "kind": kind,
        "name": facts.name,
        "uid": uid or f"uid-{facts.name}",
        "directory": facts.directory,
        "subtype": facts.subtype,
        "digest": digest,
        "live_version": 1 if live else 0,
        "last_version": 1 if live else 0,
        "live_digest": digest if live else "",
        "state": SchedulingState.STOPPED,
    }
    return StoredObject(**(values | fields)), text


def grant(*roles: Role, **fields: Any) -> Grant:
    """Somebody, owner unless other roles are said, in the workspace ``w``."""
    values: dict[str, Any] = {
        "caller": Caller(user_id="1", name="lin"),
        "workspace": Workspace(id="w", name="w"),
        "roles": frozenset(roles or {Role.OWNER}),
        "administrators": ("zhao",),
    }
    return Grant(**(values | fields))


def target(
    *there: tuple[StoredObject, bytes],
    connections: Mapping[str, str] | Iterable[str] = (),
    inventory: Mapping[NeedKind, Iterable[str]] | None = None,
    elsewhere: Mapping[str, Iterable[str]] | None = None,
    settings: dict[str, str] | None = None,
    **fields: Any,
) -> TargetState:
    """A target workspace that holds the given objects."""
    objects = [one for one, _ in there]
    values: dict[str, Any] = {
        "grant": grant(),
        "workspace_id": "w",
        "settings": read_settings(settings or {}),
        "objects": {one.key: one for one in objects},
        "by_uid": {(one.kind, one.uid): one for one in objects},
        "bound": {},
        "connections": dict(connections)
        if isinstance(connections, Mapping)
        else dict.fromkeys(connections, ""),
        "variables": frozenset(),
        "inventory": {kind: frozenset(names) for kind, names in (inventory or {}).items()},
        "elsewhere": {name: frozenset(jobs) for name, jobs in (elsewhere or {}).items()},
        "counts": {"jobs": len(objects), "real-time jobs": 0, "scripts": 0},
        "directories": {},
        "texts": {one.digest: text for one, text in there},
    }
    return TargetState(**(values | fields))


def found_in(plan: Plan) -> FoundGroups:
    """The findings that a plan's steps name, as groups."""
    return grouped(plan.reasons(), {})
