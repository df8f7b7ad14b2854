"""What is done, and what is tried, stands in the audit afterwards: once, by whom, about what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from builders import job, node, script
from contract.api.doors import Door, opened
from contract.rights.conftest import client
from jobferry.model.audit import AuditEvent, AuditFilter
from jobferry.model.rights import Role
from people import member, store_of

PLACE = "/api/workspaces/default"
QUIET = node("n", "Dummy")
Row = tuple[str, str, str, str]


class Trail:
    """Somebody at work, and what the audit says of that."""

    def __init__(self, door: Door, http: httpx.Client) -> None:
        self.door = door
        self.http = http
        self._seen = 0

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self.http.request(method, path, content=content)
        assert answer.status_code == status, answer.text
        return answer

    def events(self) -> list[AuditEvent]:
        """What the user has added to the audit since the last look, oldest first."""
        with store_of(self.door.platform).read() as snapshot:
            total, rows = snapshot.audit.page(AuditFilter(actor="lin"), offset=0, limit=500)
        fresh = [row.event for row in rows[: total - self._seen]][::-1]
        self._seen = total
        assert all(one.workspace in ("default", "") and one.at > 0 for one in fresh)
        return fresh

    def rows(self) -> list[Row]:
        return [(one.action, one.kind, one.subject, one.outcome.value) for one in self.events()]


@pytest.fixture
def trail(tmp_path: Any) -> Iterator[Trail]:
    with opened(tmp_path / "platform") as door:
        caller = member(door.platform, "lin", Role.DEVELOPER)
        with client(door, caller) as http:
            http.headers["workspace"] = "default"
            yield Trail(door, http)


def test_objects(trail: Trail) -> None:
    trail.ask("POST", f"{PLACE}/objects/job?submit=false", job("a", QUIET), 201)
    assert trail.rows() == [("object-create", "job", "a", "done")]
    trail.ask("PUT", f"{PLACE}/objects/job/a", job("b", QUIET))
    edited, submitted = trail.events()
    assert (edited.action, edited.subject, edited.detail) == ("object-edit", "b", "renamed from a")
    assert (submitted.action, submitted.subject, submitted.detail) == ("object-submit", "b", "version 1")
    trail.ask("POST", f"{PLACE}/jobs/b/start", None, 200)
    trail.ask("DELETE", f"{PLACE}/objects/job/b", None, 409)
    trail.ask("POST", f"{PLACE}/jobs/b/stop", None, 200)
    trail.ask("DELETE", f"{PLACE}/objects/job/b", None, 204)
    assert trail.rows() == [
        ("job-start", "job", "b", "done"),
        ("object-delete", "job", "b", "failed"),
        ("job-stop", "job", "b", "done"),
        ("object-delete", "job", "b", "done"),
    ]


def test_what_fails_leaves_its_code(trail: Trail) -> None:
    trail.ask("POST", f"{PLACE}/objects/job", b"{", 400)
    trail.ask("PUT", f"{PLACE}/objects/script/nobody", script("nobody"), 404)
    trail.ask("POST", f"{PLACE}/jobs/nobody/start", None, 404)
    trail.ask("POST", f"{PLACE}/exports", {"names": ["nobody"]}, 404)
    trail.ask("POST", f"{PLACE}/connections", b"{", 400)
    told = [(one.action, one.outcome.value, one.detail) for one in trail.events()]
    assert told == [
        ("object-create", "failed", "invalid-document"),
        ("object-edit", "failed", "script-missing"),
        ("job-start", "failed", "job-missing"),
        ("export", "failed", "job-missing"),
        ("connection-create", "failed", "invalid-document"),
    ]


def test_surroundings_without_their_values(trail: Trail) -> None:
    secret = "hunter2-secret"
    connection = {"name": "dwh", "type": "DWS", "config": {"clusterName": "c", "password": secret}}
    trail.ask("POST", f"{PLACE}/connections", connection, 201)
    trail.ask("PUT", f"{PLACE}/connections/dwh", connection)
    trail.ask("DELETE", f"{PLACE}/connections/dwh", None, 204)
    trail.ask("POST", f"{PLACE}/inventory", {"items": [{"kind": "queue", "name": "q"}]}, 201)
    trail.ask("DELETE", f"{PLACE}/inventory/queue/q", None, 204)
    trail.ask("PUT", f"{PLACE}/inventory/accepted", {"kinds": ["graph", "queue"]})
    trail.ask("PUT", f"{PLACE}/inventory/accepted", {"kinds": ["graph"], "accepted": False})
    trail.ask("PUT", f"{PLACE}/variables/v", {"value": secret, "type": "variable"}, 204)
    trail.ask("DELETE", f"{PLACE}/variables/v", None, 204)
    events = trail.events()
    assert secret not in repr(events)
    assert [(one.action, one.kind, one.subject) for one in events] == [
        ("connection-create", "connection", "dwh"),
        ("connection-edit", "connection", "dwh"),
        ("connection-delete", "connection", "dwh"),
        ("inventory-add", "inventory", "queue q"),
        ("inventory-delete", "inventory", "queue q"),
        ("inventory-accept", "inventory", "queue, graph"),
        ("inventory-withdraw", "inventory", "graph"),
        ("variable-edit", "variable", "v"),
        ("variable-delete", "variable", "v"),
    ]


def test_routes_saved_and_forgotten(trail: Trail) -> None:
    trail.ask("PUT", f"{PLACE}/routes/p/default", {"platform_name": "t", "options": {"duplicates": "copy"}})
    trail.ask("DELETE", f"{PLACE}/routes/p/default", None, 204)
    assert [(one.action, one.kind, one.subject) for one in trail.events()] == [
        ("route-save", "route", "t/default"),
        ("route-delete", "route", "p/default"),
    ]


def test_a_trip_out_and_in(trail: Trail) -> None:
    (trail.door.folder / "objects" / "there").mkdir(parents=True)
    trail.ask("POST", f"{PLACE}/objects/job", job("a", QUIET), 201)
    trail.events()
    package = trail.ask("POST", f"{PLACE}/exports", {}).content
    stored = trail.ask("POST", f"{trail.door.factory}/jobs/a/export", {"obsPath": "obs://there/x"})
    handed = trail.ask("POST", "/api/packages?name=p.zip", package, 201).json()["id"]
    begun = trail.ask("POST", f"{PLACE}/imports", {"package": {"id": handed}, "apply": True}, 202)
    trail.door.ended(begun.json()["task_id"])
    events = trail.events()
    folder = stored.json()["obsPath"]
    assert [(one.action, one.kind, one.subject, one.outcome.value) for one in events] == [
        ("export", "workspace", "default", "done"),
        ("export", "job", "a", "done"),
        ("export-store", "package", folder, "done"),
        ("package-receive", "package", "p.zip", "done"),
        ("import-begin", "package", "p.zip", "done"),
        ("import", "package", "p.zip", "done"),
    ]
    assert re.fullmatch("1 objects [0-9a-f]{64}", events[0].detail)
    assert events[-1].detail == f"{begun.json()['task_id']}: 1 unchanged"
    trail.ask("POST", f"{trail.door.factory}/jobs/import", {"path": "obs://there/no.zip"}, 400)
    broken = trail.ask("POST", "/api/packages", b"no zip", 201).json()["id"]
    begun = trail.ask("POST", f"{PLACE}/imports", {"package": {"id": broken}, "apply": True}, 202)
    trail.door.ended(begun.json()["task_id"])
    failed = trail.events()
    assert [(one.action, one.outcome.value, one.detail) for one in failed if one.outcome != "done"] == [
        ("package-fetch", "failed", "object-unreadable"),
        ("import", "failed", "package-unreadable"),
    ]


def test_a_workspace_and_its_settings(trail: Trail) -> None:
    trail.ask("PATCH", f"{PLACE}/settings", {"time_zone": "UTC"}, 403)
    trail.ask("POST", "/api/workspaces", {"name": "mine"}, 403)
    assert trail.rows() == [
        ("setting-edit", "setting", "time_zone", "refused"),
        ("workspace-create", "workspace", "mine", "refused"),
    ]
    door = trail.door
    door.workspace("made", max_jobs="9")
    assert door.http.post("/api/workspaces", json={"name": "made"}).status_code == 409
    with store_of(door.platform).read() as snapshot:
        _, rows = snapshot.audit.page(AuditFilter(actor="administrator"), offset=0, limit=3)
    told = [(one.event.action, one.event.workspace, one.event.subject, one.event.outcome) for one in rows]
    assert told == [
        ("workspace-create", "", "made", "failed"),
        ("setting-edit", "made", "max_jobs", "done"),
        ("workspace-create", "made", "made", "done"),
    ]
