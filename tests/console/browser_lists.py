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


def test_imports_are_paged_and_the_address_keeps_the_page(signed_in: Page, platform: Door) -> None:
    package = packed(("jobs/a.job", job("a", node("n"))))
    made = [checked(platform, "default", package) for _ in range(ROWS + 1)]
    signed_in.goto("/w/default/imports")
    rows = signed_in.locator("tbody tr.ant-table-row")
    expect(rows).to_have_count(ROWS)
    signed_in.get_by_role("listitem", name="2", exact=True).click()
    expect(rows).to_have_count(1)
    expect(rows.get_by_role("link")).to_have_attribute("href", f"/w/default/imports/{made[0]}")
    signed_in.reload()
    expect(signed_in.locator(".ant-pagination-item-active")).to_have_text("2")
    expect(rows).to_have_count(1)


def test_jobs_are_sorted_and_the_address_keeps_the_order(signed_in: Page, platform: Door) -> None:
    for name in ("b", "a", "c"):
        made = platform.http.post("/api/workspaces/default/objects/job", json=job(name, node("n", "Dummy")))
        assert made.status_code == 201, made.text
    signed_in.goto("/w/default/jobs")
    rows = signed_in.locator("tbody tr.ant-table-row")
    expect(rows).to_have_text([re.compile("a"), re.compile("b"), re.compile("c")])
    signed_in.get_by_role("columnheader", name="Name").click()
    expect(signed_in).to_have_url(re.compile("sort=-name"))
    for _ in range(2):
        expect(rows.get_by_role("link")).to_have_text(["c", "b", "a"])
        signed_in.reload()
