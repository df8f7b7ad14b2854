"""What the fuzzer begins with: packages of every layout, manifests and documents, all made here."""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from jobferry.model.connections import SurroundingKind
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import Deletion, Emptied, Entry, Layout, Manifest, Need, Provenance
from jobferry.model.report.receipt_file import sealed
from jobferry.package import manifest as manifests
from jobferry.package.layouts import MANIFEST_PATH, file_path, path_of
from jobferry.package.surroundings.layout import surrounding_path
from jobferry.package.surroundings.writer import Leaving, write_surroundings
from jobferry.package.writer import package_chunks

from .packages import FIELD, RECORD

PROPERTIES = ("scriptName", "connectionName", "resourcePath", "jobName", "clusterName", "password", "x")
TOKENS = (
    *(b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\\u0022", b"\\ud83d", b"\\ude00", b"\xef\xbb\xbf"),
    *(b"NaN", b"-Infinity", b"1e400", b"-0", b"0.10", b"null", b"9" * 4_301, b"[" * 201, b'{"a":' * 300),
    *(b'"name"', b'"nodes"', b'"schedule"', b'"properties"', b'"value_is_sensitive":true', b"${x}"),
    *(b'Env.get("x")', b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"\xff\xff\xff\xff", b"\0\0"),
    *(b"../", b"/", b"manifest.json", b".job", b"\xb6\xa9", b"up", FIELD, RECORD),
)
"""What mutations put in: pieces that matter in JSON and in zips."""
VALUES = (
    *(
        b'""',
        b"null",
        b"true",
        b"[]",
        b"{}",
        b"-1",
        b"1e3",
        b'"0 0 0 ? * L"',
        b'"0 0/70 25 31 2 ? 2020-2019"',
    ),
    *(b'"* * * * * *"', b'"0 15 2 29 2 ?"', b'"GMT+14"', b'"UTC"', b'"Europe/Berlin"', b'"Mars/Olympus"'),
    *(b'"2026-02-30T25:00:00+99"', b'"2020-01-01 00:00:00"', b'"REAL_TIME"', b'"BATCH"', b'"EXECUTE_ONCE"'),
    *(b'"${x} ${", "y"', b'"obs://a/b"', b'"/"', b'"//a/../b"', b'"orders"', b'"clean"', b'[{"name":"a"}]'),
    *(
        b'"' + b"x" * 300 + b'"',
        b'["a", ["b"]]',
        b'"\xe8\xae\xa2,\xe5\x8d\x95"',
        b'"import_failed"',
        b"99999",
    ),
    *(b'"name"', b'"nodes"', b'"schedule"', b'"preNodeName"', b'"expressionTimeZone"', b'"tags"', b'"type"'),
)
"""What mutations put in the place of a whole JSON value or key, so that it stays JSON."""
_ANY_VALUE = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d+|\[\]|\{\}|true|null')


def documents() -> Iterator[bytes]:
    """Jobs, scripts, resources and what is none of them, in several spellings."""
    for value in (_job(), _script(), {"name": "lib", "type": "jar", "location": "obs://b/lib.jar"}, {}):
        yield json.dumps(value).encode()
        yield b"\xef\xbb\xbf" + json.dumps(value, indent=2, ensure_ascii=False).encode()
    yield b'{"a": 1e400, "b": -0, "c": [0.10, 1E5, ' + b"9" * 40 + rb'], "\u006e\/": "\ud83d\ude00"}'
    yield b'{"a": {"b": 1, "b": 2}}'
    yield b'{"a":' * 199 + b"{}" + b"}" * 199
    yield b"[1, 2]"


def manifest_texts() -> Iterator[bytes]:
    """Manifests with all of their parts, and one that is bare."""
    for layout in Layout:
        yield manifests.encode(_manifest(_objects(layout)))
    yield b'{"format": 2}'


def packages() -> Iterator[bytes]:
    """All layouts with and without manifest, and zips by the standard library."""
    for layout in Layout:
        objects = _objects(layout)
        listed = [(entry.path, text) for entry, text in objects]
        for told in (None, _manifest(objects)):
            yield b"".join(package_chunks(layout, told, listed))
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            archive.mkdir("jobs")
            archive.writestr("jobs/订单.job", json.dumps(_job()))
            archive.writestr("readme.txt", "x" * 100)
            with archive.open("scripts/s.script", "w", force_zip64=True) as entry:
                entry.write(json.dumps(_script()).encode())
            archive.comment = b"carried by hand"
        yield file.getvalue()


def trees() -> Iterator[bytes]:
    """The same packages as records of path and text."""
    for layout in Layout:
        objects = _objects(layout)
        records = [entry.path.encode() + FIELD + text for entry, text in objects]
        yield RECORD.join(records)
        yield RECORD.join([MANIFEST_PATH.encode() + FIELD + manifests.encode(_manifest(objects)), *records])
    yield RECORD.join([b"jobs/a.job" + FIELD + b"{", file_path("0" * 64).encode() + FIELD + b"x"])


def judged_trees() -> Iterator[bytes]:
    """The same and some more jobs before a workspace, with each of the options."""
    jobs = [_job() | {"name": name, "tags": ["a", "b"]} for name in ("orders", "up", "订单", "down")]
    more = [f"jobs/{one['name']}.job".encode() + FIELD + json.dumps(one).encode() for one in jobs]
    for number, tree in enumerate([*trees(), RECORD.join(more)]):
        yield bytes([number]) + tree
        yield bytes([number + 65]) + tree


def surrounding_packages() -> Iterator[bytes]:
    """Connections and variables as zips and as records, with and without manifest."""
    for kind, text in (
        (SurroundingKind.CONNECTION, b'{"name": "dwh", "type": "DWS", "config": {"password": ""}}'),
        (SurroundingKind.VARIABLE, b'{"name": "x", "value": "1"}'),
    ):
        things = [Leaving(name, text, (("config", "password"),)) for name in ("dwh", "订单")]
        for provenance in (None, Provenance(platform_id="p", platform_name="n", workspace="w")):
            yield b"\0" + b"".join(write_surroundings(kind, things, provenance).chunks)
        path = surrounding_path(kind, "dwh").encode()
        yield b"\1" + path + FIELD + text
        yield b"\1" + RECORD.join([MANIFEST_PATH.encode() + FIELD + b'{"format": 1, "contents": []}', path])


def receipts() -> Iterator[bytes]:
    """A receipt file, sealed, spaced otherwise, and some that are none."""
    held = {"kind": "job", "uid": "u", "name": "orders", "sha256": "0" * 64}
    content = {
        "id": "1",
        "platform_id": "p",
        "workspace": "w",
        "source_platform": "s",
        "source_workspace": "d",
        "holds": [held],
    }
    yield json.dumps(sealed(content)).encode()
    yield json.dumps(sealed(content | {"more": [1.5, None, "订单"]}), indent=2).encode()
    yield json.dumps(content).encode()
    yield b'{"seal": 1, "holds": 1e400}'


SEEDS = {
    "package": packages,
    "contents": trees,
    "manifest": manifest_texts,
    "document": documents,
    "judged": judged_trees,
    "surroundings": surrounding_packages,
    "receipt": receipts,
}


def mutated(data: bytes, others: list[bytes], rnd: random.Random) -> bytes:
    """A few random changes: bytes, slices, pieces that matter, and parts of other seeds."""
    changed = bytearray(data)
    for _ in range(rnd.randint(1, 4)):
        at = rnd.randint(0, len(changed))
        until = min(len(changed), at + rnd.choice((1, 1, 2, 4, 8, 64)))
        match rnd.randrange(8):
            case 5 | 6 | 7 if found := [*_ANY_VALUE.finditer(changed)]:
                at, until = rnd.choice(found).span()
                changed[at:until] = rnd.choice(VALUES)
            case 0:
                changed[at:until] = rnd.randbytes(until - at)
            case 1:
                del changed[at:until]
            case 2:
                changed[at:at] = changed[at:until] * rnd.choice((1, 2, 200))
            case 3:
                changed[at : rnd.choice((at, until))] = rnd.choice(TOKENS)
            case _:
                other = rnd.choice(others)
                start = rnd.randint(0, len(other))
                changed[at:until] = other[start : start + rnd.randint(0, 64)]
    return bytes(changed)


def _job() -> dict[str, Any]:
    properties = [{"name": name, "value": f"{name} 1, b"} for name in PROPERTIES]
    properties[-1]["value_is_sensitive"] = True  # type: ignore[assignment]
    cron = {"expression": "0 0 1 * * ?", "expressionTimeZone": "GMT+8"}
    cron["dependJobs"] = {"jobs": ["up"], "otherWorkSpaceJobs": [{"jobName": "a", "workSpace": "w"}]}  # type: ignore[assignment]
    return {
        "name": "orders",
        "directory": "/dw/ods",
        "nodes": [
            {"name": "a", "type": "CDM Job", "properties": properties, "retryTimes": "3"},
            {"name": "b", "type": "Brand New", "preNodeName": ["a"], "cronTrigger": cron},
        ],
        "schedule": {"type": "CRON", "cron": cron, "event": {"eventType": "DIS", "channel": "c"}},
        "params": [{"name": "token", "value": "${x} #{Env.get('y')}", "type": "constant"}],
        "maskedParams": ["token"],
        "basicConfig": {"owner": "lin", "priority": 1, "customFields": {"k": "v"}},
    }


def _script() -> dict[str, Any]:
    return {"name": "clean", "type": "DWSSQL", "content": "SELECT '月'\n", "connectionName": "dwh"}


def _objects(layout: Layout) -> list[tuple[Entry, bytes]]:
    values = {
        (ObjectKind.JOB, "orders"): _job(),
        (ObjectKind.SCRIPT, "clean"): _script(),
        (ObjectKind.CDM, "c/load"): {"jobs": []},
    }
    objects = []
    for (kind, name), value in values.items():
        text = json.dumps(value).encode()
        path = path_of(layout, kind, name, "orders")
        digest = hashlib.sha256(text).hexdigest()
        entry = Entry(kind=kind, name=name, path=path, size=len(text), sha256=digest, uid=f"u-{kind}")
        objects.append((entry, text))
    return sorted(objects, key=lambda one: one[0].path)


def _manifest(objects: list[tuple[Entry, bytes]]) -> Manifest:
    return Manifest(
        format=1,
        contents=tuple(entry for entry, _ in objects),
        deletions=(Deletion(kind=ObjectKind.SCRIPT, name="old", uid="gone"),),
        emptied=(Emptied(kind=ObjectKind.JOB, name="orders", paths=(("params", 0, "value"),)),),
        needs=(Need(kind=NeedKind.CONNECTION, name="dwh"),),
        provenance=Provenance(platform_id="p", platform_name="n", workspace="w"),
    )
