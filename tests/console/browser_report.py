"""Reports as pages: opened from disk, without a network, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from builders import job, node
from console.axe import barriers
from console.stage import connection, packed, sales
from contract.api.doors import Door
from e2e.cli.lines import Lines

HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def run(platform: Door, tmp_path: Path) -> Lines:
    """The command line, about this platform."""
    return Lines(platform, "default", tmp_path, {})


@pytest.fixture
def offline(chromium: Browser) -> Iterator[Page]:
    """A page without a network; whatever it throws, logs or asks for besides itself fails the test."""
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 800})
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on(
        "request", lambda asked: None if asked.url.startswith(("file:", "data:")) else wrong.append(asked.url)
    )
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    yield page
    context.close()
    assert wrong == []


def opened(page: Page, file: Path) -> None:
    """Opens a report from disk."""
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_package_that_is_refused_has_a_report_that_says_why(
    offline: Page, run: Lines, tmp_path: Path
) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    run("check broken.zip --report refused.html", code=7)
    opened(offline, tmp_path / "refused.html")
    expect(offline.get_by_role("heading", name="Check of broken.zip")).to_be_visible()
    expect(offline.get_by_role("alert")).to_contain_text("The package was refused")
    assert barriers(offline) == []
    offline.get_by_text("中文").click()
    expect(offline.get_by_role("alert")).to_contain_text("包被拒绝")


def test_a_check_says_all_that_the_console_says(offline: Page, run: Lines, tmp_path: Path) -> None:
    (tmp_path / "p.zip").write_bytes(sales("nowhere"))
    run("check p.zip --report check.html", code=3)
    opened(offline, tmp_path / "check.html")
    expect(offline.get_by_role("heading", name="Check of p.zip")).to_be_visible()
    expect(offline.get_by_role("row", name="orders")).to_contain_text("blocked")
    offline.get_by_role("button", name="create 1").click()
    expect(offline.get_by_role("row", name="orders")).to_be_hidden()
    expect(offline.get_by_text("keeps out").first).to_be_visible()
    offline.get_by_text("中文").click()
    expect(offline.get_by_role("heading", name="p.zip 的检查")).to_be_visible()
    for theme in ("light", "dark"):
        offline.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        assert barriers(offline) == []


def test_a_command_in_a_remedy_is_set_as_code(offline: Page, run: Lines, tmp_path: Path) -> None:
    spark = node("count", "MRSSpark", clusterName="lake", jobName="count", jarPath="obs://jobs/count.jar")
    (tmp_path / "p.zip").write_bytes(packed(("jobs/counts.job", job("counts", spark))))
    run("check p.zip --report check.html")
    opened(offline, tmp_path / "check.html")
    expect(offline.locator("code", has_text=re.compile("^jobferry inventory add$")).first).to_be_visible()
    expect(offline.get_by_text("`")).to_have_count(0)


def test_plan_receipt_and_comparison_show_what_differs(
    offline: Page, run: Lines, platform: Door, tmp_path: Path
) -> None:
    connection(platform, "default", "dws_test")
    (tmp_path / "a.zip").write_bytes(sales())
    (tmp_path / "b.zip").write_bytes(sales(content="SELECT 3;\n"))
    run("import a.zip --yes")
    run("plan b.zip -o plan.json --duplicates overwrite --report plan.html --language zh")
    run("receipt show --last --report receipt.html")
    run("diff a.zip b.zip --report diff.html", code=10)
    opened(offline, tmp_path / "plan.html")
    expect(offline.get_by_role("columnheader", name="目录")).to_be_visible()
    expect(offline.get_by_role("heading", name="b.zip 的导入计划")).to_be_visible()
    offline.get_by_role("row", name="clean").get_by_text("脚本").click()
    expect(offline.get_by_text("+SELECT 3;")).to_be_visible()
    expect(offline.get_by_role("row", name="orders")).to_contain_text("摘要相同")
    opened(offline, tmp_path / "receipt.html")
    expect(offline.get_by_role("row", name="orders")).to_contain_text("created")
    expect(offline.get_by_role("columnheader", name="Directory")).to_have_count(0)
    opened(offline, tmp_path / "diff.html")
    expect(offline.get_by_text("2 more are the same on both sides.")).to_be_visible()
    expect(offline.get_by_role("button", name="changed 1")).to_be_visible()
    expect(offline.get_by_role("row", name="clean")).not_to_contain_text("overwrite")


def test_hostile_names_are_only_shown(offline: Page, run: Lines, tmp_path: Path) -> None:
    document = job("orders", node("n", "Dummy"), description=HOSTILE)
    (tmp_path / "a.zip").write_bytes(packed(("jobs/orders.job", job("orders", node("n", "Dummy")))))
    (tmp_path / "b.zip").write_bytes(packed(("jobs/orders.job", document), (f"jobs/{HOSTILE}.job", document)))
    run("diff a.zip b.zip --report diff.html", code=10)
    opened(offline, tmp_path / "diff.html")
    offline.get_by_role("row", name="orders").get_by_text("job", exact=True).click()
    expect(offline.get_by_text(HOSTILE).first).to_be_visible()
    expect(offline.locator("img")).to_have_count(0)
