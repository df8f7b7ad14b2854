"""What axe finds wrong in a page for those who read it by other means than their eyes."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

_AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
_GRAVE = ("serious", "critical")


def barriers(page: Page) -> list[str]:
    """Everything serious, as *rule: place: text*."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, rules)", _RULES)
    return [
        f"{rule['id']}: {node['target']}: {node['html'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in _GRAVE
        for node in rule["nodes"]
    ]
