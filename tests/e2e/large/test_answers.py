"""Every answer of the native API is small where 10,000 jobs and 5,000 scripts lack all their connections."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from builders import job, node, script
from contract.api.doors import Door, opened
from jobferry.api.decoding import Bound
from jobferry.api.native.calls import CALLS

pytestmark = pytest.mark.large

JOBS, SCRIPTS, CONNECTIONS = 10_000, 5_000, 18
MOST_BYTES = 1_000_000
PLACE = "/api/workspaces/crowded"
ROOM = {
    "max_jobs": "20000",
    "max_scripts": "20000",
    "max_directories": "5000",
    "duplicates": "overwrite",
    "missing": "hold",
}


def packed(mark: str) -> bytes:
    """The whole package; with another ``mark`` every object is another."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(SCRIPTS):
            text = script(
                f"script_{number:05}",
                f"SELECT '{mark}' FROM t",
                connectionName=f"dwh_{number % CONNECTIONS}",
                directory=f"/sql/{number % 50}",
            )
            package.writestr(f"scripts/script_{number:05}.script", json.dumps(text))
        for number in range(JOBS):
            nodes = [
                node(
                    f"n{place}",
                    "HiveSQL",
                    connectionName=f"dwh_{(number + place) % CONNECTIONS}",
                    scriptName=f"script_{(number * 3 + place) % SCRIPTS:05}",
                )
                for place in range(4)
            ]
            upstream = [f"job_{number // 2:05}"] if number else []
            cron = {"expression": f"0 {number % 60} {number % 24} * * ?", "expressionTimeZone": "Asia/Tokyo"}
            document = job(
                f"job_{number:05}",
                *nodes,
                directory=f"/jobs/{number % 100}",
                description=mark,
                schedule={"type": "CRON", "cron": cron | {"dependJobs": {"jobs": upstream}}},
            )
            package.writestr(f"jobs/job_{number:05}.job", json.dumps(document))
    return file.getvalue()


class Crowd(NamedTuple):
    """A platform with all of it imported, an import of other texts that waits, and what names these."""

    door: Door
    parts: dict[str, Any]

    def get(self, path: str, /, **query: Any) -> bytes:
        """An answer, which is 404 only where there is none of the kind."""
        filled = path.replace("asset-backups/{name}", "asset-backups/{backup}")
        for part, value in self.parts.items():
            filled = filled.replace("{" + part + "}", str(value)).replace("{" + part + ":path}", str(value))
        answer = self.door.http.get(filled, params=query)
        wanted = 404 if path in ABSENT else 204 if path in EMPTY else 200
        assert answer.status_code == wanted, (filled, answer.text[:500])
        return answer.content


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    with opened(tmp_path_factory.mktemp("platform")) as door:
        door.workspace("crowded", **ROOM)
        bucket = door.folder / "objects" / "bucket"
        bucket.mkdir(parents=True)
        for number in range(2_000):
            (bucket / f"{number}.zip").write_bytes(b"")
        door.http.timeout = 900
        door.http.patch("/api/settings", json={"batch_exports": True}).raise_for_status()
        begun = _made(door, packed("first"), {}, apply=True)
        ended = _ended(door, begun["task_id"])
        mapping = {"connection": {f"dwh_{number}": f"dw_{number}" for number in range(3)}}
        options = {"mapping": mapping, "time_zone": "UTC", "zone_mode": "convert", "missing": "block"}
        waiting = _made(door, packed("second"), options)
        preview = door.http.post(f"{PLACE}/export-previews", json={}).json()
        parts = {
            "workspace": "crowded",
            "kind": "job",
            "name": "job_00007",
            "backup": _backed_up(door),
            "number": 1,
            "user": "administrator",
            "task_id": begun["task_id"],
            "receipt_id": ended["receipt_id"],
            "import_id": waiting["id"],
            "package_id": waiting["package_id"],
            "preview_id": preview["id"],
        }
        yield Crowd(door, parts)


def _ended(door: Door, task_id: str) -> dict[str, Any]:
    ended = {"status": "RUNNING"}
    while ended["status"] == "RUNNING":
        ended = door.http.get(f"/api/tasks/{task_id}?wait=60").json()
    assert ended["status"] == "SUCCESSFUL", ended
    return ended


def _backed_up(door: Door) -> str:
    """Takes an asset backup, and gives its name."""
    settings = {"asset_backup_path": "obs://backups/assets", "asset_backup": "true"}
    door.http.patch(f"{PLACE}/settings", json=settings).raise_for_status()
    _ended(door, door.http.post(f"{PLACE}/asset-backups").json()["task_id"])
    (made,) = door.http.get(f"{PLACE}/asset-backups").json()["items"]
    return str(made["name"])


def _made(door: Door, package: bytes, options: dict[str, Any], **more: Any) -> dict[str, Any]:
    handed = door.http.post("/api/packages?name=p.zip", content=package).json()
    body = {"package": {"id": handed["id"]}, "options": options, **more}
    answer = door.http.post(f"{PLACE}/imports", json=body)
    assert answer.is_success, answer.text
    made = dict(answer.json()) | {"package_id": handed["id"]}
    while made.get("state") == "checking":
        time.sleep(0.5)
        made |= door.http.get(f"{PLACE}/imports/{made['id']}").json()
    return made


WHOLE = {
    "/api/workspaces/{workspace}/documents/{kind}/{name:path}",
    "/api/workspaces/{workspace}/downloads/{download_id}/package",
    "/api/workspaces/{workspace}/tag-file",
    "/api/receipts/{receipt_id}/file",
}
"""Documents, packages, and the files of tags and receipts: as large as what they hold."""
ABSENT = {
    "/api/workspaces/{workspace}/reviews/{review}",
    "/api/workspaces/{workspace}/releases/{release}",
    "/api/workspaces/{workspace}/routes/{platform}/{source}",
    "/api/workspaces/{workspace}/downloads/{download_id}",
    "/api/workspaces/{workspace}/downloads/{download_id}/package",
    "/api/workspaces/{workspace}/task-packages/last",
}
"""What names something of which there is none here: one record, whatever else there is."""
EMPTY = {"/api/workspaces/{workspace}/import-lock"}
"""What answers nothing where nobody imports."""
SAID: dict[str, dict[str, Any]] = {
    "/api/workspaces/{workspace}/object-storage": {"path": "obs://bucket/"},
    "/api/workspaces/{workspace}/differences/{kind}/{name:path}": {"former": 1},
}
"""What a call must be told besides."""


@pytest.mark.parametrize("limit", [100, 1000])
def test_no_answer_is_larger_than_a_million_bytes(crowd: Crowd, limit: int) -> None:
    sizes = {}
    for call in CALLS:
        if call.method == "GET" and call.path not in WHOLE:
            takes_limit = "limit" in {parameter.key for parameter in Bound(call).parameters}
            query = SAID.get(call.path, {}) | ({"limit": limit} if takes_limit else {})
            sizes[call.path] = len(crowd.get(call.path, **query))
    assert {path: size for path, size in sizes.items() if size > MOST_BYTES} == {}
    assert {call.path for call in CALLS} >= ABSENT
