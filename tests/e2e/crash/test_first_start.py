"""kill -9 at every step of a first start: the next one founds the platform whole, once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from crashing.lives import Life, Point, Zygote, command, serve, served
from crashing.state import address_of, books_of, is_sound, strays
from crashing.trail import faults, rows_of

TABLES = ("platform", "users", "tokens", "access_keys", "workspaces", "members")
MIGRATIONS = [
    *(
        Point(f"{event}/{tables}")
        for tables in ("platform", "tasks")
        for event in (
            "migration-begun",
            "revision-begun",
            "revision-done",
            "migration-committing",
            "migration-committed",
        )
    ),
]
FILES = [
    Point(name)
    for name in (
        "tables-ready",
        "file-drafted/key",
        "file-renamed/key",
        "file-drafted/credentials.json",
        "file-renamed/credentials.json",
        "credentials-written",
    )
]
ROWS = [
    Point("founding-transaction-open"),
    *(
        Point(f"founding-row/{table}")
        for table in ("platform", "users", "tokens", "access_keys", "workspaces", "members", "audit")
    ),
    Point("platform-founded"),
]
LATER = [
    Point(name)
    for name in (
        "file-drafted/anchor.json",
        "file-renamed/anchor.json",
        "file-drafted/key",
        "file-renamed/key",
        "tasks-taken-up",
        "swept",
        "platform-started",
        "file-drafted/address.json",
        "file-renamed/address.json",
    )
]


def is_founded_whole(zygote: Zygote, folder: Path) -> None:
    """The platform starts, its credentials sign in both ways, and there is one of everything."""
    with served(zygote, folder) as platform:
        assert platform.http.get("/api/workspaces/default").status_code == 200
        assert platform.signs_in()
        assert platform.http.get("/readyz").status_code == 200
    with create_engine(address_of(folder), poolclass=NullPool).connect() as connection:
        counted = {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in TABLES}
    assert counted == dict.fromkeys(TABLES, 1)
    assert [row.event.action for row in rows_of(address_of(folder))] == ["platform-founded"]
    assert faults(folder, books_of(address_of(folder), address_of(folder, "tasks.db"))) == []
    assert strays(folder) == set()
    assert is_sound(folder)


def has_no_half_file(folder: Path) -> bool:
    key, credentials = folder / "key", folder / "credentials.json"
    whole_key = not key.exists() or re.fullmatch("[0-9a-f]{64}(\nanchored\n)?", key.read_text()) is not None
    whole = not credentials.exists() or len(json.loads(credentials.read_text())) == 4
    return whole_key and whole


def test_killed_at_each_step_one_after_another(zygote: Zygote, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    founded = None
    for point in (*MIGRATIONS, *FILES, *ROWS, *LATER):
        running = serve(zygote, folder, point)
        assert isinstance(running, Life), f"it started, and was not killed at {point.name}"
        assert running.died_at() == point.name
        assert has_no_half_file(folder)
        if point.name == "platform-founded":
            founded = (folder / "credentials.json").read_text()
    is_founded_whole(zygote, folder)
    assert (folder / "credentials.json").read_text() == founded


@pytest.mark.parametrize("point", [FILES[1], FILES[4], FILES[5], ROWS[2], ROWS[7]], ids=lambda one: one.name)
def test_killed_once_the_next_start_founds_it(zygote: Zygote, tmp_path: Path, point: Point) -> None:
    folder = tmp_path / "here"
    life = command(zygote, ["init", "--data", folder], point)
    assert life.died_at() == point.name
    assert has_no_half_file(folder)
    is_founded_whole(zygote, folder)
