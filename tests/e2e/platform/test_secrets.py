"""A whole day's work on a served platform, and then every byte it left is searched for every secret."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from builders import job, node
from processes import Program, Served

PASSWORD, NEXT, WRONG = "first-password-4417", "next-password-8830", "wrong-password-2096"
CONNECTED, SENSITIVE, MISPLACED = "connection-secret-5571", "parameter-secret-6684", "misplaced-secret-3305"
PLACE = "/api/workspaces/default"
WIRED = {"name": "dwh", "type": "DWS", "config": {"clusterName": "c", "userName": "u", "password": CONNECTED}}


class Search:
    """Calls a platform, keeps what its failures say, and gathers what is secret."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.secrets = {PASSWORD, NEXT, WRONG, CONNECTED, SENSITIVE, MISPLACED}
        self.secrets.add(str(served.http.headers["X-Auth-Token"]))
        self.told: list[bytes] = []

    def ask(self, method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
        answer = self._served.http.request(method, path, json=body, **more)
        assert answer.status_code == status, answer.text
        if status >= 400:
            self.told += [answer.content, repr(answer.headers.multi_items()).encode()]
        return answer

    def made(self, path: str, field: str, body: Any) -> dict[str, Any]:
        """Makes something that is secret."""
        made: dict[str, Any] = self.ask("POST", path, body, 201).json()
        self.secrets.add(made[field])
        return made


@pytest.mark.sqlite
def test_no_secret_is_in_a_log_an_error_an_audit_row_a_package_or_a_file(tmp_path: Path) -> None:
    home, data = tmp_path / "home", tmp_path / "data"
    program = Program(data, home=home, environment={"JOBFERRY_LOG_LEVEL": "debug"})
    with program.served() as served:
        search = Search(served)
        search.secrets.add(json.loads((data / "credentials.json").read_text())["secret_key"])
        _sign_in(search, served.url)
        _credentials(search)
        search.ask("POST", f"{PLACE}/connections", WIRED, 201)
        search.ask("PUT", f"{PLACE}/connections/dwh", WIRED)
        packages = _trip(search, served)
        _misplace(search)
        search.told.append(search.ask("GET", "/api/audit", params={"limit": 1000}).content)
        search.told.append(search.ask("GET", f"{PLACE}/connections").content)
        search.told.append(search.ask("GET", "/api/notices").content)
    log = (home / "serve.log").read_bytes()
    assert b"import-committed" in log
    assert b"/api/session" in log
    left = {"told": b"\n".join(search.told), "log": log, **packages} | _files(data)
    found = [
        (secret, name)
        for name, content in left.items()
        for secret in search.secrets
        if holds(content, secret)
    ]
    assert [one for one in found if not _is_meant(*one)] == []
    assert {name for _, name in found} >= {"credentials.json", "platform.db"}, "the search finds nothing"


def holds(content: bytes, secret: str) -> bool:
    return any(secret.encode(code) in content for code in ("utf-8", "utf-16-le"))


def _is_meant(secret: str, name: str) -> bool:
    """The first start's file has the first credentials; a draft is kept as it was saved, byte for byte."""
    return name == "credentials.json" or (secret == SENSITIVE and name.startswith("platform.db"))


def _sign_in(search: Search, url: str) -> None:
    search.ask("POST", "/api/users", {"name": "anne", "password": PASSWORD}, 201)
    with httpx.Client(base_url=url, trust_env=False, verify=False) as browser:
        for wrong in ({"name": "anne", "password": WRONG}, {"name": WRONG, "password": PASSWORD}):
            refused = browser.post("/api/session", json=wrong)
            assert refused.status_code == 401
            search.told.append(refused.content)
        begun = browser.post("/api/session", json={"name": "anne", "password": PASSWORD})
        assert begun.status_code == 201
        csrf = begun.json()["csrf_token"]
        search.secrets |= {csrf, str(browser.cookies["jobferry_session"])}
        browser.headers["X-CSRF-Token"] = csrf
        guessed = browser.put("/api/me/password", json={"current": WRONG, "new": NEXT})
        assert guessed.status_code == 403
        search.told.append(guessed.content)
        changed = browser.put("/api/me/password", json={"current": PASSWORD, "new": NEXT})
        assert changed.status_code == 204
    search.ask("PUT", "/api/users/anne/password", {"new": PASSWORD})


def _credentials(search: Search) -> None:
    search.made("/api/users/anne/tokens", "token", {"name": "t", "read_only": True})
    key = search.made("/api/users/anne/keys", "secret_key", None)["access_key"]
    search.made(f"/api/users/anne/keys/{key}/rotate", "secret_key", {"grace_hours": 1})
    search.ask("POST", f"/api/users/anne/keys/{key}/disable")
    search.ask("DELETE", f"/api/users/anne/keys/{key}")
    search.ask("DELETE", "/api/users/anne/tokens/t")


def _trip(search: Search, served: Served) -> dict[str, bytes]:
    params = [{"name": "chat_key", "value": SENSITIVE, "type": "constant"}]
    document = job("orders", node("n", "Dummy"), params=params, maskedParams=["chat_key"])
    search.ask("POST", f"{PLACE}/objects/job", document, 201)
    project = search.ask("GET", "/api/platform").json()["project_id"]
    package = search.ask("POST", f"{PLACE}/exports", {}).content
    factory = search.ask("POST", f"/v1/{project}/jobs/orders/export", {"exportDepend": True}).content
    task = served.land(package)
    assert task["status"] == "SUCCESSFUL", task
    search.told.append(search.ask("GET", f"/api/receipts/{task['id']}").content)
    return {
        f"{name}: {one}": text
        for name, whole in (("own", package), ("factory", factory))
        for one, text in _unpacked(whole)
    }


def _unpacked(package: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(package)) as whole:
        return [("", package), *((name, whole.read(name)) for name in whole.namelist())]


def _misplace(search: Search) -> None:
    """Secrets where they do not belong: each call fails, and says so without repeating them."""
    search.ask("GET", "/api/me", None, 401, headers={"X-Auth-Token": MISPLACED})
    search.ask(
        "GET", "/api/me", None, 401, headers={"X-Auth-Token": "", "Authorization": f"Bearer {MISPLACED}"}
    )
    search.ask("GET", "/api/me", None, 401, headers={"X-Auth-Token": "", "Authorization": MISPLACED})
    search.ask(
        "GET", "/api/me", None, 401, headers={"X-Auth-Token": "", "Cookie": f"jobferry_session={MISPLACED}"}
    )
    search.ask("POST", "/api/users", {"name": "x", "password": [MISPLACED]}, 400)
    search.ask("POST", "/api/users", {"name": "x", "password": MISPLACED, "operations": MISPLACED}, 400)
    search.ask("PUT", "/api/users/nobody/password", {"new": MISPLACED}, 404)
    search.ask("PUT", "/api/me/password", {"current": MISPLACED, "new": {"a": MISPLACED}}, 400)
    for config in (MISPLACED, [MISPLACED], {"password": MISPLACED}):
        search.ask("POST", f"{PLACE}/connections", {"name": "bad", "type": "DWS", "config": config}, 400)
    search.ask("PUT", f"{PLACE}/connections/nobody", {**WIRED, "name": "nobody"}, 404)
    search.ask("POST", f"{PLACE}/connections", WIRED, 409)


def _files(data: Path) -> dict[str, bytes]:
    return {str(one.relative_to(data)): one.read_bytes() for one in data.rglob("*") if one.is_file()}
