"""Every operation that the descriptions know is answered, and every answer is the one described.

One platform, and one run of calls through it, in the order in which somebody would make them. A call that is
described and that nobody makes here fails the test, as does an answer of another form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from builders import job, node, script
from contract.api.doors import Door, opened
from halted import halted
from jobferry.api.factory.description import factory_description
from jobferry.api.native.description import native_description
from jobferry.api.native.platform import VERSION
from oidc import CLIENT, SECRET, comes_back, provider_running

QUIET = node("n", "Dummy")
PASSWORD = "correct horse battery"
DWS = {"name": "dwh", "type": "DWS", "config": {"clusterName": "c", "password": "secret"}}
NO_ENGINE = {
    "POST /v1/{project_id}/jobs/{job_name}/run-immediate": 400,
    "POST /v1/{project_id}/jobs/{job_name}/instances/{instance_id}/restart": 400,
    "POST /v1/{project_id}/jobs/{job_name}/instances/{instance_id}/stop": 400,
    "GET /v1/{project_id}/jobs/{job_name}/instances/{instance_id}": 400,
    "POST /v1/{project_id}/scripts/{script_name}/execute": 400,
    "POST /v1/{project_id}/scripts/{script_name}/instances/{instance_id}/stop": 400,
    "GET /v1/{project_id}/scripts/{script_name}/instances/{instance_id}": 400,
    "POST /v2/{project_id}/factory/jobs/{job_name}/instances/retry": 400,
    "GET /v2/{project_id}/factory/real-time-jobs/{job_name}": 400,
    "POST /v2/{project_id}/factory/supplement-data": 400,
    "POST /v2/{project_id}/factory/supplement-data/{instance_name}/stop": 400,
    "GET /v2/{project_id}/factory/instances/{instance_id}/depend-instances": 400,
}
"""What would need something that runs jobs, and what it answers where nothing does."""


@cache
def described() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Every operation, ``METHOD /path``, with its description and the document that this stands in."""
    return {
        f"{method.upper()} {path}": (operation, document)
        for document in (native_description(VERSION), factory_description(VERSION))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }


@cache
def patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Operations with what their paths look like, those with the fewest blanks first."""
    ordered = sorted(described(), key=lambda one: (one.count("{"), one))
    return [(one, re.compile(re.sub(r"\{[^}]*\}", "[^/]+", one.partition(" ")[2]))) for one in ordered]


class Asked:
    """Calls of a platform, and which operations answered as described."""

    def __init__(self, door: Door, http: httpx.Client, answered: dict[str, int]) -> None:
        self.door = door
        self.http = http
        self.answered = answered
        self._tokens: dict[str, str] = {}
        self.read_only = ""
        self.passed: dict[str, int] = {}
        """With a ``read_only`` token: the calls but GET that were not refused with it, and their answers."""

    def __call__(
        self, method: str, path: str, body: Any = None, *, status: int = 200, who: str = "", **more: Any
    ) -> httpx.Response:
        """A call; a path that begins with no slash is one of the default workspace."""
        if who:
            more.setdefault("headers", {})["X-Auth-Token"] = self._tokens[who]
        if isinstance(body, bytes):
            more["content"] = body
        elif body is not None:
            more["json"] = body
        whole = path if path.startswith("/") else f"/api/workspaces/default/{path}"
        if self.read_only and method != "GET" and not who:
            self._try_read_only(method, whole, more)
        answer = self.http.request(method, whole, **more)
        assert answer.status_code == status, (method, whole, answer.status_code, answer.text)
        self._judge(method, answer)
        return answer

    def hire(self, name: str, *roles: str) -> None:
        """A user with a token and these roles."""
        self("POST", "/api/users", {"name": name, "password": PASSWORD}, status=201)
        self("PUT", f"members/{name}", {"roles": list(roles)})
        made = self("POST", f"/api/users/{name}/tokens", {"name": "t"}, status=201)
        self._tokens[name] = made.json()["token"]

    def _try_read_only(self, method: str, path: str, more: dict[str, Any]) -> None:
        headers = {**more.get("headers", {}), "X-Auth-Token": self.read_only}
        answer = self.http.request(method, path, **{**more, "headers": headers})
        if answer.status_code != 403:
            self.passed[self._operation(method, answer)] = answer.status_code

    def _operation(self, method: str, answer: httpx.Response) -> str:
        path = answer.request.url.path
        return next(
            one for one, pattern in patterns() if one.startswith(f"{method} ") and pattern.fullmatch(path)
        )

    def _judge(self, method: str, answer: httpx.Response) -> None:
        operation = self._operation(method, answer)
        description, document = described()[operation]
        if answer.is_success:
            of_status = description["responses"][str(answer.status_code)]
            _conforms(answer, of_status.get("content", {}), document)
        self.answered[operation] = min(answer.status_code, self.answered.get(operation, 999))


def _conforms(answer: httpx.Response, content: dict[str, Any], document: dict[str, Any]) -> None:
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if not answer.content:
        assert answer.status_code == 204
        return
    assert kind in content, (answer.request.url, kind, sorted(content))
    if kind == "application/json":
        import jsonschema_rs

        schema = {"components": document["components"], **content[kind].get("schema", {})}
        jsonschema_rs.validate(schema, answer.json())


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    with provider_running() as provider:
        chosen: dict[str, Any] = {
            "oidc_issuer": provider.issuer,
            "oidc_client": CLIENT,
            "oidc_secret": SECRET,
        }
        with opened(tmp_path / "platform", **chosen) as door:
            yield Asked(door, door.http, {})


READING = {
    "POST /api/workspaces/{workspace}/next-runs",
    "POST /api/workspaces/{workspace}/connections/export",
    "POST /api/workspaces/{workspace}/exports",
    "POST /api/workspaces/{workspace}/export-previews",
    "POST /api/workspaces/{workspace}/downloads",
    "POST /v1/{project_id}/jobs/batch-export",
    "POST /v1/{project_id}/jobs/{job_name}/export",
    "POST /v1/{project_id}/connections/export",
    "POST /v2/{project_id}/factory/release-packages",
}
"""Calls other than GET that a read-only token may make: they look or export."""


def test_a_read_only_token_changes_nothing_by_any_operation(asked: Asked) -> None:
    made = asked.http.post("/api/users/administrator/tokens", json={"name": "looks", "read_only": True})
    asked.read_only = made.json()["token"]
    go_through(asked)
    passed = {one for one in asked.passed if one not in NO_ENGINE}
    assert passed == READING
    headers = {"X-Auth-Token": asked.read_only}
    assert asked.http.delete("/api/sessions", headers=headers).status_code == 403


def test_every_operation_is_answered_as_it_is_described(asked: Asked) -> None:
    go_through(asked)
    succeeded = {one for one, status in asked.answered.items() if status < 300}
    refused = {one: status for one, status in asked.answered.items() if status >= 300}
    assert sorted(described().keys() - succeeded - NO_ENGINE.keys()) == []
    assert refused == NO_ENGINE


def go_through(asked: Asked) -> None:
    for part in (
        _of_the_platform,
        _of_people,
        _of_objects,
        _of_surroundings,
        _of_editing,
        _of_imports,
        _of_exports,
        _of_asset_backups,
        _of_reviews,
        _of_releases,
        _of_the_factory,
        _of_the_factory_packages,
        _of_the_second_version,
        _of_what_needs_an_engine,
        _of_what_ends,
    ):
        part(asked)


def _of_the_platform(asked: Asked) -> None:
    for path in (
        "/healthz",
        "/readyz",
        "/api/platform",
        "/api/platform/parts",
        "/api/settings",
        "/api/settings/process",
    ):
        asked("GET", path)
    for path in ("/api/workspaces", "settings"):
        asked("GET", path)
    asked("PATCH", "/api/settings", {"task_days": "9"})
    asked("PATCH", "settings", {"change_management": "true"})
    asked("POST", "/api/workspaces", {"name": "other"}, status=201)
    asked("GET", "/api/workspaces/other")


def _of_people(asked: Asked) -> None:
    asked.hire("lin", "developer")
    asked.hire("zhao", "administrator")
    asked.hire("wu", "deployer")
    asked("POST", "/api/users", {"name": "gone"}, status=201)
    asked("PATCH", "/api/users/gone", {"operations": True})
    asked("PUT", "/api/users/gone/password", {"new": PASSWORD})
    asked("PUT", "members/gone", {"roles": ["viewer"]})
    asked("PUT", "directory-policies/part", {"directories": ["/kept"], "users": ["gone"]})
    for path in ("/api/users", "/api/me", "members", "directory-policies", "audit", "/api/audit"):
        asked("GET", path)
    asked("DELETE", "directory-policies/part", status=204)
    asked("PUT", "download-policies/part", {"roles": ["operator"]})
    asked("GET", "download-policies")
    asked("DELETE", "download-policies/part", status=204)
    asked("DELETE", "members/gone", status=204)
    asked("POST", "/api/users/gone/tokens", {"name": "t", "read_only": True}, status=201)
    asked("GET", "/api/users/gone/tokens")
    asked("DELETE", "/api/users/gone/tokens/t")
    key = asked("POST", "/api/users/gone/keys", status=201).json()["access_key"]
    newer = asked("POST", f"/api/users/gone/keys/{key}/rotate", {"grace_hours": 1}, status=201)
    asked("GET", "/api/users/gone/keys")
    asked("POST", f"/api/users/gone/keys/{key}/disable")
    asked("DELETE", f"/api/users/gone/keys/{newer.json()['access_key']}")
    asked("PUT", "/api/workspaces/other/owner", {"user": "zhao"})
    asked("GET", "/api/audit/verification")
    asked("GET", "/api/audit/anchor")


def _of_objects(asked: Asked) -> None:
    for name in ("orders", "bills", "gone"):
        asked("POST", "objects/job", job(name, QUIET), status=201)
    asked("POST", "objects/script", script("clean"), status=201)
    asked("GET", "objects/job")
    asked("GET", "objects/job/orders")
    asked("GET", "documents/job/orders")
    asked("PUT", "objects/job/orders", job("orders", QUIET, description="second"))
    asked("POST", "objects/job/gone/rename", {"to": "lost"})
    asked("POST", "objects/job/lost/move", {"directory": "/dw/ods"})
    asked("GET", "jobs/lost/outline")
    asked("GET", "directories/job")
    asked("POST", "directories/job", {"path": "/other"}, status=201)
    asked("POST", "directories/job/move", {"path": "/dw/ods", "parent": "/other"})
    asked("POST", "directories/job/rename", {"path": "/other/ods", "name": "raw"})
    asked("DELETE", "directories/job", params={"path": "/dw"}, status=204)
    asked("POST", "objects/job/bulk", {"action": "tag", "names": ["lost", "nobody"], "tags": ["odd"]})
    asked("POST", "objects/job/bulk", {"action": "untag", "names": ["lost"], "tags": ["odd"]})
    asked("DELETE", "objects/job/lost", status=204)
    asked("POST", "jobs/orders/start")
    asked("POST", "jobs/orders/stop")
    asked("GET", "uses/job/orders")
    asked("GET", "references/job/orders")
    asked("GET", "jobs/orders/neighbourhood")
    asked("GET", "directories/job/graph")
    asked("GET", "jobs/orders/next-runs")
    asked("POST", "next-runs", {"names": ["orders"]})


def _of_surroundings(asked: Asked) -> None:
    asked("POST", "connections", DWS, status=201)
    asked("POST", "connections/load", {"connections": [{"name": "lake", "type": "HOST"}]}, status=201)
    asked("GET", "connections")
    asked("PUT", "connections/dwh", DWS)
    asked("PUT", "connections/dwh/secrets", {"secrets": {"password": "other"}})
    package = asked("POST", "connections/export").content
    asked("POST", "connections/import", {"package": {"id": _handed_in(asked, package)}})
    asked("DELETE", "connections/dwh", status=204)
    asked("POST", "inventory", {"items": [{"kind": "queue", "name": "etl"}]}, status=201)
    asked("PUT", "inventory/accepted", {"kinds": ["graph"]})
    asked("GET", "inventory")
    asked("DELETE", "inventory/queue/etl", status=204)
    asked("PUT", "variables/region", {"value": "here", "type": "constant"}, status=204)
    asked("GET", "variables")
    package = asked("POST", "variables/export").content
    asked("POST", "variables/import", {"package": {"id": _handed_in(asked, package)}})
    asked("DELETE", "variables/region", status=204)


def _of_editing(asked: Asked) -> None:
    asked("GET", "locks")
    asked("DELETE", "locks/job/orders")
    asked("POST", "locks/job/orders")
    asked("POST", "locks/release", {"items": [{"kind": "job", "name": "bills"}]})
    asked("PUT", "tags/red")
    asked("PUT", "tags/blue")
    asked("PUT", "tag-locks/blue")
    asked("DELETE", "tag-locks/blue")
    asked("GET", "tags")
    asked("PUT", "jobs/orders/tags", {"tags": ["red"]})
    asked("DELETE", "tags/blue", status=204)
    file = asked("GET", "tag-file").content
    asked("POST", "tag-file", file, params={"overwrite": "true"})
    _stored(asked, "tags.csv", file)
    asked("POST", "stored-tag-file", {"path": "obs://there/tags.csv"})
    asked("GET", "object-storage", params={"path": "obs://there"})
    asked("POST", "packages", {"path": "obs://there/tags.csv"}, status=201)
    asked("POST", "submits/job/orders")
    asked("GET", "versions/job/orders")
    asked("GET", "differences/job/orders", params={"former": 1, "latter": 2})
    asked("POST", "rollbacks/job/orders", {"version": 1})
    asked("GET", "changes")


def _of_imports(asked: Asked) -> None:
    package = asked("POST", "exports", {"names": ["orders"]}).content
    id_ = _handed_in(asked, package)
    about = {"package": {"id": id_}}
    for below in ("", f"/{id_}", f"/{id_}/contents", f"/{id_}/needs"):
        asked("GET", f"/api/packages{below}")
    asked("POST", "comparisons", about | {"everything": True})
    asked("PUT", "routes/elsewhere/default", {"platform_name": "x", "options": {"duplicates": "skip"}})
    asked("GET", "routes")
    asked("GET", "routes/elsewhere/default")
    asked("DELETE", "routes/elsewhere/default", status=204)
    made = asked("POST", "imports", about | {"options": {"duplicates": "copy"}}, status=202).json()
    place = f"imports/{made['id']}"
    asked("GET", "imports")
    asked("GET", place, params={"wait": 60})
    asked("PUT", f"{place}/options", {"duplicates": "overwrite"}, status=202)
    made = asked("GET", place, params={"wait": 60}).json()
    for below in (
        "",
        "/detection",
        "/objects/job/orders/diff",
        "/objects/job/orders/texts",
        "/findings/1/objects",
    ):
        asked("GET", place + below)
    for link in made["links"].values():
        asked("GET", link)
    asked("PUT", f"{place}/objects/job/orders/viewed", {"viewed": True}, status=204)
    asked("GET", f"{place}/viewed")
    begun = asked("POST", f"{place}/apply", {"plan_digest": made["plan_digest"]}, status=202).json()
    task = asked("GET", f"/api/tasks/{begun['task_id']}", params={"wait": 60}).json()
    assert task["status"] == "SUCCESSFUL", task
    for path in ("tasks", "/api/tasks"):
        assert begun["task_id"] in {one["id"] for one in asked("GET", path).json()["items"]}
    _of_the_import_lock(asked)
    (receipt, *_) = asked("GET", "receipts").json()["items"]
    mine = f"/api/receipts/{receipt['id']}"
    for below in ("", "/lines", "/findings", "/findings/1/objects", "/file", "/detection"):
        asked("GET", mine + below)
    for below in ("", "/steps", "/findings", "/findings/1/objects"):
        asked("GET", f"{mine}/undo-plan{below}")
    begun = asked("POST", f"{mine}/undo", {}, status=202).json()
    task = asked("GET", f"/api/tasks/{begun['task_id']}", params={"wait": 60}).json()
    assert task["status"] == "SUCCESSFUL", task
    about = {"package": {"id": _handed_in(asked, package)}}
    again = asked("POST", "imports", about, status=202).json()
    asked("GET", f"imports/{again['id']}", params={"wait": 60})
    asked("POST", f"imports/{again['id']}/discard", status=204)
    asked("GET", "/api/notices")
    asked("POST", "/api/notices/read", {})


def _of_the_import_lock(asked: Asked) -> None:
    """A task that nobody carries out can be looked at and cancelled at leisure."""
    asked("GET", "import-lock", status=204)
    task = halted(asked.door.platform)
    assert asked("GET", "import-lock").json()["task_id"] == task.id
    assert asked("POST", f"/api/tasks/{task.id}/cancel").json()["status"] == "CANCELLED"
    asked("GET", "import-lock", status=204)


def _of_asset_backups(asked: Asked) -> None:
    asked("PATCH", "settings", {"asset_backup_path": "obs://backups/assets", "asset_backup": "true"})
    task = asked("POST", "asset-backups", status=202).json()["task_id"]
    asked("GET", f"/api/tasks/{task}", params={"wait": 60})
    (made,) = asked("GET", "asset-backups").json()["items"]
    asked("GET", "asset-backup-state")
    asked("GET", f"asset-backups/{made['name']}")
    asked("POST", f"asset-backups/{made['name']}/packages", {}, status=201)


def _of_exports(asked: Asked) -> None:
    preview = asked("POST", "export-previews", {"names": ["orders"]}).json()["id"]
    for below in ("objects", "needs", "left-out", "deletions"):
        asked("GET", f"export-previews/{preview}/{below}")
    task = asked("POST", "downloads", {"names": ["orders"]}, status=202).json()["task_id"]
    asked("GET", f"/api/tasks/{task}", params={"wait": 60})
    asked("GET", "downloads")
    asked("GET", f"downloads/{task}")
    asked("GET", f"downloads/{task}/package")
    asked("DELETE", f"downloads/{task}", status=204)
    asked("PATCH", "/api/settings", {"batch_exports": "true"})
    asked("POST", "task-packages", {"names": "nobody"})
    task = asked("POST", "task-packages", {"names": "orders\nbills"}, status=202).json()["task_id"]
    asked("GET", f"/api/tasks/{task}", params={"wait": 60})
    asked("GET", "task-packages")
    asked("GET", "task-packages/last")


def _of_reviews(asked: Asked) -> None:
    asked("PATCH", "settings", {"review": "all"})
    asked("POST", "objects/job", job("first", QUIET), status=201, who="lin", params={"submit": "false"})
    zhao = {"approver": "zhao"}
    first = asked("POST", "submits/job/first", who="lin", params=zhao).json()["review"]
    asked("GET", "reviews")
    asked("GET", f"reviews/{first}")
    asked("POST", f"reviews/{first}/withdraw", who="lin")
    second = asked("POST", f"reviews/{first}/resubmit", {}, who="lin", status=201).json()["id"]
    asked("POST", f"reviews/{second}/reject", {"answer": "why?"}, who="zhao")
    third = asked("POST", f"reviews/{second}/resubmit", {"note": "so"}, who="lin", status=201).json()["id"]
    asked("POST", f"reviews/{third}/approve", who="zhao")
    last = asked("DELETE", "objects/job/first", who="lin", status=202, params=zhao).json()["review"]
    asked("POST", f"reviews/{last}/approve", who="zhao")
    asked("PATCH", "settings", {"review": "off"})


def _of_releases(asked: Asked) -> None:
    asked("PATCH", "settings", {"mode": "enterprise"})
    asked("POST", "objects/job", job("later", QUIET), status=201, who="lin")
    asked("GET", "pending-items")
    for verb, who in (("withdraw", "lin"), ("reject", "wu"), ("approve", "wu")):
        body = {"name": verb, "everything": True}
        release = asked("POST", "releases", body, who="lin", status=201).json()["id"]
        asked("GET", f"releases/{release}")
        asked("POST", f"releases/{release}/{verb}", who=who)
    asked("GET", "releases")
    asked("PATCH", "settings", {"mode": "simple"})


def _of_the_factory(asked: Asked) -> None:
    v1 = asked.door.factory
    real_time = job("stream", QUIET, processType="REAL_TIME")
    asked("POST", f"{v1}/jobs", job("daily", QUIET), status=204)
    asked("POST", f"{v1}/jobs", real_time, status=204)
    asked("PUT", f"{v1}/jobs/daily", job("daily", QUIET, description="second"), status=204)
    for path in ("jobs", "jobs/daily", "jobs/stream/status", "jobs/instances/detail"):
        asked("GET", f"{v1}/{path}")
    asked("POST", f"{v1}/jobs/daily/start", {}, status=204)
    asked("POST", f"{v1}/jobs/daily/stop", status=204)
    asked("POST", f"{v1}/jobs", job("short", QUIET), status=204)
    asked("DELETE", f"{v1}/jobs/short", status=204)
    asked("POST", f"{v1}/scripts", script("count"), status=204)
    asked("PUT", f"{v1}/scripts/count", script("count", "SELECT 2"), status=204)
    asked("GET", f"{v1}/scripts")
    asked("GET", f"{v1}/scripts/count")
    asked("POST", f"{v1}/scripts", script("short"), status=204)
    asked("DELETE", f"{v1}/scripts/short", status=204)
    jar = {"name": "jar", "type": "jar", "location": "obs://there/a.jar"}
    made = asked("POST", f"{v1}/resources", jar).json()["resourceId"]
    asked("GET", f"{v1}/resources")
    asked("GET", f"{v1}/resources/{made}")
    asked("PUT", f"{v1}/resources/{made}", jar | {"desc": "new"}, status=204)
    asked("DELETE", f"{v1}/resources/{made}", status=204)
    asked("POST", f"{v1}/connections", DWS, status=204)
    asked("PUT", f"{v1}/connections/dwh", DWS, status=204)
    asked("GET", f"{v1}/connections")
    asked("GET", f"{v1}/connections/dwh")
    asked("POST", f"{v1}/workspaces", {"name": "third"})
    asked("POST", f"{v1}/workspaces/instance", {"name": "fourth"})
    asked("GET", f"{v1}/workspaces")
    asked("GET", f"{v1}/workspaces/instance")
    asked("GET", f"{v1}/workspaces/instance/third")


def _of_the_factory_packages(asked: Asked) -> None:
    v1 = asked.door.factory
    asked("POST", f"{v1}/jobs/batch-export", {"jobList": ["daily", "orders"]})
    asked("POST", f"{v1}/jobs/daily/export", {"obsPath": "obs://there/out"})
    _stored(asked, "daily.zip", asked("POST", f"{v1}/jobs/daily/export", {}).content)
    asked("POST", f"{v1}/jobs/check-file", {"path": "obs://there/daily.zip"})
    task = asked("POST", f"{v1}/jobs/import", {"path": "obs://there/daily.zip"}).json()["taskId"]
    asked("GET", f"/api/tasks/{task}", params={"wait": 60})
    for spelling in ("system-tasks", "systemTasks"):
        assert asked("GET", f"{v1}/{spelling}/{task}").json()["status"] == "SUCCESSFUL"
    _stored(asked, "connections.zip", asked("POST", f"{v1}/connections/export", {}).content)
    asked("POST", f"{v1}/connections/import", {"path": "obs://there/connections.zip"})
    asked("DELETE", f"{v1}/connections/dwh", status=204)


def _of_the_second_version(asked: Asked) -> None:
    v2 = f"{asked.door.factory.replace('/v1', '/v2')}/factory"
    for path in ("alarm-info", "jobs", "scripts", "jobs/daily/instances/detail", "supplement-data"):
        asked("GET", f"{v2}/{path}")
    made = {"name": "second", "process_type": "BATCH", "nodes": [], "schedule": {"type": "EXECUTE_ONCE"}}
    asked("POST", f"{v2}/jobs", made, status=204)
    asked("PUT", f"{v2}/jobs/second/rename", {"name": "renamed"})
    asked("PUT", f"{v2}/env", {"params": [{"name": "made", "value": "1"}]})
    asked("GET", f"{v2}/env")
    asked("POST", f"{v2}/jobs/daily/tags", {"tag_names": ["red"]}, status=204)
    asked("PATCH", "settings", {"mode": "enterprise"})
    asked("POST", "submits/job/daily")
    (item,) = asked("GET", f"{v2}/pending-items").json()["data"]
    body = {"package_name": "november", "pending_item_list": [item["pending_item_id"]]}
    made = asked("POST", f"{v2}/pending-items/package", body).json()["release_package_id"]
    asked("POST", f"{v2}/release-packages", {})
    asked("GET", f"{v2}/release-packages/{made}")
    asked("POST", f"{v2}/release-packages/unpack", {"package_ids": [made]}, status=204)


def _of_what_needs_an_engine(asked: Asked) -> None:
    named = {"job_name": "daily", "script_name": "count", "instance_id": "1", "instance_name": "p"}
    body = {"job_name": "daily"}
    project = asked.door.platform.identity.project_id
    for operation, status in NO_ENGINE.items():
        method, _, path = operation.partition(" ")
        asked(
            method,
            path.format(project_id=project, **named),
            body if method == "POST" else None,
            status=status,
        )


def _of_what_ends(asked: Asked) -> None:
    """A session is another client: it has a cookie and, to change something, a token against forgery."""
    with httpx.Client(base_url=asked.http.base_url, trust_env=False, verify=False) as browser:
        _of_a_session(Asked(asked.door, browser, asked.answered))
    asked("POST", "/api/audit/acceptance", {"reason": "nothing is missing"})


def _of_a_session(browser: Asked) -> None:
    def sign_in(password: str) -> None:
        made = browser("POST", "/api/session", {"name": "lin", "password": password}, status=201)
        browser.http.headers["X-CSRF-Token"] = made.json()["csrf_token"]

    browser.door.http.post("/api/users", json={"name": "late"}).raise_for_status()
    link = browser.door.platform.users.first_password_link("late")
    browser("POST", "/api/session/first", {"link": link, "password": PASSWORD}, status=201)
    browser("GET", "/api/session/methods")
    begun = browser("POST", "/api/session/provider", {"redirect": "http://127.0.0.1:9/"}, status=201).json()
    ended = {"pending": begun["pending"], **comes_back(begun["address"])}
    browser("POST", "/api/session/provider/end", ended, status=201)
    browser("GET", "/api/session/provider/sign-out")
    sign_in(PASSWORD)
    browser("GET", "/api/session")
    browser("PUT", "/api/me/password", {"current": PASSWORD, "new": f"{PASSWORD} 2"}, status=204)
    sign_in(f"{PASSWORD} 2")
    browser("DELETE", "/api/session", status=204)
    sign_in(f"{PASSWORD} 2")
    browser("DELETE", "/api/sessions")


def _handed_in(asked: Asked, package: bytes) -> str:
    return str(asked("POST", "/api/packages", package, status=201).json()["id"])


def _stored(asked: Asked, name: str, content: bytes) -> None:
    """Puts a file where ``obs://there`` is."""
    folder = asked.door.folder / "objects" / "there"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
