"""One Chinese word per meaning, in documentation, console, command line and messages: the console's."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from cases import every_case

ROOT = Path(__file__).parents[3]
OTHERS = {"草稿": "开发态", "已发布版本": "线上版本"}
TEXTS = ("docs/**/*.md", "*.md", "src/jobferry/cli/*.py", "src/jobferry/model/**/*.py", "web/src/**/*.ts*")


def test_nothing_has_two_chinese_words() -> None:
    files = list(chain.from_iterable(ROOT.glob(pattern) for pattern in TEXTS))
    assert len(files) > len(TEXTS)
    with every_case() as case:
        for file in files:
            with case(file.relative_to(ROOT)):
                text = file.read_text(encoding="utf-8")
                assert [f"{word}: say {ours}" for word, ours in OTHERS.items() if word in text] == []
