"""Headers of every response, and the hosts that a server on loopback answers for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cases import every_case
from contract.api.doors import Door, opened


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    chosen: dict[str, Any] = {"oidc_redirect": "https://Jobferry.example:8443/sign-in"}
    with opened(tmp_path_factory.mktemp("platform"), **chosen) as running:
        yield running


def test_every_response_keeps_browsers_from_guessing_and_storing(door: Door) -> None:
    with every_case() as case:
        for path in (
            "/api/me",
            "/api/nothing",
            "/healthz",
            "/metrics",
            f"{door.factory}/jobs",
            "/api/session",
        ):
            with case(path):
                headers = door.http.get(path).headers
                assert headers["X-Content-Type-Options"] == "nosniff"
                assert headers["Cache-Control"] == "no-store"
                assert "Strict-Transport-Security" not in headers


def test_a_document_keeps_its_own_rule_of_storing(door: Door) -> None:
    from builders import job, node

    made = door.http.post("/api/workspaces/default/objects/job", json=job("a", node("n", "Dummy")))
    assert made.status_code == 201
    told = door.http.get("/api/workspaces/default/documents/job/a").headers
    assert told["Cache-Control"] == "private, no-cache"
    assert told["X-Content-Type-Options"] == "nosniff"


def test_a_server_that_encrypts_has_browsers_insist_on_it(tmp_path: Path) -> None:
    with opened(tmp_path / "p", tls_cert="certificate.pem") as door:
        assert door.http.get("/healthz").headers["Strict-Transport-Security"] == "max-age=31536000"


LOCAL = (
    "localhost",
    "LOCALHOST:1",
    "localhost.",
    "jobferry.localhost:8650",
    "127.0.0.1",
    "127.1.2.3:80",
    "[::1]:8650",
    "0.0.0.0:8650",
    "10.0.0.1",
    "[::2]:8650",
    "jobferry.example",
    "jobferry.example:8443",
)
FOREIGN = (
    "evil.example",
    "evil.example:8650",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "notlocalhost",
    "jobferry.example.evil.example",
    "user@evil.example",
    "localhost@evil.example",
    "[",
)


def answer(door: Door, host: str, path: str = "/api/session/methods") -> int:
    return door.http.get(path, headers={"Host": host}).status_code


def test_a_server_on_loopback_answers_only_for_this_machine_and_the_address_of_the_console(
    door: Door,
) -> None:
    with every_case() as case:
        for host in LOCAL:
            with case(host):
                assert answer(door, host) == 200
        for host in FOREIGN:
            for path in ("/api/session/methods", "/metrics", "/healthz", "/"):
                with case(f"{host} {path}"):
                    assert answer(door, host, path) == 400
    told = door.http.get("/api/me", headers={"Host": "evil.example"}).json()["error"]
    assert "JOBFERRY_TRUSTED_PROXIES" in told["hint"]


@pytest.mark.parametrize(
    "chosen", [{"host": "192.0.2.1"}, {"host": "10.0.0.5"}, {"trusted_proxies": "127.0.0.1"}]
)
def test_a_server_for_others_or_behind_a_proxy_answers_for_every_host(tmp_path: Path, chosen: Any) -> None:
    with opened(tmp_path / "p", **chosen) as door:
        assert answer(door, "jobferry.example") == 200
