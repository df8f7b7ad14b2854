"""Looking into packages that were handed in, before anything is checked."""

from __future__ import annotations

import pytest

from builders import job, node
from contract.api.doors import Door, fits
from contract.rights.conftest import client
from jobferry.api.native import packages
from jobferry.model.rights import Role
from people import member
from processes import packed

LOAD = node("load", connectionName="dwh", scriptName="clean", queueName="etl")


@pytest.fixture
def handed_in(door: Door) -> str:
    documents = [job(f"orders_{number}", LOAD, directory="/dw") for number in range(3)]
    content = packed([*documents, job("bad name!")])
    return str(door.http.post("/api/packages?name=p.zip", content=content).json()["id"])


def test_a_package_tells_what_it_holds_and_needs(door: Door, handed_in: str) -> None:
    place = f"/api/packages/{handed_in}"
    inside = fits(packages.PackageInside, door.http.get(place))
    assert (inside["id"], inside["name"], inside["layout"], inside["source"]) == (
        handed_in,
        "p.zip",
        "factory",
        None,
    )
    assert inside["counts"] == {"job": 4}
    assert inside["needs"] == {"connection": 1, "queue": 1, "script": 1}
    objects = fits(packages.PackedList, door.http.get(f"{place}/contents"))
    assert [one["name"] for one in objects["items"]] == ["bad name!", "orders_0", "orders_1", "orders_2"]
    assert [one["problems"] > 0 for one in objects["items"]] == [True, False, False, False]
    assert objects["items"][1]["directory"] == "/dw"
    page = door.http.get(f"{place}/contents?kind=job&name=ORDERS&offset=1&limit=1").json()
    assert (page["total"], [one["name"] for one in page["items"]]) == (3, ["orders_1"])
    assert door.http.get(f"{place}/contents?kind=script").json() == {"total": 0, "items": []}
    assert door.http.get(f"{place}/contents?offset=9").json() == {"total": 4, "items": []}
    needs = fits(packages.PackageNeedList, door.http.get(f"{place}/needs?kind=queue"))
    assert needs == {"total": 1, "items": [{"kind": "queue", "name": "etl", "workspace": ""}]}
    assert fits(packages.PackageInside, door.http.get(place)) == inside


def test_what_was_read_of_a_package_serves_its_check(door: Door, handed_in: str) -> None:
    door.workspace("looking")
    inside = door.http.get(f"/api/packages/{handed_in}").json()
    body = {"package": {"id": handed_in}}
    made = door.http.post("/api/workspaces/looking/imports", json=body).json()
    made = door.http.get(f"/api/workspaces/looking/imports/{made['id']}?wait=60").json()
    assert made["package_digest"] == inside["digest"]


def test_packages_are_listed_for_who_handed_them_in_and_for_nobody_else(door: Door, handed_in: str) -> None:
    listed = fits(packages.PackageList, door.http.get("/api/packages?limit=1000"))
    assert handed_in in {one["id"] for one in listed["items"]}
    assert len(door.http.get("/api/packages?limit=1").json()["items"]) == 1
    door.workspace("elsewhere")
    with client(door, member(door.platform, "other", Role.DEVELOPER, workspace="elsewhere")) as http:
        assert http.get("/api/packages").json() == {"total": 0, "items": []}
        for below in ("", "/contents", "/needs"):
            answer = http.get(f"/api/packages/{handed_in}{below}")
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "package-missing")
    with client(door, member(door.platform, "reader", Role.VIEWER, workspace="elsewhere")) as http:
        assert http.get("/api/packages").status_code == 403


def test_a_package_that_cannot_be_read_says_why(door: Door) -> None:
    handed = door.http.post("/api/packages", content=b"no zip at all").json()["id"]
    answer = door.http.get(f"/api/packages/{handed}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "package-unreadable")
