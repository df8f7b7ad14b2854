"""EasyData's two dialogs: a package by a list of names, and its way in, with all that can keep it out."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from builders import job, node
from console.axe import barriers, in_both_themes, too_wide
from console.people import at_home, member, signed_in_as
from console.stage import packed
from contract.api.doors import Door

SHOP = "shop"
EXPORT = f"/w/{SHOP}/jobs?batch=export"
IMPORT = f"/w/{SHOP}/jobs?batch=import"
NAMES = "Task names"
GENERATE = "Generate batch task package"


def load(platform: Door, name: str, *, submit: bool = True) -> None:
    """A task, online or not."""
    made = platform.http.post(
        f"/api/workspaces/{SHOP}/objects/job",
        json=job(name, node("one")),
        params={"submit": str(submit).lower()},
    )
    assert made.status_code == 201, made.text


@pytest.fixture
def shop(signed_in: Page, platform: Door) -> Page:
    """The administrator in a project with two tasks online and a draft, where batches may leave and come."""
    platform.workspace(SHOP, profile="easydata")
    switched = platform.http.patch("/api/settings", json={"batch_exports": "true", "batch_imports": "true"})
    assert switched.status_code == 200
    load(platform, "orders")
    load(platform, "很多有数标签的任务")
    load(platform, "draft", submit=False)
    signed_in.set_default_timeout(20_000)
    signed_in.reload()
    return signed_in


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A task whose quality monitor exists nowhere, behind a task that exists nowhere either."""
    checked = node("check", "DataQualityMonitor", monitorName="rows")
    file = tmp_path / "i.zip"
    file.write_bytes(packed(("jobs/sums.job", job("sums", checked, upstream=["gone"]))))
    return file


def choose(page: Page, package: Path, directory: str) -> None:
    """The package, and a directory that is made on the spot."""
    page.set_input_files("input[type=file]", package)
    page.get_by_role("combobox", name="Task directory").click()
    page.get_by_role("textbox", name="New directory").fill(directory)
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_text(f"/{directory}", exact=True)).to_be_visible()


def test_one_unknown_name_and_nothing_is_generated(shop: Page) -> None:
    shop.goto(EXPORT)
    expect(shop.get_by_role("button", name=GENERATE)).to_be_disabled()
    expect(shop.get_by_role("button", name="Export", exact=True)).to_be_disabled()
    shop.get_by_label(NAMES).fill("orders\n很多\ndraft")
    expect(shop.get_by_text("15/12800")).to_be_visible()
    shop.get_by_role("button", name=GENERATE).click()
    expect(shop.get_by_text("Matched 1, failed 2,")).to_be_visible()
    shop.get_by_text("view details").click()
    assert shop.get_by_role("dialog").get_by_role("listitem").all_inner_texts() == ["很多", "draft"]
    shop.get_by_role("button", name="Got it").click()
    expect(shop.get_by_text("Matched 1, failed 2,")).to_be_visible()
    expect(shop.get_by_role("button", name="Export", exact=True)).to_be_disabled()


def test_what_was_generated_is_exported_whatever_the_box_says_since(shop: Page, tmp_path: Path) -> None:
    shop.goto("/")
    shop.get_by_role("combobox", name="Workspace").click()
    shop.locator(".ant-select-item-option").filter(has_text=SHOP).click()
    shop.get_by_role("link", name="Batch export tasks").click()
    shop.get_by_label(NAMES).fill(" orders \n\n很多有数标签的任务\norders")
    expect(shop.get_by_text("One name per line: 2 of at most 200.")).to_be_visible()
    shop.get_by_role("button", name=GENERATE).click()
    expect(shop.get_by_text("can be exported!")).to_be_visible()
    shop.get_by_role("button", name="Close", exact=True).last.click()
    expect(shop.get_by_role("dialog")).to_be_hidden()
    shop.get_by_role("link", name="Batch export tasks").click()
    expect(shop.get_by_text("The last package was generated at")).to_be_visible()
    expect(shop.get_by_label(NAMES)).to_have_value("orders\n很多有数标签的任务")
    shop.get_by_label(NAMES).fill("draft")
    with shop.expect_download() as begun:
        shop.get_by_role("link", name="Export", exact=True).click()
    begun.value.save_as(tmp_path / "package.zip")
    with zipfile.ZipFile(tmp_path / "package.zip") as made:
        names = " ".join(made.namelist())
    assert "orders" in names
    assert "很多有数标签的任务" in names
    assert "draft" not in names


def test_too_much_is_told_before_it_is_sent(shop: Page) -> None:
    shop.goto(EXPORT)
    shop.get_by_label(NAMES).fill("\n".join(f"task_{number}" for number in range(201)))
    expect(shop.get_by_text("One name per line: 201 of at most 200.")).to_be_visible()
    expect(shop.get_by_role("button", name=GENERATE)).to_be_disabled()
    shop.get_by_label(NAMES).fill("长" * 12_801)
    expect(shop.get_by_text("12801/12800")).to_be_visible()
    expect(shop.get_by_role("button", name=GENERATE)).to_be_disabled()
    shop.get_by_label(NAMES).fill("长" * 12_800)
    expect(shop.get_by_role("button", name=GENERATE)).to_be_enabled()


def test_a_package_that_does_not_pass_changes_nothing_and_says_why(
    shop: Page, platform: Door, package: Path
) -> None:
    shop.goto(IMPORT)
    button = shop.get_by_role("button", name="Import", exact=True)
    expect(button).to_be_disabled()
    choose(shop, package, "received")
    button.click()
    expect(shop.get_by_text("Detection not passed,")).to_be_visible()
    shop.reload()
    shop.get_by_text("view details").click()
    table = shop.get_by_role("dialog").get_by_role("table")
    expect(table.get_by_role("columnheader", name="Reason not passed")).to_be_visible()
    expect(table.get_by_role("row", name="upstream tasks that do not exist")).to_contain_text("gone")
    expect(table.get_by_role("row", name="quality monitors")).to_contain_text("rows")
    with shop.expect_download() as begun:
        shop.get_by_role("link", name="Download report").click()
    assert "gone" in Path(begun.value.path()).read_text(encoding="utf-8-sig")
    shop.get_by_role("button", name="Got it").click()
    expect(shop.get_by_text("Detection not passed,")).to_be_visible()
    assert platform.http.get(f"/api/workspaces/{SHOP}/objects/job/sums").status_code == 404


def test_what_did_not_pass_is_imported_again_without_choosing_anew(
    shop: Page, platform: Door, package: Path
) -> None:
    shop.goto(IMPORT)
    choose(shop, package, "received")
    shop.get_by_role("button", name="Import", exact=True).click()
    expect(shop.get_by_text("Detection not passed,")).to_be_visible()
    load(platform, "gone")
    here = {"items": [{"kind": "quality-monitor", "name": "rows"}]}
    assert platform.http.post(f"/api/workspaces/{SHOP}/inventory", json=here).status_code in (200, 201)
    shop.get_by_role("button", name="Import again").click()
    expect(shop.get_by_text("The import is complete.")).to_be_visible()
    there = platform.http.get(f"/api/workspaces/{SHOP}/objects/job/sums").json()
    assert there["directory"] == "/received"
    expect(shop.get_by_role("button", name="Import again")).to_be_hidden()


def test_a_package_that_passes_is_online_and_says_what_is_left_to_do(
    shop: Page, platform: Door, package: Path
) -> None:
    load(platform, "gone")
    here = {"items": [{"kind": "quality-monitor", "name": "rows"}]}
    assert platform.http.post(f"/api/workspaces/{SHOP}/inventory", json=here).status_code in (200, 201)
    shop.goto(IMPORT)
    choose(shop, package, "接收")
    shop.get_by_role("checkbox", name="Submit online after the import").check()
    shop.get_by_role("button", name="Import", exact=True).click()
    expect(shop.get_by_text("The import is complete.")).to_be_visible()
    expect(shop.get_by_text("Configure these here")).to_be_visible()
    there = platform.http.get(f"/api/workspaces/{SHOP}/objects/job/sums").json()
    assert (there["directory"], there["live_version"]) == ("/接收", 1)
    shop.get_by_role("link", name="See the receipt").click()
    expect(shop.get_by_role("heading", name="i.zip")).to_be_visible()


def test_what_is_no_package_is_told_before_it_is_sent_or_after(shop: Page, tmp_path: Path) -> None:
    shop.goto(IMPORT)
    text = tmp_path / "names.txt"
    text.write_text("orders")
    shop.set_input_files("input[type=file]", text)
    expect(shop.get_by_text("names.txt is no .zip made by a batch export.")).to_be_visible()
    broken = tmp_path / "broken.zip"
    broken.write_text("this is no archive")
    choose(shop, broken, "received")
    shop.get_by_role("button", name="Import", exact=True).click()
    expect(shop.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    shop.get_by_role("button", name="Close", exact=True).last.click()
    expect(shop.get_by_role("dialog")).to_be_hidden()


def test_the_dialogs_are_there_only_where_profile_switches_and_rights_have_them(
    shop: Page, platform: Door, chromium: Browser
) -> None:
    shop.goto(f"/w/{SHOP}/jobs")
    expect(shop.get_by_role("link", name="Import batch task package")).to_be_visible()
    shop.goto("/w/default/jobs?batch=import")
    expect(shop.get_by_role("heading", name="Develop Job")).to_be_visible()
    expect(shop.get_by_role("link", name="Import batch task package")).to_be_hidden()
    expect(shop.get_by_role("dialog")).to_be_hidden()
    member(platform, "li", "developer", workspace=SHOP)
    with signed_in_as(chromium, platform, "li") as developer:
        developer.goto(EXPORT)
        expect(developer.get_by_role("heading", name="Task development")).to_be_visible()
        expect(developer.get_by_role("link", name="Batch export tasks")).to_be_hidden()
        expect(developer.get_by_role("dialog")).to_be_hidden()
    assert platform.http.patch("/api/settings", json={"batch_exports": "false"}).status_code == 200
    shop.goto(f"/w/{SHOP}/jobs")
    expect(shop.get_by_role("link", name="Import batch task package")).to_be_visible()
    expect(shop.get_by_role("link", name="Batch export tasks")).to_be_hidden()


def test_the_manuals_own_sentences_are_there_in_chinese(shop: Page) -> None:
    at_home(shop)
    shop.get_by_role("button", name="Account: administrator").click()
    shop.get_by_text("中文").click()
    shop.set_viewport_size({"width": 390, "height": 800})
    shop.goto(EXPORT)
    dialog = shop.get_by_role("dialog")
    expect(dialog.get_by_text("需要先执行“生成批量导出包”")).to_be_visible()
    for said in ("批量导出任务包", "任务范围", "线上模式", "导出内容", "任务包", "任务名称"):
        expect(dialog.get_by_text(said, exact=True)).to_be_visible()
    dialog.get_by_label("任务名称").fill("orders")
    dialog.get_by_role("button", name="生成批量任务包").click()
    expect(dialog.get_by_text("生成批量任务包已完成，可导出！")).to_be_visible()
    assert too_wide(shop) == 0
    shop.goto(IMPORT)
    for said in ("导入批量任务包", "批量任务包", "任务目录", "选择", "导入成功后自动提交上线"):
        expect(dialog.get_by_text(said, exact=True)).to_be_visible()
    assert too_wide(shop) == 0
    shop.goto(f"/w/{SHOP}/configuration/tags")
    expect(shop.get_by_role("heading", name="任务标签")).to_be_visible()
    shop.goto(f"/w/{SHOP}/variables")
    expect(shop.get_by_text("任务按名称读取。")).to_be_visible()


@in_both_themes
def test_nothing_keeps_anybody_from_the_dialogs(shop: Page, package: Path, theme: str) -> None:
    shop.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    shop.goto(EXPORT)
    shop.get_by_label(NAMES).fill("nowhere")
    shop.get_by_role("button", name=GENERATE).click()
    expect(shop.get_by_text("Matched 0, failed 1,")).to_be_visible()
    found = {"export": barriers(shop)}
    shop.goto(IMPORT)
    choose(shop, package, "received")
    found["import"] = barriers(shop)
    shop.get_by_role("button", name="Import", exact=True).click()
    shop.get_by_text("view details").click()
    expect(shop.get_by_role("table").last).to_be_visible()
    found["details"] = barriers(shop)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}
