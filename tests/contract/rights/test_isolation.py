"""Somebody of one workspace asks every route about another one, and does not even learn that it exists."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
import pytest

from cases import every_case
from contract.api.doors import Door, opened
from contract.rights.conftest import client
from contract.rights.foreign import (
    BODIES,
    NO_RECORDS,
    QUERIES,
    RECORDS,
    REVIEWED,
    THEIRS,
    Foreign,
    fill_with_records,
    last_word,
    parts_of,
    rows_of_others,
)
from jobferry.api.factory.calls import CALLS as FACTORY
from jobferry.api.native.calls import CALLS as NATIVE
from jobferry.model.rights import Role
from people import administrator, assign, enrol

NOWHERE, MINE = "nobody", "mine"
PARTS = {"kind": "job", "name": "kept", "project_id": "{project}", "instance_id": "any"}
"""What stands for a path's parameters; anything else is ``kept``, which the other workspace has."""

ABOUT_NO_WORKSPACE = {
    "GET /healthz",
    "GET /readyz",
    "GET /api/openapi.json",
    "GET /api/openapi-factory.json",
    "GET /api/platform",
    "GET /api/platform/parts",
    "GET /api/settings",
    "PATCH /api/settings",
    "GET /api/settings/process",
    "GET /api/workspaces",
    "POST /api/workspaces",
    "POST /api/packages",
    "GET /api/packages",
    "GET /api/packages/{package_id}",
    "GET /api/packages/{package_id}/contents",
    "GET /api/packages/{package_id}/needs",
    "GET /api/tasks",
    "GET /api/audit",
    "GET /api/audit/verification",
    "GET /api/audit/anchor",
    "POST /api/audit/acceptance",
    "GET /api/me",
    "PUT /api/me/password",
    "GET /api/notices",
    "POST /api/notices/read",
    "GET /api/session",
    "POST /api/session",
    "POST /api/session/first",
    "GET /api/session/methods",
    "POST /api/session/provider",
    "POST /api/session/provider/end",
    "GET /api/session/provider/sign-out",
    "DELETE /api/session",
    "DELETE /api/sessions",
    "GET /api/users",
    "POST /api/users",
    "PATCH /api/users/{user}",
    "PUT /api/users/{user}/password",
    "GET /api/users/{user}/keys",
    "POST /api/users/{user}/keys",
    "DELETE /api/users/{user}/keys/{access_key}",
    "POST /api/users/{user}/keys/{access_key}/disable",
    "POST /api/users/{user}/keys/{access_key}/rotate",
    "GET /api/users/{user}/tokens",
    "POST /api/users/{user}/tokens",
    "DELETE /api/users/{user}/tokens/{name}",
    "GET /v1/{project_id}/workspaces",
    "POST /v1/{project_id}/workspaces",
    "GET /v1/{project_id}/workspaces/{instance_id}",
    "POST /v1/{project_id}/workspaces/{instance_id}",
}
"""Routes that name no workspace; what they answer is looked through for what is not theirs to tell."""
BY_ID = {
    "GET /api/tasks/{task_id}",
    "POST /api/tasks/{task_id}/cancel",
    "GET /api/receipts/{receipt_id}",
    "GET /api/receipts/{receipt_id}/lines",
    "GET /api/receipts/{receipt_id}/findings",
    "GET /api/receipts/{receipt_id}/findings/{number}/objects",
    "GET /api/receipts/{receipt_id}/file",
    "GET /api/receipts/{receipt_id}/undo-plan",
    "GET /api/receipts/{receipt_id}/undo-plan/steps",
    "GET /api/receipts/{receipt_id}/undo-plan/findings",
    "GET /api/receipts/{receipt_id}/undo-plan/findings/{number}/objects",
    "POST /api/receipts/{receipt_id}/undo",
    "GET /api/receipts/{receipt_id}/detection",
    "GET /v1/{project_id}/system-tasks/{task_id}",
    "GET /v1/{project_id}/systemTasks/{task_id}",
}
"""Routes about a record by its id, whatever workspace it is of."""

ANSWERED = {
    "PUT /api/workspaces/{workspace}/variables/{name}",
    "PUT /api/workspaces/{workspace}/tags/{name}",
    "PUT /api/workspaces/{workspace}/routes/{platform}/{source}",
    "PUT /api/workspaces/{workspace}/directory-policies/{name}",
    "PUT /api/workspaces/{workspace}/download-policies/{name}",
    "GET /api/workspaces/{workspace}/uses/{kind}/{name}",
}
"""Calls that create the record of this name in the caller's own workspace, or count who uses that name."""
OF_USERS = {"PUT /api/workspaces/{workspace}/members/{user}"}
"""Users belong to no workspace, so this call finds the users of others."""
EXPORTS = {"POST /v1/{project_id}/jobs/{job_name}/export"}
"""Calls that only read, so that a read-only token may make them."""
_PACKAGE = {"package": {"id": "{id}"}}
IN_BODIES: list[tuple[str, str, str, Any]] = [
    ("package", "POST", "{own}/comparisons", _PACKAGE),
    ("package", "POST", "{own}/imports", _PACKAGE),
    ("package", "POST", "{own}/connections/import", _PACKAGE),
    ("package", "POST", "{own}/variables/import", _PACKAGE),
    ("notice", "POST", "/api/notices/read", {"ids": ["{id}"]}),
    ("item", "POST", "{own}/releases", {"name": "r", "items": [{"kind": "job", "name": "released"}]}),
    ("item", "POST", "{v2}/pending-items/package", {"package_name": "r", "pending_item_list": ["{id}"]}),
    ("release", "POST", "{v2}/release-packages/unpack", {"package_ids": ["{id}"]}),
]
"""Records of others that are named in bodies."""
PART = re.compile(r"\{(\w+)(?::path)?\}")
ID = re.compile(r"[0-9a-f]{32}|[0-9]{2,}")


class Route(NamedTuple):
    """One method at one address."""

    method: str
    path: str

    @property
    def id(self) -> str:
        return f"{self.method} {self.path.replace(':path', '')}"

    @property
    def is_by_header(self) -> bool:
        return self.path.startswith(("/v1", "/v2")) and "{workspace_id}" not in self.path


ROUTES = sorted({Route(call.method, call.path) for call in (*NATIVE, *FACTORY)})
PLACED = [route for route in ROUTES if route.id not in ABOUT_NO_WORKSPACE | BY_ID]


class Stranger(NamedTuple):
    """A user who owns one workspace, on a platform where somebody else owns another."""

    door: Door
    http: httpx.Client
    foreign: Foreign
    name: str = "stranger"
    own: str = MINE

    @property
    def task_id(self) -> str:
        return self.foreign.ids["task"]

    def ask_about(self, route: Route, *, real: bool) -> httpx.Response:
        """Ask the caller's own workspace about a record of others, or about one that nobody has."""

        def word(part: tuple[str, str], name: str) -> str:
            if name == "project_id":
                return self.door.platform.identity.project_id
            if name in ("workspace", "workspace_id"):
                return self.own
            record = RECORDS[part]
            if part == ("users", "user") and last_word(route.path) in ("tokens", "keys", "rotate", "disable"):
                return self.name
            id_ = self.foreign.ids.get(record, record)
            return id_ if real or part in NO_RECORDS else other_than(id_)

        pieces, before = [], ""
        for piece in route.path.split("/"):
            match = PART.fullmatch(piece)
            before = before if match else piece
            pieces.append(quote(word((before, match[1]), match[1]), safe="") if match else piece)
        named = f"{route.method} {last_word(route.path)}"
        return self.http.request(
            route.method,
            "/".join(pieces),
            json=BODIES.get(named, {}) if route.method != "GET" else None,
            params=QUERIES.get(route.id),
            headers={"workspace": self.own},
        )

    def ask(self, route: Route, workspace: str, id_: str = "") -> httpx.Response:
        words = PARTS | {"workspace": workspace, "workspace_id": workspace, "task_id": id_, "receipt_id": id_}

        def filled(found: re.Match[str]) -> str:
            word = words.get(found[1], "kept")
            return quote(word.replace("{project}", self.door.platform.identity.project_id), safe="")

        path = re.sub(r"\{(\w+)(?::path)?\}", filled, route.path)
        return self.http.request(route.method, path, content=b"{}", headers={"workspace": quote(workspace)})


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stranger]:
    with opened(tmp_path_factory.mktemp("platform")) as door:
        foreign = fill_with_records(door)
        door.workspace(MINE, asset_backup_path="obs://backups/assets")
        caller = assign(door.platform, enrol(door.platform, "stranger"), MINE, Role.OWNER)
        with client(door, caller) as http:
            yield Stranger(door, http, foreign)


def test_every_route_is_one_of_these(stranger: Stranger) -> None:
    """A new route names its workspace in its path, is of the Factory API, or is entered above."""
    assert {route.id for route in ROUTES} >= ABOUT_NO_WORKSPACE | BY_ID
    unplaced = [route.id for route in PLACED if "{workspace" not in route.path and not route.is_by_header]
    assert unplaced == []


def test_a_workspace_of_others_answers_like_one_that_does_not_exist(stranger: Stranger) -> None:
    with every_case() as case:
        for route in PLACED:
            with case(route.id):
                theirs, nowhere = stranger.ask(route, THEIRS), stranger.ask(route, NOWHERE)
                assert code_of(theirs) in ("workspace-missing", "DLF.0819", "DLF.20819")
                assert said(theirs, THEIRS) == said(nowhere, NOWHERE)


def test_a_token_for_another_workspace_sees_as_little(stranger: Stranger) -> None:
    """Even the owner's: what the token leaves out does not exist."""
    mine = stranger.door.http.get("/api/workspaces/mine").json()["id"]
    owner = administrator(stranger.door.platform)
    with client(stranger.door, owner, workspaces=(mine,)) as limited, every_case() as case:
        narrow = stranger._replace(http=limited)
        for route in PLACED:
            with case(route.id):
                theirs, nowhere = narrow.ask(route, THEIRS), narrow.ask(route, NOWHERE)
                assert code_of(theirs) in ("workspace-missing", "DLF.0819", "DLF.20819")
                assert said(theirs, THEIRS) == said(nowhere, NOWHERE)


def test_every_path_parameter_has_a_record_of_others(stranger: Stranger) -> None:
    parts = {part for route in ROUTES for part in parts_of(route.path)}
    assert parts == RECORDS.keys()
    named = {f"{route.method} {last_word(route.path)}" for route in ROUTES}
    assert named >= BODIES.keys()
    assert {route.id for route in ROUTES} >= ANSWERED | OF_USERS | QUERIES.keys()
    for record in stranger.foreign.ids.values():
        assert record


def test_a_record_of_another_workspace_does_not_exist_for_the_owner_of_this_one(stranger: Stranger) -> None:
    refuse_records_of_others(stranger, {})


def test_a_record_of_another_workspace_does_not_exist_for_a_token_for_this_one(stranger: Stranger) -> None:
    """Even the administrator's, who owns both. Credentials are not for limited tokens."""
    own = stranger.door.workspace("own", asset_backup_path="obs://backups/assets")["id"]
    owner = administrator(stranger.door.platform)
    with client(stranger.door, owner, workspaces=(own,)) as limited:
        narrow = stranger._replace(http=limited, name=owner.name, own="own")
        refuse_records_of_others(narrow, {"package", "theirtoken", "key"})


def test_a_record_of_others_in_a_body_or_query_does_not_exist_either(stranger: Stranger) -> None:
    before = rows_of_others(stranger.door, stranger.foreign.workspace_ids)
    v2 = f"/v2/{stranger.door.platform.identity.project_id}/factory"
    with every_case() as case:
        for record, method, path, body in IN_BODIES:
            with case(method, path):
                answers = []
                for id_ in (stranger.foreign.ids[record], other_than(stranger.foreign.ids[record])):
                    answer = stranger.http.request(
                        method,
                        path.replace("{own}", f"/api/workspaces/{MINE}")
                        .replace("{v2}", v2)
                        .replace("{id}", id_),
                        content=json.dumps(body).replace("{id}", id_),
                        headers={"workspace": MINE},
                    )
                    answers.append(plain(answer, stranger.foreign))
                assert answers[0] == answers[1]
                assert answers[0][0] in (400, 404), answers[0]
    after = rows_of_others(stranger.door, stranger.foreign.workspace_ids)
    assert {table: rows - after[table] for table, rows in before.items() if rows - after[table]} == {}


def test_a_read_only_token_changes_nothing_by_any_call(stranger: Stranger) -> None:
    """The administrator's, about the real records of a workspace that the administrator owns."""
    owner = administrator(stranger.door.platform)
    before = rows_of_others(stranger.door, stranger.foreign.workspace_ids)
    with client(stranger.door, owner, read_only=True) as reading, every_case() as case:
        narrow = stranger._replace(http=reading, name=owner.name, own=THEIRS)
        for route in ROUTES:
            if route.method == "GET" or not records_of(route) or route.id in EXPORTS:
                continue
            with case(route.id):
                asking = narrow._replace(own=REVIEWED) if "{review}" in route.path else narrow
                answer = asking.ask_about(route, real=True)
                assert answer.status_code == 403 or says_that_nothing_runs(answer), answer.text
    after = rows_of_others(stranger.door, stranger.foreign.workspace_ids)
    assert {table: rows - after[table] for table, rows in before.items() if rows - after[table]} == {}


def refuse_records_of_others(stranger: Stranger, exempt: Collection[str]) -> None:
    """Every call about a record of others answers as it does about one that does not exist, and changes
    nothing of theirs; ``exempt`` are the kinds of records that are not told apart by workspace."""
    before = rows_of_others(stranger.door, stranger.foreign.workspace_ids)
    with every_case() as case:
        for route in ROUTES:
            records = records_of(route)
            if not records or not records.isdisjoint(exempt) or route.id in OF_USERS:
                continue
            with case(route.id):
                theirs = stranger.ask_about(route, real=True)
                if route.id in ANSWERED:
                    assert theirs.is_success, theirs.text
                    continue
                nowhere = stranger.ask_about(route, real=False)
                assert plain(theirs, stranger.foreign) == plain(nowhere, stranger.foreign)
                assert is_missing(theirs), theirs.text
    after = rows_of_others(stranger.door, stranger.foreign.workspace_ids)
    assert {table: rows - after[table] for table, rows in before.items() if rows - after[table]} == {}


def test_what_is_about_no_workspace_tells_of_none_of_others(stranger: Stranger) -> None:
    with every_case() as case:
        for route in ROUTES:
            if route.id not in ABOUT_NO_WORKSPACE:
                continue
            with case(route.id):
                answer = stranger.ask(route, THEIRS)
                assert answer.status_code < 500
                assert THEIRS.encode() not in answer.content
                assert stranger.task_id.encode() not in answer.content


def records_of(route: Route) -> set[str]:
    """Return which records of others the route is asked about."""
    return {RECORDS[part] for part in parts_of(route.path) if part not in NO_RECORDS}


def says_that_nothing_runs(answer: httpx.Response) -> bool:
    return code_of(answer) == "APIGW.0101" or "no engine" in answer.text


def other_than(id_: str) -> str:
    """Return an id of the same form that nobody has."""
    return "".join("f" if letter == "0" else "0" for letter in id_) if ID.fullmatch(id_) else f"{id_}x"


def is_missing(answer: httpx.Response) -> bool:
    if "error" in answer.json():
        return answer.status_code == 404 and code_of(answer).endswith("-missing")
    is_offered = code_of(answer) != "APIGW.0101"
    return not is_offered or "not exist" in answer.text or "there is no" in answer.text


def plain(answer: httpx.Response, foreign: Foreign) -> tuple[int, str]:
    """Return status and text of an answer without the record that it was asked about."""
    text = answer.text.replace(answer.headers["X-Request-Id"], "")
    for name in sorted({*foreign.ids.values(), *RECORDS.values()}, key=len, reverse=True):
        text = text.replace(other_than(name), "?").replace(name, "?")
    return answer.status_code, text


def code_of(answer: httpx.Response) -> str:
    body = answer.json()
    return str(body["error"]["code"] if "error" in body else body["error_code"])


def said(answer: httpx.Response, name: str) -> tuple[int, bytes, dict[str, str]]:
    """An answer without the name that was asked for and what differs between any two answers."""
    headers = {key: value for key, value in answer.headers.items() if key not in ("x-request-id", "date")}
    request_id = answer.headers["X-Request-Id"].encode()
    return answer.status_code, answer.content.replace(name.encode(), b"?").replace(request_id, b"!"), headers
