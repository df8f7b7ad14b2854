"""On the way of an import: options, object storage, graphs, marks, deletions and routes."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from builders import job, node
from console.axe import barriers, too_wide
from console.stage import FILE, checked, connection, landed, packed, sales
from contract.api.doors import Door

SOURCE = "source"


def plan(page: Page, made: str, **address: str) -> None:
    """The plan of a checked import."""
    more = "".join(f"&{key}={value}" for key, value in address.items())
    page.goto(f"/w/default/imports/{made}?step=plan{more}")


def graph_job(*nodes: dict[str, Any]) -> bytes:
    """A package of one job."""
    return packed(("jobs/flow.job", job("flow", *nodes)))


@pytest.fixture
def regraphed(signed_in: Page, platform: Door) -> str:
    """An import that changes a job's nodes: one is new, one is gone, one has another text, one stays."""
    before = [node(name, "Shell", content=name) for name in ("first", "second", "gone")]
    after = [
        node("first", "Shell", content="first"),
        node("second", "Shell", content="other"),
        node("new", "Dummy"),
    ]
    landed(platform, "default", graph_job(*before))
    return checked(platform, "default", graph_job(*after), duplicates="overwrite")


def test_both_graphs_of_a_job_stand_beside_each_other_and_move_together(
    signed_in: Page, regraphed: str
) -> None:
    page = signed_in
    plan(page, regraphed, object="job/flow")
    page.get_by_text("Graph", exact=True).click()
    here, coming = (
        page.get_by_role("group", name="Here now"),
        page.get_by_role("group", name="After the import"),
    )
    for group, name in (
        (here, "gone, x delete · Shell"),
        (here, "second, ~ overwrite · Shell"),
        (coming, "new, + create · Dummy"),
        (coming, "first, = unchanged · Shell"),
    ):
        expect(group.get_by_label(name)).to_be_visible()
    where = "one => one.querySelector('.react-flow__viewport').style.transform"
    assert here.evaluate(where) == coming.evaluate(where)
    before = here.evaluate(where)
    coming.locator(".react-flow__pane").hover(position={"x": 5, "y": 5})
    page.mouse.wheel(0, 300)
    page.wait_for_function(
        "was => document.querySelector('.react-flow__viewport').style.transform !== was", arg=before
    )
    page.wait_for_function(
        """() => new Set([...document.querySelectorAll('.react-flow__viewport')]
          .map(one => one.style.transform)).size === 1"""
    )
    page.reload()
    expect(coming.get_by_label("new, + create · Dummy")).to_be_visible()
    assert barriers(page) == []
    side_by_side = here.bounding_box()
    page.get_by_text("Full width").click()
    expect(coming.get_by_label("new, + create · Dummy")).to_be_visible()
    full = here.bounding_box()
    assert side_by_side is not None
    assert full is not None
    assert full["width"] > 1.8 * side_by_side["width"]


def test_graphs_begin_at_what_changes_and_names_can_be_read(signed_in: Page, platform: Door) -> None:
    """A chain of 60 nodes fits no window: it begins where it changes, at a size that can be read."""
    page, chain = signed_in, [node("n0", "Dummy")]
    chain += [node(f"n{number}", "Dummy", after=[f"n{number - 1}"]) for number in range(1, 60)]
    landed(platform, "default", graph_job(*chain))
    after = [*chain[:40], node("n40", "Shell", after=["n39"]), *chain[41:]]
    made = checked(platform, "default", graph_job(*after), duplicates="overwrite")
    plan(page, made, object="job/flow", view="graph")
    changed = page.get_by_role("group", name="After the import").get_by_label("n40, ~ overwrite · Shell")
    expect(changed).to_be_in_viewport()
    box = changed.bounding_box()
    assert box is not None
    assert box["width"] >= 0.8 * 200
    expect(page.get_by_text("1 node changes")).to_be_visible()
    page.get_by_role("button", name="Next change").click()
    expect(changed).to_be_in_viewport()


def test_a_new_job_shows_the_text_and_the_graph_that_it_will_have(signed_in: Page, platform: Door) -> None:
    page = signed_in
    made = checked(platform, "default", graph_job(node("first", "Shell"), node("last", after=["first"])))
    plan(page, made, object="job/flow")
    expect(page.get_by_text("New here. This is what would be written.")).to_be_visible()
    expect(page.get_by_label("After the import")).to_contain_text('"name": "first"')
    page.get_by_text("Graph", exact=True).click()
    expect(page.get_by_label("first, + create · Shell")).to_be_visible()
    expect(page.get_by_role("group", name="Here now")).to_be_hidden()
    assert barriers(page) == []


def test_what_was_looked_through_is_known_in_another_browser_until_the_plan_does_otherwise(
    signed_in: Page, platform: Door, regraphed: str
) -> None:
    page = signed_in
    plan(page, regraphed, object="job/flow")
    page.get_by_role("checkbox", name="I have looked through this").check()
    expect(page.get_by_text("1 of 1 viewed")).to_be_visible()
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.get_by_text("1 of 1 viewed")).to_be_visible()
    place = f"/api/workspaces/default/imports/{regraphed}"
    changed = platform.http.put(f"{place}/options", json={"duplicates": "overwrite", "execute_user": "etl"})
    assert changed.status_code == 202
    platform.http.get(place, params={"wait": 60})
    page.reload()
    expect(page.get_by_text("0 of 1 viewed")).to_be_visible()


def test_a_mark_outlives_a_list_of_marks_that_was_asked_for_before_it(
    signed_in: Page, platform: Door, regraphed: str
) -> None:
    """The list comes only once the mark is kept, and does not know of it."""
    page = signed_in
    asked: list[Route] = []
    page.route("**/imports/*/viewed?*", lambda route: route.continue_() if asked else asked.append(route))
    plan(page, regraphed, object="job/flow")
    box = page.get_by_role("checkbox", name="I have looked through this")
    with page.expect_response("**/objects/job/flow/viewed"):
        box.check()
    asked[0].fulfill(json={"items": [], "next": None})
    page.wait_for_timeout(300)
    expect(box).to_be_checked()
    expect(page.get_by_text("1 of 1 viewed")).to_be_visible()


@pytest.fixture
def departed(platform: Door) -> str:
    """An import of an increment whose source has deleted two jobs that are here."""
    http, there = platform.http, f"/api/workspaces/{SOURCE}"
    assert http.post("/api/workspaces", json={"name": SOURCE}).status_code == 201
    assert http.patch(f"{there}/settings", json={"change_management": "true"}).status_code == 200
    for name in ("kept", "gone", "left"):
        made = http.post(f"{there}/objects/job", content=json.dumps(job(name, node("n", "Dummy"))).encode())
        assert made.status_code == 201, made.text
    whole = http.post(f"{there}/exports", json={"extent": {"kind": "full"}})
    landed(platform, "default", whole.content)
    for name in ("gone", "left"):
        assert http.delete(f"{there}/objects/job/{name}").status_code in (200, 204)
    rest = http.post(f"{there}/exports", json={"extent": {"kind": "last"}})
    return checked(platform, "default", rest.content, duplicates="overwrite")


def test_deletions_are_ticked_one_by_one_and_the_button_says_them(
    signed_in: Page, platform: Door, departed: str
) -> None:
    page = signed_in
    plan(page, departed)
    expect(page.get_by_text("Deleted at the source")).to_be_visible()
    page.get_by_role("checkbox", name="Delete gone here, too").check()
    page.get_by_role("button", name="Plan to delete 1").click()
    expect(page.get_by_role("checkbox", name="Delete gone here, too")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Delete left here, too")).not_to_be_checked()
    assert barriers(page) == []
    page.get_by_role("button", name="Delete 1", exact=True).click()
    expect(page.get_by_role("group").get_by_role("button", name="deleted 1", exact=True)).to_be_visible()
    left = platform.http.get("/api/workspaces/default/objects/job").json()["items"]
    assert [one["name"] for one in left] == ["kept", "left"]


def test_parameters_executing_user_and_time_zone_are_said_in_the_first_step(
    signed_in: Page, platform: Door, tmp_path: Path
) -> None:
    file = tmp_path / FILE
    params = [{"name": "day", "value": "1", "type": "variable"}]
    document = job("orders", node("n", "Dummy"), params=params, basicConfig={"executeUser": "lin"})
    file.write_bytes(packed(("jobs/orders.job", document)))
    page = signed_in
    page.goto("/w/default/imports/new")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Executing user, parameters and time zone").click()
    page.get_by_label("Executing user", exact=True).fill("etl")
    page.get_by_role("button", name="Add a parameter").click()
    page.get_by_label("Parameter", exact=True).fill("day")
    page.get_by_label("Value").fill("2")
    expect(page.get_by_text("--param day=2")).to_be_visible()
    expect(page.get_by_text("--execute-user etl")).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("Time zone of all schedules").fill("Shanghai")
    page.keyboard.press("Enter")
    expect(page.get_by_text("--time-zone Asia/Shanghai --zone-mode relabel")).to_be_visible()
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("button", name="Create 1", exact=True).click()
    expect(page.get_by_text("created 1")).to_be_visible()
    made = platform.http.get("/api/workspaces/default/documents/job/orders").json()
    assert (made["basicConfig"]["executeUser"], made["params"][0]["value"]) == ("etl", "2")


def test_a_package_is_found_in_object_storage_folder_by_folder(
    signed_in: Page, platform: Door, tmp_path: Path
) -> None:
    platform.http.patch("/api/settings", json={"object_imports": "true"})
    folder = tmp_path / "data" / "objects" / "bucket" / "exports"
    folder.mkdir(parents=True)
    (folder / FILE).write_bytes(sales())
    (folder / "notes.txt").write_text("no package")
    connection(platform, "default", "dws_test")
    page = signed_in
    page.goto("/w/default/imports/new")
    page.get_by_role("radio", name="OBS").check()
    page.get_by_label("Path of the package").fill("obs://bucket/")
    page.get_by_role("button", name="exports").click()
    expect(page.get_by_role("button", name="notes.txt")).to_be_disabled()
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_disabled()
    page.get_by_role("button", name=FILE).click()
    expect(page.get_by_label("Path of the package")).to_have_value(f"obs://bucket/exports/{FILE}")
    assert barriers(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert too_wide(page) == 0
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="One folder up").click()
    page.get_by_role("button", name="exports").click()
    page.get_by_role("button", name=FILE).click()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("button", name="Create 3", exact=True)).to_be_visible()
    platform.http.patch("/api/settings", json={"factory_package_bytes": 100})
    page.goto("/w/default/imports/new")
    page.get_by_role("radio", name="OBS").check()
    page.get_by_label("Path of the package").fill("obs://bucket/exports/")
    expect(page.get_by_text("At most 100 B; unpacked, at most 10 MiB.")).to_be_visible()
    expect(page.get_by_role("button", name=f"{FILE}")).to_be_disabled()
    expect(page.get_by_text("larger than 100 B")).to_be_visible()
    page.get_by_label("Path of the package").fill("obs://nowhere/")
    expect(page.get_by_role("alert")).to_contain_text("nowhere")


def test_a_saved_route_is_told_and_can_be_done_without(signed_in: Page, platform: Door) -> None:
    http, there = platform.http, f"/api/workspaces/{SOURCE}"
    assert http.post("/api/workspaces", json={"name": SOURCE}).status_code == 201
    connection(platform, "default", "prod")
    load = node("load", "DWSSQL", connectionName="dwh", statementOrScript="STATEMENT", sql="SELECT 1")
    content = json.dumps(job("orders", load)).encode()
    made = http.post(f"{there}/objects/job", content=content, params={"submit": "false"})
    assert made.status_code == 201, made.text
    package = http.post(f"{there}/exports", json={"names": ["orders"], "state": "draft"}).content
    with zipfile.ZipFile(io.BytesIO(package)) as inside:
        source = json.loads(inside.read("manifest.json"))["provenance"]
    saved = http.put(
        f"/api/workspaces/default/routes/{source['platform_id']}/{SOURCE}",
        json={"platform_name": "A", "options": {"mapping": {"connection": {"dwh": "prod"}}}},
    )
    assert saved.status_code == 200, saved.text
    page = signed_in
    page.goto(f"/w/default/imports/{checked(platform, 'default', package, route='saved')}?step=mapping")
    expect(page.get_by_text("it answered 1")).to_be_visible()
    page.get_by_role("button", name="Check again without it").click()
    expect(page.get_by_text("Missing here: data connection")).to_be_visible()
    page.get_by_role("button", name="Check again with it").click()
    expect(page.get_by_text("it answered 1")).to_be_visible()
