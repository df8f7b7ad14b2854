"""Further people at their own browsers, beside the administrator whom every test begins with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

from console.stage import PASSWORD
from contract.api.doors import Door


def member(door: Door, name: str, *roles: str, workspace: str) -> None:
    """A user with a password, and what they are in a workspace."""
    made = door.http.post("/api/users", json={"name": name, "password": PASSWORD})
    assert made.status_code in (201, 409), made.text
    put = door.http.put(f"/api/workspaces/{workspace}/members/{name}", json={"roles": list(roles)})
    assert put.status_code in (200, 204), put.text


@contextmanager
def signed_in_as(chromium: Browser, door: Door, name: str, *, locale: str = "en-US") -> Iterator[Page]:
    """A browser in which that user is signed in."""
    fresh: Any = chromium.new_context(
        base_url=f"http://127.0.0.1:{door.port}", locale=locale, viewport={"width": 1280, "height": 800}
    )
    try:
        page = fresh.new_page()
        page.set_default_timeout(20_000)
        page.goto("/")
        page.locator("input").first.fill(name)
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("button[type=submit]").click()
        expect(page.get_by_role("navigation")).to_be_visible()
        yield page
    finally:
        fresh.close()


def at_home(page: Page) -> None:
    """Goes to the page that is shown after signing in."""
    page.goto("/")
    expect(page.get_by_role("navigation")).to_be_visible()
