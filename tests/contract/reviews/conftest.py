"""A platform with people in every role, and workspaces that want reviews or releases."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from builders import job, node
from contract.api.doors import Door, opened
from contract.rights.conftest import client
from jobferry.model.rights import Role
from people import assign, caller_named, enrol

PEOPLE = {
    "zhao": Role.ADMINISTRATOR,
    "qian": Role.ADMINISTRATOR,
    "lin": Role.DEVELOPER,
    "sun": Role.OPERATOR,
    "wu": Role.DEPLOYER,
    "zhou": Role.VIEWER,
}
QUIET = node("n", "Dummy")
_numbers = itertools.count()


class Office:
    """One workspace of its own, and everybody's way into it; ``owner`` is who started the platform."""

    def __init__(self, door: Door, clients: dict[str, httpx.Client], **settings: str) -> None:
        self.door = door
        self.name = f"w{next(_numbers)}"
        self.clients = clients
        self.factory = door.factory
        self.workspace: dict[str, Any] = door.workspace(self.name)
        for person, role in PEOPLE.items():
            assign(door.platform, caller_named(door.platform, person), self.name, role)
        if settings:
            self.set(**settings)

    def ask(
        self, who: str, method: str, path: str, body: Any = None, status: int = 200, **query: Any
    ) -> httpx.Response:
        """One call; ``path`` is below the workspace, or of the Factory API."""
        http = self.door.http if who == "owner" else self.clients[who]
        url = path if path.startswith("/") else f"/api/workspaces/{self.name}/{path}"
        answer = http.request(method, url, json=body, params=query, headers={"workspace": self.name})
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer

    def set(self, status: int = 200, /, **settings: str) -> httpx.Response:
        return self.ask("owner", "PATCH", "settings", settings, status)

    def saved(self, name: str, **fields: Any) -> dict[str, Any]:
        """A draft."""
        made = self.ask("lin", "POST", "objects/job", job(name, QUIET, **fields), 201, submit=False)
        return dict(made.json())

    def submitted(self, name: str, *approvers: str, who: str = "lin", **fields: Any) -> str:
        """A job whose submit waits; gives the review."""
        made = self.ask(who, "POST", "objects/job", job(name, QUIET, **fields), 201, approver=approvers)
        return str(made.json()["review"])

    def object(self, name: str, kind: str = "job") -> dict[str, Any]:
        return dict(self.ask("owner", "GET", f"objects/{kind}/{name}").json())

    def live(self, name: str, kind: str = "job") -> int:
        return int(self.object(name, kind)["live_version"])

    def review(self, id_: str) -> dict[str, Any]:
        return dict(self.ask("owner", "GET", f"reviews/{id_}").json())

    def released(self, name: str, who: str = "lin", **body: Any) -> dict[str, Any]:
        """A release of everything that waits, or of what the body says."""
        said = {"name": name, **(body or {"everything": True})}
        return dict(self.ask(who, "POST", "releases", said, 201).json())

    def package(self, *documents: dict[str, Any]) -> bytes:
        """A package of jobs, and of scripts, which have content."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for one in documents:
                place = "scripts/{}.script" if "content" in one else "jobs/{}.job"
                archive.writestr(place.format(one["name"]), json.dumps(one))
        return packed.getvalue()

    def stored(self, *documents: dict[str, Any]) -> str:
        """A package in object storage."""
        bucket = self.door.folder / "objects" / self.name
        bucket.mkdir(parents=True, exist_ok=True)
        (bucket / "p.zip").write_bytes(self.package(*documents))
        return f"obs://{self.name}/p.zip"

    def looked_into(self, who: str, body: dict[str, Any]) -> dict[str, Any]:
        """A checked import with what its check found."""
        made = self.ask(who, "POST", "imports", body, 202).json()
        place = f"imports/{made['id']}"
        self.ask(who, "GET", place, wait=60)
        return {
            "steps": self.ask(who, "GET", f"{place}/plan").json()["items"],
            "findings": self.ask(who, "GET", f"{place}/findings").json()["items"],
        }

    def imported(self, who: str, *documents: dict[str, Any], **options: Any) -> dict[str, Any]:
        """The receipt of an import that ends well enough to have one."""
        body = {"package": {"path": self.stored(*documents)}, "options": options, "apply": True}
        begun = self.ask(who, "POST", "imports", body, 202).json()
        self.door.ended(begun["task_id"])
        return dict(self.door.http.get(f"/api/receipts/{begun['task_id']}").json())

    def notices(self, who: str) -> list[dict[str, Any]]:
        """What somebody was told of this workspace."""
        http = self.door.http if who == "owner" else self.clients[who]
        told = http.get("/api/notices").json()["items"]
        return [one for one in told if one["args"].get("workspace") == self.name]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Nothing is sent to its webhook, since it is not served: what waits can be looked at."""
    webhook: dict[str, Any] = {
        "webhook_url": SecretStr("http://localhost:1/hook"),
        "webhook_secret": SecretStr(f"whsec_{'a' * 32}"),
    }
    with opened(tmp_path_factory.mktemp("platform"), **webhook) as running:
        yield running


@pytest.fixture(scope="module")
def clients(door: Door) -> Iterator[dict[str, httpx.Client]]:
    made = {person: client(door, enrol(door.platform, person)) for person in PEOPLE}
    yield made
    for one in made.values():
        one.close()


@pytest.fixture
def office(door: Door, clients: dict[str, httpx.Client]) -> Office:
    """A workspace in which everything is reviewed."""
    return Office(door, clients, review="all")


@pytest.fixture
def plain(door: Door, clients: dict[str, httpx.Client]) -> Office:
    """A workspace without reviews."""
    return Office(door, clients)


@pytest.fixture
def enterprise(door: Door, clients: dict[str, httpx.Client]) -> Office:
    """A workspace with releases."""
    return Office(door, clients, mode="enterprise")


def code(answer: httpx.Response) -> str:
    """What went wrong, at either door."""
    body = answer.json()
    return str(body["error"]["code"] if "error" in body else body["error_code"])
