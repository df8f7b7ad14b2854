"""The list of changes in a browser: narrowed, selected, and carried away."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from builders import job, node, resource, script
from console.axe import barriers, in_both_themes, too_wide
from console.people import at_home
from contract.api.doors import Door

DEV = "dev"


@pytest.fixture
def dev(signed_in: Page, platform: Door) -> Page:
    """The administrator in a workspace where a job was made, renamed and deleted, and others stayed."""
    platform.workspace(DEV, change_management="true")
    place = f"/api/workspaces/{DEV}/objects"
    load = node("load", scriptName="clean")
    made = [("script", script("clean", "SELECT 1;")), ("resource", resource()), ("job", job("gone", node()))]
    made += [
        ("job", job("orders", load, directory="/dw")),
        ("job", job("订单", node("one"), directory="/报表")),
    ]
    for kind, document in made:
        assert platform.http.post(f"{place}/{kind}", json=document).status_code == 201
    renamed = platform.http.post(
        f"{place}/job/订单/rename", json={"to": "订单明细"}, params={"take_lock": "true"}
    )
    assert renamed.status_code == 200, renamed.text
    base = platform.http.post(f"/api/workspaces/{DEV}/exports", json={"extent": {"kind": "full"}})
    assert base.status_code == 200, base.text
    assert platform.http.delete(f"{place}/job/gone").status_code == 204
    signed_in.set_default_timeout(20_000)
    signed_in.reload()
    return signed_in


def test_what_was_selected_leaves_and_a_reload_keeps_it(dev: Page, tmp_path: Path) -> None:
    dev.goto(f"/w/{DEV}/jobs")
    dev.get_by_role("link", name="Changes", exact=True).click()
    expect(dev.get_by_text("Every change since")).to_be_visible()
    expect(dev.get_by_role("checkbox", name="Select gone")).to_have_count(1)
    expect(dev.get_by_role("checkbox", name="Select lookup")).to_have_count(0)
    dev.get_by_role("checkbox", name="Select orders").check()
    dev.get_by_role("checkbox", name="Select clean").check()
    dev.reload()
    dev.get_by_role("button", name="Export selected (2)").click()
    dialog = dev.get_by_role("dialog")
    expect(dialog.get_by_text("2 objects leave: 2 selected, 0 come along.")).to_be_visible()
    dialog.get_by_role("button", name="OK").click()
    expect(dialog.get_by_text("The package is ready.")).to_be_visible()
    with dev.expect_download() as begun:
        dialog.get_by_role("link", name="Download", exact=True).click()
    begun.value.save_as(tmp_path / "package.zip")
    with zipfile.ZipFile(tmp_path / "package.zip") as package:
        names = package.namelist()
    assert {"jobs/orders.job", "scripts/clean.script"} <= set(names)
    assert not any("订单" in name for name in names)


def test_a_workspace_export_tells_what_is_gone(dev: Page, tmp_path: Path) -> None:
    dev.goto(f"/w/{DEV}/changes")
    dev.get_by_role("button", name="Export Workspace Job").click()
    dialog = dev.get_by_role("dialog")
    dialog.get_by_role("radio", name="Since the last export").check()
    expect(dialog.get_by_text("1 deletion is told.")).to_be_visible()
    dialog.get_by_role("button", name="OK").click()
    expect(dialog.get_by_text("The package is ready.")).to_be_visible()
    with dev.expect_download() as begun:
        dialog.get_by_role("link", name="Download", exact=True).click()
    begun.value.save_as(tmp_path / "package.zip")
    with zipfile.ZipFile(tmp_path / "package.zip") as package:
        manifest = json.loads(package.read("manifest.json"))
    assert [gone["name"] for gone in manifest["deletions"]] == ["gone"]


def test_the_list_is_narrowed_and_the_address_keeps_it(dev: Page) -> None:
    dev.goto(f"/w/{DEV}/changes")
    dev.get_by_role("searchbox", name="Name, former name or directory").fill("报表")
    dev.get_by_role("searchbox", name="Name, former name or directory").press("Enter")
    expect(dev.get_by_role("link", name="orders")).to_be_hidden()
    expect(dev.get_by_text("← 订单")).to_be_visible()
    dev.get_by_role("combobox", name="Change").click()
    dev.locator(".ant-select-item-option").filter(has_text="deleted").click()
    expect(dev.get_by_text("No change fits these filters.")).to_be_visible()
    dev.reload()
    expect(dev.get_by_text("No change fits these filters.")).to_be_visible()
    dev.get_by_role("button", name="Clear filters").click()
    expect(dev.get_by_role("link", name="orders")).to_be_visible()


def test_a_workspace_job_is_imported_as_one_and_only_with_change_management(
    dev: Page, platform: Door
) -> None:
    dev.goto(f"/w/{DEV}/jobs")
    dev.get_by_role("button", name="Menu of the tree").click()
    dev.get_by_role("menuitem", name="Import Workspace Job").click()
    expect(dev.get_by_role("heading", name="Import Workspace Job")).to_be_visible()
    expect(dev.get_by_text("--act import-workspace-job")).to_be_visible()
    assert barriers(dev) == []
    dev.goto(f"/w/{DEV}/imports")
    expect(dev.get_by_role("link", name="Import Workspace Job")).to_be_visible()
    platform.http.patch(f"/api/workspaces/{DEV}/settings", json={"change_management": "false"})
    dev.reload()
    expect(dev.get_by_role("link", name="Import Job")).to_be_visible()
    expect(dev.get_by_role("link", name="Import Workspace Job")).to_be_hidden()
    dev.goto(f"/w/{DEV}/imports/new?act=import-workspace-job")
    expect(dev.get_by_role("heading", name="Import Job", exact=True)).to_be_visible()


def test_without_change_management_the_page_says_so_and_is_not_offered(dev: Page) -> None:
    dev.goto("/w/default/changes")
    expect(dev.get_by_text("Job/Script Change Management is off")).to_be_visible()
    expect(dev.get_by_role("link", name="Changes", exact=True)).to_be_hidden()


def test_a_narrow_window_shows_it_whole_in_chinese(dev: Page) -> None:
    at_home(dev)
    dev.get_by_role("button", name="Account: administrator").click()
    dev.get_by_text("中文").click()
    dev.set_viewport_size({"width": 390, "height": 800})
    dev.goto(f"/w/{DEV}/changes")
    expect(dev.get_by_role("heading", name="作业/脚本变更管理")).to_be_visible()
    expect(dev.get_by_text("重命名").first).to_be_visible()
    assert too_wide(dev) == 0


@in_both_themes
def test_nothing_keeps_anybody_from_the_changes(dev: Page, theme: str) -> None:
    dev.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    dev.goto(f"/w/{DEV}/changes?picked=job%2Forders")
    expect(dev.get_by_role("link", name="orders")).to_be_visible()
    assert barriers(dev) == []
