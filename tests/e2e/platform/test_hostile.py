"""Hostile packages at a real platform: all findings at once, the rest lands, and nothing is left anywhere."""

from __future__ import annotations

import io
import json
import os
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from builders import job, node, script, written
from jobferry.errors import ErrorCode, JobferryError, PackageRefused
from jobferry.model.kinds import ObjectKind
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.finding import Finding, FindingRoom, Severity
from jobferry.model.transfer.policy import ImportOptions
from jobferry.services.packages import inspect

from .conftest import Site

MIB = 1024**2
UNUSABLE = {
    "json-broken": b'{"name": "x", }',
    "json-constant": b'{"name": "x", "a": [-Infinity]}',
    "not-an-object": b'["name"]',
    "not-json": b"\0" * (2 * MIB - 1),
    "doubled-key": b'{"name": "x", "nodes": [], "\\u006eame": "y"}',
    "not-utf8": b'{"name": "\xb6\xa9\xb5\xa5"}',
    "lone-surrogate": rb'{"name": "x", "a": "\ud83d"}',
    "number-too-long": b'{"name": "x", "a": %s}' % (b"9" * 4_301),
    "too-deep": b'{"name": "x", "a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "too-many-values": b'{"name": "x", "a":[' + b"0," * 1_000_000 + b"0]}",
}
FIELDS = {
    "field-type": job("field-type", node() | {"retryTimes": 0}),
    "name-missing": {"nodes": []},
    "content-too-large": script("content-too-large", "x" * (4 * MIB + 1)),
    "name-illegal": job("name\0illegal"),
}


def packed(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, data in entries.items():
            package.writestr(name, data)
    return file.getvalue()


def hostile() -> dict[str, bytes]:
    entries = {f"jobs/{code}.job": text for code, text in UNUSABLE.items()}
    for code, fields in FIELDS.items():
        kind = "script" if "content" in fields else "job"
        entries[f"{kind}s/{code}.{kind}"] = written(fields).replace(
            b'"retryTimes": 0', b'"retryTimes": 1e400'
        )
    return entries


def findings(site: Site, package: bytes) -> tuple[Finding, ...]:
    limits = site.running.stored.limits()
    received = site.running.imports.receive(site.caller, "package.zip", iter([package]), limits)
    try:
        return site.running.imports.preview(site.grant, received, ImportOptions()).findings
    finally:
        site.running.imports.discard(received)


def test_every_hostile_document_has_its_finding_and_the_rest_lands(site: Callable[[str], Site]) -> None:
    here = site("here")
    entries = hostile() | {"jobs/good.job": written(job("good"))}
    package = packed(entries)
    told = [one for one in findings(here, package) if one.severity is Severity.BLOCK]
    by_path = {one.path: one.code for one in told}
    assert {f"jobs/{code}.job": code for code in UNUSABLE}.items() <= by_path.items()
    assert FIELDS.keys() <= {one.code for one in told}
    assert all(len(json.dumps(one.args)) < 500 for one in told)
    outcomes = here.outcomes(here.land(package))
    assert outcomes.pop("good") == "created"
    assert set(outcomes.values()) == {"blocked"}
    assert len(outcomes) == len(UNUSABLE) + len(FIELDS)


@pytest.mark.parametrize("number", ["1e400", "1E9999999999999999999", "-0", "0.10", "9" * 4_300])
def test_any_number_is_kept_where_nobody_reads_it(site: Callable[[str], Site], number: str) -> None:
    here = site("here")
    text = written(job("kept", unread="NUMBER")).replace(b'"NUMBER"', number.encode())
    assert here.land(packed({"jobs/kept.job": text})).status is TaskStatus.SUCCESSFUL
    assert here.text(ObjectKind.JOB, "kept") == text


def test_odd_names_are_warnings_and_land(site: Callable[[str], Site]) -> None:
    here = site("here")
    entries = {f"jobs/{name}.job": written(job(name)) for name in ("Orders", "orders")}
    entries |= {"jobs/é.job": written(job("one")), "jobs/e\u0301.job": written(job("two"))}
    package = packed(entries | {"jobs/MARK.job": written(job("gbk"))})
    package = package.replace(b"jobs/MARK.job", b"jobs/" + "订单".encode("gbk") + b".job")
    codes = [one.code for one in findings(here, package)]
    assert sorted(codes) == ["legacy-name-encoding", "twin-names", "twin-names"]
    task = here.land(package)
    assert set(here.outcomes(task).values()) == {"created"}
    assert here.outcomes(task).keys() == {"Orders", "orders", "one", "two", "gbk"}


def test_a_cdm_definition_without_a_proper_name_is_blocked(site: Callable[[str], Site]) -> None:
    here = site("here")
    package = packed({"cdms/c%00/load.json": b"{}", f"cdms/{'c' * 129}/load.json": b"{}"})
    told = findings(here, package)
    assert [(one.code, one.severity) for one in told] == [("name-illegal", Severity.BLOCK)] * 2
    with pytest.raises(JobferryError) as caught:
        here.running.objects.create(here.grant, ObjectKind.CDM, b"{}", submit=False, name="c\0/load")
    assert caught.value.code is ErrorCode.INVALID_NAME


def test_many_large_documents_are_not_held_at_once() -> None:
    text = b'{"name": "s%02d", "type": "DWSSQL", "content": "' + b"x" * (4 * MIB - 100) + b'"}'
    package = packed({f"scripts/s{n:02}.script": text % n for n in range(24)})
    tracemalloc.start()
    try:
        assert len(inspect(io.BytesIO(package)).contents.entries) == 24
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * MIB


_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_touched: list[str] = []
_watching = [False]


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if not _watching[0]:
        return
    if event == "open" and isinstance(args[0], str | bytes) and (args[2] & _WRITES):
        _touched.append(os.fsdecode(args[0]))
    elif event in ("os.mkdir", "os.rename", "os.symlink", "os.link", "os.truncate", "os.mkfifo", "os.mknod"):
        _touched.extend(os.fsdecode(one) for one in args if isinstance(one, str | bytes | os.PathLike))


sys.addaudithook(_watch)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Every path that Python writes to meanwhile."""
    _touched.clear()
    _watching[0] = True
    try:
        yield _touched
    finally:
        _watching[0] = False


def test_nothing_is_extracted_and_nothing_written_elsewhere(
    site: Callable[[str], Site], tmp_path: Path
) -> None:
    here = site("here")
    names = [
        "../escaped.job",
        "/escaped.job",
        "jobs/../../escaped.job",
        "C:/escaped.job",
        "escaped\\a.job",
    ]
    link = zipfile.ZipInfo("jobs/escaped.job")
    link.external_attr = 0o120777 << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr(link, "/etc/passwd")
    good = packed({"jobs/escaped.job": written(job("escaped")), "escaped.txt": b"x"})
    with watched() as touched:
        for data in (file.getvalue(), *(packed({name: b"{}"}) for name in names)):
            with pytest.raises(PackageRefused):
                findings(here, data)
            assert here.land(data).status is TaskStatus.FAILED
        assert here.land(good).status is TaskStatus.SUCCESSFUL
    assert touched
    folder = (tmp_path / "here").resolve()
    outside = [path for path in touched if not Path(path).resolve().is_relative_to(folder)]
    assert outside == []
    assert list(tmp_path.rglob("*escaped*")) == []
    assert [path for path in folder.joinpath("packages").rglob("*") if path.is_file()] == []


def test_a_package_of_many_documents_that_are_none_is_refused_as_a_whole(site: Callable[[str], Site]) -> None:
    """What 200,000 empty entries would make of an answer."""
    here = site("here")
    entries = {f"jobs/{number:06}.job": b"" for number in range(1_001)}
    with pytest.raises(PackageRefused) as caught:
        findings(here, packed(entries))
    refused = caught.value
    assert refused.code is ErrorCode.PACKAGE_UNREADABLE
    assert (
        "more than 1,000 documents that cannot be read: jobs/000000.job, jobs/000001.job" in refused.message
    )
    assert "jobs/000009.job and others; the first is no JSON" in refused.message
    assert "jobs/000010.job" not in refused.message
    assert "setting set --platform unreadable=N" in refused.hint
    assert len(findings(here, packed(dict(list(entries.items())[1:])))) == 1_000
    here.running.stored.change(here.caller, {"unreadable": "1001"})
    assert len(findings(here, packed(entries))) == 1_001


@pytest.mark.parametrize("where", ["documents", "rules"])
def test_more_findings_than_can_be_told_end_the_check(site: Callable[[str], Site], where: str) -> None:
    """Faults of documents are counted while those are read, all else while the rules are asked."""
    here = site("here")
    needing = node("n", connectionName="gone" * 100)
    faulty = node("n") | {"retryTimes": "x" * 50}
    one = {"documents": faulty, "rules": needing}[where]
    entries = {f"jobs/j{number}.job": written(job(f"j{number}", one)) for number in range(50)}
    assert len(findings(here, packed(entries))) >= 50
    here.running.stored.change(here.caller, {"finding_bytes": "9000"})
    with pytest.raises(PackageRefused) as caught:
        findings(here, packed(entries))
    refused = caught.value
    assert refused.code is ErrorCode.PACKAGE_TOO_LARGE
    assert "more findings than can be reported" in refused.message
    assert "the limit finding_bytes is 9,000" in refused.message
    assert {"documents": "field-type", "rules": "connection-missing"}[where] in refused.message
    assert "setting set --platform finding_bytes=N" in refused.hint


def test_names_of_needs_count_as_what_can_be_told() -> None:
    """A small zip may hold names that make a long answer: each is told as something that is needed."""
    entries = {
        f"jobs/j{number}.job": written(
            job(f"j{number}", node("n", connectionName=f"{number}" + "q" * 100_000))
        )
        for number in range(450)
    }
    assert len(inspect(io.BytesIO(packed(dict(list(entries.items())[:400])))).needs) == 400
    with pytest.raises(PackageRefused, match=r"mostly references by very long names \(4"):
        inspect(io.BytesIO(packed(entries)))
    shared = {
        f"jobs/j{n}.job": written(job(f"j{n}", node("n", connectionName="q" * 100_000))) for n in range(450)
    }
    assert len(inspect(io.BytesIO(packed(shared))).needs) == 1


def test_the_findings_of_ten_thousand_jobs_with_nothing_here_can_be_told() -> None:
    room = FindingRoom()
    for number in range(62_000):
        name, need = f"orders_by_region_{number:06}", f"dwh_connection_{number:06}"
        path = "nodes[12].properties[3].value"
        room.take(
            "connection-missing", name, path, need, args={"kind": "connection", "need": need, "local": need}
        )
