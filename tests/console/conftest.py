"""A platform with its console, and a browser that stops a test at anything wrong in a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from console.chromium import launched
from console.stage import PASSWORD
from contract.api.doors import Door, opened

expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this machine."""
    with launched() as browser:
        yield browser


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Door]:
    """A platform after its first start."""
    with opened(tmp_path / "data") as door:
        yield door


@pytest.fixture
def context(chromium: Browser, platform: Door) -> Iterator[BrowserContext]:
    """A browser that was never here before."""
    fresh: Any = chromium.new_context(
        base_url=f"http://127.0.0.1:{platform.port}",
        locale="en-US",
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
    )
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; whatever it throws or its policy refuses fails the test."""
    wrong: list[str] = []
    shown = context.new_page()
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    yield shown
    assert [text for text in wrong if "status of 4" not in text] == []


@pytest.fixture
def signed_in(page: Page, platform: Door) -> Page:
    """The administrator with a password, signed in; where to go is the test's to say.

    By the call that the form makes: a page that is only left again takes a third of most tests' time.
    """
    given = platform.http.put("/api/users/administrator/password", json={"new": PASSWORD})
    assert given.is_success, given.text
    answer = page.request.post("/api/session", data={"name": "administrator", "password": PASSWORD})
    assert answer.ok, answer.text()
    return page


@pytest.fixture
def welcomed(page: Page, platform: Door) -> Page:
    """The administrator, who has chosen a password by the link of the first start, at home."""
    link = platform.platform.users.first_password_link("administrator")
    page.goto(f"/welcome#link={link}")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Repeat the password").fill(PASSWORD)
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page.get_by_role("navigation")).to_be_visible()
    return page
