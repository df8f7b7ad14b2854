"""Every link of a page leads to a file and a heading that exist, and the index lists every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
_FENCE = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for file, heading in _LINK.findall(_prose(page)):
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (heading and heading not in _anchors(target)):
            broken.append(f"{file}#{heading}" if heading else file)
    assert broken == []


def test_the_index_lists_every_page() -> None:
    listed = {(DOCS / file).resolve() for file, _ in _LINK.findall(_prose(DOCS / "README.md"))}
    decisions = {
        (DOCS / "adr" / file).resolve() for file, _ in _LINK.findall(_prose(DOCS / "adr" / "README.md"))
    }
    assert set(DOCS.rglob("*.md")) - listed - decisions == {DOCS / "README.md"}


def _prose(page: Path) -> str:
    """A page without what is quoted in it."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def _anchors(page: Path) -> set[str]:
    """What the page's headings are called in addresses, as Git hosts do it."""
    return {
        re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
        for title in _HEADING.findall(_prose(page))
    }
