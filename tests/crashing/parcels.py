"""Made-up jobs and the packages they travel in; each job exists in any number of editions."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping

from jobferry.model.kinds import ObjectKind
from jobferry.model.package import MANIFEST_FORMAT, Entry, Layout, Manifest, Provenance
from jobferry.package.layouts import path_of
from jobferry.package.writer import package_chunks

SOURCE = "source-platform"
Texts = Mapping[tuple[ObjectKind, str], bytes]


def job_text(name: str, edition: int) -> bytes:
    """A small job; its directory and its script depend on its name alone."""
    place = int(hashlib.sha256(name.encode()).hexdigest()[:4], 16)
    document = {
        "name": name,
        "nodes": [
            {
                "name": "load",
                "type": "DWSSQL",
                "location": {"x": "0", "y": "0"},
                "preNodeName": [],
                "properties": [{"name": "scriptName", "value": f"script_{place % 10}"}],
            }
        ],
        "schedule": {
            "type": "CRON",
            "cron": {"expression": "0 0 1 * * ?", "startTime": "2026-01-01T00:00:00+08"},
        },
        "params": [{"name": "edition", "value": str(edition), "type": "variable"}],
        "directory": f"/crash/作业_{place % 40}",
        "processType": "BATCH",
    }
    return json.dumps(document, ensure_ascii=False).encode()


def script_text(number: int, edition: int) -> bytes:
    document = {
        "name": f"script_{number}",
        "type": "DWSSQL",
        "content": f"SELECT {edition}",
        "directory": "/s",
    }
    return json.dumps(document).encode()


def things(editions: Mapping[str, int], scripts: int = 0) -> dict[tuple[ObjectKind, str], bytes]:
    """Jobs in the given editions, and the ten scripts that they use in one."""
    made = {(ObjectKind.JOB, name): job_text(name, edition) for name, edition in editions.items()}
    return made | {(ObjectKind.SCRIPT, f"script_{n}"): script_text(n, scripts) for n in range(10)}


def parcel(texts: Texts) -> bytes:
    """A package of the texts, with a manifest."""
    placed = sorted(
        (path_of(Layout.FACTORY, kind, name), kind, name, text) for (kind, name), text in texts.items()
    )
    contents = tuple(
        Entry(kind=kind, name=name, path=path, size=len(text), sha256=digest(text), uid=f"uid-{kind}-{name}")
        for path, kind, name, text in placed
    )
    provenance = Provenance(platform_id=SOURCE, platform_name="crash", workspace="default")
    manifest = Manifest(format=MANIFEST_FORMAT, contents=contents, provenance=provenance)
    return b"".join(package_chunks(Layout.FACTORY, manifest, ((path, text) for path, _, _, text in placed)))


def unpacked(package: bytes) -> dict[str, bytes]:
    """The documents of a package, by path."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
