"""Environment variables: variables leave empty and are given anew, constants keep their values."""

from __future__ import annotations

import json

from builders import job, node
from contract.api.doors import checked, looked_into, refused
from contract.kinds.conftest import Side, unpacked, zipped

Sides = tuple[Side, Side]


def test_a_variable_leaves_empty_and_arrives_flagged_and_a_constant_keeps_its_value(sides: Sides) -> None:
    here, there = sides
    here.vary("region", "marker-region")
    here.vary("zone", "east", "constant")
    here.vary("api_token", "marker-token", "constant")
    here.vary("nothing", "", "constant")
    package, digest = here.exported("variables")
    entries = unpacked(package)
    assert list(entries) == ["manifest.json", *(f"variables/{one}.var" for one in sorted(here.variables()))]
    assert b"marker" not in b"".join(entries.values())
    emptied = json.loads(entries["manifest.json"])["emptied"]
    assert [one["name"] for one in emptied] == ["api_token", "region"]
    told = there.imported("variables", package)
    assert {one["name"]: one["incomplete"] for one in told["items"]} == {
        "api_token": True,
        "nothing": False,
        "region": True,
        "zone": False,
    }
    values = {name: (one["value"], one["incomplete"]) for name, one in there.variables().items()}
    assert (values["zone"], values["region"]) == (("east", False), ("", True))
    assert there.exported("variables")[1] == digest
    assert {one["outcome"] for one in there.imported("variables", package)["items"]} == {"unchanged"}


def test_values_that_are_here_are_not_blanked_and_can_be_given(sides: Sides) -> None:
    here, there = sides
    here.vary("region", "marker-region")
    here.vary("zone", "east", "constant")
    there.vary("region", "mine")
    there.vary("zone", "west", "constant")
    package, _ = here.exported("variables")
    assert [one["outcome"] for one in there.imported("variables", package)["items"]] == [
        "unchanged",
        "skipped",
    ]
    there.imported("variables", package, duplicates="overwrite")
    assert {name: one["value"] for name, one in there.variables().items()} == {
        "region": "mine",
        "zone": "east",
    }
    there.imported("variables", package, duplicates="overwrite", values={"region": "given"})
    assert there.variables()["region"]["value"] == "given"


def test_one_that_is_no_variable_keeps_all_out(sides: Sides) -> None:
    good = b'{"name": "a", "type": "constant", "value": "1"}'
    bad = b'{"name": "b", "type": "other"}'
    told = sides[0].imported("variables", zipped(**{"variables__a.var": good, "variables__b.var": bad}))
    assert not told["applied"]
    assert [(one["name"], one["outcome"]) for one in told["items"]] == [("a", "created"), ("b", "blocked")]
    assert sides[0].variables() == {}


def test_the_factory_reads_and_sets_them(sides: Sides) -> None:
    here, _ = sides
    here.vary("other", "stays")
    given = [
        {"name": "region", "type": "variable", "value": "eu", "desc": "where"},
        {"name": "zone", "type": "CONSTANT", "value": "1"},
    ]
    assert here.call("PUT", "/v2/factory/env", {"params": given}).json() == {"is_success": True}
    here.call("PUT", "/v2/factory/env", {"params": [{"name": "region", "value": "***", "desc": "new"}]})
    params = here.call("GET", "/v2/factory/env").json()["params"]
    assert params == [
        {"name": "other", "type": "variable", "value": "stays", "desc": ""},
        {"name": "region", "type": "variable", "value": "eu", "desc": "new"},
        {"name": "zone", "type": "constant", "value": "1", "desc": ""},
    ]
    for wrong in ({"name": "a b"}, {"name": "a", "type": "secret"}, {"name": "a", "value": "\x00"}):
        here.call("PUT", "/v2/factory/env", {"params": [wrong | {"value": wrong.get("value", "1")}]}, 400)
    here.call("PUT", "/v2/factory/env", {"params": [{"name": "a"}, {"name": "a"}]}, 400)
    assert len(here.variables()) == 3


def test_an_import_warns_of_a_variable_without_a_value(sides: Sides) -> None:
    here, there = sides
    here.vary("region", "marker-region")
    there.imported("variables", here.exported("variables")[0])
    here.ask("POST", "objects/job", job("orders", node("n", "Dummy", value='#{Env.get("region")}')), 201)
    package = there.handed_in(here.ask("POST", "exports", {}).content)
    found = looked_into(there.door.http, there.path, {"package": {"id": package}})["findings"]
    assert [(one["code"], one["severity"]) for one in found] == [("variable-incomplete", "warn")]


def test_a_package_of_variables_says_where_it_is_taken(sides: Sides) -> None:
    here, _ = sides
    here.vary("zone", "east", "constant")
    package = here.handed_in(here.exported("variables")[0])
    code, message = refused(checked(here.door.http, here.path, {"package": {"id": package}}))
    assert (code, "jobferry variable import" in message) == ("package-empty", True)
