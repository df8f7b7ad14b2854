"""Two platforms behind HTTP, and a workspace of its own on both for every test."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from contract.api.doors import Door, opened

_places = itertools.count(1)


class Side:
    """One workspace of one platform, with the few words that tests need."""

    def __init__(self, door: Door, place: str) -> None:
        self.door = door
        self.place = place
        self.path = f"/api/workspaces/{place}"

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> httpx.Response:
        answer = self.door.http.request(method, f"{self.path}/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer

    def call(self, method: str, path: str, body: Any = None, status: int = 200) -> httpx.Response:
        """A call of the Factory API by its path below the project, ``/v2`` before it for that version."""
        project = self.door.factory.removeprefix("/v1/")
        whole = f"/v2/{project}{path[3:]}" if path.startswith("/v2/") else f"/v1/{project}{path}"
        answer = self.door.http.request(method, whole, json=body, headers={"workspace": self.place})
        assert answer.status_code == status, answer.text
        return answer

    def exported(self, what: str) -> tuple[bytes, str]:
        """A package of all connections or variables, and its digest."""
        answer = self.ask("POST", f"{what}/export")
        return answer.content, answer.headers["X-Jobferry-Package-Digest"]

    def imported(self, what: str, package: bytes, status: int = 200, **more: Any) -> Any:
        body = {"package": {"id": self.handed_in(package)}, **more}
        return self.ask("POST", f"{what}/import", body, status).json()

    def file(self, key: str, content: bytes) -> str:
        """A file in object storage, and its place there."""
        path = self.door.folder / "objects" / self.place / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return f"obs://{self.place}/{key}"

    def stored(self, place: str) -> bytes:
        """What lies in object storage."""
        return (self.door.folder / "objects" / place.removeprefix("obs://")).read_bytes()

    def set(self, **settings: Any) -> None:
        assert self.door.http.patch(f"{self.path}/settings", json=settings).status_code == 200

    def handed_in(self, package: bytes) -> str:
        return str(self.door.http.post("/api/packages", content=package).json()["id"])

    def connect(self, name: str, type_: str = "DWS", **config: Any) -> None:
        document = {"name": name, "type": type_, "config": {"clusterName": name, **config}}
        self.ask("POST", "connections", document, 201)

    def vary(self, name: str, value: str, type_: str = "variable") -> None:
        self.ask("PUT", f"variables/{name}", {"value": value, "type": type_}, 204)

    def connections(self) -> dict[str, Any]:
        return {one["name"]: one for one in self.ask("GET", "connections").json()["items"]}

    def variables(self) -> dict[str, Any]:
        return {one["name"]: one for one in self.ask("GET", "variables").json()["items"]}

    def secrets(self, name: str) -> dict[str, str]:
        """What is kept sealed of a connection."""
        from jobferry.services.connection_secrets import Connecting
        from people import entered

        running = self.door.platform
        grant = entered(running, self.place)
        connecting = Connecting(running.parts.seals, grant.workspace)
        return connecting.secrets(running.connections.named(grant, name))


def unpacked(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def zipped(**entries: bytes) -> bytes:
    """A package of entries by their paths, in which ``__`` stands for a slash and a dot for itself."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as whole:
        for name, text in entries.items():
            whole.writestr(name.replace("__", "/"), text)
    return content.getvalue()


@pytest.fixture(scope="package")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Door, Door]]:
    with (
        opened(tmp_path_factory.mktemp("here"), platform_name="here") as here,
        opened(tmp_path_factory.mktemp("there"), platform_name="there") as there,
    ):
        yield here, there


@pytest.fixture
def sides(doors: tuple[Door, Door]) -> tuple[Side, Side]:
    place = f"w{next(_places)}"
    for door in doors:
        door.workspace(place, default_object_path=f"obs://{place}/kept", change_management="true")
    return Side(doors[0], place), Side(doors[1], place)
