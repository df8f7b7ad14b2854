"""Lossless: whatever a document holds, it arrives as it left, in every layout, mapped and mapped back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from documents import job_text
from hypothesis import HealthCheck, given, settings

from jobferry.bootstrap.home import Home
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.bootstrap.wiring import open_platform
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import Entry, ExportState, Layout, Manifest, Provenance
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.policy import Duplicates, ImportOptions, Mapping
from jobferry.package.layouts import path_of
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import open_package
from jobferry.package.writer import package_chunks
from people import entered

JOB = ObjectKind.JOB
rounds = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    home = Home(Path(tmp_path_factory.mktemp("platform")))
    assert home.lock()
    running = open_platform(home, PlatformSettings(), durable=False)
    for name in ("c1", "c2"):
        document = json.dumps({"name": name, "type": "DWS", "config": {"clusterName": name}}).encode()
        running.surroundings.create_connection(entered(running), document)
    yield running
    running.close()


def packed(layout: Layout, text: bytes, *, manifest: bool) -> bytes:
    path = path_of(layout, JOB, "j", "j")
    entry = Entry(kind=JOB, name="j", path=path, size=len(text), sha256=digest_of(text), uid="u" * 32)
    provenance = Provenance(platform_id="p", platform_name="p", workspace="w")
    told = Manifest(format=1, contents=(entry,), provenance=provenance) if manifest else None
    return b"".join(package_chunks(layout, told, [(path, text)]))


def carried(platform: RunningPlatform, package: bytes, mapping: Mapping) -> bytes:
    """Imports a package, and gives the job's text from a new export."""
    grant, limits = entered(platform), platform.settings.limits
    received = platform.imports.receive(grant.caller, "p.zip", iter([package]), limits)
    options = ImportOptions(duplicates=Duplicates.OVERWRITE, mapping=mapping)
    task = platform.imports.begin(grant, received, options, limits)
    while not platform.wait(task.id, 30.0):
        pass
    ended = platform.reports.task(grant.caller, task.id)
    assert ended.status is TaskStatus.SUCCESSFUL, platform.reports.receipt(grant.caller, task.id)
    stream = platform.exports.package(grant, ["j"], depend=True, state=ExportState.SUBMITTED)
    with zipfile.ZipFile(io.BytesIO(b"".join(stream.chunks))) as archive:
        return archive.read("jobs/j.job")


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("manifest", [True, False])
@given(written=job_text(name="j"))
@rounds
def test_a_package_gives_back_what_was_put_in(layout: Layout, manifest: bool, written: str) -> None:
    package = packed(layout, written.encode(), manifest=manifest)
    with open_package(io.BytesIO(package), PackageLimits()) as opened:
        assert [(entry.name, text) for entry, text in opened.documents()] == [("j", written.encode())]


@given(written=job_text(name="j"))
@rounds
def test_a_document_arrives_as_it_left(platform: RunningPlatform, written: str) -> None:
    assert (
        carried(platform, packed(Layout.FACTORY, written.encode(), manifest=True), Mapping())
        == written.encode()
    )


@given(written=job_text(name="j"))
@rounds
def test_mapped_there_and_back_every_value_is_what_it_was(platform: RunningPlatform, written: str) -> None:
    there, back = ({NeedKind.CONNECTION: {one: other}} for one, other in (("c1", "c2"), ("c2", "c1")))
    once = carried(platform, packed(Layout.FACTORY, written.encode(), manifest=True), Mapping(there))
    assert b'"c2"' in once
    again = carried(platform, packed(Layout.FACTORY, once, manifest=True), Mapping(back))

    def spelled(text: bytes) -> object:
        return json.loads(text, parse_float=str, parse_int=str)

    assert spelled(again) == spelled(written.encode())
