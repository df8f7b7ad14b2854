"""A PostgreSQL server that is restarted under two servers of a platform."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from builders import job, node
from postgres import PostgresServer, postgres_server
from processes import Served, packed
from sites import Site

_JOBS = "/api/workspaces/sales/objects/job"
_ALL = 300


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@contextmanager
def two_servers(postgres: PostgresServer, folder: Path) -> Iterator[list[Served]]:
    site = Site(folder, postgres.database(), JOBFERRY_PACKAGES=str(folder / "packages"))
    with site.served("a") as first, site.served("b") as second:
        first.workspace("sales")
        yield [first, second]


def package(tag: str, count: int) -> bytes:
    return packed(job(f"{tag}_{number}", node("n")) for number in range(count))


def asked_at_once(server: Served, times: int) -> list[int]:
    """As many calls at the same time, so that as many connections are in use."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(lambda _: server.http.get(_JOBS).status_code, range(times)))


def test_after_a_restart_no_call_gets_a_connection_of_before(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    with two_servers(postgres, tmp_path) as servers:
        for server in servers:
            assert asked_at_once(server, 8) == [200] * 8
        with postgres.down():
            pass
        for server in servers:
            assert [server.http.get(_JOBS).status_code for _ in range(10)] == [200] * 10
        assert servers[1].land(package("o", 3), "sales")["message"] == "3 created"
        assert len(servers[0].names("sales")) == 3


def test_while_it_is_down_calls_say_so_and_the_servers_live_on(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    with two_servers(postgres, tmp_path) as servers:
        first, second = servers
        received = first.hand_in(package("o", _ALL)).json()["id"]
        task = first.begin(received, "sales").json()["task_id"]
        with postgres.down():
            for server in servers:
                assert server.http.get("/healthz").status_code == 200
                for path in ("/readyz", _JOBS):
                    answer = server.http.get(path)
                    assert answer.status_code == 503
                    told = answer.json()["error"]
                    assert told["code"] == "store-failed"
                    assert told["hint"]
        assert second.http.get("/readyz").status_code == 200
        ended = second.ended(task)
        found = len(second.names("sales"))
        assert (ended["status"], ended["code"], found) in [
            ("SUCCESSFUL", "", _ALL),
            ("FAILED", "store-failed", 0),
        ]
        assert len(second.receipts("sales")) == (1 if found else 0)
        assert first.land(package("p", 2), "sales")["message"] == "2 created"
