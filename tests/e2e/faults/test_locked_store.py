"""Another process writes to the databases and does not come to an end."""

from __future__ import annotations

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from builders import job
from processes import Program, packed


def is_busy(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.headers.get("Retry-After")) == (503, "1") and "busy" in answer.text


def locked(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection


def test_a_locked_database_is_told_with_when_to_come_again(founded: Path, tmp_path: Path) -> None:
    """Two platforms at once, one for each of the databases, because each call waits as long as it may."""
    hasty = {"JOBFERRY_PATIENCE": "0.5"}
    one, two = (
        Program(tmp_path / name, home=tmp_path / "home", environment=hasty) for name in ("one", "two")
    )
    for program in (one, two):
        shutil.copytree(founded, program.data)
    document: dict[str, Any] = job("orders")
    with one.served() as first, two.served() as second, ThreadPoolExecutor(2) as pool:
        project = first.http.get("/api/platform").json()["project_id"]
        received = second.hand_in(packed([document])).json()["id"]
        with closing(locked(one.data / "platform.db")), closing(locked(two.data / "tasks.db")):
            own = pool.submit(first.http.post, "/api/workspaces/default/objects/job", json=document)
            begun = pool.submit(second.begin, received)
            assert first.names() == []
            assert first.http.get("/readyz").status_code == 200
            answers = [own.result(), begun.result()]
            assert [is_busy(answer) for answer in answers] == [True] * 2
            error = own.result().json()["error"]
            assert (error["code"], "try again" in error["hint"]) == ("store-busy", True)
        assert first.http.post(f"/v1/{project}/jobs", json=document).status_code == 204
        task = second.ended(second.begin(received).json()["task_id"])
        assert (task["status"], second.names()) == ("SUCCESSFUL", ["orders"])
