"""In workspaces of the profile EasyData no page speaks of jobs and workspaces, but of tasks and projects."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from builders import job, node
from cases import every_case
from console.people import at_home
from console.stage import checked, landed, packed, sales
from contract.api.doors import Door

SHOP = "shop"
FACTORY_NOUN = re.compile(r"(?<![/.])\b(?:jobs?|workspaces?)\b(?!/)|(?<!CDM )作业|工作空间", re.IGNORECASE)
LISTS = ("jobs", "scripts", "resources", "cdms", "changes", "downloads", "imports", "reviews", "connections")
SETTINGS = ("defaults", "tags", "members", "policies", "audit")
TABS = ("graph", "nodes", "schedule", "parameters", "lineage", "references", "versions", "document", "edit")
OTHERS = (
    "inventory",
    "variables",
    "asset-backups",
    "imports/new",
    "imports/new?act=import-workspace-job",
    "new/job",
)
WORDS = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const said = [];
  while (texts.nextNode()) {
    const isNoProse = texts.currentNode.parentElement.closest("code, script, style, .cm-editor");
    if (!isNoProse) said.push(texts.currentNode.data);
  }
  for (const one of document.body.querySelectorAll("*")) {
    said.push(...["aria-label", "placeholder", "title"].map(name => one.getAttribute(name)).filter(Boolean));
  }
  return said;
}"""
"""All that a page says; commands and texts of documents are the platform's, not the manual's."""


@pytest.fixture
def addresses(signed_in: Page, platform: Door) -> list[str]:
    """Pages of a project with a task, an import that waits, one whose receipt is there, and a held task."""
    platform.workspace(SHOP, profile="easydata", change_management="true", default_directory="/in")
    place = f"/api/workspaces/{SHOP}"
    platform.http.post(
        f"{place}/objects/job", json=job("orders", node("one")), params={"submit": "true"}
    ).raise_for_status()
    upstream = packed(
        ("jobs/sums.job", job("sums", node("one", "Shell", connectionName="host"), upstream=["gone"]))
    )
    waiting = checked(platform, SHOP, upstream, missing="block")
    plan = checked(platform, SHOP, sales())
    receipt = landed(platform, SHOP, sales(), missing="hold")
    set_so = platform.http.patch("/api/workspaces/default/settings", json={"profile": "easydata"})
    assert set_so.status_code == 200
    inside = [
        *LISTS,
        *OTHERS,
        *(f"configuration/{one}" for one in SETTINGS),
        *(f"jobs/orders?tab={tab}" for tab in TABS),
    ]
    imports = [
        f"imports/{waiting}?step=mapping",
        f"imports/{waiting}?step=plan",
        f"imports/{plan}?step=plan",
        f"receipts/{receipt}",
        f"receipts/{receipt}?undo=all",
    ]
    return ["/", *(f"/w/{SHOP}/{path}" for path in (*inside, *imports))]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_platform_refuses_in_a_project_it_refuses_in_the_words_of_its_manual(
    signed_in: Page, addresses: list[str], language: str
) -> None:
    at_home(signed_in)
    signed_in.evaluate(f"localStorage.setItem('jobferry.language', '{language}')")
    signed_in.goto(f"/w/{SHOP}/jobs/gone")
    told = {"en": "the task gone does not exist in this project", "zh": "该项目没有任务 gone"}
    expect(signed_in.get_by_role("alert").first).to_contain_text(told[language], ignore_case=True)
    assert [text for text in signed_in.evaluate(WORDS) if FACTORY_NOUN.search(text)] == []


@pytest.mark.large  # the gate compares the tables of words: web/src/shared/words/manual.test.ts
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_page_of_a_project_has_a_noun_of_the_other_manual(
    signed_in: Page, addresses: list[str], language: str
) -> None:
    at_home(signed_in)
    signed_in.evaluate(f"localStorage.setItem('jobferry.language', '{language}')")
    with every_case() as case:
        for address in addresses:
            with case(address):
                signed_in.goto(address)
                expect(signed_in.get_by_role("heading").first).to_be_visible()
                signed_in.wait_for_load_state("networkidle")
                if "/receipts/" in address:
                    for folded in signed_in.locator(".ant-collapse-header").all():
                        folded.click()
                    expect(signed_in.locator(".ant-collapse-header[aria-expanded=false]")).to_have_count(0)
                    signed_in.wait_for_load_state("networkidle")
                said = signed_in.evaluate(WORDS)
                assert len(said) > len(addresses)
                assert [text for text in said if FACTORY_NOUN.search(text)] == []
