"""What a page needs is asked for by the page itself, before the console has begun."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from builders import job, node
from console.stage import checked, sales
from contract.api.doors import Door

JOBS = "/api/workspaces/default/objects/job"
CODE = """() => {
  const asked = performance.getEntriesByType("resource").map(one => new URL(one.name).pathname);
  const written = [...document.querySelectorAll("script[src], link[rel=modulepreload][nonce]")];
  const ahead = [...document.querySelectorAll("link[rel=modulepreload][fetchpriority=low]")];
  const known = [...written, ...ahead].map(one => new URL(one.src || one.href).pathname);
  return {
    ahead: ahead.length,
    late: asked.filter(path => path.endsWith(".js") && !path.includes(".worker-") && !known.includes(path)),
  };
}"""


@pytest.fixture
def stocked(signed_in: Page, platform: Door) -> str:
    """The address of a workspace with a job, and the import that is checked there."""
    text = job("orders", node("extract"), node("load", after=["extract"]))
    platform.http.post(JOBS, json=text).raise_for_status()
    return checked(platform, "default", sales())


@pytest.mark.parametrize(
    "path", ["jobs", "jobs/orders", "jobs/orders?tab=schedule", "scripts", "imports/{id}"]
)
def test_no_code_of_a_page_is_asked_for_only_once_the_console_runs(
    signed_in: Page, stocked: str, path: str
) -> None:
    signed_in.goto(f"/w/default/{path.format(id=stocked)}")
    expect(signed_in.get_by_role("heading", level=1)).to_be_visible()
    if path == "jobs/orders":
        expect(signed_in.locator(".react-flow__node")).to_have_count(2)
    told = signed_in.evaluate(CODE)
    assert told["ahead"] > 0 and told["late"] == []


@pytest.mark.parametrize("path", ["jobs", "jobs/orders", "imports/{id}", "imports/{id}?step=plan"])
def test_nothing_is_asked_for_twice(signed_in: Page, stocked: str, path: str) -> None:
    signed_in.goto(f"/w/default/{path.format(id=stocked)}")
    expect(signed_in.get_by_role("heading", level=1)).to_be_visible()
    signed_in.wait_for_load_state("networkidle")
    asked = signed_in.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    apis = [address for address in asked if "/api/" in address]
    assert len(apis) > 4
    assert sorted(set(apis)) == sorted(apis)


def test_all_of_a_graph_is_drawn_behind_what_is_seen_first(signed_in: Page, platform: Door) -> None:
    many = [node(f"n{number}", after=[f"n{number - 10}"] if number >= 10 else []) for number in range(100)]
    platform.http.post(JOBS, json=job("wide", *many)).raise_for_status()
    signed_in.goto("/w/default/jobs/wide")
    expect(signed_in.locator(".react-flow__node")).to_have_count(100)
    expect(signed_in.locator(".react-flow__edge")).to_have_count(90)
    expect(signed_in.locator(".react-flow__minimap")).to_be_visible()
