"""A platform with one user for every role in one workspace, and that workspace filled by its owner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from builders import job, node, script
from contract.api.doors import Door, opened
from jobferry.model.people import Caller, Scope
from jobferry.model.rights import Role
from people import administrator, assign, enrol, entered, token

PLACE = "matrix"
ROLES = ("owner", "administrator", "developer", "deployer", "operator", "viewer", "operations")
QUIET = node("n", "Dummy")


class Filled(NamedTuple):
    """The platform, a client for each role, and what can be asked for by its id."""

    door: Door
    clients: dict[str, httpx.Client]
    package_path: str
    task_id: str

    def name(self, role: str) -> str:
        return f"the-{role}"


def client(door: Door, caller: Caller, **scope: Any) -> httpx.Client:
    """Somebody's way in."""
    return httpx.Client(
        base_url=f"http://127.0.0.1:{door.port}",
        headers={"X-Auth-Token": token(door.platform, caller, Scope(**scope)), "workspace": PLACE},
        trust_env=False,
        timeout=60,
        verify=False,
    )


def fill(door: Door, place: str) -> tuple[str, str]:
    """A job, a script, a connection and a variable; gives a package's path and the task that imported it."""
    running = door.platform
    running.workspaces.create(place, administrator(running))
    for path, body in [
        ("objects/job", job("kept", QUIET)),
        ("objects/script", script("kept")),
        ("objects/resource", {"name": "kept", "type": "jar", "location": "obs://there/kept.jar"}),
        ("connections", {"name": "kept", "type": "DWS", "config": {"clusterName": "c"}}),
        ("inventory", {"items": [{"kind": "queue", "name": "kept"}]}),
    ]:
        made = door.http.post(f"/api/workspaces/{place}/{path}", json=body)
        assert made.status_code == 201, made.text
    variable = {"value": "hidden-value", "type": "variable"}
    assert door.http.put(f"/api/workspaces/{place}/variables/kept", json=variable).status_code == 204
    (door.folder / "objects" / "there").mkdir(parents=True, exist_ok=True)
    headers = {"workspace": place}
    order = {"obsPath": "obs://there/x", "exportDepend": True}
    stored = door.http.post(f"{door.factory}/jobs/kept/export", json=order, headers=headers)
    assert stored.status_code == 200, stored.text
    path = f"{stored.json()['obsPath']}/kept.zip"
    begun = door.http.post(f"{door.factory}/jobs/import", json={"path": path}, headers=headers)
    task_id = begun.json()["taskId"]
    door.ended(task_id)
    return path, task_id


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    with opened(tmp_path_factory.mktemp("platform")) as door:
        running = door.platform
        path, task_id = fill(door, PLACE)
        door.http.patch("/api/settings", json={"batch_exports": True}).raise_for_status()
        enrol(running, "helper")
        clients = {}
        for role in ROLES:
            caller = enrol(running, f"the-{role}", operations=role == "operations")
            if role != "operations":
                assign(running, caller, PLACE, Role(role))
            clients[role] = client(door, caller)
        assert entered(running, PLACE).administrators == ("administrator", "the-administrator", "the-owner")
        yield Filled(door, clients, path, task_id)
        for one in clients.values():
            one.close()
