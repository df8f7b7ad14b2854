"""Mapping through the own API: what it takes, what it previews, and what it refuses."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import httpx
import pytest

from builders import job, node, script, written
from contract.api.doors import Door, fits, looked_into
from contract.api.doors import checked as import_checked
from jobferry.api.native import checks
from jobferry.model.transfer.preview import ObjectTexts


def handed_in(door: Door, *documents: tuple[str, dict[str, Any]]) -> str:
    """A package of documents; its id."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for path, document in documents:
            package.writestr(path, written(document))
    answer = door.http.post("/api/packages", params={"name": "it.zip"}, content=file.getvalue())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def checked(door: Door, workspace: str, package: str, **options: Any) -> Any:
    body = {"package": {"id": package}, "options": options}
    return looked_into(door.http, f"/api/workspaces/{workspace}", body)


def refused(door: Door, workspace: str, package: str, **options: Any) -> httpx.Response:
    body = {"package": {"id": package}, "options": options}
    return import_checked(door.http, f"/api/workspaces/{workspace}", body)


def test_every_place_that_a_mapping_changes_is_previewed_and_then_changed(door: Door) -> None:
    door.workspace("mapped")
    clean = script(
        "clean", content="select 1;\nselect * from dw.orders", type="HiveSQL", directory="/test/sql"
    )
    orders = job("orders", node("run", "Shell", statement="ls obs://lake-test/a"), directory="/test/ods")
    package = handed_in(door, ("jobs/orders.job", orders), ("scripts/clean.script", clean))
    mapping = {
        "database": {"dw": "dw_prod"},
        "path": {"obs://lake-test": "obs://lake"},
        "directory": {"/test": "/prod"},
        "url": {"https://nowhere": "https://here"},
    }
    report = checked(door, "mapped", package, mapping=mapping)
    places = report["replacements"]
    assert [(one["object"], one["path"], one["line"], one["from"], one["to"]) for one in places] == [
        ("orders", "nodes[0].properties[0].value", 1, "obs://lake-test", "obs://lake"),
        ("clean", "content", 2, "dw", "dw_prod"),
    ]
    assert [one["need_name"] for one in report["findings"] if one["code"] == "mapping-unused"] == [
        "https://nowhere"
    ]
    body = {"package": {"id": package}, "options": {"mapping": mapping}}
    started = door.http.post("/api/workspaces/mapped/imports", json=body | {"apply": True})
    assert door.ended(started.json()["task_id"])["status"] == "SUCCESSFUL"
    landed = door.http.get("/api/workspaces/mapped/documents/script/clean")
    assert landed.content == written(clean).replace(b"dw.", b"dw_prod.").replace(b"/test/sql", b"/prod/sql")


@pytest.mark.parametrize(
    ("mapping", "subject"),
    [
        ({"cdm": {"c/j": "d/j"}}, "cdm"),
        ({"variable": {"x": "y"}}, "variable"),
        ({"queue": {"a": ""}}, "a"),
        ({"path": {"obs://a/": "obs://b"}}, "obs://a/"),
        ({"directory": {"/a b": "/a"}}, "/a b"),
        ({"time-zone": {"UTC": "Atlantis"}}, "UTC"),
    ],
)
def test_a_mapping_that_says_what_cannot_be_is_refused(door: Door, mapping: Any, subject: str) -> None:
    door.http.post("/api/workspaces", json={"name": "refusing"})
    package = handed_in(door, ("jobs/orders.job", job("orders")))
    answer = refused(door, "refusing", package, mapping=mapping).json()
    assert (answer["state"], answer["code"]) == ("refused", "invalid-value")
    assert (subject or "(empty)").lower() in answer["message"].lower()


def test_an_unknown_section_is_refused(door: Door) -> None:
    door.http.post("/api/workspaces", json={"name": "refusing"})
    package = handed_in(door, ("jobs/orders.job", job("orders")))
    assert refused(door, "refusing", package, mapping={"colour": {"red": "blue"}}).status_code == 400


def test_a_check_suggests_what_could_stand_for_what_is_missing(door: Door) -> None:
    door.workspace("suggesting")
    items = [{"kind": "queue", "name": "etl_prod"}, {"kind": "queue", "name": "adhoc"}]
    assert door.http.post("/api/workspaces/suggesting/inventory", json={"items": items}).status_code == 201
    for name in ("dws_daily", "dws_weekly"):
        made = door.http.post("/api/workspaces/suggesting/objects/job", content=written(job(name)))
        assert made.status_code == 201, made.text
    document = job("orders", node("a", queueName="etl_test", connectionName="c"), upstream=["dws_dayly"])
    package = handed_in(door, ("jobs/orders.job", document))
    needs = checked(door, "suggesting", package)["needs"]
    assert [(one["kind"], one["name"], one["presence"], one["candidates"]) for one in needs] == [
        ("connection", "c", "missing", []),
        ("job", "dws_dayly", "missing", ["dws_daily", "dws_weekly", "orders"]),
        ("queue", "etl_test", "missing", ["etl_prod", "adhoc"]),
    ]


def test_a_rule_holds_for_the_objects_that_fit(door: Door) -> None:
    door.workspace("ruling", unknown_inventory="warn")
    package = handed_in(door, ("jobs/a.job", job("a", directory="/x")), ("jobs/b.job", job("b")))
    rules = [{"directory": "/x/", "target_status": "saved"}, {"kind": "job", "target_status": "submitted"}]
    steps = checked(door, "ruling", package, rules=rules)["steps"]
    assert {one["name"]: one["submits"] for one in steps} == {"a": 0, "b": 1}


@pytest.mark.parametrize(
    "rule",
    [{"name": "a"}, {"duplicates": "skip"}, {"directory": "/a b", "duplicates": "skip"}, {"nonsense": 1}],
)
def test_a_rule_that_says_nothing_is_refused(door: Door, rule: Any) -> None:
    door.http.post("/api/workspaces", json={"name": "refusing"})
    package = handed_in(door, ("jobs/orders.job", job("orders")))
    answer = refused(door, "refusing", package, rules=[rule])
    assert answer.status_code == 400 or answer.json()["state"] == "refused", answer.text


def test_a_report_says_which_id_a_name_is_bound_to(door: Door) -> None:
    door.workspace("binding")
    items = [{"kind": "queue", "name": "etl", "local_id": "17"}, {"kind": "queue", "name": "adhoc"}]
    assert door.http.post("/api/workspaces/binding/inventory", json={"items": items}).status_code == 201
    uses = (node("a", queueName="etl_test"), node("b", queueName="adhoc"))
    package = handed_in(door, ("jobs/orders.job", job("orders", *uses)))
    needs = checked(door, "binding", package, mapping={"queue": {"etl_test": "etl"}})["needs"]
    assert [(one["name"], one["local"], one["local_id"]) for one in needs] == [
        ("adhoc", "adhoc", ""),
        ("etl_test", "etl", "17"),
    ]


def test_a_check_tells_when_converted_schedules_fire(door: Door) -> None:
    door.workspace("firing")
    cron = {"expression": "0 0 10 * * ?", "expressionTimeZone": "Asia/Shanghai"}
    package = handed_in(door, ("jobs/orders.job", job("orders", schedule={"type": "CRON", "cron": cron})))
    (told,) = checked(door, "firing", package, time_zone="UTC", zone_mode="convert")["schedules"]
    assert (told["made"], told["jobs"], len(told["before"])) == ("0 0 2 * * ?", 1, 7)
    assert told["after"] == told["before"]


def test_a_checked_import_names_candidates_and_tells_when_schedules_fire(door: Door) -> None:
    door.workspace("choosing")
    there = [("script", script("clean_daily")), ("script", script("other")), ("job", job("dws_daily"))]
    for kind, document in there:
        made = door.http.post(f"/api/workspaces/choosing/objects/{kind}", content=written(document))
        assert made.status_code == 201, made.text
    cron: dict[str, Any] = {"expression": "0 0 10 * * ?", "expressionTimeZone": "Asia/Shanghai"}
    cron |= {"dependJobs": {"jobs": ["dws_dayly"]}, "endTime": "2020-01-01T00:00:00+08"}
    document = job("orders", node("a", scriptName="clean"), schedule={"type": "CRON", "cron": cron})
    package = handed_in(door, ("jobs/orders.job", document))
    options = {"time_zone": "UTC", "zone_mode": "convert", "missing": "hold"}
    made = checked(door, "choosing", package, **options)
    candidates = {one["name"]: one["candidates"] for one in made["needs"]}
    assert candidates["clean"] == ["clean_daily", "other"]
    assert candidates["dws_dayly"] == ["dws_daily", "orders"]
    (told,) = made["schedules"]
    assert told["after"] == told["before"] != []
    assert told["jobs"] == 1
    (ended,) = [one for one in made["findings"] if one["code"] == "schedule-ended"]
    assert (ended["severity"], ended["first"][0]["path"]) == ("warn", "schedule.cron.endTime")


def test_rules_said_again_as_they_were_told_make_the_same_plan(door: Door) -> None:
    door.workspace("ruled", unknown_inventory="warn")
    rule = {"name": "a*", "target_status": "saved", "mapping": {"queue": {"x": "y"}}}
    documents = (("jobs/ab.job", job("ab", node("n", queueName="x"))), ("jobs/b.job", job("b")))
    place = "/api/workspaces/ruled"
    package = handed_in(door, *documents)
    first = checked(door, "ruled", package, rules=[rule])
    assert {one["name"]: one["submits"] for one in first["steps"]} == {"ab": 0, "b": 1}
    assert [one["to"] for one in first["replacements"]] == ["y"]
    package = handed_in(door, *documents)
    again = looked_into(door.http, place, {"package": {"id": package}, "options": first["options"]})
    assert again["plan_digest"] == first["plan_digest"]


def test_differences_tell_that_a_secret_changes_and_never_what_it_is(door: Door) -> None:
    door.workspace("veiling")

    def document(secret: str, queue: str) -> dict[str, Any]:
        return job("orders", node("n", password=secret, queueName=queue), params=[])

    place = "/api/workspaces/veiling"
    made = door.http.post(f"{place}/objects/job", content=written(document("s3cr3t", "a")))
    assert made.status_code == 201, made.text
    package = handed_in(door, ("jobs/orders.job", document("0ther", "b")))
    options = {"duplicates": "overwrite"}
    found = looked_into(door.http, place, {"package": {"id": package}, "options": options})
    answer = door.http.get(f"{place}/imports/{found['id']}/differences")
    fits(checks.ImportDifferences, answer)
    assert "s3cr3t" not in answer.text
    assert "0ther" not in answer.text
    sides = {one["path"]: one for one in answer.json()["items"][0]["sides"]}
    password = sides["nodes[n].properties[password].value"]
    assert (password["here"]["value"], password["package"]["value"]) == ("***", "*** (2)")
    assert sides["nodes[n].properties[queueName].value"]["package"]["value"] == "b"
    beside = door.http.get(f"{place}/imports/{found['id']}/objects/job/orders/texts")
    texts = fits(ObjectTexts, beside)
    assert "s3cr3t" not in beside.text
    assert "0ther" not in beside.text
    assert ('"value": "a"' in texts["here"], '"value": "b"' in texts["package"]) == (True, True)


def test_a_scripts_lines_are_laid_side_by_side(door: Door) -> None:
    door.workspace("beside")
    place = "/api/workspaces/beside"
    made = door.http.post(f"{place}/objects/script", content=written(script("clean", content="a;\nb;")))
    assert made.status_code == 201, made.text
    package = handed_in(door, ("scripts/clean.script", script("clean", content="a;\nc;")))
    found = looked_into(
        door.http, place, {"package": {"id": package}, "options": {"duplicates": "overwrite"}}
    )
    texts = fits(ObjectTexts, door.http.get(f"{place}/imports/{found['id']}/objects/script/clean/texts"))
    assert (texts["here"][-6:], texts["package"][-6:]) == ("\na;\nb;", "\na;\nc;")


def test_a_page_of_differences_ends_where_it_has_compared_much(door: Door) -> None:
    door.workspace("paging")
    place = "/api/workspaces/paging"
    content, names = "x" * 3_000_000, ("a", "b", "c")
    for name in names:
        made = door.http.post(
            f"{place}/objects/script", content=written(script(name, content, description="d"))
        )
        assert made.status_code == 201, made.text
    files = [(f"scripts/{name}.script", script(name, content, description="e")) for name in names]
    package = handed_in(door, *files)
    found = looked_into(
        door.http, place, {"package": {"id": package}, "options": {"duplicates": "overwrite"}}
    )
    differences = f"{place}/imports/{found['id']}/differences"
    first, rest = door.http.get(differences).json(), door.http.get(f"{differences}?offset=2").json()
    assert [one["name"] for one in first["items"] + rest["items"]] == ["a", "b", "c"]
    assert (len(first["items"]), first["total"]) == (2, 3)


def test_a_new_job_shows_the_text_that_it_would_have(door: Door) -> None:
    door.workspace("coming")
    place = "/api/workspaces/coming"
    document = job("orders", node("n", password="0ther", queueName="there"), params=[])
    package = handed_in(door, ("jobs/orders.job", document))
    options = {"mapping": {"queue": {"there": "here"}}}
    found = looked_into(door.http, place, {"package": {"id": package}, "options": options})
    texts = fits(ObjectTexts, door.http.get(f"{place}/imports/{found['id']}/objects/job/orders/texts"))
    assert texts["here"] == ""
    assert "0ther" not in texts["package"]
    assert ('"value": "here"' in texts["package"], '"value": "there"' in texts["package"]) == (True, False)


def test_a_job_renamed_at_its_source_leaves_nobody_behind_unsaid(door: Door) -> None:
    there, here = "/api/workspaces/renaming", "/api/workspaces/renamed"
    for place in ("renaming", "renamed"):
        door.workspace(place)
    quiet = node("n", "Dummy")
    for document in (job("former", quiet), job("user", node("n", "SubJob", jobName="former"))):
        saved = door.http.post(f"{there}/objects/job", content=written(document))
        assert saved.status_code == 201, saved.text

    def found(options: dict[str, Any], **chosen: Any) -> dict[str, Any]:
        package = door.http.post(f"{there}/exports", json=chosen).content
        handed = door.http.post("/api/packages?name=p.zip", content=package).json()["id"]
        return looked_into(door.http, here, {"package": {"id": handed}, "options": options})

    made = found({})
    begun = door.http.post(
        f"{here}/imports/{made['id']}/apply", json={"plan_digest": made["plan_digest"]}
    ).json()
    assert door.ended(begun["task_id"])["status"] == "SUCCESSFUL"
    user = job("user", node("n", "SubJob", jobName="latter"))
    for name, document in (("former", job("latter", quiet)), ("user", user)):
        saved = door.http.put(f"{there}/objects/job/{name}", content=written(document))
        assert saved.status_code == 200, saved.text

    def told(seen: dict[str, Any]) -> list[Any]:
        return [one["args"] for one in seen["findings"] if one["code"] == "renamed-in-use"]

    alone = found({"duplicates": "overwrite"}, names=["latter"])
    assert told(alone) == [{"former": "former", "count": "1", "example": "user"}]
    assert [one["note"] for one in alone["steps"]] == ["renamed from former"]
    assert told(found({"duplicates": "skip"}, names=["latter"])) == []
    assert told(found({"duplicates": "overwrite"})) == []
