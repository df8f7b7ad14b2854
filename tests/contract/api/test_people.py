"""People over real HTTP: sessions with cookies, credentials, members, audit and notices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from builders import job, written
from contract.api.doors import Door, fits, opened
from jobferry.api.native import audit, members, notices, people, sessions
from jobferry.api.problems import ErrorAnswer

GOOD = "correct horse battery"


def code(answer: httpx.Response) -> tuple[int, str]:
    told = msgspec.json.decode(answer.content, type=ErrorAnswer).error
    return answer.status_code, told.code


def a_user(door: Door, name: str, **more: Any) -> None:
    made = door.http.post("/api/users", json={"name": name, "password": GOOD, **more})
    fits(people.UserAnswer, made, 201)


def alone(door: Door, path: str, **more: Any) -> httpx.Response:
    """A call of nobody who has called before."""
    return httpx.post(f"http://127.0.0.1:{door.port}{path}", trust_env=False, **more)


@contextmanager
def browser(door: Door, name: str, **headers: str) -> Iterator[httpx.Client]:
    """A browser that is signed in, with its CSRF token."""
    with httpx.Client(
        base_url=f"http://127.0.0.1:{door.port}", trust_env=False, headers=headers, verify=False
    ) as client:
        begun = client.post("/api/session", json={"name": name, "password": GOOD})
        client.headers["X-CSRF-Token"] = fits(sessions.SessionAnswer, begun, 201)["csrf_token"]
        yield client


def test_a_browser_signs_in_works_and_signs_out(door: Door) -> None:
    a_user(door, "browsing")
    with browser(door, "browsing") as client:
        shown = fits(sessions.SessionAnswer, client.get("/api/session"))
        assert shown == {"name": "browsing", "csrf_token": client.headers["X-CSRF-Token"]}
        assert fits(sessions.MeAnswer, client.get("/api/me"))["name"] == "browsing"
        csrf = client.headers.pop("X-CSRF-Token")
        assert code(client.delete("/api/sessions")) == (403, "not-allowed")
        assert code(client.post("/api/users/browsing/keys")) == (403, "not-allowed")
        client.headers["X-CSRF-Token"] = csrf
        gone = client.delete("/api/session")
        assert gone.status_code == 204
        assert "Max-Age=0" in gone.headers["Set-Cookie"]
        assert code(client.get("/api/me")) == (401, "not-signed-in")


def test_the_cookie_is_for_this_site_and_for_no_script(door: Door) -> None:
    a_user(door, "cookie")
    body = {"name": "cookie", "password": GOOD}
    begun = alone(door, "/api/session", json=body)
    name, _, rest = begun.headers["Set-Cookie"].partition("=")
    assert name == "jobferry_session"
    told = {part.strip().lower() for part in rest.split(";")[1:]}
    assert told == {"httponly", "max-age=604800", "path=/", "samesite=strict"}
    assert begun.headers["Cache-Control"] == "no-store"
    forwarded = alone(door, "/api/session", json=body, headers={"X-Forwarded-Proto": "https"})
    assert forwarded.headers["Set-Cookie"].startswith("jobferry_session=")


def test_a_form_of_another_site_signs_nobody_in(door: Door) -> None:
    a_user(door, "formed")
    body = b'{"name": "formed", "password": "' + GOOD.encode() + b'"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = door.http.post("/api/session", content=body, headers={"Content-Type": kind})
        assert code(answer) == (400, "invalid-value")
        assert "Set-Cookie" not in answer.headers
    assert code(door.http.post("/api/session", content=b"x" * 70_000)) == (413, "too-large")


def test_wrong_passwords_are_refused_alike_and_then_made_to_wait(tmp_path: Path) -> None:
    with opened(tmp_path / "p") as door:
        a_user(door, "anne")
        told = set()
        for name in ("anne", "nobody"):
            answer = door.http.post("/api/session", json={"name": name, "password": "wrong password"})
            error = answer.json()["error"]
            told.add((answer.status_code, error["code"], error["message"], error["subject"], error["hint"]))
        assert len(told) == 1
        for _ in range(9):
            door.http.post("/api/session", json={"name": "anne", "password": "wrong password"})
        waiting = door.http.post("/api/session", json={"name": "anne", "password": GOOD})
        assert code(waiting) == (429, "too-many-attempts")
        assert 0 < int(waiting.headers["Retry-After"]) <= 300


def test_users_for_operations(door: Door) -> None:
    a_user(door, "李雷", operations=True)
    changed = door.http.patch("/api/users/李雷", json={"disabled": True, "operations": False})
    assert fits(people.UserAnswer, changed)["disabled"] is True
    reset = door.http.put("/api/users/李雷/password", json={"new": ""})
    assert fits(people.UserAnswer, reset)["password"] is False
    assert "李雷" in [one["name"] for one in fits(people.UserList, door.http.get("/api/users"))["items"]]
    assert code(door.http.post("/api/users", json={"name": "李雷"})) == (409, "name-taken")
    assert code(door.http.post("/api/users", json={"name": "x", "password": "short"})) == (
        400,
        "weak-password",
    )
    assert code(door.http.patch("/api/users/nobody", json={})) == (404, "user-missing")
    last = door.http.patch("/api/users/administrator", json={"disabled": True})
    assert code(last) == (409, "last-operations")


def test_tokens_and_keys(door: Door) -> None:
    a_user(door, "maker")
    with browser(door, "maker") as client:
        place = "/api/users/maker/tokens"
        made = fits(people.NewTokenAnswer, client.post(place, json={"name": "a/b", "read_only": True}), 201)
        assert made["expires_at"] - made["created_at"] == 90 * 24 * 60 * 60 * 1000
        listed = client.get(place)
        assert fits(people.TokenList, listed)["total"] == 1
        assert made["token"] not in listed.text
        by_token = {"X-Auth-Token": made["token"], "X-CSRF-Token": ""}
        assert fits(sessions.MeAnswer, client.get("/api/me", headers=by_token))["read_only"] is True
        refused = client.post(place, json={"name": "more"}, headers=by_token)
        assert code(refused) == (403, "not-allowed")
        removed = client.delete("/api/users/maker/tokens/a%2Fb")
        assert fits(people.RemovedAnswer, removed) == {"credentials_file_removed": False}
        assert code(client.get("/api/me", headers=by_token)) == (401, "not-signed-in")
        assert code(client.delete("/api/users/maker/tokens/a%2Fb")) == (404, "token-missing")
        assert code(client.get("/api/users/administrator/tokens")) == (403, "not-allowed")

        key = fits(people.NewKeyAnswer, client.post("/api/users/maker/keys"), 201)
        at = f"/api/users/maker/keys/{key['access_key']}"
        newer = fits(people.NewKeyAnswer, client.post(f"{at}/rotate", json={"grace_hours": 1}), 201)
        fits(people.RemovedAnswer, client.post(f"{at}/disable"))
        listed = client.get("/api/users/maker/keys")
        states = {one["access_key"]: one["disabled"] for one in fits(people.KeyList, listed)["items"]}
        assert states == {key["access_key"]: True, newer["access_key"]: False}
        assert not any(one["secret_key"] in listed.text for one in (key, newer))
        fits(people.RemovedAnswer, client.delete(at))
        assert code(client.delete(at)) == (404, "key-missing")


def test_members_owner_and_policies(door: Door) -> None:
    door.workspace("members")
    for name in ("mia", "noa"):
        a_user(door, name)
    at = "/api/workspaces/members"
    saved = door.http.put(f"{at}/members/mia", json={"roles": ["developer", "viewer"]})
    assert fits(members.MemberAnswer, saved) == {"user": "mia", "roles": ["developer", "viewer"]}
    assert code(door.http.put(f"{at}/members/mia", json={"roles": ["owner"]})) == (400, "invalid-value")
    assert code(door.http.put(f"{at}/members/mia", json={"roles": ["king"]})) == (400, "invalid-value")
    assert code(door.http.put(f"{at}/members/nobody", json={"roles": ["viewer"]})) == (404, "user-missing")
    owner = fits(members.MemberAnswer, door.http.put(f"{at}/owner", json={"user": "noa"}))
    assert owner == {"user": "noa", "roles": ["owner"]}
    assert "noa" in [one["user"] for one in fits(members.MemberList, door.http.get(f"{at}/members"))["items"]]
    assert code(door.http.delete(f"{at}/members/noa")) == (409, "one-owner")
    body = {"directories": ["/dw"], "users": ["mia"], "roles": ["operator"]}
    policy = fits(members.PolicyAnswer, door.http.put(f"{at}/directory-policies/team", json=body))
    assert policy == {"name": "team", **body}
    twice = door.http.put(f"{at}/directory-policies/other", json=body)
    assert code(twice) == (409, "in-another-policy")
    assert fits(members.PolicyList, door.http.get(f"{at}/directory-policies"))["total"] == 1
    assert door.http.delete(f"{at}/directory-policies/team").status_code == 204
    assert code(door.http.delete(f"{at}/directory-policies/team")) == (404, "policy-missing")
    assert door.http.delete(f"{at}/members/mia").status_code == 204
    assert code(door.http.delete(f"{at}/members/mia")) == (404, "member-missing")


def test_the_audit_says_who_did_what_from_where(door: Door) -> None:
    door.workspace("audited")
    a_user(door, "auditor")
    door.http.put("/api/workspaces/audited/members/auditor", json={"roles": ["viewer"]})
    own = fits(audit.AuditList, door.http.get("/api/workspaces/audited/audit?action=member-save"))
    row = own["items"][0]
    assert (row["actor"], row["origin"], row["subject"], row["detail"]) == (
        "administrator",
        "127.0.0.1",
        "auditor",
        "viewer",
    )
    everything = fits(audit.AuditList, door.http.get("/api/audit", params={"text": "AUDITOR", "limit": 1}))
    assert everything["total"] > len(everything["items"]) == 1
    assert fits(audit.VerificationAnswer, door.http.get("/api/audit/verification"))["whole"] is True
    for query in ("limit=1001", "limit=0", "offset=-1", "outcome=moon", "since=x"):
        assert code(door.http.get(f"/api/audit?{query}")) == (400, "invalid-value")
    with browser(door, "auditor") as client:
        for path in ("/api/workspaces/audited/audit", "/api/audit", "/api/audit/verification"):
            assert code(client.get(path)) == (403, "not-allowed")


def test_the_end_of_an_import_is_told(door: Door) -> None:
    door.workspace("told")
    exported = door.http.post(
        "/api/workspaces/told/objects/job", params={"submit": False}, content=written(job("a"))
    )
    assert exported.status_code == 201
    package = door.http.post("/api/workspaces/told/exports", json={}).content
    handed = door.http.post("/api/packages?name=a.zip", content=package).json()["id"]
    body = {"package": {"id": handed}, "apply": True}
    begun = door.http.post("/api/workspaces/told/imports", json=body).json()
    door.ended(begun["task_id"])
    found = fits(notices.NoticeList, door.http.get("/api/notices?unread=true"))["items"]
    (mine,) = [one for one in found if one["about"]["id"] == begun["task_id"]]
    assert mine["message"].startswith("the import of a.zip into the workspace told is finished: 1 ")
    chinese = door.http.get("/api/notices", headers={"X-Language": "zh"}).json()["items"]
    assert any("已导入工作空间 told" in one["message"] for one in chinese)
    marked = door.http.post("/api/notices/read", json={"ids": [mine["id"]]})
    assert fits(notices.ReadAnswer, marked) == {"marked": 1}


def test_no_secret_is_in_a_log_or_an_audit_row(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "jobferry")
    with opened(tmp_path / "p") as door:
        a_user(door, "anne")
        secrets = [GOOD, door.credentials["token"], door.platform.folder_token]
        with browser(door, "anne") as client:
            secrets += [client.headers["X-CSRF-Token"], str(client.cookies["jobferry_session"])]
            secrets.append(client.post("/api/users/anne/tokens", json={"name": "a"}).json()["token"])
            secrets.append(client.post("/api/users/anne/keys").json()["secret_key"])
            wrong = {"current": "my wrong password", "new": "my next password"}
            told = client.put("/api/me/password", json=wrong).text
        told += door.http.post("/api/session", json={"name": "my wrong password", "password": "moon"}).text
        told += door.http.get("/api/me", headers={"X-Auth-Token": "jf_my_wrong_token"}).text
        told += door.http.post("/api/session", json={"name": "a", "password": ["my next password"]}).text
        told += door.http.get("/api/audit?limit=1000").text
        secrets += ["my wrong password", "my next password", "jf_my_wrong_token"]
    told += "\n".join(one.getMessage() for one in caplog.records if one.name.startswith("jobferry"))
    assert "/api/me/password" in told
    for file in tmp_path.rglob("*.db*"):
        told += file.read_bytes().decode("latin-1")
    assert [one for one in secrets if one in told] == []


def test_the_factory_api_describes_itself(door: Door) -> None:
    answer = door.http.get("/api/openapi-factory.json", headers={"X-Auth-Token": ""})
    assert code(answer) == (401, "not-signed-in")
    described = door.http.get("/api/openapi-factory.json").json()
    assert all(path.startswith(("/v1/", "/v2/")) for path in described["paths"])
    assert "/v1/{project_id}/jobs/{job_name}/start" in described["paths"]
    for path, calls in described["paths"].items():
        for call in calls.values():
            named = {one["name"] for one in call["parameters"] if one["in"] == "path"}
            assert named == {part.strip("{}") for part in path.split("/") if part.startswith("{")}, path
            assert "422" not in call["responses"]
