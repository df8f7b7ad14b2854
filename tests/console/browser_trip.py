"""The whole trip over two platforms: ticks on one, an import on the other, and back again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from builders import job, node, script
from console.chromium import visitor
from console.stage import PASSWORD, connection
from contract.api.doors import Door, opened


class Said(NamedTuple):
    """What the buttons of the trip are called."""

    export: str
    begin: str
    download: str
    closure: str
    next: str
    missing: str
    apply: str
    done: str
    undo: str
    confirm: str
    undone: str
    source: str
    listed: str


SAID = {
    "en": Said(
        export="Export Selected Job",
        begin="OK",
        download="Download",
        closure="Export jobs and their dependency scripts and resource definitions",
        next="Next",
        missing="Missing here: data connection",
        apply="Create 2",
        done="created 2",
        undo="Undo",
        confirm="Undo the import",
        undone="removed 2",
        source="· from the workspace default of the platform jobferry",
        listed="undone",
    ),
    "zh": Said(
        export="指定作业导出",
        begin="确定",
        download="下载",
        closure="导出作业及其依赖脚本和资源定义",
        next="下一步",
        missing="此处缺少：数据连接",
        apply="导入：新建 2",
        done="已新建 2",
        undo="撤销",
        confirm="撤销导入",
        undone="已移除 2",
        source="· 来自平台 jobferry 的工作空间 default",
        listed="已撤销",
    ),
}


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Door]:
    """A second platform, which has another connection."""
    with opened(tmp_path / "other") as door:
        connection(door, "default", "dws_prod")
        yield door


@pytest.fixture
def source(platform: Door) -> Door:
    """The first platform, with a job, the script that it runs, and another job."""
    connection(platform, "default", "dws_test")
    load = node("load", "DWSSQL", connectionName="dws_test", scriptName="clean", database="dw")
    for kind, document in (
        ("script", script("clean", connectionName="dws_test")),
        ("job", job("orders", load)),
        ("job", job("others", node("n", "Dummy"))),
    ):
        made = platform.http.post(
            f"/api/workspaces/default/objects/{kind}", content=json.dumps(document).encode()
        )
        assert made.status_code == 201, made.text
    return platform


@pytest.mark.parametrize("language", ["en", "zh"])
def test_jobs_travel_from_one_platform_to_another_and_back(
    chromium: Browser, source: Door, other: Door, tmp_path: Path, language: str
) -> None:
    said = SAID[language]
    with closing(visitor(chromium, source, PASSWORD, language=language)) as there:
        package = exported(there.new_page(), said, tmp_path)
    with closing(visitor(chromium, other, PASSWORD, language=language)) as here:
        page = here.new_page()
        landed_by_hand(page, said, package)
        document = other.http.get("/api/workspaces/default/documents/job/orders").text
        assert "dws_prod" in document
        assert "dws_test" not in document
        taken_back(page, said)
        assert other.http.get("/api/workspaces/default/objects/job").json()["total"] == 0


def exported(page: Page, said: Said, folder: Path) -> Path:
    """Ticks a job, exports it with what it uses, and fetches the package."""
    page.goto("/w/default/jobs?boxes=on")
    page.get_by_role("row", name="orders").get_by_role("checkbox").check()
    page.reload()
    expect(page.get_by_role("row", name="orders").get_by_role("checkbox")).to_be_checked()
    page.get_by_role("button", name=said.export, exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text(said.closure).click()
    expect(dialog.get_by_text("dws_test")).to_be_visible()
    dialog.get_by_role("button", name=said.begin, exact=True).click()
    with page.expect_download() as coming:
        dialog.get_by_role("link", name=said.download, exact=True).click()
    file = folder / "carried.zip"
    coming.value.save_as(file)
    return file


def landed_by_hand(page: Page, said: Said, package: Path) -> None:
    """Imports a package with a mapping; each step is still there after a reload."""
    page.goto("/w/default/imports/new")
    page.set_input_files("input[type=file]", package)
    page.get_by_role("button", name=said.next, exact=True).click()
    expect(page.get_by_text(said.missing)).to_be_visible()
    page.get_by_role("combobox", name="dws_test").click()
    page.locator(".ant-select-item-option").filter(has_text="dws_prod").click()
    page.reload()
    expect(page.locator("main .ant-select").filter(has_text="dws_prod")).to_be_visible()
    page.get_by_role("button", name=said.next, exact=True).click()
    apply = page.get_by_role("button", name=said.apply, exact=True)
    expect(apply).to_be_visible()
    page.reload()
    apply.click()
    done = page.get_by_role("group").get_by_role("button", name=said.done, exact=True)
    expect(done).to_be_visible()
    expect(page.get_by_text(said.source)).to_be_visible()
    page.reload()
    expect(done).to_be_visible()


def taken_back(page: Page, said: Said) -> None:
    """Undoes the import whose receipt is shown."""
    page.get_by_role("button", name=said.undo, exact=True).click()
    page.reload()
    page.get_by_role("button", name=said.confirm, exact=True).click()
    expect(page.get_by_role("group").get_by_role("button", name=said.undone, exact=True)).to_be_visible()
    page.goto("/w/default/imports")
    expect(page.get_by_role("row", name="carried.zip")).to_contain_text(said.listed)
