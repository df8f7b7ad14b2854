"""Several people at one workspace: a lock between two, and a viewer, who looks on."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from builders import job, node, script
from console.people import member, signed_in_as
from console.stage import connection
from contract.api.doors import Door

TEAM = "team"
WHERE = f"/api/workspaces/{TEAM}"


def made(platform: Door, **settings: str) -> None:
    """A workspace with a job, a script and a connection, which nobody has locked."""
    platform.workspace(TEAM, **settings)
    for kind, document in (("script", script("clean")), ("job", job("orders", node("one")))):
        assert (
            platform.http.post(
                f"{WHERE}/objects/{kind}", json=document, params={"publish": "true"}
            ).status_code
            == 201
        )
        platform.http.delete(f"{WHERE}/locks/{kind}/{document['name']}")
    connection(platform, TEAM, "dws_prod")


def test_what_one_has_locked_another_sees_and_cannot_save(chromium: Browser, platform: Door) -> None:
    made(platform, lock_policy="hard")
    member(platform, "li", "developer", workspace=TEAM)
    member(platform, "sun", "developer", workspace=TEAM)
    with signed_in_as(chromium, platform, "li") as li, signed_in_as(chromium, platform, "sun") as sun:
        li.goto(f"/w/{TEAM}/jobs/orders?tab=edit")
        li.get_by_label("Description").fill("li was here")
        li.get_by_role("button", name="Save", exact=True).click()
        expect(li.get_by_text("li was here", exact=True)).to_be_visible()

        sun.goto(f"/w/{TEAM}/jobs")
        expect(sun.get_by_role("row", name="orders").get_by_text("li", exact=True).first).to_be_visible()
        sun.goto(f"/w/{TEAM}/jobs/orders?tab=edit")
        sun.get_by_text("li holds the lock").wait_for()
        sun.get_by_role("button", name="Lock", exact=True).click()
        expect(sun.get_by_role("dialog")).to_contain_text("li holds the lock.")
        sun.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        sun.get_by_label("Description").fill("sun was here")
        sun.get_by_role("button", name="Save", exact=True).click()
        expect(sun.get_by_text("the job orders is locked by li")).to_be_visible()
        assert platform.http.get(f"{WHERE}/documents/job/orders").json()["description"] == "li was here"

        li.goto(f"/w/{TEAM}/jobs/orders")
        li.get_by_role("button", name="More").click()
        li.get_by_role("menuitem", name="Unlock").click()
        li.get_by_role("dialog").get_by_role("button", name="Unlock").click()
        expect(li.get_by_role("dialog")).to_be_hidden()
        sun.get_by_role("button", name="Save").click()
        expect(sun.get_by_text("sun was here", exact=True)).to_be_visible()


def test_whose_lock_was_taken_over_is_told_and_keeps_what_they_wrote(
    chromium: Browser, platform: Door
) -> None:
    made(platform, lock_policy="hard")
    member(platform, "li", "developer", workspace=TEAM)
    with signed_in_as(chromium, platform, "li") as li:
        li.goto(f"/w/{TEAM}/jobs/orders")
        li.get_by_role("button", name="More").click()
        li.get_by_role("menuitem", name="Lock").click()
        li.goto(f"/w/{TEAM}/jobs/orders?tab=edit")
        li.get_by_label("Description").fill("li was here")
        taken = platform.http.post(f"{WHERE}/locks/job/orders")
        assert taken.is_success, taken.text
        li.get_by_role("button", name="Save", exact=True).click()
        expect(li.get_by_text("the job orders is locked by administrator")).to_be_visible()
        expect(li.get_by_label("Description")).to_have_value("li was here")
        assert platform.http.get(f"{WHERE}/documents/job/orders").json().get("description", "") == ""


def test_a_viewer_sees_everything_and_is_offered_nothing_to_do(chromium: Browser, platform: Door) -> None:
    made(platform, change_management="true", review="all")
    member(platform, "wang", "viewer", workspace=TEAM)
    with signed_in_as(chromium, platform, "wang") as wang:
        for path, seen, acts in (
            ("jobs", "orders", ("New", "Export")),
            ("jobs/orders", "orders", ("Edit", "Submit", "Export", "More")),
            ("scripts/clean", "clean", ("Edit", "Submit", "Export", "More")),
            (
                "changes",
                "orders",
                ("Export Workspace Job", "Export selected"),
            ),
            ("reviews", "Nothing waits for you.", ("Approve", "Reject")),
            ("connections", "dws_prod", ("Create connection",)),
            ("connections/dws_prod", "stored encrypted, never shown", ("Edit", "Delete")),
        ):
            wang.goto(f"/w/{TEAM}/{path}")
            expect(wang.get_by_text(seen, exact=True).first).to_be_visible()
            for act in acts:
                expect(wang.get_by_role("button", name=act, exact=True)).to_be_hidden()
        for page in ("Imports", "Download Center", "Batch export tasks"):
            expect(wang.get_by_role("link", name=page)).to_be_hidden()


def test_what_a_viewer_must_not_do_is_answered_with_the_reason(chromium: Browser, platform: Door) -> None:
    made(platform)
    member(platform, "wang", "viewer", workspace=TEAM)
    with signed_in_as(chromium, platform, "wang") as wang:
        wang.goto(f"/w/{TEAM}/new/script")
        wang.get_by_role("textbox", name="Name").fill("mine")
        wang.get_by_role("textbox", name="Content").fill("SELECT 1;")
        wang.get_by_role("button", name="Save").click()
        expect(wang.get_by_role("alert")).to_contain_text("wang")
        assert platform.http.get(f"{WHERE}/objects/script/mine").status_code == 404
        wang.goto("/w/default/jobs")
        expect(wang.get_by_role("alert")).to_contain_text("There is no workspace 'default' here")
