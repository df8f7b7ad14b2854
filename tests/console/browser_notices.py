"""What somebody was told: counted in the head, and listed with the way to what it is about; and home."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from builders import job, node
from console.axe import barriers, too_wide
from console.people import at_home
from console.stage import connection, landed, sales
from contract.api.doors import Door


def test_a_notice_is_counted_leads_to_its_receipt_and_is_read_by_that(
    signed_in: Page, platform: Door
) -> None:
    at_home(signed_in)
    page = signed_in
    connection(platform, "default", "dws_test")
    for _ in range(2):
        landed(platform, "default", sales())
    page.reload()
    page.get_by_role("link", name="Notices: 2 unread").click()
    expect(page.get_by_role("heading", name="Notices")).to_be_visible()
    expect(page.get_by_text("the import of sales.zip", exact=False)).to_have_count(2)
    assert barriers(page) == []
    page.get_by_role("link", name="Look at it").first.click()
    expect(page.get_by_role("heading", name="sales.zip")).to_be_visible()
    page.get_by_role("link", name="Notices: 1 unread").click()
    unread = page.get_by_role("button", name="Mark as read", exact=True)
    expect(unread).to_have_count(1)
    unread.click()
    expect(page.get_by_text("You have read everything.")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_role("link", name="Look at it")).to_have_count(2)
    expect(page.get_by_role("link", name="Notices", exact=True)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    assert too_wide(page) == 0


def test_home_does_not_call_a_workspace_empty_that_has_a_job(signed_in: Page, platform: Door) -> None:
    page = signed_in
    page.goto("/")
    expect(page.get_by_text("Nothing is here yet")).to_be_visible()
    content = json.dumps(job("made", node("a", "Dummy"))).encode()
    assert platform.http.post("/api/workspaces/default/objects/job", content=content).status_code == 201
    page.reload()
    expect(page.get_by_text("Nothing waits for you here.")).to_be_visible()
    expect(page.get_by_text("Nothing is here yet")).to_be_hidden()


def test_held_jobs_are_one_click_from_home(signed_in: Page, platform: Door) -> None:
    page = signed_in
    landed(platform, "default", sales(), missing="hold")
    page.goto("/")
    held = page.locator("main").get_by_text("1 job is held").locator("..")
    held.get_by_role("link", name="Look at it").click()
    expect(page.get_by_role("link", name="orders")).to_be_visible()
    expect(page.get_by_role("link", name="quiet")).to_be_hidden()


def test_the_first_job_is_made_from_home(signed_in: Page, platform: Door) -> None:
    page = signed_in
    page.goto("/")
    page.get_by_role("link", name="Make a job").click()
    page.get_by_role("textbox", name="Name").first.fill("first")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="first")).to_be_visible()
    assert platform.http.get("/api/workspaces/default/objects/job/first").status_code == 200
