"""kill -9 in the middle of an asset backup: it is carried on whole, and nothing of the first try is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from crashing.lives import Point, Served, Zygote, serve, served
from crashing.state import is_sound

OWN = "/api/workspaces/default"


def take(platform: Served) -> httpx.Response:
    """Begins a backup and waits for its end."""
    path = {"asset_backup_path": "obs://backups/assets"}
    platform.http.patch(f"{OWN}/settings", json=path).raise_for_status()
    begun = platform.http.post(f"{OWN}/asset-backups")
    assert begun.status_code == 202, begun.text
    platform.ended(begun.json()["task_id"])
    return begun


def look(platform: Served, folder: Path) -> list[dict[str, Any]]:
    """The backups, each with all of its files as they were written; and no other file lies beside them."""
    for task in platform.http.get(f"{OWN}/tasks").json()["items"]:
        platform.ended(task["id"])
    backups: list[dict[str, Any]] = platform.http.get(f"{OWN}/asset-backups").json()["items"]
    expected = set()
    for one in backups:
        made = platform.http.post(f"{OWN}/asset-backups/{one['name']}/packages", json={})
        assert made.status_code == 201, made.text
        files = platform.http.get(f"{OWN}/asset-backups/{one['name']}").json()["files"]
        expected |= {f"{one['name']}/{path}" for path in ("backup.json", *(file["path"] for file in files))}
    place = folder / "objects" / "backups" / "assets" / "default"
    found = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert {path for path in found if not path.partition("#")[1]} == expected
    return backups


@pytest.mark.parametrize(
    "name",
    [
        "asset-backup-selected",
        "object-closing",
        "asset-backup-file-written",
        "asset-backup-concluding",
        "asset-backup-visible",
    ],
)
def test_a_killed_backup_is_carried_on_whole(zygote: Zygote, folder: Path, name: str) -> None:
    running = serve(zygote, folder, Point(name))
    assert isinstance(running, Served)
    assert running.dies_in(take) == name
    with served(zygote, folder) as again:
        assert len(look(again, folder)) == 1
        take(again)
        assert len(look(again, folder)) == 2
    assert is_sound(folder)
