"""Every page can be read by everybody: axe finds nothing serious, light and dark, wide and narrow."""

from __future__ import annotations

from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from console.axe import barriers, too_wide
from console.chromium import visitor
from console.screenshots import addresses, furnished, requests_of, shown
from console.stage import PASSWORD, checked, connection, landed, sales
from contract.api.doors import Door


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_keeps_anybody_from_an_import(signed_in: Page, platform: Door, theme: str) -> None:
    lacking = checked(platform, "default", sales("nowhere"))
    connection(platform, "default", "dws_test")
    receipt = landed(platform, "default", sales())
    ready = checked(platform, "default", sales(content="SELECT 3;"), duplicates="overwrite")
    page = signed_in
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    found = {}
    for path, ready_text in (
        ("/", "Last receipts"),
        ("/w/default/imports", "Began"),
        ("/w/default/imports?state=failed", "Clear filters"),
        ("/w/default/imports/new", "Import Status"),
        (f"/w/default/imports/{lacking}", "Missing here"),
        (f"/w/default/imports/{ready}?step=plan&object=script/clean", "SELECT 3;"),
        (f"/w/default/receipts/{receipt}", "created"),
        (f"/w/default/receipts/{receipt}?undo=plan", "Undo the import"),
        ("/platform/about", "Platform id"),
    ):
        page.goto(path)
        expect(page.get_by_text(ready_text).first).to_be_visible()
        found[path] = barriers(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


# the gate looks at each page once; narrow windows are also tested page by page beside each page's behaviour
@pytest.mark.parametrize(
    ("width", "theme"), [(1280, "dark"), pytest.param(390, "light", marks=pytest.mark.large)]
)
def test_every_page_can_be_read(chromium: Browser, platform: Door, width: int, theme: str) -> None:
    made = furnished(platform)
    wrong: list[str] = []
    with closing(visitor(chromium, platform, PASSWORD, width=width, theme=theme)) as context:
        page = context.new_page()
        going = requests_of(page)
        for address in addresses(made):
            shown(page, address, going)
            over = [f"wider than its window by {by}"] if (by := too_wide(page)) else []
            wrong += [f"{address}: {one}" for one in barriers(page) + over]
    assert not wrong, "\n".join(wrong)
