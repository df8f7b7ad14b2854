"""The console as it is served: its page everywhere but at the APIs' addresses, its files for good."""

from __future__ import annotations

import gzip
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
    assert ask("/assets/%2e%2e/index.html").text == "api"
    assert ask("/assets/gone-BtOz2w36.js").text == "api"


def test_nobody_is_told_that_they_are_nobody(door: Door) -> None:
    """A page that asks on its own who is signed in is no failed attempt, and no error in its browser."""
    nobody = httpx.get(f"http://127.0.0.1:{door.port}/api/session", trust_env=False)
    assert fits(SessionAnswer, nobody) == {"name": "", "csrf_token": ""}
    wrong = httpx.get(
        f"http://127.0.0.1:{door.port}/api/session", trust_env=False, headers={"Cookie": "jobferry_session=x"}
    )
    assert fits(SessionAnswer, wrong) == {"name": "", "csrf_token": ""}
