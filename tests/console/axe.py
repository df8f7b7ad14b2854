"""What axe finds wrong in a page for those who read it by other means than their eyes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

_AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
_RUN = """rules => Promise.race([axe.run(document, rules),
  new Promise((_, fail) => setTimeout(() => fail(new Error("axe does not end")), 300000))])"""
_GRAVE = ("serious", "critical")
STILL = """() => Promise.race([
  Promise.allSettled(document.getAnimations()
    .filter(one => one.effect.getComputedTiming().endTime < Infinity)
    .map(one => one.finished)),
  new Promise(end => setTimeout(end, 5000))]).then(() => null)"""
"""Waits until nothing slides in or fades any more: what is half there has other colours. A browser without a
window may never draw the end of an animation, so it waits 5 s at most."""

in_both_themes = pytest.mark.parametrize("theme", [pytest.param("light", marks=pytest.mark.large), "dark"])
"""Run a test in both themes. The gate takes dark, and both only for an import, which shows all colours."""

_OVER = "document.documentElement.scrollWidth - window.innerWidth"
_SETTLED_MS = 3_000
_LOOK_MS = 100


def too_wide(page: Page) -> int:
    """By how many pixels a page is wider than its window, once it has settled; 0 if it fits."""
    for _ in range(_SETTLED_MS // _LOOK_MS):
        if int(page.evaluate(_OVER)) <= 0:
            return 0
        page.wait_for_timeout(_LOOK_MS)
    return int(page.evaluate(_OVER))


def barriers(page: Page) -> list[str]:
    """Everything serious, as *rule: place: text*. What is only so while colours change is looked at again."""
    if found := _barriers(page):
        page.wait_for_timeout(_SETTLED_MS)
        found = _barriers(page)
    return found


def _barriers(page: Page) -> list[str]:
    page.evaluate(STILL)
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate(_RUN, _RULES)
    return [
        f"{rule['id']}: {node['target']}: {node['html'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in _GRAVE
        for node in rule["nodes"]
    ]
