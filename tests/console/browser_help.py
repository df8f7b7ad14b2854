"""Every page's help opens the documentation that the platform itself serves."""

from __future__ import annotations

from contextlib import closing

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from console.axe import barriers, in_both_themes, too_wide
from console.chromium import visitor
from console.people import at_home
from console.stage import PASSWORD
from contract.api.doors import Door


@pytest.fixture
def reader(signed_in: Page) -> Page:
    """The administrator."""
    signed_in.set_default_timeout(20_000)
    return signed_in


def test_help_explains_the_page_and_its_links_stay_here(
    reader: Page, context: BrowserContext, platform: Door
) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    reader.goto("/w/default/inventory")
    reader.get_by_role("link", name="Help for this page").click()
    expect(reader.get_by_role("heading", name="Help: Keep an inventory")).to_be_visible()
    expect(reader.get_by_role("heading", name="Unknown, listed, accepted")).to_be_visible()
    reader.get_by_role("navigation", name="Pages of the documentation").get_by_text("Findings").click()
    expect(reader.get_by_role("heading", name="Help: Findings")).to_be_visible()
    article = reader.locator("article")
    links = article.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert [link for link in links if not link.startswith(("/help/", "#"))] == []
    assert [url for url in asked if not url.startswith(f"http://127.0.0.1:{platform.port}/")] == []


def test_a_link_to_a_heading_opens_there(reader: Page) -> None:
    reader.goto("/help/reference/roles")
    reader.locator("article").get_by_role("link", name="sensitive values").click()
    expect(reader.get_by_role("heading", name="Help: Documents")).to_be_visible()
    expect(reader.get_by_role("heading", name="Sensitive values")).to_be_in_viewport()


def test_chinese_readers_get_chinese_where_there_is_some(reader: Page) -> None:
    at_home(reader)
    reader.get_by_role("button", name="Account: administrator").click()
    reader.get_by_text("中文").click()
    reader.goto("/help/howto/inventory")
    expect(reader.get_by_role("heading", name="帮助：维护平台清单")).to_be_visible()
    reader.goto("/help/reference/roles")
    expect(reader.get_by_text("该页面目前只有英文版。")).to_be_visible()


@pytest.mark.large  # the gate renders all pages without a browser: web/src/features/help/docs.test.ts
def test_every_page_of_the_documentation_is_there_and_whole(reader: Page) -> None:
    reader.goto("/help/")
    links = reader.get_by_role("navigation", name="Pages of the documentation").locator("a")
    expect(links.first).to_be_visible()
    addresses = links.evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert len(addresses) > 30
    broken = {}
    for address in addresses:
        reader.goto(address)
        expect(reader.locator("article")).not_to_be_empty()
        broken[address] = reader.locator("article a[href^='#']").evaluate_all(
            "all => all.map(one => one.getAttribute('href'))"
            ".filter(it => !document.getElementById(decodeURIComponent(it.slice(1))))"
        )
    assert {address: missing for address, missing in broken.items() if missing} == {}
    reader.goto("/help/no/such/page")
    expect(reader.get_by_text("There is no such page of the documentation.")).to_be_visible()


@in_both_themes
def test_nothing_keeps_anybody_from_the_help(reader: Page, theme: str) -> None:
    reader.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    found = {}
    for path in ("", "howto/console", "reference/roles"):
        reader.set_viewport_size({"width": 1280, "height": 800})
        reader.goto(f"/help/{path}")
        expect(reader.get_by_role("navigation", name="Pages of the documentation")).to_be_visible()
        if path:
            expect(reader.locator("article")).to_be_visible()
        found[path] = barriers(reader)
        reader.set_viewport_size({"width": 390, "height": 800})
        if too_wide(reader) > 0:
            found[path].append("wider than a phone")
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(("language", "name"), [("en", "The plan of an import"), ("zh", "导入计划：")])
def test_a_page_shows_its_pictures(chromium: Browser, platform: Door, language: str, name: str) -> None:
    with closing(visitor(chromium, platform, PASSWORD, language=language, width=390)) as context:
        page = context.new_page()
        page.goto("/help/howto/console")
        picture = page.locator("article").get_by_role("img", name=name)
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("naturalWidth", 960)
        assert too_wide(page) == 0
