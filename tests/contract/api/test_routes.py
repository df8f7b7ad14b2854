"""Routes: what an import went by is kept for its source, offered and used again."""

from __future__ import annotations

from itertools import count
from typing import Any, NamedTuple

import httpx
import pytest
from sqlalchemy import select

from builders import job, node
from contract.api.doors import Door, checked, fits, looked_into, refused, with_pages
from jobferry.api.native import imports, routes
from jobferry.bootstrap.home import Home
from jobferry.store.schema import metadata
from tables import rows_of

_numbers = count(1)
MAPPING = {"connection": {"dwh": "prod"}, "queue": {"unused": "q"}}


class Carried(NamedTuple):
    """A package from the workspace *abroad*, the workspace that takes it, and the route's address there."""

    door: Door
    package: bytes
    to: str
    route: str

    def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.door.http.request(method, f"{self.to}/{path}", json=body)

    def asked(self, **options: Any) -> dict[str, Any]:
        handed = self.door.http.post("/api/packages?name=p.zip", content=self.package)
        return {"package": {"id": handed.json()["id"]}, "options": options}

    def saved(self, **options: Any) -> dict[str, Any]:
        answer = self.call("PUT", self.route, {"platform_name": "test", "options": options})
        assert answer.status_code == 200, answer.text
        fits(routes.RouteAnswer, answer)
        return dict(answer.json())

    def checked(self, **options: Any) -> dict[str, Any]:
        return looked_into(self.door.http, self.to, self.asked(**options))


@pytest.fixture(scope="module")
def package(door: Door) -> bytes:
    door.workspace("abroad")
    document = job("orders", node("load", connectionName="dwh"))
    assert door.http.post("/api/workspaces/abroad/objects/job", json=document).status_code == 201
    return door.http.post("/api/workspaces/abroad/exports", json={}).content


@pytest.fixture
def carried(door: Door, package: bytes) -> Carried:
    """Into a workspace of the test's own."""
    name = f"at-home-{next(_numbers)}"
    door.workspace(name)
    to = f"/api/workspaces/{name}"
    connection = {"name": "prod", "type": "DWS", "config": {"clusterName": "c"}}
    assert door.http.post(f"{to}/connections", json=connection).status_code == 201
    return Carried(door, package, to, f"routes/{door.platform.identity.id}/abroad")


def verdicts(made: dict[str, Any]) -> list[str]:
    return [one["verdict"] for one in made["steps"]]


def test_a_route_is_offered_and_used_when_asked_for(carried: Carried) -> None:
    assert carried.checked()["route"] is None
    carried.saved(mapping=MAPPING, rules=[{"kind": "job", "target_status": "saved"}])
    offered = carried.checked()
    assert verdicts(offered) == ["blocked"]
    assert offered["route"]["used"] is False
    assert (offered["route"]["name"], offered["route"]["saved_by"]) == ("test/abroad", "administrator")
    assert offered["route"]["answered"] == 1
    assert offered["route"]["answers"] == [{"kind": "connection", "name": "dwh", "local": "prod"}]

    used = carried.checked(route="saved", params={"day": "1"})
    assert (verdicts(used), used["route"]["used"]) == (["create"], True)
    assert used["options"]["mapping"] == MAPPING
    assert used["options"]["params"] == {"day": "1"}
    assert used["options"]["route"] == "used"
    codes = {one["code"] for one in used["findings"]}
    assert "mapping-unused" not in codes
    assert used["steps"][0]["submits"] == 0
    shown = carried.call("GET", f"imports/{used['id']}")
    fits(imports.ImportAnswer, shown)
    assert shown.json()["check"]["route"] == used["route"]

    place = f"imports/{offered['id']}/options"
    begun = carried.call("PUT", place, {"route": "required"}).json()
    changed = carried.call("GET", f"imports/{begun['id']}?wait=60").json()
    changed = with_pages(carried.door.http, carried.to, changed)
    assert (verdicts(changed), changed["route"]["used"]) == (["create"], True)


def test_what_is_said_goes_before_the_route(carried: Carried) -> None:
    rule = {"name": "*", "duplicates": "fail"}
    carried.saved(mapping={"connection": {"dwh": "gone"}, "queue": {"a": "b"}}, rules=[rule], time_zone="UTC")
    said = {"mapping": {"connection": {"dwh": "prod"}}, "rules": [{"kind": "job", "duplicates": "skip"}]}
    made = carried.checked(route="saved", time_zone="Asia/Shanghai", **said)
    assert made["options"]["mapping"] == {"connection": {"dwh": "prod"}, "queue": {"a": "b"}}
    assert [one["duplicates"] for one in made["options"]["rules"]] == ["skip", "fail"]
    assert made["options"]["time_zone"] == "Asia/Shanghai"


def test_a_plan_is_bound_to_what_it_used_and_not_to_the_route(carried: Carried) -> None:
    carried.saved(mapping=MAPPING)
    made = carried.checked(route="saved")
    carried.saved(mapping={"connection": {"dwh": "other"}})
    again = carried.checked(**made["options"])
    assert again["plan_digest"] == made["plan_digest"]
    begun = carried.call("POST", f"imports/{made['id']}/apply", {"plan_digest": made["plan_digest"]})
    assert carried.door.ended(begun.json()["task_id"])["status"] == "SUCCESSFUL"
    document = carried.call("GET", "documents/job/orders").json()
    assert document["nodes"][0]["properties"] == [{"name": "connectionName", "value": "prod"}]

    carried.saved(mapping=MAPPING, duplicates="overwrite")
    begun = carried.call("POST", "imports", carried.asked(route="saved") | {"apply": True})
    assert carried.door.ended(begun.json()["task_id"])["message"] == "1 unchanged"


def test_routes_are_listed_and_forgotten(carried: Carried) -> None:
    saved = carried.saved(mapping=MAPPING, expect_digest="0" * 64)
    assert saved["options"] == {"mapping": MAPPING}
    listed = carried.call("GET", "routes")
    fits(routes.RouteList, listed)
    head = {key: value for key, value in saved.items() if key != "options"}
    assert (head["mapped"], head["rules"]) == (2, 0)
    assert listed.json() == {"total": 1, "items": [head]}
    assert carried.call("GET", carried.route).json() == saved
    assert carried.call("DELETE", carried.route).status_code == 204
    for answer in (
        carried.call("GET", carried.route),
        carried.call("DELETE", carried.route),
        carried.call("POST", "imports", carried.asked(route="required") | {"apply": True}),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "route-missing")
    answer = checked(carried.door.http, carried.to, carried.asked(route="required"))
    assert refused(answer)[0] == "route-missing"
    assert carried.checked(route="saved")["route"] is None


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({}, "routes/p/w"),
        ({"expect_digest": "0" * 64}, "routes/p/w"),
        ({"mapping": {"cdm": {"a/b": "c/d"}}}, "routes/p/w"),
        ({"duplicates": "skip"}, f"routes/{'p' * 129}/w"),
        ({"duplicates": "skip"}, "routes/a%0Ab/w"),
    ],
)
def test_a_route_that_says_nothing_or_nonsense_is_refused(
    carried: Carried, options: dict[str, Any], path: str
) -> None:
    assert carried.call("PUT", path, {"options": options}).status_code == 400


@pytest.mark.parametrize(
    "once",
    [
        {"apply_deletions": True},
        {"delete": {"job": ["orders"]}},
        {"expect_digest": "0" * 64},
        {"route": "saved"},
        {"act": "import-job"},
    ],
    ids=lambda once: next(iter(once)),
)
def test_a_saved_route_keeps_nothing_that_is_about_one_package(
    carried: Carried, once: dict[str, Any]
) -> None:
    assert carried.call("PUT", carried.route, {"options": once}).status_code == 400
    assert carried.saved(mapping=MAPPING, **once)["options"] == {"mapping": MAPPING}
    assert carried.call("GET", carried.route).json()["options"] == {"mapping": MAPPING}
    used = carried.checked(route="saved")["options"]
    assert used.keys() & once.keys() <= {"route"}


def test_values_of_parameters_are_nowhere_in_the_database_in_clear(carried: Carried) -> None:
    """Of a saved route, and of an import that was only checked."""
    value = "value-that-may-be-a-secret"
    for name, options in (
        ("params", {"params": {"day": value}}),
        ("job_params", {"job_params": {"orders": {"day": value}}}),
        ("rule", {"rules": [{"kind": "job", "mapping": {"parameter": {"day": value}}}]}),
        ("mapping", {"mapping": {"parameter": {"day": value}}}),
    ):
        saved = carried.call("PUT", f"routes/elsewhere/{name}", {"options": options})
        assert saved.status_code == 200, saved.text
        assert value in carried.call("GET", f"routes/elsewhere/{name}").text
        carried.checked(**options)
    with rows_of(Home(carried.door.folder)) as connection:
        for table in metadata.sorted_tables:
            found = [row for row in connection.execute(select(table)) if value in repr(tuple(row))]
            assert not found, table.name
