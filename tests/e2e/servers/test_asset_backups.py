"""Daily asset backups where several servers are: exactly one takes each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg

from postgres import postgres_server
from sites import Site

OWN = "/api/workspaces/default"


def test_a_day_that_is_due_is_backed_up_by_one_of_them(tmp_path: Path) -> None:
    with postgres_server() as postgres, ExitStack() as stack:
        packages = str(tmp_path / "packages")
        site = Site(tmp_path, postgres.database(), JOBFERRY_PACKAGES=packages)
        with site.served("a") as first:
            path = {"asset_backup": "true", "asset_backup_path": "obs://backups/assets"}
            first.http.patch(f"{OWN}/settings", json=path).raise_for_status()
        with site.served("a"):
            pass  # whose first look begins to count
        with psycopg.connect(site.database) as connection:
            moved = connection.execute("UPDATE asset_backup_days SET day = '2026-01-01'")
            assert moved.rowcount == 1
        with ThreadPoolExecutor(2) as pool:
            servers = list(pool.map(lambda name: stack.enter_context(site.served(name)), "ab"))
        tasks = servers[0].http.get(f"{OWN}/tasks", params={"kind": "asset-backup"}).json()
        assert tasks["total"] == 1
        assert servers[1].ended(tasks["items"][0]["id"])["status"] == "SUCCESSFUL"
        with psycopg.connect(site.database) as connection:
            rows = connection.execute("SELECT status, created_by FROM asset_backups").fetchall()
        assert rows == [("SUCCESSFUL", "platform")]
