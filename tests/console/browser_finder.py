"""Anything is found from every page by a piece of its name, with keys alone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from builders import job, node, script
from console.axe import barriers, in_both_themes, too_wide
from console.people import at_home
from console.stage import connection, landed, sales
from contract.api.doors import Door


@pytest.fixture
def stocked(signed_in: Page, platform: Door) -> Page:
    """The administrator in a workspace with an import behind it."""
    for kind, document in (("job", job("订单日报", node("a"))), ("script", script("tidy", "SELECT 1;"))):
        content = json.dumps(document).encode()
        assert (
            platform.http.post(f"/api/workspaces/default/objects/{kind}", content=content).status_code == 201
        )
    connection(platform, "default", "dws_test")
    landed(platform, "default", sales())
    signed_in.set_default_timeout(20_000)
    return signed_in


def test_a_job_a_page_and_a_receipt_are_found_with_keys_alone(stocked: Page) -> None:
    at_home(stocked)
    page = stocked
    field = page.get_by_role("combobox", name="Find a page, job, script")
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.type("订单")
    expect(page.get_by_role("option", name="订单日报")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="订单日报")).to_be_visible()
    expect(field).to_be_hidden()

    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_have_text("Hello, administrator/")
    page.keyboard.type("sales")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(page.get_by_text("Receipts")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="sales.zip")).to_be_visible()
    expect(field).to_be_hidden()

    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.type("tag")
    expect(page.get_by_role("option", name="Job Tags")).to_be_visible()
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()


def test_what_is_typed_in_the_instant_after_the_call_is_not_lost(stocked: Page) -> None:
    at_home(stocked)
    page = stocked
    field = page.get_by_role("combobox", name="Find a page, job, script")
    for _ in range(3):
        page.keyboard.press("Control+k")
        page.keyboard.type("quiet")
        expect(field).to_have_value("quiet")
        expect(page.get_by_role("option", name="quiet")).to_be_visible()
        page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("订单")
    expect(field).to_have_value("订单")
    expect(page.get_by_role("option", name="订单日报")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(field).to_be_hidden()


def test_what_is_called_like_nothing_is_said_so(stocked: Page) -> None:
    at_home(stocked)
    stocked.get_by_role("button", name="Find Ctrl K").click()
    stocked.keyboard.type("nothing is called so")
    expect(stocked.get_by_text("Nothing is called so.")).to_be_visible()


def test_an_open_dialog_stays_alone(stocked: Page) -> None:
    stocked.goto("/platform/workspaces")
    stocked.get_by_role("button", name="New workspace").click()
    stocked.keyboard.press("Control+k")
    expect(stocked.get_by_role("dialog")).to_have_count(1)


@in_both_themes
def test_nothing_keeps_anybody_from_finding(stocked: Page, theme: str) -> None:
    at_home(stocked)
    stocked.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    stocked.set_viewport_size({"width": 390, "height": 800})
    stocked.keyboard.press("Control+k")
    expect(stocked.get_by_role("combobox", name="Find a page")).to_be_focused()
    stocked.keyboard.type("ti")
    expect(stocked.get_by_role("option", name="tidy")).to_be_visible()
    stocked.wait_for_timeout(500)
    assert barriers(stocked) == []
    assert too_wide(stocked) == 0
