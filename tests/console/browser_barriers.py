"""Every page of an import can be read by everybody: axe finds nothing serious, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from console.axe import barriers
from console.stage import checked, connection, landed, sales
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
