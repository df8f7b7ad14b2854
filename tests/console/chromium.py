"""The browser that the console is tested with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from contract.api.doors import Door

_HEIGHT = 860
_BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
"""The first one has no window of its own around each page, which takes a third of the time elsewhere."""
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser of this machine; none is downloaded."""
    found = os.environ.get("JOBFERRY_BROWSER") or next(filter(None, map(shutil.which, _BROWSERS)), None)
    if not found:
        pytest.exit("no browser: set JOBFERRY_BROWSER, or install chromium", returncode=2)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        yield browser
        browser.close()


def stranger(
    browser: Browser, platform: Door, *, width: int = 1280, language: str = "en", theme: str = "light"
) -> BrowserContext:
    """The browser of somebody who has not signed in."""
    return browser.new_context(
        base_url=f"http://127.0.0.1:{platform.port}",
        viewport={"width": width, "height": _HEIGHT},
        locale="zh-CN" if language == "zh" else "en-GB",
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )


def visitor(
    browser: Browser,
    platform: Door,
    password: str,
    *,
    width: int = 1280,
    language: str = "en",
    theme: str = "light",
) -> BrowserContext:
    """The administrator's browser, signed in with this password, which is made theirs."""
    given = platform.http.put("/api/users/administrator/password", json={"new": password})
    assert given.status_code == 200, given.text
    context = stranger(browser, platform, width=width, language=language, theme=theme)
    answer = context.request.post("/api/session", data={"name": "administrator", "password": password})
    assert answer.ok, answer.text()
    return context
