"""The documentation's pictures: small, described, each shown somewhere, and in the reader's language."""

from __future__ import annotations

import re

from .test_links import PAGES, ROOT

_SHOWN = re.compile(r"!\[(?P<text>[^\]]*)\]\((?P<path>[^)]+)\)")
_MOST_BYTES = 60_000
_LEAST_WORDS = 12
"""Letters of a description that says more than a name."""


def test_every_picture_is_small_and_shown_with_a_description_in_the_language_of_its_page() -> None:
    there = set((ROOT / "docs" / "pictures").iterdir())
    shown = set()
    for page in PAGES:
        language = "zh" if "zh-CN" in str(page.relative_to(ROOT)) else "en"
        for found in _SHOWN.finditer(page.read_text(encoding="utf-8")):
            picture = (page.parent / found["path"]).resolve()
            assert picture in there, f"{page.name}: {found['path']}"
            assert len(found["text"]) > _LEAST_WORDS, f"{page.name}: {found['path']}"
            assert picture.suffixes[0] == f".{language}", f"{page.name}: {found['path']}"
            shown.add(picture)
    assert shown == there
    assert [file.name for file in there if file.stat().st_size > _MOST_BYTES] == []
