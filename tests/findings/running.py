"""Runs a case through everything that an import is judged by, from the bytes of its package on."""

from __future__ import annotations

import io
import zipfile
from dataclasses import fields
from typing import Any, cast

import msgspec

from builders import SOURCE, grant, stored, target
from findings.example import Case, File
from findings.undoing import undo_findings
from jobferry.check.runner import check
from jobferry.errors import ErrorCode, NotFound
from jobferry.files.ports import ObjectPath, ObjectStorage
from jobferry.model.connections import connection_problems
from jobferry.model.document.edits import edited
from jobferry.model.document.facts import FactRules, facts_of
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import MANIFEST_FORMAT, Deletion, Emptied, Entry, Manifest, Provenance
from jobferry.model.rights import Role
from jobferry.model.settings import read_settings
from jobferry.model.tags import Tag
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.import_context import context
from jobferry.model.transfer.mapping import mapping_of
from jobferry.model.transfer.plan import Block
from jobferry.model.transfer.policy import Duplicates, ImportOptions
from jobferry.model.transfer.target_state import TargetState
from jobferry.package import manifest as manifests
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import open_package
from jobferry.plan.build import build
from jobferry.services.dependencies import circles_of, waits_of
from jobferry.services.importing.preview import FileSight, ImportPreview, text_of, with_files_seen
from jobferry.services.importing.read_package import read_contents
from jobferry.services.target_state import users_among
from jobferry.store import Snapshot

NOW = 1_790_000_000_000
"""In September 2026."""


def findings_of(case: Case, *, profile: str = "") -> list[Finding]:
    """All findings, those that follow from others included."""
    found = [_problem(one) for document in case.saved for one in connection_problems(document)]
    found += [finding for one in case.undone for finding in undo_findings(one)]
    if not case.files:
        return found
    seen = prospect_of(case, profile=profile)
    found += seen.findings
    known = set(map(repr, found))
    blocked = (one for step in seen.plan.steps if isinstance(step, Block) for one in step.findings)
    return found + [one for one in blocked if repr(one) not in known]


def prospect_of(case: Case, *, profile: str = "") -> ImportPreview:
    """What the check of a case's package sees."""
    settings = case.settings | ({"profile": profile} if profile else {})
    chosen = {"duplicates": Duplicates.OVERWRITE} | case.options
    options = ImportOptions(mapping=mapping_of(case.mapping), **chosen)
    with open_package(io.BytesIO(packed(case.files)), PackageLimits()) as opened:
        contents = read_contents(opened, read_settings(settings).fact_rules)
        read = text_of(opened)
        whole = context(contents, _view(case, settings), options, read)
        circles = circles_of(
            cast("Snapshot", _Nothing()),
            whole,
            waits_of(whole),
            lambda one: edited(read(one.entry), one.edits),
        )
        whole = msgspec.structs.replace(whole, circles=circles)
        storage = cast("ObjectStorage", _Stored(case.objects))
        whole = with_files_seen(whole, read, FileSight(lambda: storage, lambda: NOW))
    found = check(whole)
    return ImportPreview(whole, found, build(whole, found))


class _Nothing:
    """A store in which nobody waits for anybody; what is here, the view of a case tells."""

    objects = contents = property(lambda self: self)

    def waits(self, *_: Any, **__: Any) -> dict[str, set[str]]:
        return {}

    by_names = texts = waits


class _Stored:
    """Object storage that has these places."""

    def __init__(self, places: tuple[str, ...]) -> None:
        self._places = places

    def has(self, path: ObjectPath) -> bool:
        if not any(place.startswith(f"obs://{path.bucket}/") for place in self._places):
            raise NotFound(ErrorCode.BUCKET_MISSING, "there is no such bucket")
        return str(path) in self._places


def codes_of(case: Case) -> set[str]:
    return {one.code for one in findings_of(case)}


def packed(files: tuple[File, ...]) -> bytes:
    """The package, with a manifest as soon as one of its files has a uid."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        if any(one.uid for one in files):
            package.writestr("manifest.json", manifests.encode(_manifest(files)))
        for one in files:
            package.writestr(_ascii(one), one.text)
    data = content.getvalue()
    for one in files:
        if one.old_name:
            data = data.replace(_ascii(one).encode(), one.old_name)
    return data


def merged(cases: list[Case]) -> Case:
    """One case of many; what one says of a thing must not be what another says against it."""
    whole: dict[str, Any] = {}
    for case in cases:
        for part in fields(Case):
            value = getattr(case, part.name)
            if part.name == "powers":
                whole["powers"] = (Role.DEPLOYER,)
            elif isinstance(value, dict):
                whole[part.name] = _joined(whole.get(part.name, {}), value)
            elif value is not None:
                whole[part.name] = (*whole.get(part.name, ()), *value)
    names = [(one.kind, one.path) for one in whole["files"]]
    assert len(names) == len(set(names)), "two examples have a file in common"
    return Case(**whole)


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    both = dict(one)
    for key, value in other.items():
        there = both.get(key)
        if isinstance(there, dict):
            both[key] = _joined(there, value)
        elif isinstance(there, tuple):
            both[key] = (*there, *value)
        else:
            assert there in (None, value), f"two examples disagree about {key}"
            both[key] = value
    return both


def _ascii(file: File) -> str:
    if not file.old_name:
        return file.path
    ending = file.path.rpartition(".")[2]
    room = len(file.old_name) - len(f"jobs/.{ending}")
    return f"jobs/{'X' * room}.{ending}"


def _manifest(files: tuple[File, ...]) -> Manifest:
    contents = tuple(
        Entry(
            kind=one.kind,
            name=one.name,
            path=one.path,
            size=len(one.text),
            sha256=digest_of(one.text),
            uid=one.uid or f"uid-{one.path}",
        )
        for one in files
        if one.kind is not None
    )
    where = Provenance(platform_id=SOURCE, platform_name="test", workspace="default")
    emptied = tuple(
        Emptied(kind=one.kind, name=one.name, paths=(one.emptied,))
        for one in files
        if one.emptied and one.kind is not None
    )
    return Manifest(format=MANIFEST_FORMAT, contents=contents, emptied=emptied, provenance=where)


def _view(case: Case, settings: dict[str, str]) -> TargetState:
    there = [
        stored(one.kind, one.document, id_=number, **one.fields) for number, one in enumerate(case.here, 1)
    ]
    seen = {found.id: "0" * 64 for one, (found, _) in zip(case.here, there, strict=True) if not one.landed}
    arriving = {(one.kind, one.name): digest_of(one.text) for one in case.files}
    entries = {
        found.id: arriving.get(found.key, "") if one.sourced else "0" * 64
        for one, (found, _) in zip(case.here, there, strict=True)
    }
    jobs = [found for found, _ in there if found.kind is ObjectKind.JOB]
    facts = [
        facts_of(ObjectKind.JOB, one.document, FactRules()) for one in case.here if one.kind is ObjectKind.JOB
    ]
    named = ((one, facts_.references) for one, facts_ in zip(jobs, facts, strict=True))
    user = grant(*(case.powers or (Role.OWNER,)), directories=case.directories)
    departing = tuple(
        (Deletion(kind=found.kind, name=found.name, uid=found.uid), found)
        for found, _ in there
        if found.name in case.gone
    )
    return target(
        *there,
        departing=departing,
        jobs={one.name: one for one in jobs},
        references={one.key: found.references for one, found in zip(jobs, facts, strict=True)},
        waiting={found.id: "r1" for found, _ in there if found.name in case.waiting},
        connections=dict.fromkeys(case.connections, "") | case.connection_types,
        inventory={NeedKind(kind): names for kind, names in case.inventory.items()},
        elsewhere=case.elsewhere,
        settings=settings,
        closed=frozenset(case.closed),
        incomplete=frozenset(case.incomplete),
        variables=frozenset(case.variables),
        valueless=frozenset(case.valueless),
        tags={name: Tag(workspace_id="w", name=name, locked=locked) for name, locked in case.tags.items()},
        locked_tags={
            found.id: tuple(tag for tag in document_tags(one.document) if case.tags.get(tag))
            for one, (found, _) in zip(case.here, there, strict=True)
        },
        now=NOW,
        users=users_among(named, {found.key for found, _ in there}),
        landed=seen,
        landed_entries=entries,
        grant=user,
    )


def document_tags(document: dict[str, Any]) -> list[str]:
    return list(document.get("basicConfig", {}).get("tags", []))


def _problem(problem: Any) -> Finding:
    return Finding(
        code=problem.code,
        severity=Severity.BLOCK,
        kind="connection",
        name="saved",
        path=problem.path,
        args=problem.args,
    )
