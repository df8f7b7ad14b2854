"""A workspace that belongs to others, with one record of every kind, and what calls about them need."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from sqlalchemy import select

from builders import job, node, script
from contract.api.doors import Door
from contract.rights.conftest import client, fill
from jobferry.bootstrap.home import Home
from jobferry.model.rights import Role
from jobferry.store.schema import metadata
from people import assign, enrol
from tables import rows_of

THEIRS, REVIEWED = "theirs", "reviewed"
QUIET = node("n", "Dummy")
PARTS = re.compile(r"\{(\w+)(?::path)?\}")
NO_RECORD = {"workspace", "workspace_id", "project_id"}
"""Path parameters that are asked about by the other tests of isolation."""

RECORDS: dict[tuple[str, str], str] = {
    ("tasks", "task_id"): "task",
    ("system-tasks", "task_id"): "task",
    ("systemTasks", "task_id"): "task",
    ("receipts", "receipt_id"): "task",
    ("imports", "import_id"): "import",
    ("findings", "number"): "1",
    ("objects", "kind"): "job",
    ("objects", "name"): "kept",
    ("documents", "kind"): "job",
    ("documents", "name"): "kept",
    ("uses", "kind"): "script",
    ("uses", "name"): "kept",
    ("references", "kind"): "job",
    ("references", "name"): "kept",
    ("jobs", "name"): "kept",
    ("jobs", "job_name"): "kept",
    ("real-time-jobs", "job_name"): "kept",
    ("scripts", "script_name"): "kept",
    ("resources", "resource_id"): "resource",
    ("directories", "kind"): "job",
    ("locks", "kind"): "job",
    ("locks", "name"): "kept",
    ("versions", "kind"): "job",
    ("versions", "name"): "kept",
    ("differences", "kind"): "job",
    ("differences", "name"): "kept",
    ("rollbacks", "kind"): "job",
    ("rollbacks", "name"): "kept",
    ("submits", "kind"): "job",
    ("submits", "name"): "kept",
    ("tags", "name"): "theirtag",
    ("tag-locks", "name"): "theirtag",
    ("connections", "name"): "kept",
    ("connections", "connection_name"): "kept",
    ("inventory", "kind"): "queue",
    ("inventory", "name"): "kept",
    ("variables", "name"): "kept",
    ("reviews", "review"): "review",
    ("releases", "release"): "release",
    ("release-packages", "package_id"): "release",
    ("members", "user"): "theirmember",
    ("directory-policies", "name"): "theirpolicy",
    ("download-policies", "name"): "theirpolicy",
    ("packages", "package_id"): "package",
    ("routes", "platform"): "theirplatform",
    ("routes", "source"): "theirsource",
    ("export-previews", "preview_id"): "preview",
    ("downloads", "download_id"): "download",
    ("asset-backups", "name"): "asset-backup",
    ("tokens", "name"): "theirtoken",
    ("keys", "access_key"): "key",
    ("users", "user"): "theirmember",
    ("instances", "instance_id"): "1",
    ("aiops", "instance_id"): "1",
    ("supplement-data", "instance_name"): "1",
    ("workspaces", "instance_id"): "any",
}
"""The record of others that takes the place of each path parameter, by the last word of the path before it.
What is no key of ``Foreign.ids`` is its own id or name."""

WITH_PLAN = {"plan_digest": "0" * 64}
BODIES: dict[str, Any] = {
    "PUT objects": job("kept", QUIET),
    "POST rename": {"to": "other"},
    "POST move": {"directory": "/"},
    "PUT secrets": {"secrets": {"password": "p"}},
    "PUT connections": {"name": "kept", "type": "DWS", "config": {"clusterName": "other"}},
    "PUT variables": {"value": "other", "type": "variable"},
    "POST rollbacks": {"version": 1},
    "PUT tags": {"tags": []},
    "POST tags": {"tag_names": ["theirtag"]},
    "POST approve": {},
    "POST apply": WITH_PLAN,
    "POST undo": {},
    "PUT viewed": {"viewed": True},
    "PUT routes": {"options": {"duplicates": "fail"}},
    "PUT members": {"roles": ["viewer"]},
    "PUT directory-policies": {"directories": ["/a"], "roles": ["viewer"]},
    "PUT download-policies": {"roles": ["viewer"]},
    "PUT jobs": job("kept", QUIET),
    "PUT scripts": script("kept", "SELECT 2"),
    "PUT resources": {"name": "kept", "type": "jar", "location": "obs://there/other.jar"},
    "PUT rename": {"name": "other"},
    "POST tokens": {"name": "t"},
    "PUT password": {"new": "correct horse battery"},
}
"""Bodies that get a call as far as its record, by method and the path's last word."""
QUERIES = {"GET /api/workspaces/{workspace}/differences/{kind}/{name}": {"former": 1}}
NO_RECORDS = {(word, name) for word, name in RECORDS if name in ("kind", "number")} | {
    ("users", "user"),
    ("workspaces", "instance_id"),
}
"""Kinds, numbers within a record, users (the matrix says who may do what to them), a word without meaning."""
OTHERWISE_CHANGED = {"audit", "audit_ends", "counters", "platform", "postings", "terms"}
"""Tables to which every call, or every change in another workspace, may add."""


class Foreign(NamedTuple):
    """Ids and names of the records of others, and the ids of their workspaces."""

    workspace_ids: tuple[str, ...]
    ids: dict[str, str]


def parts_of(path: str) -> list[tuple[str, str]]:
    """Every path parameter that is no workspace, with the word of the path before it."""
    found, word = [], ""
    for piece in path.split("/"):
        match = PARTS.fullmatch(piece)
        if match is None:
            word = piece
        elif match[1] not in NO_RECORD:
            found.append((word, match[1]))
    return found


def last_word(path: str) -> str:
    return [piece for piece in path.split("/") if not piece.startswith("{")][-1]


def fill_with_records(door: Door) -> Foreign:
    """Create the workspace, with a record of every kind, and one beside it where a review is pending."""
    _, task_id = fill(door, THEIRS)
    there = f"/api/workspaces/{THEIRS}"

    def ask(method: str, path: str, body: Any = None, **more: Any) -> Any:
        url = path if path.startswith("/") else f"{there}/{path}"
        answer = door.http.request(method, url, json=body, **more)
        assert answer.is_success, (method, path, answer.text)
        return (
            answer.json() if answer.content and "json" in answer.headers["Content-Type"] else answer.content
        )

    def ended(begun: Any) -> str:
        door.ended(begun["task_id"])
        return str(begun["task_id"])

    member = enrol(door.platform, "theirmember")
    assign(door.platform, member, THEIRS, Role.DEVELOPER)
    ids = {"task": task_id, "key": "", "resource": ""}
    listed = door.http.get(f"{door.factory}/resources", headers={"workspace": THEIRS}).json()
    ids["resource"] = listed["resources"][0]["id"]
    ids["key"] = ask("POST", "/api/users/theirmember/keys")["access_key"]
    ask("POST", "/api/users/theirmember/tokens", {"name": "theirtoken"})
    ask("PUT", "directory-policies/theirpolicy", {"directories": ["/"], "users": ["theirmember"]})
    ask("PUT", "download-policies/theirpolicy", {"users": ["theirmember"]})
    ask("PUT", "tags/theirtag")
    ask("PUT", "tag-locks/theirtag")
    ask("POST", "locks/job/kept")
    ask("PUT", "routes/theirplatform/theirsource", {"options": {"duplicates": "skip"}})
    ids["preview"] = ask("POST", "export-previews", {})["id"]
    ids["download"] = ended(ask("POST", "downloads", {}))
    packed = ask("POST", "exports", {})
    ids["package"] = door.http.post("/api/packages", content=packed).json()["id"]
    begun = ask(
        "POST", "imports", {"package": {"id": ids["package"]}, "options": {"duplicates": "overwrite"}}
    )
    assert ask("GET", f"imports/{begun['id']}", params={"wait": 60})["state"] == "checked"
    ids["import"] = begun["id"]
    ids["package"] = door.http.post("/api/packages", content=packed).json()["id"]
    ask("PATCH", "settings", {"asset_backup_path": "obs://backups/assets", "asset_backup": "true"})
    ended(ask("POST", "asset-backups"))
    ids["asset-backup"] = ask("GET", "asset-backups")["items"][0]["name"]
    ask("PATCH", "settings", {"mode": "enterprise"})
    ids["notice"] = door.http.get("/api/notices").json()["items"][0]["id"]
    with client(door, member) as http:
        made = http.post(f"{there}/objects/job", json=job("waiting", QUIET))
        assert made.status_code == 201, made.text
        project = door.platform.identity.project_id
        items = door.http.get(f"/v2/{project}/factory/pending-items", headers={"workspace": THEIRS}).json()
        ids["item"] = items["data"][0]["pending_item_id"]
        made = http.post(f"{there}/objects/job", json=job("released", QUIET))
        assert made.status_code == 201, made.text
        ids["release"] = http.post(
            f"{there}/releases", json={"name": "r", "items": [{"kind": "job", "name": "released"}]}
        ).json()["id"]
    reviewed = door.workspace(REVIEWED, review="all")["id"]
    assign(door.platform, member, REVIEWED, Role.DEVELOPER)
    with client(door, member) as http:
        asked = {"approver": "administrator"}
        made = http.post(f"/api/workspaces/{REVIEWED}/objects/job", json=job("kept", QUIET), params=asked)
        ids["review"] = made.json()["review"]
    return Foreign((ask("GET", there)["id"], reviewed), ids)


def rows_of_others(door: Door, workspace_ids: tuple[str, ...]) -> dict[str, set[str]]:
    """Return the rows of every table that belong to these workspaces, or to no workspace at all."""
    found: dict[str, set[str]] = {}
    with rows_of(Home(door.folder)) as connection:
        for table in metadata.sorted_tables:
            if table.name in OTHERWISE_CHANGED:
                continue
            query = select(*(column for column in table.columns if column.name != "used_at"))
            if "workspace_id" in table.columns:
                query = query.where(table.c.workspace_id.in_(workspace_ids))
            found[table.name] = {repr(tuple(row)) for row in connection.execute(query)}
    return found
