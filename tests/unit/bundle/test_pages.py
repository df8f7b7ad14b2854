"""The documentation of a bundle: every link of a page leads to a file and a heading of the bundle."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from bundle import pages

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    pages.write(ROOT, folder)
    return folder


@pytest.mark.parametrize("folder", [".", "docs", "docs/howto", "docs/howto/zh-CN", "docs/reference"])
def test_links_of_pages_lead_to_pages(written: Path, folder: str) -> None:
    broken = []
    for page in (written / folder).glob("*.html"):
        for address in re.findall(r'(?:href|src)="(?!\w+:)([^"]+)"', page.read_text(encoding="utf-8")):
            path, _, heading = unquote(address).partition("#")
            target = (page.parent / path) if path else page
            if target.suffix == ".html" and not _has(target, heading):
                broken.append(f"{page.name}: {address}")
    assert broken == []


def test_both_languages_are_told_apart(written: Path) -> None:
    assert '<html lang="en">' in (written / "README.html").read_text(encoding="utf-8")
    assert '<html lang="zh">' in (written / "README.zh-CN.html").read_text(encoding="utf-8")
    assert '<html lang="zh">' in (written / "docs/howto/zh-CN/console.html").read_text(encoding="utf-8")


def _has(page: Path, heading: str) -> bool:
    return page.exists() and (not heading or f'id="{heading}"' in page.read_text(encoding="utf-8"))
