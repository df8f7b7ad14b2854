"""Every kind of package there is. Whoever adds a kind of export adds a line to ``KINDS``.

The tests of this folder then prove of it that no secret leaves in it, that importing it blanks nothing, and
that the same content gives the same digest.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, NamedTuple

from builders import job, node, resource, script
from contract.kinds.conftest import Side
from jobferry.services.packages import inspect

MARKER = "marker-7719"
VALUE = f"value-{MARKER}"
JAR = b"PK of a jar" * 1000


class Kind(NamedTuple):
    """How a kind of package is made, what its digest is, and how it is imported."""

    make: Callable[[Side], bytes]
    digest: Callable[[bytes], str]
    land: Callable[[Side, bytes], None]


def fill(side: Side, value: str = VALUE) -> None:
    """A workspace that has a secret in every place where a secret may be."""
    side.connect("dwh", password=value, more={"api_secret": [value]})
    side.vary("region", value)
    side.vary("access_token", value, "constant")
    side.vary("zone", "east", "constant")
    secret = {"name": "credential", "value": value, "value_is_sensitive": True}
    load = node(
        "load", connectionName="dwh", statementOrScript="SCRIPT", scriptName="clean", dbPassword=value
    )
    load["properties"].append(secret)
    params = [{"name": "chat", "value": value}, {"name": "my_secret", "value": value}]
    orders = job("orders", load, params=params, maskedParams=["chat"], basicConfig={"tags": ["nightly"]})
    side.ask("POST", "objects/script", script("clean"), 201)
    side.ask("POST", "objects/resource", resource("lookup", location=side.file("jars/lookup.jar", JAR)), 201)
    side.ask("POST", "objects/job", orders, 201)


def secrets_of(side: Side) -> dict[str, Any]:
    """What is secret in such a workspace, as it is kept there."""
    document = side.ask("GET", "documents/job/orders").json()
    values = {one["name"]: one["value"] for one in document["nodes"][0]["properties"]}
    return {
        "connection": side.secrets("dwh"),
        "variables": {name: one["value"] for name, one in side.variables().items()},
        "params": [one["value"] for one in document["params"]],
        "properties": (values["dbPassword"], values["credential"]),
    }


def _own(**body: Any) -> Callable[[Side], bytes]:
    return lambda side: side.ask("POST", "exports", body).content


def _background(side: Side) -> bytes:
    begun = side.ask("POST", "downloads", {}, 202).json()
    assert side.door.ended(begun["task_id"])["status"] == "SUCCESSFUL"
    return side.ask("GET", f"downloads/{begun['download_id']}/package").content


def _task_package(side: Side) -> bytes:
    side.door.http.patch("/api/settings", json={"batch_exports": True}).raise_for_status()
    begun = side.ask("POST", "task-packages", {"names": "orders"}, 202).json()
    assert side.door.ended(begun["task_id"])["status"] == "SUCCESSFUL"
    return side.ask("GET", "task-packages/last").content


def _factory(path: str, body: dict[str, Any]) -> Callable[[Side], bytes]:
    return lambda side: side.call("POST", path, body).content


def _of_objects(package: bytes) -> str:
    return inspect(io.BytesIO(package)).digest


def _land_objects(side: Side, package: bytes) -> None:
    options = {"duplicates": "overwrite"}
    body = {"package": {"id": side.handed_in(package)}, "options": options, "apply": True}
    task = side.door.ended(side.ask("POST", "imports", body, 202).json()["task_id"])
    assert task["status"] == "SUCCESSFUL", task


def _kept(what: str) -> Kind:
    """Connections or variables; their own digest is in the answer's head."""
    return Kind(
        lambda side: side.exported(what)[0],
        lambda package: _digest_of_surroundings(package, what),
        lambda side, package: _land_surroundings(side, package, what),
    )


def _digest_of_surroundings(package: bytes, what: str) -> str:
    from jobferry.model.connections import SurroundingKind
    from jobferry.package.limits import PackageLimits
    from jobferry.package.surroundings.reader import read_surroundings

    kind = SurroundingKind(what.removesuffix("s"))
    return read_surroundings(io.BytesIO(package), PackageLimits(), kind).digest


def _land_surroundings(side: Side, package: bytes, what: str) -> None:
    assert side.imported(what, package, duplicates="overwrite")["applied"]


def _land_tags(side: Side, table: bytes) -> None:
    address = f"{side.path}/tag-file?overwrite=true"
    assert side.door.http.post(address, content=table).status_code == 200


def _objects(make: Callable[[Side], bytes]) -> Kind:
    return Kind(make, _of_objects, _land_objects)


KINDS: dict[str, Kind] = {
    "selection": _objects(_own(names=["orders"])),
    "jobs only": _objects(_own(names=["orders"], scope="chosen")),
    "scripts only": _objects(_own(scripts=["clean"])),
    "submitted": _objects(_own(state="submitted")),
    "without schedule": _objects(_own(schedule=False)),
    "workspace": _objects(_own()),
    "workspace in full": _objects(_own(extent={"kind": "full"})),
    "workspace by its changes": _objects(_own(extent={"kind": "range", "since": 1})),
    "with files": _objects(_own(scope="files")),
    "in the background": _objects(_background),
    "task package": _objects(_task_package),
    "factory job": _objects(_factory("/jobs/orders/export", {})),
    "factory jobs": _objects(_factory("/jobs/batch-export", {"jobList": ["orders"]})),
    "connections": _kept("connections"),
    "variables": _kept("variables"),
    "factory connections": _kept("connections")._replace(make=_factory("/connections/export", {})),
    "tag file": Kind(
        lambda side: side.ask("GET", "tag-file").content, lambda table: table.decode("utf-8-sig"), _land_tags
    ),
}
