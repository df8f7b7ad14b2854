"""The console as it is served: its page everywhere but at the APIs' addresses, its files for good."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import anyio
import httpx
import pytest
from starlette.responses import PlainTextResponse

from contract.api.doors import Door, fits
from jobferry.api.console import Console, is_built
from jobferry.api.front import Front
from jobferry.api.native.sessions import SessionAnswer

PAGE = '<!doctype html><script src="/assets/index-BtOz2w36.js" nonce="{nonce}"></script>'
SCRIPT = b"console.log('jobferry')\n" * 100
HTML = {"Accept": "text/html,application/xhtml+xml"}
Ask: TypeAlias = Callable[..., httpx.Response]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """What a browser gets of a small console in front of an API that answers all it is asked."""
    assets = tmp_path / "assets"
    assets.mkdir()
    assert not is_built(tmp_path)
    (tmp_path / "index.html").write_text(PAGE)
    assert is_built(tmp_path)
    (assets / "index-BtOz2w36.js").write_bytes(SCRIPT)
    (assets / "index-BtOz2w36.js.gz").write_bytes(gzip.compress(SCRIPT))
    transport = httpx.ASGITransport(Front(Console(PlainTextResponse("api"), tmp_path)))

    async def asked(path: str, method: str, headers: dict[str, str]) -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://console") as client:
            return await client.request(method, path, headers=headers)

    return lambda path, method="GET", headers=HTML: anyio.run(asked, path, method, headers)


def test_every_address_of_nobody_else_is_the_page(ask: Ask) -> None:
    for path in ("/", "/welcome", "/workspaces/dev/jobs/a%2Fb", "/apis", "/v3/x"):
        assert "<!doctype html>" in ask(path).text
    for path in ("/api/platform", "/v1/p/jobs", "/v2/p/factory/env", "/healthz", "/readyz", "/metrics"):
        assert ask(path).text == "api"
    assert ask("/", headers={}).text == ask("/", "POST").text == "api"


def test_each_page_has_a_nonce_of_its_own_and_may_load_nothing_from_elsewhere(ask: Ask) -> None:
    nonces = set()
    for _ in range(2):
        shown = ask("/")
        [nonce] = re.findall(r'nonce="([^"]+)"', shown.text)
        policy = shown.headers["Content-Security-Policy"]
        assert f"style-src 'self' 'nonce-{nonce}'" in policy and "default-src 'none'" in policy
        assert "http" not in policy and "unsafe-eval" not in policy
        assert shown.headers["Cache-Control"] == "no-store"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        nonces.add(nonce)
    assert len(nonces) == 2


def test_files_are_sent_compressed_and_kept_for_good(ask: Ask) -> None:
    sent = ask("/assets/index-BtOz2w36.js", headers={"Accept-Encoding": "gzip"})
    assert sent.content == SCRIPT and sent.headers["Content-Encoding"] == "gzip"
    assert "immutable" in sent.headers["Cache-Control"]
    assert ask("/assets/index-BtOz2w36.js", headers={"Accept-Encoding": "identity"}).content == SCRIPT
    assert ask("/assets/%2e%2e/index.html").status_code == 404


def test_what_was_built_anew_meanwhile_is_served_as_it_is_now(ask: Ask, tmp_path: Path) -> None:
    assets = tmp_path / "assets"
    former, listed = assets / "index-BtOz2w36.js", assets / "licences.json"
    listed.write_text("[]")
    assert ask("/assets/licences.json").text == "[]"
    for file in (former, former.with_suffix(".js.gz"), listed):
        file.unlink()
    (assets / "index-Zz9_2w36.js").write_bytes(b"new")
    listed.write_text('["a", "b"]')
    (tmp_path / "index.html").write_text(PAGE.replace("BtOz2w36", "Zz9_2w36"))
    assert "index-Zz9_2w36.js" in ask("/").text
    assert ask("/assets/index-Zz9_2w36.js").content == b"new"
    assert ask("/assets/licences.json").text == '["a", "b"]'
    gone = ask("/assets/index-BtOz2w36.js")
    assert (gone.status_code, gone.headers["Cache-Control"]) == (404, "no-store")
    assert gone.headers["Content-Type"].startswith("text/plain")
    assert "reload the page" in gone.text


def test_a_file_that_goes_before_its_first_byte_is_a_file_that_is_gone(ask: Ask, tmp_path: Path) -> None:
    """Its folder looks as it did: only whoever opens the file sees that it is not there."""
    assets = tmp_path / "assets"
    before = assets.stat()
    for file in assets.iterdir():
        file.unlink()
    os.utime(assets, ns=(before.st_atime_ns, before.st_mtime_ns))
    gone = ask("/assets/index-BtOz2w36.js")
    assert (gone.status_code, gone.headers["Cache-Control"]) == (404, "no-store")
    assert "reload the page" in gone.text


def test_while_there_is_no_page_it_is_said_to_come_back(ask: Ask, tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.rename(tmp_path / "kept")
    for path in ("/", "/assets/index-BtOz2w36.js"):
        shown = ask(path)
        assert (shown.status_code, shown.headers["Retry-After"]) == (503, "1")
        assert "being replaced" in shown.text
    (tmp_path / "kept").rename(page)
    assert ask("/").status_code == 200


def test_nobody_is_told_that_they_are_nobody(door: Door) -> None:
    """A page that asks on its own who is signed in is no failed attempt, and no error in its browser."""
    nobody = httpx.get(f"http://127.0.0.1:{door.port}/api/session", trust_env=False)
    assert fits(SessionAnswer, nobody) == {"name": "", "csrf_token": ""}
    wrong = httpx.get(
        f"http://127.0.0.1:{door.port}/api/session", trust_env=False, headers={"Cookie": "jobferry_session=x"}
    )
    assert fits(SessionAnswer, wrong) == {"name": "", "csrf_token": ""}
