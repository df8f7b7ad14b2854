"""Lists in a browser: the address keeps filters and page, and what fits no filter says so."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from builders import job, node
from console.stage import checked, packed
from contract.api.doors import Door

ROWS = 50


class Stocked(NamedTuple):
    """A list with more rows than a page has: ``search`` finds ``found`` alone, which the first page lacks."""

    path: str
    field: str
    search: str
    found: str


LISTS = {
    "users": Stocked("/platform/users", "Search names", "user-59", "user-59"),
    "workspaces": Stocked("/platform/workspaces", "Search names", "space-59", "space-59"),
    "audit": Stocked("/platform/audit", "Search anywhere", "user-00", "user-00"),
}


def stock(platform: Door) -> None:
    for number in range(60):
        name = f"{number:02}"
        assert platform.http.post("/api/users", json={"name": f"user-{name}"}).status_code == 201
        assert platform.http.post("/api/workspaces", json={"name": f"space-{name}"}).status_code == 201


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_the_platform_is_narrowed_and_paged(signed_in: Page, platform: Door, name: str) -> None:
    stock(platform)
    listed = LISTS[name]
    signed_in.goto(listed.path)
    rows = signed_in.locator("tbody tr.ant-table-row")
    expect(rows).to_have_count(ROWS)
    expect(rows.filter(has_text=listed.found)).to_have_count(0)
    signed_in.get_by_role("listitem", name="2", exact=True).click()
    expect(signed_in).to_have_url(re.compile("page=2"))
    signed_in.reload()
    expect(signed_in.locator(".ant-pagination-item-active")).to_have_text("2")
    field = signed_in.get_by_role("searchbox", name=listed.field)
    field.fill(listed.search)
    field.press("Enter")
    expect(rows.filter(has_text=listed.found).first).to_be_visible()
    expect(signed_in).not_to_have_url(re.compile("page="))
    signed_in.reload()
    expect(rows.filter(has_text=listed.found).first).to_be_visible()
    field.fill("no such thing")
    field.press("Enter")
    expect(rows).to_have_count(0)
    signed_in.get_by_role("button", name="Clear filters").click()
    expect(rows).to_have_count(ROWS)


def test_imports_are_narrowed_by_state_and_the_address_keeps_it(signed_in: Page, platform: Door) -> None:
    made = {
        name: checked(platform, "default", packed((f"jobs/{name}.job", job(name, node("n")))))
        for name in "ab"
    }
    discarded = platform.http.post(f"/api/workspaces/default/imports/{made['a']}/discard")
    assert discarded.is_success, discarded.text
    signed_in.goto("/w/default/imports")
    rows = signed_in.locator("tbody tr.ant-table-row")
    expect(rows).to_have_count(2)
    signed_in.get_by_role("combobox", name="State").click()
    signed_in.locator(".ant-select-item-option").filter(has_text="discarded").click()
    expect(rows).to_have_count(1)
    expect(rows.get_by_role("link")).to_have_attribute("href", f"/w/default/imports/{made['a']}")
    signed_in.reload()
    expect(rows).to_have_count(1)
