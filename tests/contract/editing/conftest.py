"""A platform with several users who work on the same jobs and scripts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from builders import job, node, script, written
from contract.api.doors import Door, opened
from contract.rights.conftest import client
from jobferry.model.rights import Role
from people import administrator, assign, enrol

QUIET = node("n", "Dummy")
CREW = {
    "anne": Role.DEVELOPER,
    "bert": Role.DEVELOPER,
    "olga": Role.OPERATOR,
    "vera": Role.VIEWER,
    "dora": Role.DEPLOYER,
    "head": Role.ADMINISTRATOR,
}


class Crew:
    """Users by name, each with a client of their own, in one workspace."""

    def __init__(self, door: Door, place: str, **settings: str) -> None:
        self.door = door
        self.place = place
        self.at = f"/api/workspaces/{place}"
        door.platform.workspaces.create(place, administrator(door.platform))
        if settings:
            done = door.http.patch(f"{self.at}/settings", json=settings)
            assert done.status_code == 200, done.text
        self.http: dict[str, httpx.Client] = {}
        for name, role in CREW.items():
            caller = assign(door.platform, enrol(door.platform, f"{name}-{place}"), place, role)
            self.http[name] = client(door, caller)
            self.http[name].headers["workspace"] = place

    def close(self) -> None:
        for one in self.http.values():
            one.close()

    def user(self, name: str) -> str:
        return f"{name}-{self.place}" if name else ""

    def ask(self, name: str, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """What one of them is answered; documents are sent as they would be saved."""
        content = None if body is None else body if isinstance(body, bytes) else written(body)
        address = path if path.startswith(("/api/", "/v")) else f"{self.at}/{path}"
        return self.http[name].request(method, address, content=content, **more)

    def done(self, name: str, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The same, which must succeed."""
        answer = self.ask(name, method, path, body, **more)
        assert answer.is_success, answer.text
        return (
            answer.json() if answer.content and "json" in answer.headers["content-type"] else answer.content
        )

    def refused(self, name: str, method: str, path: str, body: Any = None, **more: Any) -> dict[str, str]:
        """The same, which must not; what is told."""
        answer = self.ask(name, method, path, body, **more)
        assert not answer.is_success, answer.text
        told: dict[str, str] = answer.json()["error"]
        return told | {"status": str(answer.status_code)}

    def made(self, by: str, name: str, kind: str = "job", **fields: Any) -> None:
        document = job(name, QUIET, **fields) if kind == "job" else script(name, **fields)
        self.done(by, "POST", f"objects/{kind}", document)

    def holder(self, name: str, kind: str = "job") -> str:
        shown = self.done("head", "GET", f"objects/{kind}/{name}")
        return str(shown["locked_by"]).partition("-")[0]

    def imported(self, by: str, package: bytes, **options: Any) -> dict[str, Any]:
        """A whole import; its receipt."""
        handed = self.http[by].post("/api/packages", params={"name": "p.zip"}, content=package).json()["id"]
        order = {"package": {"id": handed}, "options": options, "apply": True}
        begun = self.done(by, "POST", "imports", order)
        self.door.ended(begun["task_id"])
        receipt = f"/api/receipts/{begun['task_id']}"
        return {
            **self.done(by, "GET", receipt),
            "lines": self.done(by, "GET", f"{receipt}/lines")["items"],
            "reported": self.done(by, "GET", f"{receipt}/findings")["items"],
        }

    def notices(self, name: str) -> list[str]:
        """What somebody was told, newest first."""
        return [one["message"] for one in self.done(name, "GET", "/api/notices")["items"]]


def packed(*documents: dict[str, Any]) -> bytes:
    """A package without a manifest."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for document in documents:
            folder, end = ("jobs", "job") if "nodes" in document else ("scripts", "script")
            archive.writestr(f"{folder}/{document['name']}.{end}", written(document))
    return file.getvalue()


@pytest.fixture(scope="session")
def edited_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(tmp_path_factory.mktemp("platform")) as door:
        yield door


@pytest.fixture
def crew(edited_door: Door, request: pytest.FixtureRequest) -> Iterator[Crew]:
    """A workspace of the test's own; a parameter says its settings."""
    settings = getattr(request, "param", {})
    place = f"w{abs(hash(request.node.nodeid)) % 10**12}"
    found = Crew(edited_door, place, **settings)
    yield found
    found.close()
