"""Lossless: whatever a document holds, it arrives as it left, in every layout, mapped and mapped back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from documents import job_text, resource_text, script_text, tokens, transported, unmarked
from hypothesis import given
from hypothesis import strategies as st

from jobferry.bootstrap.platform import RunningPlatform
from jobferry.bootstrap.wiring import open_platform
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import Entry, ExportState, Layout, Manifest, Provenance
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.export import ExportRequest
from jobferry.model.transfer.mapping import Mapping
from jobferry.model.transfer.policy import Duplicates, ImportOptions
from jobferry.package.layouts import path_of
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import open_package
from jobferry.package.writer import package_chunks
from people import entered
from sampling import examples
from tables import home_with_tables, settings_for

NAMES = {ObjectKind.JOB: "j", ObjectKind.SCRIPT: "s", ObjectKind.RESOURCE: "r"}
THERE, BACK = ({NeedKind.CONNECTION: {one: other}} for one, other in (("c1", "c2"), ("c2", "c1")))
Texts = dict[ObjectKind, bytes]

texts = st.fixed_dictionaries(
    {
        ObjectKind.JOB: transported(job_text()),
        ObjectKind.SCRIPT: transported(script_text()),
        ObjectKind.RESOURCE: transported(resource_text()),
    }
)
tight_texts = st.fixed_dictionaries(
    {
        ObjectKind.JOB: job_text(gap="tight").map(str.encode),
        ObjectKind.SCRIPT: script_text(gap="tight").map(str.encode),
        ObjectKind.RESOURCE: transported(resource_text()),
    }
)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    home = home_with_tables(tmp_path_factory.mktemp("platform"))
    running = open_platform(home, settings_for(home), durable=False)
    for name in ("c1", "c2"):
        document = json.dumps({"name": name, "type": "DWS", "config": {"clusterName": name}}).encode()
        running.connections.create(entered(running), document)
    yield running
    running.close()


def packed(layout: Layout, held: Texts, *, manifest: bool) -> bytes:
    """The texts as they are, byte order marks included; the manifest tells the digest of those bytes."""
    entries = [
        Entry(
            kind=kind,
            name=NAMES[kind],
            path=path_of(layout, kind, NAMES[kind], "j"),
            size=len(text),
            sha256=digest_of(text),
            uid=f"uid-{kind}",
        )
        for kind, text in held.items()
    ]
    provenance = Provenance(platform_id="p", platform_name="p", workspace="w")
    told = Manifest(format=1, contents=tuple(entries), provenance=provenance) if manifest else None
    files = zip((entry.path for entry in entries), held.values(), strict=True)
    return b"".join(package_chunks(layout, told, sorted(files)))


def carried(
    platform: RunningPlatform, package: bytes, mapping: Mapping, state: ExportState = ExportState.SUBMITTED
) -> Texts:
    """Imports a package, and gives the texts from a new export."""
    grant, limits = entered(platform), platform.stored.limits()
    received = platform.imports.receive(grant.caller, "p.zip", iter([package]), limits)
    options = ImportOptions(duplicates=Duplicates.OVERWRITE, mapping=mapping)
    task = platform.imports.begin(grant, received, options)
    while not platform.wait(task.id, 30.0):
        pass
    ended = platform.reports.task(grant.caller, task.id)
    assert ended.status is TaskStatus.SUCCESSFUL, platform.reports.receipt(grant.caller, task.id)
    stream = platform.exports.package(grant, ExportRequest(everything=True, state=state))
    with zipfile.ZipFile(io.BytesIO(b"".join(stream.chunks))) as archive:
        return {kind: archive.read(path_of(Layout.FACTORY, kind, name)) for kind, name in NAMES.items()}


def bare(held: Texts) -> Texts:
    return {kind: unmarked(text) for kind, text in held.items()}


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("manifest", [True, False])
@given(held=texts)
@examples(50)
def test_a_package_gives_back_what_was_put_in(layout: Layout, manifest: bool, held: Texts) -> None:
    with open_package(io.BytesIO(packed(layout, held, manifest=manifest)), PackageLimits()) as opened:
        assert {entry.kind: text for entry, text in opened.documents()} == held
        assert {entry.kind: opened.text(entry) for entry in opened.entries} == held


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("manifest", [True, False])
@given(held=texts)
@examples(16, few=6)
def test_documents_arrive_as_they_left(
    platform: RunningPlatform, layout: Layout, manifest: bool, held: Texts
) -> None:
    """Whatever the layout they came in; only a byte order mark stays behind."""
    package = packed(layout, held, manifest=manifest)
    assert carried(platform, package, Mapping()) == bare(held)
    assert carried(platform, package, Mapping(), ExportState.DRAFT) == bare(held)


@given(held=texts)
@examples(50, few=10)
def test_mapped_there_and_back_every_token_is_what_it_was(platform: RunningPlatform, held: Texts) -> None:
    """Keys keep their order and numbers their spelling; a resource, which is not edited, every byte."""
    there = carried(platform, packed(Layout.FACTORY, held, manifest=True), Mapping(THERE))
    assert all(b'"c2"' in there[kind] for kind in (ObjectKind.JOB, ObjectKind.SCRIPT))
    back = carried(platform, packed(Layout.FACTORY, there, manifest=True), Mapping(BACK))
    original = bare(held)
    assert {kind: tokens(text) for kind, text in back.items()} == {
        kind: tokens(text) for kind, text in original.items()
    }
    assert back[ObjectKind.RESOURCE] == original[ObjectKind.RESOURCE]


@given(held=tight_texts)
@examples(50, few=10)
def test_mapped_there_and_back_every_byte_is_what_it_was(platform: RunningPlatform, held: Texts) -> None:
    """Where the objects and lists on the way to the name are written tightly, an edit leaves no trace."""
    there = carried(platform, packed(Layout.FACTORY, held, manifest=True), Mapping(THERE))
    for kind in (ObjectKind.JOB, ObjectKind.SCRIPT):
        assert there[kind] != held[kind]
    back = carried(platform, packed(Layout.FACTORY, there, manifest=True), Mapping(BACK))
    assert back == bare(held)
