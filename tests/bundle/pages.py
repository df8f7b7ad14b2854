"""The documentation as HTML that is read without a server: links between pages lead to pages."""

from __future__ import annotations

import html
import re
import shutil
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

_STYLE = (
    "body{max-width:60rem;margin:2rem auto;padding:0 1rem;font-family:sans-serif;line-height:1.5}"
    "pre{overflow:auto;padding:.7rem;background:#f4f4f4}table{border-collapse:collapse}"
    "td,th{border:1px solid #ccc;padding:.2rem .5rem;vertical-align:top}img{max-width:100%}"
)
_PICTURES = {".webp", ".png", ".svg"}


def write(root: Path, target: Path) -> None:
    """The READMEs, what stands beside them and everything in ``docs``, with its pictures."""
    files = [*root.glob("*.md"), *(root / "docs").rglob("*"), *(root / "examples").glob("*.md")]
    for file in files:
        place = target / file.relative_to(root)
        if file.suffix == ".md":
            place.parent.mkdir(parents=True, exist_ok=True)
            language = "zh" if "zh-CN" in str(file.relative_to(root)) else "en"
            written = page(file.read_text(encoding="utf-8"), language)
            place.with_suffix(".html").write_text(written, encoding="utf-8")
        elif file.suffix in _PICTURES:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)


def page(text: str, language: str) -> str:
    """One page."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = parser.parse(text)
    title = ""
    for token, after in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _anchor(after.content))
            title = title or after.content
        for inner in token.children or ():
            _point(inner)
    body = parser.renderer.render(tokens, parser.options, {})
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title>"
        f"<style>{_STYLE}</style></head>\n<body>\n{body}</body></html>\n"
    )


def _point(token: Token) -> None:
    """Lets a link to a page in Markdown lead to the same page in HTML."""
    address = urlsplit(str(token.attrGet("href") or ""))
    if not address.scheme and address.path.endswith(".md"):
        token.attrSet("href", address._replace(path=address.path.removesuffix("md") + "html").geturl())


def _anchor(title: str) -> str:
    """What a heading is called in addresses, as Git hosts do it."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
